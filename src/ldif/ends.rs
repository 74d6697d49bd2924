//! The search for line ends, a stretch of text at a time.

use wide::u8x16;

/// How many bytes are examined together.
const BLOCK: usize = 64;
/// The length of a short line.
const USUAL_LINE: usize = 16;
/// How many bytes are searched at a time: few at first, for callers that want a single record, then twice as many each
/// time.
const FIRST_STRETCH: usize = 512;
const STRETCH: usize = 4096;

/// Finds line ends from left to right: CRLF, LF and CR alone are one each.
///
/// A new search for each line costs more than reading it, and its step from one block to the next is unpredictable for
/// a processor. Here, all lines of a stretch are found in one go, and each line costs a look into a list.
#[derive(Debug, Clone)]
pub(crate) struct LineEnds<'a> {
    text: &'a [u8],
    /// The line ends of the current stretch, and the index of the first that may still be requested.
    found: Vec<usize>,
    next: usize,
    /// The number of line ends in the earlier stretches.
    passed: usize,
    /// The end of the searched text, and the length of the next search.
    searched: usize,
    stretch: usize,
    /// Whether the last searched byte is a CR, whose LF is not a line end of its own.
    after_cr: bool,
    /// The offset after the last control character other than a line end or a tab.
    odd_before: usize,
}

impl<'a> LineEnds<'a> {
    /// Creates a search from `at`, which must not be the LF of a CRLF.
    pub(crate) fn new(text: &'a [u8], at: usize) -> Self {
        Self {
            text,
            found: Vec::new(),
            next: 0,
            passed: 0,
            searched: at,
            stretch: FIRST_STRETCH,
            after_cr: false,
            odd_before: 0,
        }
    }

    /// Returns the text that is searched.
    #[inline]
    pub(crate) fn text(&self) -> &'a [u8] {
        self.text
    }

    /// Whether a control character may be between `at` and the last returned line end; false is certain.
    #[inline]
    pub(crate) fn may_have_controls(&self, at: usize) -> bool {
        self.odd_before > at
    }

    /// Returns where the first line end at or after `at` begins, or the end of the text. `at` must increase from call
    /// to call, and be after the line end that was returned last.
    #[inline]
    pub(crate) fn end(&mut self, at: usize) -> usize {
        let end = match self.found.get(self.next) {
            // Lines are nearly always requested one after another.
            Some(&end) if end >= at => end,
            _ => match self.first(at) {
                Some(end) => end,
                None => return self.text.len(),
            },
        };
        self.next += 1;
        end
    }

    /// Counts the line ends before `at`, which must not be before any returned line end.
    pub(crate) fn count_before(&mut self, at: usize) -> usize {
        self.first(at);
        self.passed + self.next
    }

    /// Skips the line ends before `at`, and returns the first remaining one.
    fn first(&mut self, at: usize) -> Option<usize> {
        loop {
            match self.found.get(self.next) {
                Some(&end) if end >= at => return Some(end),
                Some(_) => self.next += 1,
                None if self.searched == self.text.len() => return None,
                None => self.search(),
            }
        }
    }

    /// Searches the next stretch.
    fn search(&mut self) {
        self.passed += self.found.len();
        self.found.clear();
        self.next = 0;
        let stretch = &self.text[self.searched..self.text.len().min(self.searched + self.stretch)];
        self.stretch = STRETCH.min(2 * self.stretch);
        self.found.reserve(stretch.len() / USUAL_LINE + 1);
        let (blocks, rest) = stretch.as_chunks();
        let mut last = [b' '; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        let mut at = self.searched;
        for block in blocks.iter().chain((!rest.is_empty()).then_some(&last)) {
            let controls = mask(block, |part| part.min(u8x16::splat(0x1F)).simd_eq(part));
            let lf = mask(block, |part| part.simd_eq(u8x16::splat(b'\n')));
            // A control character other than LF is nearly always a CR.
            let cr = controls & !lf;
            let mut ends = controls & !(lf & (cr << 1 | u64::from(self.after_cr)));
            let known = self.found.len();
            let mut odd = false;
            while ends != 0 {
                let offset = ends.trailing_zeros() as usize;
                self.found.push(at + offset);
                odd |= (block[offset % BLOCK] != b'\n') & (block[offset % BLOCK] != b'\r');
                ends &= ends - 1;
            }
            if odd {
                self.found.truncate(known);
                self.search_odd(block, at);
            } else {
                self.after_cr = cr >> (BLOCK - 1) != 0;
            }
            at += BLOCK;
        }
        self.searched += stretch.len();
    }

    /// Searches a block with control characters other than line ends.
    #[cold]
    fn search_odd(&mut self, block: &[u8; BLOCK], start: usize) {
        for (at, &byte) in (start..).zip(block) {
            match byte {
                b'\n' if self.after_cr => {}
                b'\n' | b'\r' => self.found.push(at),
                b'\t' => {}
                0..b' ' => self.odd_before = at + 1,
                _ => {}
            }
            self.after_cr = byte == b'\r';
        }
    }
}

/// Returns a bit for each byte with this property, the lowest for the first byte.
#[inline]
fn mask(bytes: &[u8; BLOCK], is: impl Fn(u8x16) -> u8x16) -> u64 {
    let parts = bytes.as_chunks::<16>().0.iter().rev();
    parts.fold(0, |mask, part| mask << 16 | u64::from(is(u8x16::from(*part)).to_bitmask()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::line_end;

    #[test]
    fn control_characters_are_noticed() {
        for (text, expected) in [
            (&b"a\nb\r\nc\td\re \x7F\xC3\xA9"[..], false),
            (b"a\0\nb", true),
            (b"a\x0Bb\n", true),
            (b"a\x0Cb\n", true),
            (b"a\x1Fb\n", true),
            (b"a\t\nb", false),
        ] {
            for before in [0, 61, 62, 63, FIRST_STRETCH - 1, STRETCH - 1] {
                let text = [&vec![b'a'; before], text].concat();
                let mut ends = LineEnds::new(&text, 0);
                let found: Vec<usize> = std::iter::successors(Some(ends.end(0)), |&end| {
                    let next = crate::line::behind_line_end(&text, end);
                    (next < text.len()).then(|| ends.end(next))
                })
                .collect();
                let last = found.last().copied().unwrap_or_default();
                assert_eq!(last, line_end(&text, last).0);
                assert_eq!(ends.may_have_controls(0), expected, "{before} {}", text.escape_ascii());
            }
        }
    }

    #[test]
    fn ends_are_found_at_any_offset() {
        for end in [&b"\n"[..], b"\r", b"\r\n", b"\n\r", b"\r\r\n"] {
            for before in [0, 1, 62, 63, 64, 65, FIRST_STRETCH - 1, FIRST_STRETCH, STRETCH - 1, STRETCH] {
                let text = [&vec![b'a'; before], end, b"b", end].concat();
                for at in 0..=text.len() {
                    if at > 0 && text[at - 1] == b'\r' && text.get(at) == Some(&b'\n') {
                        continue;
                    }
                    let expected = line_end(&text, at).0;
                    assert_eq!(LineEnds::new(&text, at).end(at), expected, "{end:?} {before} {at}");
                    assert_eq!(LineEnds::new(&text, 0).end(at), expected, "{end:?} {before} {at}");
                }
            }
        }
    }
}
