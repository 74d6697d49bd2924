//! The pools of a run: those that flags and configuration describe, looked up in the export of the pools.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use super::{Faults, Rule};
use crate::config::{self, ConfigFile};
use crate::flags;
use crate::input::{self, Export, Role};
use crate::language::{Text, text};
use crate::message::{self, Failure, Message};
use crate::object::Attributes;
use crate::ocs;
use crate::pool::lookup::{self, FoundPool};
use crate::pool::{self, Pool, PoolId};

/// How many pools a run knows, and how many tickets one of them draws for each user.
const MOST_POOLS: usize = 10_000;
const MOST_WEIGHT: u32 = 1_000;

pub(super) fn look_up(
    path: &Path,
    options: &input::Options,
    attributes: &Attributes,
) -> Result<Vec<FoundPool>, Failure> {
    let export = Export::open(path, Role::Pools, options, attributes).map_err(Failure::Broken)?;
    lookup::read(&export, attributes).map_err(Failure::unfit)
}

/// All pools that flags and configuration describe, and which of them are targets where no rule says otherwise: one at
/// least, if they are wanted. None if there are too many: every name of a pool would be a fault then.
pub(super) fn pools(
    args: &flags::PoolsArgs,
    are_wanted: bool,
    source: &ConfigFile,
    found: Option<&[FoundPool]>,
    faults: &mut Faults,
) -> Option<(Vec<Pool>, Vec<PoolId>)> {
    let described = source.config.pool.len() + found.map_or(0, <[FoundPool]>::len);
    if described > MOST_POOLS {
        let what = text!(
            "{described} pools are described, and a run knows {MOST_POOLS}",
            "{described} pools sont décrits, et une exécution en connaît {MOST_POOLS}",
        );
        faults.push(Message::error("pools-too-many", what));
        return None;
    }
    let mut pools: Vec<Pool> = Vec::new();
    for key in &source.config.pool {
        pools.extend(configured(key, source, found, faults));
    }
    let (mut labels, mut dns) = (HashSet::new(), HashSet::new());
    for (at, pool) in pools.iter().enumerate() {
        let is_new = labels.insert(&pool.label) & dns.insert(&pool.normalized);
        if !is_new {
            let key = &source.config.pool[at.min(source.config.pool.len() - 1)].label;
            faults.push(source.fault(
                "pool-twice",
                key,
                text!("pool `{}` is described twice", "le pool `{}` est décrit deux fois", pool.label),
            ));
        }
    }
    let mut targets = Vec::new();
    for typed in &args.pool {
        let Some(pool) = named(typed, &pools, found, faults) else { continue };
        let at = pools.iter().position(|known| known.normalized == pool.normalized);
        let at = at.unwrap_or_else(|| {
            pools.push(pool.clone());
            pools.len() - 1
        });
        pools[at].label = pool.label;
        targets.extend(u16::try_from(at).map(PoolId));
    }
    if args.pool.is_empty() {
        if pools.is_empty() && are_wanted {
            pools.extend(only(found, faults));
        }
        targets.extend((0..pools.len()).filter_map(|at| u16::try_from(at).ok()).map(PoolId));
    }
    if let Some(found) = found.filter(|_| are_wanted) {
        for &target in &targets {
            let pool = &pools[target.index()];
            if !found.iter().any(|one| one.normalized == pool.normalized) {
                let what = text!(
                    "the export of the pools lacks the pool `{}` ({})",
                    "l’export des pools ne contient pas le pool `{}` ({})",
                    pool.label,
                    pool.dn
                );
                faults.push(Message::error("pool-unknown-target", what).because(listed(found)));
            }
        }
    }
    Some((pools, targets))
}

