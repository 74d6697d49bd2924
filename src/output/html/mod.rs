//! `report.html`: the page that an administrator shows to the manager. It is a single file that loads nothing; it works
//! without script, and with script the users can be searched.
//!
//! The Content-Security-Policy names the hashes of the page's own style and script and forbids everything else,
//! including the network. All text from outside goes through `Shielded`, which makes control characters and
//! bidirectional marks visible; maud escapes the rest.

// the sections with counts
mod figures;
// how a run ended
mod outcome;
// what to do next
mod steps;
pub mod table;
mod text;
mod words;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use self::text::{Breaks, Shielded, file_name, prose};
pub(crate) use self::words::Words;
use super::publish::{Publication, TOOL};
use super::{RunDirectory, Written};
use crate::language::Language;
use crate::message::{Failure, Severity};
use crate::report::{Issue, Mode, Outcome, ReportKind, Status, Totals};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// How many users are printed in full; of a longer list, only the first who need attention are printed.
const MANY_TO_PRINT: u64 = 500;

/// Writes `report.html`: the page above the users, the users from their spool, and the page below.
pub(crate) fn write(run: &RunDirectory, page: &Publication<'_>) -> Result<Written, Failure> {
    let words = Words { language: page.language };
    let mut file = run.create("report.html")?;
    // Half an element is not valid markup, so the page is rendered around a marker and cut there.
    let whole = document(page, words).into_string();
    let (above, below) = whole.split_once(ROWS).unwrap_or((&whole, ""));
    file.write(above.as_bytes())?;
    for rows in &page.reports.page {
        file.copy(rows)?;
    }
    file.write(below.as_bytes())?;
    file.finish()
}

/// Returns the outcome of a run in one sentence.
pub(crate) fn outcome(language: Language, mode: &Mode, outcome: Outcome, totals: &Totals) -> String {
    Words { language }.outcome(mode, outcome, totals).replace('\u{a0}', " ")
}

/// Marks the place of the rows: escaped text can never contain it.
const ROWS: &str = "<!--rows-->";

/// Formats the hash of a style or script for a Content-Security-Policy.
fn source_hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

fn document(page: &Publication<'_>, words: Words) -> Markup {
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        source_hash(STYLE),
        source_hash(SCRIPT)
    );
    let outcome = words.outcome(page.mode, page.outcome, page.totals);
    let sections = sections(page, words);
    html! {
        (DOCTYPE)
        html lang=(words.tag()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (outcome) " — userprep" }
                style { (PreEscaped(STYLE)) }
                script { (PreEscaped(SCRIPT)) }
            }
            body.many[page.totals.rows() > MANY_TO_PRINT] {
                @if page.totals.rows() > 0 { a.skip href="#users" { (words.skip()) } }
                header {
                    p.kicker { (page.mode.title.in_language(words.language)) " · " time datetime=(page.time) { (words.moment(page.time)) } }
                    h1 { (outcome) }
                    @for stop in page.stops { p.stop { (prose(stop.what.in_language(words.language))) @for note in &stop.notes { " (" (prose(note.in_language(words.language))) ")" } } }
                    p.lead { (lead(page, words)) }
                    (counts(page, words))
                    nav aria-label=(words.contents()) {
                        @for (id, title, _) in &sections { a href={ "#" (id) } { (title) } }
                    }
                }
                main {
                    @for (id, title, content) in &sections {
                        section id=(id) aria-labelledby={ (id) "-title" } {
                            h2 id={ (id) "-title" } { (title) }
                            div { (content) }
                        }
                    }
                }
                footer { (TOOL) }
            }
        }
        "\n"
    }
}

