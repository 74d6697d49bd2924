//! The second pass: a row for each user of the run, issues for those in another state, change files for what follows.

use std::mem;
use std::sync::Arc;

use crate::change::{Change, Compared, Matching, State, UNDO_LIMITS};
use crate::codes::Reason;
use crate::input::fault::ALL_RANGES;
use crate::input::{InBatch, Numbered, RecordKind};
use crate::language::{Text, text};
use crate::message::{Failure, Message, Severity, visible};
use crate::object::{Attr, Object, Value};
use crate::output::RunDirectory;
use crate::output::html::table::Room;
use crate::output::ldif::{self as files, Heads, Numbering};
use crate::output::spool::Spools;
use crate::output::writer::{BatchWriter, RunForm, RunWriter};
use crate::output::xml::rows::RowFields;
use crate::records::{Again, BatchText, Records};
use crate::report::redaction::{MASK, Redaction};
use crate::report::{Issue, Row, Status};
use crate::run::Texts;
use crate::schema::value::readable;
use crate::settings::Report;
use crate::verify::find::{Bar, Found, values};
use crate::verify::holders::HolderPlace;
use crate::verify::{Inquiry, Task};
use crate::wizard::remark::{lookalike, move_pending, twin, undo_partial};
use ldif::Profile;

/// How many users that are gone are rendered at a time.
const AT_A_TIME: usize = 1000;

/// What the second pass goes by.
pub(crate) struct Comparing<'e> {
    pub(crate) inquiry: &'e Inquiry,
    /// The records that the run is compared with.
    pub(crate) records: &'e Records<'e>,
    pub(crate) found: &'e Found,
    pub(crate) profile: Profile,
    /// The place of each change record; none where no change file is made.
    pub(crate) numbering: Option<&'e Numbering>,
}

/// What the second pass leaves behind.
pub(crate) struct ComparedRows {
    /// The rows and issues of the reports.
    pub(crate) reports: Spools,
    /// The change files, in the order of import.
    pub(crate) batches: Vec<files::ChangeBatch>,
}

/// Reads the exports once more and writes rows, issues and change files.
///
/// `first` are issues that precede those of the users; `tell` gets the messages for the terminal.
pub(crate) fn emit(
    emission: &Comparing<'_>,
    directory: &RunDirectory,
    first: &[Issue],
    tell: &(dyn Fn(&Message) + Sync),
) -> Result<ComparedRows, Failure> {
    let Comparing { inquiry: Inquiry { task, run, report, .. }, found, numbering, .. } = *emission;
    let Report { language, redaction, .. } = report;
    let (profile, totals) = (&emission.profile, &found.totals);
    let page = Room::new(totals);
    let form = RunForm { profile, language: *language, redaction, numbering, page: &page };
    let mut writer = RunWriter::new(directory, form, (&found.series, heads(emission)), first, tell)?;
    let emitter =
        |records| RowEmitter { emission, texts: Texts::of(run), writer: BatchWriter::new(form, records) };
    let work = |batch: &Again<'_>| emitter(batch.numbers().len()).batch(batch);
    emission.records.again("writing", |_, _| true, work, |batch| writer.append(batch?))?;
    let records: u64 = found.exports.iter().sum();
    let mut gone = found.gone().zip(records + 1..).peekable();
    while gone.peek().is_some() {
        writer.append(emitter(AT_A_TIME).gone(gone.by_ref().take(AT_A_TIME))?)?;
    }
    let records = numbering.map(|_| found.series.iter().map(|series| series.records).sum());
    let (reports, batches) = writer.finish(task.mode(), totals, records)?;
    Ok(ComparedRows { reports, batches })
}

/// The comment on what an undo cannot do is where the undo is.
fn heads(emission: &Comparing<'_>) -> Heads {
    let limits = files::comment(&emission.profile, UNDO_LIMITS.english());
    match emission.inquiry.task {
        Task::Verify => Heads { undo: limits, ..Heads::default() },
        Task::Undo => Heads { apply: limits, ..Heads::default() },
    }
}

struct RecordPlace<'p, 'b> {
    record: &'p Numbered<'b>,
    batch: &'b Again<'b>,
    source: &'p mut BatchText<'b>,
}

struct RowEmitter<'e> {
    emission: &'e Comparing<'e>,
    texts: Texts<'e>,
    writer: BatchWriter<'e>,
}

impl<'e> RowEmitter<'e> {
    fn batch<'b>(mut self, batch: &'b Again<'b>) -> Result<BatchWriter<'e>, Failure> {
        let mut users = self.emission.found.users(batch.numbers()).peekable();
        let mut source = BatchText::of(batch);
        let mut done = Ok(());
        batch.each(&mut |record| {
            if let Some((_, user)) = users.next_if(|(number, _)| *number == record.number)
                && done.is_ok()
            {
                done = self.user(user, &mut RecordPlace { record: &record, batch, source: &mut source });
            }
        });
        done.map(|()| self.writer)
    }

