//! A whole `enable` over small random exports: the undo reverses all of it, and an address belongs to one user.

use std::collections::BTreeMap;

use ldif::{Content, Reader, Record, apply, diff};
use proptest::prelude::*;

use crate::{POOL, Work, user};

/// Entries by their DNs in lower case.
type Directory = BTreeMap<String, Record>;

/// Generates a user with few values to choose from, so that many share one.
fn person() -> impl Strategy<Value = String> {
    let address = "(Ann|ann|bob|zoe\\.doe|no spaces|é)@(contoso|CONTOSO|other)\\.com";
    let optional = |name: &'static str, values: &'static str| {
        prop::option::weighted(0.4, values).prop_map(move |value| match value {
            Some(value) => format!("{name}: {value}\n"),
            None => String::new(),
        })
    };
    (
        optional("mail", address),
        optional("userPrincipalName", address),
        optional("proxyAddresses", "(SMTP|sip|SIP|EUM):(ann|bob)@contoso\\.com"),
        optional("msRTCSIP-PrimaryUserAddress", "(sip|SIP):(ann|bob|eve)@contoso\\.com"),
        optional("msRTCSIP-UserEnabled", "(TRUE|FALSE)"),
        optional("msRTCSIP-OptionFlags", "(0|1|256|x)"),
        optional("adminCount", "[01]"),
    )
        .prop_map(|lines| [lines.0, lines.1, lines.2, lines.3, lines.4, lines.5, lines.6].concat())
}

fn records(text: &str) -> Vec<Record> {
    Reader::from_reader(text.as_bytes()).into_records().map(|record| record.unwrap()).collect()
}

/// Applies the change files of a run with this ending; returns the attributes that they name, in lower case.
fn import(work: &Work, ending: &str, directory: &mut Directory) -> Vec<(String, String)> {
    let mut named = Vec::new();
    for name in work.names("run1").iter().filter(|name| name.ends_with(ending)) {
        for change in records(&work.read(&format!("run1/{name}"))) {
            let Content::Modify(modifications) = &change.content else { panic!("{change}") };
            let dn = change.dn.to_lowercase();
            named.extend(modifications.iter().map(|m| (dn.clone(), m.name.to_lowercase())));
            let entry = directory.remove(&dn);
            let after = apply(&change, entry.as_ref()).unwrap_or_else(|error| panic!("{error}\n{change}"));
            directory.insert(dn, after.expect("it is modified"));
        }
    }
    named
}

/// Returns the SIP addresses of an entry, in lower case.
fn addresses(entry: &Record) -> Vec<String> {
    let values = [entry.values("msRTCSIP-PrimaryUserAddress"), entry.values("proxyAddresses")].concat();
    let mut addresses: Vec<String> =
        values.iter().map(|value| String::from_utf8_lossy(value).to_lowercase()).collect();
    addresses.retain(|address| address.starts_with("sip:"));
    addresses.sort();
    addresses.dedup();
    addresses
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undo_after_apply_restores_the_start_and_no_two_users_get_one_address(
        people in prop::collection::vec(person(), 1..6),
        replaces in any::<bool>(),
    ) {
        let work = Work::new();
        let export: String =
            people.iter().enumerate().map(|(at, lines)| user(&format!("User {at}"), lines)).collect();
        work.write("users.ldif", &export);
        let style = if replaces { "replace" } else { "guarded" };
        let ran = work.enable(&[
            "users.ldif", "--pool", POOL, "--sip-domain", "contoso.com", "--target", "ldap", "--style", style,
            "--absent", "all", "--max-rejects", "100%",
        ]);
        prop_assert!([0, 3].contains(&ran.code), "{}{}", ran.stdout, ran.stderr);

        let start: Directory = records(&export).into_iter().map(|entry| (entry.dn.to_lowercase(), entry)).collect();
        let mut directory = start.clone();
        let changed = import(&work, "-apply.ldif", &mut directory);
        for (_, attribute) in &changed {
            prop_assert!(attribute.starts_with("msrtcsip-") || attribute == "proxyaddresses", "{attribute}");
        }
        for (dn, entry) in &directory {
            let is_new = |address: &String| !addresses(&start[dn]).contains(address);
            for address in addresses(entry).iter().filter(|address| is_new(address)) {
                let holders = directory.values().filter(|other| addresses(other).contains(address)).count();
                prop_assert!(holders == 1, "{address} of {dn} has {holders} holders\n{export}");
            }
        }
        import(&work, "-undo.ldif", &mut directory);
        for (dn, entry) in &directory {
            let left = diff(entry, &start[dn]);
            prop_assert!(left.is_empty(), "{left}\n{export}");
        }
    }
}
