//! Looks up again what the scan did not keep: the texts of the few records that meet in an address or in a DN.

use std::collections::{HashMap, HashSet};

use xxhash_rust::xxh3::xxh3_64;

use crate::input::{Batch, Record, Role, Shown};
use crate::message::Failure;
use crate::object::{Attr, Object, Value};
use crate::parallel::pass;
use crate::plan::Exports;
use crate::plan::scan::Scan;
use crate::sip::claims::{Fingerprint, Party, StandsFor};
use crate::sip::{self, Scheme};
use crate::wizard::values::without_scheme;
use crate::wizard::{Given, Position, Wizard};

/// Reads the exports once more for what is to be known of these records.
///
/// # Errors
/// What reading gives.
pub(super) fn parties(
    wizard: &dyn Wizard,
    exports: &Exports,
    scan: &Scan,
    wanted: &HashSet<u32>,
) -> Result<HashMap<u32, Party>, Failure> {
    let mut parties = HashMap::with_capacity(wanted.len());
    let each = |export: usize, object: &Object<'_>, line: u64| {
        let is_reference = exports.all[export].role == Role::Reference;
        Party { input: index(export), line, ..party(wizard, object, is_reference) }
    };
    gather(wizard, exports, scan, wanted, &each, |found| parties.extend(found))?;
    Ok(parties)
}

/// Reads the exports once more for the hashes of what must be the same in two records of one object; in order.
///
/// # Errors
/// What reading gives.
pub(super) fn contents(
    wizard: &dyn Wizard,
    exports: &Exports,
    scan: &Scan,
    wanted: &HashSet<u32>,
) -> Result<Vec<(u32, u64)>, Failure> {
    let mut contents = Vec::with_capacity(wanted.len());
    let each = |_: usize, object: &Object<'_>, _: u64| content(wizard, object);
    gather(wizard, exports, scan, wanted, &each, |found| contents.extend(found))?;
    Ok(contents)
}

/// Takes something of each of these records, in order; reads nothing if there are none.
fn gather<T: Send>(
    wizard: &dyn Wizard,
    exports: &Exports,
    scan: &Scan,
    wanted: &HashSet<u32>,
    each: &(dyn Fn(usize, &Object<'_>, u64) -> T + Sync),
    mut take: impl FnMut(Vec<(u32, T)>) + Send,
) -> Result<(), Failure> {
    if wanted.is_empty() {
        return Ok(());
    }
    let is_wanted: Vec<bool> = scan
        .extents
        .iter()
        .map(|extent| (extent.first..extent.first + extent.records).any(|record| wanted.contains(&record)))
        .collect();
    let work = |export: usize, number: usize, batch: &Batch| {
        let mut found = Vec::new();
        if !is_wanted.get(number).copied().unwrap_or_default() {
            return found;
        }
        let mut record = scan.extents[number].first;
        let settings = wizard.settings();
        let mut shown = Shown::new(&settings.attributes);
        let mut positions = batch.positions();
        exports.all[export].records(batch, &settings.attributes, &mut shown, &mut |read| {
            match read {
                Record::Aside(_) => return,
                Record::Entry(object, _) if wanted.contains(&record) => {
                    let line = positions.of(object.at).line;
                    found.push((record, each(export, &object, line)));
                }
                _ => {}
            }
            record += 1;
        });
        found
    };
    pass("comparing", &exports.all, None, work, |found| {
        take(found);
        Ok(())
    })
}

fn index(export: usize) -> u32 {
    u32::try_from(export).unwrap_or(u32::MAX)
}

fn party(wizard: &dyn Wizard, object: &Object<'_>, is_reference: bool) -> Party {
    let verdict = wizard.judge(object);
    let claim = match &verdict.position {
        Position::Claims(candidate) => candidate.address.as_str().into(),
        Position::Keeps(address) => (*address).into(),
        _ => "".into(),
    };
    let address = |text: &str| Fingerprint::of(sip::normalize(text).as_bytes());
    let smtp = |text: &str| match Scheme::split(text) {
        Some((Scheme::Smtp, found)) => Some(address(found)),
        _ => None,
    };
    let mail =
        object.texts(Attr::MAIL).map(address).chain(object.texts(Attr::PROXY_ADDRESSES).filter_map(smtp));
    let is_contact = object.has_value(Attr::OBJECT_CLASS, "contact");
    let source = object.text(Attr::SOURCE_OBJECT_DN).and_then(|dn| ldif::dn::normalize(dn).ok());
    let target =
        object.text(Attr::TARGET_ADDRESS).map(|text| Scheme::split(text).map_or(text, |(_, found)| found));
    let of_sid = |attr: Attr| object.sid(attr).map(|sid| Fingerprint::of(&sid));
    let stands_for = if is_contact {
        let dn = source.map(|dn| Fingerprint::of(dn.as_bytes()));
        Some(StandsFor { dn, mail: target.map(address), sid: None })
    } else {
        of_sid(Attr::OBJECT_SID)
            .filter(|_| is_reference)
            .map(|sid| StandsFor { sid: Some(sid), ..StandsFor::default() })
    };
    let former = object.text(Attr::PRIMARY_USER_ADDRESS).map(without_scheme);
    // Only of those is it asked who meet somebody in what they claim or keep.
    let given = Given { claim: former, pool: None, shared: true };
    Party {
        dn: object.dn.as_ref().into(),
        input: 0,
        line: 0,
        claim,
        mail: mail.collect(),
        stands_for,
        accounts: [Attr::MASTER_ACCOUNT_SID, Attr::ORIGINATOR_SID].into_iter().filter_map(of_sid).collect(),
        former: former.map(address),
        is_settled: verdict.rule.is_some_and(|rule| wizard.change(object, rule, given).is_empty()),
    }
}

/// The hash of DN, GUID, what is needed or written and the sources of addresses; the order of values does not count.
fn content(wizard: &dyn Wizard, object: &Object<'_>) -> u64 {
    let settings = wizard.settings();
    let mut text = object.normalized.as_bytes().to_vec();
    let mut attrs = settings.needed.clone();
    attrs.extend([Attr::OBJECT_GUID, Attr::ENABLED]);
    attrs.extend(settings.shown.iter().chain(&settings.sources).copied());
    for attr in attrs {
        let mut values: Vec<&[u8]> = object.values(attr).map(Value::bytes).collect();
        values.sort_unstable();
        text.push(0);
        for value in values {
            text.push(1);
            text.extend_from_slice(value);
        }
    }
    xxh3_64(&text)
}
