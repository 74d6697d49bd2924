//! The combined meaning of command line and `userprep.toml`: names looked up, DNs parsed, contradictions reported.

mod addresses;
mod compiler;
mod in_force;
mod lines;
mod pools;
mod reading;
mod report;
mod rules;
mod safety;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::change::Style;
use crate::config::{ConfigFile, Existing, OutputSection, ProtectedAccounts, SelectSection, SipSection};
use crate::flags;
use crate::input::{self, columns};
use crate::language::text;
use crate::message::{Failure, Message};
use crate::object::{Attr, Attributes, Object};
use crate::ocs;
use crate::output;
use crate::pool::lookup::PoolExport;
use crate::pool::{Home, OnFull, Pool, PoolId};
use crate::report::Reason;
use crate::select::filter::{Asked, Filter};
use crate::select::{Base, Selection, UserList};
use crate::sip::claims::OnDuplicate;
use crate::sip::{self, Composer};
use ldif::Profile;

use self::compiler::Compiler;
use self::reading::absent;
use self::report::{absent_slips, redaction};
use self::rules::RuleTargets;
pub(crate) use pools::{by_export, none_of_several};
pub(crate) use reading::{List, OF_LISTS, Reading, reading};
pub(crate) use report::{ComparisonSettings, Report};
pub(crate) use rules::{Rule, silent_rules};
pub(crate) use safety::Safety;

/// The settings of a run, by stage.
#[derive(Debug)]
pub struct Settings {
    pub reading: Reading,
    pub selection: Selection,
    pub addresses: Addresses,
    /// Which pools exist, and how they fill up.
    pub placement: Placement,
    /// Which users get which pools and options; never empty.
    pub rules: Vec<Rule>,
    pub writing: Writing,
    pub report: Report,
    pub safety: Safety,
    /// Warnings to show before the run.
    pub warnings: Vec<Message>,
}

/// The purpose of a base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose<'s> {
    /// It selects the users below it.
    Selects,
    /// It protects the users below it.
    Protects,
    /// It is a condition of the rule with this label.
    Rules(&'s str),
}

#[derive(Clone, Debug)]
pub struct Addresses {
    /// How they are made.
    pub composer: Composer,
    /// How a user's existing address is treated.
    pub existing: Existing,
    /// How an address that several users would get is treated.
    pub on_duplicate: OnDuplicate,
    /// Whether the run may change proxyAddresses.
    pub proxy_address: bool,
}

/// Which pools exist, and how they fill up.
#[derive(Clone, Debug, Default)]
pub struct Placement {
    pub pools: Vec<Pool>,
    /// The same by normalised DN.
    by_dn: HashMap<String, PoolId>,
    /// The same by label, FQDN and CN, in lower case; `None` for an ambiguous name.
    by_name: HashMap<String, Option<PoolId>>,
    /// The normalised DNs of the pools in `--pools`, if it was given: any other pool is gone.
    pub known_pools: Option<HashSet<String>>,
    /// How users are treated when their pool is full.
    pub on_full: OnFull,
    /// The attribute whose value decides which users share a pool.
    pub keep_together: Option<Attr>,
}

/// The form of the change files.
#[derive(Clone, Debug)]
pub struct Writing {
    pub style: Style,
    /// Line ends and folding.
    pub profile: Profile,
    pub target: output::Target,
    /// Records per change file; 0 for one file per domain.
    pub split: u64,
}

impl Addresses {
    fn new(composer: Composer, sip: &SipSection) -> Self {
        let SipSection { existing, on_duplicate, proxy_address, .. } = *sip;
        Self { composer, existing, on_duplicate, proxy_address: proxy_address.unwrap_or(true) }
    }
}

impl Placement {
    /// Collects the pools of the run, and those that only the export of the pools shows.
    fn new(mut pools: Vec<Pool>, found: Option<PoolExport>, warnings: &mut Vec<Message>) -> Self {
        let normalized = |pool: &Pool| pool.normalized.clone();
        // A pool that seems to be missing may be in an unreadable record.
        let whole = found.as_ref().filter(|found| found.is_whole);
        let known_pools = whole.map(|found| found.pools.iter().map(normalized).collect());
        if let Some(found) = found {
            warnings.extend(found.messages);
            pools::describe(&mut pools, found.pools);
        }
        let by_dn = pools.iter().map(normalized).zip((0..).map(PoolId)).collect();
        let by_name = pools::by_name(&pools);
        Self { pools, by_dn, by_name, known_pools, ..Self::default() }
    }
}

