//! `check`: what a file is and what is wrong with it, for people and for programs.

use crate::{Work, fixture, user};

#[test]
fn a_clean_file_is_described_in_one_line() {
    let work = Work::new();
    work.write(
        "users.ldif",
        format!("\u{feff}{}", user("Ann", "mail: ann@contoso.com\n").replace('\n', "\r\n")),
    );
    let ran = work.run(&["check", "users.ldif"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert_eq!(
        ran.stdout,
        "users.ldif: ldif, utf-8, byte order mark, crlf, 1 entry, 5 attributes, 0 errors, 0 warnings\n"
    );
    assert_eq!(work.run(&["check", "--quiet", "users.ldif"]).stdout, "");
}

#[test]
fn every_attribute_is_judged_wanted_or_not() {
    let work = Work::new();
    work.write(
        "users.ldif",
        user("Ann", "jpegPhoto:: YW5u!EBj\nl: Paris \nuserPassword:: c2Vj!mV0\n") + "dn: nowhere\n\n",
    );
    let ran = work.run(&["check", "users.ldif"]);
    assert_eq!(ran.code, 5);
    insta::assert_snapshot!("findings", ran.stdout);
}

#[test]
fn programs_get_one_object() {
    let work = Work::new();
    work.write("users.ldif", "dn: cn=a\ncn: a\n\ncn: b\n").write("c.toml", "[sip]\ndomans = []\n");
    let ran = work.run(&["check", "--format", "json", "users.ldif", "c.toml", "none.csv"]);
    assert_eq!(ran.code, 1, "one file could not be read");
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(found["errors"], 3);
    let files = found["files"].as_array().unwrap();
    let codes: Vec<&str> = files.iter().map(|file| file["findings"][0]["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["ldif-no-dn", "config-key", "input-unreadable"]);
    assert_eq!(files[0]["findings"][0]["line"], 4);
    assert_eq!(files[0]["records"]["entries"], 1);
    assert_eq!(files[1]["findings"][0]["column"], 1);
}

#[test]
fn the_fixtures_of_the_forest_are_clean() {
    let work = Work::new();
    let ran = work.run(&["check", &fixture("contoso"), &fixture("samba")]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    for name in ["users.ldif: ldif", "users.csv: csv", "pools.ldif: ldif", "export.ldif: ldif"] {
        let line = ran.stdout.lines().find(|line| line.contains(name)).unwrap();
        assert!(line.ends_with("0 errors, 0 warnings"), "{line}");
    }
}
