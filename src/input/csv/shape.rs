//! What a row looks like. A quote that is not closed makes the next rows text of a cell, where they are recognised.

use ::ldif::Dn;

use super::cell::{Cell, Cells};
use crate::input::join::Key;
use crate::object::Attr;

/// What the rows of a table have in common.
#[derive(Clone, Copy, Debug)]
pub struct RowShape {
    pub(super) delimiter: u8,
    /// The number of columns.
    pub(super) columns: usize,
    /// The same without those at the end that have no heading.
    pub(super) headed: usize,
    /// The column that names the objects, and how.
    pub(super) naming: usize,
    pub(super) key: Key,
}

impl RowShape {
    /// The shape of the rows below these headings.
    pub(super) fn new<'h>(
        delimiter: u8,
        mut headings: impl DoubleEndedIterator<Item = &'h str> + ExactSizeIterator,
        naming: usize,
        key: Key,
    ) -> Self {
        let columns = headings.len();
        let headed = headings.rposition(|heading| !heading.is_empty()).map_or(0, |last| last + 1);
        Self { delimiter, columns, headed, naming, key }
    }

    /// Whether a cell ends before this byte outside quotes.
    pub(super) fn ends_cell(&self, byte: u8) -> bool {
        byte == self.delimiter || byte == b'\n' || byte == b'\r'
    }

    /// Whether a row has as many cells as the heading. Excel omits empty cells at the end, and other programs write a
    /// delimiter after the last cell.
    pub(super) fn fits(&self, row: &[Cell<'_>]) -> bool {
        (self.headed..=self.columns).contains(&row.len())
            || row.len() > self.columns && row[self.columns..].iter().all(|cell| cell.raw.is_empty())
    }

    /// Returns where in a line the name of an object ends, if the line is a row or the first line of one.
    pub(super) fn end_of_name(&self, line: &[u8]) -> Option<usize> {
        // most lines in a cell, such as those of a postal address
        if self.key == Key::Dn && !line.contains(&b'=') {
            return None;
        }
        let mut row = Vec::new();
        Cells::new(self.delimiter, line, 0).row(&mut row);
        let name = row.get(self.naming).filter(|cell| self.is_name(cell))?;
        let may_go_on = || row.len() <= self.columns && row.last().is_some_and(Cell::is_open);
        // prose has a space behind a comma
        let is_prose = self.key != Key::Dn && row.iter().any(|cell| cell.raw.starts_with(b" "));
        (!is_prose && (self.fits(&row) || may_go_on())).then_some(name.at + name.raw.len())
    }

    /// Whether a cell looks like the name of an object.
    fn is_name(&self, cell: &Cell<'_>) -> bool {
        let Ok(text) = str::from_utf8(&cell.text[cell.trim(0..cell.text.len())]) else { return false };
        let is_word = !text.is_empty() && !text.contains(char::is_whitespace);
        match self.key {
            // one RDN alone is part of a DN that is not quoted, or of a list of other pairs
            Key::Dn => Dn::parse(text).is_ok_and(|dn| dn.rdns().len() > 1),
            Key::Value(attr) if [Attr::MAIL, Attr::USER_PRINCIPAL_NAME].contains(&attr) => {
                is_word && text.contains('@')
            }
            Key::Value(_) => is_word,
        }
    }

    /// The rows of a table of DNs in the first column.
    #[cfg(test)]
    pub(super) fn of_dns(delimiter: u8, columns: usize) -> Self {
        Self { delimiter, columns, headed: columns, naming: 0, key: Key::Dn }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_row_by_its_cells_and_its_name() {
        let accounts = RowShape { key: Key::Value(Attr::SAM_ACCOUNT_NAME), ..RowShape::of_dns(b';', 2) };
        let mails = RowShape { key: Key::Value(Attr::MAIL), ..RowShape::of_dns(b',', 2) };
        let dns = RowShape { naming: 1, ..RowShape::of_dns(b',', 3) };
        for (shape, line, expect) in [
            (RowShape::of_dns(b';', 3), "CN=u,DC=x;user;u", Some(9)),
            (RowShape::of_dns(b';', 3), "CN=u,DC=x;user;u;;", Some(9)),
            (RowShape::of_dns(b';', 3), "CN=u,DC=x;user", None),
            (RowShape::of_dns(b';', 3), "CN=u,DC=x;\"12 rue X", Some(9)),
            (RowShape::of_dns(b';', 3), "CN=u,DC=x;user;u;v", None),
            (RowShape::of_dns(b';', 3), "12 rue X; Paris; France", None),
            (RowShape::of_dns(b';', 3), "a=b;user;u", None),
            (RowShape::of_dns(b',', 3), "CN=u,DC=x,user", None),
            (dns, "user,\"CN=u,DC=x\",u", Some(16)),
            (dns, "user,u,\"CN=u,DC=x\"", None),
            (accounts, "u;x", Some(1)),
            (accounts, "u", None),
            (accounts, "Paris; France", None),
            (accounts, "12 rue X;Paris", None),
            (mails, "u@x,Ann", Some(3)),
            (mails, "u,Ann", None),
        ] {
            assert_eq!(shape.end_of_name(line.as_bytes()), expect, "{line}");
        }
    }
}
