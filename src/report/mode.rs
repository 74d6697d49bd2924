//! Which command a run is of, and what its report counts.

use super::{Reason, Status};
use crate::language::{Language, Text};

/// A command that ends in a report, and how the report speaks of it.
#[derive(Debug)]
pub struct Mode {
    /// The name of the command, as people type it and as reports write it.
    pub name: &'static str,
    pub kind: ReportKind,
    /// The command among the wizards and pages of the snap-in.
    pub title: Text,
    /// What it would do to users.
    pub would: Deed,
    /// What users are ready for.
    pub is_ready: Deed,
    /// Whether users who are new are counted apart from those who get only what they lack.
    pub counts_new: bool,
}

/// What happens to one user, and to several.
#[derive(Debug)]
pub struct Deed {
    pub english: [&'static str; 2],
    pub french: [&'static str; 2],
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
    /// What a command does that changes users, in whatever way.
    pub const WOULD_CHANGE: Self =
        Self { english: ["would be changed"; 2], french: ["serait modifié", "seraient modifiés"] };
    /// What users are ready for then.
    pub const READY_TO_CHANGE: Self = Self {
        english: ["is ready to be changed", "are ready to be changed"],
        french: ["est prêt à être modifié", "sont prêts à être modifiés"],
    };

    /// What happens to this many users.
    pub fn to(&self, users: u64, language: Language) -> &'static str {
        let ([one, many], is_one) = match language {
            Language::En => (self.english, users == 1),
            Language::Fr => (self.french, users <= 1),
        };
        if is_one { one } else { many }
    }
}

impl Mode {
    /// Of these, the statuses that leave a user out for a reason, in the order in which people ask for it.
    pub fn left_out(&self) -> &'static [Status] {
        match self.kind {
            ReportKind::Comparison => &[],
            ReportKind::Readiness => &[Status::NotReady, Status::Rejected, Status::NotEnabled],
            ReportKind::Changes | ReportKind::Undo => &[Status::Rejected, Status::Skipped],
        }
    }

    /// What becomes of a record in the words of this command's report.
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
            // A second record of an object, an account of Windows' own: it could never be ready.
            (Status::Skipped, _) => Status::Other,
            (other, _) => other,
        }
    }
}

impl ReportKind {
    pub const ALL: [Self; 4] = [Self::Changes, Self::Readiness, Self::Comparison, Self::Undo];

    /// The statuses whose users have rows in the report, in the order in which people read them.
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
