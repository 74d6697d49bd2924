//! Facts about the account behind an object, the same for every wizard.

use memchr::memchr2;

use crate::input::classes::{self, Lack};
use crate::object::{Attr, Object, Value};
use crate::ocs::{ON_PREMISES, Recipient, is_named_like_exchange};
use crate::report::Reason;
use crate::schema::value::{self, NORMAL_USER, relative_id};
use crate::select::{Base, ResourceMailboxes};
use crate::settings::Settings;

/// userAccountControl bit: the account is disabled.
const ACCOUNT_DISABLED: i64 = 0x2;
/// userAccountControl bits: an account of a trust, a computer or a domain controller.
const TRUST_ACCOUNTS: i64 = 0x800 | 0x1000 | 0x2000;
/// sAMAccountType of a trust account (SAM_TRUST_ACCOUNT).
const TRUST: i64 = 805_306_370;
/// S-1-5-10 (SELF) in msExchMasterAccountSid marks a mailbox without a person who signs in.
const SELF: &[u8] = &[1, 1, 0, 0, 0, 0, 0, 5, 10, 0, 0, 0];

/// Whether the object is a user: of class user or inetOrgPerson and not a computer. Without classes, the account type
/// decides.
pub(super) fn is_user(object: &Object<'_>, settings: &Settings) -> bool {
    if object.has(Attr::OBJECT_CLASS) {
        is_of_users(object, settings.selection.contacts)
    } else if let Some(kind) = object.first(Attr::SAM_ACCOUNT_TYPE) {
        // A type that a spreadsheet has destroyed may be a user's: the object is rejected, not passed over.
        kind.is_invalid() || object.integer(Attr::SAM_ACCOUNT_TYPE) == Some(NORMAL_USER)
    } else {
        // An object without classes, where others show theirs, is rejected later, not passed over.
        settings.reading.absent.asserts(Attr::OBJECT_CLASS) || classes::is_account(object)
    }
}

/// Whether the classes of an object are a user's; with `contacts`, as in a central forest, contacts are users too.
/// Objects with wrong classes count as users, so that they are rejected and not passed over.
pub(crate) fn is_of_users(object: &Object<'_>, contacts: bool) -> bool {
    classes::is_user(object)
        || contacts && object.has_value(Attr::OBJECT_CLASS, "contact")
        || classes::is_misclassed(object)
}

/// Whether the object is deleted: it says so, or its DN has the mark, as in `CN=Ann\0ADEL:<GUID>`.
pub(crate) fn is_deleted(object: &Object<'_>) -> bool {
    object.boolean(Attr::IS_DELETED) == Some(true) || has_mark(object) && object.normalized.contains("\ndel:")
}

/// Whether the DN has the mark of a replication conflict: `CN=Ann\0ACNF:<GUID>`, or `\0CNF:` as some tools write it,
/// where `\0C` reads as one octet.
fn is_conflict(object: &Object<'_>) -> bool {
    has_mark(object) && (object.normalized.contains("\ncnf:") || object.normalized.contains("\u{c}nf:"))
}

/// Whether the DN may have a mark of Active Directory. Hardly any has, and this one search is cheaper than three.
fn has_mark(object: &Object<'_>) -> bool {
    memchr2(b'\n', b'\x0c', object.normalized.as_bytes()).is_some()
}

/// Whether Windows itself needs the object: it says so, or its relative identifier is below 1000, the range that
/// Windows reserves in each domain (500 Administrator, 501 Guest, 502 krbtgt).
fn is_critical(object: &Object<'_>) -> bool {
    object.boolean(Attr::IS_CRITICAL_SYSTEM_OBJECT) == Some(true)
        || object.sid(Attr::OBJECT_SID).is_some_and(|sid| relative_id(&sid).is_some_and(|rid| rid < 1000))
}

/// The reason why no command may change the account, if any.
pub(crate) fn excluded(object: &Object<'_>) -> Option<Reason> {
    if is_conflict(object) {
        Some(Reason::REPLICATION_CONFLICT)
    } else if is_critical(object) {
        Some(Reason::CRITICAL_OBJECT)
    } else {
        is_trust(object).then_some(Reason::TRUST_ACCOUNT)
    }
}

/// The reason why no wizard may change the user, if any: below a protected base, protected by AdminSDHolder where such
/// accounts are skipped, or homed online.
pub(crate) fn spared(object: &Object<'_>, protect: &[Base], skips_protected: bool) -> Option<Reason> {
    if protect.iter().any(|base| base.holds(object)) {
        Some(Reason::PROTECTED_BASE)
    } else if skips_protected && is_protected(object) {
        Some(Reason::PROTECTED_ACCOUNT)
    } else {
        is_online(object).then_some(Reason::HOMED_ONLINE)
    }
}

/// Whether objectSid is not the SID of a domain account, so that it does not show whether Windows needs the account.
pub(crate) fn is_unidentified(object: &Object<'_>) -> bool {
    let relative = |sid: &Value<'_>| value::sid(sid.bytes()).and_then(|octets| relative_id(&octets));
    // Of two SIDs, either may be the right one: both are invalid.
    let is_account = |sid: &Value<'_>| !sid.is_invalid() && relative(sid).is_some();
    !object.values(Attr::OBJECT_SID).all(is_account)
}

