//! The answers as a commented `userprep.toml`.

use std::fmt::Write;

use crate::message::visible;
use crate::pool::Pool;

/// What was answered so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// What it was made from, and when.
    pub(super) head: String,
    /// How exports are read, where that is not detected.
    pub(super) input: Option<String>,
    pub(super) encoding: Option<String>,
    pub(super) delimiter: Option<String>,
    /// What is asserted to be empty everywhere.
    pub(super) absent: Vec<String>,
    /// Who takes part; nothing is everybody.
    pub(super) bases: Vec<String>,
    pub(super) filter: Option<String>,
    pub(super) users: Option<String>,
    pub(super) limit: Option<u64>,
    /// The closed list of SIP domains; empty is any.
    pub(super) domains: Vec<String>,
    /// The sign-in name.
    pub(super) format: String,
    /// What was counted for each sign-in name.
    pub(super) counts: Vec<String>,
    /// The target pools, and how many users are homed there.
    pub(super) pools: Vec<(Pool, u64)>,
}

impl Draft {
    /// The file: what was answered, and beside it what else can be said there.
    pub(super) fn text(&self) -> String {
        let mut file = File(String::new());
        file.comment(&self.head);
        file.comment("An unknown key is an error with line and column; `userprep check` explains this file.");
        file.line("version = 1", "");
        file.title("[input]", "How exports are read; what is not said is detected.");
        file.text("format", self.input.as_deref(), "csv", "ldif, csv");
        file.text(
            "encoding",
            self.encoding.as_deref(),
            "auto",
            "auto, utf-8, utf-16le, windows-1252, cp850, …",
        );
        file.text("delimiter", self.delimiter.as_deref(), "auto", "of CSV: auto, \",\", \";\" or \"\\t\"");
        file.list(
            "absent",
            &self.absent,
            "attributes asserted to be empty everywhere, where the export lacks them",
        );
        file.comment("columns = { givenName = \"Prénom\", sn = \"Nom\" }   # directory attribute = CSV heading, where they differ");
        file.title(
            "[select]",
            "Select users: below a base, that match a filter, on a list; nothing is everybody.",
        );
        file.list("base", &self.bases, "DNs");
        file.text("filter", self.filter.as_deref(), "(&(objectClass=user)(mail=*))", "RFC 4515");
        file.text(
            "users",
            self.users.as_deref(),
            "users.txt",
            "a file: DN, sAMAccountName, UPN or mail, one a line",
        );
        file.number("limit", self.limit, "100", "at most this many users, the first");
        file.line(
            "disabled_accounts = \"skip\"",
            "skip, include; linked accounts of resource forests take part",
        );
        file.line("resource_mailboxes = \"skip\"", "skip, include: shared, room and equipment mailboxes");
        file.line("contacts = false", "true in a central forest");
        file.title("[sip]", "Sign-in name.");
        self.counts.iter().for_each(|counts| file.comment(counts));
        let first = "the closed list; the first serves built names; none is any";
        file.list("domains", &self.domains, first);
        file.line(&format!("format = {}", quoted(&self.format)), "mail, upn, first.last, sam, template");
        file.comment("template = \"{givenName}.{sn}@{domain}\"");
        file.comment("fallback = [\"upn\"]   # tried in order where the first gives no address");
        file.line("case = \"keep\"", "keep, lower");
        file.line("existing = \"keep\"", "keep, replace, reject: what a user already has");
        file.line("foreign_domain = \"reject\"", "reject, first: re-home an address to the first domain");
        file.line("on_duplicate = \"reject\"", "reject, first, number, abort");
        file.title("[sip.fold]", "How names become ASCII in first.last, sam and templates.");
        file.line("profile = \"latin\"", "none, latin, german (ü: ue), nordic (å: aa)");
        file.line("other_scripts = \"reject\"", "reject, transliterate");
        for (pool, homed) in &self.pools {
            file.title("[[pool]]", &format!("Select pool: {homed} users of the exports are homed here."));
            file.line(&format!("label = {}", quoted(&pool.label)), "its name in rules and reports");
            let fqdn = Some(pool.fqdn.as_str()).filter(|fqdn| !fqdn.is_empty());
            file.text("fqdn", fqdn, "pool01.contoso.com", "");
            file.line(&format!("dn = {}", quoted(&pool.dn)), "");
            file.number("capacity", None, "20000", "users it holds; 0 is no limit");
            file.number("weight", None, "1", "its share among several pools");
        }
        file.0 +=
            "\n# Who gets which pools; the first match wins, and without a rule all pools serve everybody.\n";
        let label = self.pools.first().map_or("pool01", |(pool, _)| &pool.label);
        for line in [
            "[[rule]]",
            "label = \"service accounts stay out\"",
            "base = \"OU=Service Accounts,DC=contoso,DC=com\"",
            "skip = true",
            "",
            "[[rule]]",
            "label = \"everyone else\"",
            &format!("pools = [{}]", quoted(label)),
            "options = { federation = true, remote_access = true }",
        ] {
            file.comment(line);
        }
        file.title("[options]", "What is written beside address and pool; what is not said is left alone.");
        file.line("enhanced_presence = true", "OptionFlags 256, for new users; cannot be taken back");
        file.line("originator_sid = \"copy\"", "copy, off: linked accounts of resource forests");
        file.comment("archiving = \"none\"   # none, internal, federated, all");
        file.comment("federation = true    # and so remote_access, public_im, anonymous_meetings");
        file.title("[output]", "The change files.");
        file.line("target = \"ldifde\"", "ldifde, ldap (ldapmodify, ldbmodify, slapmodify)");
        file.line("split = 1000", "records in one change file; 0 is one file a domain");
        file.line("style = \"guarded\"", "guarded: a stale change fails; replace: may be run twice");
        file.line("language = \"en\"", "en, fr: of report.html");
        file.title("[safety]", "What stops a run, and who is left alone.");
        file.line(
            "protected_accounts = \"last\"",
            "adminCount=1: last (in files of their own), skip, include",
        );
        file.comment("protect = [\"OU=Admins,DC=contoso,DC=com\"]");
        file.comment("max_changes = 50000");
        file.comment("max_rejects = \"5%\"");
        file.0
    }
}

