//! The attributes that the program knows: their names, the syntax of their values, and whether they have several.

// the meaning of values
pub(crate) mod value;
// damage by tools
pub(crate) mod damage;
// letters lost in encodings
pub(crate) mod lost;
// text equality in Active Directory
mod alike;
// other names of attributes
mod names;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::message;

pub(crate) use alike::{alike, alike_dn};
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
        self.is_free() || matches!(self, Self::SipAddress | Self::ProxyAddress)
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
        DEPLOYMENT_LOCATOR = "msRTCSIP-DeploymentLocator" Text One [],
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

/// The attributes that a run reads: those that every run reads, and those that filters, templates and groups name.
#[derive(Clone, Debug)]
pub struct Attributes {
    names: Vec<Box<str>>,
    /// The names of all these attributes by their endings: most look-ups find no name with the same ending, and end
    /// there.
    by_ending: Box<[Vec<WantedName>; ENDINGS]>,
    /// Headings that name one of them.
    called: Vec<String>,
    /// Those of [`ASIDE`] that were not asked for.
    aside: Vec<Attr>,
}

/// Attributes that every run reads only for its reports: no decision depends on them unless it asks for them.
const ASIDE: [Attr; 10] = [
    Attr::GIVEN_NAME,
    Attr::SN,
    Attr::DISPLAY_NAME,
    Attr::INSTANCE_TYPE,
    Attr::OBJECT_CATEGORY,
    Attr::FEDERATION_ENABLED,
    Attr::INTERNET_ACCESS_ENABLED,
    Attr::LINE,
    Attr::LINE_SERVER,
    Attr::PRIVATE_LINE,
];

/// A name of an attribute that the run reads.
#[derive(Clone, Debug)]
struct WantedName {
    text: Box<str>,
    attr: Attr,
    /// The last letters of the name, or of its singular.
    last: u64,
}

/// How many endings are distinguished.
const ENDINGS: usize = 512;

/// Packs the last letters of a name, ignoring case.
#[inline]
fn last_letters(name: &[u8]) -> u64 {
    const CASE: u64 = u64::from_le_bytes([b' '; 8]);
    let last = match name.last_chunk() {
        Some(last) => u64::from_le_bytes(*last),
        None => name.iter().fold(0, |last, &byte| last << 8 | u64::from(byte)),
    };
    last | CASE
}

