//! Blocks, records and their lines where they stand in the text, without a copy.

use crate::line::{Line, line_end};

/// Walks the blocks of `text`, which is UTF-8 without a byte order mark (see [`Decoder`](crate::Decoder)).
#[must_use]
pub fn records(text: &[u8]) -> Records<'_> {
    Records { text, at: 0 }
}

/// What stands between two blank lines.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Block<'a> {
    /// An entry or a change.
    Record(Raw<'a>),
    /// `version: 1`.
    Version(Line<'a>),
    /// A part of the directory that the export left out: `ref: ldap://…`, or the comment `# refldap://…`.
    Referral(Line<'a>),
    /// How the search of ldapsearch ended: `search:`, `result:` and what belongs to them.
    Trailer(Raw<'a>),
}

/// The blocks of a text, in order; see [`records`].
#[derive(Debug, Clone)]
pub struct Records<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Records<'a> {
    type Item = Block<'a>;

    #[inline]
    fn next(&mut self) -> Option<Block<'a>> {
        let text = self.text;
        loop {
            match *text.get(self.at)? {
                b'\n' | b'\r' => self.at += 1,
                b' ' if blank_of_spaces(text, self.at) => self.at = line_end(text, self.at).1,
                b'#' => {
                    let line = Line::read(text, text.len(), self.at);
                    self.at = line.next;
                    if text[line.start..].starts_with(b"# refldap") {
                        return Some(Block::Referral(line));
                    }
                }
                CTRL_Z if behind_line_of(CTRL_Z, text, self.at).is_some() => {
                    self.at = line_end(text, self.at).1
                }
                0xEF if text[self.at..].starts_with(BOM) => self.at += BOM.len(),
                _ => break,
            }
        }
        let start = self.at;
        match keyword(&text[start..]) {
            Some(Keyword::Version) => {
                let line = Line::read(text, text.len(), start);
                self.at = line.next;
                return Some(Block::Version(line));
            }
            Some(Keyword::Ref) => {
                let line = Line::read(text, text.len(), start);
                self.at = line.next;
                return Some(Block::Referral(line));
            }
            Some(Keyword::Trailer) => {
                self.at = block_end(text, start);
                return Some(Block::Trailer(Raw { text, start, end: self.at }));
            }
            None => {}
        }
        self.at = block_end(text, start);
        Some(Block::Record(Raw { text, start, end: self.at }))
    }
}

/// The end of the file to DOS. A line of it stands for a blank line wherever it is, so that the chunks of a text
/// read as the whole does.
const CTRL_Z: u8 = 0x1A;
const BOM: &[u8] = "\u{FEFF}".as_bytes();

enum Keyword {
    Version,
    Ref,
    Trailer,
}

/// What the first line of a block says, when it is no record.
#[inline]
fn keyword(text: &[u8]) -> Option<Keyword> {
    let is = |name: &[u8]| text.len() >= name.len() && text[..name.len()].eq_ignore_ascii_case(name);
    match text.first()? | 0x20 {
        b'v' if is(b"version:") => Some(Keyword::Version),
        b'r' if is(b"ref:") => Some(Keyword::Ref),
        b'r' if is(b"result:") => Some(Keyword::Trailer),
        b's' if is(b"search:") => Some(Keyword::Trailer),
        _ => None,
    }
}

/// Where the block that begins at `at` ends: at a blank line, what stands for one, or the end of the text.
#[inline]
fn block_end(text: &[u8], mut at: usize) -> usize {
    loop {
        at = line_end(text, at).1;
        match text.get(at) {
            None | Some(b'\n' | b'\r') => return at,
            Some(b' ') if blank_of_spaces(text, at) => return at,
            Some(&CTRL_Z) if behind_line_of(CTRL_Z, text, at).is_some() => return at,
            Some(_) => {}
        }
    }
}

/// Is the line at `at` one of spaces where a blank line was meant?
///
/// It is before the `dn:` of a record, a blank line or the end. Any other line of spaces is the fold that it looks
/// like.
#[inline]
fn blank_of_spaces(text: &[u8], at: usize) -> bool {
    if !matches!(text.get(at + 1), None | Some(b' ' | b'\n' | b'\r')) {
        return false;
    }
    let mut next = at;
    // BE ADVISED: without a bound, a file of such lines would take quadratic time.
    for _ in 0..LOOKAHEAD {
        match text.get(next) {
            Some(b'#') => next = Line::read(text, text.len(), next).next,
            Some(b' ') => match behind_line_of(b' ', text, next) {
                Some(end) => next = end,
                None => return false,
            },
            None | Some(b'\n' | b'\r') => return true,
            Some(_) => return text[next..].get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"dn:")),
        }
    }
    false
}

/// Lines of spaces and comments that may stand before the `dn:` that makes a blank line of the first.
const LOOKAHEAD: usize = 16;

/// Where the next line begins, if the line at `at` holds nothing but `byte`.
fn behind_line_of(byte: u8, text: &[u8], at: usize) -> Option<usize> {
    let (end, next) = line_end(text, at);
    text[at..end].iter().all(|&b| b == byte).then_some(next)
}

/// The physical lines of one record.
#[derive(Debug, Clone, Copy)]
pub struct Raw<'a> {
    pub(crate) text: &'a [u8],
    start: usize,
    end: usize,
}

impl<'a> Raw<'a> {
    /// Offset of its first byte in the slice given to [`records`].
    #[must_use]
    pub fn at(&self) -> usize {
        self.start
    }

    /// Offset after its last byte, the last line end included.
    #[must_use]
    pub fn end(&self) -> usize {
        self.end
    }

    /// Its bytes as they stand.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        &self.text[self.start..self.end]
    }

    /// Its logical lines in order, without comments.
    #[must_use]
    pub fn lines(&self) -> Lines<'a> {
        Lines { text: self.text, at: self.start, end: self.end }
    }

    /// The code of its `result:` line, for the trailer of ldapsearch: 0 if the search came to its end.
    #[must_use]
    pub fn result(&self) -> Option<u32> {
        let line = self.lines().find(|line| line.is("result"))?;
        let written = line.written();
        let digits = written.iter().take_while(|b| b.is_ascii_digit()).count();
        std::str::from_utf8(&written[..digits]).ok()?.parse().ok()
    }

    /// Does a stray byte order mark stand right before it?
    pub(crate) fn follows_bom(&self) -> bool {
        self.text[..self.start].ends_with(BOM)
    }

    /// The line of spaces that ended it, if one did: its offset and its length.
    pub(crate) fn space_line(&self) -> Option<(usize, usize)> {
        let (end, _) = line_end(self.text, self.end);
        (self.text.get(self.end) == Some(&b' ')).then_some((self.end, end - self.end))
    }
}

/// The logical lines of a record; see [`Raw::lines`].
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    #[inline]
    fn next(&mut self) -> Option<Line<'a>> {
        while self.at < self.end {
            let line = Line::read(self.text, self.end, self.at);
            self.at = line.next;
            if self.text[line.start] != b'#' {
                return Some(line);
            }
        }
        None
    }
}
