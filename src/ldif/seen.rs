//! Detection of repeated values in an attribute, in linear time.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

use crate::line::{Line, LineKind};
use crate::text::windows_1252;

/// The values of one entry, or of one modification.
///
/// A hash table with open addressing: it is used for every value of a file that is checked, and most entries have some
/// dozens of values, but a group may have a hundred thousand.
#[derive(Debug)]
pub(crate) struct Seen<'t> {
    text: &'t [u8],
    /// The hash of a value, and the offset of its line plus one. The length is a power of two, or 0.
    slots: Vec<(u64, usize)>,
    count: usize,
    /// The offset plus one of the last line added, and of the last one that no longer counts: its slot and those of
    /// earlier lines are free without being cleared.
    last: usize,
    gone: usize,
    /// A random seed, so that no file can be made whose values all collide.
    seed: u64,
}

/// The size of the table for the values of most entries.
const FEW: usize = 128;

impl<'t> Seen<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        let seed = RandomState::new().hash_one(0);
        Self { text, slots: Vec::new(), count: 0, last: 0, gone: 0, seed }
    }

    /// Begins the next entry or modification.
    pub(crate) fn clear(&mut self) {
        // A table that grew is dropped.
        self.slots.truncate(FEW);
        self.gone = self.last;
        self.count = 0;
    }

    /// Adds the value of a line in the current record; returns the offset of an earlier line with the same attribute
    /// and value.
    pub(crate) fn insert(&mut self, line: &Line<'t>, name: &[u8], value: &[u8]) -> Option<usize> {
        if self.slots.len() <= 2 * self.count {
            self.grow();
        }
        // Options are rare, and searching for them takes as long as hashing.
        let name = if line.type_end == line.colon { Cow::Borrowed(name) } else { in_order(name) };
        let name = &*name;
        let hash = hash(name, value, self.seed);
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while let (earlier, behind) = self.slots[slot]
            && behind > self.gone
        {
            if earlier == hash && same(&Line::read(self.text, line.end(), behind - 1), name, value) {
                return Some(behind - 1);
            }
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = (hash, line.at() + 1);
        self.last = self.last.max(line.at() + 1);
        self.count += 1;
        None
    }

    /// Doubles the table, and keeps only the values that still count.
    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(FEW);
        let known = std::mem::replace(&mut self.slots, vec![(0, 0); size]);
        for (hash, behind) in known.into_iter().filter(|(_, behind)| *behind > self.gone) {
            let mut slot = hash as usize & (size - 1);
            while self.slots[slot].1 != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.slots[slot] = (hash, behind);
        }
    }
}

/// Sorts the options of an attribute description: their order makes no difference (RFC 4512 section 2.5.2).
pub(crate) fn in_order(description: &[u8]) -> Cow<'_, [u8]> {
    // This is called for each line of a file that is checked, and nearly none has options.
    if !description.contains(&b';') {
        return Cow::Borrowed(description);
    }
    let mut parts = description.split(|&b| b == b';');
    let (Some(name), Some(_), Some(_)) = (parts.next(), parts.next(), parts.next()) else {
        return Cow::Borrowed(description);
    };
    let mut options: Vec<Vec<u8>> =
        description[name.len() + 1..].split(|&b| b == b';').map(<[u8]>::to_ascii_lowercase).collect();
    options.sort_unstable();
    Cow::Owned([name, &options.join(&b';')].join(&b';'))
}

/// Whether the line has this attribute and this value.
fn same(line: &Line<'_>, name: &[u8], value: &[u8]) -> bool {
    if !in_order(&line.description()).eq_ignore_ascii_case(name) {
        return false;
    }
    let Ok(found) = line.value() else { return false };
    let found = match line.kind() {
        LineKind::Plain if std::str::from_utf8(&found).is_err() => {
            Cow::Owned(windows_1252(&found).into_bytes())
        }
        _ => found,
    };
    *found == *value
}

/// Hashes a value with a name, ignoring ASCII case in the name.
///
/// Setting bit 5 makes letters lower case; the few other characters that become equal cost only a comparison.
fn hash(name: &[u8], value: &[u8], seed: u64) -> u64 {
    const CASE: u64 = 0x2020_2020_2020_2020;
    let lengths = (name.len() as u64).rotate_left(32) ^ value.len() as u64;
    absorb(value, 0, absorb(name, CASE, seed ^ lengths))
}

/// Mixes the words of `bytes`, with the bits of `set` set, into `hash`.
fn absorb(bytes: &[u8], set: u64, mut hash: u64) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    // Both halves of a product: every bit of the input affects every bit of the hash.
    let mut mix = |word: u64| {
        let product = u128::from(hash ^ (word | set)) * u128::from(ODD);
        hash = product as u64 ^ (product >> 64) as u64;
    };
    bytes.as_chunks::<8>().0.iter().for_each(|word| mix(u64::from_le_bytes(*word)));
    // The rest, overlapping what precedes it, because a byte at a time takes longer.
    mix(bytes.last_chunk::<8>().map_or_else(
        || bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)),
        |word| u64::from_le_bytes(*word),
    ));
    hash
}
