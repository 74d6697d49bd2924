//! *Enable Users for Communications Server*: an address, a pool, and the attributes that a user needs to sign in.
//!
//! The attributes follow an observed difference on a newly enabled user; `src/docs/reference.md` lists them. A user who
//! has an address keeps every value, unless `existing` says otherwise.

use std::borrow::Cow;

use clap::Args;

use super::registry::{Flags, Spec, WizardFlags};
use super::values::{self, Edits, address_of, same_address};
use super::{
    Claims, Given, Logic, Made, OF_MAILBOXES, Participation, Remark, Verdict, Wizard, account, options,
    remark, ruled_out, validity,
};
use crate::change::{Change, Matching};
use crate::config::{Existing, OriginatorSid};
use crate::flags::{PlannedArgs, PoolsArgs, Reads, SipArgs, Writes};
use crate::language::{Text, text};
use crate::message::Message;
use crate::message::Severity::{Error, Warning};
use crate::object::{Attr, Object};
use crate::pool::Home;
use crate::report::{Deed, Mode, Reason, ReportKind};
use crate::schema::value::{account_sid, sid};
use crate::select::DisabledAccounts;
use crate::settings::{Rule, Scope, Settings};
use crate::sip::Composer;

/// Additions to `--help`; see [`Spec::help`].
const HELP: &str = r#"
help
  Activer les utilisateurs : adresses, pools, modifications
  Lit des exports (LDIF de ldifde, ldapsearch, ldbsearch ; CSV de csvde, Export-Csv, Excel), calcule l’URI SIP et le
  pool de chaque utilisateur comme l’assistant « Activer les utilisateurs pour Communications Server », et écrit un
  dossier d’exécution : fichiers de modification, leur retour, report.xml et sommes de contrôle.
re_enable
  Activer aussi ceux qui ont une adresse et ont été désactivés pour Communications Server
examples
  As the wizard, with the mail address as sign-in name:
  Comme l’assistant, avec l’adresse de messagerie comme nom de connexion :
    userprep enable users.ldif --pools pools.ldif --pool pool01 --sip-domain contoso.com --out run1
  first.last@contoso.com for one OU, without change files:
  first.last@contoso.com pour une OU, sans fichier de modification :
    userprep enable users.ldif --config userprep.toml --sip-from first.last --base "OU=Paris,DC=contoso,DC=com" --out run1 --dry-run
  The second wave of a migration; the addresses of the whole forest count as taken:
  La deuxième vague d’une migration ; les adresses de toute la forêt comptent comme prises :
    userprep enable wave2.csv --reference forest.ldif --config userprep.toml --out run2
"#;

pub(crate) static SPEC: Spec = Spec {
    mode: Mode {
        name: "enable",
        kind: ReportKind::Changes,
        title: Text::new(
            "Enable Users for Communications Server",
            "Activation des utilisateurs pour Communications Server",
        ),
        would: Deed::new(["would be enabled"; 2], ["serait activé", "seraient activés"]),
        is_ready: Deed::new(
            ["is ready to be enabled", "are ready to be enabled"],
            ["est prêt à être activé", "sont prêts à être activés"],
        ),
        counts_new: true,
    },
    flags: Flags::of::<EnableArgs>(),
    help: HELP,
    brief: &[],
    scope: Scope { rules: true, places: true, needs, judged: &OF_MAILBOXES, ..Scope::NOTHING },
    claims: Claims::Sip,
};

/// Enable users: addresses, pools, change files and reports
///
/// Reads exports (LDIF of ldifde, ldapsearch, ldbsearch; CSV of csvde, Export-Csv, Excel), computes each user's SIP
/// URI and pool as the wizard "Enable Users for Communications Server" would, and writes a run directory: change
/// files, their undo, report.xml and checksums.
#[derive(Clone, Debug, Args)]
pub(crate) struct EnableArgs {
    #[command(flatten)]
    pub reads: Reads,
    #[command(flatten)]
    pub sip: SipArgs,
    #[command(flatten)]
    pub pools: PoolsArgs,
    /// Also enable users who have an address and were disabled for Communications Server
    #[arg(long, help_heading = "Addresses")]
    pub re_enable: bool,
    /// Allow a run to replace more than half of the present addresses
    #[arg(long, help_heading = "Safety")]
    pub replace_many: bool,
    #[command(flatten)]
    pub writes: Writes,
}

impl WizardFlags for EnableArgs {
    fn planned(&self) -> PlannedArgs {
        PlannedArgs {
            sip: self.sip.clone(),
            pools: self.pools.clone(),
            replace_many: self.replace_many,
            ..PlannedArgs::of(&self.reads, &self.writes)
        }
    }

    fn logic<'s>(&self, settings: &'s Settings) -> Made<'s> {
        Ok(Box::new(Enable { settings, re_enable: self.re_enable }))
    }
}

