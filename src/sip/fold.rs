//! Folds names to ASCII: removes diacritics by profile, and refuses other letters.

use crate::language::{Text, text};
use std::borrow::Cow;
use std::collections::HashMap;
use std::num::NonZeroUsize;

use any_ascii::any_ascii_char;
use serde::{Deserialize, Serialize};
use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_script::{Script, UnicodeScript};

use super::address::Characters;
use super::fault::{AddressFault, AddressFaultKind};
use super::latin::FoldProfile;

/// What happens to letters of other scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OtherScripts {
    /// Names with such letters are refused.
    #[default]
    Reject,
    /// The letters are romanised one by one, regardless of the language.
    Transliterate,
}

/// The replacement for a run of spaces inside a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Spaces {
    /// Nothing.
    #[default]
    #[serde(rename = "drop")]
    Drop,
    /// `.`
    #[serde(rename = ".")]
    Dot,
    /// `-`
    #[serde(rename = "-")]
    Hyphen,
    /// `_`
    #[serde(rename = "_")]
    Underscore,
}

impl Spaces {
    fn replacement(self) -> Option<char> {
        match self {
            Spaces::Drop => None,
            Spaces::Dot => Some('.'),
            Spaces::Hyphen => Some('-'),
            Spaces::Underscore => Some('_'),
        }
    }
}

/// Folds names to ASCII for composed addresses.
///
/// Outer spaces are dropped and the name is composed (NFC). At each place the first of these then applies: the longest
/// matching entry of the custom map; spaces; apostrophes, which are dropped; the profile; other scripts. Any other
/// character must be allowed in an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fold {
    profile: FoldProfile,
    other_scripts: OtherScripts,
    spaces: Spaces,
    /// The custom map by the first letter of the key, in lower case; longer keys first.
    map: HashMap<char, Vec<MapEntry>>,
}

/// An entry of the custom map.
#[derive(Debug, Clone, PartialEq, Eq)]
struct MapEntry {
    key: String,
    to: String,
    /// Whether the key, in lower case, also matches capitals.
    any_case: bool,
}

impl Fold {
    /// Creates a fold from a profile and a custom map. A lower-case entry also matches the capital (`ö` to `oe` turns
    /// `Ö` into `Oe`), unless the map has an entry for the capital.
    ///
    /// # Errors
    /// The key of a faulty entry, and what is wrong with it.
    pub fn new(
        profile: FoldProfile,
        other_scripts: OtherScripts,
        spaces: Spaces,
        map: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, (String, Text)> {
        let entry = |(key, to): (String, String)| {
            if key.is_empty() {
                return Err((
                    key,
                    text!("the map of letters has an empty key", "la table des lettres a une clé vide"),
                ));
            }
            if !to.chars().all(|c| Characters::Rfc3261.permits(c)) {
                let what = text!(
                    "the map gives `{to}` for `{key}`, which an address cannot have",
                    "la table donne `{to}` pour `{key}`, qu’une adresse ne peut pas avoir"
                );
                return Err((key, what));
            }
            let key: String = key.nfc().collect();
            let any_case = key.chars().all(|c| lowercase(c) == c);
            Ok(MapEntry { key, to, any_case })
        };
        let mut entries = map.into_iter().map(entry).collect::<Result<Vec<_>, _>>()?;
        // Among keys of one length, an exact match precedes one for any case.
        entries.sort_by_key(|entry| (std::cmp::Reverse(entry.key.chars().count()), entry.any_case));
        let mut map: HashMap<char, Vec<MapEntry>> = HashMap::new();
        for entry in entries {
            if let Some(first) = entry.key.chars().next().map(lowercase) {
                map.entry(first).or_default().push(entry);
            }
        }
        Ok(Fold { profile, other_scripts, spaces, map })
    }

    /// Folds a whole name. Faults have byte indices into `name`.
    pub fn fold(&self, name: &str, characters: Characters) -> Result<String, AddressFault> {
        let mut folded = String::with_capacity(name.len());
        self.fold_into(name, Sink::new(&mut folded, None, characters))?;
        Ok(folded)
    }

    /// Appends the folded name up to the limit of the sink, and returns the part of the name that was read. The rest is
    /// not checked.
    pub(super) fn fold_into<'n>(&self, name: &'n str, mut sink: Sink<'_>) -> Result<&'n str, AddressFault> {
        let start = name.len() - name.trim_start().len();
        let trimmed = name.trim();
        let text = composed(trimmed);
        let place =
            |at| start + if matches!(text, Cow::Borrowed(_)) { at } else { origin(trimmed, &text[..at]) };
        let mut at = 0;
        while let Some(c) = text[at..].chars().next().filter(|_| sink.left > 0) {
            let read = self.step(c, &text[at..], &mut sink);
            at += read.map_err(|kind| AddressFault::new(place(at), kind))?;
        }
        sink.finish();
        Ok(if at < text.len() { &name[..place(at)] } else { name })
    }

    /// Folds the beginning of the text, whose first character is `c`; returns the number of bytes read.
    fn step(&self, c: char, text: &str, sink: &mut Sink<'_>) -> Result<usize, AddressFaultKind> {
        let before = std::mem::replace(&mut sink.before, Before::Other);
        if let Some((length, entry, is_capital)) = self.find_entry(text) {
            sink.push_all(&entry.to, is_capital);
            sink.before = Before::Latin;
            return Ok(length);
        }
        if c.is_whitespace() {
            if let Some(c) = self.spaces.replacement().filter(|c| !(*c == '.' && sink.out.ends_with('.'))) {
                sink.push(c);
            }
            return Ok(text.len() - text.trim_start().len());
        }
        sink.before = if is_apostrophe(c) {
            Before::Other
        } else if sink.characters.permits(c) {
            sink.push(c);
            if c.is_ascii_alphabetic() { Before::Latin } else { Before::Other }
        } else if self.drops_mark(c, before) {
            Before::Latin
        } else if let Some(letters) = self.profile.spelling(lowercase(c)) {
            sink.push_all(letters, lowercase(c) != c);
            Before::Latin
        } else if c.script() == Script::Latin {
            return Err(AddressFaultKind::NameNotFolded(c));
        } else if c.is_alphabetic() || before == Before::OtherScript && is_combining_mark(c) {
            if self.other_scripts == OtherScripts::Reject {
                return Err(AddressFaultKind::NameScript(c));
            }
            sink.romanise(c);
            Before::OtherScript
        } else {
            return Err(AddressFaultKind::Character(c));
        };
        Ok(c.len_utf8())
    }

    /// Finds the entry of the custom map that matches the beginning of the text; returns the length in bytes, the
    /// entry, and whether it matches a capital.
    fn find_entry(&self, text: &str) -> Option<(usize, &MapEntry, bool)> {
        let first = text.chars().next().map(lowercase)?;
        self.map.get(&first)?.iter().find_map(|entry| {
            if text.starts_with(&entry.key) {
                return Some((entry.key.len(), entry, false));
            }
            let mut rest = text.chars();
            let matches = entry.key.chars().all(|k| rest.next().is_some_and(|c| lowercase(c) == k));
            matches.then(|| {
                let is_capital = text.starts_with(|c| lowercase(c) != c);
                (text.len() - rest.as_str().len(), entry, is_capital)
            })
        })
    }

    /// Whether this is a combining mark that stayed apart in NFC, behind a letter whose marks are dropped.
    fn drops_mark(&self, c: char, before: Before) -> bool {
        self.profile != FoldProfile::None && before == Before::Latin && is_combining_mark(c)
    }
}

/// The character before the present one, which decides about combining marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Latin,
    OtherScript,
    Other,
}

