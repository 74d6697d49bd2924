//! Files from the field, each with its right outcome: the data is in `*.txt` beside this file.
//!
//! ```text
//! == a sentence that names the case
//! -- users.ldif            a file; its lines follow
//! -- users.csv bytes       … in which only \n, \r, \t, \\ and \xNN stand for what no line shows, line ends among them
//! -- ldapmodify program    … which can be run
//! $ userprep enable …      a command; all but the last have to end with 0 or 3
//! exit 3                   what has to hold; a line `A || B && C` holds if A does, or both B and C
//! ```
//! [`case::Case`] reads this, [`expect::holds`] knows what can be expected.

mod case;
mod expect;

use std::collections::{BTreeMap, BTreeSet};

use case::Case;

use super::{POOL, Work};

/// Abbreviations in command lines.
const WORDS: [(&str, &str); 2] =
    [("{POOL}", POOL), ("{HERE}", "--sip-domain contoso.com --absent all --out run")];

/// Expands the abbreviations in a line.
fn written_out(line: &str) -> String {
    WORDS.iter().fold(line.to_owned(), |text, (word, long)| text.replace(word, long))
}

/// Runs the case in a folder of its own; returns a line for each failed expectation.
fn faults(case: &Case) -> Vec<String> {
    let work = Work::new();
    for (name, content) in &case.files {
        work.write(name, content);
    }
    #[cfg(unix)]
    for name in &case.programs {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(work.path(name), std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut ran = None;
    for (at, command) in case.commands.iter().enumerate() {
        let Some(result) = case::run(&work, command) else { return Vec::new() };
        if at + 1 < case.commands.len() && !matches!(result.code, 0 | 3) {
            return vec![format!("`{command}` ended with {}: {}", result.code, result.stderr)];
        }
        ran = Some(result);
    }
    let outcome = expect::Outcome::new(&work, ran.expect("a case has a command"));
    let wrong = case.expected.iter().filter_map(|line| {
        let came = outcome.holds(&written_out(line)).err()?;
        Some(format!("{line} (came: {came})"))
    });
    wrong.chain(outcome.rejected_in_silence()).collect()
}

/// Checks the cases of a text; `CASES` in the environment selects some by lines that their titles contain.
fn check(text: &str) {
    let mut cases = case::parse(text);
    let chosen = std::env::var("CASES").unwrap_or_default();
    if !chosen.is_empty() {
        cases.retain(|case| chosen.lines().any(|title| case.title.contains(title)));
    }
    let failed: BTreeMap<&str, Vec<String>> = cases
        .iter()
        .map(|case| (case.title.as_str(), faults(case)))
        .filter(|(_, faults)| !faults.is_empty())
        .collect();
    assert!(failed.is_empty(), "{} of {} cases failed: {failed:#?}", failed.len(), cases.len());
}

#[test]
fn exports_of_every_tool_are_read_reliably_or_refused() {
    check(include_str!("exports.txt"));
}

#[test]
fn tables_of_spreadsheets_and_scripts_are_read_reliably_or_refused() {
    check(include_str!("tables.txt"));
}

#[test]
fn decisions_are_those_of_an_experienced_administrator() {
    check(include_str!("decisions.txt"));
}

#[test]
fn nobody_is_misled() {
    check(include_str!("use.txt"));
}

/// Each sentence in the README about what is not guessed is the title of a case.
#[test]
fn what_is_not_certain_is_not_guessed() {
    let cases = include_str!("guesses.txt");
    check(cases);
    let readme = include_str!("../../../README.md");
    let (_, section) = readme.split_once("\n## What it will not guess\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let lines = section.lines().filter_map(|line| line.strip_prefix("- ")?.strip_suffix('.'));
    let promised: Vec<&str> = lines.flat_map(|line| line.split(". ")).collect();
    let shown: BTreeSet<String> = case::parse(cases).into_iter().map(|case| case.title).collect();
    assert_eq!(promised.iter().map(|&sentence| sentence.to_owned()).collect::<BTreeSet<_>>(), shown);
}

#[test]
fn hostile_input_is_refused() {
    check(include_str!("hostile.txt"));
}
