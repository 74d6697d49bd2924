//! Conflicts of planned addresses and lines with the present ones of others.

use std::collections::{HashMap, HashSet};

use super::Task;
use super::find::Bar;
use crate::change::Change;
use crate::codes::Reason;
use crate::fingerprint::Fingerprint;
use crate::object::{Attr, Object};
use crate::schema;
use crate::settings::Reading;
use crate::sip;
use crate::sip::claims::{ClaimRole, Person};
use crate::wizard::Claims;
use crate::wizard::values::{sip_value, without_scheme};

/// An address or line that a record has. Addresses with accents or full-width letters have a second entry in a plain
/// form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Holder {
    claim: Fingerprint,
    is_alike: bool,
    /// Whether it is a mail address or a contact's, which may have been there before the run.
    is_mail: bool,
    /// The record; within its batch at first.
    record: u32,
    /// The user of the run, or `NONE`.
    user: u32,
}

/// An address or line that a user of the run would get.
#[derive(Clone, Copy, Debug)]
struct Gain {
    claim: Fingerprint,
    user: u32,
    /// The reason to reject the user if others have it.
    reason: Reason,
}

/// The place of a holder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HolderPlace {
    pub(crate) export: u32,
    pub(crate) line: u32,
}

/// The addresses and lines that objects have, and those that users of the run would get. A user may get what another
/// user loses: the run decided that while the other had it.
#[derive(Debug, Default)]
pub(crate) struct Holders {
    held: Vec<Holder>,
    gained: Vec<Gain>,
    /// The SIDs of logon accounts that users would get.
    accounts: HashMap<u32, Vec<Fingerprint>>,
}

/// A holder who does not block the user.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Remarked {
    pub(crate) place: HolderPlace,
    /// Whether the address differs by accents or width.
    pub(crate) is_alike: bool,
}

/// The users who would get what others have.
#[derive(Debug, Default)]
pub(crate) struct Conflicts {
    /// Users who get nothing, because another object has and keeps it.
    pub(crate) barred: HashMap<u32, Bar>,
    /// Users who get an address that somebody else has as mail, or that differs by accents or width.
    pub(crate) remarked: HashMap<u32, Remarked>,
}

impl Holders {
    /// Adds the addresses and lines of an object. If only one of several claimants got an address, another claimant may
    /// still have it as mail, which then does not count.
    pub(crate) fn add_held(&mut self, object: &Object<'_>, user: u32, record: u32, has_rivals: bool) {
        let has_class = |class| object.has_value(Attr::OBJECT_CLASS, class);
        let (is_contact, is_person) = (has_class("contact"), has_class("user") || has_class("inetOrgPerson"));
        let required = if has_rivals && is_person { ClaimRole::SIP } else { ClaimRole::default() };
        for claims in [Claims::Sip, Claims::Line(None)] {
            claims.held(object, &[], &mut |claim, role| {
                if role.has(required) {
                    let is_mail = is_contact || !role.has(ClaimRole::SIP);
                    let holder = |claim: &str, is_alike| {
                        let claim = Fingerprint::of(claim.as_bytes());
                        Holder { claim, is_alike, is_mail, record, user }
                    };
                    self.held.push(holder(&claim, false));
                    self.held.extend((!claim.is_ascii()).then(|| holder(&schema::alike(&claim), true)));
                }
            });
        }
    }

    /// Adds the addresses and lines that a user gets by a change, except their present address.
    pub(crate) fn add_gained(
        &mut self,
        user: u32,
        object: &Object<'_>,
        change: &Change<'_>,
        reading: &Reading,
    ) {
        let present = object.first(Attr::PRIMARY_USER_ADDRESS);
        let present = present.and_then(|value| claim(Attr::PRIMARY_USER_ADDRESS, value.bytes()));
        for (attribute, removed, added) in change.differences() {
            let Some(attr) = reading.attributes.find(attribute.as_bytes()) else { continue };
            if attr == Attr::ORIGINATOR_SID {
                self.accounts.entry(user).or_default().extend(added.iter().map(|sid| Fingerprint::of(sid)));
            }
            let mut lost: Vec<_> = removed.iter().filter_map(|value| claim(attr, value)).collect();
            lost.sort_unstable();
            let gained = added.iter().filter_map(|value| claim(attr, value));
            let gained = gained.filter(|claim| lost.binary_search(claim).is_err() && present != Some(*claim));
            self.gained.extend(gained.map(|(claim, reason)| Gain { claim, user, reason }));
        }
    }

