//! Surveys exports for the pages of a wizard: containers, pools and domains, and the prospects of each format of
//! address.
//!
//! The counts come from the scan and the decision of a real run, so they agree with it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::input::{Batch, ExportRecord, Hashing, RecordKind, Shown};
use crate::message::{Failure, Message, Severity};
use crate::object::{Attr, Object};
use crate::ocs;
use crate::output::store::Store;
use crate::parallel::pass;
use crate::plan::Exports;
use crate::plan::decide::decide;
use crate::plan::scan::{Traits, scan};
use crate::report::{Reason, Status};
use crate::schema::value::is_host_name;
use crate::settings::Settings;
use crate::sip::Scheme;
use crate::wizard::enable::Enable;
use crate::wizard::{Participation, Wizard};

/// The maximum number of different values: nobody can choose from more, and memory stays bounded.
const MOST: usize = 10_000;

/// The maximum number of faults to keep; `check` shows all.
const MOST_FAULTS: usize = 100;

/// The batches to search for an example user.
const BATCHES: usize = 16;

/// The users of the exports, counted by common properties.
#[derive(Debug, Default)]
pub(crate) struct Estate {
    pub(crate) users: u64,
    /// The users below each container, by the container's normalised DN from the root, with the DN as written.
    pub(crate) containers: BTreeMap<String, (String, u64)>,
    /// The users on each pool, by the normalised DN of its `CN=LC Services` object, with the DN as written.
    pub(crate) pools: BTreeMap<String, (String, u64)>,
    /// The addresses in each domain, in lower case.
    pub(crate) domains: BTreeMap<String, Domain>,
    /// Faults of unreadable records.
    pub(crate) faults: Vec<Message>,
}

/// The number of addresses in a domain, by attribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Domain {
    pub(crate) sip: u64,
    pub(crate) mail: u64,
    pub(crate) upn: u64,
}

/// Reads the inputs once and counts.
pub(crate) fn estate(settings: &Settings, exports: &Exports) -> Result<Estate, Failure> {
    let wizard = Enable::plain(settings);
    let work = |export: usize, _: usize, batch: &Batch| {
        let mut part = Estate::default();
        let mut shown = Shown::new(&settings.reading.attributes);
        let mut positions = batch.positions();
        let export = &exports.all[export];
        export.records(batch, &settings.reading.attributes, &mut shown, &mut |record| match record {
            ExportRecord::Record(RecordKind::Entry, object, _) if is_selected_user(&wizard, &object) => {
                part.note(&object);
            }
            ExportRecord::Record(RecordKind::Unreadable | RecordKind::Nameless, _, findings) => {
                let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
                let room = MOST_FAULTS - part.faults.len();
                let errors = errors.take(room).map(|finding| export.message(batch, &mut positions, finding));
                part.faults.extend(errors);
            }
            _ => {}
        });
        part
    };
    let mut estate = Estate::default();
    pass("reading", &exports.all[..exports.inputs], None, work, |part| {
        estate.take(part);
        Ok(())
    })?;
    estate.join_domains();
    Ok(estate)
}

/// Whether the object is a selected user, whatever the outcome.
fn is_selected_user(wizard: &Wizard<'_>, object: &Object<'_>) -> bool {
    let position = wizard.judge(object).position;
    !matches!(position, Participation::Deleted | Participation::Other | Participation::NotSelected)
}

