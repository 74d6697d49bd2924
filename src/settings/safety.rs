//! What stops a run, and what is left alone for safety.

use super::selection::base_of;
use super::{Faults, fault_of};
use crate::config::{ConfigFile, ProtectedAccounts};
use crate::flags;
use crate::language::text;
use crate::select::Base;

/// What stops a run, and what is left alone for safety.
#[derive(Clone, Debug, Default)]
pub struct Safety {
    /// What becomes of accounts whose adminCount is not 0.
    pub protected_accounts: ProtectedAccounts,
    /// The bases whose users are skipped.
    pub protect: Vec<Base>,
    /// The most users that may change.
    pub max_changes: Option<u64>,
    /// The most users that may be rejected.
    pub max_rejects: Option<Share>,
    /// Whether more than half of the existing addresses may be replaced.
    pub replace_many: bool,
}

/// A number, or a share of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// This many users.
    Number(u64),
    /// This many thousandths of a percent of the whole.
    Percent(u64),
}

impl Share {
    /// Whether the part is larger than this share of the whole.
    #[must_use]
    pub fn is_passed(self, part: u64, whole: u64) -> bool {
        match self {
            Self::Number(most) => part > most,
            Self::Percent(thousandths) => {
                u128::from(part) * 100_000 > u128::from(thousandths) * u128::from(whole)
            }
        }
    }

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

pub(super) fn safety(
    args: &flags::SafetyArgs,
    replace_many: bool,
    source: &ConfigFile,
    faults: &mut Faults,
) -> Safety {
    let config = &source.config.safety;
    let protect = config
        .protect
        .iter()
        .filter_map(|base| base_of(base.get_ref(), |what| source.fault("base-invalid", base, what), faults))
        .collect();
    let typed = args.max_rejects.as_deref();
    let max_rejects =
        typed.or(config.max_rejects.as_ref().map(|text| text.get_ref().0.as_str())).and_then(|text| {
            let share = Share::parse(text);
            if share.is_none() {
                let what = text!(
                    "`{text}` is neither a number nor a percentage",
                    "`{text}` n’est ni un nombre ni un pourcentage"
                );
                faults.push(fault_of(source, typed, config.max_rejects.as_ref(), "max-rejects", what));
            }
            share
        });
    Safety {
        protected_accounts: config.protected_accounts,
        protect,
        max_changes: args.max_changes.or(config.max_changes),
        max_rejects,
        replace_many: replace_many || config.replace_many,
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
        assert!(!Share::Percent(5_000).is_passed(5, 100));
        assert!(Share::Percent(5_000).is_passed(6, 100));
        assert!(!Share::Percent(5_000).is_passed(0, 0));
    }
}
