//! The pools that an export of `CN=Pools,CN=RTC Service,…` shows, so that nobody types a DN.

use std::collections::BTreeMap;

use super::Kind;
use crate::input::asides::{Account, Asides};
use crate::input::{Export, ExportRecord, Hashing, Shown};
use crate::language::text;
use crate::message::{Message, Severity};
use crate::object::{Attr, Attributes, Object};
use crate::ocs::{BELOW_POOL, BELOW_POOL_NORMALIZED, pool_name};

/// A pool of the export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundPool {
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

/// Hands out every object of an export of pools or policies that is not deleted.
///
/// # Errors
/// What the export's reading gives; `export-incomplete`
pub(crate) fn objects(
    export: &Export,
    attributes: &Attributes,
    mut each: impl FnMut(&Object<'_>),
) -> Result<(), Message> {
    let mut account = Account::default();
    for batch in export.batches(Hashing::None)? {
        let batch = batch?;
        let (mut asides, mut records) = (Asides::default(), 0);
        export.records(&batch, attributes, &mut Shown::new(attributes), &mut |record| {
            match record {
                ExportRecord::Aside(aside) => return asides.push(aside, records),
                ExportRecord::Entry(object, _) if !object.normalized.contains("\ndel:") => each(&object),
                _ => {}
            }
            records += 1;
        });
        account.take(asides.located(export, &batch), records, &export.name);
    }
    let messages = account.finish(export.is_part());
    messages.into_iter().find(|messages| messages.severity == Severity::Error).map_or(Ok(()), Err)
}

/// Reads the pools of an export, in the order of their normalised DNs.
///
/// # Errors
/// What the export's reading gives, and `pools-none` for an export without a pool.
pub(crate) fn read(export: &Export, attributes: &Attributes) -> Result<Vec<FoundPool>, Message> {
    let mut found: BTreeMap<String, FoundPool> = BTreeMap::new();
    objects(export, attributes, |object| note(object, &mut found))?;
    if found.is_empty() {
        let message = Message::error(
            "pools-none",
            text!("`{}` shows no pool", "`{}` ne montre aucun pool", export.name),
        );
        return Err(message.help(text!(
            "export CN=Pools,CN=RTC Service,… with its subtree, dNSHostName included",
            "exportez CN=Pools,CN=RTC Service,… avec son sous-arbre, dNSHostName compris"
        )));
    }
    Ok(found.into_values().collect())
}

/// A pool shows twice: as itself (with its FQDN), and as its `CN=LC Services` object (with the DN as written).
fn note(object: &Object<'_>, found: &mut BTreeMap<String, FoundPool>) {
    let is_services = object.normalized.starts_with(BELOW_POOL_NORMALIZED);
    let dn = if is_services { object.dn.to_string() } else { format!("{BELOW_POOL}{}", object.dn) };
    let Some(name) = pool_name(&dn) else { return };
    let Ok(normalized) = ldif::dn::normalize(&dn).map(std::borrow::Cow::into_owned) else { return };
    if !is_services
        && !normalized[BELOW_POOL.len()..].starts_with(&format!("cn={},cn=pools,", name.to_lowercase()))
    {
        return; // something below a pool, such as one of its services
    }
    let pool = found.entry(normalized.clone()).or_insert(FoundPool {
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
