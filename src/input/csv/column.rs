//! A column: its heading, what it holds, and how a cell of it becomes values.

use std::borrow::Cow;
use std::ops::Range;

use super::cell::Cell;
use super::joined::{JoinedForm, JoinedValues};
use super::{rows, value};
use crate::input::Finding;
use crate::input::columns;
use crate::language::{Text, text};
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

const LOST_NOTE: Text = Text::new(
    "an encoding that lacks a character, or the wrong encoding, leaves such signs",
    "un encodage auquel manque un caractère, ou le mauvais encodage, laisse de tels signes",
);
const LOST_HELP: Text = Text::new(
    "export again with `Export-Csv -Encoding Unicode`, `csvde -u` or Excel's `Unicode Text`; if only the reading was \
     wrong, name the encoding with `--encoding`: cp850 for what a console wrote",
    "refaites l’export avec `Export-Csv -Encoding Unicode`, `csvde -u` ou le `Texte Unicode` d’Excel\u{202f}; si seule la \
     lecture était fausse, nommez l’encodage avec `--encoding`\u{a0}: cp850 pour ce qu’une console a écrit",
);

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
                let what = text!("no DN in `{}`", "pas de DN dans `{}`", self.heading);
                findings.push(self.fault("csv-no-dn", cell.at, what));
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
            Some(damage) => findings.push(self.damaged(damage, at, Severity::Warning).of_length(length)),
            None => {}
        }
        if let Some(index) = lost::lost_character(text, lost::TextKind::Free) {
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
                findings.push(Finding::of_dn(&fault, at));
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
        if let Some(joined) = JoinedValues::listed(content, syntax) {
            return self.joined(attr, cell, inner, separator, &joined, (object, &mut (0, 0)), findings);
        }
        let mut found = Vec::new();
        let mut counts: Vec<usize> = Vec::new();
        let mut last = (0, 0);
        for part in value::split(content, separator, syntax == Syntax::ProxyAddress) {
            let part = start + part.start..start + part.end;
            let inner = cell.trim(part.clone());
            if let Some(joined) = JoinedValues::of(&cell.text[inner.clone()], syntax) {
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
            let what = &found.what;
            found.what =
                text!("{what}, in {count} of its values", "{what}, dans {count} de ses valeurs"; what = what);
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
        joined: &JoinedValues,
        (object, last): (&mut Object<'t>, &mut (usize, usize)),
        findings: &mut Vec<Finding>,
    ) {
        for part in &joined.values {
            let value = inner.start + part.start..inner.start + part.end;
            let at = cell.place_behind(last, value.start);
            let text = value::unescape(cell.slice(value), separator);
            object.values.push(Value::new(attr, text, at));
        }
        if findings.iter().any(|found| found.code == "csv-joined-values" && found.place.attr == Some(attr)) {
            return; // the same separator joins the others
        }
        let name = &self.heading;
        let again = text!(
            "export them joined by `{0}`: `@{{n='{1}'; e={{$_.{1} -join '{0}'}}}}` in Select-Object",
            "exportez-les jointes par `{0}`\u{a0}: `@{{n='{1}'; e={{$_.{1} -join '{0}'}}}}` dans Select-Object",
            shown(separator),
            name
        );
        let help = match joined.form {
            JoinedForm::Separator(by) => text!(
                "set `multi_value_separator = \"{by}\"` in [input]; or {again}",
                "réglez `multi_value_separator = \"{by}\"` dans [input]\u{202f}; ou {again}",
                by = shown(by); again = again
            ),
            _ => again,
        };
        let note = text!(
            "the separator of values is {by}", "le séparateur des valeurs est {by}"; by = named(separator)
        );
        let at = cell.place(inner.start + joined.at);
        findings.push(self.fault("csv-joined-values", at, joined.form.what(name)).because(note).help(help));
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
        let is_lost = syntax == Syntax::ProxyAddress && Meaning::of(syntax, &text) == Meaning::Invalid;
        if damage == Some(Damage::TypeName) || is_lost {
            findings.push(self.lost_values(cell, range, b';'));
            return None;
        }
        let lost = lost::lost_character(&text, self.kind());
        let undated = syntax == Syntax::Time && !value::is_time(&text);
        let bytes = match value::decode(text, syntax) {
            Ok(bytes) => bytes,
            Err(invalid) => {
                let what = text!("{what} in `{name}`", "{what} dans `{name}`", name = &self.heading; what = invalid.what);
                let found = self.fault(invalid.code, cell.place_in(at, invalid.index), what);
                findings.push(found.of_length(if invalid.index == 0 { whole() } else { 1 }));
                return None;
            }
        };
        // What is not of its syntax is judged where somebody needs it, and its damage named there.
        let damage = damage.filter(|_| Meaning::of(syntax, &bytes) != Meaning::Invalid);
        if let Some(damage) = damage {
            // an address or an account would be another; what can be read of it still counts as held
            let severity = if self.is_address() { Severity::Error } else { Severity::Warning };
            findings.push(self.damaged(damage, at, severity).of_length(whole()));
        }
        if let Some(index) = lost {
            findings.push(self.lost_character(cell, at, &range, index));
        }
        if undated {
            let name = &self.heading;
            let what = text!(
                "a time in the writer's own form in `{name}`",
                "une date dans une forme propre à l’outil dans `{name}`"
            );
            let found = self.doubt("csv-time", at, what).of_length(whole());
            findings.push(
                found
                    .because(text!(
                        "the directory writes 20261123174500.0Z",
                        "l’annuaire écrit 20261123174500.0Z"
                    ))
                    .help(text!(
                        "export with csvde or ldifde if a filter compares this time",
                        "exportez avec csvde ou ldifde si un filtre compare cette date"
                    )),
            );
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
                (
                    text!("UTF-7 in `{name}`", "de l’UTF-7 dans `{name}`"),
                    text!(
                        "`{run}` is `{letter}` in UTF-7 (RFC 2152)",
                        "`{run}` est `{letter}` en UTF-7 (RFC 2152)"
                    ),
                )
            }
            None => (text!("a lost character in `{name}`", "un caractère perdu dans `{name}`"), LOST_NOTE),
        };
        let mut found =
            self.fault("lost-characters", cell.place_in(at, index), what).because(note).help(LOST_HELP);
        if self.holds != Holds::Dn {
            found.severity = Severity::Warning;
        }
        found
    }

    /// What a letter that was lost looks like in this column.
    fn kind(&self) -> lost::TextKind {
        const PERSONS: [Attr; 3] = [Attr::GIVEN_NAME, Attr::SN, Attr::DISPLAY_NAME];
        const NAMES: [Attr; 3] = [Attr::MAIL, Attr::USER_PRINCIPAL_NAME, Attr::SAM_ACCOUNT_NAME];
        match self.holds {
            Holds::Dn => lost::TextKind::Dn,
            Holds::Values(attr) if PERSONS.contains(&attr) => lost::TextKind::PersonName,
            Holds::Values(attr) if NAMES.contains(&attr) => lost::TextKind::Name,
            Holds::Values(..) | Holds::Nothing => lost::TextKind::Free,
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

    fn fault(&self, code: &'static str, at: usize, what: Text) -> Finding {
        let attr = match self.holds {
            Holds::Values(attr) => Some(attr),
            Holds::Dn | Holds::Nothing => None,
        };
        Finding::new(Severity::Error, code, at, what).on(attr)
    }

    fn doubt(&self, code: &'static str, at: usize, what: Text) -> Finding {
        Finding { severity: Severity::Warning, ..self.fault(code, at, what) }
    }

    /// The warning about spaces in a range of the content around its inner part.
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
        let name = &self.heading;
        let (spaces, what) = if range.start < inner.start {
            let what = text!(
                "spaces before the value of `{name}` are dropped",
                "les espaces devant la valeur de `{name}` sont ignorées"
            );
            (range.start..inner.start, what)
        } else {
            let what = text!(
                "spaces behind the value of `{name}` are dropped",
                "les espaces derrière la valeur de `{name}` sont ignorées"
            );
            (inner.end..range.end, what)
        };
        let length = characters(&cell.text[spaces.clone()]);
        Some(self.doubt("csv-trimmed", place(spaces.start), what).of_length(length))
    }

    /// The error about the name of a type in place of values.
    fn lost_values(&self, cell: &Cell<'_>, inner: Range<usize>, separator: u8) -> Finding {
        let name = &self.heading;
        let help = match self.holds {
            Holds::Values(attr) if matches!(attr.syntax(), Syntax::Guid | Syntax::Sid) => {
                text!("export `{name}` with csvde or ldifde", "exportez `{name}` avec csvde ou ldifde")
            }
            _ => text!(
                "export them joined: `Select-Object DistinguishedName, @{{n='{0}'; e={{$_.{0} -join '{1}'}}}}`",
                "exportez-les jointes\u{a0}: `Select-Object DistinguishedName, @{{n='{0}'; e={{$_.{0} -join '{1}'}}}}`",
                name,
                char::from(separator)
            ),
        };
        let text = &cell.text[inner.clone()];
        let shown = String::from_utf8_lossy(text);
        let what =
            text!("the export has lost the values of `{name}`", "l’export a perdu les valeurs de `{name}`");
        let note = match is_type_name(text) {
            true => text!("`{shown}` is the name of their type", "`{shown}` est le nom de leur type"),
            false => {
                text!("`{shown}` is not one of them, or is cut", "`{shown}` n’en est pas une, ou est coupé")
            }
        };
        self.fault("csv-lost-values", cell.place(inner.start), what)
            .of_length(characters(text))
            .because(note)
            .help(help)
    }

    /// What a spreadsheet has done to a value.
    fn damaged(&self, damage: Damage, at: usize, severity: Severity) -> Finding {
        let name = &self.heading;
        let (code, what, note) = match damage {
            Damage::DecimalPoint => (
                "csv-damaged-number",
                text!(
                    "a whole number is written as a decimal in `{name}`",
                    "un nombre entier est écrit avec une décimale dans `{name}`"
                ),
                text!(
                    "scripts and spreadsheets do so where a cell of the column is empty",
                    "scripts et tableurs le font quand une cellule de la colonne est vide"
                ),
            ),
            Damage::TextMark => (
                "csv-text-mark",
                text!(
                    "an apostrophe before the value of `{name}`",
                    "une apostrophe devant la valeur de `{name}`"
                ),
                text!(
                    "spreadsheets mark text so, and some write the mark into the file",
                    "les tableurs marquent ainsi le texte, et certains écrivent la marque dans le fichier"
                ),
            ),
            _ => (
                "csv-damaged-number",
                text!(
                    "a spreadsheet has damaged the number in `{name}`",
                    "un tableur a abîmé le nombre dans `{name}`"
                ),
                text!(
                    "scientific notation keeps a few digits only",
                    "la notation scientifique ne garde que quelques chiffres"
                ),
            ),
        };
        Finding { severity, ..self.fault(code, at, what).because(note).help(damage.help()) }
    }

    /// The warning about a cell of many lines.
    pub(super) fn many_lines(&self, cell: &Cell<'_>) -> Option<Finding> {
        let lines = rows::newlines(&cell.text) + 1;
        (lines > MANY_NEWLINES + 1).then(|| {
            let name = &self.heading;
            let what =
                text!("a cell of {lines} lines in `{name}`", "une cellule de {lines} lignes dans `{name}`");
            self.doubt("csv-newlines", cell.at, what).because(text!(
                "a missing quote makes one cell of many rows",
                "un guillemet manquant fait de nombreuses lignes une seule cellule"
            ))
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
pub(super) fn named(separator: u8) -> Text {
    match separator {
        b' ' => text!("a space", "une espace"),
        b'\t' => text!("a tab", "une tabulation"),
        b'\n' | b'\r' => text!("line ends", "des fins de ligne"),
        other => Text::same(format!("`{}`", char::from(other))),
    }
}

/// How many characters a text has.
fn characters(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}
