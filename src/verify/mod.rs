//! Compares a published run with fresh exports, for `verify` and `undo`.
//!
//! Two passes, as in [`crate::plan`]: the first finds the users of the run in the exports and their states, the second
//! writes. Between them, each user takes some tens of bytes.

// values whose objects are gone
pub(crate) mod targets;
// conflicts with present holders
pub(crate) mod holders;
// states of users
pub(crate) mod find;
// rows, issues and change files
pub(crate) mod emit;

use std::collections::HashMap;

use crate::change::{Change, State, Style};
use crate::codes::Reason;
use crate::config::{Config, ProtectedAccounts};
use crate::fingerprint::Fingerprint;
use crate::language::Text;
use crate::message::Failure;
use crate::object::{Attr, Object, Value};
use crate::ocs;
use crate::report::{Deed, Mode, ReportKind, Status};
use crate::run::log::ImportRefusal;
use crate::run::{Run, Texts};
use crate::select::{Base, DisabledAccounts, ResourceMailboxes};
use crate::settings::{Reading, Report};
use crate::sip::claims::OnDuplicate;
use crate::verify::targets::Targets;
use crate::wizard::validity::is_always_judged;
use crate::wizard::{Spec, account, enable};

/// `verify`: reports which users have the planned values.
pub(crate) static VERIFY: Mode = Mode {
    name: "verify",
    kind: ReportKind::Comparison,
    title: Text::new("Enable Operation Status", "État de l’opération d’activation"),
    would: Deed::WOULD_CHANGE,
    is_ready: Deed::READY_TO_CHANGE,
    counts_new: false,
};

/// `undo`: sets the users of a run back.
pub(crate) static UNDO: Mode = Mode {
    name: "undo",
    kind: ReportKind::Undo,
    title: Text::new("Undo of a run", "Annulation d’une exécution"),
    would: Deed::new(["would be set back"; 2], ["serait rétabli", "seraient rétablis"]),
    is_ready: Deed::new(
        ["is ready to be set back", "are ready to be set back"],
        ["est prêt à être rétabli", "sont prêts à être rétablis"],
    ),
    counts_new: false,
};

/// The purpose of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Write missing changes again.
    Verify,
    /// Undo applied changes.
    Undo,
}

impl Task {
    pub(crate) fn mode(self) -> &'static Mode {
        match self {
            Self::Verify => &VERIFY,
            Self::Undo => &UNDO,
        }
    }

    /// The status and code of the row.
    pub(crate) fn outcome(self, state: Status) -> (Status, &'static str) {
        match (self, state) {
            (Self::Undo, Status::Applied) => (Status::Changed, ""),
            (Self::Undo, Status::Missing) => (Status::Unchanged, ""),
            (Self::Undo, Status::Drifted) => (Status::Rejected, "drifted"),
            (Self::Undo, Status::Gone) => (Status::Rejected, "gone"),
            (_, state) => (state, ""),
        }
    }

    /// Whether users in this state get a change record.
    pub(crate) fn writes(self, state: Status) -> bool {
        match self {
            Self::Verify => state == Status::Missing,
            Self::Undo => state == Status::Applied,
        }
    }

    /// The change to write: the run's own, or the one that undoes it.
    fn written(self, change: Change<'_>) -> Change<'_> {
        match self {
            Self::Verify => change,
            Self::Undo => change.inverse(),
        }
    }
}

/// The users that no command may change, by the configuration of the run. It also applies to users who became such
/// since.
#[derive(Debug)]
pub(crate) struct RunPolicy {
    /// The bases that no command changes.
    pub(crate) protect: Vec<Base>,
    /// What happens to accounts protected by AdminSDHolder.
    pub(crate) protected_accounts: ProtectedAccounts,
    /// Whether contacts are users.
    pub(crate) contacts: bool,
    /// Whether one of several claimants got the address.
    pub(crate) has_rivals: bool,
    /// The wizard that made the run, if any.
    pub(crate) wizard: Option<&'static Spec>,
    /// Whether the change records enable users.
    pub(crate) enables: bool,
    pub(crate) disabled_accounts: DisabledAccounts,
    pub(crate) resource_mailboxes: ResourceMailboxes,
    /// The form of the run's modifications.
    pub(crate) style: Style,
}

impl RunPolicy {
    /// Creates the policy from the configuration of a run and its wizard.
    pub(crate) fn of(config: &Config, wizard: Option<&'static Spec>, task: Task) -> Self {
        Self {
            protect: config.safety.protect.iter().filter_map(|base| Base::new(base.get_ref()).ok()).collect(),
            protected_accounts: config.safety.protected_accounts,
            contacts: config.select.contacts,
            has_rivals: matches!(config.sip.on_duplicate, OnDuplicate::First | OnDuplicate::Number),
            wizard,
            enables: task == Task::Verify
                && wizard.is_some_and(|spec| spec.mode.name == enable::SPEC.mode.name),
            disabled_accounts: config.select.disabled_accounts,
            resource_mailboxes: config.select.resource_mailboxes,
            style: config.output.style.unwrap_or_default(),
        }
    }

    /// Whether protected accounts have batches of their own, imported last.
    pub(crate) fn sets_apart(&self) -> bool {
        self.protected_accounts != ProtectedAccounts::Include
    }

    /// The reason why the user may not be changed, if any.
    fn exclusion(&self, object: &Object<'_>) -> Option<Reason> {
        let skips_protected = self.protected_accounts == ProtectedAccounts::Skip;
        account::excluded(object)
            .or_else(|| account::spared(object, &self.protect, skips_protected))
            .or_else(|| self.not_enabled(object).filter(|_| self.enables))
    }

