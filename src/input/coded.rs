//! What can be read of text in base64 or hexadecimal that is damaged: an address in it still counts as held.

/// Returns what the text may mean: `X'…'` as csvde writes it, even without its end; otherwise base64, as all of its
/// symbols, and as each run of them between other signs. Padding and bits left over say nothing.
pub(super) fn readings(text: &[u8]) -> Vec<Vec<u8>> {
    if let [b'X' | b'x', b'\'', digits @ ..] = text {
        return vec![octets(digits.iter().filter_map(|&c| char::from(c).to_digit(16)), 4)];
    }
    let symbols: Vec<Option<u32>> =
        text.iter().filter(|c| !c.is_ascii_whitespace()).map(|&c| symbol(c)).collect();
    let runs = symbols.split(Option::is_none).filter(|run| !run.is_empty());
    [&symbols[..]].into_iter().chain(runs).map(|run| octets(run.iter().flatten().copied(), 6)).collect()
}

/// Returns the bits of a symbol of base64 (RFC 4648 sections 4 and 5).
fn symbol(c: u8) -> Option<u32> {
    let bits = match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(bits.into())
}

/// Joins groups of bits to octets, without those left over.
fn octets(groups: impl Iterator<Item = u32>, width: u32) -> Vec<u8> {
    let (mut bits, mut count) = (0, 0);
    let mut octets = Vec::new();
    for group in groups {
        bits = bits << width | group;
        count += width;
        if count >= 8 {
            count -= 8;
            octets.push((bits >> count).to_le_bytes()[0]);
            bits &= (1 << count) - 1;
        }
    }
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_read() {
        for text in [
            "c2lwOmFubkB4LmZyMQ==",
            "c2lwOmFubkB4LmZyMQ",
            "c2lwOmFubkB4LmZyMR==",
            "c2lwOmFu bkB4\tLmZyMQ==",
            "c2lwOmFu\n bkB4LmZyMQ",
            "c2lwOmFu!bkB4LmZyMQ",
            "c2lwOmFu==bkB4LmZyMQ",
            "\"c2lwOmFubkB4LmZyMQ==\"",
            "b'c2lwOmFubkB4LmZyMQ=='",
            "c2lwOmFubkB4LmZyMQ=3D=3D",
            "c2lwOmFubkB4LmZyMQ%3D%3D",
            "c2lwOmFubkB4LmZyMQ&#61;&#61;",
            "X'7369703a616e6e40782e667231'",
            "x'7369703A616E6E40782E667231",
            "X'7369703a616e6e40782e6672310'",
        ] {
            let found = readings(text.as_bytes());
            assert!(found.iter().any(|octets| octets == b"sip:ann@x.fr1"), "{text} {found:?}");
        }
        assert!(readings(b"!-").iter().all(Vec::is_empty));
    }
}
