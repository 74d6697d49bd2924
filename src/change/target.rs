//! Values that name an object: a DN, or octets and a DN. What they name may be gone.

use std::borrow::Cow;

use super::Matching;

/// Whether the value is octets and a DN: `B:8:00000001:CN=…`.
pub(crate) fn is_dn_with_binary(value: &[u8]) -> bool {
    value.starts_with(b"B:")
}

/// The DN in a value that is one, or octets and one.
fn dn(value: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(value).ok()?;
    if is_dn_with_binary(value) { text.splitn(4, ':').nth(3) } else { Some(text) }
}

/// The DN of the object that a value of the attribute names, if its values name objects.
pub(crate) fn target<'v>(attribute: &str, value: &'v [u8]) -> Option<&'v str> {
    let names = Matching::of(attribute) == Matching::Dn || is_dn_with_binary(value);
    dn(value).filter(|_| names)
}

/// The GUID of the deleted object that a value names: `CN=pool09\0ADEL:<GUID>,CN=Deleted Objects,…`.
fn guid(value: &[u8]) -> Option<String> {
    let dn = dn(value).filter(|dn| dn.contains("DEL:"))?;
    let normal = ldif::dn::normalize(dn).ok()?;
    Some(normal.split_once("\ndel:")?.1.get(..36)?.to_owned())
}

/// Whether the value names a deleted object.
pub(super) fn is_deleted(value: &[u8]) -> bool {
    guid(value).is_some()
}

/// A value as a modification names it. A DN of a deleted object has its GUID in place of the name (MS-ADTS
/// 3.1.1.3.1.2.4): a directory shows that name, and does not find the value by it (Samba 4.17: code 16).
pub(super) fn findable(value: &[u8]) -> Cow<'_, [u8]> {
    match guid(value).filter(|_| !is_dn_with_binary(value)) {
        Some(guid) => format!("<GUID={guid}>").into_bytes().into(),
        None => Cow::Borrowed(value),
    }
}
