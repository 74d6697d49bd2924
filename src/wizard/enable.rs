//! *Enable Users for Communications Server*: an address, a pool, and the attributes that make a user sign in.
//!
//! What the wizard writes is known from an observed difference of a fresh user (see the README); nothing is taken
//! from a user who is enabled already.

use super::{Given, Remark, Standing, Verdict, Wizard};
use crate::change::{Change, Matching};
use crate::config::{Archiving, DisabledAccounts, Existing, Options, OriginatorSid, ProtectedAccounts};
use crate::diagnostic::Severity::{Note, Warning};
use crate::diagnostic::{Severity, nearest};
use crate::pool::Home;
use crate::report::Reason;
use crate::settings::Settings;
use crate::sip::{self, Candidate, Refusal, Scheme};
use crate::user::{Attr, Object, sid};

/// userAccountControl: the account is disabled.
const ACCOUNT_DISABLED: i64 = 0x2;
/// userAccountControl: the account of a trust between domains.
const INTERDOMAIN_TRUST: i64 = 0x800;
/// sAMAccountType of ordinary users (SAM_NORMAL_USER_ACCOUNT), and of trusts (SAM_TRUST_ACCOUNT).
const NORMAL_USER: i64 = 805_306_368;
const TRUST: i64 = 805_306_370;
/// msExchRecipientTypeDetails of shared, room and equipment mailboxes.
const RESOURCE_MAILBOXES: [i64; 3] = [4, 16, 32];
/// S-1-5-10 (SELF) as msExchMasterAccountSid: a mailbox that nobody signs in to.
const SELF: &[u8] = &[1, 1, 0, 0, 0, 0, 0, 5, 10, 0, 0, 0];

/// msRTCSIP-OptionFlags, bit by bit (Lync Server 2013 schema reference; bits not named here are kept).
pub mod flags {
    /// Public IM connectivity.
    pub const PUBLIC_IM: i32 = 1;
    /// May invite anonymous participants.
    pub const ANONYMOUS_MEETINGS: i32 = 64;
    /// Enhanced presence: without it Communicator does not sign in.
    pub const ENHANCED_PRESENCE: i32 = 256;
}

/// msRTCSIP-ArchivingEnabled: archive internal and federated conversations.
const ARCHIVING_BITS: i32 = 4 | 8;

/// The wizard, by these settings.
#[derive(Debug)]
pub struct Enable<'s> {
    /// What it goes by.
    pub settings: &'s Settings,
}

impl sip::Source<Attr> for Object<'_> {
    fn first(&self, attribute: Attr) -> Option<std::borrow::Cow<'_, str>> {
        self.text(attribute).map(Into::into)
    }
}

