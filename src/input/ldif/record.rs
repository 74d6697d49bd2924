//! One record: its DN, the wanted values, and its findings.

use std::borrow::Cow;
use std::collections::HashMap;
use std::mem;

use ldif::{Block, Cursor, FaultKind, Line, LineKind, Names, RawRecord, Strictness};
use memchr::memrchr2;

use super::Changes;
use super::dn::{coded, is_doubtful, lost_letter, no_dn};
use crate::input::range::ValueRange;
use crate::input::{ExportRecord, Finding, RecordKind, Shown, coded};
use crate::language::text;
use crate::message::{Severity, did_you_mean, steers};
use crate::object::{Attr, Attributes, Object, Value, Values};
use crate::schema::{Syntax, find_misspelled};

/// The meaning of a line's name.
#[derive(Clone, Copy, Debug)]
pub(in crate::input) enum LineName {
    Attribute(Attr),
    /// An unknown name that is a misspelling of this attribute.
    Slip(Attr),
    Changetype,
    Dn,
    /// Another keyword.
    Odd,
    /// An empty name, or the scheme of an address, which is not an attribute.
    Scheme,
}

/// The content of a record after its DN, besides values.
#[derive(Default)]
struct Body {
    is_change: bool,
    /// Whether it changes the schema.
    is_of_schema: bool,
    /// Whether it deletes or renames the object.
    is_departure: bool,
    /// Whether the grammar may find a fault in it.
    is_doubtful: bool,
    /// What the export showed before the record, if that is a change.
    shown: Option<Shown>,
}

/// The value of a line in base64, with the lines after it that may continue it.
#[derive(Default)]
struct CodedValue<'t> {
    /// The name of its attribute; empty if there is no such line.
    name: Cow<'t, [u8]>,
    text: Vec<u8>,
    /// Where the line begins.
    at: usize,
    is_faulty: bool,
}

/// Reads the records of a batch, one after another.
pub(in crate::input) struct RecordReader<'r, 't> {
    pub(super) text: &'t [u8],
    /// The text of the batch, if the whole of it is UTF-8, and therefore each value in it.
    utf8: Option<&'t str>,
    attributes: &'r Attributes,
    names: Names<'t, Option<LineName>>,
    pub(super) strictness: Strictness,
    changes: Changes,
    pub(super) shown: &'r mut Shown,
    /// For the current record: the range of values that its last line names, values in particular languages, and
    /// findings.
    range: Option<ValueRange>,
    translations: Vec<Value<'t>>,
    findings: Vec<Finding>,
    /// Findings in attributes that are not read.
    pub(super) asides: Vec<Finding>,
}

impl<'r, 't> RecordReader<'r, 't> {
    pub(in crate::input) fn new(
        text: &'t [u8],
        attributes: &'r Attributes,
        (strictness, changes): (Strictness, Changes),
        shown: &'r mut Shown,
    ) -> Self {
        let utf8 = simdutf8::basic::from_utf8(text).ok();
        let (names, range, translations) = (Names::default(), None, Vec::new());
        let (findings, asides) = (Vec::new(), Vec::new());
        Self {
            text,
            utf8,
            attributes,
            names,
            strictness,
            changes,
            shown,
            range,
            translations,
            findings,
            asides,
        }
    }

