//! A command line that does not fit: what is wrong with it, and who asks.

use std::ffi::OsString;

use clap::{CommandFactory, ValueEnum};

use super::{Cli, Format};
use crate::language::Text;
use crate::message::Message;

/// An invalid command line, with what clap says.
#[derive(Debug)]
pub struct Refused {
    pub(super) error: clap::Error,
    pub(super) words: Vec<OsString>,
}

impl Refused {
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
    pub fn format(&self) -> Format {
        let words: Vec<&str> = self.words.iter().filter_map(|word| word.to_str()).collect();
        let values =
            words.iter().zip(words.iter().skip(1).chain([&""])).filter_map(|(word, next)| match *word {
                "--format" => Some(*next),
                word => word.strip_prefix("--format="),
            });
        values.last().and_then(|value| Format::from_str(value, true).ok()).unwrap_or_default()
    }

    /// What is wrong, for programs; none where help was asked for.
    #[must_use]
    pub fn message(&self) -> Option<Message> {
        let text = self.error.render().to_string();
        let what = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        self.error.use_stderr().then(|| Message::error("command-line", Text::same(what)))
    }

    /// Says it for people, and ends the process.
    pub fn exit(&self) -> ! {
        self.error.exit()
    }
}