impl Wizard for Enable<'_> {
    fn settings(&self) -> &Settings {
        self.settings
    }

    fn judge<'o>(&self, object: &'o Object<'_>) -> Verdict<'o> {
        let mut verdict =
            Verdict { standing: Standing::Other, rule: None, home: Home::None, remarks: Vec::new() };
        if is_deleted(object) {
            verdict.standing = Standing::Deleted;
            return verdict;
        }
        verdict.home = self.settings.home(object.text(Attr::PRIMARY_HOME_SERVER));
        if !is_user(object, self.settings) {
            return verdict;
        }
        verdict.rule = self.settings.rule(object);
        verdict.standing = if self.settings.selection.admits(object) {
            match self.out(object, &mut verdict) {
                Some(reason) => Standing::Out(reason),
                None => self.address(object, &mut verdict),
            }
        } else {
            Standing::NotSelected
        };
        verdict
    }

    fn remarks(&self, object: &Object<'_>, verdict: &Verdict<'_>, address: &str) -> Vec<Remark> {
        let mut remarks = Vec::new();
        let options = verdict.rule.map(|rule| &self.settings.rules[rule].options);
        let sip_values = object.values(Attr::PROXY_ADDRESSES).filter_map(|value| {
            let text = std::str::from_utf8(&value.bytes).ok()?;
            Scheme::split(text).filter(|(scheme, _)| *scheme == Scheme::Sip).map(|(_, address)| address)
        });
        let former = object.text(Attr::PRIMARY_USER_ADDRESS).map(without_scheme).unwrap_or_default();
        let same = |a: &str, b: &str| sip::normalize(a) == sip::normalize(b);
        let extra: Vec<&str> =
            sip_values.clone().filter(|value| !same(value, address) && !same(value, former)).collect();
        if !extra.is_empty() {
            let what = format!("another `sip:` proxy address stays: {}", extra.join(", "));
            remarks.push(Remark::new(Warning, "sip-proxy-extra", Some(Attr::PROXY_ADDRESSES), what));
        }
        if !self.settings.proxy_address && !sip_values.clone().any(|value| same(value, address)) {
            let what = "proxyAddresses has no `sip:` value of the address, and none is written";
            let why = "Outlook and SharePoint look presence up by it";
            remarks.push(Remark::new(Warning, "no-proxy-address", None, what).note(why));
        }
        let is_off = options.is_some_and(|options| options.originator_sid == Some(OriginatorSid::Off));
        if is_off && linked_to(object).is_some() && !object.has(Attr::ORIGINATOR_SID) {
            let what = "the linked account has no msRTCSIP-OriginatorSid, and none is written";
            remarks.push(Remark::new(
                Warning,
                "originator-sid-missing",
                Some(Attr::MASTER_ACCOUNT_SID),
                what,
            ));
        }
        remarks
    }

    fn change(&self, object: &Object<'_>, rule: usize, given: Given<'_>) -> Change {
        let settings = self.settings;
        let options = &settings.rules[rule].options;
        let style = settings.style;
        let mut change = Change::default();
        let value = |attr: Attr| object.first(attr).map(|value| &*value.bytes);
        // What a user has keeps its value; a new user's is set.
        let is_new = given.address.is_some();
        let opens = |attr: Attr| is_new || !object.has(attr);
        let name = |attr| name_of(attr);

        if opens(Attr::USER_ENABLED) || settings.re_enable {
            change.set(
                name(Attr::USER_ENABLED),
                Matching::IgnoreCase,
                value(Attr::USER_ENABLED),
                b"TRUE",
                style,
            );
        }
        if let Some(address) = given.address {
            let uri = format!("sip:{address}");
            let before = value(Attr::PRIMARY_USER_ADDRESS);
            change.set(name(Attr::PRIMARY_USER_ADDRESS), Matching::Exact, before, uri.as_bytes(), style);
        }
        if let Some(pool) = given.pool {
            let dn = settings.pools[pool.index()].dn.as_bytes();
            match value(Attr::PRIMARY_HOME_SERVER) {
                // It named a pool that is gone: a directory does not take that back.
                Some(before) => change.set_for_good(name(Attr::PRIMARY_HOME_SERVER), before, dn, style),
                None => change.set(name(Attr::PRIMARY_HOME_SERVER), Matching::IgnoreCase, None, dn, style),
            }
        }
        // Integers are shared with other features: always guarded, bit by bit.
        let guarded = crate::change::Style::Guarded;
        if opens(Attr::OPTION_FLAGS) {
            let before = integer(object, Attr::OPTION_FLAGS);
            let after = option_flags(before.unwrap_or_default(), options);
            if after != before.unwrap_or_default() {
                let before = value(Attr::OPTION_FLAGS);
                change.set(
                    name(Attr::OPTION_FLAGS),
                    Matching::Exact,
                    before,
                    after.to_string().as_bytes(),
                    guarded,
                );
            }
        }
        if opens(Attr::ARCHIVING_ENABLED) {
            let before = integer(object, Attr::ARCHIVING_ENABLED);
            let after = archiving(before.unwrap_or_default(), options);
            if before != Some(after) {
                let before = value(Attr::ARCHIVING_ENABLED);
                change.set(
                    name(Attr::ARCHIVING_ENABLED),
                    Matching::Exact,
                    before,
                    after.to_string().as_bytes(),
                    guarded,
                );
            }
        }
        for (attr, wanted) in [
            (Attr::FEDERATION_ENABLED, options.federation),
            (Attr::INTERNET_ACCESS_ENABLED, options.remote_access),
        ] {
            if let Some(wanted) = wanted.filter(|_| opens(attr)) {
                let wanted: &[u8] = if wanted { b"TRUE" } else { b"FALSE" };
                change.set(name(attr), Matching::IgnoreCase, value(attr), wanted, style);
            }
        }
        if let Some(master) = linked_to(object)
            && !object.has(Attr::ORIGINATOR_SID)
            && options.originator_sid.unwrap_or_default() == OriginatorSid::Copy
        {
            change.set(name(Attr::ORIGINATOR_SID), Matching::Exact, None, &master, style);
        }
        let (removed, added) = proxy_addresses(object, given.address, settings.proxy_address);
        change.edit(name(Attr::PROXY_ADDRESSES), removed, added);
        change
    }
}

