//! Reads the change records and the report row of single users.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use ldif::{BlockStart, Cursor, Operation};

use super::{ChangeRecord, NOWHERE, REPORT, Run, unreadable};
use crate::change::{Change, ModificationText};
use crate::message::Failure;
use crate::output::ldif::ChangeBatch;
use crate::output::xml::rows::{self, RowFields};

/// The number of modifications of most records.
const USUAL_MODIFICATIONS: usize = 8;

/// Reads the texts of a run's users; each worker has its own.
#[derive(Debug)]
pub(crate) struct Texts<'r> {
    run: &'r Run,
    apply: ChangeFileReader,
    undo: ChangeFileReader,
    report: Option<SeekingReader>,
}

impl<'r> Texts<'r> {
    pub(crate) fn of(run: &'r Run) -> Self {
        let apply =
            ChangeFileReader { open: None, path: |batch| &batch.apply.path, begin: |record| record.apply };
        let undo =
            ChangeFileReader { open: None, path: |batch| &batch.undo.path, begin: |record| record.undo };
        Self { run, apply, undo, report: None }
    }

    /// Reads a user's change.
    ///
    /// # Errors
    /// `run-unreadable`, `run-changed`
    pub(crate) fn change(&mut self, user: u32) -> Result<Change<'_>, Failure> {
        let run = self.run;
        let changed = || run.changed(&run.batch(user).apply.path);
        let applies = modifications(self.apply.text(run, user)?).ok_or_else(changed)?;
        // The undo shows the restored values. If the user only gains values, as most do, it is not needed.
        let only_adds = applies.iter().all(ModificationText::is_addition);
        let undo = if only_adds { &[] } else { self.undo.text(run, user)? };
        let undoes = modifications(undo).ok_or_else(changed)?;
        Change::read(applies, &undoes).ok_or_else(changed)
    }

    /// Reads a user's row of the report.
    ///
    /// # Errors
    /// `run-unreadable`, `run-changed`
    pub(crate) fn row(&mut self, user: u32) -> Result<RowFields, Failure> {
        let failed = |error: io::Error| unreadable(&self.run.folder.join(REPORT), &error);
        let reader = match &mut self.report {
            Some(reader) => reader,
            none => none.insert(SeekingReader::open(&self.run.folder, REPORT)?),
        };
        let line = reader.line(self.run.rows[user as usize].at).map_err(failed)?;
        let row = rows::one(line).map_err(failed)?;
        row.ok_or_else(|| self.run.changed(REPORT))
    }
}

/// Reads change files of one direction, one file at a time.
#[derive(Debug)]
struct ChangeFileReader {
    open: Option<(u32, SeekingReader)>,
    path: fn(&ChangeBatch) -> &str,
    /// The offset of a user's record.
    begin: fn(&ChangeRecord) -> u64,
}

impl ChangeFileReader {
    /// Reads the text of a user's record; empty if there is none.
    fn text(&mut self, run: &Run, user: u32) -> Result<&[u8], Failure> {
        let path = (self.path)(run.batch(user));
        let record = &run.records[user as usize];
        let begin = (self.begin)(record);
        if begin == NOWHERE {
            return Ok(&[]);
        }
        if self.open.as_ref().is_none_or(|(number, _)| *number != record.batch) {
            self.open = Some((record.batch, SeekingReader::open(&run.folder, path)?));
        }
        let Some((_, reader)) = &mut self.open else { return Err(run.changed(path)) };
        let others = run.records[user as usize + 1..].iter().take_while(|next| next.batch == record.batch);
        let next = others.map(self.begin).find(|&next| next != NOWHERE);
        reader.span(begin, next).map_err(|error| unreadable(&run.folder.join(path), &error))
    }
}

/// Parses the modifications of a change record. The program wrote it and its hash was checked, so faults are not
/// expected.
fn modifications(text: &[u8]) -> Option<Vec<ModificationText<'_>>> {
    let mut cursor = Cursor::new(text);
    let Some(BlockStart::Record(_)) = cursor.next_block() else { return text.is_empty().then(Vec::new) };
    let has_head = cursor.next_line()?.is("dn") && cursor.next_line()?.is("changetype");
    let mut modifications = Vec::with_capacity(USUAL_MODIFICATIONS);
    while let Some(line) = cursor.next_line() {
        let operation = match &*line.name() {
            b"add" => Operation::Add,
            b"delete" => Operation::Delete,
            b"replace" => Operation::Replace,
            _ => return None,
        };
        let attribute = match line.value().ok()? {
            Cow::Borrowed(name) => std::str::from_utf8(name).ok()?.into(),
            Cow::Owned(name) => String::from_utf8(name).ok()?.into(),
        };
        let lines = std::iter::from_fn(|| cursor.next_line()).take_while(|line| line.has_colon());
        let values = lines.map(|line| line.value().ok());
        modifications.push(ModificationText::new(operation, attribute, values)?);
    }
    has_head.then_some(modifications)
}

/// A file that is read at various offsets, mostly forward.
#[derive(Debug)]
struct SeekingReader {
    file: BufReader<File>,
    at: u64,
    text: Vec<u8>,
}

impl SeekingReader {
    fn open(folder: &Path, name: &str) -> Result<Self, Failure> {
        let file = BufReader::with_capacity(64 << 10, super::open(folder, name)?);
        Ok(Self { file, at: 0, text: Vec::new() })
    }

    /// Goes to an offset and empties the buffer.
    fn seek(&mut self, at: u64) -> io::Result<()> {
        match i64::try_from(i128::from(at) - i128::from(self.at)) {
            Ok(distance) => self.file.seek_relative(distance)?,
            Err(_) => drop(self.file.seek(SeekFrom::Start(at))?),
        }
        self.text.clear();
        self.at = at;
        Ok(())
    }

    /// Reads the line at an offset.
    fn line(&mut self, at: u64) -> io::Result<&[u8]> {
        self.seek(at)?;
        self.at += self.file.read_until(b'\n', &mut self.text)? as u64;
        Ok(&self.text)
    }

    /// Reads the bytes between two offsets, or from the first to the end.
    fn span(&mut self, from: u64, to: Option<u64>) -> io::Result<&[u8]> {
        self.seek(from)?;
        let length = to.map_or(u64::MAX, |to| to.saturating_sub(from));
        self.at += self.file.by_ref().take(length).read_to_end(&mut self.text)? as u64;
        Ok(&self.text)
    }
}
