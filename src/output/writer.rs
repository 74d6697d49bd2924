//! The writer of a run: it renders rows, messages and change records batch by batch in parallel, and writes them in
//! order.
//!
//! `plan` and `verify` both write through it, so that they report messages, mask values and number change records
//! alike.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::Arc;

use ldif::Profile;

use super::RunDirectory;
use super::html::table::{Room, ShownRow};
use super::ldif::{self as files, ChangeBatch, ChangeFiles, Heads, Numbering, Series};
use super::spool::{self, Spools};
use crate::change::{Change, Difference};
use crate::codes;
use crate::language::{Language, Text, text};
use crate::message::{Failure, Message, Severity};
use crate::object::common_name;
use crate::report::redaction::{MASK, RedactedRow, Redaction, masked};
use crate::report::{AttributeChange, Issue, Mode, Row, Status, Totals};
use crate::schema::value::{abridged, readable};

/// How many messages of one code the terminal shows; the report has all of them.
pub(crate) const SHOWN_OF_A_CODE: usize = 20;

/// How many of these wait until the end, so that a message with new advice can replace one without.
const WAITING: usize = 5;

/// How many users of a domain outside the list the terminal shows individually: the last message counts them.
const SHOWN_OF_A_DOMAIN: usize = 3;

/// The settings for writing a run.
#[derive(Clone, Copy)]
pub(crate) struct RunForm<'w> {
    pub profile: &'w Profile,
    pub language: Language,
    /// The attributes that no report shows.
    pub redaction: &'w Redaction,
    /// The place of each change record; `None` if no change file is written.
    pub numbering: Option<&'w Numbering>,
    /// The room for rows on the page.
    pub page: &'w Room,
}

/// What one batch of records adds to a run.
pub(crate) struct BatchWriter<'w> {
    form: RunForm<'w>,
    reports: spool::SpoolPart<'w>,
    changes: files::Rendered<'w>,
    /// The messages about the current record.
    issues: Vec<Issue>,
    /// The messages about the current record that only the terminal shows.
    asides: Vec<Message>,
    /// The messages for the terminal.
    messages: Vec<Message>,
    /// The number of messages of each code.
    counts: BTreeMap<&'static str, usize>,
    /// The advice of messages beyond the limit of their code.
    advised: BTreeSet<String>,
    /// The changes of the current record, if the page shows them.
    written: Vec<AttributeChange>,
    statuses: BTreeMap<Status, u64>,
    /// The number and the name of the last record's change file.
    file: (u64, Arc<str>),
}

impl<'w> BatchWriter<'w> {
    /// An empty batch with room for this many records.
    pub(crate) fn new(form: RunForm<'w>, records: usize) -> Self {
        Self {
            form,
            reports: spool::SpoolPart::new(form.language, form.page, records),
            changes: files::Rendered::new(form.profile, if form.numbering.is_some() { records } else { 0 }),
            issues: Vec::new(),
            asides: Vec::new(),
            messages: Vec::new(),
            counts: BTreeMap::new(),
            advised: BTreeSet::new(),
            written: Vec::new(),
            statuses: BTreeMap::new(),
            file: Default::default(),
        }
    }

    pub(crate) fn tally(&mut self) -> &mut spool::MessageTally {
        &mut self.reports.tally
    }

    /// Whether the terminal would still show a message of this code with its source line.
    pub(crate) fn shows(&self, code: &str) -> bool {
        self.form.redaction.is_empty() && self.counts.get(code).is_none_or(|&count| count < SHOWN_OF_A_CODE)
    }

    /// Adds a message about the current record.
    pub(crate) fn message(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    /// Adds a message about the current record that only the terminal shows. The message is not even created beyond the
    /// limit of its code: on the first run, every user may have one.
    pub(crate) fn aside(&mut self, code: &'static str, message: impl FnOnce() -> Option<Message>) {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= SHOWN_OF_A_CODE {
            self.asides.extend(message());
        }
    }

