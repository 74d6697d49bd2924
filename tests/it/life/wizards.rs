//! The wizards for enabled users, on an estate with one user for each possible fault: the outcome for each, what is
//! written, and that it is applied, verified, and undone.

use proptest::prelude::*;

use super::directory::Directory;
use super::property::directory;
use crate::enable::codes;
use crate::{POOL, Ran, Work, fixture};

/// Runs the command with the exports of the estate, and no list of SIP domains.
fn run(work: &Work, command: &str, arguments: &[&str]) -> Ran {
    let (users, pools) = (fixture("estate/users.ldif"), fixture("estate/pools.ldif"));
    let mut all = vec![command, &users];
    if !matches!(command, "disable" | "rename") {
        all.extend(["--pools", &pools]);
    }
    all.extend(arguments);
    if !arguments.contains(&"--out") {
        all.extend(["--out", "run1"]);
    }
    all.extend(["--target", "ldap"]);
    work.run(&all)
}

/// Returns the outcome for each user that the command does not skip, one per line.
fn outcome(work: &Work, passed_over: &str) -> String {
    let rows = work.rows("run1");
    rows.into_iter().filter(|row| !row.ends_with(passed_over)).map(|row| row + "\n").collect()
}

/// Returns all change records without their comments.
fn changes(work: &Work) -> String {
    let names = work.names("run1");
    let files = names.iter().filter(|name| name.ends_with("-apply.ldif"));
    let text: String = files.map(|name| work.read(&format!("run1/{name}"))).collect();
    text.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

/// Returns the estate as a directory.
fn estate() -> Directory {
    let [users, pools] =
        ["users", "pools"].map(|name| std::fs::read(fixture(&format!("estate/{name}.ldif"))).unwrap());
    let mut directory = Directory::load(&[&users[..], b"\n", &pools].concat());
    let policy = "CN={6b5fcd52-5a32-4c3a-9d3a-c2b2e5c2b1a4},CN=Policies,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com";
    directory.insert(policy, [("objectclass".into(), vec![b"container".to_vec()])].into());
    directory
}

/// Checks that `verify` finds everything a run did, and that its undo reverses it, except for pools that are gone.
fn goes_and_comes_back(work: &Work, partial: &[&str]) {
    let (first, mut directory) = (estate(), estate());
    let records = work.import(&mut directory, "run1", "apply");
    assert!(records > 0, "the command changes somebody");
    let ran = work.on(&directory, &["verify", "run1", "--against", "now.ldif", "--out", "rest1"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(work.import(&mut directory, "run1", "undo"), records);
    let (mut first, mut undone) = (first.sorted(), directory.sorted());
    for name in partial {
        let dn = format!("CN={name},OU=Paris,DC=contoso,DC=com");
        assert_eq!(undone.entry(&dn).remove("msrtcsip-primaryhomeserver"), None);
        first.entry(&dn).remove("msrtcsip-primaryhomeserver");
    }
    assert_eq!(undone, first);
}

/// A command on the estate, and its expected results.
struct Case {
    /// The name of its snapshots.
    name: &'static str,
    arguments: &'static [&'static str],
    code: i32,
    /// Rows with this ending are not in the snapshot.
    passed_over: &'static str,
    /// Whether a snapshot shows the change records.
    shows_changes: bool,
    /// The number of messages with each code in the report.
    codes: &'static [(&'static str, usize)],
    /// Users whose pool is gone and does not come back; `None` for a command that changes no user.
    partial: Option<&'static [&'static str]>,
}

