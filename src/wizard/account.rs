//! What an object's attributes say about the account, whatever the wizard.

use memchr::memchr2;

use crate::input::classes::{self, Lack};
use crate::object::{Attr, Object, Value};
use crate::ocs::{ON_PREMISES, Recipient, is_named_like_exchange};
use crate::report::Reason;
use crate::schema::value::{self, NORMAL_USER, relative_id};
use crate::select::{Base, ResourceMailboxes};
use crate::settings::Settings;

/// userAccountControl: the account is disabled.
const ACCOUNT_DISABLED: i64 = 0x2;
/// userAccountControl: the account of a trust between domains, of a computer, or of a domain controller.
const TRUST_ACCOUNTS: i64 = 0x800 | 0x1000 | 0x2000;
/// sAMAccountType of trusts (SAM_TRUST_ACCOUNT).
const TRUST: i64 = 805_306_370;
/// S-1-5-10 (SELF) as msExchMasterAccountSid: a mailbox that nobody signs in to.
const SELF: &[u8] = &[1, 1, 0, 0, 0, 0, 0, 5, 10, 0, 0, 0];

/// A user is of class user or inetOrgPerson and not a computer; an export that shows no classes shows account types.
pub(super) fn is_user(object: &Object<'_>, settings: &Settings) -> bool {
    if object.has(Attr::OBJECT_CLASS) {
        is_of_users(object, settings.selection.contacts)
    } else if let Some(kind) = object.first(Attr::SAM_ACCOUNT_TYPE) {
        // One that a spreadsheet has destroyed may be a user's: it is rejected for it, not passed over.
        kind.is_invalid() || object.integer(Attr::SAM_ACCOUNT_TYPE) == Some(NORMAL_USER)
    } else {
        // One that lacks the class is rejected for it where others show theirs.
        settings.reading.absent.asserts(Attr::OBJECT_CLASS) || classes::is_account(object)
    }
}

/// Whether the classes, which the object shows, are those of a user; `contacts` are users in a central forest. One whose
/// classes are wrong is rejected for it, not passed over.
pub(crate) fn is_of_users(object: &Object<'_>, contacts: bool) -> bool {
    classes::is_user(object)
        || contacts && object.has_value(Attr::OBJECT_CLASS, "contact")
        || classes::is_misclassed(object)
}

/// A deleted object: `CN=Ann\0ADEL:<GUID>`, or one that says so.
pub(crate) fn is_deleted(object: &Object<'_>) -> bool {
    object.boolean(Attr::IS_DELETED) == Some(true) || has_mark(object) && object.normalized.contains("\ndel:")
}

/// A replication conflict: `CN=Ann\0ACNF:<GUID>`, or `\0CNF:` as some tools write it, whose `\0C` reads as one octet.
fn is_conflict(object: &Object<'_>) -> bool {
    has_mark(object) && (object.normalized.contains("\ncnf:") || object.normalized.contains("\u{c}nf:"))
}

/// Whether the DN may have a mark of Active Directory. Nearly none has, and one look at a name takes less than three.
fn has_mark(object: &Object<'_>) -> bool {
    memchr2(b'\n', b'\x0c', object.normalized.as_bytes()).is_some()
}

/// Whether Windows itself needs the object: one that says so, or an account of a relative identifier below 1000, which
/// Windows keeps for its own in each domain (500 Administrator, 501 Guest, 502 krbtgt).
fn is_critical(object: &Object<'_>) -> bool {
    object.boolean(Attr::IS_CRITICAL_SYSTEM_OBJECT) == Some(true)
        || object.sid(Attr::OBJECT_SID).is_some_and(|sid| relative_id(&sid).is_some_and(|rid| rid < 1000))
}

/// Why an account is no person's to have changed, whoever asks.
pub(crate) fn excluded(object: &Object<'_>) -> Option<Reason> {
    if is_conflict(object) {
        Some(Reason::REPLICATION_CONFLICT)
    } else if is_critical(object) {
        Some(Reason::CRITICAL_OBJECT)
    } else {
        is_trust(object).then_some(Reason::TRUST_ACCOUNT)
    }
}

