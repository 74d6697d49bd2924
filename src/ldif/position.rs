//! Byte, line, column and record: where something is.

use std::fmt;

use crate::chunk::count_lines;

/// Where a record, or a fault of it, is in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Position {
    /// The byte in the text, from 0: UTF-8 without its byte order mark, which a [`Decoder`](crate::Decoder) makes of the
    /// file, and so the file's own offset for UTF-8 without such a mark.
    pub byte: u64,
    /// The physical line, from 1.
    pub line: u64,
    /// The character in the line, from 1.
    pub column: u64,
    /// The record, from 1. Between two records it is the number of the one before, and before the first it is 0.
    pub record: u64,
}

/// `line:column`, as editors take it.
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

/// `line:column`, as editors take it.
impl fmt::Display for LineColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The places of many bytes of a text: only what lies between one and the next is counted.
///
/// CRLF, LF and CR alone end a line. A byte that is not part of a UTF-8 character counts as one character, as an
/// editor shows it in a single-byte code page.
#[derive(Debug, Clone)]
pub struct Positions<'t> {
    text: &'t [u8],
    /// The line of the last place, and the offset where it begins.
    line: u64,
    start: usize,
}

impl<'t> Positions<'t> {
    /// Of `text`, whose first byte begins line `first_line`.
    #[must_use]
    pub fn new(text: &'t [u8], first_line: u64) -> Self {
        Self { text, line: first_line, start: 0 }
    }

    /// Goes on from a line of `text` that begins at `start`.
    pub(crate) fn resume(text: &'t [u8], (line, start): (u64, usize)) -> Self {
        Self { text, line, start }
    }

    /// The line of the last place, and the offset where it begins.
    pub(crate) fn line_start(&self) -> (u64, usize) {
        (self.line, self.start)
    }

    /// The place of byte `at`; past the end, the place just after the last character.
    pub fn of(&mut self, at: usize) -> LineColumn {
        let text = self.text;
        let at = at.min(text.len());
        // BE ADVISED: an offset between CR and LF still is on the line that they end.
        let between = at > 0 && text[at - 1] == b'\r' && text.get(at) == Some(&b'\n');
        let before = &text[..at - usize::from(between)];
        let start = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |i| i + 1);
        // Forward from the last place or back from it: both are the beginnings of lines.
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
