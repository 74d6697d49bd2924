//! The first pass: which records of the exports are users of the run, and what state they are in.

use std::collections::HashMap;
use std::ops::Range;

use crate::change::State;
use crate::codes::Reason;
use crate::input::asides::{self, Account, Located};
use crate::input::{Export, Numbered, RecordKind, Shown};
use crate::language::text;
use crate::message::{Failure, Message, Severity};
use crate::object::{Attr, Object, Value};
use crate::output::ldif::Series;
use crate::output::store::Store;
use crate::output::writer::SHOWN_OF_A_CODE;
use crate::records::{Again, Fresh, Records};
use crate::report::{Status, Totals};
use crate::run::{Run, Texts};
use crate::settings::Reading;
use crate::sip::claims::Fingerprint;
use crate::verify::holders::{Conflicts, HolderPlace, Holders, Remarked};
use crate::verify::{Inquiry, Task};
use crate::wizard::account::{is_deleted, is_of_users, is_protected, is_uncontrolled};
use crate::wizard::claims::person;

/// No record, no series: an index that means none.
pub(super) const NONE: u32 = u32::MAX;

/// Where a user of the run is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UserState {
    /// Applied, missing, drifted or gone.
    pub(crate) status: Status,
    /// Another DN than the run's.
    pub(crate) moved: bool,
    /// Several records of the user contradict each other.
    pub(crate) disputed: bool,
    /// Nothing comes back, for all that would has no object any more to name.
    pub(crate) spent: bool,
    /// Domain and protection: an index into [`Found::series`].
    series: u16,
    /// The record of the exports that shows the user, counted over all of them.
    record: u32,
    /// The number of the change record in its series, if one is written.
    pub(crate) number: u32,
}

/// Why nothing is written for a user whose state asks for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bar {
    pub(crate) reason: Reason,
    /// Who has what the user would get.
    pub(crate) holder: Option<HolderPlace>,
}

/// What the first pass brings home.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// One a user of the run.
    pub(crate) states: Vec<UserState>,
    /// Why a user gets no change record, whatever their state.
    pub(crate) barred: HashMap<u32, Bar>,
    /// Who gets what somebody else has as mail, or but for accents and width.
    pub(crate) remarked: HashMap<u32, Remarked>,
    /// The users that the exports show, in the order of their records.
    order: Vec<u32>,
    pub(crate) series: Vec<Series>,
    /// How many records each export has.
    pub(crate) exports: Vec<u64>,
    /// What is between records, by export.
    pub(crate) asides: Vec<(usize, Message)>,
    pub(crate) totals: Totals,
}

impl Found {
    /// The users in these records: record and user, in order.
    pub(crate) fn users(&self, records: Range<u32>) -> impl Iterator<Item = (u32, u32)> {
        let record = |user: u32| self.states[user as usize].record;
        let from = self.order.partition_point(|&user| record(user) < records.start);
        let users = self.order[from..].iter().map(move |&user| (record(user), user));
        users.take_while(move |(record, _)| *record < records.end)
    }

    /// The users that no export shows, in the order of the run.
    pub(crate) fn gone(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.states).filter(|(_, state)| state.status == Status::Gone).map(|(user, _)| user)
    }

    /// The status of a user's row, and why.
    pub(crate) fn outcome(&self, task: Task, user: u32) -> (Status, &'static str) {
        let state = self.states[user as usize].status;
        match self.barred.get(&user).map(|bar| bar.reason.code()) {
            Some(code) if task == Task::Undo => (Status::Rejected, code),
            Some(code) => (state, code),
            None => task.outcome(state),
        }
    }

    /// Whether a change record is written for the user.
    pub(crate) fn writes(&self, task: Task, user: u32) -> bool {
        task.writes(self.states[user as usize].status) && !self.barred.contains_key(&user)
    }

    /// The series of a user's change record.
    pub(crate) fn series_of(&self, user: u32) -> usize {
        usize::from(self.states[user as usize].series)
    }
}

/// What one batch brings home; record numbers count from the batch's first.
#[derive(Default)]
struct FoundPart {
    export: usize,
    records: u32,
    objects: u32,
    changes: u32,
    found: Vec<(u32, UserState)>,
    barred: Vec<(u32, Reason)>,
    /// Users whose records do not show whether their accounts are disabled.
    uncontrolled: Vec<u32>,
    holders: Holders,
    series: Vec<Series>,
    asides: Option<Located>,
    /// Records that cannot be read and are not known to be a user's.
    unread: Vec<Message>,
    shown: Shown,
    dump: bool,
}

/// Who an object is, by GUID and DN.
fn identity(object: &Object<'_>) -> (Option<Fingerprint>, Fingerprint) {
    (object.guid_octets().map(|guid| Fingerprint::of(&guid)), Fingerprint::of(object.normalized.as_bytes()))
}

/// The values that an object has of an attribute.
pub(super) fn values<'o>(object: &'o Object<'_>, reading: &Reading, attribute: &str) -> Vec<&'o [u8]> {
    let attr = reading.attributes.find(attribute.as_bytes());
    attr.map_or_else(Vec::new, |attr| object.values(attr).map(Value::bytes).collect())
}

