//! Which records the grammar has to judge: of a file that is checked, nearly all are sound.

use std::borrow::Cow;

use crate::dn;
use crate::line::{Line, LineKind};
use crate::seen::Seen;
use crate::value::is_description;
use crate::walk::Cursor;

/// Sees the lines of records as a [`Cursor`] passes them, and rules out that [`check`](crate::check) finds a fault.
///
/// A sound line costs a fraction of what the grammar takes for it, and no line is looked for twice.
#[derive(Debug)]
pub struct Screen<'t> {
    text: &'t [u8],
    is_utf8: bool,
    /// The values of the record at hand.
    seen: Seen<'t>,
    /// How many of its lines were seen.
    lines: usize,
    is_doubtful: bool,
}

impl<'t> Screen<'t> {
    /// For the records of `text`, in order.
    #[must_use]
    pub fn new(text: &'t [u8]) -> Self {
        let is_utf8 = std::str::from_utf8(text).is_ok();
        Self { text, is_utf8, seen: Seen::new(text), lines: 0, is_doubtful: false }
    }

    /// Begins the next record.
    pub fn begin(&mut self) {
        self.seen.clear();
        (self.lines, self.is_doubtful) = (0, false);
    }

    /// Sees the next line of the record, as [`Cursor::next_line`] gives it.
    #[inline]
    pub fn see(&mut self, line: &Line<'t>) {
        self.is_doubtful = self.is_doubtful || !self.is_sound(line);
        self.lines += 1;
    }

    /// Whether the record that began at `start`, and whose lines were all seen, may hold a fault; if not, it holds none.
    #[must_use]
    pub fn is_doubtful(&self, cursor: &Cursor<'t>, start: usize) -> bool {
        self.is_doubtful
            || self.lines == 0
            || cursor.is_doubtful(start)
            || !self.is_utf8 && std::str::from_utf8(cursor.record(start).bytes()).is_err()
    }

    #[inline]
    fn is_sound(&mut self, line: &Line<'t>) -> bool {
        let value = match line.plain() {
            Some(plain) => Cow::Borrowed(&self.text[plain]),
            None => match line.value() {
                Ok(value) => value,
                Err(_) => return false,
            },
        };
        if value.last() == Some(&b' ') && line.kind() == LineKind::Plain {
            return false;
        }
        let name = line.description();
        match self.lines {
            0 => name.eq_ignore_ascii_case(b"dn") && is_dn(&value),
            1 if name.eq_ignore_ascii_case(b"changetype") => value.eq_ignore_ascii_case(b"add"),
            _ => {
                !is_keyword(&name) && is_description(&name) && self.seen.insert(line, &name, &value).is_none()
            }
        }
    }
}

/// Is it the DN of an entry, which the root DSE's is not?
fn is_dn(value: &[u8]) -> bool {
    !value.is_empty() && std::str::from_utf8(value).is_ok_and(|dn| dn::validate(dn).is_ok())
}

/// Has the name a meaning of its own where an attribute is expected?
#[inline]
fn is_keyword(name: &[u8]) -> bool {
    let is = |keyword: &str| name.eq_ignore_ascii_case(keyword.as_bytes());
    match name.len() {
        2 => is("dn"),
        7 => is("version") || is("control"),
        10 => is("changetype"),
        _ => false,
    }
}
