//! The DN of a record, and why it may be unusable.

use std::borrow::Cow;

use ldif::{Block, Line, LineKind, RawRecord, Strictness};
use memchr::{memchr, memchr_iter};

use super::record::RecordReader;
use crate::input::{Finding, fault};
use crate::language::{Text, text};
use crate::message::Severity;
use crate::object::Object;
use crate::schema::damaged_dn;
use crate::schema::lost::{self, TextKind, lost_character};

impl<'t> RecordReader<'_, 't> {
    /// Creates the object that the DN of a line names. With [`Strictness::Ansi`], a DN that is not UTF-8 is read as
    /// Windows-1252.
    ///
    /// # Errors
    /// The DN cannot be read, is not a DN, or is in another encoding.
    pub(super) fn dn(&self, line: &Line<'t>, at: usize) -> Result<Object<'t>, Finding> {
        if let Some(dn) = self.plain(line) {
            return self.object(Cow::Borrowed(dn), line, at);
        }
        let dn = match line.value().map_err(|fault| Finding::of(&fault))? {
            Cow::Borrowed(bytes) => {
                std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| error.valid_up_to())
            }
            Cow::Owned(bytes) => {
                String::from_utf8(bytes).map(Cow::Owned).map_err(|error| error.utf8_error().valid_up_to())
            }
        };
        let dn = match dn {
            Ok(dn) => dn,
            // The grammar reports that, too.
            Err(_) if line.kind() == LineKind::Plain && self.strictness == Strictness::Ansi => {
                let written = line.written();
                let dn = ldif::text::windows_1252(&written);
                // A letter of Windows-1252 is a byte.
                let foreign = || Some(dn[..lost::foreign_letter(&dn)?].chars().count());
                if let Some(at) = misread_letter(&written).or_else(foreign) {
                    return Err(in_another_encoding(line, at));
                }
                Cow::Owned(dn)
            }
            Err(stray) => {
                let what = text!("the DN is not UTF-8", "le DN n’est pas en UTF-8");
                return Err(Finding::new(Severity::Error, "dn-invalid", line.locate(stray), what)
                    .within("dn", line.at())
                    .because(Text::same("RFC 4514 section 3")));
            }
        };
        self.object(dn, line, at)
    }

    /// Creates the object with a DN in UTF-8, as in [`Self::dn`].
    fn object(&self, dn: Cow<'t, str>, line: &Line<'t>, at: usize) -> Result<Object<'t>, Finding> {
        Object::new(dn, at).map_err(|fault| {
            foreign(line)
                .unwrap_or_else(|| Finding::of_dn(&fault, line.locate(fault.at)).within("dn", line.at()))
        })
    }
}

/// Reports that the letter at an index of a DN is neither in UTF-8 nor in Windows-1252.
fn in_another_encoding(line: &Line<'_>, index: usize) -> Finding {
    let what = text!("a lost character in the DN", "un caractère perdu dans le DN");
    Finding::new(Severity::Error, "lost-characters", line.locate(index), what)
        .within("dn", line.at())
        .because(text!(
            "the text is neither UTF-8 nor Windows-1252",
            "le texte n’est ni en UTF-8 ni en Windows-1252"
        ))
        .help(text!(
            "name the encoding by `--encoding`, such as cp850 or macintosh",
            "nommez le codage par `--encoding`, par exemple cp850 ou macintosh"
        ))
}

/// Reports that the DN of a line is readable, but names no object.
pub(in crate::input) fn spoilt(line: &Line<'_>) -> Option<Finding> {
    let octets = line.value().ok()?;
    let name = std::str::from_utf8(&octets).ok()?;
    coded(name, line).or_else(|| lost_letter(name, line))
}

/// Reports that letters of a DN, or its end, were lost, so that it names no object. A `?` in base64, or at the end of a
/// name, may belong to it.
pub(super) fn lost_letter(name: &str, line: &Line<'_>) -> Option<Finding> {
    // For nearly all DNs, these checks are enough.
    if name.is_ascii()
        && memchr(b'?', name.as_bytes()).is_none()
        && damaged_dn::cut(name.as_bytes()).is_none()
    {
        return None;
    }
    let index = lost_character(name.as_bytes(), TextKind::Dn)?;
    let behind_mark = name[index..].strip_prefix('?');
    let ends_name = |rest: &str| rest.is_empty() || rest.starts_with([',', '+']);
    let may_be_meant = behind_mark.is_some_and(|rest| line.kind() == LineKind::Base64 || ends_name(rest));
    let severity = if may_be_meant { Severity::Warning } else { Severity::Error };
    let what = text!("a lost character in the DN", "un caractère perdu dans le DN");
    let is_as_written =
        line.plain().is_some() && name.is_char_boundary(index) && line.written() == name.as_bytes();
    let at = if is_as_written { line.locate(index) } else { line.value_at() };
    let found = Finding::new(severity, "lost-characters", at, what).within("dn", line.at());
    if behind_mark.is_none() || may_be_meant {
        return Some(found);
    }
    Some(found.help(text!(
        "export again in UTF-8; if the question mark belongs to the name, write the name in base64 behind `dn::`",
        "refaites l’export en UTF-8\u{202f}; si le point d’interrogation appartient au nom, écrivez celui-ci en base64 derrière `dn::`"
    )))
}