fn lead(page: &Publication<'_>, words: Words) -> &'static str {
    let totals = page.totals;
    match page.outcome {
        Outcome::Stopped => words.forbidden(),
        _ if totals.rows() == 0 => words.vacant(),
        _ if page.mode.kind == ReportKind::Comparison && page.batches.is_empty() => words.compared(),
        _ if page.mode.kind == ReportKind::Comparison => words.to_finish(),
        _ if page.mode.kind == ReportKind::Readiness && page.batches.is_empty() => words.audited(),
        _ if page.mode.kind == ReportKind::Readiness => words.to_repair(),
        _ if totals.of(Status::Changed) == 0 => words.idle(),
        _ if totals.change_records == 0 => words.rehearsed(),
        _ => words.untouched(),
    }
}

type PageSection = (&'static str, &'static str, Markup);

/// Returns the sections that are not empty.
fn sections(page: &Publication<'_>, words: Words) -> Vec<PageSection> {
    let spools = page.reports;
    let mut sections: Vec<PageSection> = Vec::new();
    let totals = page.totals;
    if spools.about.iter().any(is_warning) {
        sections.push(("warnings", words.warnings(), warnings(page, words, is_warning)));
    }
    if !page.batches.is_empty() {
        sections.push(("next", words.next(), steps::next(page, words)));
    }
    let left_out = page.mode.left_out();
    if left_out.iter().any(|&status| totals.of(status) > 0) {
        sections.push(("reasons", words.left_out(page.mode.kind), figures::reasons(totals, left_out, words)));
    }
    if !spools.tally.written.is_empty() {
        sections.push(("written", words.written(), figures::written(spools, words)));
    }
    if page.conflicts.all > 0 {
        let title = if page.conflicts.of_lines { words.line_conflicts() } else { words.address_conflicts() };
        sections.push(("conflicts", title, figures::conflicts(&page.conflicts, words)));
    }
    if !page.pools.is_empty() {
        sections.push(("pools", words.pools(), figures::pools(&page.pools, words)));
    }
    if !spools.tally.sources.is_empty() {
        sections.push(("sources", words.sources(), figures::sources(spools, words)));
    }
    if spools.tally.folded.total > 0 {
        sections.push(("folded", words.folded(), figures::folded(spools, words)));
    }
    if !page.batches.is_empty() {
        sections.push(("files", words.files(), steps::files(page, words)));
    }
    if totals.rows() > 0 {
        sections.push(("users", words.users(), users(page, words)));
    }
    let about = html! { (warnings(page, words, |issue| !is_warning(issue))) (about(page, words)) };
    sections.push(("about", words.about(), about));
    sections
}

/// The colour of a status, by its name in the style sheet.
fn tone(status: Status) -> &'static str {
    match status {
        Status::Applied | Status::Ready => Status::Changed,
        Status::Missing => Status::Unchanged,
        Status::Gone | Status::NotEnabled => Status::Skipped,
        Status::Drifted | Status::NotReady => Status::Rejected,
        own => own,
    }
    .name()
}

