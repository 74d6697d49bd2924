//! Filters: what they select, what is wrong with them, and how they are formatted.

use std::sync::LazyLock;

use proptest::prelude::*;
use unicode_normalization::char::is_combining_mark;
use userprep::object::{Attributes, Object, Value};
use userprep::schema::Attr;
use userprep::select::filter::{Filter, MAX_DEPTH};

const NAMES: [&str; 7] = ["cn", "title", "company", "objectCategory", "photo", "flags", "other"];

static ATTRIBUTES: LazyLock<Attributes> = LazyLock::new(|| {
    let mut attributes = Attributes::default();
    NAMES.iter().for_each(|name| _ = attributes.add(name));
    attributes
});

fn key(description: &str) -> Attr {
    let other = || ATTRIBUTES.find(b"other").unwrap();
    ATTRIBUTES.find(description.as_bytes()).unwrap_or_else(other)
}

fn filter(text: &str) -> Filter {
    Filter::parse(text, key).unwrap_or_else(|fault| panic!("{text}: {fault:?}"))
}

/// An object with these values.
fn entry(values: impl IntoIterator<Item = (Attr, Vec<u8>)>) -> Object<'static> {
    let value = |(attr, value): (Attr, Vec<u8>)| Value::new(attr, value.into(), 0);
    let mut object = Object::default();
    object.values.extend(values.into_iter().map(value));
    object
}

/// Checks a filter on one attribute against one value after another.
fn check(text: &str, yes: &[&[u8]], no: &[&[u8]]) {
    let filter = filter(text);
    let [attribute] = filter.attributes()[..] else { panic!("{text} is no single item") };
    for (values, expected) in [(yes, true), (no, false)] {
        for value in values {
            let shown = String::from_utf8_lossy(value);
            let object = entry([(attribute, value.to_vec())]);
            assert_eq!(filter.matches(&object), expected, "{text} on `{shown}`");
        }
    }
}

#[test]
fn filters_select_what_a_directory_selects() {
    const ENTRIES: &str = include_str!("../../fixtures/filters/entries.ldif");
    const VERDICTS: &str = include_str!("../../fixtures/filters/filters.tsv");

    let mut attributes = Attributes::default();
    let mut entries = Vec::new();
    for record in ENTRIES.split("\n\n") {
        let lines = record.lines().filter_map(|line| line.split_once(": "));
        let values = lines.map(|(name, value)| (attributes.add(name), value.as_bytes().to_vec()));
        entries.push(entry(values));
    }
    let account = attributes.add("sAMAccountName");
    for line in VERDICTS.lines() {
        let (text, expected) = line.split_once('\t').unwrap();
        let filter = Filter::parse(text, |name| attributes.add(name)).unwrap();
        let found: Vec<_> = entries
            .iter()
            .filter(|entry| filter.matches(entry))
            .filter_map(|entry| entry.values.iter().find(|value| value.attr == account)?.text())
            .collect();
        assert_eq!(found.join(" "), expected, "{text}");
    }
}

#[test]
fn text_compares_without_case_and_insignificant_spaces() {
    check("(cn=straße)", &["STRAßE".as_bytes(), "STRAẞE".as_bytes()], &[b"strasse"]);
    check("(cn=ΟΔΟΣ)", &["οδος".as_bytes(), "οδοσ".as_bytes()], &[]);
    check("(cn=ΟΔΟΣ*)", &["οδος".as_bytes(), "οδοσα".as_bytes()], &[]);
    check("(cn=ann k)", &["ann\u{a0}\u{212a}".as_bytes(), b" Ann \t K ", b"Ann\tK"], &[b"annk", b"ann k."]);
    check("(cn=*\u{e9})", &["Rene\u{301}".as_bytes(), "REN\u{c9}".as_bytes()], &[b"Rene"]);
    check("(cn=*e)", &[b"Rene"], &["Rene\u{301}".as_bytes()]);
    check("(cn=a)", &[b" a ", b"a"], &[b"a a"]);
    check("(cn=a *)", &[b"A b", b"a  b"], &[b"ab", b"a"]);
    check("(cn=* b)", &[b"a b "], &[b"ab", b"b"]);
    check("(cn=* *)", &[b"a b"], &[b" ab "]);
    check("(cn=)", &[b"", b"  "], &[b"x"]);
    check("(cn~=ANN)", &[b"ann"], &[b"anne"]);
    check("(cn:=ann)", &[b"ANN"], &[b"anne"]);
    check("(cn=a**b)", &[b"ab", b"a-b"], &[b"b"]);
    check("(cn=**)", &[b"", b"\xff"], &[]);
}

