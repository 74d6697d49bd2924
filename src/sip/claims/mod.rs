//! Who holds and who claims which address: one register over everything read, and the rulings on what is contested.
//!
//! The register remembers fingerprints, not texts: 16 bytes for each address of each object. Texts are looked up again
//! for the few that meet.

// objects that stand for a user in another forest
mod persons;
// who gets an address that several hold or claim
mod ruler;

use std::collections::TryReserveError;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

pub(crate) use persons::{Person, StandsFor};
pub(crate) use ruler::Ruler;

/// `[sip] on_duplicate`: what becomes of an address that several users would get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnDuplicate {
    /// None of them gets it.
    #[default]
    Reject,
    /// The first in input order gets it, as in the wizard.
    First,
    /// In the order of their DNs: the first gets it, the others a number behind the local part.
    Number,
    /// As `reject`, and the run stops.
    Abort,
}

/// 96 bits of XXH3-128: among a hundred million texts, the odds that any two share them are below one in 10¹².
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u32; 3]);

impl Fingerprint {
    /// The fingerprint of a text that is normalised already.
    pub fn of(normalized: &[u8]) -> Self {
        let hash = xxh3_128(normalized);
        Self([(hash >> 96) as u32, (hash >> 64) as u32, hash as u32])
    }
}

/// What an object has to do with an address: a set of these bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClaimRole(u8);

impl ClaimRole {
    /// It would get the address by this run.
    pub const CLAIMS: Self = Self(1);
    /// It has it as its SIP address: msRTCSIP-PrimaryUserAddress or a `sip:` proxy address.
    pub const SIP: Self = Self(2);
    /// It has it as mail or as an `smtp:` proxy address.
    pub const MAIL: Self = Self(4);
    /// It has it in msRTCSIP-PrimaryUserAddress and keeps it.
    pub const KEEPS: Self = Self(8);
    /// What it has differs from it by accents or width alone.
    pub const LOOKS_ALIKE: Self = Self(16);

    /// Whether all bits of `other` are set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether it gets or keeps the address by this run, or would.
    pub fn is_at_stake(self) -> bool {
        self.has(Self::CLAIMS) || self.has(Self::KEEPS)
    }

    /// Both.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

const ROLE_BITS: u32 = 5;
/// The most records that one run can tell apart.
pub const MOST_RECORDS: u32 = 1 << (32 - ROLE_BITS);

/// One address of one object, in 16 bytes.
#[derive(Clone, Copy, Debug)]
struct RegisterEntry {
    address: Fingerprint,
    /// The object's record number, and its role in the lowest bits.
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

/// Whose a record is, and whether it is still of the run.
#[derive(Clone, Copy)]
pub struct Owners<'o> {
    /// The record that represents an object of several records.
    pub object: &'o dyn Fn(u32) -> u32,
    /// Whether the claim of a record counts: the record may have been left out of the run since.
    pub is_active: &'o dyn Fn(u32) -> bool,
}

/// Every address that anybody holds or claims.
#[derive(Debug, Default)]
pub struct Register {
    entries: Vec<RegisterEntry>,
}

impl Register {
    /// Reserves room for this many more addresses.
    pub fn reserve(&mut self, addresses: usize) -> Result<(), TryReserveError> {
        self.entries.try_reserve(addresses)
    }

    /// Notes what the object of this record (below [`MOST_RECORDS`]) has to do with an address.
    pub fn note(&mut self, address: Fingerprint, record: u32, role: ClaimRole) {
        self.entries.push(RegisterEntry { address, owner: record << ROLE_BITS | u32::from(role.0) });
    }

    /// Forgets what is not to stay, by the record and its role.
    pub fn retain(&mut self, stays: impl Fn(u32, ClaimRole) -> bool) {
        self.entries.retain(|entry| stays(entry.record(), entry.role()));
    }

    /// Makes the register ready for look-ups. Equal addresses are then together, in the order of their records.
    pub fn settle(&mut self) {
        self.entries.par_sort_unstable_by_key(|entry| (entry.address, entry.owner));
    }

