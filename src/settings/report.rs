//! The settings of the reports.

use super::Reading;
use super::compiler::Compiler;
use super::reading::{Absent, absent};
use crate::config::{self, Config, ConfigFile};
use crate::flags;
use crate::input::columns;
use crate::language::{Language, Text, text};
use crate::message::{self, Failure, Message};
use crate::object::Attributes;
use crate::report::redaction::Redaction;

/// The settings of the reports.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The language of the page.
    pub language: Language,
    pub redaction: Redaction,
    /// The configuration file as typed; empty if there is none.
    pub config_file: String,
    /// The configuration in force; empty for commands that follow none.
    pub config_text: Text,
}

/// The settings of `verify` and `undo`, which need no others.
#[derive(Clone, Debug)]
pub(crate) struct ComparisonSettings {
    pub reading: Reading,
    pub report: Report,
}

impl ComparisonSettings {
    /// Combines flags and configuration. The configuration's assertions about absent attributes are ignored: they
    /// concerned the exports of the run.
    ///
    /// # Errors
    /// All errors (exit code 2).
    pub(crate) fn of(args: &flags::ReadingArgs, source: &ConfigFile) -> Result<Self, Failure> {
        let mut compiler = Compiler::new(source);
        let input = compiler.input_options(&args.dialect);
        let absent = absent(args, &Config::default(), &mut compiler.attributes);
        let config::OutputSection { language, redact, .. } = &source.config.output;
        let redaction = redaction(redact, &mut compiler.attributes, &mut Vec::new());
        let attributes = compiler.attributes()?;
        let language = language.unwrap_or_default();
        Ok(Self {
            reading: Reading { attributes, input, absent, ..Reading::default() },
            report: Report { language, redaction, ..Report::default() },
        })
    }
}

/// Compiles the masked attributes, which must be read so that their values are recognised wherever they appear.
pub(super) fn redaction(
    names: &[String],
    attributes: &mut Attributes,
    warnings: &mut Vec<Message>,
) -> Redaction {
    let mut masked = Vec::new();
    for name in names {
        if let Some(meant) = meant(name, attributes) {
            let what = text!(
                "`{name}` of [output] redact is close to `{meant}`, which is not masked",
                "`{name}` de [output] redact ressemble à `{meant}`, qui n’est pas masqué"
            );
            warnings.push(Message::warning("redact-unknown", what));
        }
        let attr = columns::want(name, attributes);
        masked.push(attributes.name(attr).to_owned());
    }
    Redaction::new(&masked)
}

/// Warns about each attribute that is asserted to be absent under a name that is probably misspelled.
pub(super) fn absent_slips(absent: &Absent, attributes: &Attributes) -> Vec<Message> {
    let slip = |name: &str| {
        let meant = meant(name, attributes)?;
        let what = text!(
            "--absent `{name}` is close to `{meant}`, which is not asserted to be empty",
            "--absent `{name}` ressemble à `{meant}`, qui n’est pas déclaré vide"
        );
        Some(Message::warning("absent-unknown", what))
    };
    absent.typed.split(' ').filter_map(slip).collect()
}

/// Returns the attribute that a misspelled name probably means. Names of three letters or fewer are all too similar.
fn meant<'a>(name: &str, attributes: &'a Attributes) -> Option<&'a str> {
    let known = attributes.names().chain(["distinguishedName"]);
    message::nearest(name, known).filter(|_| name.len() > 3)
}
