//! Line ends, a stretch of the text at a time.

use wide::u8x16;

/// Bytes that are looked at together.
const BLOCK: usize = 64;
/// The length of a short line.
const USUAL_LINE: usize = 16;
/// Bytes that are searched at a time.
const STRETCH: usize = 4096;

/// Finds line ends from left to right: CRLF, LF and CR alone are one each.
///
/// A search that starts afresh for each line costs more than reading it, and where it goes from one block to the next is
/// what a processor cannot guess; here the lines of a stretch are found in one go, and a line costs a look into a list.
#[derive(Debug, Clone)]
pub(crate) struct LineEnds<'a> {
    text: &'a [u8],
    /// The line ends of the stretch at hand, and the first of them that may still be asked for.
    found: Vec<usize>,
    next: usize,
    /// Up to where the text is searched.
    searched: usize,
    /// Is the last byte that was searched a CR? Its LF is no line end of its own.
    after_cr: bool,
}

impl<'a> LineEnds<'a> {
    /// For searches from `at` on, which is no LF of a CRLF.
    pub(crate) fn new(text: &'a [u8], at: usize) -> Self {
        Self { text, found: Vec::new(), next: 0, searched: at, after_cr: false }
    }

    /// Where the first line end at `at` or behind begins, or the end of the text. From call to call `at` grows.
    #[inline]
    pub(crate) fn end(&mut self, at: usize) -> usize {
        loop {
            match self.found.get(self.next) {
                Some(&end) if end >= at => return end,
                Some(_) => self.next += 1,
                None if self.searched == self.text.len() => return self.searched,
                None => self.search(),
            }
        }
    }

    /// Searches the next stretch.
    fn search(&mut self) {
        self.found.clear();
        self.next = 0;
        let stretch = &self.text[self.searched..self.text.len().min(self.searched + STRETCH)];
        self.found.reserve(stretch.len() / USUAL_LINE + 1);
        let (blocks, rest) = stretch.as_chunks();
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        for (index, block) in blocks.iter().chain((!rest.is_empty()).then_some(&last)).enumerate() {
            let (cr, lf) = (mask(block, b'\r'), mask(block, b'\n'));
            let mut ends = cr | lf & !(cr << 1 | u64::from(self.after_cr));
            self.after_cr = cr >> (BLOCK - 1) != 0;
            while ends != 0 {
                self.found.push(self.searched + index * BLOCK + ends.trailing_zeros() as usize);
                ends &= ends - 1;
            }
        }
        self.searched += stretch.len();
    }
}

/// A bit for each byte that is this one, the first byte's the lowest.
#[inline]
fn mask(bytes: &[u8; BLOCK], byte: u8) -> u64 {
    let byte = u8x16::splat(byte);
    bytes
        .as_chunks::<16>()
        .0
        .iter()
        .rev()
        .fold(0, |mask, part| mask << 16 | u64::from(u8x16::from(*part).simd_eq(byte).to_bitmask()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::line_end;

    #[test]
    fn ends_are_found_wherever_they_stand() {
        for end in [&b"\n"[..], b"\r", b"\r\n", b"\n\r", b"\r\r\n"] {
            for before in [0, 1, 62, 63, 64, 65, STRETCH - 1, STRETCH] {
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
