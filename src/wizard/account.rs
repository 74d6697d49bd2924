//! What an object's attributes say about the account, whatever the wizard.

use crate::object::{Attr, Object};
use crate::report::Reason;
use crate::schema::value::relative_id;
use crate::settings::Settings;

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

/// A user is of class user or inetOrgPerson and not a computer; an export that shows no classes shows account types.
pub(super) fn is_user(object: &Object<'_>, settings: &Settings) -> bool {
    let is = |class| object.has_value(Attr::OBJECT_CLASS, class);
    if object.has(Attr::OBJECT_CLASS) {
        (is("user") || is("inetOrgPerson")) && !is("computer") || settings.selection.contacts && is("contact")
    } else if object.has(Attr::SAM_ACCOUNT_TYPE) {
        object.integer(Attr::SAM_ACCOUNT_TYPE) == Some(NORMAL_USER)
    } else {
        settings.absent.asserts(Attr::OBJECT_CLASS)
    }
}

/// A deleted object: `CN=Ann\0ADEL:<GUID>`, or one that says so.
#[must_use]
pub fn is_deleted(object: &Object<'_>) -> bool {
    object.boolean(Attr::IS_DELETED) == Some(true) || object.normalized.contains("\ndel:")
}

/// A replication conflict: `CN=Ann\0ACNF:<GUID>`, or `\0CNF:` as some tools write it, whose `\0C` reads as one octet.
pub(super) fn is_conflict(object: &Object<'_>) -> bool {
    object.normalized.contains("\ncnf:") || object.normalized.contains("\u{c}nf:")
}

/// Whether Windows itself needs the object: one that says so, or an account of a relative identifier below 1000, which
/// Windows keeps for its own in each domain (500 Administrator, 501 Guest, 502 krbtgt).
pub(super) fn is_critical(object: &Object<'_>) -> bool {
    object.boolean(Attr::IS_CRITICAL_SYSTEM_OBJECT) == Some(true)
        || object.sid(Attr::OBJECT_SID).is_some_and(|sid| relative_id(&sid).is_some_and(|rid| rid < 1000))
}

/// Whether adminCount is other than 0: AdminSDHolder keeps the account's rights, and delegated importers are refused.
#[must_use]
pub fn is_protected(object: &Object<'_>) -> bool {
    object.integer(Attr::ADMIN_COUNT).is_some_and(|count| count != 0)
}

/// The account of a trust between domains.
pub(super) fn is_trust(object: &Object<'_>) -> bool {
    control(object) & INTERDOMAIN_TRUST != 0 || object.integer(Attr::SAM_ACCOUNT_TYPE) == Some(TRUST)
}

/// Nobody can sign in to Windows with it.
pub(super) fn is_disabled(object: &Object<'_>) -> bool {
    control(object) & ACCOUNT_DISABLED != 0 || object.boolean(Attr::ENABLED) == Some(false)
}

/// It stands for an account of another forest: a linked mailbox, or one that has its originator's SID.
pub(super) fn is_linked(object: &Object<'_>) -> bool {
    linked_to(object).is_some() || object.has(Attr::ORIGINATOR_SID)
}

/// A shared, room or equipment mailbox.
pub(super) fn is_resource(object: &Object<'_>) -> bool {
    let master_is_self = object.sid(Attr::MASTER_ACCOUNT_SID).is_some_and(|sid| *sid == *SELF);
    let details = object.integer(Attr::RECIPIENT_TYPE_DETAILS);
    master_is_self || details.is_some_and(|details| RESOURCE_MAILBOXES.contains(&details))
}

/// The SID of the account that a linked mailbox belongs to, as octets.
pub(super) fn linked_to(object: &Object<'_>) -> Option<Vec<u8>> {
    let master = object.sid(Attr::MASTER_ACCOUNT_SID)?.into_owned();
    (master != SELF).then_some(master)
}

/// Whether msRTCSIP-UserEnabled is TRUE.
pub(super) fn is_enabled(object: &Object<'_>) -> bool {
    object.boolean(Attr::USER_ENABLED) == Some(true)
}

/// Whether msRTCSIP-UserEnabled is FALSE: switched off, with all settings kept.
pub(super) fn is_switched_off(object: &Object<'_>) -> bool {
    object.boolean(Attr::USER_ENABLED) == Some(false)
}

/// Why a user is left alone whom only enabled users' wizards concern: not enabled, or switched off.
pub(super) fn not_in_use(object: &Object<'_>) -> Option<Reason> {
    if is_enabled(object) {
        None
    } else if is_switched_off(object) {
        Some(Reason::OCS_DISABLED)
    } else {
        Some(Reason::NOT_ENABLED)
    }
}

fn control(object: &Object<'_>) -> i64 {
    object.integer(Attr::USER_ACCOUNT_CONTROL).unwrap_or_default()
}
