//! LDIF text → records: the wanted attributes of each, decoded; everything else is passed over.

use std::borrow::Cow;
use std::collections::HashMap;

use ldif::Strictness;
use ldif::{Block, BlockStart, Cursor, FaultKind, Line, LineKind, RawRecord, SearchNote};
use memchr::{memchr, memrchr, memrchr2};

use super::asides::Aside;
use super::range::ValueRange;
use super::{ExportRecord, Finding, Shown, columns, fault, password};
use crate::language::{Text, text};
use crate::message::{Severity, steers};
use crate::object::{Attr, Attributes, Object, Value, Values};
use crate::schema::lost::{TextKind, lost_character};

/// What a record with `changetype: modify` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changes {
    /// What is left of a large group, or a schema change: no state of an entry.
    Foreign,
    /// What an earlier run planned: the entry with the values that it is to get.
    Planned,
}

/// The DNs of a text that begins with one, `dn: …`, each with its physical line; a line end that `echo` added belongs to none.
pub(super) fn names(text: &str) -> Option<Vec<(u64, String)>> {
    let begins = text.trim_start().get(..3).is_some_and(|start| start.eq_ignore_ascii_case("dn:"));
    let mut positions = ldif::Positions::new(text.as_bytes(), 1);
    begins.then(|| {
        let mut names = Vec::new();
        for block in ldif::blocks(text.as_bytes()) {
            let ldif::Block::Record(record) = block else { continue };
            for line in record.lines().filter(|line| line.is("dn")) {
                let name = line.value().unwrap_or_else(|_| line.written());
                let name = String::from_utf8_lossy(&name).trim_end_matches(['\r', '\n']).to_owned();
                names.push((positions.of(line.at()).line, name));
            }
        }
        names
    })
}

/// Reads the records of a batch; see [`super::Export::records`].
///
/// BE ADVISED: most lines are passed over, and nothing is said of them as long as [`Cursor::is_doubtful`] rules a fault
/// out. Where it does not, the grammar judges the record: so `check`, which has the grammar judge all of them, reports
/// the same faults at the same places.
pub(super) fn records<'t>(
    text: &'t [u8],
    attributes: &Attributes,
    strictness: Strictness,
    changes: Changes,
    shown: &mut Shown,
    each: &mut dyn FnMut(ExportRecord<'t>),
) {
    let mut cursor = Cursor::new(text);
    let utf8 = simdutf8::basic::from_utf8(text).ok();
    let mut asides = Vec::new();
    let mut ends_in_record = false;
    while let Some(begun) = cursor.next_block() {
        ends_in_record = matches!(begun, BlockStart::Record(_));
        match begun {
            BlockStart::Record(at) => {
                shown.rejects |= line_before(text, at).is_some_and(columns::is_reject_mark);
                let (findings, asides) = (Vec::new(), &mut asides);
                let (range, translations) = (None, Vec::new());
                let reading = RecordReader {
                    utf8,
                    attributes,
                    strictness,
                    changes,
                    shown,
                    range,
                    translations,
                    findings,
                    asides,
                };
                each(reading.record(at, &mut cursor));
            }
            BlockStart::Other(block) => {
                ldif::check(&block, &mut |fault| {
                    each(ExportRecord::Aside(Aside::Finding(Finding::of(&fault))))
                });
                aside(&block, &mut |aside| each(ExportRecord::Aside(aside)));
            }
        }
        asides.drain(..).for_each(|finding| each(ExportRecord::Aside(Aside::Finding(finding))));
    }
    if ends_in_record {
        glued_end(text).into_iter().for_each(|said| each(ExportRecord::Aside(said)));
    }
}

/// What the last line of the last record says of the search. There an attribute's line is expected: to look for the words of
/// every tool in each of them would take as long as to read them.
pub(super) fn glued_end(text: &[u8]) -> Option<Aside> {
    let text = text.trim_ascii_end();
    let at = text.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |end| end + 1);
    let line = &text[at..];
    let said =
        SearchNote::of_last_line(line).filter(|_| !matches!(line.first(), None | Some(b' ' | b'#' | b'\t')));
    Some(Aside::Said(said?, at))
}