    /// Users that no export shows, with the numbers of their rows.
    fn gone(mut self, users: impl Iterator<Item = (u32, u64)>) -> Result<BatchWriter<'e>, Failure> {
        let (task, run) = (self.emission.inquiry.task, &self.emission.inquiry.run);
        for (user, seq) in users {
            let fields = self.texts.row(user)?;
            let (status, code) = task.outcome(Status::Gone);
            let detail = text!(
                "no export shows the user, who was {} in {}",
                "aucun export ne montre l’utilisateur, qui était {} dans {}",
                fields.get("dn"),
                run.name
            );
            let message = self.finding("gone", detail);
            let message = if run.ignores_guids {
                message
            } else {
                message.help(text!(
                    "export each domain of the run; if the directory is another one with the same DNs, such as a lab, add --match dn",
                    "exportez chaque domaine de l’exécution\u{202f}; si l’annuaire en est un autre avec les mêmes DN, comme une maquette, ajoutez --match dn"
                ))
            };
            let issue = Issue { seq: Some(seq), ..Issue::about(&message, 0) };
            self.writer.message(issue);
            self.refusal(seq, user);
            let row = Row { seq, dn: fields.get("dn"), ..row(&fields, status, code, task) };
            self.writer.row(&row, &[]);
            self.finish(&row, &[], code, "");
        }
        Ok(self.writer)
    }

    fn user(&mut self, user: u32, place: &mut RecordPlace<'_, '_>) -> Result<(), Failure> {
        let Comparing { inquiry, found, numbering, .. } = *self.emission;
        let (task, run) = (inquiry.task, &inquiry.run);
        let Numbered { number, line, kind, object, findings, note } = place.record;
        let seq = u64::from(*number) + 1;
        let state = found.states[user as usize];
        let fields = self.texts.row(user)?;
        let (status, mut code) = found.outcome(task, user);
        for finding in findings {
            let message = place.source.message(finding);
            message.into_iter().for_each(|message| self.tell(place, finding.place.at, "", message));
        }
        let change = match Change::of_note(note) {
            _ if !task.writes(state.status) && !state.spent => Change::default(),
            Some(noted) => noted,
            None => inquiry.change(&mut self.texts, user)?.into_owned(),
        };
        if state.disputed {
            code = "dn-conflict";
            let detail = text!(
                "several records of this user contradict each other",
                "plusieurs enregistrements de cet utilisateur se contredisent"
            );
            self.tell(place, object.at, "", self.finding(code, detail));
        } else if *kind != RecordKind::Entry {
            let fault = findings.iter().find(|finding| finding.severity == Severity::Error);
            code = fault.map_or(code, |fault| fault.code);
        } else if inquiry.is_cut(object) {
            code = "value-range-incomplete";
            let what = text!(
                "the export shows only some of the values of an attribute that the run has written",
                "l’export ne montre qu’une partie des valeurs d’un attribut que l’exécution a écrit"
            );
            let message = self.finding(code, what).help(ALL_RANGES.clone());
            self.tell(place, object.cut.map_or(object.at, |(_, at)| at), "", message);
        } else {
            if state.status == Status::Drifted {
                self.drifted(user, object, place)?;
            }
            let bar = found.barred.get(&user);
            if found.writes(task, user) {
                self.remarks(user, object, place);
            }
            if let Some(bar) = bar {
                self.barred(*bar, object, place);
            } else if state.moved && task == Task::Verify {
                code = "moved";
            }
            if state.status == Status::Missing && task == Task::Verify {
                self.missing(&change, object.at, place);
            }
        }
        if state.status != Status::Applied {
            self.refusal(seq, user);
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
            self.tell(place, object.at, attribute, Message::warning("undo-partial", what));
        }
        if numbering.is_some() && found.writes(task, user) {
            let change = task.written(change);
            let who = if row.sam.is_empty() { row.dn } else { row.sam };
            let comment =
                format!("{who} ({}/{}, record {})", run.name, fields.get("file"), fields.get("record"));
            let (series, number) = (found.series_of(user), u64::from(state.number));
            (file, row.record) = self.writer.change((series, number), &comment, &object.dn, &change);
        }
        let row = Row { file: &file, ..row };
        let Inquiry { reading, report, .. } = self.emission.inquiry;
        let (redaction, attributes) = (&report.redaction, &reading.attributes);
        let hidden = redaction.values(&row, object, attributes);
        if let Some(what) = self.writer.row(&row, &hidden) {
            self.tell(place, object.at, "", Message::warning("xml-character", what));
        }
        self.finish(&row, &hidden, code, &place.batch.export.name);
        Ok(())
    }

    /// Writes what belongs to the row that was written; a code counts where it rejects the user.
    fn finish(&mut self, row: &Row<'_>, hidden: &[&str], code: &'static str, file: &str) {
        let reason = (row.status == Status::Rejected && !code.is_empty()).then_some(code);
        self.writer.finish(row, hidden, file, reason);
    }

    /// Says why nothing is written for a user, and who has what they would get.
    fn barred(&mut self, bar: Bar, object: &Object<'_>, place: &mut RecordPlace<'_, '_>) {
        let unsure = self.emission.inquiry.unsure(object).filter(|_| bar.reason == Reason::VALUE_INVALID);
        if let Some(value) = unsure {
            let name = self.emission.inquiry.reading.attributes.name(value.attr);
            let invalid = value.fault(name);
            let message = self.finding(bar.reason.code(), invalid.what).because(invalid.note);
            let at = self.at(value, object, place);
            return self.tell(place, at, name, Message { help: invalid.help, ..message });
        }
        let holder = bar.holder.map(|place| self.named(place));
        let (meaning, holder) = (bar.reason.meaning(), holder.unwrap_or_default());
        let what = match bar.reason {
            Reason::SIP_DUPLICATE => text!(
                "the address that the user would get is taken by now: {holder}",
                "l’adresse que l’utilisateur recevrait est prise à présent\u{a0}: {holder}"
            ),
            Reason::LINE_DUPLICATE => text!(
                "the line that the user would get is taken by now: {holder}",
                "la ligne que l’utilisateur recevrait est prise à présent\u{a0}: {holder}"
            ),
            _ => text!(
                "nothing is written for the user: {meaning}",
                "rien n’est écrit pour l’utilisateur\u{a0}: {meaning}";
                meaning
            ),
        };
        let message = self.finding(bar.reason.code(), what);
        self.tell(place, object.at, "", message);
    }

    /// Says what a reviewer should know of a user who gets a change record.
    fn remarks(&mut self, user: u32, object: &Object<'_>, place: &mut RecordPlace<'_, '_>) {
        if let Some(other) = self.emission.found.remarked.get(&user) {
            let name = Text::same(self.named(other.place));
            let remark = if other.is_alike { lookalike(&name) } else { twin(&name) };
            self.tell(place, object.at, "", remark.moved(None));
        }
        if let Some(remark) = move_pending(object) {
            let target = object.first(Attr::TARGET_HOME_SERVER);
            let at = target.map_or(object.at, |value| self.at(value, object, place));
            self.tell(place, at, Attr::TARGET_HOME_SERVER.known_name(), remark.moved(None));
        }
    }

    /// An object by its place.
    fn named(&self, HolderPlace { export, line }: HolderPlace) -> String {
        format!("{}:{line}", self.emission.records.exports()[export as usize].name)
    }

    /// Where a value is in its batch.
    fn at(&self, value: &Value<'_>, object: &Object<'_>, place: &mut RecordPlace<'_, '_>) -> usize {
        match place.source.text() {
            Some((text, _)) => place.batch.export.locate(text, object.at, value.at, 0),
            None => value.at,
        }
    }

    /// Says of each attribute that is not as planned what it was, was to be, and is.
    fn drifted(
        &mut self,
        user: u32,
        object: &Object<'_>,
        place: &mut RecordPlace<'_, '_>,
    ) -> Result<(), Failure> {
        let reading = &self.emission.inquiry.reading;
        let change = self.texts.change(user)?.into_owned();
        for compared in change.compare(|attribute| values(object, reading, attribute)) {
            if compared.state == State::Applied {
                continue;
            }
            let attr = reading.attributes.find(compared.attribute.as_bytes());
            let first = attr.and_then(|attr| object.first(attr));
            let at = first.map_or(object.at, |value| self.at(value, object, place));
            let what =
                difference(self.emission.inquiry.task, &compared, &self.emission.inquiry.report.redaction);
            let message = self.finding("drifted", what);
            self.tell(place, at, compared.attribute, message);
        }
        Ok(())
    }

    /// Names what a user lacks who has nothing of what the run planned.
    fn missing(&mut self, change: &Change<'_>, at: usize, place: &mut RecordPlace<'_, '_>) {
        let emission = self.emission;
        self.writer.aside("missing", || {
            let lacked: Vec<String> =
                change.differences().map(|(attribute, ..)| format!("`{attribute}`")).collect();
            let what = text!(
                "has nothing of what the run planned: {}",
                "n’a rien de ce que l’exécution prévoyait\u{a0}: {}",
                lacked.join(", ")
            );
            let mut message = finding(emission.inquiry.task, "missing", what);
            if emission.numbering.is_none() {
                message = message.help(text!(
                    "add --out DIR, which gets the change files for what is left to do",
                    "ajoutez --out DIR, qui reçoit les fichiers de modification pour ce qui reste à faire"
                ));
            }
            let position = place.source.place(place.record, at)?;
            Some(message.at(&place.batch.export.name, position.line, position.column))
        });
    }

    /// What an importer said of the user's record.
    fn refusal(&mut self, seq: u64, user: u32) {
        let Some((log, refusal)) = self.emission.inquiry.refusal(user) else { return };
        let message = Message::warning(
            "import-refused",
            text!(
                "the importer refused the record: {}",
                "l’import a refusé l’enregistrement\u{a0}: {}",
                refusal.what
            ),
        )
        .at(log, refusal.line, 1);
        let issue = Issue { seq: Some(seq), ..Issue::about(&message, 0) };
        self.writer.message_elsewhere(issue, message);
    }

    fn finding(&self, code: &'static str, what: Text) -> Message {
        finding(self.emission.inquiry.task, code, what)
    }

    fn tell(&mut self, place: &mut RecordPlace<'_, '_>, at: usize, attribute: &str, message: Message) {
        let Some(position) = place.source.place(place.record, at) else { return };
        let message = message.at(&place.batch.export.name, position.line, position.column);
        let mut issue = Issue::about(&message, place.batch.index + 1);
        issue.seq = Some(u64::from(place.record.number) + 1);
        attribute.clone_into(&mut issue.attribute);
        if self.writer.shows(message.code) {
            issue.message.place = place.source.excerpt(&InBatch::at(at));
        }
        self.writer.message(issue);
    }
}

