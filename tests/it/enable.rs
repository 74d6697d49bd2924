//! `enable` from exports to the run directory: everything that is written, and nothing else.

use crate::{POOL, Work, fixture, user};

const SECOND: &str = "CN=LC Services,CN=Microsoft,CN=pool02,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com";

/// Returns an attribute of the first element with this name in a report.
fn attribute<'r>(report: &'r str, element: &str, name: &str) -> &'r str {
    let from = report.find(&format!("<{element} ")).unwrap_or_else(|| panic!("no <{element}> in {report}"));
    let tag = &report[from..from + report[from..].find("/>").unwrap()];
    let value = &tag
        [tag.find(&format!(" {name}=\"")).unwrap_or_else(|| panic!("no {name} in {tag}")) + name.len() + 3..];
    &value[..value.find('"').unwrap()]
}

/// Returns the values of an attribute of all users, in order.
pub(crate) fn column<'r>(report: &'r str, name: &str) -> Vec<&'r str> {
    report.match_indices("<user ").map(|(at, _)| attribute(&report[at..], "user", name)).collect()
}

pub(crate) fn codes(report: &str) -> Vec<&str> {
    report.match_indices("<issue ").map(|(at, _)| attribute(&report[at..], "issue", "code")).collect()
}

#[test]
fn a_fresh_user_gets_what_the_wizard_writes() {
    let work = Work::new();
    work.write(
        "users.ldif",
        user("Ann Doe", "mail: Ann.Doe@contoso.com\nproxyAddresses: SMTP:Ann.Doe@contoso.com\n"),
    );
    let ran = work.enable(&["users.ldif", "--pool", POOL, "--sip-domain", "contoso.com", "--target", "ldap"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    insta::assert_snapshot!("apply", work.read("run1/0001-apply.ldif"));
    insta::assert_snapshot!("undo", work.read("run1/0001-undo.ldif"));
    insta::assert_snapshot!("report", work.read("run1/report.xml"));
}

#[test]
fn ldifde_gets_crlf_and_every_importer_ascii() {
    let work = Work::new();
    work.write("users.ldif", user("Zoë Doe", "mail: zoe@contoso.com\n"));
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL]).code, 0);
    let apply = work.read("run1/0001-apply.ldif");
    assert!(apply.is_ascii() && apply.ends_with("-\r\n\r\n"), "{apply}");
    assert_eq!(apply.matches('\n').count(), apply.matches("\r\n").count());
    assert!(apply.contains("\r\ndn:: Q049Wm/Dqy"), "{apply}");
}

#[test]
fn present_values_are_kept_and_absent_ones_added() {
    let work = Work::new();
    let has = format!(
        "msRTCSIP-PrimaryUserAddress: sip:ann@old.com\nmsRTCSIP-UserEnabled: TRUE\nmsRTCSIP-OptionFlags: 1\n\
         msRTCSIP-PrimaryHomeServer: {SECOND}\nproxyAddresses: sip:ann@old.com\n"
    );
    work.write("users.ldif", user("Ann", &has));
    let arguments = ["users.ldif", "--pool", POOL, "--sip-domain", "contoso.com", "--target", "ldap"];
    assert_eq!(work.enable(&arguments).code, 0);
    let apply = work.read("run1/0001-apply.ldif");
    let lines: Vec<&str> = apply.lines().skip(3).collect();
    assert_eq!(lines, ["add: msRTCSIP-ArchivingEnabled", "msRTCSIP-ArchivingEnabled: 0", "-", ""]);
    let report = work.read("run1/report.xml");
    assert_eq!(
        codes(&report),
        ["undo-limits", "domain-foreign", "enhanced-presence-missing", "pool-unknown"]
    );
    assert_eq!(column(&report, "source"), ["existing"]);
    assert_eq!(column(&report, "pool"), ["pool02"]);
    work.write("users.ldif", user("Ann", &(has + "msRTCSIP-ArchivingEnabled: 0\n")));
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL, "--out", "run2"]).code, 0);
    assert!(
        !work.names("run2").iter().any(|name| name.ends_with(".ldif")),
        "a run without a change has no change file"
    );
    assert_eq!(column(&work.read("run2/report.xml"), "status"), ["unchanged"]);
}

#[test]
fn other_bits_are_kept_and_octets_copied() {
    let work = Work::new();
    let lines = "mail: ann@contoso.com\nmsRTCSIP-OptionFlags: 1040\nmsRTCSIP-ArchivingEnabled: 3\nmsExchMasterAccountSid:: AQUAAAAAAAUVAAAAAQAAAAIAAAADAAAA6AMAAA==\n";
    work.write("users.ldif", user("Ann", lines));
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL, "--target", "ldap", "--wrap", "0"]).code, 0);
    let apply = work.read("run1/0001-apply.ldif");
    assert!(apply.contains("delete: msRTCSIP-OptionFlags\nmsRTCSIP-OptionFlags: 1040\n-\nadd: msRTCSIP-OptionFlags\nmsRTCSIP-OptionFlags: 1296\n-\n"), "{apply}");
    assert!(!apply.contains("Archiving"), "{apply}");
    assert!(apply.contains("msRTCSIP-OriginatorSid:: AQUAAAAAAAUVAAAAAQAAAAIAAAADAAAA6AMAAA==\n"), "{apply}");
}

