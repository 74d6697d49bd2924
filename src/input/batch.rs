//! Batches of whole records, and the size and hash of the file that they come from.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ldif::{Chunks, ErrorKind, Positions};
use sha2::{Digest, Sha256};

use super::encoding::HalfUnit;
use super::{Export, Finding, InBatch, csv, hex};
use crate::language::Text;
use crate::language::text;
use crate::message::{Excerpt, Message};

/// Whole records with their position in the file.
#[derive(Debug)]
pub struct Batch {
    /// The text: UTF-8, except for stray bytes in LDIF values.
    pub text: Vec<u8>,
    /// The physical line of its first byte, from 1.
    pub line: u64,
    /// The position in the file, if it can be computed from the text.
    pub place: Option<Range<u64>>,
}

impl Batch {
    /// Returns a counter that turns byte offsets of the batch into lines and columns, both from 1.
    pub fn positions(&self) -> Positions<'_> {
        Positions::new(&self.text, self.line)
    }

    /// Returns the physical line of a place, with the part to underline.
    pub(super) fn excerpt(&self, positions: &mut Positions<'_>, place: &InBatch) -> Excerpt {
        let at = place.at.min(self.text.len());
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let begin = self.text[..at].iter().rposition(is_end).map_or(0, |end| end + 1);
        let end = self.text[at..].iter().position(is_end).map_or(self.text.len(), |end| at + end);
        let label = place.within.as_ref().map_or_else(Text::default, |(name, from)| {
            let line = positions.of(*from).line;
            if line == positions.of(at).line {
                text!("in the value of `{name}`", "dans la valeur de `{name}`")
            } else {
                text!(
                    "in the value of `{name}`, which begins at line {line}",
                    "dans la valeur de `{name}`, qui commence à la ligne {line}",
                )
            }
        });
        let text = String::from_utf8_lossy(&self.text[begin..end]).into_owned();
        Excerpt { text, length: place.length.max(1), label }
    }
}

pub(super) enum InBatches {
    Ldif(Chunks<Box<dyn Read + Send>>),
    Csv(csv::RowChunks<Box<dyn Read + Send>>),
}

/// Whether the bytes of an export are hashed while they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hashing {
    /// They are hashed on the first reading, for report and manifest.
    Sha256,
    /// They are not hashed: hashing costs more than reading.
    None,
}

/// The batches of an export, in order.
pub struct Batches<'e> {
    chunks: InBatches,
    tap: Tap,
    export: &'e Export,
    /// Where the next batch begins in the file, if known.
    at: Option<u64>,
}

impl<'e> Batches<'e> {
    /// Creates the batches of an export from an offset in the file; their bytes pass the tap.
    pub(super) fn new(chunks: InBatches, tap: Tap, export: &'e Export, at: Option<u64>) -> Self {
        Self { chunks, tap, export, at }
    }

    /// Creates the next batch, and moves on to the one behind it.
    fn batch(&mut self, text: Vec<u8>, line: u64) -> Batch {
        let from = self.at;
        self.at = from.and_then(|from| Some(from + self.export.length_in_file(&text)?));
        Batch { place: from.zip(self.at).map(|(from, to)| from..to), text, line }
    }

    /// Takes back the buffer of a processed batch for reuse.
    pub fn recycle(&mut self, text: Vec<u8>) {
        match &mut self.chunks {
            InBatches::Ldif(chunks) => chunks.recycle(text),
            InBatches::Csv(chunks) => chunks.recycle(text),
        }
    }

    /// The number of bytes of the file read so far.
    pub fn bytes(&self) -> u64 {
        self.tap.bytes.load(Ordering::Relaxed)
    }

    /// Returns size and SHA-256 of the file after all batches were read; the hash is empty if none was requested.
    ///
    /// # Errors
    /// `input-changed` if the file is no longer the one that was opened, so that it is unknown what was read.
    pub fn digest(&self) -> Result<(u64, String), Message> {
        self.export.check_unchanged()?;
        let sha256 = self.tap.hash().map_or_else(String::new, |hash| hex(&hash.clone().finalize()));
        Ok((self.bytes(), sha256))
    }
}

impl Iterator for Batches<'_> {
    type Item = Result<Batch, Message>;

    fn next(&mut self) -> Option<Self::Item> {
        let name = &self.export.name;
        let failed = |error: &dyn std::fmt::Display| {
            let what = text!("cannot read `{name}`: {error}", "impossible de lire `{name}`\u{a0}: {error}");
            Message::error("input-unreadable", what)
        };
        Some(match &mut self.chunks {
            InBatches::Ldif(chunks) => match chunks.next()? {
                Ok(chunk) => Ok(self.batch(chunk.text, chunk.line)),
                Err(error) => Err(match (error.kind(), error.position()) {
                    (ErrorKind::Fault(fault), Some(place)) => {
                        Finding::of(fault).moved(None).at(name, place.line, place.column)
                    }
                    (ErrorKind::Io(cut), Some(place)) if HalfUnit::is(cut) => {
                        HalfUnit::message().at(name, place.line, place.column)
                    }
                    _ => failed(&error),
                }),
            },
            InBatches::Csv(chunks) => match chunks.next()? {
                Ok(chunk) => Ok(self.batch(chunk.text, chunk.line)),
                Err(error) => Err(error.diagnostic(name)),
            },
        })
    }
}

/// A reader that counts the bytes passing through, and hashes them if requested. Its clones are the same reader.
#[derive(Clone, Debug)]
pub(super) struct Tap {
    file: Arc<File>,
    bytes: Arc<AtomicU64>,
    /// `None` if no hash was requested.
    hash: Option<Arc<Mutex<Sha256>>>,
}

impl Tap {
    pub(super) fn on(file: File, hashing: Hashing) -> Self {
        let hash = (hashing == Hashing::Sha256).then(Arc::default);
        Self { file: Arc::new(file), bytes: Arc::default(), hash }
    }

    /// The hash of what was read so far, if one was asked for.
    fn hash(&self) -> Option<MutexGuard<'_, Sha256>> {
        Some(self.hash.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = (&*self.file).read(buffer)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        // What was just read is still in the processor's cache, and nothing is copied.
        if let Some(mut hash) = self.hash() {
            hash.update(&buffer[..read]);
        }
        Ok(read)
    }
}
