//! *Enable Users for Communications Server*: an address, a pool, and the attributes that make a user sign in.
//!
//! What the wizard writes is known from an observed difference of a fresh user (see the README); nothing is taken
//! from a user who is enabled already.

use std::borrow::Cow;

use super::values::{self, same_address, without_scheme};
use super::{
    Claims, Given, Participation, Remark, Spec, Verdict, Wizard, account, registry::nothing, remark,
    ruled_out, validity,
};
use crate::change::{Change, Matching};
use crate::cli;
use crate::config::{Existing, OriginatorSid};
use crate::language::text;
use crate::message::Message;
use crate::message::Severity::{Error, Warning};
use crate::object::{Attr, Object};
use crate::pool::Home;
use crate::report::{Mode, Reason};
use crate::schema::value::sid;
use crate::select::{DisabledAccounts, ResourceMailboxes};
use crate::settings::{Scope, Settings};
use crate::sip;

/// What sets the wizard apart.
pub static SPEC: Spec = Spec {
    mode: Mode::Enable,
    scope: Scope { rules: true, places: true },
    claims: Claims::Sip,
    twin: None,
    needs,
    prepare: nothing,
};

/// The wizard, by these settings.
#[derive(Debug)]
pub struct Enable<'s> {
    settings: &'s Settings,
    /// Whether users disabled for Communications Server are enabled again.
    re_enable: bool,
}

impl<'s> Enable<'s> {
    /// The wizard as typed.
    #[must_use]
    pub fn new(settings: &'s Settings, args: &cli::EnableArgs) -> Self {
        Self { settings, re_enable: args.re_enable }
    }

    /// The wizard without flags of its own.
    #[must_use]
    pub fn plain(settings: &'s Settings) -> Self {
        Self { settings, re_enable: false }
    }
}

/// What the wizard reads or writes of users, and each input with users must therefore show.
fn needs(settings: &Settings) -> Vec<Attr> {
    let mut needed = vec![
        Attr::USER_ACCOUNT_CONTROL,
        Attr::PROXY_ADDRESSES,
        Attr::USER_ENABLED,
        Attr::PRIMARY_USER_ADDRESS,
        Attr::PRIMARY_HOME_SERVER,
        Attr::OPTION_FLAGS,
        Attr::ARCHIVING_ENABLED,
    ];
    needed.extend(values::access_named(settings));
    let mut options = settings.rules.iter().map(|rule| &rule.options);
    let copies = options.any(|options| options.originator_sid.unwrap_or_default() == OriginatorSid::Copy);
    if copies || settings.reading.list.is_some() {
        needed.push(Attr::ORIGINATOR_SID);
    }
    needed
}

impl sip::AttributeSource<Attr> for Object<'_> {
    fn first(&self, attribute: Attr) -> Option<std::borrow::Cow<'_, str>> {
        self.text(attribute).map(Into::into)
    }

    fn is_one_of_several(&self, attribute: Attr) -> bool {
        self.values(attribute).nth(1).is_some()
    }

    fn is_guessed(&self, attribute: Attr) -> bool {
        Object::first(self, attribute).is_some_and(|value| value.is_guessed)
    }
}

