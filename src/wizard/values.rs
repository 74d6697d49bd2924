//! Values that several wizards write: bits of integers, the `sip:` proxy address, Booleans.

use std::borrow::Cow;

use crate::change::{Change, Matching, Step, Style};
use crate::config::{Archiving, UserOptions};
use crate::object::{Attr, Object, Value};
use crate::ocs::{ARCHIVES_FEDERATED, ARCHIVES_INTERNAL, flags};
use crate::pool::{Home, Pool};
use crate::settings::{Rule, Settings};
use crate::sip;
pub(crate) use crate::sip::address::{sip_value, without_scheme};

const ARCHIVING_BITS: i32 = ARCHIVES_INTERNAL | ARCHIVES_FEDERATED;

/// The user's present address, without `sip:`.
pub(crate) fn address_of<'o>(object: &'o Object<'_>) -> Option<&'o str> {
    object.text(Attr::PRIMARY_USER_ADDRESS).map(without_scheme)
}

pub(super) fn uri(address: &str) -> String {
    ["sip:", address].concat()
}

/// An integer of the directory: 32 bits, signed.
pub(super) fn integer(object: &Object<'_>, attr: Attr) -> Option<i32> {
    object.integer(attr).and_then(|number| i32::try_from(number).ok())
}

/// The value of msRTCSIP-OptionFlags after these bits are set and cleared.
pub(super) fn flags_after(object: &Object<'_>, bits: &[(i32, Option<bool>)]) -> i32 {
    let before = integer(object, Attr::OPTION_FLAGS).unwrap_or_default();
    bits.iter().fold(before, |flags, (bit, wanted)| match wanted {
        Some(true) => flags | bit,
        Some(false) => flags & !bit,
        None => flags,
    })
}

/// The attributes of federation, remote access and the line server that the options of some rule set.
pub(super) fn access_named(rules: &[Rule]) -> Vec<Attr> {
    let some_rule = |sets: fn(&UserOptions) -> bool| rules.iter().any(|rule| sets(&rule.options));
    let server = some_rule(|options| options.line_server.is_some()).then_some(Attr::LINE_SERVER);
    let federation = some_rule(|options| options.federation.is_some()).then_some(Attr::FEDERATION_ENABLED);
    let access =
        some_rule(|options| options.remote_access.is_some()).then_some(Attr::INTERNET_ACCESS_ENABLED);
    [server, federation, access].into_iter().flatten().collect()
}

/// The bits that the options set or clear, and that of enhanced presence.
pub(super) fn bits(options: &UserOptions, presence: Option<bool>) -> [(i32, Option<bool>); 6] {
    [
        (flags::ENHANCED_PRESENCE, presence),
        (flags::PUBLIC_IM, options.public_im),
        (flags::ANONYMOUS_MEETINGS, options.anonymous_meetings),
        (flags::ENTERPRISE_VOICE, options.enterprise_voice),
        (flags::REMOTE_CALL_CONTROL, options.remote_call_control),
        // Dual mode is a mode of remote call control: whoever loses remote call control loses dual mode as well.
        (flags::DUAL_MODE, options.remote_call_control.filter(|wanted| !wanted)),
    ]
}

/// The addresses of the `sip:` values of proxyAddresses.
pub(super) fn sip_values<'o>(object: &'o Object<'_>) -> impl Iterator<Item = &'o str> + Clone {
    object.values(Attr::PROXY_ADDRESSES).filter_map(|value| sip_value(value.text()?))
}

/// Whether two addresses, with or without `sip:`, are equal.
pub(crate) fn same_address(a: &str, b: &str) -> bool {
    sip::normalize(without_scheme(a)) == sip::normalize(without_scheme(b))
}

/// Whether proxyAddresses has the `sip:` value of an address, regardless of case.
pub(super) fn has_sip_value(object: &Object<'_>, address: &str) -> bool {
    sip_values(object).any(|value| same_address(value, address))
}

