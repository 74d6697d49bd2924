//! `userprep.toml` of a run directory: the configuration in force, with which the run can be repeated without its
//! flags.

use crate::{POOL, Work};

/// Arguments of a run that no configuration contains.
const INPUTS: &[&str] = &["users.ldif", "--pools", "pools.ldif"];

/// The name of a run, its command, the configuration, and flags that represent keys of it.
const RUNS: &[(&str, &str, &str, &[&str])] = &[
    ("flags alone", "enable", "", &["--pool", POOL, "--sip-domain", "contoso.com", "--sip-from", "upn"]),
    (
        "a pool by its name",
        "enable",
        "",
        &["--pool", "pool02", "--sip-domain", "emea.contoso.com", "--limit", "40"],
    ),
    ("no flag at all", "enable", CONTOSO, &[]),
    (
        "flags over a file with rules",
        "enable",
        CONTOSO,
        &[
            "--sip-from",
            "first.last",
            "--pool",
            "pool01",
            "--split",
            "3",
            "--wrap",
            "0",
            "--style",
            "replace",
        ],
    ),
    (
        "a pool that the file lacks",
        "enable",
        "[sip]\ndomains = [\"contoso.com\"]\n[[pool]]\nlabel = \"pool03\"\ndn = \"CN=LC Services,CN=Microsoft,CN=pool02,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com\"\n",
        &[
            "--pool",
            "CN=LC Services,CN=Microsoft,CN=pool03,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com",
        ],
    ),
    (
        "a pool that is named twice, in a file that describes two",
        "enable",
        CONTOSO,
        &["--pool", "pool02", "--pool", "pool02.contoso.com"],
    ),
    (
        "who takes part, and what stops the run",
        "enable",
        CONTOSO,
        &[
            "--base",
            "OU=Paris,DC=contoso,DC=com",
            "--filter",
            "(mail=*)",
            "--limit",
            "9",
            "--max-changes",
            "1000",
            "--max-rejects",
            "90%",
        ],
    ),
    (
        "tables in one line, and keys with dots",
        "enable",
        "sip = { domains = [\"contoso.com\"], case = \"lower\" }\noutput.target = \"ldifde\"\nrule = [{ label = \"all\", pools = [\"paris\"] }, { label = \"none\", skip = true }]\n\
         pool = [{ label = \"paris\", fqdn = \"pool01.contoso.com\" }]\n",
        &["--target", "ldap", "--pool", "pool02", "--sip-domain", "emea.contoso.com"],
    ),
    (
        "what is written",
        "configure",
        "",
        &["--federation", "true", "--archiving", "all", "--remote-access", "false"],
    ),
    (
        "what rules write",
        "configure",
        "[[rule]]\nlabel = \"all\"\noptions = { federation = false, public_im = true }\n",
        &["--federation", "true"],
    ),
];

const CONTOSO: &str = include_str!("../../fixtures/contoso/userprep.toml");
const USERS: &str = include_str!("../../fixtures/contoso/users.ldif");
const POOLS: &str = include_str!("../../fixtures/contoso/pools.ldif");

#[test]
fn a_run_can_be_repeated_by_its_configuration() {
    for (name, command, config, flags) in RUNS {
        let work = Work::new();
        work.write("users.ldif", USERS).write("pools.ldif", POOLS);
        let inputs = if *command == "enable" { INPUTS } else { &INPUTS[..1] };
        let named = if config.is_empty() { &[][..] } else { &["--config", "own.toml"] };
        work.write("own.toml", *config);
        let run = |out, named: &[&str], flags: &[&str]| {
            let ran = work.run(&[&[*command], inputs, named, flags, &["--out", out]].concat());
            assert!(
                [0, 3].contains(&ran.code),
                "{name}: {}\n{}",
                ran.stderr,
                work.read("first/userprep.toml")
            );
        };
        run("first", named, flags);
        run("again", &["--config", "first/userprep.toml"], &[]);
        let files = work.names("first").into_iter().filter(|file| file.ends_with(".ldif"));
        let files: Vec<String> = files.collect();
        assert!(files.len() > 1, "{name}: {files:?}");
        for file in files {
            let of = |run: &str| work.read(&format!("{run}/{file}"));
            assert!(of("first") == of("again"), "{name}: {file}\n{}", work.read("first/userprep.toml"));
        }
        if flags.is_empty() {
            assert_eq!(work.read("first/userprep.toml"), *config, "{name}");
        }
        let explained = work.run(&["explain", "first", "zoe.lefevre@contoso.com", "--format", "json"]);
        assert!(!explained.stderr.contains("error"), "{name}: {}", explained.stderr);
    }
}

#[test]
fn comments_and_keys_of_the_file_stay_where_they_are() {
    let work = Work::new();
    work.write("users.ldif", USERS).write(
        "own.toml",
        "# Our rollout.\n[sip]\ndomains = [\"contoso.com\"]\ncase = \"lower\" # as agreed\n\n[output]\nsplit = 10\n",
    );
    let flags = ["--config", "own.toml", "--split", "20", "--filter", "(mail=*)", "--pool", POOL];
    assert_eq!(work.enable(&[&["users.ldif"][..], &flags].concat()).code, 3);
    insta::assert_snapshot!(work.read("run1/userprep.toml"));
}