impl Wizard for Enable<'_> {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn settings(&self) -> &Settings {
        self.settings
    }

    fn position<'o>(&self, object: &'o Object<'_>, verdict: &mut Verdict<'o>) -> Participation<'o> {
        let standing = match self.out(object, verdict) {
            Some(reason) => Participation::Out(reason),
            None => self.address(object, verdict),
        };
        // A user who keeps the address also keeps a pool that is gone: `move` assigns a new one.
        let keeps = matches!(standing, Participation::Keeps(_));
        verdict.wants_pool = !(verdict.home.is_homed() || keeps && verdict.home == Home::Gone);
        if matches!(standing, Participation::Keeps(_) | Participation::Claims(_)) && !verdict.wants_pool {
            verdict.remarks.extend(remark::pool_kept(object, verdict.home, self.settings));
        }
        standing
    }

    fn warnings(&self) -> Vec<Message> {
        let names_line = self.settings.rules.iter().any(|rule| rule.options.line.is_some());
        let message = names_line.then(|| {
            let message = Message::warning(
                "line-not-written",
                text!(
                    "the options name a line, which `enable` does not write",
                    "les options nomment une ligne, que `enable` n’écrit pas"
                ),
            );
            message.help(text!(
                "run `userprep configure` on an export taken after the import",
                "lancez `userprep configure` sur un export fait après l’import"
            ))
        });
        message.into_iter().collect()
    }

    fn remarks(&self, object: &Object<'_>, verdict: &Verdict<'_>, address: &str) -> Vec<Remark> {
        let mut remarks = Vec::new();
        let former = object.text(Attr::PRIMARY_USER_ADDRESS).map(without_scheme).unwrap_or_default();
        let gone = if self.settings.addresses.proxy_address { former } else { address };
        remarks.extend(remark::extra_proxies(object, &[address, gone]));
        remarks.extend(remark::archiving_leftover(object));
        if !self.settings.addresses.proxy_address && !values::has_sip_value(object, address) {
            remarks.push(remark::no_proxy_address(None));
        }
        let options = verdict.rule.map(|rule| &self.settings.rules[rule].options);
        let is_off = options.is_some_and(|options| options.originator_sid == Some(OriginatorSid::Off));
        let is_missing =
            !object.has(Attr::ORIGINATOR_SID) && self.settings.reading.listed_originator(object).is_none();
        if is_off && account::linked_to(object).is_some() && is_missing {
            let what = text!(
                "the linked account has no msRTCSIP-OriginatorSid, and none is written",
                "le compte lié n’a pas de msRTCSIP-OriginatorSid, et aucun n’est écrit"
            );
            let attr = Some(Attr::MASTER_ACCOUNT_SID);
            remarks.push(Remark::new(Warning, "originator-sid-missing", attr, what));
        }
        remarks
    }

    fn change<'c>(&'c self, object: &'c Object<'_>, rule: usize, given: Given<'c>) -> Change<'c> {
        let settings = self.settings;
        let options = &settings.rules[rule].options;
        let style = settings.writing.style;
        let mut change = Change::default();
        // What a user has keeps its value; a new user's is set.
        let opens = |attr: Attr| given.claim.is_some() || !object.has(attr);
        if opens(Attr::USER_ENABLED) || self.re_enable {
            values::set_truth(&mut change, object, Attr::USER_ENABLED, true, style);
        }
        if let Some(address) = given.claim {
            let uri = ["sip:", address].concat();
            // To the letter, so that `case = "lower"` is written.
            let (attr, matching) = (Attr::PRIMARY_USER_ADDRESS, Matching::Exact);
            values::set(&mut change, object, attr, matching, uri.into_bytes(), style);
        }
        if let Some(pool) = given.pool {
            values::set_pool(&mut change, object, &settings.placement.pools[pool.index()], settings);
        }
        if opens(Attr::OPTION_FLAGS) {
            let presence = Some(options.enhanced_presence.unwrap_or(true));
            values::set_flags(&mut change, object, &values::bits(options, presence));
        }
        if opens(Attr::ARCHIVING_ENABLED) {
            values::set_archiving(&mut change, object, options.archiving);
        }
        values::set_access(&mut change, object, options, opens, style);
        let copies = options.originator_sid.unwrap_or_default() == OriginatorSid::Copy;
        let master = account::linked_to(object).filter(|_| copies);
        let listed = settings.reading.listed_originator(object).and_then(|text| sid(text.as_bytes()));
        if let Some(originator) = listed.map(Cow::into_owned).or(master)
            && !object.has(Attr::ORIGINATOR_SID)
        {
            values::set(&mut change, object, Attr::ORIGINATOR_SID, Matching::Exact, originator, style);
        }
        let former = object.text(Attr::PRIMARY_USER_ADDRESS).map(without_scheme);
        if settings.addresses.proxy_address {
            let leaves = former.filter(|former| given.claim.is_some_and(|new| !same_address(new, former)));
            values::set_proxy_address(&mut change, object, leaves, given.claim.or(former));
        }
        change
    }
}

