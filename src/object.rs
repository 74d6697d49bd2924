//! The one model of a directory object after input: its DN and the values of the attributes that a run wants.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Deref;

use memchr::memchr;

pub(crate) use crate::schema::Attr;
pub use crate::schema::Attributes;
use crate::schema::value::{self, Invalid, Meaning};
use crate::schema::{Syntax, alike_dn};

/// One value of one attribute, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value<'a> {
    /// Whose value it is.
    pub attr: Attr,
    /// Whether its letters were read by a guess at the encoding.
    pub is_guessed: bool,
    content: Stored<'a>,
    validity: Validity,
    /// Byte offset in the batch at which the value's line (LDIF) or cell (CSV) begins; [`Value::ELSEWHERE`] for one that
    /// is in another export.
    pub at: usize,
}

/// What a value is. What is UTF-8 is text: it is looked at once, and not by each who reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stored<'a> {
    Text(Cow<'a, str>),
    Octets(Cow<'a, [u8]>),
}

/// Whether a value is one that its attribute can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Validity {
    Valid,
    /// It is not of the attribute's syntax.
    Invalid,
    /// The attribute has one value, and this is a second.
    Surplus,
    /// The attribute has one value, and this is a third, or comes still later.
    Further,
}

impl<'a> Value<'a> {
    /// The place of a value that the record itself does not show.
    pub const ELSEWHERE: usize = usize::MAX;

    /// A value of these bytes: text if they are UTF-8.
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

    /// A value that is text.
    #[inline]
    pub fn of_text(attr: Attr, text: impl Into<Cow<'a, str>>, at: usize) -> Self {
        Self::of(attr, Stored::Text(text.into()), at)
    }

    /// A value that is no text.
    pub fn of_octets(attr: Attr, octets: &'a [u8], at: usize) -> Self {
        Self::of(attr, Stored::Octets(octets.into()), at)
    }

    /// A text that was found to be valid before.
    pub fn of_valid_text(attr: Attr, text: &'a str, at: usize) -> Self {
        Self::valid(attr, Stored::Text(text.into()), at)
    }

    /// Octets that were found to be valid before.
    pub fn of_valid_octets(attr: Attr, octets: &'a [u8], at: usize) -> Self {
        Self::valid(attr, Stored::Octets(octets.into()), at)
    }

    #[inline]
    fn valid(attr: Attr, content: Stored<'a>, at: usize) -> Self {
        Self { attr, is_guessed: false, content, validity: Validity::Valid, at }
    }

    // This and what adds a value to others are a few instructions, and a value that is handed on is copied each time.
    #[inline]
    fn of(attr: Attr, content: Stored<'a>, at: usize) -> Self {
        let mut value = Self::valid(attr, content, at);
        if value.meaning() == Meaning::Invalid {
            value.validity = Validity::Invalid;
        }
        value
    }

    /// What the value means. It is read when it is asked for: of most values only their text is.
    #[inline]
    fn meaning(&self) -> Meaning {
        match self.validity {
            Validity::Valid => Meaning::of(self.attr.syntax(), self.bytes()),
            Validity::Invalid | Validity::Surplus | Validity::Further => Meaning::Invalid,
        }
    }

    /// The value as it is read where text is meant and the octets are no UTF-8: as Windows-1252, by a guess.
    pub fn decoded(self) -> Result<Self, Self> {
        let Stored::Octets(octets) = &self.content else { return Err(self) };
        // An attribute that no table knows may hold a picture.
        let is_letter = |octet: &u8| octet.is_ascii_whitespace() || !octet.is_ascii_control();
        let is_known = !self.attr.known_name().is_empty();
        if !self.attr.syntax().is_text() || !is_known && !octets.iter().all(is_letter) {
            return Err(self);
        }
        Ok(Self::of_text(self.attr, ldif::text::windows_1252(octets), self.at).guessed(true))
    }

    /// Whether the value is not of its attribute's syntax.
    pub fn is_invalid(&self) -> bool {
        self.validity != Validity::Valid
    }

    /// What is wrong with a value that is invalid; `name` is the attribute's.
    pub fn fault(&self, name: &str) -> Invalid {
        match self.validity {
            Validity::Surplus | Validity::Further => Invalid::surplus(name),
            _ => Invalid::new(name, self.attr.syntax(), self.bytes()),
        }
    }

