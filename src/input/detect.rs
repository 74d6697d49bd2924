//! Detection of a file's format and encoding from its bytes, or of why it is not an export.

use std::io::{self, Read};

use ldif::Block;
use serde::{Deserialize, Serialize};

use super::encoding::{CharsetDecoder, TextEncoding};
use super::texts::decoded;
use super::{columns, guess};
use crate::language::{Text, text};
use crate::message::Message;

/// The format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// RFC 2849.
    Ldif,
    /// A table with a heading.
    Csv,
}

impl ExportFormat {
    /// The name of the format as typed.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The encoding of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset {
    /// The encoding.
    pub encoding: TextEncoding,
    /// Whether a byte order mark determines it.
    pub bom: bool,
}

/// How many bytes at the beginning of a file [`foreign`] and `marked` examine; fewer if the file is shorter.
pub const HEAD: usize = 4096;

/// A kind of file that people mistake for an export: bytes that identify it, its description, and advice.
type Foreign = (&'static [u8], Text, Text);

/// Kinds by their first bytes; letter case and white space make no difference.
static FOREIGN: &[Foreign] = &[
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Text::new("an Excel or Word file (.xls, .doc)", "un fichier Excel ou Word (.xls, .doc)"),
        SAVE_AS,
    ),
    (
        b"\x1f\x8b",
        Text::new("a gzip file", "un fichier gzip"),
        Text::new(
            "unpack it first: `gzip -d FILE`, or `gzip -dc FILE | userprep … -`",
            "décompressez-le d’abord\u{a0}: `gzip -d FILE`, ou `gzip -dc FILE | userprep … -`",
        ),
    ),
    (
        b"BZh",
        Text::new("a bzip2 file", "un fichier bzip2"),
        Text::new("unpack it first: `bzip2 -d FILE`", "décompressez-le d’abord\u{a0}: `bzip2 -d FILE`"),
    ),
    (b"\xfd7zXZ\0", Text::new("an xz file", "un fichier xz"), UNPACK),
    (b"7z\xbc\xaf\x27\x1c", Text::new("a 7-Zip file", "un fichier 7-Zip"), UNPACK),
    (
        b"\x28\xb5\x2f\xfd",
        Text::new("a Zstandard file", "un fichier Zstandard"),
        Text::new("unpack it first: `zstd -d FILE`", "décompressez-le d’abord\u{a0}: `zstd -d FILE`"),
    ),
    (b"%PDF", Text::new("a PDF file", "un fichier PDF"), EXPORT),
    (b"{\\rtf", Text::new("an RTF file", "un fichier RTF"), EXPORT),
    (b"<?xml", Text::new("an XML file", "un fichier XML"), EXPORT),
    (b"<Objs", Text::new("an Export-Clixml file", "un fichier d’Export-Clixml"), CSV),
    (b"{\"", JSON, CSV),
    (b"[{\"", JSON, CSV),
    (b"<html", HTML, EXPORT),
    (b"<!DOCTYPE", HTML, EXPORT),
    (b"BEGIN:VCARD", Text::new("a vCard", "une vCard"), EXPORT),
    (b"From:", MAIL, ATTACHMENT),
    (b"Subject:", MAIL, ATTACHMENT),
    (b"Received:", MAIL, ATTACHMENT),
    (b"Return-Path:", MAIL, ATTACHMENT),
    (b"Delivered-To:", MAIL, ATTACHMENT),
    (b"MIME-Version:", MAIL, ATTACHMENT),
];

/// Kinds of zip archives by their contents; the first match applies.
static ZIPPED: &[Foreign] = &[
    (b"word/", Text::new("a Word file (.docx)", "un fichier Word (.docx)"), EXPORT),
    (b"xl/", EXCEL, SAVE_AS),
    (b"[Content_Types].xml", EXCEL, SAVE_AS),
    (
        b"opendocument.spreadsheet",
        Text::new("an OpenDocument spreadsheet (.ods)", "une feuille de calcul OpenDocument (.ods)"),
        Text::new("save it as CSV in UTF-8", "enregistrez-la en CSV UTF-8"),
    ),
    (b"", Text::new("a zip file", "un fichier zip"), UNPACK),
];

