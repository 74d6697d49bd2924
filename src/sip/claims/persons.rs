//! Stand-ins for a user in another forest, which are no rivals: contacts and logon accounts.

use std::collections::HashMap;

use super::{Contest, Member};
use crate::fingerprint::Fingerprint;

/// The identifiers by which a user and their stand-ins in other forests refer to each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// The normalised DN.
    pub dn: Fingerprint,
    /// The mail and `smtp:` proxy addresses.
    pub mail: Vec<Fingerprint>,
    /// The SIDs of the logon accounts in another forest.
    pub accounts: Vec<Fingerprint>,
    /// The user that a contact, or an account in a reference, stands for.
    pub stands_for: Option<StandsFor>,
}

impl Person {
    /// Whether the other object stands for this user.
    pub(crate) fn is_represented_by(&self, other: &Self) -> bool {
        other.stands_for.is_some_and(|other| other.names(self))
    }
}

/// A reference to the user that an object stands for, by any of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StandsFor {
    /// The normalised DN in a contact's msDS-SourceObjectDN.
    pub dn: Option<Fingerprint>,
    /// The address in a contact's targetAddress.
    pub mail: Option<Fingerprint>,
    /// The objectSid of a logon account.
    pub sid: Option<Fingerprint>,
}

/// The stand-ins of a contest, counted by what they refer to, so that many users and contacts on one address need not
/// be compared pairwise.
#[derive(Debug, Default)]
pub(super) struct StandIns {
    dns: HashMap<Fingerprint, usize>,
    mails: HashMap<Fingerprint, usize>,
    sids: HashMap<Fingerprint, usize>,
    /// Stand-ins that refer to a user by DN and mail, which must not count twice.
    both: HashMap<(Fingerprint, Fingerprint), usize>,
}

impl StandIns {
    /// Counts the stand-ins among the holders of a contest.
    pub(super) fn among<'p>(contest: &Contest, person: impl Fn(u32) -> &'p Person) -> Self {
        let mut all = Self::default();
        for member in contest.members.iter().filter(|member| member.is_holder()) {
            let Some(StandsFor { dn, mail, sid }) = person(member.record).stands_for else { continue };
            let count = |map: &mut HashMap<Fingerprint, usize>, key: Option<Fingerprint>| {
                key.into_iter().for_each(|key| *map.entry(key).or_default() += 1);
            };
            count(&mut all.dns, dn);
            count(&mut all.mails, mail);
            count(&mut all.sids, sid);
            if let Some(both) = dn.zip(mail) {
                *all.both.entry(both).or_default() += 1;
            }
        }
        all
    }

    /// The number of other objects that stand for the user.
    pub(super) fn count_for(&self, member: &Member, user: &Person) -> usize {
        let get = |map: &HashMap<Fingerprint, usize>, key| map.get(key).copied().unwrap_or_default();
        let mut mails = user.mail.clone();
        mails.sort_unstable();
        mails.dedup();
        let mut sids = user.accounts.clone();
        sids.dedup();
        let by_mail: usize = mails
            .iter()
            .map(|mail| {
                get(&self.mails, mail) - self.both.get(&(user.dn, *mail)).copied().unwrap_or_default()
            })
            .sum();
        let by_sid: usize = sids.iter().map(|sid| get(&self.sids, sid)).sum();
        // A contact that takes part in the run may refer to itself.
        let is_own = member.is_holder() && user.is_represented_by(user);
        get(&self.dns, &user.dn) + by_mail + by_sid - usize::from(is_own)
    }
}

impl StandsFor {
    /// Whether the reference matches this user.
    fn names(&self, user: &Person) -> bool {
        self.dn == Some(user.dn)
            || self.mail.is_some_and(|mail| user.mail.contains(&mail))
            || self.sid.is_some_and(|sid| user.accounts.contains(&sid))
    }
}
