//! Reads again what the scan did not keep: the few records that share an address or an object.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use xxhash_rust::xxh3::xxh3_64;

use crate::fingerprint::Fingerprint;
use crate::input::classes::Lack;
use crate::input::{Numbered, RecordKind, Role};
use crate::message::Failure;
use crate::object::{Attr, Object, Value};
use crate::records::{Records, StoredBatch};
use crate::schema::value::sid;
use crate::settings::Reading;
use crate::sip;
use crate::sip::claims::Party;
use crate::wizard::account::{is_disabled, is_of_users, is_protected, is_uncontrolled};
use crate::wizard::claims::person;
use crate::wizard::values::address_of;
use crate::wizard::{Given, Participation, Verdict, Wizard};

/// Returns the parties of these records.
pub(super) fn parties(
    wizard: &Wizard<'_>,
    records: &Records<'_>,
    wanted: &HashSet<u32>,
) -> Result<HashMap<u32, Party>, Failure> {
    let mut parties = HashMap::with_capacity(wanted.len());
    let each = |batch: &StoredBatch<'_>, record: &Numbered<'_>| {
        let is_reference = batch.export.role == Role::Reference;
        Party { input: index(batch.index), line: record.line, ..party(wizard, &record.object, is_reference) }
    };
    records.gather(wanted, &each, |found| parties.extend(found))?;
    Ok(parties)
}

/// Returns the hash of each record's content, in order of the records. Two records of one object must have the same.
pub(super) fn contents(
    wizard: &Wizard<'_>,
    records: &Records<'_>,
    wanted: &HashSet<u32>,
) -> Result<Vec<(u32, u64)>, Failure> {
    let mut contents = Vec::with_capacity(wanted.len());
    let each = |_: &StoredBatch<'_>, record: &Numbered<'_>| content(wizard, &record.object);
    records.gather(wanted, &each, |found| contents.extend(found))?;
    Ok(contents)
}

fn index(export: usize) -> u32 {
    u32::try_from(export).unwrap_or(u32::MAX)
}

/// The address or line that the user claims or keeps.
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
    // Only parties to a contest matter here, so the address counts as shared.
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

/// Hashes what must be the same in all records of an object: DN, GUID, the attributes that are read or written, the
/// sources of addresses, and the verdict. The order of values does not matter.
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

/// The attributes of a record, hashed.
pub(super) struct Content {
    /// Whether it is a change record, which shows only what it changes.
    pub(super) is_change: bool,
    pub(super) hashes: BTreeMap<Attr, u64>,
}

/// Returns the hash of each attribute of these records.
///
/// # Errors
/// Errors of reading.
pub(super) fn attributes(
    reading: &Reading,
    records: &Records<'_>,
    wanted: &HashSet<u32>,
) -> Result<HashMap<u32, Content>, Failure> {
    let mut attributes = HashMap::with_capacity(wanted.len());
    let each = |_: &StoredBatch<'_>, Numbered { kind, object, .. }: &Numbered<'_>| {
        let hash = |attr| {
            let mut text = Vec::new();
            add_decided(object, attr, reading, &mut text);
            // Either attribute says whether the account is disabled.
            let is_of_state = attr == Attr::ENABLED && !reading.named.contains(&attr);
            (if is_of_state { Attr::USER_ACCOUNT_CONTROL } else { attr }, xxh3_64(&text))
        };
        let shown: BTreeSet<Attr> = object.values.iter().map(|value| value.attr).collect();
        Content { is_change: *kind == RecordKind::Change, hashes: shown.into_iter().map(hash).collect() }
    };
    records.gather(wanted, &each, |found| attributes.extend(found))?;
    Ok(attributes)
}

/// Appends what the attribute means for the decision. Tools differ in form: one class or all of them, the bits of the
/// account or a property for one bit. If a filter or rule names the attribute, its values are appended instead.
fn add_decided(object: &Object<'_>, attr: Attr, reading: &Reading, text: &mut Vec<u8>) {
    let state = match attr {
        _ if reading.named.contains(&attr) => None,
        Attr::OBJECT_CLASS => {
            let is_contact = object.has_value(attr, "contact");
            Some([Lack::Class.concerns(object), is_contact, is_of_users(object, is_contact)])
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
