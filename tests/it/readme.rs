//! README and guides show what the program does: commands, sessions, figures, links.

use std::path::{Path, PathBuf};

use crate::{Work, fixture};

/// Beginnings of lines in a `sh` block that do not run the program; other tests run them.
#[cfg(unix)]
const RUN_ELSEWHERE: &[&str] = &["tests/", "benches/", "tar ", "cargo build "];

/// Returns README.md and the guides, with their text.
fn documents() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guides = std::fs::read_dir(root.join("src/docs")).unwrap().map(|entry| entry.unwrap().path());
    let guides = guides.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    let mut paths: Vec<PathBuf> = guides.collect();
    paths.sort();
    paths.insert(0, root.join("README.md"));
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

fn readme() -> String {
    documents().swap_remove(0).1
}

/// Returns the lines of each block between fences, with the word after the fence.
#[cfg(unix)]
fn blocks(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut blocks: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut is_open = false;
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(word) => {
                is_open = !is_open;
                blocks.extend(is_open.then(|| (word, Vec::new())));
            }
            None if is_open => blocks.last_mut().unwrap().1.push(line),
            None => {}
        }
    }
    assert!(!is_open, "a fence is never closed");
    blocks
}

/// Splits a line that runs the program into arguments like a shell: quotes keep spaces.
#[cfg(unix)]
fn arguments(line: &str) -> Option<Vec<String>> {
    let rest = line.strip_prefix("cargo run --release -- ").or_else(|| line.strip_prefix("userprep "))?;
    let (mut words, mut quote) = (vec![String::new()], None);
    for c in rest.chars() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, ' ') => words.push(String::new()),
            (_, c) => words.last_mut().unwrap().push(c),
        }
    }
    Some(words)
}

/// Whether the lines are those of the text, in order, where `…` represents any lines.
#[cfg(unix)]
fn shows(lines: &[&str], said: &str) -> bool {
    let said: Vec<&str> = said.lines().collect();
    let mut rest = &said[..];
    let parts: Vec<&[&str]> = lines.split(|line| *line == "…").collect();
    for (number, part) in parts.iter().enumerate() {
        let is_last = number + 1 == parts.len();
        let at = match number {
            0 => rest.starts_with(part).then_some(0),
            _ if is_last => rest.ends_with(part).then(|| rest.len() - part.len()),
            _ => rest.windows(part.len()).position(|window| window == *part),
        };
        let Some(at) = at else { return false };
        rest = &rest[at + part.len()..];
    }
    parts.len() > 1 || rest.is_empty()
}

#[cfg(unix)]
#[test]
fn commands_run_and_sessions_are_real() {
    let (mut commands, mut sessions) = (0, 0);
    for (path, text) in documents() {
        let work = Work::new();
        std::os::unix::fs::symlink(fixture(""), work.path("fixtures")).unwrap();
        let mut said: Vec<(Vec<String>, String)> = Vec::new();
        let mut run = |line: &str| -> String {
            let typed =
                arguments(line).unwrap_or_else(|| panic!("{path:?}: {line}: nothing that a test runs"));
            if let Some((_, known)) = said.iter().find(|(known, _)| *known == typed) {
                return known.clone();
            }
            let ran = work.run(&typed.iter().map(String::as_str).collect::<Vec<_>>());
            assert!(matches!(ran.code, 0 | 3 | 5), "{path:?}: {line}: {} {}", ran.code, ran.stderr);
            said.push((typed, ran.stdout + &ran.stderr));
            said.last().unwrap().1.clone()
        };
        for (word, lines) in blocks(&text) {
            match word {
                "sh" => {
                    for line in lines {
                        if !RUN_ELSEWHERE.iter().any(|head| line.starts_with(head)) {
                            run(line);
                            commands += 1;
                        }
                    }
                }
                "console" => {
                    for session in lines.chunk_by(|_, next| !next.starts_with("$ ")) {
                        let (command, shown) = session.split_first().unwrap();
                        let said = run(command.strip_prefix("$ ").unwrap());
                        assert!(shows(shown, &said), "{path:?}: {command} says\n{said}");
                        sessions += 1;
                    }
                }
                "toml" => {
                    // the list of users that the configuration names
                    work.write("wave1.txt", "adoe\n").write("shown.toml", lines.join("\n"));
                    let checked = work.run(&["check", "shown.toml"]);
                    let is_fine = checked.stdout.starts_with("shown.toml: toml, 0 errors, 0 warnings\n");
                    assert!(is_fine, "{path:?}: {}", checked.stdout);
                }
                "cmd" | "text" | "ldif" | "csv" | "json" | "powershell" => {}
                other => panic!("{path:?}: a block of `{other}`"),
            }
        }
    }
    assert!(commands >= 20 && sessions >= 1, "{commands} commands, {sessions} sessions");
}

#[test]
fn formats_shows_every_key_of_the_configuration() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let formats = std::fs::read_to_string(root.join("src/docs/formats.md")).unwrap();
    let shown = formats.split("```toml").nth(1).unwrap().split("```").next().unwrap();
    let config = std::fs::read_to_string(root.join("src/config/mod.rs")).unwrap();
    let (keys, _) = config.split_once("pub struct ConfigFile").unwrap();
    let keys: Vec<&str> = keys
        .lines()
        .filter_map(|line| line.strip_prefix("    pub ")?.split_once(':').map(|(key, _)| key))
        .filter(|key| !key.contains('('))
        .collect();
    assert!(keys.len() > 50, "{keys:?}");
    for key in keys {
        let is_shown = shown.lines().any(|line| {
            let line = line.trim_start_matches('[');
            [format!("{key} = "), format!("{key}]")].iter().any(|form| line.starts_with(form))
        });
        let is_shown = is_shown || shown.contains(&format!(".{key}]"));
        assert!(is_shown, "src/docs/formats.md shows no {key}");
    }
}

#[test]
fn what_the_readme_counts_is_in_the_fixture() {
    let work = Work::new();
    let ran = work.enable(&[&fixture("contoso/users.ldif"), "--config", &fixture("contoso/userprep.toml")]);
    let report = work.read("run1/report.xml");
    let sum = |name: &str| {
        let at = report.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
        report[at..].split('"').next().unwrap().to_owned()
    };
    let says =
        format!("{} records: {} users change, {} are rejected", sum("read"), sum("changed"), sum("rejected"));
    assert!(readme().contains(&says), "the README should say: {says}");
    assert_eq!(ran.code, 3);
}

#[test]
fn links_lead_to_files_and_headings() {
    let heading = |line: &str| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        title
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
            .collect::<String>()
            .replace(' ', "-")
    };
    let mut links = 0;
    for (path, text) in documents() {
        let prose: String = text.split("```").step_by(2).collect();
        for rest in prose.split("](").skip(1) {
            let (target, _) = rest.split_once(')').unwrap();
            if target.starts_with("https:") {
                continue;
            }
            links += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { path.clone() } else { path.with_file_name("").join(file) };
            assert!(file.is_file(), "{path:?}: {target}");
            if !anchor.is_empty() {
                let text = std::fs::read_to_string(file).unwrap();
                let is_there =
                    text.lines().filter(|line| line.starts_with('#')).any(|line| heading(line) == anchor);
                assert!(is_there, "{path:?}: {target}");
            }
        }
    }
    assert!(links > 5, "{links} links");
}
