//! Records that describe one object: finds them, picks the one that counts, and rejects contradictions.

use std::collections::{BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use super::lookup::{self, Content};
use super::{exclude, is_selected};
use crate::fingerprint::Fingerprint;
use crate::message::Failure;
use crate::object::Attr;
use crate::plan::scan::{Fact, Identity, Scan, Traits};
use crate::records::Records;
use crate::report::{Reason, Status};
use crate::settings::Reading;
use crate::wizard::Wizard;

/// Maps records to objects, by objectGUID or else by DN.
pub(super) struct Objects {
    /// Maps a record to an earlier record of the same object. The first record of an object represents it.
    first: HashMap<u32, u32>,
    /// The representing records of objects with several records.
    several: HashSet<u32>,
    /// Groups of input records that share a DN or a GUID.
    shared: Vec<Vec<u32>>,
}

impl Objects {
    /// Finds the records of each object, and takes the identities out of the scan.
    pub(super) fn of(scan: &mut Scan) -> Self {
        let mut objects = Self { first: HashMap::new(), several: HashSet::new(), shared: Vec::new() };
        let mut shared: Vec<Vec<u32>> = Vec::new();
        scan.identities.par_sort_unstable_by_key(|who| (who.dn, who.record));
        for group in scan.identities.chunk_by(|a, b| a.dn == b.dn).filter(|group| group.len() > 1) {
            shared.extend(shared_by_users(group, &scan.facts));
            objects.join_by_guid(group);
        }
        scan.identities.par_sort_unstable_by_key(|who| (who.guid, who.record));
        for group in scan.identities.chunk_by(|a, b| a.guid == b.guid).filter(|group| group.len() > 1) {
            if group[0].guid.is_some() {
                shared.extend(shared_by_users(group, &scan.facts));
                group.iter().for_each(|who| objects.join(who.record, group[0].record));
            }
        }
        scan.identities.truncate(0);
        objects.shared = merged(shared);
        debug_assert!(objects.shared.iter().flatten().all(|&record| (record as usize) < scan.facts.len()));
        objects
    }

    /// Joins records under one DN, except those with different GUIDs, which mean different objects.
    fn join_by_guid(&mut self, group: &[Identity]) {
        let mut first_of: HashMap<Option<Fingerprint>, u32> = HashMap::new();
        for who in group {
            let known = if who.guid.is_none() {
                Some(group[0].record)
            } else {
                [first_of.get(&who.guid), first_of.get(&None)].into_iter().flatten().min().copied()
            };
            if let Some(known) = known {
                self.join(who.record, known);
            }
            first_of.entry(who.guid).or_insert(who.record);
        }
    }

    /// The record that represents a record's object.
    pub(super) fn object(&self, record: u32) -> u32 {
        let mut record = record;
        while let Some(&first) = self.first.get(&record) {
            record = first;
        }
        record
    }

    /// Whether the object that this record represents has other records.
    pub(super) fn is_shared(&self, object: u32) -> bool {
        self.several.contains(&object)
    }

    /// Notes that two records describe one object.
    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.object(one), self.object(other));
        if one != other {
            self.first.insert(one.max(other), one.min(other));
            self.several.insert(one.min(other));
        }
    }
}

/// Returns the input records of a group with one DN or GUID, if there are several, and one of them is of a user.
fn shared_by_users(group: &[Identity], facts: &[Fact]) -> Option<Vec<u32>> {
    let is_user = |fact: &Fact| is_selected(fact) || fact.status == Status::NotSelected;
    // A user in one record and a computer in another may not be a user.
    let counts = |fact: &Fact| is_user(fact) || fact.traits.has(Traits::CONTRADICTING);
    let fact = |record: u32| facts.get(record as usize);
    let records = group.iter().map(|who| who.record).filter(|&record| fact(record).is_some_and(counts));
    let records: Vec<u32> = records.collect();
    let has_user = || records.iter().any(|&record| fact(record).is_some_and(is_user));
    (records.len() > 1 && has_user()).then_some(records)
}

