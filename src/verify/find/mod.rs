//! The first pass: finds the users of the run in the exports, and their states.

// one batch
mod comparer;

use std::collections::HashMap;
use std::mem;
use std::ops::Range;

use crate::codes::Reason;
use crate::input::{Export, Numbered};
use crate::language::text;
use crate::message::{Failure, Message};
use crate::object::{Attr, Object, Value};
use crate::output::ldif::Series;
use crate::output::store::Store;
use crate::records::{BatchStart, Read, Records, StoredBatch};
use crate::report::{Status, Totals};
use crate::run::Run;
use crate::settings::Reading;
use crate::verify::holders::{Conflicts, HolderPlace, Holders, Remarked};
use crate::verify::{Inquiry, Task};
use crate::wizard::claims::person;
use comparer::{Comparer, FoundPart};

/// Stands for a missing record or series.
pub(super) const NONE: u32 = u32::MAX;

/// The state of a user of the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UserState {
    /// Applied, missing, drifted or gone.
    pub(crate) status: Status,
    /// Whether the user has another DN than in the run.
    pub(crate) moved: bool,
    /// Whether several records of the user have different states.
    pub(crate) disputed: bool,
    /// Whether nothing is restored, because all old values name deleted objects.
    pub(crate) spent: bool,
    /// The index of domain and protection in [`Found::series`].
    series: u16,
    /// The number of the user's record over all exports.
    record: u32,
    /// The number of the change record in its series, if one is written.
    pub(crate) number: u32,
}

/// Why a user in the right state gets no change record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bar {
    pub(crate) reason: Reason,
    /// The other holder of what the user would get.
    pub(crate) holder: Option<HolderPlace>,
}

/// The result of the first pass.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// One state for each user of the run.
    pub(crate) states: Vec<UserState>,
    /// Reasons for which users get no change record, by user.
    pub(crate) barred: HashMap<u32, Bar>,
    /// Users who get an address that somebody else has as mail, or that differs by accents or width.
    pub(crate) remarked: HashMap<u32, Remarked>,
    /// The users found in the exports, in the order of their records.
    order: Vec<u32>,
    pub(crate) series: Vec<Series>,
    /// Messages between the records, by export.
    pub(crate) asides: Vec<(usize, Message)>,
    /// Whether records could not be read that may be of users.
    pub(crate) has_unread: bool,
    pub(crate) totals: Totals,
}

impl Found {
    /// The users in a range of records, as pairs of record and user, in order.
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

    /// The status and code of a user's row.
    pub(crate) fn outcome(&self, task: Task, user: u32) -> (Status, &'static str) {
        let state = self.states[user as usize].status;
        match self.barred.get(&user).map(|bar| bar.reason.code()) {
            Some(code) if task == Task::Undo => (Status::Rejected, code),
            Some(code) => (state, code),
            None => task.outcome(state),
        }
    }

    /// Whether the user gets a change record.
    pub(crate) fn writes(&self, task: Task, user: u32) -> bool {
        task.writes(self.states[user as usize].status) && !self.barred.contains_key(&user)
    }

    /// The index of the series of a user's change record.
    pub(crate) fn series_of(&self, user: u32) -> usize {
        usize::from(self.states[user as usize].series)
    }
}

/// The values of an attribute by its name.
pub(super) fn values<'o>(object: &'o Object<'_>, reading: &Reading, attribute: &str) -> Vec<&'o [u8]> {
    let attr = reading.attributes.find(attribute.as_bytes());
    attr.map_or_else(Vec::new, |attr| object.values(attr).map(Value::bytes).collect())
}

/// The results of the batches, merged in order.
struct Gathering {
    found: Found,
    holders: Holders,
    /// The users of [`FoundPart::changed`].
    changed: Vec<u32>,
    /// The users of [`FoundPart::uncontrolled`], each with its export.
    uncontrolled: Vec<(u32, usize)>,
}

impl Gathering {
    fn new(users: usize) -> Self {
        let gone = UserState {
            status: Status::Gone,
            moved: false,
            disputed: false,
            spent: false,
            series: u16::MAX,
            record: NONE,
            number: NONE,
        };
        let found = Found { states: vec![gone; users], ..Found::default() };
        Self { found, holders: Holders::default(), changed: Vec::new(), uncontrolled: Vec::new() }
    }

    /// Adds the result of a batch, in order.
    fn add(&mut self, BatchStart { export, first, .. }: BatchStart, part: FoundPart) {
        let found = &mut self.found;
        found.has_unread |= !part.unread.is_empty();
        found.asides.extend(part.unread.into_iter().map(|message| (export, message)));
        self.holders.merge(part.holders, first);
        self.changed.extend(part.changed);
        self.uncontrolled.extend(part.uncontrolled.into_iter().map(|user| (user, export)));
        let barred = part.barred.into_iter();
        found.barred.extend(barred.map(|(user, reason)| (user, Bar { reason, holder: None })));
        let all = &mut found.series;
        let index_of = |one: &Series| Series::index_in(all, &one.domain, one.protected);
        let series: Vec<u16> = part.series.iter().map(index_of).collect();
        for (user, state) in part.found {
            let known = &mut found.states[user as usize];
            if known.status == Status::Gone {
                let series = series[usize::from(state.series)];
                *known = UserState { record: first + state.record, series, ..state };
            } else if known.status != state.status {
                (known.status, known.disputed) = (Status::Drifted, true);
            }
        }
    }

