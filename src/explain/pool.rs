//! Explains a pool: the user's ranking and the loads when the user was placed.

use std::cmp::Reverse;

use super::replay::Replay;
use super::{Group, PoolChoice, RankedPool};
use crate::language::{Text, text};
use crate::plan::scan::{NONE, group_of};
use crate::pool::{self, Home, PoolId};
use crate::report::Reason;

impl Replay<'_> {
    /// Explains the pool that the user has or gets.
    pub(super) fn pool(&self) -> PoolChoice {
        let is_full = self.decision.reason == Some(Reason::POOL_FULL);
        if self.decision.pool == NONE && !is_full {
            return PoolChoice { label: self.present_pool(), why: self.why_kept(), ..PoolChoice::default() };
        }
        let (group, ranking) = self.ranking();
        let label = if is_full {
            String::new()
        } else {
            self.settings().placement.pools[usize::from(self.decision.pool)].label.clone()
        };
        let why = self.why_given(&label, &ranking);
        let why = match self.verdict.home {
            Home::Gone => text!(
                "{why}; the former one, {former}, is gone",
                "{why}\u{202f}; l’ancien, {former}, n’existe plus",
                former = self.present_pool();
                why
            ),
            Home::LeftOver(_) => text!(
                "{why}; {former} was left over on a user without an address",
                "{why}\u{202f}; {former} était resté chez un utilisateur sans adresse",
                former = self.present_pool();
                why
            ),
            Home::None | Home::Known(_) | Home::Unknown => why,
        };
        PoolChoice { label, why, group, ranking }
    }

    /// The name of the user's present pool.
    fn present_pool(&self) -> String {
        self.settings().pool_name(self.object, self.verdict.home).into_owned()
    }

    /// Explains why the user keeps the pool.
    fn why_kept(&self) -> Text {
        match self.verdict.home {
            Home::Known(_) => text!(
                "the user is homed there, and a homed user keeps the pool",
                "l’utilisateur y est hébergé, et un utilisateur hébergé garde son pool"
            ),
            Home::Unknown => text!(
                "the user is homed there; nothing describes the pool, which is kept",
                "l’utilisateur y est hébergé\u{202f}; rien ne décrit le pool, qui est gardé"
            ),
            Home::Gone => text!(
                "the pool is gone; `move` assigns a new one",
                "le pool n’existe plus\u{202f}; `move` en attribue un nouveau"
            ),
            Home::LeftOver(_) => {
                text!("left over on a user without an address", "resté chez un utilisateur sans adresse")
            }
            Home::None => Text::default(),
        }
    }

    /// Explains why the user gets the pool; an empty label means that all are full.
    fn why_given(&self, label: &str, ranking: &[RankedPool]) -> Text {
        match (label.is_empty(), ranking) {
            (true, _) if self.listed().is_some() => text!(
                "the pool that the list names has no room",
                "le pool que nomme la liste n’a plus de place"
            ),
            (false, _) if self.listed().is_some() => text!("the list names it", "la liste le nomme"),
            (true, _) => text!("none of the rule's pools has room", "aucun pool de la règle n’a de place"),
            (false, [_]) => text!("the only pool of the rule", "le seul pool de la règle"),
            (false, [first, ..]) if first.label == label && first.group_homed > 0 => text!(
                "most of the group's homed users are there",
                "la plupart des utilisateurs hébergés du groupe y sont"
            ),
            (false, [first, ..]) if first.label == label => {
                text!("the highest ticket", "le ticket le plus haut")
            }
            (false, _) => text!(
                "the first with room, in the user's own order",
                "le premier qui a de la place, dans l’ordre propre à l’utilisateur"
            ),
        }
    }

    /// The pool that a list names for the user.
    fn listed(&self) -> Option<PoolId> {
        self.settings().listed_pool(self.object).and_then(|(_, pool)| pool)
    }

    /// Returns the rule's pools in the order in which they were tried, with their loads at that time.
    fn ranking(&self) -> (Option<Group>, Vec<RankedPool>) {
        let settings = self.settings();
        let placement = &settings.placement;
        let (Some(rule), Some(state)) = (self.verdict.rule, self.decided.pool_states.get(&self.record))
        else {
            return (None, Vec::new());
        };
        let listed = self.listed();
        let group = group_of(self.object, rule, placement.keep_together).filter(|_| listed.is_none());
        let key = group.as_ref().map_or(&*self.object.normalized, |(_, value)| value);
        let candidates = listed.as_ref().map_or(&settings.rules[rule].pools[..], std::slice::from_ref);
        let mut pools = pool::ranking(key, candidates, &placement.pools);
        pools.sort_by_key(|pool| Reverse(state.homed[pool.index()]));
        let ranked = |id: PoolId| {
            let pool = &placement.pools[id.index()];
            let ticket =
                (1..=pool.weight.max(1)).map(|number| pool::ticket(key, &pool.normalized, number)).max();
            RankedPool {
                label: pool.label.clone(),
                ticket: format!("{:016x}", ticket.unwrap_or_default()),
                weight: pool.weight,
                group_homed: state.homed[id.index()],
                before: state.loads.before[id.index()],
                added: state.loads.added[id.index()],
                capacity: pool.capacity,
                room: state.loads.has_room(id, state.members),
            }
        };
        let ranking = pools.into_iter().map(ranked).collect();
        let attribute = placement.keep_together.map_or("", |attr| settings.reading.attributes.name(attr));
        let members = state.members;
        (group.map(|(_, value)| Group { attribute: attribute.to_owned(), value, members }), ranking)
    }
}