    /// Adds the entries of another batch, whose records count from `first`.
    pub(crate) fn merge(&mut self, other: Self, first: u32) {
        let numbered = |holder: Holder| Holder { record: first + holder.record, ..holder };
        self.held.extend(other.held.into_iter().map(numbered));
        self.gained.extend(other.gained);
        self.accounts.extend(other.accounts);
    }

    /// Returns the records in conflict: those of holders and those of the users. `record` maps a user to their record.
    pub(crate) fn in_conflict(&mut self, record: impl Fn(u32) -> u32) -> HashSet<u32> {
        self.held.sort_unstable();
        self.gained.retain(|gain| holders(&self.held, gain).next().is_some());
        let others = self.gained.iter().flat_map(|gain| holders(&self.held, gain));
        let others: HashSet<u32> = others.map(|holder| holder.record).collect();
        others.into_iter().chain(self.gained.iter().map(|gain| record(gain.user))).collect()
    }

    /// Finds the conflicts; `parties` are the records in conflict. An undo restores what was there before the run, so mail
    /// addresses and contacts do not block it.
    pub(crate) fn conflicts(
        &self,
        task: Task,
        parties: &HashMap<u32, (HolderPlace, Person)>,
        record: impl Fn(u32) -> u32,
    ) -> Conflicts {
        let mut all = Conflicts::default();
        for gain in &self.gained {
            let person = parties.get(&record(gain.user)).map(|(_, person)| person.clone());
            let mut person = person.unwrap_or_default();
            person.accounts.extend(self.accounts.get(&gain.user).into_iter().flatten());
            let rival = |holder: &Holder| {
                parties.get(&holder.record).filter(|(_, other)| !person.is_represented_by(other))
            };
            let other = holders(&self.held, gain).find_map(|holder| Some((holder, rival(holder)?)));
            let Some((Holder { is_alike, is_mail, .. }, &(place, _))) = other else { continue };
            if *is_alike || *is_mail && task == Task::Undo {
                all.remarked.insert(gain.user, Remarked { place, is_alike: *is_alike });
            } else {
                all.barred.insert(gain.user, Bar { reason: gain.reason, holder: Some(place) });
            }
        }
        all
    }
}

/// Returns the other holders; those whose address differs by accents or width come last.
fn holders<'h>(held: &'h [Holder], gain: &Gain) -> impl Iterator<Item = &'h Holder> {
    let Gain { claim, user, .. } = *gain;
    let from = held.partition_point(|holder| holder.claim < claim);
    let same = held[from..].iter().take_while(move |holder| holder.claim == claim);
    same.filter(move |holder| holder.user != user)
}

/// The address or line in a value, with the reason to reject a second holder.
fn claim(attr: Attr, value: &[u8]) -> Option<(Fingerprint, Reason)> {
    let text = std::str::from_utf8(value).ok()?;
    let address = match attr {
        Attr::PRIMARY_USER_ADDRESS => without_scheme(text),
        Attr::PROXY_ADDRESSES => sip_value(text)?,
        Attr::LINE | Attr::PRIVATE_LINE => {
            let line = Claims::Line(None).normalized(text).into_owned();
            return Some((Fingerprint::of(line.as_bytes()), Reason::LINE_DUPLICATE));
        }
        _ => return None,
    };
    Some((Fingerprint::of(sip::canonical(address).as_bytes()), Reason::SIP_DUPLICATE))
}
