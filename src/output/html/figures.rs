//! The sections of the page with counts: what is written, who is left out, conflicts, pools, sources, folded names.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::text::{Breaks, Shielded, file_name, prose};
use super::words::Words;
use super::{bar, ranked, tone};
use crate::codes;
use crate::output::spool::Spools;
use crate::report::{Claimant, Conflict, ConflictList, Fate, PoolLoad, Stake, Status, Totals};
use crate::schema::value::readable;

/// Lists the attributes that the run writes, each with its values and the number of users.
pub(super) fn written(spools: &Spools, words: Words) -> Markup {
    let written: BTreeMap<_, _> =
        spools.tally.written.iter().map(|(name, tallied)| (name, tallied)).collect();
    let most = written.values().map(|tallied| tallied.users).max().unwrap_or_default();
    html! {
        dl.pools {
            @for (attribute, tallied) in written {
                dt { strong { (Shielded(attribute)) } }
                dd {
                    (bar(attribute, most, &[("changed", tallied.users)]))
                    p { (words.users_count(tallied.users)) }
                    @let given = tallied.users - tallied.removals;
                    @if tallied.values.is_empty() && given > 0 { p.note { (words.each_own()) } }
                    @for (value, users) in tallied.values.iter().collect::<BTreeSet<_>>() {
                        p.note { code { (Breaks(&readable(attribute, value))) } " · " (words.users_count(*users)) }
                    }
                    @if tallied.removals > 0 { p.note { (words.only_removed()) " · " (words.users_count(tallied.removals)) } }
                }
            }
        }
    }
}

pub(super) fn reasons(totals: &Totals, groups: &[Status], words: Words) -> Markup {
    let most = totals.reasons.values().copied().max().unwrap_or_default();
    html! {
        @for &status in groups {
            @let ranked = ranked(totals, status);
            @if !ranked.is_empty() {
                h3 { (words.reasons_head(status)) }
                ol.reasons {
                    @for (code, count) in ranked {
                        li {
                            strong.figure { (words.number(count)) }
                            div {
                                a href="#users" data-status=(status.name()) data-code=(code) { (prose(codes::meaning(code, words.language))) }
                                " " code { (code) }
                                @if let Some(row) = codes::find(code) { p { (prose(row.advice(words.language))) } }
                                (bar(&words.users_count(count), most, &[(tone(status), count)]))
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn conflicts(ConflictList { shown, all, .. }: &ConflictList, words: Words) -> Markup {
    html! {
        p { (words.conflicts_lead()) }
        @for conflict in shown { (contest(conflict, words)) }
        @if *all > shown.len() { p.note { (words.first_of(shown.len(), *all as u64)) (words.complete_list()) } }
    }
}

fn contest(conflict: &Conflict, words: Words) -> Markup {
    let fate = |claimant: &Claimant| match &claimant.fate {
        Fate::Has if claimant.stake == Stake::Claims => html! { span.mark.changed { (words.gets_it()) } },
        Fate::Has => html! { span.mark.changed { (words.keeps_it()) } },
        Fate::Numbered(uri) => html! { span.mark.changed { (words.gets()) " " (Breaks(uri)) } },
        Fate::Rejected => html! { span.mark.rejected { (words.of_status(Status::Rejected)) } },
        Fate::Untouched => html! { span.mark.unchanged { (words.stays()) } },
    };
    html! {
        article.conflict {
            h3.uri { (Breaks(&conflict.uri)) }
            ul {
                @for claimant in &conflict.claimants {
                    li {
                        (fate(claimant))
                        span.dn { (Breaks(&claimant.dn)) }
                        small { (words.of_stake(claimant.stake)) }
                        small { (Shielded(file_name(&claimant.file))) ":" (claimant.line) }
                    }
                }
                @if conflict.more > 0 { li { "… +" (conflict.more) } }
            }
        }
    }
}

pub(super) fn pools(pools: &[PoolLoad<'_>], words: Words) -> Markup {
    let longest =
        pools.iter().map(|pool| pool.capacity.max(pool.before + pool.added)).max().unwrap_or_default();
    html! {
        p.legend {
            span.key.before { (words.before()) } " " span.key.changed { (words.added()) } " "
            @if pools.iter().any(|pool| pool.capacity > 0) { span.key.free { (words.capacity()) } }
        }
        dl.pools {
            @for pool in pools {
                @let after = pool.after();
                @let free = pool.capacity.saturating_sub(after);
                dt { strong { (Shielded(pool.label)) } small { (Shielded(pool.fqdn)) } }
                dd {
                    (bar(pool.label, longest, &[("before", pool.before.saturating_sub(pool.left)), ("changed", pool.added), ("free", free)]))
                    p {
                        (words.number(pool.before)) " + " strong { (words.number(pool.added)) }
                        @if pool.left > 0 { " − " (words.number(pool.left)) }
                        " = " (words.number(after)) " "
                        small {
                            @if pool.capacity > 0 { "/ " (words.number(pool.capacity)) " (" (pool.percent_full()) "\u{202f}%)" }
                            @else { (words.unlimited()) }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn sources(spools: &Spools, words: Words) -> Markup {
    let mut sources: Vec<(&str, u64)> =
        spools.tally.sources.iter().map(|(source, count)| (*source, *count)).collect();
    sources.sort_by_key(|(source, count)| (std::cmp::Reverse(*count), *source));
    let most = sources.first().map_or(0, |(_, count)| *count);
    html! {
        dl.pools {
            @for (source, count) in sources {
                @let kept = source == "existing";
                dt { strong { (words.of_source(source)) } @if !kept { small { code { (source) } } } }
                dd {
                    (bar(source, most, &[(if kept { "before" } else { "changed" }, count)]))
                    p { (words.users_count(count)) }
                }
            }
        }
    }
}

pub(super) fn folded(spools: &Spools, words: Words) -> Markup {
    let folded = &spools.tally.folded;
    let listed: u64 = folded.names.iter().map(|(.., times)| times).sum();
    html! {
        p { (words.folded_lead(folded.total)) }
        ul.folded {
            @for (before, after, times) in &folded.names {
                li { (Shielded(before)) " → " strong { (Shielded(after)) } @if *times > 1 { small { " ×" (words.number(*times)) } } }
            }
        }
        @if listed < folded.total { p.note { (words.first_of(folded.names.len(), folded.total)) (words.complete_list()) } }
    }
}
