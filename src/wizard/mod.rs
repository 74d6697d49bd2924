//! What should be true of a user: each wizard of the snap-in judges one object alone and says what changes.
//!
//! A wizard sees nothing but the object and the settings, so that objects can be judged in parallel and twice, with
//! the same result. What needs all users (unique addresses, pool capacity) is decided between the two by
//! [`crate::plan`].

pub mod enable;

use crate::change::Change;
use crate::diagnostic::Severity;
use crate::pool::{Home, PoolId};
use crate::report::Reason;
use crate::settings::Settings;
use crate::sip::Candidate;
use crate::user::{Attr, Object};

/// What a wizard makes of one object.
#[derive(Debug)]
pub struct Verdict<'o> {
    /// Where the object stands.
    pub standing: Standing<'o>,
    /// The rule that matches, by index; looked for only where it matters.
    pub rule: Option<usize>,
    /// The pool that the object has.
    pub home: Home,
    /// What somebody should know about it; of no account unless the user has a row.
    pub remarks: Vec<Remark>,
}

/// Where an object stands, as far as it can be told from itself alone.
#[derive(Debug)]
pub enum Standing<'o> {
    /// A deleted object: it counts as nothing and holds nothing.
    Deleted,
    /// No user.
    Other,
    /// A user outside the selection.
    NotSelected,
    /// A user who is left alone or rejected.
    Out(Reason),
    /// A user who keeps this address (without `sip:`).
    Keeps(&'o str),
    /// A user who would get this address.
    Claims(Candidate<Attr>),
}

/// Something to be said about an object, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// How bad it is.
    pub severity: Severity,
    /// Its code.
    pub code: &'static str,
    /// The attribute concerned.
    pub attr: Option<Attr>,
    /// Which byte of that attribute's first value is meant.
    pub index: usize,
    /// The fact.
    pub detail: String,
    /// Why.
    pub note: String,
    /// Advice.
    pub hint: String,
}

impl Remark {
    /// A remark on an attribute, or on the object as a whole.
    pub fn new(
        severity: Severity,
        code: &'static str,
        attr: Option<Attr>,
        detail: impl Into<String>,
    ) -> Self {
        let (note, hint) = (String::new(), String::new());
        Self { severity, code, attr, index: 0, detail: detail.into(), note, hint }
    }

    /// The same remark with advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same remark with its reason.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// What was decided for a user over all users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given<'d> {
    /// The address to write, without `sip:`; none for a user who keeps his.
    pub address: Option<&'d str>,
    /// The pool to write; none for a user who keeps his.
    pub pool: Option<PoolId>,
}

/// A wizard: see the module.
pub trait Wizard: Sync {
    /// What it goes by.
    fn settings(&self) -> &Settings;

    /// What it makes of one object.
    fn judge<'o>(&self, object: &'o Object<'_>) -> Verdict<'o>;

    /// What somebody should know about a user who takes part and has this address (without `sip:`) after the run.
    fn remarks(&self, object: &Object<'_>, verdict: &Verdict<'_>, address: &str) -> Vec<Remark>;

    /// What changes for a user who takes part, once addresses and pools are decided.
    fn change(&self, object: &Object<'_>, rule: usize, given: Given<'_>) -> Change;
}
