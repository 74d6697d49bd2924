//! The values that several wizards write: bits of integers, the `sip:` proxy address, TRUE and FALSE.
//!
//! Each function adds to a [`Change`] what makes one thing true, and nothing where it is true already.

use std::borrow::Cow;

use crate::change::{Change, Matching, Style};
use crate::config::{Archiving, UserOptions};
use crate::object::{Attr, Object, Value};
use crate::ocs::{ARCHIVES_FEDERATED, ARCHIVES_INTERNAL, flags};
use crate::pool::{Home, Pool};
use crate::settings::{Rule, Settings};
use crate::sip::{self, Scheme};

/// The bits of msRTCSIP-ArchivingEnabled.
const ARCHIVING_BITS: i32 = ARCHIVES_INTERNAL | ARCHIVES_FEDERATED;

/// The address of a SIP URI.
#[must_use]
pub fn without_scheme(uri: &str) -> &str {
    Scheme::split(uri).filter(|(scheme, _)| *scheme == Scheme::Sip).map_or(uri, |(_, address)| address)
}

/// The directory's integer: 32 bits, signed.
pub(super) fn integer(object: &Object<'_>, attr: Attr) -> Option<i32> {
    object.integer(attr).and_then(|number| i32::try_from(number).ok())
}

/// A single-valued attribute of the object gets this value.
pub(super) fn set<'c>(
    change: &mut Change<'c>,
    object: &'c Object<'_>,
    attr: Attr,
    matching: Matching,
    after: impl Into<Cow<'c, [u8]>>,
    style: Style,
) {
    let before = object.first(attr).map(Value::bytes);
    change.set(attr.known_name(), matching, before, after, style);
}

/// A Boolean attribute gets this value.
pub(super) fn set_truth<'c>(
    change: &mut Change<'c>,
    object: &'c Object<'_>,
    attr: Attr,
    wanted: bool,
    style: Style,
) {
    let wanted: &'static [u8] = if wanted { b"TRUE" } else { b"FALSE" };
    set(change, object, attr, Matching::IgnoreCase, wanted, style);
}

/// Bits of msRTCSIP-OptionFlags are set and cleared, and every other bit is kept. The attribute is shared with other
/// features, and therefore always guarded; no bit at all is the same as no attribute.
pub(super) fn set_flags<'c>(change: &mut Change<'c>, object: &'c Object<'_>, bits: &[(i32, Option<bool>)]) {
    let after = flags_after(object, bits);
    if after != integer(object, Attr::OPTION_FLAGS).unwrap_or_default() {
        set_integer(change, object, Attr::OPTION_FLAGS, after);
    }
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

/// msRTCSIP-ArchivingEnabled gets its two bits, and keeps every other; guarded like the flags.
pub(super) fn set_archiving<'c>(change: &mut Change<'c>, object: &'c Object<'_>, wanted: Option<Archiving>) {
    let before = integer(object, Attr::ARCHIVING_ENABLED);
    let kept = before.unwrap_or_default();
    let after = match wanted {
        None => kept,
        Some(Archiving::None) => kept & !ARCHIVING_BITS,
        Some(Archiving::Internal) => kept & !ARCHIVING_BITS | ARCHIVES_INTERNAL,
        Some(Archiving::Federated) => kept & !ARCHIVING_BITS | ARCHIVES_FEDERATED,
        Some(Archiving::All) => kept | ARCHIVING_BITS,
    };
    if before != Some(after) {
        set_integer(change, object, Attr::ARCHIVING_ENABLED, after);
    }
}

fn set_integer<'c>(change: &mut Change<'c>, object: &'c Object<'_>, attr: Attr, after: i32) {
    set(change, object, attr, Matching::Exact, after.to_string().into_bytes(), Style::Guarded);
}

