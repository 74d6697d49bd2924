//! The check of an export at full strictness, which covers every attribute, wanted or not.

use std::borrow::Cow;
use std::collections::BTreeSet;

use ldif::{Block, BlockStart, Cursor, Description, FaultKind, Line, LineKind, Names, Screen, Strictness};

use super::asides::{Aside, Asides};
use super::classes::{Lack, ShownOfAccounts, is_controlled, misclassed};
use super::csv::{Holds, Table, newlines};
use super::export::Layout;
use super::fault::{self, record_cut};
use super::ldif::{LineName, named};
use super::{Batch, Export, ExportRecord, Finding, RecordKind};
use crate::message::Severity;
use crate::object::{Attr, Attributes, Object, Value};
use crate::schema::lost::{TextKind, lost_character};
use crate::schema::value::Meaning;

/// The content of a batch, and its findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    pub records: RecordCounts,
    /// The attributes that occur, in lower case.
    pub attributes: BTreeSet<String>,
    /// All errors, warnings and notes, in the order of the text.
    pub findings: Vec<Finding>,
    /// What a tool reports about the search that made the export.
    pub asides: Asides,
    /// Attributes shown of accounts; and the records that lack one, by position, which matters if others show it.
    pub(crate) shown: ShownOfAccounts,
    pub(crate) lacking: Vec<(usize, Lack)>,
    /// The number of lines before the last record, and whether the first record continues the one before it.
    pub(crate) last: Option<u64>,
    pub(crate) begins_cut: bool,
    pub line_ends: LineEndCounts,
}

impl Checked {
    /// Adds the counts of the next batch.
    pub(crate) fn add(&mut self, next: Self) {
        let RecordCounts { entries, changes, faulty } = &mut self.records;
        *entries += next.records.entries;
        *changes += next.records.changes;
        *faulty += next.records.faulty;
        self.attributes.extend(next.attributes);
        self.line_ends = self.line_ends.or(next.line_ends);
        self.shown.see(|lack| next.shown.has(lack));
    }

    /// Counts a record whose findings begin with this one.
    fn count(&mut self, first: usize, is_change: bool) {
        let is_faulty = self.findings[first..].iter().any(|finding| finding.severity == Severity::Error);
        *match (is_faulty, is_change) {
            (true, _) => &mut self.records.faulty,
            (_, true) => &mut self.records.changes,
            _ => &mut self.records.entries,
        } += 1;
    }
}

/// The number of records of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RecordCounts {
    /// Entries: content records, `changetype: add`, rows of a table.
    pub entries: u64,
    /// Other change records.
    pub changes: u64,
    /// Records with an error.
    pub faulty: u64,
}

