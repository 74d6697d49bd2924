//! Faults in headings, and columns that are not read.

use std::collections::HashMap;

use super::{Headings, Title, named_all};
use crate::input::csv::column::Holds;
use crate::input::{Finding, columns};
use crate::language::{Text, text};
use crate::message::{Severity, did_you_mean};
use crate::object::Attr;
use crate::{ocs, schema};

/// The maximum number of columns: the schema of a directory has some 1,500 attributes.
const MOST_COLUMNS: usize = 4096;

/// The maximum length of a heading in bytes, with what precedes it: it must be within the part of a file that is read
/// to recognise its format, even in UTF-16.
const MOST_BYTES: usize = 60 << 10;

/// How many headings a message names.
const MOST_NAMED: usize = 10;

impl Headings<'_> {
    /// Returns the faults of the heading as a whole: missing, too long, badly quoted, or with too many columns or a
    /// needed one twice.
    pub(super) fn faults(&self) -> Vec<Finding> {
        let error = |code, at, what| vec![Finding::new(Severity::Error, code, at, what)];
        if self.titles.iter().all(|title| title.folded.is_empty()) {
            let what = text!("no line of headings", "pas de ligne d’en-têtes");
            return error("csv-heading", self.start, what);
        }
        if self.titles.len() > MOST_COLUMNS {
            let count = self.titles.len();
            let what = text!(
                "{count} headings, more than {MOST_COLUMNS}",
                "{count} en-têtes, plus de {MOST_COLUMNS}"
            );
            return error("csv-heading", self.titles[MOST_COLUMNS].at, what);
        }
        if self.titles.last().is_some_and(|title| title.end > MOST_BYTES) {
            let what = text!(
                "the line of headings ends after more than {MOST_BYTES} bytes",
                "la ligne d’en-têtes finit après plus de {MOST_BYTES} octets"
            );
            return error("csv-heading", self.start, what);
        }
        if let Some((at, what)) = self.titles.iter().find_map(|title| title.quotes.as_ref()) {
            let what = text!("{what} in a heading", "{what} dans un en-tête"; what);
            return error("csv-quote", *at, what);
        }
        let is_needed = |title: &Title| self.wanted.knows(title) || title.folded.starts_with("msrtcsip-");
        let fault = |columns: Vec<usize>| {
            let found = self.titles[columns[1]].finding(Severity::Error, "csv-heading", self.same(&columns));
            found.help(text!(
                "rename one of the columns, or delete it",
                "renommez l’une des colonnes, ou supprimez-la"
            ))
        };
        self.repeated(is_needed).into_iter().map(fault).collect()
    }

    /// Returns the groups of columns with the same heading, among those that `is_meant` accepts.
    fn repeated(&self, is_meant: impl Fn(&Title) -> bool) -> Vec<Vec<usize>> {
        let mut columns: Vec<Vec<usize>> = Vec::new();
        let mut seen: HashMap<&str, usize> = HashMap::new();
        // rejects of rejects, merged by hand, have the columns of rejects twice
        let is_reject = |title: &Title| columns::is_reject(&title.folded);
        for (column, title) in self.titles.iter().enumerate() {
            if title.folded.is_empty() || is_reject(title) || !is_meant(title) {
                continue;
            }
            let at = *seen.entry(&title.folded).or_insert(columns.len());
            if at == columns.len() {
                columns.push(Vec::new());
            }
            columns[at].push(column);
        }
        columns.retain(|columns| columns.len() > 1);
        columns
    }

    /// Formats: `` the headings `mail` in column 3 and `Mail` in column 5 are the same ``.
    fn same(&self, columns: &[usize]) -> Text {
        let (first, second) = (self.named(columns[0]), self.named(columns[1]));
        match columns.len() - 2 {
            0 => text!(
                "the headings {first} and {second} are the same",
                "les en-têtes {first} et {second} sont identiques"; first, second
            ),
            more => text!(
                "the headings {first}, {second} and {more} more are the same",
                "les en-têtes {first}, {second} et {more} autres sont identiques";
                first, second
            ),
        }
    }

    /// Reports columns that cannot be read, but are not needed: without a heading, or with a repeated one.
    pub(super) fn doubtful(&self) -> Vec<Finding> {
        let unnamed: Vec<&Title> = self.titles.iter().filter(|title| title.folded.is_empty()).collect();
        let mut findings = Vec::new();
        if let Some(first) = unnamed.first() {
            let what = match unnamed.len() {
                1 => {
                    text!("a column without a heading is not read", "une colonne sans en-tête n’est pas lue")
                }
                count => text!(
                    "{count} columns without a heading are not read",
                    "{count} colonnes sans en-tête ne sont pas lues"
                ),
            };
            findings.push(Finding::new(Severity::Note, "csv-heading-empty", first.at, what));
        }
        let repeated = self.repeated(|title| !self.wanted.knows(title));
        if let Some(columns) = repeated.first() {
            let same = self.same(columns);
            let what = match repeated.len() - 1 {
                0 => same,
                1 => text!(
                    "{same}, and so are those of one other name",
                    "{same}, ainsi que ceux d’un autre nom"; same
                ),
                others => text!(
                    "{same}, and so are those of {others} other names",
                    "{same}, ainsi que ceux de {others} autres noms"; same
                ),
            };
            let found = self.titles[columns[1]].finding(Severity::Warning, "csv-heading", what);
            findings.push(
                found.because(text!("none of these columns is read", "aucune de ces colonnes n’est lue")),
            );
        }
        findings
    }

    /// Lists the columns that are not read although somebody may expect it. A full dump of a directory has a hundred columns
    /// that are not needed, but a list has none.
    fn ignored(&self, holds: &[Holds], is_list: bool) -> Vec<&Title> {
        // columns in [input.columns], or meant for it, have a message of their own
        let is_mapped = |title: &Title| {
            let mut mapped = self.wanted.options.columns.values();
            mapped.any(|heading| columns::most_like(heading, std::iter::once(title.shown.as_str())).is_some())
        };
        let is_dump = self
            .titles
            .iter()
            .any(|title| matches!(title.folded.as_str(), "objectcategory" | "instancetype"));
        // `delete` reads whatever begins so, unless it is a slip.
        let is_of_ocs =
            |title: &Title| ocs::is_attribute(&title.folded) && schema::meant(&title.folded).is_none();
        let is_reported = |title: &Title| {
            !title.folded.is_empty()
                && !columns::is_reject(&title.folded)
                && !is_mapped(title)
                && self.displaced(title, Holds::Nothing).is_none()
                && (is_list || !is_dump && !columns::is_attribute(&title.folded) && !is_of_ocs(title))
        };
        let unread = self.titles.iter().zip(holds).filter(|(_, holds)| **holds == Holds::Nothing);
        unread.map(|(title, _)| title).filter(|title| is_reported(title)).collect()
    }

    /// Reports the columns that are not read, each with the known heading that it may mean; `key` is the heading by
    /// which the rows of a list name users.
    pub(super) fn unread(&self, holds: &[Holds], key: Option<&str>) -> Option<Finding> {
        let reported = self.ignored(holds, key.is_some());
        let first = reported.first()?;
        let shown: Vec<String> =
            reported.iter().take(MOST_NAMED).map(|title| format!("`{}`", title.shown)).collect();
        let names = shown.join(", ");
        let what = match reported.len() {
            1 => text!("the column {names} is not read", "la colonne {names} n’est pas lue"),
            count if count > MOST_NAMED => text!(
                "the columns {names} and {more} more are not read",
                "les colonnes {names} et {more} autres ne sont pas lues",
                more = count - MOST_NAMED
            ),
            _ => text!("the columns {names} are not read", "les colonnes {names} ne sont pas lues"),
        };
        let mut found = first.finding(Severity::Warning, "column-unread", what);
        if let Some(key) = key {
            found = found.because(text!(
                "the rows name users by `{key}`",
                "les lignes désignent les utilisateurs par `{key}`"
            ));
        }
        let has_line = key.is_some() && reported.iter().any(|title| title.folded == "line");
        let of_line = text!(
            "give the list to `userprep configure`, too, which writes the lines",
            "donnez aussi la liste à `userprep configure`, qui écrit les lignes"
        );
        found.help = if has_line { Some(of_line) } else { self.suggest(&reported) };
        Some(found)
    }

    /// Reports columns with a heading that lists use for future addresses.
    pub(super) fn addresses<'f>(&'f self, holds: &'f [Holds]) -> impl Iterator<Item = Finding> + 'f {
        let titles = self.titles.iter().zip(holds);
        let is_address = |(title, holds): &(&Title, &Holds)| {
            **holds == Holds::Values(Attr::PRIMARY_USER_ADDRESS) && columns::synonym(&title.folded).is_some()
        };
        let warn = |(title, _): (&Title, &Holds)| {
            let what = text!(
                "the column `{0}` is read as msRTCSIP-PrimaryUserAddress, the address that users have",
                "la colonne `{0}` est lue comme msRTCSIP-PrimaryUserAddress, l’adresse que les utilisateurs ont",
                title.shown
            );
            title.finding(Severity::Warning, "csv-sip-column", what).help(text!(
                "if the addresses are new, join the list to an export with --join",
                "si ces adresses sont nouvelles, joignez la liste à un export par --join"
            ))
        };
        titles.filter(is_address).map(warn)
    }

    /// Suggests the known headings that these may mean.
    fn suggest(&self, titles: &[&Title]) -> Option<Text> {
        let known = columns::known(self.wanted.attributes);
        let near = |title: &&Title| Some((title.shown.clone(), columns::nearest(&title.folded, &known)?));
        let near = titles.iter().take(MOST_NAMED * 10).filter_map(near).take(MOST_NAMED);
        let meant: Vec<Text> = near
            .map(|(heading, near)| match titles.len() {
                1 => Text::same(format!("`{near}`")),
                _ => text!("`{near}` for `{heading}`", "`{near}` pour `{heading}`"),
            })
            .collect();
        (!meant.is_empty()).then(|| {
            text!(
                "did you mean {meant}? rename the heading, or name it in [input.columns]",
                "vouliez-vous dire {meant}\u{a0}? renommez l’en-tête, ou nommez-le dans [input.columns]";
                meant = Text::join(&meant, ", ")
            )
        })
    }

    /// Returns the attribute that a column names, but does not contain because `[input.columns]` assigns that attribute
    /// another heading, with that entry.
    fn displaced(&self, title: &Title, held: Holds) -> Option<(&str, (&String, &String))> {
        let attr = self.wanted.attributes.find(title.folded.as_bytes())?;
        let mapped = if held == Holds::Nothing { Holds::Values(attr) } else { held };
        let mut columns = self.wanted.options.columns.iter();
        let is_mapped = |(attribute, _): &(&String, &String)| self.wanted.mapped(attribute) == Some(mapped);
        let by = columns.find(is_mapped).filter(|_| held != Holds::Values(attr))?;
        Some((self.wanted.attributes.name(attr), by))
    }

    /// Warns about columns that `[input.columns]` gives another meaning than their own heading.
    pub(super) fn remapped(&self, holds: &[Holds]) -> Vec<Finding> {
        let warn = |(title, held): (&Title, &Holds)| {
            let (name, (attribute, heading)) = self.displaced(title, *held)?;
            let shown = &title.shown;
            let what = match held {
                Holds::Nothing => {
                    text!("the column `{shown}` is not read", "la colonne `{shown}` n’est pas lue")
                }
                _ => text!(
                    "the column `{shown}` is not read as {name}",
                    "la colonne `{shown}` n’est pas lue comme {name}"
                ),
            };
            let found = title.finding(Severity::Warning, "column-unread", what);
            Some(found.because(text!(
                "`[input.columns]` names `{heading}` for {attribute}",
                "`[input.columns]` nomme `{heading}` pour {attribute}"
            )))
        };
        self.titles.iter().zip(holds).filter_map(warn).collect()
    }

    /// Reports headings in `[input.columns]` that the file lacks.
    pub(super) fn unmapped(&self, holds: &[Holds]) -> Vec<Finding> {
        let lacks = |(attribute, heading): &(&String, &String)| {
            self.wanted.mapped(attribute).is_some() && self.position(&columns::fold(heading)).is_none()
        };
        let warn = |(attribute, heading): (&String, &String)| {
            let what = text!(
                "no heading `{heading}`, which `[input.columns]` names for {attribute}",
                "pas d’en-tête `{heading}`, que `[input.columns]` nomme pour {attribute}"
            );
            let at = self.titles.first().map_or(0, |title| title.at);
            let mut found = Finding::new(Severity::Warning, "csv-column-missing", at, what)
                .because(named_all(self.shown()));
            let wanted = self.wanted.mapped(attribute);
            let instead = self.titles.iter().zip(holds).find(|(_, holds)| Some(**holds) == wanted);
            match instead {
                // One configuration may serve both a list and the exports that it is joined to.
                Some((title, _)) => {
                    let why = text!("`{}` is read in its place", "`{}` est lu à sa place", title.shown);
                    Finding { severity: Severity::Note, notes: vec![why], ..found }
                }
                None => {
                    found.help = columns::most_like(heading, self.shown()).map(did_you_mean);
                    found
                }
            }
        };
        self.wanted.options.columns.iter().filter(lacks).map(warn).collect()
    }

    /// Returns the error that no column names users.
    pub(super) fn no_key(&self) -> Finding {
        let keys = &self.wanted.options.keys;
        let near = keys.iter().find_map(|key| columns::most_like(key, self.shown()));
        let what = text!(
            "no heading for {}, by which --join names users",
            "pas d’en-tête pour {}, par quoi --join désigne les utilisateurs",
            keys.join(", ")
        );
        self.missing("csv-no-key", what).help(near.map_or_else(
            || {
                text!(
                    "name the attribute of the rows with --join-key, and its heading in `[input.columns]`",
                    "nommez l’attribut des lignes par --join-key, et son en-tête dans `[input.columns]`"
                )
            },
            columns_hint,
        ))
    }

    /// Returns the error that no column contains the DN.
    pub(super) fn no_dn(&self) -> Finding {
        let near = columns::most_like("distinguishedName", self.shown());
        let what = text!("no heading for the DN", "pas d’en-tête pour le DN");
        self.missing("csv-no-dn", what).help(near.map_or_else(
            || {
                text!(
                    "export `DN` or `distinguishedName`, or name its heading in `[input.columns]`; a list without DNs \
                     is joined to an export by `--join EXPORT`",
                    "exportez `DN` ou `distinguishedName`, ou nommez son en-tête dans `[input.columns]`\u{202f}; une \
                     liste sans DN se joint à un export par `--join EXPORT`"
                )
            },
            columns_hint,
        ))
    }

    /// Creates the error that a heading is missing.
    fn missing(&self, code: &'static str, what: Text) -> Finding {
        Finding::new(Severity::Error, code, self.start, what).because(named_all(self.shown()))
    }
}

/// Suggests a heading to name in `[input.columns]`.
fn columns_hint(near: &str) -> Text {
    text!(
        "did you mean `{near}`? name it in `[input.columns]`",
        "vouliez-vous dire `{near}`\u{a0}? nommez-le dans `[input.columns]`"
    )
}