fn configured(
    key: &config::PoolSection,
    source: &ConfigFile,
    found: Option<&[FoundPool]>,
    faults: &mut Faults,
) -> Option<Pool> {
    let label = key.label.get_ref().clone();
    let fqdn = key.fqdn.as_ref().map(|fqdn| fqdn.get_ref().clone()).unwrap_or_default();
    let is_it = |one: &&FoundPool| {
        is_called(&one.name, &one.fqdn, &label) || !fqdn.is_empty() && one.fqdn.eq_ignore_ascii_case(&fqdn)
    };
    let fitting: Vec<&FoundPool> = found.into_iter().flatten().filter(is_it).collect();
    let dn = match (&key.dn, &fitting[..]) {
        (Some(dn), _) => dn.get_ref().clone(),
        (None, [one]) => one.dn.clone(),
        (None, [_, _, ..]) => {
            let (what, help) = ambiguous(&label, &fitting);
            faults.push(source.fault("pool-ambiguous", &key.label, what).help(help));
            return None;
        }
        (None, []) => {
            let message = source.fault(
                "pool-dn",
                &key.label,
                text!("pool `{label}` has no DN", "le pool `{label}` n’a pas de DN"),
            );
            faults.push(message.help(text!(
                "write dn = \"CN=LC Services,CN=Microsoft,…\", or give an export of the pools by --pools",
                "écrivez dn = \"CN=LC Services,CN=Microsoft,…\", ou donnez un export des pools par --pools"
            )));
            return None;
        }
    };
    match *key.weight.get_ref() {
        0 => faults.push(source.fault(
            "pool-weight",
            &key.weight,
            text!("a pool of weight 0 gets no user", "un pool de poids 0 ne reçoit aucun utilisateur"),
        )),
        1..=MOST_WEIGHT => {}
        weight => {
            let message = source.fault(
                "pool-weight",
                &key.weight,
                text!("the weight {weight} is too large", "le poids {weight} est trop grand"),
            );
            let why = text!(
                "each user draws as many tickets as the weights add up to; the most is {MOST_WEIGHT}",
                "chaque utilisateur tire autant de billets que la somme des poids\u{202f}; le maximum est {MOST_WEIGHT}",
            );
            faults.push(message.because(why).help(text!(
                "divide the weights by a common factor",
                "divisez les poids par un facteur commun",
            )));
        }
    }
    let normalized = pool_dn(&dn).map_err(|what| match &key.dn {
        Some(dn) => faults.push(source.fault("pool-dn", dn, what)),
        None => faults.push(Message::error("pool-dn", what)),
    });
    let fqdn =
        if fqdn.is_empty() { fitting.first().map(|one| one.fqdn.clone()).unwrap_or_default() } else { fqdn };
    let weight = *key.weight.get_ref();
    Some(Pool {
        label,
        fqdn,
        dn,
        normalized: normalized.ok()?,
        capacity: key.capacity,
        homed: key.homed,
        weight,
        version: None,
        kind: None,
    })
}

/// The normalised DN of a pool's `CN=LC Services` object.
fn pool_dn(dn: &str) -> Result<String, Text> {
    let normalized = ldif::dn::normalize(dn).map_err(|fault| input::fault::no_dn(dn, &fault))?;
    match ocs::pool_name(dn) {
        Some(_) => Ok(normalized.into_owned()),
        None => Err(text!(
            "`{dn}` names no pool: expected CN=LC Services,CN=Microsoft,CN=<pool>,CN=Pools,CN=RTC Service,…",
            "`{dn}` ne désigne pas un pool\u{a0}: attendu CN=LC Services,CN=Microsoft,CN=<pool>,CN=Pools,CN=RTC Service,…"
        )),
    }
}

fn is_called(name: &str, fqdn: &str, typed: &str) -> bool {
    name.eq_ignore_ascii_case(typed) || !fqdn.is_empty() && fqdn.eq_ignore_ascii_case(typed)
}

/// The pool of that label, name, FQDN or DN, if there is one only.
pub(super) fn called(pools: &[Pool], text: &str) -> Option<PoolId> {
    let dn = ldif::dn::normalize(text).ok().filter(|_| text.contains('='));
    let is_it = |pool: &Pool| match &dn {
        Some(dn) => pool.normalized == *dn,
        None => is_named(pool, text),
    };
    let mut fitting = (0..).zip(pools).filter(|(_, pool)| is_it(pool));
    fitting.next().filter(|_| fitting.next().is_none()).map(|(at, _)| PoolId(at))
}

fn is_named(pool: &Pool, text: &str) -> bool {
    let cn = ocs::pool_name(&pool.dn).unwrap_or_default();
    pool.label.eq_ignore_ascii_case(text) || is_called(&cn, &pool.fqdn, text)
}

/// The pool that `--pool` names: by DN, or by name or FQDN among those described.
fn named(typed: &str, pools: &[Pool], found: Option<&[FoundPool]>, faults: &mut Faults) -> Option<Pool> {
    if typed.contains('=') {
        let normalized = pool_dn(typed)
            .map_err(|what| {
                faults.push(Message::error("pool-dn", what.map(|what| format!("--pool: {what}"))))
            })
            .ok()?;
        let fqdn = found
            .and_then(|found| found.iter().find(|one| one.normalized == normalized))
            .map(|one| one.fqdn.clone());
        let label = ocs::pool_name(typed)?;
        return Some(Pool {
            label,
            fqdn: fqdn.unwrap_or_default(),
            dn: typed.to_owned(),
            normalized,
            capacity: 0,
            homed: 0,
            weight: 1,
            version: None,
            kind: None,
        });
    }
    if let Some(pool) = pools.iter().find(|pool| is_named(pool, typed)) {
        return Some(Pool { label: ocs::pool_name(&pool.dn).unwrap_or_default(), ..pool.clone() });
    }
    let fitting: Vec<&FoundPool> =
        found.into_iter().flatten().filter(|one| is_called(&one.name, &one.fqdn, typed)).collect();
    match &fitting[..] {
        [] => {}
        [one] => return Some(of_export((*one).clone())),
        several => {
            let (what, help) = ambiguous(typed, several);
            faults.push(Message::error("pool-ambiguous", what).help(help));
            return None;
        }
    }
    let what = text!("nothing describes a pool `{typed}`", "rien ne décrit un pool `{typed}`");
    let message = Message::error("pool-unknown-target", what);
    let known = pools.iter().map(|pool| pool.label.as_str());
    let known = known.chain(found.into_iter().flatten().flat_map(|one| [one.name.as_str(), &one.fqdn]));
    let near = message::nearest(typed, known);
    let message = match found {
        Some(found) => message.because(listed(found)),
        None => message,
    };
    faults.push(match near {
        Some(near) => message.help(text!("did you mean `{near}`?", "vouliez-vous dire `{near}` ?")),
        None => message.help(by_export()),
    });
    None
}

