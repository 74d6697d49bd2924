//! The grammar of a record (RFC 2849), driving a visitor that builds a result.

use std::borrow::Cow;

use crate::control::Control;
use crate::dn::{self, Dn, DnFault, DnFaultKind};
use crate::fault::{Fault, FaultKind, Severity, excerpt};
use crate::line::{Line, LineKind};
use crate::record::Operation;
use crate::seen::{Seen, in_order};
use crate::value::{is_description, plain};
use crate::walk::{Lines, RawRecord};

/// The change that a `changetype:` line announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChangeStart {
    Add,
    Delete,
    Modify,
    Rename,
}

/// A visitor of what the grammar finds. Text values are in UTF-8, other values unchanged.
pub(crate) trait Build {
    fn dn(&mut self, _dn: &[u8]) {}
    fn control(&mut self, _control: Control) {}
    fn change(&mut self, _change: ChangeStart) {}
    fn operation(&mut self, _operation: Operation, _name: &[u8]) {}
    fn value(&mut self, _line: &Line<'_>, _value: &[u8]) {}
    /// Takes a value by URL; returns false if that is an error.
    fn url(&mut self, _line: &Line<'_>, _url: &[u8]) -> bool {
        false
    }
    /// Takes a schema change; returns false to skip it.
    fn schema_change(&mut self) -> bool {
        false
    }
    fn new_rdn(&mut self, _rdn: &[u8]) {}
    fn delete_old_rdn(&mut self, _delete: bool) {}
    fn new_superior(&mut self, _dn: &[u8]) {}
}

/// The result of grammar a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The record was read, perhaps with warnings.
    Read,
    /// A schema change, skipped.
    Schema,
    /// The record has an error.
    Faulty,
}

/// Reads one record; passes its parts to `build` and its faults to `out`.
pub(crate) fn read(raw: &RawRecord<'_>, build: &mut impl Build, out: &mut impl FnMut(Fault)) -> Ended {
    let mut is_faulty = false;
    let mut out = |fault: Fault| {
        is_faulty |= fault.severity() == Severity::Error;
        out(fault);
    };
    let mut grammar =
        RecordGrammar { build, out: &mut out, seen: Seen::new(raw.text), repeats: false, root: None };
    if raw.follows_bom() {
        grammar.report(FaultKind::Bom, raw.at() - 3, 3);
    }
    let ended = grammar.record(raw.lines());
    if grammar.repeats {
        grammar.report_glued_dn(raw.lines());
    }
    if let Some((at, len)) = raw.space_line() {
        grammar.report(FaultKind::SpaceLine, at, len);
    }
    // A record that ended early has an error.
    if is_faulty { Ended::Faulty } else { ended.unwrap_or(Ended::Read) }
}

/// Classes of entries that have a DN.
const CLASSES: [&str; 6] = ["person", "user", "inetOrgPerson", "contact", "group", "computer"];

/// The prefix of the change type of a schema change.
const SCHEMA_CHANGE: &[u8] = b"ntdsSchema";

/// Returns where the DN of another record begins in the value of a line, if it does.
fn glued_at(line: &Line<'_>) -> Option<usize> {
    let (from, text) = (line.value_at() - line.at(), line.bytes().to_ascii_lowercase());
    let is_type = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let is_dn = |at: &usize| {
        let is_glued = *at == from || *at > from && !text[*at - 1].is_ascii_whitespace();
        let value = &text[at + "dn:".len()..];
        let named = value.trim_ascii_start();
        let length = named.iter().take_while(|b| is_type(b)).count();
        is_glued && (value.starts_with(b": ") || length > 0 && named.get(length) == Some(&b'='))
    };
    memchr::memmem::find_iter(&text, b"dn:").find(is_dn).map(|at| line.at() + at)
}

/// Whether the line has a DN, and a name in which one file may have ended and the `dn` of the next begun:
/// `descridn: CN=…`.
fn is_named_dn(line: &Line<'_>) -> bool {
    let name = line.name();
    let is_glued = name.len() > 2 && name[name.len() - 2..].eq_ignore_ascii_case(b"dn");
    let is_dn = |value: &[u8]| std::str::from_utf8(value).is_ok_and(|dn| dn::validate(dn).is_ok());
    is_glued && line.value().is_ok_and(|value| !value.is_empty() && is_dn(&value))
}

