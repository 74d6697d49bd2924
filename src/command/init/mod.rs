//! `init`: the pages of the wizard, one question after another, and their answers as a `userprep.toml`.
//!
//! What is counted comes from [`crate::survey`], and the counts of the sign-in names from the very file that would be
//! written: so they are those of the `enable` that takes it.

mod draft;
mod offer;
#[cfg(feature = "terminal")]
mod terminal;
#[cfg(not(feature = "terminal"))]
#[path = "no_terminal.rs"]
mod terminal;

use rayon::ThreadPool;

use self::draft::Draft;
use self::offer::Offer;
use self::terminal::Terminal;
use super::{Context, plan, workers};
use crate::cli::{self, PlannedArgs};
use crate::config::ConfigFile;
use crate::input;
use crate::language::text;
use crate::message::{Failure, Message, visible};
use crate::object::Attributes;
use crate::ocs;
use crate::output;
use crate::plan::Exports;
use crate::pool::Pool;
use crate::report::Outcome;
use crate::select::filter::Filter;
use crate::settings::{Scope, Settings};
use crate::sip::address::is_host_name;
use crate::survey::{self, Domain, Estate, Prospect};
use crate::wizard::enable;

/// The sign-in names, as the wizard lists them.
const FORMATS: [(&str, &str); 4] = [
    ("mail", "e-mail address"),
    ("upn", "user principal name"),
    ("first.last", "first name.last name"),
    ("sam", "account name (sAMAccountName)"),
];

/// Those from here on are built, and want a domain.
const BUILT: usize = 2;

/// Runs the command.
///
/// # Errors
/// What keeps the file from being written: nobody to ask, nothing to choose from, an export that cannot be read.
pub fn run(args: &cli::InitArgs, context: &Context) -> Result<Outcome, Failure> {
    output::is_free(&args.out, args.force, &text!("file", "fichier"))?;
    let terminal =
        if args.yes || context.answer.is_wanted() { None } else { Some(Terminal::open(context.colour)?) };
    let workers = workers(&args.run)?;
    let planned = args.planned();
    let settings = Settings::of(&planned, Scope::default(), ConfigFile::default())?;
    let exports = plan::exports(&planned, &settings, context)?;
    let estate = workers.install(|| survey::estate(&settings, &exports))?;
    let mut pages = Pages {
        args,
        context,
        terminal,
        workers,
        planned,
        exports,
        estate,
        known: Vec::new(),
        unanswered: None,
        draft: Draft::default(),
    };
    pages.begin();
    pages.users()?;
    pages.pools(&settings)?;
    pages.domains()?;
    pages.sign_in_name()?;
    pages.status()
}

/// The pages of the wizard, and what was answered.
struct Pages<'p> {
    args: &'p cli::InitArgs,
    context: &'p Context,
    /// Where questions go; nowhere if the defaults are taken.
    terminal: Option<Terminal>,
    workers: ThreadPool,
    planned: PlannedArgs,
    exports: Exports,
    estate: Estate,
    /// The pools to choose from, and how many users are homed there.
    known: Vec<(Pool, u64)>,
    /// What the defaults leave open, where a program is shown the choice first.
    unanswered: Option<Failure>,
    draft: Draft,
}

/// A sign-in name, an address that it would give, and what it would come to.
type Way = (usize, Option<String>, Option<Prospect>);

