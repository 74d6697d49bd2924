//! In place of the questions, where the program is built without a terminal.

use crate::language::text;
use crate::message::{Failure, Message};

/// The questions of `init` without a terminal: there is nobody to ask.
pub(super) enum Terminal {}

impl Terminal {
    pub(super) fn open(_: bool) -> Result<Self, Failure> {
        let message = Message::error("init-no-terminal", "this build of the program cannot ask questions");
        Err(Failure::unfit(message.help(text!(
            "add --yes to take the defaults, and flags for other answers",
            "ajoutez --yes pour prendre les valeurs par défaut, et des options pour d’autres réponses"
        ))))
    }

    pub(super) fn one(&self, _: &str, _: &[String], _: usize) -> Result<usize, Failure> {
        match *self {}
    }

    pub(super) fn several(&self, _: &str, _: &[String], _: &[bool], _: usize) -> Result<Vec<usize>, Failure> {
        match *self {}
    }

    pub(super) fn text(
        &self,
        _: &str,
        _: bool,
        _: impl Fn(&str) -> Result<(), String>,
    ) -> Result<String, Failure> {
        match *self {}
    }

    pub(super) fn agrees(&self, _: &str) -> Result<bool, Failure> {
        match *self {}
    }
}
