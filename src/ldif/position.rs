//! Positions as byte, line, column and record.

use std::fmt;

use crate::chunk::count_lines;

/// The place of a record, or of a fault in it, in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Position {
    /// The byte in the text, from 0. The text is the UTF-8 without byte order mark that a [`Decoder`](crate::Decoder)
    /// produces; for a UTF-8 file without such a mark, this is the file's own offset.
    pub byte: u64,
    /// The physical line, from 1.
    pub line: u64,
    /// The character in the line, from 1.
    pub column: u64,
    /// The record, from 1. Between two records, the number of the preceding one; before the first, 0.
    pub record: u64,
}

/// `line:column`, as editors accept it.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A place in a text as an editor shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// The physical line, from 1.
    pub line: u64,
    /// The character in the line, from 1.
    pub column: u64,
}

/// `line:column`, as editors accept it.
impl fmt::Display for LineColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Converts byte offsets of a text into places, counting only from one to the next.
///
/// CRLF, LF and CR alone end a line. A byte that is not part of a UTF-8 character counts as one character, as editors
/// show it in a single-byte code page.
#[derive(Debug, Clone)]
pub struct Positions<'t> {
    text: &'t [u8],
    /// The line of the last place, and the offset where it begins.
    line: u64,
    start: usize,
}

impl<'t> Positions<'t> {
    /// Creates a converter for `text`, whose first byte begins line `first_line`.
    #[must_use]
    pub fn new(text: &'t [u8], first_line: u64) -> Self {
        Self { text, line: first_line, start: 0 }
    }

    /// Continues from a line of `text` that begins at `start`.
    pub(crate) fn resume(text: &'t [u8], (line, start): (u64, usize)) -> Self {
        Self { text, line, start }
    }

    /// Returns the line of the last place, and the offset where it begins.
    pub(crate) fn line_start(&self) -> (u64, usize) {
        (self.line, self.start)
    }

    /// Returns the place of byte `at`; past the end, the place just after the last character.
    pub fn of(&mut self, at: usize) -> LineColumn {
        let text = self.text;
        let at = at.min(text.len());
        // BE ADVISED: an offset between CR and LF is still on the line that they end.
        let between = at > 0 && text[at - 1] == b'\r' && text.get(at) == Some(&b'\n');
        let before = &text[..at - usize::from(between)];
        let start = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |i| i + 1);
        // Forward or back from the last place: both are beginnings of lines.
        if start < self.start {
            self.line -= count_lines(&text[start..self.start]);
        } else {
            self.line += count_lines(&text[self.start..start]);
        }
        self.start = start;
        let characters = text[start..at].utf8_chunks();
        let column =
            characters.map(|part| part.valid().chars().count() + part.invalid().len()).sum::<usize>();
        LineColumn { line: self.line, column: column as u64 + 1 }
    }
}
