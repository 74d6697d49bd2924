//! The parts of a SIP address: characters, domain and length, and when two addresses are equal.

use std::borrow::Cow;

pub use crate::schema::value::is_host_name;

use memchr::{memchr, memchr_iter, memchr3};
use serde::{Deserialize, Serialize};

use super::fault::{AddressFault, AddressFaultKind};
use crate::ocs::MAX_URI;

/// The longest SIP address in characters, with its domain and without `sip:`.
pub const MAX_ADDRESS: usize = MAX_URI - "sip:".len();

/// The characters allowed before the `@`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Characters {
    /// ASCII letters, digits and `.` `-` `_` `'` `+`, which every server and client accepts.
    #[default]
    Strict,
    /// All of RFC 3261 section 25.1 (`user`): also `!` `~` `*` `(` `)` `&` `=` `$` `,` `;` `?` `/` and `%HH`.
    Rfc3261,
}

impl Characters {
    /// Whether the character is allowed as itself before the `@`; the `%` of `%HH` is not.
    pub fn permits(self, c: char) -> bool {
        c.is_ascii_alphanumeric()
            || matches!(c, '.' | '-' | '_' | '\'' | '+')
            || self == Characters::Rfc3261
                && matches!(c, '!' | '~' | '*' | '(' | ')' | '&' | '=' | '$' | ',' | ';' | '?' | '/')
    }

    /// Checks a local part that begins at `offset` in its value.
    pub(super) fn check(self, local: &str, offset: usize) -> Result<(), AddressFault> {
        for (at, c) in local.char_indices() {
            if self.permits(c) {
                continue;
            }
            let kind = if c == '%' && self == Characters::Rfc3261 {
                let digits = local.as_bytes().get(at + 1..at + 3).unwrap_or_default();
                if digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit) {
                    continue;
                }
                AddressFaultKind::Escape
            } else {
                AddressFaultKind::Character(c)
            };
            return Err(AddressFault::new(offset + at, kind));
        }
        Ok(())
    }
}

/// Splits an address at its only `@`. Neither part may be empty or have spaces around it.
pub(super) fn split(value: &str) -> Result<(&str, &str), AddressFault> {
    let fault = |at, kind| Err(AddressFault::new(at, kind));
    if value.is_empty() {
        return fault(0, AddressFaultKind::Missing);
    }
    if value.starts_with(char::is_whitespace) {
        return fault(0, AddressFaultKind::LeadingSpace);
    }
    let trimmed = value.trim_end();
    if trimmed.len() < value.len() {
        return fault(trimmed.len(), AddressFaultKind::TrailingSpace);
    }
    let Some(at) = memchr(b'@', value.as_bytes()) else {
        return fault(value.len(), AddressFaultKind::NoAt);
    };
    let (local, domain) = (&value[..at], &value[at + 1..]);
    if let Some(second) = memchr(b'@', domain.as_bytes()) {
        return fault(local.len() + 1 + second, AddressFaultKind::SecondAt);
    }
    if local.is_empty() {
        return fault(0, AddressFaultKind::NoLocalPart);
    }
    if domain.is_empty() {
        return fault(value.len(), AddressFaultKind::NoDomain);
    }
    Ok((local, domain))
}

/// Whether this can be a SIP domain: a host name of several labels.
pub(crate) fn is_domain(name: &str) -> bool {
    name.contains('.') && is_host_name(name)
}

/// Returns the domain in what was typed or pasted for one: `https://contoso.com/`, `*.contoso.com`, `@contoso.com`.
pub(crate) fn domain_in(typed: &str) -> Option<&str> {
    let text = typed.trim().trim_matches(['"', '\'', '/', '.']);
    let text = text.rsplit(['@', ':', '/', '*']).next()?.trim_start_matches('.');
    (text != typed && is_domain(text)).then_some(text)
}

/// Whether the list contains the domain, regardless of case.
pub(crate) fn is_listed(domain: &str, list: &[String]) -> bool {
    list.iter().any(|listed| listed == domain || listed.eq_ignore_ascii_case(domain))
}

/// Lower-cases an address for comparison. Active Directory compares these attributes without case, and servers do so
/// with user parts, although RFC 3261 section 19.1.4 does not.
pub fn normalize(address: &str) -> Cow<'_, str> {
    if address.bytes().any(|b| b.is_ascii_uppercase() || !b.is_ascii()) {
        Cow::Owned(address.to_lowercase())
    } else {
        Cow::Borrowed(address)
    }
}

