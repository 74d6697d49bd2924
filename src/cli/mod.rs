//! The command line as typed, without its meaning.

// worked examples
mod examples;
// the French help
mod french;
// man pages and completions from the same definition
pub mod packaging;
// an invalid command line
mod refused;

use std::any::TypeId;
use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{ArgAction, ArgGroup, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};

pub use self::refused::RefusedCommand;
pub use crate::flags::{AnswerFormat, RunArgs, When};
pub(crate) use crate::flags::{
    ChangeForm, DialectArgs, EvidenceArgs, InputArgs, KnownPoolsArgs, MatchBy, PlannedArgs, PoolsArgs,
    ReadingArgs, SelectArgs, SipArgs,
};

use crate::config::word;
use crate::flags::folder;
use crate::input;
use crate::language::{Language, Text};
use crate::wizard::{Chosen, WIZARDS};

/// Prepares users for Office Communications Server 2007 R2 in bulk, offline.
#[derive(Debug, Parser)]
#[command(
    name = "userprep",
    bin_name = "userprep",
    version = version(),
    max_term_width = 100,
    after_help = exit_codes(Language::En)
)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// The language of messages, reports and help: en or fr
    ///
    /// The default is that of the locale.
    #[arg(long, value_name = "LANGUAGE", value_parser = word::<Language>(["en", "fr"]), global = true)]
    #[arg(hide_possible_values = true, hide_short_help = true)]
    language: Option<Language>,
}

impl Cli {
    /// The language of messages and reports, if one was given.
    pub fn language(&self) -> Option<Language> {
        self.language
    }

    /// The flags about how a command runs; `None` for a command that only prints.
    pub fn run(&self) -> Option<RunArgs> {
        let run = match &self.command {
            Command::Wizard(chosen) => return Some(chosen.flags.planned().run),
            Command::Check(args) => &args.run,
            Command::Verify(args) => &args.run,
            Command::Undo(args) => &args.run,
            Command::Explain(args) => &args.run,
            Command::Init(args) => &args.run,
            Command::Schema(_) | Command::Completions(_) | Command::Man(_) => return None,
        };
        Some(run.clone())
    }
}

/// Returns the names of the wizards, in the order of the help.
pub fn wizards() -> Vec<&'static str> {
    WIZARDS.iter().map(|spec| spec.mode.name).collect()
}

/// Returns the version; in a release, with the commit and the build target.
pub(super) fn version() -> String {
    let release = option_env!("USERPREP_COMMIT").zip(option_env!("USERPREP_TARGET"));
    let built = release.map(|(commit, target)| format!(" ({commit}, {target})"));
    env!("CARGO_PKG_VERSION").to_owned() + &built.unwrap_or_default()
}

static EXIT_CODES: [(&str, Text); 7] = [
    ("0", Text::new("done, nothing rejected", "terminé, rien de rejeté")),
    (
        "1",
        Text::new(
            "a file could not be read or written; nothing published",
            "un fichier n’a pas pu être lu ou écrit ; rien n’est publié",
        ),
    ),
    (
        "2",
        Text::new(
            "the command line, the configuration or the export does not fit; nothing published",
            "la ligne de commande, la configuration ou l’export ne convient pas ; rien n’est publié",
        ),
    ),
    (
        "3",
        Text::new(
            "done, and some records were rejected; everything else is complete",
            "terminé, avec des enregistrements rejetés ; tout le reste est complet",
        ),
    ),
    ("4", Text::new("stopped by a safety limit", "arrêté par une limite de sécurité")),
    (
        "5",
        Text::new(
            "verify found users who are not applied, audit users who are not ready, check errors",
            "verify : des utilisateurs non appliqués ; audit : non prêts ; check : des erreurs",
        ),
    ),
    ("130", Text::new("interrupted; nothing published", "interrompu ; rien n’est publié")),
];

/// What the program does, and its exit codes.
fn exit_codes(language: Language) -> String {
    let line = |(code, meaning): &(&str, Text)| format!("\n  {code:<3}  {}", meaning.in_language(language));
    let lines: String = EXIT_CODES.iter().map(line).collect();
    let head = Text::new(
        "Exports in, change files with their undo and reports out; nothing on the network.\n\nExit codes:",
        "Des exports à l’entrée, des fichiers de modification avec leur retour et des rapports à la sortie ; rien sur le \
         réseau.\n\nCodes de sortie :",
    );
    head.in_language(language).to_owned() + &lines
}

