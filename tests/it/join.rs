//! Lists without DNs: which users their rows name, what they give, and the outcome of rows that name no user or
//! several.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::enable::{codes, column};
use crate::{POOL, Ran, Work, fixture, user};

const LYON: &str = "CN=LC Services,CN=Microsoft,CN=pool02,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com";

/// Creates a folder with the fixture.
fn fixtures() -> Work {
    let work = Work::new();
    for name in ["liste.csv", "forest.ldif", "userprep.toml"] {
        work.write(name, std::fs::read(fixture(&format!("join/{name}"))).unwrap());
    }
    work
}

/// Joins a list to a forest of these users.
fn joined(list: &str, forest: &str, more: &[&str]) -> (Work, Ran) {
    let work = Work::new();
    work.write("list.csv", list).write("forest.ldif", forest);
    let mut arguments =
        vec!["list.csv", "--join", "forest.ldif", "--pool", POOL, "--sip-domain", "contoso.com"];
    arguments.extend(more);
    let ran = work.enable(&arguments);
    (work, ran)
}

/// Returns status, code and DN of each row.
fn rows(work: &Work, run: &str) -> Vec<String> {
    let report = work.read(&format!("{run}/report.xml"));
    let rows = column(&report, "status").into_iter().zip(column(&report, "code")).zip(column(&report, "dn"));
    rows.map(|((status, code), dn)| {
        let name = dn.split(',').next().unwrap_or_default();
        format!("{status} {code} {name}")
    })
    .collect()
}

/// Returns the change records of a run without their comments.
fn changes(work: &Work, run: &str) -> String {
    let names = work
        .names(run)
        .into_iter()
        .filter(|name| name.ends_with("-apply.ldif") || name.ends_with("-undo.ldif"));
    let text: String = names.map(|name| work.read(&format!("{run}/{name}"))).collect();
    text.split_inclusive('\n').filter(|line| !line.starts_with('#')).collect()
}