/// Normalises a held value for comparison with claims: removes scheme, display name, port, parameters, headers and
/// spaces, decodes `%HH`, and lower-cases. A malformed value thus counts as the address that it means.
pub(crate) fn canonical(value: &str) -> Cow<'_, str> {
    if value.bytes().all(|byte| IS_USUAL[usize::from(byte)] && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(value);
    }
    let mut address = value.trim();
    if let Some((_, inner)) = address.rsplit_once('<') {
        address = inner.split('>').next().unwrap_or(inner).trim();
    }
    while let Some((scheme, rest)) = address.split_once(':')
        && ["sip", "sips", "smtp"].iter().any(|known| known.eq_ignore_ascii_case(scheme.trim()))
    {
        address = rest.trim_start();
    }
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    let host = domain.split([':', ';', '?', '>', '/']).next().unwrap_or(domain).trim();
    let mut canonical = unescaped(local.trim_end()).to_lowercase();
    if !domain.is_empty() {
        canonical.push('@');
        canonical.push_str(&host.to_lowercase());
    }
    canonical.into()
}

/// The bytes of usual addresses. Every user has some, and a table takes a third of the time of comparisons.
const IS_USUAL: [bool; 256] = {
    let mut usual = [false; 256];
    let mut byte = b'\'';
    while byte <= b'z' {
        usual[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'.' | b'-' | b'_' | b'\'' | b'+');
        byte += 1;
    }
    usual
};

/// Whether a value may be more or other than one address: it has two `@`, quotes, a colon, or a dot at the end.
pub(crate) fn is_doubtful(value: &str) -> bool {
    !value.bytes().all(|byte| IS_USUAL[usize::from(byte)])
        || value.ends_with(['.', '\''])
        || value.starts_with('\'')
        || memchr_iter(b'@', value.as_bytes()).nth(1).is_some()
}

/// Whether values of this scheme, or of this type of proxy address, have the form `user@domain`.
pub(crate) fn is_internet(scheme: &str) -> bool {
    const SCHEMES: [&str; 7] = ["smtp", "sip", "sips", "mailto", "im", "xmpp", "pres"];
    SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme.trim()))
}

/// Returns every address that a malformed value may mean, around each `@`. In `ann:secret@contoso.com` either word may
/// be the user; in joined addresses, the user may begin behind any sign.
pub(crate) fn mentioned(value: &str) -> Vec<String> {
    let is_local = |c: char| c.is_alphanumeric() || "._-+'&%=!#$*?^`~{}".contains(c);
    let is_host = |c: char| c.is_alphanumeric() || c == '.' || c == '-';
    let mut all = Vec::new();
    let is_joined = value.matches('@').count() > 1;
    for (at, _) in value.match_indices('@') {
        let (before, behind) = (&value[..at], &value[at + 1..]);
        let host = behind.split(|c| !is_host(c)).next().unwrap_or_default().trim_end_matches(['.', '-']);
        for before in before.trim_end_matches('"').split(':').rev().take(2) {
            let local = before.rsplit(|c| !is_local(c)).next().unwrap_or_default().trim_matches('\'');
            let is_sign = |c: char| is_joined && !(c.is_alphanumeric() || "._-'".contains(c));
            let behind_signs = local.match_indices(is_sign).map(|(at, sign)| &local[at + sign.len()..]);
            for local in behind_signs.chain([local]) {
                if !local.is_empty() && !host.is_empty() && !is_internet(local) {
                    all.push(format!("{local}@{host}").to_lowercase());
                }
            }
        }
    }
    all
}

/// Decodes the `@` of an address that has none: as in URLs (`%40`), mails in quoted-printable (`=40`) and XML.
pub(crate) fn with_at(value: &str) -> Cow<'_, str> {
    const CODES: [&str; 5] = ["%40", "=40", "&#64;", "&#x40;", "_x0040_"];
    let has_digit = || memchr(b'4', value.as_bytes()).is_some();
    let has_sign = || memchr3(b'%', b'&', b'_', value.as_bytes()).is_some() || value.contains("=40");
    if memchr(b'@', value.as_bytes()).is_some() || !(has_digit() && has_sign()) {
        return Cow::Borrowed(value);
    }
    let code = CODES.into_iter().find(|code| value.contains(code));
    code.map_or(Cow::Borrowed(value), |code| Cow::Owned(value.replace(code, "@")))
}

/// Decodes `%HH`, if the result is UTF-8.
fn unescaped(local: &str) -> Cow<'_, str> {
    let bytes = local.as_bytes();
    let mut octets = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digits = local.get(at + 1..at + 3).filter(|_| byte == b'%');
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(octet) => {
                octets.push(octet);
                at += 3;
            }
            None => {
                octets.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(octets).map_or(Cow::Borrowed(local), Cow::Owned)
}

/// Whether the address contains `&`, which RFC 3261 allows but which keeps a Lync Server 2013 front end from restarting
/// (Microsoft KB 2912334).
pub fn has_ampersand(address: &str) -> bool {
    memchr(b'&', address.as_bytes()).is_some()
}

/// The schemes of proxyAddresses that a SIP address must differ from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `sip:`
    Sip,
    /// `smtp:`, or `SMTP:` for the primary address.
    Smtp,
}