#[test]
fn every_record_is_in_the_totals() {
    let work = Work::new();
    let ran = work.enable(&[&fixture("contoso/users.ldif"), "--config", &fixture("contoso/userprep.toml")]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let report = work.read("run1/report.xml");
    let sum = |name| attribute(&report, "summary", name).parse::<usize>().unwrap();
    let all = ["changed", "unchanged", "skipped", "rejected", "notSelected", "others"];
    assert_eq!(sum("read"), all.map(sum).iter().sum::<usize>());
    for status in &all[..4] {
        assert_eq!(
            column(&report, "status").iter().filter(|found| *found == status).count(),
            sum(status),
            "{status}"
        );
    }
    assert_eq!(report.matches("severity=\"warning\"").count(), sum("warnings"));
    let records: usize = work
        .names("run1")
        .iter()
        .filter(|name| name.ends_with("-apply.ldif"))
        .map(|name| work.read(&format!("run1/{name}")).matches("changetype: modify").count())
        .sum();
    assert_eq!(records, sum("changeRecords"));
    assert_eq!(records, sum("changed"));
}

#[test]
fn the_same_input_gives_the_same_bytes_for_any_number_of_threads() {
    let work = Work::new();
    let users: String = (0..3000)
        .map(|n| {
            user(
                &format!("User {n}"),
                &format!("mail: u{}@contoso.com\ndescription: {}\n", n % 2900, "x".repeat(400)),
            )
        })
        .collect();
    work.write("users.ldif", users);
    for (threads, out) in [("1", "run1"), ("2", "run2"), ("999999999", "run3")] {
        let arguments = [
            "users.ldif",
            "--pool",
            POOL,
            "--pool",
            SECOND,
            "--threads",
            threads,
            "--split",
            "700",
            "--out",
            out,
        ];
        assert_eq!(work.enable(&arguments).code, 3);
    }
    let names = work.names("run1");
    assert!(names.contains(&"0004-undo.ldif".to_owned()), "{names:?}");
    for name in &names {
        for other in ["run2", "run3"] {
            assert_eq!(
                work.read(&format!("run1/{name}")),
                work.read(&format!("{other}/{name}")),
                "{other}/{name}"
            );
        }
    }
}

#[test]
fn a_dry_run_and_a_stop_publish_a_plan_without_change_files() {
    let work = Work::new();
    work.write(
        "users.ldif",
        user("Ann", "mail: ann@contoso.com\n") + &user("Bob", "mail: bob@contoso.com\n"),
    );
    let without_changes =
        |out: &str| !work.names(out).iter().any(|name| name.ends_with("ldif") || name.ends_with("sh"));
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL, "--what-if"]).code, 0);
    assert_eq!(work.names("."), ["run1.plan", "users.ldif"]);
    assert!(without_changes("run1.plan"));
    assert_eq!(column(&work.read("run1.plan/report.xml"), "status"), ["changed", "changed"]);
    let stopped = work.enable(&["users.ldif", "--pool", POOL, "--max-changes", "1"]);
    assert_eq!(stopped.code, 4);
    assert!(
        stopped.stderr.contains("error[stop-max-changes]: 2 users would change, and --max-changes allows 1"),
        "{}",
        stopped.stderr
    );
    assert_eq!(work.names("."), ["run1.plan", "run1.plan.1", "users.ldif"]);
    assert!(without_changes("run1.plan"));
    assert!(work.read("run1.plan/report.xml").contains("result=\"stopped\" exitCode=\"4\""));
}

#[test]
fn a_safety_limit_is_a_share_of_the_judged() {
    let work = Work::new();
    let users: String =
        (0..10).map(|n| user(&format!("U{n}"), if n < 9 { "mail: x@contoso.com\n" } else { "" })).collect();
    work.write("users.ldif", users.replacen("mail: x@", "mail: y@", 8));
    // One user has no mail, and 8 of 9 share an address.
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL, "--max-rejects", "90%"]).code, 3);
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL, "--max-rejects", "89%", "--out", "run2"]).code, 4);
}

#[test]
fn checksums_and_manifest_list_every_file() {
    let work = Work::new();
    work.write("users.ldif", user("Ann", "mail: ann@contoso.com\n"));
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL]).code, 0);
    let mut listed: Vec<String> = work
        .read("run1/SHA256SUMS")
        .lines()
        .map(|line| line.split_once("  ").unwrap().1.to_owned())
        .collect();
    listed.push("SHA256SUMS".into());
    listed.sort();
    assert_eq!(listed, work.names("run1"));
    let manifest = work.read("run1/manifest.json");
    assert!(
        listed
            .iter()
            .filter(|name| !["SHA256SUMS", "manifest.json"].contains(&name.as_str()))
            .all(|name| manifest.contains(name.as_str()))
    );
    if let Ok(checked) = std::process::Command::new("sha256sum")
        .args(["-c", "--quiet", "SHA256SUMS"])
        .current_dir(work.path("run1"))
        .output()
    {
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    }
}

#[test]
fn batches_never_mix_domains() {
    let work = Work::new();
    let mut users = String::new();
    for n in 0..6 {
        let one = user(&format!("U{n}"), &format!("mail: u{n}@contoso.com\n"));
        users += &if n % 2 == 0 { one } else { one.replace("DC=contoso", "DC=emea,DC=contoso") };
    }
    users += &user("Admin", "mail: admin@contoso.com\nadminCount: 1\n");
    work.write("users.ldif", users);
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL, "--split", "2"]).code, 0);
    let report = work.read("run1/report.xml");
    let batch = |n: &str| format!("000{n}-apply.ldif");
    assert_eq!(column(&report, "file"), ["1", "3", "1", "3", "2", "4", "5"].map(batch));
    assert_eq!(column(&report, "record"), ["1", "1", "2", "2", "1", "1", "1"]);
    assert_eq!(codes(&report), ["undo-limits", "protected-account", "sip-domains-unchecked"]);
}
