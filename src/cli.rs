//! The command line: what was typed, and nothing of what it means.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::parser::ValueSource;
use clap::{
    ArgAction, ArgGroup, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum,
};

use crate::change::Style;
use crate::output::Target;

/// Prepares users for Office Communications Server 2007 R2 in bulk, offline.
#[derive(Debug, Parser)]
#[command(
    name = "userprep",
    version,
    max_term_width = 100,
    after_help = "Exports in, change files with their undo and reports out; nothing on the network.\nExit codes: 0 done; 1 a file could not be read or written; 2 command line, configuration or export do not fit; 3 done, some records rejected; 4 stopped by a safety limit; 5 verify found users who are not applied; 130 interrupted."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that decide nothing: where a run goes, how fast, and how it is told.
const UNDECISIVE: &[&str] =
    &["out", "force", "threads", "format", "quiet", "verbose", "color", "progress", "now"];

/// Parses the command line of this process, and ends it where the command line does not fit. Beside what it means: what
/// was typed, as far as it decides anything, so that the same input gives the same manifest wherever it is written.
#[must_use]
pub fn parse() -> (Cli, Vec<String>) {
    let matches = Cli::command().get_matches();
    match Cli::from_arg_matches(&matches) {
        Ok(cli) => (cli, decisive(&matches)),
        Err(error) => error.exit(),
    }
}

/// What [`parse`] kept of the command line of an `enable` into this run directory; none if it was no such command.
#[must_use]
pub fn enabled(arguments: &[String], run: &Path) -> Option<Enable> {
    let (command, rest) = arguments.split_first().filter(|(command, _)| *command == "enable")?;
    let typed = ["userprep", command, "--out"].map(OsString::from).into_iter().chain([run.into()]);
    match Cli::try_parse_from(typed.chain(rest.iter().map(OsString::from))).ok()?.command {
        Command::Enable(args) => Some(args),
        _ => None,
    }
}

fn decisive(matches: &ArgMatches) -> Vec<String> {
    let program = Cli::command();
    let Some((name, typed)) = matches.subcommand() else { return Vec::new() };
    let Some(command) = program.find_subcommand(name) else { return Vec::new() };
    let mut flags = vec![name.to_owned()];
    let mut operands = Vec::new();
    for argument in command.get_arguments() {
        let id = argument.get_id().as_str();
        if UNDECISIVE.contains(&id) || typed.value_source(id) != Some(ValueSource::CommandLine) {
            continue;
        }
        let values = typed.get_raw(id).into_iter().flatten().map(|value| value.to_string_lossy());
        match argument.get_long() {
            None => operands.extend(values.map(String::from)),
            Some(long) if matches!(argument.get_action(), ArgAction::SetTrue) => {
                flags.push(format!("--{long}"))
            }
            Some(long) => flags.extend(values.map(|value| format!("--{long}={value}"))),
        }
    }
    if !operands.is_empty() {
        flags.push("--".to_owned());
    }
    [flags, operands].concat()
}

/// The commands, each for one wizard of the snap-in.
#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one in a process")]
pub enum Command {
    /// Enable users: addresses, pools, change files and reports from exports
    ///
    /// Reads exports (LDIF of ldifde, ldapsearch, ldbsearch; CSV of csvde, Export-Csv, Excel), computes each user's SIP
    /// URI and pool as the wizard "Enable Users for Communications Server" would, and writes a run directory: change
    /// files, their undo, report.xml and checksums.
    #[command(after_long_help = ENABLE_EXAMPLES)]
    Enable(Enable),
    /// Check files: LDIF, CSV or userprep.toml, syntax and encoding, each finding with file:line:column
    ///
    /// Judges every attribute of every record at full strictness and prints what was detected and what is wrong.
    /// Exit code 0 if nothing is, or only warnings; 5 if there are errors.
    #[command(after_long_help = CHECK_EXAMPLES)]
    Check(Check),
    /// Compare a run with a fresh export: applied, missing, drifted, gone
    ///
    /// Stands for the wizard's page "Enable Operation Status". Users are matched by objectGUID, then by DN, so that those
    /// who have moved are found. With --out it writes a run directory that does what is left to do. Exit code 0 if all
    /// users are applied, 5 otherwise.
    #[command(after_long_help = VERIFY_EXAMPLES)]
    Verify(Verify),
    /// Take a run back, where the values are still the run's
    ///
    /// Writes a run directory whose change files undo: only for users who have all that the run planned. Drifted and gone
    /// users are rejected and listed with what they hold now.
    #[command(after_long_help = UNDO_EXAMPLES)]
    Undo(Undo),
    /// Tell why a user got this address and this pool
    ///
    /// Takes the decision of a run again from its inputs, which are found by the paths and hashes of manifest.json, and
    /// tells the way to it: selected by what, address from which attribute, which addresses were taken and by whom, which
    /// rule and why this pool, what is written. Without the inputs it shows the row of the report. Exit code 2 if the run
    /// does not know the user.
    #[command(after_long_help = EXPLAIN_EXAMPLES)]
    Explain(Explain),
    /// Print the XML schema of report.xml
    ///
    /// The same file, report.xsd, stands in every run directory: xmllint --noout --schema report.xsd report.xml
    Schema,
}

