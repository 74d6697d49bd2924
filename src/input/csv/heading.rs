//! The heading of a table: what is before it, which delimiter it has, and which attribute each column
//! holds.

use std::collections::HashMap;

use super::cell::{Cell, Cells};
use super::column::{Column, Holds};
use super::{Options, delimiter_name, finding};
use crate::input::Finding;
use crate::input::columns;
use crate::input::join::{Key, is_given};
use crate::message::Severity;
use crate::object::Attributes;

/// A heading that could be understood.
pub(super) struct Heading {
    pub(super) delimiter: u8,
    pub(super) columns: Vec<Column>,
    /// The index of the column that names the objects.
    pub(super) naming: usize,
    /// What it names them by, in a list that is to be joined.
    pub(super) key: Option<Key>,
    /// Where the heading begins, and where it ends, its line end included.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// One heading as it is in the file.
struct Title {
    at: usize,
    end: usize,
    shown: String,
    /// As it is compared.
    folded: String,
    quotes: Option<(usize, &'static str)>,
}

/// Reads the heading of a file that begins with `head`.
pub(super) fn read(
    head: &str,
    options: &Options,
    attributes: &Attributes,
) -> Result<(Heading, Vec<Finding>), Vec<Finding>> {
    let (start, preset) = preamble(head);
    let text = head.as_bytes();
    let delimiter = match options.delimiter.or(preset) {
        Some(delimiter) => delimiter,
        None => delimiter(text, start, options, attributes).map_err(|ambiguous| vec![ambiguous])?,
    };
    let titles = titles(text, start, delimiter);
    let faults = faults(&titles, start, options, attributes);
    if !faults.is_empty() {
        return Err(faults); // what the columns hold would be a second message about the same thing
    }
    let mut holds = claims(&titles, options, attributes)?;
    let mut findings = doubtful(&titles, options, attributes);
    findings.extend(unmapped(&titles, &holds, options, attributes));
    let key = key(&holds, options, attributes);
    let naming = match key {
        Some((_, column)) => Some(column),
        None if options.keys.is_empty() => holds.iter().position(|holds| *holds == Holds::Dn),
        None => None,
    };
    let (Some(naming), Some(last)) = (naming, titles.last()) else {
        findings.push(if options.keys.is_empty() {
            no_dn(&titles, start)
        } else {
            no_key(&titles, start, options)
        });
        return Err(findings);
    };
    let shown = &titles[naming].shown;
    findings.extend(unread(&titles, &holds, key.map(|_| shown.as_str()), options, attributes));
    if let Some((key, column)) = key {
        findings.push(joined(&titles, &mut holds, key, column, attributes));
    }
    let key = key.map(|(key, _)| key);
    let end = last.end + line_end(&text[last.end..]);
    let columns =
        titles.into_iter().zip(holds).map(|(title, holds)| Column { heading: title.shown, holds }).collect();
    Ok((Heading { delimiter, columns, naming, key, start, end }, findings))
}

/// The column that names objects by one of these attributes, the surest first: the delimiter, the column's index, and
/// where the heading ends; none if the text does not begin with such a heading.
pub(super) fn naming(head: &str, options: &Options, names: &[&str]) -> Option<(u8, usize, usize)> {
    let (start, preset) = preamble(head);
    let text = head.as_bytes();
    let attributes = Attributes::default();
    let told = || delimiter(text, start, options, &attributes).ok();
    let delimiter = options.delimiter.or(preset).or_else(told)?;
    let titles = titles(text, start, delimiter);
    let holds = claims(&titles, options, &attributes).ok()?;
    let wanted = names.iter().filter_map(|name| mapped(name, &attributes));
    let column = wanted.filter_map(|wanted| holds.iter().position(|holds| *holds == wanted)).next()?;
    let end = titles.last()?.end;
    Some((delimiter, column, end + line_end(&text[end..])))
}

/// Where the heading begins, behind blank lines, PowerShell's `#TYPE` line, Excel's `sep=` line and the `version:v1.0` of
/// Entra's templates, and the delimiter that Excel's line sets.
fn preamble(head: &str) -> (usize, Option<u8>) {
    let (mut start, mut delimiter) = (0, None);
    loop {
        let rest = head[start..].trim_start_matches('\u{feff}');
        start = head.len() - rest.len();
        let line = rest.split(['\r', '\n']).next().unwrap_or_default();
        let plain = line.trim_matches('"');
        if is_sep(plain.as_bytes()) {
            delimiter = plain.as_bytes().get(4).copied();
        } else if !line.is_empty() && !plain.starts_with("#TYPE ") && !is_version(line) {
            return (start, delimiter);
        }
        let end = line_end(&rest.as_bytes()[line.len()..]);
        start += line.len() + end;
        if end == 0 {
            return (start, delimiter);
        }
    }
}

/// Whether a line sets the delimiter for Excel: `sep=;`.
pub(super) fn is_sep(line: &[u8]) -> bool {
    line.len() == 5 && line[..4].eq_ignore_ascii_case(b"sep=")
}

/// Whether a line is the first of Entra's templates: `version:v1.0`, with the delimiters that Excel adds.
pub fn is_version(line: &str) -> bool {
    let line = line.trim_end_matches([',', ';', '\t', ' ']).trim_matches('"');
    line.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("version:v"))
}

/// The length of the line end with which the text begins.
pub(super) fn line_end(text: &[u8]) -> usize {
    match text {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

/// The headings as a delimiter shows them.
fn titles(head: &[u8], start: usize, delimiter: u8) -> Vec<Title> {
    let mut row = Vec::new();
    Cells::new(delimiter, head, start).row(&mut row);
    let title = |cell: &Cell<'_>| {
        let shown = String::from_utf8_lossy(&cell.text[cell.trim(0..cell.text.len())]).into_owned();
        let (at, end) = (cell.at, cell.at + cell.raw.len());
        let folded = columns::fold(columns::bracketed(&shown).unwrap_or(&shown));
        Title { at, end, folded, shown, quotes: cell.quote_fault() }
    };
    row.iter().map(title).collect()
}

/// The delimiter that gives the most known headings, then the most headings; or the error that two do so.
fn delimiter(head: &[u8], start: usize, options: &Options, attributes: &Attributes) -> Result<u8, Finding> {
    let is_known = |title: &Title| is_known(title, options, attributes) || columns::is_synonym(&title.folded);
    let mut found = b",;\t".map(|delimiter| {
        let titles = titles(head, start, delimiter);
        (titles.iter().filter(|title| is_known(title)).count(), titles.len(), delimiter)
    });
    found.sort_unstable_by(|one, other| other.cmp(one));
    let [(known, count, first), (also_known, also_count, second), _] = found;
    match count {
        0 | 1 => Ok(b','), // one heading, whatever the delimiter
        _ if (known, count) == (also_known, also_count) => Err(Finding {
            help: Some("name the delimiter with `--delimiter`".into()),
            ..finding(
                Severity::Error,
                "csv-delimiter",
                start,
                format!("the delimiter may be {} or {}", delimiter_name(second), delimiter_name(first)),
            )
        }),
        _ => Ok(first),
    }
}

/// The error about a heading, or two.
fn fault(title: &Title, help: &str, what: String) -> Finding {
    Finding {
        length: title.shown.chars().count().max(1),
        help: Some(help.into()),
        ..finding(Severity::Error, "csv-heading", title.at, what)
    }
}

/// `` `mail` in column 3 ``.
fn named(titles: &[Title], column: usize) -> String {
    format!("`{}` in column {}", titles[column].shown, column + 1)
}

/// The most columns that a table may have: the schema of a directory has some 1,500 attributes.
const MOST_COLUMNS: usize = 4096;

/// How many headings a message names.
const MOST_NAMED: usize = 10;

/// What is wrong with the headings as such: missing altogether, too many, badly quoted, or needed and there twice.
fn faults(titles: &[Title], start: usize, options: &Options, attributes: &Attributes) -> Vec<Finding> {
    if titles.iter().all(|title| title.folded.is_empty()) {
        return vec![finding(Severity::Error, "csv-heading", start, "no line of headings")];
    }
    if titles.len() > MOST_COLUMNS {
        let what = format!("{} headings, more than {MOST_COLUMNS}", titles.len());
        return vec![finding(Severity::Error, "csv-heading", titles[MOST_COLUMNS].at, what)];
    }
    if let Some((at, what)) = titles.iter().find_map(|title| title.quotes) {
        return vec![finding(Severity::Error, "csv-quote", at, format!("{what} in a heading"))];
    }
    let is_needed =
        |title: &Title| is_known(title, options, attributes) || title.folded.starts_with("msrtcsip-");
    repeated(titles, is_needed)
        .into_iter()
        .map(|columns| {
            let help = "rename one of the columns, or delete it";
            fault(&titles[columns[1]], help, same(titles, &columns))
        })
        .collect()
}

/// The columns that have one heading and are read by it, or are not.
fn repeated(titles: &[Title], is_one: impl Fn(&Title) -> bool) -> Vec<Vec<usize>> {
    let mut columns: Vec<Vec<usize>> = Vec::new();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    // rejects of rejects, put together by hand, have the columns of rejects twice
    let is_reject = |title: &Title| columns::REJECT.contains(&title.folded.as_str());
    for (column, title) in titles.iter().enumerate() {
        if title.folded.is_empty() || is_reject(title) || !is_one(title) {
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

/// `` the headings `mail` in column 3 and `Mail` in column 5 are the same ``
fn same(titles: &[Title], columns: &[usize]) -> String {
    match columns {
        [first, second] => {
            format!("the headings {} and {} are the same", named(titles, *first), named(titles, *second))
        }
        [first, second, rest @ ..] => format!(
            "the headings {}, {} and {} more are the same",
            named(titles, *first),
            named(titles, *second),
            rest.len()
        ),
        _ => String::new(),
    }
}

/// Columns that cannot be read, and that nobody misses: without a heading, or with one that others have, too.
fn doubtful(titles: &[Title], options: &Options, attributes: &Attributes) -> Vec<Finding> {
    let unnamed: Vec<&Title> = titles.iter().filter(|title| title.folded.is_empty()).collect();
    let mut findings = Vec::new();
    if let Some(first) = unnamed.first() {
        let what = match unnamed.len() {
            1 => "a column without a heading is not read".to_owned(),
            count => format!("{count} columns without a heading are not read"),
        };
        findings.push(finding(Severity::Note, "csv-heading-empty", first.at, what));
    }
    let is_needless = |title: &Title| !is_known(title, options, attributes);
    let repeated = repeated(titles, is_needless);
    if let Some(columns) = repeated.first() {
        let others = match repeated.len() - 1 {
            0 => String::new(),
            1 => ", and so are those of one other name".to_owned(),
            others => format!(", and so are those of {others} other names"),
        };
        let title = &titles[columns[1]];
        findings.push(Finding {
            length: title.shown.chars().count().max(1),
            note: Some("none of these columns is read".into()),
            ..finding(Severity::Warning, "csv-heading", title.at, same(titles, columns) + &others)
        });
    }
    findings
}

/// Whether somebody reads a column by this heading.
fn is_known(title: &Title, options: &Options, attributes: &Attributes) -> bool {
    let folded = title.folded.as_str();
    columns::DN.contains(&folded)
        || attributes.find(folded.as_bytes()).is_some()
        || columns::synonym(folded)
            .or(columns::beside(folded, |_| true))
            .is_some_and(|name| attributes.find(name.as_bytes()).is_some())
        || options.columns.values().any(|mapped| columns::fold(mapped) == folded)
}

/// The columns that are not read, with the known heading that each may have been meant for. A full dump of a directory has
/// a hundred columns that nobody asked for.
fn unread(
    titles: &[Title],
    holds: &[Holds],
    key: Option<&str>,
    options: &Options,
    attributes: &Attributes,
) -> Vec<Finding> {
    // those that [input.columns] names, or that were meant there, have their own message
    let is_mapped = |title: &Title| {
        let mut mapped = options.columns.values();
        mapped.any(|heading| columns::most_like(heading, std::iter::once(title.shown.as_str())).is_some())
    };
    let left = titles.iter().zip(holds).filter(|(title, holds)| {
        **holds == Holds::Nothing
            && !title.folded.is_empty()
            && !columns::REJECT.contains(&title.folded.as_str())
    });
    let is_dump =
        titles.iter().any(|title| matches!(title.folded.as_str(), "objectcategory" | "instancetype"));
    let known = columns::known(attributes);
    let is_told = |title: &&Title| {
        !is_mapped(title) && (key.is_some() || !is_dump && !columns::is_attribute(&title.folded))
    };
    let left: Vec<&Title> = left.map(|(title, _)| title).filter(is_told).collect();
    let Some(first) = left.first() else { return Vec::new() };
    let near =
        |title: &&Title| columns::nearest(&title.folded, &known).map(|near| (title.shown.clone(), near));
    let near: Vec<(String, &str)> =
        left.iter().take(MOST_NAMED * 10).filter_map(near).take(MOST_NAMED).collect();
    let shown: Vec<String> = left.iter().take(MOST_NAMED).map(|title| format!("`{}`", title.shown)).collect();
    let more = match left.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let what = match shown.as_slice() {
        [one] => format!("the column {one} is not read"),
        _ => format!("the columns {}{more} are not read", shown.join(", ")),
    };
    let meant: Vec<String> = near
        .iter()
        .map(
            |(heading, near)| {
                if left.len() == 1 { format!("`{near}`") } else { format!("`{near}` for `{heading}`") }
            },
        )
        .collect();
    let help = "rename the heading, or name it in [input.columns]";
    vec![Finding {
        length: first.shown.chars().count().max(1),
        note: key.map(|key| format!("the rows name users by `{key}`")),
        help: (!meant.is_empty()).then(|| format!("did you mean {}? {help}", meant.join(", "))),
        ..finding(Severity::Warning, "column-unread", first.at, what)
    }]
}

/// The headings that `[input.columns]` names and the file lacks, where no other heading is in.
fn unmapped(titles: &[Title], holds: &[Holds], options: &Options, attributes: &Attributes) -> Vec<Finding> {
    let shown = || titles.iter().map(|title| title.shown.as_str());
    let start = titles.first().map_or(0, |title| title.at);
    let lacks = |(attribute, _): &(&String, &String)| {
        mapped(attribute, attributes).is_some_and(|wanted| !holds.contains(&wanted))
    };
    let warn = |(attribute, heading): (&String, &String)| Finding {
        note: Some(listed(titles)),
        help: columns::most_like(heading, shown()).map(|near| format!("did you mean `{near}`?")),
        ..finding(
            Severity::Warning,
            "csv-column-missing",
            start,
            format!("no heading `{heading}`, which `[input.columns]` names for {attribute}"),
        )
    };
    options.columns.iter().filter(lacks).map(warn).collect()
}

/// What a key of `[input.columns]` stands for, if the run wants it.
fn mapped(attribute: &str, attributes: &Attributes) -> Option<Holds> {
    if columns::DN.contains(&columns::fold(attribute).as_str()) {
        return Some(Holds::Dn);
    }
    values(attribute, attributes)
}

/// The values of an attribute, by its LDAP name, if the run wants them.
fn values(name: &str, attributes: &Attributes) -> Option<Holds> {
    attributes.find(name.as_bytes()).map(Holds::Values)
}

/// How sure it is that a heading stands for an attribute, the surest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sureness {
    Mapped,
    Dn,
    LdapName,
    Synonym,
    Beside,
}

/// What each column holds. The surest claim to an attribute wins, so that `mail` and `EmailAddress`, which
/// `Get-ADUser -Properties *` both writes, go together; two claims as sure as each other are an error.
fn claims(titles: &[Title], options: &Options, attributes: &Attributes) -> Result<Vec<Holds>, Vec<Finding>> {
    let find = |folded: &str| titles.iter().position(|title| title.folded == folded);
    let mut claims = Vec::new();
    for (attribute, heading) in &options.columns {
        let claim = find(&columns::fold(heading)).zip(mapped(attribute, attributes));
        claims.extend(claim.map(|claim| (Sureness::Mapped, claim)));
    }
    let dn = columns::DN.iter().find_map(|name| find(name));
    claims.extend(dn.map(|column| (Sureness::Dn, (column, Holds::Dn))));
    for (column, title) in titles.iter().enumerate() {
        let names = [
            (Sureness::LdapName, Some(title.folded.as_str())),
            (Sureness::Synonym, columns::synonym(&title.folded)),
            (Sureness::Beside, columns::beside(&title.folded, |other| find(other).is_some())),
        ];
        for (sureness, name) in names {
            let holds = name.and_then(|name| values(name, attributes));
            claims.extend(holds.map(|holds| (sureness, (column, holds))));
        }
    }
    claims.sort_by_key(|&(sureness, _)| sureness);

    let mut held: Vec<Option<(Sureness, Holds)>> = vec![None; titles.len()];
    let mut conflicts = Vec::new();
    let help = "delete one of the columns, or name the right one in `[input.columns]`";
    let name = |holds| match holds {
        Holds::Values(attr) => attributes.name(attr),
        Holds::Dn | Holds::Nothing => "the DN",
    };
    for (sureness, (column, holds)) in claims {
        let rival = held.iter().position(|other| other.is_some_and(|(_, other)| other == holds));
        match (held[column], rival) {
            (Some((Sureness::Mapped, other)), _) if sureness == Sureness::Mapped => {
                let what = format!(
                    "`[input.columns]` names the heading {} for {} and for {}",
                    named(titles, column),
                    name(other),
                    name(holds)
                );
                conflicts.push(fault(&titles[column], "name one heading for each attribute", what));
            }
            (None, Some(rival)) if held[rival].is_some_and(|(other, _)| other == sureness) => {
                let [first, second] = if rival < column { [rival, column] } else { [column, rival] };
                let what = format!(
                    "the headings {} and {} both stand for {}",
                    named(titles, first),
                    named(titles, second),
                    name(holds)
                );
                conflicts.push(fault(&titles[second], help, what));
            }
            (None, None) => held[column] = Some((sureness, holds)),
            _ => {}
        }
    }
    if conflicts.is_empty() {
        Ok(held.into_iter().map(|claim| claim.map_or(Holds::Nothing, |(_, holds)| holds)).collect())
    } else {
        Err(conflicts)
    }
}

/// What names the rows of a list that is to be joined, and in which column.
fn key(holds: &[Holds], options: &Options, attributes: &Attributes) -> Option<(Key, usize)> {
    let find = |name: &String| {
        let wanted = mapped(name, attributes)?;
        let key = match wanted {
            Holds::Values(attr) => Key::Value(attr),
            Holds::Dn | Holds::Nothing => Key::Dn,
        };
        holds.iter().position(|holds| *holds == wanted).map(|column| (key, column))
    };
    options.keys.iter().find_map(find)
}

/// What a joined list gives, reported once: columns that the directory alone answers for are not read.
fn joined(
    titles: &[Title],
    holds: &mut [Holds],
    key: Key,
    column: usize,
    attributes: &Attributes,
) -> Finding {
    let (mut read, mut left) = (Vec::new(), Vec::new());
    for (at, (title, held)) in titles.iter().zip(holds).enumerate() {
        match *held {
            _ if at == column || columns::REJECT.contains(&title.folded.as_str()) => {}
            Holds::Values(attr) if is_given(attr) => {
                read.push(format!("`{}` ({})", title.shown, attributes.name(attr)));
            }
            Holds::Nothing => {}
            _ => {
                *held = Holds::Nothing;
                left.push(format!("`{}`", title.shown));
            }
        }
    }
    let listed = |what: &str, headings: Vec<String>| {
        if headings.is_empty() { String::new() } else { format!("; {what} {}", headings.join(", ")) }
    };
    let title = &titles[column];
    let what = format!(
        "the rows name users of the --join exports by {} in `{}`{}{}",
        key.name(attributes),
        title.shown,
        listed("they give", read),
        listed("the directory alone gives", left)
    );
    let dns = "an export that shows DNs and all that the run needs is read without --join";
    Finding {
        length: title.shown.chars().count().max(1),
        note: (key == Key::Dn).then(|| dns.to_owned()),
        ..finding(Severity::Note, "join-key", title.at, what)
    }
}

/// The error that no column names users.
fn no_key(titles: &[Title], start: usize, options: &Options) -> Finding {
    let near = options
        .keys
        .iter()
        .find_map(|key| columns::most_like(key, titles.iter().map(|title| title.shown.as_str())));
    Finding {
        note: Some(listed(titles)),
        help: Some(match near {
            Some(near) => format!("did you mean `{near}`? name it in `[input.columns]`"),
            None => {
                "name the attribute that the rows go by by --join-key, and its heading in `[input.columns]`"
                    .into()
            }
        }),
        ..finding(
            Severity::Error,
            "csv-no-key",
            start,
            format!("no heading for {}, by which --join names users", options.keys.join(", ")),
        )
    }
}

/// The error that no column holds the DN.
fn no_dn(titles: &[Title], start: usize) -> Finding {
    let near = columns::most_like("distinguishedName", titles.iter().map(|title| title.shown.as_str()));
    Finding {
        note: Some(listed(titles)),
        help: Some(match near {
            Some(near) => format!("did you mean `{near}`? name it in `[input.columns]`"),
            None => "export `DN` or `distinguishedName`, or name its heading in `[input.columns]`; a list without DNs is \
                     joined to an export by `--join EXPORT`"
                .into(),
        }),
        ..finding(Severity::Error, "csv-no-dn", start, "no heading for the DN")
    }
}

fn listed(titles: &[Title]) -> String {
    named_all(titles.iter().map(|title| title.shown.as_str()))
}

/// The headings of a file, for a note.
pub(super) fn named_all<'a>(headings: impl Iterator<Item = &'a str>) -> String {
    let shown: Vec<_> = headings.map(|heading| format!("`{heading}`")).collect();
    format!("the headings are {}", shown.join(", "))
}
