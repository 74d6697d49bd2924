//! Claims on addresses and lines: how they compare, and which ones an object already holds.

use std::borrow::Cow;

use memchr::{memchr, memrchr};

use crate::fingerprint::Fingerprint;
use crate::object::{Attr, Object};
use crate::report::Reason;
use crate::settings::Settings;
use crate::sip::claims::{ClaimRole, Person, StandsFor};
use crate::sip::telephone::{self, Region};
use crate::sip::{self, Scheme};

/// The kind of claim that the users of a wizard make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claims {
    Sip,
    /// Telephone lines; those without a country code belong to this region.
    Line(Option<Region>),
    /// Nothing that two users could contest.
    None,
}

impl Claims {
    /// Returns the kind of claim under these settings. Lines of several countries are compared: a held line without a
    /// country code belongs to the first region that a rule names.
    pub fn under(self, settings: &Settings) -> Self {
        match self {
            Self::Line(_) => Self::Line(settings.rules.iter().find_map(|rule| rule.lines.region)),
            other => other,
        }
    }

    /// Passes each claim that an object already holds to `note`, normalised for comparison: SIP addresses of any domain,
    /// mail addresses of the listed domains.
    pub fn held(
        self,
        object: &Object<'_>,
        domains: &[String],
        note: &mut dyn FnMut(Cow<'_, str>, ClaimRole),
    ) {
        match self {
            Self::Sip => note_addresses(object, domains, note),
            Self::Line(_) => {
                for line in object.texts(Attr::LINE).chain(object.texts(Attr::PRIVATE_LINE)) {
                    note(self.normalized(line), ClaimRole::SIP);
                }
            }
            Self::None => {}
        }
    }

    /// Normalises a claim for comparison.
    pub fn normalized(self, claim: &str) -> Cow<'_, str> {
        match self {
            Self::Line(region) => telephone::canonical(claim, region),
            Self::Sip | Self::None => sip::canonical(claim),
        }
    }

    /// Returns a claim in its written form.
    pub fn uri(self, claim: &str) -> String {
        match self {
            Self::Line(_) => claim.to_owned(),
            Self::Sip | Self::None => ["sip:", claim].concat(),
        }
    }

    /// The reason to reject a user whose claim is contested.
    pub fn duplicate(self) -> Reason {
        match self {
            Self::Line(_) => Reason::LINE_DUPLICATE,
            Self::Sip | Self::None => Reason::SIP_DUPLICATE,
        }
    }
}

/// Returns the fingerprints by which an object and its stand-ins in other forests find each other. In a reference, an
/// account may stand for a user.
pub(crate) fn person(object: &Object<'_>, is_reference: bool) -> Person {
    let address = |text: &str| Fingerprint::of(sip::normalize(text).as_bytes());
    let smtp = |text: &str| match Scheme::split(text) {
        Some((Scheme::Smtp, found)) => Some(address(found)),
        _ => None,
    };
    let mail =
        object.texts(Attr::MAIL).map(address).chain(object.texts(Attr::PROXY_ADDRESSES).filter_map(smtp));
    let of_sid = |attr: Attr| object.sid(attr).map(|sid| Fingerprint::of(&sid));
    let stands_for = if object.has_value(Attr::OBJECT_CLASS, "contact") {
        let source = object.text(Attr::SOURCE_OBJECT_DN).and_then(|dn| ldif::dn::normalize(dn).ok());
        let target = object.text(Attr::TARGET_ADDRESS);
        let target = target.map(|text| Scheme::split(text).map_or(text, |(_, found)| found));
        let dn = source.map(|dn| Fingerprint::of(dn.as_bytes()));
        Some(StandsFor { dn, mail: target.map(address), sid: None })
    } else {
        let sid = of_sid(Attr::OBJECT_SID).filter(|_| is_reference);
        sid.map(|sid| StandsFor { sid: Some(sid), ..StandsFor::default() })
    };
    Person {
        dn: Fingerprint::of(object.normalized.as_bytes()),
        mail: mail.collect(),
        accounts: [Attr::MASTER_ACCOUNT_SID, Attr::ORIGINATOR_SID].into_iter().filter_map(of_sid).collect(),
        stands_for,
    }
}

fn note_addresses(object: &Object<'_>, domains: &[String], note: &mut dyn FnMut(Cow<'_, str>, ClaimRole)) {
    // New addresses are in the listed domains, so mail addresses of other domains cannot conflict.
    let is_listed = |address: &str| {
        let at = memrchr(b'@', address.as_bytes());
        let domain = at.map_or("", |at| address[at + 1..].trim());
        domains.is_empty() || sip::address::is_listed(domain, domains)
    };
    for uri in object.texts(Attr::PRIMARY_USER_ADDRESS) {
        note_value(Scheme::split(uri).map_or(uri, |(_, address)| address), ClaimRole::SIP, note);
    }
    for value in object.texts(Attr::PROXY_ADDRESSES) {
        match Scheme::split(value) {
            Some((Scheme::Sip, address)) => note_value(address, ClaimRole::SIP, note),
            Some((Scheme::Smtp, address)) if is_listed(address) => note_value(address, ClaimRole::MAIL, note),
            Some((Scheme::Smtp, address)) if !sip::address::is_doubtful(address) => {}
            _ if is_of_another_network(value) => {}
            _ => note_value(value, ClaimRole::SIP, note),
        }
    }
    for mail in object.texts(Attr::MAIL).filter(|mail| is_listed(mail) || sip::address::is_doubtful(mail)) {
        note_value(mail, ClaimRole::MAIL, note);
    }
}

/// Whether a proxy address belongs to another network, such as X.400, and so cannot equal a SIP address.
fn is_of_another_network(value: &str) -> bool {
    memchr(b'@', sip::address::with_at(value).as_bytes()).is_none()
        || value.split_once(':').is_some_and(|(kind, _)| {
            let is_type = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
            is_type && !sip::address::is_internet(kind)
        })
}

/// Passes the address in a value to `note`; of a malformed value, all that it may mean.
fn note_value(value: &str, role: ClaimRole, note: &mut dyn FnMut(Cow<'_, str>, ClaimRole)) {
    let value = &*sip::address::with_at(value);
    if !sip::address::is_doubtful(value) {
        return note(sip::normalize(value), role);
    }
    note(sip::canonical(value), role);
    sip::address::mentioned(value).into_iter().for_each(|address| note(address.into(), role));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_another_network_has_a_type_of_its_own_or_no_at_sign() {
        for (value, expect) in [
            ("X400:c=us;a= ;p=Contoso", true),
            ("ann", true),
            ("smtp:ann=40contoso.com", false),
            ("x500:/o=Contoso/cn=ann=40contoso.com", true),
            ("EUM:4711@contoso.com", true),
            ("x500:/o=Contoso/cn=ann@contoso.com", true),
            ("ann@contoso.com", false),
            ("SMTP:ann@contoso.com", false),
            ("sip:ann@contoso.com", false),
            (":ann@contoso.com", false),
            ("e mail:ann@contoso.com", false),
        ] {
            assert_eq!(is_of_another_network(value), expect, "{value}");
        }
    }
}
