//! The writer of records, in the form that importers accept.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use wide::u8x16;

use crate::base64;
use crate::control::Control;
use crate::dn::validate;
use crate::error::Error;
use crate::record::{Attribute, Content, Modification, Operation, Record};
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
    /// Returns the bytes.
    #[must_use]
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
        }
    }

    /// Appends the bytes.
    #[inline]
    pub fn put(self, out: &mut Vec<u8>) {
        match self {
            Self::Lf => out.push(b'\n'),
            Self::CrLf => out.extend_from_slice(b"\r\n"),
        }
    }
}

/// The form that an importer requires. Every profile writes ASCII without a byte order mark.
///
/// ```
/// use ldif::{LineEnd, Profile};
///
/// let profile = Profile::rfc2849().line_end(LineEnd::CrLf).wrap(0);
/// assert!(profile.version && profile.wrap == 0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Profile {
    /// How lines end.
    pub line_end: LineEnd,
    /// The column past which a line is folded; 0 for never.
    pub wrap: usize,
    /// Whether a file begins with `version: 1`.
    pub version: bool,
    /// Whether empty values are written instead of being errors: a few syntaxes of OpenLDAP allow them, Active
    /// Directory does not.
    pub empty_values: bool,
}

impl Profile {
    /// Returns the profile for ldifde of Windows: CRLF, folded at 76 columns.
    #[must_use]
    pub const fn ldifde() -> Self {
        Self { line_end: LineEnd::CrLf, ..Self::ldap() }
    }

    /// Returns the profile for ldapmodify, slapmodify and ldbmodify: LF, folded at 76 columns.
    #[must_use]
    pub const fn ldap() -> Self {
        Self { line_end: LineEnd::Lf, wrap: 76, version: false, empty_values: false }
    }

    /// Returns the profile that follows RFC 2849 literally, with a version at the beginning of a file: LF, folded at 76
    /// columns.
    #[must_use]
    pub const fn rfc2849() -> Self {
        Self::ldap().version(true).empty_values(true)
    }

    /// Sets the line ends.
    #[must_use]
    pub const fn line_end(mut self, line_end: LineEnd) -> Self {
        self.line_end = line_end;
        self
    }

    /// Sets the line length; 0 for no folds.
    #[must_use]
    pub const fn wrap(mut self, columns: usize) -> Self {
        self.wrap = columns;
        self
    }

    /// Sets whether a file begins with `version: 1`.
    #[must_use]
    pub const fn version(mut self, version: bool) -> Self {
        self.version = version;
        self
    }

    /// Sets whether empty values are written.
    #[must_use]
    pub const fn empty_values(mut self, empty_values: bool) -> Self {
        self.empty_values = empty_values;
        self
    }
}

/// Whether the value may be written literally (RFC 2849, SAFE-STRING, and note 8 for the space at the end). Control
/// characters may not, although the RFC forbids only three: a terminal obeys them, and Ctrl-Z ends a file on Windows.
///
/// ```
/// use ldif::writer::is_safe;
///
/// assert!(is_safe(b"Ann Doe") && !is_safe(b" Ann") && !is_safe("Zo\u{eb}".as_bytes()));
/// ```
#[must_use]
pub fn is_safe(value: &[u8]) -> bool {
    let (blocks, rest) = value.as_chunks::<16>();
    let mut last = [b' '; 16];
    last[..rest.len()].copy_from_slice(rest);
    blocks.iter().chain([&last]).all(are_safe_inside)
        && !matches!(value.first(), Some(b' ' | b':' | b'<'))
        && value.last() != Some(&b' ')
}

/// Whether these bytes may be in the middle of a value literally: printable ASCII.
#[inline]
fn are_safe_inside(bytes: &[u8; 16]) -> bool {
    let bytes = u8x16::from(*bytes);
    let is_control = bytes.min(u8x16::splat(0x1f)).simd_eq(bytes) | bytes.simd_eq(u8x16::splat(0x7f));
    // The mask consists of the highest bits, which bytes outside ASCII have, too.
    (bytes | is_control).to_bitmask() == 0
}

