//! A guess at the encoding of text that is not UTF-8, and its reliability.
//!
//! chardetng recognises the Windows code pages by the letters that languages use. It does not cover the code pages of
//! consoles and Macintoshes, which are tried if the guess gives words that look broken.

use std::collections::BTreeSet;
use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use memchr::memrchr2;

use super::csv::newlines;
use super::encoding::TextEncoding;
use super::source::uninterrupted;
use super::texts::decoded;
use crate::language::text;
use crate::message::Message;
use crate::schema::lost::{self, lost_character};

/// How many different words are kept to judge a guess, and the maximum length of a word in bytes.
const WORDS: usize = 200;
const LONGEST: usize = 64;
/// How many words a message shows.
const SHOWN: usize = 3;
/// The number of words from which a guess is called likely.
const ENOUGH: usize = 8;

/// A guess at the encoding of a file.
#[derive(Clone, Debug)]
pub(super) struct Guess {
    pub(super) encoding: TextEncoding,
    /// Line and column, 1-based, of the first byte that is not UTF-8.
    place: (u64, u64),
    /// The words with letters beyond ASCII, as decoded.
    words: Vec<String>,
    /// How many of them look broken.
    broken: usize,
    /// Whether letters in UTF-8 precede the first byte that is not.
    is_mixed: bool,
}

/// Guesses the encoding of a file from its bytes; `None` if all of it is UTF-8.
pub(super) fn encoding(mut from: impl Read) -> io::Result<Option<Guess>> {
    let mut block = vec![0; 256 << 10];
    let Some(fault) = first_fault(&mut from, &mut block)? else { return Ok(None) };
    let mut filled = fault.filled;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut words = BTreeSet::new();
    while filled > 0 {
        detector.feed(&block[..filled], false);
        collect_words(&block[..filled], &mut words);
        filled = uninterrupted(|| from.read(&mut block))?;
    }
    detector.feed(b"", true);
    // the detector recognises neither of two mixed encodings
    let likely = if fault.is_mixed {
        TextEncoding::WINDOWS_1252
    } else {
        TextEncoding::Standard(detector.guess(None, Utf8Detection::Deny))
    };
    let others = ["cp850", "macintosh"].into_iter().filter_map(TextEncoding::for_label);
    let guesses = std::iter::once(likely).chain(others).map(|encoding| Guess::new(encoding, &words, &fault));
    // the first of those with the fewest broken words
    Ok(guesses.min_by_key(|guess| guess.broken))
}

/// The first byte that is not UTF-8.
struct Utf8Fault {
    /// Line and column, 1-based.
    place: (u64, u64),
    /// How many bytes of the block are filled, from the beginning of the word with this byte on.
    filled: usize,
    /// Whether letters in UTF-8 precede it.
    is_mixed: bool,
}

/// Reads up to the first byte that is not UTF-8, and moves the word with it to the beginning of the block.
fn first_fault(from: &mut impl Read, block: &mut [u8]) -> io::Result<Option<Utf8Fault>> {
    let (mut filled, mut place) = (0, TextPlace { line: 1, column: 1, after_cr: false });
    let mut is_mixed = false;
    loop {
        let n = uninterrupted(|| from.read(&mut block[filled..]))?;
        filled += n;
        let (valid, is_faulty) = match simdutf8::compat::from_utf8(&block[..filled]) {
            Ok(_) => (filled, false),
            Err(error) => (error.valid_up_to(), error.error_len().is_some() || n == 0),
        };
        place.pass(&block[..valid]);
        is_mixed |= !block[..valid].is_ascii();
        let kept = if is_faulty { word_begin(&block[..valid]) } else { valid };
        block.copy_within(kept..filled, 0);
        filled -= kept;
        if is_faulty {
            return Ok(Some(Utf8Fault { place: (place.line, place.column), filled, is_mixed }));
        }
        if n == 0 {
            return Ok(None);
        }
    }
}

/// Whether a byte belongs to a word.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80 || b"-'".contains(&byte)
}

/// Returns where the last word of a text begins.
fn word_begin(text: &[u8]) -> usize {
    let last = &text[text.len().saturating_sub(LONGEST)..];
    text.len() - last.iter().rev().take_while(|&&byte| is_letter(byte)).count()
}

/// Collects the words with letters beyond ASCII.
fn collect_words(text: &[u8], words: &mut BTreeSet<Vec<u8>>) {
    for word in text.split(|&byte| !is_letter(byte)) {
        if words.len() == WORDS {
            return;
        }
        if word.len() <= LONGEST && !word.is_ascii() {
            words.insert(word.to_owned());
        }
    }
}

struct TextPlace {
    line: u64,
    column: u64,
    after_cr: bool,
}

