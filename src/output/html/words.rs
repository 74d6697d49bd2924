//! What the page says, in English and in French.

use crate::language::Language;
use crate::report::{Mode, Outcome, Stake, Status, Totals};

/// The words of the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub(super) language: Language,
}

/// Chooses the text of the language: `pick!(self, "English", "français")`.
macro_rules! pick {
    ($words:expr, $english:expr, $french:expr $(,)?) => {
        match $words.language {
            Language::En => $english,
            Language::Fr => $french,
        }
    };
}

macro_rules! labels {
    ($($name:ident: $english:literal, $french:literal;)*) => {
        impl Words {
            $(pub(super) fn $name(self) -> &'static str { pick!(self, $english, $french) })*
        }
    };
}

labels! {
    tag: "en", "fr";
    skip: "Skip to the users", "Aller aux utilisateurs";
    contents: "Contents", "Sommaire";
    untouched: "Nothing has been changed in the directory yet: the change files below do that when they are imported.",
        "Rien n’a encore changé dans l’annuaire\u{a0}: ce sont les fichiers ci-dessous qui le feront, à l’import.";
    rehearsed: "This was a rehearsal: no change file was written. Run again without --dry-run to get them.",
        "Ceci est une répétition\u{a0}: aucun fichier n’a été écrit. Relancez sans --dry-run pour les obtenir.";
    forbidden: "No change file was written. Nothing may be imported.",
        "Aucun fichier de modification n’a été écrit. Rien n’est à importer.";
    idle: "No change file was written: there is nothing to import.",
        "Aucun fichier de modification n’a été écrit\u{a0}: il n’y a rien à importer.";
    vacant: "Nothing was written. If users were expected, look at what was exported, and at the selection.",
        "Rien n’a été écrit. Si des utilisateurs étaient attendus, voyez ce qui a été exporté, et la sélection.";
    compared: "This is what a fresh export shows of the users that the run was to change.",
        "Voici ce qu’un nouvel export montre des utilisateurs que l’exécution devait modifier.";
    to_finish: "The change files below do what is left to do, once they are imported.",
        "Les fichiers ci-dessous feront ce qui reste à faire, une fois importés.";
    would_change: "in a run that goes through", "dans une exécution menée à terme";
    records_read: "Records read:", "Enregistrements lus\u{a0}:";
    not_selected: "not selected:", "non sélectionnés\u{a0}:";
    others: "other objects:", "autres objets\u{a0}:";
    next: "What to do next", "Que faire maintenant";
    audited: "Nothing was written: this is what the exports show of every user.",
        "Rien n’a été écrit\u{a0}: voici ce que les exports montrent de chaque utilisateur.";
    to_repair: "The change files below make the repairs that need no decision, once they are imported.",
        "Les fichiers ci-dessous font les réparations qui n’appellent aucune décision, une fois importés.";
    address_conflicts: "Address conflicts", "Conflits d’adresses";
    line_conflicts: "Line conflicts", "Conflits de lignes";
    conflicts_lead: "Each URI may belong to one person. Here are all who meet in one, side by side.",
        "Une URI n’appartient qu’à une personne. Voici, côte à côte, tous ceux qui s’y rencontrent.";
    pools: "Pools", "Pools";
    before: "before", "avant";
    added: "added by this run", "ajoutés par cette exécution";
    capacity: "capacity", "capacité";
    unlimited: "no limit set", "sans limite";
    sources: "Where the addresses come from", "D’où viennent les adresses";
    folded: "Folded names", "Noms convertis";
    files: "Change files", "Fichiers de modification";
    users: "Users", "Utilisateurs";
    about: "About this run", "À propos de cette exécution";
    step_review: "Read why users were left out", "Lisez pourquoi des utilisateurs ont été laissés de côté";
    step_review_more: "Correct the directory and run again later: those enabled by then count as unchanged.",
        "Corrigez l’annuaire et relancez plus tard\u{a0}: ceux qui seront activés d’ici là compteront comme inchangés.";
    step_check: "Check that the files arrived whole", "Vérifiez que les fichiers sont arrivés entiers";
    step_check_more: "The SHA-256 of each file stands beside it below and in SHA256SUMS.",
        "Le SHA-256 de chaque fichier figure ci-dessous et dans SHA256SUMS.";
    step_import: "Import the files, in order", "Importez les fichiers, dans l’ordre";
    step_import_more: "The importer stops at the first refusal; a user who has changed since the export is refused, not overwritten. apply.cmd and apply.sh do it for all batches, and check the files first.",
        "L’import s’arrête au premier refus\u{202f}; un utilisateur modifié depuis l’export est refusé, non écrasé. apply.cmd et apply.sh le font pour tous les lots, après contrôle des fichiers.";
    step_verify: "Export again and compare", "Refaites l’export et comparez";
    step_verify_more: "It says, user by user, what was applied, what is missing and what has drifted.",
        "La commande dit, utilisateur par utilisateur, ce qui est appliqué, ce qui manque et ce qui a divergé.";
    step_undo: "To go back, import the undo file", "Pour revenir en arrière, importez le fichier undo";
    step_undo_more: "It restores the attributes. It cannot bring back contact lists and meetings once the User Replicator has seen the change, nor turn off enhanced presence once the user has signed in.",
        "Il rétablit les attributs. Il ne rend ni les listes de contacts et réunions, une fois le changement vu par le réplicateur d’utilisateurs, ni la présence simple, une fois l’utilisateur connecté.";
    import: "Import", "Import";
    undo: "Undo", "Retour";
    copy: "Copy", "Copier";
    copied: "Copied", "Copié";
    protected: "protected accounts (adminCount=1): a delegated importer is refused here",
        "comptes protégés (adminCount=1)\u{a0}: un importateur délégué y est refusé";
    search: "Search", "Rechercher";
    search_hint: "name, address, DN, finding …", "nom, adresse, DN, constat …";
    all: "all", "tous";
    status: "Status", "État";
    pool: "Pool", "Pool";
    rule: "Rule", "Règle";
    code: "Code", "Code";
    reset: "Clear", "Effacer";
    more: "Show more", "Afficher plus";
    every: "Show all", "Tout afficher";
    shown: "{shown} of {matching} shown", "{shown} sur {matching} affichés";
    none: "Nobody matches.", "Personne ne correspond.";
    user: "User", "Utilisateur";
    sip_uri: "SIP URI", "URI SIP";
    pool_and_rule: "Pool, rule", "Pool, règle";
    findings: "Findings", "Constats";
    place: "Record", "Enregistrement";
    was: "was", "avant";
    by_rule: "rule", "règle";
    gets: "gets", "reçoit";
    gets_it: "gets it", "la reçoit";
    keeps_it: "keeps it", "la garde";
    stays: "stays as it is", "reste tel quel";
    from: "from", "depuis";
    file: "File", "Fichier";
    format: "Format", "Format";
    records: "Records", "Enregistrements";
    absent: "Asserted to be empty", "Déclarés vides";
    program: "Program", "Programme";
    time: "Time", "Date";
    configuration: "Configuration", "Configuration";
    no_configuration: "none", "aucune";
    result: "Result", "Résultat";
    complete_list: "The complete list is in report.xml.", "La liste complète est dans report.xml.";
}

impl Words {
    /// A time of RFC 3339 as a person reads it.
    pub(super) fn moment(self, time: &str) -> String {
        const ENGLISH: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        const FRENCH: [&str; 12] = [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ];
        let months = pick!(self, ENGLISH, FRENCH);
        let read = || {
            let month: usize = time.get(5..7)?.parse().ok()?;
            let month = months.get(month.checked_sub(1)?)?;
            let (year, day, clock) = (time.get(..4)?, time.get(8..10)?, time.get(11..16)?);
            Some(format!("{} {month} {year}, {clock} UTC", day.trim_start_matches('0')))
        };
        read().unwrap_or_else(|| time.to_owned())
    }

    /// A number with its thousands apart.
    pub(super) fn number(self, number: u64) -> String {
        let separator = pick!(self, ",", "\u{202f}");
        let digits = number.to_string();
        let first = (digits.len() - 1) % 3 + 1;
        let mut text = digits[..first].to_owned();
        for at in (first..digits.len()).step_by(3) {
            text += separator;
            text += &digits[at..at + 3];
        }
        text
    }

    /// So many of something; French counts none as one.
    pub(super) fn count(self, number: u64, one: &str, many: &str) -> String {
        let single = number == 1 || number == 0 && self.language == Language::Fr;
        format!("{}\u{a0}{}", self.number(number), if single { one } else { many })
    }

    /// So many users.
    pub(super) fn users_count(self, number: u64) -> String {
        pick!(self, self.count(number, "user", "users"), self.count(number, "utilisateur", "utilisateurs"))
    }

    /// Bytes, in the unit that a person would take.
    pub(super) fn bytes(self, bytes: u64) -> String {
        let units = pick!(self, ["bytes", "kB", "MB", "GB"], ["octets", "ko", "Mo", "Go"]);
        let (mut size, mut unit) = (bytes, 0);
        while size >= 10_000 && unit < 3 {
            size = (size + 500) / 1000;
            unit += 1;
        }
        format!("{}\u{a0}{}", self.number(size), units[unit])
    }

    /// What users of the command may claim but once: `configure` writes lines, the others addresses.
    pub(super) fn conflicts(self, mode: Mode) -> &'static str {
        if mode == Mode::Configure { self.line_conflicts() } else { self.address_conflicts() }
    }

    /// What stands for the command among the snap-in's wizards and pages.
    pub(super) fn of_mode(self, mode: Mode) -> &'static str {
        match mode {
            Mode::Enable => pick!(
                self,
                "Enable Users for Communications Server",
                "Activation des utilisateurs pour Communications Server",
            ),
            Mode::Configure => pick!(
                self,
                "Configure Communications Server Users",
                "Configuration des utilisateurs de Communications Server",
            ),
            Mode::Move => pick!(
                self,
                "Move Communications Server Users",
                "Déplacement des utilisateurs de Communications Server",
            ),
            Mode::Disable => pick!(
                self,
                "Disable users for Communications Server",
                "Désactivation des utilisateurs pour Communications Server",
            ),
            Mode::Delete => pick!(
                self,
                "Delete Communications Server Users",
                "Suppression des utilisateurs de Communications Server",
            ),
            Mode::Rename => pick!(self, "Change of SIP addresses", "Changement d’adresses SIP"),
            Mode::Audit => pick!(
                self,
                "Readiness for Communications Server and its Web Service Provider",
                "Aptitude à Communications Server et à son Web Service Provider",
            ),
            Mode::Verify => pick!(self, "Enable Operation Status", "État de l’opération d’activation"),
            Mode::Undo => pick!(self, "Undo of a run", "Annulation d’une exécution"),
        }
    }

    /// The outcome in one sentence.
    pub(super) fn outcome(self, mode: Mode, outcome: Outcome, totals: &Totals) -> String {
        let considered = totals.rows();
        let rehearsal = totals.change_records < totals.changed;
        let (changed, all) = (self.number(totals.changed), self.users_count(considered));
        let rejected = self.number(totals.rejected);
        if outcome == Outcome::Stopped {
            return pick!(
                self,
                "The run was stopped by a safety limit.".to_owned(),
                "L’exécution a été arrêtée par une limite de sécurité.".to_owned(),
            );
        }
        if considered == 0 && totals.not_selected > 0 {
            return pick!(
                self,
                "No user is selected.".to_owned(),
                "Aucun utilisateur n’est sélectionné.".to_owned(),
            );
        }
        if considered == 0 && matches!(mode, Mode::Verify | Mode::Undo) {
            return pick!(
                self,
                "The run changed nobody.".to_owned(),
                "L’exécution n’a modifié personne.".to_owned(),
            );
        }
        if considered == 0 {
            return pick!(
                self,
                "The exports hold no user to prepare.".to_owned(),
                "Les exports ne contiennent aucun utilisateur à préparer.".to_owned(),
            );
        }
        if mode == Mode::Verify {
            let (applied, left) = (self.number(totals.applied), considered - totals.applied);
            let left = match left {
                0 => pick!(self, "the run is complete".to_owned(), "l’exécution est complète".to_owned()),
                _ => pick!(
                    self,
                    format!("{} do not", self.number(left)),
                    format!("{} ne l’ont pas", self.number(left)),
                ),
            };
            return pick!(
                self,
                format!("{applied} of {all} have all that the run planned; {left}."),
                format!("{applied} sur {all} ont tout ce que l’exécution prévoyait\u{202f}; {left}."),
            );
        }
        if mode == Mode::Audit {
            let (ready, lacking) = (self.number(totals.ready), self.number(totals.not_ready));
            let number = totals.ready + totals.not_ready;
            let lack = if totals.not_ready == 1 { "lacks" } else { "lack" };
            let enabled = pick!(
                self,
                self.count(number, "enabled user", "enabled users"),
                self.count(number, "utilisateur activé", "utilisateurs activés"),
            );
            return pick!(
                self,
                format!("{ready} of {enabled} can use IM and presence; {lacking} {lack} something."),
                format!(
                    "{ready} sur {enabled} ont la messagerie instantanée et la présence\u{202f}; il manque quelque chose à {lacking}."
                ),
            );
        }
        let (would, will) = self.deed(mode);
        let (would, will) = if totals.changed == 1 {
            (self.of_one(would), self.of_one(will))
        } else {
            (would.to_owned(), will.to_owned())
        };
        let first = match (totals.changed, rehearsal) {
            (0, _) if totals.rejected == 0 => {
                pick!(self, format!("Nothing to do for {all}"), format!("Rien à faire pour {all}"))
            }
            (_, true) => {
                pick!(self, format!("{changed} of {all} {would}"), format!("{changed} sur {all} {would}"))
            }
            (_, false) => {
                pick!(self, format!("{changed} of {all} {will}"), format!("{changed} sur {all} {will}"))
            }
        };
        let second = match totals.rejected {
            0 => pick!(
                self,
                ", and none needs a decision".to_owned(),
                ", et aucun n’attend de décision".to_owned()
            ),
            1 => pick!(self, "; 1 needs a decision".to_owned(), "\u{202f}; 1 attend une décision".to_owned()),
            _ => pick!(
                self,
                format!("; {rejected} need a decision"),
                format!("\u{202f}; {rejected} attendent une décision"),
            ),
        };
        format!("{first}{second}.")
    }

    /// What a command would do to users, and is ready to do.
    fn deed(self, mode: Mode) -> (&'static str, &'static str) {
        match mode {
            Mode::Enable => pick!(
                self,
                ("would be enabled", "are ready to be enabled"),
                ("seraient activés", "sont prêts à être activés"),
            ),
            Mode::Configure => pick!(
                self,
                ("would be configured", "are ready to be configured"),
                ("seraient configurés", "sont prêts à être configurés"),
            ),
            Mode::Move => pick!(
                self,
                ("would get a pool", "are ready to get a pool"),
                ("recevraient un pool", "sont prêts à recevoir un pool"),
            ),
            Mode::Disable => pick!(
                self,
                ("would be disabled", "are ready to be disabled"),
                ("seraient désactivés", "sont prêts à être désactivés"),
            ),
            Mode::Delete => pick!(
                self,
                ("would lose all settings", "are ready to lose all settings"),
                ("perdraient les réglages", "sont prêts à perdre les réglages"),
            ),
            Mode::Rename => pick!(
                self,
                ("would get another address", "are ready to get another address"),
                ("recevraient une autre adresse", "sont prêts à recevoir une autre adresse"),
            ),
            Mode::Audit | Mode::Verify | Mode::Undo => pick!(
                self,
                ("would be changed", "are ready to be changed"),
                ("seraient modifiés", "sont prêts à être modifiés"),
            ),
        }
    }

    /// The same of one user.
    fn of_one(self, deed: &str) -> String {
        let french = || {
            let deed = deed.replacen("sont prêts", "est prêt", 1).replacen("raient", "rait", 1);
            deed.strip_suffix("és").map_or(deed.clone(), |stem| format!("{stem}é"))
        };
        pick!(self, deed.replacen("are ", "is ", 1), french())
    }

    /// What a status is called.
    pub(super) fn of_status(self, status: Status) -> &'static str {
        match status {
            Status::Changed => pick!(self, "changed", "modifié"),
            Status::Unchanged => pick!(self, "unchanged", "inchangé"),
            Status::Skipped => pick!(self, "skipped", "ignoré"),
            Status::Rejected => pick!(self, "rejected", "rejeté"),
            Status::NotSelected => pick!(self, "not selected", "non sélectionné"),
            Status::Other => pick!(self, "no user", "autre objet"),
            Status::Applied => pick!(self, "applied", "appliqué"),
            Status::Missing => pick!(self, "missing", "manquant"),
            Status::Drifted => pick!(self, "drifted", "divergent"),
            Status::Gone => pick!(self, "gone", "disparu"),
            Status::Ready => pick!(self, "ready", "prêt"),
            Status::NotReady => pick!(self, "not ready", "pas prêt"),
            Status::NotEnabled => pick!(self, "not enabled", "non activé"),
        }
    }

    /// What several of a status are called, and what it means.
    pub(super) fn of_statuses(self, status: Status) -> (&'static str, &'static str) {
        match status {
            Status::Changed => {
                pick!(self, ("changed", "a change record each"), ("modifiés", "une modification chacun"),)
            }
            Status::Unchanged => {
                pick!(self, ("unchanged", "have it all already"), ("inchangés", "ont déjà tout"),)
            }
            Status::Skipped => {
                pick!(self, ("skipped", "left alone on purpose"), ("ignorés", "laissés tels quels à dessein"),)
            }
            Status::Rejected => {
                pick!(self, ("rejected", "need a decision"), ("rejetés", "attendent une décision"),)
            }
            Status::Applied => {
                pick!(
                    self,
                    ("applied", "have all that was planned"),
                    ("appliqués", "ont tout ce qui était prévu")
                )
            }
            Status::Missing => {
                pick!(
                    self,
                    ("missing", "have what they had before"),
                    ("manquants", "ont ce qu’ils avaient avant")
                )
            }
            Status::Drifted => {
                pick!(self, ("drifted", "have anything else"), ("divergents", "ont autre chose"))
            }
            Status::Gone => {
                pick!(self, ("gone", "are in no export"), ("disparus", "ne sont dans aucun export"))
            }
            Status::Ready => {
                pick!(self, ("ready", "can use IM and presence"), ("prêts", "ont messagerie et présence"))
            }
            Status::NotReady => {
                pick!(
                    self,
                    ("not ready", "are enabled and lack something"),
                    ("pas prêts", "activés, mais il manque quelque chose")
                )
            }
            Status::NotEnabled => {
                pick!(self, ("not enabled", "or switched off"), ("non activés", "ou désactivés"))
            }
            Status::NotSelected | Status::Other => (self.of_status(status), ""),
        }
    }

    /// What somebody has to do with a contested address.
    pub(super) fn of_stake(self, stake: Stake) -> &'static str {
        match stake {
            Stake::Claims => pick!(self, "would get it by this run", "la recevrait par cette exécution"),
            Stake::Keeps => pick!(self, "has it as SIP URI", "l’a comme URI SIP"),
            Stake::Sip => pick!(self, "has it as SIP address", "l’a comme adresse SIP"),
            Stake::Line => pick!(self, "has it as line", "l’a comme ligne"),
            Stake::Mail => pick!(self, "has it as mail address", "l’a comme adresse de messagerie"),
        }
    }

    /// The head of the section on those who are left out.
    pub(super) fn left_out(self, mode: Mode) -> &'static str {
        match mode {
            Mode::Audit => pick!(self, "What is missing", "Ce qui manque"),
            Mode::Enable
            | Mode::Configure
            | Mode::Move
            | Mode::Disable
            | Mode::Delete
            | Mode::Rename
            | Mode::Verify
            | Mode::Undo => pick!(self, "Left out, and why", "Laissés de côté, et pourquoi"),
        }
    }

    /// The head of the reasons of a status.
    pub(super) fn reasons_head(self, status: Status) -> &'static str {
        match status {
            Status::Rejected => {
                pick!(self, "Rejected: these need a decision", "Rejetés\u{a0}: une décision s’impose")
            }
            Status::NotReady => pick!(
                self,
                "Not ready: enabled, and something is missing",
                "Pas prêts\u{a0}: activés, mais quelque chose manque",
            ),
            Status::NotEnabled => {
                pick!(self, "Not enabled for Communications Server", "Non activés pour Communications Server",)
            }
            _ => {
                pick!(self, "Skipped: left alone on purpose", "Ignorés\u{a0}: laissés tels quels à dessein",)
            }
        }
    }

    /// What a source of addresses is called.
    pub(super) fn of_source(self, source: &str) -> String {
        let french = match source {
            "existing" => pick!(self, "kept as it was", "conservée telle quelle"),
            "mail" => pick!(self, "mail address", "adresse de messagerie"),
            "upn" => pick!(self, "user principal name", "nom d’utilisateur principal"),
            "first.last" => pick!(self, "first and last name", "prénom et nom"),
            "sam" => pick!(self, "logon name", "nom d’ouverture de session"),
            "template" => pick!(self, "template", "modèle"),
            _ => source,
        };
        french.to_owned()
    }

    /// Which rows the table has, where it has not all of them.
    pub(super) fn attention(self, listed: u64, rows: u64) -> String {
        let (listed, rows) = (self.number(listed), self.number(rows));
        pick!(
            self,
            format!(
                "This run has {rows} users. The table holds {listed} that need attention: the rejected, and those with a warning. All of them are in report.xml, which Excel, PowerShell and xmllint read."
            ),
            format!(
                "Cette exécution compte {rows} utilisateurs. Le tableau contient {listed} lignes qui demandent attention\u{a0}: les rejetés, et ceux qui ont un avertissement. Toutes sont dans report.xml, que lisent Excel, PowerShell et xmllint."
            ),
        )
    }

    /// That a list shows only the first.
    pub(super) fn first_of(self, shown: usize, all: u64) -> String {
        let (shown, all) = (self.number(shown as u64), self.number(all));
        pick!(
            self,
            format!("The first {shown} of {all} are shown. "),
            format!("Les {shown} premiers sur {all} sont affichés. "),
        )
    }

    /// How many more change files there are.
    pub(super) fn more_files(self, number: u64) -> String {
        pick!(
            self,
            self.count(number, "more change file", "more change files"),
            self.count(number, "autre fichier de modification", "autres fichiers de modification"),
        )
    }

    /// The lead of the folded names.
    pub(super) fn folded_lead(self, total: u64) -> String {
        let names = self.number(total);
        pick!(
            self,
            format!(
                "Names lose their diacritics in an address. Each was folded by the profile, {names} times in all; a name that reads wrong can be mapped in [sip.fold] map."
            ),
            format!(
                "Dans une adresse, les noms perdent leurs diacritiques. Le profil les a convertis, {names} fois en tout\u{202f}; un nom mal rendu peut être traduit dans [sip.fold] map."
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_has_them() {
        let (en, fr) = (Words { language: Language::En }, Words { language: Language::Fr });
        assert_eq!(en.number(0), "0");
        assert_eq!(en.number(1_234_567), "1,234,567");
        assert_eq!(fr.number(12_345), "12\u{202f}345");
        assert_eq!(en.users_count(0), "0\u{a0}users");
        assert_eq!(fr.users_count(0), "0\u{a0}utilisateur");
        assert_eq!(en.bytes(9_999), "9,999\u{a0}bytes");
        assert_eq!(fr.bytes(12_600), "13\u{a0}ko");
        assert_eq!(en.moment("2026-11-03T02:50:00Z"), "3 November 2026, 02:50 UTC");
        assert_eq!(fr.moment("2026-02-23T00:00:00Z"), "23 février 2026, 00:00 UTC");
        assert_eq!(en.moment("someday"), "someday");
        assert_eq!(en.of_one(en.deed(Mode::Disable).1), "is ready to be disabled");
        assert_eq!(fr.of_one(fr.deed(Mode::Disable).1), "est prêt à être désactivé");
        assert_eq!(fr.of_one(fr.deed(Mode::Delete).0), "perdrait les réglages");
    }
}
