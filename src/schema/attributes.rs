//! The attributes that a run reads, found by any of their names, also by a misspelled one.

use std::sync::LazyLock;

use super::names::{self, display_name};
use super::{Attr, KNOWN, READ, known};

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

/// Returns the letters of a name in lower case.
fn letters(name: &[u8]) -> Vec<u8> {
    name.iter().filter(|byte| byte.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect()
}

/// Whether two texts are the same except for one byte more, less or other, or two neighbours in the other order.
fn are_an_edit_apart(one: &[u8], other: &[u8]) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    match (&short[same..], &long[same..]) {
        (rest, [_, long @ ..]) if rest == long => true,
        ([_, rest @ ..], [_, long @ ..]) if rest == long => true,
        ([a, b, rest @ ..], [c, d, long @ ..]) => (a, b) == (d, c) && rest == long,
        _ => false,
    }
}

/// The length in letters from which a name that differs in one letter is meant to be the same.
const LONG: usize = 10;

/// Finds the deciding attribute of which a name is a misspelling: the same letters with other signs in them or around
/// them, without a prefix, in the singular, or all but one, such as `mail[0]`, `msRTCSIP_UserEnabled`, `userEnabled`,
/// `proxyAddress`, `userAccountContol`.
pub fn find_misspelled(name: &[u8]) -> Option<Attr> {
    /// The deciding attributes with the letters of their names.
    static DECIDING: LazyLock<Vec<(Attr, Vec<u8>)>> = LazyLock::new(|| {
        let all = (0..READ).map(Attr::of_index).filter(|attr| !ASIDE.contains(attr));
        all.map(|attr| (attr, letters(attr.known_name().as_bytes()))).collect()
    });
    // behind the name of an object: `User.msRTCSIP-UserEnabled`
    let last = name.rsplit(|&byte| byte == b'.').map(letters).find(|last| last.len() >= LONG);
    let written = last.unwrap_or_else(|| letters(name));
    let is_meant = |whole: &[u8]| {
        // Most names end here: no slip changes both ends.
        if whole.first() != written.first() && whole.last() != written.last() {
            return false;
        }
        let bare = whole.strip_prefix(b"msrtcsip").filter(|bare| bare.len() >= LONG);
        [Some(whole), bare, whole.strip_suffix(b"es")].contains(&Some(&*written))
            || written.len().min(whole.len()) >= LONG && are_an_edit_apart(&written, whole)
    };
    DECIDING.iter().find(|(_, whole)| is_meant(whole)).map(|(attr, _)| *attr)
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
        let attr = Attr::of_index(at);
        let display_name = self.name(attr).to_owned();
        for name in names::others(&display_name).chain([display_name.clone()]) {
            self.by_ending[ending(last_letters(name.as_bytes()))]
                .push(WantedName { text: name.into(), attr });
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

    /// Whether a decision depends on the only value of the attribute.
    pub(crate) fn is_decisive(&self, attr: Attr) -> bool {
        attr.is_single() && !self.is_aside(attr)
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
    pub fn find_or_slip(&self, name: &[u8]) -> Result<Attr, Option<Attr>> {
        self.find(name).ok_or_else(|| find_misspelled(name))
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
    use super::super::Syntax;
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
            ("PrimaryUserAddress", "msRTCSIP-PrimaryUserAddress"),
            ("msRTCSIP-PrimaryUserAdress", "msRTCSIP-PrimaryUserAddress"),
            ("msRTCSIP-DeploymentLocater", "msRTCSIP-DeploymentLocator"),
            ("user_account_control", "userAccountControl"),
            ("userAccountContol", "userAccountControl"),
            ("userAccountControll", "userAccountControl"),
            ("userAccuontControl", "userAccountControl"),
            ("msExchRecipientTypeDetail", "msExchRecipientTypeDetails"),
            ("is_critical_system_object", "isCriticalSystemObject"),
            ("User.msRTCSIP-PrimaryUserAddress", "msRTCSIP-PrimaryUserAddress"),
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
            "manager.mail",
        ] {
            assert_eq!(slipped(name), None, "{name}");
        }
    }
}
