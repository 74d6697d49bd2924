//! The rows and issues of a published `report.xml`.

use std::io::{self, BufRead};
use std::ops::Range;

use memchr::{memchr, memchr_iter};
use quick_xml::escape::unescape;
use quick_xml::events::attributes::AttrError;
use simdutf8::basic::from_utf8;

use crate::codes;
use crate::language::{Language, Text};
use crate::message::{Message, Severity};
use crate::report::COLUMNS;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowFields {
    /// The attributes as written, followed by the values that were escaped. One buffer, because a report has a row with
    /// some twenty attributes for every user.
    text: String,
    /// The ranges of each name and its value.
    places: Vec<(Range<usize>, Range<usize>)>,
}

impl RowFields {
    /// Returns an attribute by name; empty if the row lacks it.
    pub(crate) fn get(&self, name: &str) -> &str {
        let is_named =
            |(known, _): &&(Range<usize>, _)| self.text.as_bytes()[known.clone()] == *name.as_bytes();
        self.places.iter().find(is_named).map_or("", |(_, value)| &self.text[value.clone()])
    }

    /// Iterates over the attributes, each with its name.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.places.iter().map(|(name, value)| (&self.text[name.clone()], &self.text[value.clone()]))
    }

    /// Reads the element with this name on a line; returns false if the line has none.
    fn read(&mut self, line: &[u8], name: &str) -> io::Result<bool> {
        let line = from_utf8(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        let element = line.trim_end().strip_prefix('<').and_then(|element| element.strip_suffix("/>"));
        let Some(attributes) = element.and_then(|element| element.strip_prefix(name)) else {
            return Ok(false);
        };
        self.parse(attributes).map_err(broken)?;
        Ok(true)
    }

    /// Replaces the attributes by those of an element.
    fn parse(&mut self, attributes: &str) -> Result<(), quick_xml::Error> {
        attributes.clone_into(&mut self.text);
        self.places.clear();
        self.places.reserve(COLUMNS.len());
        // Only the program writes reports, in a single form: parsing all of XML takes twice as long.
        let unexpected = |at| Err(AttrError::ExpectedQuote(at, b'"').into());
        let is_plain = memchr(b'&', attributes.as_bytes()).is_none();
        let mut quotes = memchr_iter(b'"', attributes.as_bytes());
        let mut from = 0;
        while let Some(open) = quotes.next() {
            let is_attribute = matches!(attributes.as_bytes()[from..open], [b' ', .., b'=']);
            let (true, Some(close)) = (is_attribute, quotes.next()) else { return unexpected(open) };
            let mut value = open + 1..close;
            if !is_plain {
                let begin = self.text.len();
                self.text.push_str(&unescape(&attributes[value])?);
                value = begin..self.text.len();
            }
            self.places.push((from + 1..open - 1, value));
            from = close + 1;
        }
        if from == attributes.len() { Ok(()) } else { unexpected(from) }
    }
}

/// An iterator over the elements with one name, each of which is on its own line.
pub(crate) struct Elements<R> {
    report: R,
    name: &'static str,
    /// The current line, and where the next one begins.
    line: Vec<u8>,
    next: u64,
    fields: RowFields,
}

impl<R: BufRead> Elements<R> {
    /// Reads the elements of a report, or of a part of one.
    pub(crate) fn new(report: R, name: &'static str) -> Self {
        Self { report, name, line: Vec::new(), next: 0, fields: RowFields::default() }
    }

    /// Returns the next element with its byte offset; `None` at the end.
    ///
    /// # Errors
    /// Errors of reading, and text that the program does not write.
    pub(crate) fn next_element(&mut self) -> io::Result<Option<(u64, &RowFields)>> {
        loop {
            self.line.clear();
            let length = self.report.read_until(b'\n', &mut self.line)?;
            self.next += length as u64;
            let element = self.line.trim_ascii_start();
            if self.fields.read(element, self.name)? {
                return Ok(Some((self.next - element.len() as u64, &self.fields)));
            }
            if length == 0 {
                return Ok(None);
            }
        }
    }
}

/// Calls `row` for every row with its byte offset, up to the end.
///
/// # Errors
/// Errors of reading, and text that the program does not write.
pub(crate) fn each(report: impl BufRead, mut row: impl FnMut(u64, &RowFields)) -> io::Result<()> {
    let mut rows = Elements::new(report, "user");
    while let Some((at, fields)) = rows.next_element()? {
        row(at, fields);
    }
    Ok(())
}

