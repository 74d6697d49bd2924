//! Replays a decision with an observer and explains it from the values it used.

use std::collections::HashMap;
use std::ops::Range;

use super::name::{By, UserName};
use super::{Explanation, MOST, MatchedRule};
use crate::change::Difference;
use crate::codes::Effect;
use crate::input::{Export, Finding, Numbered, RecordKind};
use crate::language::{Text, text};
use crate::message::{Failure, Message, Severity, visible};
use crate::object::Object;
use crate::plan::decide::{Decision, Observer, Placing, Plan};
use crate::plan::scan::NONE;
use crate::pool::{Loads, PoolId};
use crate::records::{Records, StoredBatch};
use crate::report::{AttributeChange, Reason};
use crate::schema::value::readable;
use crate::select::{ListedLine, UserList};
use crate::settings::Settings;
use crate::sip::claims::Ruling;
use crate::wizard::{Participation, Verdict, Wizard};

/// Observes a decision for the users of a name.
pub(crate) struct Witness<'w> {
    wizard: &'w Wizard<'w>,
    records: &'w Records<'w>,
    /// The number of inputs.
    inputs: usize,
    name: &'w UserName,
    /// The records that the name matches, the best match first.
    pub(crate) named: Vec<u32>,
    /// The number of further matches.
    pub(crate) more: usize,
    /// The state of the pools when these records were placed.
    pub(crate) pool_states: HashMap<u32, PoolState>,
}

impl<'w> Witness<'w> {
    pub(crate) fn new(
        wizard: &'w Wizard<'w>,
        records: &'w Records<'w>,
        inputs: usize,
        name: &'w UserName,
    ) -> Self {
        Self { wizard, records, inputs, name, named: Vec::new(), more: 0, pool_states: HashMap::new() }
    }
}

/// The state of the pools when a user was placed.
pub(crate) struct PoolState {
    /// The number of users placed together.
    pub(super) members: u64,
    pub(super) loads: Loads,
    /// The number of users of the group who are homed on each pool.
    pub(super) homed: Vec<u64>,
}

impl Observer for Witness<'_> {
    /// Finds the users of the name, which may be a new address and so needs the rulings.
    fn ruled(&mut self, rulings: &HashMap<u32, Ruling>) -> Result<(), Failure> {
        let work = |batch: &StoredBatch<'_>| {
            let mut named: Vec<(By, u32)> = Vec::new();
            batch.each(&mut |Numbered { number, kind, object, .. }| {
                let verdict = (kind == RecordKind::Entry).then(|| self.wizard.judge(&object));
                let given = verdict.as_ref().and_then(|verdict| verdict.claimed(rulings.get(&number)));
                named.extend(self.name.names(&object, given).map(|by| (by, number)));
            });
            named
        };
        let mut named = Vec::new();
        let is_input = |export: usize, _: Range<u32>| export < self.inputs;
        self.records.revisit("looking up", is_input, work, |part| {
            named.extend(part);
            Ok(())
        })?;
        named.sort_unstable();
        self.more = named.len().saturating_sub(MOST);
        self.named = named.into_iter().map(|(_, record)| record).take(MOST).collect();
        Ok(())
    }

    fn placing(&mut self, users: &Placing<'_>) {
        for &record in self.named.iter().filter(|record| users.members.contains(record)) {
            let pools = 0..users.loads.before.len();
            let homed =
                pools.filter_map(|pool| u16::try_from(pool).ok()).map(|pool| users.homed(PoolId(pool)));
            let (members, loads, homed) = (users.members.len() as u64, users.loads.clone(), homed.collect());
            self.pool_states.insert(record, PoolState { members, loads, homed });
        }
    }
}

/// A decided run, with what was observed.
pub(crate) struct Decided<'d> {
    pub(crate) wizard: &'d Wizard<'d>,
    pub(crate) records: &'d Records<'d>,
    pub(crate) plan: &'d Plan,
    /// The state of the pools when the explained users were placed.
    pub(crate) pool_states: &'d HashMap<u32, PoolState>,
}

