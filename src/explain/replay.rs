//! A decision taken again and explained from what the run itself used.

use std::borrow::Cow;
use std::ops::Range;

use super::name::{By, UserName};
use super::{Address, Explanation, FoldedPart, MatchedRule, RefusedFormat, SourcePart, TriedAddress, Write};
use crate::change::Difference;
use crate::input::{Export, Finding, Numbered, RecordKind};
use crate::language::{Text, text};
use crate::message::{Failure, Message, Severity, visible};
use crate::object::{Attr, Object};
use crate::plan::Exports;
use crate::plan::decide::{Decision, Plan};
use crate::plan::scan::{NONE, Scan};
use crate::pool::PoolId;
use crate::records::{Again, Records};
use crate::report::Reason;
use crate::settings::Settings;
use crate::sip::claims::{ClaimRole, Member, OnDuplicate, Ruling};
use crate::sip::{self, Origin, Refusal};
use crate::wizard::values::without_scheme;
use crate::wizard::{Claims, Given, Participation, Verdict, Wizard};

/// How many numbered addresses are listed before the one that was free.
const MOST_NUMBERS: u32 = 20;

/// A run, decided again.
pub struct Decided<'d> {
    /// The wizard.
    pub wizard: &'d dyn Wizard,
    /// What is read.
    pub exports: &'d Exports,
    /// What the scan brought home.
    pub scan: &'d Scan,
    /// The records that were read.
    pub records: &'d Records<'d>,
    /// What was decided.
    pub plan: &'d Plan,
}

/// All users that the name can mean, the best match first; others' claims on their addresses are looked up later.
///
/// # Errors
/// What reading gives.
pub fn find(decided: &Decided<'_>, name: &UserName) -> Result<Vec<Explanation>, Failure> {
    let Decided { wizard, exports, records, plan, .. } = decided;
    let work = |batch: &Again<'_>| {
        let mut found: Vec<(By, Explanation)> = Vec::new();
        batch.each(&mut |record| {
            let Some(&decision) = plan.decisions.get(record.number as usize) else { return };
            let object = &record.object;
            let place = || place(batch.export, &record, decision);
            if record.kind == RecordKind::Entry {
                let verdict = wizard.judge(object);
                let given = given(decided, record.number, &verdict);
                if let Some(by) = name.names(object, given) {
                    let replay =
                        Replay { decided, record: record.number, object, verdict: &verdict, decision };
                    found.push((by, replay.explain(place())));
                }
            } else if let Some(by) = name.names(object, None) {
                let mut explanation = place();
                if record.kind == RecordKind::Unreadable {
                    let fault = record.findings.iter().find(|one| one.severity == Severity::Error);
                    explanation.code = fault.map_or("", |one| one.code);
                    explanation.messages = record.findings.iter().map(message).collect();
                }
                found.push((by, explanation));
            }
        });
        found
    };
    let is_input = |export: usize, _: Range<u32>| export < exports.inputs;
    let mut found = Vec::new();
    records.again("looking up", is_input, work, |part| {
        found.extend(part);
        Ok(())
    })?;
    found.sort_by_key(|(by, _)| *by);
    Ok(found.into_iter().map(|(_, explanation)| explanation).collect())
}

fn message(finding: &Finding) -> Message {
    Message { notes: Vec::new(), ..finding.clone().moved(None) }
}

/// What is known of any record.
fn place(export: &Export, record: &Numbered<'_>, decision: Decision) -> Explanation {
    Explanation {
        seq: u64::from(record.number) + 1,
        dn: record.object.dn.to_string(),
        file: export.name.clone(),
        line: record.line,
        status: decision.status.name(),
        code: decision.reason.map_or("", Reason::code),
        why: decision.reason.map(why).unwrap_or_default(),
        ..Explanation::default()
    }
}

