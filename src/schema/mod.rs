//! The attributes that the program knows: the name of each, the syntax of its values, and whether it has several.

// what a value means
pub(crate) mod value;
// what tools do to values
pub(crate) mod damage;
// letters that encodings lost
pub(crate) mod lost;
// what Active Directory takes for equal
mod alike;
// what attributes are called, too
mod names;

use std::sync::LazyLock;

use crate::message;

pub(crate) use alike::{alike, alike_dn};

/// What the values of an attribute are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Text.
    Text,
    /// The LDAP display name of a class.
    Class,
    /// A mail address, or a user principal name; what is wrong with one is said where an address is made of it.
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
    /// The flags of an account, a decimal integer of 32 bits of which one says the type of the account.
    AccountControl,
    /// `TRUE` or `FALSE`.
    Boolean,
    /// A distinguished name.
    Dn,
    /// Octets and a distinguished name: `B:8:00000001:CN=…`.
    DnBinary,
    /// A security identifier.
    Sid,
    /// That of an account, which no domain has.
    AccountSid,
    /// A GUID.
    Guid,
    /// A SIP address with its scheme.
    SipAddress,
    /// An address with its type, such as `smtp:` or `x400:`.
    ProxyAddress,
}

impl Syntax {
    /// Whether every text is a value of it.
    #[inline]
    pub fn is_free(self) -> bool {
        matches!(self, Self::Text | Self::Class | Self::Mail | Self::Telephone | Self::Time)
    }

    /// Whether its values are integers.
    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::LargeInteger | Self::RecipientType | Self::AccountControl)
    }

    /// Whether its values are letters in some encoding.
    pub fn is_text(self) -> bool {
        self.is_free() || matches!(self, Self::SipAddress | Self::ProxyAddress)
    }

    /// The code of a value that is not of this syntax.
    pub fn fault(self) -> &'static str {
        if self == Self::SipAddress { "sip-invalid" } else { "value-invalid" }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    One,
    Many,
}

/// An attribute that the program knows.
struct Known {
    name: &'static str,
    syntax: Syntax,
    count: Count,
}

/// An attribute: one of the table, or one that filters, templates and groups name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Attr(u16);

