//! Selections, rules and flags that match no user of the inputs.

use std::collections::HashSet;

use super::{Plan, Unlisted, is_selected};
use crate::input::{cut_list, said};
use crate::language::{Text, text};
use crate::message::{Failure, Message};
use crate::plan::scan::{Fact, NONE, Scan};
use crate::report::redaction::MASK;
use crate::select::{ListedLine, UserList};
use crate::settings::{Purpose, Rule, Settings};
use crate::wizard::Wizard;

impl Plan {
    /// Returns a warning for each line of `--users` that selects no user.
    pub(crate) fn unmatched_lines<'p>(
        &'p self,
        settings: &'p Settings,
    ) -> impl Iterator<Item = Message> + Clone + 'p {
        let list = settings.selection.list.as_ref();
        let warning = move |unlisted: &Unlisted| {
            let ListedLine { number, text, .. } = list?.line(unlisted.line as usize);
            // The line may contain a value to redact.
            let text = if settings.report.redaction.is_empty() { text } else { MASK };
            let message = match unlisted.users {
                _ if unlisted.contradicts => {
                    let what = text!(
                        "line {number} of --users, `{text}`, names different users in its cells, and selects none",
                        "la ligne {number} de --users, `{text}`, désigne dans ses cellules des utilisateurs différents, et n’en sélectionne aucun"
                    );
                    let code = if unlisted.users == 0 { "users-unmatched" } else { "users-ambiguous" };
                    Message::warning(code, what)
                }
                0 => {
                    let what = text!(
                        "line {number} of --users, `{text}`, matches no user",
                        "la ligne {number} de --users, `{text}`, ne correspond à aucun utilisateur"
                    );
                    Message::warning("users-unmatched", what).help(advice(text))
                }
                users => {
                    let what = text!(
                        "line {number} of --users, `{text}`, matches {users} users, and selects none",
                        "la ligne {number} de --users, `{text}`, correspond à {users} utilisateurs, et n’en sélectionne aucun"
                    );
                    Message::warning("users-ambiguous", what)
                }
            };
            Some(message.at(&list?.file, number, 1))
        };
        self.unlisted.iter().filter_map(warning)
    }
}

/// Drops the lines that a tool wrote, such as `dsget succeeded`.
///
/// # Errors
/// `export-incomplete` if such a line says that the list is cut.
pub(super) fn without_tool_output(
    list: Option<&UserList>,
    mut unlisted: Vec<Unlisted>,
) -> Result<Vec<Unlisted>, Failure> {
    let Some(list) = list else { return Ok(unlisted) };
    // Such a line may be the name of a user in another export.
    let is_name = |text: &str| {
        let is_part = |c: char| "._-".contains(c) || c.is_numeric();
        text.contains(['@', '=', '\\']) || !text.contains(' ') && text.contains(is_part)
    };
    let tool_output = |unlisted: &Unlisted| {
        let line = list.line(unlisted.line as usize);
        let said = said(line.text).filter(|_| unlisted.users == 0 && !is_name(line.text))?;
        Some((line, said))
    };
    let found: Vec<_> = unlisted.iter().filter_map(tool_output).collect();
    let named = list.lines().len() - found.len();
    let cuts = found.iter().filter(|(_, said)| said.is_cut(named as u64));
    let cuts: Vec<Message> =
        cuts.map(|(line, _)| cut_list(line.text).at(&list.file, line.number, 1)).collect();
    if !cuts.is_empty() {
        return Err(Failure::Broken(cuts));
    }
    unlisted.retain(|unlisted| tool_output(unlisted).is_none());
    Ok(unlisted)
}

/// Suggests how to write a line that names a user in an unusual way.
fn advice(line: &str) -> Option<Text> {
    let bracketed = line.strip_suffix('>').and_then(|line| line.split_once('<'));
    let starts_with =
        |scheme: &str| line.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let meant = if line.starts_with('#') {
        return Some(text!("delete the line", "supprimez la ligne"));
    } else if starts_with("LDAP://") {
        &line[7..]
    } else if starts_with("sip:") {
        &line[4..]
    } else if let Some((_, mail)) = bracketed.filter(|(_, mail)| mail.contains('@')) {
        mail
    } else if line.contains([',', ';', '\t']) && !line.contains('=') {
        return Some(text!("write each user on a line", "écrivez chaque utilisateur sur une ligne"));
    } else if line.contains('/') {
        return Some(text!(
            "name the user by DN, sAMAccountName, UPN or mail address",
            "désignez l’utilisateur par son DN, son sAMAccountName, son UPN ou son adresse de messagerie"
        ));
    } else {
        return None;
    };
    Some(text!("write it as `{meant}`", "écrivez-la sous la forme `{meant}`"))
}

