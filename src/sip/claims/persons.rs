//! Objects that stand for a user in another forest, and so are no rivals: contacts, and logon accounts.

use std::collections::HashMap;

use super::{Contest, Fingerprint, Member};

/// What an object and those that stand for it in other forests know each other by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// The fingerprint of its normalised DN.
    pub dn: Fingerprint,
    /// The fingerprints of its mail and `smtp:` proxy addresses.
    pub mail: Vec<Fingerprint>,
    /// The fingerprints of the SIDs of its logon accounts in another forest.
    pub accounts: Vec<Fingerprint>,
    /// Of a contact, or of an account in a reference: which user it stands for.
    pub stands_for: Option<StandsFor>,
}

impl Person {
    /// Whether the other object stands for this user.
    pub(crate) fn is(&self, other: &Self) -> bool {
        other.stands_for.is_some_and(|other| other.names(self))
    }
}

/// Which user an object stands for: by any of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StandsFor {
    /// The normalised DN in a contact's msDS-SourceObjectDN.
    pub dn: Option<Fingerprint>,
    /// The address in a contact's targetAddress.
    pub mail: Option<Fingerprint>,
    /// The objectSid of a logon account.
    pub sid: Option<Fingerprint>,
}

/// The objects of a contest that stand for somebody, counted by what they name, so that many users and many contacts on
/// one address are not compared each with each.
#[derive(Debug, Default)]
pub(super) struct StandIns {
    dns: HashMap<Fingerprint, usize>,
    mails: HashMap<Fingerprint, usize>,
    sids: HashMap<Fingerprint, usize>,
    /// Contacts that name both: they must not count twice.
    both: HashMap<(Fingerprint, Fingerprint), usize>,
}

impl StandIns {
    /// The stand-ins among the holders of a contest.
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

    /// How many other objects stand for the user.
    pub(super) fn of(&self, member: &Member, user: &Person) -> usize {
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
        // A contact that is a user of the run may name itself.
        let is_own = member.is_holder() && user.is(user);
        get(&self.dns, &user.dn) + by_mail + by_sid - usize::from(is_own)
    }
}

impl StandsFor {
    /// Whether it names this user.
    fn names(&self, user: &Person) -> bool {
        self.dn == Some(user.dn)
            || self.mail.is_some_and(|mail| user.mail.contains(&mail))
            || self.sid.is_some_and(|sid| user.accounts.contains(&sid))
    }
}
