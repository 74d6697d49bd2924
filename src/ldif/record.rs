//! Records that own their values.

use std::fmt;
use std::str::FromStr;

use crate::builder::{Builder, Keep, Spare};
use crate::control::Control;
use crate::error::Error;
use crate::fault::Fault;
use crate::position::Position;
use crate::reader::Reader;
use crate::walk::RawRecord;
use crate::writer::{self, Profile};

/// An entry, or a change of one.
///
/// Two records are equal if DN, controls and content are; where they were read makes no difference.
///
/// ```
/// use ldif::{Modification, Record};
///
/// let mut entry = Record::entry("cn=Ann,dc=contoso,dc=com");
/// entry.set("objectClass", ["top", "person"]);
/// entry.add("cn", "Ann");
/// assert_eq!(entry.to_string(), "dn: cn=Ann,dc=contoso,dc=com\nobjectClass: top\nobjectClass: person\ncn: Ann\n\n");
///
/// let change = Record::modifying(&entry.dn, [Modification::replace("sn", ["Doe"])]);
/// assert_eq!(change, "dn: cn=Ann,dc=contoso,dc=com\nchangetype: modify\nreplace: sn\nsn: Doe\n-\n".parse()?);
/// # Ok::<(), ldif::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// The DN as written; see [`Dn`](crate::Dn).
    pub dn: String,
    /// The controls of a change.
    pub controls: Vec<Control>,
    /// The content of the record.
    pub content: Content,
    position: Option<Position>,
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        (&self.dn, &self.controls, &self.content) == (&other.dn, &other.controls, &other.content)
    }
}

impl Eq for Record {}

/// The content of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// The entry as it is: a record without `changetype:`.
    Entry(Vec<Attribute>),
    /// `changetype: add`.
    Add(Vec<Attribute>),
    /// `changetype: delete`.
    Delete,
    /// `changetype: modify`.
    Modify(Vec<Modification>),
    /// `changetype: modrdn` or `moddn`.
    Rename(Rename),
    /// `changetype: ntdsSchemaAdd` and the like: ldifde's changes of the schema of Active Directory. Each is one of the
    /// other four changes, applied to an object of the schema, and is no error if it has already been made.
    Schema(Box<Content>),
}

/// An entry without attributes.
impl Default for Content {
    fn default() -> Self {
        Self::Entry(Vec::new())
    }
}

/// An attribute with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The attribute description: the type with its options, such as `cn;lang-fr`, as first written.
    pub name: String,
    /// The values in order, without duplicates. Text is UTF-8.
    pub values: Vec<Vec<u8>>,
    /// Values by URL, of which the file contains only the address; see [`Urls::Keep`](crate::Urls::Keep).
    pub urls: Vec<String>,
}

impl Attribute {
    /// Creates an attribute with these values.
    pub fn new(name: impl Into<String>, values: impl IntoIterator<Item: Into<Vec<u8>>>) -> Self {
        Self { name: name.into(), values: values.into_iter().map(Into::into).collect(), urls: Vec::new() }
    }
}

/// One modification of an attribute (RFC 4511 section 4.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modification {
    /// The operation.
    pub operation: Operation,
    /// The attribute description.
    pub name: String,
    /// The values in order, without duplicates.
    pub values: Vec<Vec<u8>>,
    /// Values by URL; see [`Attribute::urls`].
    pub urls: Vec<String>,
}

impl Modification {
    /// Creates a modification with these values.
    pub fn new(
        operation: Operation,
        name: impl Into<String>,
        values: impl IntoIterator<Item: Into<Vec<u8>>>,
    ) -> Self {
        let Attribute { name, values, urls } = Attribute::new(name, values);
        Self { operation, name, values, urls }
    }

    /// Creates an `add:` of values that the entry must not have yet.
    pub fn add(name: impl Into<String>, values: impl IntoIterator<Item: Into<Vec<u8>>>) -> Self {
        Self::new(Operation::Add, name, values)
    }

