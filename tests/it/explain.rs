//! `explain`: how a decision was made, repeated from the inputs; or the row of the report without them.

use crate::{POOL, Work, fixture, user};

const SECOND: &str = "CN=LC Services,CN=Microsoft,CN=pool02,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com";

/// Makes a run with flags, a configuration, numbers, folding, a group and a pool that fills up.
fn run() -> Work {
    let work = Work::new();
    work.write(
        "userprep.toml",
        format!(
            "[sip]\ndomains = [\"contoso.com\"]\non_duplicate = \"number\"\nfallback = [\"sam\"]\n\
             [[pool]]\nlabel = \"small\"\ndn = \"{POOL}\"\ncapacity = 2\n[[pool]]\nlabel = \"large\"\ndn = \"{SECOND}\"\n\
             [assign]\nkeep_together = \"department\"\n\
             [[rule]]\nlabel = \"guests\"\nfilter = \"(sn=Guest)\"\nskip = true\n\
             [[rule]]\nlabel = \"all\"\npools = [\"small\", \"large\"]\n"
        ),
    );
    work.write("holder.ldif", user("Holder", "proxyAddresses: smtp:Zoe.Moller2@contoso.com\n"));
    let names = [("Zoë A", "Sales"), ("Zoë B", "Sales"), ("Zoë C", "sales "), ("Nobody", "")];
    let mut users: String = names
        .map(|(name, department)| {
            let (given, sn) =
                if department.is_empty() { ("", "") } else { ("givenName: Zoë\n", "sn: Møller\n") };
            let department = format!("department: {department}\n");
            user(name, &format!("{given}{sn}{}", if department.len() > 13 { &department } else { "" }))
        })
        .concat();
    users += &user("Guest", "givenName: G\nsn: Guest\n");
    users += &user("Out", "givenName: O\nsn: Out\n").replace("OU=Paris", "OU=London");
    work.write("users.ldif", users);
    let ran = work.enable(&[
        "users.ldif",
        "--reference",
        "holder.ldif",
        "--sip-from",
        "first.last",
        "--base",
        "OU=Paris,DC=contoso,DC=com",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    work
}

#[test]
fn the_way_to_a_decision_is_reported() {
    let work = run();
    let mut text = String::new();
    for name in
        ["CN=Zoë A, OU=Paris,DC=contoso,DC=com", "ZOËC", "zoe.moller3@contoso.com", "nobody", "guest", "out"]
    {
        let ran = work.run(&["explain", "run1", name]);
        assert_eq!((ran.code, &*ran.stderr), (0, ""), "{name}");
        text += &ran.stdout;
        text.push('\n');
    }
    insta::assert_snapshot!(text);
}

#[test]
fn an_object_in_input_and_reference_is_the_same() {
    let work = Work::new();
    let both = user("Ann", "mail: ann@contoso.com\n") + &user("Bob", "mail: ann@contoso.com\n");
    work.write("users.ldif", &both).write("forest.ldif", both);
    let ran = work.enable(&["users.ldif", "--pool", POOL, "--reference", "forest.ldif"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let text = work.run(&["explain", "run1", "CN=Ann,OU=Paris,DC=contoso,DC=com"]).stdout;
    assert!(text.contains("(users.ldif:9) has it as mail, claims it"), "{text}");
    assert!(!text.contains("forest.ldif"), "{text}");
}

#[test]
fn every_repeated_decision_is_the_same() {
    let work = Work::new();
    for name in ["users.ldif", "userprep.toml"] {
        work.write(name, std::fs::read(fixture(&format!("contoso/{name}"))).unwrap());
    }
    for (out, extra) in [("run1", &[][..]), ("run2", &["--what-if", "--limit", "40", "--filter", "(mail=*)"])]
    {
        let mut arguments = vec!["users.ldif", "--out", out];
        arguments.extend(extra);
        assert_eq!(work.enable(&arguments).code, 3);
    }
    // An address of several users, so that one run of the program explains all of them, and each must agree with the
    // report.
    for run in ["run1", "run2.plan"] {
        for name in ["info@contoso.com", "ione", "btaken", "CN=Tom Twin,OU=Paris,DC=contoso,DC=com"] {
            let ran = work.run(&["explain", run, name]);
            assert_eq!((ran.code, &*ran.stderr), (0, ""), "{run} {name}");
        }
    }
}

#[test]
fn inputs_are_found_by_hash_or_the_row_is_shown() {
    let work = run();
    let text = work.run(&["explain", "run1", "zoëa"]).stdout;
    std::fs::create_dir(work.path("old")).unwrap();
    for name in ["users.ldif", "holder.ldif"] {
        std::fs::rename(work.path(name), work.path(&format!("old/{name}"))).unwrap();
    }
    let ran = work.run(&["explain", "run1", "zoëa"]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.stderr.starts_with(
            "warning[decision-not-taken-again]: missing, or changed since the run: users.ldif, holder.ldif\n"
        ),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.contains("\nsipUri          sip:Zoe.Moller@contoso.com\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("warning[name-folded]: "), "{}", ran.stdout);
    let again = work.run(&["explain", "run1", "zoëa", "--input", "old"]);
    assert_eq!(
        again.stdout,
        text.replace("holder.ldif", "old/holder.ldif").replace("users.ldif", "old/users.ldif")
    );
    // Another file with the same name is not the input.
    work.write("users.ldif", user("Zoë A", "mail: other@contoso.com\n"));
    assert!(work.run(&["explain", "run1", "zoëa"]).stderr.contains("users.ldif, holder.ldif"));
}

#[test]
fn programs_read_json() {
    let work = run();
    let ran = work.run(&["explain", "run1", "zoe.moller3@contoso.com", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let one = &json["users"][0];
    assert_eq!(json["decidedAgain"], true);
    assert_eq!(one["address"]["uri"], "sip:Zoe.Moller3@contoso.com");
    assert_eq!(one["address"]["candidates"][1]["others"][0]["file"], "holder.ldif");
    assert_eq!(one["pool"]["ranking"].as_array().unwrap().len(), 2);
    assert_eq!(one["changeFile"], "0001-apply.ldif");
}

#[test]
fn an_unknown_user_is_an_error() {
    let work = run();
    for name in ["nobody@else.test", "holder", ""] {
        let ran = work.run(&["explain", "run1", name]);
        assert_eq!((ran.code, &*ran.stdout), (2, ""), "{name}");
        assert!(ran.stderr.starts_with("error[user-unknown]: "), "{}", ran.stderr);
    }
    assert_eq!(work.run(&["explain", "run9", "ann"]).code, 1);
}

#[test]
fn the_decisions_of_every_wizard_are_reported() {
    let work = Work::new();
    for name in ["users.ldif", "pools.ldif"] {
        work.write(name, std::fs::read(fixture(&format!("estate/{name}"))).unwrap());
    }
    let (users, pools) = ("users.ldif", "pools.ldif");
    let explained = |arguments: &[&str], run: &str, who: &str| {
        let ran = work.run(&[arguments, &["--out", run]].concat());
        assert!(matches!(ran.code, 0 | 3 | 5), "{}", ran.stderr);
        let ran = work.run(&["explain", run, who]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        ran.stdout.lines().skip(1).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(explained(
        &["move", users, "--pools", pools, "--pool", "pool01"],
        "m",
        "paulpoolless"
    ));
    let rename = ["rename", users, "--domain", "contoso.com=contoso.net", "--replace-many"];
    insta::assert_snapshot!(explained(&rename, "n", "ritaready"));
    insta::assert_snapshot!(explained(
        &["configure", users, "--line", "tel:+33{telephoneNumber:national}"],
        "c",
        "tomtwin"
    ));
    insta::assert_snapshot!(explained(&["delete", users, "--all"], "d", "xenaproxyless"));
    insta::assert_snapshot!(explained(&["audit", users, "--pools", pools, "--fix"], "a", "benbitless"));
}

#[test]
fn a_display_name_finds_every_user_with_it() {
    let work = Work::new();
    let named = |name: &str, account: &str| {
        user(name, &format!("displayName: Doe, Ann\nmail: {account}@contoso.com\n"))
    };
    work.write(
        "users.ldif",
        named("Ann Doe", "ann") + &named("A D", "doe") + &user("Bob", "mail: b@contoso.com\n"),
    );
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL, "--absent", "all"]).code, 0);
    for (name, found) in [("doe, ANN", 2), ("Ann Doe", 1), ("Bob", 1)] {
        let ran = work.run(&["explain", "run1", name]);
        assert_eq!(
            (ran.code, ran.stdout.matches("  outcome ").count()),
            (0, found),
            "{name}: {}",
            ran.stderr
        );
    }
}

#[test]
fn a_comparison_shows_what_it_found_and_names_the_run_that_decided() {
    let work = Work::new();
    work.write("users.ldif", user("Ann", "mail: ann@contoso.com\n"));
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL, "--absent", "all"]).code, 0);
    work.run(&["verify", "run1", "--against", "users.ldif", "--absent", "all", "--out", "rest"]);
    let ran = work.run(&["explain", "rest", "ann"]);
    assert_eq!((ran.code, &*ran.stderr), (0, ""));
    for said in ["status          missing\n", "decided about the user: userprep explain run1 ann\n"] {
        assert!(ran.stdout.contains(said), "{}", ran.stdout);
    }
}
