//! The attributes that the program knows: their names, the syntax of their values, and whether they have several.

// the meaning of values
pub(crate) mod value;
// damage by tools
pub(crate) mod damage;
// letters lost in encodings
pub(crate) mod lost;
// DNs that are cut or coded
pub(crate) mod damaged_dn;
// text equality in Active Directory
mod alike;
// other names of attributes
mod names;
// the attributes that a run reads
mod attributes;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::message;

pub(crate) use alike::{alike, alike_dn};
pub use attributes::{Attributes, find_misspelled};
pub(crate) use names::display_name;

/// The syntax of an attribute's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Text.
    Text,
    /// `name=value`
    Pair,
    /// The LDAP display name of a class.
    Class,
    /// A mail address, or a user principal name; mistakes in it are reported when an address is made from it.
    Mail,
    /// A telephone number.
    Telephone,
    /// A GeneralizedTime.
    Time,
    /// A decimal integer of 32 bits.
    Integer,
    /// A decimal integer of 64 bits.
    LargeInteger,
    /// The same, which Exchange's own tools write as a word: `SharedMailbox`.
    RecipientType,
    /// The flags of an account: a decimal integer of 32 bits, one of which gives the type of the account.
    AccountControl,
    /// `TRUE` or `FALSE`.
    Boolean,
    /// A distinguished name.
    Dn,
    /// Octets and a distinguished name: `B:8:00000001:CN=…`.
    DnBinary,
    /// A security identifier.
    Sid,
    /// A security identifier of an account, not of a domain.
    AccountSid,
    /// A GUID.
    Guid,
    /// A SIP address with its scheme.
    SipAddress,
    /// An address with its type, such as `smtp:` or `x400:`.
    ProxyAddress,
    /// `SRV:`, or the host name of another deployment.
    Locator,
}

impl Syntax {
    /// Whether every text is a valid value.
    #[inline]
    pub fn is_free(self) -> bool {
        matches!(self, Self::Text | Self::Pair | Self::Class | Self::Mail | Self::Telephone | Self::Time)
    }

    /// Whether its values are integers.
    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::LargeInteger | Self::RecipientType | Self::AccountControl)
    }

    /// Whether its values are text in some encoding.
    pub fn is_text(self) -> bool {
        self.is_free() || matches!(self, Self::SipAddress | Self::ProxyAddress | Self::Locator)
    }

    /// The code for an invalid value.
    pub fn fault(self) -> &'static str {
        if self == Self::SipAddress { "sip-invalid" } else { "value-invalid" }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    One,
    Many,
}

/// A row of the table of attributes.
struct Known {
    name: &'static str,
    syntax: Syntax,
    count: Count,
    /// Its OIDs, and the names of RFC 4519 and RFC 4524. No source has the OIDs of msExchMasterAccountSid and of Lync's
    /// attributes.
    others: &'static [&'static str],
}

/// An attribute: one from the table, or one that filters, templates and groups name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Attr(u16);

macro_rules! known {
    (read { $($name:ident = $ldap:literal $syntax:ident $count:ident [$($alias:literal),*],)* }
     named { $($other:literal $other_syntax:ident $other_count:ident [$($other_alias:literal),*],)* }) => {
        /// The attributes whose values every run reads, by their LDAP display names.
        #[expect(missing_docs, reason = "each constant is the attribute of its name")]
        impl Attr { known!(@consts 0u16; $($name)*); }
        const KNOWN: &[Known] = &[
            $(Known { name: $ldap, syntax: Syntax::$syntax, count: Count::$count, others: &[$($alias),*] },)*
            $(Known {
                name: $other,
                syntax: Syntax::$other_syntax,
                count: Count::$other_count,
                others: &[$($other_alias),*],
            },)*
        ];
        /// How many attributes of the table every run reads.
        const READ: usize = [$($ldap),*].len();
    };
    (@consts $n:expr; $head:ident $($tail:ident)*) => {
        pub const $head: Attr = Attr($n);
        known!(@consts $n + 1; $($tail)*);
    };
    (@consts $n:expr;) => {};
}