macro_rules! known {
    (read { $($name:ident = $ldap:literal $syntax:ident $count:ident,)* }
     named { $($other:literal $other_syntax:ident $other_count:ident,)* }) => {
        /// The attributes of which every run reads the values, by their LDAP display names.
        #[expect(missing_docs, reason = "each constant is the attribute of its name")]
        impl Attr { known!(@consts 0u16; $($name)*); }
        const KNOWN: &[Known] = &[
            $(Known { name: $ldap, syntax: Syntax::$syntax, count: Count::$count },)*
            $(Known { name: $other, syntax: Syntax::$other_syntax, count: Count::$other_count },)*
        ];
        /// How many of the table every run reads.
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
        OBJECT_CLASS = "objectClass" Class Many,
        OBJECT_GUID = "objectGUID" Guid One,
        OBJECT_SID = "objectSid" Sid One,
        SAM_ACCOUNT_NAME = "sAMAccountName" Text One,
        SAM_ACCOUNT_TYPE = "sAMAccountType" Integer One,
        USER_PRINCIPAL_NAME = "userPrincipalName" Mail One,
        MAIL = "mail" Mail One,
        GIVEN_NAME = "givenName" Text One,
        SN = "sn" Text One,
        DISPLAY_NAME = "displayName" Text One,
        PROXY_ADDRESSES = "proxyAddresses" ProxyAddress Many,
        TARGET_ADDRESS = "targetAddress" ProxyAddress One,
        USER_ACCOUNT_CONTROL = "userAccountControl" AccountControl One,
        // no attribute of the directory: the property of Get-ADUser that says bit 2 of userAccountControl
        ENABLED = "Enabled" Boolean One,
        ADMIN_COUNT = "adminCount" Integer One,
        IS_DELETED = "isDeleted" Boolean One,
        IS_CRITICAL_SYSTEM_OBJECT = "isCriticalSystemObject" Boolean One,
        MASTER_ACCOUNT_SID = "msExchMasterAccountSid" AccountSid One,
        RECIPIENT_TYPE_DETAILS = "msExchRecipientTypeDetails" RecipientType One,
        SOURCE_OBJECT_DN = "msDS-SourceObjectDN" Text One,
        INSTANCE_TYPE = "instanceType" Integer One,
        // a DN, of which only the presence matters: it is not parsed
        OBJECT_CATEGORY = "objectCategory" Text One,
        DNS_HOST_NAME = "dNSHostName" Text One,
        POOL_VERSION = "msRTCSIP-PoolVersion" Integer One,
        POOL_TYPE = "msRTCSIP-PoolType" Integer One,
        USER_ENABLED = "msRTCSIP-UserEnabled" Boolean One,
        PRIMARY_USER_ADDRESS = "msRTCSIP-PrimaryUserAddress" SipAddress One,
        PRIMARY_HOME_SERVER = "msRTCSIP-PrimaryHomeServer" Dn One,
        OPTION_FLAGS = "msRTCSIP-OptionFlags" Integer One,
        ARCHIVING_ENABLED = "msRTCSIP-ArchivingEnabled" Integer One,
        FEDERATION_ENABLED = "msRTCSIP-FederationEnabled" Boolean One,
        INTERNET_ACCESS_ENABLED = "msRTCSIP-InternetAccessEnabled" Boolean One,
        ORIGINATOR_SID = "msRTCSIP-OriginatorSid" AccountSid One,
        TARGET_HOME_SERVER = "msRTCSIP-TargetHomeServer" Dn One,
        LINE = "msRTCSIP-Line" Text One,
        LINE_SERVER = "msRTCSIP-LineServer" Text One,
        PRIVATE_LINE = "msRTCSIP-PrivateLine" Text One,
        DEPLOYMENT_LOCATOR = "msRTCSIP-DeploymentLocator" Text One,
    }
    named {
        "distinguishedName" Dn One,
        "description" Text Many,
        "directReports" Dn Many,
        "groupType" Integer One,
        "homePhone" Telephone One,
        "ipPhone" Telephone One,
        "manager" Dn One,
        "member" Dn Many,
        "memberOf" Dn Many,
        "mobile" Telephone One,
        "msRTCSIP-MeetingPolicy" Dn One,
        "msRTCSIP-SourceObjectType" Integer One,
        "msRTCSIP-UCPolicy" Dn One,
        "msRTCSIP-UserExtension" Text Many,
        "msRTCSIP-UserLocationProfile" Dn One,
        "msRTCSIP-UserPolicies" Text Many,
        "msRTCSIP-UserPolicy" DnBinary Many,
        "otherHomePhone" Telephone Many,
        "otherIpPhone" Telephone Many,
        "otherMailbox" Mail Many,
        "otherMobile" Telephone Many,
        "otherTelephone" Telephone Many,
        "primaryGroupID" Integer One,
        "servicePrincipalName" Text Many,
        "showInAddressBook" Dn Many,
        "sIDHistory" Sid Many,
        "telephoneNumber" Telephone One,
        "createTimeStamp" Time One,
        "modifyTimeStamp" Time One,
        "whenChanged" Time One,
        "whenCreated" Time One,
    }
}

impl Attr {
    /// The DN, which each record has, whether its lines name the attribute or not.
    pub(crate) const DISTINGUISHED_NAME: Self = Self(READ as u16);

    pub(crate) fn of_index(index: usize) -> Self {
        Self(u16::try_from(index).unwrap_or(u16::MAX))
    }

    /// The index, for tables that go by attribute.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    fn known(self) -> Option<&'static Known> {
        KNOWN.get(self.index())
    }

    /// The LDAP display name of an attribute of the table; empty for any other.
    pub fn known_name(self) -> &'static str {
        self.known().map_or("", |known| known.name)
    }

    /// Whether every run reads it, whatever filters and templates name.
    pub fn is_always_read(self) -> bool {
        self.index() < READ
    }

    /// What its values are; text, where the table does not know it.
    #[inline]
    pub fn syntax(self) -> Syntax {
        self.known().map_or(Syntax::Text, |known| known.syntax)
    }

    /// Whether a second value leaves open what the attribute says. OpenLDAP keeps several values of some attributes that
    /// have one in Active Directory, such as `mail`: which of them counts is not guessed either.
    pub fn is_single(self) -> bool {
        self.known().is_some_and(|known| known.count == Count::One)
    }

    /// Whether it has several values, which a CSV cell joins by the separator.
    pub fn is_many(self) -> bool {
        self.known().is_some_and(|known| known.count == Count::Many)
    }
}

