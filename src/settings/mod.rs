//! What command line and `userprep.toml` mean together: every name looked up, every DN parsed, every contradiction reported.

mod addresses;
mod pools;
mod rules;
mod safety;

use std::collections::HashSet;

use ldif::Profile;
use toml::Spanned;

use crate::change::Style;
use crate::cli;
use crate::config::{self, Config, ConfigFile, Existing, ProtectedAccounts};
use crate::input;
use crate::input::detect::ExportFormat;
use crate::input::encoding::TextEncoding;
use crate::language::{Language, Text, text};
use crate::message::{self, Failure, Message};
use crate::object::{Attr, Attributes, Object};
use crate::output;
use crate::pool::{Home, OnFull, Pool, PoolId};
use crate::report::redaction::Redaction;
use crate::select::filter::Filter;
use crate::select::{Base, Selection, UserList};
use crate::sip::claims::OnDuplicate;
use crate::sip::{self, Composer};

pub use rules::Rule;
pub use safety::{Safety, Share};

/// What a run follows, by the stage that follows it.
#[derive(Debug)]
pub struct Settings {
    /// What is read of each object.
    pub attributes: Attributes,
    /// How exports are read.
    pub input: input::Options,
    /// How lists without DNs are joined to exports that show their users, if they are.
    pub list: Option<List>,
    /// Attributes that addresses are made of.
    pub sources: Vec<Attr>,
    /// What may be missing from the exports.
    pub absent: Absent,
    /// Attributes that each input with users must show.
    pub needed: Vec<Attr>,
    /// Attributes that are written as well, where an input shows them.
    pub shown: Vec<Attr>,
    /// Who takes part.
    pub selection: Selection,
    /// Which addresses they get.
    pub addresses: Addresses,
    /// Which pools there are, and how they fill up.
    pub placement: Placement,
    /// Who gets which pools and options; never empty.
    pub rules: Vec<Rule>,
    /// The form of the change files.
    pub writing: Writing,
    /// The language of the page.
    pub language: Language,
    /// What the reports mask.
    pub redaction: Redaction,
    /// What stops a run.
    pub safety: Safety,
    /// Warnings to show before the run.
    pub warnings: Vec<Message>,
    /// The configuration file as typed; empty if there is none.
    pub config_file: String,
    /// Its text.
    pub config_text: String,
}

/// What a base is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose<'s> {
    /// Users below it take part.
    Selects,
    /// Users below it are left alone.
    Protects,
    /// It is a condition of the rule of this label.
    Rules(&'s str),
}

/// Which addresses users get.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// How they are made.
    pub composer: Composer<Attr>,
    /// What becomes of an address that the user has already.
    pub existing: Existing,
    /// What becomes of an address that several users would get.
    pub on_duplicate: OnDuplicate,
    /// Whether the run may change proxyAddresses.
    pub proxy_address: bool,
}

/// Which pools there are, and how they fill up.
#[derive(Clone, Debug)]
pub struct Placement {
    /// All pools that anything describes.
    pub pools: Vec<Pool>,
    /// Normalised DNs of the pools of `--pools`, if it was given: any other pool is gone.
    pub known_pools: Option<HashSet<String>>,
    /// What becomes of users whose pool is full.
    pub on_full: OnFull,
    /// The attribute whose holders share a pool.
    pub keep_together: Option<Attr>,
}

/// The form of the change files.
#[derive(Clone, Debug)]
pub struct Writing {
    /// How modifications guard the old value.
    pub style: Style,
    /// Line ends and folding.
    pub profile: Profile,
    /// Which importer the files are for.
    pub target: output::Target,
    /// Records in one change file; 0 is one file a domain.
    pub split: u64,
}

/// Attributes asserted to be empty everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Absent {
    all: bool,
    some: Vec<Attr>,
    /// The assertion as it was made, for the report.
    pub said: String,
}

impl Absent {
    /// Whether the attribute is asserted to be empty where an export does not show it.
    #[must_use]
    pub fn asserts(&self, attr: Attr) -> bool {
        self.all || self.some.contains(&attr)
    }
}

/// How lists without DNs are joined to exports that show their users.
#[derive(Clone, Debug)]
pub struct List {
    /// What their rows may name users by, the surest first.
    keys: Vec<String>,
    /// The pool that a row names.
    pub pool: Attr,
    /// The address that a row gives.
    pub sip_uri: Attr,
    /// The SID of the logon account that a row gives.
    pub originator_sid: Attr,
    /// The telephone line that a row gives.
    pub line: Attr,
}

