//! The text of a CSV file in chunks of whole rows. It distinguishes newlines that end a row from those inside quotes.

use std::io::{self, Read};
use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memchr2_iter, memrchr2};

use super::cell::{Cells, without_unseen};
use super::shape::RowShape;
use crate::input::encoding::HalfUnit;
use crate::input::join::Key;
use crate::input::source::uninterrupted;
use crate::language::text;
use crate::message::Message;

/// A run of whole rows, including line ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChunk {
    /// The rows in UTF-8.
    pub text: Vec<u8>,
    /// The physical line of the file where the text begins, 1-based.
    pub line: u64,
}

/// Why the rows of a file end before the file does.
#[derive(Debug)]
pub enum RowsError {
    Io(io::Error),
    /// A fault at a line and column, 1-based.
    At(Box<Message>, u64, u64),
}

impl RowsError {
    /// Returns the message, with its place in the file.
    pub fn diagnostic(self, file: &str) -> Message {
        match self {
            Self::Io(error) => {
                let what =
                    text!("{file} cannot be read: {error}", "{file} ne peut pas être lu\u{a0}: {error}");
                Message::error("input-read", what)
            }
            Self::At(message, line, column) => message.at(file, line, column),
        }
    }
}

/// Reports a quote that never closes, or only behind further rows, so that they are one cell: the first is on line
/// `row`.
fn open_quote(row: Option<u64>) -> Message {
    let (what, note) = match row {
        Some(row) => (
            text!(
                "a quote is not closed before line {row}, which is another row",
                "un guillemet n’est pas fermé avant la ligne {row}, qui est celle d’un autre objet"
            ),
            text!(
                "everything up to the next quote would be one cell",
                "tout, jusqu’au guillemet suivant, serait une seule cellule"
            ),
        ),
        None => (
            text!("a quote never closes", "un guillemet n’est jamais fermé"),
            text!(
                "everything from here to the end of the file would be one cell",
                "tout, d’ici à la fin du fichier, serait une seule cellule"
            ),
        ),
    };
    Message::error("csv-open-quote", what).because(note).help(text!(
        "close the quote; a quote that is part of a value is written twice",
        "fermez le guillemet\u{202f}; un guillemet qui fait partie d’une valeur s’écrit deux fois"
    ))
}

/// Reports a row that is longer than [`LONGEST`] bytes.
fn long_row() -> Message {
    let most = LONGEST >> 20;
    let what = text!("a row of more than {most} MiB", "une ligne de plus de {most} Mio");
    Message::error("csv-long-row", what).help(text!(
        "look for a quote that does not close in this row",
        "cherchez dans cette ligne un guillemet qui n’est pas fermé"
    ))
}

/// The maximum length of a row in bytes.
pub(crate) const LONGEST: usize = 64 << 20;
/// How many bytes are read at a time.
const BLOCK: usize = 512 << 10;
/// The same for a joined list: its rows have some tens of bytes, and each stands for an object of some thousand.
pub(super) const LIST_BLOCK: usize = 8 << 10;

/// An iterator over chunks of whole rows from a reader of UTF-8 text.
///
/// A quote opens a quoted cell only at the beginning of the cell, and a doubled quote inside is a single one: the
/// grammar of RFC 4180 and of the csv crate. CRLF, LF and CR each end a row, or are one newline inside quotes.
pub struct RowChunks<R> {
    from: R,
    shape: RowShape,
    /// The text that was read, but not returned; it begins at a row. The bytes after the first `filled` are never
    /// cleared, so that a reused buffer costs no more than the reading.
    buffer: Vec<u8>,
    filled: usize,
    /// The buffers of processed chunks.
    spare: Vec<Vec<u8>>,
    /// How far the text is scanned, and the end of the last whole row before that.
    scanned: usize,
    rows: usize,
    /// The offset of the open quote, if the scan is inside quotes.
    quote: Option<usize>,
    /// The cells of several lines in the row that the scan is in, from their opening to their closing quotes.
    long_cells: Vec<Range<usize>>,
    /// How many lines below the open quote another row begins, if one does.
    row_below: Option<u64>,
    line: u64,
    state: ReadState,
    /// How many bytes are read at a time, and the maximum length of a row.
    pub(super) block: usize,
    pub(super) longest: usize,
}

/// How far the file is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ReadState {
    Reading,
    Ended,
    Failed,
}

