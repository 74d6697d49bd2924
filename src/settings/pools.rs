//! The pools of a run: those that flags and configuration describe, looked up in the export of the pools.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use super::Rule;
use super::compiler::Compiler;
use crate::config::{ConfigFile, PoolSection};
use crate::flags;
use crate::input::{self, Export, Role};
use crate::language::{Text, text};
use crate::message::{self, Failure, Message};
use crate::object::Attributes;
use crate::ocs::{self, POOL_SHAPE};
use crate::pool::lookup::{self, PoolExport};
use crate::pool::{self, Pool, PoolId};

/// The maximum number of pools in a run, and of tickets that a pool draws for each user.
const MOST_POOLS: usize = 10_000;
const MOST_WEIGHT: u32 = 1_000;

/// Reads the export of the pools.
pub(super) fn look_up(
    path: &Path,
    options: &input::Options,
    attributes: &Attributes,
) -> Result<PoolExport, Failure> {
    let export = Export::open(path, Role::Pools, options, attributes).map_err(Failure::Broken)?;
    lookup::read(&export, attributes)
}

impl Compiler<'_> {
    /// Returns all pools that flags and configuration describe, and the targets for users without a rule: at least one
    /// if they are wanted. Returns nothing if there are too many pools: every name of a pool would then be an error.
    pub(super) fn pools(
        &mut self,
        args: &flags::PoolsArgs,
        are_wanted: bool,
        export: Option<&PoolExport>,
    ) -> Option<(Vec<Pool>, Vec<PoolId>)> {
        let found = export.map(|export| &*export.pools);
        let mut pools = self.described(found)?;
        let mut targets = Vec::new();
        for typed in &args.pool {
            let Some(pool) = self.keep(find_named(typed, &pools, found)) else { continue };
            let at = pools.iter().position(|known| known.normalized == pool.normalized);
            let at = at.unwrap_or_else(|| {
                pools.push(pool.clone());
                pools.len() - 1
            });
            pools[at].label = pool.label;
            targets.extend(u16::try_from(at).map(PoolId).ok().filter(|id| !targets.contains(id)));
        }
        if args.pool.is_empty() {
            if pools.is_empty() && are_wanted {
                match only_pool(found) {
                    Ok(pool) => pools.push(pool),
                    // Each pool that a rule names is an error of its own.
                    Err(_) if self.source.config.rule.iter().any(|rule| rule.pools.is_some()) => {}
                    Err(missing) => self.faults.push(missing),
                }
            }
            targets.extend((0..pools.len()).filter_map(|at| u16::try_from(at).ok()).map(PoolId));
        }
        let whole = found.filter(|_| are_wanted && export.is_some_and(|export| export.is_whole));
        for target in &targets {
            let Pool { label, dn, normalized, .. } = &pools[target.index()];
            if let Some(found) = whole.filter(|all| all.iter().all(|one| one.normalized != *normalized)) {
                let what = text!(
                    "the export of the pools lacks the pool `{label}` ({dn})",
                    "l’export des pools ne contient pas le pool `{label}` ({dn})"
                );
                self.faults.push(Message::error("pool-unknown-target", what).because(pools_shown(found)));
            }
        }
        if let Some(export) = export.filter(|export| !export.is_whole && !self.faults.is_empty()) {
            self.faults.extend_from_slice(&export.messages);
        }
        Some((pools, targets))
    }

    /// Returns the pools of the configuration, without duplicates.
    fn described(&mut self, found: Option<&[Pool]>) -> Option<Vec<Pool>> {
        let keys = &self.source.config.pool;
        let described = keys.len() + found.map_or(0, <[Pool]>::len);
        if described > MOST_POOLS {
            let what = text!(
                "{described} pools are described, but a run can handle {MOST_POOLS}",
                "{described} pools sont décrits, et une exécution en connaît {MOST_POOLS}",
            );
            self.faults.push(Message::error("pools-too-many", what));
            return None;
        }
        let pools: Vec<Pool> = keys.iter().filter_map(|key| self.configured(key, found)).collect();
        let (mut labels, mut dns) = (HashSet::new(), HashSet::new());
        for (at, pool) in pools.iter().enumerate() {
            let is_new = labels.insert(&pool.label) & dns.insert(&pool.normalized);
            if !is_new {
                let key = &keys[at.min(keys.len() - 1)].label;
                let what =
                    text!("pool `{}` is described twice", "le pool `{}` est décrit deux fois", pool.label);
                self.faults.push(self.source.fault("pool-twice", key, what));
            }
        }
        Some(pools)
    }

    /// Returns the pool under a key, completed from the export of the pools if necessary.
    fn configured(&mut self, key: &PoolSection, found: Option<&[Pool]>) -> Option<Pool> {
        let label = key.label.get_ref().clone();
        let named = key.fqdn.as_ref().map(|fqdn| fqdn.get_ref().clone()).filter(|fqdn| !fqdn.is_empty());
        let matches = |one: &&Pool| {
            one.is_labelled(&label) || named.as_ref().is_some_and(|fqdn| one.fqdn.eq_ignore_ascii_case(fqdn))
        };
        let fitting: Vec<&Pool> = found.into_iter().flatten().filter(matches).collect();
        let refused = |code, what| self.source.fault(code, &key.label, what);
        let dn = match (&key.dn, &fitting[..]) {
            (Some(dn), _) => Ok(dn.get_ref().clone()),
            (None, [one]) => Ok(one.dn.clone()),
            (None, [_, _, ..]) => {
                let (what, help) = ambiguous(&label, &fitting);
                Err(refused("pool-ambiguous", what).help(help))
            }
            (None, []) => {
                let what = text!("pool `{label}` has no DN", "le pool `{label}` n’a pas de DN");
                Err(refused("pool-dn", what).help(text!(
                    "write dn = \"CN=LC Services,CN=Microsoft,…\", or give an export of the pools with --pools",
                    "écrivez dn = \"CN=LC Services,CN=Microsoft,…\", ou donnez un export des pools par --pools"
                )))
            }
        };
        let dn = self.keep(dn)?;
        let weight = self.keep(weight(key, self.source));
        let normalized = pool_dn(&dn).map_err(|what| match &key.dn {
            Some(written) => self.source.fault("pool-dn", written, what).help(meant(&dn)),
            None => Message::error("pool-dn", what),
        });
        let normalized = self.keep(normalized)?;
        let fqdn = named.or(fitting.first().map(|one| one.fqdn.clone())).unwrap_or_default();
        let (capacity, homed, weight) = (key.capacity, key.homed, weight.unwrap_or(1));
        Some(Pool { label, fqdn, dn, normalized, capacity, homed, weight, ..Pool::default() })
    }
}

