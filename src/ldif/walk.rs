//! The walk over blocks, records and lines in a text, without copying.

use crate::base64;
use crate::ends::LineEnds;
use crate::line::{Line, behind_line_end, is_indented_line, line_end, type_length};
use crate::names::Names;
use crate::search::{self, SearchNote, physical};

/// Walks the blocks of `text`, which must be UTF-8 without a byte order mark (see [`Decoder`](crate::Decoder)).
#[must_use]
pub fn blocks(text: &[u8]) -> Blocks<'_> {
    Blocks { cursor: Cursor::new(text) }
}

/// Returns the logical line that begins at `at`, up to the end of its folds.
#[must_use]
pub fn line_at(text: &[u8], at: usize) -> Line<'_> {
    Line::read(text, text.len(), at)
}

/// A block: what is between two blank lines.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Block<'a> {
    /// An entry or a change.
    Record(RawRecord<'a>),
    /// `version: 1`.
    Version(Line<'a>),
    /// A part of the directory that is not in the export: `ref: ldap://…`, or the comment `# refldap://…`.
    Referral(Line<'a>),
    /// The end of a search by ldapsearch: `search:`, `result:` and the lines that belong to them.
    Trailer(RawRecord<'a>),
    /// A comment or a separate line in which a tool reports about its search.
    SearchNote(Line<'a>, SearchNote),
    /// A folded comment with a `dn:` at the beginning of a line: perhaps a record that was indented.
    Hidden(Line<'a>),
}

/// An iterator over the blocks of a text, in order; see [`blocks`].
#[derive(Debug, Clone)]
pub struct Blocks<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    #[inline]
    fn next(&mut self) -> Option<Block<'a>> {
        match self.cursor.next_block()? {
            BlockStart::Record(start) => {
                self.cursor.leave_record();
                Some(Block::Record(RawRecord { text: self.cursor.text, start, end: self.cursor.at }))
            }
            BlockStart::Other(block) => Some(block),
        }
    }
}

/// A place in a text, moved forward block by block and line by line.
///
/// A cursor returns the same as [`blocks`], for callers that only read the lines of a record in order: the end of the
/// record is found on the way, so that no line is searched for twice.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    text: &'a [u8],
    ends: LineEnds<'a>,
    at: usize,
    /// Whether `at` is inside a record.
    inside: bool,
    /// Whether the current record may have a fault in the skipped lines.
    doubtful: bool,
    /// Whether the current or last block is a record.
    in_record: bool,
}

/// The next block of a [`Cursor`].
#[derive(Debug, Clone, Copy)]
pub enum BlockStart<'a> {
    /// A record that begins at this offset; [`Cursor::next_line`] returns its lines.
    Record(usize),
    /// A whole block that is not a record.
    Other(Block<'a>),
}

impl<'a> Cursor<'a> {
    /// Creates a cursor at the beginning of `text`, which must be UTF-8 without a byte order mark (see
    /// [`Decoder`](crate::Decoder)).
    #[must_use]
    pub fn new(text: &'a [u8]) -> Self {
        Self { text, ends: LineEnds::new(text, 0), at: 0, inside: false, doubtful: false, in_record: false }
    }

    /// Creates a cursor at the beginning of this record, which never looks beyond its end.
    fn inside(raw: &RawRecord<'a>) -> Self {
        let ends = LineEnds::new(&raw.text[..raw.end], raw.start);
        let inside = raw.start < raw.end;
        Self { text: raw.text, ends, at: raw.start, inside, doubtful: false, in_record: true }
    }

    /// Skips the rest of the current record, and begins the next block.
    #[inline]
    pub fn next_block(&mut self) -> Option<BlockStart<'a>> {
        self.leave_record();
        let begun = self.begin_block()?;
        self.in_record = matches!(begun, BlockStart::Record(_));
        Some(begun)
    }

    /// Whether the last block of the text, which must have been walked to its end, is a record.
    #[must_use]
    pub fn ends_in_record(&self) -> bool {
        self.in_record
    }

    /// Begins the next block behind blank lines and comments that say nothing.
    // BE ADVISED: as the result of a call, the block would be returned through memory.
    #[inline(always)]
    fn begin_block(&mut self) -> Option<BlockStart<'a>> {
        let text = self.text;
        self.doubtful = false;
        loop {
            match *text.get(self.at)? {
                b'\n' | b'\r' => self.at += 1,
                b' ' if is_blank_of_spaces(text, self.at) => self.at = line_end(text, self.at).1,
                b'#' => {
                    let line = Line::read(text, text.len(), self.at);
                    self.at = line.next;
                    if text[line.start..].starts_with(b"# refldap") {
                        return Some(BlockStart::Other(Block::Referral(line)));
                    }
                    if line.folded && memchr::memmem::find(line.bytes(), b"\n dn:").is_some() {
                        return Some(BlockStart::Other(Block::Hidden(line)));
                    }
                    if let Some(said) = search::comment(physical(line.bytes())) {
                        return Some(BlockStart::Other(Block::SearchNote(line, said)));
                    }
                }
                CTRL_Z if behind_line_of(CTRL_Z, text, self.at).is_some() => {
                    self.at = line_end(text, self.at).1
                }
                0xEF if text[self.at..].starts_with(BOM) => {
                    self.at += BOM.len();
                    self.doubtful = true;
                }
                _ => break,
            }
        }
        let start = self.at;
        if let Some(end) = search::prompt(&text[start..]).map(|length| start + length) {
            self.at = end;
            return Some(BlockStart::Other(Block::SearchNote(
                Line::new(text, start, end, end, false),
                SearchNote::Other,
            )));
        }
        let keyword = keyword(&text[start..]);
        let Some(keyword) = keyword else {
            self.inside = true;
            return Some(BlockStart::Record(start));
        };
        let line = Line::read(text, text.len(), start);
        self.at = line.next;
        Some(BlockStart::Other(match keyword {
            Keyword::Version => Block::Version(line),
            Keyword::Ref => Block::Referral(line),
            Keyword::SearchNote(said) => Block::SearchNote(line, said),
            Keyword::Trailer => {
                while !ends_trailer(text, self.at) {
                    self.at = line_end(text, self.at).1;
                }
                Block::Trailer(RawRecord { text, start, end: self.at })
            }
        }))
    }

    /// Returns the record that began at `start`, up to the lines that were returned or skipped.
    #[must_use]
    pub fn record(&self, start: usize) -> RawRecord<'a> {
        RawRecord { text: self.text, start, end: self.at }
    }

    /// Counts the line ends before the current place, which must be the beginning of a record.
    #[must_use]
    pub fn lines_before(&mut self) -> u64 {
        self.ends.count_before(self.at) as u64
    }

    /// Whether the record that began at `start`, and was read to its end by [`Cursor::next_selected`], may have a fault
    /// in a skipped line, or around its lines; if not, there is none.
    #[inline]
    #[must_use]
    pub fn is_doubtful(&self, start: usize) -> bool {
        self.doubtful || self.ends.may_have_controls(start) || self.text.get(self.at) == Some(&b' ')
    }

    /// Returns the next logical line of the current record, without comments; `None` at its end.
    #[inline]
    pub fn next_line(&mut self) -> Option<Line<'a>> {
        loop {
            let lines = self.next_lines()?;
            if self.text[lines.start] != b'#' {
                let length = type_length(&self.text[lines.start..]);
                return Some(self.line(&lines, length));
            }
        }
    }

    /// Returns the next logical line whose attribute type `select` accepts, with the result of `select`; other lines
    /// are skipped. `select` is called once for each type, as far as `names` remembers them. A line is always returned
    /// if its type is not directly before a colon, because it has options, for example, or if it has no colon.
    // BE ADVISED: this takes more time than any other function. In the loop of a caller its values would no longer fit into
    // the registers.
    #[inline(never)]
    pub fn next_selected<T: Copy>(
        &mut self,
        names: &mut Names<'a, Option<T>>,
        mut select: impl FnMut(&[u8]) -> Option<T>,
    ) -> Option<(Line<'a>, Option<T>)> {
        let text = self.ends.text();
        while self.inside {
            let expected = names.expected(&text[self.at..]);
            let lines = self.next_lines()?;
            let (length, selected) = match expected {
                Some(known) => known,
                None if text[lines.start] == b'#' => continue,
                None => {
                    let length = type_length(&text[lines.start..]);
                    let colon = lines.start + length;
                    if text.get(colon) != Some(&b':') {
                        return Some((self.line(&lines, length), None));
                    }
                    (length, names.find(&text[lines.start..=colon], &mut select))
                }
            };
            if selected.is_some() {
                return Some((lines.plain(text, length), selected));
            }
            self.doubtful |= may_be_faulty(text, lines.start, lines.start + length, lines.end);
        }
        None
    }

    /// Returns the logical line in these physical lines, which begin with an attribute type of this length.
    #[inline]
    fn line(&mut self, lines: &LineSpan, length: usize) -> Line<'a> {
        let text = self.ends.text();
        let LineSpan { start, end, next, folded } = *lines;
        if text.get(start + length) == Some(&b':') {
            return lines.plain(text, length);
        }
        let line = Line::new(text, start, end, next, folded);
        self.doubtful |= line.has_colon() && text[line.type_end] != b';';
        line
    }

    /// Moves past the next physical line of the current record and its continuation lines.
    #[inline(always)]
    fn next_lines(&mut self) -> Option<LineSpan> {
        if !self.inside {
            return None;
        }
        // In a cursor over one record, this text ends with the record; `self.text` goes on.
        let text = self.ends.text();
        let start = self.at;
        let first_end = self.ends.end(start);
        let next = behind_line_end(text, first_end);
        let (end, next) =
            if begins_line(text, next) { (first_end, next) } else { self.pass_folds(first_end, next) };
        self.at = next;
        Some(LineSpan { start, end, next, folded: end > first_end })
    }

    /// Finds the continuation lines of a line with this end and this start of the next line, and returns the end of the last
    /// of them and the start of the line after it. The record may end there.
    // BE ADVISED: two numbers are returned in registers; a struct would be returned through memory, for each line.
    #[inline(never)]
    fn pass_folds(&mut self, mut end: usize, mut next: usize) -> (usize, usize) {
        let text = self.ends.text();
        loop {
            self.inside = next < text.len() && !ends_block(self.text, next);
            if !self.inside || !is_fold(text, next) {
                return (end, next);
            }
            self.doubtful |= text[next] == b'\t';
            end = self.ends.end(next);
            next = behind_line_end(text, end);
            if begins_line(text, next) {
                return (end, next);
            }
        }
    }

    /// Moves to the end of the current record.
    #[inline]
    fn leave_record(&mut self) {
        while self.inside {
            self.at = behind_line_end(self.text, self.ends.end(self.at));
            self.inside = begins_line(self.text, self.at) || !ends_block(self.text, self.at);
        }
    }
}

