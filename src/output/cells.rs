//! The cells of a user's row in `report.xml` and `users.csv`.

use super::buffer::{decimal, nonzero};
use crate::report::{COLUMNS, Row};

/// Room for the digits of a row's four numbers.
pub(super) type Digits = [itoa::Buffer; 4];

/// The text of a cell, and whether it must be escaped in an XML attribute.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReportCell<'r> {
    pub(super) text: &'r str,
    pub(super) is_escaped: bool,
}

impl<'r> ReportCell<'r> {
    /// A cell with any text.
    pub(super) fn of(text: &'r str) -> Self {
        Self { text, is_escaped: plain_length(text.as_bytes()) < text.len() }
    }

    /// A cell with a word or a number of the program's own, which needs no escaping.
    fn plain(text: &'r str) -> Self {
        Self { text, is_escaped: false }
    }
}

/// Counts the bytes before the first that must be escaped in XML. Cells are short and many are empty, so a look at each
/// byte takes a third of the time of a search sixteen bytes at a time.
pub(super) fn plain_length(text: &[u8]) -> usize {
    text.iter().position(|&byte| !STANDS_FOR_ITSELF[usize::from(byte)]).unwrap_or(text.len())
}

/// The bytes that an XML attribute contains unescaped.
const STANDS_FOR_ITSELF: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        plain[byte as usize] = !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'&');
        byte += 1;
    }
    plain
};

/// The cells of a row, one for each column.
pub(super) type ReportCells<'r> = [ReportCell<'r>; COLUMNS.len()];

/// Returns the cells of a row in the order of [`COLUMNS`].
pub(super) fn cells<'r>(row: &Row<'r>, digits: &'r mut Digits) -> ReportCells<'r> {
    let [seq, input, line, record] = digits;
    [
        ReportCell::plain(decimal(Some(row.seq), seq)),
        ReportCell::plain(decimal(nonzero(row.input.into()), input)),
        ReportCell::plain(decimal(nonzero(row.line), line)),
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
    fn a_cell_is_examined_to_its_last_byte() {
        let check = |text: &str, is_escaped: bool| {
            for before in [0, 1, 15, 16, 31, 40] {
                let text = "a".repeat(before) + text;
                assert_eq!(ReportCell::of(&text).is_escaped, is_escaped, "{text:?}");
                let plain = if is_escaped { before } else { text.len() };
                assert_eq!(plain_length(text.as_bytes()), plain, "{text:?}");
            }
        };
        ["", " ann.doe@contoso.com;~", ","].into_iter().for_each(|text| check(text, false));
        ["\"", "'", "<", ">", "&", "\t", "\r", "\n", "\u{7f}", "\u{e9}"]
            .into_iter()
            .for_each(|text| check(text, true));
    }
}
