//! The heading of a table: what precedes it, the delimiter, and the attribute in each column.

// what the columns contain
mod claims;
// what is wrong with headings
mod faults;

use self::claims::{claims, joined, key};
use super::cell::{Cell, Cells, unseen};
use super::column::{Column, Holds};
use super::shape::RowShape;
use super::{CsvOptions, Table};
use crate::input::{Finding, columns};
use crate::language::{Text, text};
use crate::message::Severity;
use crate::object::{Attr, Attributes};

/// One heading in the file.
struct Title {
    at: usize,
    end: usize,
    shown: String,
    /// Normalised for comparison.
    folded: String,
    quotes: Option<(usize, Text)>,
}

impl Title {
    /// Creates a finding that underlines the heading.
    fn finding(&self, severity: Severity, code: &'static str, what: Text) -> Finding {
        Finding::new(severity, code, self.at, what).of_length(self.shown.chars().count())
    }
}

/// What to look for in a heading.
#[derive(Clone, Copy)]
struct Wanted<'w> {
    options: &'w CsvOptions,
    attributes: &'w Attributes,
}

impl Wanted<'_> {
    /// Whether a column with this heading is read.
    fn knows(self, title: &Title) -> bool {
        let folded = title.folded.as_str();
        let is_wanted = |name: &str| self.attributes.find(name.as_bytes()).is_some();
        columns::DN.contains(&folded)
            || is_wanted(folded)
            || columns::synonym(folded).or(columns::beside(folded, |_| true)).is_some_and(is_wanted)
            || self.options.columns.values().any(|mapped| columns::fold(mapped) == folded)
    }

    /// Returns what a key of `[input.columns]` means, if the run reads it.
    fn mapped(self, attribute: &str) -> Option<Holds> {
        if columns::DN.contains(&columns::fold(attribute).as_str()) {
            return Some(Holds::Dn);
        }
        self.values(attribute)
    }

    /// Returns the content of a column for an attribute, by its LDAP name, if the run reads it.
    fn values(self, name: &str) -> Option<Holds> {
        self.attributes.find(name.as_bytes()).map(Holds::Values)
    }
}

/// The headings of a file.
struct Headings<'h> {
    titles: Vec<Title>,
    start: usize,
    wanted: Wanted<'h>,
}

impl Headings<'_> {
    /// Returns the index of the first column with a folded heading.
    fn position(&self, folded: &str) -> Option<usize> {
        self.titles.iter().position(|title| title.folded == folded)
    }

    /// Iterates over the headings as written.
    fn shown(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.titles.iter().map(|title| title.shown.as_str())
    }

    /// Formats: `` `mail` in column 3 ``.
    fn named(&self, column: usize) -> Text {
        text!("`{}` in column {}", "`{}` en colonne {}", self.titles[column].shown, column + 1)
    }
}

impl Table {
    /// Reads the heading. `head` is the decoded text from the first byte on, including the whole heading; offsets in
    /// the findings are offsets in `head`.
    ///
    /// # Errors
    ///
    /// The findings, including at least one error: no heading, none for the DN, an empty one, two that are the same or
    /// stand for the same attribute, or an undetectable delimiter.
    pub fn open(
        head: &str,
        options: &CsvOptions,
        attributes: &Attributes,
    ) -> Result<(Self, Vec<Finding>), Vec<Finding>> {
        let (start, preset) = preamble(head);
        let text = head.as_bytes();
        let wanted = Wanted { options, attributes };
        let delimiter = match options.delimiter.or(preset) {
            Some(delimiter) => delimiter,
            None => delimiter(text, start, wanted).map_err(|ambiguous| vec![ambiguous])?,
        };
        let headings = Headings { titles: titles(text, start, delimiter), start, wanted };
        let faults = headings.faults();
        if !faults.is_empty() {
            return Err(faults); // errors about the columns would only repeat these
        }
        let mut holds = claims(&headings)?;
        let mut findings = headings.doubtful();
        findings.extend(headings.unmapped(&holds));
        findings.extend(headings.remapped(&holds));
        let key = key(&holds, wanted);
        let is_there = |name: &&str| headings.shown().any(|shown| shown == *name);
        let is_report = key.is_none() && columns::REPORT.iter().all(is_there);
        let naming = match key {
            Some((_, column)) => Some(column),
            None if options.keys.is_empty() => holds.iter().position(|holds| *holds == Holds::Dn),
            None => None,
        };
        let (Some(naming), Some(last)) = (naming, headings.titles.last()) else {
            findings.push(if options.keys.is_empty() { headings.no_dn() } else { headings.no_key() });
            return Err(findings);
        };
        // A run's report is rejected as such.
        if !is_report {
            findings.extend(headings.addresses(&holds));
            findings.extend(headings.unread(&holds, key.map(|_| headings.titles[naming].shown.as_str())));
        }
        findings.extend(key.into_iter().flat_map(|key| joined(&headings, &mut holds, key)));
        let end = last.end + line_end(&text[last.end..]);
        let is_dn = |column: &usize| columns::DN.contains(&headings.titles[*column].folded.as_str());
        let other = (0..holds.len()).filter(|column| *column != naming).find(is_dn);
        let leading = headings.shown().take_while(|heading| columns::is_reject(heading)).count();
        let columns = headings.titles.into_iter().zip(holds);
        let columns = columns.map(|(title, holds)| Column::new(title.shown, holds, attributes)).collect();
        let key = key.map(|(key, _)| key);
        let (separator, is_guessed, head) = (options.separator, false, head[..end].into());
        Ok((
            Self { delimiter, separator, is_guessed, columns, naming, other, key, head, start, leading },
            findings,
        ))
    }
}

