//! A column: its heading, what it holds, and how a cell of it becomes values.

use std::borrow::Cow;
use std::ops::Range;

use super::cell::Cell;
use super::joined::{Form, Joined};
use super::{finding, rows, value};
use crate::input::Finding;
use crate::input::columns;
use crate::message::Severity;
use crate::object::{Attr, Object, Value};
use crate::schema::Syntax;
use crate::schema::damage::{Damage, is_type_name};
use crate::schema::lost;
use crate::schema::value::Meaning;

/// A column and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The heading as the file writes it, without the spaces around it.
    pub heading: String,
    /// What is read from it.
    pub holds: Holds,
}

/// What a column gives to the objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The DN.
    Dn,
    /// The values of an attribute that the run wants.
    Values(Attr),
    /// Nothing that anybody asked for.
    Nothing,
}

/// A cell with more line ends than this has probably lost a quote.
pub(super) const MANY_NEWLINES: u64 = 12;

const LOST_NOTE: &str = "an encoding that lacks a character, or the wrong encoding, leaves such signs";
const LOST_HELP: &str = "export again with `Export-Csv -Encoding Unicode`, `csvde -u` or Excel's `Unicode Text`; if only \
                         the reading was wrong, name the encoding with `--encoding`: cp850 for what a console wrote";

