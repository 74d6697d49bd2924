//! *Disable*: switches users off as the Communications tab does. msRTCSIP-UserEnabled becomes FALSE and every setting
//! stays.

use clap::{ArgGroup, Args};

use super::registry::{Flags, Spec, WizardFlags};
use super::values::Edits;
use super::{Claims, Given, Logic, Made, Participation, Verdict, account};
use crate::change::Change;
use crate::flags::{PlannedArgs, Reads, Writes};
use crate::language::Text;
use crate::object::{Attr, Object};
use crate::report::{Deed, Mode, Reason};
use crate::settings::{Scope, Settings};

/// Additions to `--help`; see [`Spec::help`].
const HELP: &str = r#"
help
  Désactiver des utilisateurs, en gardant tous leurs paramètres
  msRTCSIP-UserEnabled devient FALSE. `enable --re-enable` les réactive. Exige une sélection, ou --all.
examples
  Those who have left:
  Ceux qui sont partis :
    userprep disable users.ldif --users left.txt --out run4
  One OU:
  Une OU :
    userprep disable users.ldif --base "OU=Interns,DC=contoso,DC=com" --out run5
  Everybody, as a rehearsal:
  Tout le monde, en répétition :
    userprep disable users.ldif --all --out run6 --dry-run
"#;

pub(crate) static SPEC: Spec = Spec {
    mode: Mode::changing(
        "disable",
        Text::new(
            "Disable users for Communications Server",
            "Désactivation des utilisateurs pour Communications Server",
        ),
        Deed::new(["would be disabled"; 2], ["serait désactivé", "seraient désactivés"]),
        Deed::new(
            ["is ready to be disabled", "are ready to be disabled"],
            ["est prêt à être désactivé", "sont prêts à être désactivés"],
        ),
    ),
    flags: Flags::of::<DisableArgs>(),
    help: HELP,
    brief: &["all"],
    scope: Scope { needs: |_, _| vec![Attr::USER_ENABLED], ..Scope::NOTHING },
    claims: Claims::None,
};

/// Switch users off and keep all their settings
///
/// msRTCSIP-UserEnabled becomes FALSE. `enable --re-enable` switches them on again. Requires a selection or --all.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("selection").required(true).multiple(true).args(["base", "filter", "users", "all"]))]
pub(crate) struct DisableArgs {
    #[command(flatten)]
    pub reads: Reads,
    /// All users in the exports
    ///
    /// In place of a base, a filter or a list.
    #[arg(long, conflicts_with_all = ["base", "filter", "users"], help_heading = "Selection")]
    pub all: bool,
    #[command(flatten)]
    pub writes: Writes,
}

impl WizardFlags for DisableArgs {
    fn planned(&self) -> PlannedArgs {
        PlannedArgs::of(&self.reads, &self.writes)
    }

    fn logic<'s>(&self, settings: &'s Settings) -> Made<'s> {
        Ok(Box::new(Disable { settings }))
    }
}

#[derive(Debug)]
pub(crate) struct Disable<'s> {
    settings: &'s Settings,
}

impl Logic for Disable<'_> {
    fn position<'o>(&self, object: &'o Object<'_>, _: &mut Verdict<'o>) -> Participation<'o> {
        // A user who is switched off already needs no change.
        if account::is_enabled(object) || account::is_switched_off(object) {
            Participation::Stays
        } else {
            Participation::Out(Reason::NOT_ENABLED)
        }
    }

    fn change<'c>(&'c self, object: &'c Object<'_>, _: usize, _: Given<'c>) -> Change<'c> {
        let mut edits = Edits::new(object, self.settings);
        edits.boolean(Attr::USER_ENABLED, false);
        edits.change()
    }
}
