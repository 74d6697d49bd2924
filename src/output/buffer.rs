//! Buffers for rendered text, and numbers as text.

/// Returns an empty buffer with room for this many records: growing it step by step would copy its content each time.
pub(super) fn buffer(records: usize) -> Vec<u8> {
    const OF_RECORD: usize = 768;
    const MOST: usize = 512 << 10;
    Vec::with_capacity((records * OF_RECORD).min(MOST))
}

/// Returns a number that counts from 1, or nothing for 0, which means unknown: no export shows the user.
pub(super) fn nonzero(number: u64) -> Option<u64> {
    (number > 0).then_some(number)
}

/// Returns the decimal digits of a number, written into `digits`; nothing for no number.
// BE ADVISED: a row has four numbers, and `write!` takes five times as long.
pub(super) fn decimal(number: Option<u64>, digits: &mut itoa::Buffer) -> &str {
    number.map_or("", |number| digits.format(number))
}