/// Formats a share in percent with two decimal places, rounded down, for an SVG attribute.
fn percent(part: u64, whole: u64) -> String {
    let hundredths = u128::from(part) * 10_000 / u128::from(whole.max(1));
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// Draws bars side by side, each from a class and a length.
fn bar(label: &str, whole: u64, parts: &[(&str, u64)]) -> Markup {
    let starts = parts.iter().scan(0, |end, (_, length)| {
        *end += length;
        Some(*end - length)
    });
    html! {
        svg.bar role="img" aria-label=(label) width="100%" height="14" {
            @for ((class, length), start) in parts.iter().zip(starts) {
                @if *length > 0 {
                    rect class=(class) x=(percent(start, whole)) width=(percent(*length, whole)) height="14" {}
                }
            }
        }
    }
}

fn counts(page: &Publication<'_>, words: Words) -> Markup {
    let totals = page.totals;
    let statuses = page.mode.kind.statuses();
    let parts = statuses.map(|status| (tone(status), totals.of(status)));
    let is_rehearsal = totals.change_records < totals.of(Status::Changed);
    let meaning = |status| match status {
        Status::Changed if is_rehearsal => words.would_change(),
        Status::Changed if page.mode.kind == ReportKind::Undo => words.set_back(),
        Status::Unchanged if page.mode.kind == ReportKind::Undo => words.back_already(),
        _ => words.explained(status),
    };
    let rest = [
        (words.records_read(), totals.read()),
        (words.not_selected(), totals.of(Status::NotSelected)),
        (words.others(), totals.of(Status::Other)),
    ];
    html! {
        div.counts {
            @for status in statuses {
                a.count.(tone(status)) href="#users" data-status=(status.name()) {
                    strong { (words.number(totals.of(status))) }
                    span { (words.of_statuses(status)) }
                    small { (meaning(status)) }
                }
            }
        }
        @if totals.rows() > 0 { (bar(words.users(), totals.rows(), &parts)) }
        p.sum { @for (label, count) in rest { span { (label) " " (words.number(count)) } } }
    }
}

fn is_warning(issue: &Issue) -> bool {
    issue.message.severity > Severity::Note
}

/// Lists the messages about the run or an input as a whole, the most severe first.
fn warnings(page: &Publication<'_>, words: Words, wanted: fn(&Issue) -> bool) -> Markup {
    let spools = page.reports;
    let mut issues: Vec<&Issue> = spools.about.iter().filter(|issue| wanted(issue)).collect();
    if issues.is_empty() {
        return html! {};
    }
    issues.sort_by_key(|issue| std::cmp::Reverse(issue.message.severity));
    let file = |issue: &Issue| {
        let input = (issue.input as usize).checked_sub(1).and_then(|input| page.inputs.get(input));
        input.map(|input| file_name(input.file).to_owned()).unwrap_or_default()
    };
    let in_language = |text: &crate::language::Text| prose(text.in_language(words.language));
    html! {
        ul.warnings {
            @for issue in issues {
                li.(issue.message.severity.name()) {
                    strong { (issue.message.severity.word(words.language)) } " " code { (issue.message.code) }
                    @let file = file(issue);
                    @if !file.is_empty() {
                        " " small { (Shielded(&file)) @if let Some(place) = issue.place() { ":" (place.line) } }
                    }
                    p { (in_language(&issue.what())) }
                    @for note in &issue.message.notes { p.note { (in_language(note)) } }
                    @if let Some(help) = &issue.message.help { p.note { "→ " (in_language(help)) } }
                }
            }
        }
        @if spools.more > 0 { p.note { "… " (words.more_in_report(usize::try_from(spools.more).unwrap_or(usize::MAX))) } }
    }
}

/// Returns the reasons for a status, the most frequent first.
pub(crate) fn ranked(totals: &Totals, status: Status) -> Vec<(&'static str, u64)> {
    let of_status = totals.reasons.iter().filter(|((of, _), _)| *of == status);
    let mut ranked: Vec<(&str, u64)> = of_status.map(|((_, code), count)| (*code, *count)).collect();
    ranked.sort_by_key(|(code, count)| (std::cmp::Reverse(*count), *code));
    ranked
}

fn users(page: &Publication<'_>, words: Words) -> Markup {
    let (rows, listed) = (page.totals.rows(), page.reports.listed);
    let filter = |id: &str, label: &str| {
        html! {
            label for={ "by-" (id) } { span { (label) } select id={ "by-" (id) } data-by=(id) { option value="" { (words.all()) } } }
        }
    };
    let columns = [
        ("status", words.status()),
        ("user", words.user()),
        ("uri", words.sip_uri()),
        ("pool", words.pool_and_rule()),
        ("code", words.findings()),
        ("seq", words.place()),
    ];
    html! {
        @if listed < rows { p.note { (words.attention(listed, rows)) } }
        form.controls role="search" hidden {
            label.search for="search" { span { (words.search()) } input id="search" type="search" placeholder=(words.search_hint()) autocomplete="off" spellcheck="false"; }
            (filter("status", words.status()))
            (filter("pool", words.pool()))
            (filter("rule", words.rule()))
            (filter("code", words.code()))
            button type="reset" { (words.reset()) }
        }
        @if rows > MANY_TO_PRINT { p.printed { (words.print_note()) } }
        div.wide {
            table {
                thead {
                    tr {
                        @for (id, label) in columns {
                            th scope="col" data-sort=(id) { (label) }
                        }
                    }
                }
                tbody { "\n" (PreEscaped(ROWS)) }
            }
        }
        p.pager hidden {
            output aria-live="polite" data-shown=(words.shown()) data-none=(words.none()) {}
            button type="button" id="more" { (words.more()) }
            button type="button" id="every" { (words.every()) }
        }
    }
}

fn about(page: &Publication<'_>, words: Words) -> Markup {
    html! {
        dl.facts {
            dt { (words.program()) } dd { (TOOL) " " (page.mode.name) }
            dt { (words.result()) } dd { (page.outcome.name()) " (" (words.exit_code()) " " (page.outcome.exit_code()) ")" }
            dt { (words.time()) } dd { (page.time) }
            dt { (words.configuration()) }
            dd {
                @if page.config.0.is_empty() { (words.no_configuration()) }
                @else { (Breaks(page.config.0)) " " span.hash { "SHA-256 " code { (page.config_sha256()) } } }
            }
        }
        @for input in &page.inputs {
            dl.facts {
                dt { (words.file()) } dd { strong { (Breaks(input.file)) } " " small { (input.role) } }
                dt { (words.format()) }
                dd { (input.format) ", " (input.encoding) @if input.bom { " (BOM)" } @if !input.delimiter.is_empty() { ", " code { (Shielded(&input.delimiter)) } } }
                dt { (words.records()) } dd { (words.number(input.records)) " · " (words.bytes(input.bytes)) }
                @if !input.assumed_absent.is_empty() { dt { (words.absent()) } dd { (Shielded(input.assumed_absent)) } }
                @if input.incomplete { dt { (words.incomplete()) } dd { "--incomplete" } }
                dt { "SHA-256" } dd.hash { code { (input.sha256) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_nothing_is_zero() {
        assert_eq!(percent(0, 0), "0.00%");
        assert_eq!(percent(1, 3), "33.33%");
        assert_eq!(percent(u64::MAX, u64::MAX), "100.00%");
    }
}
