//! Rows that hold no record, and faults of a row as a whole: its quotes, the number of its cells, two names.

use std::borrow::Cow;

use ::ldif::SearchNote;

use super::cell::Cell;
use super::column::{Column, MANY_NEWLINES};
use super::heading::{self, delimiter_name};
use super::{Table, newlines};
use crate::input::asides::Aside;
use crate::input::{Finding, columns, ldif};
use crate::language::text;
use crate::message::Severity;

impl Table {
    /// Reports that two columns name different objects.
    pub(super) fn two_names(&self, row: &[Cell<'_>], other: usize) -> Option<Finding> {
        let (one, other) = (row.get(self.naming)?, row.get(other)?);
        let dn = |cell: &Cell<'_>| {
            let text = String::from_utf8_lossy(&cell.text[cell.trim(0..cell.text.len())]).into_owned();
            ::ldif::dn::normalize(&text).map(Cow::into_owned).unwrap_or(text)
        };
        if one.text == other.text || self.key.is_some() || other.is_blank() || dn(one) == dn(other) {
            return None;
        }
        let what = text!("the row names two objects", "la ligne désigne deux objets");
        Some(Finding::new(Severity::Error, "dn-invalid", other.at, what))
    }

    /// Recognises a row without data: what a tool reports about its search, or, in concatenated files, a heading or
    /// what precedes one. A heading with other columns is an error: the following rows would be read under the wrong
    /// names.
    pub(super) fn aside(&self, row: &[Cell<'_>], line: &[u8]) -> Option<Aside> {
        let at = row.first()?.at;
        let heading_again =
            |what| Some(Aside::Finding(Finding::new(Severity::Note, "csv-heading-again", at, what)));
        let begin = line.trim_ascii();
        let begin = begin.strip_prefix(b"\"").unwrap_or(begin);
        let is_alone = row[1..].iter().all(Cell::is_blank);
        if begin.starts_with(b"#TYPE ") && is_alone || heading::set_delimiter(begin).is_some() {
            return heading_again(text!("a second beginning of a file", "un second début de fichier"));
        }
        if is_rule(row) {
            let what = text!("a rule below the heading", "un trait sous l’en-tête");
            return Some(Aside::Finding(Finding::new(Severity::Note, "ldif-preamble", at, what)));
        }
        let may_be_sql = || self.key.is_none() && row[0].text.last().is_some_and(u8::is_ascii_digit);
        if (self.count_fault(row).is_some() || may_be_sql() && SearchNote::is_sql_message(begin))
            && let Some(said) = ldif::said(line, at)
        {
            return Some(said);
        }
        if self.is_heading(row)? {
            return heading_again(text!("the heading again", "l’en-tête une seconde fois"));
        }
        let what = text!("a heading with other columns", "un en-tête avec d’autres colonnes");
        let other = Finding::new(Severity::Error, "csv-heading-other", at, what)
            .because(text!(
                "whatever follows would be read by the names of the first heading",
                "la suite serait lue d’après les noms du premier en-tête"
            ))
            .help(text!(
                "give each of the joined files separately",
                "donnez au programme chacun des fichiers qui ont été réunis"
            ));
        Some(Aside::Finding(other))
    }

    /// Whether a row is the heading of this table, under any names, or of another one; `None` if it is no heading.
    fn is_heading(&self, row: &[Cell<'_>]) -> Option<bool> {
        let trimmed = |cell: &Cell<'_>| cell.trim(0..cell.text.len());
        let is_named = |cell: &Cell<'_>| {
            let text = &cell.text[trimmed(cell)];
            self.columns.iter().any(|column| column.heading.as_bytes().eq_ignore_ascii_case(text))
        };
        let folded = |cell: &Cell<'_>| columns::fold(&String::from_utf8_lossy(&cell.text[trimmed(cell)]));
        let is_dn =
            |cell: &Cell<'_>| !cell.text.contains(&b'=') && columns::DN.contains(&folded(cell).as_str());
        let naming = row.get(self.naming);
        if !is_named(row.first()?) && !naming.is_some_and(|cell| is_named(cell) || is_dn(cell)) {
            return None;
        }
        let known: Vec<String> =
            self.columns.iter().map(|column| columns::meant(&columns::fold(&column.heading))).collect();
        let found: Vec<String> = row.iter().map(|cell| columns::meant(&folded(cell))).collect();
        let count = found.iter().filter(|name| !name.is_empty() && known.contains(name)).count();
        if found == known { Some(true) } else { (count > 1 && count * 2 >= row.len()).then_some(false) }
    }

    /// Returns the first fault in the quotes of a row. If a quote closes many lines below, that quote is at fault, not
    /// the text there.
    pub(super) fn quote_fault(&self, row: &[Cell<'_>]) -> Option<Finding> {
        let faulty = |(n, cell): (usize, &Cell<'_>)| Some((n, cell.at, cell.quote_fault()?));
        let (n, opened, (at, what)) = row.iter().enumerate().find_map(faulty)?;
        let lines = newlines(&row[n].raw[..at - opened]);
        let (at, what) = if lines > MANY_NEWLINES {
            let what = text!(
                "a quote that closes {lines} lines below, before other text,",
                "un guillemet fermé {lines} lignes plus bas, devant un autre texte,"
            );
            (opened, what)
        } else {
            (at, what)
        };
        let what = match self.columns.get(n) {
            Some(Column { heading, .. }) => {
                text!("{what} in `{heading}`", "{what} dans `{heading}`"; what)
            }
            None => what,
        };
        let found = Finding::new(Severity::Error, "csv-quote", at, what);
        Some(found.because(text!("RFC 4180 section 2, rules 4 to 7", "RFC 4180 section 2, règles 4 à 7")).help(text!(
            "write a quote inside a quoted cell twice, and nothing between quote and delimiter",
            "écrivez deux fois un guillemet dans une cellule entre guillemets, et rien entre guillemet et délimiteur"
        )))
    }

    /// Reports that a row has more or fewer cells than the heading.
    pub(super) fn count_fault(&self, row: &[Cell<'_>]) -> Option<Finding> {
        if self.shape().fits(row) {
            return None;
        }
        let (found, expected) = (row.len(), self.columns.len());
        // the place of the first surplus cell, or the row that lacks some
        let at = row.get(expected).or(row.first())?.at;
        let what = if found == 1 {
            text!("1 cell where the heading has {expected}", "1 cellule là où l’en-tête en a {expected}")
        } else {
            text!(
                "{found} cells where the heading has {expected}",
                "{found} cellules là où l’en-tête en a {expected}"
            )
        };
        let mut fault = Finding::new(Severity::Error, "csv-fields", at, what);
        fault.help = (found > expected).then(|| {
            text!(
                "quote the cells that contain {name}",
                "mettez entre guillemets les cellules qui contiennent {name}"; name = delimiter_name(self.delimiter)
            )
        });
        Some(fault)
    }
}

/// Whether a row is the rule that PowerShell and sqlcmd draw below the heading.
pub(super) fn is_rule(row: &[Cell<'_>]) -> bool {
    row.iter().all(|cell| !cell.text.is_empty() && cell.text.iter().all(|byte| *byte == b'-'))
}
