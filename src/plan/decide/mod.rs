//! The fold between the two passes: who takes part after all, who gets which address and which pool.
//!
//! Everything here goes in input order, or in an order that the input's does not change.

mod lookup;
// what matches nobody
mod unmatched;

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::Exports;
use super::scan::{Fact, Is, NONE, Scan};
use crate::language::text;
use crate::message::{Failure, Message};
use crate::output::ldif::Series;
use crate::pool::{Loads, OnFull, PoolId};
use crate::records::Records;
use crate::report::{Outcome, Reason, Status, Totals};
use crate::settings::Settings;
use crate::sip::claims::{self, Contest, Fingerprint, OnDuplicate, Party, Ruling};
use crate::wizard::{Claims, Wizard};

/// What was decided for a record of an input.
#[derive(Clone, Copy, Debug)]
pub struct Decision {
    /// What becomes of it.
    pub status: Status,
    /// Why, if it is skipped or rejected for a reason of the list; an unreadable record has its own code.
    pub reason: Option<Reason>,
    /// The pool that it is given: an index, or [`NONE`].
    pub pool: u16,
    /// The series of its change record, and its place in the series, if it changes.
    pub series: u16,
    /// Counted from 0.
    pub number: u32,
}

/// What was decided for all.
#[derive(Debug)]
pub struct Plan {
    /// One a record of the inputs.
    pub decisions: Vec<Decision>,
    /// What was ruled where several meet in one address.
    pub rulings: HashMap<u32, Ruling>,
    /// Where several meet in one address.
    pub contests: Vec<Contest>,
    /// Records that the messages of others name.
    pub parties: HashMap<u32, Party>,
    /// Records of one object that contradict each other.
    pub twins: Twins,
    /// How full each pool is.
    pub loads: Loads,
    /// The series of change records.
    pub series: Vec<Series>,
    /// The sums; reasons and warnings are counted when they are reported.
    pub totals: Totals,
    /// How many change records there are.
    pub records: u64,
    /// Why the run stops; empty if it does not.
    pub stops: Vec<Message>,
    /// Lines of `--users` that select no user.
    pub unlisted: Vec<Unlisted>,
    /// Bases, rules and flags that match nobody.
    pub unmatched: Vec<Message>,
}

/// A line of `--users` that selects no user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlisted {
    /// The line, by index.
    pub line: usize,
    /// How many users it names.
    pub users: usize,
}

impl Plan {
    /// How the run ends.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if !self.stops.is_empty() {
            Outcome::Stopped
        } else if self.totals.not_ready > 0 {
            Outcome::CompletedWithFindings
        } else if self.totals.rejected > 0 || !self.unlisted.is_empty() {
            Outcome::CompletedWithRejects
        } else {
            Outcome::Completed
        }
    }
}

/// Decides. The scan's register and identities are used up.
///
/// # Errors
/// What reading gives, where texts must be looked up again.
pub fn decide(
    wizard: &dyn Wizard,
    exports: &Exports,
    records: &Records<'_>,
    scan: &mut Scan,
) -> Result<Plan, Failure> {
    let settings = wizard.settings();
    let objects = Objects::of(scan);
    let mut facts = std::mem::take(&mut scan.facts);
    let unlisted = apply_list(settings, scan, &objects, &mut facts);
    apply_limit(settings, &mut facts);
    apply_missing(scan, exports, &mut facts);
    let (unmatched, mut stops) = unmatched::unmatched(wizard, scan, &facts);
    let twins = apply_duplicates(wizard, records, &objects, &mut facts)?;
    scan.identities = Vec::new();
    scan.register.settle();
    let object = |record| objects.object(record);
    let (contests, rulings, parties) = {
        let active = |record: u32| facts.get(record as usize).is_some_and(is_open);
        let contests = scan.register.contests(object, active);
        let meeting = contests.iter().flat_map(|contest| contest.members.iter().chain(&contest.lookalikes));
        let wanted: HashSet<u32> = meeting.map(|member| member.record).chain(twins.named()).collect();
        let parties = lookup::parties(wizard, records, &wanted)?;
        let nobody = Party::default();
        let party = |record: u32| parties.get(&record).unwrap_or(&nobody);
        let rulings =
            claims::rule(&scan.register, &contests, settings.addresses.on_duplicate, party, object, active);
        (contests, rulings, parties)
    };
    scan.register = claims::Register::default();
    apply_rulings(wizard, &rulings, &parties, &mut facts, &mut stops);
    let (loads, pools) = place(settings, scan, &objects, &mut facts, &mut stops);
    let (decisions, series, totals) = conclude(wizard, scan, &facts, pools);
    let records = series.iter().map(|series| series.records).sum();
    stops.extend(limits(settings, &facts, &decisions, &totals, records));
    Ok(Plan {
        decisions,
        rulings,
        contests,
        parties,
        twins,
        loads,
        series,
        totals,
        records,
        stops,
        unlisted,
        unmatched,
    })
}