/// Who drifted or is gone is a warning of `verify`, and the error that rejects the user in `undo`.
fn finding(task: Task, code: &'static str, what: Text) -> Message {
    let severity = match task {
        Task::Verify => Severity::Warning,
        Task::Undo => Severity::Error,
    };
    Message::of(severity, code, what)
}

/// The run's own row with another outcome; after an undo, what was before is what is.
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

fn difference(task: Task, compared: &Compared<'_, '_>, redaction: &Redaction) -> Text {
    let hides = redaction.hides(compared.attribute);
    let listed = |values: &[&[u8]]| {
        let shown = |value: &&[u8]| match hides {
            true => MASK.to_owned(),
            false => format!("`{}`", visible(&readable(compared.attribute, value))),
        };
        Text::first_of(values.iter().map(shown), values.len())
    };
    let among_found = Matching::of(compared.attribute).among(&compared.found);
    let is_found = |value: &&[u8]| among_found(value);
    let before: Vec<&[u8]> = compared.before.iter().map(AsRef::as_ref).collect();
    let planned: Vec<&[u8]> = compared.planned.iter().map(AsRef::as_ref).collect();
    let missing: Vec<&[u8]> = planned.iter().copied().filter(|value| !is_found(value)).collect();
    let kept: Vec<&[u8]> = before.iter().copied().filter(is_found).collect();
    let attribute = compared.attribute;
    let (gained, lost) = (listed(&planned), listed(&before));
    let was = match (task, planned.is_empty(), before.is_empty()) {
        (Task::Verify, true, true) => text!("was to lose all its values", "devait perdre toutes ses valeurs"),
        (Task::Verify, true, false) => text!("was to lose {lost}", "devait perdre {lost}"; lost),
        (Task::Verify, false, true) => text!("was to gain {gained}", "devait recevoir {gained}"; gained),
        (Task::Verify, false, false) => {
            text!("was to gain {gained} in place of {lost}", "devait recevoir {gained} à la place de {lost}"; gained, lost)
        }
        (Task::Undo, true, true) => {
            text!("lost all its values by the run", "a perdu toutes ses valeurs par l’exécution")
        }
        (Task::Undo, true, false) => text!("lost {lost} by the run", "a perdu {lost} par l’exécution"; lost),
        (Task::Undo, false, true) => {
            text!("got {gained} from the run", "a reçu {gained} de l’exécution"; gained)
        }
        (Task::Undo, false, false) => text!(
            "got {gained} from the run in place of {lost}",
            "a reçu {gained} de l’exécution à la place de {lost}";
            gained, lost
        ),
    };
    let (absent, present) = (listed(&missing), listed(&kept));
    let is = match (missing.is_empty(), kept.is_empty()) {
        (false, _) => text!("{absent} is not there", "{absent} n’y est pas"; absent),
        (true, false) => text!("{present} is still there", "{present} y est encore"; present),
        (true, true) => text!("other values are there, too", "d’autres valeurs y sont aussi"),
    };
    let found = listed(&compared.found);
    if compared.found.is_empty() {
        text!("`{attribute}` {was}; {is}", "`{attribute}` {was}\u{202f}; {is}"; was, is)
    } else {
        text!(
            "`{attribute}` {was}; {is}; found: {found}",
            "`{attribute}` {was}\u{202f}; {is}\u{202f}; trouvé\u{a0}: {found}";
            was,
            is,
            found
        )
    }
}
