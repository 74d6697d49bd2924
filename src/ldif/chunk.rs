//! Complete records in bounded memory: a file is cut into pieces that end at blank lines.

use std::io::Read;

use wide::u8x16;

use crate::error::Error;
use crate::fault::{Fault, FaultKind};
use crate::position::{LineColumn, Position, Positions};
use crate::walk::{Block, blocks};

/// The maximum length of a record that [`Chunks`] accepts by default: 64 MiB.
pub(crate) const LIMIT: usize = 64 << 20;

/// A run of complete records.
#[derive(Debug, Clone, Default)]
pub struct Chunk {
    /// The text, UTF-8 if it comes from a [`Decoder`](crate::Decoder).
    pub text: Vec<u8>,
    /// The line of its first byte, from 1.
    pub line: u64,
    /// The offset of its first byte in the text of the whole file.
    pub at: u64,
}

/// An iterator over the chunks of a file, cut after blank lines.
///
/// A blank line always ends a record, so that no record is in two chunks, and chunks can be processed independently. A
/// record longer than the limit is an error; the next chunk begins after it.
#[derive(Debug)]
pub struct Chunks<R> {
    reader: R,
    size: usize,
    limit: usize,
    /// Bytes read after the last chunk.
    rest: Buffer,
    spare: Vec<Vec<u8>>,
    /// Line and offset of the first byte of `rest`.
    line: u64,
    at: u64,
    /// Whether `rest` is inside a record that was too long.
    skipping: bool,
    done: bool,
}

impl<R: Read> Chunks<R> {
    /// Creates chunks of roughly `size` bytes, or more if a record is longer.
    ///
    /// The reader must provide UTF-8 without a byte order mark; a [`Decoder`](crate::Decoder) converts any export.
    pub fn new(reader: R, size: usize) -> Self {
        Self {
            reader,
            size: size.clamp(1, LIMIT),
            limit: LIMIT,
            rest: Buffer::default(),
            spare: Vec::new(),
            line: 1,
            at: 0,
            skipping: false,
            done: false,
        }
    }

    /// Sets the maximum length of a record in bytes, including its blank line.
    #[must_use]
    pub fn limit(mut self, bytes: usize) -> Self {
        self.limit = bytes.max(1);
        self.size = self.size.min(self.limit);
        self
    }

    /// Returns the underlying reader.
    pub fn get_ref(&self) -> &R {
        &self.reader
    }

    /// Returns the underlying reader. Bytes read from it are missing from the chunks.
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.reader
    }

    /// Returns the underlying reader. Bytes that were read from it, but not returned yet, are lost.
    pub fn into_inner(self) -> R {
        self.reader
    }

    /// Takes back the buffer of a processed chunk for reuse.
    pub fn recycle(&mut self, text: Vec<u8>) {
        self.spare.push(text);
    }

    /// Reads the next chunk: until there is a boundary between records, or the file ends.
    fn read(&mut self) -> Result<Option<Chunk>, Error> {
        let mut buffer = std::mem::take(&mut self.rest);
        let mut want = (buffer.filled + self.size).min(self.limit);
        loop {
            self.done = match buffer.fill(&mut self.reader, want) {
                Ok(is_full) => !is_full,
                Err(error) => return Err(self.failure(error, buffer.text())),
            };
            if self.skipping {
                self.skip(&mut buffer);
                want = (buffer.filled + self.size).min(self.limit);
                if !self.done {
                    continue;
                }
            }
            let text = buffer.text();
            if self.done {
                return Ok((!text.is_empty()).then(|| self.chunk(buffer)));
            }
            if let Some(end) = last_boundary(text).or_else(|| last_record(text)) {
                self.rest = Buffer::of(&text[end..], self.spare.pop().unwrap_or_default());
                buffer.filled = end;
                return Ok(Some(self.chunk(buffer)));
            }
            if text.len() >= self.limit {
                let place = Position { byte: self.at, line: self.line, column: 1, record: 0 };
                self.rest = buffer;
                self.skipping = true;
                return Err(Error::fault(Fault::new(FaultKind::TooLong(self.limit), 0, 0), place));
            }
            want = text.len().saturating_mul(2).min(self.limit);
        }
    }

    /// Returns the failure of the source, at the end of what it provided.
    fn failure(&self, error: std::io::Error, text: &[u8]) -> Error {
        let LineColumn { line, column } = Positions::new(text, self.line).of(text.len());
        Error::failure(error, Position { byte: self.at + text.len() as u64, line, column, record: 0 })
    }

    /// Turns a buffer into a chunk.
    fn chunk(&mut self, Buffer { bytes: mut text, filled }: Buffer) -> Chunk {
        text.truncate(filled);
        let chunk = Chunk { line: self.line, at: self.at, text };
        self.pass(&chunk.text);
        chunk
    }

    /// Moves the place behind a text.
    fn pass(&mut self, text: &[u8]) {
        self.line += count_lines(text);
        self.at += text.len() as u64;
    }

    /// Drops the rest of a record that was too long: everything up to the first blank line, or, without one, all but
    /// the last bytes, where one may begin.
    fn skip(&mut self, buffer: &mut Buffer) {
        let text = buffer.text();
        let end = match first_boundary(text) {
            Some(end) => {
                self.skipping = false;
                end
            }
            None if self.done => text.len(),
            None => {
                let end = text.len().saturating_sub(3);
                end - usize::from(end > 0 && text[end - 1] == b'\r')
            }
        };
        self.pass(&text[..end]);
        buffer.drop_first(end);
    }
}

