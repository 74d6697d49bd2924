//! The reader of a cell, which turns it into values and findings.

use std::borrow::Cow;
use std::ops::Range;

use super::cell::Cell;
use super::column::{CellPart, Column, Holds, characters};
use super::joined::JoinedValues;
use super::value;
use crate::input::{Finding, coded};
use crate::language::text;
use crate::message::Severity;
use crate::object::{Attr, Object, Value};
use crate::schema::Syntax;
use crate::schema::damage::{Damage, is_marked_name, is_no_value, is_type_name};
use crate::schema::lost;
use crate::schema::value::Meaning;

/// The maximum number of characters that Excel keeps in a cell.
pub(super) const LONGEST_CELL: usize = 32_767;

/// A cell while it is read, with the destinations of its values and findings.
pub(super) struct CellReader<'r, 't> {
    /// The text of the batch, if the whole of it is UTF-8 without a NUL, and therefore each piece.
    pub(super) clean: Option<&'t str>,
    pub(super) column: &'r Column,
    pub(super) cell: &'r Cell<'t>,
    /// The separator of values.
    pub(super) separator: u8,
    pub(super) object: &'r mut Object<'t>,
    pub(super) findings: &'r mut Vec<Finding>,
}

impl<'t> CellReader<'_, 't> {
    /// Reads the cell into the object, and reports findings. After an error, the object lacks the value.
    pub(super) fn read(&mut self) {
        let Self { column, cell, separator, .. } = *self;
        if column.holds == Holds::Nothing {
            return;
        }
        let inner = cell.trim(0..cell.text.len());
        if inner.is_empty() {
            if column.holds == Holds::Dn {
                let what = text!("no DN in `{}`", "pas de DN dans `{}`", column.heading);
                self.findings.push(column.fault("csv-no-dn", cell.at, what));
            }
            return;
        }
        self.warn_of_spaces(&(0..cell.text.len()), &inner, |index| cell.place(index));
        let is_cut = cell.text.len() >= LONGEST_CELL && characters(&cell.text) == LONGEST_CELL;
        if is_type_name(&cell.text[inner.clone()]) || is_cut {
            self.hold(cell.place(inner.start), cell.slice(inner.clone()));
            self.findings.push(column.lost_values(cell, inner, separator));
            return;
        }
        match column.holds {
            Holds::Nothing => {}
            Holds::Dn => self.read_dn(inner),
            Holds::Values(attr) if attr.is_many() => {
                if column.is_range {
                    self.object.cut = Some((attr, cell.place(inner.start)));
                }
                self.read_values(attr, inner);
            }
            Holds::Values(attr) => {
                let piece = CellPart { at: cell.place(inner.start), range: inner };
                let bytes = self.read_value(&piece, cell.slice(piece.range.clone()), attr.syntax());
                // If two columns have the same value, one is enough.
                if let Some(bytes) = bytes
                    && !self.object.values(attr).any(|known| known.bytes().eq_ignore_ascii_case(&bytes))
                {
                    let value = self.decoded(attr, bytes, piece.at);
                    self.object.values.push(value);
                }
            }
        }
    }

    /// Reads the DN of the object.
    fn read_dn(&mut self, inner: Range<usize>) {
        let (cell, start) = (self.cell, inner.start);
        let piece = CellPart { at: cell.place(start), range: inner.clone() };
        let Some(octets) = self.read_value(&piece, cell.slice(inner), Syntax::Text) else { return };
        let dn = match self.text_of(&octets, piece.at) {
            Some(dn) => Cow::Borrowed(dn),
            None => Cow::Owned(String::from_utf8_lossy(&octets).into_owned()),
        };
        match Object::new(dn.clone(), self.object.at) {
            Ok(named) => (self.object.dn, self.object.normalized) = (named.dn, named.normalized),
            Err(fault) => {
                self.object.dn = dn;
                self.findings.push(Finding::of_dn(&fault, cell.place(start + fault.at)));
            }
        }
        // A directory writes it as `\0A`.
        if let Some(at) = octets.iter().position(u8::is_ascii_control) {
            let what = text!(
                "a line end or a control character in the DN",
                "une fin de ligne ou un caractère de contrôle dans le DN"
            );
            let found = Finding::new(Severity::Error, "dn-invalid", cell.place_in(piece.at, at), what);
            self.findings.push(found.within(&self.column.heading, cell.at));
        }
    }

    /// Reads the values between separators. A fault in many of them is reported once.
    fn read_values(&mut self, attr: Attr, inner: Range<usize>) {
        let (cell, separator, syntax, start) = (self.cell, self.separator, attr.syntax(), inner.start);
        let content = &cell.text[inner.clone()];
        let mut last = (0, 0);
        if let Some(joined) = JoinedValues::listed(content, syntax) {
            return self.reject_joined(&joined, start, &mut last);
        }
        let has_escapes = memchr::memchr(b'\\', content).is_some();
        let before_cell = std::mem::take(self.findings);
        let mut counts: Vec<usize> = Vec::new();
        for part in value::split(content, separator, syntax == Syntax::ProxyAddress) {
            let part = start + part.start..start + part.end;
            let inner = cell.trim(part.clone());
            if let Some(joined) = JoinedValues::of(&cell.text[inner.clone()], syntax) {
                self.reject_joined(&joined, inner.start, &mut last);
                continue;
            }
            let before = self.findings.len();
            // from left to right, so that each byte of the cell is counted once
            let begin = cell.place_behind(&mut last, part.start);
            let at = cell.place_behind(&mut last, inner.start);
            let place = |index| if index < inner.start { begin } else { cell.place_behind(&mut last, index) };
            self.warn_of_spaces(&part, &inner, place);
            let text = cell.slice(inner.clone());
            let text = if has_escapes { value::unescape(text, separator) } else { text };
            let bytes = self.read_value(&CellPart { at, range: inner }, text, syntax);
            if let Some(bytes) = bytes {
                let value = self.decoded(attr, bytes, at);
                self.object.values.push(value);
            }
            merge(self.findings, &mut counts, before);
        }
        for (found, count) in self.findings.iter_mut().zip(&counts).filter(|(_, count)| **count > 1) {
            let what = &found.what;
            found.what =
                text!("{what}, in {count} of its values", "{what}, dans {count} de ses valeurs"; what);
        }
        self.findings.splice(0..0, before_cell);
    }

    /// Returns the octets as text, if they were borrowed from a batch of clean text, where they begin at `at`.
    #[inline]
    fn text_of(&self, octets: &Cow<'t, [u8]>, at: usize) -> Option<&'t str> {
        let Cow::Borrowed(octets) = octets else { return None };
        let text = self.clean?.get(at..at + octets.len())?;
        std::ptr::eq(text.as_bytes(), *octets).then_some(text)
    }

    /// Returns the value of these octets; text in hexadecimal may have another encoding.
    fn decoded(&mut self, attr: Attr, octets: Cow<'t, [u8]>, at: usize) -> Value<'t> {
        if let Some(text) = self.text_of(&octets, at) {
            return match attr.syntax() {
                // `value` has validated it.
                Syntax::ProxyAddress => Value::of_valid_text(attr, text, at),
                _ => Value::of_text(attr, text, at),
            };
        }
        let decoded = Value::new(attr, octets, at).decoded();
        if decoded.is_ok() {
            self.findings.push(Finding::not_utf8(&self.column.heading, at, at).on(Some(attr)));
        }
        decoded.unwrap_or_else(|value| value)
    }

    /// Rejects values joined by anything but the separator, in the part of the cell from `start` on. Values that can be
    /// read in it count as held.
    fn reject_joined(&mut self, joined: &JoinedValues, start: usize, last: &mut (usize, usize)) {
        let Holds::Values(attr) = self.column.holds else { return };
        for part in &joined.values {
            let value = start + part.start..start + part.end;
            let at = self.cell.place_behind(last, value.start);
            let text = value::unescape(self.cell.slice(value), self.separator);
            self.object.values.push(Value::new(attr, text, at));
        }
        let is_same = |found: &Finding| found.code == "csv-joined-values" && found.place.attr == Some(attr);
        if !self.findings.iter().any(is_same) {
            let at = self.cell.place(start + joined.at);
            self.findings.push(self.column.joined(joined, self.cell, self.separator, at));
        }
    }

    /// Keeps text with damaged addresses: those that can be read in it still count as held.
    fn hold(&mut self, at: usize, text: Cow<'t, [u8]>) {
        if let Holds::Values(attr) = self.column.holds
            && attr.syntax() == Syntax::ProxyAddress
        {
            self.object.values.push(Value::new(attr, text, at));
        }
    }

    /// Keeps what is left of a value that does not decode, if it is an address or a line. It is not in the cell as such.
    fn hold_rest(&mut self, text: Vec<u8>) {
        const HELD: [Attr; 4] = [Attr::MAIL, Attr::PRIMARY_USER_ADDRESS, Attr::LINE, Attr::PRIVATE_LINE];
        let Holds::Values(attr) = self.column.holds else { return };
        let is_held = attr.syntax() == Syntax::ProxyAddress || HELD.contains(&attr);
        if is_held && value::claims(&text).is_some() {
            self.object.values.push(Value::new(attr, text.into(), Value::ELSEWHERE));
        }
    }

    /// Reads the value in a piece of the cell, and reports its faults; `None` if it is invalid or empty.
    fn read_value(&mut self, piece: &CellPart, text: Cow<'t, [u8]>, syntax: Syntax) -> Option<Cow<'t, [u8]>> {
        let (column, cell, at) = (self.column, self.cell, piece.at);
        let whole = || characters(&cell.text[piece.range.clone()]);
        let is_marked = column.holds == Holds::Values(Attr::SAM_ACCOUNT_NAME) && is_marked_name(&text);
        let damage = if is_marked { Some(Damage::TextMark) } else { Damage::of_text(&text) };
        let is_lost = syntax == Syntax::ProxyAddress
            && value::hexadecimal(&text).is_none()
            && Meaning::of(syntax, &text) == Meaning::Invalid;
        if damage == Some(Damage::TypeName) || is_lost || column.is_exact() && is_stand_in(&text) {
            coded::readings(&text).into_iter().for_each(|text| self.hold_rest(text));
            self.hold(at, text);
            self.findings.push(column.lost_values(cell, piece.range.clone(), b';'));
            return None;
        }
        let lost = lost::lost_character(&text, column.kind);
        let undated = syntax == Syntax::Time && !value::is_time(&text);
        let bytes = match value::decode(text, syntax, self.clean.is_none()) {
            Ok(bytes) => bytes,
            Err(invalid) => {
                let text = cell.slice(piece.range.clone());
                let rests = match value::hexadecimal(&text) {
                    Some(_) => coded::readings(&text),
                    // before the NUL, and around each
                    None => vec![
                        text[..invalid.index].to_vec(),
                        text.iter().copied().filter(|c| *c != 0).collect(),
                    ],
                };
                rests.into_iter().for_each(|text| self.hold_rest(text));
                let what = text!("{what} in `{name}`", "{what} dans `{name}`", name = &column.heading; what = invalid.what);
                let found = column.fault(invalid.code, cell.place_in(at, invalid.index), what);
                self.findings.push(found.of_length(if invalid.index == 0 { whole() } else { 1 }));
                return None;
            }
        };
        // An invalid value is reported, with its damage, where it is needed.
        let damage = damage.filter(|_| Meaning::of(syntax, &bytes) != Meaning::Invalid);
        if let Some(damage) = damage {
            // it would be another address or account; what can be read of it still counts as held
            let severity = if column.is_address() { Severity::Error } else { Severity::Warning };
            self.findings.push(column.damaged(damage, at, severity).of_length(whole()));
        }
        if let Some(index) = lost {
            self.findings.push(column.lost_character(cell, piece, index));
        }
        if undated {
            self.findings.push(column.undated(at).of_length(whole()));
        }
        Some(bytes).filter(|bytes| !bytes.is_empty())
    }

    /// Warns about spaces around the inner part of a range.
    fn warn_of_spaces(
        &mut self,
        range: &Range<usize>,
        inner: &Range<usize>,
        place: impl FnOnce(usize) -> usize,
    ) {
        if inner == range {
            return;
        }
        let name = &self.column.heading;
        let (spaces, what) = if range.start < inner.start {
            let what = text!(
                "spaces before the value of `{name}` are dropped",
                "les espaces devant la valeur de `{name}` sont ignorées"
            );
            (range.start..inner.start, what)
        } else {
            let what = text!(
                "spaces after the value of `{name}` are dropped",
                "les espaces derrière la valeur de `{name}` sont ignorées"
            );
            (inner.end..range.end, what)
        };
        let length = characters(&self.cell.text[spaces.clone()]);
        let found = self.column.doubt("csv-trimmed", place(spaces.start), what);
        self.findings.push(found.of_length(length));
    }
}

/// Whether tools show a text in place of a value or of its end: `NULL`, `-`, `#####`, `tel:+3312…`.
fn is_stand_in(text: &[u8]) -> bool {
    let text = str::from_utf8(text).unwrap_or_default();
    let consists_of = |c: char| text.chars().all(|other| other == c);
    !text.is_empty() && (consists_of('#') || consists_of('-'))
        || is_no_value(text)
        || text.ends_with("...")
        || text.ends_with('…')
}

/// Merges the findings from the index `before` on into earlier ones of the same code; `counts` are the numbers of
/// findings that each represents.
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
