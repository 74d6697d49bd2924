//! What programs are answered: `--format json` prints one object, the same envelope for every command and exit code;
//! `--format ndjson` prints a line for each user, and the envelope only where there are none.
//!
//! `answer.schema.json` describes both. Fields keep their meaning within a version; new ones may come.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::cli::{AnswerFormat, Cli};
use crate::language::Language;
use crate::message::{Message, Spoken};
use crate::output::publish::TOOL;

const VERSION: &str = "1.0";

/// The answer of a command, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The form that is asked for.
    pub format: AnswerFormat,
    command: String,
    kept: Arc<Mutex<Collected>>,
}

#[derive(Debug, Default)]
struct Collected {
    messages: Vec<Message>,
    body: Map<String, Value>,
    is_printed: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Beginning<'a> {
    schema_version: &'static str,
    tool: &'static str,
    command: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Ending<'a> {
    /// completed, completed-with-rejects, completed-with-findings, stopped, unreadable, failed or interrupted.
    result: &'a str,
    exit_code: u8,
    /// What the terminal shows, notes included; of a run's users the first twenty of each code.
    messages: Vec<Spoken<'a>>,
}

#[derive(Serialize)]
struct Envelope<'a> {
    #[serde(flatten)]
    start: Beginning<'a>,
    #[serde(flatten)]
    body: &'a Map<String, Value>,
    #[serde(flatten)]
    end: Ending<'a>,
}

impl Answer {
    /// To a command; people are not answered so.
    pub fn to(cli: &Cli) -> Self {
        Self::new(cli.command.name().to_owned(), cli.run().map(|run| run.format).unwrap_or_default())
    }

    pub(super) fn new(command: String, format: AnswerFormat) -> Self {
        Self { format, command, kept: Arc::default() }
    }

    fn beginning(&self) -> Beginning<'_> {
        Beginning { schema_version: VERSION, tool: TOOL, command: &self.command }
    }

    /// Whether a program asks.
    pub(super) fn is_wanted(&self) -> bool {
        self.format != AnswerFormat::Text
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Collected> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn note(&self, message: &Message) {
        if self.is_wanted() {
            self.kept().messages.push(message.clone());
        }
    }

    /// Keeps what the command has to say beside its messages.
    pub(super) fn say(&self, body: &impl Serialize) {
        // Numbers and strings alone: there is nothing that serde_json could refuse.
        if let Ok(Value::Object(body)) = serde_json::to_value(body) {
            self.kept().body.extend(body);
        }
    }

    /// A line of its own; the envelope is left out.
    pub(super) fn line(&self, line: &impl Serialize) -> String {
        self.kept().is_printed = true;
        serde_json::to_string(line).map_or_else(|error| error.to_string(), |line| line + "\n")
    }

    /// How an answer begins whose body follows bit by bit; without its closing brace.
    pub(super) fn begin(&self) -> String {
        self.kept().is_printed = true;
        serde_json::to_string(&self.beginning()).unwrap_or_default().trim_end_matches('}').to_owned()
    }

    /// How it ends; without its opening brace.
    pub(super) fn end(&self, result: &str, exit_code: u8, language: Language) -> String {
        let kept = self.kept();
        let end = kept.end(result, exit_code, language);
        serde_json::to_string(&end).unwrap_or_default().trim_start_matches('{').to_owned() + "\n"
    }

    /// The whole answer; none if it has been printed, or nobody asks.
    pub(super) fn whole(&self, result: &str, exit_code: u8, language: Language) -> Option<String> {
        let kept = self.kept();
        if !self.is_wanted() || kept.is_printed {
            return None;
        }
        let envelope = Envelope {
            start: self.beginning(),
            body: &kept.body,
            end: kept.end(result, exit_code, language),
        };
        let text = match self.format {
            AnswerFormat::Json => serde_json::to_string_pretty(&envelope),
            _ => serde_json::to_string(&envelope),
        };
        Some(text.unwrap_or_default() + "\n")
    }
}

impl Collected {
    fn end<'a>(&'a self, result: &'a str, exit_code: u8, language: Language) -> Ending<'a> {
        let messages = self.messages.iter().map(|message| message.spoken(language)).collect();
        Ending { result, exit_code, messages }
    }
}
