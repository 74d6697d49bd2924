//! CSV headings: the attribute in a column, by the names that different producers use.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::object::{Attr, Attributes};
use crate::schema;

/// The headings that a file of rejects puts before its own; they are not read.
pub(crate) const REJECT: [&str; 3] = ["userprep-code", "userprep-reason", "userprep-place"];

/// Headings of a run's `users.csv` that occur together in no export.
pub(crate) const REPORT: [&str; 3] = ["seq", "sipUri", "previousSipUri"];

/// Whether a heading is one of a file of rejects. A spreadsheet may have moved the columns, or lost some.
pub(crate) fn is_reject(heading: &str) -> bool {
    REJECT.contains(&fold(heading).replace(' ', "-").as_str())
}

/// Whether a file is named like a file of rejects: `rejects-1.ldif`. Editors drop comments and columns.
pub(crate) fn is_reject_name(name: &str) -> bool {
    let number =
        name.strip_prefix("rejects-").and_then(|rest| rest.split_once('.')).map(|(number, _)| number);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a line of LDIF says why the following record was rejected.
pub(crate) fn is_reject_mark(line: &[u8]) -> bool {
    let said = line.strip_prefix(b"#").map(<[u8]>::trim_ascii_start);
    let is_one = |said: &[u8], name: &str| {
        said.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
    };
    said.is_some_and(|said| REJECT.iter().any(|name| is_one(said, name)))
}

/// The headings for the DN, folded, the more reliable first.
pub(crate) const DN: &[&str] = &["dn", "distinguishedname", "distinguished name", "nom unique"];

/// Columns of a list, as named by Get-CsUser, that are not attributes of the directory.
const LISTED: &[(&str, &[&str])] = &[
    ("sipUri", &["sipuri", "sipaddress", "sip uri", "uri sip", "sip address", "adresse sip", "sip-adresse"]),
    ("pool", &["registrarpool", "registrar pool"]),
];

/// The folded headings that stand for an attribute instead of its LDAP name: the properties of the Active Directory
/// module and of Exchange, then the columns of Active Directory Users and Computers (the display specifiers 409, 40C
/// and 407 of Windows Server 2008 R2) and of lists kept by hand, in English, French and German.
const SYNONYMS: &[(&str, &[&str])] = &[
    (
        "sAMAccountName",
        &[
            "sam account name",
            "pre-windows 2000 logon name",
            "logon name (pre-windows 2000)",
            "user logon name (pre-windows 2000)",
            "nom d'ouverture de session antérieur à windows 2000",
            "nom d'ouverture de session (antérieur à windows 2000)",
            "anmeldename für prä-windows 2000",
            "anmeldename (prä-windows 2000)",
            "compte",
            "identifiant",
            "login",
            "username",
            "user name",
            "nom d'utilisateur",
            "benutzername",
        ],
    ),
    (
        "userPrincipalName",
        &[
            "upn",
            "user principal name",
            "user logon name",
            "logon name",
            "nom d'ouverture de session de l'utilisateur",
            "nom d'ouverture de session",
            "benutzeranmeldename",
            "anmeldename",
        ],
    ),
    (
        "mail",
        &[
            "emailaddress",
            "primarysmtpaddress",
            "primary smtp address",
            "e-mail address",
            "email address",
            "e-mail",
            "email",
            "adresse de messagerie",
            "adresse e-mail",
            "adresse email",
            "adresse électronique",
            "courriel",
            "mél",
            "messagerie",
            "e-mail-adresse",
            "e-mailadresse",
            "mailadresse",
        ],
    ),
    ("givenName", &["first name", "firstname", "given name", "prénom", "vorname", "rufname"]),
    (
        "sn",
        &[
            "surname",
            "last name",
            "lastname",
            "family name",
            "nom de famille",
            "nachname",
            "familienname",
            "zuname",
        ],
    ),
    ("displayName", &["display name", "nom complet", "nom affiché", "nom d'affichage", "anzeigename"]),
    ("proxyAddresses", &["emailaddresses", "email addresses", "proxy addresses"]),
    ("msExchRecipientTypeDetails", &["recipienttypedetails", "recipient type details"]),
    ("targetAddress", &["externalemailaddress", "target address", "adresse de destination", "zieladresse"]),
    ("userAccountControl", &["user account control", "uac"]),
    ("Enabled", &["account enabled", "compte activé", "activé", "konto aktiviert", "aktiviert"]),
    ("objectClass", &["obj-class", "object class"]),
    ("objectGUID", &["guid", "object guid"]),
    ("objectSid", &["sid"]),
    ("cn", &["common name"]),
    ("c", &["country abbreviation", "abréviation du pays", "landesabkürzung"]),
    ("co", &["country", "pays", "land", "land/region"]),
    ("company", &["société", "entreprise", "firma"]),
    ("department", &["département", "service", "abteilung"]),
    ("description", &["beschreibung"]),
    (
        "employeeID",
        &["employee id", "numéro d'employé", "matricule", "arbeitnehmerkennung", "personalnummer"],
    ),
    ("employeeNumber", &["employee number"]),
    ("l", &["city", "ville", "ort", "stadt"]),
    ("mailNickname", &["alias", "exchange alias", "alias exchange", "exchange-alias"]),
    ("mobile", &["mobilephone", "mobile number", "numéro de téléphone mobile", "mobilfunknummer"]),
    ("physicalDeliveryOfficeName", &["office", "office location", "bureau", "adresse du bureau", "büro"]),
    ("st", &["state", "state/province", "état", "état/région", "bundesland/kanton"]),
    (
        "telephoneNumber",
        &[
            "officephone",
            "phone",
            "business phone",
            "telephone number",
            "téléphone professionnel",
            "numéro de téléphone",
            "téléphone",
            "rufnummer (geschäftlich)",
            "rufnummer",
            "telefon",
        ],
    ),
    ("title", &["job title", "intitulé de la fonction", "fonction", "position"]),
];

/// Headings that are ambiguous alone, but clear beside another: `Nom` and `Name` are the object's name in Active
/// Directory Users and Computers, but the surname in a list of persons. Get-ADUser shows `Name` beside `GivenName`.
const BESIDE: &[(&str, &[&str], &str)] =
    &[("nom", &["prénom", "givenname", "given name"], "sn"), ("name", &["vorname", "rufname"], "sn")];

/// Normalises a heading for comparison: composed (NFC), lower case, single spaces between words, plain apostrophes, no
/// spaces around it.
pub(crate) fn fold(heading: &str) -> String {
    // BE ADVISED: the names of a rejected record's lines are folded, too, and composing letters took longest.
    let plain = if heading.is_ascii() { Cow::Borrowed(heading) } else { heading.nfc().collect() };
    let plain = plain.replace(['\u{2019}', '\u{02bc}', '`'], "'").replace(['\u{2010}', '\u{2011}'], "-");
    plain.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Iterates over the attributes that have other headings, each with these.
fn synonyms() -> impl Iterator<Item = &'static (&'static str, &'static [&'static str])> {
    LISTED.iter().chain(SYNONYMS)
}

