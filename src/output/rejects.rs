//! The rejected records of an input, in its own format and encoding, each with its reason, to be corrected and read
//! again.

use std::mem;

use csv::{Terminator, WriterBuilder};
use foldhash::HashSet;
use memchr::{memchr, memchr2};

use super::{OutputFile, RunDirectory, Written};
use crate::input::columns::REJECT;
use crate::input::encoding::TextEncoding;
use crate::input::{Batch, Export};
use crate::input::{first_record, password};
use crate::language::{Language, text};
use crate::message::{Failure, Message, Severity, visible};
use crate::report::{Issue, Row};

/// A record as its input has it.
pub(crate) struct RecordText<'t> {
    pub export: &'t Export,
    pub batch: &'t Batch,
    /// Where it begins in the batch, in bytes.
    pub at: usize,
}

/// The rejected records of one batch.
#[derive(Debug, Default)]
pub(crate) struct Rejected {
    language: Language,
    /// The input, by index.
    input: usize,
    /// The records, in the encoding of the input.
    bytes: Vec<u8>,
    /// A buffer for the text of one record.
    text: Vec<u8>,
    /// A warning about the first cell that a spreadsheet would take for a formula.
    formula: Option<Message>,
    harmless: HarmlessNames,
}

/// Text before the colon of LDIF lines that is known not to name a password. Most records repeat the names of those
/// before them.
#[derive(Debug, Default)]
struct HarmlessNames(HashSet<Vec<u8>>);

impl Rejected {
    /// An empty batch; reasons are written in this language.
    pub(crate) fn new(language: Language) -> Self {
        Self { language, ..Self::default() }
    }

    /// Appends a record with its row in the report; the reason is the first error among its issues.
    pub(crate) fn push(&mut self, record: &RecordText<'_>, row: &Row<'_>, issues: &[Issue]) {
        let &RecordText { export, batch, at } = record;
        self.input = row.input as usize - 1;
        let fault = issues.iter().find(|issue| issue.message.severity == Severity::Error);
        let (line, column) =
            fault.and_then(Issue::place).map_or((row.line, 1), |place| (place.line, place.column));
        let reason = fault.map(Issue::what).unwrap_or_default();
        let reason = on_one_line(reason.in_language(self.language));
        let why = [row.code.to_owned(), reason, format!("{}:{line}:{column}", shown(&export.name))];
        if self.bytes.is_empty() {
            self.bytes.reserve(batch.text.len());
        }
        let mut text = mem::take(&mut self.text);
        text.clear();
        match export.table() {
            Some(table) => {
                let (cells, line_end) = table.row(&batch.text, at);
                let line_end = if line_end.is_empty() { table.opening().line_end } else { line_end };
                let cells = table.without_passwords(cells);
                put_reason(&mut text, table.delimiter(), &why);
                text.extend_from_slice(&cells);
                text.extend_from_slice(line_end);
                if self.formula.is_none()
                    && let Some((at, heading)) = table.formula(&batch.text, at)
                {
                    let place = batch.positions().of(at);
                    let message = formula_warning(heading, &file_name(self.input, export));
                    self.formula = Some(message.at(&export.name, place.line, place.column));
                }
            }
            None => self.put_record(&mut text, &why, &batch.text[at..]),
        }
        encode(&mut self.bytes, export.text.encoding, &text);
        self.text = text;
    }

    /// Appends the first record of an LDIF text after comments that give the reason.
    fn put_record(&mut self, out: &mut Vec<u8>, why: &[String; 3], text: &[u8]) {
        let record = first_record(text);
        let line_end: &[u8] = match record.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(at) if record[at..].starts_with(b"\r\n") => b"\r\n",
            Some(at) => &record[at..=at],
            None => b"\n",
        };
        for (name, text) in REJECT.iter().zip(why) {
            put_comment(out, name, text, line_end);
        }
        if record.starts_with(b" ") || record.starts_with(b"\t") {
            out.extend_from_slice(line_end); // otherwise the comment would continue there
        }
        self.put_without_passwords(out, record, line_end);
        if !record.ends_with(line_end) {
            out.extend_from_slice(line_end);
        }
        out.extend_from_slice(line_end);
    }

    /// Appends the lines of a record, with a comment in place of each that may contain a password. A line without a
    /// name may continue the one before it.
    fn put_without_passwords(&mut self, out: &mut Vec<u8>, record: &[u8], line_end: &[u8]) {
        let left_out =
            text!("left out, for it may show a password", "omis, car un mot de passe peut s’y trouver");
        let left_out = left_out.in_language(self.language);
        // The lines that are copied next; a copy of each line takes longer.
        let mut kept = 0..0;
        let mut is_secret = false;
        while kept.end < record.len() {
            let start = kept.end;
            kept.end = memchr2(b'\n', b'\r', &record[start..]).map_or(record.len(), |end| {
                start + end + if record[start + end..].starts_with(b"\r\n") { 2 } else { 1 }
            });
            let line = &record[start..kept.end];
            let name = self.harmless.password_name(line);
            is_secret = name.is_some() || is_secret && !password::begins_attribute(line);
            if is_secret {
                out.extend_from_slice(&record[kept.start..start]);
                name.iter().for_each(|name| put_comment(out, left_out, name, line_end));
                kept.start = kept.end;
            }
        }
        out.extend_from_slice(&record[kept]);
    }
}

