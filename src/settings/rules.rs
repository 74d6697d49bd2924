//! Which users get which pools, and what is written for them.

use toml::Spanned;

use super::compiler::Compiler;
use super::lines::Lines;
use crate::config::{ConfigFile, RuleSection, UserOptions};
use crate::language::{Text, text};
use crate::message::{Message, Severity};
use crate::object::{Attr, Object};
use crate::pool::{Pool, PoolId};
use crate::select::Base;
use crate::select::filter::{Asked, Filter};

/// The maximum number of rules in a run: each user may be compared with all of them.
const MOST_RULES: usize = 10_000;

/// A rule: which users get which pools and options.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    /// Its name in reports; empty for the implicit rule of a run without rules.
    pub label: String,
    pub(super) base: Option<Base>,
    pub(super) filter: Option<Filter>,
    /// The pools that its users share.
    pub pools: Vec<PoolId>,
    /// Whether its users are left alone.
    pub skip: bool,
    /// What is written for its users.
    pub options: UserOptions,
    /// How its users get their lines, if lines are written.
    pub lines: Lines,
}

impl Rule {
    /// Describes the conditions on an object; empty if the rule matches every object.
    pub fn conditions(&self) -> Vec<Text> {
        let base = self.base.iter().map(|base| text!("below `{}`", "sous `{}`", base.typed));
        let filter = self.filter.iter().map(|filter| text!("`{filter}` holds", "`{filter}` est vrai"));
        base.chain(filter).collect()
    }

    /// Whether the rule matches every object.
    pub fn is_unconditional(&self) -> bool {
        self.base.is_none() && self.filter.is_none()
    }

    /// Whether the rule matches the object.
    pub fn matches(&self, object: &Object<'_>) -> bool {
        self.certainly(object, &|_, _| false) == Some(true)
    }

    /// Whether the rule matches whatever the object's unsure values are; `None` if they decide.
    pub(super) fn certainly(
        &self,
        object: &Object<'_>,
        unsure: &impl Fn(Attr, Asked) -> bool,
    ) -> Option<bool> {
        match (&self.base, &self.filter) {
            (Some(base), _) if !base.holds(object) => Some(false),
            (_, Some(filter)) => filter.certainly(object, unsure),
            (_, None) => Some(true),
        }
    }
}

/// The target pools of a run.
pub(super) struct RuleTargets<'t> {
    pub(super) all: &'t [PoolId],
    /// Whether flags named them, which take precedence over the rules.
    pub(super) are_typed: bool,
    /// Whether users are to get a pool.
    pub(super) are_wanted: bool,
}

/// How many errors suggest similar names: a generated file may have thousands of errors, each with thousands of pools
/// to compare.
const MOST_EXPLAINED: usize = 20;