    /// Reads the record that begins at `at`, where the cursor is.
    pub(super) fn record(&mut self, at: usize, cursor: &mut Cursor<'t>) -> ExportRecord<'t> {
        self.range = None;
        let line = cursor.lines_before();
        let Some(first) = cursor.next_line() else {
            let object = Object { at, line, ..Object::default() };
            return ExportRecord::Record(RecordKind::Unreadable, object, Vec::new());
        };
        let is_dn = first.is("dn") && matches!(first.kind(), LineKind::Plain | LineKind::Base64);
        let named = if is_dn { self.dn(&first, at) } else { Err(no_dn(&cursor.record(at), at)) };
        let is_nameless = named.is_err();
        let mut object = self.begin_object(named, &first, at);
        object.line = line;
        // The root DSE is an entry, but never wanted.
        let is_root = object.normalized.is_empty() && !is_nameless;
        let body = self.read_body(cursor, &mut object);
        // Beside a value for all languages, one for a particular language does not count.
        self.translations.retain(|value| !object.has(value.attr));
        self.translations.drain(..).for_each(|value| _ = object.values.insert(value));
        let is_doubtful = body.is_doubtful | is_root | is_doubtful(&first) | cursor.is_doubtful(at);
        let is_doubtful = object.values.dedup() | is_doubtful;
        let is_change = self.apply_change(body, &mut object);
        if is_change && !object.values.is_empty() && !is_nameless {
            self.findings.push(changed(&object));
        }
        let raw = cursor.record(at);
        if is_nameless {
            // The record takes no part, so the fault of its first line is enough.
            let is_unread = |line: &Line<'_>| self.attributes.find(&line.name()).is_none();
            self.note_held_in_lines(&raw, |line| is_unread(line) || line.value().is_err(), &mut object);
        } else if is_doubtful || self.utf8.is_none() && std::str::from_utf8(raw.bytes()).is_err() {
            self.judge(&raw, &mut object);
        }
        let findings = mem::take(&mut self.findings);
        let kind = match RecordKind::of_entry(&findings) {
            _ if !is_dn => RecordKind::Nameless,
            RecordKind::Entry if is_change || is_root => RecordKind::Change,
            kind => kind,
        };
        ExportRecord::Record(kind, object, findings)
    }

    /// Begins the object that the first line names. Without a DN, the object gets the value of that line, if it has one,
    /// so that its addresses count as taken.
    #[inline]
    fn begin_object(
        &mut self,
        named: Result<Object<'t>, Finding>,
        first: &Line<'t>,
        at: usize,
    ) -> Object<'t> {
        let finding = match named {
            Ok(object) => {
                self.findings.extend(coded(&object.dn, first).or_else(|| lost_letter(&object.dn, first)));
                return object;
            }
            Err(finding) => finding,
        };
        self.findings.push(finding);
        let mut object = Object { at, ..Object::default() };
        if !first.is("dn")
            && first.has_colon()
            && let Some(attr) = self.attributes.find(&first.name())
        {
            self.add_value(first, attr, &mut object);
        }
        object
    }

    /// Applies what a change record means for its object; returns whether the record is a change. In the plan of a run,
    /// a change counts as an entry.
    #[inline]
    fn apply_change(&mut self, body: Body, object: &mut Object<'t>) -> bool {
        if let Some(shown) = body.shown.filter(|_| self.changes == Changes::Foreign) {
            *self.shown = shown;
        }
        if body.is_of_schema {
            // A note says that it is skipped.
            object.values = Values::default();
        }
        let is_change = body.is_change && self.changes == Changes::Foreign;
        if is_change && body.is_departure {
            // There is no longer an object with this name.
            object.values.push(Value::of_text(Attr::IS_DELETED, "TRUE", object.at));
        }
        is_change
    }

