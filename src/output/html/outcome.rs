//! The outcome of a run in one sentence, in English and in French.

use super::words::{Words, pick};
use crate::language::Language;
use crate::report::{Mode, Outcome, Totals};

impl Words {
    /// The outcome in one sentence.
    pub(super) fn outcome(self, mode: Mode, outcome: Outcome, totals: &Totals) -> String {
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

    /// How many of all users get what; `enable` tells the new ones from those who get only what they lack.
    fn deeds(self, mode: Mode, totals: &Totals, all: &str) -> String {
        let is_rehearsal = totals.change_records < totals.changed;
        let new = if mode == Mode::Enable { totals.newly.min(totals.changed) } else { totals.changed };
        let completed = totals.changed - new;
        let [one, many] = self.deed(mode, is_rehearsal);
        let does = if new == 1 { one } else { many };
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

    /// What a command does to one user, and to several: would do in a rehearsal, is ready to do otherwise.
    fn deed(self, mode: Mode, is_rehearsal: bool) -> [&'static str; 2] {
        match (mode, is_rehearsal) {
            (Mode::Enable, true) => {
                pick!(self, ["would be enabled"; 2], ["serait activé", "seraient activés"])
            }
            (Mode::Enable, false) => pick!(
                self,
                ["is ready to be enabled", "are ready to be enabled"],
                ["est prêt à être activé", "sont prêts à être activés"],
            ),
            (Mode::Configure, true) => {
                pick!(self, ["would be configured"; 2], ["serait configuré", "seraient configurés"])
            }
            (Mode::Configure, false) => pick!(
                self,
                ["is ready to be configured", "are ready to be configured"],
                ["est prêt à être configuré", "sont prêts à être configurés"],
            ),
            (Mode::Move, true) => {
                pick!(self, ["would get a pool"; 2], ["recevrait un pool", "recevraient un pool"])
            }
            (Mode::Move, false) => pick!(
                self,
                ["is ready to get a pool", "are ready to get a pool"],
                ["est prêt à recevoir un pool", "sont prêts à recevoir un pool"],
            ),
            (Mode::Disable, true) => {
                pick!(self, ["would be disabled"; 2], ["serait désactivé", "seraient désactivés"])
            }
            (Mode::Disable, false) => pick!(
                self,
                ["is ready to be disabled", "are ready to be disabled"],
                ["est prêt à être désactivé", "sont prêts à être désactivés"],
            ),
            (Mode::Delete, true) => pick!(
                self,
                ["would lose all settings"; 2],
                ["perdrait les paramètres", "perdraient les paramètres"],
            ),
            (Mode::Delete, false) => pick!(
                self,
                ["is ready to lose all settings", "are ready to lose all settings"],
                ["est prêt à perdre les paramètres", "sont prêts à perdre les paramètres"],
            ),
            (Mode::Rename, true) => pick!(
                self,
                ["would get another address"; 2],
                ["recevrait une autre adresse", "recevraient une autre adresse"],
            ),
            (Mode::Rename, false) => pick!(
                self,
                ["is ready to get another address", "are ready to get another address"],
                ["est prêt à recevoir une autre adresse", "sont prêts à recevoir une autre adresse"],
            ),
            (Mode::Undo, true) => {
                pick!(self, ["would be set back"; 2], ["serait rétabli", "seraient rétablis"])
            }
            (Mode::Undo, false) => pick!(
                self,
                ["is ready to be set back", "are ready to be set back"],
                ["est prêt à être rétabli", "sont prêts à être rétablis"],
            ),
            (Mode::Audit | Mode::Verify, true) => {
                pick!(self, ["would be changed"; 2], ["serait modifié", "seraient modifiés"])
            }
            (Mode::Audit | Mode::Verify, false) => pick!(
                self,
                ["is ready to be changed", "are ready to be changed"],
                ["est prêt à être modifié", "sont prêts à être modifiés"],
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
                let said = Words { language }.outcome(Mode::Enable, Outcome::Completed, &totals);
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
