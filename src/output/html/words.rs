//! The texts of the page in English and French.

use crate::language::{Language, Text, text};
use crate::report::{ReportKind, Stake, Status};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub(crate) language: Language,
}

/// Chooses the text in the language of the page: `pick!(self, "English", "français")`.
macro_rules! pick {
    ($words:expr, $english:expr, $french:expr $(,)?) => {
        match $words.language {
            Language::En => $english,
            Language::Fr => $french,
        }
    };
}
pub(super) use pick;

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
    warnings: "About this run: warnings", "Cette exécution\u{a0}: avertissements";
    written: "What is written", "Ce qui est écrit";
    written_here: "before and after", "avant et après";
    and: " · ", " · ";
    exit_code: "exit code", "code de sortie";
    each_own: "a value of each user's own", "une valeur propre à chacun";
    only_removed: "removed", "retiré";
    print_note: "Printed are the first users who need attention, 40 at most; the figures above count all users, and report.xml has each of them.",
        "Sont imprimés les premiers utilisateurs qui demandent attention, 40 au plus\u{202f}; les chiffres ci-dessus les comptent tous, et report.xml contient chacun.";
    step_rejects: "Correct the rejected, and feed them back", "Corrigez les rejetés, et redonnez-les";
    step_rejects_more: "The files rejects-N hold the rejected records as they were, each with its reason. Give the run and its exports as references, so that what others hold still counts.",
        "Les fichiers rejects-N contiennent les enregistrements rejetés tels quels, chacun avec sa raison. Donnez l’exécution et ses exports comme références, afin que ce que d’autres détiennent compte encore.";
    pools: "Pools", "Pools d’entreprise";
    before: "before", "avant";
    added: "added by this run", "ajoutés par cette exécution";
    capacity: "capacity", "capacité";
    unlimited: "no limit set", "sans limite";
    sources: "Where the addresses come from", "D’où viennent les adresses";
    folded: "Folded names", "Noms convertis";
    files: "Change files", "Fichiers de modification";
    digest: "Digest of the change files, to compare over the telephone:",
        "Empreinte des fichiers de modification, à comparer par téléphone\u{a0}:";
    users: "Users", "Utilisateurs";
    about: "About this run", "À propos de cette exécution";
    step_review: "Read why users were left out", "Lisez pourquoi des utilisateurs ont été laissés de côté";
    step_review_more: "Correct the directory, export again, and run the command again: users who need nothing more count as unchanged.",
        "Corrigez l’annuaire, refaites l’export et relancez la commande\u{a0}: ceux à qui il ne manque plus rien comptent comme inchangés.";
    step_check: "Check that the files arrived whole", "Vérifiez que les fichiers sont arrivés entiers";
    step_check_more: "The SHA-256 of each file is listed below and in SHA256SUMS.",
        "Le SHA-256 de chaque fichier figure ci-dessous et dans SHA256SUMS.";
    step_import: "Import the files, in order", "Importez les fichiers, dans l’ordre";
    step_import_more: "The importer stops at the first refusal; a user who has changed since the export is refused, not overwritten. apply.cmd and apply.sh do it for all batches, and check the files first.",
        "L’import s’arrête au premier refus\u{202f}; un utilisateur modifié depuis l’export est refusé, non écrasé. apply.cmd et apply.sh le font pour tous les lots, après contrôle des fichiers.";
    step_verify: "Export again and compare", "Refaites l’export et comparez";
    step_verify_more: "It says, user by user, what was applied, what is missing and what has drifted.",
        "La commande dit, utilisateur par utilisateur, ce qui est appliqué, ce qui manque et ce qui a divergé.";
    step_undo: "To go back, import the undo file", "Pour revenir en arrière, importez le fichier undo";
    step_redo: "To do it again after all, import the undo file", "Pour refaire l’opération malgré tout, importez le fichier undo";
    step_redo_more: "It gives the users again what these change files take.", "Il rend aux utilisateurs ce que ces fichiers leur retirent.";
    set_back: "get back what was there before the run", "retrouvent ce qu’ils avaient avant l’exécution";
    back_already: "have already what was there before the run", "ont déjà ce qu’ils avaient avant l’exécution";
    step_undo_more: "It restores the attributes. It cannot bring back contact lists and meetings once the User Replicator has seen the change, nor turn off enhanced presence once the user has signed in.",
        "Il rétablit les attributs. Il ne rend ni les listes de contacts et réunions, une fois le changement vu par le réplicateur d’utilisateurs, ni la présence simple, une fois l’utilisateur connecté.";
    import: "Import", "Import";
    undo: "Undo", "Retour";
    copy: "Copy", "Copier";
    copied: "Copied", "Copié";
    protected: "protected accounts (adminCount is not 0): a delegated importer is refused here",
        "comptes protégés (adminCount n’est pas 0)\u{a0}: un importateur délégué y est refusé";
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
    incomplete: "Asserted to be a part that is meant", "Déclaré partie voulue";
    program: "Program", "Programme";
    time: "Time", "Date";
    configuration: "Configuration", "Configuration";
    no_configuration: "none", "aucune";
    result: "Result", "Résultat";
    complete_list: "The complete list is in report.xml.", "La liste complète est dans report.xml.";
}