    /// Reads the record after the DN, and adds the values to the object.
    #[inline(always)]
    fn read_body(&mut self, cursor: &mut Cursor<'t>, object: &mut Object<'t>) -> Body {
        let mut body = Body::default();
        let attributes = self.attributes;
        // Whether the following values belong to a `delete:` of a change.
        let mut is_deleting = false;
        let mut is_first_line = true;
        while let Some((line, named)) = match body.is_change {
            // In a change, any line may belong to a modification.
            true => cursor.next_line().map(|line| (line, None)),
            false => cursor.next_selected(&mut self.names, |name| named(attributes, name)),
        } {
            // A folded name is only recognised now.
            let named = named.or_else(|| named_if_folded(attributes, &line));
            match named {
                Some(LineName::Changetype) => {
                    let kind = line.written();
                    let kind_is = |word: &&str| kind.trim_ascii().eq_ignore_ascii_case(word.as_bytes());
                    body.is_change = !kind_is(&"add");
                    body.is_of_schema = is_of_schema_change(kind.trim_ascii());
                    // After attributes it is a fault, and their values count as held.
                    body.is_departure =
                        body.is_change && is_first_line && ["delete", "modrdn", "moddn"].iter().any(kind_is);
                    if body.is_change || !is_first_line {
                        // A change record is not the state of an entry; the grammar decides whether it is a valid one.
                        body.is_doubtful |= self.changes == Changes::Foreign || !is_first_line;
                        // It does not show either that the export has the attribute.
                        body.shown.get_or_insert_with(|| self.shown.clone());
                    }
                }
                _ if body.is_change && ["add", "delete", "replace"].iter().any(|word| line.is(word)) => {
                    is_deleting = line.is("delete");
                }
                // A value that the entry loses.
                _ if is_deleting => {}
                _ if !line.has_colon() => {
                    self.note_held(line.bytes(), line.at(), object);
                    body.is_doubtful |= !body.is_change || line.kind() != LineKind::Dash;
                }
                Some(LineName::Attribute(attr)) => body.is_doubtful |= !self.add_value(&line, attr, object),
                Some(LineName::Slip(attr)) => body.is_doubtful |= !self.add_misspelled(&line, attr, object),
                Some(LineName::Scheme) => {
                    self.findings.push(lost_fold(&line));
                    self.note_held(line.bytes(), line.at(), object);
                }
                // A misplaced or unknown keyword: the grammar decides.
                Some(LineName::Dn | LineName::Odd) | None => body.is_doubtful |= !body.is_change,
            }
            is_first_line = false;
        }
        body
    }

    /// Reports that the name of a line is misspelled, and adds the value to the attribute that it means; returns false,
    /// without doing so, if the grammar reports the name.
    fn add_misspelled(&mut self, line: &Line<'t>, meant: Attr, object: &mut Object<'t>) -> bool {
        let Some(slip) = slip(line, meant) else { return false };
        self.findings.push(slip);
        self.note_held(line.bytes(), line.at(), object);
        self.add_value(line, meant, object);
        true
    }

    /// Lets the grammar find the faults of a record; values in lines with errors count as held.
    fn judge(&mut self, raw: &RawRecord<'t>, object: &mut Object<'t>) {
        let faulty = self.report_faults(raw);
        if faulty.is_empty() {
            return;
        }
        self.note_held_in_lines(raw, |line| faulty.contains_key(&line.at()), object);
        for line in raw.lines() {
            if let Some(&Some(attr)) = faulty.get(&line.at()) {
                self.add_value(&line, attr, object);
            }
        }
    }

    /// Reports the faults of a record. A fault in an attribute that is not read is only a warning.
    ///
    /// Returns where the lines with errors begin, each with the attribute that it means.
    fn report_faults(&mut self, raw: &RawRecord<'t>) -> HashMap<usize, Option<Attr>> {
        let mut faulty = HashMap::new();
        ldif::check(&Block::Record(*raw), &mut |fault| {
            let is_stray = matches!(fault.kind(), FaultKind::NotUtf8(_));
            let fault = if is_stray && self.strictness == Strictness::Utf8 { fault.raised() } else { fault };
            let mut finding = Finding::of(&fault);
            let kind = fault.kind();
            let is_of_name =
                matches!(kind, FaultKind::Name(_) | FaultKind::SpaceBeforeColon | FaultKind::TabLine);
            let (before, _) = raw.bytes().split_at(fault.at().saturating_sub(raw.at()));
            let start = memrchr2(b'\n', b'\r', before).map_or(0, |end| end + 1);
            let line = raw.bytes()[start..].split(|b| matches!(b, b'\n' | b'\r')).next().unwrap_or_default();
            let meant = if is_of_name { self.meant(line) } else { None };
            let is_wanted = fault.kind().is_structural()
                || meant.is_some_and(|attr| !self.attributes.is_aside(attr))
                || fault.line().is_some_and(|(_, name)| self.wants(name.as_bytes()));
            if is_wanted {
                if finding.severity == Severity::Error {
                    faulty.insert(raw.at() + start, meant);
                }
                self.findings.push(finding);
            } else if !matches!(fault.kind(), FaultKind::DuplicateValue { .. }) {
                finding.severity = finding.severity.min(Severity::Warning);
                self.asides.push(finding);
            }
        });
        faulty
    }

