//! Accounts of users whose records lack a class, another's or userAccountControl: export tools cut values off, or leave them
//! out.

use super::Finding;
use crate::language::{Text, text};
use crate::message::Severity;
use crate::object::Attr;
use crate::schema::value::{self, NORMAL_ACCOUNT, NORMAL_USER};

/// What a record of an account may lack that an export shows of others.
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

    /// That a record lacks it.
    pub(crate) fn what(self) -> Text {
        match self {
            Self::Class => text!(
                "the record has no objectClass, which the export shows of others, and is the account of a user",
                "l’enregistrement n’a pas d’objectClass, que l’export montre pour d’autres, et c’est le compte d’un utilisateur"
            ),
            Self::Control => text!(
                "the record has neither userAccountControl nor Enabled, which the export shows of others",
                "l’enregistrement n’a ni userAccountControl ni Enabled, que l’export montre pour d’autres"
            ),
        }
    }
}

/// Which of what an account may lack the records of an export show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShownOfAccounts([bool; 2]);

impl ShownOfAccounts {
    pub(crate) fn see(&mut self, is_shown: impl Fn(Lack) -> bool) {
        [Lack::Class, Lack::Control].into_iter().for_each(|lack| self.0[lack as usize] |= is_shown(lack));
    }

    pub(crate) fn has(self, lack: Lack) -> bool {
        self.0[lack as usize]
    }
}

/// What a record says of its class and its control, by one value after the other.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ClassMarks {
    /// Whether it has classes, and one of those that have accounts is among them.
    has_class: bool,
    is_known: bool,
    /// Whether it has a sAMAccountType, which takes the place of the class.
    has_type: bool,
    /// Whether something else than a class says that it is the account of a user.
    is_account: bool,
    /// Whether its classes make it a user, or a computer, which is one, too.
    is_user: bool,
    is_computer: bool,
    has_control: bool,
}

/// The classes that have accounts.
const CLASSES: [&[u8]; 3] = [b"user", b"inetOrgPerson", b"computer"];

impl ClassMarks {
    pub(super) fn see(&mut self, attr: Attr, octets: &[u8]) {
        match attr {
            Attr::OBJECT_CLASS => {
                self.has_class = true;
                let is = |class: &&[u8]| class.eq_ignore_ascii_case(octets);
                self.is_known |= CLASSES.iter().any(is);
                self.is_user |= CLASSES[..2].iter().any(is);
                self.is_computer |= CLASSES[2..].iter().any(is);
            }
            Attr::SAM_ACCOUNT_TYPE => {
                self.has_type = true;
                self.is_account |= value::integer(octets) == Some(NORMAL_USER);
            }
            Attr::USER_ACCOUNT_CONTROL => {
                self.has_control = true;
                self.is_account |= value::integer(octets).is_some_and(|flags| flags & NORMAL_ACCOUNT != 0);
            }
            Attr::ENABLED => (self.has_control, self.is_account) = (true, true),
            _ => {}
        }
    }

    /// Whether it shows what others may lack.
    pub(super) fn shows(self, lack: Lack) -> bool {
        match lack {
            Lack::Class => self.has_class || self.has_type,
            Lack::Control => self.has_control,
        }
    }

    /// What the account of a user lacks.
    pub(super) fn lack(self) -> Option<Lack> {
        let is_user = self.is_user && !self.is_computer;
        let lacks_class = self.is_account && !self.shows(Lack::Class);
        let lacks_control = is_user && !self.shows(Lack::Control);
        lacks_class.then_some(Lack::Class).or(lacks_control.then_some(Lack::Control))
    }

    /// Whether it is an account, and no class of its makes it one.
    pub(super) fn is_misclassed(self) -> bool {
        self.is_account && self.has_class && !self.is_known
    }
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
