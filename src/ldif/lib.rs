//! Reads, edits and writes LDIF (RFC 2849) and distinguished names (RFC 4514).
//!
#![doc = include_str!("README.md")]
//!
//! # Three levels
//!
//! [`Reader`], [`Record`] and [`Writer`] work with owned values, and suit most programs; [`diff`], [`apply`] and
//! [`undo`] convert between entries and changes. [`dn`] parses, compares and writes distinguished names.
//!
//! On the level below, [`Decoder`] converts a file to UTF-8, [`Chunks`] cuts it after blank lines, [`blocks`] walks a
//! chunk and returns [`Line`]s that point into it, and [`check`] reports the faults of a record. Only values that are
//! folded or in base64 are copied, chunks can be processed in parallel, and memory is bounded by the longest record. A
//! [`Cursor`] is the same walk for a program that reads some lines of each record and skips the others.

// Any export as UTF-8: byte order marks, UTF-16, Windows-1252.
pub mod text;
// Complete records in bounded memory.
mod chunk;
// Records, lines and values where they are, without a copy.
mod ends;
mod line;
mod names;
mod walk;
// What search tools report about their searches.
mod search;
// Base64 (RFC 4648) with the place of a wrong character.
mod base64;
// Distinguished names.
pub mod dn;
// The grammar of a record, the content of names and values, repeated values, controls.
mod control;
mod grammar;
mod seen;
mod value;
// The faults of a record, without the record.
mod check;
// Records that need no such check.
mod screen;
// Records that own their values, built from what the grammar finds, and edited.
mod builder;
mod edit;
mod record;
// The difference between two entries, and the application of a change.
mod change;
// Records from a file, faults with line and column.
mod reader;
// Records to a file, as importers want it.
pub mod writer;
// Entries as types of the calling program.
#[cfg(feature = "serde")]
pub mod serde;
// Errors and faults, with their places.
mod error;
mod fault;
mod position;

pub use change::{ApplyError, ResultCode, apply, diff, undo};
pub use check::check;
pub use chunk::{Chunk, Chunks};
pub use control::Control;
pub use dn::Dn;
pub use error::{Error, ErrorKind};
pub use fault::{Fault, FaultKind, Severity};
pub use line::{Line, LineKind};
pub use names::Names;
pub use position::{LineColumn, Position, Positions};
pub use reader::{IntoRecords, Reader, ReaderBuilder, Records, Strictness, Urls};
pub use record::{Attribute, Content, Modification, Operation, Record, Rename};
pub use screen::{Description, Screen};
pub use search::SearchNote;
pub use text::{Decoder, Encoding};
pub use walk::{Block, BlockStart, Cursor, RawRecord, blocks, line_at};
pub use writer::{LineEnd, Profile, Writer};
