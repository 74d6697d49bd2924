//! The command of a wizard: exports in, a run directory out.

use std::path::PathBuf;

use rayon::ThreadPool;

use super::opening::{check_inputs, configuration, prepare};
use super::{Context, begin, next, of_exports, rejects, schema, summary, try_begin, with_ending, workers};
use crate::cli::PlannedArgs;
use crate::input;
use crate::language::text;
use crate::message::{Failure, Message, Severity};
use crate::output::ldif::Numbering;
use crate::output::publish::{self, Publication};
use crate::output::store::Store;
use crate::output::writer;
use crate::plan::Exports;
use crate::plan::conflicts::conflicts;
use crate::plan::decide::{Plan, decide};
use crate::plan::emit::{Emission, emit};
use crate::plan::join::join;
use crate::plan::scan::{Scan, indistinct, scan};
use crate::pool::Pool;
use crate::records::Records;
use crate::report::{self, Issue, Outcome};
use crate::wizard::{Chosen, Wizard};

/// Runs the wizard.
pub(super) fn run(chosen: &Chosen, args: &PlannedArgs, context: &Context) -> Result<Outcome, Failure> {
    let mut source = configuration(args.input.config.as_deref())?;
    let context = &context.speaking(&args.run, &mut source);
    if args.input.config.is_none() && !source.file.is_empty() {
        context.say(&text!(
            "configuration: `{file}`, found in the current folder\n",
            "configuration\u{a0}: `{file}`, trouvée dans le dossier courant\n",
            file = &source.file,
        ));
    }
    check_inputs(args)?;
    let workers = workers(&args.run)?;
    let (mut settings, mut exports) = workers.install(|| prepare(chosen, args, source, context))?;
    if let Some(rejects) = exports.all[..exports.inputs].iter().find(|export| export.is_rejects) {
        settings.warnings.extend(rejects::check(args, rejects, &exports.all, context)?);
    }
    let wizard = chosen.wizard(&settings)?;
    context.tell_all(settings.warnings.iter().chain(&wizard.logic.warnings()));
    let writes = !args.output.dry_run;
    try_begin(directory(args, writes).as_deref(), args.output.force || !writes, context)?;
    let store = Store::new(args.out.as_deref())?;
    workers.install(|| join(&wizard, &mut exports))?;
    let (scan, records, plan) = workers.install(|| -> Result<_, Failure> {
        let (mut scan, records) = scan(&wizard, &exports, store)?;
        rejects::check_references(args, wizard.claims, &scan, &records)?;
        let plan = decide(&wizard, &records, &mut scan, &mut ())?;
        Ok((scan, records, plan))
    })?;
    context.tell_all(scan.asides.iter().map(|(_, message)| message));
    // Whether a file contains rejects may only be known after its beginning.
    let mut inputs = exports.all[..exports.inputs].iter().zip(records.reads());
    let alone = match inputs.find(|(export, read)| read.shown.rejects && !export.is_rejects) {
        Some((rejects, _)) => rejects::check(args, rejects, &exports.all, context)?,
        None => None,
    };
    let (wizard, exports) = (&wizard, &exports);
    let planned = Planned { args, context, wizard, exports, records: &records, scan: &scan, plan: &plan };
    planned.publish(&workers, alone)
}

/// A decided run.
struct Planned<'p> {
    args: &'p PlannedArgs,
    context: &'p Context,
    wizard: &'p Wizard<'p>,
    exports: &'p Exports,
    records: &'p Records<'p>,
    scan: &'p Scan,
    plan: &'p Plan,
}