/// The explanation of a skipped user; rejected users have messages in the report.
fn why(reason: Reason) -> Text {
    match reason {
        Reason::OVER_LIMIT => text!(
            "--limit leaves the user out: it takes only the first users",
            "--limit laisse l’utilisateur de côté\u{a0}: il ne prend que les premiers"
        ),
        Reason::DUPLICATE_RECORD => text!(
            "an earlier record of the same object says the same",
            "un enregistrement précédent du même objet dit la même chose"
        ),
        Reason::CRITICAL_OBJECT => text!(
            "Windows needs the object (isCriticalSystemObject)",
            "Windows a besoin de l’objet (isCriticalSystemObject)"
        ),
        Reason::TRUST_ACCOUNT => text!(
            "the account belongs to a trust between domains",
            "le compte fait partie d’une relation d’approbation entre domaines"
        ),
        Reason::PROTECTED_BASE => text!(
            "the user is below a DN of [safety] protect",
            "l’utilisateur est sous un DN de [safety] protect"
        ),
        Reason::PROTECTED_ACCOUNT => text!(
            "the account is protected (adminCount is not 0), and [safety] leaves those alone",
            "le compte est protégé (adminCount n’est pas 0), et [safety] laisse ceux-là tels quels"
        ),
        Reason::RESOURCE_MAILBOX => text!(
            "a shared, room or equipment mailbox: nobody signs in to it",
            "une boîte partagée, de salle ou d’équipement\u{a0}: personne ne s’y connecte"
        ),
        Reason::ACCOUNT_DISABLED => text!(
            "the account is disabled, and linked to no account of another forest",
            "le compte est désactivé, et lié à aucun compte d’une autre forêt"
        ),
        Reason::NO_RULE => text!("no rule matches", "aucune règle ne convient"),
        Reason::RULE_SKIP => text!(
            "the first rule that matches leaves its users alone",
            "la première règle qui convient laisse ses utilisateurs tels quels"
        ),
        Reason::OCS_DISABLED => text!(
            "the user was disabled for Communications Server (msRTCSIP-UserEnabled is FALSE)",
            "l’utilisateur a été désactivé pour Communications Server (msRTCSIP-UserEnabled est FALSE)"
        ),
        _ => Text::default(),
    }
}

/// The address that the user gets or would get; none for others.
fn given<'v>(decided: &'v Decided<'_>, record: u32, verdict: &'v Verdict<'_>) -> Option<&'v str> {
    match (&verdict.position, decided.plan.rulings.get(&record)) {
        (Participation::Claims(_), Some(Ruling::Numbered { address, .. })) => Some(address),
        (Participation::Claims(candidate), _) => Some(&candidate.address),
        _ => None,
    }
}

/// All that is known of one record.
pub(super) struct Replay<'t> {
    pub(super) decided: &'t Decided<'t>,
    pub(super) record: u32,
    pub(super) object: &'t Object<'t>,
    pub(super) verdict: &'t Verdict<'t>,
    pub(super) decision: Decision,
}

