//! Users who have, or would get, the logon account of another user in msRTCSIP-OriginatorSid.

use std::collections::HashMap;

use super::is_open;
use super::same::Objects;
use crate::fingerprint::Fingerprint;
use crate::language::Text;
use crate::plan::scan::{Fact, Logon};
use crate::report::Status;

/// Groups of users with one logon account; at least one of them takes part.
#[derive(Debug, Default)]
pub(crate) struct Logons {
    groups: Vec<Vec<u32>>,
    group_of: HashMap<u32, usize>,
}

impl Logons {
    /// Groups the logon accounts that users have already, or would get: they take part, or were rejected and will be
    /// corrected.
    pub(super) fn of(logons: &[Logon], objects: &Objects, facts: &[Fact]) -> Self {
        let fact = |record: u32| facts.get(record as usize);
        let takes_part = |record: u32| fact(record).is_some_and(is_open);
        let is_rejected = |record: u32| fact(record).is_some_and(|fact| fact.status == Status::Rejected);
        let would_get = |record: u32| takes_part(record) || is_rejected(record);
        let logons = logons.iter().filter(|logon| logon.is_present || would_get(logon.record));
        let mut logons: Vec<(Fingerprint, u32)> =
            logons.map(|logon| (logon.account, objects.object(logon.record))).collect();
        logons.sort_unstable();
        logons.dedup();
        let mut all = Self::default();
        for group in logons.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1) {
            let records: Vec<u32> = group.iter().map(|&(_, record)| record).collect();
            let open = records.iter().filter(|&&record| takes_part(record));
            all.group_of.extend(open.map(|&record| (record, all.groups.len())));
            all.groups.push(records);
        }
        all
    }

    /// All records with the logon account of this one, which takes part; none if no other has it.
    pub(crate) fn group(&self, record: u32) -> &[u32] {
        self.group_of.get(&record).map_or(&[], |&group| &self.groups[group])
    }

    /// The records that messages name.
    pub(super) fn named(&self) -> impl Iterator<Item = u32> {
        self.groups.iter().flat_map(|group| group.iter().take(Text::MOST_NAMED + 1)).copied()
    }
}
