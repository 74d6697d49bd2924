//! The outcome of a run in one sentence, in English and in French.

use super::words::{Words, pick};
use crate::language::{Language, Text, text};
use crate::report::{Mode, Outcome, ReportKind, Status, Totals};

impl Words {
    /// The outcome in one sentence.
    pub(super) fn outcome(self, mode: &Mode, outcome: Outcome, totals: &Totals) -> String {
        self.say(&match mode.kind {
            _ if outcome == Outcome::Stopped => text!(
                "The run was stopped by a safety limit.",
                "L’exécution a été arrêtée par une limite de sécurité."
            ),
            kind if totals.rows() == 0 => self.of_nobody(kind, totals),
            ReportKind::Comparison => self.of_comparison(totals),
            ReportKind::Readiness => self.of_readiness(totals),
            ReportKind::Changes | ReportKind::Undo => self.of_changes(mode, totals),
        })
    }

    fn of_nobody(self, kind: ReportKind, totals: &Totals) -> Text {
        let lines = self.number(totals.unmatched);
        match kind {
            _ if totals.unmatched == 1 => text!(
                "No user is selected; 1 line of the list needs a decision.",
                "Aucun utilisateur n’est sélectionné\u{202f}; 1 ligne de la liste attend une décision."
            ),
            _ if totals.unmatched > 1 => text!(
                "No user is selected; {lines} lines of the list need a decision.",
                "Aucun utilisateur n’est sélectionné\u{202f}; {lines} lignes de la liste attendent une décision."
            ),
            _ if totals.of(Status::NotSelected) > 0 => {
                text!("No user is selected.", "Aucun utilisateur n’est sélectionné.")
            }
            ReportKind::Comparison | ReportKind::Undo => {
                text!("The run changed no user.", "L’exécution n’a modifié personne.")
            }
            ReportKind::Changes | ReportKind::Readiness => text!(
                "The exports contain no user to prepare.",
                "Les exports ne contiennent aucun utilisateur à préparer."
            ),
        }
    }

    fn of_comparison(self, totals: &Totals) -> Text {
        let (applied, all) = (totals.of(Status::Applied), totals.rows());
        let left = match all - applied {
            0 => text!("the run is complete", "l’exécution est complète"),
            1 => text!("1 does not", "1 ne l’a pas"),
            left => text!("{} do not", "{} ne l’ont pas", self.number(left)),
        };
        let have =
            if applied == 1 || all == 1 { pick!(self, "has", "a") } else { pick!(self, "have", "ont") };
        let (applied, all) = (self.number(applied), self.users_count(all));
        text!(
            "{applied} of {all} {have} all that the run planned; {left}.",
            "{applied} sur {all} {have} tout ce que l’exécution prévoyait\u{202f}; {left}.";
            left
        )
    }

    fn of_readiness(self, totals: &Totals) -> Text {
        let (ready, lacking) = (totals.of(Status::Ready), totals.of(Status::NotReady));
        let number = ready + lacking;
        if number == 0 {
            return text!("No user is enabled.", "Aucun utilisateur n’est activé.");
        }
        let lack = if lacking == 1 { "lacks" } else { "lack" };
        let have = if ready == 1 || number == 1 { "a" } else { "ont" };
        let (ready, lacking) = (self.number(ready), self.number(lacking));
        let enabled = pick!(
            self,
            self.count(number, "enabled user", "enabled users"),
            self.count(number, "utilisateur activé", "utilisateurs activés"),
        );
        Text::of(
            format!("{ready} of {enabled} can use IM and presence; {lacking} {lack} something."),
            format!(
                "{ready} sur {enabled} {have} la messagerie instantanée et la présence\u{202f}; il manque quelque chose à {lacking}."
            ),
        )
    }