impl Command {
    /// How the run goes; none for a command that only prints.
    #[must_use]
    pub fn run(&self) -> Option<&Run> {
        match self {
            Self::Enable(args) => Some(&args.run),
            Self::Check(args) => Some(&args.run),
            Self::Verify(args) => Some(&args.run),
            Self::Undo(args) => Some(&args.run),
            Self::Explain(args) => Some(&args.run),
            Self::Schema => None,
        }
    }
}

const ENABLE_EXAMPLES: &str = "\
Examples:
  As the wizard, with the mail address as sign-in name:
    userprep enable users.ldif --pools pools.ldif --pool pool01 --sip-domain contoso.com --out run1

  first.last@contoso.com for one OU, without change files:
    userprep enable users.ldif --config userprep.toml --sip-from first.last --base \"OU=Paris,DC=contoso,DC=com\" --out run1 --dry-run

  The second wave of a migration; the addresses of the whole forest count as taken:
    userprep enable wave2.csv --reference forest.ldif --config userprep.toml --out run2";

const CHECK_EXAMPLES: &str = "\
Examples:
  One export:
    userprep check users.ldif

  A folder of them, the findings alone:
    userprep check --quiet exports

  What a program reads:
    userprep check --format json users.csv userprep.toml";

/// What `check` takes.
#[derive(Debug, Args)]
pub struct Check {
    /// LDIF or CSV files, folders of them, configurations (.toml), or `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// How they are written.
    #[command(flatten)]
    pub dialect: Dialect,
    /// How the run goes.
    #[command(flatten)]
    pub run: Run,
}

const VERIFY_EXAMPLES: &str = "\
Examples:
  Is everything in the directory?
    userprep verify run1 --against after.ldif

  After an import that stopped half-way: what was refused and why, and a run that does the rest:
    userprep verify run1 --against after.ldif --log run1/apply-log/0002/refused.ldif --out rest1

  Did the run directory cross the air gap unharmed?
    userprep verify run1 --files";

const UNDO_EXAMPLES: &str = "\
Examples:
  Change files that take the run back:
    userprep undo run1 --against now.ldif --out undo1

  Who could be taken back? The report alone, in undo1.plan:
    userprep undo run1 --against now.ldif --out undo1 --dry-run

  With one record a line, for ldapmodify:
    userprep undo run1 --against now.ldif --out undo1 --target ldap --wrap 0";

/// What `verify` takes.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).multiple(true).args(["against", "files"]))]
pub struct Verify {
    /// The run directory
    #[arg(value_name = "RUN")]
    pub subject: PathBuf,
    /// Exports of the directory as it is now
    #[arg(long, value_name = "EXPORT", num_args = 1.., required_unless_present = "files", help_heading = "Input")]
    pub against: Vec<PathBuf>,
    /// What else is known of it.
    #[command(flatten)]
    pub evidence: Evidence,
    /// Check the files of the run directory against its SHA256SUMS
    #[arg(long)]
    pub files: bool,
    /// A run directory for what is left to do; must not exist
    #[arg(long, value_name = "DIR", requires = "against", help_heading = "Output")]
    pub out: Option<PathBuf>,
    /// What its change files look like.
    #[command(flatten)]
    pub form: ChangeForm,
    /// How the run goes.
    #[command(flatten)]
    pub run: Run,
}

/// What `undo` takes.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["against"]))]
pub struct Undo {
    /// The run directory
    #[arg(value_name = "RUN")]
    pub subject: PathBuf,
    /// Exports of the directory as it is now
    #[arg(long, value_name = "EXPORT", num_args = 1.., required = true, help_heading = "Input")]
    pub against: Vec<PathBuf>,
    /// What else is known of it.
    #[command(flatten)]
    pub evidence: Evidence,
    /// The run directory that undoes; must not exist
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub out: PathBuf,
    /// Everything but the change files, into DIR.plan
    #[arg(long, visible_alias = "what-if", help_heading = "Output")]
    pub dry_run: bool,
    /// What its change files look like.
    #[command(flatten)]
    pub form: ChangeForm,
    /// How the run goes.
    #[command(flatten)]
    pub run: Run,
}

