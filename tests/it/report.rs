//! The reports are valid, agree with each other, and are harmless whatever the directory contains.
//!
//! Rows are counted here by xmllint and in the text, never by the program's own code.

use std::process::Command;

use roxmltree::{Document, Node};

use super::{POOL, Ran, Work, fixture, user};

const STATUSES: [&str; 8] =
    ["changed", "unchanged", "skipped", "rejected", "applied", "missing", "drifted", "gone"];

/// `report.xml` as another program would read it.
#[derive(Debug)]
pub(crate) struct Report {
    mode: String,
    exit_code: u8,
    summary: Summary,
    pools: Vec<Pool>,
    users: Vec<User>,
    issues: Vec<Issue>,
    files: Vec<File>,
}

#[derive(Debug)]
struct Summary {
    read: usize,
    changed: usize,
    unchanged: usize,
    skipped: usize,
    rejected: usize,
    not_selected: usize,
    others: usize,
    warnings: usize,
    change_records: usize,
}

#[derive(Debug)]
struct Pool {
    label: String,
    before: usize,
    added: usize,
    after: usize,
}

#[derive(Debug)]
struct User {
    seq: usize,
    status: String,
    display_name: String,
    pool: String,
    previous_pool: String,
    file: String,
}

#[derive(Debug)]
struct Issue {
    seq: String,
    severity: String,
}

#[derive(Debug)]
struct File {
    path: String,
    role: String,
    records: usize,
}

/// Returns a required attribute of an element.
fn of<T: std::str::FromStr<Err: std::fmt::Debug>>(node: &Node<'_, '_>, name: &str) -> T {
    node.attribute(name).unwrap_or_else(|| panic!("{node:?} has no {name}")).parse().unwrap()
}

impl Report {
    fn read(xml: &str) -> Self {
        let document = Document::parse(xml).unwrap();
        let all = |name: &'static str| {
            document.descendants().filter(move |node| node.has_tag_name(("urn:userprep:report:1", name)))
        };
        let summary = all("summary").next().unwrap();
        Self {
            mode: of(&document.root_element(), "mode"),
            exit_code: of(&document.root_element(), "exitCode"),
            summary: Summary {
                read: of(&summary, "read"),
                changed: of(&summary, "changed"),
                unchanged: of(&summary, "unchanged"),
                skipped: of(&summary, "skipped"),
                rejected: of(&summary, "rejected"),
                not_selected: of(&summary, "notSelected"),
                others: of(&summary, "others"),
                warnings: of(&summary, "warnings"),
                change_records: of(&summary, "changeRecords"),
            },
            pools: all("pool")
                .map(|node| Pool {
                    label: of(&node, "label"),
                    before: of(&node, "before"),
                    added: of(&node, "added"),
                    after: of(&node, "after"),
                })
                .collect(),
            users: all("user")
                .map(|node| User {
                    seq: of(&node, "seq"),
                    status: of(&node, "status"),
                    display_name: of(&node, "displayName"),
                    pool: of(&node, "pool"),
                    previous_pool: of(&node, "previousPool"),
                    file: of(&node, "file"),
                })
                .collect(),
            issues: all("issue")
                .map(|node| Issue { seq: of(&node, "seq"), severity: of(&node, "severity") })
                .collect(),
            files: all("file")
                .map(|node| File {
                    path: of(&node, "path"),
                    role: of(&node, "role"),
                    records: of(&node, "records"),
                })
                .collect(),
        }
    }
}

/// Runs xmllint in a run directory and returns its exit code and its output; `None` if it is not installed.
#[expect(clippy::print_stderr, reason = "what is left out is said")]
fn xmllint(work: &Work, folder: &str, arguments: &[&str]) -> Option<(Option<i32>, String)> {
    let output = Command::new("xmllint").current_dir(work.path(folder)).args(arguments).output();
    let Ok(output) = output else {
        eprintln!("left out: xmllint is not installed");
        return None;
    };
    let said = if output.status.success() { output.stdout } else { output.stderr };
    Some((output.status.code(), String::from_utf8(said).unwrap().trim().to_owned()))
}

