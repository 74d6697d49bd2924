//! `manifest.json` and `SHA256SUMS`: what a run is made of, for the carry across the air gap.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ldif::ChangeBatch;
use super::{RunDirectory, Target, Written};
use crate::message::Failure;
use crate::report::{Mode, Totals};

/// What it is called in a run directory.
pub(crate) const NAME: &str = "manifest.json";
/// The version of this format.
pub(crate) const VERSION: &str = "1.0";

/// The content of `manifest.json`. Field names are those of the report where both have them.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    pub schema_version: String,
    pub tool: String,
    pub mode: String,
    /// What was typed behind the program's name, as far as it decides anything; paths as typed.
    #[serde(default)]
    pub arguments: Vec<String>,
    pub result: String,
    pub exit_code: u8,
    /// When it began (RFC 3339).
    pub started: String,
    /// When it ended (RFC 3339).
    pub finished: String,
    /// The importer the change files are for.
    pub target: Target,
    /// The configuration file as typed; empty if there is none.
    pub config_file: String,
    /// The sums, as the report has them.
    pub summary: Map<String, Value>,
    pub inputs: Vec<ManifestInput>,
    /// The change files, in the order of import.
    pub batches: Vec<ChangeBatch>,
    /// All files of the run but this one and `SHA256SUMS`.
    pub outputs: Vec<Written>,
}

/// The sums of a command for manifest and answer.
pub(crate) fn summary(mode: &Mode, totals: &Totals) -> Map<String, Value> {
    totals.sums(mode.kind.statuses()).into_iter().map(|(name, sum)| (name.to_owned(), sum.into())).collect()
}

/// An export, as the manifest lists it: enough to find it again.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct ManifestInput {
    pub role: String,
    pub file: String,
    pub records: u64,
    pub bytes: u64,
    pub sha256: String,
    /// Whether it was asserted that a part is meant.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

impl Manifest {
    /// Whether it has no change files, so that nothing of it is ever imported.
    pub(crate) fn is_plan(&self) -> bool {
        self.batches.is_empty()
    }
}

/// Writes `manifest.json`, then `SHA256SUMS` over everything.
pub(crate) fn write(run: &RunDirectory, manifest: &Manifest) -> Result<(), Failure> {
    let mut text = serde_json::to_string_pretty(manifest).map_err(|error| run.unwritable(&error.into()))?;
    text.push('\n');
    let written = run.write(NAME, text.as_bytes())?;
    // The form of sha256sum, for text and binary alike: hash, two spaces, name.
    let line = |file: &Written| format!("{}  {}\n", file.sha256, file.path);
    let sums: String = manifest.outputs.iter().chain([&written]).map(line).collect();
    run.write("SHA256SUMS", sums.as_bytes()).map(drop)
}
