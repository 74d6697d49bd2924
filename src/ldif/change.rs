//! The difference between two entries as a change, and the application of a change to an entry.

use std::fmt;

use crate::dn::{Ava, Dn, normalize};
use crate::record::{Attribute, Content, Modification, Operation, Record, Rename};

/// Returns the change that turns the entry `before` into `after`: it deletes (`delete:`) the values that are gone and
/// adds (`add:`) the new ones, so that it fails on an entry that differs from `before`.
///
/// Values form a set without an order, and are compared byte by byte; attribute descriptions are compared without case.
/// The DN is that of `before`: a move is a [rename](Record::renaming). If nothing differs, the change has no
/// modifications, and a [`Writer`](crate::Writer) refuses to write it; see [`Record::is_empty`].
///
/// ```
/// use ldif::{Record, apply, diff};
///
/// let mut before = Record::entry("cn=Ann,dc=contoso,dc=com");
/// before.set("mail", ["ann@contoso.com"]);
/// let mut after = before.clone();
/// after.set("mail", ["ann@fabrikam.com"]);
///
/// let (change, undo) = (diff(&before, &after), diff(&after, &before));
/// assert_eq!(apply(&change, Some(&before))?.as_ref(), Some(&after));
/// assert_eq!(apply(&undo, Some(&after))?.as_ref(), Some(&before));
/// assert_eq!(apply(&undo, Some(&before)).unwrap_err().to_string(), "noSuchAttribute (16): mail");
/// # Ok::<(), ldif::ApplyError>(())
/// ```
#[must_use]
pub fn diff(before: &Record, after: &Record) -> Record {
    let mut modifications = Vec::new();
    for attribute in before.attributes() {
        let (kept, urls) = after.find(&attribute.name).map_or((&[][..], &[][..]), |a| (&a.values, &a.urls));
        push_missing(&mut modifications, Operation::Delete, attribute, (kept, urls));
        if let Some(new) = after.find(&attribute.name) {
            push_missing(&mut modifications, Operation::Add, new, (&attribute.values, &attribute.urls));
        }
    }
    for attribute in after.attributes().iter().filter(|attribute| before.find(&attribute.name).is_none()) {
        push_missing(&mut modifications, Operation::Add, attribute, (&[], &[]));
    }
    Record::modifying(&before.dn, modifications)
}

/// Appends a modification with those values of `attribute` that are missing from the other values, if any.
fn push_missing(
    modifications: &mut Vec<Modification>,
    operation: Operation,
    attribute: &Attribute,
    (values, urls): (&[Vec<u8>], &[String]),
) {
    let Attribute { name, .. } = attribute;
    let values: Vec<_> = attribute.values.iter().filter(|value| !values.contains(value)).cloned().collect();
    let urls: Vec<_> = attribute.urls.iter().filter(|url| !urls.contains(url)).cloned().collect();
    if !values.is_empty() || !urls.is_empty() {
        modifications.push(Modification { operation, name: name.clone(), values, urls });
    }
}

/// Applies a change completely to an entry, or to the lack of one; otherwise returns the error that a server would.
///
/// Values are compared byte by byte, while a server uses the matching rule of each attribute. A server also knows its
/// schema and its other entries, and may refuse what is accepted here. A schema change is applied like any other
/// change.
///
/// ```
/// use ldif::{Record, ResultCode, apply};
///
/// let ann: Record = "dn: cn=Ann,dc=contoso,dc=com\ncn: Ann\n".parse()?;
/// let renamed = apply(&Record::renaming(&ann.dn, "cn=Anna"), Some(&ann))?.unwrap();
/// assert_eq!(renamed.to_string(), "dn: cn=Anna,dc=contoso,dc=com\ncn: Anna\n\n");
/// assert_eq!(apply(&Record::deleting(&ann.dn), Some(&ann))?, None);
/// assert_eq!(apply(&Record::deleting(&ann.dn), None).unwrap_err().code(), ResultCode::NoSuchObject);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The first error that a server would find; the entry then stays unchanged.
pub fn apply(change: &Record, entry: Option<&Record>) -> Result<Option<Record>, ApplyError> {
    let content = match &change.content {
        Content::Schema(content) => content,
        content => content,
    };
    if let Content::Add(attributes) | Content::Entry(attributes) = content {
        return match entry {
            Some(_) => Err(ResultCode::EntryAlreadyExists.of(&change.dn)),
            None => Ok(Some(Record::new(&change.dn, Content::Entry(attributes.clone())))),
        };
    }
    let entry = entry.ok_or_else(|| ResultCode::NoSuchObject.of(&change.dn))?;
    if !is_same_dn(&entry.dn, &change.dn) {
        return Err(ResultCode::NoSuchObject.of(&change.dn));
    }
    let mut after = entry.clone();
    match content {
        Content::Modify(modifications) => {
            modifications.iter().try_for_each(|modification| after.apply(modification))?;
            check_rdn(entry, &after)?;
        }
        Content::Rename(rename) => after.rename(rename)?,
        _ => return Ok(None),
    }
    Ok(Some(after))
}

