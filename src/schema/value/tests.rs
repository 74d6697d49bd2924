//! The decoding of values, and the descriptions of invalid ones.

use super::*;

#[test]
fn an_integer_is_decimal_digits_and_nothing_else() {
    for (text, expect) in [
        ("0", Some(0)),
        ("512", Some(512)),
        ("-2147483646", Some(-2_147_483_646)),
        ("9223372036854775807", Some(i64::MAX)),
        ("-9223372036854775808", Some(i64::MIN)),
        ("9223372036854775808", None),
        ("", None),
        ("-", None),
        ("-0", None),
        ("+1", None),
        ("0512", None),
        (" 512", None),
        ("512 ", None),
        ("0x202", None),
        ("51:", None),
        ("514.0", None),
        ("5.14E+02", None),
        ("514 (ACCOUNTDISABLE)", None),
        ("NULL", None),
        ("٥١٢", None),
    ] {
        assert_eq!(integer(text.as_bytes()), expect, "{text}");
    }
}

#[test]
fn each_syntax_refuses_what_is_not_its_own() {
    let ldap = "CN=LC Services,DC=contoso,DC=com";
    for (syntax, text, expect) in [
        (Syntax::Text, "NULL", Meaning::Plain),
        (Syntax::Integer, "2147483647", Meaning::Integer(2_147_483_647)),
        (Syntax::Integer, "2147483648", Meaning::Invalid),
        (Syntax::LargeInteger, "2147483648", Meaning::Integer(2_147_483_648)),
        (Syntax::AccountControl, "256", Meaning::Integer(256)),
        (Syntax::AccountControl, "66048", Meaning::Integer(66048)),
        (Syntax::AccountControl, "4096", Meaning::Integer(4096)),
        (Syntax::AccountControl, "8192", Meaning::Integer(8192)),
        (Syntax::AccountControl, "2050", Meaning::Integer(2050)),
        (Syntax::AccountControl, "1024", Meaning::Invalid),
        (Syntax::AccountControl, "0", Meaning::Invalid),
        (Syntax::AccountControl, "0x202", Meaning::Invalid),
        (Syntax::AccountControl, "4294967808", Meaning::Invalid),
        (Syntax::RecipientType, "SharedMailbox", Meaning::Invalid),
        (Syntax::Boolean, "true", Meaning::Boolean(true)),
        (Syntax::Boolean, "FALSE", Meaning::Boolean(false)),
        (Syntax::Boolean, "1", Meaning::Invalid),
        (Syntax::Boolean, "TRUE ", Meaning::Invalid),
        (Syntax::Dn, "CN=A, DC=x", Meaning::Dn("cn=a,dc=x".into())),
        (Syntax::Dn, "pool01.contoso.com", Meaning::Invalid),
        (Syntax::Dn, "", Meaning::Invalid),
        (Syntax::DnBinary, &format!("B:8:00000001:{ldap}"), Meaning::Plain),
        (Syntax::DnBinary, &format!("B:8:0000001:{ldap}"), Meaning::Invalid),
        (Syntax::DnBinary, &format!("B:8:0000000g:{ldap}"), Meaning::Invalid),
        (Syntax::DnBinary, &format!("B:7:0000001:{ldap}"), Meaning::Invalid),
        (Syntax::DnBinary, "B:8:00000001:", Meaning::Invalid),
        (Syntax::DnBinary, ldap, Meaning::Invalid),
        (Syntax::Sid, "S-1-5-10", Meaning::Plain),
        (Syntax::Sid, "S-1-5", Meaning::Invalid),
        (Syntax::Sid, "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15", Meaning::Plain),
        (Syntax::Sid, "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", Meaning::Invalid),
        (Syntax::Sid, "S-1-5-+1", Meaning::Invalid),
        (Syntax::Sid, "S-1-5-4294967296", Meaning::Invalid),
        (Syntax::Sid, "S-1-281474976710656-1", Meaning::Invalid),
        (Syntax::Sid, "\u{1}\u{1}\0\0\0\0\0\u{5}\n\0\0\0", Meaning::Plain),
        (Syntax::Sid, "\u{1}\u{1}\0\0\0\0\0\u{5}\n\0\0", Meaning::Invalid),
        (Syntax::Sid, "S-1-5-21-1-2-3", Meaning::Plain),
        (Syntax::AccountSid, "S-1-5-21-1-2-3", Meaning::Invalid),
        (Syntax::AccountSid, "\u{1}\u{4}\0\0\0\0\0\u{5}\u{15}\0\0\0abcdefghijkl", Meaning::Invalid),
        (Syntax::AccountSid, "S-1-5-21", Meaning::Invalid),
        (Syntax::AccountSid, "S-1-5-21-1-2-3-4", Meaning::Plain),
        (Syntax::AccountSid, "S-1-5-10", Meaning::Plain),
        (Syntax::AccountSid, "S-1-5-90-1-2-3", Meaning::Plain),
        (Syntax::AccountSid, "S-1-12-1-1-2-3-4", Meaning::Plain),
        (Syntax::AccountSid, "S-1-0-0", Meaning::Invalid),
        (Syntax::AccountSid, "S-1-1-0", Meaning::Invalid),
        (Syntax::AccountSid, "S-1-5-32-544", Meaning::Invalid),
        (Syntax::Sid, "S-1-5-32-544", Meaning::Plain),
        (Syntax::Locator, "SRV:", Meaning::Plain),
        (Syntax::Locator, "srv:", Meaning::Plain),
        (Syntax::Locator, "sipfed.online.lync.com", Meaning::Plain),
        (Syntax::Locator, "NULL", Meaning::Invalid),
        (Syntax::Locator, "-", Meaning::Invalid),
        (Syntax::Locator, "<not set>", Meaning::Invalid),
        (Syntax::ProxyAddress, "SMTP:ann@contoso.com", Meaning::Plain),
        (Syntax::ProxyAddress, "X500:/o=contoso/cn=ann", Meaning::Plain),
        (Syntax::ProxyAddress, "x_400-1:c=fr", Meaning::Plain),
        (Syntax::ProxyAddress, "ann@contoso.com", Meaning::Plain),
        (Syntax::ProxyAddress, "SMTP:ann (Paris)", Meaning::Plain),
        (Syntax::ProxyAddress, "SMTP: ", Meaning::Invalid),
        (Syntax::ProxyAddress, ":ann", Meaning::Invalid),
        (Syntax::ProxyAddress, ":ann@contoso.com", Meaning::Invalid),
        (Syntax::ProxyAddress, "SMTP:ann@contoso.com,sip", Meaning::Invalid),
        (Syntax::ProxyAddress, "SMTP:\"doe, ann\"@contoso.com", Meaning::Plain),
        (Syntax::ProxyAddress, "SMTP:doe, ann", Meaning::Plain),
        (Syntax::ProxyAddress, "é:ann", Meaning::Invalid),
        (Syntax::ProxyAddress, "ann", Meaning::Invalid),
        (Syntax::ProxyAddress, "@contoso.com", Meaning::Invalid),
        (Syntax::ProxyAddress, "ann@contoso", Meaning::Invalid),
        (Syntax::ProxyAddress, "SMTP:ann@contoso.com...", Meaning::Invalid),
        (Syntax::ProxyAddress, "SMTP:ann@contoso.com…", Meaning::Invalid),
        (Syntax::ProxyAddress, "SMTP:ann@contoso.com (+3)", Meaning::Invalid),
        (Syntax::ProxyAddress, "SMTP:ann (+3) x", Meaning::Plain),
        (Syntax::ProxyAddress, "sip:ann@contoso.com,smtp", Meaning::Invalid),
        (Syntax::Guid, "0123456789abcdef", Meaning::Plain),
        (Syntax::Guid, "{03020100-0504-0706-0809-0a0b0c0d0e0f}", Meaning::Plain),
        (Syntax::Guid, "03020100-0504-0706-0809", Meaning::Invalid),
        (Syntax::Guid, "03020100-0504-0706-0809_0a0b0c0d0e0f", Meaning::Invalid),
    ] {
        assert_eq!(Meaning::of(syntax, text.as_bytes()), expect, "{syntax:?} {text}");
    }
    let of_another_encoding = b"SMTP\xe9";
    assert_eq!(Meaning::of(Syntax::ProxyAddress, of_another_encoding), Meaning::Plain);
}

