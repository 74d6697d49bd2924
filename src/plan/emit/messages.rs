//! The messages about one record: the reason for its outcome, the ruling, findings and remarks.

use super::Emitter;
use crate::input::classes::Lack;
use crate::input::fault::{ALL_RANGES, record_cut};
use crate::input::{Export, Finding, InBatch, Numbered};
use crate::language::{Text, text};
use crate::message::{Excerpt, Place, Severity};
use crate::object::{Attr, Value};
use crate::report::{Issue, Reason};
use crate::sip::claims::{Contest, Member, OnDuplicate, Party, RulingKind};
use crate::wizard::account::is_uncontrolled;
use crate::wizard::remark::lookalike;
use crate::wizard::{Participation, Remark, Verdict};

/// The usual length in bytes of an object's name with its place.
const USUAL_NAME: usize = 128;

impl Emitter<'_, '_> {
    /// Explains why a user is out, if the decision over all users says so.
    pub(super) fn explain(
        &self,
        record: &Numbered<'_>,
        verdict: &Verdict<'_>,
        reason: Reason,
    ) -> Option<Remark> {
        let (number, object) = (record.number, &record.object);
        let reading = &self.settings().reading;
        let error = |attr, what| Remark::new(Severity::Error, reason.code(), attr, what);
        Some(match reason {
            Reason::VALUE_RANGE_INCOMPLETE => {
                let attr = object.cut.map(|(attr, _)| attr);
                let name = attr.map_or("", |attr| reading.attributes.name(attr));
                let what = text!(
                    "the export shows only some of the values of `{name}`",
                    "l’export ne montre qu’une partie des valeurs de `{name}`"
                );
                error(attr, what).help(ALL_RANGES.clone())
            }
            Reason::VALUE_INVALID
                if matches!(verdict.position, Participation::Out(Reason::VALUE_INVALID)) =>
            {
                return None;
            }
            Reason::VALUE_MISSING if !is_uncontrolled(object) => error(None, Lack::Class.what()),
            Reason::DN_CONFLICT => error(None, self.contradiction(number)).help(text!(
                "export again, or leave one of the files out",
                "refaites l’export, ou laissez l’un des fichiers de côté"
            )),
            Reason::SIP_DUPLICATE => {
                let remark = error(self.claim_attr(verdict), self.refusal(number)?);
                remark.help(match self.settings().addresses.on_duplicate {
                    OnDuplicate::Reject => text!(
                        "change the attribute, or set [sip] on_duplicate",
                        "changez l’attribut, ou réglez [sip] on_duplicate"
                    ),
                    _ => text!("change the attribute", "changez l’attribut"),
                })
            }
            Reason::LINE_DUPLICATE => error(Some(Attr::LINE), self.refusal(number)?).help(text!(
                "give each user a separate number",
                "donnez à chaque utilisateur un numéro distinct"
            )),
            _ => {
                let mut remark = general_reason(reason)?;
                let list = reading.list.as_ref().filter(|list| object.has(list.pool));
                if let Some(list) = list.filter(|_| reason == Reason::POOL_FULL) {
                    remark.place.attr = Some(list.pool);
                    remark.what = text!(
                        "the pool that the list names has no room",
                        "le pool que nomme la liste n’a pas de place"
                    );
                }
                remark
            }
        })
    }

