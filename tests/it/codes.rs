//! The table of codes is complete, correct, and documented.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use userprep::cli::wizards;
use userprep::codes::{Code, SECTIONS};
use userprep::language::Language;

/// Literals in the source that look like codes, but are not: headings, flags, words of files.
const NO_CODES: &[&str] = &[
    "apply-log",
    "color-scheme",
    "completed-with-findings",
    "completed-with-rejects",
    "dry-run",
    "e-mail",
    "e-mail-adresse",
    "e-mailadresse",
    "exchange-alias",
    "kebab-case",
    "no-referrer",
    "obj-class",
    "sign-in",
    "sip-adresse",
    "undo-log",
    "userprep-code",
    "userprep-codes",
    "userprep-place",
    "userprep-reason",
    "utf-16be",
    "utf-16le",
    "utf-8",
    "what-if",
];

/// The text before a code, and the severity that it implies; empty if something else decides.
const BEFORE: &[(&str, &str)] = &[
    ("::error(", "error"),
    ("::warning(", "warning"),
    ("::note(", "note"),
    ("(Error,", "error"),
    ("Severity::Error,", "error"),
    ("(Warning,", "warning"),
    ("Severity::Warning,", "warning"),
    ("(Note,", "note"),
    ("Severity::Note,", "note"),
    ("self.fault(", "error"),
    ("self.doubt(", "warning"),
    ("finding(task,", ""),
    ("code:", ""),
    ("code =", ""),
];

fn sources(folder: &Path, texts: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !["codes", "tests", "examples", "target"].contains(&name) {
            sources(&path, texts);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap().lines();
            texts.push(
                code.filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n"),
            );
        }
    }
}

fn is_kebab(word: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    word.starts_with(|c: char| c.is_ascii_lowercase()) && word.split('-').all(is_part)
}

/// Collects every code that the source names, with the severities beside it.
fn used() -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut texts = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
    let mut used: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for text in &texts {
        for (at, constant) in text.match_indices("Reason::") {
            let rest = &text[at + constant.len()..];
            let name = rest.split(|c: char| !c.is_ascii_uppercase() && c != '_').next().unwrap_or_default();
            if !name.is_empty() {
                used.entry(name.to_lowercase().replace('_', "-")).or_default();
            }
        }
        for (at, _) in text.match_indices('"') {
            let Some((word, _)) = text[at + 1..].split_once('"') else { continue };
            if !is_kebab(word) || word.starts_with("msrtcsip-") || NO_CODES.contains(&word) {
                continue;
            }
            let before = text[..at].trim_end();
            let severity = BEFORE.iter().find(|(before_it, _)| before.ends_with(before_it));
            if word.contains('-') || severity.is_some() {
                let severities = used.entry(word.to_owned()).or_default();
                severities.extend(severity.map(|(_, severity)| *severity).filter(|word| !word.is_empty()));
            }
        }
    }
    used
}

fn rows() -> impl Iterator<Item = &'static Code> {
    SECTIONS.iter().flat_map(|section| section.codes)
}

#[test]
fn every_code_of_the_source_has_one_row_and_every_row_a_use() {
    let used = used();
    assert!(used.len() > 150, "{used:?}");
    let mut named = BTreeSet::new();
    for row in rows() {
        assert!(named.insert(row.name), "two rows for {}", row.name);
        assert!(used.contains_key(row.name), "no source says {}", row.name);
    }
    let unknown: Vec<&String> = used.keys().filter(|code| !named.contains(code.as_str())).collect();
    assert!(unknown.is_empty(), "without a row in src/codes (or no codes: NO_CODES): {unknown:?}");
    for (code, severities) in &used {
        let row = rows().find(|row| row.name == code).unwrap();
        for severity in severities {
            let is_listed = row.severities.iter().any(|listed| listed.name() == *severity);
            assert!(is_listed, "`{code}` is also a {severity}");
        }
    }
}

