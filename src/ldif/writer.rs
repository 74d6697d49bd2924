//! Records to a file, as importers want it.

use std::io::{self, Write};

use wide::u8x16;

use crate::base64;
use crate::dn::normalize;
use crate::error::Error;
use crate::record::{Attribute, Content, Operation, Record};
use crate::value::is_description;

/// How lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineEnd {
    /// LF.
    Lf,
    /// CR LF.
    CrLf,
}

impl LineEnd {
    /// The bytes.
    #[must_use]
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
        }
    }
}

/// What an importer wants. Every profile writes ASCII without a byte order mark and without a `version:` line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Profile {
    /// How lines end.
    pub line_end: LineEnd,
    /// The length past which a line is folded, in columns; 0 for never.
    pub wrap: usize,
}

impl Profile {
    /// For ldifde of Windows: CRLF, folded at 76 columns.
    #[must_use]
    pub const fn ldifde() -> Self {
        Self { line_end: LineEnd::CrLf, wrap: 76 }
    }

    /// For ldapmodify, slapmodify and ldbmodify: LF, folded at 76 columns.
    #[must_use]
    pub const fn ldap() -> Self {
        Self { line_end: LineEnd::Lf, wrap: 76 }
    }

    /// The same with another line length; 0 for no folds.
    #[must_use]
    pub const fn wrap(mut self, columns: usize) -> Self {
        self.wrap = columns;
        self
    }
}

/// May the value stand as it is (RFC 2849, SAFE-STRING, and note 8 for the space at the end)?
#[must_use]
pub fn is_safe(value: &[u8]) -> bool {
    let (blocks, rest) = value.as_chunks::<16>();
    let mut last = [b' '; 16];
    last[..rest.len()].copy_from_slice(rest);
    blocks.iter().chain([&last]).all(are_safe_inside)
        && !matches!(value.first(), Some(b' ' | b':' | b'<'))
        && value.last() != Some(&b' ')
}

/// May these are in the middle of a value as they are (RFC 2849, SAFE-CHAR)?
#[inline]
fn are_safe_inside(bytes: &[u8; 16]) -> bool {
    let bytes = u8x16::from(*bytes);
    let is = |byte| bytes.simd_eq(u8x16::splat(byte));
    // The mask is made of the highest bits, which are those of the bytes outside ASCII, too.
    (bytes | is(0) | is(b'\n') | is(b'\r')).to_bitmask() == 0
}

/// Appends `name: value` or `name:: base64`, folded, with its line end.
///
/// The name is an attribute description, and so ASCII; unlike a [`Writer`] it does not look.
pub fn attribute(out: &mut Vec<u8>, profile: &Profile, name: &str, value: &[u8]) {
    let start = out.len();
    out.extend_from_slice(name.as_bytes());
    if is_safe(value) {
        out.extend_from_slice(b": ");
        out.extend_from_slice(value);
    } else {
        out.extend_from_slice(b":: ");
        base64::encode(value, out);
    }
    fold(out, start, profile);
    out.extend_from_slice(profile.line_end.bytes());
}

/// Folds the line that begins at `start`. The line is ASCII, so no fold splits a character.
fn fold(out: &mut Vec<u8>, start: usize, profile: &Profile) {
    // A fold needs a column for its space and one for a character.
    let wrap = if profile.wrap == 0 { usize::MAX } else { profile.wrap.max(2) };
    let end = out.len();
    if end - start <= wrap {
        return;
    }
    let break_bytes = profile.line_end.bytes();
    let gap = break_bytes.len() + 1;
    let pieces = (end - start - wrap).div_ceil(wrap - 1);
    out.resize(end + pieces * gap, b' ');
    // From the last piece to the first, so that none is moved onto one that still has to move.
    for i in (0..pieces).rev() {
        let from = start + wrap + i * (wrap - 1);
        let to = from + (i + 1) * gap;
        out.copy_within(from..end.min(from + wrap - 1), to);
        out[to - gap..to - 1].copy_from_slice(break_bytes);
        out[to - 1] = b' ';
    }
}

/// Appends `# text` as one line, never folded: ASCII, and of anything else and of control characters the bytes of
/// its UTF-8 as `\XX`.
pub fn comment(out: &mut Vec<u8>, profile: &Profile, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.extend_from_slice(b"# ");
    for &byte in text.as_bytes() {
        match byte {
            0x20..=0x7E => out.push(byte),
            _ => out.extend_from_slice(&[
                b'\\',
                DIGITS[usize::from(byte >> 4)],
                DIGITS[usize::from(byte & 15)],
            ]),
        }
    }
    out.extend_from_slice(profile.line_end.bytes());
}

/// Writes records, each with a blank line behind it.
#[derive(Debug)]
pub struct Writer<W> {
    sink: W,
    profile: Profile,
    buffer: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Writes to `sink`, one call a record.
    pub fn new(sink: W, profile: Profile) -> Self {
        Self { sink, profile, buffer: Vec::new() }
    }

