//! Scans the records of one batch.

use std::borrow::Cow;

use super::{Fact, Identity, Logon, NONE, NamedRecord, ScanPart, Traits};
use crate::config::ProtectedAccounts;
use crate::fingerprint::Fingerprint;
use crate::input::classes::{self, Lack};
use crate::input::{self, Export, Numbered, RecordKind};
use crate::object::{Attr, Object};
use crate::output::ldif::Series;
use crate::pool::{self, Home, PoolId};
use crate::records::{FreshBatch, ReadBatch};
use crate::report::Status;
use crate::schema;
use crate::settings::Purpose;
use crate::sip::claims::ClaimRole;
use crate::wizard::account::{is_protected, is_uncontrolled, is_unidentified};
use crate::wizard::values::{address_of, same_address};
use crate::wizard::{Claims, Given, Participation, Verdict, Wizard};

/// Scans one batch.
pub(super) struct Scanner<'s> {
    wizard: &'s Wizard<'s>,
    export: &'s Export,
    index: usize,
    is_input: bool,
    ranked: &'s [u16],
    /// A buffer for hashing tickets.
    drawn: Vec<u8>,
    part: ScanPart,
}

impl<'s> Scanner<'s> {
    pub(super) fn new(
        wizard: &'s Wizard<'s>,
        export: &'s Export,
        index: usize,
        is_input: bool,
        ranked: &'s [u16],
    ) -> Self {
        let bases = vec![false; wizard.settings.bases().count()];
        let part = ScanPart { bases, ..ScanPart::default() };
        Self { wizard, export, index, is_input, ranked, drawn: Vec::new(), part }
    }

    /// Scans the batch.
    pub(super) fn batch(mut self, batch: &FreshBatch<'_>) -> (ScanPart, ReadBatch) {
        let read = batch.each(&mut |record, note| self.record(record, note));
        (self.part, read)
    }

    /// Scans a record; returns whether it is a user.
    fn record(&mut self, record: &Numbered<'_>, note: &mut Vec<u8>) -> bool {
        let Numbered { kind, object, .. } = record;
        match kind {
            RecordKind::Entry => return self.entry(record, true, note),
            RecordKind::Change => {
                self.add_claims(record, &Participation::Other);
                self.add_bare(record, Status::Other);
                // Its values belong to the object.
                if let Some(who) = self.part.identities.last_mut().filter(|_| !object.values.is_empty()) {
                    who.dn = Fingerprint::of(object.normalized.as_bytes());
                }
                // If it changes a single-valued attribute, it contradicts the user's record, on which decisions rest.
                let attributes = &self.wizard.settings.reading.attributes;
                let mut attrs = object.values.iter().map(|value| value.attr);
                let contradicts = attrs.any(|attr| attributes.is_decisive(attr));
                if let Some(fact) = self.part.facts.last_mut() {
                    fact.traits.set(Traits::CONTRADICTING, contradicts);
                }
                let is_joined = self.export.role == input::Role::Join && contradicts;
                self.part.changed.extend(Some(record.number).filter(|_| is_joined));
            }
            RecordKind::Unreadable | RecordKind::Nameless if object.normalized.is_empty() => {
                self.add_claims(record, &Participation::Other);
                self.add_bare(record, Status::Rejected);
            }
            RecordKind::Unreadable | RecordKind::Nameless => return self.entry(record, false, note),
        }
        false
    }

    /// Adds a record that shows no object: it is counted, and holds nothing.
    fn add_bare(&mut self, &Numbered { number, line, .. }: &Numbered<'_>, status: Status) {
        // It gets an identity of its own, whatever its DN.
        let dn = Fingerprint::of(format!("\0{}\0{line}", self.index).as_bytes());
        self.part.identities.push(Identity { dn, guid: None, record: number });
        self.part.facts.push(Fact::of(status));
    }

    /// Adds an object, with a note of the verdict for the second pass; returns whether it is a user. An object that was
    /// not fully read takes no part, but its addresses count as held.
    fn entry(&mut self, record: &Numbered<'_>, is_read: bool, note: &mut Vec<u8>) -> bool {
        let &Numbered { number, ref object, .. } = record;
        let mut verdict = self.wizard.judge(object);
        if matches!(verdict.position, Participation::Deleted) {
            self.add_bare(record, if is_read { Status::Other } else { Status::Rejected });
            // Another export may show the object as the user it was.
            if let (Some(who), Some(fact)) = (self.part.identities.last_mut(), self.part.facts.last_mut()) {
                who.guid = object.guid_octets().map(|guid| Fingerprint::of(&guid));
                fact.traits.set(Traits::CONTRADICTING, is_read);
            }
            return false;
        }
        if !matches!(verdict.position, Participation::Other) {
            self.mark_bases(object);
        }
        if !is_read {
            verdict.position = Participation::Other;
        }
        if self.is_input {
            verdict.note(note);
        }
        let guid = object.guid_octets().map(|guid| Fingerprint::of(&guid));
        let dn = Fingerprint::of(object.normalized.as_bytes());
        self.part.identities.push(Identity { dn, guid, record: number });
        self.add_claims(record, &verdict.position);
        let mut fact = self.fact(record, &verdict);
        if !is_read {
            fact.status = Status::Rejected;
        } else if fact.status == Status::Other && object.has(Attr::OBJECT_CLASS) {
            fact.traits.set(Traits::CONTRADICTING, true);
        }
        self.part.facts.push(fact);
        !matches!(verdict.position, Participation::Other)
    }