    /// The reason why the user may not be enabled, if any.
    fn not_enabled(&self, object: &Object<'_>) -> Option<Reason> {
        let is_disabled = self.disabled_accounts == DisabledAccounts::Skip && account::is_out_of_use(object);
        account::mailbox_out(object, self.resource_mailboxes)
            .or_else(|| is_disabled.then_some(Reason::ACCOUNT_DISABLED))
    }
}

/// The inputs of a comparison.
#[derive(Debug)]
pub(crate) struct Inquiry {
    pub(crate) task: Task,
    pub(crate) run: Run,
    pub(crate) reading: Reading,
    pub(crate) report: Report,
    /// The pools and policies that exist, as far as known.
    pub(crate) targets: Targets,
    /// The users that may not be changed.
    pub(crate) policy: RunPolicy,
    /// The refusals of importers, each with the name of the log, by the DN of the user in the run.
    pub(crate) refusals: HashMap<Fingerprint, (String, ImportRefusal)>,
}

impl Inquiry {
    /// Returns the refusal of a user's record, with the name of its log.
    pub(crate) fn refusal(&self, user: u32) -> Option<&(String, ImportRefusal)> {
        self.refusals.get(&self.run.dn(user))
    }

    /// Whether the run has written addresses or lines.
    fn writes_claims(&self) -> bool {
        const CLAIMED: [Attr; 4] =
            [Attr::PRIMARY_USER_ADDRESS, Attr::PROXY_ADDRESSES, Attr::LINE, Attr::PRIVATE_LINE];
        let attributes = &self.reading.attributes;
        let mut touched = self.run.touched.iter().filter_map(|name| attributes.find(name.as_bytes()));
        touched.any(|attr| CLAIMED.contains(&attr))
    }

    /// The reason not to write a change, whatever the run planned, if any: account or pool may have changed since.
    fn exclusion(&self, object: &Object<'_>, change: &Change<'_>) -> Option<Reason> {
        let pool_is_gone = || self.task == Task::Verify && self.assigns_gone_pool(change);
        let reason = self.policy.exclusion(object);
        let invalid = self.unsure(object).map(|_| Reason::VALUE_INVALID);
        let guessed = self.guessed(object, change).map(|_| Reason::ENCODING_GUESSED);
        // The first reason in order, as in a new run.
        reason
            .into_iter()
            .chain(invalid)
            .chain(guessed)
            .min()
            .or_else(|| pool_is_gone().then_some(Reason::POOL_GONE))
    }

    /// Returns a value of the wrong syntax that decides whether the account may be changed. An undo applies to disabled
    /// accounts, too.
    fn unsure<'o, 'v>(&self, object: &'o Object<'v>) -> Option<&'o Value<'v>> {
        let is_control = |attr| attr == Attr::USER_ACCOUNT_CONTROL || attr == Attr::ENABLED;
        let judged = self.policy.wizard.map_or(&[][..], |spec| spec.scope.judged);
        let is_judged = |attr| match self.task {
            Task::Undo => !is_control(attr) && is_always_judged(attr, &[], false),
            Task::Verify => is_always_judged(attr, judged, self.policy.sets_apart()),
        };
        object.values.invalid().find(|value| is_judged(value.attr))
    }

    /// Returns a value that equals one in the run only by a guess at its encoding, so that the directory may have
    /// another.
    fn guessed<'o, 'v>(&self, object: &'o Object<'v>, change: &Change<'_>) -> Option<&'o Value<'v>> {
        change.differences().find_map(|(attribute, removed, added)| {
            let attr = self.reading.attributes.find(attribute.as_bytes())?;
            let is_known =
                |value: &Value<'_>| removed.iter().chain(added).any(|known| **known == *value.bytes());
            object.values(attr).find(|value| value.is_guessed && is_known(value))
        })
    }

    fn assigns_gone_pool(&self, change: &Change<'_>) -> bool {
        let is_gone = |dn: &[u8]| str::from_utf8(dn).is_ok_and(|dn| self.targets.lacks(dn));
        let find = |name: &str| self.reading.attributes.find(name.as_bytes());
        change.differences().any(|(attribute, _, added)| {
            find(attribute) == Some(Attr::PRIMARY_HOME_SERVER) && added.iter().any(|dn| is_gone(dn))
        })
    }

    /// Whether the object shows only some values of an attribute that the run has written.
    fn is_cut(&self, object: &Object<'_>) -> bool {
        object.cut.is_some_and(|(attr, _)| self.has_touched(attr))
    }

    /// Whether the run has written the attribute.
    fn has_touched(&self, attr: Attr) -> bool {
        let name = self.reading.attributes.name(attr);
        self.run.touched.iter().any(|touched| touched.eq_ignore_ascii_case(name))
    }

    /// Whether a change record concerns what the run has written, or what its decisions rest on.
    fn concerns(&self, change: &Object<'_>) -> bool {
        let decides = |attr: Attr| self.has_touched(attr) || self.reading.attributes.is_decisive(attr);
        change.values.iter().any(|value| decides(value.attr))
    }

    /// Returns a user's change, to be compared with an object; its undo omits values whose objects are gone.
    fn change<'t>(
        &self,
        texts: &'t mut Texts<'_>,
        user: u32,
        object: &'t Object<'_>,
    ) -> Result<Change<'t>, Failure> {
        let home = object.text(Attr::PRIMARY_HOME_SERVER).filter(|_| self.policy.style == Style::Replace);
        let row = home.map(|_| texts.row(user)).transpose()?;
        let mut change = texts.change(user)?;
        if let (Some(home), Some(row)) = (home, row) {
            let former = row.get("previousPool");
            let is_former = ocs::pool_or_dn(home) == former;
            if !former.is_empty() {
                change
                    .note_lost(Attr::PRIMARY_HOME_SERVER.known_name(), is_former.then_some(home.as_bytes()));
            }
        }
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