impl Scheme {
    /// Splits a value into its scheme, in any case, and its address; `None` for other schemes (`x500:`, …).
    pub fn split(value: &str) -> Option<(Scheme, &str)> {
        match value.as_bytes() {
            [b's' | b'S', b'i' | b'I', b'p' | b'P', b':', ..] => Some((Scheme::Sip, &value[4..])),
            [b's' | b'S', b'm' | b'M', b't' | b'T', b'p' | b'P', b':', ..] => {
                Some((Scheme::Smtp, &value[5..]))
            }
            _ => None,
        }
    }
}

/// Returns the address of a `sip:` value.
pub(crate) fn sip_value(text: &str) -> Option<&str> {
    Scheme::split(text).filter(|(scheme, _)| *scheme == Scheme::Sip).map(|(_, address)| address)
}

/// Removes `sip:` from a URI, if present.
pub(crate) fn without_scheme(uri: &str) -> &str {
    sip_value(uri).unwrap_or(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_value_may_mean_several_addresses() {
        for (value, is_doubtful_value, expect) in [
            ("Ann.Doe@contoso.com", false, "ann.doe@contoso.com"),
            ("//ann@contoso.com", true, "ann@contoso.com"),
            ("ann@contoso.com.", true, "ann@contoso.com"),
            ("ann+doe@contoso.com.", true, "ann+doe@contoso.com"),
            ("ann:secret@contoso.com", true, "secret@contoso.com ann@contoso.com"),
            ("'ann@contoso.com'", true, "ann@contoso.com"),
            ("ann@contoso.com, sip:bob@contoso.com", true, "ann@contoso.com bob@contoso.com"),
            ("ann.d-o'e@contoso.com,bob_roe@contoso.com", true, "ann.d-o'e@contoso.com bob_roe@contoso.com"),
            ("\u{200b}ann@contoso.com", true, "ann@contoso.com"),
            ("mailto:ann@contoso.com", true, "ann@contoso.com"),
            ("c(\"SMTP:ann@x.y\", \"sip:bob@x.y\")", true, "ann@x.y bob@x.y"),
            ("'ann@contoso.com", true, "ann@contoso.com"),
            ("to ann@my-host.com-", true, "ann@my-host.com"),
            ("ann@contoso.com@fabrikam.com", true, "ann@contoso.com contoso.com@fabrikam.com"),
            ("ann@", false, ""),
            ("@contoso.com", false, ""),
        ] {
            assert_eq!(is_doubtful(value), is_doubtful_value, "{value}");
            assert_eq!(mentioned(value).join(" "), expect, "{value}");
        }
    }

    #[test]
    fn a_percent_sign_begins_two_digits_by_rfc_3261_alone() {
        use AddressFaultKind::{Character, Escape};
        use Characters::{Rfc3261, Strict};
        for (characters, local, expect) in [
            (Strict, "a%41", Some(Character('%'))),
            (Rfc3261, "a%41", None),
            (Rfc3261, "a%4", Some(Escape)),
            (Rfc3261, "a%4g", Some(Escape)),
            (Rfc3261, "a\"41", Some(Character('"'))),
        ] {
            let fault = characters.check(local, 0).err().map(|fault| fault.kind);
            assert_eq!(fault, expect, "{characters:?} {local}");
        }
    }

    #[test]
    fn addresses_compare_without_case_in_every_alphabet() {
        for (address, expect) in
            [("Ann@contoso.com", "ann@contoso.com"), ("éÉ@contoso.com", "éé@contoso.com"), ("a@x", "a@x")]
        {
            assert_eq!(normalize(address), expect, "{address}");
        }
    }

    #[test]
    fn a_malformed_held_value_counts_as_the_address_it_means() {
        for value in [
            "ann@contoso.com",
            "Ann@Contoso.com",
            "sip:ann@contoso.com",
            "SIPS:ann@contoso.com",
            "sip:sip:ann@contoso.com",
            " sip: ann@contoso.com\t",
            "sip:ann@contoso.com:5061",
            "sip:ann@contoso.com;transport=tls",
            "sip:ann@contoso.com?subject=x",
            "\"Doe, Ann\" <sip:ann@contoso.com>",
            "<sip:ann@contoso.com;user=phone>",
            "sip:%61nn@contoso.com",
            "smtp:ann@contoso.com ",
        ] {
            assert_eq!(canonical(value), "ann@contoso.com", "{value}");
        }
        for (value, expect) in [
            ("hello", "hello"),
            ("HELLO", "hello"),
            ("", ""),
            ("ann@", "ann@"),
            ("%ff@x", "%ff@x"),
            ("a%2", "a%2"),
            ("x400:c=us", "x400:c=us"),
        ] {
            assert_eq!(canonical(value), expect, "{value}");
        }
    }
}