impl Replay<'_> {
    pub(super) fn settings(&self) -> &Settings {
        self.decided.wizard.settings()
    }

    fn explain(&self, place: Explanation) -> Explanation {
        let decision = self.decision;
        let is_user = !matches!(self.verdict.position, Participation::Other | Participation::Deleted);
        let reached = |stage: Reason| {
            is_user && decision.status.has_row() && decision.reason.is_none_or(|why| why >= stage)
        };
        let goes_on = decision.status.goes_on();
        let loses = matches!(self.verdict.position, Participation::Loses);
        Explanation {
            selection: if is_user {
                self.selection()
            } else {
                vec![text!("the object is no user", "l’objet n’est pas un utilisateur")]
            },
            rule: self.verdict.rule.filter(|_| reached(Reason::RULE_SKIP)).map(|rule| self.rule(rule)),
            address: reached(Reason::ATTRIBUTE_MISSING).then(|| self.address()),
            pool: (goes_on && !loses || decision.reason == Some(Reason::POOL_FULL)).then(|| self.pool()),
            writes: if decision.series == NONE { Vec::new() } else { self.writes() },
            ..place
        }
    }

    /// What each part of the selection says.
    fn selection(&self) -> Vec<Text> {
        let selection = &self.settings().selection;
        let mut said = Vec::new();
        match selection.bases.iter().find(|base| base.holds(self.object)) {
            Some(base) => said.push(text!("below `{}`", "sous `{}`", base.typed)),
            None if selection.bases.is_empty() => {}
            None => {
                let typed: Vec<String> = selection.bases.iter().map(|base| base.typed.clone()).collect();
                said.push(text!("not below {}", "pas sous {}", quoted(&typed)));
            }
        }
        if let Some(filter) = &selection.filter {
            said.push(match filter.matches(self.object) {
                true => text!("`{filter}` holds", "`{filter}` est vrai"),
                false => text!("`{filter}` does not hold", "`{filter}` est faux"),
            });
        }
        if let Some(list) = &selection.list {
            let lines = list.naming(self.object);
            for &line in &lines {
                let (number, text) = &list.lines[line as usize];
                let others = self.decided.plan.unlisted.iter().find(|other| other.line == line as usize);
                said.push(match others {
                    None => text!(
                        "line {number} of --users, `{text}`",
                        "la ligne {number} de --users, `{text}`"
                    ),
                    Some(other) => text!(
                        "line {number} of --users, `{text}`, which names {users} users and takes none",
                        "la ligne {number} de --users, `{text}`, qui nomme {users} utilisateurs et n’en prend aucun",
                        users = other.users
                    ),
                });
            }
            if lines.is_empty() {
                said.push(text!(
                    "no line of --users names the user",
                    "aucune ligne de --users ne nomme l’utilisateur"
                ));
            }
        }
        if let Some(place) = &self.object.elsewhere {
            said.push(text!(
                "a row of a list names the user, whose record is at {place}",
                "une ligne d’une liste nomme l’utilisateur, dont l’enregistrement est en {place}"
            ));
        }
        if said.is_empty() {
            said.push(text!(
                "no base, filter or list: everybody takes part",
                "ni base, ni filtre, ni liste\u{a0}: tous participent"
            ));
        }
        said
    }

    fn rule(&self, index: usize) -> MatchedRule {
        let rules = &self.settings().rules;
        let rule = &rules[index];
        let is_said = !rule.label.is_empty();
        MatchedRule {
            number: if is_said { index + 1 } else { 0 },
            of: if is_said { rules.len() } else { 0 },
            label: rule.label.clone(),
            conditions: rule.conditions(),
        }
    }

    fn address(&self) -> Address {
        let composer = &self.settings().addresses.composer;
        let name = |attr| self.settings().reading.attributes.name(attr).to_owned();
        let formats: Vec<String> = match self.settings().reading.listed_address(self.object) {
            Some(_) => vec!["list".to_owned()],
            None => composer.rules().formats().map(ToString::to_string).collect(),
        };
        let refused = |refusals: &[Refusal<Attr>]| {
            let refused = |(format, refusal): (&String, &Refusal<Attr>)| RefusedFormat {
                format: format.clone(),
                why: refusal.fault.what(&name(refusal.attribute)),
            };
            formats.iter().zip(refusals).map(refused).collect()
        };
        match &self.verdict.position {
            Participation::Loses => Address {
                ruling: text!("the user loses it", "l’utilisateur la perd"),
                ..Address::default()
            },
            Participation::Stays => self.left_alone(),
            Participation::Claims(_) if matches!(self.decided.wizard.claims(), Claims::Line(_)) => {
                self.left_alone()
            }
            Participation::Keeps(address) => {
                let uri = format!("sip:{address}");
                Address {
                    source: "existing".to_owned(),
                    candidates: vec![TriedAddress {
                        uri: uri.clone(),
                        given: true,
                        ..TriedAddress::default()
                    }],
                    uri,
                    ruling: self.ruling(),
                    ..Address::default()
                }
            }
            Participation::Claims(candidate) => {
                let part = |attribute: &str| {
                    let attr = self.settings().reading.attributes.find(attribute.as_bytes());
                    let value = attr.and_then(|attr| self.object.text(attr)).unwrap_or_default();
                    SourcePart { attribute: attribute.to_owned(), value: value.to_owned() }
                };
                let folded = |one: &sip::Folded<Attr>| FoldedPart {
                    attribute: name(one.attribute),
                    before: one.before.clone(),
                    after: one.after.clone(),
                };
                let given = given(self.decided, self.record, self.verdict).filter(|_| self.gets());
                Address {
                    uri: given.map(|address| format!("sip:{address}")).unwrap_or_default(),
                    source: composer.source(candidate).to_owned(),
                    from: match candidate.origin {
                        Origin::Other => vec![part(Attr::PRIMARY_USER_ADDRESS.known_name())],
                        _ => composer.made_of(candidate).into_iter().map(part).collect(),
                    },
                    folded: candidate.folded.iter().map(folded).collect(),
                    rehomed: candidate.rehomed.clone().unwrap_or_default(),
                    refused: refused(&candidate.refusals),
                    candidates: candidates(&candidate.address, given),
                    ruling: self.ruling(),
                }
            }
            _ => match composer.candidate(self.object) {
                Err(refusals) => Address { refused: refused(&refusals), ..Address::default() },
                Ok(_) => Address::default(),
            },
        }
    }

    /// The address of a user whose address is not at stake.
    fn left_alone(&self) -> Address {
        let uri = self.object.text(Attr::PRIMARY_USER_ADDRESS).unwrap_or_default().to_owned();
        let ruling =
            text!("this command leaves addresses alone", "cette commande ne touche pas aux adresses");
        Address { uri, ruling, ..Address::default() }
    }

    /// Whether the user gets the address that was ruled on.
    fn gets(&self) -> bool {
        self.decision.reason != Some(Reason::SIP_DUPLICATE)
    }

    /// What was ruled where several meet.
    fn ruling(&self) -> Text {
        let policy = match self.settings().addresses.on_duplicate {
            OnDuplicate::Reject => "reject",
            OnDuplicate::First => "first",
            OnDuplicate::Number => "number",
            OnDuplicate::Abort => "abort",
        };
        match self.decided.plan.rulings.get(&self.record) {
            None => self.prevails(),
            Some(Ruling::Granted { .. }) => {
                text!("others have it who are the same person", "d’autres l’ont, qui sont la même personne")
            }
            Some(Ruling::Numbered { .. }) => text!(
                "[sip] on_duplicate = \"number\": the smallest number that nobody holds or claims",
                "[sip] on_duplicate = \"number\"\u{a0}: le plus petit numéro que personne ne détient ni ne demande"
            ),
            Some(Ruling::Lookalike { .. }) => text!(
                "others have one that differs by accents or width alone",
                "d’autres en ont une qui ne diffère que par les accents ou la largeur"
            ),
            Some(Ruling::Refused { .. }) => text!(
                "[sip] on_duplicate = \"{policy}\": the user does not get it",
                "[sip] on_duplicate = \"{policy}\"\u{a0}: l’utilisateur ne la reçoit pas"
            ),
            Some(Ruling::Twin { .. }) => text!(
                "an address that is there is kept, though others have it, too",
                "une adresse présente est gardée, bien que d’autres l’aient aussi"
            ),
        }
    }

    /// Why the user gets what others claim as well.
    fn prevails(&self) -> Text {
        let claims = |member: &Member| member.role.has(ClaimRole::CLAIMS);
        let own = |member: &Member| member.record == self.record && claims(member);
        let contest = self.decided.plan.contests.iter().map(|contest| &contest.members).find(|members| {
            members.iter().any(own) && members.iter().filter(|member| claims(member)).count() > 1
        });
        let Some(members) = contest else { return Text::default() };
        let has_it = members.iter().any(|member| own(member) && member.role.has(ClaimRole::SIP));
        match self.settings().addresses.on_duplicate {
            _ if has_it => text!(
                "the user has it already, and loses it to no newcomer",
                "l’utilisateur l’a déjà, et aucun nouveau ne la lui prend"
            ),
            OnDuplicate::First => text!(
                "[sip] on_duplicate = \"first\": the first of them in input order gets it",
                "[sip] on_duplicate = \"first\"\u{a0}: le premier dans l’ordre des entrées la reçoit"
            ),
            OnDuplicate::Number => text!(
                "[sip] on_duplicate = \"number\": the first of them by DN gets it without a number",
                "[sip] on_duplicate = \"number\"\u{a0}: le premier selon le DN la reçoit sans numéro"
            ),
            OnDuplicate::Reject | OnDuplicate::Abort => Text::default(),
        }
    }

    fn writes(&self) -> Vec<Write> {
        let claim = given(self.decided, self.record, self.verdict);
        let pool = (self.decision.pool != NONE).then_some(PoolId(self.decision.pool));
        let rule = self.verdict.rule.unwrap_or_default();
        let shared = matches!(self.decided.plan.rulings.get(&self.record), Some(Ruling::Twin { .. }));
        let change = self.decided.wizard.change(self.object, rule, Given { claim, pool, shared });
        let shown = |values: &[Cow<'_, [u8]>]| values.iter().map(|value| shown(value)).collect();
        let write = |(attribute, removed, added): Difference<'_>| Write {
            attribute: attribute.to_owned(),
            removed: shown(removed),
            added: shown(added),
        };
        change.differences().map(write).collect()
    }
}