/// Appends `name: value` or `name:: base64`, folded, with its line end.
///
/// The name must be an attribute description, and therefore ASCII; unlike a [`Writer`], this function does not check
/// that.
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
    profile.line_end.put(out);
}

/// Folds the line that begins at `start`. The line is ASCII, so no fold splits a character.
fn fold(out: &mut Vec<u8>, start: usize, profile: &Profile) {
    // A fold needs one column for its space and one for a character.
    let wrap = if profile.wrap == 0 { usize::MAX } else { profile.wrap.max(2) };
    let end = out.len();
    if end - start <= wrap {
        return;
    }
    let break_bytes = profile.line_end.bytes();
    let gap = break_bytes.len() + 1;
    let pieces = (end - start - wrap).div_ceil(wrap - 1);
    out.resize(end + pieces * gap, b' ');
    // From the last piece to the first, so that none overwrites one that still has to move.
    for i in (0..pieces).rev() {
        let from = start + wrap + i * (wrap - 1);
        let to = from + (i + 1) * gap;
        out.copy_within(from..end.min(from + wrap - 1), to);
        out[to - gap..to - 1].copy_from_slice(break_bytes);
        out[to - 1] = b' ';
    }
}

/// Appends `# text` as one line, never folded. Control characters and characters outside ASCII are written as the bytes
/// of their UTF-8, each as `\XX`.
pub fn comment(out: &mut Vec<u8>, profile: &Profile, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let is_plain = |byte: &u8| matches!(byte, 0x20..=0x7E);
    out.extend_from_slice(b"# ");
    let (plain, rest) = text.as_bytes().split_at(text.bytes().take_while(is_plain).count());
    out.extend_from_slice(plain);
    for &byte in rest {
        if is_plain(&byte) {
            out.push(byte);
        } else {
            let digits = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
            out.extend_from_slice(&[b'\\', digits[0], digits[1]]);
        }
    }
    profile.line_end.put(out);
}

/// Writes records, each followed by a blank line.
///
/// Each record is one call of the sink. A file needs a [`BufWriter`], which [`Writer::from_path`] provides.
///
/// ```
/// use ldif::{Modification, Profile, Record, Writer};
///
/// let mut writer = Writer::new(Vec::new(), Profile::ldifde());
/// writer.write(&Record::modifying("cn=Ann,dc=contoso,dc=com", [Modification::replace("sn", ["Doé"])]))?;
/// let text = "dn: cn=Ann,dc=contoso,dc=com\r\nchangetype: modify\r\nreplace: sn\r\nsn:: RG/DqQ==\r\n-\r\n\r\n";
/// assert_eq!(writer.into_inner()?, text.as_bytes());
/// # Ok::<(), ldif::Error>(())
/// ```
#[derive(Debug)]
pub struct Writer<W> {
    sink: W,
    profile: Profile,
    /// Whether `version: 1` is still to be written.
    is_new: bool,
    buffer: Vec<u8>,
}

impl Writer<BufWriter<File>> {
    /// Writes to a new file at `path`, replacing any existing one.
    ///
    /// ```no_run
    /// use ldif::{Profile, Record, Writer};
    ///
    /// let mut writer = Writer::from_path("gone.ldif", Profile::ldifde())?;
    /// writer.write(&Record::deleting("cn=Ann,dc=contoso,dc=com"))?;
    /// writer.flush()?;
    /// # Ok::<(), ldif::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The file cannot be created.
    pub fn from_path(path: impl AsRef<Path>, profile: Profile) -> Result<Self, Error> {
        Ok(Self::new(BufWriter::new(File::create(path)?), profile))
    }
}

impl<W: Write> Writer<W> {
    /// Writes to `sink`.
    pub fn new(sink: W, profile: Profile) -> Self {
        Self { sink, profile, is_new: true, buffer: Vec::new() }
    }

