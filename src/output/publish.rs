//! The end of every run: scripts, report, configuration, manifest and checksums, then the rename.

use super::ldif::ChangeBatch;
use super::manifest::{self, Manifest};
use super::spool::Spools;
use super::{RunDirectory, Target, Written, html, scripts, users, xml};
use crate::language::{Language, Text};
use crate::message::{Failure, Message};
use crate::progress::Pass;
use crate::report::{Conflict, Head, InputFile, Mode, Outcome, PoolLoad, Totals};

pub(crate) const TOOL: &str = concat!("userprep ", env!("CARGO_PKG_VERSION"));

/// The configuration of a run that had none.
const NO_CONFIG: Text = Text::new(
    "# No configuration file: the flags of the run are in manifest.json (arguments).\n",
    "# Aucun fichier de configuration : les options de l’exécution sont dans manifest.json (arguments).\n",
);

/// What a run is to publish beside its change files, which are written already.
#[derive(Debug)]
pub(crate) struct Publication<'a> {
    pub mode: &'static Mode,
    /// What was typed, as far as it decides anything.
    pub arguments: &'a [String],
    pub outcome: Outcome,
    /// When it took place (RFC 3339).
    pub time: &'a str,
    /// The configuration file as typed, and what it holds; empty if there is none.
    pub config: (&'a str, &'a str),
    /// The definition of the report's shape.
    pub schema: &'a str,
    /// The importer the change files are for.
    pub target: Target,
    pub totals: &'a Totals,
    pub inputs: Vec<InputFile<'a>>,
    pub pools: Vec<PoolLoad<'a>>,
    /// The change files, in the order of import.
    pub batches: &'a [ChangeBatch],
    /// The files of rejected records, and the list of homed users.
    pub rejects: &'a [Written],
    /// The spooled rows and issues of the reports.
    pub reports: &'a mut Spools,
    /// The run directory as typed.
    pub directory: &'a str,
    pub language: Language,
    /// The command that reads the corrected rejects, typed in the run directory; empty if there is nothing to correct.
    pub feed_back: String,
    /// The first conflicts, and how many there are.
    pub conflicts: &'a (Vec<Conflict>, usize),
    /// Why the run stopped; empty if it did not.
    pub stops: &'a [Message],
}

impl Publication<'_> {
    /// The files to correct and to feed back: not the list of homed users, which is for the real wizard.
    pub(crate) fn rejected(&self) -> impl Iterator<Item = &Written> {
        self.rejects.iter().filter(|file| file.path.starts_with("rejects-"))
    }
}

/// Writes what is still to be written, and makes the run directory appear.
///
/// # Errors
/// `output-unwritable`, `output-exists`
pub(crate) fn publish(run: RunDirectory, publication: &mut Publication<'_>) -> Result<(), Failure> {
    let _progress = Pass::begin("publishing", 0);
    let (config_file, config_text) = publication.config;
    // Never an empty file: certutil has no hash for one.
    let no_config = NO_CONFIG;
    let in_force =
        if config_text.is_empty() { no_config.in_language(publication.language) } else { config_text };
    let config = run.write("userprep.toml", in_force.as_bytes())?;
    let head = Head {
        mode: publication.mode,
        outcome: publication.outcome,
        tool: TOOL,
        started: publication.time,
        finished: publication.time,
        config: (config_file, if config_file.is_empty() { "" } else { &config.sha256 }),
        totals: publication.totals,
        inputs: &publication.inputs,
        pools: &publication.pools,
    };
    let (batches, target, reports) = (publication.batches, publication.target, &mut *publication.reports);
    let mut outputs: Vec<Written> =
        batches.iter().flat_map(|batch| [&batch.apply, &batch.undo]).cloned().collect();
    outputs.extend(scripts::write(&run, batches, publication.language)?);
    outputs.extend_from_slice(publication.rejects);
    outputs.push(xml::write(&run, &head, &mut reports.rows, &mut reports.issues, batches)?);
    outputs.push(users::write(&run, &mut reports.users)?);
    outputs.push(run.write("report.xsd", publication.schema.as_bytes())?);
    let page = html::Page {
        head: &head,
        language: publication.language,
        target,
        batches,
        feed_back: &publication.feed_back,
        conflicts: publication.conflicts,
        stops: publication.stops,
    };
    outputs.push(html::write(&run, &page, reports)?);
    outputs.push(config.clone());
    let input = |input: &InputFile<'_>| manifest::ManifestInput {
        role: input.role.into(),
        file: input.file.into(),
        records: input.records,
        bytes: input.bytes,
        sha256: input.sha256.into(),
        incomplete: input.incomplete,
    };
    let manifest = Manifest {
        schema_version: manifest::VERSION.into(),
        tool: TOOL.into(),
        mode: publication.mode.name.into(),
        arguments: publication.arguments.to_vec(),
        result: publication.outcome.name().into(),
        exit_code: publication.outcome.exit_code(),
        started: publication.time.into(),
        finished: publication.time.into(),
        target,
        config_file: config_file.into(),
        summary: manifest::summary(publication.mode, publication.totals),
        inputs: head.inputs.iter().map(input).collect(),
        batches: batches.to_vec(),
        outputs,
    };
    manifest::write(&run, &manifest)?;
    run.publish()
}
