//! The rows and issues of the reports, rendered in parallel and kept on the disk until the totals for the head are
//! known.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Write;

use super::buffer::buffer;
use super::cells::{Digits, cells};
use super::html::table::{HtmlTable, RANKS, Room, ShownRow};
use super::{RunDirectory, users, xml};
use crate::change::Change;
use crate::language::Language;
use crate::message::{Failure, Severity};
use crate::report::{Issue, Row, Status, Totals};

/// How many messages without a record the page shows.
const MOST_ABOUT: usize = 200;

/// How many values of an attribute are counted separately.
const MOST_VALUES: usize = 12;

/// How many different folded names the page lists.
const MOST_FOLDED: usize = 200;

/// Adds counts to sums.
pub(crate) fn add_counts<K: Ord>(sums: &mut BTreeMap<K, u64>, counts: BTreeMap<K, u64>) {
    counts.into_iter().for_each(|(key, count)| *sums.entry(key).or_default() += count);
}

/// The counts that accumulate while rows and issues are rendered.
#[derive(Debug, Default)]
pub struct MessageTally {
    /// Warnings among the issues.
    pub warnings: u64,
    /// Changed users who had no address before.
    pub newly: u64,
    /// The number of rows for each status and code.
    pub reasons: BTreeMap<(Status, &'static str), u64>,
    /// The counts for each written attribute: so few that a map would be slower.
    pub written: Vec<(String, Tallied)>,
    /// The number of users whose address comes from each source.
    pub sources: BTreeMap<&'static str, u64>,
    /// The names that were folded.
    pub folded: FoldedName,
}

impl MessageTally {
    /// Adds the counts of a later batch.
    fn add(&mut self, other: Self) {
        self.warnings += other.warnings;
        self.newly += other.newly;
        add_counts(&mut self.reasons, other.reasons);
        add_counts(&mut self.sources, other.sources);
        self.folded.add(other.folded);
        for (attribute, tallied) in other.written {
            self.tallied(&attribute).add(tallied);
        }
    }

    /// Copies the counts to the totals of the plan.
    pub(crate) fn sum_up(&mut self, totals: &mut Totals) {
        (totals.warnings, totals.newly) = (self.warnings, self.newly);
        totals.reasons = std::mem::take(&mut self.reasons);
    }

    /// The counts of an attribute, new if necessary.
    fn tallied(&mut self, attribute: &str) -> &mut Tallied {
        let at = self.written.iter().position(|(known, _)| known == attribute).unwrap_or_else(|| {
            self.written.push((attribute.to_owned(), Tallied::default()));
            self.written.len() - 1
        });
        &mut self.written[at].1
    }

    /// Counts the attributes that a change affects, and their new values if these may be shown.
    pub fn count_change(&mut self, change: &Change<'_>, shows_values: bool) {
        for (attribute, _, added) in change.differences() {
            let tallied = self.tallied(attribute);
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

/// How many users a change of an attribute affects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallied {
    /// Users whose value changes.
    pub users: u64,
    /// Of them, those who only lose values.
    pub removals: u64,
    /// Its new values, each with its number of users; empty if there are too many different ones.
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
            self.give_up();
        }
    }

    /// Counts no single value any more: there are too many different ones.
    fn give_up(&mut self) {
        self.varies = true;
        self.values.clear();
    }

    fn add(&mut self, other: Self) {
        self.users += other.users;
        self.removals += other.removals;
        if other.varies {
            self.give_up();
        }
        other.values.iter().for_each(|(value, users)| self.count(value, *users));
    }
}

/// Folded names in input order, up to a limit.
#[derive(Debug, Default)]
pub struct FoldedName {
    /// The original name, the folded name, and how often it occurs.
    pub names: Vec<(String, String, u64)>,
    /// The number of all folded names.
    pub total: u64,
    known: HashMap<(String, String), usize>,
}

impl FoldedName {
    /// Counts one name.
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

    /// Adds the names of a later batch; those that it does not list only count in the total.
    fn add(&mut self, other: Self) {
        let listed: u64 = other.names.iter().map(|(.., times)| times).sum();
        self.total += other.total - listed;
        other.names.into_iter().for_each(|(before, after, times)| self.count_times(before, after, times));
    }
}

/// What one batch of records adds to the spools.
#[derive(Debug)]
pub struct SpoolPart<'r> {
    rows: Vec<u8>,
    issues: Vec<u8>,
    table: HtmlTable<'r>,
    users: users::Rows,
    /// The counts.
    pub tally: MessageTally,
}

impl<'r> SpoolPart<'r> {
    /// An empty part with space for this many rows; `page` is the room on the page.
    pub fn new(language: Language, page: &'r Room, rows: usize) -> Self {
        Self {
            rows: buffer(rows),
            issues: Vec::new(),
            table: HtmlTable::new(language, page),
            users: users::Rows::new(language, rows),
            tally: MessageTally::default(),
        }
    }

    /// Whether the page shows the changes of each user.
    pub fn shows_written(&self) -> bool {
        self.table.is_whole()
    }

    /// Renders a user's row for `report.xml` and `users.csv`. Returns true if it has a character that XML 1.0 forbids.
    pub fn row(&mut self, row: &Row<'_>) -> bool {
        self.tally.newly += u64::from(row.status == Status::Changed && row.previous_sip_uri.is_empty());
        let mut digits = Digits::default();
        let cells = cells(row, &mut digits);
        self.users.row(&cells);
        xml::row(&mut self.rows, &cells)
    }

    /// Renders the issues of that row, and the row on the page.
    pub(crate) fn explain(&mut self, shown: &ShownRow<'_>) {
        for issue in shown.issues {
            xml::issue(&mut self.issues, issue);
            self.tally.warnings += u64::from(issue.message.severity == Severity::Warning);
        }
        self.table.row(shown);
        self.users.message(shown.issues);
    }
}

/// The rows and issues of all reports so far.
#[derive(Debug)]
pub(crate) struct Spools {
    /// The rows of `report.xml`.
    pub rows: File,
    /// The issues of `report.xml`.
    pub issues: File,
    /// The rows of the page, by rank.
    pub page: [File; RANKS],
    /// The rows of `users.csv`.
    pub users: File,
    /// The first messages without a record.
    pub about: Vec<Issue>,
    /// How many more such messages there are.
    pub more: u64,
    /// The number of rows on the page.
    pub listed: u64,
    pub tally: MessageTally,
}

impl Spools {
    /// Creates the spools, with only these issues without a record.
    pub(crate) fn new(run: &RunDirectory, mut first: impl Iterator<Item = Issue>) -> Result<Self, Failure> {
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
        first.try_for_each(|issue| spools.note(run, &issue))?;
        Ok(spools)
    }

    /// Appends an issue without a record.
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

    /// Appends the part of a batch; batches must come in input order.
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
