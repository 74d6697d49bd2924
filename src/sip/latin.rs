//! Latin letters beyond ASCII, and how each profile spells them.

use serde::{Deserialize, Serialize};
use unicode_normalization::char::{compose, decompose_canonical, decompose_compatible};

/// How Latin letters beyond ASCII are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FoldProfile {
    /// Not at all: such a letter refuses the name.
    None,
    /// Without their marks, and ß ss, æ ae, œ oe, ø o, đ d, þ th, ı i, …
    #[default]
    Latin,
    /// As `Latin`, but ä ae, ö oe, ü ue.
    German,
    /// As `Latin`, but å aa, ä ae, ö oe, ø oe.
    Nordic,
}

impl FoldProfile {
    /// The ASCII letters for a Latin letter in lower case and in composed form (NFC); nothing for one that the
    /// profile lacks, and for what is no Latin letter.
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

    /// Letters that some languages write with a second letter and others with the mark left out.
    fn umlaut(self, lower: char) -> Option<&'static str> {
        match (self, lower) {
            (FoldProfile::Nordic, 'å') => Some("aa"),
            (FoldProfile::German | FoldProfile::Nordic, 'ä') => Some("ae"),
            (FoldProfile::German | FoldProfile::Nordic, 'ö') => Some("oe"),
            (FoldProfile::German, 'ü') => Some("ue"),
            _ => None,
        }
    }

    /// Letters that have no decomposition into an ASCII letter and marks: as in ICAO Doc 9303 part 3 section 6
    /// where that has the letter (but for ø, which only `Nordic` spells so), else the letter without its stroke
    /// or hook.
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

/// The letter behind a full-width or raised one (ａ, ª).
fn variant(letter: char) -> Option<&'static str> {
    let mut letters = Vec::new();
    decompose_compatible(letter, |part| letters.push(part));
    if let [single] = letters[..] { ascii(single) } else { None }
}

/// The letter itself, if it is an ASCII letter.
fn ascii(letter: char) -> Option<&'static str> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    LETTERS.find(letter).map(|at| &LETTERS[at..=at])
}
