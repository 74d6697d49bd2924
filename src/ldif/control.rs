//! Controls of a change.

use crate::base64;
use crate::dn;
use crate::fault::FaultKind;

/// A control of a change (RFC 4511 section 4.1.11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// Its OID.
    pub oid: String,
    /// Whether the change must fail if the control is unknown; `None` if the file does not say, which means no.
    pub criticality: Option<bool>,
    /// Its value.
    pub value: Option<Vec<u8>>,
}

impl Control {
    /// Parses the text after `control:`, such as `1.2.3 true: value`; a fault comes with the byte where it is.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, (FaultKind, usize)> {
        let (head, value) = match text.iter().position(|&b| b == b':') {
            None => (text, None),
            Some(i) => (&text[..i], Some((i + 1, &text[i + 1..]))),
        };
        let mut words = head.split(|&b| b == b' ').filter(|word| !word.is_empty());
        let oid = words.next().unwrap_or_default();
        if !oid.first().is_some_and(u8::is_ascii_digit) || !dn::is_type(oid) {
            return Err((FaultKind::Control, 0));
        }
        let criticality = match words.next() {
            None => None,
            Some(word) if word.eq_ignore_ascii_case(b"true") => Some(true),
            Some(word) if word.eq_ignore_ascii_case(b"false") => Some(false),
            Some(_) => return Err((FaultKind::Control, oid.len() + 1)),
        };
        if words.next().is_some() {
            return Err((FaultKind::Control, head.len()));
        }
        let value = match value {
            None => None,
            Some((at, [b':', coded @ ..])) => {
                let fill = coded.len() - coded.trim_ascii_start().len();
                let coded = &coded[fill..];
                Some(base64::decode(coded).map_err(|(kind, i)| (kind, at + 1 + fill + i))?)
            }
            Some((at, [b'<', ..])) => return Err((FaultKind::Url, at)),
            Some((_, plain)) => Some(plain.trim_ascii_start().to_vec()),
        };
        Ok(Self { oid: String::from_utf8_lossy(oid).into_owned(), criticality, value })
    }
}
