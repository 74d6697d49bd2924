//! The value behind the octets, by the syntax of the attribute: integers, Booleans, DNs, SIDs, GUIDs and SIP addresses.
//!
//! Nothing is trimmed and nothing is guessed: what a directory would not write is no value.

use std::borrow::Cow;

use super::damage::Damage;
use super::{Syntax, syntax_of};
use crate::language::{Text, text};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// What its octets say.
    Plain,
    Integer(i64),
    Boolean(bool),
    /// A DN, normalised.
    Dn(Box<str>),
    /// The value is not of its syntax.
    Invalid,
}

impl Meaning {
    /// What a value of this syntax means. It is asked for each value of an export: most are plain at once.
    #[inline]
    pub(crate) fn of(syntax: Syntax, value: &[u8]) -> Self {
        if syntax.is_free() { Self::Plain } else { Self::read(syntax, value) }
    }

    fn read(syntax: Syntax, value: &[u8]) -> Self {
        let plain_if = |is_valid: bool| if is_valid { Self::Plain } else { Self::Invalid };
        let text = || std::str::from_utf8(value).ok();
        match syntax {
            Syntax::Integer => integer(value)
                .filter(|number| i32::try_from(*number).is_ok())
                .map_or(Self::Invalid, Self::Integer),
            Syntax::LargeInteger | Syntax::RecipientType => {
                integer(value).map_or(Self::Invalid, Self::Integer)
            }
            Syntax::Boolean => boolean(value).map_or(Self::Invalid, Self::Boolean),
            Syntax::Dn => text()
                .filter(|dn| !dn.is_empty())
                .and_then(|dn| ldif::dn::normalize(dn).ok())
                .map_or(Self::Invalid, |dn| Self::Dn(dn.into())),
            Syntax::DnBinary => plain_if(dn_binary(value).is_some()),
            Syntax::Sid => plain_if(sid(value).is_some()),
            Syntax::Guid => plain_if(guid_octets(value).is_some()),
            Syntax::SipAddress => plain_if(text().and_then(sip_address).is_some()),
            Syntax::ProxyAddress => plain_if(is_proxy_address(value) || text().is_none()),
            _ => Self::Plain,
        }
    }
}

/// A decimal integer of 64 bits as a directory writes it: no `+`, no space, no leading zero (RFC 4517 section 3.3.16).
pub(crate) fn integer(text: &[u8]) -> Option<i64> {
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    match digits {
        [b'0'] if !is_negative => return Some(0),
        [b'1'..=b'9', ..] => {}
        _ => return None,
    }
    digits.iter().try_fold(0_i64, |number, digit| {
        let digit = i64::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
        let number = number.checked_mul(10)?;
        // downwards for a negative one: the smallest has no positive counterpart
        if is_negative { number.checked_sub(digit) } else { number.checked_add(digit) }
    })
}

/// `TRUE` or `FALSE`, in any case: Active Directory writes capitals, and takes others.
pub(crate) fn boolean(text: &[u8]) -> Option<bool> {
    if text.eq_ignore_ascii_case(b"TRUE") {
        Some(true)
    } else {
        text.eq_ignore_ascii_case(b"FALSE").then_some(false)
    }
}

/// A DN with binary, `B:8:00000001:CN=…`, whose count and digits are right: its digits and its DN, normalised.
pub(crate) fn dn_binary(value: &[u8]) -> Option<String> {
    let mut parts = std::str::from_utf8(value).ok()?.strip_prefix("B:")?.splitn(3, ':');
    let (count, digits, dn) = (parts.next()?, parts.next()?, parts.next()?);
    let count = integer(count.as_bytes()).and_then(|count| usize::try_from(count).ok())?;
    let is_binary = digits.len() == count && count % 2 == 0 && digits.bytes().all(|c| c.is_ascii_hexdigit());
    let dn = ldif::dn::normalize(dn).ok().filter(|dn| is_binary && !dn.is_empty())?;
    Some(format!("{}:{dn}", digits.to_ascii_lowercase()))
}