    /// Reports the ruling on a user who takes part.
    pub(super) fn report_ruling(&mut self, record: &Numbered<'_>) {
        let number = record.number;
        let Some(ruling) = self.emission.plan.rulings.get(&number) else { return };
        let Contest { members, lookalikes, .. } = &self.emission.plan.contests[ruling.contest];
        let names = self.list_members(number, members, members.len().saturating_sub(1));
        let contacts = || {
            let parties = &self.emission.plan.parties;
            let stands_for = |member: &&Member| {
                parties.get(&member.record).is_some_and(|party| party.person.stands_for.is_some())
            };
            let contacts: Vec<Member> = members.iter().filter(stands_for).copied().collect();
            self.list_members(number, &contacts, contacts.len())
        };
        let remark = match &ruling.kind {
            RulingKind::Numbered(address) => {
                let uri = self.emission.wizard.claims.uri(address);
                let what = text!(
                    "the address is numbered, `{uri}`; without a number it belongs to {names}",
                    "l’adresse est numérotée, `{uri}`\u{202f}; sans numéro, elle appartient à {names}"; names
                );
                Remark::new(Severity::Warning, "sip-numbered", None, what)
            }
            RulingKind::Granted => {
                let what = text!(
                    "an object that represents the user has the same address: {contacts}",
                    "un objet qui représente l’utilisateur a la même adresse\u{a0}: {contacts}"; contacts = contacts()
                );
                Remark::new(Severity::Warning, "sip-stand-in", None, what)
            }
            RulingKind::Twin => {
                let what = text!(
                    "the address that is kept belongs to others, too: {names}",
                    "l’adresse conservée appartient aussi à d’autres\u{a0}: {names}"; names
                );
                let is_finding = self.emission.wizard.spec.scope.twin.is_some();
                let severity = if is_finding { Severity::Error } else { Severity::Warning };
                Remark::new(severity, "sip-twin", Attr::PRIMARY_USER_ADDRESS, what)
            }
            RulingKind::Lookalike => {
                let is_lookalike = lookalikes.iter().any(|member| member.record == number);
                let others = if is_lookalike && !members.is_empty() { members } else { lookalikes };
                let names = self.list_members(
                    number,
                    others,
                    others.len() - usize::from(is_lookalike && members.is_empty()),
                );
                lookalike(&names)
            }
            RulingKind::Refused => return,
        };
        self.report_remark(record, &remark);
    }

    /// Reports other users with the logon account of a user who takes part.
    pub(super) fn report_logon(&mut self, record: &Numbered<'_>) {
        let group = self.emission.plan.logons.group(record.number);
        if group.is_empty() {
            return;
        }
        let others = group.iter().copied().filter(|&other| other != record.number);
        let names = self.list_records(others, group.len() - 1);
        let what = text!(
            "the account with which the user signs in is that of others, too: {names}",
            "le compte avec lequel l’utilisateur se connecte est aussi celui d’autres\u{a0}: {names}"; names
        );
        let has_originator = record.object.has(Attr::ORIGINATOR_SID);
        let attr = if has_originator { Attr::ORIGINATOR_SID } else { Attr::MASTER_ACCOUNT_SID };
        let why = text!(
            "msRTCSIP-OriginatorSid says which user signs in with an account",
            "msRTCSIP-OriginatorSid dit quel utilisateur se connecte avec un compte"
        );
        self.report_remark(
            record,
            &Remark::new(Severity::Warning, "originator-sid-shared", attr, what).because(why),
        );
    }

    /// Explains a refused claim: who has the address, and who else would get it.
    fn refusal(&self, record: u32) -> Option<Text> {
        let ruling = self.emission.plan.rulings.get(&record)?;
        let claim = self.emission.plan.parties.get(&record).map_or("", |party| &*party.claim);
        let contest = &self.emission.plan.contests[ruling.contest];
        let (holders, claimants) = contest.members.split_at(contest.holders);
        let own = usize::from(contest.is_held_by(record));
        let (holding, claiming) = (holders.len() - own, (claimants.len() + own).saturating_sub(1));
        let mut parts = Vec::new();
        if holding > 0 {
            parts.push(text!(
                "is already taken by {names}",
                "est déjà prise par {names}"; names = self.list_members(record, holders, holding)
            ));
        }
        if claiming > 0 {
            parts.push(text!(
                "would also be given to {names}",
                "serait aussi donnée à {names}"; names = self.list_members(record, claimants, claiming)
            ));
        }
        let uri = self.emission.wizard.claims.uri(claim);
        let mut parts = parts.into_iter();
        let first = parts.next()?;
        Some(match parts.next() {
            None => text!("`{uri}` {first}", "`{uri}` {first}"; first),
            Some(second) => {
                text!("`{uri}` {first} and {second}", "`{uri}` {first} et {second}"; first, second)
            }
        })
    }

