//! The pools that an export of `CN=Pools,CN=RTC Service,…` shows, so that nobody types a DN.

use std::collections::BTreeMap;

use super::Kind;
use crate::input::{Export, Hashing, Record, Shown};
use crate::message::Message;
use crate::object::{Attr, Attributes, Object};

/// The two RDNs between a pool's object and the one that users are homed on.
const BELOW_POOL: &str = "CN=LC Services,CN=Microsoft,";
const BELOW_POOL_NORMALIZED: &str = "cn=lc services,cn=microsoft,";

/// A pool of the export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The CN of the pool, such as `pool01`.
    pub name: String,
    /// dNSHostName of the pool; empty if the export does not show it.
    pub fqdn: String,
    /// The DN of its `CN=LC Services` object.
    pub dn: String,
    /// The same DN, normalised.
    pub normalized: String,
    /// msRTCSIP-PoolVersion: 3 is OCS 2007, 4 is R2; none if the export does not show it.
    pub version: Option<u32>,
    /// What it is, if the export shows it.
    pub kind: Option<Kind>,
}

/// The CN of the pool whose `CN=LC Services` object this is; `None` for any other DN.
#[must_use]
pub fn name(lc_services: &str) -> Option<String> {
    let dn = ldif::Dn::parse(lc_services).ok()?;
    let normalized = dn.normalized();
    let in_pools = normalized.strip_prefix(BELOW_POOL_NORMALIZED)?.contains(",cn=pools,cn=rtc service,");
    let ava = dn.rdns().get(2)?.first().filter(|_| in_pools)?;
    String::from_utf8(ava.value.clone()).ok()
}

/// Reads the pools of an export, in the order of their normalised DNs.
///
/// # Errors
/// What the export's reading gives, and `pools-none` for an export without a pool.
pub fn read(export: &Export, attributes: &Attributes) -> Result<Vec<Found>, Message> {
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    for batch in export.batches(Hashing::None)? {
        let batch = batch?;
        export.records(&batch, attributes, &mut Shown::new(attributes), &mut |record| {
            if let Record::Entry(object, _) = record {
                note(&object, &mut found);
            }
        });
    }
    if found.is_empty() {
        let told = Message::error("pools-none", format!("`{}` shows no pool", export.name));
        return Err(told.help("export CN=Pools,CN=RTC Service,… with its subtree, dNSHostName included"));
    }
    Ok(found.into_values().collect())
}

/// A pool shows twice: as itself (with its FQDN), and as its `CN=LC Services` object (with the DN as written).
fn note(object: &Object<'_>, found: &mut BTreeMap<String, Found>) {
    if object.normalized.contains("\ndel:") {
        return;
    }
    let is_services = object.normalized.starts_with(BELOW_POOL_NORMALIZED);
    let dn = if is_services { object.dn.to_string() } else { format!("{BELOW_POOL}{}", object.dn) };
    let Some(name) = name(&dn) else { return };
    let Ok(normalized) = ldif::dn::normalize(&dn).map(std::borrow::Cow::into_owned) else { return };
    if !is_services
        && !normalized[BELOW_POOL.len()..].starts_with(&format!("cn={},cn=pools,", name.to_lowercase()))
    {
        return; // something below a pool, such as one of its services
    }
    let pool = found.entry(normalized.clone()).or_insert(Found {
        name,
        fqdn: String::new(),
        dn: dn.clone(),
        normalized,
        version: None,
        kind: None,
    });
    if is_services {
        pool.dn = dn;
        return;
    }
    if let Some(fqdn) = object.text(Attr::DNS_HOST_NAME) {
        fqdn.clone_into(&mut pool.fqdn);
    }
    pool.version = object.integer(Attr::POOL_VERSION).and_then(|version| u32::try_from(version).ok());
    pool.kind = object.integer(Attr::POOL_TYPE).and_then(Kind::of);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_is_named_by_its_lc_services_object_alone() {
        let base = "CN=pool01,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com";
        assert_eq!(name(&format!("cn=lc services, CN=Microsoft,{base}")).as_deref(), Some("pool01"));
        assert_eq!(name(base), None);
        assert_eq!(name("pool01.contoso.com"), None);
    }
}
