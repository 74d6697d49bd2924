//! Questions to a person at a terminal.
//!
//! Architecture invariant: this file alone asks, and knows nothing of what it asks about.

use std::io::IsTerminal;

use dialoguer::console::{Term, truncate_str};
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, MultiSelect, Select};

use crate::interrupt::Unfinished;
use crate::language::text;
use crate::message::{Failure, Message};

/// How many answers one page shows.
const PAGE: usize = 15;

/// A terminal with somebody in front of it.
pub(super) struct Terminal {
    theme: Box<dyn Theme>,
}

impl Terminal {
    /// The terminal of this process.
    ///
    /// # Errors
    /// `init-no-terminal`
    pub(super) fn open(colour: bool) -> Result<Self, Failure> {
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            let message = Message::error(
                "init-no-terminal",
                text!(
                    "there is no terminal to ask questions on",
                    "il n’y a pas de terminal où poser les questions"
                ),
            )
            .help(text!(
                "add --yes to take the defaults, and flags for other answers",
                "ajoutez --yes pour prendre les valeurs par défaut, et des options pour d’autres réponses"
            ));
            return Err(Failure::unfit(message));
        }
        Ok(Self { theme: if colour { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) } })
    }

    /// Which one?
    pub(super) fn one(&self, question: &str, answers: &[String], usual: usize) -> Result<usize, Failure> {
        let asked = Select::with_theme(&*self.theme).with_prompt(question).items(fitted(answers));
        answered(|| asked.default(usual).max_length(PAGE).interact_opt())
    }

    /// Which ones? At least this many.
    pub(super) fn several(
        &self,
        question: &str,
        answers: &[String],
        usual: &[bool],
        least: usize,
    ) -> Result<Vec<usize>, Failure> {
        let mut asking = format!("{question} (space chooses, enter ends)");
        loop {
            let asked = MultiSelect::with_theme(&*self.theme).with_prompt(&asking).items(fitted(answers));
            let chosen = answered(|| asked.defaults(usual).max_length(PAGE).interact_opt())?;
            if chosen.len() >= least {
                return Ok(chosen);
            }
            asking = format!("{question}: {least} at least (space chooses, enter ends)");
        }
    }

    /// A text that `check` takes; the fault of one that it does not take is shown, and it is asked for again.
    pub(super) fn text(
        &self,
        question: &str,
        may_be_empty: bool,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Result<String, Failure> {
        let asked = Input::<String>::with_theme(&*self.theme).with_prompt(question).allow_empty(may_be_empty);
        let asked = asked.validate_with(|text: &String| check(text.trim()));
        answered(|| asked.interact_text().map(Some)).map(|text| text.trim().to_owned())
    }

    /// Yes or no? Enter is yes.
    pub(super) fn agrees(&self, question: &str) -> Result<bool, Failure> {
        let asked = Confirm::with_theme(&*self.theme).with_prompt(question).default(true);
        answered(|| asked.interact_opt())
    }
}

/// Answers that fit on a line each: one that wraps could not be drawn over.
fn fitted(answers: &[String]) -> Vec<String> {
    let (_, columns) = Term::stderr().size();
    let room = usize::from(columns).saturating_sub(8);
    answers.iter().map(|answer| truncate_str(answer, room, "…").into_owned()).collect()
}

/// An answer, or the wish to leave: Escape, Ctrl-C, the end of the terminal.
fn answered<T>(ask: impl FnOnce() -> dialoguer::Result<Option<T>>) -> Result<T, Failure> {
    // Ctrl-C ends the question and not the process, so that the cursor comes back.
    let _unfinished = Unfinished::begin();
    match ask() {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) | Err(_) => {
            let _ = Term::stderr().show_cursor();
            Err(Failure::Interrupted)
        }
    }
}
