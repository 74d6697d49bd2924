//! Which pool a user gets: a ranking by weighted rendezvous hashing, and the loads that limit it.
//!
//! Each pool draws tickets for each user, and the highest ticket wins. A new pool therefore takes its share and moves
//! nobody else, and a new user moves nobody.

pub(crate) mod lookup;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::language::{Text, text};
use crate::ocs::{self, pool_version};

/// A pool, as an index into the pools of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PoolId(pub u16);

impl PoolId {
    /// The index.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A pool that users may be given, or are homed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Its name in rules and reports.
    pub label: String,
    /// Its FQDN; empty if nothing tells it.
    pub fqdn: String,
    /// The DN of its `CN=LC Services` object, as written into msRTCSIP-PrimaryHomeServer.
    pub dn: String,
    /// The same DN, normalised.
    pub normalized: String,
    /// How many users it holds; 0 is no limit.
    pub capacity: u64,
    /// How many users it has that no export shows.
    pub homed: u64,
    /// How many tickets it draws, one at least.
    pub weight: u32,
    /// msRTCSIP-PoolVersion, if an export of the pools tells it: 3 is OCS 2007, 4 is R2.
    pub version: Option<u32>,
    /// What it is, if an export of the pools tells it.
    pub kind: Option<Kind>,
}

/// What a pool consists of, which the wizard's page lists apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A Standard Edition server.
    Standard,
    /// An Enterprise pool.
    Enterprise,
    /// Servers of applications, which no user is homed on.
    Applications,
}

impl Kind {
    /// What msRTCSIP-PoolType says: bit 1 for the users of a Standard Edition server, bit 2 for those of an Enterprise pool,
    /// bits 4 and 8 for applications.
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
    /// A pool that draws one ticket, and of which nothing else is known.
    fn default() -> Self {
        let (label, fqdn, dn, normalized) = Default::default();
        let (capacity, homed, weight, version, kind) = (0, 0, 1, None, None);
        Self { label, fqdn, dn, normalized, capacity, homed, weight, version, kind }
    }
}

impl Pool {
    /// Whether this is its label or its FQDN, in any case. An export labels a pool by its CN.
    pub fn is_labelled(&self, text: &str) -> bool {
        let is = |name: &str| !name.is_empty() && name.eq_ignore_ascii_case(text);
        is(&self.label) || is(&self.fqdn)
    }

    /// Whether this is its label, its FQDN or its CN.
    pub fn is_named(&self, text: &str) -> bool {
        self.is_labelled(text) || ocs::pool_name(&self.dn).is_some_and(|cn| cn.eq_ignore_ascii_case(text))
    }

    /// Whether users can be homed on it, as far as anything tells.
    pub(crate) fn takes_users(&self) -> bool {
        self.kind != Some(Kind::Applications) && !is_leftover(&self.normalized)
    }

    /// Whether it is of Lync Server 2010 or later.
    pub fn is_newer(&self) -> bool {
        self.version.is_some_and(|version| version >= pool_version::LYNC_2010)
    }
}

/// Why pools of later products are a warning.
pub(crate) fn newer_note() -> Text {
    text!(
        "Microsoft advises against directory scripts there: use Enable-CsUser and Set-CsUser",
        "Microsoft y déconseille les scripts d’annuaire\u{a0}: utilisez Enable-CsUser et Set-CsUser",
    )
}

/// What msRTCSIP-PrimaryHomeServer says of a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Home {
    /// Nothing: the user has no pool.
    #[default]
    None,
    /// One of the run's pools.
    Known(PoolId),
    /// A pool that nothing describes.
    Unknown,
    /// A pool that is no more: a deleted object, or one that the export of the pools lacks.
    Gone,
    /// A pool of a user who has no address: what a clean-up forgot. One of the run's pools, if it is known.
    LeftOver(Option<PoolId>),
}

