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

mod fault;
mod parse;
mod value;

pub use fault::FilterFault;
pub use parse::MAX_DEPTH;

pub(crate) use value::Asked;
use value::Test;

/// An entry to match: values by attribute.
pub trait Entry<A> {
    /// The raw values of an attribute, in any order; empty if the entry lacks it.
    fn values(&self, attribute: A) -> impl Iterator<Item = &[u8]>;
}

/// A filter with resolved attributes and prepared values.
///
/// Its `Display` form is RFC 4515 text that parses to the same filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter<A>(Node<A>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node<A> {
    All(Vec<Node<A>>),
    Any(Vec<Node<A>>),
    Not(Box<Node<A>>),
    Item(Item<A>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Item<A> {
    attribute: A,
    /// The attribute as typed, with options.
    description: Box<str>,
    test: Test,
}

impl<A: Copy> Filter<A> {
    /// Parses `text`. Calls `resolve` for each attribute in it, in any case and without options (RFC 4512 section 2.5).
    ///
    /// # Errors
    ///
    /// The first fault, with its place in `text`.
    pub fn parse(text: &str, resolve: impl FnMut(&str) -> A) -> Result<Self, FilterFault> {
        parse::parse(text, resolve).map(Self)
    }

    /// Whether the filter matches `entry`.
    pub fn matches(&self, entry: &impl Entry<A>) -> bool {
        self.0.matches(entry)
    }

    /// Whether the filter matches `entry`, if that does not depend on its uncertain values; otherwise `None`.
    pub(crate) fn certainly(
        &self,
        entry: &impl Entry<A>,
        unsure: &impl Fn(A, Asked) -> bool,
    ) -> Option<bool> {
        self.0.certainly(entry, unsure)
    }

    /// The attributes in the order of the items, with repetitions.
    pub fn attributes(&self) -> Vec<A> {
        let mut attributes = Vec::new();
        self.0.collect_attributes(&mut attributes);
        attributes
    }
}

// The parser limits the depth, so these functions may recurse.
impl<A: Copy> Node<A> {
    fn matches(&self, entry: &impl Entry<A>) -> bool {
        self.certainly(entry, &|_, _| false) == Some(true)
    }

    fn certainly(&self, entry: &impl Entry<A>, unsure: &impl Fn(A, Asked) -> bool) -> Option<bool> {
        // One item that decides is enough; otherwise all items must be certain.
        let decided = |nodes: &[Self], by: bool| {
            let mut all = Some(!by);
            for node in nodes {
                match node.certainly(entry, unsure) {
                    None => all = None,
                    Some(holds) if holds == by => return Some(by),
                    Some(_) => {}
                }
            }
            all
        };
        match self {
            Self::All(nodes) => decided(nodes, false),
            Self::Any(nodes) => decided(nodes, true),
            Self::Not(node) => node.certainly(entry, unsure).map(|holds| !holds),
            Self::Item(item) if unsure(item.attribute, item.test.asked()) => None,
            Self::Item(item) => Some(entry.values(item.attribute).any(|value| item.test.holds(value))),
        }
    }

    fn collect_attributes(&self, attributes: &mut Vec<A>) {
        match self {
            Self::All(nodes) | Self::Any(nodes) => {
                nodes.iter().for_each(|node| node.collect_attributes(attributes));
            }
            Self::Not(node) => node.collect_attributes(attributes),
            Self::Item(item) => attributes.push(item.attribute),
        }
    }
}

impl<A> fmt::Display for Filter<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<A> fmt::Display for Node<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(nodes) => write_list(f, '&', nodes),
            Self::Any(nodes) => write_list(f, '|', nodes),
            Self::Not(node) => write!(f, "(!{node})"),
            Self::Item(item) => write!(f, "({}{})", item.description, item.test),
        }
    }
}

fn write_list<A>(f: &mut fmt::Formatter<'_>, operator: char, nodes: &[Node<A>]) -> fmt::Result {
    write!(f, "({operator}")?;
    nodes.iter().try_for_each(|node| node.fmt(f))?;
    f.write_str(")")
}
