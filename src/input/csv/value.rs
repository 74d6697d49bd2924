//! The values in a cell's text: joined values, octets, Booleans, integers, GUIDs, SIDs.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2};

use crate::language::{Text, text};
use crate::object::Attr;
use crate::ocs;
use crate::schema::{self, Syntax};

/// An invalid text in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CellFault {
    pub(super) code: &'static str,
    /// The byte at fault; 0 for the whole text.
    pub(super) index: usize,
    /// What the text is, or contains.
    pub(super) what: Text,
}

/// Decodes a text: text stays as it is, anything else takes the form of the directory.
///
/// csvde's `X'…'` gives octets whatever the syntax: csvde uses it for octets, and for text outside its code page.
pub(super) fn decode(
    text: Cow<'_, [u8]>,
    syntax: Syntax,
    may_have_nul: bool,
) -> Result<Cow<'_, [u8]>, CellFault> {
    if let Some(digits) = hexadecimal(&text) {
        return octets(digits).map(Cow::Owned).map_err(|index| {
            let odd = index == digits.len();
            let what = if odd {
                text!("`X'…'` with an odd number of digits", "`X'…'` avec un nombre impair de chiffres")
            } else {
                text!("no hexadecimal digit in `X'…'`", "un caractère non hexadécimal dans `X'…'`")
            };
            CellFault { code: "csv-hex", index: 2 + index, what }
        });
    }
    if may_have_nul && let Some(index) = memchr(0, &text) {
        return Err(CellFault {
            code: "csv-nul", index, what: text!("a NUL character", "un caractère NUL")
        });
    }
    let of_directory: Option<Cow<'_, [u8]>> = match syntax {
        Syntax::RecipientType => {
            ocs::recipient_type(&text).map(|number| Cow::Owned(number.to_string().into_bytes()))
        }
        Syntax::Boolean => boolean(&text).map(Cow::Borrowed),
        Syntax::Guid => guid(&text).map(Cow::Owned),
        Syntax::Sid | Syntax::AccountSid => schema::value::sid(&text).map(|sid| Cow::Owned(sid.into_owned())),
        _ => None,
    };
    // An invalid value stays as it is: whether a decision depends on it is checked later.
    Ok(of_directory.unwrap_or(text))
}

/// Whether the cells of an attribute may contain other text than the directory.
pub(super) fn is_converted(syntax: Syntax) -> bool {
    matches!(
        syntax,
        Syntax::RecipientType | Syntax::Boolean | Syntax::Guid | Syntax::Sid | Syntax::AccountSid
    )
}

/// Splits the joined values of a cell into ranges; escapes and spaces around values are kept.
///
/// A separator after a backslash belongs to the value, and a backslash after a backslash escapes nothing. With
/// `addresses`, an X.400 address, whose fields end in `;`, extends to the next address type, and an address of Unified
/// Messaging, telephone or SIP includes its parameters: `EUM:1234;phone-context=dialplan`.
pub(super) fn split(content: &[u8], separator: u8, addresses: bool) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let parts = std::iter::from_fn(move || {
        let mut at = start;
        let rest = content.get(start..)?.trim_ascii_start();
        let begins_with = |types| addresses && has_type(rest, types);
        let (is_x400, has_parameters) = (begins_with(&["x400"]), begins_with(&["eum", "tel", "sip"]));
        let ends_value = |at: usize| {
            let next = content[at + 1..].trim_ascii_start();
            let is_field = is_x400 && !has_type(next, ADDRESS_TYPES);
            !(is_field || has_parameters && is_parameter(next))
        };
        while let Some(next) = memchr2(separator, b'\\', content.get(at..)?) {
            at += next;
            if content[at] == separator && ends_value(at) {
                let part = start..at;
                start = at + 1;
                return Some(part);
            }
            at += escape_length(&content[at..], separator);
        }
        let last = start..content.len();
        start = content.len() + 1;
        Some(last)
    });
    parts.filter(|part| !part.is_empty())
}

/// Whether a parameter of a URI begins here: `phone-context=…`.
fn is_parameter(text: &[u8]) -> bool {
    let name = text.iter().take_while(|c| c.is_ascii_lowercase() || **c == b'-').count();
    name > 0 && text.get(name) == Some(&b'=')
}

/// The types of proxy addresses that Exchange and its connectors write.
pub(super) const ADDRESS_TYPES: &[&str] = &[
    "smtp", "sip", "x400", "x500", "ex", "eum", "tel", "fax", "rfax", "ms", "msmail", "mrs", "ccmail",
    "notes", "gwise", "mhs", "profs", "snads", "mobile", "airsync", "spo", "invalid",
];

