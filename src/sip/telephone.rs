//! Telephone numbers by the numbering plans of the world (ITU-T E.164), with the data of libphonenumber.

use crate::language::{Text, text};
use std::borrow::Cow;

use rlibphonenumber::{NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumberFormat, ValidationError};

/// A number with fewer national digits counts as an extension, unless the plan knows it.
const FEWEST_DIGITS: usize = 6;

/// A country with its numbering plan (ISO 3166-1 alpha-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region(rlibphonenumber::Region);

impl Region {
    /// Parses a code such as `FR`, in any case.
    pub fn parse(code: &str) -> Option<Self> {
        let region = Self(code.to_ascii_uppercase().parse().ok()?);
        region.country_code().map(|_| region)
    }

    /// The country code, such as 33.
    pub fn country_code(self) -> Option<i32> {
        PHONE_NUMBER_UTIL.get_country_code_for_region(self.0)
    }
}

/// A number with its country code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    /// `+` and the digits.
    pub e164: String,
    /// The digits behind `;ext=`.
    pub extension: Option<String>,
}

impl Number {
    /// The number in the form of RFC 3966, without `tel:`.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match &self.extension {
            None => Cow::Borrowed(&self.e164),
            Some(extension) => format!("{};ext={extension}", self.e164).into(),
        }
    }
}

/// Why a text is not a telephone number, or not certainly one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberFault {
    Missing,
    /// A character that telephone numbers do not have.
    Character(char),
    /// A decimal number, as a spreadsheet writes it.
    Decimal,
    /// A second number behind the first.
    Second,
    /// An extension where none is allowed.
    Extension,
    /// A second country code.
    CountryTwice,
    /// The prefix of national calls behind the country code.
    Trunk,
    /// A missing zero, with which the numbers of its country begin.
    Zero,
    /// An unassigned country code.
    Country,
    /// Too few digits for its country.
    Short,
    /// Too many digits for its country.
    Long,
    /// A number of digits that its country does not use.
    Length,
    /// A text that the library cannot parse.
    Unreadable,
    /// A line that is not an E.164 number, with or without an extension.
    NotE164(String),
}

impl NumberFault {
    /// States the fault as a predicate of the attribute.
    pub fn what(&self) -> Text {
        match self {
            Self::Missing => text!("holds no number", "ne contient pas de numéro"),
            Self::Character(found) => text!(
                "holds `{found}`, which is not part of a telephone number",
                "contient `{found}`, qui ne fait pas partie d’un numéro de téléphone"
            ),
            Self::Decimal => text!(
                "holds a decimal number, as a spreadsheet writes one",
                "contient un nombre décimal, comme l’écrit un tableur"
            ),
            Self::Second => text!("seems to hold a second number", "semble contenir un second numéro"),
            Self::Extension => text!("seems to hold an extension", "semble contenir un numéro de poste"),
            Self::CountryTwice => text!(
                "seems to begin with a country code, and the pattern has one already",
                "semble commencer par un indicatif de pays, et le modèle en a déjà un"
            ),
            Self::Trunk => text!(
                "has a trunk zero, which is not dialled from abroad",
                "a un zéro interurbain, qui ne se compose pas depuis l’étranger"
            ),
            Self::Zero => text!(
                "lacks the zero with which numbers of its country begin, also from abroad",
                "n’a pas le zéro par lequel commencent les numéros de son pays, même depuis l’étranger"
            ),
            Self::Country => {
                text!("has an unassigned country code", "n’a pas d’indicatif de pays attribué")
            }
            Self::Short => text!(
                "has too few digits for a number of its country",
                "a trop peu de chiffres pour un numéro de son pays"
            ),
            Self::Long => text!(
                "has too many digits for a number of its country",
                "a trop de chiffres pour un numéro de son pays"
            ),
            Self::Length => text!(
                "has a number of digits that its country does not use",
                "a un nombre de chiffres que son pays n’utilise pas"
            ),
            Self::Unreadable => {
                text!(
                    "is not a telephone number of the region",
                    "n’est pas un numéro de téléphone de la région"
                )
            }
            Self::NotE164(line) => text!(
                "gives `{line}`, which is not an E.164 number: `tel:+`, up to 15 digits, perhaps `;ext=` and digits",
                "donne `{line}`, qui n’est pas un numéro E.164\u{a0}: `tel:+`, 15 chiffres au plus, éventuellement `;ext=` et des chiffres"
            ),
        }
    }
}