known! {
    read {
        OBJECT_CLASS = "objectClass" Class Many ["2.5.4.0"],
        OBJECT_GUID = "objectGUID" Guid One ["1.2.840.113556.1.4.2"],
        OBJECT_SID = "objectSid" Sid One ["1.2.840.113556.1.4.146"],
        SAM_ACCOUNT_NAME = "sAMAccountName" Text One ["1.2.840.113556.1.4.221"],
        SAM_ACCOUNT_TYPE = "sAMAccountType" Integer One ["1.2.840.113556.1.4.302"],
        USER_PRINCIPAL_NAME = "userPrincipalName" Mail One ["1.2.840.113556.1.4.656"],
        MAIL = "mail" Mail One ["0.9.2342.19200300.100.1.3", "rfc822Mailbox"],
        GIVEN_NAME = "givenName" Text One ["2.5.4.42", "gn"],
        SN = "sn" Text One ["2.5.4.4", "surname"],
        // of Active Directory, and of inetOrgPerson
        DISPLAY_NAME = "displayName" Text One ["1.2.840.113556.1.2.13", "2.16.840.1.113730.3.1.241"],
        PROXY_ADDRESSES = "proxyAddresses" ProxyAddress Many ["1.2.840.113556.1.2.210"],
        TARGET_ADDRESS = "targetAddress" ProxyAddress One ["1.2.840.113556.1.2.352"],
        USER_ACCOUNT_CONTROL = "userAccountControl" AccountControl One ["1.2.840.113556.1.4.8"],
        // not an attribute of the directory: the property of Get-ADUser that represents bit 2 of userAccountControl
        ENABLED = "Enabled" Boolean One [],
        ADMIN_COUNT = "adminCount" Integer One ["1.2.840.113556.1.4.150"],
        IS_DELETED = "isDeleted" Boolean One ["1.2.840.113556.1.2.48"],
        IS_CRITICAL_SYSTEM_OBJECT = "isCriticalSystemObject" Boolean One ["1.2.840.113556.1.4.868"],
        MASTER_ACCOUNT_SID = "msExchMasterAccountSid" AccountSid One [],
        RECIPIENT_TYPE_DETAILS = "msExchRecipientTypeDetails" RecipientType One ["1.2.840.113556.1.4.7000.102.50855"],
        SOURCE_OBJECT_DN = "msDS-SourceObjectDN" Text One ["1.2.840.113556.1.4.1879"],
        INSTANCE_TYPE = "instanceType" Integer One ["1.2.840.113556.1.2.1"],
        // a DN that is not parsed, because only its presence matters
        OBJECT_CATEGORY = "objectCategory" Text One ["1.2.840.113556.1.4.782"],
        DNS_HOST_NAME = "dNSHostName" Text One ["1.2.840.113556.1.4.619"],
        POOL_VERSION = "msRTCSIP-PoolVersion" Integer One [],
        POOL_TYPE = "msRTCSIP-PoolType" Integer One [],
        USER_ENABLED = "msRTCSIP-UserEnabled" Boolean One ["1.2.840.113556.1.6.24.1.6"],
        PRIMARY_USER_ADDRESS = "msRTCSIP-PrimaryUserAddress" SipAddress One ["1.2.840.113556.1.6.24.1.1"],
        PRIMARY_HOME_SERVER = "msRTCSIP-PrimaryHomeServer" Dn One ["1.2.840.113556.1.6.24.1.57"],
        OPTION_FLAGS = "msRTCSIP-OptionFlags" Integer One ["1.2.840.113556.1.6.24.1.87"],
        ARCHIVING_ENABLED = "msRTCSIP-ArchivingEnabled" Integer One ["1.2.840.113556.1.6.24.1.80"],
        FEDERATION_ENABLED = "msRTCSIP-FederationEnabled" Boolean One ["1.2.840.113556.1.6.24.1.67"],
        INTERNET_ACCESS_ENABLED = "msRTCSIP-InternetAccessEnabled" Boolean One ["1.2.840.113556.1.6.24.1.68"],
        ORIGINATOR_SID = "msRTCSIP-OriginatorSid" AccountSid One ["1.2.840.113556.1.6.24.1.50"],
        TARGET_HOME_SERVER = "msRTCSIP-TargetHomeServer" Dn One ["1.2.840.113556.1.6.24.1.47"],
        LINE = "msRTCSIP-Line" Text One ["1.2.840.113556.1.6.24.1.88"],
        LINE_SERVER = "msRTCSIP-LineServer" Text One ["1.2.840.113556.1.6.24.1.89"],
        PRIVATE_LINE = "msRTCSIP-PrivateLine" Text One [],
        DEPLOYMENT_LOCATOR = "msRTCSIP-DeploymentLocator" Locator One [],
    }
    named {
        // the first: Attr::DISTINGUISHED_NAME
        "distinguishedName" Dn One [],
        "description" Text Many ["2.5.4.13"],
        "directReports" Dn Many [],
        "groupType" Integer One [],
        "homePhone" Telephone One ["0.9.2342.19200300.100.1.20", "homeTelephoneNumber"],
        "ipPhone" Telephone One ["1.2.840.113556.1.4.721"],
        "manager" Dn One ["0.9.2342.19200300.100.1.10"],
        "member" Dn Many ["2.5.4.31"],
        "memberOf" Dn Many ["1.2.840.113556.1.2.102"],
        "mobile" Telephone One ["0.9.2342.19200300.100.1.41", "mobileTelephoneNumber"],
        "msRTCSIP-MeetingPolicy" Dn One [],
        "msRTCSIP-SourceObjectType" Integer One [],
        "msRTCSIP-UCPolicy" Dn One [],
        "msRTCSIP-UserExtension" Pair Many ["1.2.840.113556.1.6.24.1.63"],
        "msRTCSIP-UserLocationProfile" Dn One [],
        "msRTCSIP-UserPolicies" Pair Many [],
        "msRTCSIP-UserPolicy" DnBinary Many ["1.2.840.113556.1.6.24.1.132"],
        "otherHomePhone" Telephone Many ["1.2.840.113556.1.2.277"],
        "otherIpPhone" Telephone Many ["1.2.840.113556.1.4.722"],
        "otherMailbox" Mail Many ["1.2.840.113556.1.4.651"],
        "otherMobile" Telephone Many ["1.2.840.113556.1.4.647"],
        "otherTelephone" Telephone Many ["1.2.840.113556.1.2.18"],
        "primaryGroupID" Integer One ["1.2.840.113556.1.4.98"],
        "servicePrincipalName" Text Many ["1.2.840.113556.1.4.771"],
        "showInAddressBook" Dn Many [],
        "sIDHistory" Sid Many ["1.2.840.113556.1.4.609"],
        "telephoneNumber" Telephone One ["2.5.4.20"],
        "createTimeStamp" Time One [],
        "modifyTimeStamp" Time One [],
        "whenChanged" Time One [],
        "whenCreated" Time One [],
    }
}

