//! LDIF text → records: the wanted attributes of each, decoded; everything else is passed over.

use std::borrow::Cow;

use ldif::reader::Strictness;
use ldif::{Begun, Block, Cursor, Fault, FaultKind, Kind, Line};

use super::{Finding, Record, Shown};
use crate::message::Severity;
use crate::object::{Attr, Attributes, Object, Value};

/// What a record with `changetype: modify` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changes {
    /// What is left of a large group, or a schema change: no state of an entry.
    Foreign,
    /// What an earlier run planned: the entry with the values that it is to get.
    Planned,
}

/// The DNs of a text that begins with one, `dn: …`, each with its physical line; a line end that `echo` added is none of them.
#[must_use]
pub(super) fn names(text: &str) -> Option<Vec<(u64, String)>> {
    let begins = text.trim_start().get(..3).is_some_and(|start| start.eq_ignore_ascii_case("dn:"));
    let mut positions = ldif::Positions::new(text.as_bytes(), 1);
    begins.then(|| {
        let mut names = Vec::new();
        for block in ldif::records(text.as_bytes()) {
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
pub(super) fn records<'t>(
    text: &'t [u8],
    attributes: &Attributes,
    strictness: Strictness,
    changes: Changes,
    shown: &mut Shown,
    each: &mut dyn FnMut(Record<'t>),
) {
    let mut cursor = Cursor::new(text);
    let utf8 = std::str::from_utf8(text).ok();
    while let Some(begun) = cursor.next_block() {
        match begun {
            Begun::Record(at) => {
                let reading = Reading { utf8, attributes, strictness, changes, shown, findings: Vec::new() };
                each(reading.record(at, &mut cursor));
            }
            Begun::Other(block) => {
                ldif::check(&block, &mut |fault| each(Record::Aside(Finding::of(&fault))));
                aside(&block, &mut |finding| each(Record::Aside(finding)));
            }
        }
    }
}

/// What stands between the records: a referral, or how the search ended. `result: 4 Size limit exceeded` is an export
/// that lacks entries.
pub(super) fn aside(block: &Block<'_>, each: &mut dyn FnMut(Finding)) {
    match block {
        Block::Referral(line) => {
            let what = "a part of the directory is not in this export";
            let note = format!("the server refers to `{}`", String::from_utf8_lossy(line.bytes()).trim());
            each(Finding::new(Severity::Note, "ldif-referral", line.at(), what).note(Some(note)));
        }
        Block::Trailer(raw) => {
            for line in raw.lines().filter(|line| line.is("result")) {
                let result = String::from_utf8_lossy(&line.written()).into_owned();
                if result.split_whitespace().next() != Some("0") {
                    let what = format!("the search that made this export ended with `{}`", result.trim());
                    each(
                        Finding::new(Severity::Error, "export-incomplete", line.value_at(), what)
                            .note(Some("entries are missing".to_owned()))
                            .help(
                                "export again with paging, such as `ldapsearch -E pr=1000/noprompt`"
                                    .to_owned(),
                            ),
                    );
                }
            }
        }
        _ => {}
    }
}

/// Byte offset of byte `index` of the value whose line begins at `value_at`.
pub(super) fn locate(text: &[u8], value_at: usize, index: usize) -> usize {
    let line = ldif::records(&text[value_at..]).find_map(|block| match block {
        Block::Record(raw) | Block::Trailer(raw) => raw.lines().next(),
        Block::Version(line) | Block::Referral(line) => Some(line),
        _ => None,
    });
    value_at + line.map_or(0, |line| line.locate(index))
}

/// What the name of a line says.
#[derive(Clone, Copy, Debug)]
enum Named {
    Attribute(Attr),
    Changetype,
    /// What a modification begins with, or an attribute that nobody wants.
    Other,
}

struct Reading<'r, 't> {
    /// The text of the batch, if it is UTF-8 as a whole: then so is each value that stands in it.
    utf8: Option<&'t str>,
    attributes: &'r Attributes,
    strictness: Strictness,
    changes: Changes,
    shown: &'r mut Shown,
    findings: Vec<Finding>,
}

impl<'t> Reading<'_, 't> {
    /// Reads the record that begins at `at`, where the cursor stands.
    fn record(mut self, at: usize, cursor: &mut Cursor<'t>) -> Record<'t> {
        let nameless = Object { at, ..Object::default() };
        let dn = match cursor.next_line() {
            Some(line) if line.is("dn") && matches!(line.kind(), Kind::Plain | Kind::Base64) => line,
            Some(line) => return self.no_dn(&line, nameless),
            None => return Record::Unreadable(nameless, self.findings),
        };
        let mut object = match self.dn(&dn, at) {
            Ok(object) => object,
            Err(finding) => {
                self.findings.push(finding);
                return Record::Unreadable(nameless, self.findings);
            }
        };
        let mut is_change = false;
        let mut goes = false;
        let attributes = self.attributes;
        let known = |name: &[u8], is_change: bool| match attributes.find(name) {
            Some(attr) => Some(Named::Attribute(attr)),
            None if name.eq_ignore_ascii_case(b"changetype") => Some(Named::Changetype),
            None => is_change.then_some(Named::Other),
        };
        while let Some((line, named)) = cursor.next_known(|name| known(name, is_change)) {
            // A name that is folded is found only now.
            let named = named.or_else(|| known(&line.name(), is_change));
            if let Some(Named::Changetype) = named {
                is_change = !line.written().trim_ascii().eq_ignore_ascii_case(b"add");
                if is_change && self.changes == Changes::Foreign {
                    break; // what a change record says is no state of an entry
                }
            } else if is_change && ["add", "delete", "replace"].iter().any(|word| line.is(word)) {
                goes = line.is("delete");
            } else if goes {
                // a value that the entry is to lose
            } else if !line.has_colon() {
                if line.kind() != Kind::Dash {
                    let fault = line.value().err();
                    self.findings.extend(fault.map(|fault| Finding::of(&fault)));
                }
            } else if let Some(Named::Attribute(attr)) = named {
                self.value(&line, attr, &mut object);
            }
        }
        if is_change && self.changes == Changes::Foreign {
            Record::Change(object, self.findings)
        } else if self.findings.iter().any(|finding| finding.severity == Severity::Error) {
            Record::Unreadable(object, self.findings)
        } else {
            Record::Entry(object, self.findings)
        }
    }

    fn no_dn(mut self, line: &Line<'t>, nameless: Object<'t>) -> Record<'t> {
        let at = line.at();
        let found = String::from_utf8_lossy(&line.description()).into_owned();
        let (code, what, note) = if line.bytes().first().is_some_and(|first| matches!(first, b' ' | b'\t')) {
            let note =
                "RFC 2849 note 2: a continuation line begins with a space and continues the line before it";
            ("ldif-fold-first", "a continuation line continues nothing".to_owned(), note)
        } else if line.kind() == Kind::NoColon {
            (
                "ldif-no-colon",
                "the line has no `:`".to_owned(),
                "RFC 2849: a line is a name, a `:` and a value",
            )
        } else {
            let what = format!("the record begins with `{found}`, not with `dn`");
            ("ldif-no-dn", what, "RFC 2849: a record begins with its dn-spec")
        };
        self.findings.push(Finding::new(Severity::Error, code, at, what).note(Some(note.to_owned())));
        Record::Unreadable(nameless, self.findings)
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
            Err(stray) if line.kind() == Kind::Plain && self.strictness == Strictness::Ansi => {
                self.findings.push(fallback(line, stray));
                Cow::Owned(ldif::text::windows_1252(&line.written()))
            }
            Err(stray) => {
                let what = "the DN is not UTF-8";
                return Err(Finding::new(Severity::Error, "dn-invalid", line.locate(stray), what)
                    .within("dn", line.at())
                    .note(Some("RFC 4514 section 3".to_owned())));
            }
        };
        self.object(dn, line, at)
    }

    /// The value of a line, if it is plain, in one piece, and stands in text that is UTF-8.
    fn plain(&self, line: &Line<'t>) -> Option<&'t str> {
        self.utf8?.get(line.plain()?)
    }

    fn object(&self, dn: Cow<'t, str>, line: &Line<'t>, at: usize) -> Result<Object<'t>, Finding> {
        Object::new(dn, at).map_err(|fault| {
            let what = fault.to_string();
            Finding::new(Severity::Error, "dn-invalid", line.locate(fault.at), what)
                .within("dn", line.at())
                .note(Some("RFC 4514 section 3".to_owned()))
        })
    }

    fn value(&mut self, line: &Line<'t>, attr: Attr, object: &mut Object<'t>) {
        let options = line.options();
        if !options.is_empty() && !self.range(line, attr, &options, object) {
            return; // `mail;lang-fr` is another attribute than `mail`
        }
        self.shown.insert(attr);
        let plain = self.plain(line);
        let is_plain = plain.is_some() || line.kind() == Kind::Plain;
        let mut value = match plain {
            Some(text) => Value::of_text(attr, text, line.at()),
            None => match line.value() {
                Ok(bytes) => Value::new(attr, bytes, line.at()),
                Err(fault) => return self.findings.push(Finding::of(&fault)),
            },
        };
        if value.bytes().is_empty() {
            return;
        }
        let name = || self.attributes.name(attr).to_owned();
        if is_plain {
            if value.text().is_none() {
                let stray = value.bytes().utf8_chunks().next().map_or(0, |part| part.valid().len());
                if self.strictness == Strictness::Utf8 {
                    let what = format!("0x{:02X} is not UTF-8", value.bytes()[stray]);
                    let finding = Finding::new(Severity::Error, "ldif-not-utf8", line.locate(stray), what);
                    return self.findings.push(finding.within(name(), line.at()));
                }
                self.findings.push(fallback(line, stray));
                let text = ldif::text::windows_1252(value.bytes());
                value = Value::of_text(attr, text, line.at()).guessed(true);
            }
            if value.bytes().ends_with(b" ") {
                let what = "the value ends with a space";
                let at = line.locate(value.bytes().len() - 1);
                let note = "RFC 2849 note 8: a value that ends in a space should be base64".to_owned();
                let finding = Finding::new(Severity::Warning, "ldif-trailing-space", at, what);
                self.findings.push(finding.within(name(), line.at()).note(Some(note)));
            }
        }
        if object.values(attr).any(|known| known.bytes() == value.bytes()) {
            let what = format!("`{}` has the same value twice", name());
            let finding = Finding::new(Severity::Warning, "ldif-duplicate-value", line.value_at(), what);
            return self.findings.push(finding.within(name(), line.at()));
        }
        object.values.push(value);
    }

    /// Whether the options are a range of values; a range that is not the last leaves the attribute cut.
    fn range(&self, line: &Line<'_>, attr: Attr, options: &[u8], object: &mut Object<'_>) -> bool {
        let Some(range) = options.to_ascii_lowercase().strip_prefix(b"range=").map(<[u8]>::to_vec) else {
            return options.eq_ignore_ascii_case(b"binary");
        };
        if range.ends_with(b"*") {
            object.cut = None;
        } else if !object.has(attr) || object.cut.is_some() {
            object.cut = Some((attr, line.at()));
        }
        true
    }
}

fn fallback(line: &Line<'_>, stray: usize) -> Finding {
    let name = String::from_utf8_lossy(&line.description()).into_owned();
    let what = format!("`{name}` is not UTF-8 and is read as Windows-1252");
    Finding::new(Severity::Warning, "encoding-fallback", line.locate(stray), what)
        .within(name, line.at())
        .help("export again with ldifde -u, or name the encoding by --encoding".to_owned())
}

impl Finding {
    /// A fault of the package `ldif` as a finding. Some have a name that CSV shares.
    pub(super) fn of(fault: &Fault) -> Self {
        let severity = match fault.severity() {
            ldif::Severity::Note => Severity::Note,
            ldif::Severity::Warning => Severity::Warning,
            ldif::Severity::Error => Severity::Error,
        };
        let code = match fault.kind() {
            FaultKind::Dn(_) | FaultKind::DnNotUtf8 => "dn-invalid",
            FaultKind::NotUtf8(_) if severity == Severity::Warning => "encoding-fallback",
            _ => fault.code(),
        };
        let mut finding =
            Self::new(severity, code, fault.at(), fault.to_string()).note(Some(fault.note().to_owned()));
        finding.length = fault.len().max(1);
        finding.within = fault.line().map(|(at, name)| (name.to_owned(), at));
        finding
    }
}
