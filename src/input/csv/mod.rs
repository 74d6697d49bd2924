//! The reader of CSV tables: the heading describes the columns, then each row becomes an object.
//!
//! csv-core splits the cells. Their places are counted from the bytes that it consumes, because its own line numbers
//! are wrong in files with CRLF and after blank lines.

// a cell and its place
mod cell;
// what a column contains
mod column;
// cell → values
mod cell_reader;
mod heading;
// delimiters, quotes and line ends
mod marks;
// rows without data, and faults of whole rows
mod odd;
// text → chunks of whole rows
mod rows;
// values joined by other separators
mod joined;
// rows inside cells
mod shape;
mod value;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Read};

pub(crate) use self::column::{Column, Holds};
pub(crate) use self::heading::is_version;
pub(crate) use self::rows::{LONGEST, RowChunks, RowsError, newlines};

use self::cell::{Cell, Cells};
use self::cell_reader::CellReader;
use self::column::MANY_NEWLINES;
use self::shape::RowShape;
use super::join::Key;
use super::{ExportRecord, Finding, ListedName, RecordKind, columns};
use crate::language::Text;
use crate::message::Severity;
use crate::object::{Attr, Attributes, Object, Value, Values};
use crate::schema::find_misspelled;
use heading::NamingColumns;

/// The user's settings for CSV files.
#[derive(Clone, Debug)]
pub struct CsvOptions {
    /// The delimiter, an ASCII character; without one, that which gives known headings.
    pub delimiter: Option<u8>,
    /// The separator between the values of one attribute, an ASCII character.
    pub separator: u8,
    /// `[input.columns]`: the heading for an attribute, by the attribute's LDAP name or `DN`.
    pub columns: BTreeMap<String, String>,
    /// The attributes by which the rows of a joined list may name users, the most reliable first; empty for tables with
    /// DNs.
    pub keys: Vec<String>,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self { delimiter: None, separator: b';', columns: BTreeMap::new(), keys: Vec::new() }
    }
}

/// Passes on the names of objects in a list with a heading, and returns the warning about columns that are not read;
/// `None` if the text does not begin with a heading for one of these attributes. Of several, the first counts; the others
/// must not name another object. A row without a name, or with other cells than the heading, is unreadable.
///
/// # Errors
/// A quote that is not closed, or another fault of the rows as a whole.
pub fn names(
    text: &str,
    options: &CsvOptions,
    attributes: &[&str],
    each: &mut dyn FnMut(&ListedName<'_>),
) -> Result<Option<Option<Finding>>, RowsError> {
    let Some(columns) = heading::naming(text, options, attributes) else { return Ok(None) };
    let NamingColumns { shape, account, others, heading, end, unread } = columns;
    let rows = RowChunks::new(text.as_bytes(), shape, end, 1 + newlines(&text.as_bytes()[..end]));
    for chunk in rows.map_err(RowsError::Io)? {
        chunk?;
    }
    let naming = shape.naming;
    let mut cells = Cells::new(shape.delimiter, text.as_bytes(), end);
    let mut row = Vec::new();
    let mut positions = ::ldif::Positions::new(text.as_bytes(), 1);
    while cells.row(&mut row) {
        let (Some(first), Some(last)) = (row.first(), row.last()) else { continue };
        if row.iter().all(Cell::is_blank) || odd::is_rule(&row) {
            continue;
        }
        if row.get(naming).is_some_and(|cell| cell.text.eq_ignore_ascii_case(heading.as_bytes())) {
            continue; // the heading again, in merged lists
        }
        let fits = shape.fits(&row);
        let named = |column: usize| row.get(column).filter(|cell| fits && !cell.is_blank());
        let (at, name) = match named(naming) {
            Some(cell) => (cell.at, &*cell.text),
            None => (first.at, &text.as_bytes()[first.at..last.at + last.raw.len()]),
        };
        let is_unreadable = named(naming).is_none();
        let text = |column: usize| named(column).map(|cell| String::from_utf8_lossy(&cell.text));
        let (account, others) = (account.and_then(text), others.iter().copied().filter_map(text).collect());
        let name = String::from_utf8_lossy(name);
        each(&ListedName { line: positions.of(at).line, name, is_unreadable, account, others });
    }
    Ok(Some(unread))
}

/// The dialect and the columns of a CSV file.
#[derive(Clone, Debug)]
pub struct Table {
    delimiter: u8,
    separator: u8,
    /// Whether the encoding of the file is a guess.
    is_guessed: bool,
    columns: Vec<Column>,
    /// The column that names the objects: by DN, or by the key of a joined list.
    naming: usize,
    /// Another column with the DN, as written by csvde.
    other: Option<usize>,
    key: Option<Key>,
    /// The text before the first row: the heading, and anything before it.
    head: Box<str>,
    /// Where the heading begins in it, and the number of columns of rejects at its beginning.
    start: usize,
    leading: usize,
}

/// The text before the first row, in the parts that a table of some of the rows needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening<'t> {
    /// The lines before the heading: `sep=;`, `#TYPE …`.
    pub before: &'t [u8],
    /// The heading without its line end, and without the columns of rejects.
    pub heading: &'t [u8],
    /// The line end after it.
    pub line_end: &'t [u8],
}

