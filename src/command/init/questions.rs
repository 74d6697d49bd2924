//! The pages about who takes part, in which pool, and in which SIP domains.

use super::draft::Draft;
use super::terminal::Terminal;
use super::{Pages, sign_in};
use crate::cli::PlannedArgs;
use crate::config::ConfigFile;
use crate::input::fault::no_dn;
use crate::language::{Text, count, text, users};
use crate::message::{Failure, Message, nearest, visible};
use crate::object::Attributes;
use crate::ocs::{self, POOL_SHAPE};
use crate::pool::Pool;
use crate::select::filter::Filter;
use crate::settings::{Scope, Settings, by_export, none_of_several};
use crate::sip::address::is_domain;
use crate::survey::Domain;

/// A domain of fewer users is not chosen by default, unless it is the most frequent.
const LEAST: u64 = 3;

impl Pages<'_> {
    /// Asks who takes part, unless a flag says so.
    pub(super) fn users(&mut self) -> Result<(), Failure> {
        let select = &self.args.select;
        let is_given = !select.base.is_empty() || select.filter.is_some() || select.users.is_some();
        let Some(terminal) = self.terminal.as_ref().filter(|_| !is_given) else { return Ok(()) };
        let answers = [
            text!("all", "tous"),
            text!("those below a container", "ceux d’un conteneur"),
            text!("those that match a filter", "ceux que retient un filtre"),
            text!("those on a list", "ceux d’une liste"),
        ];
        match terminal.one(&text!("Select users", "Sélection des utilisateurs"), &answers, 0)? {
            0 => {}
            1 => self.draft.bases = self.containers(terminal)?,
            2 => {
                let question = text!("Filter (RFC 4515)", "Filtre (RFC 4515)");
                self.draft.filter = Some(terminal.text(&question, false, check_filter)?);
            }
            _ => {
                let question = text!("File with one user per line", "Fichier avec un utilisateur par ligne");
                self.draft.users = Some(terminal.text(&question, false, check_file)?);
            }
        }
        Ok(())
    }

    fn containers(&self, terminal: &Terminal) -> Result<Vec<String>, Failure> {
        if self.estate.containers.is_empty() {
            let question = text!("DN of the container", "DN du conteneur");
            return Ok(vec![terminal.text(&question, false, check_dn)?]);
        }
        let containers: Vec<&(String, u64)> = self.estate.containers.values().collect();
        let answer = |(dn, users): &&(String, u64)| {
            text!("{users:>6} below {dn}", "{users:>6} sous {dn}", dn = visible(dn))
        };
        let answers: Vec<Text> = containers.iter().map(answer).collect();
        let chosen = terminal.several(&text!("Containers", "Conteneurs"), &answers, None)?;
        Ok(chosen.into_iter().map(|at| containers[at].0.clone()).collect())
    }

    /// Asks for the pool: one from `--pools`, else one on which users are homed.
    pub(super) fn pools(&mut self, settings: &Settings) -> Result<(), Failure> {
        let of_export = |pool: &Pool| (pool.clone(), self.homed(pool));
        let of_users = |(key, (dn, users)): (&String, &(String, u64))| Some((pool(key, dn)?, *users));
        self.known = match self.args.pools.known.pools {
            Some(_) => settings.placement.pools.iter().map(of_export).collect(),
            None => self.estate.pools.iter().filter_map(of_users).collect(),
        };
        let known = self.known.clone();
        self.draft.pools = match &self.terminal {
            _ if !self.args.pools.pool.is_empty() => self.typed_pools(known)?,
            _ if known.len() == 1 => known,
            None => {
                self.leave_open(unnamed(&known))?;
                known
            }
            Some(terminal) if known.is_empty() => {
                let question = text!(
                    "Select pool: DN of its CN=LC Services object",
                    "Sélection du pool\u{a0}: DN de son objet CN=LC Services"
                );
                let dn = terminal.text(&question, false, check_pool)?;
                let key = ldif::dn::normalize(&dn).map(|key| key.into_owned()).unwrap_or_default();
                pool(&key, &dn).map(|pool| (pool, 0)).into_iter().collect()
            }
            Some(terminal) => {
                let answers: Vec<Text> = known.iter().map(describe_pool).collect();
                let question = text!("Select pool", "Sélection du pool");
                let chosen = terminal.several(&question, &answers, None)?;
                chosen.into_iter().map(|at| known[at].clone()).collect()
            }
        };
        Ok(())
    }

    /// Returns the number of users homed on a pool.
    fn homed(&self, pool: &Pool) -> u64 {
        self.estate.pools.get(&pool.normalized).map_or(0, |(_, users)| *users)
    }

    /// Returns the pools of `--pool`, looked up among the known ones as in `enable`.
    fn typed_pools(&self, known: Vec<(Pool, u64)>) -> Result<Vec<(Pool, u64)>, Failure> {
        let format = sign_in::FORMATS[0].name.to_owned();
        let all = Draft { pools: known, format, ..Draft::default() };
        let source = ConfigFile::parse(String::new(), all.text()).map_err(Failure::unfit)?;
        let typed = PlannedArgs { pools: self.args.pools.clone(), ..PlannedArgs::default() };
        let found = Settings::of(&typed, Scope { places: true, ..Scope::NOTHING }, source)?;
        let targets = found.rules.iter().flat_map(|rule| &rule.pools);
        let pools = targets.map(|id| &found.placement.pools[id.index()]);
        Ok(pools.map(|pool| (pool.clone(), self.homed(pool))).collect())
    }

    /// Returns the domains that are valid host names, the most frequent first.
    pub(super) fn known_domains(&self) -> Vec<(&String, &Domain)> {
        let mut known: Vec<(&String, &Domain)> =
            self.estate.domains.iter().filter(|(domain, _)| is_domain(domain)).collect();
        known.sort_by_key(|(name, domain)| {
            (std::cmp::Reverse((domain.sip, domain.mail, domain.upn)), (*name).clone())
        });
        known
    }

    /// Asks for the SIP domains. The default is those of at least one SIP address in ten or one mail address in a
    /// hundred.
    pub(super) fn domains(&mut self) -> Result<(), Failure> {
        if !self.args.sip_domain.is_empty() {
            self.draft.domains.clone_from(&self.args.sip_domain);
            return Ok(());
        }
        let known = self.known_domains();
        let addressed: u64 = known.iter().map(|(_, domain)| domain.sip).sum();
        // A rare domain, or one that is a misspelling of a more frequent one, is not a default.
        let is_usual = |at: usize| {
            let (name, domain) = known[at];
            let above = known[..at].iter().map(|(name, _)| name.as_str());
            (domain.sip * 10 >= addressed.max(1) || domain.mail * 100 >= self.estate.users.max(1))
                && (at == 0 || domain.sip.max(domain.mail) >= LEAST)
                && nearest(name, above).is_none()
        };
        let mut usual: Vec<bool> = (0..known.len()).map(is_usual).collect();
        let name = |at: usize| known.get(at).map(|(name, _)| (*name).clone());
        self.draft.domains = match &self.terminal {
            None => (0..known.len()).filter(|&at| usual[at]).filter_map(name).collect(),
            Some(terminal) if known.is_empty() => {
                let question = text!(
                    "SIP domains, the first for built names (none: any)",
                    "Domaines SIP, le premier pour les noms construits (aucun\u{a0}: tous)"
                );
                split(&terminal.text(&question, true, check_domains)?)
            }
            Some(terminal) => {
                let answer = |(name, Domain { sip, mail, upn }): &(&String, &Domain)| {
                    let sip = count(*sip, ["SIP address", "SIP addresses"], ["adresse SIP", "adresses SIP"]);
                    text!("{name} ({sip}, {mail} mail, {upn} UPN)", "{name} ({sip}, {mail} mail, {upn} UPN)"; sip = sip)
                };
                let others = text!("others", "d’autres");
                let answers: Vec<Text> = known.iter().map(answer).chain([others]).collect();
                usual.push(false);
                let question = text!("SIP domains, none for any", "Domaines SIP (aucun\u{a0}: tous)");
                let chosen = terminal.several(&question, &answers, Some(&usual))?;
                let mut domains: Vec<String> = chosen.iter().filter_map(|&at| name(at)).collect();
                if chosen.contains(&known.len()) {
                    let question = text!("Other SIP domains", "Autres domaines SIP");
                    domains.extend(split(&terminal.text(&question, false, check_domains)?));
                }
                domains
            }
        };
        Ok(())
    }
}

