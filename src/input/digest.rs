//! The digest of a batch: its records as bytes, from which they are restored without another look at the text.
//!
//! Numbers, texts and octets have a column each, so that a single check shows that all texts are UTF-8. A digest is as
//! personal as the export, and is kept only during the run.

use std::cell::OnceCell;

use serde::{Deserialize, Serialize};

use super::record::{Finding, InBatch, Numbered, RecordKind};
use crate::codes;
use crate::language::{Language, Text};
use crate::message::Severity;
use crate::object::{Attr, Object, Value, Values};

/// A finding with its texts in each language. Few records have one, so it is stored as JSON.
#[derive(Deserialize, Serialize)]
struct StoredFinding<S> {
    severity: Severity,
    code: S,
    what: [S; 2],
    notes: Vec<[S; 2]>,
    help: Option<[S; 2]>,
    place: InBatch,
}

impl<'f> StoredFinding<&'f str> {
    fn of(finding: &'f Finding) -> Self {
        let Finding { severity, code, what, notes, help, place } = finding;
        let spoken = |text: &'f Text| Language::ALL.map(|language| text.in_language(language));
        let (notes, help) = (notes.iter().map(spoken).collect(), help.as_ref().map(spoken));
        Self { severity: *severity, code, what: spoken(what), notes, help, place: place.clone() }
    }
}

impl StoredFinding<String> {
    fn restored(self) -> Finding {
        let Self { severity, code, what, notes, help, place } = self;
        let text = |[english, french]: [String; 2]| Text::of(english, french);
        let code = codes::find(&code).map_or("", |code| code.name);
        let (notes, help) = (notes.into_iter().map(text).collect(), help.map(text));
        Finding { severity, code, what: text(what), notes, help, place }
    }
}

/// Appends a number, seven bits per byte, the lowest first; the highest bit says that more follow.
#[inline]
pub(super) fn push_number(to: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// Takes a number from the beginning of the bytes.
#[inline]
pub(super) fn take_number(from: &mut &[u8]) -> Option<u64> {
    // Most numbers are small.
    match **from {
        [byte @ ..0x80, ref rest @ ..] => {
            *from = rest;
            Some(byte.into())
        }
        _ => take_long_number(from),
    }
}

fn take_long_number(from: &mut &[u8]) -> Option<u64> {
    let (mut number, mut shift) = (0, 0);
    while let Some((&byte, rest)) = from.split_first() {
        *from = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 || shift > 56 {
            return Some(number);
        }
        shift += 7;
    }
    None
}

/// What a record has besides its DN and its values: bits added to its kind.
const HAS_FINDINGS: u64 = 4;
const HAS_CUT: u64 = 8;
const IS_ELSEWHERE: u64 = 16;
const IS_NORMAL: u64 = 32;
const HAS_NOTE: u64 = 64;
const IS_DOUBTFUL: u64 = 128;

#[derive(Debug)]
pub(crate) struct DigestWriter {
    numbers: Vec<u8>,
    texts: String,
    octets: Vec<u8>,
    /// Place and line of the last record, from which the next ones are counted.
    at: usize,
    line: u64,
}

impl DigestWriter {
    /// An empty digest for a batch of this length.
    pub(crate) fn new(length: usize) -> Self {
        // Enough for most batches: growing a buffer copies its content each time.
        let (numbers, texts) = (Vec::with_capacity(length / 16), String::with_capacity(length / 3));
        Self { numbers, texts, octets: Vec::new(), at: 0, line: 0 }
    }

    /// Appends a record with the note of the first pass. Records must come in the order of the text.
    pub(crate) fn record(&mut self, record: &Numbered<'_>, note: &[u8]) {
        let Numbered { kind, object, findings, .. } = record;
        let are_sound = object.values.are_sound();
        let flag = |is_set: bool, flag: u64| if is_set { flag } else { 0 };
        let is_normal = object.normalized == object.dn;
        self.number(
            kind.number()
                | flag(!findings.is_empty(), HAS_FINDINGS)
                | flag(object.cut.is_some(), HAS_CUT)
                | flag(object.elsewhere.is_some(), IS_ELSEWHERE)
                | flag(is_normal, IS_NORMAL)
                | flag(!note.is_empty(), HAS_NOTE)
                | flag(!are_sound, IS_DOUBTFUL),
        );
        self.number(object.at.wrapping_sub(self.at) as u64);
        self.number(object.line.wrapping_sub(self.line));
        (self.at, self.line) = (object.at, object.line);
        self.text(&object.dn);
        if !is_normal {
            self.text(&object.normalized);
        }
        if let Some((attr, at)) = object.cut {
            self.number(attr.index() as u64);
            self.number(at as u64);
        }
        if let Some(place) = &object.elsewhere {
            self.text(place);
        }
        self.number(object.values.len() as u64);
        let mut at = object.at;
        for value in object.values.iter() {
            let attr = value.attr.index() as u64;
            // Usually the values of a record are close together; those of another export share one place far away.
            let distance = value.at.wrapping_sub(at) as u64;
            at = value.at;
            match value.text() {
                Some(text) => {
                    self.number(attr << 1);
                    self.number(distance);
                    self.text(text);
                }
                None => {
                    self.number(attr << 1 | 1);
                    self.number(distance);
                    self.octets(value.bytes());
                }
            }
            if !are_sound {
                self.number(value.is_guessed.into());
            }
        }
        if !note.is_empty() {
            self.octets(note);
        }
        if !findings.is_empty() {
            let stored: Vec<_> = findings.iter().map(StoredFinding::of).collect();
            self.octets(&serde_json::to_vec(&stored).unwrap_or_default());
        }
    }

    fn octets(&mut self, octets: &[u8]) {
        self.number(octets.len() as u64);
        self.octets.extend_from_slice(octets);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.texts.push_str(text);
    }

    #[inline]
    fn number(&mut self, number: u64) {
        push_number(&mut self.numbers, number);
    }

    /// Returns the bytes of the digest as a sequence of parts.
    pub(crate) fn finish(self) -> [Vec<u8>; 4] {
        let lengths = [self.numbers.len() as u64, self.texts.len() as u64].map(u64::to_le_bytes);
        [lengths.concat(), self.numbers, self.texts.into_bytes(), self.octets]
    }
}

#[derive(Debug)]
pub(crate) struct DigestReader<'d> {
    numbers: &'d [u8],
    texts: &'d str,
    octets: &'d [u8],
    number: u32,
    /// The line where the batch begins.
    first_line: u64,
    at: usize,
    line: u64,
    is_whole: bool,
}