impl Writing {
    fn of(typed: &flags::OutputArgs, config: &OutputSection) -> Self {
        let target = typed.target.or(config.target).unwrap_or_default();
        let wrap = typed.wrap.or(config.wrap.as_ref().map(|wrap| *wrap.get_ref())).unwrap_or(76);
        Self {
            style: typed.style.or(config.style).unwrap_or_default(),
            profile: output::ldif::profile(target, wrap),
            target,
            split: typed.split.or(config.split).unwrap_or(1000),
        }
    }
}

/// Which parts of the configuration a wizard follows, and what it reads.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// The rules: which users get which pools and options. Without them, there is a single rule for every user.
    pub rules: bool,
    /// Target pools: at least one is required.
    pub places: bool,
    /// Telephone lines.
    pub lines: bool,
    /// Returns the attributes of users that it reads or writes under these rules; the flag says whether lists are
    /// joined. Each input with users must show these attributes.
    pub needs: fn(&[Rule], bool) -> Vec<Attr>,
    /// Attributes that decisions rest on, beside those of every wizard. A value of the wrong syntax rejects the user.
    pub judged: &'static [Attr],
    /// Whether it removes values byte by byte. Such a wizard reads all attributes of Communications Server that an
    /// input shows, and their values may be of any syntax.
    pub erases: bool,
    /// The reason under which a shared address that a user keeps needs a decision; without one it is a warning.
    pub twin: Option<Reason>,
}

impl Scope {
    /// No rules, pools or lines, and only the attributes that every wizard needs.
    pub const NOTHING: Self = Self {
        rules: false,
        places: false,
        lines: false,
        needs: |_, _| Vec::new(),
        judged: &[],
        erases: false,
        twin: None,
    };
}

impl Settings {
    /// Compiles the settings for a command with this scope.
    ///
    /// # Errors
    /// All errors in the configuration and the flags, or the first that prevents a look at the rest.
    pub fn of(args: &flags::PlannedArgs, scope: Scope, source: ConfigFile) -> Result<Self, Failure> {
        let mut compiler = Compiler::new(&source);
        let config = &source.config;
        let input = compiler.input_options(&args.input.reading.dialect);
        let absent = absent(&args.input.reading, config, &mut compiler.attributes);
        let mut list = List::new(&args.input, config, &mut compiler.attributes);
        let known = args.pools.known.pools.as_ref();
        let found = known.map(|path| pools::look_up(path, &input, &compiler.attributes)).transpose()?;
        let selection = compiler.selection(&args.select, &input)?;
        let Some((pools, targets)) = compiler.pools(&args.pools, scope.places, found.as_ref()) else {
            return Err(Failure::Unfit(compiler.faults));
        };
        let are_typed = !args.pools.pool.is_empty();
        let targets = RuleTargets { all: &targets, are_typed, are_wanted: scope.places };
        let mut rules = compiler.rules(scope.rules, &pools, &targets, &args.options);
        let config_text = in_force::configuration(&source, args, &pools, &targets);
        let composer = compiler.composer(&args.sip, list.as_ref());
        let safety = compiler.safety(&args.safety, args.replace_many);
        let keep_together = compiler.keep_together();
        compiler.check_wrap(args.output.wrap);
        compiler.lines(&mut rules, list.as_mut(), scope.lines);
        let Some(composer) = composer.filter(|_| compiler.faults.is_empty()) else {
            return Err(Failure::Unfit(compiler.faults));
        };
        let Compiler { mut attributes, slips, mut warnings, .. } = compiler;
        let sources = sources(&composer, list.as_ref(), &mut attributes);
        warnings.extend(pools::mixed_containers(&pools));
        warnings.extend(rules::unreachable(&source).filter(|_| scope.rules));
        let mut placement = Placement::new(pools, found, &mut warnings);
        (placement.on_full, placement.keep_together) = (config.assign.on_full, keep_together);
        if scope.places {
            warnings.extend(pools::unfit(&placement.pools, &rules));
        }
        let redaction = redaction(&config.output.redact, &mut attributes, &mut warnings);
        warnings.extend(absent_slips(&absent, &attributes));
        let named = named(&selection, &rules, keep_together.filter(|_| scope.places));
        let needed = needed(scope, &rules, &named, (&safety, list.is_some()));
        // A number that the run assigns may not be another user's private line either.
        let others = needed.contains(&Attr::LINE).then_some(Attr::PRIVATE_LINE);
        needed.iter().copied().chain(others).for_each(|attr| attributes.ask(attr));
        let reading =
            Reading { attributes, slips, input, list, sources, absent, needed, named, shown: Vec::new() };
        let language = config.output.language.unwrap_or_default();
        Ok(Self {
            reading,
            selection,
            addresses: Addresses::new(composer, &config.sip),
            placement,
            rules,
            writing: Writing::of(&args.output, &config.output),
            report: Report { language, redaction, config_file: source.file, config_text },
            safety,
            warnings,
        })
    }

