//! Any directory is the same after apply and undo, and drifted values are never overwritten.

use std::collections::BTreeMap;
use std::fmt;

use proptest::prelude::*;

use super::directory::{Directory, Entry};
use crate::{POOL, Work};

const ATTRIBUTES: [&str; 5] = [
    "msrtcsip-primaryuseraddress",
    "msrtcsip-userenabled",
    "msrtcsip-primaryhomeserver",
    "msrtcsip-optionflags",
    "msrtcsip-archivingenabled",
];

/// Generates the value of an attribute that a user may have before the run, or none.
fn before(attribute: &'static str) -> BoxedStrategy<Option<Vec<u8>>> {
    let value = match attribute {
        "msrtcsip-primaryuseraddress" => "sip:[a-z]{1,6}@(contoso|old)\\.com".boxed(),
        "msrtcsip-userenabled" => "TRUE|FALSE".boxed(),
        "msrtcsip-primaryhomeserver" => Just(POOL.to_owned()).boxed(),
        _ => "(0|[1-9][0-9]{0,3})".boxed(),
    };
    prop::option::of(value.prop_map(String::into_bytes)).boxed()
}

fn user() -> impl Strategy<Value = Entry> {
    let rtc = ATTRIBUTES.map(|name| before(name).prop_map(move |value| (name, value)));
    let mail = prop::option::of("[a-e]{1,2}(\\.[a-e])?@contoso\\.com");
    let proxies = prop::collection::btree_set("(SMTP|smtp|sip|SIP):[a-e]{1,2}@(contoso|old)\\.com", 0..4);
    (rtc, mail, proxies, any::<bool>()).prop_map(|(rtc, mail, proxies, protected)| {
        let mut entry = Entry::new();
        let mut set = |name: &str, values: Vec<Vec<u8>>| entry.insert(name.to_owned(), values);
        set("objectclass", vec![b"user".to_vec()]);
        set("instancetype", vec![b"4".to_vec()]);
        set("useraccountcontrol", vec![b"512".to_vec()]);
        rtc.into_iter().for_each(|(name, value)| drop(value.map(|value| set(name, vec![value]))));
        mail.into_iter().for_each(|mail| drop(set("mail", vec![mail.into_bytes()])));
        if !proxies.is_empty() {
            set("proxyaddresses", proxies.into_iter().map(String::into_bytes).collect());
        }
        if protected {
            set("admincount", vec![b"1".to_vec()]);
        }
        entry
    })
}

pub(super) fn directory() -> impl Strategy<Value = Directory> {
    let names = "[A-Za-z\u{e0}-\u{ff}]{1,3}( [A-Z])?|[a-z]\\\\,[a-z]";
    prop::collection::vec((names, "Paris|Rome", user()), 1..12).prop_map(|users| {
        let mut directory = Directory::default();
        directory.insert(POOL, [("objectclass".into(), vec![b"container".to_vec()])].into());
        let mut numbers = BTreeMap::new();
        for (n, (name, place, mut entry)) in users.into_iter().enumerate() {
            let dn = format!("CN={name},OU={place},DC=contoso,DC=com");
            if numbers.insert(dn.to_lowercase(), n).is_none() {
                entry.insert("objectguid".into(), vec![vec![n as u8 + 1; 16]]);
                directory.insert(&dn, entry);
            }
        }
        directory
    })
}

fn enable(work: &Work, directory: &Directory, style: &str, existing: &str) {
    work.write("userprep.toml", format!("version = 1\n[sip]\nexisting = \"{existing}\"\n"));
    let arguments = [
        "enable",
        "now.ldif",
        "--pool",
        POOL,
        "--out",
        "run1",
        "--split",
        "3",
        "--style",
        style,
        "--replace-many",
    ];
    let ran = work.on(directory, &[&arguments[..], &["--sip-domain", "contoso.com"]].concat());
    assert!(matches!(ran.code, 0 | 3), "{}", ran.stderr);
}

