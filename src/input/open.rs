//! Opening an export: detects its format and encoding, and whether it is complete.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ::ldif::Strictness;

use super::clean::{self, End};
use super::detect::{self, Charset};
use super::encoding::TextEncoding;
use super::export::{Export, Layout};
use super::source::{Source, typed, unreadable};
use super::texts::{decoded, refuse_foreign};
use super::{Batch, Finding, Options, Role, asides, columns, csv};
use crate::language::text;
use crate::message::Message;
use crate::object::Attributes;

/// How many bytes of a file are read to recognise it: a heading may have at most 64 KiB.
const HEAD: u64 = 128 << 10;

impl Export {
    /// Opens and recognises an export; `-` is standard input. CSV headings may name any of `attributes`.
    ///
    /// # Errors
    /// `input-unreadable`, `input-empty`, `input-foreign` for a file that is not an export, `export-incomplete`, and
    /// the faults of a CSV heading.
    pub fn open(
        path: &Path,
        role: Role,
        options: &Options,
        attributes: &Attributes,
    ) -> Result<Self, Vec<Message>> {
        let failed = |error: io::Error| vec![unreadable(path, &error)];
        let source = Source::of(path).map_err(failed)?;
        let file = source.open().map_err(failed)?;
        let data = file.metadata().map_err(failed)?;
        let mut start = Start::read(&file, path, options).map_err(failed)?;
        start.refuse_what_is_no_export()?;
        let is_ldif = start.is_ldif(path);
        let has_doubled_cr = start.detect_doubled_cr();
        let (text, certainty) = start.encoding(is_ldif, &source).map_err(failed)?;
        start.check_end(End::of(&file, data.len(), text.encoding).map_err(failed)?)?;
        let head = decoded(&start.head, text.encoding);
        let layout = if is_ldif {
            let is_said = options.encoding == Some(TextEncoding::UTF_8);
            Layout::Ldif(if is_said { Strictness::Utf8 } else { Strictness::Ansi })
        } else {
            Layout::Csv(Box::new(start.table(&head, attributes)?.guessed(certainty == Certainty::Guessed)))
        };
        let is_rejects = match &layout {
            Layout::Csv(table) => table.is_of_rejects(),
            Layout::Ldif(_) => head.lines().any(|line| columns::is_reject_mark(line.as_bytes())),
        };
        let is_rejects = is_rejects
            || path.file_name().is_some_and(|name| columns::is_reject_name(&name.to_string_lossy()));
        Ok(Self {
            name: start.name,
            role,
            text,
            messages: start.messages,
            is_rejects,
            layout,
            source,
            is_part: options.incomplete,
            is_utf8: certainty == Certainty::Utf8,
            has_doubled_cr,
            joined: None,
            stamp: (data.len(), data.modified().ok()),
        })
    }
}

/// The first bytes of an export, and the messages while it is opened.
struct Start<'o> {
    name: String,
    options: &'o Options,
    head: Vec<u8>,
    /// The encoding shown by the byte order mark, or by the NULs of UTF-16.
    marked: Option<Charset>,
    /// The text in the encoding that the bytes show or the user gives, else in UTF-8, which is enough to detect the
    /// format.
    text: String,
    messages: Vec<Message>,
}

/// How the encoding of a file is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Certainty {
    /// From the user, or from the first bytes of the file.
    Said,
    /// The whole file was checked: it is UTF-8.
    Utf8,
    /// By a guess from its letters.
    Guessed,
}

/// Returns the error about an empty file.
pub(super) fn empty(name: &str) -> Message {
    Message::error("input-empty", text!("`{name}` is empty", "`{name}` est vide"))
}

/// Returns the error about a file without any NUL, although ASCII letters contain one in UTF-16.
fn no_utf16(name: &str, encoding: TextEncoding) -> Message {
    let label = encoding.label();
    let what = text!(
        "`{name}` contains no NUL, and is not {label}",
        "`{name}` ne contient aucun NUL, et n’est pas en {label}"
    );
    Message::error("input-encoding", what).help(text!(
        "leave --encoding out: UTF-8 and UTF-16 are recognised by themselves",
        "retirez --encoding\u{a0}: UTF-8 et UTF-16 se reconnaissent d’eux-mêmes"
    ))
}

impl<'o> Start<'o> {
    /// Reads the first bytes, and decodes them as far as the encoding is known.
    fn read(file: &File, path: &Path, options: &'o Options) -> io::Result<Self> {
        let mut head = Vec::new();
        file.take(HEAD).read_to_end(&mut head)?;
        let marked = detect::marked(&head);
        let known = marked.map(|text| text.encoding).or(options.encoding);
        let text = decoded(&head, known.unwrap_or(TextEncoding::UTF_8));
        Ok(Self { name: typed(path), options, head, marked, text, messages: Vec::new() })
    }

