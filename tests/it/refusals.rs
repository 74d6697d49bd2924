//! What cannot be done is refused with one clear message and the right exit code, and nothing is written.

use crate::{POOL, Work, fixture, user};

/// Checks a refused run: its exit code, its message, and that only the inputs are there.
#[track_caller]
fn refused(work: &Work, arguments: &[&str], code: i32, says: &str) {
    let before = work.names(".");
    let ran = work.enable(arguments);
    assert_eq!(ran.code, code, "{}", ran.stderr);
    assert!(ran.stderr.contains(says), "expected {says:?} in:\n{}", ran.stderr);
    assert_eq!(ran.stdout, "");
    assert_eq!(work.names("."), before, "something was left behind");
}

fn ann() -> String {
    user("Ann", "mail: ann@contoso.com\n")
}

#[test]
fn an_input_that_cannot_be_read_is_refused() {
    let work = Work::new();
    let pool = ["--pool", POOL];
    work.write("empty.ldif", "")
        .write("blank.ldif", "\n\n")
        .write("binary.bin", [0_u8, 159, 146, 150, 1, 2, 3, 0].repeat(40));
    work.write("list.xlsx", b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml");
    work.write("old.gz", b"\x1f\x8b\x08\0\0\0\0\0");
    std::fs::create_dir(work.path("folder")).unwrap();
    work.write(
        "users.json",
        "[\r\n    {\r\n        \"DistinguishedName\":  \"CN=Ann,DC=c\"\r\n    }\r\n]\r\n",
    );
    let check = |input: &str, says: &str| refused(&work, &[input, pool[0], pool[1]], 1, says);
    check("none.ldif", "error[input-unreadable]: cannot read `none.ldif`");
    check("empty.ldif", "error[input-empty]: `empty.ldif` is empty");
    check("blank.ldif", "error[input-empty]");
    check("binary.bin", "error[input-foreign]: `binary.bin` is a binary file");
    check("list.xlsx", "`list.xlsx` is an Excel file (.xlsx)");
    check("old.gz", "`old.gz` is a gzip file");
    for (name, text) in [("cut.ldif", "dn: CN=Ann"), ("cut.csv", "DN,mail\nCN=Ann,a")] {
        let mut units: Vec<u8> =
            ["\u{feff}", text].concat().encode_utf16().flat_map(u16::to_le_bytes).collect();
        units.push(b'n');
        work.write(name, units);
        let place = if name.ends_with("csv") { "2:9" } else { "1:11" };
        check(
            name,
            &format!("{name}:{place}: error[encoding-half-unit]: the file ends with half a character"),
        );
    }
    check("users.json", "`users.json` is a JSON file, neither LDIF nor CSV");
    check("folder", "error[input-no-exports]: the folder `folder` holds no export");
}

#[test]
fn an_export_that_is_cut_is_refused() {
    let work = Work::new();
    work.write("cut.ldif", ann() + "# search result\nsearch: 2\nresult: 4 Size limit exceeded\n");
    refused(&work, &["cut.ldif", "--pool", POOL], 1, "cut.ldif:11:9: error[export-incomplete]");
    let pools = format!("dn: {POOL}\nobjectClass: top\nobjectClass: msRTCSIP-Pool\n\n");
    work.write("pools.ldif", pools + "# search result\nsearch: 2\nresult: 4 Size limit exceeded\n");
    work.write("users.ldif", ann());
    let arguments = ["users.ldif", "--pools", "pools.ldif", "--pool", "pool01"];
    refused(&work, &arguments, 1, "pools.ldif:7:9: error[export-incomplete]");
    work.write("quote.csv", "DN,mail\r\n\"CN=Ann,DC=contoso,DC=com,ann@contoso.com\r\nCN=Bob,x\r\n");
    refused(
        &work,
        &["quote.csv", "--pool", POOL, "--absent", "all"],
        1,
        "quote.csv:2:1: error[csv-open-quote]",
    );
}

#[test]
fn an_export_that_does_not_show_what_is_needed_is_refused() {
    let work = Work::new();
    work.write("users.ldif", ann().replace("instanceType: 4\n", ""));
    refused(&work, &["users.ldif", "--pool", POOL], 2, "does not show proxyAddresses, msRTCSIP-UserEnabled");
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL, "--absent", "all"]).code, 0);
    assert!(work.read("run1/report.xml").contains("assumedAbsent=\"all\""));
}

