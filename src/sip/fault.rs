//! Faults of addresses: code, place and wording.

use std::fmt::Write as _;

use super::Rules;
use super::address::Characters;
use crate::language::{Text, text};
use crate::message::{did_you_mean, nearest};
use crate::schema::damage::Damage;
use crate::schema::value;

/// A fault in an address, or in a value that an address is composed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressFault {
    /// The place: a byte index into the value.
    pub at: usize,
    pub kind: AddressFaultKind,
}

/// The kinds of fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressFaultKind {
    /// The attribute is absent or empty.
    Missing,
    /// The attribute has several values, so none is certain.
    Several,
    /// A tool has destroyed the value.
    Damaged(Damage),
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
    /// A character outside the allowed set.
    Character(char),
    /// A `%` without two hexadecimal digits behind it.
    Escape,
    /// The domain is not a host name.
    DomainSyntax(String),
    /// The domain is not in the closed list.
    DomainForeign(String),
    /// The length in characters with `sip:`, above [`MAX_URI`](crate::ocs::MAX_URI).
    TooLong(usize),
    /// A letter that was decoded by a guess.
    Guessed(char),
    /// A mark of a lost letter.
    Lost(char),
    /// Nothing is left of a name part after folding.
    NameEmpty,
    /// A Latin letter that the fold does not cover.
    NameNotFolded(char),
    /// A letter of another script, and transliteration is off.
    NameScript(char),
}

impl AddressFault {
    pub(super) fn new(at: usize, kind: AddressFaultKind) -> Self {
        AddressFault { at, kind }
    }
}

impl AddressFaultKind {
    /// The code of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "attribute-missing",
            Self::Several | Self::Damaged(_) => "value-invalid",
            Self::LeadingSpace | Self::TrailingSpace => "sip-spaces",
            Self::NoAt | Self::SecondAt | Self::NoLocalPart | Self::NoDomain => "sip-invalid",
            Self::Character(_) | Self::Escape => "sip-characters",
            Self::DomainSyntax(_) | Self::DomainForeign(_) => "sip-domain",
            Self::TooLong(_) => "sip-too-long",
            Self::Guessed(_) => "encoding-guessed",
            Self::Lost(_) => "lost-characters",
            Self::NameEmpty => "name-empty",
            Self::NameNotFolded(_) => "name-not-folded",
            Self::NameScript(_) => "name-script",
        }
    }

    /// States the fault, with the attribute as the subject.
    pub fn what(&self, attribute: &str) -> Text {
        match self {
            Self::Missing => text!("`{attribute}` is absent or empty", "`{attribute}` est absent ou vide"),
            Self::Several => text!("`{attribute}` has several values", "`{attribute}` a plusieurs valeurs"),
            Self::Damaged(damage) => {
                text!("`{attribute}` is {is}", "`{attribute}` est {is}"; is = damage.what())
            }
            Self::LeadingSpace => {
                text!("`{attribute}` begins with a space", "`{attribute}` commence par une espace")
            }
            Self::TrailingSpace => {
                text!("`{attribute}` ends with a space", "`{attribute}` finit par une espace")
            }
            Self::NoAt => text!("`{attribute}` has no `@`", "`{attribute}` n’a pas de `@`"),
            Self::SecondAt => text!("`{attribute}` has a second `@`", "`{attribute}` a un second `@`"),
            Self::NoLocalPart => {
                text!("`{attribute}` has nothing before the `@`", "`{attribute}` n’a rien avant le `@`")
            }
            Self::NoDomain => {
                text!("`{attribute}` has nothing after the `@`", "`{attribute}` n’a rien après le `@`")
            }
            Self::Escape => text!(
                "`{attribute}` holds a `%` without two hexadecimal digits",
                "`{attribute}` contient un `%` sans deux chiffres hexadécimaux"
            ),
            Self::DomainSyntax(domain) => text!(
                "`{attribute}` gives the domain `{}`, which is not a host name",
                "`{attribute}` donne le domaine `{}`, qui n’est pas un nom d’hôte",
                value::abridged(domain).escape_debug()
            ),
            Self::DomainForeign(domain) => text!(
                "`{attribute}` gives the domain `{domain}`, which is not in the list",
                "`{attribute}` donne le domaine `{domain}`, qui n’est pas dans la liste",
                domain = value::abridged(domain)
            ),
            Self::TooLong(length) => text!(
                "`{attribute}` gives an address of {length} characters with `sip:`, more than {most}",
                "`{attribute}` donne une adresse de {length} caractères avec `sip:`, plus de {most}",
                most = crate::ocs::MAX_URI
            ),
            Self::Character(c)
            | Self::Guessed(c)
            | Self::Lost(c)
            | Self::NameNotFolded(c)
            | Self::NameScript(c) => self.of_letter(attribute, &shown(*c)),
            Self::NameEmpty => text!(
                "nothing is left of `{attribute}` after folding",
                "il ne reste rien de `{attribute}` après conversion"
            ),
        }
    }

    /// States a fault of one letter.
    fn of_letter(&self, attribute: &str, letter: &str) -> Text {
        match self {
            Self::Character(_) => text!(
                "`{attribute}` holds {letter}, which an address does not allow",
                "`{attribute}` contient {letter}, qu’une adresse n’admet pas"
            ),
            Self::Guessed(_) => text!(
                "`{attribute}` holds {letter}, read by a guess at the encoding",
                "`{attribute}` contient {letter}, lu par conjecture sur le codage"
            ),
            Self::Lost(_) => text!(
                "`{attribute}` has lost a letter, where {letter} is now",
                "`{attribute}` a perdu une lettre, là où se trouve {letter}"
            ),
            Self::NameNotFolded(_) => text!(
                "`{attribute}` holds {letter}, a Latin letter that the fold profile lacks",
                "`{attribute}` contient {letter}, une lettre latine que le profil de conversion ignore"
            ),
            _ => text!(
                "`{attribute}` holds {letter}, a letter of another script",
                "`{attribute}` contient {letter}, une lettre d’un autre alphabet"
            ),
        }
    }

    /// Suggests a remedy, if these rules have one.
    pub fn help(&self, rules: &Rules) -> Option<Text> {
        match self {
            Self::Character(c) if Characters::Rfc3261.permits(*c) => Some(text!(
                "set `characters = \"rfc3261\"` in [sip] to permit it",
                "réglez `characters = \"rfc3261\"` dans [sip] pour l’admettre"
            )),
            Self::Character(c) if c.is_alphabetic() => Some(text!(
                "choose a built format, such as `first.last`, which folds letters",
                "choisissez un format construit, `first.last` par exemple, qui convertit les lettres"
            )),
            Self::DomainForeign(domain) => {
                nearest(domain, rules.domains.iter().map(String::as_str)).map(did_you_mean)
            }
            Self::Guessed(_) => Some(IN_UTF8.clone()),
            Self::Lost(_) => Some(text!(
                "export the name again in UTF-8 or UTF-16",
                "exportez de nouveau le nom en UTF-8 ou UTF-16"
            )),
            Self::NameNotFolded(c) => Some(text!(
                "add it to `map` in [sip.fold], for example `\"{}\" = \"…\"`",
                "ajoutez-la à `map` dans [sip.fold], par exemple `\"{}\" = \"…\"`",
                c.to_lowercase()
            )),
            Self::NameScript(_) => Some(text!(
                "set `other_scripts = \"transliterate\"` in [sip.fold], or choose `mail` or `upn`",
                "réglez `other_scripts = \"transliterate\"` dans [sip.fold], ou choisissez `mail` ou `upn`"
            )),
            _ => None,
        }
    }
}