#[test]
fn dns_compare_as_dns() {
    let dn = "(other=CN=G, OU=x,DC=contoso,DC=com)";
    check(
        dn,
        &[b"cn=g,ou=X,DC=contoso, dc=com", b"CN=G, OU=x,DC=contoso,DC=com"],
        &[b"CN=G,OU=y,DC=contoso,DC=com", b"CN=G", b"no DN"],
    );
    check("(other=*OU=x,DC=com)", &[b"CN=G,OU=x,DC=com"], &[b"CN=G,OU=x, DC=com"]);
}

#[test]
fn octets_compare_byte_by_byte() {
    check(r"(photo=\ff\41\00)", &[b"\xff\x41\0"], &[b"\xff\x61\0", b"\xff\x41"]);
    check(r"(photo=\ff*)", &[b"\xff\x41"], &[b"\x41\xff", "\u{ff}".as_bytes()]);
    check("(photo=*A*)", &[b"\xffA", b"a"], &[b"\xffa"]);
    check(r"(photo>=\ff\02)", &[b"\xff\x02", b"\xff\x03"], &[b"\xff\x01"]);
}

#[test]
fn a_value_is_read_by_its_syntax() {
    const SID: &[u8] = b"\x01\x02\0\0\0\0\0\x05\x20\0\0\0\x20\x02\0\0";
    check("(objectSid=S-1-5-32-544)", &[SID, b"S-1-5-32-544"], &[b"S-1-5-32-545"]);
    check(r"(objectSid=\01\02\00\00\00\00\00\05\20\00\00\00\20\02\00\00)", &[SID, b"S-1-5-32-544"], &[b"x"]);
    let guid = "(objectGUID=03020100-0504-0706-0809-0a0b0c0d0e0f)";
    check(guid, &[b"\0\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f"], &[b"0302010005040706", b"x"]);
    check("(msRTCSIP-UserEnabled=true)", &[b"TRUE"], &[b"FALSE"]);
    check("(manager=cn=Ann, dc=contoso)", &[b"CN=ann,DC=contoso"], &[b"CN=bob,DC=contoso"]);
    check("(l;lang-fr=Paris)", &[b"paris"], &[b"Lyon"]);
    // a text that is not a value of the attribute, but that an export may show
    check("(msRTCSIP-PrimaryUserAddress=ann)", &[b"Ann"], &[b"sip:ann@contoso.com"]);
    check("(manager>=cn=b)", &[b"CN=Bob"], &[b"CN=Ann"]);
    check("(manager>=b)", &[b"CN=Bob"], &[b"A"]);
    for (text, at) in [
        ("(userAccountControl=0x202)", 20),
        ("(!(userAccountControl=514.0))", 22),
        ("(userAccountControl=0514)", 20),
        ("(userAccountControl<=5e2)", 21),
        ("(msRTCSIP-OptionFlags>=x)", 23),
        ("(userAccountControl=99999999999)", 20),
        ("(msExchRecipientTypeDetails=RoomMailbox)", 28),
        ("(!(msRTCSIP-UserEnabled=Yes))", 24),
        ("(msRTCSIP-PrimaryHomeServer=pool01)", 28),
        ("(memberOf:=Staff)", 11),
        ("(objectSid=S-1-x)", 11),
        (r"(objectGUID~=\ff)", 13),
        ("(!(mail:1.2.840.113556.1.4.803:=2))", 3),
    ] {
        let fault = Filter::parse(text, key).expect_err(text);
        assert_eq!(fault.at, at, "{text}: {fault:?}");
    }
}