/// Checks the weight of a pool.
fn weight(key: &PoolSection, source: &ConfigFile) -> Result<u32, Message> {
    match *key.weight.get_ref() {
        0 => {
            let what =
                text!("a pool of weight 0 gets no user", "un pool de poids 0 ne reçoit aucun utilisateur");
            Err(source.fault("pool-weight", &key.weight, what))
        }
        weight @ 1..=MOST_WEIGHT => Ok(weight),
        weight => {
            let what = text!("the weight {weight} is too large", "le poids {weight} est trop grand");
            let why = text!(
                "each user draws as many tickets as the weights add up to; the most is {MOST_WEIGHT}",
                "chaque utilisateur tire autant de billets que la somme des poids\u{202f}; le maximum est {MOST_WEIGHT}",
            );
            Err(source.fault("pool-weight", &key.weight, what).because(why).help(text!(
                "divide the weights by a common factor",
                "divisez les poids par un facteur commun",
            )))
        }
    }
}

/// Normalises the DN of a pool's `CN=LC Services` object.
fn pool_dn(dn: &str) -> Result<String, Text> {
    let normalized = ldif::dn::normalize(dn).map_err(|fault| input::fault::no_dn(dn, &fault))?;
    match ocs::pool_name(dn) {
        Some(_) if pool::is_leftover(&normalized) => Err(text!(
            "`{dn}` is the leftover of a deleted or conflicting pool",
            "`{dn}` est ce qu’une suppression ou un conflit a laissé d’un pool"
        )),
        Some(_) => Ok(normalized.into_owned()),
        None => Err(text!(
            "`{dn}` names no pool: expected {POOL_SHAPE}",
            "`{dn}` ne désigne pas un pool\u{a0}: attendu {POOL_SHAPE}"
        )),
    }
}

