//! Questions on a terminal.
//!
//! Architecture invariant: only this file asks, and it knows nothing of the subject of the questions.

use std::io::IsTerminal;

use dialoguer::console::{Term, truncate_str};
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, MultiSelect, Select};

use super::no_terminal;
use crate::interrupt::Unfinished;
use crate::language::{Language, Text, text};
use crate::message::Failure;

/// How many answers a page shows.
const PAGE: usize = 15;

/// A terminal with a user.
pub(super) struct Terminal {
    theme: Box<dyn Theme>,
    language: Language,
}

impl Terminal {
    /// Opens the terminal of this process.
    pub(super) fn open(colour: bool, language: Language) -> Result<Self, Failure> {
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return Err(no_terminal(text!(
                "there is no terminal to ask questions on",
                "il n’y a pas de terminal où poser les questions"
            )));
        }
        let theme: Box<dyn Theme> =
            if colour { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) };
        Ok(Self { theme, language })
    }

    /// Returns a text in the language of the questions.
    fn shown<'t>(&self, text: &'t Text) -> &'t str {
        text.in_language(self.language)
    }

    /// Returns the answers in the language of the questions, each on one line.
    fn labels(&self, answers: &[Text]) -> Vec<String> {
        fitted(answers.iter().map(|answer| self.shown(answer)))
    }

    /// Asks for one of several answers.
    pub(super) fn one(&self, question: &Text, answers: &[Text], usual: usize) -> Result<usize, Failure> {
        let prompt =
            Select::with_theme(&*self.theme).with_prompt(self.shown(question)).items(self.labels(answers));
        answered(|| prompt.default(usual).max_length(PAGE).interact_opt())
    }

    /// Asks for several answers. The usual ones are preselected, and may all be deselected; without usual ones, at
    /// least one is required.
    pub(super) fn several(
        &self,
        question: &Text,
        answers: &[Text],
        usual: Option<&[bool]>,
    ) -> Result<Vec<usize>, Failure> {
        let mut asking = text!(
            "{question} (space chooses, enter ends)",
            "{question} (espace pour choisir, entrée pour finir)";
            question
        );
        loop {
            let prompt = MultiSelect::with_theme(&*self.theme)
                .with_prompt(self.shown(&asking))
                .items(self.labels(answers));
            let chosen =
                answered(|| prompt.defaults(usual.unwrap_or_default()).max_length(PAGE).interact_opt())?;
            if usual.is_some() || !chosen.is_empty() {
                return Ok(chosen);
            }
            asking = text!(
                "{question}: 1 at least (space chooses, enter ends)",
                "{question}\u{a0}: 1 au moins (espace pour choisir, entrée pour finir)";
                question
            );
        }
    }

    /// Asks for a text that `check` accepts; otherwise shows the error and asks again.
    pub(super) fn text(
        &self,
        question: &Text,
        may_be_empty: bool,
        check: impl Fn(&str) -> Result<(), Text>,
    ) -> Result<String, Failure> {
        let prompt = Input::<String>::with_theme(&*self.theme)
            .with_prompt(self.shown(question))
            .allow_empty(may_be_empty);
        let prompt = prompt
            .validate_with(|text: &String| check(text.trim()).map_err(|fault| self.shown(&fault).to_owned()));
        answered(|| prompt.interact_text().map(Some)).map(|text| text.trim().to_owned())
    }

    /// Asks a yes-or-no question; Enter means yes.
    pub(super) fn agrees(&self, question: &Text) -> Result<bool, Failure> {
        // `Confirm` knows the keys y and n, but no French ones.
        if self.language == Language::Fr {
            return Ok(self.one(question, &[text!("yes", "oui"), text!("no", "non")], 0)? == 0);
        }
        let prompt = Confirm::with_theme(&*self.theme).with_prompt(self.shown(question)).default(true);
        answered(|| prompt.interact_opt())
    }
}

/// Cuts answers to one line each: a longer one could not be redrawn.
fn fitted<'a>(answers: impl Iterator<Item = &'a str>) -> Vec<String> {
    let (_, columns) = Term::stderr().size();
    let room = usize::from(columns).saturating_sub(8);
    answers.map(|answer| truncate_str(answer, room, "…").into_owned()).collect()
}

/// Returns the answer, or an error if the user leaves: Escape, Ctrl-C, the end of the terminal.
fn answered<T>(ask: impl FnOnce() -> dialoguer::Result<Option<T>>) -> Result<T, Failure> {
    // Ctrl-C ends the question, not the process, so that the cursor reappears.
    let _unfinished = Unfinished::begin();
    match ask() {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) | Err(_) => {
            let _ = Term::stderr().show_cursor();
            Err(Failure::Interrupted)
        }
    }
}
