//! Who has, by now, an address or a line that a user of the run would get.

use std::collections::{HashMap, HashSet};

use super::Task;
use super::find::Bar;
use crate::change::Change;
use crate::codes::Reason;
use crate::object::{Attr, Object};
use crate::schema;
use crate::settings::Reading;
use crate::sip;
use crate::sip::claims::{ClaimRole, Fingerprint, Person};
use crate::wizard::Claims;
use crate::wizard::values::{sip_value, without_scheme};

/// A record that has an address or a line, or one that is equal but for accents and width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Holder {
    claim: Fingerprint,
    is_alike: bool,
    /// It is a mail address, or a contact's, and may have been before the run.
    is_mail: bool,
    /// The record, in its batch at first.
    record: u32,
    /// The user of the run, or [`NONE`].
    user: u32,
}

/// What a user of the run would get.
#[derive(Clone, Copy, Debug)]
struct Gain {
    claim: Fingerprint,
    user: u32,
    /// The reason of whoever would have it, too.
    reason: Reason,
}

/// Where the holder is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HolderPlace {
    pub(crate) export: u32,
    pub(crate) line: u32,
}

/// What objects have, and what users of the run would get. No user gets what another loses: the run was made while
/// the other had it.
#[derive(Debug, Default)]
pub(crate) struct Holders {
    held: Vec<Holder>,
    gained: Vec<Gain>,
    /// The logon accounts that users would get.
    accounts: HashMap<u32, Vec<Fingerprint>>,
}

/// Another who has what a user gets, without being in the way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Remarked {
    pub(crate) place: HolderPlace,
    /// Whether it differs in accents or width.
    pub(crate) is_alike: bool,
}

/// What is ruled on those who would get what others have.
#[derive(Debug, Default)]
pub(crate) struct Conflicts {
    /// Who gets nothing, for somebody else has it and keeps it.
    pub(crate) barred: HashMap<u32, Bar>,
    /// Who gets what somebody else has as mail, or but for accents and width.
    pub(crate) remarked: HashMap<u32, Remarked>,
}

impl Holders {
    /// Notes what an object has. Where only one of several claimants gets an address, the mail of a user who may be another
    /// of them holds nothing.
    pub(crate) fn hold(&mut self, object: &Object<'_>, user: u32, record: u32, has_rivals: bool) {
        let is = |class| object.has_value(Attr::OBJECT_CLASS, class);
        let (is_contact, is_person) = (is("contact"), is("user") || is("inetOrgPerson"));
        let least = if has_rivals && is_person { ClaimRole::SIP } else { ClaimRole::default() };
        for claims in [Claims::Sip, Claims::Line(None)] {
            claims.held(object, &[], &mut |claim, role| {
                if role.has(least) {
                    let is_mail = is_contact || !role.has(ClaimRole::SIP);
                    let of = |claim: &str, is_alike| {
                        let claim = Fingerprint::of(claim.as_bytes());
                        Holder { claim, is_alike, is_mail, record, user }
                    };
                    self.held.push(of(&claim, false));
                    self.held.extend((!claim.is_ascii()).then(|| of(&schema::alike(&claim), true)));
                }
            });
        }
    }

    /// Notes what a user gets by a change; what the user has as the address already is no gain.
    pub(crate) fn change(&mut self, user: u32, object: &Object<'_>, change: &Change<'_>, reading: &Reading) {
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

    /// The same with what another part of the exports shows, whose records are counted from `first`.
    pub(crate) fn merge(&mut self, other: Self, first: u32) {
        let numbered = |holder: Holder| Holder { record: first + holder.record, ..holder };
        self.held.extend(other.held.into_iter().map(numbered));
        self.gained.extend(other.gained);
        self.accounts.extend(other.accounts);
    }

    /// The records of those who have what others would get, and of these; `record` is that of a user.
    pub(crate) fn meeting(&mut self, record: impl Fn(u32) -> u32) -> HashSet<u32> {
        self.held.sort_unstable();
        self.gained.retain(|gain| holders(&self.held, gain).next().is_some());
        let met = self.gained.iter().flat_map(|gain| holders(&self.held, gain));
        let met: HashSet<u32> = met.map(|holder| holder.record).collect();
        met.into_iter().chain(self.gained.iter().map(|gain| record(gain.user))).collect()
    }

    /// Rules who gets what; `met` are those who meet, by their records. What was so before the run comes back: mail and
    /// contacts are not in the way of an undo.
    pub(crate) fn conflicts(
        &self,
        task: Task,
        met: &HashMap<u32, (HolderPlace, Person)>,
        record: impl Fn(u32) -> u32,
    ) -> Conflicts {
        let mut all = Conflicts::default();
        for gain in &self.gained {
            let person = met.get(&record(gain.user)).map(|(_, person)| person.clone());
            let mut person = person.unwrap_or_default();
            person.accounts.extend(self.accounts.get(&gain.user).into_iter().flatten());
            let meets = |holder: &Holder| met.get(&holder.record).filter(|(_, other)| !person.is(other));
            let other = holders(&self.held, gain).find_map(|holder| Some((holder, meets(holder)?)));
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

/// The others who have what a user would get, those last who have it but for accents and width.
fn holders<'h>(held: &'h [Holder], gain: &Gain) -> impl Iterator<Item = &'h Holder> {
    let Gain { claim, user, .. } = *gain;
    let from = held.partition_point(|holder| holder.claim < claim);
    let same = held[from..].iter().take_while(move |holder| holder.claim == claim);
    same.filter(move |holder| holder.user != user)
}

/// What a value says that its user has, and the reason of whoever would have it, too.
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