/// Reports a DN that is still encoded: base64 after a single colon, the quoted-printable of a mail
/// (`CN=3DAnn,DC=3Dcom`), or the code of another format.
pub(super) fn coded(name: &str, line: &Line<'_>) -> Option<Finding> {
    let is_padded = || name.ends_with('=') && name.len().is_multiple_of(4) && !name.contains(',');
    let help = match damaged_dn::code(name.as_bytes()) {
        None if is_padded() => text!(
            "put a second colon after `dn:` if the name is in base64",
            "mettez un second deux-points après `dn:`, si le nom est en base64"
        ),
        Some(at) if name[at..].starts_with("=3D") => text!(
            "save the attachment of the mail, which is not in quoted-printable",
            "enregistrez la pièce jointe du message, qui n’est pas en quoted-printable"
        ),
        Some(_) => text!(
            "export again with ldifde or ldapsearch, whose names are in UTF-8 or in base64",
            "refaites l’export avec ldifde ou ldapsearch, qui écrivent les noms en UTF-8 ou en base64"
        ),
        None => return None,
    };
    let what = text!("the DN is coded", "le DN est codé");
    Some(
        Finding::new(Severity::Error, "dn-invalid", line.value_at(), what).within("dn", line.at()).help(help),
    )
}

/// Returns the index of a byte that shows that a DN is not in Windows-1252 (nor in UTF-8): a sign there, which is a
/// letter in the code pages of consoles and the Macintosh, or a letter among others of the other case.
fn misread_letter(dn: &[u8]) -> Option<usize> {
    let is_misread = |at: usize| match dn[at] {
        0x8A | 0x8C | 0x8E => at > 0 && dn[at - 1].is_ascii_lowercase(),
        0x9A | 0x9C | 0x9E => {
            at > 0 && dn[at - 1].is_ascii_uppercase() && dn.get(at + 1).is_some_and(u8::is_ascii_uppercase)
        }
        0x92 | 0x96 | 0x97 | 0x9F => false, // an apostrophe, dashes, and Ÿ
        byte => matches!(byte, 0x80..=0x9F),
    };
    (0..dn.len()).find(|&at| is_misread(at))
}

/// Reports what a record begins with in place of its DN: the first error that the grammar finds.
pub(super) fn no_dn(first: &RawRecord<'_>, at: usize) -> Finding {
    let mut found = None;
    ldif::check(&Block::Record(*first), &mut |fault| {
        if fault.severity() == ldif::Severity::Error {
            found.get_or_insert(Finding::of(&fault));
        }
    });
    let what = text!("the record does not begin with `dn:`", "l’enregistrement ne commence pas par `dn:`");
    found.unwrap_or_else(|| Finding::new(Severity::Error, "ldif-no-dn", at, what))
}

/// Whether the grammar may find a fault in the line of a readable DN. Most DNs are folded, which alone is no reason to
/// ask.
pub(super) fn is_doubtful(line: &Line<'_>) -> bool {
    line.is_folded()
        && (line.is_folded_by_tab() || line.kind() == LineKind::Plain && line.bytes().ends_with(b" "))
}

/// Reports a DN in a form that is recognised but not read: the extended DN of a control, or UTF-7, whose `+` has another
/// meaning in a DN.
pub(in crate::input) fn foreign(line: &Line<'_>) -> Option<Finding> {
    let octets = line.value().ok()?;
    let dn = std::str::from_utf8(&octets).ok()?;
    if dn.starts_with('<') && dn.contains(">;") {
        let what = text!("an extended DN, with GUID and SID", "un DN étendu, avec GUID et SID");
        let found =
            Finding::new(Severity::Error, "dn-invalid", line.value_at(), what).within("dn", line.at());
        return Some(found.help(text!(
            "export again without extended DNs: without the control 1.2.840.113556.1.4.529, or without --extended-dn",
            "refaites l’export sans DN étendus\u{a0}: sans le contrôle 1.2.840.113556.1.4.529, ou sans --extended-dn"
        )));
    }
    let is_digit = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '/';
    let run_at = |at: usize| {
        // a run without its `-` counts only if it decodes to a Latin letter: it may be a name, such as `Ann`
        let run = dn[at..].split(|c| !is_digit(c)).next()?;
        let run = format!("{run}-");
        let is_letter = dn[at..].starts_with(&run) || lost::utf7(&run).is_some_and(|c| c < '\u{180}');
        fault::utf7("dn", &run).filter(|_| is_letter)
    };
    let (at, (what, note)) = memchr_iter(b'+', &octets).find_map(|at| Some((at, run_at(at)?)))?;
    let found =
        Finding::new(Severity::Error, "lost-characters", line.locate(at), what).within("dn", line.at());
    Some(found.because(note).help(fault::AS_UNICODE.clone()))
}
