//! What should be true of a user: each wizard of the snap-in judges one object alone and says what changes.
//!
//! A wizard sees nothing but the object and the settings, so that objects can be judged in parallel and twice, with
//! the same result. What needs all users (unique addresses, pool capacity) is decided between the two by
//! [`crate::plan`].

// what the attributes say about the account
pub mod account;
// bits, Booleans and proxy addresses
pub mod values;
// what is said of a user by more than one wizard
pub mod remark;
// the wizards of the snap-in
pub mod configure;
pub mod delete;
pub mod disable;
pub mod enable;
pub mod r#move;
pub mod rename;
// what an estate lacks
pub mod audit;

use std::borrow::Cow;

use crate::change::Change;
use crate::config::ProtectedAccounts;
use crate::message::Message;
use crate::object::{Attr, Object};
use crate::pool::{Home, PoolId};
use crate::report::{Mode, Reason, Status};
use crate::settings::Settings;
use crate::sip::claims::Role;
use crate::sip::{self, Candidate, Scheme};
pub use remark::Remark;
use values::without_scheme;

/// What a wizard makes of one object.
#[derive(Debug)]
pub struct Verdict<'o> {
    /// Where the object stands.
    pub position: Position<'o>,
    /// The rule that matches, by index; looked for only where it matters.
    pub rule: Option<usize>,
    /// The pool that the object has.
    pub home: Home,
    /// Whether the user is to be given a pool.
    pub wants_pool: bool,
    /// What an audit finds, if it is not what should be: the user takes part all the same.
    pub finding: Option<Reason>,
    /// What somebody should know about it; of no account unless the user has a row.
    pub remarks: Vec<Remark>,
}

/// Where an object stands, as far as it can be told from itself alone.
#[derive(Debug)]
pub enum Position<'o> {
    /// A deleted object: it counts as nothing and holds nothing.
    Deleted,
    /// No user.
    Other,
    /// A user outside the selection.
    NotSelected,
    /// A user who is left alone or rejected.
    Out(Reason),
    /// A user who takes part, and whose address is not at stake.
    Stays,
    /// A user who gives his address up.
    GivesUp,
    /// A user who keeps this address (without `sip:`), which nobody else should have.
    Keeps(&'o str),
    /// A user who would get this address.
    Claims(Candidate<Attr>),
}

/// What was decided for a user over all users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given<'d> {
    /// What he claimed, or another in its place, as the wizard writes claims; none for a user who claimed nothing.
    pub claim: Option<&'d str>,
    /// The pool to write; none for a user who keeps his.
    pub pool: Option<PoolId>,
    /// Whether others have the address that he keeps, too.
    pub shared: bool,
}

/// A wizard: see the module.
pub trait Wizard: Sync {
    /// What it goes by.
    fn settings(&self) -> &Settings;

    /// The command that stands for it.
    fn mode(&self) -> Mode;

