//! An explanation in plain lines.

use super::{Address, Candidate, Explanation, Folded, Part, Pool, Refused, Rule, Wish, Write};
use crate::message::visible;

/// Renders it; ends with a line break.
#[must_use]
pub fn render(told: &Explanation) -> String {
    let mut text = format!("{} ({}:{})\n", visible(&told.dn), told.file, told.line);
    let mut outcome = told.status.to_owned();
    if !told.code.is_empty() {
        outcome += &format!(", {}", told.code);
    }
    if !told.why.is_empty() {
        outcome += &format!(": {}", told.why);
    }
    if !told.change_file.is_empty() {
        outcome += &format!(": {}, record {}", told.change_file, told.change_record);
    }
    let mut section = |name: &str, lines: Vec<String>| {
        for (at, line) in lines.iter().enumerate() {
            text += &format!("  {:<10} {line}\n", if at == 0 { name } else { "" });
        }
    };
    section("outcome", vec![outcome]);
    section("selected", told.selection.clone());
    section("rule", told.rule.iter().map(rule).collect());
    section("address", told.address.iter().flat_map(address).collect());
    section("pool", told.pool.iter().flat_map(pool).collect());
    section("written", told.writes.iter().flat_map(write).collect());
    let mut messages = Vec::new();
    for message in &told.messages {
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

fn address(told: &Address) -> Vec<String> {
    let mut lines = vec![match &told.uri[..] {
        "" => "none".to_owned(),
        uri => uri.to_owned(),
    }];
    for Refused { format, why } in &told.refused {
        lines.push(format!("  {format} gives none: {why}"));
    }
    let part = |part: &Part| format!("{} `{}`", part.attribute, visible(&part.value));
    let from = told.from.iter().map(part).collect::<Vec<_>>().join(", ");
    match &told.source[..] {
        "" => {}
        "existing" if from.is_empty() => {
            lines.push("  the user has it already, and [sip] existing = \"keep\"".to_owned());
        }
        "existing" => lines.push(format!("  made from {from}")),
        format => lines.push(format!("  {format} made it from {from}")),
    }
    for Folded { attribute, before, after } in &told.folded {
        lines.push(format!("  {attribute}: `{}` folded to `{after}`", visible(before)));
    }
    if !told.rehomed.is_empty() {
        lines.push(format!("  the domain `{}` gave way to the first of the list", told.rehomed));
    }
    told.candidates.iter().for_each(|one| candidate(one, &mut lines));
    if !told.ruling.is_empty() {
        lines.push(format!("  {}", told.ruling));
    }
    lines
}

fn candidate(told: &Candidate, lines: &mut Vec<String>) {
    if told.others.is_empty() {
        let alone = if told.given { "nobody else has or claims it" } else { "not given" };
        return lines.push(format!("  {}: {alone}", told.uri));
    }
    lines.push(format!("  {}:", told.uri));
    for other in &told.others {
        let place = format!("{} ({}:{})", visible(&other.dn), other.file, other.line);
        lines.push(format!("    {place} {}", other.has.join(", ")));
    }
    if told.more > 0 {
        lines.push(format!("    and {} more", told.more));
    }
}

fn pool(told: &Pool) -> Vec<String> {
    let label = if told.label.is_empty() { "none" } else { &told.label };
    let mut lines = vec![format!("{label}: {}", told.why)];
    if let Some(group) = &told.group {
        lines.push(format!(
            "  {} placed together: {} `{}`",
            group.members,
            group.attribute,
            visible(&group.value)
        ));
    }
    let is_grouped = told.group.is_some();
    lines.extend(told.ranking.iter().map(|wish| wished(wish, is_grouped)));
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