    /// Marks the bases that contain the user. Protected bases and those of rules concern the whole estate: if the
    /// inputs are a list or rejects, a user in a reference shows that such a base is not mistyped.
    fn mark_bases(&mut self, object: &Object<'_>) {
        for ((purpose, base), met) in self.wizard.settings.bases().zip(&mut self.part.bases) {
            let concerns = self.is_input || purpose != Purpose::Selects;
            *met = *met || concerns && base.holds(object);
        }
    }

    /// Adds the addresses that the object holds or claims, each once.
    fn add_claims(&mut self, record: &Numbered<'_>, position: &Participation<'_>) {
        let &Numbered { number: record, ref object, .. } = record;
        let from = self.part.held.len();
        let held = &mut self.part.held;
        let mut note = |claim: Cow<'_, str>, role: ClaimRole| {
            held.push((Fingerprint::of(claim.as_bytes()), record, role));
            if !claim.is_ascii() {
                let alike = Fingerprint::of(schema::alike(&claim).as_bytes());
                held.push((alike, record, role.with(ClaimRole::LOOKS_ALIKE)));
            }
        };
        let domains = &self.wizard.settings.addresses.composer.rules().domains;
        self.wizard.claims.held(object, domains, &mut note);
        match position {
            Participation::Keeps(address) if self.is_input => {
                note(self.wizard.claims.normalized(address), ClaimRole::KEEPS);
            }
            Participation::Claims(candidate) if self.is_input => {
                note(self.wizard.claims.normalized(&candidate.address), ClaimRole::CLAIMS);
            }
            _ => {}
        }
        merge_roles(held, from);
    }

    /// Collects the facts about an object; adds its pool, group and other references to the part.
    fn fact(&mut self, record: &Numbered<'_>, verdict: &Verdict<'_>) -> Fact {
        let &Numbered { number, ref object, .. } = record;
        let settings = self.wizard.settings;
        let mut fact = Fact::of(Status::Unchanged);
        fact.rule = verdict.rule.and_then(|rule| u16::try_from(rule).ok()).unwrap_or(NONE);
        let home = match self.export.role {
            // Change records of `move` have a pool and no address.
            input::Role::Run => settings.home(object.dn(Attr::PRIMARY_HOME_SERVER).as_deref()),
            _ => verdict.home,
        };
        if let Home::Known(pool) = home {
            fact.pool = pool.0;
            if self.export.role != input::Role::Reference {
                self.part.homed.push((number, pool));
            }
        }
        if !self.is_input && self.export.role != input::Role::Join {
            return fact;
        }
        let is_user = !matches!(verdict.position, Participation::Other);
        let group = verdict
            .rule
            .filter(|_| is_user)
            .and_then(|rule| group_of(object, rule, settings.placement.keep_together));
        if let (Some((group, _)), Home::Known(pool)) = (&group, verdict.home) {
            self.part.homed_groups.push((*group, pool, number));
        }
        if !self.is_input {
            return fact;
        }
        fact.matched = verdict.matched;
        fact.traits.set(Traits::ADDRESSED, is_user && object.has(Attr::PRIMARY_USER_ADDRESS));
        fact.traits.set(Traits::UNCONTROLLED, is_user && is_uncontrolled(object));
        fact.traits.set(Traits::CLASSLESS, is_user && Lack::Class.concerns(object));
        fact.traits.set(Traits::ACCOUNT, is_user && classes::is_account(object));
        fact.traits.set(Traits::UNIDENTIFIED, is_user && is_unidentified(object));
        match &verdict.position {
            Participation::Deleted | Participation::Other => fact.status = Status::Other,
            Participation::NotSelected => fact.status = Status::NotSelected,
            Participation::Out(reason) => {
                fact.status = reason.status();
                fact.reason = Some(*reason);
            }
            Participation::Keeps(_)
            | Participation::Claims(_)
            | Participation::Stays
            | Participation::Loses => self.record_participant(record, verdict, group, &mut fact),
        }
        if is_user {
            let would_get = matches!(fact.status, Status::Unchanged | Status::Rejected);
            self.add_references(object, number, verdict.rule.filter(|_| would_get));
        }
        fact
    }

    /// Adds the user's logon account, under this rule if they would get it, and the names in `--users` that they have.
    fn add_references(&mut self, object: &Object<'_>, number: u32, rule: Option<usize>) {
        let logic = &self.wizard.logic;
        let is_present = logic.logon(object, None).is_some();
        let logon = logic.logon(object, rule);
        let logon = logon.map(|sid| Logon { account: Fingerprint::of(&sid), record: number, is_present });
        self.part.logons.extend(logon);
        // A line may match users outside the selection: two users are two, wherever they are.
        if let Some(list) = &self.wizard.settings.selection.list {
            let named = list.naming(object).into_iter();
            self.part.listed.extend(named.map(|name| NamedRecord {
                name,
                record: number,
                fit: list.domain_fit(name, object),
            }));
            self.part.domains.extend(list.own_domains(object));
        }
    }

    /// Records whether a user who takes part changes, which pools they may get, and which group they join.
    fn record_participant(
        &mut self,
        record: &Numbered<'_>,
        verdict: &Verdict<'_>,
        group: Option<(Fingerprint, String)>,
        fact: &mut Fact,
    ) {
        let &Numbered { number, ref object, .. } = record;
        let settings = self.wizard.settings;
        let rule = verdict.rule.unwrap_or_default();
        fact.reason = verdict.finding;
        fact.traits.set(Traits::TO_PLACE, verdict.wants_pool);
        // A first address always changes the user, so the change need not be built.
        let (claims, is_addressed) = (self.wizard.claims, object.has(Attr::PRIMARY_USER_ADDRESS));
        let claimed = verdict.claimed(None);
        let gets_first_address = !is_addressed && claimed.is_some() && claims == Claims::Sip;
        let is_different = gets_first_address || {
            let claim = claimed.map(|claim| claims.uri(claim));
            let given = Given { claim: claim.as_deref(), ..Given::default() };
            !self.wizard.logic.change(object, rule, given).is_empty()
        };
        fact.traits.set(Traits::DIFFERENT, is_different);
        // The new address may differ from the present one.
        let new = claimed.filter(|_| is_addressed && claims == Claims::Sip);
        let former = address_of(object).unwrap_or_default();
        fact.traits.set(Traits::REPLACED, new.is_some_and(|new| !same_address(new, former)));
        if verdict.wants_pool {
            let listed = settings.listed_pool(object).and_then(|(_, pool)| pool);
            // A user whose pool a list names joins no group.
            let group = group.filter(|_| listed.is_none());
            let key = group.as_ref().map_or(&*object.normalized, |(_, value)| value);
            fact.ranking = self.rank(rule, key, listed);
            if let Some((group, _)) = group {
                self.part.groups.push((number, group));
            }
        }
        let puts_last = settings.safety.protected_accounts == ProtectedAccounts::Last;
        let (all, domain) = (&mut self.part.series, ldif::dn::domain(&object.dn));
        fact.series = Series::index_in(all, domain, puts_last && is_protected(object));
    }

    /// Appends the pools of a rule in the order for the key, or only the first if none can be full; returns where they
    /// start. All rankings of a rule have one length, so a pool from a list is repeated.
    fn rank(&mut self, rule: usize, key: &str, listed: Option<PoolId>) -> u32 {
        let settings = self.wizard.settings;
        let at = u32::try_from(self.part.rankings.len()).unwrap_or(u32::MAX);
        let length = usize::from(self.ranked[rule]);
        let (candidates, pools) = (&settings.rules[rule].pools, &settings.placement.pools);
        let rankings = &mut self.part.rankings;
        match listed {
            Some(pool) => rankings.extend(std::iter::repeat_n(pool, length)),
            None if length > 1 => rankings.extend(pool::ranking(key, candidates, pools)),
            None => rankings.extend(pool::first(key, candidates, pools, &mut self.drawn)),
        }
        at
    }
}

/// The group of users who share a pool, and its value, trimmed and in lower case.
pub(crate) fn group_of(
    object: &Object<'_>,
    rule: usize,
    keep_together: Option<Attr>,
) -> Option<(Fingerprint, String)> {
    let value = object.text(keep_together?)?.trim().to_lowercase();
    (!value.is_empty()).then(|| (Fingerprint::of(format!("{rule}\0{value}").as_bytes()), value))
}

/// Merges the roles of equal addresses behind `from`; lookalikes stay apart.
// An object may have a hundred thousand addresses, so they are sorted instead of compared pairwise.
fn merge_roles(held: &mut Vec<(Fingerprint, u32, ClaimRole)>, from: usize) {
    let key = |&(claim, _, role): &(Fingerprint, u32, ClaimRole)| (claim, role.has(ClaimRole::LOOKS_ALIKE));
    held[from..].sort_unstable_by_key(key);
    let mut last = from;
    for at in from + 1..held.len() {
        if key(&held[last]) == key(&held[at]) {
            held[last].2 = held[last].2.with(held[at].2);
        } else {
            last += 1;
            held[last] = held[at];
        }
    }
    held.truncate(last + 1);
}
