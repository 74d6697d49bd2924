//! Every code of a message or a report row: its effect, the commands that use it, its meaning, and advice.
//!
//! Each code is one row. Rows are in the order of precedence: if several codes would skip or reject a user, the first
//! decides.

// who takes part
mod selection;
// addresses, and what `audit` looks for
mod addresses;
// tables and lists
mod csv;
// what is read and written
mod files;
// LDIF, line by line
mod ldif;
// pools, options and lines
mod pools;
// published runs
mod runs;
// configuration and command line
mod settings;
// safety stops
mod stops;

use crate::language::{Language, Text};
use crate::message::{Message, Severity};

/// All codes, in sections.
pub const SECTIONS: &[Section] = &[
    files::SECTION,
    ldif::SECTION,
    csv::SECTION,
    csv::LISTS,
    settings::SECTION,
    selection::SECTION,
    addresses::READINESS,
    addresses::SECTION,
    pools::SECTION,
    stops::SECTION,
    runs::SECTION,
];

/// Codes on one subject.
#[derive(Debug)]
pub struct Section {
    /// Their subject.
    pub title: Text,
    /// The codes, in order of precedence.
    pub codes: &'static [Code],
}

/// A code, the kebab-case name of a fault or a fact, which is the same in messages, `report.xml` and `report.html`.
#[derive(Debug)]
pub struct Code {
    /// The code.
    pub name: &'static str,
    /// Its effect on a user whose row has it; `None` for codes of messages only.
    pub effect: Option<Effect>,
    /// The severities that its messages can have.
    pub severities: &'static [Severity],
    /// The commands that use it, in words.
    pub commands: &'static str,
    /// Its meaning: a phrase without a final period.
    pub meaning: Text,
    /// What to do about it: a sentence.
    advice: Option<Text>,
}

/// The effect of a code on a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The user is left alone on purpose.
    Skips,
    /// The user needs a decision.
    Rejects,
}

/// The advice on an unreadable record, for codes without advice of their own.
static UNREADABLE: Text = Text::new(
    "Correct the line that the table names, or export again with another tool.",
    "Corrigez la ligne indiquée dans le tableau, ou refaites l’export avec un autre outil.",
);

impl Code {
    /// Lists its possible effects: `skipped`, `error`, `warning`, `note`; or `report` if only reports show it.
    pub fn weight(&self) -> String {
        let skipped = (self.effect == Some(Effect::Skips)).then_some("skipped");
        let severities = self.severities.iter().map(|severity| severity.name());
        let words: Vec<&str> = skipped.into_iter().chain(severities).collect();
        if words.is_empty() { "report".to_owned() } else { words.join(", ") }
    }

    /// Returns its possible effects and the commands that use it.
    pub fn uses(&self, language: Language) -> [String; 2] {
        let translated = |words: &str| match language {
            Language::En => words.to_owned(),
            Language::Fr => words.split(", ").map(in_french).collect::<Vec<_>>().join(", "),
        };
        [translated(&self.weight()), translated(self.commands)]
    }

    /// Returns a sentence on what to do about it; empty if each message gives its own advice.
    pub fn advice(&self, language: Language) -> &str {
        let is_syntax = self.name.starts_with("ldif-") || self.name.starts_with("csv-");
        match &self.advice {
            Some(advice) => advice.in_language(language),
            None if is_syntax => UNREADABLE.in_language(language),
            None => "",
        }
    }
}

/// Translates an effect, or the name of a group of commands.
fn in_french(word: &str) -> &str {
    match word {
        "skipped" => "ignoré",
        "error" => "erreur",
        "warning" => "avertissement",
        "report" => "rapport",
        "all" => "tous",
        EXPORTS => "tous ceux qui lisent des exports",
        WIZARDS => "les assistants",
        LDIF => "le paquet ldif",
        word => word,
    }
}

/// Returns the row of a code.
pub(crate) fn find(name: &str) -> Option<&'static Code> {
    SECTIONS.iter().flat_map(|section| section.codes).find(|code| code.name == name)
}