/// Returns warnings, and messages that stop the run, about bases and rules that match no user and flags that match no
/// user who takes part.
pub(super) fn unmatched(wizard: &Wizard<'_>, scan: &Scan, facts: &[Fact]) -> (Vec<Message>, Vec<Message>) {
    let settings = wizard.settings;
    let (mut warnings, mut stops) = (Vec::new(), Vec::new());
    let mut reported = HashSet::new();
    for ((purpose, base), is_met) in settings.bases().zip(&scan.bases) {
        if *is_met {
            continue;
        }
        let typed = &base.typed;
        let what = match purpose {
            Purpose::Selects => text!(
                "no user of the inputs is below `{typed}`",
                "aucun utilisateur des entrées ne se trouve sous `{typed}`",
            ),
            Purpose::Protects | Purpose::Rules(_) => text!(
                "no user of the exports is below `{typed}`",
                "aucun utilisateur des exports ne se trouve sous `{typed}`",
            ),
        };
        match purpose {
            Purpose::Selects => {
                let help =
                    text!("compare the DN with those of the export", "comparez le DN avec ceux de l’export");
                warnings.push(Message::warning("base-unmatched", what).help(help));
            }
            Purpose::Protects => {
                let why = text!(
                    "[safety] protect would protect no user there, and a mistyped DN looks the same",
                    "[safety] protect n’y protégerait personne, et un DN mal saisi se présente de même",
                );
                let help = text!(
                    "correct the DN in [safety] protect, or remove it",
                    "corrigez le DN dans [safety] protect, ou supprimez-le",
                );
                stops.push(Message::error("base-unmatched", what).because(why).help(help));
            }
            Purpose::Rules(label) => {
                reported.insert(label);
                let why = text!(
                    "the rule `{label}` applies to no user",
                    "la règle `{label}` ne s’applique à personne",
                );
                warnings.push(Message::warning("base-unmatched", what).because(why));
            }
        }
    }
    warnings.extend(unmatched_rules(settings, facts, &reported));
    let matched: HashSet<u8> =
        facts.iter().filter(|fact| is_selected(fact)).filter_map(|fact| fact.matched).collect();
    let flags = wizard.logic.unmatched_flags().into_iter().zip(0_u8..);
    warnings.extend(flags.filter(|(_, at)| !matched.contains(at)).map(|(message, _)| message));
    (warnings, stops)
}

/// Warns of rules that apply to no user, except those with a reported base and those behind an unconditional rule.
fn unmatched_rules<'r>(
    settings: &'r Settings,
    facts: &[Fact],
    reported: &HashSet<&str>,
) -> impl Iterator<Item = Message> + use<'r> {
    let mut applies = vec![false; settings.rules.len()];
    for fact in facts.iter().filter(|fact| fact.rule != NONE) {
        applies[usize::from(fact.rule)] = true;
    }
    let unconditional =
        settings.rules.iter().position(Rule::is_unconditional).unwrap_or(settings.rules.len());
    let is_silent = |(rule, applies): &(&Rule, bool)| {
        !applies && !rule.label.is_empty() && !reported.contains(rule.label.as_str())
    };
    let silent: Vec<&Rule> =
        settings.rules[..unconditional].iter().zip(applies).filter(is_silent).map(|(rule, _)| rule).collect();
    silent.into_iter().map(|rule| {
        let what = text!(
            "the rule `{label}` applies to no user of the inputs",
            "la règle `{label}` ne s’applique à aucun utilisateur des entrées",
            label = &rule.label,
        );
        Message::warning("rule-unmatched", what).because(text!(
            "the first rule that matches a user applies",
            "la première règle qui correspond à un utilisateur s’applique",
        ))
    })
}
