//! Character encodings by label, and a reader that decodes any of them to UTF-8.

use std::io::{self, Cursor, Read};

use encoding_rs::EncoderResult;
use oem_cp::code_table::{DECODING_TABLE_CP_MAP, ENCODING_TABLE_CP_MAP};

use super::source::uninterrupted;
use crate::language::text;
use crate::message::Message;

/// A character encoding: one of the [Encoding Standard](https://encoding.spec.whatwg.org/), or an OEM code page of the
/// Windows console, which the standard does not contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextEncoding {
    /// An encoding of the standard: UTF-8, UTF-16, the Windows code pages.
    Standard(&'static encoding_rs::Encoding),
    /// The OEM code page with this number: 437, 850, 852, …
    Oem(u16),
}

impl TextEncoding {
    /// UTF-8.
    pub const UTF_8: Self = Self::Standard(encoding_rs::UTF_8);
    /// UTF-16, little-endian: what Windows calls Unicode.
    pub const UTF_16LE: Self = Self::Standard(encoding_rs::UTF_16LE);
    /// UTF-16, big-endian.
    pub const UTF_16BE: Self = Self::Standard(encoding_rs::UTF_16BE);
    /// The code page of a Western Windows. Every byte sequence is valid in it.
    pub const WINDOWS_1252: Self = Self::Standard(encoding_rs::WINDOWS_1252);

    /// Returns the encoding for a label in any letter case: `utf-8`, `latin1`, `windows-1250`, `cp850`, `ibm437`,
    /// `1252`.
    pub fn for_label(label: &str) -> Option<Self> {
        let label = label.trim().to_ascii_lowercase();
        if let Some(standard) = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()) {
            return Some(Self::Standard(standard));
        }
        if let Some(standard) = encoding_rs::Encoding::for_label(standard_label(&label).as_bytes()) {
            return Some(Self::Standard(standard));
        }
        let digits =
            ["cp", "ibm", "oem"].iter().find_map(|prefix| label.strip_prefix(prefix)).unwrap_or(&label);
        let page = digits.parse().ok()?;
        if DECODING_TABLE_CP_MAP.contains_key(&page) {
            return Some(Self::Oem(page));
        }
        let windows = format!("windows-{page}");
        encoding_rs::Encoding::for_label(windows.as_bytes()).map(Self::Standard)
    }

    /// Returns the label for messages and reports, in lower case: `utf-16le`, `windows-1252`, `cp850`.
    pub fn label(self) -> String {
        match self {
            Self::Standard(encoding) => encoding.name().to_ascii_lowercase(),
            Self::Oem(page) => format!("cp{page}"),
        }
    }

    /// Returns the number of bytes that the text takes in a file, if that can be computed. Half a surrogate pair and an
    /// invalid byte became U+FFFD, which is as long as they were except in UTF-8.
    pub fn length_of(self, text: &[u8]) -> Option<u64> {
        let count = |counts: fn(u8) -> bool| text.iter().filter(|&&byte| counts(byte)).count() as u64;
        let characters = || count(|byte| byte & 0xc0 != 0x80);
        match self {
            Self::Oem(_) => Some(characters()),
            _ if self == Self::UTF_8 => {
                memchr::memmem::find(text, "\u{fffd}".as_bytes()).is_none().then_some(text.len() as u64)
            }
            // Four bytes of UTF-8 are two units.
            _ if self.is_utf16() => Some(2 * (characters() + count(|byte| byte >= 0xf0))),
            Self::Standard(encoding) => encoding.is_single_byte().then(characters),
        }
    }

    pub(super) fn is_utf16(self) -> bool {
        self == Self::UTF_16LE || self == Self::UTF_16BE
    }

    /// Returns the length of the byte order mark in bytes.
    pub fn length_of_mark(self) -> u64 {
        match self {
            _ if self == Self::UTF_8 => 3,
            _ if self.is_utf16() => 2,
            _ => 0,
        }
    }

    /// Decodes bytes from the middle of a file.
    pub fn decode(self, bytes: Vec<u8>) -> Vec<u8> {
        match self {
            _ if self == Self::UTF_8 => bytes,
            Self::Standard(encoding) => {
                encoding.decode_without_bom_handling(&bytes).0.into_owned().into_bytes()
            }
            Self::Oem(page) => decode_oem(page, &bytes).into_bytes(),
        }
    }

    /// Appends the text in this encoding, without a byte order mark; `?` replaces each character that the encoding
    /// lacks.
    pub fn encode(self, text: &str, out: &mut Vec<u8>) {
        match self {
            // the standard would write UTF-8 where UTF-16 is read
            _ if self == Self::UTF_16LE => out.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
            _ if self == Self::UTF_16BE => out.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
            Self::Standard(encoding) => {
                let mut encoder = encoding.new_encoder();
                let mut rest = text;
                loop {
                    let longest = encoder.max_buffer_length_from_utf8_without_replacement(rest.len());
                    out.reserve(longest.unwrap_or(4 * rest.len()));
                    let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(rest, out, true);
                    rest = &rest[read..];
                    match result {
                        EncoderResult::InputEmpty => return,
                        EncoderResult::Unmappable(_) => out.push(b'?'),
                        EncoderResult::OutputFull => {}
                    }
                }
            }
            Self::Oem(page) => {
                let table = ENCODING_TABLE_CP_MAP.get(&page);
                out.extend(table.map(|table| oem_cp::encode_string_lossy(text, table)).unwrap_or_default());
            }
        }
    }
}

