//! The map in `src/lib.rs` is true: which module may use which, and which crate belongs where.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Crates that belong in one place: the files that may name them, by the beginnings of their paths.
const HOMES: &[(&str, &[&str])] = &[
    ("clap::", &["cli", "config/options.rs", "flags", "wizard", "main.rs"]),
    ("clap_complete::", &["cli/packaging.rs"]),
    ("clap_mangen::", &["cli/packaging.rs"]),
    ("indicatif::", &["progress/bar.rs"]),
    ("dialoguer::", &["command/init/terminal.rs"]),
    ("quick_xml::", &["output/xml"]),
    ("maud::", &["output/html"]),
    ("csv_core::", &["input/csv"]),
    ("rayon::join", &["parallel.rs"]),
    ("par_iter", &["parallel.rs"]),
    ("std::net", &[]),
    ("std::thread", &["progress/", "output/mod.rs"]),
    ("std::process::Command", &[]),
];

/// Calls that open files for reading, and calls that create them.
const READS: &[&str] = &["File::open", "fs::read("];
const WRITES: &[&str] =
    &["File::create", "OpenOptions", "fs::write", "tempdir_in", "tempfile_in", "fs::rename"];
const REMOVES: &[&str] = &["remove_file", "remove_dir"];

fn sources() -> BTreeMap<String, String> {
    fn walk(folder: &Path, root: &Path, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, files);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = BTreeMap::new();
    walk(&root, &root, &mut files);
    files
}

/// Returns the part of a file without tests and comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Returns the modules of `lib.rs` in their order.
fn modules(lib: &str) -> Vec<String> {
    lib.lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'))
        .map(String::from)
        .collect()
}

