//! Written output: base64 where RFC 2849 requires it, folds, comments, profiles.

use ldif::writer::{attribute, comment, is_safe};
use ldif::{Attribute, Content, Control, Modification, Operation, Record};
use ldif::{Profile, Writer};

const FLAT: Profile = Profile::ldap().wrap(0);

fn line(profile: &Profile, name: &str, value: impl AsRef<[u8]>) -> String {
    let mut out = Vec::new();
    attribute(&mut out, profile, name, value.as_ref());
    String::from_utf8(out).expect("what is written is ASCII")
}

#[test]
fn a_plain_value_is_printable_ascii() {
    for byte in 0..=0xFF_u8 {
        let expected = matches!(byte, b' '..=b'~');
        assert_eq!(is_safe(&[b'x', byte, b'x']), expected, "{byte:02X}");
    }
}

#[test]
fn a_plain_value_does_not_begin_with_a_space_colon_or_less_than() {
    for byte in 0..=0x7F_u8 {
        let expected = matches!(byte, b'!'..=b'~') && !matches!(byte, b':' | b'<');
        assert_eq!(is_safe(&[byte, b'x']), expected, "{byte:02X}");
    }
}

#[test]
fn a_space_at_the_end_needs_base64() {
    assert!(!is_safe(b"x "));
    assert_eq!(line(&FLAT, "cn", "x "), "cn:: eCA=\n");
}

#[test]
fn an_empty_value_is_safe() {
    assert!(is_safe(b""));
}

#[test]
fn text_outside_ascii_is_base64() {
    assert_eq!(line(&FLAT, "cn", "é"), "cn:: w6k=\n");
    assert_eq!(line(&Profile::ldifde(), "cn", "a"), "cn: a\r\n");
}

#[test]
fn folds_are_at_the_column_of_the_profile() {
    let value = "x".repeat(200);
    let text = line(&Profile::ldifde(), "cn", &value);
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(lines.iter().map(|l| l.len()).collect::<Vec<_>>(), [76, 76, 54]);
    assert!(lines[1..].iter().all(|l| l.starts_with(' ')));
    let exact = line(&Profile::ldap(), "cn", "x".repeat(72));
    assert_eq!(exact.lines().count(), 1, "76 columns need no fold");
    assert_eq!(line(&Profile::ldap(), "cn", "x".repeat(73)).lines().count(), 2);
    assert_eq!(line(&FLAT, "cn", &value).lines().count(), 1);
    assert_eq!(
        line(&Profile::ldap().wrap(1), "cn", "a"),
        "cn\n :\n  \n a\n",
        "a column for the space, one for text"
    );
}