impl HarmlessNames {
    /// Works as [`password::name`], but caches names: that function searches for some thirty words. Text after the
    /// colon makes no difference.
    fn password_name(&mut self, line: &[u8]) -> Option<String> {
        let begin = memchr(b':', line).map(|colon| &line[..colon]);
        if begin.is_some_and(|begin| self.0.contains(begin)) {
            return None;
        }
        let name = password::name(line);
        if name.is_none() {
            self.0.extend(begin.map(<[u8]>::to_vec));
        }
        name
    }
}

/// Replaces control characters, line breaks among them, and narrow no-break spaces by spaces. A look at its bytes shows
/// whether a text may have any.
fn on_one_line(text: &str) -> String {
    let may_be_one = |byte: u8| matches!(byte, ..b' ' | 0x7f | 0xc2 | 0xe2);
    if text.bytes().fold(false, |found, byte| found | may_be_one(byte)) {
        return text.replace(|c: char| c.is_control() || c == '\u{202f}', " ");
    }
    text.to_owned()
}

/// Returns the name of an input for a cell, so that a spreadsheet does not take it for a formula.
fn shown(name: &str) -> String {
    match name.as_bytes() {
        b"-" => "stdin".to_owned(),
        [b'=' | b'+' | b'-' | b'@', ..] => format!("./{name}"),
        _ => name.to_owned(),
    }
}

/// Encodes text; invalid bytes in UTF-8 LDIF are kept.
fn encode(out: &mut Vec<u8>, encoding: TextEncoding, text: &[u8]) {
    if encoding == TextEncoding::UTF_8 {
        out.extend_from_slice(text);
    } else {
        encoding.encode(&String::from_utf8_lossy(text), out);
    }
}

/// Appends the cells with the reason, before the row's own cells.
fn put_reason(out: &mut Vec<u8>, delimiter: u8, why: &[impl AsRef<[u8]>; 3]) {
    // the delimiter before the row's own cells serves as the terminator of these three
    let mut writer =
        WriterBuilder::new().delimiter(delimiter).terminator(Terminator::Any(delimiter)).from_writer(out);
    // Writing to memory cannot fail.
    let _ = writer.write_record(why);
}

/// Appends a comment on its own line, with control characters made visible.
fn put_comment(out: &mut Vec<u8>, name: &str, text: &str, line_end: &[u8]) {
    for part in ["# ", name, ": ", &visible(text)] {
        out.extend_from_slice(part.as_bytes());
    }
    out.extend_from_slice(line_end);
}

/// The files of rejected records while they are written: one for each input that has any.
pub(crate) struct Rejects<'r> {
    run: &'r RunDirectory,
    exports: &'r [Export],
    /// The open file. One is enough, because the inputs come one after another.
    open: Option<(usize, OutputFile)>,
    done: Vec<Written>,
    issues: Vec<Issue>,
}

impl<'r> Rejects<'r> {
    pub(crate) fn new(run: &'r RunDirectory, exports: &'r [Export]) -> Self {
        Self { run, exports, open: None, done: Vec::new(), issues: Vec::new() }
    }