/// Whether an address begins with one of the types, in any letter case, and a colon.
pub(super) fn has_type(address: &[u8], types: &[&str]) -> bool {
    const LONGEST: usize = "airsync".len();
    let colon = address.iter().take(LONGEST + 1).position(|&byte| byte == b':');
    let is_type = |kind: &[u8]| types.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(kind));
    colon.is_some_and(|colon| is_type(&address[..colon]))
}

/// Returns the attribute whose values a text claims, whatever column it is in: an address, or a line.
pub(super) fn claims(text: &[u8]) -> Option<Attr> {
    let line = || has_type(text, &["tel"]).then_some(Attr::LINE);
    if text.contains(&b'@') { Some(Attr::MAIL) } else { line() }
}

/// How many bytes of joined values represent the next byte: two for an escape.
pub(super) fn escape_length(rest: &[u8], separator: u8) -> usize {
    match rest {
        [b'\\', next, ..] if *next == separator || *next == b'\\' => 2,
        _ => 1,
    }
}

/// Removes the escapes from a joined value.
pub(super) fn unescape(value: Cow<'_, [u8]>, separator: u8) -> Cow<'_, [u8]> {
    if memchr(b'\\', &value).is_none() {
        return value;
    }
    let mut out = Vec::with_capacity(value.len());
    let mut rest = &value[..];
    while !rest.is_empty() {
        let length = escape_length(rest, separator);
        out.push(rest[length - 1]);
        rest = &rest[length..];
    }
    Cow::Owned(out)
}

/// Returns the text between the quotes of csvde's `X'…'`.
pub(super) fn hexadecimal(value: &[u8]) -> Option<&[u8]> {
    value.strip_prefix(b"X'").or_else(|| value.strip_prefix(b"x'"))?.strip_suffix(b"'")
}

/// Decodes hexadecimal digits; the error is the index of the first invalid or missing one.
fn octets(digits: &[u8]) -> Result<Vec<u8>, usize> {
    let value = |digit: u8| HEXADECIMAL[usize::from(digit)];
    let (pairs, rest) = digits.as_chunks::<2>();
    let octets: Vec<u8> = pairs.iter().map(|&[high, low]| value(high) << 4 | value(low) & 0xf).collect();
    // Every user has a GUID and a SID: one check for all digits is faster than one for each.
    let all = digits.iter().fold(0, |all, &digit| all | value(digit));
    if all < NO_DIGIT && rest.is_empty() {
        return Ok(octets);
    }
    Err(digits.iter().position(|&digit| value(digit) == NO_DIGIT).unwrap_or(digits.len()))
}

/// The value of each hexadecimal digit; `NO_DIGIT` for any other byte.
const HEXADECIMAL: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut byte = 0;
    while byte < values.len() {
        if let Some(value) = (byte as u8 as char).to_digit(16) {
            values[byte] = value as u8;
        }
        byte += 1;
    }
    values
};
const NO_DIGIT: u8 = 0x10;

/// Converts the words of the directory, PowerShell, Excel and people, in English, French and German, to `TRUE` or
/// `FALSE`.
fn boolean(text: &[u8]) -> Option<&'static [u8]> {
    const TRUE: [&str; 8] = ["true", "$true", "1", "yes", "vrai", "oui", "wahr", "ja"];
    const FALSE: [&str; 8] = ["false", "$false", "0", "no", "faux", "non", "falsch", "nein"];
    let is_among = |words: [&str; 8]| words.iter().any(|word| word.as_bytes().eq_ignore_ascii_case(text));
    is_among(TRUE).then_some(&b"TRUE"[..]).or_else(|| is_among(FALSE).then_some(b"FALSE"))
}

/// Whether a text is a GeneralizedTime as written by the directory: `20261123174500.0Z` (RFC 4517 section 3.3.13).
pub(super) fn is_time(text: &[u8]) -> bool {
    let Some(fraction) = text.strip_suffix(b"Z") else { return false };
    let whole = fraction.split(|&c| c == b'.').next().unwrap_or(fraction);
    whole.len() == 14 && fraction.iter().all(|&c| c.is_ascii_digit() || c == b'.')
}

