//! What reading a batch gives: records, findings, and which attributes occur.

use ldif::{LineColumn, Positions};

use super::asides::Aside;
use crate::codes;
use crate::language::{Language, Text};
use crate::message::{Excerpt, Message, Place, Severity};
use crate::object::{Attr, Attributes, Object, Value};

/// What was found wrong or noteworthy at a place in a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The kebab-case name of the fault.
    pub code: &'static str,
    /// Byte offset in the batch's text at which the fault is.
    pub at: usize,
    /// How many characters a caret underlines there, at least one.
    pub length: usize,
    /// The wanted attribute concerned, if it is one.
    pub attr: Option<Attr>,
    /// What the value belongs to in which the fault is, and the offset at which its line begins.
    pub within: Option<(String, usize)>,
    /// The fact: lower case, no final period.
    pub what: String,
    /// Why: the rule's source, or the other place involved.
    pub note: Option<String>,
    /// Advice, imperative.
    pub help: Option<String>,
}

/// One record of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record<'a> {
    /// An entry whose wanted attributes could be read; its findings are warnings or notes.
    Entry(Object<'a>, Vec<Finding>),
    /// A change record (`changetype` other than add): what is left of a large group, or a schema change. Never a user.
    Change(Object<'a>, Vec<Finding>),
    /// A record that cannot be read, or a wanted attribute of it; one finding at least is an error.
    Unreadable(Object<'a>, Vec<Finding>),
    /// Something beside the records that deserves a word: a referral, the trailer of a search, a fault that rejects none.
    Aside(Aside),
}

/// What one record of an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// As [`Record::Entry`].
    Entry,
    /// As [`Record::Change`].
    Change,
    /// As [`Record::Unreadable`].
    Unreadable,
}

impl RecordKind {
    pub(super) fn number(self) -> u64 {
        self as u64
    }

    pub(super) fn of_number(number: u64) -> Self {
        match number {
            0 => Self::Entry,
            1 => Self::Change,
            _ => Self::Unreadable,
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
}

impl Finding {
    /// A finding of one character.
    pub fn new(severity: Severity, code: &'static str, at: usize, what: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            at,
            length: 1,
            attr: None,
            within: None,
            what: what.into(),
            note: None,
            help: None,
        }
    }

    /// A value that is not of its syntax.
    pub(super) fn invalid(value: &Value<'_>, at: usize) -> Self {
        let (name, syntax) = (value.attr.known_name(), value.attr.syntax());
        let invalid = value.fault(name);
        let finding = Self {
            attr: Some(value.attr),
            ..Self::new(Severity::Error, syntax.fault(), at, invalid.what.english())
        };
        let finding = finding.within(name, value.at).note(Some(invalid.note.english().to_owned()));
        Self { help: invalid.help.map(|help| help.english().to_owned()), ..finding }
    }

    /// The finding as a message with its place.
    pub(super) fn told(
        &self,
        file: &str,
        positions: &mut Positions<'_>,
        excerpt: Option<Excerpt>,
    ) -> Message {
        let LineColumn { line, column } = positions.of(self.at);
        let place = Place { file: file.to_owned(), line, column, excerpt };
        self.message().moved(Some(place))
    }

    /// What is said, without its place.
    pub fn message(&self) -> Message<()> {
        // In French the catalogue says what the fault is, and the excerpt shows it.
        let what = Text::of(self.what.clone(), in_lower_case(codes::meaning(self.code, Language::Fr)));
        let mut message = Message::placed(self.severity, self.code, (), what);
        message.notes.extend(self.note.clone().map(Text::from));
        message.help = self.help.clone().map(Text::from);
        message
    }

    /// Whether two findings say the same of two places.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let value = |finding: &Self| finding.within.as_ref().map(|(name, _)| name.to_lowercase());
        value(self) == value(other)
            && (self.within.is_some() || self.what == other.what && self.note == other.note)
    }

    /// The same finding in a value of this attribute, whose line or cell begins at `from`.
    #[must_use]
    pub fn within(mut self, attribute: impl Into<String>, from: usize) -> Self {
        self.within = Some((attribute.into(), from));
        self
    }

    /// The same finding with its reason.
    #[must_use]
    pub fn note(mut self, note: Option<String>) -> Self {
        self.note = note;
        self
    }

    /// The same finding with its advice.
    #[must_use]
    pub fn help(mut self, help: String) -> Self {
        self.help = Some(help);
        self
    }
}

/// A phrase as it is in a message: with a small letter, unless its first word is a name such as PowerShell.
fn in_lower_case(phrase: &str) -> String {
    let (word, rest) = phrase.split_at(phrase.find(' ').unwrap_or(phrase.len()));
    let is_name = word.chars().skip(1).any(char::is_uppercase);
    if is_name { phrase.to_owned() } else { word.to_lowercase() + rest }
}

/// Which wanted attributes occur in an export, by attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown(Vec<bool>);

impl Shown {
    /// Nothing shown yet.
    #[must_use]
    pub fn new(attributes: &Attributes) -> Self {
        Self(vec![false; attributes.len()])
    }

    /// The attribute occurs.
    pub fn insert(&mut self, attr: Attr) {
        self.0[attr.index()] = true;
    }

    /// All of these occur.
    pub fn insert_all(&mut self, attrs: impl IntoIterator<Item = Attr>) {
        attrs.into_iter().for_each(|attr| self.insert(attr));
    }

    /// Whether the attribute occurs.
    #[must_use]
    pub fn has(&self, attr: Attr) -> bool {
        self.0.get(attr.index()).copied().unwrap_or_default()
    }

    /// What either shows.
    pub fn merge(&mut self, other: &Self) {
        self.0.resize(self.0.len().max(other.0.len()), false);
        for (here, there) in self.0.iter_mut().zip(&other.0) {
            *here |= there;
        }
    }
}
