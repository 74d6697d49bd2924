//! `enable`: exports in, a run directory out.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::summary::Summary;
use super::{Context, open, with_ending, workers};
use crate::cli;
use crate::config::Source;
use crate::diagnostic::{Diagnostic, Failure};
use crate::input::detect::Format;
use crate::input::{self, Role};
use crate::output::RunDirectory;
use crate::output::ldif::Numbering;
use crate::output::publish::{self, Publication};
use crate::plan::Exports;
use crate::plan::conflicts::conflicts;
use crate::plan::decide::{Plan, decide};
use crate::plan::emit::{Emission, emit};
use crate::plan::scan::{Scan, scan};
use crate::report::redaction::MASK;
use crate::report::{self, Issue, Outcome};
use crate::run::{self, Run};
use crate::settings::Settings;
use crate::wizard::enable::Enable;

/// Runs the command.
///
/// # Errors
/// Whatever keeps the run directory from being published.
pub fn run(args: &cli::Enable, context: &Context) -> Result<Outcome, Failure> {
    let settings = Settings::of_enable(args, configuration(args.input.config.as_deref())?)?;
    settings.warnings.iter().for_each(|told| context.tell(told));
    let exports = exports(args, &settings, context)?;
    let time = context.time();
    let workers = workers(&args.run)?;
    let wizard = Enable { settings: &settings };
    // Refused before an hour's work, not after.
    drop(RunDirectory::begin(&args.output.out, args.output.force)?);
    let (scan, plan) = workers.install(|| -> Result<(Scan, Plan), Failure> {
        let mut scan = scan(&wizard, &exports)?;
        let plan = decide(&wizard, &exports, &mut scan)?;
        Ok((scan, plan))
    })?;
    scan.asides.iter().for_each(|(_, told)| context.tell(told));
    let writes = plan.stops.is_empty() && !args.output.dry_run;
    let directory = if writes { args.output.out.clone() } else { with_ending(&args.output.out, ".plan") };
    let run = RunDirectory::begin(&directory, args.output.force || !writes)?;
    let numbering = writes.then(|| Numbering::new(&plan.series, settings.split));
    let mut issues = run_issues(&settings, &exports, &scan, &plan);
    if writes && plan.totals.changed > 0 {
        issues.push(Issue::undo_limits());
    }
    for issue in issues.iter().filter(|issue| issue.input == 0) {
        context.tell(&issue.told(""));
    }
    let tell = |told: &Diagnostic| context.tell(told);
    let numbering = numbering.as_ref();
    let emission = Emission { wizard: &wizard, exports: &exports, scan: &scan, plan: &plan, numbering };
    let mut emitted = workers.install(|| emit(&emission, &run, &issues, &tell))?;
    let mut totals = plan.totals.clone();
    totals.warnings = emitted.reports.tally.warnings;
    totals.reasons = std::mem::take(&mut emitted.reports.tally.reasons);
    totals.change_records = if writes { totals.changed } else { 0 };
    let mut publication = Publication {
        mode: "enable",
        arguments: &context.arguments,
        outcome: plan.outcome(),
        time: &time,
        config: (&settings.config_file, &settings.config_text),
        target: settings.target,
        totals: &totals,
        inputs: listed(&settings, &exports, &scan),
        pools: pools(&settings, &plan),
        batches: &emitted.batches,
        rejects: &emitted.rejects,
        reports: &mut emitted.reports,
        directory: &input::typed(&directory),
        language: settings.language,
        conflicts: &conflicts(&plan, &exports, &settings.redaction),
        stops: &plan.stops,
    };
    publish::publish(run, &mut publication)?;
    for stop in &plan.stops {
        context.tell(stop);
    }
    Summary(&publication).tell(context, args.run.format);
    Ok(plan.outcome())
}

/// The configuration: the one named, else `userprep.toml` in the current folder, else none.
fn configuration(named: Option<&Path>) -> Result<Source, Failure> {
    let usual = Path::new("userprep.toml");
    match named {
        Some(path) => Source::read(path).map_err(Failure::unfit),
        None if usual.exists() => Source::read(usual).map_err(Failure::unfit),
        None => Ok(Source::default()),
    }
}

/// Opens inputs and references; a run directory among these stands for its change files.
pub(super) fn exports(
    args: &cli::Enable,
    settings: &Settings,
    context: &Context,
) -> Result<Exports, Failure> {
    let Settings { input, attributes, .. } = settings;
    let (runs, references): (Vec<PathBuf>, Vec<PathBuf>) =
        args.input.reference.iter().cloned().partition(|path| run::is_run(path));
    let mut all = open(&args.input.inputs, Role::Input, input, attributes, context)?;
    let inputs = all.len();
    all.extend(open(&references, Role::Reference, input, attributes, context)?);
    let written = input::Options { format: Some(Format::Ldif), ..input::Options::default() };
    let mut guids = HashMap::new();
    for path in &runs {
        let run = Run::read(path)?;
        let mut from = 0;
        for batch in &run.manifest.batches {
            let to = from + usize::try_from(batch.records).unwrap_or(usize::MAX);
            guids.insert(all.len(), (from..to).map(|user| run.guid(user)).collect());
            all.extend(open(&[path.join(&batch.apply.path)], Role::Run, &written, attributes, context)?);
            from = to;
        }
    }
    Ok(Exports { all, inputs, guids })
}

/// What is to be said about the run and its inputs as a whole.
fn run_issues(settings: &Settings, exports: &Exports, scan: &Scan, plan: &Plan) -> Vec<Issue> {
    let mut issues = Vec::new();
    issues.extend(settings.warnings.iter().map(|told| Issue::about(told, 0)));
    for (index, export) in exports.all.iter().enumerate() {
        issues.extend(export.told.iter().map(|told| Issue::about(told, index + 1)));
    }
    issues.extend(scan.asides.iter().map(|(export, told)| Issue::about(told, export + 1)));
    issues.extend(plan.stops.iter().map(|told| Issue::about(told, 0)));
    if let Some(list) = &settings.selection.list {
        for unlisted in &plan.unlisted {
            let (number, text) = &list.lines[unlisted.line];
            // What stands on the line may be what is to be masked.
            let text = if settings.redaction.is_empty() { text.as_str() } else { MASK };
            let told = match unlisted.users {
                0 => Diagnostic::warning(
                    "users-unmatched",
                    format!("line {number} of --users, `{text}`, names nobody"),
                ),
                users => {
                    let what = format!(
                        "line {number} of --users, `{text}`, names {users} users, and takes none of them"
                    );
                    Diagnostic::warning("users-ambiguous", what)
                }
            };
            issues.push(Issue::about(&told, 0));
        }
    }
    issues
}

/// The exports, as the report lists them.
fn listed<'a>(settings: &'a Settings, exports: &'a Exports, scan: &'a Scan) -> Vec<report::Input<'a>> {
    let exports = exports.all.iter().zip(&scan.exports);
    exports
        .map(|(export, read)| {
            let absent = if export.role == Role::Input { settings.absent.said.as_str() } else { "" };
            report::Input::of(export, read.records, (read.bytes, &read.sha256), absent)
        })
        .collect()
}

fn pools<'a>(settings: &'a Settings, plan: &Plan) -> Vec<report::Pool<'a>> {
    let loads = plan.loads.before.iter().zip(&plan.loads.added);
    let pools = settings.pools.iter().zip(loads);
    pools
        .map(|(pool, (&before, &added))| report::Pool {
            label: &pool.label,
            fqdn: &pool.fqdn,
            dn: &pool.dn,
            capacity: pool.capacity,
            before,
            added,
        })
        .collect()
}