/// Checks that the run's reports are valid, agree with each other, and add up.
pub(crate) fn check(work: &Work, folder: &str) -> Report {
    if let Some((code, said)) = xmllint(work, folder, &["--noout", "--schema", "report.xsd", "report.xml"]) {
        assert_eq!(code, Some(0), "{folder}: {said}");
    }
    let xml = work.read(&format!("{folder}/report.xml"));
    assert!(xml.is_ascii());
    let report: Report = Report::read(&xml);
    let html = work.read(&format!("{folder}/report.html"));
    let manifest: serde_json::Value =
        serde_json::from_str(&work.read(&format!("{folder}/manifest.json"))).unwrap();
    let sums = &manifest["summary"];
    let mut rows = 0;
    for status in STATUSES {
        let count = xml.lines().filter(|line| line.contains(&format!(" status=\"{status}\" "))).count();
        assert_eq!(sums[status].as_u64().unwrap_or_default(), count as u64, "{folder}: {status}");
        assert_eq!(html.matches(&format!(" data-s=\"{status}\"")).count(), count, "{folder}: {status}");
        let path = format!("count(/*/*[local-name()='users']/*[@status='{status}'])");
        if let Some(counted) = xmllint(work, folder, &["--xpath", &path, "report.xml"]) {
            assert_eq!(counted, (Some(0), count.to_string()), "{folder}: {status}");
        }
        assert_eq!(report.users.iter().filter(|user| user.status == status).count(), count);
        rows += count;
    }
    let Summary { read, not_selected, others, warnings, change_records, .. } = report.summary;
    assert_eq!(read, rows + not_selected + others, "{folder}");
    assert_eq!(report.issues.iter().filter(|issue| issue.severity == "warning").count(), warnings);
    let applied = report.files.iter().filter(|file| file.role == "apply");
    assert_eq!(applied.map(|file| file.records).sum::<usize>(), change_records, "{folder}");
    assert_eq!(report.users.iter().filter(|user| !user.file.is_empty()).count(), change_records);
    for user in report.users.iter().filter(|user| !user.file.is_empty()) {
        assert!(report.files.iter().any(|file| file.path == user.file), "{folder}: {}", user.file);
    }
    for issue in report.issues.iter().filter(|issue| !issue.seq.is_empty()) {
        let seq: usize = issue.seq.parse().unwrap();
        assert!(report.users.iter().any(|user| user.seq == seq), "{folder}: {seq}");
    }
    for pool in &report.pools {
        let joined = |user: &&User| user.pool == pool.label && user.previous_pool != pool.label;
        assert_eq!(report.users.iter().filter(joined).count(), pool.added, "{folder}: {}", pool.label);
        assert_eq!(pool.before + pool.added, pool.after);
    }
    report
}

fn contoso(work: &Work, more: &[&str]) -> Ran {
    let (users, config) = (fixture("contoso/users.ldif"), fixture("contoso/userprep.toml"));
    let pools = fixture("contoso/pools.ldif");
    let mut arguments = vec![users.as_str(), "--config", &config, "--pools", &pools];
    arguments.extend(more);
    work.enable(&arguments)
}

fn plain(work: &Work, export: &str, more: &[&str]) -> Ran {
    let mut arguments = vec![export, "--pool", POOL, "--sip-domain", "contoso.com", "--absent", "all"];
    arguments.extend(more);
    work.enable(&arguments)
}

