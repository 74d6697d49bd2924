//! Where an address comes from: an attribute as it is, or parts that a template puts together.

use std::fmt;
use std::num::NonZeroUsize;

use super::address::Characters;
use crate::language::{Text, text};
use crate::schema::lost::TextKind;

/// One of the ways to an address, as `[sip] format` and `fallback` name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// The mail address as it is.
    Mail,
    /// The userPrincipalName as it is.
    Upn,
    /// givenName, a dot and sn, folded, in the first domain.
    FirstLast,
    /// The sAMAccountName, folded, in the first domain.
    Sam,
    /// Parts of one's own choice, folded.
    Template(Template),
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Format {
    /// The word of the configuration and of the report.
    pub fn name(&self) -> &'static str {
        match self {
            Format::Mail => "mail",
            Format::Upn => "upn",
            Format::FirstLast => "first.last",
            Format::Sam => "sam",
            Format::Template(_) => "template",
        }
    }

    /// The attributes that it reads, by their LDAP names.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        let (names, template): (&[&str], _) = match self {
            Format::Mail => (&["mail"], None),
            Format::Upn => (&["userPrincipalName"], None),
            Format::FirstLast => (&["givenName", "sn"], None),
            Format::Sam => (&["sAMAccountName"], None),
            Format::Template(template) => (&[], Some(template)),
        };
        names.iter().copied().chain(template.into_iter().flat_map(Template::attributes))
    }

    /// The format with its attributes looked up once, for use on every object.
    pub(super) fn recipe<A>(&self, mut key: impl FnMut(&str) -> A) -> Recipe<A> {
        let whole = |key, text| Part::Attribute { key, take: Take::All, text };
        let text = |text: &str| Part::Literal(text.to_owned());
        match self {
            Format::Mail => Recipe::Whole(key("mail")),
            Format::Upn => Recipe::Whole(key("userPrincipalName")),
            Format::FirstLast => {
                let (first, last) =
                    (whole(key("givenName"), TextKind::PersonName), whole(key("sn"), TextKind::PersonName));
                Recipe::Built(vec![first, text("."), last, text("@"), Part::Domain])
            }
            Format::Sam => {
                Recipe::Built(vec![whole(key("sAMAccountName"), TextKind::Name), text("@"), Part::Domain])
            }
            Format::Template(template) => {
                Recipe::Built(template.parts.iter().map(|part| part.keyed(|name| key(name))).collect())
            }
        }
    }
}

/// A format whose attributes are keys of the object's store instead of names.
#[derive(Debug, Clone)]
pub(super) enum Recipe<A> {
    /// The value of one attribute.
    Whole(A),
    /// Parts put together.
    Built(Vec<Part<A>>),
}

/// A piece of a built address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part<A> {
    Literal(String),
    /// The first domain of the list.
    Domain,
    /// The first value of an attribute, folded; what a lost letter looks like in it.
    Attribute {
        key: A,
        take: Take,
        text: TextKind,
    },
}

impl<A> Part<A> {
    pub(super) fn keyed<B>(&self, key_of: impl FnOnce(&A) -> B) -> Part<B> {
        match self {
            Part::Literal(text) => Part::Literal(text.clone()),
            Part::Domain => Part::Domain,
            Part::Attribute { key, take, text } => {
                Part::Attribute { key: key_of(key), take: *take, text: *text }
            }
        }
    }
}

/// How much of a value goes into the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Take {
    All,
    /// The first characters after folding.
    First(NonZeroUsize),
    /// Its ASCII digits alone.
    Digits,
    /// Its ASCII digits without the zeros before them: a number without its trunk prefix.
    National,
}

/// A template such as `{givenName:1}{sn}@{domain}`.
///
/// `{attr}` is the first value of the attribute, folded; `{attr:N}` its first N characters after folding;
/// `{attr:digits}` its digits alone, `{attr:national}` these without zeros before them; `{domain}` the first domain of the list. All else stands for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part<String>>,
}

/// Why a text is no template, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFault {
    /// The byte index in the template.
    pub at: usize,
    pub kind: TemplateFaultKind,
}

/// The mistakes that a template can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateFaultKind {
    /// A `{` without its `}`.
    Unclosed,
    /// A `}` without its `{`.
    Unopened,
    /// No attribute name as in RFC 4512 section 1.4 between the braces.
    Attribute(String),
    /// Neither a number from 1 up nor `digits` nor `national` behind the colon.
    Take(String),
    /// `{domain:…}`
    ShortDomain,
    /// A character that no address may hold.
    Character(char),
    /// No `@`, or nothing before or after it.
    NoAt,
    /// More than one `@`.
    SecondAt,
    /// No attribute before the `@`: all users would get one address.
    NoAttribute,
}