    /// Writes one record.
    ///
    /// # Errors
    ///
    /// Records that importers refuse or misread: a record without content, an attribute without values, an empty value
    /// unless the [profile](Profile::empty_values) allows it, an invalid DN or attribute description. Nothing of the
    /// record is written. Also a failure of the sink.
    pub fn write(&mut self, record: &Record) -> Result<(), Error> {
        self.begin();
        render(&mut self.buffer, &self.profile, record)?;
        self.flush_buffer().map_err(Error::from)
    }

    /// Writes a comment line.
    ///
    /// # Errors
    ///
    /// A failure of the sink.
    pub fn comment(&mut self, text: &str) -> io::Result<()> {
        self.begin();
        comment(&mut self.buffer, &self.profile, text);
        self.flush_buffer()
    }

    /// Flushes the sink.
    ///
    /// # Errors
    ///
    /// A failure of the sink.
    pub fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }

    /// Returns the sink.
    pub fn get_ref(&self) -> &W {
        &self.sink
    }

    /// Flushes the sink and returns it.
    ///
    /// # Errors
    ///
    /// A failure of the sink.
    pub fn into_inner(mut self) -> io::Result<W> {
        self.sink.flush()?;
        Ok(self.sink)
    }

    /// Empties the buffer, and begins a new file with its version.
    fn begin(&mut self) {
        self.buffer.clear();
        if self.profile.version && self.is_new {
            attribute(&mut self.buffer, &self.profile, "version", b"1");
            self.buffer.extend_from_slice(self.profile.line_end.bytes());
        }
    }

    fn flush_buffer(&mut self) -> io::Result<()> {
        self.sink.write_all(&self.buffer)?;
        self.is_new = false;
        Ok(())
    }
}

/// Appends a record and the blank line after it.
///
/// # Errors
///
/// A record that importers refuse; see [`Writer::write`]. Nothing is appended in that case.
pub fn render(out: &mut Vec<u8>, profile: &Profile, record: &Record) -> Result<(), Error> {
    check(profile, record)?;
    put(out, profile, record);
    Ok(())
}

/// Appends a record unchecked, whether or not importers accept it, but always on lines of its own.
pub(crate) fn put(out: &mut Vec<u8>, profile: &Profile, record: &Record) {
    attribute(out, profile, "dn", record.dn.as_bytes());
    for control in &record.controls {
        put_control(out, profile, control);
    }
    put_content(out, profile, &record.content, "");
    profile.line_end.put(out);
}

fn put_control(out: &mut Vec<u8>, profile: &Profile, control: &Control) {
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
    attribute(out, profile, "control", text.as_bytes());
}

/// Appends what follows the DN; `prefix` precedes the change type.
fn put_content(out: &mut Vec<u8>, profile: &Profile, content: &Content, prefix: &str) {
    let mut line = |name: &str, value: &[u8]| attribute(out, profile, name, value);
    let change = |name: &str| match prefix {
        "" => name.to_lowercase(),
        _ => format!("{prefix}{name}"),
    };
    match content {
        Content::Entry(attributes) => put_attributes(out, profile, attributes),
        Content::Add(attributes) => {
            line("changetype", change("Add").as_bytes());
            put_attributes(out, profile, attributes);
        }
        Content::Delete => line("changetype", change("Delete").as_bytes()),
        Content::Modify(modifications) => {
            line("changetype", change("Modify").as_bytes());
            for modification in modifications {
                put_modification(out, profile, modification);
            }
        }
        Content::Rename(rename) => {
            line("changetype", change("ModRdn").as_bytes());
            line("newrdn", rename.new_rdn.as_bytes());
            line("deleteoldrdn", if rename.delete_old { b"1" } else { b"0" });
            if let Some(superior) = &rename.new_superior {
                line("newsuperior", superior.as_bytes());
            }
        }
        Content::Schema(content) => put_content(out, profile, content, "ntdsSchema"),
    }
}

fn put_attributes(out: &mut Vec<u8>, profile: &Profile, attributes: &[Attribute]) {
    for Attribute { name, values, urls } in attributes {
        put_values(out, profile, (name, values, urls));
    }
}