/// Flags that do not affect the result: where a run is written, how fast, and how it is shown.
const UNDECISIVE: &[&str] =
    &["out", "force", "threads", "format", "quiet", "verbose", "color", "progress", "now"];

/// Parses the command line of this process. Also returns the arguments that affect the result, with `/` in paths, so
/// that the same input gives the same manifest on every system.
///
/// # Errors
/// An invalid command line, or a request for help.
pub fn parse() -> Result<(Cli, Vec<String>), RefusedCommand> {
    let words = with_joined_values(with_help_flag(command_line()));
    let is_brief = words.iter().take_while(|word| *word != "--").any(|word| word == "-h");
    let language = language_of(&words);
    let definition = if is_brief { packaging::brief(language) } else { packaging::definition(language) };
    let parsed = definition.try_get_matches_from(&words).and_then(|matches| {
        let cli = Cli::from_arg_matches(&matches)?;
        Ok((cli, decisive(&matches)))
    });
    parsed.map_err(|error| RefusedCommand { error, words, language })
}

/// Returns the language of `--language`, else that of the environment. Help is shown before the command line is parsed.
fn language_of(words: &[OsString]) -> Language {
    let named = value_of(words, "--language").map(|value| Language::of_locale(&value));
    named.unwrap_or_else(|| Language::of_environment(|name| std::env::var(name).ok()))
}

/// Returns the last value of a flag.
fn value_of(words: &[OsString], flag: &str) -> Option<String> {
    let words: Vec<_> =
        words.iter().map(|word| word.to_string_lossy()).take_while(|word| word != "--").collect();
    let value = |(at, word): (usize, &Cow<'_, str>)| match word.strip_prefix(flag)? {
        "" => words.get(at + 1).map(|value| value.to_string()),
        rest => rest.strip_prefix('=').map(str::to_owned),
    };
    words.iter().enumerate().rev().find_map(value)
}

/// Returns the words of the command line. cmd leaves it to the program to expand `*.ldif`; `/?` must not be expanded.
fn command_line() -> Vec<OsString> {
    if std::env::args_os().any(|word| ASKING.iter().any(|asked| word == *asked)) {
        std::env::args_os().collect()
    } else {
        wild::args_os().collect()
    }
}

/// Restores the command of a wizard from the arguments that [`parse`] returned, for this run directory; `None` for any
/// other command.
pub fn restored_wizard(arguments: &[String], run: &Path) -> Option<Chosen> {
    let (command, rest) = arguments.split_first()?;
    let typed = ["userprep", command, "--out"].map(OsString::from).into_iter().chain([run.into()]);
    let cli = Cli::try_parse_from(typed.chain(rest.iter().map(OsString::from))).ok()?;
    match cli.command {
        Command::Wizard(chosen) => Some(chosen),
        _ => None,
    }
}

/// Requests for help in cmd and in PowerShell.
const ASKING: [&str; 2] = ["/?", "-?"];

/// Translates `/?` to `--help`, as usual on Windows, except after `--`, where it is a file name.
fn with_help_flag(typed: Vec<OsString>) -> impl Iterator<Item = OsString> {
    let mut are_names = false;
    typed.into_iter().map(move |argument| {
        are_names |= argument == "--";
        if ASKING.iter().any(|asked| argument == *asked) && !are_names { "--help".into() } else { argument }
    })
}

