//! The flags that commands share, as typed. `clap` reads them, and [`crate::cli`] assembles them.

// the arguments that all wizards share
mod planned;

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{PathBufValueParser, PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Command, ValueEnum};
use jiff::Timestamp;

use crate::change::Style;
use crate::config::word;
use crate::input::detect::ExportFormat;
use crate::language::Language;
use crate::output::Target;
use crate::output::ldif::{is_wrap, wraps};

pub(crate) use planned::{FormArgs, PlannedArgs, Reads, Writes};

/// A parser for a directory from whose name others are made, such as `run.plan`: it drops the slash that shells
/// complete.
pub(crate) fn folder() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().map(|path| path.components().collect())
}

/// What is read.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Input")]
pub struct InputArgs {
    /// LDIF or CSV exports, folders of them, or `-` for standard input
    #[arg(value_name = "INPUT", required = true)]
    pub inputs: Vec<PathBuf>,
    /// The configuration [default: userprep.toml]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// An export to join lists without DNs to
    ///
    /// Repeatable. Each row of a list names a user in these exports, and may give mail, userPrincipalName, givenName,
    /// sn, displayName, attributes for rules and templates, pool and sipUri to replace those in the export.
    #[arg(long, value_name = "EXPORT")]
    pub join: Vec<PathBuf>,
    /// The attribute by which rows name users [default: the first that is a heading, among DN, sAMAccountName,
    /// userPrincipalName, employeeID and mail]
    #[arg(long, value_name = "ATTR", requires = "join")]
    pub join_key: Option<String>,
    /// An export or run whose addresses count as taken
    ///
    /// A run counts with its planned addresses. Repeatable.
    #[arg(long, value_name = "EXPORT|RUN", value_parser = folder())]
    pub reference: Vec<PathBuf>,
    /// Assert that no other addresses count when rejects are fed back
    ///
    /// The report notes the assertion: nobody else in the run of these rejects has or gets an address. What
    /// --reference names still counts: without its exports, a run is refused if somebody would get an address that a
    /// user of it keeps.
    #[arg(long)]
    pub alone: bool,
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// How exports are read.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Input")]
pub struct ReadingArgs {
    /// An attribute to treat as empty everywhere if the export does not show it; `all` for every one (repeatable)
    #[arg(long, value_name = "ATTR", value_delimiter = ',')]
    pub absent: Vec<String>,
    #[command(flatten)]
    pub dialect: DialectArgs,
}

/// The format of exports, where it is not detected.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Input")]
pub struct DialectArgs {
    /// The encoding of the inputs: auto, or a label such as utf-8, utf-16le, windows-1252, cp850
    ///
    /// A byte order mark in a file takes precedence.
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// The delimiter of CSV inputs: auto, `,`, `;` or tab
    #[arg(long, value_name = "CHAR")]
    pub delimiter: Option<String>,
    /// The format of the inputs, if their first lines do not show it
    #[arg(long, value_name = "FORMAT", value_parser = word::<ExportFormat>(formats()))]
    pub input_format: Option<ExportFormat>,
    /// Accept exports that are incomplete on purpose, although they say so
    #[arg(long)]
    pub incomplete: bool,
}

/// Which users take part.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct SelectArgs {
    /// Only users below this DN (repeatable)
    #[arg(long, value_name = "DN")]
    pub base: Vec<String>,
    /// Only users that match this filter
    ///
    /// The syntax is that of RFC 4515, with the two bit rules of Active Directory.
    #[arg(long, value_name = "FILTER")]
    pub filter: Option<String>,
    /// Only users in this list
    ///
    /// One per line, or in a CSV column: by DN, sAMAccountName, UPN or mail.
    #[arg(long, value_name = "FILE")]
    pub users: Option<PathBuf>,
    /// Only the first N of them, in input order
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
}

/// How addresses are made.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Addresses")]
pub struct SipArgs {
    /// mail (default), upn, first.last, sam, template
    ///
    /// The source of the address.
    #[arg(long, value_name = "FORMAT", value_parser = KnownWords(&["mail", "upn", "first.last", "sam", "template"]), hide_possible_values = true)]
    pub sip_from: Option<String>,
    /// A SIP domain (repeatable)
    ///
    /// Built addresses get the first one.
    #[arg(long, value_name = "DOMAIN")]
    pub sip_domain: Vec<String>,
}

