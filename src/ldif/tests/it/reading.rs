//! The reader: records with positions, reused memory, bounded warnings, optional content.

use std::io::{self, Read};

use ldif::{
    Block, Content, Error, ErrorKind, Reader, ReaderBuilder, Record, Strictness, Urls, blocks, check,
};

const FILE: &str = "version: 1\r\n\r\n# two users\r\ndn: cn=Zoé\r\ncn: Zoé\r\n\r\ndn: cn=b\r\ncn:: ?\r\n\r\n\r\ndn: cn=c\r\ncn: c \r\nsn: c\r\n";

fn place(position: ldif::Position) -> (u64, u64, u64, u64) {
    (position.byte, position.line, position.column, position.record)
}

#[test]
fn good_records_and_faulty_ones_have_byte_line_column_and_record() {
    let mut reader = Reader::from_reader(FILE.as_bytes());
    assert_eq!(place(reader.position()), (0, 1, 1, 0));
    let mut record = Record::default();
    let at = |text: &str| FILE.find(text).unwrap() as u64;

    assert!(reader.read_record(&mut record).unwrap());
    assert_eq!(place(reader.position()), (at("dn: cn=Zoé"), 4, 1, 1));
    assert_eq!(record.position(), Some(reader.position()));

    let error = reader.read_record(&mut record).unwrap_err();
    assert_eq!(place(error.position().unwrap()), (at("?"), 8, 6, 2));
    assert_eq!(place(reader.position()), (at("dn: cn=b"), 7, 1, 2));
    assert_eq!(record, Record::default(), "nothing is left of the record before");

    assert!(reader.read_record(&mut record).unwrap());
    assert_eq!(place(reader.position()), (at("dn: cn=c"), 11, 1, 3));
    assert_eq!(place(reader.warnings()[0].position().unwrap()), (at("c \r\nsn") + 1, 12, 6, 3));
    assert_eq!(record.text("sn"), Some("c"));

    assert!(!reader.read_record(&mut record).unwrap());
    assert_eq!(record, Record::default());
    assert_eq!(place(reader.position()), (at("dn: cn=c"), 11, 1, 3));
}

#[test]
fn positions_are_the_same_for_any_size_of_the_buffer() {
    let places = |size: usize| {
        let mut reader = ReaderBuilder::new().buffer_capacity(size).from_reader(FILE.as_bytes());
        let records = reader.records().map(|record| match record {
            Ok(record) => place(record.position().unwrap()),
            Err(error) => place(error.position().unwrap()),
        });
        records.collect::<Vec<_>>()
    };
    let whole = places(1 << 20);
    (1..FILE.len()).for_each(|size| assert_eq!(places(size), whole, "{size}"));
}

#[test]
fn a_reused_record_equals_the_one_from_the_iterator() {
    let text = "dn: cn=a\ncn: a\nsn: 1\nsn: 2\n\ndn: cn=b\nchangetype: modify\nadd: sn\nsn: x\n-\n\ndn: cn=c\ncn: c\n";
    let records: Vec<Record> =
        Reader::from_reader(text.as_bytes()).into_records().map(Result::unwrap).collect();
    let mut reader = Reader::from_reader(text.as_bytes());
    let mut record = Record::default();
    for expected in records {
        assert!(reader.read_record(&mut record).unwrap());
        assert_eq!(record, expected);
    }
}

#[test]
fn each_error_of_a_record_is_returned_by_itself_and_the_next_record_is_read() {
    let mut reader = Reader::from_reader(&b"dn: cn=a\ncn:: ?\nsn:: ?\n\ndn: cn=b\ncn: b\n"[..]);
    let found: Vec<String> =
        reader.records().map(|item| item.map_or_else(|error| error.to_string(), |r| r.dn)).collect();
    let fault = |place| format!("{place}: error[ldif-base64]: `?` is not a base64 character");
    assert_eq!(found, [fault("2:6"), fault("3:6"), "cn=b".to_owned()]);
}

#[test]
fn warnings_are_kept_up_to_the_limit_and_counted_past_it() {
    let text = "dn: cn=a\ncn: a \n\n".repeat(10);
    let mut reader = ReaderBuilder::new().warning_limit(3).from_reader(text.as_bytes());
    assert_eq!(reader.records().filter(Result::is_ok).count(), 10);
    assert_eq!((reader.take_warnings().len(), reader.dropped_warnings()), (3, 7));
    assert!(reader.warnings().is_empty());
}

#[test]
fn under_strict_rfc_2849_a_warning_is_an_error() {
    for (text, code) in [
        ("dn: cn=a\ncn: a \n", "ldif-trailing-space"),
        ("dn: cn=a\ncn: a\ncn: a\n", "ldif-duplicate-value"),
        ("dn: cn=a\ncn: a\n\tb\n", "ldif-tab-fold"),
    ] {
        let mut builder = ReaderBuilder::new();
        for (strictness, expected) in
            [(Strictness::Ansi, None), (Strictness::Utf8, None), (Strictness::Rfc2849, Some(code))]
        {
            let item =
                builder.strictness(strictness).from_reader(text.as_bytes()).into_records().next().unwrap();
            let found = item.err().and_then(|error| error.as_fault().map(ldif::Fault::code));
            assert_eq!(found, expected, "{text:?}");
        }
    }
}