impl TemplateFaultKind {
    /// The fact, without the place.
    pub fn what(&self) -> Text {
        match self {
            Self::Unclosed => text!("the `{{` is never closed", "le `{{` n’est jamais fermé"),
            Self::Unopened => text!("the `}}` closes nothing", "le `}}` ne ferme rien"),
            Self::Attribute(name) => {
                text!("`{name}` is no attribute name", "`{name}` n’est pas un nom d’attribut")
            }
            Self::Take(take) => text!(
                "`{take}` is neither a number of characters nor `digits` nor `national`",
                "`{take}` n’est ni un nombre de caractères, ni `digits`, ni `national`"
            ),
            Self::ShortDomain => {
                text!("`{{domain}}` cannot be shortened", "`{{domain}}` ne peut pas être abrégé")
            }
            Self::Character(found) => text!(
                "`{}` is not permitted in an address",
                "`{}` n’est pas admis dans une adresse",
                found.escape_debug()
            ),
            Self::NoAt => text!(
                "a template needs a part before an `@` and a domain after it",
                "un modèle a besoin d’une partie avant un `@` et d’un domaine après"
            ),
            Self::SecondAt => text!("a second `@`", "un second `@`"),
            Self::NoAttribute => text!(
                "no attribute precedes the `@`, so all addresses would be the same",
                "aucun attribut ne précède le `@`, et toutes les adresses seraient identiques"
            ),
        }
    }
}

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Self, TemplateFault> {
        let fault = |at, kind| Err(TemplateFault { at, kind });
        let mut parts = Vec::new();
        // The place of the `@`, and how many parts the template has up to it.
        let mut sign: Option<(usize, usize)> = None;
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            match c {
                '{' => {
                    let inner = at + 1;
                    let brace = text[inner..].find(['{', '}']);
                    let Some(length) = brace.filter(|length| text[inner + length..].starts_with('}')) else {
                        return fault(at, TemplateFaultKind::Unclosed);
                    };
                    parts.push(placeholder(&text[inner..inner + length], inner)?);
                    at = inner + length + 1;
                    continue;
                }
                '}' => return fault(at, TemplateFaultKind::Unopened),
                '@' if sign.is_some() => return fault(at, TemplateFaultKind::SecondAt),
                '@' => sign = Some((at, parts.len())),
                c if sign.is_none() && Characters::Rfc3261.permits(c) => {}
                c if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') => {}
                c => return fault(at, TemplateFaultKind::Character(c)),
            }
            match parts.last_mut() {
                Some(Part::Literal(literal)) => literal.push(c),
                _ => parts.push(Part::Literal(c.to_string())),
            }
            at += c.len_utf8();
        }
        match sign {
            Some((at, _)) if at + 1 == text.len() => fault(at, TemplateFaultKind::NoAt),
            None | Some((0, _)) => fault(0, TemplateFaultKind::NoAt),
            Some((_, before))
                if !parts[..before].iter().any(|part| matches!(part, Part::Attribute { .. })) =>
            {
                fault(0, TemplateFaultKind::NoAttribute)
            }
            Some(_) => Ok(Template { parts }),
        }
    }

    /// The attributes that it reads, by the names it gives them.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Attribute { key, .. } => Some(key.as_str()),
            Part::Literal(_) | Part::Domain => None,
        })
    }
}

/// Reads what is between two braces, of which the first byte is at `at`.
pub(super) fn placeholder(text: &str, at: usize) -> Result<Part<String>, TemplateFault> {
    let fault = |at, kind| Err(TemplateFault { at, kind });
    let (name, take) = match text.split_once(':') {
        Some((name, take)) => (name, Some(take)),
        None => (text, None),
    };
    if name.eq_ignore_ascii_case("domain") {
        return match take {
            Some(_) => fault(at + name.len(), TemplateFaultKind::ShortDomain),
            None => Ok(Part::Domain),
        };
    }
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !starts || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return fault(at, TemplateFaultKind::Attribute(name.to_owned()));
    }
    let take = match take {
        None => Take::All,
        Some("digits") => Take::Digits,
        Some("national") => Take::National,
        Some(number) => match number.parse() {
            Ok(count) => Take::First(count),
            Err(_) => return fault(at + name.len() + 1, TemplateFaultKind::Take(number.to_owned())),
        },
    };
    const PERSONS: [&str; 6] = ["cn", "displayName", "givenName", "initials", "middleName", "sn"];
    let is_person = PERSONS.iter().any(|known| known.eq_ignore_ascii_case(name));
    let text = if is_person { TextKind::PersonName } else { TextKind::Name };
    Ok(Part::Attribute { key: name.to_owned(), take, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_only_names_of_persons_lack_are_looked_for_there() {
        for (name, expect) in [
            ("givenName", TextKind::PersonName),
            ("DISPLAYNAME", TextKind::PersonName),
            ("sAMAccountName", TextKind::Name),
        ] {
            let read = placeholder(name, 0);
            assert!(matches!(read, Ok(Part::Attribute { text, .. }) if text == expect), "{name}: {read:?}");
        }
    }
}
