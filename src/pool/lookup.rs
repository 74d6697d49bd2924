//! Reads pools from an export of `CN=Pools,CN=RTC Service,…`, so that nobody needs to type a DN.

use std::collections::BTreeMap;

use super::{Kind, Pool};
use crate::input::asides::{Aside, Asides, ExportAsides};
use crate::input::{Export, ExportRecord, Finding, Hashing, RecordKind, Shown};
use crate::language::text;
use crate::message::{Failure, Message, Severity};
use crate::object::{Attr, Attributes, Object, Values};
use crate::ocs::{BELOW_POOL, BELOW_POOL_NORMALIZED, pool_name};
use crate::schema::lost::{TextKind, lost_character};

/// Passes each object of an export of pools or policies to `each`, with whether its DN is certain; deleted objects are
/// skipped. Of an unreadable record only the DN is passed. Returns the warnings about the export, and whether all of it
/// was readable.
///
/// # Errors
/// Errors of reading; `export-incomplete`.
pub(crate) fn objects(
    export: &Export,
    attributes: &Attributes,
    mut each: impl FnMut(&Object<'_>, bool),
) -> Result<(Vec<Message>, bool), Failure> {
    let (mut account, mut is_whole) = (ExportAsides::default(), true);
    let is_guessed = export.messages.iter().any(|message| message.code == "encoding-fallback");
    for batch in export.batches(Hashing::None).map_err(Failure::broken)? {
        let batch = batch.map_err(Failure::broken)?;
        let (mut asides, mut records) = (Asides::default(), 0);
        export.records(&batch, attributes, &mut Shown::new(attributes), &mut |record| {
            let (object, mut findings) = match record {
                ExportRecord::Aside(aside) => return asides.push(aside, records),
                ExportRecord::Record(RecordKind::Change, _, findings) => (None, findings),
                ExportRecord::Record(RecordKind::Entry, object, findings) => (Some(object), findings),
                ExportRecord::Record(_, object, findings) => {
                    is_whole = false;
                    (Some(Object { values: Values::default(), ..object }), findings)
                }
            };
            let is_deleted = |object: &Object<'_>| {
                object.normalized.contains("\ndel:") || object.boolean(Attr::IS_DELETED) == Some(true)
            };
            if let Some(object) = object.filter(|object| !is_deleted(object)) {
                findings.extend(object.values.invalid().map(|value| Finding::invalid(value, value.at)));
                let is_of_dn = |found: &Finding| {
                    matches!(&found.place.within, Some((name, _)) if name.eq_ignore_ascii_case("dn"))
                };
                let is_read = object.dn.is_ascii() || !is_guessed && !findings.iter().any(is_of_dn);
                let is_sure = is_read && !has_lost_letters(&object.dn);
                is_whole &= is_sure;
                each(&object, is_sure);
            }
            for finding in findings {
                let severity = finding.severity.min(Severity::Warning);
                asides.push(Aside::Finding(Finding { severity, ..finding }), records);
            }
            records += 1;
        });
        account.take(asides.located(export, &batch), records, &export.name);
    }
    let (errors, messages) = account
        .finish(export.is_part)
        .into_iter()
        .partition::<Vec<_>, _>(|message| message.severity == Severity::Error);
    if !errors.is_empty() {
        return Err(Failure::Broken(errors));
    }
    let messages = export.messages.iter().cloned().chain(messages);
    Ok((messages.filter(|message| message.severity == Severity::Warning).collect(), is_whole))
}

fn has_lost_letters(dn: &str) -> bool {
    lost_character(dn.as_bytes(), TextKind::Dn).is_some()
}

/// The pools of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PoolExport {
    /// Sorted by normalised DN.
    pub pools: Vec<Pool>,
    /// Warnings about the export.
    pub messages: Vec<Message>,
    /// Whether the export is certain to be complete.
    pub is_whole: bool,
}