#[test]
fn the_reports_of_every_kind_of_run_are_valid_and_agree() {
    let work = Work::new();
    assert_eq!(contoso(&work, &[]).code, 3);
    let report = check(&work, "run1");
    assert_eq!((report.mode.as_str(), report.exit_code), ("enable", 3));
    let Summary { read, changed, unchanged, skipped, rejected, .. } = report.summary;
    assert_eq!((read, changed, unchanged, skipped, rejected), (193, 112, 8, 14, 19));

    assert_eq!(contoso(&work, &["--dry-run", "--out", "rehearsal"]).code, 3);
    assert_eq!(check(&work, "rehearsal.plan").summary.change_records, 0);
    assert_eq!(contoso(&work, &["--max-rejects", "1", "--out", "stop"]).code, 4);
    assert_eq!(check(&work, "stop.plan").exit_code, 4);
    assert!(work.read("stop.plan/report.html").contains("stopped by a safety limit"));

    work.write("empty.ldif", "dn: OU=Paris,DC=contoso,DC=com\nobjectClass: organizationalUnit\n\n");
    assert_eq!(plain(&work, "empty.ldif", &["--out", "empty"]).code, 0);
    assert_eq!(check(&work, "empty").summary.others, 1);

    let export = fixture("contoso/users.ldif");
    let verified = work.run(&["verify", "run1", "--against", &export, "--out", "verified"]);
    assert_eq!(verified.code, 5, "{}", verified.stderr);
    assert_eq!(check(&work, "verified").mode, "verify");
    let undone = work.run(&["undo", "run1", "--against", &export, "--out", "undone"]);
    assert!(undone.code == 0 || undone.code == 3, "{}", undone.stderr);
    assert_eq!(check(&work, "undone").mode, "undo");
    let gone = work.run(&["verify", "run1", "--against", "empty.ldif", "--absent", "all", "--out", "gone"]);
    assert_eq!(gone.code, 5, "{}", gone.stderr);
    assert_eq!(check(&work, "gone").users.len(), 112);
}

#[test]
fn the_schema_refuses_what_the_contract_does_not_allow() {
    let work = Work::new();
    contoso(&work, &[]);
    let xml = work.read("run1/report.xml");
    let breaches = [
        ("status=\"rejected\"", "status=\"lost\""),
        ("mode=\"enable\"", "mode=\"enabled\""),
        ("<user seq=\"2", "<user seq=\"0"),
        ("<issue seq=\"40\"", "<issue seq=\"4000\""),
        ("file=\"0001-apply.ldif\"", "file=\"0099-apply.ldif\""),
        (" sam=\"", " Sam=\""),
        ("<users>", "<users><group/>"),
        ("source=\"mail\"", "source=\"guess\""),
    ];
    for (from, to) in breaches {
        assert!(xml.contains(from), "{from}");
        work.write("run1/broken.xml", xml.replacen(from, to, 1));
        let schema = ["--noout", "--schema", "report.xsd", "broken.xml"];
        if let Some((code, _)) = xmllint(&work, "run1", &schema) {
            assert_eq!(code, Some(3), "{to} is accepted");
        }
    }
}

#[test]
fn the_schema_is_printed_and_in_each_run_directory() {
    let work = Work::new();
    contoso(&work, &[]);
    let printed = work.run(&["schema"]);
    assert_eq!((printed.code, printed.stderr.as_str()), (0, ""));
    assert_eq!(printed.stdout, work.read("run1/report.xsd"));
    for file in ["report.xsd", "report.html"] {
        assert!(work.read("run1/manifest.json").contains(file));
        assert!(work.read("run1/SHA256SUMS").contains(file));
    }
}