/// The columns in a heading that name objects.
pub(super) struct NamingColumns {
    /// What the rows look like, including the most reliable of these columns, and its heading.
    pub(super) shape: RowShape,
    pub(super) heading: String,
    /// The index of account names beside DNs.
    pub(super) account: Option<usize>,
    /// The indexes of all other columns that name objects.
    pub(super) others: Vec<usize>,
    /// Where the heading ends.
    pub(super) end: usize,
    /// The warning about the columns that are not read.
    pub(super) unread: Option<Finding>,
}

/// Finds the columns that name objects by these attributes, the most reliable first; `None` if the text does not begin
/// with a heading that has one.
pub(super) fn naming(head: &str, options: &CsvOptions, names: &[&str]) -> Option<NamingColumns> {
    let (start, preset) = preamble(head);
    let text = head.as_bytes();
    let wanted = Wanted { options, attributes: Attributes::of_every_run() };
    let delimiter = options.delimiter.or(preset).or_else(|| delimiter(text, start, wanted).ok())?;
    let headings = Headings { titles: titles(text, start, delimiter), start, wanted };
    let holds = claims(&headings).ok()?;
    let column = |meant: Holds| holds.iter().position(|holds| *holds == meant);
    let mut all = names.iter().filter_map(|name| column(wanted.mapped(name)?));
    let naming = all.next()?;
    let others: Vec<usize> = all.collect();
    let is_read = |column: usize| column == naming || others.contains(&column);
    let read = (0..).zip(&holds).map(|(column, holds)| if is_read(column) { *holds } else { Holds::Nothing });
    let unread = headings.unread(&read.collect::<Vec<_>>(), Some(&headings.titles[naming].shown));
    let account = column(Holds::Values(Attr::SAM_ACCOUNT_NAME)).filter(|_| holds[naming] == Holds::Dn);
    let heading = headings.titles[naming].shown.clone();
    let end = headings.titles.last()?.end;
    let end = end + line_end(&text[end..]);
    let shape = RowShape::new(delimiter, headings.shown(), naming, holds[naming].key());
    Some(NamingColumns { shape, heading, account, others, end, unread })
}

/// Returns where the heading begins after empty rows, PowerShell's `#TYPE` line, Excel's `sep=` line and the
/// `version:v1.0` of Entra's templates, and the delimiter set by Excel's line.
fn preamble(head: &str) -> (usize, Option<u8>) {
    let (mut start, mut delimiter) = (0, None);
    loop {
        start += unseen(&head.as_bytes()[start..]);
        let rest = &head[start..];
        let line = rest.split(['\r', '\n']).next().unwrap_or_default();
        let set = set_delimiter(line.as_bytes());
        if set.is_some() {
            delimiter = set;
        } else if !line.is_empty()
            && (!is_empty(line) || is_empty(rest))
            && !line.trim_start_matches('"').starts_with("#TYPE ")
            && !is_version(line)
        {
            return (start, delimiter);
        }
        let end = line_end(&rest.as_bytes()[line.len()..]);
        start += line.len() + end;
        if end == 0 {
            return (start, delimiter);
        }
    }
}