impl RecordCounts {
    /// The number of all records.
    pub fn total(&self) -> u64 {
        self.entries + self.changes + self.faulty
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineEndCounts {
    crlf: bool,
    lf: bool,
    cr: bool,
}

impl LineEndCounts {
    /// Returns the kinds of line ends in a text that has `count` of them.
    fn of(text: &[u8], count: u64) -> Self {
        let [lf, cr] = [b'\n', b'\r'].map(|end| memchr::memchr_iter(end, text).count() as u64);
        // A CRLF is one line end with two characters.
        let crlf = lf + cr - count;
        Self { crlf: crlf > 0, lf: lf > crlf, cr: cr > crlf }
    }

    /// The kinds of line ends in either of two texts.
    pub fn or(self, other: Self) -> Self {
        Self { crlf: self.crlf | other.crlf, lf: self.lf | other.lf, cr: self.cr | other.cr }
    }

    /// Returns their names, such as `crlf` or `crlf+lf`; `none` for a text with a single line.
    pub fn name(self) -> String {
        let names = [(self.crlf, "crlf"), (self.lf, "lf"), (self.cr, "cr")];
        let found: Vec<&str> = names.iter().filter(|(occurs, _)| *occurs).map(|(_, name)| *name).collect();
        if found.is_empty() { "none".to_owned() } else { found.join("+") }
    }
}

impl Export {
    /// Checks a batch.
    pub fn check(&self, batch: &Batch) -> Checked {
        let mut checked = Checked::default();
        match &self.layout {
            Layout::Ldif(strictness) => LdifCheck::new(&batch.text, *strictness, &mut checked).walk(),
            Layout::Csv(table) => check_table(table, &batch.text, &mut checked),
        }
        checked.findings.sort_by_key(|finding| finding.place.at);
        checked
    }
}

/// Checks rows of a table.
fn check_table(table: &Table, text: &[u8], checked: &mut Checked) {
    checked.line_ends = LineEndCounts::of(text, newlines(text));
    checked.attributes.extend(table.columns().iter().map(|column| column.heading.to_lowercase()));
    checked.shown.see(|lack| {
        let mut columns = table.columns().iter();
        columns.any(|column| lack.attributes().map(Holds::Values).contains(&column.holds))
    });
    table.check(text, &mut |record| match record {
        ExportRecord::Record(kind, object, findings) => {
            match kind {
                RecordKind::Entry => checked.records.entries += 1,
                _ => checked.records.faulty += 1,
            }
            checked.lacking.extend(Lack::of_account(&object).map(|lack| (object.at, lack)));
            // What was found in a badly quoted cell has no place, and its fault is reported.
            let is_judged = |value: &&Value<'_>| {
                value.at != Value::ELSEWHERE
                    && (value.attr != Attr::USER_ACCOUNT_CONTROL || is_controlled(&object))
            };
            let invalid = object.values.invalid().filter(is_judged);
            let invalid = invalid.map(|value| Finding::invalid(value, value.at));
            checked.findings.extend(findings.into_iter().chain(invalid).chain(misclassed(&object)));
        }
        ExportRecord::Aside(Aside::Finding(finding)) => checked.findings.push(finding),
        ExportRecord::Aside(said) => checked.asides.push(said, checked.records.total()),
    });
}

/// A single walk over LDIF text, with its results.
struct LdifCheck<'c, 't> {
    checked: &'c mut Checked,
    text: &'t [u8],
    strictness: Strictness,
    cursor: Cursor<'t>,
    screen: Screen<'t>,
    names: Names<'t, Option<(Description, Option<LineName>)>>,
    /// The attributes that occur, in lower case.
    attributes: BTreeSet<String>,
    /// The single-valued attributes that the record has shown so far.
    single: Vec<Attr>,
    /// Findings about userAccountControl in the current record, which may not be a user's.
    control: Vec<Finding>,
    /// Where the previous record begins, if it is in the text.
    before: Option<usize>,
}

impl<'c, 't> LdifCheck<'c, 't> {
    /// Starts at the beginning of the text.
    fn new(text: &'t [u8], strictness: Strictness, checked: &'c mut Checked) -> Self {
        let (cursor, screen) = (Cursor::new(text), Screen::new(text));
        let (names, attributes, single) = (Names::default(), BTreeSet::new(), Vec::new());
        let (control, before) = (Vec::new(), None);
        Self { checked, text, strictness, cursor, screen, names, attributes, single, control, before }
    }

    /// Checks the records of the text, and what is between them.
    fn walk(mut self) {
        while let Some(start) = self.cursor.next_block() {
            match start {
                BlockStart::Record(at) => self.record(at),
                BlockStart::Other(block) => self.other(&block),
            }
        }
        let Self { checked, text, mut cursor, attributes, before, .. } = self;
        checked.attributes = attributes;
        let said = super::ldif::glued_end(text, &cursor);
        said.into_iter().for_each(|said| checked.asides.push(said, checked.records.total()));
        let lines = cursor.lines_before();
        checked.line_ends = LineEndCounts::of(text, lines);
        checked.last = before.map(|at| lines - newlines(&text[at..]));
    }