/// The line directly before a record; none if it is blank.
fn line_before(text: &[u8], at: usize) -> Option<&[u8]> {
    let line = text[..at].strip_suffix(b"\n").unwrap_or(&text[..at]);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let is_blank = matches!(line.last(), None | Some(b'\n' | b'\r'));
    let start = || memchr::memrchr2(b'\n', b'\r', line).map_or(0, |end| end + 1);
    (!is_blank).then(|| &line[start()..])
}

/// What is between the records: a referral, what a tool says of its search.
pub(super) fn aside(block: &Block<'_>, each: &mut dyn FnMut(Aside)) {
    match block {
        Block::Referral(line) => {
            let what = text!(
                "a part of the directory is not in this export",
                "une partie de l’annuaire n’est pas dans cet export"
            );
            let server = String::from_utf8_lossy(line.bytes());
            let note = text!("the server refers to `{}`", "le serveur renvoie à `{}`", server.trim());
            let finding = Finding::new(Severity::Note, "ldif-referral", line.at(), what);
            each(Aside::Finding(finding.because(note)));
        }
        Block::Trailer(raw) => raw.search_notes().for_each(|(at, said)| each(Aside::Said(said, at))),
        Block::SearchNote(line, said @ (SearchNote::Other | SearchNote::Tried)) => {
            let what = text!(
                "a line of the tool that exported is passed over",
                "une ligne de l’outil d’export est ignorée"
            );
            each(Aside::Finding(Finding::new(Severity::Note, "ldif-preamble", line.at(), what)));
            if *said == SearchNote::Tried {
                each(Aside::Said(*said, line.at()));
            }
        }
        Block::SearchNote(line, said) => each(Aside::Said(*said, line.at())),
        _ => {}
    }
}

/// What a line says of the search that made a table, if it says anything; `at` is where it begins.
pub(super) fn said(line: &[u8], at: usize) -> Option<Aside> {
    let block = ldif::blocks(line).next().filter(|block| !matches!(block, Block::Record(_)))?;
    let mut said = None;
    aside(&block, &mut |aside| said = Some(aside));
    Some(match said? {
        Aside::Said(note, _) => Aside::Said(note, at),
        Aside::Finding(finding) => {
            Aside::Finding(Finding { place: super::InBatch { at, ..finding.place }, ..finding })
        }
    })
}

/// Byte offset of byte `index` of the value whose line begins at `value_at`.
pub(super) fn locate(text: &[u8], value_at: usize, index: usize) -> usize {
    ldif::line_at(text, value_at).locate(index)
}

/// Whether the physical line of a byte may show a password: by its own name, or as the rest of the attribute before it.
pub(super) fn is_near_password(text: &[u8], at: usize) -> bool {
    const LINES_BEFORE: usize = 64;
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let at = at.min(text.len());
    let end = text[at..].iter().position(is_end).map_or(text.len(), |end| at + end);
    let mut lines = text[..end].rsplit(is_end).filter(|line| !line.is_empty()).take(LINES_BEFORE);
    let is_named = |line: &[u8]| !matches!(line[0], b' ' | b'\t' | b'#') && line.contains(&b':');
    let is_password = |line: &[u8]| password::name(line).is_some();
    lines.find(|line| is_named(line) || is_password(line)).is_some_and(is_password)
}

/// What the name of a line says.
#[derive(Clone, Copy, Debug)]
enum LineName {
    Attribute(Attr),
    Changetype,
    /// A keyword that belongs to another place, if to any: the grammar knows.
    Odd,
    /// Nothing, or what an address begins with and no attribute is called.
    Scheme,
    /// What a modification begins with, or an attribute that nobody wants.
    Other,
}

/// What is behind the DN of a record, besides values.
#[derive(Default)]
struct Body {
    is_change: bool,
    /// It changes the schema.
    is_of_schema: bool,
    /// It takes the object away, or gives it another name.
    is_departure: bool,
    /// The grammar may find a fault in it.
    is_doubtful: bool,
    /// What the export showed before the record, if that is a change.
    shown: Option<Shown>,
}

