//! What is accepted and what is reported: a test for each row of the contract.

use ldif::{Block, SearchNote, blocks};
use ldif::{Content, Operation};

use crate::{check, read, values};

const TWO: &str = "dn: cn=a,dc=x\ncn: a\n\ndn: cn=b,dc=x\ncn: b\n";

#[test]
fn line_ends_of_every_kind() {
    let lf = check(TWO, 2, &[]);
    for end in ["\r\n", "\r"] {
        assert_eq!(check(TWO.replace('\n', end), 2, &[]), lf, "{end:?}");
    }
    assert_eq!(check("dn: cn=a,dc=x\r\ncn: a\n\r\ndn: cn=b,dc=x\rcn: b", 2, &[]), lf, "mixed");
}

#[test]
fn no_newline_at_the_end() {
    assert_eq!(check(TWO.trim_end(), 2, &[]), check(TWO, 2, &[]));
}

#[test]
fn several_blank_lines_are_as_one() {
    assert_eq!(
        check(format!("\n\r\n\n{}\n\n\n", TWO.replace("\n\n", "\n\n\r\n\n")), 2, &[]),
        check(TWO, 2, &[])
    );
}

#[test]
fn comments_may_be_folded_and_are_ignored() {
    let input = "# first\n\n# second\n  goes on\ndn: cn=a,dc=x\n# inside\n  goes on: here\ncn: a\n# last\n";
    assert_eq!(values(input, "cn"), ["a"]);
    check("# only\n# comments\n", 0, &[]);
}

#[test]
fn a_continuation_after_a_comment_belongs_to_it() {
    assert_eq!(values("dn: cn=a,dc=x\ncn: a\n# comment\n b\nsn: s\n", "cn"), ["a"]);
}

#[test]
fn version_with_and_without_a_blank_line() {
    check(format!("version: 1\n{TWO}"), 2, &[]);
    check(format!("version: 1\n\n{TWO}"), 2, &[]);
    check(format!("Version:1\r\n{TWO}"), 2, &[]);
    check(format!("version: 2\n{TWO}"), 2, &["1:10 ldif-version!"]);
}

#[test]
fn utf8_bom() {
    check(format!("\u{FEFF}{TWO}"), 2, &[]);
}

#[test]
fn utf16_with_and_without_bom() {
    let expected = check(TWO, 2, &[]);
    for bom in ["", "\u{FEFF}"] {
        let text = format!("{bom}{TWO}");
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(check(le, 2, &[]), expected);
        assert_eq!(check(be, 2, &[]), expected);
    }
}

#[test]
fn half_a_utf16_unit_at_the_end() {
    let mut le: Vec<u8> = TWO.encode_utf16().flat_map(u16::to_le_bytes).collect();
    le.push(b'x');
    check(le, 2, &["6:1 ldif-half-unit!"]);
}

#[test]
fn raw_utf8_in_values_and_names() {
    assert_eq!(values("dn: cn=Zoé,dc=x\ncn: Zoé 😀\n", "cn"), ["Zoé 😀"]);
}

#[test]
fn bytes_that_are_not_utf8_are_windows_1252() {
    let input = b"dn: cn=Zo\xE9,dc=x\ncn: Zo\xE9 \x80\n";
    let records = check(input, 1, &["1:10 ldif-not-utf8", "2:7 ldif-not-utf8"]);
    assert_eq!(records[0].dn, "cn=Zoé,dc=x");
    assert_eq!(records[0].values("cn"), ["Zoé €".as_bytes()]);
    let mut strict = ldif::ReaderBuilder::new();
    let strict = strict.strictness(ldif::Strictness::Utf8).from_reader(&input[..]).into_records();
    let reported: Vec<String> = strict.map(|item| item.unwrap_err().to_string()).collect();
    let fault = "error[ldif-not-utf8]: byte E9 is not UTF-8";
    assert_eq!(reported, [format!("1:10: {fault}"), format!("2:7: {fault}")]);
}