impl TextPlace {
    /// Moves to the end of the next part of the text.
    fn pass(&mut self, text: &[u8]) {
        // an LF after a CR at the end of the previous block ends the same line
        self.line += newlines(text) - u64::from(self.after_cr && text.first() == Some(&b'\n'));
        let start = memrchr2(b'\n', b'\r', text).map(|newline| newline + 1);
        let is_character = |byte: &&u8| **byte & 0xc0 != 0x80;
        let characters = text[start.unwrap_or(0)..].iter().filter(is_character).count() as u64;
        self.column = if start.is_some() { 1 } else { self.column } + characters;
        self.after_cr = text.last().map_or(self.after_cr, |&last| last == b'\r');
    }
}

impl Guess {
    fn new(encoding: TextEncoding, words: &BTreeSet<Vec<u8>>, fault: &Utf8Fault) -> Self {
        let words: Vec<String> = words.iter().map(|word| decoded(word, encoding)).collect();
        let is_part = |c: char| c.is_alphabetic() || c == '-' || c == '\'' || c == '\u{2019}';
        let is_broken = |word: &&String| {
            !word.chars().all(is_part)
                || lost_character(word.as_bytes(), lost::TextKind::PersonName).is_some()
        };
        let broken = words.iter().filter(is_broken).count();
        Self { encoding, place: fault.place, words, broken, is_mixed: fault.is_mixed }
    }

    /// Returns the warning: the guess, how reliable it is, and how to confirm it.
    pub(super) fn message(&self, file: &str) -> Message {
        let label = self.encoding.label();
        let count = self.words.len();
        let reliability = match count {
            1 => text!("a guess from one word", "supposition d’après un seul mot"),
            _ if count < ENOUGH || self.broken > 0 => {
                text!("a guess from {count} words", "supposition d’après {count} mots")
            }
            _ => text!("a likely guess from {count} words", "supposition probable d’après {count} mots"),
        };
        let (line, column) = self.place;
        let what = text!(
            "not UTF-8 from here on, read as {label}: {reliability}",
            "n’est plus de l’UTF-8 à partir d’ici, lu comme {label}\u{a0}: {reliability}";
            reliability
        );
        let mut message = Message::warning("encoding-fallback", what).at(file, line, column);
        let mut shown: Vec<&String> = self.words.iter().collect();
        // the longest are the most telling
        shown.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        let shown: Vec<String> = shown.iter().take(SHOWN).map(|word| format!("`{word}`")).collect();
        if !shown.is_empty() {
            message = message.because(text!(
                "read as: {names}",
                "lu ainsi\u{a0}: {names}",
                names = shown.join(", ")
            ));
        }
        if self.is_mixed {
            message = message.because(text!(
                "letters in UTF-8 come before: texts in two encodings were put together",
                "des lettres en UTF-8 précèdent\u{a0}: des textes en deux codages ont été accolés"
            ));
        }
        message.help(text!(
            "if the names are right, add `--encoding {label}`; else name theirs, such as cp850 of a console",
            "si les noms sont justes, ajoutez `--encoding {label}`\u{202f}; sinon indiquez le leur, comme cp850 d’une console"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_languages_show_their_encoding() {
        for (label, names) in [
            ("windows-1252", &["Élodie Lefèvre", "Jérôme Noël", "Müller", "Åsa Öberg"][..]),
            ("windows-1250", &["Łukasz Żak", "Jiří Dvořák", "Małgorzata Wiśniewska"]),
            ("windows-1251", &["Иван Петров", "Олена Шевченко", "Наталья"]),
            ("windows-1253", &["Γιώργος Παπαδόπουλος", "Ελένη", "Νίκος"]),
            ("windows-1254", &["Gülşen Yıldız", "Çağrı Öztürk", "İbrahim Şahin"]),
            ("cp850", &["Élodie Lefèvre", "Jérôme", "Müller"]),
            ("macintosh", &["René Müller", "Jérôme Lefèvre", "Noël"]),
        ] {
            let mut bytes = b"DN,displayName\r\n".to_vec();
            for name in names {
                let row = format!("\"CN={name},OU=Users,DC=contoso,DC=com\",{name}\r\n");
                TextEncoding::for_label(label).unwrap().encode(&row, &mut bytes);
            }
            let guess = encoding(&bytes[..]).unwrap().unwrap();
            assert_eq!(guess.encoding.label(), label);
            assert_eq!(guess.place.0, 2);
            let help = guess.message("f").help.unwrap();
            assert!(help.in_language(crate::language::Language::Fr).contains(&format!("--encoding {label}")));
        }
        assert!(encoding("Élodie".as_bytes()).unwrap().is_none());
    }

    #[test]
    fn two_encodings_in_one_file_are_named() {
        let bytes = [b"Noe,".as_slice(), "Noé\n".as_bytes(), b"J\xe9r\xf4me\n"].concat();
        let guess = encoding(&bytes[..]).unwrap().unwrap();
        assert!(guess.is_mixed && guess.place == (2, 2), "{guess:?}");
    }
}
