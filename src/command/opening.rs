//! What commands read: configuration, inputs, exports for lists, references, earlier runs.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::{Context, homed, require_known_command};
use crate::cli::PlannedArgs;
use crate::config::ConfigFile;
use crate::input::detect::ExportFormat;
use crate::input::{self, Batch, Export, Role};
use crate::language::text;
use crate::message::{Failure, Message};
use crate::object::Attributes;
use crate::ocs;
use crate::output::manifest;
use crate::parallel::pass;
use crate::plan::Exports;
use crate::run::{self, Run};
use crate::schema;
use crate::settings::{Reading, Settings};
use crate::wizard::Chosen;

/// Opens all exports that the arguments name, and reports the messages about them.
pub(super) fn open(
    arguments: &[PathBuf],
    role: Role,
    reading: &Reading,
    context: &Context,
) -> Result<Vec<Export>, Failure> {
    let options = match role {
        // Files of the program itself need no detection.
        Role::Run => input::Options { format: Some(ExportFormat::Ldif), ..input::Options::default() },
        role => reading.of_role(role),
    };
    let mut exports: Vec<Export> = Vec::new();
    let mut faults = Vec::new();
    for argument in arguments {
        match input::expand(argument) {
            Err(message) => faults.push(message),
            Ok(files) => {
                for file in files {
                    match Export::open(&file, role, &options, &reading.attributes) {
                        Ok(export) => exports.push(export),
                        Err(message) => faults.extend(message),
                    }
                }
            }
        }
    }
    if !faults.is_empty() {
        return Err(Failure::Broken(faults));
    }
    context.tell_all(exports.iter().flat_map(|export| &export.messages));
    Ok(exports)
}

/// Prepares the settings of a wizard and the exports that it reads.
pub(super) fn prepare(
    chosen: &Chosen,
    args: &PlannedArgs,
    source: ConfigFile,
    context: &Context,
) -> Result<(Settings, Exports), Failure> {
    let mut settings = Settings::of(args, chosen.spec.scope, source)?;
    let mut exports = exports(args, &settings, context)?;
    if chosen.spec.scope.erases {
        let shown = ocs_attributes(&exports, &settings.reading.attributes)?;
        settings = settings.showing(shown);
        let reread = |export: Export| {
            let options = settings.reading.of_role(export.role);
            export.with(&options, &settings.reading.attributes)
        };
        exports.all = exports.all.into_iter().map(reread).collect();
    }
    Ok((settings, exports))
}

/// Collects the attributes of Communications Server that the inputs, or the exports for lists, show. A heading may be a
/// slip, under which the directory knows no attribute.
fn ocs_attributes(exports: &Exports, attributes: &Attributes) -> Result<BTreeSet<String>, Failure> {
    let mut all = BTreeSet::new();
    let work = |export: usize, _: usize, batch: &Batch| {
        let mut names = BTreeSet::new();
        let export = &exports.all[export];
        let is_slip = |name: &str| export.table().is_some() && schema::meant(name).is_some();
        export.names(batch, attributes, |name| {
            if ocs::is_attribute(name) && !names.contains(name) && !is_slip(name) {
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

/// Refuses inputs that do not exist or are runs: a mistyped name is reported before any error of the settings.
pub(super) fn check_inputs(args: &PlannedArgs) -> Result<(), Failure> {
    let missing: Vec<Message> =
        args.input.inputs.iter().filter_map(|path| input::exists(path).err()).collect();
    if missing.is_empty() { Failure::any_unfit(misplaced(args)) } else { Err(Failure::Broken(missing)) }
}

/// Reads the configuration: the named one, else `userprep.toml` in the current folder, else none.
pub(super) fn configuration(named: Option<&Path>) -> Result<ConfigFile, Failure> {
    let usual = Path::new("userprep.toml");
    match named {
        Some(path) => ConfigFile::read(path).map_err(Failure::unfit),
        // A dangling link was meant to be a configuration, too.
        None if usual.symlink_metadata().is_ok() => ConfigFile::read(usual).map_err(Failure::unfit),
        None => Ok(ConfigFile::default()),
    }
}

/// Finds misplaced arguments: runs instead of exports, a part of a run instead of the whole, and standard input twice.
fn misplaced(args: &PlannedArgs) -> Vec<Message> {
    let exports = || args.input.inputs.iter().chain(&args.input.join);
    let run = |path: &PathBuf| {
        let name = input::typed(path);
        let what = text!(
            "`{name}` is a run directory, not an export",
            "`{name}` est le dossier d’une exécution, et non un export"
        );
        Message::error("input-report", what).help(text!(
            "name an export of the directory, or what the run rejected: {name}/rejects-*",
            "indiquez un export de l’annuaire, ou ce que l’exécution a rejeté\u{a0}: {name}/rejects-*"
        ))
    };
    let part = |path: &PathBuf| {
        let run = path.parent().filter(|run| path.ends_with(manifest::NAME) && run::is_run(run))?;
        let name = input::typed(path);
        let what = text!("`{name}` is the manifest of a run", "`{name}` est le manifeste d’une exécution");
        Some(Message::error("input-report", what).help(text!(
            "name the run: --reference {}",
            "indiquez l’exécution\u{a0}: --reference {}",
            input::typed(run)
        )))
    };
    let twice = || {
        let what = text!(
            "standard input (`-`) is named more than once",
            "l’entrée standard (`-`) est indiquée plus d’une fois"
        );
        Message::error("input-unreadable", what)
    };
    let is_standard = |path: &&PathBuf| path.as_os_str() == "-";
    let standard =
        exports().chain(&args.input.reference).chain(&args.select.users).filter(is_standard).count();
    let runs = exports().filter(|path| run::is_run(path)).map(run);
    runs.chain(args.input.reference.iter().filter_map(part)).chain((standard > 1).then(twice)).collect()
}

/// Opens inputs, the exports for lists, and references. A run directory among the references is read by its change
/// files.
pub(super) fn exports(
    args: &PlannedArgs,
    settings: &Settings,
    context: &Context,
) -> Result<Exports, Failure> {
    let (runs, references): (Vec<PathBuf>, Vec<PathBuf>) =
        args.input.reference.iter().cloned().partition(|path| run::is_run(path));
    let opened = |paths: &[PathBuf], role| open(paths, role, &settings.reading, context);
    let mut all = opened(&args.input.inputs, Role::Input)?;
    let inputs = all.len();
    all.extend(opened(&args.input.join, Role::Join)?);
    all.extend(opened(&references, Role::Reference)?);
    let (mut guids, mut homed) = (HashMap::new(), Vec::new());
    // Nothing of a plan counts, but its rejects may be read together with it.
    let has_rejects = all[..inputs].iter().any(|export| export.is_rejects);
    for path in &runs {
        if has_rejects && run::manifest(path)?.is_plan() {
            continue;
        }
        let run = Run::read(path)?;
        require_known_command(&run.manifest, path)?;
        let mut from = 0;
        for batch in &run.manifest.batches {
            let to = from + usize::try_from(batch.records).unwrap_or(usize::MAX);
            guids.insert(all.len(), (from..to).map(|user| run.guid(user)).collect());
            all.extend(opened(&[path.join(&batch.apply.path)], Role::Run)?);
            from = to;
        }
        homed.extend(homed::homed(path, settings)?);
    }
    Ok(Exports { all, inputs, guids, homed })
}