    /// Adds attributes that are written if the inputs show them.
    pub fn showing(mut self, names: impl IntoIterator<Item = String>) -> Self {
        let Reading { attributes, shown, .. } = &mut self.reading;
        for name in names {
            let attr = attributes.add(&name);
            // Inputs may spell one name in several ways.
            if !shown.contains(&attr) {
                shown.push(attr);
            }
        }
        // Attributes that every run reads come first, in the order of the table; the others are sorted by name.
        shown.sort_by_key(|attr| if attr.is_always_read() { attr.index() } else { usize::MAX });
        self
    }

    /// Iterates over all bases, each with its purpose.
    pub fn bases(&self) -> impl Iterator<Item = (Purpose<'_>, &Base)> {
        let selected = self.selection.bases.iter().map(|base| (Purpose::Selects, base));
        let protected = self.safety.protect.iter().map(|base| (Purpose::Protects, base));
        let of_rules =
            self.rules.iter().filter_map(|rule| Some((Purpose::Rules(&rule.label), rule.base.as_ref()?)));
        selected.chain(protected).chain(of_rules)
    }

    /// Looks up the normalised DN in msRTCSIP-PrimaryHomeServer.
    pub fn home(&self, dn: Option<&str>) -> Home {
        let Some(dn) = dn else { return Home::None };
        let is_gone = dn.contains("\ndel:")
            || self.placement.known_pools.as_ref().is_some_and(|existing| !existing.contains(dn));
        if is_gone {
            return Home::Gone;
        }
        self.placement.by_dn.get(dn).map_or(Home::Unknown, |&pool| Home::Known(pool))
    }

    /// Returns the name of a user's pool: its label, else the CN of a pool that nothing describes.
    pub fn pool_name<'o>(&'o self, object: &'o Object<'_>, home: Home) -> Cow<'o, str> {
        let dn = object.text(Attr::PRIMARY_HOME_SERVER).unwrap_or_default();
        match home {
            Home::None => "".into(),
            Home::Known(pool) | Home::LeftOver(Some(pool)) => {
                self.placement.pools[pool.index()].label.as_str().into()
            }
            _ => ocs::pool_or_dn(dn),
        }
    }

    /// Returns the pool in the object's row of a list, and which of the known pools it is.
    pub fn listed_pool<'o>(&self, object: &'o Object<'_>) -> Option<(&'o str, Option<PoolId>)> {
        let text = object.text(self.reading.list.as_ref()?.pool)?;
        let dn = ldif::dn::normalize(text).ok().filter(|_| text.contains('='));
        let pool = match dn {
            Some(dn) => self.placement.by_dn.get(&*dn).copied(),
            None => self.placement.by_name.get(&text.to_ascii_lowercase()).copied().flatten(),
        };
        Some((text, pool))
    }

    /// Returns the attribute whose unsure value decides whether the object is selected, or which rule applies to it.
    pub fn unsure(&self, object: &Object<'_>, unsure: &impl Fn(Attr, Asked) -> bool) -> Option<Attr> {
        let is_admitted = self.selection.filter.as_ref().map(|filter| filter.certainly(object, unsure));
        let first_unsure =
            |filter: &Filter| filter.attributes().into_iter().find(|&attr| unsure(attr, Asked::Letters));
        match is_admitted {
            Some(None) => return self.selection.filter.as_ref().and_then(first_unsure),
            Some(Some(false)) => return None,
            None | Some(Some(true)) => {}
        }
        for rule in &self.rules {
            match rule.certainly(object, unsure) {
                Some(true) => return None,
                Some(false) => {}
                None => return rule.filter.as_ref().and_then(first_unsure),
            }
        }
        None
    }

    /// Returns the index of the first matching rule.
    pub fn rule(&self, object: &Object<'_>) -> Option<usize> {
        self.rules.iter().position(|rule| rule.matches(object))
    }
}