/// The position of a physical line and its continuation lines.
struct LineSpan {
    start: usize,
    end: usize,
    next: usize,
    folded: bool,
}

impl LineSpan {
    /// Returns the line, whose attribute type has this length and is directly before a colon.
    #[inline(always)]
    fn plain<'a>(&self, text: &'a [u8], length: usize) -> Line<'a> {
        let Self { start, end, next, folded } = *self;
        Line { text, start, type_end: start + length, colon: start + length, end, next, folded }
    }
}

/// The end-of-file mark of DOS. A line of it counts as a blank line anywhere, so that the chunks of a text are read
/// like the whole.
const CTRL_Z: u8 = 0x1A;
const BOM: &[u8] = "\u{FEFF}".as_bytes();

enum Keyword {
    Version,
    Ref,
    Trailer,
    SearchNote(SearchNote),
}

/// Returns the keyword in the first line of a block that is not a record.
#[inline]
fn keyword(text: &[u8]) -> Option<Keyword> {
    let begins_with = |name: &[u8]| text.len() >= name.len() && text[..name.len()].eq_ignore_ascii_case(name);
    match text.first()? | 0x20 {
        b'v' if begins_with(b"version:") => Some(Keyword::Version),
        b'r' if begins_with(b"ref:") => Some(Keyword::Ref),
        b'r' if begins_with(b"result:") => Some(Keyword::Trailer),
        b's' if begins_with(b"search:") => Some(Keyword::Trailer),
        b'd' if begins_with(b"dn:") => None,
        _ => SearchNote::of_first_line(text).map(Keyword::SearchNote),
    }
}

