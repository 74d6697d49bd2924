//! What rulings on contested addresses mean for the users: who is rejected, and whether the run stops.

use std::collections::{HashMap, HashSet};

use super::same::{Objects, Twins};
use super::{Logons, exclude, is_open, lookup, record_reason};
use crate::fingerprint::Fingerprint;
use crate::input::Role;
use crate::language::{Text, text, users};
use crate::message::{Failure, Message};
use crate::object::Attr;
use crate::plan::scan::{Fact, Traits};
use crate::records::Records;
use crate::report::Status;
use crate::sip;
use crate::sip::claims::{
    ClaimRole, Contest, OnDuplicate, Owners, Party, Register, Ruler, Ruling, RulingKind,
};
use crate::wizard::{Claims, Wizard};

/// The facts about records that the rulings rest on.
pub(super) struct Claimants<'d> {
    pub(super) objects: &'d Objects,
    pub(super) facts: &'d [Fact],
    pub(super) twins: &'d Twins,
    pub(super) logons: &'d Logons,
}

/// The contests and their rulings.
pub(super) struct Settled {
    pub(super) contests: Vec<Contest>,
    pub(super) rulings: HashMap<u32, Ruling>,
    /// The records that messages name.
    pub(super) parties: HashMap<u32, Party>,
}

impl Claimants<'_> {
    /// Rules on each address that several users have or claim.
    pub(super) fn settle(
        &self,
        wizard: &Wizard<'_>,
        records: &Records<'_>,
        register: &Register,
    ) -> Result<Settled, Failure> {
        let object = |record| self.objects.object(record);
        let is_active = |record: u32| self.facts.get(record as usize).is_some_and(is_open);
        let owners = Owners { object: &object, is_active: &is_active };
        let contests = register.contests(owners);
        let members = contests.iter().flat_map(|contest| contest.members.iter().chain(&contest.lookalikes));
        let named = self.twins.named().chain(self.logons.named());
        let wanted: HashSet<u32> = members.map(|member| member.record).chain(named).collect();
        let parties = lookup::parties(wizard, records, &wanted)?;
        let unknown = Party::default();
        let party = |record: u32| parties.get(&record).unwrap_or(&unknown);
        let policy = wizard.settings.addresses.on_duplicate;
        let rulings = Ruler { register, contests: &contests, policy, owners }.rule(party);
        Ok(Settled { contests, rulings, parties })
    }
}

/// Drops outdated mail addresses from the register. When corrected rejects are read again, their original export is a
/// reference that shows users before the correction: for users in the rejects, only the mail addresses in the rejects
/// count. SIP addresses stay held.
pub(super) fn apply_corrections(
    records: &Records<'_>,
    objects: &Objects,
    facts: &[Fact],
    register: &mut Register,
) {
    let (exports, reads) = (records.exports(), records.reads());
    if !exports.iter().any(|export| export.is_rejects) {
        return;
    }
    let is_readable = |fact: &Fact| fact.status != Status::Rejected || fact.reason.is_some();
    register.retain(|record, role| {
        let object = objects.object(record);
        let (former, latter) = (records.export_of(record), records.export_of(object));
        let covers = |attr: Attr| reads[latter].shows_itself(attr) || !reads[former].shows_itself(attr);
        let is_corrected = role.has(ClaimRole::MAIL)
            && !role.has(ClaimRole::SIP)
            && exports[former].role == Role::Reference
            && exports[latter].is_rejects
            && facts.get(object as usize).is_some_and(is_readable)
            && covers(Attr::MAIL)
            && covers(Attr::PROXY_ADDRESSES);
        !is_corrected
    });
}

/// Rejects the claimants who do not get an address; returns a message if that stops the run.
pub(super) fn apply_rulings(
    wizard: &Wizard<'_>,
    rulings: &HashMap<u32, Ruling>,
    parties: &HashMap<u32, Party>,
    facts: &mut [Fact],
) -> Option<Message> {
    let mut refused = 0_u64;
    for (record, ruling) in rulings {
        let fact = &mut facts[*record as usize];
        match &ruling.kind {
            RulingKind::Refused => {
                refused += 1;
                exclude(fact, wizard.claims.duplicate());
            }
            RulingKind::Numbered(address) => {
                let fingerprint = Fingerprint::of(sip::normalize(address).as_bytes());
                let party = parties.get(record);
                let former = party.and_then(|party| party.former);
                let is_unchanged = party.is_some_and(|party| party.is_settled) && former == Some(fingerprint);
                fact.traits.set(Traits::DIFFERENT, !is_unchanged);
                fact.traits.set(Traits::REPLACED, former.is_some_and(|former| former != fingerprint));
            }
            RulingKind::Twin => {
                if let Some(reason) = wizard.spec.scope.twin.filter(|_| is_open(fact)) {
                    record_reason(fact, reason);
                    let is_settled = parties.get(record).is_some_and(|party| party.is_settled);
                    fact.traits.set(Traits::DIFFERENT, !is_settled);
                }
            }
            RulingKind::Granted | RulingKind::Lookalike => {}
        }
    }
    let stops = refused > 0 && wizard.settings.addresses.on_duplicate == OnDuplicate::Abort;
    stops.then(|| {
        let what = if wizard.claims == Claims::Sip {
            text!(
                "{users} would share an address with another user",
                "{users} partageraient une adresse avec quelqu’un d’autre";
                users = users(refused)
            )
        } else {
            text!(
                "{users} would share a line with another user",
                "{users} partageraient une ligne avec quelqu’un d’autre";
                users = users(refused)
            )
        };
        Message::error("stop-duplicates", what).because(Text::same("[sip] on_duplicate = \"abort\""))
    })
}
