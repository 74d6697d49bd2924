//! The choices on the wizard's pages, as JSON for a program that shows them itself.

use serde::Serialize;
use serde_json::{Value, json};

use super::Pages;
use super::sign_in::SignInChoice;
use crate::pool::Pool;
use crate::survey::{self, Prospect};

/// Returns the choices; those that are `chosen` are in the configuration.
pub(super) fn offer(pages: &Pages<'_>, choices: &[SignInChoice]) -> Value {
    let (estate, draft) = (&pages.estate, &pages.draft);
    let is_answered = pages.unanswered.is_none();
    let keys: Vec<&String> = estate.containers.keys().collect();
    let container = |(key, (dn, users)): (&String, &(String, u64))| {
        let parent = key
            .rsplit_once('\0')
            .and_then(|(parent, _)| keys.binary_search_by(|key| key.as_str().cmp(parent)).ok());
        // The first RDN; for a root, all of them.
        let name = match survey::parent_dn(dn).filter(|_| parent.is_some()) {
            Some(above) => dn[..dn.len() - above.len()].trim_end().trim_end_matches(','),
            None => dn,
        };
        // The parent is the index of the containing container; users are those below it, at any depth.
        json!({"dn": dn, "name": name, "parent": parent, "users": users})
    };
    let pool = |(pool, homed): &(Pool, u64)| {
        let Pool { label, fqdn, dn, kind, version, .. } = pool;
        let chosen = is_answered && draft.pools.iter().any(|(one, _)| one.normalized == pool.normalized);
        json!({
            "label": label, "fqdn": fqdn, "dn": dn, "kind": kind, "version": version, "homed": homed, "chosen": chosen,
        })
    };
    let domain = |(name, domain): (&String, &survey::Domain)| {
        let survey::Domain { sip, mail, upn } = domain;
        json!({"name": name, "sip": sip, "mail": mail, "upn": upn, "chosen": draft.domains.contains(name)})
    };
    let sign_in = |choice: &SignInChoice| {
        let SignInChoice { format, prospect, .. } = choice;
        json!(SignIn {
            format: format.name,
            example: choice.example.as_deref(),
            needs_domain: format.is_built && draft.domains.is_empty(),
            prospect: prospect.as_ref(),
            without: prospect.as_ref().map(Prospect::without),
            chosen: draft.format == format.name,
        })
    };
    json!({
        // The number of users in the exports that base and filter select.
        "users": estate.users,
        // The number of those who take part: a list selects further.
        "selected": choices.iter().find_map(|choice| choice.prospect.as_ref()).map_or(estate.users, Prospect::users),
        // From the root of the tree down.
        "containers": estate.containers.iter().map(container).collect::<Vec<_>>(),
        "pools": pages.known.iter().map(pool).collect::<Vec<_>>(),
        // The most frequent first.
        "domains": pages.known_domains().into_iter().map(domain).collect::<Vec<_>>(),
        "signIn": choices.iter().map(sign_in).collect::<Vec<_>>(),
        // Null until a pool is chosen.
        "configuration": is_answered.then(|| draft.text()),
    })
}

/// The outcome of a sign-in format.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignIn<'p> {
    format: &'static str,
    /// An address that a user would get.
    example: Option<&'p str>,
    /// Whether it cannot be judged because it needs a domain.
    needs_domain: bool,
    #[serde(flatten)]
    prospect: Option<&'p Prospect>,
    /// How many users would get no address: missing, malformed or duplicate.
    without: Option<u64>,
    chosen: bool,
}
