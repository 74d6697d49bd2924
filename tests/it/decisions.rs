//! Decisions over all users at once, on generated forests: properties that hold for any input.

use std::collections::{BTreeMap, HashMap, HashSet};

use proptest::prelude::*;
use proptest::sample::select;

use crate::Work;

/// The closed list of SIP domains, and one that is not in it.
const DOMAINS: [&str; 3] = ["contoso.com", "fr.contoso.com", "other.test"];
/// A few names, one of which is another with a number, so that generated users often conflict.
const NAMES: [&str; 5] = ["ann", "Ann", "ann2", "bob", "ANN3"];

fn pool(number: usize) -> String {
    format!(
        "CN=LC Services,CN=Microsoft,CN=pool{number:02},CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com"
    )
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    User,
    Disabled,
    Contact,
    Group,
    Deleted,
    Conflict,
}

/// Mostly users.
const KINDS: [Kind; 12] = [
    Kind::User,
    Kind::User,
    Kind::User,
    Kind::User,
    Kind::User,
    Kind::User,
    Kind::User,
    Kind::Disabled,
    Kind::Contact,
    Kind::Group,
    Kind::Deleted,
    Kind::Conflict,
];

/// An object of a forest; addresses are pairs of name and domain.
#[derive(Clone, Debug)]
struct Thing {
    kind: Kind,
    mail: Option<(usize, usize)>,
    sip: Option<(usize, usize)>,
    proxy: Option<(bool, usize, usize)>,
    home: Option<usize>,
    department: usize,
}

fn address((name, domain): (usize, usize)) -> String {
    format!("{}@{}", NAMES[name], DOMAINS[domain])
}

impl Thing {
    fn dn(&self, number: usize) -> String {
        let guid = "84a5a3c0-77a1-4b4c-8e0e-0123456789ab";
        match self.kind {
            Kind::Deleted => format!("CN=Thing {number}\\0ADEL:{guid},CN=Deleted Objects,DC=contoso,DC=com"),
            Kind::Conflict => format!("CN=Thing {number}\\0ACNF:{guid},OU=All,DC=contoso,DC=com"),
            _ => format!("CN=Thing {number},OU=All,DC=contoso,DC=com"),
        }
    }

    /// Returns the addresses that block others, as SIP addresses and as mail.
    fn holds(&self) -> (Vec<String>, Vec<String>) {
        let lower = |at| address(at).to_lowercase();
        let proxy = |wanted| {
            self.proxy.filter(|(sip, ..)| *sip == wanted).map(|(_, name, domain)| lower((name, domain)))
        };
        let sip = self.sip.map(lower).into_iter().chain(proxy(true)).collect();
        (sip, self.mail.map(lower).into_iter().chain(proxy(false)).collect())
    }

    fn ldif(&self, number: usize) -> String {
        let class = match self.kind {
            Kind::Contact => "contact",
            Kind::Group => "group",
            _ => "user",
        };
        let account = match self.kind {
            Kind::Contact | Kind::Group => "",
            Kind::Disabled => "userAccountControl: 514\n",
            _ => "userAccountControl: 512\n",
        };
        let mut text = format!(
            "dn: {}\nobjectClass: top\nobjectClass: {class}\ninstanceType: 4\n{account}department: d{}\n",
            self.dn(number),
            self.department
        );
        let mut line = |name: &str, value: String| text += &format!("{name}: {value}\n");
        self.mail.into_iter().for_each(|mail| line("mail", address(mail)));
        self.sip
            .into_iter()
            .for_each(|sip| line("msRTCSIP-PrimaryUserAddress", format!("sip:{}", address(sip))));
        if let Some((sip, name, domain)) = self.proxy {
            line(
                "proxyAddresses",
                format!("{}:{}", if sip { "sip" } else { "smtp" }, address((name, domain))),
            );
        }
        self.home.into_iter().for_each(|home| line("msRTCSIP-PrimaryHomeServer", pool(home)));
        text + "\n"
    }
}

fn ldif(things: &[(usize, Thing)]) -> String {
    things.iter().map(|(number, thing)| thing.ldif(*number)).collect()
}

fn forest() -> impl Strategy<Value = Vec<(usize, Thing)>> {
    let at = || (0..NAMES.len(), 0..DOMAINS.len());
    let thing = (
        select(&KINDS[..]),
        prop::option::weighted(0.9, at()),
        prop::option::weighted(0.15, at()),
        prop::option::weighted(0.15, (any::<bool>(), 0..NAMES.len(), 0..DOMAINS.len())),
        prop::option::weighted(0.2, 0..3_usize),
        0..3_usize,
    );
    let thing = thing.prop_map(|(kind, mail, sip, proxy, home, department)| Thing {
        kind,
        mail,
        sip,
        proxy,
        home,
        department,
    });
    prop::collection::vec(thing, 1..24).prop_map(|things| things.into_iter().enumerate().collect())
}

