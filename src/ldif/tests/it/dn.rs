//! Distinguished names: RFC 4514 and what Active Directory writes.

use std::collections::HashSet;

use ldif::Dn;
use ldif::dn::{DnFaultKind, domain, is_under_normalized, normalize};
use proptest::prelude::*;

#[test]
fn names_that_are_equal_have_one_normal_form() {
    let check = |dn: &str, expected: &str| {
        assert_eq!(normalize(dn).unwrap(), expected, "{dn:?}");
        assert_eq!(Dn::parse(dn).unwrap().normalized(), expected, "{dn:?}");
    };
    check("", "");
    check("   ", "");
    check("CN=Ann Doe,OU=Paris,DC=contoso,DC=com", "cn=ann doe,ou=paris,dc=contoso,dc=com");
    check("cn=ann doe,dc=com", "cn=ann doe,dc=com");
    check(" CN = Ann  Doe , DC = com ", "cn=ann  doe,dc=com");
    check(r"CN=Doe\, Ann,DC=com", r"cn=doe\, ann,dc=com");
    check(r"CN=Doe\2C Ann,DC=com", r"cn=doe\, ann,dc=com");
    check(r#"CN=a\"\;\<\>\=\#\\\+b"#, r#"cn=a";<>=#\\\+b"#);
    check(r"CN=Zo\C3\89", "cn=zoé");
    check("CN=ZOÉ ΣΑΣ İ", "cn=zoé σας i\u{307}");
    check(r"CN=\20a\20", "cn= a ");
    check(r"CN=a\ ,DC=x", "cn=a ,dc=x");
    check("OU=Sales+CN=J.  Smith,DC=x", "cn=j.  smith+ou=sales,dc=x");
    check("CN=a + OU=b", "cn=a+ou=b");
    check("1.3.6.1.4.1.1466.0=#04024869,O=Test", "1.3.6.1.4.1.1466.0=hi,o=test");
    check("CN=#0500", "cn=#0500");
    check(r"CN=\FF", r"cn=\ff");
    check("CN=,DC=x", "cn=,dc=x");
    check("CN=a=b", "cn=a=b");
    check("DC=x,CN=a/b;c".replace(';', "\\;").as_str(), "dc=x,cn=a/b;c");
    check(r"CN=Ann\0ADEL:6b1f,CN=Deleted Objects,DC=x", "cn=ann\ndel:6b1f,cn=deleted objects,dc=x");
    check(r"CN=Ann\0ACNF:6b1f,DC=x", "cn=ann\ncnf:6b1f,dc=x");
}

#[test]
fn the_test_vectors_of_the_pools_keep_their_form() {
    let pool = "CN=LC Services, CN=Microsoft,CN=pool01,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,\
                DC=contoso,DC=com";
    let expected = "cn=lc services,cn=microsoft,cn=pool01,cn=pools,cn=rtc service,cn=services,cn=configuration,\
                    dc=contoso,dc=com";
    assert_eq!(normalize(pool).unwrap(), expected);
}

#[test]
fn an_invalid_name_has_the_place_of_its_fault() {
    let check = |dn: &str, kind: DnFaultKind, at: usize| {
        let fault = normalize(dn).unwrap_err();
        assert_eq!((fault.kind, fault.at), (kind, at), "{dn:?}");
    };
    check("nonsense", DnFaultKind::NoEquals, 0);
    check("cn=a,nonsense", DnFaultKind::NoEquals, 5);
    check("cn=a,,dc=x", DnFaultKind::EmptyRdn, 5);
    check("cn=a,", DnFaultKind::EmptyRdn, 5);
    check(",cn=a", DnFaultKind::EmptyRdn, 0);
    check("cn=a+", DnFaultKind::EmptyRdn, 5);
    check("=a", DnFaultKind::Type(String::new()), 0);
    check("c n=a", DnFaultKind::Type("c n".into()), 0);
    check("1.=a", DnFaultKind::Type("1.".into()), 0);
    check("-a=a", DnFaultKind::Type("-a".into()), 0);
    check(r"cn=a\", DnFaultKind::Escape, 4);
    check(r"cn=a\x", DnFaultKind::Escape, 4);
    check(r"cn=a\1", DnFaultKind::Escape, 4);
    check("cn=a;dc=x", DnFaultKind::Unescaped(';'), 4);
    check("cn=\"a", DnFaultKind::Quote, 3);
    check("cn=\"a\"b", DnFaultKind::Unescaped('b'), 6);
    check("cn=a\"b\"", DnFaultKind::Unescaped('"'), 4);
    check(r"cn=a\/b", DnFaultKind::AdsiEscape, 4);
    check("cn=a<b", DnFaultKind::Unescaped('<'), 4);
    check("cn=#", DnFaultKind::Hex, 4);
    check("cn=#0", DnFaultKind::Hex, 4);
    check("cn=#04024869x", DnFaultKind::Hex, 12);
}

#[test]
fn equality_hash_and_order_are_those_of_the_normal_form() {
    let names =
        ["CN=a+OU=b,DC=x", "ou=B + cn=A , dc=X", r"CN=\61+OU=b,DC=x"].map(|dn| Dn::parse(dn).unwrap());
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), 1);
    assert_ne!(names[0], Dn::parse("CN=a,OU=b,DC=x").unwrap());
    assert!(Dn::parse("CN=a").unwrap() < Dn::parse("cn=B").unwrap());
}