/// Reads the exports once, keeps their records in the store, and says where each user of the run is.
///
/// # Errors
/// What reading gives; `export-incomplete` for an export that is cut; `attribute-not-shown` for one that does not show
/// what the run has written.
pub(crate) fn find<'e>(
    inquiry: &Inquiry,
    exports: &'e [Export],
    store: Store,
) -> Result<(Found, Records<'e>), Failure> {
    let Inquiry { run, reading, .. } = inquiry;
    let gone = UserState {
        status: Status::Gone,
        moved: false,
        disputed: false,
        spent: false,
        series: u16::MAX,
        record: NONE,
        number: NONE,
    };
    let (states, counts) = (vec![gone; run.len()], vec![0; exports.len()]);
    let mut found = Found { states, exports: counts, ..Found::default() };
    let mut shown = vec![(Shown::new(&reading.attributes), false, false); exports.len()];
    let mut accounts: Vec<Account> = exports.iter().map(|_| Account::default()).collect();
    let mut held = vec![(0, 0); exports.len()];
    let (mut records, mut holders, mut uncontrolled) = (0_u32, Holders::default(), Vec::new());
    let read = Records::read(
        "comparing",
        exports,
        &reading.attributes,
        store,
        |batch| look(inquiry, batch),
        |part: Result<FoundPart, Failure>| {
            let part = part?;
            let (seen, users, dump) = &mut shown[part.export];
            seen.merge(&part.shown);
            *users |= !part.found.is_empty();
            *dump |= part.dump;
            found.exports[part.export] += u64::from(part.records);
            let (objects, changes) = &mut held[part.export];
            *objects += u64::from(part.objects);
            *changes += u64::from(part.changes);
            if let Some(asides) = part.asides {
                accounts[part.export].take(asides, part.records.into(), &exports[part.export].name);
            }
            found.asides.extend(part.unread.into_iter().map(|message| (part.export, message)));
            holders.merge(part.holders, records);
            uncontrolled.extend(part.uncontrolled.into_iter().map(|user| (user, part.export)));
            let barred = part.barred.into_iter();
            found.barred.extend(barred.map(|(user, reason)| (user, Bar { reason, holder: None })));
            let all = &mut found.series;
            let known = part.series.iter().map(|one| Series::index_in(all, &one.domain, one.protected));
            let series: Vec<u16> = known.collect();
            for (user, state) in part.found {
                let known = &mut found.states[user as usize];
                if known.status == Status::Gone {
                    let series = series[usize::from(state.series)];
                    *known = UserState { record: records + state.record, series, ..state };
                } else if known.status != state.status {
                    (known.status, known.disputed) = (Status::Drifted, true);
                }
            }
            records += part.records;
            Ok(())
        },
    )?;
    found.asides.extend(asides::finish(accounts, exports)?);
    found.asides = inquiry.report.redaction.asides(found.asides);
    let refused: Vec<Message> = exports
        .iter()
        .zip(&found.exports)
        .zip(held)
        .filter_map(|((export, &records), (objects, changes))| export.refusal(records, objects, changes))
        .collect();
    if !refused.is_empty() {
        return Err(Failure::Unfit(refused));
    }
    not_shown(run, exports, reading, &shown)?;
    let shows_control = |export: usize| {
        let (shown, ..) = &shown[export];
        shown.has(Attr::USER_ACCOUNT_CONTROL) || shown.has(Attr::ENABLED)
    };
    for (user, _) in uncontrolled.into_iter().filter(|(_, export)| shows_control(*export)) {
        found.barred.entry(user).or_insert(Bar { reason: Reason::VALUE_MISSING, holder: None });
    }
    found.meet(inquiry.task, holders, &read)?;
    found.conclude(inquiry.task, records);
    Ok((found, read))
}