/// Whether a line is a row of empty cells, as spreadsheets write for an empty row.
fn is_empty(line: &str) -> bool {
    line.chars().all(|c| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '"'))
}

/// Returns the delimiter that a line sets for Excel: `sep=;`. A program that saved the line as a row has added its own
/// delimiters (`"sep=;",,,`), and separates all cells by them.
pub(super) fn set_delimiter(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let (_, set) = line.split_at_checked(4).filter(|(name, _)| name.eq_ignore_ascii_case(b"sep="))?;
    let set: Vec<u8> = set.iter().copied().filter(|byte| *byte != b'"').collect();
    let (&first, behind) = set.split_first()?;
    let end = behind.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1);
    match &behind[..end] {
        [] => Some(first),
        [own, rest @ ..] if b",;\t|".contains(own) && rest.iter().all(|byte| byte == own) => Some(*own),
        _ => None,
    }
}

/// Whether a line is the first of Entra's templates: `version:v1.0`, with delimiters that Excel may add.
pub(crate) fn is_version(line: &str) -> bool {
    let line = line.trim_end_matches([',', ';', '\t', ' ']).trim_matches('"');
    line.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("version:v"))
}

/// Returns the length of the line end at the beginning of the text.
pub(super) fn line_end(text: &[u8]) -> usize {
    match text {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

/// Splits the headings at a delimiter.
fn titles(head: &[u8], start: usize, delimiter: u8) -> Vec<Title> {
    let mut row = Vec::new();
    Cells::new(delimiter, head, start).row(&mut row);
    let title = |cell: &Cell<'_>| {
        let shown = String::from_utf8_lossy(&cell.text[cell.trim(0..cell.text.len())]).into_owned();
        let (at, end) = (cell.at, cell.at + cell.raw.len());
        let folded = columns::fold(columns::bracketed(&shown).unwrap_or(&shown));
        // `proxyAddresses;range=0-1499`: whether the values are complete depends on the cells.
        let folded = folded.split_once(";range=").map_or(folded.as_str(), |(name, _)| name);
        let folded = columns::unnumbered(folded)
            .filter(|name| columns::is_attribute(name))
            .unwrap_or(folded)
            .to_owned();
        Title { at, end, folded, shown, quotes: cell.quote_fault() }
    };
    row.iter().map(title).collect()
}

/// Returns the delimiter that gives the most known headings, then the most headings; or the error that two do.
fn delimiter(head: &[u8], start: usize, wanted: Wanted<'_>) -> Result<u8, Finding> {
    let is_known = |title: &&Title| wanted.knows(title) || columns::is_synonym(&title.folded);
    let mut found = b",;\t".map(|delimiter| {
        let titles = titles(head, start, delimiter);
        (titles.iter().filter(is_known).count(), titles.len(), delimiter)
    });
    found.sort_unstable_by(|one, other| other.cmp(one));
    let [(known, count, first), (also_known, also_count, second), _] = found;
    match count {
        0 | 1 => Ok(b','), // a single heading, whatever the delimiter
        _ if (known, count) == (also_known, also_count) => {
            let (one, other) = (delimiter_name(second), delimiter_name(first));
            let what = text!(
                "the delimiter may be {one} or {other}",
                "le délimiteur est peut-être {one} ou {other}"; one, other
            );
            Err(Finding::new(Severity::Error, "csv-delimiter", start, what).help(text!(
                "name the delimiter with `--delimiter`",
                "nommez le délimiteur avec `--delimiter`"
            )))
        }
        _ => Ok(first),
    }
}

/// Lists the headings of a file for a note.
pub(super) fn named_all<'a>(headings: impl Iterator<Item = &'a str>) -> Text {
    let shown = headings.map(|heading| format!("`{heading}`")).collect::<Vec<_>>().join(", ");
    text!("the headings are {shown}", "les en-têtes sont {shown}")
}

/// Formats the delimiter for a message.
pub(super) fn delimiter_name(delimiter: u8) -> Text {
    match delimiter {
        b'\t' => text!("the tab", "la tabulation"),
        other => Text::same(format!("`{}`", char::from(other))),
    }
}
