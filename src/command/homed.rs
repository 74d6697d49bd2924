//! The pools of the users of referenced runs. Change files show only pools that a run writes; its report shows all.

use std::collections::HashMap;
use std::path::Path;

use crate::fingerprint::Fingerprint;
use crate::message::Failure;
use crate::ocs::pool_name;
use crate::output::xml::rows::RowFields;
use crate::plan::Homed;
use crate::pool::{Home, PoolId};
use crate::report::Status;
use crate::run;
use crate::schema::value::guid_octets;
use crate::settings::Settings;

/// Returns the users who are on a pool after a run, if this run knows the pool.
pub(super) fn homed(folder: &Path, settings: &Settings) -> Result<Vec<Homed>, Failure> {
    let mut all = Vec::new();
    if settings.placement.pools.is_empty() {
        return Ok(all);
    }
    let mut pools: HashMap<String, Option<PoolId>> = HashMap::new();
    run::pools(folder, |pool| {
        pools.insert(pool.get("label").to_owned(), by_dn(pool.get("dn"), settings));
    })?;
    run::rows(folder, |row| {
        let Some(name) = pool_after(row) else { return };
        if !pools.contains_key(name) {
            pools.insert(name.to_owned(), by_name(name, settings));
        }
        all.extend(pools[name].and_then(|pool| user(row, pool)));
    })?;
    Ok(all)
}

/// The pool that the user is homed on after the run.
fn pool_after(row: &RowFields) -> Option<&str> {
    let status = row.get("status");
    let is = |one: &Status| status == one.name();
    let is_left_alone = [Status::Skipped, Status::Rejected].iter().any(is);
    let gets_all = [Status::Changed, Status::Unchanged, Status::Applied].iter().any(is);
    let (address, pool) = if is_left_alone {
        ("previousSipUri", "previousPool")
    } else if gets_all || !row.get("record").is_empty() {
        ("sipUri", "pool")
    } else {
        return None;
    };
    // A user without an address is not homed.
    Some(row.get(pool)).filter(|pool| !pool.is_empty() && !row.get(address).is_empty())
}

/// The user of a row, unless the report masks who it is.
fn user(row: &RowFields, pool: PoolId) -> Option<Homed> {
    let dn = ldif::dn::normalize(row.get("dn")).ok().map(|dn| Fingerprint::of(dn.as_bytes()))?;
    let guid = guid_octets(row.get("guid").as_bytes()).map(|guid| Fingerprint::of(&guid));
    Some(Homed { dn, guid, pool })
}

fn by_dn(dn: &str, settings: &Settings) -> Option<PoolId> {
    match settings.home(Some(&ldif::dn::normalize(dn).ok()?)) {
        Home::Known(pool) => Some(pool),
        _ => None,
    }
}

/// Finds a pool that the report does not describe and so calls by its CN, or by its DN.
fn by_name(name: &str, settings: &Settings) -> Option<PoolId> {
    let mut pools = settings.placement.pools.iter();
    let found = pools.find(|pool| pool_name(&pool.dn).is_some_and(|cn| cn.eq_ignore_ascii_case(name)));
    by_dn(found.map_or(name, |pool| &pool.dn), settings)
}
