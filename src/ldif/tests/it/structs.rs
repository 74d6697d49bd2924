//! Conversion of entries to structs and back.

use std::collections::BTreeMap;

use ldif::{Profile, Reader, Record, Writer};
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct User {
    dn: String,
    cn: String,
    user_account_control: Option<u32>,
    is_deleted: Option<bool>,
    #[serde(default)]
    proxy_addresses: Vec<String>,
    state: Option<State>,
}

#[derive(Debug, PartialEq, Deserialize, Serialize)]
enum State {
    Open,
    Closed,
}

const ANN: &str = "dn: cn=Ann\ncn: Ann\nuserAccountControl: 512\nisDeleted: FALSE\nproxyAddresses: a\nproxyAddresses: b\nstate: Closed\n\n";

#[test]
fn an_entry_converts_to_a_struct_and_back() {
    let record: Record = ANN.parse().unwrap();
    let ann: User = record.deserialize().unwrap();
    let expected = User {
        dn: "cn=Ann".into(),
        cn: "Ann".into(),
        user_account_control: Some(512),
        is_deleted: Some(false),
        proxy_addresses: vec!["a".into(), "b".into()],
        state: Some(State::Closed),
    };
    assert_eq!(ann, expected);
    assert_eq!(Record::serialize(&ann).unwrap(), record);
}

#[test]
fn attributes_are_fields_in_any_case_and_others_are_ignored() {
    let ann: User = "dn: cn=Ann\nCN: Ann\nUSERACCOUNTCONTROL: 1\nsn: Doe\nsn: Roe\n"
        .parse::<Record>()
        .unwrap()
        .deserialize()
        .unwrap();
    assert_eq!((&*ann.cn, ann.user_account_control, ann.proxy_addresses.len()), ("Ann", Some(1), 0));
}

#[test]
fn an_unfitting_value_is_reported_with_position_and_attribute() {
    for (text, expected) in [
        ("dn: cn=a\nsn: x\n", "1:1: missing field `cn`"),
        ("dn: cn=a\ncn: a\ncn: b\n", "1:1: cn: 2 values, expected one"),
        ("dn: cn=a\ncn:: /w==\n", "1:1: cn: a value that is not UTF-8"),
        ("dn: cn=a\ncn: a\nuserAccountControl: -1\n", "1:1: userAccountControl: `-1` is no u32"),
        ("dn: cn=a\ncn: a\nisDeleted: true\n", "1:1: isDeleted: `true`, expected TRUE or FALSE"),
        ("dn: cn=a\ncn: a\nstate: Ajar\n", "1:1: state: unknown variant `Ajar`, expected `Open` or `Closed`"),
        ("dn: cn=a\nchangetype: delete\n", "1:1: a change that adds no entry"),
    ] {
        let error = Reader::from_reader(text.as_bytes()).deserialize::<User>().next().unwrap().unwrap_err();
        assert_eq!(error.to_string(), expected, "{text:?}");
    }
}

#[test]
fn a_map_contains_every_attribute() {
    let record: Record = "dn: cn=a\ncn: a\nmail: x\nmail: y\n".parse().unwrap();
    let map: BTreeMap<String, Vec<String>> = record.deserialize().unwrap();
    assert_eq!(
        (&map["dn"][..], &map["mail"][..]),
        (&["cn=a".to_owned()][..], &["x".to_owned(), "y".into()][..])
    );
    assert_eq!(Record::serialize(&map).unwrap(), record);
}

#[test]
fn a_value_without_a_dn_or_with_nested_fields_is_not_an_entry() {
    #[derive(Serialize)]
    struct NoDn {
        cn: &'static str,
    }
    #[derive(Serialize)]
    struct Deep {
        dn: &'static str,
        inner: NoDn,
    }
    let mut writer = Writer::new(Vec::new(), Profile::ldap());
    let error = |result: Result<(), ldif::Error>| result.unwrap_err().to_string();
    assert_eq!(error(writer.serialize(&NoDn { cn: "a" })), "dn: the field is missing");
    assert_eq!(
        error(writer.serialize(&Deep { dn: "cn=a", inner: NoDn { cn: "a" } })),
        "inner: a struct or a map in a field"
    );
    assert_eq!(error(writer.serialize(&7)), "a value that is neither a struct nor a map");
    assert!(writer.into_inner().unwrap().is_empty());
}
