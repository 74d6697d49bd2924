//! The cells of a user's row, as `report.xml` and `users.csv` have them.

use super::buffer::{decimal, known};
use crate::report::{COLUMNS, Row};

/// Room for the digits of a row's four numbers.
pub(super) type Digits = [[u8; 20]; 4];

/// The text of a cell, and whether an attribute of XML cannot hold it as it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell<'r> {
    pub(super) text: &'r str,
    pub(super) is_escaped: bool,
}

impl<'r> Cell<'r> {
    /// A text of any kind.
    pub(super) fn of(text: &'r str) -> Self {
        Self { text, is_escaped: is_escaped(text.as_bytes()) }
    }

    /// A word or a number of our own.
    fn plain(text: &'r str) -> Self {
        Self { text, is_escaped: false }
    }
}

/// Whether a text holds anything but ASCII that stands for itself. Cells are short, many of them empty: a look at each byte
/// takes a third of what sixteen at a time do.
fn is_escaped(text: &[u8]) -> bool {
    text.iter().any(|&byte| !STANDS_FOR_ITSELF[usize::from(byte)])
}

/// The bytes that an attribute of XML holds as they are.
const STANDS_FOR_ITSELF: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        plain[byte as usize] = !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'&');
        byte += 1;
    }
    plain
};

/// The cells of a row, one a column.
pub(super) type Cells<'r> = [Cell<'r>; COLUMNS.len()];

/// Where the name is that users choose themselves.
pub(super) const DISPLAY_NAME: usize = 8;

/// The cells of a row in the order of [`COLUMNS`].
pub(super) fn cells<'r>(row: &Row<'r>, digits: &'r mut Digits) -> Cells<'r> {
    let [seq, input, line, record] = digits;
    [
        Cell::plain(decimal(Some(row.seq), seq)),
        Cell::plain(decimal(known(row.input.into()), input)),
        Cell::plain(decimal(known(row.line), line)),
        Cell::plain(row.status.name()),
        Cell::plain(row.code),
        Cell::of(row.sam),
        Cell::of(row.guid),
        Cell::of(row.dn),
        Cell::of(row.display_name),
        Cell::of(row.sip_uri),
        Cell::of(row.previous_sip_uri),
        Cell::of(row.source),
        Cell::of(row.pool),
        Cell::of(row.previous_pool),
        Cell::of(row.rule),
        Cell::of(row.file),
        Cell::plain(decimal(row.record, record)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_looked_at_to_its_last_byte() {
        let check = |text: &str, expect: bool| {
            for before in [0, 1, 15, 16, 31, 40] {
                let text = "a".repeat(before) + text;
                assert_eq!(Cell::of(&text).is_escaped, expect, "{text:?}");
            }
        };
        ["", " ann.doe@contoso.com;~", ","].into_iter().for_each(|text| check(text, false));
        ["\"", "'", "<", ">", "&", "\t", "\r", "\n", "\u{7f}", "\u{e9}"]
            .into_iter()
            .for_each(|text| check(text, true));
    }

    #[test]
    fn the_display_name_is_where_it_is_said_to_be() {
        assert_eq!(COLUMNS[DISPLAY_NAME], "displayName");
    }
}
