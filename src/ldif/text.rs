//! Conversion of any export to UTF-8: byte order marks and UTF-16.

use std::io::{self, Read};

use crate::fault::{Fault, FaultKind};

/// The encoding of a file, as far as its first bytes show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, or a single-byte code page: the bytes pass unchanged.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

/// A reader that converts a file to UTF-8 without a byte order mark.
///
/// UTF-8 and UTF-16 are distinguished by the byte order mark, or by the NULs of UTF-16 in the first two characters,
/// which are ASCII in LDIF and CSV. Other bytes pass unchanged and are not validated.
#[derive(Debug)]
pub struct Decoder<R> {
    inner: R,
    detected: Option<(Encoding, bool)>,
    /// The first bytes, read to detect the encoding; then the rest of a piece of UTF-16.
    raw: Vec<u8>,
    utf16: Utf16,
    /// The number of decoded bytes that were returned.
    taken: usize,
}

impl<R: Read> Decoder<R> {
    /// Reads from `inner`.
    pub fn new(inner: R) -> Self {
        Self { inner, detected: None, raw: Vec::new(), utf16: Utf16::default(), taken: 0 }
    }

    /// Returns the underlying reader.
    pub fn get_ref(&self) -> &R {
        &self.inner
    }

    /// Returns the underlying reader. Bytes read from it are missing from the text.
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.inner
    }

    /// Returns the underlying reader. What was read from it, but not returned yet, is lost.
    pub fn into_inner(self) -> R {
        self.inner
    }

    /// Returns the encoding of the file; `None` before the first read.
    #[must_use]
    pub fn encoding(&self) -> Option<Encoding> {
        self.detected.map(|(encoding, _)| encoding)
    }

    /// Whether the file began with a byte order mark.
    #[must_use]
    pub fn bom(&self) -> bool {
        self.detected.is_some_and(|(_, bom)| bom)
    }

    /// Takes the invalid units found so far. Offsets count the bytes that this reader returns.
    ///
    /// U+FFFD replaces an unpaired surrogate, and a line end replaces half a unit at the end of the file.
    pub fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.utf16.faults)
    }

    /// Detects the encoding from the first bytes.
    fn detect(&mut self) -> io::Result<Encoding> {
        self.inner.by_ref().take(4).read_to_end(&mut self.raw)?;
        let (encoding, bom) = match *self.raw {
            [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
            [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
            [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
            [1..=0x7F, 0] | [1..=0x7F, 0, 1..=0xFF, 0] => (Encoding::Utf16Le, 0),
            [0, 1..=0x7F] | [0, 1..=0x7F, 0, 1..=0xFF] => (Encoding::Utf16Be, 0),
            _ => (Encoding::Utf8, 0),
        };
        self.raw.drain(..bom);
        self.detected = Some((encoding, bom > 0));
        Ok(encoding)
    }

    /// Decodes the next piece; nothing is left at the end of the file.
    fn refill(&mut self, encoding: Encoding) -> io::Result<()> {
        self.utf16.start();
        self.taken = 0;
        while self.utf16.out.is_empty() {
            let got = self.inner.by_ref().take(PIECE).read_to_end(&mut self.raw)?;
            let whole = self.raw.len() / 2 * 2;
            self.utf16.decode(&self.raw[..whole], encoding);
            self.raw.drain(..whole);
            if got == 0 {
                self.utf16.finish(!self.raw.is_empty());
                self.raw.clear();
                break;
            }
        }
        Ok(())
    }
}

/// How many bytes of UTF-16 are decoded at a time.
const PIECE: u64 = 64 << 10;

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let encoding = match self.detected {
            Some((encoding, _)) => encoding,
            None => self.detect()?,
        };
        if encoding == Encoding::Utf8 {
            if self.raw.is_empty() {
                return self.inner.read(buf);
            }
            let n = self.raw.len().min(buf.len());
            buf[..n].copy_from_slice(&self.raw[..n]);
            self.raw.drain(..n);
            return Ok(n);
        }
        if buf.is_empty() {
            return Ok(0);
        }
        if self.taken == self.utf16.out.len() {
            self.refill(encoding)?;
        }
        let ready = &self.utf16.out[self.taken..];
        let n = ready.len().min(buf.len());
        buf[..n].copy_from_slice(&ready[..n]);
        self.taken += n;
        Ok(n)
    }
}

/// A converter from UTF-16 to UTF-8 (RFC 2781).
#[derive(Debug, Default)]
struct Utf16 {
    out: Vec<u8>,
    /// The first half of a surrogate pair.
    high: Option<u16>,
    /// The number of bytes returned before those in `out`.
    given: usize,
    faults: Vec<Fault>,
}

impl Utf16 {
    /// Begins the next piece of output.
    fn start(&mut self) {
        self.given += self.out.len();
        self.out.clear();
    }

    /// Decodes whole units.
    fn decode(&mut self, bytes: &[u8], encoding: Encoding) {
        let low = usize::from(encoding == Encoding::Utf16Be);
        // Exports are ASCII except for names, and a block without exceptions is many times faster.
        let (blocks, rest) = bytes.as_chunks::<32>();
        for block in blocks {
            let mut ascii = [0; 16];
            let mut other = 0;
            for (byte, unit) in ascii.iter_mut().zip(block.as_chunks::<2>().0) {
                *byte = unit[low];
                other |= unit[1 - low] | unit[low] & 0x80;
            }
            if other == 0 && self.high.is_none() {
                self.out.extend_from_slice(&ascii);
            } else {
                self.units(block, low);
            }
        }
        self.units(rest, low);
    }

    /// Decodes units whose low byte has this index.
    fn units(&mut self, bytes: &[u8], low: usize) {
        for unit in bytes.as_chunks::<2>().0 {
            self.unit(u16::from_le_bytes([unit[low], unit[1 - low]]));
        }
    }

    /// Decodes a unit; the first half of a surrogate pair waits for the second.
    fn unit(&mut self, unit: u16) {
        if let Some(high) = self.high.take() {
            if let Some(Ok(c)) = char::decode_utf16([high, unit]).next() {
                return self.push(c);
            }
            self.surrogate(high);
        }
        match char::from_u32(u32::from(unit)) {
            Some(c) => self.push(c),
            None if unit < 0xDC00 => self.high = Some(unit),
            None => self.surrogate(unit),
        }
    }

    /// Reports what is incomplete at the end of the file.
    fn finish(&mut self, half_unit: bool) {
        if let Some(high) = self.high.take() {
            self.surrogate(high);
        }
        if half_unit {
            self.faults.push(Fault::new(FaultKind::HalfUnit, self.given + self.out.len(), 1));
            self.out.push(b'\n');
        }
    }

    /// Reports and replaces an unpaired surrogate.
    fn surrogate(&mut self, unit: u16) {
        let len = char::REPLACEMENT_CHARACTER.len_utf8();
        self.faults.push(Fault::new(FaultKind::Surrogate(unit), self.given + self.out.len(), len));
        self.push(char::REPLACEMENT_CHARACTER);
    }

    fn push(&mut self, c: char) {
        self.out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// Decodes `bytes` as Windows-1252, in which every byte is a character.
///
/// The five bytes that the code page leaves undefined are the control characters with the same numbers, as in the
/// WHATWG Encoding Standard.
#[must_use]
pub fn windows_1252(bytes: &[u8]) -> String {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    bytes
        .iter()
        .map(|&byte| match byte {
            0x80..=0x9F => HIGH[usize::from(byte) - 0x80],
            _ => char::from(byte),
        })
        .collect()
}
