//! *Audit*: who can use IM and presence, in Communicator and through the Web Service Provider, and what the others
//! lack.
//!
//! A user is ready if they are enabled and have an address of their own, a pool that exists and enhanced presence: all
//! that is documented as needed to sign in. Anything else worth a look is a warning.

use std::path::PathBuf;

use clap::Args;

use super::registry::{Flags, Spec, WizardFlags};
use super::values::{Edits, address_of, has_sip_value, integer, same_address, uri};
use super::{
    Claims, Given, Logic, Made, OF_MAILBOXES, Participation, Remark, Verdict, account, remark, spared,
    validity,
};
use crate::change::Change;
use crate::flags::{FormArgs, KnownPoolsArgs, PlannedArgs, PoolsArgs, Reads, SipArgs, folder};
use crate::language::{Text, text};
use crate::message::Severity::{Error, Warning};
use crate::object::{Attr, Object};
use crate::ocs::flags;
use crate::pool::Home;
use crate::report::{Deed, Mode, Reason, ReportKind};
use crate::settings::{Scope, Settings};
use crate::sip::{self, AddressFaultKind};

/// Additions to `--help`; see [`Spec::help`].
const HELP: &str = r#"
help
  Dire qui a messagerie instantanée et présence, et ce qui manque
  Juge chaque utilisateur des exports : prêt pour Communications Server et son Web Service Provider (messagerie
  instantanée et présence dans Outlook Live et Outlook Web App), pas prêt et pourquoi, ou non activé. N’écrit rien
  dans l’annuaire ; avec --fix, écrit des fichiers pour les réparations qui n’appellent aucune décision. Code de
  sortie 5 si quelqu’un n’est pas prêt.
sip_domain
  Un domaine SIP ; tout autre est un constat
  Répétable.
out
  Le dossier d’exécution, nouveau
  Il ne doit pas exister. Sans lui, il n’y a que le bilan.
fix
  Écrire les réparations sans décision à prendre
examples
  Who is ready? The summary alone:
  Qui est prêt ? Le bilan seul :
    userprep audit users.ldif --pools pools.ldif --sip-domain contoso.com
  With reports:
  Avec des rapports :
    userprep audit users.ldif --pools pools.ldif --sip-domain contoso.com --out audit1
  And change files with the repairs that need no decision:
  Et des fichiers pour les réparations qui n’appellent aucune décision :
    userprep audit users.ldif --config userprep.toml --fix --out audit2
"#;

pub(crate) static SPEC: Spec = Spec {
    mode: Mode {
        name: "audit",
        kind: ReportKind::Readiness,
        title: Text::new(
            "Readiness for Communications Server and its Web Service Provider",
            "Aptitude à Communications Server et à son Web Service Provider",
        ),
        would: Deed::WOULD_CHANGE,
        is_ready: Deed::READY_TO_CHANGE,
        counts_new: false,
    },
    flags: Flags::of::<AuditArgs>(),
    help: HELP,
    brief: &["fix"],
    scope: Scope {
        needs: |_, _| {
            vec![
                Attr::USER_ACCOUNT_CONTROL,
                Attr::PROXY_ADDRESSES,
                Attr::USER_ENABLED,
                Attr::PRIMARY_USER_ADDRESS,
                Attr::PRIMARY_HOME_SERVER,
                Attr::OPTION_FLAGS,
                Attr::ORIGINATOR_SID,
            ]
        },
        twin: Some(Reason::SIP_TWIN),
        judged: &OF_MAILBOXES,
        ..Scope::NOTHING
    },
    claims: Claims::Sip,
};

/// Report who can use IM and presence, and what the others lack
///
/// Judges each user in the exports: ready for Communications Server and its Web Service Provider (IM and presence in
/// Outlook Live and Outlook Web App), not ready and why, or not enabled. Nothing is written to the directory; with
/// --fix, change files are written with the repairs that need no decision. The exit code is 5 if some user is not
/// ready.
#[derive(Clone, Debug, Args)]
pub(crate) struct AuditArgs {
    #[command(flatten)]
    pub reads: Reads,
    /// An allowed SIP domain; others are findings
    ///
    /// Repeatable.
    #[arg(long, value_name = "DOMAIN", help_heading = "Addresses")]
    pub sip_domain: Vec<String>,
    #[command(flatten)]
    pub known: KnownPoolsArgs,
    /// Write the repairs that need no decision
    #[arg(long, requires = "out", help_heading = "Output")]
    pub fix: bool,
    /// The run directory; must not exist
    ///
    /// Without it, only the summary is printed.
    #[arg(long, value_name = "DIR", value_parser = folder(), help_heading = "Output")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub form: FormArgs,
}

