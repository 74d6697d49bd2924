//! Rows and issues of the reports: rendered in parallel, in order on the disk until the sums at the head are known.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Write;

use super::buffer::room;
use super::cells::{Digits, cells};
use super::html::table::{HtmlTable, RANKS, Room, ShownRow};
use super::{RunDirectory, users, xml};
use crate::change::Change;
use crate::language::Language;
use crate::message::{Failure, Severity};
use crate::report::{Issue, Row, Status, Totals};

/// How many messages that concern no record the page shows.
const MOST_ABOUT: usize = 200;

/// How many values of an attribute are distinguished.
const MOST_VALUES: usize = 12;

/// How many different folded names the page lists.
const MOST_FOLDED: usize = 200;

/// Adds counts to sums.
pub(crate) fn add<K: Ord>(sums: &mut BTreeMap<K, u64>, counts: BTreeMap<K, u64>) {
    counts.into_iter().for_each(|(key, count)| *sums.entry(key).or_default() += count);
}

/// What is counted while rows and issues are rendered.
#[derive(Debug, Default)]
pub struct MessageTally {
    /// Warnings among the issues.
    pub warnings: u64,
    /// Changed users who had no address before.
    pub newly: u64,
    /// How many rows each status and code has.
    pub reasons: BTreeMap<(Status, &'static str), u64>,
    /// What is written, by attribute: few, of which a map would take longer.
    pub written: Vec<(String, Tallied)>,
    /// How many users who go on have their address from each source.
    pub sources: BTreeMap<&'static str, u64>,
    /// The names that were folded.
    pub folded: FoldedName,
}

impl MessageTally {
    fn add(&mut self, other: Self) {
        self.warnings += other.warnings;
        self.newly += other.newly;
        add(&mut self.reasons, other.reasons);
        add(&mut self.sources, other.sources);
        self.folded.add(other.folded);
        for (attribute, tallied) in other.written {
            self.written(&attribute).add(tallied);
        }
    }

    /// Puts what was counted beside the sums of the plan.
    pub(crate) fn sum_up(&mut self, totals: &mut Totals) {
        (totals.warnings, totals.newly) = (self.warnings, self.newly);
        totals.reasons = std::mem::take(&mut self.reasons);
    }

    fn written(&mut self, attribute: &str) -> &mut Tallied {
        let at = self.written.iter().position(|(known, _)| known == attribute).unwrap_or_else(|| {
            self.written.push((attribute.to_owned(), Tallied::default()));
            self.written.len() - 1
        });
        &mut self.written[at].1
    }

    /// Counts the attributes that a change gives and takes, and their values where these may be shown.
    pub fn count_change(&mut self, change: &Change<'_>, shows_values: bool) {
        for (attribute, _, added) in change.differences() {
            let tallied = self.written(attribute);
            tallied.users += 1;
            tallied.removals += u64::from(added.is_empty());
            if let [value] = added
                && shows_values
            {
                tallied.count(value, 1);
            }
        }
    }
}

/// How many users get an attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallied {
    /// Users whose value changes.
    pub users: u64,
    /// Of them, those who only lose values.
    pub removals: u64,
    /// Its new values, each with its users; none where nearly each user has another.
    pub values: Vec<(Vec<u8>, u64)>,
    varies: bool,
}

impl Tallied {
    fn count(&mut self, value: &[u8], users: u64) {
        if self.varies {
            return;
        }
        if let Some((_, known)) = self.values.iter_mut().find(|(known, _)| known == value) {
            *known += users;
        } else if self.values.len() < MOST_VALUES {
            self.values.push((value.to_vec(), users));
        } else {
            self.varies = true;
            self.values.clear();
        }
    }

    fn add(&mut self, other: Self) {
        self.users += other.users;
        self.removals += other.removals;
        if other.varies {
            self.varies = true;
            self.values.clear();
        }
        other.values.iter().for_each(|(value, users)| self.count(value, *users));
    }
}

/// Folded names: the first different ones, in input order.
#[derive(Debug, Default)]
pub struct FoldedName {
    /// As written, as folded, and how often.
    pub names: Vec<(String, String, u64)>,
    /// How many were folded in all.
    pub total: u64,
    known: HashMap<(String, String), usize>,
}

impl FoldedName {
    /// Counts a name.
    pub fn count(&mut self, before: &str, after: &str) {
        self.count_times(before.to_owned(), after.to_owned(), 1);
    }

