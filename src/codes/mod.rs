//! Every code that a message or a row of the report can have: what comes of it, who says it, what it means, what to do.
//!
//! A code is one row. The order of the rows is the order in which reasons apply: of several that would skip or reject a
//! user, the first one decides.

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
use crate::message::Severity;

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

/// Codes that belong together.
#[derive(Debug)]
pub struct Section {
    /// What they are about.
    pub title: Text,
    /// The codes, in the order in which they apply.
    pub codes: &'static [Code],
}

/// A code, the kebab-case name of a fault or a fact; the same in messages, `report.xml` and `report.html`.
#[derive(Debug)]
pub struct Code {
    /// The code.
    pub name: &'static str,
    /// What it makes of the user whose row bears it; none for codes of messages alone.
    pub effect: Option<Effect>,
    /// How bad its messages can be.
    pub severities: &'static [Severity],
    /// The commands that say it, in words.
    pub commands: &'static str,
    /// What it means: a phrase without a final period.
    pub meaning: Text,
    /// What to do about it: a sentence.
    advice: Option<Text>,
}

/// What a code makes of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The user is left alone on purpose.
    Skips,
    /// The user needs a decision.
    Rejects,
}

/// The advice on a record that cannot be read, where its code has none of its own.
static UNREADABLE: Text = Text::new(
    "Correct the line that the table names, or export again with another tool.",
    "Corrigez la ligne indiquée dans le tableau, ou refaites l’export avec un autre outil.",
);

impl Code {
    /// What can come of it: `skipped`, `error`, `warning`, `note`; `report` for what only the reports show.
    pub fn weight(&self) -> String {
        let skipped = (self.effect == Some(Effect::Skips)).then_some("skipped");
        let severities = self.severities.iter().map(|severity| severity.name());
        let words: Vec<&str> = skipped.into_iter().chain(severities).collect();
        if words.is_empty() { "report".to_owned() } else { words.join(", ") }
    }

    /// What to do about it: a sentence; empty where each message says it.
    pub fn advice(&self, language: Language) -> &str {
        let is_syntax = self.name.starts_with("ldif-") || self.name.starts_with("csv-");
        match &self.advice {
            Some(advice) => advice.in_language(language),
            None if is_syntax => UNREADABLE.in_language(language),
            None => "",
        }
    }
}

/// The row of a code.
pub(crate) fn find(name: &str) -> Option<&'static Code> {
    SECTIONS.iter().flat_map(|section| section.codes).find(|code| code.name == name)
}

/// What a code means, in a language; the code itself if it is not known.
pub(crate) fn meaning(name: &str, language: Language) -> &str {
    find(name).map_or(name, |code| code.meaning.in_language(language))
}

/// Why a record is skipped or rejected: the smaller applies first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason(u8);

/// The rows that can decide about a user, in their order.
static REASONS: [&Code; collect::<0>().0] = collect().1;

/// How many rows can decide about a user, and the first of them.
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
    /// The reason of that code; where it is named as a constant, the compiler refuses an unknown one.
    const fn of(name: &str) -> Self {
        let mut at = 0;
        while at < REASONS.len() {
            let known = REASONS[at].name.as_bytes();
            let mut same = 0;
            while same < known.len() && same < name.len() && known[same] == name.as_bytes()[same] {
                same += 1;
            }
            if same == known.len() && same == name.len() {
                return Self(at as u8);
            }
            at += 1;
        }
        panic!("no row of the catalogue decides about users by this code")
    }

    fn row(self) -> &'static Code {
        REASONS[usize::from(self.0)]
    }

    /// The code of the report.
    pub fn code(self) -> &'static str {
        self.row().name
    }

    /// What becomes of the user.
    pub fn effect(self) -> Effect {
        self.row().effect.unwrap_or(Effect::Rejects)
    }

    /// What the code means.
    pub fn meaning(self) -> Text {
        self.row().meaning.clone()
    }

    /// All of them, in the order in which they apply.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..REASONS.len()).filter_map(|at| u8::try_from(at).ok()).map(Self)
    }

    /// The reason of an address fault's code.
    pub fn of_address(code: &str) -> Self {
        Self::all().find(|reason| reason.code() == code).unwrap_or(Self::SIP_INVALID)
    }
}

/// A section of the catalogue. A row: the constant of [`Reason`] and what the code makes of a user, if it decides; its
/// severities as a message; the commands, or the name of a group of them; the meaning in English and French; the advice in
/// both.
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

/// Whatever reads exports.
const EXPORTS: &str = "all that read exports";
/// What decides about the users of exports.
const WIZARDS: &str = "the wizards";
/// What goes by userprep.toml.
const SETTINGS: &str = "the wizards, check";
/// What gives addresses.
const ADDRESSES: &str = "enable, rename";
/// What gives addresses, or gives them back.
const ADDRESSES_COMPARED: &str = "enable, rename, verify, undo";
/// What reads run directories.
const RUNS: &str = "verify, undo, explain, --reference";
/// What compares a run with a fresh export.
const COMPARISONS: &str = "verify, undo";
/// What compares, and what decides.
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
    fn every_row_says_in_each_language_what_it_means() {
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
    fn whoever_is_skipped_or_rejected_finds_advice() {
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
