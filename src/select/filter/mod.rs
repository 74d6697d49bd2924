//! RFC 4515 filters with the two bit rules of AD, such as `(&(objectClass=user)(!(department=Sales*)))`.
//!
//! A value that no value of a known attribute can equal, such as `0x202` or `Yes`, is refused: the item would match no
//! user, and its negation every user. Exports carry no schema, so values of other attributes are compared by their
//! form:
//!
//! - Text is compared regardless of case but not of accents (AD itself treats e and é alike). It is prepared as in RFC
//!   4518, with NFC in place of NFKC: composed and decomposed letters are equal, full-width forms and ligatures are
//!   not; outer spaces are ignored, and runs of inner spaces count as one.
//! - A value that is not UTF-8 is compared byte by byte; SIDs and GUIDs also as text, `S-1-5-21-…`.
//! - `>=` and `<=` compare integers if both sides are 64-bit integers, otherwise text by code points.
//! - A DN is compared regardless of case and optional spaces. `(objectCategory=person)` works as in AD: it compares the
//!   name of a class with the DN of its category.
//! - If the entry lacks the attribute, an item is false and its negation true.
//!
//! Beyond the grammar, the forms that `ldapsearch` and AD accept are allowed: white space between parentheses, a single
//! item without parentheses (`cn=x`), and `(!cn=x)`.

use std::fmt::{self, Display as _};

use crate::object::{Attr, Object, Value};

mod fault;
mod parse;
mod value;

pub use fault::FilterFault;
pub use parse::MAX_DEPTH;

pub(crate) use value::Asked;
use value::Test;

/// A filter with resolved attributes and prepared values.
///
/// Its `Display` form is RFC 4515 text that parses to the same filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter(Node);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Item(Item),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Item {
    attribute: Attr,
    /// The attribute as typed, with options.
    description: Box<str>,
    test: Test,
}

impl Filter {
    /// Parses `text`. Calls `resolve` for each attribute in it, in any case and without options (RFC 4512 section 2.5).
    ///
    /// # Errors
    ///
    /// The first fault, with its place in `text`.
    pub fn parse(text: &str, resolve: impl FnMut(&str) -> Attr) -> Result<Self, FilterFault> {
        parse::parse(text, resolve).map(Self)
    }

    /// Whether the filter matches `entry`.
    pub fn matches(&self, entry: &Object<'_>) -> bool {
        self.0.matches(entry)
    }

    /// Whether the filter matches `entry`; `None` if that depends on a part of a value that is `unsure`.
    pub(crate) fn certainly(
        &self,
        entry: &Object<'_>,
        unsure: &impl Fn(Attr, Asked) -> bool,
    ) -> Option<bool> {
        self.0.certainly(entry, unsure)
    }

    /// The attributes in the order of the items, with repetitions.
    pub fn attributes(&self) -> Vec<Attr> {
        let mut attributes = Vec::new();
        self.0.collect_attributes(&mut attributes);
        attributes
    }
}

impl Item {
    /// Whether a value of the object passes the test. The object's own DN is a value, too.
    fn holds(&self, object: &Object<'_>) -> bool {
        let dn = (self.attribute == Attr::DISTINGUISHED_NAME).then_some(object.dn.as_bytes());
        let mut values = dn.into_iter().chain(object.values(self.attribute).map(Value::bytes));
        values.any(|value| self.test.holds(value))
    }
}

// The parser limits the depth, so these functions may recurse.
impl Node {
    /// Decides as [`Filter::matches`].
    fn matches(&self, entry: &Object<'_>) -> bool {
        self.certainly(entry, &|_, _| false) == Some(true)
    }

    /// Decides as [`Filter::certainly`].
    fn certainly(&self, entry: &Object<'_>, unsure: &impl Fn(Attr, Asked) -> bool) -> Option<bool> {
        // One node with the deciding result is enough; otherwise all nodes must be certain.
        let combine = |nodes: &[Self], deciding: bool| {
            let mut result = Some(!deciding);
            for node in nodes {
                match node.certainly(entry, unsure) {
                    None => result = None,
                    Some(holds) if holds == deciding => return Some(deciding),
                    Some(_) => {}
                }
            }
            result
        };
        match self {
            Self::All(nodes) => combine(nodes, false),
            Self::Any(nodes) => combine(nodes, true),
            Self::Not(node) => node.certainly(entry, unsure).map(|holds| !holds),
            Self::Item(item) if unsure(item.attribute, item.test.asked()) => None,
            Self::Item(item) => Some(item.holds(entry)),
        }
    }

    fn collect_attributes(&self, attributes: &mut Vec<Attr>) {
        match self {
            Self::All(nodes) | Self::Any(nodes) => {
                nodes.iter().for_each(|node| node.collect_attributes(attributes));
            }
            Self::Not(node) => node.collect_attributes(attributes),
            Self::Item(item) => attributes.push(item.attribute),
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(nodes) => write_list(f, '&', nodes),
            Self::Any(nodes) => write_list(f, '|', nodes),
            Self::Not(node) => write!(f, "(!{node})"),
            Self::Item(item) => write!(f, "({}{})", item.description, item.test),
        }
    }
}

/// Writes an operator with its filters.
fn write_list(f: &mut fmt::Formatter<'_>, operator: char, nodes: &[Node]) -> fmt::Result {
    write!(f, "({operator}")?;
    nodes.iter().try_for_each(|node| node.fmt(f))?;
    f.write_str(")")
}
