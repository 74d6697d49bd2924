//! Switching users off, as the Communications tab does: msRTCSIP-UserEnabled becomes FALSE, and every setting stays.

use super::{Given, Position, Verdict, Wizard, account, values};
use crate::change::Change;
use crate::object::{Attr, Object};
use crate::report::{Mode, Reason};
use crate::settings::Settings;

/// The wizard, by these settings.
#[derive(Debug)]
pub struct Disable<'s> {
    /// What it goes by.
    pub settings: &'s Settings,
}

/// What the wizard reads or writes of users, and each input with users must therefore show.
#[must_use]
pub fn needs(_: &Settings) -> Vec<Attr> {
    vec![Attr::USER_ENABLED]
}

impl Wizard for Disable<'_> {
    fn settings(&self) -> &Settings {
        self.settings
    }

    fn mode(&self) -> Mode {
        Mode::Disable
    }

    fn position<'o>(&self, object: &'o Object<'_>, _: &mut Verdict<'o>) -> Position<'o> {
        // Who is switched off already has what the wizard gives.
        if account::is_enabled(object) || account::is_switched_off(object) {
            Position::Stays
        } else {
            Position::Out(Reason::NOT_ENABLED)
        }
    }

    fn change<'c>(&'c self, object: &'c Object<'_>, _: usize, _: Given<'c>) -> Change<'c> {
        let mut change = Change::default();
        values::set_truth(&mut change, object, Attr::USER_ENABLED, false, self.settings.style);
        change
    }
}
