//! The first pass: reduces each record to a few bytes that the decision needs, without its text.

// one batch
mod scanner;
// checks of whole exports
mod shown;

use std::collections::HashSet;

use super::{Exports, Homed};
use crate::fingerprint::Fingerprint;
use crate::language::text;
use crate::message::{Failure, Message};
use crate::output::ldif::Series;
use crate::output::store::Store;
use crate::pool::{OnFull, PoolId};
use crate::records::{BatchStart, Records};
use crate::report::{Reason, Status};
use crate::select::DomainFit;
use crate::sip::claims::{ClaimRole, Register};
use crate::wizard::Wizard;
use scanner::Scanner;

pub(crate) use scanner::group_of;
pub(crate) use shown::indistinct;

/// Stands for a missing rule, pool or series.
pub(crate) const NONE: u16 = u16::MAX;

/// The facts about a record of an input that the decision needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    /// The status so far; [`Status::Changed`] and [`Status::Unchanged`] are still open.
    pub status: Status,
    /// The reason, if the record is skipped or rejected.
    pub reason: Option<Reason>,
    pub traits: Traits,
    /// The rule that matches, by index, or [`NONE`].
    pub rule: u16,
    /// The present pool, by index, or [`NONE`].
    pub pool: u16,
    /// The series of the record by domain and protection: an index into [`Scan::series`], or [`NONE`].
    pub series: u16,
    /// The start of the user's pools in [`Scan::rankings`].
    pub ranking: u32,
    /// The flag of [`Logic::unmatched_flags`](crate::wizard::Logic::unmatched_flags) that the user matches, by index.
    pub matched: Option<u8>,
}

impl Fact {
    /// A fact with just a status.
    fn of(status: Status) -> Self {
        let (rule, pool, series) = (NONE, NONE, NONE);
        Self {
            status,
            reason: None,
            traits: Traits::default(),
            rule,
            pool,
            series,
            ranking: 0,
            matched: None,
        }
    }
}

/// Properties of a record, as a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits(u16);

impl Traits {
    /// A user who gets a pool.
    pub(crate) const TO_PLACE: Self = Self(1);
    /// A change record is needed, whatever the pool.
    pub(crate) const DIFFERENT: Self = Self(2);
    /// The user has an address before the run.
    pub(crate) const ADDRESSED: Self = Self(4);
    /// The user would lose the present address.
    pub(crate) const REPLACED: Self = Self(8);
    /// An account whose record lacks userAccountControl.
    pub(crate) const UNCONTROLLED: Self = Self(16);
    /// A user only by assertion, since the record shows no class.
    pub(crate) const CLASSLESS: Self = Self(32);
    /// A record whose objectSid names no account, and which does not otherwise tell Windows' own accounts apart.
    pub(crate) const UNIDENTIFIED: Self = Self(64);
    /// A record that contradicts one that shows the object as a user: it has other classes, or changes an attribute
    /// that decisions rest on.
    pub(crate) const CONTRADICTING: Self = Self(128);
    /// A user account by something other than a class.
    pub(crate) const ACCOUNT: Self = Self(256);

    /// Whether all bits of `other` are set.
    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Sets or clears the bits of `other`.
    pub(crate) fn set(&mut self, other: Self, wanted: bool) {
        self.0 = if wanted { self.0 | other.0 } else { self.0 & !other.0 };
    }
}

/// The identity of a record: records with one objectGUID, or else one DN, describe one object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identity {
    /// The normalised DN.
    pub dn: Fingerprint,
    /// The GUID; `None` if the export does not show it.
    pub guid: Option<Fingerprint>,
    pub record: u32,
}

/// A logon account in another forest, and a user of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Logon {
    /// The SID.
    pub account: Fingerprint,
    pub record: u32,
    /// Whether the user has it already.
    pub is_present: bool,
}

/// A name in `--users`, and a record that has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedRecord {
    pub name: u32,
    pub record: u32,
    pub fit: DomainFit,
}

/// The result of the first pass.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// One fact for each record of the inputs.
    pub facts: Vec<Fact>,
    /// One identity for each record of all exports, then those of [`Exports::homed`].
    pub identities: Vec<Identity>,
    /// All held and claimed addresses.
    pub register: Register,
    /// The series by domain and protection, in the order of their first records.
    pub series: Vec<Series>,
    /// The pools that each user to place may get: all in order, or the first if no pool can be full.
    pub rankings: Vec<PoolId>,
    /// The groups of users to place, as pairs of record and group.
    pub groups: Vec<(u32, Fingerprint)>,
    /// The users on each pool, with their groups.
    pub homed_groups: Vec<(Fingerprint, PoolId, u32)>,
    /// Records with a known pool in inputs and earlier runs; an object may have several.
    pub homed: Vec<(u32, PoolId)>,
    /// The logon accounts in other forests that users have or would get.
    pub logons: Vec<Logon>,
    /// Change records in `--join` exports that contradict the record of their object.
    pub changed: Vec<u32>,
    /// The names in `--users`, with the records that have them.
    pub listed: Vec<NamedRecord>,
    /// The domains in names of `--users` that a user is in.
    pub domains: HashSet<Fingerprint>,
    /// Messages between records, such as referrals and trailers.
    pub asides: Vec<(usize, Message)>,
    /// The length of a user's ranking, by rule.
    pub ranked: Vec<u16>,
    /// Whether each of [`crate::settings::Settings::bases`] contains a user.
    pub bases: Vec<bool>,
}