/// Returns the change that undoes `change` on `entry`. It is computed from the states before and after, so that a value
/// that was there before stays, whatever the change asked for.
///
/// ```
/// use ldif::{Modification, Record, apply, undo};
///
/// let before: Record = "dn: cn=Ann,dc=contoso,dc=com\nmail: ann@contoso.com\n".parse()?;
/// let change = Record::modifying(&before.dn, [Modification::replace("mail", ["ann@fabrikam.com"])]);
/// let after = apply(&change, Some(&before))?.unwrap();
/// assert_eq!(apply(&undo(&change, Some(&before))?, Some(&after))?, Some(before));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Those of [`apply`]; and [`ResultCode::Other`] for a rename whose new RDN has some values that the entry already had
/// and some that it did not, which no single rename can undo.
pub fn undo(change: &Record, entry: Option<&Record>) -> Result<Record, ApplyError> {
    match (entry, apply(change, entry)?) {
        (Some(before), None) => Ok(Record::adding(&before.dn, before.attributes())),
        (Some(before), Some(after)) if before.dn == after.dn => Ok(diff(&after, before)),
        (Some(before), Some(after)) => rename_back(before, &after),
        (None, _) => Ok(Record::deleting(&change.dn)),
    }
}

fn is_same_dn(one: &str, other: &str) -> bool {
    one == other || normalize(one).ok().zip(normalize(other).ok()).is_some_and(|(one, other)| one == other)
}

/// Returns the values of the entry's own RDN, and the DN above.
fn rdn(dn: &str) -> Result<(Vec<Ava>, Dn), ApplyError> {
    let parsed = Dn::parse(dn).map_err(|_| ResultCode::InvalidDnSyntax.of(dn))?;
    let parent = parsed.parent().unwrap_or_default();
    Ok((parsed.rdns().first().cloned().unwrap_or_default(), parent))
}

/// Returns the rename that turns `after` back into `before`.
fn rename_back(before: &Record, after: &Record) -> Result<Record, ApplyError> {
    let (old, old_parent) = rdn(&before.dn)?;
    let (new, new_parent) = rdn(&after.dn)?;
    let is_in_old = |ava: &&Ava| old.iter().any(|old| old.is_same(ava));
    // Whether the entry already had each value that only the new RDN has.
    let mut had = new.iter().filter(|ava| !is_in_old(ava)).map(|ava| before.has_ava(ava));
    let had_first = had.next().unwrap_or(false);
    if had.any(|had| had != had_first) {
        return Err(ResultCode::Other.of(&after.dn));
    }
    let new_superior = (old_parent != new_parent).then(|| old_parent.to_string());
    let old_rdn: Vec<String> = old.iter().map(Ava::to_string).collect();
    let rename = Rename { new_rdn: old_rdn.join("+"), delete_old: !had_first, new_superior };
    Ok(Record::new(&after.dn, Content::Rename(rename)))
}

/// Checks that a modification removes no value of the entry's RDN (RFC 4511 section 4.6).
fn check_rdn(before: &Record, after: &Record) -> Result<(), ApplyError> {
    let (rdn, _) = rdn(&before.dn)?;
    match rdn.iter().find(|ava| before.has_ava(ava) && !after.has_ava(ava)) {
        Some(ava) => Err(ResultCode::NotAllowedOnRdn.of(&ava.kind)),
        None => Ok(()),
    }
}

impl Ava {
    /// Whether type and value are equal without case.
    fn is_same(&self, other: &Self) -> bool {
        self.kind.eq_ignore_ascii_case(&other.kind) && self.value.eq_ignore_ascii_case(&other.value)
    }
}