impl Home {
    /// The same pool, of a user without an address.
    pub fn left_over(self) -> Self {
        match self {
            Self::None => Self::None,
            Self::Known(pool) => Self::LeftOver(Some(pool)),
            Self::Unknown | Self::Gone | Self::LeftOver(_) => Self::LeftOver(None),
        }
    }

    /// Whether the user has a pool that is still there.
    pub fn is_homed(self) -> bool {
        matches!(self, Self::Known(_) | Self::Unknown)
    }
}

/// `[assign] on_full`: what becomes of a user whose pool is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnFull {
    /// The next pool in the user's own ranking.
    #[default]
    Overflow,
    /// The user is rejected.
    Reject,
    /// As `reject`, and the run stops.
    Abort,
}

/// Ticket `number` (from 1) that the pool draws for the key: XXH3-64, seeded with the number, over the key, a NUL and
/// the pool's normalised DN. The key is the user's normalised DN, or the value that keeps a group together.
pub(crate) fn ticket(key: &str, pool: &str, number: u32) -> u64 {
    let mut text = Vec::new();
    draw(&mut text, key, pool);
    xxh3_64_with_seed(&text, u64::from(number))
}

fn draw(text: &mut Vec<u8>, key: &str, pool: &str) {
    text.clear();
    text.extend_from_slice(key.as_bytes());
    text.push(0);
    text.extend_from_slice(pool.as_bytes());
}

/// The candidates in the order in which the key wants them: highest ticket first, on a tie the earlier candidate.
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

/// The first of the ranking: all that is asked for where no pool can be full; `text` is room for what is hashed.
pub(crate) fn first(key: &str, candidates: &[PoolId], pools: &[Pool], text: &mut Vec<u8>) -> Option<PoolId> {
    // Of equal ones, `max_by_key` gives the last.
    candidates.iter().rev().copied().max_by_key(|id| best_ticket(key, &pools[id.index()], text))
}

/// The highest ticket that a pool draws for the key; `text` is room for what is hashed.
fn best_ticket(key: &str, pool: &Pool, text: &mut Vec<u8>) -> u64 {
    draw(text, key, &pool.normalized);
    let tickets = (1..=pool.weight.max(1)).map(|number| xxh3_64_with_seed(text, u64::from(number)));
    tickets.max().unwrap_or_default()
}

/// How full each pool is: what the exports show, what is said to be there besides, and what the run adds.
#[derive(Clone, Debug)]
pub(crate) struct Loads {
    /// Users homed before the run, by pool.
    pub before: Vec<u64>,
    /// Users that the run adds, by pool.
    pub added: Vec<u64>,
    /// Users of these that the run takes to another pool, by pool. Their places stay taken while it places others.
    pub left: Vec<u64>,
    capacity: Vec<u64>,
}

impl Loads {
    /// The loads before anybody is placed; `counted` are the users that exports and referenced runs show, by pool.
    pub(crate) fn new(pools: &[Pool], counted: &[u64]) -> Self {
        Self {
            before: pools.iter().zip(counted).map(|(pool, counted)| pool.homed + counted).collect(),
            added: vec![0; pools.len()],
            left: vec![0; pools.len()],
            capacity: pools.iter().map(|pool| pool.capacity).collect(),
        }
    }

    /// Places `size` users that stay together on the first pool of the ranking that has room for all of them, or on
    /// none. Unless the policy is to overflow, only the first pool of the ranking is asked.
    pub(crate) fn place(&mut self, ranking: &[PoolId], size: u64, on_full: OnFull) -> Option<PoolId> {
        let asked = if on_full == OnFull::Overflow { ranking } else { &ranking[..ranking.len().min(1)] };
        let found = asked.iter().copied().find(|&id| self.has_room(id, size))?;
        self.added[found.index()] += size;
        Some(found)
    }

    /// Whether this many users more find room in a pool.
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
    fn a_pool_is_what_the_bits_of_its_type_say() {
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
    fn what_does_not_fit_overflows_or_is_refused_whole() {
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
