//! The one model of a directory object after input: its DN and the values of the attributes that a run wants.

use std::borrow::Cow;
use std::ops::Deref;

/// An attribute that a run wants, as an index into its [`Attributes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Attr(u16);

macro_rules! known {
    ($($name:ident = $ldap:literal,)*) => {
        /// The attributes that the program itself speaks of, by their LDAP display names.
        #[expect(missing_docs, reason = "each constant is the attribute of its name")]
        impl Attr { known!(@consts 0u16; $($name)*); }
        const KNOWN: &[&str] = &[$($ldap),*];
    };
    (@consts $n:expr; $head:ident $($tail:ident)*) => {
        pub const $head: Attr = Attr($n);
        known!(@consts $n + 1; $($tail)*);
    };
    (@consts $n:expr;) => {};
}

known! {
    OBJECT_CLASS = "objectClass",
    OBJECT_GUID = "objectGUID",
    SAM_ACCOUNT_NAME = "sAMAccountName",
    SAM_ACCOUNT_TYPE = "sAMAccountType",
    USER_PRINCIPAL_NAME = "userPrincipalName",
    MAIL = "mail",
    GIVEN_NAME = "givenName",
    SN = "sn",
    DISPLAY_NAME = "displayName",
    PROXY_ADDRESSES = "proxyAddresses",
    TARGET_ADDRESS = "targetAddress",
    USER_ACCOUNT_CONTROL = "userAccountControl",
    // no attribute of the directory: the property of Get-ADUser that stands for bit 2 of userAccountControl
    ENABLED = "Enabled",
    ADMIN_COUNT = "adminCount",
    IS_DELETED = "isDeleted",
    IS_CRITICAL_SYSTEM_OBJECT = "isCriticalSystemObject",
    MASTER_ACCOUNT_SID = "msExchMasterAccountSid",
    RECIPIENT_TYPE_DETAILS = "msExchRecipientTypeDetails",
    SOURCE_OBJECT_DN = "msDS-SourceObjectDN",
    INSTANCE_TYPE = "instanceType",
    OBJECT_CATEGORY = "objectCategory",
    DNS_HOST_NAME = "dNSHostName",
    POOL_VERSION = "msRTCSIP-PoolVersion",
    USER_ENABLED = "msRTCSIP-UserEnabled",
    PRIMARY_USER_ADDRESS = "msRTCSIP-PrimaryUserAddress",
    PRIMARY_HOME_SERVER = "msRTCSIP-PrimaryHomeServer",
    OPTION_FLAGS = "msRTCSIP-OptionFlags",
    ARCHIVING_ENABLED = "msRTCSIP-ArchivingEnabled",
    FEDERATION_ENABLED = "msRTCSIP-FederationEnabled",
    INTERNET_ACCESS_ENABLED = "msRTCSIP-InternetAccessEnabled",
    ORIGINATOR_SID = "msRTCSIP-OriginatorSid",
    TARGET_HOME_SERVER = "msRTCSIP-TargetHomeServer",
    LINE = "msRTCSIP-Line",
}

impl Attr {
    /// The index, for tables that go by attribute.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The LDAP display name of one of the attributes above; empty for any other.
    #[must_use]
    pub fn known_name(self) -> &'static str {
        KNOWN.get(self.index()).copied().unwrap_or_default()
    }
}

/// The attributes that a run wants: the known ones, and those that filters, templates and groups name.
#[derive(Clone, Debug)]
pub struct Attributes {
    names: Vec<Box<str>>,
    /// Attributes by the length of their name: a look-up compares with the two or three of the same length, and with
    /// none if no name of that length has the same first letter.
    by_length: Vec<SameLength>,
}

/// The attributes whose names have one length.
#[derive(Clone, Debug, Default)]
struct SameLength {
    /// A bit for each of their first letters.
    initials: u32,
    attributes: Vec<Attr>,
}

/// The bit of a name's first letter, in any case.
#[inline]
fn initial(name: &[u8]) -> u32 {
    name.first().map_or(0, |first| 1 << (first & 31))
}

impl Default for Attributes {
    fn default() -> Self {
        let mut attributes = Self { names: Vec::new(), by_length: Vec::new() };
        for name in KNOWN {
            attributes.add(name);
        }
        attributes
    }
}

impl Attributes {
    /// Wants one more attribute, by its LDAP display name in any case; the same name gives the same [`Attr`].
    pub fn add(&mut self, name: &str) -> Attr {
        if let Some(known) = self.find(name.as_bytes()) {
            return known;
        }
        // A configuration with 65,536 distinct attributes is refused long before, by the size of its file.
        let attr = Attr(u16::try_from(self.names.len()).unwrap_or(u16::MAX));
        self.names.push(name.into());
        if self.by_length.len() <= name.len() {
            self.by_length.resize(name.len() + 1, SameLength::default());
        }
        let same_length = &mut self.by_length[name.len()];
        same_length.initials |= initial(name.as_bytes());
        same_length.attributes.push(attr);
        attr
    }

