//! Held and claimed addresses: a register of all objects, and the rulings on contested addresses.
//!
//! The register stores fingerprints, 16 bytes for each address of each object. The texts of contested addresses are
//! read again.

// stand-ins in other forests
mod persons;
// rulings on contested addresses
mod ruler;

use std::collections::{HashSet, TryReserveError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;

pub(crate) use persons::{Person, StandsFor};
pub(crate) use ruler::Ruler;

/// `[sip] on_duplicate`: the policy for an address that several users would get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum OnDuplicate {
    /// No user gets it.
    #[default]
    Reject,
    /// The first user in input order gets it, as in the original wizard.
    First,
    /// The first user in the order of the DNs gets it, the others with a number behind the local part.
    Number,
    /// As `reject`, and the run stops.
    Abort,
}

/// How an object relates to an address, as a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClaimRole(u8);

impl ClaimRole {
    /// It would get the address in this run.
    pub const CLAIMS: Self = Self(1);
    /// It has the address in msRTCSIP-PrimaryUserAddress or as a `sip:` proxy address.
    pub const SIP: Self = Self(2);
    /// It has the address as mail or as an `smtp:` proxy address.
    pub const MAIL: Self = Self(4);
    /// It has the address in msRTCSIP-PrimaryUserAddress and keeps it.
    pub const KEEPS: Self = Self(8);
    /// It has an address that differs by accents or width alone.
    pub const LOOKS_ALIKE: Self = Self(16);

    /// Whether all bits of `other` are set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether it would get or keep the address in this run.
    pub fn is_at_stake(self) -> bool {
        self.has(Self::CLAIMS) || self.has(Self::KEEPS)
    }

    /// The union of the two sets.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

const ROLE_BITS: u32 = 5;
/// The maximum number of records in a run.
pub const MOST_RECORDS: u32 = 1 << (32 - ROLE_BITS);

/// One address of one object, in 16 bytes.
#[derive(Clone, Copy, Debug)]
struct RegisterEntry {
    address: Fingerprint,
    /// The record number, with the role in the lowest bits.
    owner: u32,
}

impl RegisterEntry {
    fn record(self) -> u32 {
        self.owner >> ROLE_BITS
    }

    fn role(self) -> ClaimRole {
        ClaimRole((self.owner & ((1 << ROLE_BITS) - 1)) as u8)
    }
}

/// Maps records to their objects and says which still take part in the run.
#[derive(Clone, Copy)]
pub struct Owners<'o> {
    /// Returns the record that represents the record's object.
    pub object: &'o dyn Fn(u32) -> u32,
    /// Whether a record still takes part, so that its claims count.
    pub is_active: &'o dyn Fn(u32) -> bool,
}

/// Every held or claimed address.
#[derive(Debug, Default)]
pub struct Register {
    entries: Vec<RegisterEntry>,
}

impl Register {
    /// Reserves memory for this many more addresses.
    pub fn reserve(&mut self, addresses: usize) -> Result<(), TryReserveError> {
        self.entries.try_reserve(addresses)
    }

    /// Adds an address of the object with this record (below [`MOST_RECORDS`]).
    pub fn note(&mut self, address: Fingerprint, record: u32, role: ClaimRole) {
        self.entries.push(RegisterEntry { address, owner: record << ROLE_BITS | u32::from(role.0) });
    }

    /// Keeps the entries that a predicate on record and role accepts.
    pub fn retain(&mut self, stays: impl Fn(u32, ClaimRole) -> bool) {
        self.entries.retain(|entry| stays(entry.record(), entry.role()));
    }

    /// Returns those of the addresses that somebody would get in this run.
    pub fn claimed(&self, addresses: &HashSet<Fingerprint>) -> HashSet<Fingerprint> {
        let claims = self.entries.iter().filter(|entry| entry.role().has(ClaimRole::CLAIMS));
        claims.map(|entry| entry.address).filter(|address| addresses.contains(address)).collect()
    }

    /// Sorts the register for look-ups: by address, then by record.
    pub fn settle(&mut self) {
        self.entries.par_sort_unstable_by_key(|entry| (entry.address, entry.owner));
    }

    /// Returns the addresses of several objects, at least one of which claims or keeps it.
    pub fn contests(&self, owners: Owners<'_>) -> Vec<Contest> {
        let mut contests = Vec::new();
        for group in self.entries.chunk_by(|a, b| a.address == b.address) {
            if group.len() < 2 {
                continue;
            }
            let members = members(group, owners);
            if members.len() > 1 && members.iter().any(|member| member.role.is_at_stake()) {
                let (lookalikes, members): (Vec<Member>, Vec<Member>) =
                    members.into_iter().partition(|member| member.role.has(ClaimRole::LOOKS_ALIKE));
                let (mut holders, claimants): (Vec<Member>, Vec<Member>) =
                    members.into_iter().partition(|member| member.is_holder());
                let is_claiming = |member: &&Member| member.role.has(ClaimRole::CLAIMS);
                let mut claiming: Vec<u32> =
                    holders.iter().filter(is_claiming).map(|member| member.record).collect();
                claiming.sort_unstable();
                let count = holders.len();
                holders.extend(claimants);
                let address = group[0].address;
                contests.push(Contest { address, members: holders, holders: count, claiming, lookalikes });
            }
        }
        contests
    }

