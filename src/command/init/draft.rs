//! The answers as a commented `userprep.toml`.

use std::fmt::Write;

use crate::language::{Language, Text, count, text};
use crate::message::visible;
use crate::pool::Pool;

/// What was answered so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// What it was made from, and when.
    pub(super) head: Text,
    /// The language of the remarks, and of the runs.
    pub(super) language: Language,
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
    pub(super) counts: Vec<Text>,
    /// The target pools, and how many users are homed there.
    pub(super) pools: Vec<(Pool, u64)>,
}

impl Draft {
    /// The file: what was answered, and beside it what else can be said there.
    pub(super) fn text(&self) -> String {
        let mut file = File { text: String::new(), language: self.language };
        file.comment(&self.head);
        file.comment(&Text::new(
            "An unknown key is an error with line and column; `userprep check` explains this file.",
            "Une clé inconnue est une erreur, avec ligne et colonne ; `userprep check` explique ce fichier.",
        ));
        file.line("version = 1", &Text::default());
        file.title(
            "[input]",
            &Text::new(
                "How exports are read; what is not said is detected.",
                "Comment les exports sont lus ; ce qui n’est pas dit est détecté.",
            ),
        );
        file.text("format", self.input.as_deref(), "csv", &Text::new("ldif, csv", "ldif, csv"));
        file.text(
            "encoding",
            self.encoding.as_deref(),
            "auto",
            &Text::new(
                "auto, utf-8, utf-16le, windows-1252, cp850, …",
                "auto, utf-8, utf-16le, windows-1252, cp850, …",
            ),
        );
        file.text(
            "delimiter",
            self.delimiter.as_deref(),
            "auto",
            &Text::new("of CSV: auto, \",\", \";\" or \"\\t\"", "du CSV : auto, \",\", \";\" ou \"\\t\""),
        );
        file.list(
            "absent",
            &self.absent,
            &Text::new(
                "attributes asserted to be empty everywhere, where the export lacks them",
                "attributs déclarés vides partout, là où l’export ne les a pas",
            ),
        );
        file.comment(&Text::new("columns = { givenName = \"Prénom\", sn = \"Nom\" }   # directory attribute = CSV heading, where they differ", "columns = { givenName = \"Prénom\", sn = \"Nom\" }   # attribut de l’annuaire = en-tête CSV, s’ils diffèrent"));
        file.title(
            "[select]",
            &Text::new(
                "Select users: below a base, that match a filter, on a list; nothing is everybody.",
                "Sélection des utilisateurs : sous une base, par un filtre, d’une liste ; rien, c’est tous.",
            ),
        );
        file.list("base", &self.bases, &Text::new("DNs", "des DN"));
        file.text(
            "filter",
            self.filter.as_deref(),
            "(&(objectClass=user)(mail=*))",
            &Text::new("RFC 4515", "RFC 4515"),
        );
        file.text(
            "users",
            self.users.as_deref(),
            "users.txt",
            &Text::new(
                "a file: DN, sAMAccountName, UPN or mail, one a line",
                "un fichier : DN, sAMAccountName, UPN ou mail, un par ligne",
            ),
        );
        file.number(
            "limit",
            self.limit,
            "100",
            &Text::new("at most this many users, the first", "au plus tant d’utilisateurs, les premiers"),
        );
        file.line(
            "disabled_accounts = \"skip\"",
            &Text::new(
                "skip, include; linked accounts of resource forests take part",
                "skip, include ; les comptes liés de forêts de ressources participent",
            ),
        );
        file.line(
            "resource_mailboxes = \"skip\"",
            &Text::new(
                "skip, include: shared, room and equipment mailboxes",
                "skip, include : boîtes partagées, de salle et d’équipement",
            ),
        );
        file.line("contacts = false", &Text::new("true in a central forest", "true dans une forêt centrale"));
        file.title("[sip]", &Text::new("Sign-in name.", "Nom de connexion."));
        self.counts.iter().for_each(|counts| file.comment(counts));
        let first = &Text::new(
            "the closed list; the first serves built names; none is any",
            "la liste fermée ; le premier sert aux noms construits ; aucun, c’est tous",
        );
        file.list("domains", &self.domains, first);
        file.line(
            &format!("format = {}", quoted(&self.format)),
            &Text::new("mail, upn, first.last, sam, template", "mail, upn, first.last, sam, template"),
        );
        file.sample("template = \"{givenName}.{sn}@{domain}\"");
        file.comment(&Text::new(
            "fallback = [\"upn\"]   # tried in order where the first gives no address",
            "fallback = [\"upn\"]   # essayés dans l’ordre si le premier ne donne pas d’adresse",
        ));
        file.line("case = \"keep\"", &Text::new("keep, lower", "keep, lower"));
        file.line(
            "existing = \"keep\"",
            &Text::new(
                "keep, replace, reject: what a user already has",
                "keep, replace, reject : ce qu’un utilisateur a déjà",
            ),
        );
        file.line(
            "foreign_domain = \"reject\"",
            &Text::new(
                "reject, first: re-home an address to the first domain",
                "reject, first : passer l’adresse au premier domaine",
            ),
        );
        file.line(
            "on_duplicate = \"reject\"",
            &Text::new("reject, first, number, abort", "reject, first, number, abort"),
        );
        file.title(
            "[sip.fold]",
            &Text::new(
                "How names become ASCII in first.last, sam and templates.",
                "Comment les noms deviennent ASCII dans first.last, sam et les modèles.",
            ),
        );
        file.line(
            "profile = \"latin\"",
            &Text::new(
                "none, latin, german (ü: ue), nordic (å: aa)",
                "none, latin, german (ü : ue), nordic (å : aa)",
            ),
        );
        file.line("other_scripts = \"reject\"", &Text::new("reject, transliterate", "reject, transliterate"));
        for (pool, homed) in &self.pools {
            file.title(
                "[[pool]]",
                &text!(
                    "Select pool: {homed} here.",
                    "Sélection du pool\u{a0}: {homed} ici.";
                    homed = count(
                        *homed,
                        ["user of the exports is homed", "users of the exports are homed"],
                        ["utilisateur des exports est hébergé", "utilisateurs des exports sont hébergés"],
                    )
                ),
            );
            file.line(
                &format!("label = {}", quoted(&pool.label)),
                &Text::new("its name in rules and reports", "son nom dans les règles et rapports"),
            );
            let fqdn = Some(pool.fqdn.as_str()).filter(|fqdn| !fqdn.is_empty());
            file.text("fqdn", fqdn, "pool01.contoso.com", &Text::default());
            file.line(&format!("dn = {}", quoted(&pool.dn)), &Text::default());
            file.number(
                "capacity",
                None,
                "20000",
                &Text::new("users it holds; 0 is no limit", "utilisateurs qu’il accueille ; 0 : sans limite"),
            );
            file.number(
                "weight",
                None,
                "1",
                &Text::new("its share among several pools", "sa part parmi plusieurs pools"),
            );
        }
        file.text.push('\n');
        file.comment(&Text::new(
            "Who gets which pools; the first match wins, and without a rule all pools serve everybody.",
            "Qui reçoit quels pools ; la première règle qui convient l’emporte, et sans règle tous les pools servent à tous.",
        ));
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
            file.sample(line);
        }
        file.title(
            "[options]",
            &Text::new(
                "What is written beside address and pool; what is not said is left alone.",
                "Ce qui est écrit outre l’adresse et le pool ; ce qui n’est pas dit est laissé tel quel.",
            ),
        );
        file.line(
            "enhanced_presence = true",
            &Text::new(
                "OptionFlags 256, for new users; cannot be taken back",
                "OptionFlags 256, pour les nouveaux ; sans retour possible",
            ),
        );
        file.line(
            "originator_sid = \"copy\"",
            &Text::new(
                "copy, off: linked accounts of resource forests",
                "copy, off : comptes liés de forêts de ressources",
            ),
        );
        file.sample("archiving = \"none\"   # none, internal, federated, all");
        file.comment(&Text::new(
            "federation = true    # and so remote_access, public_im, anonymous_meetings",
            "federation = true    # de même remote_access, public_im, anonymous_meetings",
        ));
        file.title("[output]", &Text::new("The change files.", "Les fichiers de modification."));
        file.line(
            "target = \"ldifde\"",
            &Text::new(
                "ldifde, ldap (ldapmodify, ldbmodify, slapmodify)",
                "ldifde, ldap (ldapmodify, ldbmodify, slapmodify)",
            ),
        );
        file.line(
            "split = 1000",
            &Text::new(
                "records in one change file; 0 is one file a domain",
                "enregistrements par fichier ; 0 : un fichier par domaine",
            ),
        );
        file.line(
            "style = \"guarded\"",
            &Text::new(
                "guarded: a stale change fails; replace: may be run twice",
                "guarded : une modification périmée échoue ; replace : peut être refait",
            ),
        );
        file.line(
            if self.language == Language::Fr { "language = \"fr\"" } else { "language = \"en\"" },
            &Text::new("en, fr: of report.html", "en, fr : de report.html et des messages"),
        );
        file.title(
            "[safety]",
            &Text::new(
                "What stops a run, and who is left alone.",
                "Ce qui arrête une exécution, et qui est laissé tel quel.",
            ),
        );
        file.line(
            "protected_accounts = \"last\"",
            &Text::new(
                "adminCount is not 0: last (in files of their own), skip, include",
                "adminCount n’est pas 0 : last (dans leurs propres fichiers), skip, include",
            ),
        );
        file.sample("protect = [\"OU=Admins,DC=contoso,DC=com\"]");
        file.sample("max_changes = 50000");
        file.sample("max_rejects = \"5%\"");
        file.text
    }
}