    /// Renders a change record and its undo; returns the name of its file and its number in that file, both empty if no
    /// change file is written.
    pub(crate) fn change(
        &mut self,
        (series, number): (usize, u64),
        comment: &str,
        dn: &str,
        change: &Change<'_>,
    ) -> (Arc<str>, Option<u64>) {
        // Importers refuse an empty record. A release build writes none, and then the totals differ.
        debug_assert!(!change.is_empty(), "an empty change of `{dn}`");
        self.count_change(change);
        let Some(numbering) = self.form.numbering.filter(|_| !change.is_empty()) else {
            return Default::default();
        };
        self.changes.push((series, number), comment, dn, change);
        let (batch, place) = numbering.place(series, number);
        if self.file.0 != batch {
            self.file = (batch, files::apply_name(batch).into());
        }
        (Arc::clone(&self.file.1), Some(place))
    }

    /// Counts the values that a change writes, and keeps them for the user's row on the page.
    pub(crate) fn count_change(&mut self, change: &Change<'_>) {
        self.reports.tally.count_change(change, self.form.redaction.is_empty());
        if self.reports.shows_written() {
            self.written = change.differences().map(|step| self.written_of(step)).collect();
        }
    }

    /// The change of an attribute for the page, masked if reports redact it.
    fn written_of(&self, step: Difference<'_>) -> AttributeChange {
        let is_masked = self.form.redaction.hides(step.0);
        AttributeChange::of(step, |value| {
            if is_masked { MASK.to_owned() } else { readable(step.0, value).into_owned() }
        })
    }

    /// Writes the row of the current record with the values in `hidden` masked. Returns a warning if the row has a
    /// character that XML 1.0 forbids.
    pub(crate) fn row(&mut self, row: &Row<'_>, hidden: &[&str]) -> Option<Text> {
        let has_forbidden = match self.redacted(row, hidden) {
            Some(redacted) => self.reports.row(&redacted.of(row)),
            None => self.reports.row(row),
        };
        has_forbidden.then(|| {
            text!(
                "the row holds a character that XML 1.0 does not allow, written as U+FFFD",
                "la ligne contient un caractère que XML 1.0 n’admet pas, écrit U+FFFD"
            )
        })
    }

    /// Returns the name of a row's user for the terminal: sAMAccountName, else the CN; empty if anything is masked.
    fn user_name(&self, row: &Row<'_>) -> String {
        let name = match row.sam {
            _ if !self.form.redaction.is_empty() => return String::new(),
            "" => common_name(row.dn).unwrap_or_default(),
            sam => sam.to_owned(),
        };
        abridged(&name).to_owned()
    }

    fn redacted<'r>(&self, row: &Row<'r>, hidden: &[&str]) -> Option<RedactedRow<'r>> {
        let redaction = self.form.redaction;
        (!redaction.is_empty()).then(|| redaction.row(row, hidden))
    }

    /// Writes the messages of a row, and the row on the page; `file` is the name of the input, and `reason` the code
    /// under which the row is counted. Returns the messages.
    pub(crate) fn finish(
        &mut self,
        row: &Row<'_>,
        hidden: &[&str],
        file: &str,
        reason: Option<&'static str>,
    ) -> Vec<Issue> {
        *self.statuses.entry(row.status).or_default() += 1;
        let mut issues = mem::take(&mut self.issues);
        for issue in &mut issues {
            self.form.redaction.issue(issue, hidden);
            let count = self.counts.entry(issue.message.code).or_default();
            *count += 1;
            // A reference to another place may quote a masked value.
            let is_quoted = issue.elsewhere().is_some() && !self.form.redaction.is_empty();
            let is_shown = *count <= SHOWN_OF_A_CODE || has_new_advice(&issue.message, &mut self.advised);
            if is_shown && !is_quoted {
                self.messages.push(issue.message.clone().of_user(&self.user_name(row)));
            }
        }
        for aside in mem::take(&mut self.asides) {
            self.messages.push(aside.of_user(&self.user_name(row)));
        }
        let mut written = mem::take(&mut self.written);
        for value in written.iter_mut().flat_map(|one| one.removed.iter_mut().chain(&mut one.added)) {
            if let Cow::Owned(masked) = masked(value, hidden) {
                *value = masked;
            }
        }
        let shown = |row| ShownRow { row, file, issues: &issues, written: &written };
        match self.redacted(row, hidden) {
            Some(redacted) => self.reports.explain(&shown(&redacted.of(row))),
            None => self.reports.explain(&shown(row)),
        }
        if let Some(code) = reason {
            *self.reports.tally.reasons.entry((row.status, code)).or_default() += 1;
        }
        issues
    }
}

