//! Renders explanations as plain text.

use super::{
    Address, Explanation, FoldedPart, MatchedRule, PoolChoice, RankedPool, RefusedFormat, SourcePart,
    TriedAddress,
};
use crate::language::{Language, Text, count, text, users};
use crate::message::{Message, visible};
use crate::output::html::Words;
use crate::report::AttributeChange;

/// Renders an explanation in a language, with a line break at the end.
pub(crate) fn render(explained: &Explanation, language: Language) -> String {
    let mut text = format!("{} ({}:{})\n", visible(&explained.dn), explained.file, explained.line);
    let mut outcome = Words { language }.of_status_named(explained.status).to_owned();
    if !explained.code.is_empty() {
        outcome += &format!(", {}", explained.code);
    }
    let colon = if language == Language::Fr { " : " } else { ": " };
    if !explained.why.is_empty() {
        outcome += &format!("{colon}{}", explained.why.in_language(language));
    }
    if !explained.change_file.is_empty() {
        let (file, record) = (&explained.change_file, &explained.change_record);
        let place = text!("{file}, record {record}", "{file}, enregistrement {record}");
        outcome += &format!("{colon}{}", place.in_language(language));
    }
    let mut section = |name: Text, lines: Vec<Text>| {
        for (at, line) in lines.iter().enumerate() {
            let name = if at == 0 { name.in_language(language) } else { "" };
            text += &format!("  {name:<10} {}\n", line.in_language(language));
        }
    };
    section(text!("outcome", "résultat"), vec![Text::same(outcome)]);
    section(text!("selected", "sélection"), explained.selection.clone());
    section(text!("rule", "règle"), explained.rule.iter().filter_map(rule).collect());
    section(text!("address", "adresse"), explained.address.iter().flat_map(address).collect());
    section(text!("pool", "pool"), explained.pool.iter().flat_map(pool).collect());
    section(text!("written", "écrit"), explained.writes.iter().flat_map(write).collect());
    section(text!("messages", "messages"), messages(&explained.messages));
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

/// Renders messages, each on a line, with their advice.
pub(crate) fn messages(messages: &[Message]) -> Vec<Text> {
    let mut lines = Vec::new();
    for Message { severity, code, what, help, .. } in messages {
        lines.push(Text::of(
            format!("{}[{code}]: {}", severity.word(Language::En), what.english()),
            format!("{}[{code}]: {}", severity.word(Language::Fr), what.in_language(Language::Fr)),
        ));
        lines.extend(help.iter().map(|help| text!("  help: {help}", "  aide\u{a0}: {help}"; help)));
    }
    lines
}

/// Describes the matched rule, if there are rules.
fn rule(rule: &MatchedRule) -> Option<Text> {
    let MatchedRule { number, of, label, conditions } = rule;
    if *number == 0 {
        return None;
    }
    let conditions = match &conditions[..] {
        [] => text!("it applies to every user", "elle vaut pour tous"),
        conditions => Text::join(conditions, ", "),
    };
    Some(text!(
        "`{label}`, number {number} of {of} and the first that matches: {conditions}",
        "`{label}`, numéro {number} sur {of} et la première qui convient\u{a0}: {conditions}";
        conditions
    ))
}

fn address(address: &Address) -> Vec<Text> {
    let mut lines = vec![match &address.uri[..] {
        "" => text!("none", "aucune"),
        uri => Text::same(uri.to_owned()),
    }];
    for RefusedFormat { format, why } in &address.refused {
        lines.push(text!("  {format} gives none: {why}", "  {format} n’en donne pas\u{a0}: {why}"; why));
    }
    let part = |part: &SourcePart| format!("{} `{}`", part.attribute, visible(&part.value));
    let from = address.from.iter().map(part).collect::<Vec<_>>().join(", ");
    match &address.source[..] {
        "" => {}
        "existing" if from.is_empty() => lines.push(text!(
            "  the user has it already, and [sip] existing = \"keep\"",
            "  l’utilisateur l’a déjà, et [sip] existing = \"keep\""
        )),
        "existing" => lines.push(text!("  made from {from}", "  faite de {from}")),
        format => lines.push(text!("  made from {from} ({format})", "  faite de {from} ({format})")),
    }
    for FoldedPart { attribute, before, after } in &address.folded {
        let before = visible(before);
        lines.push(text!(
            "  {attribute}: `{before}` folded to `{after}`",
            "  {attribute}\u{a0}: `{before}` converti en `{after}`"
        ));
    }
    if !address.rehomed.is_empty() {
        lines.push(text!(
            "  the domain `{}` was replaced by the first in the list",
            "  le domaine `{}` a cédé la place au premier de la liste",
            address.rehomed
        ));
    }
    address.candidates.iter().for_each(|one| candidate(one, &mut lines));
    if !address.ruling.is_empty() {
        lines.push(address.ruling.map(|ruling| format!("  {ruling}")));
    }
    lines
}

fn candidate(tried: &TriedAddress, lines: &mut Vec<Text>) {
    let uri = &tried.uri;
    if tried.others.is_empty() {
        return lines.push(if tried.given {
            text!(
                "  {uri}: nobody else has or claims it",
                "  {uri}\u{a0}: personne d’autre ne l’a ni ne la demande"
            )
        } else {
            text!("  {uri}: not given", "  {uri}\u{a0}: non donnée")
        });
    }
    lines.push(text!("  {uri}:", "  {uri}\u{a0}:"));
    for other in &tried.others {
        let place = format!("{} ({}:{})", visible(&other.dn), other.file, other.line);
        lines.push(Text::join(&other.has, ", ").map(|has| format!("    {place} {has}")));
    }
    if tried.more > 0 {
        lines.push(text!("    and {} more", "    et {} de plus", tried.more));
    }
}

fn pool(choice: &PoolChoice) -> Vec<Text> {
    let why = &choice.why;
    let mut lines = vec![match &choice.label[..] {
        "" if why.english().is_empty() => text!("none", "aucun"),
        "" => text!("none: {why}", "aucun\u{a0}: {why}"; why),
        label => text!("{label}: {why}", "{label}\u{a0}: {why}"; why),
    }];
    if let Some(group) = &choice.group {
        let value = visible(&group.value);
        lines.push(text!(
            "  {members} placed together: {attribute} `{value}`",
            "  {members} placés ensemble\u{a0}: {attribute} `{value}`",
            members = group.members,
            attribute = &group.attribute
        ));
    }
    let is_grouped = choice.group.is_some();
    lines.extend(choice.ranking.iter().map(|pool| ranked(pool, is_grouped)));
    lines
}

fn ranked(pool: &RankedPool, is_grouped: bool) -> Text {
    let RankedPool { label, ticket, weight, before, added, capacity, group_homed, .. } = pool;
    let load = before + added;
    let room = match (capacity, pool.room) {
        (0, _) => text!("no limit", "sans limite"),
        (_, true) => text!("room, {load} of {capacity}", "de la place, {load} sur {capacity}"),
        (_, false) => text!("no room, {load} of {capacity}", "plus de place, {load} sur {capacity}"),
    };
    let group = if is_grouped {
        text!(", {group_homed} of the group homed there", ", {group_homed} du groupe y sont hébergés")
    } else {
        Text::default()
    };
    let ticket = match weight {
        1 => text!("ticket {ticket}", "ticket {ticket}"),
        _ => text!("{ticket}, the highest of {weight} tickets", "{ticket}, le plus haut de {weight} tickets"),
    };
    text!(
        "  {label}: {ticket}; {before} before the run, {added} so far: {room}{group}",
        "  {label}\u{a0}: {ticket}\u{202f}; {before} avant l’exécution, {added} jusque-là\u{a0}: {room}{group}";
        ticket,
        before = users(*before),
        added = count(*added, ["added", "added"], ["ajouté", "ajoutés"]),
        room,
        group
    )
}

fn write(write: &AttributeChange) -> Vec<Text> {
    let attribute = &write.attribute;
    let line = |what: String| Text::same(format!("{attribute}: {what}"));
    match (&write.removed[..], &write.added[..]) {
        ([old], [new]) => vec![line(format!("{old} -> {new}"))],
        (removed, added) => {
            let removed = removed.iter().map(|value| line(format!("- {value}")));
            removed.chain(added.iter().map(|value| line(format!("+ {value}")))).collect()
        }
    }
}
