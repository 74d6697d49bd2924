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
use crate::language::{Text, text, users};
use crate::message::{Failure, Message, nearest, visible};
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
const FORMATS: [(&str, Text); 4] = [
    ("mail", Text::new("e-mail address", "adresse de messagerie")),
    ("upn", Text::new("user principal name", "nom d’utilisateur principal (UPN)")),
    ("first.last", Text::new("first name.last name", "prénom.nom")),
    ("sam", Text::new("account name (sAMAccountName)", "nom de compte (sAMAccountName)")),
];

/// A domain of fewer users is not chosen for them, unless it is the most frequent.
const LEAST: u64 = 3;

/// Those from here on are built, and want a domain.
const BUILT: usize = 2;

/// Runs the command.
///
/// # Errors
/// What keeps the file from being written: nobody to ask, nothing to choose from, an export that cannot be read.
pub fn run(args: &cli::InitArgs, context: &Context) -> Result<Outcome, Failure> {
    output::is_free(&args.out, args.force, &text!("file", "fichier"))?;
    let terminal = if args.yes || context.answer.is_wanted() {
        None
    } else {
        Some(Terminal::open(context.colour, context.language)?)
    };
    let workers = workers(&args.run)?;
    let planned = args.planned();
    let settings = Settings::of(&planned, Scope::NOTHING, ConfigFile::default())?;
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
        is_judged: false,
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
    /// Whether the selection was judged over all users, and what matches nobody was reported.
    is_judged: bool,
    draft: Draft,
}

/// A sign-in name, an address that it would give, and what it would come to.
type Way = (usize, Option<String>, Option<Prospect>);