impl Column {
    /// Reads a cell into the object, and says what there is to say about it. After an error the object lacks
    /// the value.
    pub(super) fn read<'t>(
        &self,
        cell: &Cell<'t>,
        separator: u8,
        object: &mut Object<'t>,
        findings: &mut Vec<Finding>,
    ) {
        if self.holds == Holds::Nothing {
            return;
        }
        let inner = cell.trim(0..cell.text.len());
        if inner.is_empty() {
            if self.holds == Holds::Dn {
                findings.push(self.fault("csv-no-dn", cell.at, format!("no DN in `{}`", self.heading)));
            }
            return;
        }
        findings.extend(self.spaces(cell, &(0..cell.text.len()), &inner, |index| cell.place(index)));
        if is_type_name(&cell.text[inner.clone()]) {
            findings.push(self.lost_values(cell, inner, separator));
            return;
        }
        match self.holds {
            Holds::Nothing => {}
            Holds::Dn => self.dn(cell, inner, object, findings),
            Holds::Values(attr) if attr.is_many() => {
                self.values(attr, cell, inner, separator, object, findings);
            }
            Holds::Values(attr) => {
                let at = cell.place(inner.start);
                let bytes = self.value(cell, at, inner.clone(), cell.slice(inner), attr.syntax(), findings);
                object.values.extend(bytes.map(|bytes| Value::new(attr, bytes, at)));
            }
        }
    }

    /// Judges a cell that is not read.
    pub(super) fn judge(&self, cell: &Cell<'_>, separator: u8, findings: &mut Vec<Finding>) {
        let inner = cell.trim(0..cell.text.len());
        if self.holds != Holds::Nothing || inner.is_empty() || columns::is_password(&self.heading) {
            return;
        }
        let text = &cell.text[inner.clone()];
        let at = cell.place(inner.start);
        let length = characters(text);
        match Damage::of_text(text) {
            Some(Damage::TypeName) => {
                let lost = self.lost_values(cell, inner, separator);
                return findings.push(Finding { severity: Severity::Warning, ..lost });
            }
            Some(damage) => findings.push(Finding { length, ..self.damaged(damage, at, Severity::Warning) }),
            None => {}
        }
        if let Some(index) = lost::lost_character(text, lost::Text::Free) {
            findings.push(self.lost_character(cell, at, &inner, index));
        }
    }

    /// Reads the DN.
    fn dn<'t>(
        &self,
        cell: &Cell<'t>,
        inner: Range<usize>,
        object: &mut Object<'t>,
        findings: &mut Vec<Finding>,
    ) {
        let start = inner.start;
        let at = cell.place(start);
        let dn = self.value(cell, at, inner.clone(), cell.slice(inner), Syntax::Text, findings);
        let dn = match dn {
            Some(Cow::Borrowed(dn)) => String::from_utf8_lossy(dn),
            Some(Cow::Owned(dn)) => Cow::Owned(String::from_utf8_lossy(&dn).into_owned()),
            None => return,
        };
        match Object::new(dn.clone(), object.at) {
            Ok(named) => (object.dn, object.normalized) = (named.dn, named.normalized),
            Err(fault) => {
                object.dn = dn;
                let at = cell.place(start + fault.at);
                let found = finding(Severity::Error, "dn-invalid", at, fault.to_string());
                findings.push(found.note(Some("RFC 4514 section 3".into())));
            }
        }
    }

    /// Reads the values that the separator joins. What is wrong with many of them is said once.
    fn values<'t>(
        &self,
        attr: Attr,
        cell: &Cell<'t>,
        inner: Range<usize>,
        separator: u8,
        object: &mut Object<'t>,
        findings: &mut Vec<Finding>,
    ) {
        let syntax = attr.syntax();
        let start = inner.start;
        let content = &cell.text[inner.clone()];
        if let Some(joined) = Joined::listed(content, syntax) {
            return self.joined(attr, cell, inner, separator, &joined, (object, &mut (0, 0)), findings);
        }
        let mut found = Vec::new();
        let mut counts: Vec<usize> = Vec::new();
        let mut last = (0, 0);
        for part in value::split(content, separator, syntax == Syntax::ProxyAddress) {
            let part = start + part.start..start + part.end;
            let inner = cell.trim(part.clone());
            if let Some(joined) = Joined::of(&cell.text[inner.clone()], syntax) {
                self.joined(attr, cell, inner, separator, &joined, (&mut *object, &mut last), &mut found);
                continue;
            }
            let before = found.len();
            // from left to right, so that each byte of the cell is counted once
            let begin = cell.place_behind(&mut last, part.start);
            let at = cell.place_behind(&mut last, inner.start);
            let place = |index| if index < inner.start { begin } else { cell.place_behind(&mut last, index) };
            found.extend(self.spaces(cell, &part, &inner, place));
            let text = value::unescape(cell.slice(inner.clone()), separator);
            let bytes = self.value(cell, at, inner, text, syntax, &mut found);
            object.values.extend(bytes.map(|bytes| Value::new(attr, bytes, at)));
            merge(&mut found, &mut counts, before);
        }
        for (found, count) in found.iter_mut().zip(&counts).filter(|(_, count)| **count > 1) {
            found.what += &format!(", in {count} of its values");
        }
        findings.append(&mut found);
    }

    /// The error about values that something else joins. What can be read of them counts as held.
    #[expect(clippy::too_many_arguments, reason = "a column, a cell of it, and where both go")]
    fn joined<'t>(
        &self,
        attr: Attr,
        cell: &Cell<'t>,
        inner: Range<usize>,
        separator: u8,
        joined: &Joined,
        (object, last): (&mut Object<'t>, &mut (usize, usize)),
        findings: &mut Vec<Finding>,
    ) {
        for value in &joined.values {
            let value = inner.start + value.start..inner.start + value.end;
            let at = cell.place_behind(last, value.start);
            object.values.push(Value::new(attr, cell.slice(value), at));
        }
        if findings.iter().any(|found| found.code == "csv-joined-values" && found.attr == Some(attr)) {
            return; // the same separator joins the others
        }
        let name = &self.heading;
        let again = format!(
            "export them joined by `{0}`: `@{{n='{name}'; e={{$_.{name} -join '{0}'}}}}` in Select-Object",
            shown(separator)
        );
        let (how, help) = match joined.form {
            Form::Separator(by) => (
                format!("joined by {}", named(by)),
                format!("set `multi_value_separator = \"{}\"` in [input]; or {again}", shown(by)),
            ),
            Form::Braces => ("a list in braces".to_owned(), again),
            Form::Brackets => ("a list in brackets".to_owned(), again),
            Form::Quotes => ("a list in quotes".to_owned(), again),
            Form::Markup => ("joined by `<br>`".to_owned(), again),
            Form::Nothing => ("joined by nothing".to_owned(), again),
        };
        findings.push(Finding {
            note: Some(format!("the separator of values is {}", named(separator))),
            help: Some(help),
            ..self.fault(
                "csv-joined-values",
                cell.place(inner.start + joined.at),
                format!("the values of `{name}` are {how}"),
            )
        });
    }

    /// The value of a text, which is in that range of the content and at that place; none if it is invalid or empty.
    fn value<'t>(
        &self,
        cell: &Cell<'t>,
        at: usize,
        range: Range<usize>,
        text: Cow<'t, [u8]>,
        syntax: Syntax,
        findings: &mut Vec<Finding>,
    ) -> Option<Cow<'t, [u8]>> {
        let whole = || characters(&cell.text[range.clone()]);
        let damage = Damage::of_text(&text).filter(|damage| *damage != Damage::Utf7);
        if damage == Some(Damage::TypeName) {
            findings.push(self.lost_values(cell, range, b';'));
            return None;
        }
        let lost = lost::lost_character(&text, self.kind());
        let undated = syntax == Syntax::Time && !value::is_time(&text);
        let name = &self.heading;
        let bytes = match value::decode(text, syntax) {
            Ok(bytes) => bytes,
            Err(invalid) => {
                findings.push(Finding {
                    length: if invalid.index == 0 { whole() } else { 1 },
                    ..self.fault(
                        invalid.code,
                        cell.place_in(at, invalid.index),
                        format!("{} in `{name}`", invalid.what),
                    )
                });
                return None;
            }
        };
        // What is not of its syntax is judged where somebody needs it, and its damage named there.
        let damage = damage.filter(|_| Meaning::of(syntax, &bytes) != Meaning::Invalid);
        if let Some(damage) = damage {
            // an address or an account would be another; what can be read of it still counts as held
            let severity = if self.is_address() { Severity::Error } else { Severity::Warning };
            findings.push(Finding { length: whole(), ..self.damaged(damage, at, severity) });
        }
        if let Some(index) = lost {
            findings.push(self.lost_character(cell, at, &range, index));
        }
        if undated {
            findings.push(Finding {
                length: whole(),
                note: Some("the directory writes 20261123174500.0Z".into()),
                help: Some("export with csvde or ldifde if a filter compares this time".into()),
                ..self.doubt("csv-time", at, format!("a time in the writer's own form in `{name}`"))
            });
        }
        Some(bytes).filter(|bytes| !bytes.is_empty())
    }

    /// A lost letter: an error in a DN, which then names nobody.
    fn lost_character(&self, cell: &Cell<'_>, at: usize, range: &Range<usize>, index: usize) -> Finding {
        let name = &self.heading;
        let rest = String::from_utf8_lossy(&cell.text[range.start + index..range.end]);
        let (what, note) = match lost::utf7(&rest) {
            Some(letter) => {
                let run = &rest[..=rest.find('-').unwrap_or(0)];
                (format!("UTF-7 in `{name}`"), format!("`{run}` is `{letter}` in UTF-7 (RFC 2152)"))
            }
            None => (format!("a lost character in `{name}`"), LOST_NOTE.to_owned()),
        };
        let severity = if self.holds == Holds::Dn { Severity::Error } else { Severity::Warning };
        Finding {
            severity,
            note: Some(note),
            help: Some(LOST_HELP.into()),
            ..self.fault("lost-characters", cell.place_in(at, index), what)
        }
    }

    /// What a letter that was lost looks like in this column.
    fn kind(&self) -> lost::Text {
        const PERSONS: [Attr; 3] = [Attr::GIVEN_NAME, Attr::SN, Attr::DISPLAY_NAME];
        const NAMES: [Attr; 3] = [Attr::MAIL, Attr::USER_PRINCIPAL_NAME, Attr::SAM_ACCOUNT_NAME];
        match self.holds {
            Holds::Dn => lost::Text::Dn,
            Holds::Values(attr) if PERSONS.contains(&attr) => lost::Text::PersonName,
            Holds::Values(attr) if NAMES.contains(&attr) => lost::Text::Name,
            Holds::Values(..) | Holds::Nothing => lost::Text::Free,
        }
    }

    /// Whether addresses and accounts are read from the column, which a damaged value would name wrongly.
    fn is_address(&self) -> bool {
        const ADDRESSES: [Attr; 6] = [
            Attr::MAIL,
            Attr::USER_PRINCIPAL_NAME,
            Attr::SAM_ACCOUNT_NAME,
            Attr::PROXY_ADDRESSES,
            Attr::TARGET_ADDRESS,
            Attr::PRIMARY_USER_ADDRESS,
        ];
        match self.holds {
            Holds::Dn => true,
            Holds::Values(attr) => ADDRESSES.contains(&attr),
            Holds::Nothing => false,
        }
    }

    fn fault(&self, code: &'static str, at: usize, what: String) -> Finding {
        let attr = match self.holds {
            Holds::Values(attr) => Some(attr),
            Holds::Dn | Holds::Nothing => None,
        };
        Finding { attr, ..finding(Severity::Error, code, at, what) }
    }

    fn doubt(&self, code: &'static str, at: usize, what: String) -> Finding {
        Finding { severity: Severity::Warning, ..self.fault(code, at, what) }
    }

    /// The warning about spaces that stand in a range of the content around its inner part.
    fn spaces(
        &self,
        cell: &Cell<'_>,
        range: &Range<usize>,
        inner: &Range<usize>,
        place: impl FnOnce(usize) -> usize,
    ) -> Option<Finding> {
        if inner == range {
            return None;
        }
        let (spaces, side) = if range.start < inner.start {
            (range.start..inner.start, "before")
        } else {
            (inner.end..range.end, "behind")
        };
        Some(Finding {
            length: characters(&cell.text[spaces.clone()]),
            ..self.doubt(
                "csv-trimmed",
                place(spaces.start),
                format!("spaces {side} the value of `{}` are dropped", self.heading),
            )
        })
    }

    /// The error that the name of a type is where values stood.
    fn lost_values(&self, cell: &Cell<'_>, inner: Range<usize>, separator: u8) -> Finding {
        let name = &self.heading;
        let help = match self.holds {
            Holds::Values(attr) if matches!(attr.syntax(), Syntax::Guid | Syntax::Sid) => {
                format!("export `{name}` with csvde or ldifde")
            }
            _ => format!(
                "export them joined: `Select-Object DistinguishedName, @{{n='{name}'; e={{$_.{name} -join '{}'}}}}`",
                char::from(separator)
            ),
        };
        let shown = String::from_utf8_lossy(&cell.text[inner.clone()]);
        Finding {
            length: characters(&cell.text[inner.clone()]),
            help: Some(help),
            note: Some(format!("`{shown}` is the name of their type")),
            ..self.fault(
                "csv-lost-values",
                cell.place(inner.start),
                format!("the export has lost the values of `{name}`"),
            )
        }
    }

    /// What a spreadsheet has done to a value.
    fn damaged(&self, damage: Damage, at: usize, severity: Severity) -> Finding {
        let name = &self.heading;
        let (code, what, note) = match damage {
            Damage::DecimalPoint => (
                "csv-damaged-number",
                format!("a whole number is written as a decimal in `{name}`"),
                "scripts and spreadsheets do so where a cell of the column is empty",
            ),
            Damage::TextMark => (
                "csv-text-mark",
                format!("an apostrophe before the value of `{name}`"),
                "spreadsheets mark text so, and some write the mark into the file",
            ),
            _ => (
                "csv-damaged-number",
                format!("a spreadsheet has damaged the number in `{name}`"),
                "scientific notation keeps a few digits only",
            ),
        };
        let help = damage.help().english().to_owned();
        Finding { severity, note: Some(note.into()), help: Some(help), ..self.fault(code, at, what) }
    }

    /// The warning about a cell of many lines.
    pub(super) fn many_lines(&self, cell: &Cell<'_>) -> Option<Finding> {
        let count = rows::newlines(&cell.text);
        (count > MANY_NEWLINES).then(|| Finding {
            note: Some("a missing quote makes one cell of many rows".into()),
            ..self.doubt(
                "csv-newlines",
                cell.at,
                format!("a cell of {} lines in `{}`", count + 1, self.heading),
            )
        })
    }
}

/// Keeps the first finding of each code, and counts the others from the index `before` on.
fn merge(found: &mut Vec<Finding>, counts: &mut Vec<usize>, before: usize) {
    let mut at = before;
    while at < found.len() {
        counts.resize(at.max(counts.len()), 1);
        match found[..before].iter().position(|known| known.code == found[at].code) {
            Some(known) => {
                counts[known] += 1;
                found.remove(at);
            }
            None => {
                counts.push(1);
                at += 1;
            }
        }
    }
}

/// A separator as userprep.toml writes it.
fn shown(separator: u8) -> String {
    char::from(separator).escape_default().to_string()
}

/// A separator as a message names it.
fn named(separator: u8) -> String {
    match separator {
        b' ' => "a space".into(),
        b'\t' => "a tab".into(),
        b'\n' | b'\r' => "line ends".into(),
        other => format!("`{}`", char::from(other)),
    }
}

/// How many characters a text has.
fn characters(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}
