//! CSV tables into objects: the heading says what the columns hold, then each row is one object.
//!
//! csv-core says what a cell is; where it is is counted from the bytes that csv-core consumes, for its
//! own line numbers are wrong in files with CRLF and after blank lines.

// one cell and its place
mod cell;
// what the columns hold
mod column;
// one cell into values
mod cell_reader;
mod heading;
// rows that are none, and what is wrong with one as a whole
mod odd;
// text → chunks of whole rows
mod rows;
// cell → values
mod joined;
mod value;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Read};

pub(crate) use self::column::{Column, Holds};
pub(crate) use self::heading::is_version;
pub(crate) use self::rows::{LONGEST, RowChunks, newlines};

use self::cell::{Cell, Cells};
use self::cell_reader::CellReader;
use self::column::MANY_NEWLINES;
use super::join::Key;
use super::{ExportRecord, Finding, ListedName, RecordKind, columns};
use crate::language::Text;
use crate::message::Severity;
use crate::object::{Attr, Attributes, Object, Value, Values};
use heading::NamingColumns;

/// What the user has set about CSV files.
#[derive(Clone, Debug)]
pub struct CsvOptions {
    /// The delimiter, an ASCII character; without it the one that gives known headings.
    pub delimiter: Option<u8>,
    /// What joins the values of one attribute, an ASCII character.
    pub separator: u8,
    /// `[input.columns]`: the heading that holds an attribute, by the attribute's LDAP name or `DN`.
    pub columns: BTreeMap<String, String>,
    /// What the rows of a list that is joined may be named by, the surest first; empty for tables with DNs.
    pub keys: Vec<String>,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self { delimiter: None, separator: b';', columns: BTreeMap::new(), keys: Vec::new() }
    }
}

/// The names of objects in a list with a heading; none if the text begins with no heading that stands for one of these
/// attributes. Of several, the first counts, and an account name beside a DN has to be the same object's. A row without a name
/// is named by all of its text, which is the name of nobody.
pub fn names(text: &str, options: &CsvOptions, attributes: &[&str]) -> Option<Vec<ListedName>> {
    let NamingColumns { delimiter, naming, account, heading, end } =
        heading::naming(text, options, attributes)?;
    let mut cells = Cells::new(delimiter, text.as_bytes(), end);
    let (mut row, mut found) = (Vec::new(), Vec::new());
    let mut positions = ::ldif::Positions::new(text.as_bytes(), 1);
    while cells.row(&mut row) {
        let (Some(first), Some(last)) = (row.first(), row.last()) else { continue };
        if row.iter().all(Cell::is_blank) {
            continue;
        }
        if row.get(naming).is_some_and(|cell| cell.text.eq_ignore_ascii_case(heading.as_bytes())) {
            continue; // lists that were put together
        }
        let named = |column: usize| row.get(column).filter(|cell| !cell.is_blank());
        let (at, name) = match named(naming) {
            Some(cell) => (cell.at, &*cell.text),
            None => (first.at, &text.as_bytes()[first.at..last.at + last.raw.len()]),
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let account = account.and_then(named).map(|cell| text(&cell.text));
        found.push(ListedName { line: positions.of(at).line, name: text(name), account });
    }
    Some(found)
}

/// A CSV file's dialect and columns.
#[derive(Clone, Debug)]
pub struct Table {
    delimiter: u8,
    separator: u8,
    /// Whether the encoding of the file is a guess.
    is_guessed: bool,
    columns: Vec<Column>,
    /// The column that names the objects: by DN, or of a list that is joined by its key.
    naming: usize,
    /// Another column with the DN, as csvde writes it.
    other: Option<usize>,
    key: Option<Key>,
    /// What is before the first row: the heading, and whatever is before it.
    head: Box<str>,
    /// Where the heading begins in it, and how many columns of rejects it begins with.
    start: usize,
    leading: usize,
}

/// What is before the first row, in the parts that a table of some of the rows needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening<'t> {
    /// The lines before the heading: `sep=;`, `#TYPE …`.
    pub before: &'t [u8],
    /// The heading without its line end, and without the columns that name rejects.
    pub heading: &'t [u8],
    /// The line end behind it.
    pub line_end: &'t [u8],
}