impl Pages<'_> {
    fn say(&self, text: &str) {
        (self.context.stderr)(text);
    }

    fn begin(&mut self) {
        let cli::InitArgs { reading, select, .. } = self.args;
        let names: Vec<&str> =
            self.exports.all[..self.exports.inputs].iter().map(|one| one.name.as_str()).collect();
        let from = if names.is_empty() { String::new() } else { format!(" from {}", names.join(", ")) };
        self.draft = Draft {
            head: format!("Written by `userprep init`{from}, {}.", self.context.time()),
            input: reading.dialect.input_format.map(|format| format.name().to_owned()),
            encoding: reading.dialect.encoding.clone(),
            delimiter: reading.dialect.delimiter.clone(),
            absent: reading.absent.clone(),
            bases: select.base.clone(),
            filter: select.filter.clone(),
            users: select.users.as_deref().map(input::typed),
            limit: select.limit,
            format: self.args.sip_from.clone().unwrap_or_else(|| FORMATS[0].0.to_owned()),
            ..Draft::default()
        };
        if self.terminal.is_some() && self.exports.inputs > 0 {
            self.say(&format!("{} users in {}\n\n", self.estate.users, visible(&names.join(", "))));
        }
    }

    /// Select users.
    fn users(&mut self) -> Result<(), Failure> {
        let select = &self.args.select;
        let is_said = !select.base.is_empty() || select.filter.is_some() || select.users.is_some();
        let Some(terminal) = self.terminal.as_ref().filter(|_| !is_said) else { return Ok(()) };
        let answers = ["all", "those below a container", "those that match a filter", "those on a list"];
        match terminal.one("Select users", &answers.map(String::from), 0)? {
            0 => {}
            1 if self.estate.containers.is_empty() => {
                let check = |dn: &str| ldif::dn::normalize(dn).map(drop).map_err(|fault| fault.to_string());
                self.draft.bases = vec![terminal.text("DN of the container", false, check)?];
            }
            1 => {
                let containers: Vec<&(String, u64)> = self.estate.containers.values().collect();
                let answers: Vec<String> = containers
                    .iter()
                    .map(|(dn, users)| format!("{users:>6} below {}", visible(dn)))
                    .collect();
                let chosen = terminal.several("Containers", &answers, &vec![false; answers.len()], 1)?;
                self.draft.bases = chosen.into_iter().map(|at| containers[at].0.clone()).collect();
            }
            2 => {
                let check = |text: &str| {
                    let mut attributes = Attributes::default();
                    let parsed = Filter::parse(text, |name| attributes.add(name));
                    parsed
                        .map(drop)
                        .map_err(|fault| format!("character {}: {}", fault.at + 1, fault.what().english()))
                };
                self.draft.filter = Some(terminal.text("Filter (RFC 4515)", false, check)?);
            }
            _ => {
                let check = |path: &str| match std::path::Path::new(path).is_file() {
                    true => Ok(()),
                    false => Err("there is no such file".to_owned()),
                };
                self.draft.users = Some(terminal.text("File with a user a line", false, check)?);
            }
        }
        Ok(())
    }

    /// Select pool: of those of `--pools`, else of those that users are homed on.
    fn pools(&mut self, settings: &Settings) -> Result<(), Failure> {
        let homed = |normalized: &str| self.estate.pools.get(normalized).map_or(0, |(_, users)| *users);
        let known: Vec<(Pool, u64)> = match settings.placement.known_pools {
            Some(_) => {
                settings.placement.pools.iter().map(|pool| (pool.clone(), homed(&pool.normalized))).collect()
            }
            None => self
                .estate
                .pools
                .iter()
                .filter_map(|(key, (dn, users))| Some((pool(key, dn)?, *users)))
                .collect(),
        };
        self.known.clone_from(&known);
        self.draft.pools = match (&self.terminal, known.len()) {
            _ if !self.args.pools.pool.is_empty() => {
                let format = FORMATS[0].0.to_owned();
                let all = Draft { pools: known, format, ..Draft::default() };
                let typed = PlannedArgs { pools: self.args.pools.clone(), ..PlannedArgs::default() };
                let scope = Scope { rules: false, places: true };
                let found = Settings::of(
                    &typed,
                    scope,
                    ConfigFile::parse(String::new(), all.text()).map_err(Failure::unfit)?,
                )?;
                let targets = found.rules.iter().flat_map(|rule| &rule.pools);
                targets
                    .map(|id| &found.placement.pools[id.index()])
                    .map(|pool| (pool.clone(), homed(&pool.normalized)))
                    .collect()
            }
            (_, 1) => known,
            (None, 0) => {
                let message = Message::error(
                    "pool-missing",
                    text!(
                        "no pool is named, and the exports show none",
                        "aucun pool n’est nommé, et les exports n’en montrent aucun"
                    ),
                );
                let message = message.help(text!(
                    "name one by --pool, or give an export of the pools by --pools",
                    "nommez-en un par --pool, ou donnez un export des pools par --pools"
                ));
                self.leave_open(message)?;
                known
            }
            (None, _) => {
                let names: Vec<String> = known.iter().map(named).collect();
                let message = Message::error(
                    "pool-missing",
                    text!(
                        "several pools to choose from, and none is named",
                        "plusieurs pools au choix, et aucun n’est nommé"
                    ),
                );
                let message =
                    message.because(text!("known here: {}", "connus ici\u{a0}: {}", names.join(", ")));
                self.leave_open(
                    message.help(text!("name one or more by --pool", "nommez-en un ou plusieurs par --pool")),
                )?;
                known
            }
            (Some(terminal), 0) => {
                let check = |dn: &str| match ocs::pool_name(dn) {
                    Some(_) => Ok(()),
                    None => {
                        Err("expected CN=LC Services,CN=Microsoft,CN=<pool>,CN=Pools,CN=RTC Service,…"
                            .to_owned())
                    }
                };
                let dn = terminal.text("Select pool: DN of its CN=LC Services object", false, check)?;
                let key = ldif::dn::normalize(&dn).map(|key| key.into_owned()).unwrap_or_default();
                pool(&key, &dn).map(|pool| (pool, 0)).into_iter().collect()
            }
            (Some(terminal), _) => {
                let answers: Vec<String> = known.iter().map(named).collect();
                let chosen = terminal.several("Select pool", &answers, &vec![false; answers.len()], 1)?;
                chosen.into_iter().map(|at| known[at].clone()).collect()
            }
        };
        Ok(())
    }

    /// What the defaults do not answer ends the command; a program is shown what there is to choose from before.
    fn leave_open(&mut self, message: Message) -> Result<(), Failure> {
        let failure = Failure::unfit(message);
        if self.is_json() {
            self.unanswered = Some(failure);
            return Ok(());
        }
        Err(failure)
    }

    fn is_json(&self) -> bool {
        self.context.answer.is_wanted()
    }

    /// The domains that host names can be, the most frequent first.
    fn known_domains(&self) -> Vec<(&String, &Domain)> {
        let mut known: Vec<(&String, &Domain)> =
            self.estate.domains.iter().filter(|(domain, _)| is_host_name(domain)).collect();
        known.sort_by_key(|(name, domain)| {
            (std::cmp::Reverse((domain.sip, domain.mail, domain.upn)), (*name).clone())
        });
        known
    }

    /// The SIP domains: by default those of one SIP address in ten, and those of one mail address in a hundred.
    fn domains(&mut self) -> Result<(), Failure> {
        if !self.args.sip_domain.is_empty() {
            self.draft.domains.clone_from(&self.args.sip_domain);
            return Ok(());
        }
        let known = self.known_domains();
        let addressed: u64 = known.iter().map(|(_, domain)| domain.sip).sum();
        let is_usual = |domain: &Domain| {
            domain.sip * 10 >= addressed.max(1) || domain.mail * 100 >= self.estate.users.max(1)
        };
        self.draft.domains = match &self.terminal {
            None => {
                known.iter().filter(|(_, domain)| is_usual(domain)).map(|(name, _)| (*name).clone()).collect()
            }
            Some(terminal) if known.is_empty() => split(&terminal.text(
                "SIP domains, the first for built names (none: any)",
                true,
                are_domains,
            )?),
            Some(terminal) => {
                let line = |(name, Domain { sip, mail, upn }): &(&String, &Domain)| {
                    format!("{name} ({sip} SIP addresses, {mail} mail, {upn} UPN)")
                };
                let mut answers: Vec<String> = known.iter().map(line).collect();
                answers.push("others".to_owned());
                let mut usual: Vec<bool> = known.iter().map(|(_, domain)| is_usual(domain)).collect();
                usual.push(false);
                let chosen = terminal.several("SIP domains, none for any", &answers, &usual, 0)?;
                let mut domains: Vec<String> =
                    chosen.iter().filter_map(|&at| known.get(at)).map(|(name, _)| (*name).clone()).collect();
                if chosen.contains(&known.len()) {
                    domains.extend(split(&terminal.text("Other SIP domains", false, are_domains)?));
                }
                domains
            }
        };
        Ok(())
    }

    /// Specify sign-in name: what each would give, and how many would go without.
    fn sign_in_name(&mut self) -> Result<(), Failure> {
        let is_said = self.args.sip_from.is_some();
        let asked: Vec<usize> = match &self.terminal {
            _ if self.is_json() => (0..FORMATS.len()).collect(),
            Some(_) if !is_said => (0..FORMATS.len()).collect(),
            _ => FORMATS.iter().position(|(name, _)| *name == self.draft.format).into_iter().collect(),
        };
        let mut ways = self.ways(&asked)?;
        if let Some(terminal) = self.terminal.as_ref().filter(|_| !is_said) {
            self.say(&format!("\n{}\n", ways.iter().map(shown).collect::<String>()));
            let answers: Vec<String> = ways.iter().map(way).collect();
            let chosen = ways[terminal.one("Specify sign-in name", &answers, 0)?].0;
            FORMATS[chosen].0.clone_into(&mut self.draft.format);
            let domains = &mut self.draft.domains;
            let is_open = chosen >= BUILT && domains.len() != 1;
            if is_open && domains.is_empty() {
                *domains = split(&terminal.text("Domain of these addresses", false, are_domains)?);
            } else if is_open {
                let first = terminal.one("Domain of these addresses", domains, 0)?;
                domains[..=first].rotate_right(1);
            }
            if is_open {
                ways[chosen] = self.ways(&[chosen])?.remove(0);
            }
        }
        if self.is_json() {
            let chosen = ways.iter().filter(|(at, ..)| FORMATS[*at].0 == self.draft.format);
            self.draft.counts = chosen.filter(|(_, _, prospect)| prospect.is_some()).map(counts).collect();
            self.context.answer.say(&Offer::of(self, &ways));
            return self.unanswered.take().map_or(Ok(()), Err);
        }
        self.draft.counts = ways.iter().filter(|(_, _, prospect)| prospect.is_some()).map(counts).collect();
        Ok(())
    }

    fn ways(&mut self, asked: &[usize]) -> Result<Vec<Way>, Failure> {
        let mut settings = Vec::new();
        for &at in asked {
            let format = FORMATS[at].0.to_owned();
            let text = Draft { format, ..self.draft.clone() }.text();
            let source = ConfigFile::parse(input::typed(&self.args.out), text).map_err(Failure::unfit)?;
            let built_without_domain = at >= BUILT && self.draft.domains.is_empty();
            let is_open = built_without_domain && (self.terminal.is_some() || self.is_json());
            if is_open || self.draft.pools.is_empty() {
                settings.push(None);
                continue;
            }
            // Inputs and references as typed; everything else is in the file.
            let mut planned = PlannedArgs { input: self.planned.input.clone(), ..PlannedArgs::default() };
            planned.input.reading.absent.clear();
            settings.push(Some(enable::SPEC.settings(&planned, source)?));
        }
        if self.exports.inputs == 0 {
            return Ok(asked.iter().map(|&at| (at, None, None)).collect());
        }
        let mut ways = Vec::new();
        for (&at, settings) in asked.iter().zip(settings.iter()) {
            let Some(settings) = settings else {
                ways.push((at, None, None));
                continue;
            };
            let all = std::mem::take(&mut self.exports.all);
            let with = |export: input::Export| export.with(&settings.input, &settings.attributes);
            self.exports.all = all.into_iter().map(with).collect();
            let prospect = self.workers.install(|| survey::prospect(settings, &self.exports))?;
            ways.push((at, None, Some(prospect)));
        }
        let (places, settings): (Vec<usize>, Vec<Settings>) =
            settings.into_iter().enumerate().filter_map(|(at, one)| Some((at, one?))).unzip();
        for (place, example) in places.into_iter().zip(survey::examples(&settings, &self.exports)?) {
            ways[place].1 = example;
        }
        Ok(ways)
    }

    /// Status: what was answered, the file, and the command that takes it.
    fn status(self) -> Result<Outcome, Failure> {
        let Draft { bases, filter, users, pools, domains, format, counts, .. } = &self.draft;
        let selected =
            [bases.join("; "), filter.clone().unwrap_or_default(), users.clone().unwrap_or_default()];
        let selected: Vec<&str> = selected.iter().map(String::as_str).filter(|one| !one.is_empty()).collect();
        let pools: Vec<String> = pools.iter().map(named).collect();
        let chosen = counts.iter().find(|one| one.split([',', ':']).next() == Some(format));
        let or = |text: String, none: &str| if text.is_empty() { none.to_owned() } else { text };
        let mut text = String::from("\n");
        for (name, value) in [
            ("users", or(selected.join("; "), "all")),
            ("pool", pools.join(", ")),
            ("domains", or(domains.join(", "), "any")),
            ("sign-in", chosen.unwrap_or(format).clone()),
        ] {
            text += &format!("{:<9}{}\n", format!("{name}:"), visible(&value));
        }
        self.say(&text);
        let file = input::typed(&self.args.out);
        if let Some(terminal) = &self.terminal
            && !terminal.agrees(&format!("Write {file}?"))?
        {
            return Err(Failure::Interrupted);
        }
        output::file(&self.args.out, self.draft.text().as_bytes(), self.args.force)?;
        self.say(&format!("wrote:   {}\nnext:    {}\n", visible(&file), visible(&self.next(&file))));
        Ok(Outcome::Completed)
    }

    /// The command that takes the file.
    fn next(&self, file: &str) -> String {
        let typed = |path: &std::path::PathBuf| shell(&input::typed(path));
        let mut words = vec!["userprep enable".to_owned()];
        words.extend(self.args.inputs.iter().map(typed));
        if self.args.inputs.is_empty() {
            words.push("INPUT".to_owned());
        }
        words.extend(self.args.reference.iter().map(|path| format!("--reference {}", typed(path))));
        words.extend(self.args.pools.known.pools.iter().map(|path| format!("--pools {}", typed(path))));
        words.push(format!("--config {} --out run1", shell(file)));
        words.join(" ")
    }
}