/// Joins a word such as `-5%` to the flag before it (`--max-rejects=-5%`): no flag begins with a digit, so the word is
/// the flag's value.
fn with_joined_values(words: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let takes_value = |word: &str| {
        let Some(name) = word.strip_prefix("--") else { return false };
        let program = Cli::command();
        let mut arguments = program.get_subcommands().flat_map(clap::Command::get_arguments);
        arguments.any(|argument| argument.get_long() == Some(name) && argument.get_action().takes_values())
    };
    let is_value = |word: &str| {
        word.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let mut joined: Vec<OsString> = Vec::new();
    for word in words {
        let are_names = joined.iter().any(|word| word == "--");
        match joined.last_mut().filter(|_| !are_names) {
            Some(flag) if word.to_str().is_some_and(is_value) && flag.to_str().is_some_and(takes_value) => {
                flag.push("=");
                flag.push(word);
            }
            _ => joined.push(word),
        }
    }
    joined
}

/// Returns the arguments that affect the result: the command, its flags, and its operands behind `--`.
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
        let is_path = argument.get_value_parser().type_id() == TypeId::of::<PathBuf>();
        let values = typed.get_raw(id).into_iter().flatten();
        let values = values.map(|value| {
            if is_path { Cow::Owned(input::typed(Path::new(value))) } else { value.to_string_lossy() }
        });
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

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The wizards.
    #[command(flatten)]
    Wizard(Chosen),
    /// Check LDIF, CSV and userprep.toml; findings have file:line:column
    ///
    /// Judges every attribute of every record at full strictness and prints what was detected and what is wrong. A
    /// configuration without a fault is explained: users, addresses, pools, rules in order, and what each writes.
    /// Exit code 0 if nothing is wrong, or there are only warnings; 5 if there are errors.
    Check(CheckArgs),
    /// Compare a run with a fresh export: who has what it planned
    ///
    /// Corresponds to the wizard's page "Enable Operation Status". Users are matched by objectGUID, then by DN, so that
    /// moved users are found. With --out, it writes a run directory that does what is left to do. Exit code 0 if all
    /// users are applied, 5 otherwise.
    Verify(VerifyArgs),
    /// Undo a run where the values are still the run's
    ///
    /// Writes a run directory with change files that undo the run for users who have everything that it planned.
    /// Drifted and gone users are rejected and listed with their present values.
    Undo(UndoArgs),
    /// Explain why a user got this address and this pool
    ///
    /// Repeats the decision from the inputs of the run, found by the paths and hashes in manifest.json, and explains
    /// it: what selected the user, which attribute gave the address, which addresses were taken and by which object,
    /// which rule and pool apply and why, and what is written. Without the inputs, it shows the row of the report. Exit
    /// code 2 if the run does not contain the user.
    Explain(ExplainArgs),
    /// Ask what the wizard asks, and write a commented userprep.toml
    ///
    /// Shows the pages of the wizard: users, pool, SIP domains, sign-in name. Each is prefilled from the exports, and
    /// each sign-in name shows how many users it would leave without an address. Flags answer a page in advance; --yes
    /// takes the defaults: all users, the only pool, the domains of at least one SIP address in ten or one mail address
    /// in a hundred, and the mail address as the sign-in name. Paths in the file are relative to the current folder.
    /// --format json asks nothing either, and prints what each page offers, even if no file is written because no pool
    /// is chosen yet.
    Init(InitArgs),
    /// Print the XML schema of report.xml
    ///
    /// Every run directory contains the same file as report.xsd. With --json, prints the JSON Schema for the output of
    /// --format json and ndjson.
    Schema(SchemaArgs),
    /// Print the completion script for a shell
    ///
    /// Covers commands, flags and their values, from the same definition as this help.
    Completions(CompletionsArgs),
    /// Write the man pages into a folder
    ///
    /// Writes userprep.1, a page for each command, and userprep-codes.7. The folder is created if necessary; existing
    /// pages are not overwritten.
    Man(ManPages),
}

/// The arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// LDIF, CSV or .toml files, folders of them, or `-`
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Show every message, also of repeated faults
    #[arg(long)]
    pub all: bool,
    /// Where the pools of configurations are looked up.
    #[command(flatten)]
    pub known: KnownPoolsArgs,
    /// The format of the exports.
    #[command(flatten)]
    pub dialect: DialectArgs,
    /// How the command runs.
    #[command(flatten)]
    pub run: RunArgs,
}

/// The arguments of `verify`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).multiple(true).args(["against", "files"]))]
pub struct VerifyArgs {
    /// The run directory
    #[arg(value_name = "RUN", value_parser = folder())]
    pub subject: PathBuf,
    /// Exports of the directory as it is now
    #[arg(long, value_name = "EXPORT", num_args = 1.., required_unless_present = "files", help_heading = "Input")]
    pub against: Vec<PathBuf>,
    /// Other evidence about the directory.
    #[command(flatten)]
    pub evidence: EvidenceArgs,
    /// Check the files of the run directory
    ///
    /// Compares manifest, SHA256SUMS and folder.
    #[arg(long)]
    pub files: bool,
    /// A run directory for what is left to do
    ///
    /// It must not exist.
    #[arg(long, value_name = "DIR", value_parser = folder(), requires = "against", help_heading = "Output")]
    pub out: Option<PathBuf>,
    /// The form of its change files.
    #[command(flatten)]
    pub form: ChangeForm,
    /// How the command runs.
    #[command(flatten)]
    pub run: RunArgs,
}