/// The rules of a run.
#[derive(Clone, Debug)]
struct Rules {
    on_duplicate: &'static str,
    existing: &'static str,
    on_full: &'static str,
    /// 0 means no limit.
    capacities: Vec<u64>,
    together: bool,
}

impl Rules {
    fn toml(&self) -> String {
        let mut text = format!(
            "[sip]\ndomains = [\"contoso.com\", \"FR.contoso.com\"]\nexisting = \"{}\"\non_duplicate = \"{}\"\n\
             [safety]\n[assign]\non_full = \"{}\"\n",
            self.existing, self.on_duplicate, self.on_full
        );
        if self.together {
            text += "keep_together = \"department\"\n";
        }
        for (number, capacity) in self.capacities.iter().enumerate() {
            text += &format!(
                "[[pool]]\nlabel = \"pool{number:02}\"\ndn = \"{}\"\ncapacity = {capacity}\n",
                pool(number)
            );
        }
        text
    }
}

/// A row of the report, with its attributes by name.
type Row = HashMap<String, String>;

/// Returns the elements with this name in a report.
fn elements(report: &str, name: &str) -> Vec<Row> {
    let of_that_name = |line: &&str| line.trim_start().starts_with(&format!("<{name} "));
    let attributes = |line: &str| {
        let pairs = line.split("=\"").collect::<Vec<_>>();
        pairs
            .windows(2)
            .map(|pair| {
                let name = pair[0].rsplit(' ').next().unwrap().to_owned();
                (name, pair[1].split('"').next().unwrap().to_owned())
            })
            .collect()
    };
    report.lines().filter(of_that_name).map(attributes).collect()
}

struct Decided {
    rows: Vec<Row>,
    pools: Vec<Row>,
    summary: Row,
}

fn decide(things: &[(usize, Thing)], rules: &Rules) -> Decided {
    let work = Work::new();
    work.write("users.ldif", ldif(things)).write("userprep.toml", rules.toml());
    let ran = work.enable(&["users.ldif", "--dry-run", "--replace-many", "--threads", "1"]);
    assert!([0, 3, 4].contains(&ran.code), "{}", ran.stderr);
    let report = work.read("run1.plan/report.xml");
    let summary = elements(&report, "summary").remove(0);
    Decided { rows: elements(&report, "user"), pools: elements(&report, "pool"), summary }
}

impl Decided {
    /// Returns the outcome for every object, by DN.
    fn outcomes(&self) -> BTreeMap<String, [String; 4]> {
        let outcome = |row: &Row| {
            let of = |name: &str| row[name].clone();
            (of("dn"), [of("status"), of("code"), of("sipUri"), of("pool")])
        };
        self.rows.iter().map(outcome).collect()
    }

    fn pools_by_dn(&self) -> HashMap<&str, &str> {
        self.rows.iter().map(|row| (&*row["dn"], &*row["pool"])).collect()
    }
}

fn goes_on(row: &Row) -> bool {
    ["changed", "unchanged"].contains(&&*row["status"])
}

