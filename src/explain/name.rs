//! Finds users by DN, objectGUID, sAMAccountName, UPN, mail address, SIP address or display name.

use crate::object::{Attr, Object, common_name};
use crate::output::xml::rows::RowFields;
use crate::schema::value::{account_name, guid_octets};
use crate::sip::{Scheme, normalize};
use crate::wizard::values::without_scheme;

/// The identifier by which a name matches a record, most reliable first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum By {
    Dn,
    Guid,
    Sam,
    Upn,
    Mail,
    /// Its present or new address.
    Address,
    /// displayName or CN.
    Name,
}

/// A typed name, prepared for comparison.
#[derive(Clone, Debug)]
pub(crate) struct UserName {
    /// The normalised DN, if the name is one.
    dn: Option<String>,
    /// The GUID, if the name is one.
    guid: Option<[u8; 16]>,
    /// The name without `sip:`, in lower case.
    text: String,
}

impl UserName {
    pub(crate) fn new(typed: &str) -> Self {
        let typed = typed.trim();
        let dn = ldif::dn::normalize(typed).ok().filter(|_| typed.contains('=')).map(Into::into);
        let guid = typed.contains('-').then(|| guid_octets(typed.as_bytes())).flatten();
        Self { dn, guid, text: normalize(without_scheme(account_name(typed))).into_owned() }
    }

    /// How the name matches an object, if it does; `given` is the new address of the object.
    pub(crate) fn names(&self, object: &Object<'_>, given: Option<&str>) -> Option<By> {
        if let Some(dn) = &self.dn {
            return (*dn == object.normalized).then_some(By::Dn);
        }
        let matches = |text: &str| normalize(text) == self.text;
        let has = |attr| object.texts(attr).any(matches);
        let proxy =
            || object.texts(Attr::PROXY_ADDRESSES).filter_map(Scheme::split).any(|(_, found)| matches(found));
        let primary = || object.texts(Attr::PRIMARY_USER_ADDRESS).any(|uri| matches(without_scheme(uri)));
        let common = || common_name(&object.dn).is_some_and(|name| matches(&name));
        if self.guid.is_some() && self.guid == object.guid_octets() {
            Some(By::Guid)
        } else if has(Attr::SAM_ACCOUNT_NAME) {
            Some(By::Sam)
        } else if has(Attr::USER_PRINCIPAL_NAME) {
            Some(By::Upn)
        } else if has(Attr::MAIL) {
            Some(By::Mail)
        } else if given.is_some_and(matches) || primary() || proxy() {
            Some(By::Address)
        } else {
            (has(Attr::DISPLAY_NAME) || common()).then_some(By::Name)
        }
    }

    /// How the name matches a row of the report, if it does; rows have neither UPN nor mail.
    pub(crate) fn names_row(&self, row: &RowFields) -> Option<By> {
        if let Some(dn) = &self.dn {
            return ldif::dn::normalize(row.get("dn")).is_ok_and(|found| found == *dn).then_some(By::Dn);
        }
        if self.guid.is_some() && self.guid == guid_octets(row.get("guid").as_bytes()) {
            return Some(By::Guid);
        }
        if normalize(row.get("sam")) == self.text {
            return Some(By::Sam);
        }
        let matches =
            |name| !row.get(name).is_empty() && normalize(without_scheme(row.get(name))) == self.text;
        let is_common = || common_name(row.get("dn")).is_some_and(|name| normalize(&name) == self.text);
        if matches("sipUri") || matches("previousSipUri") {
            Some(By::Address)
        } else {
            (matches("displayName") || is_common()).then_some(By::Name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Value;

    #[test]
    fn a_user_is_found_by_many_names() {
        let mut ann = Object::new("CN=Ann Doe,DC=contoso,DC=com".into(), 0).unwrap();
        for (attr, text) in [
            (Attr::SAM_ACCOUNT_NAME, "Ann"),
            (Attr::USER_PRINCIPAL_NAME, "ann@corp.test"),
            (Attr::MAIL, "Ann.Doe@contoso.com"),
            (Attr::DISPLAY_NAME, "Doe, Ann"),
            (Attr::PRIMARY_USER_ADDRESS, "sip:old@contoso.com"),
            (Attr::PROXY_ADDRESSES, "SMTP:a.doe@contoso.com"),
        ] {
            ann.values.push(Value::of_text(attr, text, 0));
        }
        for (typed, expected) in [
            ("cn=ann doe, dc=contoso,dc=com", Some(By::Dn)),
            ("CN=Bob,DC=contoso,DC=com", None),
            (" ANN ", Some(By::Sam)),
            ("ann@corp.test", Some(By::Upn)),
            ("ann.doe@CONTOSO.com", Some(By::Mail)),
            ("sip:ann.doe@contoso.com", Some(By::Mail)),
            ("old@contoso.com", Some(By::Address)),
            ("a.doe@contoso.com", Some(By::Address)),
            ("sip:ann.doe2@contoso.com", Some(By::Address)),
            ("ann doe", Some(By::Name)),
            ("Doe, Ann", Some(By::Name)),
            ("ann.doe", None),
        ] {
            assert_eq!(UserName::new(typed).names(&ann, Some("Ann.Doe2@contoso.com")), expected, "{typed}");
        }
    }
}