/// Calls `issue` for every issue, up to the end.
///
/// # Errors
/// Errors of reading, and text that the program does not write.
pub(crate) fn issues(report: impl BufRead, issue: impl FnMut(&RowFields)) -> io::Result<()> {
    elements(report, "issue", issue)
}

/// Calls `pool` for every pool in the head.
///
/// # Errors
/// Errors of reading, and text that the program does not write.
pub(crate) fn pools(report: impl BufRead, pool: impl FnMut(&RowFields)) -> io::Result<()> {
    elements(report, "pool", pool)
}

fn elements(report: impl BufRead, name: &'static str, mut each: impl FnMut(&RowFields)) -> io::Result<()> {
    let mut elements = Elements::new(report, name);
    while let Some((_, fields)) = elements.next_element()? {
        each(fields);
    }
    Ok(())
}

/// Returns the message of an issue, with the French text of its code's row; `file` returns the name of an input by
/// number.
pub(crate) fn message<'f>(issue: &RowFields, file: impl Fn(usize) -> Option<&'f str>) -> Message {
    let severity = issue.get("severity").parse().unwrap_or(Severity::Note);
    let code = codes::find(issue.get("code"));
    let meaning = code.map_or("", |code| code.meaning.in_language(Language::Fr));
    let advice = code.map_or("", |code| code.advice(Language::Fr));
    let text = |name, french: &'static str| Text::of(issue.get(name).to_owned(), french);
    let number = |name| issue.get(name).parse::<u64>().unwrap_or_default();
    let mut message = Message::of(severity, code.map_or("", |code| code.name), text("detail", meaning));
    if let Some(file) = number("input").checked_sub(1).and_then(|input| file(usize::try_from(input).ok()?)) {
        message = message.at(file, number("line"), number("column"));
    }
    if issue.get("hint").is_empty() { message } else { message.help(text("hint", advice)) }
}

/// Parses the row on a line; `None` if it is not a row.
///
/// # Errors
/// Text that the program does not write.
pub(crate) fn one(line: &[u8]) -> io::Result<Option<RowFields>> {
    let mut fields = RowFields::default();
    Ok(fields.read(line, "user")?.then_some(fields))
}

fn broken(error: quick_xml::Error) -> io::Error {
    match error {
        quick_xml::Error::Io(error) => io::Error::new(error.kind(), error),
        other => io::Error::new(io::ErrorKind::InvalidData, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::cells::{Digits, cells};
    use crate::report::{Row, Status};

    #[test]
    fn a_row_reads_back_the_same() {
        let row = Row {
            seq: 7,
            input: 1,
            line: 3,
            status: Status::Changed,
            sam: "a&\"b",
            dn: "CN=J\u{fc}rgen\t<x>,DC=com",
            display_name: "two\nlines",
            source: "mail",
            file: "0001-apply.ldif",
            record: Some(12),
            ..Row::default()
        };
        let mut text = b"<?xml version=\"1.0\"?>\n<users>\n".to_vec();
        let at = text.len();
        super::super::row(&mut text, &cells(&row, &mut Digits::default()));
        text.extend_from_slice(b"</users>\n");
        let mut found = Vec::new();
        each(&text[..], |at, fields| found.push((at, fields.clone()))).unwrap();
        let [(offset, fields)] = &found[..] else { panic!("{found:?}") };
        assert_eq!(fields.get("dn"), row.dn);
        assert_eq!(fields.get("displayName"), row.display_name);
        assert_eq!(fields.get("sam"), row.sam);
        assert_eq!(fields.get("record"), "12");
        assert_eq!(fields.get("none"), "");
        assert_eq!(usize::try_from(*offset).unwrap(), at + 4, "behind the indent");
        let line = text[at + 4..].split_inclusive(|&byte| byte == b'\n').next().unwrap();
        assert_eq!(one(line).unwrap().as_ref(), Some(fields));
    }

    #[test]
    fn a_row_that_another_program_wrote_is_an_error() {
        for row in ["<user sam='a'/>", "<user sam = \"a\"/>"] {
            assert_eq!(one(row.as_bytes()).unwrap_err().kind(), io::ErrorKind::InvalidData, "{row}");
        }
        assert!(one(b"<user sam=\"a\"/>").is_ok());
    }
}
