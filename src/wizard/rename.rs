//! *Rename*: gives another address to users who have one, in another domain or by another format, as after a merger.
//!
//! The snap-in does this for one user at a time, on the Communications tab.

use std::collections::HashMap;

use clap::Args;

use super::enable::compose;
use super::registry::{Flags, Spec, WizardFlags};
use super::values::{Edits, address_of, same_address, without_scheme};
use super::{Claims, Given, Logic, Made, Participation, Remark, Verdict, account, remark, validity};
use crate::change::Change;
use crate::flags::{PlannedArgs, Reads, SipArgs, Writes};
use crate::language::{Text, text};
use crate::message::Severity::Warning;
use crate::message::{Failure, Message, did_you_mean, nearest};
use crate::object::{Attr, Object};
use crate::report::{Deed, Mode, Reason};
use crate::settings::{Scope, Settings};
use crate::sip::{self, AddressFault, Candidate, Composer, Origin, Refusal};

/// The effects of a new address that no export shows.
static UNSEEN: Text = Text::new(
    "meetings that users have organised are in SQL under the old address, which no export shows; contacts who have the \
     old address lose presence",
    "les réunions que les utilisateurs ont organisées sont dans SQL sous l’ancienne adresse, qu’aucun export ne montre\u{202f}; \
     les contacts qui ont l’ancienne adresse perdent la présence",
);

/// The maximum number of `--domain` flags in a run; verdicts store the index in one byte.
const MOST_DOMAINS: usize = 200;

/// Additions to `--help`; see [`Spec::help`].
const HELP: &str = r#"
help
  Changer les adresses SIP : autre domaine ou autre format
  Pour les utilisateurs activés, après une fusion par exemple. L’ancienne adresse et la nouvelle figurent côte à côte
  dans les rapports ; ceux qui ont la fédération sont listés, car leurs contacts externes le remarqueront.
domain
  Du domaine OLD vers NEW (répétable)
keep_old
  Laisser l’ancienne valeur `sip:` dans proxyAddresses
switched_off
  Renommer aussi les utilisateurs désactivés
examples
  A merger: everybody of fabrikam.com goes to contoso.com; most addresses change, and that is meant:
  Une fusion : tous ceux de fabrikam.com passent à contoso.com ; la plupart des adresses changent, et c’est voulu :
    userprep rename users.ldif --domain fabrikam.com=contoso.com --replace-many --out run4
  The same, with the old address still found by presence look-ups:
  De même, l’ancienne adresse restant trouvée par les recherches de présence :
    userprep rename users.ldif --domain fabrikam.com=contoso.com --keep-old --replace-many --out run5
  One OU to first.last@contoso.com:
  Une OU vers first.last@contoso.com :
    userprep rename users.ldif --sip-from first.last --sip-domain contoso.com --base "OU=Paris,DC=contoso,DC=com" --out run6
"#;

pub(crate) static SPEC: Spec = Spec {
    mode: Mode::changing(
        "rename",
        Text::new("Change of SIP addresses", "Changement d’adresses SIP"),
        Deed::new(
            ["would get another address"; 2],
            ["recevrait une autre adresse", "recevraient une autre adresse"],
        ),
        Deed::new(
            ["is ready to get another address", "are ready to get another address"],
            ["est prêt à recevoir une autre adresse", "sont prêts à recevoir une autre adresse"],
        ),
    ),
    flags: Flags::of::<RenameArgs>(),
    help: HELP,
    brief: &["domain", "switched_off"],
    scope: Scope {
        needs: |_, _| {
            let address = [Attr::PRIMARY_USER_ADDRESS, Attr::PROXY_ADDRESSES];
            [Attr::USER_ENABLED, Attr::FEDERATION_ENABLED].into_iter().chain(address).collect()
        },
        ..Scope::NOTHING
    },
    claims: Claims::Sip,
};

/// Change SIP addresses: another domain, or another format
///
/// For enabled users, for example after a merger. The reports show old and new addresses side by side, and list users
/// with federation, whose outside contacts will notice.
#[derive(Clone, Debug, Args)]
pub(crate) struct RenameArgs {
    #[command(flatten)]
    pub reads: Reads,
    #[command(flatten)]
    pub sip: SipArgs,
    /// Replace the domain OLD by NEW (repeatable)
    #[arg(long, value_name = "OLD=NEW", help_heading = "Addresses")]
    pub domain: Vec<String>,
    /// Keep the old `sip:` value in proxyAddresses
    #[arg(long, help_heading = "Addresses")]
    pub keep_old: bool,
    /// Rename users who are switched off, too
    #[arg(long, help_heading = "Selection")]
    pub switched_off: bool,
    /// Allow a run to replace more than half of the present addresses
    #[arg(long, help_heading = "Safety")]
    pub replace_many: bool,
    #[command(flatten)]
    pub writes: Writes,
}

impl WizardFlags for RenameArgs {
    fn planned(&self) -> PlannedArgs {
        PlannedArgs {
            sip: self.sip.clone(),
            replace_many: self.replace_many,
            ..PlannedArgs::of(&self.reads, &self.writes)
        }
    }