    /// The addresses that several objects meet in, of which one claims or keeps it.
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
                let first = holders.len();
                holders.extend(claimants);
                let address = group[0].address;
                contests.push(Contest { address, members: holders, holders: first, claiming, lookalikes });
            }
        }
        contests
    }

    /// The objects that hold or claim the address, some of them more than once.
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

/// Entries of one address → its members, each object once.
fn members(group: &[RegisterEntry], owners: Owners<'_>) -> Vec<Member> {
    let mut members: Vec<Member> = group
        .iter()
        .map(|entry| {
            let is_active = (owners.is_active)(entry.record());
            let gone =
                if is_active { ClaimRole::default() } else { ClaimRole::CLAIMS.with(ClaimRole::KEEPS) };
            Member {
                object: (owners.object)(entry.record()),
                record: entry.record(),
                role: entry.role().without(gone),
            }
        })
        .filter(|member| member.role != ClaimRole::default())
        .collect();
    members.sort_by_key(|member| (member.object, member.record));
    members.dedup_by(|later, first| {
        let same = later.object == first.object;
        if same {
            // The record that claims or keeps is the one that the ruling is about.
            if !first.role.is_at_stake() {
                first.record = later.record;
            }
            // An object that has the address itself is no lookalike, whatever else it has.
            match (first.role.has(ClaimRole::LOOKS_ALIKE), later.role.has(ClaimRole::LOOKS_ALIKE)) {
                (true, false) => first.role = later.role,
                (false, true) => {}
                _ => first.role = first.role.with(later.role),
            }
        }
        same
    });
    members
}

/// An object that has to do with a contested address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The record that stands for the object.
    pub object: u32,
    /// The record that the ruling is about.
    pub record: u32,
    /// What it has to do with the address.
    pub role: ClaimRole,
}

impl Member {
    /// Whether it is in the way of claimants: what these hold themselves does not count among them, except a SIP
    /// address.
    fn is_holder(&self) -> bool {
        self.role.has(ClaimRole::SIP) || !self.role.has(ClaimRole::CLAIMS)
    }
}

/// An address in which several objects meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contest {
    address: Fingerprint,
    /// All that meet: holders, then those who merely claim it, each in the order of their objects.
    pub members: Vec<Member>,
    /// How many of them are holders.
    pub holders: usize,
    /// The records of holders who claim the address as well, in order.
    claiming: Vec<u32>,
    /// Objects whose addresses differ from it by accents or width alone, which Active Directory does not tell apart.
    pub lookalikes: Vec<Member>,
}

impl Contest {
    /// Whether the claimant of this record is among the holders.
    pub fn is_held_by(&self, record: u32) -> bool {
        self.claiming.binary_search(&record).is_ok()
    }
}

/// What must be looked up of a member before a contest can be ruled on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Party {
    /// The distinguished name as written.
    pub dn: Box<str>,
    /// The input or reference it is in.
    pub input: u32,
    /// The physical line on which its record begins.
    pub line: u64,
    /// The address that it claims or keeps, without `sip:`.
    pub claim: Box<str>,
    /// Who it is to those of other forests.
    pub person: Person,
    /// The address that it has before the run.
    pub former: Option<Fingerprint>,
    /// Whether nothing but a new address or pool would be written.
    pub is_settled: bool,
}

/// What was decided for a record in a contest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ruling {
    /// The contest, as an index.
    pub contest: usize,
    /// The outcome for the record.
    pub kind: RulingKind,
}

/// The outcome of a contest for one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RulingKind {
    /// The user gets the address; the other holders are contacts that stand for the same person.
    Granted,
    /// The user gets this address, without `sip:`: theirs with a number behind the local part.
    Numbered(Box<str>),
    /// The user does not get the address.
    Refused,
    /// The user keeps the address, which others hold as well.
    Twin,
    /// The user has the address; others have one that differs by accents or width alone.
    Lookalike,
}

#[cfg(test)]
mod tests;
