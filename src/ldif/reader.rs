//! Records from a file, faults with line and column.

use std::collections::VecDeque;
use std::io::Read;

use crate::check::check;
use crate::chunk::{Chunk, Chunks};
use crate::error::Error;
use crate::fault::{Fault, FaultKind, Severity};
use crate::position::Positions;
use crate::record::Record;
use crate::text::Decoder;
use crate::walk::{Block, records};

/// Bytes that a [`Reader`] takes from its source at a time.
const CHUNK: usize = 64 << 10;

/// What bytes that are not UTF-8 mean in a plain value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// Windows-1252, with a warning: ldifde writes the ANSI code page unless told otherwise.
    #[default]
    Ansi,
    /// An error: RFC 2849 note 7 has UTF-8 and nothing else.
    Utf8,
}

/// Reads the records of a file in any encoding that a [`Decoder`] knows.
///
/// A faulty record comes as one `Err` for each of its errors, and reading goes on behind it. Only a failure of the
/// source ends the reading.
#[derive(Debug)]
pub struct Reader<R> {
    chunks: Chunks<Decoder<R>>,
    strictness: Strictness,
    ready: VecDeque<Result<Record, Error>>,
    warnings: Vec<Error>,
    /// Faults of the encoding in text that is still to be read.
    undecoded: VecDeque<Fault>,
}

impl<R: Read> Reader<R> {
    /// Reads from `source`, which needs no buffer of its own.
    pub fn new(source: R) -> Self {
        Self {
            chunks: Chunks::new(Decoder::new(source), CHUNK),
            strictness: Strictness::default(),
            ready: VecDeque::new(),
            warnings: Vec::new(),
            undecoded: VecDeque::new(),
        }
    }

    /// Sets what bytes that are not UTF-8 mean.
    #[must_use]
    pub fn strictness(mut self, strictness: Strictness) -> Self {
        self.strictness = strictness;
        self
    }

    /// Sets the length in bytes past which a record is an error; 64 MiB otherwise.
    #[must_use]
    pub fn limit(mut self, bytes: usize) -> Self {
        self.chunks = self.chunks.limit(bytes);
        self
    }

    /// The warnings and notes so far, in the order of the file.
    #[must_use]
    pub fn warnings(&self) -> &[Error] {
        &self.warnings
    }

    /// Takes the warnings and notes so far, in the order of the file, so that they need not gather.
    pub fn take_warnings(&mut self) -> Vec<Error> {
        std::mem::take(&mut self.warnings)
    }

    /// The decoder below, which knows the encoding.
    pub fn decoder(&self) -> &Decoder<R> {
        self.chunks.get_ref()
    }

    fn read_chunk(&mut self, chunk: &Chunk) {
        self.undecoded.extend(self.chunks.get_mut().take_faults());
        let base = chunk.at as usize;
        let mut positions = Positions::new(&chunk.text, chunk.line);
        while let Some(fault) = self.undecoded.pop_front_if(|fault| fault.at() < base + chunk.text.len()) {
            let place = positions.of(fault.at() - base);
            match fault.severity() {
                Severity::Error => self.ready.push_back(Err(Error::fault(fault, place))),
                _ => self.warnings.push(Error::fault(fault, place)),
            }
        }
        for block in records(&chunk.text) {
            self.read_block(&block, &mut positions);
        }
    }

    fn read_block(&mut self, block: &Block<'_>, positions: &mut Positions<'_>) {
        let mut errors = Vec::new();
        let mut out = |fault: Fault| {
            let strict = self.strictness == Strictness::Utf8 && matches!(fault.kind(), FaultKind::NotUtf8(_));
            let fault = if strict { fault.raised() } else { fault };
            let place = positions.of(fault.at());
            match fault.severity() {
                Severity::Error => errors.push(Err(Error::fault(fault, place))),
                _ => self.warnings.push(Error::fault(fault, place)),
            }
        };
        let record = match block {
            Block::Record(raw) => Record::read(raw, &mut out),
            _ => {
                check(block, &mut out);
                None
            }
        };
        if errors.is_empty() {
            self.ready.extend(record.map(Ok));
        } else {
            self.ready.extend(errors);
        }
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Record, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            match self.chunks.next()? {
                Ok(chunk) => {
                    self.read_chunk(&chunk);
                    self.chunks.recycle(chunk.text);
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
