//! The digest of a batch: its records as bytes, from which they are restored without another look at the text.
//!
//! Numbers, texts and octets have a column each, so that a single check shows that all texts are UTF-8. A digest is as
//! personal as the export, and is kept only during the run.

use std::cell::OnceCell;
use std::sync::{Mutex, PoisonError};

use super::record::{Finding, InBatch, Numbered, RecordKind};
use crate::language::{Language, Text};
use crate::message::Severity;
use crate::object::{Attr, Object, Value, Values};

/// The codes of findings, which a digest refers to by number.
#[derive(Debug, Default)]
pub(crate) struct Codes(Mutex<Vec<&'static str>>);

impl Codes {
    fn number(&self, code: &'static str) -> u64 {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = codes.iter().position(|known| *known == code).unwrap_or_else(|| {
            codes.push(code);
            codes.len() - 1
        });
        at as u64
    }

    fn code(&self, number: u64) -> &'static str {
        let codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        usize::try_from(number).ok().and_then(|number| codes.get(number)).copied().unwrap_or_default()
    }
}

/// What a record has besides its DN and its values: bits added to its kind.
const HAS_FINDINGS: u64 = 4;
const HAS_CUT: u64 = 8;
const IS_ELSEWHERE: u64 = 16;
const IS_NORMAL: u64 = 32;
const HAS_NOTE: u64 = 64;
const IS_DOUBTFUL: u64 = 128;

#[derive(Debug)]
pub(crate) struct DigestWriter<'c> {
    codes: &'c Codes,
    numbers: Vec<u8>,
    texts: String,
    octets: Vec<u8>,
    /// Place and line of the last record, from which the next ones are counted.
    at: usize,
    line: u64,
}

impl<'c> DigestWriter<'c> {
    /// An empty digest for a batch of this length.
    pub(crate) fn new(codes: &'c Codes, length: usize) -> Self {
        // Enough for most batches: growing a buffer copies its content each time.
        let (numbers, texts) = (Vec::with_capacity(length / 16), String::with_capacity(length / 3));
        Self { codes, numbers, texts, octets: Vec::new(), at: 0, line: 0 }
    }

    /// Appends a record with the note of the first pass. Records must come in the order of the text.
    pub(crate) fn record(&mut self, record: &Numbered<'_>, note: &[u8]) {
        let Numbered { kind, object, findings, .. } = record;
        let are_sound = object.values.are_sound();
        let bit = |holds: bool, bit: u64| if holds { bit } else { 0 };
        let is_normal = object.normalized == object.dn;
        self.number(
            kind.number()
                | bit(!findings.is_empty(), HAS_FINDINGS)
                | bit(object.cut.is_some(), HAS_CUT)
                | bit(object.elsewhere.is_some(), IS_ELSEWHERE)
                | bit(is_normal, IS_NORMAL)
                | bit(!note.is_empty(), HAS_NOTE)
                | bit(!are_sound, IS_DOUBTFUL),
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
            self.number(findings.len() as u64);
            findings.iter().for_each(|finding| self.finding(finding));
        }
    }

    fn finding(&mut self, finding: &Finding) {
        let Finding { severity, code, what, notes, help, place } = finding;
        let InBatch { at, length, attr, within } = place;
        self.number(*severity as u64);
        self.number(self.codes.number(code));
        self.number(*at as u64);
        self.number(*length as u64);
        self.number(attr.map_or(0, |attr| attr.index() as u64 + 1));
        self.number(within.as_ref().map_or(0, |(_, from)| *from as u64 + 1));
        self.text(within.as_ref().map_or("", |(name, _)| name));
        self.number(notes.len() as u64);
        self.number(u64::from(help.is_some()));
        for text in std::iter::once(what).chain(notes).chain(help) {
            Language::ALL.iter().for_each(|&language| self.text(text.in_language(language)));
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

    /// Writes seven bits per byte, the lowest first; the highest bit says that more follow.
    #[inline]
    fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.numbers.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.numbers.push(number as u8);
    }

    /// Returns the bytes of the digest as a sequence of parts.
    pub(crate) fn finish(self) -> [Vec<u8>; 4] {
        let lengths = [self.numbers.len() as u64, self.texts.len() as u64].map(u64::to_le_bytes);
        [lengths.concat(), self.numbers, self.texts.into_bytes(), self.octets]
    }
}

#[derive(Debug)]
pub(crate) struct DigestReader<'d> {
    codes: &'d Codes,
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
    pub(crate) fn new(codes: &'d Codes, digest: &'d [u8], first: u32, first_line: u64) -> Option<Self> {
        let (numbers, rest) = digest.split_first_chunk()?;
        let (texts, rest) = rest.split_first_chunk()?;
        let length = |bytes| usize::try_from(u64::from_le_bytes(bytes)).ok();
        let (numbers, rest) = rest.split_at_checked(length(*numbers)?)?;
        let (texts, octets) = rest.split_at_checked(length(*texts)?)?;
        let texts = simdutf8::basic::from_utf8(texts).ok()?;
        let (number, at, line) = (first, 0, 0);
        Some(Self { codes, numbers, texts, octets, number, first_line, at, line, is_whole: true })
    }

