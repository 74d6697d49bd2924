//! Who has, by now, an address or a line that a user of the run would get.

use std::collections::HashSet;

use super::find::NONE;
use crate::change::Change;
use crate::codes::Reason;
use crate::object::{Attr, Object};
use crate::settings::Reading;
use crate::sip;
use crate::sip::claims::{ClaimRole, Fingerprint};
use crate::wizard::Claims;
use crate::wizard::values::{sip_value, without_scheme};

/// A record that has an address or a line.
#[derive(Clone, Copy, Debug)]
struct Holder {
    claim: Fingerprint,
    /// The user of the run, or [`NONE`].
    user: u32,
    place: HolderPlace,
}

/// Where the holder is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HolderPlace {
    pub(crate) export: u32,
    pub(crate) line: u32,
}

/// What objects have, and what users of the run would get and lose.
#[derive(Debug, Default)]
pub(crate) struct Holders {
    held: Vec<Holder>,
    gained: Vec<(u32, Fingerprint, Reason)>,
    lost: HashSet<(u32, Fingerprint)>,
}

impl Holders {
    /// Notes what an object has. A contact, or a user of an account forest, may stand for a user and have the same mail
    /// address; what they have holds nothing.
    pub(crate) fn hold(&mut self, object: &Object<'_>, user: u32, export: usize, line: u64) {
        let is = |class| object.has_value(Attr::OBJECT_CLASS, class);
        if is("contact") {
            return;
        }
        let place = HolderPlace {
            export: u32::try_from(export).unwrap_or(NONE),
            line: u32::try_from(line).unwrap_or(NONE),
        };
        let least = if is("user") || is("inetOrgPerson") { ClaimRole::SIP } else { ClaimRole::default() };
        for claims in [Claims::Sip, Claims::Line(None)] {
            claims.held(object, &[], &mut |claim, role| {
                if role.has(least) {
                    let claim = Fingerprint::of(claim.as_bytes());
                    self.held.push(Holder { claim, user, place });
                }
            });
        }
    }

    /// Notes what a user gets and loses by a change.
    pub(crate) fn change(&mut self, user: u32, change: &Change<'_>, reading: &Reading) {
        for (attribute, removed, added) in change.differences() {
            let of = |value: &[u8]| claim(reading.attributes.find(attribute.as_bytes())?, value);
            let lost: Vec<_> = removed.iter().filter_map(|value| of(value)).collect();
            let gained = added.iter().filter_map(|value| of(value)).filter(|claim| !lost.contains(claim));
            self.gained.extend(gained.map(|(claim, reason)| (user, claim, reason)));
            self.lost.extend(lost.iter().map(|(claim, _)| (user, *claim)));
        }
    }

    /// The same with what another part of the exports shows.
    pub(crate) fn merge(&mut self, other: Self) {
        self.held.extend(other.held);
        self.gained.extend(other.gained);
        self.lost.extend(other.lost);
    }

    /// The users who would get what somebody else has and keeps.
    pub(crate) fn conflicts(mut self) -> impl Iterator<Item = (u32, Reason, HolderPlace)> {
        self.held.sort_unstable_by_key(|holder| holder.claim);
        let Self { held, gained, lost } = self;
        gained.into_iter().filter_map(move |(user, claim, reason)| {
            let from = held.partition_point(|holder| holder.claim < claim);
            let mut holders = held[from..].iter().take_while(|holder| holder.claim == claim);
            let other =
                holders.find(|holder| holder.user != user && !lost.contains(&(holder.user, claim)))?;
            Some((user, reason, other.place))
        })
    }
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
