//! The command behind a run, and what its report counts.

use super::{Reason, Status};
use crate::language::{Language, Text};

/// A command that ends in a report, and the words of its report.
#[derive(Debug)]
pub struct Mode {
    /// The name of the command, as typed and as written in reports.
    pub name: &'static str,
    pub kind: ReportKind,
    /// The name of the corresponding wizard or page of the snap-in.
    pub title: Text,
    /// What the command would do to users.
    pub would: Deed,
    /// What users are ready for.
    pub is_ready: Deed,
    /// Whether the report counts new users apart from those who only get what they lack.
    pub counts_new: bool,
}

/// A predicate for one user and for several.
#[derive(Debug)]
pub struct Deed {
    english: [&'static str; 2],
    french: [&'static str; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportKind {
    /// Users who change, and those who do not.
    Changes,
    /// Users who are ready to sign in, and those who are not.
    Readiness,
    /// Users who have what a run planned, and those who do not.
    Comparison,
    /// Users who get back what they had before a run.
    Undo,
}

impl Deed {
    /// What a command does that changes users in any way.
    pub const WOULD_CHANGE: Self =
        Self::new(["would be changed"; 2], ["serait modifié", "seraient modifiés"]);
    /// What users are ready for in such a command.
    pub const READY_TO_CHANGE: Self = Self::new(
        ["is ready to be changed", "are ready to be changed"],
        ["est prêt à être modifié", "sont prêts à être modifiés"],
    );

    /// The predicate for one user and for several, in English and in French.
    pub const fn new(english: [&'static str; 2], french: [&'static str; 2]) -> Self {
        Self { english, french }
    }

    /// Returns the predicate for this many users.
    pub fn to(&self, users: u64, language: Language) -> &'static str {
        let ([one, many], is_one) = match language {
            Language::En => (self.english, users == 1),
            Language::Fr => (self.french, users <= 1),
        };
        if is_one { one } else { many }
    }
}

impl Mode {
    /// A wizard that changes users and does not count new ones apart.
    pub const fn changing(name: &'static str, title: Text, would: Deed, is_ready: Deed) -> Self {
        Self { name, kind: ReportKind::Changes, title, would, is_ready, counts_new: false }
    }

    /// Returns the statuses of users who are left out for a reason, in the order in which people ask for them.
    pub fn left_out(&self) -> &'static [Status] {
        match self.kind {
            ReportKind::Comparison => &[],
            ReportKind::Readiness => &[Status::NotReady, Status::Rejected, Status::NotEnabled],
            ReportKind::Changes | ReportKind::Undo => &[Status::Rejected, Status::Skipped],
        }
    }

    /// Translates the status of a record into the terms of this command's report.
    pub fn concluded(&self, status: Status, reason: Option<Reason>) -> Status {
        if self.kind != ReportKind::Readiness {
            return status;
        }
        match (status, reason) {
            (Status::Changed | Status::Unchanged, None) => Status::Ready,
            (Status::Changed | Status::Unchanged, Some(Reason::NOT_ENABLED | Reason::SWITCHED_OFF)) => {
                Status::NotEnabled
            }
            (Status::Changed | Status::Unchanged, Some(_)) => Status::NotReady,
            (Status::Skipped, Some(Reason::OVER_LIMIT)) => Status::NotSelected,
            // A second record of an object, or a Windows account that could never be ready.
            (Status::Skipped, _) => Status::Other,
            (other, _) => other,
        }
    }
}

impl ReportKind {
    /// Returns the statuses with rows in the report, in reading order.
    pub fn statuses(self) -> [Status; 4] {
        match self {
            Self::Comparison => [Status::Applied, Status::Missing, Status::Drifted, Status::Gone],
            Self::Readiness => [Status::Ready, Status::NotReady, Status::NotEnabled, Status::Rejected],
            Self::Changes | Self::Undo => {
                [Status::Changed, Status::Unchanged, Status::Skipped, Status::Rejected]
            }
        }
    }
}