    /// Writes the rejected records of the next batch.
    pub(crate) fn write(&mut self, rejected: &Rejected) -> Result<(), Failure> {
        if rejected.bytes.is_empty() {
            return Ok(());
        }
        let export = &self.exports[rejected.input];
        if self.open.as_ref().is_none_or(|(input, _)| *input != rejected.input) {
            self.close()?;
            let mut file = self.run.create(&file_name(rejected.input, export))?;
            file.write(&opening(export))?;
            self.open = Some((rejected.input, file));
        }
        if let Some((_, file)) = &mut self.open {
            file.write(&rejected.bytes)?;
        }
        if let Some(formula) = &rejected.formula
            && self.issues.last().is_none_or(|issue| issue.input as usize != rejected.input + 1)
        {
            self.issues.push(Issue::about(formula.clone(), rejected.input + 1));
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Failure> {
        if let Some((_, file)) = self.open.take() {
            self.done.push(file.finish()?);
        }
        Ok(())
    }

    /// Flushes all files to the disk; returns them, and the warnings about them.
    pub(crate) fn finish(mut self) -> Result<(Vec<Written>, Vec<Issue>), Failure> {
        self.close()?;
        Ok((self.done, self.issues))
    }
}

fn file_name(input: usize, export: &Export) -> String {
    format!("rejects-{}.{}", input + 1, export.format())
}

/// Returns what precedes the first record: the byte order mark and, in a table, the heading.
fn opening(export: &Export) -> Vec<u8> {
    let mut bytes = Vec::new();
    if export.text.bom {
        export.text.encoding.encode("\u{feff}", &mut bytes);
    }
    if let Some(table) = export.table() {
        let opening = table.opening();
        let mut text = opening.before.to_vec();
        put_reason(&mut text, table.delimiter(), &REJECT);
        text.extend_from_slice(opening.heading);
        text.extend_from_slice(opening.line_end);
        encode(&mut bytes, export.text.encoding, &text);
    }
    bytes
}

/// Warns that a spreadsheet would take a cell of this column for a formula; `file` is the file of rejected records.
fn formula_warning(heading: &str, file: &str) -> Message {
    let what = text!(
        "`{heading}` begins like a formula of a spreadsheet",
        "`{heading}` commence comme une formule de tableur",
    );
    Message::warning("csv-formula", what)
        .because(text!(
            "cells that begin with `=`, `+`, `-` or `@` are written as they were; this is the first",
            "les cellules qui commencent par `=`, `+`, `-` ou `@` sont écrites telles quelles\u{202f}; voici la première",
        ))
        .help(text!(
            "to edit {file} in a spreadsheet, import its columns as text",
            "pour modifier {file} dans un tableur, importez ses colonnes comme du texte",
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_left_out_of_records() {
        let mut rejected = Rejected::new(Language::En);
        for (record, expected) in [
            (
                "dn: a\nuserPassword: Secret\nsn: b\n",
                "dn: a\n# left out, for it may show a password: userPassword\nsn: b\n",
            ),
            (
                "dn: a\nunicodePwd:: U2Vj\n cmV0\nsn: b\n",
                "dn: a\n# left out, for it may show a password: unicodePwd\nsn: b\n",
            ),
            (
                "dn: a\ndBCSPwd:\nSecret\nsn: b\n",
                "dn: a\n# left out, for it may show a password: dBCSPwd\nsn: b\n",
            ),
            (
                "dn: a\nuserPassword;x-1 : Secret",
                "dn: a\n# left out, for it may show a password: userPassword\n",
            ),
            (
                "dn: a\nuserPassword=Sec:ret\nsn: b\n",
                "dn: a\n# left out, for it may show a password: userPassword\nsn: b\n",
            ),
            (
                "dn: a\n<userPassword>Secret</userPassword>\nsn: b\n",
                "dn: a\n# left out, for it may show a password: userPassword\nsn: b\n",
            ),
            (
                "dn: a\nuserPassword\n: Secret\nsn: b\n",
                "dn: a\n# left out, for it may show a password: userPassword\nsn: b\n",
            ),
            (
                "dn: a\n# userPassword: Secret\n12:userPassword: Secret\nsn: b\n# a password policy\n",
                "dn: a\n# left out, for it may show a password: userPassword\n# left out, for it may show a password: userPassword\nsn: b\n# a password policy\n",
            ),
            ("dn: a\npwdLastSet: 1\n", "dn: a\npwdLastSet: 1\n"),
        ] {
            let mut out = Vec::new();
            rejected.put_without_passwords(&mut out, record.as_bytes(), b"\n");
            assert_eq!(String::from_utf8_lossy(&out), expected, "{record:?}");
        }
    }
}
