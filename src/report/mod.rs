//! The status of each record and the totals, for terminal, XML and manifest.

mod head;
mod mode;
pub(crate) mod redaction;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use strum::{EnumString, IntoStaticStr};

use crate::change::{Difference, UNDO_LIMITS};
use crate::codes::Effect;
use crate::language::Text;
use crate::message::{Message, Place};

pub(crate) use crate::codes::Reason;
pub(crate) use head::{Claimant, Conflict, ConflictList, Fate, InputFile, PoolLoad, Stake};
pub(crate) use mode::{Deed, Mode, ReportKind};

/// The result for a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, EnumString, IntoStaticStr)]
#[strum(serialize_all = "camelCase")]
pub enum Status {
    /// A change record is written for the user.
    Changed,
    /// The user already has everything that the run would give.
    Unchanged,
    /// The user is left alone, for a reason.
    Skipped,
    /// The user cannot be prepared, for a reason. Also the initial status of any record.
    #[default]
    Rejected,
    /// The user is outside the selection.
    NotSelected,
    /// Not a user: a group, a computer, a container. In `verify` and `undo`: an object that the run did not change.
    Other,
    /// `verify`: the user has everything that was planned.
    Applied,
    /// `verify`: the user has what was there before.
    Missing,
    /// `verify`: the user has anything else.
    Drifted,
    /// `verify`: no export shows the user.
    Gone,
    /// `audit`: the user can use IM and presence.
    Ready,
    /// `audit`: the user is enabled, but something is missing.
    NotReady,
    /// `audit`: the user is not enabled for Communications Server, or is switched off.
    NotEnabled,
}

impl Status {
    /// The status in reports.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The statuses of users who need attention.
    pub const ATTENTION: [Self; 5] =
        [Self::Rejected, Self::Missing, Self::Drifted, Self::Gone, Self::NotReady];

    /// Whether the user takes part to the end: no rule of the wizard leaves the user out.
    pub fn takes_part(self) -> bool {
        matches!(self, Self::Changed | Self::Unchanged | Self::Ready | Self::NotReady | Self::NotEnabled)
    }

    /// Whether the record has its own row; other records are only counted.
    pub fn has_row(self) -> bool {
        !matches!(self, Self::NotSelected | Self::Other)
    }
}

impl Reason {
    /// Returns the status for the reason, skipped or rejected.
    pub fn status(self) -> Status {
        match self.effect() {
            Effect::Skips => Status::Skipped,
            Effect::Rejects => Status::Rejected,
        }
    }
}

/// The columns of a [`Row`], as in report.xml, users.csv and `explain`.
pub(crate) const COLUMNS: [&str; 17] = [
    "seq",
    "input",
    "line",
    "status",
    "code",
    "sam",
    "guid",
    "dn",
    "displayName",
    "sipUri",
    "previousSipUri",
    "source",
    "pool",
    "previousPool",
    "rule",
    "file",
    "record",
];

/// The row of a user in the report; unknown values are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row<'a> {
    /// The record's number over all inputs, from 1.
    pub seq: u64,
    /// The number of its input, from 1.
    pub input: u32,
    /// The physical line where the record begins.
    pub line: u64,
    /// The result for the user.
    pub status: Status,
    /// The reason, if the user was skipped or rejected.
    pub code: &'a str,
    /// sAMAccountName
    pub sam: &'a str,
    /// objectGUID in the usual text form.
    pub guid: &'a str,
    /// The distinguished name.
    pub dn: &'a str,
    /// displayName
    pub display_name: &'a str,
    /// The SIP URI after the run, or the one that the user could not get.
    pub sip_uri: &'a str,
    /// The SIP URI before the run.
    pub previous_sip_uri: &'a str,
    /// The source of the address: mail, upn, first.last, sam, template, list, or existing.
    pub source: &'a str,
    /// The pool after the run.
    pub pool: &'a str,
    /// The pool before the run.
    pub previous_pool: &'a str,
    /// The rule that matched.
    pub rule: &'a str,
    /// The change file.
    pub file: &'a str,
    /// The number of the change record in its file, from 1.
    pub record: Option<u64>,
}

/// A message about a record, an input or the run, as listed in reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The record's number over all inputs; `None` if the message is about an input or the run.
    pub seq: Option<u64>,
    /// The input, from 1; 0 for none.
    pub input: u32,
    /// The attribute concerned; empty if none.
    pub attribute: String,
    /// The message, with its place in the input or in another file such as the configuration.
    pub message: Message,
}

impl Issue {
    /// Creates a message about an input as a whole (from 1), or about the run (0).
    pub fn about(message: Message, input: usize) -> Self {
        let input = u32::try_from(input).unwrap_or(u32::MAX);
        Self { seq: None, input, attribute: String::new(), message }
    }