impl Estate {
    fn note(&mut self, object: &Object<'_>) {
        self.users += 1;
        let (mut written, mut normalized) = (&*object.dn, &*object.normalized);
        while let (Some(parent), Some(key)) = (parent_dn(written), parent_dn(normalized)) {
            (written, normalized) = (parent, key);
            count(&mut self.containers, &from_the_root(key), written, 1);
            // Users of a subdomain are added later.
            if key == ldif::dn::domain(key) {
                break;
            }
        }
        if let Some(home) = object.text(Attr::PRIMARY_HOME_SERVER)
            && ocs::pool_name(home).is_some()
            && let Ok(normalized) = ldif::dn::normalize(home)
            && !normalized.contains("\ndel:")
        {
            count(&mut self.pools, &normalized, home, 1);
        }
        let mut domain = |address: Option<&str>, field: fn(&mut Domain) -> &mut u64| {
            let Some((_, domain)) = address.and_then(|address| address.split_once('@')) else { return };
            let domain = domain.to_lowercase();
            if !is_host_name(&domain) {
                return;
            }
            if self.domains.len() < MOST || self.domains.contains_key(&domain) {
                *field(self.domains.entry(domain).or_default()) += 1;
            }
        };
        let sip = object.text(Attr::PRIMARY_USER_ADDRESS).and_then(Scheme::split);
        domain(sip.map(|(_, address)| address), |domain| &mut domain.sip);
        domain(object.text(Attr::MAIL), |domain| &mut domain.mail);
        domain(object.text(Attr::USER_PRINCIPAL_NAME), |domain| &mut domain.upn);
    }

    /// Adds the users of each domain to its parent domains, which select them, too.
    fn join_domains(&mut self) {
        let is_domain = |key: &str| key.split('\0').all(|rdn| rdn.starts_with("dc="));
        let domains: Vec<(String, u64)> = (self.containers.iter())
            .filter(|(key, _)| is_domain(key))
            .map(|(key, (_, users))| (key.clone(), *users))
            .collect();
        for (domain, users) in &domains {
            for (at, _) in domain.match_indices('\0') {
                if let Some((_, sum)) = self.containers.get_mut(&domain[..at]) {
                    *sum += users;
                }
            }
        }
    }

    fn take(&mut self, part: Self) {
        self.users += part.users;
        let room = MOST_FAULTS - self.faults.len();
        self.faults.extend(part.faults.into_iter().take(room));
        for (key, (written, users)) in part.containers {
            count(&mut self.containers, &key, &written, users);
        }
        for (key, (written, users)) in part.pools {
            count(&mut self.pools, &key, &written, users);
        }
        for (domain, Domain { sip, mail, upn }) in part.domains {
            if self.domains.len() < MOST || self.domains.contains_key(&domain) {
                let all = self.domains.entry(domain).or_default();
                *all = Domain { sip: all.sip + sip, mail: all.mail + mail, upn: all.upn + upn };
            }
        }
    }
}

fn count(all: &mut BTreeMap<String, (String, u64)>, key: &str, written: &str, users: u64) {
    if let Some((_, sum)) = all.get_mut(key) {
        *sum += users;
    } else if all.len() < MOST {
        all.insert(key.to_owned(), (written.to_owned(), users));
    }
}

/// The parent of a DN, as written.
pub(crate) fn parent_dn(dn: &str) -> Option<&str> {
    let (mut is_escaped, mut is_quoted) = (false, false);
    let comma = dn.find(|c| {
        let is_comma = c == ',' && !is_escaped && !is_quoted;
        is_quoted ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_comma
    })?;
    Some(dn[comma + 1..].trim_start())
}

/// The RDNs from the root, by which containers sort as a tree.
fn from_the_root(dn: &str) -> String {
    let (mut rest, mut rdns) = (Some(dn), Vec::new());
    while let Some(dn) = rest {
        rest = parent_dn(dn);
        rdns.push(&dn[..dn.len() - rest.map_or(0, |rest| rest.len() + 1)]);
    }
    rdns.reverse();
    rdns.join("\0")
}

/// The outcome of a run with certain settings, in numbers of users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Prospect {
    /// New addresses.
    pub(crate) get: u64,
    /// Present addresses that are kept.
    pub(crate) have: u64,
    /// Users without the attributes that an address needs.
    pub(crate) missing: u64,
    /// Users whose attributes give no valid address.
    pub(crate) malformed: u64,
    /// Users whose address would conflict.
    pub(crate) duplicate: u64,
    /// Users rejected for other reasons.
    pub(crate) faulty: u64,
    /// Users who are skipped.
    pub(crate) skipped: u64,
}

impl Prospect {
    pub(crate) fn users(&self) -> u64 {
        self.get + self.have + self.without() + self.faulty + self.skipped
    }