impl Enable<'_> {
    /// Why a selected user does not take part, by the order of the reasons; those that need all users come later.
    fn out(&self, object: &Object<'_>, verdict: &mut Verdict<'_>) -> Option<Reason> {
        let settings = self.settings;
        let is_true = |attr| object.has_value(attr, "TRUE");
        let account = integer64(object, Attr::USER_ACCOUNT_CONTROL).unwrap_or_default();
        if is_conflict(object) {
            return Some(Reason::REPLICATION_CONFLICT);
        }
        if object.cut.is_some_and(|(attr, _)| settings.needed.contains(&attr)) {
            return Some(Reason::VALUE_RANGE_INCOMPLETE);
        }
        if is_true(Attr::IS_CRITICAL_SYSTEM_OBJECT) {
            return Some(Reason::CRITICAL_OBJECT);
        }
        if account & INTERDOMAIN_TRUST != 0 || integer64(object, Attr::SAM_ACCOUNT_TYPE) == Some(TRUST) {
            return Some(Reason::TRUST_ACCOUNT);
        }
        if settings.safety.protect.iter().any(|base| ldif::dn::is_under_normalized(&object.normalized, base))
        {
            return Some(Reason::PROTECTED_BASE);
        }
        if settings.safety.protected_accounts == ProtectedAccounts::Skip && is_protected(object) {
            return Some(Reason::PROTECTED_ACCOUNT);
        }
        let is_linked = linked_to(object).is_some() || object.has(Attr::ORIGINATOR_SID);
        let master_is_self =
            object.first(Attr::MASTER_ACCOUNT_SID).is_some_and(|value| *sid(&value.bytes) == *SELF);
        let details = integer64(object, Attr::RECIPIENT_TYPE_DETAILS);
        if master_is_self || details.is_some_and(|details| RESOURCE_MAILBOXES.contains(&details)) {
            return Some(Reason::RESOURCE_MAILBOX);
        }
        let is_disabled = account & ACCOUNT_DISABLED != 0 || object.has_value(Attr::ENABLED, "FALSE");
        if is_disabled && !is_linked && settings.disabled_accounts == DisabledAccounts::Skip {
            return Some(Reason::ACCOUNT_DISABLED);
        }
        match verdict.rule {
            None => return Some(Reason::NO_RULE),
            Some(rule) if settings.rules[rule].skip => return Some(Reason::RULE_SKIP),
            Some(_) => {}
        }
        let has_address = object.has(Attr::PRIMARY_USER_ADDRESS);
        if has_address && settings.existing == Existing::Reject {
            verdict.remarks.push(
                Remark::new(
                    Severity::Error,
                    "sip-exists",
                    Some(Attr::PRIMARY_USER_ADDRESS),
                    "the user has an address already",
                )
                .hint("set [sip] existing to keep or replace"),
            );
            return Some(Reason::SIP_EXISTS);
        }
        if has_address && object.has_value(Attr::USER_ENABLED, "FALSE") && !settings.re_enable {
            return Some(Reason::OCS_DISABLED);
        }
        for attr in [Attr::OPTION_FLAGS, Attr::ARCHIVING_ENABLED] {
            if object.has(attr) && integer(object, attr).is_none() {
                let what = format!("`{}` is no 32-bit integer", settings.attributes.name(attr));
                verdict.remarks.push(Remark::new(Severity::Error, "flags-invalid", Some(attr), what));
                return Some(Reason::FLAGS_INVALID);
            }
        }
        None
    }

    /// The address that the user keeps or would get.
    fn address<'o>(&self, object: &'o Object<'_>, verdict: &mut Verdict<'o>) -> Standing<'o> {
        let kept = object.text(Attr::PRIMARY_USER_ADDRESS).map(without_scheme);
        match kept {
            Some(address) if self.settings.existing == Existing::Keep => {
                self.remark_kept(object, address, verdict);
                self.remark_home(verdict);
                Standing::Keeps(address)
            }
            _ => match self.settings.composer.candidate(object) {
                Ok(candidate) => {
                    self.remark_candidate(&candidate, verdict);
                    self.remark_home(verdict);
                    Standing::Claims(candidate)
                }
                Err(refusals) => {
                    let reason =
                        Reason::of_address(refusals.first().map_or("", |refusal| refusal.fault.code()));
                    verdict.remarks.extend(self.refused(&refusals));
                    Standing::Out(reason)
                }
            },
        }
    }

    /// The first format's refusal decides; those of the fallbacks stand beside it.
    fn refused(&self, refusals: &[Refusal<Attr>]) -> Option<Remark> {
        let (first, others) = refusals.split_first()?;
        let name = |attr| self.settings.attributes.name(attr);
        let mut remark = Remark::new(
            Severity::Error,
            first.fault.code(),
            Some(first.attribute),
            first.fault.what(name(first.attribute)),
        );
        remark.index = first.fault.at;
        remark.hint = first.fault.help(self.settings.composer.rules()).unwrap_or_default();
        let others: Vec<String> =
            others.iter().map(|other| other.fault.what(name(other.attribute))).collect();
        if !others.is_empty() {
            remark.note = format!("nor does a fallback give one: {}", others.join("; "));
        }
        Some(remark)
    }

    fn remark_candidate(&self, candidate: &Candidate<Attr>, verdict: &mut Verdict<'_>) {
        let name = |attr| self.settings.attributes.name(attr);
        for folded in &candidate.folded {
            let what = format!("`{}` folded to `{}`", folded.before, folded.after);
            verdict.remarks.push(Remark::new(Warning, "name-folded", Some(folded.attribute), what));
        }
        if sip::has_ampersand(&candidate.address) {
            let what = format!("`{}` holds `&`", candidate.address);
            let why = "a Lync Server 2013 front end with such a user does not start again (KB 2912334)";
            verdict.remarks.push(Remark::new(Warning, "sip-ampersand", None, what).note(why));
        }
        if let Some(refusal) = candidate.refusals.first() {
            let what =
                format!("a fallback gave the address, for {}", refusal.fault.what(name(refusal.attribute)));
            let mut remark = Remark::new(Note, "sip-fallback", Some(refusal.attribute), what);
            remark.index = refusal.fault.at;
            verdict.remarks.push(remark);
        }
        if let Some(domain) = &candidate.rehomed {
            let what = format!("the domain `{domain}` gave way to the first of the list");
            verdict.remarks.push(Remark::new(Note, "sip-rehomed", None, what));
        }
    }

    fn remark_kept(&self, object: &Object<'_>, address: &str, verdict: &mut Verdict<'_>) {
        let domains = &self.settings.composer.rules().domains;
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        if !domains.is_empty() && !domains.iter().any(|listed| listed.eq_ignore_ascii_case(domain)) {
            let what = format!("the domain `{domain}` of the address that is kept is not in the list");
            let mut remark = Remark::new(Warning, "domain-foreign", Some(Attr::PRIMARY_USER_ADDRESS), what);
            if let Some(near) = nearest(domain, domains.iter().map(String::as_str)) {
                remark.hint = format!("did you mean {near}");
            }
            verdict.remarks.push(remark);
        }
        let flags = integer(object, Attr::OPTION_FLAGS);
        if flags.is_some_and(|flags| flags & flags::ENHANCED_PRESENCE == 0) {
            let what = "bit 256 (enhanced presence) is not set, and Communicator does not sign in";
            let remark = Remark::new(Warning, "enhanced-presence-missing", Some(Attr::OPTION_FLAGS), what);
            verdict.remarks.push(remark.hint("set it with the wizard Configure Users"));
        }
    }

    fn remark_home(&self, verdict: &mut Verdict<'_>) {
        let attr = Some(Attr::PRIMARY_HOME_SERVER);
        match verdict.home {
            Home::Unknown => {
                let what = "nothing describes the user's pool, which is kept";
                let remark = Remark::new(Warning, "pool-unknown", attr, what);
                verdict
                    .remarks
                    .push(remark.hint("describe it in [[pool]], or give an export of the pools by --pools"));
            }
            Home::Gone => {
                verdict.remarks.push(Remark::new(Warning, "pool-gone", attr, "the user's pool is gone"))
            }
            Home::None | Home::Known(_) => {}
        }
    }
}

