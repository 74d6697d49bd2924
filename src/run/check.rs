//! Checks a published run directory: manifest, SHA256SUMS and files against each other.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::{HashedFile, Run, SUMS, is_plain, open, read_manifest, unreadable};
use crate::input::{hex, typed};
use crate::language::{Text, text};
use crate::message::{Failure, Message};
use crate::output::{manifest, scripts};

/// The files that importers leave in a run directory.
const LEFT_BEHIND: [&str; 4] = ["apply-log", "undo-log", "ldif.err", "ldif.log"];

#[derive(Debug)]
pub(crate) struct CheckedRun {
    /// The number of files that the manifest lists, with itself.
    pub(crate) files: usize,
    /// Missing, changed and surplus files.
    pub(crate) faults: Vec<Message>,
    /// The digest over the change files in SHA256SUMS.
    pub(crate) digest: String,
}

/// Checks a run directory. SHA256SUMS and the folder must have the files that the manifest lists, and no others.
///
/// # Errors
/// `run-unreadable` if there is no manifest or no `SHA256SUMS`.
pub(crate) fn check(folder: &Path) -> Result<CheckedRun, Failure> {
    let (manifest, text) = read_manifest(folder)?;
    let mut listed: BTreeMap<&str, String> = BTreeMap::new();
    let of_batches = || manifest.batches.iter().flat_map(|batch| [&batch.apply, &batch.undo]);
    for file in manifest.outputs.iter().chain(of_batches()) {
        listed.insert(&file.path, file.sha256.clone());
    }
    listed.insert(manifest::NAME, hex(&Sha256::digest(&text)));
    let batches: BTreeSet<&str> = of_batches().map(|file| &*file.path).collect();
    let mut faults: Vec<Message> =
        manifest.outputs.iter().filter_map(|file| fault_of_batch(&file.path, &batches)).collect();
    let sums = read_sums(folder, &mut faults)?;
    for (name, expected) in &listed {
        faults.extend(fault_of_sum(name, sums.get(*name), expected));
        faults.extend(faults_of_file(folder, name, expected)?);
    }
    let names = file_names(folder)?;
    let is_listed = |name: &str| listed.contains_key(name);
    faults.extend(sums.keys().filter(|name| !is_listed(name)).map(|name| {
        unlisted(text!(
            "SHA256SUMS names `{name}`, but manifest.json does not",
            "SHA256SUMS nomme `{name}`, et manifest.json non"
        ))
    }));
    let is_foreign = |name: &&String| !is_listed(name) && !sums.contains_key(*name) && !is_left_behind(name);
    faults.extend(names.iter().filter(is_foreign).map(|name| {
        unlisted(text!(
            "`{}` is not a file of the run",
            "`{}` n’est pas un fichier de l’exécution",
            typed(&folder.join(name))
        ))
    }));
    // Other commands also need each batch once, with its undo, and a row for each of its records.
    if faults.is_empty() && !manifest.is_plan() {
        match Run::read(folder) {
            Err(Failure::Broken(messages)) => faults.extend(messages),
            read => drop(read?),
        }
    }
    let counted = sums.iter().filter(|(name, _)| scripts::is_in_digest(name));
    let lines: String = counted.map(|(name, hash)| format!("{hash}  {name}\n")).collect();
    let digest = if lines.is_empty() { String::new() } else { scripts::groups(lines.as_bytes()) };
    Ok(CheckedRun { files: listed.len(), faults, digest })
}

/// Reports a file with the name of a batch that the manifest does not list as one.
fn fault_of_batch(name: &str, batches: &BTreeSet<&str>) -> Option<Message> {
    (scripts::is_in_digest(name) && !batches.contains(name)).then(|| {
        unlisted(text!(
            "manifest.json lists `{name}` among its files, but not among its batches",
            "manifest.json cite `{name}` parmi ses fichiers, et non parmi ses lots"
        ))
    })
}