impl Words {
    /// Formats an RFC 3339 time for people.
    pub(super) fn moment(self, time: &str) -> String {
        let months = pick!(
            self,
            "January February March April May June July August September October November December",
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        );
        let read = || {
            let month: usize = time.get(5..7)?.parse().ok()?;
            let month = months.split(' ').nth(month.checked_sub(1)?)?;
            let (year, day, clock) = (time.get(..4)?, time.get(8..10)?, time.get(11..16)?);
            Some(format!("{} {month} {year}, {clock} UTC", day.trim_start_matches('0')))
        };
        read().unwrap_or_else(|| time.to_owned())
    }

    /// Formats a number with thousands separators.
    pub(crate) fn number(self, number: u64) -> String {
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

    /// Formats a number with its noun; French treats 0 as singular.
    pub(super) fn count(self, number: u64, one: &str, many: &str) -> String {
        let single = number == 1 || number == 0 && self.language == Language::Fr;
        format!("{}\u{a0}{}", self.number(number), if single { one } else { many })
    }

    pub(super) fn users_count(self, number: u64) -> String {
        pick!(self, self.count(number, "user", "users"), self.count(number, "utilisateur", "utilisateurs"))
    }

    /// Formats a size in the unit that people would choose.
    pub(super) fn bytes(self, bytes: u64) -> String {
        let units = pick!(self, ["bytes", "kB", "MB", "GB"], ["octets", "ko", "Mo", "Go"]);
        let (mut size, mut unit) = (bytes, 0);
        while size >= 10_000 && unit < 3 {
            size = (size + 500) / 1000;
            unit += 1;
        }
        format!("{}\u{a0}{}", self.number(size), units[unit])
    }

    /// The label of a status.
    pub(crate) fn of_status(self, status: Status) -> &'static str {
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

    /// The label of the status with this name in the report.
    pub(crate) fn of_status_named(self, name: &str) -> &'static str {
        name.parse().map_or("", |status| self.of_status(status))
    }

    /// The label of several users with a status of the report.
    pub(super) fn of_statuses(self, status: Status) -> String {
        let label = self.of_status(status);
        pick!(self, label.to_owned(), format!("{label}s"))
    }