/// The addresses that came into question, up to the one that is given: the bare one, then numbers.
fn candidates(bare: &str, given: Option<&str>) -> Vec<TriedAddress> {
    let candidate = |address: &str| TriedAddress {
        uri: format!("sip:{address}"),
        given: given == Some(address),
        ..TriedAddress::default()
    };
    let mut all = vec![candidate(bare)];
    let Some((local, domain)) = bare.rsplit_once('@') else { return all };
    let number = given.filter(|given| *given != bare).and_then(|given| {
        given.strip_prefix(local)?.strip_suffix(domain)?.strip_suffix('@')?.parse::<u32>().ok()
    });
    if let Some(number) = number {
        let from = 2.max(number.saturating_sub(MOST_NUMBERS));
        all.extend((from..=number).map(|number| candidate(&format!("{local}{number}@{domain}"))));
    }
    all
}

/// A value as text, or its octets in hexadecimal digits.
fn shown(value: &[u8]) -> String {
    std::str::from_utf8(value).map_or_else(|_| crate::input::hex(value), |text| visible(text).into_owned())
}

fn quoted(texts: &[String]) -> String {
    texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ")
}

/// The address of a SIP URI of the report, for comparison.
#[must_use]
pub fn same_address(a: &str, b: &str) -> bool {
    sip::normalize(without_scheme(a)) == sip::normalize(without_scheme(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_go_up_to_the_one_that_is_given() {
        let uris = |given| -> Vec<String> {
            candidates("ann@x.test", given).into_iter().map(|candidate| candidate.uri).collect()
        };
        assert_eq!(uris(None), ["sip:ann@x.test"]);
        assert_eq!(uris(Some("ann@x.test")), ["sip:ann@x.test"]);
        assert_eq!(uris(Some("ann3@x.test")), ["sip:ann@x.test", "sip:ann2@x.test", "sip:ann3@x.test"]);
        assert_eq!(uris(Some("ann5000@x.test")).len(), 22);
        assert!(candidates("ann@x.test", Some("ann2@x.test"))[1].given);
    }
}
