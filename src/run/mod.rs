//! Reads published run directories: which users a run changed, and how.
//!
//! In memory a user takes some tens of bytes: fingerprints of DN and GUID, and offsets of the texts. Texts are read
//! when needed.
//!
//! Architecture invariant: only this module opens the files of a published run.

// logs of importers
pub(crate) mod log;
// the integrity of a run directory
pub(crate) mod check;
// the texts of single users
mod lookup;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use ldif::{BlockStart, Chunks, Cursor, Line};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::fingerprint::Fingerprint;
use crate::input::{hex, typed};
use crate::language::{Text, text};
use crate::message::{Failure, Message};
use crate::output::ldif::ChangeBatch;
use crate::output::manifest::{self, Manifest};
use crate::output::xml::rows::{self, RowFields};
use crate::parallel::both;
use crate::schema::value::guid_octets;

pub(crate) use self::lookup::Texts;

/// The bytes of a change file to read at a time.
const CHUNK: usize = 256 << 10;

const REPORT: &str = "report.xml";
const CONFIGURATION: &str = "userprep.toml";
const SUMS: &str = "SHA256SUMS";

/// The minimum length of a row in bytes: its attribute names alone take more.
const SHORTEST_ROW: u64 = 100;

/// Stands for a missing row or record.
const NOWHERE: u64 = u64::MAX;

#[derive(Clone, Copy, Debug)]
struct ChangeRecord {
    dn: Fingerprint,
    batch: u32,
    /// The offset in the apply file of the batch.
    apply: u64,
    /// The offset in the undo file of the batch, or [`NOWHERE`] if nothing is restored.
    undo: u64,
}

#[derive(Clone, Copy, Debug)]
struct RunRow {
    guid: Option<Fingerprint>,
    /// The offset in the report.
    at: u64,
}

#[derive(Debug)]
pub(crate) struct Run {
    /// The directory as typed.
    pub(crate) name: String,
    pub(crate) manifest: Manifest,
    /// Size and SHA-256 of the manifest.
    pub(crate) stamp: (u64, String),
    /// The attributes in its change files.
    pub(crate) touched: Vec<String>,
    /// Whether users are found by DN only.
    pub(crate) ignores_guids: bool,
    folder: PathBuf,
    /// One for each user, parallel to `rows`.
    records: Vec<ChangeRecord>,
    rows: Vec<RunRow>,
    by_dn: Vec<u32>,
    by_guid: Vec<u32>,
}

/// Whether the path is, or pretends to be, a run directory.
pub(crate) fn is_run(path: &Path) -> bool {
    path.join(manifest::NAME).symlink_metadata().is_ok()
}

/// Opens a file of a run directory. The directory may come from somebody else, so the name must not lead elsewhere, and
/// only a regular file is opened.
fn open(folder: &Path, name: &str) -> Result<File, Failure> {
    let path = folder.join(name);
    let open = || {
        if !is_plain(name) {
            Err(io::Error::new(io::ErrorKind::InvalidFilename, "it is not a file name"))
        } else if path.symlink_metadata()?.is_file() {
            File::open(&path)
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
        }
    };
    open().map_err(|error| unreadable(&path, &error))
}

/// Whether the name is a plain file name.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\', ':', '\0'])
}

/// Returns the path of the configuration that the run used.
pub(crate) fn configuration(folder: &Path) -> Result<PathBuf, Failure> {
    open(folder, CONFIGURATION).map(|_| folder.join(CONFIGURATION))
}