/// The address of a SIP URI, without its scheme: a user of ASCII, one `@`, a host name or an IP address, and nothing else
/// of a URI: no slashes before the user, no second scheme, no port, parameter or header, no display name, no space.
pub(crate) fn sip_address(uri: &str) -> Option<&str> {
    let (scheme, address) = uri.split_at_checked("sip:".len())?;
    let (local, domain) = address.split_once('@')?;
    let is_foreign =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, ':' | '"' | '<' | '>' | '@');
    let is_sip = scheme.eq_ignore_ascii_case("sip:")
        && !local.is_empty()
        && !local.starts_with("//")
        && local.chars().all(|c| c.is_ascii() && !is_foreign(c))
        && (is_host_name(domain) || is_ip_address(domain));
    is_sip.then_some(address)
}

/// Whether this is a host name as in RFC 3261 section 25.1: labels of letters, digits and inner hyphens, the
/// last beginning with a letter (so no IP address); at most 63 characters a label and 253 in all (RFC 1035
/// section 2.3.4). A final dot is not taken: no list of SIP domains holds one.
pub fn is_host_name(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    domain.len() <= 253 && domain.split('.').all(label) && top.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn is_ip_address(domain: &str) -> bool {
    domain.split('.').count() == 4 && domain.split('.').all(|number| number.parse::<u8>().is_ok())
}

/// A proxy address: a type, such as `smtp`, a colon and an address, or an internet address alone; whole, where a tool may
/// have cut a long list short by dots.
// Every user has some: a look at the few bytes of the type, in place of a search for the colon, and nothing else is asked.
fn is_proxy_address(text: &[u8]) -> bool {
    let is_cut = text.ends_with(b"...")
        || text.ends_with("…".as_bytes())
        || text.ends_with(b")") && memchr::memmem::find(text, b" (+").is_some();
    let is_of_type = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let kind = text.iter().take_while(|b| is_of_type(b)).count();
    let has_address = match &text[kind..] {
        [b':', address @ ..] if kind > 0 => !is_blank(address),
        _ => memchr::memchr(b'@', text).is_some_and(|at| at > 0 && text[at..].contains(&b'.')),
    };
    has_address && !is_cut
}

/// Whether a text has nothing but spaces.
fn is_blank(text: &[u8]) -> bool {
    !matches!(text, [b'!'..=b'~', ..]) && std::str::from_utf8(text).is_ok_and(|text| text.trim().is_empty())
}

/// A SID as octets: AD's own form, or those of the text form (`S-1-5-21-…`) that ldbsearch prints (MS-DTYP 2.4.2).
pub(crate) fn sid(value: &[u8]) -> Option<Cow<'_, [u8]>> {
    if let [1, count @ 1..=15, authorities @ ..] = value
        && authorities.len() == 6 + 4 * usize::from(*count)
    {
        return Some(Cow::Borrowed(value));
    }
    sid_of_text(std::str::from_utf8(value).ok()?).map(Cow::Owned)
}

fn sid_of_text(text: &str) -> Option<Vec<u8>> {
    let mut parts = text.strip_prefix("S-1-").or_else(|| text.strip_prefix("s-1-"))?.split('-');
    let mut number = || {
        let digits = parts.next()?;
        Some(integer(digits.as_bytes()).and_then(|number| u64::try_from(number).ok()))
    };
    let authority = number()??;
    let subauthorities: Option<Vec<u32>> =
        std::iter::from_fn(number).map(|number| u32::try_from(number?).ok()).collect();
    let subauthorities = subauthorities.filter(|all| (1..=15).contains(&all.len()))?;
    let mut octets = vec![1, u8::try_from(subauthorities.len()).ok()?];
    octets.extend_from_slice(&(authority < 1 << 48).then(|| authority.to_be_bytes())?[2..]);
    octets.extend(subauthorities.iter().flat_map(|one| one.to_le_bytes()));
    Some(octets)
}

/// The relative identifier of an account: what its SID, S-1-5-21-…, has behind that of the domain. Those below 1000 are
/// the same in all domains (MS-DTYP 2.4.2.4).
pub(crate) fn relative_id(sid: &[u8]) -> Option<u32> {
    const OF_DOMAIN: &[u8] = &[1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0];
    let own = sid.starts_with(OF_DOMAIN).then(|| sid.last_chunk::<4>())??;
    Some(u32::from_le_bytes(*own))
}