/// Whether the record is still to be changed or found unchanged.
fn is_open(fact: &Fact) -> bool {
    fact.status == Status::Unchanged
}

/// Whether the record is a selected user, whatever becomes of it.
fn is_selected(fact: &Fact) -> bool {
    is_open(fact) || fact.reason.is_some()
}

/// A reason that applies unless an earlier one does; the user no longer takes part.
fn put_out(fact: &mut Fact, reason: Reason) {
    if note(fact, reason) {
        fact.status = reason.status();
    }
}

/// A finding that applies, unless an earlier one does. False if it does not apply.
fn note(fact: &mut Fact, reason: Reason) -> bool {
    let applies = is_selected(fact) && fact.reason.is_none_or(|earlier| reason < earlier);
    if applies {
        fact.reason = Some(reason);
    }
    applies
}

/// Which records speak of the same object: by objectGUID, else by DN.
struct Objects {
    /// Records whose object has an earlier record → that record. All others stand for themselves.
    first: HashMap<u32, u32>,
    /// The records that stand for an object of several records.
    several: HashSet<u32>,
    /// Records of the inputs that share a DN or a GUID.
    shared: Vec<Vec<u32>>,
}

impl Objects {
    fn of(scan: &mut Scan) -> Self {
        let inputs = scan.facts.len();
        let is_user = |record: u32| {
            let fact = scan.facts.get(record as usize);
            fact.is_some_and(|fact| {
                is_open(fact) || fact.reason.is_some() || fact.status == Status::NotSelected
            })
        };
        let mut objects = Self { first: HashMap::new(), several: HashSet::new(), shared: Vec::new() };
        let mut shared: Vec<Vec<u32>> = Vec::new();
        let mut share = |group: &[super::scan::Identity]| {
            let records: Vec<u32> =
                group.iter().map(|who| who.record).filter(|&record| is_user(record)).collect();
            if records.len() > 1 {
                shared.push(records);
            }
        };
        scan.identities.par_sort_unstable_by_key(|who| (who.dn, who.record));
        for group in scan.identities.chunk_by(|a, b| a.dn == b.dn).filter(|group| group.len() > 1) {
            share(group);
            // Two GUIDs are two objects, whatever their DN.
            let mut first_of: HashMap<Option<Fingerprint>, u32> = HashMap::new();
            for who in group {
                let known = if who.guid.is_none() {
                    Some(group[0].record)
                } else {
                    [first_of.get(&who.guid), first_of.get(&None)].into_iter().flatten().min().copied()
                };
                if let Some(known) = known {
                    objects.join(who.record, known);
                }
                first_of.entry(who.guid).or_insert(who.record);
            }
        }
        scan.identities.par_sort_unstable_by_key(|who| (who.guid, who.record));
        for group in scan.identities.chunk_by(|a, b| a.guid == b.guid).filter(|group| group.len() > 1) {
            if group[0].guid.is_some() {
                share(group);
                group.iter().for_each(|who| objects.join(who.record, group[0].record));
            }
        }
        scan.identities.truncate(0);
        objects.shared = merged(shared);
        debug_assert!(objects.shared.iter().flatten().all(|&record| (record as usize) < inputs));
        objects
    }

    /// The record that stands for a record's object.
    fn object(&self, record: u32) -> u32 {
        let mut record = record;
        while let Some(&first) = self.first.get(&record) {
            record = first;
        }
        record
    }