/// Reads the manifest; also returns its text. Manifests of later versions are refused.
fn read_manifest(folder: &Path) -> Result<(Manifest, Vec<u8>), Failure> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Version {
        schema_version: String,
    }
    if folder.is_file() {
        let what = text!(
            "`{}` is a file, and a run is a directory",
            "`{}` est un fichier, et une exécution est un dossier",
            typed(folder)
        );
        let run = folder.parent().filter(|run| is_run(run));
        let help = run.map(|run| text!("name the run: {}", "indiquez l’exécution\u{a0}: {}", typed(run)));
        return Err(Failure::broken(Message::error("run-unreadable", what).help(help)));
    }
    let path = folder.join(manifest::NAME);
    let mut text = Vec::new();
    open(folder, manifest::NAME)?.read_to_end(&mut text).map_err(|error| unreadable(&path, &error))?;
    let Version { schema_version } =
        serde_json::from_slice(&text).map_err(|error| malformed(&path, &error))?;
    if schema_version != manifest::VERSION {
        let what = text!(
            "`{}` has version {schema_version} of the format, and this program reads {}",
            "`{}` a la version {schema_version} du format, et ce programme lit la {}",
            typed(&path),
            manifest::VERSION
        );
        let message = Message::error("run-unreadable", what);
        return Err(Failure::broken(message.help(text!(
            "use the version of userprep that made the run",
            "utilisez la version de userprep qui a fait l’exécution"
        ))));
    }
    let manifest = serde_json::from_slice(&text).map_err(|error| malformed(&path, &error))?;
    Ok((manifest, text))
}

/// Reads the manifest of a run directory or a plan.
pub(crate) fn manifest(folder: &Path) -> Result<Manifest, Failure> {
    read_manifest(folder).map(|(manifest, _)| manifest)
}

/// Passes each row of a run's report to `each`.
pub(crate) fn rows(folder: &Path, mut each: impl FnMut(&RowFields)) -> Result<(), Failure> {
    rows::each(report(folder)?, |_, row| each(row)).map_err(|error| unreadable(&folder.join(REPORT), &error))
}

/// Passes each pool in the head of a run's report to `each`.
pub(crate) fn pools(folder: &Path, each: impl FnMut(&RowFields)) -> Result<(), Failure> {
    rows::pools(report(folder)?, each).map_err(|error| unreadable(&folder.join(REPORT), &error))
}

/// Passes each issue of a run's report to `each`.
pub(crate) fn issues(folder: &Path, each: impl FnMut(&RowFields)) -> Result<(), Failure> {
    rows::issues(report(folder)?, each).map_err(|error| unreadable(&folder.join(REPORT), &error))
}

fn report(folder: &Path) -> Result<BufReader<File>, Failure> {
    Ok(BufReader::with_capacity(CHUNK, open(folder, REPORT)?))
}

impl Run {
    /// Reads a run directory. Its change files and its report must match the manifest.
    ///
    /// # Errors
    /// `run-unreadable`, `run-changed`; `run-plan` (exit code 2) for a run that wrote no change file.
    pub(crate) fn read(folder: &Path) -> Result<Self, Failure> {
        let name = typed(folder);
        let (manifest, text) = read_manifest(folder)?;
        if manifest.is_plan() && manifest.summary.get("changed").and_then(Value::as_u64) != Some(0) {
            let what = text!(
                "`{name}` is a plan: it has no change files",
                "`{name}` est un plan\u{a0}: il n’a pas de fichiers de modification"
            );
            let message = Message::error("run-plan", what);
            return Err(Failure::unfit(message.help(text!(
                "name a run directory that was written without --dry-run",
                "nommez un dossier d’exécution écrit sans --dry-run"
            ))));
        }
        let stamp = (text.len() as u64, hex(&Sha256::digest(&text)));
        let folder = folder.to_owned();
        let mut run = Self {
            name,
            manifest,
            stamp,
            touched: Vec::new(),
            ignores_guids: false,
            folder,
            records: Vec::new(),
            rows: Vec::new(),
            by_dn: Vec::new(),
            by_guid: Vec::new(),
        };
        let (records, rows) = both(|| run.read_records(), || run.read_rows());
        ((run.records, run.touched), run.rows) = (records?, rows?);
        let users = 0..u32::try_from(run.records.len()).unwrap_or(u32::MAX);
        run.by_dn = users.clone().collect();
        run.by_dn.sort_unstable_by_key(|&user| run.records[user as usize].dn);
        run.by_guid = users.filter(|&user| run.rows[user as usize].guid.is_some()).collect();
        run.by_guid.sort_unstable_by_key(|&user| run.rows[user as usize].guid);
        Ok(run)
    }