/// Where the usual text form of a GUID has the two digits of each octet: the first three groups are little-endian (MS-DTYP
/// 2.3.4).
const GUID_DIGITS: [usize; 16] = [6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34];

/// The octets of a GUID: AD's own form, or those of the text that ldbsearch prints. `None` for anything else.
pub(crate) fn guid_octets(value: &[u8]) -> Option<[u8; 16]> {
    if let Ok(octets) = <[u8; 16]>::try_from(value) {
        return Some(octets);
    }
    let is_brace = |byte: &u8| matches!(byte, b'{' | b'}');
    let start = value.iter().take_while(|byte| is_brace(byte)).count();
    let end = value.iter().rposition(|byte| !is_brace(byte))? + 1;
    let text = <&[u8; 36]>::try_from(&value[start..end]).ok()?;
    let digit = |at: usize| char::from(text[at]).to_digit(16).map(|digit| digit as u8);
    let mut octets = [0; 16];
    for (octet, at) in octets.iter_mut().zip(GUID_DIGITS) {
        *octet = digit(at)? << 4 | digit(at + 1)?;
    }
    [8, 13, 18, 23].into_iter().all(|at| text[at] == b'-').then_some(octets)
}

/// A GUID in the usual text form, in lower case. `None` for anything else.
// BE ADVISED: every user has one, and `format!` took as long as reading twenty lines.
pub(crate) fn guid(value: &[u8]) -> Option<String> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = vec![b'-'; 36];
    for (octet, at) in guid_octets(value)?.into_iter().zip(GUID_DIGITS) {
        text[at] = DIGITS[usize::from(octet >> 4)];
        text[at + 1] = DIGITS[usize::from(octet & 15)];
    }
    String::from_utf8(text).ok()
}

/// A value as people read it: SIDs and GUIDs in their text form, text as it is, other octets as hexadecimal digits.
pub(crate) fn readable<'v>(attribute: &str, value: &'v [u8]) -> Cow<'v, str> {
    let known = match syntax_of(attribute) {
        Some(Syntax::Sid) => sid(value).and_then(|octets| text_of_sid(&octets)),
        Some(Syntax::Guid) => guid(value),
        _ => None,
    };
    match (known, std::str::from_utf8(value)) {
        (Some(known), _) => Cow::Owned(known),
        (None, Ok(text)) => Cow::Borrowed(text),
        (None, Err(_)) => {
            value.iter().fold("0x".to_owned(), |digits, octet| digits + &format!("{octet:02x}")).into()
        }
    }
}

/// The text form of a SID's octets (MS-DTYP 2.4.2.1).
fn text_of_sid(octets: &[u8]) -> Option<String> {
    let (&[_, _, high, more, authority @ ..], subauthorities) = octets.split_first_chunk::<8>()?;
    let authority =
        u64::from(u16::from_be_bytes([high, more])) << 32 | u64::from(u32::from_be_bytes(authority));
    let parts =
        subauthorities.chunks_exact(4).filter_map(|part| part.try_into().ok()).map(u32::from_le_bytes);
    Some(parts.fold(format!("S-1-{authority}"), |text, part| text + &format!("-{part}")))
}

/// Why a value is not of its syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// The fact, with the name of the attribute.
    pub what: Text,
    /// What the syntax asks for.
    pub note: Text,
    /// How to get the value itself, if it is known what has happened to it.
    pub help: Option<Text>,
}

impl Invalid {
    /// What to say of a second value of an attribute that has one.
    pub fn surplus(name: &str) -> Self {
        let what = text!("`{name}` has more than one value", "`{name}` a plusieurs valeurs");
        let note = text!(
            "the attribute is single-valued: two records may have run together",
            "l’attribut n’a qu’une valeur\u{a0}: deux enregistrements se sont peut-être confondus"
        );
        Self { what, note, help: None }
    }