    /// Whether other records speak of the object that this record stands for.
    fn is_shared(&self, object: u32) -> bool {
        self.several.contains(&object)
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.object(one), self.object(other));
        if one != other {
            self.first.insert(one.max(other), one.min(other));
            self.several.insert(one.min(other));
        }
    }
}

/// Groups that have a record in common are one group.
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

/// Users that no line of `--users` names alone are not selected.
fn apply_list(settings: &Settings, scan: &Scan, objects: &Objects, facts: &mut [Fact]) -> Vec<Unlisted> {
    let Some(list) = &settings.selection.list else { return Vec::new() };
    let mut named: Vec<HashSet<u32>> = vec![HashSet::new(); list.lines.len()];
    for &(line, record) in &scan.listed {
        named[line as usize].insert(objects.object(record));
    }
    let mut listed = vec![false; facts.len()];
    for &(line, record) in &scan.listed {
        listed[record as usize] |= named[line as usize].len() == 1;
    }
    for (fact, listed) in facts.iter_mut().zip(listed) {
        if is_selected(fact) && !listed {
            fact.status = Status::NotSelected;
            fact.reason = None;
        }
    }
    let unlisted = |(line, users): (usize, &HashSet<u32>)| {
        (users.len() != 1).then_some(Unlisted { line, users: users.len() })
    };
    named.iter().enumerate().filter_map(unlisted).collect()
}

/// Selected users beyond the limit are left for later.
fn apply_limit(settings: &Settings, facts: &mut [Fact]) {
    let limit = usize::try_from(settings.selection.limit.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
    facts
        .iter_mut()
        .filter(|fact| is_selected(fact))
        .skip(limit)
        .for_each(|fact| put_out(fact, Reason::OVER_LIMIT));
}

/// Records of one object that contradict each other, in groups: as many as there are, so each knows only its group.
#[derive(Debug, Default)]
pub struct Twins {
    groups: Vec<Vec<u32>>,
    group_of: HashMap<u32, u32>,
}

impl Twins {
    /// How many of a group a message names, and one more: the record itself.
    const NAMED: usize = 21;

    fn add(&mut self, group: &[u32]) {
        let number = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
        self.group_of.extend(group.iter().map(|&record| (record, number)));
        self.groups.push(group.to_vec());
    }

    /// The records that contradict this one, itself among them.
    #[must_use]
    pub fn of(&self, record: u32) -> &[u32] {
        self.group_of.get(&record).map_or(&[], |&group| &self.groups[group as usize])
    }

    /// The records that messages name.
    fn named(&self) -> impl Iterator<Item = u32> {
        self.groups.iter().flat_map(|group| group.iter().take(Self::NAMED)).copied()
    }
}

/// A user whose record lacks userAccountControl, where the export shows it of others, may be disabled or not.
fn apply_missing(scan: &Scan, exports: &Exports, facts: &mut [Fact]) {
    let lacking = facts.iter_mut().zip(0..).filter(|(fact, _)| fact.is.has(Is::UNCONTROLLED));
    lacking
        .filter(|(_, record)| scan.shows_control(*record, exports))
        .for_each(|(fact, _)| put_out(fact, Reason::VALUE_MISSING));
}

/// Of several records of one object that say the same, the first counts; of several that do not, none does.
fn apply_duplicates(
    wizard: &dyn Wizard,
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
                .for_each(|&record| put_out(&mut facts[record as usize], Reason::DUPLICATE_RECORD));
        } else {
            twins.add(group);
            group.iter().for_each(|&record| put_out(&mut facts[record as usize], Reason::DN_CONFLICT));
        }
    }
    Ok(twins)
}