/// The remedy for a guessed encoding.
pub(crate) static IN_UTF8: Text = Text::new(
    "export again in UTF-8, or name the encoding of the file with --encoding",
    "refaites l’export en UTF-8, ou indiquez le codage du fichier par --encoding",
);

/// Shows a character with its code point, since it may be invisible or look like another.
fn shown(c: char) -> String {
    let mut text = String::from("`");
    text.extend(c.escape_debug());
    // Writing to a string cannot fail.
    let _ = write!(text, "` (U+{:04X})", c as u32);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sip::{Fold, ForeignDomain, Format, LetterCase};

    #[test]
    fn each_fault_with_a_remedy_names_it() {
        use AddressFaultKind as Kind;
        let rules = Rules {
            domains: vec!["contoso.com".into()],
            format: Format::Mail,
            fallback: Vec::new(),
            case: LetterCase::default(),
            characters: Characters::Strict,
            foreign_domain: ForeignDomain::Reject,
            fold: Fold::default(),
        };
        for (kind, help) in [
            (Kind::Character('&'), "rfc3261"),
            (Kind::Character('é'), "first.last"),
            (Kind::Character(' '), ""),
            (Kind::DomainForeign("contsoo.com".into()), "contoso.com"),
            (Kind::DomainForeign("fabrikam.com".into()), ""),
            (Kind::Guessed('é'), "--encoding"),
            (Kind::Lost('?'), "UTF-16"),
            (Kind::NameNotFolded('Ə'), "`\"ə\" = \"…\"`"),
            (Kind::NameScript('Ж'), "transliterate"),
            (Kind::NoAt, ""),
        ] {
            let said = kind.help(&rules);
            assert_eq!(said.is_some(), !help.is_empty(), "{kind:?}");
            assert!(said.is_none_or(|said| said.english().contains(help)), "{kind:?}");
        }
    }
}