    /// Checks the record that begins at `at`, where the cursor is.
    fn record(&mut self, at: usize) {
        let first = self.checked.findings.len();
        let (mut is_change, mut dns, mut has_values) = (false, 0_u64, false);
        let mut account = Object { at, ..Object::default() };
        self.screen.begin();
        self.single.clear();
        while let Some((line, known)) = self.cursor.next_selected(&mut self.names, |name| {
            Some((self.screen.describe(name), read_name(name, false, &mut self.attributes)))
        }) {
            let (description, name) = match known {
                Some(known) => known,
                None if line.has_colon() => (
                    self.screen.describe(&line.description()),
                    read_name(&line.name(), line.has_options(), &mut self.attributes),
                ),
                None => Default::default(),
            };
            self.screen.see(&line, description);
            match name {
                Some(LineName::Changetype) => is_change |= !line.written().eq_ignore_ascii_case(b"add"),
                Some(LineName::Attribute(attr)) => {
                    has_values = true;
                    self.value(&line, attr, is_change, &mut account);
                }
                Some(LineName::Dn) => {
                    dns += 1;
                    self.single.clear(); // another record, perhaps
                    self.checked.findings.extend(super::ldif::spoilt(&line));
                }
                Some(LineName::Slip(attr)) => self.checked.findings.extend(super::ldif::slip(&line, attr)),
                Some(LineName::Scheme) => self.checked.findings.push(super::ldif::lost_fold(&line)),
                Some(LineName::Odd) | None => {}
            }
        }
        if self.screen.is_doubtful(&self.cursor, at) {
            let findings_in_values = self.checked.findings.split_off(first);
            self.judge(&Block::Record(self.cursor.record(at)));
            self.checked.findings.extend(findings_in_values);
        }
        self.judge_account(&account, is_change);
        self.checked.count(first, is_change);
        // Each further DN begins a record of its own.
        self.checked.records.faulty += dns.saturating_sub(1);
        if has_values && dns == 0 {
            self.report_cut();
        }
        self.before = Some(at);
    }

    /// Notes what the record shows of an account, and reports what it lacks.
    fn judge_account(&mut self, account: &Object<'_>, is_change: bool) {
        let Checked { findings, lacking, shown, .. } = &mut *self.checked;
        shown.see(|lack| !lack.concerns(account));
        if !is_change {
            lacking.extend(Lack::of_account(account).map(|lack| (account.at, lack)));
            findings.extend(misclassed(account));
        }
        findings.extend(self.control.drain(..).filter(|_| is_controlled(account)));
    }

    /// Reports that the previous record was cut in two, because the current one has no DN. If the current one is the
    /// first of the batch, the previous one is in another batch.
    fn report_cut(&mut self) {
        let (what, help) = record_cut();
        let fault = |at| Finding::new(Severity::Error, "record-cut", at, what).help(help);
        match self.before {
            Some(at) => self.checked.findings.push(fault(at)),
            None => self.checked.begins_cut = true,
        }
    }

    /// Checks a value of a known attribute; `account` collects what shows whether the record is a user's.
    #[inline]
    fn value(&mut self, line: &Line<'t>, attr: Attr, is_change: bool, account: &mut Object<'t>) {
        let Some(octets) = line.value().ok().filter(|octets| !octets.is_empty()) else { return };
        if is_change {
            self.single.clear(); // a change names both the old and the new value
        }
        let findings = &mut self.checked.findings;
        let is_control = attr == Attr::USER_ACCOUNT_CONTROL;
        let target = if is_control { &mut self.control } else { &mut *findings };
        // `extend` would take longer to reserve room than this takes to see that there is nothing to add.
        if let Some(fault) = invalid(&mut self.single, line, attr, &octets) {
            // A change may take away a value that is invalid, and its undo gives it back.
            let severity = if is_change { Severity::Warning } else { fault.severity };
            target.push(Finding { severity, ..fault });
        }
        if !is_change && let Some(lost) = lost_letter(line, attr, &octets) {
            findings.push(lost);
        }
        if [Lack::Class, Lack::Control].iter().any(|lack| lack.attributes().contains(&attr)) {
            account.values.push(Value::new(attr, octets, line.at()));
        }
    }

