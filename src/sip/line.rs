//! `tel:` URIs of Enterprise Voice (msRTCSIP-Line), made by a pattern and checked as E.164 (RFC 3966, ITU-T E.164).

use super::format::{Part, Take, placeholder};
use super::telephone::{self, NumberFault, Region};
use crate::language::{Text, text};
use crate::object::{Attr, Object};

/// The maximum number of digits, with the country code (E.164 section 6.1).
const MOST_DIGITS: usize = 15;
/// The maximum number of digits in a country code. More digits are the beginning of a number.
const MOST_COUNTRY_DIGITS: usize = 3;

/// A pattern such as `tel:+33{telephoneNumber:national}` with resolved attributes of type `A`.
///
/// `{attr}` is the first value of the attribute without spaces and punctuation; `{attr:N}` its first N digits;
/// `{attr:digits}` only its digits; `{attr:national}` its digits without leading zeros. Other text is copied. A
/// complete number (`+33 …`) is used as it is if the pattern begins with its country code.
#[derive(Clone, Debug)]
pub struct LinePattern {
    parts: Vec<Part<Attr>>,
    region: Option<Region>,
}

impl LinePattern {
    /// Parses a pattern; `key` resolves an LDAP name.
    ///
    /// # Errors
    /// What is wrong with the pattern.
    pub fn parse(
        text: &str,
        region: Option<Region>,
        mut key: impl FnMut(&str) -> Attr,
    ) -> Result<Self, Text> {
        if !text.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("tel:")) {
            return Err(text!("a line begins with `tel:`", "une ligne commence par `tel:`"));
        }
        let lone_brace = || text!("a brace without the other", "une accolade sans l’autre");
        let mut parts = Vec::new();
        let mut rest = &text[4..];
        while !rest.is_empty() {
            let (literal, behind) = rest.split_at(rest.find(['{', '}']).unwrap_or(rest.len()));
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            rest = behind;
            if let Some(inner) = rest.strip_prefix('{') {
                let (inner, behind) = inner.split_once('}').ok_or_else(lone_brace)?;
                let part = placeholder(inner, 0).map_err(|fault| fault.what)?;
                if part == Part::Domain {
                    return Err(text!(
                        "a line cannot have `{{domain}}`",
                        "une ligne ne peut pas avoir `{{domain}}`"
                    ));
                }
                parts.push(part.keyed(|name| key(name)));
                rest = behind;
            } else if !rest.is_empty() {
                return Err(lone_brace());
            }
        }
        if !parts.iter().any(|part| matches!(part, Part::Attribute { .. })) {
            return Err(text!(
                "it names no attribute, so all lines would be the same",
                "elle ne nomme aucun attribut, et toutes les lignes seraient identiques"
            ));
        }
        if let (Some(Part::Literal(first)), Some(code)) =
            (parts.first(), region.and_then(Region::country_code))
            && let Some(digits) = country(first)
            && digits != code.to_string()
        {
            return Err(text!(
                "it begins with +{digits}, and the country code of the region is +{code}",
                "elle commence par +{digits}, et l’indicatif de la région est +{code}"
            ));
        }
        Ok(Self { parts, region })
    }

    /// The attributes it reads.
    pub fn attributes(&self) -> impl Iterator<Item = Attr> {
        self.parts.iter().filter_map(|part| match part {
            Part::Attribute { key, .. } => Some(*key),
            _ => None,
        })
    }

    /// Returns the object's line.
    ///
    /// # Errors
    /// The fault and its attribute; for the result as a whole, the last attribute.
    pub fn of(&self, object: &Object<'_>) -> Result<String, (Attr, NumberFault)> {
        let (mut uri, mut parts, mut last) = ("tel:".to_owned(), &self.parts[..], None);
        if let Some((region, key, behind)) = self.regional() {
            let value = object.only(key).ok_or((key, NumberFault::Second))?;
            let number = telephone::read(value, region).map_err(|fault| (key, fault))?;
            if number.extension.is_some() && !behind.is_empty() {
                return Err((key, NumberFault::Extension));
            }
            uri += &number.text();
            (parts, last) = (behind, Some(key));
        }
        for part in parts {
            match part {
                Part::Literal(text) => uri.push_str(text),
                // The parser refuses a domain in a line.
                Part::Domain => {}
                Part::Attribute { key, take, .. } => {
                    let value = object.only(*key).ok_or((*key, NumberFault::Second))?;
                    let before = uri["tel:".len()..].to_owned();
                    let piece = piece(value, *take, &before).map_err(|fault| (*key, fault))?;
                    uri.push_str(&piece);
                    last = Some(*key);
                }
            }
        }
        let Some(key) = last else { return Ok(uri) };
        uri.retain(|c| !telephone::is_separator(c));
        if !is_e164(&uri) {
            return Err((key, NumberFault::NotE164(uri)));
        }
        let number = &uri["tel:".len()..];
        let number = number.split_once(';').map_or(number, |(number, _)| number);
        telephone::check(number).map_err(|fault| (key, fault))?;
        Ok(uri)
    }

    /// Returns the attribute to read by the numbering plan of the region, and the parts behind it. Only an attribute
    /// that is the whole number is read this way.
    fn regional(&self) -> Option<(Region, Attr, &[Part<Attr>])> {
        let region = self.region?;
        let (first, rest) = match self.parts.split_first()? {
            (Part::Literal(text), rest) if text == "+" || country(text).is_some() => rest.split_first()?,
            first => first,
        };
        let Part::Attribute { key, take: Take::All | Take::Digits | Take::National, .. } = first else {
            return None;
        };
        let is_whole_number =
            rest.first().is_none_or(|part| matches!(part, Part::Literal(text) if text.starts_with(';')));
        is_whole_number.then_some((region, *key, rest))
    }
}

