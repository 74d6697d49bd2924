//! The second pass: reads each record again and writes what was decided for it.

// the domains of addresses
mod domains;
// messages about a record
mod messages;

use std::ops::Range;
use std::sync::Arc;

use self::domains::DomainCounts;
use super::Exports;
use super::decide::{Decision, Plan};
use super::scan::NONE;
use crate::change::{Change, UNDO_LIMITS};
use crate::input::{Finding, Numbered, RecordKind};
use crate::message::{Failure, Message, Severity};
use crate::object::{Attr, Object};
use crate::output::html::table::Room;
use crate::output::ldif::{self as files, Heads, Numbering};
use crate::output::rejects::{RecordText, Rejected, Rejects};
use crate::output::spool::Spools;
use crate::output::writer::{BatchWriter, RunForm, RunWriter};
use crate::output::{OutputFile, RunDirectory, Written};
use crate::records::{BatchText, Records, StoredBatch};
use crate::report::{Issue, Reason, Row, Status};
use crate::settings::{Report, Settings};
use crate::sip::line::LinePattern;
use crate::sip::{self, Candidate};
use crate::wizard::account::is_protected;
use crate::wizard::remark::undo_partial;
use crate::wizard::values::without_scheme;
use crate::wizard::{Claims, Participation, Remark, Verdict, Wizard};

/// The users that only the original wizard can move: one DN a line, in the format of `--users`.
const HOMED: &str = "homed.txt";

/// The result of the second pass.
pub(crate) struct Emitted {
    /// The rows and issues of the reports.
    pub reports: Spools,
    /// The change files, in the order of import.
    pub batches: Vec<files::ChangeBatch>,
    /// The files of rejected records, and the list of homed users.
    pub lists: Vec<Written>,
}

/// The output of one batch.
struct EmittedPart<'e> {
    writer: BatchWriter<'e>,
    rejected: Rejected,
    /// The DNs of homed users, one a line.
    homed: Vec<u8>,
    domains: DomainCounts,
}

/// The inputs of the second pass.
pub(crate) struct Emission<'e> {
    pub wizard: &'e Wizard<'e>,
    pub exports: &'e Exports,
    pub records: &'e Records<'e>,
    pub plan: &'e Plan,
    /// The numbers of the change records; none if no change files are written.
    pub numbering: Option<&'e Numbering>,
}

/// Reads the inputs again and writes change files, rows and issues.
///
/// `first` are issues that precede those of the records; `tell` receives the messages for the terminal.
///
/// # Errors
/// Errors of reading and writing; `internal-sums` if the output differs from the decision.
pub(crate) fn emit(
    emission: &Emission<'_>,
    run: &RunDirectory,
    first: impl Iterator<Item = Issue>,
    tell: &(dyn Fn(&Message) + Sync),
) -> Result<Emitted, Failure> {
    let Emission { exports, records, plan, numbering, .. } = *emission;
    let Settings { writing, report: Report { language, redaction, .. }, .. } = emission.wizard.settings;
    let profile = &writing.profile;
    let apply =
        emission.wizard.logic.file_comment().map(|text| files::comment(profile, text)).unwrap_or_default();
    let heads = Heads { apply, undo: files::comment(profile, UNDO_LIMITS.english()) };
    let page = Room::new(&plan.totals);
    let form = RunForm { profile, language: *language, redaction, numbering, page: &page };
    let mut writer = RunWriter::new(run, form, (&plan.series, heads), first, tell)?;
    let mut rejects = Rejects::new(run, &exports.all);
    let mut homed: Option<OutputFile> = None;
    let mut domains = DomainCounts::default();
    let work = |batch: &StoredBatch<'_>| {
        let part = EmittedPart {
            writer: BatchWriter::new(form, batch.numbers().len()),
            rejected: Rejected::new(*language),
            homed: Vec::new(),
            domains: DomainCounts::default(),
        };
        Emitter { emission, batch, source: BatchText::of(batch), comment: String::new(), part }.run()
    };
    let is_input = |export: usize, _: Range<u32>| export < exports.inputs;
    records.revisit("writing", is_input, work, |part| {
        rejects.write(&part.rejected)?;
        if !part.homed.is_empty() {
            let file = match homed.take() {
                Some(file) => file,
                None => run.create(HOMED)?,
            };
            homed.insert(file).write(&part.homed)?;
        }
        domains.add(part.domains);
        writer.append(part.writer)
    })?;
    let (mut lists, last) = rejects.finish()?;
    if let Some(homed) = homed {
        lists.push(homed.finish()?);
    }
    let domain_warnings = domains.unchecked().into_iter().chain(domains.unlisted());
    for issue in last.into_iter().chain(domain_warnings.map(|message| Issue::about(message, 0))) {
        writer.note(&issue)?;
    }
    let records = numbering.map(|_| plan.records);
    let (reports, batches) = writer.finish(&emission.wizard.spec.mode, &plan.totals, records)?;
    Ok(Emitted { reports, batches, lists })
}

