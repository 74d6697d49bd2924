//! `manifest.json` and `SHA256SUMS`: the inputs and outputs of a run, to check after the carry across the air gap.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ldif::ChangeBatch;
use super::{RunDirectory, Target, Written};
use crate::message::Failure;
use crate::report::{Mode, Totals};

/// The name of the manifest in a run directory.
pub(crate) const NAME: &str = "manifest.json";
/// The version of the format.
pub(crate) const VERSION: &str = "1.0";

/// The content of `manifest.json`. Fields that the report has too have the same names.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    pub schema_version: String,
    pub tool: String,
    pub mode: String,
    /// The arguments that affect the result, with paths as typed.
    #[serde(default)]
    pub arguments: Vec<String>,
    pub result: String,
    pub exit_code: u8,
    /// When the run began (RFC 3339).
    pub started: String,
    /// When the run ended (RFC 3339).
    pub finished: String,
    /// The importer of the change files.
    pub target: Target,
    /// The configuration file as typed; empty without one.
    pub config_file: String,
    /// The totals, as in the report.
    pub summary: Map<String, Value>,
    pub inputs: Vec<ManifestInput>,
    /// The change files, in the order of import.
    pub batches: Vec<ChangeBatch>,
    /// All files of the run except this one and `SHA256SUMS`.
    pub outputs: Vec<Written>,
}

/// Returns the totals of a command, for the manifest and the answer.
pub(crate) fn summary(mode: &Mode, totals: &Totals) -> Map<String, Value> {
    totals.sums(mode.kind.statuses()).into_iter().map(|(name, sum)| (name.to_owned(), sum.into())).collect()
}

/// An export in the manifest, with enough to find it again.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct ManifestInput {
    pub role: String,
    pub file: String,
    pub records: u64,
    pub bytes: u64,
    pub sha256: String,
    /// Whether the user asserted that the export is meant to be incomplete.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

impl Manifest {
    /// Whether the run has no change files, so that nothing of it is ever imported.
    pub(crate) fn is_plan(&self) -> bool {
        self.batches.is_empty()
    }
}

/// Writes `manifest.json`, then `SHA256SUMS` over all files.
pub(crate) fn write(run: &RunDirectory, manifest: &Manifest) -> Result<(), Failure> {
    let mut text = serde_json::to_string_pretty(manifest).map_err(|error| run.unwritable(&error.into()))?;
    text.push('\n');
    let written = run.write(NAME, text.as_bytes())?;
    // The format of sha256sum, for text and binary alike: hash, two spaces, name.
    let line = |file: &Written| format!("{}  {}\n", file.sha256, file.path);
    let sums: String = manifest.outputs.iter().chain([&written]).map(line).collect();
    run.write("SHA256SUMS", sums.as_bytes()).map(drop)
}
