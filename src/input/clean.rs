//! The cleaning of text: it removes the NULs at the end of a file that was not fully written and the Ctrl-Z with which
//! DOS ends one, and turns CR CR LF, which a copy in text mode leaves, into CR LF.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use super::encoding::TextEncoding;

/// The end-of-file mark of DOS.
const CTRL_Z: u8 = 0x1A;

/// How many bytes at the end of a file are examined.
const TAIL: u64 = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With a line end, a comment, or nothing after its last line end; or with the end-of-file mark of DOS.
    Line,
    WithinLine,
    Nul,
}

impl End {
    /// Examines the end of a file.
    pub(super) fn of(mut file: &File, length: u64, encoding: TextEncoding) -> io::Result<Self> {
        let start = length.saturating_sub(TAIL);
        // An even number of bytes: whole units of UTF-16.
        file.seek(SeekFrom::Start(start - start % 2))?;
        let mut tail = Vec::new();
        file.take(2 * TAIL).read_to_end(&mut tail)?;
        if encoding.is_utf16() {
            let high = usize::from(encoding == TextEncoding::UTF_16LE);
            // Only line ends matter here, and they are ASCII.
            tail = tail
                .chunks_exact(2)
                .map(|unit| if unit[high] == 0 { unit[1 - high] } else { b'?' })
                .collect();
        }
        if tail.ends_with(&[0]) {
            return Ok(Self::Nul);
        }
        let line = tail.rsplit(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
        let is_marked = tail.trim_ascii_end().ends_with(&[CTRL_Z]);
        let is_whole = is_marked || line.trim_ascii().is_empty() || line.starts_with(b"#");
        Ok(if is_whole { Self::Line } else { Self::WithinLine })
    }
}

/// Whether most lines of this text end in CR CR LF; a tool may have written its own line above them.
pub(super) fn has_doubled_cr(head: &str) -> bool {
    let ends = memchr::memchr_iter(b'\n', head.as_bytes()).map(|at| head[..at].ends_with("\r\r"));
    let (doubled, other): (Vec<bool>, Vec<bool>) = ends.partition(|is_doubled| *is_doubled);
    doubled.len() > other.len()
}

/// A reader that omits NULs and Ctrl-Z at the end of the text, and one CR of each CR CR LF.
pub(super) struct Clean<R> {
    from: R,
    has_doubled_cr: bool,
    /// Bytes that were read, but are passed on only if something else follows.
    held: Held,
    /// Text that was read, but not passed on yet.
    ready: Cursor<Vec<u8>>,
}

/// How many CRs, how many Ctrl-Z after them, and how many NULs after these.
#[derive(Clone, Copy, Default)]
struct Held {
    crs: usize,
    marks: usize,
    nuls: usize,
}

impl Held {
    /// Whether nothing is held.
    fn is_none(self) -> bool {
        (self.crs, self.marks, self.nuls) == (0, 0, 0)
    }

