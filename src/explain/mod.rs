//! One decision of a run and the way to it, in values that text and JSON show alike.

// finds the users that a name means
pub(crate) mod name;
// the decision, taken again
pub(crate) mod replay;
// which address, and why
mod address;
// which pool, and how full each was then
mod pool;
// who has the addresses that came into question
pub(crate) mod holders;
// for people
pub(crate) mod text;

use serde::Serialize;

use crate::language::Text;
use crate::message::Message;

/// How many users a name may mean before the rest is only counted.
pub(crate) const MOST: usize = 10;

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Explanation {
    /// The record's number over all inputs, as in the report.
    pub(crate) seq: u64,
    pub(crate) dn: String,
    pub(crate) file: String,
    /// The physical line on which the record begins.
    pub(crate) line: u64,
    /// What became of it, in the word of the report.
    pub(crate) status: &'static str,
    /// The code of the report; empty for a user who goes on.
    pub(crate) code: &'static str,
    /// The same in a sentence; empty where the messages say it.
    pub(crate) why: Text,
    /// The change file; empty if there is none.
    pub(crate) change_file: String,
    /// The number of the change record in it.
    pub(crate) change_record: String,
    /// Why the user takes part, or does not.
    pub(crate) selection: Vec<Text>,
    pub(crate) rule: Option<MatchedRule>,
    pub(crate) address: Option<Address>,
    pub(crate) pool: Option<PoolChoice>,
    pub(crate) writes: Vec<Write>,
    /// What the report says about the record.
    #[serde(skip)]
    pub(crate) messages: Vec<Message>,
}

#[derive(Debug, Serialize)]
pub(crate) struct MatchedRule {
    /// Its place in the configuration, from 1; 0 if there are no rules.
    pub(crate) number: usize,
    /// How many there are.
    pub(crate) of: usize,
    pub(crate) label: String,
    /// What a user must be for it; nothing for everybody.
    pub(crate) conditions: Vec<Text>,
}

/// The way to an address.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Address {
    /// The address that the user has or gets, with `sip:`; empty if none.
    pub(crate) uri: String,
    /// mail, upn, first.last, sam, template, list, or existing.
    pub(crate) source: String,
    pub(crate) from: Vec<SourcePart>,
    /// Name parts that were changed to fit an address.
    pub(crate) folded: Vec<FoldedPart>,
    /// The domain that gave way to the first of the list; empty if none did.
    pub(crate) rehomed: String,
    pub(crate) refused: Vec<RefusedFormat>,
    /// The addresses that came into question, in the order in which they were looked at.
    pub(crate) candidates: Vec<TriedAddress>,
    pub(crate) ruling: Text,
}

/// An attribute that an address was made of.
#[derive(Debug, Serialize)]
pub(crate) struct SourcePart {
    pub(crate) attribute: String,
    pub(crate) value: String,
}

/// A name part that was changed to fit an address.
#[derive(Debug, Serialize)]
pub(crate) struct FoldedPart {
    pub(crate) attribute: String,
    /// What was read of its value.
    pub(crate) before: String,
    /// What went into the address.
    pub(crate) after: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct RefusedFormat {
    pub(crate) format: String,
    pub(crate) why: Text,
}

/// An address that came into question.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct TriedAddress {
    /// With `sip:`.
    pub(crate) uri: String,
    /// Whether it is the one that the user has or gets.
    pub(crate) given: bool,
    /// Who else has to do with it.
    pub(crate) others: Vec<AddressHolder>,
    /// How many more there are.
    pub(crate) more: usize,
}

/// Somebody who has to do with an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct AddressHolder {
    pub(crate) dn: String,
    /// Input or reference.
    pub(crate) file: String,
    /// The physical line on which the record begins.
    pub(crate) line: u64,
    /// What it has to do with the address.
    pub(crate) has: Vec<Text>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PoolChoice {
    /// The label of the pool that the user has or gets; empty if none.
    pub(crate) label: String,
    /// Why, in a sentence.
    pub(crate) why: Text,
    /// What stays together: attribute and value.
    pub(crate) group: Option<Group>,
    /// The rule's pools in the order in which the user wants them; empty for a pool that is kept.
    pub(crate) ranking: Vec<Wish>,
}

/// Users who share a pool.
#[derive(Debug, Serialize)]
pub(crate) struct Group {
    pub(crate) attribute: String,
    /// Its value, trimmed and in lower case.
    pub(crate) value: String,
    /// How many of them are placed together.
    pub(crate) members: u64,
}

/// A pool as the user wants it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Wish {
    pub(crate) label: String,
    /// The highest ticket that it drew: 16 hexadecimal digits.
    pub(crate) ticket: String,
    pub(crate) weight: u32,
    /// Homed users of the user's group.
    pub(crate) group_homed: u64,
    /// Users before the run.
    pub(crate) before: u64,
    /// Users that the run had already added when it placed this user.
    pub(crate) added: u64,
    /// How many it holds; 0 is no limit.
    pub(crate) capacity: u64,
    /// Whether it had room for the user, or for the group.
    pub(crate) room: bool,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Write {
    pub(crate) attribute: String,
    /// The values that go; octets in hexadecimal digits.
    pub(crate) removed: Vec<String>,
    /// The values that come.
    pub(crate) added: Vec<String>,
}