#[test]
fn hostile_values_are_text_everywhere() {
    let names = [
        "<script>alert(1)</script>".to_owned(),
        "\"'><img src=x onerror=alert(1)>&amp;".to_owned(),
        "a\u{202e}gnp.exe\u{200f}".to_owned(),
        "bell\u{7}escape\u{1b}[31m nul\u{0} tab\t".to_owned(),
        "x".repeat(10_000),
        "<!--rows-->]]>".to_owned(),
    ];
    let mut export = String::new();
    for (number, name) in names.iter().enumerate() {
        let lines = format!("displayName:: {}\nmail: u{number}@contoso.com\n", base64(name.as_bytes()));
        export += &user(&format!("user {number}"), &lines);
    }
    // A rejected user, with a value that the message shows.
    export += &user("rejected", "mail: <b>\u{1b}[2J@contoso.com\n");
    let work = Work::new();
    work.write("users.ldif", export);
    let ran = plain(&work, "users.ldif", &["--verbose"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let report = check(&work, "run1");
    let shown: Vec<&str> = report.users.iter().map(|user| user.display_name.as_str()).collect();
    assert_eq!(shown[..3], names[..3], "XML holds what the directory holds");
    assert_eq!(shown[3], "bell\u{fffd}escape\u{fffd}[31m nul\u{fffd} tab\t", "but for what XML cannot hold");
    assert_eq!(shown[4..6], names[4..6]);
    let html = work.read("run1/report.html");
    for markup in ["<img", "<b>", "alert(1)</script>", "\u{202e}", "\u{1b}", "\u{7}", "\0"] {
        assert!(!html.contains(markup), "{markup:?}");
    }
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn masked_values_are_in_no_report() {
    let work = Work::new();
    let named = |name: &str, mail: &str| {
        user(name, &format!("displayName: {name}\nmail: {mail}\ngivenName: {name}\n"))
    };
    work.write(
        "users.ldif",
        named("Ann Secret", "ann.secret@contoso.com")
            + &named("Bob Discreet", "bob.discreet@contoso.com")
            + &named("Rob Discreet", "Bob.Discreet@contoso.com")
            + &named("Eve Masked", "eve masked@contoso.com"),
    );
    work.write(
        "masked.toml",
        "version = 1\n[output]\nredact = [\"displayName\", \"mail\", \"sAMAccountName\", \"dn\"]\n",
    );
    let ran = plain(&work, "users.ldif", &["--config", "masked.toml", "--verbose"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    check(&work, "run1");
    let texts = ["run1/report.xml", "run1/report.html"].map(|name| work.read(name));
    for (name, text) in texts.iter().map(|text| ("report", text)).chain([("terminal", &ran.stderr)]) {
        let lower = text.to_lowercase();
        for secret in ["secret", "discreet", "eve masked", "bob"] {
            assert!(!lower.contains(secret), "{name}: {secret}: {text}");
        }
    }
    assert!(texts[0].contains("sipUri=\"sip:***\""));
    assert!(work.read("run1/0001-apply.ldif").contains("sip:ann.secret@contoso.com"), "LDIF is not masked");
}

#[test]
fn a_misspelled_name_to_mask_is_reported() {
    let work = Work::new();
    work.write("users.ldif", user("Ann", "mail: ann@contoso.com\n"));
    work.write("typo.toml", "version = 1\n[output]\nredact = [\"displayNam\"]\n");
    let ran = plain(&work, "users.ldif", &["--config", "typo.toml"]);
    assert!(ran.stderr.contains("redact-unknown"), "{}", ran.stderr);
}

#[test]
fn the_summary_is_for_people_or_for_programs() {
    let work = Work::new();
    let text = contoso(&work, &[]);
    assert_eq!(text.stdout, "", "data alone goes to standard output");
    for line in [
        "108 of 153 users are ready to be enabled, 4 to be completed; 19 need a decision.",
        "8  rejected  sip-duplicate",
    ] {
        assert!(text.stderr.contains(line), "{}", text.stderr);
    }
    assert!(text.stderr.contains("\n        import   run1\\apply.cmd\n"), "{}", text.stderr);
    let quiet = contoso(&work, &["--quiet", "--out", "quiet"]);
    assert!(!quiet.stderr.contains("need a decision"));
    let json = contoso(&work, &["--format", "json", "--quiet", "--out", "run2"]);
    let object: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&work.read("run2/manifest.json")).unwrap();
    assert_eq!(object["summary"], manifest["summary"]);
    assert_eq!(object["batches"], manifest["batches"]);
    assert_eq!(object["exitCode"], 3);
    assert_eq!(object["directory"], "run2");
}

#[test]
fn the_page_speaks_french() {
    let work = Work::new();
    let config = std::fs::read_to_string(fixture("contoso/userprep.toml")).unwrap();
    work.write("fr.toml", config + "\n[output]\nlanguage = \"fr\"\n");
    let (users, pools) = (fixture("contoso/users.ldif"), fixture("contoso/pools.ldif"));
    work.enable(&[&users, "--config", "fr.toml", "--pools", &pools]);
    check(&work, "run1");
    let html = work.read("run1/report.html");
    for text in ["<html lang=\"fr\">", "Activation des utilisateurs pour Communications Server", "URI SIP"] {
        assert!(html.contains(text), "{text}");
    }
}
