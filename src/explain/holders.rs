//! Looks up the other holders of the addresses that were tried, in all exports of the run.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::replay::Decided;
use super::{AddressHolder, Explanation, TriedAddress};
use crate::input::Numbered;
use crate::language::{Text, text};
use crate::message::Failure;
use crate::object::{Attr, Object};
use crate::records::StoredBatch;
use crate::report::Reason;
use crate::sip::claims::{Ruling, RulingKind};
use crate::sip::{Scheme, normalize};
use crate::wizard::Participation;
use crate::wizard::values::without_scheme;

/// The maximum number of holders to name for one address.
const MOST: usize = 20;

/// Adds the other holders to the tried addresses of these users.
pub(crate) fn look_up(decided: &Decided<'_>, users: &mut [Explanation]) -> Result<(), Failure> {
    let normalized = |candidate: &TriedAddress| normalize(without_scheme(&candidate.uri)).into_owned();
    let candidates =
        users.iter().filter_map(|user| user.address.as_ref()).flat_map(|address| &address.candidates);
    let mut found: HashMap<String, Vec<AddressHolder>> =
        candidates.map(|candidate| (normalized(candidate), Vec::new())).collect();
    if found.is_empty() {
        return Ok(());
    }
    let wanted: HashSet<String> = found.keys().cloned().collect();
    let work = |batch: &StoredBatch<'_>| holders(decided, batch, &wanted);
    let dn = |text: &str| ldif::dn::normalize(text).map(Cow::into_owned).ok();
    let mut places: HashMap<_, usize> = HashMap::new();
    decided.records.revisit(
        "looking up",
        |_, _| true,
        work,
        |holders| {
            for (address, holder) in holders {
                let known = found.entry(address.clone()).or_default();
                // An object may be both in an input and in a reference.
                match places.entry((address, dn(&holder.dn))) {
                    Entry::Occupied(place) => {
                        let has = &mut known[*place.get()].has;
                        let more: Vec<Text> =
                            holder.has.into_iter().filter(|one| !has.contains(one)).collect();
                        has.extend(more);
                    }
                    Entry::Vacant(place) => {
                        place.insert(known.len());
                        known.push(holder);
                    }
                }
            }
            Ok(())
        },
    )?;
    for user in users {
        let Some(address) = &mut user.address else { continue };
        for candidate in &mut address.candidates {
            let mut others = found.get(&normalized(candidate)).cloned().unwrap_or_default();
            others.retain(|holder| dn(&holder.dn) != dn(&user.dn));
            candidate.more = others.len().saturating_sub(MOST);
            others.truncate(MOST);
            candidate.others = others;
        }
    }
    Ok(())
}

/// Finds the holders of these addresses in a batch.
fn holders(
    decided: &Decided<'_>,
    batch: &StoredBatch<'_>,
    wanted: &HashSet<String>,
) -> Vec<(String, AddressHolder)> {
    let mut holders = Vec::new();
    batch.each(&mut |Numbered { number, line, object, .. }| {
        let mut has: BTreeMap<String, Vec<Text>> = BTreeMap::new();
        for (address, what) in
            held_by(decided, number, &object).into_iter().filter(|(one, _)| wanted.contains(one))
        {
            has.entry(address).or_default().push(what);
        }
        let (dn, file) = (&object.dn, &batch.export.name);
        let holder = |has| AddressHolder { dn: dn.to_string(), file: file.clone(), line, has };
        holders.extend(has.into_iter().map(|(address, has)| (address, holder(has))));
    });
    holders
}

/// Returns the addresses of an object, each with a description of how it is held.
fn held_by(decided: &Decided<'_>, record: u32, object: &Object<'_>) -> Vec<(String, Text)> {
    let verdict = decided.wizard.judge(object);
    if matches!(verdict.position, Participation::Deleted) {
        return Vec::new();
    }
    let mut all = Vec::new();
    let mut note = |address: &str, what: Text| all.push((normalize(address).into_owned(), what));
    let name = |attr: Attr| decided.wizard.settings.reading.attributes.name(attr);
    for uri in object.texts(Attr::PRIMARY_USER_ADDRESS) {
        note(without_scheme(uri), text!("has it as {}", "l’a comme {}", name(Attr::PRIMARY_USER_ADDRESS)));
    }
    for (scheme, address) in object.texts(Attr::PROXY_ADDRESSES).filter_map(Scheme::split) {
        let scheme = if scheme == Scheme::Sip { "sip:" } else { "smtp:" };
        note(
            address,
            text!("has it as `{scheme}` in {}", "l’a comme `{scheme}` dans {}", name(Attr::PROXY_ADDRESSES)),
        );
    }
    for mail in object.texts(Attr::MAIL) {
        note(mail, text!("has it as {}", "l’a comme {}", name(Attr::MAIL)));
    }
    let Some(decision) = decided.plan.decisions.get(record as usize) else { return all };
    if let Some(candidate) = verdict.candidate()
        && decision.reason.is_none_or(|reason| reason >= Reason::SIP_DUPLICATE)
        && decision.status.has_row()
    {
        note(&candidate.address, text!("claims it", "la demande"));
        if let Some(Ruling { kind: RulingKind::Numbered(address), .. }) = decided.plan.rulings.get(&record) {
            note(address, text!("gets it by this run, numbered", "la reçoit de cette exécution, numérotée"));
        }
    }
    all
}