struct RecordReader<'r, 't> {
    /// The text of the batch, if it is UTF-8 as a whole: then so is each value that is in it.
    utf8: Option<&'t str>,
    attributes: &'r Attributes,
    strictness: Strictness,
    changes: Changes,
    shown: &'r mut Shown,
    range: Option<ValueRange>,
    /// Values in languages of their own.
    translations: Vec<Value<'t>>,
    findings: Vec<Finding>,
    /// What is found in attributes that nobody wants.
    asides: &'r mut Vec<Finding>,
}

impl<'t> RecordReader<'_, 't> {
    /// Reads the record that begins at `at`, where the cursor is.
    fn record(mut self, at: usize, cursor: &mut Cursor<'t>) -> ExportRecord<'t> {
        let line = cursor.lines_before();
        let mut object = Object { at, line, ..Object::default() };
        let Some(dn) = cursor.next_line() else { return ExportRecord::Unreadable(object, self.findings) };
        let is_dn = dn.is("dn") && matches!(dn.kind(), LineKind::Plain | LineKind::Base64);
        match if is_dn { self.dn(&dn, at) } else { Err(no_dn(&cursor.record(at), at)) } {
            Ok(named) => object = Object { line, ..named },
            Err(finding) => self.findings.push(finding),
        }
        // Nobody can be given what somebody has, whose name alone cannot be read.
        let is_nameless = !self.findings.is_empty();
        self.findings.extend(lost_letter(&object.dn, &dn).or_else(|| coded_dn(&object.dn, &dn)));
        if !is_dn
            && dn.has_colon()
            && let Some(attr) = self.attributes.find(&dn.name())
        {
            self.value(&dn, attr, &mut object);
        }
        // The root DSE is an entry, and nothing that anybody wants.
        let is_root = object.normalized.is_empty() && !is_nameless;
        let body = self.body(cursor, &mut object);
        // Beside a value for all languages, one for some is another.
        for value in self.translations.drain(..) {
            if !object.has(value.attr) {
                object.values.insert(value);
            }
        }
        let is_doubtful = body.is_doubtful | is_root | is_doubtful_dn(&dn) | cursor.is_doubtful(at);
        let is_doubtful = object.values.dedup() | is_doubtful;
        let is_change = body.is_change && self.changes == Changes::Foreign;
        if let Some(shown) = body.shown.filter(|_| self.changes == Changes::Foreign) {
            *self.shown = shown;
        }
        if body.is_of_schema {
            // A note says that it is passed over.
            object.values = Values::default();
        }
        if is_change && body.is_departure {
            // There is no object of this name any more.
            object.values.push(Value::of_text(Attr::IS_DELETED, "TRUE", at));
        }
        if is_change && !object.values.is_empty() && !is_nameless {
            self.findings.push(changed(&object));
        }
        let raw = cursor.record(at);
        if is_nameless {
            // One fault is said of it, and it takes no part.
        } else if is_doubtful || self.utf8.is_none() && std::str::from_utf8(raw.bytes()).is_err() {
            let misnamed = self.judge(&raw);
            for line in raw.lines().filter(|_| !misnamed.is_empty()) {
                if let Some(&attr) = misnamed.get(&line.at()) {
                    self.value(&line, attr, &mut object);
                }
            }
        }
        if !is_dn {
            ExportRecord::Nameless(object, self.findings)
        } else if self.findings.iter().any(|finding| finding.severity == Severity::Error) {
            ExportRecord::Unreadable(object, self.findings)
        } else if is_change || is_root {
            ExportRecord::Change(object, self.findings)
        } else {
            ExportRecord::Entry(object, self.findings)
        }
    }

    /// Reads what is behind the DN: the values go to the object.
    #[inline(always)]
    fn body(&mut self, cursor: &mut Cursor<'t>, object: &mut Object<'t>) -> Body {
        let mut body = Body::default();
        let attributes = self.attributes;
        let known = |name: &[u8], is_change: bool| match attributes.find(name) {
            Some(attr) => Some(LineName::Attribute(attr)),
            None => keyword(name).or(is_change.then_some(LineName::Other)),
        };
        // Whether the values that follow are those that a change takes away.
        let mut goes = false;
        let mut is_first = true;
        while let Some((line, named)) = cursor.next_selected(|name| known(name, body.is_change)) {
            // A name that is folded is found only now.
            let named = named.or_else(|| known(&line.name(), body.is_change));
            if let Some(LineName::Changetype) = named {
                let kind = line.written();
                body.is_change = !kind.trim_ascii().eq_ignore_ascii_case(b"add");
                body.is_of_schema = is_of_schema_change(kind.trim_ascii());
                let mut departures = ["delete", "modrdn", "moddn"].iter();
                // Behind attributes it is a fault, and what they say is held.
                body.is_departure = is_first
                    && departures.any(|word| kind.trim_ascii().eq_ignore_ascii_case(word.as_bytes()));
                if body.is_change || !is_first {
                    // What a change record says is no state of an entry, and the grammar knows whether it is one.
                    body.is_doubtful |= self.changes == Changes::Foreign || !is_first;
                    // Nor does it show that the export has the attribute.
                    body.shown.get_or_insert_with(|| self.shown.clone());
                }
            } else if body.is_change && ["add", "delete", "replace"].iter().any(|word| line.is(word)) {
                goes = line.is("delete");
            } else if goes {
                // a value that the entry is to lose
            } else if !line.has_colon() {
                self.held(&line, object);
                body.is_doubtful |= !body.is_change || line.kind() != LineKind::Dash;
            } else if let Some(LineName::Scheme) = named {
                self.findings.push(lost_fold(&line));
                self.held(&line, object);
            } else if let Some(LineName::Attribute(attr)) = named {
                body.is_doubtful |= !self.value(&line, attr, object);
            } else {
                body.is_doubtful |= !body.is_change;
            }
            is_first = false;
        }
        body
    }

    /// Notes what a line that names no attribute may hold.
    fn held(&mut self, line: &Line<'t>, object: &mut Object<'t>) {
        let text = String::from_utf8_lossy(line.bytes());
        let text = text.trim_start_matches([':', ' ', '\t']);
        let is_line = text.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("tel:"));
        if is_line || text.contains('@') {
            let attr = if is_line { Attr::LINE } else { Attr::PROXY_ADDRESSES };
            object.values.push(Value::new(attr, Cow::Owned(text.as_bytes().to_vec()), line.at()));
        }
    }

    /// Has the grammar find the faults of a record. A fault in an attribute that nobody wants is no more than a warning.
    ///
    /// Gives the lines whose names are wanted but for what is wrong with them: what they say counts as held.
    fn judge(&mut self, raw: &RawRecord<'t>) -> HashMap<usize, Attr> {
        let mut misnamed = HashMap::new();
        ldif::check(&Block::Record(*raw), &mut |fault| {
            let is_stray = matches!(fault.kind(), FaultKind::NotUtf8(_));
            let fault = if is_stray && self.strictness == Strictness::Utf8 { fault.raised() } else { fault };
            let mut finding = Finding::of(&fault);
            let kind = fault.kind();
            let is_of_name =
                matches!(kind, FaultKind::Name(_) | FaultKind::SpaceBeforeColon | FaultKind::TabLine);
            let (before, behind) = raw.bytes().split_at(fault.at().saturating_sub(raw.at()));
            let start = memrchr2(b'\n', b'\r', before).map_or(0, |end| end + 1);
            let name = [&before[start..], behind.split(|&b| b == b':').next().unwrap_or_default()];
            let meant = if is_of_name { self.meant(&name.concat()) } else { None };
            misnamed.extend(meant.map(|attr| (raw.at() + start, attr)));
            let is_wanted = fault.kind().is_structural()
                || meant.is_some_and(|attr| !self.attributes.is_aside(attr))
                || fault.line().is_some_and(|(_, name)| self.wants(name.as_bytes()));
            if is_wanted {
                self.findings.push(finding);
            } else if !matches!(fault.kind(), FaultKind::DuplicateValue { .. }) {
                finding.severity = finding.severity.min(Severity::Warning);
                self.asides.push(finding);
            }
        });
        misnamed
    }

    /// Whether something rests on the values of an attribute of this description.
    fn wants(&self, description: &[u8]) -> bool {
        let name = description.split(|&b| b == b';').next().unwrap_or_default();
        let is_asked_for = |attr: Attr| !self.attributes.is_aside(attr);
        keyword(name).is_some() || self.attributes.find(name).is_some_and(is_asked_for)
    }

    /// The attribute that a name means without what is around it: characters that nobody sees, such as a byte order mark,
    /// signs of quotes and lists, and another sign for the colon.
    fn meant(&self, name: &[u8]) -> Option<Attr> {
        let name = String::from_utf8_lossy(name);
        let seen: String = name.chars().filter(|&c| !steers(c)).collect();
        let seen = seen.trim_start_matches(|c: char| !c.is_alphanumeric());
        let ends_name = |c: char| c.is_whitespace() || matches!(c, ';' | '=' | '"' | '\'' | '：');
        let name = seen.split(ends_name).next().unwrap_or_default();
        self.attributes
            .find(name.as_bytes())
            .or_else(|| is_scheme(name.as_bytes()).then_some(Attr::PROXY_ADDRESSES))
    }

    fn dn(&mut self, line: &Line<'t>, at: usize) -> Result<Object<'t>, Finding> {
        if let Some(dn) = self.plain(line) {
            return self.object(Cow::Borrowed(dn), line, at);
        }
        let dn = match line.value().map_err(|fault| Finding::of(&fault))? {
            Cow::Borrowed(bytes) => {
                std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| error.valid_up_to())
            }
            Cow::Owned(bytes) => {
                String::from_utf8(bytes).map(Cow::Owned).map_err(|error| error.utf8_error().valid_up_to())
            }
        };
        let dn = match dn {
            Ok(dn) => dn,
            // The grammar says so, too.
            Err(_) if line.kind() == LineKind::Plain && self.strictness == Strictness::Ansi => {
                let written = line.written();
                if let Some(at) = misread_letter(&written) {
                    let what = text!("a lost character in the DN", "un caractère perdu dans le DN");
                    return Err(Finding::new(Severity::Error, "lost-characters", line.locate(at), what)
                        .within("dn", line.at())
                        .because(text!(
                            "the text is neither UTF-8 nor Windows-1252",
                            "le texte n’est ni en UTF-8 ni en Windows-1252"
                        ))
                        .help(text!(
                            "name the encoding by `--encoding`, such as cp850 or macintosh",
                            "nommez le codage par `--encoding`, par exemple cp850 ou macintosh"
                        )));
                }
                Cow::Owned(ldif::text::windows_1252(&written))
            }
            Err(stray) => {
                let what = text!("the DN is not UTF-8", "le DN n’est pas en UTF-8");
                return Err(Finding::new(Severity::Error, "dn-invalid", line.locate(stray), what)
                    .within("dn", line.at())
                    .because(Text::same("RFC 4514 section 3")));
            }
        };
        self.object(dn, line, at)
    }

    /// The value of a line, if it is plain, in one piece, and is in text that is UTF-8.
    #[inline]
    fn plain(&self, line: &Line<'t>) -> Option<&'t str> {
        self.utf8?.get(line.plain()?)
    }

    fn object(&self, dn: Cow<'t, str>, line: &Line<'t>, at: usize) -> Result<Object<'t>, Finding> {
        Object::new(dn, at).map_err(|fault| {
            fault::dn_in_utf7(line)
                .unwrap_or_else(|| Finding::of_dn(&fault, line.locate(fault.at)).within("dn", line.at()))
        })
    }

    /// Takes over a value; false if there may be a fault in it.
    #[inline]
    fn value(&mut self, line: &Line<'t>, attr: Attr, object: &mut Object<'t>) -> bool {
        // Nearly all are: they go a short way, which holds little in memory.
        match self.plain(line).filter(|text| !text.is_empty() && !line.has_options()) {
            Some(text) => {
                self.shown.insert(attr);
                object.values.insert(Value::of_text(attr, text, line.at())) && !text.ends_with(' ')
            }
            None => self.odd_value(line, attr, object),
        }
    }

    /// Takes over a value that is coded, folded, empty, of an attribute with options, or in text that is no UTF-8.
    #[inline(never)]
    fn odd_value(&mut self, line: &Line<'t>, attr: Attr, object: &mut Object<'t>) -> bool {
        if line.has_options() {
            self.range(line, attr, object);
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
            // `ldapsearch -A` writes names alone: no entry is without a class.
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
        if attr.is_single() && attr.syntax().is_free() && is_translation(&line.options()) {
            self.translations.push(value);
            return is_sound;
        }
        object.values.insert(value) && is_sound
    }

    /// A value in base64: where text is meant, it may be of another encoding.
    fn decoded(&mut self, value: Value<'t>, line: &Line<'t>) -> Value<'t> {
        let decoded = value.decoded();
        if decoded.is_ok() {
            let (name, at) = (String::from_utf8_lossy(&line.name()).into_owned(), line.value_at());
            let mut finding = Finding::misread(&name, at, line.at());
            if self.strictness == Strictness::Utf8 {
                finding.severity = Severity::Error;
            }
            self.findings.push(finding);
        }
        decoded.unwrap_or_else(|value| value)
    }

    /// Notes the range of values that the options may name; one that is not the last leaves the attribute cut. With any
    /// other option it is a value of the attribute all the same (RFC 4512 section 2.5), and somebody holds it.
    fn range(&mut self, line: &Line<'_>, attr: Attr, object: &mut Object<'_>) {
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

/// That the value of the line before a line goes on in it: it begins as an address does.
pub(super) fn lost_fold(line: &Line<'_>) -> Finding {
    let name = String::from_utf8_lossy(&line.name()).into_owned();
    let what = text!(
        "`{name}` is no attribute: a value goes on here",
        "`{name}` n’est pas un attribut\u{a0}: une valeur continue ici"
    );
    Finding::new(Severity::Error, "ldif-name", line.at(), what).help(text!(
        "begin the line with a space, or put it behind the one before it",
        "commencez la ligne par une espace, ou mettez-la à la suite de la précédente"
    ))
}

/// Whether the name of a line is what an address begins with.
pub(super) fn is_scheme(name: &[u8]) -> bool {
    matches!(keyword(name), Some(LineName::Scheme))
}

/// Whether the options of a description name a language (RFC 3866).
fn is_translation(options: &[u8]) -> bool {
    options
        .split(|&b| b == b';')
        .any(|option| option.get(..5).is_some_and(|name| name.eq_ignore_ascii_case(b"lang-")))
}

/// Whether a change is one of the schema, as ldifde writes it.
fn is_of_schema_change(kind: &[u8]) -> bool {
    const SCHEMA: &[u8] = b"ntdsSchema";
    kind.get(..SCHEMA.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEMA))
}