    /// The users who should get an address and would not.
    pub(crate) fn without(&self) -> u64 {
        self.missing + self.malformed + self.duplicate
    }
}

/// Decides as a run with these settings would; also returns warnings about selections that match no user.
///
/// # Errors
/// Errors of reading, and attributes that the exports do not show.
pub(crate) fn prospect(settings: &Settings, exports: &Exports) -> Result<(Prospect, Vec<Message>), Failure> {
    let wizard = Enable::plain(settings);
    let (mut scan, records) = scan(&wizard, exports, Store::new(None)?)?;
    let addressed: Vec<bool> = scan.facts.iter().map(|fact| fact.traits.has(Traits::ADDRESSED)).collect();
    let plan = decide(&wizard, &records, &mut scan, &mut ())?;
    let mut prospect = Prospect::default();
    for (decision, has_one) in plan.decisions.iter().zip(addressed) {
        let users = match (decision.status, decision.reason) {
            (Status::Changed | Status::Unchanged, _) if has_one => &mut prospect.have,
            (Status::Changed | Status::Unchanged, _) => &mut prospect.get,
            (Status::Skipped, _) => &mut prospect.skipped,
            (Status::Rejected, Some(Reason::ATTRIBUTE_MISSING | Reason::NAME_EMPTY)) => &mut prospect.missing,
            (Status::Rejected, Some(Reason::SIP_DUPLICATE)) => &mut prospect.duplicate,
            (Status::Rejected, Some(reason))
                if (Reason::SIP_SPACES..=Reason::NAME_SCRIPT).contains(&reason) =>
            {
                &mut prospect.malformed
            }
            (Status::Rejected, _) => &mut prospect.faulty,
            _ => continue,
        };
        *users += 1;
    }
    let unmatched = plan.unmatched_lines(settings).chain(plan.unmatched.iter().cloned()).collect();
    Ok((prospect, unmatched))
}

/// Returns the address of an example user for each of these settings. The example is the first user with an address in
/// all of them; if there is none, each setting has its own.
pub(crate) fn examples(ways: &[Settings], exports: &Exports) -> Result<Vec<Option<String>>, Failure> {
    let mut found = vec![None; ways.len()];
    let Some(first) = ways.first() else { return Ok(found) };
    let wizard = Enable::plain(first);
    for export in &exports.all[..exports.inputs] {
        for batch in export.batches(Hashing::None).map_err(Failure::broken)?.take(BATCHES) {
            let batch = batch.map_err(Failure::broken)?;
            let mut whole = None;
            let mut shown = Shown::new(&first.reading.attributes);
            export.records(&batch, &first.reading.attributes, &mut shown, &mut |record| {
                let ExportRecord::Record(RecordKind::Entry, object, _) = record else { return };
                if whole.is_some() || !is_selected_user(&wizard, &object) {
                    return;
                }
                let address =
                    |way: &Settings| way.addresses.composer.candidate(&object).ok().map(|made| made.address);
                let addresses: Vec<Option<String>> = ways.iter().map(address).collect();
                if addresses.iter().all(Option::is_some) {
                    whole = Some(addresses);
                } else {
                    found.iter_mut().zip(addresses).for_each(|(found, address)| {
                        if found.is_none() {
                            *found = address;
                        }
                    });
                }
            });
            if let Some(whole) = whole {
                return Ok(whole);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_begins_behind_the_first_unescaped_comma() {
        assert_eq!(parent_dn("CN=Doe\\, Ann, OU=Paris,DC=com"), Some("OU=Paris,DC=com"));
        assert_eq!(parent_dn("CN=\"Doe, Ann\",OU=Paris"), Some("OU=Paris"));
        assert_eq!(parent_dn("CN=a\\\\,OU=b"), Some("OU=b"));
        assert_eq!(parent_dn("DC=com"), None);
        assert_eq!(from_the_root("ou=a\\,b,ou=c,dc=com"), "dc=com\0ou=c\0ou=a\\,b");
    }
}
