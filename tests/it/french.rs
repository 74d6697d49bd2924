//! A French user sees no English sentence, from the first question to the scripts.

use crate::{Work, fixture};

/// Words that occur in nearly every English sentence, but in no French one.
const ENGLISH: &[&str] = &[
    "the", "is", "are", "was", "of", "and", "with", "which", "that", "this", "by", "from", "not", "has",
    "have", "its", "been", "be", "would", "cannot", "another", "every", "there", "holds", "lacks", "next",
    "read",
];

/// Returns the first line with an English word, except in quotes, in source lines that messages show, and in commands.
fn english(text: &str) -> Option<&str> {
    let is_english = |line: &&str| {
        let line = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let line = line.split_once("^ ").map_or(line, |(_, label)| label);
        let is_shown = line.starts_with('|') || line.contains("userprep ") || line.contains("://");
        let outside: String = line.split(['`', '"']).step_by(2).collect();
        let mut words = outside.split(|c: char| !c.is_alphanumeric() && !"-.=%$".contains(c));
        !is_shown && words.any(|word| ENGLISH.contains(&word))
    };
    text.lines().find(is_english)
}

/// Returns the texts of a page, one per line.
fn texts(page: &str) -> String {
    let without = |page: String, element: &str| {
        let (begin, end) = (format!("<{element}"), format!("</{element}>"));
        let parts = page.split(&begin).enumerate();
        let rest = |(at, part): (usize, &str)| match (at, part.split_once(&end)) {
            (0, _) | (_, None) => part.to_owned(),
            (_, Some((_, rest))) => rest.to_owned(),
        };
        parts.map(rest).collect::<String>()
    };
    let page = ["script", "style", "code"].into_iter().fold(page.to_owned(), without);
    page.split('<')
        .map(|part| part.split_once('>').map_or("", |(_, text)| text))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_french_user_sees_no_english_sentence() {
    let work = Work::new();
    let of = |name: &str| fixture(&format!("contoso/{name}"));
    let (users, pools, config) = (of("users.ldif"), of("pools.ldif"), of("userprep.toml"));
    let (estate, list, forest) =
        (fixture("estate/users.ldif"), fixture("join/liste.csv"), fixture("join/forest.ldif"));
    let join = fixture("join/userprep.toml");
    work.write("broken.ldif", "dn: CN=a\n b,DC=x;\nmail:: ?\nnothing\n\n cn: x\n");
    work.write("broken.toml", "version = 2\n[sip]\nformat = 1\n");
    work.write("broken.csv", "DN,mail\n\"CN=a,DC=b\",\"a\nb\n");
    for (arguments, files) in [
        (&["enable", &users, "--config", &config, "--out", "run1"][..], &["apply.sh", "undo.cmd"][..]),
        (&["enable", &users, "--pools", &pools, "--out", "run2", "--dry-run"], &[]),
        (&["enable", &users, "--config", &config, "--max-changes", "1", "--out", "run3"], &[]),
        (
            &["enable", &list, "--join", &forest, "--config", &join, "--out", "run4"],
            &["apply.cmd", "undo.sh"],
        ),
        (
            &[
                "configure",
                &estate,
                "--enterprise-voice",
                "true",
                "--line",
                "tel:+33{telephoneNumber:national}",
                "--out",
                "run5",
            ],
            &[],
        ),
        (&["move", &estate, "--pools", &pools, "--pool", "pool01", "--out", "run6"], &[]),
        (&["disable", &estate, "--all", "--out", "run7"], &[]),
        (&["delete", &estate, "--all", "--out", "run8"], &[]),
        (&["rename", &estate, "--domain", "contoso.com=fabrikam.com", "--out", "run9"], &[]),
        (&["audit", &estate, "--sip-domain", "contoso.com", "--out", "run10"], &[]),
        (&["verify", "run1", "--against", &users, "--out", "run11"], &[]),
        (&["verify", "run1", "--files"], &[]),
        (&["undo", "run1", "--against", &users, "--out", "run12"], &[]),
        (&["explain", "run1", "adoe"], &[]),
        (&["explain", "run1", "Bob Taken"], &[]),
        (&["explain", "run1", "nobody"], &[]),
        (&["check", &users, &config, &list, "broken.ldif", "broken.toml", "broken.csv", "none.ldif"], &[]),
        (&["init", &users, "--pools", &pools, "--pool", "pool01", "--yes", "--out", "first.toml"], &[]),
        (&["enable", "none.ldif", "--out", "run1"], &[]),
        (
            &[
                "enable",
                &users,
                "--base",
                "x",
                "--filter",
                "(a",
                "--encoding",
                "dos",
                "--sip-from",
                "x",
                "--out",
                "r",
            ],
            &[],
        ),
        (&["verify", "none", "--files"], &[]),
        (&["enable"], &[]),
        (&["--help"], &[]),
    ] {
        let output = work.command(arguments).env("LC_ALL", "fr_FR.UTF-8").output().unwrap();
        let mut said: Vec<String> =
            [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).to_vec();
        assert!(said.iter().any(|text| !text.is_empty()), "{arguments:?} says nothing");
        let out = arguments
            .iter()
            .skip_while(|word| **word != "--out")
            .nth(1)
            .filter(|_| output.status.code() != Some(2));
        if let Some(out) = out {
            let page = [format!("{out}/report.html"), format!("{out}.plan/report.html")];
            said.extend(
                page.iter().filter(|page| work.path(page).exists()).map(|page| texts(&work.read(page))),
            );
            let spoken = |script: String| {
                let lines = script.lines().filter(|line| {
                    ["rem ", "#", "echo ", "    echo "].iter().any(|word| line.starts_with(word))
                });
                lines.collect::<Vec<_>>().join("\n")
            };
            said.extend(files.iter().map(|file| spoken(work.read(&format!("{out}/{file}")))));
            if out.ends_with(".toml") {
                said.push(work.read(out));
            }
        }
        for text in said {
            assert_eq!(english(&text), None, "{arguments:?}");
        }
    }
}
