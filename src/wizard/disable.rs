//! Switching users off, as the Communications tab does: msRTCSIP-UserEnabled becomes FALSE, and every setting stays.

use super::{Claims, Given, Participation, Spec, Verdict, Wizard, account, registry::nothing, values};
use crate::change::Change;
use crate::object::{Attr, Object};
use crate::report::{Mode, Reason};
use crate::settings::{Scope, Settings};

/// What sets the wizard apart.
pub static SPEC: Spec = Spec {
    mode: Mode::Disable,
    scope: Scope { rules: false, places: false },
    claims: Claims::None,
    twin: None,
    needs,
    prepare: nothing,
};

/// The wizard, by these settings.
#[derive(Debug)]
pub struct Disable<'s> {
    settings: &'s Settings,
}

impl<'s> Disable<'s> {
    /// The wizard by these settings.
    #[must_use]
    pub fn new(settings: &'s Settings) -> Self {
        Self { settings }
    }
}

/// What the wizard reads or writes of users, and each input with users must therefore show.
fn needs(_: &Settings) -> Vec<Attr> {
    vec![Attr::USER_ENABLED]
}

impl Wizard for Disable<'_> {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn settings(&self) -> &Settings {
        self.settings
    }

    fn position<'o>(&self, object: &'o Object<'_>, _: &mut Verdict<'o>) -> Participation<'o> {
        // Who is switched off already has what the wizard gives.
        if account::is_enabled(object) || account::is_switched_off(object) {
            Participation::Stays
        } else {
            Participation::Out(Reason::NOT_ENABLED)
        }
    }

    fn change<'c>(&'c self, object: &'c Object<'_>, _: usize, _: Given<'c>) -> Change<'c> {
        let mut change = Change::default();
        values::set_truth(&mut change, object, Attr::USER_ENABLED, false, self.settings.writing.style);
        change
    }
}
