//! The users that `--users` names: which of its lines select one, and who is deselected.

use super::is_selected;
use super::same::Objects;
use crate::plan::scan::{Fact, NamedRecord, Scan};
use crate::report::Status;
use crate::select::{DomainFit, ListedLine, UserList};

/// A line of `--users` that does not select exactly one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unlisted {
    /// The index of the line.
    pub line: u32,
    /// The number of users that it names.
    pub users: u32,
    /// Whether the cells of its row name different users.
    pub contradicts: bool,
}

/// The users with each name.
struct NamedUsers<'l> {
    list: &'l UserList,
    /// Each name with each of its users, sorted.
    pairs: Vec<(u32, u32)>,
}

impl<'l> NamedUsers<'l> {
    fn new(list: &'l UserList, named: &[NamedRecord], objects: &Objects) -> Self {
        let pair = |named: &NamedRecord| (named.name, objects.object(named.record));
        let mut pairs: Vec<(u32, u32)> = named.iter().map(pair).collect();
        pairs.sort_unstable();
        pairs.dedup();
        Self { list, pairs }
    }

    /// Returns the name with each of its users.
    fn of(&self, name: u32) -> &[(u32, u32)] {
        let rest = &self.pairs[self.pairs.partition_point(|pair| pair.0 < name)..];
        &rest[..rest.partition_point(|pair| pair.0 == name)]
    }

    /// Whether other names of the line name other users.
    fn contradict(&self, line: ListedLine<'_>) -> bool {
        let users = self.of(line.name);
        let is_other = |other: &(u32, u32)| users.binary_search(&(line.name, other.1)).is_err();
        let mut others = line.others.iter().map(|&name| self.of(name));
        (!users.is_empty() || self.list.has_account(line.name))
            && others.any(|others| !others.is_empty() && others.iter().all(is_other))
    }
}

/// Deselects users unless a line of the list names them alone, and returns the other lines. Takes the names out of the
/// scan.
pub(super) fn apply_list(
    list: &UserList,
    scan: &mut Scan,
    objects: &Objects,
    facts: &mut [Fact],
) -> Vec<Unlisted> {
    let named = without_other_domains(list, scan);
    let users = NamedUsers::new(list, &named, objects);
    let (mut selects, mut unlisted) = (vec![false; list.names()], Vec::new());
    for (line, index) in list.lines().zip(0..) {
        let (count, contradicts) = (users.of(line.name).len(), users.contradict(line));
        if count == 1 && !contradicts {
            selects[line.name as usize] = true;
        } else {
            let users = u32::try_from(count).unwrap_or(u32::MAX);
            unlisted.push(Unlisted { line: index, users, contradicts });
        }
    }
    let mut listed = vec![false; facts.len()];
    named.iter().for_each(|named| listed[named.record as usize] |= selects[named.name as usize]);
    for (fact, listed) in facts.iter_mut().zip(listed) {
        if is_selected(fact) && !listed {
            (fact.status, fact.reason) = (Status::NotSelected, None);
        }
    }
    unlisted
}

/// Removes users of other domains: `EMEA\ann` is the user of that domain if an export shows the domain, otherwise of one
/// below it; otherwise the domain may have another name.
fn without_other_domains(list: &UserList, scan: &mut Scan) -> Vec<NamedRecord> {
    let is_shown = |name: u32| list.domain(name).is_some_and(|domain| scan.domains.contains(&domain));
    let least = |name: u32| if is_shown(name) { DomainFit::Own } else { DomainFit::Unknown };
    let mut best: Vec<DomainFit> = (0..).take(list.names()).map(least).collect();
    for named in &scan.listed {
        let best = &mut best[named.name as usize];
        *best = named.fit.max(*best);
    }
    let mut named = std::mem::take(&mut scan.listed);
    named.retain(|named| named.fit == best[named.name as usize]);
    named
}