fn look(inquiry: &Inquiry, batch: &Fresh<'_>) -> Result<FoundPart, Failure> {
    let Inquiry { task, run, reading, policy, .. } = inquiry;
    let mut texts = Texts::of(run);
    let writes_claims = inquiry.writes_claims();
    let mut failure = None;
    let mut part = FoundPart { export: batch.index, ..FoundPart::default() };
    let mut each = |record: &Numbered<'_>, note: &mut Vec<u8>| {
        let &Numbered { number, kind, ref object, ref findings, .. } = record;
        part.records += 1;
        part.changes += u32::from(kind == RecordKind::Change);
        part.objects += u32::from(record.is_object());
        let is_read = kind == RecordKind::Entry && !inquiry.is_cut(object);
        part.dump |= object.has(Attr::INSTANCE_TYPE) || object.has(Attr::OBJECT_CATEGORY);
        let (guid, dn) = identity(object);
        let counts = failure.is_none() && !object.normalized.is_empty() && !is_deleted(object);
        // Another object may have the DN by now.
        let is_user = !object.has(Attr::OBJECT_CLASS) || is_of_users(object, policy.contacts);
        let user = run.find(guid, dn).filter(|_| counts && is_user);
        if counts && writes_claims {
            part.holders.hold(object, user.unwrap_or(NONE), number, policy.has_rivals);
        }
        // What a change record gives counts as held, and shows nobody's state.
        if kind == RecordKind::Change {
            return;
        }
        let Some(user) = user else {
            let fault = findings.iter().find(|finding| finding.severity == Severity::Error);
            if let Some(fault) = fault.filter(|_| part.unread.len() < SHOWN_OF_A_CODE) {
                part.unread.push(Message { severity: Severity::Warning, ..batch.message(fault) });
            }
            return;
        };
        let change = match inquiry.change(&mut texts, user) {
            Ok(change) => change,
            Err(fault) => return failure = Some(fault),
        };
        let state = change.state(|attribute| values(object, reading, attribute));
        if task.writes(state.into()) {
            change.note(note);
        }
        let written = task.written(change);
        let spent = *task == Task::Undo && state == State::Applied && written.is_empty();
        let status = match state {
            _ if !is_read => Status::Drifted,
            _ if spent => Status::Missing,
            state => state.into(),
        };
        if task.writes(status) {
            match inquiry.left_alone(object, &written) {
                Some(reason) => part.barred.push((user, reason)),
                None => part.holders.change(user, object, &written, reading),
            }
            if policy.enables && is_uncontrolled(object) {
                part.uncontrolled.push(user);
            }
        }
        let protected = run.batch(user).protected || policy.sets_apart() && is_protected(object);
        let series = Series::index_in(&mut part.series, ldif::dn::domain(&object.dn), protected);
        let state = UserState {
            status,
            moved: run.dn(user) != dn,
            disputed: false,
            spent,
            series,
            record: number,
            number: NONE,
        };
        part.found.push((user, state));
    };
    let (shown, asides) = batch.each(&mut each);
    failure.map_or(Ok(FoundPart { shown, asides: Some(asides), ..part }), Err)
}

impl Found {
    /// Leaves out whoever would get what another has and keeps.
    fn meet(&mut self, task: Task, mut holders: Holders, records: &Records<'_>) -> Result<(), Failure> {
        let record = |user: u32| self.states[user as usize].record;
        let wanted = holders.meeting(record);
        let mut met = HashMap::with_capacity(wanted.len());
        let each = |batch: &Again<'_>, record: &Numbered<'_>| {
            let number = |number: usize| u32::try_from(number).unwrap_or(NONE);
            let line = u32::try_from(record.line).unwrap_or(NONE);
            (HolderPlace { export: number(batch.index), line }, person(&record.object, true))
        };
        records.gather(&wanted, &each, |found| met.extend(found))?;
        let Conflicts { barred, remarked } = holders.conflicts(task, &met, record);
        barred.into_iter().for_each(|(user, bar)| _ = self.barred.entry(user).or_insert(bar));
        self.remarked = remarked;
        Ok(())
    }

    /// Which change record is whose, and the sums.
    fn conclude(&mut self, task: Task, records: u32) {
        let users = 0..u32::try_from(self.states.len()).unwrap_or(u32::MAX);
        self.order = users.clone().filter(|&user| self.states[user as usize].record != NONE).collect();
        self.order.sort_unstable_by_key(|&user| self.states[user as usize].record);
        for &user in &self.order {
            if self.writes(task, user) {
                let state = &mut self.states[user as usize];
                let series = &mut self.series[usize::from(state.series)].records;
                state.number = u32::try_from(*series).unwrap_or(NONE);
                *series += 1;
            }
        }
        users.for_each(|user| self.totals.count(self.outcome(task, user).0));
        for _ in self.order.len()..records as usize {
            self.totals.count(Status::Other);
        }
    }
}

/// The exports that hold users of the run and do not show what it has written.
fn not_shown(
    run: &Run,
    exports: &[Export],
    reading: &Reading,
    shown: &[(Shown, bool, bool)],
) -> Result<(), Failure> {
    let mut faults = Vec::new();
    for (export, (shown, users, dump)) in exports.iter().zip(shown) {
        if !users || *dump {
            continue;
        }
        let is_shown = |name: &&String| {
            let attr = reading.attributes.find(name.as_bytes());
            attr.is_some_and(|attr| shown.has(attr) || reading.absent.asserts(attr))
        };
        let lacking: Vec<&str> =
            run.touched.iter().filter(|name| !is_shown(name)).map(String::as_str).collect();
        if !lacking.is_empty() {
            let what =
                text!("`{}` does not show {}", "`{}` ne montre pas {}", export.name, lacking.join(", "));
            let flags: String = lacking.iter().map(|name| format!(" --absent {name}")).collect();
            faults.push(
                Message::error("attribute-not-shown", what)
                    .because(text!(
                        "an attribute that was not exported looks like one that is empty",
                        "un attribut qui n’a pas été exporté a l’air vide"
                    ))
                    .help(text!(
                        "export all attributes, or assert that they are empty everywhere:{flags}",
                        "exportez tous les attributs, ou déclarez-les vides partout\u{a0}:{flags}"
                    )),
            );
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::Unfit(faults)) }
}