    fn of_changes(self, mode: &Mode, totals: &Totals) -> Text {
        let all = self.users_count(totals.rows());
        let first = match totals.of(Status::Changed) {
            0 if totals.decisions() == 0 => text!("Nothing to do for {all}", "Rien à faire pour {all}"),
            _ => self.deeds(mode, totals, &all),
        };
        let decisions = self.number(totals.decisions());
        let second = match totals.decisions() {
            0 => text!(", and none needs a decision", ", et aucun n’attend de décision"),
            1 => text!("; 1 needs a decision", "\u{202f}; 1 attend une décision"),
            _ => text!("; {decisions} need a decision", "\u{202f}; {decisions} attendent une décision"),
        };
        text!("{first}{second}.", "{first}{second}."; first, second)
    }

    /// How many of all users get what; where new users are counted apart, also how many are only completed.
    fn deeds(self, mode: &Mode, totals: &Totals, all: &str) -> Text {
        let changed = totals.of(Status::Changed);
        let is_rehearsal = totals.change_records < changed;
        let new = if mode.counts_new { totals.newly.min(changed) } else { changed };
        let completed = changed - new;
        let deed = if is_rehearsal { &mode.would } else { &mode.is_ready };
        let does = deed.to(if totals.rows() == 1 { 1 } else { new }, self.language);
        let english = match (is_rehearsal, completed) {
            (true, _) => ["would be completed", "completed"],
            (false, 1) => ["is ready to be completed", "to be completed"],
            (false, _) => ["are ready to be completed", "to be completed"],
        };
        let french = match (is_rehearsal, completed) {
            (true, 1) => ["serait complété", "complété"],
            (true, _) => ["seraient complétés", "complétés"],
            (false, 1) => ["est prêt à être complété", "à être complété"],
            (false, _) => ["sont prêts à être complétés", "à être complétés"],
        };
        let [alone, beside] = pick!(self, english, french);
        let (new_count, completed_count) = (self.number(new), self.number(completed));
        match (new, completed) {
            (_, 0) => text!("{new_count} of {all} {does}", "{new_count} sur {all} {does}"),
            (0, _) => text!("{completed_count} of {all} {alone}", "{completed_count} sur {all} {alone}"),
            _ => text!(
                "{new_count} of {all} {does}, {completed_count} {beside}",
                "{new_count} sur {all} {does}, {completed_count} {beside}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outcome_counts_what_it_says() {
        let of = |changed, newly, rejected, unmatched, is_rehearsal: bool| {
            let change_records = if is_rehearsal { 0 } else { changed };
            let mut totals =
                Totals::default().with(Status::Changed, changed).with(Status::Rejected, rejected);
            totals = totals.with(Status::Unchanged, 1);
            (totals.newly, totals.unmatched, totals.change_records) = (newly, unmatched, change_records);
            Language::ALL.map(|language| {
                let said = Words { language }.outcome(
                    &crate::wizard::enable::SPEC.mode,
                    Outcome::Completed,
                    &totals,
                );
                said.replace(['\u{a0}', '\u{202f}'], " ")
            })
        };
        for (said, english, french) in [
            (
                of(17, 13, 0, 0, false),
                "13 of 18 users are ready to be enabled, 4 to be completed, and none needs a decision.",
                "13 sur 18 utilisateurs sont prêts à être activés, 4 à être complétés, et aucun n’attend de décision.",
            ),
            (
                of(1, 1, 2, 0, false),
                "1 of 4 users is ready to be enabled; 2 need a decision.",
                "1 sur 4 utilisateurs est prêt à être activé ; 2 attendent une décision.",
            ),
            (
                of(2, 0, 0, 1, true),
                "2 of 3 users would be completed; 1 needs a decision.",
                "2 sur 3 utilisateurs seraient complétés ; 1 attend une décision.",
            ),
            (
                of(0, 0, 0, 0, false),
                "Nothing to do for 1 user, and none needs a decision.",
                "Rien à faire pour 1 utilisateur, et aucun n’attend de décision.",
            ),
            (
                of(0, 0, 1, 0, false),
                "0 of 2 users are ready to be enabled; 1 needs a decision.",
                "0 sur 2 utilisateurs est prêt à être activé ; 1 attend une décision.",
            ),
        ] {
            assert_eq!(said, [english, french]);
        }
    }
}
