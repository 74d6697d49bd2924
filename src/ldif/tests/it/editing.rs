//! Editing and formatting of records; the difference of two entries, and the application of a change.

use ldif::{
    Attribute, Content, Modification, Profile, Record, Rename, ResultCode, Writer, apply, diff, undo,
};
use proptest::prelude::*;

fn ann() -> Record {
    "dn: cn=Ann,dc=contoso,dc=com\ncn: Ann\nmail: a@x\nmail: b@x\nage: 41\n".parse().expect("a record")
}

#[test]
fn an_entry_is_edited_by_names_in_any_case() {
    let mut ann = ann();
    assert_eq!(
        (ann.text("CN"), ann.get("mail"), ann.values("MAIL").len()),
        (Some("Ann"), Some(&b"a@x"[..]), 2)
    );
    assert!(ann.has("mail", "b@x") && !ann.has("mail", "B@x"));

    assert!(ann.add("Mail", "c@x") && !ann.add("mail", "c@x"));
    assert!(ann.remove_value("mail", "a@x") && !ann.remove_value("mail", "a@x"));
    assert_eq!(ann.values("mail"), [b"b@x", b"c@x"]);

    assert!(ann.set("SN", ["Doe"]) && ann.set("sn", ["Roe"]));
    assert_eq!(ann.attributes().last(), Some(&Attribute::new("SN", ["Roe"])));
    assert!(ann.set("sn", [""; 0]) && ann.values("sn").is_empty());

    assert!(ann.remove("AGE") && !ann.remove("age"));
    ann.values_mut("mail").unwrap().clear();
    assert!(ann.values_mut("age").is_none());

    assert!(ann.remove_value("cn", "Ann") && ann.attributes().iter().all(|a| a.name != "cn"));
}

#[test]
fn a_modification_accepts_edits_and_other_changes_do_not() {
    let mut change = Record::modifying("cn=Ann", []);
    assert!(change.is_empty());
    assert!(change.set("sn", ["Doe"]) && change.add("mail", "a@x"));
    assert!(change.remove_value("mail", "b@x") && change.remove("age"));
    let expected = [
        Modification::replace("sn", ["Doe"]),
        Modification::add("mail", ["a@x"]),
        Modification::delete("mail", ["b@x"]),
        Modification::delete_all("age"),
    ];
    assert_eq!(change, Record::modifying("cn=Ann", expected));
    assert!(!change.is_empty());

    for mut change in [Record::deleting("cn=a"), Record::renaming("cn=a", "cn=b")] {
        let before = change.clone();
        assert!(!change.set("sn", ["x"]) && !change.add("sn", "x") && !change.remove("sn"));
        assert!(!change.remove_value("sn", "x") && change.attributes().is_empty());
        assert_eq!(change, before);
    }
}

#[test]
fn a_record_is_displayed_as_it_is_written() {
    let mut record = Record::modifying("cn=Zoé,dc=x", [Modification::increment("age", -1)]);
    record.controls.push(ldif::Control { oid: "1.2.3".into(), criticality: Some(true), value: None });
    let text =
        "dn:: Y249Wm/DqSxkYz14\ncontrol: 1.2.3 true\nchangetype: modify\nincrement: age\nage: -1\n-\n\n";
    assert_eq!(record.to_string(), text);
    assert_eq!(text.parse::<Record>().unwrap(), record);
    let rename = Rename { new_rdn: "cn=b".into(), delete_old: false, new_superior: Some("dc=y".into()) };
    let moved = Record::new("cn=a,dc=x", Content::Rename(rename));
    let text = "dn: cn=a,dc=x\nchangetype: modrdn\nnewrdn: cn=b\ndeleteoldrdn: 0\nnewsuperior: dc=y\n\n";
    assert_eq!(moved.to_string(), text);
}

#[test]
fn unwritable_records_are_displayed_on_lines_of_their_own() {
    let mut record = Record::entry("cn=a\ndn: cn=b");
    record.set("cn: x\ndn", ["y\nz"]);
    record.set("#", ["x"]);
    assert_eq!(record.to_string(), "dn:: Y249YQpkbjogY249Yg==\ncn? x\\ndn:: eQp6\n?: x\n\n");
    assert!(Writer::new(Vec::new(), Profile::ldap()).write(&record).is_err());
}

