//! CSV headings: which attribute a column holds, under the names that each producer gives it.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::object::{Attr, Attributes};
use crate::schema;

/// The headings that a file of rejects puts before its own, and nobody reads.
pub(crate) const REJECT: [&str; 3] = ["userprep-code", "userprep-reason", "userprep-place"];

/// Headings of a run's `users.csv` that no export has beside each other.
pub(crate) const REPORT: [&str; 3] = ["seq", "sipUri", "previousSipUri"];

/// Whether a heading is one of a file of rejects; a spreadsheet may have moved the columns, or lost some.
pub(crate) fn is_reject(heading: &str) -> bool {
    REJECT.contains(&fold(heading).replace(' ', "-").as_str())
}

/// Whether a file has the name that a run gives to what it rejects: `rejects-1.ldif`. Editors drop comments and columns.
pub(crate) fn is_reject_name(name: &str) -> bool {
    let number =
        name.strip_prefix("rejects-").and_then(|rest| rest.split_once('.')).map(|(number, _)| number);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a line of LDIF says why the record behind it was rejected.
pub(crate) fn is_reject_mark(line: &[u8]) -> bool {
    let said = line.strip_prefix(b"#").map(<[u8]>::trim_ascii_start);
    let is_one = |said: &[u8], name: &str| {
        said.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
    };
    said.is_some_and(|said| REJECT.iter().any(|name| is_one(said, name)))
}

/// The headings that stand for the DN, folded, the surer first.
pub(crate) const DN: &[&str] = &["dn", "distinguishedname", "distinguished name", "nom unique"];

/// No attributes of the directory: what a list that is joined may say, as Get-CsUser calls it.
const LISTED: &[(&str, &[&str])] = &[
    ("sipUri", &["sipuri", "sipaddress", "sip uri", "uri sip", "sip address", "adresse sip", "sip-adresse"]),
    ("pool", &["registrarpool", "registrar pool"]),
];

/// What stands for an attribute where its LDAP name is missing, folded: the properties of the Active
/// Directory module and of Exchange, then the columns of Active Directory Users and Computers (the display
/// specifiers 409, 40C and 407 of Windows Server 2008 R2) and of lists kept by hand, in English, French and
/// German.
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

/// Headings that are ambiguous alone and clear beside another: in Active Directory Users and Computers `Nom`
/// and `Name` are the object's name, in a list of persons they are the surname. Get-ADUser shows `Name` beside `GivenName`.
const BESIDE: &[(&str, &[&str], &str)] =
    &[("nom", &["prénom", "givenname", "given name"], "sn"), ("name", &["vorname", "rufname"], "sn")];

/// A heading as it is compared: composed (NFC), lower case, one space between words, plain apostrophes, no
/// spaces around it.
pub(crate) fn fold(heading: &str) -> String {
    // BE ADVISED: the names of a rejected record's lines are folded, too, and to compose letters took longest.
    let plain = if heading.is_ascii() { Cow::Borrowed(heading) } else { heading.nfc().collect() };
    let plain = plain.replace(['\u{2019}', '\u{02bc}', '`'], "'").replace(['\u{2010}', '\u{2011}'], "-");
    plain.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn all() -> impl Iterator<Item = &'static (&'static str, &'static [&'static str])> {
    LISTED.iter().chain(SYNONYMS)
}

/// The attribute of which a folded heading is another name.
pub(crate) fn synonym(heading: &str) -> Option<&'static str> {
    all().find(|(_, headings)| headings.contains(&heading)).map(|(name, _)| *name)
}

/// The attribute of which a folded heading is another name, where no list is joined: what a list says is to be, an export
/// says is there.
pub(crate) fn synonym_in_export(heading: &str) -> Option<&'static str> {
    synonym(heading).map(|name| if name == LISTED[0].0 { "msRTCSIP-PrimaryUserAddress" } else { name })
}

/// Wants what a name in a filter, a template or a list of attributes means: another name of an attribute means that
/// attribute, in tables and in LDIF alike, so that no column is taken away from it.
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

/// What a folded heading names, the same for all its names.
pub(crate) fn meant(heading: &str) -> String {
    let dn = DN.contains(&heading).then_some(DN[0]);
    dn.or_else(|| synonym(heading)).unwrap_or(heading).to_lowercase()
}

