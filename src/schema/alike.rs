//! Text equality in Active Directory, which ignores case, accents, kana type and width (MS-ADTS 6.5).
//!
//! It is wider than the equality of normalised DNs, which identifies objects, draws pools and matches users: there, a
//! wider one might take two objects for one. It is used where the wider comparison is the safer one: for bases (of
//! `protect`, of the selection, of rules), for DNs on a list of users, and for look-alike addresses.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript as _};

/// Returns a form that is the same for all texts that Active Directory considers equal.
pub(crate) fn alike(text: &str) -> String {
    text.chars().flat_map(letters).collect()
}

/// Returns what is left of a character without case, accents, kana type and width.
fn letters(c: char) -> impl Iterator<Item = char> {
    // A mark of a single script, such as a vowel of Devanagari, is a letter.
    let is_accent = |c: &char| is_combining_mark(*c) && c.script() == Script::Inherited;
    // A soft hyphen, or a space without width.
    let is_unseen = |c: &char| matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}');
    let plain = std::iter::once(c).nfkd().filter(move |c| !is_accent(c) && !is_unseen(c));
    let plain = plain.flat_map(char::to_lowercase);
    plain.map(|c| match c {
        'ς' => 'σ',
        // hiragana, as katakana
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        _ => c,
    })
}

/// Where a space of a value does not count.
const SURPLUS: [&str; 4] = ["= ", "  ", " ,", " +"];

/// Returns a form that is the same for all normalised DNs that Active Directory considers equal. Spaces at the ends of
/// a value do not count either, and several in a row count as one (RFC 4518 section 2.6.1), so that `protect` with
/// `OU=Admins T0` also covers `OU=Admins  T0\20`.
pub(crate) fn alike_dn(normalized: &str) -> Cow<'_, str> {
    let has_surplus = || normalized.ends_with(' ') || SURPLUS.iter().any(|space| normalized.contains(space));
    if normalized.is_ascii() && !has_surplus() {
        return Cow::Borrowed(normalized);
    }
    let mut text = String::with_capacity(normalized.len());
    for c in normalized.chars() {
        // After the backslash of an escaped comma, there is no space to remove.
        if matches!(c, ',' | '+') {
            text.truncate(text.trim_end_matches(' ').len());
        }
        for letter in letters(c) {
            if letter == ' ' && text.ends_with(['=', ' ']) {
                continue;
            }
            // A wide comma becomes a literal one, not a separator.
            if letter != c && matches!(letter, ',' | '+' | '\\') {
                text.push('\\');
            }
            text.push(letter);
        }
    }
    text.truncate(text.trim_end_matches(' ').len());
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_active_directory_considers_equal_are_alike_and_others_are_not() {
        let pairs = [
            ("an accent in one letter, and as a mark", "ou=générale", "ou=ge\u{301}ne\u{301}rale", true),
            ("a joiner, which is no accent", "ou=क्\u{200d}ष", "ou=क्ष", false),
            ("an accent, and none", "ou=générale", "ou=generale", true),
            ("a soft hyphen, and none", "ou=pa\u{ad}ris", "ou=paris", true),
            ("full width", "ou=ａｄｍｉｎｓ", "ou=admins", true),
            ("half width katakana", "ou=ﾊﾟﾘ", "ou=パリ", true),
            ("hiragana and katakana", "ou=ぱり", "ou=パリ", true),
            ("a sigma at the end of a word", "ou=οδος", "ou=οδοσ", true),
            ("a space at the end of a value", "ou=admins ,dc=x", "ou=admins,dc=x", true),
            ("a space at the end of the DN", "ou=admins ", "ou=admins", true),
            ("a space at the start of a value", "ou= admins,dc=x", "ou=admins,dc=x", true),
            ("two spaces inside a value, and one", "ou=admins  t0", "ou=admins t0", true),
            ("three spaces, one without a break, and one", "ou=admins \u{a0} t0", "ou=admins t0", true),
            ("a space inside a value, and none", "ou=admins t0", "ou=adminst0", false),
            ("a space at the end of the first of two values", "cn=a +sn=b", "cn=a+sn=b", true),
            ("a wide comma, and one of the value", "ou=a，b", "ou=a\\,b", true),
            ("a wide comma, and one between RDNs", "cn=a，ou=b", "cn=a,ou=b", false),
            ("a space behind an escaped comma", "ou=a\\, b", "ou=a\\,b", false),
            ("a space before an escaped comma", "ou=a \\,b ", "ou=a\\,b", false),
            ("another letter", "ou=paris", "ou=parís2", false),
            ("another vowel of Devanagari", "ou=कि", "ou=का", false),
        ];
        for (what, one, other, expected) in pairs {
            assert_eq!(alike_dn(one) == alike_dn(other), expected, "{what}");
        }
    }
}