    /// What to say of a value that is not of its syntax.
    pub fn new(name: &str, syntax: Syntax, value: &[u8]) -> Self {
        let digits = || {
            text!(
                "the directory writes decimal digits and nothing else",
                "l’annuaire écrit des chiffres décimaux, rien d’autre"
            )
        };
        let (is, note) = match syntax {
            Syntax::Integer => (text!("not a 32-bit integer", "pas un entier de 32 bits"), digits()),
            Syntax::LargeInteger | Syntax::RecipientType => {
                (text!("not a 64-bit integer", "pas un entier de 64 bits"), digits())
            }
            Syntax::Boolean => (
                text!("neither TRUE nor FALSE", "ni TRUE ni FALSE"),
                text!(
                    "a Boolean of the directory is TRUE or FALSE",
                    "un booléen de l’annuaire est TRUE ou FALSE"
                ),
            ),
            Syntax::Dn => (text!("not a DN", "pas un DN"), Text::same("RFC 4514 section 3")),
            Syntax::DnBinary => (
                text!("not a DN with binary", "pas un DN avec binaire"),
                text!("the directory writes B:8:00000001:CN=…", "l’annuaire écrit B:8:00000001:CN=…"),
            ),
            Syntax::Sid => (
                text!("not a SID", "pas un SID"),
                text!(
                    "the directory writes its octets, ldbsearch S-1-5-21-…",
                    "l’annuaire écrit ses octets, ldbsearch S-1-5-21-…"
                ),
            ),
            Syntax::Guid => (
                text!("not a GUID", "pas un GUID"),
                text!("the directory writes 16 octets", "l’annuaire écrit 16 octets"),
            ),
            Syntax::ProxyAddress => (
                text!("not a proxy address", "pas une adresse proxy"),
                text!(
                    "a proxy address is a type, a colon and an address: smtp:user@domain",
                    "une adresse proxy est un type, deux-points et une adresse\u{a0}: smtp:utilisateur@domaine"
                ),
            ),
            _ => (
                text!("not a SIP address", "pas une adresse SIP"),
                text!(
                    "a SIP address is sip:user@domain, without port, parameter or display name",
                    "une adresse SIP est sip:utilisateur@domaine, sans port, paramètre ni nom affiché"
                ),
            ),
        };
        let is_number = matches!(syntax, Syntax::Integer | Syntax::LargeInteger | Syntax::RecipientType);
        let damage = if is_number { Damage::of_number(value) } else { Damage::of(value) };
        let shown: String = String::from_utf8_lossy(value).chars().take(SHOWN).collect();
        let is = damage.map_or(is, Damage::what);
        let what = text!(
            "`{name}` is {is}: `{shown}`",
            "`{name}` n’a pas la forme attendue ({is})\u{a0}: `{shown}`";
            is
        );
        Self { what, note, help: damage.map(Damage::help) }
    }
}