/// Generates a dozen records of a forest with lost, doubled, swapped, joined, cut or overwritten lines.
fn damaged() -> impl Strategy<Value = Export> {
    let damage = (0..6_u8, any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>());
    (0..180_usize, prop::collection::vec(damage, 1..5)).prop_map(|(first, damages)| {
        let forest = std::fs::read_to_string(crate::fixture("contoso/users.ldif")).unwrap();
        let records = forest.split_inclusive("\r\n\r\n").skip(first).take(12);
        let mut lines: Vec<Vec<u8>> =
            records.flat_map(|record| record.split_inclusive('\n')).map(Into::into).collect();
        for (kind, one, other, byte) in damages {
            let (at, to) = (one.index(lines.len()), other.index(lines.len()));
            match kind {
                0 => drop(lines.remove(at)),
                1 => lines.insert(to, lines[at].clone()),
                2 => lines.swap(at, to),
                3 => drop(lines[at].pop()),
                4 => lines[at].truncate(to),
                _ => {
                    let place = other.index(lines[at].len());
                    lines[at][place] = byte;
                }
            }
            lines.retain(|line| !line.is_empty());
        }
        Export(lines.concat())
    })
}

/// An export that a failing test shows as text.
struct Export(Vec<u8>);

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_export_never_becomes_a_wrong_change(export in damaged()) {
        super::damaged::run(&export.0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn undo_restores_any_directory(
        first in directory(),
        style in "guarded|replace",
        existing in "keep|replace",
        by_command in any::<bool>(),
    ) {
        let (work, mut directory) = (Work::new(), first.clone());
        enable(&work, &directory, &style, &existing);
        work.import(&mut directory, "run1", "apply");
        let ran = work.on(&directory, &["verify", "run1", "--against", "now.ldif", "--out", "rest1"]);
        prop_assert_eq!(ran.code, 0, "{}", ran.stderr);
        if by_command {
            let ran = work.on(&directory, &["undo", "run1", "--against", "now.ldif", "--out", "undo1"]);
            // Two objects had one address before the run, and `undo` cannot know that the other is not new.
            prop_assume!(!ran.stderr.contains("error[sip-duplicate]"));
            prop_assert_eq!(ran.code, 0, "{}", ran.stderr);
            work.import(&mut directory, "undo1", "apply");
        } else {
            work.import(&mut directory, "run1", "undo");
        }
        prop_assert_eq!(directory.sorted(), first.sorted());
    }

    #[test]
    fn drifted_values_are_never_overwritten(
        first in directory(),
        drifts in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&ATTRIBUTES[..]), 1_u8..9), 1..6),
        is_imported in any::<bool>(),
    ) {
        let work = Work::new();
        enable(&work, &first, "guarded", "keep");
        let mut applied = first.clone();
        work.import(&mut applied, "run1", "apply");
        let mut drifted = if is_imported { applied.clone() } else { first.clone() };
        let dns = first.users();
        prop_assume!(!dns.is_empty());
        let mut victims = Vec::new();
        for (who, attribute, n) in drifts {
            let value = match attribute {
                "msrtcsip-primaryuseraddress" => format!("sip:drift{n}@contoso.com"),
                "msrtcsip-userenabled" => "FALSE".to_owned(),
                "msrtcsip-primaryhomeserver" => continue,
                _ => (4096 + i32::from(n)).to_string(),
            };
            let dn = who.get(&dns);
            drifted.entry(dn).insert(attribute.to_owned(), vec![value.into_bytes()]);
            let of = |directory: &mut Directory| directory.entry(dn).get(attribute).cloned();
            let (before, planned, found) = (of(&mut first.clone()), of(&mut applied), of(&mut drifted));
            if before != planned && found != before && found != planned {
                victims.push(dn);
            }
        }
        for (command, out) in [("verify", "rest1"), ("undo", "undo1")] {
            let ran = work.on(&drifted, &[command, "run1", "--against", "now.ldif", "--out", out]);
            prop_assert!(matches!(ran.code, 0 | 3 | 5), "{}", ran.stderr);
        }
        for (run, kind) in [("run1", "apply"), ("run1", "undo"), ("rest1", "apply"), ("undo1", "apply")] {
            let mut directory = drifted.clone();
            work.import(&mut directory, run, kind);
            for dn in &victims {
                prop_assert_eq!(directory.entry(dn), drifted.entry(dn), "{} by {} of {}", dn, kind, run);
            }
        }
    }
}