impl List {
    fn new(args: &cli::InputArgs, config: &Config, attributes: &mut Attributes) -> Option<Self> {
        if args.join.is_empty() {
            return None;
        }
        let keys = match args.join_key.as_ref().or(config.input.join_key.as_ref()) {
            Some(key) => vec![key.clone()],
            None => input::join::KEYS.map(String::from).to_vec(),
        };
        for key in keys.iter().filter(|key| !key.eq_ignore_ascii_case("DN")) {
            attributes.add(key);
        }
        let [pool, originator_sid, line] = ["pool", "originatorSid", "line"].map(|name| attributes.add(name));
        Some(Self { keys, pool, sip_uri: attributes.add(sip::LISTED), originator_sid, line })
    }

    /// What only rows give: the exports may show attributes of the same names, which mean something else.
    #[must_use]
    pub fn own(&self) -> Vec<Attr> {
        vec![self.pool, self.sip_uri, self.originator_sid, self.line]
    }
}

/// How exports are read, for commands that need no more.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The attributes that are wanted.
    pub attributes: Attributes,
    /// How exports are read.
    pub input: input::Options,
    /// What is asserted to be empty.
    pub absent: Absent,
    /// The language of the page.
    pub language: Language,
    /// What the reports mask.
    pub redaction: Redaction,
}

impl Reading {
    /// Puts flags and configuration together. What the configuration asserts to be absent was so in the exports that it
    /// was written for, and counts no more.
    ///
    /// # Errors
    /// Exit code 2: everything that does not fit.
    pub fn of(args: &cli::ReadingArgs, source: &ConfigFile) -> Result<Self, Failure> {
        let mut attributes = Attributes::default();
        let mut faults = Faults(Vec::new());
        let input = input_options(&args.dialect, source, &mut faults);
        let absent = absent(args, &Config::default(), &mut attributes);
        let config::OutputSection { language, redact, .. } = &source.config.output;
        let redaction = redaction(redact, &mut attributes, &mut Vec::new());
        if faults.0.is_empty() {
            Ok(Self { attributes, input, absent, language: language.unwrap_or_default(), redaction })
        } else {
            Err(Failure::Unfit(faults.0))
        }
    }
}

/// What is masked must be read, so that it is known wherever it turns up.
fn redaction(names: &[String], attributes: &mut Attributes, warnings: &mut Vec<Message>) -> Redaction {
    for name in names {
        let known = attributes.names().chain(["distinguishedName"]);
        // Of three letters, such as cn and sn, each is close to another.
        if let Some(meant) = message::nearest(name, known).filter(|_| name.len() > 3) {
            let what = text!(
                "`{name}` of [output] redact is close to `{meant}`, which is not masked",
                "`{name}` de [output] redact ressemble à `{meant}`, qui n’est pas masqué"
            );
            warnings.push(Message::warning("redact-unknown", what));
        }
        attributes.add(name);
    }
    Redaction::new(names)
}

/// How much of the configuration a wizard goes by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The rules: who gets which pools and which options. Without them there is one, for everybody.
    pub rules: bool,
    /// Target pools: one at least must be named.
    pub places: bool,
}