/// Where the table has an attribute, by any of its names.
fn known(name: &str) -> Option<usize> {
    let name = names::display_name(name);
    KNOWN.iter().position(|known| known.name.eq_ignore_ascii_case(name))
}

/// The attribute for which a name is probably a slip; of short names, such as cn and sn, each is close to another.
pub(crate) fn meant(name: &str) -> Option<&'static str> {
    let names = || KNOWN.iter().map(|known| known.name).chain(names::display_names());
    let is_known = names().any(|known| known.eq_ignore_ascii_case(names::display_name(name)));
    message::nearest(name, names()).filter(|_| !is_known && name.len() > 3)
}

/// What the values of an attribute of that name (in any case) are, if the table has it.
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

/// The attributes that a run wants: those that every run reads, and those that filters, templates and groups name.
#[derive(Clone, Debug)]
pub struct Attributes {
    names: Vec<Box<str>>,
    /// Each name of those that the run wants: most look-ups find none of the same ending, and end there.
    by_ending: Box<[Vec<WantedName>; ENDINGS]>,
    /// Headings by which somebody called one of them.
    called: Vec<String>,
    /// Those of [`ASIDE`] that nobody has asked for.
    aside: Vec<Attr>,
}

/// What every run reads to show it, or to say more of it, and no decision rests on unless somebody asks for it.
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

/// A name of an attribute that the run wants.
#[derive(Clone, Debug)]
struct WantedName {
    text: Box<str>,
    attr: Attr,
    /// Its last letters, or those of its singular.
    last: u64,
}

/// How many endings are distinguished.
const ENDINGS: usize = 512;

/// The last letters of a name, the same in any case.
#[inline]
fn last_letters(name: &[u8]) -> u64 {
    const CASE: u64 = u64::from_le_bytes([b' '; 8]);
    let last = match name.last_chunk() {
        Some(last) => u64::from_le_bytes(*last),
        None => name.iter().fold(0, |last, &byte| last << 8 | u64::from(byte)),
    };
    last | CASE
}