#[test]
fn a_list_of_the_personnel_department_is_joined() {
    let work = fixtures();
    let ran = work.enable(&["liste.csv", "--join", "forest.ldif", "-v"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    insta::assert_snapshot!("joined", ran.stderr);
    insta::assert_snapshot!("joined_changes", work.read("run1/0001-apply.ldif"));
    crate::report::check(&work, "run1");
    let xml = work.read("run1/report.xml");
    let sums = "read=\"18\" changed=\"4\" unchanged=\"1\" skipped=\"1\" rejected=\"12\" notSelected=\"0\" others=\"0\"";
    assert!(xml.contains(sums), "the sums speak of the rows: {xml}");
    assert!(xml.contains(" role=\"join\" file=\"forest.ldif\""), "{xml}");
    let sources: Vec<_> = column(&xml, "source").into_iter().filter(|source| !source.is_empty()).collect();
    assert_eq!(sources, ["mail", "mail", "mail", "existing", "list", "list"]);
    for (threads, out) in [("1", "run2"), ("5", "run3")] {
        let ran = work.enable(&["liste.csv", "--join", "forest.ldif", "--threads", threads, "--out", out]);
        assert_eq!(ran.code, 3);
        for name in work.names("run1") {
            let read = |run: &str| std::fs::read(work.path(run).join(&name)).unwrap();
            assert_eq!(read("run1"), read(out), "{name}");
        }
    }
    let ran = work.enable(&["liste.csv", "--join", "forest.ldif", "--dry-run", "--out", "plan"]);
    assert_eq!(ran.code, 3);
    crate::report::check(&work, "plan.plan");
    assert_eq!(rows(&work, "plan.plan"), rows(&work, "run1"));
}

#[test]
fn corrected_rejects_are_fed_back_in_their_own_format() {
    let work = fixtures();
    assert_eq!(work.enable(&["liste.csv", "--join", "forest.ldif"]).code, 3);
    let rejects = std::fs::read(work.path("run1/rejects-1.csv")).unwrap();
    // Windows-1252 without its own characters is Latin-1.
    let text: String = rejects.iter().map(|&byte| char::from(byte)).collect();
    insta::assert_snapshot!("rejects", text);
    let again = ["--join", "forest.ldif", "--reference", "run1", "--out", "run2"];
    assert_eq!(work.enable(&[&["run1/rejects-1.csv"][..], &again].concat()).code, 3);
    let without_dns =
        |run| rows(&work, run).into_iter().filter(|row| row.starts_with("rejected")).collect::<Vec<_>>();
    assert_eq!(without_dns("run2"), without_dns("run1"), "what nobody has corrected is rejected again");
    let hopeless = ["1008", "1009", ";Anonyme", "CDD", "1012", "1016", "1017"];
    let mended = text.split_inclusive("\r\n").filter(|line| !hopeless.iter().any(|out| line.contains(out)));
    let mended = mended.collect::<String>().replace(";ventes@contoso.com;;", ";anne@contoso.com;;");
    let mended = mended.replace(";pool99;", ";lyon;").replace(";tom@contsoo.com;", ";tom@contoso.com;");
    work.write("fixed.csv", mended.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>());
    let ran = work.enable(&["fixed.csv", "--join", "forest.ldif", "--reference", "run1", "--out", "run3"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(
        rows(&work, "run3"),
        ["Anne Morel", "Luc Girard", "Hugo Leroy", "Tom Garnier"].map(|name| format!("changed  CN={name}"))
    );
}

#[test]
fn a_decision_about_a_row_is_explained() {
    let work = fixtures();
    assert_eq!(work.enable(&["liste.csv", "--join", "forest.ldif"]).code, 3);
    let mut text = String::new();
    for name in ["edubois", "lmartin", "ifaure", "lgirard", "CN=Anne Morel,OU=Lyon,DC=contoso,DC=com"] {
        let ran = work.run(&["explain", "run1", name]);
        assert!(ran.code == 0 && !ran.stderr.contains("explain-differs"), "{name}: {}", ran.stderr);
        text += &ran.stdout;
    }
    insta::assert_snapshot!("explained", text);
    std::fs::create_dir(work.path("old")).unwrap();
    std::fs::rename(work.path("forest.ldif"), work.path("old/forest.ldif")).unwrap();
    let ran = work.run(&["explain", "run1", "edubois"]);
    assert!(ran.stderr.contains("missing, or changed since the run: forest.ldif"), "{}", ran.stderr);
    let ran = work.run(&["explain", "run1", "edubois", "--input", "old/forest.ldif"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(text.starts_with(&ran.stdout.replace("old/", "")), "{}", ran.stdout);
}

#[test]
fn users_are_named_by_the_attribute_of_the_heading() {
    let forest = user(
        "Ann",
        "userPrincipalName: ann@corp.test\nemployeeID: 0007\nmail: a.doe@contoso.com\nuid: ad\nsipUri: no@list\npool: none\n",
    ) + &user("Bob", "mail: bob@contoso.com\n");
    for (list, more) in [
        ("DN,sn\n\"cn=ann, ou=Paris,dc=contoso,dc=com\",Doe\n", &[][..]),
        ("sAMAccountName,mail\nANN,a.doe@contoso.com\n", &[]),
        ("Login\nCONTOSO\\ann\n", &[]),
        ("UPN;Matricule\nAnn@Corp.Test;9\n", &[]),
        ("Matricule\t mail\n0007\ta.doe@contoso.com\n", &[]),
        ("EmailAddress,sn\nA.Doe@contoso.com,Doe\n", &[]),
        ("uid,sAMAccountName\nAD,bob\n", &["--join-key", "uid"]),
        ("sAMAccountName,UPN\nbob,ann@corp.test\n", &["--join-key", "userprincipalname"]),
        ("sAMAccountName,kennung\nbob,ad\n", &["--config", "uid.toml"]),
    ] {
        let work = Work::new();
        work.write("uid.toml", "[input]\njoin_key = \"uid\"\ncolumns = { uid = \"Kennung\" }\n");
        work.write("list.csv", list).write("forest.ldif", &forest);
        let mut arguments =
            vec!["list.csv", "--join", "forest.ldif", "--pool", POOL, "--sip-domain", "contoso.com"];
        arguments.extend(more);
        let ran = work.enable(&arguments);
        assert_eq!(ran.code, 0, "{list}: {}", ran.stderr);
        assert_eq!(rows(&work, "run1"), ["changed  CN=Ann"], "{list}");
        assert!(
            work.read("run1/0001-apply.ldif").contains("sip:a.doe@contoso.com"),
            "the directory's spelling"
        );
    }
}

#[test]
fn what_keeps_a_list_from_being_joined_is_reported_once() {
    let forest = user("Ann", "mail: ann@contoso.com\n");
    let check = |list: &str, more: &[&str], code: i32, expect: &[&str]| {
        let (work, ran) = joined(list, &forest, more);
        assert_eq!(ran.code, code, "{}", ran.stderr);
        for expect in expect {
            assert!(ran.stderr.contains(expect), "{expect}: {}", ran.stderr);
        }
        assert!(!work.path("run1").exists());
    };
    check(
        "Name;sAMAcountName\nAnn;ann\n",
        &[],
        1,
        &[
            "list.csv:1:1: error[csv-no-key]: no heading for DN, sAMAccountName, userPrincipalName, employeeID, mail",
            "the headings are `Name`, `sAMAcountName`",
            "did you mean `sAMAcountName`?",
        ],
    );
    check(
        "mail\nann@contoso.com\n",
        &["--join-key", "employeeID"],
        1,
        &["no heading for employeeID, by which --join"],
    );
    check(
        "Matricule\n7\n",
        &[],
        2,
        &[
            "error[join-key-not-shown]: no --join export shows employeeID, by which `list.csv` names users",
            "--join-key",
        ],
    );
    let work = Work::new();
    work.write("forest.ldif", &forest).write("list.csv", "mail\nann@contoso.com\n").write(
        "part.ldif",
        "dn: CN=Ann,OU=Paris,DC=contoso,DC=com\nobjectClass: user\nmail: ann@contoso.com\nuserAccountControl: 512\n",
    );
    let ran = work.enable(&["forest.ldif", "--join", "forest.ldif", "--pool", POOL]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("error[join-no-list]: `forest.ldif` is not a CSV list"), "{}", ran.stderr);
    let ran = work.enable(&["list.csv", "--join", "part.ldif", "--pool", POOL]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("`part.ldif` does not show proxyAddresses"), "{}", ran.stderr);
    let ran = work.enable(&["list.csv", "--pool", POOL]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("error[csv-no-dn]") && ran.stderr.contains("--join EXPORT"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_list_changes_the_address_and_no_present_value() {
    let forest = user(
        "Ann",
        "mail: ann@contoso.com\nproxyAddresses: SMTP:ann@contoso.com\nproxyAddresses: sip:old@contoso.com\n\
         msRTCSIP-PrimaryUserAddress: sip:old@contoso.com\nmsRTCSIP-OptionFlags: 17\nmsRTCSIP-UserEnabled: TRUE\n",
    );
    let list = "sAMAccountName,mail,displayName,userAccountControl,proxyAddresses,msRTCSIP-OptionFlags\n\
                ann,new@contoso.com,Ann D.,514,sip:x@contoso.com,1\n";
    let work = Work::new();
    work.write("list.csv", list)
        .write("forest.ldif", forest)
        .write("replace.toml", "[sip]\nexisting = \"replace\"\n");
    let ran = work.enable(&[
        "list.csv",
        "--join",
        "forest.ldif",
        "--pool",
        POOL,
        "--sip-domain",
        "contoso.com",
        "--config",
        "replace.toml",
        "--replace-many",
        "-v",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains(
            "warning[column-unread]: a list cannot give `userAccountControl`, `proxyAddresses`, `msRTCSIP-OptionFlags`"
        ),
        "{}",
        ran.stderr
    );
    let apply = work.read("run1/0001-apply.ldif").replace("\r\n", "\n");
    for guarded in [
        "delete: msRTCSIP-PrimaryUserAddress\nmsRTCSIP-PrimaryUserAddress: sip:old@contoso.com\n-\n\
         add: msRTCSIP-PrimaryUserAddress\nmsRTCSIP-PrimaryUserAddress: sip:new@contoso.com\n",
        "delete: msRTCSIP-OptionFlags\nmsRTCSIP-OptionFlags: 17\n-\nadd: msRTCSIP-OptionFlags\nmsRTCSIP-OptionFlags: 273\n",
        "delete: proxyAddresses\nproxyAddresses: sip:old@contoso.com\n-\nadd: proxyAddresses\nproxyAddresses: sip:new@contoso.com\n",
    ] {
        assert!(apply.contains(guarded), "{guarded} in {apply}");
    }
    assert!(!apply.contains("mail") && !apply.contains("displayName"), "{apply}");
}

#[test]
fn several_records_of_one_object_are_one_user_if_they_agree() {
    let ann = "objectGUID:: AQEBAQEBAQEBAQEBAQEBAQ==\nmail: ann@contoso.com\n";
    let list = "sAMAccountName\nann\n";
    for (other, expect) in [
        (user("Ann", ann), "changed  CN=Ann"),
        (user("Ann", &ann.replace("mail: ann", "mail: anna")), "rejected dn-conflict CN=Ann"),
        (
            user("Ann", &ann.replace("AQEB", "AgIC")).replace("OU=Paris", "OU=Rome"),
            "rejected join-ambiguous ",
        ),
    ] {
        let work = Work::new();
        work.write("list.csv", list).write("forest.ldif", user("Ann", ann)).write("other.ldif", other);
        let arguments = ["list.csv", "--join", "forest.ldif", "--join", "other.ldif", "--pool", POOL];
        work.enable(&arguments);
        assert_eq!(rows(&work, "run1"), [expect]);
    }
}

#[test]
fn rows_of_several_lists_that_name_one_user_name_each_other() {
    let work = Work::new();
    work.write("one.csv", "sAMAccountName\nbob\nann\n")
        .write("two.csv", "mail;Pool\nann@contoso.com;pool01\n");
    work.write(
        "forest.ldif",
        user("Ann", "mail: ann@contoso.com\n") + &user("Bob", "mail: bob@contoso.com\n"),
    );
    let ran = work.enable(&["one.csv", "two.csv", "--join", "forest.ldif", "--pool", POOL]);
    assert_eq!(ran.code, 3);
    let text = "2 rows name CN=Ann,OU=Paris,DC=contoso,DC=com (forest.ldif:1): one.csv:3, two.csv:2";
    assert!(ran.stderr.contains(&format!("one.csv:3:1: error[join-twice]: ann: {text}")), "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("two.csv:2:1: error[join-twice]: ann: {text}")), "{}", ran.stderr);
    let names = work.names("run1");
    assert!(names.contains(&"rejects-1.csv".into()) && names.contains(&"rejects-2.csv".into()), "{names:?}");
}

/// The forest itself counts, too: its users fill up pools, and its addresses are taken.
#[test]
fn users_without_a_row_still_count() {
    let homed = |name: &str, department: &str| {
        let lines = format!(
            "mail: {name}@contoso.com\ndepartment: {department}\nmsRTCSIP-UserEnabled: TRUE\n\
             msRTCSIP-PrimaryUserAddress: sip:{name}@contoso.com\nmsRTCSIP-PrimaryHomeServer: {LYON}\n"
        );
        user(name, &lines)
    };
    let forest = homed("cid", "Sales")
        + &homed("dan", "Sales")
        + &user("Ann", "mail: ann@contoso.com\ndepartment: Sales\n")
        + &user("Bob", "mail: bob@contoso.com\n")
        + &user("Eve", "mail: CID@contoso.com\n");
    let work = Work::new();
    let config = format!(
        "[[pool]]\nlabel = \"paris\"\ndn = \"{POOL}\"\nweight = 1000\n\
         [[pool]]\nlabel = \"lyon\"\ndn = \"{LYON}\"\ncapacity = 3\n\
         [assign]\nkeep_together = \"department\"\n"
    );
    work.write("userprep.toml", config).write("forest.ldif", forest);
    work.write("list.csv", "sAMAccountName,pool\nann,\nbob,lyon\neve,\ncid,\n");
    let ran = work.enable(&["list.csv", "--join", "forest.ldif", "--sip-domain", "contoso.com"]);
    assert_eq!(ran.code, 3);
    let report = work.read("run1/report.xml");
    assert_eq!(
        rows(&work, "run1"),
        ["changed  CN=Ann", "rejected pool-full CN=Bob", "rejected sip-duplicate CN=Eve", "changed  CN=cid"]
    );
    assert!(report.contains("capacity=\"3\" before=\"2\" added=\"1\" after=\"3\""), "{report}");
    let ran = work.run(&["explain", "run1", "ann"]);
    assert!(ran.stdout.contains("most of the group's homed users are there"), "{}", ran.stdout);
    assert!(ran.stdout.contains("2 of the group homed there"), "{}", ran.stdout);
    let ran = work.run(&["explain", "run1", "bob"]);
    assert!(ran.stdout.contains("the pool that the list names has no room"), "{}", ran.stdout);
}

#[test]
fn messages_about_a_join_mask_values() {
    let work = fixtures();
    let config = work.read("userprep.toml") + "\n[output]\nredact = [\"employeeID\", \"dn\", \"sn\"]\n";
    work.write("userprep.toml", config);
    let ran = work.enable(&["liste.csv", "--join", "forest.ldif"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let said = ran.stderr + &work.read("run1/report.xml") + &work.read("run1/report.html");
    for secret in ["1004", "1008", "Roux", "Girard", "OU=Lyon"] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
    assert!(said.contains("forest.ldif:50, forest.ldif:66"), "{said}");
}

#[test]
fn lists_and_exports_come_in_any_form() {
    let forest = "DN,objectClass,sAMAccountName,userAccountControl,mail\n\
                  \"CN=Zoë,DC=contoso,DC=com\",user,zoe,512,zoe@contoso.com\n";
    let work = Work::new();
    let mut list = Vec::new();
    let text = "Compte;Prénom\r\nzoe;Zoé\r\n";
    userprep::input::encoding::TextEncoding::for_label("cp850").unwrap().encode(text, &mut list);
    std::fs::create_dir(work.path("exports")).unwrap();
    work.write("exports/forest.csv", forest).write("list.csv", list);
    let arguments = ["--join", "exports", "--pool", POOL, "--absent", "all", "--sip-domain", "contoso.com"];
    let dialect = [
        "list.csv",
        "--encoding",
        "cp850",
        "--delimiter",
        ";",
        "--sip-from",
        "template",
        "--config",
        "t.toml",
    ];
    work.write("t.toml", "[sip]\ntemplate = \"{givenName}@{domain}\"\n");
    let ran = work.enable(&[&dialect[..], &arguments].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report = work.read("run1/report.xml");
    assert_eq!(column(&report, "dn"), ["CN=Zo&#235;,DC=contoso,DC=com"]);
    assert_eq!(column(&report, "sipUri"), ["sip:Zoe@contoso.com"]);
    assert_eq!(codes(&report).iter().filter(|&&code| code == "name-folded").count(), 1);
}

/// The other wizards accept lists, too, and each uses what a row gives in its own way.
#[test]
fn every_wizard_accepts_a_list() {
    let enabled = |name: &str, pool: &str| {
        let lines = format!(
            "mail: {name}@contoso.com\nproxyAddresses: sip:{name}@contoso.com\nmsRTCSIP-UserEnabled: TRUE\n\
             msRTCSIP-PrimaryUserAddress: sip:{name}@contoso.com\nmsRTCSIP-OptionFlags: 256\n{pool}msRTCSIP-UserExtension: x\n"
        );
        user(name, &lines)
    };
    let forest = enabled("ann", "")
        + &enabled("bob", &format!("msRTCSIP-PrimaryHomeServer: {POOL}\n"))
        + &enabled("cid", "");
    let work = Work::new();
    work.write("forest.ldif", forest);
    work.write("list.csv", "sAMAccountName;sipUri;pool\nann;a.doe@contoso.com;pool02\nbob;;pool02\n");
    let list = ["list.csv", "--join", "forest.ldif", "--quiet", "--out"];
    let pools = ["--pool", POOL, "--pool", LYON];
    let run = |command: &str, out: &str, more: &[&str]| {
        let ran = work.run(&[&[command][..], &list, &[out], more].concat());
        assert!(matches!(ran.code, 0 | 5), "{command}: {}", ran.stderr);
        (
            rows(&work, out),
            work.read(&format!("{out}/0001-apply.ldif")).replace("\r\n", "\n").replace("\n ", ""),
        )
    };
    let (outcome, apply) = run("move", "move1", &pools);
    assert_eq!(outcome, ["changed  CN=ann", "skipped homed CN=bob"]);
    assert!(apply.contains(&format!("msRTCSIP-PrimaryHomeServer: {LYON}\n")), "{apply}");
    let (outcome, apply) = run("rename", "rename1", &["--replace-many"]);
    assert_eq!(outcome, ["changed  CN=ann", "unchanged  CN=bob"]);
    assert!(apply.contains("sip:ann@contoso.com\n-\nadd: msRTCSIP-PrimaryUserAddress\nmsRTCSIP-PrimaryUserAddress: sip:a.doe@"), "{apply}");
    let (outcome, apply) = run("disable", "disable1", &["--all"]);
    assert_eq!(outcome, ["changed  CN=ann", "changed  CN=bob"]);
    assert!(!apply.contains("cid"), "{apply}");
    let (outcome, apply) = run("delete", "delete1", &["--all"]);
    assert_eq!(outcome, ["changed  CN=ann", "changed  CN=bob"]);
    assert!(
        apply.contains("delete: msRTCSIP-UserExtension"),
        "what the export shows goes, known or not: {apply}"
    );
    let (outcome, _) = run("configure", "configure1", &["--federation", "true"]);
    assert_eq!(outcome, ["changed  CN=ann", "changed  CN=bob"]);
    let ran = work.run(&[&["audit"][..], &list, &["audit1"]].concat());
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    assert_eq!(rows(&work, "audit1"), ["notReady no-pool CN=ann", "ready  CN=bob"]);
}

/// A list of all logon names, with its columns in any order, gives the same result as the forest itself.
#[test]
fn a_list_of_all_users_gives_the_same_as_the_forest() {
    let work = Work::new();
    let (forest, config) = (fixture("contoso/users.ldif"), fixture("contoso/userprep.toml"));
    assert_eq!(work.enable(&[&forest, "--config", &config]).code, 3);
    let report = work.read("run1/report.xml");
    let all = column(&report, "sam").into_iter().zip(column(&report, "code"));
    // A second record of a user is no second row, and an unreadable one has no name.
    let list: String = all
        .filter(|(sam, code)| !sam.is_empty() && *code != "duplicate-record")
        .map(|(sam, _)| format!("{sam}\n"))
        .collect();
    work.write("list.csv", format!("sAMAccountName\n{}", list.replace("&apos;", "'")));
    let ran = work.enable(&["list.csv", "--join", &forest, "--config", &config, "--out", "run2"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_eq!(changes(&work, "run2"), changes(&work, "run1"));
}

/// What a list says about Nora, the resulting row, and what is then written or reported.
type Listed = (&'static str, &'static str, &'static str, &'static str);

/// Checks Nora's row of a list with this heading and this cell, in a forest with Nora and Bob.
fn check_listed(command: &[&str], lines: &str, (heading, cell, row, said): Listed) {
    let work = Work::new();
    let enabled = |name: &str| {
        format!(
            "mail: {name}@contoso.com\nmsRTCSIP-UserEnabled: TRUE\nmsRTCSIP-PrimaryUserAddress: sip:{name}@contoso.com\n\
             msRTCSIP-OptionFlags: 256\n"
        )
    };
    let nora = if command[0] == "enable" { "mail: nora@contoso.com\n".to_owned() } else { enabled("nora") };
    let bob = user("Bob", &(enabled("bob") + "msRTCSIP-Line: tel:+33123456700\n"));
    work.write(
        "forest.ldif",
        user("Nora", &(nora + lines))
            .replace("512\n", if command[0] == "enable" { "514\n" } else { "512\n" })
            + &bob,
    );
    work.write("list.csv", format!("sAMAccountName;{heading}\nnora;\"{cell}\"\n"));
    let arguments = [command, &["list.csv", "--join", "forest.ldif", "--out", "run1"]].concat();
    let ran = work.run(&arguments);
    let what = format!("{command:?} {heading} {cell}: {}", ran.stderr);
    assert_eq!(rows(&work, "run1"), [format!("{row} CN=Nora")], "{what}");
    let all = changes(&work, "run1").replace("\r\n", "\n") + &ran.stderr;
    assert!(all.contains(said), "{said} of {what}{all}");
}

#[test]
fn a_list_gives_the_logon_account_of_a_user_who_has_none() {
    let cases = [
        (
            "originatorSid",
            "S-1-5-21-1-2-3-1001",
            "changed ",
            "add: msRTCSIP-OriginatorSid\nmsRTCSIP-OriginatorSid:: AQUAAAAAAAUVAAAAAQAAAAIAAAADAAAA6QMAAA==\n",
        ),
        ("originatorSid", "S-1-5-10", "rejected value-invalid", "`S-1-5-10` is not the SID of an account"),
        ("originatorSid", "nora", "rejected value-invalid", "`nora` is not the SID of an account"),
        ("originatorSid", "", "skipped account-disabled", ""),
        (
            "msRTCSIP-OriginatorSid",
            "S-1-5-21-1-2-3-1001",
            "skipped account-disabled",
            "did you mean `originatorSid` for `msRTCSIP-OriginatorSid`?",
        ),
        ("line", "tel:+33123456789", "skipped account-disabled", "the column `line` is not read"),
    ];
    let command = ["enable", "--pool", POOL, "--sip-domain", "contoso.com"];
    for case in cases {
        check_listed(&command, "", case);
    }
    let has_one = "msRTCSIP-OriginatorSid:: AQUAAAAAAAUVAAAAAQAAAAIAAAADAAAA6gMAAA==\n";
    check_listed(
        &command,
        has_one,
        ("originatorSid", "S-1-5-21-1-2-3-1001", "changed ", "add: msRTCSIP-UserEnabled"),
    );
}

#[test]
fn a_list_gives_the_line_of_a_user() {
    const WRITTEN: &str = "add: msRTCSIP-Line\nmsRTCSIP-Line: tel:+33123456789\n";
    let cases: [(&[&str], Listed); 9] = [
        (&[], ("line", "tel:+33123456789", "changed ", WRITTEN)),
        (&["--enterprise-voice", "true"], ("line", "+33 1 23 45 67 89", "changed ", WRITTEN)),
        (&["--line-region", "FR"], ("line", "01 23 45 67 89", "changed ", WRITTEN)),
        (&["--line", "tel:+33{line:national}"], ("line", "01 23 45 67 89", "changed ", WRITTEN)),
        // the row takes precedence over the pattern
        (&["--line", "tel:{telephoneNumber}"], ("line", "+33123456789", "changed ", WRITTEN)),
        (&[], ("line", "01 23 45 67 89", "rejected line-invalid", "--line-region")),
        (&[], ("line", "3.31235E+10", "rejected line-invalid", "a decimal number")),
        (&[], ("line", "+33 1 23 45 67 00", "rejected line-duplicate", "CN=Bob")),
        (&["--federation", "true"], ("line", "", "changed ", "add: msRTCSIP-FederationEnabled")),
    ];
    for (more, case) in cases {
        check_listed(&[&["configure"], more].concat(), "telephoneNumber: +33 1 99 99 99 99\n", case);
    }
    let other = "msRTCSIP-Line: tel:+33199999999\n";
    check_listed(
        &["configure"],
        other,
        ("line", "+33123456789", "changed ", "is replaced by `tel:+33123456789`"),
    );
}

#[test]
fn columns_that_only_the_directory_provides_are_reported() {
    let command = ["configure", "--federation", "true"];
    for (heading, cell, meant) in [
        ("Enabled", "False", "a list cannot give `Enabled`"),
        ("proxyAddresses", "sip:x@contoso.com", "a list cannot give `proxyAddresses`"),
        ("msRTCSIP-PrimaryUserAddress", "sip:x@contoso.com", "did you mean `sipUri` for"),
        ("msRTCSIP-PrimaryHomeServer", "pool01", "did you mean `pool` for"),
        ("msExchMasterAccountSid", "S-1-5-21-1-2-3-1001", "did you mean `originatorSid` for"),
        ("msRTCSIP-Line", "tel:+33123456789", "did you mean `line` for"),
    ] {
        check_listed(&command, "", (heading, cell, "changed ", meant));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..ProptestConfig::default() })]

    /// For any forest, the list changes nothing for the users in it.
    #[test]
    fn a_list_of_all_names_gives_the_same_as_the_forest(
        users in prop::collection::btree_map(
            "[a-z]{1,4}",
            ("[a-c]{1,2}@(contoso\\.com|old)", prop::option::of("sip:[a-c]{1,2}@contoso\\.com"), any::<bool>(), "A|B"),
            1..12,
        ),
        on_duplicate in "reject|first|number",
        key in "sAMAccountName|DN|employeeID",
    ) {
        let work = Work::new();
        work.write(
            "userprep.toml",
            format!(
                "[sip]\ndomains = [\"contoso.com\"]\non_duplicate = \"{on_duplicate}\"\n\
                 [[pool]]\nlabel = \"p\"\ndn = \"{POOL}\"\ncapacity = 4\n[[pool]]\nlabel = \"l\"\ndn = \"{LYON}\"\n\
                 [assign]\nkeep_together = \"department\"\n"
            ),
        );
        let (mut forest, mut list) = (String::new(), format!("{key}\n"));
        let by_number: BTreeMap<usize, _> = users.iter().enumerate().collect();
        for (number, (name, (mail, sip, homed, department))) in by_number {
            let mut lines = format!("mail: {mail}\nemployeeID: {number}\ndepartment: {department}\n");
            if let Some(sip) = sip {
                lines += &format!("msRTCSIP-PrimaryUserAddress: {sip}\nmsRTCSIP-UserEnabled: TRUE\n");
            }
            if *homed {
                lines += &format!("msRTCSIP-PrimaryHomeServer: {LYON}\n");
            }
            forest += &user(name, &lines);
            list += &match key.as_str() {
                "DN" => format!("\"CN={name},OU=Paris,DC=contoso,DC=com\"\n"),
                "employeeID" => format!("{number}\n"),
                _ => format!("{}\n", name.to_uppercase()),
            };
        }
        work.write("forest.ldif", forest).write("list.csv", list);
        let plain = work.enable(&["forest.ldif"]);
        let by_list = work.enable(&["list.csv", "--join", "forest.ldif", "--out", "run2"]);
        prop_assert_eq!(by_list.code, plain.code, "{}", by_list.stderr);
        prop_assert_eq!(changes(&work, "run2"), changes(&work, "run1"));
        prop_assert_eq!(rows(&work, "run2"), rows(&work, "run1"));
    }
}
