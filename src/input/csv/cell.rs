//! The cells of CSV text: the content that csv-core reads, and the place of each byte.

use std::borrow::Cow;
use std::ops::Range;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use memchr::{memchr, memchr3};

use super::marks::Marks;
use super::value;
use crate::language::{Text, text};
use crate::object::{Object, Value};

/// What may precede the first quote of a row unseen: byte order marks of concatenated files, and spaces without width.
const UNSEEN: [&str; 2] = ["\u{feff}", "\u{200b}"];

/// Returns the length of the unseen characters at the beginning of a row.
pub(super) fn unseen(row: &[u8]) -> usize {
    let mut rest = row;
    while let Some(behind) = UNSEEN.iter().find_map(|mark| rest.strip_prefix(mark.as_bytes())) {
        rest = behind;
    }
    row.len() - rest.len()
}

/// Removes the unseen characters at the end of what precedes a quote.
pub(super) fn without_unseen(mut text: &[u8]) -> &[u8] {
    while let Some(before) = UNSEEN.iter().find_map(|mark| text.strip_suffix(mark.as_bytes())) {
        text = before;
    }
    text
}

/// A cell in the text.
#[derive(Debug)]
pub(super) struct Cell<'t> {
    /// Byte offset in the text: the opening quote, or the first byte.
    pub(super) at: usize,
    /// The bytes between the delimiters, including quotes.
    pub(super) raw: &'t [u8],
    /// The content; borrowed if the only quotes are the first and the last byte, or there are none.
    pub(super) text: Cow<'t, [u8]>,
}

impl<'t> Cell<'t> {
    /// Whether the cell begins with a quote.
    pub(super) fn is_quoted(&self) -> bool {
        self.raw.first() == Some(&b'"')
    }

    /// Returns the byte offset in the text of a byte of the content.
    pub(super) fn place(&self, index: usize) -> usize {
        match self.text {
            Cow::Borrowed(_) => self.at + usize::from(self.is_quoted()) + index,
            Cow::Owned(_) => self.at + 1 + quoted_length(&self.raw[1..], index),
        }
    }

    /// Returns the place of a byte like [`Cell::place`], and keeps both in `last`. From left to right, a single walk over
    /// the cell finds the places of all its values.
    pub(super) fn place_behind(&self, last: &mut (usize, usize), index: usize) -> usize {
        let Cow::Owned(_) = self.text else { return self.place(index) };
        let (from, before) = *last;
        let Some(count) = index.checked_sub(from).filter(|_| before > 0) else {
            *last = (index, self.place(index));
            return last.1;
        };
        let place = before + quoted_length(&self.raw[before - self.at..], count);
        *last = (index, place);
        place
    }

    /// Returns the byte offset in the text of byte `index` of a value that begins at the offset `at`.
    pub(super) fn place_in(&self, at: usize, index: usize) -> usize {
        match self.text {
            Cow::Borrowed(_) => at + index,
            Cow::Owned(_) => at + quoted_length(&self.raw[at - self.at..], index),
        }
    }