/// A reader of UTF-8 from a reader of any encoding, without the byte order mark, in bounded memory.
///
/// Each sequence that the encoding does not define becomes U+FFFD. UTF-16 that ends with half a unit means that the
/// file was cut: after the rest of the text, the reader fails with `HalfUnit`.
pub struct CharsetDecoder<R> {
    from: R,
    page: CodePage,
    /// A block of the file.
    block: Vec<u8>,
    /// The text of the last block.
    text: Cursor<String>,
    /// The number of bytes read from the file, and whether that is all of it.
    length: u64,
    is_at_end: bool,
}

/// The error of UTF-16 that ends with half a unit; its kind is [`io::ErrorKind::InvalidData`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("UTF-16 that ends with half a character")]
pub(crate) struct HalfUnit;

impl HalfUnit {
    /// Whether this was the cause of an error.
    pub(crate) fn is(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|inner| inner.is::<Self>())
    }

    /// Returns the message about the file, without the place of its end.
    pub(crate) fn message() -> Message {
        let what = text!(
            "the file ends with half a character of UTF-16",
            "le fichier finit par un demi-caractère UTF-16"
        );
        Message::error("encoding-half-unit", what).help(text!(
            "copy or export the file again: it was cut",
            "copiez ou exportez de nouveau le fichier\u{a0}: il a été coupé"
        ))
    }
}

/// The mapping from bytes to characters.
enum CodePage {
    Standard(encoding_rs::Decoder),
    Oem(u16),
}

const BLOCK: usize = 64 * 1024;

impl<R: Read> CharsetDecoder<R> {
    /// Decodes `from`, which begins at the start of the file, and drops the byte order mark of the encoding.
    pub fn new(from: R, encoding: TextEncoding) -> Self {
        let page = match encoding {
            TextEncoding::Standard(encoding) => CodePage::Standard(encoding.new_decoder_with_bom_removal()),
            TextEncoding::Oem(page) => CodePage::Oem(page),
        };
        Self { from, page, block: vec![0; BLOCK], text: Cursor::default(), length: 0, is_at_end: false }
    }

    /// Decodes the next block, after all text of the previous one was read.
    fn fill(&mut self) -> io::Result<()> {
        let read = uninterrupted(|| self.from.read(&mut self.block))?;
        self.length += read as u64;
        self.is_at_end = read == 0;
        self.text.set_position(0);
        let text = self.text.get_mut();
        text.clear();
        match &mut self.page {
            CodePage::Standard(decoder) => {
                let is_utf16 = [encoding_rs::UTF_16LE, encoding_rs::UTF_16BE].contains(&decoder.encoding());
                if self.is_at_end && is_utf16 && !self.length.is_multiple_of(2) {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, HalfUnit));
                }
                text.reserve(decoder.max_utf8_buffer_length(read).unwrap_or(4 * read));
                let _all = decoder.decode_to_string(&self.block[..read], text, self.is_at_end);
            }
            CodePage::Oem(page) => *text = decode_oem(*page, &self.block[..read]),
        }
        Ok(())
    }
}