/// Claimants who do not get an address are rejected.
fn apply_rulings(
    wizard: &dyn Wizard,
    rulings: &HashMap<u32, Ruling>,
    parties: &HashMap<u32, Party>,
    facts: &mut [Fact],
    stops: &mut Vec<Message>,
) {
    let mut refused = 0_u64;
    for (record, ruling) in rulings {
        let fact = &mut facts[*record as usize];
        match ruling {
            Ruling::Refused { .. } => {
                refused += 1;
                put_out(fact, wizard.claims().duplicate());
            }
            Ruling::Numbered { address, .. } => {
                let fingerprint = Fingerprint::of(crate::sip::normalize(address).as_bytes());
                let party = parties.get(record);
                let former = party.and_then(|party| party.former);
                let same = party.is_some_and(|party| party.is_settled) && former == Some(fingerprint);
                fact.is = fact.is.with(Is::DIFFERENT, !same);
                fact.is = fact.is.with(Is::REPLACED, former.is_some_and(|former| former != fingerprint));
            }
            Ruling::Twin { .. } => {
                if let Some(reason) = wizard.spec().twin.filter(|_| is_open(fact)) {
                    note(fact, reason);
                    let is_settled = parties.get(record).is_some_and(|party| party.is_settled);
                    fact.is = fact.is.with(Is::DIFFERENT, !is_settled);
                }
            }
            Ruling::Granted { .. } | Ruling::Lookalike { .. } => {}
        }
    }
    if refused > 0 && wizard.settings().addresses.on_duplicate == OnDuplicate::Abort {
        let claim = if wizard.claims() == Claims::Sip { "an address" } else { "a line" };
        let what = format!("{refused} users would share {claim} with somebody else");
        stops.push(Message::error("stop-duplicates", what).because("[sip] on_duplicate = \"abort\""));
    }
}

/// The users that each pool has before the run, each object once: exports come first, then earlier runs, and of these
/// not the users who are placed now.
fn count_homed(settings: &Settings, scan: &Scan, objects: &Objects, facts: &[Fact]) -> Vec<u64> {
    let mut counted = vec![0; settings.placement.pools.len()];
    let mut known = HashSet::new();
    for &(record, pool) in &scan.homed {
        let object = objects.object(record);
        let is_placed =
            |fact: &Fact| record as usize >= facts.len() && is_open(fact) && fact.is.has(Is::TO_PLACE);
        if !facts.get(object as usize).is_some_and(is_placed)
            && (!objects.is_shared(object) || known.insert(object))
        {
            counted[pool.index()] += 1;
        }
    }
    counted
}

/// Gives every user without a pool one, in input order; groups are placed whole, where their first member is.
fn place(
    settings: &Settings,
    scan: &mut Scan,
    objects: &Objects,
    facts: &mut [Fact],
    stops: &mut Vec<Message>,
) -> (Loads, Vec<u16>) {
    let counted = count_homed(settings, scan, objects, facts);
    let mut loads = Loads::new(&settings.placement.pools, &counted);
    let mut groups: HashMap<Fingerprint, Vec<u32>> = HashMap::new();
    let mut group_of: HashMap<u32, Fingerprint> = HashMap::new();
    for &(record, group) in &scan.groups {
        if is_open(&facts[record as usize]) {
            groups.entry(group).or_default().push(record);
            group_of.insert(record, group);
        }
    }
    let mut homes: HashMap<(Fingerprint, PoolId), u64> = HashMap::new();
    // Each object counts once.
    scan.homed_groups.retain(|&(_, _, record)| objects.object(record) == record);
    for &(group, pool, _) in &scan.homed_groups {
        *homes.entry((group, pool)).or_default() += 1;
    }
    let mut given = vec![NONE; facts.len()];
    let mut is_full = false;
    for record in 0..facts.len() {
        let fact = facts[record];
        if !is_open(&fact) || !fact.is.has(Is::TO_PLACE) || given[record] != NONE {
            continue;
        }
        let from = fact.ranking as usize;
        let wishes = &scan.rankings[from..from + usize::from(scan.ranked[usize::from(fact.rule)])];
        let mut ranking: Vec<PoolId> = wishes.iter().copied().map(PoolId).collect();
        let own = [u32::try_from(record).unwrap_or(u32::MAX)];
        let mut members: &[u32] = &own;
        if let Some(group) = group_of.get(&own[0]) {
            members = groups.get(group).map_or(&own[..], Vec::as_slice);
            // Most of the homed first; the sort is stable, so that on a tie the hash decides.
            ranking.sort_by_key(|&pool| {
                std::cmp::Reverse(homes.get(&(*group, pool)).copied().unwrap_or_default())
            });
        }
        let found = loads.place(&ranking, members.len() as u64, settings.placement.on_full);
        for &member in members {
            match found {
                Some(pool) => {
                    given[member as usize] = pool.0;
                    if let Some(left) = loads.left.get_mut(usize::from(facts[member as usize].pool)) {
                        *left += 1; // a homed user that the run moves along
                    }
                }
                None => {
                    is_full = true;
                    put_out(&mut facts[member as usize], Reason::POOL_FULL);
                }
            }
        }
    }
    if is_full && settings.placement.on_full == OnFull::Abort {
        stops.push(
            Message::error("stop-pool-full", text!("a pool is full", "un pool est plein"))
                .because("[assign] on_full = \"abort\""),
        );
    }
    (loads, given)
}

