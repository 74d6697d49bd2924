//! The fold between the two passes: decides who takes part, who gets which address, and who gets which pool.
//!
//! Every step goes through the records in input order, or in an order that does not depend on it.

mod lookup;
// records that describe one object
mod same;
// users that a list names
mod listed;
// rulings on addresses
mod addresses;
// users with one logon account
mod logons;
// placement on pools
mod placement;
// limits that stop a run
mod safety;
// selections that match no user
mod unmatched;

use std::collections::{HashMap, HashSet};

use super::scan::{Fact, NONE, Scan, Traits};
use crate::input::Role;
use crate::input::classes::Lack;
use crate::message::{Failure, Message};
use crate::object::Attr;
use crate::output::ldif::Series;
use crate::pool::{Loads, PoolId};
use crate::records::{Read, Records};
use crate::report::{Outcome, Reason, Status, Totals};
use crate::settings::Settings;
use crate::sip::claims::{Contest, Party, Register, Ruling, RulingKind};
use crate::wizard::{Given, Wizard};

use self::addresses::{Claimants, Settled};
pub(crate) use self::listed::Unlisted;
pub(crate) use self::logons::Logons;
use self::placement::Placer;
pub(crate) use self::placement::Placing;
use self::same::Objects;
pub(crate) use self::same::Twins;

/// The decision on a record of an input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decision {
    pub status: Status,
    /// The reason, if the record is skipped or rejected. An unreadable record has the code of its fault instead.
    pub reason: Option<Reason>,
    /// The pool that the user gets, by index, or [`NONE`].
    pub pool: u16,
    /// The series of the change record, by index, or [`NONE`] without a change.
    pub series: u16,
    /// The number of the change record in its series, from 0.
    pub number: u32,
}

impl Decision {
    /// Returns what the user gets, with this claim and this ruling.
    pub(crate) fn given<'d>(self, claim: Option<&'d str>, ruling: Option<&Ruling>) -> Given<'d> {
        let pool = (self.pool != NONE).then_some(PoolId(self.pool));
        Given { claim, pool, shared: ruling.is_some_and(|ruling| ruling.kind == RulingKind::Twin) }
    }
}

/// The decisions of a run.
#[derive(Debug)]
pub(crate) struct Plan {
    /// One decision for each record of the inputs.
    pub decisions: Vec<Decision>,
    /// Rulings on contested addresses, by record number.
    pub rulings: HashMap<u32, Ruling>,
    /// The contested addresses.
    pub contests: Vec<Contest>,
    /// The records that messages name, by record number.
    pub parties: HashMap<u32, Party>,
    /// Groups of contradicting records of one object.
    pub twins: Twins,
    pub logons: Logons,
    pub loads: Loads,
    pub series: Vec<Series>,
    /// The totals; reasons and warnings are counted when they are reported.
    pub totals: Totals,
    pub records: u64,
    /// The reasons why the run stops, if any.
    pub stops: Vec<Message>,
    /// The lines of `--users` that select no user.
    pub unlisted: Vec<Unlisted>,
    /// Warnings about bases, rules and flags that match no user.
    pub unmatched: Vec<Message>,
}

impl Plan {
    pub(crate) fn outcome(&self) -> Outcome {
        if !self.stops.is_empty() {
            Outcome::Stopped
        } else if self.totals.of(Status::NotReady) > 0 {
            Outcome::CompletedWithFindings
        } else if self.totals.of(Status::Rejected) > 0 || !self.unlisted.is_empty() {
            Outcome::CompletedWithRejects
        } else {
            Outcome::Completed
        }
    }
}

/// Observes a decision; `explain` records how it was reached.
pub(crate) trait Observer {
    /// Called with all rulings, before pools are assigned.
    fn ruled(&mut self, _rulings: &HashMap<u32, Ruling>) -> Result<(), Failure> {
        Ok(())
    }

