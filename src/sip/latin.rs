//! Spellings of Latin letters beyond ASCII, by profile.

use serde::{Deserialize, Serialize};
use unicode_normalization::char::{compose, decompose_canonical, decompose_compatible};

/// A profile for Latin letters beyond ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FoldProfile {
    /// No folding: names with such letters are refused.
    None,
    /// Marks are dropped; ß is ss, æ ae, œ oe, ø o, đ d, þ th, ı i, …
    #[default]
    Latin,
    /// As `Latin`, except ä ae, ö oe, ü ue.
    German,
    /// As `Latin`, except å aa, ä ae, ö oe, ø oe.
    Nordic,
}

impl FoldProfile {
    /// Spells a letter in lower case and composed form (NFC) in ASCII; `None` if the profile lacks it or it is not
    /// Latin.
    pub(super) fn spelling(self, letter: char) -> Option<&'static str> {
        if self == FoldProfile::None {
            return None;
        }
        if let Some(letters) = self.umlaut(letter).or_else(|| self.special(letter)) {
            return Some(letters);
        }
        let mut base = None;
        let mut umlaut = None;
        decompose_canonical(letter, |part| match base {
            None => base = Some(part),
            // ǖ is ü with a macron.
            Some(base) => umlaut = umlaut.or_else(|| self.umlaut(compose(base, part)?)),
        });
        let base = base.unwrap_or(letter);
        umlaut.or_else(|| self.special(base)).or_else(|| ascii(base)).or_else(|| variant(letter))
    }

    /// Spells letters that the profile writes with a second letter instead of dropping the mark.
    fn umlaut(self, lower: char) -> Option<&'static str> {
        match (self, lower) {
            (FoldProfile::Nordic, 'å') => Some("aa"),
            (FoldProfile::German | FoldProfile::Nordic, 'ä') => Some("ae"),
            (FoldProfile::German | FoldProfile::Nordic, 'ö') => Some("oe"),
            (FoldProfile::German, 'ü') => Some("ue"),
            _ => None,
        }
    }

    /// Spells letters that do not decompose into an ASCII letter and marks: as in ICAO Doc 9303 part 3 section 6 if
    /// listed there (except ø, which only `Nordic` spells so), otherwise without the stroke or hook.
    fn special(self, lower: char) -> Option<&'static str> {
        Some(match lower {
            'ø' if self == FoldProfile::Nordic => "oe",
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'þ' => "th",
            'ĳ' => "ij",
            'ǆ' => "dz",
            'ǉ' => "lj",
            'ǌ' => "nj",
            'ﬀ' => "ff",
            'ﬁ' => "fi",
            'ﬂ' => "fl",
            'ﬃ' => "ffi",
            'ﬄ' => "ffl",
            'ﬅ' | 'ﬆ' => "st",
            'ⱥ' => "a",
            'ƀ' | 'ƃ' | 'ɓ' => "b",
            'ƈ' | 'ȼ' => "c",
            'đ' | 'ð' | 'ƌ' | 'ɖ' | 'ɗ' | 'ȡ' => "d",
            'ɇ' | 'ɛ' => "e",
            'ƒ' => "f",
            'ǥ' | 'ɠ' => "g",
            'ħ' | 'ⱨ' => "h",
            'ı' | 'ɨ' | 'ɩ' => "i",
            'ȷ' | 'ɉ' => "j",
            'ƙ' | 'ⱪ' | 'ꝁ' => "k",
            'ł' | 'ŀ' | 'ƚ' | 'ɫ' | 'ⱡ' | 'ȴ' => "l",
            'ŋ' | 'ŉ' | 'ƞ' | 'ɲ' | 'ȵ' => "n",
            'ø' | 'ɔ' | 'ɵ' => "o",
            'ƥ' | 'ᵽ' => "p",
            'ĸ' | 'ɋ' => "q",
            'ɍ' | 'ɽ' => "r",
            'ſ' | 'ȿ' => "s",
            'ŧ' | 'ƭ' | 'ʈ' | 'ⱦ' | 'ȶ' => "t",
            'ʉ' => "u",
            'ʋ' => "v",
            'ⱳ' => "w",
            'ɏ' | 'ƴ' => "y",
            'ƶ' | 'ȥ' | 'ɀ' | 'ⱬ' => "z",
            _ => return None,
        })
    }
}

/// The plain letter of a full-width or raised one (ａ, ª).
fn variant(letter: char) -> Option<&'static str> {
    let mut letters = Vec::new();
    decompose_compatible(letter, |part| letters.push(part));
    if let [single] = letters[..] { ascii(single) } else { None }
}

/// The letter itself, if it is ASCII.
fn ascii(letter: char) -> Option<&'static str> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    LETTERS.find(letter).map(|at| &LETTERS[at..=at])
}
