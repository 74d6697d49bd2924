//! Accounts of users whose records do not say so by their classes: export tools cut them off, or leave them out.

use super::Finding;
use crate::language::{Text, text};
use crate::message::Severity;
use crate::object::Attr;
use crate::schema::value::{self, NORMAL_ACCOUNT, NORMAL_USER};

/// What a record says of its class, by one value after the other.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ClassMarks {
    /// Whether it has classes, and one of those that have accounts is among them.
    has_class: bool,
    is_known: bool,
    /// Whether it has a sAMAccountType, which takes the place of the class.
    has_type: bool,
    /// Whether something else than a class says that it is the account of a user.
    is_account: bool,
}

/// The classes that have accounts.
const CLASSES: [&[u8]; 3] = [b"user", b"inetOrgPerson", b"computer"];

impl ClassMarks {
    /// The attributes that it looks at.
    pub(super) const SEEN: [Attr; 4] =
        [Attr::OBJECT_CLASS, Attr::SAM_ACCOUNT_TYPE, Attr::USER_ACCOUNT_CONTROL, Attr::ENABLED];

    pub(super) fn see(&mut self, attr: Attr, octets: &[u8]) {
        match attr {
            Attr::OBJECT_CLASS => {
                self.has_class = true;
                self.is_known |= CLASSES.iter().any(|class| class.eq_ignore_ascii_case(octets));
            }
            Attr::SAM_ACCOUNT_TYPE => {
                self.has_type = true;
                self.is_account |= value::integer(octets) == Some(NORMAL_USER);
            }
            Attr::USER_ACCOUNT_CONTROL => {
                self.is_account |= value::integer(octets).is_some_and(|flags| flags & NORMAL_ACCOUNT != 0);
            }
            Attr::ENABLED => self.is_account = true,
            _ => {}
        }
    }

    pub(super) fn has_class(self) -> bool {
        self.has_class
    }

    /// Whether it is an account and shows nothing of its class.
    pub(super) fn lacks_class(self) -> bool {
        self.is_account && !self.has_class && !self.has_type
    }

    /// Whether it is an account, and no class of its makes it one.
    pub(super) fn is_misclassed(self) -> bool {
        self.is_account && self.has_class && !self.is_known
    }
}

/// That an account shows no class.
pub(crate) fn missing() -> Text {
    text!(
        "the record has no objectClass, which the export shows of others, and is the account of a user",
        "l’enregistrement n’a pas d’objectClass, que l’export montre pour d’autres, et c’est le compte d’un utilisateur"
    )
}

/// That the classes of an account are others than a user has, and what to do about it.
pub(crate) fn wrong() -> (Text, Text) {
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

/// That the account which begins here has other classes than a user's.
pub(super) fn misclassed(at: usize) -> Finding {
    let (what, help) = wrong();
    Finding::new(Severity::Error, "value-invalid", at, what).help(help)
}
