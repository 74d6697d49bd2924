//! A wizard's command: exports in, a run directory out.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::summary::Summary;
use super::{
    Context, next, of_known_command, open, rejects, schema, tell_leftovers, users, with_ending, workers,
};
use crate::cli::{self, PlannedArgs};
use crate::config::ConfigFile;
use crate::input::detect::ExportFormat;
use crate::input::{self, Batch, Export, Role};
use crate::language::text;
use crate::message::{Failure, Message, Severity};
use crate::ocs;
use crate::output::RunDirectory;
use crate::output::ldif::Numbering;
use crate::output::publish::{self, Publication};
use crate::output::store::Store;
use crate::output::writer;
use crate::parallel::pass;
use crate::plan::Exports;
use crate::plan::conflicts::conflicts;
use crate::plan::decide::{Plan, decide};
use crate::plan::emit::{Emission, emit};
use crate::plan::join::join;
use crate::plan::scan::{Scan, scan};
use crate::records::Records;
use crate::report::redaction::MASK;
use crate::report::{self, Issue, Outcome};
use crate::run::{self, Run};
use crate::settings::Settings;
use crate::wizard::{Chosen, Wizard};

/// Runs the command of a wizard.
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
    inputs_exist(args)?;
    let workers = workers(&args.run)?;
    let (mut settings, mut exports) = workers.install(|| prepared(chosen, args, source, context))?;
    if let Some(rejects) = exports.all[..exports.inputs].iter().find(|export| export.is_rejects) {
        settings.warnings.extend(rejects::check(args, rejects, &exports.all, context)?);
    }
    let wizard = chosen.flags.wizard(&settings)?;
    settings.warnings.iter().chain(&wizard.warnings()).for_each(|message| context.tell(message));
    let time = context.time();
    // Refused before an hour's work, not after.
    drop(begin(args, !args.output.dry_run)?);
    if let Some(out) = directory(args, !args.output.dry_run) {
        tell_leftovers(&out, context);
    }
    let store = Store::new(args.out.as_deref())?;
    workers.install(|| join(&*wizard, &mut exports))?;
    let (scan, records, plan) = workers.install(|| -> Result<_, Failure> {
        let (mut scan, records) = scan(&*wizard, &exports, store)?;
        let plan = decide(&*wizard, &records, &mut scan, &mut ())?;
        Ok((scan, records, plan))
    })?;
    scan.asides.iter().for_each(|(_, message)| context.tell(message));
    // Beyond its beginning a file tells only now that it holds rejects.
    let mut inputs = exports.all[..exports.inputs].iter().zip(&scan.exports);
    let alone = match inputs.find(|(export, read)| read.shown.rejects && !export.is_rejects) {
        Some((rejects, _)) => rejects::check(args, rejects, &exports.all, context)?,
        None => None,
    };
    let writes = plan.stops.is_empty() && !args.output.dry_run;
    let directory = directory(args, writes);
    let run = begin(args, writes)?;
    let numbering = writes.then(|| Numbering::new(&plan.series, settings.writing.split));
    let mut issues = run_issues(&*wizard, &exports, &scan, &plan);
    if writes && plan.records > 0 {
        issues.push(Issue::undo_limits());
    }
    issues.extend(alone.map(|note| Issue::about(&note, 0)));
    // The warnings of the settings came first, and the stops come at the end.
    let known = settings.warnings.len() + wizard.warnings().len();
    let is_new = |issue: &&Issue| issue.input == 0 && issue.message.severity < Severity::Error;
    let new = issues.iter().skip(known).filter(is_new).map(|issue| issue.in_file(""));
    let tell = |message: &Message| context.tell(message);
    writer::shown(new, run.is_published()).iter().for_each(tell);
    let numbering = numbering.as_ref();
    let emission =
        Emission { wizard: &*wizard, exports: &exports, records: &records, plan: &plan, numbering };
    let mut emitted = workers.install(|| emit(&emission, &run, &issues, &tell))?;
    let mut totals = plan.totals.clone();
    totals.warnings = emitted.reports.tally.warnings;
    totals.newly = emitted.reports.tally.newly;
    totals.unmatched = plan.unlisted.len() as u64;
    totals.reasons = std::mem::take(&mut emitted.reports.tally.reasons);
    totals.change_records = if writes { plan.records } else { 0 };
    let mut publication = Publication {
        mode: &wizard.spec().mode,
        arguments: &context.arguments,
        outcome: plan.outcome(),
        time: &time,
        config: (&settings.report.config_file, &settings.report.config_text),
        schema: &schema::report(),
        target: settings.writing.target,
        totals: &totals,
        inputs: listed(&settings, &exports, &scan, &records),
        pools: pools(&settings, &plan),
        batches: &emitted.batches,
        rejects: &emitted.lists,
        reports: &mut emitted.reports,
        directory: &directory.as_deref().map(input::typed).unwrap_or_default(),
        language: settings.report.language,
        feed_back: String::new(),
        conflicts: &conflicts(&*wizard, &plan, &exports),
        stops: &plan.stops,
    };
    if writes && publication.rejected().next().is_some() {
        publication.feed_back = next::feed_back(&publication, &context.arguments, true);
    }
    if directory.is_some() {
        workers.install(|| publish::publish(run, &mut publication))?;
    }
    writer::shown(plan.stops.clone(), directory.is_some()).iter().for_each(tell);
    let mut steps = next::after(&publication, context);
    if let Some(out) = args.out.as_deref().filter(|_| args.output.dry_run && plan.stops.is_empty()) {
        steps.push(next::write(&input::typed(out), context));
    }
    Summary { of: &publication, steps: &steps }.tell(context);
    if context.answer.format == cli::AnswerFormat::Ndjson {
        users::print(&mut publication, context)?;
    }
    Ok(plan.outcome())
}

