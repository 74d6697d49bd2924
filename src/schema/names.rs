//! Other names of attributes: OIDs, and the names of RFC 4519 and RFC 4524.

/// The other names by LDAP display name. A gateway without the schema writes OIDs, and OpenLDAP the name that the
/// client asked for. The OIDs of msExchMasterAccountSid and of Lync's attributes are missing: no source has them.
const OTHERS: &[(&str, &[&str])] = &[
    ("objectClass", &["2.5.4.0"]),
    ("objectGUID", &["1.2.840.113556.1.4.2"]),
    ("objectSid", &["1.2.840.113556.1.4.146"]),
    ("sAMAccountName", &["1.2.840.113556.1.4.221"]),
    ("sAMAccountType", &["1.2.840.113556.1.4.302"]),
    ("userPrincipalName", &["1.2.840.113556.1.4.656"]),
    ("mail", &["0.9.2342.19200300.100.1.3", "rfc822Mailbox"]),
    ("givenName", &["2.5.4.42", "gn"]),
    ("sn", &["2.5.4.4", "surname"]),
    // of Active Directory, and of inetOrgPerson
    ("displayName", &["1.2.840.113556.1.2.13", "2.16.840.1.113730.3.1.241"]),
    ("proxyAddresses", &["1.2.840.113556.1.2.210"]),
    ("targetAddress", &["1.2.840.113556.1.2.352"]),
    ("userAccountControl", &["1.2.840.113556.1.4.8"]),
    ("adminCount", &["1.2.840.113556.1.4.150"]),
    ("isDeleted", &["1.2.840.113556.1.2.48"]),
    ("isCriticalSystemObject", &["1.2.840.113556.1.4.868"]),
    ("msExchRecipientTypeDetails", &["1.2.840.113556.1.4.7000.102.50855"]),
    ("msDS-SourceObjectDN", &["1.2.840.113556.1.4.1879"]),
    ("instanceType", &["1.2.840.113556.1.2.1"]),
    ("objectCategory", &["1.2.840.113556.1.4.782"]),
    ("dNSHostName", &["1.2.840.113556.1.4.619"]),
    ("msRTCSIP-PrimaryUserAddress", &["1.2.840.113556.1.6.24.1.1"]),
    ("msRTCSIP-UserEnabled", &["1.2.840.113556.1.6.24.1.6"]),
    ("msRTCSIP-TargetHomeServer", &["1.2.840.113556.1.6.24.1.47"]),
    ("msRTCSIP-OriginatorSid", &["1.2.840.113556.1.6.24.1.50"]),
    ("msRTCSIP-PrimaryHomeServer", &["1.2.840.113556.1.6.24.1.57"]),
    ("msRTCSIP-UserExtension", &["1.2.840.113556.1.6.24.1.63"]),
    ("msRTCSIP-FederationEnabled", &["1.2.840.113556.1.6.24.1.67"]),
    ("msRTCSIP-InternetAccessEnabled", &["1.2.840.113556.1.6.24.1.68"]),
    ("msRTCSIP-ArchivingEnabled", &["1.2.840.113556.1.6.24.1.80"]),
    ("msRTCSIP-OptionFlags", &["1.2.840.113556.1.6.24.1.87"]),
    ("msRTCSIP-Line", &["1.2.840.113556.1.6.24.1.88"]),
    ("msRTCSIP-LineServer", &["1.2.840.113556.1.6.24.1.89"]),
    ("msRTCSIP-UserPolicy", &["1.2.840.113556.1.6.24.1.132"]),
    ("c", &["2.5.4.6", "countryName"]),
    ("cn", &["2.5.4.3", "commonName"]),
    ("co", &["1.2.840.113556.1.2.131"]),
    ("company", &["1.2.840.113556.1.2.146"]),
    ("department", &["1.2.840.113556.1.2.141"]),
    ("description", &["2.5.4.13"]),
    ("employeeID", &["1.2.840.113556.1.4.35"]),
    ("homePhone", &["0.9.2342.19200300.100.1.20", "homeTelephoneNumber"]),
    ("ipPhone", &["1.2.840.113556.1.4.721"]),
    ("l", &["2.5.4.7", "localityName"]),
    ("manager", &["0.9.2342.19200300.100.1.10"]),
    ("member", &["2.5.4.31"]),
    ("memberOf", &["1.2.840.113556.1.2.102"]),
    ("mobile", &["0.9.2342.19200300.100.1.41", "mobileTelephoneNumber"]),
    ("otherHomePhone", &["1.2.840.113556.1.2.277"]),
    ("otherIpPhone", &["1.2.840.113556.1.4.722"]),
    ("otherMailbox", &["1.2.840.113556.1.4.651"]),
    ("otherMobile", &["1.2.840.113556.1.4.647"]),
    ("otherTelephone", &["1.2.840.113556.1.2.18"]),
    ("physicalDeliveryOfficeName", &["2.5.4.19"]),
    ("primaryGroupID", &["1.2.840.113556.1.4.98"]),
    ("servicePrincipalName", &["1.2.840.113556.1.4.771"]),
    ("sIDHistory", &["1.2.840.113556.1.4.609"]),
    ("st", &["2.5.4.8", "stateOrProvinceName"]),
    ("telephoneNumber", &["2.5.4.20"]),
    ("title", &["2.5.4.12"]),
];

/// Iterates over the other names of an attribute, including the form `OID.2.5.4.4` of RFC 2253.
pub(super) fn others(name: &str) -> impl Iterator<Item = String> {
    let (_, others) = OTHERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).unwrap_or(&("", &[]));
    others.iter().flat_map(|other| {
        let is_oid = other.starts_with(|c: char| c.is_ascii_digit());
        is_oid.then(|| format!("OID.{other}")).into_iter().chain([(*other).to_owned()])
    })
}

/// Returns the LDAP display name for any name (in any case) of an attribute; an unknown name is returned as it is.
pub(super) fn display_name(name: &str) -> &str {
    let plain = name.get(..4).filter(|start| start.eq_ignore_ascii_case("OID.")).map_or(name, |_| &name[4..]);
    let means = |others: &[&str]| others.iter().any(|other| other.eq_ignore_ascii_case(plain));
    OTHERS.iter().find(|(_, others)| means(others)).map_or(name, |(known, _)| known)
}

/// Iterates over the LDAP display names of the table.
pub(super) fn display_names() -> impl Iterator<Item = &'static str> {
    OTHERS.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::super::{Attr, Attributes, KNOWN, READ};
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
        names.extend(OTHERS.iter().flat_map(|(_, others)| others.iter().map(|other| other.to_lowercase())));
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }
}