impl Enable<'_> {
    /// Why a user takes no part in this wizard, by the order of the reasons; those that need all users come later.
    fn out(&self, object: &Object<'_>, verdict: &mut Verdict<'_>) -> Option<Reason> {
        let settings = self.settings;
        if account::is_system_mailbox(object) {
            return Some(Reason::SYSTEM_MAILBOX);
        }
        if settings.selection.resource_mailboxes == ResourceMailboxes::Skip && account::is_resource(object) {
            return Some(Reason::RESOURCE_MAILBOX);
        }
        let listed = settings.reading.listed_originator(object);
        let is_account = |text: &str| sid(text.as_bytes()).is_some_and(|sid| !account::is_self(&sid));
        if let Some(text) = listed.filter(|text| !is_account(text)) {
            let attr = settings.reading.list.as_ref().map(|list| list.originator_sid);
            let what =
                text!("`{text}` is not the SID of an account", "`{text}` n’est pas le SID d’un compte");
            let note = text!("an account's is written S-1-5-21-…", "celui d’un compte s’écrit S-1-5-21-…");
            verdict.remarks.push(Remark::new(Error, "value-invalid", attr, what).because(note));
            return Some(Reason::VALUE_INVALID);
        }
        let is_left_alone = settings.selection.disabled_accounts == DisabledAccounts::Skip;
        let is_linked = listed.is_some() || account::is_linked(object);
        if is_left_alone && account::is_disabled(object) && !is_linked {
            return Some(Reason::ACCOUNT_DISABLED);
        }
        if let Some(reason) = ruled_out(verdict, settings) {
            return Some(reason);
        }
        let has_address = object.has(Attr::PRIMARY_USER_ADDRESS);
        if has_address && settings.addresses.existing == Existing::Reject {
            let (what, attr) = (
                text!("the user has an address already", "l’utilisateur a déjà une adresse"),
                Some(Attr::PRIMARY_USER_ADDRESS),
            );
            let remark = Remark::new(Error, "sip-exists", attr, what);
            verdict.remarks.push(remark.help(text!(
                "set [sip] existing to keep or replace",
                "réglez [sip] existing sur keep ou replace"
            )));
            return Some(Reason::SIP_EXISTS);
        }
        (has_address && account::is_switched_off(object) && !self.re_enable).then_some(Reason::OCS_DISABLED)
    }

    /// The address that the user keeps or would get.
    fn address<'o>(&self, object: &'o Object<'_>, verdict: &mut Verdict<'o>) -> Participation<'o> {
        let settings = self.settings;
        if let Some(malformed) = validity::malformed_address(object, settings) {
            verdict.remarks.push(malformed);
            return Participation::Out(Reason::SIP_INVALID);
        }
        verdict.remarks.extend(account::suspected_mailbox(object).map(remark::mailbox_suspected));
        let kept = object.sip_address(Attr::PRIMARY_USER_ADDRESS);
        match kept.filter(|_| settings.addresses.existing == Existing::Keep) {
            Some(address) => {
                verdict.remarks.extend(remark::address_kept(object, address, settings));
                verdict.remarks.extend(remark::foreign_domain(address, settings));
                verdict.remarks.extend(remark::presence_missing(object));
                verdict.remarks.extend(remark::home(object, verdict.home));
                Participation::Keeps(address)
            }
            None => {
                let standing = compose(object, settings, verdict);
                if matches!(standing, Participation::Claims(_)) {
                    verdict.remarks.extend(remark::home(object, verdict.home));
                }
                standing
            }
        }
    }
}

/// The address that the rules of `[sip]` give.
pub(super) fn compose<'o>(
    object: &Object<'_>,
    settings: &Settings,
    verdict: &mut Verdict<'_>,
) -> Participation<'o> {
    match settings.addresses.composer.candidate(object) {
        Ok(candidate) => {
            verdict.remarks.extend(remark::candidate(&candidate, settings));
            Participation::Claims(candidate)
        }
        Err(refusals) => {
            verdict.remarks.extend(remark::refused(&refusals, settings));
            Participation::Out(Reason::of_address(
                refusals.first().map_or("", |refusal| refusal.fault.code()),
            ))
        }
    }
}