/// Where a run goes: one that writes no change file goes beside, into `DIR.plan`.
fn directory(args: &PlannedArgs, writes: bool) -> Option<PathBuf> {
    args.out.as_deref().map(|out| with_ending(out, if writes { "" } else { ".plan" }))
}

/// The run directory, or one for the time of a look. An older plan is renamed.
fn begin(args: &PlannedArgs, writes: bool) -> Result<RunDirectory, Failure> {
    match directory(args, writes) {
        Some(out) => RunDirectory::begin(&out, args.output.force || !writes),
        None => RunDirectory::scratch(),
    }
}

/// What a wizard goes by, and the exports that it reads.
pub(super) fn prepared(
    chosen: &Chosen,
    args: &PlannedArgs,
    source: ConfigFile,
    context: &Context,
) -> Result<(Settings, Exports), Failure> {
    let mut settings = Settings::of(args, chosen.spec.scope, source)?;
    let mut exports = exports(args, &settings, context)?;
    if chosen.spec.erases {
        settings = settings.showing(named(&exports, ocs::PREFIX)?);
        let with = |export: Export| {
            let options = settings.reading.of_role(export.role);
            export.with(&options, &settings.reading.attributes)
        };
        exports.all = exports.all.into_iter().map(with).collect();
    }
    Ok((settings, exports))
}

/// The attributes that inputs show, and what lists are joined to, whose names begin so.
fn named(exports: &Exports, prefix: &str) -> Result<BTreeSet<String>, Failure> {
    let mut all = BTreeSet::new();
    let work = |export: usize, _: usize, batch: &Batch| {
        let mut names = BTreeSet::new();
        exports.all[export].names(batch, |name| {
            let is_one = name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
            if is_one && !names.contains(name) {
                names.insert(name.to_owned());
            }
        });
        names
    };
    let inputs = &exports.all[..exports.inputs + exports.joined()];
    let consume = |names| {
        all.extend::<BTreeSet<String>>(names);
        Ok(())
    };
    pass("reading", inputs, None, work, consume)?;
    Ok(all)
}

/// Whether all inputs are there: a mistyped name is reported before any fault of the settings.
fn inputs_exist(args: &PlannedArgs) -> Result<(), Failure> {
    let missing: Vec<Message> =
        args.input.inputs.iter().filter_map(|path| input::exists(path).err()).collect();
    if missing.is_empty() { Ok(()) } else { Err(Failure::Broken(missing)) }
}

