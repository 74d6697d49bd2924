//! The rows of the users table on the page.

use std::sync::atomic::{AtomicU64, Ordering};

use maud::{Markup, html};

use super::text::{Breaks, Shielded, file_name, prose};
use super::tone;
use super::words::Words;
use crate::codes;
use crate::language::Language;
use crate::message::Severity;
use crate::report::{AttributeChange, Issue, Row, Status, Totals};

/// How many rows a browser can handle. The page of a larger run has only the rows that need attention.
pub(crate) const MOST_ROWS: u64 = 20_000;

/// How many issues a row shows.
const MOST_ISSUES: usize = 50;

/// How many rows a page can still take. Rows are rendered in parallel before their places are known, and no longer once
/// the page is full.
#[derive(Debug)]
pub struct Room {
    /// Whether the page has every row, not only those that need attention.
    whole: bool,
    urgent: AtomicU64,
    others: AtomicU64,
}

impl Room {
    /// The room on the page of a run with these totals. Rejected users have their room reserved: warnings may be many.
    pub fn new(totals: &Totals) -> Self {
        let urgent = totals.of_all(Status::ATTENTION).min(MOST_ROWS);
        Self {
            whole: totals.rows() <= MOST_ROWS,
            urgent: AtomicU64::new(urgent),
            others: AtomicU64::new(MOST_ROWS - urgent),
        }
    }

    /// The free places for rows of this rank.
    fn of(&self, rank: usize) -> &AtomicU64 {
        if rank == 0 { &self.urgent } else { &self.others }
    }

    /// Whether a row of this rank may still get a place.
    fn wants(&self, rank: usize) -> bool {
        (self.whole || rank < 2) && self.of(rank).load(Ordering::Relaxed) > 0
    }

    /// Takes a place for a row of this rank; returns whether one was left.
    fn take(&self, rank: usize) -> bool {
        let one_less = |left: u64| left.checked_sub(1);
        self.of(rank).fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok()
    }
}

/// How many ranks order the rows on the page: those that need a decision, those with a warning, the others, and last
/// those that no run ever changes.
pub(crate) const RANKS: usize = 4;

fn rank(row: &Row<'_>, issues: &[Issue]) -> usize {
    match row.status {
        status if Status::ATTENTION.contains(&status) => 0,
        _ if issues.iter().any(|issue| issue.message.severity > Severity::Note) => 1,
        Status::Skipped if matches!(row.code, "critical-object" | "trust-account") => 3,
        _ => 2,
    }
}

/// A row as the page shows it.
#[derive(Debug)]
pub(crate) struct ShownRow<'r> {
    pub row: &'r Row<'r>,
    /// The name of its input.
    pub file: &'r str,
    pub issues: &'r [Issue],
    /// The changes to its attributes.
    pub written: &'r [AttributeChange],
}

/// Rendered rows, each with its end and its rank.
#[derive(Debug)]
pub(crate) struct HtmlTable<'r> {
    words: Words,
    room: &'r Room,
    text: String,
    ends: Vec<(usize, usize)>,
}

impl<'r> HtmlTable<'r> {
    /// An empty table for a page with this room.
    pub(crate) fn new(language: Language, room: &'r Room) -> Self {
        Self { words: Words { language }, room, text: String::new(), ends: Vec::new() }
    }

    /// Whether the page has every row, and therefore shows the changes of each user.
    pub(crate) fn is_whole(&self) -> bool {
        self.room.whole
    }

    /// Renders a row if the page may have room for it.
    pub(crate) fn row(&mut self, shown: &ShownRow<'_>) {
        let rank = rank(shown.row, shown.issues);
        if self.room.wants(rank) {
            self.text += &render(self.words, shown, rank).into_string();
            self.text.push('\n');
            self.ends.push((self.text.len(), rank));
        }
    }

    /// Returns the rows that fit on the page, by rank, and their number. Tables must come in input order.
    pub(crate) fn fit(&self) -> ([String; RANKS], u64) {
        let mut fitting = (<[String; RANKS]>::default(), 0);
        let mut from = 0;
        for &(end, rank) in &self.ends {
            if self.room.take(rank) {
                fitting.0[rank] += &self.text[from..end];
                fitting.1 += 1;
            }
            from = end;
        }
        fitting
    }
}

/// Shows the change of an attribute: `+` an added value, `-` a removed one, `~` a replaced one.
fn change_line(AttributeChange { attribute, removed, added }: &AttributeChange, words: Words) -> Markup {
    let list = |values: &[String]| values.join(words.and());
    html! {
        @match (removed.is_empty(), added.is_empty()) {
            (true, _) => { "+ " (attribute) ": " (Shielded(&list(added))) }
            (_, true) => { "- " (attribute) ": " (Shielded(&list(removed))) }
            _ => { "~ " (attribute) ": " (Shielded(&list(removed))) " → " (Shielded(&list(added))) }
        }
    }
}

