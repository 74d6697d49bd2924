//! The attribute types of a text, each with its meaning to the reader, and the order in which they occur.

use wide::u8x16;

/// The attribute types seen in a text, and which of them follows which.
///
/// The records of an export have nearly the same attributes in nearly the same order. Therefore the name of a line is
/// first compared with the one that followed the previous name last time: if it is the same, its end need not be
/// searched for, nor its meaning.
#[derive(Debug)]
pub struct Names<'t, T> {
    /// By a hash of the name.
    known: Vec<KnownName<'t, T>>,
    /// The places of the name that was seen last, and of the one that is expected next.
    last: usize,
    next: usize,
}

#[derive(Clone, Copy, Debug)]
struct KnownName<'t, T> {
    /// The name and its colon.
    head: &'t [u8],
    /// Its first bytes, and a bit for each of them.
    block: Block,
    bits: u32,
    /// The place of the name that followed it last time.
    next: u32,
    meaning: T,
}

/// The part of a line that is compared without a call.
type Block = [u8; 32];

/// How many names are remembered, and in how many places each of them may be.
const PLACES: usize = 512;
const NEAR: usize = 4;

impl<T: Copy + Default> Default for Names<'_, T> {
    fn default() -> Self {
        // Since no line begins with a line end, this matches none.
        Self { known: vec![KnownName::new(b"\n", 0, T::default()); PLACES], last: 0, next: 0 }
    }
}

impl<'t, T: Copy> Names<'t, T> {
    /// Returns the length and the meaning of the name at the start of the line, if it is an expected one.
    #[inline(always)]
    pub(crate) fn expected(&mut self, line: &[u8]) -> Option<(usize, T)> {
        let known = &self.known[self.next];
        if known.begins(line) {
            self.last = self.next;
            self.next = known.next as usize;
            return Some((known.head.len() - 1, known.meaning));
        }
        self.again(line)
    }

    /// Does the same if the line has another value of the attribute that was seen last.
    #[inline]
    fn again(&self, line: &[u8]) -> Option<(usize, T)> {
        let known = &self.known[self.last];
        known.begins(line).then(|| (known.head.len() - 1, known.meaning))
    }

    /// Returns the meaning of a name that was not expected. It is passed with its colon.
    pub(crate) fn find(&mut self, head: &'t [u8], mut ask: impl FnMut(&[u8]) -> T) -> T {
        let first = hash(head);
        let near = || (first..first + NEAR).map(|place| place % PLACES);
        let is_free = |place: &usize| self.known[*place].head == b"\n";
        let place = match near().find(|&place| self.known[place].head == head) {
            Some(known) => known,
            None => {
                // If other names have all its places, one of them is forgotten.
                let place = near().find(is_free).unwrap_or(first);
                self.known[place] = KnownName::new(head, place, ask(&head[..head.len() - 1]));
                place
            }
        };
        self.known[self.last].next = place as u32;
        self.last = place;
        self.next = self.known[place].next as usize;
        self.known[place].meaning
    }
}

impl<'t, T> KnownName<'t, T> {
    fn new(head: &'t [u8], next: usize, meaning: T) -> Self {
        let mut block = [0; 32];
        let length = head.len().min(block.len());
        block[..length].copy_from_slice(&head[..length]);
        let bits = u32::MAX >> (block.len() - length);
        Self { head, block, bits, next: next as u32, meaning }
    }

    /// Whether the line begins with the name and its colon.
    #[inline(always)]
    fn begins(&self, line: &[u8]) -> bool {
        let Some(block) = line.first_chunk() else { return line.starts_with(self.head) };
        same(block, &self.block) & self.bits == self.bits
            && (self.head.len() <= block.len() || line.starts_with(self.head))
    }
}

/// Returns a bit for each byte that is the same in both, the lowest for the first byte.
#[inline(always)]
fn same(one: &Block, other: &Block) -> u32 {
    let ([one, one_more], [other, other_more]) = (one.as_chunks::<16>().0, other.as_chunks::<16>().0) else {
        return 0;
    };
    let same = |one: &[u8; 16], other: &[u8; 16]| u8x16::from(*one).simd_eq(u8x16::from(*other)).to_bitmask();
    same(one, other) | same(one_more, other_more) << 16
}

/// Hashes the last letters of a name, in which most differ.
fn hash(head: &[u8]) -> usize {
    let last = match head.last_chunk() {
        Some(last) => u64::from_le_bytes(*last),
        None => head.iter().fold(0, |last, &byte| last << 8 | u64::from(byte)),
    };
    (last.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_the_same_wherever_it_is_met_and_however_many_there_are() {
        for many in [1, 5, NEAR, PLACES, 3 * PLACES] {
            // Names with the same ending, names that differ only after the first block, and prefixes of each other.
            let heads: Vec<String> = (0..many)
                .flat_map(|n| {
                    [format!("a{n}-sameEnding:"), format!("{}{n}:", "long".repeat(9)), format!("n{n}:")]
                })
                .collect();
            let mut names = Names::default();
            let mut asked = 0;
            for round in [1, 2, 3, 1, 1] {
                for head in heads.iter().step_by(round).flat_map(|head| [head, head]) {
                    let line = format!("{head} value, and more of it than is compared");
                    let expected = names.expected(line.as_bytes());
                    let (length, meaning) = expected.unwrap_or_else(|| {
                        let meaning = names.find(head.as_bytes(), |name| {
                            asked += 1;
                            Some(name.to_vec().leak() as &[u8])
                        });
                        (head.len() - 1, meaning)
                    });
                    assert_eq!(length, head.len() - 1, "{head}");
                    assert_eq!(meaning, Some(&head.as_bytes()[..length]), "{head}");
                }
            }
            assert!(asked == heads.len() || many >= NEAR, "{asked} of {}", heads.len());
        }
    }

    #[test]
    fn a_line_begins_with_the_name_that_followed_the_last_one_before_or_with_that_again() {
        let mut names = Names::default();
        let mut missed = |line: &'static str| {
            let head = &line.as_bytes()[..=line.find(':').unwrap()];
            let is_missed = names.expected(line.as_bytes()).is_none();
            if is_missed {
                names.find(head, |_| Some(()));
            }
            is_missed
        };
        for (line, expect) in [
            ("dn: CN=Ann", true),
            ("member: CN=Bob", true),
            ("member: CN=Carl", false),
            ("mail: ann@contoso.com", true),
            ("dn: CN=Bob", true),
            ("member: CN=Ann", false),
            ("member: CN=Ann", false),
            ("mail: bob@contoso.com", false),
            ("dn: CN=Carl", false),
            ("mail: carl@contoso.com", true),
            ("dn: CN=D", false),
        ] {
            assert_eq!(missed(line), expect, "{line}");
        }
    }
}