#[test]
fn a_sip_address_is_a_user_at_a_domain_and_nothing_else() {
    for (uri, expect) in [
        ("sip:ann@contoso.com", Some("ann@contoso.com")),
        ("SIP:Ann.Doe@contoso.com", Some("Ann.Doe@contoso.com")),
        ("sip:o'hara+x@contoso.com", Some("o'hara+x@contoso.com")),
        ("sip:a;b@contoso.com", Some("a;b@contoso.com")),
        ("sip:ann@10.0.0.255", Some("ann@10.0.0.255")),
        ("sip:ann@10.0.0.256", None),
        ("sip:ann@10.0.1", None),
        ("sip:ann@10.0.0.0.1", None),
        ("", None),
        (" ", None),
        ("-", None),
        ("NULL", None),
        ("hello", None),
        ("sip:", None),
        ("sip:ann", None),
        ("sip:@contoso.com", None),
        ("sip:ann@", None),
        ("ann@contoso.com", None),
        ("sips:ann@contoso.com", None),
        ("smtp:ann@contoso.com", None),
        ("sip:sip:ann@contoso.com", None),
        ("sip:ann@contoso.com@contoso.com", None),
        ("sip:ann@contoso.com:5061", None),
        ("sip:ann@contoso.com;transport=tls", None),
        ("sip:ann@contoso.com?subject=x", None),
        ("\"Ann\" <sip:ann@contoso.com>", None),
        ("<sip:ann@contoso.com>", None),
        (" sip:ann@contoso.com", None),
        ("sip:ann@contoso.com ", None),
        ("sip: ann@contoso.com", None),
        ("sip:ann\u{a0}@contoso.com", None),
        ("sip:ann\u{1}@contoso.com", None),
    ] {
        assert_eq!(sip_address(uri), expect, "{uri}");
    }
}

