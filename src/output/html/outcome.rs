//! The outcome of a run in one sentence, in English and in French.

use super::words::{Words, pick};
use crate::language::Language;
use crate::report::{Mode, Outcome, ReportKind, Totals};

impl Words {
    /// The outcome in one sentence.
    pub(super) fn outcome(self, mode: &Mode, outcome: Outcome, totals: &Totals) -> String {
        let considered = totals.rows();
        let all = self.users_count(considered);
        if outcome == Outcome::Stopped {
            return pick!(
                self,
                "The run was stopped by a safety limit.".to_owned(),
                "L’exécution a été arrêtée par une limite de sécurité.".to_owned(),
            );
        }
        if considered == 0 && totals.unmatched > 0 {
            let lines = self.number(totals.unmatched);
            return pick!(
                self,
                format!("No user is selected; {lines} of the list need a decision."),
                format!(
                    "Aucun utilisateur n’est sélectionné\u{202f}; {lines} de la liste attendent une décision."
                ),
            );
        }
        if considered == 0 && totals.not_selected > 0 {
            return pick!(
                self,
                "No user is selected.".to_owned(),
                "Aucun utilisateur n’est sélectionné.".to_owned(),
            );
        }
        if considered == 0 && matches!(mode.kind, ReportKind::Comparison | ReportKind::Undo) {
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
        if mode.kind == ReportKind::Comparison {
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
        if mode.kind == ReportKind::Readiness {
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
        let first = match totals.changed {
            0 if totals.decisions() == 0 => {
                pick!(self, format!("Nothing to do for {all}"), format!("Rien à faire pour {all}"))
            }
            _ => self.deeds(mode, totals, &all),
        };
        let second = match totals.decisions() {
            0 => pick!(
                self,
                ", and none needs a decision".to_owned(),
                ", et aucun n’attend de décision".to_owned()
            ),
            1 => pick!(self, "; 1 needs a decision".to_owned(), "\u{202f}; 1 attend une décision".to_owned()),
            many => pick!(
                self,
                format!("; {} need a decision", self.number(many)),
                format!("\u{202f}; {} attendent une décision", self.number(many)),
            ),
        };
        format!("{first}{second}.")
    }

    /// How many of all users get what and, where new ones are counted apart, how many are only completed.
    fn deeds(self, mode: &Mode, totals: &Totals, all: &str) -> String {
        let is_rehearsal = totals.change_records < totals.changed;
        let new = if mode.counts_new { totals.newly.min(totals.changed) } else { totals.changed };
        let completed = totals.changed - new;
        let deed = if is_rehearsal { &mode.would } else { &mode.is_ready };
        let does = deed.to(new, self.language);
        let completes = match (is_rehearsal, completed) {
            (true, 1) => pick!(self, "would be completed", "serait complété"),
            (true, _) => pick!(self, "would be completed", "seraient complétés"),
            (false, 1) => pick!(self, "is ready to be completed", "est prêt à être complété"),
            (false, _) => pick!(self, "are ready to be completed", "sont prêts à être complétés"),
        };
        let completed_too = match (is_rehearsal, completed) {
            (true, 1) => pick!(self, "completed", "complété"),
            (true, _) => pick!(self, "completed", "complétés"),
            (false, 1) => pick!(self, "to be completed", "à être complété"),
            (false, _) => pick!(self, "to be completed", "à être complétés"),
        };
        let (new_count, completed_count) = (self.number(new), self.number(completed));
        match (new, completed) {
            (_, 0) => {
                pick!(self, format!("{new_count} of {all} {does}"), format!("{new_count} sur {all} {does}"))
            }
            (0, _) => pick!(
                self,
                format!("{completed_count} of {all} {completes}"),
                format!("{completed_count} sur {all} {completes}"),
            ),
            _ => pick!(
                self,
                format!("{new_count} of {all} {does}, {completed_count} {completed_too}"),
                format!("{new_count} sur {all} {does}, {completed_count} {completed_too}"),
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
            let read = changed + rejected + 1;
            let totals = Totals {
                read,
                unchanged: 1,
                changed,
                newly,
                rejected,
                unmatched,
                change_records,
                ..Totals::default()
            };
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
        ] {
            assert_eq!(said, [english, french]);
        }
    }
}