impl Planned<'_> {
    /// Writes the decisions, and reports the result; `alone` is the note on rejects that count alone.
    fn publish(&self, workers: &ThreadPool, alone: Option<Message>) -> Result<Outcome, Failure> {
        let &Self { args, context, wizard, exports, records, plan, .. } = self;
        let settings = wizard.settings;
        let writes = plan.stops.is_empty() && !args.output.dry_run;
        let directory = directory(args, writes);
        let run = begin(directory.as_deref(), args.output.force || !writes)?;
        let limits = (writes && plan.records > 0).then(Issue::undo_limits);
        let last = limits.into_iter().chain(alone.map(|note| Issue::about(note, 0)));
        let issues = self.issues().chain(last);
        // The warnings of the settings came first, and the stops come last.
        let known = settings.warnings.len() + wizard.logic.warnings().len();
        let is_new = |issue: &Issue| issue.input == 0 && issue.message.severity < Severity::Error;
        let new = issues.clone().skip(known).filter(is_new).map(|issue| issue.message);
        let tell = |message: &Message| context.tell(message);
        writer::select_shown(new, Some(run.is_published())).iter().for_each(tell);
        let numbering = writes.then(|| Numbering::new(&plan.series, settings.writing.split));
        let emission = Emission { wizard, exports, records, plan, numbering: numbering.as_ref() };
        let mut emitted = workers.install(|| emit(&emission, &run, issues, &tell))?;
        let mut totals = plan.totals.clone();
        emitted.reports.tally.sum_up(&mut totals);
        totals.unmatched = plan.unlisted.len() as u64;
        totals.change_records = if writes { plan.records } else { 0 };
        let mut publication = Publication {
            mode: &wizard.spec.mode,
            arguments: &context.arguments,
            outcome: plan.outcome(),
            time: &context.time(),
            config: (&settings.report.config_file, &settings.report.config_text),
            schema: &schema::report(),
            target: settings.writing.target,
            totals: &totals,
            inputs: super::inputs(&exports.all, records, &settings.reading.absent.typed).collect(),
            pools: self.pools(),
            batches: &emitted.batches,
            rejects: &emitted.lists,
            reports: &emitted.reports,
            directory: &directory.as_deref().map(input::typed).unwrap_or_default(),
            language: settings.report.language,
            feed_back: String::new(),
            conflicts: conflicts(wizard, plan, exports),
            stops: &plan.stops,
        };
        if writes && publication.rejected().next().is_some() {
            publication.feed_back = next::feed_back(&publication, &context.arguments, true);
        }
        if directory.is_some() {
            workers.install(|| publish::publish(run, &publication))?;
        }
        writer::select_shown(plan.stops.clone(), Some(directory.is_some())).iter().for_each(tell);
        let rehearsed = args.out.as_deref().filter(|_| args.output.dry_run && plan.stops.is_empty());
        let write = rehearsed.map(|out| next::write(&input::typed(out), context));
        summary::end(&publication, write, context)?;
        Ok(plan.outcome())
    }

    /// Returns the messages about the run and its inputs as a whole.
    fn issues(&self) -> impl Iterator<Item = Issue> + Clone {
        let &Self { wizard, exports, records, scan, plan, .. } = self;
        let settings = wizard.settings;
        let message = settings
            .warnings
            .iter()
            .cloned()
            .chain(wizard.logic.warnings())
            .chain(plan.unmatched.iter().cloned())
            .chain(indistinct(settings, exports, records.reads()));
        let last = plan.stops.iter().cloned().chain(plan.unmatched_lines(settings));
        let of_run = |message| Issue::about(message, 0);
        let of_exports = of_exports(&exports.all, &scan.asides);
        message.map(of_run).chain(of_exports).chain(last.map(of_run))
    }

    fn pools<'p>(&'p self) -> Vec<report::PoolLoad<'p>> {
        let (settings, loads) = (self.wizard.settings, &self.plan.loads);
        let pool = |(at, pool): (usize, &'p Pool)| report::PoolLoad {
            label: &pool.label,
            fqdn: &pool.fqdn,
            dn: &pool.dn,
            capacity: pool.capacity,
            before: loads.before[at],
            added: loads.added[at],
            left: loads.left[at],
        };
        settings.placement.pools.iter().enumerate().map(pool).collect()
    }
}

/// Returns the path of the run directory. A run without change files goes to `DIR.plan`, and renames an older plan.
fn directory(args: &PlannedArgs, writes: bool) -> Option<PathBuf> {
    args.out.as_deref().map(|out| with_ending(out, if writes { "" } else { ".plan" }))
}