#[test]
fn integers_are_ordered_as_numbers() {
    check("(uSNChanged>=10)", &[b"10", b"100", b"0011", b"abc"], &[b"9", b"-100"]);
    check("(uSNChanged<=-1)", &[b"-1", b"-20"], &[b"0", b"1"]);
    check("(accountExpires<=9223372036854775807)", &[b"9223372036854775807", b"0"], &[b"A"]);
    check("(sn>=Meyer)", &[b"MEYER", b"meyers", b"Z", "Ämter".as_bytes()], &[b"Maier", b"", b"1"]);
    check("(sn<=meyer)", &[b"MEYER", b"Maier"], &[b"Meyers"]);
    check("(telephoneNumber>=+33)", &[b"+33", b"+4"], &[b"+1000"]);
}

#[test]
fn bit_rules_match_all_or_any_of_the_bits() {
    check("(userAccountControl:1.2.840.113556.1.4.803:=2)", &[b"2", b"514"], &[b"512", b"two", b""]);
    check("(userAccountControl:1.2.840.113556.1.4.803:=6)", &[b"6", b"7"], &[b"2", b"4"]);
    check("(userAccountControl:1.2.840.113556.1.4.804:=6)", &[b"2", b"4", b"7"], &[b"1", b"8"]);
    check("(userAccountControl:1.2.840.113556.1.4.803:=0)", &[b"0", b"1"], &[b"x"]);
    check("(userAccountControl:1.2.840.113556.1.4.804:=0)", &[], &[b"0", b"1", b"x"]);
    // Active Directory shows the highest of 32 bits as a sign
    check("(groupType:1.2.840.113556.1.4.803:=2147483648)", &[b"-2147483646"], &[b"2"]);
}

#[test]
fn object_category_accepts_the_name_of_a_class() {
    let person: &[u8] = b"CN=Person,CN=Schema,CN=Configuration,DC=contoso,DC=com";
    let unit: &[u8] = b"CN=Organizational-Unit,CN=Schema,CN=Configuration,DC=contoso,DC=com";
    check("(objectCategory=person)", &[person, b"cn = PERSON, CN=Schema", b"Person"], &[unit, b""]);
    check("(OBJECTCATEGORY=User)", &[person], &[unit]);
    check("(objectCategory=contact)", &[person], &[unit]);
    check("(objectCategory=organizationalUnit)", &[unit], &[person]);
    check("(objectCategory=cn=person,cn=schema,cn=configuration,dc=contoso,dc=com)", &[person], &[unit]);
    check("(objectCategory=CN=Per*)", &[person], &[unit]);
    check("(objectClass=user)", &[b"User"], &[b"CN=User,CN=Schema"]);
}

#[test]
fn a_missing_attribute_is_false_and_its_negation_true() {
    let empty = Object::default();
    for item in ["(cn=x)", "(cn=*)", "(cn=*x)", "(cn>=)", "(cn<=x)", "(cn:1.2.840.113556.1.4.803:=0)"] {
        assert!(!filter(item).matches(&empty), "{item}");
        assert!(filter(&format!("(!{item})")).matches(&empty), "{item}");
    }
}

#[test]
fn filters_of_administrators_are_read() {
    for (text, canonical) in [
        ("cn=x", "(cn=x)"),
        (" cn=x y ", "(cn=x y )"),
        (" ( & ( cn=x ) (!cn=y) ) ", "(&(cn=x )(!(cn=y)))"),
        ("(&\n  (cn=x)\n  (|\t(sn=y)(sn=z))\n)\n", "(&(cn=x)(|(sn=y)(sn=z)))"),
        ("( ! ( cn=*))", "(!(cn=*))"),
        ("(!(cn=x) )", "(!(cn=x))"),
        ("(extensionAttribute1b-c=x)", "(extensionAttribute1b-c=x)"),
        ("(cn=a***b)", "(cn=a*b)"),
        ("(cn:=x)", "(cn=x)"),
        (r"(cn=\4a\c3\A9\ff\2A\29\00\0a)", r"(cn=Jé\ff\2a\29\00\0a)"),
        ("(userCertificate;binary=*)", "(userCertificate;binary=*)"),
        ("(2.5.4.3;lang-fr=x)", "(2.5.4.3;lang-fr=x)"),
        ("(msRTCSIP-Line~=x)", "(msRTCSIP-Line~=x)"),
        ("(objectCategory=Person)", "(objectCategory=Person)"),
        ("(uac:1.2.840.113556.1.4.804:=007)", "(uac:1.2.840.113556.1.4.804:=7)"),
        ("(cn=a=b:=c>=d)", "(cn=a=b:=c>=d)"),
        ("(cn>=)", "(cn>=)"),
    ] {
        assert_eq!(filter(text).to_string(), canonical);
        assert_eq!(filter(canonical), filter(text));
    }
    assert_eq!(filter("(&(title=a)(|(cn=b)(!(title=c))))").attributes(), ["title", "cn", "title"].map(key));
}

