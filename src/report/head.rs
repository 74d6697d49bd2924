//! What is at the head of every report: what the run read, where the users go, who is in whose way.

use crate::input::Export;
use crate::input::csv::Table;

/// An export, as the report lists it.
#[derive(Clone, Debug, Default)]
pub(crate) struct InputFile<'a> {
    /// input, reference or pools.
    pub role: &'a str,
    /// The file as typed.
    pub file: &'a str,
    /// ldif or csv.
    pub format: &'a str,
    pub encoding: String,
    /// Whether a byte order mark says so.
    pub bom: bool,
    pub delimiter: String,
    /// The heading by which a list that is joined names users; empty for anything else.
    pub key: &'a str,
    pub records: u64,
    pub bytes: u64,
    pub sha256: &'a str,
    /// What was asserted to be empty in it.
    pub assumed_absent: &'a str,
    /// Whether it was asserted that a part is meant.
    pub incomplete: bool,
}

impl<'a> InputFile<'a> {
    /// An export with the size and hash that it was read with.
    pub(crate) fn of(
        export: &'a Export,
        records: u64,
        (bytes, sha256): (u64, &'a str),
        assumed_absent: &'a str,
    ) -> Self {
        Self {
            role: export.role.name(),
            file: &export.name,
            format: export.format(),
            encoding: export.text.encoding.label(),
            bom: export.text.bom,
            delimiter: export.delimiter(),
            key: export.table().and_then(Table::key_heading).unwrap_or_default(),
            records,
            bytes,
            sha256,
            assumed_absent,
            incomplete: export.is_part,
        }
    }
}

/// A pool, as the report lists it.
#[derive(Clone, Debug, Default)]
pub(crate) struct PoolLoad<'a> {
    pub label: &'a str,
    pub fqdn: &'a str,
    pub dn: &'a str,
    /// How many users it holds; 0 is no limit.
    pub capacity: u64,
    /// Users before the run.
    pub before: u64,
    /// Users that the run adds.
    pub added: u64,
    /// Users that the run takes to another pool.
    pub left: u64,
}

impl PoolLoad<'_> {
    /// Users after the run.
    pub(crate) fn after(&self) -> u64 {
        (self.before + self.added).saturating_sub(self.left)
    }

    /// How full it is after the run, in percent with one decimal place, rounded half up; empty without a limit.
    pub(crate) fn percent_full(&self) -> String {
        if self.capacity == 0 {
            return String::new();
        }
        let (after, capacity) = (u128::from(self.after()), u128::from(self.capacity));
        let tenths = (after * 2000 + capacity) / (capacity * 2);
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// Where several objects meet in one URI.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConflictList {
    /// The first, in input order.
    pub shown: Vec<Conflict>,
    /// How many there are.
    pub all: usize,
    /// Whether they meet in lines, and not in addresses.
    pub of_lines: bool,
}

/// A URI in which several objects meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    /// The URI, as the first of them writes it.
    pub uri: String,
    /// All that meet, in input order; of very many, the first.
    pub claimants: Vec<Claimant>,
    /// How many more there are.
    pub more: usize,
}

/// One of those who meet in an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claimant {
    /// The DN, or its mask.
    pub dn: String,
    pub file: String,
    /// The physical line on which the record begins.
    pub line: u64,
    /// What it has to do with the address.
    pub stake: Stake,
    pub fate: Fate,
}

/// What an object has to do with a contested address: the strongest that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stake {
    /// It would get the address by this run.
    Claims,
    /// It has it in msRTCSIP-PrimaryUserAddress and takes part in the run.
    Keeps,
    /// It has it as its SIP address and takes no part.
    Sip,
    /// It has it as its line.
    Line,
    /// It has it as a mail address and takes no part.
    Mail,
}

/// What becomes of somebody in a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It gets or keeps the address.
    Has,
    /// It gets this URI instead.
    Numbered(String),
    Rejected,
    /// The run does nothing with it.
    Untouched,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_full_a_pool_is_is_rounded_half_up() {
        let pool = |capacity, before, added| PoolLoad { capacity, before, added, ..PoolLoad::default() };
        assert_eq!(pool(20_000, 11_251, 1).percent_full(), "56.3");
        assert_eq!(pool(0, 5, 5).percent_full(), "");
        assert_eq!(pool(3, 1, 1).percent_full(), "66.7");
        assert_eq!(pool(1, 2, 0).percent_full(), "200.0");
    }
}
