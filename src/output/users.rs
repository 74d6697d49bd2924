//! `users.csv`: a row a user, for spreadsheets and `Import-Csv`: the columns of `report.xml` and the first message.

use std::fs::File;

use super::buffer::room;
use super::cells::{Cell, Cells, DISPLAY_NAME};
use super::{RunDirectory, Written};
use crate::language::Language;
use crate::message::{Failure, Severity};
use crate::report::{COLUMNS, Issue};

/// The byte order mark by which Excel and PowerShell 5.1 know UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// As on Windows.
const LINE_END: &[u8] = b"\r\n";

/// The rows of a batch.
#[derive(Debug)]
pub(super) struct Rows {
    out: Vec<u8>,
    language: Language,
}

impl Rows {
    /// No row yet, with room for this many; messages are in this language.
    #[must_use]
    pub(super) fn new(language: Language, rows: usize) -> Self {
        Self { out: room(rows), language }
    }

    /// A user's row, but for its message.
    pub(super) fn row(&mut self, cells: &Cells<'_>) {
        let name = shielded(cells[DISPLAY_NAME].text);
        for (at, cell) in cells.iter().enumerate() {
            match &name {
                Some(name) if at == DISPLAY_NAME => put(&mut self.out, Cell::of(name)),
                _ => put(&mut self.out, *cell),
            }
            self.out.push(b',');
        }
    }

    /// The last cell of the row: the first error of the issues, else the first of them.
    pub(super) fn message(&mut self, issues: &[Issue]) {
        let errors = issues.iter().filter(|issue| issue.message.severity == Severity::Error);
        if let Some(issue) = errors.chain(issues).next() {
            put(&mut self.out, Cell::of(issue.message.what.in_language(self.language)));
        }
        self.out.extend_from_slice(LINE_END);
    }

    /// The rows as bytes.
    #[must_use]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.out
    }
}

/// Appends a cell as RFC 4180 has it.
fn put(out: &mut Vec<u8>, cell: Cell<'_>) {
    if cell.is_quoted() {
        out.push(b'"');
        out.extend_from_slice(cell.text.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(cell.text.as_bytes());
    }
}

/// A name that no spreadsheet takes for a formula: everybody may choose theirs, and an administrator opens the file.
fn shielded(name: &str) -> Option<String> {
    name.starts_with(['=', '+', '-', '@', '\t', '\r']).then(|| format!("'{name}"))
}

/// Writes the file from its spooled rows.
///
/// # Errors
/// `output-unwritable`
pub fn write(run: &RunDirectory, rows: &mut File) -> Result<Written, Failure> {
    let mut file = run.create("users.csv")?;
    file.write(MARK)?;
    file.write(COLUMNS.join(",").as_bytes())?;
    file.write(b",message")?;
    file.write(LINE_END)?;
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
            sam: "ann",
            dn: "CN=Doe\\, Ann,DC=com",
            display_name: "=1+1",
            source: "mail",
            ..Row::EMPTY
        };
        let issues = [
            Issue::about(&Message::warning("sip-dots", Text::same("two dots")), 1),
            Issue::about(&Message::error("sip-domain", Text::same("the domain \"x\" is not listed")), 1),
        ];
        let mut rows = Rows::new(Language::En, 1);
        rows.row(&cells(&row, &mut Digits::default()));
        rows.message(&issues);
        let text = String::from_utf8(rows.bytes().to_vec()).unwrap();
        assert_eq!(
            text,
            "7,1,3,rejected,sip-domain,ann,,\"CN=Doe\\, Ann,DC=com\",'=1+1,,,mail,,,,,,\
             \"the domain \"\"x\"\" is not listed\"\r\n"
        );
        assert_eq!(text.matches(',').count() - 2, COLUMNS.len(), "two commas in the DN");
    }
}