    /// A value of an attribute that has one already.
    pub fn surplus(self) -> Self {
        Self { validity: Validity::Surplus, ..self }
    }

    /// The same value, whose letters were read by a guess at the encoding, or surely.
    pub fn guessed(self, is_guessed: bool) -> Self {
        Self { is_guessed, ..self }
    }

    /// The value as octets: those of its UTF-8 if it is text.
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Stored::Text(text) => text.as_bytes(),
            Stored::Octets(octets) => octets,
        }
    }

    /// The value in the one notation of its syntax: what two tools write of one value is the same.
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

/// How many values are compared with each other one by one: an object may have a hundred thousand.
const FEW: usize = 64;

/// The values of an object, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values<'a> {
    all: Vec<Value<'a>>,
    /// A bit for each attribute that has one: most of what is looked up is not there.
    present: u64,
    /// Whether one of them is not of its syntax.
    has_invalid: bool,
}

impl<'a> Values<'a> {
    /// Empty, with room for this many values.
    pub fn with_capacity(count: usize) -> Self {
        Self { all: Vec::with_capacity(count), ..Self::default() }
    }

    /// The bit of an attribute; attributes may share one.
    fn bit(attr: Attr) -> u64 {
        1 << (attr.index() % 64)
    }

    fn may_have(&self, attr: Attr) -> bool {
        self.present & Self::bit(attr) != 0
    }

    /// Adds a value behind the others.
    #[inline]
    pub fn push(&mut self, mut value: Value<'a>) {
        if self.may_have(value.attr) && value.attr.is_single() {
            let last = self.all.iter().rfind(|last| last.attr == value.attr);
            value = match last.map(|last| last.validity) {
                None => value,
                Some(Validity::Valid | Validity::Invalid) => value.surplus(),
                Some(Validity::Surplus | Validity::Further) => Value { validity: Validity::Further, ..value },
            };
        }
        self.present |= Self::bit(value.attr);
        self.has_invalid |= value.is_invalid();
        self.all.push(value);
    }

    /// Adds a value behind the others that is valid beside them, as was found before.
    pub fn push_valid(&mut self, value: Value<'a>) {
        self.present |= Self::bit(value.attr);
        self.all.push(value);
    }

    /// Whether all values are valid, and surely read.
    pub fn are_sound(&self) -> bool {
        !self.has_invalid && self.all.iter().all(|value| !value.is_guessed)
    }

    /// The values that are not of their attributes' syntax; of several too many, the first.
    pub fn invalid(&self) -> impl Iterator<Item = &Value<'a>> {
        let some = if self.has_invalid { &self.all[..] } else { &[] };
        some.iter().filter(|value| matches!(value.validity, Validity::Invalid | Validity::Surplus))
    }

    /// Adds a value behind the others; false if its attribute is known to have it already. Of many values that is for
    /// [`Values::dedup`] to find.
    // BE ADVISED: to a call, a value goes through memory.
    #[inline(always)]
    pub fn insert(&mut self, value: Value<'a>) -> bool {
        let is_new = self.all.len() >= FEW || self.of(value.attr).all(|known| known.bytes() != value.bytes());
        if is_new {
            self.push(value);
        }
        is_new
    }

    /// Leaves out what an attribute has already; whether there was any.
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

    /// Only the values of which this holds stay.
    pub fn retain(&mut self, stays: impl FnMut(&Value<'a>) -> bool) {
        self.all.retain(stays);
    }

    /// The encoding of the text was a guess: what is not ASCII may be other letters.
    pub fn guess(&mut self) {
        for value in &mut self.all {
            value.is_guessed |= !value.bytes().is_ascii();
        }
    }

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

/// A directory object as an export shows it. Values are in the order of the export, empty ones are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object<'a> {
    /// The distinguished name as the export writes it.
    pub dn: Cow<'a, str>,
    /// The same DN, normalised; empty if it is invalid.
    pub normalized: Cow<'a, str>,
    /// The normalised DN as Active Directory compares it, where that is another: [`Object::alike`].
    pub(crate) alike: OnceCell<Option<Box<str>>>,
    /// Byte offset in the batch at which the record begins.
    pub at: usize,
    /// How many line ends of the batch are before that: who reads the record has met them all.
    pub line: u64,
    /// The wanted attributes' values.
    pub values: Values<'a>,
    /// A wanted attribute of which the export shows only a range of its values (`;range=0-1499`), and where.
    pub cut: Option<(Attr, usize)>,
    /// Where the object is, if the record only names it: `forest.ldif:1775`.
    pub elsewhere: Option<Box<str>>,
}