struct File {
    text: String,
    language: Language,
}

impl File {
    fn title(&mut self, table: &str, what: &Text) {
        self.text.push('\n');
        self.comment(what);
        self.line(table, &Text::default());
    }

    /// A line with what can be said about it, in one column where that is possible.
    fn line(&mut self, line: &str, remark: &Text) {
        // Writing to a string cannot fail.
        let _ = match remark.in_language(self.language) {
            "" => writeln!(self.text, "{line}"),
            remark => writeln!(self.text, "{line:<28} # {remark}"),
        };
    }

    fn comment(&mut self, text: &Text) {
        let text = text.in_language(self.language).replace(['\u{a0}', '\u{202f}'], " ");
        self.sample(&text);
    }

    /// A line that could be there.
    fn sample(&mut self, text: &str) {
        self.text += format!("# {}", visible(text)).trim_end();
        self.text.push('\n');
    }

    /// A key with its value, or else in a comment with one that it could have.
    fn key(&mut self, key: &str, value: Option<String>, sample: &str, remark: &Text) {
        match value {
            Some(value) => self.line(&format!("{key} = {value}"), remark),
            None => self.line(&format!("# {key} = {sample}"), remark),
        }
    }

    fn text(&mut self, key: &str, value: Option<&str>, sample: &str, remark: &Text) {
        self.key(key, value.map(quoted), &quoted(sample), remark);
    }

    fn number(&mut self, key: &str, value: Option<u64>, sample: &str, remark: &Text) {
        self.key(key, value.map(|number| number.to_string()), sample, remark);
    }

    fn list(&mut self, key: &str, values: &[String], remark: &Text) {
        let all: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        self.key(key, (!all.is_empty()).then(|| format!("[{}]", all.join(", "))), "[]", remark);
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
