//! The wizards of the snap-in. Each judges one object by itself and says what changes for it.
//!
//! A wizard sees only the object and the settings and keeps no state, so objects can be judged in parallel, and twice
//! with the same result. Decisions that need all users (unique addresses, pool capacity) are made between the two
//! passes, by [`crate::plan`].

// the account behind an object
pub(crate) mod account;
// verdicts in a few bytes
mod note;
// bits, Booleans and proxy addresses
pub(crate) mod values;
// values of the wrong syntax
pub(crate) mod validity;
// remarks that several wizards make
pub(crate) mod remark;
// remarks on the options that users get
mod options;
// claims on addresses and lines
pub(crate) mod claims;
// the wizards, one row each
pub(crate) mod registry;
// the wizards of the snap-in
pub(crate) mod configure;
pub(crate) mod delete;
pub(crate) mod disable;
pub(crate) mod enable;
pub(crate) mod r#move;
pub(crate) mod rename;
// readiness of the estate
pub(crate) mod audit;

use crate::change::Change;
use crate::config::ProtectedAccounts;
use crate::message::{Failure, Message};
use crate::object::{Attr, Object};
use crate::pool::{Home, PoolId};
use crate::report::{Reason, ReportKind};
use crate::settings::{Safety, Settings};
use crate::sip::Candidate;
use crate::sip::claims::{Ruling, RulingKind};
pub(crate) use claims::Claims;
pub(crate) use registry::{Chosen, Spec, WIZARDS};
pub(crate) use remark::Remark;

/// A wizard's logic, or the fault in its flags.
pub(crate) type Made<'s> = Result<Box<dyn Logic + 's>, Failure>;

/// The attributes that say whether a person uses the mailbox and which account signs in.
const OF_MAILBOXES: [Attr; 2] = [Attr::MASTER_ACCOUNT_SID, Attr::RECIPIENT_TYPE_DETAILS];

/// A wizard's judgement of one object.
#[derive(Debug, Default)]
pub struct Verdict<'o> {
    pub position: Participation<'o>,
    /// The rule that matches, by index; looked up only where it matters.
    pub rule: Option<usize>,
    /// The pool that the user is homed on.
    pub home: Home,
    /// Whether the user gets a pool.
    pub wants_pool: bool,
    /// The finding of an audit; the user takes part all the same.
    pub finding: Option<Reason>,
    /// The flag of [`Logic::unmatched_flags`] that the user matches, by index.
    pub matched: Option<u8>,
    /// Remarks for the report, if the user has a row there.
    pub remarks: Vec<Remark>,
}

impl Verdict<'_> {
    /// The address or line that the user claims, if any.
    pub(crate) fn candidate(&self) -> Option<&Candidate> {
        match &self.position {
            Participation::Claims(candidate) => Some(candidate),
            _ => None,
        }
    }

    /// The claim of the user after this ruling, if they claim anything.
    pub(crate) fn claimed<'v>(&'v self, ruling: Option<&'v Ruling>) -> Option<&'v str> {
        let candidate = self.candidate()?;
        match ruling.map(|ruling| &ruling.kind) {
            Some(RulingKind::Numbered(address)) => Some(address),
            _ => Some(&candidate.address),
        }
    }
}

/// How an object takes part in the run, judged from the object alone.
#[derive(Debug, Default)]
pub enum Participation<'o> {
    /// A deleted object, which counts as nothing and holds nothing.
    Deleted,
    /// Not a user.
    #[default]
    Other,
    NotSelected,
    /// A user who is skipped or rejected.
    Out(Reason),
    /// A user who takes part and whose address is not at stake.
    Stays,
    /// A user who loses the address.
    Loses,
    /// A user who keeps this address (without `sip:`), which should be theirs alone.
    Keeps(&'o str),
    /// A user who would get this address.
    Claims(Candidate),
}

/// The values that a user gets, decided over all users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given<'d> {
    /// The claim, or its replacement, in its written form: a SIP URI or a line; none if the user claims nothing.
    pub claim: Option<&'d str>,
    /// The pool to write; none if the user keeps theirs.
    pub pool: Option<PoolId>,
    /// Whether others also have the address that the user keeps.
    pub shared: bool,
}

/// A wizard with its settings and its logic.
pub struct Wizard<'s> {
    pub spec: &'static Spec,
    pub settings: &'s Settings,
    pub logic: Box<dyn Logic + 's>,
    /// The kind of claim its users make.
    pub claims: Claims,
}

impl<'s> Wizard<'s> {
    pub fn new(spec: &'static Spec, settings: &'s Settings, logic: Box<dyn Logic + 's>) -> Self {
        Self { spec, settings, logic, claims: spec.claims.under(settings) }
    }