impl Record {
    /// Whether this is a change without modifications, which changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(&self.content, Content::Modify(modifications) if modifications.is_empty())
    }

    fn find(&self, name: &str) -> Option<&Attribute> {
        self.attributes().iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }

    /// Whether the entry has the value of an AVA, without case.
    fn has_ava(&self, ava: &Ava) -> bool {
        self.values(&ava.kind).iter().any(|value| value.eq_ignore_ascii_case(&ava.value))
    }

    /// Applies a modification to the attributes.
    fn apply(&mut self, modification: &Modification) -> Result<(), ApplyError> {
        let Modification { operation, name, values, urls } = modification;
        let at = self.attributes().iter().position(|attribute| attribute.name.eq_ignore_ascii_case(name));
        let Some(attributes) = self.attributes_mut() else {
            return Err(ResultCode::NoSuchObject.of(&self.dn));
        };
        match operation {
            Operation::Replace => {
                let new = Attribute { name: name.clone(), values: values.clone(), urls: urls.clone() };
                match at {
                    Some(at) => attributes[at] = new,
                    None => attributes.push(new),
                }
            }
            Operation::Add => {
                let at = at.unwrap_or_else(|| {
                    attributes.push(Attribute::new(name, [""; 0]));
                    attributes.len() - 1
                });
                let exists = || ResultCode::AttributeOrValueExists.of(name);
                insert_all(&mut attributes[at].values, values).map_err(|()| exists())?;
                insert_all(&mut attributes[at].urls, urls).map_err(|()| exists())?;
            }
            Operation::Delete => {
                let missing = || ResultCode::NoSuchAttribute.of(name);
                let attribute = &mut attributes[at.ok_or_else(missing)?];
                if values.is_empty() && urls.is_empty() {
                    attribute.values.clear();
                    attribute.urls.clear();
                }
                remove_all(&mut attribute.values, values).map_err(|()| missing())?;
                remove_all(&mut attribute.urls, urls).map_err(|()| missing())?;
            }
            Operation::Increment => {
                let attribute = &mut attributes[at.ok_or_else(|| ResultCode::NoSuchAttribute.of(name))?];
                let [by] = &values[..] else { return Err(ResultCode::ProtocolError.of(name)) };
                for value in &mut attribute.values {
                    let sum = integer(value).zip(integer(by)).and_then(|(value, by)| value.checked_add(by));
                    let sum = sum.ok_or_else(|| ResultCode::ConstraintViolation.of(name))?;
                    *value = sum.to_string().into_bytes();
                }
            }
        }
        attributes.retain(|attribute| !attribute.values.is_empty() || !attribute.urls.is_empty());
        Ok(())
    }

    /// Gives the entry another RDN or parent.
    fn rename(&mut self, rename: &Rename) -> Result<(), ApplyError> {
        let (old, parent) = rdn(&self.dn)?;
        let (new, rest) = rdn(&rename.new_rdn)?;
        if new.is_empty() || rest != Dn::default() {
            return Err(ResultCode::InvalidDnSyntax.of(&rename.new_rdn));
        }
        if rename.delete_old {
            for ava in &old {
                let equal =
                    self.values(&ava.kind).iter().find(|value| value.eq_ignore_ascii_case(&ava.value));
                if let Some(value) = equal.cloned() {
                    self.remove_value(&ava.kind, value);
                }
            }
        }
        for ava in new {
            if !self.has_ava(&ava) {
                self.add(&ava.kind, ava.value);
            }
        }
        let parent = rename.new_superior.clone().unwrap_or_else(|| parent.to_string());
        let comma = if parent.is_empty() { "" } else { "," };
        self.dn = format!("{}{comma}{parent}", rename.new_rdn);
        Ok(())
    }
}

/// Adds values, none of which may be present.
fn insert_all<T: Clone + PartialEq>(there: &mut Vec<T>, new: &[T]) -> Result<(), ()> {
    new.iter().try_for_each(|new| {
        if there.contains(new) {
            return Err(());
        }
        there.push(new.clone());
        Ok(())
    })
}

/// Removes values, all of which must be present.
fn remove_all<T: PartialEq>(there: &mut Vec<T>, old: &[T]) -> Result<(), ()> {
    old.iter().try_for_each(|old| {
        let at = there.iter().position(|value| value == old).ok_or(())?;
        there.remove(at);
        Ok(())
    })
}

fn integer(value: &[u8]) -> Option<i64> {
    std::str::from_utf8(value).ok()?.parse().ok()
}

/// Why a change cannot be applied to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplyError {
    code: ResultCode,
    subject: String,
}

impl ApplyError {
    /// Returns the result code of a server.
    #[must_use]
    pub fn code(&self) -> ResultCode {
        self.code
    }

    /// Returns the attribute or the DN that the error is about.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }
}

/// The name of the code, its number, and the subject.
impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.code.name(), self.code as u8, self.subject.escape_debug())
    }
}

impl std::error::Error for ApplyError {}

/// An LDAP result code with its number (RFC 4511 section 4.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResultCode {
    /// An invalid modification: an increment by no number, or by several.
    ProtocolError = 2,
    /// An attribute or value to be deleted is missing.
    NoSuchAttribute = 16,
    /// A value to be incremented is not a 64-bit number.
    ConstraintViolation = 19,
    /// A value to be added is already present.
    AttributeOrValueExists = 20,
    /// An entry to be changed is missing.
    NoSuchObject = 32,
    /// An invalid DN or new RDN.
    InvalidDnSyntax = 34,
    /// A modification would remove a value of the entry's RDN.
    NotAllowedOnRdn = 67,
    /// An entry to be added is already present.
    EntryAlreadyExists = 68,
    /// An operation that only some servers refuse.
    Other = 80,
}

impl ResultCode {
    /// Creates the error with this code.
    fn of(self, subject: &str) -> ApplyError {
        ApplyError { code: self, subject: subject.to_owned() }
    }

    /// Returns the name of the code in RFC 4511, such as `noSuchAttribute`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ProtocolError => "protocolError",
            Self::NoSuchAttribute => "noSuchAttribute",
            Self::ConstraintViolation => "constraintViolation",
            Self::AttributeOrValueExists => "attributeOrValueExists",
            Self::NoSuchObject => "noSuchObject",
            Self::InvalidDnSyntax => "invalidDNSyntax",
            Self::NotAllowedOnRdn => "notAllowedOnRDN",
            Self::EntryAlreadyExists => "entryAlreadyExists",
            Self::Other => "other",
        }
    }
}
