//! Exports into objects: opens files, recognises them, decodes them and hands out batches of whole records.
//!
//! A batch is some hundred KiB of UTF-8 text that holds whole records and nothing else, so that batches can be read in
//! parallel and twice. All places inside a batch are byte offsets; they become lines and columns only when somebody
//! reads a message about them.

// the bytes of files
mod source;
// small text files
mod texts;
// an export that is open
mod export;
// what an export is, and whether it is whole
mod open;
// what a file is, from its bytes
pub mod detect;
// which encoding, where the bytes do not say it
mod guess;
// any encoding → UTF-8
pub mod encoding;
// CSV headings → attributes
pub(crate) mod columns;
// what holds passwords
pub(crate) mod password;
// CSV tables → objects
pub mod csv;
// faults of LDIF in the words of the program
pub(crate) mod fault;
// LDIF records → objects
pub(crate) mod ldif;
// values in ranges
mod range;
// lists without DNs, and the objects that they name
pub mod join;
// what is said beside the records
pub(crate) mod asides;
// accounts without a class
pub(crate) mod classes;
// every fault, wanted or not
pub(crate) mod check;
// whole records, batch after batch
mod batch;
// what reading gave, as bytes
pub(crate) mod digest;
// text as its tool meant it
mod clean;
// what reading a batch gives
mod record;

pub(crate) use self::batch::{Batch, Batches, Hashing};
use self::encoding::TextEncoding;
pub use self::export::Export;
pub use self::record::{ExportRecord, Finding, Numbered, RecordKind};
pub(crate) use self::record::{InBatch, Shown};
pub(crate) use self::source::{bytes_of, changed, exists, expand, read_at, sha256, typed};
pub(crate) use self::texts::{ListedName, lines, names, said};

/// Lower-case hexadecimal digits.
pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::with_capacity(octets.len() * 2), |text, octet| text + &format!("{octet:02x}"))
}

/// What an export is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its users take part.
    Input,
    /// Lists are joined to it; its objects count as those of an input do, and take no part.
    Join,
    /// Its objects only count as taken.
    Reference,
    /// The change file of an earlier run: its objects count as taken, with what they were to get.
    Run,
    /// Pools are looked up in it.
    Pools,
}

impl Role {
    /// The word of the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Join => "join",
            Self::Reference => "reference",
            Self::Run => "run",
            Self::Pools => "pools",
        }
    }
}

/// How exports are read; what is not set is detected.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The encoding of all of them.
    pub encoding: Option<TextEncoding>,
    /// The format of all of them.
    pub format: Option<detect::ExportFormat>,
    /// Whether an export that says that it is cut is meant to be a part.
    pub incomplete: bool,
    /// How CSV is written, and which heading holds what.
    pub csv: csv::CsvOptions,
}