/// Parses a number as people of the region write it. A number with a country code belongs to that country.
pub(crate) fn read(text: &str, region: Region) -> Result<Number, NumberFault> {
    let text = without_scheme(text.trim());
    if !text.contains(char::is_numeric) {
        return Err(NumberFault::Missing);
    }
    if is_decimal(text) {
        return Err(NumberFault::Decimal);
    }
    if text.contains(['\n', '\r']) {
        return Err(NumberFault::Second);
    }
    let number = parse(text, Some(region)).ok_or(NumberFault::Unreadable)?;
    check_written(text, &number, region)?;
    // A number that begins with the region's international prefix may have been written for another country.
    let is_abroad = region.country_code() != Some(number.parsed.country_code);
    if is_abroad && !text.starts_with(['+', '＋']) && !number.is_valid() {
        return Err(NumberFault::Unreadable);
    }
    number.checked()
}

/// Checks that nothing in the text contradicts the number that the library found there.
fn check_written(text: &str, number: &Parsed, region: Region) -> Result<(), NumberFault> {
    let (mut head, mut mark) = (text, "");
    if let Some(extension) = &number.extension {
        head = &text[..text.rfind(extension.as_str()).unwrap_or(text.len())];
        (head, mark) = head.split_at(head.trim_end_matches(|c: char| !c.is_numeric()).len());
    }
    // The library takes for a pause what separates numbers in a list.
    if mark.contains([',', ';']) && mark.chars().all(|c| is_separator(c) || matches!(c, ',' | ';')) {
        return Err(NumberFault::Second);
    }
    // The library skips some words and dials the letters of others.
    let is_part = |c: char| is_separator(c) || c.is_numeric() || matches!(c, '+' | '＋' | '/');
    if let Some(other) = head.chars().find(|c| !is_part(*c)) {
        return Err(NumberFault::Character(other));
    }
    let is_whole = |part: &str| is_whole(part, Some(region));
    if has_range(head, is_whole) {
        return Err(NumberFault::Second);
    }
    for (at, c) in head.char_indices().filter(|(_, c)| matches!(c, '/' | '(')) {
        if is_whole(&head[..at]) {
            return Err(if c == '/' { NumberFault::Second } else { NumberFault::Extension });
        }
    }
    let code = number.parsed.country_code.to_string();
    let mut groups = head.split(|c: char| !c.is_numeric()).filter(|group| !group.is_empty());
    let has_code_twice = groups.next() == Some(&code) && groups.next() == Some(&code);
    if has_code_twice && is_whole(&["+", &code, &groups.collect::<String>()].concat()) {
        return Err(NumberFault::CountryTwice);
    }
    Ok(())
}

/// Checks a number of `+` and digits against the numbering plan of its country.
///
/// # Errors
/// The plan lacks the number, or writes it with or without the zero behind the country code.
pub(crate) fn check(e164: &str) -> Result<(), NumberFault> {
    let number = parse(e164, None).ok_or(NumberFault::Country)?;
    if !number.is_valid()
        && let code = number.parsed.country_code.to_string()
        && let Some(national) = e164.strip_prefix('+').and_then(|digits| digits.strip_prefix(code.as_str()))
        && parse(&["+", &code, "0", national].concat(), None)
            .is_some_and(|whole| whole.e164.ends_with(&["0", national].concat()) && whole.is_valid())
    {
        return Err(NumberFault::Zero);
    }
    if number.checked()?.e164 == e164 { Ok(()) } else { Err(NumberFault::Trunk) }
}

