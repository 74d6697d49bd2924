//! The bytes that part the cells of CSV text, found many at a time.

use wide::u8x16;

/// How many bytes are examined together.
const BLOCK: usize = 64;

/// Finds delimiters, quotes and line ends from left to right. A new search for each cell takes longer than reading it.
pub(super) struct Marks<'t> {
    text: &'t [u8],
    delimiter: u8,
    /// Where the current block begins.
    at: usize,
    /// A bit for each mark in it that was not returned yet, the lowest for the first byte.
    left: u64,
}

impl<'t> Marks<'t> {
    /// Creates a search from `at`.
    pub(super) fn new(delimiter: u8, text: &'t [u8], at: usize) -> Self {
        let block = text.get(at..).unwrap_or_default();
        Self { text, delimiter, at, left: marks(block, delimiter) }
    }

    /// Returns the next mark that is not before `at`, or the end of the text. Each mark is returned once.
    #[inline]
    pub(super) fn from(&mut self, at: usize) -> usize {
        loop {
            while self.left == 0 {
                let Some(block) = self.text.get(self.at + BLOCK..) else { return self.text.len() };
                self.left = marks(block, self.delimiter);
                self.at += BLOCK;
            }
            let mark = self.at + self.left.trailing_zeros() as usize;
            self.left &= self.left - 1;
            if mark >= at {
                return mark;
            }
        }
    }

    /// Returns the next quote that is not before `at`.
    pub(super) fn quote(&mut self, at: usize) -> Option<usize> {
        loop {
            let mark = self.from(at);
            if *self.text.get(mark)? == b'"' {
                return Some(mark);
            }
        }
    }
}

/// Finds the marks in the first block of a text, which may be shorter.
#[inline]
fn marks(text: &[u8], delimiter: u8) -> u64 {
    let Some(block) = text.first_chunk::<BLOCK>() else {
        let mut block = [0; BLOCK];
        block[..text.len()].copy_from_slice(text);
        return marks(&block, delimiter) & ((1 << text.len()) - 1);
    };
    let signs = [delimiter, b'"', b'\r', b'\n'].map(u8x16::splat);
    let parts = block.as_chunks::<16>().0.iter().rev().map(|part| u8x16::from(*part));
    parts.fold(0, |marks, part| {
        let found = signs.iter().fold(u8x16::splat(0), |found, sign| found | part.simd_eq(*sign));
        marks << 16 | u64::from(found.to_bitmask())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_at_any_offset() {
        for text in [&b"a,\"b,\"\r\n,c"[..], b",", b"", b"\"\n"] {
            for before in [0, 1, 62, 63, 64, 65, 130] {
                let text = [&vec![b'a'; before], text].concat();
                let expected = |at: usize| (at..text.len()).find(|&at| b",\"\r\n".contains(&text[at]));
                for at in 0..=text.len() {
                    let mut marks = Marks::new(b',', &text, 0);
                    let mut from = at;
                    while let Some(expected) = expected(from) {
                        assert_eq!(marks.from(from), expected, "{before} {at}");
                        from = expected + 1;
                    }
                    assert_eq!(marks.from(from), text.len(), "{before} {at}");
                    let quote = (at..text.len()).find(|&at| text[at] == b'"');
                    assert_eq!(Marks::new(b',', &text, at).quote(at), quote, "{before} {at}");
                }
            }
        }
    }
}