/// A pool of which nothing is known but its DN.
fn pool(normalized: &str, dn: &str) -> Option<Pool> {
    Some(Pool {
        label: ocs::pool_name(dn)?,
        fqdn: String::new(),
        dn: dn.to_owned(),
        normalized: normalized.to_owned(),
        capacity: 0,
        homed: 0,
        weight: 1,
        version: None,
        kind: None,
    })
}

fn named((pool, homed): &(Pool, u64)) -> String {
    let fqdn = if pool.fqdn.is_empty() { String::new() } else { format!("{}, ", pool.fqdn) };
    visible(&format!("{} ({fqdn}{homed} users)", pool.label)).into_owned()
}

/// A sign-in name as an answer to choose.
fn way((at, _, prospect): &Way) -> String {
    let (_, name) = FORMATS[*at];
    match prospect {
        Some(prospect) => format!("{name} ({} go without)", prospect.without()),
        None => name.to_owned(),
    }
}

/// All that is to be said of it before.
fn shown((at, example, prospect): &Way) -> String {
    let (_, name) = FORMATS[*at];
    match prospect {
        Some(prospect) => format!("{name}{}\n  {}\n", such_as(example.as_deref()), sums(prospect)),
        None if *at >= BUILT => format!("{name}: wants a SIP domain\n"),
        None => format!("{name}\n"),
    }
}

