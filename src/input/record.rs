//! The results of reading a batch: records, findings, and the attributes that occur.

use ldif::{LineColumn, Positions};
use serde::{Deserialize, Serialize};

use super::asides::Aside;
use crate::language::Text;
use crate::message::{Excerpt, Message, Place, Severity};
use crate::object::{Attr, Attributes, Object, Value};

/// An error, warning or note with a place in a batch.
pub type Finding = Message<InBatch>;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct InBatch {
    /// Byte offset in the batch's text.
    pub at: usize,
    /// The number of characters to underline there, at least one.
    pub length: usize,
    /// The wanted attribute concerned, if any.
    pub attr: Option<Attr>,
    /// The attribute whose value contains the place, as written, and the offset where its line begins.
    pub within: Option<(String, usize)>,
}

/// An item of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportRecord<'a> {
    /// A record with its findings.
    Record(RecordKind, Object<'a>, Vec<Finding>),
    /// A message beside the records: a referral, the trailer of a search, a fault that rejects no record.
    Aside(Aside),
}

/// The kind of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// An entry whose wanted attributes could be read; its findings are warnings or notes.
    Entry,
    /// A change record (`changetype` other than add): the rest of a large group, or a schema change. Never a user.
    Change,
    /// A record of which the whole or a wanted attribute is unreadable; at least one finding is an error.
    Unreadable,
    /// A record that does not begin with a DN, with that error: the rest of another record, or other text.
    Nameless,
}

impl RecordKind {
    /// Returns the kind of a record that shows an entry.
    pub(super) fn of_entry(findings: &[Finding]) -> Self {
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        if findings.iter().any(is_error) { Self::Unreadable } else { Self::Entry }
    }

    /// The kind as a number of two bits.
    pub(super) fn number(self) -> u64 {
        self as u64
    }

    pub(super) fn of_number(number: u64) -> Self {
        match number {
            0 => Self::Entry,
            1 => Self::Change,
            2 => Self::Unreadable,
            _ => Self::Nameless,
        }
    }
}

/// A record with its number and its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered<'a> {
    /// Its number, from 0: within its batch while that is read, later over all exports.
    pub number: u32,
    /// The physical line where it begins, from 1.
    pub line: u64,
    /// Its kind.
    pub kind: RecordKind,
    /// The object, as far as it could be read.
    pub object: Object<'a>,
    /// Its errors, warnings and notes.
    pub findings: Vec<Finding>,
    /// The note of the first pass about it.
    pub note: &'a [u8],
}

impl Numbered<'_> {
    /// Whether it is an object. Without a readable DN, a record with attributes is an object, and one without is a line
    /// of other text.
    pub fn is_object(&self) -> bool {
        let has_content = || !self.object.normalized.is_empty() || !self.object.values.is_empty();
        self.kind == RecordKind::Entry || self.kind != RecordKind::Change && has_content()
    }
}

impl InBatch {
    /// A place of one character.
    pub fn at(at: usize) -> Self {
        Self { at, length: 1, attr: None, within: None }
    }
}

impl Finding {
    /// Creates a finding that underlines one character.
    pub fn new(severity: Severity, code: &'static str, at: usize, what: Text) -> Self {
        Self::placed(severity, code, InBatch::at(at), what)
    }

    /// Reports a value with invalid syntax.
    #[must_use]
    pub fn invalid(value: &Value<'_>, at: usize) -> Self {
        let (name, syntax) = (value.attr.known_name(), value.attr.syntax());
        let invalid = value.fault(name);
        let mut finding = Self::new(Severity::Error, syntax.fault(), at, invalid.what).because(invalid.note);
        finding.place.attr = Some(value.attr);
        finding.help = invalid.help;
        finding.within(name, value.at)
    }

    /// Converts the finding to a message with its place in the file.
    pub(super) fn in_file(
        self,
        file: &str,
        positions: &mut Positions<'_>,
        excerpt: Option<Excerpt>,
    ) -> Message {
        let LineColumn { line, column } = positions.of(self.place.at);
        let place = Place { file: file.to_owned(), line, column, excerpt };
        self.moved(Some(place))
    }

    /// Whether two findings are the same apart from their places.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let value = |finding: &Self| finding.place.within.as_ref().map(|(name, _)| name.to_lowercase());
        value(self) == value(other)
            && (self.place.within.is_some() || self.what == other.what && self.notes == other.notes)
    }

    /// Places the finding in a value of this attribute, whose line or cell begins at `from`.
    pub fn within(mut self, attribute: impl Into<String>, from: usize) -> Self {
        self.place.within = Some((attribute.into(), from));
        self
    }

    /// Sets the number of underlined characters.
    pub fn of_length(mut self, length: usize) -> Self {
        self.place.length = length.max(1);
        self
    }

    /// Sets the wanted attribute concerned.
    pub fn on(mut self, attr: Option<Attr>) -> Self {
        self.place.attr = attr;
        self
    }
}

/// The wanted attributes that occur in an export, and whether some of its records are rejects of an earlier run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// By attribute.
    attributes: Vec<bool>,
    /// Whether comments mark records as rejects.
    pub rejects: bool,
}

impl Shown {
    /// Starts with nothing shown.
    pub fn new(attributes: &Attributes) -> Self {
        Self { attributes: vec![false; attributes.len()], rejects: false }
    }

    /// Adds an attribute, which must be one of those that the run wants.
    pub fn insert(&mut self, attr: Attr) {
        self.attributes[attr.index()] = true;
    }

    pub fn insert_all(&mut self, attrs: impl IntoIterator<Item = Attr>) {
        attrs.into_iter().for_each(|attr| self.insert(attr));
    }

    /// Whether the attribute occurs.
    pub fn has(&self, attr: Attr) -> bool {
        self.attributes.get(attr.index()).copied().unwrap_or_default()
    }

    /// Adds what another part of the export shows.
    pub fn merge(&mut self, other: &Self) {
        self.rejects |= other.rejects;
        self.attributes.resize(self.attributes.len().max(other.attributes.len()), false);
        for (here, there) in self.attributes.iter_mut().zip(&other.attributes) {
            *here |= there;
        }
    }
}