    /// Writes one record.
    ///
    /// # Errors
    ///
    /// What importers refuse, or worse: a record without content, an attribute without values, an empty value, a
    /// name or a DN that is none. And a failure of the sink.
    pub fn write(&mut self, record: &Record) -> Result<(), Error> {
        self.buffer.clear();
        render(&mut self.buffer, &self.profile, record)?;
        Ok(self.sink.write_all(&self.buffer)?)
    }

    /// Writes a comment line.
    ///
    /// # Errors
    ///
    /// A failure of the sink.
    pub fn comment(&mut self, text: &str) -> io::Result<()> {
        self.buffer.clear();
        comment(&mut self.buffer, &self.profile, text);
        self.sink.write_all(&self.buffer)
    }

    /// Flushes, and gives the sink back.
    ///
    /// # Errors
    ///
    /// A failure of the sink.
    pub fn finish(mut self) -> io::Result<W> {
        self.sink.flush()?;
        Ok(self.sink)
    }
}

/// Appends a record with the blank line behind it.
///
/// # Errors
///
/// A record that importers refuse; `out` then holds a part of it.
pub fn render(out: &mut Vec<u8>, profile: &Profile, record: &Record) -> Result<(), Error> {
    let mut line = |name: &str, value: &[u8]| attribute(out, profile, name, value);
    check_dn(&record.dn)?;
    line("dn", record.dn.as_bytes());
    if !record.controls.is_empty() && matches!(record.content, Content::Entry(_)) {
        return Err(Error::unwritable("an entry with a control"));
    }
    for control in &record.controls {
        let mut text = control.oid.clone();
        match control.criticality {
            Some(true) => text.push_str(" true"),
            Some(false) => text.push_str(" false"),
            None => {}
        }
        if let Some(value) = &control.value {
            let mut coded = Vec::new();
            base64::encode(value, &mut coded);
            text.push_str(":: ");
            text.push_str(&String::from_utf8_lossy(&coded));
        }
        line("control", text.as_bytes());
    }
    match &record.content {
        Content::Entry(attributes) => all(attributes, &mut line)?,
        Content::Add(attributes) => {
            line("changetype", b"add");
            all(attributes, &mut line)?;
        }
        Content::Delete => line("changetype", b"delete"),
        Content::Modify(modifications) => {
            if modifications.is_empty() {
                return Err(Error::unwritable("a modify record without modifications"));
            }
            line("changetype", b"modify");
            for modification in modifications {
                let keyword = match modification.operation {
                    Operation::Add => "add",
                    Operation::Delete => "delete",
                    Operation::Replace => "replace",
                    Operation::Increment => "increment",
                };
                if modification.values.is_empty()
                    && matches!(modification.operation, Operation::Add | Operation::Increment)
                {
                    return Err(Error::unwritable("a modification that adds no value"));
                }
                check_name(&modification.name)?;
                attribute(out, profile, keyword, modification.name.as_bytes());
                values(&modification.name, &modification.values, &mut |name, value| {
                    attribute(out, profile, name, value)
                })?;
                out.push(b'-');
                out.extend_from_slice(profile.line_end.bytes());
            }
        }
        Content::Rename(rename) => {
            check_dn(&rename.new_rdn)?;
            check_dn(rename.new_superior.as_deref().unwrap_or_default())?;
            line("changetype", b"modrdn");
            line("newrdn", rename.new_rdn.as_bytes());
            line("deleteoldrdn", if rename.delete_old { b"1" } else { b"0" });
            if let Some(superior) = &rename.new_superior {
                line("newsuperior", superior.as_bytes());
            }
        }
    }
    out.extend_from_slice(profile.line_end.bytes());
    Ok(())
}

fn check_dn(dn: &str) -> Result<(), Error> {
    normalize(dn).map_err(|_| Error::unwritable("a DN that is none")).map(|_| ())
}

fn check_name(name: &str) -> Result<(), Error> {
    let keyword = ["dn", "control", "changetype"].iter().any(|keyword| name.eq_ignore_ascii_case(keyword));
    match is_description(name.as_bytes()) && !keyword {
        true => Ok(()),
        false => Err(Error::unwritable("a name that is no attribute description, or is a keyword")),
    }
}

fn all(attributes: &[Attribute], line: &mut impl FnMut(&str, &[u8])) -> Result<(), Error> {
    if attributes.is_empty() {
        return Err(Error::unwritable("a record without attributes"));
    }
    for attribute in attributes {
        if attribute.values.is_empty() {
            return Err(Error::unwritable("an attribute without values"));
        }
        values(&attribute.name, &attribute.values, line)?;
    }
    Ok(())
}

fn values(name: &str, values: &[Vec<u8>], line: &mut impl FnMut(&str, &[u8])) -> Result<(), Error> {
    check_name(name)?;
    for value in values {
        if value.is_empty() {
            return Err(Error::unwritable("an empty value"));
        }
        line(name, value);
    }
    Ok(())
}
