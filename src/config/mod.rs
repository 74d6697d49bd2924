//! `userprep.toml`: its keys, and the places of mistakes in it.
//!
//! This is the file as written; [`crate::settings`] combines it with the command line.

// `[options]`, also available as flags
mod options;
// what is wrong with the file
mod refusal;

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize};
use toml::Spanned;

use crate::change::Style;
use crate::input::detect;
use crate::language::{Language, Text, text};
use crate::message::Message;
use crate::output::Target;
use crate::pool::OnFull;
use crate::select::{DisabledAccounts, ResourceMailboxes};
use crate::sip::claims::OnDuplicate;
use crate::sip::{Characters, FoldProfile, ForeignDomain, LetterCase, OtherScripts, Spaces};
pub(crate) use options::{Archiving, OriginatorSid, UserOptions, word};
use refusal::{misshapen, point, refusal};

/// The whole file. Every table and key is optional; an unknown one is an error.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The version of this format; 1 is the only one.
    pub version: Option<Spanned<u32>>,
    pub input: InputSection,
    pub select: SelectSection,
    pub sip: SipSection,
    /// The pools that users may get.
    pub pool: Vec<PoolSection>,
    /// How users are spread over pools.
    pub assign: AssignSection,
    /// Which users get which pools; the first match applies.
    pub rule: Vec<RuleSection>,
    /// What is written for new users beside address and pool.
    pub options: UserOptions,
    /// The form of the change files and reports.
    pub output: OutputSection,
    pub safety: SafetySection,
}

/// `[input]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InputSection {
    /// The format of exports, if their first lines do not show it.
    pub format: Option<detect::ExportFormat>,
    /// `auto`, or an encoding label.
    pub encoding: Option<Spanned<String>>,
    /// `auto`, or one of `,` `;` and tab.
    pub delimiter: Option<Spanned<String>>,
    /// The character with which csvde joins the values of an attribute.
    pub multi_value_separator: Option<Spanned<String>>,
    /// Attributes asserted to be empty everywhere if the export does not show them; `all` for every attribute.
    pub absent: Vec<String>,
    /// The attribute by which the rows of a list name users, if `--join` should not choose it.
    pub join_key: Option<String>,
    /// Directory attribute → CSV heading, where they differ.
    pub columns: BTreeMap<String, Spanned<String>>,
}

/// `[select]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SelectSection {
    /// Base DNs; without any, the whole export.
    pub base: Vec<Spanned<String>>,
    /// An RFC 4515 filter.
    pub filter: Option<Spanned<String>>,
    /// A file of users; a relative path starts in the current folder.
    pub users: Option<std::path::PathBuf>,
    /// The maximum number of users, in input order.
    pub limit: Option<u64>,
    /// How disabled accounts that are not linked are treated.
    pub disabled_accounts: DisabledAccounts,
    /// How shared, room and equipment mailboxes are treated.
    pub resource_mailboxes: ResourceMailboxes,
    /// Whether contacts are users, as in a central forest.
    pub contacts: bool,
}

/// `[sip]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SipSection {
    /// The closed list of SIP domains; built addresses get the first one.
    pub domains: Option<Spanned<Vec<Spanned<String>>>>,
    /// `mail`, `upn`, `first.last`, `sam` or `template`.
    pub format: Option<Spanned<String>>,
    /// The template of `format = "template"`.
    pub template: Option<Spanned<String>>,
    /// Formats to try in order if the attribute is empty or unusable.
    pub fallback: Vec<Spanned<String>>,
    pub case: LetterCase,
    /// What replaces inner spaces in built names.
    pub spaces: Spaces,
    /// Which characters are allowed before the `@`.
    pub characters: Characters,
    /// How a user's existing address is treated.
    pub existing: Existing,
    /// How a mail address or UPN with a domain outside the list is treated.
    pub foreign_domain: ForeignDomain,
    /// How an address that several users would get is treated.
    pub on_duplicate: OnDuplicate,
    /// Whether the `sip:` value of proxyAddresses is written.
    pub proxy_address: Option<bool>,
    /// How letters are folded to ASCII in built names.
    pub fold: FoldSection,
}

/// `[sip.fold]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FoldSection {
    /// How Latin letters beyond ASCII are written.
    pub profile: FoldProfile,
    /// How letters in other scripts are treated.
    pub other_scripts: OtherScripts,
    /// Letters and their replacements; takes precedence over the profile.
    pub map: BTreeMap<String, Spanned<String>>,
}