/// Returns the digits of a text such as `+33`, if they may be a country code.
fn country(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('+')?;
    let is_code =
        (1..=MOST_COUNTRY_DIGITS).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    is_code.then_some(digits)
}

/// Returns the part of a value that the pattern appends to `before`, or a fault if the value is ambiguous.
fn piece(value: &str, take: Take, before: &str) -> Result<String, NumberFault> {
    let Plain { digits, is_international } = plain(value)?;
    let is_whole = |number: &str| {
        if is_international {
            telephone::is_whole(number, None)
        } else {
            telephone::is_whole(&[before, number.trim_start_matches('0')].concat(), None)
        }
    };
    if telephone::has_range(value, is_whole) {
        return Err(NumberFault::Second);
    }
    let digits_before: String = before.chars().filter(char::is_ascii_digit).collect();
    let is_fragment =
        !digits_before.is_empty() && country(before).is_none() || matches!(take, Take::First(_));
    if is_fragment && value.contains("(0)") {
        return Err(NumberFault::Trunk);
    }
    if let Take::First(count) = take {
        // The first digits are counted in the number as written, so it must not begin with its country code.
        let has_country_code =
            digits.starts_with("00") || digits_before.len() > 1 && digits.starts_with(&digits_before);
        if is_international || has_country_code && !before.contains(';') {
            return Err(NumberFault::CountryTwice);
        }
        return Ok(digits.chars().take(count.get()).collect());
    }
    if let Some(mark) =
        value.trim().chars().find(|c| is_fragment && matches!(c, '-' | '.' | '\u{2010}'..='\u{2015}'))
    {
        return Err(NumberFault::Character(mark));
    }
    if before.contains(';') {
        return if is_international { Err(NumberFault::Extension) } else { Ok(digits) };
    }
    if is_international {
        let rest = digits.strip_prefix(&digits_before).ok_or(NumberFault::CountryTwice)?;
        return Ok(if before.is_empty() { format!("+{rest}") } else { rest.to_owned() });
    }
    let is_behind_country = country(before).is_some();
    if !digits_before.is_empty() && digits.starts_with(&digits_before)
        || is_behind_country && digits.starts_with("00")
    {
        return Err(NumberFault::CountryTwice);
    }
    match take {
        Take::National => Ok(digits.trim_start_matches('0').to_owned()),
        _ => Ok(digits),
    }
}

/// The digits of a number.
struct Plain {
    digits: String,
    /// Whether it begins with `+`.
    is_international: bool,
}