#[test]
fn faults_name_the_mistake_and_its_place() {
    // the caret is below the place
    for (text, caret, what) in [
        ("", "^", "the filter is empty"),
        ("  ", "^", "the filter is empty"),
        ("&(cn=x)", "^", "expected `(`, found `&`"),
        ("(&cn=x)", "  ^", "expected `(`, found `c`"),
        ("(&(cn=x)sn=y)", "        ^", "expected `(`, found `s`"),
        ("(!&(cn=x))", "  ^", "expected `(`, found `&`"),
        ("(cn=x", "^", "this parenthesis is never closed"),
        ("(&(cn=x)(sn=y)", "^", "this parenthesis is never closed"),
        ("(&(cn=x)(sn=y", "        ^", "this parenthesis is never closed"),
        ("(&", "^", "this parenthesis is never closed"),
        ("(!(cn=x)", "^", "this parenthesis is never closed"),
        ("(", "^", "this parenthesis is never closed"),
        (")", "^", "this parenthesis closes nothing"),
        ("cn=x)", "    ^", "this parenthesis closes nothing"),
        ("(cn=x))", "      ^", "this parenthesis closes nothing"),
        ("((cn=x))", " ^", "the filter has two pairs of parentheses"),
        ("(&)", " ^", "no filter follows `&`"),
        ("(cn=x)(|)", "      ^", "the filter has ended before this"),
        ("(|  )", " ^", "no filter follows `|`"),
        ("(!)", " ^", "no filter follows `!`"),
        ("(!(cn=x)(sn=y))", "        ^", "`!` takes one filter, and more follows it"),
        ("(cn=x)(sn=y)", "      ^", "the filter has ended before this"),
        ("(cn=x) y", "       ^", "the filter has ended before this"),
        ("()", " ^", "the comparison has no attribute before it"),
        ("(=x)", " ^", "the comparison has no attribute before it"),
        (">=x", "^", "the comparison has no attribute before it"),
        ("(:1.2.840.113556.1.4.803:=2)", " ^", "the comparison has no attribute before it"),
        ("(cn =x)", "   ^", "the name of an attribute cannot have ` ` here"),
        ("(given_name=x)", "      ^", "the name of an attribute cannot have `_` here"),
        ("(-cn=x)", " ^", "the name of an attribute cannot have `-` here"),
        ("(1.2-3=x)", "    ^", "the name of an attribute cannot have `-` here"),
        ("(;binary=x)", " ^", "the name of an attribute cannot have `;` here"),
        ("(c.n=x)", "  ^", "the name of an attribute cannot have `.` here"),
        ("(2.5.4.cn=x)", "       ^", "the name of an attribute cannot have `c` here"),
        ("(*=x)", " ^", "the name of an attribute cannot have `*` here"),
        ("(nom complété=x)", "    ^", "the name of an attribute cannot have ` ` here"),
        ("(é=x)", " ^", "the name of an attribute cannot have `é` here"),
        ("(cn)", "   ^", "expected a comparison"),
        ("cn", "  ^", "expected a comparison"),
        ("(cn>5)", "   ^", "expected a comparison"),
        ("(cn<>5)", "   ^", "expected a comparison"),
        ("(cn:caseExactMatch=x)", "                  ^", "expected a comparison"),
        ("(cn::=x)", "    ^", "expected a comparison"),
        ("(cn:1.2.840.113556.1.4.803:2)", "                          ^", "expected a comparison"),
        ("(cn=Smith (temp))", "          ^", "a value has an unescaped `(`"),
        ("(cn>=a*)", "      ^", "this comparison does not support wildcards"),
        ("(cn:=a*)", "      ^", "this comparison does not support wildcards"),
        (r"(cn=Smith\, Carl)", "         ^", "two hexadecimal digits must follow"),
        (r"(cn=C:\temp)", "      ^", "two hexadecimal digits must follow"),
        (r"(cn=\4)", "    ^", "two hexadecimal digits must follow"),
        (r"(cn=\", "    ^", "two hexadecimal digits must follow"),
        (r"(cn=\+1)", "    ^", "two hexadecimal digits must follow"),
        (r"(cn=\4é)", "    ^", "two hexadecimal digits must follow"),
        ("(ou:dn:=Paris)", "    ^", "`:dn` is not supported"),
        ("(ou:DN:2.5.13.2:=Paris)", "    ^", "`:dn` is not supported"),
        ("(&(cn=x)(ANR=ann))", "         ^", "`anr` looks for a name in several attributes"),
        ("(memberOf:1.2.840.113556.1.4.1941:=CN=x)", "          ^", "the in-chain rule"),
        ("(cn:caseExactMatch:=x)", "    ^", "the matching rule is not known"),
        ("(uac:1.2.840.113556.1.4.803:=two)", "                             ^", "a bit rule"),
        ("(uac:1.2.840.113556.1.4.803:=)", "                             ^", "a bit rule"),
        ("(uac:1.2.840.113556.1.4.804:=9223372036854775808)", "                             ^", "a bit rule"),
    ] {
        let fault = Filter::parse(text, key).expect_err(text);
        let found = text[..fault.at].chars().count();
        assert_eq!(found, caret.len() - 1, "{text}");
        assert!(fault.what.english().starts_with(what), "{text}: {}", fault.what.english());
    }
}

#[test]
fn messages_state_and_help_advises() {
    let fault = Filter::parse("(cn=Smith (temp))", key).unwrap_err();
    assert_eq!(fault.what.english(), "a value has an unescaped `(`");
    assert_eq!(fault.help.english(), r"write it as \28, and `)` as \29");
    for (text, help) in [
        ("(userAccountControl=x)", "write a decimal number, such as 512"),
        ("(msRTCSIP-UserEnabled=0)", "write TRUE or FALSE"),
        ("(manager=ann)", "write the whole DN, or compare a part of it: (manager=CN=Ann *)"),
        ("(msRTCSIP-UserPolicy=ann)", "write the whole DN, or compare a part of it: (manager=CN=Ann *)"),
        ("(objectSid=x)", "write it as S-1-5-21-…"),
        ("(objectGUID=x)", "write it as 12345678-9abc-def0-1234-56789abcdef0"),
    ] {
        assert_eq!(Filter::parse(text, key).unwrap_err().help.english(), help, "{text}");
    }
    let fault = Filter::parse("(c\u{1b}n=x)", key).unwrap_err();
    assert_eq!(fault.what.english(), r"the name of an attribute cannot have `\u{1b}` here");
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}(cn=x){}", "(!".repeat(depth - 1), ")".repeat(depth - 1));
    assert_eq!(filter(&nested(MAX_DEPTH)).to_string(), nested(MAX_DEPTH));
    let beside = format!("(!(&{}))", "(cn=x)".repeat(MAX_DEPTH));
    assert_eq!(filter(&beside).to_string(), beside, "filters beside each other are not inside each other");
    let fault = Filter::parse(&nested(1_000_000), key).unwrap_err();
    assert_eq!(
        (fault.what.english(), fault.at),
        ("the filter is nested more than 100 levels deep", 2 * MAX_DEPTH)
    );
}

