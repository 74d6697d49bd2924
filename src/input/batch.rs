//! Whole records, batch after batch, and the size and hash of the file that they come from.

use std::fs::File;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use ldif::{Chunks, Positions};
use sha2::{Digest, Sha256};

use super::{Finding, csv, hex};
use crate::diagnostic::{Diagnostic, Excerpt};

/// Whole records, and where they stand in their file.
#[derive(Debug)]
pub struct Batch {
    /// The text, UTF-8 but for stray bytes of LDIF values.
    pub text: Vec<u8>,
    /// The physical line of its first byte, from 1.
    pub line: u64,
}

impl Batch {
    /// Counts lines and columns, both from 1, of its byte offsets.
    #[must_use]
    pub fn positions(&self) -> Positions<'_> {
        Positions::new(&self.text, self.line)
    }

    /// The physical line at which a finding stands, with what is to be underlined.
    pub(super) fn excerpt(&self, positions: &mut Positions<'_>, finding: &Finding) -> Excerpt {
        let at = finding.at.min(self.text.len());
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let begin = self.text[..at].iter().rposition(is_end).map_or(0, |end| end + 1);
        let end = self.text[at..].iter().position(is_end).map_or(self.text.len(), |end| at + end);
        let label = finding.within.as_ref().map_or_else(String::new, |(name, from)| {
            let line = positions.of(*from).line;
            if line == positions.of(at).line {
                format!("in the value of `{name}`")
            } else {
                format!("in the value of `{name}`, which begins at line {line}")
            }
        });
        let text = String::from_utf8_lossy(&self.text[begin..end]).into_owned();
        Excerpt { text, length: finding.length.max(1), label }
    }
}

pub(super) enum InBatches {
    Ldif(Chunks<Box<dyn Read + Send>>),
    Csv(csv::Chunks<Box<dyn Read + Send>>),
}

/// The batches of an export, in order.
pub struct Batches {
    chunks: InBatches,
    tally: Arc<Mutex<Tally>>,
    name: String,
}

impl Batches {
    /// The batches of a file of that name, whose bytes the tally has counted.
    pub(super) fn new(chunks: InBatches, tally: Arc<Mutex<Tally>>, name: &str) -> Self {
        Self { chunks, tally, name: name.to_owned() }
    }

    /// How many bytes of the file are read so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }

    /// Size and SHA-256 of the file, once all batches are read.
    #[must_use]
    pub fn digest(&self) -> (u64, String) {
        let tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        (tally.bytes, hex(&tally.hash.clone().finalize()))
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, Diagnostic>;

    fn next(&mut self) -> Option<Self::Item> {
        let failed = |error: &dyn std::fmt::Display| {
            Diagnostic::error("input-unreadable", format!("cannot read `{}`: {error}", self.name))
        };
        Some(match &mut self.chunks {
            InBatches::Ldif(chunks) => match chunks.next()? {
                Ok(chunk) => Ok(Batch { text: chunk.text, line: chunk.line }),
                Err(error) => Err(match (error.as_fault(), error.position()) {
                    (Some(fault), Some(place)) => Diagnostic::error(fault.code(), fault.to_string())
                        .at(&self.name, place.line, place.column)
                        .because(fault.note()),
                    _ => failed(&error),
                }),
            },
            InBatches::Csv(chunks) => match chunks.next()? {
                Ok(chunk) => Ok(Batch { text: chunk.text, line: chunk.line }),
                Err(error) => Err(error.diagnostic(&self.name)),
            },
        })
    }
}

/// Counts and hashes what passes.
#[derive(Debug)]
pub(super) struct Tap {
    file: File,
    tally: Arc<Mutex<Tally>>,
}

#[derive(Debug, Default)]
pub(super) struct Tally {
    bytes: u64,
    hash: Sha256,
}

impl Tap {
    /// A tap on the file, and its tally.
    pub(super) fn on(file: File) -> (Self, Arc<Mutex<Tally>>) {
        let tally = Arc::new(Mutex::new(Tally::default()));
        (Self { file, tally: Arc::clone(&tally) }, tally)
    }
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.bytes += read as u64;
        tally.hash.update(&buffer[..read]);
        Ok(read)
    }
}
