//! How the directory compares values.

use std::borrow::Cow;

use crate::schema::value::sid;
use crate::schema::{self, Syntax};

/// Whether the directory tells two values of an attribute apart by case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// Text, DNs, Booleans: without case.
    IgnoreCase,
    /// Octets and integers: to the letter.
    Exact,
    /// Names of objects (RFC 4514).
    Dn,
    /// Security identifiers, as octets or as text.
    Sid,
}

impl Matching {
    /// How the directory compares the values of an attribute.
    #[must_use]
    pub fn of(attribute: &str) -> Self {
        match schema::syntax_of(attribute) {
            Some(Syntax::Dn) => Self::Dn,
            Some(Syntax::Sid) => Self::Sid,
            Some(Syntax::Integer | Syntax::LargeInteger) => Self::Exact,
            _ => Self::IgnoreCase,
        }
    }

    pub(super) fn same(self, a: &[u8], b: &[u8]) -> bool {
        match self {
            Self::Exact => a == b,
            Self::Sid => a == b || sid(a).is_some_and(|octets| sid(b) == Some(octets)),
            Self::Dn => match (normalized(a), normalized(b)) {
                (Some(a), Some(b)) => a == b,
                _ => a.eq_ignore_ascii_case(b),
            },
            Self::IgnoreCase => match (std::str::from_utf8(a), std::str::from_utf8(b)) {
                (Ok(a), Ok(b)) if !(a.is_ascii() && b.is_ascii()) => a.to_lowercase() == b.to_lowercase(),
                _ => a.eq_ignore_ascii_case(b),
            },
        }
    }
}

fn normalized(dn: &[u8]) -> Option<Cow<'_, str>> {
    ldif::dn::normalize(std::str::from_utf8(dn).ok()?).ok()
}