    /// Checks a block that is not a record.
    fn other(&mut self, block: &Block<'_>) {
        self.judge(block);
        let Checked { findings, asides, records, .. } = &mut *self.checked;
        super::ldif::aside(block, &mut |aside| {
            if let Aside::Finding(finding) = &aside {
                findings.push(finding.clone());
            }
            asides.push(aside, records.total());
        });
    }

    /// Lets the grammar find the faults in a block.
    fn judge(&mut self, block: &Block<'_>) {
        ldif::check(block, &mut |fault| {
            let is_stray = matches!(fault.kind(), FaultKind::NotUtf8(_));
            let fault = if is_stray && self.strictness == Strictness::Utf8 { fault.raised() } else { fault };
            let dn = fault.line().filter(|_| matches!(fault.kind(), FaultKind::Dn(_)));
            let foreign = dn.and_then(|(at, _)| super::ldif::foreign(&ldif::line_at(self.text, at)));
            self.checked.findings.push(foreign.unwrap_or_else(|| Finding::of(&fault)));
        });
    }
}

/// Returns the meaning of the name of a line, and collects it if it is that of an attribute. With options, the values
/// are not those of the attribute itself, and are not read.
fn read_name(written: &[u8], has_options: bool, attributes: &mut BTreeSet<String>) -> Option<LineName> {
    let name = named(Attributes::of_every_run(), written);
    if !matches!(name, Some(LineName::Changetype | LineName::Dn | LineName::Scheme)) {
        let name = String::from_utf8_lossy(written).to_lowercase();
        if !["control", "add", "delete", "replace", "increment"].contains(&&*name) {
            attributes.insert(name);
        }
    }
    name.filter(|name| !(has_options && matches!(name, LineName::Attribute(_))))
}

/// Reports lost letters in a name or an address.
fn lost_letter(line: &Line<'_>, attr: Attr, octets: &[u8]) -> Option<Finding> {
    let kind = Some(TextKind::of(attr)).filter(|kind| *kind != TextKind::Free)?;
    let index = lost_character(octets, kind)?;
    let name = attr.known_name();
    let (what, note) = fault::lost_character(name, &String::from_utf8_lossy(&octets[index..]));
    let at = if line.plain().is_some() { line.locate(index) } else { line.value_at() };
    let found = Finding::new(Severity::Warning, "lost-characters", at, what).within(name, line.at());
    Some(found.because(note).help(fault::AS_UNICODE.clone()))
}

/// Reports a value of a known attribute without the right syntax; `single` are the single-valued attributes that the
/// record has shown so far.
fn invalid(single: &mut Vec<Attr>, line: &Line<'_>, attr: Attr, octets: &[u8]) -> Option<Finding> {
    let is_encoded = || line.kind() == LineKind::Base64;
    if attr.syntax().is_free() && !attr.is_single() && !is_encoded() {
        return None;
    }
    let value = || Value::new(attr, Cow::Borrowed(octets), line.at());
    if attr.syntax().is_text() && is_encoded() && value().decoded().is_ok() {
        return Some(Finding::not_utf8(attr.known_name(), line.value_at(), line.at()));
    }
    // How many values of the attribute the record has shown; two are enough to know that there are several.
    let earlier = single.iter().filter(|&&known| known == attr).count();
    if attr.is_single() && earlier < 2 {
        single.push(attr);
    }
    let wrong = match earlier {
        // Nearly all values are valid, and need nothing further.
        0 if Meaning::of(attr.syntax(), octets) != Meaning::Invalid => None,
        0 => Some(value()),
        1 => Some(value().surplus()),
        _ => None,
    };
    wrong.map(|value| Finding::invalid(&value, line.value_at()))
}
