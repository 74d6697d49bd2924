//! The summary at the end of a run: small tables on standard error for people, or an object on standard output for
//! programs.

use serde::Serialize;
use serde_json::{Value, json};

use super::next::{self, NextStep};
use super::{Context, users};
use crate::cli::AnswerFormat;
use crate::codes;
use crate::language::{Language, Text, count, text};
use crate::message::{Failure, Severity, visible};
use crate::output::html::{self, Words};
use crate::output::manifest;
use crate::output::publish::Publication;
use crate::output::scripts;
use crate::report::{InputFile, PoolLoad, ReportKind, Status};

/// How many reasons the terminal shows.
const MOST_REASONS: usize = 6;

#[derive(Debug)]
struct Summary<'p> {
    publication: &'p Publication<'p>,
    steps: &'p [NextStep],
}

/// Reports the result of a run and the next steps, of which the last may be the command's own.
pub(super) fn end(
    publication: &Publication<'_>,
    last: Option<NextStep>,
    context: &Context,
) -> Result<(), Failure> {
    let mut steps = next::after(publication, context);
    steps.extend(last);
    Summary { publication, steps: &steps }.tell(context);
    if context.answer.format == AnswerFormat::Ndjson {
        users::print(publication, context)?;
    }
    Ok(())
}

impl Summary<'_> {
    /// Prints the summary. In `audit` and `verify` it is data, and goes to standard output.
    fn tell(&self, context: &Context) {
        match (context.answer.format, self.publication.mode.kind) {
            (AnswerFormat::Json | AnswerFormat::Ndjson, _) => context.answer.say(self.body()),
            (AnswerFormat::Text, _) if context.least == Severity::Error => {}
            (AnswerFormat::Text, ReportKind::Readiness | ReportKind::Comparison) => {
                (context.stdout)(&self.text())
            }
            (AnswerFormat::Text, _) => (context.stderr)(&self.text()),
        }
    }

    fn text(&self) -> String {
        let language = self.publication.language;
        let (totals, words) = (self.publication.totals, Words { language });
        let label = |text: Text| text.in_language(language).to_owned();
        let mut text = format!(
            "\n{}\n\n",
            html::outcome(language, self.publication.mode, self.publication.outcome, totals)
        );
        let statuses =
            self.publication.mode.kind.statuses().map(|status| (words.of_status(status), totals.of(status)));
        let rest = [
            (Text::new("not selected", "non sélectionnés"), totals.of(Status::NotSelected)),
            (Text::new("others", "autres objets"), totals.of(Status::Other)),
            (Text::new("read", "lus"), totals.read()),
        ];
        let statuses = statuses.into_iter().map(|(name, count)| (name.to_owned(), count));
        let counts = statuses.chain(rest.map(|(name, count)| (label(name), count)));
        text += &table(counts.map(|(name, count)| vec![name, count.to_string()]));
        // The format of a table is a guess that the user should see; LDIF needs none.
        let tables = self.publication.inputs.iter().filter(|input| input.format == "csv");
        let tables: Vec<String> = tables.map(|input| label(table_description(input))).collect();
        if !tables.is_empty() {
            text += &format!("\n{}", tables.concat());
        }
        if !self.publication.pools.is_empty() {
            let heads = POOL_HEADS.each_ref().map(|head| head.in_language(language).to_owned()).to_vec();
            let none = label(Text::new("none", "aucune"));
            text += &format!(
                "\n{}",
                table([heads].into_iter().chain(self.publication.pools.iter().map(|one| pool(one, &none))))
            );
        }
        text += &self.reasons_text(words);
        let digest = scripts::digest(self.publication.batches);
        if !digest.is_empty() {
            text += &label(text!("\ndigest: {digest}\n", "\nempreinte\u{a0}: {digest}\n"));
        }
        text += &self.steps_text(language);
        text.replace('\u{a0}', " ")
    }

    fn steps_text(&self, language: Language) -> String {
        let head = Text::new("next:   ", "ensuite : ");
        let head = head.in_language(language);
        let label = |step: &NextStep| step.label.in_language(language).to_owned();
        let width = self.steps.iter().map(|step| label(step).chars().count()).max().unwrap_or_default();
        let mut text = if self.steps.is_empty() { String::new() } else { "\n".to_owned() };
        for (at, step) in self.steps.iter().enumerate() {
            let head = if at == 0 { head.to_owned() } else { " ".repeat(head.chars().count()) };
            text += &format!("{head}{:<width$}  {}\n", label(step), visible(&step.command));
        }
        text
    }

    /// Returns the most frequent reasons, and how many more there are.
    fn reasons_text(&self, words: Words) -> String {
        let reasons = self.reasons();
        let shown = reasons.len().min(MOST_REASONS);
        let line = |reason: &CountOf<'_>| {
            let meaning = codes::meaning(reason.code, words.language);
            let status = words.of_status_named(reason.status);
            format!("  {:>5}  {status:<8}  {}: {meaning}\n", reason.count, reason.code)
        };
        let mut text = if reasons.is_empty() { String::new() } else { "\n".to_owned() };
        text.extend(reasons[..shown].iter().map(line));
        let left: u64 = reasons[shown..].iter().map(|reason| reason.count).sum();
        if left > 0 {
            let number = format!("{left:>5}");
            let kinds = count(
                (reasons.len() - shown) as u64,
                ["more reason", "more reasons"],
                ["autre raison", "autres raisons"],
            );
            let more = if self.publication.directory.is_empty() {
                text!(
                    "  {number}  for {kinds}; --out writes all of them into a report\n",
                    "  {number}  pour {kinds}\u{202f}; --out les écrit toutes dans un rapport\n";
                    kinds
                )
            } else {
                text!(
                    "  {number}  for {kinds}, see report.html\n",
                    "  {number}  pour {kinds}, voir report.html\n";
                    kinds
                )
            };
            text += more.in_language(words.language);
        }
        text
    }

    /// Returns the reasons, the most frequent first: those of the rejected before those of the skipped.
    fn reasons(&self) -> Vec<CountOf<'static>> {
        let of_status = |&status: &Status| {
            let ranked = html::ranked(self.publication.totals, status).into_iter();
            ranked.map(move |(code, count)| CountOf { code, status: status.name(), count })
        };
        self.publication.mode.left_out().iter().flat_map(of_status).collect()
    }

    /// Returns the answer to programs. Fields have the names and the meaning of those in report.xml and manifest.json.
    fn body(&self) -> Value {
        let Publication { mode, totals, reports, batches, .. } = self.publication;
        let pool = |pool: &PoolLoad<'_>| {
            let PoolLoad { label, fqdn, dn, capacity, before, added, .. } = pool;
            let after = pool.after();
            json!({"label": label, "fqdn": fqdn, "dn": dn, "capacity": capacity, "before": before, "added": added, "after": after})
        };
        json!({
            // As typed; for a rehearsal or a stopped run, it ends in `.plan`.
            "directory": self.publication.directory,
            // read = changed + unchanged + skipped + rejected + notSelected + others.
            "summary": manifest::summary(mode, totals),
            // Why users were left out: first the rejected, then the skipped, the most frequent reason first.
            "reasons": self.reasons(),
            // How many users who go on have an address from mail, upn, first.last, sam, template, list or existing.
            "sources": reports.tally.sources,
            "pools": self.publication.pools.iter().map(pool).collect::<Vec<_>>(),
            // In the order of import.
            "batches": batches,
            // As printed by `verify --files`; empty without change files.
            "digest": scripts::digest(batches),
            // Why the run stopped; empty if it did not.
            "stops": self.publication.stops.iter().map(|stop| stop.what.english()).collect::<Vec<_>>(),
            "next": self.steps,
        })
    }
}

