//! How addresses are made: `[sip]` and its flags as rules.

use super::Faults;
use crate::config::ConfigFile;
use crate::flags;
use crate::input::columns;
use crate::language::{Text, text};
use crate::message::{self, Message};
use crate::object::{Attr, Attributes};
use crate::sip::{self, Composer, Fold, Rules, Template};
use toml::Spanned;

pub(super) fn composer(
    args: &flags::SipArgs,
    source: &ConfigFile,
    attributes: &mut Attributes,
    faults: &mut Faults,
) -> Option<Composer<Attr>> {
    let sip = &source.config.sip;
    let domains = if !args.sip_domain.is_empty() {
        args.sip_domain.clone()
    } else if let Some(domains) = &sip.domains {
        if domains.get_ref().is_empty() {
            let message = source.fault(
                "sip-domains",
                domains,
                text!("the list of SIP domains is empty", "la liste des domaines SIP est vide"),
            );
            faults.push(message.help(text!(
                "name the SIP domains of Communications Server, or leave the key out to take any",
                "nommez les domaines SIP de Communications Server, ou omettez la clé pour les admettre tous"
            )));
        }
        domains.get_ref().iter().map(|domain| domain.get_ref().clone()).collect()
    } else {
        Vec::new()
    };
    let template = |faults: &mut Faults| {
        let text = sip.template.as_ref()?;
        Template::parse(text.get_ref())
            .map_err(|fault| faults.push(source.fault_in("sip-template", text, fault.at, fault.kind.what())))
            .ok()
    };
    let mut format = |name: &str, refused: &dyn Fn(Text) -> Message| match name {
        "mail" => Some(sip::Format::Mail),
        "upn" => Some(sip::Format::Upn),
        "first.last" => Some(sip::Format::FirstLast),
        "sam" => Some(sip::Format::Sam),
        "template" if sip.template.as_ref().is_none_or(|text| text.get_ref().is_empty()) => {
            faults.push(refused(text!(
                "the format `template` needs a [sip] template",
                "le format `template` demande un [sip] template"
            )));
            None
        }
        "template" => template(faults).map(sip::Format::Template),
        _ => {
            let known = ["mail", "upn", "first.last", "sam", "template"];
            let message = refused(text!("unknown format `{name}`", "format inconnu `{name}`"));
            let near = match name.to_ascii_lowercase().as_str() {
                "samaccountname" => Some("sam"),
                "userprincipalname" => Some("upn"),
                lower => known.into_iter().find(|format| *format == lower),
            };
            faults.push(match near.or_else(|| message::nearest(name, known)) {
                Some(near) => {
                    message.help(text!("did you mean `{near}`?", "vouliez-vous dire `{near}`\u{a0}?"))
                }
                None => message.because(text!("known here: {}", "connus ici\u{a0}: {}", known.join(", "))),
            });
            None
        }
    };
    let first = match (&args.sip_from, &sip.format) {
        (Some(name), _) => {
            format(name, &|what| Message::error("sip-format", what.map(|what| format!("--sip-from: {what}"))))
        }
        (None, Some(key)) => format(key.get_ref(), &|what| source.fault("sip-format", key, what)),
        (None, None) => Some(sip::Format::Mail),
    };
    let fallback: Vec<sip::Format> = sip
        .fallback
        .iter()
        .filter_map(|key| format(key.get_ref(), &|what| source.fault("sip-format", key, what)))
        .collect();
    let map = sip.fold.map.iter().map(|(from, to)| (from.clone(), to.clone()));
    let fold = Fold::new(sip.fold.profile, sip.fold.other_scripts, sip.spaces, map)
        .map_err(|fault| {
            faults.push(Message::error("sip-fold-map", fault.what()).because(text!(
                "[sip.fold] map in `{}`",
                "[sip.fold] map dans `{}`",
                source.file
            )))
        })
        .ok()?;
    let rules = Rules {
        domains,
        format: first?,
        fallback,
        case: sip.case,
        characters: sip.characters,
        foreign_domain: sip.foreign_domain,
        fold,
    };
    Composer::new(rules, |name| columns::want(name, attributes))
        .map_err(|fault| {
            let message = match &sip.domains {
                Some(domains) if args.sip_domain.is_empty() => {
                    let is_meant = |domain: &&Spanned<String>| {
                        matches!(&fault, sip::RulesFault::Domain(wrong) if wrong == domain.get_ref())
                    };
                    match domains.get_ref().iter().find(is_meant) {
                        Some(domain) => source.fault("sip-domains", domain, fault.what()),
                        None => source.fault("sip-domains", domains, fault.what()),
                    }
                }
                _ => Message::error("sip-domains", fault.what()),
            };
            faults.push(match fault {
                sip::RulesFault::NoDomain(_) => message.help(text!("name one by --sip-domain or [sip] domains", "nommez-en un par --sip-domain ou [sip] domains")),
                _ => message,
            });
        })
        .ok()
}
