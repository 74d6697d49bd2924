//! What producers have done to text: values replaced by the name of their type, numbers in scientific
//! notation, lost characters.

/// Whether the text is what .NET prints for a collection: the name of its type.
pub(super) fn is_type_name(text: &[u8]) -> bool {
    let is_name = |c: &u8| c.is_ascii_alphanumeric() || b"._`[],+= ".contains(c);
    (text.starts_with(b"System.") || text.starts_with(b"Microsoft."))
        && text.iter().all(is_name)
        && (text.ends_with(b"]")
            || text.ends_with(b"List")
            || memchr::memmem::find(text, b"Collection").is_some())
}

/// Whether the text is a number in a spreadsheet's scientific notation, `3,31E+10`: most of its digits are
/// gone.
pub(super) fn is_damaged_number(text: &[u8]) -> bool {
    let Some(b'0'..=b'9' | b'-') = text.first() else { return false };
    let Some(at) = memchr::memchr(b'E', text) else { return false };
    let mantissa = text[..at].strip_prefix(b"-").unwrap_or(&text[..at]);
    let [b'+' | b'-', exponent @ ..] = &text[at + 1..] else { return false };
    let digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    digits(exponent) && mantissa.splitn(2, |&c| c == b',' || c == b'.').all(digits)
}

/// The index of the first sign of a lost character: U+FFFD, a C1 control, UTF-8 shown as Windows-1252 (`Ã©`),
/// a console code page shown so (`J‚r“me`), or a `?`: any in a name, elsewhere before a letter or another
/// `?`.
pub(super) fn lost_character(text: &[u8], is_name: bool) -> Option<usize> {
    if text.is_ascii() && memchr::memchr(b'?', text).is_none() {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((index, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |&(_, next)| next);
        let lost = match c {
            char::REPLACEMENT_CHARACTER | '\u{80}'..='\u{9f}' => true,
            'Ã' | 'Â' => is_continuation(next),
            // where cp437 and cp850 have é ä à ç ê ë ï ô ö ò
            '‚' | '„' | '…' | '‡' | 'ˆ' | '‰' | '‹' | '“' | '”' | '•' => {
                is_name && before.is_alphabetic() && next.is_lowercase()
            }
            '?' => is_name || next == '?' || next.is_alphabetic(),
            _ => false,
        };
        if lost {
            return Some(index);
        }
        before = c;
    }
    None
}

/// Whether Windows-1252 shows a continuation byte of UTF-8, 0x80 to 0xBF, as this character.
fn is_continuation(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{bf}') || "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_names() {
        for (text, expect) in [
            ("Microsoft.ActiveDirectory.Management.ADPropertyValueCollection", true),
            ("System.String[]", true),
            ("System.Byte[]", true),
            ("System.Collections.ArrayList", true),
            ("System.Collections.Generic.List`1[System.String]", true),
            ("System.Administrator", false),
            ("Microsoft.com", false),
            ("ann.doe@contoso.com", false),
        ] {
            assert_eq!(is_type_name(text.as_bytes()), expect, "{text}");
        }
    }

    #[test]
    fn damaged_numbers() {
        for (text, expect) in [
            ("3,31E+10", true),
            ("3.31E+10", true),
            ("-1E+05", true),
            ("1E-3", true),
            ("3E10", false),
            ("E+10", false),
            ("1,2,3E+10", false),
            (",3E+10", false),
            ("3,E+10", false),
            ("3,31E+", false),
            ("ANNE+1", false),
        ] {
            assert_eq!(is_damaged_number(text.as_bytes()), expect, "{text}");
        }
    }

    #[test]
    fn lost_characters() {
        for (text, in_name, elsewhere) in [
            ("Jérôme Müller", None, None),
            ("J?r?me", Some(1), Some(1)),
            ("Ren?", Some(3), None),
            ("who is it?", Some(9), None),
            ("????", Some(0), Some(0)),
            ("J\u{fffd}r", Some(1), Some(1)),
            ("JÃ©rÃ´me", Some(1), Some(1)),
            ("CafÂ\u{a0}", Some(3), Some(3)),
            ("Ã‰lodie", Some(0), Some(0)),
            ("JOÃO ÂGE", None, None),
            ("a\u{85}", Some(1), Some(1)),
            ("J‚r“me", Some(1), None),
            ("“Ann”", None, None),
        ] {
            assert_eq!(lost_character(text.as_bytes(), true), in_name, "{text}");
            assert_eq!(lost_character(text.as_bytes(), false), elsewhere, "{text}");
        }
    }
}
