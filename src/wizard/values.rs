//! The values that several wizards write: bits of integers, the `sip:` proxy address, TRUE and FALSE.

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

/// The address that a user has.
pub(crate) fn address_of<'o>(object: &'o Object<'_>) -> Option<&'o str> {
    object.text(Attr::PRIMARY_USER_ADDRESS).map(without_scheme)
}

pub(super) fn uri(address: &str) -> String {
    ["sip:", address].concat()
}

/// The directory's integer: 32 bits, signed.
pub(super) fn integer(object: &Object<'_>, attr: Attr) -> Option<i32> {
    object.integer(attr).and_then(|number| i32::try_from(number).ok())
}

/// msRTCSIP-OptionFlags with these bits set and cleared.
pub(super) fn flags_after(object: &Object<'_>, bits: &[(i32, Option<bool>)]) -> i32 {
    let before = integer(object, Attr::OPTION_FLAGS).unwrap_or_default();
    bits.iter().fold(before, |flags, (bit, wanted)| match wanted {
        Some(true) => flags | bit,
        Some(false) => flags & !bit,
        None => flags,
    })
}

/// The attributes of federation, remote access and the line server that some rule's options name.
pub(super) fn access_named(rules: &[Rule]) -> Vec<Attr> {
    let names = |wanted: fn(&UserOptions) -> bool| rules.iter().any(|rule| wanted(&rule.options));
    let server = names(|options| options.line_server.is_some()).then_some(Attr::LINE_SERVER);
    let federation = names(|options| options.federation.is_some()).then_some(Attr::FEDERATION_ENABLED);
    let access = names(|options| options.remote_access.is_some()).then_some(Attr::INTERNET_ACCESS_ENABLED);
    [server, federation, access].into_iter().flatten().collect()
}

/// The bits that options name, and that of enhanced presence.
pub(super) fn bits(options: &UserOptions, presence: Option<bool>) -> [(i32, Option<bool>); 6] {
    [
        (flags::ENHANCED_PRESENCE, presence),
        (flags::PUBLIC_IM, options.public_im),
        (flags::ANONYMOUS_MEETINGS, options.anonymous_meetings),
        (flags::ENTERPRISE_VOICE, options.enterprise_voice),
        (flags::REMOTE_CALL_CONTROL, options.remote_call_control),
        // Dual mode is a mode of remote call control: who has none has not both, and who gets it does not get both.
        (flags::DUAL_MODE, options.remote_call_control.filter(|wanted| !wanted)),
    ]
}

/// The addresses of the `sip:` values of proxyAddresses.
pub(super) fn sip_values<'o>(object: &'o Object<'_>) -> impl Iterator<Item = &'o str> + Clone {
    object.values(Attr::PROXY_ADDRESSES).filter_map(|value| sip_value(value.text()?))
}

/// Whether two addresses, with or without `sip:`, are one.
pub(crate) fn same_address(a: &str, b: &str) -> bool {
    sip::normalize(without_scheme(a)) == sip::normalize(without_scheme(b))
}

/// Whether proxyAddresses has the `sip:` value of an address; equal without case.
pub(super) fn has_sip_value(object: &Object<'_>, address: &str) -> bool {
    sip_values(object).any(|value| same_address(value, address))
}

