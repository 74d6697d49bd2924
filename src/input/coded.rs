//! What can be read of text in base64 or hexadecimal that is damaged: an address in it still counts as held.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Padding and bits left over say nothing.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Returns what the text may mean: `X'…'` as csvde writes it, even without its end; otherwise base64, as all of its
/// symbols, and as each run of them between other signs.
pub(super) fn readings(text: &[u8]) -> Vec<Vec<u8>> {
    if let [b'X' | b'x', b'\'', digits @ ..] = text {
        let digits: Vec<u32> = digits.iter().filter_map(|&c| char::from(c).to_digit(16)).collect();
        return vec![digits.chunks_exact(2).map(|octet| (octet[0] << 4 | octet[1]) as u8).collect()];
    }
    let is_symbol = |c: &u8| c.is_ascii_alphanumeric() || b"+/".contains(c);
    // The alphabet for URLs (RFC 4648 section 5) means the same.
    let plain = text.iter().filter(|c| !c.is_ascii_whitespace()).map(|c| match c {
        b'-' => b'+',
        b'_' => b'/',
        _ => *c,
    });
    let plain: Vec<u8> = plain.collect();
    let all: Vec<u8> = plain.iter().copied().filter(is_symbol).collect();
    let runs = plain.split(|c| !is_symbol(c)).filter(|run| !run.is_empty());
    [&all[..]].into_iter().chain(runs).map(decode).collect()
}

/// Decodes symbols of base64, except a last one that is not enough for an octet.
fn decode(symbols: &[u8]) -> Vec<u8> {
    let whole = symbols.len() - usize::from(symbols.len() % 4 == 1);
    LENIENT.decode(&symbols[..whole]).unwrap_or_default()
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
