//! Faults of the package `ldif`, translated into findings.

use ldif::dn::{DnFault, DnFaultKind};
use ldif::{Fault, FaultKind};

use super::{Finding, password};
use crate::codes;
use crate::language::{Language, Text, text};
use crate::message::Severity;
use crate::schema::lost;

impl Finding {
    /// Converts a fault of the package `ldif` to a finding. Some have a code in common with CSV.
    pub(super) fn of(fault: &Fault) -> Self {
        let severity = match fault.severity() {
            ldif::Severity::Note => Severity::Note,
            ldif::Severity::Warning => Severity::Warning,
            ldif::Severity::Error => Severity::Error,
        };
        let code = match fault.kind() {
            FaultKind::Dn(_) | FaultKind::DnNotUtf8 => "dn-invalid",
            FaultKind::NotUtf8(_) if severity == Severity::Warning => "encoding-fallback",
            _ => fault.code(),
        };
        let what = match (fault.kind(), fault.line()) {
            (FaultKind::NotUtf8(_), Some((from, name))) if code == "encoding-fallback" => {
                let help = text!(
                    "export again with ldifde -u, or name the encoding with --encoding",
                    "refaites l’export avec ldifde -u, ou indiquez le codage par --encoding"
                );
                return Self::not_utf8(name, fault.at(), from).because(rule(fault.note())).help(help);
            }
            (FaultKind::Dn(kind), _) => {
                text!("invalid DN: {kind}", "DN non valide\u{a0}: {kind}"; kind = words_of_dn(kind))
            }
            (FaultKind::Name(name) | FaultKind::OperationName(name), _)
                if password::name(name.as_bytes()).is_some() =>
            {
                text!(
                    "invalid attribute description, which may show a password",
                    "description d’attribut non valide, où un mot de passe peut se trouver"
                )
            }
            // In French, the catalogue describes the fault, and the excerpt shows it.
            _ => {
                Text::of(fault.to_string(), codes::in_lower_case(codes::meaning(fault.code(), Language::Fr)))
            }
        };
        let mut finding = Self::new(severity, code, fault.at(), what).because(rule(fault.note()));
        finding.place.length = fault.len().max(1);
        finding.place.within = fault.line().map(|(at, name)| (name.to_owned(), at));
        finding
    }

    /// Reports that a value is not UTF-8; its line or cell begins at `from`. The help is for base64 and hexadecimal, to
    /// which `--encoding` does not apply.
    pub(super) fn not_utf8(name: &str, at: usize, from: usize) -> Self {
        let what = text!(
            "`{name}` is not UTF-8 and is read as Windows-1252",
            "`{name}` n’est pas en UTF-8 et est lu comme du Windows-1252"
        );
        Self::new(Severity::Warning, "encoding-fallback", at, what).within(name, from).help(text!(
            "correct the value in the directory, or export again with ldifde -u",
            "corrigez la valeur dans l’annuaire, ou refaites l’export avec ldifde -u"
        ))
    }

    /// Converts a fault of a DN to a finding at an offset of the batch.
    pub(super) fn of_dn(fault: &DnFault, at: usize) -> Self {
        Self::new(Severity::Error, "dn-invalid", at, words_of_dn(&fault.kind))
            .because(rule(fault.kind.note()))
    }
}

/// Describes the lost letter at the beginning of a text, and its usual cause.
pub(super) fn lost_character(name: &str, text: &str) -> (Text, Text) {
    utf7(name, text).unwrap_or_else(|| {
        let what = text!("a lost character in `{name}`", "un caractère perdu dans `{name}`");
        let note = text!(
            "an encoding that lacks a character, or the wrong encoding, leaves such signs",
            "un encodage auquel manque un caractère, ou le mauvais encodage, laisse de tels signes"
        );
        (what, note)
    })
}

/// The advice on an LDIF export with lost letters.
pub(super) static AS_UNICODE: Text = Text::new(
    "export again as UTF-8 or UTF-16: `ldifde -u`, `-Encoding Unicode`",
    "refaites l’export en UTF-8 ou en UTF-16\u{a0}: `ldifde -u`, `-Encoding Unicode`",
);