impl<R: Read> Read for CharsetDecoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.text.read(buffer)?;
            if read > 0 || self.is_at_end || buffer.is_empty() {
                return Ok(read);
            }
            self.fill()?;
        }
    }
}

/// Decodes text in an OEM code page; U+FFFD replaces each byte that the page lacks.
fn decode_oem(page: u16, mut bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let Some(table) = DECODING_TABLE_CP_MAP.get(&page) else { return text };
    while !bytes.is_empty() {
        // Most of a text is ASCII.
        let (ascii, rest) = bytes.split_at(encoding_rs::Encoding::ascii_valid_up_to(bytes));
        let (others, rest) = rest.split_at(rest.iter().position(u8::is_ascii).unwrap_or(rest.len()));
        let character = |&byte| table.decode_char_checked(byte).unwrap_or(char::REPLACEMENT_CHARACTER);
        text += &String::from_utf8_lossy(ascii);
        text.extend(others.iter().map(character));
        bytes = rest;
    }
    text
}

/// Returns the standard's label for a name that Python, iconv or PowerShell use: `utf-16-le`, `mac_roman`, `win1252`.
fn standard_label(label: &str) -> String {
    let plain: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    match &*plain {
        "utf8sig" | "utf8bom" => "utf-8".to_owned(),
        "utf16" | "utf16le" => "utf-16le".to_owned(),
        "utf16be" | "bigendianunicode" => "utf-16be".to_owned(),
        "macroman" => "macintosh".to_owned(),
        _ => {
            match (plain.strip_prefix("iso8859"), plain.strip_prefix("windows").or(plain.strip_prefix("win")))
            {
                (Some(part), _) => format!("iso-8859-{part}"),
                (_, Some(page)) => format!("windows-{page}"),
                _ => plain,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes in small pieces, from input in small pieces.
    fn decode(bytes: &[u8], label: &str, piece: usize) -> io::Result<String> {
        struct Dribble<'a>(&'a [u8]);
        impl Read for Dribble<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let n = buffer.len().min(1);
                self.0.read(&mut buffer[..n])
            }
        }
        let mut decoder = CharsetDecoder::new(Dribble(bytes), TextEncoding::for_label(label).unwrap());
        let mut text = Vec::new();
        let mut buffer = vec![0; piece];
        loop {
            match decoder.read(&mut buffer)? {
                0 => return Ok(String::from_utf8(text).unwrap()),
                n => text.extend_from_slice(&buffer[..n]),
            }
        }
    }

    #[test]
    fn text_is_read_in_its_encoding() {
        for (label, bytes, expect) in [
            ("utf-8", &b"\xef\xbb\xbfa\xc3\xa9\xf0\x9f\x98\x80"[..], "aé😀"),
            ("utf-8", b"a\xe9b\xc3", "a\u{fffd}b\u{fffd}"),
            ("utf-16le", b"\xff\xfea\0\xe9\0\x3d\xd8\x00\xde", "aé😀"),
            ("utf-16be", b"\0a\0\xe9", "aé"),
            ("utf-16le", b"\x3d\xd8a\0", "\u{fffd}a"),
            ("windows-1252", b"caf\xe9 \x80\x92", "café €’"),
            ("windows-1250", b"\xb9", "ą"),
            ("cp850", b"caf\x82 \x81\x94\xe1", "café üöß"),
            ("cp437", b"\x82\x9b", "é¢"),
            ("cp857", b"\xd5\x8d", "\u{fffd}ı"),
            ("cp850", b"", ""),
        ] {
            for piece in [1, 3, 16, 100] {
                assert_eq!(decode(bytes, label, piece).unwrap(), expect, "{label} {piece}");
            }
        }
    }

    #[test]
    fn text_is_written_in_its_encoding() {
        for (label, text, expect) in [
            ("utf-8", "aé😀", &b"a\xc3\xa9\xf0\x9f\x98\x80"[..]),
            ("utf-16le", "aé😀", b"a\0\xe9\0\x3d\xd8\x00\xde"),
            ("utf-16be", "aé", b"\0a\0\xe9"),
            ("windows-1252", "café €’ ł!", b"caf\xe9 \x80\x92 ?!"),
            ("cp850", "café üöß 😀!", b"caf\x82 \x81\x94\xe1 ?!"),
            ("cp437", "", b""),
        ] {
            let mut bytes = Vec::new();
            TextEncoding::for_label(label).unwrap().encode(text, &mut bytes);
            assert_eq!(bytes, expect, "{label} {text}");
        }
    }

    #[test]
    fn the_length_in_the_file_follows_from_the_text() {
        for (label, bytes, expect) in [
            ("utf-8", &b"a\xc3\xa9\xf0\x9f\x98\x80"[..], Some(7)),
            ("utf-8", b"a\xe9b", None),
            ("utf-16le", b"a\0\xe9\0\x3d\xd8\x00\xde", Some(8)),
            ("utf-16le", b"\x3d\xd8a\0\xff\xfe", Some(6)),
            ("utf-16be", b"\0a\0\xe9", Some(4)),
            ("windows-1252", b"caf\xe9 \x80\x81", Some(7)),
            ("cp857", b"\xd5\x8d", Some(2)),
            ("shift_jis", b"a\x82\xa0", None),
        ] {
            let encoding = TextEncoding::for_label(label).unwrap();
            let text = decode(bytes, label, 100).unwrap();
            assert_eq!(encoding.length_of(text.as_bytes()), expect, "{label} {text}");
            if expect.is_some() {
                assert_eq!(encoding.decode(bytes.to_vec()), text.as_bytes(), "{label} {text}");
            }
        }
    }

    /// Text read from single bytes is written as the same bytes, if they are defined.
    #[test]
    fn every_byte_is_written_as_it_was_read() {
        let all: Vec<u8> = (0..=255).collect();
        for label in ["windows-1252", "windows-1250", "cp437", "cp850", "cp852", "cp866"] {
            let text = decode(&all, label, 1000).unwrap();
            let mut bytes = Vec::new();
            TextEncoding::for_label(label).unwrap().encode(&text, &mut bytes);
            assert_eq!(bytes, all, "{label}");
        }
    }

    #[test]
    fn half_a_unit_is_an_error_after_the_text() {
        let mut decoder = CharsetDecoder::new(&b"\xff\xfea\0b"[..], TextEncoding::UTF_16LE);
        let mut text = Vec::new();
        let error = decoder.read_to_end(&mut text).unwrap_err();
        assert_eq!(text, b"a");
        assert!(HalfUnit::is(&error), "{error}");
    }

    #[test]
    fn an_encoding_is_known_by_the_labels_of_many_tools() {
        for (label, expect) in [
            ("UTF-8", Some("utf-8")),
            ("unicode", Some("utf-16le")),
            ("latin1", Some("windows-1252")),
            ("1252", Some("windows-1252")),
            ("cp1250", Some("windows-1250")),
            ("cp850", Some("cp850")),
            ("850", Some("cp850")),
            ("IBM437", Some("cp437")),
            ("oem852", Some("cp852")),
            ("utf-16-le", Some("utf-16le")),
            ("utf_8_sig", Some("utf-8")),
            ("BigEndianUnicode", Some("utf-16be")),
            ("iso8859_15", Some("iso-8859-15")),
            ("mac_roman", Some("macintosh")),
            ("win-1252", Some("windows-1252")),
            ("cp9999", None),
            ("ebcdic", None),
            ("", None),
        ] {
            assert_eq!(TextEncoding::for_label(label).map(TextEncoding::label).as_deref(), expect, "{label}");
        }
    }
}
