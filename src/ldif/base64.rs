//! Base64 as in RFC 4648 section 4, with its alphabet and padding only.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memchr2;
use wide::u8x16;

use crate::fault::FaultKind;
use crate::line::behind_line_end;

/// Decodes the input, or returns what is wrong and at which byte.
pub(crate) fn decode(input: &[u8]) -> Result<Vec<u8>, (FaultKind, usize)> {
    // The buffer is allocated here, because the crate asks for zeroed memory, which never comes from recycled blocks.
    let mut out = Vec::with_capacity(input.len());
    STANDARD.decode_vec(input, &mut out).map_err(|_| diagnose(input))?;
    Ok(out)
}

/// Appends the encoding to `out`.
pub(crate) fn encode(input: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + input.len().div_ceil(3) * 4, 0);
    // The size is exact, so this cannot fail.
    let written = STANDARD.encode_slice(input, &mut out[start..]).unwrap_or(0);
    out.truncate(start + written);
}

/// Whether the base64 of a line decodes, with folds and leading spaces. The answer is quick; a false "no" is possible,
/// a false "yes" is not, and [`decode`] then decides.
pub(crate) fn is_sound(written: &[u8]) -> bool {
    let mut rest = written;
    while let [b' ', behind @ ..] = rest {
        rest = behind;
    }
    let mut symbols = 0;
    loop {
        let end = memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let part = &rest[..end];
        if end < rest.len() {
            symbols += part.len();
            // The line end, and the space at the beginning of the continuation.
            let next = behind_line_end(rest, end) + 1;
            rest = rest.get(next..).unwrap_or_default();
            if !are_symbols(part) {
                return false;
            }
            continue;
        }
        let bare = part.strip_suffix(b"=").unwrap_or(part);
        let bare = bare.strip_suffix(b"=").unwrap_or(bare);
        let padding = part.len() - bare.len();
        // Only a few last symbols leave no unused bits: A, E, I, … or A, Q, g, w.
        let is_last = match (padding, bare.last()) {
            (0, _) => true,
            (1, Some(last)) => b"AEIMQUYcgkosw048".contains(last),
            (_, Some(last)) => b"AQgw".contains(last),
            (_, None) => false,
        };
        return is_last && (symbols + part.len()).is_multiple_of(4) && are_symbols(bare);
    }
}

/// Whether all bytes are in the base64 alphabet.
fn are_symbols(bytes: &[u8]) -> bool {
    let (blocks, rest) = bytes.as_chunks::<16>();
    let splat = u8x16::splat;
    let all = blocks.iter().fold(splat(0xFF), |all, block| {
        let block = u8x16::from(*block);
        let letter = (block | splat(0x20)) - splat(b'a');
        // `/` is the character before `0`.
        let digit = block - splat(b'/');
        let is_letter = letter.min(splat(25)).simd_eq(letter);
        let is_digit = digit.min(splat(10)).simd_eq(digit);
        all & (is_letter | is_digit | block.simd_eq(splat(b'+')))
    });
    all.to_bitmask() == 0xFFFF && rest.iter().all(|&byte| is_symbol(byte))
}

fn is_symbol(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/'
}

/// Finds the first fault of an input that does not decode.
fn diagnose(input: &[u8]) -> (FaultKind, usize) {
    let symbols = input.iter().position(|&b| !is_symbol(b)).unwrap_or(input.len());
    let padding = input[symbols..].iter().position(|&b| b != b'=').unwrap_or(input.len() - symbols);
    let end = symbols + padding;
    if padding == 0 && symbols < input.len() {
        return (FaultKind::Base64Character(character(&input[symbols..])), symbols);
    }
    if end < input.len() && !is_symbol(input[end]) {
        return (FaultKind::Base64Character(character(&input[end..])), end);
    }
    let wanted = match symbols % 4 {
        0 => 0,
        1 => 3,
        rest => 4 - rest,
    };
    if symbols % 4 == 1 {
        // A single symbol has only six bits: whatever follows, a byte is incomplete.
        (FaultKind::Base64Padding, symbols)
    } else if padding > wanted {
        (FaultKind::Base64Padding, symbols + wanted)
    } else if padding < wanted || end < input.len() {
        (FaultKind::Base64Padding, end)
    } else {
        let at = symbols.saturating_sub(1);
        (FaultKind::Base64Bits(char::from(*input.get(at).unwrap_or(&b'='))), at)
    }
}

/// Returns the first character of a text; a byte that is not UTF-8 represents itself.
fn character(input: &[u8]) -> char {
    let valid = input.utf8_chunks().next().and_then(|part| part.valid().chars().next());
    valid.unwrap_or(char::from(input[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_at_the_exact_character() {
        let check = |input: &str, kind: FaultKind, at: usize| {
            assert_eq!(decode(input.as_bytes()), Err((kind, at)), "{input:?}");
        };
        check("YY!=", FaultKind::Base64Character('!'), 2);
        check("YWJj ", FaultKind::Base64Character(' '), 4);
        check("YW Jj", FaultKind::Base64Character(' '), 2);
        check("YWJjé", FaultKind::Base64Character('é'), 4);
        check("YQ= =", FaultKind::Base64Character(' '), 3);
        check("YQ=", FaultKind::Base64Padding, 3);
        check("YQ", FaultKind::Base64Padding, 2);
        check("YWI", FaultKind::Base64Padding, 3);
        check("Y", FaultKind::Base64Padding, 1);
        check("YQ===", FaultKind::Base64Padding, 4);
        check("YWJj=", FaultKind::Base64Padding, 4);
        check("YQ==YQ==", FaultKind::Base64Padding, 4);
        check("=", FaultKind::Base64Padding, 0);
        check("YR==", FaultKind::Base64Bits('R'), 1);
        check("YWJ=", FaultKind::Base64Bits('J'), 2);
    }

    #[test]
    fn sound_text_decodes() {
        let mut sound = 0;
        for length in 0..40 {
            for last in 0..=u8::MAX {
                let text =
                    [&b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9w"[..length], &[last, b'=']]
                        .concat();
                for end in 0..=text.len() {
                    let text = &text[..end];
                    sound += u32::from(is_sound(text));
                    let has_fold = text.iter().any(|&b| matches!(b, b'\n' | b'\r'));
                    let text = text.trim_ascii_start();
                    assert_eq!(
                        is_sound(text),
                        decode(text).is_ok() || has_fold && is_sound(text),
                        "{text:?}"
                    );
                }
            }
        }
        assert!(sound > 1000);
        assert!(is_sound(b"  QUJD\r\n REVG\n R0hJ"));
        assert!(!is_sound(b"QUJD\r\n REV\n R0hJ") && !is_sound(b"QUJD=\n ==") && !is_sound(b"QU JD"));
    }

    #[test]
    fn the_vectors_of_rfc_4648_section_10() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
        ] {
            let mut out = Vec::new();
            encode(plain.as_bytes(), &mut out);
            assert_eq!(out, coded.as_bytes());
            assert_eq!(decode(coded.as_bytes()).unwrap(), plain.as_bytes());
        }
    }
}
