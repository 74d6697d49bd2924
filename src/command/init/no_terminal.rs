//! A substitute for the questions in builds without a terminal.

use super::no_terminal;
use crate::language::{Language, Text, text};
use crate::message::Failure;

/// The terminal of such a build, which never exists.
pub(super) enum Terminal {}

impl Terminal {
    pub(super) fn open(_: bool, _: Language) -> Result<Self, Failure> {
        Err(no_terminal(text!(
            "this build of the program cannot ask questions",
            "cette version du programme ne peut pas poser de questions"
        )))
    }

    pub(super) fn one(&self, _: &Text, _: &[Text], _: usize) -> Result<usize, Failure> {
        match *self {}
    }

    pub(super) fn several(&self, _: &Text, _: &[Text], _: Option<&[bool]>) -> Result<Vec<usize>, Failure> {
        match *self {}
    }

    pub(super) fn text(
        &self,
        _: &Text,
        _: bool,
        _: impl Fn(&str) -> Result<(), Text>,
    ) -> Result<String, Failure> {
        match *self {}
    }

    pub(super) fn agrees(&self, _: &Text) -> Result<bool, Failure> {
        match *self {}
    }
}