impl Table {
    /// Whether its rows are rejects of an earlier run.
    pub fn is_of_rejects(&self) -> bool {
        self.columns.iter().any(|column| columns::is_reject(&column.heading))
    }

    /// Reads the heading again for more attributes.
    pub fn with(self, options: &CsvOptions, attributes: &Attributes) -> Self {
        // A heading that was valid with fewer attributes is valid with more.
        let is_guessed = self.is_guessed;
        Self::open(&self.head, options, attributes).map_or(self, |(table, _)| Self { is_guessed, ..table })
    }

    /// Sets whether the encoding of the file is a guess.
    pub fn guessed(self, is_guessed: bool) -> Self {
        Self { is_guessed, ..self }
    }

    /// The delimiter between cells.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Returns the key by which the rows of a joined list name users; `None` for a table with DNs.
    pub fn key(&self) -> Option<Key> {
        self.key
    }

    /// Returns the heading of that key; `None` for a table with DNs.
    pub fn key_heading(&self) -> Option<&str> {
        self.key.map(|_| self.columns[self.naming].heading.as_str())
    }

    /// The columns in the order of the file.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns the headings for a note, and their physical line.
    pub fn headings(&self) -> (Text, u64) {
        let headings = self.columns.iter().map(|column| column.heading.as_str());
        (heading::named_all(headings), 1 + newlines(&self.head.as_bytes()[..self.start]))
    }

    /// Iterates over the headings of columns that are not read.
    fn unread(&self) -> impl Iterator<Item = &str> {
        let unread = self.columns.iter().filter(|column| column.holds == Holds::Nothing);
        unread.map(|column| column.heading.as_str())
    }

    /// Returns the unread heading most similar to an attribute's name, as a suggestion.
    pub fn nearest(&self, attribute: &str) -> Option<&str> {
        columns::most_like(attribute, self.unread())
    }

    /// Iterates over the headings of unread columns that are misspellings, with the attributes that they mean.
    pub fn misspelled(&self) -> impl Iterator<Item = (Attr, &str)> {
        self.unread().filter_map(|heading| Some((find_misspelled(heading.as_bytes())?, heading)))
    }

    /// Returns the heading of an unread column that probably says which accounts are disabled.
    pub fn of_disabled(&self) -> Option<&str> {
        self.unread().find(|heading| columns::says_disabled(heading))
    }

    /// Whether it is `Get-ADUser -Properties * | Export-Csv`, which has the columns of the first object alone: others
    /// may have values of attributes without a column.
    pub fn has_columns_of_first(&self) -> bool {
        const OF_GET_AD_USER: [&str; 4] =
            ["PropertyNames", "AddedProperties", "ModifiedProperties", "PropertyCount"];
        self.columns.iter().any(|column| OF_GET_AD_USER.contains(&column.heading.as_str()))
    }

    /// Returns the line of PowerShell that also exports these attributes; `None` for a table that `Get-ADUser` did not
    /// write.
    pub fn powershell(&self, lacking: &[&str]) -> Option<String> {
        let headings = self.columns.iter().map(|column| column.heading.as_str());
        let is_there = |name: &str| headings.clone().any(|heading| heading == name);
        if !["DistinguishedName", "SamAccountName", "SID"].into_iter().all(is_there) {
            return None;
        }
        let all: Vec<&str> = headings.clone().chain(lacking.iter().copied()).collect();
        let is_many =
            |name: &str| Attributes::of_every_run().find(name.as_bytes()).is_some_and(Attr::is_many);
        let column = |name: &&str| {
            if is_many(name) {
                format!("@{{n='{name}'; e={{$_.{name} -join ';'}}}}")
            } else {
                (*name).to_owned()
            }
        };
        let columns: Vec<String> = all.iter().map(column).collect();
        Some(format!(
            "Get-ADUser -Filter * -Properties {} | Select-Object {} | Export-Csv users.csv -NoTypeInformation -Encoding UTF8",
            all.join(","),
            columns.join(",")
        ))
    }

