//! A logical line: its name, its value, and the place of each byte of the value.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2};
use wide::u8x16;

use crate::base64;
use crate::fault::{Fault, FaultKind};

/// The kind of a logical line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// `name: value`.
    Plain,
    /// `name:: base64`.
    Base64,
    /// `name:< url`.
    Url,
    /// `-`, the end of a modification.
    Dash,
    /// Anything else: a line without `:`.
    NoColon,
}

/// A logical line: a physical line with its continuations.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) start: usize,
    /// The first `;` or `:`, or `end`.
    pub(crate) type_end: usize,
    /// The first `:`, or `end`.
    pub(crate) colon: usize,
    /// The end, without the last line end.
    pub(crate) end: usize,
    pub(crate) next: usize,
    pub(crate) folded: bool,
}

impl<'a> Line<'a> {
    /// Reads the line that begins at `start`, in a block that ends at `limit`.
    #[inline]
    pub(crate) fn read(text: &'a [u8], limit: usize, start: usize) -> Self {
        let (mut end, mut next) = line_end(&text[..limit], start);
        let mut folded = false;
        while let Some(first @ (b' ' | b'\t')) = text[..limit].get(next) {
            if *first == b'\t' && is_indented_line(text, next) {
                break;
            }
            (end, next) = line_end(&text[..limit], next);
            folded = true;
        }
        Self::new(text, start, end, next, folded)
    }

    /// Creates the line from `start` to `end`; `next` is after its line end.
    #[inline]
    pub(crate) fn new(text: &'a [u8], start: usize, end: usize, next: usize, folded: bool) -> Self {
        let find = |found: Option<usize>, from: usize| found.map_or(end, |i| from + i);
        let type_end = find(memchr2(b';', b':', &text[start..end]), start);
        let colon = match text[..end].get(type_end) {
            Some(b';') => find(memchr(b':', &text[type_end..end]), type_end),
            _ => type_end,
        };
        Line { text, start, type_end, colon, end, next, folded }
    }

    /// Whether the line has a `:`.
    #[inline]
    #[must_use]
    pub fn has_colon(&self) -> bool {
        self.colon < self.end
    }

    /// Returns the kind of the line.
    #[inline]
    #[must_use]
    pub fn kind(&self) -> LineKind {
        if self.colon == self.end {
            let dash = self.text[self.start] == b'-'
                && self.unfolded(self.start + 1, self.end).iter().all(|&b| b == b' ');
            return if dash { LineKind::Dash } else { LineKind::NoColon };
        }
        match self.text[..self.end].get(self.behind_colon()) {
            Some(b':') => LineKind::Base64,
            Some(b'<') => LineKind::Url,
            _ => LineKind::Plain,
        }
    }

