//! DNs that are cut to the width of a screen, or in the code of another format: they name no object.

/// Returns the index at which a DN is cut to the width of a screen or a column, or at which it is coded.
pub(crate) fn damage(dn: &[u8]) -> Option<usize> {
    cut(dn).or_else(|| code(dn))
}

/// Returns the index at which a DN is cut.
pub(crate) fn cut(dn: &[u8]) -> Option<usize> {
    let end = [&b"..."[..], "…".as_bytes()].into_iter().find_map(|end| Some(dn.strip_suffix(end)?.len()));
    // Hardly any DN has a dot.
    let first_dot = || memchr::memchr(b'.', dn);
    end.or_else(|| first_dot().and_then(|at| Some(at + memchr::memmem::find(&dn[at..], b"...,")?)))
}

/// Returns the index of the first character of a DN in a code of other formats: quoted-printable, a word of RFC 2047,
/// an escape of URLs, of XML, or in octal digits.
pub(crate) fn code(dn: &[u8]) -> Option<usize> {
    if !may_be_coded(dn) {
        return None;
    }
    if is_quoted_printable(dn) {
        return memchr::memchr(b'=', dn);
    }
    let mut signs = memchr::memchr3_iter(b'=', b'%', b'_', dn);
    signs
        .find(|&at| is_code(dn, at))
        .or_else(|| memchr::memchr_iter(b'\\', dn).find(|&at| is_octal(&dn[at..])))
}

/// Whether a DN has a sign of a code, which hardly any has.
fn may_be_coded(dn: &[u8]) -> bool {
    let begins_code = |at: usize| matches!(dn[at + 1..], [b'?', ..] | [b'3', b'D', ..] | [_, _, b'=', ..]);
    memchr::memchr3(b'%', b'_', b'\\', dn).is_some() || memchr::memchr_iter(b'=', dn).any(begins_code)
}

/// Whether a DN is in quoted-printable: `3D` follows the type of each RDN. A single one may be named `3D`.
fn is_quoted_printable(dn: &[u8]) -> bool {
    let is_coded = |rdn: &[u8]| {
        let equals = memchr::memchr(b'=', rdn);
        equals.is_none_or(|at| rdn[at + 1..].starts_with(b"3D"))
    };
    memchr::memmem::find_iter(dn, b"=3D").nth(1).is_some() && dn.split(|&c| c == b',').all(is_coded)
}

/// Whether a character of a DN at this index is coded with `=`, `%` or `_`.
fn is_code(dn: &[u8], at: usize) -> bool {
    match &dn[at..] {
        [b'=', b'?', word @ ..] => {
            matches!(word.split(|&c| c == b'?').nth(1), Some(b"B" | b"b" | b"Q" | b"q"))
        }
        [b'%', b'2', b'0', next, ..] if next.is_ascii_alphanumeric() => {
            at > 0 && dn[at - 1].is_ascii_alphabetic()
        }
        [b'_', b'x', a, b, c, d, b'_', ..] => [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit),
        // two octets of UTF-8, of which the first begins a letter
        [
            sign @ (b'=' | b'%'),
            b'C' | b'D' | b'E' | b'c' | b'd' | b'e',
            low,
            next,
            b'8' | b'9' | b'A' | b'B' | b'a' | b'b',
            last,
            ..,
        ] => sign == next && low.is_ascii_hexdigit() && last.is_ascii_hexdigit(),
        _ => false,
    }
}

/// Whether a text begins with a letter of UTF-8 in octal digits: `\303\251`.
fn is_octal(text: &[u8]) -> bool {
    let is_digit = |c: &u8| (b'0'..=b'7').contains(c);
    match text {
        [b'\\', b'3', a, b, b'\\', b'2', c, d, ..] => [a, b, c, d].into_iter().all(is_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dn_in_the_code_of_another_format_is_none() {
        for (dn, expect) in [
            ("CN=3DRen=C3=A9,OU=3DParis,DC=3Dcom", Some(2)),
            ("CN=3DRen=E9,OU=3DParis,DC=3Dcom", Some(2)),
            ("CN=Ren=C3=A9,DC=com", Some(6)),
            ("CN==?UTF-8?B?UmVuw6k=?=,DC=com", Some(3)),
            ("CN=Ann%20Doe,DC=com", Some(6)),
            ("CN=Ren%c3%a9,DC=com", Some(6)),
            ("CN=Ann_x0020_Doe,DC=com", Some(6)),
            (r"CN=Ren\303\251 Doe,DC=com", Some(6)),
            ("CN=Ann D...,DC=com", Some(8)),
            ("CN=Ann,DC=con...", Some(13)),
            ("CN=3D Printer,DC=com", None),
            ("CN=3D Printer,OU=3D,DC=com", None),
            ("CN=100%20,OU=50% 20,DC=com", None),
            ("CN=Ann_x_Doe,OU=_x20_,DC=com", None),
            ("CN=Room_C3_A9,DC=com", None),
            (r"CN=Doe\, Ann,OU=A\3DB\C3\A9,DC=com", None),
            ("CN=Ann...Doe,OU=C3,DC=A9", None),
        ] {
            assert_eq!(damage(dn.as_bytes()), expect, "{dn}");
        }
    }
}
