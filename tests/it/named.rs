//! The names that people may use for a pool and a domain.

use super::{POOL, Work, user};

#[test]
fn a_pool_is_named_by_its_label_its_host_or_its_cn() {
    let work = Work::new();
    let of = |number: u8| POOL.replace("pool01", &format!("pool0{number}"));
    let pool = |label: &str, host: &str, number| {
        format!("[[pool]]\nlabel = \"{label}\"\nfqdn = \"{host}.contoso.com\"\ndn = \"{}\"\n", of(number))
    };
    let pools = [pool("paris", "front", 1), pool("london", "back", 2), pool("new", "new", 3)];
    work.write("pools.toml", format!("version = 1\n{}", pools.concat()));
    let homed = |name: &str, number| {
        let low = name.to_lowercase();
        let lines = format!("msRTCSIP-PrimaryUserAddress: sip:{low}@contoso.com\n");
        user(
            name,
            &format!("{lines}msRTCSIP-UserEnabled: TRUE\nmsRTCSIP-PrimaryHomeServer: {}\n", of(number)),
        )
    };
    work.write("users.ldif", homed("Ann", 1) + &homed("Bob", 2));
    for (at, (from, moved)) in [
        ("paris", "Ann"),
        ("LONDON", "Bob"),
        ("front.contoso.com", "Ann"),
        ("Back.contoso.com", "Bob"),
        ("pool01", "Ann"),
        ("POOL02", "Bob"),
        (&of(2), "Bob"),
        ("front", ""),
        ("", ""),
    ]
    .into_iter()
    .enumerate()
    {
        let out = format!("run{at}");
        let command = ["move", "users.ldif", "--config", "pools.toml", "--absent", "all", "--target", "ldap"];
        let ran =
            work.run(&[&command[..], &["--rehome", "--pool", "new", "--from", from, "--out", &out]].concat());
        assert_eq!(ran.code, if moved.is_empty() { 2 } else { 0 }, "{from}: {}", ran.stderr);
        if !moved.is_empty() {
            let apply = work.read(&format!("{out}/0001-apply.ldif"));
            let names: Vec<&str> = apply.lines().filter_map(|line| line.strip_prefix("dn: CN=")).collect();
            assert_eq!(names, [format!("{moved},OU=Paris,DC=contoso,DC=com")], "{from}");
            assert!(!ran.stderr.contains("move-unmatched"), "{from}: {}", ran.stderr);
        }
    }
}

#[test]
fn a_domain_is_named_once_or_twice_the_same_and_not_too_often() {
    let many = |count: usize| (0..count).map(|number| format!("d{number}.test=new.test")).collect::<Vec<_>>();
    let these = |domains: &[&str]| domains.iter().map(|domain| (*domain).to_owned()).collect();
    for (domains, code, what) in [
        (these(&["a.test=new.test", "A.test=NEW.test"]), 0, ""),
        (these(&["a.test=new.test", "A.test=other.test"]), 2, "two domains"),
        (these(&["=new.test"]), 2, "is not OLD=NEW"),
        (these(&["a.test="]), 2, "is not OLD=NEW"),
        (these(&["a test=new.test"]), 2, "`a test` is not a host name"),
        (these(&["a.test=new_.test"]), 2, "`new_.test` is not a host name"),
        (many(200), 0, ""),
        (many(201), 2, "at most 200"),
    ] {
        let work = Work::new();
        work.write(
            "users.ldif",
            user("Ann", "msRTCSIP-PrimaryUserAddress: sip:ann@b.test\nmsRTCSIP-UserEnabled: TRUE\n"),
        );
        let mut command = vec!["rename", "users.ldif", "--absent", "all", "--out", "run1"];
        command.extend(domains.iter().flat_map(|domain| ["--domain", domain]));
        let ran = work.run(&command);
        assert_eq!(ran.code, code, "{domains:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(what), "{domains:?}: {}", ran.stderr);
    }
}