/// What is to become of an object: each method adds to the change what makes one thing true, and nothing where it is true
/// already.
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
        let before = self.object.first(attr).map(Value::bytes);
        self.change.set(Step::set(attr.known_name(), matching, before, after), self.style);
    }

    pub(super) fn truth(&mut self, attr: Attr, wanted: bool) {
        let wanted: &'static [u8] = if wanted { b"TRUE" } else { b"FALSE" };
        self.set(attr, Matching::IgnoreCase, wanted);
    }

    /// Bits of msRTCSIP-OptionFlags are set and cleared, and every other bit is kept; no bit at all is the same as no
    /// attribute.
    pub(super) fn flags(&mut self, bits: &[(i32, Option<bool>)]) {
        let after = flags_after(self.object, bits);
        if after != integer(self.object, Attr::OPTION_FLAGS).unwrap_or_default() {
            self.bits(Attr::OPTION_FLAGS, after);
        }
    }

    /// msRTCSIP-ArchivingEnabled gets its two bits, and keeps every other.
    pub(super) fn archiving(&mut self, wanted: Option<Archiving>) {
        let before = integer(self.object, Attr::ARCHIVING_ENABLED);
        let kept = before.unwrap_or_default();
        let after = match wanted {
            None => kept,
            Some(Archiving::None) => kept & !ARCHIVING_BITS,
            Some(Archiving::Internal) => kept & !ARCHIVING_BITS | ARCHIVES_INTERNAL,
            Some(Archiving::Federated) => kept & !ARCHIVING_BITS | ARCHIVES_FEDERATED,
            Some(Archiving::All) => kept | ARCHIVING_BITS,
        };
        if before != Some(after) {
            self.bits(Attr::ARCHIVING_ENABLED, after);
        }
    }

    /// Bits that are shared with other features, and therefore always guarded.
    fn bits(&mut self, attr: Attr, after: i32) {
        let before = self.object.first(attr).map(Value::bytes);
        let after = after.to_string().into_bytes();
        self.change.set(Step::set(attr.known_name(), Matching::Exact, before, after), Style::Guarded);
    }

    /// Federation, remote access and the line server, where the options name them and the attribute may be written.
    pub(super) fn access(&mut self, options: &'c UserOptions, opens: impl Fn(Attr) -> bool) {
        let wanted = [
            (Attr::FEDERATION_ENABLED, options.federation),
            (Attr::INTERNET_ACCESS_ENABLED, options.remote_access),
        ];
        for (attr, wanted) in wanted {
            if let Some(wanted) = wanted.filter(|_| opens(attr)) {
                self.truth(attr, wanted);
            }
        }
        if let Some(server) = options.line_server.as_ref().filter(|_| opens(Attr::LINE_SERVER)) {
            self.set(Attr::LINE_SERVER, Matching::IgnoreCase, server.get_ref().as_bytes());
        }
    }

    /// The user gets this pool. A former one that is gone cannot be put back: a directory does not take its DN.
    pub(super) fn pool(&mut self, pool: &'c Pool, settings: &Settings) {
        let (attr, dn) = (Attr::PRIMARY_HOME_SERVER, pool.dn.as_bytes());
        match self.object.text(attr) {
            Some(before) if settings.home(self.object.dn(attr).as_deref()) == Home::Gone => {
                self.change.set(Step::set_for_good(attr.known_name(), before.as_bytes(), dn), self.style);
            }
            _ => self.set(attr, Matching::Dn, dn),
        }
    }

    /// The user gets the address of this URI, to the letter, so that `case = "lower"` is written.
    pub(super) fn address(&mut self, uri: &'c str) {
        self.set(Attr::PRIMARY_USER_ADDRESS, Matching::Exact, uri.as_bytes());
    }

    /// The `sip:` value of this address leaves proxyAddresses, and this URI joins them; a value that is there stays as it
    /// is.
    pub(super) fn proxy_address(&mut self, leaves: Option<&str>, joins: Option<Cow<'c, str>>) {
        let is_leaving = |value: &&str| {
            leaves.is_some_and(|leaves| sip_value(value).is_some_and(|found| same_address(found, leaves)))
        };
        let removed = self.object.texts(Attr::PROXY_ADDRESSES).filter(is_leaving);
        let removed = removed.map(|value| Cow::Borrowed(value.as_bytes()));
        let joins = joins.filter(|uri| !has_sip_value(self.object, uri));
        let added = joins.map(|uri| match uri {
            Cow::Borrowed(uri) => Cow::Borrowed(uri.as_bytes()),
            Cow::Owned(uri) => Cow::Owned(uri.into_bytes()),
        });
        self.change.edit(Attr::PROXY_ADDRESSES.known_name(), removed, added);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bit 4 archives internal conversations, bit 8 those with others; the rest of the integer is not the program's.
    #[test]
    fn archiving_is_two_bits_and_the_others_stay() {
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
    fn federation_and_remote_access_are_written_where_the_options_name_them_and_the_attribute_may_be() {
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
