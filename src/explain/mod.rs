//! One decision of a run and the way to it, in values that text and JSON show alike.

// finds the users that a name means
pub mod name;
// the decision, taken again
pub mod replay;
// which address, and why
mod address;
// which pool, and how full each was then
mod pool;
// who has the addresses that came into question
pub mod holders;
// for people
pub mod text;

use serde::Serialize;

use crate::language::Text;
use crate::message::Message;

/// How many users a name may mean before the rest is only counted.
pub const MOST: usize = 10;

/// The explanation of one record.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The record's number over all inputs, as in the report.
    pub seq: u64,
    /// The distinguished name.
    pub dn: String,
    /// The input, as it was found.
    pub file: String,
    /// The physical line on which the record begins.
    pub line: u64,
    /// What became of it, in the word of the report.
    pub status: &'static str,
    /// The code of the report; empty for a user who goes on.
    pub code: &'static str,
    /// The same in a sentence; empty where the messages say it.
    pub why: Text,
    /// The change file; empty if there is none.
    pub change_file: String,
    /// The number of the change record in it.
    pub change_record: String,
    /// Why the user takes part, or does not.
    pub selection: Vec<Text>,
    /// The rule that matches.
    pub rule: Option<MatchedRule>,
    /// The way to the address.
    pub address: Option<Address>,
    /// The way to the pool.
    pub pool: Option<PoolChoice>,
    /// What is written.
    pub writes: Vec<Write>,
    /// What the report says about the record.
    #[serde(skip)]
    pub messages: Vec<Message>,
}

/// The first rule that matches.
#[derive(Debug, Serialize)]
pub struct MatchedRule {
    /// Its place in the configuration, from 1; 0 if there are no rules.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// Its label.
    pub label: String,
    /// What a user must be for it; nothing for everybody.
    pub conditions: Vec<Text>,
}

/// The way to an address.
#[derive(Debug, Default, Serialize)]
pub struct Address {
    /// The address that the user has or gets, with `sip:`; empty if none.
    pub uri: String,
    /// mail, upn, first.last, sam, template, list, or existing.
    pub source: String,
    /// What it was made of.
    pub from: Vec<SourcePart>,
    /// Name parts that were changed to fit an address.
    pub folded: Vec<FoldedPart>,
    /// The domain that gave way to the first of the list; empty if none did.
    pub rehomed: String,
    /// Formats that gave no address.
    pub refused: Vec<RefusedFormat>,
    /// The addresses that came into question, in the order in which they were looked at.
    pub candidates: Vec<TriedAddress>,
    /// What was ruled where several meet.
    pub ruling: Text,
}

/// An attribute that an address was made of.
#[derive(Debug, Serialize)]
pub struct SourcePart {
    /// The attribute.
    pub attribute: String,
    /// Its first value.
    pub value: String,
}

/// A name part that was changed to fit an address.
#[derive(Debug, Serialize)]
pub struct FoldedPart {
    /// The attribute.
    pub attribute: String,
    /// What was read of its value.
    pub before: String,
    /// What went into the address.
    pub after: String,
}

/// A format that gave no address.
#[derive(Debug, Serialize)]
pub struct RefusedFormat {
    /// The format.
    pub format: String,
    /// Why.
    pub why: Text,
}

/// An address that came into question.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TriedAddress {
    /// With `sip:`.
    pub uri: String,
    /// Whether it is the one that the user has or gets.
    pub given: bool,
    /// Who else has to do with it.
    pub others: Vec<Holder>,
    /// How many more there are.
    pub more: usize,
}

/// Somebody who has to do with an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// The distinguished name.
    pub dn: String,
    /// Input or reference.
    pub file: String,
    /// The physical line on which the record begins.
    pub line: u64,
    /// What it has to do with the address.
    pub has: Vec<Text>,
}

/// The way to a pool.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PoolChoice {
    /// The label of the pool that the user has or gets; empty if none.
    pub label: String,
    /// Why, in a sentence.
    pub why: Text,
    /// What stays together: attribute and value.
    pub group: Option<Group>,
    /// The rule's pools in the order in which the user wants them; empty for a pool that is kept.
    pub ranking: Vec<Wish>,
}

/// Users who share a pool.
#[derive(Debug, Serialize)]
pub struct Group {
    /// The attribute.
    pub attribute: String,
    /// Its value, trimmed and in lower case.
    pub value: String,
    /// How many of them are placed together.
    pub members: u64,
}

/// A pool as the user wants it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Wish {
    /// The pool's label.
    pub label: String,
    /// The highest ticket that it drew: 16 hexadecimal digits.
    pub ticket: String,
    /// How many tickets it drew.
    pub weight: u32,
    /// Homed users of the user's group.
    pub group_homed: u64,
    /// Users before the run.
    pub before: u64,
    /// Users that the run had already added when it placed this user.
    pub added: u64,
    /// How many it holds; 0 is no limit.
    pub capacity: u64,
    /// Whether it had room for the user, or for the group.
    pub room: bool,
}

/// What is written of one attribute.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Write {
    /// The attribute.
    pub attribute: String,
    /// The values that go; octets in hexadecimal digits.
    pub removed: Vec<String>,
    /// The values that come.
    pub added: Vec<String>,
}
