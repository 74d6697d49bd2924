//! Every code that a message or a row of the report can have: how bad it is, which command says it, and what it means.

use crate::message::Severity::{self, Error, Note, Warning};
use crate::output::{Language, remedies};
use crate::report::{Reason, Status};

/// A code, the kebab-case name of a fault or a fact; the same in messages, `report.xml` and `report.html`.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// The code.
    pub name: &'static str,
    /// How bad it can be; nothing for what stands in the reports alone.
    pub severities: &'static [Severity],
    /// The commands that say it, in words.
    pub commands: &'static str,
    /// What it means where [`advice`] does not say it already.
    meaning: &'static str,
}

/// Codes that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// What they are about.
    pub title: &'static str,
    /// The codes, in the order in which they are met.
    pub codes: &'static [Code],
}

impl Code {
    /// What it means: a phrase without a final period.
    #[must_use]
    pub fn meaning(&self) -> &'static str {
        if self.meaning.is_empty() {
            remedies::on(self.name, Language::En).map_or("", |advice| advice.meaning)
        } else {
            self.meaning
        }
    }

    /// What can come of it: `skipped`, `error`, `warning`, `note`; `report` for what stands in the reports alone.
    #[must_use]
    pub fn weight(&self) -> String {
        let is_skipped = |reason: Reason| reason.status() == Status::Skipped && reason.code() == self.name;
        let skipped = Reason::all().any(is_skipped).then_some("skipped");
        let words: Vec<&str> =
            skipped.into_iter().chain(self.severities.iter().map(|severity| severity.name())).collect();
        if words.is_empty() { "report".to_owned() } else { words.join(", ") }
    }
}

const fn code(
    name: &'static str,
    severities: &'static [Severity],
    commands: &'static str,
    meaning: &'static str,
) -> Code {
    Code { name, severities, commands, meaning }
}

/// A code whose meaning [`advice`] says.
const fn advised(name: &'static str, severities: &'static [Severity], commands: &'static str) -> Code {
    Code { name, severities, commands, meaning: "" }
}

const ALL: &str = "all";
/// Whatever reads exports.
const EXPORTS: &str = "all that read exports";
/// What decides about the users of exports.
const WIZARDS: &str = "the wizards";
/// What goes by userprep.toml.
const SETTINGS: &str = "the wizards, check";
/// What gives addresses.
const ADDRESSES: &str = "enable, rename";
/// What reads run directories.
const RUNS: &str = "verify, undo, explain, --reference";

