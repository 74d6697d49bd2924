//! LDIF (RFC 2849) and distinguished names (RFC 4514).
//!
//! It reads what Windows, OpenLDAP and Samba write: UTF-8, UTF-16 and Windows-1252, with or without a byte order
//! mark, any line end, content and change records in one file. What is wrong it tells with line, column and code,
//! and goes on at the next record. It writes what importers accept.
//!
//! # Reading
//!
//! ```
//! use ldif::Reader;
//!
//! let file = &b"dn: cn=Ann,dc=contoso,dc=com\ncn: Ann\nmail:: YW5uQGNvbnRvc28uY29t\n\ndn: cn=Bob\ncn:: ?\n"[..];
//! let mut reader = Reader::new(file);
//! for item in reader.by_ref() {
//!     match item {
//!         Ok(record) => assert_eq!(record.values("mail"), [b"ann@contoso.com"]),
//!         Err(error) => assert_eq!(error.to_string(), "6:6: error[ldif-base64]: `?` is not a base64 character"),
//!     }
//! }
//! assert!(reader.warnings().is_empty());
//! ```
//!
//! # Writing
//!
//! ```
//! use ldif::record::{Content, Modification, Operation};
//! use ldif::{Profile, Record, Writer};
//!
//! let mut writer = Writer::new(Vec::new(), Profile::ldap());
//! let name = Modification { operation: Operation::Replace, name: "sn".into(), values: vec!["Doé".into()] };
//! let content = Content::Modify(vec![name]);
//! writer.write(&Record { dn: "cn=Ann,dc=contoso,dc=com".into(), controls: vec![], content })?;
//! let text = "dn: cn=Ann,dc=contoso,dc=com\nchangetype: modify\nreplace: sn\nsn:: RG/DqQ==\n-\n\n";
//! assert_eq!(writer.finish()?, text.as_bytes());
//! # Ok::<(), ldif::Error>(())
//! ```
//!
//! # Two levels
//!
//! [`Reader`] and [`Record`] own what they give, and are the way for most programs.
//! Below them, [`Decoder`] makes UTF-8 of a file, [`Chunks`] cuts it after blank lines, [`records`] or a [`Cursor`]
//! walks a chunk and gives [`Line`]s that point into it, and [`check`] tells the faults of a record: nothing is copied but values
//! that are folded or in base64, chunks may be worked on in parallel, and memory is bounded by the longest record.
//!
//! A value given by URL (`name:< file:///…`) is never opened.

// Any export as UTF-8: byte order marks, UTF-16, Windows-1252.
pub mod text;
// Complete records in bounded memory.
pub mod chunk;
// Records, lines and values where they are, without a copy.
mod ends;
mod line;
pub mod walk;
// What search tools say of their searches.
mod search;
// Base64 (RFC 4648) with the place of a wrong character.
mod base64;
// Distinguished names.
pub mod dn;
// The grammar of a record, what its names and values may hold, values that stand twice, controls.
mod control;
mod grammar;
mod seen;
mod value;
// The faults of a record, without the record.
mod check;
// Records that own their values.
pub mod record;
// Records from a file, faults with line and column.
pub mod reader;
// Records to a file, as importers want it.
pub mod writer;
// What can be wrong, and where.
mod error;
mod fault;
mod position;

pub use check::check;
pub use chunk::{Chunk, Chunks};
pub use control::Control;
pub use dn::Dn;
pub use error::{Error, ErrorKind};
pub use fault::{Fault, FaultKind, Severity};
pub use line::{Line, LineKind};
pub use position::{Position, Positions, position};
pub use reader::Reader;
pub use record::Record;
pub use search::SearchNote;
pub use text::{Decoder, Encoding};
pub use walk::{Block, BlockStart, Cursor, RawRecord, records};
pub use writer::{Profile, Writer};