    /// Explains in what the records of one object contradict each other.
    fn contradiction(&self, number: u32) -> Text {
        let twins = &self.emission.plan.twins;
        let group = twins.of(number);
        if group.is_empty() {
            return text!(
                "a change record of the --join export changes this object",
                "un enregistrement de modification de l’export --join change cet objet"
            );
        }
        let others = group.iter().copied().filter(|&other| other != number);
        let others = self.list_records(others, group.len().saturating_sub(1));
        let name = |&attr| self.settings().reading.attributes.name(attr);
        let names: Vec<&str> = twins.differences(number).iter().map(name).collect();
        match names.join(", ") {
            // The object has several GUIDs, or the GUID several DNs.
            names if names.is_empty() => text!(
                "another record of this object differs: {others}",
                "un autre enregistrement de cet objet diffère\u{a0}: {others}"; others
            ),
            names => text!(
                "another record of this object differs in {names}: {others}",
                "un autre enregistrement de cet objet diffère par {names}\u{a0}: {others}"; others
            ),
        }
    }

    /// The attribute that a claim was made from; the first, if there are several.
    fn claim_attr(&self, verdict: &Verdict<'_>) -> Option<Attr> {
        let settings = self.settings();
        let attributes = settings.addresses.composer.made_of(verdict.candidate()?);
        attributes.first().and_then(|name| settings.reading.attributes.find(name.as_bytes()))
    }

    /// Lists the members of a contest other than the record. `count` is their number: to count them for each member would
    /// take quadratic time.
    fn list_members(&self, record: u32, members: &[Member], count: usize) -> Text {
        let others = members.iter().map(|member| member.record).filter(|&other| other != record);
        self.list_records(others, count)
    }

    /// Lists records by DN and place, up to a limit; `count` is their number.
    fn list_records(&self, records: impl Iterator<Item = u32>, count: usize) -> Text {
        let masked = !self.settings().report.redaction.is_empty();
        // BE ADVISED: each user who shares an address needs this list, and a text for each name took five times as
        // long.
        let mut named = String::with_capacity(USUAL_NAME * count.min(Text::MOST_NAMED));
        for record in records.take(Text::MOST_NAMED) {
            let Some(Party { dn, input, line, .. }) = self.emission.plan.parties.get(&record) else {
                continue;
            };
            let Some(Export { name: file, .. }) = self.emission.exports.all.get(*input as usize) else {
                continue;
            };
            let (comma, line) = (if named.is_empty() { "" } else { ", " }, line.to_string());
            if masked || dn.is_empty() {
                named.extend([comma, file, ":", &line]);
            } else {
                named.extend([comma, dn, " (", file, ":", &line, ")"]);
            }
        }
        Text::and_more(named, count)
    }

    pub(super) fn report_finding(&mut self, record: &Numbered<'_>, found: &Finding) {
        let attribute = match (&found.place.within, found.place.attr) {
            (Some((name, _)), _) => name.clone(),
            (None, Some(attr)) => self.settings().reading.attributes.name(attr).to_owned(),
            (None, None) => String::new(),
        };
        self.report_issue(record, attribute, found.clone(), "");
    }

    pub(super) fn report_remark(&mut self, record: &Numbered<'_>, remark: &Remark) {
        let object = &record.object;
        let values = remark.place.attr.map(|attr| object.values(attr));
        let value = values.and_then(|mut values| values.nth(remark.place.value));
        let export = self.batch.export;
        let at = match value {
            None => object.at,
            Some(value) => match self.source.text() {
                Some((batch, _)) => export.locate(batch, object.at, value.at, remark.place.index),
                None => return,
            },
        };
        let is_in_export = value.is_some_and(|value| value.at != Value::ELSEWHERE);
        let name = |attr| self.settings().reading.attributes.name(attr).to_owned();
        let attribute = remark.place.attr.map_or_else(String::new, name);
        let mut message = remark.clone();
        if let Some(place) = object.elsewhere.as_ref().filter(|_| !is_in_export) {
            message = message
                .because(text!("the user's record is at {place}", "l’utilisateur se trouve en {place}"));
        }
        let meant = value.map_or(Some(&*object.dn), Value::text).unwrap_or_default();
        self.report_issue(record, attribute, message.moved(InBatch::at(at)), meant);
    }