impl Table {
    /// Reads the heading. `head` is the decoded text from the first byte on, with the whole heading in it;
    /// offsets in the findings are offsets in `head`.
    ///
    /// # Errors
    ///
    /// The findings, one error at least: no heading, none for the DN, an empty one, two that are the same or
    /// stand for the same attribute, or a delimiter that cannot be detected.
    pub fn open(
        head: &str,
        options: &CsvOptions,
        attributes: &Attributes,
    ) -> Result<(Self, Vec<Finding>), Vec<Finding>> {
        let (heading, findings) = heading::read(head, options, attributes)?;
        let table = Self {
            delimiter: heading.delimiter,
            separator: options.separator,
            is_guessed: false,
            columns: heading.columns,
            naming: heading.naming,
            other: heading.other,
            key: heading.key,
            head: head[..heading.end].into(),
            start: heading.start,
            leading: 0,
        };
        let leading = table.columns.iter().take_while(|column| columns::is_reject(&column.heading)).count();
        let table = Self { leading, ..table };
        Ok((table, findings))
    }

    /// Whether its rows are what an earlier run has rejected.
    pub fn is_of_rejects(&self) -> bool {
        self.columns.iter().any(|column| columns::is_reject(&column.heading))
    }

    /// The same table, whose columns may hold these attributes, too.
    pub fn with(self, options: &CsvOptions, attributes: &Attributes) -> Self {
        // What could be read with fewer attributes can be read with more.
        let is_guessed = self.is_guessed;
        Self::open(&self.head, options, attributes).map_or(self, |(table, _)| Self { is_guessed, ..table })
    }

    /// The same table, in a file whose encoding is a guess.
    pub fn guessed(self, is_guessed: bool) -> Self {
        Self { is_guessed, ..self }
    }

    /// The delimiter between cells.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// What names the rows of a list that is to be joined; none for a table with DNs.
    pub fn key(&self) -> Option<Key> {
        self.key
    }

    /// The heading of what names the rows of a list that is to be joined; none for a table with DNs.
    pub fn key_heading(&self) -> Option<&str> {
        self.key.map(|_| self.columns[self.naming].heading.as_str())
    }

    /// The columns in the order of the file.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The headings, for a note, and the physical line on which they are.
    pub fn headings(&self) -> (Text, u64) {
        let headings = self.columns.iter().map(|column| column.heading.as_str());
        (heading::named_all(headings), 1 + newlines(&self.head.as_bytes()[..self.start]))
    }

    /// The unused heading that is most like an attribute's name, to ask whether it was meant.
    pub fn nearest(&self, attribute: &str) -> Option<&str> {
        let unused = self.columns.iter().filter(|column| column.holds == Holds::Nothing);
        columns::most_like(attribute, unused.map(|column| column.heading.as_str()))
    }

    /// The line of PowerShell that shows these attributes, too; none of a table that `Get-ADUser` did not write.
    pub fn powershell(&self, lacking: &[&str]) -> Option<String> {
        let headings = self.columns.iter().map(|column| column.heading.as_str());
        let is_there = |name: &str| headings.clone().any(|heading| heading == name);
        if !["DistinguishedName", "SamAccountName", "SID"].into_iter().all(is_there) {
            return None;
        }
        let all: Vec<&str> = headings.clone().chain(lacking.iter().copied()).collect();
        let many = |name: &str| Attributes::of_every_run().find(name.as_bytes()).is_some_and(Attr::is_many);
        let column = |name: &&str| match many(name) {
            true => format!("@{{n='{name}'; e={{$_.{name} -join ';'}}}}"),
            false => (*name).to_owned(),
        };
        let columns: Vec<String> = all.iter().map(column).collect();
        Some(format!(
            "Get-ADUser -Filter * -Properties {} | Select-Object {} | Export-Csv users.csv -NoTypeInformation -Encoding UTF8",
            all.join(","),
            columns.join(",")
        ))
    }

    /// Whether a heading speaks of passwords, so that no message may show a line of this file.
    pub fn has_passwords(&self) -> bool {
        self.columns.iter().any(|column| column.has_passwords)
    }

    /// The rows of the file in chunks; `from` gives the decoded text from the first byte on.
    ///
    /// # Errors
    ///
    /// The reader's.
    pub fn chunks<R: Read>(&self, from: R) -> io::Result<RowChunks<R>> {
        let mut chunks =
            RowChunks::new(from, self.delimiter, self.head.len(), 1 + newlines(self.head.as_bytes()))?;
        if self.key.is_some() {
            chunks.block = rows::LIST_BLOCK;
        }
        Ok(chunks)
    }

    /// The text before the first row.
    pub fn head(&self) -> &[u8] {
        self.head.as_bytes()
    }

