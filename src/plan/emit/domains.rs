//! Counts the domains of addresses that no list of domains has checked, or that the list lacks.

use std::collections::BTreeMap;

use crate::language::{Text, text};
use crate::message::Message;
use crate::output::spool::add_counts;

/// The minimum number of users that shows a domain to be in use rather than mistyped.
const SEVERAL: u64 = 3;

/// The maximum number of domains to propose at once, or to name if hardly anybody has them.
const PROPOSED: usize = 9;

/// The number of users by the domain of their address.
#[derive(Default)]
pub(super) struct DomainCounts {
    /// Users with a new address, where no list is given.
    new: BTreeMap<String, u64>,
    /// Users rejected because the list lacks their domain.
    foreign: BTreeMap<String, u64>,
}

impl DomainCounts {
    pub(super) fn count_new(&mut self, domain: &str) {
        *self.new.entry(domain.to_lowercase()).or_default() += 1;
    }

    pub(super) fn count_foreign(&mut self, domain: &str) {
        *self.foreign.entry(domain.to_lowercase()).or_default() += 1;
    }

    pub(super) fn add(&mut self, other: Self) {
        add_counts(&mut self.new, other.new);
        add_counts(&mut self.foreign, other.foreign);
    }

    /// Warns of addresses that no list of domains has checked.
    pub(super) fn unchecked(&self) -> Option<Message> {
        let counts: Vec<String> =
            self.new.iter().map(|(domain, count)| format!("{domain} {count}")).collect();
        (!counts.is_empty()).then(|| {
            let counts = counts.join(", ");
            let what = text!(
                "no list of SIP domains is given; new addresses by domain: {counts}",
                "aucune liste de domaines SIP n’est donnée\u{202f}; nouvelles adresses par domaine\u{a0}: {counts}",
            );
            Message::warning("sip-domains-unchecked", what).help(text!(
                "name the SIP domains with --sip-domain or [sip] domains",
                "nommez les domaines SIP par --sip-domain ou [sip] domains",
            ))
        })
    }

    /// Warns of domains outside the list if several users have them, the most frequent first; the list may lack one of
    /// them. A domain that hardly anybody has is mistyped, and not proposed.
    pub(super) fn unlisted(&self) -> Option<Message> {
        let mut counts: Vec<(&String, u64)> =
            self.foreign.iter().map(|(domain, &count)| (domain, count)).collect();
        if counts.iter().map(|(_, count)| count).sum::<u64>() < SEVERAL {
            return None;
        }
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let used = counts.partition_point(|(_, count)| *count >= SEVERAL);
        let (named, others) = counts.split_at(counts.len().min(used.max(PROPOSED)));
        let named: Vec<String> = named.iter().map(|(domain, count)| format!("{domain} {count}")).collect();
        let named = named.join(", ");
        let what = match others.iter().map(|(_, count)| count).sum::<u64>() {
            0 => text!(
                "users rejected because the domain of their address is not in the list: {named}",
                "utilisateurs rejetés parce que le domaine de leur adresse n’est pas dans la liste\u{a0}: {named}"
            ),
            others => text!(
                "users rejected because the domain of their address is not in the list: {named}, and {others} in other domains",
                "utilisateurs rejetés parce que le domaine de leur adresse n’est pas dans la liste\u{a0}: {named}, et {others} dans d’autres domaines"
            ),
        };
        Some(Message::warning("sip-domains-foreign", what).help(proposal(&counts[..used])))
    }
}

/// Proposes to add the most frequent of the domains.
fn proposal(used: &[(&String, u64)]) -> Option<Text> {
    let flags: Vec<String> =
        used.iter().take(PROPOSED).map(|(domain, _)| format!("--sip-domain {domain}")).collect();
    let flags = flags.join(" ");
    match used.len() {
        0 => None,
        1 => Some(text!(
            "if the servers know the domain, add {flags}",
            "si les serveurs connaissent le domaine, ajoutez {flags}",
        )),
        _ => Some(text!(
            "add those that the servers know: {flags}",
            "ajoutez ceux que les serveurs connaissent\u{a0}: {flags}",
        )),
    }
}
