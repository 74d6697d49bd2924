//! RFC 4515 filters with AD's two bit rules, such as `(&(objectClass=user)(!(department=Sales*)))`.
//!
//! A value that no value of a known attribute can equal, such as `0x202` or `Yes`, is refused: its item would hold for
//! nobody, and its negation for everybody. Of any other attribute an export carries no schema, and a value is judged by
//! what it looks like:
//!
//! - Text is compared without case, accents distinguished (AD itself takes e and é for the same). It is prepared after
//!   RFC 4518, with NFC in place of NFKC: composed and decomposed letters are equal, full-width forms and ligatures stay
//!   apart; leading and trailing spaces do not count, and runs of inner spaces count as one.
//! - A value that is not UTF-8 is compared octet by octet; SIDs and GUIDs also as text, `S-1-5-21-…`.
//! - `>=` and `<=` compare as integers where both sides are integers of 64 bits, else as text in code point order.
//! - A DN compares as a DN, too: without case, and without optional spaces. `(objectCategory=person)` is understood as AD
//!   does it: the name of a class against the DN of its category.
//! - An attribute that the entry lacks makes an item false and its negation true.
//!
//! Beyond the grammar, what `ldapsearch` and AD accept is accepted: white space between parentheses, a single item
//! without parentheses (`cn=x`), and `(!cn=x)`.

use std::fmt::{self, Display as _};

mod fault;
mod parse;
mod value;

pub use fault::FilterFault;
pub use parse::MAX_DEPTH;

pub(crate) use value::Asked;
use value::Test;

/// What a filter looks at: the values of an entry by attribute.
pub trait Entry<A> {
    /// The raw values of an attribute, in any order; none if the entry lacks it.
    fn values(&self, attribute: A) -> impl Iterator<Item = &[u8]>;
}

/// A filter, with its attributes resolved to keys and its values prepared for comparison.
///
/// It displays as RFC 4515 text that parses to the same filter.
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
    /// The attribute as it was typed, options included.
    description: Box<str>,
    test: Test,
}

impl<A: Copy> Filter<A> {
    /// Parses `text`, and asks `resolve` once for the key of each attribute in it, in any case and without options (RFC 4512
    /// section 2.5).
    ///
    /// # Errors
    ///
    /// The first mistake, with its place in `text`.
    pub fn parse(text: &str, resolve: impl FnMut(&str) -> A) -> Result<Self, FilterFault> {
        parse::parse(text, resolve).map(Self)
    }

    /// Whether the filter holds for `entry`.
    pub fn matches(&self, entry: &impl Entry<A>) -> bool {
        self.0.matches(entry)
    }

    /// Whether the filter holds for `entry` whatever its unsure values are, or fails so; none if they decide.
    pub(crate) fn certainly(
        &self,
        entry: &impl Entry<A>,
        unsure: &impl Fn(A, Asked) -> bool,
    ) -> Option<bool> {
        self.0.certainly(entry, unsure)
    }

    /// The attributes that the filter looks at, in the order of its items, repeated where it repeats them.
    pub fn attributes(&self) -> Vec<A> {
        let mut attributes = Vec::new();
        self.0.collect_attributes(&mut attributes);
        attributes
    }
}

// The parser bounds the depth, so these may recurse.
impl<A: Copy> Node<A> {
    fn matches(&self, entry: &impl Entry<A>) -> bool {
        self.certainly(entry, &|_, _| false) == Some(true)
    }

    fn certainly(&self, entry: &impl Entry<A>, unsure: &impl Fn(A, Asked) -> bool) -> Option<bool> {
        // One that is so decides, of the others all must be known.
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
