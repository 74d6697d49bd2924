//! What a file is, from its bytes: its format, its encoding, or why it is no export at all.

use std::io::{self, Read};

use memchr::memrchr2;
use serde::Deserialize;

use super::csv::newlines;
use super::encoding::{Decoder, Encoding};
use crate::message::Message;

/// The format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// RFC 2849.
    Ldif,
    /// A table with a heading.
    Csv,
}

/// How a file writes its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// The encoding.
    pub encoding: Encoding,
    /// Whether a byte order mark says so.
    pub bom: bool,
}

/// How much of a file's beginning [`foreign`] and [`marked`] want to see, in bytes; less if the file is
/// shorter.
pub const HEAD: usize = 4096;

/// Files that people take for exports: their first bytes, letters in any case, what they are, and the way
/// out.
const FOREIGN: &[(&[u8], &str, &str)] = &[
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel or Word file (.xls, .doc)", SAVE_AS),
    (b"\x1f\x8b", "a gzip file", "unpack it first: `gzip -d FILE`, or `gzip -dc FILE | userprep … -`"),
    (b"BZh", "a bzip2 file", "unpack it first: `bzip2 -d FILE`"),
    (b"\xfd7zXZ\0", "an xz file", "unpack it first: `xz -d FILE`"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip file", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file", "unpack it first: `zstd -d FILE`"),
    (b"%PDF", "a PDF file", EXPORT),
    (b"{\\rtf", "an RTF file", EXPORT),
    (b"<?xml", "an XML file", EXPORT),
    (b"<Objs", "an Export-Clixml file", "export with `Export-Csv` instead"),
    (b"<html", "an HTML file", EXPORT),
    (b"<!DOCTYPE", "an HTML file", EXPORT),
];
const SAVE_AS: &str = "in Excel choose Save As, and there `CSV UTF-8` or `Unicode Text`";
const EXPORT: &str = "export with ldifde, csvde, ldapsearch or `Export-Csv`";
/// The parts of a zip archive that tell what it is; the first match wins.
const ZIPPED: &[(&[u8], &str, &str)] = &[
    (b"word/", "a Word file (.docx)", EXPORT),
    (b"xl/", "an Excel file (.xlsx)", SAVE_AS),
    (b"[Content_Types].xml", "an Excel file (.xlsx)", SAVE_AS),
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet (.ods)", "save it as CSV in UTF-8"),
    (b"", "a zip file", "unpack it first"),
];

/// Whether a file is plainly no export, from its first [`HEAD`] bytes: the error says what it is, and the way
/// out.
#[must_use]
pub fn foreign(head: &[u8]) -> Option<Message> {
    let text = marked(head);
    let known = if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        ZIPPED.iter().find(|(part, ..)| memchr::memmem::find(head, part).is_some())
    } else {
        let start = letters(head, text);
        FOREIGN.iter().find(|(magic, ..)| {
            start.get(..magic.len()).is_some_and(|start| start.eq_ignore_ascii_case(magic))
        })
    };
    let is_utf16 = text.is_some_and(|text| text.encoding != Encoding::UTF_8);
    let (what, help) = match known {
        Some(&(_, what, help)) => (what, help),
        None if !is_utf16 && is_binary(head) => ("a binary file", EXPORT),
        None => return None,
    };
    Some(Message::error("input-foreign", format!("{what}, neither LDIF nor CSV")).help(help))
}

/// The first bytes of a file, as UTF-8 if they are marked as text.
fn letters(head: &[u8], text: Option<Text>) -> Vec<u8> {
    let mut letters = head[..head.len().min(64)].to_vec();
    if let Some(text) = text {
        let n = Decoder::new(head, text.encoding).read(&mut letters).unwrap_or(0);
        letters.truncate(n);
    }
    letters
}

/// Whether more than one byte in thirty is a control character that no text has.
fn is_binary(head: &[u8]) -> bool {
    let controls = head.iter().filter(|&&byte| byte < 0x20 && !b"\t\n\x0c\r\x1a\x1b".contains(&byte)).count();
    controls * 30 > head.len()
}