/// All codes, in sections.
pub const SECTIONS: &[Section] = &[
    Section {
        title: "Files",
        codes: &[
            code("input-unreadable", &[Error], EXPORTS, "The file cannot be opened or read"),
            code("input-read", &[Error], EXPORTS, "Reading the table failed in the middle"),
            code("input-empty", &[Error], EXPORTS, "The file is empty"),
            code("input-no-exports", &[Error], EXPORTS, "The folder holds no file that could be an export"),
            code(
                "input-foreign",
                &[Error],
                EXPORTS,
                "The file is neither LDIF nor CSV: a workbook, an archive, a binary file",
            ),
            code("input-changed", &[Error], EXPORTS, "The file was written to while it was read"),
            code("too-many-records", &[Error], EXPORTS, "More records than one run counts (4,294,967,295)"),
            code("out-of-memory", &[Error], EXPORTS, "The run needs more memory than it may have"),
            code(
                "encoding-fallback",
                &[Warning],
                EXPORTS,
                "Something is not UTF-8, and is read as Windows-1252",
            ),
            code(
                "encoding-half-unit",
                &[Error],
                EXPORTS,
                "A table in UTF-16 ends in half a unit: it was cut",
            ),
            code(
                "export-incomplete",
                &[Error],
                EXPORTS,
                "The search that made the export was cut short: entries are missing",
            ),
            code(
                "attribute-not-shown",
                &[Error],
                "the wizards, verify, undo",
                "The export shows an attribute nowhere that the run needs to know",
            ),
            code("output-exists", &[Error], ALL, "What would be written exists already"),
            code(
                "output-unwritable",
                &[Error],
                ALL,
                "A file cannot be written, or another program has it open",
            ),
            code(
                "xml-character",
                &[Warning],
                WIZARDS,
                "A value holds a character that XML cannot: U+FFFD stands for it",
            ),
            code(
                "csv-formula",
                &[Warning],
                WIZARDS,
                "A rejected cell begins like a formula of a spreadsheet",
            ),
            code("threads", &[Error], ALL, "The worker threads cannot be started"),
            code(
                "internal-sums",
                &[Error],
                WIZARDS,
                "What was written is not what was decided: a fault of userprep",
            ),
            code("internal-man", &[Error], "man", "A man page cannot be made: a fault of userprep"),
        ],
    },
    Section {
        title: "LDIF",
        codes: &[
            code("ldif-fold-first", &[Error], EXPORTS, "A continuation line continues nothing"),
            code("ldif-no-colon", &[Error], EXPORTS, "A line without a colon"),
            code("ldif-no-dn", &[Error], EXPORTS, "A record does not begin with its DN"),
            code("ldif-second-dn", &[Error], EXPORTS, "A second DN in a record: a blank line is missing"),
            advised("dn-invalid", &[Error], EXPORTS),
            code("ldif-dn", &[Error], "package ldif", "The DN is invalid; userprep says `dn-invalid`"),
            code("ldif-dn-utf8", &[Error], "package ldif", "The DN is not UTF-8; userprep says `dn-invalid`"),
            code("ldif-name", &[Error], EXPORTS, "The name of the attribute is invalid"),
            code("ldif-base64", &[Error], EXPORTS, "A character that base64 does not have"),
            code(
                "ldif-base64-padding",
                &[Error],
                EXPORTS,
                "The base64 text is cut, or its padding does not fit",
            ),
            code(
                "ldif-base64-bits",
                &[Error],
                EXPORTS,
                "The last base64 character has bits that no byte takes up",
            ),
            code(
                "ldif-url",
                &[Error],
                EXPORTS,
                "The value is a URL, which is never opened: it counts as unknown",
            ),
            code("ldif-version", &[Error], EXPORTS, "Another version of LDIF than 1"),
            code("ldif-changetype", &[Error], EXPORTS, "A change type that does not exist"),
            code("ldif-changetype-late", &[Warning], EXPORTS, "The change type stands among the attributes"),
            code("ldif-control", &[Error], EXPORTS, "The control is invalid"),
            code("ldif-control-in-content", &[Error], EXPORTS, "A control in a record that is no change"),
            code(
                "ldif-operation",
                &[Error],
                EXPORTS,
                "A modification other than add, delete, replace, increment",
            ),
            code(
                "ldif-operation-name",
                &[Error],
                EXPORTS,
                "A modification of something that is no attribute",
            ),
            code(
                "ldif-operation-attribute",
                &[Error],
                EXPORTS,
                "A value of another attribute than the modification's",
            ),
            code("ldif-no-modification", &[Error], EXPORTS, "A modify record without modifications"),
            code("ldif-delete-attributes", &[Error], EXPORTS, "A delete record with attributes"),
            code("ldif-rename-lacks", &[Error], EXPORTS, "A rename that lacks one of its lines"),
            code("ldif-rename-line", &[Error], EXPORTS, "A line in a rename that does not belong there"),
            code("ldif-deleteoldrdn", &[Error], EXPORTS, "`deleteoldrdn` is neither 0 nor 1"),
            code("ldif-stray-dash", &[Error], EXPORTS, "A `-` where no modification can end"),
            code(
                "ldif-too-long",
                &[Error],
                EXPORTS,
                "A record longer than the limit, mostly for want of blank lines",
            ),
            code(
                "ldif-half-unit",
                &[Error],
                EXPORTS,
                "The file is UTF-16 and ends in half a unit: it was cut",
            ),
            code("ldif-surrogate", &[Warning], EXPORTS, "Half of a UTF-16 surrogate pair"),
            code("ldif-bom", &[Warning], EXPORTS, "A byte order mark inside the file: files were joined"),
            code("ldif-tab-fold", &[Warning], EXPORTS, "A continuation line begins with a tab"),
            code("ldif-trailing-space", &[Warning], EXPORTS, "A value ends in a space, which is kept"),
            code("ldif-control-character", &[Warning], EXPORTS, "A control character in a plain value"),
            code(
                "ldif-not-utf8",
                &[Error],
                EXPORTS,
                "A byte that is not UTF-8, which `--encoding utf-8` asks for",
            ),
            code(
                "ldif-duplicate-value",
                &[Warning],
                EXPORTS,
                "The same value twice in one attribute, kept once",
            ),
            code("ldif-dash-space", &[Warning], EXPORTS, "A space behind `-`"),
            code("ldif-space-line", &[Warning], EXPORTS, "A line of spaces where a blank line was meant"),
            code("ldif-schema-record", &[Note], EXPORTS, "A change of the schema, passed over"),
            code("ldif-referral", &[Note], EXPORTS, "A part of the directory is not in the export"),
        ],
    },
    Section {
        title: "CSV",
        codes: &[
            code("csv-delimiter", &[Error], EXPORTS, "It cannot be told which character divides the cells"),
            code("csv-heading", &[Error], EXPORTS, "A heading is missing, empty, or there twice"),
            code(
                "csv-heading-again",
                &[Note],
                EXPORTS,
                "The headings stand here once more: files were joined",
            ),
            code("csv-column-missing", &[Warning], EXPORTS, "No heading that `[input.columns]` names"),
            code("csv-no-dn", &[Error], EXPORTS, "No column of DNs, or a row without one"),
            code("csv-no-key", &[Error], EXPORTS, "No column by which a list could name users (--join)"),
            code("join-key", &[Note], EXPORTS, "The column by which the list names users"),
            code("csv-quote", &[Error], EXPORTS, "A cell is badly quoted"),
            code("csv-open-quote", &[Error], EXPORTS, "A quote that is never closed"),
            code(
                "csv-long-row",
                &[Error],
                EXPORTS,
                "A row longer than the limit, mostly for want of a closing quote",
            ),
            code("csv-fields", &[Error], EXPORTS, "More or fewer cells than headings"),
            code("csv-newlines", &[Warning], EXPORTS, "A cell of many lines: a quote may be missing"),
            code("csv-trimmed", &[Warning], EXPORTS, "Spaces around a value are dropped"),
            code("csv-hex", &[Error], EXPORTS, "What csvde writes as X'…' is no hexadecimal text"),
            code("csv-nul", &[Error], EXPORTS, "A NUL character in a value"),
            code("csv-integer", &[Error], EXPORTS, "The cell holds no integer"),
            code("csv-boolean", &[Error], EXPORTS, "The cell holds neither true nor false"),
            code("csv-guid", &[Error], EXPORTS, "The cell holds no GUID"),
            code("csv-sid", &[Error], EXPORTS, "The cell holds no SID"),
            code(
                "csv-time",
                &[Warning],
                EXPORTS,
                "A time in the writer's own form, which filters cannot compare",
            ),
            code(
                "csv-lost-values",
                &[Error],
                EXPORTS,
                "PowerShell wrote the name of a type instead of the values",
            ),
            code("csv-damaged-number", &[Error, Warning], EXPORTS, "A spreadsheet has rounded the number"),
            code(
                "lost-characters",
                &[Warning],
                EXPORTS,
                "The export has lost letters of a name (`?`, `\u{fffd}`, `Ã©`)",
            ),
        ],
    },
    Section {
        title: "Lists joined to an export",
        codes: &[
            code("join-no-list", &[Error], WIZARDS, "An input is no list that --join could serve"),
            code(
                "join-key-not-shown",
                &[Error],
                WIZARDS,
                "No --join export shows the attribute by which the list names users",
            ),
            advised("join-no-key", &[Error], WIZARDS),
            advised("join-unmatched", &[Error], WIZARDS),
            advised("join-ambiguous", &[Error], WIZARDS),
            advised("join-twice", &[Error], WIZARDS),
            code(
                "join-kept",
                &[Warning],
                "enable",
                "The list gives another address or pool than the one that the user keeps",
            ),
        ],
    },
    Section {
        title: "Configuration and command line",
        codes: &[
            code("config-unreadable", &[Error], SETTINGS, "The configuration cannot be read"),
            code("config-encoding", &[Error], SETTINGS, "The configuration is not UTF-8"),
            code("config-version", &[Error], SETTINGS, "A version of userprep.toml that is not known"),
            code(
                "config-syntax",
                &[Error],
                SETTINGS,
                "The configuration is no TOML, or a value is of the wrong type",
            ),
            code("config-key", &[Error], SETTINGS, "A key that userprep.toml does not have"),
            code("config-value", &[Error], SETTINGS, "A value that the key does not take"),
            code("input-encoding", &[Error], EXPORTS, "An encoding that is not known"),
            code("input-delimiter", &[Error], EXPORTS, "The delimiter is not one ASCII character"),
            code("input-separator", &[Error], EXPORTS, "The separator of values is not one ASCII character"),
            code("base-invalid", &[Error], SETTINGS, "A base is no DN"),
            code("filter-invalid", &[Error], SETTINGS, "The filter cannot be read (RFC 4515)"),
            code("sip-domains", &[Error], SETTINGS, "No SIP domain is named, or one that is no host name"),
            code(
                "sip-format",
                &[Error],
                SETTINGS,
                "A sign-in name that is not known, or lacks its template or domain",
            ),
            code("sip-template", &[Error], SETTINGS, "The template cannot be read"),
            code(
                "sip-fold-map",
                &[Error],
                SETTINGS,
                "What a letter is folded to is not permitted in an address",
            ),
            code(
                "pool-missing",
                &[Error],
                SETTINGS,
                "No pool is named, and there is not exactly one to choose",
            ),
            code(
                "pool-dn",
                &[Error],
                SETTINGS,
                "The DN of a pool is missing, or is none, or not that of its CN=LC Services object",
            ),
            code("pool-twice", &[Error], SETTINGS, "A pool is described twice"),
            code("pool-weight", &[Error], SETTINGS, "A pool of weight 0 takes nobody"),
            code(
                "pool-containers",
                &[Warning],
                SETTINGS,
                "The pools stand in two containers, of which a forest uses one",
            ),
            code(
                "pool-unknown-target",
                &[Error],
                SETTINGS,
                "Nothing describes the pool that a flag, a rule or a list names",
            ),
            code("pool-unknown-source", &[Error], "move", "Nothing describes the pool that --from names"),
            code("pools-none", &[Error], SETTINGS, "The export of the pools (--pools) shows no pool"),
            code(
                "rule-pools",
                &[Error],
                SETTINGS,
                "A rule names no pool, or one that nothing describes, or skips and names pools",
            ),
            code("rule-unreachable", &[Warning], SETTINGS, "A rule before it takes everybody"),
            code("max-rejects", &[Error], SETTINGS, "--max-rejects is neither a number nor a percentage"),
            code(
                "redact-unknown",
                &[Warning],
                SETTINGS,
                "A masked attribute looks like a slip for another one",
            ),
            code(
                "init-no-terminal",
                &[Error],
                "init",
                "Nobody can be asked: there is no terminal, and no --yes",
            ),
            code("configure-nothing", &[Error], "configure", "Nothing says what to configure"),
            code("line-pattern", &[Error], "configure", "The pattern of the line cannot be read"),
            code("rename-nothing", &[Error], "rename", "Nothing says what the new addresses are"),
            code("rename-domain", &[Error], "rename", "--domain is not OLD=NEW with two domains"),
        ],
    },
    Section {
        title: "Who takes part",
        codes: &[
            code("users-unmatched", &[Warning], WIZARDS, "A line of --users names nobody"),
            code(
                "rename-unmatched",
                &[Warning],
                "rename",
                "Nobody has an address in the domain that --domain names",
            ),
            code("move-unmatched", &[Warning], "move", "Nobody has the pool that --from names"),
            code(
                "users-ambiguous",
                &[Warning],
                WIZARDS,
                "A line of --users names several users, and takes none",
            ),
            advised("over-limit", &[], WIZARDS),
            advised("duplicate-record", &[], WIZARDS),
            advised("dn-conflict", &[Error], "the wizards, verify, undo"),
            advised("replication-conflict", &[Error], WIZARDS),
            advised("value-range-incomplete", &[Error], WIZARDS),
            advised("critical-object", &[], WIZARDS),
            advised("trust-account", &[], WIZARDS),
            advised("protected-base", &[], WIZARDS),
            advised("protected-account", &[Warning], WIZARDS),
            advised("resource-mailbox", &[], "enable"),
            advised("account-disabled", &[Warning], "enable, audit"),
            advised("no-rule", &[], "enable, configure, move"),
            advised("rule-skip", &[], "enable, configure, move"),
            advised("not-enabled", &[], "configure, move, disable, delete, rename, audit"),
            advised("switched-off", &[], "audit"),
            advised("ocs-disabled", &[], "enable, configure, rename"),
            advised("other-pool", &[], "move"),
            advised("homed", &[], "move"),
            advised("flags-invalid", &[Error], "enable, configure"),
        ],
    },
    Section {
        title: "Addresses",
        codes: &[
            advised("sip-exists", &[Error], "enable"),
            advised("attribute-missing", &[Error], "enable, rename, configure"),
            advised("sip-spaces", &[Error], ADDRESSES),
            advised("sip-invalid", &[Error], "enable, rename, audit"),
            advised("sip-characters", &[Error], "enable, rename, audit"),
            advised("sip-domain", &[Error], ADDRESSES),
            advised("sip-too-long", &[Error], "enable, rename, audit"),
            advised("domain-foreign", &[Error, Warning], "enable, audit"),
            advised("name-empty", &[Error], ADDRESSES),
            advised("name-not-folded", &[Error], ADDRESSES),
            advised("name-script", &[Error], ADDRESSES),
            code("name-folded", &[Warning], ADDRESSES, "Letters of the name were folded to ASCII"),
            advised("sip-duplicate", &[Error], ADDRESSES),
            advised("sip-twin", &[Error, Warning], WIZARDS),
            code(
                "sip-numbered",
                &[Warning],
                ADDRESSES,
                "The address got a number, for the bare one is taken",
            ),
            code(
                "sip-stand-in",
                &[Warning],
                ADDRESSES,
                "A contact that stands for the user has the same address",
            ),
            code("sip-fallback", &[Note], ADDRESSES, "A fallback gave the address"),
            code("sip-rehomed", &[Note], ADDRESSES, "The domain gave way to the first of the list"),
            code(
                "sip-domains-unchecked",
                &[Warning],
                ADDRESSES,
                "No list of SIP domains: each address keeps its own",
            ),
            code(
                "sip-ampersand",
                &[Warning],
                ADDRESSES,
                "The address holds `&`, which Lync Server 2013 does not stand",
            ),
            code(
                "sip-proxy-extra",
                &[Warning],
                "enable, rename, audit",
                "Another `sip:` proxy address stays",
            ),
            code(
                "no-proxy-address",
                &[Warning],
                "enable, audit",
                "No `sip:` proxy address of the address, and none is written",
            ),
            code("sip-not-smtp", &[Warning], "audit", "The address differs from the primary mail address"),
            advised("no-address", &[Error], "audit"),
            code("rename-federated", &[Warning], "rename", "Outside contacts know the old address"),
            code(
                "rename-unseen",
                &[Note],
                "rename",
                "Servers and contacts remember the old address: what to do besides",
            ),
        ],
    },
    Section {
        title: "Pools, options and lines",
        codes: &[
            advised("pool-full", &[Error], "enable, move"),
            advised("pool-gone", &[Error, Warning], "enable, audit"),
            code(
                "pool-unknown",
                &[Warning],
                "enable, audit",
                "Nothing describes the pool that the user has and keeps",
            ),
            advised("no-pool", &[Error], "audit"),
            code("pool-before-r2", &[Warning], "configure", "The pool is one of OCS 2007, not of R2"),
            code(
                "rehomed",
                &[Warning],
                "move",
                "The user leaves a pool that stands, and contact lists and meetings there",
            ),
            code("rehome-stays-behind", &[Warning], "move", "What --rehome leaves behind"),
            advised("no-enhanced-presence", &[Error], "audit"),
            code(
                "enhanced-presence-missing",
                &[Warning],
                "enable",
                "Enhanced presence (bit 256) is not set on a user who is kept",
            ),
            code(
                "enhanced-presence-cleared",
                &[Warning],
                "configure",
                "Enhanced presence is cleared: Communicator does not sign in",
            ),
            code(
                "archiving-leftover",
                &[Warning],
                "configure, audit",
                "ArchivingEnabled holds a value of Live Communications Server 2005",
            ),
            code("originator-sid-missing", &[Warning], "enable", "The linked account gets no OriginatorSid"),
            advised("line-invalid", &[Error], "configure"),
            advised("line-duplicate", &[Error], "configure"),
            code("line-missing", &[Warning], "configure", "Enterprise Voice is on, and there is no line"),
            code("line-not-written", &[Warning], "enable", "The options name a line, and enable writes none"),
            code("line-replaced", &[Warning], "configure", "The line gives way to another"),
            code("line-trunk", &[Warning], "configure", "A zero stands behind the country code"),
        ],
    },
    Section {
        title: "Safety stops (exit code 4)",
        codes: &[
            code("stop-max-changes", &[Error], WIZARDS, "More users would change than --max-changes allows"),
            code("stop-max-rejects", &[Error], WIZARDS, "More users are rejected than --max-rejects allows"),
            code("stop-replace-many", &[Error], WIZARDS, "More than half of the addresses would be replaced"),
            code(
                "stop-duplicates",
                &[Error],
                WIZARDS,
                "An address is wanted twice, and on_duplicate is `abort`",
            ),
            code("stop-pool-full", &[Error], WIZARDS, "A pool is full, and on_full is `abort`"),
        ],
    },
    Section {
        title: "Runs, verify, undo, explain",
        codes: &[
            code("run-unreadable", &[Error], RUNS, "The directory is no run, or cannot be read"),
            code("run-changed", &[Error], RUNS, "A file of the run is not what its manifest lists"),
            code("run-plan", &[Error], RUNS, "The directory is a plan (--dry-run): it has no change files"),
            code("sums-invalid", &[Error], "verify --files", "A line of SHA256SUMS is damaged"),
            code("file-changed", &[Error], "verify --files", "A file of the run has another hash"),
            code("file-missing", &[Error], "verify --files", "A file of the run is gone"),
            code("log-empty", &[Note], "verify, undo", "The importer's log (--log) names no refused record"),
            code("import-refused", &[Warning], "verify, undo", "The importer refused the record, by its log"),
            code("moved", &[], "verify", "The user has another DN than at the time of the run"),
            advised("drifted", &[Error, Warning], "verify, undo"),
            advised("gone", &[Error, Warning], "verify, undo"),
            code(
                "undo-partial",
                &[Warning],
                "the wizards, undo",
                "An undo removes the pool, and cannot put the former one back, which is gone",
            ),
            code("undo-limits", &[Note], WIZARDS, "What an undo does not bring back"),
            code("user-unknown", &[Error], "explain", "Nobody of the run has the name"),
            code(
                "decision-not-taken-again",
                &[Warning],
                "explain",
                "The inputs of the run are not there as they were: shown is its report",
            ),
            code(
                "explain-differs",
                &[Warning],
                "explain",
                "The decision taken again is another than the report's",
            ),
        ],
    },
];