impl Settings {
    /// What a wizard goes by. Which attributes it needs is not asked here: [`Settings::need`].
    ///
    /// # Errors
    /// All that is wrong with the configuration and the flags, or the first thing that keeps the rest from being
    /// looked at.
    pub fn of(args: &cli::PlannedArgs, scope: Scope, source: ConfigFile) -> Result<Self, Failure> {
        let mut attributes = Attributes::default();
        let mut faults = Faults(Vec::new());
        let config = &source.config;
        let input = input_options(&args.input.reading.dialect, &source, &mut faults);
        let absent = absent(&args.input.reading, config, &mut attributes);
        let list = List::new(&args.input, config, &mut attributes);
        let found = match &args.pools.known.pools {
            Some(path) => Some(pools::look_up(path, &input, &attributes)?),
            None => None,
        };
        let mut selection = Selection {
            bases: bases(&args.select.base, &source, &mut faults),
            limit: args.select.limit.or(config.select.limit),
            disabled_accounts: config.select.disabled_accounts,
            resource_mailboxes: config.select.resource_mailboxes,
            contacts: config.select.contacts,
            ..Selection::default()
        };
        selection.filter = filter(args.select.filter.as_deref(), &source, &mut attributes, &mut faults);
        if let Some(path) = args.select.users.as_ref().or(config.select.users.as_ref()) {
            let names = input::names(path, &input, &UserList::NAMES).map_err(Failure::broken)?;
            selection.list = Some(UserList::new(names));
        }
        let Some((mut pools, targets)) =
            pools::pools(&args.pools, scope.places, &source, found.as_deref(), &mut faults)
        else {
            return Err(Failure::Unfit(faults.0));
        };
        let targets = rules::RuleTargets {
            all: &targets,
            are_typed: !args.pools.pool.is_empty(),
            are_wanted: scope.places,
        };
        let mut rules = rules::rules(&source, scope.rules, &pools, &targets, &mut attributes, &mut faults);
        for rule in &mut rules {
            rule.options = args.options.or(&rule.options.or(&config.options));
        }
        let composer = addresses::composer(&args.sip, &source, &mut attributes, &mut faults);
        let composer = match &list {
            Some(list) => composer.map(|composer| composer.listing(list.sip_uri)),
            None => composer,
        };
        let safety = safety::safety(&args.safety, args.replace_many, &source, &mut faults);
        let keep_together = config.assign.keep_together.as_ref().map(|name| attributes.add(name.get_ref()));
        let Some(composer) = composer.filter(|_| faults.0.is_empty()) else {
            return Err(Failure::Unfit(faults.0));
        };
        let names = composer.rules().formats().flat_map(sip::Format::attributes);
        let names = names.filter_map(|name| attributes.find(name.as_bytes()));
        let sources = names.chain(list.iter().flat_map(|list| [list.sip_uri, list.pool])).collect();
        let mut warnings: Vec<Message> = pools::mixed_containers(&pools).into_iter().collect();
        warnings.extend(rules::unreachable(&source).filter(|_| scope.rules));
        let existing = found.as_ref().map(|found| found.iter().map(|pool| pool.normalized.clone()).collect());
        if let Some(found) = found {
            pools::describe(&mut pools, found);
        }
        if scope.places {
            warnings.extend(pools::newer(&pools, &rules));
        }
        let output = &config.output;
        let redaction = redaction(&output.redact, &mut attributes, &mut warnings);
        let target = args.output.target.or(output.target).unwrap_or_default();
        let wrap = args.output.wrap.or(output.wrap.as_ref().map(|wrap| *wrap.get_ref())).unwrap_or(76);
        Ok(Self {
            attributes,
            input,
            list,
            sources,
            absent,
            needed: Vec::new(),
            shown: Vec::new(),
            selection,
            addresses: Addresses {
                composer,
                existing: config.sip.existing,
                on_duplicate: config.sip.on_duplicate,
                proxy_address: config.sip.proxy_address.unwrap_or(true),
            },
            placement: Placement {
                pools,
                known_pools: existing,
                on_full: config.assign.on_full,
                keep_together,
            },
            rules,
            writing: Writing {
                style: args.output.style.or(output.style).unwrap_or_default(),
                profile: output::ldif::profile(target, wrap),
                target,
                split: args.output.split.or(output.split).unwrap_or(1000),
            },
            language: output.language.unwrap_or_default(),
            redaction,
            safety,
            warnings,
            config_file: source.file,
            config_text: source.text,
        })
    }

    /// Each input with users must show these attributes, the classes of objects, and what filters name.
    pub fn need(&mut self, attributes: impl IntoIterator<Item = Attr>) {
        let filters =
            self.selection.filter.iter().chain(self.rules.iter().filter_map(|rule| rule.filter.as_ref()));
        let skips_protected = self.safety.protected_accounts == ProtectedAccounts::Skip;
        let safety = [Attr::OBJECT_CLASS, Attr::USER_ACCOUNT_CONTROL]
            .into_iter()
            .chain(skips_protected.then_some(Attr::ADMIN_COUNT));
        let named = filters.flat_map(Filter::attributes).chain(safety);
        self.needed.extend(named.chain(attributes));
        self.needed.sort_unstable();
        self.needed.dedup();
    }

