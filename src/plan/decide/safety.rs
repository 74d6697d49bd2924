//! The safety limits that stop a run.

use super::{Decision, Plan, is_selected};
use crate::language::{count, text, users};
use crate::message::Message;
use crate::plan::scan::{Fact, Traits};
use crate::report::Status;
use crate::settings::Safety;

/// Returns a message for each safety limit that the plan exceeds.
pub(super) fn stops(safety: &Safety, facts: &[Fact], plan: &Plan) -> Vec<Message> {
    let Plan { totals, records, decisions, .. } = plan;
    let mut stops = Vec::new();
    if let Some(most) = safety.max_changes.filter(|most| records > most) {
        let what = text!(
            "{changes}, and --max-changes allows {most}",
            "{changes}, et --max-changes en admet {most}";
            changes = count(*records, ["user would change", "users would change"], ["utilisateur changerait", "utilisateurs changeraient"])
        );
        stops.push(Message::error("stop-max-changes", what).help(text!(
            "raise --max-changes, or select fewer users",
            "augmentez --max-changes, ou sélectionnez moins d’utilisateurs"
        )));
    }
    let audited = [Status::Ready, Status::NotReady, Status::NotEnabled];
    let judged =
        totals.of_all(audited) + totals.of_all([Status::Changed, Status::Unchanged, Status::Rejected]);
    let rejected = totals.of(Status::Rejected);
    if safety.max_rejects.is_some_and(|most| most.is_exceeded(rejected, judged)) {
        let what = text!(
            "{rejected} of {users} would be rejected, more than --max-rejects allows",
            "{rejected} sur {users} seraient rejetés, plus que --max-rejects n’admet";
            users = users(judged)
        );
        stops.push(Message::error("stop-max-rejects", what).help(text!(
            "correct the rejected users, or raise --max-rejects",
            "corrigez les utilisateurs rejetés, ou augmentez --max-rejects"
        )));
    }
    let present = facts.iter().filter(|fact| fact.traits.has(Traits::ADDRESSED) && is_selected(fact)).count();
    let is_replaced = |(fact, decision): &(&Fact, &Decision)| {
        fact.traits.has(Traits::REPLACED) && decision.status == Status::Changed
    };
    let replaced = facts.iter().zip(decisions).filter(is_replaced).count();
    if replaced * 2 > present && !safety.replace_many {
        let what = text!(
            "{replaced} of {present} existing addresses would be replaced, more than half",
            "{replaced} adresses existantes sur {present} seraient remplacées, plus de la moitié"
        );
        stops.push(
            Message::error("stop-replace-many", what).help(text!(
                "add --replace-many if this is intended",
                "ajoutez --replace-many si c’est voulu"
            )),
        );
    }
    stops
}
