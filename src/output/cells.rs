//! The cells of a user's row, as `report.xml` and `users.csv` have them.

use super::buffer::{decimal, known};
use crate::report::{COLUMNS, Row};

/// Room for the digits of a row's four numbers.
pub(super) type Digits = [[u8; 20]; 4];

/// The text of a cell, and how a file can hold it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReportCell<'r> {
    pub(super) text: &'r str,
    /// Whether an attribute of XML cannot hold it as it is.
    pub(super) is_escaped: bool,
    /// Whether a table holds it between quotes.
    pub(super) is_quoted: bool,
}

impl<'r> ReportCell<'r> {
    /// A text of any kind.
    // Cells are short, many of them empty: a look at each byte takes a third of what sixteen at a time do.
    pub(super) fn of(text: &'r str) -> Self {
        let seen = text.bytes().fold(0, |seen, byte| seen | CLASSES[usize::from(byte)]);
        Self { text, is_escaped: seen & ESCAPED != 0, is_quoted: seen & QUOTED != 0 }
    }

    /// A word or a number of our own.
    fn plain(text: &'r str) -> Self {
        Self { text, is_escaped: false, is_quoted: false }
    }
}

/// How many bytes of a text an attribute of XML holds as they are, up to the first that it does not.
pub(super) fn plain_length(text: &[u8]) -> usize {
    text.iter().position(|&byte| CLASSES[usize::from(byte)] & ESCAPED != 0).unwrap_or(text.len())
}

/// Appends the text of a cell between quotes, as RFC 4180 has it.
pub(super) fn put_quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for (at, part) in text.split('"').enumerate() {
        out.extend_from_slice(if at > 0 { b"\"\"" } else { b"" });
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'"');
}

/// A byte that an attribute of XML does not hold as it is.
const ESCAPED: u8 = 1;
/// A byte that a cell of a table holds between quotes alone.
const QUOTED: u8 = 2;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let is_printable = b' ' as usize <= byte && byte <= b'~' as usize;
        if !is_printable || matches!(byte as u8, b'"' | b'\'' | b'<' | b'>' | b'&') {
            classes[byte] |= ESCAPED;
        }
        if matches!(byte as u8, b',' | b'"' | b'\r' | b'\n') {
            classes[byte] |= QUOTED;
        }
        byte += 1;
    }
    classes
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
        let check = |text: &str, is_escaped: bool, is_quoted: bool| {
            for before in [0, 1, 15, 16, 31, 40] {
                let text = "a".repeat(before) + text;
                let cell = ReportCell::of(&text);
                assert_eq!((cell.is_escaped, cell.is_quoted), (is_escaped, is_quoted), "{text:?}");
                let plain = if is_escaped { before } else { text.len() };
                assert_eq!(plain_length(text.as_bytes()), plain, "{text:?}");
            }
        };
        ["", " ann.doe@contoso.com;~"].into_iter().for_each(|text| check(text, false, false));
        ["'", "<", ">", "&", "\t", "\u{7f}", "\u{e9}"].into_iter().for_each(|text| check(text, true, false));
        ["\"", "\r", "\n"].into_iter().for_each(|text| check(text, true, true));
        check(",", false, true);
    }
}
