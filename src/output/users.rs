//! `users.csv`: a row a user, for spreadsheets and `Import-Csv`: the columns of `report.xml` and the first message.

use std::fs::File;

use super::buffer::room;
use super::cells::{ReportCell, ReportCells};
use super::{RunDirectory, Written};
use crate::language::Language;
use crate::message::{Failure, Severity};
use crate::report::{COLUMNS, Issue};

/// The byte order mark by which Excel and PowerShell 5.1 know UTF-8.
const MARK: &str = "\u{feff}";

#[derive(Debug)]
pub(super) struct Rows {
    text: Vec<u8>,
    language: Language,
}

impl Rows {
    /// No row yet, with room for this many; messages are in this language.
    pub(super) fn new(language: Language, rows: usize) -> Self {
        Self { text: room(rows), language }
    }

    /// A user's row, but for its message.
    pub(super) fn row(&mut self, cells: &ReportCells<'_>) {
        for cell in cells {
            match is_formula(cell.text) {
                true => put(&mut self.text, ReportCell::of(&format!("'{}", cell.text))),
                false => put(&mut self.text, *cell),
            }
            self.text.push(b',');
        }
    }

    /// The last cell of the row: the first error of the issues, else the first of them.
    pub(super) fn message(&mut self, issues: &[Issue]) {
        let errors = issues.iter().filter(|issue| issue.message.severity == Severity::Error);
        if let Some(first) = errors.chain(issues).next() {
            put(&mut self.text, ReportCell::of(first.message.what.in_language(self.language)));
        }
        self.text.extend_from_slice(b"\r\n");
    }

    pub(super) fn bytes(self) -> Vec<u8> {
        self.text
    }
}

/// Appends a cell, between quotes where it has to be: each quote in it is two then.
// BE ADVISED: what a cell holds is known, and the crate csv looks at each byte once more, which took four times as long.
fn put(out: &mut Vec<u8>, cell: ReportCell<'_>) {
    if !cell.is_quoted {
        return out.extend_from_slice(cell.text.as_bytes());
    }
    let mut between = b"\"".as_slice();
    for part in cell.text.split('"') {
        out.extend_from_slice(between);
        out.extend_from_slice(part.as_bytes());
        between = b"\"\"";
    }
    out.push(b'"');
}

/// Whether a spreadsheet would take the cell for a formula. What a directory holds, people choose, and an administrator opens
/// the file.
fn is_formula(text: &str) -> bool {
    let first = text.bytes().find(|&byte| byte != b' ');
    matches!(first, Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'))
}

/// Writes the file from its spooled rows.
pub(crate) fn write(run: &RunDirectory, rows: &File) -> Result<Written, Failure> {
    let mut file = run.create("users.csv")?;
    file.write(format!("{MARK}{},message\r\n", COLUMNS.join(",")).as_bytes())?;
    file.copy(rows)?;
    file.finish()
}

#[cfg(test)]
mod tests {
    use super::super::cells::{Digits, cells};
    use super::*;
    use crate::language::Text;
    use crate::message::Message;
    use crate::report::Row;

    #[test]
    fn a_row_has_the_columns_of_the_report_and_the_first_error() {
        let row = Row {
            seq: 7,
            input: 1,
            line: 3,
            code: "sip-domain",
            sam: "@ann",
            dn: "CN=Doe\\, Ann,DC=com",
            display_name: " =1,+1",
            source: "mail",
            ..Row::default()
        };
        let issues = [
            Issue::about(&Message::warning("sip-dots", Text::same("two dots")), 1),
            Issue::about(&Message::error("sip-domain", Text::same("the domain \"x\" is not listed")), 1),
        ];
        let mut rows = Rows::new(Language::En, 1);
        rows.row(&cells(&row, &mut Digits::default()));
        rows.message(&issues);
        let text = String::from_utf8(rows.bytes()).unwrap();
        assert_eq!(
            text,
            "7,1,3,rejected,sip-domain,'@ann,,\"CN=Doe\\, Ann,DC=com\",\"' =1,+1\",,,mail,,,,,,\
             \"the domain \"\"x\"\" is not listed\"\r\n"
        );
        assert_eq!(text.matches(',').count() - 2, COLUMNS.len() + 1, "two commas in the DN, one in the name");
    }
}