impl WizardFlags for AuditArgs {
    fn planned(&self) -> PlannedArgs {
        PlannedArgs {
            sip: SipArgs { sip_domain: self.sip_domain.clone(), ..SipArgs::default() },
            pools: PoolsArgs { known: self.known.clone(), ..PoolsArgs::default() },
            out: self.out.clone(),
            ..PlannedArgs::in_form(&self.reads, &self.form)
        }
    }

    fn logic<'s>(&self, settings: &'s Settings) -> Made<'s> {
        Ok(Box::new(Audit { settings, fix: self.fix }))
    }
}

#[derive(Debug)]
pub(crate) struct Audit<'s> {
    settings: &'s Settings,
    /// Whether to write the repairs that need no decision.
    fix: bool,
}

impl Audit<'_> {
    /// Returns the faults of an enabled user. Conflicts with other users are found elsewhere.
    fn findings(&self, object: &Object<'_>, home: Home) -> Vec<(Reason, Remark)> {
        let mut found = Vec::new();
        let mut add = |reason: Reason, attr: Attr, what: Text| {
            found.push((reason, Remark::new(Error, reason.code(), Some(attr), what)));
        };
        let address = address_of(object);
        if address.is_none() {
            add(
                Reason::NO_ADDRESS,
                Attr::USER_ENABLED,
                text!("enabled, without a SIP address", "activé, sans adresse SIP"),
            );
        }
        match home {
            Home::None if account::is_online(object) => {}
            Home::None => add(
                Reason::NO_POOL,
                Attr::USER_ENABLED,
                text!("enabled, without a pool", "activé, sans pool"),
            ),
            Home::Gone => {
                add(Reason::POOL_GONE, Attr::PRIMARY_HOME_SERVER, remark::POOL_GONE.clone());
            }
            Home::Known(_) | Home::Unknown | Home::LeftOver(_) => {}
        }
        let flags = integer(object, Attr::OPTION_FLAGS).unwrap_or_default();
        if flags & flags::ENHANCED_PRESENCE == 0 {
            add(Reason::NO_ENHANCED_PRESENCE, Attr::OPTION_FLAGS, remark::NO_PRESENCE.clone());
        }
        let needs_originator = account::is_disabled(object) && account::linked_to(object).is_some();
        if needs_originator && !object.has(Attr::ORIGINATOR_SID) {
            let what = text!(
                "the account is disabled and linked, and has no msRTCSIP-OriginatorSid",
                "le compte est désactivé et lié, et n’a pas de msRTCSIP-OriginatorSid"
            );
            add(Reason::ORIGINATOR_SID_MISSING, Attr::MASTER_ACCOUNT_SID, what);
        }
        if let Some(address) = address {
            if let Some(malformed) = validity::malformed_address(object, self.settings) {
                found.push((Reason::SIP_INVALID, malformed));
            } else if let Err(fault) = sip::check(address, self.settings.addresses.composer.rules()) {
                let reason = match Reason::of_address(fault.kind.code()) {
                    _ if matches!(fault.kind, AddressFaultKind::DomainForeign(_)) => Reason::DOMAIN_FOREIGN,
                    listed @ (Reason::SIP_CHARACTERS | Reason::SIP_TOO_LONG) => listed,
                    _ => Reason::SIP_INVALID,
                };
                let remark = Remark::of_fault(&fault.kind, Attr::PRIMARY_USER_ADDRESS, self.settings);
                found.push((reason, Remark { code: reason.code(), ..remark }));
            }
        }
        found
    }

    /// Whether the user gets repairs; users that no wizard may change get none.
    fn repairs(&self, object: &Object<'_>) -> bool {
        self.fix && account::is_enabled(object) && spared(object, self.settings).is_none()
    }

    /// Returns remarks on the address of an enabled user.
    fn address_remarks(&self, object: &Object<'_>, address: &str) -> Vec<Remark> {
        let mut remarks = Vec::new();
        let is_repaired = self.sound_address(object).is_some()
            && self.repairs(object)
            && self.settings.addresses.proxy_address;
        if !has_sip_value(object, address) && !is_repaired {
            remarks.push(remark::no_proxy_address(None));
        }
        remarks.extend(remark::extra_proxies(object, &[address]));
        let primary = object.texts(Attr::PROXY_ADDRESSES).find_map(|value| value.strip_prefix("SMTP:"));
        if let Some(primary) = primary.or(object.text(Attr::MAIL)).filter(|mail| !same_address(mail, address))
        {
            let what = text!(
                "the address differs from the primary mail address, `{primary}`",
                "l’adresse diffère de l’adresse de messagerie principale, `{primary}`"
            );
            remarks.push(Remark::new(Warning, "sip-not-smtp", Attr::PRIMARY_USER_ADDRESS, what));
        }
        remarks
    }

    /// Returns the address if it is valid by itself.
    fn sound_address<'o>(&self, object: &'o Object<'_>) -> Option<&'o str> {
        let address = object.sip_address(Attr::PRIMARY_USER_ADDRESS)?;
        sip::check(address, self.settings.addresses.composer.rules()).is_ok().then_some(address)
    }
}