impl Compiler<'_> {
    /// Looks up the attribute whose value decides which users share a pool.
    fn keep_together(&mut self) -> Option<Attr> {
        let name = self.source.config.assign.keep_together.as_ref()?;
        let source = self.source;
        let attr = columns::want(name.get_ref(), &mut self.attributes);
        self.suspect(attr, |_, what| source.fault("config-value", name, what));
        Some(attr)
    }

    /// Refuses lines that are too narrow, unless a flag takes precedence.
    fn check_wrap(&mut self, typed: Option<usize>) {
        let key = self.source.config.output.wrap.as_ref().filter(|_| typed.is_none());
        if let Some(key) = key.filter(|key| !output::ldif::is_wrap(*key.get_ref())) {
            let what = text!("the lines would be too narrow", "les lignes seraient trop étroites");
            self.faults.push(self.source.fault("config-value", key, what).help(output::ldif::wraps()));
        }
    }

    /// Combines flags and `[select]`, and reads the list of users.
    fn selection(
        &mut self,
        args: &flags::SelectArgs,
        options: &input::Options,
    ) -> Result<Selection, Failure> {
        let config = &self.source.config.select;
        let bases = self.bases(&args.base);
        let filter = self.filter(args.filter.as_deref(), config.filter.as_ref());
        let list = match args.users.as_ref().or(config.users.as_ref()) {
            Some(path) => {
                let mut list = UserList::new(input::typed(path));
                let unread = input::names(path, options, &UserList::NAMES, &mut |name| list.push(name));
                self.warnings.extend(unread.map_err(Failure::broken)?);
                Some(list)
            }
            None => None,
        };
        let limit = args.limit.or(config.limit);
        let SelectSection { disabled_accounts, resource_mailboxes, contacts, .. } = *config;
        Ok(Selection { bases, filter, list, limit, disabled_accounts, resource_mailboxes, contacts })
    }
}

/// Collects the attributes that addresses and pools are made from.
fn sources(composer: &Composer, list: Option<&List>, attributes: &mut Attributes) -> Vec<Attr> {
    let names = composer.rules().formats().flat_map(sip::Format::attributes);
    let names = names.map(|name| columns::want(name, attributes));
    names.chain(list.into_iter().flat_map(|list| [list.sip_uri, list.pool])).collect()
}

/// Collects the attributes that filters and groups name.
fn named(selection: &Selection, rules: &[Rule], groups: Option<Attr>) -> Vec<Attr> {
    let filters = selection.filter.iter().chain(rules.iter().filter_map(|rule| rule.filter.as_ref()));
    filters.flat_map(Filter::attributes).chain(groups).collect()
}

/// Collects the attributes that each input with users must show: those that the wizard reads or writes, that filters
/// and groups name, and that the safety rules need.
fn needed(scope: Scope, rules: &[Rule], named: &[Attr], (safety, is_joined): (&Safety, bool)) -> Vec<Attr> {
    let skips_protected = safety.protected_accounts == ProtectedAccounts::Skip;
    let mut needed = (scope.needs)(rules, is_joined);
    needed.extend(named);
    needed.extend([Attr::OBJECT_CLASS, Attr::USER_ACCOUNT_CONTROL]);
    needed.extend(skips_protected.then_some(Attr::ADMIN_COUNT));
    needed.sort_unstable();
    needed.dedup();
    needed
}