#[test]
fn messages_of_a_run_agree_with_the_rows_of_their_codes() {
    let file = crate::fixture;
    let (estate, pools) = (file("estate/users.ldif"), file("estate/pools.ldif"));
    let mut said = BTreeSet::new();
    for arguments in [
        &["enable", &file("contoso/users.ldif"), "--config", &file("contoso/userprep.toml")][..],
        &["audit", &estate, "--pools", &pools, "--sip-domain", "contoso.com"],
        &["configure", &estate, "--enterprise-voice", "true", "--line", "tel:+33{telephoneNumber:national}"],
        &["move", &estate, "--pools", &pools, "--pool", "pool01", "--rehome"],
        &[
            "enable",
            &file("join/liste.csv"),
            "--join",
            &file("join/forest.ldif"),
            "--config",
            &file("join/userprep.toml"),
        ],
    ] {
        let work = crate::Work::new();
        let ran = work.run(&[arguments, &["--out", "run1"]].concat());
        assert!(matches!(ran.code, 0 | 3 | 5), "{}", ran.stderr);
        let report = work.read("run1/report.xml");
        for line in report.lines() {
            let value = |name: &str| {
                line.split_once(&format!(" {name}=\"")).map(|(_, rest)| rest.split('"').next().unwrap())
            };
            let Some(code) = value("code").filter(|code| !code.is_empty()) else { continue };
            let row = rows().find(|row| row.name == code).unwrap_or_else(|| panic!("{code}"));
            let weight = value("severity").or(value("status").filter(|status| *status == "skipped"));
            assert!(
                weight.is_none_or(|weight| row.weight().split(", ").any(|listed| listed == weight)),
                "{line}"
            );
            said.insert(code.to_owned());
        }
    }
    assert!(said.len() > 40, "{said:?}");
}

/// The head of the page in English and French, up to the names of the wizards, with the headings of its columns.
const HEADS: [(&str, &str, &str); 2] = [
    (
        "codes.md",
        "# Codes\n\n\
         Every message has a code, as in `users.ldif:131:9: error[ldif-base64]: …`; `report.xml`, `report.html` and \
         `check --format json` use the same ones. Written from `src/codes` by `tests/it/codes.rs`.\n\n\
         What can come of it: an *error* rejects the record, or ends the run where no record is at fault; a *warning* \
         is worth a look; a *note* needs no action. *Skipped* users are left alone on purpose. *Report*: only the \
         reports show it.\n\n\
         The wizards are ",
        "| code | is | said by | meaning |",
    ),
    (
        "codes.fr.md",
        "# Les codes\n\n\
         Chaque message a un code, comme `users.ldif:131:9: erreur[ldif-base64]: …` ; `report.xml`, `report.html` et \
         `check --format json` utilisent les mêmes. Écrit d’après `src/codes` par `tests/it/codes.rs`. En anglais : \
         [Codes](codes.md).\n\n\
         Ce qui peut en résulter : une *erreur* rejette l’enregistrement, ou met fin à l’exécution si aucun \
         enregistrement n’est en cause ; un *avertissement* mérite un regard ; une *note* ne demande rien. Les \
         utilisateurs *ignorés* sont laissés tels quels à dessein. *Rapport* : seuls les rapports le montrent.\n\n\
         Les assistants sont ",
        "| code | effet | dit par | sens |",
    ),
];

/// Renders the page, with a table for each section.
fn page(language: Language) -> String {
    let (_, head, columns) = HEADS[usize::from(language == Language::Fr)];
    let wizards: Vec<String> = wizards().iter().map(|name| format!("`{name}`")).collect();
    let (last, first) = wizards.split_last().unwrap();
    let and = if language == Language::Fr { "et" } else { "and" };
    let mut page = format!("{head}{} {and} {last}.\n", first.join(", "));
    for section in SECTIONS {
        let title = section.title.in_language(language).replace('\u{a0}', " ");
        let _ = write!(page, "\n## {title}\n\n{columns}\n|---|---|---|---|\n");
        for code in section.codes {
            let [weight, commands] = code.uses(language);
            let meaning =
                code.meaning.in_language(language).replace('|', "\\|").replace(['\u{a0}', '\u{202f}'], " ");
            let _ = writeln!(page, "| `{}` | {weight} | {commands} | {meaning} |", code.name);
        }
    }
    page
}

#[test]
fn the_documentation_shows_the_table() {
    for (language, (name, ..)) in Language::ALL.into_iter().zip(HEADS) {
        let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "src", "docs", name].iter().collect();
        // the word that also makes insta write its snapshots
        if std::env::var("INSTA_UPDATE").is_ok_and(|word| word == "always") {
            std::fs::write(&path, page(language)).unwrap();
        }
        let shown = std::fs::read_to_string(&path).unwrap_or_default().replace('\r', "");
        assert!(
            shown == page(language),
            "src/docs/{name} is out of date: INSTA_UPDATE=always cargo test --test it codes"
        );
    }
}
