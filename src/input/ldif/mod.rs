//! The reader of LDIF text: it decodes the wanted attributes of each record, and skips everything else.

// one record
mod record;
// its DN
mod dn;

use ldif::{Block, BlockStart, Cursor, Line, RawRecord, SearchNote};

use super::asides::Aside;
use super::{ExportRecord, Finding, InBatch, ListedName, RecordKind, columns, password};
use crate::language::text;
use crate::message::Severity;
use crate::object::Object;

pub(super) use dn::{foreign, spoilt};
pub(super) use record::{LineName, RecordReader, lost_fold, named, slip};

/// The meaning of records with `changetype: modify`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changes {
    /// The rest of a large group, or a schema change: not the state of an entry.
    Foreign,
    /// A plan of an earlier run: the entry with its future values.
    Planned,
}

/// Whether a text is a list in LDIF: its first line, but for comments and a version, is `dn: …`.
pub(super) fn is_list(text: &str) -> bool {
    let begins =
        |line: &str, name: &str| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let mut lines = text.split(['\r', '\n']).map(str::trim_start);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#') && !begins(line, "version:"));
    first.is_some_and(|first| begins(first, "dn:"))
}

/// Passes on the DNs of a list in LDIF, each with its physical line and without a line end added by `echo`, and the first
/// lines of records without a DN.
///
/// # Errors
/// The first line that reports that users are missing, after all DNs were passed on.
pub(super) fn names<'t>(text: &'t str, each: &mut dyn FnMut(&ListedName<'_>)) -> Result<(), (u64, &'t str)> {
    let mut positions = ldif::Positions::new(text.as_bytes(), 1);
    let (mut read, mut counted, mut cut) = (0, 0, Ok(()));
    for block in ldif::blocks(text.as_bytes()) {
        if let ldif::Block::Record(record) = &block {
            let mut has_dn = false;
            for line in record.lines().filter(|line| line.is("dn")) {
                let value = line.value().unwrap_or_else(|_| line.written());
                let name = String::from_utf8_lossy(&value).trim_end_matches(['\r', '\n']).to_owned();
                has_dn |= !name.is_empty();
                let line = positions.of(line.at()).line;
                each(&ListedName { line, name: name.into(), ..ListedName::default() });
                read += 1;
            }
            if !has_dn {
                let line = positions.of(record.at()).line;
                let name = line_at(text, record.at()).into();
                each(&ListedName { line, name, is_unreadable: true, ..ListedName::default() });
            }
            continue;
        }
        aside(&block, &mut |aside| {
            let Aside::Said(note, at) = aside else { return };
            // A file may hold several searches.
            let since = read - counted;
            if matches!(note, SearchNote::Entries(_)) {
                counted = read;
            }
            if note.is_cut(read) && note.is_cut(since) && cut.is_ok() {
                cut = Err((positions.of(at).line, line_at(text, at)));
            }
        });
    }
    cut
}

/// Returns the physical line with this byte.
fn line_at(text: &str, at: usize) -> &str {
    let begin = text[..at].rfind(['\r', '\n']).map_or(0, |end| end + 1);
    text[begin..].lines().next().unwrap_or_default()
}

impl<'t> RecordReader<'_, 't> {
    /// Reads the records of the batch; see [`super::Export::records`].
    ///
    /// BE ADVISED: most lines are skipped without a check as long as [`Cursor::is_doubtful`] rules a fault out.
    /// Otherwise the grammar checks the record, so that `check`, which lets the grammar check all records, reports the
    /// same faults at the same places.
    pub(super) fn records(mut self, each: &mut dyn FnMut(ExportRecord<'t>)) {
        let mut cursor = Cursor::new(self.text);
        while let Some(begun) = cursor.next_block() {
            match begun {
                BlockStart::Record(at) => {
                    self.shown.rejects |= line_before(self.text, at).is_some_and(columns::is_reject_mark);
                    let record = self.record(at, &mut cursor);
                    let further = self.further(&record, &cursor.record(at));
                    each(record);
                    further.into_iter().for_each(&mut *each);
                }
                BlockStart::Other(block) => {
                    ldif::check(&block, &mut |fault| {
                        each(ExportRecord::Aside(Aside::Finding(Finding::of(&fault))))
                    });
                    aside(&block, &mut |aside| each(ExportRecord::Aside(aside)));
                }
            }
            self.asides.drain(..).for_each(|finding| each(ExportRecord::Aside(Aside::Finding(finding))));
        }
        glued_end(self.text, &cursor).into_iter().for_each(|said| each(ExportRecord::Aside(said)));
    }
}

impl<'t> RecordReader<'_, 't> {
    /// Returns the records that begin within a record, without a blank line before them. The record above has their
    /// values, which therefore count as held.
    fn further(&self, record: &ExportRecord<'t>, raw: &RawRecord<'t>) -> Vec<ExportRecord<'t>> {
        let ExportRecord::Record(_, _, findings) = record else { return Vec::new() };
        let Some(fault) = findings.iter().find(|finding| finding.code == SECOND_DN) else {
            return Vec::new();
        };
        let what = text!(
            "the record begins without a blank line before it",
            "l’enregistrement commence sans ligne vide avant lui"
        );
        let mut positions = ldif::Positions::new(self.text, 1);
        let unreadable = |line: Line<'t>| {
            let place = InBatch { at: line.at(), ..fault.place.clone() };
            let named = self.dn(&line, line.at()).unwrap_or_default();
            let object = Object { at: line.at(), line: positions.of(line.at()).line - 1, ..named };
            let findings = vec![Finding { place, what: what.clone(), ..fault.clone() }];
            ExportRecord::Record(RecordKind::Unreadable, object, findings)
        };
        further_dns(raw).map(unreadable).collect()
    }
}

