//! The cells of a user's row, each looked at once for what `report.xml` and `users.csv` may not write as it is.

use super::buffer::{decimal, known};
use crate::report::{COLUMNS, Row};

/// Room for the digits of a row's four numbers.
pub(super) type Digits = [[u8; 20]; 4];

/// The text of a cell, and what is in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell<'r> {
    /// The text.
    pub(super) text: &'r str,
    marks: u8,
}

/// Something that an attribute of XML cannot hold as it is: ASCII but `<>&"'` can be there.
const ESCAPED: u8 = 1;
/// Something for which a cell of a CSV file is quoted (RFC 4180 section 2).
const QUOTED: u8 = 2;

impl<'r> Cell<'r> {
    /// A text of any kind.
    pub(super) fn of(text: &'r str) -> Self {
        Self { text, marks: marks(text.as_bytes()) }
    }

    /// A word or a number of our own.
    fn plain(text: &'r str) -> Self {
        Self { text, marks: 0 }
    }

    /// Whether an attribute of XML cannot hold it as it is.
    pub(super) fn is_escaped(self) -> bool {
        self.marks & ESCAPED != 0
    }

    /// Whether a cell of a CSV file is quoted for it.
    pub(super) fn is_quoted(self) -> bool {
        self.marks & QUOTED != 0
    }
}

/// What is in a text, sixteen bytes at a time: without a branch, this becomes vector instructions.
fn marks(text: &[u8]) -> u8 {
    const BLOCK: usize = 16;
    let mut found = [0; BLOCK];
    let mut look = |block: &[u8; BLOCK]| {
        found.iter_mut().zip(block).for_each(|(found, &byte)| {
            let is_quoted = (byte == b'"') | (byte == b',') | (byte == b'\r') | (byte == b'\n');
            let is_markup =
                (byte == b'"') | (byte == b'\'') | (byte == b'<') | (byte == b'>') | (byte == b'&');
            let is_escaped = is_markup | !(b' '..=b'~').contains(&byte);
            *found |= (u8::from(is_escaped) * ESCAPED) | (u8::from(is_quoted) * QUOTED);
        });
    };
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    blocks.iter().for_each(&mut look);
    if !rest.is_empty() {
        let mut last = [b' '; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        look(&last);
    }
    found.into_iter().fold(0, |all, one| all | one)
}

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
        let check = |text: &str, escaped: bool, quoted: bool| {
            for before in [0, 1, 15, 16, 31, 40] {
                let text = "a".repeat(before) + text;
                let cell = Cell::of(&text);
                assert_eq!((cell.is_escaped(), cell.is_quoted()), (escaped, quoted), "{text:?}");
            }
        };
        check("", false, false);
        check(" ann.doe@contoso.com;~", false, false);
        check(",", false, true);
        check("\"", true, true);
        check("\r", true, true);
        check("\n", true, true);
        ["'", "<", ">", "&", "\t", "\u{7f}", "\u{e9}"].into_iter().for_each(|text| check(text, true, false));
    }

    #[test]
    fn the_display_name_is_where_it_is_said_to_be() {
        assert_eq!(COLUMNS[DISPLAY_NAME], "displayName");
    }
}
