//! The parts of the hot path, one at a time.

use divan::{Bencher, black_box};
use userprep::change::{Change, Matching, Style};
use userprep::pool::{Pool, PoolId, ranking};

fn main() {
    divan::main();
}

/// A thousand entries with a fold and a base64 value each.
fn text() -> Vec<u8> {
    (0..1000)
        .flat_map(|n| {
            format!(
                "dn: CN=User {n},OU=Paris,DC=contoso,DC=com\nobjectClass: user\nmail: u{n}@contoso.com\n\
                 description: a line that is\n  folded\ndisplayName:: WsO2ZSBNw7xsbGVy\nmemberOf: CN=Staff,DC=contoso,DC=com\n\n"
            )
            .into_bytes()
        })
        .collect()
}

#[divan::bench]
fn lines(bencher: Bencher) {
    let text = text();
    bencher.counter(divan::counter::BytesCount::new(text.len())).bench(|| {
        ldif::records(&text)
            .filter_map(
                |block| if let ldif::Block::Record(raw) = block { Some(raw.lines().count()) } else { None },
            )
            .sum::<usize>()
    });
}

#[divan::bench]
fn values(bencher: Bencher) {
    let text = text();
    bencher.counter(divan::counter::BytesCount::new(text.len())).bench(|| {
        for block in ldif::records(&text) {
            if let ldif::Block::Record(raw) = block {
                raw.lines().for_each(|line| drop(black_box(line.value())));
            }
        }
    });
}

#[divan::bench(args = ["CN=Ann Doe,OU=Paris,DC=contoso,DC=com", "CN=Müller\\, Zoë, OU=Paris, DC=contoso,DC=com"])]
fn normal_dn(dn: &str) -> String {
    ldif::dn::normalize(black_box(dn)).map_or_else(|_| String::new(), std::borrow::Cow::into_owned)
}

#[divan::bench(args = [2, 8])]
fn rank(bencher: Bencher, pools: u16) {
    let pool = |n| Pool {
        label: String::new(),
        fqdn: String::new(),
        dn: String::new(),
        normalized: format!(
            "cn=lc services,cn=microsoft,cn=pool{n:02},cn=pools,cn=rtc service,dc=contoso,dc=com"
        ),
        capacity: 0,
        homed: 0,
        weight: 1,
        version: None,
    };
    let all: Vec<Pool> = (0..pools).map(pool).collect();
    let ids: Vec<PoolId> = (0..pools).map(PoolId).collect();
    bencher.bench(|| ranking(black_box("cn=ann doe,ou=paris,dc=contoso,dc=com"), &ids, &all));
}

#[divan::bench]
fn change_record(bencher: Bencher) {
    let profile = ldif::Profile::ldifde();
    bencher.bench(|| {
        let mut change = Change::default();
        change.set("msRTCSIP-UserEnabled", Matching::IgnoreCase, None, b"TRUE", Style::Guarded);
        change.set("msRTCSIP-OptionFlags", Matching::Exact, Some(b"16"), b"272", Style::Guarded);
        change.edit("proxyAddresses", vec![], vec![b"sip:ann@contoso.com".to_vec()]);
        let mut out = Vec::with_capacity(1024);
        change.apply(&mut out, &profile, "CN=Ann Doe,OU=Paris,DC=contoso,DC=com");
        change.undo(&mut out, &profile, "CN=Ann Doe,OU=Paris,DC=contoso,DC=com");
        out
    });
}