    /// The attribute of that name (in any case, without options), if the run wants it.
    #[inline]
    #[must_use]
    pub fn find(&self, name: &[u8]) -> Option<Attr> {
        let same_length = self.by_length.get(name.len())?;
        (same_length.initials & initial(name) != 0).then(|| self.among(same_length, name))?
    }

    fn among(&self, same_length: &SameLength, name: &[u8]) -> Option<Attr> {
        let find = |is: &dyn Fn(&[u8]) -> bool| {
            same_length.attributes.iter().copied().find(|&attr| is(self.name(attr).as_bytes()))
        };
        // Nearly all exports write a name as the schema does, and letter by letter takes ten times as long.
        find(&|known| known == name).or_else(|| find(&|known| known.eq_ignore_ascii_case(name)))
    }

    /// The LDAP display name.
    #[must_use]
    pub fn name(&self, attr: Attr) -> &str {
        &self.names[attr.index()]
    }

    /// The LDAP display names of all of them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// How many attributes the run wants.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "the known attributes are always there")]
    pub fn len(&self) -> usize {
        self.names.len()
    }
}

/// One value of one attribute, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value<'a> {
    /// Whose value it is.
    pub attr: Attr,
    content: Content<'a>,
    /// Byte offset in the batch at which the value's line (LDIF) or cell (CSV) begins; [`Value::ELSEWHERE`] for one that
    /// stands in another export.
    pub at: usize,
}

/// What a value is. What is UTF-8 is text: it is looked at once, and not by each who reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Content<'a> {
    Text(Cow<'a, str>),
    Octets(Cow<'a, [u8]>),
}

impl<'a> Value<'a> {
    /// The place of a value that the record itself does not show.
    pub const ELSEWHERE: usize = usize::MAX;

    /// A value of these bytes: text if they are UTF-8.
    #[must_use]
    pub fn new(attr: Attr, bytes: Cow<'a, [u8]>, at: usize) -> Self {
        let content = match bytes {
            Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Content::Text(text.into()),
                Err(_) => Content::Octets(bytes.into()),
            },
            Cow::Owned(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Content::Text(text.into()),
                Err(error) => Content::Octets(error.into_bytes().into()),
            },
        };
        Self { attr, content, at }
    }

    /// A value that is text.
    #[must_use]
    pub fn of_text(attr: Attr, text: impl Into<Cow<'a, str>>, at: usize) -> Self {
        Self { attr, content: Content::Text(text.into()), at }
    }

    /// The value as octets: those of its UTF-8 if it is text.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Text(text) => text.as_bytes(),
            Content::Octets(octets) => octets,
        }
    }

    /// The value as text, if it is UTF-8.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::Octets(_) => None,
        }
    }
}

/// The values of an object, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values<'a> {
    all: Vec<Value<'a>>,
    /// A bit for each attribute that has one: most of what is looked up is not there.
    present: u64,
}

impl<'a> Values<'a> {
    /// None yet, and room for so many.
    #[must_use]
    pub fn with_capacity(count: usize) -> Self {
        Self { all: Vec::with_capacity(count), present: 0 }
    }

    /// The bit of an attribute; attributes may share one.
    fn bit(attr: Attr) -> u64 {
        1 << (attr.0 % 64)
    }

    fn may_have(&self, attr: Attr) -> bool {
        self.present & Self::bit(attr) != 0
    }

    /// Adds a value behind the others.
    pub fn push(&mut self, value: Value<'a>) {
        self.present |= Self::bit(value.attr);
        self.all.push(value);
    }

    /// Only the values of which this holds stay.
    pub fn retain(&mut self, stays: impl FnMut(&Value<'a>) -> bool) {
        self.all.retain(stays);
    }

    /// The values of an attribute.
    fn of(&self, attr: Attr) -> impl Iterator<Item = &Value<'a>> + Clone {
        let some = if self.may_have(attr) { &self.all[..] } else { &[] };
        some.iter().filter(move |value| value.attr == attr)
    }
}

impl<'a> Deref for Values<'a> {
    type Target = [Value<'a>];

    fn deref(&self) -> &[Value<'a>] {
        &self.all
    }
}

impl<'a> Extend<Value<'a>> for Values<'a> {
    fn extend<I: IntoIterator<Item = Value<'a>>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

impl<'a> FromIterator<Value<'a>> for Values<'a> {
    fn from_iter<I: IntoIterator<Item = Value<'a>>>(values: I) -> Self {
        let mut all = Self::default();
        all.extend(values);
        all
    }
}

impl<'a> IntoIterator for Values<'a> {
    type Item = Value<'a>;
    type IntoIter = std::vec::IntoIter<Value<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

/// A directory object as an export shows it. Values stand in the order of the export, empty ones are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object<'a> {
    /// The distinguished name as the export writes it.
    pub dn: Cow<'a, str>,
    /// The same DN, normalised; empty where it is none.
    pub normalized: Cow<'a, str>,
    /// Byte offset in the batch at which the record begins.
    pub at: usize,
    /// The wanted attributes' values.
    pub values: Values<'a>,
    /// A wanted attribute of which the export shows only a range of its values (`;range=0-1499`), and where.
    pub cut: Option<(Attr, usize)>,
    /// Where the object stands, if the record only names it: `forest.ldif:1775`.
    pub elsewhere: Option<Box<str>>,
}

