//! Tables of contests and their rulings.

use super::*;
use crate::sip::address::MAX_ADDRESS;

/// A record: its DN, its claim, its relations to addresses, and the user it stands for.
struct One(&'static str, &'static str, &'static [(&'static str, &'static [ClaimRole])], Option<StandsFor>);

const CLAIMS: &[ClaimRole] = &[ClaimRole::CLAIMS];
const SIP: &[ClaimRole] = &[ClaimRole::SIP];
const MAIL: &[ClaimRole] = &[ClaimRole::MAIL];
const KEEPS: &[ClaimRole] = &[ClaimRole::KEEPS, ClaimRole::SIP];
const OWN_MAIL: &[ClaimRole] = &[ClaimRole::CLAIMS, ClaimRole::MAIL];
const OWN_SIP: &[ClaimRole] = &[ClaimRole::CLAIMS, ClaimRole::SIP];

fn fingerprint(address: &str) -> Fingerprint {
    Fingerprint::of(address.to_lowercase().as_bytes())
}

/// The SID of the object with that DN.
fn account(dn: &str) -> Fingerprint {
    fingerprint(&format!("the SID of {dn}"))
}

fn by_mail(mail: &str) -> StandsFor {
    StandsFor { mail: Some(fingerprint(mail)), ..StandsFor::default() }
}

fn by_dn(dn: &str) -> StandsFor {
    StandsFor { dn: Some(fingerprint(dn)), ..StandsFor::default() }
}

fn by_sid(dn: &str) -> StandsFor {
    StandsFor { sid: Some(account(dn)), ..StandsFor::default() }
}

/// The ruling of each record in a word; `-` if there is none, so that a claimant gets its claim. Records in `out` claim
/// nothing.
fn rulings(policy: OnDuplicate, records: &[One], out: &[u32]) -> String {
    rulings_of(
        policy,
        records,
        Owners { object: &|record| record, is_active: &|record| !out.contains(&record) },
    )
}

fn rulings_of(policy: OnDuplicate, records: &[One], owners: Owners<'_>) -> String {
    let mut register = Register::default();
    let mut parties = Vec::new();
    for (One(dn, claim, held, stands_for), record) in records.iter().zip(0_u32..) {
        for (address, roles) in *held {
            let role = roles.iter().fold(ClaimRole::default(), |all, &role| all.with(role));
            register.note(fingerprint(address), record, role);
        }
        let mail = held.iter().filter(|(_, roles)| roles.contains(&ClaimRole::MAIL));
        parties.push(Party {
            dn: (*dn).into(),
            claim: (*claim).into(),
            person: Person {
                dn: fingerprint(dn),
                mail: mail.map(|(address, _)| fingerprint(address)).collect(),
                stands_for: *stands_for,
                // The mailbox and Communications Server may name the same account.
                accounts: [account(dn), account(dn)].into(),
            },
            ..Party::default()
        });
    }
    register.settle();
    let contests = &register.contests(owners)[..];
    let rulings =
        Ruler { register: &register, contests, policy, owners }.rule(|record: u32| &parties[record as usize]);
    let words = (0..records.len()).map(|record| {
        match rulings.get(&u32::try_from(record).unwrap()).map(|ruling| &ruling.kind) {
            None => "-".to_owned(),
            Some(RulingKind::Granted) => "granted".to_owned(),
            Some(RulingKind::Numbered(address)) => address.to_string(),
            Some(RulingKind::Refused) => "refused".to_owned(),
            Some(RulingKind::Twin) => "twin".to_owned(),
            Some(RulingKind::Lookalike) => "lookalike".to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(policy: OnDuplicate, records: &[One], expect: &str) {
    assert_eq!(rulings(policy, records, &[]), expect);
}

use OnDuplicate::{Abort, First, Number, Reject};

#[test]
fn two_new_users_compete_for_an_address() {
    let both = [One("CN=B", "a@x", &[("A@x", OWN_MAIL)], None), One("CN=A", "a@x", &[("a@x", CLAIMS)], None)];
    check(Reject, &both, "refused refused");
    check(Abort, &both, "refused refused");
    check(First, &both, "- refused");
    check(Number, &both, "a2@x -");
    assert_eq!(rulings(Reject, &both, &[1]), "- -", "a user who is out claims nothing");
}

#[test]
fn a_holder_never_loses_to_a_new_user() {
    for held in [SIP, MAIL, KEEPS] {
        let held = if held == SIP {
            &[("a@x", SIP)]
        } else if held == MAIL {
            &[("a@x", MAIL)]
        } else {
            &[("a@x", KEEPS)]
        };
        let all = [One("CN=New", "a@x", &[("a@x", OWN_MAIL)], None), One("CN=Old", "", held, None)];
        let twin = if held[0].1 == KEEPS { "twin" } else { "-" };
        check(Reject, &all, &format!("refused {twin}"));
        check(First, &all, &format!("refused {twin}"));
        check(Number, &all, &format!("a2@x {twin}"));
        assert_eq!(rulings(Reject, &all, &[1]), "refused -", "a user who is out still holds");
    }
}

#[test]
fn an_address_of_a_claimant_blocks_others_only_as_a_sip_address() {
    let has_sip =
        [One("CN=New", "a@x", &[("a@x", OWN_MAIL)], None), One("CN=Has", "a@x", &[("a@x", OWN_SIP)], None)];
    check(Reject, &has_sip, "refused -");
    check(Number, &has_sip, "a2@x -");
    let both = [One("CN=A", "a@x", &[("a@x", OWN_SIP)], None), One("CN=B", "a@x", &[("a@x", OWN_SIP)], None)];
    check(Reject, &both, "refused refused");
    check(Number, &both, "a2@x a3@x");
}

#[test]
fn a_contact_that_stands_for_the_user_blocks_only_others() {
    let contact = || One("CN=Contact", "", &[("a@x", MAIL)], Some(by_mail("a@x")));
    let user = || One("CN=User", "a@x", &[("a@x", OWN_MAIL)], None);
    let other = || One("CN=Other", "a@x", &[("a@x", CLAIMS)], None);
    check(Reject, &[user(), contact()], "granted -");
    check(Reject, &[other(), contact()], "refused -");
    check(Reject, &[user(), contact(), other()], "granted - refused");
    let keeper = One("CN=Keeper", "", &[("a@x", &[ClaimRole::KEEPS, ClaimRole::SIP, ClaimRole::MAIL])], None);
    check(Reject, &[keeper, contact()], "granted -");
    let keeper = || One("CN=Keeper", "", &[("a@x", KEEPS)], None);
    check(Reject, &[keeper(), other()], "- refused");
    let keeper = One("CN=Keeper", "", &[("a@x", &[ClaimRole::KEEPS, ClaimRole::SIP, ClaimRole::MAIL])], None);
    let has = One("CN=Has", "", &[("a@x", SIP)], None);
    check(Reject, &[keeper, contact(), has], "twin - -");
    // A lookalike alone is no contest.
    check(Reject, &[One("CN=B", "", &[("a@x", &[ClaimRole::LOOKS_ALIKE, ClaimRole::KEEPS])], None)], "-");
}

#[test]
fn a_stand_in_is_known_by_dn_mail_or_account() {
    let contact = |stands_for| One("CN=Contact", "", &[("a@x", MAIL)], Some(stands_for));
    let user = || One("CN=User", "a@x", &[("a@x", OWN_MAIL), ("b@x", MAIL), ("a@x", MAIL)], None);
    let has = || One("CN=Has", "", &[("a@x", SIP)], None);
    let both = StandsFor { dn: by_dn("CN=User").dn, ..by_mail("a@x") };
    for (stands_for, expect) in [
        (by_dn("CN=User"), "granted -"),
        (by_dn("CN=Other"), "refused -"),
        (by_mail("a@x"), "granted -"),
        (by_mail("c@x"), "refused -"),
        (by_sid("CN=User"), "granted -"),
        (by_sid("CN=Other"), "refused -"),
        (both, "granted -"),
    ] {
        check(Reject, &[user(), contact(stands_for)], expect);
        // One object stands for the user once, however it refers to them, so the other holder blocks.
        check(Reject, &[user(), contact(stands_for), has()], "refused - -");
    }
}

#[test]
fn a_user_is_no_stand_in_for_themselves() {
    const HAS_ALL: &[ClaimRole] = &[ClaimRole::CLAIMS, ClaimRole::SIP, ClaimRole::MAIL];
    let own = |stands_for| One("CN=Own", "a@x", &[("a@x", HAS_ALL)], Some(stands_for));
    let has = || One("CN=Has", "", &[("a@x", SIP)], None);
    for stands_for in [by_dn("CN=Own"), by_mail("a@x"), by_sid("CN=Own")] {
        check(Reject, &[own(stands_for), has()], "refused -");
        let claims = One("CN=Own", "a@x", &[("a@x", CLAIMS), ("b@x", MAIL)], Some(stands_for));
        check(Reject, &[claims, has()], "refused -");
    }
    // A user who stands for somebody else may have a contact.
    let contact = || One("CN=Contact", "", &[("a@x", MAIL)], Some(by_dn("CN=Own")));
    for stands_for in [by_dn("CN=Else"), by_mail("b@x"), by_sid("CN=Else")] {
        check(Reject, &[own(stands_for), contact()], "granted -");
    }
}

#[test]
fn a_skipped_number_is_given_to_the_user_who_has_it() {
    let claims = |dn| One(dn, "a@x", &[("a@x", CLAIMS)], None);
    let has = || One("CN=3", "a@x", &[("a@x", CLAIMS), ("a2@x", MAIL)], None);
    check(Number, &[claims("CN=1"), claims("CN=2"), has()], "- a3@x a2@x");
    let held = One("CN=Held", "", &[("a2@x", SIP)], None);
    check(Number, &[claims("CN=1"), claims("CN=2"), has(), held], "- a3@x a4@x -");
    let alike: &[ClaimRole] = &[ClaimRole::LOOKS_ALIKE, ClaimRole::SIP];
    let alike: &'static [(&str, &[ClaimRole])] = vec![("a2@x", alike)].leak();
    check(Number, &[claims("CN=1"), claims("CN=2"), One("CN=B", "", alike, None)], "- a2@x -");
}

#[test]
fn a_number_is_given_once_even_if_two_addresses_lead_to_it() {
    let claims = |dn, claim: &'static str| {
        let held: &'static [(&str, &[ClaimRole])] = vec![(claim, CLAIMS)].leak();
        One(dn, claim, held, None)
    };
    let held = (2..12).map(|number| (&*format!("a{number}@x").leak(), SIP)).collect::<Vec<_>>().leak();
    let all = [
        claims("CN=A1", "a@x"),
        claims("CN=A2", "a@x"),
        claims("CN=B1", "a1@x"),
        claims("CN=B2", "a1@x"),
        One("CN=C", "a@x", &[("a@x", CLAIMS), ("a12@x", MAIL)], None),
        claims("CN=D", "a1@x"),
        One("CN=Held", "", held, None),
    ];
    // The last two claimants are one object with a12, which is number 12 of a@x and number 2 of a1@x.
    let owners = Owners { object: &|record| if record == 5 { 4 } else { record }, is_active: &|_| true };
    assert_eq!(rulings_of(Number, &all, owners), "- a13@x - a14@x a12@x a15@x -");
}

#[test]
fn the_first_claim_wins_whichever_object_has_the_first_record() {
    let all = [
        One("CN=B", "", &[("a@x", MAIL)], None),
        One("CN=A", "a@x", &[("a@x", CLAIMS)], None),
        One("CN=B", "a@x", &[("a@x", CLAIMS)], None),
    ];
    let owners = Owners { object: &|record| if record == 2 { 0 } else { record }, is_active: &|_| true };
    assert_eq!(rulings_of(First, &all, owners), "- - refused");
}

#[test]
fn twins_are_reported_on_both_sides() {
    let keeps = |dn| One(dn, "", &[("a@x", KEEPS)], None);
    check(Reject, &[keeps("CN=A"), keeps("CN=B")], "twin twin");
    check(Reject, &[keeps("CN=A")], "-");
}

#[test]
fn a_lookalike_blocks_nobody() {
    const ALIKE: &[ClaimRole] = &[ClaimRole::LOOKS_ALIKE, ClaimRole::SIP];
    const ALIKE_KEPT: &[ClaimRole] = &[ClaimRole::LOOKS_ALIKE, ClaimRole::SIP, ClaimRole::KEEPS];
    let claims = || One("CN=A", "a@x", &[("a@x", CLAIMS)], None);
    let alike = || One("CN=B", "", &[("a@x", ALIKE)], None);
    check(Reject, &[claims(), alike()], "lookalike -");
    check(Reject, &[claims(), One("CN=B", "", &[("a@x", ALIKE_KEPT)], None)], "lookalike lookalike");
    check(Reject, &[One("CN=A", "a@x", &[("a@x", OWN_SIP), ("a@x", ALIKE)], None)], "-");
    check(Reject, &[claims(), alike(), One("CN=C", "", &[("a@x", MAIL)], None)], "refused - -");
}

#[test]
fn an_object_with_the_address_itself_is_no_lookalike_in_any_order_of_its_records() {
    let (alike, own) = (ClaimRole::LOOKS_ALIKE.with(ClaimRole::SIP), ClaimRole::SIP);
    for roles in [[alike, own], [own, alike]] {
        let mut register = Register::default();
        register.note(fingerprint("a@x"), 0, ClaimRole::CLAIMS);
        for (record, role) in (1..).zip(roles) {
            register.note(fingerprint("a@x"), record, role);
        }
        register.settle();
        let contests = register.contests(Owners { object: &|record| record.min(1), is_active: &|_| true });
        assert_eq!((contests[0].holders, contests[0].lookalikes.len()), (1, 0), "{roles:?}");
    }
}

#[test]
fn holders_of_an_address_contest_it_with_another_who_claims_or_keeps_it() {
    for (role, other, expect) in [
        (ClaimRole::MAIL, 1, 0),
        (ClaimRole::CLAIMS, 1, 1),
        (ClaimRole::KEEPS, 1, 1),
        (ClaimRole::CLAIMS, 0, 0),
    ] {
        let mut register = Register::default();
        register.note(fingerprint("a@x"), 0, role);
        register.note(fingerprint("a@x"), other, ClaimRole::MAIL);
        register.settle();
        let contests = register.contests(Owners { object: &|record| record, is_active: &|_| true });
        assert_eq!(contests.len(), expect, "{role:?} {other}");
    }
}

#[test]
fn a_holder_that_claims_the_address_too_is_found_whatever_the_order_of_its_records() {
    let mut register = Register::default();
    for (record, role) in
        [(0, ClaimRole::SIP), (1, ClaimRole::CLAIMS.with(ClaimRole::SIP)), (2, ClaimRole::CLAIMS)]
    {
        register.note(fingerprint("a@x"), record, role);
    }
    register.settle();
    // The third record is of the first one's object.
    let contests = register.contests(Owners { object: &|record| record % 2, is_active: &|_| true });
    let held: Vec<_> = (0..4).map(|record| contests[0].is_held_by(record)).collect();
    assert_eq!(held, [false, true, true, false]);
}

#[test]
fn many_users_and_contacts_on_one_address_are_not_compared_pairwise() {
    // 2 × 20,000 objects: pairwise comparison would take 400 million steps.
    let count = 20_000;
    let users = (0..count).map(|_| One("CN=User", "a@x", &[("a@x", OWN_MAIL)], None));
    let contacts = (0..count).map(|_| One("CN=Contact", "", &[("a@x", MAIL)], Some(by_mail("a@x"))));
    let all: Vec<One> = users.chain(contacts).collect();
    let rulings = rulings(Reject, &all, &[]);
    assert_eq!(rulings.matches("refused").count(), count);
}

#[test]
fn each_held_number_is_looked_up_once() {
    // To look up each held number for each claimant would take 200 million steps.
    let held = (2..20_002).map(|number| -> &'static [(&str, &[ClaimRole])] {
        vec![(&*format!("a{number}@x").leak(), SIP)].leak()
    });
    let holders = held.map(|held| One("CN=Holder", "", held, None));
    let claimants = (0..10_000).map(|_| One("CN=User", "a@x", &[("a@x", CLAIMS)], None));
    let all: Vec<One> = holders.chain(claimants).collect();
    let rulings = rulings(Number, &all, &[]);
    assert_eq!(rulings.matches('@').count(), 9_999);
    assert!(rulings.contains("a20002@x") && rulings.contains("a30000@x"), "the first free, and the last");
}

#[test]
fn numbers_are_given_by_dn_and_skip_held_and_claimed_ones() {
    let all = [
        One("CN=3", "a@x", &[("a@x", CLAIMS)], None),
        One("CN=1", "a@x", &[("a@x", CLAIMS)], None),
        One("CN=2", "a@x", &[("a@x", CLAIMS), ("a3@x", MAIL)], None),
        One("CN=Held", "", &[("a2@x", SIP)], None),
        One("CN=Claimed", "a4@x", &[("a4@x", CLAIMS)], None),
    ];
    // The third record has a3 as mail and may take it; a2 is held, a4 claimed.
    check(Number, &all, "a5@x - a3@x - -");
    assert_eq!(rulings(Number, &all, &[4]), "a4@x - a3@x - -", "a user who is out claims nothing");
    let long = format!("{}@{}x.test", "a".repeat(198), "b.".repeat(122));
    assert_eq!(long.len(), MAX_ADDRESS - 1);
    let long: &'static str = long.leak();
    let wide: &'static str = format!("a{long}").leak();
    for (claim, second) in [(long, format!("{}2@", "a".repeat(198))), (wide, "refused".to_owned())] {
        let held: &'static [(&str, &[ClaimRole])] = vec![(claim, CLAIMS)].leak();
        let two = [One("CN=1", claim, held, None), One("CN=2", claim, held, None)];
        assert!(rulings(Number, &two, &[]).starts_with(&format!("- {second}")), "454 characters with `sip:`");
    }
}
