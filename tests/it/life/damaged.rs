//! Runs on exports that were damaged in transit: they never panic, and whatever they write is right.

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::Parser;
use userprep::cli::Cli;
use userprep::command::{self, Answer, Context};
use userprep::language::Language;
use userprep::message::Severity;

use super::directory::{Directory, Entry};
use crate::POOL;

/// Enables the users in any bytes, applies the change files to the directory from which the bytes are an export, and
/// undoes them.
pub(crate) fn run(export: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).into_os_string().into_string().unwrap();
    std::fs::write(path("users.ldif"), export).unwrap();
    let (input, out) = (path("users.ldif"), path("run1"));
    let words =
        ["userprep", "enable", &input, "--pool", POOL, "--absent", "all", "--threads", "1", "--out", &out];
    let cli = Cli::try_parse_from(words).unwrap();
    let context = Context {
        now: "2026-11-23T02:50:00Z".parse().unwrap(),
        arguments: Vec::new(),
        least: Severity::Note,
        language: Language::default(),
        colour: false,
        answer: Answer::default(),
        stderr: Arc::new(|_: &str| {}),
        stdout: Arc::new(|_: &str| {}),
    };
    let code = command::run(&cli, &context);
    let is_published = std::fs::exists(&out).unwrap();
    assert_eq!(is_published, matches!(code, 0 | 3), "exit code {code}");
    // If bytes are guessed, the server has the last word: an object with a wrongly guessed name does not exist.
    if !is_published || std::str::from_utf8(export).is_err() {
        return;
    }
    let mut directory = before(export);
    let first = directory.sorted();
    let mut import = |kind: &str| {
        let files = std::fs::read_dir(&out).unwrap().map(|file| file.unwrap().path());
        let is_wanted = |name: &str| name.ends_with(kind) && !name.starts_with("rejects");
        let mut files: Vec<_> =
            files.filter(|path| is_wanted(path.file_name().unwrap().to_str().unwrap())).collect();
        files.sort();
        for file in files {
            let imported = directory.import(&std::fs::read(&file).unwrap());
            assert_eq!(imported.code, 0, "{}: {}", file.display(), imported.refused);
        }
        directory.sorted()
    };
    let applied = import("-apply.ldif");
    compare(&first, &applied);
    assert_eq!(import("-undo.ldif"), first, "undo is the way back");
}

/// Returns a directory with these entries, and everything that they name.
fn before(export: &[u8]) -> Directory {
    let text = String::from_utf8_lossy(export).replace("\r\n", "\n").replace('\r', "\n");
    // The end-of-file mark of MS-DOS on a line of its own is a blank line, and so are spaces and a tool's dots.
    let is_blank = |line: &str| line.trim_matches(['\u{1a}', ' ']).trim_matches('.').is_empty();
    let lines = text.split('\n').map(|line| if is_blank(line) && line != "..." { "" } else { line });
    let text = lines.collect::<Vec<_>>().join("\n");
    let mut directory = Directory::load(text.as_bytes());
    let mut targets = BTreeSet::from([POOL.to_owned()]);
    for dn in directory.all() {
        let entry = directory.entry(&dn);
        // A doubled line is a single value even in another letter case; attributes that the run does not write are
        // irrelevant.
        for (name, values) in entry.iter_mut() {
            let is_written = name.starts_with("msrtcsip-") || name == "proxyaddresses";
            let key = |value: &Vec<u8>| match name == "proxyaddresses" {
                true => value.clone(),
                false => value.to_ascii_lowercase(),
            };
            let mut known = BTreeSet::new();
            values.retain(|value| (is_written || known.is_empty()) && known.insert(key(value)));
        }
        entry.insert("objectclass".into(), vec![b"user".to_vec()]);
        let homes = entry.get("msrtcsip-primaryhomeserver").into_iter().flatten();
        targets.extend(homes.filter_map(|home| String::from_utf8(home.clone()).ok()));
    }
    let missing: Vec<String> = targets.into_iter().filter(|dn| !directory.has(dn)).collect();
    missing.iter().for_each(|dn| directory.insert(dn, Entry::new()));
    directory
}

/// Checks that only attributes of Communications Server have changed, and that no new address is another object's.
fn compare(before: &Directory, after: &Directory) {
    let address = |entry: &Entry| {
        let value = entry.get("msrtcsip-primaryuseraddress")?.first()?;
        Some(String::from_utf8_lossy(value).to_lowercase())
    };
    let mut held: Vec<(String, String)> = Vec::new();
    for (dn, entry) in after.entries() {
        let proxies = entry.get("proxyaddresses").into_iter().flatten();
        let sip = proxies.map(|value| String::from_utf8_lossy(value).to_lowercase());
        let all: BTreeSet<String> =
            sip.filter(|value| value.starts_with("sip:")).chain(address(entry)).collect();
        held.extend(all.into_iter().map(|address| (address, dn.clone())));
    }
    for ((dn, old), (_, new)) in before.entries().zip(after.entries()) {
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let changed: Vec<&&String> = names.iter().filter(|name| old.get(**name) != new.get(**name)).collect();
        assert!(
            changed.iter().all(|name| name.starts_with("msrtcsip-") || ***name == "proxyaddresses"),
            "{dn}: {changed:?}"
        );
        if let Some(address) = address(new).filter(|new| Some(new) != address(old).as_ref()) {
            let holders: Vec<&String> =
                held.iter().filter(|(held, _)| *held == address).map(|(_, dn)| dn).collect();
            assert_eq!(holders, [dn], "{address}");
        }
    }
}
