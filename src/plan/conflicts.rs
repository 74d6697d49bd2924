//! The contested addresses of a plan, for report.html.

use super::Exports;
use super::decide::Plan;
use crate::report::redaction::MASK;
use crate::report::{Claimant, Conflict, ConflictList, Fate, Stake};
use crate::sip::claims::{ClaimRole, Contest, Member, RulingKind};
use crate::wizard::{Claims, Wizard};

/// The maximum number of conflicts on the page, and of claimants in each.
const MOST: usize = 200;

pub(crate) fn conflicts(wizard: &Wizard<'_>, plan: &Plan, exports: &Exports) -> ConflictList {
    let is_ruled = |member: &Member| {
        plan.rulings.get(&member.record).is_some_and(|ruling| ruling.kind != RulingKind::Lookalike)
    };
    let ruled = |contest: &&Contest| contest.members.iter().any(is_ruled);
    let mut contests: Vec<&Contest> = plan.contests.iter().filter(ruled).collect();
    contests.sort_by_key(|contest| contest.members.iter().map(|member| member.record).min());
    let shown = contests.iter().take(MOST).map(|contest| conflict(wizard, plan, exports, contest));
    let of_lines = matches!(wizard.claims, Claims::Line(_));
    ConflictList { shown: shown.collect(), all: contests.len(), of_lines }
}

fn conflict(wizard: &Wizard<'_>, plan: &Plan, exports: &Exports, contest: &Contest) -> Conflict {
    let is_masked = !wizard.settings.report.redaction.is_empty();
    let hidden = |text: &str| if is_masked { MASK.to_owned() } else { text.to_owned() };
    let party = |member: &Member| plan.parties.get(&member.record);
    let claimed = contest.members.iter().filter(|member| member.role.is_at_stake()).find_map(party);
    let uri = claimed.map(|party| hidden(&wizard.claims.uri(&party.claim)));
    let claimant = |member: &Member| {
        let party = party(member)?;
        Some(Claimant {
            dn: hidden(&party.dn),
            file: exports.all.get(party.input as usize)?.name.clone(),
            line: party.line,
            stake: match stake(member.role) {
                Stake::Sip if matches!(wizard.claims, Claims::Line(_)) => Stake::Line,
                stake => stake,
            },
            fate: match plan.rulings.get(&member.record).map(|ruling| &ruling.kind) {
                Some(RulingKind::Numbered(address)) => Fate::Numbered(hidden(&wizard.claims.uri(address))),
                Some(RulingKind::Refused) => Fate::Rejected,
                Some(RulingKind::Granted | RulingKind::Twin | RulingKind::Lookalike) => Fate::Has,
                // A claimant without a ruling gets what it claims.
                None if member.role.is_at_stake() => Fate::Has,
                None => Fate::Untouched,
            },
        })
    };
    let mut members = contest.members.clone();
    members.sort_by_key(|member| member.record);
    let more = members.len().saturating_sub(MOST);
    let claimants = members.iter().take(MOST).filter_map(claimant).collect();
    Conflict { uri: uri.unwrap_or_default(), claimants, more }
}

fn stake(role: ClaimRole) -> Stake {
    let stakes =
        [(ClaimRole::CLAIMS, Stake::Claims), (ClaimRole::KEEPS, Stake::Keeps), (ClaimRole::SIP, Stake::Sip)];
    stakes.into_iter().find(|(bit, _)| role.has(*bit)).map_or(Stake::Mail, |(_, stake)| stake)
}
