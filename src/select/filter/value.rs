//! Tests of one value: equality, wildcards, order, bits, and the class of an `objectCategory`.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str;

use unicode_normalization::UnicodeNormalization as _;

use super::parse::{BIT_AND, BIT_OR};
use crate::schema::Syntax;
use crate::schema::value::{guid_octets, sid};

/// The test of an item; one matching value is enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Equals(Pattern),
    /// RFC 4511 section 4.5.1.7.6 leaves the meaning to the server; here it is equality.
    Approximates(Pattern),
    AtLeast(Bound),
    AtMost(Bound),
    AllBits(i64),
    AnyBit(i64),
    Category(Class),
}

impl Test {
    /// Whether a value passes the test.
    pub(super) fn holds(&self, value: &[u8]) -> bool {
        match self {
            Self::Equals(pattern) | Self::Approximates(pattern) => pattern.fits(value),
            Self::AtLeast(bound) => bound.order_of(value).is_ge(),
            Self::AtMost(bound) => bound.order_of(value).is_le(),
            Self::AllBits(bits) => integer(value).is_some_and(|value| value & bits == *bits),
            Self::AnyBit(bits) => integer(value).is_some_and(|value| value & bits != 0),
            Self::Category(class) => class.is_category(value),
        }
    }
}

/// The part of a value that a test depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Whether there is a value.
    Presence,
    /// The ASCII characters, which are the same in every encoding.
    Ascii,
    /// Every letter.
    Letters,
}

impl Test {
    /// The part of a value that the test depends on.
    pub(super) fn asked(&self) -> Asked {
        let by_pieces = |pieces: &[Vec<u8>]| match pieces {
            pieces if pieces.iter().all(Vec::is_empty) => Asked::Presence,
            pieces if pieces.iter().all(|piece| piece.is_ascii()) => Asked::Ascii,
            _ => Asked::Letters,
        };
        match self {
            Self::Equals(pattern) | Self::Approximates(pattern) => by_pieces(&pattern.written),
            Self::AtLeast(_) | Self::AtMost(_) => Asked::Letters,
            Self::AllBits(_) | Self::AnyBit(_) | Self::Category(_) => Asked::Ascii,
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equals(pattern) => write!(f, "={pattern}"),
            Self::Approximates(pattern) => write!(f, "~={pattern}"),
            Self::AtLeast(bound) => write!(f, ">={}", Escaped(&bound.written)),
            Self::AtMost(bound) => write!(f, "<={}", Escaped(&bound.written)),
            Self::AllBits(bits) => write!(f, ":{BIT_AND}:={bits}"),
            Self::AnyBit(bits) => write!(f, ":{BIT_OR}:={bits}"),
            Self::Category(class) => write!(f, "={}", Escaped(&class.written)),
        }
    }
}

/// The pieces between wildcards; a single piece is the whole value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    written: Vec<Vec<u8>>,
    /// The pieces prepared for text; `None` if one is not UTF-8, so that values are compared byte by byte.
    prepared: Option<Vec<Vec<u8>>>,
    /// The whole value in its syntax, if that has several notations.
    meant: Option<Meant>,
}

/// A value in its syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Meant {
    /// A DN, normalised. Any text attribute may have one.
    Dn(String),
    Sid(Vec<u8>),
    Guid([u8; 16]),
}

impl Meant {
    fn of(syntax: Syntax, value: &[u8]) -> Option<Self> {
        match syntax {
            Syntax::Sid | Syntax::AccountSid => sid(value).map(|octets| Self::Sid(octets.into_owned())),
            Syntax::Guid => guid_octets(value).map(Self::Guid),
            _ => normalized(value).map(|dn| Self::Dn(dn.into_owned())),
        }
    }

    /// Whether a value means the same.
    fn fits(&self, value: &[u8]) -> bool {
        match self {
            Self::Dn(dn) => normalized(value).is_some_and(|value| value == **dn),
            Self::Sid(octets) => sid(value).is_some_and(|value| *value == **octets),
            Self::Guid(octets) => guid_octets(value).is_some_and(|value| value == *octets),
        }
    }
}

impl Pattern {
    pub(super) fn new(written: Vec<Vec<u8>>, syntax: Syntax) -> Self {
        let last = written.len() - 1;
        let prepare_piece = |(index, piece): (usize, &Vec<u8>)| {
            let text = prepare(str::from_utf8(piece).ok()?);
            let text = if index == 0 { text.trim_start_matches(' ') } else { &text };
            Some(if index == last { text.trim_end_matches(' ') } else { text }.into())
        };
        let prepared = written.iter().enumerate().map(prepare_piece).collect();
        let meant = written.first().filter(|_| last == 0).and_then(|whole| Meant::of(syntax, whole));
        Self { written, prepared, meant }
    }

    /// Whether a value has the pieces, or means the same as the whole.
    fn fits(&self, value: &[u8]) -> bool {
        let has_pieces = match self.prepared.as_ref().zip(prepare_value(value)) {
            Some((pieces, text)) => pieces_fit(pieces, &text, <[u8]>::eq_ignore_ascii_case),
            None => pieces_fit(&self.written, value, <[u8]>::eq),
        };
        has_pieces || self.meant.as_ref().is_some_and(|meant| meant.fits(value))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, piece) in self.written.iter().enumerate() {
            if index > 0 {
                f.write_str("*")?;
            }
            Escaped(piece).fmt(f)?;
        }
        Ok(())
    }
}

/// Normalises a DN; `None` if the value is not a DN.
fn normalized(value: &[u8]) -> Option<Cow<'_, str>> {
    ldif::dn::normalize(str::from_utf8(value).ok()?).ok()
}

