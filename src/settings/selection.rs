//! Which users take part, by bases and a filter.

use toml::Spanned;

use super::Faults;
use crate::config::ConfigFile;
use crate::input::{self, columns};
use crate::language::{Text, text};
use crate::message::Message;
use crate::object::{Attr, Attributes};
use crate::select::Base;
use crate::select::filter::Filter;

pub(super) fn bases(typed: &[String], source: &ConfigFile, faults: &mut Faults) -> Vec<Base> {
    let mut bases = Vec::new();
    if typed.is_empty() {
        for base in &source.config.select.base {
            bases.extend(base_of(base.get_ref(), |what| source.fault("base-invalid", base, what), faults));
        }
    } else {
        for base in typed {
            bases.extend(base_of(
                base,
                |what| Message::error("base-invalid", what.map(|what| format!("--base: {what}"))),
                faults,
            ));
        }
    }
    bases
}

pub(super) fn base_of(
    text: &str,
    refused: impl FnOnce(Text) -> Message,
    faults: &mut Faults,
) -> Option<Base> {
    match Base::new(text) {
        // A script whose variable is not set types it.
        Ok(_) if text.trim().is_empty() => {
            let what = text!(
                "the DN is empty, and every user is below it",
                "le DN est vide, et tous les utilisateurs se trouvent dessous"
            );
            faults.push(refused(what));
            None
        }
        Ok(base) => Some(base),
        Err(fault) => {
            faults.push(refused(input::fault::no_dn(text, &fault)));
            None
        }
    }
}

pub(super) fn filter(
    typed: Option<&str>,
    source: &ConfigFile,
    attributes: &mut Attributes,
    faults: &mut Faults,
) -> Option<Filter<Attr>> {
    match (typed, &source.config.select.filter) {
        (Some(text), _) => parse_filter(text, None, attributes, faults),
        (None, Some(key)) => parse_filter(key.get_ref(), Some((source, key)), attributes, faults),
        (None, None) => None,
    }
}

/// `key` is where the filter is, if it was not typed.
pub(super) fn parse_filter(
    text: &str,
    key: Option<(&ConfigFile, &Spanned<String>)>,
    attributes: &mut Attributes,
    faults: &mut Faults,
) -> Option<Filter<Attr>> {
    let parsed = Filter::parse(text, |name| columns::want(name, attributes));
    parsed
        .map_err(|fault| {
            let (code, what) = ("filter-invalid", fault.what());
            let message = match key {
                Some((source, key)) => source.fault_in(code, key, fault.at, what),
                None => {
                    let caret = " ".repeat(text[..fault.at].chars().count());
                    Message::error(code, what)
                        .because(Text::same(text.to_owned()))
                        .because(Text::same(format!("{caret}^")))
                }
            };
            faults.push(message.help(fault.help()));
        })
        .ok()
}