/// Describes the letter in UTF-7 at the beginning of a text, if there is one.
pub(super) fn utf7(name: &str, text: &str) -> Option<(Text, Text)> {
    let letter = lost::utf7(text)?;
    let run = &text[..=text.find('-')?];
    let note =
        text!("`{run}` is `{letter}` in UTF-7 (RFC 2152)", "`{run}` est `{letter}` en UTF-7 (RFC 2152)");
    Some((text!("UTF-7 in `{name}`", "de l’UTF-7 dans `{name}`"), note))
}

/// Describes that the text after a record belongs to it, and what to do about it.
pub(crate) fn record_cut() -> (Text, Text) {
    let what = text!(
        "the record is cut: what follows it has no DN",
        "l’enregistrement est coupé\u{a0}: ce qui le suit n’a pas de DN"
    );
    let help = text!(
        "remove what cuts it (a blank line, a tool's output, the end of a file), or export again",
        "supprimez ce qui le coupe (ligne vide, sortie d’un outil, fin de fichier), ou refaites l’export"
    );
    (what, help)
}

/// The advice on an export that shows only some of the values of an attribute.
pub(crate) static ALL_RANGES: Text = Text::new(
    "export again with a tool that asks for all ranges, such as ldifde",
    "refaites l’export avec un outil qui demande toutes les plages, ldifde par exemple",
);

/// Describes a text that is not a DN.
pub(crate) fn no_dn(text: &str, fault: &DnFault) -> Text {
    text!("`{text}` is not a DN: {fault}", "`{text}` n’est pas un DN\u{a0}: {fault}"; fault = words_of_dn(&fault.kind))
}

/// Describes what is wrong with a DN.
fn words_of_dn(kind: &DnFaultKind) -> Text {
    let french = match kind {
        DnFaultKind::EmptyRdn => "un RDN vide".to_owned(),
        DnFaultKind::NoEquals => "un RDN sans `=`".to_owned(),
        DnFaultKind::Type(name) => format!("`{}` n’est pas un type d’attribut", name.escape_debug()),
        DnFaultKind::Escape => "`\\` n’échappe rien".to_owned(),
        DnFaultKind::Unescaped(found) => format!("`{}` n’est pas échappé", found.escape_debug()),
        DnFaultKind::Hex => "une valeur après `#` qui n’est pas hexadécimale".to_owned(),
        DnFaultKind::AdsiEscape => {
            "`\\/` est la façon dont ADSI écrit `/` dans un chemin, pas un échappement de DN".to_owned()
        }
        DnFaultKind::Empty => "le DN est vide".to_owned(),
        DnFaultKind::Quote => "un `\"` qui n’est pas fermé".to_owned(),
        DnFaultKind::NotOneRdn => "pas un seul RDN".to_owned(),
        other => other.to_string(),
    };
    Text::of(kind.to_string(), french)
}

/// Translates a rule that the package cites: the citation is the same in French, its explanation is not.
fn rule(note: &'static str) -> Text {
    const FRENCH: [(&str, &str); 5] = [
        (
            "the limit keeps memory bounded when a file has no blank lines",
            "la limite borne la mémoire quand un fichier n’a pas de lignes vides",
        ),
        (
            "it belongs to the first bytes of a file only",
            "elle n’a sa place que dans les premiers octets d’un fichier",
        ),
        (
            "several readers take it as a continuation, and two records become one",
            "plusieurs lecteurs la prennent pour une continuation, et deux enregistrements n’en font qu’un",
        ),
        (
            "ldifde's own change type, for the schema of Active Directory",
            "un type de modification propre à ldifde, pour le schéma d’Active Directory",
        ),
        (
            "ADSI escapes `/` in ADsPath alone; the DN has it as it is",
            "ADSI n’échappe `/` que dans un ADsPath\u{202f}; le DN l’a tel quel",
        ),
    ];
    let known = FRENCH.iter().find(|(english, _)| *english == note).map(|(_, french)| *french);
    let citation = || note.split_once(": ").map_or(note, |(citation, _)| citation);
    Text::of(note, known.unwrap_or_else(citation))
}