#[test]
fn a_change_applies_or_fails_like_on_a_server() {
    use Modification as M;
    let replaced = |name: &str, values: &[&str]| {
        let mut entry = ann();
        entry.set(name, values.iter().copied());
        Ok(entry)
    };
    for (modification, expected) in [
        (M::add("sn", ["Doe"]), replaced("sn", &["Doe"])),
        (M::add("MAIL", ["c@x"]), replaced("mail", &["a@x", "b@x", "c@x"])),
        (M::add("mail", ["b@x"]), Err("attributeOrValueExists (20): mail")),
        (M::delete("mail", ["a@x"]), replaced("mail", &["b@x"])),
        (M::delete("mail", ["a@x", "b@x"]), replaced("mail", &[])),
        (M::delete("mail", ["c@x"]), Err("noSuchAttribute (16): mail")),
        (M::delete_all("mail"), replaced("mail", &[])),
        (M::delete_all("sn"), Err("noSuchAttribute (16): sn")),
        (M::delete("sn", ["x"]), Err("noSuchAttribute (16): sn")),
        (M::replace("mail", ["c@x"]), replaced("mail", &["c@x"])),
        (M::replace("mail", [""; 0]), replaced("mail", &[])),
        (M::replace("sn", [""; 0]), Ok(ann())),
        (M::increment("age", 1), replaced("age", &["42"])),
        (M::increment("age", -42), replaced("age", &["-1"])),
        (M::increment("age", i64::MAX), Err("constraintViolation (19): age")),
        (M::increment("mail", 1), Err("constraintViolation (19): mail")),
        (M::increment("sn", 1), Err("noSuchAttribute (16): sn")),
        (M::new(ldif::Operation::Increment, "age", ["1", "2"]), Err("protocolError (2): age")),
        (M::delete_all("cn"), Err("notAllowedOnRDN (67): cn")),
        (M::replace("cn", ["ANN", "Annie"]), replaced("cn", &["ANN", "Annie"])),
    ] {
        let change = Record::modifying("CN=ann, DC=contoso,DC=com", [modification]);
        let result = apply(&change, Some(&ann())).map(|after| after.expect("it is modified"));
        assert_eq!(result.map_err(|error| error.to_string()), expected.map_err(str::to_owned), "{change}");
    }
}

#[test]
fn entries_are_added_and_deleted() {
    let add = Record::adding("cn=Ann,dc=contoso,dc=com", ann().attributes());
    assert_eq!(apply(&add, None), Ok(Some(ann())));
    assert_eq!(apply(&add, Some(&ann())).unwrap_err().code(), ResultCode::EntryAlreadyExists);
    let delete = Record::deleting("cn=Ann,dc=contoso,dc=com");
    assert_eq!(apply(&delete, Some(&ann())), Ok(None));
    let error = apply(&delete, None).unwrap_err();
    assert_eq!((error.code(), error.subject()), (ResultCode::NoSuchObject, "cn=Ann,dc=contoso,dc=com"));
    assert_eq!(
        apply(&Record::deleting("cn=Bob"), Some(&ann())).unwrap_err().code(),
        ResultCode::NoSuchObject
    );
    assert_eq!(undo(&add, None), Ok(delete.clone()));
    assert_eq!(undo(&delete, Some(&ann())), Ok(add));
}