struct File(String);

impl File {
    fn title(&mut self, table: &str, what: &str) {
        self.0.push('\n');
        self.comment(what);
        self.line(table, "");
    }

    /// A line with what can be said about it, in one column where that is possible.
    fn line(&mut self, line: &str, remark: &str) {
        // Writing to a string cannot fail.
        let _ = match remark {
            "" => writeln!(self.0, "{line}"),
            remark => writeln!(self.0, "{line:<28} # {remark}"),
        };
    }

    fn comment(&mut self, text: &str) {
        self.0 += format!("# {}", visible(text)).trim_end();
        self.0.push('\n');
    }

    /// A key with its value, or else in a comment with one that it could have.
    fn key(&mut self, key: &str, value: Option<String>, sample: &str, remark: &str) {
        match value {
            Some(value) => self.line(&format!("{key} = {value}"), remark),
            None => self.line(&format!("# {key} = {sample}"), remark),
        }
    }

    fn text(&mut self, key: &str, value: Option<&str>, sample: &str, remark: &str) {
        self.key(key, value.map(quoted), &quoted(sample), remark);
    }

    fn number(&mut self, key: &str, value: Option<u64>, sample: &str, remark: &str) {
        self.key(key, value.map(|number| number.to_string()), sample, remark);
    }

    fn list(&mut self, key: &str, values: &[String], remark: &str) {
        let all: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        self.key(key, (!all.is_empty()).then(|| format!("[{}]", all.join(", "))), "[]", remark);
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
