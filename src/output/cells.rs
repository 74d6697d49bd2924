//! The cells of a user's row, as `report.xml` and `users.csv` have them.

use super::buffer::{decimal, known};
use crate::report::{COLUMNS, Row};

/// Room for the digits of a row's four numbers.
pub(super) type Digits = [[u8; 20]; 4];

/// The text of a cell, and what holds it only in another form.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReportCell<'r> {
    pub(super) text: &'r str,
    /// In an attribute of XML there are references in place of some characters.
    pub(super) is_escaped: bool,
    /// In CSV it is between quotes (RFC 4180 section 2).
    pub(super) is_quoted: bool,
}

impl<'r> ReportCell<'r> {
    /// A text of any kind.
    pub(super) fn of(text: &'r str) -> Self {
        // Cells are short, many of them empty: a look at each byte takes a third of what sixteen at a time do.
        let forms = text.bytes().fold(0, |forms, byte| forms | FORMS[usize::from(byte)]);
        Self { text, is_escaped: forms & ESCAPED != 0, is_quoted: forms & QUOTED != 0 }
    }

    /// A word or a number of our own.
    fn plain(text: &'r str) -> Self {
        Self { text, is_escaped: false, is_quoted: false }
    }
}

const ESCAPED: u8 = 1;
const QUOTED: u8 = 2;

/// The forms that a text with this byte takes.
const FORMS: [u8; 256] = {
    let mut forms = [ESCAPED; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        forms[byte as usize] = if matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'&') { ESCAPED } else { 0 };
        byte += 1;
    }
    forms[b',' as usize] |= QUOTED;
    forms[b'"' as usize] |= QUOTED;
    forms[b'\r' as usize] |= QUOTED;
    forms[b'\n' as usize] |= QUOTED;
    forms
};

/// The cells of a row, one a column.
pub(super) type ReportCells<'r> = [ReportCell<'r>; COLUMNS.len()];

/// The cells of a row in the order of [`COLUMNS`].
pub(super) fn cells<'r>(row: &Row<'r>, digits: &'r mut Digits) -> ReportCells<'r> {
    let [seq, input, line, record] = digits;
    [
        ReportCell::plain(decimal(Some(row.seq), seq)),
        ReportCell::plain(decimal(known(row.input.into()), input)),
        ReportCell::plain(decimal(known(row.line), line)),
        ReportCell::plain(row.status.name()),
        ReportCell::plain(row.code),
        ReportCell::of(row.sam),
        ReportCell::of(row.guid),
        ReportCell::of(row.dn),
        ReportCell::of(row.display_name),
        ReportCell::of(row.sip_uri),
        ReportCell::of(row.previous_sip_uri),
        ReportCell::of(row.source),
        ReportCell::of(row.pool),
        ReportCell::of(row.previous_pool),
        ReportCell::of(row.rule),
        ReportCell::of(row.file),
        ReportCell::plain(decimal(row.record, record)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_looked_at_to_its_last_byte() {
        for (text, expected) in [
            ("", (false, false)),
            (" ann.doe@contoso.com;~", (false, false)),
            (",", (false, true)),
            ("\"", (true, true)),
            ("'", (true, false)),
            ("<", (true, false)),
            (">", (true, false)),
            ("&", (true, false)),
            ("\t", (true, false)),
            ("\r", (true, true)),
            ("\n", (true, true)),
            ("\u{7f}", (true, false)),
            ("\u{e9}", (true, false)),
        ] {
            for before in [0, 1, 15, 16, 31, 40] {
                let text = "a".repeat(before) + text;
                let cell = ReportCell::of(&text);
                assert_eq!((cell.is_escaped, cell.is_quoted), expected, "{text:?}");
            }
        }
    }
}
