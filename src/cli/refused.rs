//! An invalid command line: what is wrong with it, and in which form and language the user wants the answer.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, ValueEnum};

use super::{AnswerFormat, Cli, french, value_of};
use crate::language::{Language, Text, text};
use crate::message::{Message, nearest};
use crate::output::ldif::wraps;

/// An invalid command line, with clap's error.
#[derive(Debug)]
pub struct RefusedCommand {
    pub(super) error: clap::Error,
    pub(super) words: Vec<OsString>,
    pub(super) language: Language,
}

impl RefusedCommand {
    /// Returns the intended command; empty if there is none.
    pub fn command(&self) -> String {
        let program = Cli::command();
        let names = self.words.iter().skip(1).filter_map(|word| word.to_str());
        let mut names = names.filter(|word| program.find_subcommand(word).is_some());
        names.next().unwrap_or_default().to_owned()
    }

    /// Returns the requested form of the answer.
    pub fn format(&self) -> AnswerFormat {
        let named = value_of(&self.words, "--format");
        named.and_then(|value| AnswerFormat::from_str(&value, true).ok()).unwrap_or_default()
    }

    /// Returns the language of the answer.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Describes the fault; `None` if help was requested.
    pub fn message(&self) -> Option<Message> {
        if !self.error.use_stderr() {
            return None;
        }
        Some(Message::error("command-line", self.what()).help(self.help()))
    }

    /// Lists what clap knows about the fault in a category.
    fn known(&self, kind: ContextKind) -> Vec<String> {
        match self.error.get(kind) {
            Some(ContextValue::String(one)) => vec![one.clone()],
            Some(ContextValue::Strings(several)) => several.clone(),
            _ => Vec::new(),
        }
    }

    /// Lists the same, quoted.
    fn quoted(&self, kind: ContextKind) -> String {
        let quoted: Vec<String> = self.known(kind).iter().map(|one| format!("`{one}`")).collect();
        quoted.join(", ")
    }

    /// States the fault.
    fn what(&self) -> Text {
        let argument = self.quoted(ContextKind::InvalidArg);
        match self.error.kind() {
            ErrorKind::UnknownArgument => text!("unknown argument {argument}", "argument inconnu {argument}"),
            ErrorKind::InvalidSubcommand => {
                let name = self.quoted(ContextKind::InvalidSubcommand);
                text!("unknown command {name}", "commande inconnue {name}")
            }
            ErrorKind::MissingRequiredArgument => text!("missing: {argument}", "il manque {argument}"),
            ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                text!("no command is named", "aucune commande n’est nommée")
            }
            ErrorKind::ArgumentConflict => match self.quoted(ContextKind::PriorArg) {
                other if other == argument => {
                    text!("{argument} is given twice", "{argument} est donné deux fois")
                }
                other => text!("{argument} cannot be used with {other}", "{argument} et {other} s’excluent"),
            },
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
                let value = self.quoted(ContextKind::InvalidValue);
                match value.as_str() {
                    "" | "``" => text!("{argument} lacks its value", "il manque la valeur de {argument}"),
                    value => text!("invalid value {value} for {argument}", "{argument} n’admet pas {value}"),
                }
            }
            _ => text!("the command line does not fit", "la ligne de commande ne convient pas"),
        }
    }

    /// Suggests a word that was probably meant, or lists the possible values.
    fn help(&self) -> Option<Text> {
        let program = Cli::command();
        let values = self.known(ContextKind::ValidValue);
        let known: Vec<String> = match self.error.kind() {
            ErrorKind::InvalidSubcommand => {
                program.get_subcommands().map(|command| command.get_name().to_owned()).collect()
            }
            ErrorKind::UnknownArgument => {
                let command = program.find_subcommand(self.command()).unwrap_or(&program);
                command.get_arguments().filter_map(|one| Some(format!("--{}", one.get_long()?))).collect()
            }
            ErrorKind::ValueValidation => return Some(self.form()),
            _ => values.clone(),
        };
        let typed = [ContextKind::InvalidSubcommand, ContextKind::InvalidArg, ContextKind::InvalidValue];
        let typed = typed.into_iter().flat_map(|kind| self.known(kind)).next_back().unwrap_or_default();
        match meant(&typed, &known) {
            Some(one) if one == typed => {
                Some(text!("write `{one}` after the command", "écrivez `{one}` après la commande"))
            }
            Some(one) => Some(text!("did you mean `{one}`?", "vouliez-vous dire `{one}`\u{a0}?")),
            None if values.is_empty() => None,
            None => {
                let values = values.join(", ");
                Some(text!("give one of {values}", "donnez une valeur parmi {values}"))
            }
        }
    }

    /// Describes a value that is not from a list.
    fn form(&self) -> Text {
        match self.quoted(ContextKind::InvalidArg).as_str() {
            "`--now <TIME>`" => text!(
                "give a time from 0001-01-01 to 9999-12-30, such as 2026-11-23T02:50:00Z or 2026-11-23T03:50:00+01:00",
                "donnez une heure du 0001-01-01 au 9999-12-30, telle que 2026-11-23T02:50:00Z ou 2026-11-23T03:50:00+01:00"
            ),
            "`--wrap <COLUMNS>`" => wraps(),
            _ => text!("give a whole number", "donnez un nombre entier"),
        }
    }

    /// Returns the text for people: clap's page with its message replaced.
    fn page(&self) -> String {
        let page = self.error.render().to_string();
        let page = if self.language == Language::Fr { french::page(&page) } else { page };
        let Some(message) = self.message() else { return page };
        let heads = ["\nUsage:", "\nFor more", "\nUtilisation :", "\nPour en savoir plus"];
        let more = heads.into_iter().filter_map(|head| page.find(head)).min().map_or("", |at| &page[at..]);
        message.render(self.language, false).replace('\u{a0}', " ") + more
    }

    /// Prints the text for people, and returns the exit code.
    pub fn tell(&self) -> io::Result<u8> {
        if self.error.use_stderr() {
            io::stderr().lock().write_all(self.page().as_bytes())?;
        } else if self.language == Language::En {
            self.error.print()?; // clap colours its English help
        } else {
            io::stdout().lock().write_all(self.page().as_bytes())?;
        }
        io::stdout().lock().flush()?;
        Ok(u8::try_from(self.error.exit_code()).unwrap_or(u8::MAX))
    }
}

/// Finds the known word that was probably meant: equal except for case, a typing error, or an omitted part.
fn meant<'k>(typed: &str, known: &'k [String]) -> Option<&'k str> {
    let known = || known.iter().map(String::as_str);
    let same = known().find(|one| one.eq_ignore_ascii_case(typed));
    let rest = typed.trim_start_matches('-');
    let longer = || known().find(|one| rest.len() > 3 && one.contains(rest));
    same.or_else(|| nearest(typed, known())).or_else(longer)
}