    /// Appends what is held to `out`, because other text follows.
    fn pass_on(&mut self, out: &mut Vec<u8>) {
        for (byte, count) in [(b'\r', self.crs), (CTRL_Z, self.marks), (0, self.nuls)] {
            out.resize(out.len() + count, byte);
        }
        *self = Self::default();
    }
}

impl<R: Read> Clean<R> {
    pub(super) fn new(from: R, has_doubled_cr: bool) -> Self {
        Self { from, has_doubled_cr, held: Held::default(), ready: Cursor::default() }
    }
}

impl<R: Read> Read for Clean<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let n = self.ready.read(buffer)?;
            if n > 0 {
                return Ok(n);
            }
            let n = self.from.read(buffer)?;
            let read = &buffer[..n];
            // There is nearly always nothing to omit.
            let ends_in_mark = matches!(read.last(), Some(&(0 | CTRL_Z)));
            let is_plain = !self.has_doubled_cr && self.held.is_none() && !ends_in_mark;
            if is_plain || n == 0 && self.held.crs == 0 {
                return Ok(n);
            }
            let mut ready = vec![b'\r'; if n == 0 { std::mem::take(&mut self.held.crs) } else { 0 }];
            for &byte in read {
                let Held { crs, marks, nuls } = &mut self.held;
                match byte {
                    0 => *nuls += 1,
                    CTRL_Z if *nuls == 0 => *marks += 1,
                    b'\r' if self.has_doubled_cr && (*marks, *nuls) == (0, 0) => *crs += 1,
                    _ => {
                        *crs -= usize::from(byte == b'\n' && *crs > 1);
                        self.held.pass_on(&mut ready);
                        match byte {
                            CTRL_Z => self.held.marks = 1,
                            _ => ready.push(byte),
                        }
                    }
                }
            }
            self.ready = Cursor::new(ready);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that returns its text in pieces of this size.
    struct Pieces<'t>(&'t [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(buffer.len());
            self.0.read(&mut buffer[..n])
        }
    }

    #[test]
    fn text_that_no_tool_meant_is_removed() {
        for (text, doubled, expected) in [
            ("a\nb\n", false, "a\nb\n"),
            ("a\0b\n\0\0\0", false, "a\0b\n"),
            ("\0\0a\0", false, "\0\0a"),
            ("a\nb\x1A", false, "a\nb"),
            ("a\n\x1A\0\x1Ab\x1A\x1A\0", false, "a\n\x1A\0\x1Ab"),
            ("a\r\r\nb\r\r\n", true, "a\r\nb\r\n"),
            ("a\r\r\n\r\r\n\0", true, "a\r\n\r\n"),
            ("a\r\r", true, "a\r\r"),
            ("a\rb\r\nc", true, "a\rb\r\nc"),
            ("a\r\r\nb", false, "a\r\r\nb"),
        ] {
            for size in 1..=text.len() {
                let mut clean = String::new();
                Clean::new(Pieces(text.as_bytes(), size), doubled).read_to_string(&mut clean).unwrap();
                assert_eq!(clean, expected, "{text:?} in pieces of {size}");
            }
        }
    }

    #[test]
    fn the_end_of_a_file_is_examined() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let long = format!("{}\n", "x".repeat(1001));
        for (bytes, encoding, expected) in [
            (b"dn: a\n".to_vec(), TextEncoding::UTF_8, End::Line),
            (b"dn: a\r\n\x1A".to_vec(), TextEncoding::UTF_8, End::Line),
            (b"dn: a\x1A".to_vec(), TextEncoding::UTF_8, End::Line),
            (b"dn: a\n\n# numEntries: 1".to_vec(), TextEncoding::UTF_8, End::Line),
            (b"dn: a".to_vec(), TextEncoding::UTF_8, End::WithinLine),
            (b"dn: a\nmail: a@contoso.co ".to_vec(), TextEncoding::UTF_8, End::WithinLine),
            (b"dn: a\n\0\0".to_vec(), TextEncoding::UTF_8, End::Nul),
            (long.clone().into_bytes(), TextEncoding::UTF_8, End::Line),
            (long.trim_end().into(), TextEncoding::UTF_8, End::WithinLine),
            (utf16("dn: a\n"), TextEncoding::UTF_16LE, End::Line),
            (utf16("dn: a"), TextEncoding::UTF_16LE, End::WithinLine),
            (utf16("dn: a\n\0\0"), TextEncoding::UTF_16LE, End::Nul),
        ] {
            let mut file = tempfile::tempfile().unwrap();
            io::Write::write_all(&mut file, &bytes).unwrap();
            let end = End::of(&file, bytes.len() as u64, encoding).unwrap();
            assert_eq!(end, expected, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn a_doubled_cr_is_at_the_end_of_most_lines() {
        assert!(has_doubled_cr("dn: a\r\r\ncn: a\r\r\n"));
        assert!(has_doubled_cr("# a tool\r\ndn: a\r\r\ncn: a\r\r\n"));
        assert!(
            !has_doubled_cr("dn: a\r\r\ncn: a\r\n") && !has_doubled_cr("dn: a\n") && !has_doubled_cr("\r\r")
        );
    }
}
