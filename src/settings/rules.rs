//! Who gets which pools, and what is written for them.

use super::Faults;
use super::lines::Lines;
use super::selection::{base_of, parse_filter};
use crate::config::{self, ConfigFile};
use crate::language::{Text, text};
use crate::message::{self, Message};
use crate::object::{Attr, Attributes};
use crate::pool::{Pool, PoolId};
use crate::select::Base;
use crate::select::filter::Filter;
use toml::Spanned;

/// How many rules a run follows: each user may be compared with all of them.
const MOST_RULES: usize = 10_000;

/// Who gets which pools.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name in reports; empty for the rule that stands for no rule at all.
    pub label: String,
    pub(super) base: Option<Base>,
    pub(super) filter: Option<Filter<Attr>>,
    /// The pools they share.
    pub pools: Vec<PoolId>,
    /// They are left alone.
    pub skip: bool,
    /// What is written for them.
    pub options: config::UserOptions,
    /// How they get their lines, where lines are written.
    pub lines: Lines,
}

impl Rule {
    /// What an object must be for the rule: nothing of it for every object.
    #[must_use]
    pub fn conditions(&self) -> Vec<Text> {
        let base = self.base.iter().map(|base| text!("below `{}`", "sous `{}`", base.typed));
        let filter = self.filter.iter().map(|filter| text!("`{filter}` holds", "`{filter}` est vrai"));
        base.chain(filter).collect()
    }

    /// Whether the rule applies to every object.
    #[must_use]
    pub fn is_unconditional(&self) -> bool {
        self.base.is_none() && self.filter.is_none()
    }

    /// Whether the rule is the object's, if no rule before it is.
    #[must_use]
    pub fn matches(&self, object: &crate::object::Object<'_>) -> bool {
        self.base.as_ref().is_none_or(|base| base.holds(object))
            && self.filter.as_ref().is_none_or(|filter| filter.matches(object))
    }
}

/// The target pools of a run.
pub(super) struct RuleTargets<'t> {
    /// All of them.
    pub(super) all: &'t [PoolId],
    /// Whether they were named by flags, and win over those of the rules.
    pub(super) are_typed: bool,
    /// Whether anybody is to be given a pool.
    pub(super) are_wanted: bool,
}

/// How many faults come with the names that may be meant: a generated file may hold thousands, each beside thousands of
/// pools.
const MOST_EXPLAINED: usize = 20;

/// The fault of a label that no pool has, behind this many others.
fn unknown_label(source: &ConfigFile, name: &Spanned<String>, pools: &[Pool], others: usize) -> Message {
    let what = text!("no [[pool]] is labelled `{}`", "aucun [[pool]] n’a le nom `{}`", name.get_ref());
    let message = source.fault("rule-pools", name, what);
    if others >= MOST_EXPLAINED {
        return message;
    }
    let labels = || pools.iter().map(|pool| pool.label.as_str());
    match message::nearest(name.get_ref(), labels()) {
        Some(near) => message.help(text!("did you mean `{near}`?", "vouliez-vous dire `{near}`\u{a0}?")),
        None => message.because(text!(
            "known here: {}",
            "connus ici\u{a0}: {}",
            labels().collect::<Vec<_>>().join(", ")
        )),
    }
}

/// The rules of the configuration, if they are wanted; else one for everybody.
pub(super) fn rules(
    source: &ConfigFile,
    are_wanted: bool,
    pools: &[Pool],
    targets: &RuleTargets<'_>,
    attributes: &mut Attributes,
    faults: &mut Faults,
) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let count = source.config.rule.len();
    if are_wanted && count > MOST_RULES {
        let what = text!(
            "{count} rules are given, and a run follows {MOST_RULES}",
            "{count} règles sont données, et une exécution en suit {MOST_RULES}",
        );
        faults.push(Message::error("rules-too-many", what));
        return rules;
    }
    for key in source.config.rule.iter().filter(|_| are_wanted) {
        let label = key.label.get_ref().clone();
        let base = key.base.as_ref().and_then(|base| {
            base_of(base.get_ref(), |what| source.fault("base-invalid", base, what), faults)
        });
        let filter = key
            .filter
            .as_ref()
            .and_then(|filter| parse_filter(filter.get_ref(), Some((source, filter)), attributes, faults));
        let mut own = Vec::new();
        match &key.pools {
            None if !key.skip && targets.are_wanted => {
                let message = source.fault(
                    "rule-pools",
                    &key.label,
                    text!("rule `{label}` names no pool", "la règle `{label}` ne nomme aucun pool"),
                );
                faults.push(message.help(text!(
                    "write pools = [\"…\"], or skip = true",
                    "écrivez pools = [\"…\"], ou skip = true"
                )));
            }
            Some(names) if key.skip => {
                faults.push(source.fault(
                    "rule-pools",
                    names,
                    text!(
                        "rule `{label}` both skips and names pools",
                        "la règle `{label}` écarte tout en nommant des pools"
                    ),
                ));
            }
            Some(names) if names.get_ref().is_empty() => {
                faults.push(source.fault(
                    "rule-pools",
                    names,
                    text!("rule `{label}` names no pool", "la règle `{label}` ne nomme aucun pool"),
                ));
            }
            Some(names) if !targets.are_typed => {
                for name in names.get_ref() {
                    match pools
                        .iter()
                        .position(|pool| pool.label == *name.get_ref())
                        .and_then(|at| u16::try_from(at).ok())
                    {
                        Some(at) if !own.contains(&PoolId(at)) => own.push(PoolId(at)),
                        Some(_) => {}
                        None => faults.push(unknown_label(source, name, pools, faults.count())),
                    }
                }
            }
            _ => {}
        }
        if targets.are_typed && !key.skip {
            own = targets.all.to_vec();
        }
        let options = key.options.clone();
        let (pools, skip, lines) = (own, key.skip, Lines::default());
        rules.push(Rule { label, base, filter, pools, skip, options, lines });
    }
    if rules.is_empty() {
        let options = config::UserOptions::default();
        rules.push(Rule {
            label: String::new(),
            base: None,
            filter: None,
            pools: targets.all.to_vec(),
            skip: false,
            options,
            lines: Lines::default(),
        });
    }
    rules
}

/// The first rule that can never match, because an earlier one matches every user.
pub(super) fn unreachable(source: &ConfigFile) -> Option<Message> {
    let mut rules = source.config.rule.iter();
    let all = rules.find(|rule| rule.base.is_none() && rule.filter.is_none())?.label.get_ref();
    let label = &rules.next()?.label;
    let message = source.fault(
        "rule-unreachable",
        label,
        text!("rule `{}` can never match", "la règle `{}` ne peut jamais s’appliquer", label.get_ref()),
    );
    let message = message.because(text!(
        "rule `{all}` before it matches every user, and the first match wins",
        "la règle `{all}` qui la précède s’applique à tous, et la première qui s’applique l’emporte"
    ));
    Some(Message { severity: message::Severity::Warning, ..message })
}
