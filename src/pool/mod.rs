//! The assignment of pools: a ranking by weighted rendezvous hashing, limited by the loads of the pools.
//!
//! Each pool draws tickets for each user, and the highest ticket wins. A new pool therefore takes its share and moves
//! nobody between other pools, and a new user moves nobody.

pub(crate) mod lookup;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::language::{Text, text};
use crate::ocs::{self, pool_version};

/// A pool, by its index in the pools of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PoolId(pub u16);

impl PoolId {
    /// The index.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A pool for users to be homed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The name in rules and reports.
    pub label: String,
    /// The FQDN; empty if unknown.
    pub fqdn: String,
    /// The DN of its `CN=LC Services` object, in the form written to msRTCSIP-PrimaryHomeServer.
    pub dn: String,
    /// The normalised DN.
    pub normalized: String,
    /// The maximum number of users; 0 means no limit.
    pub capacity: u64,
    /// The number of users that no export shows.
    pub homed: u64,
    /// The number of tickets it draws, at least one.
    pub weight: u32,
    /// msRTCSIP-PoolVersion, if known: 3 is OCS 2007, 4 is R2.
    pub version: Option<u32>,
    /// The kind of pool, if known.
    pub kind: Option<Kind>,
}

/// The kind of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A Standard Edition server.
    Standard,
    /// An Enterprise pool.
    Enterprise,
    /// Application servers, on which no user is homed.
    Applications,
}

impl Kind {
    /// Decodes msRTCSIP-PoolType: bit 1 is a Standard Edition server, bit 2 an Enterprise pool, bits 4 and 8
    /// applications.
    pub fn of(pool_type: i64) -> Option<Self> {
        match (pool_type & 1, pool_type & 2, pool_type & 12) {
            (1, _, _) => Some(Self::Standard),
            (_, 2, _) => Some(Self::Enterprise),
            (_, _, 0) => None,
            _ => Some(Self::Applications),
        }
    }
}

/// Whether the normalised DN is that of a deleted object, or of one that lost a replication conflict.
pub(crate) fn is_leftover(dn: &str) -> bool {
    ["\ndel:", "\ncnf:"].iter().any(|mark| dn.contains(mark))
}

impl Default for Pool {
    /// A pool with one ticket and nothing else known.
    fn default() -> Self {
        let (label, fqdn, dn, normalized) = Default::default();
        let (capacity, homed, weight, version, kind) = (0, 0, 1, None, None);
        Self { label, fqdn, dn, normalized, capacity, homed, weight, version, kind }
    }
}

impl Pool {
    /// Whether the text is its label or FQDN, in any case. Pools from an export have their CN as label.
    pub fn is_labelled(&self, text: &str) -> bool {
        let matches = |name: &str| !name.is_empty() && name.eq_ignore_ascii_case(text);
        matches(&self.label) || matches(&self.fqdn)
    }

    /// Whether the text is its label, FQDN or CN.
    pub fn is_named(&self, text: &str) -> bool {
        self.is_labelled(text) || ocs::pool_name(&self.dn).is_some_and(|cn| cn.eq_ignore_ascii_case(text))
    }

    /// Whether users can be homed on it, as far as known.
    pub(crate) fn takes_users(&self) -> bool {
        self.kind != Some(Kind::Applications) && !is_leftover(&self.normalized)
    }

    /// Whether it is a pool of Lync Server 2010 or later.
    pub fn is_newer(&self) -> bool {
        self.version.is_some_and(|version| version >= pool_version::LYNC_2010)
    }
}

/// Why pools of later products cause a warning.
pub(crate) fn newer_note() -> Text {
    text!(
        "Microsoft advises against directory scripts there: use Enable-CsUser and Set-CsUser",
        "Microsoft y déconseille les scripts d’annuaire\u{a0}: utilisez Enable-CsUser et Set-CsUser",
    )
}

/// The pool of a user, by msRTCSIP-PrimaryHomeServer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Home {
    /// No pool.
    #[default]
    None,
    /// One of the run's pools.
    Known(PoolId),
    /// A pool that is not known to the run.
    Unknown,
    /// A pool that no longer exists: a deleted object, or one that the export of the pools lacks.
    Gone,
    /// The former pool of a user without an address, if known: an incomplete clean-up.
    LeftOver(Option<PoolId>),
}

impl Home {
    /// The same pool for a user without an address.
    pub fn left_over(self) -> Self {
        match self {
            Self::None => Self::None,
            Self::Known(pool) => Self::LeftOver(Some(pool)),
            Self::Unknown | Self::Gone | Self::LeftOver(_) => Self::LeftOver(None),
        }
    }