/// Returns the message; an error without help gets the advice of its code, unless this is about skipped users.
pub(crate) fn advise<P>(message: Message<P>) -> Message<P> {
    if message.help.is_some() || message.severity != Severity::Error {
        return message;
    }
    let code = find(message.code).filter(|code| code.effect != Some(Effect::Skips));
    let advice = code.and_then(|code| code.advice.as_ref());
    let phrase = |sentence: &str| in_lower_case(sentence.trim_end_matches('.'));
    message.help(
        advice.map(|advice| Text::of(phrase(advice.english()), phrase(advice.in_language(Language::Fr)))),
    )
}

/// Returns the meaning of a code in a language, or the code itself if it is unknown.
pub(crate) fn meaning(name: &str, language: Language) -> &str {
    find(name).map_or(name, |code| code.meaning.in_language(language))
}

/// Begins a phrase with a small letter, as within a message, unless its first word is a name such as PowerShell.
pub(crate) fn in_lower_case(phrase: &str) -> String {
    let (word, rest) = phrase.split_at(phrase.find(' ').unwrap_or(phrase.len()));
    let is_name = word.chars().skip(1).any(char::is_uppercase);
    if is_name { phrase.to_owned() } else { word.to_lowercase() + rest }
}

/// Why a record is skipped or rejected. The smaller takes precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason(u8);

/// The rows that can decide about a user, in order.
static REASONS: [&Code; collect::<0>().0] = collect().1;

/// Counts the rows that can decide about a user, and collects the first of them.
const fn collect<const N: usize>() -> (usize, [&'static Code; N]) {
    let mut reasons = [&SECTIONS[0].codes[0]; N];
    let (mut number, mut section) = (0, 0);
    while section < SECTIONS.len() {
        let mut at = 0;
        while at < SECTIONS[section].codes.len() {
            let code = &SECTIONS[section].codes[at];
            if code.effect.is_some() {
                if number < N {
                    reasons[number] = code;
                }
                number += 1;
            }
            at += 1;
        }
        section += 1;
    }
    (number, reasons)
}

impl Reason {
    /// Returns the reason for a code. In a constant, the compiler rejects an unknown code.
    const fn of(name: &str) -> Self {
        let mut at = 0;
        while at < REASONS.len() {
            let known = REASONS[at].name.as_bytes();
            let mut common = 0;
            while common < known.len() && common < name.len() && known[common] == name.as_bytes()[common] {
                common += 1;
            }
            if common == known.len() && common == name.len() {
                return Self(at as u8);
            }
            at += 1;
        }
        panic!("no row of the catalogue decides about users by this code")
    }

    fn row(self) -> &'static Code {
        REASONS[usize::from(self.0)]
    }

    /// Returns the code for the report.
    pub fn code(self) -> &'static str {
        self.row().name
    }

    /// Returns the effect on the user.
    pub fn effect(self) -> Effect {
        self.row().effect.unwrap_or(Effect::Rejects)
    }

    /// Returns the meaning of the code.
    pub fn meaning(self) -> Text {
        self.row().meaning.clone()
    }

    /// Iterates over all reasons, in order of precedence.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..REASONS.len()).filter_map(|at| u8::try_from(at).ok()).map(Self)
    }

    /// Returns the reason for the code of an address fault.
    pub fn of_address(code: &str) -> Self {
        Self::all().find(|reason| reason.code() == code).unwrap_or(Self::SIP_INVALID)
    }
}

