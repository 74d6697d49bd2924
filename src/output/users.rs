//! `users.csv` for spreadsheets and `Import-Csv`: a row for each user with the columns of `report.xml` and a message.

use std::fs::File;

use csv::{Terminator, Writer, WriterBuilder};

use super::buffer::buffer;
use super::cells::ReportCells;
use super::{RunDirectory, Written};
use crate::language::Language;
use crate::message::{Failure, Severity};
use crate::report::{COLUMNS, Issue};

/// The byte order mark by which Excel and PowerShell 5.1 recognise UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

#[derive(Debug)]
pub(super) struct Rows {
    writer: Writer<Vec<u8>>,
    language: Language,
}

// Writing to memory cannot fail.
impl Rows {
    /// An empty buffer with room for this many rows; messages are in this language.
    pub(super) fn new(language: Language, rows: usize) -> Self {
        Self { writer: writer(buffer(rows)), language }
    }

    /// Appends the cells of a user's row, except the message.
    pub(super) fn row(&mut self, cells: &ReportCells<'_>) {
        for cell in cells {
            let _ = if is_formula(cell.text) {
                self.writer.write_field(format!("'{}", cell.text))
            } else {
                self.writer.write_field(cell.text)
            };
        }
    }

    /// Ends the row with its message: the first error of the issues, else the first issue.
    pub(super) fn message(&mut self, issues: &[Issue]) {
        let errors = issues.iter().filter(|issue| issue.message.severity == Severity::Error);
        let first = errors.chain(issues).next();
        let what = first.map(Issue::what).unwrap_or_default();
        let _ = self.writer.write_record([what.in_language(self.language)]);
    }

    /// Returns the rendered rows.
    pub(super) fn bytes(self) -> Vec<u8> {
        self.writer.into_inner().unwrap_or_default()
    }
}

/// Returns a writer for RFC 4180 with CRLF line ends.
fn writer(room: Vec<u8>) -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(room)
}

/// Whether a spreadsheet would take the cell for a formula. Users can choose values in a directory, and an
/// administrator opens the file.
fn is_formula(text: &str) -> bool {
    let first = text.bytes().find(|&byte| byte != b' ');
    matches!(first, Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'))
}

/// Writes the file from its spooled rows.
pub(crate) fn write(run: &RunDirectory, rows: &File) -> Result<Written, Failure> {
    let mut file = run.create("users.csv")?;
    let mut head = writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = head.write_record(COLUMNS.into_iter().chain(["message"]));
    file.write(MARK)?;
    file.write(&head.into_inner().unwrap_or_default())?;
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
            Issue::about(Message::warning("sip-dots", Text::same("two dots")), 1),
            Issue::about(Message::error("sip-domain", Text::same("the domain \"x\" is not listed")), 1),
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
