//! `init --yes`: a commented configuration that `enable` accepts. `tests/terminal` tests the questions.

use crate::{POOL, Work, fixture, user};

/// Runs `init --yes` on the forest, with these arguments added.
fn init(work: &Work, arguments: &[&str]) -> crate::Ran {
    let (users, pools) = (fixture("contoso/users.ldif"), fixture("contoso/pools.ldif"));
    let mut all = vec!["init", &users, "--pools", &pools, "--yes"];
    all.extend(arguments);
    work.run(&all)
}

#[test]
fn the_defaults_are_those_of_the_wizard_and_enable_accepts_the_file() {
    let work = Work::new();
    let ran = init(&work, &["--pool", "pool01"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = work.read("userprep.toml").replace(&fixture("").replace('\\', "/"), "");
    insta::assert_snapshot!("defaults", text);
    let check = work.run(&["check", "userprep.toml"]);
    assert!(check.code == 0 && check.stdout.contains("0 errors, 0 warnings"), "{}", check.stdout);
    let enabled = work.enable(&[&fixture("contoso/users.ldif")]);
    assert_eq!(enabled.code, 3, "{}", enabled.stderr);
    assert!(ran.stderr.contains("110 get it, 12 have an address, 16 go without"), "{}", ran.stderr);
    let report = work.read("run1/report.xml");
    let number = |name: &str| -> u64 {
        let at = report.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
        report[at..].split('"').next().unwrap().parse().unwrap()
    };
    assert_eq!(number("changed") + number("unchanged"), 110 + 12, "what was counted is what happens");
}

#[test]
fn the_counts_of_each_sign_in_name_are_those_of_its_run() {
    for format in ["mail", "upn", "first.last", "sam"] {
        let work = Work::new();
        let ran = init(&work, &["--pool", "pool02", "--sip-from", format, "--sip-domain", "contoso.com"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let line = ran.stderr.lines().find(|line| line.starts_with("sign-in:")).unwrap();
        let numbers: Vec<u64> = line
            .split_once("contoso.com: ")
            .unwrap()
            .1
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|number| number.parse().ok())
            .collect();
        let [get, have, without, missing, malformed, duplicate] = numbers[..] else { panic!("{line}") };
        assert_eq!(without, missing + malformed + duplicate);
        let json = work.enable(&[&fixture("contoso/users.ldif"), "--format", "json", "--quiet"]).stdout;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let sum = |name: &str| json["summary"][name].as_u64().unwrap();
        assert_eq!(get + have, sum("changed") + sum("unchanged"), "{format}: {line}");
        let of = |code: &str| {
            let reasons = json["reasons"].as_array().unwrap().iter();
            reasons.filter(|one| one["code"] == code).map(|one| one["count"].as_u64().unwrap()).sum::<u64>()
        };
        assert_eq!(
            (missing, duplicate),
            (of("attribute-missing") + of("name-empty"), of("sip-duplicate")),
            "{format}"
        );
    }
}

#[test]
fn every_commented_line_is_valid_without_its_comment_mark() {
    let work = Work::new();
    assert_eq!(init(&work, &["--pool", "pool01"]).code, 0);
    let is_key = |line: &str| {
        let name = line.split(" = ").next().unwrap_or_default();
        line.contains(" = ") && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
    };
    let bare = |line: &str| match line.strip_prefix("# ") {
        Some(rest) if rest.starts_with("[[") || is_key(rest) => rest.to_owned() + "\n",
        _ => line.to_owned() + "\n",
    };
    let text: String = work.read("userprep.toml").lines().map(bare).collect();
    assert!(text.contains("\nmax_changes = 50000\n") && text.matches("[[rule]]").count() == 2, "{text}");
    work.write("userprep.toml", text).write("users.txt", "ann\n");
    let check = work.run(&["check", "userprep.toml"]);
    assert_eq!(check.code, 0, "{}", check.stdout);
}

#[test]
fn flags_answer_the_pages() {
    let work = Work::new();
    work.write("list.txt", "ann.doe@contoso.com\n");
    let base = "OU=Paris,DC=contoso,DC=com";
    let ran = init(
        &work,
        &[
            "--pool",
            "pool02.contoso.com",
            "--base",
            base,
            "--filter",
            "(mail=*)",
            "--users",
            "list.txt",
            "--limit",
            "5",
            "--sip-from",
            "sam",
            "--sip-domain",
            "fr.contoso.com",
            "--absent",
            "department",
            "--input-format",
            "ldif",
            "--encoding",
            "utf-8",
            "--out",
            "paris.toml",
        ],
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = work.read("paris.toml");
    for line in [
        "format = \"ldif\"",
        "encoding = \"utf-8\"",
        "absent = [\"department\"]",
        "base = [\"OU=Paris,DC=contoso,DC=com\"]",
        "filter = \"(mail=*)\"",
        "users = \"list.txt\"",
        "limit = 5",
        "domains = [\"fr.contoso.com\"]",
        "format = \"sam\"",
        "label = \"pool02\"",
        "fqdn = \"pool02.contoso.com\"",
    ] {
        assert!(
            text.lines().any(|found| found.split(" #").next().unwrap().trim_end() == line),
            "{line} in:\n{text}"
        );
    }
    let enabled =
        work.enable(&[&fixture("contoso/users.ldif"), "--config", "paris.toml", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&enabled.stdout).unwrap();
    assert_eq!(json["summary"]["changed"], 1, "{}", enabled.stderr);
    std::fs::create_dir(work.path("old")).unwrap();
    std::fs::rename(work.path("list.txt"), work.path("old/list.txt")).unwrap();
    let explained = work.run(&["explain", "run1", "ann.doe@contoso.com", "--input", "old/list.txt"]);
    assert!(explained.code == 0 && explained.stdout.contains("adoe@fr.contoso.com"), "{}", explained.stderr);
}

#[test]
fn pools_come_from_the_users_if_nothing_else_names_them() {
    let work = Work::new();
    work.write(
        "users.ldif",
        user("Ann", &format!("mail: ann@contoso.com\nmsRTCSIP-PrimaryHomeServer: {POOL}\n"))
            + &user("Bob", "mail: bob@contoso.com\nmsRTCSIP-PrimaryHomeServer: CN=elsewhere\n"),
    );
    let ran = work.run(&["init", "users.ldif", "--yes"]);
    assert!(ran.code == 0 && ran.stderr.contains("pool01 (1 user)"), "{}", ran.stderr);
    assert_eq!(work.enable(&["users.ldif"]).code, 0);
}

#[test]
fn hostile_names_cannot_add_keys_to_the_configuration() {
    let work = Work::new();
    let pool = POOL.replace("CN=pool01", r"CN=p\0A[select]\0Adisabled_accounts \3D \22include\22");
    let homed = format!("mail: ann@contoso.com\nmsRTCSIP-PrimaryHomeServer: {pool}\n");
    work.write("users.ldif", user("Ann", &homed) + &user("Bob", "mail: a@b@c\n"));
    let ran = work.run(&["init", "users.ldif", "--yes"]);
    let written = work.read("userprep.toml");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        !written.contains("\ndisabled_accounts = \"include\"")
            && written.contains("domains = [\"contoso.com\"]"),
        "{written}"
    );
}

#[test]
fn what_cannot_be_answered_is_refused_and_nothing_is_written() {
    let work = Work::new();
    let users = fixture("contoso/users.ldif");
    let refused = |arguments: &[&str], says: &str| {
        let ran = work.run(arguments);
        assert!(ran.code == 2 && ran.stderr.contains(says), "{arguments:?}: {} {}", ran.code, ran.stderr);
        assert_eq!(work.names("."), Vec::<String>::new());
    };
    refused(
        &["init", &users],
        "error[init-no-terminal]: there is no terminal to ask questions on\nhelp: add --yes",
    );
    refused(&["init", &users, "--yes"], "several pools to choose from, and none is named");
    refused(&["init", "--yes"], "no pool is named, and the exports show none");
    refused(&["init", &users, "--yes", "--pool", "pool99"], "nothing describes a pool `pool99`");
    refused(&["init", &users, "--yes", "--pool", POOL, "--filter", "(mail="], "filter-invalid");
    refused(&["init", &users, "--yes", "--pool", POOL, "--sip-domain", "a b"], "`a b` is not a host name");
    refused(&["init", "--yes", "--pool", POOL, "--sip-from", "sam"], "the format `sam` needs a domain");
    refused(&["init", &users, "--yes", "--sip-from", "upm"], "did you mean `upn`?");
    let cut = work.run(&["init", "none.ldif", "--yes"]);
    assert_eq!((cut.code, work.names(".").len()), (1, 0));
}

#[test]
fn an_existing_configuration_is_kept() {
    let work = Work::new();
    work.write("userprep.toml", "version = 1\n");
    let ran = init(&work, &["--pool", "pool01"]);
    assert!(ran.code == 2 && ran.stderr.contains("`userprep.toml` already exists"), "{}", ran.stderr);
    assert_eq!(work.read("userprep.toml"), "version = 1\n");
    assert_eq!(init(&work, &["--pool", "pool01", "--force"]).code, 0);
    assert_eq!(work.names("."), ["userprep.toml", "userprep.toml.1"]);
    assert_eq!(work.read("userprep.toml.1"), "version = 1\n");
}

#[test]
fn the_same_answers_give_the_same_bytes() {
    let (one, other) = (Work::new(), Work::new());
    for (work, threads) in [(&one, "1"), (&other, "3")] {
        assert_eq!(init(work, &["--pool", "pool01", "--threads", threads]).code, 0);
    }
    assert_eq!(one.read("userprep.toml"), other.read("userprep.toml"));
}

#[test]
fn a_program_gets_the_choices() {
    let work = Work::new();
    let offer = |ran: &crate::Ran| serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap();
    let open = init(&work, &["--format", "json"]);
    assert_eq!(open.code, 2, "several pools, and none is named: {}", open.stderr);
    assert!(open.stderr.contains("error[pool-missing]") && !work.path("userprep.toml").exists());
    let (open, chosen) = (offer(&open), init(&work, &["--format", "json", "--pool", "pool03"]));
    assert_eq!(chosen.code, 0, "{}", chosen.stderr);
    let chosen = offer(&chosen);
    assert!(open["configuration"].is_null());
    work.write("list.txt", "adoe\n");
    let listed = offer(&init(&work, &["--format", "json", "--users", "list.txt", "--out", "listed.toml"]));
    assert_eq!((&open["selected"], &listed["selected"]), (&153.into(), &1.into()));
    assert_eq!(chosen["configuration"].as_str().unwrap(), work.read("userprep.toml"));
    let column = |offer: &serde_json::Value, list: &str, names: &[&str]| -> Vec<String> {
        let cell = |row: &serde_json::Value, name: &&str| row[*name].to_string();
        let row =
            |row: &serde_json::Value| names.iter().map(|name| cell(row, name)).collect::<Vec<_>>().join(" ");
        offer[list].as_array().unwrap().iter().map(row).collect()
    };
    assert_eq!(
        column(&open, "pools", &["label", "kind", "version", "homed", "chosen"]),
        [
            r#""pool01" "enterprise" 4 7 false"#,
            r#""pool02" "enterprise" 4 3 false"#,
            r#""pool03" "standard" 4 2 false"#
        ]
    );
    assert_eq!(column(&chosen, "pools", &["chosen"]), ["false", "false", "true"]);
    let containers = column(&open, "containers", &["name", "parent", "users"]);
    assert!(containers.contains(&r#""OU=Malmo" 2 17"#.to_owned()), "{containers:?}");
    // The users of a child domain are also below its parent, as a base selects them.
    assert!(containers.contains(&r#""DC=contoso,DC=com" null 153"#.to_owned()), "{containers:?}");
    assert_eq!(
        column(&open, "domains", &["name", "chosen"])[..2],
        [r#""contoso.com" true"#, r#""contoso.local" false"#]
    );
    assert_eq!(
        column(&open, "signIn", &["format", "get", "have", "without", "chosen"])[0],
        r#""mail" 110 12 16 true"#
    );
    assert_eq!(
        column(&open, "signIn", &["get"]),
        column(&chosen, "signIn", &["get"]),
        "a pool gives no address"
    );
}

#[test]
fn a_mistyped_domain_and_a_rare_one_are_not_defaults() {
    let work = Work::new();
    let mails = ["contoso.com", "contoso.com", "contoso.com", "fabrikam.com", "fabrikam.com", "fabrikam.com"];
    let slips = ["contoso.con", "contsoo.com", "contoso.con", "contoso.con", "rare.test"];
    let users = mails.iter().chain(&mails).chain(&slips).enumerate();
    let users: String =
        users.map(|(at, domain)| user(&format!("U{at}"), &format!("mail: u{at}@{domain}\n"))).collect();
    work.write("users.ldif", users);
    for (language, remark) in [("en", "# Sign-in name.\n"), ("fr", "# Nom de connexion.\n")] {
        let out = format!("{language}.toml");
        let ran = work.run(&[
            "init",
            "users.ldif",
            "--pool",
            POOL,
            "--absent",
            "all",
            "--yes",
            "--language",
            language,
            "--out",
            &out,
        ]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let file = work.read(&out);
        assert!(file.contains("\ndomains = [\"contoso.com\", \"fabrikam.com\"] #"), "{file}");
        assert!(file.contains(remark) && file.contains(&format!("\nlanguage = \"{language}\" ")), "{file}");
    }
}