    /// All bases, and what each is for.
    pub fn bases(&self) -> impl Iterator<Item = (Purpose<'_>, &Base)> {
        let selected = self.selection.bases.iter().map(|base| (Purpose::Selects, base));
        let protected = self.safety.protect.iter().map(|base| (Purpose::Protects, base));
        let of_rules =
            self.rules.iter().filter_map(|rule| Some((Purpose::Rules(&rule.label), rule.base.as_ref()?)));
        selected.chain(protected).chain(of_rules)
    }

    /// Whether all values of the attribute must be known.
    #[must_use]
    pub fn wants_whole(&self, attr: Attr) -> bool {
        self.needed.contains(&attr) || self.shown.contains(&attr)
    }

    /// What the normalised DN in msRTCSIP-PrimaryHomeServer means here.
    #[must_use]
    pub fn home(&self, dn: Option<&str>) -> Home {
        let Some(dn) = dn else { return Home::None };
        let is_gone = dn.contains("\ndel:")
            || self.placement.known_pools.as_ref().is_some_and(|existing| !existing.contains(dn));
        if is_gone {
            return Home::Gone;
        }
        let at = self.placement.pools.iter().position(|pool| pool.normalized == dn);
        at.and_then(|at| u16::try_from(at).ok()).map_or(Home::Unknown, |at| Home::Known(PoolId(at)))
    }

    /// How an export is read. Of inputs, tables without DNs are lists, if there is something to join them to; flags then
    /// say how these are written, and not what they are joined to.
    #[must_use]
    pub fn of_role(&self, role: input::Role) -> input::Options {
        let mut options = self.input.clone();
        match role {
            input::Role::Input => {
                options.csv.keys = self.list.as_ref().map(|list| list.keys.clone()).unwrap_or_default();
            }
            input::Role::Join => {
                (options.encoding, options.format, options.csv.delimiter) = (None, None, None)
            }
            _ => {}
        }
        options
    }

    /// The address that the object's row in a list gives, with or without `sip:`.
    #[must_use]
    pub fn listed_address<'o>(&self, object: &'o Object<'_>) -> Option<&'o str> {
        object.text(self.list.as_ref()?.sip_uri)
    }

    /// The SID of the logon account that the object's row in a list gives, as text.
    #[must_use]
    pub fn listed_originator<'o>(&self, object: &'o Object<'_>) -> Option<&'o str> {
        object.text(self.list.as_ref()?.originator_sid)
    }

    /// The pool that the object's row in a list names, and which of those described it is.
    #[must_use]
    pub fn listed_pool<'o>(&self, object: &'o Object<'_>) -> Option<(&'o str, Option<PoolId>)> {
        let text = object.text(self.list.as_ref()?.pool)?;
        Some((text, pools::called(&self.placement.pools, text)))
    }

    /// The first rule that matches, by index.
    #[must_use]
    pub fn rule(&self, object: &Object<'_>) -> Option<usize> {
        self.rules.iter().position(|rule| rule.matches(object))
    }
}

/// How `check` reads: by the flags alone.
///
/// # Errors
/// What is wrong with them.
pub fn reading(args: &cli::DialectArgs) -> Result<input::Options, Failure> {
    let mut faults = Faults(Vec::new());
    let options = input_options(args, &ConfigFile::default(), &mut faults);
    if faults.0.is_empty() { Ok(options) } else { Err(Failure::Unfit(faults.0)) }
}

/// The faults so far, all reported together.
struct Faults(Vec<Message>);

impl Faults {
    fn push(&mut self, message: Message) {
        self.0.push(message);
    }
}

