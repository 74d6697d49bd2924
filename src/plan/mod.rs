//! A plan over all users at once: scan, decide, emit.
//!
//! Scan and emit are parallel passes over the same batches; decide is the short fold between them, in input order.

pub(crate) mod conflicts;
pub(crate) mod decide;
pub(crate) mod emit;
pub(crate) mod join;
pub(crate) mod scan;

use std::collections::HashMap;

use crate::input::{Export, Role};
use crate::sip::claims::Fingerprint;

/// What a run reads: inputs first, then what lists are joined to, then references, then the change files of earlier runs.
#[derive(Debug)]
pub(crate) struct Exports {
    /// In the order of the command line.
    pub all: Vec<Export>,
    /// How many of them are inputs.
    pub inputs: usize,
    /// The objectGUIDs of the records of each change file of an earlier run, which does not show them itself.
    pub guids: HashMap<usize, Vec<Option<Fingerprint>>>,
}

impl Exports {
    /// How many exports behind the inputs lists are joined to.
    pub(crate) fn joined(&self) -> usize {
        self.all[self.inputs..].iter().take_while(|export| export.role == Role::Join).count()
    }
}
