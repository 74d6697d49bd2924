//! Small text files in any encoding: lists of users, logs.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

use ::ldif::{Block, Positions, SearchNote, blocks};

use super::encoding::{self, TextEncoding};
use super::open::empty;
use super::source::{bytes_of, typed, unreadable};
use super::{Options, csv, detect, ldif};
use crate::language::text;
use crate::message::Message;

/// The name of a user on a line of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedName<'t> {
    /// The physical line.
    pub line: u64,
    /// The most reliable name, or the whole text of an unreadable line.
    pub name: Cow<'t, str>,
    /// Whether the line cannot be read with certainty, so that it names no user.
    pub is_unreadable: bool,
    /// The account name beside a DN.
    pub account: Option<Cow<'t, str>>,
    /// All further names in the row.
    pub others: Vec<Cow<'t, str>>,
}

/// Passes on the names of users in a file in any encoding: the DNs of LDIF, a CSV column with a heading that stands for
/// one of these attributes, else one per line, quoted or not. Returns the warning about columns that are not read.
///
/// # Errors
/// `input-unreadable`, `input-foreign`, `input-empty`, `export-incomplete`, `csv-open-quote`
pub(crate) fn names(
    path: &Path,
    options: &Options,
    attributes: &[&str],
    each: &mut dyn FnMut(&ListedName<'_>),
) -> Result<Option<Message>, Message> {
    let text = text(path, options)?;
    if text.trim().is_empty() {
        return Err(empty(&typed(path)));
    }
    let plain = |line, name| ListedName { line, name, ..ListedName::default() };
    if ldif::is_list(&text) {
        let names = ldif::names(&text, each);
        return names.map(|()| None).map_err(|(line, said)| cut_list(said).at(typed(path), line, 1));
    }
    let rows = csv::names(&text, &options.csv, attributes, each);
    if let Some(unread) = rows.map_err(|error| error.diagnostic(&typed(path)))? {
        let mut positions = Positions::new(text.as_bytes(), 1);
        return Ok(unread.map(|finding| finding.in_file(&typed(path), &mut positions, None)));
    }
    numbered(&text).for_each(|(line, text)| each(&plain(line, unquoted(text))));
    Ok(None)
}

/// Returns what a tool reports on a line of a list that is not a user's name.
pub(crate) fn said(line: &str) -> Option<SearchNote> {
    match blocks(line.as_bytes()).next() {
        Some(Block::SearchNote(_, said)) => Some(said),
        _ => None,
    }
}

/// Reports a list of which a tool says, in this line, that it is cut.
pub(crate) fn cut_list(said: &str) -> Message {
    let what = text!(
        "the list says `{said}`: users are missing",
        "la liste dit `{said}`\u{a0}: il manque des utilisateurs"
    );
    Message::error("export-incomplete", what)
        .help(text!("make the list again, or delete the line", "refaites la liste, ou supprimez la ligne"))
}

/// Removes the quotes that dsquery, spreadsheets and scripts put around a line.
fn unquoted(line: &str) -> Cow<'_, str> {
    let inner = |quote: char| line.trim().strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let plain = || inner('\'').unwrap_or(line).into();
    inner('"').map_or_else(plain, |inner| inner.replace("\"\"", "\"").into())
}

/// Reads the lines of a text file in any encoding, with their numbers.
///
/// # Errors
/// `input-unreadable`, `input-foreign`
pub(crate) fn lines(path: &Path, options: &Options) -> Result<Vec<(u64, String)>, Message> {
    let text = text(path, options)?;
    Ok(numbered(&text).map(|(number, line)| (number, line.to_owned())).collect())
}

/// Splits a text at CR LF, LF, and CR alone.
fn numbered(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let lines = text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'));
    lines.zip(1..).map(|(line, number)| (number, line))
}

/// Reads a small file as text, without the Ctrl-Z with which DOS ends one.
fn text(path: &Path, options: &Options) -> Result<String, Message> {
    let bytes = bytes_of(path).map_err(|error| unreadable(path, &error))?;
    refuse_foreign(&typed(path), &bytes)?;
    let (detected, _) =
        detect::encoding(&typed(path), &bytes, &bytes[..]).map_err(|error| unreadable(path, &error))?;
    let given = options.encoding.filter(|_| detect::marked(&bytes).is_none());
    let mut text = decoded(&bytes, given.unwrap_or(detected.encoding));
    text.truncate(text.trim_end_matches('\u{1a}').len());
    Ok(text)
}

/// Decodes bytes; an incomplete character at the end is dropped.
pub(super) fn decoded(bytes: &[u8], encoding: TextEncoding) -> String {
    let mut text = Vec::new();
    let _cut = encoding::CharsetDecoder::new(bytes, encoding).read_to_end(&mut text);
    String::from_utf8(text).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Rejects a file that is obviously not text, and says what it is.
///
/// # Errors
/// `input-foreign`, `encoding-mixed`
pub(super) fn refuse_foreign(name: &str, bytes: &[u8]) -> Result<(), Message> {
    let Some(message) = detect::foreign(&bytes[..bytes.len().min(detect::HEAD)]) else { return Ok(()) };
    let what = text!("`{name}` is {what}", "`{name}` est {what}"; what = message.what);
    Err(Message { what, ..message })
}