/// Defines a section of the catalogue. The columns of a row: the constant of [`Reason`] and the effect on a user, if
/// the code decides; the severities of its messages; the commands, or the name of a group of them; the meaning in
/// English and French; the advice in both.
macro_rules! section {
    ($section:ident $title:literal $french_title:literal {$(
        $($reason:ident)? $name:literal $($effect:ident)? [$($severity:ident)*] $commands:tt
            $meaning:literal $french:literal $(advice $advice:literal $french_advice:literal)?;
    )*}) => {
        pub(super) const $section: super::Section = super::Section {
            title: crate::language::Text::new($title, $french_title),
            codes: &[$(super::Code {
                name: $name,
                effect: super::section!(@effect $($effect)?),
                severities: &[$(crate::message::Severity::$severity),*],
                commands: super::section!(@commands $commands),
                meaning: crate::language::Text::new($meaning, $french),
                advice: super::section!(@advice $($advice $french_advice)?),
            }),*],
        };
        #[expect(clippy::allow_attributes, reason = "a section may have no reason")]
        #[allow(missing_docs, reason = "each constant is the reason of its code")]
        impl super::Reason {
            $($(pub const $reason: Self = Self::of($name);)?)*
        }
    };
    (@commands $words:literal) => { $words };
    (@commands $group:ident) => { super::$group };
    (@effect) => { None };
    (@effect skips) => { Some(super::Effect::Skips) };
    (@effect rejects) => { Some(super::Effect::Rejects) };
    (@advice) => { None };
    (@advice $advice:literal $french:literal) => { Some(crate::language::Text::new($advice, $french)) };
}
use section;

/// Commands that read exports.
const EXPORTS: &str = "all that read exports";
/// Commands that decide about users of exports.
const WIZARDS: &str = "the wizards";
/// Commands that follow userprep.toml.
const SETTINGS: &str = "the wizards, check";
/// Commands that assign addresses.
const ADDRESSES: &str = "enable, rename";
/// Commands that assign or restore addresses.
const ADDRESSES_COMPARED: &str = "enable, rename, verify, undo";
/// Commands that read run directories.
const RUNS: &str = "verify, undo, explain, --reference";
/// Commands that compare a run with a fresh export.
const COMPARISONS: &str = "verify, undo";
/// Commands that decide or compare.
const USERS: &str = "the wizards, verify, undo";
const LDIF: &str = "package ldif";
const RULES: &str = "enable, configure, move";
const OF_ENABLED: &str = "configure, move, disable, delete, rename, audit";
const OF_SWITCHED_ON: &str = "enable, configure, rename";
const UNDOING: &str = "the wizards, undo";

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> impl Iterator<Item = &'static Code> {
        SECTIONS.iter().flat_map(|section| section.codes)
    }

    #[test]
    fn every_row_has_its_meaning_in_each_language() {
        for row in rows() {
            for language in Language::ALL {
                let meaning = row.meaning.in_language(language);
                assert!(!meaning.is_empty() && !meaning.ends_with('.'), "{}: {meaning}", row.name);
                let advice = row.advice(language);
                assert!(advice.is_empty() || advice.ends_with('.'), "{}: {advice}", row.name);
            }
            let (english, french) = (&row.meaning.english(), row.meaning.in_language(Language::Fr));
            assert_ne!(*english, french, "{}", row.name);
            assert_eq!(
                row.advice(Language::En).is_empty(),
                row.advice(Language::Fr).is_empty(),
                "{}",
                row.name
            );
        }
    }

    #[test]
    fn every_reason_to_skip_or_reject_has_advice() {
        for reason in Reason::all() {
            assert!(!reason.row().advice(Language::En).is_empty(), "{}", reason.code());
        }
        for code in ["dn-invalid", "ldif-base64", "csv-fields"] {
            assert!(find(code).is_some_and(|row| !row.advice(Language::Fr).is_empty()), "{code}");
        }
        assert!(find("unheard-of").is_none());
        assert_eq!(meaning("unheard-of", Language::Fr), "unheard-of");
    }

    #[test]
    fn reasons_apply_in_the_order_of_the_rows() {
        assert!(Reason::OVER_LIMIT < Reason::DN_CONFLICT);
        assert!(Reason::ACCOUNT_DISABLED < Reason::SIP_EXISTS && Reason::SIP_EXISTS < Reason::SIP_DUPLICATE);
        assert!(Reason::all().all(|reason| reason <= Reason::POOL_FULL));
        assert_eq!(Reason::of_address("sip-spaces"), Reason::SIP_SPACES);
        assert_eq!((Reason::NO_RULE.code(), Reason::NO_RULE.effect()), ("no-rule", Effect::Skips));
    }
}