/// The attribute for which an ambiguous heading is beside others; `has` tells whether the file has a
/// folded heading.
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

/// The attribute that Entra's templates name between brackets: `User name [userPrincipalName] Required`.
pub(crate) fn bracketed(heading: &str) -> Option<&str> {
    let (_, rest) = heading.split_once('[')?;
    let (name, _) = rest.split_once(']')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
    is_name.then_some(name)
}

/// The name in a heading that counts the values of an attribute, or its columns: `proxyaddresses.0`, `proxyaddresses[1]`,
/// `proxyaddresses/0`, `mail.1`.
pub(crate) fn unnumbered(heading: &str) -> Option<&str> {
    let (numbered, mark) = match heading.strip_suffix(']') {
        Some(inner) => (inner, &['['][..]),
        None => (heading, &['.', '/'][..]),
    };
    let name = numbered.trim_end_matches(|c: char| c.is_ascii_digit());
    name.strip_suffix(mark).filter(|_| name.len() < numbered.len())
}

/// Whether a folded heading is the name of an attribute or stands for one, whoever reads it. What a list alone may say is
/// none.
pub(crate) fn is_attribute(heading: &str) -> bool {
    let is = |(name, headings): &(&str, &[&str])| {
        name.eq_ignore_ascii_case(heading) || headings.contains(&heading)
    };
    SYNONYMS.iter().any(is)
        || beside(heading, |_| true).is_some()
        || schema::syntax_of(heading).is_some()
        || COMMON.contains(&heading)
}

/// Folded headings that exports often have and that are not read: no message needs to say so.
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

/// The headings by which anything is read, folded: names of attributes, and what stands for them.
pub(crate) fn known(attributes: &Attributes) -> Vec<(String, &str)> {
    let names = attributes.names().map(|name| (fold(name), name));
    // What lists call an address is read of exports, too.
    let is_wanted = |name: &str| name == LISTED[0].0 || attributes.find(name.as_bytes()).is_some();
    let wanted = all().filter(|(name, _)| is_wanted(name));
    let others =
        wanted.flat_map(|(_, headings)| headings.iter().map(|heading| ((*heading).to_owned(), *heading)));
    let dns = DN.iter().map(|heading| ((*heading).to_owned(), *heading));
    names.chain(others).chain(dns).collect()
}

/// The known heading that a folded one was probably meant for: it has the same word, or all letters but a few.
pub(crate) fn nearest<'k>(heading: &str, known: &[(String, &'k str)]) -> Option<&'k str> {
    if !(3..64).contains(&heading.chars().count()) {
        return None; // like anything, or like nothing
    }
    // `AccountDisabled` is the contrary of `account enabled`, and a heading that is known and not read was meant as it is.
    if heading.contains("disabl") || known.iter().any(|(folded, _)| folded == heading) {
        return None;
    }
    // A list of persons in French has the surname there; `Name` is of many names.
    if heading == "nom" {
        return known.iter().find(|(folded, _)| folded == "nom de famille").map(|(_, name)| *name);
    }
    let is_word = |known: &str| known.split([' ', '-']).any(|word| word == heading);
    // `SIP` is of `SIP address` before it is like `SID`
    let of_word = known.iter().find(|(folded, _)| folded != heading && is_word(folded));
    let meant = |(folded, _): &(String, &str)| meant(folded);
    if of_word
        .is_some_and(|first| known.iter().any(|other| is_word(&other.0) && meant(other) != meant(first)))
    {
        return None;
    }
    let like = known.iter().map(|(folded, name)| (strsim::osa_distance(heading, folded), *name));
    let near = || like.min_by_key(|near| near.0).filter(|(far, _)| far * 3 <= heading.chars().count());
    of_word.map(|(_, name)| *name).or_else(|| near().map(|(_, name)| name))
}

/// The heading that is most like the wanted one, if one is: a third of the characters may differ.
pub(crate) fn most_like<'a>(wanted: &str, headings: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = fold(wanted);
    let (far, near) = headings
        .map(|heading| (strsim::osa_distance(&wanted, &fold(heading)), heading))
        .min_by_key(|near| near.0)?;
    (far * 3 <= wanted.chars().count()).then_some(near)
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