/// Whether a message has advice that is not in `advised` yet; adds it, up to a limit.
fn has_new_advice(message: &Message, advised: &mut BTreeSet<String>) -> bool {
    let advice = message.help.as_ref().map(Text::english).filter(|_| advised.len() < SHOWN_OF_A_CODE);
    advice.is_some_and(|advice| !advised.contains(advice) && advised.insert(advice.to_owned()))
}

/// How often a code was reported and shown, and the messages that wait until the end.
struct CodeMessages {
    severity: Severity,
    times: usize,
    shown: usize,
    waiting: Vec<Message>,
}

impl CodeMessages {
    fn new(severity: Severity) -> Self {
        Self { severity, times: 0, shown: 0, waiting: Vec::new() }
    }

    /// Adds a message, and returns it if it is shown at once; `is_advice` says whether its advice is new.
    fn add(&mut self, message: Message, is_advice: bool) -> Option<Message> {
        if self.shown < SHOWN_OF_A_CODE - WAITING || is_advice && self.shown < SHOWN_OF_A_CODE {
            self.shown += 1;
            // It takes the place of a waiting one.
            if self.shown + self.waiting.len() > SHOWN_OF_A_CODE {
                self.waiting.pop();
            }
            return Some(message);
        }
        if self.shown + self.waiting.len() < SHOWN_OF_A_CODE {
            self.waiting.push(message);
        }
        None
    }

    /// Takes the waiting messages that were not replaced.
    fn take_waiting(&mut self) -> Vec<Message> {
        self.shown += self.waiting.len();
        mem::take(&mut self.waiting)
    }
}

/// Everything written of a run before it is published.
pub(crate) struct RunWriter<'r> {
    run: &'r RunDirectory,
    reports: Spools,
    files: ChangeFiles<'r>,
    by_code: BTreeMap<&'static str, CodeMessages>,
    /// The users of each domain outside the list, by the text of their message.
    foreign: BTreeMap<String, usize>,
    /// The advice that the terminal has shown.
    advised: BTreeSet<String>,
    statuses: BTreeMap<Status, u64>,
    tell: &'r (dyn Fn(&Message) + Sync),
}

