//! The reader of records from a file, with the positions of faults.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::builder::{Builder, Keep, Spare};
use crate::check::check;
use crate::chunk::{Chunk, Chunks, LIMIT};
use crate::error::Error;
use crate::fault::{Fault, FaultKind, Severity};
use crate::position::{Position, Positions};
use crate::record::Record;
use crate::text::{Decoder, Encoding};
use crate::walk::{Block, RawRecord, blocks};

/// How departures from RFC 2849 are treated if their meaning is still clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// As warnings. Bytes that are not UTF-8 are Windows-1252: ldifde writes the ANSI code page unless `-u` asks for
    /// Unicode.
    #[default]
    Ansi,
    /// As warnings, but bytes that are not UTF-8 are errors: RFC 2849 note 7 allows only UTF-8.
    Utf8,
    /// As errors, all of them: another reader of RFC 2849 may refuse or misread them.
    Rfc2849,
}

/// How values by URL (`jpegPhoto:< file:///…`) are treated. They are never opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Urls {
    /// They are errors in the record, because their value is unknown.
    #[default]
    Refuse,
    /// The URL itself is kept, in [`Attribute::urls`](crate::Attribute::urls).
    Keep,
}

/// A builder of a [`Reader`] with other settings than the defaults.
///
/// ```
/// use ldif::{ReaderBuilder, Strictness};
///
/// let reader = ReaderBuilder::new().strictness(Strictness::Rfc2849).from_reader(&b"dn: cn=Ann\ncn: Ann \n"[..]);
/// let error = reader.into_records().next().unwrap().unwrap_err();
/// assert_eq!(error.to_string(), "2:8: error[ldif-trailing-space]: the value ends in a space");
/// ```
#[derive(Debug, Clone)]
pub struct ReaderBuilder {
    strictness: Strictness,
    urls: Urls,
    record_limit: usize,
    warning_limit: usize,
    buffer_capacity: usize,
}

impl Default for ReaderBuilder {
    fn default() -> Self {
        Self {
            strictness: Strictness::default(),
            urls: Urls::default(),
            record_limit: LIMIT,
            warning_limit: 1000,
            buffer_capacity: 64 << 10,
        }
    }
}

impl ReaderBuilder {
    /// Creates a builder of the default reader.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how departures from RFC 2849 are treated; the default is as warnings.
    pub fn strictness(&mut self, strictness: Strictness) -> &mut Self {
        self.strictness = strictness;
        self
    }

    /// Sets how values by URL are treated; the default is as errors.
    ///
    /// ```
    /// use ldif::{ReaderBuilder, Urls};
    ///
    /// let reader = ReaderBuilder::new().urls(Urls::Keep).from_reader(&b"dn: cn=Ann\njpegPhoto:< file:///ann.jpg\n"[..]);
    /// let record = reader.into_records().next().unwrap()?;
    /// assert_eq!(record.attributes()[0].urls, ["file:///ann.jpg"]);
    /// # Ok::<(), ldif::Error>(())
    /// ```
    pub fn urls(&mut self, urls: Urls) -> &mut Self {
        self.urls = urls;
        self
    }

    /// Sets the maximum length of a record in bytes; the default is 64 MiB. It bounds the memory of a reader.
    ///
    /// ```
    /// use ldif::ReaderBuilder;
    ///
    /// let reader = ReaderBuilder::new().record_limit(16).from_reader(&b"dn: cn=Ann\ndescription: a long one\n\ndn: cn=Bob\n"[..]);
    /// let mut records = reader.into_records();
    /// assert!(records.next().unwrap().is_err());
    /// ```
    pub fn record_limit(&mut self, bytes: usize) -> &mut Self {
        self.record_limit = bytes;
        self
    }

    /// Sets the number of warnings that a reader keeps until they are taken; the default is 1000. Further ones are only
    /// counted.
    pub fn warning_limit(&mut self, warnings: usize) -> &mut Self {
        self.warning_limit = warnings;
        self
    }

