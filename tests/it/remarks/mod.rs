//! What every wizard does with the people in `people.txt`, who have one peculiarity each, and what it reports about
//! them.
//!
//! A block describes a person: the name, then the differences from someone who is enabled and ready. `- text` removes
//! the lines that begin with the text; any other line is an attribute that replaces its former value, or adds one to
//! several.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ran, Work, fixture};

/// Attributes with several values.
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

/// Replaces the local part of this person's address by `~`.
fn own(text: &str, name: &str) -> String {
    text.replace(&(name.to_lowercase().replace(' ', ".") + "@"), "~@")
}

/// Returns a line for each outcome and each message, with the people concerned and the text at its place; then the
/// reasons.
fn said(work: &Work, ran: &Ran) -> String {
    let report = work.read("run1/report.xml");
    let report = roxmltree::Document::parse(&report).unwrap();
    let inputs = report.descendants().filter(|node| node.has_tag_name("input"));
    let inputs: Vec<String> = inputs.map(|input| work.read(input.attribute("file").unwrap())).collect();
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
                let hint = if of("hint").is_empty() { String::new() } else { format!(" ({})", of("hint")) };
                let mut what = format!("{} {}: {}{hint}", of("severity"), of("code"), of("detail"));
                let mut concerned = "the run".to_owned();
                if let Some(name) = names.get(of("seq")) {
                    let at = |name: &str| of(name).parse::<usize>().unwrap() - 1;
                    let place = inputs[at("input")].lines().nth(at("line")).unwrap();
                    let place: String = place.chars().skip(at("column")).take(24).collect();
                    (what, concerned) = (own(&what, name), format!("{name} `{place}`"));
                }
                said.entry(what).or_default().push(concerned);
            }
            _ => {}
        }
    }
    let notes: BTreeSet<&str> = ran.stderr.lines().filter(|line| line.starts_with("note: ")).collect();
    let said = said.into_iter().map(|(what, people)| format!("{what}: {}\n", people.join(", ")));
    said.chain(notes.into_iter().map(|note| format!("{note}\n"))).collect()
}

/// Returns a line for each modification, with the people whose records have it.
fn done(work: &Work) -> String {
    let mut done: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let files = work.names("run1").into_iter().filter(|name| name.ends_with("-apply.ldif"));
    let text: String = files.map(|name| work.read(&format!("run1/{name}")).replace("\n ", "")).collect();
    for record in text.split("\n\n") {
        let mut lines = record.lines().filter(|line| !line.starts_with(['#', '-']));
        let Some(dn) = lines.next() else { continue };
        let name = dn.split([',', '=']).nth(1).unwrap();
        let mut operation = "";
        for line in lines.skip(1) {
            let (word, value) = line.split_once(':').unwrap();
            if matches!(word, "add" | "delete" | "replace") {
                operation = word;
                continue;
            }
            done.entry(format!("{operation} {word}:{}", own(value, name))).or_default().push(name);
        }
    }
    done.into_iter().map(|(what, people)| format!("{what}: {}\n", people.join(", "))).collect()
}

/// The name of a snapshot, the command (POOLS is the export of the pools), and its configuration after `version = 1`.
const RUNS: [(&str, &str, &str); 18] = [
    (
        "audit",
        "audit users.ldif POOLS --sip-domain contoso.com",
        "[safety]\nprotect = [\"OU=Safe,DC=contoso,DC=com\"]\n",
    ),
    (
        "audit_fix",
        "audit users.ldif --sip-domain contoso.com --fix",
        "[safety]\nprotect = [\"OU=Safe,DC=contoso,DC=com\"]\n",
    ),
    (
        "configure_voice",
        "configure users.ldif POOLS --enterprise-voice true --enhanced-presence false --archiving federated",
        "[[pool]]\nlabel = \"pool04\"\nfqdn = \"pool04.contoso.com\"\n\
         dn = \"CN=LC Services,CN=Microsoft,CN=pool04,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com\"\n",
    ),
    ("configure_control", "configure users.ldif POOLS --remote-call-control true", ""),
    ("configure_line", "configure users.ldif POOLS --line tel:{telephoneNumber}", ""),
    ("configure_region", "configure users.ldif POOLS --line-region FR", ""),
    ("configure_access", "configure users.ldif POOLS --federation true --remote-access false", ""),
    (
        "rename",
        "rename users.ldif --domain contoso.com=contoso.net --domain elsewhere.com=contoso.org --replace-many",
        "",
    ),
    (
        "rename_plain",
        "rename users.ldif --domain contoso.com=contoso.net --replace-many",
        "[sip]\nproxy_address = false\n",
    ),
    ("rename_case", "rename users.ldif --domain contoso.com=Contoso.COM --replace-many", ""),
    ("move", "move users.ldif POOLS --pool pool01 --rehome", ""),
    ("move_listed", "move list.csv --join users.ldif POOLS --pool pool01 --rehome", ""),
    ("delete", "delete users.ldif POOLS --all", ""),
    ("delete_plain", "delete users.ldif POOLS --all", "[sip]\nproxy_address = false\n"),
    (
        "enable",
        "enable users.ldif POOLS --pool pool01",
        "[options]\noriginator_sid = \"off\"\n[sip]\nproxy_address = false\n",
    ),
    ("enable_reject", "enable users.ldif POOLS --pool pool01", "[sip]\nexisting = \"reject\"\n"),
    (
        "enable_anew",
        "enable users.ldif POOLS --pool pool01 --replace-many",
        "[sip]\ndomains = [\"contoso.com\"]\nfallback = [\"sam\"]\nforeign_domain = \"first\"\n\
         existing = \"replace\"\ncharacters = \"rfc3261\"\n",
    ),
    ("enable_listed", "enable list.csv --join users.ldif POOLS --pool pool01", ""),
];

#[test]
fn each_peculiarity_is_reported_of_the_users_with_it_and_of_no_others() {
    let users: String =
        include_str!("people.txt").trim().split("\n\n").map(|one| person(one) + "\n").collect();
    for (name, command, configuration) in RUNS {
        let work = Work::new();
        work.write("users.ldif", &users).write("list.csv", include_str!("list.csv"));
        work.write("userprep.toml", format!("version = 1\n{configuration}"));
        let pools = format!("--pools {}", fixture("estate/pools.ldif"));
        let command = command.replace("POOLS", &pools);
        let words = command.split(' ').chain(["--config", "userprep.toml", "--absent", "all"]);
        let ran = work.run(&words.chain(["--target", "ldap", "--out", "run1"]).collect::<Vec<_>>());
        assert!(matches!(ran.code, 0 | 3 | 5), "{command}: {}", ran.stderr);
        insta::assert_snapshot!(name, said(&work, &ran) + &done(&work));
    }
}