    /// Reports an issue of the current record; `value` is the decoded value in question.
    fn report_issue(&mut self, record: &Numbered<'_>, attribute: String, found: Finding, value: &str) {
        let Some(place) = self.source.place(record, found.place.at) else { return };
        let shows = self.part.writer.shows(found.code);
        let mut excerpt = if shows { self.source.excerpt(&found.place) } else { None };
        let is_encoded = |excerpt: &&mut Excerpt| {
            !excerpt.text.contains(value) && (excerpt.text.contains(":: ") || !value.is_ascii())
        };
        if let Some(excerpt) = excerpt.as_mut().filter(is_encoded) {
            excerpt.label = text!("decoded: `{value}`", "décodé\u{a0}: `{value}`");
        }
        let (file, line, column) = (self.batch.export.name.clone(), place.line, place.column);
        let message = found.moved(Some(Place { file, line, column, excerpt }));
        let seq = Some(u64::from(record.number) + 1);
        self.part.writer.message(Issue { seq, input: self.input(), attribute, message });
    }
}

/// Returns the message for a reason that needs no details of the user.
fn general_reason(reason: Reason) -> Option<Remark> {
    let error = |what| Remark::new(Severity::Error, reason.code(), None, what);
    Some(match reason {
        Reason::REPLICATION_CONFLICT => error(text!(
            "the object is a leftover of a replication conflict",
            "l’objet est le reste d’un conflit de réplication"
        ))
        .help(text!(
            "delete or rename one of the two objects, and export again",
            "supprimez ou renommez l’un des deux objets, puis refaites l’export"
        )),
        Reason::VALUE_MISSING => error(Lack::Control.what()).because(text!(
            "without it, it is unknown whether the account is disabled",
            "sans lui, nul ne sait si le compte est désactivé"
        )),
        Reason::VALUE_INVALID => {
            let what =
                text!("`objectSid` is not the SID of an account", "`objectSid` n’est pas le SID d’un compte");
            Remark::new(Severity::Error, reason.code(), Attr::OBJECT_SID, what)
                .because(text!(
                    "the export shows nothing else that identifies the accounts that Windows needs",
                    "l’export ne montre rien d’autre qui distingue les comptes dont Windows a besoin"
                ))
                .help(text!("export isCriticalSystemObject, too", "exportez aussi isCriticalSystemObject"))
        }
        Reason::RECORD_CUT => {
            let (what, help) = record_cut();
            error(what).help(help)
        }
        Reason::POOL_FULL => error(text!(
            "the pools that the user may get have no room for the user, or for the group that shares one",
            "les pools que l’utilisateur peut recevoir n’ont pas de place pour lui, ou pour le groupe qui en partage un"
        ))
        .help(text!(
            "raise the capacity, add a pool to the rule, or let [assign] on_full = \"overflow\" choose the next pool",
            "augmentez la capacité, ajoutez un pool à la règle, ou laissez [assign] on_full = \"overflow\" choisir le pool suivant"
        )),
        _ => return None,
    })
}

/// Warns that AdminSDHolder protects the account.
pub(super) fn protected_account() -> Remark {
    let what = text!("the account is protected (adminCount)", "le compte est protégé (adminCount)");
    let why = text!(
        "AdminSDHolder resets its permissions: a delegated importer is refused here",
        "AdminSDHolder rétablit ses autorisations\u{a0}: un importateur délégué y est refusé"
    );
    Remark::new(Severity::Warning, "protected-account", Attr::ADMIN_COUNT, what).because(why)
}
