//! The answers to programs: `--format json` prints one object, with the same envelope for every command and exit code;
//! `--format ndjson` prints a line for each user, and the envelope only if there are none.
//!
//! `answer.schema.json` describes both. Fields keep their meaning within a version; new ones may be added.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::cli::AnswerFormat;
use crate::language::Language;
use crate::message::{Message, steers};
use crate::output::publish::TOOL;

const VERSION: &str = "1.0";

/// The answer of a command while it is collected.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The requested form.
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

impl Answer {
    /// Creates the answer of a command; commands without `--format` answer as text.
    pub fn new(command: String, format: AnswerFormat) -> Self {
        Self { format, command, kept: Arc::default() }
    }

    /// Returns the fields that every answer begins with.
    fn beginning(&self) -> Map<String, Value> {
        fields(json!({"schemaVersion": VERSION, "tool": TOOL, "command": self.command}))
    }

    /// Whether a program reads the answer.
    pub(super) fn is_wanted(&self) -> bool {
        self.format != AnswerFormat::Text
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Collected> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Collects a message, if a program reads the answer.
    pub(super) fn note(&self, message: &Message) {
        if self.is_wanted() {
            self.kept().messages.push(message.clone());
        }
    }

    /// Adds fields to the answer, beside its messages.
    pub(super) fn say(&self, body: Value) {
        self.kept().body.extend(fields(body));
    }

    /// Formats a line of its own; the envelope is then left out.
    pub(super) fn line(&self, line: &impl Serialize) -> String {
        self.kept().is_printed = true;
        serde_json::to_string(line).map_or_else(|error| error.to_string(), |line| shielded(line) + "\n")
    }

    /// Returns the beginning of an answer whose body is printed piece by piece, without the closing brace.
    pub(super) fn begin(&self) -> String {
        self.kept().is_printed = true;
        serde_json::to_string(&self.beginning()).unwrap_or_default().trim_end_matches('}').to_owned()
    }

    /// Returns the end of such an answer, without the opening brace.
    pub(super) fn end(&self, result: &str, exit_code: u8, language: Language) -> String {
        let kept = self.kept();
        let end = kept.end(result, exit_code, language);
        serde_json::to_string(&end).unwrap_or_default().trim_start_matches('{').to_owned() + "\n"
    }

    /// Returns the whole answer; `None` if it has been printed, or no program reads it.
    pub(super) fn whole(&self, result: &str, exit_code: u8, language: Language) -> Option<String> {
        let kept = self.kept();
        if !self.is_wanted() || kept.is_printed {
            return None;
        }
        let mut envelope = self.beginning();
        envelope.extend(kept.body.clone());
        envelope.extend(kept.end(result, exit_code, language));
        let text = match self.format {
            AnswerFormat::Json => serde_json::to_string_pretty(&envelope),
            _ => serde_json::to_string(&envelope),
        };
        Some(shielded(text.unwrap_or_default()) + "\n")
    }
}

impl Collected {
    /// Returns the result (completed, completed-with-rejects, completed-with-findings, stopped, unreadable, failed or
    /// interrupted), and the messages that the terminal shows, including notes; of messages about users, the first
    /// twenty of each code.
    fn end(&self, result: &str, exit_code: u8, language: Language) -> Map<String, Value> {
        let messages: Vec<_> = self.messages.iter().map(|message| message.spoken(language)).collect();
        fields(json!({"result": result, "exitCode": exit_code, "messages": messages}))
    }
}

/// Escapes the characters of JSON that [control the display](steers): they are in strings, or line ends.
fn shielded(json: String) -> String {
    if json.is_ascii() {
        return json;
    }
    let mut shielded = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && steers(c) {
            shielded.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            shielded.push(c);
        }
    }
    shielded
}

fn fields(object: Value) -> Map<String, Value> {
    if let Value::Object(fields) = object { fields } else { Map::new() }
}