/// Which pools users get.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Pools")]
pub struct PoolsArgs {
    /// A target pool (repeatable)
    ///
    /// The DN of its CN=LC Services object, or a name or FQDN from --pools or [[pool]].
    #[arg(long, value_name = "NAME|FQDN|DN")]
    pub pool: Vec<String>,
    #[command(flatten)]
    pub known: KnownPoolsArgs,
}

/// Which pools exist.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Pools")]
pub struct KnownPoolsArgs {
    /// An LDIF export of CN=Pools,CN=RTC Service,…
    ///
    /// Pools are looked up here by name and FQDN; a pool that is missing here is gone.
    #[arg(long, value_name = "FILE")]
    pub pools: Option<PathBuf>,
}

/// What is written.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Rename an existing run directory to DIR.1, DIR.2, …
    #[arg(long)]
    pub force: bool,
    /// Only the reports
    ///
    /// They go into DIR.plan.
    #[arg(long, visible_alias = "what-if")]
    pub dry_run: bool,
    /// ldifde, or ldap for ldapmodify and the like
    ///
    /// ldapmodify, ldbmodify and slapmodify accept the same files.
    #[arg(long, value_name = "IMPORTER", value_parser = word::<Target>(["ldifde", "ldap"]))]
    pub target: Option<Target>,
    /// Records per change file; 0 for one file per domain [default: 1000]
    #[arg(long, value_name = "N")]
    pub split: Option<u64>,
    /// The column at which lines are folded, at least 10; 0 for never [default: 76]
    #[arg(long, value_name = "COLUMNS", value_parser = columns)]
    pub wrap: Option<usize>,
    /// guarded: a stale change fails; replace: can be run twice [default: guarded]
    #[arg(long, value_name = "STYLE", value_parser = word::<Style>(["guarded", "replace"]))]
    pub style: Option<Style>,
}

/// What stops the run.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Safety")]
pub struct SafetyArgs {
    /// Stop if more users than this would change
    #[arg(long, value_name = "N")]
    pub max_changes: Option<u64>,
    /// Stop if more users than this, or than this share, are rejected
    #[arg(long, value_name = "N|P%")]
    pub max_rejects: Option<String>,
}

/// How the command runs.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Run")]
pub struct RunArgs {
    /// Worker threads [default: one per core]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// The form of the answer: text for people; json, or ndjson with an object per user, on standard output for
    /// programs
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: AnswerFormat,
    /// The language of messages, reports and help: en or fr
    ///
    /// The default is that of the locale.
    #[arg(long, value_name = "LANGUAGE", value_parser = word::<Language>(["en", "fr"]))]
    pub language: Option<Language>,
    /// Show only errors
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show notes, too
    #[arg(long, short)]
    pub verbose: bool,
    /// Colours: auto, always or never; NO_COLOR is honoured
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// Show the progress of long work: auto if standard error is a terminal
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub progress: When,
    /// The time in report and manifest (RFC 3339) [default: SOURCE_DATE_EPOCH, else now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub now: Option<Timestamp>,
}

/// `--format`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum AnswerFormat {
    /// Small tables for people.
    #[default]
    Text,
    /// One object for programs.
    Json,
    /// One object per user, each on its own line.
    Ndjson,
}

/// `--color`, `--progress`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// If standard error is a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// `--match`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum MatchBy {
    /// objectGUID, then DN.
    #[default]
    Guid,
    /// DN alone.
    Dn,
}

/// What is known of a directory beside its exports.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub struct EvidenceArgs {
    /// What importers left behind: refusals, logs
    ///
    /// A file of ldapmodify -S; ldif.log or ldif.err of ldifde.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub log: Vec<PathBuf>,
    /// An export of CN=RTC Service,…: pools, policies
    ///
    /// An undo does not restore a value that names a missing pool or policy.
    #[arg(long, value_name = "FILE")]
    pub pools: Option<PathBuf>,
    /// How users are matched: by objectGUID, or by DN
    ///
    /// By DN for another directory with the same DNs, such as a lab where a run is rehearsed.
    #[arg(long = "match", value_name = "guid|dn", default_value = "guid", id = "match_by")]
    pub match_by: MatchBy,
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// The form of change files; the style is that of the run.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct ChangeForm {
    /// Rename an existing run directory to DIR.1, DIR.2, …
    #[arg(long)]
    pub force: bool,
    /// ldifde or ldap [default: the run's]
    ///
    /// The importer of the change files.
    #[arg(long, value_name = "IMPORTER", value_parser = word::<Target>(["ldifde", "ldap"]))]
    pub target: Option<Target>,
    /// Records per change file; 0 for one file per domain
    #[arg(long, value_name = "N", default_value = "1000")]
    pub split: u64,
    /// The column at which lines are folded, at least 10; 0 for never
    #[arg(long, value_name = "COLUMNS", default_value = "76", value_parser = columns)]
    pub wrap: usize,
}