const CASES: &[Case] = &[
    Case {
        name: "configure",
        arguments: &[
            "configure",
            "--public-im",
            "true",
            "--enhanced-presence",
            "false",
            "--federation",
            "true",
            "--archiving",
            "internal",
        ],
        code: 0,
        passed_over: " changed",
        shows_changes: true,
        codes: &[("enhanced-presence-cleared", 14), ("archiving-leftover", 1), ("pool-before-r2", 1)],
        partial: Some(&[]),
    },
    Case {
        name: "lines",
        arguments: &[
            "configure",
            "--enterprise-voice",
            "true",
            "--line",
            "tel:+33{telephoneNumber:national}",
            "--filter",
            "(telephoneNumber=*)",
        ],
        code: 3,
        passed_over: "x",
        shows_changes: true,
        codes: &[("line-duplicate", 2)],
        partial: Some(&[]),
    },
    Case {
        name: "move",
        arguments: &["move", "--pool", "pool01"],
        code: 0,
        passed_over: "homed",
        shows_changes: true,
        codes: &[],
        partial: Some(&["Greta Gone"]),
    },
    Case {
        name: "disable",
        arguments: &["disable", "--all"],
        code: 0,
        passed_over: " changed",
        shows_changes: false,
        codes: &[],
        partial: Some(&[]),
    },
    Case {
        name: "delete",
        arguments: &["delete", "--all"],
        code: 0,
        passed_over: " changed",
        shows_changes: false,
        codes: &[],
        partial: Some(&["Greta Gone"]),
    },
    Case {
        name: "rename",
        arguments: &[
            "rename",
            "--domain",
            "contoso.com=contoso.net",
            "--sip-domain",
            "contoso.net",
            "--replace-many",
        ],
        code: 3,
        passed_over: " changed",
        shows_changes: false,
        codes: &[("rename-federated", 1), ("rename-unseen", 1)],
        partial: Some(&[]),
    },
    Case {
        name: "audit",
        arguments: &["audit", "--sip-domain", "contoso.com"],
        code: 5,
        passed_over: "x",
        shows_changes: false,
        codes: &[],
        partial: None,
    },
    Case {
        name: "audit-fix",
        arguments: &["audit", "--sip-domain", "contoso.com", "--fix"],
        code: 5,
        passed_over: "y",
        shows_changes: true,
        codes: &[],
        partial: Some(&[]),
    },
];

/// Enabling has tests of its own.
#[test]
fn every_wizard_for_enabled_users_has_a_case_and_its_place_in_both_references() {
    for wizard in userprep::cli::wizards() {
        let has_case = CASES.iter().any(|case| case.arguments[0] == wizard);
        assert!(has_case || wizard == "enable", "tests/it/life/wizards.rs: CASES has no `{wizard}`");
        for reference in ["reference.md", "reference.fr.md"] {
            let path = format!("{}/src/docs/{reference}", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).unwrap();
            let is_listed = text.contains(&format!("`{wizard}`")) || text.contains(&format!("`{wizard} "));
            assert!(is_listed, "src/docs/{reference} has no `{wizard}`");
        }
    }
}

#[test]
fn each_wizard_changes_the_estate_and_its_undo_restores_it() {
    for case in CASES {
        let work = Work::new();
        let ran = run(&work, case.arguments[0], &case.arguments[1..]);
        assert_eq!(ran.code, case.code, "{}: {}", case.name, ran.stderr);
        insta::assert_snapshot!(case.name, outcome(&work, case.passed_over));
        if case.shows_changes {
            insta::assert_snapshot!(format!("{}-apply", case.name), changes(&work));
        }
        let report = work.read("run1/report.xml");
        let codes = codes(&report);
        for (code, count) in case.codes {
            assert_eq!(codes.iter().filter(|one| *one == code).count(), *count, "{}: {code}", case.name);
        }
        match case.partial {
            Some(partial) => goes_and_comes_back(&work, partial),
            None => assert!(!work.names("run1").iter().any(|name| name.ends_with("-apply.ldif"))),
        }
    }
}