/// What is known of a directory beside its exports.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub struct Evidence {
    /// What importers left behind: a file of ldapmodify -S, ldif.log or ldif.err of ldifde
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub log: Vec<PathBuf>,
    /// How it is read.
    #[command(flatten)]
    pub reading: Reading,
}

/// What change files look like; the style is the run's.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct ChangeForm {
    /// Rename an existing run directory to DIR.1, DIR.2, …
    #[arg(long)]
    pub force: bool,
    /// The importer the change files are for [default: the run's]
    #[arg(long, value_name = "IMPORTER", value_parser = target())]
    pub target: Option<Target>,
    /// Records in one change file; 0 is one file a domain
    #[arg(long, value_name = "N", default_value = "1000")]
    pub split: u64,
    /// The column at which lines fold; 0 is never
    #[arg(long, value_name = "COLUMNS", default_value = "76")]
    pub wrap: usize,
}

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  Why did Ann get this address?
    userprep explain run1 ann

  Who has the address that she did not get? The inputs have moved:
    userprep explain run1 ann.doe@contoso.com --input old/users.ldif old/forest.ldif

  What a program reads:
    userprep explain --format json run1.plan \"CN=Ann Doe,OU=Paris,DC=contoso,DC=com\"";

/// What `explain` takes.
#[derive(Debug, Args)]
pub struct Explain {
    /// The run directory, or the plan of a dry run
    #[arg(value_name = "RUN")]
    pub subject: PathBuf,
    /// DN, sAMAccountName, UPN, mail address or SIP address
    #[arg(value_name = "USER")]
    pub user: String,
    /// Files that the run read, where they are now: inputs, references, the export of the pools, the list of users
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub input: Vec<PathBuf>,
    /// How the run goes.
    #[command(flatten)]
    pub run: Run,
}

/// What `enable` takes.
#[derive(Debug, Args)]
pub struct Enable {
    /// What is read.
    #[command(flatten)]
    pub input: Input,
    /// Which users take part.
    #[command(flatten)]
    pub select: Select,
    /// How addresses are made.
    #[command(flatten)]
    pub sip: Sip,
    /// Which pools they get.
    #[command(flatten)]
    pub pools: Pools,
    /// Also enable users who have an address and were disabled for Communications Server
    #[arg(long, help_heading = "Addresses")]
    pub re_enable: bool,
    /// What is written.
    #[command(flatten)]
    pub output: Output,
    /// What stops the run.
    #[command(flatten)]
    pub safety: Safety,
    /// How the run goes.
    #[command(flatten)]
    pub run: Run,
}

/// What is read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub struct Input {
    /// Exports: LDIF or CSV files, folders of them, or `-` for standard input
    #[arg(value_name = "INPUT", required = true)]
    pub inputs: Vec<PathBuf>,
    /// The configuration; without it `userprep.toml` in the current folder, if there is one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// An export whose objects only count as taken, or a run directory, which counts with what it planned (repeatable)
    #[arg(long, value_name = "EXPORT|RUN")]
    pub reference: Vec<PathBuf>,
    /// How it is read.
    #[command(flatten)]
    pub reading: Reading,
}

/// How exports are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub struct Reading {
    /// An attribute asserted to be empty everywhere, where the export does not show it; `all` for every one (repeatable)
    #[arg(long, value_name = "ATTR")]
    pub absent: Vec<String>,
    /// How it is written.
    #[command(flatten)]
    pub dialect: Dialect,
}

/// How exports are written, where that is not detected.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Input")]
pub struct Dialect {
    /// The inputs' encoding: auto, or a label such as utf-8, utf-16le, windows-1252, cp850
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// The delimiter of CSV inputs: auto, `,`, `;` or tab
    #[arg(long, value_name = "CHAR")]
    pub delimiter: Option<String>,
    /// What the inputs are, where their first lines do not tell
    #[arg(long, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
}

/// `--input-format`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// RFC 2849
    Ldif,
    /// csvde, Export-Csv, Excel
    Csv,
}

/// Which users take part.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub struct Select {
    /// Only users below this DN (repeatable)
    #[arg(long, value_name = "DN")]
    pub base: Vec<String>,
    /// Only users that match this RFC 4515 filter
    #[arg(long, value_name = "FILTER")]
    pub filter: Option<String>,
    /// Only users that this file lists: DN, sAMAccountName, UPN or mail, one a line or in a CSV column
    #[arg(long, value_name = "FILE")]
    pub users: Option<PathBuf>,
    /// Only the first N of them, in input order
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
}