const JSON: Text = Text::new("a JSON file", "un fichier JSON");
const CSV: Text = Text::new("export with `Export-Csv` instead", "exportez plutôt avec `Export-Csv`");
const HTML: Text = Text::new("an HTML file", "un fichier HTML");
const MAIL: Text = Text::new("a mail message", "un message électronique");
const ATTACHMENT: Text =
    Text::new("save its attachment as a file", "enregistrez sa pièce jointe dans un fichier");
const EXCEL: Text = Text::new("an Excel file (.xlsx)", "un fichier Excel (.xlsx)");
const UNPACK: Text = Text::new("unpack it first", "décompressez-le d’abord");
const SAVE_AS: Text = Text::new(
    "in Excel choose Save As, and there `CSV UTF-8` or `Unicode Text`",
    "dans Excel, choisissez Enregistrer sous, puis `CSV UTF-8` ou `Texte Unicode`",
);
/// The advice for a file that is not an export.
pub(crate) const EXPORT: Text = Text::new(
    "export with ldifde, csvde, ldapsearch or `Export-Csv`",
    "exportez avec ldifde, csvde, ldapsearch ou `Export-Csv`",
);

/// Returns an error if a file is obviously not an export, from its first [`HEAD`] bytes; the error describes the file
/// and gives advice.
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
    let is_utf16 = text.is_some_and(|text| text.encoding != TextEncoding::UTF_8);
    let (what, help) = match known {
        Some((_, what, help)) => (what.clone(), help.clone()),
        None if is_utf32(head) => return Some(unsupported("UTF-32")),
        None if is_utf7(head) => return Some(unsupported("UTF-7")),
        None if is_of_adfind(head, text) => (
            Text::new("a list of AdFind", "une liste d’AdFind"),
            Text::new("export with `adfind -csv`", "exportez avec `adfind -csv`"),
        ),
        None if is_yaml(head, text) => (Text::new("a YAML file", "un fichier YAML"), EXPORT),
        None if is_utf16 => return None,
        // reported once the end of the file is known
        None if is_nul_tail(head) => return None,
        None => match mixed(head) {
            Some(message) => return Some(message),
            None if is_binary(head) => (Text::new("a binary file", "un fichier binaire"), EXPORT),
            None => return None,
        },
    };
    let what = text!("{what}, neither LDIF nor CSV", "{what}, ni LDIF ni CSV"; what);
    Some(Message::error("input-foreign", what).help(help))
}

/// Whether each attribute below a `dn:` begins with `>`, as AdFind shows entries.
fn is_of_adfind(head: &[u8], text: Option<Charset>) -> bool {
    let text = decoded(head, text.map_or(TextEncoding::UTF_8, |text| text.encoding));
    let mut lines = text.lines().skip_while(|line| !line.starts_with("dn:")).skip(1);
    lines.next().is_some_and(|line| line.starts_with('>') && line.contains(": "))
}

/// Whether the text begins with a list of tables in YAML, perhaps under a key; a tool may write such lines above records.
fn is_yaml(head: &[u8], text: Option<Charset>) -> bool {
    let text = decoded(head, text.map_or(TextEncoding::UTF_8, |text| text.encoding));
    let is_aside = |line: &&str| line.is_empty() || *line == "---" || line.starts_with(['#', '%']);
    let mut lines =
        text.trim_start_matches('\u{feff}').lines().map(str::trim_end).filter(|line| !is_aside(line));
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let is_name = |key: &str| !key.is_empty() && !key.contains([',', ';', '=', '\t']);
    let is_key = |line: &str| line.split_once(':').is_some_and(|(key, _)| is_name(key));
    let is_item = |line: &str| line.trim_start().strip_prefix("- ").is_some_and(is_key);
    let is_list = match first {
        "-" => second.starts_with(' ') && is_key(second),
        _ => is_item(first) || first.ends_with(':') && is_key(first) && is_item(second),
    };
    is_list && !text.lines().any(|line| line.starts_with("dn:"))
}

