//! Looks up again what the scan did not keep: the texts of the few records that meet in an address or in a DN.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use xxhash_rust::xxh3::xxh3_64;

use crate::input::classes::Lack;
use crate::input::{Numbered, RecordKind, Role};
use crate::message::Failure;
use crate::object::{Attr, Object, Value};
use crate::records::{Again, Records};
use crate::schema::value::sid;
use crate::settings::Reading;
use crate::sip;
use crate::sip::claims::{Fingerprint, Party};
use crate::wizard::account::{is_disabled, is_of_users, is_protected, is_uncontrolled};
use crate::wizard::claims::person;
use crate::wizard::values::address_of;
use crate::wizard::{Given, Participation, Verdict, Wizard};

/// What is to be known of these records.
pub(super) fn parties(
    wizard: &Wizard<'_>,
    records: &Records<'_>,
    wanted: &HashSet<u32>,
) -> Result<HashMap<u32, Party>, Failure> {
    let mut parties = HashMap::with_capacity(wanted.len());
    let each = |batch: &Again<'_>, record: &Numbered<'_>| {
        let is_reference = batch.export.role == Role::Reference;
        Party { input: index(batch.index), line: record.line, ..party(wizard, &record.object, is_reference) }
    };
    records.gather(wanted, &each, |found| parties.extend(found))?;
    Ok(parties)
}

/// The hashes of what must be the same in two records of one object; in order.
pub(super) fn contents(
    wizard: &Wizard<'_>,
    records: &Records<'_>,
    wanted: &HashSet<u32>,
) -> Result<Vec<(u32, u64)>, Failure> {
    let mut contents = Vec::with_capacity(wanted.len());
    let each = |_: &Again<'_>, record: &Numbered<'_>| content(wizard, &record.object);
    records.gather(wanted, &each, |found| contents.extend(found))?;
    Ok(contents)
}

fn index(export: usize) -> u32 {
    u32::try_from(export).unwrap_or(u32::MAX)
}

/// What the object would get or keep, and nobody else should have.
fn claim<'v>(verdict: &'v Verdict<'_>) -> &'v str {
    match &verdict.position {
        Participation::Claims(candidate) => &candidate.address,
        Participation::Keeps(address) => address,
        _ => "",
    }
}

fn party(wizard: &Wizard<'_>, object: &Object<'_>, is_reference: bool) -> Party {
    let verdict = wizard.judge(object);
    let mut person = person(object, is_reference);
    let listed = wizard.settings.reading.listed_originator(object).and_then(|text| sid(text.as_bytes()));
    person.accounts.extend(listed.map(|sid| Fingerprint::of(&sid)));
    // Only of those is it asked who meet somebody in what they claim or keep.
    let former = address_of(object);
    let uri = former.map(|former| wizard.claims.uri(former));
    let given = Given { claim: uri.as_deref(), pool: None, shared: true };
    Party {
        dn: object.dn.as_ref().into(),
        input: 0,
        line: 0,
        claim: claim(&verdict).into(),
        person,
        former: former.map(|former| Fingerprint::of(sip::normalize(former).as_bytes())),
        is_settled: verdict.rule.is_some_and(|rule| wizard.logic.change(object, rule, given).is_empty()),
    }
}

/// The hash of DN, GUID, what is needed or written, the sources of addresses, and what these and all that keeps accounts safe
/// come to; the order of values does not count.
fn content(wizard: &Wizard<'_>, object: &Object<'_>) -> u64 {
    let settings = wizard.settings;
    let mut text = object.normalized.as_bytes().to_vec();
    let mut attrs = settings.reading.needed.clone();
    attrs.extend([Attr::OBJECT_GUID, Attr::ENABLED]);
    attrs.extend(settings.reading.shown.iter().chain(&settings.reading.sources).copied());
    attrs.into_iter().for_each(|attr| add_decided(object, attr, &settings.reading, &mut text));
    let verdict = wizard.judge(object);
    let reason = match verdict.position {
        Participation::Out(reason) => reason.code().into(),
        _ => claim(&verdict).to_lowercase(),
    };
    text.push(u8::from(is_protected(object)));
    for part in verdict.remarks.iter().map(|remark| remark.code).chain([&*reason]) {
        text.push(0);
        text.extend_from_slice(part.as_bytes());
    }
    xxh3_64(&text)
}

/// What was read of a record, by attribute.
pub(super) struct Content {
    /// A change shows nothing of the object but what it changes.
    pub(super) is_change: bool,
    pub(super) hashes: BTreeMap<Attr, u64>,
}

/// The hash of each attribute that was read of these records.
///
/// # Errors
/// What reading gives.
pub(super) fn attributes(
    reading: &Reading,
    records: &Records<'_>,
    wanted: &HashSet<u32>,
) -> Result<HashMap<u32, Content>, Failure> {
    let mut attributes = HashMap::with_capacity(wanted.len());
    let each = |_: &Again<'_>, Numbered { kind, object, .. }: &Numbered<'_>| {
        let hash = |attr| {
            let mut text = Vec::new();
            add_decided(object, attr, reading, &mut text);
            // Either says whether the account is disabled.
            let is_of_state = attr == Attr::ENABLED && !reading.named.contains(&attr);
            (if is_of_state { Attr::USER_ACCOUNT_CONTROL } else { attr }, xxh3_64(&text))
        };
        let shown: BTreeSet<Attr> = object.values.iter().map(|value| value.attr).collect();
        Content { is_change: *kind == RecordKind::Change, hashes: shown.into_iter().map(hash).collect() }
    };
    records.gather(wanted, &each, |found| attributes.extend(found))?;
    Ok(attributes)
}

/// What the attribute comes to: two tools show one class, or all; bits of the account, or a property for one of them. Only a
/// filter or a rule that names the attribute looks at more.
fn add_decided(object: &Object<'_>, attr: Attr, reading: &Reading, text: &mut Vec<u8>) {
    let state = match attr {
        _ if reading.named.contains(&attr) => None,
        Attr::OBJECT_CLASS => {
            let is_contact = object.has_value(attr, "contact");
            Some([Lack::Class.is_of(object), is_contact, is_of_users(object, is_contact)])
        }
        Attr::USER_ACCOUNT_CONTROL | Attr::ENABLED => {
            Some([is_uncontrolled(object), is_disabled(object), false])
        }
        _ => None,
    };
    match state {
        Some(state) => text.extend(state.map(u8::from)),
        None => add_values(object, attr, text),
    }
}

fn add_values(object: &Object<'_>, attr: Attr, text: &mut Vec<u8>) {
    let mut values: Vec<Cow<'_, [u8]>> = object.values(attr).map(Value::canonical).collect();
    values.sort_unstable();
    text.push(0);
    for value in values {
        text.push(1);
        text.extend_from_slice(&value);
    }
}