impl<'r> RunWriter<'r> {
    /// Starts with `first`, the messages without a record; `tell` receives the messages for the terminal. Change
    /// records are grouped by `series`, and `heads` begin the files.
    pub(crate) fn new(
        run: &'r RunDirectory,
        form: RunForm<'r>,
        (series, heads): (&'r [Series], Heads),
        first: impl Iterator<Item = Issue>,
        tell: &'r (dyn Fn(&Message) + Sync),
    ) -> Result<Self, Failure> {
        let reports = Spools::new(run, first)?;
        let files = ChangeFiles::new(run, series, form.numbering, heads);
        let (by_code, foreign, statuses) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Ok(Self { run, reports, files, by_code, foreign, advised: BTreeSet::new(), statuses, tell })
    }

    /// Writes what a batch adds; batches must come in input order.
    pub(crate) fn append(&mut self, batch: BatchWriter<'_>) -> Result<(), Failure> {
        self.reports.append(self.run, batch.reports)?;
        self.files.write(&batch.changes)?;
        for message in batch.messages {
            let mut message = codes::advise(message);
            let severity = message.severity;
            let messages_of_code =
                self.by_code.entry(message.code).or_insert_with(|| CodeMessages::new(severity));
            messages_of_code.severity = messages_of_code.severity.max(severity);
            let is_one_more = message.code == "sip-domain" && {
                let (_, words) = message.what.english().split_once(": ").unwrap_or_default();
                let times = self.foreign.entry(words.to_owned()).or_default();
                *times += 1;
                *times > SHOWN_OF_A_DOMAIN
            };
            let is_new = |text: &Text| !self.advised.contains(text.english());
            message.help.take_if(|help| !is_new(help));
            let is_advice = message.help.is_some();
            let shown = if is_one_more { None } else { messages_of_code.add(message, is_advice) };
            shown.into_iter().for_each(|message| self.show(message));
        }
        for (code, times) in batch.counts {
            self.by_code.entry(code).and_modify(|messages_of_code| messages_of_code.times += times);
        }
        spool::add_counts(&mut self.statuses, batch.statuses);
        Ok(())
    }

    /// Shows a message, without notes and advice that were already shown.
    fn show(&mut self, mut message: Message) {
        let mut is_new = |text: &Text| self.advised.insert(text.english().to_owned());
        message.notes.retain(&mut is_new);
        message.help.take_if(|help| !is_new(help));
        (self.tell)(&message);
    }

    /// Writes and shows a message without a record.
    pub(crate) fn note(&mut self, issue: &Issue) -> Result<(), Failure> {
        self.reports.note(self.run, issue)?;
        (self.tell)(&issue.message);
        Ok(())
    }

    /// Flushes all change files to the disk and checks the totals.
    ///
    /// # Errors
    /// `output-unwritable`; `internal-sums` if the rows differ from the totals, or the change files from their
    /// `records`.
    pub(crate) fn finish(
        mut self,
        mode: &Mode,
        totals: &Totals,
        records: Option<u64>,
    ) -> Result<(Spools, Vec<ChangeBatch>), Failure> {
        let waiting: Vec<Message> = self.by_code.values_mut().flat_map(CodeMessages::take_waiting).collect();
        waiting.into_iter().for_each(|message| self.show(message));
        let batches = self.files.finish()?;
        let written: u64 = batches.iter().map(|batch| batch.records).sum();
        let counted = |status| self.statuses.get(&status).copied().unwrap_or_default();
        for (code, messages_of_code) in self
            .by_code
            .iter()
            .filter(|(_, messages_of_code)| messages_of_code.times > messages_of_code.shown)
        {
            (self.tell)(&more_messages(code, messages_of_code, Some(self.run.is_published())));
        }
        let agrees = records.is_none_or(|records| records == written)
            && mode.kind.statuses().into_iter().all(|status| counted(status) == totals.of(status));
        if agrees { Ok((self.reports, batches)) } else { Err(Failure::broken(sums_differ())) }
    }
}

/// Selects the messages that the terminal shows: the first of each code, and a count of the rest. `is_published` says
/// whether a report has the rest, if the command may write one.
pub(crate) fn select_shown(
    messages: impl IntoIterator<Item = Message>,
    is_published: Option<bool>,
) -> Vec<Message> {
    let mut by_code: BTreeMap<&'static str, CodeMessages> = BTreeMap::new();
    let mut shown = Vec::new();
    for message in messages {
        let severity = message.severity;
        let messages_of_code = by_code.entry(message.code).or_insert_with(|| CodeMessages::new(severity));
        messages_of_code.times += 1;
        if messages_of_code.shown < SHOWN_OF_A_CODE {
            messages_of_code.shown += 1;
            shown.push(message);
        }
    }
    let cut =
        by_code.into_iter().filter(|(_, messages_of_code)| messages_of_code.times > messages_of_code.shown);
    shown.extend(cut.map(|(code, messages_of_code)| more_messages(code, &messages_of_code, is_published)));
    shown
}

/// Counts the messages of a code that the terminal has left out.
fn more_messages(code: &'static str, messages_of_code: &CodeMessages, is_published: Option<bool>) -> Message {
    let number = messages_of_code.times - messages_of_code.shown;
    let what = match is_published {
        None => text!("{number} more", "{number} de plus"),
        Some(true) => text!("{number} more, see report.html", "{number} de plus, voir report.html"),
        Some(false) => text!(
            "{number} more; --out writes a report with all of them",
            "{number} de plus\u{202f}; --out écrit un rapport qui les contient tous",
        ),
    };
    Message::of(messages_of_code.severity, code, what)
}

/// Returns the error for an internal inconsistency.
fn sums_differ() -> Message {
    let what = text!(
        "internal error: written totals differ from planned totals",
        "erreur interne\u{a0}: les totaux écrits diffèrent des totaux prévus",
    );
    Message::error("internal-sums", what).help(text!(
        "report this fault of userprep; no run was published",
        "signalez cette erreur de userprep\u{202f}; rien n’a été publié",
    ))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Returns fact and help of each shown message, for `batches` batches that each repeat a message `times` times.
    fn shown(batches: usize, times: usize) -> Vec<(String, Option<String>)> {
        shown_of((batches, times), &|_| 0)
    }

    /// Works as [`shown`], with advice that depends on the number of a message in its batch.
    fn shown_of(
        (batches, times): (usize, usize),
        advice: &dyn Fn(usize) -> usize,
    ) -> Vec<(String, Option<String>)> {
        let (profile, redaction) = (Profile::ldap(), Redaction::default());
        let shown: Mutex<Vec<(String, Option<String>)>> = Mutex::default();
        let mut totals = Totals::default();
        (0..batches * times).for_each(|_| totals.count(Status::Applied));
        let page = Room::new(&totals);
        let form = RunForm {
            profile: &profile,
            language: Language::En,
            redaction: &redaction,
            numbering: None,
            page: &page,
        };
        let tell = |message: &Message| {
            let help = message.help.as_ref().map(|help| help.english().to_owned());
            shown.lock().unwrap().push((message.what.english().to_owned(), help));
        };
        let run = RunDirectory::scratch().unwrap();
        let mut writer =
            RunWriter::new(&run, form, (&[], Heads::default()), std::iter::empty(), &tell).unwrap();
        for _ in 0..batches {
            let mut batch = BatchWriter::new(form, times);
            let status = Status::Applied;
            let row = Row { seq: 1, input: 1, line: 1, status, dn: "CN=Ann", ..Row::default() };
            for number in 0..times {
                let advice = Text::same(advice(number).to_string());
                batch.message(Issue::about(Message::warning("drifted", Text::same("a")).help(advice), 1));
                batch.row(&row, &[]);
                batch.finish(&row, &[], "users.ldif", None);
            }
            writer.append(batch).unwrap();
        }
        assert!(writer.finish(&crate::verify::VERIFY, &totals, None).is_ok());
        shown.into_inner().unwrap()
    }

    #[test]
    fn the_terminal_shows_some_of_a_repeated_message_with_new_advice_only_and_counts_the_rest() {
        for (batches, times, expected, more) in [(1, 1, 1, 0), (1, 3, 3, 0), (3, 7, 20, 1), (2, 30, 20, 40)] {
            let shown = shown(batches, times);
            assert_eq!(shown.len(), expected + usize::from(more > 0), "{batches} × {times}");
            assert_eq!(shown[0].1.as_deref(), Some("0"));
            assert!(shown[1..].iter().all(|(_, help)| help.is_none()), "{batches} × {times}");
            if more > 0 {
                let last = format!("{more} more; --out writes a report with all of them");
                assert_eq!(shown[expected].0, last);
            }
        }
    }

    #[test]
    fn the_terminal_shows_messages_with_new_advice() {
        for (numbers, expect) in [
            (&[][..], vec![Some(0)]),
            (&[30], vec![Some(0), Some(30)]),
            (&[7, 30], vec![Some(0), Some(7), Some(30)]),
            (&[30, 31, 32, 33, 34, 35, 36], vec![Some(0), Some(30), Some(31), Some(32), Some(33), Some(34)]),
        ] {
            let shown = shown_of((1, 40), &|number| if numbers.contains(&number) { number } else { 0 });
            assert_eq!(shown.len(), SHOWN_OF_A_CODE + 1, "{numbers:?}");
            let advice = shown.iter().filter_map(|(_, help)| help.as_deref().map(|help| help.parse().ok()));
            assert_eq!(advice.collect::<Vec<Option<usize>>>(), expect, "{numbers:?}");
        }
    }

    // A release build checks no debug assertion.
    #[cfg(debug_assertions)]
    #[test]
    #[should_panic(expected = "an empty change of `CN=Ann`")]
    fn an_empty_change_is_never_written() {
        let (profile, redaction, page) =
            (Profile::ldap(), Redaction::default(), Room::new(&Totals::default()));
        let (language, numbering) = (Language::En, None);
        let form = RunForm { profile: &profile, language, redaction: &redaction, numbering, page: &page };
        BatchWriter::new(form, 1).change((0, 0), "", "CN=Ann", &Change::default());
    }
}