#[test]
fn a_fold_inside_a_utf8_character() {
    assert_eq!(values(b"dn: cn=a,dc=x\ncn: Zo\xC3\n \xA9\n", "cn"), ["Zoé"]);
}

#[test]
fn a_fold_that_begins_with_a_tab() {
    let records = check("dn: cn=a,dc=x\ncn: a\n\tb\n", 1, &["3:1 ldif-tab-fold"]);
    assert_eq!(records[0].values("cn"), [b"ab"]);
}

#[test]
fn a_fold_as_the_first_line() {
    check(format!(" folded\ncn: x\n\n{TWO}"), 2, &["1:1 ldif-fold-first!"]);
}

#[test]
fn values_empty_without_a_space_and_with_many() {
    let input = "dn:cn=a,dc=x\ncn:a\nsn:\ntitle: \no:     b\nl;lang-fr: c\nuserCertificate;binary:: AAE=\n";
    let records = check(input, 1, &[]);
    let value = |name: &str| records[0].values(name).concat();
    assert_eq!(value("cn"), b"a");
    assert_eq!(records[0].values("sn"), [b""]);
    assert_eq!(records[0].values("title"), [b""]);
    assert_eq!(value("o"), b"b");
    assert_eq!(value("L;LANG-fr"), b"c");
    assert_eq!(value("userCertificate;binary"), [0, 1]);
}

#[test]
fn a_trailing_space_is_kept() {
    let records = check("dn: cn=a,dc=x\ncn: a \n", 1, &["2:6 ldif-trailing-space"]);
    assert_eq!(records[0].values("cn"), [b"a "]);
    let records = check("dn: cn=a\\ \ncn: a\n", 1, &["1:10 ldif-trailing-space"]);
    assert_eq!(ldif::dn::normalize(&records[0].dn).unwrap(), "cn=a ", "the escaped space of a name");
    check("dn: cn=a\nchangetype: delete \n", 1, &["2:19 ldif-trailing-space"]);
}

#[test]
fn bad_base64_at_the_exact_character() {
    check("dn: cn=a,dc=x\ncn:: YW!j\n", 0, &["2:8 ldif-base64!"]);
    check("dn: cn=a,dc=x\ncn:: YW Jj\n", 0, &["2:8 ldif-base64!"]);
    check("dn: cn=a,dc=x\ncn:: YWJj \n", 0, &["2:10 ldif-base64!"]);
    check("dn: cn=a,dc=x\ncn:: YQ\n", 0, &["2:8 ldif-base64-padding!"]);
    check("dn: cn=a,dc=x\ncn:: YQ==YQ==\n", 0, &["2:10 ldif-base64-padding!"]);
    check("dn: cn=a,dc=x\ncn:: YR==\n", 0, &["2:7 ldif-base64-bits!"]);
}

#[test]
fn a_url_is_never_opened() {
    check("dn: cn=a,dc=x\nphoto:< file:///etc/passwd\n", 0, &["2:9 ldif-url!"]);
}

#[test]
fn the_same_value_twice_is_kept_once_and_reported() {
    let input = "dn: cn=a,dc=x\nmail: a\nsn: s\nMAIL:: YQ==\nmail: A\n";
    let records = check(input, 1, &["4:1 ldif-duplicate-value"]);
    assert_eq!(records[0].values("mail"), [b"a", b"A"], "kept once; case makes another value");
}

#[test]
fn control_characters_are_kept_and_reported() {
    let records = check("dn: cn=a,dc=x\ncn: a\0b\x07\nsn: a\tb\n", 1, &["2:6 ldif-control-character"]);
    assert_eq!(records[0].values("cn"), [b"a\0b\x07"]);
}

