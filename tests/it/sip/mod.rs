//! Addresses: what each format makes from an object, and what it rejects where.

mod fold;
mod properties;

use std::sync::LazyLock;

use userprep::object::{Attributes, Object, Value};
use userprep::schema::Attr;
use userprep::sip::{
    self, Candidate, Characters, Composer, Fold, FoldProfile, ForeignDomain, Format, LetterCase, Origin,
    OtherScripts, Refusal, Rules, RulesFault, Spaces, Template, address,
};

/// An object with a few attributes.
fn object<'a>(attributes: &[(&str, &'a str)]) -> Object<'a> {
    let mut object = Object::default();
    object.values.extend(attributes.iter().map(|(name, value)| Value::of_text(key(name), *value, 0)));
    object
}

type Outcome = Result<Candidate, Vec<Refusal>>;

static ATTRIBUTES: LazyLock<Attributes> = LazyLock::new(|| {
    let mut attributes = Attributes::default();
    attributes.add("telephoneNumber");
    attributes
});

fn key(name: &str) -> Attr {
    ATTRIBUTES.find(name.as_bytes()).expect("an attribute of the tests")
}

fn name(attr: Attr) -> &'static str {
    ATTRIBUTES.name(attr)
}

fn fold(profile: FoldProfile, other_scripts: OtherScripts) -> Fold {
    Fold::new(profile, other_scripts, Spaces::Drop, []).expect("no map")
}

fn rules(format: Format) -> Rules {
    Rules {
        domains: vec!["contoso.com".to_owned(), "fr.contoso.com".to_owned()],
        format,
        fallback: Vec::new(),
        case: LetterCase::Keep,
        characters: Characters::Strict,
        foreign_domain: ForeignDomain::Reject,
        fold: Fold::default(),
    }
}

fn template(text: &str) -> Format {
    Format::Template(Template::parse(text).expect("a template"))
}

fn candidate(rules: &Rules, attributes: &[(&str, &str)]) -> Outcome {
    Composer::new(rules.clone(), key).expect("rules").candidate(&object(attributes))
}

/// Formats the address, or `!`, the code and the place of the fault: `!sip-characters mail:4`.
fn shown(outcome: Outcome) -> String {
    match outcome {
        Ok(candidate) => candidate.address,
        Err(refusals) => {
            let Refusal { attribute, fault } = &refusals[0];
            format!("!{} {}:{}", fault.kind.code(), name(*attribute), fault.at)
        }
    }
}

#[track_caller]
fn check(rules: &Rules, attributes: &[(&str, &str)], expect: &str) {
    assert_eq!(shown(candidate(rules, attributes)), expect, "{attributes:?}");
}

#[test]
fn mail_is_taken_unchanged_or_rejected() {
    let rules = rules(Format::Mail);
    for (mail, expect) in [
        ("Ann.Doe@contoso.com", "Ann.Doe@contoso.com"),
        ("Ann.Doe@FR.Contoso.Com", "Ann.Doe@FR.Contoso.Com"),
        ("o'brien+x_y-z@contoso.com", "o'brien+x_y-z@contoso.com"),
        ("", "!attribute-missing mail:0"),
        (" ann@contoso.com", "!sip-spaces mail:0"),
        ("ann@contoso.com ", "!sip-spaces mail:15"),
        (" ", "!sip-spaces mail:0"),
        ("ann", "!sip-invalid mail:3"),
        ("@contoso.com", "!sip-invalid mail:0"),
        ("ann@", "!sip-invalid mail:4"),
        ("ann@doe@contoso.com", "!sip-invalid mail:7"),
        ("zoé@contoso.com", "!sip-characters mail:2"),
        ("ann doe@contoso.com", "!sip-characters mail:3"),
        ("sip:ann@contoso.com", "!sip-characters mail:3"),
        ("a&b@contoso.com", "!sip-characters mail:1"),
        ("a\0b@contoso.com", "!sip-characters mail:1"),
        ("ann@contsoo.com", "!sip-domain mail:4"),
        ("ann@contoso.com.", "!sip-domain mail:4"),
        ("ann@contoso..com", "!sip-domain mail:4"),
        ("ann@cöntoso.com", "!sip-domain mail:4"),
        ("ann@[10.0.0.1]", "!sip-domain mail:4"),
        ("é@@contoso.com", "!sip-invalid mail:3"),
        ("é@fabrikam.com", "!sip-characters mail:0"),
    ] {
        check(&rules, &[("mail", mail)], expect);
    }
    check(&rules, &[("sn", "Doe")], "!attribute-missing mail:0");
}

