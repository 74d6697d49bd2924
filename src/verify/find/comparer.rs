//! Finds the users of the run in one batch.

use super::{NONE, UserState, values};
use crate::change::State;
use crate::codes::Reason;
use crate::fingerprint::Fingerprint;
use crate::input::{Numbered, RecordKind};
use crate::message::{Failure, Message, Severity};
use crate::object::{Attr, Object};
use crate::output::ldif::Series;
use crate::output::writer::SHOWN_OF_A_CODE;
use crate::records::{FreshBatch, ReadBatch};
use crate::report::Status;
use crate::run::Texts;
use crate::verify::holders::Holders;
use crate::verify::{Inquiry, Task};
use crate::wizard::account::{is_deleted, is_of_users, is_protected, is_uncontrolled};

/// The result of one batch; record numbers count from its first record.
#[derive(Default)]
pub(super) struct FoundPart {
    pub(super) found: Vec<(u32, UserState)>,
    pub(super) barred: Vec<(u32, Reason)>,
    /// Users whose records do not show whether the account is disabled.
    pub(super) uncontrolled: Vec<u32>,
    pub(super) holders: Holders,
    pub(super) series: Vec<Series>,
    /// The users of change records in the export.
    pub(super) changed: Vec<u32>,
    /// Messages about unreadable records that may not be users.
    pub(super) unread: Vec<Message>,
}

/// The identity of an object: GUID and DN.
fn identity(object: &Object<'_>) -> (Option<Fingerprint>, Fingerprint) {
    (object.guid_octets().map(|guid| Fingerprint::of(&guid)), Fingerprint::of(object.normalized.as_bytes()))
}

/// Finds users in the records of a batch.
pub(super) struct Comparer<'i> {
    inquiry: &'i Inquiry,
    texts: Texts<'i>,
    part: FoundPart,
}

impl<'i> Comparer<'i> {
    pub(super) fn new(inquiry: &'i Inquiry) -> Self {
        Self { inquiry, texts: Texts::of(&inquiry.run), part: FoundPart::default() }
    }

    pub(super) fn batch(mut self, batch: &FreshBatch<'_>) -> (Result<FoundPart, Failure>, ReadBatch) {
        let mut done = Ok(false);
        let read = batch.each(&mut |record, note| {
            if done.is_ok() {
                done = self.record(record, batch, note);
            }
            matches!(done, Ok(true))
        });
        (done.map(|_| self.part), read)
    }

    /// Compares a record; returns whether it is a user of the run.
    fn record(
        &mut self,
        record: &Numbered<'_>,
        batch: &FreshBatch<'_>,
        note: &mut Vec<u8>,
    ) -> Result<bool, Failure> {
        let Inquiry { run, policy, .. } = self.inquiry;
        let &Numbered { number, kind, ref object, ref findings, .. } = record;
        let part = &mut self.part;
        let (guid, dn) = identity(object);
        let counts = !object.normalized.is_empty() && !is_deleted(object);
        // The DN may be another object's by now.
        let is_user = !object.has(Attr::OBJECT_CLASS) || is_of_users(object, policy.contacts);
        let user = run.find(guid, dn).filter(|_| counts && is_user);
        if counts && self.inquiry.writes_claims() {
            part.holders.add_held(object, user.unwrap_or(NONE), number, policy.has_rivals);
        }
        match user {
            // The values of a change record count as held, but they are no user's state.
            Some(user) if kind == RecordKind::Change => {
                part.changed.extend(Some(user).filter(|_| self.inquiry.concerns(object)));
            }
            None if kind == RecordKind::Change => {}
            Some(user) => return self.add_user(user, record, dn, note).map(|()| true),
            None => {
                let fault = findings.iter().find(|finding| finding.severity == Severity::Error);
                if let Some(fault) = fault.filter(|_| part.unread.len() < SHOWN_OF_A_CODE) {
                    part.unread.push(Message { severity: Severity::Warning, ..batch.message(fault) });
                }
            }
        }
        Ok(false)
    }

    /// Adds a user of the run in their state, with what they would get or why they get nothing.
    fn add_user(
        &mut self,
        user: u32,
        record: &Numbered<'_>,
        dn: Fingerprint,
        note: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        let Inquiry { task, run, reading, policy, .. } = self.inquiry;
        let Numbered { number, kind, object, .. } = record;
        let is_read = *kind == RecordKind::Entry && !self.inquiry.is_cut(object);
        let change = self.inquiry.change(&mut self.texts, user, object)?;
        let state = change.state(|attribute| values(object, reading, attribute));
        if task.writes(state.into()) {
            change.note(note);
        }
        let written = task.written(change);
        let spent = *task == Task::Undo && state == State::Applied && written.is_empty();
        let status = match state {
            _ if !is_read => Status::Drifted,
            _ if spent => Status::Missing,
            state => state.into(),
        };
        let part = &mut self.part;
        if task.writes(status) {
            match self.inquiry.exclusion(object, &written) {
                Some(reason) => part.barred.push((user, reason)),
                None => part.holders.add_gained(user, object, &written, reading),
            }
            if policy.enables && is_uncontrolled(object) {
                part.uncontrolled.push(user);
            }
        }
        let protected = run.batch(user).protected || policy.sets_apart() && is_protected(object);
        let series = Series::index_in(&mut part.series, ldif::dn::domain(&object.dn), protected);
        let moved = run.dn(user) != dn;
        let state =
            UserState { status, moved, disputed: false, spent, series, record: *number, number: NONE };
        part.found.push((user, state));
        Ok(())
    }
}
