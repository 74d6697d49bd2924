//! A directory object as read from an export: its DN and the values of the attributes that a run needs.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Deref;

use memchr::memchr;

pub(crate) use crate::schema::Attr;
pub use crate::schema::Attributes;
use crate::schema::value::{self, Invalid, Meaning};
use crate::schema::{Syntax, alike_dn};

/// A value with its attribute and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value<'a> {
    /// The attribute.
    pub attr: Attr,
    /// Whether the value was decoded by a guess.
    pub is_guessed: bool,
    content: Stored<'a>,
    validity: Validity,
    /// The byte offset in the batch of the value's line (LDIF) or cell (CSV), or [`Value::ELSEWHERE`] if the value is
    /// from another export.
    pub at: usize,
}

/// The content of a value, checked for UTF-8 once.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stored<'a> {
    Text(Cow<'a, str>),
    Octets(Cow<'a, [u8]>),
}

/// Whether the attribute may have a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Validity {
    Valid,
    /// A value of the wrong syntax.
    Invalid,
    /// A second value of a single-valued attribute.
    Surplus,
    /// A third or later value of a single-valued attribute.
    Further,
}

impl<'a> Value<'a> {
    /// The place of a value from another export.
    pub const ELSEWHERE: usize = usize::MAX;

    /// Creates a value from bytes: text if they are UTF-8.
    pub fn new(attr: Attr, bytes: Cow<'a, [u8]>, at: usize) -> Self {
        let content = match bytes {
            Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Stored::Text(text.into()),
                Err(_) => Stored::Octets(bytes.into()),
            },
            Cow::Owned(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Stored::Text(text.into()),
                Err(error) => Stored::Octets(error.into_bytes().into()),
            },
        };
        Self::of(attr, content, at)
    }

    /// Creates a text value.
    #[inline]
    pub fn of_text(attr: Attr, text: impl Into<Cow<'a, str>>, at: usize) -> Self {
        Self::of(attr, Stored::Text(text.into()), at)
    }

    /// Creates a value from octets that are not UTF-8.
    pub fn of_octets(attr: Attr, octets: &'a [u8], at: usize) -> Self {
        Self::of(attr, Stored::Octets(octets.into()), at)
    }

    /// Creates a text value, which must be valid, without checking it again.
    pub fn of_valid_text(attr: Attr, text: &'a str, at: usize) -> Self {
        debug_assert!(Meaning::of(attr.syntax(), text.as_bytes()) != Meaning::Invalid, "an invalid value");
        Self::valid(attr, Stored::Text(text.into()), at)
    }

    /// Creates a value of octets, which must be valid and not UTF-8, without checking them again.
    pub fn of_valid_octets(attr: Attr, octets: &'a [u8], at: usize) -> Self {
        debug_assert!(Meaning::of(attr.syntax(), octets) != Meaning::Invalid, "an invalid value");
        Self::valid(attr, Stored::Octets(octets.into()), at)
    }

    /// Creates a value without checking it.
    #[inline]
    fn valid(attr: Attr, content: Stored<'a>, at: usize) -> Self {
        Self { attr, is_guessed: false, content, validity: Validity::Valid, at }
    }

    /// Creates a value, and checks it.
    // Inlined, like the functions that add a value, since it is short and a passed value would be copied each time.
    #[inline]
    fn of(attr: Attr, content: Stored<'a>, at: usize) -> Self {
        let mut value = Self::valid(attr, content, at);
        if value.meaning() == Meaning::Invalid {
            value.validity = Validity::Invalid;
        }
        value
    }

    /// The meaning of the value, parsed at each call, since most values are used as text only.
    #[inline]
    fn meaning(&self) -> Meaning {
        match self.validity {
            Validity::Valid => Meaning::of(self.attr.syntax(), self.bytes()),
            Validity::Invalid | Validity::Surplus | Validity::Further => Meaning::Invalid,
        }
    }

    /// Decodes octets as Windows-1252, by a guess, if the attribute should be text.
    ///
    /// # Errors
    /// The unchanged value, if it is text already or need not be text.
    pub fn decoded(self) -> Result<Self, Self> {
        let Stored::Octets(octets) = &self.content else { return Err(self) };
        // An unknown attribute may hold a picture.
        let is_letter = |octet: &u8| octet.is_ascii_whitespace() || !octet.is_ascii_control();
        let is_known = !self.attr.known_name().is_empty();
        if !self.attr.syntax().is_text() || !is_known && !octets.iter().all(is_letter) {
            return Err(self);
        }
        Ok(Self::of_text(self.attr, ldif::text::windows_1252(octets), self.at).guessed(true))
    }

    /// Whether the value is of the wrong syntax or surplus.
    pub fn is_invalid(&self) -> bool {
        self.validity != Validity::Valid
    }

    /// The fault of an invalid value; `name` is the attribute's name.
    pub fn fault(&self, name: &str) -> Invalid {
        match self.validity {
            Validity::Surplus | Validity::Further => Invalid::surplus(name),
            _ => Invalid::new(name, self.attr.syntax(), self.bytes()),
        }
    }

    /// Marks the value as surplus.
    pub fn surplus(self) -> Self {
        Self { validity: Validity::Surplus, ..self }
    }

    /// Marks the value as decoded by a guess, or not.
    pub fn guessed(self, is_guessed: bool) -> Self {
        Self { is_guessed, ..self }
    }

    /// The value as octets; text in UTF-8.
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Stored::Text(text) => text.as_bytes(),
            Stored::Octets(octets) => octets,
        }
    }

    /// Returns the value in the canonical notation of its syntax, in which the output of different tools is equal.
    pub fn canonical(&self) -> Cow<'_, [u8]> {
        let bytes = self.bytes();
        let known = match (self.meaning(), self.attr.syntax()) {
            (Meaning::Dn(dn), _) => Some(Cow::Owned(String::from(dn).into_bytes())),
            (Meaning::Integer(number), _) => Some(Cow::Owned(number.to_string().into_bytes())),
            (Meaning::Boolean(_), _)
            | (_, Syntax::Class | Syntax::Mail | Syntax::SipAddress | Syntax::ProxyAddress) => {
                Some(Cow::Owned(bytes.to_ascii_lowercase()))
            }
            (_, Syntax::Sid | Syntax::AccountSid) => value::sid(bytes),
            (_, Syntax::Guid) => value::guid(bytes).map(|guid| Cow::Owned(guid.into_bytes())),
            (_, Syntax::DnBinary) => value::dn_binary(bytes).map(|value| Cow::Owned(value.into_bytes())),
            _ => None,
        };
        known.unwrap_or(Cow::Borrowed(bytes))
    }

    /// The value as text, if it is UTF-8.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Stored::Text(text) => Some(text),
            Stored::Octets(_) => None,
        }
    }
}

