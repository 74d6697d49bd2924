//! A check of one block that builds no record.

use crate::fault::{Fault, FaultKind, excerpt};
use crate::grammar::{self, Build};
use crate::line::Line;
use crate::value::plain;
use crate::walk::Block;

/// Checks one block at full strictness, and reports every fault, in no particular order.
///
/// A fault in the structure of a record ends its check; all faults of values are reported.
pub fn check(block: &Block<'_>, out: &mut impl FnMut(Fault)) {
    match block {
        Block::Record(raw) => {
            grammar::read(raw, &mut Nothing, out);
        }
        Block::Version(line) => version(line, out),
        Block::Referral(_) | Block::Trailer(_) | Block::SearchNote(..) | Block::Hidden(_) => {}
    }
}

/// Checks a `version:` line.
fn version(line: &Line<'_>, out: &mut impl FnMut(Fault)) {
    match line.value().map(|value| plain(line, value, out)) {
        Ok(value) if value.trim_ascii_end() == b"1" => {}
        Ok(value) => {
            let at = line.value_at();
            out(Fault::new(FaultKind::Version(excerpt(&value)), at, line.rest(at)).in_line(line));
        }
        Err(fault) => out(fault),
    }
}

/// A builder that discards everything, for callers that only want the faults.
struct Nothing;

impl Build for Nothing {}
