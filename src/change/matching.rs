//! When two values of an attribute are equal in the directory.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::schema::value::sid;
use crate::schema::{self, Syntax};

/// Up to this many values are compared one by one.
const FEW: usize = 16;

/// The matching rule of an attribute's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// Text and Booleans: regardless of case.
    IgnoreCase,
    /// Integers and octets: byte by byte.
    Exact,
    /// DNs (RFC 4514).
    Dn,
    /// SIDs, as octets or as text.
    Sid,
}

impl Matching {
    /// The matching rule of an attribute.
    pub fn of(attribute: &str) -> Self {
        match schema::syntax_of(attribute) {
            Some(Syntax::Dn) => Self::Dn,
            Some(Syntax::Sid | Syntax::AccountSid) => Self::Sid,
            Some(Syntax::Integer | Syntax::LargeInteger | Syntax::AccountControl) => Self::Exact,
            _ => Self::IgnoreCase,
        }
    }

    /// Returns a test for being equal to one of these values. Long lists are hashed once: an object may have a hundred
    /// thousand values.
    pub(crate) fn among<'v, V: AsRef<[u8]>>(self, values: &'v [V]) -> impl Fn(&[u8]) -> bool + use<'v, V> {
        let many = if values.len() > FEW { values } else { &[] };
        let keys: HashSet<Cow<'v, [u8]>> = many.iter().map(|value| self.key(value.as_ref())).collect();
        move |value| {
            if keys.is_empty() {
                values.iter().any(|one| self.same(one.as_ref(), value))
            } else {
                keys.contains(&*self.key(value))
            }
        }
    }

    /// Returns a key that is the same for equal values.
    fn key(self, value: &[u8]) -> Cow<'_, [u8]> {
        let known = match self {
            Self::Exact => Some(Cow::Borrowed(value)),
            Self::Sid => Some(sid(value).unwrap_or(Cow::Borrowed(value))),
            Self::Dn => normalized(value).map(octets),
            Self::IgnoreCase => {
                std::str::from_utf8(value).ok().map(|text| octets(text.to_lowercase().into()))
            }
        };
        known.unwrap_or_else(|| Cow::Owned(value.to_ascii_lowercase()))
    }

    /// Whether the directory treats the two values as equal.
    pub(super) fn same(self, a: &[u8], b: &[u8]) -> bool {
        match self {
            // Most text is ASCII and needs no key.
            Self::IgnoreCase if a.is_ascii() && b.is_ascii() => a.eq_ignore_ascii_case(b),
            _ => a == b || self.key(a) == self.key(b),
        }
    }
}

fn octets(text: Cow<'_, str>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

fn normalized(dn: &[u8]) -> Option<Cow<'_, str>> {
    ldif::dn::normalize(std::str::from_utf8(dn).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_compare_by_their_syntax() {
        let octets = b"\x01\x02\0\0\0\0\0\x05\x20\0\0\0\x20\x02\0\0".as_slice();
        for (attribute, one, other, are_same) in [
            // text: regardless of case, in any alphabet
            ("msRTCSIP-Line", &b"tel:+1;EXT=2"[..], &b"TEL:+1;ext=2"[..], true),
            ("msRTCSIP-Line", "\u{c9}".as_bytes(), "\u{e9}".as_bytes(), true),
            ("msRTCSIP-Line", "\u{c9}".as_bytes(), b"e", false),
            ("msRTCSIP-Line", b"e", "\u{e9}".as_bytes(), false),
            ("msRTCSIP-Line", "\u{212a}".as_bytes(), b"k", true),
            ("msRTCSIP-Line", b"A\xff", b"a\xff", true),
            ("msRTCSIP-UserEnabled", b"TRUE", b"true", true),
            ("proxyAddresses", b"SMTP:a@b.c", b"smtp:A@B.C", true),
            // integers: byte by byte
            ("msRTCSIP-OptionFlags", b"256", b"256", true),
            ("msRTCSIP-OptionFlags", b"256", b"0256", false),
            ("msRTCSIP-ArchivingEnabled", b"a", b"A", false),
            // DNs: regardless of case and optional spaces; other text, regardless of case
            ("msRTCSIP-PrimaryHomeServer", b"CN=p,DC=c", b"cn=P, dc=C", true),
            ("msRTCSIP-TargetHomeServer", b"CN=p,DC=c", b"cn=P, dc=C", true),
            ("msRTCSIP-TargetHomeServer", b"CN=p,DC=c", b"CN=q,DC=c", false),
            ("msRTCSIP-PrimaryHomeServer", b"pool", b"POOL", true),
            ("msRTCSIP-PrimaryHomeServer", b"pool", b"CN=pool", false),
            // SIDs: as octets or as text; other values, byte by byte
            ("msRTCSIP-OriginatorSid", octets, b"S-1-5-32-544", true),
            ("msRTCSIP-OriginatorSid", octets, b"S-1-5-32-545", false),
            ("msRTCSIP-OriginatorSid", b"nobody", b"nobody", true),
            ("msRTCSIP-OriginatorSid", b"nobody", b"somebody", false),
        ] {
            let matching = Matching::of(attribute);
            assert_eq!(matching.same(one, other), are_same, "{attribute}: {one:?} and {other:?}");
            assert_eq!(matching.same(other, one), are_same, "{attribute}: {other:?} and {one:?}");
            let many = [vec![one; FEW], vec![b"another"]].concat();
            assert_eq!(matching.among(&many)(other), are_same, "{attribute}: {other:?} among {many:?}");
        }
    }
}
