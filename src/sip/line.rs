//! `tel:` URIs of Enterprise Voice (msRTCSIP-Line): from a pattern, checked as E.164 (RFC 3966, ITU-T E.164).

use super::Source;
use super::format::{Part, Take, placeholder};

/// The most digits of a number with its country code (E.164 section 6.1).
const MOST_DIGITS: usize = 15;

/// A pattern such as `tel:+33{telephoneNumber:national}`, its attributes looked up: `A` is how the objects' store names
/// one.
///
/// `{attr}` is the first value of the attribute without spaces and punctuation; `{attr:N}` its first N digits;
/// `{attr:digits}` its digits alone; `{attr:national}` these without the zeros before them. All else stands for itself.
#[derive(Clone, Debug)]
pub struct Line<A> {
    parts: Vec<Part<A>>,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternFault {
    /// It does not begin with `tel:`.
    #[error("a line begins with `tel:`")]
    NoTel,
    /// A brace that has no other, or holds no attribute.
    #[error("{0}")]
    Placeholder(#[from] super::TemplateFault),
    /// A `}` without its `{`, or a `{` without its `}`.
    #[error("a brace without the other")]
    Brace,
    /// `{domain}`: a number has none.
    #[error("`{{domain}}` has no place in a line")]
    Domain,
    /// No attribute: all users would get one line.
    #[error("no attribute stands in it, so that all lines would be the same")]
    NoAttribute,
}

/// Why an object has no line by a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// The attribute is absent, or holds no digit.
    #[error("holds no number")]
    Missing,
    /// The attribute has a country code, and so has the pattern.
    #[error("begins with a country code, and the pattern has one already")]
    CountryTwice,
    /// The whole is no E.164 number, with or without an extension.
    #[error("gives `{0}`, which is no E.164 number: `tel:+`, up to 15 digits, perhaps `;ext=` and digits")]
    NotE164(String),
}

/// What a pattern gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made<A> {
    /// The URI, with `tel:`.
    pub uri: String,
    /// The attribute whose zero stands behind the country code: rarely right.
    pub trunk: Option<A>,
}

impl<A: Copy> Line<A> {
    /// Reads a pattern; `key` gives the store's key for an LDAP name.
    ///
    /// # Errors
    /// What keeps it from being one.
    pub fn parse(text: &str, mut key: impl FnMut(&str) -> A) -> Result<Self, PatternFault> {
        if !text.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("tel:")) {
            return Err(PatternFault::NoTel);
        }
        let mut parts = vec![Part::Literal("tel:".to_owned())];
        let mut rest = &text[4..];
        let mut is_own = false;
        while !rest.is_empty() {
            let (literal, behind) = rest.split_at(rest.find(['{', '}']).unwrap_or(rest.len()));
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            rest = behind;
            if let Some(inner) = rest.strip_prefix('{') {
                let (inner, behind) = inner.split_once('}').ok_or(PatternFault::Brace)?;
                let part = placeholder(inner, text.len() - rest.len() + 1)?;
                if part == Part::Domain {
                    return Err(PatternFault::Domain);
                }
                is_own |= matches!(part, Part::Attribute { .. });
                parts.push(part.keyed(|name| key(name)));
                rest = behind;
            } else if !rest.is_empty() {
                return Err(PatternFault::Brace);
            }
        }
        if is_own { Ok(Self { parts }) } else { Err(PatternFault::NoAttribute) }
    }

    /// The object's line.
    ///
    /// # Errors
    /// Why there is none, and the attribute concerned; for the whole, the last of them.
    pub fn of(&self, object: &impl Source<A>) -> Result<Made<A>, (A, LineFault)> {
        let mut uri = String::new();
        let (mut trunk, mut last) = (None, None);
        for part in &self.parts {
            match part {
                Part::Literal(text) => uri.push_str(text),
                // The parser takes no domain in a line.
                Part::Domain => {}
                Part::Attribute { key, take } => {
                    let value = object.first(*key).unwrap_or_default();
                    let number = taken(&value, *take);
                    if !number.contains(|c: char| c.is_ascii_digit()) {
                        return Err((*key, LineFault::Missing));
                    }
                    let has_country = uri.len() > "tel:+".len() && !uri.contains(';');
                    if has_country && value.trim_start().starts_with('+') {
                        return Err((*key, LineFault::CountryTwice));
                    }
                    if has_country && number.starts_with('0') && trunk.is_none() {
                        trunk = Some(*key);
                    }
                    uri.push_str(&number);
                    last = Some(*key);
                }
            }
        }
        match last {
            Some(key) if !is_e164(&uri) => Err((key, LineFault::NotE164(uri))),
            _ => Ok(Made { uri, trunk }),
        }
    }
}