/// Decodes a GUID in .NET's text form, with or without braces.
fn guid(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.strip_prefix(b"{").and_then(|text| text.strip_suffix(b"}")).unwrap_or(text);
    schema::value::guid_of_text(text).map(Vec::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str, syntax: Syntax) -> Result<String, (&'static str, usize)> {
        let value = decode(Cow::Borrowed(text.as_bytes()), syntax, true);
        value.map(|bytes| bytes.escape_ascii().to_string()).map_err(|invalid| (invalid.code, invalid.index))
    }

    #[test]
    fn values_take_the_form_of_the_directory() {
        for (syntax, text, expect) in [
            (Syntax::Text, "Ann", Ok("Ann")),
            (Syntax::Text, "X'416e6E'", Ok("Ann")),
            (Syntax::Text, "X''", Ok("")),
            (Syntax::Text, "X'4'", Err(("csv-hex", 3))),
            (Syntax::Text, "X'4g'", Err(("csv-hex", 3))),
            (Syntax::Text, "X'410g'", Err(("csv-hex", 5))),
            (Syntax::Text, "X'41", Ok("X\\'41")),
            (Syntax::Text, "a\0b", Err(("csv-nul", 1))),
            (Syntax::Boolean, "True", Ok("TRUE")),
            (Syntax::Boolean, "VRAI", Ok("TRUE")),
            (Syntax::Boolean, "wahr", Ok("TRUE")),
            (Syntax::Boolean, "1", Ok("TRUE")),
            (Syntax::Boolean, "False", Ok("FALSE")),
            (Syntax::Boolean, "FAUX", Ok("FALSE")),
            (Syntax::Boolean, "Falsch", Ok("FALSE")),
            (Syntax::Boolean, "perhaps", Ok("perhaps")),
            (Syntax::Integer, "66048", Ok("66048")),
            (Syntax::Integer, "-2147483646", Ok("-2147483646")),
            (Syntax::Integer, "8,05E+08", Ok("8,05E+08")),
            (Syntax::RecipientType, "SharedMailbox", Ok("4")),
            (Syntax::RecipientType, "2147483648", Ok("2147483648")),
            (Syntax::RecipientType, "Mailbox", Ok("Mailbox")),
            (
                Syntax::Guid,
                "03020100-0504-0706-0809-0a0b0c0d0e0f",
                Ok("\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\t\\n\\x0b\\x0c\\r\\x0e\\x0f"),
            ),
            (Syntax::Guid, "{41414141-4141-4141-4141-414141414141}", Ok("AAAAAAAAAAAAAAAA")),
            (Syntax::Guid, "41414141-4141-4141-4141-41414141414", Ok("41414141-4141-4141-4141-41414141414")),
            (Syntax::Sid, "S-1-5-10", Ok("\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x05\\n\\x00\\x00\\x00")),
            (
                Syntax::Sid,
                "S-1-5-80-1-2",
                Ok(
                    "\\x01\\x03\\x00\\x00\\x00\\x00\\x00\\x05P\\x00\\x00\\x00\\x01\\x00\\x00\\x00\\x02\\x00\\x00\\x00",
                ),
            ),
            (Syntax::Sid, "S-1-5", Ok("S-1-5")),
        ] {
            assert_eq!(decoded(text, syntax), expect.map(str::to_owned), "{syntax:?} {text}");
        }
    }

    #[test]
    fn joined_values_are_split_at_separators_outside_them() {
        for (addresses, content, expect) in [
            (false, "top;person; user ;;", &["top", "person", " user "][..]),
            (false, r"a\;b;c\\;d\e", &["a;b", r"c\", r"d\e"]),
            (false, "", &[]),
            (true, "SMTP:a@x;smtp:b@x;sip:a@x", &["SMTP:a@x", "smtp:b@x", "sip:a@x"]),
            (
                true,
                "X400:c=US;a= ;p=Contoso;o=Exchange;s=Doe;g=Ann;;SMTP:a@x",
                &["X400:c=US;a= ;p=Contoso;o=Exchange;s=Doe;g=Ann;", "SMTP:a@x"],
            ),
            (
                true,
                "smtp:a@x;x400:c=US;DDA:RFC-822=a(a)x;X500:/o=Contoso/cn=a",
                &["smtp:a@x", "x400:c=US;DDA:RFC-822=a(a)x", "X500:/o=Contoso/cn=a"],
            ),
            (true, r"X400:c=US\;s=Doe\;;SMTP:a@x", &["X400:c=US;s=Doe;", "SMTP:a@x"]),
            (
                true,
                "SMTP:a@x;eum:1234;phone-context=dp.x;sip:a@x;user=phone",
                &["SMTP:a@x", "eum:1234;phone-context=dp.x", "sip:a@x;user=phone"],
            ),
            (true, "SMTP:a@x;cn=b", &["SMTP:a@x", "cn=b"]),
        ] {
            let found: Vec<_> = split(content.as_bytes(), b';', addresses)
                .map(|range| unescape(Cow::Borrowed(&content.as_bytes()[range]), b';').into_owned())
                .map(|value| String::from_utf8(value).unwrap())
                .collect();
            assert_eq!(found, expect, "{content}");
        }
    }
}