    /// Returns the attribute type, without options. Borrowed unless a fold is inside it.
    #[inline]
    #[must_use]
    pub fn name(&self) -> Cow<'a, [u8]> {
        self.unfolded(self.start, self.type_end)
    }

    /// Returns the options without the leading `;`, such as `lang-fr;binary`; empty if there are none.
    #[inline]
    #[must_use]
    pub fn options(&self) -> Cow<'a, [u8]> {
        if !self.has_options() {
            return Cow::Borrowed(&[]);
        }
        self.unfolded(self.type_end + 1, self.colon)
    }

    /// Whether the attribute type has options.
    #[inline]
    #[must_use]
    pub fn has_options(&self) -> bool {
        self.type_end < self.colon
    }

    /// Returns the attribute description: the type and its options, as written.
    #[inline]
    #[must_use]
    pub fn description(&self) -> Cow<'a, [u8]> {
        self.unfolded(self.start, self.colon)
    }

    /// Whether the attribute type, without options, is `name` in any letter case.
    #[inline]
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name.as_bytes())
    }

    /// Returns the offset of its first byte in the slice given to [`blocks`](crate::blocks).
    #[inline]
    #[must_use]
    pub fn at(&self) -> usize {
        self.start
    }

    /// Returns the offset after its last byte, without the last line end.
    #[inline]
    #[must_use]
    pub fn end(&self) -> usize {
        self.end
    }

    /// Returns its bytes unchanged, including folds.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        &self.text[self.start..self.end]
    }

    /// Returns the offset of the first byte of the value as written, after the colons and the following spaces.
    #[inline]
    #[must_use]
    pub fn value_at(&self) -> usize {
        if self.colon == self.end {
            return self.end;
        }
        let mut at = self.behind_colon();
        if matches!(self.text[..self.end].get(at), Some(b':' | b'<')) {
            at = self.over_folds(at + 1);
        }
        while self.text[..self.end].get(at) == Some(&b' ') {
            at = self.over_folds(at + 1);
        }
        at
    }

    /// Returns the value as written: without folds, but with base64 not decoded.
    #[inline]
    #[must_use]
    pub fn written(&self) -> Cow<'a, [u8]> {
        self.unfolded(self.value_at(), self.end)
    }

    /// Returns the value: unfolded, decoded, without leading spaces. Borrowed if it is plain and not folded.
    ///
    /// Bytes of a plain value that are not UTF-8 are returned unchanged; see
    /// [`windows_1252`](crate::text::windows_1252).
    ///
    /// # Errors
    ///
    /// Base64 that does not decode, a value by URL (which is never opened), and a line without a value.
    #[inline]
    pub fn value(&self) -> Result<Cow<'a, [u8]>, Fault> {
        // Nearly all values are plain, and asking for the kind first takes twice as long.
        if let Some(plain) = self.plain() {
            return Ok(Cow::Borrowed(&self.text[plain]));
        }
        match self.kind() {
            LineKind::Plain => Ok(self.written()),
            LineKind::Base64 => self.decoded(&self.written()).map(Cow::Owned),
            LineKind::Url => {
                let at = self.value_at();
                Err(Fault::new(FaultKind::Url, at, self.rest(at)).in_line(self))
            }
            LineKind::Dash | LineKind::NoColon => {
                Err(Fault::new(FaultKind::NoColon, self.start, self.rest(self.start)))
            }
        }
    }

    /// Returns the range of the value, if it is plain and in one piece.
    #[inline]
    #[must_use]
    pub fn plain(&self) -> Option<Range<usize>> {
        if self.folded || self.colon == self.end {
            return None;
        }
        let mut start = self.colon + 1;
        if matches!(self.text[..self.end].get(start), Some(b':' | b'<')) {
            return None;
        }
        while self.text[..self.end].get(start) == Some(&b' ') {
            start += 1;
        }
        Some(start..self.end)
    }

    /// Decodes base64 as written in the value.
    fn decoded(&self, written: &[u8]) -> Result<Vec<u8>, Fault> {
        base64::decode(written).map_err(|(kind, i)| {
            let len = match kind {
                FaultKind::Base64Character(c) if !c.is_ascii() => {
                    // A byte that is not UTF-8 represents itself.
                    if written[i..].starts_with(c.encode_utf8(&mut [0; 4]).as_bytes()) {
                        c.len_utf8()
                    } else {
                        1
                    }
                }
                _ => usize::from(i < written.len()),
            };
            Fault::new(kind, self.place(i), len).in_line(self)
        })
    }

    /// Returns the offset of byte `index` of the decoded value, through folds and base64; the end of the line if the
    /// value is shorter.
    ///
    /// A byte of a base64 value is in two characters: the first of them counts.
    #[must_use]
    pub fn locate(&self, index: usize) -> usize {
        match self.kind() {
            LineKind::Base64 => self.place(index / 3 * 4 + index % 3),
            _ => self.place(index),
        }
    }

    /// Returns the offset of byte `index` of the value as written.
    fn place(&self, index: usize) -> usize {
        let mut at = self.value_at();
        if !self.folded {
            return (at + index).min(self.end);
        }
        let mut left = index;
        loop {
            let end = self.physical_end(at);
            if left < end - at || end == self.end {
                return (at + left).min(self.end);
            }
            left -= end - at;
            at = line_end(self.text, at).1 + 1;
        }
    }

    /// Counts the bytes from `at` to the end of its physical line.
    pub(crate) fn rest(&self, at: usize) -> usize {
        self.physical_end(at) - at
    }

    /// Returns the end of the physical line that contains `at`.
    fn physical_end(&self, at: usize) -> usize {
        line_end(&self.text[..self.end], at).0
    }

    /// Whether the line has continuation lines.
    #[inline]
    #[must_use]
    pub fn is_folded(&self) -> bool {
        self.folded
    }

    /// Whether the line has a continuation line that begins with a tab.
    #[inline]
    #[must_use]
    pub fn is_folded_by_tab(&self) -> bool {
        self.folded && self.tab_folds().next().is_some()
    }

    /// Iterates over the offsets of the continuation lines that begin with a tab.
    pub(crate) fn tab_folds(&self) -> impl Iterator<Item = usize> + use<'a> {
        let (text, mut at) = (&self.text[..self.end], self.start);
        std::iter::from_fn(move || {
            loop {
                at = line_end(text, at).1;
                if *text.get(at)? == b'\t' {
                    return Some(at);
                }
            }
        })
    }

    /// Returns the offset after the colon, and after any folds there.
    #[inline]
    fn behind_colon(&self) -> usize {
        self.over_folds(self.colon + 1)
    }

    /// Returns `at`, or the offset after the folds there.
    #[inline]
    fn over_folds(&self, mut at: usize) -> usize {
        while self.folded && at < self.end && matches!(self.text[at], b'\n' | b'\r') {
            at = line_end(self.text, at).1 + 1;
        }
        at
    }

    /// Returns the bytes from `from` to `to` without folds.
    #[inline]
    fn unfolded(&self, from: usize, to: usize) -> Cow<'a, [u8]> {
        let bytes = &self.text[from..to];
        if !self.folded || memchr2(b'\n', b'\r', bytes).is_none() {
            return Cow::Borrowed(bytes);
        }
        Cow::Owned(unfold(bytes))
    }
}

