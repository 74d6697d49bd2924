//! Which command a run is of, and what its report counts.

use serde::{Deserialize, Serialize};

use super::{Reason, Status};

/// A command that ends in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// *Enable Users for Communications Server*
    Enable,
    /// *Configure Users*
    Configure,
    /// *Move Users*
    Move,
    /// Switches users off and keeps their settings.
    Disable,
    /// *Delete Users*
    Delete,
    /// Gives enabled users another address.
    Rename,
    /// Says who is ready to sign in.
    Audit,
    /// Compares a run with fresh exports.
    Verify,
    /// Takes a run back.
    Undo,
}

impl Mode {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 9] = [
        Self::Enable,
        Self::Configure,
        Self::Move,
        Self::Disable,
        Self::Delete,
        Self::Rename,
        Self::Audit,
        Self::Verify,
        Self::Undo,
    ];

    /// The name of the command, as people type it and as reports write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Enable => "enable",
            Self::Configure => "configure",
            Self::Move => "move",
            Self::Disable => "disable",
            Self::Delete => "delete",
            Self::Rename => "rename",
            Self::Audit => "audit",
            Self::Verify => "verify",
            Self::Undo => "undo",
        }
    }

    /// The statuses whose users have rows in the report, in the order in which people read them.
    #[must_use]
    pub fn statuses(self) -> [Status; 4] {
        match self {
            Self::Verify => [Status::Applied, Status::Missing, Status::Drifted, Status::Gone],
            Self::Audit => [Status::Ready, Status::NotReady, Status::NotEnabled, Status::Rejected],
            Self::Enable
            | Self::Configure
            | Self::Move
            | Self::Disable
            | Self::Delete
            | Self::Rename
            | Self::Undo => [Status::Changed, Status::Unchanged, Status::Skipped, Status::Rejected],
        }
    }

    /// Of these, the statuses that leave a user out for a reason, in the order in which people ask for it.
    #[must_use]
    pub fn left_out(self) -> &'static [Status] {
        match self {
            Self::Verify => &[],
            Self::Audit => &[Status::NotReady, Status::Rejected, Status::NotEnabled],
            Self::Enable
            | Self::Configure
            | Self::Move
            | Self::Disable
            | Self::Delete
            | Self::Rename
            | Self::Undo => &[Status::Rejected, Status::Skipped],
        }
    }

    /// What becomes of a record in the words of this command's report.
    #[must_use]
    pub fn concluded(self, status: Status, reason: Option<Reason>) -> Status {
        if self != Self::Audit {
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

impl std::fmt::Display for Mode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_writes_the_name_of_the_command() {
        for mode in Mode::ALL {
            let written = serde_json::to_string(&mode).unwrap();
            assert_eq!(written, format!("\"{mode}\""));
            assert_eq!(serde_json::from_str::<Mode>(&written).unwrap(), mode);
        }
        assert!(serde_json::from_str::<Mode>("\"sweep\"").is_err());
    }
}