/// The encoding that the first bytes tell: a byte order mark, or the NULs of UTF-16 without one.
#[must_use]
pub fn marked(head: &[u8]) -> Option<Text> {
    for (mark, encoding) in [
        (&b"\xef\xbb\xbf"[..], Encoding::UTF_8),
        (b"\xff\xfe", Encoding::UTF_16LE),
        (b"\xfe\xff", Encoding::UTF_16BE),
    ] {
        if head.starts_with(mark) {
            return Some(Text { encoding, bom: true });
        }
    }
    // the heading, or `dn:`, is ASCII: one byte of each of its units is NUL
    let start = &head[..head.len().min(64)];
    let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let most = |zeros: usize| zeros > 0 && zeros * 8 > start.len() * 3;
    let bom = false;
    match (zeros(0), zeros(1)) {
        (0, odd) if most(odd) => Some(Text { encoding: Encoding::UTF_16LE, bom }),
        (even, 0) if most(even) => Some(Text { encoding: Encoding::UTF_16BE, bom }),
        _ => None,
    }
}

/// The encoding of a CSV file: what its first bytes tell, else UTF-8 if all of it is, else Windows-1252 with
/// the warning `encoding-fallback`. `whole` gives the file from its first byte on, and is read to the end
/// only if it must be.
///
/// # Errors
///
/// The reader's.
pub fn encoding(file: &str, head: &[u8], whole: impl Read) -> io::Result<(Text, Option<Message>)> {
    if let Some(text) = marked(head) {
        return Ok((text, None));
    }
    Ok(match not_utf8(whole)? {
        None => (Text { encoding: Encoding::UTF_8, bom: false }, None),
        Some((line, column)) => {
            let told = Message::warning(
                "encoding-fallback",
                "not UTF-8 from here on, read as windows-1252",
            )
            .at(file, line, column)
            .help("name the encoding with `--encoding`: cp850 for what a console wrote on a Western Windows");
            (Text { encoding: Encoding::WINDOWS_1252, bom: false }, Some(told))
        }
    })
}