    /// Returns the objects that hold or claim the address, perhaps repeatedly.
    fn owners(&self, address: Fingerprint, owners: Owners<'_>) -> impl Iterator<Item = u32> {
        let from = self.entries.partition_point(|entry| entry.address < address);
        let same = self.entries[from..].iter().take_while(move |entry| entry.address == address);
        let has = move |entry: &&RegisterEntry| {
            let is_active = (owners.is_active)(entry.record());
            let role = if is_active { entry.role() } else { entry.role().without(ClaimRole::CLAIMS) };
            role != ClaimRole::default() && !role.has(ClaimRole::LOOKS_ALIKE)
        };
        same.filter(has).map(move |entry| (owners.object)(entry.record()))
    }
}

/// Merges the entries of one address into members, one for each object.
fn members(group: &[RegisterEntry], owners: Owners<'_>) -> Vec<Member> {
    let member = |entry: &RegisterEntry| {
        let record = entry.record();
        // A record that takes no part claims and keeps nothing.
        let at_stake = ClaimRole::CLAIMS.with(ClaimRole::KEEPS);
        let role = if (owners.is_active)(record) { entry.role() } else { entry.role().without(at_stake) };
        Member { object: (owners.object)(record), record, role }
    };
    let has_role = |member: &Member| member.role != ClaimRole::default();
    let mut members: Vec<Member> = group.iter().map(member).filter(has_role).collect();
    members.sort_by_key(|member| (member.object, member.record));
    members.dedup_by(|later, first| {
        let same = later.object == first.object;
        if same {
            first.merge(later);
        }
        same
    });
    members
}

/// An object in a contest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The record that represents the object.
    pub object: u32,
    /// The record that the ruling concerns.
    pub record: u32,
    /// The object's relation to the address.
    pub role: ClaimRole,
}

impl Member {
    /// Adds the role of a later record of the same object.
    fn merge(&mut self, later: &Self) {
        // The ruling concerns the record that claims or keeps the address.
        if !self.role.is_at_stake() {
            self.record = later.record;
        }
        // An object that has the address itself is not a lookalike.
        let is_lookalike = |member: &Self| member.role.has(ClaimRole::LOOKS_ALIKE);
        if is_lookalike(self) == is_lookalike(later) {
            self.role = self.role.with(later.role);
        } else if is_lookalike(self) {
            self.role = later.role;
        }
    }

    /// Whether the member blocks claimants. A claimant's own mail address does not block other claimants; a SIP address
    /// does.
    fn is_holder(&self) -> bool {
        self.role.has(ClaimRole::SIP) || !self.role.has(ClaimRole::CLAIMS)
    }
}

/// An address that several objects hold or claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contest {
    address: Fingerprint,
    /// All members: holders, then mere claimants, each in the order of their objects.
    pub members: Vec<Member>,
    /// The number of holders.
    pub holders: usize,
    /// The records of holders that also claim the address, sorted.
    claiming: Vec<u32>,
    /// Objects whose addresses differ by accents or width alone, which Active Directory does not distinguish.
    pub lookalikes: Vec<Member>,
}

impl Contest {
    /// Whether the claimant of this record is also a holder.
    pub fn is_held_by(&self, record: u32) -> bool {
        self.claiming.binary_search(&record).is_ok()
    }
}

/// The facts about a member that rulings and messages need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Party {
    /// The distinguished name as written.
    pub dn: Box<str>,
    /// The index of its export.
    pub input: u32,
    /// The physical line of its record.
    pub line: u64,
    /// The address or line that it claims or keeps, without `sip:`.
    pub claim: Box<str>,
    /// Its identifiers for other forests.
    pub person: Person,
    /// Its present address.
    pub former: Option<Fingerprint>,
    /// Whether nothing would change but the address and the pool.
    pub is_settled: bool,
}

/// A ruling on a record in a contest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ruling {
    /// The index of the contest.
    pub contest: usize,
    /// The outcome for the record.
    pub kind: RulingKind,
}

/// The outcome of a contest for one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RulingKind {
    /// The user gets the address; the other holders are contacts that stand for the same person.
    Granted,
    /// The user gets this address (without `sip:`), with a number behind the local part.
    Numbered(Box<str>),
    /// The user does not get the address.
    Refused,
    /// The user keeps the address, which others have, too.
    Twin,
    /// The user has the address; others have one that differs only in accents or width.
    Lookalike,
}

#[cfg(test)]
mod tests;