/// Returns the error for a default pool that does not exist or is ambiguous.
fn unnamed(known: &[(Pool, u64)]) -> Message {
    if known.is_empty() {
        let what = text!(
            "no pool is named, and the exports show none",
            "aucun pool n’est nommé, et les exports n’en montrent aucun"
        );
        return Message::error("pool-missing", what).help(by_export());
    }
    let names: Vec<Text> = known.iter().map(describe_pool).collect();
    let names = Text::join(&names, ", ");
    none_of_several().because(text!("known here: {names}", "connus ici\u{a0}: {names}"; names))
}

/// Creates a pool of which only the DN is known.
fn pool(normalized: &str, dn: &str) -> Option<Pool> {
    let (dn, normalized) = (dn.to_owned(), normalized.to_owned());
    Some(Pool { label: ocs::pool_name(&dn)?, dn, normalized, ..Pool::default() })
}

/// Describes a pool by its label, FQDN and users.
pub(super) fn describe_pool((pool, homed): &(Pool, u64)) -> Text {
    let fqdn = if pool.fqdn.is_empty() { String::new() } else { format!("{}, ", pool.fqdn) };
    let label = &pool.label;
    let named = text!("{label} ({fqdn}{users})", "{label} ({fqdn}{users})"; users = users(*homed));
    named.map(|named| visible(named).into_owned())
}

fn check_dn(text: &str) -> Result<(), Text> {
    ldif::dn::normalize(text).map(drop).map_err(|fault| no_dn(text, &fault))
}

fn check_filter(text: &str) -> Result<(), Text> {
    let mut attributes = Attributes::default();
    let parsed = Filter::parse(text, |name| attributes.add(name));
    parsed.map(drop).map_err(|fault| {
        let at = fault.at + 1;
        text!("character {at}: {what}", "caractère {at}\u{a0}: {what}"; what = fault.what)
    })
}

fn check_file(path: &str) -> Result<(), Text> {
    if std::path::Path::new(path).is_file() {
        Ok(())
    } else {
        Err(text!("there is no such file", "ce fichier n’existe pas"))
    }
}

fn check_pool(dn: &str) -> Result<(), Text> {
    ocs::pool_name(dn).map(drop).ok_or_else(|| text!("expected {POOL_SHAPE}", "attendu\u{a0}: {POOL_SHAPE}"))
}

pub(super) fn check_domains(text: &str) -> Result<(), Text> {
    match split(text).into_iter().find(|domain| !is_domain(domain)) {
        Some(wrong) => Err(text!("`{wrong}` is not a host name", "`{wrong}` n’est pas un nom d’hôte")),
        None if split(text).is_empty() && !text.is_empty() => {
            Err(text!("no domain is named", "aucun domaine n’est nommé"))
        }
        None => Ok(()),
    }
}

/// Splits a typed list of domains.
pub(super) fn split(text: &str) -> Vec<String> {
    text.split([',', ';', ' ']).filter(|word| !word.is_empty()).map(String::from).collect()
}