/// The line and column, 1-based, of the first byte that is no UTF-8.
fn not_utf8(mut from: impl Read) -> io::Result<Option<(u64, u64)>> {
    let mut block = vec![0; 256 << 10];
    let mut filled = 0;
    let (mut line, mut column, mut after_cr) = (1, 1, false);
    loop {
        let n = match from.read(&mut block[filled..]) {
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        filled += n;
        let (valid, faulty) = match std::str::from_utf8(&block[..filled]) {
            Ok(_) => (filled, false),
            Err(error) => (error.valid_up_to(), error.error_len().is_some() || n == 0),
        };
        let text = &block[..valid];
        // an LF that follows a CR over the edge of the block ends the same line
        line += newlines(text) - u64::from(after_cr && text.first() == Some(&b'\n'));
        let start = memrchr2(b'\n', b'\r', text).map(|newline| newline + 1);
        let characters =
            text[start.unwrap_or(0)..].iter().filter(|&&byte| byte & 0xc0 != 0x80).count() as u64;
        column = if start.is_some() { 1 } else { column } + characters;
        after_cr = text.last().map_or(after_cr, |&last| last == b'\r');
        if faulty {
            return Ok(Some((line, column)));
        }
        if n == 0 {
            return Ok(None);
        }
        block.copy_within(valid..filled, 0);
        filled -= valid;
    }
}

/// The format of a text, from its beginning: LDIF if the first line that is no comment begins `attribute:`,
/// else CSV. Where no line tells, nothing but comments or no delimiter, the extension does.
#[must_use]
pub fn format(first: &str, extension: Option<&str>) -> Format {
    let is_comment =
        |line: &str| line.starts_with('#') && !line.starts_with("#TYPE ") || line.starts_with(' ');
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'.')
    };
    let named =
        ["ldif", "ldf"].iter().any(|&name| extension.is_some_and(|given| given.eq_ignore_ascii_case(name)));
    let is_ldif = match first.split(['\r', '\n']).find(|line| !line.is_empty() && !is_comment(line)) {
        Some(line) if line.split_once(':').is_some_and(|(name, _)| is_name(name)) => true,
        Some(line) => named && !line.contains([',', ';', '\t']),
        None => named,
    };
    if is_ldif { Format::Ldif } else { Format::Csv }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_no_exports_are_named() {
        let utf16: Vec<u8> =
            "\u{feff}<Objs Version=\"1.1\">".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (head, expect) in [
            (
                &b"PK\x03\x04\x14\0\0\0[Content_Types].xml ... xl/workbook.xml"[..],
                Some("an Excel file (.xlsx)"),
            ),
            (b"PK\x03\x04\x14\0\0\0[Content_Types].xml", Some("an Excel file (.xlsx)")),
            (b"PK\x03\x04 word/document.xml", Some("a Word file (.docx)")),
            (b"PK\x03\x04 users.csv", Some("a zip file")),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", Some("an Excel or Word file (.xls, .doc)")),
            (b"\x1f\x8b\x08\0", Some("a gzip file")),
            (b"%PDF-1.7", Some("a PDF file")),
            (b"<?xml version='1.0'?>", Some("an XML file")),
            (b"\xef\xbb\xbf<HTML>", Some("an HTML file")),
            (&utf16, Some("an Export-Clixml file")),
            (b"\x7fELF\x02\x01\x01\0\0\0\0\0", Some("a binary file")),
            (b"", None),
            (b"DN,cn\nCN=a,a\x1a", None),
            (b"D\0N\0,\0c\0n\0", None),
            (b"dn: CN=a\n", None),
            (b"PKI,DN\n", None),
        ] {
            let told = foreign(head).map(|told| told.what.english().to_owned());
            let expect = expect.map(|what| format!("{what}, neither LDIF nor CSV"));
            assert_eq!(told, expect, "{}", head.escape_ascii());
        }
    }

    #[test]
    fn the_encoding_is_told_by_the_bytes() {
        let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
        let le = |text: &str| units(text).into_iter().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let be = |text: &str| units(text).into_iter().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
        let long = format!("DN,sn\n{}", "é".repeat(300_000));
        for (bytes, label, bom, warned) in [
            (b"DN,sn\nCN=a,b".to_vec(), "utf-8", false, None),
            ("\u{feff}DN,sn".into(), "utf-8", true, None),
            (long.clone().into_bytes(), "utf-8", false, None),
            (le("\u{feff}DN,sn"), "utf-16le", true, None),
            (be("\u{feff}DN,sn"), "utf-16be", true, None),
            (le("DN,Prénom\n"), "utf-16le", false, None),
            (be("DN,Prénom\n"), "utf-16be", false, None),
            (b"DN,Pr\xe9nom".to_vec(), "windows-1252", false, Some((1, 6))),
            ([long.as_bytes(), b"\r\nab\rc\xc3\xa9\xe9x\n"].concat(), "windows-1252", false, Some((4, 3))),
            (b"DN\n\xc3".to_vec(), "windows-1252", false, Some((2, 1))),
            (Vec::new(), "utf-8", false, None),
        ] {
            let head = &bytes[..bytes.len().min(HEAD)];
            let (text, told) = encoding("f", head, &bytes[..]).unwrap();
            assert_eq!((text.encoding.label().as_str(), text.bom), (label, bom));
            assert_eq!(told.map(|told| told.place.map(|place| (place.line, place.column)).unwrap()), warned);
        }
    }

    #[test]
    fn the_first_line_tells_the_format() {
        for (first, extension, expect) in [
            ("dn: CN=a\n", None, Format::Ldif),
            ("version: 1\r\n\r\ndn: CN=a", Some("csv"), Format::Ldif),
            ("# extended LDIF\n#\n # folded\n\nsearch: 2\n", None, Format::Ldif),
            ("mail: a@x\n", None, Format::Ldif),
            ("DN,objectClass\nCN=a,user\n", None, Format::Csv),
            ("\"DistinguishedName\",\"mail: work\"", None, Format::Csv),
            ("DN;mail: work", None, Format::Csv),
            ("#TYPE System.Object\nDN\n", None, Format::Csv),
            ("sep=;\nDN;cn\n", Some("ldif"), Format::Csv),
            ("garbage\n", Some("LDF"), Format::Ldif),
            ("garbage\n", Some("txt"), Format::Csv),
            ("# nothing\n", Some("ldif"), Format::Ldif),
            ("", None, Format::Csv),
        ] {
            assert_eq!(format(first, extension), expect, "{first:?}");
        }
    }
}