#[test]
fn a_rename_changes_dn_and_values_and_is_undone() {
    let parent = Some("ou=b,dc=contoso,dc=com");
    for (new_rdn, delete_old, new_superior, dn, names) in [
        ("cn=Bea", true, None, "cn=Bea,dc=contoso,dc=com", &["Bea"][..]),
        ("cn=Bea", false, None, "cn=Bea,dc=contoso,dc=com", &["Ann", "Bea"]),
        ("cn=ANN", true, None, "cn=ANN,dc=contoso,dc=com", &["ANN"]),
        ("cn=Ann", true, parent, "cn=Ann,ou=b,dc=contoso,dc=com", &["Ann"]),
        ("mail=a@x", false, parent, "mail=a@x,ou=b,dc=contoso,dc=com", &["Ann"]),
        ("mail=a@x", true, None, "mail=a@x,dc=contoso,dc=com", &[]),
    ] {
        let rename =
            Rename { new_rdn: new_rdn.into(), delete_old, new_superior: new_superior.map(str::to_owned) };
        let change = Record::new(ann().dn, Content::Rename(rename));
        let after = apply(&change, Some(&ann())).unwrap().unwrap();
        assert_eq!(
            (&*after.dn, after.values("cn")),
            (dn, &names.iter().map(|n| n.as_bytes().to_vec()).collect::<Vec<_>>()[..])
        );
        let back = undo(&change, Some(&ann())).unwrap();
        let again = apply(&back, Some(&after)).unwrap().unwrap();
        assert_eq!(again.dn, ann().dn, "{back}");
        assert!(diff(&again, &ann()).is_empty(), "{change}{back}{again}");
    }
    let error = apply(&Record::renaming(ann().dn, "cn=a,dc=b"), Some(&ann())).unwrap_err();
    assert_eq!(error.code(), ResultCode::InvalidDnSyntax);
    let half_there = Record::renaming(ann().dn, "mail=a@x+sn=Doe");
    assert_eq!(undo(&half_there, Some(&ann())).unwrap_err().code(), ResultCode::Other);
}

#[test]
fn an_undo_keeps_what_was_there_before() {
    let change = Record::modifying(ann().dn, [Modification::replace("mail", ["b@x", "c@x"])]);
    let back = undo(&change, Some(&ann())).unwrap();
    let expected = [Modification::delete("mail", ["c@x"]), Modification::add("mail", ["a@x"])];
    assert_eq!(back, Record::modifying(ann().dn, expected));
}

#[test]
fn a_version_is_written_once_and_empty_values_if_asked_for() {
    let mut empty = Record::entry("cn=a");
    empty.set("description", [""]);
    let mut writer = Writer::new(Vec::new(), Profile::ldap());
    assert_eq!(writer.write(&empty).unwrap_err().to_string(), "an empty value cannot be written");
    let mut writer = Writer::new(Vec::new(), Profile::rfc2849());
    assert!(writer.write(&Record::entry("cn=a")).is_err(), "the version is still to be written");
    writer.comment("two").unwrap();
    writer.write(&empty).unwrap();
    writer.write(&empty).unwrap();
    let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    assert_eq!(text, "version: 1\n\n# two\ndn: cn=a\ndescription: \n\ndn: cn=a\ndescription: \n\n");
}

fn entry() -> impl Strategy<Value = Record> {
    let values = prop::collection::btree_set("[a-d]{0,2}", 1..4);
    let attributes = prop::collection::btree_map("(sn|SN|mail|member;x|cn)", values, 0..5);
    attributes.prop_map(|attributes| {
        let mut record = Record::entry("cn=a,dc=x");
        for (name, values) in attributes {
            for value in values {
                record.add(&name, value);
            }
        }
        record
    })
}

proptest! {
    #[test]
    fn differences_are_applied_and_undone(before in entry(), after in entry()) {
        let change = diff(&before, &after);
        let keeps_name = !before.has("cn", "a") || after.has("cn", "a");
        match apply(&change, Some(&before)) {
            Ok(Some(made)) => {
                prop_assert!(keeps_name);
                prop_assert!(diff(&made, &after).is_empty() && diff(&after, &made).is_empty());
                let back = undo(&change, Some(&before)).unwrap();
                prop_assert_eq!(&back, &diff(&made, &before));
                if let Ok(Some(again)) = apply(&back, Some(&made)) {
                    prop_assert!(diff(&again, &before).is_empty() && diff(&before, &again).is_empty());
                } else {
                    prop_assert!(made.has("cn", "a") && !before.has("cn", "a"));
                }
            }
            Ok(None) => prop_assert!(false),
            Err(error) => prop_assert!(!keeps_name && error.code() == ResultCode::NotAllowedOnRdn),
        }
        prop_assert_eq!(change.is_empty(), diff(&after, &before).is_empty());
        prop_assert_eq!(change.clone(), if change.is_empty() { change } else { change.to_string().parse().unwrap() });
    }

    #[test]
    fn a_displayed_record_reads_back_the_same(record in crate::property::record()) {
        prop_assert_eq!(record.to_string().parse::<Record>().unwrap(), record);
    }
}