#[test]
fn content_and_change_records_may_be_mixed() {
    let records = check(include_str!("../fixtures/mixed.ldif"), 3, &[]);
    assert!(matches!(records[0].content, Content::Add(_)));
    assert!(matches!(records[1].content, Content::Modify(_)));
    assert!(matches!(records[2].content, Content::Entry(_)));
}

#[test]
fn every_change_type_is_read() {
    let input = "dn: cn=a\nchangetype: add\ncn: a\n\ndn: cn=a\nchangetype: modify\nincrement: n\nn: 1\n-\n\n\
                 dn: cn=a\ncontrol: 1.2.3 false:: YQ==\nchangetype: delete\n\n\
                 dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b\ndeleteoldrdn: 0\n\n\
                 dn: cn=a\nChangeType: ModDN\nnewrdn: cn=b\ndeleteoldrdn: 1\nnewsuperior: dc=x\n";
    let records = check(input, 5, &[]);
    let Content::Modify(modifications) = &records[1].content else { panic!("{records:?}") };
    assert_eq!(modifications[0].operation, Operation::Increment);
    assert_eq!(records[2].controls[0].value.as_deref(), Some(&b"a"[..]));
    let Content::Rename(rename) = &records[4].content else { panic!("{records:?}") };
    assert_eq!((rename.delete_old, rename.new_superior.as_deref()), (true, Some("dc=x")));
}

#[test]
fn a_final_dash_may_be_missing_but_has_no_space() {
    let expected = check("dn: cn=a\nchangetype: modify\nadd: cn\ncn: b\n-\n", 1, &[]);
    assert_eq!(check("dn: cn=a\nchangetype: modify\nadd: cn\ncn: b\n", 1, &[]), expected);
    let spaced = "dn: cn=a\nchangetype: modify\nadd: cn\ncn: b\n- \n";
    assert_eq!(check(spaced, 1, &["5:2 ldif-dash-space"]), expected);
}

#[test]
fn changes_that_contradict_themselves_are_faults() {
    let modify = "dn: cn=a\nchangetype: modify\n";
    check(format!("{modify}add: cn\nsn: b\n-\n"), 0, &["4:1 ldif-operation-attribute!"]);
    check(format!("{modify}add: cn;b;a\ncn;b: b\n-\n"), 0, &["4:1 ldif-operation-attribute!"]);
    check(format!("{modify}add: cn;lang-fr;x-a\nCN;X-A;lang-FR: b\n-\n"), 1, &[]);
    check("dn: cn=a\ncn;b;a: b\ncn;a;b: b\n", 1, &["3:1 ldif-duplicate-value"]);
    check(modify, 0, &["2:13 ldif-no-modification!"]);
    check("dn: cn=a\nchangetype: delete\ncn: a\nsn: b\n", 0, &["3:1 ldif-delete-attributes!"]);
    let rename = "dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b\n";
    check(format!("{rename}deleteoldrdn: 2\n"), 0, &["4:15 ldif-deleteoldrdn!"]);
}

#[test]
fn a_line_of_one_space_parts_records_and_is_reported() {
    let input = "dn: cn=a,dc=x\ncn: a\n \ndn: cn=b,dc=x\ncn: b\n";
    assert_eq!(check(input, 2, &["3:1 ldif-space-line"]), check(TWO, 2, &[]));
    check(input.replace("\n \n", "\n \n# comment\n"), 2, &["3:1 ldif-space-line"]);
    check("dn: cn=a,dc=x\ncn: a\n \n\n", 1, &["3:1 ldif-space-line"]);
}

#[test]
fn keywords_in_any_case() {
    check("DN: cn=a\nChangeType: MODIFY\nADD: cn\nCN: b\n-\n", 1, &[]);
    check("Dn:: Y249YQ==\ncn: b\n", 1, &[]);
}