impl Logic for Audit<'_> {
    fn position<'o>(&self, object: &'o Object<'_>, verdict: &mut Verdict<'o>) -> Participation<'o> {
        if !account::is_enabled(object) {
            let is_off = account::is_switched_off(object) && object.has(Attr::PRIMARY_USER_ADDRESS);
            verdict.finding = Some(if is_off { Reason::SWITCHED_OFF } else { Reason::NOT_ENABLED });
            return Participation::Stays;
        }
        let findings = self.findings(object, verdict.home);
        verdict.finding = findings.iter().map(|(reason, _)| *reason).min();
        verdict.remarks.extend(findings.into_iter().map(|(_, remark)| remark));
        address_of(object).map_or(Participation::Stays, Participation::Keeps)
    }

    fn remarks(&self, object: &Object<'_>, verdict: &Verdict<'_>, address: &str) -> Vec<Remark> {
        let mut remarks = Vec::new();
        if matches!(verdict.finding, Some(Reason::SWITCHED_OFF | Reason::NOT_ENABLED)) {
            let malformed = validity::malformed_address(object, self.settings);
            remarks.extend(malformed.map(|remark| Remark { severity: Warning, ..remark }));
            remarks.extend(remark::sip_leftover(object));
            remarks.extend(remark::archiving_leftover(object));
            remarks.extend(remark::homed_online(object));
            return remarks;
        }
        if account::is_out_of_use(object) {
            let what = text!(
                "the Windows account is disabled, and still enabled for Communications Server",
                "le compte Windows est désactivé, et toujours activé pour Communications Server"
            );
            remarks.push(Remark::new(Warning, "account-disabled", Attr::USER_ACCOUNT_CONTROL, what));
        }
        let repair = self.change(object, 0, Given::default());
        // For an account with a change record the run itself reports this.
        if account::is_protected(object) && repair.is_empty() {
            let what = text!(
                "the account is protected (adminCount): delegated importers are refused here",
                "le compte est protégé (adminCount)\u{a0}: les importateurs délégués y sont refusés"
            );
            remarks.push(Remark::new(Warning, "protected-account", Attr::ADMIN_COUNT, what));
        }
        if self.fix && spared(object, self.settings) == Some(Reason::PROTECTED_BASE) {
            let what = text!(
                "the user is below a base of [safety] protect, and nothing is repaired",
                "l’utilisateur est sous une base de [safety] protect, et rien n’est réparé"
            );
            remarks.push(Remark::new(Warning, Reason::PROTECTED_BASE.code(), None, what));
        }
        remarks.extend(remark::homed_online(object));
        if verdict.home == Home::Unknown {
            remarks.extend(remark::home(object, verdict.home));
        }
        remarks.extend(remark::archiving_leftover(object));
        if !address.is_empty() {
            remarks.extend(self.address_remarks(object, address));
        }
        remarks
    }

    /// Adds enhanced presence to enabled users, and the `sip:` proxy address if the address needs no decision.
    fn change<'c>(&'c self, object: &'c Object<'_>, _: usize, given: Given<'c>) -> Change<'c> {
        let mut edits = Edits::new(object, self.settings);
        if self.repairs(object) {
            edits.flags(&[(flags::ENHANCED_PRESENCE, Some(true))]);
            // Somebody must decide which of several users keeps a shared address.
            let needs_no_decision = self.settings.addresses.proxy_address && !given.shared;
            let added = self.sound_address(object).filter(|_| needs_no_decision);
            edits.proxy_address(None, added.map(|address| uri(address).into()));
        }
        edits.change()
    }
}