    fn logic<'s>(&self, settings: &'s Settings) -> Made<'s> {
        Ok(Box::new(Rename::new(settings, self)?))
    }
}

#[derive(Debug)]
pub(crate) struct Rename<'s> {
    settings: &'s Settings,
    /// Whether the format of `[sip]` composes a new address; otherwise the old one changes its domain.
    composes: bool,
    /// The composer, which accepts the old domains as sources even if the list lacks them.
    composer: Composer,
    domains: Vec<Exchange>,
    /// Whether the old `sip:` proxy address stays.
    keep_old: bool,
    /// Whether users who are switched off take part, too.
    switched_off: bool,
}

/// A domain, in lower case, and its replacement.
#[derive(Debug)]
struct Exchange {
    old: String,
    new: String,
}

impl Exchange {
    /// Parses `--domain OLD=NEW`. The new domain must be in the list, if there is one.
    fn parse(typed: &str, listed: &[String]) -> Result<Self, Message> {
        let refused =
            |what: Text| Message::error("rename-domain", what.map(|what| format!("--domain: {what}")));
        let pair = typed.split_once('=').map(|(old, new)| (old.trim(), new.trim()));
        let Some((old, new)) = pair.filter(|(old, new)| !old.is_empty() && !new.is_empty()) else {
            return Err(refused(text!("`{typed}` is not OLD=NEW", "`{typed}` n’est pas ANCIEN=NOUVEAU")));
        };
        if let Some(domain) = [old, new].into_iter().find(|domain| !sip::address::is_host_name(domain)) {
            let what = text!("`{domain}` is not a host name", "`{domain}` n’est pas un nom d’hôte");
            return Err(refused(what).help(sip::address::domain_in(domain).map(did_you_mean)));
        }
        // A mistaken address may have any host name.
        if !sip::address::is_domain(new) {
            return Err(refused(text!(
                "`{new}` has no dot: it may be a NetBIOS name",
                "`{new}` n’a pas de point\u{a0}: c’est peut-être un nom NetBIOS"
            )));
        }
        if !listed.is_empty() && !sip::address::is_listed(new, listed) {
            let message = refused(text!(
                "`{new}` is not in the list of SIP domains",
                "`{new}` n’est pas dans la liste des domaines SIP"
            ));
            return Err(match nearest(new, listed.iter().map(String::as_str)) {
                Some(near) => message.help(did_you_mean(near)),
                None => message.because(text!("the list: {}", "la liste\u{a0}: {}", listed.join(", "))),
            });
        }
        Ok(Self { old: old.to_lowercase(), new: new.to_owned() })
    }
}

impl<'s> Rename<'s> {
    /// Creates the wizard from its flags.
    ///
    /// # Errors
    /// `rename-domain` for a malformed pair of domains or a new one outside the list; `rename-nothing` if neither a
    /// format nor a domain is given.
    fn new(settings: &'s Settings, args: &RenameArgs) -> Result<Self, Failure> {
        let (composes, domains) = (args.sip.sip_from.is_some(), &args.domain);
        if !composes && domains.is_empty() && settings.reading.list.is_none() {
            let what = text!(
                "no flag says what the new addresses are",
                "aucune option ne dit quelles sont les nouvelles adresses"
            );
            let message = Message::error("rename-nothing", what);
            let help = text!(
                "give --domain OLD=NEW, --sip-from, or both, or a list with sipUri and --join",
                "donnez --domain ANCIEN=NOUVEAU, --sip-from, ou les deux, ou une liste avec sipUri et --join"
            );
            return Err(Failure::unfit(message.help(help)));
        }
        let listed = &settings.addresses.composer.rules().domains;
        let (mut exchanges, mut faults) = (Vec::new(), Vec::new());
        for typed in domains {
            match Exchange::parse(typed, listed) {
                Ok(exchange) => exchanges.push(exchange),
                Err(message) => faults.push(message),
            }
        }
        if domains.len() > MOST_DOMAINS {
            let what = text!(
                "--domain: {} given, at most {MOST_DOMAINS} per run",
                "--domain\u{a0}: {} donnés, au plus {MOST_DOMAINS} par exécution",
                domains.len()
            );
            faults.push(Message::error("rename-domain", what));
        }
        let mut replacements: HashMap<&str, &str> = HashMap::new();
        for Exchange { old, new } in &exchanges {
            if replacements.insert(old, new).is_some_and(|other| !other.eq_ignore_ascii_case(new)) {
                let what = text!(
                    "--domain: `{old}` would go to two domains",
                    "--domain\u{a0}: `{old}` irait à deux domaines"
                );
                faults.push(Message::error("rename-domain", what));
            }
        }
        Failure::any_unfit(faults)?;
        let (keep_old, switched_off) = (args.keep_old, args.switched_off);
        let composer =
            settings.addresses.composer.accepting(exchanges.iter().map(|exchange| exchange.old.clone()));
        Ok(Self { settings, composes, composer, domains: exchanges, keep_old, switched_off })
    }

