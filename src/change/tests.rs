//! The text of changes and of their undo, and the state of entries before and after.

use ldif::Modification;

use super::*;

fn text(change: &Change<'_>) -> String {
    let (mut apply, mut undo) = (Vec::new(), Vec::new());
    Renderer::new(&Profile::ldap()).render(change, "CN=Ann,DC=contoso,DC=com", &mut apply, &mut undo);
    String::from_utf8([apply, undo].concat()).unwrap()
}

#[test]
fn a_guarded_change_names_the_old_value_both_ways() {
    let mut change = Change::default();
    change.set(Step::set("msRTCSIP-OptionFlags", Matching::Exact, Some(b"16"), &b"272"[..]), Style::Guarded);
    change.set(Step::set("msRTCSIP-UserEnabled", Matching::IgnoreCase, None, &b"TRUE"[..]), Style::Guarded);
    change
        .set(Step::set("msRTCSIP-ArchivingEnabled", Matching::Exact, Some(b"0"), &b"0"[..]), Style::Guarded);
    change.edit("proxyAddresses", [], [b"sip:ann@contoso.com"[..].into()]);
    insta::assert_snapshot!(text(&change), @r###"
    dn: CN=Ann,DC=contoso,DC=com
    changetype: modify
    delete: msRTCSIP-OptionFlags
    msRTCSIP-OptionFlags: 16
    -
    add: msRTCSIP-OptionFlags
    msRTCSIP-OptionFlags: 272
    -
    add: msRTCSIP-UserEnabled
    msRTCSIP-UserEnabled: TRUE
    -
    add: proxyAddresses
    proxyAddresses: sip:ann@contoso.com
    -

    dn: CN=Ann,DC=contoso,DC=com
    changetype: modify
    delete: msRTCSIP-OptionFlags
    msRTCSIP-OptionFlags: 272
    -
    add: msRTCSIP-OptionFlags
    msRTCSIP-OptionFlags: 16
    -
    delete: msRTCSIP-UserEnabled
    msRTCSIP-UserEnabled: TRUE
    -
    delete: proxyAddresses
    proxyAddresses: sip:ann@contoso.com
    -
    "###);
}

#[test]
fn a_repeatable_change_replaces() {
    let mut change = Change::default();
    change.set(Step::set("msRTCSIP-UserEnabled", Matching::IgnoreCase, None, &b"TRUE"[..]), Style::Replace);
    insta::assert_snapshot!(text(&change), @r###"
    dn: CN=Ann,DC=contoso,DC=com
    changetype: modify
    replace: msRTCSIP-UserEnabled
    msRTCSIP-UserEnabled: TRUE
    -

    dn: CN=Ann,DC=contoso,DC=com
    changetype: modify
    replace: msRTCSIP-UserEnabled
    -
    "###);
}

fn modifications(record: &[u8]) -> Vec<ModificationText<'static>> {
    let record: ldif::Record = std::str::from_utf8(record).unwrap().parse().unwrap();
    let ldif::Content::Modify(modifications) = record.content else { panic!("{record:?}") };
    let read = |Modification { operation, name, values, .. }| {
        let values = values.into_iter().map(|value| Some(value.into()));
        ModificationText::new(operation, name.into(), values).unwrap()
    };
    modifications.into_iter().map(read).collect()
}

/// Reads the change back from its two records.
fn read_back(change: &Change<'_>) -> Change<'static> {
    let (mut apply, mut undo) = (Vec::new(), Vec::new());
    Renderer::new(&Profile::ldifde()).render(change, "CN=Ann,DC=contoso,DC=com", &mut apply, &mut undo);
    Change::read(modifications(&apply), &modifications(&undo)).unwrap()
}

#[test]
fn a_change_is_read_back_from_its_records() {
    let mut change = Change::default();
    change.set(Step::set("msRTCSIP-OptionFlags", Matching::Exact, Some(b"16"), &b"272"[..]), Style::Guarded);
    change.set(
        Step::set("msRTCSIP-UserEnabled", Matching::IgnoreCase, Some(b"FALSE"), &b"TRUE"[..]),
        Style::Replace,
    );
    change.set(
        Step::set("msRTCSIP-PrimaryUserAddress", Matching::Exact, None, &b"sip:a@b.c"[..]),
        Style::Guarded,
    );
    change.set(Step::set_for_good("msRTCSIP-PrimaryHomeServer", b"CN=old", &b"CN=new"[..]), Style::Guarded);
    change.edit("proxyAddresses", [b"SIP:x"[..].into()], [b"sip:x"[..].into()]);
    assert_eq!(read_back(&change), change);
    let mut other = Change::default();
    other.set(Step::set("msRTCSIP-OptionFlags", Matching::Exact, Some(b"16"), &b"273"[..]), Style::Guarded);
    assert_ne!(read_back(&other).steps[0], read_back(&change).steps[0], "another value is another change");
    let undone = change.clone().inverse();
    assert_eq!(read_back(&undone), undone);
    let mut text = Vec::new();
    let mut inverted = Vec::new();
    Renderer::new(&Profile::ldap()).render(&change, "CN=Ann", &mut Vec::new(), &mut text);
    undone.apply(&mut inverted, &Profile::ldap(), "CN=Ann");
    assert_eq!(text, inverted);
}

#[test]
fn an_addition_joins_only_the_removal_of_its_own_attribute() {
    let (old, new) = (&b"sip:old@x"[..], &b"sip:new@x"[..]);
    for (first, second, steps) in [
        // removal and addition of one attribute are one step
        (("proxyAddresses", Some(old), None), ("proxyAddresses", None, Some(new)), 1),
        // those of two attributes are two steps
        (("proxyAddresses", Some(old), None), ("mail", None, Some(new)), 2),
        (("proxyAddresses", None, Some(old)), ("mail", None, Some(new)), 2),
        // a step that adds already takes no further values
        (("proxyAddresses", None, Some(old)), ("proxyAddresses", None, Some(new)), 2),
    ] {
        let mut change = Change::default();
        for (attribute, removed, added) in [first, second] {
            change.edit(attribute, removed.map(Cow::Borrowed), added.map(Cow::Borrowed));
        }
        let read = read_back(&change);
        assert_eq!(read.steps.len(), steps, "{first:?} {second:?}");
        let apply = |change: &Change<'_>| text(change).split("\n\n").next().unwrap().to_owned();
        assert_eq!(apply(&read), apply(&change), "{first:?} {second:?}");
    }
}

#[test]
fn an_entry_is_compared_as_the_directory_compares() {
    let check = |attribute, removed: &[&'static str], added: &[&'static str], found: &[&str], expect| {
        let octets = |value: &&'static str| Cow::Borrowed(value.as_bytes());
        let mut change = Change::default();
        change.edit(attribute, removed.iter().map(octets), added.iter().map(octets));
        let state = change.state(|_| found.iter().map(|value| value.as_bytes()).collect());
        assert_eq!(state, expect, "{attribute} {removed:?} {added:?} {found:?}");
    };
    use State::{Applied, Drifted, Missing};
    check("msRTCSIP-UserEnabled", &[], &["TRUE"], &["true"], Applied);
    check("msRTCSIP-UserEnabled", &[], &["TRUE"], &[], Missing);
    check("msRTCSIP-UserEnabled", &[], &["TRUE"], &["FALSE"], Drifted);
    check("msRTCSIP-OptionFlags", &["16"], &["272"], &["16"], Missing);
    check("msRTCSIP-OptionFlags", &["16"], &["272"], &["272"], Applied);
    check("msRTCSIP-OptionFlags", &["16"], &["272"], &["0272"], Drifted);
    check("msRTCSIP-OptionFlags", &["16"], &["272"], &[], Drifted);
    check("msRTCSIP-PrimaryHomeServer", &[], &["CN=p,DC=c"], &["cn=P, dc=C"], Applied);
    check("proxyAddresses", &[], &["sip:a"], &["SMTP:a", "SIP:A"], Applied);
    check("proxyAddresses", &[], &["sip:a"], &["SMTP:a"], Missing);
    check("proxyAddresses", &["sip:b"], &["sip:a"], &["sip:a", "sip:b"], Drifted);
    check("proxyAddresses", &["sip:b"], &["sip:a"], &["SMTP:x"], Drifted);
    check("proxyAddresses", &["sip:b"], &["sip:a"], &["SIP:A"], Applied);
    check("proxyAddresses", &["SIP:a"], &["sip:a"], &["SIP:a"], Missing);
    check("proxyAddresses", &["SIP:a"], &["sip:a"], &["sip:a"], Applied);
    check("proxyAddresses", &["sip:a"], &[], &["SMTP:x"], Applied);
    check("proxyAddresses", &["sip:a", "sip:b"], &[], &["sip:b"], Drifted);
    check("msRTCSIP-Line", &[], &["tel:k"], &["TEL:\u{212a}"], Applied);
    check("msRTCSIP-Line", &[], &["tel:\u{212a}"], &["tel:k"], Applied);
    check("msRTCSIP-Line", &[], &["é"], &["É"], Applied);
}

#[test]
fn a_deleted_object_is_named_by_its_guid() {
    const GUID: &str = "f33a0eaa-ea55-4845-bcae-022059925974";
    let deleted =
        format!("CN=LC Services\\0ADEL:{GUID},CN=Deleted Objects,CN=Configuration,DC=contoso,DC=com");
    let policies = [format!("B:8:00000001:{deleted}"), "B:8:00000002:CN=p,DC=contoso,DC=com".to_owned()];
    let octets: Vec<&[u8]> = policies.iter().map(|policy| policy.as_bytes()).collect();
    let mut change = Change::default();
    change.clear("msRTCSIP-PrimaryHomeServer", &[deleted.as_bytes()], false);
    let by_guid = "delete: msRTCSIP-PrimaryHomeServer\nmsRTCSIP-PrimaryHomeServer:: PEdVSUQ9";
    assert!(text(&change).contains(by_guid), "a DN alone is found by its GUID");
    let mut change = Change::default();
    change.set(
        Step::set_for_good("msRTCSIP-PrimaryHomeServer", deleted.as_bytes(), &b"CN=new"[..]),
        Style::Guarded,
    );
    change.clear("msRTCSIP-UserPolicy", &octets, false);
    change.clear("msRTCSIP-Line", &[], false);
    assert!(change.forgotten().next().is_some());
    // A value that begins with `<` is base64 in LDIF (RFC 2849, SAFE-INIT-CHAR).
    insta::assert_snapshot!(text(&change), @r###"
    dn: CN=Ann,DC=contoso,DC=com
    changetype: modify
    delete: msRTCSIP-PrimaryHomeServer
    msRTCSIP-PrimaryHomeServer:: PEdVSUQ9ZjMzYTBlYWEtZWE1NS00ODQ1LWJjYWUtMDIyMDU
     5OTI1OTc0Pg==
    -
    add: msRTCSIP-PrimaryHomeServer
    msRTCSIP-PrimaryHomeServer: CN=new
    -
    delete: msRTCSIP-UserPolicy
    -

    dn: CN=Ann,DC=contoso,DC=com
    changetype: modify
    delete: msRTCSIP-PrimaryHomeServer
    msRTCSIP-PrimaryHomeServer: CN=new
    -
    add: msRTCSIP-UserPolicy
    msRTCSIP-UserPolicy: B:8:00000002:CN=p,DC=contoso,DC=com
    -
    "###);
    let found = |name: &str| match name {
        "msRTCSIP-PrimaryHomeServer" => vec![deleted.as_bytes()],
        _ => octets.clone(),
    };
    let read = read_back(&change);
    assert_eq!(read.state(found), State::Missing);
    let assigned = |name: &str| [found(name), vec![b"B:8:00000004:CN=q,DC=contoso,DC=com"]].concat();
    assert_eq!(read.state(assigned), State::Drifted);
    let policies = |change: &Change<'_>, found: &[&[u8]]| {
        let policy = change.compare(|_| found.to_vec()).find(|one| one.attribute == "msRTCSIP-UserPolicy");
        policy.map(|policy| policy.state)
    };
    assert_eq!(policies(&read, &[]), Some(State::Applied));
    assert_eq!(policies(&read, &octets[1..]), Some(State::Missing), "the directory has tidied up");
    assert_eq!(policies(&read, &octets[..1]), Some(State::Drifted));
    assert_eq!(findable(octets[0]), octets[0], "octets and a DN keep the name");
    let lost = read.forgotten().map(|(attribute, _)| attribute);
    assert!(lost.eq(["msRTCSIP-PrimaryHomeServer", "msRTCSIP-UserPolicy"]));
    let gone: Vec<_> = read.differences().map(|(_, removed, _)| removed.len()).collect();
    assert_eq!(gone, [1, 1], "the file names those that come back");
}

#[test]
fn a_value_of_which_the_case_changes_is_applied_beside_a_new_one() {
    let mut change = Change::default();
    let octets =
        |values: &[&'static str]| values.iter().map(|value| value.as_bytes().into()).collect::<Vec<_>>();
    change.edit("proxyAddresses", octets(&["SIP:Ann@x"]), octets(&["sip:ann@x", "sip:new@x"]));
    for (found, expect) in [
        (&["sip:ann@x", "sip:new@x"][..], State::Applied),
        (&["SIP:Ann@x"], State::Missing),
        (&["sip:ann@x"], State::Drifted),
    ] {
        let state = change.state(|_| found.iter().map(|value| value.as_bytes()).collect());
        assert_eq!(state, expect, "{found:?}");
    }
}

#[test]
fn an_attribute_deleted_as_a_whole_is_missing_if_it_has_just_the_restored_values() {
    let deleted = "B:8:00000001:CN=x\\0ADEL:f33a0eaa-ea55-4845-bcae-022059925974,CN=Deleted Objects,DC=c";
    let (one, two, other) = ("B:8:00000002:CN=p,DC=c", "B:8:00000004:CN=q,DC=c", "B:8:00000008:CN=r,DC=c");
    let mut change = Change::default();
    change.clear("msRTCSIP-UserPolicy", &[deleted, one, two].map(str::as_bytes), false);
    let read = read_back(&change);
    for (found, expect) in [
        (&[][..], State::Applied),
        (&[deleted, one, two], State::Missing),
        (&[one, two], State::Missing),
        (&[deleted, one], State::Drifted),
        (&[two], State::Drifted),
        (&[one, two, other], State::Drifted),
        (&[other], State::Drifted),
        (&["B:8:00000001:cn=x\\0adel:f33a0eaa-ea55-4845-bcae-022059925974,dc=c", one, two], State::Missing),
    ] {
        let state = read.state(|_| found.iter().map(|value| value.as_bytes()).collect());
        assert_eq!(state, expect, "{found:?}");
    }
}

#[test]
fn values_of_deleted_objects_are_not_restored() {
    let mut change = Change::default();
    change.set(Step::set_for_good("msRTCSIP-PrimaryHomeServer", b"CN=old", &b"CN=new"[..]), Style::Guarded);
    assert!(change.forgotten().next().is_some());
    insta::assert_snapshot!(text(&change), @r###"
    dn: CN=Ann,DC=contoso,DC=com
    changetype: modify
    delete: msRTCSIP-PrimaryHomeServer
    msRTCSIP-PrimaryHomeServer: CN=old
    -
    add: msRTCSIP-PrimaryHomeServer
    msRTCSIP-PrimaryHomeServer: CN=new
    -

    dn: CN=Ann,DC=contoso,DC=com
    changetype: modify
    delete: msRTCSIP-PrimaryHomeServer
    msRTCSIP-PrimaryHomeServer: CN=new
    -
    "###);
}

#[test]
fn an_undo_omits_values_of_deleted_objects_and_empty_records() {
    let mut change = Change::default();
    let policies: [&[u8]; 3] = [b"B:8:00000001:CN=p", b"B:8:00000002:CN=q", b"B:8:00000004:CN=r"];
    change.clear("msRTCSIP-UserPolicy", &policies, false);
    assert!(change.forget(|_, value| value.ends_with(b"q")));
    assert_eq!(change.forgotten().collect::<Vec<_>>(), [("msRTCSIP-UserPolicy", vec![policies[1]])]);
    let undone = |change: &Change<'_>| {
        let (mut undo, profile) = (Vec::new(), Profile::ldap());
        let is_any = Renderer::new(&profile).render(change, "CN=Ann", &mut Vec::new(), &mut undo);
        (is_any, String::from_utf8(undo).unwrap())
    };
    let (is_any, undo) = undone(&change);
    assert!(
        is_any
            && undo.contains("CN=p\nmsRTCSIP-UserPolicy: B:8:00000004:CN=r\n-\n")
            && !undo.contains("CN=q"),
        "{undo}"
    );
    assert!(change.forget(|_, _| true) && !change.forget(|_, _| true));
    assert_eq!(undone(&change), (false, String::new()));
    assert!(change.inverse().is_empty());
    let mut same = Change::default();
    same.set(Step::set_for_good("msRTCSIP-PrimaryHomeServer", b"CN=p", &b"cn=P"[..]), Style::Guarded);
    same.clear("msRTCSIP-Line", &[], false);
    assert!(same.is_empty(), "nothing is lost where nothing is new, and nothing where nothing is");
}

#[test]
fn cached_text_equals_the_text_of_each_change_alone() {
    let mut changes = Vec::new();
    for n in 0..3 * 12 {
        let (address, number) = (format!("sip:u{n}@contoso.com"), (n % 5).to_string());
        let former = [None, Some(&b"16"[..]), Some(&b"17"[..])][n % 3];
        let style = if n % 2 == 0 { Style::Guarded } else { Style::Replace };
        let mut change = Change::default();
        change.set(Step::set("msRTCSIP-UserEnabled", Matching::IgnoreCase, None, &b"TRUE"[..]), style);
        change.set(Step::set("msRTCSIP-OptionFlags", Matching::Exact, former, number.into_bytes()), style);
        change.set(
            Step::set("msRTCSIP-PrimaryUserAddress", Matching::Exact, None, address.into_bytes()),
            style,
        );
        if n % 7 == 0 {
            change.set(Step::set_for_good("msRTCSIP-PrimaryHomeServer", b"CN=old", &b"CN=new"[..]), style);
        } else {
            change.set(
                Step::set("msRTCSIP-PrimaryHomeServer", Matching::Dn, Some(b"CN=old"), &b"CN=new"[..]),
                style,
            );
        }
        changes.push(change);
    }
    let profile = Profile::ldifde();
    let (mut together, mut alone) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    let mut renderer = Renderer::new(&profile);
    for change in &changes {
        let [apply, undo] = &mut together;
        renderer.render(change, "CN=Ann", apply, undo);
        let [apply, undo] = &mut alone;
        Renderer::new(&profile).render(change, "CN=Ann", apply, undo);
    }
    assert_eq!(together, alone);
}

#[test]
fn a_value_names_an_object_if_it_is_a_dn_or_a_dn_with_binary() {
    for (attribute, value, expect) in [
        ("msRTCSIP-PrimaryHomeServer", "CN=p,DC=c", Some("CN=p,DC=c")),
        ("msRTCSIP-UserPolicy", "B:8:00000001:CN=p,DC=c", Some("CN=p,DC=c")),
        ("msRTCSIP-Line", "tel:+33123456701", None),
    ] {
        assert_eq!(target(attribute, value.as_bytes()), expect, "{attribute}");
    }
}

#[test]
fn a_noted_change_is_read_back() {
    let gone = b"CN=pool09\\0ADEL:3f2504e0-4f89-11d3-9a0c-0305e82c3301,CN=Deleted Objects,DC=contoso,DC=com";
    let policy = [b"B:8:00000001:", &gone[..]].concat();
    let (mut change, mut note) = (Change::default(), Vec::new());
    assert_eq!(Change::of_note(&note), None);
    change.set(Step::set("msRTCSIP-OptionFlags", Matching::Exact, Some(b"16"), &b"272"[..]), Style::Guarded);
    change.set(Step::set("msRTCSIP-UserEnabled", Matching::IgnoreCase, None, &b"TRUE"[..]), Style::Replace);
    change.set(Step::set_for_good("msRTCSIP-PrimaryHomeServer", b"CN=old", &b""[..]), Style::Guarded);
    change.edit("proxyAddresses", [], [b"sip:a@x"[..].into(), b"sip:b@x"[..].into()]);
    change.clear("msRTCSIP-UserPolicy", &[b"B:8:00000001:CN=Voice", &policy], false);
    change.note(&mut note);
    assert_eq!(Change::of_note(&note), Some(change));
    assert_eq!(Change::of_note(&note[..note.len() - 1]), None, "cut");
}