#[test]
fn faults_of_structure_end_the_record_and_reading_continues() {
    check(format!("dn: nonsense\ncn: a\n\n{TWO}"), 2, &["1:5 ldif-dn!"]);
    check(format!("cn: a\nsn: b\n\n{TWO}"), 2, &["1:1 ldif-no-dn!"]);
    check(format!("dn: cn=a\ncn: a\nnonsense\nsn: b\n\n{TWO}"), 2, &["3:1 ldif-no-colon!"]);
    check(format!("dn: cn=a\ncn: a\n{TWO}"), 1, &["3:1 ldif-second-dn!"]);
}

#[test]
fn all_faults_are_reported_in_one_run() {
    let input = "dn: cn=a\ncn:: !\nsn:: ?\n\ndn: nonsense\n\ndn: cn=b\ncn: b\n\nversion: 7\n";
    let faults = ["2:6 ldif-base64!", "3:6 ldif-base64!", "5:5 ldif-dn!", "10:10 ldif-version!"];
    check(input, 1, &faults);
}

#[test]
fn trailers_and_references_are_not_records() {
    let text = include_str!("../fixtures/ldapsearch.ldif");
    check(text, 1, &[]);
    let blocks: Vec<_> = blocks(text.as_bytes()).collect();
    let [
        Block::SearchNote(_, SearchNote::Begun),
        Block::Record(_),
        Block::Referral(first),
        Block::Referral(second),
        Block::Trailer(trailer),
        Block::SearchNote(_, SearchNote::Responses(3)),
        Block::SearchNote(_, SearchNote::Entries(1)),
    ] = blocks[..]
    else {
        panic!("{blocks:?}")
    };
    assert!(first.written().starts_with(b"ldap://ForestDnsZones"));
    assert!(second.bytes().starts_with(b"# refldap://DomainDnsZones"));
    assert_eq!(
        trailer.search_notes().map(|(_, said)| said).collect::<Vec<_>>(),
        [SearchNote::Ended { whole: false }]
    );
}

#[test]
fn ctrl_z_at_the_end() {
    check(format!("{TWO}\x1A"), 2, &[]);
    check(format!("{TWO}\n\x1A\n"), 2, &[]);
    check(format!("{TWO}\x1A\x1A"), 2, &[]);
    check(format!("{TWO}\x1A\n{TWO}"), 4, &[]);
}

#[test]
fn a_truncated_record_is_read_up_to_its_end() {
    let (records, faults) = read("dn: cn=a,dc=x\ncn: a\nobjectGUI");
    assert_eq!((records.len(), &faults[..]), (0, &["3:1 ldif-no-colon!".to_owned()][..]));
}

/// Records run together, and misplaced parts of a record.
#[test]
fn faults_of_structure_reject_the_record() {
    let entry = "dn: cn=a,dc=x\ncn: a\n";
    for (input, records, faults) in [
        ("dn: cn=a,dc=x\ncn: a\n# next\nDN:: Y249Yg==\ncn: b\n", 0, "4:1 ldif-second-dn!"),
        ("dn: cn=a,dc=x\ncn: a\nversion: 1\ndn: cn=b\ncn: b\n", 0, "3:1 ldif-second-dn!"),
        ("dn: cn=a,dc=x\nversion: 3\n", 1, ""),
        ("dn : cn=a,dc=x\ncn: a\n", 0, "1:3 ldif-space-before-colon!"),
        ("dn: cn=a,dc=x\nmail  : a\n", 0, "2:5 ldif-space-before-colon!"),
        ("dn: cn=a,dc=x\ncn: a\n-\n", 0, "3:1 ldif-stray-dash!"),
        ("dn: cn=a,dc=x\ncn: a\nchangetype: modify\nreplace: cn\ncn: b\n-\n", 0, "3:1 ldif-changetype-late!"),
        ("dn: cn=a,dc=x\ncontrol: 1.2.3 true\ncn: a\n", 0, "2:1 ldif-control-in-content!"),
        ("dn: cn=a,dc=x\ncn: a\ncontrol: 1.2.3 true\n", 0, "3:1 ldif-control-in-content!"),
        ("dn: cn=a,dc=x\ncontrol: remote\n", 0, "2:1 ldif-control-in-content! 2:10 ldif-control!"),
        ("dn: cn=a,dc=x\n\tcn: a\n\tsn: b\n", 0, "2:1 ldif-tab-line!"),
        ("dn:\nsupportedLDAPVersion: 3\n", 1, ""),
        ("dn:\nobjectClass: top\nobjectClass: user\n", 0, "1:4 ldif-dn!"),
    ] {
        let faults: Vec<&str> = faults.split_terminator(' ').collect();
        let faults: Vec<String> = faults.chunks(2).map(|fault| fault.join(" ")).collect();
        let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
        check(input, records, &faults);
        // The records around it are still read.
        let (others, _) = read(format!("{entry}\n{input}\n{entry}"));
        assert_eq!(others.len(), records + 2, "{input:?}");
    }
}