/// Returns the attribute that a folded heading stands for.
pub(crate) fn synonym(heading: &str) -> Option<&'static str> {
    synonyms().find(|(_, headings)| headings.contains(&heading)).map(|(name, _)| *name)
}

/// Returns the attribute that a folded heading stands for outside lists: a SIP address in an export is the present one,
/// in a list the future one.
pub(crate) fn synonym_in_export(heading: &str) -> Option<&'static str> {
    synonym(heading).map(|name| if name == LISTED[0].0 { "msRTCSIP-PrimaryUserAddress" } else { name })
}

/// Adds the attribute that a name in a filter, a template or a list of attributes means. Another name means the
/// attribute itself, in tables and in LDIF, so that the attribute keeps its column.
pub(crate) fn want(name: &str, attributes: &mut Attributes) -> Attr {
    let folded = fold(name);
    if DN.contains(&&*folded) {
        return attributes.add("distinguishedName");
    }
    let is_joined = attributes.find(LISTED[0].0.as_bytes()).is_some();
    match if is_joined { synonym(&folded) } else { synonym_in_export(&folded) } {
        Some(attribute) => attributes.add_called(attribute, folded),
        None => attributes.add(name),
    }
}

/// Returns the same text for all folded headings that mean the same.
pub(crate) fn meant(heading: &str) -> String {
    let dn = DN.contains(&heading).then_some(DN[0]);
    dn.or_else(|| synonym(heading)).unwrap_or(heading).to_lowercase()
}