/// Returns the record at the beginning of a text, up to one that begins in it without a blank line.
pub(crate) fn first_record(text: &[u8]) -> &[u8] {
    let record = ldif::blocks(text).find_map(|block| match block {
        Block::Record(raw) => Some(raw),
        _ => None,
    });
    let Some(raw) = record else { return &[] };
    let next = further_dns(&raw).next();
    let begin = raw.at();
    next.map_or(raw.bytes(), |line| &text[begin..line.at()])
}

/// Returns the lines with a DN behind the first line of a record, where others begin.
fn further_dns<'t>(raw: &RawRecord<'t>) -> impl Iterator<Item = Line<'t>> + use<'t> {
    raw.lines().skip(1).filter(|line| line.is("dn"))
}

/// The code of a record that begins without a blank line before it.
const SECOND_DN: &str = "ldif-second-dn";

/// Returns what a tool reports in the last line of a text, directly below a record; the cursor must be at the end.
/// Comparing all lines of a record with the phrases of the tools would take as long as reading them.
pub(super) fn glued_end(text: &[u8], cursor: &Cursor<'_>) -> Option<Aside> {
    if !cursor.ends_in_record() {
        return None;
    }
    let text = text.trim_ascii_end();
    let at = text.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |end| end + 1);
    let line = &text[at..];
    let said =
        SearchNote::of_last_line(line).filter(|_| !matches!(line.first(), None | Some(b' ' | b'#' | b'\t')));
    Some(Aside::Said(said?, at))
}

/// Returns the line directly before a record; `None` if it is blank.
fn line_before(text: &[u8], at: usize) -> Option<&[u8]> {
    let line = text[..at].strip_suffix(b"\n").unwrap_or(&text[..at]);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let is_blank = matches!(line.last(), None | Some(b'\n' | b'\r'));
    let start = || memchr::memrchr2(b'\n', b'\r', line).map_or(0, |end| end + 1);
    (!is_blank).then(|| &line[start()..])
}

/// Passes on the asides in a block that is not a record: a referral, or what a tool reports about its search.
pub(super) fn aside(block: &Block<'_>, each: &mut dyn FnMut(Aside)) {
    match block {
        Block::Referral(line) => {
            let what = text!(
                "a part of the directory is not in this export",
                "une partie de l’annuaire n’est pas dans cet export"
            );
            let server = String::from_utf8_lossy(line.bytes());
            let note = text!("the server refers to `{}`", "le serveur renvoie à `{}`", server.trim());
            let finding = Finding::new(Severity::Note, "ldif-referral", line.at(), what);
            each(Aside::Finding(finding.because(note)));
        }
        Block::Hidden(line) => {
            let what = text!(
                "a folded comment has a line `dn:` in it",
                "un commentaire plié contient une ligne `dn:`"
            );
            let finding = Finding::new(Severity::Warning, "ldif-comment-dn", line.at(), what);
            each(Aside::Finding(finding.because(text!(
                "a line that begins with a space continues the line above (RFC 2849): no record is read here",
                "une ligne qui commence par une espace continue la précédente (RFC 2849)\u{a0}: aucun enregistrement n’est lu ici"
            )).help(text!(
                "remove the spaces if this is a record, or the comment above it",
                "supprimez les espaces si c’est un enregistrement, ou le commentaire qui précède"
            ))));
        }
        Block::Trailer(raw) => raw.search_notes().for_each(|(at, said)| each(Aside::Said(said, at))),
        Block::SearchNote(line, said @ (SearchNote::Other | SearchNote::Tried)) => {
            let what =
                text!("a line of the exporting tool is ignored", "une ligne de l’outil d’export est ignorée");
            each(Aside::Finding(Finding::new(Severity::Note, "ldif-preamble", line.at(), what)));
            if *said == SearchNote::Tried {
                each(Aside::Said(*said, line.at()));
            }
        }
        Block::SearchNote(line, said) => each(Aside::Said(*said, line.at())),
        _ => {}
    }
}

/// Returns what a line reports about the search that made a table, if anything; `at` is where it begins.
pub(super) fn said(line: &[u8], at: usize) -> Option<Aside> {
    let block = ldif::blocks(line).next().filter(|block| !matches!(block, Block::Record(_)))?;
    let mut said = None;
    aside(&block, &mut |aside| said = Some(aside));
    Some(match said? {
        Aside::Said(note, _) => Aside::Said(note, at),
        Aside::Finding(finding) => {
            Aside::Finding(Finding { place: super::InBatch { at, ..finding.place }, ..finding })
        }
    })
}

/// Returns the byte offset of byte `index` of the value whose line begins at `value_at`.
pub(super) fn locate(text: &[u8], value_at: usize, index: usize) -> usize {
    ldif::line_at(text, value_at).locate(index)
}

/// Whether the physical line at a byte may show a password: by its own name, or as the continuation of an attribute
/// above.
pub(super) fn is_near_password(text: &[u8], at: usize) -> bool {
    const LINES_BEFORE: usize = 64;
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let at = at.min(text.len());
    let end = text[at..].iter().position(is_end).map_or(text.len(), |end| at + end);
    let mut lines = text[..end].rsplit(is_end).filter(|line| !line.is_empty()).take(LINES_BEFORE);
    let is_password = |line: &[u8]| password::name(line).is_some();
    lines.find(|line| password::begins_attribute(line) || is_password(line)).is_some_and(is_password)
}