    /// Whether the user is on a pool that may still exist.
    pub fn is_homed(self) -> bool {
        matches!(self, Self::Known(_) | Self::Unknown)
    }
}

/// `[assign] on_full`: what happens to a user whose pool is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnFull {
    /// The user gets the next pool of their ranking.
    #[default]
    Overflow,
    /// The user is rejected.
    Reject,
    /// As `reject`, and the run stops.
    Abort,
}

/// Draws ticket `number` (from 1) of a pool for a key: XXH3-64, seeded with the number, over the key, a NUL and the
/// pool's normalised DN. The key is the user's normalised DN, or the value that keeps a group together.
pub(crate) fn ticket(key: &str, pool: &str, number: u32) -> u64 {
    let mut text = Vec::new();
    fill(&mut text, key, pool);
    xxh3_64_with_seed(&text, u64::from(number))
}

/// Fills the buffer with the text that tickets hash.
fn fill(text: &mut Vec<u8>, key: &str, pool: &str) {
    text.clear();
    text.extend_from_slice(key.as_bytes());
    text.push(0);
    text.extend_from_slice(pool.as_bytes());
}

/// Ranks the candidates by their highest ticket for the key; on a tie the earlier candidate wins.
pub fn ranking(key: &str, candidates: &[PoolId], pools: &[Pool]) -> Vec<PoolId> {
    if candidates.len() < 2 {
        return candidates.to_vec();
    }
    let mut text = Vec::new();
    let mut ranked: Vec<(u64, PoolId)> =
        candidates.iter().map(|&id| (best_ticket(key, &pools[id.index()], &mut text), id)).collect();
    ranked.sort_by_key(|&(best, _)| std::cmp::Reverse(best));
    ranked.into_iter().map(|(_, id)| id).collect()
}

/// Returns the first of the ranking, which suffices if no pool can be full. `text` is a buffer for hashing.
pub(crate) fn first(key: &str, candidates: &[PoolId], pools: &[Pool], text: &mut Vec<u8>) -> Option<PoolId> {
    // Of equal elements `max_by_key` returns the last.
    candidates.iter().rev().copied().max_by_key(|id| best_ticket(key, &pools[id.index()], text))
}

/// Returns the highest ticket of a pool for the key. `text` is a buffer for hashing.
fn best_ticket(key: &str, pool: &Pool, text: &mut Vec<u8>) -> u64 {
    fill(text, key, &pool.normalized);
    let tickets = (1..=pool.weight.max(1)).map(|number| xxh3_64_with_seed(text, u64::from(number)));
    tickets.max().unwrap_or_default()
}

/// The loads of the pools: users in the exports, further users by configuration, and users that the run adds.
#[derive(Clone, Debug)]
pub(crate) struct Loads {
    /// The users before the run, by pool.
    pub before: Vec<u64>,
    /// The users that the run adds, by pool.
    pub added: Vec<u64>,
    /// The users that the run moves to another pool, by former pool. Their places stay taken during the run.
    pub left: Vec<u64>,
    capacity: Vec<u64>,
}

impl Loads {
    /// Creates the loads before placement; `counted` are the users in exports and referenced runs, by pool.
    pub(crate) fn new(pools: &[Pool], counted: &[u64]) -> Self {
        Self {
            before: pools.iter().zip(counted).map(|(pool, counted)| pool.homed + counted).collect(),
            added: vec![0; pools.len()],
            left: vec![0; pools.len()],
            capacity: pools.iter().map(|pool| pool.capacity).collect(),
        }
    }

    /// Places `size` users together on the first pool of the ranking with room for all of them. Unless full pools
    /// overflow, only the first pool of the ranking is tried.
    pub(crate) fn place(&mut self, ranking: &[PoolId], size: u64, on_full: OnFull) -> Option<PoolId> {
        let candidates = if on_full == OnFull::Overflow { ranking } else { &ranking[..ranking.len().min(1)] };
        let found = candidates.iter().copied().find(|&id| self.has_room(id, size))?;
        self.added[found.index()] += size;
        Some(found)
    }