    /// Sets the number of bytes read at a time; the default is 64 KiB.
    pub fn buffer_capacity(&mut self, bytes: usize) -> &mut Self {
        self.buffer_capacity = bytes;
        self
    }

    /// Creates a reader of the file at `path`.
    ///
    /// # Errors
    ///
    /// The file cannot be opened.
    pub fn from_path(&self, path: impl AsRef<Path>) -> Result<Reader<File>, Error> {
        Ok(self.from_reader(File::open(path)?))
    }

    /// Creates a reader of `source`, which needs no buffer of its own.
    pub fn from_reader<R: Read>(&self, source: R) -> Reader<R> {
        Reader {
            chunks: Chunks::new(Decoder::new(source), self.buffer_capacity).limit(self.record_limit),
            options: self.clone(),
            chunk: Chunk { line: 1, ..Chunk::default() },
            pieces: VecDeque::new(),
            line_start: (1, 0),
            position: Position { byte: 0, line: 1, column: 1, record: 0 },
            errors: VecDeque::new(),
            warnings: Vec::new(),
            dropped: 0,
            undecoded: VecDeque::new(),
            spare: Spare::default(),
        }
    }
}

/// Reads the records of a file: UTF-8 with or without a byte order mark, UTF-16, or Windows-1252.
///
/// Each error of a faulty record is one [`Error`], and reading continues after the record; only a failure of the source
/// ends the reading. Memory is bounded by the longest record.
///
/// ```
/// use ldif::Reader;
///
/// let mut reader = Reader::from_reader(&b"dn: cn=Ann\ncn: Ann\n\ndn: cn=Bob\ncn:: ?\n"[..]);
/// let mut records = reader.records();
/// assert_eq!(records.next().unwrap()?.text("cn"), Some("Ann"));
/// assert_eq!(records.next().unwrap().unwrap_err().to_string(), "5:6: error[ldif-base64]: `?` is not a base64 character");
/// assert!(records.next().is_none());
/// # Ok::<(), ldif::Error>(())
/// ```
#[derive(Debug)]
pub struct Reader<R> {
    chunks: Chunks<Decoder<R>>,
    options: ReaderBuilder,
    /// The current text, and what remains to be returned of it.
    chunk: Chunk,
    pieces: VecDeque<Piece>,
    /// The line of the last place in the current text, and the offset where it begins.
    line_start: (u64, usize),
    position: Position,
    /// The errors of what was read last.
    errors: VecDeque<Error>,
    warnings: Vec<Error>,
    dropped: u64,
    /// Faults of the encoding in text that is still to be read.
    undecoded: VecDeque<Fault>,
    spare: Spare,
}

/// What is between two blank lines of the current text.
#[derive(Debug)]
enum Piece {
    /// A record, from one offset to another.
    Record(usize, usize),
    /// The faults of anything else.
    Faults(Vec<Fault>),
}

impl Reader<File> {
    /// Reads from the file at `path`.
    ///
    /// ```no_run
    /// use ldif::Reader;
    ///
    /// for record in Reader::from_path("users.ldif")?.into_records() {
    ///     println!("{}", record?.dn);
    /// }
    /// # Ok::<(), ldif::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The file cannot be opened.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Self, Error> {
        ReaderBuilder::new().from_path(path)
    }
}

impl<R: Read> Reader<R> {
    /// Reads from `source`, which needs no buffer of its own.
    pub fn from_reader(source: R) -> Self {
        ReaderBuilder::new().from_reader(source)
    }

