//! Buffers for rendered text, and the numbers in it.

/// Returns an empty buffer with room for this many records: growing it step by step would copy its content each time.
pub(super) fn room(records: usize) -> Vec<u8> {
    const OF_RECORD: usize = 768;
    const MOST: usize = 512 << 10;
    Vec::with_capacity((records * OF_RECORD).min(MOST))
}

/// Returns a number that counts from 1, or nothing for 0, which means unknown: no export shows the user.
pub(super) fn known(number: u64) -> Option<u64> {
    (number > 0).then_some(number)
}

/// Writes the decimal digits of a number into `room` and returns them; empty for no number.
// BE ADVISED: a row has four numbers, and `write!` takes five times as long.
pub(super) fn decimal(number: Option<u64>, room: &mut [u8; 20]) -> &str {
    let Some(mut number) = number else { return "" };
    let mut at = room.len();
    loop {
        at -= 1;
        room[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return std::str::from_utf8(&room[at..]).unwrap_or_default();
        }
    }
}