/// `[sip] existing`: how a user's existing address is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Existing {
    /// It stays; only what is absent is added.
    #[default]
    Keep,
    /// The user is treated like one without an address.
    Replace,
    Reject,
}

/// `[[pool]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolSection {
    /// The name that rules use.
    pub label: Spanned<String>,
    /// The pool's FQDN, for reports and look-ups.
    pub fqdn: Option<Spanned<String>>,
    /// The DN of the pool's `CN=LC Services` object; optional with `--pools`.
    pub dn: Option<Spanned<String>>,
    /// The maximum number of users; 0 means no limit.
    #[serde(default)]
    pub capacity: u64,
    /// The number of users on the pool that no export shows.
    #[serde(default)]
    pub homed: u64,
    /// Its share among the pools of a rule.
    #[serde(default = "one")]
    pub weight: Spanned<u32>,
}

/// The default weight of a pool.
fn one() -> Spanned<u32> {
    Spanned::new(0..0, 1)
}

/// `[assign]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AssignSection {
    /// How a user is treated when the pool is full.
    pub on_full: OnFull,
    /// An attribute: users with the same value share a pool.
    pub keep_together: Option<Spanned<String>>,
}

/// `[[rule]]`: applies by base, by filter, by both, or always.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSection {
    /// Its name in reports.
    pub label: Spanned<String>,
    /// It applies to the users below this DN.
    pub base: Option<Spanned<String>>,
    /// It applies to the users that match this RFC 4515 filter.
    pub filter: Option<Spanned<String>>,
    /// The labels of the pools that these users get.
    pub pools: Option<Spanned<Vec<Spanned<String>>>>,
    /// Whether these users are left alone.
    #[serde(default)]
    pub skip: bool,
    /// What is written for these users beside address and pool; takes precedence over `[options]` key by key.
    #[serde(default)]
    pub options: UserOptions,
}

/// `[output]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutputSection {
    /// The importer of the change files.
    pub target: Option<Target>,
    /// Records per change file; 0 for one file per domain.
    pub split: Option<u64>,
    /// The column at which lines are folded; 0 for never.
    pub wrap: Option<Spanned<usize>>,
    /// How modifications guard the old value.
    pub style: Option<Style>,
    /// The language of report.html.
    pub language: Option<Language>,
    pub redact: Vec<String>,
}

/// `[safety]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SafetySection {
    /// How accounts whose adminCount is not 0 are treated.
    pub protected_accounts: ProtectedAccounts,
    /// Base DNs whose users are skipped.
    pub protect: Vec<Spanned<String>>,
    /// The number of changed users above which the run stops.
    pub max_changes: Option<u64>,
    /// The number or percentage of rejected users above which the run stops.
    pub max_rejects: Option<Spanned<NumberOrShare>>,
    /// Whether more than half of the existing addresses may be replaced.
    pub replace_many: bool,
}

/// `40`, `"40"` or `"5%"`, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberOrShare(pub String);

impl<'de> Deserialize<'de> for NumberOrShare {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a number, or a share such as \"5%\"")]
        enum Raw {
            Number(u64),
            Text(String),
        }
        Ok(Self(match Raw::deserialize(deserializer)? {
            Raw::Number(number) => number.to_string(),
            Raw::Text(text) => text,
        }))
    }
}

/// `[safety] protected_accounts`: how accounts whose adminCount is not 0 are treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProtectedAccounts {
    /// They come in batches of their own at the end.
    #[default]
    Last,
    Skip,
    Include,
}

/// A configuration with its text, for pointing at mistakes.
#[derive(Debug, Default)]
pub struct ConfigFile {
    /// The file as typed; empty if there is none.
    pub file: String,
    pub text: String,
    pub config: Config,
}

