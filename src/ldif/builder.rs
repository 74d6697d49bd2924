//! A builder of records from what the grammar finds, which reuses the memory of the previous record.

use std::collections::HashMap;

use crate::control::Control;
use crate::fault::Fault;
use crate::grammar::{self, Build, ChangeStart, Ended};
use crate::line::Line;
use crate::record::{Attribute, Content, Modification, Operation, Record, Rename};
use crate::walk::RawRecord;

/// Optional content that only some readers keep in a record.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Keep {
    /// Values by URL.
    pub(crate) urls: bool,
    /// Schema changes.
    pub(crate) schema_changes: bool,
}

/// Memory of earlier records, for reuse.
#[derive(Debug, Default)]
pub(crate) struct Spare {
    names: Vec<String>,
    values: Vec<Vec<u8>>,
    lists: Vec<Vec<Vec<u8>>>,
    attributes: Vec<Attribute>,
}

/// How many buffers of each kind are kept, and the maximum size of one, which fits most entries.
const MOST: usize = 1024;
const LONGEST: usize = 4096;

impl Spare {
    /// Turns `record` into an empty entry, and keeps its memory.
    pub(crate) fn take_apart(&mut self, record: &mut Record) {
        record.dn.clear();
        record.controls.clear();
        let empty = std::mem::take(&mut self.attributes);
        match std::mem::replace(&mut record.content, Content::Entry(empty)) {
            Content::Entry(mut attributes) | Content::Add(mut attributes) => {
                for Attribute { name, values, .. } in attributes.drain(..) {
                    self.keep(name, values);
                }
                self.attributes = attributes;
            }
            Content::Modify(modifications) => {
                for Modification { name, values, .. } in modifications {
                    self.keep(name, values);
                }
            }
            Content::Delete | Content::Rename(_) | Content::Schema(_) => {}
        }
    }

    /// Keeps the memory of an attribute or a modification, up to the limits.
    fn keep(&mut self, mut name: String, mut values: Vec<Vec<u8>>) {
        for mut value in values.drain(..) {
            if self.values.len() < MOST && value.capacity() <= LONGEST {
                value.clear();
                self.values.push(value);
            }
        }
        if self.names.len() < MOST && name.capacity() <= LONGEST && values.capacity() <= LONGEST {
            name.clear();
            self.names.push(name);
            self.lists.push(values);
        }
    }

    fn name(&mut self, bytes: &[u8]) -> String {
        let mut name = self.names.pop().unwrap_or_default();
        push_text(&mut name, bytes);
        name
    }

    fn value(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut value = self.values.pop().unwrap_or_default();
        value.extend_from_slice(bytes);
        value
    }

    fn list(&mut self) -> Vec<Vec<u8>> {
        self.lists.pop().unwrap_or_default()
    }
}

/// Reads a record into the memory of another.
pub(crate) struct Builder<'r> {
    record: &'r mut Record,
    spare: &'r mut Spare,
    keep: Keep,
    change: Option<ChangeStart>,
    is_schema_change: bool,
    attributes: Vec<Attribute>,
    /// The indexes of the first attributes by their descriptions in lower case; empty while there are few.
    index: HashMap<Vec<u8>, usize>,
    modifications: Vec<Modification>,
    rename: Rename,
}

impl<'r> Builder<'r> {
    pub(crate) fn new(record: &'r mut Record, spare: &'r mut Spare, keep: Keep) -> Self {
        spare.take_apart(record);
        let attributes = std::mem::take(&mut spare.attributes);
        Self {
            record,
            spare,
            keep,
            change: None,
            is_schema_change: false,
            attributes,
            index: HashMap::new(),
            modifications: Vec::new(),
            rename: Rename::default(),
        }
    }

    /// Reads the record and reports its faults to `out`; returns false if one of them is an error, or the record is
    /// skipped.
    pub(crate) fn read(mut self, raw: &RawRecord<'_>, out: &mut impl FnMut(Fault)) -> bool {
        let is_read = grammar::read(raw, &mut self, out) == Ended::Read;
        let content = match self.change {
            None => Content::Entry(self.attributes),
            Some(ChangeStart::Add) => Content::Add(self.attributes),
            Some(ChangeStart::Delete) => Content::Delete,
            Some(ChangeStart::Modify) => Content::Modify(self.modifications),
            Some(ChangeStart::Rename) => Content::Rename(self.rename),
        };
        self.record.content =
            if self.is_schema_change { Content::Schema(Box::new(content)) } else { content };
        if !is_read {
            self.spare.take_apart(self.record);
        }
        is_read
    }

    /// Returns the attribute with this description, adding it if necessary.
    fn find_or_add(&mut self, name: &[u8]) -> &mut Attribute {
        let at = self.position(name).unwrap_or_else(|| {
            let (name, values) = (self.spare.name(name), self.spare.list());
            self.attributes.push(Attribute { name, values, urls: Vec::new() });
            self.attributes.len() - 1
        });
        &mut self.attributes[at]
    }

    /// Returns the index of the attribute with this description.
    ///
    /// BE ADVISED: an entry may have a million attributes, so only the last few are searched one by one.
    fn position(&mut self, name: &[u8]) -> Option<usize> {
        const FEW: usize = 64;
        while self.attributes.len() - self.index.len() > FEW {
            let at = self.index.len();
            self.index.insert(self.attributes[at].name.to_ascii_lowercase().into_bytes(), at);
        }
        let indexed = self.index.len();
        let has_name = |attribute: &Attribute| attribute.name.as_bytes().eq_ignore_ascii_case(name);
        match self.attributes[indexed..].iter().rposition(has_name) {
            Some(recent) => Some(indexed + recent),
            None if indexed == 0 => None,
            None => self.index.get(&name.to_ascii_lowercase()).copied(),
        }
    }
}

fn push_text(text: &mut String, bytes: &[u8]) {
    text.push_str(&String::from_utf8_lossy(bytes));
}

impl Build for Builder<'_> {
    fn dn(&mut self, dn: &[u8]) {
        push_text(&mut self.record.dn, dn);
    }

    fn control(&mut self, control: Control) {
        self.record.controls.push(control);
    }

    fn change(&mut self, change: ChangeStart) {
        self.change = Some(change);
    }

    fn schema_change(&mut self) -> bool {
        self.is_schema_change = self.keep.schema_changes;
        self.is_schema_change
    }

    fn operation(&mut self, operation: Operation, name: &[u8]) {
        let (name, values) = (self.spare.name(name), self.spare.list());
        self.modifications.push(Modification { operation, name, values, urls: Vec::new() });
    }

    fn value(&mut self, line: &Line<'_>, value: &[u8]) {
        let value = self.spare.value(value);
        match self.modifications.last_mut() {
            Some(modification) => modification.values.push(value),
            None => self.find_or_add(&line.description()).values.push(value),
        }
    }

    fn url(&mut self, line: &Line<'_>, url: &[u8]) -> bool {
        if self.keep.urls {
            let url = String::from_utf8_lossy(url).into_owned();
            match self.modifications.last_mut() {
                Some(modification) => modification.urls.push(url),
                None => self.find_or_add(&line.description()).urls.push(url),
            }
        }
        self.keep.urls
    }

    fn new_rdn(&mut self, rdn: &[u8]) {
        push_text(&mut self.rename.new_rdn, rdn);
    }

    fn delete_old_rdn(&mut self, delete: bool) {
        self.rename.delete_old = delete;
    }

    fn new_superior(&mut self, dn: &[u8]) {
        self.rename.new_superior = Some(String::from_utf8_lossy(dn).into_owned());
    }
}
