//! The normal form of names, for comparison as text; most names are normalised without parsing them.

use std::borrow::Cow;

use super::{Dn, DnFault};

/// Returns the form in which equal DNs are equal strings.
///
/// Lower case (of all Unicode), no optional spaces, values unescaped and then only `,`, `+` and `\` escaped by `\`, the
/// AVAs of an RDN sorted, attribute types by their short names. A byte that is not UTF-8 is `\` and two digits.
///
/// The form is for comparison and hashing, not for parsing: for example, a space at the end of a value has lost its
/// escape.
///
/// # Errors
///
/// The first fault, with its offset.
pub fn normalize(dn: &str) -> Result<Cow<'_, str>, DnFault> {
    match plain(dn.as_bytes()) {
        Some(Case::Lower) => Ok(Cow::Borrowed(dn)),
        Some(Case::Ascii) => Ok(Cow::Owned(dn.to_ascii_lowercase())),
        // BE ADVISED: the case of a sigma depends on the letters around it, but never across `,` or `=`, so the whole
        // DN can be converted at once.
        Some(Case::Unicode) => Ok(Cow::Owned(dn.to_lowercase())),
        None => Dn::parse(dn).map(|dn| Cow::Owned(dn.normalized())),
    }
}

/// Checks a DN with the same faults as [`Dn::parse`], but without building one if it is plain.
pub(crate) fn validate(dn: &str) -> Result<(), DnFault> {
    match plain(dn.as_bytes()) {
        Some(_) => Ok(()),
        None => Dn::parse(dn).map(|_| ()),
    }
}

/// The difference between a plain DN and its normal form.
enum Case {
    /// Nothing.
    Lower,
    /// ASCII capitals.
    Ascii,
    /// Characters outside ASCII.
    Unicode,
}

/// May occur in an attribute type.
const OF_TYPE: u8 = 1;
/// Needs an escape in a value: it ends the value, is only allowed after `\`, or begins an escape.
const SPECIAL: u8 = 2;
/// An ASCII capital.
const UPPER: u8 = 4;
/// A byte of a character outside ASCII.
const WIDE: u8 = 8;

/// The class of each byte. A table, because every DN of an export is examined byte by byte, and more than once.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        classes[at] = (if byte.is_ascii_alphanumeric() || byte == b'-' { OF_TYPE } else { 0 })
            | (if matches!(byte, b',' | b'+' | b'\\' | b'"' | b';' | b'<' | b'>' | 0) { SPECIAL } else { 0 })
            | (if byte.is_ascii_uppercase() { UPPER } else { 0 })
            | (if byte.is_ascii() { 0 } else { WIDE });
        at += 1;
    }
    classes
};

/// Attribute types by OID, long name and the short name that DNs use (RFC 4514 section 3, RFC 4519; Active Directory
/// has the same), in lower case.
const TYPES: [(&str, &str, &str); 11] = [
    ("2.5.4.3", "commonname", "cn"),
    ("2.5.4.4", "surname", "sn"),
    ("2.5.4.6", "countryname", "c"),
    ("2.5.4.7", "localityname", "l"),
    ("2.5.4.8", "stateorprovincename", "st"),
    ("2.5.4.9", "streetaddress", "street"),
    ("2.5.4.10", "organizationname", "o"),
    ("2.5.4.11", "organizationalunitname", "ou"),
    ("0.9.2342.19200300.100.1.1", "userid", "uid"),
    ("0.9.2342.19200300.100.1.25", "domaincomponent", "dc"),
    ("1.2.840.113549.1.9.1", "emailaddress", "e"),
];
/// The length of the shortest long name.
const SHORTEST_LONG: usize = 6;

/// Returns the short name for a long name or an OID; `None` for any other type.
pub(super) fn short(kind: &str) -> Option<&'static str> {
    let kind = kind.get(..4).filter(|start| start.eq_ignore_ascii_case("oid.")).map_or(kind, |_| &kind[4..]);
    if kind.len() < SHORTEST_LONG {
        return None;
    }
    let kind_is = |name: &str| kind.eq_ignore_ascii_case(name);
    TYPES.iter().find(|(oid, long, _)| kind_is(oid) || kind_is(long)).map(|(.., short)| *short)
}

/// Returns in which characters the DN may differ from its normal form in case; `None` if it may differ otherwise.
///
/// Most DNs differ only in case: they have no optional spaces, one value in an RDN, and only the escapes of the normal
/// form.
fn plain(dn: &[u8]) -> Option<Case> {
    let mut seen = 0;
    let mut at = 0;
    loop {
        let start = at;
        while CLASSES[usize::from(*dn.get(at)?)] & OF_TYPE != 0 {
            seen |= CLASSES[usize::from(dn[at])];
            at += 1;
        }
        // A type with many letters may be a long name.
        if dn[at] != b'=' || at == start || at - start >= SHORTEST_LONG || !dn[start].is_ascii_alphabetic() {
            return None;
        }
        at += 1;
        if matches!(dn.get(at), Some(b' ' | b'#')) {
            return None;
        }
        while let Some(&byte) = dn.get(at) {
            let class = CLASSES[usize::from(byte)];
            if class & SPECIAL != 0 {
                match byte {
                    b',' => break,
                    b'\\' if matches!(dn.get(at + 1), Some(b',' | b'+' | b'\\')) => at += 1,
                    _ => return None,
                }
            }
            seen |= class;
            at += 1;
        }
        if dn[at - 1] == b' ' {
            return None;
        }
        if at == dn.len() {
            return Some(match (seen & UPPER != 0, seen & WIDE != 0) {
                (_, true) => Case::Unicode,
                (true, false) => Case::Ascii,
                (false, false) => Case::Lower,
            });
        }
        at += 1;
    }
}

/// Whether the normalised `dn` is the normalised `base`, or below it. Every DN is below the root, the empty string.
#[must_use]
pub fn is_under_normalized(dn: &str, base: &str) -> bool {
    match dn.strip_suffix(base) {
        None => false,
        Some("") => true,
        Some(_) if base.is_empty() => true,
        Some(above) => above.strip_suffix(',').is_some_and(|rdn| {
            let escapes = rdn.bytes().rev().take_while(|&b| b == b'\\').count();
            escapes % 2 == 0
        }),
    }
}

/// Returns the trailing `DC=` components of `dn` as written: its domain. Empty if there are none.
#[must_use]
pub fn domain(dn: &str) -> &str {
    let (mut domain, mut end) = (dn.len(), dn.len());
    loop {
        let start = last_rdn(&dn.as_bytes()[..end]);
        let rdn = dn[start..end].trim_start_matches(' ');
        let kind = rdn.split_once('=').map_or("", |(kind, _)| kind.trim_end_matches(' '));
        if !kind.eq_ignore_ascii_case("dc") && short(kind) != Some("dc") {
            return &dn[domain..];
        }
        domain = end - rdn.len();
        match start.checked_sub(1) {
            Some(comma) => end = comma,
            None => return &dn[domain..],
        }
    }
}

/// Returns where the last RDN begins: after the last comma that is not escaped by `\`.
fn last_rdn(dn: &[u8]) -> usize {
    let mut end = dn.len();
    while let Some(comma) = memchr::memrchr(b',', &dn[..end]) {
        let escapes = dn[..comma].iter().rev().take_while(|&&byte| byte == b'\\').count();
        if escapes % 2 == 0 {
            return comma + 1;
        }
        end = comma;
    }
    0
}