/// The configuration: the one named, else `userprep.toml` in the current folder, else none.
fn configuration(named: Option<&Path>) -> Result<ConfigFile, Failure> {
    let usual = Path::new("userprep.toml");
    match named {
        Some(path) => ConfigFile::read(path).map_err(Failure::unfit),
        None if usual.exists() => ConfigFile::read(usual).map_err(Failure::unfit),
        None => Ok(ConfigFile::default()),
    }
}

/// Opens inputs, what lists among them are joined to, and references; a run directory among these stands for its change files.
pub(super) fn exports(
    args: &PlannedArgs,
    settings: &Settings,
    context: &Context,
) -> Result<Exports, Failure> {
    let attributes = &settings.reading.attributes;
    let (runs, references): (Vec<PathBuf>, Vec<PathBuf>) =
        args.input.reference.iter().cloned().partition(|path| run::is_run(path));
    let opened =
        |paths: &[PathBuf], role| open(paths, role, &settings.reading.of_role(role), attributes, context);
    let mut all = opened(&args.input.inputs, Role::Input)?;
    let inputs = all.len();
    all.extend(opened(&args.input.join, Role::Join)?);
    all.extend(opened(&references, Role::Reference)?);
    let written = input::Options { format: Some(ExportFormat::Ldif), ..input::Options::default() };
    let mut guids = HashMap::new();
    // Nothing of a plan counts; its rejects may be read beside it.
    let has_rejects = all[..inputs].iter().any(|export| export.is_rejects);
    for path in &runs {
        if has_rejects && run::manifest(path)?.is_plan() {
            continue;
        }
        let run = Run::read(path)?;
        of_known_command(&run.manifest, path)?;
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
fn run_issues(wizard: &dyn Wizard, exports: &Exports, scan: &Scan, plan: &Plan) -> Vec<Issue> {
    let settings = wizard.settings();
    let mut issues = Vec::new();
    let message = settings
        .warnings
        .iter()
        .cloned()
        .chain(wizard.warnings())
        .chain(plan.unmatched.iter().cloned())
        .chain(scan.indistinct(settings, exports));
    issues.extend(message.map(|message| Issue::about(&message, 0)));
    for (index, export) in exports.all.iter().enumerate() {
        issues.extend(export.messages.iter().map(|message| Issue::about(message, index + 1)));
    }
    issues.extend(scan.asides.iter().map(|(export, message)| Issue::about(message, export + 1)));
    issues.extend(plan.stops.iter().map(|message| Issue::about(message, 0)));
    if let Some(list) = &settings.selection.list {
        for unlisted in &plan.unlisted {
            let (number, text) = &list.lines[unlisted.line];
            // What is on the line may be what is to be masked.
            let text = if settings.report.redaction.is_empty() { text.as_str() } else { MASK };
            let message = match unlisted.users {
                0 => Message::warning(
                    "users-unmatched",
                    text!(
                        "line {number} of --users, `{text}`, matches no user",
                        "la ligne {number} de --users, `{text}`, ne correspond à aucun utilisateur"
                    ),
                ),
                users => {
                    let what = text!(
                        "line {number} of --users, `{text}`, matches {users} users, and selects none",
                        "la ligne {number} de --users, `{text}`, correspond à {users} utilisateurs, et n’en sélectionne aucun"
                    );
                    Message::warning("users-ambiguous", what)
                }
            };
            issues.push(Issue::about(&message, 0));
        }
    }
    issues
}

/// The exports, as the report lists them.
fn listed<'a>(
    settings: &'a Settings,
    exports: &'a Exports,
    scan: &Scan,
    records: &'a Records<'_>,
) -> Vec<report::InputFile<'a>> {
    let exports = exports.all.iter().zip(&scan.exports).enumerate();
    exports
        .map(|(index, (export, read))| {
            let is_held = matches!(export.role, Role::Input | Role::Join);
            let absent = if is_held { settings.reading.absent.said.as_str() } else { "" };
            report::InputFile::of(export, read.records, records.file(index), absent)
        })
        .collect()
}

fn pools<'a>(settings: &'a Settings, plan: &Plan) -> Vec<report::PoolLoad<'a>> {
    let loads = &plan.loads;
    let pool = |(at, pool): (usize, &'a crate::pool::Pool)| report::PoolLoad {
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
