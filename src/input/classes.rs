//! Accounts whose records lack their class or userAccountControl, or have a wrong class: export tools cut values off or
//! omit them.

use super::Finding;
use crate::language::{Text, text};
use crate::message::Severity;
use crate::object::{Attr, Object, Value};
use crate::schema::value::{self, NORMAL_ACCOUNT, NORMAL_USER};

/// An attribute that a record may lack although the export shows it of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    Class,
    /// Whether the account is disabled.
    Control,
}

impl Lack {
    /// The attributes of which one is enough.
    pub(crate) fn attributes(self) -> [Attr; 2] {
        match self {
            Self::Class => [Attr::OBJECT_CLASS, Attr::SAM_ACCOUNT_TYPE],
            Self::Control => [Attr::USER_ACCOUNT_CONTROL, Attr::ENABLED],
        }
    }

    /// Whether the object lacks these attributes.
    pub(crate) fn concerns(self, object: &Object<'_>) -> bool {
        self.attributes().into_iter().all(|attr| !object.has(attr))
    }

    /// Returns what the object lacks, if it is a user's account.
    pub(super) fn of_account(object: &Object<'_>) -> Option<Self> {
        if Self::Class.concerns(object) {
            is_account(object).then_some(Self::Class)
        } else {
            (Self::Control.concerns(object) && is_user(object)).then_some(Self::Control)
        }
    }

    /// Describes what a record lacks.
    pub(crate) fn what(self) -> Text {
        match self {
            Self::Class => text!(
                "the record is a user's account without objectClass, which the export shows for others",
                "l’enregistrement n’a pas d’objectClass, que l’export montre pour d’autres, et c’est le compte d’un utilisateur"
            ),
            Self::Control => text!(
                "the record has neither userAccountControl nor Enabled, which the export shows for others",
                "l’enregistrement n’a ni userAccountControl ni Enabled, que l’export montre pour d’autres"
            ),
        }
    }
}

/// Which of these attributes the records of an export show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShownOfAccounts([bool; 2]);

impl ShownOfAccounts {
    /// Notes the attributes that another part of the export shows.
    pub(crate) fn see(&mut self, is_shown: impl Fn(Lack) -> bool) {
        [Lack::Class, Lack::Control].into_iter().for_each(|lack| self.0[lack as usize] |= is_shown(lack));
    }

    pub(crate) fn has(self, lack: Lack) -> bool {
        self.0[lack as usize]
    }
}

/// Whether the classes are those of a user: contacts and computers are not.
pub(crate) fn is_user(object: &Object<'_>) -> bool {
    let has_class = |class| object.has_value(Attr::OBJECT_CLASS, class);
    (has_class("user") || has_class("inetOrgPerson")) && !has_class("computer")
}

/// Whether userAccountControl is checked: for a user, and for an object without a known class.
pub(super) fn is_controlled(object: &Object<'_>) -> bool {
    !object.has(Attr::OBJECT_CLASS) || is_user(object) || is_misclassed(object)
}

/// Whether this is a normal account without a class of one: the classes were cut off, or translated.
pub(crate) fn is_misclassed(object: &Object<'_>) -> bool {
    let has_class = |class| object.has_value(Attr::OBJECT_CLASS, class);
    let is_known = || ["user", "inetOrgPerson", "computer"].into_iter().any(has_class);
    object.has(Attr::OBJECT_CLASS) && !is_known() && is_account(object)
}

/// Whether anything other than the class shows a user's account: only accounts have Enabled, and a userAccountControl
/// that is not a number may be a user's.
pub(crate) fn is_account(object: &Object<'_>) -> bool {
    let is_number = |control: &Value<'_>| value::integer(control.bytes()).is_some();
    object.integer(Attr::USER_ACCOUNT_CONTROL).is_some_and(|flags| flags & NORMAL_ACCOUNT != 0)
        || object.first(Attr::USER_ACCOUNT_CONTROL).is_some_and(|control| !is_number(control))
        || object.integer(Attr::SAM_ACCOUNT_TYPE) == Some(NORMAL_USER)
        || object.has(Attr::ENABLED)
        // Groups also have an account type.
        || object.first(Attr::SAM_ACCOUNT_TYPE).is_some_and(Value::is_invalid)
            && !object.has_value(Attr::OBJECT_CLASS, "group")
}

/// Describes wrong classes of an account, and what to do about them.
pub(crate) fn wrong_classes() -> (Text, Text) {
    let what = text!(
        "`objectClass` names no user, and the account is one of a user",
        "`objectClass` ne désigne pas un utilisateur, et le compte en est un"
    );
    let help = text!(
        "export all values of objectClass, as the directory has them",
        "exportez toutes les valeurs d’objectClass, telles que l’annuaire les a"
    );
    (what, help)
}

/// Reports wrong classes of an account.
pub(super) fn misclassed(object: &Object<'_>) -> Option<Finding> {
    is_misclassed(object).then(|| {
        let (what, help) = wrong_classes();
        Finding::new(Severity::Error, "value-invalid", object.at, what).help(help)
    })
}
