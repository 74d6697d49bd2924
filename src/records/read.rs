//! Facts about a whole export, collected while its records are read.

use crate::input::asides::{ExportAsides, Located};
use crate::input::{Export, Numbered, RecordKind, Shown};
use crate::message::Message;
use crate::object::{Attr, Attributes};

/// Facts about an export, or about a batch of one.
#[derive(Clone, Debug)]
pub struct Read {
    /// The number of records.
    pub records: u32,
    /// The numbers of objects and of changes among them.
    pub objects: u32,
    changes: u32,
    /// Whether it contains users, and whether it is a full dump of them.
    pub users: bool,
    dump: bool,
    /// The wanted attributes that occur.
    pub shown: Shown,
}

impl Read {
    pub(super) fn new(attributes: &Attributes) -> Self {
        let shown = Shown::new(attributes);
        Self { records: 0, objects: 0, changes: 0, users: false, dump: false, shown }
    }

    /// Adds the facts about a record.
    pub(super) fn count(&mut self, record: &Numbered<'_>, is_user: bool) {
        self.records += 1;
        self.objects += u32::from(record.is_object());
        self.changes += u32::from(record.kind == RecordKind::Change);
        self.users |= is_user;
        self.dump |= is_user
            && [Attr::INSTANCE_TYPE, Attr::OBJECT_CATEGORY].iter().any(|&attr| record.object.has(attr));
    }

    /// Notes the export of the batch: if it has the columns of its first object, it is no full dump, whatever its records
    /// show.
    pub(super) fn belongs_to(&mut self, export: &Export) {
        self.dump &= export.table().is_none_or(|table| !table.has_columns_of_first());
    }

    /// Adds the facts about a batch.
    fn add(&mut self, batch: &Self) {
        self.records += batch.records;
        self.objects += batch.objects;
        self.changes += batch.changes;
        self.users |= batch.users;
        self.dump |= batch.dump;
        self.shown.merge(&batch.shown);
    }

    /// The reason why the file is not an export, if any.
    pub fn refusal(&self, export: &Export) -> Option<Message> {
        export.refusal(self.records.into(), self.objects.into(), self.changes.into())
    }

    /// Whether the export shows the attribute itself; a full dump shows every attribute in the directory.
    pub fn shows_itself(&self, attr: Attr) -> bool {
        self.shown.has(attr) || self.dump && attr != Attr::ENABLED || attr == Attr::DISTINGUISHED_NAME
    }

    /// Whether the export shows the attribute or an equivalent.
    pub fn shows(&self, attr: Attr) -> bool {
        self.shows_itself(attr)
            || match attr {
                Attr::OBJECT_CLASS => self.shown.has(Attr::SAM_ACCOUNT_TYPE),
                Attr::USER_ACCOUNT_CONTROL => self.shown.has(Attr::ENABLED),
                // Windows' own accounts have relative identifiers below 1000.
                Attr::IS_CRITICAL_SYSTEM_OBJECT => self.shown.has(Attr::OBJECT_SID),
                _ => false,
            }
    }
}

/// Collects the facts about all exports, batch by batch.
pub(super) struct Reading<'e> {
    exports: &'e [Export],
    pub(super) reads: Vec<Read>,
    pub(super) asides: Vec<ExportAsides>,
}

impl<'e> Reading<'e> {
    pub(super) fn of(exports: &'e [Export], attributes: &Attributes) -> Self {
        let asides = exports.iter().map(|_| ExportAsides::default()).collect();
        Self { exports, reads: vec![Read::new(attributes); exports.len()], asides }
    }

    /// Adds the facts about the next batch of an export.
    pub(super) fn take(&mut self, export: usize, batch: &Read, asides: Located) {
        self.asides[export].take(asides, batch.records.into(), &self.exports[export].name);
        self.reads[export].add(batch);
    }
}
