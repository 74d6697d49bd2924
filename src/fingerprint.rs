//! Fingerprints of normalised texts, kept in memory in place of the texts.

use xxhash_rust::xxh3::xxh3_128;

/// 96 bits of XXH3-128. Among a hundred million texts, the odds of any collision are below one in 10¹².
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u32; 3]);

impl Fingerprint {
    /// The fingerprint of a normalised text.
    pub fn of(normalized: &[u8]) -> Self {
        let hash = xxh3_128(normalized);
        Self([(hash >> 96) as u32, (hash >> 64) as u32, hash as u32])
    }
}
