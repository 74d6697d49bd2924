//! The rows and issues of a `report.xml`, read back.

use std::io::{self, BufRead};

use memchr::memchr;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::codes;
use crate::language::{Language, Text};
use crate::message::{Message, Severity};
use crate::report::COLUMNS;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowFields {
    /// Names and values, one behind another: a row has some twenty, and a report a row for every user.
    text: String,
    /// Where a name begins, its value begins, and its value ends.
    places: Vec<(usize, usize, usize)>,
}

impl RowFields {
    /// The attribute of that name; empty if the row lacks it.
    pub(crate) fn get(&self, name: &str) -> &str {
        let is_named = |&&(begin, value, _): &&(usize, usize, usize)| {
            self.text.as_bytes()[begin..value] == *name.as_bytes()
        };
        let found = self.places.iter().find(is_named);
        found.map_or("", |&(_, value, end)| &self.text[value..end])
    }

    /// Takes the attributes of an element in place of its own.
    fn take(&mut self, element: &BytesStart<'_>) -> Result<(), quick_xml::Error> {
        self.text.clear();
        self.places.clear();
        self.text.reserve(element.len());
        self.places.reserve(COLUMNS.len());
        // Only the program writes reports, and none with an attribute twice: looking for one costs as much as all else.
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute?;
            let begin = self.text.len();
            self.text.push_str(attribute.key.as_ref());
            let value = self.text.len();
            // Nearly all values are written as they are.
            match memchr(b'&', attribute.value.as_bytes()) {
                None => self.text.push_str(&attribute.value),
                Some(_) => self.text.push_str(&attribute.normalized_value(XmlVersion::Implicit1_0)?),
            }
            self.places.push((begin, value, self.text.len()));
        }
        Ok(())
    }
}

/// The elements of one name, one after another.
pub(crate) struct Elements<R> {
    reader: Reader<R>,
    name: &'static str,
    buffer: Vec<u8>,
    fields: RowFields,
}

impl<R: BufRead> Elements<R> {
    /// Those of a report, or of a part of one.
    pub(crate) fn new(report: R, name: &'static str) -> Self {
        Self { reader: Reader::from_reader(report), name, buffer: Vec::new(), fields: RowFields::default() }
    }

    /// The next one, with the byte offset at which it begins; none at the end.
    ///
    /// # Errors
    /// What reading gives, and what is no XML.
    pub(crate) fn next_element(&mut self) -> io::Result<Option<(u64, &RowFields)>> {
        loop {
            self.buffer.clear();
            let at = self.reader.buffer_position();
            match self.reader.read_event_into(&mut self.buffer).map_err(broken)? {
                Event::Empty(element) if is(&element, self.name) => {
                    self.fields.take(&element).map_err(broken)?;
                    return Ok(Some((at, &self.fields)));
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }
}

/// Hands out every row with the byte offset at which it begins. Reads to the end.
///
/// # Errors
/// What reading gives, and what is no XML.
pub(crate) fn each(report: impl BufRead, mut row: impl FnMut(u64, &RowFields)) -> io::Result<()> {
    let mut rows = Elements::new(report, "user");
    while let Some((at, fields)) = rows.next_element()? {
        row(at, fields);
    }
    Ok(())
}

/// Hands out every issue. Reads to the end.
///
/// # Errors
/// What reading gives, and what is no XML.
pub(crate) fn issues(report: impl BufRead, mut issue: impl FnMut(&RowFields)) -> io::Result<()> {
    let mut issues = Elements::new(report, "issue");
    while let Some((_, fields)) = issues.next_element()? {
        issue(fields);
    }
    Ok(())
}

/// The message that an issue holds, in French what the catalogue says of its code; `file` names an input by its number.
pub(crate) fn message<'f>(issue: &RowFields, file: impl Fn(usize) -> Option<&'f str>) -> Message {
    let severity = Severity::named(issue.get("severity")).unwrap_or(Severity::Note);
    let code = codes::find(issue.get("code"));
    let meaning = code.map_or("", |code| code.meaning.in_language(Language::Fr));
    let advice = code.map_or("", |code| code.advice(Language::Fr));
    let of = |name, french: &'static str| Text::of(issue.get(name).to_owned(), french);
    let number = |name| issue.get(name).parse::<u64>().unwrap_or_default();
    let mut message = Message::of(severity, code.map_or("", |code| code.name), of("detail", meaning));
    if let Some(file) = number("input").checked_sub(1).and_then(|input| file(usize::try_from(input).ok()?)) {
        message = message.at(file, number("line"), number("column"));
    }
    if issue.get("hint").is_empty() { message } else { message.help(of("hint", advice)) }
}

/// The row on a line, at whose beginning it is; none if there is no row.
///
/// # Errors
/// What is no XML.
pub(crate) fn one(line: &[u8]) -> io::Result<Option<RowFields>> {
    let line = str::from_utf8(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    match Reader::from_str(line).read_event().map_err(broken)? {
        Event::Empty(element) if is(&element, "user") => {
            let mut fields = RowFields::default();
            fields.take(&element).map_err(broken)?;
            Ok(Some(fields))
        }
        _ => Ok(None),
    }
}

fn broken(error: quick_xml::Error) -> io::Error {
    match error {
        quick_xml::Error::Io(error) => io::Error::new(error.kind(), error),
        other => io::Error::new(io::ErrorKind::InvalidData, other),
    }
}

fn is(element: &BytesStart<'_>, name: &str) -> bool {
    element.local_name().as_ref() == name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::cells::{Digits, cells};
    use crate::report::{Row, Status};

    #[test]
    fn a_row_comes_back_as_it_was() {
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
        assert_eq!(one(&text[at + 4..]).unwrap().as_ref(), Some(fields));
    }
}
