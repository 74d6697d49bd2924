//! The first pass: each record becomes a few bytes that the decision needs, and nothing of its text is kept.

// one batch
mod scanner;
// what exports hold and show
mod shown;

use super::Exports;
use crate::language::text;
use crate::message::{Failure, Message};
use crate::output::ldif::Series;
use crate::output::store::Store;
use crate::pool::{OnFull, PoolId};
use crate::records::{BatchStart, Records};
use crate::report::{Reason, Status};
use crate::sip::claims::{ClaimRole, Fingerprint, Register};
use crate::wizard::Wizard;
use scanner::Scanner;

pub(crate) use scanner::group_of;
pub(crate) use shown::indistinct;

/// No rule, no pool, no series: an index that means none.
pub(crate) const NONE: u16 = u16::MAX;

/// What the decision knows of a record of an input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    /// What it is so far; [`Status::Changed`] and [`Status::Unchanged`] are still open.
    pub status: Status,
    /// Why, if it is skipped or rejected for a reason of the list.
    pub reason: Option<Reason>,
    /// What else is true of it.
    pub is: Is,
    /// The rule that matches, by index, or [`NONE`].
    pub rule: u16,
    /// The pool that it has: an index, or [`NONE`].
    pub pool: u16,
    /// Its domain and whether it is protected: an index into [`Scan::series`], or [`NONE`].
    pub series: u16,
    /// Where its pools are in [`Scan::rankings`].
    pub ranking: u32,
    /// Which of the flags in [`Wizard::sought`] the user matches.
    pub matched: Option<u8>,
}

impl Fact {
    /// A record of which nothing else is known.
    fn of(status: Status) -> Self {
        let (rule, pool, series) = (NONE, NONE, NONE);
        Self { status, reason: None, is: Is::default(), rule, pool, series, ranking: 0, matched: None }
    }
}

/// What is true of a record: a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Is(u16);

impl Is {
    pub(crate) const TO_PLACE: Self = Self(1);
    /// Something is written for it, whatever pool it gets.
    pub(crate) const DIFFERENT: Self = Self(2);
    /// It has an address before the run.
    pub(crate) const ADDRESSED: Self = Self(4);
    /// It would lose the address that it has.
    pub(crate) const REPLACED: Self = Self(8);
    /// It is an account of which the record does not show userAccountControl.
    pub(crate) const UNCONTROLLED: Self = Self(16);
    /// It has attributes and no DN: it may be the rest of the record before it.
    pub(crate) const REMAINDER: Self = Self(32);
    /// It is a user by an assertion alone: the record shows no class.
    pub(crate) const CLASSLESS: Self = Self(64);
    /// Its objectSid names no account, and nothing else in the record tells Windows' own accounts apart.
    pub(crate) const UNIDENTIFIED: Self = Self(128);
    /// It contradicts a record that shows the object as a user: it has other classes, or changes what a decision rests on.
    pub(crate) const CONTRADICTING: Self = Self(256);
    /// Something else than a class says that it is the account of a user.
    pub(crate) const ACCOUNT: Self = Self(512);

    /// Whether all bits of `other` are set.
    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The same with these bits set, or not.
    pub(crate) fn with(self, other: Self, wanted: bool) -> Self {
        Self(if wanted { self.0 | other.0 } else { self.0 & !other.0 })
    }
}

/// Who a record speaks of: objects are the same by objectGUID, else by DN.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identity {
    /// The normalised DN.
    pub dn: Fingerprint,
    /// The GUID; `None` if the export does not show it.
    pub guid: Option<Fingerprint>,
    pub record: u32,
}

/// What the first pass brings home.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// One a record of the inputs.
    pub facts: Vec<Fact>,
    /// One a record, references included.
    pub identities: Vec<Identity>,
    /// Who holds and who claims which address.
    pub register: Register,
    /// Domains, ordinary accounts and protected ones apart, in the order in which they are met.
    pub series: Vec<Series>,
    /// For each user to place: the first wish, or all wishes in order where a full pool gives way to the next.
    pub rankings: Vec<PoolId>,
    /// Users to place that share a rule and a value: record → group.
    pub groups: Vec<(u32, Fingerprint)>,
    /// Users homed on a pool, with the groups they belong to.
    pub homed_groups: Vec<(Fingerprint, PoolId, u32)>,
    /// Records of inputs and of earlier runs with a pool of the run: each object counts once.
    pub homed: Vec<(u32, PoolId)>,
    /// Names of `--users`, the records that have them, and whether these are in the domain that the name has.
    pub listed: Vec<(u32, u32, bool)>,
    /// What is between records: referrals, trailers.
    pub asides: Vec<(usize, Message)>,
    /// How long each user's ranking is, by rule.
    pub ranked: Vec<u16>,
    /// Whether each of [`crate::settings::Settings::bases`] holds a user of the inputs.
    pub bases: Vec<bool>,
}

/// What one batch brings home; record numbers count from the batch's first.
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
    listed: Vec<(u32, u32, bool)>,
    bases: Vec<bool>,
}

/// Reads all exports once; their records are kept in the store.
///
/// # Errors
/// What reading gives; `export-incomplete` for an export that is cut; `attribute-not-shown` for one that does not show
/// what the run needs.
pub(crate) fn scan<'e>(
    wizard: &Wizard<'_>,
    exports: &'e Exports,
    store: Store,
) -> Result<(Scan, Records<'e>), Failure> {
    let settings = wizard.settings;
    let placement = &settings.placement;
    let may_overflow =
        placement.on_full == OnFull::Overflow && placement.pools.iter().any(|pool| pool.capacity > 0);
    let asks_all = may_overflow || placement.keep_together.is_some();
    let ranked = |pools: &[PoolId]| if asks_all { pools.len() } else { pools.len().min(1) };
    let mut scan = Scan {
        ranked: settings
            .rules
            .iter()
            .map(|rule| u16::try_from(ranked(&rule.pools)).unwrap_or(NONE))
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
        |start, part| scan.take(start, part, exports),
    )?;
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

    /// Takes over what a batch brought home, in order.
    fn take(&mut self, start: BatchStart, part: ScanPart, exports: &Exports) -> Result<(), Failure> {
        let BatchStart { export, first, before } = start;
        // What grows with the users. All else that a run holds is in the room that each pass begins with.
        let room = (self.facts.try_reserve(part.facts.len()))
            .and_then(|()| self.identities.try_reserve(part.identities.len()))
            .and_then(|()| self.register.reserve(part.held.len()))
            .and_then(|()| self.rankings.try_reserve(part.rankings.len()));
        room.map_err(|_| {
            Failure::out_of_memory(&text!("more than {first} records", "plus de {first} enregistrements"))
        })?;
        let known =
            part.series.iter().map(|one| Series::index_in(&mut self.series, &one.domain, one.protected));
        let series: Vec<u16> = known.collect();
        let rankings = u32::try_from(self.rankings.len()).unwrap_or(u32::MAX);
        let is_input = export < exports.inputs;
        self.facts.extend(part.facts.into_iter().filter(|_| is_input).map(|mut fact| {
            fact.series = series.get(usize::from(fact.series)).copied().unwrap_or(NONE);
            fact.ranking += rankings;
            fact
        }));
        let known = exports.guids.get(&export).map_or(&[][..], Vec::as_slice);
        let guid = |record: u32| known.get((before + record) as usize).copied().flatten();
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
        self.listed
            .extend(part.listed.into_iter().map(|(line, record, is_sure)| (line, first + record, is_sure)));
        self.bases.iter_mut().zip(part.bases).for_each(|(all, met)| *all |= met);
        Ok(())
    }
}