/// Up to this many values are compared one by one; an object may have a hundred thousand.
const FEW: usize = 64;

/// The values of an object, in order of the export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values<'a> {
    all: Vec<Value<'a>>,
    /// A bit for each attribute that is present, since most look-ups find nothing.
    present: u64,
    /// Whether some value is invalid.
    has_invalid: bool,
}

impl<'a> Values<'a> {
    /// Creates an empty list with room for this many values.
    pub fn with_capacity(count: usize) -> Self {
        Self { all: Vec::with_capacity(count), ..Self::default() }
    }

    /// The bit of an attribute, which other attributes may share.
    fn bit(attr: Attr) -> u64 {
        1 << (attr.index() % 64)
    }

    /// Whether the attribute may have a value; false is certain.
    fn may_have(&self, attr: Attr) -> bool {
        self.present & Self::bit(attr) != 0
    }

    /// Appends a value. Of a single-valued attribute, the second value is marked as surplus, and later ones as further.
    #[inline]
    pub fn push(&mut self, mut value: Value<'a>) {
        if self.may_have(value.attr)
            && value.attr.is_single()
            && let Some(last) = self.all.iter().rfind(|last| last.attr == value.attr)
        {
            value.validity = match last.validity {
                Validity::Valid | Validity::Invalid => Validity::Surplus,
                Validity::Surplus | Validity::Further => Validity::Further,
            };
        }
        self.present |= Self::bit(value.attr);
        self.has_invalid |= value.is_invalid();
        self.all.push(value);
    }

    /// Appends a value, which must be valid and not surplus, without checking it again.
    pub fn push_valid(&mut self, value: Value<'a>) {
        debug_assert!(!value.is_invalid(), "an invalid value");
        debug_assert!(!value.attr.is_single() || self.of(value.attr).next().is_none(), "a surplus value");
        self.present |= Self::bit(value.attr);
        self.all.push(value);
    }