/// Whether the line at `at` is an attribute after a tab, as written by curl, and not a continuation.
pub(crate) fn is_indented_line(text: &[u8], at: usize) -> bool {
    let indent = text[at..].iter().take_while(|&&b| b == b'\t').count();
    let line = &text[at + indent..];
    let name = line.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b';')).count();
    line.first().is_some_and(u8::is_ascii_alphabetic)
        && line.get(name) == Some(&b':')
        && matches!(line.get(name + 1), None | Some(b' ' | b':' | b'\n' | b'\r'))
}

/// Returns the length of the attribute type at the beginning of `text`: up to the first `:`, `;`, or byte that no type
/// contains, such as `=`, a byte below the hyphen, which includes line ends, or a byte beyond ASCII.
#[inline]
pub(crate) fn type_length(text: &[u8]) -> usize {
    // Names are short: nearly all end within the first parts.
    for (at, part) in (0..).step_by(16).zip(text.as_chunks::<16>().0) {
        let part = u8x16::from(*part);
        // Below 0x80 - b'-' for the ASCII characters from the hyphen on.
        let behind_hyphen = part - u8x16::splat(b'-');
        let is_excluded = behind_hyphen.max(u8x16::splat(0x80 - b'-')).simd_eq(behind_hyphen);
        // From the colon to the `@`.
        let behind_colon = part - u8x16::splat(b':');
        let is_mark = behind_colon.min(u8x16::splat(b'@' - b':')).simd_eq(behind_colon);
        let found = (is_excluded | is_mark).to_bitmask();
        if found != 0 {
            return at + found.trailing_zeros() as usize;
        }
    }
    let ends = |&byte: &u8| byte < b'-' || !byte.is_ascii() || matches!(byte, b':'..=b'@');
    text.iter().position(ends).unwrap_or(text.len())
}

/// Returns the end of the physical line at `at` without its line end, and with it.
#[inline]
pub(crate) fn line_end(text: &[u8], at: usize) -> (usize, usize) {
    match memchr2(b'\n', b'\r', &text[at..]) {
        None => (text.len(), text.len()),
        Some(i) => (at + i, behind_line_end(text, at + i)),
    }
}

/// Returns where the next line begins, if `at` is a line end.
#[inline]
pub(crate) fn behind_line_end(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        None => at,
        Some(b'\r') if text.get(at + 1) == Some(&b'\n') => at + 2,
        Some(_) => at + 1,
    }
}

/// Removes the folds.
fn unfold(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let (end, next) = line_end(bytes, at);
        out.extend_from_slice(&bytes[at..end]);
        // The space or tab at the beginning of the continuation.
        at = next + 1;
    }
    out
}