/// Federation and remote access, where the options name them and the attribute may be written.
pub(super) fn set_access<'c>(
    change: &mut Change<'c>,
    object: &'c Object<'_>,
    options: &UserOptions,
    opens: impl Fn(Attr) -> bool,
    style: Style,
) {
    let wanted = [
        (Attr::FEDERATION_ENABLED, options.federation),
        (Attr::INTERNET_ACCESS_ENABLED, options.remote_access),
    ];
    for (attr, wanted) in wanted {
        if let Some(wanted) = wanted.filter(|_| opens(attr)) {
            set_truth(change, object, attr, wanted, style);
        }
    }
}

/// The attributes of federation and remote access that some rule's options name.
pub(super) fn access_named(rules: &[Rule]) -> Vec<Attr> {
    let names =
        |wanted: fn(&UserOptions) -> Option<bool>| rules.iter().any(|rule| wanted(&rule.options).is_some());
    let federation = names(|options| options.federation).then_some(Attr::FEDERATION_ENABLED);
    let access = names(|options| options.remote_access).then_some(Attr::INTERNET_ACCESS_ENABLED);
    federation.into_iter().chain(access).collect()
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

/// The user gets this pool. A former one that is gone cannot be put back: a directory does not take its DN.
pub(super) fn set_pool<'c>(
    change: &mut Change<'c>,
    object: &'c Object<'_>,
    pool: &'c Pool,
    settings: &Settings,
) {
    let (attr, style, dn) = (Attr::PRIMARY_HOME_SERVER, settings.writing.style, pool.dn.as_bytes());
    match object.text(attr) {
        Some(before) if settings.home(object.dn(attr).as_deref()) == Home::Gone => {
            change.set_for_good(attr.known_name(), before.as_bytes(), dn, style);
        }
        _ => set(change, object, attr, Matching::Dn, dn, style),
    }
}

/// The addresses of the `sip:` values of proxyAddresses.
pub(super) fn sip_values<'o>(object: &'o Object<'_>) -> impl Iterator<Item = &'o str> + Clone {
    object.values(Attr::PROXY_ADDRESSES).filter_map(|value| sip_value(value.text()?))
}

/// The address of a `sip:` value.
pub(super) fn sip_value(text: &str) -> Option<&str> {
    Scheme::split(text).filter(|(scheme, _)| *scheme == Scheme::Sip).map(|(_, address)| address)
}

/// Whether two addresses are one.
pub(crate) fn same_address(a: &str, b: &str) -> bool {
    sip::normalize(a) == sip::normalize(b)
}

/// Whether proxyAddresses has the `sip:` value of an address; equal without case.
pub(super) fn has_sip_value(object: &Object<'_>, address: &str) -> bool {
    sip_values(object).any(|value| same_address(value, address))
}

/// The `sip:` values of these two addresses leave and join proxyAddresses; one that is there stays as it is.
pub(super) fn set_proxy_address<'c>(
    change: &mut Change<'c>,
    object: &'c Object<'_>,
    leaves: Option<&str>,
    joins: Option<&str>,
) {
    let is_leaving = |value: &&str| {
        leaves.is_some_and(|leaves| sip_value(value).is_some_and(|found| same_address(found, leaves)))
    };
    let removed = object.texts(Attr::PROXY_ADDRESSES).filter(is_leaving);
    let removed = removed.map(|value| Cow::Borrowed(value.as_bytes()));
    let joins = joins.filter(|address| !has_sip_value(object, address));
    let added = joins.map(|address| Cow::Owned(["sip:", address].concat().into_bytes()));
    change.edit(Attr::PROXY_ADDRESSES.known_name(), removed, added);
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
            let mut change = Change::default();
            set_archiving(&mut change, &object, wanted);
            let added =
                change.differences().map(|(_, _, added)| String::from_utf8(added[0].to_vec()).unwrap());
            assert_eq!(added.collect::<Vec<_>>(), Vec::from_iter(after), "{before:?} {wanted:?}");
        }
    }
}
