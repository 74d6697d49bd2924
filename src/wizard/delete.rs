//! *Delete Users*: removes everything of Communications Server from a user and leaves the account.
//!
//! Exactly what the original wizard removes is not documented. This one removes all that the export shows, so the undo
//! can restore all of it.

use clap::{ArgGroup, Args};

use super::registry::{Flags, Spec, WizardFlags};
use super::values::{address_of, same_address, sip_value};
use super::{Claims, Given, Logic, Made, Participation, Remark, Verdict, remark};
use crate::change::Change;
use crate::flags::{KnownPoolsArgs, PlannedArgs, PoolsArgs, Reads, Writes};
use crate::language::Text;
use crate::object::{Attr, Object, Value};
use crate::pool::Home;
use crate::report::{Deed, Mode, Reason};
use crate::settings::{Scope, Settings};

/// Additions to `--help`; see [`Spec::help`].
const HELP: &str = r#"
help
  Supprimer des utilisateurs : attributs msRTCSIP et adresse `sip:`
  Tient lieu de l’assistant « Supprimer les utilisateurs ». Retire chaque attribut msRTCSIP que montre l’export, que
  l’utilisateur soit activé ou non, et la valeur `sip:` de proxyAddresses égale à l’ancienne adresse ; le retour les
  rétablit tous. Exige une sélection, ou --all.
examples
  Those who have left:
  Ceux qui sont partis :
    userprep delete users.ldif --users left.txt --out run4
  Accounts that are disabled in Windows:
  Les comptes désactivés dans Windows :
    userprep delete users.ldif --filter "(userAccountControl:1.2.840.113556.1.4.803:=2)" --out run5
  The whole estate, after it has been decommissioned:
  Tout le parc, après sa mise hors service :
    userprep delete users.ldif --all --pools pools.ldif --out run6
"#;

pub(crate) static SPEC: Spec = Spec {
    mode: Mode::changing(
        "delete",
        Text::new(
            "Delete Communications Server Users",
            "Suppression des utilisateurs de Communications Server",
        ),
        Deed::new(["would lose all settings"; 2], ["perdrait les paramètres", "perdraient les paramètres"]),
        Deed::new(
            ["is ready to lose all settings", "are ready to lose all settings"],
            ["est prêt à perdre les paramètres", "sont prêts à perdre les paramètres"],
        ),
    ),
    flags: Flags::of::<DeleteArgs>(),
    help: HELP,
    brief: &["all"],
    // Of other attributes it removes what the export shows.
    scope: Scope {
        needs: |_, _| vec![Attr::PRIMARY_USER_ADDRESS, Attr::PROXY_ADDRESSES],
        erases: true,
        ..Scope::NOTHING
    },
    claims: Claims::None,
};

/// Delete users: msRTCSIP attributes and the `sip:` proxy address
///
/// Replaces the wizard "Delete Users". Removes each msRTCSIP attribute that the export shows, whether the user is
/// enabled or not, and the `sip:` value of proxyAddresses that equals the former address; the undo restores all of
/// them. Requires a selection or --all.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("selection").required(true).multiple(true).args(["base", "filter", "users", "all"]))]
pub(crate) struct DeleteArgs {
    #[command(flatten)]
    pub reads: Reads,
    /// All users in the exports
    ///
    /// In place of a base, a filter or a list.
    #[arg(long, conflicts_with_all = ["base", "filter", "users"], help_heading = "Selection")]
    pub all: bool,
    #[command(flatten)]
    pub known: KnownPoolsArgs,
    #[command(flatten)]
    pub writes: Writes,
}

impl WizardFlags for DeleteArgs {
    fn planned(&self) -> PlannedArgs {
        let pools = PoolsArgs { known: self.known.clone(), ..PoolsArgs::default() };
        PlannedArgs { pools, ..PlannedArgs::of(&self.reads, &self.writes) }
    }

    fn logic<'s>(&self, settings: &'s Settings) -> Made<'s> {
        Ok(Box::new(Delete { settings }))
    }
}

#[derive(Debug)]
pub(crate) struct Delete<'s> {
    settings: &'s Settings,
}

impl Logic for Delete<'_> {
    fn position<'o>(&self, object: &'o Object<'_>, _: &mut Verdict<'o>) -> Participation<'o> {
        let has_settings =
            object.values.iter().any(|value| self.settings.reading.shown.contains(&value.attr));
        if has_settings || self.leaving(object).next().is_some() {
            Participation::Loses
        } else {
            Participation::Out(Reason::NOT_ENABLED)
        }
    }

    fn remarks(&self, object: &Object<'_>, _: &Verdict<'_>, _: &str) -> Vec<Remark> {
        let going = match address_of(object) {
            _ if !self.settings.addresses.proxy_address => vec![],
            Some(former) => vec![former],
            // All values of a user without an address go.
            None => return Vec::new(),
        };
        remark::extra_proxies(object, &going).into_iter().collect()
    }

    fn change<'c>(&'c self, object: &'c Object<'_>, _: usize, _: Given<'c>) -> Change<'c> {
        let mut change = Change::default();
        for &attr in &self.settings.reading.shown {
            let values: Vec<&[u8]> = object.values(attr).map(Value::bytes).collect();
            let names_pool = matches!(attr, Attr::PRIMARY_HOME_SERVER | Attr::TARGET_HOME_SERVER);
            let is_gone = names_pool && self.settings.home(object.dn(attr).as_deref()) == Home::Gone;
            change.clear(self.settings.reading.attributes.name(attr), &values, is_gone);
        }
        let leaving = self.leaving(object).map(|value| value.as_bytes().into());
        change.edit(Attr::PROXY_ADDRESSES.known_name(), leaving, None);
        change
    }
}

impl Delete<'_> {
    /// Returns the `sip:` values to remove: the one of the address, or all if the user has no address, since they block
    /// new users.
    fn leaving<'o>(&self, object: &'o Object<'_>) -> impl Iterator<Item = &'o str> {
        let former = address_of(object);
        let goes = move |address: &str| former.is_none_or(|former| same_address(address, former));
        let values = object.texts(Attr::PROXY_ADDRESSES).filter(|_| self.settings.addresses.proxy_address);
        values.filter(move |value| sip_value(value).is_some_and(goes))
    }
}
