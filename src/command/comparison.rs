//! The common part of `verify` and `undo`: a run and fresh exports in, a run directory out.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::opening::open;
use super::{Context, begin, next, of_exports, require_known_command, schema, summary, try_begin, workers};
use crate::cli;
use crate::config::ConfigFile;
use crate::fingerprint::Fingerprint;
use crate::input::{self, Export, Role};
use crate::language::{Text, text};
use crate::message::{Failure, Message};
use crate::output::ldif::{Numbering, profile};
use crate::output::publish::{self, Publication};
use crate::output::store::Store;
use crate::records::Records;
use crate::report::{self, ConflictList, Issue, Outcome, Status, Totals};
use crate::run::log::{ImportRefusal, refusals};
use crate::run::{self, Run};
use crate::settings::{ComparisonSettings, Reading};
use crate::verify::emit::{Comparing, emit};
use crate::verify::find::find;
use crate::verify::targets::Targets;
use crate::verify::{Inquiry, RunPolicy, Task};
use crate::wizard::Chosen;

/// The arguments of the command.
pub(super) struct Comparison<'c> {
    pub(super) task: Task,
    pub(super) subject: &'c Path,
    pub(super) against: &'c [PathBuf],
    pub(super) evidence: &'c cli::EvidenceArgs,
    /// The run directory; `None` for a command that only looks.
    pub(super) out: Option<&'c Path>,
    /// Whether it gets change files.
    pub(super) writes: bool,
    pub(super) form: &'c cli::ChangeForm,
    pub(super) run: &'c cli::RunArgs,
}

/// Compares, and publishes the result.
pub(super) fn compare(typed: &Comparison<'_>, context: &Context) -> Result<Outcome, Failure> {
    let force = typed.form.force || !typed.writes;
    try_begin(typed.out, force, context)?;
    let workers = workers(typed.run)?;
    let run = workers.install(|| Run::read(typed.subject))?;
    require_known_command(&run.manifest, typed.subject)?;
    let mut source = configuration(typed.subject)?;
    let context = &context.speaking(typed.run, &mut source);
    let (inquiry, exports) = inquire(typed, run, &source, context)?;
    let store = Store::new(typed.out)?;
    let Inquiry { run, report, .. } = &inquiry;
    let (found, records) = workers.install(|| find(&inquiry, &exports, store))?;
    context.tell_all(found.asides.iter().map(|(_, message)| message));
    let target = typed.form.target.unwrap_or(run.manifest.target);
    let numbering = typed.writes.then(|| Numbering::new(&found.series, typed.form.split));
    let emission = Comparing {
        inquiry: &inquiry,
        records: &records,
        found: &found,
        profile: profile(target, typed.form.wrap),
        numbering: numbering.as_ref(),
    };
    let directory = begin(typed.out, force)?;
    let undoes = typed.writes && found.series.iter().any(|series| series.records > 0);
    let about = of_exports(&exports, &found.asides).chain(undoes.then(Issue::undo_limits));
    let (mut reports, batches) =
        workers.install(|| emit(&emission, &directory, about, &|message| context.tell(message)))?;
    let mut totals = found.totals.clone();
    reports.tally.sum_up(&mut totals);
    totals.change_records = batches.iter().map(|batch| batch.records).sum();
    let outcome = outcome(typed.task, &totals);
    let publication = Publication {
        mode: typed.task.mode(),
        arguments: &context.arguments,
        outcome,
        time: &context.time(),
        config: (&source.file, &Text::same(source.text.clone())),
        schema: &schema::report(),
        target,
        totals: &totals,
        inputs: inputs(&inquiry, &exports, &records),
        pools: Vec::new(),
        batches: &batches,
        rejects: &[],
        reports: &reports,
        directory: &typed.out.map(input::typed).unwrap_or_default(),
        language: report.language,
        feed_back: String::new(),
        conflicts: ConflictList::default(),
        stops: &[],
    };
    if typed.out.is_some() {
        workers.install(|| publish::publish(directory, &publication))?;
    }
    let is_left = typed.out.is_none() && outcome == Outcome::CompletedWithFindings;
    let finish = is_left.then(|| next::finish(&input::typed(typed.subject), context));
    summary::end(&publication, finish, context)?;
    Ok(outcome)
}