    /// Reads the change records; also returns the attributes in them, sorted.
    fn read_records(&self) -> Result<(Vec<ChangeRecord>, Vec<String>), Failure> {
        let mut touched: Vec<String> = Vec::new();
        let mut records: Vec<ChangeRecord> = Vec::new();
        for (number, batch) in self.manifest.batches.iter().enumerate() {
            let first = records.len();
            let batch_number = u32::try_from(number).unwrap_or(u32::MAX);
            self.each_record(&batch.apply.path, &batch.apply.sha256, |apply, dn, lines| {
                add_attributes(lines, &mut touched);
                records.push(ChangeRecord { dn, batch: batch_number, apply, undo: NOWHERE });
            })?;
            let mut next = first;
            let mut are_pairs = true;
            self.each_record(&batch.undo.path, &batch.undo.sha256, |undo, dn, _| {
                match (next..records.len()).find(|&at| are_pairs && records[at].dn == dn) {
                    Some(at) => (records[at].undo, next) = (undo, at + 1),
                    None => are_pairs = false,
                }
            })?;
            let count = (records.len() - first) as u64;
            if !are_pairs || count != batch.records {
                return Err(self.changed(&batch.undo.path));
            }
        }
        touched.sort_unstable();
        Ok((records, touched))
    }

    /// Passes each record of a change file to `each`: its offset, its DN, and the lines that follow.
    fn each_record(
        &self,
        path: &str,
        sha256: &str,
        mut each: impl FnMut(u64, Fingerprint, &mut Cursor<'_>),
    ) -> Result<(), Failure> {
        let whole = self.folder.join(path);
        let file = open(&self.folder, path)?;
        let mut chunks = Chunks::new(HashedFile { inner: file, hash: Sha256::new() }, CHUNK);
        while let Some(chunk) = chunks.next() {
            let chunk = chunk.map_err(|error| unreadable(&whole, &error.into()))?;
            let mut cursor = Cursor::new(&chunk.text);
            while let Some(start) = cursor.next_block() {
                let BlockStart::Record(at) = start else { continue };
                let dn = cursor.next_line().and_then(|line| dn(&line)).ok_or_else(|| self.changed(path))?;
                each(chunk.at + at as u64, dn, &mut cursor);
            }
            chunks.recycle(chunk.text);
        }
        if hex(&chunks.get_ref().hash.clone().finalize()) == sha256 {
            Ok(())
        } else {
            Err(self.changed(path))
        }
    }

    /// Reads the rows of the users, in the order of their change records.
    fn read_rows(&self) -> Result<Vec<RunRow>, Failure> {
        let mut first: HashMap<&str, (usize, u64)> = HashMap::new();
        let mut users = 0;
        for batch in &self.manifest.batches {
            first.insert(&batch.apply.path, (users, batch.records));
            users =
                usize::try_from(batch.records).map_or(usize::MAX, |records| users.saturating_add(records));
        }
        let path = self.folder.join(REPORT);
        let failed = |error: io::Error| unreadable(&path, &error);
        let file = open(&self.folder, REPORT)?;
        // The manifest has no hash, so its counts are not trusted for allocations.
        let size = file.metadata().map_err(failed)?.len();
        if users as u64 > size / SHORTEST_ROW {
            return Err(self.changed(REPORT));
        }
        let mut rows = vec![RunRow { guid: None, at: NOWHERE }; users];
        let mut report = BufReader::with_capacity(CHUNK, HashedFile { inner: file, hash: Sha256::new() });
        rows::each(&mut report, |at, row| {
            let Some(&(first, records)) = first.get(row.get("file")) else { return };
            let Some(record) =
                row.get("record").parse().ok().filter(|&record| (1..=records).contains(&record))
            else {
                return;
            };
            // A redacted GUID is unknown.
            let guid = guid_octets(row.get("guid").as_bytes()).map(|guid| Fingerprint::of(&guid));
            rows[first + usize::try_from(record - 1).unwrap_or(usize::MAX)] = RunRow { guid, at };
        })
        .map_err(failed)?;
        let sha256 = hex(&report.get_ref().hash.clone().finalize());
        let is_listed = |written: &crate::output::Written| written.path == REPORT && written.sha256 == sha256;
        if !self.manifest.outputs.iter().any(is_listed) || rows.iter().any(|row| row.at == NOWHERE) {
            return Err(self.changed(REPORT));
        }
        Ok(rows)
    }

    /// Returns the error that a file of the run has changed.
    fn changed(&self, path: &str) -> Failure {
        let what =
            text!("`{}/{path}` differs from the manifest", "`{}/{path}` diffère du manifeste", self.name);
        let message = Message::error("run-changed", what).because(text!(
            "userprep never changes a file of a run",
            "userprep ne modifie jamais un fichier d’une exécution"
        ));
        Failure::broken(message.help(text!(
            "copy the run directory again from where it was made",
            "reprenez le dossier d’exécution là où il a été produit"
        )))
    }

    /// The number of users.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// The batch of a user's change record.
    pub(crate) fn batch(&self, user: u32) -> &ChangeBatch {
        &self.manifest.batches[self.records[user as usize].batch as usize]
    }

    /// The fingerprint of a user's GUID, if the exports of the run showed it.
    pub(crate) fn guid(&self, user: usize) -> Option<Fingerprint> {
        self.rows.get(user)?.guid
    }

    /// Finds the user that an object is: by objectGUID, or else by DN unless the GUIDs differ.
    pub(crate) fn find(&self, guid: Option<Fingerprint>, dn: Fingerprint) -> Option<u32> {
        let guid = guid.filter(|_| !self.ignores_guids);
        let guid_of = |user: u32| self.rows[user as usize].guid;
        let dn_of = |user: u32| self.records[user as usize].dn;
        if let Some(guid) = guid {
            let at = self.by_guid.partition_point(|&user| guid_of(user) < Some(guid));
            if let Some(&found) = self.by_guid.get(at).filter(|&&user| guid_of(user) == Some(guid)) {
                return Some(found);
            }
        }
        let at = self.by_dn.partition_point(|&user| dn_of(user) < dn);
        let same = self.by_dn[at..].iter().copied().take_while(|&user| dn_of(user) == dn);
        same.into_iter().find(|&user| guid.is_none() || guid_of(user).is_none())
    }

    /// The fingerprint of the user's DN in the run.
    pub(crate) fn dn(&self, user: u32) -> Fingerprint {
        self.records[user as usize].dn
    }
}

/// Returns the fingerprint of the DN on a `dn:` line.
fn dn(line: &Line<'_>) -> Option<Fingerprint> {
    let value = line.is("dn").then(|| line.value().ok())??;
    let normalized = ldif::dn::normalize(std::str::from_utf8(&value).ok()?).ok()?;
    Some(Fingerprint::of(normalized.as_bytes()))
}

/// Adds the attributes in a change record that are not known yet.
fn add_attributes(lines: &mut Cursor<'_>, known: &mut Vec<String>) {
    let is_operation = |name: &[u8]| matches!(name, b"add" | b"delete" | b"replace");
    while let Some(line) = lines.next_line() {
        if !is_operation(&line.name()) {
            continue;
        }
        let name = line.written();
        if !known.iter().any(|known| known.as_bytes() == &*name) {
            known.push(String::from_utf8_lossy(&name).into_owned());
        }
    }
}

/// Hashes all that is read.
#[derive(Debug)]
struct HashedFile<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Read for HashedFile<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        Ok(read)
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::broken(Message::unreadable("run-unreadable", &typed(path), error))
}

/// Reports a manifest that the program did not write.
fn malformed(path: &Path, error: &serde_json::Error) -> Failure {
    let english = error.to_string();
    let fault = english.split(" at line ").next().unwrap_or_default();
    let what = Text::of(format!("this is not a manifest: {fault}"), "ceci n’est pas un manifeste");
    let (line, column) = (error.line().max(1) as u64, error.column().max(1) as u64);
    Failure::broken(Message::error("run-unreadable", what).at(typed(path), line, column))
}