    /// The explanation of a status of the report.
    pub(super) fn explained(self, status: Status) -> &'static str {
        match status {
            Status::Changed => pick!(self, "a change record each", "une modification chacun"),
            Status::Unchanged => pick!(self, "need no change", "rien à modifier"),
            Status::Skipped => pick!(self, "left alone on purpose", "laissés tels quels à dessein"),
            Status::Rejected => pick!(self, "need a decision", "attendent une décision"),
            Status::Applied => pick!(self, "have all that was planned", "ont tout ce qui était prévu"),
            Status::Missing => pick!(self, "have what they had before", "ont ce qu’ils avaient avant"),
            Status::Drifted => pick!(self, "have anything else", "ont autre chose"),
            Status::Gone => pick!(self, "are in no export", "ne sont dans aucun export"),
            Status::Ready => pick!(self, "can use IM and presence", "ont messagerie et présence"),
            Status::NotReady => {
                pick!(self, "are enabled and lack something", "activés, mais il manque quelque chose")
            }
            Status::NotEnabled => pick!(self, "or switched off", "ou désactivés"),
            Status::NotSelected | Status::Other => "",
        }
    }

    /// The fate of a party to a conflict over an address.
    pub(super) fn of_stake(self, stake: Stake) -> &'static str {
        match stake {
            Stake::Claims => pick!(self, "would get it by this run", "la recevrait par cette exécution"),
            Stake::Keeps => pick!(self, "has it as SIP URI", "l’a comme URI SIP"),
            Stake::Sip => pick!(self, "has it as SIP address", "l’a comme adresse SIP"),
            Stake::Line => pick!(self, "has it as line", "l’a comme ligne"),
            Stake::Mail => pick!(self, "has it as mail address", "l’a comme adresse de messagerie"),
        }
    }

    /// The heading of the section about users who are left out.
    pub(super) fn left_out(self, kind: ReportKind) -> &'static str {
        match kind {
            ReportKind::Readiness => pick!(self, "What is missing", "Ce qui manque"),
            _ => pick!(self, "Left out, and why", "Laissés de côté, et pourquoi"),
        }
    }

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

    /// The label of a source of addresses.
    pub(super) fn of_source(self, source: &str) -> &str {
        match source {
            "existing" => pick!(self, "kept as it was", "conservée telle quelle"),
            "mail" => pick!(self, "mail address", "adresse de messagerie"),
            "upn" => pick!(self, "user principal name", "nom d’utilisateur principal"),
            "first.last" => pick!(self, "first and last name", "prénom et nom"),
            "sam" => pick!(self, "logon name", "nom d’ouverture de session"),
            "template" => pick!(self, "template", "modèle"),
            _ => source,
        }
    }

    /// Returns a text in the language of the page.
    pub(super) fn say(self, text: &Text) -> String {
        text.in_language(self.language).to_owned()
    }

    /// Says which rows an incomplete table has.
    pub(super) fn attention(self, listed: u64, rows: u64) -> String {
        let (listed, rows) = (self.number(listed), self.number(rows));
        self.say(&text!(
            "This run has {rows} users. The table holds {listed} that need attention: the rejected, and those with a warning. All of them are in report.xml, which Excel, PowerShell and xmllint read.",
            "Cette exécution compte {rows} utilisateurs. Le tableau contient {listed} lignes qui demandent attention\u{a0}: les rejetés, et ceux qui ont un avertissement. Toutes sont dans report.xml, que lisent Excel, PowerShell et xmllint."
        ))
    }

    /// Says how many more entries report.xml has.
    pub(super) fn more_in_report(self, number: usize) -> String {
        let number = self.number(number as u64);
        self.say(&text!("{number} more, see report.xml", "{number} de plus, voir report.xml"))
    }

    /// Says that a list shows only its first entries.
    pub(super) fn first_of(self, shown: usize, all: u64) -> String {
        let (shown, all) = (self.number(shown as u64), self.number(all));
        self.say(&text!(
            "The first {shown} of {all} are shown. ",
            "Les {shown} premiers sur {all} sont affichés. "
        ))
    }

    /// Says how many more change files there are.
    pub(super) fn more_files(self, number: u64) -> String {
        pick!(
            self,
            self.count(number, "more change file", "more change files"),
            self.count(number, "autre fichier de modification", "autres fichiers de modification"),
        )
    }

    /// The introduction to the folded names.
    pub(super) fn folded_lead(self, total: u64) -> String {
        let names = self.number(total);
        self.say(&text!(
            "Names lose their diacritics in an address. Each was folded by the profile, {names} times in all; the letters of a wrong name can be mapped in [sip.fold] map.",
            "Dans une adresse, les noms perdent leurs diacritiques. Le profil les a convertis, {names} fois en tout\u{202f}; un nom mal rendu peut être traduit dans [sip.fold] map."
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_the_language() {
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
    }
}