    /// What is before the first row.
    pub fn opening(&self) -> Opening<'_> {
        let (heading, line_end) = self.row(self.head.as_bytes(), self.start);
        Opening { before: &self.head.as_bytes()[..self.start], heading, line_end }
    }

    /// The row that begins at a byte of the text, as it is there, and its line end; without the cells that say
    /// why it was rejected, if it comes from a file of rejects.
    pub fn row<'t>(&self, text: &'t [u8], at: usize) -> (&'t [u8], &'t [u8]) {
        let mut row = Vec::new();
        Cells::new(self.delimiter, text, at).row(&mut row);
        let end = row.last().map_or(at, |cell| cell.at + cell.raw.len());
        let from = row.get(self.leading).map_or(end, |cell| cell.at);
        (&text[from..end], &text[end..end + heading::line_end(&text[end..])])
    }

    /// The cells of a row as [`Table::row`] gives them, but for those below headings of passwords, which become empty. In
    /// a row with another number of cells than the heading has, a password may be in any of them.
    pub fn without_passwords<'t>(&self, cells: &'t [u8]) -> Cow<'t, [u8]> {
        if !self.has_passwords() {
            return Cow::Borrowed(cells);
        }
        let mut row = Vec::new();
        Cells::new(self.delimiter, cells, 0).row(&mut row);
        let columns = &self.columns[self.leading.min(self.columns.len())..];
        let is_whole = row.len() == columns.len();
        let shown = |(index, cell): (usize, &Cell<'t>)| match columns.get(index) {
            Some(column) if is_whole && !column.has_passwords => cell.raw,
            Some(_) if !is_whole && index + self.leading == self.naming => cell.raw,
            _ => &[],
        };
        Cow::Owned(row.iter().enumerate().map(shown).collect::<Vec<_>>().join(&[self.delimiter][..]))
    }

    /// The first cell of a row that a spreadsheet would take for a formula: where it is, and its heading.
    pub fn formula(&self, text: &[u8], at: usize) -> Option<(usize, &str)> {
        let mut row = Vec::new();
        Cells::new(self.delimiter, text, at).row(&mut row);
        let is_formula =
            |cell: &Cell<'_>| matches!(cell.text.trim_ascii_start(), [b'=' | b'+' | b'-' | b'@', ..]);
        let mut cells = row.iter().zip(&self.columns).skip(self.leading);
        cells.find(|(cell, _)| is_formula(cell)).map(|(cell, column)| (cell.at, column.heading.as_str()))
    }

    /// Reads the rows of a chunk's text in order. Blank rows are no records.
    ///
    /// [`Object::at`] is the offset of the row; a value's `at` is the offset of its own first byte in the
    /// cell, behind the quote, the spaces and the values that are joined before it.
    pub fn records<'t>(&self, text: &'t [u8], each: &mut dyn FnMut(ExportRecord<'t>)) {
        self.rows(text, Judging::Wanted, each);
    }

    /// The same, with the faults of every cell, whether anybody asked for its column or not.
    pub fn check<'t>(&self, text: &'t [u8], each: &mut dyn FnMut(ExportRecord<'t>)) {
        self.rows(text, Judging::All, each);
    }

    fn rows<'t>(&self, text: &'t [u8], judging: Judging, each: &mut dyn FnMut(ExportRecord<'t>)) {
        let mut cells = Cells::new(self.delimiter, text, 0);
        let clean = simdutf8::basic::from_utf8(text).ok().filter(|_| memchr::memchr(0, text).is_none());
        let mut row = Vec::with_capacity(self.columns.len());
        // Up to where line ends are counted, and how many there are.
        let (mut counted, mut lines) = (0, 0);
        while cells.row(&mut row) {
            let (Some(first), Some(last)) = (row.first(), row.last()) else { continue };
            let (at, end) = (first.at, last.at + last.raw.len());
            lines += newlines(&text[counted..at]);
            let line = &text[at..end];
            let row = RowText { clean, cells: &row, text: line, lines, newlines: newlines(line) };
            if let Some(record) = self.record(&row, judging) {
                each(record);
            }
            (counted, lines) = (end, lines + row.newlines);
        }
    }

    /// The record of a row; none if it is blank.
    fn record<'t>(&self, row: &RowText<'_, 't>, judging: Judging) -> Option<ExportRecord<'t>> {
        let &RowText { clean, cells: row, text: line, lines, newlines } = row;
        let first = row.first()?;
        if row.iter().all(Cell::is_blank) {
            return None;
        }
        if let Some(aside) = self.aside(row, line) {
            return Some(ExportRecord::Aside(aside));
        }
        let values = Values::with_capacity(self.columns.len());
        let mut object = Object { at: first.at, line: lines, values, ..Object::default() };
        let mut findings = Vec::new();
        if let Some(fault) = self.quotes(row).or_else(|| self.count(row)) {
            if let Some(cell) = row.get(self.naming) {
                let (column, separator) = (&self.columns[self.naming], self.separator);
                let (object, findings) = (&mut object, &mut findings);
                CellReader { clean, column, cell, separator, object, findings }.read();
            }
            // Whichever column it belongs to, nobody else is given the address.
            let is_around = |c: &u8| *c == b'"' || c.is_ascii_whitespace();
            let is_address = |cell: &&Cell<'_>| cell.text.contains(&b'@') && !cell.text.contains(&b'\n');
            for cell in row.iter().filter(is_address) {
                let inner = cell.text.iter().copied().skip_while(is_around).collect::<Vec<_>>();
                let end = inner.iter().rposition(|c| !is_around(c)).map_or(0, |last| last + 1);
                object.values.push(Value::new(Attr::MAIL, inner[..end].to_vec().into(), Value::ELSEWHERE));
            }
            return Some(ExportRecord::Record(RecordKind::Unreadable, object, vec![fault]));
        }
        let many_lines = newlines > MANY_NEWLINES;
        // Most columns of an export are nobody's.
        let is_read =
            |column: &Column| column.holds != Holds::Nothing || judging == Judging::All || many_lines;
        for (column, cell) in self.columns.iter().zip(row).filter(|(column, _)| is_read(column)) {
            if many_lines {
                findings.extend(column.many_lines(cell));
            }
            let (separator, before) = (self.separator, findings.len());
            CellReader { clean, column, cell, separator, object: &mut object, findings: &mut findings }
                .read();
            if column.is_aside && judging == Judging::Wanted {
                for found in &mut findings[before..] {
                    found.severity = found.severity.min(Severity::Warning);
                }
            }
            if judging == Judging::All {
                column.judge(cell, self.separator, &mut findings);
            }
        }
        if self.is_guessed {
            object.values.guess();
        }
        findings.extend(self.other.and_then(|other| self.two_names(row, other)));
        Some(ExportRecord::Record(RecordKind::of_entry(&findings), object, findings))
    }

    /// The offset in `text` of a byte of a value: through doubled quotes, escapes and `X'…'`. `row` is the
    /// [`Object::at`] and `value` the [`Value::at`](crate::object::Value::at) that [`records`](Self::records)
    /// gave for the same text. The bytes of a value that was converted (a GUID, a boolean) all have the place where it
    /// begins.
    pub fn locate(&self, text: &[u8], row: usize, value: usize, index: usize) -> usize {
        if value == Value::ELSEWHERE {
            return row;
        }
        let mut cells = Vec::new();
        if row < text.len() {
            Cells::new(self.delimiter, text, row).row(&mut cells);
        }
        let holds = |cell: &Cell<'_>| (cell.at..cell.at + cell.raw.len()).contains(&value);
        let Some((cell, column)) = cells.iter().zip(&self.columns).find(|(cell, _)| holds(cell)) else {
            return value;
        };
        let joined = match column.holds {
            Holds::Dn => false,
            Holds::Values(attr) if value::is_converted(attr.syntax()) => return value,
            Holds::Values(attr) => attr.is_many(),
            Holds::Nothing => return value,
        };
        let raw = &cell.raw[value - cell.at..];
        let one = raw.split(|&c| c == b'"' || joined && c == self.separator).next();
        if one.is_some_and(|one| value::hexadecimal(one).is_some()) {
            return value + raw.len().min(2 + 2 * index);
        }
        let mut at = 0;
        for _ in 0..index {
            let rest = raw.get(at..).unwrap_or_default();
            let escape = if joined { value::escape_length(rest, self.separator) - 1 } else { 0 };
            at += escape + if cell.quoted() { cell::quoted_length(&rest[escape..], 1) } else { 1 };
        }
        value + at.min(raw.len())
    }
}

struct RowText<'r, 't> {
    /// The text of the batch, if it is UTF-8 without a NUL as a whole.
    clean: Option<&'t str>,
    cells: &'r [Cell<'t>],
    /// The row without its line end.
    text: &'t [u8],
    /// How many line ends of the text are before the row, and how many are in it.
    lines: u64,
    newlines: u64,
}

/// Which cells are judged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Judging {
    /// Those that are read.
    Wanted,
    All,
}

#[cfg(test)]
mod tests;
