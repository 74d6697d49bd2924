//! Verdicts in a few bytes. The second pass reads them with the records and judges again only users with remarks.

use super::{Participation, Verdict};
use crate::pool::{Home, PoolId};
use crate::sip::{Candidate, Origin};

/// Stands for a missing rule or pool.
const NONE: u16 = u16::MAX;

/// The number of bytes before the address.
const FIXED: usize = 7;

impl Verdict<'_> {
    /// Appends the verdict if it is a plain claim without remarks; otherwise appends nothing.
    pub fn note(&self, out: &mut Vec<u8>) {
        let Participation::Claims(Candidate { address, origin, folded, rehomed, refusals }) = &self.position
        else {
            return;
        };
        let is_plain = folded.is_empty() && rehomed.is_none() && refusals.is_empty();
        if !is_plain || !self.remarks.is_empty() {
            return;
        }
        let rule = match self.rule {
            None => Some(NONE),
            Some(rule) => u16::try_from(rule).ok().filter(|rule| *rule != NONE),
        };
        let origin = match origin {
            Origin::Other => Some(0),
            Origin::List => Some(1),
            Origin::Format(format) => u8::try_from(format + 2).ok(),
        };
        let (Some(rule), Some(origin)) = (rule, origin) else { return };
        let (home, pool) = match self.home {
            Home::None => (0, NONE),
            Home::Known(pool) => (1, pool.0),
            Home::Unknown => (2, NONE),
            Home::Gone => (3, NONE),
            Home::LeftOver(pool) => (4, pool.map_or(NONE, |pool| pool.0)),
        };
        out.push(home);
        out.extend_from_slice(&pool.to_le_bytes());
        out.extend_from_slice(&rule.to_le_bytes());
        out.extend_from_slice(&[u8::from(self.wants_pool), origin]);
        out.extend_from_slice(address.as_bytes());
    }

    /// Decodes a verdict, if one was noted.
    pub fn of_note(note: &[u8]) -> Option<Self> {
        let (&[home, pool, pool_high, rule, rule_high, wants_pool, origin], address) =
            note.split_first_chunk::<FIXED>()?;
        let number = |low, high| Some(u16::from_le_bytes([low, high])).filter(|number| *number != NONE);
        let pool = number(pool, pool_high).map(PoolId);
        let home = match (home, pool) {
            (0, _) => Home::None,
            (1, Some(pool)) => Home::Known(pool),
            (2, _) => Home::Unknown,
            (3, _) => Home::Gone,
            (4, pool) => Home::LeftOver(pool),
            _ => return None,
        };
        let origin = match origin {
            0 => Origin::Other,
            1 => Origin::List,
            format => Origin::Format(usize::from(format - 2)),
        };
        let candidate = Candidate::plain(std::str::from_utf8(address).ok()?.to_owned(), origin);
        Some(Self {
            position: Participation::Claims(candidate),
            rule: number(rule, rule_high).map(usize::from),
            home,
            wants_pool: wants_pool != 0,
            ..Self::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Text;
    use crate::message::Severity;
    use crate::object::Attr;
    use crate::sip::{AddressFault, AddressFaultKind, Folded, Refusal};
    use crate::wizard::Remark;

    fn verdict(home: Home, rule: Option<usize>, origin: Origin) -> Verdict<'static> {
        let position = Participation::Claims(Candidate::plain("ann@contoso.com".to_owned(), origin));
        Verdict { position, rule, home, wants_pool: rule.is_some(), ..Verdict::default() }
    }

    #[test]
    fn a_noted_verdict_is_read_back() {
        let pool = PoolId(258);
        let homes = [
            Home::None,
            Home::Known(pool),
            Home::Unknown,
            Home::Gone,
            Home::LeftOver(None),
            Home::LeftOver(Some(pool)),
        ];
        for home in homes {
            for origin in [Origin::Other, Origin::List, Origin::Format(0), Origin::Format(253)] {
                for rule in [None, Some(0), Some(513)] {
                    let (verdict, mut note) = (verdict(home, rule, origin), Vec::new());
                    verdict.note(&mut note);
                    let again = Verdict::of_note(&note).unwrap();
                    assert_eq!(format!("{again:?}"), format!("{verdict:?}"));
                }
            }
        }
    }

    #[test]
    fn a_verdict_that_is_more_than_a_plain_claim_is_not_noted() {
        let mut remarked = verdict(Home::None, None, Origin::List);
        remarked.remarks.push(Remark::new(Severity::Warning, "name-folded", None, Text::same("a")));
        let mut out = verdict(Home::None, None, Origin::List);
        out.position = Participation::NotSelected;
        let with = |change: fn(&mut Candidate)| {
            let mut candidate = Candidate::plain("ann@contoso.com".to_owned(), Origin::Other);
            change(&mut candidate);
            Verdict { position: Participation::Claims(candidate), ..Verdict::default() }
        };
        for verdict in [
            remarked,
            out,
            with(|candidate| candidate.rehomed = Some("fabrikam.com".to_owned())),
            with(|candidate| {
                candidate.folded.push(Folded {
                    attribute: Attr::MAIL,
                    before: "é".to_owned(),
                    after: "e".to_owned(),
                })
            }),
            with(|candidate| {
                candidate.refusals.push(Refusal {
                    attribute: Attr::MAIL,
                    fault: AddressFault { at: 0, kind: AddressFaultKind::NoAt },
                })
            }),
            verdict(Home::None, None, Origin::Format(254)),
            verdict(Home::None, Some(65_535), Origin::List),
        ] {
            let mut note = Vec::new();
            verdict.note(&mut note);
            assert!(note.is_empty(), "{verdict:?}");
            assert!(Verdict::of_note(&note).is_none());
        }
    }
}