/// The values that leave and join proxyAddresses. Equal addresses are equal without case, and stay as they are.
fn proxy_addresses(object: &Object<'_>, new: Option<&str>, write: bool) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let former = object.text(Attr::PRIMARY_USER_ADDRESS).map(without_scheme);
    let Some(address) = new.or(former) else { return (Vec::new(), Vec::new()) };
    let is_sip = |value: &str, wanted: &str| {
        let sip = Scheme::split(value).filter(|(scheme, _)| *scheme == Scheme::Sip);
        sip.is_some_and(|(_, found)| sip::normalize(found) == sip::normalize(wanted))
    };
    let has = object.texts(Attr::PROXY_ADDRESSES).any(|value| is_sip(value, address));
    let leaves = former.filter(|former| new.is_some_and(|new| sip::normalize(new) != sip::normalize(former)));
    let removed = object
        .texts(Attr::PROXY_ADDRESSES)
        .filter(|value| leaves.is_some_and(|former| is_sip(value, former)));
    let removed = removed.map(|value| value.as_bytes().to_vec()).collect();
    let added = if has || !write { Vec::new() } else { vec![format!("sip:{address}").into_bytes()] };
    (removed, added)
}

/// The address of a SIP URI.
#[must_use]
pub fn without_scheme(uri: &str) -> &str {
    Scheme::split(uri).filter(|(scheme, _)| *scheme == Scheme::Sip).map_or(uri, |(_, address)| address)
}

