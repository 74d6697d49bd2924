//! A column: its heading, what it holds, and how a cell of it becomes values.

use std::borrow::Cow;
use std::ops::Range;

use super::cell::Cell;
use super::{damage, finding, rows, value};
use crate::input::Finding;
use crate::message::Severity;
use crate::object::{Attr, Object, Value};
use crate::schema::value::Meaning;
use crate::schema::{self, Syntax};

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
        findings.extend(self.spaces(cell, &(0..cell.text.len()), &inner));
        if schema::damage::is_type_name(&cell.text[inner.clone()]) {
            findings.push(self.lost_values(cell, inner, separator));
            return;
        }
        match self.holds {
            Holds::Nothing => {}
            Holds::Dn => {
                let start = inner.start;
                let dn = self.value(cell, inner.clone(), cell.slice(inner), Syntax::Text, findings);
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
            Holds::Values(attr) if attr.is_many() => {
                let syntax = attr.syntax();
                let start = inner.start;
                for part in value::split(&cell.text[inner], separator, syntax == Syntax::ProxyAddress) {
                    let part = start + part.start..start + part.end;
                    let inner = cell.trim(part.clone());
                    findings.extend(self.spaces(cell, &part, &inner));
                    let at = cell.place(inner.start);
                    let text = value::unescape(cell.slice(inner.clone()), separator);
                    let bytes = self.value(cell, inner, text, syntax, findings);
                    object.values.extend(bytes.map(|bytes| Value::new(attr, bytes, at)));
                }
            }
            Holds::Values(attr) => {
                let at = cell.place(inner.start);
                let bytes = self.value(cell, inner.clone(), cell.slice(inner), attr.syntax(), findings);
                object.values.extend(bytes.map(|bytes| Value::new(attr, bytes, at)));
            }
        }
    }

    /// The value of a text, which stands in that range of the content; none if it is invalid or empty.
    fn value<'t>(
        &self,
        cell: &Cell<'t>,
        range: Range<usize>,
        text: Cow<'t, [u8]>,
        syntax: Syntax,
        findings: &mut Vec<Finding>,
    ) -> Option<Cow<'t, [u8]>> {
        let at = cell.place(range.start);
        let whole = || characters(&cell.text[range.clone()]);
        let is_scientific = schema::damage::is_scientific(&text);
        let lost = damage::lost_character(&text, self.is_name());
        let undated = syntax == Syntax::Time && !value::is_time(&text);
        let name = &self.heading;
        let bytes = match value::decode(text, syntax) {
            Ok(bytes) => bytes,
            Err(invalid) => {
                let length = if invalid.index == 0 { whole() } else { 1 };
                let at = cell.place(range.start + invalid.index);
                findings.push(Finding {
                    length,
                    ..self.fault(invalid.code, at, format!("{} in `{name}`", invalid.what))
                });
                return None;
            }
        };
        // Of a value that should be a number this is said where somebody needs it.
        if is_scientific && Meaning::of(syntax, &bytes) != Meaning::Invalid {
            findings.push(Finding { length: whole(), ..self.damaged_number(at) });
        }
        if let Some(index) = lost {
            findings.push(Finding {
                note: Some(LOST_NOTE.into()),
                help: Some(LOST_HELP.into()),
                ..self.doubt(
                    "lost-characters",
                    cell.place(range.start + index),
                    format!("a lost character in `{name}`"),
                )
            });
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

    /// Whether the column holds names, in which nobody writes a question mark.
    fn is_name(&self) -> bool {
        const NAMES: [Attr; 6] = [
            Attr::GIVEN_NAME,
            Attr::SN,
            Attr::DISPLAY_NAME,
            Attr::MAIL,
            Attr::USER_PRINCIPAL_NAME,
            Attr::SAM_ACCOUNT_NAME,
        ];
        match self.holds {
            Holds::Dn => true,
            Holds::Values(attr) => NAMES.contains(&attr),
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
    fn spaces(&self, cell: &Cell<'_>, range: &Range<usize>, inner: &Range<usize>) -> Option<Finding> {
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
                cell.place(spaces.start),
                format!("spaces {side} the value of `{}` are dropped", self.heading),
            )
        })
    }

    /// The error that the name of a type stands where values stood.
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

    fn damaged_number(&self, at: usize) -> Finding {
        Finding {
            note: Some("scientific notation keeps a few digits only".into()),
            help: Some(
                "format the column as text before the spreadsheet reads the file, or export again".into(),
            ),
            ..self.doubt(
                "csv-damaged-number",
                at,
                format!("a spreadsheet has damaged the number in `{}`", self.heading),
            )
        }
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

/// How many characters a text has.
fn characters(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}