    /// Whether everything that was read was there.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_whole
    }

    fn record(&mut self) -> Numbered<'d> {
        let shape = self.number();
        let kind = RecordKind::of_number(shape & 3);
        self.at = self.at.wrapping_add(self.number() as usize);
        self.line = self.line.wrapping_add(self.number());
        let dn = self.text();
        let normalized = if shape & IS_NORMAL == 0 { self.text() } else { dn };
        let cut = (shape & HAS_CUT != 0).then(|| (self.attr(), self.number() as usize));
        let elsewhere = (shape & IS_ELSEWHERE != 0).then(|| self.text().into());
        let count = self.count();
        let mut values = Values::with_capacity(count);
        let mut at = self.at;
        for _ in 0..count {
            let kind = self.number();
            let attr = Attr::of_index((kind >> 1) as usize);
            at = at.wrapping_add(self.number() as usize);
            match (shape & IS_DOUBTFUL, kind & 1) {
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
        let note = if shape & HAS_NOTE == 0 { &[] } else { self.octets() };
        let findings = if shape & HAS_FINDINGS == 0 { 0 } else { self.count() };
        let findings = (0..findings).map(|_| self.finding()).collect();
        let (at, line) = (self.at, self.line);
        let (dn, normalized, alike) = (dn.into(), normalized.into(), OnceCell::new());
        let object = Object { dn, normalized, alike, at, line, values, cut, elsewhere };
        let number = self.number;
        self.number = self.number.wrapping_add(1);
        Numbered { number, line: self.first_line + line, kind, object, findings, note }
    }

    fn finding(&mut self) -> Finding {
        let severity = match self.number() {
            0 => Severity::Note,
            1 => Severity::Warning,
            _ => Severity::Error,
        };
        let code = self.codes.code(self.number());
        let (at, length) = (self.number() as usize, self.number() as usize);
        let attr = (self.number() as usize).checked_sub(1).map(Attr::of_index);
        let from = (self.number() as usize).checked_sub(1);
        let name = self.text();
        let within = from.map(|from| (name.to_owned(), from));
        let (notes, has_help) = (self.count(), self.number() > 0);
        let mut words = || {
            let (english, french) = (self.text().to_owned(), self.text().to_owned());
            Text::of(english, french)
        };
        let what = words();
        let notes = (0..notes).map(|_| words()).collect();
        let help = has_help.then(words);
        let place = InBatch { at, length, attr, within };
        Finding { severity, code, what, place, notes, help }
    }

    fn attr(&mut self) -> Attr {
        Attr::of_index(self.number() as usize)
    }

    /// Reads a number of items, each of which takes at least one byte.
    fn count(&mut self) -> usize {
        (self.number() as usize).min(self.numbers.len())
    }

    fn text(&mut self) -> &'d str {
        let length = self.number() as usize;
        let Some((text, rest)) = self.texts.split_at_checked(length) else {
            self.is_whole = false;
            return "";
        };
        self.texts = rest;
        text
    }

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
        // Most numbers are small.
        match *self.numbers {
            [byte @ ..0x80, ref rest @ ..] => {
                self.numbers = rest;
                byte.into()
            }
            _ => self.long_number(),
        }
    }

    fn long_number(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        while let Some((&byte, rest)) = self.numbers.split_first() {
            self.numbers = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 || shift > 56 {
                return number;
            }
            shift += 7;
        }
        self.is_whole = false;
        0
    }
}

impl<'d> Iterator for DigestReader<'d> {
    type Item = Numbered<'d>;

    fn next(&mut self) -> Option<Numbered<'d>> {
        (!self.numbers.is_empty()).then(|| self.record())
    }
}
