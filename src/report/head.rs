//! The head of every report: what the run read, how it fills the pools, and which users conflict.

use crate::input::Export;
use crate::input::csv::Table;

/// An export in the report.
#[derive(Clone, Debug, Default)]
pub(crate) struct InputFile<'a> {
    /// input, reference or pools.
    pub role: &'a str,
    /// The file as typed.
    pub file: &'a str,
    /// ldif or csv.
    pub format: &'a str,
    pub encoding: String,
    /// Whether a byte order mark determines the encoding.
    pub bom: bool,
    pub delimiter: String,
    /// The heading by which a joined list names users; empty for any other export.
    pub key: &'a str,
    pub records: u64,
    pub bytes: u64,
    pub sha256: &'a str,
    /// The attributes that were asserted to be empty in it.
    pub assumed_absent: &'a str,
    /// Whether it was asserted to be incomplete on purpose.
    pub incomplete: bool,
}

impl<'a> InputFile<'a> {
    /// Describes an export, with its size and hash at the time of reading.
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

/// A pool in the report.
#[derive(Clone, Debug, Default)]
pub(crate) struct PoolLoad<'a> {
    pub label: &'a str,
    pub fqdn: &'a str,
    pub dn: &'a str,
    /// The maximum number of users; 0 means no limit.
    pub capacity: u64,
    /// The number of users before the run.
    pub before: u64,
    /// The number of users that the run adds.
    pub added: u64,
    /// The number of users that the run moves to another pool.
    pub left: u64,
}

impl PoolLoad<'_> {
    /// Returns the number of users after the run.
    pub(crate) fn after(&self) -> u64 {
        (self.before + self.added).saturating_sub(self.left)
    }

    /// Formats how full the pool is after the run, in percent with one decimal place, rounded half up; empty without a
    /// limit.
    pub(crate) fn percent_full(&self) -> String {
        if self.capacity == 0 {
            return String::new();
        }
        let (after, capacity) = (u128::from(self.after()), u128::from(self.capacity));
        let tenths = (after * 2000 + capacity) / (capacity * 2);
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// The conflicts over URIs.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConflictList {
    /// The first conflicts, in input order.
    pub shown: Vec<Conflict>,
    /// The number of all conflicts.
    pub all: usize,
    /// Whether the conflicts are over lines, not addresses.
    pub of_lines: bool,
}

/// A URI that several objects claim or have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    /// The URI, as written by the first of them.
    pub uri: String,
    /// The objects, in input order, up to a limit.
    pub claimants: Vec<Claimant>,
    /// The number of further objects.
    pub more: usize,
}

/// An object in a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claimant {
    /// The DN, or its mask.
    pub dn: String,
    pub file: String,
    /// The physical line on which the record begins.
    pub line: u64,
    /// Its relation to the URI.
    pub stake: Stake,
    pub fate: Fate,
}

/// How an object relates to a contested URI; if several variants apply, the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stake {
    /// It would get the address in this run.
    Claims,
    /// It has the address in msRTCSIP-PrimaryUserAddress and takes part in the run.
    Keeps,
    /// It has the address as its SIP address and takes no part.
    Sip,
    /// It has the URI as its line.
    Line,
    /// It has the address as a mail address and takes no part.
    Mail,
}

/// The result of a conflict for an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It gets or keeps the URI.
    Has,
    /// It gets this URI instead.
    Numbered(String),
    Rejected,
    /// The run does not change it.
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
