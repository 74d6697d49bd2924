//! Encodings, chunks and limits: bounded memory for any file.

use std::io::{self, Read};

use ldif::{Chunks, Decoder, Encoding, Reader, ReaderBuilder};

use crate::{check, read};

/// A reader that returns one byte per call, as a slow pipe may.
struct Drops<'a>(&'a [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = buf.len().min(1);
        self.0.read(&mut buf[..n])
    }
}

fn decode(bytes: &[u8]) -> (String, Option<Encoding>, bool, usize) {
    let mut decoder = Decoder::new(Drops(bytes));
    let mut text = Vec::new();
    decoder.read_to_end(&mut text).expect("memory does not fail");
    let faults = decoder.take_faults().len();
    (String::from_utf8_lossy(&text).into_owned(), decoder.encoding(), decoder.bom(), faults)
}

#[test]
fn the_first_bytes_of_a_file_show_its_encoding() {
    let check = |bytes: &[u8], text: &str, encoding: Encoding, bom: bool, faults: usize| {
        assert_eq!(decode(bytes), (text.to_owned(), Some(encoding), bom, faults), "{bytes:?}");
    };
    check(b"", "", Encoding::Utf8, false, 0);
    check(b"d", "d", Encoding::Utf8, false, 0);
    check(b"dn: x", "dn: x", Encoding::Utf8, false, 0);
    check(b"\xEF\xBB\xBFdn", "dn", Encoding::Utf8, true, 0);
    check(b"\xEF\xBBdn", "\u{FFFD}dn", Encoding::Utf8, false, 0);
    check(b"\xFF\xFE", "", Encoding::Utf16Le, true, 0);
    check(b"\xFF\xFEd\0n\0", "dn", Encoding::Utf16Le, true, 0);
    check(b"\xFE\xFF\0d\0n", "dn", Encoding::Utf16Be, true, 0);
    check(b"d\0n\0", "dn", Encoding::Utf16Le, false, 0);
    check(b"\0d\0n", "dn", Encoding::Utf16Be, false, 0);
    check(b"d\0", "d", Encoding::Utf16Le, false, 0);
    check(b"\0d", "d", Encoding::Utf16Be, false, 0);
    check(b"\0\0dn", "\0\0dn", Encoding::Utf8, false, 0);
    check(b"\xFF\xFE\x3D\xD8\x00\xDE", "😀", Encoding::Utf16Le, true, 0);
    check(b"\xFF\xFE\x3D\xD8x\0", "\u{FFFD}x", Encoding::Utf16Le, true, 1);
    check(b"\xFF\xFE\x00\xDEx\0", "\u{FFFD}x", Encoding::Utf16Le, true, 1);
    check(b"\xFF\xFE\x3D\xD8", "\u{FFFD}", Encoding::Utf16Le, true, 1);
    check(b"\xFF\xFEd\0n", "d\n", Encoding::Utf16Le, true, 1);
    check(b"\xFF\xFE\x3D\xD8n", "\u{FFFD}\n", Encoding::Utf16Le, true, 2);
    check(b"\xFF\xFE\xFF\xFEd\0", "\u{FEFF}d", Encoding::Utf16Le, true, 0);
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn long_utf16_text_survives_its_pieces() {
    let text = "dn: cn=é😀,dc=x\r\ncn: 😀\r\n\r\n".repeat(20_000);
    assert_eq!(decode(&utf16(&text)).0, text);
}

fn chunks(text: &[u8], size: usize) -> Vec<(String, u64, u64)> {
    let chunks = Chunks::new(Drops(text), size).map(|chunk| {
        let chunk = chunk.expect("memory does not fail");
        (String::from_utf8(chunk.text).expect("it was text"), chunk.line, chunk.at)
    });
    chunks.collect()
}

#[test]
fn chunks_end_at_blank_lines_and_know_their_lines() {
    for (end, width) in [("\n", 1), ("\r\n", 2), ("\r", 1)] {
        let text = "dn: a\ncn: a\n\ndn: b\n\n\n# c\n\ndn: d\ncn: d\nsn: d".replace('\n', end);
        for size in 1..=text.len() + 1 {
            let parts = chunks(text.as_bytes(), size);
            assert_eq!(parts.iter().map(|part| &*part.0).collect::<String>(), text, "size {size}");
            let mut at = 0;
            for (i, (part, line, start)) in parts.iter().enumerate() {
                assert_eq!(*start as usize, at, "size {size}");
                assert_eq!(*line, ldif::Positions::new(text.as_bytes(), 1).of(at).line, "size {size}");
                let whole = i + 1 == parts.len() || text[..at + part.len()].ends_with(&end.repeat(2));
                assert!(whole, "size {size}: {part:?}");
                at += part.len();
            }
        }
        assert_eq!(chunks(text.as_bytes(), 1)[0].0.len(), 10 + 3 * width);
    }
}

#[test]
fn a_record_past_the_limit_is_an_error_and_the_next_is_read() {
    let long = format!("dn: cn=a\ncn: {}\n", "x".repeat(500));
    for end in ["\n", "\r\n", "\r"] {
        let text = format!("dn: cn=0\ncn: 0\n\n{long}\ndn: cn=b\ncn: b\n\n{long}").replace('\n', end);
        let mut reader = ReaderBuilder::new().record_limit(100).from_reader(Drops(text.as_bytes()));
        let reported: Vec<String> = reader
            .records()
            .map(|item| item.map_or_else(|error| error.to_string(), |record| record.dn))
            .collect();
        let fault = |line: u64| format!("{line}:1: error[ldif-too-long]: a record longer than 100 bytes");
        assert_eq!(reported, ["cn=0".to_owned(), fault(4), "cn=b".to_owned(), fault(10)], "{end:?}");
    }
}

#[test]
fn lines_of_spaces_also_end_chunks() {
    let text = "dn: cn=a\ncn: a\n \n".repeat(1000);
    let mut reader = ReaderBuilder::new().record_limit(100).from_reader(text.as_bytes());
    assert_eq!(reader.records().filter(Result::is_ok).count(), 1000);
    assert_eq!(reader.warnings().len(), 1000);
}

#[test]
fn a_megabyte_without_a_line_end_is_one_fault() {
    check("x".repeat(1 << 20), 0, &["1:1 ldif-no-colon!"]);
    check("\0".repeat(1 << 20), 0, &["1:1 ldif-no-colon!"]);
}

#[test]
fn a_value_of_many_megabytes_is_read_whole() {
    let line = format!(" {}\n", "YWJj".repeat(19));
    let text = format!("dn: cn=a\ncn::\n{}\n", line.repeat(30_000));
    let records = check(text, 1, &[]);
    assert_eq!(records[0].values("cn")[0].len(), 30_000 * 19 * 3);
}

#[test]
fn many_tiny_records_are_all_read() {
    let mut reader = Reader::from_reader(io::Read::take(io::repeat(0), 0));
    assert!(reader.records().next().is_none());
    let text = "dn:\na:b\n\n".repeat(30_000);
    assert_eq!(Reader::from_reader(text.as_bytes()).into_records().filter(Result::is_ok).count(), 30_000);
}

#[test]
fn a_group_of_many_members_is_read_in_linear_time() {
    let members: String = (0..30_000).map(|i| format!("member: cn={i}\n")).collect();
    let records = check(format!("dn: cn=a\n{members}"), 1, &[]);
    assert_eq!(records[0].values("member").len(), 30_000);
}

#[test]
fn byte_order_marks_in_byte_order_marks() {
    check("\u{FEFF}\u{FEFF}dn: cn=a\ncn: a\n", 1, &["1:1 ldif-bom"]);
    check(utf16("\u{FEFF}\u{FEFF}dn: cn=a\ncn: a\n"), 1, &["1:1 ldif-bom"]);
}

/// A reader that fails after its text.
struct Fails<'a>(&'a [u8]);