/// Reads the pools of an export.
///
/// # Errors
/// Errors of reading; `encoding-guessed` or `lost-characters` if letters in the DN of a pool, which would be written to
/// users, are guessed or lost; `pools-none` if there is no pool.
pub(crate) fn read(export: &Export, attributes: &Attributes) -> Result<PoolExport, Failure> {
    let mut found: BTreeMap<String, Pool> = BTreeMap::new();
    let mut unsure = None;
    let (messages, is_whole) = objects(export, attributes, |object, is_sure| {
        let known = found.len();
        add_pool(object, &mut found);
        if !is_sure && found.len() > known {
            unsure.get_or_insert_with(|| object.dn.to_string());
        }
    })?;
    if let Some(dn) = unsure {
        let (code, what) = if has_lost_letters(&dn) {
            let what =
                text!("`{dn}` in `{}` has lost a letter", "`{dn}` dans `{}` a perdu une lettre", export.name);
            ("lost-characters", what)
        } else {
            let what = text!(
                "`{dn}` in `{}` is read by a guess at the encoding",
                "`{dn}` dans `{}` est lu par conjecture sur le codage",
                export.name
            );
            ("encoding-guessed", what)
        };
        let help = text!(
            "export the pools again with ldifde -u, or name the encoding with --encoding",
            "refaites l’export des pools avec ldifde -u, ou indiquez le codage par --encoding"
        );
        let message = Message::error(code, what).help(help);
        return Err(Failure::Unfit(messages.into_iter().chain([message]).collect()));
    }
    if found.is_empty() {
        let what = text!("`{}` shows no pool", "`{}` ne montre aucun pool", export.name);
        let message = Message::error("pools-none", what);
        let message = message.help(text!(
            "export CN=Pools,CN=RTC Service,… with its subtree, dNSHostName included",
            "exportez CN=Pools,CN=RTC Service,… avec son sous-arbre, dNSHostName compris"
        ));
        return Err(Failure::Unfit(messages.into_iter().chain([message]).collect()));
    }
    Ok(PoolExport { pools: found.into_values().collect(), messages, is_whole })
}

/// Records a pool from either of its objects: itself (with the FQDN), or its `CN=LC Services` object (with the DN as
/// written).
fn add_pool(object: &Object<'_>, found: &mut BTreeMap<String, Pool>) {
    let is_services = object.normalized.starts_with(BELOW_POOL_NORMALIZED);
    let dn = if is_services { object.dn.to_string() } else { format!("{BELOW_POOL}{}", object.dn) };
    let Some(label) = pool_name(&dn) else { return };
    let Ok(normalized) = ldif::dn::normalize(&dn).map(std::borrow::Cow::into_owned) else { return };
    if !normalized[BELOW_POOL.len()..].starts_with(&format!("cn={},cn=pools,", label.to_lowercase())) {
        return; // something below a pool, such as one of its services
    }
    let pool = found.entry(normalized.clone()).or_insert(Pool {
        label,
        dn: dn.clone(),
        normalized,
        ..Pool::default()
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
    use crate::input::{Options, Role};

    /// The CN of each object that the export passes on, with `?` behind one that is uncertain, and `…` if the export
    /// may lack something.
    fn passed(text: &[u8]) -> Result<String, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pools.ldif");
        std::fs::write(&path, text).unwrap();
        let attributes = Attributes::default();
        let export = Export::open(&path, Role::Pools, &Options::default(), &attributes).unwrap();
        let mut passed = String::new();
        let (_, is_whole) = objects(&export, &attributes, |object, is_sure| {
            passed += object.dn[3..].split([',', '\\']).next().unwrap_or_default();
            passed += if is_sure { " " } else { "? " };
        })?;
        Ok(passed + if is_whole { "" } else { "…" })
    }

    #[test]
    fn the_objects_of_an_export_are_passed_on_unless_they_are_deleted() {
        for (text, expect) in [
            (&b"dn: CN=a,DC=x\ncn: a\n\ndn: CN=b,DC=x\ncn: b\n"[..], "a b "),
            (b"dn: CN=a\\0ADEL:4711,DC=x\ncn: a\n\ndn: CN=b,DC=x\ncn: b\n", "b "),
            (b"dn: CN=a,DC=x\nisDeleted: TRUE\n\ndn: CN=b,DC=x\nisDeleted: FALSE\n", "b "),
            (b"dn: CN=a,DC=x\ncn : a\n\ndn: CN=b,DC=x\ncn: b\n", "a b …"),
            (b"dn: CN=a?a,DC=x\ncn: a\n\ndn: CN=b,DC=x\ncn: b\n", "a?a? b …"),
            (b"dn: CN=a\xe9,DC=x\ncn: a\n\ndn: CN=b,DC=x\ncn: b\n", "a\u{e9}? b …"),
            (b"dn:: Q049YcOpLERDPXg=\ncn: a\n\ndn: CN=b,DC=x\ncn: b\n", "a\u{e9} b "),
            (b"dn: CN=a,DC=x\ncn: a\n\n# numEntries: 1\n", "a "),
        ] {
            assert_eq!(passed(text).unwrap(), expect, "{}", text.escape_ascii());
        }
        assert!(passed(b"dn: CN=a,DC=x\ncn: a\n\n# numEntries: 2\n").is_err());
    }
}
