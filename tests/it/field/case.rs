//! A case as written in its text, and how its commands are run.

use std::process::Command;

use crate::{Ran, Work};

/// Files, commands, and expectations.
#[derive(Debug, Default)]
pub(super) struct Case {
    pub(super) title: String,
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// Those of the files that are executable.
    pub(super) programs: Vec<String>,
    pub(super) commands: Vec<String>,
    pub(super) expected: Vec<String>,
}

/// Parses the cases in a text.
pub(super) fn parse(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let (mut in_file, mut escaped) = (false, false);
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("== ") {
            cases.push(Case { title: title.to_owned(), ..Case::default() });
            in_file = false;
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(name) = line.strip_prefix("-- ") {
            let (name, kind) = name.split_once(' ').unwrap_or((name, ""));
            escaped = kind == "bytes";
            case.programs.extend((kind == "program").then(|| name.to_owned()));
            case.files.push((name.to_owned(), Vec::new()));
            in_file = true;
        } else if let Some(command) = line.strip_prefix("$ ") {
            case.commands.push(command.to_owned());
            in_file = false;
        } else if let (true, Some((_, content))) = (in_file, case.files.last_mut()) {
            if escaped {
                content.extend(unescape(line));
            } else {
                content.extend_from_slice(line.as_bytes());
                content.push(b'\n');
            }
        } else if !line.is_empty() {
            case.expected.push(line.to_owned());
        }
    }
    for case in &cases {
        assert!(!case.commands.is_empty() && !case.expected.is_empty(), "`{}` expects nothing", case.title);
    }
    cases
}

fn unescape(line: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        let escaped = if c == '\\' { rest.next() } else { None };
        match escaped {
            None => octets.extend(c.to_string().bytes()),
            Some('n') => octets.push(b'\n'),
            Some('r') => octets.push(b'\r'),
            Some('t') => octets.push(b'\t'),
            Some('x') => {
                let digits: String = rest.by_ref().take(2).collect();
                octets.push(u8::from_str_radix(&digits, 16).unwrap());
            }
            Some(other) => octets.extend(other.to_string().bytes()),
        }
    }
    octets
}

/// Runs a command in the case's folder: the program itself, or a line of bash, which only Unix has (elsewhere: `None`).
pub(super) fn run(work: &Work, command: &str) -> Option<Ran> {
    let command = super::written_out(command);
    let words = words(&command);
    if let Some(("userprep", arguments)) = words.split_first().map(|(first, rest)| (first.as_str(), rest))
        && !command.contains([';', '|', '>', '<', '&', '*'])
    {
        return Some(work.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    if !cfg!(unix) {
        return None;
    }
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_userprep"));
    let mut path = program.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut bash = Command::new("bash");
    bash.current_dir(work.path(""))
        .args(["-c", &command])
        .env("PATH", path)
        .env("SOURCE_DATE_EPOCH", "1258000000");
    let output = bash.output().unwrap();
    Some(Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Splits a command line into words at spaces and single quotes, like a shell.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut begun, mut quoted) = (String::new(), false, false);
    for c in line.chars() {
        match c {
            '\'' => (quoted, begun) = (!quoted, true),
            ' ' if !quoted => {
                if std::mem::take(&mut begun) {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => {
                word.push(c);
                begun = true;
            }
        }
    }
    words.extend(begun.then_some(word));
    words
}