struct RecordGrammar<'t, 'b, B, F> {
    build: &'b mut B,
    out: &'b mut F,
    /// The values of this entry, or of this modification.
    seen: Seen<'t>,
    /// Whether a value occurs twice.
    repeats: bool,
    /// The line of an empty DN, which only the root DSE may have.
    root: Option<Line<'t>>,
}

/// Indicates that a reported fault has ended the record.
struct Broken;

impl<'t, B: Build, F: FnMut(Fault)> RecordGrammar<'t, '_, B, F> {
    fn report(&mut self, kind: FaultKind, at: usize, len: usize) {
        (self.out)(Fault::new(kind, at, len));
    }

    /// Reports a fault that covers a line up to the end of its first physical line.
    fn report_line(&mut self, kind: FaultKind, line: &Line<'_>) {
        self.report(kind, line.at(), line.rest(line.at()));
    }

    /// Reports a fault that covers the name of a line.
    fn report_name(&mut self, kind: FaultKind, line: &Line<'_>) {
        self.report(kind, line.at(), line.rest(line.at()).min(line.description().len()));
    }

    /// Reports a fault that covers the value of a line up to the end of its first physical line.
    fn report_value(&mut self, kind: FaultKind, line: &Line<'_>) {
        let at = line.value_at();
        (self.out)(Fault::new(kind, at, line.rest(at)).in_line(line));
    }

    /// Reads the lines of a record; `None` if a reported fault has ended it.
    fn record(&mut self, mut lines: Lines<'t>) -> Option<Ended> {
        let first = lines.next()?;
        if matches!(first.bytes().first(), Some(b' ' | b'\t')) {
            self.report_line(FaultKind::FoldFirst, &first);
            return None;
        }
        self.report_tab_folds(&first);
        if self.report_space_before_colon(&first) {
            return None;
        }
        if matches!(first.kind(), LineKind::NoColon | LineKind::Dash) {
            self.report_line(FaultKind::NoColon, &first);
            return None;
        }
        if !first.description().eq_ignore_ascii_case(b"dn") {
            let name = excerpt(&first.description());
            self.report_line(FaultKind::NoDn(name), &first);
            return None;
        }
        if let Some(dn) = self.dn_value(&first, false) {
            self.root = dn.iter().all(|&b| b == b' ').then_some(first);
            self.build.dn(&dn);
        }
        let mut control = None;
        let mut next = lines.next();
        while let Some(line) = next
            && line.description().eq_ignore_ascii_case(b"control")
        {
            self.report_tab_folds(&line);
            self.control(&line);
            control = Some(line);
            next = lines.next();
        }
        let change = next.filter(|line| line.description().eq_ignore_ascii_case(b"changetype"));
        let body = match (change, control) {
            (Some(line), _) => self.change(&line, lines),
            (None, Some(control)) => {
                self.report_line(FaultKind::ControlInContent, &control);
                return None;
            }
            (None, None) => self.attributes(next.into_iter().chain(lines)).map(|()| Ended::Read),
        };
        body.ok()
    }

    /// Reads a change record from its `changetype:` line.
    fn change(&mut self, line: &Line<'t>, lines: Lines<'t>) -> Result<Ended, Broken> {
        self.report_tab_folds(line);
        let Some(kind) = self.word(line) else { return Err(Broken) };
        let of_schema = kind.split_at_checked(SCHEMA_CHANGE.len());
        let of_schema =
            of_schema.filter(|(start, _)| start.eq_ignore_ascii_case(SCHEMA_CHANGE)).map(|(_, kind)| kind);
        if of_schema.is_some() && !self.build.schema_change() {
            self.report_value(FaultKind::SchemaRecord(excerpt(&kind)), line);
            return Ok(Ended::Schema);
        }
        let kind_is = |name: &str| of_schema.unwrap_or(&kind).eq_ignore_ascii_case(name.as_bytes());
        let change = match () {
            () if kind_is("add") => ChangeStart::Add,
            () if kind_is("delete") => ChangeStart::Delete,
            () if kind_is("modify") => ChangeStart::Modify,
            () if kind_is("modrdn") || kind_is("moddn") => ChangeStart::Rename,
            () => {
                let name = excerpt(&kind);
                self.report_value(FaultKind::ChangeType(name), line);
                return Err(Broken);
            }
        };
        self.build.change(change);
        match change {
            ChangeStart::Add => self.attributes(lines)?,
            ChangeStart::Delete => {
                if let Some(line) = { lines }.next() {
                    self.report_line(FaultKind::DeleteWithAttributes, &line);
                }
            }
            ChangeStart::Modify => self.modifications(line, lines)?,
            ChangeStart::Rename => self.rename(line, lines)?,
        }
        Ok(Ended::Read)
    }

    /// Reads the lines with the attributes of an entry.
    fn attributes(&mut self, lines: impl Iterator<Item = Line<'t>>) -> Result<(), Broken> {
        for line in lines {
            let (kind, name) = self.check_structure(&line)?;
            if kind == LineKind::Dash {
                self.report_line(FaultKind::StrayDash, &line);
                continue;
            }
            if name.eq_ignore_ascii_case(b"changetype") {
                self.report_line(FaultKind::ChangeTypeLate, &line);
                return Err(Broken);
            }
            if name.eq_ignore_ascii_case(b"control") && Control::parse(&line.written()).is_ok() {
                self.report_line(FaultKind::ControlInContent, &line);
                return Err(Broken);
            }
            if self.report_space_before_colon(&line) {
                continue;
            }
            if self.root.is_some()
                && name.eq_ignore_ascii_case(b"objectClass")
                && CLASSES.iter().any(|class| line.written().eq_ignore_ascii_case(class.as_bytes()))
                && let Some(dn) = self.root.take()
            {
                self.report_value(FaultKind::Dn(DnFaultKind::Empty), &dn);
            }
            if !is_description(&name) {
                self.report_name(FaultKind::Name(excerpt(&name)), &line);
            }
            self.add_value(&line, kind, &name);
        }
        self.seen.clear();
        Ok(())
    }

    /// Reads the modifications after the line `change`.
    fn modifications(&mut self, change: &Line<'t>, mut lines: Lines<'t>) -> Result<(), Broken> {
        let mut has_modification = false;
        while let Some(line) = lines.next() {
            let (kind, keyword) = self.check_structure(&line)?;
            if kind == LineKind::Dash {
                self.report_line(FaultKind::StrayDash, &line);
                continue;
            }
            has_modification = true;
            let keyword_is = |name: &str| keyword.eq_ignore_ascii_case(name.as_bytes());
            let operation = match () {
                () if keyword_is("add") => Some(Operation::Add),
                () if keyword_is("delete") => Some(Operation::Delete),
                () if keyword_is("replace") => Some(Operation::Replace),
                () if keyword_is("increment") => Some(Operation::Increment),
                () => None,
            };
            let Some(operation) = operation else {
                let keyword = excerpt(&keyword);
                self.report_line(FaultKind::Operation(keyword), &line);
                return Err(Broken);
            };
            let expected = self.word(&line);
            match &expected {
                Some(name) if is_description(name) => self.build.operation(operation, name),
                Some(name) => {
                    let name = excerpt(name);
                    self.report_value(FaultKind::OperationName(name), &line);
                }
                None => {}
            }
            for line in lines.by_ref() {
                let (kind, found) = self.check_structure(&line)?;
                if kind == LineKind::Dash {
                    if line.bytes().len() > 1 {
                        self.report(FaultKind::DashSpace, line.at() + 1, line.rest(line.at() + 1));
                    }
                    break;
                }
                if let Some(expected) = &expected
                    && !in_order(&found).eq_ignore_ascii_case(&in_order(expected))
                {
                    let (found, expected) = (excerpt(&found), excerpt(expected));
                    self.report_name(FaultKind::OperationAttribute { found, expected }, &line);
                }
                self.add_value(&line, kind, &found);
            }
            self.seen.clear();
        }
        if !has_modification {
            self.report_value(FaultKind::NoModification, change);
        }
        Ok(())
    }

    /// Reads the new name after the line `change`.
    fn rename(&mut self, change: &Line<'t>, lines: Lines<'t>) -> Result<(), Broken> {
        let (mut has_new_rdn, mut has_delete_old) = (false, false);
        for line in lines {
            let (_, name) = self.check_structure(&line)?;
            let name_is = |expected: &str| name.eq_ignore_ascii_case(expected.as_bytes());
            match () {
                () if name_is("newrdn") => {
                    has_new_rdn = true;
                    if let Some(rdn) = self.dn_value(&line, true) {
                        self.build.new_rdn(&rdn);
                    }
                }
                () if name_is("deleteoldrdn") => {
                    has_delete_old = true;
                    match self.word(&line).as_deref() {
                        Some(b"0") => self.build.delete_old_rdn(false),
                        Some(b"1") => self.build.delete_old_rdn(true),
                        Some(value) => {
                            let value = excerpt(value);
                            self.report_value(FaultKind::DeleteOldRdn(value), &line);
                        }
                        None => {}
                    }
                }
                () if name_is("newsuperior") => {
                    if let Some(dn) = self.dn_value(&line, false) {
                        self.build.new_superior(&dn);
                    }
                }
                () => {
                    let name = excerpt(&name);
                    self.report_line(FaultKind::RenameLine(name), &line);
                }
            }
        }
        for (is_there, name) in [(has_new_rdn, "newrdn"), (has_delete_old, "deleteoldrdn")] {
            if !is_there {
                self.report_value(FaultKind::RenameLacks(name), change);
            }
        }
        Ok(())
    }

    /// Checks the structure of any line but the first; returns its kind and its name.
    #[inline]
    fn check_structure<'l>(&mut self, line: &Line<'l>) -> Result<(LineKind, Cow<'l, [u8]>), Broken> {
        self.report_tab_folds(line);
        let (kind, name) = (line.kind(), line.description());
        if kind == LineKind::NoColon {
            self.report_line(FaultKind::NoColon, line);
            return Err(Broken);
        }
        if line.bytes()[0] == b'\t' {
            self.report(FaultKind::TabLine, line.at(), 1);
            return Err(Broken);
        }
        // Concatenated files may have a byte order mark in the middle.
        let begins_record = match &name[..] {
            [b'd' | b'D', b'n' | b'N'] | [0xEF, 0xBB, 0xBF, b'd' | b'D', b'n' | b'N'] => true,
            [0xEF, 0xBB, 0xBF, name @ ..] | name => {
                name.eq_ignore_ascii_case(b"version") && line.written().trim_ascii_end() == b"1"
            }
        };
        if begins_record {
            self.report_line(FaultKind::SecondDn, line);
            return Err(Broken);
        }
        Ok((kind, name))
    }

    /// Reports the DN of another record that begins within a line, as when files are concatenated and the first has no
    /// line end at its end.
    fn report_glued_dn(&mut self, lines: Lines<'t>) {
        let is_class = |line: &Line<'t>| line.name().eq_ignore_ascii_case(b"objectClass");
        let last_class = lines.clone().filter(is_class).last().map_or(0, |line| line.at());
        let mut has_class = false;
        for line in lines.skip(1).filter(Line::has_colon) {
            has_class |= is_class(&line);
            let is_between = has_class && line.at() < last_class;
            let at = if is_between && is_named_dn(&line) { Some(line.at()) } else { glued_at(&line) };
            if let Some(at) = at {
                return self.report(FaultKind::SecondDn, at, line.rest(at));
            }
        }
    }

    /// Reports spaces between the name and the `:`; returns whether there are any.
    fn report_space_before_colon(&mut self, line: &Line<'_>) -> bool {
        if !line.has_colon() {
            return false;
        }
        let name = line.description();
        let kept = name.trim_ascii_end().len();
        let is_spaced = kept < name.len() && kept > 0;
        if is_spaced {
            let at = if line.is_folded() { line.at() } else { line.at() + kept };
            self.report(FaultKind::SpaceBeforeColon, at, line.rest(at).min(name.len() - kept));
        }
        is_spaced
    }

    /// Reports the continuation lines that begin with a tab.
    #[inline]
    fn report_tab_folds(&mut self, line: &Line<'_>) {
        if line.is_folded() {
            for at in line.tab_folds() {
                (self.out)(Fault::new(FaultKind::TabFold, at, 1).in_line(line));
            }
        }
    }

    /// Parses `control: oid criticality: value`: everything after the name is the value of the line.
    fn control(&mut self, line: &Line<'_>) {
        let Some(written) = self.text_value(line) else { return };
        match Control::parse(&written) {
            Ok(control) => self.build.control(control),
            Err((kind, i)) => {
                let at = line.locate(i);
                (self.out)(Fault::new(kind, at, usize::from(at < line.end())).in_line(line));
            }
        }
    }

    /// Passes the value of a line to the visitor. Reports a value that cannot be read, or that the attribute has already,
    /// instead; a URL, whose value is not read, is passed as written.
    #[inline]
    fn add_value(&mut self, line: &Line<'t>, kind: LineKind, name: &[u8]) {
        let value = match line.value() {
            Ok(value) if kind == LineKind::Plain => plain(line, value, self.out),
            Ok(value) => value,
            Err(_) if kind == LineKind::Url && self.build.url(line, &line.written()) => return,
            Err(fault) => return (self.out)(fault),
        };
        match self.seen.insert(line, name, &value) {
            Some(first) => {
                self.repeats = true;
                let kind = FaultKind::DuplicateValue { first };
                (self.out)(Fault::new(kind, line.at(), line.rest(line.at())).in_line(line));
            }
            None => self.build.value(line, &value),
        }
    }

    /// Returns the value of a keyword of LDIF itself.
    fn text_value<'l>(&mut self, line: &Line<'l>) -> Option<Cow<'l, [u8]>> {
        match line.value() {
            Ok(value) if line.kind() == LineKind::Plain => Some(plain(line, value, self.out)),
            Ok(value) => Some(value),
            Err(fault) => {
                (self.out)(fault);
                None
            }
        }
    }

    /// Returns the keyword or name in the value of a line, without the spaces at its end, which were reported.
    fn word<'l>(&mut self, line: &Line<'l>) -> Option<Cow<'l, [u8]>> {
        Some(match self.text_value(line)? {
            Cow::Borrowed(value) => Cow::Borrowed(value.trim_ascii_end()),
            Cow::Owned(value) => Cow::Owned(value.trim_ascii_end().to_vec()),
        })
    }

    /// Returns the DN in the value of a line, or the single RDN if `is_rdn`; reports the fault of an invalid one.
    fn dn_value<'l>(&mut self, line: &Line<'l>, is_rdn: bool) -> Option<Cow<'l, [u8]>> {
        let value = self.text_value(line)?;
        let text = match std::str::from_utf8(&value) {
            Ok(text) => text,
            Err(error) => {
                let at = line.locate(error.valid_up_to());
                (self.out)(Fault::new(FaultKind::DnNotUtf8, at, 1).in_line(line));
                return None;
            }
        };
        let checked = if is_rdn {
            Dn::parse(text).and_then(|dn| match dn.rdns().len() {
                1 => Ok(()),
                _ => Err(DnFault { kind: DnFaultKind::NotOneRdn, at: 0 }),
            })
        } else {
            dn::validate(text)
        };
        match checked {
            Ok(()) => Some(value),
            Err(DnFault { kind, at }) => {
                let is_utf8 = line.value().is_ok_and(|raw| std::str::from_utf8(&raw).is_ok());
                // In Windows-1252, a character was one byte.
                let index = if is_utf8 { at } else { text[..at].chars().count() };
                let at = line.locate(index);
                (self.out)(Fault::new(FaultKind::Dn(kind), at, usize::from(at < line.end())).in_line(line));
                None
            }
        }
    }
}
