//! The values of attributes, decoded by syntax: integers, Booleans, DNs, SIDs, GUIDs and SIP addresses.
//!
//! Nothing is trimmed and nothing is guessed: only text that a directory would write is a value.

use std::borrow::Cow;

use super::damage::Damage;
use super::{Syntax, syntax_of};
use crate::language::{Text, text};

/// userAccountControl: an ordinary account.
pub(crate) const NORMAL_ACCOUNT: i64 = 0x200;
/// sAMAccountType of ordinary users (SAM_NORMAL_USER_ACCOUNT).
pub(crate) const NORMAL_USER: i64 = 805_306_368;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The octets themselves.
    Plain,
    Integer(i64),
    Boolean(bool),
    /// A DN, normalised.
    Dn(Box<str>),
    /// Not a value of the syntax.
    Invalid,
}

impl Meaning {
    /// Decodes a value. This is called for each value of an export, and most are plain.
    #[inline]
    pub(crate) fn of(syntax: Syntax, value: &[u8]) -> Self {
        if syntax.is_free() { Self::Plain } else { Self::read(syntax, value) }
    }

    /// Decodes a value of a syntax in which some texts are invalid.
    fn read(syntax: Syntax, value: &[u8]) -> Self {
        let plain_if = |is_valid: bool| if is_valid { Self::Plain } else { Self::Invalid };
        let text = || std::str::from_utf8(value).ok();
        match syntax {
            Syntax::Integer => integer(value)
                .filter(|number| i32::try_from(*number).is_ok())
                .map_or(Self::Invalid, Self::Integer),
            Syntax::AccountControl => match Self::read(Syntax::Integer, value) {
                Self::Integer(flags) if flags & ACCOUNT_TYPES == 0 => Self::Invalid,
                flags => flags,
            },
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
            Syntax::AccountSid => plain_if(account_sid(value).is_some()),
            Syntax::Guid => plain_if(guid_octets(value).is_some()),
            Syntax::SipAddress => plain_if(text().and_then(sip_address).is_some()),
            Syntax::ProxyAddress => plain_if(is_proxy_address(value) || text().is_none()),
            Syntax::Locator => plain_if(text().is_some_and(is_locator)),
            _ => Self::Plain,
        }
    }
}

/// The bits of userAccountControl of which Active Directory sets exactly one for every account (MS-ADTS 2.2.16).
const ACCOUNT_TYPES: i64 = 0x100 | NORMAL_ACCOUNT | 0x800 | 0x1000 | 0x2000;

/// Parses a decimal integer of 64 bits as a directory writes it: no `+`, no space, no leading zero (RFC 4517 section
/// 3.3.16).
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
        // a negative number counts downwards: the smallest has no positive counterpart
        if is_negative { number.checked_sub(digit) } else { number.checked_add(digit) }
    })
}

/// Parses `TRUE` or `FALSE` in any case: Active Directory writes capitals, but accepts others.
pub(crate) fn boolean(text: &[u8]) -> Option<bool> {
    if text.eq_ignore_ascii_case(b"TRUE") {
        Some(true)
    } else {
        text.eq_ignore_ascii_case(b"FALSE").then_some(false)
    }
}

/// Parses a DN with binary, `B:8:00000001:CN=…`, with the right number of hexadecimal digits; returns the digits and
/// the normalised DN.
pub(crate) fn dn_binary(value: &[u8]) -> Option<String> {
    let mut parts = std::str::from_utf8(value).ok()?.strip_prefix("B:")?.splitn(3, ':');
    let (count, digits, dn) = (parts.next()?, parts.next()?, parts.next()?);
    let count = integer(count.as_bytes()).and_then(|count| usize::try_from(count).ok())?;
    let is_binary = digits.len() == count && count % 2 == 0 && digits.bytes().all(|c| c.is_ascii_hexdigit());
    let dn = ldif::dn::normalize(dn).ok().filter(|dn| is_binary && !dn.is_empty())?;
    Some(format!("{}:{dn}", digits.to_ascii_lowercase()))
}

/// Returns the address in a SIP URI, without its scheme: an ASCII user, one `@`, and a host name or an IP address.
/// Nothing else of a URI is accepted: no slashes before the user, no second scheme, no port, parameter or header, no
/// display name, no space.
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