#[test]
fn a_name_is_under_each_base_that_ends_it() {
    let check = |dn: &str, base: &str, expected: bool| {
        let parsed = (Dn::parse(dn).unwrap(), Dn::parse(base).unwrap());
        assert_eq!(parsed.0.is_under(&parsed.1), expected, "{dn:?} under {base:?}");
        let (dn, base) = (normalize(dn).unwrap(), normalize(base).unwrap());
        assert_eq!(is_under_normalized(&dn, &base), expected, "{dn:?} under {base:?}");
    };
    check("CN=a,OU=b,DC=x", "ou=B,dc=X", true);
    check("CN=a,OU=b,DC=x", "CN=A,OU=b,DC=x", true);
    check("CN=a,OU=b,DC=x", "", true);
    check("CN=a,OU=bb,DC=x", "OU=b,DC=x", false);
    check("OU=b,DC=x", "CN=a,OU=b,DC=x", false);
    check(r"CN=a\,OU=b,DC=x", "OU=b,DC=x", false);
    check(r"CN=a\\,OU=b,DC=x", "OU=b,DC=x", true);
    check("", "", true);
    check("", "DC=x", false);
}

#[test]
fn the_domain_of_a_name_is_its_last_domain_components() {
    let check = |dn: &str, expected: &str| assert_eq!(domain(dn), expected, "{dn:?}");
    check("CN=a,OU=b,DC=contoso,DC=com", "DC=contoso,DC=com");
    check("CN=a,OU=b, dc = contoso , DC=com", "dc = contoso , DC=com");
    check("DC=contoso,DC=com", "DC=contoso,DC=com");
    check("DC=a,OU=b,DC=com", "DC=com");
    check("CN=a,O=b", "");
    check(r"CN=a\,DC=b,DC=com", "DC=com");
    check(r"CN=a\", "");
    check("", "");
}

#[test]
fn a_name_is_written_with_the_escapes_of_rfc_4514() {
    let check = |dn: &str, expected: &str| assert_eq!(Dn::parse(dn).unwrap().to_string(), expected, "{dn:?}");
    check("CN = Ann Doe , DC=x", "CN=Ann Doe,DC=x");
    check(r"CN=Doe\2C Ann\2B", r"CN=Doe\, Ann\+");
    check(r"CN=\20a\20", r"CN=\ a\ ");
    check(r"CN=\23a#", r"CN=\#a#");
    check(r"CN=Ann\0ADEL:1", r"CN=Ann\0ADEL:1");
    check(r"CN=\C3\A9\FF", r"CN=é\FF");
    check("OU=a+CN=b", "OU=a+CN=b");
}

#[test]
fn a_name_has_the_parent_behind_its_first_rdn() {
    let dn = Dn::parse("CN=a,OU=b,DC=x").unwrap();
    assert_eq!(dn.parent().unwrap(), Dn::parse("ou=b,dc=x").unwrap());
    assert_eq!(Dn::default().parent(), None);
}

proptest! {
    #[test]
    fn written_names_read_back_the_same(text in "[A-Za-zé\\\\ ,+=#\"<>;0\n]{0,24}") {
        // Any text can be the value of an RDN.
        let escaped: String = text.bytes().map(|b| format!("\\{b:02x}")).collect();
        let dn = Dn::parse(&format!("CN={escaped},DC=x")).unwrap();
        prop_assert_eq!(&dn.rdns()[0][0].value, text.as_bytes());
        let again = Dn::parse(&dn.to_string()).unwrap();
        prop_assert_eq!(&again.rdns()[0][0].value, text.as_bytes());
        prop_assert_eq!(again, dn);
    }

    #[test]
    fn the_fast_path_gives_the_same_as_the_parser(dn in "(CN|ou|2\\.5|d-c) ?= ?[AaÉΣß #\\\\,+=0.]{0,12}(,dc=[x-zΣ ]{0,3})?") {
        let (fast, parsed) = (normalize(&dn), Dn::parse(&dn));
        match (fast, parsed) {
            (Ok(fast), Ok(parsed)) => prop_assert_eq!(fast, parsed.normalized()),
            (Err(fast), Err(parsed)) => prop_assert_eq!(fast, parsed),
            (fast, parsed) => prop_assert!(false, "{:?} and {:?}", fast, parsed),
        }
    }
}

#[test]
fn attribute_types_compare_by_any_of_their_names() {
    for spelling in [
        "CN=Ann,2.5.4.11=Admins,DC=x",
        "CN=Ann,organizationalUnitName=Admins,DC=x",
        "commonName=Ann,OID.2.5.4.11=Admins,domainComponent=x",
        "2.5.4.3=Ann, ou = Admins ,0.9.2342.19200300.100.1.25=x",
        "CN=\"Ann\",OU=Admins,DC=x",
    ] {
        assert_eq!(normalize(spelling).unwrap(), "cn=ann,ou=admins,dc=x", "{spelling}");
    }
    assert_eq!(normalize("STREET=a,userClass=b").unwrap(), "street=a,userclass=b");
    assert_eq!(ldif::dn::domain("CN=a,domainComponent=x,DC=y"), "domainComponent=x,DC=y");
    assert_eq!(normalize("CN=\"Doe, Ann\",DC=x").unwrap(), r"cn=doe\, ann,dc=x");
}