    /// Returns a range of the content.
    pub(super) fn slice(&self, range: Range<usize>) -> Cow<'t, [u8]> {
        match &self.text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[range]),
            Cow::Owned(text) => Cow::Owned(text[range].to_vec()),
        }
    }

    /// Whether the cell is empty; DOS ends a text with Ctrl-Z.
    pub(super) fn is_blank(&self) -> bool {
        self.trim(0..self.text.len()).is_empty() || *self.text == *b"\x1a"
    }

    /// Trims a range of the content: spaces, no-break spaces and stray byte order marks.
    pub(super) fn trim(&self, range: Range<usize>) -> Range<usize> {
        let content = &self.text[range.clone()];
        match content {
            // ASCII at both ends, the usual case, needs no decoding
            [] | [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => return range,
            _ => {}
        }
        let Ok(content) = std::str::from_utf8(content) else { return range };
        let is_space = |c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}';
        let start = range.end - content.trim_start_matches(is_space).len();
        start..start.max(range.start + content.trim_end_matches(is_space).len())
    }

    /// Notes the addresses and lines in a cell of a faulty row, with and without its quotes. Whatever column they belong
    /// to, they are not given to other users.
    pub(super) fn hold(&self, object: &mut Object<'_>) {
        let parts = self.raw.split(|c| matches!(c, b'"' | b'\r' | b'\n')).map(<[u8]>::trim_ascii);
        let whole = Some(&*self.text).filter(|text| **text != *self.raw && !text.contains(&b'\n'));
        for text in parts.chain(whole) {
            if let Some(attr) = value::claims(text) {
                object.values.push(Value::new(attr, text.to_vec().into(), Value::ELSEWHERE));
            }
        }
    }

    /// Returns the first fault in the quotes with its place.
    pub(super) fn quote_fault(&self) -> Option<(usize, Text)> {
        match (self.raw.first()?, &self.text) {
            (b'"', Cow::Owned(_)) => self.closing_fault(),
            (first, _) if first.is_ascii_whitespace() && self.raw.trim_ascii_start().starts_with(b"\"") => {
                Some((
                    self.at,
                    text!("a space before the opening quote", "une espace avant le guillemet ouvrant"),
                ))
            }
            _ => None,
        }
    }

    /// Whether the cell has an opening quote, but no closing one.
    pub(super) fn is_open(&self) -> bool {
        self.is_quoted() && self.closing_fault().is_some_and(|(at, _)| at == self.at)
    }

    /// Returns the fault in the quotes of a cell that begins with one, with its place.
    fn closing_fault(&self) -> Option<(usize, Text)> {
        let mut at = 1;
        loop {
            let Some(quote) = memchr(b'"', &self.raw[at..]) else {
                return Some((
                    self.at,
                    text!("a quote that never closes", "un guillemet qui n’est jamais fermé"),
                ));
            };
            at += quote + 1;
            match self.raw.get(at) {
                None => return None,
                Some(b'"') => at += 1,
                Some(_) => {
                    let what = text!("text after the closing quote", "du texte après le guillemet fermant");
                    return Some((self.at + at, what));
                }
            }
        }
    }
}

/// Counts the bytes inside quotes that represent the first `count` bytes of their content: a doubled quote is two for
/// one.
pub(super) fn quoted_length(raw: &[u8], count: usize) -> usize {
    let mut length = 0;
    for _ in 0..count {
        length += if raw.get(length..).is_some_and(|rest| rest.starts_with(b"\"\"")) { 2 } else { 1 };
    }
    length
}

pub(super) struct Cells<'t> {
    /// Created for the first row that is not plain: building its tables takes as long as reading several rows.
    reader: Option<Reader>,
    delimiter: u8,
    text: &'t [u8],
    at: usize,
    marks: Marks<'t>,
    /// Whether quotes do nothing in the last row but enclose cells.
    pub(super) is_plain: bool,
    /// The contents of a row's cells, one after another, and where each ends.
    contents: Vec<u8>,
    ends: Vec<usize>,
}

impl<'t> Cells<'t> {
    /// Reads rows from the byte `at`, where a row begins.
    pub(super) fn new(delimiter: u8, text: &'t [u8], at: usize) -> Self {
        let (marks, is_plain) = (Marks::new(delimiter, text, at), true);
        let (contents, ends) = (vec![0; 4096], vec![0; 64]);
        Self { reader: None, delimiter, text, at, marks, is_plain, contents, ends }
    }

    /// Reads the cells of the next row; returns false at the end of the text. Skips blank lines.
    pub(super) fn row(&mut self, cells: &mut Vec<Cell<'t>>) -> bool {
        cells.clear();
        self.at += self.text[self.at..].iter().take_while(|&&byte| byte == b'\r' || byte == b'\n').count();
        self.at += unseen(&self.text[self.at..]);
        if self.at == self.text.len() {
            return false;
        }
        self.is_plain = self.plain_row(cells);
        if self.is_plain {
            return true;
        }
        cells.clear();
        let mut at = self.at;
        let count = self.read();
        let mut from = 0;
        for &end in &self.ends[..count] {
            let content = &self.contents[from..end];
            let raw = self.raw(at, content.len());
            let text = match raw {
                _ if raw == content => Cow::Borrowed(raw),
                [b'"', inner @ .., b'"'] if inner == content => Cow::Borrowed(inner),
                _ => Cow::Owned(content.to_vec()),
            };
            cells.push(Cell { at, raw, text });
            at += raw.len() + 1;
            from = end;
        }
        true
    }

    /// Reads the next row if all its cells are plain: without quotes, or enclosed in quotes with none inside. Such rows
    /// are searched at memory speed, while csv-core looks at each byte; csv-core reads all other rows.
    fn plain_row(&mut self, cells: &mut Vec<Cell<'t>>) -> bool {
        let (text, mut at) = (self.text, self.at);
        loop {
            let mut end = self.marks.from(at);
            let is_quoted = end == at && text.get(at) == Some(&b'"');
            if is_quoted {
                let Some(quote) = self.marks.quote(at + 1) else { return false };
                end = quote + 1;
            }
            let raw = &text[at..end];
            let content = if is_quoted { &raw[1..raw.len() - 1] } else { raw };
            cells.push(Cell { at, raw, text: Cow::Borrowed(content) });
            match text.get(end) {
                Some(&byte) if byte == self.delimiter => at = end + 1,
                None | Some(b'\r' | b'\n') => {
                    self.at = end;
                    return true;
                }
                Some(_) => return false,
            }
        }
    }