/// Builds the change of one object. Each method adds what is needed to reach a state, and nothing if it is reached.
pub(super) struct Edits<'c> {
    change: Change<'c>,
    object: &'c Object<'c>,
    style: Style,
}

impl<'c> Edits<'c> {
    pub(super) fn new(object: &'c Object<'_>, settings: &Settings) -> Self {
        Self { change: Change::default(), object, style: settings.writing.style }
    }

    pub(super) fn change(self) -> Change<'c> {
        self.change
    }

    pub(super) fn set(&mut self, attr: Attr, matching: Matching, after: impl Into<Cow<'c, [u8]>>) {
        debug_assert!(
            !attr.known_name().is_empty(),
            "a wizard writes only attributes with a row in src/schema"
        );
        let before = self.object.first(attr).map(Value::bytes);
        self.change.set(Step::set(attr.known_name(), matching, before, after), self.style);
    }

    pub(super) fn boolean(&mut self, attr: Attr, wanted: bool) {
        let wanted: &'static [u8] = if wanted { b"TRUE" } else { b"FALSE" };
        self.set(attr, Matching::IgnoreCase, wanted);
    }

    /// Sets and clears bits of msRTCSIP-OptionFlags and keeps all others. A missing attribute counts as 0.
    pub(super) fn flags(&mut self, bits: &[(i32, Option<bool>)]) {
        let after = flags_after(self.object, bits);
        if after != integer(self.object, Attr::OPTION_FLAGS).unwrap_or_default() {
            self.set_bits(Attr::OPTION_FLAGS, after);
        }
    }

    /// Sets the two archiving bits of msRTCSIP-ArchivingEnabled and keeps all others.
    pub(super) fn archiving(&mut self, wanted: Option<Archiving>) {
        let kept = integer(self.object, Attr::ARCHIVING_ENABLED).unwrap_or_default();
        let after = match wanted {
            None => kept,
            Some(Archiving::None) => kept & !ARCHIVING_BITS,
            Some(Archiving::Internal) => kept & !ARCHIVING_BITS | ARCHIVES_INTERNAL,
            Some(Archiving::Federated) => kept & !ARCHIVING_BITS | ARCHIVES_FEDERATED,
            Some(Archiving::All) => kept | ARCHIVING_BITS,
        };
        self.set_bits(Attr::ARCHIVING_ENABLED, after);
    }

    /// Writes an integer whose other bits belong to other features, and so always guards the old value.
    fn set_bits(&mut self, attr: Attr, after: i32) {
        let before = self.object.first(attr).map(Value::bytes);
        let after = after.to_string().into_bytes();
        self.change.set(Step::set(attr.known_name(), Matching::Exact, before, after), Style::Guarded);
    }

    /// Sets federation, remote access and the line server, where the options name them and the attribute may be
    /// written.
    pub(super) fn access(&mut self, options: &'c UserOptions, is_writable: impl Fn(Attr) -> bool) {
        let wanted = [
            (Attr::FEDERATION_ENABLED, options.federation),
            (Attr::INTERNET_ACCESS_ENABLED, options.remote_access),
        ];
        for (attr, wanted) in wanted {
            if let Some(wanted) = wanted.filter(|_| is_writable(attr)) {
                self.boolean(attr, wanted);
            }
        }
        if let Some(server) = options.line_server.as_ref().filter(|_| is_writable(Attr::LINE_SERVER)) {
            self.set(Attr::LINE_SERVER, Matching::IgnoreCase, server.get_ref().as_bytes());
        }
    }

    /// Sets the pool. A former pool that is gone is not restored by the undo: a directory refuses its DN.
    pub(super) fn pool(&mut self, pool: &'c Pool, settings: &Settings) {
        let (attr, dn) = (Attr::PRIMARY_HOME_SERVER, pool.dn.as_bytes());
        match self.object.text(attr) {
            Some(before) if settings.home(self.object.dn(attr).as_deref()) == Home::Gone => {
                self.change.set(Step::set_for_good(attr.known_name(), before.as_bytes(), dn), self.style);
            }
            _ => self.set(attr, Matching::Dn, dn),
        }
    }

    /// Sets the address of this URI, byte by byte, so that `case = "lower"` takes effect.
    pub(super) fn address(&mut self, uri: &'c str) {
        self.set(Attr::PRIMARY_USER_ADDRESS, Matching::Exact, uri.as_bytes());
    }

    /// Removes the `sip:` value of one address from proxyAddresses and adds a URI, unless its value is there already.
    pub(super) fn proxy_address(&mut self, old: Option<&str>, new: Option<Cow<'c, str>>) {
        let is_old = |value: &&str| {
            old.is_some_and(|old| sip_value(value).is_some_and(|found| same_address(found, old)))
        };
        let removed = self.object.texts(Attr::PROXY_ADDRESSES).filter(is_old);
        let removed = removed.map(|value| Cow::Borrowed(value.as_bytes()));
        let missing = new.filter(|uri| !has_sip_value(self.object, uri));
        let added = missing.map(|uri| match uri {
            Cow::Borrowed(uri) => Cow::Borrowed(uri.as_bytes()),
            Cow::Owned(uri) => Cow::Owned(uri.into_bytes()),
        });
        self.change.edit(Attr::PROXY_ADDRESSES.known_name(), removed, added);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bit 4 archives internal conversations, bit 8 those with others; the other bits are kept.
    #[test]
    fn archiving_sets_two_bits_and_keeps_the_others() {
        for (before, wanted, after) in [
            (None, None, Some("0")),
            (Some("13"), None, None),
            (Some("13"), Some(Archiving::None), Some("1")),
            (Some("0"), Some(Archiving::None), None),
            (Some("9"), Some(Archiving::Internal), Some("5")),
            (Some("5"), Some(Archiving::Internal), None),
            (Some("5"), Some(Archiving::Federated), Some("9")),
            (None, Some(Archiving::Federated), Some("8")),
            (Some("1"), Some(Archiving::All), Some("13")),
        ] {
            let mut object = Object::new("CN=Ann,DC=contoso,DC=com".into(), 0).unwrap();
            object.values.extend(before.map(|text| Value::of_text(Attr::ARCHIVING_ENABLED, text, 0)));
            let mut edits = Edits { change: Change::default(), object: &object, style: Style::Guarded };
            edits.archiving(wanted);
            let added =
                edits.change.differences().map(|(_, _, added)| String::from_utf8(added[0].to_vec()).unwrap());
            assert_eq!(added.collect::<Vec<_>>(), Vec::from_iter(after), "{before:?} {wanted:?}");
        }
    }

    #[test]
    fn federation_and_remote_access_are_written_if_named_and_writable() {
        let object = Object::new("CN=Ann,DC=contoso,DC=com".into(), 0).unwrap();
        for (federation, remote_access, opens, wanted) in [
            (Some(true), Some(false), Attr::FEDERATION_ENABLED, "TRUE"),
            (Some(true), Some(false), Attr::INTERNET_ACCESS_ENABLED, "FALSE"),
            (None, Some(true), Attr::FEDERATION_ENABLED, ""),
        ] {
            let options = UserOptions { federation, remote_access, ..UserOptions::default() };
            let mut edits = Edits { change: Change::default(), object: &object, style: Style::Guarded };
            edits.access(&options, |attr| attr == opens);
            let written = edits.change.differences();
            let written: Vec<_> =
                written.map(|(attribute, _, added)| (attribute, added[0].to_vec())).collect();
            let expect = (!wanted.is_empty()).then(|| (opens.known_name(), wanted.as_bytes().to_vec()));
            assert_eq!(written, Vec::from_iter(expect), "{federation:?} {remote_access:?} {opens:?}");
        }
    }
}