#[test]
fn an_invalid_pool_is_refused() {
    let work = Work::new();
    work.write("users.ldif", ann());
    refused(&work, &["users.ldif"], 2, "error[pool-missing]: no pool is named");
    work.write("rules.toml", format!("[[rule]]\nlabel = \"all\"\npools = [\"{POOL}\"]\n"));
    let ran = work.enable(&["users.ldif", "--config", "rules.toml"]);
    assert!(ran.stderr.contains("help: describe the pool in a [[pool]]"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("pool-missing"), "{}", ran.stderr);
    refused(
        &work,
        &["users.ldif", "--pool", "pool01.contoso.com"],
        2,
        "nothing describes a pool `pool01.contoso.com`",
    );
    refused(
        &work,
        &["users.ldif", "--pool", "CN=pool01,CN=Pools,DC=contoso,DC=com"],
        2,
        "names no pool: expected CN=LC Services",
    );
    refused(&work, &["users.ldif", "--pool", "CN=LC Services,=x"], 2, "is not a DN");
    let two = format!(
        "dn: {POOL}\nobjectClass: container\n\ndn: {}\nobjectClass: container\n\n",
        POOL.replace("pool01", "pool02")
    );
    work.write("pools.ldif", two);
    refused(
        &work,
        &["users.ldif", "--pools", "pools.ldif"],
        2,
        "the export of the pools shows: pool01, pool02",
    );
    refused(
        &work,
        &["users.ldif", "--pools", "pools.ldif", "--pool", &POOL.replace("pool01", "pool09")],
        2,
        "lacks the pool `pool09`",
    );
}

#[test]
fn a_configuration_that_does_not_fit_is_refused() {
    let work = Work::new();
    work.write("users.ldif", ann());
    let check = |text: &str, says: &str| {
        work.write("c.toml", text);
        refused(&work, &["users.ldif", "--config", "c.toml", "--pool", POOL], 2, says);
    };
    check("[sip]\ndomans = []\n", "c.toml:2:1: error[config-key]: unknown key `domans`");
    check("[sip]\ndomains = []\n", "c.toml:2:11: error[sip-domains]: the list of SIP domains is empty");
    check("[sip]\nformat = \"sam\"\n", "error[sip-domains]: the format `sam` needs a domain");
    check("[select]\nbase = [\"nowhere\"]\n", "c.toml:2:9: error[base-invalid]");
    check("[select]\nfilter = \"(mail=*\"\n", "c.toml:2:11: error[filter-invalid]");
    check("[[rule]]\nlabel = \"x\"\n", "rule `x` names no pool");
    check("[safety]\nmax_rejects = \"many\"\n", "c.toml:2:15: error[max-rejects]");
    refused(&work, &["users.ldif", "--config", "none.toml", "--pool", POOL], 2, "cannot read `none.toml`");
    refused(&work, &["users.ldif", "--pool", POOL, "--filter", "(mail="], 2, "filter-invalid");
    for (flag, value, says) in [
        ("--encoding", "klingon", "--encoding: `klingon` is not an encoding"),
        ("--max-rejects", "1.5", "--max-rejects: `1.5` is neither a number nor a percentage"),
        ("--delimiter", "TABULATOR", "help: did you mean `tab`"),
        ("--delimiter", "comma", "help: did you mean `,`"),
        ("--delimiter", "", "--delimiter: `` is not a delimiter"),
    ] {
        refused(&work, &["users.ldif", "--pool", POOL, flag, value], 2, says);
    }
}

#[test]
fn every_fixture_of_bad_input_is_refused_without_a_trace() {
    let folder = fixture("bad");
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name == "README.md" || path.extension().is_some_and(|ending| ending == "toml") {
            continue;
        }
        let work = Work::new();
        let ran = work.enable(&[path.to_str().unwrap(), "--pool", POOL, "--sip-domain", "contoso.com"]);
        assert!((0..=3).contains(&ran.code), "{name}: {} {}", ran.code, ran.stderr);
        assert_eq!(work.path("run1").exists(), matches!(ran.code, 0 | 3), "{name}: {}", ran.stderr);
        seen += 1;
    }
    assert!(seen > 5, "{seen} fixtures in {folder}");
}

#[test]
fn an_existing_run_is_never_touched() {
    let work = Work::new();
    work.write("users.ldif", ann());
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL]).code, 0);
    let report = work.read("run1/report.xml");
    refused(&work, &["users.ldif", "--pool", POOL], 2, "error[output-exists]: `run1` already exists");
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL, "--force"]).code, 0);
    assert_eq!(work.read("run1.1/report.xml"), report);
    assert_eq!(work.names("."), ["run1", "run1.1", "users.ldif"]);
}

#[cfg(unix)]
#[test]
fn an_output_that_cannot_be_written_ends_the_run() {
    let work = Work::new();
    work.write("users.ldif", ann()).write("file", "");
    refused(&work, &["users.ldif", "--pool", POOL, "--out", "file/run1"], 1, "error[output-unwritable]");
    refused(&work, &["users.ldif", "--pool", POOL, "--out", "none/run1"], 1, "error[output-unwritable]");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_publishes_nothing() {
    use std::process::Command;
    let work = Work::new();
    std::fs::create_dir(work.path("small")).unwrap();
    let small = work.path("small");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(&small).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        eprintln!("left out: a full disk needs the right to mount");
        return;
    }
    let users: String =
        (0..200).map(|n| user(&format!("User {n}"), &format!("mail: u{n}@contoso.com\n"))).collect();
    work.write("users.ldif", users);
    let ran = work.enable(&["users.ldif", "--pool", POOL, "--out", "small/run1"]);
    let left = work.names("small");
    Command::new("umount").arg(&small).status().unwrap();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("error[output-unwritable]"), "{}", ran.stderr);
    assert_eq!(left, Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_publishes_nothing() {
    let work = Work::new();
    // A pipe that stays open keeps the program reading until it is interrupted.
    let mut child = work
        .command(&["enable", "-", "--pool", POOL, "--out", "run1"])
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(200));
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    let stdin = child.stdin.take();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    drop(stdin);
    assert_eq!(work.names("."), Vec::<String>::new());
}