/// Returns the error about text in an unsupported encoding.
fn unsupported(encoding: &str) -> Message {
    let what = text!("text in {encoding}, which is not read", "un texte en {encoding}, qui n’est pas lu");
    let help = text!(
        "export again as UTF-8 or UTF-16 (`Unicode`), or save it so",
        "refaites l’export en UTF-8 ou en UTF-16 (`Unicode`), ou enregistrez-le ainsi"
    );
    Message::error("input-foreign", what).help(help)
}

/// Whether each four bytes are a character of text, none of which is beyond the planes of letters and signs; the first
/// is in ASCII, or the byte order mark.
fn is_utf32(head: &[u8]) -> bool {
    let start = &head[..head.len().min(64) / 4 * 4];
    let is_text = |of: fn([u8; 4]) -> u32| {
        let mut units = start.chunks_exact(4).map(|unit| of([unit[0], unit[1], unit[2], unit[3]])).peekable();
        units.peek().is_some_and(|&first| first < 0x80 || first == 0xfeff)
            && units.all(|unit| match u16::try_from(unit) {
                Ok(unit) => unit >= 0x20 || TEXT_CONTROLS.contains(&unit),
                Err(_) => unit < 0x4_0000,
            })
    };
    start.len() > 8 && (is_text(u32::from_le_bytes) || is_text(u32::from_be_bytes))
}

/// Whether each `=` of DNs, or each quote of a table, is encoded as .NET does in UTF-7 (RFC 2152).
fn is_utf7(head: &[u8]) -> bool {
    let is_coded = |run: &[u8], sign: u8| {
        memchr::memmem::find(head, run).is_some() && memchr::memchr(sign, head).is_none()
    };
    is_coded(b"+AD0-", b'=') || is_coded(b"+ACI-", b'"')
}

/// Returns the error about text that continues in UTF-16; `None` if its NULs, if any, have another reason.
fn mixed(head: &[u8]) -> Option<Message> {
    let first = memchr::memchr(0, head)?;
    let is_text = |text: &[u8]| text.iter().all(|&byte| byte >= b' ' || b"\t\r\n\x0c".contains(&byte));
    let begin = head[..first].iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    if begin == 0 || !is_text(&head[..begin]) {
        return None;
    }
    let rest = &head[begin..head.len().min(begin + 64)];
    let nuls = rest.iter().filter(|&&byte| byte == 0).count();
    let line = super::csv::newlines(&head[..begin]) + 1;
    (nuls * 8 > rest.len() * 3).then(|| {
        let what = text!(
            "a file in two encodings: UTF-16 from line {line} on",
            "un fichier en deux codages\u{a0}: UTF-16 à partir de la ligne {line}"
        );
        let note = text!(
            "a text in one encoding was appended to a text in another",
            "un texte dans un codage a été ajouté à un texte dans un autre"
        );
        let help = text!(
            "export again into a new file, or save both parts as files of their own",
            "exportez de nouveau dans un nouveau fichier, ou enregistrez les deux parties à part"
        );
        Message::error("encoding-mixed", what).because(note).help(help)
    })
}

/// Whether text is followed only by NULs.
fn is_nul_tail(head: &[u8]) -> bool {
    let text = memchr::memchr(0, head).map_or(head, |first| &head[..first]);
    text.len() < head.len() && head[text.len()..].iter().all(|&byte| byte == 0) && !is_binary(text)
}

/// Returns the error about a file that ends in NULs: space that was reserved, but never written.
pub(crate) fn cut_by_nuls(file: &str) -> Message {
    let what = text!(
        "`{file}` ends in NUL characters: it was cut while it was written",
        "`{file}` finit par des caractères NUL\u{a0}: il a été coupé pendant son écriture"
    );
    Message::error("export-incomplete", what)
}

