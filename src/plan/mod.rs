//! A plan over all users at once: scan, decide, emit.
//!
//! Scan and emit are parallel passes over the same batches; decide is the short fold between them, in input order.

pub mod conflicts;
pub mod decide;
pub mod emit;
pub mod scan;

use std::collections::HashMap;

use crate::input::Export;
use crate::sip::claims::Fingerprint;

/// What a run reads: inputs first, then references, then the change files of earlier runs.
#[derive(Debug)]
pub struct Exports {
    /// In the order of the command line.
    pub all: Vec<Export>,
    /// How many of them are inputs.
    pub inputs: usize,
    /// The objectGUIDs of the records of each change file of an earlier run, which does not show them itself.
    pub guids: HashMap<usize, Vec<Option<Fingerprint>>>,
}
