//! Ranges of values, `member;range=0-1499`, by which Active Directory splits long lists (MS-ADTS 3.1.1.3.1.3.3).

use crate::object::Attr;

/// The last range of values that was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct ValueRange {
    attr: Attr,
    low: u64,
    /// Where the next range begins; the largest number if this is the last.
    next: u64,
    /// Whether values before it are missing.
    is_broken: bool,
}

impl ValueRange {
    /// Parses an option such as `range=0-1499` that follows a range read before.
    pub(super) fn after(last: Option<Self>, attr: Attr, option: &[u8]) -> Self {
        let (low, next) = ends(option);
        let last = last.filter(|last| last.attr == attr);
        // All values of a range have its name, and the next range begins where it ends.
        let follows = last.map_or(low == 0, |last| low == last.low || low == last.next);
        Self { attr, low, next, is_broken: !follows || last.is_some_and(|last| last.is_broken) }
    }

    /// Whether values before or after it are missing.
    pub(super) fn is_part(self) -> bool {
        self.next < u64::MAX || self.is_broken
    }
}

/// Returns where a range begins, and where the next one does: `range=0-1499`, `range=1500-*`.
fn ends(range: &[u8]) -> (u64, u64) {
    let text = std::str::from_utf8(range).unwrap_or_default();
    let (low, high) = text.trim_start_matches("range=").split_once('-').unwrap_or_default();
    let next =
        if high == "*" { u64::MAX } else { high.parse().map_or(0, |high: u64| high.saturating_add(1)) };
    (low.parse().unwrap_or(u64::MAX), next)
}
