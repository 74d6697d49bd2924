//! Invariants for any bytes at all, used by random tests here and by a fuzz target.

use std::io::Read;

use userprep::input::csv::{CsvOptions, Table};
use userprep::input::encoding::CharsetDecoder;
use userprep::input::{self, ExportRecord, Finding, csv, detect};
use userprep::object::Attributes;

/// A file that may be a table is read or refused: without a panic, every place is a character of the text, and each row
/// can be extracted again.
pub(crate) fn table(bytes: &[u8]) {
    let _ = detect::foreign(&bytes[..bytes.len().min(detect::HEAD)]);
    let Ok((text, _)) = detect::encoding("f", bytes, bytes) else { panic!("memory does not fail") };
    let mut head = Vec::new();
    if CharsetDecoder::new(bytes, text.encoding).read_to_end(&mut head).is_err() {
        return; // half a unit of UTF-16
    }
    let Ok(head) = String::from_utf8(head) else { panic!("the decoder gives UTF-8") };
    let _ = detect::format(&head, None);
    let attributes = Attributes::default();
    let options = CsvOptions::default();
    let _ = csv::names(&head, &options, &["DN", "mail"], &mut |name| {
        assert!(name.line > 1 && name.line <= bytes.len() as u64);
    });
    // as an export, and as a list without DNs
    for keys in [Vec::new(), input::join::KEYS.map(String::from).to_vec()] {
        match Table::open(&head, &CsvOptions { keys, ..CsvOptions::default() }, &attributes) {
            Ok((table, findings)) => {
                are_at_characters(&findings, head.as_bytes());
                rows(&table, &head);
            }
            Err(findings) => are_at_characters(&findings, head.as_bytes()),
        }
    }
}

fn rows(table: &Table, head: &str) {
    let opening = table.opening();
    assert!(opening.before.len() + opening.heading.len() + opening.line_end.len() <= head.len());
    let Ok(chunks) = table.chunks(head.as_bytes()) else { panic!("memory does not fail") };
    for chunk in chunks.map_while(Result::ok) {
        let text = &chunk.text[..];
        table.records(text, &mut |record| match record {
            ExportRecord::Record(_, object, findings) => {
                are_at_characters(&findings, text);
                let (row, line_end) = table.row(text, object.at);
                assert!(row.len() + line_end.len() <= text.len() - object.at);
                assert!(["", "\n", "\r", "\r\n"].iter().any(|end| end.as_bytes() == line_end));
                if let Some((at, _)) = table.formula(text, object.at) {
                    assert!(at < text.len());
                }
                for value in object.values.iter() {
                    for index in [0, value.bytes().len() / 2] {
                        assert!(table.locate(text, object.at, value.at, index) <= text.len());
                    }
                }
            }
            ExportRecord::Aside(_) => {}
        });
    }
}

/// The places of findings are characters of the text, or its end.
fn are_at_characters(findings: &[Finding], text: &[u8]) {
    for found in findings {
        let is_place =
            text.get(found.place.at).map_or(found.place.at == text.len(), |byte| byte & 0xc0 != 0x80);
        assert!(is_place, "{found:?}");
    }
}