/// Normalises a line for comparison, as a number if it is one.
pub(crate) fn canonical(line: &str, region: Option<Region>) -> Cow<'_, str> {
    let text = without_scheme(line.trim());
    let user = text.split_once('@').map(|(user, _)| user).filter(|user| user.starts_with('+'));
    let text = user.unwrap_or(text);
    if is_canonical(text) {
        return Cow::Borrowed(text);
    }
    if let Some(number) = text.get(..3).filter(|sign| sign.eq_ignore_ascii_case("%2B")) {
        return canonical(&["+", &text[number.len()..]].concat(), region).into_owned().into();
    }
    let read = parse(text, region);
    let is_sure = read.as_ref().is_some_and(Parsed::is_valid);
    match if is_sure { read } else { without_plus(text).or(read) } {
        Some(Parsed { e164, extension, .. }) => Number { e164, extension }.text().into_owned().into(),
        None => text.chars().filter(|c| !is_separator(*c)).flat_map(char::to_lowercase).collect(),
    }
}

/// Parses a number with its country code but without `+`, perhaps with `00`, if its country has such a number.
fn without_plus(text: &str) -> Option<Parsed> {
    let text = text.strip_prefix("00").unwrap_or(text);
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    is_number.then(|| parse(&["+", text].concat(), None))?.filter(Parsed::is_valid)
}

/// Whether the number is in canonical form without asking the library, which takes a hundred times as long: `+` and
/// digits, without a zero in the place of a trunk prefix.
fn is_canonical(text: &str) -> bool {
    let Some(number) = text.strip_prefix('+') else { return false };
    let (number, extension) = number.split_once(";ext=").unwrap_or((number, "0"));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    all_digits(number) && all_digits(extension) && !number.get(1..4).unwrap_or_default().contains('0')
}

/// Whether a character only separates digits: RFC 3966 section 3 (`visual-separator`), typographic spaces and dashes.
pub(super) fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '.' | '(' | ')' | '\u{2010}'..='\u{2015}')
}

/// Whether the text is a number by the plan of its country or the region.
pub(super) fn is_whole(text: &str, region: Option<Region>) -> bool {
    parse(text, region).is_some_and(|number| number.is_valid())
}

/// Whether a number ends in a range: `10..19`; or `1234-0 - 99`, `1234 56-58` and `1234 5–9`, if the first number of the
/// range is whole without the last, as in countries whose numbers vary in length.
pub(super) fn has_range(text: &str, is_whole: impl Fn(&str) -> bool) -> bool {
    let is_dash = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}');
    let Some((head, last)) = text.rsplit_once(is_dash) else { return text.contains("..") };
    let first =
        head.rsplit(|c: char| !c.is_ascii_digit()).find(|group| !group.is_empty()).unwrap_or_default();
    let last = last.trim();
    let ends_in_digits = !last.is_empty() && last.bytes().all(|c| c.is_ascii_digit());
    let ascends = first.len() == last.len() && last.len() < 3 && first < last;
    let is_range = if head.contains(is_dash) { head.ends_with(char::is_whitespace) } else { ascends };
    text.contains("..") || ends_in_digits && is_range && is_whole(head.trim_end())
}

/// Removes `tel:` or `sip:`.
pub(super) fn without_scheme(text: &str) -> &str {
    let scheme =
        text.get(..4).filter(|scheme| ["tel:", "sip:"].iter().any(|s| scheme.eq_ignore_ascii_case(s)));
    scheme.map_or(text, |scheme| text[scheme.len()..].trim_start())
}

/// Whether a spreadsheet wrote a number as a decimal: `33123456789.0`, `3.31E+10`.
pub(super) fn is_decimal(text: &str) -> bool {
    (text.contains(['e', 'E']) || text.ends_with(".0")) && text.parse::<f64>().is_ok()
}

/// A number as the library understands it.
struct Parsed {
    e164: String,
    extension: Option<String>,
    parsed: rlibphonenumber::PhoneNumber,
}

impl Parsed {
    fn is_valid(&self) -> bool {
        PHONE_NUMBER_UTIL.is_valid_number(&self.parsed)
    }

    /// Returns the number if its country has numbers of that length.
    fn checked(self) -> Result<Number, NumberFault> {
        match PHONE_NUMBER_UTIL.is_possible_number_with_reason(&self.parsed) {
            Ok(NumberLengthType::IsPossible) => {}
            Err(ValidationError::InvalidCountryCode) => return Err(NumberFault::Country),
            Err(ValidationError::TooLong) => return Err(NumberFault::Long),
            Err(ValidationError::InvalidLength) => return Err(NumberFault::Length),
            // A local number is too short from elsewhere.
            Ok(_) | Err(_) => return Err(NumberFault::Short),
        }
        let national = rlibphonenumber::get_national_significant_number_owned(&self.parsed);
        if national.len() < FEWEST_DIGITS && !self.is_valid() {
            return Err(NumberFault::Short);
        }
        // A trunk zero may hide a missing digit: `01 23 45 67 8` has nine digits with it.
        if national.starts_with('0') && !self.is_valid() {
            return Err(NumberFault::Length);
        }
        Ok(Number { e164: self.e164, extension: self.extension })
    }
}