/// Returns the meaning of an ambiguous heading beside others; `has` says whether the file has a folded heading.
pub(crate) fn beside(heading: &str, has: impl Fn(&str) -> bool) -> Option<&'static str> {
    let is_meant = |(name, others, _): &&(&str, &[&str], &str)| {
        *name == heading && others.iter().any(|other| has(other))
    };
    BESIDE.iter().find(is_meant).map(|(_, _, attribute)| *attribute)
}

/// Whether a folded heading is another name of an attribute, alone or beside others.
pub(crate) fn is_synonym(heading: &str) -> bool {
    synonym(heading).is_some() || beside(heading, |_| true).is_some()
}

/// Returns the attribute in brackets in Entra's templates: `User name [userPrincipalName] Required`.
pub(crate) fn bracketed(heading: &str) -> Option<&str> {
    let (_, rest) = heading.split_once('[')?;
    let (name, _) = rest.split_once(']')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
    is_name.then_some(name)
}

/// Returns the name in a heading with a number for each value or column: `proxyaddresses.0`, `proxyaddresses[1]`,
/// `proxyaddresses/0`, `mail.1`.
pub(crate) fn unnumbered(heading: &str) -> Option<&str> {
    let (numbered, mark) = match heading.strip_suffix(']') {
        Some(inner) => (inner, &['['][..]),
        None => (heading, &['.', '/'][..]),
    };
    let name = numbered.trim_end_matches(|c: char| c.is_ascii_digit());
    name.strip_suffix(mark).filter(|_| name.len() < numbered.len())
}

/// Whether a folded heading is the name of an attribute or stands for one in any run. Headings that only lists may have
/// do not count.
pub(crate) fn is_attribute(heading: &str) -> bool {
    let is_headed = |(name, headings): &(&str, &[&str])| {
        name.eq_ignore_ascii_case(heading) || headings.contains(&heading)
    };
    SYNONYMS.iter().any(is_headed)
        || beside(heading, |_| true).is_some()
        || schema::syntax_of(heading).is_some()
        || COMMON.contains(&heading)
}

/// Whether an unread column probably says which accounts are disabled.
pub(crate) fn says_disabled(heading: &str) -> bool {
    const WORDS: [&str; 20] = [
        "accountdisabled",
        "accountisdisabled",
        "accountisenabled",
        "accountstatus",
        "benutzerkontensteuerung",
        "comptedésactivé",
        "deaktiviert",
        "disabled",
        "désactivé",
        "enabled",
        "isaccountdisabled",
        "isdisabled",
        "isenabled",
        "kontodeaktiviert",
        "kontoistdeaktiviert",
        "kontostatus",
        "statutducompte",
        "uac",
        "userdisabled",
        "étatducompte",
    ];
    let folded = fold(heading);
    let letters: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    WORDS.contains(&&*letters) || nearest(&folded, &[("useraccountcontrol".into(), "")]).is_some()
}

/// Folded headings that many exports have, and that are silently ignored.
const COMMON: &[&str] = &[
    "canonicalname",
    "name",
    "nom",
    "objectversion",
    "pscomputername",
    "runspaceid",
    "primarygroup",
    "whenchanged",
];