/// Whether adminCount is not 0: AdminSDHolder resets the account's permissions, so delegated importers are refused.
pub(crate) fn is_protected(object: &Object<'_>) -> bool {
    object.integer(Attr::ADMIN_COUNT).is_some_and(|count| count != 0)
}

/// Whether the account belongs to a trust, or to a machine whose classes do not say so.
fn is_trust(object: &Object<'_>) -> bool {
    control(object) & TRUST_ACCOUNTS != 0 || object.integer(Attr::SAM_ACCOUNT_TYPE) == Some(TRUST)
}

/// Whether the record of an account lacks the attribute that says whether it is disabled. Contacts are not accounts.
pub(crate) fn is_uncontrolled(object: &Object<'_>) -> bool {
    Lack::Control.concerns(object) && !object.has_value(Attr::OBJECT_CLASS, "contact")
}

/// Whether the Windows account is disabled.
pub(crate) fn is_disabled(object: &Object<'_>) -> bool {
    control(object) & ACCOUNT_DISABLED != 0 || object.boolean(Attr::ENABLED) == Some(false)
}

/// Whether the account is disabled and not linked to another one to sign in with.
pub(crate) fn is_out_of_use(object: &Object<'_>) -> bool {
    is_disabled(object) && !is_linked(object)
}

/// Whether the account is linked to one of another forest: by its mailbox or by msRTCSIP-OriginatorSid.
fn is_linked(object: &Object<'_>) -> bool {
    linked_to(object).is_some() || object.sid(Attr::ORIGINATOR_SID).is_some_and(|sid| !is_self(&sid))
}

/// Whether a SID is SELF, which is never another account's.
pub(super) fn is_self(sid: &[u8]) -> bool {
    sid == SELF
}

/// Whether the user is homed online or in another deployment, which manages them.
pub(super) fn is_online(object: &Object<'_>) -> bool {
    object.text(Attr::DEPLOYMENT_LOCATOR).is_some_and(|locator| !locator.eq_ignore_ascii_case(ON_PREMISES))
}

fn recipient(object: &Object<'_>) -> Recipient {
    object.integer(Attr::RECIPIENT_TYPE_DETAILS).map_or(Recipient::Person, Recipient::of)
}

/// The reason not to enable a mailbox, if any: it is Exchange's own, or a resource where those are skipped.
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

/// Returns the name of a mailbox that may be Exchange's own, if the export does not show the mailbox type.
pub(super) fn suspected_mailbox<'o>(object: &'o Object<'_>) -> Option<&'o str> {
    if object.has(Attr::RECIPIENT_TYPE_DETAILS) {
        return None;
    }
    let rdn = object.dn.split_once('=').map(|(_, rest)| rest);
    let mut names = object.text(Attr::SAM_ACCOUNT_NAME).into_iter().chain(rdn);
    let name = names.find(|name| is_named_like_exchange(name))?;
    name.split(',').next()
}

/// Whether the mailbox is shared, a room or equipment.
fn is_resource(object: &Object<'_>) -> bool {
    object.sid(Attr::MASTER_ACCOUNT_SID).is_some_and(|sid| *sid == *SELF)
        || recipient(object) == Recipient::Resource
}

/// Returns the SID, as octets, of the account that a linked mailbox belongs to.
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

/// The reason why wizards for enabled users skip the user, if any: not enabled, or switched off.
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
    /// An attribute, one of its values, and whether that value alone satisfies the predicate.
    type Marker = (Attr, &'static str, bool);

    fn object<'o>(values: &[(Attr, &'o str)]) -> Object<'o> {
        let mut object = Object::new("CN=Ann,DC=contoso,DC=com".into(), 0).unwrap();
        object.values.extend(values.iter().map(|&(attr, text)| Value::of_text(attr, text, 0)));
        object
    }

    /// Each marker alone satisfies its predicate, and its neighbours do not: a predicate that needs two of them fails
    /// here.
    #[test]
    fn each_marker_alone_satisfies_its_predicate() {
        const MASTER: Attr = Attr::MASTER_ACCOUNT_SID;
        const DETAILS: Attr = Attr::RECIPIENT_TYPE_DETAILS;
        const CONTROL: Attr = Attr::USER_ACCOUNT_CONTROL;
        const TYPE: Attr = Attr::SAM_ACCOUNT_TYPE;
        const CRITICAL: Attr = Attr::IS_CRITICAL_SYSTEM_OBJECT;
        let rules: [(&str, Rule, &[Marker]); 15] = [
            (
                "unidentified",
                is_unidentified,
                &[
                    (Attr::OBJECT_SID, "S-1-5-21-1-2-3-1001", false),
                    (Attr::OBJECT_SID, "S-1-5-32-544", true),
                    (Attr::OBJECT_SID, "1001", true),
                    (MASTER, "S-1-5-32-544", false),
                ],
            ),
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
    fn a_shown_mailbox_type_leaves_no_suspicion() {
        let named = (Attr::SAM_ACCOUNT_NAME, "HealthMailbox1f2e");
        assert!(suspected_mailbox(&object(&[named, (Attr::RECIPIENT_TYPE_DETAILS, "1")])).is_none());
    }

    #[test]
    fn deleted_and_conflicting_objects_are_known_by_their_names() {
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