/// How many wanted values most objects have, and no more than fit into a block of 1 KiB: glibc keeps those at hand, and takes
/// ten times as long for a larger one.
const USUAL_VALUES: usize = 21;

impl<'a> Object<'a> {
    /// An object without attributes.
    pub fn new(dn: Cow<'a, str>, at: usize) -> Result<Self, ldif::dn::DnFault> {
        // Between quotes, as LDAPv2 had it, a comma ends no RDN: what reads and writes DNs further on has RFC 4514.
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

    /// What the domain of the object may be called: each label of its DNS name, and the suffix of its user principal name. The
    /// NetBIOS name of a domain is mostly a label of its DNS name, and no export shows where it is another.
    pub(crate) fn domains(&self) -> impl Iterator<Item = &str> {
        let labels = self.normalized.split(',').filter_map(|rdn| rdn.strip_prefix("dc="));
        let upn = self.text(Attr::USER_PRINCIPAL_NAME).and_then(|upn| upn.split_once('@'));
        labels.chain(upn.map(|(_, suffix)| suffix))
    }

    /// All values of an attribute.
    pub fn values(&self, attr: Attr) -> impl Iterator<Item = &Value<'a>> + Clone {
        self.values.of(attr)
    }

    /// The first value of an attribute, with its place.
    pub fn first(&self, attr: Attr) -> Option<&Value<'a>> {
        self.values.of(attr).next()
    }

    /// The first value of an attribute as text; absent, or not UTF-8: `None`.
    pub fn text(&self, attr: Attr) -> Option<&str> {
        self.first(attr).and_then(Value::text)
    }

    /// All values of an attribute that are text.
    pub fn texts(&self, attr: Attr) -> impl Iterator<Item = &str> {
        self.values(attr).filter_map(Value::text)
    }

    /// The integer that an attribute holds; absent, or not an integer: `None`.
    pub fn integer(&self, attr: Attr) -> Option<i64> {
        match self.first(attr)?.meaning() {
            Meaning::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// The Boolean that an attribute holds; absent, or not a Boolean: `None`.
    pub fn boolean(&self, attr: Attr) -> Option<bool> {
        match self.first(attr)?.meaning() {
            Meaning::Boolean(truth) => Some(truth),
            _ => None,
        }
    }

    /// The DN that an attribute holds, normalised; absent, or not a DN: `None`.
    pub fn dn(&self, attr: Attr) -> Option<Box<str>> {
        match self.first(attr)?.meaning() {
            Meaning::Dn(dn) => Some(dn),
            _ => None,
        }
    }

    /// The SID that an attribute holds, as octets; absent, or not a SID: `None`.
    pub fn sid(&self, attr: Attr) -> Option<Cow<'_, [u8]>> {
        value::sid(self.first(attr)?.bytes())
    }

    /// The octets of the object's GUID; absent, or not a GUID: `None`.
    pub fn guid_octets(&self) -> Option<[u8; 16]> {
        value::guid_octets(self.first(Attr::OBJECT_GUID)?.bytes())
    }

    /// The object's GUID in the usual text form; absent, or not a GUID: `None`.
    pub fn guid(&self) -> Option<String> {
        value::guid(self.first(Attr::OBJECT_GUID)?.bytes())
    }

    /// The SIP address that an attribute holds, without its scheme; absent, malformed or several: `None`.
    pub fn sip_address(&self, attr: Attr) -> Option<&str> {
        let mut texts = self.texts(attr);
        texts.next().filter(|_| texts.next().is_none()).and_then(value::sip_address)
    }

    /// Whether the attribute has a value.
    pub fn has(&self, attr: Attr) -> bool {
        self.first(attr).is_some()
    }

    /// Whether the attribute has this value, without case.
    pub fn has_value(&self, attr: Attr, wanted: &str) -> bool {
        self.values(attr).any(|value| value.bytes().eq_ignore_ascii_case(wanted.as_bytes()))
    }
}

/// The value of a DN's first part, decoded.
pub(crate) fn common_name(dn: &str) -> Option<String> {
    let dn = ldif::Dn::parse(dn).ok()?;
    String::from_utf8(dn.rdns().first()?.first()?.value.clone()).ok()
}