    /// Judges one object: how it takes part, with the remarks on it.
    pub fn judge<'o>(&self, object: &'o Object<'_>) -> Verdict<'o> {
        let settings = self.settings;
        let mut verdict = Verdict::default();
        if account::is_deleted(object) {
            verdict.position = Participation::Deleted;
            return verdict;
        }
        let home = settings.home(object.dn(Attr::PRIMARY_HOME_SERVER).as_deref());
        // A user without an address is not homed.
        verdict.home = if object.has(Attr::PRIMARY_USER_ADDRESS) { home } else { home.left_over() };
        if !account::is_user(object, settings) {
            return verdict;
        }
        verdict.rule = settings.rule(object);
        let unsure = validity::unsure_letters(object, settings);
        verdict.position = if unsure.is_none() && !settings.selection.admits(object) {
            Participation::NotSelected
        } else if let Some(reason) = self.kept_out(object, unsure, &mut verdict.remarks) {
            Participation::Out(reason)
        } else {
            self.logic.position(object, &mut verdict)
        };
        verdict.remarks.extend(remark::move_pending(object));
        verdict.remarks.extend(remark::pool_newer(verdict.home, settings));
        if verdict.wants_pool {
            self.judge_placement(object, &mut verdict);
        }
        verdict
    }

    /// Judges the pool that a list names for the user, or else the value by which the pool is drawn.
    fn judge_placement(&self, object: &Object<'_>, verdict: &mut Verdict<'_>) {
        let settings = self.settings;
        let fault = match settings.listed_pool(object) {
            Some((_, Some(pool))) => {
                verdict.remarks.extend(remark::pool_newer(Home::Known(pool), settings));
                None
            }
            Some((pool, None)) => {
                Some((Reason::POOL_UNKNOWN_TARGET, remark::pool_unknown_target(pool, settings)))
            }
            None => {
                let is_drawn = verdict.rule.is_some_and(|rule| settings.rules[rule].pools.len() > 1);
                is_drawn.then(|| validity::unsure_group(object, settings)).flatten()
            }
        };
        // A user who is out keeps that reason.
        if let Some((reason, remark)) = fault
            && !matches!(verdict.position, Participation::Out(_))
        {
            verdict.position = Participation::Out(reason);
            verdict.remarks = vec![remark];
        }
    }

    /// The first reason in order why a selected user takes no part in any wizard, if there is one; `unsure` is the one
    /// that lies in a filter or a rule.
    fn kept_out(
        &self,
        object: &Object<'_>,
        unsure: Option<(Reason, Remark)>,
        remarks: &mut Vec<Remark>,
    ) -> Option<Reason> {
        let &Self { spec, settings, .. } = self;
        let (invalid, faults) = validity::judge(object, spec, settings);
        let is_cut = object.cut.is_some_and(|(attr, _)| settings.reading.wants_whole(attr));
        let cut = is_cut.then_some(Reason::VALUE_RANGE_INCOMPLETE);
        // An audit looks at all users.
        let spared = spared(object, settings).filter(|_| spec.mode.kind != ReportKind::Readiness);
        let (unsure, remark) = unsure.unzip();
        let reasons = [account::excluded(object), cut, invalid, unsure, spared];
        let reason = reasons.into_iter().flatten().min();
        if unsure.is_some() && reason == unsure {
            remarks.extend(remark);
        } else if reason == invalid {
            remarks.extend(faults);
        }
        reason
    }
}

/// The part of a wizard that is its own: pure functions of one object and the settings.
pub trait Logic: Sync {
    /// Judges a user who passed the checks common to all wizards. The verdict receives remarks and whether the user
    /// needs a pool.
    fn position<'o>(&self, object: &'o Object<'_>, verdict: &mut Verdict<'o>) -> Participation<'o>;

    /// Returns remarks on a user who takes part and has this address (without `sip:`) after the run.
    fn remarks(&self, _: &Object<'_>, _: &Verdict<'_>, _address: &str) -> Vec<Remark> {
        Vec::new()
    }

    /// Returns the SID of the logon account in another forest that a user has, or gets by this rule.
    fn logon(&self, _: &Object<'_>, _rule: Option<usize>) -> Option<Vec<u8>> {
        None
    }

    /// Returns the change for a user who takes part and gets these values, decided or, for a preview, wished for.
    fn change<'c>(&'c self, object: &'c Object<'_>, rule: usize, given: Given<'c>) -> Change<'c>;

    /// The attributes that new values are composed from, unless a list gives the values. Inputs with users must show
    /// them.
    fn sources(&self) -> Vec<Attr> {
        Vec::new()
    }

    /// Returns the warnings to show before the run starts.
    fn warnings(&self) -> Vec<Message> {
        Vec::new()
    }

    /// Returns one warning for each flag that some user must match, for the case that none does. Verdicts refer to them
    /// by index.
    fn unmatched_flags(&self) -> Vec<Message> {
        Vec::new()
    }

    /// The comment at the top of each change file.
    fn file_comment(&self) -> Option<&str> {
        None
    }
}

/// The reason why no wizard that writes may change the user, if any.
fn spared(object: &Object<'_>, settings: &Settings) -> Option<Reason> {
    let Safety { protect, protected_accounts, .. } = &settings.safety;
    account::spared(object, protect, *protected_accounts == ProtectedAccounts::Skip)
}

/// The reason why the rules leave the user out, if any.
fn ruled_out(verdict: &Verdict<'_>, settings: &Settings) -> Option<Reason> {
    match verdict.rule {
        None => Some(Reason::NO_RULE),
        Some(rule) if settings.rules[rule].skip => Some(Reason::RULE_SKIP),
        Some(_) => None,
    }
}