/// Whether this is a host name as in RFC 3261 section 25.1: labels of letters, digits and inner hyphens, of which the
/// last begins with a letter (so that it is not an IP address); at most 63 characters in a label and 253 in all (RFC
/// 1035 section 2.3.4). A final dot is not accepted: no list of SIP domains has one.
pub fn is_host_name(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    domain.len() <= 253
        && domain.split('.').all(is_label)
        && top.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Whether a text is the locator of a deployment: `SRV:`, or a host name of several labels, so that it is no word.
fn is_locator(text: &str) -> bool {
    let text = text.trim();
    let is_srv = text.get(..4).is_some_and(|srv| srv.eq_ignore_ascii_case("SRV:"));
    is_srv || text.contains('.') && is_host_name(text)
}

fn is_ip_address(domain: &str) -> bool {
    domain.split('.').count() == 4 && domain.split('.').all(|number| number.parse::<u8>().is_ok())
}

/// Whether a text is a whole proxy address: a type such as `smtp`, a colon and an address, or just an internet address.
/// Some tools cut a long list and end it with dots.
// Every user has some, so only the first bytes with the type are compared, without a search for the colon.
fn is_proxy_address(text: &[u8]) -> bool {
    let is_cut = text.ends_with(b"...")
        || text.ends_with("…".as_bytes())
        || text.ends_with(b")") && memchr::memmem::find(text, b" (+").is_some();
    let is_of_type = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let kind = text.iter().take_while(|b| is_of_type(b)).count();
    let has_address = match &text[kind..] {
        // No address contains a second value after a comma.
        [b':', address @ ..]
            if text[..kind].eq_ignore_ascii_case(b"smtp") || text[..kind].eq_ignore_ascii_case(b"sip") =>
        {
            let domain = address.rsplit(|&b| b == b'@').next().unwrap_or_default();
            !is_blank(address) && (domain.len() == address.len() || !domain.contains(&b','))
        }
        [b':', address @ ..] if kind > 0 => !is_blank(address),
        [b':', ..] => false,
        _ => memchr::memchr(b'@', text).is_some_and(|at| at > 0 && text[at..].contains(&b'.')),
    };
    has_address && !is_cut
}

/// Whether a text consists of spaces only.
fn is_blank(text: &[u8]) -> bool {
    !matches!(text, [b'!'..=b'~', ..]) && std::str::from_utf8(text).is_ok_and(|text| text.trim().is_empty())
}

/// Returns the octets of a SID, from Active Directory's own form or the text form (`S-1-5-21-…`) that ldbsearch prints
/// (MS-DTYP 2.4.2).
pub(crate) fn sid(value: &[u8]) -> Option<Cow<'_, [u8]>> {
    if is_sid(value) {
        return Some(Cow::Borrowed(value));
    }
    sid_of_text(std::str::from_utf8(value).ok()?).filter(|octets| is_sid(octets)).map(Cow::Owned)
}

/// Returns the octets of a SID that belongs to an account, not to a domain, to nobody, to everyone, or to a group of
/// each computer.
pub(crate) fn account_sid(value: &[u8]) -> Option<Cow<'_, [u8]>> {
    sid(value).filter(|octets| !is_of_domain(octets) && !is_of_everywhere(octets))
}

/// Whether the SID is that of a domain: it has four numbers, of which the first is 21.
fn is_of_domain(octets: &[u8]) -> bool {
    octets[1] == 4 && octets[2..].starts_with(OF_DOMAIN)
}

/// Whether the SID has no domain: those of the authorities 0 to 3, such as Everyone, and those below BUILTIN (MS-DTYP
/// 2.4.2.4).
fn is_of_everywhere(octets: &[u8]) -> bool {
    matches!(octets[2..], [0, 0, 0, 0, 0, 0..=3, ..] | [0, 0, 0, 0, 0, 5, 32, 0, 0, 0, ..])
}

/// The octets after the count in the SID of a domain, which has three more numbers, or of one of its accounts, with
/// four.
const OF_DOMAIN: &[u8] = &[0, 0, 0, 0, 0, 5, 21, 0, 0, 0];

/// Whether octets are a whole SID. In a domain's SID, three numbers follow the 21: with fewer, the end is cut off.
fn is_sid(octets: &[u8]) -> bool {
    match octets {
        [1, count @ 1..=15, numbers @ ..] => {
            numbers.len() == 6 + 4 * usize::from(*count) && (*count > 3 || !numbers.starts_with(OF_DOMAIN))
        }
        _ => false,
    }
}