/// Merges groups that have a record in common.
fn merged(groups: Vec<Vec<u32>>) -> Vec<Vec<u32>> {
    let mut group_of: HashMap<u32, usize> = HashMap::new();
    let mut all: Vec<Vec<u32>> = Vec::new();
    for group in groups {
        let known: HashSet<usize> = group.iter().filter_map(|record| group_of.get(record)).copied().collect();
        let mut whole: Vec<u32> =
            known.iter().flat_map(|&at| std::mem::take(&mut all[at])).chain(group).collect();
        whole.sort_unstable();
        whole.dedup();
        group_of.extend(whole.iter().map(|&record| (record, all.len())));
        all.push(whole);
    }
    all.retain(|group| !group.is_empty());
    all
}

/// Excludes duplicates: of identical records all but the first, of contradicting records all.
pub(super) fn apply_duplicates(
    wizard: &Wizard<'_>,
    records: &Records<'_>,
    objects: &Objects,
    facts: &mut [Fact],
) -> Result<Twins, Failure> {
    let wanted: HashSet<u32> = objects.shared.iter().flatten().copied().collect();
    let contents = lookup::contents(wizard, records, &wanted)?;
    let content = |record: u32| {
        contents.binary_search_by_key(&record, |(record, _)| *record).ok().map(|at| contents[at].1)
    };
    let mut twins = Twins::default();
    for group in &objects.shared {
        let first = content(group[0]);
        if group.iter().all(|&record| content(record) == first) {
            group[1..]
                .iter()
                .for_each(|&record| exclude(&mut facts[record as usize], Reason::DUPLICATE_RECORD));
        } else {
            twins.add(group);
            group.iter().for_each(|&record| exclude(&mut facts[record as usize], Reason::DN_CONFLICT));
        }
    }
    twins.compare(&wizard.settings.reading, records)?;
    Ok(twins)
}

/// Groups of contradicting records, each group one object. Groups may be large, so a record refers to its group only.
#[derive(Debug, Default)]
pub(crate) struct Twins {
    groups: Vec<Vec<u32>>,
    group_of: HashMap<u32, u32>,
    /// The attributes in which the named records of each group differ.
    differences: Vec<Vec<Attr>>,
}

impl Twins {
    /// The records of a group that a message may need: 20 others and the record itself.
    const NAMED: usize = 21;

    fn add(&mut self, group: &[u32]) {
        let number = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
        self.group_of.extend(group.iter().map(|&record| (record, number)));
        self.groups.push(group.to_vec());
    }

    /// Finds the attributes in which the records of each group differ.
    fn compare(&mut self, reading: &Reading, records: &Records<'_>) -> Result<(), Failure> {
        let attributes = lookup::attributes(reading, records, &self.named().collect())?;
        let differing = |group: &Vec<u32>| {
            let named = || group.iter().take(Self::NAMED).filter_map(|record| attributes.get(record));
            let all: BTreeSet<Attr> = named().flat_map(|one| one.hashes.keys()).copied().collect();
            let differs = |attr: &Attr| {
                let shows = |one: &&Content| !one.is_change || one.hashes.contains_key(attr);
                let mut shown = named().filter(shows).map(|one| one.hashes.get(attr));
                let first = shown.next();
                shown.any(|one| Some(one) != first)
            };
            all.into_iter().filter(differs).collect()
        };
        self.differences = self.groups.iter().map(differing).collect();
        Ok(())
    }

    /// The attributes in which this record and its contradicting records differ.
    pub(crate) fn differences(&self, record: u32) -> &[Attr] {
        self.group_of.get(&record).map_or(&[], |&group| &self.differences[group as usize])
    }

    /// The group of contradicting records that includes this one.
    pub(crate) fn of(&self, record: u32) -> &[u32] {
        self.group_of.get(&record).map_or(&[], |&group| &self.groups[group as usize])
    }

    /// The records that messages may name.
    pub(super) fn named(&self) -> impl Iterator<Item = u32> {
        self.groups.iter().flat_map(|group| group.iter().take(Self::NAMED)).copied()
    }
}
