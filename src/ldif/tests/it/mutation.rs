//! Damaged files: the invariants hold whatever happens to a fixture.

use proptest::prelude::*;

use crate::invariant;

const FIXTURES: &[&str] = &[
    include_str!("../fixtures/canonical.ldif"),
    include_str!("../fixtures/ldapsearch.ldif"),
    include_str!("../fixtures/mixed.ldif"),
    include_str!("../fixtures/rfc2849-3.ldif"),
    include_str!("../fixtures/rfc2849-6.ldif"),
    include_str!("../fixtures/rfc2849-7.ldif"),
];

/// The pieces that damage inserts.
const PIECES: &[&[u8]] = &[
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"\n ",
    b"\n\t",
    b"\n \n",
    b" ",
    b":",
    b"::",
    b":<",
    b"-",
    b"- \n",
    b"\0",
    b"\x1A",
    b"\xFF",
    b"\xE9",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"=",
    b"==",
    b"#",
    b";",
    b",",
    b"\\",
    b"dn: ",
    b"\ndn:: Y249YQ==\n",
    b"\nchangetype: modify\n",
    b"\nversion: 1\n",
    b"\nresult: 0\n",
    b"\nref: ldap://x\n",
    b"\ncontrol: 1.2 true: x\n",
];

fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let damage = prop_oneof![
        (any::<prop::sample::Index>(), 0..PIECES.len()).prop_map(|(at, piece)| (
            at,
            0,
            PIECES[piece].to_vec()
        )),
        (any::<prop::sample::Index>(), 0..40_usize).prop_map(|(at, len)| (at, len, Vec::new())),
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| (at, 1, vec![byte])),
    ];
    let utf16 = prop_oneof![4 => Just(false), 1 => Just(true)];
    (0..FIXTURES.len(), prop::collection::vec(damage, 0..6), utf16).prop_map(|(fixture, damages, utf16)| {
        let mut bytes = match utf16 {
            false => FIXTURES[fixture].as_bytes().to_vec(),
            true => FIXTURES[fixture].encode_utf16().flat_map(u16::to_le_bytes).collect(),
        };
        for (at, cut, piece) in damages {
            let at = at.index(bytes.len() + 1);
            let end = (at + cut).min(bytes.len());
            bytes.splice(at..end, piece);
        }
        bytes
    })
}

proptest! {
    #[test]
    fn of_the_reader(bytes in damaged()) {
        invariant::reader(&bytes);
    }

    #[test]
    fn of_the_lazy_walk(bytes in damaged()) {
        invariant::lazy_is_owned(&bytes);
    }

    #[test]
    fn of_the_round_trip(bytes in damaged()) {
        invariant::round_trip(&bytes);
    }

    #[test]
    fn of_names(name in "[a-zA-Z0-9=,+\\\\ #\"é;\n.-]{0,30}") {
        invariant::name(&name);
    }

    #[test]
    fn of_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        invariant::reader(&bytes);
        invariant::lazy_is_owned(&bytes);
        invariant::round_trip(&bytes);
        invariant::name(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn an_attribute_with_which_tools_begin_lines_reads_back_the_same() {
    invariant::round_trip(b"dn: CN=Ann Doe\nldap: //contoso.com\n");
}

#[test]
fn tool_output_above_a_record_is_in_its_chunk() {
    for said in ["^c", "...", "Killed", "SASL SSF: 256", "2 entries exported"] {
        for record in ["version:\ndn:", "version: 1\ndn: cn=a\ncn: a\n", "dn: cn=a\ncn: a\n"] {
            invariant::reader(format!("{said}\n{record}").as_bytes());
        }
    }
}

#[test]
fn each_fixture_cut_at_each_byte() {
    for fixture in FIXTURES {
        for end in 0..fixture.len() {
            invariant::reader(&fixture.as_bytes()[..end]);
            invariant::lazy_is_owned(&fixture.as_bytes()[..end]);
        }
    }
}