/// Returns the octets that a text in the form of a SID stands for.
fn sid_of_text(text: &str) -> Option<Vec<u8>> {
    let mut parts = text.strip_prefix("S-1-").or_else(|| text.strip_prefix("s-1-"))?.split('-');
    let mut number = || {
        let digits = parts.next()?;
        Some(integer(digits.as_bytes()).and_then(|number| u64::try_from(number).ok()))
    };
    let authority = number()??;
    let subauthorities: Vec<u32> =
        std::iter::from_fn(number).map(|number| u32::try_from(number?).ok()).collect::<Option<_>>()?;
    let mut octets = vec![1, u8::try_from(subauthorities.len()).ok()?];
    octets.extend_from_slice(&(authority < 1 << 48).then(|| authority.to_be_bytes())?[2..]);
    octets.extend(subauthorities.iter().flat_map(|one| one.to_le_bytes()));
    Some(octets)
}

/// Returns the relative identifier of an account: the last number of its SID, S-1-5-21-…, after that of the domain.
/// Those below 1000 are the same in all domains (MS-DTYP 2.4.2.4).
pub(crate) fn relative_id(sid: &[u8]) -> Option<u32> {
    const OF_DOMAIN: &[u8] = &[1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0];
    let last = sid.starts_with(OF_DOMAIN).then(|| sid.last_chunk::<4>())??;
    Some(u32::from_le_bytes(*last))
}

/// Returns the account in a logon name: `ann` for `CONTOSO\ann`.
pub(crate) fn account_name(logon: &str) -> &str {
    domain_and_account(logon).map_or(logon, |(_, account)| account)
}

/// Returns the domain and the account in a logon name with both. Several names, paths and addresses are none.
pub(crate) fn domain_and_account(logon: &str) -> Option<(&str, &str)> {
    let is_in = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '&' | '!' | '$');
    logon.split_once('\\').filter(|(domain, account)| {
        let domain = domain.trim();
        !domain.is_empty() && domain.chars().all(is_in) && !account.contains('\\')
    })
}

/// The positions of each octet's two digits in the usual text form of a GUID: the first three groups are little-endian
/// (MS-DTYP 2.3.4).
const GUID_DIGITS: [usize; 16] = [6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34];

/// Returns the octets of a GUID, from Active Directory's own form or the text that ldbsearch prints.
pub(crate) fn guid_octets(value: &[u8]) -> Option<[u8; 16]> {
    if let Ok(octets) = <[u8; 16]>::try_from(value) {
        return Some(octets);
    }
    let is_brace = |byte: &u8| matches!(byte, b'{' | b'}');
    let start = value.iter().take_while(|byte| is_brace(byte)).count();
    let end = value.iter().rposition(|byte| !is_brace(byte))? + 1;
    guid_of_text(&value[start..end])
}

/// Returns the octets of a GUID in the usual text form, without braces.
pub(crate) fn guid_of_text(text: &[u8]) -> Option<[u8; 16]> {
    let text = <&[u8; 36]>::try_from(text).ok()?;
    let digit = |at: usize| char::from(text[at]).to_digit(16).map(|digit| digit as u8);
    let mut octets = [0; 16];
    for (octet, at) in octets.iter_mut().zip(GUID_DIGITS) {
        *octet = digit(at)? << 4 | digit(at + 1)?;
    }
    [8, 13, 18, 23].into_iter().all(|at| text[at] == b'-').then_some(octets)
}

/// Formats a GUID in the usual text form, in lower case.
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

/// Formats a value for people: SIDs and GUIDs in their text form, text as it is, other octets as hexadecimal digits.
pub(crate) fn readable<'v>(attribute: &str, value: &'v [u8]) -> Cow<'v, str> {
    let known = match syntax_of(attribute) {
        Some(Syntax::Sid | Syntax::AccountSid) => sid(value).and_then(|octets| text_of_sid(&octets)),
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

/// Formats the octets of a SID as text (MS-DTYP 2.4.2.1).
fn text_of_sid(octets: &[u8]) -> Option<String> {
    let (&[_, _, high, more, authority @ ..], subauthorities) = octets.split_first_chunk::<8>()?;
    let authority =
        u64::from(u16::from_be_bytes([high, more])) << 32 | u64::from(u32::from_be_bytes(authority));
    let parts =
        subauthorities.chunks_exact(4).filter_map(|part| part.try_into().ok()).map(u32::from_le_bytes);
    Some(parts.fold(format!("S-1-{authority}"), |text, part| text + &format!("-{part}")))
}

/// Why a value is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// The fault, with the name of the attribute.
    pub what: Text,
    /// What the syntax requires.
    pub note: Text,
    /// How to get the real value, if the cause of the damage is known.
    pub help: Option<Text>,
}