fn render(words: Words, &ShownRow { row, file, issues, written }: &ShownRow<'_>, rank: usize) -> Markup {
    let name = if row.display_name.is_empty() { row.sam } else { row.display_name };
    let status = row.status.name();
    html! {
        tr.quiet[rank > 1] data-s=(status) data-c=(Shielded(row.code)) data-p=(Shielded(row.pool)) data-r=(Shielded(row.rule)) data-n=(row.seq) {
            td { span.mark.(tone(row.status)) { (words.of_status(row.status)) } }
            th scope="row" {
                (Shielded(name))
                @if name != row.sam && !row.sam.is_empty() { " " small { (Shielded(row.sam)) } }
                small.dn { (Breaks(row.dn)) }
            }
            td {
                span.uri { (Breaks(row.sip_uri)) }
                @if row.previous_sip_uri != row.sip_uri && !row.previous_sip_uri.is_empty() {
                    small { (words.was()) " " (Breaks(row.previous_sip_uri)) }
                }
                @if !row.source.is_empty() && row.source != "existing" {
                    small { (words.from()) " " (words.of_source(row.source)) }
                }
            }
            td {
                (Shielded(row.pool))
                @if row.previous_pool != row.pool && !row.previous_pool.is_empty() {
                    small { (words.was()) " " (Shielded(row.previous_pool)) }
                }
                @if !row.rule.is_empty() { small { (words.by_rule()) " " (Shielded(row.rule)) } }
            }
            td {
                @if !row.code.is_empty() { code { (Shielded(row.code)) } }
                @if !row.code.is_empty() && issues.iter().all(|issue| issue.message.code != row.code) {
                    small { (prose(codes::meaning(row.code, words.language))) }
                }
                @for issue in issues.iter().take(MOST_ISSUES) {
                    small {
                        @if issue.message.code != row.code { code { (issue.message.code) } " " }
                        (prose(issue.what().in_language(words.language)))
                        @if let Some(help) = &issue.message.help { " — " (prose(help.in_language(words.language))) }
                    }
                }
                @if issues.len() > MOST_ISSUES { small { "… " (words.more_in_report(issues.len() - MOST_ISSUES)) } }
                @if !written.is_empty() {
                    details { summary { (words.written_here()) } pre { @for one in written { (change_line(one, words)) "\n" } } }
                }
            }
            td {
                @if row.line > 0 { (Shielded(file_name(file))) ":" (row.line) }
                @if let Some(record) = row.record { small { (row.file) " #" (record) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_run_lists_what_needs_attention_and_never_more_than_a_browser_can_handle() {
        fn shown<'r>(row: &'r Row<'r>) -> ShownRow<'r> {
            ShownRow { row, file: "a.ldif", issues: &[], written: &[] }
        }
        let row = |status| Row { seq: 1, input: 1, line: 1, status, sam: "a", dn: "CN=a", ..Row::default() };
        let listed = |changed| {
            let totals = Totals::default().with(Status::Changed, changed).with(Status::Rejected, 2);
            let room = Room::new(&totals);
            let mut table = HtmlTable::new(Language::En, &room);
            for status in [Status::Changed, Status::Rejected, Status::Rejected] {
                table.row(&shown(&row(status)));
            }
            table.fit().1
        };
        assert_eq!(listed(1), 3);
        assert_eq!(listed(MOST_ROWS), 2);
        let mut totals = Totals::default();
        let urgent = [
            Status::Rejected,
            Status::Missing,
            Status::Drifted,
            Status::Gone,
            Status::NotReady,
            Status::Ready,
        ];
        urgent.into_iter().for_each(|status| totals.count(status));
        let room = Room::new(&totals);
        let mut table = HtmlTable::new(Language::En, &room);
        urgent.into_iter().for_each(|status| table.row(&shown(&row(status))));
        assert_eq!(table.fit().1, 6, "whoever needs attention has a place");
        let room = Room { whole: true, urgent: 1.into(), others: 1.into() };
        let mut table = HtmlTable::new(Language::En, &room);
        for status in [Status::Changed, Status::Skipped, Status::Rejected, Status::Rejected] {
            table.row(&shown(&row(status)));
        }
        let (text, rows) = table.fit();
        assert_eq!(rows, 2);
        assert!(text[0].contains("\"rejected\"") && text[2].contains("\"changed\""), "{text:?}");
        let mut table = HtmlTable::new(Language::En, &room);
        table.row(&shown(&row(Status::Rejected)));
        assert!(table.text.is_empty(), "what has no place is not rendered");
    }
}
