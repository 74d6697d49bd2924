//! LDIF (RFC 2849) and distinguished names (RFC 4514): read, edited and written.
//!
#![doc = include_str!("README.md")]
//!
//! # Three floors
//!
//! [`Reader`], [`Record`] and [`Writer`] own what they give, and are the way for most programs; [`diff`], [`apply`] and
//! [`undo`] make changes of entries and entries of changes. [`dn`] parses, compares and writes distinguished names.
//!
//! Below them, [`Decoder`] makes UTF-8 of a file, [`Chunks`] cuts it after blank lines, [`blocks`] walks a chunk and gives
//! [`Line`]s that point into it, and [`check`] reports the faults of a record. Nothing is copied but values that are folded
//! or in base64, chunks may be worked on in parallel, and memory is bounded by the longest record.
//! A [`Cursor`] is the same walk for a program that reads some lines of each record and passes over the others.

// Any export as UTF-8: byte order marks, UTF-16, Windows-1252.
pub mod text;
// Complete records in bounded memory.
mod chunk;
// Records, lines and values where they are, without a copy.
mod ends;
mod line;
mod walk;
// What search tools say of their searches.
mod search;
// Base64 (RFC 4648) with the place of a wrong character.
mod base64;
// Distinguished names.
pub mod dn;
// The grammar of a record, what its names and values may hold, values that are there twice, controls.
mod control;
mod grammar;
mod seen;
mod value;
// The faults of a record, without the record.
mod check;
// Which records need that.
mod screen;
// Records that own their values: what the grammar finds becomes one, and it is edited.
mod builder;
mod edit;
mod record;
// What differs between two entries, and what a change makes of one.
mod change;
// Records from a file, faults with line and column.
mod reader;
// Records to a file, as importers want it.
pub mod writer;
// Entries as types of the program's own.
#[cfg(feature = "serde")]
pub mod serde;
// What can be wrong, and where.
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
pub use position::{LineColumn, Position, Positions};
pub use reader::{IntoRecords, Reader, ReaderBuilder, Records, Strictness, Urls};
pub use record::{Attribute, Content, Modification, Operation, Record, Rename};
pub use screen::Screen;
pub use search::SearchNote;
pub use text::{Decoder, Encoding};
pub use walk::{Block, BlockStart, Cursor, RawRecord, blocks, line_at};
pub use writer::{LineEnd, Profile, Writer};