#[test]
fn sids_and_guids_are_read_in_both_forms() {
    let own = b"\x01\x01\0\0\0\0\0\x05\x0a\0\0\0";
    assert_eq!(sid(own).as_deref(), sid(b"S-1-5-10").as_deref());
    for (text, expect) in [
        ("S-1-5-21-1-2-3-500", Some(500)),
        ("S-1-5-21-1-2-3", None),
        ("S-1-5-10", None),
        ("S-1-5-32-544", None),
    ] {
        assert_eq!(sid(text.as_bytes()).as_deref().and_then(relative_id), expect, "{text}");
    }
    for (text, is_sid) in [
        ("S-1-5-21", false),
        ("S-1-5-21-1-2", false),
        ("S-1-5-21-1-2-3", true),
        ("S-1-5-18", true),
        ("S-1-12-21", true),
    ] {
        assert_eq!(sid(text.as_bytes()).is_some(), is_sid, "{text}");
    }
    let octets: Vec<u8> = (1..=16).collect();
    let text = "04030201-0605-0807-090a-0b0c0d0e0f10";
    assert_eq!(guid(&octets).as_deref(), Some(text));
    assert_eq!(guid(format!("{{{}}}", text.to_uppercase()).as_bytes()).as_deref(), Some(text));
    assert_eq!(guid(b"0403020106050807090a0b0c0d0e0f101234"), None);
}

#[test]
fn a_value_is_shown_as_people_read_it() {
    for (attribute, value, expect) in [
        ("msRTCSIP-OriginatorSid", &*sid(b"S-1-5-21-1-2-3-1104").unwrap(), "S-1-5-21-1-2-3-1104"),
        ("objectSID", &*sid(b"S-1-281474976710655-7").unwrap(), "S-1-281474976710655-7"),
        ("objectGUID", b"0123456789abcdef", "33323130-3534-3736-3839-616263646566"),
        ("mail", "zo\u{e9}@contoso.com".as_bytes(), "zo\u{e9}@contoso.com"),
        ("thumbnailPhoto", b"\xff\xd8\0", "0xffd800"),
        ("msRTCSIP-OriginatorSid", b"\xff", "0xff"),
    ] {
        assert_eq!(readable(attribute, value), expect);
    }
}

#[test]
fn a_message_says_what_has_happened_to_the_value() {
    for (syntax, value, expect) in [
        (Syntax::Integer, "0x202", "`a` is not a 32-bit integer: `0x202`"),
        (Syntax::Integer, "514.0", "`a` is a number with a decimal point: `514.0`"),
        (Syntax::Integer, "5,14E+02", "`a` is a number in a spreadsheet's scientific notation: `5,14E+02`"),
        (Syntax::AccountControl, "1", "`a` is a number that no account can have: `1`"),
        (Syntax::AccountControl, "0x202", "`a` is not a 32-bit integer: `0x202`"),
        (Syntax::AccountControl, "514.0", "`a` is a number with a decimal point: `514.0`"),
        (Syntax::AccountControl, "4294967808", "`a` is not a 32-bit integer: `4294967808`"),
        (Syntax::Boolean, "perhaps", "`a` is neither TRUE nor FALSE: `perhaps`"),
        (Syntax::LargeInteger, "x", "`a` is not a 64-bit integer: `x`"),
        (Syntax::RecipientType, "x", "`a` is not a 64-bit integer: `x`"),
        (Syntax::SipAddress, "x", "`a` is not a SIP address: `x`"),
        (Syntax::Sid, "514.0", "`a` is not a SID: `514.0`"),
        (Syntax::Dn, "pool01", "`a` is not a DN: `pool01`"),
        (Syntax::DnBinary, "CN=p", "`a` is not a DN with binary: `CN=p`"),
        (Syntax::Sid, "S-1", "`a` is not a SID: `S-1`"),
        (Syntax::AccountSid, "S-1", "`a` is not a SID: `S-1`"),
        (Syntax::AccountSid, "S-1-5-21-1-2-3", "`a` is the SID of a domain: `S-1-5-21-1-2-3`"),
        (Syntax::AccountSid, "S-1-1-0", "`a` is the SID of a group, or of nobody: `S-1-1-0`"),
        (Syntax::Guid, "7", "`a` is not a GUID: `7`"),
        (Syntax::ProxyAddress, "ann", "`a` is not a proxy address: `ann`"),
        (
            Syntax::Dn,
            "System.Object[]",
            "`a` is the name of a PowerShell type, which replaces the values: `System.Object[]`",
        ),
    ] {
        let invalid = Invalid::new("a", syntax, value.as_bytes());
        assert_eq!(invalid.what.english(), expect);
    }
}