/// Suggests the `CN=LC Services` object if the DN is that of the pool itself or of its `CN=Microsoft`.
fn meant(dn: &str) -> Option<Text> {
    let normalized = ldif::dn::normalize(dn).ok()?;
    let (below, pool) = match normalized.strip_prefix("cn=microsoft,") {
        Some(pool) => ("CN=LC Services,", pool),
        None => (ocs::BELOW_POOL, &*normalized),
    };
    let (_, container) = pool.split_once(',')?;
    let is_pool = container.starts_with("cn=pools,cn=rtc service,");
    is_pool.then(|| message::did_you_mean(&format!("{below}{dn}")))
}

/// Indexes the pools by label, FQDN and CN in lower case; an ambiguous name maps to `None`.
pub(super) fn by_name(pools: &[Pool]) -> HashMap<String, Option<PoolId>> {
    let mut all = HashMap::new();
    for (pool, id) in pools.iter().zip((0..).map(PoolId)) {
        let cn = ocs::pool_name(&pool.dn).unwrap_or_default();
        let names = [&pool.label, &pool.fqdn, &cn].map(|name| name.to_ascii_lowercase());
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            let known = all.entry(name).or_insert(Some(id));
            *known = known.filter(|known| *known == id);
        }
    }
    all
}

/// Finds the pool that `--pool` names: by DN, or by name or FQDN among the known ones.
fn find_named(typed: &str, pools: &[Pool], found: Option<&[Pool]>) -> Result<Pool, Message> {
    let found_all = found.unwrap_or_default();
    if typed.contains('=') {
        let refused = |what: Text| {
            Message::error("pool-dn", what.map(|what| format!("--pool: {what}"))).help(meant(typed))
        };
        let normalized = pool_dn(typed).map_err(refused)?;
        let one = found_all.iter().find(|one| one.normalized == normalized);
        let fqdn = one.map(|one| one.fqdn.clone()).unwrap_or_default();
        let label = ocs::pool_name(typed).unwrap_or_default();
        return Ok(Pool { label, fqdn, dn: typed.to_owned(), normalized, ..Pool::default() });
    }
    if let Some(pool) = pools.iter().find(|pool| pool.is_named(typed)) {
        return Ok(Pool { label: ocs::pool_name(&pool.dn).unwrap_or_default(), ..pool.clone() });
    }
    let fitting: Vec<&Pool> = found_all.iter().filter(|one| one.is_labelled(typed)).collect();
    match &fitting[..] {
        [] => {}
        [one] => return Ok((*one).clone()),
        several => {
            let (what, help) = ambiguous(typed, several);
            return Err(Message::error("pool-ambiguous", what).help(help));
        }
    }
    let what = text!("nothing describes a pool `{typed}`", "rien ne décrit un pool `{typed}`");
    let mut message = Message::error("pool-unknown-target", what);
    message.notes.extend(found.map(pools_shown));
    let known = pools.iter().map(|pool| pool.label.as_str());
    let known = known.chain(found_all.iter().flat_map(|one| [one.label.as_str(), &one.fqdn]));
    Err(message.help(message::nearest(typed, known).map_or_else(by_export, message::did_you_mean)))
}

/// Describes an ambiguous name: usually one pool is in the System container and one in the Configuration container.
fn ambiguous(typed: &str, fitting: &[&Pool]) -> (Text, Text) {
    let dns = fitting.iter().map(|one| format!("`{}`", one.dn)).collect::<Vec<_>>().join(", ");
    let what = text!("several pools are called `{typed}`", "plusieurs pools s’appellent `{typed}`");
    (what, text!("name the pool by its DN: {dns}", "désignez le pool par son DN\u{a0}: {dns}"))
}

