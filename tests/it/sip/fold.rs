//! Names: a table of them with the result of each profile.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use userprep::sip::{
    AddressFaultKind, Characters, Composer, Fold, FoldProfile, Format, OtherScripts, Rules, Spaces,
};

use super::{check, fold, key, object, rules};

#[test]
fn names_of_forty_languages_fold_by_each_profile() {
    let folds = [
        fold(FoldProfile::Latin, OtherScripts::Reject),
        fold(FoldProfile::German, OtherScripts::Reject),
        fold(FoldProfile::Nordic, OtherScripts::Reject),
        fold(FoldProfile::Latin, OtherScripts::Transliterate),
    ];
    let composers = folds.map(|fold| {
        Composer::new(Rules { fold, ..rules(Format::FirstLast) }, key).expect("rules for built addresses")
    });
    let local = |composer: &Composer, given: &str, sn: &str| match composer
        .candidate(&object(&[("givenName", given), ("sn", sn)]))
    {
        Ok(made) => made.address.trim_end_matches("@contoso.com").to_owned(),
        Err(refusals) => format!("!{}", refusals[0].fault.kind.code()),
    };
    let mut wrong = Vec::new();
    let mut languages = BTreeSet::new();
    let rows = include_str!("names.tsv").lines().filter(|line| !line.starts_with('#'));
    let mut count = 0;
    for row in rows {
        let [language, given, sn, expected @ ..] = &row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("a row of three fields or more: {row:?}");
        };
        assert_eq!(expected.len(), composers.len(), "{row:?}");
        count += 1;
        languages.insert(language.to_owned());
        for (composer, expect) in composers.iter().zip(expected) {
            let expect = if *expect == "=" { expected[0] } else { expect };
            let decomposed = [given, sn].map(|name| name.nfd().collect::<String>());
            for (given, sn) in [(*given, *sn), (&decomposed[0], &decomposed[1])] {
                let got = local(composer, given, sn);
                if got != expect {
                    wrong.push(format!("{language}: {given} {sn}: {got}, not {expect}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 150 && languages.len() >= 40, "{count} names of {} languages", languages.len());
}

#[test]
fn profile_none_only_drops_apostrophes_and_spaces() {
    let rules = Rules { fold: fold(FoldProfile::None, OtherScripts::Reject), ..rules(Format::FirstLast) };
    check(&rules, &[("givenName", "Mary Jane"), ("sn", "O’Brien")], "MaryJane.OBrien@contoso.com");
    check(&rules, &[("givenName", "Zoé"), ("sn", "Doe")], "!name-not-folded givenName:2");
    check(&rules, &[("givenName", "Zoe\u{301}"), ("sn", "Doe")], "!name-not-folded givenName:2");
    check(&rules, &[("givenName", "Spin\u{308}al"), ("sn", "Tap")], "!sip-characters givenName:4");
    check(&rules, &[("givenName", "Ann"), ("sn", "ß")], "!name-not-folded sn:0");
    check(&rules, &[("givenName", "Ann"), ("sn", "Ж")], "!name-script sn:0");
}

/// Every precomposed letter of the Latin blocks that is an ASCII letter with marks has a fold.
#[test]
fn latin_folds_every_letter_with_marks() {
    let latin = fold(FoldProfile::Latin, OtherScripts::Reject);
    let letters = ('\u{c0}'..='\u{24f}').chain('\u{1e00}'..='\u{1eff}').filter(|c| c.is_alphabetic());
    let mut folded = 0;
    for letter in letters {
        let base = letter.nfd().next().filter(char::is_ascii_alphabetic);
        let Some(base) = base else { continue };
        assert_eq!(latin.fold(&letter.to_string(), Characters::Strict), Ok(base.to_string()), "{letter}");
        folded += 1;
    }
    assert!(folded > 400, "{folded}");
}

#[test]
fn a_mark_is_dropped_after_any_letter_but_not_after_a_digit() {
    let latin = fold(FoldProfile::Latin, OtherScripts::Reject);
    assert_eq!(latin.fold("Spin\u{308}al", Characters::Strict), Ok("Spinal".to_owned()));
    let behind = latin.fold("Zoe\u{301}$", Characters::Strict).expect_err("no part of a name");
    assert_eq!(
        (behind.at, behind.kind),
        (5, AddressFaultKind::Character('$')),
        "in bytes of the name as it is"
    );
    let stray = latin.fold("9\u{308}", Characters::Strict).expect_err("a mark on a digit");
    assert_eq!((stray.at, stray.kind), (1, AddressFaultKind::Character('\u{308}')));
}

#[test]
fn the_configured_map_wins_and_covers_capitals() {
    let map = [
        ("ğ", "g"),
        ("o\u{308}", "oe"),
        ("Ä", "A"),
        ("ä", "ae"),
        ("ə", "a"),
        ("k", "c"),
        ("kk", "q"),
        ("ss", "sz"),
        ("von ", ""),
        ("·", ""),
    ];
    let map = map.map(|(from, to)| (from.to_owned(), to.to_owned()));
    let fold = Fold::new(FoldProfile::Latin, OtherScripts::Reject, Spaces::Dot, map).expect("a map");
    for (name, expect) in [
        ("Erdoğan", "Erdogan"),
        ("ERDOĞAN", "ERDOGAN"),
        ("Özil Jörg", "Oezil.Joerg"),
        ("O\u{308}zil", "Oezil"),
        ("Änne Jäger", "Anne.Jaeger"),
        ("Əliyev", "Aliyev"),
        ("JESSica", "JESzica"),
        ("Jesse", "Jesze"),
        ("Akkad Kik", "Aqad.Cic"),
        ("von Beuß", "Beuss"),
        ("Von Beuß", "Beuss"),
        ("Marcel·la", "Marcella"),
        ("Ak\u{308}a", "Aca"),
    ] {
        assert_eq!(fold.fold(name, Characters::Strict), Ok(expect.to_owned()), "{name}");
    }
}

#[test]
fn an_invalid_map_is_reported() {
    for (from, to) in [("", "x"), ("ö", "ø"), ("ö", "o e"), ("ö", "@")] {
        let map = [(from.to_owned(), to.to_owned())];
        assert!(
            Fold::new(FoldProfile::Latin, OtherScripts::Reject, Spaces::Drop, map).is_err(),
            "{from} {to}"
        );
    }
}

#[test]
fn inner_spaces_are_dropped_or_replaced() {
    for (spaces, expect) in [
        (Spaces::Drop, "JeanPierreMarie"),
        (Spaces::Dot, "Jean.Pierre.Marie"),
        (Spaces::Hyphen, "Jean-Pierre-Marie"),
        (Spaces::Underscore, "Jean_Pierre_Marie"),
    ] {
        let fold = Fold::new(FoldProfile::Latin, OtherScripts::Reject, spaces, []).expect("no map");
        let folded = fold.fold("  Jean  Pierre\u{a0}Marie ", Characters::Strict);
        assert_eq!(folded, Ok(expect.to_owned()));
    }
    for (spaces, expect) in [(Spaces::Dot, "J.Smith"), (Spaces::Underscore, "J._Smith")] {
        let fold = Fold::new(FoldProfile::Latin, OtherScripts::Reject, spaces, []).expect("no map");
        let folded = fold.fold("J. Smith", Characters::Strict);
        assert_eq!(folded, Ok(expect.to_owned()), "no two dots side by side");
    }
}

#[test]
fn entries_of_the_map_that_differ_in_case_are_distinguished() {
    let map = [("öa", "x"), ("öA", "y")].map(|(from, to)| (from.to_owned(), to.to_owned()));
    let fold = Fold::new(FoldProfile::Latin, OtherScripts::Reject, Spaces::Drop, map).expect("a map");
    for (text, expect) in [("öa", "x"), ("öA", "y"), ("Öa", "X")] {
        assert_eq!(fold.fold(text, Characters::Strict), Ok(expect.to_owned()), "{text}");
    }
}

#[test]
fn letters_of_other_scripts_are_romanised_and_other_characters_are_not() {
    let romanised = fold(FoldProfile::Latin, OtherScripts::Transliterate);
    for (text, expect) in [
        ("Жук", Ok("Zhuk".to_owned())),
        ("\u{5ef}", Ok("Yyy".to_owned())),
        ("Щ\u{301}", Ok("Shch".to_owned())),
        ("Ж$", Err((2, AddressFaultKind::Character('$')))),
        ("Ж€", Err((2, AddressFaultKind::Character('€')))),
        ("\u{ab6c}", Err((0, AddressFaultKind::NameNotFolded('\u{ab6c}')))),
    ] {
        let folded = romanised.fold(text, Characters::Strict).map_err(|fault| (fault.at, fault.kind));
        assert_eq!(folded, expect, "{text}");
    }
}

/// By their names in Unicode: ƒ is LATIN SMALL LETTER F WITH HOOK, ﬂ LATIN SMALL LIGATURE FL.
#[test]
fn a_letter_with_a_stroke_a_hook_or_a_curl_is_that_letter_and_a_ligature_its_letters() {
    let latin = fold(FoldProfile::Latin, OtherScripts::Reject);
    for (letters, expect) in [
        ("ĳ", "ij"),
        ("ǆ", "dz"),
        ("ǉ", "lj"),
        ("ǌ", "nj"),
        ("ﬀ", "ff"),
        ("ﬁ", "fi"),
        ("ﬂ", "fl"),
        ("ﬃ", "ffi"),
        ("ﬄ", "ffl"),
        ("ﬅﬆ", "st"),
        ("ⱥ", "a"),
        ("ƀƃɓ", "b"),
        ("ƈȼ", "c"),
        ("đðƌɖɗȡ", "d"),
        ("ɇɛ", "e"),
        ("ƒ", "f"),
        ("ǥɠ", "g"),
        ("ħⱨ", "h"),
        ("ıɨɩ", "i"),
        ("ȷɉ", "j"),
        ("ƙⱪꝁ", "k"),
        ("łŀƚɫⱡȴ", "l"),
        ("ŋŉƞɲȵ", "n"),
        ("øɔɵ", "o"),
        ("ƥᵽ", "p"),
        ("ĸɋ", "q"),
        ("ɍɽ", "r"),
        ("ſȿ", "s"),
        ("ŧƭʈⱦȶ", "t"),
        ("ʉ", "u"),
        ("ʋ", "v"),
        ("ⱳ", "w"),
        ("ɏƴ", "y"),
        ("ƶȥɀⱬ", "z"),
    ] {
        for letter in letters.chars() {
            let folded = latin.fold(&letter.to_string(), Characters::Strict);
            assert_eq!(folded, Ok(expect.to_owned()), "{letter}");
        }
    }
}