#[test]
fn a_trailer_may_follow_the_last_record_directly() {
    for end in [
        "search: 2\nresult: 4 Size limit exceeded\n",
        "result: 4 Size limit exceeded\n",
        "Size limit exceeded (4)\n",
        "ldap_result: Can't contact LDAP server (-1)\n",
        "# Result Code:  4 (size limit exceeded)\n",
    ] {
        for gap in ["", "\n"] {
            let text = format!("{TWO}{gap}{end}");
            check(&*text, 2, &[]);
            let said = blocks(text.as_bytes()).flat_map(|block| match block {
                Block::SearchNote(_, said) => vec![said],
                Block::Trailer(raw) => raw.search_notes().map(|(_, said)| said).collect(),
                _ => Vec::new(),
            });
            assert_eq!(said.collect::<Vec<_>>(), [SearchNote::Ended { whole: false }], "{text}");
        }
    }
    check("dn: cn=a,dc=x\nsearch: 2\nresult: ok\nresult: 4\nsizeLimit: 5\n", 1, &["5:1 ldif-no-dn!"]);
}

#[test]
fn the_control_of_a_page_says_whether_there_is_another() {
    let long = format!("MIGmAgEABIGg{}BAAEAA==", "BAAEAAQA".repeat(26));
    for (value, more) in [
        ("MAUCAQAEAA==", Some(false)),
        ("MA0CAQAECAEAAAAAAAAA", Some(true)),
        (&*long, Some(true)),
        ("MA==", None),
        ("?", None),
    ] {
        let text = format!("search: 2\nresult: 0 Success\ncontrol: 1.2.840.113556.1.4.319 false {value}\n");
        let said = blocks(text.as_bytes()).flat_map(|block| match block {
            Block::Trailer(raw) => raw.search_notes().map(|(_, said)| said).collect(),
            _ => Vec::new(),
        });
        let page = more.map(|more| SearchNote::Page { more });
        let expected: Vec<SearchNote> = [SearchNote::Ended { whole: true }].into_iter().chain(page).collect();
        assert_eq!(said.collect::<Vec<_>>(), expected, "{value}");
    }
}

#[test]
fn output_of_shells_after_the_records_is_not_a_record() {
    for end in [
        "Connection to dc1 closed.\n",
        "Script done on 2026-11-30 03:00:00+00:00 [COMMAND_EXIT_CODE=\"0\"]\n",
        "real\t0m1.234s\nuser\t0m0.512s\nsys\t0m0.104s\n",
        "C:\\Users\\ann>exit\n",
    ] {
        check(format!("{TWO}\n{end}"), 2, &[]);
    }
}