/// A number for the last letters of a name.
#[inline]
fn ending(last: u64) -> usize {
    (last.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize % ENDINGS
}

/// The letters of a name, without case.
fn letters(name: &[u8]) -> impl Iterator<Item = u8> {
    name.iter().filter(|byte| byte.is_ascii_alphabetic()).map(u8::to_ascii_lowercase)
}

/// What a name in the plural would be in the singular: `proxyAddress`.
fn singular(name: &str) -> Option<&str> {
    name.strip_suffix("es").filter(|singular| singular.ends_with("ss"))
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
    /// Those that every run reads.
    pub fn of_every_run() -> &'static Self {
        static ATTRIBUTES: LazyLock<Attributes> = LazyLock::new(Attributes::default);
        &ATTRIBUTES
    }

    /// Wants one more attribute, by any of its names in any case; the same attribute gives the same [`Attr`].
    pub fn add(&mut self, name: &str) -> Attr {
        if let Some(wanted) = self.find(name.as_bytes()) {
            self.ask(wanted);
            return wanted;
        }
        let name = names::display_name(name);
        let at = known(name).unwrap_or_else(|| {
            self.names.push(name.into());
            self.names.len() - 1
        });
        // A configuration with 65,536 distinct attributes is refused long before, by the size of its file.
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

    /// Something rests on the attribute: a record of which it cannot be read is rejected.
    pub fn ask(&mut self, attr: Attr) {
        self.aside.retain(|aside| *aside != attr);
    }

    /// Whether nothing rests on the attribute: that it cannot be read is a warning.
    pub fn is_aside(&self, attr: Attr) -> bool {
        self.aside.contains(&attr)
    }

    /// Wants one more attribute, which somebody called by a heading that stands for it.
    pub fn add_called(&mut self, name: &str, heading: String) -> Attr {
        self.called.push(heading);
        self.add(name)
    }

    /// Whether somebody called an attribute by this heading.
    pub fn is_called(&self, heading: &str) -> bool {
        self.called.iter().any(|called| called == heading)
    }

    /// The attribute of that name (in any case, without options), if the run wants it.
    #[inline]
    pub fn find(&self, name: &[u8]) -> Option<Attr> {
        for WantedName { text, attr, .. } in &self.by_ending[ending(last_letters(name))] {
            let known = text.as_bytes();
            // Nearly all exports write a name as the schema does, and letter by letter takes ten times as long.
            if known == name || known.eq_ignore_ascii_case(name) {
                return Some(*attr);
            }
        }
        None
    }

    /// The same, or else the attribute for which the name is a slip.
    ///
    /// # Errors
    /// No attribute that the run wants has the name; the one that is meant, if it is a slip for one.
    #[inline]
    pub fn find_or_slip(&self, name: &[u8]) -> Result<Attr, Option<Attr>> {
        let last = last_letters(name);
        // Nearly no name ends as another one does, or in a sign.
        let mut is_near = false;
        for wanted in &self.by_ending[ending(last)] {
            let known = wanted.text.as_bytes();
            if known == name || known.eq_ignore_ascii_case(name) {
                return Ok(wanted.attr);
            }
            is_near |= wanted.last == last;
        }
        let is_near = is_near || !name.last().is_some_and(u8::is_ascii_alphabetic);
        Err(if is_near { self.slipped(name) } else { None })
    }

    /// The attribute for which a name that none has is a slip: but for signs in and around it, or the plural, it is the
    /// name of one that decides something, such as `mail[0]`, `msRTCSIP_UserEnabled`, `proxyAddress`.
    #[inline(never)]
    pub fn slipped(&self, name: &[u8]) -> Option<Attr> {
        let end = name.iter().rposition(u8::is_ascii_alphabetic)? + 1;
        let last = last_letters(&name[..end]);
        let is_meant = |wanted: &&WantedName| {
            let is = |known: &str| letters(known.as_bytes()).eq(letters(name));
            // Another attribute may have another number in its name.
            wanted.last == last
                && (is(&wanted.text) || singular(&wanted.text).is_some_and(is))
                && !wanted.text.bytes().any(|byte| byte.is_ascii_digit())
        };
        let decides = |attr: &Attr| attr.is_always_read() && !ASIDE.contains(attr);
        self.by_ending[ending(last)].iter().find(is_meant).map(|wanted| wanted.attr).filter(decides)
    }

    /// The LDAP display name.
    pub fn name(&self, attr: Attr) -> &str {
        &self.names[attr.index()]
    }

    /// The LDAP display names of those that the run wants, the shorter first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let mut names: Vec<&WantedName> = self.by_ending.iter().flatten().collect();
        names.retain(|name| *name.text == *self.name(name.attr));
        names.sort_by_key(|name| (name.text.len(), name.attr));
        names.dedup_by_key(|name| name.attr);
        names.into_iter().map(|name| &*name.text)
    }

    /// How many attributes there are, those of the table that nobody wants included: the size of tables by attribute.
    #[expect(clippy::len_without_is_empty, reason = "the known attributes are always there")]
    pub fn len(&self) -> usize {
        self.names.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_is_found_by_its_name_in_any_case() {
        let mut attributes = Attributes::default();
        assert_eq!(attributes.find(b"MSRTCSIP-optionflags"), Some(Attr::OPTION_FLAGS));
        assert_eq!(attributes.find(b"department"), None);
        let department = attributes.add("department");
        assert_eq!(attributes.add("DEPARTMENT"), department);
        assert_eq!(attributes.name(department), "department");
        assert_eq!(attributes.name(Attr::ORIGINATOR_SID), "msRTCSIP-OriginatorSid");
    }

    #[test]
    fn an_attribute_of_the_table_keeps_its_syntax_when_somebody_names_it() {
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
    fn the_attribute_is_named_for_which_a_name_is_a_slip() {
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
    fn an_attribute_is_called_by_the_headings_that_stand_for_it() {
        let mut attributes = Attributes::default();
        attributes.add_called("mail", "E-Mail".to_owned());
        attributes.add_called("sn", "Surname".to_owned());
        let called = ["E-Mail", "Surname", "mail"].map(|heading| attributes.is_called(heading));
        assert_eq!(called, [true, true, false]);
    }

    #[test]
    fn a_name_is_a_slip_for_what_it_differs_from_by_signs_alone() {
        let mut attributes = Attributes::default();
        attributes.add("extensionAttribute1");
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
        // Nothing rests on names of persons, and some directories have several.
        for name in ["", "-", "12", "sn1", "given-name", "email", "mails", "rfc822Mailbox2", "OID"] {
            assert_eq!(slipped(name), None, "{name}");
        }
        // What Active Directory, Exchange and Communications Server have that ends as another, or in a number.
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