/// Explains these records, in their order. Other holders of their addresses are looked up later.
pub(crate) fn explain(decided: &Decided<'_>, wanted: &[u32]) -> Result<Vec<Explanation>, Failure> {
    let work = |batch: &StoredBatch<'_>| {
        let mut found = Vec::new();
        batch.each(&mut |record| {
            if let Some(at) = wanted.iter().position(|&wanted| wanted == record.number) {
                found
                    .extend(explanation(decided, batch.export, &record).map(|explanation| (at, explanation)));
            }
        });
        found
    };
    let is_wanted = |_: usize, numbers: Range<u32>| wanted.iter().any(|record| numbers.contains(record));
    let mut found: Vec<(usize, Explanation)> = Vec::new();
    decided.records.revisit("looking up", is_wanted, work, |part| {
        found.extend(part);
        Ok(())
    })?;
    found.sort_by_key(|(at, _)| *at);
    Ok(found.into_iter().map(|(_, explanation)| explanation).collect())
}

fn explanation(decided: &Decided<'_>, export: &Export, record: &Numbered<'_>) -> Option<Explanation> {
    let decision = *decided.plan.decisions.get(record.number as usize)?;
    let mut explanation = outline(export, record, decision);
    match record.kind {
        RecordKind::Entry => {
            let (object, verdict) = (&record.object, &decided.wizard.judge(&record.object));
            let replay = Replay { decided, record: record.number, object, verdict, decision };
            return Some(replay.explain(explanation));
        }
        RecordKind::Unreadable | RecordKind::Nameless => {
            let fault = record.findings.iter().find(|one| one.severity == Severity::Error);
            explanation.code = fault.map_or("", |one| one.code);
            explanation.messages = record.findings.iter().map(message).collect();
        }
        RecordKind::Change => {}
    }
    Some(explanation)
}

fn message(finding: &Finding) -> Message {
    Message { notes: Vec::new(), ..finding.clone().moved(None) }
}

/// Begins an explanation with the facts that are known of any record.
fn outline(export: &Export, record: &Numbered<'_>, decision: Decision) -> Explanation {
    Explanation {
        seq: u64::from(record.number) + 1,
        dn: record.object.dn.to_string(),
        file: export.name.clone(),
        line: record.line,
        status: decision.status.name(),
        code: decision.reason.map_or("", Reason::code),
        why: decision
            .reason
            .filter(|reason| reason.effect() == Effect::Skips)
            .map(Reason::meaning)
            .unwrap_or_default(),
        ..Explanation::default()
    }
}

/// A record with its decision.
pub(super) struct Replay<'t> {
    pub(super) decided: &'t Decided<'t>,
    pub(super) record: u32,
    pub(super) object: &'t Object<'t>,
    pub(super) verdict: &'t Verdict<'t>,
    pub(super) decision: Decision,
}