/// Generates values that combine case, spaces, accents, escapes and octets that are not UTF-8.
fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => "[aAbB éÉe\u{301}ςΣ ß*()\\\\-]{0,6}".prop_map(String::into_bytes),
        2 => (-3_i64..4).prop_map(|number| number.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ]
}

fn escaped(value: &[u8]) -> String {
    value.iter().map(|octet| format!("\\{octet:02X}")).collect()
}

fn filter_text() -> impl Strategy<Value = String> {
    let name = prop::sample::select(&NAMES[..]);
    let item = (name, 0..7, prop::collection::vec(value(), 1..4)).prop_map(|(name, comparison, values)| {
        let pieces: Vec<_> = values.iter().map(|value| escaped(value)).collect();
        let bits = values[0].len();
        match comparison {
            0 => format!("({name}>={})", pieces[0]),
            1 => format!("({name}<={})", pieces[0]),
            2 => format!("({name}~={})", pieces[0]),
            3 => format!("(flags:1.2.840.113556.1.4.803:={bits})"),
            4 => format!("(flags:1.2.840.113556.1.4.804:={bits})"),
            _ => format!("({name}={})", pieces.join("*")),
        }
    });
    item.prop_recursive(4, 24, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            list.clone().prop_map(|filters| format!("(&{})", filters.concat())),
            list.prop_map(|filters| format!("(|{})", filters.concat())),
            inner.prop_map(|filter| format!("(!{filter})")),
        ]
    })
}