/// How many characters of a value a message shows.
const SHOWN: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_is_decimal_digits_and_nothing_else() {
        for (text, expect) in [
            ("0", Some(0)),
            ("512", Some(512)),
            ("-2147483646", Some(-2_147_483_646)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("", None),
            ("-", None),
            ("-0", None),
            ("+1", None),
            ("0512", None),
            (" 512", None),
            ("512 ", None),
            ("0x202", None),
            ("514.0", None),
            ("5.14E+02", None),
            ("514 (ACCOUNTDISABLE)", None),
            ("NULL", None),
            ("٥١٢", None),
        ] {
            assert_eq!(integer(text.as_bytes()), expect, "{text}");
        }
    }

    #[test]
    fn each_syntax_refuses_what_is_not_its_own() {
        let ldap = "CN=LC Services,DC=contoso,DC=com";
        for (syntax, text, expect) in [
            (Syntax::Text, "NULL", Meaning::Plain),
            (Syntax::Integer, "2147483647", Meaning::Integer(2_147_483_647)),
            (Syntax::Integer, "2147483648", Meaning::Invalid),
            (Syntax::LargeInteger, "2147483648", Meaning::Integer(2_147_483_648)),
            (Syntax::RecipientType, "SharedMailbox", Meaning::Invalid),
            (Syntax::Boolean, "true", Meaning::Boolean(true)),
            (Syntax::Boolean, "FALSE", Meaning::Boolean(false)),
            (Syntax::Boolean, "1", Meaning::Invalid),
            (Syntax::Boolean, "TRUE ", Meaning::Invalid),
            (Syntax::Dn, "CN=A, DC=x", Meaning::Dn("cn=a,dc=x".into())),
            (Syntax::Dn, "pool01.contoso.com", Meaning::Invalid),
            (Syntax::Dn, "", Meaning::Invalid),
            (Syntax::DnBinary, &format!("B:8:00000001:{ldap}"), Meaning::Plain),
            (Syntax::DnBinary, &format!("B:8:0000001:{ldap}"), Meaning::Invalid),
            (Syntax::DnBinary, &format!("B:8:0000000g:{ldap}"), Meaning::Invalid),
            (Syntax::DnBinary, &format!("B:7:0000001:{ldap}"), Meaning::Invalid),
            (Syntax::DnBinary, "B:8:00000001:", Meaning::Invalid),
            (Syntax::DnBinary, ldap, Meaning::Invalid),
            (Syntax::Sid, "S-1-5-10", Meaning::Plain),
            (Syntax::Sid, "S-1-5", Meaning::Invalid),
            (Syntax::Sid, "S-1-5-+1", Meaning::Invalid),
            (Syntax::Sid, "S-1-5-4294967296", Meaning::Invalid),
            (Syntax::Sid, "S-1-281474976710656-1", Meaning::Invalid),
            (Syntax::Sid, "\u{1}\u{1}\0\0\0\0\0\u{5}\n\0\0\0", Meaning::Plain),
            (Syntax::Sid, "\u{1}\u{1}\0\0\0\0\0\u{5}\n\0\0", Meaning::Invalid),
            (Syntax::ProxyAddress, "SMTP:ann@contoso.com", Meaning::Plain),
            (Syntax::ProxyAddress, "X500:/o=contoso/cn=ann", Meaning::Plain),
            (Syntax::ProxyAddress, "x_400-1:c=fr", Meaning::Plain),
            (Syntax::ProxyAddress, "ann@contoso.com", Meaning::Plain),
            (Syntax::ProxyAddress, "SMTP:ann (Paris)", Meaning::Plain),
            (Syntax::ProxyAddress, "SMTP: ", Meaning::Invalid),
            (Syntax::ProxyAddress, ":ann", Meaning::Invalid),
            (Syntax::ProxyAddress, "é:ann", Meaning::Invalid),
            (Syntax::ProxyAddress, "ann", Meaning::Invalid),
            (Syntax::ProxyAddress, "@contoso.com", Meaning::Invalid),
            (Syntax::ProxyAddress, "ann@contoso", Meaning::Invalid),
            (Syntax::ProxyAddress, "SMTP:ann@contoso.com...", Meaning::Invalid),
            (Syntax::ProxyAddress, "SMTP:ann@contoso.com…", Meaning::Invalid),
            (Syntax::ProxyAddress, "SMTP:ann@contoso.com (+3)", Meaning::Invalid),
            (Syntax::Guid, "0123456789abcdef", Meaning::Plain),
            (Syntax::Guid, "{03020100-0504-0706-0809-0a0b0c0d0e0f}", Meaning::Plain),
            (Syntax::Guid, "03020100-0504-0706-0809", Meaning::Invalid),
        ] {
            assert_eq!(Meaning::of(syntax, text.as_bytes()), expect, "{syntax:?} {text}");
        }
    }

    #[test]
    fn a_sip_address_is_a_user_at_a_domain_and_nothing_else() {
        for (uri, expect) in [
            ("sip:ann@contoso.com", Some("ann@contoso.com")),
            ("SIP:Ann.Doe@contoso.com", Some("Ann.Doe@contoso.com")),
            ("sip:o'hara+x@contoso.com", Some("o'hara+x@contoso.com")),
            ("sip:a;b@contoso.com", Some("a;b@contoso.com")),
            ("sip:ann@10.0.0.255", Some("ann@10.0.0.255")),
            ("sip:ann@10.0.0.256", None),
            ("sip:ann@10.0.1", None),
            ("sip:ann@10.0.0.0.1", None),
            ("", None),
            (" ", None),
            ("-", None),
            ("NULL", None),
            ("hello", None),
            ("sip:", None),
            ("sip:ann", None),
            ("sip:@contoso.com", None),
            ("sip:ann@", None),
            ("ann@contoso.com", None),
            ("sips:ann@contoso.com", None),
            ("smtp:ann@contoso.com", None),
            ("sip:sip:ann@contoso.com", None),
            ("sip:ann@contoso.com@contoso.com", None),
            ("sip:ann@contoso.com:5061", None),
            ("sip:ann@contoso.com;transport=tls", None),
            ("sip:ann@contoso.com?subject=x", None),
            ("\"Ann\" <sip:ann@contoso.com>", None),
            ("<sip:ann@contoso.com>", None),
            (" sip:ann@contoso.com", None),
            ("sip:ann@contoso.com ", None),
            ("sip: ann@contoso.com", None),
            ("sip:ann\u{a0}@contoso.com", None),
        ] {
            assert_eq!(sip_address(uri), expect, "{uri}");
        }
    }

    #[test]
    fn sids_and_guids_are_read_in_both_forms() {
        let own = b"\x01\x01\0\0\0\0\0\x05\x0a\0\0\0";
        assert_eq!(sid(own).as_deref(), sid(b"S-1-5-10").as_deref());
        for (text, expect) in [
            ("S-1-5-21-1-2-3-500", Some(500)),
            ("S-1-5-21-1-2-3", None),
            ("S-1-5-10", None),
            ("S-1-5-32-544", None),
        ] {
            assert_eq!(sid(text.as_bytes()).as_deref().and_then(relative_id), expect, "{text}");
        }
        let octets: Vec<u8> = (1..=16).collect();
        let text = "04030201-0605-0807-090a-0b0c0d0e0f10";
        assert_eq!(guid(&octets).as_deref(), Some(text));
        assert_eq!(guid(format!("{{{}}}", text.to_uppercase()).as_bytes()).as_deref(), Some(text));
        assert_eq!(guid(b"0403020106050807090a0b0c0d0e0f101234"), None);
    }

    #[test]
    fn a_value_is_shown_as_people_read_it() {
        for (attribute, value, expect) in [
            ("msRTCSIP-OriginatorSid", &*sid(b"S-1-5-21-1-2-3-1104").unwrap(), "S-1-5-21-1-2-3-1104"),
            ("objectSID", &*sid(b"S-1-281474976710655-7").unwrap(), "S-1-281474976710655-7"),
            ("objectGUID", b"0123456789abcdef", "33323130-3534-3736-3839-616263646566"),
            ("mail", "zo\u{e9}@contoso.com".as_bytes(), "zo\u{e9}@contoso.com"),
            ("thumbnailPhoto", b"\xff\xd8\0", "0xffd800"),
            ("msRTCSIP-OriginatorSid", b"\xff", "0xff"),
        ] {
            assert_eq!(readable(attribute, value), expect);
        }
    }

    #[test]
    fn a_message_says_what_has_happened_to_the_value() {
        for (syntax, value, expect) in [
            (Syntax::Integer, "0x202", "`a` is not a 32-bit integer: `0x202`"),
            (Syntax::Integer, "514.0", "`a` is a number with a decimal point: `514.0`"),
            (
                Syntax::Integer,
                "5,14E+02",
                "`a` is a number in a spreadsheet's scientific notation: `5,14E+02`",
            ),
            (Syntax::Boolean, "perhaps", "`a` is neither TRUE nor FALSE: `perhaps`"),
            (Syntax::LargeInteger, "x", "`a` is not a 64-bit integer: `x`"),
            (Syntax::Dn, "pool01", "`a` is not a DN: `pool01`"),
            (Syntax::DnBinary, "CN=p", "`a` is not a DN with binary: `CN=p`"),
            (Syntax::Sid, "S-1", "`a` is not a SID: `S-1`"),
            (Syntax::Guid, "7", "`a` is not a GUID: `7`"),
            (Syntax::ProxyAddress, "ann", "`a` is not a proxy address: `ann`"),
            (
                Syntax::Dn,
                "System.Object[]",
                "`a` is the name of a PowerShell type, which replaces the values: `System.Object[]`",
            ),
        ] {
            let invalid = Invalid::new("a", syntax, value.as_bytes());
            assert_eq!(invalid.what.english(), expect);
        }
    }
}
