//! Benchmarks of the hot path, part by part.

use divan::{Bencher, black_box};
use userprep::change::{Change, Matching, Renderer, Step, Style};
use userprep::fingerprint::Fingerprint;
use userprep::language::Language;
use userprep::output::html::table::Room;
use userprep::output::spool::SpoolPart;
use userprep::pool::{Pool, PoolId, ranking};
use userprep::report::{Row, Status, Totals};
use userprep::sip::claims::{ClaimRole, Owners, Register};

fn main() {
    divan::main();
}

/// Returns a thousand entries, each with a fold and a base64 value.
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
        ldif::blocks(&text)
            .filter_map(
                |block| if let ldif::Block::Record(raw) = block { Some(raw.lines().count()) } else { None },
            )
            .sum::<usize>()
    });
}

/// The same lines read as `enable` does, which finds the end of a record and its lines in one go.
#[divan::bench]
fn lines_by_cursor(bencher: Bencher) {
    let text = text();
    bencher.counter(divan::counter::BytesCount::new(text.len())).bench(|| {
        let mut cursor = ldif::Cursor::new(&text);
        let mut lines = 0;
        while cursor.next_block().is_some() {
            while let Some(line) = cursor.next_line() {
                black_box(line);
                lines += 1;
            }
        }
        lines
    });
}

/// A folded value, and one in base64.
#[divan::bench(args = ["description: a line that is\n  folded\n  twice\n", "displayName:: WsO2ZSBNw7xsbGVy\n"])]
fn value(bencher: Bencher, line: &str) {
    let text = format!("dn: CN=a\n{line}");
    let line = ldif::blocks(text.as_bytes()).find_map(|block| match block {
        ldif::Block::Record(raw) => raw.lines().nth(1),
        _ => None,
    });
    bencher.bench(|| line.map(|line| black_box(line).value().map(|value| value.len())));
}

/// A thousand users, every tenth with a shared address: their claims are collected, sorted and resolved.
#[divan::bench]
fn claims(bencher: Bencher) {
    let addresses: Vec<Fingerprint> =
        (0..1000).map(|n| Fingerprint::of(format!("u{}@contoso.com", n - n % 10 / 9).as_bytes())).collect();
    bencher.bench(|| {
        let mut register = Register::default();
        for (record, address) in (0..).zip(&addresses) {
            register.note(*address, record, ClaimRole::CLAIMS);
        }
        register.settle();
        register.contests(Owners { object: &|record| record, is_active: &|_| true }).len()
    });
}

/// A row of report.xml and of users.csv.
#[divan::bench(args = ["Ann Doe", "Zoë <Müller>"])]
fn row(bencher: Bencher, name: &str) {
    let dn = format!("CN={name},OU=Paris,DC=contoso,DC=com");
    let row = Row {
        seq: 1,
        input: 1,
        line: 9,
        status: Status::Changed,
        code: "",
        sam: "ann",
        guid: "04030201-0605-0807-090a-0b0c0d0e0f10",
        dn: &dn,
        display_name: name,
        sip_uri: "sip:ann@contoso.com",
        previous_sip_uri: "",
        source: "mail",
        pool: "pool01",
        previous_pool: "",
        rule: "",
        file: "0001-apply.ldif",
        record: Some(1),
    };
    let page = Room::new(&Totals::default());
    let mut rows = SpoolPart::new(Language::En, &page, 1);
    bencher.bench_local(|| rows.row(black_box(&row)));
}

#[divan::bench]
fn values(bencher: Bencher) {
    let text = text();
    bencher.counter(divan::counter::BytesCount::new(text.len())).bench(|| {
        for block in ldif::blocks(&text) {
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
        normalized: format!(
            "cn=lc services,cn=microsoft,cn=pool{n:02},cn=pools,cn=rtc service,dc=contoso,dc=com"
        ),
        ..Pool::default()
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
        change.set(Step::set("msRTCSIP-UserEnabled", Matching::IgnoreCase, None, b"TRUE"), Style::Guarded);
        change.set(Step::set("msRTCSIP-OptionFlags", Matching::Exact, Some(b"16"), b"272"), Style::Guarded);
        change.edit("proxyAddresses", [], [b"sip:ann@contoso.com"[..].into()]);
        let (mut out, mut undo) = (Vec::with_capacity(1024), Vec::with_capacity(1024));
        Renderer::new(&profile).render(&change, "CN=Ann Doe,OU=Paris,DC=contoso,DC=com", &mut out, &mut undo);
        (out, undo)
    });
}
