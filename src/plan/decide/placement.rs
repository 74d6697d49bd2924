//! Assigns a pool to each user without one, in input order.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::same::Objects;
use super::{Observer, exclude, is_open};
use crate::fingerprint::Fingerprint;
use crate::language::{Text, text};
use crate::message::Message;
use crate::plan::scan::{Fact, NONE, Scan, Traits};
use crate::pool::{Loads, OnFull, PoolId};
use crate::report::Reason;
use crate::settings::Settings;

/// The result of placement.
pub(super) struct Placed {
    pub(super) loads: Loads,
    /// The pool that each record of an input gets, by index, or [`NONE`].
    pub(super) pools: Vec<u16>,
    /// Whether some user got no pool.
    is_full: bool,
}

impl Placed {
    /// Returns a message if a full pool stops the run.
    pub(super) fn stop(&self, settings: &Settings) -> Option<Message> {
        (self.is_full && settings.placement.on_full == OnFull::Abort).then(|| {
            Message::error("stop-pool-full", text!("a pool is full", "un pool est plein"))
                .because(Text::same("[assign] on_full = \"abort\""))
        })
    }
}

/// The inputs of placement.
pub(super) struct Placer<'p> {
    pub(super) settings: &'p Settings,
    pub(super) scan: &'p Scan,
    pub(super) objects: &'p Objects,
}

/// Users who are placed together, when the first of them is placed.
pub(crate) struct Placing<'t> {
    /// The record numbers.
    pub members: &'t [u32],
    pub loads: &'t Loads,
    groups: &'t Groups,
}

impl Placing<'_> {
    /// The number of users of their group who are homed on a pool.
    pub(crate) fn homed(&self, pool: PoolId) -> u64 {
        let group = self.members.first().and_then(|member| self.groups.group_of.get(member));
        group.map_or(0, |&group| self.groups.homed(group, pool))
    }
}

impl Placer<'_> {
    /// Places every user without a pool, in input order. A group is placed as a whole, with its first member.
    pub(super) fn place(&self, facts: &mut [Fact], observer: &mut dyn Observer) -> Placed {
        let placement = &self.settings.placement;
        let loads = Loads::new(&placement.pools, &self.count_homed(facts));
        let groups = Groups::of(self.scan, self.objects, facts);
        let mut placed = Placed { loads, pools: vec![NONE; facts.len()], is_full: false };
        for record in 0..facts.len() {
            let fact = facts[record];
            if !is_open(&fact) || !fact.traits.has(Traits::TO_PLACE) || placed.pools[record] != NONE {
                continue;
            }
            let alone = [u32::try_from(record).unwrap_or(u32::MAX)];
            let (members, ranking) = groups.members_and_ranking(&alone, self.scan.ranking(&fact));
            observer.placing(&Placing { members, loads: &placed.loads, groups: &groups });
            let found = placed.loads.place(&ranking, members.len() as u64, placement.on_full);
            for &member in members {
                let fact = &mut facts[member as usize];
                let Some(pool) = found else {
                    placed.is_full = true;
                    exclude(fact, Reason::POOL_FULL);
                    continue;
                };
                placed.pools[member as usize] = pool.0;
                if let Some(left) = placed.loads.left.get_mut(usize::from(fact.pool)) {
                    *left += 1; // a homed user that the run moves along
                }
            }
        }
        placed
    }

    /// Counts the users on each pool before the run, each object once: by the exports first, then by earlier runs. Of
    /// the latter, users placed by this run do not count.
    fn count_homed(&self, facts: &[Fact]) -> Vec<u64> {
        let mut counted = vec![0; self.settings.placement.pools.len()];
        let mut known = HashSet::new();
        for &(record, pool) in &self.scan.homed {
            let object = self.objects.object(record);
            let is_placed = |fact: &Fact| {
                record as usize >= facts.len() && is_open(fact) && fact.traits.has(Traits::TO_PLACE)
            };
            if !facts.get(object as usize).is_some_and(is_placed)
                && (!self.objects.is_shared(object) || known.insert(object))
            {
                counted[pool.index()] += 1;
            }
        }
        counted
    }
}

/// The groups of users to place together.
struct Groups {
    members: HashMap<Fingerprint, Vec<u32>>,
    group_of: HashMap<u32, Fingerprint>,
    homed: HashMap<(Fingerprint, PoolId), u64>,
}

impl Groups {
    fn of(scan: &Scan, objects: &Objects, facts: &[Fact]) -> Self {
        let mut groups = Self { members: HashMap::new(), group_of: HashMap::new(), homed: HashMap::new() };
        for &(record, group) in scan.groups.iter().filter(|(record, _)| is_open(&facts[*record as usize])) {
            groups.members.entry(group).or_default().push(record);
            groups.group_of.insert(record, group);
        }
        // Each object counts once.
        let is_counted = |&&(_, _, record): &&(_, _, u32)| objects.object(record) == record;
        for &(group, pool, _) in scan.homed_groups.iter().filter(is_counted) {
            *groups.homed.entry((group, pool)).or_default() += 1;
        }
        groups
    }

    /// Returns the users to place together with this one, or just it (`alone`), and the pools to try, in order.
    fn members_and_ranking<'g>(
        &'g self,
        alone: &'g [u32; 1],
        candidates: &'g [PoolId],
    ) -> (&'g [u32], Cow<'g, [PoolId]>) {
        let Some(group) = self.group_of.get(&alone[0]) else { return (alone, candidates.into()) };
        let mut ranking = candidates.to_vec();
        // The pool with most users of the group comes first. The sort is stable, so ties keep the order of the hash.
        ranking.sort_by_key(|&pool| Reverse(self.homed(*group, pool)));
        (self.members.get(group).map_or(alone, Vec::as_slice), ranking.into())
    }

    fn homed(&self, group: Fingerprint, pool: PoolId) -> u64 {
        self.homed.get(&(group, pool)).copied().unwrap_or_default()
    }
}