/// How many wanted values most objects have.
const USUAL_VALUES: usize = 24;

impl<'a> Object<'a> {
    /// An object without attributes.
    ///
    /// # Errors
    /// The DN's fault.
    pub fn new(dn: Cow<'a, str>, at: usize) -> Result<Self, ldif::dn::DnFault> {
        let normalized = match &dn {
            Cow::Borrowed(dn) => ldif::dn::normalize(dn)?,
            Cow::Owned(dn) => Cow::Owned(ldif::dn::normalize(dn)?.into_owned()),
        };
        let values = Values::with_capacity(USUAL_VALUES);
        Ok(Self { dn, normalized, at, values, ..Self::default() })
    }

    /// All values of an attribute.
    pub fn values(&self, attr: Attr) -> impl Iterator<Item = &Value<'a>> + Clone {
        self.values.of(attr)
    }

    /// The first value of an attribute, with its place.
    #[must_use]
    pub fn first(&self, attr: Attr) -> Option<&Value<'a>> {
        self.values.of(attr).next()
    }

    /// The first value of an attribute as text; absent, or not UTF-8: `None`.
    #[must_use]
    pub fn text(&self, attr: Attr) -> Option<&str> {
        self.first(attr).and_then(Value::text)
    }

    /// All values of an attribute that are text.
    pub fn texts(&self, attr: Attr) -> impl Iterator<Item = &str> {
        self.values(attr).filter_map(Value::text)
    }

    /// Whether the attribute has a value.
    #[must_use]
    pub fn has(&self, attr: Attr) -> bool {
        self.first(attr).is_some()
    }

    /// Whether the attribute has this value, without case.
    #[must_use]
    pub fn has_value(&self, attr: Attr, wanted: &str) -> bool {
        self.values(attr).any(|value| value.bytes().eq_ignore_ascii_case(wanted.as_bytes()))
    }
}

/// A SID as octets: AD's own form, or those of the text form (`S-1-5-21-…`) that ldbsearch prints (MS-DTYP 2.4.2).
#[must_use]
pub fn sid(value: &[u8]) -> Cow<'_, [u8]> {
    let parsed = || {
        let mut parts = std::str::from_utf8(value).ok()?.strip_prefix("S-1-")?.split('-');
        let authority: u64 = parts.next()?.parse().ok().filter(|&authority| authority < 1 << 48)?;
        let subs = parts.map(|part| part.parse::<u32>().ok()).collect::<Option<Vec<u32>>>()?;
        let mut octets = vec![1, u8::try_from(subs.len()).ok()?];
        octets.extend_from_slice(&authority.to_be_bytes()[2..]);
        octets.extend(subs.iter().flat_map(|sub| sub.to_le_bytes()));
        Some(octets)
    };
    parsed().map_or(Cow::Borrowed(value), Cow::Owned)
}

/// A GUID in the usual text form, in lower case: of AD's octets (the first three groups little-endian, MS-DTYP 2.3.4),
/// or of the text that ldbsearch prints. `None` for anything else.
#[must_use]
pub fn guid(value: &[u8]) -> Option<String> {
    if let Ok(octets) = <[u8; 16]>::try_from(value) {
        // BE ADVISED: every user has one, and `format!` took as long as reading twenty lines.
        const DIGITS: [char; 16] =
            ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
        let mut text = String::with_capacity(36);
        for group in [&[3, 2, 1, 0][..], &[5, 4], &[7, 6], &[8, 9], &[10, 11, 12, 13, 14, 15]] {
            if !text.is_empty() {
                text.push('-');
            }
            for octet in group.iter().map(|&at: &usize| octets[at]) {
                text.push(DIGITS[usize::from(octet >> 4)]);
                text.push(DIGITS[usize::from(octet & 15)]);
            }
        }
        return Some(text);
    }
    let text = std::str::from_utf8(value).ok()?.trim_matches(['{', '}']).to_ascii_lowercase();
    let is_dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let shaped = text.len() == 36
        && text
            .bytes()
            .enumerate()
            .all(|(at, b)| if is_dash(at) { b == b'-' } else { b.is_ascii_hexdigit() });
    shaped.then_some(text)
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
    fn sids_and_guids_are_read_in_both_forms() {
        assert_eq!(*sid(b"S-1-5-10"), [1, 1, 0, 0, 0, 0, 0, 5, 10, 0, 0, 0]);
        assert_eq!(*sid(b"\x01\x01\0\0\0\0\0\x05\x0a\0\0\0"), *sid(b"S-1-5-10"));
        let octets: Vec<u8> = (1..=16).collect();
        let text = "04030201-0605-0807-090a-0b0c0d0e0f10";
        assert_eq!(guid(&octets).as_deref(), Some(text));
        assert_eq!(guid(format!("{{{}}}", text.to_uppercase()).as_bytes()).as_deref(), Some(text));
        assert_eq!(guid(b"0403020106050807090a0b0c0d0e0f101234"), None);
    }
}