impl Pages<'_> {
    fn say(&self, text: &Text) {
        (self.context.stderr)(&text.in_language(self.context.language).replace(['\u{a0}', '\u{202f}'], " "));
    }

    fn begin(&mut self) {
        let cli::InitArgs { reading, select, .. } = self.args;
        let names: Vec<&str> =
            self.exports.all[..self.exports.inputs].iter().map(|one| one.name.as_str()).collect();
        let (from, time) = (names.join(", "), self.context.time());
        let head = match names.is_empty() {
            true => text!("Written by `userprep init`, {time}.", "Écrit par `userprep init`, {time}."),
            false => text!(
                "Written by `userprep init` from {from}, {time}.",
                "Écrit par `userprep init` d’après {from}, {time}."
            ),
        };
        self.draft = Draft {
            head,
            language: self.context.language,
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
            self.say(&text!(
                "{users} in {names}\n\n",
                "{users} dans {names}\n\n",
                names = visible(&from);
                users = users(self.estate.users)
            ));
        }
    }

    /// Select users.
    fn users(&mut self) -> Result<(), Failure> {
        let select = &self.args.select;
        let is_said = !select.base.is_empty() || select.filter.is_some() || select.users.is_some();
        let Some(terminal) = self.terminal.as_ref().filter(|_| !is_said) else { return Ok(()) };
        let answers = [
            text!("all", "tous"),
            text!("those below a container", "ceux d’un conteneur"),
            text!("those that match a filter", "ceux que retient un filtre"),
            text!("those on a list", "ceux d’une liste"),
        ];
        match terminal.one(&text!("Select users", "Sélection des utilisateurs"), &answers, 0)? {
            0 => {}
            1 if self.estate.containers.is_empty() => {
                let check = |dn: &str| {
                    ldif::dn::normalize(dn).map(drop).map_err(|fault| input::fault::no_dn(dn, &fault))
                };
                let question = text!("DN of the container", "DN du conteneur");
                self.draft.bases = vec![terminal.text(&question, false, check)?];
            }
            1 => {
                let containers: Vec<&(String, u64)> = self.estate.containers.values().collect();
                let answers: Vec<Text> = containers
                    .iter()
                    .map(|(dn, users)| {
                        text!("{users:>6} below {dn}", "{users:>6} sous {dn}", dn = visible(dn))
                    })
                    .collect();
                let question = text!("Containers", "Conteneurs");
                let chosen = terminal.several(&question, &answers, &vec![false; answers.len()], 1)?;
                self.draft.bases = chosen.into_iter().map(|at| containers[at].0.clone()).collect();
            }
            2 => {
                let check = |text: &str| {
                    let mut attributes = Attributes::default();
                    let parsed = Filter::parse(text, |name| attributes.add(name));
                    parsed.map(drop).map_err(|fault| {
                        text!(
                            "character {at}: {what}",
                            "caractère {at}\u{a0}: {what}",
                            at = fault.at + 1;
                            what = fault.what()
                        )
                    })
                };
                let question = text!("Filter (RFC 4515)", "Filtre (RFC 4515)");
                self.draft.filter = Some(terminal.text(&question, false, check)?);
            }
            _ => {
                let check = |path: &str| match std::path::Path::new(path).is_file() {
                    true => Ok(()),
                    false => Err(text!("there is no such file", "ce fichier n’existe pas")),
                };
                self.draft.users = Some(terminal.text(
                    &text!("File with a user a line", "Fichier avec un utilisateur par ligne"),
                    false,
                    check,
                )?);
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
                let scope = Scope { places: true, ..Scope::NOTHING };
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
                let names: Vec<Text> = known.iter().map(named).collect();
                let message = Message::error(
                    "pool-missing",
                    text!(
                        "several pools to choose from, and none is named",
                        "plusieurs pools au choix, et aucun n’est nommé"
                    ),
                );
                let message =
                    message.because(text!("known here: {names}", "connus ici\u{a0}: {names}"; names = Text::join(&names, ", ")));
                self.leave_open(
                    message.help(text!("name one or more by --pool", "nommez-en un ou plusieurs par --pool")),
                )?;
                known
            }
            (Some(terminal), 0) => {
                let check = |dn: &str| match ocs::pool_name(dn) {
                    Some(_) => Ok(()),
                    None => Err(text!(
                        "expected CN=LC Services,CN=Microsoft,CN=<pool>,CN=Pools,CN=RTC Service,…",
                        "attendu\u{a0}: CN=LC Services,CN=Microsoft,CN=<pool>,CN=Pools,CN=RTC Service,…"
                    )),
                };
                let dn = terminal.text(
                    &text!(
                        "Select pool: DN of its CN=LC Services object",
                        "Sélection du pool\u{a0}: DN de son objet CN=LC Services"
                    ),
                    false,
                    check,
                )?;
                let key = ldif::dn::normalize(&dn).map(|key| key.into_owned()).unwrap_or_default();
                pool(&key, &dn).map(|pool| (pool, 0)).into_iter().collect()
            }
            (Some(terminal), _) => {
                let answers: Vec<Text> = known.iter().map(named).collect();
                let question = text!("Select pool", "Sélection du pool");
                let chosen = terminal.several(&question, &answers, &vec![false; answers.len()], 1)?;
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
        // One that few have, and one that is a slip of the pen for a more frequent one, is nobody's choice.
        let is_usual = |at: usize| {
            let (name, domain) = known[at];
            let above = known[..at].iter().map(|(name, _)| name.as_str());
            (domain.sip * 10 >= addressed.max(1) || domain.mail * 100 >= self.estate.users.max(1))
                && (at == 0 || domain.sip.max(domain.mail) >= LEAST)
                && nearest(name, above).is_none()
        };
        self.draft.domains = match &self.terminal {
            None => {
                let usual = (0..known.len()).filter(|&at| is_usual(at));
                usual.map(|at| known[at].0.clone()).collect()
            }
            Some(terminal) if known.is_empty() => split(&terminal.text(
                &text!(
                    "SIP domains, the first for built names (none: any)",
                    "Domaines SIP, le premier pour les noms construits (aucun\u{a0}: tous)"
                ),
                true,
                are_domains,
            )?),
            Some(terminal) => {
                let line = |(name, Domain { sip, mail, upn }): &(&String, &Domain)| {
                    text!(
                        "{name} ({sip} SIP addresses, {mail} mail, {upn} UPN)",
                        "{name} ({sip} adresses SIP, {mail} mail, {upn} UPN)"
                    )
                };
                let mut answers: Vec<Text> = known.iter().map(line).collect();
                answers.push(text!("others", "d’autres"));
                let mut usual: Vec<bool> = (0..known.len()).map(is_usual).collect();
                usual.push(false);
                let chosen = terminal.several(
                    &text!("SIP domains, none for any", "Domaines SIP (aucun\u{a0}: tous)"),
                    &answers,
                    &usual,
                    0,
                )?;
                let mut domains: Vec<String> =
                    chosen.iter().filter_map(|&at| known.get(at)).map(|(name, _)| (*name).clone()).collect();
                if chosen.contains(&known.len()) {
                    domains.extend(split(&terminal.text(
                        &text!("Other SIP domains", "Autres domaines SIP"),
                        false,
                        are_domains,
                    )?));
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
            let all: Vec<Text> = ways.iter().map(shown).collect();
            self.say(&text!("\n{all}\n", "\n{all}\n"; all = Text::join(&all, "")));
            let answers: Vec<Text> = ways.iter().map(way).collect();
            let question = text!("Specify sign-in name", "Nom de connexion");
            let chosen = ways[terminal.one(&question, &answers, 0)?].0;
            FORMATS[chosen].0.clone_into(&mut self.draft.format);
            let domains = &mut self.draft.domains;
            let is_open = chosen >= BUILT && domains.len() != 1;
            let question = text!("Domain of these addresses", "Domaine de ces adresses");
            if is_open && domains.is_empty() {
                *domains = split(&terminal.text(&question, false, are_domains)?);
            } else if is_open {
                let answers: Vec<Text> = domains.iter().map(|domain| Text::same(domain.clone())).collect();
                let first = terminal.one(&question, &answers, 0)?;
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
            settings.push(Some(Settings::of(&planned, enable::SPEC.scope, source)?));
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
            let with =
                |export: input::Export| export.with(&settings.reading.input, &settings.reading.attributes);
            self.exports.all = all.into_iter().map(with).collect();
            let (prospect, unmatched) = self.workers.install(|| survey::prospect(settings, &self.exports))?;
            // It is the same whatever the sign-in name.
            if !std::mem::replace(&mut self.is_judged, true) {
                unmatched.iter().for_each(|message| self.context.tell(message));
            }
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
        let pools: Vec<Text> = pools.iter().map(named).collect();
        let is_chosen = |one: &&Text| one.english().split([',', ':']).next() == Some(format);
        let chosen = counts.iter().find(is_chosen).cloned();
        let or = |text: String, none: Text| if text.is_empty() { none } else { Text::same(text) };
        let mut said = vec![text!("\n", "\n")];
        for (name, value) in [
            (text!("users:", "qui\u{a0}:"), or(selected.join("; "), text!("all", "tous"))),
            (text!("pool:", "pool\u{a0}:"), Text::join(&pools, ", ")),
            (text!("domains:", "domaines\u{a0}:"), or(domains.join(", "), text!("any", "tous"))),
            (text!("sign-in:", "connexion\u{a0}:"), chosen.unwrap_or_else(|| Text::same(format.clone()))),
        ] {
            let value = value.map(|value| visible(value).into_owned());
            said.push(text!("{name:<9}{value}\n", "{name:<12}{value}\n"; name = name, value = value));
        }
        self.say(&Text::join(&said, ""));
        let file = input::typed(&self.args.out);
        if let Some(terminal) = &self.terminal
            && !terminal.agrees(&text!("Write {file}?", "Écrire {file}\u{a0}?"))?
        {
            return Err(Failure::Interrupted);
        }
        output::file(&self.args.out, self.draft.text().as_bytes(), self.args.force)?;
        let (next, file) = (self.next(&file), visible(&file));
        let next = visible(&next);
        self.say(&text!("wrote:   {file}\nnext:    {next}\n", "écrit :    {file}\nensuite :  {next}\n"));
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

fn named((pool, homed): &(Pool, u64)) -> Text {
    let fqdn = if pool.fqdn.is_empty() { String::new() } else { format!("{}, ", pool.fqdn) };
    let label = &pool.label;
    let named = text!("{label} ({fqdn}{users})", "{label} ({fqdn}{users})"; users = users(*homed));
    named.map(|named| visible(named).into_owned())
}

/// A sign-in name as an answer to choose.
fn way((at, _, prospect): &Way) -> Text {
    let (_, name) = &FORMATS[*at];
    match prospect {
        Some(prospect) => text!(
            "{name} ({without} go without)",
            "{name} ({without} sans adresse)",
            without = prospect.without();
            name = name
        ),
        None => name.clone(),
    }
}

/// All that is to be said of it before.
fn shown((at, example, prospect): &Way) -> Text {
    let (_, name) = &FORMATS[*at];
    match prospect {
        Some(prospect) => {
            let (example, sums) = (such_as(example.as_deref()), sums(prospect));
            text!("{name}{example}\n  {sums}\n", "{name}{example}\n  {sums}\n"; name = name, example = example, sums = sums)
        }
        None if *at >= BUILT => {
            text!("{name}: needs a SIP domain\n", "{name}\u{a0}: exige un domaine SIP\n"; name = name)
        }
        None => text!("{name}\n", "{name}\n"; name = name),
    }
}

/// The same for the file.
fn counts((at, example, prospect): &Way) -> Text {
    let format = FORMATS[*at].0;
    let (example, sums) = (such_as(example.as_deref()), prospect.as_ref().map(sums).unwrap_or_default());
    text!("{format}{example}: {sums}", "{format}{example}\u{a0}: {sums}"; example = example, sums = sums)
}

fn such_as(example: Option<&str>) -> Text {
    example.map(visible).map(|example| text!(", such as {example}", ", comme {example}")).unwrap_or_default()
}

fn sums(prospect: &Prospect) -> Text {
    let Prospect { get, have, missing, malformed, duplicate, .. } = prospect;
    let without = prospect.without();
    text!(
        "{get} get it, {have} have an address, {without} go without: {missing} missing, {malformed} malformed, {duplicate} duplicate",
        "{get} la reçoivent, {have} ont une adresse, {without} restent sans\u{a0}: {missing} absentes, {malformed} malformées, {duplicate} en double"
    )
}

/// The domains of a list that somebody types.
fn split(text: &str) -> Vec<String> {
    text.split([',', ';', ' ']).filter(|word| !word.is_empty()).map(String::from).collect()
}

fn are_domains(text: &str) -> Result<(), Text> {
    match split(text).into_iter().find(|domain| !is_host_name(domain)) {
        Some(wrong) => Err(text!("`{wrong}` is no host name", "`{wrong}` n’est pas un nom d’hôte")),
        None if split(text).is_empty() && !text.is_empty() => {
            Err(text!("no domain is named", "aucun domaine n’est nommé"))
        }
        None => Ok(()),
    }
}

/// A word for a command line: in quotes if it has spaces.
fn shell(word: &str) -> String {
    if word.contains([' ', '&', '(', ';']) { format!("\"{word}\"") } else { word.to_owned() }
}
