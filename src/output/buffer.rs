//! Buffers for what is rendered: their room, and numbers in them.

/// An empty buffer with room for this many records: growing it step by step copies what it holds each time.
pub(super) fn room(records: usize) -> Vec<u8> {
    const OF_RECORD: usize = 768;
    const MOST: usize = 512 << 10;
    Vec::with_capacity((records * OF_RECORD).min(MOST))
}

/// Numbers count from 1: 0 means none, as for a user that no export shows.
pub(super) fn known(number: u64) -> Option<u64> {
    (number > 0).then_some(number)
}

/// The decimal digits of a number, if there is one, in this room.
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