/// The output of a fold, up to its limit.
pub(super) struct Sink<'o> {
    out: &'o mut String,
    /// The start of the name in `out`.
    from: usize,
    /// The number of characters still allowed.
    left: usize,
    /// The allowed characters.
    characters: Characters,
    before: Before,
}

impl<'o> Sink<'o> {
    /// Creates a sink that appends at most `limit` characters to `out`; without a limit, all.
    pub(super) fn new(out: &'o mut String, limit: Option<NonZeroUsize>, characters: Characters) -> Self {
        let left = limit.map_or(usize::MAX, NonZeroUsize::get);
        Self { from: out.len(), out, left, characters, before: Before::Other }
    }

    /// Appends a character. A dot at the start is dropped, since it may meet a dot of the format.
    fn push(&mut self, c: char) {
        if self.left > 0 && !(c == '.' && self.out.len() == self.from) {
            self.out.push(c);
            self.left -= 1;
        }
    }

    /// Removes dots from the end of the name, as in `J.` and `Smith Jr.`.
    fn finish(self) {
        let kept = self.out[self.from..].trim_end_matches('.').len();
        self.out.truncate(self.from + kept);
    }

    fn push_all(&mut self, letters: &str, is_capital: bool) {
        for (index, c) in letters.chars().enumerate() {
            self.push(if is_capital && index == 0 { c.to_ascii_uppercase() } else { c });
        }
    }

    /// Appends the romanisation of a letter without its signs (`'` for ь).
    fn romanise(&mut self, letter: char) {
        let letters = any_ascii_char(letter).chars().filter(char::is_ascii_alphanumeric);
        for (index, c) in letters.enumerate() {
            self.push(if index > 0 { c.to_ascii_lowercase() } else { c });
        }
    }
}

/// Whether people type the character for an apostrophe.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '`' | '´' | '‘' | '’' | 'ʹ'..='ʿ' | '′' | '＇')
}

/// Lower-cases a character if the result is one character; `İ` stays.
fn lowercase(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) => lower,
        _ => c,
    }
}

/// Normalises a text to NFC (Unicode Standard Annex 15).
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// Returns the length of the beginning of `text` whose NFC form is `read`. Both have the same canonical decomposition, so
/// decomposed characters are counted.
fn origin(text: &str, read: &str) -> usize {
    let decomposed = |c| {
        let mut count = 0;
        decompose_canonical(c, |_| count += 1);
        count
    };
    let mut left: usize = read.chars().map(decomposed).sum();
    for (at, c) in text.char_indices() {
        let count = decomposed(c);
        if count > left {
            return at;
        }
        left -= count;
    }
    text.len()
}
