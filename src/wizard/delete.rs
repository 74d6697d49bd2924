//! *Delete Users*: everything of Communications Server goes from the user, whose account stays.
//!
//! What the wizard itself removes is documented nowhere to the letter; what is removed here is all that an export shows,
//! so that the undo can put all of it back.

use super::values::{same_address, without_scheme};
use super::{Claims, Given, Participation, Remark, Spec, Verdict, Wizard, registry::nothing, remark};
use crate::change::Change;
use crate::object::{Attr, Object, Value};
use crate::pool::Home;
use crate::report::{Mode, Reason};
use crate::settings::{Scope, Settings};
use crate::sip::Scheme;

/// What sets the wizard apart.
pub static SPEC: Spec = Spec {
    mode: Mode::Delete,
    scope: Scope { rules: false, places: false },
    claims: Claims::None,
    twin: None,
    needs,
    prepare: nothing,
};

/// The wizard, by these settings.
#[derive(Debug)]
pub struct Delete<'s> {
    settings: &'s Settings,
}

impl<'s> Delete<'s> {
    /// The wizard by these settings.
    #[must_use]
    pub fn new(settings: &'s Settings) -> Self {
        Self { settings }
    }
}

/// What the wizard reads or writes of users, and each input with users must therefore show; of all others it removes what
/// is shown.
fn needs(_: &Settings) -> Vec<Attr> {
    vec![Attr::PRIMARY_USER_ADDRESS, Attr::PROXY_ADDRESSES]
}

impl Wizard for Delete<'_> {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn settings(&self) -> &Settings {
        self.settings
    }

    fn position<'o>(&self, object: &'o Object<'_>, _: &mut Verdict<'o>) -> Participation<'o> {
        let has_settings =
            object.values.iter().any(|value| self.settings.reading.shown.contains(&value.attr));
        if has_settings || self.leaving(object).next().is_some() {
            Participation::Loses
        } else {
            Participation::Out(Reason::NOT_ENABLED)
        }
    }

    fn remarks(&self, object: &Object<'_>, _: &Verdict<'_>, _: &str) -> Vec<Remark> {
        let former = object.text(Attr::PRIMARY_USER_ADDRESS).map(without_scheme);
        // Of a user without an address all go.
        let going = if self.settings.addresses.proxy_address {
            former.map(|former| vec![former])
        } else {
            Some(vec![])
        };
        going.and_then(|going| remark::extra_proxies(object, &going)).into_iter().collect()
    }

    fn change<'c>(&'c self, object: &'c Object<'_>, _: usize, _: Given<'c>) -> Change<'c> {
        let mut change = Change::default();
        for &attr in &self.settings.reading.shown {
            let values: Vec<&[u8]> = object.values(attr).map(Value::bytes).collect();
            let names_pool = matches!(attr, Attr::PRIMARY_HOME_SERVER | Attr::TARGET_HOME_SERVER);
            let is_gone = names_pool && self.settings.home(object.dn(attr)) == Home::Gone;
            change.clear(self.settings.reading.attributes.name(attr), &values, is_gone);
        }
        let leaving = self.leaving(object).map(|value| value.as_bytes().into());
        change.edit(Attr::PROXY_ADDRESSES.known_name(), leaving, None);
        change
    }
}

impl Delete<'_> {
    /// The `sip:` values that go: that of the address; of a user without one, all, for they block newcomers.
    fn leaving<'o>(&self, object: &'o Object<'_>) -> impl Iterator<Item = &'o str> {
        let former = object.text(Attr::PRIMARY_USER_ADDRESS).map(without_scheme);
        let goes = move |address: &str| former.is_none_or(|former| same_address(address, former));
        let values = object.texts(Attr::PROXY_ADDRESSES).filter(|_| self.settings.addresses.proxy_address);
        values.filter(move |value| {
            Scheme::split(value).is_some_and(|(scheme, address)| scheme == Scheme::Sip && goes(address))
        })
    }
}
