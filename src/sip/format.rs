//! Address formats: an attribute as it is, or a template of several parts.

use std::num::NonZeroUsize;

use super::address::Characters;
use crate::language::{Text, text};
use crate::object::Attr;
use crate::schema::lost::TextKind;

/// An address format, as named in `[sip] format` and `fallback`.
#[derive(Debug, Clone, PartialEq, Eq, strum::Display, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Format {
    /// The mail address as it is.
    Mail,
    /// The userPrincipalName as it is.
    Upn,
    /// givenName, a dot and sn, folded, in the first domain.
    #[strum(serialize = "first.last")]
    FirstLast,
    /// The sAMAccountName, folded, in the first domain.
    Sam,
    /// A custom template, folded.
    Template(Template),
}

impl Format {
    /// The name in the configuration and in reports.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// The attributes it reads, by their LDAP names.
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

    /// Resolves the attributes once, for use on every object.
    pub(super) fn recipe(&self, mut key: impl FnMut(&str) -> Attr) -> Recipe {
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

/// A format with resolved attributes.
#[derive(Debug, Clone)]
pub(super) enum Recipe {
    /// The value of one attribute.
    Whole(Attr),
    /// A composed address.
    Built(Vec<Part<Attr>>),
}

/// A part of a composed address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part<A> {
    Literal(String),
    /// The first domain of the list.
    Domain,
    /// The first value of an attribute, folded, and the kind of text it is, which decides what lost letters look like.
    Attribute {
        key: A,
        take: Take,
        text: TextKind,
    },
}

impl<A> Part<A> {
    /// Resolves the attribute with `key_of`.
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

/// The amount of a value that goes into the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Take {
    All,
    /// The first characters of the folded value.
    First(NonZeroUsize),
    /// Only its ASCII digits.
    Digits,
    /// Its ASCII digits without leading zeros: a number without its trunk prefix.
    National,
}

/// A template such as `{givenName:1}{sn}@{domain}`.
///
/// `{attr}` is the first value of the attribute, folded; `{attr:N}` its first N characters after folding;
/// `{attr:digits}` only its digits; `{attr:national}` its digits without leading zeros; `{domain}` the first domain of
/// the list. Other text is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part<String>>,
}

/// A fault in a template and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFault {
    /// A byte index into the template.
    pub at: usize,
    /// The fault without its place.
    pub what: Text,
}

fn refuse<T>(at: usize, what: Text) -> Result<T, TemplateFault> {
    Err(TemplateFault { at, what })
}

impl Template {
    /// Parses a template.
    pub fn parse(text: &str) -> Result<Self, TemplateFault> {
        let mut parts = Vec::new();
        // The place of the `@` and the number of parts before it.
        let mut sign: Option<(usize, usize)> = None;
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            match c {
                '{' => {
                    let inner = at + 1;
                    let brace = text[inner..].find(['{', '}']);
                    let Some(length) = brace.filter(|length| text[inner + length..].starts_with('}')) else {
                        return refuse(at, text!("the `{{` is never closed", "le `{{` n’est jamais fermé"));
                    };
                    parts.push(placeholder(&text[inner..inner + length], inner)?);
                    at = inner + length + 1;
                    continue;
                }
                '}' => return refuse(at, text!("the `}}` closes nothing", "le `}}` ne ferme rien")),
                '@' if sign.is_some() => return refuse(at, text!("a second `@`", "un second `@`")),
                '@' => sign = Some((at, parts.len())),
                c if sign.is_none() && Characters::Rfc3261.permits(c) => {}
                c if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') => {}
                c => {
                    let what = text!(
                        "`{}` is not permitted in an address",
                        "`{}` n’est pas admis dans une adresse",
                        c.escape_debug()
                    );
                    return refuse(at, what);
                }
            }
            match parts.last_mut() {
                Some(Part::Literal(literal)) => literal.push(c),
                _ => parts.push(Part::Literal(c.to_string())),
            }
            at += c.len_utf8();
        }
        let (at, before) = sign.unwrap_or_default();
        if at == 0 || at + 1 == text.len() {
            let what = text!(
                "a template needs a part before an `@` and a domain after it",
                "un modèle a besoin d’une partie avant un `@` et d’un domaine après"
            );
            return refuse(at, what);
        }
        if !parts[..before].iter().any(|part| matches!(part, Part::Attribute { .. })) {
            let what = text!(
                "no attribute precedes the `@`, so all addresses would be the same",
                "aucun attribut ne précède le `@`, et toutes les adresses seraient identiques"
            );
            return refuse(0, what);
        }
        Ok(Self { parts })
    }

    /// The attributes it reads, as written in the template.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Attribute { key, .. } => Some(key.as_str()),
            Part::Literal(_) | Part::Domain => None,
        })
    }
}

/// Parses a placeholder without its braces; its first byte is at `at`.
pub(super) fn placeholder(text: &str, at: usize) -> Result<Part<String>, TemplateFault> {
    let (name, take) = match text.split_once(':') {
        Some((name, take)) => (name, Some(take)),
        None => (text, None),
    };
    if name.eq_ignore_ascii_case("domain") {
        return match take {
            Some(_) => {
                let what = text!("`{{domain}}` cannot be shortened", "`{{domain}}` ne peut pas être abrégé");
                refuse(at + name.len(), what)
            }
            None => Ok(Part::Domain),
        };
    }
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !starts || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return refuse(
            at,
            text!("`{name}` is not an attribute name", "`{name}` n’est pas un nom d’attribut"),
        );
    }
    let take = match take {
        None => Take::All,
        Some("digits") => Take::Digits,
        Some("national") => Take::National,
        Some(number) => match number.parse() {
            Ok(count) => Take::First(count),
            Err(_) => {
                let what = text!(
                    "`{number}` is neither a number of characters nor `digits` nor `national`",
                    "`{number}` n’est ni un nombre de caractères, ni `digits`, ni `national`"
                );
                return refuse(at + name.len() + 1, what);
            }
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
    fn a_placeholder_knows_the_kind_of_text_of_its_attribute() {
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