/// A parser that accepts any text, while shells complete these words: an unknown word is an error of the settings,
/// which is reported in the user's language.
#[derive(Clone)]
struct KnownWords(&'static [&'static str]);

impl TypedValueParser for KnownWords {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}

/// The values of `--input-format`.
fn formats() -> [PossibleValue; 2] {
    [("ldif", "RFC 2849"), ("csv", "csvde, Export-Csv, Excel")]
        .map(|(name, help)| PossibleValue::new(name).help(help))
}

/// Parses the width of `--wrap`.
fn columns(text: &str) -> Result<usize, String> {
    let columns = text.parse().ok().filter(|&columns| is_wrap(columns));
    columns.ok_or_else(|| wraps().english().to_owned())
}

/// Parses the time of `--now`.
fn time(text: &str) -> Result<Timestamp, String> {
    // The beginning of the year 1: xs:dateTime, which report.xml uses, has no earlier year in common with RFC 3339.
    const FIRST: i64 = -62_135_596_800;
    let expected = "expected a time from 0001-01-01 to 9999-12-30, such as 2026-11-23T02:50:00Z";
    let time = is_rfc3339(text).then(|| text.parse().ok()).flatten();
    time.filter(|time: &Timestamp| time.as_second() >= FIRST).ok_or_else(|| expected.to_owned())
}

/// Whether a text has the form of RFC 3339 section 5.6. The parser checks its numbers, except those of the offset.
fn is_rfc3339(text: &str) -> bool {
    let has_form = |text: &[u8], form: &[u8]| {
        let fits = |(c, form): (&u8, &u8)| match form {
            b'0' => c.is_ascii_digit(),
            b'T' => matches!(c, b'T' | b't' | b' '),
            _ => c == form,
        };
        text.len() == form.len() && text.iter().zip(form).all(fits)
    };
    let Some((time, rest)) = text.as_bytes().split_at_checked(19) else { return false };
    let digits = rest.strip_prefix(b".").map(|rest| rest.iter().take_while(|c| c.is_ascii_digit()).count());
    let offset = &rest[digits.map_or(0, |digits| digits + 1)..];
    has_form(time, b"0000-00-00T00:00:00")
        && digits != Some(0)
        && match offset {
            [b'+' | b'-', hours @ ..] => has_form(hours, b"00:00") && hours < &b"24"[..],
            _ => offset.eq_ignore_ascii_case(b"Z"),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_rfc_3339() {
        for (text, expect) in [
            ("2026-11-23T02:50:00Z", Some(1_795_402_200)),
            ("2026-11-23t02:50:00z", Some(1_795_402_200)),
            ("2026-11-23 02:50:00.5Z", Some(1_795_402_200)),
            ("2026-11-23T03:50:00+01:00", Some(1_795_402_200)),
            ("2026-11-22T21:50:00-05:00", Some(1_795_402_200)),
            ("0001-01-01T00:00:00Z", Some(-62_135_596_800)),
            ("0001-01-01T00:00:00+00:01", None),
            ("0000-01-01T00:00:00Z", None),
            ("9999-12-31T00:00:00Z", None),
            ("2026-11-23T02:50:00", None),
            ("2026-11-23T02:50Z", None),
            ("2026-11-23", None),
            ("2026-11-23T02:50:00.Z", None),
            ("2026-11-23T02:50:00+0100", None),
            ("2026-11-23T02:50:00+01", None),
            ("2026-11-23T02:50:00+25:00", None),
            ("2026-11-23T02:50:00+01:60", None),
            ("2026-02-30T00:00:00Z", None),
            ("20261123T025000Z", None),
            ("2026-11-23T02:50:00Z[UTC]", None),
            ("1795402200", None),
            ("", None),
        ] {
            assert_eq!(time(text).ok().map(Timestamp::as_second), expect, "{text}");
        }
    }
}