/// What becomes of each record, and which change record is whose.
fn conclude(
    wizard: &dyn Wizard,
    scan: &Scan,
    facts: &[Fact],
    pools: Vec<u16>,
) -> (Vec<Decision>, Vec<Series>, Totals) {
    // Series are in the order of their first change records.
    let mut series: Vec<Series> = Vec::new();
    let mut numbered: Vec<u16> = vec![NONE; scan.series.len()];
    let mut totals = Totals::default();
    let decisions = facts
        .iter()
        .zip(pools)
        .map(|(fact, pool)| {
            let mut decision =
                Decision { status: fact.status, reason: fact.reason, pool, series: NONE, number: 0 };
            if is_open(fact) && (fact.is.has(Is::DIFFERENT) || pool != NONE) {
                decision.status = Status::Changed;
                let at = &mut numbered[usize::from(fact.series)];
                if *at == NONE {
                    *at = u16::try_from(series.len()).unwrap_or(NONE);
                    let (domain, protected) = scan.series[usize::from(fact.series)].clone();
                    series.push(Series { domain, protected, records: 0 });
                }
                decision.series = *at;
                let records = &mut series[usize::from(*at)].records;
                decision.number = u32::try_from(*records).unwrap_or(u32::MAX);
                *records += 1;
            }
            decision.status = wizard.spec().mode.concluded(decision.status, decision.reason);
            totals.count(decision.status);
            decision
        })
        .collect();
    (decisions, series, totals)
}

/// The safety limits that are passed.
fn limits(
    settings: &Settings,
    facts: &[Fact],
    decisions: &[Decision],
    totals: &Totals,
    records: u64,
) -> Vec<Message> {
    let safety = &settings.safety;
    let mut stops = Vec::new();
    if let Some(most) = safety.max_changes.filter(|&most| records > most) {
        let what = text!(
            "{records} users would change, and --max-changes allows {most}",
            "{records} utilisateurs changeraient, et --max-changes en admet {most}"
        );
        stops.push(Message::error("stop-max-changes", what).help(text!(
            "raise --max-changes, or select fewer users",
            "augmentez --max-changes, ou sélectionnez moins d’utilisateurs"
        )));
    }
    let audited = totals.ready + totals.not_ready + totals.not_enabled;
    let judged = totals.changed + totals.unchanged + audited + totals.rejected;
    if safety.max_rejects.is_some_and(|most| most.is_passed(totals.rejected, judged)) {
        let what = text!(
            "{} of {judged} users are rejected, more than --max-rejects allows",
            "{} utilisateurs sur {judged} sont rejetés, plus que --max-rejects n’admet",
            totals.rejected
        );
        stops.push(Message::error("stop-max-rejects", what).help(text!(
            "correct the rejected users, or raise --max-rejects",
            "corrigez les utilisateurs rejetés, ou augmentez --max-rejects"
        )));
    }
    let there = facts.iter().filter(|fact| fact.is.has(Is::ADDRESSED) && is_selected(fact)).count();
    let is_replaced = |(fact, decision): &(&Fact, &Decision)| {
        fact.is.has(Is::REPLACED) && decision.status == Status::Changed
    };
    let replaced = facts.iter().zip(decisions).filter(is_replaced).count();
    if replaced * 2 > there && !safety.replace_many {
        let what = text!(
            "{replaced} of {there} existing addresses would be replaced, more than half",
            "{replaced} adresses existantes sur {there} seraient remplacées, plus de la moitié"
        );
        stops.push(
            Message::error("stop-replace-many", what).help(text!(
                "add --replace-many if this is intended",
                "ajoutez --replace-many si c’est voulu"
            )),
        );
    }
    stops
}