#[derive(Debug, Serialize)]
struct CountOf<'a> {
    code: &'a str,
    status: &'a str,
    count: u64,
}

/// Describes how a table was read.
fn table_description(input: &InputFile<'_>) -> Text {
    let (file, encoding) = (visible(input.file), &input.encoding);
    let records = count(input.records, ["record", "records"], ["enregistrement", "enregistrements"]);
    let delimiter =
        if input.delimiter.len() == 1 { format!("`{}`", input.delimiter) } else { input.delimiter.clone() };
    let mark = if input.bom {
        Text::new(" with a byte order mark", " avec marque d’ordre des octets")
    } else {
        Text::default()
    };
    let key = match visible(input.key) {
        heading if heading.is_empty() => Text::default(),
        heading => text!(", users by `{heading}`", ", utilisateurs d’après `{heading}`"),
    };
    text!(
        "  {file}: csv, {encoding}{mark}, delimiter {delimiter}, {records}{key}\n",
        "  {file}\u{a0}: csv, {encoding}{mark}, délimiteur {delimiter}, {records}{key}\n";
        records,
        mark,
        key
    )
}

const POOL_HEADS: [Text; 6] = [
    Text::new("pool", "pool"),
    Text::new("before", "avant"),
    Text::new("added", "ajoutés"),
    Text::new("after", "après"),
    Text::new("capacity", "capacité"),
    Text::new("full", "plein"),
];