    /// Lets csv-core read one row, and returns the number of its cells.
    fn read(&mut self) -> usize {
        let reader = self.reader.get_or_insert_with(|| {
            // built anew each time: a clone of csv-core's reader has lost its tables
            let mut reader = ReaderBuilder::new().delimiter(self.delimiter).build();
            // the first read would drop a byte order mark, which belongs only at the start of a file
            reader.read_record(b"\n", &mut [0], &mut [0]);
            reader
        });
        let (mut length, mut count) = (0, 0);
        loop {
            let (result, consumed, written, ended) = reader.read_record(
                &self.text[self.at..],
                &mut self.contents[length..],
                &mut self.ends[count..],
            );
            self.at += consumed;
            length += written;
            count += ended;
            match result {
                // called again without input, csv-core ends the row
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.contents.resize(self.contents.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record | ReadRecordResult::End => return count,
            }
        }
    }

    /// Returns the bytes of the cell at `at` from the length of its content.
    fn raw(&self, at: usize, length: usize) -> &'t [u8] {
        let rest = &self.text[at..];
        if rest.first() != Some(&b'"') {
            return &rest[..length];
        }
        let mut end = 1;
        while let Some(quote) = memchr(b'"', &rest[end..]) {
            end += quote + 1;
            if rest.get(end) != Some(&b'"') {
                let text = memchr3(self.delimiter, b'\r', b'\n', &rest[end..]);
                return &rest[..text.map_or(rest.len(), |text| end + text)];
            }
            end += 1;
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What csv-core reads is what the text has at the place of each cell.
        #[test]
        fn cells_are_at_their_places(text in "[\",\r\na ]{0,30}") {
            let bytes = text.as_bytes();
            let mut cells = Cells::new(b',', bytes, 0);
            let mut row = Vec::new();
            while cells.row(&mut row) {
                for (n, cell) in row.iter().enumerate() {
                    let end = cell.at + cell.raw.len();
                    prop_assert_eq!(cell.raw, &bytes[cell.at..end]);
                    let next = bytes.get(end);
                    prop_assert_eq!(next == Some(&b','), n + 1 < row.len());
                    if !cell.is_quoted() {
                        prop_assert_eq!(&cell.text[..], cell.raw);
                    } else if cell.quote_fault().is_none() {
                        let inner = text[cell.at + 1..end - 1].replace("\"\"", "\"");
                        prop_assert_eq!(&cell.text[..], inner.as_bytes());
                    } else {
                        prop_assert!(matches!(cell.text, Cow::Owned(_)));
                    }
                }
            }
        }
    }

    #[test]
    fn each_byte_of_the_content_has_its_place() {
        let text = br#"a,"b ""c""",,"d"#;
        let mut row = Vec::new();
        Cells::new(b',', text, 0).row(&mut row);
        let contents: Vec<_> =
            row.iter().map(|cell| (cell.at, String::from_utf8_lossy(&cell.text))).collect();
        assert_eq!(contents, [(0, "a".into()), (2, "b \"c\"".into()), (12, "".into()), (13, "d".into())]);
        for (index, place) in [(0, 3), (2, 5), (3, 7), (4, 8)] {
            assert_eq!(row[1].place(index), place, "{index}");
        }
    }

    #[test]
    fn faults_of_quotes_have_their_place() {
        for (text, expect) in [
            (r#""a""#, None),
            (r#""a""b""#, None),
            (r#"a"b""#, None),
            (r#""a"b"#, Some((3, "text after the closing quote"))),
            (r#""a" "#, Some((3, "text after the closing quote"))),
            (r#""a"b""#, Some((3, "text after the closing quote"))),
            (r#" "a""#, Some((0, "a space before the opening quote"))),
            (r#""a"#, Some((0, "a quote that never closes"))),
        ] {
            let mut row = Vec::new();
            Cells::new(b',', text.as_bytes(), 0).row(&mut row);
            let found = row[0].quote_fault();
            let found = found.as_ref().map(|(at, what)| (*at, what.english()));
            assert_eq!(found, expect, "{text}");
        }
    }
}