impl<R: Read> Iterator for Chunks<R> {
    type Item = Result<Chunk, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let chunk = self.read();
        if matches!(&chunk, Err(error) if error.as_fault().is_none()) {
            self.done = true;
        }
        chunk.transpose()
    }
}

/// A buffer of which the first bytes are filled.
///
/// The remaining bytes are never cleared, so that a reused buffer costs no more than the reading.
#[derive(Debug, Default)]
struct Buffer {
    bytes: Vec<u8>,
    filled: usize,
}

impl Buffer {
    /// Creates a buffer from this memory, beginning with a text.
    fn of(text: &[u8], mut room: Vec<u8>) -> Self {
        let kept = text.len().min(room.len());
        room[..kept].copy_from_slice(&text[..kept]);
        room.extend_from_slice(&text[kept..]);
        Self { bytes: room, filled: text.len() }
    }

    fn text(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    /// Reads until `want` bytes are filled; returns false if the reader ends before.
    fn fill(&mut self, reader: &mut impl Read, want: usize) -> std::io::Result<bool> {
        self.bytes.resize(want.max(self.bytes.len()), 0);
        while self.filled < want {
            match reader.read(&mut self.bytes[self.filled..want]) {
                Ok(0) => break,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.filled == want)
    }

    fn drop_first(&mut self, count: usize) {
        self.bytes.copy_within(count..self.filled, 0);
        self.filled -= count;
    }
}

/// Returns the offset after the last blank line of `text`.
///
/// Ignores a CR as the last byte, because the LF of a CRLF may follow.
fn last_boundary(text: &[u8]) -> Option<usize> {
    let mut end = text.len();
    while let Some(i) = memchr::memrchr2(b'\n', b'\r', &text[..end]) {
        let line_end = match (text[i], i) {
            (b'\n', 1..) if text[i - 1] == b'\r' => i - 1,
            _ => i,
        };
        let may_be_half = text[i] == b'\r' && i + 1 == text.len();
        if !may_be_half && (line_end == 0 || matches!(text[line_end - 1], b'\n' | b'\r')) {
            return Some(i + 1);
        }
        end = line_end;
    }
    None
}

/// Returns the offset after the first blank line of `text`, if it is complete.
fn first_boundary(text: &[u8]) -> Option<usize> {
    let mut after_line_end = None;
    let mut at = 0;
    while let Some(i) = memchr::memchr2(b'\n', b'\r', &text[at..]).map(|i| at + i) {
        at = i + 1;
        if text[i] == b'\r' {
            // If the text ends in CR, an LF may follow.
            at += usize::from(*text.get(at)? == b'\n');
        }
        if after_line_end == Some(i) {
            return Some(at);
        }
        after_line_end = Some(at);
    }
    None
}

/// Returns where the last record of a text without blank lines begins, for lines of spaces in their place. The output
/// of a tool does not limit a chunk, because its meaning may depend on the following lines.
fn last_record(text: &[u8]) -> Option<usize> {
    let starts = blocks(text).filter_map(|block| match block {
        Block::Record(raw) => Some(raw.at()),
        _ => None,
    });
    starts.filter(|&at| ends_in_spaces(&text[..at])).last()
}

/// Whether the last line, except comments, consists of spaces.
fn ends_in_spaces(text: &[u8]) -> bool {
    let mut lines = text.rsplit(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_empty());
    let last = lines.find(|line| !line.starts_with(b"#"));
    last.is_some_and(|line| line.iter().all(|&byte| byte == b' '))
}

/// Counts the line ends in `text`: CRLF, LF and CR alone are one each.
pub(crate) fn count_lines(text: &[u8]) -> u64 {
    if memchr::memchr(b'\r', text).is_none() {
        return memchr::memchr_iter(b'\n', text).count() as u64;
    }
    let Some((&last, _)) = text.split_last() else { return 0 };
    // A line ends at an LF, or at a CR before any byte; the two overlap at the LF of a CRLF.
    let (before, before_left) = text[..text.len() - 1].as_chunks::<16>();
    let (here, here_left) = text[1..].as_chunks::<16>();
    let equals = |bytes: &[u8; 16], byte| u8x16::from(*bytes).simd_eq(u8x16::splat(byte));
    let mut lines = u64::from(text[0] == b'\n') + u64::from(last == b'\r');
    // A byte of the sum counts to its maximum: 255 line ends.
    for (before, here) in before.chunks(255).zip(here.chunks(255)) {
        let ends = before.iter().zip(here).fold(u8x16::splat(0), |sum, (before, here)| {
            // A byte of the mask is 255 if true, so that subtracting it adds one.
            sum - (equals(before, b'\r') | equals(here, b'\n'))
        });
        lines += ends.to_array().into_iter().map(u64::from).sum::<u64>();
    }
    let ends = |(&before, &here): (&u8, &u8)| u64::from(before == b'\r' || here == b'\n');
    lines + before_left.iter().zip(here_left).map(ends).sum::<u64>()
}
