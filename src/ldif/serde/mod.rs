//! Conversion between entries and structs by the names of attributes.
//!
//! A struct is an entry: each field is the attribute with its name, in any letter case, and the field `dn` is the DN.
//!
//! | field | attribute |
//! |---|---|
//! | `Option<T>` | may be missing |
//! | `Vec<T>` and other sequences | any number of values; with `#[serde(default)]` it may be missing |
//! | `String`, `char`, unit variants | one value in UTF-8 |
//! | integers and floats | one value in decimal digits |
//! | `bool` | one value, `TRUE` or `FALSE` (RFC 4517 section 3.3.3) |
//! | bytes, such as those of `serde_bytes` | one value as it is |
//!
//! Attributes without a field are ignored. A `HashMap<String, Vec<String>>` takes all of them, under their names as
//! written; if such a map is flattened into a struct, a single value is text and several are a sequence. Only an entry,
//! or a change that adds one, becomes a struct.
//!
//! ```
//! # use serde::{Deserialize, Serialize};
//! use ldif::{Profile, Reader, Writer};
//!
//! #[derive(Deserialize, Serialize)]
//! #[serde(rename_all = "camelCase")]
//! struct User {
//!     dn: String,
//!     mail: Option<String>,
//!     #[serde(default)]
//!     proxy_addresses: Vec<String>,
//! }
//!
//! let file = &b"dn: cn=Ann\ncn: Ann\nproxyaddresses: smtp:ann@contoso.com\n"[..];
//! let mut writer = Writer::new(Vec::new(), Profile::ldap());
//! for user in Reader::from_reader(file).deserialize() {
//!     let mut user: User = user?;
//!     user.mail = user.proxy_addresses[0].strip_prefix("smtp:").map(String::from);
//!     writer.serialize(&user)?;
//! }
//! let text = "dn: cn=Ann\nmail: ann@contoso.com\nproxyAddresses: smtp:ann@contoso.com\n\n";
//! assert_eq!(writer.into_inner()?, text.as_bytes());
//! # Ok::<(), ldif::Error>(())
//! ```

// record → value
mod de;
// value → record
mod ser;

use std::fmt;
use std::io::{Read, Write};
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::reader::Reader;
use crate::record::Record;
use crate::writer::Writer;

/// Why an entry cannot become a value, or a value an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerdeError {
    attribute: Option<String>,
    message: String,
}

impl SerdeError {
    fn new(message: impl fmt::Display) -> Self {
        Self { attribute: None, message: message.to_string() }
    }

    /// Sets the attribute, unless it is already known.
    fn of(mut self, attribute: &str) -> Self {
        self.attribute.get_or_insert_with(|| attribute.to_owned());
        self
    }

    /// Returns the attribute or field that does not fit.
    #[must_use]
    pub fn attribute(&self) -> Option<&str> {
        self.attribute.as_deref()
    }
}

impl fmt::Display for SerdeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.attribute {
            Some(attribute) => write!(f, "{}: {}", attribute.escape_debug(), self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for SerdeError {}

impl serde::de::Error for SerdeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message)
    }
}

impl serde::ser::Error for SerdeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message)
    }
}

impl Record {
    /// Converts the entry to a value; see [`serde`](crate::serde).
    ///
    /// # Errors
    ///
    /// A field without an attribute, an attribute that does not fit its field, and a record that is not an entry.
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<T, Error> {
        T::deserialize(de::EntryAccess(self)).map_err(|error| Error::serde(error, self.position()))
    }

    /// Converts a value to an entry; see [`serde`](crate::serde).
    ///
    /// # Errors
    ///
    /// A value that is not a struct or map, or has no field `dn`; and fields that cannot be attributes.
    pub fn serialize(value: &impl Serialize) -> Result<Self, Error> {
        ser::record(value).map_err(|error| Error::serde(error, None))
    }
}

impl<R: Read> Reader<R> {
    /// Iterates over the remaining entries as values; see [`serde`](crate::serde).
    pub fn deserialize<T: DeserializeOwned>(&mut self) -> Deserialized<'_, R, T> {
        Deserialized { reader: self, record: Record::default(), value: PhantomData }
    }
}

impl<W: Write> Writer<W> {
    /// Writes a value as an entry; see [`serde`](crate::serde).
    ///
    /// # Errors
    ///
    /// Those of [`Record::serialize`] and of [`Writer::write`].
    pub fn serialize(&mut self, value: &impl Serialize) -> Result<(), Error> {
        self.write(&Record::serialize(value)?)
    }
}

/// An iterator over the remaining entries in a file as values; see [`Reader::deserialize`].
#[derive(Debug)]
pub struct Deserialized<'r, R, T> {
    reader: &'r mut Reader<R>,
    record: Record,
    value: PhantomData<T>,
}

impl<R: Read, T: DeserializeOwned> Iterator for Deserialized<'_, R, T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.reader.read_record(&mut self.record) {
            Ok(true) => Some(self.record.deserialize()),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }
}