impl<R: Read> RowChunks<R> {
    /// Reads the rows after the heading: `from` provides the whole text, of which the first `skip` bytes, up to the
    /// line `line`, are skipped.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    pub fn new(mut from: R, shape: RowShape, skip: usize, line: u64) -> io::Result<Self> {
        io::copy(&mut from.by_ref().take(skip as u64), &mut io::sink())?;
        Ok(Self {
            from,
            shape,
            buffer: Vec::new(),
            filled: 0,
            spare: Vec::new(),
            scanned: 0,
            rows: 0,
            quote: None,
            long_cells: Vec::new(),
            row_below: None,
            line,
            state: ReadState::Reading,
            block: BLOCK,
            longest: LONGEST,
        })
    }

    /// The text that was read, but not returned.
    fn text(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }

    /// Reads one more block, unless the file ends; of a too long row, only enough to see that.
    fn fill(&mut self) -> io::Result<()> {
        let want = (self.filled + self.block).min(self.longest + 1);
        self.buffer.resize(want.max(self.buffer.len()), 0);
        while self.filled < want {
            match uninterrupted(|| self.from.read(&mut self.buffer[self.filled..want]))? {
                0 => {
                    self.state = ReadState::Ended;
                    break;
                }
                n => self.filled += n,
            }
        }
        Ok(())
    }

    /// Converts an error of the reader, and adds the place if it is about the text.
    fn failure(&self, error: io::Error) -> RowsError {
        if !HalfUnit::is(&error) {
            return RowsError::Io(error);
        }
        let (line, column) = place(self.text(), self.filled, self.line);
        RowsError::At(HalfUnit::message().into(), line, column)
    }

    /// Moves `scanned` to the end of the text, or before a CR at the end, which an LF may follow; and `rows` to the
    /// last end of a row. Stops at a quote that closes only behind another row.
    fn scan(&mut self) {
        let mut end = self.filled;
        if self.state == ReadState::Reading && self.text().last() == Some(&b'\r') {
            end -= 1;
        }
        let mut newline = None;
        while self.scanned < end {
            let text = &self.buffer[..self.filled];
            let rest = &text[self.scanned..end];
            if let Some(quote) = self.quote {
                match memchr(b'"', rest).map(|at| self.scanned + at) {
                    None => self.scanned = end,
                    // the second half of a doubled quote may be in the next block
                    Some(at) if at + 1 == end && self.state == ReadState::Reading => {
                        self.scanned = at;
                        return;
                    }
                    Some(at) if text.get(at + 1) == Some(&b'"') => self.scanned = at + 2,
                    Some(at) => {
                        let is_long = line_end(&text[..end], quote, &mut newline) < at;
                        self.long_cells.extend(is_long.then_some(quote..at));
                        self.quote = None;
                        self.scanned = at + 1;
                    }
                }
            } else {
                let at = memchr(b'"', rest).map_or(end, |at| self.scanned + at);
                let first = line_end(&text[..end], self.scanned, &mut newline);
                if first < at {
                    let last = memrchr2(b'\n', b'\r', &text[first..at]).unwrap_or(0);
                    if self.detect_swallowed_row(first) {
                        return;
                    }
                    self.rows = first + last + 1;
                }
                if at < end && self.opens(at) {
                    self.quote = Some(at);
                }
                self.scanned = end.min(at + 1);
            }
        }
        if self.state == ReadState::Ended && self.quote.is_none() {
            self.detect_swallowed_row(end);
        }
    }

    /// Detects a cell of the row that ends at `end` that contains other rows, because its quote is not closed. After that,
    /// nothing more is read.
    fn detect_swallowed_row(&mut self, end: usize) -> bool {
        let found =
            self.long_cells.iter().find_map(|cell| Some((cell.start, self.swallowed_row(cell, end)?)));
        self.long_cells.clear();
        if let Some((quote, row)) = found {
            self.quote = Some(quote);
            self.row_below = Some(newlines(&self.buffer[quote..row]));
            self.state = ReadState::Ended;
        }
        found.is_some()
    }

    /// Returns where another row begins in a cell whose own row ends at `end`. If the quote closes as in a valid row, a
    /// line counts as a row only if its name ends within the cell.
    fn swallowed_row(&self, cell: &Range<usize>, end: usize) -> Option<usize> {
        let text = &self.buffer[..end];
        let is_closed = text.get(cell.end + 1).is_none_or(|&byte| self.shape.ends_cell(byte));
        if is_closed && self.is_note(cell, end) {
            return None;
        }
        let is_within = |from: usize| {
            let line = memchr2(b'\n', b'\r', &text[from..]).map_or(end, |at| from + at);
            let name = self.shape.end_of_name(&text[from..line]);
            name.is_some_and(|name| !is_closed || from + name <= cell.end)
        };
        let mut lines = memchr2_iter(b'\n', b'\r', &text[cell.clone()]).map(|at| cell.start + at + 1);
        lines.find(|&from| is_within(from))
    }

    /// Whether a cell of a list is a note of several lines, whatever they look like. Had its quote swallowed rows, the
    /// closing one would be in the last of them, and in the same column, as the cells of both ends together are a whole
    /// row; but the last line has fewer cells before it.
    fn is_note(&self, cell: &Range<usize>, end: usize) -> bool {
        let text = &self.buffer[..end];
        let cells = |range: Range<usize>| {
            let mut row = Vec::new();
            Cells::new(self.shape.delimiter, &text[range], 0).row(&mut row);
            row.len()
        };
        let last = memrchr2(b'\n', b'\r', &text[cell.clone()]).map_or(0, |at| at + 1);
        self.shape.key != Key::Dn
            && cells(self.rows..end) == self.shape.headed
            && cells(cell.start + last..cell.end) < cells(self.rows..cell.start)
    }

    /// Whether a quote outside quotes begins a cell.
    fn opens(&self, at: usize) -> bool {
        without_unseen(&self.buffer[..at]).last().is_none_or(|&before| self.shape.ends_cell(before))
    }

    /// Takes back the buffer of a processed chunk for reuse.
    pub fn recycle(&mut self, text: Vec<u8>) {
        self.spare.push(text);
    }

    /// Takes the rows up to `end`; the text behind them moves to another buffer.
    fn take(&mut self, end: usize) -> RowChunk {
        let mut rest = self.spare.pop().unwrap_or_default();
        let behind = &self.text()[end..];
        let kept = behind.len().min(rest.len());
        rest[..kept].copy_from_slice(&behind[..kept]);
        rest.extend_from_slice(&behind[kept..]);
        let mut text = std::mem::replace(&mut self.buffer, rest);
        text.truncate(end);
        self.filled -= end;
        self.scanned -= end;
        self.quote = self.quote.map(|at| at - end);
        for cell in &mut self.long_cells {
            *cell = cell.start - end..cell.end - end;
        }
        self.rows = 0;
        let chunk = RowChunk { line: self.line, text };
        self.line += newlines(&chunk.text);
        chunk
    }
}

