//! A case for each diagnostic code, with its place and its message.

use ldif::{ReaderBuilder, Severity};

/// Inputs, each with the first line of each of its faults.
const CASES: &[(&str, &[&str])] = &[
    (" x\n", &["1:1: error[ldif-fold-first]: a continuation line with no line before it"]),
    ("dn: cn=a\nx\n", &["2:1: error[ldif-no-colon]: a line without `:`"]),
    ("cn: a\n", &["1:1: error[ldif-no-dn]: the record begins with `cn`, not with `dn:`"]),
    (
        "dn: cn=a\ndn: cn=b\n",
        &["2:1: error[ldif-second-dn]: the next record begins here, without a blank line before it"],
    ),
    ("dn: cn=a,x\n", &["1:10: error[ldif-dn]: invalid DN: an RDN without `=`"]),
    (
        "dn: cn=a\nchangetype: moddn\nnewrdn: cn=b,cn=c\ndeleteoldrdn: 1\n",
        &["3:9: error[ldif-dn]: invalid DN: not one RDN"],
    ),
    ("dn:: Y249/w==\n", &["1:10: error[ldif-dn-utf8]: the DN is not UTF-8"]),
    ("dn: cn=a\nc n: a\n", &["2:1: error[ldif-name]: invalid attribute description `c n`"]),
    ("dn: cn=a\ncn:: YW!j\n", &["2:8: error[ldif-base64]: `!` is not a base64 character"]),
    ("dn: cn=a\ncn:: YWJ\n", &["2:9: error[ldif-base64-padding]: wrong base64 padding"]),
    (
        "dn: cn=a\ncn:: YR==\n",
        &["2:7: error[ldif-base64-bits]: `R` cannot be the last base64 character: it has bits to spare"],
    ),
    ("dn: cn=a\ncn:< file:///x\n", &["2:6: error[ldif-url]: the value is a URL"]),
    ("version: 2\n", &["1:10: error[ldif-version]: LDIF version `2`, expected 1"]),
    ("dn: cn=a\nchangetype: mend\n", &["2:13: error[ldif-changetype]: unknown change type `mend`"]),
    (
        "dn: cn=a\ncn: a\nchangetype: add\n",
        &["3:1: error[ldif-changetype-late]: `changetype:` among the attributes"],
    ),
    ("dn: cn=a\ncontrol: x\nchangetype: delete\n", &["2:10: error[ldif-control]: invalid control"]),
    (
        "dn: cn=a\ncontrol: 1.2\ncn: a\n",
        &["2:1: error[ldif-control-in-content]: a control in a record without `changetype:`"],
    ),
    ("dn: cn=a\nchangetype: modify\nset: cn\n", &["3:1: error[ldif-operation]: unknown modification `set`"]),
    (
        "dn: cn=a\nchangetype: modify\nadd: c n\n",
        &["3:6: error[ldif-operation-name]: invalid attribute description `c n`"],
    ),
    (
        "dn: cn=a\nchangetype: modify\nadd: cn\nsn: b\n",
        &["4:1: error[ldif-operation-attribute]: a value of `sn` in a modification of `cn`"],
    ),
    (
        "dn: cn=a\nchangetype: modify\n",
        &["2:13: error[ldif-no-modification]: a modify record without modifications"],
    ),
    (
        "dn: cn=a\nchangetype: delete\ncn: a\n",
        &["3:1: error[ldif-delete-attributes]: a delete record with attributes"],
    ),
    (
        "dn: cn=a\nchangetype: modrdn\n",
        &[
            "2:13: error[ldif-rename-lacks]: a rename without `newrdn:`",
            "2:13: error[ldif-rename-lacks]: a rename without `deleteoldrdn:`",
        ],
    ),
    (
        "dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b\ndeleteoldrdn: 1\ncn: b\n",
        &["5:1: error[ldif-rename-line]: `cn` in a rename"],
    ),
    (
        "dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b\ndeleteoldrdn: yes\n",
        &["4:15: error[ldif-deleteoldrdn]: `deleteoldrdn` is `yes`, expected 0 or 1"],
    ),
    ("dn: cn=a\n-\n", &["2:1: error[ldif-stray-dash]: `-` with no modification to end"]),
    (
        "dn: cn=a\ncn: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
        &["1:1: error[ldif-too-long]: a record longer than 100 bytes"],
    ),
    ("\0d\0n\0:\0c\0n\0=\0a\0", &["1:8: error[ldif-half-unit]: the file ends in half a UTF-16 unit"]),
    ("d\0n\0:\0x", &["1:4: error[ldif-half-unit]: the file ends in half a UTF-16 unit"]),
    ("\n\u{FEFF}dn: cn=a\n", &["2:1: warning[ldif-bom]: a byte order mark inside the file"]),
    ("dn: cn=a\ncn: a\n\tb\n", &["3:1: warning[ldif-tab-fold]: a continuation line that begins with a tab"]),
    ("dn: cn=a\ncn: a \n", &["2:6: warning[ldif-trailing-space]: the value ends in a space"]),
    (
        "dn: cn=a\ncn: \x07\n",
        &["2:5: warning[ldif-control-character]: control character U+0007 in a plain value"],
    ),
    ("dn: cn=a\ncn: a\ncn: a\n", &["3:1: warning[ldif-duplicate-value]: the same value again"]),
    ("dn: cn=a\nchangetype: modify\ndelete: cn\n- \n", &["4:2: warning[ldif-dash-space]: a space after `-`"]),
    ("dn: cn=a\n \n", &["2:1: warning[ldif-space-line]: a line of spaces instead of a blank line"]),
    (
        "dn: cn=a\nchangetype: ntdsSchemaMove\n",
        &["2:13: error[ldif-changetype]: unknown change type `ntdsSchemaMove`"],
    ),
];

fn faults(input: &[u8]) -> Vec<ldif::Error> {
    let mut reader = ReaderBuilder::new().record_limit(100).from_reader(input);
    let mut faults: Vec<_> = reader.records().filter_map(Result::err).collect();
    faults.extend(reader.take_warnings());
    faults
}

#[test]
fn each_code_has_its_place_and_its_message() {
    for (input, expected) in CASES {
        let reported: Vec<String> = faults(input.as_bytes()).iter().map(ToString::to_string).collect();
        assert_eq!(reported, *expected, "{input:?}");
    }
}

#[test]
fn bytes_that_are_not_text() {
    let reported = |input: &[u8]| faults(input).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(reported(b"dn: cn=a\ncn: \xE9\n"), ["2:5: warning[ldif-not-utf8]: byte E9 is not UTF-8"]);
    let mut utf16: Vec<u8> = "dn: cn=a\ncn: ".encode_utf16().flat_map(u16::to_le_bytes).collect();
    utf16.extend([0x00, 0xD8]);
    assert_eq!(reported(&utf16), ["2:5: warning[ldif-surrogate]: unpaired UTF-16 surrogate D800"]);
}

#[test]
fn messages_keep_to_the_house_style() {
    for (input, _) in CASES {
        for error in faults(input.as_bytes()) {
            let fault = error.as_fault().unwrap();
            assert!(fault.code().starts_with("ldif-"), "{}", fault.code());
            assert!(!fault.to_string().ends_with('.'), "{fault}");
            assert!(!fault.note().is_empty());
            assert!(fault.severity() >= Severity::Note);
        }
    }
}
