//! Objects that stand for a user in another forest, and so are no rivals: contacts, and logon accounts.

use std::collections::HashMap;

use super::{Contest, Fingerprint, Member, Party};

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
    pub(super) fn among<'p>(contest: &Contest, party: impl Fn(u32) -> &'p Party) -> Self {
        let mut all = Self::default();
        for member in contest.members.iter().filter(|member| member.is_holder()) {
            let Some(StandsFor { dn, mail, sid }) = party(member.record).stands_for else { continue };
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
    pub(super) fn of(&self, member: &Member, user: &Party) -> usize {
        if self.dns.is_empty() && self.mails.is_empty() && self.sids.is_empty() {
            return 0;
        }
        let get = |map: &HashMap<Fingerprint, usize>, key| map.get(key).copied().unwrap_or_default();
        let dn = user.fingerprint();
        let mut mails = user.mail.to_vec();
        mails.sort_unstable();
        mails.dedup();
        let mut sids = user.accounts.to_vec();
        sids.dedup();
        let by_mail: usize = mails
            .iter()
            .map(|mail| get(&self.mails, mail) - self.both.get(&(dn, *mail)).copied().unwrap_or_default())
            .sum();
        let by_sid: usize = sids.iter().map(|sid| get(&self.sids, sid)).sum();
        // A contact that is a user of the run may name itself.
        let is_own = member.is_holder() && user.stands_for.is_some_and(|own| own.names(dn, user));
        get(&self.dns, &dn) + by_mail + by_sid - usize::from(is_own)
    }
}

impl StandsFor {
    /// Whether it names this user, whose DN has that fingerprint.
    fn names(&self, dn: Fingerprint, user: &Party) -> bool {
        self.dn == Some(dn)
            || self.mail.is_some_and(|mail| user.mail.contains(&mail))
            || self.sid.is_some_and(|sid| user.accounts.contains(&sid))
    }
}

impl Party {
    /// The fingerprint of its normalised DN.
    fn fingerprint(&self) -> Fingerprint {
        match ldif::dn::normalize(&self.dn) {
            Ok(dn) => Fingerprint::of(dn.as_bytes()),
            Err(_) => Fingerprint::of(self.dn.as_bytes()),
        }
    }
}
