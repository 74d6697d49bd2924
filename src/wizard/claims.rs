//! What users may claim once: an address or a line, how it compares, and what others already hold.

use std::borrow::Cow;

use memchr::{memchr, memrchr};

use crate::object::{Attr, Object};
use crate::report::Reason;
use crate::settings::Settings;
use crate::sip::claims::{ClaimRole, Fingerprint, Person, StandsFor};
use crate::sip::telephone::{self, Region};
use crate::sip::{self, Scheme};

/// What the users of a wizard claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claims {
    Sip,
    /// Telephone lines; one that does not state its country is of this region.
    Line(Option<Region>),
    /// Nothing that two users could contest.
    None,
}

impl Claims {
    /// The same by these rules. Lines of several countries compare: a held one that does not state its country is of the
    /// first that a rule names.
    pub fn by(self, settings: &Settings) -> Self {
        match self {
            Self::Line(_) => Self::Line(settings.rules.iter().find_map(|rule| rule.lines.region)),
            other => other,
        }
    }

    /// Passes on what an object holds, in the form in which claims compare: SIP addresses of any domain, mail addresses
    /// of the listed domains.
    pub fn held(
        self,
        object: &Object<'_>,
        domains: &[String],
        note: &mut dyn FnMut(Cow<'_, str>, ClaimRole),
    ) {
        match self {
            Self::Sip => addresses(object, domains, note),
            Self::Line(_) => {
                for line in object.texts(Attr::LINE).chain(object.texts(Attr::PRIVATE_LINE)) {
                    note(self.normalized(line), ClaimRole::SIP);
                }
            }
            Self::None => {}
        }
    }

    /// A claim in the form in which claims compare.
    pub fn normalized(self, claim: &str) -> Cow<'_, str> {
        match self {
            Self::Line(region) => telephone::canonical(claim, region),
            Self::Sip | Self::None => sip::canonical(claim),
        }
    }

    /// A claim as it is written, and as people read it.
    pub fn uri(self, claim: &str) -> String {
        match self {
            Self::Line(_) => claim.to_owned(),
            Self::Sip | Self::None => ["sip:", claim].concat(),
        }
    }

    /// Why a user is rejected whose claim somebody else holds or makes.
    pub fn duplicate(self) -> Reason {
        match self {
            Self::Line(_) => Reason::LINE_DUPLICATE,
            Self::Sip | Self::None => Reason::SIP_DUPLICATE,
        }
    }
}

/// What those who stand for each other in two forests know an object by; in a reference, an account may be a user's.
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

fn addresses(object: &Object<'_>, domains: &[String], note: &mut dyn FnMut(Cow<'_, str>, ClaimRole)) {
    // New addresses are of the listed domains, so a mail address of any other domain is in nobody's way.
    let is_listed = |address: &str| {
        let at = memrchr(b'@', address.as_bytes());
        let domain = at.map_or("", |at| address[at + 1..].trim());
        domains.is_empty() || sip::address::listed(domain, domains)
    };
    for uri in object.texts(Attr::PRIMARY_USER_ADDRESS) {
        each(Scheme::split(uri).map_or(uri, |(_, address)| address), ClaimRole::SIP, note);
    }
    for value in object.texts(Attr::PROXY_ADDRESSES) {
        match Scheme::split(value) {
            Some((Scheme::Sip, address)) => each(address, ClaimRole::SIP, note),
            Some((Scheme::Smtp, address)) if is_listed(address) => each(address, ClaimRole::MAIL, note),
            Some((Scheme::Smtp, address)) if !sip::address::is_doubtful(address) => {}
            _ if is_of_another_network(value) => {}
            _ => each(value, ClaimRole::SIP, note),
        }
    }
    for mail in object.texts(Attr::MAIL).filter(|mail| is_listed(mail) || sip::address::is_doubtful(mail)) {
        each(mail, ClaimRole::MAIL, note);
    }
}

/// Whether a proxy address is of another network, such as X.400, so that it means nothing that a SIP address could be.
fn is_of_another_network(value: &str) -> bool {
    memchr(b'@', value.as_bytes()).is_none()
        || value.split_once(':').is_some_and(|(kind, _)| {
            let is_type = |kind: &str| kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
            !kind.is_empty() && is_type(kind) && !sip::address::is_internet(kind)
        })
}

/// What a value says is held, and what it may mean, if it is malformed.
fn each(value: &str, role: ClaimRole, note: &mut dyn FnMut(Cow<'_, str>, ClaimRole)) {
    if !sip::address::is_doubtful(value) {
        return note(sip::normalize(value), role);
    }
    note(sip::canonical(value), role);
    sip::address::mentioned(value).into_iter().for_each(|address| note(address.into(), role));
}
