//! Properties that hold for any object under any rules.

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use userprep::sip::{
    self, AddressFaultKind, Characters, Fold, FoldProfile, ForeignDomain, Format, LetterCase, Origin,
    OtherScripts, Refusal, Rules, Spaces,
};

use super::{candidate, key, rules, template};

/// Generates names in many scripts, with marks, apostrophes, spaces and characters that do not belong in names.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z '.-]{0,12}",
        "[A-Za-zÀ-ɏḀ-ỿ\u{300}-\u{331} ’]{0,12}",
        "[Α-ωА-яא-ת一-丁ぁ-ん가-갃\u{300}-\u{308}a-z]{0,8}",
        "\\PC{0,12}",
        any::<String>(),
    ]
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let formats = ["{givenName}.{sn}@{domain}", "{sn:3}{givenName:1}@{domain}", "{mail:digits}x@fr.{domain}"];
    let format = prop_oneof![
        Just(Format::Mail),
        Just(Format::Upn),
        Just(Format::FirstLast),
        Just(Format::Sam),
        proptest::sample::select(formats.to_vec()).prop_map(template),
    ];
    let profile = proptest::sample::select(vec![
        FoldProfile::None,
        FoldProfile::Latin,
        FoldProfile::German,
        FoldProfile::Nordic,
    ]);
    let spaces =
        proptest::sample::select(vec![Spaces::Drop, Spaces::Dot, Spaces::Hyphen, Spaces::Underscore]);
    let switches = any::<[bool; 4]>();
    (format.clone(), proptest::collection::vec(format, 0..2), profile, spaces, switches).prop_map(
        |(format, fallback, profile, spaces, [lower, relaxed, first, romanise])| {
            let scripts = if romanise { OtherScripts::Transliterate } else { OtherScripts::Reject };
            Rules {
                fallback,
                case: if lower { LetterCase::Lower } else { LetterCase::Keep },
                characters: if relaxed { Characters::Rfc3261 } else { Characters::Strict },
                foreign_domain: if first { ForeignDomain::First } else { ForeignDomain::Reject },
                fold: Fold::new(profile, scripts, spaces, []).expect("no map"),
                ..rules(format)
            }
        },
    )
}

fn mail() -> impl Strategy<Value = String> {
    let domain = proptest::sample::select(vec!["contoso.com", "FR.contoso.com", "fabrikam.com", "x y"]);
    prop_oneof![
        (name(), domain.clone()).prop_map(|(local, domain)| format!("{local}@{domain}")),
        any::<String>(),
        ("a{430,450}", domain).prop_map(|(local, domain)| format!("{local}@{domain}"))
    ]
}

proptest! {
    #[test]
    fn an_address_keeps_the_rules(rules in any_rules(), given in name(), sn in name(), mail in mail()) {
        let attributes = [
            ("mail", &*mail), ("userPrincipalName", &mail), ("givenName", &given), ("sn", &sn),
            ("sAMAccountName", &sn),
        ];
        match candidate(&rules, &attributes) {
            Ok(made) => {
                prop_assert!(made.address.len() + 4 <= userprep::ocs::MAX_URI);
                let (local, domain) = made.address.split_once('@').expect("an `@`");
                prop_assert!(rules.domains.iter().any(|listed| listed.eq_ignore_ascii_case(domain)));
                prop_assert!(local.chars().all(|c| rules.characters.permits(c) || c == '%'));
                prop_assert_eq!(sip::check(&made.address, &rules), Ok(()));
                prop_assert_eq!(Origin::Format(made.refusals.len()), made.origin);
            }
            Err(refusals) => {
                prop_assert_eq!(refusals.len(), 1 + rules.fallback.len());
                for Refusal { attribute, fault } in refusals {
                    let (_, value) = attributes.iter().find(|(name, _)| key(name) == attribute).expect("its value");
                    prop_assert!(value.is_char_boundary(fault.at), "{:?} in {:?}", fault, value);
                    if let AddressFaultKind::NameNotFolded(c) | AddressFaultKind::NameScript(c) = fault.kind {
                        let there: String = value[fault.at..].nfc().collect();
                        prop_assert!(there.starts_with(c), "{:?} in {:?}", fault, value);
                    }
                }
            }
        }
    }

    #[test]
    fn composed_and_decomposed_names_fold_alike(rules in any_rules(), name in name()) {
        let fold = |name: String| rules.fold.fold(&name, rules.characters).map_err(|fault| fault.kind);
        prop_assert_eq!(fold(name.nfd().collect()), fold(name.nfc().collect()));
        prop_assert_eq!(fold(name.nfd().collect()), fold(name));
    }

    #[test]
    fn a_folded_name_folds_to_itself(rules in any_rules(), name in name()) {
        if let Ok(folded) = rules.fold.fold(&name, rules.characters) {
            prop_assert_eq!(rules.fold.fold(&folded, rules.characters), Ok(folded));
        }
    }
}
