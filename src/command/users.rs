//! `--format ndjson`: a line for each user, with the columns of report.xml and its messages.

use std::fs::File;
use std::io::{self, BufReader, Seek};

use serde::Serialize;
use serde_json::{Map, Value};

use super::Context;
use crate::language::{Language, text};
use crate::message::{Failure, Message, Spoken, reason};
use crate::output::publish::Publication;
use crate::output::xml::rows::{self, Elements, RowFields};
use crate::report::COLUMNS;

/// The columns with numbers; an empty one becomes null.
const NUMBERS: [&str; 4] = ["seq", "input", "line", "record"];

/// A user, with the user's messages in the report.
#[derive(Debug, Serialize)]
pub(super) struct UserLine<'m, T> {
    #[serde(flatten)]
    user: T,
    messages: Vec<Spoken<'m>>,
}

impl<'m, T> UserLine<'m, T> {
    pub(super) fn of(user: T, messages: &'m [Message], language: Language) -> Self {
        Self { user, messages: messages.iter().map(|message| message.spoken(language)).collect() }
    }
}

/// Returns the columns of a row.
pub(super) fn row(fields: &RowFields) -> Map<String, Value> {
    let value = |column: &str| match fields.get(column) {
        text if !NUMBERS.contains(&column) => Value::from(text),
        text => text.parse::<u64>().map_or(Value::Null, Value::from),
    };
    COLUMNS.iter().map(|&column| (column.to_owned(), value(column))).collect()
}

/// Prints a line for each user of a run.
///
/// # Errors
/// `output-unwritable` if the temporary files of the run cannot be read.
pub(super) fn print(publication: &Publication<'_>, context: &Context) -> Result<(), Failure> {
    let failed = |error: &io::Error| {
        let what = text!(
            "cannot read what was written: {why}",
            "impossible de relire ce qui a été écrit\u{a0}: {why}";
            why = reason(error)
        );
        Failure::broken(Message::error("output-unwritable", what))
    };
    let reports = publication.reports;
    for mut file in [&reports.rows, &reports.issues] {
        file.rewind().map_err(|error| failed(&error))?;
    }
    let mut issues = Elements::new(BufReader::new(&reports.issues), "issue");
    let mut users = Elements::new(BufReader::new(&reports.rows), "user");
    let file = |input: usize| publication.inputs.get(input).map(|input| input.file);
    let mut next = following(&mut issues, 0).map_err(|error| failed(&error))?;
    while let Some((_, fields)) = users.next_element().map_err(|error| failed(&error))? {
        let seq: u64 = fields.get("seq").parse().unwrap_or_default();
        let mut messages = Vec::new();
        while let Some((record, issue)) = next.take_if(|(record, _)| *record <= seq) {
            if record == seq {
                messages.push(rows::message(&issue, file));
            }
            next = following(&mut issues, seq).map_err(|error| failed(&error))?;
        }
        let line = UserLine::of(row(fields), &messages, context.language);
        (context.stdout)(&context.answer.line(&line));
    }
    Ok(())
}

/// Returns the next issue whose record has at least this number, skipping those of the run as a whole.
fn following(issues: &mut Elements<BufReader<&File>>, from: u64) -> io::Result<Option<(u64, RowFields)>> {
    while let Some((_, issue)) = issues.next_element()? {
        match issue.get("seq").parse() {
            Ok(seq) if seq >= from => return Ok(Some((seq, issue.clone()))),
            _ => {}
        }
    }
    Ok(None)
}
