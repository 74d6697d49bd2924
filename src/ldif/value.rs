//! The characters that names and plain values may contain.

use std::borrow::Cow;

use crate::dn;
use crate::fault::{Fault, FaultKind};
use crate::line::Line;
use crate::text::windows_1252;

/// Reports what is doubtful in a plain value, and returns it as UTF-8.
pub(crate) fn plain<'t>(line: &Line<'t>, value: Cow<'t, [u8]>, out: &mut impl FnMut(Fault)) -> Cow<'t, [u8]> {
    let special = value.iter().fold(false, |special, &b| special | !(0x20..0x7F).contains(&b));
    if value.last() == Some(&b' ') {
        let kept = value.trim_ascii_end().len();
        let at = line.locate(kept);
        out(Fault::new(FaultKind::TrailingSpace, at, line.rest(at)).in_line(line));
    }
    if !special {
        return value;
    }
    // RFC 2849 permits tabs in text.
    if let Some(i) = value.iter().position(|&b| matches!(b, 0x7F | 0..=0x1F) && b != b'\t') {
        let kind = FaultKind::ControlCharacter(char::from(value[i]));
        out(Fault::new(kind, line.locate(i), 1).in_line(line));
    }
    match std::str::from_utf8(&value) {
        Ok(_) => value,
        Err(error) => {
            let i = error.valid_up_to();
            out(Fault::new(FaultKind::NotUtf8(value[i]), line.locate(i), 1).in_line(line));
            Cow::Owned(windows_1252(&value).into_bytes())
        }
    }
}

/// Whether a name is an attribute description (RFC 4512 section 2.5), with the underscore that some directories allow,
/// and the `range=0-*` of Active Directory.
pub(crate) fn is_description(name: &[u8]) -> bool {
    // Nearly all are, and this is called for every line of a file that is checked.
    let is_alphanumeric = |all: bool, &byte: &u8| all & IS_ALPHANUMERIC[usize::from(byte)];
    if name.first().is_some_and(u8::is_ascii_alphabetic) && name.iter().fold(true, is_alphanumeric) {
        return true;
    }
    let end = name.iter().position(|&b| b == b';').unwrap_or(name.len());
    let (kind, options) = (&name[..end], &name[end..]);
    let named = kind.first().is_some_and(u8::is_ascii_alphabetic)
        && kind.iter().all(|&b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    (named || dn::is_type(kind)) && (options.is_empty() || are_options(&options[1..]))
}

/// Without a branch, a name of some fifteen letters takes a third of the time.
const IS_ALPHANUMERIC: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// Whether these are the options of an attribute description, each after a `;` except the first.
fn are_options(options: &[u8]) -> bool {
    let is_char = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'=' | b'*');
    options.split(|&b| b == b';').all(|option| !option.is_empty() && option.iter().all(is_char))
}
