//! A column: its heading, what it contains, and the findings in its cells.

use std::ops::Range;

use super::cell::Cell;
use super::cell_reader::LONGEST_CELL;
use super::joined::JoinedValues;
use super::rows;
use crate::input::join::Key;
use crate::input::{Finding, fault, password};
use crate::language::{Text, text};
use crate::message::Severity;
use crate::object::{Attr, Attributes};
use crate::schema::Syntax;
use crate::schema::damage::{Damage, is_type_name};
use crate::schema::lost;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The heading as written, without the spaces around it.
    pub heading: String,
    /// What is read from it.
    pub holds: Holds,
    /// Whether no decision depends on it, so that a fault in it is only a warning.
    pub(super) is_aside: bool,
    /// Whether the heading names a range of values that is not the last one: `member;range=0-1499`.
    pub(super) is_range: bool,
    /// Whether the heading suggests passwords: messages then show no cell.
    pub(super) has_passwords: bool,
    /// The kind of text, which determines the signs of lost letters.
    pub(super) kind: lost::TextKind,
}

/// The content of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Dn,
    /// The values of an attribute that the run reads.
    Values(Attr),
    /// Nothing that the run reads.
    Nothing,
}

impl Holds {
    /// The key by which the column names objects, if it does.
    pub(super) fn key(self) -> Key {
        match self {
            Self::Values(attr) => Key::Value(attr),
            Self::Dn | Self::Nothing => Key::Dn,
        }
    }

    /// The kind of text in the column.
    fn kind(self) -> lost::TextKind {
        match self {
            Self::Dn => lost::TextKind::Dn,
            Self::Values(attr) => lost::TextKind::of(attr),
            Self::Nothing => lost::TextKind::Free,
        }
    }
}

/// A part of a cell's content, with its offset in the text.
pub(super) struct CellPart {
    pub(super) at: usize,
    pub(super) range: Range<usize>,
}

/// The number of line ends above which a cell has probably lost a quote.
pub(super) const MANY_NEWLINES: u64 = 12;

const LOST_HELP: Text = Text::new(
    "export again with `Export-Csv -Encoding Unicode`, `csvde -u` or Excel's `Unicode Text`; if only the reading was \
     wrong, name the encoding with `--encoding`: cp850 for what a console wrote",
    "refaites l’export avec `Export-Csv -Encoding Unicode`, `csvde -u` ou le `Texte Unicode` d’Excel\u{202f}; si seule la \
     lecture était fausse, indiquez le codage par `--encoding`\u{a0}: cp850 pour ce qu’une console a écrit",
);

impl Column {
    pub(super) fn new(heading: String, holds: Holds, attributes: &Attributes) -> Self {
        // All are needed for each cell, and a heading is long in comparison.
        let is_range = heading.contains(";range=") && !heading.ends_with('*');
        let (has_passwords, kind) = (password::is_secret(&heading), holds.kind());
        let is_aside = matches!(holds, Holds::Values(attr) if attributes.is_aside(attr));
        Self { heading, holds, is_aside, is_range, has_passwords, kind }
    }

    /// Checks a cell that is not read.
    pub(super) fn check_unread(&self, cell: &Cell<'_>, separator: u8, findings: &mut Vec<Finding>) {
        if self.holds != Holds::Nothing || self.has_passwords {
            return;
        }
        let inner = cell.trim(0..cell.text.len());
        if inner.is_empty() {
            return;
        }
        let text = &cell.text[inner.clone()];
        let at = cell.place(inner.start);
        match Damage::of_text(text) {
            Some(Damage::TypeName) => {
                let lost = self.lost_values(cell, inner, separator);
                return findings.push(Finding { severity: Severity::Warning, ..lost });
            }
            Some(damage) => {
                let found = self.damaged(damage, at, Severity::Warning);
                findings.push(found.of_length(characters(text)));
            }
            None => {}
        }
        if let Some(index) = lost::lost_character(text, lost::TextKind::Free) {
            findings.push(self.lost_character(cell, &CellPart { at, range: inner }, index));
        }
    }

    /// Returns the error about values joined by another separator, at this place.
    pub(super) fn joined(&self, joined: &JoinedValues, cell: &Cell<'_>, separator: u8, at: usize) -> Finding {
        let name = &self.heading;
        let reader = match self.holds {
            Holds::Values(attr) => joined.separator(&cell.text, separator, attr.syntax()),
            Holds::Dn | Holds::Nothing => None,
        };
        let again = text!(
            "export them joined by `{0}`: `@{{n='{1}'; e={{$_.{1} -join '{0}'}}}}` in Select-Object",
            "exportez-les jointes par `{0}`\u{a0}: `@{{n='{1}'; e={{$_.{1} -join '{0}'}}}}` dans Select-Object",
            as_in_settings(separator),
            name
        );
        let help = match reader {
            Some(by) => text!(
                "set `multi_value_separator = \"{by}\"` in [input]; or {again}",
                "réglez `multi_value_separator = \"{by}\"` dans [input]\u{202f}; ou {again}",
                by = as_in_settings(by); again
            ),
            None => again,
        };
        let note = text!(
            "the separator of values is {by}", "le séparateur des valeurs est {by}"; by = named(separator)
        );
        self.fault("csv-joined-values", at, joined.form.what(name)).because(note).help(help)
    }

