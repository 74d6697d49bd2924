//! The compiler of flags and configuration into settings: it tracks the source of a value, attribute names, and errors.

use toml::Spanned;

use crate::config::ConfigFile;
use crate::input::{self, columns};
use crate::language::{Text, text};
use crate::message::{self, Failure, Message};
use crate::object::{Attr, Attributes};
use crate::schema;
use crate::select::Base;
use crate::select::filter::Filter;
use crate::sip;

/// Compiles a configuration, and the flags that take precedence over it, into settings; all errors are reported
/// together.
pub(super) struct Compiler<'c> {
    pub(super) source: &'c ConfigFile,
    /// The attributes named so far.
    pub(super) attributes: Attributes,
    pub(super) faults: Vec<Message>,
    pub(super) warnings: Vec<Message>,
    /// Attributes whose names are probably misspelled, and the message if no export shows them.
    pub(super) slips: Vec<(Attr, Message)>,
}

impl<'c> Compiler<'c> {
    pub(super) fn new(source: &'c ConfigFile) -> Self {
        let (attributes, faults, warnings, slips) = Default::default();
        Self { source, attributes, faults, warnings, slips }
    }

    /// Returns the attributes if there was no error.
    pub(super) fn attributes(self) -> Result<Attributes, Failure> {
        Failure::any_unfit(self.faults).map(|()| self.attributes)
    }

    /// Returns a successful result, or collects its error.
    pub(super) fn keep<T>(&mut self, made: Result<T, Message>) -> Option<T> {
        made.map_err(|fault| self.faults.push(fault)).ok()
    }

    /// Works as [`keep`](Self::keep), and records a fault that several rules share once.
    pub(super) fn keep_once<T>(&mut self, made: Result<T, Message>) -> Option<T> {
        match made {
            Err(fault) if self.faults.contains(&fault) => None,
            made => self.keep(made),
        }
    }

    /// Returns an error at a key, or, without one, about the flag that is named in the message.
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

    /// Rejects a name that is probably misspelled, because no user would have a value under it.
    pub(super) fn refuse_slip(&mut self, name: &str, place: &Spanned<String>, code: &'static str) {
        if let Some(near) = schema::meant(name) {
            let what = text!("no attribute is called `{name}`", "aucun attribut ne s’appelle `{name}`");
            self.faults.push(self.source.fault(code, place, what).help(message::did_you_mean(near)));
        }
    }

    /// Notes a name that is probably misspelled; `message` adds the place where it was typed. Only the exports can
    /// tell: a directory may have attributes of its own, and some have similar names.
    pub(super) fn suspect(&mut self, attr: Attr, message: impl FnOnce(&str, Text) -> Message) {
        let name = self.attributes.name(attr);
        if let Some(near) = schema::meant(name) {
            let what = text!("no export shows `{name}`", "aucun export ne montre `{name}`");
            let message = message(name, what).help(message::did_you_mean(near));
            self.slips.push((attr, message));
        }
    }

    /// Returns the bases of `--base`, else those of the configuration.
    pub(super) fn bases(&mut self, typed: &[String]) -> Vec<Base> {
        if typed.is_empty() {
            return self.source.config.select.base.iter().filter_map(|key| self.base(key)).collect();
        }
        let base = |text: &String| {
            let message =
                |what: Text| Message::error("base-invalid", what.map(|what| format!("--base: {what}")));
            base_of(text).map_err(|what| message(what).help(dn_in(text).map(|dn| message::did_you_mean(&dn))))
        };
        typed.iter().filter_map(|text| self.keep(base(text))).collect()
    }

    /// Parses the base at a key.
    pub(super) fn base(&mut self, key: &Spanned<String>) -> Option<Base> {
        let help = || dn_in(key.get_ref()).map(|dn| message::did_you_mean(&dn));
        let base = base_of(key.get_ref());
        self.keep(base.map_err(|what| self.source.fault("base-invalid", key, what).help(help())))
    }

    /// Parses the filter of a flag or key.
    pub(super) fn filter(&mut self, typed: Option<&str>, key: Option<&Spanned<String>>) -> Option<Filter> {
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

/// Returns the DN in what was pasted for one: with the quotes of dsquery, as an `LDAP://` path, or as the canonical name
/// that the consoles show.
fn dn_in(text: &str) -> Option<String> {
    let plain = text.trim().trim_matches(['"', '\'']);
    let plain = plain.rsplit("//").next()?;
    let dn = match plain.split('/').collect::<Vec<_>>()[..] {
        [domain, ref units @ ..] if sip::address::is_domain(domain) => {
            let unit = |unit: &&str| {
                format!("{}={}", if *unit == "Users" { "CN" } else { "OU" }, unit.replace(',', "\\,"))
            };
            let units = units.iter().rev().filter(|unit| !unit.is_empty()).map(unit);
            units.chain(domain.split('.').map(|label| format!("DC={label}"))).collect::<Vec<_>>().join(",")
        }
        [.., last] => last.to_owned(),
        [] => return None,
    };
    (dn != text && Base::new(&dn).is_ok() && !dn.is_empty()).then_some(dn)
}

/// Parses a base. An empty DN is an error: it comes from a script with an unset variable.
fn base_of(text: &str) -> Result<Base, Text> {
    match Base::new(text) {
        Ok(_) if text.trim().is_empty() => Err(text!(
            "the DN is empty, and every user is below it",
            "le DN est vide, et tous les utilisateurs se trouvent dessous"
        )),
        base => base.map_err(|fault| input::fault::no_dn(text, &fault)),
    }
}