    /// Iterates over the remaining records, each with its own memory. The reader is still available afterwards.
    ///
    /// ```
    /// use ldif::Reader;
    ///
    /// let mut reader = Reader::from_reader(&b"dn: cn=Ann\nmail: ann@contoso.com \n"[..]);
    /// assert_eq!(reader.records().count(), 1);
    /// assert_eq!(reader.warnings()[0].to_string(), "2:22: warning[ldif-trailing-space]: the value ends in a space");
    /// ```
    pub fn records(&mut self) -> Records<'_, R> {
        Records { reader: self }
    }

    /// Converts the reader to an iterator over the remaining records, which can be returned or stored.
    ///
    /// ```
    /// use ldif::{IntoRecords, Reader};
    ///
    /// fn users(export: &[u8]) -> IntoRecords<&[u8]> {
    ///     Reader::from_reader(export).into_records()
    /// }
    /// assert_eq!(users(b"dn: cn=Ann\ncn: Ann\n").flatten().count(), 1);
    /// ```
    pub fn into_records(self) -> IntoRecords<R> {
        IntoRecords { reader: self }
    }

    /// Reads the next record into `record`, reusing its memory; returns false at the end of the file.
    ///
    /// ```
    /// use ldif::{Reader, Record};
    ///
    /// let mut reader = Reader::from_reader(&b"version: 1\n\ndn: cn=Ann\ncn: Ann\n\ndn: cn=Bob\ncn: Bob\n"[..]);
    /// let mut record = Record::default();
    /// let mut lines = Vec::new();
    /// while reader.read_record(&mut record)? {
    ///     lines.push((record.dn.clone(), reader.position().line));
    /// }
    /// assert_eq!(lines, [("cn=Ann".to_owned(), 3), ("cn=Bob".to_owned(), 6)]);
    /// # Ok::<(), ldif::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Each error of a faulty record, one per call; and a failure of the source, after which there are no more records.
    /// `record` is then an empty entry.
    pub fn read_record(&mut self, record: &mut Record) -> Result<bool, Error> {
        loop {
            if let Some(error) = self.errors.pop_front() {
                self.spare.take_apart(record);
                return Err(error);
            }
            match self.pieces.pop_front() {
                Some(Piece::Record(start, end)) => {
                    if self.read_piece(start, end, record) {
                        return Ok(true);
                    }
                }
                Some(Piece::Faults(faults)) => faults.into_iter().for_each(|fault| self.report(fault)),
                None => match self.chunks.next() {
                    None => {
                        self.spare.take_apart(record);
                        return Ok(false);
                    }
                    Some(Ok(chunk)) => self.open(chunk),
                    Some(Err(error)) => self.errors.push_back(error.in_record(self.position.record)),
                },
            }
        }
    }

    /// Returns where the last record begins, whether faulty or not; before the first record, the beginning of the file.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// Returns the warnings and notes so far that were kept, in the order of the file.
    #[must_use]
    pub fn warnings(&self) -> &[Error] {
        &self.warnings
    }

    /// Takes the warnings and notes so far, in the order of the file, and makes room for others.
    pub fn take_warnings(&mut self) -> Vec<Error> {
        std::mem::take(&mut self.warnings)
    }

    /// Returns the number of warnings and notes that were not kept; see [`ReaderBuilder::warning_limit`].
    #[must_use]
    pub fn dropped_warnings(&self) -> u64 {
        self.dropped
    }

    /// Returns the encoding of the file according to its first bytes; `None` before the first read.
    ///
    /// ```
    /// use ldif::{Encoding, Reader};
    ///
    /// let mut reader = Reader::from_reader(&b"\xFF\xFEd\0n\0:\0c\0n\0=\0a\0\n\0"[..]);
    /// assert_eq!(reader.encoding(), None);
    /// reader.records().next();
    /// assert_eq!(reader.encoding(), Some(Encoding::Utf16Le));
    /// ```
    #[must_use]
    pub fn encoding(&self) -> Option<Encoding> {
        self.chunks.get_ref().encoding()
    }

    /// Returns the source. It lacks what was read from it, but not returned yet.
    pub fn get_ref(&self) -> &R {
        self.chunks.get_ref().get_ref()
    }

    /// Returns the source. Bytes read from it are missing from the records.
    pub fn get_mut(&mut self) -> &mut R {
        self.chunks.get_mut().get_mut()
    }

    /// Returns the source. What was read from it, but not returned yet, is lost.
    pub fn into_inner(self) -> R {
        self.chunks.into_inner().into_inner()
    }

    /// Cuts a chunk into its records.
    fn open(&mut self, chunk: Chunk) {
        let spent = std::mem::replace(&mut self.chunk, chunk);
        self.chunks.recycle(spent.text);
        self.line_start = (self.chunk.line, 0);
        for block in blocks(&self.chunk.text) {
            if let Block::Record(raw) = block {
                self.pieces.push_back(Piece::Record(raw.at(), raw.end()));
                continue;
            }
            let mut faults = Vec::new();
            check(&block, &mut |fault| faults.push(fault));
            if !faults.is_empty() {
                self.pieces.push_back(Piece::Faults(faults));
            }
        }
        self.undecoded.extend(self.chunks.get_mut().take_faults());
        let base = self.chunk.at as usize;
        let end = base + self.chunk.text.len();
        while let Some(fault) = self.undecoded.pop_front() {
            if fault.at() >= end {
                self.undecoded.push_front(fault);
                break;
            }
            self.report(fault.moved_back(base));
        }
    }

    /// Reads a record of the current text, and reports its faults; returns false if it has an error.
    fn read_piece(&mut self, start: usize, end: usize, record: &mut Record) -> bool {
        self.position = Position { record: self.position.record + 1, ..self.locate(start) };
        let keep = Keep { urls: self.options.urls == Urls::Keep, schema_changes: true };
        let mut faults = Vec::new();
        let raw = RawRecord { text: &self.chunk.text, start, end };
        let is_read = Builder::new(record, &mut self.spare, keep).read(&raw, &mut |fault| faults.push(fault));
        record.set_position(self.position);
        for fault in faults {
            self.report(fault);
        }
        is_read && self.errors.is_empty()
    }

    /// Returns the position of an offset in the current text.
    fn locate(&mut self, at: usize) -> Position {
        let mut positions = Positions::resume(&self.chunk.text, self.line_start);
        let place = positions.of(at);
        self.line_start = positions.line_start();
        let byte = self.chunk.at + at as u64;
        Position { byte, line: place.line, column: place.column, record: self.position.record }
    }

    /// Queues a fault as an error or a warning, according to the strictness.
    fn report(&mut self, fault: Fault) {
        let is_raised = match self.options.strictness {
            Strictness::Ansi => false,
            Strictness::Utf8 => matches!(fault.kind(), FaultKind::NotUtf8(_)),
            Strictness::Rfc2849 => fault.severity() == Severity::Warning,
        };
        let fault = if is_raised { fault.raised() } else { fault };
        let is_error = fault.severity() == Severity::Error;
        let position = self.locate(fault.at());
        if is_error {
            self.errors.push_back(Error::fault(fault, position));
        } else if self.warnings.len() < self.options.warning_limit {
            self.warnings.push(Error::fault(fault, position));
        } else {
            self.dropped += 1;
        }
    }

    fn next_record(&mut self) -> Option<Result<Record, Error>> {
        let mut record = Record::default();
        match self.read_record(&mut record) {
            Ok(true) => Some(Ok(record)),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

/// An iterator over the remaining records in a file; see [`Reader::records`].
#[derive(Debug)]
pub struct Records<'r, R> {
    reader: &'r mut Reader<R>,
}

impl<R: Read> Records<'_, R> {
    /// Returns the underlying reader, for its position and its warnings.
    #[must_use]
    pub fn reader(&self) -> &Reader<R> {
        self.reader
    }
}

impl<R: Read> Iterator for Records<'_, R> {
    type Item = Result<Record, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.reader.next_record()
    }
}

/// An iterator over the remaining records in a file, which owns the reader; see [`Reader::into_records`].
#[derive(Debug)]
pub struct IntoRecords<R> {
    reader: Reader<R>,
}

impl<R: Read> IntoRecords<R> {
    /// Returns the underlying reader, for its position and its warnings.
    #[must_use]
    pub fn reader(&self) -> &Reader<R> {
        &self.reader
    }

    /// Converts the iterator back to its reader.
    #[must_use]
    pub fn into_reader(self) -> Reader<R> {
        self.reader
    }
}

impl<R: Read> Iterator for IntoRecords<R> {
    type Item = Result<Record, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.reader.next_record()
    }
}