/// Returns the first bytes of a file without white space, as UTF-8 if they are marked as text.
fn letters(head: &[u8], text: Option<Charset>) -> Vec<u8> {
    let mut letters = head[..head.len().min(64)].to_vec();
    if let Some(text) = text {
        let n = CharsetDecoder::new(head, text.encoding).read(&mut letters).unwrap_or(0);
        letters.truncate(n);
    }
    letters.retain(|byte| !byte.is_ascii_whitespace());
    letters
}

/// The control characters of text: TAB, LF, FF, CR, the end of a DOS file, the escape of a colour.
const TEXT_CONTROLS: [u16; 6] = [0x09, 0x0a, 0x0c, 0x0d, 0x1a, 0x1b];

/// Whether more than one byte in thirty is a control character that does not occur in text.
fn is_binary(head: &[u8]) -> bool {
    let controls = head.iter().filter(|&&byte| byte < 0x20 && !TEXT_CONTROLS.contains(&byte.into())).count();
    controls * 30 > head.len()
}

/// Returns the encoding shown by the first bytes: by a byte order mark, or by the NULs of UTF-16 without one.
pub(crate) fn marked(head: &[u8]) -> Option<Charset> {
    for (mark, encoding) in [
        (&b"\xef\xbb\xbf"[..], TextEncoding::UTF_8),
        (b"\xff\xfe", TextEncoding::UTF_16LE),
        (b"\xfe\xff", TextEncoding::UTF_16BE),
    ] {
        if head.starts_with(mark) {
            return Some(Charset { encoding, bom: true });
        }
    }
    // the heading, or `dn:`, begins with ASCII, and text has no control characters
    let start = &head[..head.len().min(64) / 2 * 2];
    let is_text = |of: fn([u8; 2]) -> u16| {
        let mut units = start.chunks_exact(2).map(|unit| of([unit[0], unit[1]])).peekable();
        units.peek().is_some_and(|&first| first < 0x80)
            && units.all(|unit| unit >= 0x20 || TEXT_CONTROLS.contains(&unit))
    };
    let encoding = match (is_text(u16::from_le_bytes), is_text(u16::from_be_bytes)) {
        (true, _) => TextEncoding::UTF_16LE,
        (false, true) => TextEncoding::UTF_16BE,
        (false, false) => return None,
    };
    Some(Charset { encoding, bom: false })
}

/// Returns the encoding of a CSV file: that shown by its first bytes, else UTF-8 if the whole file is UTF-8, else a
/// guess with the warning `encoding-fallback`. `whole` provides the file from its first byte on, and is read no further
/// than necessary.
pub fn encoding(file: &str, head: &[u8], whole: impl Read) -> io::Result<(Charset, Option<Message>)> {
    if let Some(text) = marked(head) {
        return Ok((text, None));
    }
    let bom = false;
    Ok(match guess::encoding(whole)? {
        None => (Charset { encoding: TextEncoding::UTF_8, bom }, None),
        Some(guess) => (Charset { encoding: guess.encoding, bom }, Some(guess.message(file))),
    })
}

/// Returns the format of a text from its beginning: LDIF if a line begins with `dn:`, or the first line that is not a
/// comment with `attribute:`, else CSV. If no line shows it, because there are only comments or no delimiter, the
/// extension decides.
pub fn format(first: &str, extension: Option<&str>) -> ExportFormat {
    let has_ldif_extension =
        ["ldif", "ldf"].iter().any(|&name| extension.is_some_and(|given| given.eq_ignore_ascii_case(name)));
    let is_comment =
        |line: &str| line.starts_with('#') && !line.starts_with("#TYPE ") || line.starts_with(' ');
    let lines = || {
        let lines = first.split(['\r', '\n']).map(|line| line.trim_start_matches('\u{feff}'));
        lines.filter(|line| !line.is_empty() && !is_comment(line))
    };
    let is_ldif = match lines().next() {
        Some(line) if is_heading(line) => false,
        Some(line) if begins_with_name(line) => true,
        Some(line) if has_ldif_extension => !line.contains([',', ';', '\t']) || lines().any(begins_with_dn),
        Some(_) => lines().take(PREAMBLE).any(begins_with_dn),
        None => has_ldif_extension,
    };
    if is_ldif { ExportFormat::Ldif } else { ExportFormat::Csv }
}

