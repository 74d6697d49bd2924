//! Lost characters: what a wrong code page, or one that lacks a letter, leaves of text.

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