    /// Returns the warning about a time in another form than the directory's.
    pub(super) fn undated(&self, at: usize) -> Finding {
        let name = &self.heading;
        let what = text!(
            "a time in the writer's own form in `{name}`",
            "une date dans une forme propre à l’outil dans `{name}`"
        );
        self.doubt("csv-time", at, what)
            .because(text!("the directory writes 20261123174500.0Z", "l’annuaire écrit 20261123174500.0Z"))
            .help(text!(
                "export with csvde or ldifde if a filter compares this time",
                "exportez avec csvde ou ldifde si un filtre compare cette date"
            ))
    }

    /// Reports a lost letter: an error in a DN, which is then useless, and in values that a change removes.
    pub(super) fn lost_character(&self, cell: &Cell<'_>, piece: &CellPart, index: usize) -> Finding {
        let name = &self.heading;
        let rest = String::from_utf8_lossy(&cell.text[piece.range.start + index..piece.range.end]);
        let (what, note) = fault::lost_character(name, &rest);
        let mut found =
            self.fault("lost-characters", cell.place_in(piece.at, index), what).because(note).help(LOST_HELP);
        if self.holds != Holds::Dn && !self.is_exact() {
            found.severity = Severity::Warning;
        }
        found
    }

    /// Whether addresses, accounts or lines are read from the column, so that a damaged value would be a wrong one.
    pub(super) fn is_address(&self) -> bool {
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
            Holds::Values(attr) => ADDRESSES.contains(&attr) || self.is_exact(),
            Holds::Nothing => false,
        }
    }

    /// Whether a change removes values of the column literally, and they may be any text.
    pub(super) fn is_exact(&self) -> bool {
        const LINES: [Attr; 3] = [Attr::LINE, Attr::LINE_SERVER, Attr::PRIVATE_LINE];
        matches!(self.holds, Holds::Values(attr) if LINES.contains(&attr) || attr.syntax() == Syntax::DnBinary)
    }

    /// Creates an error in this column.
    pub(super) fn fault(&self, code: &'static str, at: usize, what: Text) -> Finding {
        let attr = match self.holds {
            Holds::Values(attr) => Some(attr),
            Holds::Dn | Holds::Nothing => None,
        };
        Finding::new(Severity::Error, code, at, what).on(attr)
    }

    /// Creates a warning in this column.
    pub(super) fn doubt(&self, code: &'static str, at: usize, what: Text) -> Finding {
        Finding { severity: Severity::Warning, ..self.fault(code, at, what) }
    }

    /// Returns the error about the name of a type in place of values.
    pub(super) fn lost_values(&self, cell: &Cell<'_>, inner: Range<usize>, separator: u8) -> Finding {
        let name = &self.heading;
        let help = match self.holds {
            Holds::Values(attr)
                if matches!(attr.syntax(), Syntax::Guid | Syntax::Sid | Syntax::AccountSid) =>
            {
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
        let note = if is_type_name(text) {
            text!("`{shown}` is the name of their type", "`{shown}` est le nom de leur type")
        } else if text.len() >= LONGEST_CELL {
            text!(
                "a spreadsheet cuts cells at 32,767 characters",
                "un tableur coupe les cellules à 32 767 caractères"
            )
        } else {
            text!("`{shown}` is not one of them, or is cut", "`{shown}` n’en est pas une, ou est coupé")
        };
        let what =
            text!("the export has lost the values of `{name}`", "l’export a perdu les valeurs de `{name}`");
        self.fault("csv-lost-values", cell.place(inner.start), what)
            .of_length(characters(text))
            .because(note)
            .help(help)
    }

    /// Reports what a spreadsheet has done to a value.
    pub(super) fn damaged(&self, damage: Damage, at: usize, severity: Severity) -> Finding {
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
                    "spreadsheets mark text this way, and some write the mark into the file",
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

    /// Returns the warning about a cell with many lines.
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

/// Formats a separator as in userprep.toml.
fn as_in_settings(separator: u8) -> String {
    match separator {
        b'\'' => "'".to_owned(),
        control if control.is_ascii_control() && !matches!(control, b'\t' | b'\n' | b'\r') => {
            format!("\\u{control:04x}")
        }
        other => char::from(other).escape_default().to_string(),
    }
}

/// Formats a separator for a message.
pub(super) fn named(separator: u8) -> Text {
    match separator {
        b' ' => text!("a space", "une espace"),
        b'\t' => text!("a tab", "une tabulation"),
        b'\n' | b'\r' => text!("line ends", "des fins de ligne"),
        other => Text::same(format!("`{}`", char::from(other))),
    }
}

/// Counts the characters of UTF-8 text.
pub(super) fn characters(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}
