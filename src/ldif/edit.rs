//! Reading and editing attributes by name.

use crate::record::{Attribute, Content, Modification, Operation, Record};

/// Access to attributes by their descriptions, in any letter case.
///
/// An entry, or a change that adds one, has attributes. A change that modifies an entry records edits as modifications,
/// and has no attributes to read; any other change has no attributes, and cannot be edited.
///
/// ```
/// use ldif::Record;
///
/// let mut entry: Record = "dn: cn=Ann,dc=contoso,dc=com\nmail: ann@contoso.com\nmail: a.doe@contoso.com\n".parse()?;
/// assert_eq!(entry.text("MAIL"), Some("ann@contoso.com"));
/// assert_eq!(entry.values("mail").len(), 2);
/// assert!(entry.add("telephoneNumber", "555-0100") && entry.has("telephonenumber", "555-0100"));
/// assert!(entry.remove_value("mail", "a.doe@contoso.com") && entry.remove("telephoneNumber"));
/// entry.set("sn", ["Doe"]);
/// assert_eq!(entry.to_string(), "dn: cn=Ann,dc=contoso,dc=com\nmail: ann@contoso.com\nsn: Doe\n\n");
///
/// let mut change = Record::modifying("cn=Ann,dc=contoso,dc=com", []);
/// change.set("sn", ["Roe"]);
/// assert_eq!(change.to_string(), "dn: cn=Ann,dc=contoso,dc=com\nchangetype: modify\nreplace: sn\nsn: Roe\n-\n\n");
/// # Ok::<(), ldif::Error>(())
/// ```
impl Record {
    /// Returns the attributes of an entry, or of a change that adds one; none for any other change.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        match &self.content {
            Content::Entry(attributes) | Content::Add(attributes) => attributes,
            Content::Schema(content) => match &**content {
                Content::Add(attributes) => attributes,
                _ => &[],
            },
            _ => &[],
        }
    }

    /// Returns the attributes of an entry, or of a change that adds one, for editing.
    pub fn attributes_mut(&mut self) -> Option<&mut Vec<Attribute>> {
        match &mut self.content {
            Content::Entry(attributes) | Content::Add(attributes) => Some(attributes),
            Content::Schema(content) => match &mut **content {
                Content::Add(attributes) => Some(attributes),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns the first value of an attribute.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.values(name).first().map(Vec::as_slice)
    }

    /// Returns the first value of an attribute, if it is UTF-8.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(|value| std::str::from_utf8(value).ok())
    }

    /// Returns the values of an attribute; none if it is missing.
    #[must_use]
    pub fn values(&self, name: &str) -> &[Vec<u8>] {
        let attribute = self.attributes().iter().find(|a| a.name.eq_ignore_ascii_case(name));
        attribute.map_or(&[], |a| &a.values)
    }

    /// Whether the attribute has this value, byte by byte.
    #[must_use]
    pub fn has(&self, name: &str, value: impl AsRef<[u8]>) -> bool {
        self.values(name).iter().any(|there| there == value.as_ref())
    }

    /// Returns the values of an attribute for editing; `None` if it is missing. An attribute must keep at least one
    /// value, or be [removed](Record::remove).
    pub fn values_mut(&mut self, name: &str) -> Option<&mut Vec<Vec<u8>>> {
        let attribute = self.attributes_mut()?.iter_mut().find(|a| a.name.eq_ignore_ascii_case(name))?;
        Some(&mut attribute.values)
    }

    /// Replaces all values of an attribute; without values, removes the attribute. Returns false, without setting
    /// anything, if the record cannot be edited.
    pub fn set(&mut self, name: &str, values: impl IntoIterator<Item: Into<Vec<u8>>>) -> bool {
        let new = Attribute::new(name, values);
        if self.modify(Operation::Replace, &new) {
            return true;
        }
        let Some(attributes) = self.attributes_mut() else { return false };
        let old = attributes.iter().position(|a| a.name.eq_ignore_ascii_case(name));
        match old {
            Some(at) if new.values.is_empty() => drop(attributes.remove(at)),
            Some(at) => attributes[at] = Attribute { name: std::mem::take(&mut attributes[at].name), ..new },
            None if new.values.is_empty() => {}
            None => attributes.push(new),
        }
        true
    }

    /// Adds a value to an attribute, and the attribute if necessary. Returns false, without adding anything, if the
    /// value is present, or the record cannot be edited.
    pub fn add(&mut self, name: &str, value: impl Into<Vec<u8>>) -> bool {
        let value = value.into();
        if matches!(self.content, Content::Modify(_)) {
            return self.modify(Operation::Add, &Attribute::new(name, [value]));
        }
        let Some(attributes) = self.attributes_mut() else { return false };
        match attributes.iter_mut().find(|a| a.name.eq_ignore_ascii_case(name)) {
            Some(attribute) if attribute.values.contains(&value) => return false,
            Some(attribute) => attribute.values.push(value),
            None => attributes.push(Attribute::new(name, [value])),
        }
        true
    }

    /// Removes an attribute with all its values. Returns false if it is missing, or the record cannot be edited.
    pub fn remove(&mut self, name: &str) -> bool {
        if self.modify(Operation::Delete, &Attribute::new(name, [""; 0])) {
            return true;
        }
        let Some(attributes) = self.attributes_mut() else { return false };
        let before = attributes.len();
        attributes.retain(|a| !a.name.eq_ignore_ascii_case(name));
        attributes.len() < before
    }

    /// Removes a value of an attribute, and the attribute with its last value. Returns false if the value is missing,
    /// or the record cannot be edited.
    pub fn remove_value(&mut self, name: &str, value: impl AsRef<[u8]>) -> bool {
        let value = value.as_ref();
        if matches!(self.content, Content::Modify(_)) {
            return self.modify(Operation::Delete, &Attribute::new(name, [value]));
        }
        let Some(attributes) = self.attributes_mut() else { return false };
        let Some(at) = attributes.iter().position(|a| a.name.eq_ignore_ascii_case(name)) else {
            return false;
        };
        let attribute = &mut attributes[at];
        let before = attribute.values.len();
        attribute.values.retain(|there| there != value);
        let is_removed = attribute.values.len() < before;
        if attribute.values.is_empty() && attribute.urls.is_empty() {
            attributes.remove(at);
        }
        is_removed
    }

    /// Appends a modification to a change that modifies an entry; returns false for any other record.
    fn modify(&mut self, operation: Operation, attribute: &Attribute) -> bool {
        let Content::Modify(modifications) = &mut self.content else { return false };
        let Attribute { name, values, urls } = attribute.clone();
        modifications.push(Modification { operation, name, values, urls });
        true
    }
}
