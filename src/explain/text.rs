//! An explanation in plain lines.

use super::{Address, Candidate, Explanation, Folded, Part, Pool, Refused, Rule, Wish, Write};
use crate::message::visible;

/// Renders it; ends with a line break.
#[must_use]
pub fn render(explanation: &Explanation) -> String {
    let mut text = format!("{} ({}:{})\n", visible(&explanation.dn), explanation.file, explanation.line);
    let mut outcome = explanation.status.to_owned();
    if !explanation.code.is_empty() {
        outcome += &format!(", {}", explanation.code);
    }
    if !explanation.why.is_empty() {
        outcome += &format!(": {}", explanation.why);
    }
    if !explanation.change_file.is_empty() {
        outcome += &format!(": {}, record {}", explanation.change_file, explanation.change_record);
    }
    let mut section = |name: &str, lines: Vec<String>| {
        for (at, line) in lines.iter().enumerate() {
            text += &format!("  {:<10} {line}\n", if at == 0 { name } else { "" });
        }
    };
    section("outcome", vec![outcome]);
    section("selected", explanation.selection.clone());
    section("rule", explanation.rule.iter().map(rule).collect());
    section("address", explanation.address.iter().flat_map(address).collect());
    section("pool", explanation.pool.iter().flat_map(pool).collect());
    section("written", explanation.writes.iter().flat_map(write).collect());
    let mut messages = Vec::new();
    for message in &explanation.messages {
        messages.push(format!("{}[{}]: {}", message.severity, message.code, message.what.english()));
        messages.extend(message.help.iter().map(|help| format!("  help: {}", help.english())));
    }
    section("messages", messages);
    text
}

fn rule(rule: &Rule) -> String {
    if rule.number == 0 {
        return "there are no rules: every user, all pools".to_owned();
    }
    let conditions = match &rule.conditions[..] {
        [] => "it is everybody's".to_owned(),
        conditions => conditions.join(", "),
    };
    format!(
        "`{}`, number {} of {} and the first that matches: {conditions}",
        rule.label, rule.number, rule.of
    )
}

fn address(address: &Address) -> Vec<String> {
    let mut lines = vec![match &address.uri[..] {
        "" => "none".to_owned(),
        uri => uri.to_owned(),
    }];
    for Refused { format, why } in &address.refused {
        lines.push(format!("  {format} gives none: {why}"));
    }
    let part = |part: &Part| format!("{} `{}`", part.attribute, visible(&part.value));
    let from = address.from.iter().map(part).collect::<Vec<_>>().join(", ");
    match &address.source[..] {
        "" => {}
        "existing" if from.is_empty() => {
            lines.push("  the user has it already, and [sip] existing = \"keep\"".to_owned());
        }
        "existing" => lines.push(format!("  made from {from}")),
        format => lines.push(format!("  {format} made it from {from}")),
    }
    for Folded { attribute, before, after } in &address.folded {
        lines.push(format!("  {attribute}: `{}` folded to `{after}`", visible(before)));
    }
    if !address.rehomed.is_empty() {
        lines.push(format!("  the domain `{}` gave way to the first of the list", address.rehomed));
    }
    address.candidates.iter().for_each(|one| candidate(one, &mut lines));
    if !address.ruling.is_empty() {
        lines.push(format!("  {}", address.ruling));
    }
    lines
}

fn candidate(candidate: &Candidate, lines: &mut Vec<String>) {
    if candidate.others.is_empty() {
        let alone = if candidate.given { "nobody else has or claims it" } else { "not given" };
        return lines.push(format!("  {}: {alone}", candidate.uri));
    }
    lines.push(format!("  {}:", candidate.uri));
    for other in &candidate.others {
        let place = format!("{} ({}:{})", visible(&other.dn), other.file, other.line);
        lines.push(format!("    {place} {}", other.has.join(", ")));
    }
    if candidate.more > 0 {
        lines.push(format!("    and {} more", candidate.more));
    }
}

fn pool(pool: &Pool) -> Vec<String> {
    let label = if pool.label.is_empty() { "none" } else { &pool.label };
    let mut lines = vec![format!("{label}: {}", pool.why)];
    if let Some(group) = &pool.group {
        lines.push(format!(
            "  {} placed together: {} `{}`",
            group.members,
            group.attribute,
            visible(&group.value)
        ));
    }
    let is_grouped = pool.group.is_some();
    lines.extend(pool.ranking.iter().map(|wish| wished(wish, is_grouped)));
    lines
}

fn wished(wish: &Wish, is_grouped: bool) -> String {
    let Wish { label, ticket, weight, before, added, capacity, .. } = wish;
    let load = before + added;
    let room = match (capacity, wish.room) {
        (0, _) => "no limit".to_owned(),
        (_, true) => format!("room, {load} of {capacity}"),
        (_, false) => format!("no room, {load} of {capacity}"),
    };
    let group =
        if is_grouped { format!(", {} of the group homed there", wish.group_homed) } else { String::new() };
    format!(
        "  {label}: highest ticket {ticket} of {weight}; {before} users before the run, {added} added so far: {room}{group}"
    )
}

fn write(write: &Write) -> Vec<String> {
    match (&write.removed[..], &write.added[..]) {
        ([old], [new]) => vec![format!("{}: {old} -> {new}", write.attribute)],
        (removed, added) => {
            let removed = removed.iter().map(|value| format!("{}: - {value}", write.attribute));
            removed.chain(added.iter().map(|value| format!("{}: + {value}", write.attribute))).collect()
        }
    }
}