fn lower(uri: &str) -> String {
    uri.trim_start_matches("sip:").to_lowercase()
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn rules() -> impl Strategy<Value = Rules> {
    let some = (
        select(&["reject", "first", "number", "abort"][..]),
        select(&["keep", "replace"][..]),
        select(&["overflow", "reject", "abort"][..]),
        prop::collection::vec(select(&[0, 1, 2, 5, 50][..]), 1..4),
        any::<bool>(),
    );
    some.prop_map(|(on_duplicate, existing, on_full, capacities, together)| Rules {
        on_duplicate,
        existing,
        on_full,
        capacities,
        together,
    })
}

fn unlimited(on_duplicate: &'static str, pools: usize) -> Rules {
    Rules { on_duplicate, existing: "keep", on_full: "overflow", capacities: vec![0; pools], together: false }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn every_record_has_one_outcome_every_address_one_user_and_no_pool_too_many_users(things in forest(), rules in rules()) {
        let decided = decide(&things, &rules);
        let by_dn: HashMap<String, &Thing> = things.iter().map(|(number, thing)| (thing.dn(*number), thing)).collect();

        // Every record has exactly one outcome.
        let sum = |name: &str| decided.summary[name].parse::<usize>().unwrap();
        prop_assert_eq!(sum("read"), things.len());
        let rowless = sum("notSelected") + sum("others");
        let seqs: HashSet<&str> = decided.rows.iter().map(|row| &*row["seq"]).collect();
        prop_assert_eq!(seqs.len() + rowless, things.len());
        let others = things.iter().filter(|(_, thing)| matches!(thing.kind, Kind::Contact | Kind::Group | Kind::Deleted));
        prop_assert_eq!(others.count(), sum("others"));
        for status in ["changed", "unchanged", "skipped", "rejected"] {
            prop_assert_eq!(decided.rows.iter().filter(|row| row["status"] == status).count(), sum(status));
        }

        // A new address is in the list, unique, and not held by another object.
        let claims: HashMap<&str, String> = decided.rows.iter()
            .filter(|row| row["source"] == "mail")
            .map(|row| (&*row["dn"], address(by_dn[&row["dn"]].mail.unwrap()).to_lowercase()))
            .collect();
        let mut new = HashSet::new();
        for row in decided.rows.iter().filter(|row| goes_on(row) && row["source"] == "mail") {
            let given = lower(&row["sipUri"]);
            prop_assert!(new.insert(given.clone()), "{given} twice");
            let domain = given.rsplit_once('@').unwrap().1;
            prop_assert!(DOMAINS[..2].contains(&domain), "{given} is outside the list");
            for (number, other) in &things {
                let dn = other.dn(*number);
                if dn == row["dn"] || other.kind == Kind::Deleted {
                    continue;
                }
                let (sip, mail) = other.holds();
                prop_assert!(!sip.contains(&given), "{given} is the SIP address of {dn}");
                let claim = claims.get(&*dn);
                let rivals = claims[&*row["dn"]] == given && claim == Some(&given);
                prop_assert!(rivals || !mail.contains(&given), "{given} is mail of {dn}");
                prop_assert!(rivals || claim != Some(&given), "{given} is claimed by {dn}");
            }
        }
        // A kept address is the previous one.
        for row in decided.rows.iter().filter(|row| row["source"] == "existing") {
            prop_assert_eq!(&row["sipUri"], &row["previousSipUri"]);
            prop_assert!(row["code"] != "sip-duplicate");
        }

        // No pool exceeds its capacity.
        let mut added: HashMap<&str, u64> = HashMap::new();
        // A pool left over on a user without an address is replaced.
        let is_homed = |row: &Row| !row["previousPool"].is_empty() && !row["previousSipUri"].is_empty();
        for row in decided.rows.iter().filter(|row| goes_on(row) && !is_homed(row)) {
            *added.entry(&row["pool"]).or_default() += 1;
        }
        for pool in &decided.pools {
            let number = |name: &str| pool[name].parse::<u64>().unwrap();
            prop_assert_eq!(added.get(&*pool["label"]).copied().unwrap_or_default(), number("added"));
            prop_assert!(number("capacity") == 0 || number("added") == 0 || number("after") <= number("capacity"));
        }
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn the_order_of_the_input_decides_nothing(
        (things, shuffled) in forest().prop_flat_map(|things| (Just(things.clone()), Just(things).prop_shuffle())),
        on_duplicate in select(&["reject", "number"][..]),
        existing in select(&["keep", "replace"][..]),
    ) {
        let rules = Rules { existing, ..unlimited(on_duplicate, 3) };
        prop_assert_eq!(decide(&things, &rules).outcomes(), decide(&shuffled, &rules).outcomes());
    }

    #[test]
    fn whatever_the_order_holders_keep_what_they_have(
        (things, shuffled) in forest().prop_flat_map(|things| (Just(things.clone()), Just(things).prop_shuffle())),
        rules in rules(),
    ) {
        let rules = Rules { existing: "keep", ..rules };
        let kept = |decided: &Decided| -> BTreeMap<String, String> {
            let rows = decided.rows.iter().filter(|row| row["source"] == "existing" && row["code"] != "pool-full");
            rows.map(|row| (row["dn"].clone(), row["sipUri"].clone())).collect()
        };
        let (one, other) = (decide(&things, &rules), decide(&shuffled, &rules));
        for (dn, uri) in kept(&one) {
            let row = other.rows.iter().find(|row| row["dn"] == dn).unwrap();
            prop_assert_eq!(&row["sipUri"], &uri);
        }
    }

    #[test]
    fn a_new_pool_or_user_moves_users_only_to_the_new_pool(things in forest(), pools in 1..4_usize) {
        let rules = unlimited("number", pools);
        let before = decide(&things, &rules);
        let wider = decide(&things, &unlimited("number", pools + 1));
        let new = format!("pool{pools:02}");
        let (here, there) = (before.pools_by_dn(), wider.pools_by_dn());
        for (dn, pool) in &here {
            prop_assert!(there[dn] == *pool || there[dn] == new, "{dn}: {pool} to {}", there[dn]);
        }
        let one = Thing { kind: Kind::User, mail: Some((3, 0)), sip: None, proxy: None, home: None, department: 0 };
        let more: Vec<(usize, Thing)> = std::iter::once((99, one)).chain(things).collect();
        let joined = decide(&more, &rules);
        let there = joined.pools_by_dn();
        for (dn, pool) in &here {
            prop_assert_eq!(there[dn], *pool);
        }
    }
}

/// Tests 20,000 users; nine in ten share an address with thousands of others.
#[test]
fn thousands_of_namesakes_are_each_decided() {
    const USERS: usize = 20_000;
    const SHARED: usize = 9;
    let thing = |number: usize| {
        let mail =
            if number % 10 < SHARED { format!("name{}", number % 10) } else { format!("single{number}") };
        crate::user(&format!("User {number:05}"), &format!("mail: {mail}@contoso.com\n"))
    };
    let users: String = (0..USERS).map(thing).collect();
    for (policy, granted, refused) in [("reject", 2_000, 18_000), ("number", 20_000, 0)] {
        let work = Work::new();
        let rules = unlimited("POLICY", 2).toml().replace("POLICY", policy);
        work.write("users.ldif", &users).write("userprep.toml", rules);
        let ran = work.enable(&["users.ldif", "--dry-run"]);
        assert_eq!(ran.code, if refused == 0 { 0 } else { 3 }, "{}", ran.stderr);
        assert!(ran.stderr.lines().count() < 200, "the terminal shows the first of each code");
        let report = work.read("run1.plan/report.xml");
        let rows = elements(&report, "user");
        let given: Vec<String> = rows
            .iter()
            .filter(|row| row["status"] == "changed")
            .map(|row| row["sipUri"].to_lowercase())
            .collect();
        assert_eq!((given.len(), USERS - given.len()), (granted, refused), "{policy}");
        assert_eq!(given.iter().collect::<HashSet<_>>().len(), granted, "{policy}: an address for each");
        // All claimants are listed by the first few: a report of every claimant for every claimant would have
        // gigabytes.
        assert!(report.len() < USERS * 4_000, "{policy}: {} bytes", report.len());
        if policy == "number" {
            let last = rows.iter().find(|row| row["dn"].starts_with("CN=User 19990,")).unwrap();
            assert_eq!(last["sipUri"], "sip:name02000@contoso.com", "by DN: the first bare, the last 2000");
        }
    }
}

#[test]
fn a_replication_conflict_is_known_in_both_spellings() {
    let work = Work::new();
    let users: String = ["Ann", "Ann\\0ACNF:84a5", "Ann\\0CNF:84a6"]
        .iter()
        .map(|name| crate::user(name, &format!("mail: {}@contoso.com\n", name.len())))
        .collect();
    work.write("users.ldif", users);
    assert_eq!(work.enable(&["users.ldif", "--pool", &pool(1)]).code, 3);
    let rows = elements(&work.read("run1/report.xml"), "user");
    let codes: Vec<&str> = rows.iter().map(|row| &*row["code"]).collect();
    assert_eq!(codes, ["", "replication-conflict", "replication-conflict"]);
}

#[test]
fn an_address_that_gets_its_own_number_again_is_not_replaced() {
    let work = Work::new();
    work.write("userprep.toml", "[sip]\nexisting = \"replace\"\non_duplicate = \"number\"\n");
    let has = "msRTCSIP-PrimaryUserAddress: sip:ann2@contoso.com\nproxyAddresses: sip:ann2@contoso.com\n";
    let users = crate::user("Ann 1", "mail: ann@contoso.com\n")
        + &crate::user("Ann 2", &format!("mail: ann@contoso.com\n{has}"));
    work.write("users.ldif", users);
    let ran = work.enable(&["users.ldif", "--pool", &pool(1)]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let rows = elements(&work.read("run1/report.xml"), "user");
    assert_eq!(
        rows.iter().map(|row| &*row["sipUri"]).collect::<Vec<_>>(),
        ["sip:ann@contoso.com", "sip:ann2@contoso.com"]
    );
}