fn parse(text: &str, region: Option<Region>) -> Option<Parsed> {
    // The library knows fewer spaces than typographers use, such as U+202F in French numbers.
    let text: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let parsed = PHONE_NUMBER_UTIL.parse(&text, region.map(|region| region.0)).ok()?;
    let e164 = PHONE_NUMBER_UTIL.format(&parsed, PhoneNumberFormat::E164).into_owned();
    let extension = parsed.extension.clone();
    Some(Parsed { e164, extension, parsed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_the_notation_of_its_region() {
        let cases = [
            ("FR", "01 23 45 67 89", "+33123456789"),
            ("DE", "+49 89 1234-0", "+498912340"),
            ("DE", "+49 30 123456-58", "+493012345658"),
            ("NO", "22 12 34-56", "+4722123456"),
            ("RU", "8 (495) 123-45-67", "+74951234567"),
            ("FR", "0033 1 23 45 67 89", "+33123456789"),
            ("FR", "33 1 23 45 67 89", "+33123456789"),
            ("FR", "+33 (0)1 23 45 67 89", "+33123456789"),
            ("FR", "tel:+33-1-23-45-67-89;ext=12", "+33123456789;ext=12"),
            ("FR", "01.23.45.67.89 x12", "+33123456789;ext=12"),
            ("FR", "01 23 45 67 89 #12", "+33123456789;ext=12"),
            ("FR", "+44 (0)20 7946 0123", "+442079460123"),
            ("US", "011 44 20 7946 0123", "+442079460123"),
            ("us", "(425) 555-1212 ext. 7", "+14255551212;ext=7"),
            ("US", "1-425-555-1212", "+14255551212"),
            ("IT", "06 6982 1234", "+390669821234"),
            ("IT", "0039 06 6982 1234", "+390669821234"),
            ("DE", "089 / 555 12 34", "+49895551234"),
            ("DE", "+49 (0) 89 / 555-1234", "+49895551234"),
            ("JP", "０３-1234-5678", "+81312345678"),
            ("FR", "＋33\u{202f}1\u{202f}23\u{202f}45\u{202f}67\u{202f}89", "+33123456789"),
            ("DE", "+49 (30) 123456;ext=12", "+4930123456;ext=12"),
            ("DE", "+49 4921 12345", "+49492112345"),
            ("BR", "+55 55 3222 1234", "+555532221234"),
            ("FR", "0123.456789", "+33123456789"),
            // its country has numbers as short as this
            ("NU", "4002", "+6834002"),
            // a length that its country has, assigned or not
            ("DE", "100 000", "+49100000"),
            ("US", "+1 125 555 1212", "+11255551212"),
        ];
        for (region, text, wanted) in cases {
            let number = read(text, Region::parse(region).unwrap());
            assert_eq!(number.as_ref().map(Number::text).as_deref(), Ok(wanted), "{region} {text}");
        }
    }

    #[test]
    fn numbers_outside_the_plan_of_the_region_are_refused() {
        use NumberFault as F;
        let cases = [
            ("FR", "4711", F::Short),
            ("FR", "112", F::Short),
            ("FR", "01 23 45 67", F::Short),
            ("FR", "+44 20 7946", F::Short),
            ("FR", "01 23 45 67 8", F::Length),
            ("FR", "01 23 45 67 89 01", F::Long),
            ("FR", "+33 1 23 45 67 89/90", F::Second),
            ("FR", "01 23 45 67 89 / 06 12 34 56 78", F::Unreadable),
            ("FR", "01 23 45 67 89, 90", F::Second),
            ("DE", "030 123456\n12", F::Second),
            ("DK", "32123456, 32123457", F::Second),
            ("DK", "32123456; 32123457", F::Second),
            ("US", "425-555-0100, 0101", F::Second),
            ("DE", "+49 89 1234-0 - 99", F::Second),
            ("DE", "089 1234 1..5", F::Second),
            ("AT", "+43 1 1234-10...19", F::Second),
            ("DE", "030 1234 56-58", F::Second),
            ("FI", "+358 9 1234 5–9", F::Second),
            ("DE", "030 123456 (12)", F::Extension),
            ("DE", "+49 49 30 123456", F::CountryTwice),
            ("BR", "005511961234567", F::Unreadable),
            ("CO", "00573211234567", F::Unreadable),
            ("KH", "0085591234567", F::Unreadable),
            ("TH", "006621234567", F::Unreadable),
            ("FR", "1.23457E+09", F::Decimal),
            ("FR", "33123456789.0", F::Decimal),
            ("FR", "see front desk", F::Missing),
            ("FR", "Büro 01 23 45 67 89", F::Character('B')),
            ("DE", "4711", F::Short),
            ("DE", "+49 89 555123/24", F::Second),
            ("US", "555-1212", F::Short),
            ("US", "1-800-FLOWERS", F::Character('F')),
            ("US", "+999 425 555 1212", F::Unreadable),
        ];
        for (region, text, wanted) in cases {
            assert_eq!(read(text, Region::parse(region).unwrap()), Err(wanted), "{region} {text}");
        }
    }

    #[test]
    fn a_number_is_checked_against_the_plan_of_its_country() {
        for (number, expect) in [
            ("+33123456789", Ok(())),
            // a mobile number, or one of a town if a zero came first
            ("+393471234567", Ok(())),
            // a number of the plan with the zero, and another without
            ("+390166123456", Ok(())),
            ("+39166123456", Ok(())),
            ("+390669821234", Ok(())),
            ("+39669821234", Err(NumberFault::Zero)),
            ("+330123456789", Err(NumberFault::Trunk)),
            ("+3912345678901234567", Err(NumberFault::Long)),
            ("+55211151234567", Err(NumberFault::Long)),
        ] {
            assert_eq!(check(number), expect, "{number}");
        }
    }

    #[test]
    fn a_region_is_a_country_with_a_plan() {
        assert_eq!(Region::parse("fr").and_then(Region::country_code), Some(33));
        for code in ["", "FRA", "XX", "33", "001", "ÖÄ"] {
            assert_eq!(Region::parse(code), None, "{code}");
        }
    }

    #[test]
    fn lines_compare_as_numbers() {
        let france = Region::parse("FR");
        let same = [
            "tel:+33123456789",
            "+33123456789",
            "TEL:+33 (1) 23-45.67 89",
            "tel:+33 (0)1 23 45 67 89",
            "tel:+330123456789",
            "sip:+33123456789@contoso.com;user=phone",
            "tel:01 23 45 67 89",
            "tel:33123456789",
            "tel:0033 1 23 45 67 89",
            "tel:%2B33123456789",
        ];
        for line in same {
            assert_eq!(canonical(line, france), "+33123456789", "{line}");
        }
        // The number belongs to the region, although with `+` it would be Danish.
        assert_eq!(canonical("tel:458 234 5678", Region::parse("US")), "+14582345678");
        for line in ["tel:33123456789", "tel:0033123456789", "tel:%2b33 1 23 45 67 89"] {
            assert_eq!(canonical(line, None), "+33123456789", "{line} without a region");
        }
        let others = [
            ("tel:+33123456789;ext=7", "+33123456789;ext=7"),
            ("+33 1 23 45 67 89 x7", "+33123456789;ext=7"),
            ("tel:+33123456789;ext=1 2", "+33123456789;ext=12"),
            ("tel:+12", "+12"),
            ("tel:+123", "+123"),
            // the parentheses hold an area code, not a country code
            ("tel:(33) 1 23 45 67 89", "33123456789"),
            ("tel:+390669821234", "+390669821234"),
            ("TEL:4711", "4711"),
            ("tel:0123456789", "0123456789"),
            ("sip:Ann@contoso.com", "ann@contosocom"),
        ];
        for (line, wanted) in others {
            assert_eq!(canonical(line, None), wanted, "{line}");
        }
    }
}