    /// Whether a pool has room for this many more users.
    pub(crate) fn has_room(&self, id: PoolId, size: u64) -> bool {
        let (at, capacity) = (id.index(), self.capacity[id.index()]);
        capacity == 0 || self.before[at] + self.added[at] + size <= capacity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(name: &str, weight: u32, capacity: u64) -> Pool {
        let normalized = format!(
            "cn=lc services,cn=microsoft,cn={name},cn=pools,cn=rtc service,cn=services,cn=configuration,dc=contoso,dc=com"
        );
        let dn = normalized.to_uppercase();
        Pool { label: name.into(), dn, normalized, capacity, weight, ..Pool::default() }
    }

    #[test]
    fn tickets_are_those_of_the_contract() {
        let ann = "cn=ann doe,ou=paris,dc=contoso,dc=com";
        let (first, second) = (pool("pool01", 1, 0), pool("pool02", 1, 0));
        assert_eq!(ticket(ann, &first.normalized, 1), 0xf685_f323_a122_2c67);
        assert_eq!(ticket(ann, &first.normalized, 2), 0xd49a_6852_b709_db92);
        assert_eq!(ticket(ann, &second.normalized, 1), 0x67c5_0c86_7d9d_aca5);
        assert_eq!(ticket(ann, &second.normalized, 2), 0x4c66_bf06_d6ba_3685);
        assert_eq!(ranking(ann, &[PoolId(1), PoolId(0)], &[first, second]), [PoolId(0), PoolId(1)]);
    }

    #[test]
    fn each_user_gets_the_pool_with_the_highest_ticket() {
        let pools = [pool("pool01", 1, 0), pool("pool02", 1, 0), pool("pool03", 1, 0)];
        let candidates = [PoolId(0), PoolId(1), PoolId(2)];
        let mut text = Vec::new();
        for number in 0..100 {
            let user = format!("cn=user{number},dc=contoso,dc=com");
            let best =
                candidates.into_iter().max_by_key(|id| ticket(&user, &pools[id.index()].normalized, 1));
            assert_eq!(first(&user, &candidates, &pools, &mut text), best, "{user}");
            assert_eq!(ranking(&user, &candidates, &pools).first().copied(), best, "{user}");
        }
    }

    #[test]
    fn a_pool_type_is_decoded_by_its_bits() {
        use Kind::{Applications, Enterprise, Standard};
        for (pool_type, kind) in [
            (0, None),
            (1, Some(Standard)),
            (2, Some(Enterprise)),
            (4, Some(Applications)),
            (5, Some(Standard)),
            (6, Some(Enterprise)),
            (8, Some(Applications)),
            (16, None),
        ] {
            assert_eq!(Kind::of(pool_type), kind, "{pool_type}");
        }
    }

    #[test]
    fn a_new_pool_takes_its_share_and_moves_nobody_else() {
        let pools: Vec<Pool> = (0..5).map(|n| pool(&format!("pool{n:02}"), 1, 0)).collect();
        let four: Vec<PoolId> = (0..4).map(PoolId).collect();
        let five: Vec<PoolId> = (0..5).map(PoolId).collect();
        let mut moved = 0;
        for n in 0..10_000 {
            let key = format!("cn=user {n},dc=contoso,dc=com");
            let (before, after) = (ranking(&key, &four, &pools)[0], ranking(&key, &five, &pools)[0]);
            if before != after {
                assert_eq!(after, PoolId(4), "moved to the new pool or not at all");
                moved += 1;
            }
        }
        assert!((1_800..=2_200).contains(&moved), "{moved} of 10,000 moved to the fifth pool");
    }

    #[test]
    fn a_weight_is_a_share() {
        let pools = [pool("pool01", 3, 0), pool("pool02", 1, 0)];
        let both = [PoolId(0), PoolId(1)];
        let first =
            (0..10_000).filter(|n| ranking(&format!("cn=user {n}"), &both, &pools)[0] == PoolId(0)).count();
        assert!((7_300..=7_700).contains(&first), "{first} of 10,000 on the pool of weight 3 of 4");
    }

    #[test]
    fn a_group_without_room_overflows_or_is_refused_as_a_whole() {
        let pools = [pool("pool01", 1, 3), pool("pool02", 1, 0)];
        let ranking = [PoolId(0), PoolId(1)];
        let mut loads = Loads::new(&pools, &[1, 7]);
        assert_eq!(loads.place(&ranking, 3, OnFull::Overflow), Some(PoolId(1)));
        assert_eq!(loads.place(&ranking, 2, OnFull::Overflow), Some(PoolId(0)));
        assert_eq!(loads.place(&ranking, 1, OnFull::Reject), None);
        assert_eq!(loads.added, [2, 3]);
        assert_eq!(loads.before, [1, 7]);
    }
}
