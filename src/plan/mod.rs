//! The plan of a run, over all users: scan, decide, emit.
//!
//! Scan and emit are parallel passes over the same batches; decide is a short sequential fold between them.

pub(crate) mod conflicts;
pub(crate) mod decide;
pub(crate) mod emit;
pub(crate) mod join;
pub(crate) mod scan;

use std::collections::HashMap;

use crate::fingerprint::Fingerprint;
use crate::input::{Export, Role};
use crate::pool::PoolId;

/// The exports that a run reads: inputs, then `--join` exports, then references, then the change files of earlier runs.
#[derive(Debug)]
pub(crate) struct Exports {
    /// All exports, in the order of the command line within each role.
    pub all: Vec<Export>,
    /// The number of inputs.
    pub inputs: usize,
    /// The objectGUIDs of the records in each change file of an earlier run, which lacks them itself, by export.
    pub guids: HashMap<usize, Vec<Option<Fingerprint>>>,
    /// The users who are on a pool after an earlier run, run by run.
    pub homed: Vec<Homed>,
}

/// A user who is on a pool after an earlier run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Homed {
    /// The normalised DN.
    pub dn: Fingerprint,
    /// The GUID, if it is known.
    pub guid: Option<Fingerprint>,
    pub pool: PoolId,
}

impl Exports {
    /// The number of `--join` exports.
    pub(crate) fn joined(&self) -> usize {
        self.all[self.inputs..].iter().take_while(|export| export.role == Role::Join).count()
    }
}