/// The attributes that the wizard reads or writes, which each input with users must therefore show.
fn needs(rules: &[Rule], is_joined: bool) -> Vec<Attr> {
    let mut needed = vec![
        Attr::USER_ACCOUNT_CONTROL,
        Attr::PROXY_ADDRESSES,
        Attr::USER_ENABLED,
        Attr::PRIMARY_USER_ADDRESS,
        Attr::PRIMARY_HOME_SERVER,
        Attr::OPTION_FLAGS,
        Attr::ARCHIVING_ENABLED,
    ];
    needed.extend(values::access_named(rules));
    let mut options = rules.iter().map(|rule| &rule.options);
    let copies = options.any(|options| options.originator_sid.unwrap_or_default() == OriginatorSid::Copy);
    if copies || is_joined {
        needed.push(Attr::ORIGINATOR_SID);
    }
    needed
}

#[derive(Debug)]
pub(crate) struct Enable<'s> {
    settings: &'s Settings,
    /// Whether users disabled for Communications Server are enabled again.
    re_enable: bool,
}

impl<'s> Enable<'s> {
    /// The wizard without flags of its own.
    pub(crate) fn plain(settings: &'s Settings) -> Wizard<'s> {
        Wizard::new(&SPEC, settings, Box::new(Self { settings, re_enable: false }))
    }
}

impl Logic for Enable<'_> {
    fn position<'o>(&self, object: &'o Object<'_>, verdict: &mut Verdict<'o>) -> Participation<'o> {
        let participation = match self.reason_out(object, verdict) {
            Some(reason) => Participation::Out(reason),
            None => self.judge_address(object, verdict),
        };
        // A user who keeps the address also keeps a pool that is gone; `move` assigns a new one.
        let keeps = matches!(participation, Participation::Keeps(_));
        verdict.wants_pool = !(verdict.home.is_homed() || keeps && verdict.home == Home::Gone);
        if matches!(participation, Participation::Keeps(_) | Participation::Claims(_)) && !verdict.wants_pool
        {
            verdict.remarks.extend(remark::pool_kept(object, self.settings));
        }
        participation
    }

    fn warnings(&self) -> Vec<Message> {
        let names_line = self.settings.rules.iter().any(|rule| rule.options.line.is_some());
        let message = names_line.then(|| {
            let what = text!(
                "the options name a line, which `enable` does not write",
                "les options nomment une ligne, que `enable` n’écrit pas"
            );
            let message = Message::warning("line-not-written", what);
            message.help(text!(
                "run `userprep configure` on an export taken after the import",
                "lancez `userprep configure` sur un export fait après l’import"
            ))
        });
        message.into_iter().collect()
    }

    fn remarks(&self, object: &Object<'_>, verdict: &Verdict<'_>, address: &str) -> Vec<Remark> {
        let mut remarks = Vec::new();
        remarks.extend(remark::other_proxies(object, address, self.settings));
        remarks.extend(remark::archiving_leftover(object));
        if !self.settings.addresses.proxy_address && !values::has_sip_value(object, address) {
            remarks.push(remark::no_proxy_address(None));
        }
        let Some(options) = verdict.rule.map(|rule| &self.settings.rules[rule].options) else {
            return remarks;
        };
        if verdict.candidate().is_some() || !object.has(Attr::OPTION_FLAGS) {
            remarks.extend(options::remarks(object, options, object.text(Attr::LINE)));
        }
        let is_off = options.originator_sid == Some(OriginatorSid::Off);
        let is_missing =
            !object.has(Attr::ORIGINATOR_SID) && self.settings.reading.listed_originator(object).is_none();
        if is_off && account::linked_to(object).is_some() && is_missing {
            let what = text!(
                "the linked account has no msRTCSIP-OriginatorSid, and none is written",
                "le compte lié n’a pas de msRTCSIP-OriginatorSid, et aucun n’est écrit"
            );
            remarks.push(Remark::new(Warning, "originator-sid-missing", Attr::MASTER_ACCOUNT_SID, what));
        }
        remarks
    }

    fn logon(&self, object: &Object<'_>, rule: Option<usize>) -> Option<Vec<u8>> {
        let own = object.sid(Attr::ORIGINATOR_SID).map(Cow::into_owned);
        own.or_else(|| self.originator(object, rule?)).filter(|sid| !account::is_self(sid))
    }

    fn change<'c>(&'c self, object: &'c Object<'_>, rule: usize, given: Given<'c>) -> Change<'c> {
        let settings = self.settings;
        let options = &settings.rules[rule].options;
        let mut edits = Edits::new(object, settings);
        // Existing values stay; a new user gets all of them.
        let is_writable = |attr: Attr| given.claim.is_some() || !object.has(attr);
        edits.boolean(Attr::USER_ENABLED, true);
        if let Some(uri) = given.claim {
            edits.address(uri);
        }
        if let Some(pool) = given.pool {
            edits.pool(&settings.placement.pools[pool.index()], settings);
        }
        if is_writable(Attr::OPTION_FLAGS) {
            let presence = Some(options.enhanced_presence.unwrap_or(true));
            edits.flags(&values::bits(options, presence));
        }
        if is_writable(Attr::ARCHIVING_ENABLED) {
            edits.archiving(options.archiving);
        }
        edits.access(options, is_writable);
        if let Some(originator) = self.originator(object, rule)
            && !object.has(Attr::ORIGINATOR_SID)
        {
            edits.set(Attr::ORIGINATOR_SID, Matching::Exact, originator);
        }
        if settings.addresses.proxy_address {
            let former = address_of(object);
            let is_replaced = |former: &&str| given.claim.is_some_and(|uri| !same_address(uri, former));
            let kept = || former.map(|address| values::uri(address).into());
            let uri = given.claim.map(Cow::Borrowed).or_else(kept);
            edits.proxy_address(former.filter(is_replaced), uri);
        }
        edits.change()
    }
}