/// Why a user is left alone by whatever changes anything: below a protected base, watched over by AdminSDHolder where
/// such accounts are skipped, or homed elsewhere.
pub(crate) fn spared(object: &Object<'_>, protect: &[Base], skips_protected: bool) -> Option<Reason> {
    if protect.iter().any(|base| base.holds(object)) {
        Some(Reason::PROTECTED_BASE)
    } else if skips_protected && is_protected(object) {
        Some(Reason::PROTECTED_ACCOUNT)
    } else {
        is_online(object).then_some(Reason::HOMED_ONLINE)
    }
}

/// Whether objectSid alone could say that Windows needs the account, and is no SID of an account of a domain.
pub(crate) fn is_unidentified(object: &Object<'_>) -> bool {
    let is_account = |sid: &Value<'_>| value::sid(sid.bytes()).is_some_and(|sid| relative_id(&sid).is_some());
    // Of two, nobody knows which it is.
    let is_unclear = |sid: &Value<'_>| sid.is_invalid() || !is_account(sid);
    !object.has(Attr::IS_CRITICAL_SYSTEM_OBJECT) && object.values(Attr::OBJECT_SID).any(is_unclear)
}

/// Whether adminCount is other than 0: AdminSDHolder keeps the account's rights, and delegated importers are refused.
pub(crate) fn is_protected(object: &Object<'_>) -> bool {
    object.integer(Attr::ADMIN_COUNT).is_some_and(|count| count != 0)
}

/// The account of a trust between domains, or of a machine that no class says to be one.
fn is_trust(object: &Object<'_>) -> bool {
    control(object) & TRUST_ACCOUNTS != 0 || object.integer(Attr::SAM_ACCOUNT_TYPE) == Some(TRUST)
}

/// An account, which a contact is not, of which the record does not show whether it is disabled.
pub(crate) fn is_uncontrolled(object: &Object<'_>) -> bool {
    Lack::Control.is_of(object) && !object.has_value(Attr::OBJECT_CLASS, "contact")
}

/// Nobody can sign in to Windows with it.
pub(crate) fn is_disabled(object: &Object<'_>) -> bool {
    control(object) & ACCOUNT_DISABLED != 0 || object.boolean(Attr::ENABLED) == Some(false)
}

/// Nobody can sign in with it, nor with an account that it stands for.
pub(crate) fn is_out_of_use(object: &Object<'_>) -> bool {
    is_disabled(object) && !is_linked(object)
}

/// It stands for an account of another forest: a linked mailbox, or one that has its originator's SID.
fn is_linked(object: &Object<'_>) -> bool {
    linked_to(object).is_some() || object.sid(Attr::ORIGINATOR_SID).is_some_and(|sid| !is_self(&sid))
}

/// Whether a SID is that of whoever signs in, which is no account that another could stand for.
pub(super) fn is_self(sid: &[u8]) -> bool {
    sid == SELF
}

/// Homed online, or in another deployment: what Communications Server would do to it, others decide.
pub(super) fn is_online(object: &Object<'_>) -> bool {
    object.text(Attr::DEPLOYMENT_LOCATOR).is_some_and(|locator| !locator.eq_ignore_ascii_case(ON_PREMISES))
}

fn recipient(object: &Object<'_>) -> Recipient {
    object.integer(Attr::RECIPIENT_TYPE_DETAILS).map_or(Recipient::Person, Recipient::of)
}

/// Why a mailbox is not enabled: it is one of Exchange itself, or of no person, where those are skipped.
pub(crate) fn mailbox_out(object: &Object<'_>, resources: ResourceMailboxes) -> Option<Reason> {
    if is_system_mailbox(object) {
        Some(Reason::SYSTEM_MAILBOX)
    } else {
        (resources == ResourceMailboxes::Skip && is_resource(object)).then_some(Reason::RESOURCE_MAILBOX)
    }
}

