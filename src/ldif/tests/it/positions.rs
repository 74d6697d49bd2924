//! Line and column as an editor shows them: folds, base64, UTF-16, any line end.

use ldif::{Block, Line, Positions, blocks};

use crate::check;

#[test]
fn a_line_of_options_without_a_colon_is_reported() {
    let text = "dn: cn=a\nfoo;bar\ncn: a\n";
    crate::check(text, 0, &["2:1 ldif-no-colon!"]);
    crate::invariant::lazy_is_owned(text.as_bytes());
}

#[test]
fn a_position_counts_characters_and_every_line_end_once() {
    let check = |text: &[u8], at: usize, line: u64, column: u64| {
        let place = Positions::new(text, 1).of(at);
        assert_eq!((place.line, place.column), (line, column), "byte {at} of {text:?}");
    };
    check(b"", 0, 1, 1);
    check(b"ab", 1, 1, 2);
    check(b"ab", 9, 1, 3);
    check("é😀x".as_bytes(), 6, 1, 3);
    check(b"\xE9\xE9x", 2, 1, 3);
    for text in [&b"a\nb\nc"[..], b"a\rb\rc"] {
        check(text, 1, 1, 2);
        check(text, 2, 2, 1);
        check(text, 4, 3, 1);
    }
    check(b"a\r\nb\r\nc", 1, 1, 2);
    check(b"a\r\nb\r\nc", 2, 1, 3);
    check(b"a\r\nb\r\nc", 3, 2, 1);
    check(b"a\r\nb\r\nc", 6, 3, 1);
    check(b"\r\r\n\n", 3, 3, 1);
    assert_eq!(Positions::new(b"a\nb", 41).of(2).line, 42);
}

#[test]
fn many_positions_equal_single_ones() {
    let text = "é\r\n\n😀a\rb\r\r\n\nend".as_bytes();
    let mut positions = Positions::new(text, 7);
    // Forwards, backwards, and in leaps.
    let all = 0..=text.len();
    for at in all.clone().chain(all.clone().rev()).chain(all.clone().map(|at| at * 5 % text.len())) {
        assert_eq!(positions.of(at), Positions::new(text, 7).of(at), "byte {at}");
    }
}

/// Checks a text whose only fault is the `!` in it: the fault must be found, whatever the line ends and the encoding.
#[track_caller]
fn bang(text: &str, line: u64, column: u64) {
    let faults = [format!("{line}:{column} ldif-base64!")];
    let faults = [&*faults[0]];
    for end in ["\n", "\r\n", "\r"] {
        let text = text.replace('\n', end);
        check(&text, 0, &faults);
        check(format!("\u{FEFF}{text}"), 0, &faults);
        check(text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), 0, &faults);
        check(
            format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>(),
            0,
            &faults,
        );
    }
}

#[test]
fn faults_inside_folded_values() {
    bang("dn: cn=a\ncn:: YW!j\n", 2, 8);
    bang("dn: cn=a\ncn:: YW\n !j\n", 3, 2);
    bang("dn: cn=a\ncn:: YW\n Jj\n \n YW!j\n", 5, 4);
    bang("dn: cn=a\ncn::\n  YW!j\n", 3, 5);
    bang("dn: cn=a\ncn:\n : YW!j\n", 3, 6);
    bang("dn: cn=a\nc\n n:: YW!j\n", 3, 8);
    bang("# é😀\ndn: cn=é😀\nsn: é\ncn:: YW\n Jj!YWJj\n", 5, 4);
}

#[test]
fn faults_after_a_line_of_wide_characters() {
    check("dn: cn=a\ncn: é😀x \n", 1, &["2:8 ldif-trailing-space"]);
    check("dn: cn=a\ncn: é\n 😀\x07\n", 1, &["3:3 ldif-control-character"]);
    check("dn: cn=é,cn=😀,x\n", 0, &["1:15 ldif-dn!"]);
    check("dn: cn=é,cn=😀\n ,x\n", 0, &["2:3 ldif-dn!"]);
    check(b"dn: cn=\xE9,x\n", 0, &["1:8 ldif-not-utf8", "1:10 ldif-dn!"]);
}

#[test]
fn faults_inside_base64_names() {
    // cn=é,x
    check("dn:: Y249w6kseA==\n", 0, &["1:14 ldif-dn!"]);
}

fn line(text: &str, i: usize) -> Line<'_> {
    let Some(Block::Record(raw)) = blocks(text.as_bytes()).next() else { panic!("{text:?}") };
    raw.lines().nth(i).expect("the text has that line")
}

#[test]
fn each_byte_of_a_value_is_located() {
    let text = "dn: cn=a\nsn: ab\n cd\r\n \n e\ncn::  YWJ\n jZG\r\n Vm\n";
    let plain = line(text, 1);
    assert_eq!(&*plain.value().unwrap(), b"abcde");
    let places: Vec<usize> = (0..6).map(|i| plain.locate(i)).collect();
    let expected: Vec<usize> = "abcd".chars().map(|c| text[12..].find(c).unwrap() + 12).collect();
    assert_eq!(places[..4], expected);
    assert_eq!(&text[places[4]..=places[4]], "e");
    assert_eq!(places[5], plain.end());
    let coded = line(text, 2);
    assert_eq!(&*coded.value().unwrap(), b"abcdef");
    let symbols: String = (0..6).map(|i| &text[coded.locate(i)..=coded.locate(i)]).collect();
    assert_eq!(symbols, "YWJZGV");
    assert_eq!(coded.locate(6), coded.end());
}

#[test]
fn a_line_knows_its_parts() {
    let text = "dn: cn=a\ncn;lang-fr;binary:: YQ==\nc\n n:\n  b\n";
    let coded = line(text, 1);
    assert_eq!((&*coded.name(), &*coded.options()), (&b"cn"[..], &b"lang-fr;binary"[..]));
    assert_eq!((coded.at(), coded.value_at()), (9, text.find("YQ").unwrap()));
    let folded = line(text, 2);
    assert_eq!((&*folded.name(), &*folded.value().unwrap()), (&b"cn"[..], &b"b"[..]));
}
