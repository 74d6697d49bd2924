//! `check`: the description of a file and its faults, for people and for programs.

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
fn every_attribute_is_checked_wanted_or_not() {
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

#[test]
fn a_configuration_is_explained() {
    let work = Work::new();
    work.write("userprep.toml", std::fs::read(fixture("contoso/userprep.toml")).unwrap());
    let ran = work.run(&["check", "userprep.toml"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    insta::assert_snapshot!("configuration", ran.stdout);
    assert_eq!(work.run(&["check", "--quiet", "userprep.toml"]).stdout, "");
}

#[test]
fn everything_in_a_configuration_is_explained() {
    let work = Work::new();
    let pool = |number| crate::POOL.replace("pool01", &format!("pool0{number}"));
    work.write(
        "userprep.toml",
        format!(
            "version = 1\n[select]\nbase = [\"OU=Paris,DC=contoso,DC=com\"]\nfilter = \"(mail=*)\"\ncontacts = true\n\
             [sip]\ndomains = [\"contoso.com\", \"fr.contoso.com\"]\nformat = \"first.last\"\nfallback = [\"sam\"]\n\
             case = \"lower\"\nexisting = \"replace\"\non_duplicate = \"number\"\nforeign_domain = \"first\"\n\
             [[pool]]\nlabel = \"paris\"\nfqdn = \"pool01.contoso.com\"\ndn = \"{}\"\ncapacity = 20000\nhomed = 11250\n\
             weight = 2\n[[pool]]\nlabel = \"rest\"\ndn = \"{}\"\n[[pool]]\nlabel = \"old\"\ndn = \"{}\"\n\
             [assign]\non_full = \"reject\"\nkeep_together = \"department\"\n\
             [[rule]]\nlabel = \"the board\"\nfilter = \"(l=Paris)\"\npools = [\"paris\"]\n\
             options = {{ federation = true, remote_access = false, archiving = \"all\", public_im = true }}\n\
             [[rule]]\nlabel = \"service\"\nbase = \"OU=Service,DC=contoso,DC=com\"\nskip = true\n\
             [[rule]]\nlabel = \"rest\"\npools = [\"paris\", \"rest\"]\n\
             [[rule]]\nlabel = \"nobody\"\npools = [\"rest\"]\n\
             [output]\ntarget = \"ldap\"\nsplit = 0\nstyle = \"replace\"\n\
             [safety]\nprotected_accounts = \"skip\"\nprotect = [\"OU=Admins,DC=contoso,DC=com\"]\n\
             max_changes = 50000\nmax_rejects = \"5%\"\n",
            pool(1),
            pool(2),
            pool(3)
        ),
    );
    let ran = work.run(&["check", "userprep.toml"]);
    assert_eq!(ran.code, 0, "a warning is no error: {}", ran.stdout);
    insta::assert_snapshot!("configuration-whole", ran.stdout);
}

#[test]
fn the_first_of_many_unknown_labels_are_explained() {
    let work = Work::new();
    let pool = |n| {
        let dn = crate::POOL.replace("pool01", &format!("pool{n:03}"));
        format!("[[pool]]\nlabel = \"p{n:03}\"\ndn = \"{dn}\"\n")
    };
    let pools: String = (0..200).map(pool).collect();
    let labels: Vec<String> = (0..300).map(|n| format!("\"somewhere else {n}\"")).collect();
    let rule = format!("[[rule]]\nlabel = \"all\"\npools = [{}]\n", labels.join(", "));
    work.write("userprep.toml", format!("version = 1\n{pools}{rule}"));
    let ran = work.run(&["check", "--all", "--format", "json", "userprep.toml"]);
    assert_eq!((ran.code, ran.stdout.matches("is labelled").count()), (5, 300), "{}", ran.stdout);
    assert_eq!(ran.stdout.matches("known here").count(), 20, "each of the others would name 200 pools");
}

#[test]
fn a_pool_without_a_dn_is_looked_up() {
    let work = Work::new();
    work.write("userprep.toml", "[[pool]]\nlabel = \"pool01\"\n").write("none.toml", "");
    let ran = work.run(&["check", "userprep.toml"]);
    assert!(ran.code == 5 && ran.stdout.contains("userprep.toml:2:9: error[pool-dn]"), "{}", ran.stdout);
    let ran = work.run(&["check", "userprep.toml", "--pools", &fixture("contoso/pools.ldif")]);
    assert!(ran.code == 0 && ran.stdout.contains("pool01, pool01.contoso.com"), "{}", ran.stdout);
    let ran = work.run(&["check", "none.toml"]);
    assert!(ran.code == 0 && ran.stdout.contains("none: name one with --pool"), "{}", ran.stdout);
}

#[test]
fn each_fault_of_a_configuration_has_its_place_and_the_nearest_name() {
    let work = Work::new();
    let pool = format!("[[pool]]\nlabel = \"paris\"\ndn = \"{}\"\n", crate::POOL);
    for (text, place, says) in [
        ("[sip]\ndomans = []\n", "2:1", "help: did you mean `domains`?"),
        ("[slect]\n", "1:2", "help: did you mean `select`?"),
        ("[sip]\nformat = \"upm\"\n", "2:10", "help: did you mean `upn`?"),
        ("[safety]\nprotected_accounts = \"lst\"\n", "2:22", "help: did you mean `last`?"),
        ("[sip]\ndomains = [\"contoso.com\", \"a b\"]\n", "2:27", "the domain `a b` is not a host name"),
        ("[select]\nfilter = \"(&(mail=*)(l=Paris)\"\n", "2:11", "this parenthesis is never closed"),
        ("[sip]\nformat = \"template\"\ntemplate = \"{sn}é@{domain}\"\n", "3:17", "`é` is not permitted"),
        (
            "[sip]\ndomains = [\"contoso.com\"]\nformat = \"template\"\ntemplate = \"{sn}&x@{domain}\"\n",
            "4:12",
            "`template` holds `&` (U+0026), which an address does not allow",
        ),
        ("[[rule]]\nlabel = \"x\"\npools = [\"parsi\"]\n", "6:10", "help: did you mean `paris`?"),
        ("[output]\nsplit = \"many\"\n", "2:9", "a whole number from 0 on is expected here"),
        ("[output]\nsplit = 1\nsplit = 2\n", "3:1", "`split` is given twice"),
    ] {
        let text = if text.starts_with("[[rule]]") { pool.clone() + text } else { text.to_owned() };
        work.write("c.toml", &text);
        let ran = work.run(&["check", "c.toml"]);
        assert_eq!(ran.code, 5, "{text}{}", ran.stdout);
        assert!(ran.stdout.starts_with(&format!("c.toml:{place}: error[")), "{text}{}", ran.stdout);
        assert!(ran.stdout.contains(says) && ran.stdout.contains(" ^"), "{text}{}", ran.stdout);
    }
    work.write("c.toml", b"[sip]\ndomains = [\"\xe9.com\"]\n");
    let ran = work.run(&["check", "c.toml"]);
    assert!(
        ran.stdout.starts_with("c.toml:2:13: error[config-encoding]: this is not UTF-8"),
        "{}",
        ran.stdout
    );
}