/// That a change record gives an object what is read of objects.
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

/// That letters of a DN, or its end, were lost: it names nobody then. A `?` may be the name's own.
fn lost_letter(name: &str, line: &Line<'_>) -> Option<Finding> {
    // Of nearly all DNs two looks are enough.
    if name.is_ascii() && memchr(b'?', name.as_bytes()).is_none() && !name.ends_with("...") {
        return None;
    }
    let index = lost_character(name.as_bytes(), TextKind::Dn)?;
    let severity = if name[index..].starts_with('?') { Severity::Warning } else { Severity::Error };
    let what = text!("a lost character in the DN", "un caractère perdu dans le DN");
    let is_as_written =
        line.plain().is_some() && name.is_char_boundary(index) && line.written() == name.as_bytes();
    let at = if is_as_written { line.locate(index) } else { line.value_at() };
    Some(Finding::new(severity, "lost-characters", at, what).within("dn", line.at()))
}

/// That a DN is still in the code in which it came: base64 behind one colon, or the quoted-printable of a mail
/// (`CN=3DAnn,DC=3Dcom`).
fn coded_dn(name: &str, line: &Line<'_>) -> Option<Finding> {
    let last = memrchr(b'=', name.as_bytes())?;
    let signs = || name.matches('=').count();
    let help = match name[last..].get(1..3) {
        None if name.len().is_multiple_of(4) && !name.contains(',') => text!(
            "put a second colon behind `dn:`, if the name is in base64",
            "mettez un second deux-points après `dn:`, si le nom est en base64"
        ),
        Some("3D") if signs() > 1 && name.matches("=3D").count() == signs() => text!(
            "save the attachment of the mail, which is not in quoted-printable",
            "enregistrez la pièce jointe du message, qui n’est pas en quoted-printable"
        ),
        _ => return None,
    };
    let what = text!("the DN is coded", "le DN est codé");
    Some(
        Finding::new(Severity::Error, "dn-invalid", line.value_at(), what).within("dn", line.at()).help(help),
    )
}