struct Emitter<'b, 'e> {
    emission: &'e Emission<'e>,
    batch: &'b StoredBatch<'b>,
    source: BatchText<'b>,
    /// A buffer for the comment on a change record.
    comment: String,
    part: EmittedPart<'e>,
}

impl<'e> Emitter<'_, 'e> {
    /// Writes the records of the batch.
    fn run(mut self) -> EmittedPart<'e> {
        self.batch.each(&mut |record| {
            let Some(&decision) = self.emission.plan.decisions.get(record.number as usize) else { return };
            match record.kind {
                RecordKind::Entry if decision.status.has_row() => self.write_entry(&record, decision),
                RecordKind::Unreadable | RecordKind::Nameless => self.write_unreadable(&record),
                _ => {}
            }
        });
        self.part
    }

    /// Writes an unreadable record: the row has the DN, if known, and the code of its first fault.
    fn write_unreadable(&mut self, record: &Numbered<'_>) {
        let fault = record.findings.iter().find(|found| found.severity == Severity::Error);
        let code = fault.map_or("", |found| found.code);
        record.findings.iter().for_each(|found| self.report_finding(record, found));
        let row = Row { status: Status::Rejected, code, ..self.row(record) };
        self.write_row(record, &row, code, None);
    }

    /// Writes the row of an object, with its messages.
    fn write_entry(&mut self, record: &Numbered<'_>, decision: Decision) {
        let noted = Verdict::of_note(record.note);
        let verdict = noted.unwrap_or_else(|| self.emission.wizard.judge(&record.object));
        let takes_part = decision.status.takes_part();
        let is_guess = decision.reason == Some(Reason::ENCODING_GUESSED);
        let is_reported = |found: &&Finding| takes_part || is_guess && found.code == "encoding-fallback";
        for found in record.findings.iter().filter(is_reported) {
            self.report_finding(record, found);
        }
        for remark in &verdict.remarks {
            // A remark explains why a user is out, or informs about one who takes part. Folded names are always
            // reported.
            let explains = match &verdict.position {
                Participation::Out(reason) => decision.reason == Some(*reason),
                _ => {
                    remark.code == "name-folded"
                        && decision.status == Status::Rejected
                        && decision.reason > Some(Reason::HOMED)
                }
            };
            if takes_part || explains {
                self.report_remark(record, remark);
            }
            if explains && remark.code == Reason::SIP_DOMAIN.code() {
                self.count_foreign(&record.object, remark);
            }
        }
        if let Some(candidate) = verdict.candidate().filter(|_| takes_part) {
            self.count_folded(candidate);
        }
        if let Some(reason) = decision.reason.filter(|_| !takes_part) {
            let remarks = self.explain(record, &verdict, reason);
            remarks.iter().for_each(|remark| self.report_remark(record, remark));
        } else {
            self.report_ruling(record);
            self.report_logon(record);
        }
        self.write_user(record, &verdict, decision);
    }

    /// Counts the domain of a rejected address, if the remark points at one.
    fn count_foreign(&mut self, object: &Object<'_>, remark: &Remark) {
        let text = remark.place.attr.and_then(|attr| object.text(attr)).unwrap_or_default();
        let domain = text.get(remark.place.index..).unwrap_or_default();
        if !remark.place.attr.is_some_and(|attr| self.hides(attr)) && sip::address::is_host_name(domain) {
            self.part.domains.count_foreign(domain);
        }
    }

    fn hides(&self, attr: Attr) -> bool {
        let settings = self.settings();
        settings.report.redaction.hides(settings.reading.attributes.name(attr))
    }

    fn count_folded(&mut self, candidate: &Candidate) {
        for folded in &candidate.folded {
            if !self.hides(folded.attribute) {
                self.part.writer.tally().folded.count(&folded.before, &folded.after);
            }
        }
    }

    /// Writes the row of a user, and the change record if there is one.
    fn write_user(&mut self, record: &Numbered<'_>, verdict: &Verdict<'_>, decision: Decision) {
        let object = &record.object;
        let wizard = self.emission.wizard;
        let claimed = verdict.claimed(self.emission.plan.rulings.get(&record.number));
        let new_address = claimed.filter(|_| wizard.claims == Claims::Sip);
        let claim = claimed.map(|claimed| wizard.claims.uri(claimed));
        let former = object.text(Attr::PRIMARY_USER_ADDRESS).unwrap_or_default();
        let uri = claim.as_deref().filter(|_| new_address.is_some());
        let (sip_uri, source) = self.row_address(verdict, decision, uri).unwrap_or((former, "existing"));
        let source = if sip_uri.is_empty() { "" } else { source };
        let present = wizard.settings.pool_name(object, verdict.home);
        let code = decision.reason.map_or("", Reason::code);
        let mut row = Row {
            status: decision.status,
            code,
            sip_uri,
            previous_sip_uri: former,
            source,
            pool: self.row_pool(verdict, decision, &present),
            previous_pool: &present,
            rule: self.row_rule(verdict, decision),
            ..self.row(record)
        };
        let takes_part = decision.status.takes_part();
        if takes_part {
            let address = new_address.unwrap_or_else(|| without_scheme(former));
            for remark in wizard.logic.remarks(object, verdict, address) {
                self.report_remark(record, &remark);
            }
            if let Some((_, domain)) = new_address.and_then(|address| address.rsplit_once('@'))
                && wizard.settings.addresses.composer.rules().domains.is_empty()
            {
                self.part.domains.count_new(domain);
            }
        }
        let given = decision.given(claim.as_deref(), self.emission.plan.rulings.get(&record.number));
        let rule = verdict.rule.unwrap_or_default();
        let change = (decision.series != NONE).then(|| wizard.logic.change(object, rule, given));
        let (file, number) =
            change.map_or_else(Default::default, |change| self.write_change(record, decision, &change, &row));
        (row.file, row.record) = (&file, number);
        if takes_part && !source.is_empty() {
            *self.part.writer.tally().sources.entry(source).or_default() += 1;
        }
        self.write_row(record, &row, code, claimed.filter(|_| self.is_from_redacted(object, verdict)));
    }

    /// Returns the address of the row and its source; none if the user keeps the present address.
    fn row_address<'r>(
        &self,
        verdict: &Verdict<'_>,
        decision: Decision,
        uri: Option<&'r str>,
    ) -> Option<(&'r str, &'static str)> {
        let is_reached = decision.status.takes_part() || decision.reason > Some(Reason::HOMED);
        match &verdict.position {
            Participation::Claims(candidate) if is_reached => {
                Some((uri?, self.settings().addresses.composer.source(candidate)))
            }
            Participation::Stays | Participation::Keeps(_) if is_reached => None,
            _ => Some(("", "")),
        }
    }

    /// Returns the pool of the row: the new one, or else the present one.
    fn row_pool<'r>(&self, verdict: &Verdict<'_>, decision: Decision, present: &'r str) -> &'r str
    where
        'e: 'r,
    {
        let keeps = decision.status.takes_part() && !matches!(verdict.position, Participation::Loses);
        match self.settings().placement.pools.get(usize::from(decision.pool)) {
            Some(pool) => &pool.label,
            None if keeps => present,
            None => "",
        }
    }

    /// The label of the rule in the row.
    fn row_rule(&self, verdict: &Verdict<'_>, decision: Decision) -> &'e str {
        let is_reached = decision.status.takes_part() || decision.reason >= Some(Reason::RULE_SKIP);
        let rule = verdict.rule.filter(|_| is_reached);
        rule.map_or("", |rule| &self.settings().rules[rule].label)
    }

    /// Whether the user's claim is made from an attribute that the reports redact.
    fn is_from_redacted(&self, object: &Object<'_>, verdict: &Verdict<'_>) -> bool {
        let settings = self.settings();
        let Some(candidate) = verdict.candidate() else { return false };
        if settings.report.redaction.is_empty() {
            return false;
        }
        let of_address = settings.addresses.composer.made_of(candidate);
        let rule = verdict.rule.map(|rule| &settings.rules[rule]);
        let of_line = rule.and_then(|rule| rule.lines.of(object)).map(LinePattern::attributes);
        of_address.into_iter().any(|name| settings.report.redaction.hides(name))
            || of_line.into_iter().flatten().any(|attr| self.hides(attr))
    }

    /// Renders a user's change record, or counts what it would write; returns the name of its file and its number there.
    fn write_change(
        &mut self,
        record: &Numbered<'_>,
        decision: Decision,
        change: &Change<'_>,
        row: &Row<'_>,
    ) -> (Arc<str>, Option<u64>) {
        debug_assert!(self.is_seen(change), "a wizard changes an attribute that its scope does not need");
        let (object, settings) = (&record.object, self.settings());
        if is_protected(object) {
            self.report_remark(record, &messages::protected_account());
        }
        for (attribute, values) in change.forgotten() {
            let what = undo_partial(attribute, &values, &settings.report.redaction);
            let attr = settings.reading.attributes.find(attribute.as_bytes());
            self.report_remark(record, &Remark::new(Severity::Warning, "undo-partial", attr, what));
        }
        if self.emission.numbering.is_none() {
            self.part.writer.count_change(change);
            return Default::default();
        }
        let who = if row.sam.is_empty() { row.dn } else { row.sam };
        let ruled = if row.rule.is_empty() { "" } else { ", rule " };
        // BE ADVISED: `format!` took three times as long, and every user has this comment.
        let mut digits = itoa::Buffer::new();
        let line = digits.format(row.line);
        self.comment.clear();
        self.comment.extend([who, " (", &self.batch.export.name, ":", line, ")", ruled, row.rule]);
        let place = (usize::from(decision.series), u64::from(decision.number));
        self.part.writer.change(place, &self.comment, &object.dn, change)
    }

    /// Whether the inputs had to show each attribute that the change writes, so that it overwrites no unseen value. A
    /// wizard that erases takes away only what they show.
    fn is_seen(&self, change: &Change<'_>) -> bool {
        let reading = &self.settings().reading;
        let is_needed = |name: &str| {
            reading.attributes.find(name.as_bytes()).is_some_and(|attr| reading.needed.contains(&attr))
        };
        self.emission.wizard.spec.scope.erases || change.differences().all(|(name, ..)| is_needed(name))
    }

    fn row<'o>(&self, record: &'o Numbered<'_>) -> Row<'o> {
        let object = &record.object;
        Row {
            seq: u64::from(record.number) + 1,
            input: self.input(),
            line: record.line,
            sam: object.text(Attr::SAM_ACCOUNT_NAME).unwrap_or_default(),
            dn: &object.dn,
            display_name: object.text(Attr::DISPLAY_NAME).unwrap_or_default(),
            ..Row::default()
        }
    }

    fn settings(&self) -> &'e Settings {
        self.emission.wizard.settings
    }

    fn input(&self) -> u32 {
        u32::try_from(self.batch.index + 1).unwrap_or(u32::MAX)
    }

    /// Writes the row and the messages of the record; `made` is an address made from redacted attributes.
    fn write_row(&mut self, record: &Numbered<'_>, row: &Row<'_>, code: &'static str, made: Option<&str>) {
        let object = &record.object;
        let settings = self.settings();
        let guid = object.guid().unwrap_or_default();
        let row = Row { guid: &guid, ..row.clone() };
        let mut hidden = settings.report.redaction.values(&row, object, &settings.reading.attributes);
        hidden.extend(made);
        if let Some(what) = self.part.writer.row(&row, &hidden) {
            self.report_remark(record, &Remark::new(Severity::Warning, "xml-character", None, what));
        }
        if code == Reason::HOMED.code() {
            self.part.homed.extend_from_slice(object.dn.as_bytes());
            settings.writing.profile.line_end.put(&mut self.part.homed);
        }
        let reason = (!code.is_empty()).then_some(code);
        let issues = self.part.writer.finish(&row, &hidden, &self.batch.export.name, reason);
        if row.status == Status::Rejected
            && let Some((batch, _)) = self.source.text()
        {
            let record = RecordText { export: self.batch.export, batch, at: object.at };
            self.part.rejected.push(&record, &row, &issues);
        }
    }
}
