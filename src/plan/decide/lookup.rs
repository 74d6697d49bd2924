//! Looks up again what the scan did not keep: the texts of the few records that meet in an address or in a DN.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64;

use crate::input::{Numbered, RecordKind, Role};
use crate::message::Failure;
use crate::object::{Attr, Object, Value};
use crate::records::{Again, Records};
use crate::schema::value::sid;
use crate::sip::claims::{Fingerprint, Party, StandsFor};
use crate::sip::{self, Scheme};
use crate::wizard::values::without_scheme;
use crate::wizard::{Given, Participation, Wizard};

/// What is to be known of these records.
///
/// # Errors
/// What reading gives.
pub(super) fn parties(
    wizard: &Wizard<'_>,
    records: &Records<'_>,
    wanted: &HashSet<u32>,
) -> Result<HashMap<u32, Party>, Failure> {
    let mut parties = HashMap::with_capacity(wanted.len());
    let each = |batch: &Again<'_>, object: &Object<'_>, line: u64| {
        let is_reference = batch.export.role == Role::Reference;
        Party { input: index(batch.index), line, ..party(wizard, object, is_reference) }
    };
    gather(records, wanted, &each, |found| parties.extend(found))?;
    Ok(parties)
}

/// The hashes of what must be the same in two records of one object; in order.
///
/// # Errors
/// What reading gives.
pub(super) fn contents(
    wizard: &Wizard<'_>,
    records: &Records<'_>,
    wanted: &HashSet<u32>,
) -> Result<Vec<(u32, u64)>, Failure> {
    let mut contents = Vec::with_capacity(wanted.len());
    let each = |_: &Again<'_>, object: &Object<'_>, _: u64| content(wizard, object);
    gather(records, wanted, &each, |found| contents.extend(found))?;
    Ok(contents)
}

/// Takes something of each of these records, in order; reads nothing if there are none.
fn gather<T: Send>(
    records: &Records<'_>,
    wanted: &HashSet<u32>,
    each: &(dyn Fn(&Again<'_>, &Object<'_>, u64) -> T + Sync),
    mut take: impl FnMut(Vec<(u32, T)>) + Send,
) -> Result<(), Failure> {
    if wanted.is_empty() {
        return Ok(());
    }
    let is_wanted = |_: usize, mut numbers: Range<u32>| numbers.any(|number| wanted.contains(&number));
    let work = |batch: &Again<'_>| {
        let mut found = Vec::new();
        batch.each(&mut |Numbered { number, line, kind, object, .. }| {
            if kind != RecordKind::Change && wanted.contains(&number) {
                found.push((number, each(batch, &object, line)));
            }
        });
        found
    };
    records.again("comparing", is_wanted, work, |found| {
        take(found);
        Ok(())
    })
}

fn index(export: usize) -> u32 {
    u32::try_from(export).unwrap_or(u32::MAX)
}

fn party(wizard: &Wizard<'_>, object: &Object<'_>, is_reference: bool) -> Party {
    let verdict = wizard.judge(object);
    let claim = match &verdict.position {
        Participation::Claims(candidate) => candidate.address.as_str().into(),
        Participation::Keeps(address) => (*address).into(),
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
    let accounts = [Attr::MASTER_ACCOUNT_SID, Attr::ORIGINATOR_SID].into_iter().filter_map(of_sid);
    let listed = wizard.settings.reading.listed_originator(object).and_then(|text| sid(text.as_bytes()));
    let listed = listed.map(|sid| Fingerprint::of(&sid));
    let former = object.text(Attr::PRIMARY_USER_ADDRESS).map(without_scheme);
    // Only of those is it asked who meet somebody in what they claim or keep.
    let uri = former.map(|former| wizard.claims.uri(former));
    let given = Given { claim: uri.as_deref(), pool: None, shared: true };
    Party {
        dn: object.dn.as_ref().into(),
        input: 0,
        line: 0,
        claim,
        mail: mail.collect(),
        stands_for,
        accounts: accounts.chain(listed).collect(),
        former: former.map(address),
        is_settled: verdict.rule.is_some_and(|rule| wizard.logic.change(object, rule, given).is_empty()),
    }
}

/// The hash of DN, GUID, what is needed or written and the sources of addresses; the order of values does not count.
fn content(wizard: &Wizard<'_>, object: &Object<'_>) -> u64 {
    let settings = wizard.settings;
    let mut text = object.normalized.as_bytes().to_vec();
    let mut attrs = settings.reading.needed.clone();
    attrs.extend([Attr::OBJECT_GUID, Attr::ENABLED]);
    attrs.extend(settings.reading.shown.iter().chain(&settings.reading.sources).copied());
    for attr in attrs {
        let mut values: Vec<Cow<'_, [u8]>> = object.values(attr).map(Value::canonical).collect();
        values.sort_unstable();
        text.push(0);
        for value in values {
            text.push(1);
            text.extend_from_slice(&value);
        }
    }
    xxh3_64(&text)
}