    /// Where a selected user stands whom nothing keeps out that holds for all wizards. What is to be said of him, and
    /// whether he wants a pool, is noted in the verdict.
    fn position<'o>(&self, object: &'o Object<'_>, verdict: &mut Verdict<'o>) -> Position<'o>;

    /// What somebody should know about a user who takes part and has this address (without `sip:`) after the run.
    fn remarks(&self, _: &Object<'_>, _: &Verdict<'_>, _address: &str) -> Vec<Remark> {
        Vec::new()
    }

    /// What changes for a user who takes part, once claims and pools are decided.
    fn change<'c>(&'c self, object: &'c Object<'_>, rule: usize, given: Given<'c>) -> Change<'c>;

    /// What somebody should know before the run starts.
    fn warnings(&self) -> Vec<Message> {
        Vec::new()
    }

    /// What was typed and fits no user, once all are judged.
    fn unmatched(&self) -> Vec<Message> {
        Vec::new()
    }

    /// What stands at the head of each change file.
    fn file_comment(&self) -> Option<&'static str> {
        None
    }

    /// What it makes of one object.
    fn judge<'o>(&self, object: &'o Object<'_>) -> Verdict<'o> {
        let settings = self.settings();
        let mut verdict = Verdict {
            position: Position::Other,
            rule: None,
            home: Home::None,
            wants_pool: false,
            finding: None,
            remarks: Vec::new(),
        };
        if account::is_deleted(object) {
            verdict.position = Position::Deleted;
            return verdict;
        }
        verdict.home = settings.home(object.text(Attr::PRIMARY_HOME_SERVER));
        if !account::is_user(object, settings) {
            return verdict;
        }
        verdict.rule = settings.rule(object);
        verdict.position = if !settings.selection.admits(object) {
            Position::NotSelected
        } else if let Some(reason) = kept_out(object, settings) {
            Position::Out(reason)
        } else {
            self.position(object, &mut verdict)
        };
        if let Some((pool, None)) = settings.listed_pool(object).filter(|_| verdict.wants_pool) {
            verdict.wants_pool = false;
            // An address that is none comes first.
            if !matches!(verdict.position, Position::Out(_)) {
                verdict.position = Position::Out(Reason::POOL_UNKNOWN_TARGET);
                verdict.remarks = vec![remark::pool_unknown_target(pool, settings)];
            }
        }
        verdict
    }

    /// Hands out what an object holds that others may not claim, in the form in which claims compare. By default its
    /// addresses: the SIP address in any domain, mail addresses in those of the list.
    fn held(&self, object: &Object<'_>, note: &mut dyn FnMut(Cow<'_, str>, Role)) {
        let domains = &self.settings().composer.rules().domains;
        let in_list = |address: &str| {
            let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
            domains.is_empty() || sip::address::listed(domain, domains)
        };
        for uri in object.texts(Attr::PRIMARY_USER_ADDRESS).take(1) {
            note(sip::normalize(without_scheme(uri)), Role::SIP);
        }
        for value in object.texts(Attr::PROXY_ADDRESSES) {
            match Scheme::split(value) {
                Some((Scheme::Sip, address)) => note(sip::normalize(address), Role::SIP),
                // A new address is in the list, so nobody outside it is in its way.
                Some((Scheme::Smtp, address)) if in_list(address) => {
                    note(sip::normalize(address), Role::MAIL)
                }
                _ => {}
            }
        }
        if let Some(mail) = object.text(Attr::MAIL).filter(|mail| in_list(mail)) {
            note(sip::normalize(mail), Role::MAIL);
        }
    }

    /// Whether what users claim are SIP addresses.
    fn claims_addresses(&self) -> bool {
        true
    }

    /// A claim in the form in which claims compare.
    fn normalized<'c>(&self, claim: &'c str) -> Cow<'c, str> {
        sip::normalize(claim)
    }

    /// A claim as the URI that people read.
    fn uri(&self, claim: &str) -> String {
        format!("sip:{claim}")
    }

    /// Why a user is left out whose claim is somebody else's.
    fn duplicate(&self) -> Reason {
        Reason::SIP_DUPLICATE
    }

    /// What follows for a user who keeps an address that others have, too; nothing, as a rule, but a warning.
    fn twin(&self) -> Option<Reason> {
        None
    }

    /// What becomes of a record in the words of the command's report.
    fn concluded(&self, status: Status, _reason: Option<Reason>) -> Status {
        status
    }
}

/// Why a selected user takes no part, whatever the wizard; by the order of the reasons.
fn kept_out(object: &Object<'_>, settings: &Settings) -> Option<Reason> {
    let safety = &settings.safety;
    let is_below = |base: &String| ldif::dn::is_under_normalized(&object.normalized, base);
    if account::is_conflict(object) {
        Some(Reason::REPLICATION_CONFLICT)
    } else if object.cut.is_some_and(|(attr, _)| settings.wants_whole(attr)) {
        Some(Reason::VALUE_RANGE_INCOMPLETE)
    } else if account::is_critical(object) {
        Some(Reason::CRITICAL_OBJECT)
    } else if account::is_trust(object) {
        Some(Reason::TRUST_ACCOUNT)
    } else if safety.protect.iter().any(is_below) {
        Some(Reason::PROTECTED_BASE)
    } else if safety.protected_accounts == ProtectedAccounts::Skip && account::is_protected(object) {
        Some(Reason::PROTECTED_ACCOUNT)
    } else {
        None
    }
}

/// Why a user takes no part whom the rules leave alone.
fn ruled_out(verdict: &Verdict<'_>, settings: &Settings) -> Option<Reason> {
    match verdict.rule {
        None => Some(Reason::NO_RULE),
        Some(rule) if settings.rules[rule].skip => Some(Reason::RULE_SKIP),
        Some(_) => None,
    }
}