    /// Whether all values are valid and none was decoded by a guess.
    pub fn are_sound(&self) -> bool {
        !self.has_invalid && self.all.iter().all(|value| !value.is_guessed)
    }

    /// The invalid values; of surplus values the first.
    pub fn invalid(&self) -> impl Iterator<Item = &Value<'a>> {
        let candidates = if self.has_invalid { &self.all[..] } else { &[] };
        candidates.iter().filter(|value| matches!(value.validity, Validity::Invalid | Validity::Surplus))
    }

    /// Appends a value; returns false if it is a duplicate. If there are many values, duplicates are left to
    /// [`Values::dedup`].
    // BE ADVISED: a call would pass the value through memory.
    #[inline(always)]
    pub fn insert(&mut self, value: Value<'a>) -> bool {
        let is_new = self.all.len() >= FEW || self.of(value.attr).all(|known| known.bytes() != value.bytes());
        if is_new {
            self.push(value);
        }
        is_new
    }

    /// Removes duplicate values; returns whether there were any.
    pub fn dedup(&mut self) -> bool {
        if self.all.len() <= FEW {
            return false;
        }
        let before = self.all.len();
        let mut seen = HashSet::with_capacity(before);
        let is_new: Vec<bool> =
            self.all.iter().map(|value| seen.insert((value.attr, value.bytes()))).collect();
        let mut is_new = is_new.into_iter();
        self.all.retain(|_| is_new.next().unwrap_or_default());
        self.all.len() < before
    }

    /// Keeps the values that a predicate accepts.
    pub fn retain(&mut self, is_kept: impl FnMut(&Value<'a>) -> bool) {
        self.all.retain(is_kept);
    }

    /// Marks all values that are not ASCII as decoded by a guess.
    pub fn mark_guessed(&mut self) {
        for value in &mut self.all {
            value.is_guessed |= !value.bytes().is_ascii();
        }
    }

    /// The values of an attribute.
    fn of(&self, attr: Attr) -> impl Iterator<Item = &Value<'a>> + Clone {
        let candidates = if self.may_have(attr) { &self.all[..] } else { &[] };
        candidates.iter().filter(move |value| value.attr == attr)
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

/// A directory object as in an export. Values are in order of the export; empty values are dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object<'a> {
    /// The distinguished name as written.
    pub dn: Cow<'a, str>,
    /// The normalised DN; empty if the DN is invalid.
    pub normalized: Cow<'a, str>,
    /// The cached result of [`Object::alike`], if it differs from the normalised DN.
    pub(crate) alike: OnceCell<Option<Box<str>>>,
    /// The byte offset of the record in the batch.
    pub at: usize,
    /// The number of line ends in the batch before the record, known from reading it.
    pub line: u64,
    /// The values of the wanted attributes.
    pub values: Values<'a>,
    /// A wanted attribute with only a range of its values (`;range=0-1499`), and its offset.
    pub cut: Option<(Attr, usize)>,
    /// The place of the object, if a row of a list names it: `forest.ldif:1775`.
    pub elsewhere: Option<Box<str>>,
}

/// Room for the values of most objects, in a block of at most 1 KiB: glibc keeps those at hand and takes ten times as
/// long for larger ones.
const USUAL_VALUES: usize = 21;

impl<'a> Object<'a> {
    /// Creates an object without attributes.
    pub fn new(dn: Cow<'a, str>, at: usize) -> Result<Self, ldif::dn::DnFault> {
        // In quotes, as in LDAPv2, a comma does not end an RDN. All later code expects RFC 4514.
        let dn = if memchr(b'"', dn.as_bytes()).is_some() {
            Cow::Owned(ldif::Dn::parse(&dn)?.to_string())
        } else {
            dn
        };
        let normalized = match &dn {
            Cow::Borrowed(dn) => ldif::dn::normalize(dn)?,
            Cow::Owned(dn) => Cow::Owned(ldif::dn::normalize(dn)?.into_owned()),
        };
        let values = Values::with_capacity(USUAL_VALUES);
        Ok(Self { dn, normalized, at, values, ..Self::default() })
    }

    /// The DN in the form in which Active Directory compares names.
    pub fn alike(&self) -> &str {
        let alike = self.alike.get_or_init(|| match alike_dn(&self.normalized) {
            Cow::Borrowed(_) => None,
            Cow::Owned(dn) => Some(dn.into()),
        });
        alike.as_deref().unwrap_or(&self.normalized)
    }