/// The result of one batch; record numbers count from its first record.
#[derive(Default)]
struct ScanPart {
    facts: Vec<Fact>,
    identities: Vec<Identity>,
    held: Vec<(Fingerprint, u32, ClaimRole)>,
    series: Vec<Series>,
    rankings: Vec<PoolId>,
    groups: Vec<(u32, Fingerprint)>,
    homed_groups: Vec<(Fingerprint, PoolId, u32)>,
    homed: Vec<(u32, PoolId)>,
    logons: Vec<Logon>,
    changed: Vec<u32>,
    listed: Vec<NamedRecord>,
    domains: HashSet<Fingerprint>,
    bases: Vec<bool>,
}

/// Reads all exports once and stores their records.
///
/// # Errors
/// Errors of reading; `export-incomplete` if an export is cut off; `attribute-not-shown` if one lacks an attribute that
/// the run needs.
pub(crate) fn scan<'e>(
    wizard: &Wizard<'_>,
    exports: &'e Exports,
    store: Store,
) -> Result<(Scan, Records<'e>), Failure> {
    let settings = wizard.settings;
    let placement = &settings.placement;
    let may_overflow =
        placement.on_full == OnFull::Overflow && placement.pools.iter().any(|pool| pool.capacity > 0);
    let ranks_all = may_overflow || placement.keep_together.is_some();
    let length = |pools: &[PoolId]| if ranks_all { pools.len() } else { pools.len().min(1) };
    let mut scan = Scan {
        ranked: settings
            .rules
            .iter()
            .map(|rule| u16::try_from(length(&rule.pools)).unwrap_or(NONE))
            .collect(),
        bases: vec![false; settings.bases().count()],
        ..Scan::default()
    };
    let ranked = scan.ranked.clone();
    let (records, asides) = Records::read(
        "reading",
        &exports.all,
        &settings.reading.attributes,
        store,
        |batch| {
            let is_input = batch.index < exports.inputs;
            Scanner::new(wizard, batch.export, batch.index, is_input, &ranked).batch(batch)
        },
        |start, part| scan.add(start, part, exports),
    )?;
    scan.add_homed(&exports.homed);
    scan.asides = settings.report.redaction.asides(asides);
    shown::no_objects(exports, records.reads())?;
    shown::not_shown(wizard, exports, records.reads())?;
    Ok((scan, records))
}

impl Scan {
    /// The pools that a user to place may get, in the user's order.
    pub(super) fn ranking(&self, fact: &Fact) -> &[PoolId] {
        let from = fact.ranking as usize;
        &self.rankings[from..from + usize::from(self.ranked[usize::from(fact.rule)])]
    }

    /// Adds users on a pool who have no record there, numbered behind all records.
    fn add_homed(&mut self, users: &[Homed]) {
        for &Homed { dn, guid, pool } in users {
            let record = u32::try_from(self.identities.len()).unwrap_or(u32::MAX);
            self.identities.push(Identity { dn, guid, record });
            self.homed.push((record, pool));
        }
    }

    /// Adds the result of a batch, in order.
    fn add(&mut self, start: BatchStart, part: ScanPart, exports: &Exports) -> Result<(), Failure> {
        let BatchStart { export, first, before } = start;
        // Memory that grows with the users; other memory was checked at the start of the pass.
        let room = (self.facts.try_reserve(part.facts.len()))
            .and_then(|()| self.identities.try_reserve(part.identities.len()))
            .and_then(|()| self.register.reserve(part.held.len()))
            .and_then(|()| self.rankings.try_reserve(part.rankings.len()));
        room.map_err(|_| {
            Failure::out_of_memory(&text!("more than {first} records", "plus de {first} enregistrements"))
        })?;
        let index_of = |one: &Series| Series::index_in(&mut self.series, &one.domain, one.protected);
        let series: Vec<u16> = part.series.iter().map(index_of).collect();
        let rankings = u32::try_from(self.rankings.len()).unwrap_or(u32::MAX);
        let is_input = export < exports.inputs;
        self.facts.extend(part.facts.into_iter().filter(|_| is_input).map(|mut fact| {
            fact.series = series.get(usize::from(fact.series)).copied().unwrap_or(NONE);
            fact.ranking += rankings;
            fact
        }));
        let guids = exports.guids.get(&export).map_or(&[][..], Vec::as_slice);
        let guid = |record: u32| guids.get((before + record) as usize).copied().flatten();
        self.identities.extend(part.identities.into_iter().map(|who| Identity {
            guid: who.guid.or_else(|| guid(who.record)),
            record: first + who.record,
            ..who
        }));
        for (address, record, role) in part.held {
            self.register.note(address, first + record, role);
        }
        self.rankings.extend(part.rankings);
        self.groups.extend(part.groups.into_iter().map(|(record, group)| (first + record, group)));
        self.homed_groups
            .extend(part.homed_groups.into_iter().map(|(group, pool, record)| (group, pool, first + record)));
        self.homed.extend(part.homed.into_iter().map(|(record, pool)| (first + record, pool)));
        let logon = |logon: Logon| Logon { record: first + logon.record, ..logon };
        self.logons.extend(part.logons.into_iter().map(logon));
        let named = |named: NamedRecord| NamedRecord { record: first + named.record, ..named };
        self.listed.extend(part.listed.into_iter().map(named));
        self.domains.extend(part.domains);
        self.changed.extend(part.changed.into_iter().map(|record| first + record));
        self.bases.iter_mut().zip(part.bases).for_each(|(all, met)| *all |= met);
        Ok(())
    }
}
