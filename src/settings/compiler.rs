//! What flags and configuration become settings with: where a value is from, which attributes it names, what is wrong.

use toml::Spanned;

use crate::config::ConfigFile;
use crate::input::{self, columns};
use crate::language::{Text, text};
use crate::message::{self, Failure, Message};
use crate::object::{Attr, Attributes};
use crate::schema;
use crate::select::Base;
use crate::select::filter::Filter;

/// Makes settings of a configuration and of the flags that win over it; all faults are reported together.
pub(super) struct Compiler<'c> {
    pub(super) source: &'c ConfigFile,
    /// The attributes that anything has named so far.
    pub(super) attributes: Attributes,
    pub(super) faults: Vec<Message>,
    /// Attributes whose names are probably slips, and what is to be said if no export shows them.
    pub(super) slips: Vec<(Attr, Message)>,
}

impl<'c> Compiler<'c> {
    pub(super) fn new(source: &'c ConfigFile) -> Self {
        Self { source, attributes: Attributes::default(), faults: Vec::new(), slips: Vec::new() }
    }

    /// The attributes, if nothing is wrong.
    pub(super) fn attributes(self) -> Result<Attributes, Failure> {
        Failure::any_unfit(self.faults).map(|()| self.attributes)
    }

    /// What was made, or none and a fault more.
    pub(super) fn keep<T>(&mut self, made: Result<T, Message>) -> Option<T> {
        made.map_err(|fault| self.faults.push(fault)).ok()
    }

    /// A fault of a key; without one, of the flag in its place, which the message names.
    pub(super) fn fault<T>(
        &self,
        code: &'static str,
        key: Option<&Spanned<T>>,
        flag: &str,
        what: Text,
    ) -> Message {
        match key {
            Some(key) => self.source.fault(code, key, what),
            None => Message::error(code, what.map(|what| format!("{flag}: {what}"))),
        }
    }

    /// Refuses a name that is probably a slip, under which nobody has a value.
    pub(super) fn refuse_slip(&mut self, name: &str, place: &Spanned<String>, code: &'static str) {
        if let Some(near) = schema::meant(name) {
            let what = text!("no attribute is called `{name}`", "aucun attribut ne s’appelle `{name}`");
            self.faults.push(self.source.fault(code, place, what).help(message::did_you_mean(near)));
        }
    }

    /// Notes a name that is probably a slip; `message` gives the place where it was typed. A directory may have attributes
    /// of its own, and some are called nearly like others: what an export shows is no slip.
    pub(super) fn suspect(&mut self, attr: Attr, message: impl FnOnce(&str, Text) -> Message) {
        let name = self.attributes.name(attr);
        if let Some(near) = schema::meant(name) {
            let what = text!("no export shows `{name}`", "aucun export ne montre `{name}`");
            let message = message(name, what).help(message::did_you_mean(near));
            self.slips.push((attr, message));
        }
    }

    /// The bases that `--base` names, else those of the configuration.
    pub(super) fn bases(&mut self, typed: &[String]) -> Vec<Base> {
        if typed.is_empty() {
            return self.source.config.select.base.iter().filter_map(|key| self.base(key)).collect();
        }
        let base = |text: &String| {
            base_of(text)
                .map_err(|what| Message::error("base-invalid", what.map(|what| format!("--base: {what}"))))
        };
        typed.iter().filter_map(|text| self.keep(base(text))).collect()
    }

    pub(super) fn base(&mut self, key: &Spanned<String>) -> Option<Base> {
        let base = base_of(key.get_ref()).map_err(|what| self.source.fault("base-invalid", key, what));
        self.keep(base)
    }

    /// The filter that a flag or a key names.
    pub(super) fn filter(
        &mut self,
        typed: Option<&str>,
        key: Option<&Spanned<String>>,
    ) -> Option<Filter<Attr>> {
        let text = typed.or(key.map(|key| key.get_ref().as_str()))?;
        let source = self.source;
        let fault = |what, at: usize| {
            let message = Message::error("filter-invalid", what);
            match key.filter(|_| typed.is_none()) {
                Some(key) => source.pointed(message, key, at),
                None => {
                    let column = text[..at].chars().count() as u64 + 1;
                    message.at("--filter", 1, column).excerpt(text, 1, Text::default())
                }
            }
        };
        let parsed = Filter::parse(text, |name| columns::want(name, &mut self.attributes));
        let parsed = self.keep(parsed.map_err(|wrong| fault(wrong.what, wrong.at).help(wrong.help)))?;
        for attr in parsed.attributes() {
            let place =
                |name: &str| text.to_ascii_lowercase().find(&name.to_ascii_lowercase()).unwrap_or_default();
            self.suspect(attr, |name, what| fault(what, place(name)));
        }
        Some(parsed)
    }
}

/// The base of a DN; an empty one is what a script types whose variable is not set.
fn base_of(text: &str) -> Result<Base, Text> {
    match Base::new(text) {
        Ok(_) if text.trim().is_empty() => Err(text!(
            "the DN is empty, and every user is below it",
            "le DN est vide, et tous les utilisateurs se trouvent dessous"
        )),
        base => base.map_err(|fault| input::fault::no_dn(text, &fault)),
    }
}