#[test]
fn invalid_commands_are_refused() {
    const SELECTION: &str = "--base <DN>|--filter <FILTER>|--users <FILE>|--all";
    for (arguments, code, what) in [
        (&["configure", "--line", "+33{x}"][..], 2, "begins with `tel:`"),
        (&["configure", "--line", "tel:+33"], 2, "no attribute"),
        (&["configure", "--line", "tel:+33{x"], 2, "brace"),
        (&["configure", "--line", "tel:+331234567{sn:digits}"], 3, "attribute-missing"),
        (&["disable"], 2, SELECTION),
        (&["delete"], 2, SELECTION),
        (&["disable", "--all", "--base", "DC=com"], 2, "cannot be used with `--base <DN>`"),
        (&["delete", "--all", "--base", "DC=com"], 2, "cannot be used with `--base <DN>`"),
        (&["rename"], 2, "rename-nothing"),
        (&["rename", "--domain", "contoso"], 2, "is not OLD=NEW"),
        (
            &["rename", "--domain", "a.com=contsoo.com", "--sip-domain", "contoso.com"],
            2,
            "did you mean `contoso.com`?",
        ),
        // Most addresses would change, which the user must confirm.
        (&["rename", "--domain", "contoso.com=contoso.net"], 4, "--replace-many"),
    ] {
        let ran = run(&Work::new(), arguments[0], &arguments[1..]);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(what), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn lines_are_unique_however_they_are_written() {
    let work = Work::new();
    let line = "tel:+33{telephoneNumber:national}";
    let ran = run(&work, "configure", &["--line", line, "--filter", "(telephoneNumber=*)"]);
    assert!(ran.stderr.contains("`tel:+33123456706` would also be given to CN=Tom Twin"), "{}", ran.stderr);
    // A user who already has the line keeps it; visual separators do not make it another.
    let second = ["--line", "tel:+331 23 45 67 0{userAccountControl:digits}", "--out", "run2"];
    assert_eq!(run(&work, "configure", &second).code, 3);
}

#[test]
fn move_lists_the_homed_users_for_the_real_wizard() {
    let work = Work::new();
    run(&work, "move", &["--pool", "pool01"]);
    let homed = work.read("run1/homed.txt");
    assert_eq!(homed.lines().count(), 13);
    assert!(homed.starts_with("CN=Rita Ready,OU=Paris,DC=contoso,DC=com\n"), "{homed}");
    // `--users` reads the list.
    let again = run(&work, "disable", &["--users", "run1/homed.txt", "--out", "run2"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(work.read("run1/SHA256SUMS").contains("  homed.txt\n"));
}

#[test]
fn disable_switches_off_and_re_enable_on() {
    let work = Work::new();
    run(&work, "disable", &["--all"]);
    let record = "\ndelete: msRTCSIP-UserEnabled\nmsRTCSIP-UserEnabled: TRUE\n-\nadd: msRTCSIP-UserEnabled\nmsRTCSIP-UserEnabled: FALSE\n-\n";
    assert!(changes(&work).split_inclusive("\n\n").all(|one| one.contains(record)));
    let mut directory = estate();
    work.import(&mut directory, "run1", "apply");
    let base = "CN=Rita Ready,OU=Paris,DC=contoso,DC=com";
    let on = ["enable", "now.ldif", "--pool", POOL, "--re-enable", "--base", base, "--out", "run2"];
    assert_eq!(work.on(&directory, &on).code, 0);
    work.import(&mut directory, "run2", "apply");
    assert_eq!(directory.entry(base)["msrtcsip-userenabled"], [b"TRUE".to_vec()]);
}

#[test]
fn delete_leaves_nothing() {
    let work = Work::new();
    run(&work, "delete", &["--all"]);
    let apply = changes(&work);
    let whole = apply.split_inclusive("\n\n").find(|record| record.contains("Will Whole")).unwrap();
    insta::assert_snapshot!("delete-whole", whole);
    let mut directory = estate();
    work.import(&mut directory, "run1", "apply");
    let export = directory.export().to_lowercase();
    let users: Vec<&str> = export.split("\n\n").filter(|entry| entry.contains("samaccountname")).collect();
    assert!(users.len() == 17 && users.iter().all(|user| !user.contains("\nmsrtcsip-")), "{export}");
}

#[test]
fn rename_shows_both_addresses_and_may_keep_the_old() {
    let work = Work::new();
    let domain = ["--domain", "contoso.com=contoso.net", "--replace-many"];
    run(&work, "rename", &[&domain[..], &["--sip-domain", "contoso.net"]].concat());
    let apply = changes(&work);
    let rita = apply.split_inclusive("\n\n").find(|record| record.contains("Rita")).unwrap();
    insta::assert_snapshot!("rename-rita", rita);
    let report = work.read("run1/report.xml");
    let row = report.lines().find(|line| line.contains("Will Whole")).unwrap();
    let both = "sipUri=\"sip:will.whole@contoso.net\" previousSipUri=\"sip:will.whole@contoso.com\"";
    assert!(row.contains(both), "{row}");
    assert_eq!(run(&work, "rename", &[&domain[..], &["--keep-old", "--out", "run2"]].concat()).code, 3);
    assert!(!work.read("run2/0001-apply.ldif").contains("delete: proxyAddresses"));
    let ran = run(&work, "rename", &["--domain", "Contosso.com=contoso.net", "--out", "run3"]);
    let message =
        "warning[rename-unmatched]: --domain: no user who takes part has an address in `contosso.com`";
    assert!(ran.stderr.contains(message) && ran.stderr.contains("--switched-off"), "{}", ran.stderr);
}

#[test]
fn rename_builds_new_addresses() {
    let work = Work::new();
    let domains = ["--sip-domain", "contoso.com", "--domain", "fabrikam.com=contoso.com"];
    let arguments = [&["--sip-from", "sam", "--replace-many"], &domains[..]].concat();
    assert_eq!(run(&work, "rename", &arguments).code, 3, "the address of Ned Nosip has no scheme");
    let report = work.read("run1/report.xml");
    let fred = report.lines().find(|line| line.contains("<user ") && line.contains("Fred Foreign")).unwrap();
    let is_anew = fred.contains("sipUri=\"sip:fredforeign@contoso.com\"") && fred.contains("source=\"sam\"");
    assert!(is_anew, "{fred}");
    goes_and_comes_back(&work, &[]);
}

#[test]
fn audit_says_who_is_ready_and_what_the_others_lack() {
    let work = Work::new();
    let ran = run(&work, "audit", &["--sip-domain", "contoso.com"]);
    let parts = ran.stdout.split("\n\n").skip_while(|part| !part.contains("can use IM"));
    insta::assert_snapshot!("audit-summary", parts.collect::<Vec<_>>().join("\n\n"));
    let report = work.read("run1/report.xml");
    for code in
        ["account-disabled", "archiving-leftover", "no-proxy-address", "protected-account", "sip-not-smtp"]
    {
        assert!(codes(&report).contains(&code), "{code}");
    }
    assert!(report.contains(" ready=\"6\" notReady=\"9\" notEnabled=\"2\" "), "{}", &report[..900]);
}

#[test]
fn an_audit_leaves_nothing_to_repair() {
    let work = Work::new();
    run(&work, "audit", &["--sip-domain", "contoso.com", "--fix"]);
    let mut directory = estate();
    work.import(&mut directory, "run1", "apply");
    let pools = fixture("estate/pools.ldif");
    let again =
        ["audit", "now.ldif", "--pools", &pools, "--sip-domain", "contoso.com", "--fix", "--out", "run2"];
    assert_eq!(work.on(&directory, &again).code, 5);
    assert!(!work.names("run2").iter().any(|name| name.ends_with("-apply.ldif")));
    assert!(work.rows("run2").contains(&"Ben Bitless ready".to_owned()));
}

#[test]
fn lines_are_read_by_the_numbering_plan_of_a_region() {
    let work = Work::new();
    let numbers = [
        ("Ann", "telephoneNumber: 01 23 45 67 01\n", "changed"),
        ("Bob", "telephoneNumber: +44 (0)20 7946 0123\n", "changed"),
        ("Cem", "telephoneNumber: 0039 06 6982 1234\n", "changed"),
        ("Dan", "telephoneNumber: 01 23 45 67 04 x12\n", "changed"),
        ("Eve", "telephoneNumber: 4711\n", "rejected line-invalid"),
        // Held: neither the holder nor the spelling matters.
        ("Fay", "telephoneNumber: 01 23 45 67 06\n", "rejected line-duplicate"),
        ("Gil", "telephoneNumber: 01 23 45 67 07\n", "rejected line-duplicate"),
    ];
    let mut users: String = numbers.iter().map(|(name, number, _)| user(name, number)).collect();
    users += &user("Hal", "msRTCSIP-Line: +33 (0)1 23 45 67 06\n");
    users += &user("Ida", "msRTCSIP-Line: tel:+33123456799\nmsRTCSIP-PrivateLine: tel:01-23-45-67-07\n");
    let ran = run_on(&work, &users, &["configure", "--line-region", "FR", "--filter", "(telephoneNumber=*)"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let wanted: String = numbers.iter().map(|(name, _, outcome)| format!("{name} {outcome}\n")).collect();
    assert_eq!(outcome(&work, " ").trim_end(), wanted.trim_end());
    let changes = changes(&work);
    for line in ["+33123456701", "+442079460123", "+390669821234", "+33123456704;ext=12"] {
        assert!(changes.contains(&format!("msRTCSIP-Line: tel:{line}\n")), "{line}: {changes}");
    }
    for (flags, message) in [
        (["--line-region", "Freedonia"], "is not a country with a numbering plan"),
        (["--line-region", "UK"], "did you mean `GB`?"),
        (["--line-server", "pbx.contoso.com"], "is not a SIP URI"),
    ] {
        let refused = run_on(&work, &users, &[&["configure"], &flags[..]].concat());
        assert!(refused.code == 2 && refused.stderr.contains(message), "{}", refused.stderr);
    }
}

#[test]
fn remote_call_control_is_two_bits_and_a_gateway() {
    let cases = [
        ("", "true", "changed", "16", ""),
        ("msRTCSIP-OptionFlags: 257\n", "true", "changed", "273", ""),
        ("msRTCSIP-OptionFlags: 384\n", "true", "changed", "400", "voice-and-remote-call-control"),
        ("msRTCSIP-OptionFlags: 785\n", "false", "changed", "257", ""),
        ("msRTCSIP-OptionFlags: 257\n", "false", "unchanged", "", ""),
    ];
    for (flags, wanted, status, after, code) in cases {
        let work = Work::new();
        let given = ["configure", "--remote-call-control", wanted];
        let server: &[&str] =
            if wanted == "true" { &["--line-server", "sip:rcc@pbx.contoso.com"] } else { &[] };
        let held = format!("{flags}msRTCSIP-Line: tel:+33123456701\n");
        let ran = run_on(&work, &user("Ann", &held), &[&given[..], server].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(outcome(&work, " ").trim_end(), format!("Ann {status}"), "{flags} {wanted}");
        assert_eq!(ran.stderr.contains("voice-and-remote-call-control"), !code.is_empty(), "{}", ran.stderr);
        if !after.is_empty() {
            let changes = changes(&work);
            assert!(
                changes.contains(&format!("add: msRTCSIP-OptionFlags\nmsRTCSIP-OptionFlags: {after}\n")),
                "{changes}"
            );
            assert_eq!(changes.contains("msRTCSIP-LineServer: sip:rcc@pbx.contoso.com\n"), wanted == "true");
        }
    }
    let work = Work::new();
    let ran = run_on(&work, &user("Ann", ""), &["configure", "--remote-call-control", "true"]);
    assert!(ran.stderr.contains("line-server-missing"), "{}", ran.stderr);
    let work = Work::new();
    let sets = ["--remote-call-control", "true", "--line-server", "sip:rcc@pbx.contoso.com"];
    assert_eq!(run(&work, "configure", &sets).code, 0);
    goes_and_comes_back(&work, &[]);
}

#[test]
fn configure_needs_an_option() {
    let work = Work::new();
    let ran = run(&work, "configure", &[]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.stderr);
    // The options of rules are reported, too: the first that matches, and flags before it.
    work.write(
        "userprep.toml",
        "version = 1\n[options]\npublic_im = true\n[[rule]]\nlabel = \"admins\"\nfilter = \"(adminCount=1)\"\nskip = true\n\
         [[rule]]\nlabel = \"Rita\"\nfilter = \"(givenName=Rita)\"\noptions = { federation = true, public_im = false }\n\
         [[rule]]\nlabel = \"rest\"\n",
    );
    let ran = run(&work, "configure", &["--config", "userprep.toml", "--remote-access", "true"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let apply = changes(&work);
    let rita = apply.split("\n\n").find(|record| record.contains("Rita")).unwrap();
    assert!(
        rita.contains("FederationEnabled: TRUE") && rita.contains("InternetAccessEnabled: TRUE"),
        "{rita}"
    );
    assert!(!rita.contains("OptionFlags") && apply.contains("OptionFlags: 257"), "{apply}");
    assert!(work.rows("run1").contains(&"Ada Admin skipped rule-skip".to_owned()));
}

#[test]
fn rehoming_is_reported_in_every_place() {
    let work = Work::new();
    let ran = run(&work, "move", &["--pool", "pool01", "--rehome"]);
    // The address of Ned Nosip has no scheme.
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(work.rows("run1").contains(&"Ned Nosip rejected sip-invalid".to_owned()));
    assert!(
        ran.stderr.starts_with("warning[rehome-stays-behind]: contact lists and meetings"),
        "{}",
        ran.stderr
    );
    assert!(
        work.read("run1/0001-apply.ldif")
            .starts_with("# contact lists and meetings of rehomed users stay behind")
    );
    let report = work.read("run1/report.xml");
    assert!(codes(&report).contains(&"rehomed") && codes(&report).contains(&"rehome-stays-behind"));
    assert_eq!(work.rows("run1").iter().filter(|row| row.ends_with(" changed")).count(), 3);
    assert!(work.rows("run1").contains(&"Rita Ready unchanged".to_owned()), "who is there stays");
    let pools: Vec<&str> = report.lines().filter(|line| line.contains("<pool ")).collect();
    assert!(pools[1].contains("before=\"1\" added=\"0\" after=\"0\""), "{pools:?}");
    goes_and_comes_back(&work, &["Greta Gone"]);
    // From one pool only, by name or DN, gone or not.
    let ran = run(&work, "move", &["--pool", "pool01", "--from", "pool02", "--rehome", "--out", "run2"]);
    assert_eq!((ran.code, work.read("run2/0001-apply.ldif").matches("changetype").count()), (0, 1));
    let gone = POOL.replace("pool01", "POOL09");
    let ran = run(&work, "move", &["--pool", "pool01", "--from", &gone, "--out", "run3"]);
    assert_eq!((ran.code, work.read("run3/0001-apply.ldif").matches("changetype").count()), (0, 1));
    let ran = run(&work, "move", &["--pool", "pool01", "--from", "pool07", "--out", "run4"]);
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.stderr);
    let nobodys = POOL.replace("pool01", "pool08");
    let ran = run(&work, "move", &["--pool", "pool01", "--from", &nobodys, "--out", "run5"]);
    let message = format!("warning[move-unmatched]: --from: no user who takes part has the pool `{nobodys}`");
    assert!(ran.stderr.contains(&message), "{}", ran.stderr);
}

#[test]
fn delete_also_finds_unknown_columns_of_csv() {
    let work = Work::new();
    work.write(
        "users.csv",
        "DN,objectClass,userAccountControl,proxyAddresses,msRTCSIP-PrimaryUserAddress,msRTCSIP-Future\n\
         \"CN=Ann,DC=contoso,DC=com\",user,512,sip:ann@x.com,sip:ann@x.com,x\n\"CN=Bob,DC=contoso,DC=com\",user,512,,,\n",
    );
    let ran = work.run(&["delete", "users.csv", "--all", "--target", "ldap", "--out", "run1"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        changes(&work).contains("delete: msRTCSIP-Future\nmsRTCSIP-Future: x\n-\n"),
        "{}",
        changes(&work)
    );
    assert_eq!(work.rows("run1"), ["Ann changed", "Bob skipped not-enabled"]);
}

#[test]
fn audit_without_a_run_directory_only_reports() {
    let work = Work::new();
    let (users, pools) = (fixture("estate/users.ldif"), fixture("estate/pools.ldif"));
    let ran = work.run(&["audit", &users, "--pools", &pools, "--format", "json", "--quiet"]);
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    assert!(ran.stdout.contains("\"notReady\": 8") && work.names(".").is_empty(), "{}", ran.stdout);
    // That no user is enabled is not a finding.
    let plain = work.run(&["audit", &users, "--pools", &pools, "--filter", "(givenName=Percy)"]);
    assert_eq!(plain.code, 0, "{}", plain.stderr);
}

#[test]
fn a_contested_address_stays_a_decision() {
    let work = Work::new();
    let twin = |name: &str| {
        let rtc = "msRTCSIP-UserEnabled: TRUE\nmsRTCSIP-PrimaryUserAddress: sip:twin@x.com\nmsRTCSIP-OptionFlags: 1\n";
        crate::user(name, &format!("{rtc}msRTCSIP-PrimaryHomeServer: {POOL}\n"))
    };
    work.write("users.ldif", [twin("Ann"), twin("Bob")].join("\n"));
    let ran = work.run(&["audit", "users.ldif", "--fix", "--target", "ldap", "--out", "run1"]);
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    assert!(changes(&work).contains("OptionFlags: 257") && !changes(&work).contains("proxyAddresses"));
    assert_eq!(work.run(&["explain", "run1", "ann"]).stderr, "");
}

#[test]
fn a_rehearsal_is_written_beside_the_run() {
    let work = Work::new();
    assert_eq!(run(&work, "disable", &["--all"]).code, 0);
    assert_eq!(run(&work, "disable", &["--all"]).code, 2, "the run directory is there");
    assert_eq!(run(&work, "disable", &["--all", "--dry-run"]).code, 0);
    assert_eq!(run(&work, "disable", &["--all", "--dry-run"]).code, 0);
    assert!(work.path("run1.plan/report.xml").exists() && work.path("run1.plan.1/report.xml").exists());
}

/// Generates a command line of a wizard, and whether it assigns a pool or removes one for good.
fn commands() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::select(vec![
        vec!["configure", "--federation", "true", "--public-im", "true", "--archiving", "all"],
        vec!["configure", "--enhanced-presence", "false", "--remote-access", "false", "--archiving", "none"],
        vec!["configure", "--enterprise-voice", "true", "--line", "tel:+3312345{userAccountControl:4}"],
        vec!["move", "--pool", POOL],
        vec!["disable", "--all"],
        vec!["delete", "--all"],
        vec!["rename", "--domain", "old.com=contoso.com", "--replace-many"],
        vec!["rename", "--domain", "contoso.com=contoso.net", "--keep-old", "--replace-many"],
        vec!["rename", "--sip-from", "mail", "--replace-many"],
        vec!["audit", "--fix"],
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn every_wizard_is_undone_and_has_nothing_to_do_twice(
        first in directory(),
        command in commands(),
        style in "guarded|replace",
    ) {
        let (work, mut directory) = (Work::new(), first.clone());
        let arguments = |out| [&command[..1], &["now.ldif"], &command[1..], &["--style", &style, "--out", out]].concat();
        let ran = work.on(&directory, &arguments("run1"));
        prop_assert!(matches!(ran.code, 0 | 3 | 5), "{:?} {}", command, ran.stderr);
        work.import(&mut directory, "run1", "apply");
        let ran = work.on(&directory, &["verify", "run1", "--against", "now.ldif", "--out", "rest1"]);
        prop_assert_eq!(ran.code, 0, "{}", ran.stderr);
        let ran = work.on(&directory, &arguments("run2"));
        prop_assert!(matches!(ran.code, 0 | 3 | 5), "{:?} {}", command, ran.stderr);
        // From a user without an address, `delete` also removes other `sip:` values, which stay on a user with an
        // address.
        let is_left = command[0] == "delete" && directory.has_sip_values();
        let writes = work.names("run2").iter().any(|name| name.ends_with("-apply.ldif"));
        prop_assert_eq!(writes, is_left, "{:?} twice", command);
        work.import(&mut directory, "run1", "undo");
        prop_assert_eq!(directory.sorted(), first.sorted());
    }
}

/// Returns an enabled user, distinguished from others by what follows the usual attributes.
fn user(name: &str, rest: &str) -> String {
    let low = name.to_lowercase();
    format!(
        "dn: CN={name},DC=contoso,DC=com\nobjectClass: user\nuserAccountControl: 512\nsAMAccountName: {low}\n\
         msRTCSIP-UserEnabled: TRUE\nmsRTCSIP-PrimaryUserAddress: sip:{low}@contoso.com\n{rest}\n"
    )
}

/// Runs the command with these users.
fn run_on(work: &Work, users: &str, command: &[&str]) -> Ran {
    work.write("users.ldif", users);
    let (name, rest) = command.split_first().unwrap();
    work.run(
        &[&[name, "users.ldif"], rest, &["--absent", "all", "--target", "ldap", "--out", "run1"]].concat(),
    )
}

#[test]
fn delete_removes_all_or_nothing() {
    // The rest of a range would stay behind, of an attribute that no other command needs.
    let work = Work::new();
    let ran = run_on(
        &work,
        &user("Ann", "msRTCSIP-UserPolicies;range=0-0: B:8:01000000:CN=a,DC=contoso,DC=com\n"),
        &["delete", "--all"],
    );
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_eq!(work.rows("run1"), ["Ann rejected value-range-incomplete"]);
    // If two records do not show the same, neither says what is removed.
    let work = Work::new();
    let twice = user("Ann", "") + &user("Ann", "msRTCSIP-Future: x\n");
    assert_eq!(run_on(&work, &twice, &["delete", "--all"]).code, 3);
    assert_eq!(work.rows("run1"), ["Ann rejected dn-conflict", "Ann rejected dn-conflict"]);
}

#[test]
fn delete_splits_the_joined_values_of_csvde() {
    let work = Work::new();
    work.write(
        "users.csv",
        "DN,objectClass,userAccountControl,proxyAddresses,msRTCSIP-PrimaryUserAddress,msRTCSIP-UserPolicies\n\
         \"CN=Ann,DC=contoso,DC=com\",user,512,,sip:ann@x.com,\"B:8:01000000:CN=a;B:8:02000000:CN=b\"\n",
    );
    assert_eq!(work.run(&["delete", "users.csv", "--all", "--target", "ldap", "--out", "run1"]).code, 0);
    let apply = changes(&work);
    let both = "msRTCSIP-UserPolicies: B:8:01000000:CN=a\nmsRTCSIP-UserPolicies: B:8:02000000:CN=b\n-\n";
    assert!(apply.contains(both), "{apply}");
}

#[test]
fn audit_counts_the_share_of_rejects_among_all_judged_users() {
    let work = Work::new();
    work.write("few.toml", "version = 1\n[safety]\nmax_rejects = \"50%\"\n");
    let left_over =
        user("Ann", "") + &user("Bob", "") + "dn: CN=Cy\\0ACNF:1,DC=contoso,DC=com\nobjectClass: user\n\n";
    let ran = run_on(&work, &left_over, &["audit", "--config", "few.toml"]);
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("0 of 2 enabled users can use IM and presence; 2 lack something."),
        "{}",
        ran.stderr
    );
}

#[test]
fn audit_repairs_no_address_that_needs_a_decision() {
    let work = Work::new();
    let flags = "msRTCSIP-OptionFlags: 256\n";
    let foreign = user("Bob", flags).replace("sip:bob@contoso.com", "sip:bob@elsewhere.com");
    let ran = run_on(
        &work,
        &(user("Ann", flags) + &foreign + &user("Cy", "msRTCSIP-OptionFlags: many\n")),
        &["audit", "--fix", "--sip-domain", "contoso.com"],
    );
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    let apply = changes(&work);
    assert!(apply.contains("proxyAddresses: sip:ann@contoso.com") && !apply.contains("elsewhere"), "{apply}");
    // The message says what is done.
    assert_eq!(ran.stderr.matches("warning[no-proxy-address]").count(), 1, "{}", ran.stderr);
    assert!(work.rows("run1").contains(&"Cy rejected value-invalid".to_owned()), "{}", ran.stderr);
}

#[test]
fn a_selection_of_no_user_is_reported() {
    let work = Work::new();
    let ran = run(&work, "disable", &["--filter", "(cn=nobody)"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stderr.contains("\nNo user is selected.\n"), "{}", ran.stderr);
}

#[test]
fn enable_says_that_it_writes_no_line() {
    let work = Work::new();
    work.write("line.toml", "version = 1\n[options]\nline = \"tel:+33{telephoneNumber:national}\"\n");
    let ran = run(&work, "enable", &["--config", "line.toml", "--pool", "pool01"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.starts_with("warning[line-not-written]: the options name a line"), "{}", ran.stderr);
    assert!(codes(&work.read("run1/report.xml")).contains(&"line-not-written"));
}

#[test]
fn a_masked_line_is_also_masked_in_conflicts() {
    let work = Work::new();
    work.write(
        "mask.toml",
        "version = 1\n[sip]\non_duplicate = \"abort\"\n[output]\nredact = [\"msRTCSIP-Line\"]\n",
    );
    let number = "telephoneNumber: 01 23 45 67 11\n";
    let ran = run_on(
        &work,
        &(user("Ann", number) + &user("Bob", number)),
        &["configure", "--line", "tel:+33{telephoneNumber:national}", "--config", "mask.toml"],
    );
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert!(ran.stderr.contains("2 users would share a line with another user"), "{}", ran.stderr);
    assert!(
        !ran.stderr.contains("33123456711") && !work.read("run1.plan/report.xml").contains("33123456711"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_domain_has_only_one_replacement() {
    let work = Work::new();
    let ran = run(&work, "rename", &["--domain", "contoso.com=a.com", "--domain", "Contoso.com=b.com"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--domain: `contoso.com` would go to two domains"), "{}", ran.stderr);
}

#[test]
fn programs_get_each_total_of_an_audit_and_people_see_that_no_user_changed() {
    let work = Work::new();
    let ran = run(&work, "audit", &["--filter", "(givenName=Rita)", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let manifest = work.read("run1/manifest.json");
    for text in [&ran.stdout, &manifest] {
        assert!(text.contains("\"ready\": 1") && text.contains("\"notReady\": 0"), "{text}");
        assert!(!text.contains("\"applied\""), "{text}");
    }
    let ran = work.run(&["verify", "run1", "--against", &fixture("estate/users.ldif")]);
    assert!(ran.code == 0 && ran.stdout.contains("\nThe run changed no user.\n"), "{}", ran.stdout);
}

#[test]
fn a_filter_that_was_typed_shows_its_fault() {
    let ran = run(&Work::new(), "disable", &["--filter", "(cn="]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("\n1 | (cn=\n  | ^\n"), "{}", ran.stderr);
}

#[test]
fn the_page_calls_a_line_a_line() {
    let work = Work::new();
    let users =
        user("Ann", "telephoneNumber: 01 23 45 67 11\n") + &user("Bob", "msRTCSIP-Line: tel:+33123456711\n");
    run_on(&work, &users, &["configure", "--line", "tel:+33{telephoneNumber:national}"]);
    let page = work.read("run1/report.html");
    assert!(page.contains("has it as line") && !page.contains("has it as SIP"), "{page}");
}

#[test]
fn masked_values_are_no_differences() {
    let work = Work::new();
    work.write("mask.toml", "version = 1\n[output]\nredact = [\"dn\", \"mail\"]\n");
    assert_eq!(run(&work, "disable", &["--all", "--config", "mask.toml"]).code, 0);
    let explained = work.run(&["explain", "run1", "ritaready"]);
    assert_eq!(explained.code, 0, "{}", explained.stderr);
    assert!(
        explained.stdout.contains("changed") && !explained.stderr.contains("explain-differs"),
        "{}",
        explained.stderr
    );
}