/// Whether the line at `at` no longer belongs to a trailer: it ends the block, or an attribute begins there, of a record
/// that lost its blank line or its DN.
fn ends_trailer(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        None | Some(b'\n' | b'\r') => true,
        Some(b' ') => false,
        Some(b'#') => search::comment(physical(&text[at..])).is_some(),
        Some(_) => search::begins_foreign_attribute(&text[at..]) && keyword(&text[at..]).is_none(),
    }
}

/// Whether the line at `at` continues the one before it.
#[inline]
fn is_fold(text: &[u8], at: usize) -> bool {
    match text[at] {
        b' ' => true,
        b'\t' => !is_indented_line(text, at),
        _ => false,
    }
}

/// Whether the grammar may find a fault in the line from `start` to `end`, whose attribute type ends at `colon`. If
/// not, there is none except control characters.
#[inline(always)]
fn may_be_faulty(text: &[u8], start: usize, colon: usize, end: usize) -> bool {
    let is_sound = match text.get(colon + 1) {
        Some(b' ') => text[end - 1] != b' ',
        Some(b':') => base64::is_sound(&text[colon + 2..end]),
        _ => is_sound_without_space(text, start, colon, end),
    };
    !(is_sound && text[start].is_ascii_alphabetic())
}

/// Whether the grammar can find no fault in a line with another byte after the colon. Its type may contain a file name,
/// as added by grep.
#[inline(never)]
fn is_sound_without_space(text: &[u8], start: usize, colon: usize, end: usize) -> bool {
    text[end - 1] != b' ' && text.get(colon + 1) != Some(&b'<') && !text[start..colon].contains(&b'.')
}