/// Returns the error that none of several pools is named.
pub(crate) fn none_of_several() -> Message {
    let what = text!(
        "several pools to choose from, and none is named",
        "plusieurs pools au choix, et aucun n’est nommé",
    );
    let help = text!("name one or more with --pool", "nommez-en un ou plusieurs par --pool");
    Message::error("pool-missing", what).help(help)
}

/// Explains how to name a pool without typing its DN.
pub(crate) fn by_export() -> Text {
    text!(
        "give the DN of the pool's CN=LC Services object with --pool, or an export of the pools with --pools: {EXPORT}",
        "donnez par --pool le DN de l’objet CN=LC Services du pool, ou par --pools un export des pools\u{a0}: {EXPORT}",
    )
}

/// The command that exports the pools; the DC= parts are those of the forest root.
const EXPORT: &str =
    "ldifde -f pools.ldif -d \"CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=…,DC=…\"";

/// Lists the pools that the export shows.
fn pools_shown(found: &[Pool]) -> Text {
    let name = |Pool { label, fqdn, .. }: &Pool| match fqdn.as_str() {
        "" => label.clone(),
        fqdn => format!("{label} ({fqdn})"),
    };
    let names = found.iter().map(name).collect::<Vec<_>>().join(", ");
    text!("the export of the pools shows: {names}", "l’export des pools montre\u{a0}: {names}")
}

/// Returns the only pool of the export, for a run in which no pool is named.
fn only_pool(found: Option<&[Pool]>) -> Result<Pool, Message> {
    let missing = |what| Message::error("pool-missing", what);
    let of_users = found.map(|found| found.iter().filter(|pool| pool.takes_users()));
    match (found, of_users.map(Iterator::collect::<Vec<_>>).as_deref()) {
        (_, Some([one])) => Ok((*one).clone()),
        (Some(found), Some([])) => {
            let what = text!(
                "no pool is named, and the export shows only pools where no user signs in",
                "aucun pool n’est nommé, et l’export ne montre que des pools où aucun utilisateur ne se connecte"
            );
            Err(missing(what).because(pools_shown(found)).help(by_export()))
        }
        (Some(found), _) => Err(none_of_several().because(pools_shown(found))),
        (None, _) => Err(missing(text!("no pool is named", "aucun pool n’est nommé")).help(by_export())),
    }
}

/// Adds the pools that only the export of the pools describes.
pub(super) fn describe(pools: &mut Vec<Pool>, found: Vec<Pool>) {
    for one in found {
        match pools.iter_mut().find(|pool| pool.normalized == one.normalized) {
            Some(pool) => {
                pool.version = one.version;
                pool.kind = one.kind;
                if pool.fqdn.is_empty() {
                    pool.fqdn = one.fqdn;
                }
            }
            None => pools.push(one),
        }
    }
}

/// Warns about each target pool of a later product or without users.
pub(super) fn unfit(pools: &[Pool], rules: &[Rule]) -> Vec<Message> {
    let targets: BTreeSet<usize> =
        rules.iter().flat_map(|rule| &rule.pools).map(|pool| pool.index()).collect();
    let newer = |pool: &Pool| {
        let what = text!(
            "the target `{label}` is a pool of Lync Server 2010 or later",
            "la cible `{label}` est un pool de Lync Server 2010 ou ultérieur",
            label = &pool.label,
        );
        Message::warning("pool-newer", what).because(pool::newer_note())
    };
    let without_users = |pool: &Pool| {
        let what = text!(
            "the target `{label}` is a pool of applications, where no user signs in",
            "la cible `{label}` est un pool d’applications, où aucun utilisateur ne se connecte",
            label = &pool.label,
        );
        Message::warning("pool-without-users", what)
    };
    let warnings = |at: usize| {
        let pool = &pools[at];
        let newer = pool.is_newer().then(|| newer(pool));
        newer.into_iter().chain((!pool.takes_users()).then(|| without_users(pool)))
    };
    targets.into_iter().flat_map(warnings).collect()
}

/// Warns about pools in both the System and the Configuration container: one of the two is a leftover.
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
