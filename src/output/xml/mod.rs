//! `report.xml`: pure ASCII and flat, with every attribute in every row, so that Excel, PowerShell and xmllint can read
//! it.
//!
//! Rows and issues are rendered by the workers and wait in spools until the end; the head is written first, because it
//! contains the totals.

pub(crate) mod rows;

use std::io::Write as _;

use quick_xml::escape::escape;

use super::buffer::{decimal, nonzero};
use super::cells::{ReportCell, ReportCells, plain_length};
use super::publish::{Publication, TOOL};
use super::{RunDirectory, Written};
use crate::language::Text;
use crate::message::Failure;
use crate::report::Issue;

pub(crate) const NAMESPACE: &str = "urn:userprep:report:1";

/// The XML schema of the report, published with it. A line with `{changing}` or `{judging}` is repeated for each wizard
/// of that kind.
pub(crate) const SCHEMA: &str = include_str!("report.xsd");

/// A fluent writer of an element with its attributes on one line: `element("user").text("sam", "ann").end()`.
struct Element<'o> {
    out: &'o mut Vec<u8>,
    /// Whether a character could not be written.
    lost: bool,
}

fn element<'o>(out: &'o mut Vec<u8>, indent: usize, name: &str) -> Element<'o> {
    out.extend(std::iter::repeat_n(b' ', indent));
    out.push(b'<');
    out.extend_from_slice(name.as_bytes());
    Element { out, lost: false }
}

impl Element<'_> {
    fn text(self, name: &str, value: &str) -> Self {
        self.cell(name, ReportCell::of(value))
    }

    // A row has seventeen cells: inlined, the constant parts of each become a few moves.
    #[inline(always)]
    fn cell(mut self, name: &str, cell: ReportCell<'_>) -> Self {
        self.out.push(b' ');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"=\"");
        if cell.is_escaped {
            self.lost |= put_escaped(self.out, cell.text);
        } else {
            self.out.extend_from_slice(cell.text.as_bytes());
        }
        self.out.push(b'"');
        self
    }

    fn number(self, name: &str, value: impl std::fmt::Display) -> Self {
        // Writing to memory cannot fail.
        let _ = write!(self.out, " {name}=\"{value}\"");
        self
    }

    /// Adds an attribute only if it is true.
    fn flag(self, name: &str, is_set: bool) -> Self {
        if is_set { self.text(name, "true") } else { self }
    }

    fn optional(self, name: &str, value: Option<u64>) -> Self {
        self.text(name, decimal(value, &mut itoa::Buffer::new()))
    }

    fn end(self) -> bool {
        self.out.extend_from_slice(b"/>\n");
        self.lost
    }

    fn open(self) {
        self.out.extend_from_slice(b">\n");
    }
}

/// Appends text for an attribute in ASCII with character references. Returns true if it contained a character that XML
/// 1.0 forbids, which becomes U+FFFD.
fn put_escaped(out: &mut Vec<u8>, text: &str) -> bool {
    let (mut rest, mut lost) = (text, false);
    loop {
        let plain = plain_length(rest.as_bytes());
        out.extend_from_slice(&rest.as_bytes()[..plain]);
        rest = &rest[plain..];
        let Some(c) = rest.chars().next() else { return lost };
        let (odd, behind) = rest.split_at(c.len_utf8());
        rest = behind;
        lost |= !is_xml(c);
        // Writing to memory cannot fail.
        let _ = match c {
            ' '..='~' => out.write_all(escape(odd).as_bytes()),
            _ if is_xml(c) => write!(out, "&#{};", u32::from(c)),
            _ => out.write_all(b"&#65533;"),
        };
    }
}

/// Whether XML 1.0 allows the character (section 2.2, `Char`).
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Appends a user's row. Returns true if it contained a character that XML 1.0 forbids.
pub(super) fn row(out: &mut Vec<u8>, cells: &ReportCells<'_>) -> bool {
    let [
        seq,
        input,
        line,
        status,
        code,
        sam,
        guid,
        dn,
        display_name,
        sip_uri,
        previous_sip_uri,
        source,
        pool,
        previous_pool,
        rule,
        file,
        record,
    ] = *cells;
    element(out, 4, "user")
        .cell("seq", seq)
        .cell("input", input)
        .cell("line", line)
        .cell("status", status)
        .cell("code", code)
        .cell("sam", sam)
        .cell("guid", guid)
        .cell("dn", dn)
        .cell("displayName", display_name)
        .cell("sipUri", sip_uri)
        .cell("previousSipUri", previous_sip_uri)
        .cell("source", source)
        .cell("pool", pool)
        .cell("previousPool", previous_pool)
        .cell("rule", rule)
        .cell("file", file)
        .cell("record", record)
        .end()
}