fn input_options(args: &cli::DialectArgs, source: &ConfigFile, faults: &mut Faults) -> input::Options {
    let mut options = input::Options::default();
    let config = &source.config.input;
    options.incomplete = args.incomplete;
    let typed = args.encoding.as_deref();
    let label = typed.or(config.encoding.as_ref().map(|label| label.get_ref().as_str())).unwrap_or("auto");
    if label != "auto" {
        options.encoding = TextEncoding::for_label(label);
        if options.encoding.is_none() {
            let what = text!("`{label}` is no encoding", "`{label}` n’est pas un codage");
            let fault = fault_of(source, typed, config.encoding.as_ref(), "input-encoding", what);
            faults.push(fault.help(text!(
                "name one such as utf-8, utf-16le, windows-1252, or of a console cp850 or cp437",
                "indiquez par exemple utf-8, utf-16le, windows-1252, ou d’une console cp850 ou cp437",
            )));
        }
    }
    let typed = args.delimiter.as_deref();
    let delimiter = typed.or(config.delimiter.as_ref().map(|text| text.get_ref().as_str())).unwrap_or("auto");
    match delimiter {
        "auto" => {}
        "tab" | "\\t" => options.csv.delimiter = Some(b'\t'),
        one if one.len() == 1 && one.is_ascii() => options.csv.delimiter = Some(one.as_bytes()[0]),
        other => {
            let what = text!(
                "`{other}` is no delimiter: one ASCII character, or `tab`",
                "`{other}` n’est pas un délimiteur\u{a0}: un caractère ASCII, ou `tab`"
            );
            faults.push(fault_of(source, typed, config.delimiter.as_ref(), "input-delimiter", what));
        }
    }
    if let Some(text) = &config.multi_value_separator {
        match text.get_ref().as_bytes() {
            [one] => options.csv.separator = *one,
            _ => faults.push(source.fault(
                "input-separator",
                text,
                text!(
                    "the separator of values is one ASCII character",
                    "le séparateur des valeurs est un caractère ASCII"
                ),
            )),
        }
    }
    options.csv.columns.clone_from(&config.columns);
    let typed = args.input_format.map(|format| match format {
        cli::InputFormat::Ldif => ExportFormat::Ldif,
        cli::InputFormat::Csv => ExportFormat::Csv,
    });
    options.format = typed.or(config.format);
    options
}

/// A fault of a flag, or of the key that it stands for.
fn fault_of<T>(
    source: &ConfigFile,
    typed: Option<&str>,
    key: Option<&Spanned<T>>,
    code: &'static str,
    what: Text,
) -> Message {
    match (typed, key) {
        (None, Some(key)) => source.fault(code, key, what),
        _ => Message::error(code, what),
    }
}

fn absent(args: &cli::ReadingArgs, config: &Config, attributes: &mut Attributes) -> Absent {
    let mut said: Vec<String> = config.input.absent.iter().chain(&args.absent).cloned().collect();
    said.dedup();
    let all = said.iter().any(|name| name.eq_ignore_ascii_case("all"));
    let some = said.iter().filter(|_| !all).map(|name| attributes.add(name)).collect();
    Absent { all, some, said: said.join(" ") }
}

fn bases(typed: &[String], source: &ConfigFile, faults: &mut Faults) -> Vec<Base> {
    let mut bases = Vec::new();
    if typed.is_empty() {
        for base in &source.config.select.base {
            bases.extend(base_of(base.get_ref(), |what| source.fault("base-invalid", base, what), faults));
        }
    } else {
        for base in typed {
            bases.extend(base_of(
                base,
                |what| Message::error("base-invalid", what.map(|what| format!("--base: {what}"))),
                faults,
            ));
        }
    }
    bases
}

fn base_of(text: &str, refused: impl FnOnce(Text) -> Message, faults: &mut Faults) -> Option<Base> {
    match Base::new(text) {
        Ok(base) => Some(base),
        Err(fault) => {
            faults.push(refused(input::fault::no_dn(text, &fault)));
            None
        }
    }
}

fn filter(
    typed: Option<&str>,
    source: &ConfigFile,
    attributes: &mut Attributes,
    faults: &mut Faults,
) -> Option<Filter<Attr>> {
    match (typed, &source.config.select.filter) {
        (Some(text), _) => parse_filter(text, None, attributes, faults),
        (None, Some(key)) => parse_filter(key.get_ref(), Some((source, key)), attributes, faults),
        (None, None) => None,
    }
}

/// `key` is where the filter is, if it was not typed.
fn parse_filter(
    text: &str,
    key: Option<(&ConfigFile, &Spanned<String>)>,
    attributes: &mut Attributes,
    faults: &mut Faults,
) -> Option<Filter<Attr>> {
    let parsed = Filter::parse(text, |name| attributes.add(name));
    parsed
        .map_err(|fault| {
            let (code, what) = ("filter-invalid", fault.what());
            let message = match key {
                Some((source, key)) => source.fault_in(code, key, fault.at, what),
                None => {
                    let caret = " ".repeat(text[..fault.at].chars().count());
                    Message::error(code, what)
                        .because(Text::same(text.to_owned()))
                        .because(Text::same(format!("{caret}^")))
                }
            };
            faults.push(message.help(fault.help()));
        })
        .ok()
}