/// Hashes the last letters of a name.
#[inline]
fn ending(last: u64) -> usize {
    (last.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize % ENDINGS
}

/// Iterates over the letters of a name in lower case.
fn letters(name: &[u8]) -> impl Iterator<Item = u8> {
    name.iter().filter(|byte| byte.is_ascii_alphabetic()).map(u8::to_ascii_lowercase)
}

/// Returns the singular of a plural name: `proxyAddress`. No other plural in `es` decides anything.
fn singular(name: &str) -> Option<&str> {
    name.strip_suffix("es")
}

impl Default for Attributes {
    fn default() -> Self {
        let names = KNOWN.iter().map(|known| known.name.into()).collect();
        let by_ending = Box::new([const { Vec::new() }; ENDINGS]);
        let mut attributes = Self { names, by_ending, called: Vec::new(), aside: Vec::new() };
        for known in &KNOWN[..READ] {
            attributes.add(known.name);
        }
        attributes.aside.extend(ASIDE);
        attributes
    }
}

impl Attributes {
    /// Returns the attributes that every run reads.
    pub fn of_every_run() -> &'static Self {
        static ATTRIBUTES: LazyLock<Attributes> = LazyLock::new(Attributes::default);
        &ATTRIBUTES
    }

    /// Adds an attribute by any of its names in any case; the same attribute always gets the same [`Attr`].
    pub fn add(&mut self, name: &str) -> Attr {
        if let Some(wanted) = self.find(name.as_bytes()) {
            self.ask(wanted);
            return wanted;
        }
        let name = display_name(name);
        let at = known(name).unwrap_or_else(|| {
            self.names.push(name.into());
            self.names.len() - 1
        });
        // A configuration with 65,536 distinct attributes is too large to be read in the first place.
        let attr = Attr(u16::try_from(at).unwrap_or(u16::MAX));
        let display_name = self.name(attr).to_owned();
        let others = names::others(&display_name).collect::<Vec<_>>();
        for name in [display_name].into_iter().chain(others) {
            for form in [Some(&*name), singular(&name)].into_iter().flatten() {
                let last = last_letters(form.as_bytes());
                self.by_ending[ending(last)].push(WantedName { text: name.as_str().into(), attr, last });
            }
        }
        attr
    }

    /// Notes that a decision depends on the attribute: a record is rejected if the attribute is unreadable.
    pub fn ask(&mut self, attr: Attr) {
        self.aside.retain(|aside| *aside != attr);
    }

    /// Whether no decision depends on the attribute: if it is unreadable, that is only a warning.
    pub fn is_aside(&self, attr: Attr) -> bool {
        self.aside.contains(&attr)
    }

    /// Adds an attribute that a heading stands for.
    pub fn add_called(&mut self, name: &str, heading: String) -> Attr {
        self.called.push(heading);
        self.add(name)
    }

    /// Whether this heading stands for an attribute.
    pub fn is_called(&self, heading: &str) -> bool {
        self.called.iter().any(|called| called == heading)
    }

    /// Finds an attribute by name (in any case, without options), if the run reads it.
    #[inline]
    pub fn find(&self, name: &[u8]) -> Option<Attr> {
        for WantedName { text, attr, .. } in &self.by_ending[ending(last_letters(name))] {
            let known = text.as_bytes();
            // Nearly all exports write a name as the schema does, and a comparison letter by letter takes ten times as
            // long.
            if known == name || known.eq_ignore_ascii_case(name) {
                return Some(*attr);
            }
        }
        None
    }

    /// Finds an attribute by name, or one of which the name is a misspelling.
    ///
    /// # Errors
    /// The run reads no attribute with this name; contains the one that a misspelled name means.
    #[inline]
    pub fn find_or_slip(&self, name: &[u8]) -> Result<Attr, Option<Attr>> {
        let last = last_letters(name);
        // Hardly any other name has the same ending, or ends in a sign.
        let mut is_near = false;
        for wanted in &self.by_ending[ending(last)] {
            let known = wanted.text.as_bytes();
            if known == name || known.eq_ignore_ascii_case(name) {
                return Ok(wanted.attr);
            }
            is_near |= wanted.last == last;
        }
        let is_near = is_near || !name.last().is_some_and(u8::is_ascii_alphabetic);
        Err(if is_near { self.find_misspelled(name) } else { None })
    }

    /// Finds the attribute of which an unknown name is a misspelling: the name of a deciding attribute except for signs
    /// in it or around it, or the plural, such as `mail[0]`, `msRTCSIP_UserEnabled`, `proxyAddress`.
    #[inline(never)]
    pub fn find_misspelled(&self, name: &[u8]) -> Option<Attr> {
        let end = name.iter().rposition(u8::is_ascii_alphabetic)? + 1;
        let last = last_letters(&name[..end]);
        let is_meant = |wanted: &&WantedName| {
            let has_letters = |known: &str| letters(known.as_bytes()).eq(letters(name));
            // A number may make the name that of another attribute.
            wanted.last == last
                && (has_letters(&wanted.text) || singular(&wanted.text).is_some_and(has_letters))
                && !wanted.text.bytes().any(|byte| byte.is_ascii_digit())
        };
        let decides = |attr: &Attr| attr.is_always_read() && !ASIDE.contains(attr);
        self.by_ending[ending(last)].iter().find(is_meant).map(|wanted| wanted.attr).filter(decides)
    }

    /// The LDAP display name.
    pub fn name(&self, attr: Attr) -> &str {
        &self.names[attr.index()]
    }

    /// Iterates over the LDAP display names of the attributes that the run reads, shorter ones first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&WantedName> = self.by_ending.iter().flatten().collect();
        names.retain(|name| *name.text == *self.name(name.attr));
        names.sort_by_key(|name| (name.text.len(), name.attr));
        names.dedup_by_key(|name| name.attr);
        names.into_iter().map(|name| &*name.text)
    }

    /// The number of attributes, including unread ones of the table: the size of tables by attribute.
    #[expect(clippy::len_without_is_empty, reason = "the known attributes are always there")]
    pub fn len(&self) -> usize {
        self.names.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_that_the_settings_name_is_not_aside() {
        let mut attributes = Attributes::default();
        for attr in ASIDE {
            assert!(attributes.is_aside(attr), "{attr:?}");
            attributes.add(attr.known_name());
            assert!(!attributes.is_aside(attr), "{attr:?}");
        }
    }

    #[test]
    fn an_attribute_is_found_by_its_name_in_any_case() {
        let mut attributes = Attributes::default();
        assert_eq!(attributes.find(b"MSRTCSIP-optionflags"), Some(Attr::OPTION_FLAGS));
        assert_eq!(attributes.find(b"department"), None);
        let department = attributes.add("department");
        assert_eq!(attributes.add("DEPARTMENT"), department);
        assert_eq!(attributes.name(department), "department");
        assert_eq!(attributes.name(Attr::ORIGINATOR_SID), "msRTCSIP-OriginatorSid");
        assert!(!department.is_single() && !department.is_many());
        let names: Vec<&str> = attributes.names().collect();
        assert!(names.is_sorted_by_key(|name| name.len()) && names.contains(&"department"), "{names:?}");
        assert_eq!(names.iter().collect::<std::collections::HashSet<_>>().len(), names.len(), "{names:?}");
        assert!(Attr::DEPLOYMENT_LOCATOR.is_always_read());
        assert!(!Attr::DISTINGUISHED_NAME.is_always_read());
    }

    #[test]
    fn an_attribute_of_the_table_keeps_its_syntax_when_it_is_named() {
        let mut attributes = Attributes::default();
        assert_eq!(attributes.find(b"memberOf"), None, "nobody wants it yet");
        let groups = attributes.add("MEMBEROF");
        assert_eq!(
            (attributes.name(groups), groups.syntax(), groups.is_many()),
            ("memberOf", Syntax::Dn, true)
        );
        let other = attributes.add("extensionAttribute1");
        assert_eq!((other.syntax(), other.is_many()), (Syntax::Text, false));
    }

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
    fn an_attribute_is_known_by_the_headings_that_stand_for_it() {
        let mut attributes = Attributes::default();
        attributes.add_called("mail", "E-Mail".to_owned());
        attributes.add_called("sn", "Surname".to_owned());
        let called = ["E-Mail", "Surname", "mail"].map(|heading| attributes.is_called(heading));
        assert_eq!(called, [true, true, false]);
    }

    #[test]
    fn a_name_with_other_signs_is_a_misspelling() {
        let mut attributes = Attributes::default();
        attributes.add("extensionAttribute1");
        attributes.add("department");
        let slipped = |name: &str| match attributes.find_or_slip(name.as_bytes()) {
            Ok(attr) => Some(attr.known_name()).filter(|known| !known.eq_ignore_ascii_case(name)),
            Err(meant) => meant.map(Attr::known_name),
        };
        for (name, meant) in [
            ("mail.0", "mail"),
            ("mail[0]", "mail"),
            ("MAIL1", "mail"),
            ("proxyAddress", "proxyAddresses"),
            ("proxyAddress1", "proxyAddresses"),
            ("proxyAddresses1", "proxyAddresses"),
            ("proxy_Addresses", "proxyAddresses"),
            ("Proxy-Addresses", "proxyAddresses"),
            ("[proxyAddresses]", "proxyAddresses"),
            ("12-proxyAddresses", "proxyAddresses"),
            ("msRTCSIP_PrimaryUserAddress", "msRTCSIP-PrimaryUserAddress"),
        ] {
            assert_eq!(slipped(name), Some(meant), "{name}");
        }
        // No decision depends on names of persons, and some directories have several.
        for name in
            ["", "-", "12", "sn1", "given-name", "department[0]", "email", "mails", "rfc822Mailbox2", "OID"]
        {
            assert_eq!(slipped(name), None, "{name}");
        }
        // Names in Active Directory, Exchange and Communications Server with the ending of another, or with a number at
        // the end.
        for name in [
            "mailNickname",
            "telephoneNumber",
            "otherMailbox",
            "extensionAttribute15",
            "msExchExtensionAttribute16",
            "msExchExtensionCustomAttribute1",
            "msExchUserAccountControl",
            "msExchPreviousRecipientTypeDetails",
            "msExchMasterAccountHistory",
            "msExchMailboxGuid",
            "msDS-AdditionalDnsHostName",
            "msDS-AdditionalSamAccountName",
            "msDS-PrincipalName",
            "msDS-User-Account-Control-Computed",
            "msDS-UserAccountDisabled",
            "msRTCSIP-UserPolicies",
            "servicePrincipalName",
            "streetAddress",
            "homePostalAddress",
            "proxyGenerationEnabled",
            "structuralObjectClass",
            "objectClasses",
            "businessCategory",
            "globalAddressList2",
            "msTSLicenseVersion4",
            "userPKCS12",
        ] {
            assert_eq!(slipped(name), None, "{name}");
        }
    }

    #[test]
    fn the_table_names_each_attribute_once() {
        let mut names: Vec<String> = KNOWN.iter().map(|known| known.name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }
}
