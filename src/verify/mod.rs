//! A run against fresh exports: the present state of each of its users, and the run directory that follows from it.
//!
//! Two passes, as in [`crate::plan`]: the first finds the run's users in the exports and their states, the
//! second writes. Kept between them are some tens of bytes a user.

// the state of each user
pub mod find;
// rows, issues and change files
pub mod emit;

use crate::change::{Change, State};
use crate::report::{Mode, Status};

/// What follows from a user's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// What is missing is still to be done.
    Verify,
    /// What is applied is taken back.
    Undo,
}

impl Task {
    /// The command.
    #[must_use]
    pub fn mode(self) -> Mode {
        match self {
            Self::Verify => Mode::Verify,
            Self::Undo => Mode::Undo,
        }
    }

    /// The status of the row, and why.
    #[must_use]
    pub fn outcome(self, stands: Status) -> (Status, &'static str) {
        match (self, stands) {
            (Self::Undo, Status::Applied) => (Status::Changed, ""),
            (Self::Undo, Status::Missing) => (Status::Unchanged, ""),
            (Self::Undo, Status::Drifted) => (Status::Rejected, "drifted"),
            (Self::Undo, Status::Gone) => (Status::Rejected, "gone"),
            (_, stands) => (stands, ""),
        }
    }

    /// Whether a change record is written for users in this state.
    #[must_use]
    pub fn writes(self, stands: Status) -> bool {
        match self {
            Self::Verify => stands == Status::Missing,
            Self::Undo => stands == Status::Applied,
        }
    }

    /// What is written for them.
    fn change(self, change: Change<'_>) -> Change<'_> {
        match self {
            Self::Verify => change,
            Self::Undo => change.inverse(),
        }
    }
}

impl From<State> for Status {
    fn from(state: State) -> Self {
        match state {
            State::Applied => Self::Applied,
            State::Missing => Self::Missing,
            State::Drifted => Self::Drifted,
        }
    }
}