/// Several pools have the name: one in the System and one in the Configuration container, mostly.
fn ambiguous(typed: &str, fitting: &[&FoundPool]) -> (Text, Text) {
    let dns = fitting.iter().map(|one| format!("`{}`", one.dn)).collect::<Vec<_>>().join(", ");
    let what = text!("several pools are called `{typed}`", "plusieurs pools s’appellent `{typed}`");
    (what, text!("name the pool by its DN: {dns}", "désignez le pool par son DN\u{a0}: {dns}"))
}

/// How to name a pool without typing its DN.
fn by_export() -> Text {
    text!(
        "give the DN of the pool's CN=LC Services object by --pool, or an export of the pools by --pools: {EXPORT}",
        "donnez par --pool le DN de l’objet CN=LC Services du pool, ou par --pools un export des pools\u{a0}: {EXPORT}",
    )
}

/// The command that exports the pools; the DC= parts are those of the forest root.
const EXPORT: &str =
    "ldifde -f pools.ldif -d \"CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=…,DC=…\"";

fn listed(found: &[FoundPool]) -> Text {
    let names: Vec<String> = found
        .iter()
        .map(
            |one| if one.fqdn.is_empty() { one.name.clone() } else { format!("{} ({})", one.name, one.fqdn) },
        )
        .collect();
    let names = names.join(", ");
    text!("the export of the pools shows: {names}", "l’export des pools montre\u{a0}: {names}")
}

/// The only pool of the export, where nobody names one.
fn only(found: Option<&[FoundPool]>, faults: &mut Faults) -> Option<Pool> {
    match found {
        Some([one]) => Some(of_export(one.clone())),
        Some(found) => {
            let what = text!(
                "several pools to choose from, and none is named",
                "plusieurs pools au choix, et aucun n’est nommé",
            );
            let help = text!("name one or more by --pool", "nommez-en un ou plusieurs par --pool");
            faults.push(Message::error("pool-missing", what).because(listed(found)).help(help));
            None
        }
        None => {
            let what = text!("no pool is named", "aucun pool n’est nommé");
            faults.push(Message::error("pool-missing", what).help(by_export()));
            None
        }
    }
}

/// Pools that only the export of the pools describes are known, too.
pub(super) fn describe(pools: &mut Vec<Pool>, found: Vec<FoundPool>) {
    for one in found {
        match pools.iter_mut().find(|pool| pool.normalized == one.normalized) {
            Some(pool) => {
                pool.version = one.version;
                pool.kind = one.kind;
                if pool.fqdn.is_empty() {
                    pool.fqdn = one.fqdn;
                }
            }
            None => pools.push(of_export(one)),
        }
    }
}

/// A pool of which nothing is known but what the export of the pools shows.
fn of_export(FoundPool { name, fqdn, dn, normalized, version, kind }: FoundPool) -> Pool {
    Pool { label: name, fqdn, dn, normalized, capacity: 0, homed: 0, weight: 1, version, kind }
}

/// The target pools of later products, a warning each.
pub(super) fn newer(pools: &[Pool], rules: &[Rule]) -> Vec<Message> {
    let targets: BTreeSet<usize> =
        rules.iter().flat_map(|rule| &rule.pools).map(|pool| pool.index()).collect();
    let newer = targets.into_iter().map(|at| &pools[at]).filter(|pool| pool.is_newer());
    let warning = |pool: &Pool| {
        let what = text!(
            "the target `{label}` is a pool of Lync Server 2010 or later",
            "la cible `{label}` est un pool de Lync Server 2010 ou ultérieur",
            label = &pool.label,
        );
        Message::warning("pool-newer", what).because(pool::newer_note())
    };
    newer.map(warning).collect()
}

/// Pools in the System and in the Configuration container at once: one of the two is a leftover.
pub(super) fn mixed_containers(pools: &[Pool]) -> Option<Message> {
    let in_system = |pool: &&Pool| pool.normalized.contains(",cn=rtc service,cn=microsoft,cn=system,");
    let one = pools.iter().find(in_system)?;
    let other = pools.iter().find(|pool| !in_system(pool))?;
    let what = text!(
        "`{}` is in the System container and `{}` in another",
        "`{}` est dans le conteneur System et `{}` dans un autre",
        one.label,
        other.label
    );
    let message = Message::warning("pool-containers", what);
    Some(message.because(
        text!("a forest keeps its global settings in one of them; DNs in the other are leftovers of a migration", "une forêt garde ses paramètres globaux dans l’un d’eux\u{202f}; les DN de l’autre sont des restes d’une migration"),
    ))
}