    /// Whether a decision depends on the values of an attribute with this description.
    fn wants(&self, description: &[u8]) -> bool {
        let name = description.split(|&b| b == b';').next().unwrap_or_default();
        let is_asked_for = |attr: Attr| !self.attributes.is_aside(attr);
        keyword(name).is_some() || self.attributes.find(name).is_some_and(is_asked_for)
    }

    /// Returns the attribute that a malformed line means if the surroundings of its name are ignored: invisible
    /// characters, such as a byte order mark; quotes, brackets and list marks; the file and line number that grep adds.
    /// Another sign may replace the colon.
    fn meant(&self, line: &[u8]) -> Option<Attr> {
        const SIGNS: [char; 12] = [':', '：', ';', '=', '"', '\'', '[', ']', '<', '>', '(', ')'];
        const MOST: usize = 3;
        let line = String::from_utf8_lossy(line);
        let seen: String = line.chars().filter(|&c| c == '\t' || !steers(c)).collect();
        let value = seen.rfind([':', '=', '：']).unwrap_or(seen.len());
        let parts = seen[..value].split(SIGNS).map(str::trim).filter(|part| !part.is_empty());
        let first = |part: &str| part.split_whitespace().next().unwrap_or_default().to_owned();
        let named = |part: &str| {
            let letters: String = part.chars().filter(char::is_ascii_alphabetic).collect();
            let attributes = self.attributes;
            attributes.find(first(part).as_bytes()).or_else(|| find_misspelled(letters.as_bytes()))
        };
        let is_address = || is_scheme(parts.clone().next().map(first).unwrap_or_default().as_bytes());
        parts.clone().take(MOST).find_map(named).or_else(|| is_address().then_some(Attr::PROXY_ADDRESSES))
    }

    /// Notes the values that these lines of a rejected record may contain, whatever is wrong with them.
    fn note_held_in_lines(
        &self,
        raw: &RawRecord<'t>,
        is_faulty: impl Fn(&Line<'_>) -> bool,
        object: &mut Object<'t>,
    ) {
        let mut coded = CodedValue::default();
        for line in raw.lines() {
            let is_faulty = is_faulty(&line);
            if is_faulty {
                self.note_held(line.bytes(), line.at(), object);
            }
            if line.kind() == LineKind::NoColon {
                // a continuation without its space
                coded.text.extend_from_slice(line.bytes());
                coded.is_faulty |= is_faulty;
                continue;
            }
            self.note_held_in_base64(&coded, object);
            coded = CodedValue::default();
            if line.kind() == LineKind::Base64 && self.attributes.find(&line.name()).is_some() {
                let (name, text) = (line.name(), line.written().into_owned());
                coded = CodedValue { name, text, at: line.at(), is_faulty };
            }
        }
        self.note_held_in_base64(&coded, object);
    }

    /// Notes the values that base64 with a fault may contain.
    fn note_held_in_base64(&self, coded: &CodedValue<'_>, object: &mut Object<'t>) {
        if coded.name.is_empty() || !coded.is_faulty {
            return;
        }
        for text in coded::readings(&coded.text) {
            self.note_held(&[&coded.name, &b": "[..], &text].concat(), coded.at, object);
        }
    }

    /// Notes the values that a faulty line at an offset may contain.
    fn note_held(&self, line: &[u8], at: usize, object: &mut Object<'t>) {
        let text = String::from_utf8_lossy(line);
        let text = text.trim_start_matches([':', ' ', '\t']);
        let mut push = |attr, text: String| {
            object.values.push(Value::new(attr, Cow::Owned(text.into_bytes()), at));
        };
        let is_line = text.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("tel:"));
        let is_named = || self.meant(line) == Some(Attr::LINE);
        if is_line {
            push(Attr::LINE, text.to_owned());
        } else if text.contains('@') {
            // Signs that may be part of a name, but are more often around one.
            let text = text.replace(['=', '<', '>', '[', ']', '"', '\t'], " ");
            push(Attr::PROXY_ADDRESSES, format!("sip:{text}"));
        } else if let Some((_, number)) = text.split_once(['=', '\t', ' ']).filter(|_| is_named()) {
            push(Attr::LINE, number.to_owned());
        }
    }