fn is_system_mailbox(object: &Object<'_>) -> bool {
    recipient(object) == Recipient::System
}

/// The name of what may be a mailbox of Exchange itself, where the export does not show what the mailbox is for.
pub(super) fn suspected_mailbox<'o>(object: &'o Object<'_>) -> Option<&'o str> {
    if object.has(Attr::RECIPIENT_TYPE_DETAILS) {
        return None;
    }
    let rdn = object.dn.split_once('=').map(|(_, rest)| rest);
    let mut names = object.text(Attr::SAM_ACCOUNT_NAME).into_iter().chain(rdn);
    let name = names.find(|name| is_named_like_exchange(name))?;
    name.split(',').next()
}

/// A mailbox that no person signs in to: a shared, room or equipment mailbox.
fn is_resource(object: &Object<'_>) -> bool {
    object.sid(Attr::MASTER_ACCOUNT_SID).is_some_and(|sid| *sid == *SELF)
        || recipient(object) == Recipient::Resource
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

/// Why wizards for enabled users skip a user: not enabled, or switched off.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Value;

    type Rule = fn(&Object<'_>) -> bool;
    /// An attribute, a value of it, and whether that alone makes the account what the rule asks for.
    type Marker = (Attr, &'static str, bool);

    fn object<'o>(values: &[(Attr, &'o str)]) -> Object<'o> {
        let mut object = Object::new("CN=Ann,DC=contoso,DC=com".into(), 0).unwrap();
        object.values.extend(values.iter().map(|&(attr, text)| Value::of_text(attr, text, 0)));
        object
    }

    /// Each marker alone is enough, and its neighbours are not: a rule that asks for two of them at once fails here.
    #[test]
    fn each_marker_alone_makes_the_account_what_it_is() {
        const MASTER: Attr = Attr::MASTER_ACCOUNT_SID;
        const DETAILS: Attr = Attr::RECIPIENT_TYPE_DETAILS;
        const CONTROL: Attr = Attr::USER_ACCOUNT_CONTROL;
        const TYPE: Attr = Attr::SAM_ACCOUNT_TYPE;
        const CRITICAL: Attr = Attr::IS_CRITICAL_SYSTEM_OBJECT;
        let rules: [(&str, Rule, &[Marker]); 14] = [
            (
                "resource",
                is_resource,
                &[
                    (MASTER, "S-1-5-10", true),
                    (MASTER, "S-1-5-21-1-2-3-1001", false),
                    (DETAILS, "4", true),
                    (DETAILS, "34359738368", true),
                    (DETAILS, "1", false),
                    (DETAILS, "16384", false),
                ],
            ),
            (
                "system",
                is_system_mailbox,
                &[(DETAILS, "16384", true), (DETAILS, "4", false), (MASTER, "S-1-5-10", false)],
            ),
            (
                "linked",
                is_linked,
                &[
                    (MASTER, "S-1-5-21-1-2-3-1001", true),
                    (MASTER, "S-1-5-10", false),
                    (Attr::ORIGINATOR_SID, "S-1-5-21-1-2-3-1001", true),
                    (Attr::ORIGINATOR_SID, "S-1-5-10", false),
                ],
            ),
            (
                "trust",
                is_trust,
                &[
                    (CONTROL, "2080", true),
                    (CONTROL, "2050", true),
                    (CONTROL, "512", false),
                    (TYPE, "805306370", true),
                    (TYPE, "805306368", false),
                ],
            ),
            (
                "disabled",
                is_disabled,
                &[
                    (CONTROL, "514", true),
                    (CONTROL, "66050", true),
                    (CONTROL, "512", false),
                    (Attr::ENABLED, "FALSE", true),
                    (Attr::ENABLED, "TRUE", false),
                ],
            ),
            (
                "critical",
                is_critical,
                &[
                    (CRITICAL, "TRUE", true),
                    (CRITICAL, "FALSE", false),
                    (Attr::OBJECT_SID, "S-1-5-21-1-2-3-500", true),
                    (Attr::OBJECT_SID, "S-1-5-21-1-2-3-999", true),
                    (Attr::OBJECT_SID, "S-1-5-21-1-2-3-1000", false),
                    (Attr::OBJECT_SID, "S-1-5-21-1-2-500", false),
                ],
            ),
            (
                "unidentified",
                is_unidentified,
                &[
                    (Attr::OBJECT_SID, "S-1-5-21-1-2-3-500", false),
                    (Attr::OBJECT_SID, "S-1-5-21", true),
                    (Attr::OBJECT_SID, "S-1-5-21-1-2-3-50...", true),
                    (Attr::OBJECT_SID, "1.05E+20", true),
                ],
            ),
            (
                "protected",
                is_protected,
                &[
                    (Attr::ADMIN_COUNT, "1", true),
                    (Attr::ADMIN_COUNT, "2", true),
                    (Attr::ADMIN_COUNT, "-1", true),
                    (Attr::ADMIN_COUNT, "0", false),
                ],
            ),
            ("deleted", is_deleted, &[(Attr::IS_DELETED, "TRUE", true), (Attr::IS_DELETED, "FALSE", false)]),
            (
                "online",
                is_online,
                &[
                    (Attr::DEPLOYMENT_LOCATOR, "SRV:", false),
                    (Attr::DEPLOYMENT_LOCATOR, "srv:", false),
                    (Attr::DEPLOYMENT_LOCATOR, "sipfed.online.lync.com", true),
                ],
            ),
            (
                "uncontrolled",
                is_uncontrolled,
                &[
                    (Attr::OBJECT_CLASS, "user", true),
                    (Attr::OBJECT_CLASS, "contact", false),
                    (CONTROL, "512", false),
                    (Attr::ENABLED, "TRUE", false),
                ],
            ),
            (
                "enabled",
                is_enabled,
                &[(Attr::USER_ENABLED, "true", true), (Attr::USER_ENABLED, "FALSE", false)],
            ),
            (
                "switched off",
                is_switched_off,
                &[(Attr::USER_ENABLED, "FALSE", true), (Attr::USER_ENABLED, "TRUE", false)],
            ),
            (
                "suspected",
                |object| suspected_mailbox(object).is_some(),
                &[
                    (Attr::SAM_ACCOUNT_NAME, "HealthMailbox1f2e", true),
                    (Attr::SAM_ACCOUNT_NAME, "ann", false),
                    (DETAILS, "1", false),
                ],
            ),
        ];
        for (name, rule, markers) in rules {
            for &(attr, value, expect) in markers {
                assert_eq!(rule(&object(&[(attr, value)])), expect, "{name}: {} {value}", attr.known_name());
            }
            assert_eq!(rule(&object(&[])), name == "uncontrolled", "{name}: nothing at all");
        }
    }

    #[test]
    fn an_export_that_shows_what_mailboxes_are_for_leaves_nothing_to_suspect() {
        let named = (Attr::SAM_ACCOUNT_NAME, "HealthMailbox1f2e");
        assert!(suspected_mailbox(&object(&[named, (Attr::RECIPIENT_TYPE_DETAILS, "1")])).is_none());
    }

    #[test]
    fn what_is_deleted_or_in_conflict_says_so_in_its_name() {
        for (dn, expect) in [
            ("CN=Ann\\0ADEL:1,DC=com", (true, false)),
            ("CN=Ann\\0ACNF:1,DC=com", (false, true)),
            ("CN=Ann\\0CNF:1,DC=com", (false, true)),
            ("CN=Ann,DC=com", (false, false)),
        ] {
            let object = Object::new(dn.into(), 0).unwrap();
            assert_eq!((is_deleted(&object), is_conflict(&object)), expect, "{dn}");
        }
    }
}
