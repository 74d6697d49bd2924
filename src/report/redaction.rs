//! `[output] redact`: attributes whose values no report shows.
//!
//! A masked value is masked wherever it appears, also in other columns and in messages: masking `mail` hides the SIP
//! URI made from it. Objects that a message only mentions are then named by their place alone.

use std::borrow::Cow;

use super::{Issue, Row};
use crate::message::Message;
use crate::object::{Attr, Attributes, Object};

/// The text in place of a masked value.
pub(crate) const MASK: &str = "***";

const DN: &str = "distinguishedName";

/// The attributes to mask, by their LDAP display names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redaction {
    attributes: Vec<String>,
}

impl Redaction {
    /// Masks these attributes, in any letter case; `dn` means distinguishedName.
    pub fn new(attributes: &[String]) -> Self {
        let long = |name: &String| if name.eq_ignore_ascii_case("dn") { DN.to_owned() } else { name.clone() };
        Self { attributes: attributes.iter().map(long).collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }

    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(String::as_str)
    }

    pub fn hides(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|hidden| hidden.eq_ignore_ascii_case(attribute))
    }

    /// Returns the values of this record that no report may show, the longest first.
    pub fn values<'o>(&self, row: &Row<'o>, object: &'o Object<'_>, attributes: &Attributes) -> Vec<&'o str> {
        let mut values = Vec::new();
        for name in &self.attributes {
            match attributes.find(name.as_bytes()) {
                Some(Attr::PRIMARY_USER_ADDRESS) => {
                    let uris = [row.sip_uri, row.previous_sip_uri];
                    values.extend(uris.iter().map(|uri| uri.strip_prefix("sip:").unwrap_or(uri)));
                }
                Some(attr) => {
                    // Messages name addresses without `sip:` or `SMTP:`, too.
                    let is_scheme = |scheme: &str| scheme.bytes().all(|b| b.is_ascii_alphanumeric());
                    let plain = |text: &'o str| text.split_once(':').filter(|(scheme, _)| is_scheme(scheme));
                    values.extend(object.texts(attr));
                    values.extend(object.texts(attr).filter_map(plain).map(|(_, address)| address));
                }
                None => {}
            }
            if name == DN {
                values.push(row.dn);
            }
        }
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        values
    }

    /// Masks a row; `values` are the values of the masked attributes.
    pub fn row<'r>(&self, row: &Row<'r>, values: &[&str]) -> RedactedRow<'r> {
        let redacted = |attribute: &str, text: &'r str| {
            if self.hides(attribute) && !text.is_empty() { MASK.into() } else { masked(text, values) }
        };
        RedactedRow {
            sam: redacted("sAMAccountName", row.sam),
            guid: redacted("objectGUID", row.guid),
            dn: redacted(DN, row.dn),
            display_name: redacted("displayName", row.display_name),
            sip_uri: redacted("msRTCSIP-PrimaryUserAddress", row.sip_uri),
            previous_sip_uri: redacted("msRTCSIP-PrimaryUserAddress", row.previous_sip_uri),
            previous_pool: redacted("msRTCSIP-PrimaryHomeServer", row.previous_pool),
        }
    }

    /// Removes the quoted lines from messages about exports if anything is masked.
    #[must_use]
    pub fn asides(&self, mut messages: Vec<(usize, Message)>) -> Vec<(usize, Message)> {
        if !self.is_empty() {
            let places = messages.iter_mut().filter_map(|(_, message)| message.place.as_mut());
            places.for_each(|place| place.excerpt = None);
        }
        messages
    }

    /// Masks an issue of that row: the values wherever they appear, and everything quoted from a masked attribute.
    pub fn issue(&self, issue: &mut Issue, values: &[&str]) {
        if self.is_empty() {
            return;
        }
        let is_redacted = self.hides(&issue.attribute);
        let message = &mut issue.message;
        let texts = [&mut message.what].into_iter().chain(&mut message.help).chain(&mut message.notes);
        for text in texts {
            *text = text.map(|text| {
                let plain = masked(text, values).into_owned();
                if is_redacted { without_quotations(&plain, &issue.attribute) } else { plain }
            });
        }
    }
}

/// The texts of a row that may contain masked values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedactedRow<'r> {
    sam: Cow<'r, str>,
    guid: Cow<'r, str>,
    dn: Cow<'r, str>,
    display_name: Cow<'r, str>,
    sip_uri: Cow<'r, str>,
    previous_sip_uri: Cow<'r, str>,
    previous_pool: Cow<'r, str>,
}

impl RedactedRow<'_> {
    /// Returns the row with these texts.
    pub fn of<'a>(&'a self, row: &Row<'a>) -> Row<'a> {
        Row {
            sam: &self.sam,
            guid: &self.guid,
            dn: &self.dn,
            display_name: &self.display_name,
            sip_uri: &self.sip_uri,
            previous_sip_uri: &self.previous_sip_uri,
            previous_pool: &self.previous_pool,
            ..row.clone()
        }
    }
}

/// Masks each of the values in a text. ASCII case makes no difference: an address may have been converted to lower
/// case.
pub(crate) fn masked<'t>(text: &'t str, values: &[&str]) -> Cow<'t, str> {
    let mut text = Cow::Borrowed(text);
    for value in values.iter().filter(|value| !value.is_empty()) {
        let mut out = String::new();
        let mut from = 0;
        let mut at = 0;
        while let Some(window) = text.as_bytes().get(at..at + value.len()) {
            if window.eq_ignore_ascii_case(value.as_bytes()) {
                out += &text[from..at];
                out += MASK;
                at += value.len();
                from = at;
            } else {
                at += 1;
            }
        }
        if from > 0 {
            out += &text[from..];
            text = Cow::Owned(out);
        }
    }
    text
}

/// Masks everything between backticks except the attribute's own name.
fn without_quotations(text: &str, attribute: &str) -> String {
    let mask = |(at, part): (usize, &str)| match at % 2 {
        1 if !part.eq_ignore_ascii_case(attribute) => MASK.to_owned(),
        _ => part.to_owned(),
    };
    text.split('`').enumerate().map(mask).collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_masked_wherever_it_appears() {
        let check = |text: &str, values: &[&str], expect: &str| assert_eq!(masked(text, values), expect);
        check("sip:ann.doe@contoso.com", &["Ann.Doe@contoso.com"], "sip:***");
        check("CN=Ann Doe,OU=Paris", &["Ann Doe", "", "Paris"], "CN=***,OU=***");
        check("aaa", &["aa"], "***a");
        check("Zoë", &["ë"], "Zo***");
        check("", &["a"], "");
    }

    #[test]
    fn quotations_from_a_masked_attribute_are_masked() {
        assert_eq!(without_quotations("`mail` holds `é` (U+00E9)", "mail"), "`mail` holds `***` (U+00E9)");
    }
}
