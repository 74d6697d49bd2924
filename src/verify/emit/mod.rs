//! The second pass: writes a row for each user of the run, issues for drifted users, and change files.

// messages about a user
mod messages;

use std::mem;
use std::sync::Arc;

use crate::change::{Change, State, UNDO_LIMITS};
use crate::codes::Reason;
use crate::input::{InBatch, Numbered, RecordKind};
use crate::language::{Text, text};
use crate::message::{Failure, Message, Place, Severity};
use crate::object::{Attr, Value};
use crate::output::RunDirectory;
use crate::output::html::table::Room;
use crate::output::ldif::{self as files, Heads, Numbering};
use crate::output::spool::Spools;
use crate::output::writer::{BatchWriter, RunForm, RunWriter};
use crate::output::xml::rows::RowFields;
use crate::records::{BatchText, Records, StoredBatch};
use crate::report::{Issue, Row, Status};
use crate::run::Texts;
use crate::settings::Report;
use crate::verify::find::{Bar, Found, values};
use crate::verify::holders::HolderPlace;
use crate::verify::{Inquiry, Task};
use crate::wizard::remark::{lookalike, move_pending, twin, undo_partial};
use ldif::Profile;

/// The number of missing users to render at a time.
const AT_A_TIME: usize = 1000;

/// The inputs of the second pass.
pub(crate) struct Comparing<'e> {
    pub(crate) inquiry: &'e Inquiry,
    /// The records to compare with.
    pub(crate) records: &'e Records<'e>,
    pub(crate) found: &'e Found,
    pub(crate) profile: Profile,
    /// The numbers of the change records; none if no change files are written.
    pub(crate) numbering: Option<&'e Numbering>,
}

/// Reads the exports again and writes rows, issues and change files. Returns the rows and issues of the reports, and
/// the change files in the order of import.
///
/// `first` are issues that precede those of the users; `tell` receives the messages for the terminal.
pub(crate) fn emit(
    emission: &Comparing<'_>,
    directory: &RunDirectory,
    first: impl Iterator<Item = Issue>,
    tell: &(dyn Fn(&Message) + Sync),
) -> Result<(Spools, Vec<files::ChangeBatch>), Failure> {
    let Comparing { inquiry: Inquiry { task, run, report, .. }, found, numbering, .. } = *emission;
    let Report { language, redaction, .. } = report;
    let (profile, totals) = (&emission.profile, &found.totals);
    let page = Room::new(totals);
    let form = RunForm { profile, language: *language, redaction, numbering, page: &page };
    let mut writer = RunWriter::new(directory, form, (&found.series, heads(emission)), first, tell)?;
    let emitter =
        |records| RowEmitter { emission, texts: Texts::of(run), writer: BatchWriter::new(form, records) };
    let work = |batch: &StoredBatch<'_>| emitter(batch.numbers().len()).batch(batch);
    emission.records.revisit("writing", |_, _| true, work, |batch| writer.append(batch?))?;
    let mut gone = found.gone().zip(u64::from(emission.records.total()) + 1..).peekable();
    while gone.peek().is_some() {
        writer.append(emitter(AT_A_TIME).write_gone(gone.by_ref().take(AT_A_TIME))?)?;
    }
    let records = numbering.map(|_| found.series.iter().map(|series| series.records).sum());
    writer.finish(task.mode(), totals, records)
}

/// Returns the comments at the top of change files. The limits of an undo are stated in the files that undo.
fn heads(emission: &Comparing<'_>) -> Heads {
    let limits = files::comment(&emission.profile, UNDO_LIMITS.english());
    match emission.inquiry.task {
        Task::Verify => Heads { undo: limits, ..Heads::default() },
        Task::Undo => Heads { apply: limits, ..Heads::default() },
    }
}

/// A record of the exports, and the means to find places in it.
struct RecordPlace<'p, 'b> {
    record: &'p Numbered<'b>,
    batch: &'b StoredBatch<'b>,
    source: &'p mut BatchText<'b>,
}

struct RowEmitter<'e> {
    emission: &'e Comparing<'e>,
    texts: Texts<'e>,
    writer: BatchWriter<'e>,
}

