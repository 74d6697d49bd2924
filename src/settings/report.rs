//! How the reports speak.

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

/// How the reports speak.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The language of the page.
    pub language: Language,
    pub redaction: Redaction,
    /// The configuration file as typed; empty if there is none.
    pub config_file: String,
    /// The configuration in force; empty where no configuration has a say.
    pub config_text: Text,
}

/// What `verify` and `undo` follow: they need no more.
#[derive(Clone, Debug)]
pub(crate) struct ComparisonSettings {
    pub reading: Reading,
    pub report: Report,
}

impl ComparisonSettings {
    /// Puts flags and configuration together. What the configuration asserts to be absent was so in the exports that it
    /// was written for, and counts no more.
    ///
    /// # Errors
    /// Exit code 2: everything that does not fit.
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

/// What is masked must be read, so that it is known wherever it turns up.
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

/// A warning for each attribute that is asserted to be absent under what is probably a wrong name.
pub(super) fn absent_slips(absent: &Absent, attributes: &Attributes) -> Vec<Message> {
    let slip = |name: &str| {
        let meant = meant(name, attributes)?;
        let what = text!(
            "--absent `{name}` is close to `{meant}`, which is not asserted to be empty",
            "--absent `{name}` ressemble à `{meant}`, qui n’est pas déclaré vide"
        );
        Some(Message::warning("absent-unknown", what))
    };
    absent.said.split(' ').filter_map(slip).collect()
}

/// The attribute for which a name is probably a slip. Of three letters, such as cn and sn, each is close to another.
fn meant<'a>(name: &str, attributes: &'a Attributes) -> Option<&'a str> {
    let known = attributes.names().chain(["distinguishedName"]);
    message::nearest(name, known).filter(|_| name.len() > 3)
}
