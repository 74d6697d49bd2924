//! How addresses are made: the rules from `[sip]` and its flags.

use toml::Spanned;

use super::List;
use super::compiler::Compiler;
use crate::flags;
use crate::input::columns;
use crate::language::{Text, text};
use crate::message::{self, Message};
use crate::sip::{self, Composer, Fold, Rules, RulesFault, Template};

const FORMATS: [&str; 5] = ["mail", "upn", "first.last", "sam", "template"];

impl Compiler<'_> {
    /// Returns the composer of addresses; an address given by a list comes first.
    pub(super) fn composer(&mut self, args: &flags::SipArgs, list: Option<&List>) -> Option<Composer> {
        let source = self.source;
        let sip = &source.config.sip;
        let domains = self.domains(&args.sip_domain);
        let first = match (&args.sip_from, &sip.format) {
            (Some(name), _) => self.format(name, &|what| {
                Message::error("sip-format", what.map(|what| format!("--sip-from: {what}")))
            }),
            (None, Some(key)) => self.format_of(key),
            (None, None) => Some(sip::Format::Mail),
        };
        let fallback = sip.fallback.iter().filter_map(|key| self.format_of(key)).collect();
        let map = sip.fold.map.iter().map(|(from, to)| (from.clone(), to.get_ref().clone()));
        let fold = Fold::new(sip.fold.profile, sip.fold.other_scripts, sip.spaces, map)
            .map_err(|(key, what)| source.fault("sip-fold-map", &sip.fold.map[&key], what));
        let rules = Rules {
            domains,
            fold: self.keep(fold)?,
            format: first?,
            fallback,
            case: sip.case,
            characters: sip.characters,
            foreign_domain: sip.foreign_domain,
        };
        let composer = Composer::new(rules, |name| columns::want(name, &mut self.attributes));
        let composer = composer.map_err(|fault| self.domain_fault(&fault, !args.sip_domain.is_empty()));
        let composer = self.keep(composer)?;
        Some(if let Some(list) = list { composer.with_list(list.sip_uri) } else { composer })
    }

    /// Returns the SIP domains of `--sip-domain`, else those of the configuration.
    fn domains(&mut self, typed: &[String]) -> Vec<String> {
        if !typed.is_empty() {
            return typed.to_vec();
        }
        let Some(domains) = &self.source.config.sip.domains else { return Vec::new() };
        if domains.get_ref().is_empty() {
            let what = text!("the list of SIP domains is empty", "la liste des domaines SIP est vide");
            self.faults.push(self.source.fault("sip-domains", domains, what).help(text!(
                "name the SIP domains of Communications Server, or leave the key out to take any",
                "nommez les domaines SIP de Communications Server, ou omettez la clé pour les admettre tous"
            )));
        }
        domains.get_ref().iter().map(|domain| domain.get_ref().clone()).collect()
    }

    /// Parses the format at a key.
    fn format_of(&mut self, key: &Spanned<String>) -> Option<sip::Format> {
        let source = self.source;
        self.format(key.get_ref(), &|what| source.fault("sip-format", key, what))
    }

    /// Parses the name of a format; `refused` turns a fault into a message.
    fn format(&mut self, name: &str, refused: &dyn Fn(Text) -> Message) -> Option<sip::Format> {
        let template = self.source.config.sip.template.as_ref().filter(|text| !text.get_ref().is_empty());
        let format = match (name, template) {
            ("mail", _) => Ok(sip::Format::Mail),
            ("upn", _) => Ok(sip::Format::Upn),
            ("first.last", _) => Ok(sip::Format::FirstLast),
            ("sam", _) => Ok(sip::Format::Sam),
            ("template", Some(text)) => {
                let source = self.source;
                let fault = |what, at| source.pointed(Message::error("sip-template", what), text, at);
                let template = Template::parse(text.get_ref()).map(sip::Format::Template);
                for name in template.iter().flat_map(sip::Format::attributes) {
                    let attr = columns::want(name, &mut self.attributes);
                    let place = || text.get_ref().find(name).unwrap_or_default();
                    self.suspect(attr, |_, what| fault(what, place()));
                }
                template.map_err(|wrong| fault(wrong.what, wrong.at))
            }
            ("template", None) => Err(refused(text!(
                "the format `template` needs a [sip] template",
                "le format `template` demande un [sip] template"
            ))),
            _ => {
                let message = refused(text!("unknown format `{name}`", "format inconnu `{name}`"));
                let meant = match name.to_ascii_lowercase().as_str() {
                    "samaccountname" => Some("sam"),
                    "userprincipalname" => Some("upn"),
                    lower => FORMATS.into_iter().find(|format| *format == lower),
                };
                Err(match meant {
                    Some(meant) => message.help(message::did_you_mean(meant)),
                    None => message.suggest(name, &FORMATS),
                })
            }
        };
        self.keep(format)
    }

    /// Returns the error of the domains or the template, at its key unless it was typed as a flag.
    fn domain_fault(&self, fault: &RulesFault, are_typed: bool) -> Message {
        if let (RulesFault::Template(_), Some(template)) = (fault, &self.source.config.sip.template) {
            return self.source.fault("sip-template", template, fault.what());
        }
        let message = match self.source.config.sip.domains.as_ref().filter(|_| !are_typed) {
            Some(domains) => {
                let is_meant = |domain: &&Spanned<String>| matches!(fault, RulesFault::Domain(wrong) if wrong == domain.get_ref());
                match domains.get_ref().iter().find(is_meant) {
                    Some(domain) => self.source.fault("sip-domains", domain, fault.what()),
                    None => self.source.fault("sip-domains", domains, fault.what()),
                }
            }
            None => Message::error("sip-domains", fault.what()),
        };
        match fault {
            RulesFault::NoDomain(_) => message.help(text!(
                "name one with --sip-domain or [sip] domains",
                "nommez-en un par --sip-domain ou [sip] domains"
            )),
            RulesFault::Domain(wrong) if sip::address::is_host_name(wrong) => message.help(text!(
                "name the domain as in the addresses, such as contoso.com",
                "nommez le domaine comme dans les adresses, par exemple contoso.com"
            )),
            RulesFault::Domain(wrong) => match sip::address::domain_in(wrong) {
                Some(meant) => message.help(message::did_you_mean(meant)),
                None if wrong.contains([',', ';', ' ']) => message.help(text!(
                    "name each domain by a --sip-domain of its own",
                    "nommez chaque domaine par une option --sip-domain"
                )),
                None => message,
            },
            RulesFault::Template(_) => message,
        }
    }
}