/// Where a DN that is no UTF-8 is no Windows-1252 either: that has signs where the code pages of consoles, and the Macintosh,
/// have letters, and a capital of its own comes at the beginning of a word.
fn misread_letter(dn: &[u8]) -> Option<usize> {
    let is_odd = |at: usize| match dn[at] {
        0x8A | 0x8C | 0x8E => at > 0 && dn[at - 1].is_ascii_lowercase(),
        0x9A | 0x9C | 0x9E => {
            at > 0 && dn[at - 1].is_ascii_uppercase() && dn.get(at + 1).is_some_and(u8::is_ascii_uppercase)
        }
        0x92 | 0x96 | 0x97 | 0x9F => false, // an apostrophe, dashes, and Ÿ
        byte => matches!(byte, 0x80..=0x9F),
    };
    (0..dn.len()).find(|&at| is_odd(at))
}

/// What a record begins with in place of its DN, in the words of the grammar.
fn no_dn(first: &RawRecord<'_>, at: usize) -> Finding {
    let mut found = None;
    ldif::check(&Block::Record(*first), &mut |fault| {
        if fault.severity() == ldif::Severity::Error {
            found.get_or_insert(Finding::of(&fault));
        }
    });
    let what = text!("the record does not begin with `dn:`", "l’enregistrement ne commence pas par `dn:`");
    found.unwrap_or_else(|| Finding::new(Severity::Error, "ldif-no-dn", at, what))
}

/// Whether the grammar may find a fault in the line of a DN that could be read. Most DNs are folded: that alone is no
/// reason to ask it.
fn is_doubtful_dn(line: &Line<'_>) -> bool {
    line.is_folded()
        && (line.is_folded_by_tab() || line.kind() == LineKind::Plain && line.bytes().ends_with(b" "))
}

/// What a name says that is no attribute's.
// BE ADVISED: each line that is passed over comes here, and to call what compares takes longer than to see that no keyword is
// as long.
#[inline(always)]
fn keyword(name: &[u8]) -> Option<LineName> {
    if matches!(name.len(), 0 | 2..=4 | 7 | 10) { keyword_of_length(name) } else { None }
}

fn keyword_of_length(name: &[u8]) -> Option<LineName> {
    let is = |keyword: &str| name.eq_ignore_ascii_case(keyword.as_bytes());
    match name.len() {
        10 => is("changetype").then_some(LineName::Changetype),
        0 => Some(LineName::Scheme),
        3 | 4 => ["sip", "sips", "smtp", "tel", "eum", "x400", "x500"]
            .into_iter()
            .any(is)
            .then_some(LineName::Scheme),
        _ => ["dn", "version", "control"].into_iter().any(is).then_some(LineName::Odd),
    }
}