impl Invalid {
    /// Describes a second value of an attribute that may have only one.
    pub fn surplus(name: &str) -> Self {
        let what = text!("`{name}` has more than one value", "`{name}` a plusieurs valeurs");
        let note = text!(
            "the attribute is single-valued: two records may have run together",
            "l’attribut n’a qu’une valeur\u{a0}: deux enregistrements se sont peut-être confondus"
        );
        Self { what, note, help: None }
    }

    /// Describes an invalid value.
    pub fn new(name: &str, syntax: Syntax, value: &[u8]) -> Self {
        let (form, note) = expected(syntax, value);
        let damage = if syntax.is_number() { Damage::of_number(value) } else { Damage::of(value) };
        let shown: String = String::from_utf8_lossy(value).chars().take(SHOWN).collect();
        let form = damage.map_or(form, Damage::what);
        let what = text!(
            "`{name}` is {form}: `{shown}`",
            "`{name}` n’a pas la forme attendue ({form})\u{a0}: `{shown}`";
            form
        );
        Self { what, note, help: damage.map(Damage::help) }
    }
}

/// Describes what is wrong with a value, and what a directory writes.
fn expected(syntax: Syntax, value: &[u8]) -> (Text, Text) {
    let digits = || {
        text!(
            "the directory writes decimal digits and nothing else",
            "l’annuaire écrit des chiffres décimaux, rien d’autre"
        )
    };
    match syntax {
        Syntax::AccountControl if Meaning::read(Syntax::Integer, value) != Meaning::Invalid => (
            text!("a number that no account can have", "un nombre qu’aucun compte ne peut avoir"),
            text!(
                "the bit for the type of the account is missing: 0x200 (512) of ordinary ones",
                "il manque le bit qui dit le type du compte\u{a0}: 0x200 (512) pour un compte ordinaire"
            ),
        ),
        Syntax::Integer | Syntax::AccountControl => {
            (text!("not a 32-bit integer", "pas un entier de 32 bits"), digits())
        }
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
        Syntax::Sid | Syntax::AccountSid => expected_sid(value),
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
        Syntax::Locator => (
            text!("not the locator of a deployment", "pas le localisateur d’un déploiement"),
            text!("a locator is SRV: or a host name", "un localisateur est SRV: ou un nom d’hôte"),
        ),
        _ => (
            text!("not a SIP address", "pas une adresse SIP"),
            text!(
                "a SIP address is sip:user@domain, without port, parameter or display name",
                "une adresse SIP est sip:utilisateur@domaine, sans port, paramètre ni nom affiché"
            ),
        ),
    }
}

/// Describes a value that is not a SID, or is that of a domain.
fn expected_sid(value: &[u8]) -> (Text, Text) {
    if sid(value).is_some_and(|octets| is_of_everywhere(&octets)) {
        let note = text!("it is the same in each domain", "il est le même dans chaque domaine");
        return (text!("the SID of a group, or of nobody", "le SID d’un groupe, ou de personne"), note);
    }
    if sid(value).is_some() {
        let note = text!(
            "that of an account has one more number: S-1-5-21-1-2-3-1104",
            "celui d’un compte a un nombre de plus\u{a0}: S-1-5-21-1-2-3-1104"
        );
        return (text!("the SID of a domain", "le SID d’un domaine"), note);
    }
    let note = text!(
        "the directory writes its octets, ldbsearch S-1-5-21-…",
        "l’annuaire écrit ses octets, ldbsearch S-1-5-21-…"
    );
    (text!("not a SID", "pas un SID"), note)
}

/// How many characters of a value a message shows.
const SHOWN: usize = 60;

/// Cuts a name for a message: nobody reads a megabyte.
pub(crate) fn abridged(name: &str) -> &str {
    const LONGEST: usize = 300;
    name.char_indices().nth(LONGEST).map_or(name, |(end, _)| &name[..end])
}

#[cfg(test)]
mod tests;