/// Whether `value` has the pieces in order, the first at its start and the last at its end.
fn pieces_fit(pieces: &[Vec<u8>], value: &[u8], same: impl Fn(&[u8], &[u8]) -> bool) -> bool {
    let [first, middle @ .., last] = pieces else {
        return pieces.iter().all(|whole| same(value, whole));
    };
    let Some((start, rest)) = value.split_at_checked(first.len()) else { return false };
    let Some((mut rest, end)) = rest.len().checked_sub(last.len()).map(|length| rest.split_at(length)) else {
        return false;
    };
    // the leftmost match of each piece leaves the most room for the next
    same(start, first)
        && same(end, last)
        && middle.iter().all(|piece| {
            let found = rest.windows(piece.len()).position(|window| same(window, piece));
            found.inspect(|place| rest = &rest[place + piece.len()..]).is_some()
        })
}

/// The bound of `>=` or `<=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    written: Vec<u8>,
    prepared: Option<Vec<u8>>,
    integer: Option<i64>,
}

impl Bound {
    pub(super) fn new(written: Vec<u8>) -> Self {
        let prepared = str::from_utf8(&written).ok().map(|text| prepare(text).trim_matches(' ').into());
        Self { integer: integer(&written), prepared, written }
    }

    /// Compares `value` with the bound.
    fn order_of(&self, value: &[u8]) -> Ordering {
        if let Some(bound) = self.integer
            && let Some(value) = integer(value)
        {
            return value.cmp(&bound);
        }
        match self.prepared.as_ref().zip(prepare_value(value)) {
            Some((bound, text)) => text.iter().map(u8::to_ascii_lowercase).cmp(bound.iter().copied()),
            None => value.cmp(&self.written),
        }
    }
}

/// The LDAP display name of a class in a filter on `objectCategory`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Class {
    written: Vec<u8>,
    category: Vec<u8>,
}

impl Class {
    pub(super) fn new(written: Vec<u8>) -> Self {
        let category: Vec<u8> = name_octets(&written).collect();
        // AD compares with the class's defaultObjectCategory, which is Person for these in the AD schema
        let category = match category.as_slice() {
            b"user" | b"contact" | b"organizationalperson" | b"inetorgperson" => b"person".to_vec(),
            _ => category,
        };
        Self { written, category }
    }

    /// Whether `value` is the DN of the category, such as `CN=Organizational-Unit,CN=Schema,…` for
    /// `organizationalUnit`.
    fn is_category(&self, value: &[u8]) -> bool {
        let rdn = value.split(|&b| b == b',').next().unwrap_or_default();
        let name = rdn.splitn(2, |&b| b == b'=').last().unwrap_or_default();
        name_octets(name).eq(self.category.iter().copied())
    }
}

/// Drops the differences between the CN of a class and its LDAP display name: case, hyphens and spaces.
fn name_octets(name: &[u8]) -> impl Iterator<Item = u8> {
    name.iter().filter(|b| !b" -".contains(b)).map(u8::to_ascii_lowercase)
}

/// Parses an LDAP integer of at most 64 bits, the largest of AD. A leading `+` is refused, since it marks a telephone
/// number.
pub(super) fn integer(octets: &[u8]) -> Option<i64> {
    let text = str::from_utf8(octets).ok()?.trim_ascii();
    text.parse().ok().filter(|_| !text.starts_with('+'))
}

/// Prepares a value for comparison with prepared text, except the case of ASCII letters; `None` if it is not UTF-8.
fn prepare_value(value: &[u8]) -> Option<Cow<'_, [u8]>> {
    if is_plain(value) {
        return Some(Cow::Borrowed(value));
    }
    Some(Cow::Owned(prepare(str::from_utf8(value).ok()?).trim_matches(' ').into()))
}

/// Whether preparation would change only the case of ASCII letters. This is the hot path and must not allocate.
fn is_plain(value: &[u8]) -> bool {
    // The start counts as a space, since spaces there are removed.
    let mut is_after_space = true;
    for &octet in value {
        let is_space = octet == b' ';
        if !octet.is_ascii() || octet.is_ascii_control() || (is_space && is_after_space) {
            return false;
        }
        is_after_space = is_space;
    }
    !is_after_space || value.is_empty()
}

/// Prepares text: lower case, NFC, and each run of white space as one space (RFC 4518 sections 2.2, 2.3 and 2.6.1).
fn prepare(text: &str) -> String {
    let mut prepared = String::with_capacity(text.len());
    // letter by letter, so that a piece is prepared like the whole word; therefore the final sigma is mapped by hand
    let letters = text.nfd().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c });
    for c in letters.nfc() {
        if !c.is_whitespace() {
            prepared.push(c);
        } else if !prepared.ends_with(' ') {
            prepared.push(' ');
        }
    }
    prepared
}

/// Displays a value as RFC 4515 text: reserved characters, control characters and bytes that are not UTF-8 as `\XX`.
struct Escaped<'v>(&'v [u8]);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut octets = [0; 4];
        for chunk in self.0.utf8_chunks() {
            for c in chunk.valid().chars() {
                if c.is_control() || "*()\\".contains(c) {
                    c.encode_utf8(&mut octets).bytes().try_for_each(|octet| write!(f, "\\{octet:02x}"))?;
                } else {
                    write!(f, "{c}")?;
                }
            }
            chunk.invalid().iter().try_for_each(|octet| write!(f, "\\{octet:02x}"))?;
        }
        Ok(())
    }
}
