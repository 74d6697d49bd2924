//! Decides who gets a contested address: its holder, the first claimant, each with a number, or nobody.

use std::collections::{HashMap, HashSet};

use super::persons::StandIns;
use super::{
    ClaimRole, Contest, Fingerprint, Member, OnDuplicate, Owners, Party, Register, Ruling, RulingKind,
};
use crate::sip::address::MAX_ADDRESS;

/// Rules on contested addresses.
#[derive(Clone, Copy)]
pub(crate) struct Ruler<'r> {
    /// All held and claimed addresses.
    pub register: &'r Register,
    /// The contested addresses.
    pub contests: &'r [Contest],
    /// The policy for competing claimants.
    pub policy: OnDuplicate,
    /// The objects of the records.
    pub owners: Owners<'r>,
}

impl Ruler<'_> {
    /// Returns a ruling for each record whose claimed or kept address is contested. A claimant without a ruling gets
    /// the address. A member whose party is unknown has an empty one.
    pub(crate) fn rule<'p>(&self, party: impl Fn(u32) -> &'p Party) -> HashMap<u32, Ruling> {
        let mut rulings = HashMap::new();
        let mut to_number: Vec<(usize, Member)> = Vec::new();
        for (index, contest) in self.contests.iter().enumerate() {
            let claimants = find_rivals(index, contest, &party, &mut rulings);
            rule_on_lookalikes(index, contest, &mut rulings);
            let losers = self.losers(claimants, &party);
            if self.policy == OnDuplicate::Number {
                to_number.extend(losers.iter().map(|member| (index, *member)));
            }
            let refused = Ruling { contest: index, kind: RulingKind::Refused };
            rulings.extend(losers.iter().map(|member| (member.record, refused.clone())));
        }
        to_number.sort_by_cached_key(|(_, member)| sort_key(party(member.record)));
        self.assign_numbers(to_number, party, &mut rulings);
        rulings
    }

    /// The claimants who do not get the address.
    fn losers<'p>(&self, rivals: Rivals, party: impl Fn(u32) -> &'p Party) -> Vec<Member> {
        let Rivals { mut unblocked, blocked } = rivals;
        match self.policy {
            _ if unblocked.len() < 2 => blocked,
            OnDuplicate::Reject | OnDuplicate::Abort => [unblocked, blocked].concat(),
            OnDuplicate::First => {
                unblocked.sort_by_key(|member| member.record);
                [&unblocked[1..], &blocked].concat()
            }
            OnDuplicate::Number => {
                unblocked.sort_by_cached_key(|member| sort_key(party(member.record)));
                [&unblocked[1..], &blocked].concat()
            }
        }
    }

    /// Gives each member the address with the first number behind the local part that nobody else holds or claims.
    fn assign_numbers<'p>(
        &self,
        members: Vec<(usize, Member)>,
        party: impl Fn(u32) -> &'p Party,
        rulings: &mut HashMap<u32, Ruling>,
    ) {
        let mut given: HashSet<Fingerprint> = HashSet::new();
        let mut seen: HashMap<usize, SeenNumbers> = HashMap::new();
        for (contest, member) in members {
            let Some((local, domain)) = party(member.record).claim.rsplit_once('@') else { continue };
            let numbered = |number: u32| {
                let address = format!("{local}{number}@{domain}");
                (Fingerprint::of(address.to_lowercase().as_bytes()), address)
            };
            let owners = |address| self.register.owners(address, self.owners);
            let is_taken = |address| owners(address).any(|owner| owner != member.object);
            let SeenNumbers { next, skipped } =
                seen.entry(contest).or_insert(SeenNumbers { next: 2, skipped: HashMap::new() });
            let own = skipped.get(&member.object).into_iter().flatten().map(|&number| numbered(number));
            let mut own = own.filter(|&(fingerprint, _)| !is_taken(fingerprint) && given.insert(fingerprint));
            let (_, address) = own.next().unwrap_or_else(|| {
                loop {
                    let (fingerprint, address) = numbered(*next);
                    *next += 1;
                    if !is_taken(fingerprint) && given.insert(fingerprint) {
                        break (fingerprint, address);
                    }
                    owners(fingerprint).for_each(|owner| skipped.entry(owner).or_default().push(*next - 1));
                }
            });
            // The numbered address may be too long; the member then stays refused.
            if address.len() <= MAX_ADDRESS {
                let kind = RulingKind::Numbered(address.into());
                rulings.insert(member.record, Ruling { contest, kind });
            }
        }
    }
}

/// The numbers of a contest that were looked up, so that a thousand users of one name need no million look-ups.
struct SeenNumbers {
    /// The first number that was not.
    next: u32,
    /// The skipped numbers that an object holds or claims itself, and may take, by the object.
    skipped: HashMap<u32, Vec<u32>>,
}

/// The claimants of a contest.
#[derive(Default)]
struct Rivals {
    /// Claimants without a blocking holder.
    unblocked: Vec<Member>,
    /// Claimants with a blocking holder.
    blocked: Vec<Member>,
}

/// Rules on members who keep the address, and finds the claimants blocked by holders.
fn find_rivals<'p>(
    index: usize,
    contest: &Contest,
    party: impl Fn(u32) -> &'p Party,
    rulings: &mut HashMap<u32, Ruling>,
) -> Rivals {
    let Contest { members, holders, .. } = contest;
    // A kept address is shared with all who have it, including claimants who have it as mail.
    let has = |other: &&Member| other.role.has(ClaimRole::SIP) || other.role.has(ClaimRole::MAIL);
    let having_count = members.iter().filter(has).count();
    let stand_ins = StandIns::among(contest, |record| &party(record).person);
    let mut rivals = Rivals::default();
    for member in members.iter().filter(|member| member.role.is_at_stake()) {
        let own_stand_ins = stand_ins.count_for(member, &party(member.record).person);
        // A holder does not block itself.
        let (is_claiming, own) = (member.role.has(ClaimRole::CLAIMS), usize::from(member.is_holder()));
        let is_blocked =
            if is_claiming { holders - own > own_stand_ins } else { having_count - 1 > own_stand_ins };
        if is_claiming {
            if is_blocked { &mut rivals.blocked } else { &mut rivals.unblocked }.push(*member);
        } else if is_blocked {
            rulings.insert(member.record, Ruling { contest: index, kind: RulingKind::Twin });
        }
        if !is_blocked && own_stand_ins > 0 {
            rulings.insert(member.record, Ruling { contest: index, kind: RulingKind::Granted });
        }
    }
    rivals
}

/// Rules on addresses that differ by accents or width alone.
fn rule_on_lookalikes(index: usize, contest: &Contest, rulings: &mut HashMap<u32, Ruling>) {
    let Contest { members, lookalikes, .. } = contest;
    let members_met = members.iter().filter(|_| !lookalikes.is_empty());
    for member in members_met.chain(lookalikes).filter(|member| member.role.is_at_stake()) {
        rulings.entry(member.record).or_insert(Ruling { contest: index, kind: RulingKind::Lookalike });
    }
}

/// The sort key of `on_duplicate = "number"`: the normalised DN.
fn sort_key(party: &Party) -> String {
    ldif::dn::normalize(&party.dn).map_or_else(|_| party.dn.to_lowercase(), |dn| dn.to_string())
}