#[test]
fn a_value_by_url_is_an_error_or_is_kept_and_never_opened() {
    let text = "dn: cn=a\ncn: a\njpegPhoto:< file:///etc/passwd\n\n";
    let error = text.parse::<Record>().unwrap_err();
    assert_eq!(error.to_string(), "3:13: error[ldif-url]: the value is a URL");

    let mut reader = ReaderBuilder::new().urls(Urls::Keep).from_reader(text.as_bytes());
    let record = reader.records().next().unwrap().unwrap();
    assert_eq!(record.attributes()[1].urls, ["file:///etc/passwd"]);
    assert!(record.values("jpegPhoto").is_empty());
    assert_eq!(record.to_string(), text);

    let change = "dn: cn=a\nchangetype: modify\nadd: jpegPhoto\njpegPhoto:< file:///a\n-\n\n";
    let mut reader = ReaderBuilder::new().urls(Urls::Keep).from_reader(change.as_bytes());
    assert_eq!(reader.records().next().unwrap().unwrap().to_string(), change);
}

#[test]
fn schema_changes_are_read_and_written_like_ldifde() {
    for (text, is) in [
        (
            "dn: cn=a\nchangetype: ntdsSchemaAdd\ncn: a\n\n",
            (|c| matches!(c, Content::Add(_))) as fn(&Content) -> bool,
        ),
        ("dn: cn=a\nchangetype: ntdsSchemaModify\nadd: mayContain\nmayContain: b\n-\n\n", |c| {
            matches!(c, Content::Modify(_))
        }),
        ("dn: cn=a\nchangetype: ntdsSchemaDelete\n\n", |c| matches!(c, Content::Delete)),
        ("dn: cn=a\nchangetype: ntdsSchemaModRdn\nnewrdn: cn=b\ndeleteoldrdn: 1\n\n", |c| {
            matches!(c, Content::Rename(_))
        }),
    ] {
        let record: Record = text.parse().unwrap();
        let Content::Schema(content) = &record.content else { panic!("{text}") };
        assert!(is(content), "{text}");
        assert_eq!(record.to_string(), text);
    }
}

#[test]
fn the_grammar_by_itself_skips_a_schema_change_with_a_note() {
    for kind in ["ntdsSchemaAdd", "NTDSSCHEMAMODIFY", "ntdsSchemaDelete", "ntdsSchemaModRdn"] {
        let text = format!("dn: cn=a\nchangetype: {kind}\nwhatever: is here\n");
        let Some(block @ Block::Record(raw)) = blocks(text.as_bytes()).next() else { panic!("no record") };
        let mut faults = Vec::new();
        check(&block, &mut |fault| faults.push(fault.to_string()));
        assert_eq!(faults, [format!("schema record (`{kind}`) passed over")]);
        assert!(Record::read(&raw, &mut |_| {}).is_none());
    }
}

#[test]
fn a_text_is_one_record_or_an_error() {
    for (text, expected) in [
        ("", "no record, where one is expected"),
        ("version: 1\n", "no record, where one is expected"),
        ("dn: cn=a\ncn: a\n\ndn: cn=b\ncn: b\n", "more than one record, where one is expected"),
        ("cn: a\n", "1:1: error[ldif-no-dn]: the record begins with `cn`, not with `dn:`"),
    ] {
        assert_eq!(text.parse::<Record>().unwrap_err().to_string(), expected);
    }
}

struct Fails;

impl Read for Fails {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is gone"))
    }
}

#[test]
fn a_failure_of_the_source_ends_the_reading_and_is_returned_unchanged() {
    let mut reader = Reader::from_reader((&b"dn: cn=a\ncn: a\n\ndn: cn=b\n"[..]).chain(Fails));
    let errors: Vec<Error> = reader.records().filter_map(Result::err).collect();
    let [error] = <[Error; 1]>::try_from(errors).unwrap();
    assert!(error.is_io_error());
    assert_eq!(place(error.position().unwrap()), (25, 5, 1, 0));
    assert!(matches!(error.kind(), ErrorKind::Io(_)));
    assert_eq!(io::Error::from(error).to_string(), "the disk is gone");
    assert!(reader.records().next().is_none());

    let fault = io::Error::from("cn: a\n".parse::<Record>().unwrap_err());
    assert_eq!(fault.kind(), io::ErrorKind::InvalidData);
}

#[test]
fn a_reader_opens_files_and_returns_its_source() {
    let missing = Reader::from_path("no such file").unwrap_err();
    assert!(missing.is_io_error());
    let reader = Reader::from_reader(io::Cursor::new("dn: cn=a\ncn: a\n"));
    assert_eq!(reader.encoding(), None);
    let mut records = reader.into_records();
    assert!(records.next().is_some());
    assert_eq!(records.reader().encoding(), Some(ldif::Encoding::Utf8));
    assert_eq!(records.into_reader().into_inner().position(), 15);
}
