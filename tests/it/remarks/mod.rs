//! What is said about the people of `people.txt`, who have one peculiarity each, by every wizard.
//!
//! A block is a person: the name, then how they differ from one who is enabled and ready. `- text` takes away the lines
//! that begin with the text; any other line is an attribute in place of its former value, or one more of several.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ran, Work, fixture};

/// Attributes that have several values.
const SEVERAL: [&str; 2] = ["proxyAddresses", "objectClass"];

fn person(block: &str) -> String {
    let (name, differences) = block.split_once('\n').unwrap_or((block, ""));
    let low = name.to_lowercase().replace(' ', ".");
    let text = include_str!("ready.txt").replace("NAME", name).replace("LOW", &low);
    let mut lines: Vec<&str> = text.lines().collect();
    for line in differences.lines() {
        if let Some(gone) = line.strip_prefix("- ") {
            lines.retain(|line| !line.starts_with(gone));
            continue;
        }
        let attribute = line.split(':').next().unwrap();
        lines.retain(|line| SEVERAL.contains(&attribute) || line.split(':').next() != Some(attribute));
        lines.insert(if attribute == "dn" { 0 } else { lines.len() }, line);
    }
    lines.join("\n") + "\n"
}

/// A line for each outcome and each thing that is said, with the users that it concerns and the text at its place; then the
/// reasons.
fn said(work: &Work, ran: &Ran, users: &str) -> String {
    let report = work.read("run1/report.xml");
    let report = roxmltree::Document::parse(&report).unwrap();
    let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for node in report.descendants() {
        let of = |name: &str| node.attribute(name).unwrap_or_default();
        match node.tag_name().name() {
            "user" => {
                let name = of("dn").split([',', '=']).nth(1).unwrap();
                names.insert(of("seq"), name);
                let outcome = format!("{} {}", of("status"), of("code"));
                said.entry(outcome.trim_end().to_owned()).or_default().push(name.to_owned());
            }
            "issue" => {
                let at = |name: &str| of(name).parse::<usize>().unwrap_or(1) - 1;
                let place = users.lines().nth(at("line")).unwrap_or_default();
                let place: String = place.chars().skip(at("column")).take(24).collect();
                let hint = if of("hint").is_empty() { String::new() } else { format!(" ({})", of("hint")) };
                let what = format!("{} {}: {}{hint}", of("severity"), of("code"), of("detail"));
                let user = if of("seq").is_empty() {
                    "the run".to_owned()
                } else {
                    format!("{} `{place}`", of("seq"))
                };
                said.entry(what).or_default().push(user);
            }
            _ => {}
        }
    }
    let named = |user: &String| match user.split_once(' ') {
        Some((seq, place)) if names.contains_key(seq) => format!("{} {place}", names[seq]),
        _ => user.clone(),
    };
    let line = |(what, users): (&String, &Vec<String>)| {
        format!("{what}: {}\n", users.iter().map(named).collect::<Vec<_>>().join(", "))
    };
    let notes: BTreeSet<&str> = ran.stderr.lines().filter(|line| line.starts_with("note: ")).collect();
    said.iter().map(line).chain(notes.into_iter().map(|note| format!("{note}\n"))).collect()
}

/// The name of a snapshot, the command, and its configuration behind `version = 1`.
const RUNS: [(&str, &str, &str); 13] = [
    ("audit", "audit --sip-domain contoso.com", "[safety]\nprotect = [\"OU=Safe,DC=contoso,DC=com\"]\n"),
    (
        "audit_fix",
        "audit --sip-domain contoso.com --fix",
        "[safety]\nprotect = [\"OU=Safe,DC=contoso,DC=com\"]\n",
    ),
    (
        "configure_voice",
        "configure --enterprise-voice true --enhanced-presence false --archiving federated",
        "",
    ),
    ("configure_control", "configure --remote-call-control true", ""),
    ("configure_line", "configure --line tel:{telephoneNumber}", ""),
    (
        "rename",
        "rename --domain contoso.com=contoso.net --domain elsewhere.com=contoso.org --replace-many",
        "",
    ),
    (
        "rename_plain",
        "rename --domain contoso.com=contoso.net --replace-many",
        "[sip]\nproxy_address = false\n",
    ),
    ("move", "move --pool pool01 --rehome", ""),
    ("delete", "delete --all", ""),
    ("delete_plain", "delete --all", "[sip]\nproxy_address = false\n"),
    ("enable", "enable --pool pool01", "[options]\noriginator_sid = \"off\"\n[sip]\nproxy_address = false\n"),
    ("enable_reject", "enable --pool pool01", "[sip]\nexisting = \"reject\"\n"),
    (
        "enable_anew",
        "enable --pool pool01 --replace-many",
        "[sip]\ndomains = [\"contoso.com\"]\nfallback = [\"sam\"]\nforeign_domain = \"first\"\nexisting = \"replace\"\ncharacters = \"rfc3261\"\n",
    ),
];

#[test]
fn each_thing_that_is_the_matter_is_said_of_whom_it_concerns_and_of_nobody_else() {
    let users: String =
        include_str!("people.txt").trim().split("\n\n").map(|one| person(one) + "\n").collect();
    for (name, command, configuration) in RUNS {
        let work = Work::new();
        work.write("users.ldif", &users);
        work.write("userprep.toml", format!("version = 1\n{configuration}"));
        let mut words: Vec<&str> = command.split(' ').collect();
        words.insert(1, "users.ldif");
        let pools = fixture("estate/pools.ldif");
        if !matches!(words[0], "rename" | "disable") {
            words.extend(["--pools", &pools]);
        }
        words.extend(["--config", "userprep.toml", "--absent", "all", "--target", "ldap", "--out", "run1"]);
        let ran = work.run(&words);
        assert!(matches!(ran.code, 0 | 3 | 5), "{command}: {}", ran.stderr);
        insta::assert_snapshot!(name, said(&work, &ran, &users));
    }
}