/// Whether a line of the block begins at `at`, as nearly everywhere: it is no fold, and cannot end the block.
#[inline(always)]
fn begins_line(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(|&first| ORDINARY[usize::from(first)] || search::is_attribute(&text[at..]))
}

/// The first bytes of lines that are neither folded nor end a block: these include all letters with which no tool
/// begins.
const ORDINARY: [bool; 256] = {
    let mut ordinary = [false; 256];
    let mut byte = b'a';
    while byte <= b'z' {
        ordinary[byte as usize] = !search::MAY_SAY[byte as usize];
        byte += 1;
    }
    ordinary[b'-' as usize] = true;
    ordinary
};

/// Whether a block ends before the line at `at`: it ends at a blank line, an equivalent of one, and the end of the
/// text.
#[inline]
fn ends_block(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        None | Some(b'\n' | b'\r') => true,
        Some(b' ') => is_blank_of_spaces(text, at),
        Some(&CTRL_Z) => behind_line_of(CTRL_Z, text, at).is_some(),
        Some(b'\t') => false,
        Some(_) => search::begins(text, at),
    }
}

/// Whether the line at `at` consists of spaces where a blank line was meant.
///
/// That is so before the `dn:` of a record, a blank line or the end. Any other line of spaces is the fold that it
/// appears to be.
#[inline]
fn is_blank_of_spaces(text: &[u8], at: usize) -> bool {
    if !matches!(text.get(at + 1), None | Some(b' ' | b'\n' | b'\r')) {
        return false;
    }
    let mut next = at;
    // BE ADVISED: without a limit, a file of such lines would take quadratic time.
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

/// How many lines of spaces and comments may precede the `dn:` that turns the first into a blank line.
const LOOKAHEAD: usize = 16;

/// Returns where the next line begins, if the line at `at` contains only `byte`.
fn behind_line_of(byte: u8, text: &[u8], at: usize) -> Option<usize> {
    let (end, next) = line_end(text, at);
    text[at..end].iter().all(|&b| b == byte).then_some(next)
}

/// The physical lines of one record.
#[derive(Debug, Clone, Copy)]
pub struct RawRecord<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl<'a> RawRecord<'a> {
    /// Returns the offset of its first byte in the slice given to [`blocks`].
    #[must_use]
    pub fn at(&self) -> usize {
        self.start
    }

    /// Returns the offset after its last byte, including the last line end.
    #[must_use]
    pub fn end(&self) -> usize {
        self.end
    }

    /// Returns its bytes unchanged.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        &self.text[self.start..self.end]
    }

    /// Returns its logical lines in order, without comments.
    #[must_use]
    pub fn lines(&self) -> Lines<'a> {
        Lines { cursor: Cursor::inside(self) }
    }

    /// Iterates over what the lines of a trailer report about the search, with the places of these lines.
    pub fn search_notes(&self) -> impl Iterator<Item = (usize, SearchNote)> + use<'a> {
        let (text, limit, mut at) = (self.text, self.end, self.start);
        let lines = std::iter::from_fn(move || {
            let line = (at < limit).then(|| Line::read(text, limit, at))?;
            at = line.next;
            Some(line)
        });
        lines.filter_map(|line| {
            let said = match () {
                () if line.is("result") => {
                    let written = line.written();
                    let whole = written.split(|b| !b.is_ascii_digit()).next() == Some(b"0");
                    SearchNote::Ended { whole }
                }
                () if line.is("pagedresults") => search::page(&line.written())?,
                () if line.is("control") => search::page_control(&line.written())?,
                () => return None,
            };
            Some((line.value_at(), said))
        })
    }

    /// Whether a stray byte order mark is right before it.
    pub(crate) fn follows_bom(&self) -> bool {
        self.text[..self.start].ends_with(BOM)
    }

    /// Returns the offset and length of the line of spaces that ended it, if one did.
    pub(crate) fn space_line(&self) -> Option<(usize, usize)> {
        let (end, _) = line_end(self.text, self.end);
        (self.text.get(self.end) == Some(&b' ')).then_some((self.end, end - self.end))
    }
}

/// An iterator over the logical lines of a record; see [`RawRecord::lines`].
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        self.cursor.next_line()
    }
}