impl<'d> DigestReader<'d> {
    /// Restores the records of a digest, numbered from `first`, for a batch that begins on this line; `None` if the
    /// bytes are not a digest.
    pub(crate) fn new(digest: &'d [u8], first: u32, first_line: u64) -> Option<Self> {
        let (numbers, rest) = digest.split_first_chunk()?;
        let (texts, rest) = rest.split_first_chunk()?;
        let length = |bytes| usize::try_from(u64::from_le_bytes(bytes)).ok();
        let (numbers, rest) = rest.split_at_checked(length(*numbers)?)?;
        let (texts, octets) = rest.split_at_checked(length(*texts)?)?;
        let texts = simdutf8::basic::from_utf8(texts).ok()?;
        let (number, at, line) = (first, 0, 0);
        Some(Self { numbers, texts, octets, number, first_line, at, line, is_whole: true })
    }

    /// Whether everything that was read was there.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Restores the next record.
    fn record(&mut self) -> Numbered<'d> {
        let flags = self.number();
        let kind = RecordKind::of_number(flags & 3);
        self.at = self.at.wrapping_add(self.number() as usize);
        self.line = self.line.wrapping_add(self.number());
        let dn = self.text();
        let normalized = if flags & IS_NORMAL == 0 { self.text() } else { dn };
        let cut = (flags & HAS_CUT != 0).then(|| (self.attr(), self.number() as usize));
        let elsewhere = (flags & IS_ELSEWHERE != 0).then(|| self.text().into());
        let count = self.count();
        let mut values = Values::with_capacity(count);
        let mut at = self.at;
        for _ in 0..count {
            // The attribute, and whether the value is text (0) or octets (1).
            let tag = self.number();
            let attr = Attr::of_index((tag >> 1) as usize);
            at = at.wrapping_add(self.number() as usize);
            match (flags & IS_DOUBTFUL, tag & 1) {
                (0, 0) => values.push_valid(Value::of_valid_text(attr, self.text(), at)),
                (0, _) => values.push_valid(Value::of_valid_octets(attr, self.octets(), at)),
                (_, is_octets) => {
                    let value = match is_octets {
                        0 => Value::of_text(attr, self.text(), at),
                        _ => Value::of_octets(attr, self.octets(), at),
                    };
                    values.push(value.guessed(self.number() != 0));
                }
            }
        }
        let note = if flags & HAS_NOTE == 0 { &[] } else { self.octets() };
        let findings = if flags & HAS_FINDINGS == 0 { Vec::new() } else { self.findings() };
        let (at, line) = (self.at, self.line);
        let (dn, normalized, alike) = (dn.into(), normalized.into(), OnceCell::new());
        let object = Object { dn, normalized, alike, at, line, values, cut, elsewhere };
        let number = self.number;
        self.number = self.number.wrapping_add(1);
        Numbered { number, line: self.first_line + line, kind, object, findings, note }
    }

    fn findings(&mut self) -> Vec<Finding> {
        let stored: serde_json::Result<Vec<StoredFinding<String>>> = serde_json::from_slice(self.octets());
        self.is_whole &= stored.is_ok();
        stored.unwrap_or_default().into_iter().map(StoredFinding::restored).collect()
    }

    fn attr(&mut self) -> Attr {
        Attr::of_index(self.number() as usize)
    }

    /// Reads a number of items, each of which takes at least one byte.
    fn count(&mut self) -> usize {
        (self.number() as usize).min(self.numbers.len())
    }

    /// Takes the next text; an empty one if the digest is not whole.
    fn text(&mut self) -> &'d str {
        let length = self.number() as usize;
        let Some((text, rest)) = self.texts.split_at_checked(length) else {
            self.is_whole = false;
            return "";
        };
        self.texts = rest;
        text
    }

    /// Takes the next octets; none if the digest is not whole.
    fn octets(&mut self) -> &'d [u8] {
        let length = self.number() as usize;
        let Some((octets, rest)) = self.octets.split_at_checked(length) else {
            self.is_whole = false;
            return &[];
        };
        self.octets = rest;
        octets
    }

    #[inline]
    fn number(&mut self) -> u64 {
        take_number(&mut self.numbers).unwrap_or_else(|| {
            self.is_whole = false;
            0
        })
    }
}

impl<'d> Iterator for DigestReader<'d> {
    type Item = Numbered<'d>;

    fn next(&mut self) -> Option<Numbered<'d>> {
        (!self.numbers.is_empty()).then(|| self.record())
    }
}