fn pool(pool: &PoolLoad<'_>, none: &str) -> Vec<String> {
    let limit = if pool.capacity == 0 { none.to_owned() } else { pool.capacity.to_string() };
    let full = if pool.capacity == 0 { String::new() } else { format!("{}%", pool.percent_full()) };
    let numbers = [pool.before, pool.added, pool.after()].map(|number| number.to_string());
    [visible(pool.label).into_owned()].into_iter().chain(numbers).chain([limit, full]).collect()
}

/// Aligns cells in columns, the first to the left and the others to the right.
fn table(lines: impl IntoIterator<Item = Vec<String>>) -> String {
    let lines: Vec<Vec<String>> = lines.into_iter().collect();
    let cells = |at: usize| lines.iter().filter_map(move |line| line.get(at));
    let columns = lines.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> =
        (0..columns).map(|at| cells(at).map(|cell| cell.chars().count()).max().unwrap_or_default()).collect();
    let render = |line: &Vec<String>| {
        let cell = |(at, (cell, &width)): (usize, (&String, &usize))| match at {
            0 => format!("  {cell:<width$}"),
            _ => format!("  {cell:>width$}"),
        };
        let text: String = line.iter().zip(&widths).enumerate().map(cell).collect();
        text.trim_end().to_owned() + "\n"
    };
    lines.iter().map(render).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::output::ldif::ChangeBatch;
    use crate::output::spool::Spools;
    use crate::output::{RunDirectory, Target, Written};
    use crate::report::{ConflictList, Outcome, Totals};

    #[test]
    fn a_run_ends_with_its_numbers_and_the_next_command() {
        let counted = [
            (Status::Changed, 2),
            (Status::Unchanged, 1),
            (Status::Skipped, 1),
            (Status::Rejected, 2),
            (Status::Other, 1),
        ];
        let with = |totals: Totals, (status, records)| totals.with(status, records);
        let mut totals = counted.into_iter().fold(Totals::default(), with);
        (totals.newly, totals.change_records) = (2, 2);
        totals.reasons = BTreeMap::from([
            ((Status::Rejected, "sip-duplicate"), 2),
            ((Status::Skipped, "account-disabled"), 1),
        ]);
        let pool = PoolLoad {
            label: "paris",
            fqdn: "",
            dn: "CN=p",
            capacity: 20_000,
            before: 11_250,
            added: 2,
            left: 0,
        };
        let file = |path: &str| Written { path: path.into(), bytes: 1, sha256: String::new() };
        let batch = ChangeBatch {
            number: 1,
            domain: "DC=contoso,DC=com".into(),
            protected: false,
            records: 2,
            apply: file("0001-apply.ldif"),
            undo: file("0001-undo.ldif"),
        };
        let run = RunDirectory::scratch().unwrap();
        let mut reports = Spools::new(&run, std::iter::empty()).unwrap();
        reports.tally.sources.insert("mail", 2);
        let publication = Publication {
            arguments: &[],
            mode: &crate::wizard::enable::SPEC.mode,
            outcome: Outcome::CompletedWithRejects,
            time: "",
            config: ("", &Text::default()),
            schema: "",
            target: Target::Ldifde,
            totals: &totals,
            inputs: Vec::new(),
            pools: vec![pool.clone(), PoolLoad { label: "rest", capacity: 0, before: 0, added: 0, ..pool }],
            batches: &[batch],
            rejects: &[],
            reports: &reports,
            directory: "run1",
            language: Language::En,
            feed_back: String::new(),
            conflicts: ConflictList::default(),
            stops: &[],
        };
        let steps = [NextStep::new("read", "lire", "run1/report.html".to_owned())];
        let summary = Summary { publication: &publication, steps: &steps };
        insta::assert_snapshot!(summary.text());
        insta::assert_snapshot!(serde_json::to_string_pretty(&summary.body()).unwrap());
    }
}
