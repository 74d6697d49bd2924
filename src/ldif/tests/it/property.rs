//! `read(write(r)) == r` for any record.

use ldif::{Attribute, Content, Modification, Operation, Record, Rename};
use ldif::{Control, LineEnd, Profile, Reader, Writer};
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z][a-zA-Z0-9-]{0,11}(;lang-[a-z]{2}|;binary)?".prop_filter("keywords", |name| {
        !["dn", "changetype", "control"].iter().any(|keyword| name.eq_ignore_ascii_case(keyword))
    })
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[ -~]{1,120}".prop_map(String::into_bytes),
        "[ :<]?[a-zé😀]{1,60} ?".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 1..60),
    ]
}

fn values(at_least: usize) -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::btree_set(value(), at_least..4).prop_map(|set| set.into_iter().collect())
}

fn attributes() -> impl Strategy<Value = Vec<Attribute>> {
    prop::collection::btree_map(name().prop_map(|name| name.to_ascii_lowercase()), values(1), 1..6)
        .prop_map(|map| map.into_iter().map(|(name, values)| Attribute::new(name, values)).collect())
}

fn modification() -> impl Strategy<Value = Modification> {
    let operation = prop_oneof![
        Just(Operation::Add),
        Just(Operation::Delete),
        Just(Operation::Replace),
        Just(Operation::Increment)
    ];
    (operation, name(), values(1))
        .prop_map(|(operation, name, values)| Modification::new(operation, name, values))
}

fn dn() -> impl Strategy<Value = String> {
    prop::collection::vec("(cn|OU|dc)=[a-zA-Zé0-9]([a-zA-Zé 0-9]{0,20}[a-z])?(\\\\,|\\\\2B)?", 1..5)
        .prop_map(|rdns| rdns.join(","))
}

pub(crate) fn record() -> impl Strategy<Value = Record> {
    let rename = ("cn=[a-z]{1,9}", any::<bool>(), prop::option::of(dn()))
        .prop_map(|(new_rdn, delete_old, new_superior)| Rename { new_rdn, delete_old, new_superior });
    let content = prop_oneof![
        attributes().prop_map(Content::Entry),
        attributes().prop_map(Content::Add),
        Just(Content::Delete),
        prop::collection::vec(modification(), 1..4).prop_map(Content::Modify),
        rename.prop_map(Content::Rename),
    ];
    let control = ("[0-2](\\.[1-9][0-9]{0,4}){1,5}", any::<Option<bool>>(), prop::option::of(value()))
        .prop_map(|(oid, criticality, value)| Control { oid, criticality, value });
    (dn(), prop::collection::vec(control, 0..3), content).prop_map(|(dn, mut controls, content)| {
        if matches!(content, Content::Entry(_)) {
            controls.clear();
        }
        let mut record = Record::new(dn, content);
        record.controls = controls;
        record
    })
}

proptest! {
    #[test]
    fn written_records_read_back_the_same(
        records in prop::collection::vec(record(), 0..4),
        wrap in prop_oneof![Just(0), 2..100_usize],
        line_end in prop_oneof![Just(LineEnd::Lf), Just(LineEnd::CrLf)],
    ) {
        let mut writer = Writer::new(Vec::new(), Profile::ldap().line_end(line_end).wrap(wrap));
        for record in &records {
            writer.write(record).unwrap();
        }
        let text = writer.into_inner().unwrap();
        prop_assert!(text.is_ascii());
        let width = text.split(|&b| b == b'\n').map(|line| line.trim_ascii_end().len()).max().unwrap();
        prop_assert!(wrap == 0 || width <= wrap);
        let again: Vec<Record> = Reader::from_reader(&text[..]).into_records().map(Result::unwrap).collect();
        prop_assert_eq!(again, records);
    }
}