#[test]
fn a_comment_is_one_line_of_ascii() {
    let mut out = Vec::new();
    comment(&mut out, &Profile::ldap(), &format!("Zoé\r\ndn: cn=x\t\u{7F}{}", "y".repeat(100)));
    let expected = format!("# Zo\\C3\\A9\\0D\\0Adn: cn=x\\09\\7F{}\n", "y".repeat(100));
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn records_that_importers_refuse_are_not_written() {
    let record = |content| Record::new("cn=a", content);
    let attribute = |values: &[&[u8]]| Attribute::new("cn", values.to_vec());
    let modification = |operation, values: &[&[u8]]| {
        Content::Modify(vec![Modification::new(operation, "cn", values.to_vec())])
    };
    let refused = [
        Content::Entry(Vec::new()),
        Content::Add(Vec::new()),
        Content::Entry(vec![attribute(&[])]),
        Content::Entry(vec![attribute(&[b""])]),
        Content::Modify(Vec::new()),
        modification(Operation::Add, &[]),
        modification(Operation::Increment, &[]),
        modification(Operation::Replace, &[b""]),
    ];
    for content in refused {
        let mut sink = Vec::new();
        let mut writer = Writer::new(&mut sink, Profile::ldap());
        assert!(writer.write(&record(content.clone())).is_err(), "{content:?}");
        writer.into_inner().unwrap();
        assert!(sink.is_empty(), "nothing of {content:?} is written");
    }
    for content in
        [modification(Operation::Delete, &[]), modification(Operation::Replace, &[]), Content::Delete]
    {
        assert!(
            Writer::new(Vec::new(), Profile::ldap()).write(&record(content.clone())).is_ok(),
            "{content:?}"
        );
    }
}

#[test]
fn urls_are_written_if_they_may_be_urls() {
    for (url, is_url) in
        [("file:///a", true), ("", false), ("file:///a b", false), ("http://é", false), ("a\nb", false)]
    {
        let mut attribute = Attribute::new("cn", Vec::<Vec<u8>>::new());
        attribute.urls = vec![url.to_owned()];
        let mut sink = Vec::new();
        let mut writer = Writer::new(&mut sink, Profile::ldap());
        let written = writer.write(&Record::new("cn=a", Content::Entry(vec![attribute])));
        assert_eq!(written.is_ok(), is_url, "{url}");
        writer.into_inner().unwrap();
        assert_eq!(String::from_utf8(sink).unwrap().contains(&format!("cn:< {url}\n")), is_url, "{url}");
    }
    let mut attribute = Attribute::new("cn", Vec::<Vec<u8>>::new());
    attribute.urls = vec!["x".repeat(100)];
    let record = Record::new("cn=a", Content::Entry(vec![attribute]));
    assert!(record.to_string().lines().all(|line| line.len() <= 78), "{record}");
}

#[test]
fn a_comment_is_written_once_between_records() {
    let mut sink = Vec::new();
    let mut writer = Writer::new(&mut sink, Profile::ldap());
    let record = Record::new("cn=a", Content::Delete);
    writer.comment("first").unwrap();
    writer.write(&record).unwrap();
    writer.comment("last").unwrap();
    writer.into_inner().unwrap();
    assert_eq!(String::from_utf8(sink).unwrap(), format!("# first\n{record}# last\n"));
}

#[test]
fn a_url_alone_may_be_added_and_an_entry_has_no_control() {
    let mut addition = Modification::new(Operation::Add, "cn", Vec::<Vec<u8>>::new());
    addition.urls = vec!["file:///a".to_owned()];
    let mut entry = Record::new("cn=a", Content::Entry(vec![Attribute::new("cn", ["a"])]));
    entry.controls = vec![Control { oid: "1.2.840.113556.1.4.805".into(), criticality: None, value: None }];
    let mut deletion = Record::new("cn=a", Content::Delete);
    deletion.controls.clone_from(&entry.controls);
    for (record, is_taken) in
        [(Record::new("cn=a", Content::Modify(vec![addition])), true), (entry, false), (deletion, true)]
    {
        let written = Writer::new(Vec::new(), Profile::ldap()).write(&record);
        assert_eq!(written.is_ok(), is_taken, "{record:?}");
    }
}

#[test]
fn a_schema_change_is_a_change() {
    let entry = Content::Entry(vec![Attribute::new("cn", ["a"])]);
    let modify = Content::Modify(vec![Modification::new(Operation::Replace, "cn", ["a"])]);
    let of_schema = |content| Content::Schema(Box::new(content));
    for (content, is_taken) in [
        (of_schema(modify.clone()), true),
        (of_schema(Content::Delete), true),
        (of_schema(entry), false),
        (of_schema(of_schema(modify)), false),
    ] {
        let written = Writer::new(Vec::new(), Profile::ldap()).write(&Record::new("cn=a", content.clone()));
        assert_eq!(written.is_ok(), is_taken, "{content:?}");
    }
}

#[test]
fn invalid_names_are_not_written() {
    for name in ["", "c n", "cn: x\ndn", "cn;", "é", "dn", "ChangeType", "control"] {
        let record = Record::new("cn=a", Content::Entry(vec![Attribute::new(name, ["x"])]));
        assert!(Writer::new(Vec::new(), Profile::ldap()).write(&record).is_err(), "{name:?}");
    }
}
