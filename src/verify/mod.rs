//! A run against fresh exports: the present state of each of its users, and the run directory that follows from it.
//!
//! Two passes, as in [`crate::plan`]: the first finds the run's users in the exports and their states, the
//! second writes. Kept between them are some tens of bytes a user.

// which objects that values name are gone
pub(crate) mod targets;
// who has what would come back
pub(crate) mod holders;
// the state of each user
pub(crate) mod find;
// rows, issues and change files
pub(crate) mod emit;

use std::collections::HashMap;

use crate::change::{Change, State};
use crate::codes::Reason;
use crate::language::Text;
use crate::message::Failure;
use crate::object::{Attr, Object};
use crate::report::{Deed, Mode, ReportKind, Status};
use crate::run::log::ImportRefusal;
use crate::run::{Run, Texts};
use crate::select::Base;
use crate::settings::{Reading, Report};
use crate::sip::claims::Fingerprint;
use crate::verify::targets::Targets;
use crate::wizard::account;

/// Who has what a run planned.
pub(crate) static VERIFY: Mode = Mode {
    name: "verify",
    kind: ReportKind::Comparison,
    title: Text::new("Enable Operation Status", "État de l’opération d’activation"),
    would: Deed::WOULD_CHANGE,
    is_ready: Deed::READY_TO_CHANGE,
    counts_new: false,
    claims_lines: false,
};

/// A run taken back.
pub(crate) static UNDO: Mode = Mode {
    name: "undo",
    kind: ReportKind::Undo,
    title: Text::new("Undo of a run", "Annulation d’une exécution"),
    would: Deed { english: ["would be set back"; 2], french: ["serait rétabli", "seraient rétablis"] },
    is_ready: Deed {
        english: ["is ready to be set back", "are ready to be set back"],
        french: ["est prêt à être rétabli", "sont prêts à être rétablis"],
    },
    counts_new: false,
    claims_lines: false,
};

/// What follows from a user's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// What is missing is still to be done.
    Verify,
    /// What is applied is taken back.
    Undo,
}

impl Task {
    pub(crate) fn mode(self) -> &'static Mode {
        match self {
            Self::Verify => &VERIFY,
            Self::Undo => &UNDO,
        }
    }

    /// The status of the row, and why.
    pub(crate) fn outcome(self, state: Status) -> (Status, &'static str) {
        match (self, state) {
            (Self::Undo, Status::Applied) => (Status::Changed, ""),
            (Self::Undo, Status::Missing) => (Status::Unchanged, ""),
            (Self::Undo, Status::Drifted) => (Status::Rejected, "drifted"),
            (Self::Undo, Status::Gone) => (Status::Rejected, "gone"),
            (_, state) => (state, ""),
        }
    }

    /// Whether a change record is written for users in this state.
    pub(crate) fn writes(self, state: Status) -> bool {
        match self {
            Self::Verify => state == Status::Missing,
            Self::Undo => state == Status::Applied,
        }
    }

    /// What is written for them.
    fn written(self, change: Change<'_>) -> Change<'_> {
        match self {
            Self::Verify => change,
            Self::Undo => change.inverse(),
        }
    }
}

/// What is asked of fresh exports.
#[derive(Debug)]
pub(crate) struct Inquiry {
    pub(crate) task: Task,
    pub(crate) run: Run,
    pub(crate) reading: Reading,
    pub(crate) report: Report,
    /// What is known of the pools and policies that values name.
    pub(crate) targets: Targets,
    /// Whether accounts that AdminSDHolder watches over come last, in batches of their own.
    pub(crate) sets_apart: bool,
    /// The bases that no command changes.
    pub(crate) protect: Vec<Base>,
    /// Whether accounts that are disabled by now are left alone: the run enables users, and skipped such accounts.
    pub(crate) skips_disabled: bool,
    /// What importers refused: the log and its refusals, by the DN of the user in the run.
    pub(crate) refusals: HashMap<Fingerprint, (String, ImportRefusal)>,
}

impl Inquiry {
    /// What an importer said of a user's record, and the log that has it.
    pub(crate) fn refusal(&self, user: u32) -> Option<&(String, ImportRefusal)> {
        self.refusals.get(&self.run.dn(user))
    }

    /// Whether the run has written what only one user may have.
    fn writes_claims(&self) -> bool {
        const CLAIMED: [Attr; 4] =
            [Attr::PRIMARY_USER_ADDRESS, Attr::PROXY_ADDRESSES, Attr::LINE, Attr::PRIVATE_LINE];
        let attributes = &self.reading.attributes;
        let mut touched = self.run.touched.iter().filter_map(|name| attributes.find(name.as_bytes()));
        touched.any(|attr| CLAIMED.contains(&attr))
    }

    /// Why a change is not written, whatever the run planned: account or pool may have become another since.
    fn left_alone(&self, object: &Object<'_>, change: &Change<'_>) -> Option<Reason> {
        let is_left = || self.skips_disabled && account::is_disabled(object) && !account::is_linked(object);
        let is_homeless = || self.task == Task::Verify && self.is_to_pool_that_is_gone(change);
        account::excluded(object)
            // Those that are protected by now come last, in batches of their own.
            .or_else(|| account::spared(object, &self.protect, false))
            .or_else(|| is_left().then_some(Reason::ACCOUNT_DISABLED))
            .or_else(|| is_homeless().then_some(Reason::POOL_GONE))
    }

    fn is_to_pool_that_is_gone(&self, change: &Change<'_>) -> bool {
        let is_gone = |dn: &[u8]| str::from_utf8(dn).is_ok_and(|dn| self.targets.lack(dn));
        let find = |name: &str| self.reading.attributes.find(name.as_bytes());
        change.differences().any(|(attribute, _, added)| {
            find(attribute) == Some(Attr::PRIMARY_HOME_SERVER) && added.iter().any(|dn| is_gone(dn))
        })
    }

    /// Whether the object shows only some of the values of an attribute that the run has written.
    fn is_cut(&self, object: &Object<'_>) -> bool {
        let is_touched =
            |name: &str| self.run.touched.iter().any(|touched| touched.eq_ignore_ascii_case(name));
        object.cut.is_some_and(|(attr, _)| is_touched(self.reading.attributes.name(attr)))
    }

    /// A user's change; its undo leaves out what names something that is gone.
    fn change<'t>(&self, texts: &'t mut Texts<'_>, user: u32) -> Result<Change<'t>, Failure> {
        let mut change = texts.change(user)?;
        let refusal = self.refusal(user).map(|(_, refusal)| &*refusal.what);
        self.targets.leave_out(&mut change, refusal);
        Ok(change)
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