impl Compiler<'_> {
    /// Returns the rules of the configuration, if they are wanted, else one for every user. Options of flags take
    /// precedence over those of rules, and those of rules over `[options]`.
    pub(super) fn rules(
        &mut self,
        are_wanted: bool,
        pools: &[Pool],
        targets: &RuleTargets<'_>,
        typed: &UserOptions,
    ) -> Vec<Rule> {
        let keys = if are_wanted { &self.source.config.rule[..] } else { &[] };
        let count = keys.len();
        if count > MOST_RULES {
            let what = text!(
                "{count} rules are given, but a run can handle {MOST_RULES}",
                "{count} règles sont données, et une exécution en suit {MOST_RULES}",
            );
            self.faults.push(Message::error("rules-too-many", what));
            return Vec::new();
        }
        if keys.is_empty() {
            let options = typed.or(&self.source.config.options);
            return vec![Rule { pools: targets.all.to_vec(), options, ..Rule::default() }];
        }
        let rule = |key: &RuleSection| Rule {
            label: key.label.get_ref().clone(),
            base: key.base.as_ref().and_then(|base| self.base(base)),
            filter: self.filter(None, key.filter.as_ref()),
            pools: self.pools_of(key, pools, targets),
            skip: key.skip,
            options: typed.or(&key.options.or(&self.source.config.options)),
            lines: Lines::default(),
        };
        keys.iter().map(rule).collect()
    }

    /// Returns the pools of a rule, or those of the flags that replace them.
    fn pools_of(&mut self, key: &RuleSection, pools: &[Pool], targets: &RuleTargets<'_>) -> Vec<PoolId> {
        let label = key.label.get_ref();
        match &key.pools {
            None if !key.skip && targets.are_wanted => {
                self.faults.push(nothing_named(self.source, key));
            }
            Some(names) if key.skip => {
                let what = text!(
                    "rule `{label}` both skips and names pools",
                    "la règle `{label}` écarte tout en nommant des pools"
                );
                self.faults.push(self.source.fault("rule-pools", names, what));
            }
            Some(names) if names.get_ref().is_empty() => {
                self.faults.push(self.source.fault("rule-pools", names, no_pool(label)));
            }
            Some(names) if !targets.are_typed => {
                let mut ids = Vec::new();
                for name in names.get_ref() {
                    ids.extend(self.labelled(name, pools).filter(|pool| !ids.contains(pool)));
                }
                return ids;
            }
            _ => {}
        }
        if targets.are_typed && !key.skip { targets.all.to_vec() } else { Vec::new() }
    }

    /// Finds the pool with this label.
    fn labelled(&mut self, name: &Spanned<String>, pools: &[Pool]) -> Option<PoolId> {
        let label = name.get_ref();
        let at = pools.iter().position(|pool| pool.label == *label);
        if let Some(at) = at.and_then(|at| u16::try_from(at).ok()) {
            return Some(PoolId(at));
        }
        let what = text!("no [[pool]] is labelled `{label}`", "aucun [[pool]] n’a le nom `{label}`");
        let mut message = self.source.fault("rule-pools", name, what);
        if pools.is_empty() {
            message = message.help(text!(
                "describe the pool in a [[pool]], with its DN and a label by which rules name it",
                "décrivez le pool dans un [[pool]], avec son DN et un label par lequel les règles le nomment"
            ));
        } else if self.faults.len() < MOST_EXPLAINED {
            let labels: Vec<&str> = pools.iter().map(|pool| pool.label.as_str()).collect();
            message = message.suggest(label, &labels);
        }
        self.faults.push(message);
        None
    }
}

fn no_pool(label: &str) -> Text {
    text!("rule `{label}` names no pool", "la règle `{label}` ne nomme aucun pool")
}

/// Returns the error that a rule neither names pools nor skips.
fn nothing_named(source: &ConfigFile, key: &RuleSection) -> Message {
    source
        .fault("rule-pools", &key.label, no_pool(key.label.get_ref()))
        .help(text!("write pools = [\"…\"], or skip = true", "écrivez pools = [\"…\"], ou skip = true"))
}

/// Returns the errors of all rules that neither name pools nor skip nor set options, for a configuration whose pools are still to be named.
pub(crate) fn silent_rules(source: &ConfigFile) -> Vec<Message> {
    let is_silent =
        |key: &&RuleSection| key.pools.is_none() && !key.skip && key.options == UserOptions::default();
    source.config.rule.iter().filter(is_silent).map(|key| nothing_named(source, key)).collect()
}

/// Finds the first rule that can never match because an earlier one matches every user.
pub(super) fn unreachable(source: &ConfigFile) -> Option<Message> {
    let mut rules = source.config.rule.iter();
    let all = rules.find(|rule| rule.base.is_none() && rule.filter.is_none())?.label.get_ref();
    let label = &rules.next()?.label;
    let what =
        text!("rule `{}` can never match", "la règle `{}` ne peut jamais s’appliquer", label.get_ref());
    let why = text!(
        "rule `{all}` before it matches every user, and the first match applies",
        "la règle `{all}` qui la précède s’applique à tous, et la première qui s’applique l’emporte"
    );
    let message = source.fault("rule-unreachable", label, what).because(why);
    Some(Message { severity: Severity::Warning, ..message })
}