    /// The index of the `--domain` flag that matches the address.
    fn exchange_index(&self, address: &str) -> Option<usize> {
        let (_, domain) = address.rsplit_once('@')?;
        self.domains.iter().position(|exchange| exchange.old.eq_ignore_ascii_case(domain))
    }

    /// Returns the address with its domain replaced, if a `--domain` flag matches.
    fn exchanged(&self, address: &str) -> Option<String> {
        let (local, _) = address.rsplit_once('@')?;
        Some(format!("{local}@{}", self.domains[self.exchange_index(address)?].new))
    }

    /// Judges the old address with its new domain; without a new domain it stays.
    fn in_new_domain<'o>(&self, uri: &str, verdict: &mut Verdict<'_>) -> Participation<'o> {
        let former = without_scheme(uri);
        let Some(address) = self.exchanged(former) else { return Participation::Stays };
        let refused = |fault: AddressFault| {
            let fault = AddressFault { at: fault.at + uri.len() - former.len(), ..fault };
            Refusal { attribute: Attr::PRIMARY_USER_ADDRESS, fault }
        };
        match sip::check(&address, self.settings.addresses.composer.rules()).map_err(refused) {
            Ok(()) => Participation::Claims(Candidate::plain(address, Origin::Other)),
            Err(refusal) => {
                let reason = Reason::of_address(refusal.fault.kind.code());
                verdict.remarks.extend(remark::refused(&[refusal], self.settings));
                Participation::Out(reason)
            }
        }
    }
}

impl Logic for Rename<'_> {
    fn position<'o>(&self, object: &'o Object<'_>, verdict: &mut Verdict<'o>) -> Participation<'o> {
        let Some(uri) = object.text(Attr::PRIMARY_USER_ADDRESS) else {
            return Participation::Out(Reason::NOT_ENABLED);
        };
        // The address of a user who is out does not count as a match of `--domain`.
        if let Some(reason) = account::not_in_use(object).filter(|_| !self.switched_off) {
            return Participation::Out(reason);
        }
        if let Some(malformed) = validity::malformed_address(object, self.settings) {
            verdict.remarks.push(malformed);
            return Participation::Out(Reason::SIP_INVALID);
        }
        verdict.matched = self.exchange_index(without_scheme(uri)).and_then(|at| u8::try_from(at).ok());
        if !self.composes && self.settings.reading.listed_address(object).is_none() {
            return self.in_new_domain(uri, verdict);
        }
        match compose(&self.composer, object, self.settings, verdict) {
            Participation::Claims(candidate) => {
                let address = self.exchanged(&candidate.address).unwrap_or(candidate.address);
                Participation::Claims(Candidate { address, ..candidate })
            }
            other => other,
        }
    }

    fn sources(&self) -> Vec<Attr> {
        if self.composes { self.settings.reading.sources.clone() } else { Vec::new() }
    }

    fn remarks(&self, object: &Object<'_>, _: &Verdict<'_>, address: &str) -> Vec<Remark> {
        if address_of(object).is_some_and(|former| same_address(former, address)) {
            return Vec::new();
        }
        let mut remarks = Vec::new();
        if object.has_value(Attr::FEDERATION_ENABLED, "TRUE") {
            let what = text!(
                "the user has federation: outside contacts know the old address",
                "l’utilisateur a la fédération\u{a0}: des contacts externes connaissent l’ancienne adresse"
            );
            remarks.push(Remark::new(Warning, "rename-federated", Attr::FEDERATION_ENABLED, what));
        }
        remarks.extend(remark::other_proxies(object, address, self.settings));
        remarks
    }

    fn change<'c>(&'c self, object: &'c Object<'_>, _: usize, given: Given<'c>) -> Change<'c> {
        let mut edits = Edits::new(object, self.settings);
        let Some(uri) = given.claim else { return edits.change() };
        edits.address(uri);
        if self.settings.addresses.proxy_address {
            let is_replaced = |former: &&str| !self.keep_old && !same_address(former, uri);
            edits.proxy_address(address_of(object).filter(is_replaced), Some(uri.into()));
        }
        edits.change()
    }

    fn warnings(&self) -> Vec<Message> {
        vec![Message::note("rename-unseen", UNSEEN.clone())]
    }

    fn unmatched_flags(&self) -> Vec<Message> {
        let unmatched = |exchange: &Exchange| {
            let what = text!(
                "--domain: no user who takes part has an address in `{}`",
                "--domain\u{a0}: aucun des utilisateurs qui participent n’a d’adresse dans `{}`",
                exchange.old
            );
            let message = Message::warning("rename-unmatched", what);
            if self.switched_off {
                return message;
            }
            message.help(text!(
                "add --switched-off to rename those who are switched off, too",
                "ajoutez --switched-off pour renommer aussi ceux qui sont désactivés"
            ))
        };
        self.domains.iter().map(unmatched).collect()
    }
}