/// Returns the digits of a value that is a single number.
fn plain(value: &str) -> Result<Plain, NumberFault> {
    let text = telephone::without_scheme(value.trim());
    if telephone::is_decimal(text) {
        return Err(NumberFault::Decimal);
    }
    if !text.contains(char::is_numeric) {
        return Err(NumberFault::Missing);
    }
    let mut number = Plain { digits: String::new(), is_international: false };
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let has_digits = !number.digits.is_empty();
        match c {
            '0'..='9' => number.digits.push(c),
            '+' if !has_digits && !number.is_international => number.is_international = true,
            '+' | '/' | ',' if has_digits => return Err(NumberFault::Second),
            '#' | 'x' | 'X' | ';' if has_digits => return Err(NumberFault::Extension),
            '(' if number.digits.len() > MOST_COUNTRY_DIGITS => return Err(NumberFault::Extension),
            '(' if number.is_international && rest.as_str().starts_with('0') => {
                return Err(NumberFault::Trunk);
            }
            '\n' | '\r' if has_digits => return Err(NumberFault::Second),
            c if telephone::is_separator(c) => {}
            c => return Err(NumberFault::Character(c)),
        }
    }
    Ok(number)
}

/// Whether a URI is `tel:+` and up to fifteen digits without a leading zero, optionally with an extension.
pub(crate) fn is_e164(uri: &str) -> bool {
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some(number) = uri.strip_prefix("tel:+") else { return false };
    let (number, extension) = number.split_once(";ext=").map_or((number, None), |(n, e)| (n, Some(e)));
    all_digits(number)
        && !number.starts_with('0')
        && number.len() <= MOST_DIGITS
        && extension.is_none_or(all_digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Value;

    fn line(pattern: &str, region: Option<&str>, value: &str) -> Result<String, NumberFault> {
        let region = region.and_then(Region::parse);
        let mut object = Object::default();
        object.values.extend((!value.is_empty()).then(|| Value::of_text(Attr::MAIL, value, 0)));
        LinePattern::parse(pattern, region, |_| Attr::MAIL).unwrap().of(&object).map_err(|(_, fault)| fault)
    }

    #[test]
    fn a_line_is_made_by_a_pattern() {
        let cases = [
            ("tel:+33{x:national}", "01 23 45 67 89", "tel:+33123456789"),
            ("tel:+33{x:national}", "1 23 45 67 89", "tel:+33123456789"),
            ("tel:+33{x:national}", "(0)1 23 45 67 89", "tel:+33123456789"),
            ("tel:+33{x:digits}", "1-23-45-67-89", "tel:+33123456789"),
            ("tel:{x}", "+33 (1) 23.45.67-89", "tel:+33123456789"),
            ("tel:{x}", "+33 (1) 23.45.67-80", "tel:+33123456780"),
            ("TEL:+{x:digits}", "33 1 23 45 67 89", "tel:+33123456789"),
            ("tel:+{x:digits}", "+33 1 23 45 67 89", "tel:+33123456789"),
            // complete numbers
            ("tel:+33{x:national}", "+33 1 23 45 67 89", "tel:+33123456789"),
            ("tel:+33{x:national}", "(+33) 1 23 45 67 89", "tel:+33123456789"),
            ("tel:+4989555{x}", "+49 89 555 012", "tel:+4989555012"),
            ("tel:{x}", "+353 (1) 677 1234", "tel:+35316771234"),
            ("tel:{x}", "+\n33 1 23 45 67 89", "tel:+33123456789"),
            // Italy's zero is part of the number
            ("tel:+39{x:digits}", "06 6982 1234", "tel:+390669821234"),
            ("tel:{x}", "+39 06 6982 1234", "tel:+390669821234"),
            // an extension where the pattern asks for one
            ("tel:+4989555012;ext={x:digits}", "012", "tel:+4989555012;ext=012"),
            ("tel:+49 89 555{x:3}", "01234", "tel:+4989555012"),
            ("tel:+4989555{x}", "012", "tel:+4989555012"),
            // one digit is too short to be known as the country code, and an extension has none
            ("tel:+7{x:10}", "705 123 4567", "tel:+77051234567"),
            ("tel:+4989555012;ext={x:4}", "0012", "tel:+4989555012;ext=0012"),
        ];
        for (pattern, value, wanted) in cases {
            assert_eq!(line(pattern, None, value).as_deref(), Ok(wanted), "{pattern} {value}");
        }
    }

    #[test]
    fn without_a_region_ambiguous_numbers_are_refused() {
        use NumberFault as F;
        let cases = [
            ("tel:{x}", "", F::Missing),
            ("tel:{x}", "n/a", F::Missing),
            ("tel:{x}", "３３１２３", F::Character('３')),
            ("tel:{x}", "ext 12", F::Character('e')),
            // signs before the first digit are neither a second number nor an extension
            ("tel:{x}", "++33 1 23 45 67 89", F::Character('+')),
            ("tel:{x}", "#12", F::Character('#')),
            ("tel:{x}", "'+33 1 23 45 67 89", F::Character('\'')),
            ("tel:{x}", "+33 1 23 45 67 89/90", F::Second),
            ("tel:{x}", "+33 1 23 45 67 89 +33 1 23 45 67 90", F::Second),
            ("tel:{x}", "12+34", F::Second),
            ("tel:{x}", "+49 89 1234-0 - 99", F::Second),
            ("tel:{x}", "+43 1 1234-10...19", F::Second),
            ("tel:{x}", "+49 30 1234 56-58", F::Second),
            ("tel:+49{x:national}", "030 1234 56-58", F::Second),
            ("tel:+49{x:national}", "030 1234 5–9", F::Second),
            ("tel:{x}", "+33 1 23 45 67 89 x12", F::Extension),
            ("tel:{x}", "+33 1 23 45 67 89 #12", F::Extension),
            ("tel:{x}", "+33 1 23 45 67 89 (12)", F::Extension),
            ("tel:{x}", "+33 1 23 45 67 89;ext=12", F::Extension),
            ("tel:{x}", "+33 1 23 45 67 89 poste 12", F::Character('p')),
            ("tel:{x}", "+44 (0)20 7946 0123", F::Trunk),
            ("tel:{x}", "+44 020 7946 0123", F::Trunk),
            // Italy's zero is part of some numbers, but not of this one
            ("tel:{x}", "+39 (0)347 123 4567", F::Trunk),
            ("tel:{x}", "+33 1 23 45 67", F::Short),
            ("tel:{x}", "+33 1 23 45 67 89 01", F::Long),
            ("tel:{x}", "+999 1 23 45 67", F::Country),
            ("tel:+{x:digits}", "3.3123E+10", F::Decimal),
            ("tel:+{x:digits}", "33123456789.0", F::Decimal),
            ("tel:+{x:digits}", "+1 425 555 1212 x123", F::Extension),
            ("tel:+33{x:digits}", "01 23 45 67 89", F::Trunk),
            ("tel:+33{x:national}", "+44 20 7946 0123", F::CountryTwice),
            ("tel:+33{x:national}", "0033 1 23 45 67 89", F::CountryTwice),
            ("tel:+33{x:national}", "33 1 23 45 67 89", F::CountryTwice),
            ("tel:+39{x:national}", "06 6982 1234", F::Zero),
            ("tel:+33{x:national}", "4711", F::Short),
            ("tel:+49{x:national}", "4711", F::Short),
            ("tel:+4989555{x}", "+33 1 23 45 67 89", F::CountryTwice),
            // nor may a part of a number be ambiguous
            ("tel:+4989555{x}", "(0)12", F::Trunk),
            ("tel:+4989555{x}", "12-13", F::Second),
            ("tel:+4989555{x}", "13-12", F::Character('-')),
            ("tel:+4989555012;ext={x}", "12\n13", F::Second),
            ("tel:+4420{x:8}", "(0)20 7946 0958", F::Trunk),
            ("tel:+39{x:9}", "(0)6 6981 2345", F::Trunk),
            ("tel:+4420{x:8}", "0044 20 7946 0958", F::CountryTwice),
            ("tel:+4420{x:8}", "442079460958", F::CountryTwice),
            ("tel:+4420{x:8}", "+44 20 7946 0958", F::CountryTwice),
            ("tel:+4420{x:8}", "+33 1 23 45 67 89", F::CountryTwice),
            ("tel:+4420{x:8}", "7946 0958\n7946 0959", F::Second),
            ("tel:+4989555012;ext={x}", "+49 89 555 012", F::Extension),
        ];
        for (pattern, value, wanted) in cases {
            assert_eq!(line(pattern, None, value), Err(wanted), "{pattern} {value}");
        }
        for (pattern, value) in
            [("tel:{x}", "0123"), ("tel:+{x}", "0033 1 23"), ("tel:+33{x}", "12345678901234")]
        {
            assert!(matches!(line(pattern, None, value), Err(NumberFault::NotE164(_))), "{pattern} {value}");
        }
    }

    #[test]
    fn with_a_region_a_number_is_read_by_its_plan() {
        let cases = [
            ("tel:{x}", "01 23 45 67 89", "tel:+33123456789"),
            ("tel:+33{x:national}", "0033 1 23 45 67 89", "tel:+33123456789"),
            ("tel:+33{x:digits}", "+44 (0)20 7946 0123", "tel:+442079460123"),
            ("tel:{x}", "01 23 45 67 89 x12", "tel:+33123456789;ext=12"),
            ("tel:{x};ext=12", "01 23 45 67 89", "tel:+33123456789;ext=12"),
            ("tel:{x};ext={x:2}", "01 23 45 67 89", "tel:+33123456789;ext=01"),
            ("tel:+{x}", "01 23 45 67 89", "tel:+33123456789"),
            ("tel:{x}12", "+33 1 23 45 67", "tel:+33123456712"),
            // the beginning of a number is not a number
            ("tel:+331234567{x}", "89", "tel:+33123456789"),
        ];
        for (pattern, value, wanted) in cases {
            assert_eq!(line(pattern, Some("FR"), value).as_deref(), Ok(wanted), "{pattern} {value}");
        }
        let twice = line("tel:{x};ext=12", Some("FR"), "01 23 45 67 89 x12");
        assert_eq!(twice, Err(NumberFault::Extension));
    }

    #[test]
    fn a_number_has_up_to_fifteen_digits_and_an_optional_extension() {
        for (uri, expect) in [
            ("tel:+1", true),
            ("tel:+123456789012345", true),
            ("tel:+1234567890123456", false),
            ("tel:+33123456789;ext=12", true),
            ("tel:+33123456789;ext=", false),
            ("tel:+33123456789;ext=1a", false),
            ("tel:+;ext=12", false),
            ("tel:+", false),
            ("tel:+0123456789", false),
            ("tel:+3a", false),
            ("tel:33123456789", false),
        ] {
            assert_eq!(is_e164(uri), expect, "{uri}");
        }
    }

    #[test]
    fn a_pattern_names_its_attributes() {
        let key = |name: &str| if name == "y" { Attr::MAIL } else { Attr::LINE };
        let pattern = LinePattern::parse("tel:+{x:digits};ext={y}", None, key).unwrap();
        assert_eq!(pattern.attributes().collect::<Vec<_>>(), [Attr::LINE, Attr::MAIL]);
    }

    #[test]
    fn faulty_patterns_are_refused() {
        let fault =
            |pattern: &str| LinePattern::parse(pattern, Region::parse("DE"), |_| Attr::MAIL).unwrap_err();
        for (pattern, what) in [
            ("+33{x}", "a line begins with `tel:`"),
            ("tel", "a line begins with `tel:`"),
            ("tel:+33", "it names no attribute, so all lines would be the same"),
            ("tel:{x", "a brace without the other"),
            ("tel:x}", "a brace without the other"),
            ("tel:{domain}{x}", "a line cannot have `{domain}`"),
            ("tel:+33{x}", "it begins with +33, and the country code of the region is +49"),
            ("tel:+{x:0}", "`0` is neither a number of characters nor `digits` nor `national`"),
            ("tel:+{}", "`` is not an attribute name"),
        ] {
            assert_eq!(fault(pattern).english(), what, "{pattern}");
        }
        assert!(
            LinePattern::parse("tel:+3-{x}", Region::parse("DE"), |_| Attr::MAIL).is_ok(),
            "no country code"
        );
    }
}
