//! The mistakes that can be made in a filter, each with its place and its advice.

use thiserror::Error;

use super::MAX_DEPTH;

/// A mistake in a filter; displays as the fact, without the place.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct FilterFault {
    /// Where in the filter, in bytes from its start; always at a character, or at the end.
    pub at: usize,
    /// What is wrong there.
    pub kind: FilterFaultKind,
}

impl FilterFault {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        self.kind.help()
    }
}

/// What is wrong in a filter.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FilterFaultKind {
    /// Nothing but white space.
    #[error("the filter is empty")]
    Empty,
    /// More than [`MAX_DEPTH`] parentheses inside one another.
    #[error("the filter is nested more than {MAX_DEPTH} levels deep")]
    TooDeep,
    /// Something else where a filter must begin.
    #[error("expected `(`, found `{}`", .found.escape_debug())]
    ParenthesisExpected {
        /// The character there.
        found: char,
    },
    /// An opening parenthesis without its partner.
    #[error("this parenthesis is never closed")]
    NeverClosed,
    /// A closing parenthesis without its partner.
    #[error("this parenthesis closes nothing")]
    NeverOpened,
    /// `((cn=x))`.
    #[error("a filter stands in two pairs of parentheses")]
    ParenthesesDoubled,
    /// `(&)`. RFC 4526 reads it as "every entry", which is too easily typed by mistake.
    #[error("no filter follows `{operator}`")]
    NothingToCombine {
        /// `&`, `|` or `!`.
        operator: char,
    },
    /// `(!(a=b)(c=d))`.
    #[error("`!` takes one filter, and more follows it")]
    NotTakesOne,
    /// Something after the closing parenthesis of the whole filter.
    #[error("the filter has ended before this")]
    TextAfterEnd,
    /// `(=x)`.
    #[error("no attribute stands before the comparison")]
    AttributeMissing,
    /// A character that RFC 4512 knows in no attribute description, or not there.
    #[error("`{}` cannot stand here in the name of an attribute", .found.escape_debug())]
    AttributeInvalid {
        /// The character.
        found: char,
    },
    /// `(cn)`, `(cn>5)`.
    #[error("expected a comparison after the attribute")]
    ComparisonExpected,
    /// An opening parenthesis in a value.
    #[error("an unescaped `(` stands in a value")]
    ParenthesisInValue,
    /// `(cn>=a*)`.
    #[error("an unescaped `*` stands in a comparison that knows no wildcard")]
    AsteriskInValue,
    /// A backslash without two hexadecimal digits.
    #[error("two hexadecimal digits must follow `\\`")]
    EscapeInvalid,
    /// `(ou:dn:=Paris)`.
    #[error("`:dn` is not supported: the parts of a DN are no attributes of an export")]
    DnAttributes,
    /// The rule 1.2.840.113556.1.4.1941.
    #[error(
        "the in-chain rule 1.2.840.113556.1.4.1941 follows links through a directory, and there is none here"
    )]
    RuleInChain,
    /// Any other rule.
    #[error("the matching rule is not known")]
    RuleUnknown,
    /// A bit rule with something else than a number.
    #[error("a bit rule compares with an integer of 64 bits")]
    BitsInvalid,
}

impl FilterFaultKind {
    fn help(&self) -> &'static str {
        match self {
            Self::Empty => "write a filter such as (objectClass=user), or leave it out",
            Self::TooDeep => "put the conditions of one kind side by side: (&(a=1)(b=2)(c=3))",
            Self::ParenthesisExpected { .. } => "put parentheses around each filter: (&(a=1)(b=2))",
            Self::NeverClosed => "add a `)`; a parenthesis in a value is written \\28 or \\29",
            Self::NeverOpened => "remove it; a parenthesis in a value is written \\28 or \\29",
            Self::ParenthesesDoubled => "remove one pair of parentheses",
            Self::NothingToCombine { .. } => {
                "put a filter after it, or remove it; (objectClass=*) selects everyone"
            }
            Self::NotTakesOne => "write (!(|(a=1)(b=2))) for neither, (!(&(a=1)(b=2))) for not both",
            Self::TextAfterEnd => "join filters with (&…) for all or (|…) for any of them",
            Self::AttributeMissing => "write the name of an attribute first: (department=Sales)",
            Self::AttributeInvalid { .. } => {
                "write the LDAP display name: letters, digits and `-`, without spaces around it"
            }
            Self::ComparisonExpected => {
                "write =, >=, <= or ~=; (attribute=*) asks for any value, (!(a<=5)) for more than 5"
            }
            Self::ParenthesisInValue => "write it as \\28, and `)` as \\29",
            Self::AsteriskInValue => "write it as \\2a, or compare with =",
            Self::EscapeInvalid => "write a backslash that belongs to the value as \\5c",
            Self::DnAttributes => "select by place in the tree with --base",
            Self::RuleInChain => "export the members of the nested groups and select them with --users",
            Self::RuleUnknown => {
                "use 1.2.840.113556.1.4.803 (all of these bits) or 1.2.840.113556.1.4.804 (one of these bits)"
            }
            Self::BitsInvalid => "write the bits as one decimal number, such as 2 for a disabled account",
        }
    }
}