    /// Creates a `delete:` of values that the entry must have.
    pub fn delete(name: impl Into<String>, values: impl IntoIterator<Item: Into<Vec<u8>>>) -> Self {
        Self::new(Operation::Delete, name, values)
    }

    /// Creates a `delete:` of an attribute with all its values, which the entry must have.
    pub fn delete_all(name: impl Into<String>) -> Self {
        Self::new(Operation::Delete, name, [""; 0])
    }

    /// Creates a `replace:`, which replaces all present values, if any, by these.
    pub fn replace(name: impl Into<String>, values: impl IntoIterator<Item: Into<Vec<u8>>>) -> Self {
        Self::new(Operation::Replace, name, values)
    }

    /// Creates an `increment:`, which adds a number to a number (RFC 4525).
    pub fn increment(name: impl Into<String>, by: i64) -> Self {
        Self::new(Operation::Increment, name, [by.to_string()])
    }
}

/// The operation of a modification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Adds the values.
    Add,
    /// Deletes the values, or all values if the modification has none.
    Delete,
    /// Replaces all present values.
    Replace,
    /// Adds the value to a number (RFC 4525).
    Increment,
}

/// A new name or parent for an entry (RFC 4511 section 4.9).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rename {
    /// The new RDN.
    pub new_rdn: String,
    /// Whether the values of the old RDN are deleted from the entry.
    pub delete_old: bool,
    /// The DN of the new parent, if the entry moves.
    pub new_superior: Option<String>,
}

impl Record {
    /// Creates a record with this DN and content, without controls.
    pub fn new(dn: impl Into<String>, content: Content) -> Self {
        Self { dn: dn.into(), controls: Vec::new(), content, position: None }
    }

    /// Creates an entry without attributes.
    pub fn entry(dn: impl Into<String>) -> Self {
        Self::new(dn, Content::default())
    }

    /// Creates the change that adds an entry with these attributes.
    pub fn adding(dn: impl Into<String>, attributes: impl Into<Vec<Attribute>>) -> Self {
        Self::new(dn, Content::Add(attributes.into()))
    }

    /// Creates the change that deletes an entry.
    pub fn deleting(dn: impl Into<String>) -> Self {
        Self::new(dn, Content::Delete)
    }

    /// Creates the change that modifies an entry.
    pub fn modifying(dn: impl Into<String>, modifications: impl Into<Vec<Modification>>) -> Self {
        Self::new(dn, Content::Modify(modifications.into()))
    }

    /// Creates the change that replaces an entry's RDN below the same parent.
    pub fn renaming(dn: impl Into<String>, new_rdn: impl Into<String>) -> Self {
        let rename = Rename { new_rdn: new_rdn.into(), delete_old: true, new_superior: None };
        Self::new(dn, Content::Rename(rename))
    }

    /// Reads a record and reports all its faults to `out`; returns `None` if one of them is an error, or if the record
    /// is a schema change.
    pub fn read(raw: &RawRecord<'_>, out: &mut impl FnMut(Fault)) -> Option<Self> {
        let mut record = Self::default();
        let is_read = Builder::new(&mut record, &mut Spare::default(), Keep::default()).read(raw, out);
        is_read.then_some(record)
    }

    /// Returns where the record begins in the file that a [`Reader`] read it from.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    pub(crate) fn set_position(&mut self, position: Position) {
        self.position = Some(position);
    }
}

/// Formats the record as LDIF, folded as in [`Profile::ldap`], including the blank line at its end.
///
/// Records that a [`Writer`](crate::Writer) refuses to write are formatted, too, with the characters of an invalid
/// attribute description escaped.
impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Vec::new();
        writer::put(&mut out, &Profile::ldap(), self);
        f.write_str(&String::from_utf8_lossy(&out))
    }
}

/// Parses a text with exactly one record.
impl FromStr for Record {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut records = Reader::from_reader(text.as_bytes()).into_records();
        match (records.next().transpose()?, records.next().transpose()?) {
            (Some(record), None) => Ok(record),
            (None, _) => Err(Error::not_one_record("no record")),
            (Some(_), Some(_)) => Err(Error::not_one_record("more than one record")),
        }
    }
}