/// Whether a line begins with a name that an attribute may have, and a colon.
fn begins_with_name(line: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'.')
    };
    line.split_once(':').is_some_and(|(name, _)| is_name(name))
}

/// Whether a line begins with `dn:`, perhaps after a prompt: `Enter LDAP Password: dn: CN=…`.
fn begins_with_dn(line: &str) -> bool {
    let is_prompted = || match ldif::blocks(line.as_bytes()).next() {
        Some(Block::SearchNote(prompt, _)) => prompt.end() < line.len(),
        _ => false,
    };
    line.split_once(':').is_some_and(|(name, _)| name.trim_end().eq_ignore_ascii_case("dn")) || is_prompted()
}

/// How many lines a tool may write before the first record: `SASL/GSSAPI authentication started`.
const PREAMBLE: usize = 20;

/// Whether a line with a `:` in its first word is still the heading of a table: the index column of pandas has the
/// heading `Unnamed: 0`, and Entra's templates begin with `version:v1.0`.
fn is_heading(line: &str) -> bool {
    let is_dn = |cell: &str| columns::DN.contains(&columns::fold(cell.trim_matches('"')).as_str());
    let mut cells = line.split([',', ';', '\t']);
    super::csv::is_version(line) || line.contains([',', ';', '\t']) && cells.any(is_dn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_not_exports_are_identified() {
        let utf16: Vec<u8> =
            "\u{feff}<Objs Version=\"1.1\">".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (head, expect) in [
            (&b"\xff\xfe\0\0d\0\0\0n\0\0\0"[..], "text in UTF-32, which is not read"),
            (b"\0\0\0d\0\0\0n\0\0\0:", "text in UTF-32, which is not read"),
            (b"d\0\0\0n\0\0\0:\0\0\0\xe9\0\0\0\x36\x04\0\0\0\xf6\x01\0", "text in UTF-32, which is not read"),
            (b"\0\0\xfe\xff\0\0\0d\0\0\0n\0\0\x67\x71", "text in UTF-32, which is not read"),
            (b"dn: CN+AD0-Ann,DC+AD0-x\n", "text in UTF-7, which is not read"),
            (b"+ACI-DN+ACI-,+ACI-mail+ACI-\r\n", "text in UTF-7, which is not read"),
            (b"DN,cn\r\nC\0N\0=\0a\0,\0a\0\r\0\n\0", "a file in two encodings: UTF-16 from line 2 on"),
        ] {
            assert_eq!(
                foreign(head).unwrap().what.in_language(crate::language::Language::En),
                expect,
                "{}",
                head.escape_ascii()
            );
        }
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
            (b"- dn: CN=Ann,DC=x\n  mail: ann@x\n", Some("a YAML file")),
            (b"# of Ansible\n---\n-\n  \"dn\": CN=Ann,DC=x\n", Some("a YAML file")),
            (b"users:\r\n  - dn: CN=Ann,DC=x\r\n    mail: ann@x\r\n", Some("a YAML file")),
            (b"\xff\xfe-\0 \0d\0n\0:\0 \0C\0N\0=\0a\0\n\0", Some("a YAML file")),
            (b"\x7fELF\x02\x01\x01\0\0\0\0\0", Some("a binary file")),
            (b"dn: CN=a\ncn: a\n\0\0\0\0\0\0\0\0", None),
            (b"", None),
            (b"DN,cn\nCN=a,a\x1a", None),
            (b"D\0N\0,\0c\0n\0", None),
            (b"dn: CN=a\n", None),
            (b"PKI,DN\n", None),
            (b"-\nreplace: mail\nmail: ann@x\n-\n", None),
            (b"- DN,mail: work\n", None),
            (b"- server: dc1\n\ndn: CN=Ann,DC=x\n", None),
            (b"dn:\n  CN=Ann,DC=x\nmail: - ann\n", None),
            (b"dn: CN=Ann+AD0-,DC=x\n", None),
            (b"D\0N\0\n\0a\0\r\0\n\0", None),
        ] {
            let message = foreign(head).map(|message| message.what.english().to_owned());
            let expect = expect.map(|what| format!("{what}, neither LDIF nor CSV"));
            assert_eq!(message, expect, "{}", head.escape_ascii());
        }
    }

    #[test]
    fn the_bytes_show_the_encoding() {
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
            (le("dn: CN=😀,DC=contoso,DC=com\n"), "utf-16le", false, None),
            (be("dn: CN=東京都千代田区一番町,DC=contoso,DC=com\n"), "utf-16be", false, None),
            (b"\0\x01binary".to_vec(), "utf-8", false, None),
            (b"DN,Pr\xe9nom".to_vec(), "windows-1252", false, Some((1, 6))),
            ([long.as_bytes(), b"\r\nab\rc\xc3\xa9\xe9x\n"].concat(), "windows-1252", false, Some((4, 3))),
            // nothing is known of a letter that was cut
            (b"DN\n\xc3".to_vec(), "windows-1250", false, Some((2, 1))),
            (Vec::new(), "utf-8", false, None),
        ] {
            let head = &bytes[..bytes.len().min(HEAD)];
            let (text, message) = encoding("f", head, &bytes[..]).unwrap();
            assert_eq!((text.encoding.label().as_str(), text.bom), (label, bom));
            assert_eq!(
                message.map(|message| message.place.map(|place| (place.line, place.column)).unwrap()),
                warned
            );
        }
    }

    #[test]
    fn the_first_line_shows_the_format() {
        for (first, extension, expect) in [
            ("dn: CN=a\n", None, ExportFormat::Ldif),
            ("version: 1\r\n\r\ndn: CN=a", Some("csv"), ExportFormat::Ldif),
            ("# extended LDIF\n#\n # folded\n\nsearch: 2\n", None, ExportFormat::Ldif),
            ("mail: a@x\n", None, ExportFormat::Ldif),
            ("DN,objectClass\nCN=a,user\n", None, ExportFormat::Csv),
            ("\"DistinguishedName\",\"mail: work\"", None, ExportFormat::Csv),
            ("DN;mail: work", None, ExportFormat::Csv),
            ("#TYPE System.Object\nDN\n", None, ExportFormat::Csv),
            ("sep=;\nDN;cn\n", Some("ldif"), ExportFormat::Csv),
            ("Unnamed: 0,\"DN\",mail\n0,CN=a,a@x\n", None, ExportFormat::Csv),
            ("version:v1.0\nUser name [userPrincipalName] Required\n", None, ExportFormat::Csv),
            ("version:v1.0,,,\nUser name [userPrincipalName] Required,a,b,c\n", None, ExportFormat::Csv),
            (
                "SASL/GSSAPI authentication started\nSASL SSF: 256\ndn: CN=a\n",
                Some("txt"),
                ExportFormat::Ldif,
            ),
            ("\u{feff}\u{feff}dn: CN=a\n", None, ExportFormat::Ldif),
            ("dn : CN=a\n", None, ExportFormat::Ldif),
            ("garbage\n", Some("LDF"), ExportFormat::Ldif),
            ("garbage\n", Some("txt"), ExportFormat::Csv),
            ("# nothing\n", Some("ldif"), ExportFormat::Ldif),
            ("", None, ExportFormat::Csv),
        ] {
            assert_eq!(format(first, extension), expect, "{first:?}");
        }
    }
}