/// Whether the file is in a run directory, though no manifest lists it.
fn is_left_behind(name: &str) -> bool {
    name == SUMS || LEFT_BEHIND.iter().any(|left| left.eq_ignore_ascii_case(name))
}

fn unlisted(what: Text) -> Message {
    Message::error("file-unlisted", what)
}

/// Reports a listed file that SHA256SUMS lacks or has with another hash.
fn fault_of_sum(name: &str, summed: Option<&String>, expected: &str) -> Option<Message> {
    match summed {
        Some(summed) if summed == expected => None,
        Some(_) => {
            let what = text!(
                "manifest.json and SHA256SUMS have different hashes for `{name}`",
                "manifest.json et SHA256SUMS ont des hachages différents de `{name}`"
            );
            Some(Message::error("sums-differ", what))
        }
        None => Some(Message::error(
            "sums-incomplete",
            text!("SHA256SUMS does not name `{name}`", "SHA256SUMS ne nomme pas `{name}`"),
        )),
    }
}

/// Reports a listed file that is missing or changed.
fn faults_of_file(folder: &Path, name: &str, expected: &str) -> Result<Vec<Message>, Failure> {
    match hash_of_file(folder, name) {
        Ok(found) if found == expected => Ok(Vec::new()),
        Ok(found) => {
            let what = text!(
                "`{}` is not the file that the run wrote",
                "`{}` n’est pas le fichier que l’exécution a écrit",
                typed(&folder.join(name))
            );
            let note = text!(
                "expected SHA-256 {expected}, found {found}",
                "SHA-256 attendu {expected}, trouvé {found}"
            );
            Ok(vec![Message::error("file-changed", what).because(note)])
        }
        Err(Failure::Broken(messages)) => {
            Ok(messages.into_iter().map(|message| Message { code: "file-missing", ..message }).collect())
        }
        Err(failure) => Err(failure),
    }
}

/// Reads SHA256SUMS, as a map of names to hashes.
fn read_sums(folder: &Path, faults: &mut Vec<Message>) -> Result<BTreeMap<String, String>, Failure> {
    let path = folder.join(SUMS);
    let mut text = String::new();
    open(folder, SUMS)?.read_to_string(&mut text).map_err(|error| unreadable(&path, &error))?;
    if text.contains('\r') {
        let what = text!(
            "the lines end as in Windows, and the scripts refuse them",
            "les lignes finissent comme sous Windows, et les scripts les refusent"
        );
        faults.push(Message::error("sums-invalid", what).at(typed(&path), 1, 1));
    }
    let mut sums = BTreeMap::new();
    for (line, number) in text.lines().zip(1..) {
        let parts = line.split_once("  ");
        let is_hash = |hash: &str| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
        let Some((hash, name)) = parts.filter(|(hash, name)| is_hash(hash) && is_plain(name)) else {
            let what = text!(
                "the line is not a hash, two spaces and a file name",
                "la ligne n’est pas un hachage, deux espaces et un nom de fichier"
            );
            faults.push(Message::error("sums-invalid", what).at(typed(&path), number, 1));
            continue;
        };
        if sums.insert(name.to_owned(), hash.to_ascii_lowercase()).is_some() {
            let what = text!("a second line names `{name}`", "une seconde ligne nomme `{name}`");
            faults.push(Message::error("sums-invalid", what).at(typed(&path), number, 1));
        }
    }
    Ok(sums)
}

fn hash_of_file(folder: &Path, name: &str) -> Result<String, Failure> {
    let mut file = HashedFile { inner: open(folder, name)?, hash: Sha256::new() };
    io::copy(&mut file, &mut io::sink()).map_err(|error| unreadable(&folder.join(name), &error))?;
    Ok(hex(&file.hash.finalize()))
}

fn file_names(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    let failed = |error: io::Error| unreadable(folder, &error);
    let entries = std::fs::read_dir(folder).map_err(failed)?;
    entries.map(|entry| Ok(entry.map_err(failed)?.file_name().to_string_lossy().into_owned())).collect()
}
