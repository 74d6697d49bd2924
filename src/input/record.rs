//! What reading a batch gives: records, findings, and which attributes occur.

use ldif::{LineColumn, Positions};

use super::asides::Aside;
use crate::language::Text;
use crate::message::{Excerpt, Message, Place, Severity};
use crate::object::{Attr, Attributes, Object, Value};

/// What was found wrong or noteworthy at a place in a batch.
pub type Finding = Message<InBatch>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InBatch {
    /// Byte offset in the batch's text.
    pub at: usize,
    /// How many characters a caret underlines there, at least one.
    pub length: usize,
    /// The wanted attribute concerned, if it is one.
    pub attr: Option<Attr>,
    /// The attribute whose value contains the place, as it is written, and the offset at which its line begins.
    pub within: Option<(String, usize)>,
}

/// What an export holds, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportRecord<'a> {
    /// A record, and what was found in it.
    Record(RecordKind, Object<'a>, Vec<Finding>),
    /// Something beside the records that deserves a word: a referral, the trailer of a search, a fault that rejects none.
    Aside(Aside),
}

/// What one record of an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// An entry whose wanted attributes could be read; its findings are warnings or notes.
    Entry,
    /// A change record (`changetype` other than add): what is left of a large group, or a schema change. Never a user.
    Change,
    /// A record that cannot be read, or a wanted attribute of it; one finding at least is an error.
    Unreadable,
    /// A record that does not begin with a DN, with the error that says so: the remainder of another, or some other text.
    Nameless,
}

impl RecordKind {
    /// What a record is that shows an entry.
    pub(super) fn of_entry(findings: &[Finding]) -> Self {
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        if findings.iter().any(is_error) { Self::Unreadable } else { Self::Entry }
    }

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
    /// Its number, from 0: in its batch while that is read, over all exports from then on.
    pub number: u32,
    /// The physical line on which it begins, from 1.
    pub line: u64,
    /// What it is.
    pub kind: RecordKind,
    /// The object, as far as it could be read.
    pub object: Object<'a>,
    /// What is wrong or noteworthy.
    pub findings: Vec<Finding>,
    /// What the first pass noted of it.
    pub note: &'a [u8],
}

impl Numbered<'_> {
    /// Whether it is an object: without a DN that can be read, what has attributes is one, and what has none is a line of
    /// some other text.
    pub fn is_object(&self) -> bool {
        let is_something = || !self.object.normalized.is_empty() || !self.object.values.is_empty();
        self.kind == RecordKind::Entry || self.kind != RecordKind::Change && is_something()
    }
}

impl InBatch {
    /// One character.
    pub fn at(at: usize) -> Self {
        Self { at, length: 1, attr: None, within: None }
    }
}

impl Finding {
    /// A finding of one character.
    pub fn new(severity: Severity, code: &'static str, at: usize, what: Text) -> Self {
        Self::placed(severity, code, InBatch::at(at), what)
    }

    /// A value that is not of its syntax.
    #[must_use]
    pub fn invalid(value: &Value<'_>, at: usize) -> Self {
        let (name, syntax) = (value.attr.known_name(), value.attr.syntax());
        let invalid = value.fault(name);
        let mut finding = Self::new(Severity::Error, syntax.fault(), at, invalid.what).because(invalid.note);
        finding.place.attr = Some(value.attr);
        finding.help = invalid.help;
        finding.within(name, value.at)
    }

    /// The finding as a message with its place in the file.
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

    /// Whether two findings say the same of two places.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let value = |finding: &Self| finding.place.within.as_ref().map(|(name, _)| name.to_lowercase());
        value(self) == value(other)
            && (self.place.within.is_some() || self.what == other.what && self.notes == other.notes)
    }

    /// The same finding in a value of this attribute, whose line or cell begins at `from`.
    pub fn within(mut self, attribute: impl Into<String>, from: usize) -> Self {
        self.place.within = Some((attribute.into(), from));
        self
    }

    /// The same finding with this many characters underlined.
    pub fn of_length(mut self, length: usize) -> Self {
        self.place.length = length.max(1);
        self
    }

    /// The same finding about a wanted attribute.
    pub fn on(mut self, attr: Option<Attr>) -> Self {
        self.place.attr = attr;
        self
    }
}

/// Which wanted attributes occur in an export, and whether an earlier run has rejected some of its records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// By attribute.
    attributes: Vec<bool>,
    /// Whether comments say so.
    pub rejects: bool,
}

impl Shown {
    /// Nothing shown yet.
    pub fn new(attributes: &Attributes) -> Self {
        Self { attributes: vec![false; attributes.len()], rejects: false }
    }

    pub fn insert(&mut self, attr: Attr) {
        self.attributes[attr.index()] = true;
    }

    pub fn insert_all(&mut self, attrs: impl IntoIterator<Item = Attr>) {
        attrs.into_iter().for_each(|attr| self.insert(attr));
    }

    pub fn has(&self, attr: Attr) -> bool {
        self.attributes.get(attr.index()).copied().unwrap_or_default()
    }

    /// What either shows.
    pub fn merge(&mut self, other: &Self) {
        self.rejects |= other.rejects;
        self.attributes.resize(self.attributes.len().max(other.attributes.len()), false);
        for (here, there) in self.attributes.iter_mut().zip(&other.attributes) {
            *here |= there;
        }
    }
}
