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
    attributes: Vec<SeenAttribute>,
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
        let (attributes, seen) = (Vec::new(), Seen::new(text));
        Self { is_utf8, has_delete, attributes, seen, lines: 0, last: 0, gone: 0, is_doubtful: false }
    }

    /// Begins the next record.
    pub fn begin(&mut self) {
        self.seen.clear();
        self.gone = self.last;
        (self.lines, self.is_doubtful) = (0, false);
    }

    /// Classifies an attribute description.
    pub fn describe(&mut self, name: &[u8]) -> Description {
        let name_is = |keyword: &str| name.eq_ignore_ascii_case(keyword.as_bytes());
        match () {
            () if name_is("dn") => Description::Dn,
            () if name_is("changetype") => Description::ChangeType,
            () if name_is("version") || name_is("control") || !is_description(name) => Description::Odd,
            () => Description::Attribute(self.number(name)),
        }
    }

    /// Returns the number of an attribute with its options; `None` if too many are remembered already.
    fn number(&mut self, name: &[u8]) -> Option<usize> {
        let ordered = in_order(name);
        let is_same = |known: &SeenAttribute| {
            known.name.len() == name.len() && in_order(&known.name).eq_ignore_ascii_case(&ordered)
        };
        let known = self.attributes.iter().position(is_same);
        if known.is_none() && self.attributes.len() < MOST {
            self.attributes.push(SeenAttribute { name: name.to_vec(), first: 0, second: 0 });
            return Some(self.attributes.len() - 1);
        }
        known
    }

    /// Takes the next line of the record, as returned by [`Cursor::next_line`], and its description.
    #[inline]
    pub fn see(&mut self, line: &Line<'t>, description: Description) {
        let is_sound = is_readable(line)
            && match (self.lines, description) {
                (0, Description::Dn) => line.value().is_ok_and(|dn| is_dn(&dn)),
                (1, Description::ChangeType) => {
                    line.value().is_ok_and(|change| change.eq_ignore_ascii_case(b"add"))
                }
                (1.., Description::Attribute(number)) => self.is_first(line, number),
                _ => false,
            };
        self.is_doubtful |= !is_sound;
        self.lines += 1;
        self.last = line.at() + 1;
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

    /// Whether no earlier line of the record has the same attribute and value. Most attributes have one value in a
    /// record, and nothing to compare it with: the first is only stored, and decoded, when there is a second.
    #[inline]
    fn is_first(&mut self, line: &Line<'t>, number: Option<usize>) -> bool {
        if let Some(number) = number {
            let known = &mut self.attributes[number];
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
        line.value().is_ok_and(|value| self.seen.insert(line, &line.description(), &value).is_none())
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

/// An attribute description, classified once for all lines that have it.
#[derive(Clone, Copy, Debug, Default)]
pub enum Description {
    /// `dn`.
    Dn,
    /// `changetype`.
    ChangeType,
    /// An attribute with its options, with its number if it is remembered.
    Attribute(Option<usize>),
    /// Not an attribute description, or a misplaced keyword.
    #[default]
    Odd,
}

/// An attribute with its options, and the lines of the current record that have it.
#[derive(Debug)]
struct SeenAttribute {
    name: Vec<u8>,
    /// The offsets plus one of its first two lines; those in earlier records no longer count.
    first: usize,
    second: usize,
}

/// How many attributes are remembered: no more than can be searched for each name.
const MOST: usize = 200;

/// Whether this is the DN of an entry, which that of the root DSE is not.
fn is_dn(value: &[u8]) -> bool {
    !value.is_empty() && std::str::from_utf8(value).is_ok_and(|dn| dn::validate(dn).is_ok())
}