    /// The possible names of the object's domain: each label of its DNS name and the suffix of the UPN. The NetBIOS
    /// name is usually a label of the DNS name; no export shows it otherwise.
    pub(crate) fn domains(&self) -> impl Iterator<Item = &str> {
        let labels = self.normalized.split(',').filter_map(|rdn| rdn.strip_prefix("dc="));
        let upn = self.text(Attr::USER_PRINCIPAL_NAME).and_then(|upn| upn.split_once('@'));
        labels.chain(upn.map(|(_, suffix)| suffix))
    }

    /// The names that are surely those of the object's domain: its DNS name, and the first label of it.
    pub(crate) fn own_domains(&self) -> Vec<String> {
        let labels: Vec<&str> =
            self.normalized.split(',').filter_map(|rdn| rdn.strip_prefix("dc=")).collect();
        let first = labels.first().map(|&label| label.to_owned());
        first.into_iter().chain([labels.join(".")]).collect()
    }

    /// The values of an attribute.
    pub fn values(&self, attr: Attr) -> impl Iterator<Item = &Value<'a>> + Clone {
        self.values.of(attr)
    }

    /// The first value of an attribute.
    pub fn first(&self, attr: Attr) -> Option<&Value<'a>> {
        self.values.of(attr).next()
    }

    /// The first value of an attribute, if it is UTF-8.
    pub fn text(&self, attr: Attr) -> Option<&str> {
        self.first(attr).and_then(Value::text)
    }

    /// The only value of an attribute as text, empty if the object has none; `None` if there are several.
    pub(crate) fn only(&self, attr: Attr) -> Option<&str> {
        self.values(attr).nth(1).is_none().then(|| self.text(attr).unwrap_or_default())
    }

    /// The values of an attribute that are UTF-8.
    pub fn texts(&self, attr: Attr) -> impl Iterator<Item = &str> {
        self.values(attr).filter_map(Value::text)
    }

    /// The value of an attribute as an integer, if it is one.
    pub fn integer(&self, attr: Attr) -> Option<i64> {
        match self.first(attr)?.meaning() {
            Meaning::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// The value of an attribute as a Boolean, if it is one.
    pub fn boolean(&self, attr: Attr) -> Option<bool> {
        match self.first(attr)?.meaning() {
            Meaning::Boolean(truth) => Some(truth),
            _ => None,
        }
    }

    /// The value of an attribute as a normalised DN, if it is a DN.
    pub fn dn(&self, attr: Attr) -> Option<Box<str>> {
        match self.first(attr)?.meaning() {
            Meaning::Dn(dn) => Some(dn),
            _ => None,
        }
    }

    /// The value of an attribute as the octets of a SID, if it is a SID.
    pub fn sid(&self, attr: Attr) -> Option<Cow<'_, [u8]>> {
        value::sid(self.first(attr)?.bytes())
    }

    /// The octets of the object's GUID, if it has a valid one.
    pub fn guid_octets(&self) -> Option<[u8; 16]> {
        value::guid_octets(self.first(Attr::OBJECT_GUID)?.bytes())
    }

    /// The object's GUID in text form, if it has a valid one.
    pub fn guid(&self) -> Option<String> {
        value::guid(self.first(Attr::OBJECT_GUID)?.bytes())
    }

    /// The SIP address in an attribute, without its scheme, if it is the only value and well formed.
    pub fn sip_address(&self, attr: Attr) -> Option<&str> {
        let mut texts = self.texts(attr);
        texts.next().filter(|_| texts.next().is_none()).and_then(value::sip_address)
    }

    /// Whether the attribute has a value.
    pub fn has(&self, attr: Attr) -> bool {
        self.first(attr).is_some()
    }

    /// Whether the attribute has this value, regardless of case.
    pub fn has_value(&self, attr: Attr, wanted: &str) -> bool {
        self.values(attr).any(|value| value.bytes().eq_ignore_ascii_case(wanted.as_bytes()))
    }
}

/// The value of the first RDN, unescaped.
pub(crate) fn common_name(dn: &str) -> Option<String> {
    let dn = ldif::Dn::parse(dn).ok()?;
    String::from_utf8(dn.rdns().first()?.first()?.value.clone()).ok()
}