/// How addresses are made.
#[derive(Debug, Args)]
#[command(next_help_heading = "Addresses")]
pub struct Sip {
    /// Where the address comes from: mail (as in the wizard), upn, first.last, sam or template
    #[arg(long, value_name = "FORMAT")]
    pub sip_from: Option<String>,
    /// A SIP domain; the first serves built addresses (repeatable)
    #[arg(long, value_name = "DOMAIN")]
    pub sip_domain: Vec<String>,
}

/// Which pools users get.
#[derive(Debug, Args)]
#[command(next_help_heading = "Pools")]
pub struct Pools {
    /// A target pool, by the DN of its CN=LC Services object, or by name or FQDN as --pools or [[pool]] have it (repeatable)
    #[arg(long, value_name = "NAME|FQDN|DN")]
    pub pool: Vec<String>,
    /// An LDIF export of CN=Pools,CN=RTC Service,… to look pools up in
    #[arg(long, value_name = "FILE")]
    pub pools: Option<PathBuf>,
}

/// What is written.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Output {
    /// The run directory; must not exist
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Rename an existing run directory to DIR.1, DIR.2, …
    #[arg(long)]
    pub force: bool,
    /// Everything but the change files, into DIR.plan
    #[arg(long, visible_alias = "what-if")]
    pub dry_run: bool,
    /// The importer the change files are for: ldifde (CRLF), or ldap (LF) for ldapmodify, ldbmodify and slapmodify
    #[arg(long, value_name = "IMPORTER", value_parser = target())]
    pub target: Option<Target>,
    /// Records in one change file; 0 is one file a domain
    #[arg(long, value_name = "N")]
    pub split: Option<u64>,
    /// The column at which lines fold; 0 is never
    #[arg(long, value_name = "COLUMNS")]
    pub wrap: Option<usize>,
    /// guarded: a stale change fails; replace: may be run twice
    #[arg(long, value_name = "STYLE", value_parser = style())]
    pub style: Option<Style>,
}

/// What stops the run.
#[derive(Debug, Args)]
#[command(next_help_heading = "Safety")]
pub struct Safety {
    /// Stop if more users than this would change
    #[arg(long, value_name = "N")]
    pub max_changes: Option<u64>,
    /// Stop if more users than this, or than this share, are rejected
    #[arg(long, value_name = "N|P%")]
    pub max_rejects: Option<String>,
    /// Let a run replace more than half of the addresses that exist
    #[arg(long)]
    pub replace_many: bool,
}

/// How the run goes.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Run")]
pub struct Run {
    /// Worker threads [default: one a core]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// The summary on standard output: text, or one JSON object
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Only errors
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Notes too
    #[arg(long, short)]
    pub verbose: bool,
    /// Colours: auto, always or never; NO_COLOR is honoured
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// The time in report and manifest (RFC 3339) [default: SOURCE_DATE_EPOCH, else now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub now: Option<SystemTime>,
}

/// `--format`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Small tables for people.
    #[default]
    Text,
    /// One object for programs.
    Json,
}

/// `--color`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// Where standard error is a terminal.
    #[default]
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

fn target() -> impl TypedValueParser<Value = Target> {
    let names = PossibleValuesParser::new(["ldifde", "ldap"]);
    names.map(|name| if name == "ldap" { Target::Ldap } else { Target::Ldifde })
}

fn style() -> impl TypedValueParser<Value = Style> {
    let names = PossibleValuesParser::new(["guarded", "replace"]);
    names.map(|name| if name == "replace" { Style::Replace } else { Style::Guarded })
}

fn time(text: &str) -> Result<SystemTime, String> {
    humantime::parse_rfc3339_weak(text)
        .or_else(|_| humantime::parse_rfc3339(text))
        .map_err(|_| "expected a time such as 2026-11-23T02:50:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_decides_is_kept_and_means_the_same_again() {
        let typed =
            "userprep enable --out run1 -q --threads 3 a.ldif --base OU=A --base OU=B --dry-run - --limit 5";
        let matches = Cli::command().get_matches_from(typed.split(' '));
        let arguments = decisive(&matches);
        assert_eq!(
            arguments,
            ["enable", "--base=OU=A", "--base=OU=B", "--limit=5", "--dry-run", "--", "a.ldif", "-"]
        );
        let args = enabled(&arguments, Path::new("run2")).unwrap();
        assert_eq!((args.select.limit, args.input.inputs.len()), (Some(5), 2));
        assert!(enabled(&["check".into(), "a.ldif".into()], Path::new("run2")).is_none());
    }
}