impl ConfigFile {
    /// Reads a configuration.
    ///
    /// # Errors
    /// `config-unreadable` if the file cannot be read (the caller handles a missing file), `config-encoding`, and
    /// mistakes in its text with line and column.
    pub fn read(path: &Path) -> Result<Self, Message> {
        let file = crate::input::typed(path);
        let bytes = crate::input::bytes_of(path)
            .map_err(|error| Message::unreadable("config-unreadable", &file, &error))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let before = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
            let message =
                Message::error("config-encoding", text!("this is not UTF-8", "ceci n’est pas de l’UTF-8"));
            point(&file, &before, valid..valid, message)
                .help(text!("save the file as UTF-8", "enregistrez le fichier en UTF-8"))
        })?;
        Self::parse(file, text)
    }

    /// Parses the text of a configuration; `file` is its name.
    ///
    /// # Errors
    /// `config-syntax`, `config-key`, `config-value`, `config-version`
    pub fn parse(file: String, text: String) -> Result<Self, Message> {
        let config = toml::from_str::<Config>(&text).map_err(|error| refusal(&file, &text, &error))?;
        if let Some(message) = misshapen(&file, &text) {
            return Err(message);
        }
        let source = Self { file, text, config };
        match &source.config.version {
            Some(version) if *version.get_ref() != 1 => Err(source
                .fault(
                    "config-version",
                    version,
                    text!(
                        "version {} of userprep.toml is not known",
                        "la version {} de userprep.toml n’est pas connue",
                        version.get_ref()
                    ),
                )
                .help(text!("write `version = 1`", "écrivez `version = 1`"))),
            _ => Ok(source),
        }
    }

    /// Returns an error at a key's value; a value that comes from a flag has no place.
    pub fn fault<T>(&self, code: &'static str, at: &Spanned<T>, what: Text) -> Message {
        let message = Message::error(code, what);
        if at.span().is_empty() { message } else { point(&self.file, &self.text, at.span(), message) }
    }

    /// Returns a message at a byte of the key's text, if the file contains that text literally, without escapes.
    pub fn pointed(&self, message: Message, at: &Spanned<String>, index: usize) -> Message {
        let from = at.span().start + 1;
        let as_it_is = self.text.get(from..).is_some_and(|rest| rest.starts_with(at.get_ref().as_str()));
        let place = if as_it_is { from + index..from + index + 1 } else { at.span() };
        point(&self.file, &self.text, place, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ConfigFile, Message> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("userprep.toml");
        std::fs::write(&path, text).unwrap();
        ConfigFile::read(&path).map_err(|mut message| {
            if let Some(place) = &mut message.place {
                place.file = "userprep.toml".into();
            }
            message
        })
    }

    #[test]
    fn a_typo_is_shown_with_the_nearest_key() {
        insta::assert_snapshot!(read("version = 1\n[sip]\ndomans = []\n").unwrap_err().render(Language::En, false), @r###"
        userprep.toml:3:1: error[config-key]: unknown key `domans`
          |
        3 | domans = []
          | ^^^^^^
        help: did you mean `domains`?
        "###);
        insta::assert_snapshot!(read("[sip]\non_duplicate = \"numbers\"\n").unwrap_err().render(Language::En, false), @r###"
        userprep.toml:2:16: error[config-value]: unknown value `numbers`
          |
        2 | on_duplicate = "numbers"
          |                ^^^^^^^^^
        help: did you mean `number`?
        "###);
        insta::assert_snapshot!(read("[sip\n").unwrap_err().render(Language::En, false), @r###"
        userprep.toml:1:5: error[config-syntax]: the name of the table has no `]`
          |
        1 | [sip
          |     ^
        "###);
        insta::assert_snapshot!(read("version = 2\n").unwrap_err().render(Language::En, false), @r###"
        userprep.toml:1:11: error[config-version]: version 2 of userprep.toml is not known
          |
        1 | version = 2
          |           ^
        help: write `version = 1`
        "###);
    }

    #[test]
    fn the_word_of_a_flag_or_report_is_shown_with_its_key() {
        for (text, meant) in [
            ("[sip]\nfrom = \"mail\"", "format"),
            ("[sip]\nsip-from = \"mail\"", "format"),
            ("[sip]\nsip_domain = \"contoso.com\"", "domains"),
            ("[[rule]]\nname = \"all\"", "label"),
            ("[[pool]]\nname = \"pool01\"", "label"),
        ] {
            let help = read(text).unwrap_err().help.unwrap_or_default();
            assert_eq!(help.english(), format!("did you mean `{meant}`?"), "{text}");
        }
    }

    #[test]
    fn a_value_has_the_shape_that_its_key_needs() {
        for (text, column, expected) in [
            ("input = []", 9, "a table"),
            ("[sip]\nfold = [\"german\", \"reject\"]", 8, "a table"),
            ("[sip.fold]\nmap = 1979-05-27", 7, "a table"),
            ("[[rule]]\nlabel = \"a\"\noptions = [true]", 11, "a table"),
            ("pool = [[\"p\", \"x\", \"CN=pool\"]]", 9, "a table"),
            ("[sip]\nexisting = { replace = {} }", 12, "a text in quotes"),
            ("[output]\ntarget = { ldap = [] }", 10, "a text in quotes"),
            ("[sip]\nexisting = 1", 12, "a text in quotes"),
            ("[safety]\nmax_rejects = true", 15, "a number, or a share such as \"5%\","),
            ("[safety]\nmax_rejects = 1.5", 15, "a number, or a share such as \"5%\","),
        ] {
            let message = read(text).unwrap_err();
            let place = message.place.as_ref().map(|place| place.column);
            assert_eq!(message.what.english(), format!("{expected} is expected here"), "{text}");
            assert_eq!(place, Some(column), "{text}");
        }
        assert!(read("[input.columns]\nmail = \"Courriel\"\n[sip.fold]\nmap = { \"ł\" = \"w\" }").is_ok());
    }

    #[test]
    fn a_mistake_in_the_syntax_is_shown_at_its_place_in_words_of_both_languages() {
        for (text, line, column, english) in [
            ("[sip\n", 1, 5, "the name of the table has no `]`"),
            ("[[pool\n", 1, 7, "the name of the table has no `]`"),
            ("[sip]]\n", 1, 6, "the line should end here"),
            ("[]\n", 1, 2, "a key is expected here"),
            ("= 5\n", 1, 1, "a key is expected here"),
            ("“sip” = 1\n", 1, 1, "a key is expected here"),
            ("{\"sip\": 1}\n", 1, 1, "a key is expected here"),
            ("[sip]\ndomains = [\"a.com\"\n", 2, 19, "the list has no `]`"),
            ("[sip]\ndomains = [\"a.com\" \"b.com\"]\n", 2, 20, "a comma is missing here"),
            ("[sip]\ndomains = [\"a.com\",,\"b.com\"]\n", 2, 20, "there is a comma too many"),
            ("[sip]\nfold = { profile = \"german\"\n", 2, 28, "the table has no `}`"),
            ("[sip]\nfold = { profile \"german\" }\n", 2, 18, "`=` is missing here"),
            ("[sip]\nformat = mail\n", 2, 10, "`mail` is neither in quotes nor true, false or a number"),
            ("[sip]\nformat = “mail”\n", 2, 10, "`“mail”` is neither in quotes nor true, false or a number"),
            (
                "[sip]\nproxy_address = True\n",
                2,
                17,
                "`True` is neither in quotes nor true, false or a number",
            ),
            ("[sip]\nformat =\n", 2, 9, "a value is missing here"),
            ("[sip]\nformat: \"mail\"\n", 2, 9, "`=` is missing here"),
            ("[sip]\nformat == \"mail\"\n", 2, 9, "there is a `=` too many"),
            ("[sip]\nformat = \"mail\n", 2, 15, "the text has no closing quote"),
            ("[sip]\nformat = 'mail\n", 2, 15, "the text has no closing quote"),
            ("[sip]\nformat = \"mail\" x\n", 2, 17, "the line should end here"),
            ("[output]\nsplit = 007\n", 2, 9, "TOML does not write a number like this"),
            ("[output]\nsplit = 1_\n", 2, 10, "TOML does not write a number like this"),
            ("[sip] # \u{1}\n", 1, 9, "this is not TOML"),
            (
                "[select]\nbase = [\"CN=a\\q,DC=b\"]\n",
                2,
                15,
                "a backslash begins an escape sequence here, which TOML does not know",
            ),
        ] {
            let message = read(text).unwrap_err();
            let place = message.place.as_ref().map(|place| (place.line, place.column));
            assert_eq!((message.what.english(), place), (english, Some((line, column))), "{text}");
            assert_ne!(message.what.in_language(Language::Fr), english, "{text}");
        }
    }

    #[test]
    fn an_empty_file_is_the_default() {
        let config = read("").unwrap().config;
        assert_eq!(config.sip.existing, Existing::Keep);
        assert!(config.pool.is_empty());
    }
}