impl<R: Read> Iterator for RowChunks<R> {
    type Item = Result<RowChunk, RowsError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.state == ReadState::Reading {
            if let Err(error) = self.fill() {
                self.state = ReadState::Failed;
                return Some(Err(self.failure(error)));
            }
            self.scan();
            if self.rows > 0 {
                return Some(Ok(self.take(self.rows)));
            }
            if self.filled > self.longest {
                self.state = ReadState::Failed;
                return Some(Err(RowsError::At(long_row().into(), self.line, 1)));
            }
        }
        if self.state == ReadState::Failed || self.filled == 0 {
            return None;
        }
        if let Some(quote) = self.quote {
            self.state = ReadState::Failed;
            let (line, column) = place(self.text(), quote, self.line);
            let row = self.row_below.map(|lines| line + lines);
            return Some(Err(RowsError::At(open_quote(row).into(), line, column)));
        }
        Some(Ok(self.take(self.filled)))
    }
}

/// Returns the first line end in the text from an offset on, or its length. `last` is what was found for an earlier
/// offset: most cells have no line end, and a search for each takes longer than one for the row.
fn line_end(text: &[u8], from: usize, last: &mut Option<usize>) -> usize {
    let found = last.filter(|&at| at >= from);
    *last.insert(
        found.unwrap_or_else(|| memchr2(b'\n', b'\r', &text[from..]).map_or(text.len(), |at| from + at)),
    )
}

/// Counts the line ends of a text: CRLF, LF and CR each count as one.
pub(crate) fn newlines(text: &[u8]) -> u64 {
    // Most rows and cells have a single line.
    let Some(first) = memchr2(b'\n', b'\r', text) else { return 0 };
    let text = &text[first..];
    let lone = memchr_iter(b'\r', text).filter(|at| text.get(at + 1) != Some(&b'\n')).count();
    (memchr_iter(b'\n', text).count() + lone) as u64
}

