//! Values that name objects: DNs, and DNs with binary. Their objects may have been deleted.

use std::borrow::Cow;

use super::Matching;
use crate::schema::value::guid_of_text;

/// Whether the value is a DN with binary: `B:8:00000001:CN=…`.
pub(crate) fn is_dn_with_binary(value: &[u8]) -> bool {
    value.starts_with(b"B:")
}

/// The DN in a DN or in a DN with binary.
fn dn(value: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(value).ok()?;
    if is_dn_with_binary(value) { text.splitn(4, ':').nth(3) } else { Some(text) }
}

/// The DN in a value, if values of the attribute name objects.
pub(crate) fn target<'v>(attribute: &str, value: &'v [u8]) -> Option<&'v str> {
    let names_object = Matching::of(attribute) == Matching::Dn || is_dn_with_binary(value);
    if names_object { dn(value) } else { None }
}

/// Returns the text behind the mark of a deleted object in a DN: `CN=pool09\0ADEL:<GUID>,CN=Deleted Objects,…`.
fn deleted_name(value: &[u8]) -> Option<String> {
    let has_mark = |colon| matches!(&value[..colon], [.., b'D', b'E', b'L'] | [.., b'd', b'e', b'l']);
    // Hardly any value has one.
    if !memchr::memchr_iter(b':', value).any(has_mark) {
        return None;
    }
    let normal = ldif::dn::normalize(dn(value)?).ok()?;
    let (_, name) = normal.split_once("\ndel:")?;
    Some(name.split(',').next().unwrap_or_default().to_owned())
}

/// Whether the value names a deleted object.
pub(super) fn is_deleted(value: &[u8]) -> bool {
    deleted_name(value).is_some()
}

/// Returns the value in the form that a modification needs. The DN of a deleted object has its GUID for a name (MS-ADTS
/// 3.1.1.3.1.2.4); a directory shows that DN but does not find the value by it (Samba 4.17: code 16).
pub(super) fn findable(value: &[u8]) -> Cow<'_, [u8]> {
    let is_guid = |name: &String| guid_of_text(name.as_bytes()).is_some() && !is_dn_with_binary(value);
    match deleted_name(value).filter(is_guid) {
        Some(guid) => format!("<GUID={guid}>").into_bytes().into(),
        None => Cow::Borrowed(value),
    }
}
