//! *Move Users*, where there is nothing to move: gives a pool to users who have none, or whose pool is gone.
//!
//! The original wizard moves contact lists and meetings between the databases of the pools. A change of
//! msRTCSIP-PrimaryHomeServer alone leaves them behind, so homed users are skipped, unless `--rehome` is given.

use std::borrow::Cow;

use clap::Args;

use super::registry::{Flags, Spec, WizardFlags};
use super::values::Edits;
use super::{Claims, Given, Logic, Made, Participation, Remark, Verdict, ruled_out, validity};
use crate::change::Change;
use crate::flags::{PlannedArgs, PoolsArgs, Reads, Writes};
use crate::input::fault::no_dn;
use crate::language::{Text, text};
use crate::message::Severity::Warning;
use crate::message::{Failure, Message, nearest};
use crate::object::{Attr, Object};
use crate::pool::{Home, Pool};
use crate::report::{Deed, Mode, Reason};
use crate::settings::{Scope, Settings};

/// The limits of a pool change by LDIF.
static STAYS_BEHIND: Text = Text::new(
    "contact lists and meetings of rehomed users stay behind in the SQL database of their former pool; the wizard Move \
     Users moves them",
    "les listes de contacts et les réunions des utilisateurs déplacés restent dans la base SQL de leur ancien pool\u{202f}; \
     l’assistant de déplacement les emporte",
);

/// Additions to `--help`; see [`Spec::help`].
const HELP: &str = r#"
help
  Donner un pool à ceux qui n’en ont pas, ou plus
  Tient lieu de l’assistant « Déplacer les utilisateurs » là où il n’a rien à déplacer : des utilisateurs avec une
  adresse et sans pool, ou dont le pool n’existe plus. Ceux qui sont hébergés sont laissés et listés dans homed.txt
  pour le vrai assistant, car leurs contacts et réunions sont dans SQL et y resteraient ; --rehome les déplace malgré
  cela.
from
  Seulement les utilisateurs de ce pool
  Par le DN de son objet CN=LC Services, ou par son nom ou FQDN.
rehome
  Aussi ceux qui ont un pool
  Leurs listes de contacts et leurs réunions restent derrière eux.
examples
  Users without a pool, or with one that the export of the pools lacks, to pool01:
  Les utilisateurs sans pool, ou dont le pool manque dans l’export des pools, vers pool01 :
    userprep move users.ldif --pools pools.ldif --pool pool01 --out run4
  Those of a pool that is gone, shared among two:
  Ceux d’un pool qui n’existe plus, répartis sur deux :
    userprep move users.ldif --pools pools.ldif --from "CN=LC Services,CN=Microsoft,CN=old,CN=Pools,…" --pool pool01 --pool pool02 --out run5
  Which users would it move, and which are left for the real wizard? The report alone, in run6.plan:
  Qui serait déplacé, et qui reste pour le vrai assistant ? Le rapport seul, dans run6.plan :
    userprep move users.ldif --pools pools.ldif --pool pool01 --out run6 --dry-run
"#;

pub(crate) static SPEC: Spec = Spec {
    mode: Mode::changing(
        "move",
        Text::new(
            "Move Communications Server Users",
            "Déplacement des utilisateurs de Communications Server",
        ),
        Deed::new(["would get a pool"; 2], ["recevrait un pool", "recevraient un pool"]),
        Deed::new(
            ["is ready to get a pool", "are ready to get a pool"],
            ["est prêt à recevoir un pool", "sont prêts à recevoir un pool"],
        ),
    ),
    flags: Flags::of::<MoveArgs>(),
    help: HELP,
    brief: &["from", "rehome"],
    scope: Scope {
        rules: true,
        places: true,
        needs: |_, _| vec![Attr::PRIMARY_USER_ADDRESS, Attr::PRIMARY_HOME_SERVER],
        ..Scope::NOTHING
    },
    claims: Claims::None,
};

/// Give a pool to users who have none or whose pool is gone
///
/// Replaces the wizard "Move Users" where there is nothing to move: for users who have an address and no pool, or a
/// pool that is gone. Homed users are skipped and listed in homed.txt for the original wizard, because their contact
/// lists and meetings are in SQL and would stay behind; --rehome moves them all the same.
#[derive(Clone, Debug, Args)]
pub(crate) struct MoveArgs {
    #[command(flatten)]
    pub reads: Reads,
    #[command(flatten)]
    pub pools: PoolsArgs,
    /// Only users on this pool
    ///
    /// The DN of its CN=LC Services object, or its name or FQDN.
    #[arg(long, value_name = "DN", help_heading = "Pools")]
    pub from: Option<String>,
    /// Also users who have a pool
    ///
    /// Their contact lists and meetings stay behind.
    #[arg(long, help_heading = "Pools")]
    pub rehome: bool,
    #[command(flatten)]
    pub writes: Writes,
}

impl WizardFlags for MoveArgs {
    fn planned(&self) -> PlannedArgs {
        PlannedArgs { pools: self.pools.clone(), ..PlannedArgs::of(&self.reads, &self.writes) }
    }

    fn logic<'s>(&self, settings: &'s Settings) -> Made<'s> {
        Ok(Box::new(Move::new(settings, self)?))
    }
}

#[derive(Debug)]
pub(crate) struct Move<'s> {
    settings: &'s Settings,
    /// The only pool whose users take part, if given.
    from: Option<FromPool>,
    /// Whether users on an existing pool take part.
    rehome: bool,
}

