//! A command line that does not fit: what is wrong with it, and who asks.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, ValueEnum};

use super::{AnswerFormat, Cli, french, value_of};
use crate::language::{Language, Text, text};
use crate::message::{Message, nearest};

/// An invalid command line, with what clap says.
#[derive(Debug)]
pub struct RefusedCommand {
    pub(super) error: clap::Error,
    pub(super) words: Vec<OsString>,
    pub(super) language: Language,
}

impl RefusedCommand {
    /// The command that was meant; empty if there is none.
    #[must_use]
    pub fn command(&self) -> String {
        let program = Cli::command();
        let names = self.words.iter().skip(1).filter_map(|word| word.to_str());
        let mut names = names.filter(|word| program.find_subcommand(word).is_some());
        names.next().unwrap_or_default().to_owned()
    }

    /// The form of the answer that was asked for.
    #[must_use]
    pub fn format(&self) -> AnswerFormat {
        let named = value_of(&self.words, "--format");
        named.and_then(|value| AnswerFormat::from_str(&value, true).ok()).unwrap_or_default()
    }

    /// The language of the answer.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// What is wrong; none where help was asked for.
    #[must_use]
    pub fn message(&self) -> Option<Message> {
        if !self.error.use_stderr() {
            return None;
        }
        let message = Message::error("command-line", self.what());
        Some(match self.help() {
            Some(help) => message.help(help),
            None => message,
        })
    }

    /// What clap knows of the fault, one after another.
    fn known(&self, kind: ContextKind) -> Vec<String> {
        match self.error.get(kind) {
            Some(ContextValue::String(one)) => vec![one.clone()],
            Some(ContextValue::Strings(several)) => several.clone(),
            _ => Vec::new(),
        }
    }

    fn what(&self) -> Text {
        let listed = |kind| {
            let quoted = self.known(kind).iter().map(|one| format!("`{one}`")).collect::<Vec<_>>();
            quoted.join(", ")
        };
        let argument = listed(ContextKind::InvalidArg);
        match self.error.kind() {
            ErrorKind::UnknownArgument => {
                text!("there is no argument {argument} here", "il n’y a pas ici d’argument {argument}")
            }
            ErrorKind::InvalidSubcommand => {
                let name = listed(ContextKind::InvalidSubcommand);
                text!("there is no command {name}", "il n’y a pas de commande {name}")
            }
            ErrorKind::MissingRequiredArgument => text!("missing: {argument}", "il manque {argument}"),
            ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                text!("no command is named", "aucune commande n’est nommée")
            }
            ErrorKind::ArgumentConflict => {
                let other = listed(ContextKind::PriorArg);
                text!("{argument} and {other} exclude each other", "{argument} et {other} s’excluent")
            }
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
                let value = listed(ContextKind::InvalidValue);
                match value.as_str() {
                    "" | "``" => text!("{argument} lacks its value", "il manque la valeur de {argument}"),
                    value => text!("{argument} does not take {value}", "{argument} n’admet pas {value}"),
                }
            }
            _ => {
                let rendered = self.error.render().to_string();
                let line = rendered.lines().next().unwrap_or_default();
                Text::same(line.trim_start_matches("error: ").to_owned())
            }
        }
    }

    fn help(&self) -> Option<Text> {
        let mut meant = self.known(ContextKind::SuggestedArg);
        meant.extend(self.known(ContextKind::SuggestedValue));
        for name in self.known(ContextKind::InvalidSubcommand) {
            let program = Cli::command();
            let names: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
            meant.extend(nearest(&name, names).map(str::to_owned));
        }
        let values = self.known(ContextKind::ValidValue).join(", ");
        match meant.first() {
            Some(one) => Some(text!("did you mean `{one}`?", "vouliez-vous dire `{one}`\u{a0}?")),
            None if values.is_empty() => None,
            None => Some(text!("give one of {values}", "donnez une valeur parmi {values}")),
        }
    }

    /// What is said to people: in English clap's own words.
    fn page(&self) -> String {
        let page = french::page(&self.error.render().to_string());
        let Some(message) = self.message() else { return page };
        let more = ["\nUtilisation :", "\nPour en savoir plus"].into_iter().find_map(|word| page.find(word));
        let more = more.map_or("", |at| &page[at..]);
        message.render(Language::Fr, false).replace('\u{a0}', " ") + more
    }

    /// Says it for people, and gives the exit code.
    ///
    /// # Errors
    /// What writing gives.
    pub fn tell(&self) -> io::Result<u8> {
        match self.language {
            Language::En => self.error.print()?,
            Language::Fr if self.error.use_stderr() => {
                io::stderr().lock().write_all(self.page().as_bytes())?
            }
            Language::Fr => io::stdout().lock().write_all(self.page().as_bytes())?,
        }
        io::stdout().lock().flush()?;
        Ok(u8::try_from(self.error.exit_code()).unwrap_or(u8::MAX))
    }
}
