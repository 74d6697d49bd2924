//! Reading exports into objects: opens files, detects formats, decodes text and returns batches of whole records.
//!
//! A batch is some hundred KiB of UTF-8 text with whole records only, so that batches can be read in parallel, and
//! twice. All places in a batch are byte offsets; they become lines and columns only for a message.

// the bytes of files
mod source;
// small text files
mod texts;
// an open export
mod export;
// opening an export
mod open;
// format and encoding, from the bytes
pub mod detect;
// the encoding, where the bytes do not show it
mod guess;
// any encoding → UTF-8
pub mod encoding;
// CSV headings → attributes
pub(crate) mod columns;
// attributes and columns with passwords
pub(crate) mod password;
// damaged base64 and hexadecimal digits
mod coded;
// CSV tables → objects
pub mod csv;
// faults of LDIF as findings
pub(crate) mod fault;
// LDIF records → objects
pub(crate) mod ldif;
// values in ranges
mod range;
// lists without DNs, and the objects that they name
pub mod join;
// messages beside the records
pub(crate) mod asides;
// accounts without a class
pub(crate) mod classes;
// the check at full strictness
pub(crate) mod check;
// whole records, batch after batch
mod batch;
// records as bytes
pub(crate) mod digest;
// the cleaning of text
mod clean;
// records and findings
mod record;

pub(crate) use self::batch::{Batch, Batches, Hashing};
use self::encoding::TextEncoding;
pub use self::export::Export;
pub(crate) use self::ldif::first_record;
pub use self::record::{ExportRecord, Finding, Numbered, RecordKind};
pub(crate) use self::record::{InBatch, Shown};
pub(crate) use self::source::{bytes_of, changed, exists, expand, read_at, sha256, typed};
pub(crate) use self::texts::{ListedName, cut_list, lines, names, said};

/// Formats octets as lower-case hexadecimal digits.
pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::with_capacity(octets.len() * 2), |text, octet| text + &format!("{octet:02x}"))
}

/// The purpose of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Role {
    /// Its users take part.
    Input,
    /// Lists are joined to it; its objects count like those of an input, but take no part.
    Join,
    /// Its objects only count as taken.
    Reference,
    /// The change file of an earlier run: its objects count as taken, with their future values.
    Run,
    /// Pools are looked up in it.
    Pools,
}

impl Role {
    /// The role in reports.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// How exports are read; missing settings are detected.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The encoding of all exports.
    pub encoding: Option<TextEncoding>,
    /// The format of all exports.
    pub format: Option<detect::ExportFormat>,
    /// Whether incomplete exports are accepted.
    pub incomplete: bool,
    /// The dialect of CSV, and the headings of attributes.
    pub csv: csv::CsvOptions,
}