/// Returns all folded headings that are read: names of attributes, and those that stand for them.
pub(crate) fn known(attributes: &Attributes) -> Vec<(String, &str)> {
    let names = attributes.names().map(|name| (fold(name), name));
    // The headings for addresses in lists are read in exports, too.
    let is_wanted = |name: &str| name == LISTED[0].0 || attributes.find(name.as_bytes()).is_some();
    let wanted = synonyms().filter(|(name, _)| is_wanted(name));
    let others =
        wanted.flat_map(|(_, headings)| headings.iter().map(|heading| ((*heading).to_owned(), *heading)));
    let dns = DN.iter().map(|heading| ((*heading).to_owned(), *heading));
    names.chain(others).chain(dns).collect()
}

/// Returns the known heading that a folded one probably means: one with the same word, or with a few different letters.
pub(crate) fn nearest<'k>(heading: &str, known: &[(String, &'k str)]) -> Option<&'k str> {
    if !(3..64).contains(&heading.chars().count()) {
        return None; // similar to everything, or to nothing
    }
    // `AccountDisabled` is the opposite of `account enabled`, and a known heading that is not read was meant as it is.
    if heading.contains("disabl") || known.iter().any(|(folded, _)| folded == heading) {
        return None;
    }
    // In a French list of persons, this is the surname; `Name` has many meanings.
    if heading == "nom" {
        return known.iter().find(|(folded, _)| folded == "nom de famille").map(|(_, name)| *name);
    }
    // `SIP` is closer to `SIP address` than to `SID`
    let has_word = |known: &str| known.split([' ', '-']).any(|word| word == heading);
    let mut with_word = known.iter().filter(|(folded, _)| has_word(folded));
    if let Some((first, name)) = with_word.next() {
        let is_clear = with_word.all(|(other, _)| meant(other) == meant(first));
        return is_clear.then_some(name);
    }
    most_similar(heading, known.iter().map(|(folded, name)| (strsim::osa_distance(heading, folded), *name)))
}

/// Returns the heading most similar to the wanted one; up to a third of the characters may differ.
pub(crate) fn most_like<'a>(wanted: &str, headings: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = fold(wanted);
    let distance = |heading: &str| strsim::osa_distance(&wanted, &fold(heading));
    most_similar(&wanted, headings.map(|heading| (distance(heading), heading)))
}

/// Returns the first of the headings at the smallest distance from a folded one, if at most a third of its characters
/// differ.
fn most_similar<'h>(folded: &str, headings: impl Iterator<Item = (usize, &'h str)>) -> Option<&'h str> {
    let (distance, nearest) = headings.min_by_key(|(distance, _)| *distance)?;
    (distance * 3 <= folded.chars().count()).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_stands_for_one_attribute() {
        let mut seen = std::collections::HashMap::new();
        for (name, headings) in SYNONYMS {
            for heading in *headings {
                assert_eq!(fold(heading), *heading, "not folded");
                assert_eq!(seen.insert(*heading, *name), None, "`{heading}` stands for two attributes");
            }
        }
    }

    #[test]
    fn headings_are_found_as_people_write_them() {
        for (heading, expect) in [
            ("EmailAddress", Some("mail")),
            ("Surname", Some("sn")),
            ("Display Name", Some("displayName")),
            (" Prénom\u{a0}", Some("givenName")),
            ("Pre\u{301}nom", Some("givenName")),
            ("ADRESSE DE MESSAGERIE", Some("mail")),
            ("Nom d’ouverture de session", Some("userPrincipalName")),
            ("Nachname", Some("sn")),
            ("E-Mail-Adresse", Some("mail")),
            ("Nom", None),
            ("Name", None),
        ] {
            assert_eq!(synonym(&fold(heading)), expect, "{heading}");
        }
        assert_eq!(beside("nom", |other| other == "prénom"), Some("sn"));
        assert_eq!(beside("nom", |_| false), None);
    }
}
