//! *Move Users*, where there is nothing to move: a pool for users who have none, or one that is gone.
//!
//! The real wizard moves contact lists and meetings between the pools' databases. A change of msRTCSIP-PrimaryHomeServer
//! alone leaves them behind, so homed users are left to it, unless `--rehome` says otherwise.

use super::{
    Claims, Given, Participation, Remark, Spec, Verdict, Wizard, registry::nothing, ruled_out, validity,
    values,
};
use crate::change::Change;
use crate::cli;
use crate::input::fault::no_dn;
use crate::language::{Text, text};
use crate::message::Severity::Warning;
use crate::message::{Failure, Message, nearest};
use crate::object::{Attr, Object};
use crate::ocs;
use crate::pool::Home;
use crate::report::{Mode, Reason};
use crate::settings::{Scope, Settings};

/// What a change of pool by LDIF does not do.
static STAYS_BEHIND: Text = Text::new(
    "contact lists and meetings of rehomed users stay behind in the SQL database of their former pool; the wizard Move \
     Users moves them",
    "les listes de contacts et les réunions des utilisateurs déplacés restent dans la base SQL de leur ancien pool\u{202f}; \
     l’assistant de déplacement les emporte",
);

/// What sets the wizard apart.
pub static SPEC: Spec = Spec {
    mode: Mode::Move,
    scope: Scope { rules: true, places: true },
    claims: Claims::None,
    twin: None,
    needs,
    prepare: nothing,
};

/// The wizard, by these settings.
#[derive(Debug)]
pub struct Move<'s> {
    settings: &'s Settings,
    /// The only pool whose users take part.
    from: Option<FromPool>,
    /// Whether users whose pool exists take part.
    rehome: bool,
}

/// A pool to move from.
#[derive(Debug)]
struct FromPool {
    typed: String,
    /// Its normalised DN.
    dn: String,
}

/// What the wizard reads or writes of users, and each input with users must therefore show.
fn needs(_: &Settings) -> Vec<Attr> {
    vec![Attr::PRIMARY_USER_ADDRESS, Attr::PRIMARY_HOME_SERVER]
}

impl<'s> Move<'s> {
    /// The wizard as typed; `--from` is a DN, or the name or FQDN of a pool that something describes.
    ///
    /// # Errors
    /// `pool-dn` or `pool-unknown-source` for what is no pool.
    pub fn new(settings: &'s Settings, args: &cli::MoveArgs) -> Result<Self, Failure> {
        let typed = args.from.as_deref();
        let from = match typed {
            None => None,
            Some(dn) if dn.contains('=') => {
                let refused = |fault| {
                    let what = no_dn(dn, &fault).map(|what| format!("--from: {what}"));
                    Failure::unfit(Message::error("pool-dn", what))
                };
                Some(ldif::dn::normalize(dn).map_err(refused)?.into_owned())
            }
            Some(name) => {
                let is = |text: &str| text.eq_ignore_ascii_case(name);
                let called = settings.placement.pools.iter().find(|pool| {
                    is(&pool.label) || is(&pool.fqdn) || ocs::pool_name(&pool.dn).is_some_and(|cn| is(&cn))
                });
                let message = Message::error(
                    "pool-unknown-source",
                    text!(
                        "--from: nothing describes a pool `{name}`",
                        "--from\u{a0}: rien ne décrit un pool `{name}`"
                    ),
                );
                let labels = settings.placement.pools.iter().map(|pool| pool.label.as_str());
                let message = message.help(match nearest(name, labels) {
                    Some(near) => text!(
                        "did you mean `{near}`? a pool that is gone is named by the DN of its CN=LC Services object",
                        "vouliez-vous dire `{near}`\u{a0}? un pool qui n’existe plus se nomme par le DN de son objet CN=LC Services"
                    ),
                    None => text!("give the DN of the pool's CN=LC Services object, which works for a pool that is gone", "donnez le DN de l’objet CN=LC Services du pool, qui convient aussi pour un pool qui n’existe plus"),
                });
                Some(called.ok_or_else(|| Failure::unfit(message))?.normalized.clone())
            }
        };
        let source = |(typed, dn): (&str, String)| FromPool { typed: typed.to_owned(), dn };
        Ok(Self { settings, from: typed.zip(from).map(source), rehome: args.rehome })
    }

    /// Whether the user has this pool.
    fn is_on(object: &Object<'_>, pool: &FromPool) -> bool {
        let home = object.text(Attr::PRIMARY_HOME_SERVER).and_then(|dn| ldif::dn::normalize(dn).ok());
        home.is_some_and(|home| *home == *pool.dn)
    }
}

impl Wizard for Move<'_> {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn settings(&self) -> &Settings {
        self.settings
    }

    fn position<'o>(&self, object: &'o Object<'_>, verdict: &mut Verdict<'o>) -> Participation<'o> {
        let is_source = self.from.as_ref().is_none_or(|from| Self::is_on(object, from));
        let reason = if let Some(reason) = ruled_out(verdict, self.settings) {
            Some(reason)
        } else if !object.has(Attr::PRIMARY_USER_ADDRESS) {
            Some(Reason::NOT_ENABLED)
        } else if !is_source {
            Some(Reason::OTHER_POOL)
        } else {
            (verdict.home.is_homed() && !self.rehome).then_some(Reason::HOMED)
        };
        verdict.matched = (is_source && self.from.is_some()).then_some(0);
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
        vec![Remark::new(Warning, "rehomed", Some(Attr::PRIMARY_HOME_SERVER), what)]
    }

    fn change<'c>(&'c self, object: &'c Object<'_>, _: usize, given: Given<'c>) -> Change<'c> {
        let mut change = Change::default();
        if let Some(pool) = given.pool {
            values::set_pool(
                &mut change,
                object,
                &self.settings.placement.pools[pool.index()],
                self.settings,
            );
        }
        change
    }

    fn warnings(&self) -> Vec<Message> {
        let message = self.rehome.then(|| Message::warning("rehome-stays-behind", STAYS_BEHIND.clone()));
        message.into_iter().collect()
    }

    fn sought(&self) -> Vec<Message> {
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