#[derive(Debug)]
struct FromPool {
    typed: String,
    /// The normalised DN.
    dn: String,
}

impl FromPool {
    /// Parses `--from`: a DN, or the name or FQDN of a known pool.
    fn parse(typed: &str, pools: &[Pool]) -> Result<Self, Message> {
        let dn = if typed.contains('=') {
            let normalized = ldif::dn::normalize(typed).map(Cow::into_owned);
            normalized.map_err(|fault| {
                let what = no_dn(typed, &fault).map(|what| format!("--from: {what}"));
                Message::error("pool-dn", what)
            })?
        } else {
            let named = pools.iter().find(|pool| pool.is_named(typed));
            named.ok_or_else(|| unknown_source(typed, pools))?.normalized.clone()
        };
        Ok(Self { typed: typed.to_owned(), dn })
    }
}

fn unknown_source(name: &str, pools: &[Pool]) -> Message {
    let what =
        text!("--from: nothing describes a pool `{name}`", "--from\u{a0}: rien ne décrit un pool `{name}`");
    let labels = pools.iter().map(|pool| pool.label.as_str());
    Message::error("pool-unknown-source", what).help(match nearest(name, labels) {
        Some(near) => text!(
            "did you mean `{near}`? a pool that is gone is named by the DN of its CN=LC Services object",
            "vouliez-vous dire `{near}`\u{a0}? un pool qui n’existe plus se nomme par le DN de son objet CN=LC Services"
        ),
        None => text!(
            "give the DN of the pool's CN=LC Services object, which works for a pool that is gone",
            "donnez le DN de l’objet CN=LC Services du pool, qui convient aussi pour un pool qui n’existe plus"
        ),
    })
}

impl<'s> Move<'s> {
    /// Creates the wizard from its flags.
    ///
    /// # Errors
    /// `pool-dn` or `pool-unknown-source` if `--from` is not a pool.
    fn new(settings: &'s Settings, args: &MoveArgs) -> Result<Self, Failure> {
        let pools = &settings.placement.pools;
        let from = args.from.as_deref().map(|typed| FromPool::parse(typed, pools)).transpose();
        Ok(Self { settings, from: from.map_err(Failure::unfit)?, rehome: args.rehome })
    }
}

impl Logic for Move<'_> {
    fn position<'o>(&self, object: &'o Object<'_>, verdict: &mut Verdict<'o>) -> Participation<'o> {
        let home = object.dn(Attr::PRIMARY_HOME_SERVER);
        let is_source = self.from.as_ref().is_none_or(|from| home.as_deref() == Some(&*from.dn));
        let reason = if let Some(reason) = ruled_out(verdict, self.settings) {
            Some(reason)
        } else if !object.has(Attr::PRIMARY_USER_ADDRESS) {
            Some(Reason::NOT_ENABLED)
        } else if !is_source {
            Some(Reason::OTHER_POOL)
        } else {
            (verdict.home.is_homed() && !self.rehome).then_some(Reason::HOMED)
        };
        verdict.matched = is_source.then_some(0);
        if let Some(reason) = reason {
            return Participation::Out(reason);
        }
        if let Some(malformed) = validity::malformed_address(object, self.settings) {
            verdict.remarks.push(malformed);
            return Participation::Out(Reason::SIP_INVALID);
        }
        let targets = verdict.rule.map_or(&[][..], |rule| &self.settings.rules[rule].pools);
        let listed = self.settings.listed_pool(object).and_then(|(_, pool)| pool);
        let is_target = |pool| listed.map_or(targets.contains(&pool), |listed| listed == pool);
        let is_there = matches!(verdict.home, Home::Known(pool) if is_target(pool));
        verdict.wants_pool = !is_there;
        Participation::Stays
    }

    fn remarks(&self, _: &Object<'_>, verdict: &Verdict<'_>, _: &str) -> Vec<Remark> {
        if !(verdict.wants_pool && verdict.home.is_homed()) {
            return Vec::new();
        }
        let what = text!(
            "the user is homed, and contact list and meetings stay behind on the former pool",
            "l’utilisateur est hébergé, et sa liste de contacts et ses réunions restent sur l’ancien pool"
        );
        vec![Remark::new(Warning, "rehomed", Attr::PRIMARY_HOME_SERVER, what)]
    }

    fn change<'c>(&'c self, object: &'c Object<'_>, _: usize, given: Given<'c>) -> Change<'c> {
        let mut edits = Edits::new(object, self.settings);
        if let Some(pool) = given.pool {
            edits.pool(&self.settings.placement.pools[pool.index()], self.settings);
        }
        edits.change()
    }

    fn warnings(&self) -> Vec<Message> {
        let message = self.rehome.then(|| Message::warning("rehome-stays-behind", STAYS_BEHIND.clone()));
        message.into_iter().collect()
    }

    fn unmatched_flags(&self) -> Vec<Message> {
        let unmatched = |from: &FromPool| {
            let what = text!(
                "--from: no user who takes part has the pool `{}`",
                "--from\u{a0}: aucun des utilisateurs qui participent n’a le pool `{}`",
                from.typed
            );
            Message::warning("move-unmatched", what)
        };
        self.from.iter().map(unmatched).collect()
    }

    fn file_comment(&self) -> Option<&'static str> {
        self.rehome.then(|| STAYS_BEHIND.english())
    }
}