/// The arguments of `undo`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["against"]))]
pub struct UndoArgs {
    /// The run directory
    #[arg(value_name = "RUN", value_parser = folder())]
    pub subject: PathBuf,
    /// Exports of the directory as it is now
    #[arg(long, value_name = "EXPORT", num_args = 1.., required = true, help_heading = "Input")]
    pub against: Vec<PathBuf>,
    /// Other evidence about the directory.
    #[command(flatten)]
    pub evidence: EvidenceArgs,
    /// The run directory that undoes; must not exist
    #[arg(long, value_name = "DIR", value_parser = folder(), help_heading = "Output")]
    pub out: PathBuf,
    /// Only the reports
    ///
    /// They go into DIR.plan.
    #[arg(long, visible_alias = "what-if", help_heading = "Output")]
    pub dry_run: bool,
    /// The form of its change files.
    #[command(flatten)]
    pub form: ChangeForm,
    /// How the command runs.
    #[command(flatten)]
    pub run: RunArgs,
}

/// The arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The run directory, or the plan of a dry run
    #[arg(value_name = "RUN", value_parser = folder())]
    pub subject: PathBuf,
    /// DN, sAMAccountName, UPN, mail address, SIP address or display name
    #[arg(value_name = "USER")]
    pub user: String,
    /// The files that the run read, at their present paths: inputs, references, the export of the pools, the list of
    /// users
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub input: Vec<PathBuf>,
    /// How the command runs.
    #[command(flatten)]
    pub run: RunArgs,
}

/// The arguments of `init`.
#[derive(Clone, Debug, Args)]
pub struct InitArgs {
    /// LDIF or CSV exports; without any, nothing is counted
    #[arg(value_name = "INPUT", help_heading = "Input")]
    pub inputs: Vec<PathBuf>,
    /// An export or run whose addresses count as taken
    ///
    /// A run counts with its planned addresses. Repeatable.
    #[arg(long, value_name = "EXPORT|RUN", help_heading = "Input")]
    pub reference: Vec<PathBuf>,
    /// How it is read.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// Which users take part.
    #[command(flatten)]
    pub select: SelectArgs,
    /// The sign-in name [default: mail]
    #[arg(long, value_name = "FORMAT", value_parser = ["mail", "upn", "first.last", "sam"], help_heading = "Addresses")]
    pub sip_from: Option<String>,
    /// A SIP domain (repeatable)
    ///
    /// Built addresses get the first one.
    #[arg(long, value_name = "DOMAIN", help_heading = "Addresses")]
    pub sip_domain: Vec<String>,
    /// Which pools users get.
    #[command(flatten)]
    pub pools: PoolsArgs,
    /// Take the defaults and ask nothing
    #[arg(long, short, help_heading = "Output")]
    pub yes: bool,
    /// The configuration to write
    #[arg(long, value_name = "FILE", default_value = "userprep.toml", help_heading = "Output")]
    pub out: PathBuf,
    /// Rename an existing one to FILE.1, FILE.2, …
    #[arg(long, help_heading = "Output")]
    pub force: bool,
    /// How the command runs.
    #[command(flatten)]
    pub run: RunArgs,
}

impl InitArgs {
    /// Returns the arguments in common with the wizards: input and selection.
    pub fn planned(&self) -> PlannedArgs {
        let reading = self.reading.clone();
        let (inputs, reference) = (self.inputs.clone(), self.reference.clone());
        PlannedArgs {
            input: InputArgs { inputs, reference, reading, ..InputArgs::default() },
            select: self.select.clone(),
            sip: SipArgs { sip_from: None, sip_domain: self.sip_domain.clone() },
            pools: PoolsArgs { pool: Vec::new(), known: self.pools.known.clone() },
            run: self.run.clone(),
            ..PlannedArgs::default()
        }
    }
}

/// The arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// The JSON Schema of --format json and ndjson
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: packaging::Shell,
}

/// The arguments of `man`.
#[derive(Debug, Args)]
pub struct ManPages {
    /// The folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Rename existing pages
    #[arg(long)]
    pub force: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn deciding_arguments_are_kept_and_parse_to_the_same() {
        let typed =
            "userprep enable --out run1 -q --threads 3 a.ldif --base OU=A --base OU=B --dry-run - --limit 5";
        let matches = Cli::command().get_matches_from(typed.split(' '));
        let arguments = decisive(&matches);
        assert_eq!(
            arguments,
            ["enable", "--base=OU=A", "--base=OU=B", "--limit=5", "--dry-run", "--", "a.ldif", "-"]
        );
        let planned = restored_wizard(&arguments, Path::new("run2")).unwrap().flags.planned();
        assert_eq!((planned.select.limit, planned.input.inputs.len()), (Some(5), 2));
        assert!(restored_wizard(&["check".into(), "a.ldif".into()], Path::new("run2")).is_none());
    }
}