impl Read for Fails<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buf)? {
            0 => Err(io::Error::other("the disk is gone")),
            n => Ok(n),
        }
    }
}

#[test]
fn a_failing_source_ends_the_reading() {
    let reported: Vec<String> = Reader::from_reader(Fails(b"dn: cn=a\ncn: a\n\ndn: cn=b"))
        .into_records()
        .map(|item| item.map_or_else(|error| error.to_string(), |record| record.dn))
        .collect();
    assert_eq!(reported, ["the disk is gone"]);
}

#[test]
fn files_made_to_be_slow_are_not() {
    let many = 30_000;
    assert!(read(" \n".repeat(many)).0.is_empty());
    assert!(read(format!("dn: cn=a\ncn: a\n{}x", " \n#\n".repeat(many))).0.is_empty());
    let names: String = (0..many).map(|i| format!("n{i}: x\n")).collect();
    assert_eq!(check(format!("dn: cn=a\n{names}"), 1, &[])[0].attributes().len(), many);
    let folds = format!("dn: cn=a\ncn: a\n{}", "\tb\n".repeat(many));
    let mut reader = ReaderBuilder::new().warning_limit(many).from_reader(folds.as_bytes());
    assert_eq!(reader.records().filter(Result::is_ok).count(), 1);
    assert_eq!(
        reader.warnings().last().and_then(ldif::Error::position).map(|place| place.line),
        Some(30_002)
    );
    let values: String = (0..many).map(|i| format!("cn: {i}\n")).collect();
    let changes = format!("add: cn\n{values}-\n{}", "delete: sn\n-\n".repeat(many));
    check(format!("dn: cn=a\nchangetype: modify\n{changes}"), 1, &[]);
}