fn object() -> impl Strategy<Value = Object<'static>> {
    let attribute = prop::sample::select(&NAMES[..]).prop_map(key);
    prop::collection::vec((attribute, value()), 0..12).prop_map(entry)
}

proptest! {
    #[test]
    fn a_formatted_filter_reads_back_the_same(text in filter_text()) {
        let parsed = filter(&text);
        prop_assert_eq!(filter(&parsed.to_string()), parsed);
    }

    #[test]
    fn double_negation_changes_nothing(text in filter_text(), object in object()) {
        let verdict = filter(&text).matches(&object);
        prop_assert_eq!(filter(&format!("(!{text})")).matches(&object), !verdict);
        prop_assert_eq!(filter(&format!("(!(!{text}))")).matches(&object), verdict);
    }

    #[test]
    fn de_morgan_holds(a in filter_text(), b in filter_text(), object in object()) {
        let matches = |text: String| filter(&text).matches(&object);
        prop_assert_eq!(matches(format!("(!(&{a}{b}))")), matches(format!("(|(!{a})(!{b}))")));
        prop_assert_eq!(matches(format!("(!(|{a}{b}))")), matches(format!("(&(!{a})(!{b}))")));
    }

    #[test]
    fn a_value_equals_itself(value in value()) {
        let itself = filter(&format!("(cn={})", escaped(&value)));
        prop_assert!(itself.matches(&entry([(key("cn"), value)])));
    }

    #[test]
    fn text_equals_itself_in_capitals(text in "[a-zé-þŁłжЖςσΩ e\u{301}()]{0,8}") {
        let capitals = text.to_uppercase().into_bytes();
        let itself = filter(&format!("(cn={})", escaped(text.as_bytes())));
        prop_assert!(itself.matches(&entry([(key("cn"), capitals)])));
    }

    #[test]
    fn a_value_fits_around_any_cut(value in value(), cut in 0_usize..7) {
        // NFC joins a letter with the mark that the cut separated from it, and a space at the cut may not count
        if let Ok(text) = str::from_utf8(&value)
            && let Some((start, end)) = text.split_at_checked(cut)
            && !start.ends_with(char::is_whitespace)
            && !end.starts_with(|c: char| c.is_whitespace() || is_combining_mark(c))
        {
            let around = filter(&format!("(cn={}*{})", escaped(start.as_bytes()), escaped(end.as_bytes())));
            prop_assert!(around.matches(&entry([(key("cn"), value)])));
        }
    }

    #[test]
    fn no_text_panics(text in r"[(&|!)=~<>:*\\ a0;.é-]{0,40}", object in object()) {
        match Filter::parse(&text, key) {
            Ok(filter) => drop(filter.matches(&object)),
            Err(fault) => prop_assert!(text.is_char_boundary(fault.at)),
        }
    }

    #[test]
    fn no_octets_panic(octets: Vec<u8>) {
        let text = String::from_utf8_lossy(&octets);
        if let Err(fault) = Filter::parse(&text, key) {
            prop_assert!(text.is_char_boundary(fault.at));
        }
    }
}
