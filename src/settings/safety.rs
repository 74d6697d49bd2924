//! What stops a run, and which accounts are left alone.

use super::compiler::Compiler;
use crate::config::ProtectedAccounts;
use crate::flags;
use crate::language::text;
use crate::select::Base;

/// What stops a run, and which accounts are left alone.
#[derive(Clone, Debug, Default)]
pub struct Safety {
    /// How accounts whose adminCount is not 0 are treated.
    pub protected_accounts: ProtectedAccounts,
    pub protect: Vec<Base>,
    /// The maximum number of users that may change.
    pub max_changes: Option<u64>,
    /// The maximum number or share of users that may be rejected.
    pub max_rejects: Option<Share>,
    /// Whether more than half of the existing addresses may be replaced.
    pub replace_many: bool,
}

/// A number, or a share of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    Number(u64),
    /// In thousandths of a percent of the whole.
    Percent(u64),
}

impl Share {
    /// Whether a part of a whole exceeds the share.
    pub fn is_exceeded(self, part: u64, whole: u64) -> bool {
        match self {
            Self::Number(most) => part > most,
            Self::Percent(thousandths) => {
                u128::from(part) * 100_000 > u128::from(thousandths) * u128::from(whole)
            }
        }
    }

    /// Parses a number or a percentage with up to three decimal places.
    fn parse(text: &str) -> Option<Self> {
        let Some(percent) = text.trim().strip_suffix('%') else {
            return text.trim().parse().ok().map(Self::Number);
        };
        let (whole, part) = percent.trim().split_once('.').unwrap_or((percent.trim(), "0"));
        if part.is_empty() || part.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let thousandths: u64 = format!("{part:0<3}").parse().ok()?;
        let thousandths = whole.parse::<u64>().ok()?.checked_mul(1000)? + thousandths;
        (thousandths <= 100_000).then_some(Self::Percent(thousandths))
    }
}

impl Compiler<'_> {
    /// Combines flags and `[safety]`.
    pub(super) fn safety(&mut self, args: &flags::SafetyArgs, replace_many: bool) -> Safety {
        let config = &self.source.config.safety;
        Safety {
            protected_accounts: config.protected_accounts,
            protect: config.protect.iter().filter_map(|base| self.base(base)).collect(),
            max_changes: args.max_changes.or(config.max_changes),
            max_rejects: self.max_rejects(args.max_rejects.as_deref()),
            replace_many: replace_many || config.replace_many,
        }
    }

    fn max_rejects(&mut self, typed: Option<&str>) -> Option<Share> {
        let key = self.source.config.safety.max_rejects.as_ref().filter(|_| typed.is_none());
        let text = typed.or(key.map(|text| text.get_ref().0.as_str()))?;
        let share = Share::parse(text).ok_or_else(|| {
            let what = text!(
                "`{text}` is neither a number nor a percentage",
                "`{text}` n’est ni un nombre ni un pourcentage"
            );
            let help = text!(
                "give a number of users, such as 50, or a share of them, such as 2%",
                "donnez un nombre d’utilisateurs, tel que 50, ou une part, telle que 2%"
            );
            self.fault("max-rejects", key, "--max-rejects", what).help(help)
        });
        self.keep(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_number_or_a_percentage() {
        assert_eq!(Share::parse("5"), Some(Share::Number(5)));
        assert_eq!(Share::parse("5%"), Some(Share::Percent(5_000)));
        assert_eq!(Share::parse("0.25 %"), Some(Share::Percent(250)));
        for wrong in ["", "-1", "5 per cent", "101%", "1.%", "%"] {
            assert_eq!(Share::parse(wrong), None, "{wrong}");
        }
        assert!(!Share::Percent(5_000).is_exceeded(5, 100));
        assert!(Share::Percent(5_000).is_exceeded(6, 100));
        assert!(!Share::Percent(5_000).is_exceeded(0, 0));
    }
}
