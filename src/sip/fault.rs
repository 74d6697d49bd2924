//! Why an address is refused: the code, the place and the words.

use std::fmt::Write as _;

use super::Rules;
use super::address::{self, Characters};

/// What is wrong with an address, or with a value that one is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where the fault stands: a byte index into the value that was looked at.
    pub at: usize,
    /// What it is.
    pub kind: FaultKind,
}

/// The kinds of fault, one for each thing that a directory can get wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// The attribute is absent or empty.
    Missing,
    /// The value begins with a space.
    LeadingSpace,
    /// The value ends with a space.
    TrailingSpace,
    /// No `@`.
    NoAt,
    /// More than one `@`.
    SecondAt,
    /// Nothing before the `@`.
    NoLocalPart,
    /// Nothing after the `@`.
    NoDomain,
    /// A character that the character set in force lacks.
    Character(char),
    /// A `%` that two hexadecimal digits do not follow.
    Escape,
    /// The domain is no host name.
    DomainSyntax(String),
    /// The domain is not in the closed list.
    DomainForeign(String),
    /// So many characters with `sip:`, more than [`MAX_URI`](crate::ocs::MAX_URI).
    TooLong(usize),
    /// A letter whose encoding is a guess.
    Guessed(char),
    /// A sign of a letter that was lost.
    Lost(char),
    /// Nothing is left of a name part after folding.
    NameEmpty,
    /// A Latin letter that the fold does not cover.
    NameNotFolded(char),
    /// A letter of another script, and transliteration is off.
    NameScript(char),
}

impl Fault {
    pub(super) fn new(at: usize, kind: FaultKind) -> Self {
        Fault { at, kind }
    }

    /// The fault's name in every report.
    pub fn code(&self) -> &'static str {
        match self.kind {
            FaultKind::Missing => "attribute-missing",
            FaultKind::LeadingSpace | FaultKind::TrailingSpace => "sip-spaces",
            FaultKind::NoAt | FaultKind::SecondAt | FaultKind::NoLocalPart | FaultKind::NoDomain => {
                "sip-invalid"
            }
            FaultKind::Character(_) | FaultKind::Escape => "sip-characters",
            FaultKind::DomainSyntax(_) | FaultKind::DomainForeign(_) => "sip-domain",
            FaultKind::TooLong(_) => "sip-too-long",
            FaultKind::Guessed(_) => "encoding-guessed",
            FaultKind::Lost(_) => "lost-characters",
            FaultKind::NameEmpty => "name-empty",
            FaultKind::NameNotFolded(_) => "name-not-folded",
            FaultKind::NameScript(_) => "name-script",
        }
    }

    /// The fact, with the attribute that the value belongs to as its subject.
    pub fn what(&self, attribute: &str) -> String {
        match &self.kind {
            FaultKind::Missing => format!("`{attribute}` is absent or empty"),
            FaultKind::LeadingSpace => format!("`{attribute}` begins with a space"),
            FaultKind::TrailingSpace => format!("`{attribute}` ends with a space"),
            FaultKind::NoAt => format!("`{attribute}` has no `@`"),
            FaultKind::SecondAt => format!("`{attribute}` has a second `@`"),
            FaultKind::NoLocalPart => format!("`{attribute}` has nothing before the `@`"),
            FaultKind::NoDomain => format!("`{attribute}` has nothing after the `@`"),
            FaultKind::Character(c) => {
                format!("`{attribute}` holds {}, not permitted in an address", shown(*c))
            }
            FaultKind::Escape => format!("`{attribute}` holds a `%` without two hexadecimal digits"),
            FaultKind::DomainSyntax(domain) => {
                format!("`{attribute}` gives the domain `{}`, which is no host name", domain.escape_debug())
            }
            FaultKind::DomainForeign(domain) => {
                format!("`{attribute}` gives the domain `{domain}`, which is not in the list")
            }
            FaultKind::TooLong(length) => format!(
                "`{attribute}` gives an address of {length} characters with `sip:`, more than {}",
                crate::ocs::MAX_URI
            ),
            FaultKind::Guessed(c) => {
                format!("`{attribute}` holds {}, read by a guess at the encoding", shown(*c))
            }
            FaultKind::Lost(c) => format!("`{attribute}` has lost a letter, where {} is now", shown(*c)),
            FaultKind::NameEmpty => format!("nothing is left of `{attribute}` after folding"),
            FaultKind::NameNotFolded(c) => {
                format!("`{attribute}` holds {}, a Latin letter that the fold profile lacks", shown(*c))
            }
            FaultKind::NameScript(c) => {
                format!("`{attribute}` holds {}, a letter of another script", shown(*c))
            }
        }
    }

    /// The way out, where there is one under these rules.
    pub fn help(&self, rules: &Rules) -> Option<String> {
        match &self.kind {
            FaultKind::Character(c) if Characters::Rfc3261.permits(*c) => {
                Some("set `characters = \"rfc3261\"` in [sip] to permit it".to_owned())
            }
            FaultKind::Character(c) if c.is_alphabetic() => {
                Some("choose a built format, such as `first.last`, which folds letters".to_owned())
            }
            FaultKind::DomainForeign(domain) => {
                address::near_miss(domain, &rules.domains).map(|near| format!("did you mean `{near}`?"))
            }
            FaultKind::Guessed(_) => {
                Some("name the encoding by --encoding, as the warning about the file says".to_owned())
            }
            FaultKind::Lost(_) => Some("export the name again in UTF-8 or UTF-16".to_owned()),
            FaultKind::NameNotFolded(c) => {
                Some(format!("add it to `map` in [sip.fold], for example `\"{}\" = \"…\"`", lower(*c)))
            }
            FaultKind::NameScript(_) => Some(
                "set `other_scripts = \"transliterate\"` in [sip.fold], or choose `mail` or `upn`".to_owned(),
            ),
            _ => None,
        }
    }
}

/// The character and its code point: what looks like a letter may be a homoglyph, and some show nothing.
fn shown(c: char) -> String {
    let mut text = String::from("`");
    text.extend(c.escape_debug());
    // Writing to a string cannot fail.
    let _ = write!(text, "` (U+{:04X})", c as u32);
    text
}

fn lower(c: char) -> impl std::fmt::Display {
    c.to_lowercase()
}