    /// Called before these users are placed.
    fn placing(&mut self, _users: &Placing<'_>) {}
}

/// The observer of an ordinary run: it ignores everything.
impl Observer for () {}

/// Decides for all records. Takes the facts, identities and register out of the scan.
///
/// # Errors
/// Errors of reading texts again, and errors of the observer.
pub(crate) fn decide(
    wizard: &Wizard<'_>,
    records: &Records<'_>,
    scan: &mut Scan,
    observer: &mut dyn Observer,
) -> Result<Plan, Failure> {
    let settings = wizard.settings;
    let objects = Objects::of(scan);
    let mut facts = std::mem::take(&mut scan.facts);
    apply_missing(records, &mut facts);
    let list = settings.selection.list.as_ref();
    let unlisted = list.map(|list| listed::apply_list(list, scan, &objects, &mut facts)).unwrap_or_default();
    let unlisted = unmatched::without_tool_output(list, unlisted)?;
    apply_limit(settings, &mut facts);
    let is_of_user =
        |record: &u32| matches!(records.exports()[records.export_of(*record)].role, Role::Input | Role::Join);
    let cut = records.cut().iter().copied().filter(is_of_user);
    exclude_objects(cut, Reason::RECORD_CUT, &objects, &mut facts);
    exclude_objects(scan.changed.iter().copied(), Reason::DN_CONFLICT, &objects, &mut facts);
    let (unmatched, mut stops) = unmatched::unmatched(wizard, scan, &facts);
    let twins = same::apply_duplicates(wizard, records, &objects, &mut facts)?;
    scan.identities = Vec::new();
    addresses::apply_corrections(records, &objects, &facts, &mut scan.register);
    scan.register.settle();
    let logons = Logons::of(&scan.logons, &objects, &facts);
    let claimants = Claimants { objects: &objects, facts: &facts, twins: &twins, logons: &logons };
    let Settled { contests, rulings, parties } = claimants.settle(wizard, records, &scan.register)?;
    scan.register = Register::default();
    stops.extend(addresses::apply_rulings(wizard, &rulings, &parties, &mut facts));
    observer.ruled(&rulings)?;
    let placed = Placer { settings, scan, objects: &objects }.place(&mut facts, observer);
    stops.extend(placed.stop(settings));
    let (decisions, series, totals) = conclude(wizard, scan, &facts, placed.pools);
    let mut plan = Plan {
        decisions,
        rulings,
        contests,
        parties,
        twins,
        logons,
        loads: placed.loads,
        records: series.iter().map(|series| series.records).sum(),
        series,
        totals,
        stops,
        unlisted,
        unmatched,
    };
    plan.stops.extend(safety::stops(&settings.safety, &facts, &plan));
    Ok(plan)
}

/// Whether the user still takes part.
fn is_open(fact: &Fact) -> bool {
    fact.status == Status::Unchanged
}

/// Whether the record is a selected user, whatever the outcome.
fn is_selected(fact: &Fact) -> bool {
    is_open(fact) || fact.reason.is_some()
}

/// Excludes a user for a reason, unless an earlier reason applies.
fn exclude(fact: &mut Fact, reason: Reason) {
    if record_reason(fact, reason) {
        fact.status = reason.status();
    }
}

/// Records a reason, unless an earlier one applies; returns whether it was recorded.
fn record_reason(fact: &mut Fact, reason: Reason) -> bool {
    let applies = is_selected(fact) && fact.reason.is_none_or(|earlier| reason < earlier);
    if applies {
        fact.reason = Some(reason);
    }
    applies
}

/// Excludes the selected users beyond the limit.
fn apply_limit(settings: &Settings, facts: &mut [Fact]) {
    let limit = usize::try_from(settings.selection.limit.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
    facts
        .iter_mut()
        .filter(|fact| is_selected(fact))
        .skip(limit)
        .for_each(|fact| exclude(fact, Reason::OVER_LIMIT));
}

/// Settles records that lack an attribute shown by others. Without a class, an account is rejected and any other object
/// is not a user. Without userAccountControl, the account may be disabled and is rejected. If no export shows
/// isCriticalSystemObject, a user with an unreadable objectSid is rejected: it may be an account of Windows itself.
fn apply_missing(records: &Records<'_>, facts: &mut [Fact]) {
    let read_of = |record: u32| &records.reads()[records.export_of(record)];
    let exports = records.exports().iter().zip(records.reads());
    let joined: Vec<&Read> =
        exports.filter(|(export, _)| export.role == Role::Join).map(|(_, read)| read).collect();
    let is_shown = |record: u32, lack: Lack| {
        let mut reads = joined.iter().copied().chain([read_of(record)]);
        reads.any(|read| lack.attributes().iter().any(|&attr| read.shown.has(attr)))
    };
    for (fact, record) in facts.iter_mut().zip(0..) {
        let is_invalid = fact.reason == Some(Reason::VALUE_INVALID);
        if fact.traits.has(Traits::CLASSLESS) && !is_invalid && is_shown(record, Lack::Class) {
            if fact.traits.has(Traits::ACCOUNT) {
                exclude(fact, Reason::VALUE_MISSING);
            } else {
                (fact.status, fact.reason) = (Status::Other, None);
            }
        } else if fact.traits.has(Traits::UNCONTROLLED) && is_shown(record, Lack::Control) {
            exclude(fact, Reason::VALUE_MISSING);
        } else if fact.traits.has(Traits::UNIDENTIFIED)
            && !read_of(record).shows_itself(Attr::IS_CRITICAL_SYSTEM_OBJECT)
        {
            exclude(fact, Reason::VALUE_INVALID);
        }
    }
}

/// Excludes all records of the objects of these records, and the rows of lists that name them: what is cut off, or
/// changed, may say that no command may change the account.
fn exclude_objects(
    records: impl Iterator<Item = u32>,
    reason: Reason,
    objects: &Objects,
    facts: &mut [Fact],
) {
    let excluded: HashSet<u32> = records.map(|record| objects.object(record)).collect();
    if excluded.is_empty() {
        return;
    }
    for (fact, record) in facts.iter_mut().zip(0..) {
        if excluded.contains(&objects.object(record)) {
            exclude(fact, reason);
        }
    }
}

/// Settles the status of each record and numbers the change records.
fn conclude(
    wizard: &Wizard<'_>,
    scan: &Scan,
    facts: &[Fact],
    pools: Vec<u16>,
) -> (Vec<Decision>, Vec<Series>, Totals) {
    // Series are ordered by their first change records.
    let mut series: Vec<Series> = Vec::new();
    let mut index_of: Vec<u16> = vec![NONE; scan.series.len()];
    let mut totals = Totals::default();
    let decisions = facts
        .iter()
        .zip(pools)
        .map(|(fact, pool)| {
            let mut decision =
                Decision { status: fact.status, reason: fact.reason, pool, series: NONE, number: 0 };
            if is_open(fact) && (fact.traits.has(Traits::DIFFERENT) || pool != NONE) {
                decision.status = Status::Changed;
                let index = &mut index_of[usize::from(fact.series)];
                if *index == NONE {
                    *index = u16::try_from(series.len()).unwrap_or(NONE);
                    series.push(scan.series[usize::from(fact.series)].clone());
                }
                decision.series = *index;
                let records = &mut series[usize::from(*index)].records;
                decision.number = u32::try_from(*records).unwrap_or(u32::MAX);
                *records += 1;
            }
            decision.status = wizard.spec.mode.concluded(decision.status, decision.reason);
            totals.count(decision.status);
            decision
        })
        .collect();
    (decisions, series, totals)
}