    /// Refuses what is no export: an empty file, text that is not in the named UTF-16, or a file of another kind.
    fn refuse_what_is_no_export(&self) -> Result<(), Vec<Message>> {
        let name = &self.name;
        if self.text.trim().is_empty() {
            return Err(vec![empty(name)]);
        }
        let utf16 = self.options.encoding.filter(|encoding| encoding.is_utf16());
        if let (Some(encoding), None) = (utf16, self.marked)
            && !self.head.contains(&0)
        {
            return Err(vec![no_utf16(name, encoding)]);
        }
        // A control character may be the delimiter that the user named.
        let is_named = |byte: &u8| Some(*byte) == self.options.csv.delimiter.filter(u8::is_ascii_control);
        let plain: Vec<u8> = self.head.iter().map(|byte| if is_named(byte) { b',' } else { *byte }).collect();
        refuse_foreign(name, &plain).map_err(|message| vec![message])
    }

    /// Whether the file is LDIF, according to the user or else to its text.
    fn is_ldif(&self, path: &Path) -> bool {
        let extension = path.extension().and_then(|extension| extension.to_str());
        // The colon is the delimiter only of a table.
        let is_table = self.options.csv.delimiter == Some(b':');
        let detected = || {
            if is_table { detect::ExportFormat::Csv } else { detect::format(&self.text, extension) }
        };
        self.options.format.unwrap_or_else(detected) == detect::ExportFormat::Ldif
    }

    /// Detects whether lines end in CR CR LF, and warns if so.
    fn detect_doubled_cr(&mut self) -> bool {
        let has_doubled_cr = clean::has_doubled_cr(&self.text);
        if has_doubled_cr {
            let what = text!(
                "lines end in CR CR LF, which is read as one line end",
                "les lignes finissent par CR CR LF, lu comme une seule fin de ligne"
            );
            self.messages.push(Message::warning("ldif-cr-cr-lf", what).at(&self.name, 1, 1));
        }
        has_doubled_cr
    }

    /// Returns the encoding, and how it is known.
    fn encoding(&mut self, is_ldif: bool, source: &Source) -> io::Result<(Charset, Certainty)> {
        let text = match (self.options.encoding, self.marked) {
            // The bytes of a file are more reliable than a setting for all files.
            (_, Some(text)) => text,
            (Some(encoding), None) => Charset { encoding, bom: false },
            (None, None) if is_ldif => Charset { encoding: TextEncoding::UTF_8, bom: false },
            (None, None) => {
                let (text, warning) = detect::encoding(&self.name, &self.head, source.open()?)?;
                let is_guessed = warning.is_some();
                self.messages.extend(warning);
                return Ok((text, if is_guessed { Certainty::Guessed } else { Certainty::Utf8 }));
            }
        };
        Ok((text, Certainty::Said))
    }

    /// Warns about a file that ends within a line, and refuses one that ends in NULs.
    fn check_end(&mut self, end: End) -> Result<(), Vec<Message>> {
        match end {
            End::Line => {}
            End::WithinLine => {
                let what = text!(
                    "the last line of `{name}` has no line end, and may be cut",
                    "la dernière ligne de `{name}` n’a pas de fin de ligne, et est peut-être coupée",
                    name = &self.name
                );
                self.messages.push(Message::warning("export-cut-line", what));
            }
            End::Nul => {
                let is_part = self.options.incomplete;
                let cut = asides::rated(detect::cut_by_nuls(&self.name), is_part);
                if !is_part {
                    return Err(vec![cut]);
                }
                self.messages.push(cut);
            }
        }
        Ok(())
    }

    /// Opens the table below a heading, and places the findings about it.
    fn table(&mut self, head: &str, attributes: &Attributes) -> Result<csv::Table, Vec<Message>> {
        let batch = Batch { text: head.as_bytes().to_vec(), line: 1, place: None };
        let mut positions = batch.positions();
        let mut placed = |findings: Vec<Finding>| -> Vec<Message> {
            let message = |finding: Finding| {
                let excerpt = batch.excerpt(&mut positions, &finding.place);
                finding.in_file(&self.name, &mut positions, Some(excerpt))
            };
            findings.into_iter().map(message).collect()
        };
        let (table, findings) = csv::Table::open(head, &self.options.csv, attributes).map_err(&mut placed)?;
        self.messages.extend(placed(findings));
        Ok(table)
    }
}
