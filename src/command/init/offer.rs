//! What the pages of the wizard offer, as JSON for a program that shows them itself.

use serde::Serialize;

use super::Pages;
use super::sign_in::Way;
use crate::pool::{Kind, Pool};
use crate::survey::{self, Prospect};

/// What programs are answered.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Offer<'p> {
    /// How many users the exports have, of those that base and filter select.
    users: u64,
    /// How many of them take part: a list selects further.
    selected: u64,
    /// Where they are, from the root of the tree down.
    containers: Vec<Container<'p>>,
    /// The pools that the exports show.
    pools: Vec<PoolOffer<'p>>,
    /// The domains of addresses, the most frequent first.
    domains: Vec<DomainOffer<'p>>,
    /// What each sign-in format would come to.
    sign_in: Vec<SignIn<'p>>,
    /// The `userprep.toml` of the answers; null as long as the pool is not chosen.
    configuration: Option<String>,
}

#[derive(Serialize)]
struct Container<'p> {
    dn: &'p str,
    /// Its first RDN; of a root, all of them.
    name: &'p str,
    /// The index of the container that it is in.
    parent: Option<usize>,
    /// How many users are below it, at any depth.
    users: u64,
}

#[derive(Serialize)]
struct PoolOffer<'p> {
    label: &'p str,
    fqdn: &'p str,
    dn: &'p str,
    kind: Option<Kind>,
    version: Option<u32>,
    /// How many users of the exports are homed there.
    homed: u64,
    /// Whether the configuration has it.
    chosen: bool,
}

#[derive(Serialize)]
struct DomainOffer<'p> {
    name: &'p str,
    sip: u64,
    mail: u64,
    upn: u64,
    /// Whether the configuration has it.
    chosen: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignIn<'p> {
    format: &'static str,
    /// An address that a user would get.
    example: Option<&'p str>,
    /// Whether it cannot be judged because it needs a domain.
    needs_domain: bool,
    #[serde(flatten)]
    prospect: Option<Prospect>,
    /// How many users would go without an address: missing, malformed or duplicate.
    without: Option<u64>,
    /// Whether the configuration has it.
    chosen: bool,
}

impl<'p> Offer<'p> {
    pub(super) fn of(pages: &'p Pages<'_>, ways: &'p [Way]) -> Self {
        let (estate, draft) = (&pages.estate, &pages.draft);
        let is_answered = pages.unanswered.is_none();
        let keys: Vec<&String> = estate.containers.keys().collect();
        let container = |(key, (dn, users)): (&'p String, &'p (String, u64))| {
            let parent = key
                .rsplit_once('\0')
                .and_then(|(parent, _)| keys.binary_search_by(|key| key.as_str().cmp(parent)).ok());
            let name = match survey::above(dn).filter(|_| parent.is_some()) {
                Some(above) => dn[..dn.len() - above.len()].trim_end().trim_end_matches(','),
                None => dn,
            };
            Container { dn, name, parent, users: *users }
        };
        let pool = |(pool, homed): &'p (Pool, u64)| PoolOffer {
            label: &pool.label,
            fqdn: &pool.fqdn,
            dn: &pool.dn,
            kind: pool.kind,
            version: pool.version,
            homed: *homed,
            chosen: is_answered && draft.pools.iter().any(|(chosen, _)| chosen.normalized == pool.normalized),
        };
        let sign_in = |way: &'p Way| SignIn {
            format: way.format.name,
            example: way.example.as_deref(),
            needs_domain: way.format.is_built && draft.domains.is_empty(),
            prospect: way.prospect,
            without: way.prospect.as_ref().map(Prospect::without),
            chosen: draft.format == way.format.name,
        };
        let domain = |(name, domain): (&'p String, &survey::Domain)| DomainOffer {
            name,
            sip: domain.sip,
            mail: domain.mail,
            upn: domain.upn,
            chosen: draft.domains.contains(name),
        };
        Self {
            users: estate.users,
            selected: ways.iter().find_map(|way| way.prospect.as_ref()).map_or(estate.users, Prospect::users),
            containers: estate.containers.iter().map(container).collect(),
            pools: pages.known.iter().map(pool).collect(),
            domains: pages.known_domains().into_iter().map(domain).collect(),
            sign_in: ways.iter().map(sign_in).collect(),
            configuration: is_answered.then(|| draft.text()),
        }
    }
}