#[test]
fn an_empty_list_accepts_any_host_name() {
    let rules = Rules { domains: Vec::new(), ..rules(Format::Upn) };
    for (upn, expect) in [
        ("ann@contoso.local", "ann@contoso.local"),
        ("ann@corp", "ann@corp"),
        ("ann@3m.com", "ann@3m.com"),
        ("ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ("ann@10.0.0.1", "!sip-domain userPrincipalName:4"),
        ("ann@-x.com", "!sip-domain userPrincipalName:4"),
        ("ann@a_b.com", "!sip-domain userPrincipalName:4"),
    ] {
        check(&rules, &[("userPrincipalName", upn)], expect);
    }
}

#[test]
fn the_settings_may_permit_the_characters_of_rfc_3261() {
    let rules = Rules { characters: Characters::Rfc3261, ..rules(Format::Mail) };
    for (mail, expect) in [
        ("a!~*()&=$,;?/b@contoso.com", "a!~*()&=$,;?/b@contoso.com"),
        ("50%25@contoso.com", "50%25@contoso.com"),
        ("50%@contoso.com", "!sip-characters mail:2"),
        ("50%2@contoso.com", "!sip-characters mail:2"),
        ("50%2é@contoso.com", "!sip-characters mail:2"),
        ("a#b@contoso.com", "!sip-characters mail:1"),
        ("\"a\"@contoso.com", "!sip-characters mail:0"),
        ("é@contoso.com", "!sip-characters mail:0"),
    ] {
        check(&rules, &[("mail", mail)], expect);
    }
    assert!(sip::has_ampersand("r&d@contoso.com") && !sip::has_ampersand("rd@contoso.com"));
    let built = Rules { characters: Characters::Rfc3261, ..rules.clone() };
    let built = Rules { format: Format::FirstLast, ..built };
    check(&built, &[("givenName", "Ann (ext)"), ("sn", "Doe")], "Ann(ext).Doe@contoso.com");
    check(&built, &[("givenName", "%41nn"), ("sn", "Doe")], "!sip-characters givenName:0");
}

#[test]
fn an_address_has_a_longest_form_in_which_its_scheme_counts() {
    let rules = rules(Format::Mail);
    let fits = format!("{}@contoso.com", "a".repeat(address::MAX_ADDRESS - "@contoso.com".len()));
    assert_eq!("sip:".len() + fits.len(), 454);
    check(&rules, &[("mail", &fits)], &fits);
    check(&rules, &[("mail", &format!("a{fits}"))], "!sip-too-long mail:450");
    let sam = Rules { format: Format::Sam, ..rules };
    check(&sam, &[("sAMAccountName", &"ß".repeat(220))], "!sip-too-long sAMAccountName:0");
    let refusals = candidate(&sam, &[("sAMAccountName", &"a".repeat(454))]).expect_err("too long");
    let what = refusals[0].fault.kind.what("sAMAccountName");
    assert!(what.english().contains("470"), "{}: the scheme counts", what.english());
}

#[test]
fn a_list_gives_uris_and_a_fault_has_its_place_in_them() {
    let composer = Composer::new(rules(Format::Mail), key).expect("rules").with_list(key("mail"));
    for (uri, expect) in [
        ("ann@contoso.com", "ann@contoso.com"),
        ("SIP:ann@contoso.com", "ann@contoso.com"),
        ("a b@contoso.com", "!sip-characters mail:1"),
        ("sip:a b@contoso.com", "!sip-characters mail:5"),
        ("sip:ann@other.com", "!sip-domain mail:8"),
    ] {
        assert_eq!(shown(composer.candidate(&object(&[("mail", uri)]))), expect, "{uri}");
    }
}

#[test]
fn a_damaged_name_gives_no_address() {
    let rules = rules(template("{givenName}.{sn}@{domain}"));
    for (name, expect) in [
        ("System.String[]", "!value-invalid givenName:0"),
        ("#N/A", "!value-invalid givenName:0"),
        ("nan", "!value-invalid givenName:0"),
        ("Ren+AOk-", "!lost-characters givenName:3"),
    ] {
        check(&rules, &[("givenName", name), ("sn", "Doe")], expect);
    }
    let account = template("{sAMAccountName}@{domain}");
    check(&self::rules(account), &[("sAMAccountName", "nan")], "nan@contoso.com");
}

#[test]
fn a_foreign_domain_is_replaced_by_the_first() {
    let rules = Rules { foreign_domain: ForeignDomain::First, ..rules(Format::Mail) };
    check(&rules, &[("mail", "ann@fabrikam.com")], "ann@contoso.com");
    check(&rules, &[("mail", "ann@fr.contoso.com")], "ann@fr.contoso.com");
    check(&rules, &[("mail", "ann@fabrikam")], "ann@contoso.com");
    check(&rules, &[("mail", "ann@fabri kam")], "!sip-domain mail:4");
    let made = candidate(&rules, &[("mail", "ann@fabrikam.com")]).expect("an address");
    assert_eq!(made.rehomed.as_deref(), Some("fabrikam.com"));
    let long = format!("{}@b.de", "a".repeat(440));
    check(&rules, &[("mail", &long)], "!sip-too-long mail:445");
}

#[test]
fn case_lower_concerns_the_whole_address() {
    let mail = Rules { case: LetterCase::Lower, ..rules(Format::Mail) };
    check(&mail, &[("mail", "Ann.Doe@FR.Contoso.Com")], "ann.doe@fr.contoso.com");
    let built = Rules { case: LetterCase::Lower, ..rules(Format::FirstLast) };
    check(&built, &[("givenName", "Þór"), ("sn", "Œuvré")], "thor.oeuvre@contoso.com");
}

#[test]
fn fallbacks_in_order_and_the_first_refusal_decides() {
    let rules = Rules { fallback: vec![Format::FirstLast, Format::Upn], ..rules(Format::Mail) };
    let upn = ("userPrincipalName", "adoe@contoso.com");
    let made = candidate(&rules, &[("mail", "ann@fabrikam.com"), ("givenName", "Ann"), ("sn", "Ж"), upn]);
    let made = made.expect("an address from the UPN");
    assert_eq!((made.address.as_str(), made.origin), ("adoe@contoso.com", Origin::Format(2)));
    assert_eq!(
        made.refusals.iter().map(|r| r.fault.kind.code()).collect::<Vec<_>>(),
        ["sip-domain", "name-script"]
    );
    let none = candidate(&rules, &[("givenName", "Ann")]).expect_err("three refusals");
    let attributes: Vec<_> = none.iter().map(|refusal| name(refusal.attribute)).collect();
    assert_eq!(attributes, ["mail", "sn", "userPrincipalName"]);
}

#[test]
fn a_template_composes_an_address_from_parts_of_attributes() {
    let ann = [("givenName", "Änne-Marie"), ("sn", "de la Œuvre"), ("telephoneNumber", "+33 (1) 42-5")];
    for (text, expect) in [
        ("{givenName}.{sn}@{domain}", "Anne-Marie.delaOeuvre@contoso.com"),
        ("{givenName:1}{sn:6}@{domain}", "AdelaOe@contoso.com"),
        ("{sn:5}@{domain}", "delaO@contoso.com"),
        ("{sn:99}@{domain}", "delaOeuvre@contoso.com"),
        ("x-{telephoneNumber:digits}@fr.contoso.com", "x-331425@fr.contoso.com"),
        ("{givenName:4}@fr.{domain}", "Anne@fr.contoso.com"),
        ("x{telephoneNumber:national}@{domain}", "x331425@contoso.com"),
        ("{sn:digits}@{domain}", "!name-empty sn:0"),
        ("{mail}@{domain}", "!attribute-missing mail:0"),
    ] {
        check(&rules(template(text)), &ann, expect);
    }
    let local = [("telephoneNumber", "0033 (0)1 00")];
    check(&rules(template("x{telephoneNumber:national}@{domain}")), &local, "x330100@contoso.com");
    assert!(Template::parse("{msRTCSIP-Line:digits}@{domain}").is_ok(), "a name has hyphens");
    let by_place = rules(template("{givenName}@{sn}.contoso.com"));
    check(&by_place, &[("givenName", "Ann"), ("sn", "Fr")], "Ann@Fr.contoso.com");
    check(&by_place, &[("givenName", "Ann"), ("sn", "De")], "!sip-domain sn:0");
}

#[test]
fn characters_beyond_the_limit_of_a_part_are_not_checked() {
    let rules = rules(template("{givenName:3}@{domain}"));
    check(&rules, &[("givenName", "Ann Анна (ext)")], "Ann@contoso.com");
    check(&rules, &[("givenName", "An Анна")], "!name-script givenName:3");
    let made = candidate(&rules, &[("givenName", "Éœnor")]).expect("an address");
    assert_eq!((made.folded[0].before.as_str(), made.folded[0].after.as_str()), ("Éœ", "Eoe"));
}

#[test]
fn template_faults_have_their_place() {
    for (text, at, what) in [
        ("{givenName@{domain}", 0, "the `{` is never closed"),
        ("{sn", 0, "the `{` is never closed"),
        ("sn}@{domain}", 2, "the `}` closes nothing"),
        ("{}@{domain}", 1, "`` is not an attribute name"),
        ("{1sn}@{domain}", 1, "`1sn` is not an attribute name"),
        ("{s_n}@{domain}", 1, "`s_n` is not an attribute name"),
        ("{sn:0}@{domain}", 4, "`0` is neither a number of characters nor `digits` nor `national`"),
        ("{sn:x}@{domain}", 4, "`x` is neither a number of characters nor `digits` nor `national`"),
        ("{sn}@{domain:3}", 12, "`{domain}` cannot be shortened"),
        ("{sn} x@{domain}", 4, "` ` is not permitted in an address"),
        ("{sn}é@{domain}", 4, "`é` is not permitted in an address"),
        ("{sn}@{domain}!", 13, "`!` is not permitted in an address"),
        ("{sn}.{givenName}", 0, "a template needs a part before an `@` and a domain after it"),
        ("{sn}@", 4, "a template needs a part before an `@` and a domain after it"),
        ("@{domain}", 0, "a template needs a part before an `@` and a domain after it"),
        ("{sn}@a@b", 6, "a second `@`"),
        ("ann@{sn}.com", 0, "no attribute precedes the `@`, so all addresses would be the same"),
        ("ann@{domain}", 0, "no attribute precedes the `@`, so all addresses would be the same"),
    ] {
        let fault = Template::parse(text).expect_err(text);
        assert_eq!((fault.at, fault.what.english()), (at, what), "{text}");
    }
}

#[test]
fn rules_that_give_no_user_an_address_are_reported_once() {
    let fault = |rules: Rules| Composer::new(rules, key).expect_err("rules that cannot be");
    let no_domain = Rules { domains: Vec::new(), ..rules(Format::FirstLast) };
    assert_eq!(fault(no_domain), RulesFault::NoDomain(Format::FirstLast));
    let listed = Rules { domains: vec!["contoso,com".to_owned()], ..rules(Format::Mail) };
    assert_eq!(fault(listed), RulesFault::Domain("contoso,com".to_owned()));
    for (text, what) in [
        ("{sn}@contsoo.com", "`template` gives the domain `contsoo.com`, which is not in the list"),
        ("{sn}@x..{domain}", "`template` gives the domain `x..contoso.com`, which is not a host name"),
        ("{sn}!@{domain}", "`template` holds `!` (U+0021), which an address does not allow"),
    ] {
        assert_eq!(fault(rules(template(text))).what().english(), what);
    }
}

#[test]
fn every_folded_name_is_reported() {
    let made = candidate(&rules(Format::FirstLast), &[("givenName", " Ann "), ("sn", "Lefe\u{300}vre")]);
    let made = made.expect("an address");
    let folded: Vec<_> = made.folded.iter().map(|f| (name(f.attribute), &*f.before, &*f.after)).collect();
    assert_eq!(folded, [("givenName", " Ann ", "Ann"), ("sn", "Lefe\u{300}vre", "Lefevre")]);
    let plain =
        candidate(&rules(Format::FirstLast), &[("givenName", "Ann"), ("sn", "Doe")]).expect("an address");
    assert!(plain.folded.is_empty());
}

#[test]
fn a_fault_is_said_in_words_and_with_a_way_out_if_there_is_one() {
    let rules = rules(Format::Mail);
    let permit = "set `characters = \"rfc3261\"` in [sip] to permit it";
    for (mail, what, help) in [
        ("", "`mail` is absent or empty", ""),
        (" a@contoso.com", "`mail` begins with a space", ""),
        ("a@contoso.com ", "`mail` ends with a space", ""),
        ("a", "`mail` has no `@`", ""),
        ("a@b@c", "`mail` has a second `@`", ""),
        ("@contoso.com", "`mail` has nothing before the `@`", ""),
        ("a@", "`mail` has nothing after the `@`", ""),
        ("a b@contoso.com", "`mail` holds ` ` (U+0020), which an address does not allow", ""),
        ("a&b@contoso.com", "`mail` holds `&` (U+0026), which an address does not allow", permit),
        ("\u{200b}@contoso.com", "`mail` holds `\\u{200b}` (U+200B), which an address does not allow", ""),
        (
            "é@contoso.com",
            "`mail` holds `é` (U+00E9), which an address does not allow",
            "choose a built format, such as `first.last`, which folds letters",
        ),
        ("a@b_c", "`mail` gives the domain `b_c`, which is not a host name", ""),
        ("a@b\n", "`mail` ends with a space", ""),
        ("a@b\0c", "`mail` gives the domain `b\\0c`, which is not a host name", ""),
        ("a@fabrikam.com", "`mail` gives the domain `fabrikam.com`, which is not in the list", ""),
        (
            "a@contsoo.com",
            "`mail` gives the domain `contsoo.com`, which is not in the list",
            "did you mean `contoso.com`?",
        ),
    ] {
        let fault = sip::check(mail, &rules).expect_err(mail);
        assert_eq!(
            (fault.kind.what("mail").english(), fault.kind.help(&rules).unwrap_or_default().english()),
            (what, help)
        );
    }
    for (name, what, help) in [
        (
            "Rəsul",
            "`sn` holds `ə` (U+0259), a Latin letter that the fold profile lacks",
            "add it to `map` in [sip.fold], for example `\"ə\" = \"…\"`",
        ),
        (
            "Жук",
            "`sn` holds `Ж` (U+0416), a letter of another script",
            "set `other_scripts = \"transliterate\"` in [sip.fold], or choose `mail` or `upn`",
        ),
    ] {
        let fault = rules.fold.fold(name, Characters::Strict).expect_err(name);
        assert_eq!(
            (fault.kind.what("sn").english(), fault.kind.help(&rules).unwrap_or_default().english()),
            (what, help)
        );
    }
}

#[test]
fn a_host_name_has_short_labels_of_letters_digits_and_hyphens() {
    let label = "a".repeat(63);
    let longest = format!("{label}.{label}.{label}.{}", "a".repeat(61));
    for (domain, expect) in [
        (&*label, true),
        (&format!("{label}a"), false),
        (&longest, true),
        (&format!("{longest}a"), false),
        ("a-b.c-d", true),
        ("-a.de", false),
        ("a-.de", false),
        ("1.2.de", true),
        ("1.2.3d", false),
        ("", false),
        (".", false),
        ("a.", false),
        (".de", false),
    ] {
        assert_eq!(address::is_host_name(domain), expect, "{domain}");
    }
}

#[test]
fn addresses_are_compared_without_case() {
    assert_eq!(sip::normalize("Ann.DOE@Contoso.com"), "ann.doe@contoso.com");
    assert!(matches!(sip::normalize("ann@contoso.com"), std::borrow::Cow::Borrowed(_)));
    assert_eq!(sip::normalize("ZOÉ@contoso.com"), "zoé@contoso.com");
    assert_eq!(sip::Scheme::split("SMTP:Ann@contoso.com"), Some((sip::Scheme::Smtp, "Ann@contoso.com")));
    assert_eq!(sip::Scheme::split("Sip:ann@contoso.com"), Some((sip::Scheme::Sip, "ann@contoso.com")));
    assert_eq!(sip::Scheme::split("x500:/o=Contoso"), None);
}