/// What a pattern takes of a value.
fn taken(value: &str, take: Take) -> String {
    let digits = || value.chars().filter(char::is_ascii_digit);
    match take {
        Take::All => value.chars().filter(|c| !is_separator(*c)).collect(),
        Take::First(count) => digits().take(count.get()).collect(),
        Take::Digits => digits().collect(),
        Take::National => digits().skip_while(|digit| *digit == '0').collect(),
    }
}

/// What stands between digits for the eye: RFC 3966 section 3, `visual-separator`, and spaces.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '.' | '(' | ')' | '/')
}

/// `tel:+` and up to fifteen digits, of which the first is none, perhaps with an extension.
#[must_use]
pub fn is_e164(uri: &str) -> bool {
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some(number) = uri.strip_prefix("tel:+") else { return false };
    let (number, extension) = number.split_once(";ext=").map_or((number, None), |(n, e)| (n, Some(e)));
    all_digits(number)
        && !number.starts_with('0')
        && number.len() <= MOST_DIGITS
        && extension.is_none_or(all_digits)
}

/// The form in which lines compare: lower case, without what stands there for the eye.
#[must_use]
pub fn normalize(uri: &str) -> String {
    uri.chars().filter(|c| !is_separator(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    struct One(&'static str);

    impl Source<()> for One {
        fn first(&self, (): ()) -> Option<Cow<'_, str>> {
            (!self.0.is_empty()).then_some(Cow::Borrowed(self.0))
        }
    }

    #[test]
    fn a_line_is_made_by_a_pattern() {
        let made = |pattern: &str, value| {
            Line::parse(pattern, |_| ()).unwrap().of(&One(value)).map_err(|(_, fault)| fault)
        };
        let uri = |pattern, value| made(pattern, value).map(|made| made.uri);
        let is = |pattern, value, wanted: &str| assert_eq!(uri(pattern, value).as_deref(), Ok(wanted));
        is("tel:+33{telephoneNumber:national}", "01 23 45 67 89", "tel:+33123456789");
        is("tel:+33{telephoneNumber:digits}", "1-23-45-67-89", "tel:+33123456789");
        is("tel:{telephoneNumber}", "+33 (1) 23.45/67-89", "tel:+33123456789");
        is("TEL:+{telephoneNumber:digits}", "+33 1 23", "tel:+33123");
        is("tel:+4989555;ext={ipPhone:digits}", "012", "tel:+4989555;ext=012");
        is("tel:+33{x:3}", "12345", "tel:+33123");
        let trunk = made("tel:+33{x:digits}", "0123456789").unwrap();
        assert_eq!((trunk.uri.as_str(), trunk.trunk), ("tel:+330123456789", Some(())));
        assert_eq!(uri("tel:+33{x:digits}", ""), Err(LineFault::Missing));
        assert_eq!(uri("tel:+33{x:national}", "+33 1 23"), Err(LineFault::CountryTwice));
        for (pattern, value) in [("tel:{x}", "0123"), ("tel:+{x}", "12a3"), ("tel:+33{x}", "12345678901234")]
        {
            assert!(matches!(uri(pattern, value), Err(LineFault::NotE164(_))), "{pattern} {value}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        let fault = |pattern: &str| Line::parse(pattern, |_| ()).unwrap_err();
        assert_eq!(fault("+33{x}"), PatternFault::NoTel);
        assert_eq!(fault("tel:+33"), PatternFault::NoAttribute);
        assert_eq!(fault("tel:{x"), PatternFault::Brace);
        assert_eq!(fault("tel:x}"), PatternFault::Brace);
        assert_eq!(fault("tel:{domain}{x}"), PatternFault::Domain);
        assert!(matches!(fault("tel:+{x:0}"), PatternFault::Placeholder(_)));
        assert!(matches!(fault("tel:+{}"), PatternFault::Placeholder(_)));
    }

    #[test]
    fn lines_compare_without_what_is_for_the_eye() {
        assert_eq!(normalize("TEL:+1 (425) 555-1212;ext=7"), "tel:+14255551212;ext=7");
    }
}