fn put_modification(out: &mut Vec<u8>, profile: &Profile, modification: &Modification) {
    let keyword = match modification.operation {
        Operation::Add => "add",
        Operation::Delete => "delete",
        Operation::Replace => "replace",
        Operation::Increment => "increment",
    };
    attribute(out, profile, keyword, modification.name.as_bytes());
    put_values(out, profile, (&modification.name, &modification.values, &modification.urls));
    out.push(b'-');
    profile.line_end.put(out);
}

/// Appends the values of an attribute; an invalid name is escaped.
fn put_values(out: &mut Vec<u8>, profile: &Profile, (name, values, urls): (&str, &[Vec<u8>], &[String])) {
    let name = if is_description(name.as_bytes()) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(name.escape_default().to_string().replace([':', '#'], "?"))
    };
    for value in values {
        attribute(out, profile, &name, value);
    }
    for url in urls {
        let start = out.len();
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b":< ");
        out.extend_from_slice(url.escape_default().to_string().as_bytes());
        fold(out, start, profile);
        profile.line_end.put(out);
    }
}

/// Checks whether importers accept the record.
fn check(profile: &Profile, record: &Record) -> Result<(), Error> {
    check_dn(&record.dn)?;
    if !record.controls.is_empty() && matches!(record.content, Content::Entry(_)) {
        return Err(Error::unwritable("an entry with a control"));
    }
    match &record.content {
        Content::Schema(content) if matches!(**content, Content::Entry(_) | Content::Schema(_)) => {
            Err(Error::unwritable("a change of the schema that is no change"))
        }
        Content::Schema(content) => check_content(profile, content),
        content => check_content(profile, content),
    }
}

/// Checks whether importers accept what follows the DN.
fn check_content(profile: &Profile, content: &Content) -> Result<(), Error> {
    match content {
        Content::Entry(attributes) | Content::Add(attributes) => {
            if attributes.is_empty() {
                return Err(Error::unwritable("a record without attributes"));
            }
            for Attribute { name, values, urls } in attributes {
                if values.is_empty() && urls.is_empty() {
                    return Err(Error::unwritable("an attribute without values"));
                }
                check_values(profile, (name, values, urls))?;
            }
        }
        Content::Modify(modifications) => {
            if modifications.is_empty() {
                return Err(Error::unwritable("a modify record without modifications"));
            }
            for Modification { operation, name, values, urls } in modifications {
                let adds = matches!(operation, Operation::Add | Operation::Increment);
                if adds && values.is_empty() && urls.is_empty() {
                    return Err(Error::unwritable("a modification that adds no value"));
                }
                check_values(profile, (name, values, urls))?;
            }
        }
        Content::Rename(rename) => {
            check_dn(&rename.new_rdn)?;
            check_dn(rename.new_superior.as_deref().unwrap_or_default())?;
        }
        Content::Delete | Content::Schema(_) => {}
    }
    Ok(())
}

fn check_dn(dn: &str) -> Result<(), Error> {
    validate(dn).map_err(|_| Error::unwritable("an invalid DN"))
}

/// Checks whether importers accept an attribute with these values.
fn check_values(profile: &Profile, (name, values, urls): (&str, &[Vec<u8>], &[String])) -> Result<(), Error> {
    let is_keyword = ["dn", "control", "changetype"].iter().any(|keyword| name.eq_ignore_ascii_case(keyword));
    if is_keyword || !is_description(name.as_bytes()) {
        return Err(Error::unwritable("an invalid attribute description, or a keyword in its place,"));
    }
    if !profile.empty_values && values.iter().any(Vec::is_empty) {
        return Err(Error::unwritable("an empty value"));
    }
    let is_url = |url: &String| !url.is_empty() && url.bytes().all(|byte| byte.is_ascii_graphic());
    if !urls.iter().all(is_url) {
        return Err(Error::unwritable("a URL of other characters than those of URLs"));
    }
    Ok(())
}
