//! The examples of RFC 2849 and other files, read as intended.

use ldif::{Content, Operation};
use ldif::{Profile, Record, Writer};

use crate::{check, values};

fn entry(records: &[Record], i: usize, name: &str) -> Vec<String> {
    records[i].values(name).iter().map(|value| String::from_utf8_lossy(value).into_owned()).collect()
}

#[test]
fn example_1_two_entries() {
    let records = check(include_str!("../fixtures/rfc2849-1.ldif"), 2, &[]);
    assert_eq!(records[0].dn, "cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com");
    assert_eq!(entry(&records, 0, "cn"), ["Barbara Jensen", "Barbara J Jensen", "Babs Jensen"]);
    assert_eq!(entry(&records, 1, "sn"), ["Jensen"]);
}

#[test]
fn example_2_a_folded_value() {
    let expected =
        "Babs is a big sailing fan, and travels extensively in search of perfect sailing conditions.";
    assert_eq!(values(include_str!("../fixtures/rfc2849-2.ldif"), "description"), [expected]);
}

#[test]
fn example_3_base64() {
    let expected = "What a careful reader you are!  This value is base-64-encoded because it has a control \
                    character in it (a CR).\r  By the way, you should really get out more.";
    assert_eq!(values(include_str!("../fixtures/rfc2849-3.ldif"), "description"), [expected]);
}

#[test]
fn example_4_utf8_and_language_tags() {
    let records = check(include_str!("../fixtures/rfc2849-4.ldif"), 2, &[]);
    assert_eq!(records[0].dn, "ou=営業部,o=Airius");
    assert_eq!(entry(&records, 0, "ou;lang-ja;phonetic"), ["えいぎょうぶ"]);
    assert_eq!(records[1].dn, "uid=rogasawara,ou=営業部,o=Airius");
    assert_eq!(entry(&records, 1, "cn"), ["小笠原 ロドニー"]);
    assert_eq!(entry(&records, 1, "title;lang-en"), ["Sales, Director"]);
}

#[test]
fn example_5_a_reference_to_a_file_is_not_followed() {
    check(include_str!("../fixtures/rfc2849-5.ldif"), 0, &["11:13 ldif-url!"]);
}

#[test]
fn example_6_changes() {
    let records = check(include_str!("../fixtures/rfc2849-6.ldif"), 5, &["12:13 ldif-url!"]);
    assert_eq!(records[0].content, Content::Delete);
    let Content::Rename(rename) = &records[2].content else { panic!("{records:?}") };
    assert_eq!(rename.new_rdn, "ou=Product Development Accountants");
    assert_eq!(rename.new_superior.as_deref(), Some("ou=Accounting, dc=airius, dc=com"));
    assert!(!rename.delete_old);
    let Content::Modify(modifications) = &records[3].content else { panic!("{records:?}") };
    let shape: Vec<_> = modifications.iter().map(|m| (m.operation, &*m.name, m.values.len())).collect();
    let expected = [
        (Operation::Add, "postaladdress", 1),
        (Operation::Delete, "description", 0),
        (Operation::Replace, "telephonenumber", 2),
        (Operation::Delete, "facsimiletelephonenumber", 1),
    ];
    assert_eq!(shape, expected);
}

#[test]
fn example_7_a_control() {
    let records = check(include_str!("../fixtures/rfc2849-7.ldif"), 1, &[]);
    assert_eq!(records[0].controls[0].oid, "1.2.840.113556.1.4.805");
    assert_eq!(records[0].controls[0].criticality, Some(true));
    assert_eq!(records[0].controls[0].value, None);
}

#[test]
fn a_canonical_file_is_written_unchanged() {
    let text = include_str!("../fixtures/canonical.ldif");
    for profile in [Profile::ldap(), Profile::ldifde()] {
        let text = match profile {
            p if p == Profile::ldap() => text.to_owned(),
            _ => text.replace('\n', "\r\n"),
        };
        let mut writer = Writer::new(Vec::new(), profile);
        for record in check(&text, 5, &[]) {
            writer.write(&record).unwrap();
        }
        assert_eq!(String::from_utf8(writer.into_inner().unwrap()).unwrap(), text);
    }
}

#[test]
fn names_of_deleted_objects_are_names() {
    let records = check(include_str!("../fixtures/mixed.ldif"), 3, &[]);
    let dn = ldif::Dn::parse(&records[2].dn).unwrap();
    assert!(dn.rdns()[0][0].value.starts_with(b"Ann Doe\nDEL:"));
    assert_eq!(records[2].values("member;range=0-1499").len(), 1);
}