#[test]
fn output_of_tools_before_the_records_is_not_a_record() {
    for head in [
        "SASL/GSSAPI authentication started\nSASL username: a@X\nSASL SSF: 256\n",
        "ldap_initialize( ldap://localhost:389 )\nfilter: (objectclass=*)\nrequesting: All\n",
        "$ ldapsearch -x -b DC=x\nldap_create\nWARNING: no TLS\nrequest done: ld 0x1 msgid 1\n",
        "Connecting to \"dc1\"\nLogging in as current user using SSPI\nSearching for entries...\n",
    ] {
        check(format!("{head}{TWO}"), 2, &[]);
        check(format!("{head}\n{TWO}"), 2, &[]);
    }
}

#[test]
fn lines_for_people_right_above_a_record_are_not_records() {
    for head in [
        "Enter bind password: \n",
        "Password for admin@CONTOSO.COM: \n",
        "Weak crypto is allowed by GnuTLS (e.g. NTLM as a compatibility fallback)\n",
        "ldb: unable to stat module /usr/lib/ldb\n",
        "TLS: hostname (dc01) does not match common name in certificate (dc1).\n",
        "5f3a2b1c The first database does not allow slapcat; using the first available one (2)\n",
        "Verbindung mit \"dc01\" wird hergestellt.\nEinträge werden gesucht...\n...\n",
        "==> users.ldif <==\n",
        "nohup: ignoring input and appending output to 'nohup.out'\n",
        "C:\\Users\\ann>ldifde -f con -d \"DC=contoso,DC=com\"\n",
        "The server is using the following certificate: \n    Validity:  Mon through Tue\nContinue?yes\n",
        "ldap_start_tls: Protocol error (2)\n\tadditional info: unsupported extended operation\n",
    ] {
        check(format!("{head}{TWO}"), 2, &[]);
        check(format!("{TWO}\n{head}{TWO}"), 4, &[]);
    }
    for (head, code) in [
        ("CN=Cid,DC=x\nobjectClass=user\n", "ldif-no-colon"),
        ("> dn: cn=c,dc=x\n> mail: c@x\n", "ldif-no-dn"),
        ("\"CN=Cid,DC=x\",user,c@x\n", "ldif-no-colon"),
        ("c@x\n", "ldif-no-colon"),
        ("dn CN=Cid,DC=x\n", "ldif-no-colon"),
        ("objectClass : group\n", "ldif-space-before-colon"),
    ] {
        let (records, faults) = read(format!("{head}{TWO}").as_bytes());
        assert!(records.len() == 1 && faults[0].contains(code), "{head}: {faults:?}");
    }
    check(format!("nonsense\n\n{TWO}"), 2, &["1:1 ldif-no-colon!"]);
    check(format!("nonsense\ncn: a\n{TWO}"), 1, &["1:1 ldif-no-colon!"]);
    check(format!(" DC=x\n{TWO}"), 1, &["1:1 ldif-fold-first!"]);
}

#[test]
fn a_dn_within_a_value_of_a_record_that_repeats_itself_is_another_record() {
    for (value, place) in [
        ("xdn: CN=b,DC=x", Some("3:15 ldif-second-dn!")),
        ("xDN:CN=b,DC=x", Some("3:15 ldif-second-dn!")),
        ("dn: CN=b,DC=x", Some("3:14 ldif-second-dn!")),
        ("xdn:CN=b,DC=x", Some("3:15 ldif-second-dn!")),
        ("xdn:: Q049YixEQz14", Some("3:15 ldif-second-dn!")),
        ("see dn: CN=b,DC=x", None),
        ("the dn: none yet", None),
    ] {
        let record = format!("dn: CN=a,DC=x\ncn: a\ndescription: {value}\nsn: b\n");
        check(&*record, 1, &[]);
        let repeated = format!("{record}cn: a\n");
        let expected: Vec<&str> = place.into_iter().chain(["5:1 ldif-duplicate-value"]).collect();
        check(repeated, usize::from(place.is_none()), &expected);
    }
}

#[test]
fn a_version_may_have_a_space_after_it() {
    check(format!("version: 1 \n\n{TWO}"), 2, &["1:11 ldif-trailing-space"]);
}
