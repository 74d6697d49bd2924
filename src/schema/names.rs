//! Other names of attributes: OIDs, and the names of RFC 4519 and RFC 4524.

use super::KNOWN;

/// The other names of attributes that are not in the table of known ones, by LDAP display name.
const OTHERS: &[(&str, &[&str])] = &[
    ("c", &["2.5.4.6", "countryName"]),
    ("cn", &["2.5.4.3", "commonName"]),
    ("co", &["1.2.840.113556.1.2.131"]),
    ("company", &["1.2.840.113556.1.2.146"]),
    ("department", &["1.2.840.113556.1.2.141"]),
    ("employeeID", &["1.2.840.113556.1.4.35"]),
    ("l", &["2.5.4.7", "localityName"]),
    ("physicalDeliveryOfficeName", &["2.5.4.19"]),
    ("st", &["2.5.4.8", "stateOrProvinceName"]),
    ("title", &["2.5.4.12"]),
];

/// Iterates over the attributes with other names. A gateway without the schema writes OIDs, and OpenLDAP the name that
/// the client asked for.
fn all() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    KNOWN.iter().map(|known| (known.name, known.others)).chain(OTHERS.iter().copied())
}

/// Iterates over the other names of an attribute, including the form `OID.2.5.4.4` of RFC 2253.
pub(super) fn others(name: &str) -> impl Iterator<Item = String> {
    let others =
        all().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or(&[][..], |(_, others)| others);
    others.iter().flat_map(|other| {
        let is_oid = other.starts_with(|c: char| c.is_ascii_digit());
        is_oid.then(|| format!("OID.{other}")).into_iter().chain([(*other).to_owned()])
    })
}

/// Returns the LDAP display name for any name (in any case) of an attribute; an unknown name is returned as it is.
pub(crate) fn display_name(name: &str) -> &str {
    let plain = name.get(..4).filter(|start| start.eq_ignore_ascii_case("OID.")).map_or(name, |_| &name[4..]);
    let is_among = |others: &[&str]| others.iter().any(|other| other.eq_ignore_ascii_case(plain));
    all().find(|(_, others)| is_among(others)).map_or(name, |(known, _)| known)
}

/// Iterates over the LDAP display names of the attributes with other names.
pub(super) fn display_names() -> impl Iterator<Item = &'static str> {
    all().map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::super::{Attr, Attributes, READ};
    use super::*;

    #[test]
    fn an_attribute_that_every_run_reads_is_found_by_each_of_its_names() {
        let attributes = Attributes::default();
        for (at, known) in KNOWN.iter().enumerate().take(READ) {
            for other in others(known.name) {
                assert_eq!(attributes.find(other.as_bytes()), Some(Attr::of_index(at)), "{other}");
                let upper = other.to_uppercase();
                assert_eq!(attributes.find(upper.as_bytes()), Some(Attr::of_index(at)), "{upper}");
            }
        }
        for name in ["sn", "2.5.4.4", "oid.2.5.4.4", "surname"] {
            assert_eq!(attributes.find(name.as_bytes()), Some(Attr::SN), "{name}");
        }
        assert_eq!(attributes.names().filter(|name| *name == "sn" || name.ends_with("2.5.4.4")).count(), 1);
    }

    #[test]
    fn other_attributes_are_wanted_by_any_of_their_names() {
        for (names, name) in [
            (["2.5.4.20", "telephoneNumber"], "telephoneNumber"),
            (["oid.1.2.840.113556.1.2.141", "Department"], "department"),
            (["commonName", "cn"], "cn"),
        ] {
            let mut attributes = Attributes::default();
            let wanted = attributes.add(names[0]);
            assert_eq!(attributes.add(names[1]), wanted, "{name}");
            assert_eq!(attributes.name(wanted).to_lowercase(), name.to_lowercase());
            assert_eq!(attributes.names().filter(|known| known.eq_ignore_ascii_case(name)).count(), 1);
        }
    }

    #[test]
    fn a_name_means_one_attribute() {
        let mut names: Vec<String> = KNOWN.iter().map(|known| known.name.to_lowercase()).collect();
        names.extend(all().flat_map(|(_, others)| others.iter().map(|other| other.to_lowercase())));
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }
}