    /// Whether a heading suggests passwords, so that messages may not show any line of this file.
    pub fn has_passwords(&self) -> bool {
        self.columns.iter().any(|column| column.has_passwords)
    }

    /// Returns what its rows look like.
    fn shape(&self) -> RowShape {
        let headings = self.columns.iter().map(|column| column.heading.as_str());
        RowShape::new(self.delimiter, headings, self.naming, self.key.unwrap_or(Key::Dn))
    }

    /// Reads the rows of the file in chunks; `from` provides the decoded text from the first byte on.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    pub fn chunks<R: Read>(&self, from: R) -> io::Result<RowChunks<R>> {
        let mut chunks =
            RowChunks::new(from, self.shape(), self.head.len(), 1 + newlines(self.head.as_bytes()))?;
        if self.key.is_some() {
            chunks.block = rows::LIST_BLOCK;
        }
        Ok(chunks)
    }

    /// Returns the text before the first row.
    pub fn head(&self) -> &[u8] {
        self.head.as_bytes()
    }

    /// Returns the text before the first row in parts.
    pub fn opening(&self) -> Opening<'_> {
        let (heading, line_end) = self.row(self.head.as_bytes(), self.start);
        Opening { before: &self.head.as_bytes()[..self.start], heading, line_end }
    }

    /// Returns the row that begins at a byte of the text, unchanged, and its line end; without the cells with the
    /// reason if it comes from a file of rejects.
    pub fn row<'t>(&self, text: &'t [u8], at: usize) -> (&'t [u8], &'t [u8]) {
        let mut row = Vec::new();
        Cells::new(self.delimiter, text, at).row(&mut row);
        let end = row.last().map_or(at, |cell| cell.at + cell.raw.len());
        let from = row.get(self.leading).map_or(end, |cell| cell.at);
        (&text[from..end], &text[end..end + heading::line_end(&text[end..])])
    }

    /// Returns the cells of a row, as from [`Table::row`], with those under headings of passwords emptied. If the row
    /// has another number of cells than the heading, a password may be in any of them.
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

    /// Returns the place of the first cell in a row that a spreadsheet would take for a formula, and its heading.
    pub fn formula(&self, text: &[u8], at: usize) -> Option<(usize, &str)> {
        let mut row = Vec::new();
        Cells::new(self.delimiter, text, at).row(&mut row);
        let is_formula =
            |cell: &Cell<'_>| matches!(cell.text.trim_ascii_start(), [b'=' | b'+' | b'-' | b'@', ..]);
        let mut cells = row.iter().zip(&self.columns).skip(self.leading);
        cells.find(|(cell, _)| is_formula(cell)).map(|(cell, column)| (cell.at, column.heading.as_str()))
    }

    /// Reads the rows of a chunk's text in order. Blank rows are not records.
    ///
    /// [`Object::at`] is the offset of the row; a value's `at` is the offset of its own first byte in the cell, after
    /// the quote, the spaces and the preceding values.
    pub fn records<'t>(&self, text: &'t [u8], each: &mut dyn FnMut(ExportRecord<'t>)) {
        self.rows(text, Judging::Wanted, each);
    }

    /// Reads the rows with the faults of every cell, even in columns that the run does not read.
    pub fn check<'t>(&self, text: &'t [u8], each: &mut dyn FnMut(ExportRecord<'t>)) {
        self.rows(text, Judging::All, each);
    }

    /// Passes on the record in each row of a chunk's text.
    fn rows<'t>(&self, text: &'t [u8], judging: Judging, each: &mut dyn FnMut(ExportRecord<'t>)) {
        let mut cells = Cells::new(self.delimiter, text, 0);
        let clean = simdutf8::basic::from_utf8(text).ok().filter(|_| memchr::memchr(0, text).is_none());
        let mut row = Vec::with_capacity(self.columns.len());
        // The offset up to which line ends are counted, and their number.
        let (mut counted, mut lines) = (0, 0);
        while cells.row(&mut row) {
            let (Some(first), Some(last)) = (row.first(), row.last()) else { continue };
            let (at, end) = (first.at, last.at + last.raw.len());
            lines += newlines(&text[counted..at]);
            let line = &text[at..end];
            let is_plain = cells.is_plain;
            let row = RowText { clean, cells: &row, is_plain, text: line, lines, newlines: newlines(line) };
            if let Some(record) = self.record(&row, judging) {
                each(record);
            }
            (counted, lines) = (end, lines + row.newlines);
        }
    }

    /// Reads the record in a row; `None` if it is blank.
    fn record<'t>(&self, row: &RowText<'_, 't>, judging: Judging) -> Option<ExportRecord<'t>> {
        let &RowText { clean, cells: row, is_plain, text: line, lines, newlines } = row;
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
        let quote_fault = if is_plain { None } else { self.quote_fault(row) };
        if let Some(fault) = quote_fault.or_else(|| self.count_fault(row)) {
            if let Some(cell) = row.get(self.naming) {
                let (column, separator) = (&self.columns[self.naming], self.separator);
                let (object, findings) = (&mut object, &mut findings);
                CellReader { clean, column, cell, separator, object, findings }.read();
            }
            row.iter().for_each(|cell| cell.hold(&mut object));
            return Some(ExportRecord::Record(RecordKind::Unreadable, object, vec![fault]));
        }
        let many_lines = newlines > MANY_NEWLINES;
        // Most columns of an export are not read.
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
                column.check_unread(cell, self.separator, &mut findings);
            }
        }
        if self.is_guessed {
            object.values.mark_guessed();
        }
        findings.extend(self.other.and_then(|other| self.two_names(row, other)));
        Some(ExportRecord::Record(RecordKind::of_entry(&findings), object, findings))
    }

    /// Returns the offset in `text` of a byte of a value, through doubled quotes, escapes and `X'…'`. `row` is the
    /// [`Object::at`] and `value` the [`Value::at`](crate::object::Value::at) that [`records`](Self::records) gave for
    /// the same text. All bytes of a converted value (a GUID, a Boolean) have the place where it begins.
    pub fn locate(&self, text: &[u8], row: usize, value: usize, index: usize) -> usize {
        if value == Value::ELSEWHERE {
            return row;
        }
        let mut cells = Vec::new();
        if row < text.len() {
            Cells::new(self.delimiter, text, row).row(&mut cells);
        }
        let contains = |cell: &Cell<'_>| (cell.at..cell.at + cell.raw.len()).contains(&value);
        let Some((cell, column)) = cells.iter().zip(&self.columns).find(|(cell, _)| contains(cell)) else {
            return value;
        };
        let is_joined = match column.holds {
            Holds::Dn => false,
            Holds::Values(attr) if value::is_converted(attr.syntax()) => return value,
            Holds::Values(attr) => attr.is_many(),
            Holds::Nothing => return value,
        };
        let raw = &cell.raw[value - cell.at..];
        let whole = raw.split(|&c| c == b'"' || is_joined && c == self.separator).next();
        if whole.is_some_and(|whole| value::hexadecimal(whole).is_some()) {
            return value + raw.len().min(2 + 2 * index);
        }
        let mut at = 0;
        for _ in 0..index {
            let rest = raw.get(at..).unwrap_or_default();
            let escape = if is_joined { value::escape_length(rest, self.separator) - 1 } else { 0 };
            at += escape + if cell.is_quoted() { cell::quoted_length(&rest[escape..], 1) } else { 1 };
        }
        value + at.min(raw.len())
    }
}

struct RowText<'r, 't> {
    /// The text of the batch, if the whole of it is UTF-8 without a NUL.
    clean: Option<&'t str>,
    cells: &'r [Cell<'t>],
    /// Whether quotes do nothing in the row but enclose cells.
    is_plain: bool,
    /// The row without its line end.
    text: &'t [u8],
    /// The number of line ends in the text before the row, and in the row.
    lines: u64,
    newlines: u64,
}

/// Which cells are checked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Judging {
    /// Those that are read.
    Wanted,
    All,
}

#[cfg(test)]
mod tests;