    /// Creates the note on what undo files cannot restore.
    pub fn undo_limits() -> Self {
        Self::about(Message::note("undo-limits", UNDO_LIMITS.clone()), 0)
    }

    /// Returns the place in the input.
    pub fn place(&self) -> Option<&Place> {
        self.message.place.as_ref().filter(|_| self.input > 0)
    }

    /// Returns the place in another file, such as the configuration.
    pub fn elsewhere(&self) -> Option<&Place> {
        self.message.place.as_ref().filter(|_| self.input == 0)
    }

    /// Returns the text of the message. It includes a place outside the inputs, for which reports have no column.
    pub fn what(&self) -> Cow<'_, Text> {
        let what = &self.message.what;
        match self.elsewhere() {
            Some(Place { file, line, .. }) => Cow::Owned(what.map(|what| format!("{what} ({file}:{line})"))),
            None => Cow::Borrowed(what),
        }
    }
}

/// The change of an attribute of a user, its values as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttributeChange {
    /// The attribute.
    pub attribute: String,
    /// The values that are removed.
    pub removed: Vec<String>,
    /// The values that are added.
    pub added: Vec<String>,
}

impl AttributeChange {
    /// Creates the change; `shown` renders a value.
    pub(crate) fn of((attribute, removed, added): Difference<'_>, shown: impl Fn(&[u8]) -> String) -> Self {
        let all = |values: &[Cow<'_, [u8]>]| values.iter().map(|value| shown(value)).collect();
        Self { attribute: attribute.to_owned(), removed: all(removed), added: all(added) }
    }
}

/// The totals, which are the same everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// The number of records with each status.
    counts: [u64; Status::NotEnabled as usize + 1],
    /// The number of changed users who had no address before.
    pub newly: u64,
    /// The number of lines in `--users` that match no user.
    pub unmatched: u64,
    /// The number of warnings in the report.
    pub warnings: u64,
    /// The number of written change records.
    pub change_records: u64,
    /// The number of records for each reason, by status and code.
    pub reasons: BTreeMap<(Status, &'static str), u64>,
}

impl Totals {
    /// Counts a record.
    pub fn count(&mut self, status: Status) {
        self.counts[status as usize] += 1;
    }

    /// Returns the number of records with a status.
    pub fn of(&self, status: Status) -> u64 {
        self.counts[status as usize]
    }

    /// Returns the number of records with any of these statuses.
    pub fn of_all(&self, statuses: impl IntoIterator<Item = Status>) -> u64 {
        statuses.into_iter().map(|status| self.of(status)).sum()
    }

    /// Returns the number of records in all inputs.
    pub fn read(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Returns all totals by their names in reports; `of_command` lists the statuses of the command.
    pub fn sums(&self, of_command: [Status; 4]) -> Vec<(&'static str, u64)> {
        let sum = |status: Status| (status.name(), self.of(status));
        let mut sums = vec![("read", self.read())];
        sums.extend([Status::Changed, Status::Unchanged, Status::Skipped, Status::Rejected].map(sum));
        sums.extend([sum(Status::NotSelected), ("others", self.of(Status::Other))]);
        sums.extend(of_command.into_iter().filter(|status| *status > Status::Other).map(sum));
        sums.extend([("warnings", self.warnings), ("changeRecords", self.change_records)]);
        sums
    }

    /// Returns how many decisions are needed: on rejected records and on lines of `--users`.
    pub fn decisions(&self) -> u64 {
        self.of(Status::Rejected) + self.unmatched
    }

    /// Returns the number of rows in the report.
    pub fn rows(&self) -> u64 {
        self.read() - self.of_all([Status::NotSelected, Status::Other])
    }

    /// Adds this many records with a status.
    #[cfg(test)]
    pub fn with(mut self, status: Status, records: u64) -> Self {
        self.counts[status as usize] = records;
        self
    }
}

/// The end of a run, for report and exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Outcome {
    /// Nothing was rejected.
    Completed,
    /// Some records were rejected, or some lines of `--users` matched no user; everything else is complete.
    CompletedWithRejects,
    /// A safety limit stopped the run; no change file is written.
    Stopped,
    /// `check` found a file that it could not read.
    Unreadable,
    /// `verify` found users who are not applied or files that have changed, or `check` found errors.
    CompletedWithFindings,
}

impl Outcome {
    /// The outcome in reports.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Returns the exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Completed => 0,
            Self::CompletedWithRejects => 3,
            Self::Stopped => 4,
            Self::Unreadable => 1,
            Self::CompletedWithFindings => 5,
        }
    }
}