impl Replay<'_> {
    pub(super) fn settings(&self) -> &Settings {
        self.decided.wizard.settings
    }

    /// Completes the explanation of an object.
    fn explain(&self, outline: Explanation) -> Explanation {
        let decision = self.decision;
        let is_user = !matches!(self.verdict.position, Participation::Other | Participation::Deleted);
        let reached = |stage: Reason| {
            is_user && decision.status.has_row() && decision.reason.is_none_or(|why| why >= stage)
        };
        let takes_part = decision.status.takes_part();
        let loses = matches!(self.verdict.position, Participation::Loses);
        Explanation {
            selection: if is_user {
                self.selection()
            } else {
                vec![text!("the object is not a user", "l’objet n’est pas un utilisateur")]
            },
            rule: self.verdict.rule.filter(|_| reached(Reason::RULE_SKIP)).map(|rule| self.rule(rule)),
            address: reached(Reason::ATTRIBUTE_MISSING).then(|| self.address()),
            pool: (takes_part && !loses || decision.reason == Some(Reason::POOL_FULL)).then(|| self.pool()),
            writes: if decision.series == NONE { Vec::new() } else { self.writes() },
            ..outline
        }
    }

    /// Explains the selection, part by part.
    fn selection(&self) -> Vec<Text> {
        let selection = &self.settings().selection;
        let mut texts = Vec::new();
        match selection.bases.iter().find(|base| base.holds(self.object)) {
            Some(base) => texts.push(text!("below `{}`", "sous `{}`", base.typed)),
            None if selection.bases.is_empty() => {}
            None => {
                let typed: Vec<String> = selection.bases.iter().map(|base| base.typed.clone()).collect();
                texts.push(text!("not below {}", "pas sous {}", quoted(&typed)));
            }
        }
        if let Some(filter) = &selection.filter {
            texts.push(if filter.matches(self.object) {
                text!("`{filter}` holds", "`{filter}` est vrai")
            } else {
                text!("`{filter}` does not hold", "`{filter}` est faux")
            });
        }
        texts.extend(selection.list.iter().flat_map(|list| self.lines_of_list(list)));
        if let Some(place) = &self.object.elsewhere {
            texts.push(text!(
                "a row of a list names the user, whose record is at {place}",
                "une ligne d’une liste nomme l’utilisateur, dont l’enregistrement est en {place}"
            ));
        }
        if texts.is_empty() {
            texts.push(text!(
                "no base, filter or list: every user takes part",
                "ni base, ni filtre, ni liste\u{a0}: tous participent"
            ));
        }
        texts
    }

    /// Describes the lines of the list that name the user.
    fn lines_of_list(&self, list: &UserList) -> Vec<Text> {
        let names = list.naming(self.object);
        let lines = list.lines().zip(0..).filter(|(line, _)| names.contains(&line.name));
        let texts: Vec<Text> = lines
            .map(|(ListedLine { number, text, .. }, index)| {
                match self.decided.plan.unlisted.iter().find(|other| other.line == index) {
                    None => text!(
                        "line {number} of --users, `{text}`",
                        "la ligne {number} de --users, `{text}`"
                    ),
                    Some(other) => text!(
                        "line {number} of --users, `{text}`, which names {users} users and takes none",
                        "la ligne {number} de --users, `{text}`, qui nomme {users} utilisateurs et n’en prend aucun",
                        users = other.users
                    ),
                }
            })
            .collect();
        if !texts.is_empty() {
            return texts;
        }
        vec![text!("no line of --users names the user", "aucune ligne de --users ne nomme l’utilisateur")]
    }

    /// Describes the rule that matches the user.
    fn rule(&self, index: usize) -> MatchedRule {
        let rules = &self.settings().rules;
        let rule = &rules[index];
        let is_configured = !rule.label.is_empty();
        MatchedRule {
            number: if is_configured { index + 1 } else { 0 },
            of: if is_configured { rules.len() } else { 0 },
            label: rule.label.clone(),
            conditions: rule.conditions(),
        }
    }

    /// The address or line that the user claims, after the ruling.
    pub(super) fn given(&self) -> Option<&str> {
        self.verdict.claimed(self.decided.plan.rulings.get(&self.record))
    }

    /// Lists what the run writes for the user.
    fn writes(&self) -> Vec<AttributeChange> {
        let claims = self.decided.wizard.claims;
        let claim = self.given().map(|claim| claims.uri(claim));
        let rule = self.verdict.rule.unwrap_or_default();
        let given = self.decision.given(claim.as_deref(), self.decided.plan.rulings.get(&self.record));
        let change = self.decided.wizard.logic.change(self.object, rule, given);
        let write = |step: Difference<'_>| {
            AttributeChange::of(step, |value| visible(&readable(step.0, value)).into_owned())
        };
        change.differences().map(write).collect()
    }
}

fn quoted(texts: &[String]) -> String {
    texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ")
}