fn option_flags(before: i32, options: &Options) -> i32 {
    let bits = [
        (flags::ENHANCED_PRESENCE, Some(options.enhanced_presence.unwrap_or(true))),
        (flags::PUBLIC_IM, options.public_im),
        (flags::ANONYMOUS_MEETINGS, options.anonymous_meetings),
    ];
    bits.into_iter().fold(before, |flags, (bit, wanted)| match wanted {
        Some(true) => flags | bit,
        Some(false) => flags & !bit,
        None => flags,
    })
}

fn archiving(before: i32, options: &Options) -> i32 {
    let wanted = match options.archiving {
        None => return before,
        Some(Archiving::None) => 0,
        Some(Archiving::Internal) => 4,
        Some(Archiving::Federated) => 8,
        Some(Archiving::All) => 12,
    };
    before & !ARCHIVING_BITS | wanted
}

fn integer64(object: &Object<'_>, attr: Attr) -> Option<i64> {
    object.text(attr)?.trim().parse().ok()
}

/// The directory's integer: 32 bits, signed.
fn integer(object: &Object<'_>, attr: Attr) -> Option<i32> {
    object.text(attr)?.parse().ok()
}

/// A deleted object: `CN=Ann\0ADEL:<GUID>`, or one that says so.
#[must_use]
pub fn is_deleted(object: &Object<'_>) -> bool {
    object.has_value(Attr::IS_DELETED, "TRUE") || object.normalized.contains("\ndel:")
}

/// A replication conflict: `CN=Ann\0ACNF:<GUID>`, or `\0CNF:` as some tools write it, whose `\0C` reads as one octet.
fn is_conflict(object: &Object<'_>) -> bool {
    object.normalized.contains("\ncnf:") || object.normalized.contains("\u{c}nf:")
}

/// Whether adminCount is 1: AdminSDHolder keeps the account's rights, and delegated importers are refused.
#[must_use]
pub fn is_protected(object: &Object<'_>) -> bool {
    integer64(object, Attr::ADMIN_COUNT) == Some(1)
}

/// The SID of the account that a linked mailbox belongs to, as octets.
fn linked_to(object: &Object<'_>) -> Option<Vec<u8>> {
    let master = sid(&object.first(Attr::MASTER_ACCOUNT_SID)?.bytes).into_owned();
    (master != SELF).then_some(master)
}

/// A user is of class user or inetOrgPerson and not a computer; an export that shows no classes shows account types.
fn is_user(object: &Object<'_>, settings: &Settings) -> bool {
    let is = |class| object.has_value(Attr::OBJECT_CLASS, class);
    if object.has(Attr::OBJECT_CLASS) {
        (is("user") || is("inetOrgPerson")) && !is("computer") || settings.contacts && is("contact")
    } else if object.has(Attr::SAM_ACCOUNT_TYPE) {
        integer64(object, Attr::SAM_ACCOUNT_TYPE) == Some(NORMAL_USER)
    } else {
        settings.absent.asserts(Attr::OBJECT_CLASS)
    }
}

fn name_of(attr: Attr) -> &'static str {
    attr.known_name()
}