pub(crate) fn issue(out: &mut Vec<u8>, issue: &Issue) {
    let place = issue.place();
    element(out, 4, "issue")
        .optional("seq", issue.seq)
        .text("severity", issue.message.severity.name())
        .text("code", issue.message.code)
        .optional("input", nonzero(issue.input.into()))
        .optional("line", place.map(|place| place.line))
        .optional("column", place.map(|place| place.column))
        .text("attribute", &issue.attribute)
        .text("detail", issue.what().english())
        .text("hint", issue.message.help.as_ref().map_or("", Text::english))
        .end();
}

/// Writes `report.xml`: the head, the rows and issues from their spools, and the files.
pub(crate) fn write(run: &RunDirectory, publication: &Publication<'_>) -> Result<Written, Failure> {
    let mut report = run.create("report.xml")?;
    let mut out = Vec::new();
    put_head(&mut out, publication);
    out.extend_from_slice(b"  <users>\n");
    report.write(&out)?;
    report.copy(&publication.reports.rows)?;
    report.write(b"  </users>\n  <issues>\n")?;
    report.copy(&publication.reports.issues)?;
    let mut out = b"  </issues>\n  <files>\n".to_vec();
    for batch in publication.batches {
        for (file, role) in [(&batch.apply, "apply"), (&batch.undo, "undo")] {
            element(&mut out, 4, "file")
                .text("path", &file.path)
                .text("role", role)
                .text("domain", &batch.domain)
                .number("records", batch.records)
                .number("bytes", file.bytes)
                .text("sha256", &file.sha256)
                .end();
        }
    }
    out.extend_from_slice(b"  </files>\n</report>\n");
    report.write(&out)?;
    report.finish()
}

/// Appends the report up to its rows.
fn put_head(out: &mut Vec<u8>, publication: &Publication<'_>) {
    out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    element(out, 0, "report")
        .text("xmlns", NAMESPACE)
        .text("schemaVersion", "1.0")
        .text("mode", publication.mode.name)
        .text("result", publication.outcome.name())
        .number("exitCode", publication.outcome.exit_code())
        .open();
    element(out, 2, "run")
        .text("tool", TOOL)
        .text("started", publication.time)
        .text("finished", publication.time)
        .text("configFile", publication.config.0)
        .text("configSha256", &publication.config_sha256())
        .end();
    let sums = publication.totals.sums(publication.mode.kind.statuses()).into_iter();
    sums.fold(element(out, 2, "summary"), |summary, (name, sum)| summary.number(name, sum)).end();
    out.extend_from_slice(b"  <inputs>\n");
    for (index, input) in publication.inputs.iter().enumerate() {
        element(out, 4, "input")
            .number("index", index + 1)
            .text("role", input.role)
            .text("file", input.file)
            .text("format", input.format)
            .text("encoding", &input.encoding)
            .number("bom", input.bom)
            .text("delimiter", &input.delimiter)
            .number("records", input.records)
            .number("bytes", input.bytes)
            .text("sha256", input.sha256)
            .text("assumedAbsent", input.assumed_absent)
            .flag("incomplete", input.incomplete)
            .end();
    }
    out.extend_from_slice(b"  </inputs>\n  <pools>\n");
    for pool in &publication.pools {
        element(out, 4, "pool")
            .text("label", pool.label)
            .text("fqdn", pool.fqdn)
            .text("dn", pool.dn)
            .number("capacity", pool.capacity)
            .number("before", pool.before)
            .number("added", pool.added)
            .number("after", pool.after())
            .text("percentFull", &pool.percent_full())
            .end();
    }
    out.extend_from_slice(b"  </pools>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_ascii_and_characters_that_xml_forbids_are_reported() {
        let mut out = Vec::new();
        assert!(!put_escaped(&mut out, "Jürgen <a@b> \"&' \t\n"));
        assert_eq!(out, b"J&#252;rgen &lt;a@b&gt; &quot;&amp;&apos; &#9;&#10;");
        out.clear();
        assert!(put_escaped(&mut out, "a\u{1}b\u{fffe}"));
        assert_eq!(out, b"a&#65533;b&#65533;");
    }
}