    /// Returns the value of a line if it is plain, in one piece, and in text that is UTF-8.
    #[inline]
    pub(super) fn plain(&self, line: &Line<'t>) -> Option<&'t str> {
        self.utf8?.get(line.plain()?)
    }

    /// Adds a value to the object; returns false if there may be a fault in it.
    #[inline]
    fn add_value(&mut self, line: &Line<'t>, attr: Attr, object: &mut Object<'t>) -> bool {
        // Nearly all values take this short path, which keeps little in memory.
        match self.plain(line).filter(|text| !text.is_empty() && !line.has_options()) {
            Some(text) => {
                self.shown.insert(attr);
                object.values.insert(Value::of_text(attr, text, line.at())) && !text.ends_with(' ')
            }
            None => self.add_odd_value(line, attr, object),
        }
    }

    /// Adds a value that is encoded, folded, empty, of an attribute with options, or in text that is not UTF-8.
    #[inline(never)]
    fn add_odd_value(&mut self, line: &Line<'t>, attr: Attr, object: &mut Object<'t>) -> bool {
        if line.has_options() {
            self.note_range(line, attr, object);
        }
        let plain = self.plain(line);
        let is_plain = plain.is_some() || line.kind() == LineKind::Plain;
        let mut value = match plain {
            Some(text) => Value::of_text(attr, text, line.at()),
            None => match line.value() {
                Ok(bytes) if is_plain => Value::new(attr, bytes, line.at()),
                Ok(bytes) => self.decoded(Value::new(attr, bytes, line.at()), line),
                Err(_) => {
                    self.shown.insert(attr);
                    return false;
                }
            },
        };
        if value.bytes().is_empty() {
            // `ldapsearch -A` writes only names: no entry is without a class.
            if attr != Attr::OBJECT_CLASS {
                self.shown.insert(attr);
            }
            return true;
        }
        self.shown.insert(attr);
        let mut is_sound = true;
        if is_plain && value.text().is_none() {
            is_sound = false;
            if self.strictness == Strictness::Ansi {
                let text = ldif::text::windows_1252(value.bytes());
                value = Value::of_text(attr, text, line.at()).guessed(true);
            }
        }
        is_sound &= !(line.is_folded_by_tab() || is_plain && value.bytes().ends_with(b" "));
        if attr.is_single() && attr.syntax() == Syntax::Text && is_translation(&line.options()) {
            self.translations.push(value);
            return is_sound;
        }
        object.values.insert(value) && is_sound
    }

    /// Decodes a value in base64; text in it may have another encoding.
    fn decoded(&mut self, value: Value<'t>, line: &Line<'t>) -> Value<'t> {
        let decoded = value.decoded();
        if decoded.is_ok() {
            let (name, at) = (String::from_utf8_lossy(&line.name()).into_owned(), line.value_at());
            let mut finding = Finding::not_utf8(&name, at, line.at());
            if self.strictness == Strictness::Utf8 {
                finding.severity = Severity::Error;
            }
            self.findings.push(finding);
        }
        decoded.unwrap_or_else(|value| value)
    }

    /// Notes the range of values that the options may name; a range other than the last leaves the attribute cut. With
    /// any other option, the value still belongs to the attribute (RFC 4512 section 2.5), and counts as held.
    fn note_range(&mut self, line: &Line<'_>, attr: Attr, object: &mut Object<'_>) {
        let options = line.options().to_ascii_lowercase();
        let mut options = options.split(|&b| b == b';');
        let Some(range) = options.find(|option| option.starts_with(b"range=")) else { return };
        let range = ValueRange::after(self.range, attr, range);
        self.range = Some(range);
        if range.is_part() {
            object.cut = Some((attr, line.at()));
        } else if object.cut.is_some_and(|(cut, _)| cut == attr) {
            object.cut = None;
        }
    }
}

