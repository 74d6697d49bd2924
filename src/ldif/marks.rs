//! Line ends and colons, 64 bytes at a time.

use wide::u8x16;

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// Finds line ends and colons from left to right.
///
/// A search that starts afresh for each line and each name costs more than reading it; here a line costs a few bits of
/// a mask that is made once.
#[derive(Debug, Clone)]
pub(crate) struct Marks<'a> {
    text: &'a [u8],
    /// Which block of the text the masks are of.
    block: usize,
    /// A bit for each LF and CR of the block.
    ends: u64,
    /// A bit for each `:` and `;` of the block.
    colons: u64,
}

impl<'a> Marks<'a> {
    /// For searches from `at` on.
    pub(crate) fn at(text: &'a [u8], at: usize) -> Self {
        let mut marks = Self { text, block: 0, ends: 0, colons: 0 };
        marks.load(at / BLOCK);
        marks
    }

    /// The first LF or CR at `at` or behind, or the end of the text.
    #[inline]
    pub(crate) fn end(&mut self, at: usize) -> usize {
        self.first(at, |marks| marks.ends)
    }

    /// The first LF, CR, `:` or `;` at `at` or behind, or the end of the text.
    #[inline]
    pub(crate) fn end_or_colon(&mut self, at: usize) -> usize {
        self.first(at, |marks| marks.ends | marks.colons)
    }

    #[inline]
    fn first(&mut self, at: usize, mask: impl Fn(&Self) -> u64) -> usize {
        let (mut block, mut skipped) = (at / BLOCK, at % BLOCK);
        loop {
            if block != self.block {
                self.load(block);
            }
            let found = mask(self) >> skipped;
            if found != 0 {
                return block * BLOCK + skipped + found.trailing_zeros() as usize;
            }
            (block, skipped) = (block + 1, 0);
            if block * BLOCK >= self.text.len() {
                return self.text.len();
            }
        }
    }

    #[inline]
    fn load(&mut self, block: usize) {
        let rest = &self.text[block * BLOCK..];
        let bytes = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut last = [0; BLOCK];
            last[..rest.len()].copy_from_slice(rest);
            last
        });
        self.block = block;
        (self.ends, self.colons) = (either(&bytes, b'\n', b'\r'), either(&bytes, b':', b';'));
    }
}

/// A bit for each byte that is one of two, the first byte's the lowest.
#[inline]
fn either(bytes: &[u8; BLOCK], one: u8, other: u8) -> u64 {
    let (one, other) = (u8x16::splat(one), u8x16::splat(other));
    bytes.as_chunks::<16>().0.iter().rev().fold(0, |mask, part| {
        let part = u8x16::from(*part);
        mask << 16 | u64::from((part.simd_eq(one) | part.simd_eq(other)).to_bitmask())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_wherever_they_stand() {
        for len in [0, 1, 63, 64, 65, 200] {
            for mark in 0..len {
                for (byte, is_end) in [(b'\n', true), (b'\r', true), (b':', false), (b';', false)] {
                    let mut text = vec![b'a'; len];
                    text[mark] = byte;
                    for at in 0..=len {
                        let found = if at <= mark { mark } else { len };
                        assert_eq!(Marks::at(&text, 0).end_or_colon(at), found);
                        assert_eq!(Marks::at(&text, at).end(at), if is_end { found } else { len });
                    }
                }
            }
        }
    }
}