/// The same for the file.
fn counts((at, example, prospect): &Way) -> String {
    let sums = prospect.as_ref().map(sums).unwrap_or_default();
    format!("{}{}: {sums}", FORMATS[*at].0, such_as(example.as_deref()))
}

fn such_as(example: Option<&str>) -> String {
    example.map(|example| format!(", such as {}", visible(example))).unwrap_or_default()
}

fn sums(prospect: &Prospect) -> String {
    let Prospect { get, have, missing, malformed, duplicate, .. } = prospect;
    let without = prospect.without();
    format!(
        "{get} get it, {have} have an address, {without} go without: {missing} missing, {malformed} malformed, {duplicate} duplicate"
    )
}

/// The domains of a list that somebody types.
fn split(text: &str) -> Vec<String> {
    text.split([',', ';', ' ']).filter(|word| !word.is_empty()).map(String::from).collect()
}

fn are_domains(text: &str) -> Result<(), String> {
    match split(text).into_iter().find(|domain| !is_host_name(domain)) {
        Some(wrong) => Err(format!("`{wrong}` is no host name")),
        None if split(text).is_empty() && !text.is_empty() => Err("no domain is named".to_owned()),
        None => Ok(()),
    }
}

/// A word for a command line: in quotes if it has spaces.
fn shell(word: &str) -> String {
    if word.contains([' ', '&', '(', ';']) { format!("\"{word}\"") } else { word.to_owned() }
}