/// Collects the question and the exports that answer it.
fn inquire(
    typed: &Comparison<'_>,
    mut run: Run,
    source: &ConfigFile,
    context: &Context,
) -> Result<(Inquiry, Vec<Export>), Failure> {
    run.ignores_guids = typed.evidence.match_by == cli::MatchBy::Dn;
    let ComparisonSettings { mut reading, report } = ComparisonSettings::of(&typed.evidence.reading, source)?;
    for name in &run.touched {
        reading.attributes.add(name);
    }
    let exports = open(typed.against, Role::Input, &reading, context)?;
    let targets = typed.evidence.pools.as_ref().map(|path| targets(path, &reading, context)).transpose()?;
    let refusals = logs(typed, &reading, &run, context)?;
    let targets = targets.unwrap_or_default();
    let task = typed.task;
    let policy = RunPolicy::of(&source.config, Chosen::spec(&run.manifest.mode), task);
    Ok((Inquiry { task, run, reading, report, targets, policy, refusals }, exports))
}

/// Reads the configuration in force of the run, which names the columns.
fn configuration(run: &Path) -> Result<ConfigFile, Failure> {
    let file = run::configuration(run)?;
    let source = ConfigFile::read(&file).map_err(Failure::unfit)?;
    Ok(if source.text.is_empty() { ConfigFile::default() } else { source })
}

/// Reads an export of pools and policies.
fn targets(path: &Path, reading: &Reading, context: &Context) -> Result<Targets, Failure> {
    let export =
        Export::open(path, Role::Pools, &reading.input, &reading.attributes).map_err(Failure::Broken)?;
    let (targets, messages) = Targets::read(&export, &reading.attributes)?;
    context.tell_all(&messages);
    Ok(targets)
}

/// Reads what the importers' logs say about the run's users.
fn logs(
    typed: &Comparison<'_>,
    reading: &Reading,
    run: &Run,
    context: &Context,
) -> Result<HashMap<Fingerprint, (String, ImportRefusal)>, Failure> {
    let mut all = HashMap::new();
    for path in &typed.evidence.log {
        let lines = input::lines(path, &reading.input).map_err(Failure::broken)?;
        let name = input::typed(path);
        let is_ours = |dn: Fingerprint| run.find(None, dn).is_some();
        let mut refused = refusals(&lines, is_ours);
        let others = refused.len();
        refused.retain(|refusal| is_ours(refusal.dn));
        if refused.is_empty() {
            let what = match others {
                0 => text!(
                    "`{name}` names no record that was refused",
                    "`{name}` ne nomme aucun enregistrement refusé"
                ),
                _ => text!(
                    "`{name}` names no user of the run among the records that were refused",
                    "`{name}` ne nomme aucun utilisateur de l’exécution parmi les enregistrements refusés"
                ),
            };
            context.tell(&Message::warning("log-empty", what));
        }
        all.extend(refused.into_iter().map(|refusal| (refusal.dn, (name.clone(), refusal))));
    }
    Ok(all)
}

fn outcome(task: Task, totals: &Totals) -> Outcome {
    match task {
        Task::Verify if totals.of_all([Status::Missing, Status::Drifted, Status::Gone]) > 0 => {
            Outcome::CompletedWithFindings
        }
        Task::Undo if totals.of(Status::Rejected) > 0 => Outcome::CompletedWithRejects,
        _ => Outcome::Completed,
    }
}

/// Lists the run and the exports for the report.
fn inputs<'i>(
    inquiry: &'i Inquiry,
    exports: &'i [Export],
    records: &'i Records<'_>,
) -> Vec<report::InputFile<'i>> {
    let Inquiry { run, reading, .. } = inquiry;
    let of_run = report::InputFile {
        role: "run",
        file: &run.name,
        format: "json",
        encoding: "utf-8".to_owned(),
        records: run.len() as u64,
        bytes: run.stamp.0,
        sha256: &run.stamp.1,
        ..report::InputFile::default()
    };
    super::inputs(exports, records, &reading.absent.typed).chain([of_run]).collect()
}