fn module_of(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

/// Returns every `crate::name` in a text, alone or in a group of imports.
fn imports(text: &str) -> Vec<&str> {
    text.match_indices("crate::")
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$'))
        .map(|(at, word)| {
            let rest = &text[at + word.len()..];
            &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())]
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn a_module_uses_only_those_above_it() {
    let files = sources();
    let order = modules(&files["lib.rs"]);
    let place = |name: &str| order.iter().position(|module| module == name);
    for (file, text) in files.iter().filter(|(file, _)| !file.starts_with("ldif/")) {
        let Some(own) = place(module_of(file)) else { continue };
        for name in imports(&code(text)) {
            let Some(other) = place(name) else {
                panic!("src/{file} imports crate::{name}, which lib.rs does not list")
            };
            assert!(other <= own, "src/{file} imports crate::{name}, which is below it in lib.rs");
        }
    }
}

#[test]
fn the_package_ldif_knows_nothing_of_the_program() {
    let files = sources();
    for (file, text) in files.iter().filter(|(file, _)| file.starts_with("ldif/")) {
        assert!(!text.contains("userprep"), "src/{file} speaks of the program");
    }
    assert!(!files["message.rs"].contains("ldif::"), "message and ldif do not know each other");
}

#[test]
fn crates_and_files_are_used_where_the_map_says() {
    for (file, text) in sources().iter().filter(|(file, _)| !file.starts_with("ldif/")) {
        let code = code(text);
        for (name, homes) in HOMES {
            let is_home = homes.iter().any(|home| file.starts_with(home));
            assert!(is_home || !code.contains(name), "src/{file} names {name}");
        }
        let only = |words: &[&str], home: &[&str]| {
            for word in words {
                assert!(!code.contains(word) || home.contains(&file.as_str()), "src/{file} says {word}");
            }
        };
        only(READS, &["input/source.rs", "config/mod.rs", "output/mod.rs", "run/mod.rs", "run/lookup.rs"]);
        only(WRITES, &["output/mod.rs", "output/store.rs"]);
        only(REMOVES, &[]);
    }
}

#[test]
fn every_file_opens_with_one_sentence() {
    for (file, text) in sources() {
        assert!(text.starts_with("//! "), "src/{file} does not say what it is");
    }
}

/// Words that make a reader stop, each with a plainer one.
const UNPLAIN: &[(&str, &str)] = &[
    (r"\b([Hh]e|[Hh]is|[Hh]im|[Hh]imself)\b", "the user, they"),
    (r"\b[Ww]hom\b", "a sentence whose subject comes first"),
    (r"(\b|_)[Tt]old(\b|_)", "reported, said, shown; a variable is a message"),
    (r"\b([Ss]tands|[Ss]tood)\b", "is"),
    (r"\bstand (in|at|on|below|above|beside|behind|before|there|together)\b", "are"),
    (r"\b(that|which) is none\b|\bis none of\b", "invalid, no such"),
    (r"\b[Ss]o many\b", "this many"),
    (r"\bof no account\b", "ignored"),
    (r"\b([Gg]ives?|[Gg]iving|[Gg]ave) up\b|\bGivesUp\b", "loses, stops"),
    (r"\b[Ff]its? nobody\b|\b[Nn]obody who\b", "matches no user"),
];

/// Returns the texts that people read: the source with its comments, the documents and the tests.
fn prose() -> BTreeMap<PathBuf, String> {
    fn walk(folder: &Path, files: &mut BTreeMap<PathBuf, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let is_text = path.extension().map_or(name == "run", |ending| {
                let is_help = ending == "txt" && folder.ends_with("src/cli");
                is_help || ["rs", "md", "py", "sh", "cmd", "toml"].iter().any(|known| ending == *known)
            });
            if path.is_dir() && !name.starts_with('.') && !["target", "snapshots"].contains(&name) {
                walk(&path, files);
            } else if is_text && name != "tidy.rs" && path.is_file() {
                files.insert(path.clone(), String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned());
            }
        }
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut files = BTreeMap::new();
    walk(&root, &mut files);
    files
}

#[test]
fn words_are_plain() {
    let rules = UNPLAIN.iter().map(|(words, plain)| (regex::Regex::new(words).unwrap(), plain));
    let rules: Vec<_> = rules.collect();
    let name = |path: &Path| path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path).to_path_buf();
    let mut found = Vec::new();
    let represents = regex::Regex::new(r"[Ss]tands?(-| )(in )?for").unwrap();
    for (path, text) in prose() {
        for (line, number) in represents.replace_all(&text, "represents").lines().zip(1..) {
            for (_, plain) in rules.iter().filter(|(words, _)| words.is_match(line)) {
                found.push(format!("{}:{number}: {}  ({plain})", name(&path).display(), line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Text that is the same in every language is a value, a place or a citation; a sentence is written in both.
#[test]
fn a_sentence_has_its_french() {
    let literal = r#""((?:[^"\\]|\\.)*)""#;
    let same = regex::Regex::new(&format!(r"Text::same\(\s*(?:format!\(\s*)?{literal}")).unwrap();
    let both = regex::Regex::new(&format!(r"(?:text!|Text::new)\(\s*{literal},\s*{literal}")).unwrap();
    let words = regex::Regex::new(r"[a-z]{2,} [a-z]{2,}").unwrap();
    let quoted = regex::Regex::new(r"`[^`]*`|\{[^}]*\}|RFC \d+ section [\d.]+").unwrap();
    let is_sentence = |text: &str| words.is_match(&quoted.replace_all(text, ""));
    for (file, text) in sources().iter().filter(|(file, _)| !file.starts_with("ldif/")) {
        let code = code(text);
        for found in same.captures_iter(&code) {
            assert!(!is_sentence(&found[1]), "src/{file}: no French for \"{}\"", &found[1]);
        }
        for found in both.captures_iter(&code) {
            let is_same = found[1] == found[2] && is_sentence(&found[1]);
            assert!(!is_same, "src/{file}: the French is English: \"{}\"", &found[1]);
        }
        assert!(!code.contains("> for Text {"), "src/{file}: nothing becomes a Text without its French");
    }
}

#[test]
fn the_top_level_is_what_was_agreed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let wanted = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "clippy.toml",
        "rustfmt.toml",
    ];
    let folders = ["src", "fixtures", "tests", "benches", "target"];
    for entry in fs::read_dir(root).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        // runs that somebody tried out, and files that git ignores
        let is_run = name.starts_with("run") || name == "proptest-regressions";
        let known = name.starts_with('.') || is_run || wanted.contains(&&*name) || folders.contains(&&*name);
        assert!(known, "{name} at the top level");
    }
}
