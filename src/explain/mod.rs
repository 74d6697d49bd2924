//! Explanations of single decisions, as data for both text and JSON.

// users by name
pub(crate) mod name;
// the decision, replayed
pub(crate) mod replay;
// explanations of addresses
mod address;
// explanations of pools
mod pool;
// other holders of addresses
pub(crate) mod holders;
// text for people
pub(crate) mod text;

use serde::Serialize;

use crate::language::Text;
use crate::message::Message;
use crate::report::AttributeChange;

/// The maximum number of users to explain for one name; others are only counted.
pub(crate) const MOST: usize = 10;

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Explanation {
    /// The number of the record over all inputs, as in the report.
    pub(crate) seq: u64,
    pub(crate) dn: String,
    pub(crate) file: String,
    /// The physical line of the record.
    pub(crate) line: u64,
    /// The status, as in the report.
    pub(crate) status: &'static str,
    /// The code, as in the report; empty for a user who takes part.
    pub(crate) code: &'static str,
    /// The meaning of the code; empty if the messages state it.
    pub(crate) why: Text,
    /// The change file; empty if there is none.
    pub(crate) change_file: String,
    /// The number of the change record in it.
    pub(crate) change_record: String,
    /// Why the user is selected or not.
    pub(crate) selection: Vec<Text>,
    pub(crate) rule: Option<MatchedRule>,
    pub(crate) address: Option<Address>,
    pub(crate) pool: Option<PoolChoice>,
    pub(crate) writes: Vec<AttributeChange>,
    /// The messages about the record in the report.
    #[serde(skip)]
    pub(crate) messages: Vec<Message>,
}

#[derive(Debug, Serialize)]
pub(crate) struct MatchedRule {
    /// The position in the configuration, from 1; 0 if there are no rules.
    pub(crate) number: usize,
    /// The number of rules.
    pub(crate) of: usize,
    pub(crate) label: String,
    /// The conditions; empty if the rule applies to all users.
    pub(crate) conditions: Vec<Text>,
}

/// An address with its explanation.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Address {
    /// The address that the user has or gets, with `sip:`; empty if none.
    pub(crate) uri: String,
    /// mail, upn, first.last, sam, template, list, or existing.
    pub(crate) source: String,
    pub(crate) from: Vec<SourcePart>,
    /// The name parts that folding changed.
    pub(crate) folded: Vec<FoldedPart>,
    /// The domain that the first of the list replaced, or empty.
    pub(crate) rehomed: String,
    pub(crate) refused: Vec<RefusedFormat>,
    /// The addresses that were tried, in order.
    pub(crate) candidates: Vec<TriedAddress>,
    pub(crate) ruling: Text,
}

/// An attribute that the address was made from.
#[derive(Debug, Serialize)]
pub(crate) struct SourcePart {
    pub(crate) attribute: String,
    pub(crate) value: String,
}

/// A name part that folding changed.
#[derive(Debug, Serialize)]
pub(crate) struct FoldedPart {
    pub(crate) attribute: String,
    /// The part of the value that was read.
    pub(crate) before: String,
    /// The folded text in the address.
    pub(crate) after: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct RefusedFormat {
    pub(crate) format: String,
    pub(crate) why: Text,
}

/// An address that was tried.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct TriedAddress {
    /// The address, with `sip:`.
    pub(crate) uri: String,
    /// Whether it is the one that the user has or gets.
    pub(crate) given: bool,
    /// The other holders.
    pub(crate) others: Vec<AddressHolder>,
    /// The number of further holders.
    pub(crate) more: usize,
}

/// A holder or claimant of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct AddressHolder {
    pub(crate) dn: String,
    /// An input or a reference.
    pub(crate) file: String,
    /// The physical line of the record.
    pub(crate) line: u64,
    /// How it holds the address.
    pub(crate) has: Vec<Text>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PoolChoice {
    /// The label of the pool that the user has or gets; empty if none.
    pub(crate) label: String,
    /// The explanation, in a sentence.
    pub(crate) why: Text,
    /// The group that is placed together, if any.
    pub(crate) group: Option<Group>,
    /// The rule's pools in the order in which they were tried; empty if the pool is kept.
    pub(crate) ranking: Vec<RankedPool>,
}

/// A group of users placed together.
#[derive(Debug, Serialize)]
pub(crate) struct Group {
    pub(crate) attribute: String,
    /// The value of the attribute, trimmed and in lower case.
    pub(crate) value: String,
    /// The number of users placed together.
    pub(crate) members: u64,
}

/// A pool in a user's ranking.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RankedPool {
    pub(crate) label: String,
    /// The highest of its tickets, as 16 hexadecimal digits.
    pub(crate) ticket: String,
    pub(crate) weight: u32,
    /// The homed users of the user's group.
    pub(crate) group_homed: u64,
    /// The users before the run.
    pub(crate) before: u64,
    /// The users that the run had added before it placed this user.
    pub(crate) added: u64,
    /// The maximum number of users; 0 means no limit.
    pub(crate) capacity: u64,
    /// Whether it had room for the user or the group.
    pub(crate) room: bool,
}
