//! The end of every run: scripts, reports, configuration, manifest and checksums, then the rename.

use sha2::{Digest, Sha256};

use super::ldif::ChangeBatch;
use super::manifest::{self, Manifest};
use super::spool::Spools;
use super::{RunDirectory, Target, Written, html, scripts, users, xml};
use crate::input::hex;
use crate::language::{Language, Text};
use crate::message::{Failure, Message};
use crate::progress::Pass;
use crate::report::{ConflictList, InputFile, Mode, Outcome, PoolLoad, Totals};

pub(crate) const TOOL: &str = concat!("userprep ", env!("CARGO_PKG_VERSION"));

/// The `userprep.toml` of a run without a configuration file of its own.
static NO_CONFIG: Text = Text::new(
    "# No configuration: the flags of the run are in manifest.json (arguments).\n",
    "# Aucune configuration : les options de l’exécution sont dans manifest.json (arguments).\n",
);

/// What a run publishes beside its change files, which are already written.
#[derive(Debug)]
pub(crate) struct Publication<'a> {
    pub mode: &'static Mode,
    /// The arguments that affect the result.
    pub arguments: &'a [String],
    pub outcome: Outcome,
    /// The time of the run (RFC 3339).
    pub time: &'a str,
    /// The configuration file as typed, empty without one; and the configuration in force.
    pub config: (&'a str, &'a Text),
    /// The XML schema of the report.
    pub schema: &'a str,
    /// The importer of the change files.
    pub target: Target,
    pub totals: &'a Totals,
    pub inputs: Vec<InputFile<'a>>,
    pub pools: Vec<PoolLoad<'a>>,
    /// The change files, in the order of import.
    pub batches: &'a [ChangeBatch],
    /// The files of rejected records, and the list of homed users.
    pub rejects: &'a [Written],
    /// The spooled rows and issues of the reports.
    pub reports: &'a Spools,
    /// The run directory as typed.
    pub directory: &'a str,
    pub language: Language,
    /// The command that reads the corrected rejects, typed in the run directory; empty if there are none.
    pub feed_back: String,
    pub conflicts: ConflictList,
    /// Why the run stopped; empty if it did not.
    pub stops: &'a [Message],
}

impl Publication<'_> {
    /// The files to correct and feed back, without the list of homed users, which is for the real Move wizard.
    pub(crate) fn rejected(&self) -> impl Iterator<Item = &Written> {
        self.rejects.iter().filter(|file| file.path.starts_with("rejects-"))
    }

    /// Returns the content of `userprep.toml`. It is never empty: certutil cannot hash an empty file.
    fn config_in_force(&self) -> &str {
        let (_, text) = self.config;
        if text.is_empty() { &NO_CONFIG } else { text }.in_language(self.language)
    }

    /// Returns the SHA-256 of `userprep.toml`; empty if no configuration file was given.
    pub(super) fn config_sha256(&self) -> String {
        let (file, _) = self.config;
        if file.is_empty() { String::new() } else { hex(&Sha256::digest(self.config_in_force())) }
    }
}

/// Writes the remaining files and publishes the run directory.
///
/// # Errors
/// `output-unwritable`, `output-exists`
pub(crate) fn publish(run: RunDirectory, publication: &Publication<'_>) -> Result<(), Failure> {
    let _progress = Pass::begin("publishing", 0);
    let Publication { config: (config_file, _), batches, language, .. } = *publication;
    let config = run.write("userprep.toml", publication.config_in_force().as_bytes())?;
    let mut outputs: Vec<Written> =
        batches.iter().flat_map(|batch| [&batch.apply, &batch.undo]).cloned().collect();
    outputs.extend(scripts::write(&run, batches, language)?);
    outputs.extend_from_slice(publication.rejects);
    outputs.push(xml::write(&run, publication)?);
    outputs.push(users::write(&run, &publication.reports.users)?);
    outputs.push(run.write("report.xsd", publication.schema.as_bytes())?);
    outputs.push(html::write(&run, publication)?);
    outputs.push(config);
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
        target: publication.target,
        config_file: config_file.into(),
        summary: manifest::summary(publication.mode, publication.totals),
        inputs: publication.inputs.iter().map(input).collect(),
        batches: batches.to_vec(),
        outputs,
    };
    manifest::write(&run, &manifest)?;
    run.publish()
}