impl Attr {
    /// The DN, which each record has, even if its lines do not name the attribute.
    pub(crate) const DISTINGUISHED_NAME: Self = {
        assert!(matches!(KNOWN[READ].name.as_bytes(), b"distinguishedName"));
        Self(READ as u16)
    };

    /// The attribute with this index in tables by attribute.
    pub(crate) fn of_index(index: usize) -> Self {
        Self(u16::try_from(index).unwrap_or(u16::MAX))
    }

    /// The index, for tables by attribute.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The row of the table, if the attribute has one.
    fn known(self) -> Option<&'static Known> {
        KNOWN.get(self.index())
    }

    /// The LDAP display name of an attribute in the table; empty for any other.
    pub fn known_name(self) -> &'static str {
        self.known().map_or("", |known| known.name)
    }

    /// Whether every run reads it, whatever filters and templates name.
    pub fn is_always_read(self) -> bool {
        self.index() < READ
    }

    /// The syntax of its values; text for an attribute outside the table.
    #[inline]
    pub fn syntax(self) -> Syntax {
        self.known().map_or(Syntax::Text, |known| known.syntax)
    }

    /// Whether a second value makes the attribute ambiguous. OpenLDAP allows several values for some attributes that
    /// have only one in Active Directory, such as `mail`; the right one is not guessed.
    pub fn is_single(self) -> bool {
        self.known().is_some_and(|known| known.count == Count::One)
    }

    /// Whether it has several values, which a separator joins in a CSV cell.
    pub fn is_many(self) -> bool {
        self.known().is_some_and(|known| known.count == Count::Many)
    }
}

/// Returns the index of an attribute in the table by any of its names.
fn known(name: &str) -> Option<usize> {
    let name = display_name(name);
    KNOWN.iter().position(|known| known.name.eq_ignore_ascii_case(name))
}

/// Returns the attribute that a misspelled name probably means. Short names, such as cn and sn, are too similar.
pub(crate) fn meant(name: &str) -> Option<&'static str> {
    let is_known = names::display_names().any(|known| known.eq_ignore_ascii_case(display_name(name)));
    message::nearest(name, names::display_names()).filter(|_| !is_known && name.len() > 3)
}

/// Returns the syntax of the attribute with this name (in any case), if the table has it.
pub(crate) fn syntax_of(name: &str) -> Option<Syntax> {
    // `verify` asks for each attribute of each user, and the table is long.
    static TABLE: LazyLock<Attributes> = LazyLock::new(|| {
        let mut all = Attributes::default();
        for known in KNOWN {
            all.add(known.name);
        }
        all
    });
    TABLE.find(name.as_bytes()).map(Attr::syntax)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelled_name_means_the_nearest_attribute() {
        for (name, expect) in [
            ("mial", Some("mail")),
            ("mails", Some("mail")),
            ("mail", None),
            ("memberOf", None),
            ("cnn", None),
        ] {
            assert_eq!(meant(name), expect, "{name}");
        }
    }

    #[test]
    fn the_table_names_each_attribute_once() {
        let mut names: Vec<String> = KNOWN.iter().map(|known| known.name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }
}