/// Reports that a line continues the value of the line before it: it begins like an address.
pub(in crate::input) fn lost_fold(line: &Line<'_>) -> Finding {
    let name = String::from_utf8_lossy(&line.name()).into_owned();
    let what = text!(
        "`{name}` is not an attribute: a value continues here",
        "`{name}` n’est pas un attribut\u{a0}: une valeur continue ici"
    );
    Finding::new(Severity::Error, "ldif-name", line.at(), what).help(text!(
        "begin the line with a space, or append it to the line before it",
        "commencez la ligne par une espace, ou mettez-la à la suite de la précédente"
    ))
}

/// Reports that the name of a line is a misspelling of an attribute; `None` for a name that no attribute could have,
/// which the grammar reports.
pub(in crate::input) fn slip(line: &Line<'_>, meant: Attr) -> Option<Finding> {
    let name = line.name();
    let is_in = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if !(name.first()?.is_ascii_alphabetic() && name.iter().all(is_in)) {
        return None;
    }
    let name = String::from_utf8_lossy(&name).into_owned();
    let what = text!(
        "`{name}` is not an attribute of the directory",
        "`{name}` n’est pas un attribut de l’annuaire"
    );
    Some(Finding::new(Severity::Error, "ldif-name", line.at(), what).help(did_you_mean(meant.known_name())))
}

/// Whether the name of a line is the scheme of an address.
fn is_scheme(name: &[u8]) -> bool {
    matches!(keyword(name), Some(LineName::Scheme))
}

/// Whether the options of a description name a language (RFC 3866).
fn is_translation(options: &[u8]) -> bool {
    options
        .split(|&b| b == b';')
        .any(|option| option.get(..5).is_some_and(|name| name.eq_ignore_ascii_case(b"lang-")))
}

/// Whether a change is one of the schema, as written by ldifde.
fn is_of_schema_change(kind: &[u8]) -> bool {
    const SCHEMA: &[u8] = b"ntdsSchema";
    kind.get(..SCHEMA.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEMA))
}

/// Reports that a change record sets values that the run reads.
fn changed(object: &Object<'_>) -> Finding {
    let what = text!(
        "a change record in an export: the object is not judged by it, and what it gives counts as held",
        "un enregistrement de modification dans un export\u{a0}: l’objet n’est pas jugé d’après lui, et ce qu’il donne compte comme détenu"
    );
    Finding::new(Severity::Warning, "export-change-record", object.at, what).help(text!(
        "export the object again, so that its record shows all values",
        "refaites l’export de l’objet, afin que son enregistrement montre toutes les valeurs"
    ))
}

/// Returns the meaning of a line's name, if it has one.
pub(in crate::input) fn named(attributes: &Attributes, name: &[u8]) -> Option<LineName> {
    match attributes.find_or_slip(name) {
        Ok(attr) => Some(LineName::Attribute(attr)),
        Err(Some(meant)) => Some(LineName::Slip(meant)),
        Err(None) => keyword(name),
    }
}

/// Returns the same for a line whose name may be folded.
#[inline(never)]
fn named_if_folded(attributes: &Attributes, line: &Line<'_>) -> Option<LineName> {
    named(attributes, &line.name())
}

/// Returns the meaning of a name that is not an attribute's.
fn keyword(name: &[u8]) -> Option<LineName> {
    const SCHEMES: [&str; 10] = ["", "im", "sip", "tel", "eum", "sips", "smtp", "x400", "x500", "mailto"];
    let name_is = |keyword: &&str| name.eq_ignore_ascii_case(keyword.as_bytes());
    match name.len() {
        10 => name_is(&"changetype").then_some(LineName::Changetype),
        2 if name_is(&"dn") => Some(LineName::Dn),
        _ if ["version", "control"].iter().any(name_is) => Some(LineName::Odd),
        _ => SCHEMES.iter().any(name_is).then_some(LineName::Scheme),
    }
}