    fn count_times(&mut self, before: String, after: String, times: u64) {
        self.total += times;
        let key = (before, after);
        match self.known.get(&key) {
            Some(&at) => self.names[at].2 += times,
            None if self.names.len() < MOST_FOLDED => {
                self.names.push((key.0.clone(), key.1.clone(), times));
                self.known.insert(key, self.names.len() - 1);
            }
            None => {}
        }
    }

    fn add(&mut self, other: Self) {
        let listed: u64 = other.names.iter().map(|(.., times)| times).sum();
        self.total += other.total - listed;
        other.names.into_iter().for_each(|(before, after, times)| self.count_times(before, after, times));
    }
}

/// What one batch of records adds.
#[derive(Debug)]
pub struct SpoolPart<'r> {
    rows: Vec<u8>,
    issues: Vec<u8>,
    table: HtmlTable<'r>,
    users: users::Rows,
    /// What is counted.
    pub tally: MessageTally,
}

impl<'r> SpoolPart<'r> {
    /// Nothing yet, with space for this many rows; `page` is the room on the page.
    pub fn new(language: Language, page: &'r Room, rows: usize) -> Self {
        Self {
            rows: room(rows),
            issues: Vec::new(),
            table: HtmlTable::new(language, page),
            users: users::Rows::new(language, rows),
            tally: MessageTally::default(),
        }
    }

    /// Whether the page shows what is written of each user.
    pub fn shows_written(&self) -> bool {
        self.table.is_whole()
    }

    /// A user's row of `report.xml` and of `users.csv`. True if it held a character that XML 1.0 cannot.
    pub fn row(&mut self, row: &Row<'_>) -> bool {
        self.tally.newly += u64::from(row.status == Status::Changed && row.previous_sip_uri.is_empty());
        let mut digits = Digits::default();
        let cells = cells(row, &mut digits);
        self.users.row(&cells);
        xml::row(&mut self.rows, &cells)
    }

    /// The issues of that row, and with them the row of the page.
    pub(crate) fn explain(&mut self, shown: &ShownRow<'_>) {
        for issue in shown.issues {
            xml::issue(&mut self.issues, issue);
            self.tally.warnings += u64::from(issue.message.severity == Severity::Warning);
        }
        self.table.row(shown);
        self.users.message(shown.issues);
    }
}

/// The reports' rows and issues, so far.
#[derive(Debug)]
pub(crate) struct Spools {
    /// The rows of `report.xml`.
    pub rows: File,
    /// Its issues.
    pub issues: File,
    /// The rows of the page, by rank.
    pub page: [File; RANKS],
    /// The rows of `users.csv`.
    pub users: File,
    /// The first messages that concern no record.
    pub about: Vec<Issue>,
    /// How many more there are.
    pub more: u64,
    /// How many rows the page has.
    pub listed: u64,
    pub tally: MessageTally,
}

impl Spools {
    /// Nothing but issues that concern no record.
    pub(crate) fn new(run: &RunDirectory, first: &[Issue]) -> Result<Self, Failure> {
        let (rows, issues, users) = (run.spool()?, run.spool()?, run.spool()?);
        let page = [run.spool()?, run.spool()?, run.spool()?, run.spool()?];
        let mut spools = Self {
            rows,
            issues,
            page,
            users,
            about: Vec::new(),
            more: 0,
            listed: 0,
            tally: MessageTally::default(),
        };
        first.iter().try_for_each(|issue| spools.note(run, issue))?;
        Ok(spools)
    }

    /// Appends an issue that concerns no record.
    pub(crate) fn note(&mut self, run: &RunDirectory, issue: &Issue) -> Result<(), Failure> {
        let mut rendered = Vec::new();
        xml::issue(&mut rendered, issue);
        if self.about.len() < MOST_ABOUT {
            self.about.push(issue.clone());
        } else {
            self.more += 1;
        }
        self.tally.warnings += u64::from(issue.message.severity == Severity::Warning);
        self.issues.write_all(&rendered).map_err(|error| run.unwritable(&error))
    }

    /// Appends what a batch adds; batches come in input order.
    pub(crate) fn append(&mut self, run: &RunDirectory, part: SpoolPart<'_>) -> Result<(), Failure> {
        let write =
            |file: &mut File, bytes: &[u8]| file.write_all(bytes).map_err(|error| run.unwritable(&error));
        write(&mut self.rows, &part.rows)?;
        write(&mut self.issues, &part.issues)?;
        let (table, rows) = part.table.fit();
        for (file, rows) in self.page.iter_mut().zip(&table) {
            write(file, rows.as_bytes())?;
        }
        write(&mut self.users, &part.users.bytes())?;
        self.listed += rows;
        self.tally.add(part.tally);
        Ok(())
    }
}