impl<'e> RowEmitter<'e> {
    /// Writes the users in a batch.
    fn batch<'b>(mut self, batch: &'b StoredBatch<'b>) -> Result<BatchWriter<'e>, Failure> {
        let mut users = self.emission.found.users(batch.numbers()).peekable();
        let mut source = BatchText::of(batch);
        let mut done = Ok(());
        batch.each(&mut |record| {
            if let Some((_, user)) = users.next_if(|(number, _)| *number == record.number)
                && done.is_ok()
            {
                done =
                    self.write_user(user, &mut RecordPlace { record: &record, batch, source: &mut source });
            }
        });
        done.map(|()| self.writer)
    }

    /// Writes users that no export shows, with the numbers of their rows.
    fn write_gone(mut self, users: impl Iterator<Item = (u32, u64)>) -> Result<BatchWriter<'e>, Failure> {
        let (task, run) = (self.emission.inquiry.task, &self.emission.inquiry.run);
        for (user, seq) in users {
            let fields = self.texts.row(user)?;
            let (status, code) = task.outcome(Status::Gone);
            let message = messages::gone(task, fields.get("dn"), run, self.emission.found.has_unread);
            self.writer.message(Issue { seq: Some(seq), ..Issue::about(message, 0) });
            self.report_refusal(seq, user);
            let row = Row { seq, dn: fields.get("dn"), ..row(&fields, status, code, task) };
            self.writer.row(&row, &[]);
            self.finish_row(&row, &[], code, "");
        }
        Ok(self.writer)
    }

    /// Writes the row of a user, their messages, and the change record if there is one.
    fn write_user(&mut self, user: u32, place: &mut RecordPlace<'_, '_>) -> Result<(), Failure> {
        let Comparing { inquiry, found, numbering, .. } = *self.emission;
        let (task, run) = (inquiry.task, &inquiry.run);
        let Numbered { number, line, object, findings, note, .. } = place.record;
        let seq = u64::from(*number) + 1;
        let state = &found.states[user as usize];
        let fields = self.texts.row(user)?;
        for finding in findings {
            let message = place.source.message(finding);
            message.into_iter().for_each(|message| self.report(place, finding.place.at, "", message));
        }
        let change = match Change::of_note(note) {
            _ if !task.writes(state.status) && !state.spent => Change::default(),
            Some(noted) => noted,
            None => inquiry.change(&mut self.texts, user, object)?.into_owned(),
        };
        let (status, outcome) = found.outcome(task, user);
        let code = self.report_state(user, &change, place)?.unwrap_or(outcome);
        if state.status != Status::Applied {
            self.report_refusal(seq, user);
        }
        let mut row = Row {
            seq,
            input: u32::try_from(place.batch.index + 1).unwrap_or(u32::MAX),
            line: *line,
            dn: &object.dn,
            ..row(&fields, status, code, task)
        };
        let mut file = Arc::default();
        for (attribute, values) in change.forgotten() {
            let what = undo_partial(attribute, &values, &inquiry.report.redaction);
            self.report(place, object.at, attribute, Message::warning("undo-partial", what));
        }
        if numbering.is_some() && found.writes(task, user) {
            let change = task.written(change);
            let who = if row.sam.is_empty() { row.dn } else { row.sam };
            let (before, record) = (fields.get("file"), fields.get("record"));
            let comment = [who, " (", &run.name, "/", before, ", record ", record, ")"].concat();
            let (series, number) = (found.series_of(user), u64::from(state.number));
            (file, row.record) = self.writer.change((series, number), &comment, &object.dn, &change);
        }
        let row = Row { file: &file, ..row };
        let Inquiry { reading, report, .. } = self.emission.inquiry;
        let (redaction, attributes) = (&report.redaction, &reading.attributes);
        let hidden = redaction.values(&row, object, attributes);
        if let Some(what) = self.writer.row(&row, &hidden) {
            self.report(place, object.at, "", Message::warning("xml-character", what));
        }
        self.finish_row(&row, &hidden, code, &place.batch.export.name);
        Ok(())
    }

    /// Reports the state of a user; returns the code for the row, if the state alone does not imply it.
    fn report_state(
        &mut self,
        user: u32,
        change: &Change<'_>,
        place: &mut RecordPlace<'_, '_>,
    ) -> Result<Option<&'static str>, Failure> {
        let Comparing { inquiry, found, records, .. } = *self.emission;
        let (task, state) = (inquiry.task, &found.states[user as usize]);
        let Numbered { number, kind, object, findings, .. } = place.record;
        if state.disputed {
            return Ok(self.report_fault(place, object.at, messages::disputed(task)));
        }
        if *kind != RecordKind::Entry {
            let fault = findings.iter().find(|finding| finding.severity == Severity::Error);
            return Ok(fault.map(|fault| fault.code));
        }
        if records.cut().contains(number) {
            return Ok(self.report_fault(place, object.at, messages::record_cut(task)));
        }
        if inquiry.is_cut(object) {
            let at = object.cut.map_or(object.at, |(_, at)| at);
            return Ok(self.report_fault(place, at, messages::cut(task)));
        }
        if state.status == Status::Drifted {
            self.report_drifted(user, place)?;
        }
        if found.writes(task, user) {
            self.report_remarks(user, place);
        }
        let bar = found.barred.get(&user);
        if let Some(bar) = bar {
            self.report_bar(*bar, change, place);
        }
        if state.status == Status::Missing && task == Task::Verify {
            self.report_missing(change, object.at, place);
        }
        let code = "moved";
        Ok((bar.is_none() && state.moved && task == Task::Verify).then_some(code))
    }

    /// Reports why the record is not the user's state; returns the code for the row.
    fn report_fault(
        &mut self,
        place: &mut RecordPlace<'_, '_>,
        at: usize,
        message: Message,
    ) -> Option<&'static str> {
        let code = message.code;
        self.report(place, at, "", message);
        Some(code)
    }

    /// Finishes the row; the code is counted if it rejects the user.
    fn finish_row(&mut self, row: &Row<'_>, hidden: &[&str], code: &'static str, file: &str) {
        let reason = (row.status == Status::Rejected && !code.is_empty()).then_some(code);
        self.writer.finish(row, hidden, file, reason);
    }

    /// Reports why a user gets nothing, and who has it.
    fn report_bar(&mut self, bar: Bar, change: &Change<'_>, place: &mut RecordPlace<'_, '_>) {
        let object = &place.record.object;
        let task = self.emission.inquiry.task;
        let unsure = self.emission.inquiry.unsure(object).filter(|_| bar.reason == Reason::VALUE_INVALID);
        if let Some(value) = unsure {
            let name = self.emission.inquiry.reading.attributes.name(value.attr);
            let invalid = value.fault(name);
            let message = messages::finding(task, bar.reason.code(), invalid.what).because(invalid.note);
            let at = self.offset(value, place);
            return self.report(place, at, name, Message { help: invalid.help, ..message });
        }
        let inquiry = self.emission.inquiry;
        let guessed = inquiry.guessed(object, change).filter(|_| bar.reason == Reason::ENCODING_GUESSED);
        if let Some(value) = guessed {
            let name = inquiry.reading.attributes.name(value.attr);
            let at = self.offset(value, place);
            return self.report(place, at, name, messages::guessed(task, name, value.bytes()));
        }
        let holder = bar.holder.map(|place| self.name(place));
        let message = messages::barred(task, bar.reason, &holder.unwrap_or_default());
        self.report(place, object.at, "", message);
    }

    /// Reports what a reviewer should know about a user with a change record.
    fn report_remarks(&mut self, user: u32, place: &mut RecordPlace<'_, '_>) {
        let object = &place.record.object;
        if let Some(other) = self.emission.found.remarked.get(&user) {
            let name = Text::same(self.name(other.place));
            let remark = if other.is_alike { lookalike(&name) } else { twin(&name) };
            self.report(place, object.at, "", remark.moved(None));
        }
        if let Some(remark) = move_pending(object) {
            let target = object.first(Attr::TARGET_HOME_SERVER);
            let at = target.map_or(object.at, |value| self.offset(value, place));
            self.report(place, at, Attr::TARGET_HOME_SERVER.known_name(), remark.moved(None));
        }
    }

    /// Names an object by its place.
    fn name(&self, HolderPlace { export, line }: HolderPlace) -> String {
        format!("{}:{line}", self.emission.records.exports()[export as usize].name)
    }

    /// The offset of a value in its batch.
    fn offset(&self, value: &Value<'_>, place: &mut RecordPlace<'_, '_>) -> usize {
        match place.source.text() {
            Some((text, _)) => place.batch.export.locate(text, place.record.object.at, value.at, 0),
            None => value.at,
        }
    }

    /// Reports each attribute that is not as planned.
    fn report_drifted(&mut self, user: u32, place: &mut RecordPlace<'_, '_>) -> Result<(), Failure> {
        let object = &place.record.object;
        let inquiry = self.emission.inquiry;
        let reading = &inquiry.reading;
        let change = inquiry.change(&mut self.texts, user, object)?.into_owned();
        for compared in change.compare(|attribute| values(object, reading, attribute)) {
            if compared.state == State::Applied {
                continue;
            }
            let attr = reading.attributes.find(compared.attribute.as_bytes());
            let first = attr.and_then(|attr| object.first(attr));
            let at = first.map_or(object.at, |value| self.offset(value, place));
            let Inquiry { task, report, .. } = inquiry;
            let message = messages::drifted(*task, &compared, &report.redaction);
            self.report(place, at, compared.attribute, message);
        }
        Ok(())
    }

    /// Reports a user who has nothing of what the run planned.
    fn report_missing(&mut self, change: &Change<'_>, at: usize, place: &mut RecordPlace<'_, '_>) {
        let emission = self.emission;
        self.writer.aside("missing", || {
            let message = messages::missing(emission.inquiry.task, change, emission.numbering.is_some());
            let position = place.source.place(place.record, at)?;
            Some(message.at(&place.batch.export.name, position.line, position.column))
        });
    }

    /// Reports what an importer said about the user's record.
    fn report_refusal(&mut self, seq: u64, user: u32) {
        let Some((log, refusal)) = self.emission.inquiry.refusal(user) else { return };
        let what = text!(
            "the importer refused the record: {}",
            "l’import a refusé l’enregistrement\u{a0}: {}",
            refusal.what
        );
        let message = Message::warning("import-refused", what).at(log, refusal.line, 1);
        self.writer.message(Issue { seq: Some(seq), ..Issue::about(message, 0) });
    }

    /// Reports a message at a place in the record.
    fn report(&mut self, place: &mut RecordPlace<'_, '_>, at: usize, attribute: &str, message: Message) {
        let Some(position) = place.source.place(place.record, at) else { return };
        let excerpt =
            self.writer.shows(message.code).then(|| place.source.excerpt(&InBatch::at(at))).flatten();
        let (file, line, column) = (place.batch.export.name.clone(), position.line, position.column);
        let message = message.moved(Some(Place { file, line, column, excerpt }));
        let seq = Some(u64::from(place.record.number) + 1);
        let about = Issue::about(message, place.batch.index + 1);
        self.writer.message(Issue { seq, attribute: attribute.to_owned(), ..about });
    }
}

/// The row of the run with another outcome; an undo restores the former values.
fn row<'f>(fields: &'f RowFields, status: Status, code: &'static str, task: Task) -> Row<'f> {
    let mut row = Row { status, code, ..Row::default() };
    for (name, text) in fields.all() {
        let cell = match name {
            "sam" => &mut row.sam,
            "guid" => &mut row.guid,
            "displayName" => &mut row.display_name,
            "sipUri" => &mut row.sip_uri,
            "previousSipUri" => &mut row.previous_sip_uri,
            "source" => &mut row.source,
            "pool" => &mut row.pool,
            "previousPool" => &mut row.previous_pool,
            "rule" => &mut row.rule,
            _ => continue,
        };
        *cell = text;
    }
    if task == Task::Undo {
        mem::swap(&mut row.sip_uri, &mut row.previous_sip_uri);
        mem::swap(&mut row.pool, &mut row.previous_pool);
    }
    row
}