    /// Completes the result, if the exports are complete and show what the run has written.
    fn finish(
        mut self,
        inquiry: &Inquiry,
        records: &Records<'_>,
        asides: Vec<(usize, Message)>,
    ) -> Result<Found, Failure> {
        let Inquiry { task, run, reading, report, .. } = inquiry;
        self.found.asides.extend(asides);
        self.found.asides = report.redaction.asides(mem::take(&mut self.found.asides));
        let each = || records.exports().iter().zip(records.reads());
        Failure::any_unfit(each().filter_map(|(export, read)| read.refusal(export)).collect())?;
        let with_users = each().filter(|(_, read)| read.users);
        Failure::any_unfit(
            with_users.filter_map(|(export, read)| not_shown(run, export, reading, read)).collect(),
        )?;
        for (user, export) in self.uncontrolled {
            let shown = &records.reads()[export].shown;
            if shown.has(Attr::USER_ACCOUNT_CONTROL) || shown.has(Attr::ENABLED) {
                self.found.barred.entry(user).or_insert(Bar { reason: Reason::VALUE_MISSING, holder: None });
            }
        }
        for user in self.changed {
            let state = &mut self.found.states[user as usize];
            if state.status != Status::Gone {
                (state.status, state.disputed) = (Status::Drifted, true);
            }
        }
        for state in self.found.states.iter_mut().filter(|state| records.cut().contains(&state.record)) {
            state.status = Status::Drifted;
        }
        self.found.bar_conflicts(*task, self.holders, records)?;
        self.found.conclude(*task, records.total());
        Ok(self.found)
    }
}

/// Reads the exports once, keeps their records in the store, and finds the users of the run.
///
/// # Errors
/// Errors of reading; `export-incomplete` if an export is cut off; `attribute-not-shown` if one lacks an attribute that
/// the run has written.
pub(crate) fn find<'e>(
    inquiry: &Inquiry,
    exports: &'e [Export],
    store: Store,
) -> Result<(Found, Records<'e>), Failure> {
    let mut gathering = Gathering::new(inquiry.run.len());
    let (records, asides) = Records::read(
        "comparing",
        exports,
        &inquiry.reading.attributes,
        store,
        |batch| Comparer::new(inquiry).batch(batch),
        |start, part: Result<FoundPart, Failure>| part.map(|part| gathering.add(start, part)),
    )?;
    Ok((gathering.finish(inquiry, &records, asides)?, records))
}

impl Found {
    /// Bars users from getting what others have and keep.
    fn bar_conflicts(
        &mut self,
        task: Task,
        mut holders: Holders,
        records: &Records<'_>,
    ) -> Result<(), Failure> {
        let record = |user: u32| self.states[user as usize].record;
        let wanted = holders.in_conflict(record);
        let mut parties = HashMap::with_capacity(wanted.len());
        let each = |batch: &StoredBatch<'_>, record: &Numbered<'_>| {
            let number = |number: usize| u32::try_from(number).unwrap_or(NONE);
            let line = u32::try_from(record.line).unwrap_or(NONE);
            (HolderPlace { export: number(batch.index), line }, person(&record.object, true))
        };
        records.gather(&wanted, &each, |found| parties.extend(found))?;
        let Conflicts { barred, remarked } = holders.conflicts(task, &parties, record);
        barred.into_iter().for_each(|(user, bar)| _ = self.barred.entry(user).or_insert(bar));
        self.remarked = remarked;
        Ok(())
    }

    /// Numbers the change records and counts the statuses.
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

/// Reports the attributes that the run has written and the export lacks.
fn not_shown(run: &Run, export: &Export, reading: &Reading, read: &Read) -> Option<Message> {
    let is_shown = |name: &&String| {
        let attr = reading.attributes.find(name.as_bytes());
        attr.is_some_and(|attr| read.shows_itself(attr) || reading.absent.asserts(attr))
    };
    let lacking: Vec<&str> = run.touched.iter().filter(|name| !is_shown(name)).map(String::as_str).collect();
    if lacking.is_empty() {
        return None;
    }
    let what = text!("`{}` does not show {}", "`{}` ne montre pas {}", export.name, lacking.join(", "));
    let flags: String = lacking.iter().map(|name| format!(" --absent {name}")).collect();
    let message = Message::error("attribute-not-shown", what).because(text!(
        "an attribute that was not exported looks like an empty one",
        "un attribut qui n’a pas été exporté a l’air vide"
    ));
    Some(message.help(text!(
        "export all attributes, or assert that they are empty everywhere:{flags}",
        "exportez tous les attributs, ou déclarez-les vides partout\u{a0}:{flags}"
    )))
}
