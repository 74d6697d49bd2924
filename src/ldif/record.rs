//! Records that own their values.

use std::collections::HashMap;

use crate::control::Control;
use crate::fault::Fault;
use crate::grammar::{self, Build, Change, Outcome};
use crate::line::Line;
use crate::walk::RawRecord;

/// An entry, or a change of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The DN as written; see [`Dn`](crate::Dn).
    pub dn: String,
    /// The controls of a change.
    pub controls: Vec<Control>,
    /// What the record says of the entry.
    pub content: Content,
}

/// What a record says of its entry.
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
}

/// An attribute with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The attribute description: the type with its options, such as `cn;lang-fr`, as first written.
    pub name: String,
    /// The values in order, each once. Text is UTF-8.
    pub values: Vec<Vec<u8>>,
}

/// One modification of an attribute (RFC 4511 section 4.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modification {
    /// What is done.
    pub operation: Operation,
    /// The attribute description.
    pub name: String,
    /// The values in order, each once.
    pub values: Vec<Vec<u8>>,
}

/// What a modification does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Adds the values.
    Add,
    /// Deletes the values, or all if none is named.
    Delete,
    /// Puts the values in the place of all there are.
    Replace,
    /// Adds the value to a number (RFC 4525).
    Increment,
}

/// A new name or a new place for an entry (RFC 4511 section 4.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// The new RDN.
    pub new_rdn: String,
    /// Do the values of the old RDN go?
    pub delete_old: bool,
    /// The DN of the new parent, if it moves.
    pub new_superior: Option<String>,
}

impl Record {
    /// Reads a record, tells all its faults to `out`, and gives it unless one of them is an error, or it is a
    /// change of the schema.
    pub fn read(raw: &RawRecord<'_>, out: &mut impl FnMut(Fault)) -> Option<Self> {
        let mut builder = Builder::default();
        if grammar::read(raw, &mut builder, out) != Outcome::Read {
            return None;
        }
        let content = match builder.change {
            None => Content::Entry(builder.attributes),
            Some(Change::Add) => Content::Add(builder.attributes),
            Some(Change::Delete) => Content::Delete,
            Some(Change::Modify) => Content::Modify(builder.modifications),
            Some(Change::Rename) => Content::Rename(Rename {
                new_rdn: builder.new_rdn,
                delete_old: builder.delete_old,
                new_superior: builder.new_superior,
            }),
        };
        Some(Self { dn: builder.dn, controls: builder.controls, content })
    }

    /// The attributes of an entry; none for a change other than add.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        match &self.content {
            Content::Entry(attributes) | Content::Add(attributes) => attributes,
            _ => &[],
        }
    }

    /// The values of the attribute of this description, in any case; none if it is not there.
    #[must_use]
    pub fn values(&self, name: &str) -> &[Vec<u8>] {
        let attribute = self.attributes().iter().find(|a| a.name.eq_ignore_ascii_case(name));
        attribute.map_or(&[], |a| &a.values)
    }
}

#[derive(Default)]
struct Builder {
    dn: String,
    controls: Vec<Control>,
    change: Option<Change>,
    attributes: Vec<Attribute>,
    /// Where the first of them stand, by their descriptions in lower case; empty while they are few.
    index: HashMap<Vec<u8>, usize>,
    modifications: Vec<Modification>,
    new_rdn: String,
    delete_old: bool,
    new_superior: Option<String>,
}

impl Builder {
    /// Where the attribute of this description is.
    ///
    /// BE ADVISED: an entry may have a million attributes, so those that are not the last few are looked up.
    fn find(&mut self, name: &[u8]) -> Option<usize> {
        const FEW: usize = 64;
        while self.attributes.len() - self.index.len() > FEW {
            let at = self.index.len();
            self.index.insert(self.attributes[at].name.to_ascii_lowercase().into_bytes(), at);
        }
        let indexed = self.index.len();
        let recent =
            self.attributes[indexed..].iter().rposition(|a| a.name.as_bytes().eq_ignore_ascii_case(name));
        match recent {
            Some(at) => Some(indexed + at),
            None if indexed == 0 => None,
            None => self.index.get(&name.to_ascii_lowercase()).copied(),
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Build for Builder {
    fn dn(&mut self, dn: &[u8]) {
        self.dn = text(dn);
    }

    fn control(&mut self, control: Control) {
        self.controls.push(control);
    }

    fn change(&mut self, change: Change) {
        self.change = Some(change);
    }

    fn operation(&mut self, operation: Operation, name: &[u8]) {
        self.modifications.push(Modification { operation, name: text(name), values: Vec::new() });
    }

    fn value(&mut self, line: &Line<'_>, value: &[u8]) {
        if let Some(modification) = self.modifications.last_mut() {
            modification.values.push(value.to_vec());
            return;
        }
        let name = line.description();
        let at = self.find(&name).unwrap_or_else(|| {
            self.attributes.push(Attribute { name: text(&name), values: Vec::new() });
            self.attributes.len() - 1
        });
        self.attributes[at].values.push(value.to_vec());
    }

    fn new_rdn(&mut self, rdn: &[u8]) {
        self.new_rdn = text(rdn);
    }

    fn delete_old_rdn(&mut self, delete: bool) {
        self.delete_old = delete;
    }

    fn new_superior(&mut self, dn: &[u8]) {
        self.new_superior = Some(text(dn));
    }
}