/// Returns the line of a byte offset and its column in characters, for a text that begins on `line`.
pub(super) fn place(text: &[u8], at: usize, line: u64) -> (u64, u64) {
    let before = &text[..at];
    let start = memrchr2(b'\n', b'\r', before).map_or(0, |newline| newline + 1);
    let characters = before[start..].iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
    (line + newlines(before), characters as u64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Attr;

    fn chunks(text: &str, block: usize, longest: usize) -> Vec<Result<(u64, String), String>> {
        let mut chunks = RowChunks::new(text.as_bytes(), RowShape::of_dns(b',', 2), 0, 1).unwrap();
        (chunks.block, chunks.longest) = (block, longest);
        let shown = |chunk: RowChunk| (chunk.line, String::from_utf8(chunk.text).unwrap());
        chunks.map(|chunk| chunk.map(shown).map_err(|error| error.diagnostic("f").to_string())).collect()
    }

    #[test]
    fn a_chunk_ends_where_a_row_ends() {
        let ok = |line, text: &str| Ok((line, text.to_owned()));
        for (text, expect) in [
            ("", vec![]),
            ("ab\ncd\nef", vec![ok(1, "ab\n"), ok(2, "cd\n"), ok(3, "ef")]),
            ("ab\r\ncd\r\n", vec![ok(1, "ab\r\n"), ok(2, "cd\r\n")]),
            ("ab\rcd\r", vec![ok(1, "ab\r"), ok(2, "cd\r")]),
            ("\"a\nb\",\"\"\"\n\"\ncd\n", vec![ok(1, "\"a\nb\",\"\"\"\n\"\n"), ok(4, "cd\n")]),
            // a quote inside an unquoted cell, or after a closing quote, is a character
            ("a\"b\nc\n", vec![ok(1, "a\"b\n"), ok(2, "c\n")]),
            ("\"a\"b\"\nc\n", vec![ok(1, "\"a\"b\"\n"), ok(2, "c\n")]),
        ] {
            assert_eq!(chunks(text, 1, 100), expect, "{text:?}");
        }
    }

    #[test]
    fn a_quote_that_never_closes_has_its_place() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "a,b\nà,\"x\ny\",c\né,\"oh\nc,d\n".replace('\n', end);
            for block in [1, 5, 1000] {
                let last = chunks(&text, block, 100).pop().unwrap().unwrap_err();
                assert!(last.starts_with("f:4:3: error[csv-open-quote]: a quote never closes\n"), "{last}");
            }
        }
    }

    #[test]
    fn a_quote_that_closes_behind_another_row_has_its_place() {
        for end in ["\n", "\r\n", "\r"] {
            for closes in ["\n\"CN=b,DC=x\",c\n", "\n\"CN=b,DC=x\",\"c\nd\""] {
                let text = format!("\"CN=a,DC=x\",\"é\nf\"\nà,\"oh{closes}").replace('\n', end);
                for block in [1, 5, 1000] {
                    let mut found = chunks(&text, block, 100);
                    let last = found.pop().unwrap().unwrap_err();
                    assert!(
                        last.starts_with("f:3:3: error[csv-open-quote]: a quote is not closed"),
                        "{last}"
                    );
                    assert!(last.contains(" before line 4,"), "{last}");
                    let before: String = found.into_iter().map(|chunk| chunk.unwrap().1).collect();
                    assert!(text.starts_with(&before) && before.ends_with(&format!("f\"{end}")), "{before}");
                }
            }
        }
    }

    #[test]
    fn a_note_in_a_list_may_have_lines_like_rows() {
        let key = Key::Value(Attr::SAM_ACCOUNT_NAME);
        for (headed, text, is_sound) in [
            (2, "u;\"Sales,\nOhio;USA\nsince May\"\nv;x", true),
            (2, "u;\"Sales,\nOhio;USA\nsince May\"", true),
            (3, "u;\"Sales,\na;b;c\nd;e\";x", false),
            (3, "u;\"Sales,\na;b;c\nd\";x", true),
            // Each of these may be rows behind a stray quote.
            (2, "u;\"Sales,\nOhio;USA\"\nv;x", false),
            (2, "u;\"open\nv;x\nw;x\"\nx;x", false),
            (2, "u;\"open\nv;x\nw x;x\"\nx;x", false),
            (2, "u;\"open\nv;x\nw\";x", false),
            (2, "\"u\nv;x\nw\";x", false),
        ] {
            let shape = RowShape { key, headed, ..RowShape::of_dns(b';', headed) };
            for block in [1, 5, 1000] {
                let mut chunks = RowChunks::new(text.as_bytes(), shape, 0, 1).unwrap();
                chunks.block = block;
                assert_eq!(chunks.all(|chunk| chunk.is_ok()), is_sound, "{text:?}");
            }
        }
    }

    #[test]
    fn a_row_has_a_maximum_length() {
        let text = format!("a\n\"{}\"\n", "b\n".repeat(100));
        let last = chunks(&text, 10, 50).pop().unwrap().unwrap_err();
        assert!(last.starts_with("f:2:1: error[csv-long-row]: a row of more than"), "{last}");
        assert_eq!(chunks(&text, 10, 500).len(), 2);
    }
}
