//! A screen for records that need no check by the grammar, as nearly all in a file.

use crate::base64;
use crate::dn;
use crate::line::Line;
use crate::seen::{Seen, in_order};
use crate::value::is_description;
use crate::walk::Cursor;

/// The only control character above the space.
const DELETE: u8 = 0x7f;

/// Watches the lines of records as a [`Cursor`] passes them, and rules out that [`check`](crate::check) would find a
/// fault.
///
/// A valid line costs a fraction of its check by the grammar, and no line is searched for twice.
#[derive(Debug)]
pub struct Screen<'t> {
    is_utf8: bool,
    /// Whether the text contains DELETE anywhere: the search for line ends finds all other control characters.
    has_delete: bool,
    names: SeenNames,
    /// The values of the current record.
    seen: Seen<'t>,
    /// How many of its lines were seen.
    lines: usize,
    /// The offset plus one of the last seen line, and of the last line of the previous records.
    last: usize,
    gone: usize,
    is_doubtful: bool,
}

impl<'t> Screen<'t> {
    /// Creates a screen for the records of `text`, in order.
    #[must_use]
    pub fn new(text: &'t [u8]) -> Self {
        let is_utf8 = simdutf8::basic::from_utf8(text).is_ok();
        let has_delete = memchr::memchr(DELETE, text).is_some();
        let (names, seen) = (SeenNames::default(), Seen::new(text));
        Self { is_utf8, has_delete, names, seen, lines: 0, last: 0, gone: 0, is_doubtful: false }
    }

    /// Begins the next record.
    pub fn begin(&mut self) {
        self.seen.clear();
        self.names.next = 0;
        self.gone = self.last;
        (self.lines, self.is_doubtful) = (0, false);
    }

    /// Takes the next line of the record, as returned by [`Cursor::next_line`]. Returns the number of its attribute
    /// description, counted from 0 in the order of first occurrence; `None` if it is not remembered.
    #[inline]
    pub fn see(&mut self, line: &Line<'t>) -> Option<usize> {
        let name = line.description();
        let known = self.names.find(&name);
        let attribute = match known {
            Some(at) => Some(self.names.known[at].attribute),
            None if line.has_colon() && is_description(&name) => self.names.add(&name),
            None => {
                self.is_doubtful = true;
                None
            }
        };
        self.is_doubtful = self.is_doubtful || !self.is_sound(line, &name, attribute);
        self.lines += 1;
        self.last = line.at() + 1;
        known.or_else(|| self.names.find(&name))
    }

    /// Whether the record that began at `start`, and whose lines were all seen, may have a fault; if not, it has none.
    #[must_use]
    pub fn is_doubtful(&self, cursor: &Cursor<'t>, start: usize) -> bool {
        self.is_doubtful
            || self.lines == 0
            || cursor.is_doubtful(start)
            || !self.is_utf8 && std::str::from_utf8(cursor.record(start).bytes()).is_err()
            || self.has_delete && cursor.record(start).bytes().contains(&DELETE)
    }

    #[inline]
    fn is_sound(&mut self, line: &Line<'t>, name: &[u8], attribute: Option<usize>) -> bool {
        is_readable(line)
            && match self.lines {
                0 => name.eq_ignore_ascii_case(b"dn") && line.value().is_ok_and(|dn| is_dn(&dn)),
                1 if name.eq_ignore_ascii_case(b"changetype") => {
                    line.value().is_ok_and(|change| change.eq_ignore_ascii_case(b"add"))
                }
                _ => !is_keyword(name) && self.is_first(line, name, attribute),
            }
    }

    /// Whether no earlier line of the record has the same attribute and value. Most attributes have one value in a
    /// record, and nothing to compare it with: the first is only stored, and decoded, when there is a second.
    #[inline]
    fn is_first(&mut self, line: &Line<'t>, name: &[u8], attribute: Option<usize>) -> bool {
        if let Some(attribute) = attribute {
            let known = &mut self.names.known[attribute];
            if known.first <= self.gone {
                known.first = line.at() + 1;
                return true;
            }
            if known.second <= self.gone {
                known.second = line.at() + 1;
                let first = Line::read(line.text, line.at(), known.first - 1);
                if let Ok(value) = first.value() {
                    self.seen.insert(&first, &first.description(), &value);
                }
            }
        }
        line.value().is_ok_and(|value| self.seen.insert(line, name, &value).is_none())
    }
}

/// Whether the value of a line can be read, and is plain without a space at its end. This is decided from its first and
/// last bytes, and without decoding base64. A false "no" is possible.
#[inline]
fn is_readable(line: &Line<'_>) -> bool {
    match &line.text[line.colon..line.end] {
        [b':', b':', base64 @ ..] => base64::is_sound(base64),
        [b':', b'<' | b'\n' | b'\r', ..] | [] => false,
        [.., last] => *last != b' ',
    }
}

/// The attribute descriptions seen so far, in the order in which records have them.
#[derive(Debug, Default)]
struct SeenNames {
    known: Vec<KnownName>,
    /// The index of the name that is expected next.
    next: usize,
}

/// An attribute description, and the lines of the current record that have it.
#[derive(Debug)]
struct KnownName {
    name: Vec<u8>,
    /// The index of the first description with the same attribute and options, which stores the lines of all.
    attribute: usize,
    /// The offsets plus one of its first two lines; those in earlier records no longer count.
    first: usize,
    second: usize,
}

impl SeenNames {
    /// How many names are remembered: no more than can be searched for each line.
    const MOST: usize = 200;

    /// Finds a remembered name.
    #[inline]
    fn find(&mut self, name: &[u8]) -> Option<usize> {
        // A record usually has the attributes of the previous one in the same order, some of them several times.
        let near = self.next.saturating_sub(1)..self.known.len().min(self.next + 1);
        let at =
            self.known[near.clone()].iter().position(|known| known.name == name).map(|at| near.start + at);
        let at = at.or_else(|| self.known.iter().position(|known| known.name == name))?;
        self.next = at + 1;
        Some(at)
    }

    /// Remembers a name; returns the index of the first description of its attribute, if that is remembered.
    fn add(&mut self, name: &[u8]) -> Option<usize> {
        let ordered = in_order(name);
        let is_same = |known: &KnownName| in_order(&known.name).eq_ignore_ascii_case(&ordered);
        let same = self.known.iter().position(is_same);
        if self.known.len() == Self::MOST {
            return same;
        }
        let attribute = same.unwrap_or(self.known.len());
        self.known.push(KnownName { name: name.to_vec(), attribute, first: 0, second: 0 });
        self.next = self.known.len();
        Some(attribute)
    }
}

/// Whether this is the DN of an entry, which that of the root DSE is not.
fn is_dn(value: &[u8]) -> bool {
    !value.is_empty() && std::str::from_utf8(value).is_ok_and(|dn| dn::validate(dn).is_ok())
}

/// Whether the name is a keyword where an attribute is expected.
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