impl Enable<'_> {
    /// The SID of the logon account that a list gives, or else the linked mailbox.
    fn originator(&self, object: &Object<'_>, rule: usize) -> Option<Vec<u8>> {
        let originator = self.settings.rules[rule].options.originator_sid;
        let master =
            || account::linked_to(object).filter(|_| originator.unwrap_or_default() == OriginatorSid::Copy);
        let listed = self.settings.reading.listed_originator(object).and_then(|text| sid(text.as_bytes()));
        listed.map(Cow::into_owned).or_else(master)
    }

    /// The first reason in order why a user takes no part in this wizard, apart from those that need all users.
    fn reason_out(&self, object: &Object<'_>, verdict: &mut Verdict<'_>) -> Option<Reason> {
        let settings = self.settings;
        if let Some(reason) = account::mailbox_out(object, settings.selection.resource_mailboxes) {
            return Some(reason);
        }
        let listed = settings.reading.listed_originator(object);
        let is_account = |text: &str| account_sid(text.as_bytes()).is_some_and(|sid| !account::is_self(&sid));
        if let Some(text) = listed.filter(|text| !is_account(text)) {
            let attr = settings.reading.list.as_ref().map(|list| list.originator_sid);
            let what =
                text!("`{text}` is not the SID of an account", "`{text}` n’est pas le SID d’un compte");
            let note = text!("an account's is written S-1-5-21-…", "celui d’un compte s’écrit S-1-5-21-…");
            verdict.remarks.push(Remark::new(Error, "value-invalid", attr, what).because(note));
            return Some(Reason::VALUE_INVALID);
        }
        let skips_disabled =
            settings.selection.disabled_accounts == DisabledAccounts::Skip && listed.is_none();
        if skips_disabled && account::is_out_of_use(object) {
            return Some(Reason::ACCOUNT_DISABLED);
        }
        if let Some(reason) = ruled_out(verdict, settings) {
            return Some(reason);
        }
        let has_address = object.has(Attr::PRIMARY_USER_ADDRESS);
        if has_address && settings.addresses.existing == Existing::Reject {
            let what = text!("the user already has an address", "l’utilisateur a déjà une adresse");
            let remark = Remark::new(Error, "sip-exists", Attr::PRIMARY_USER_ADDRESS, what);
            verdict.remarks.push(remark.help(text!(
                "set [sip] existing to keep or replace",
                "réglez [sip] existing sur keep ou replace"
            )));
            return Some(Reason::SIP_EXISTS);
        }
        (has_address && account::is_switched_off(object) && !self.re_enable).then_some(Reason::OCS_DISABLED)
    }

    /// Judges the address that the user keeps or claims.
    fn judge_address<'o>(&self, object: &'o Object<'_>, verdict: &mut Verdict<'o>) -> Participation<'o> {
        let settings = self.settings;
        if let Some(malformed) = validity::malformed_address(object, settings) {
            verdict.remarks.push(malformed);
            return Participation::Out(Reason::SIP_INVALID);
        }
        verdict.remarks.extend(account::suspected_mailbox(object).map(remark::mailbox_suspected));
        let kept = object.sip_address(Attr::PRIMARY_USER_ADDRESS);
        match kept.filter(|_| settings.addresses.existing == Existing::Keep) {
            Some(address) => {
                verdict.remarks.extend(remark::address_kept(object, address, settings));
                verdict.remarks.extend(remark::foreign_domain(address, settings));
                verdict.remarks.extend(remark::presence_missing(object));
                verdict.remarks.extend(remark::home(object, verdict.home));
                Participation::Keeps(address)
            }
            None => {
                let participation = compose(&settings.addresses.composer, object, settings, verdict);
                if matches!(participation, Participation::Claims(_)) {
                    verdict.remarks.extend(remark::home(object, verdict.home));
                }
                participation
            }
        }
    }
}

/// Composes an address by the rules of `[sip]`.
pub(super) fn compose<'o>(
    composer: &Composer,
    object: &Object<'_>,
    settings: &Settings,
    verdict: &mut Verdict<'_>,
) -> Participation<'o> {
    match composer.candidate(object) {
        Ok(candidate) => {
            verdict.remarks.extend(remark::candidate(&candidate, settings));
            Participation::Claims(candidate)
        }
        Err(refusals) => {
            verdict.remarks.extend(remark::refused(&refusals, settings));
            Participation::Out(Reason::of_address(
                refusals.first().map_or("", |refusal| refusal.fault.kind.code()),
            ))
        }
    }
}
