//! Ctrl-C: a request to stop, which the work obeys at the next point where it would leave nothing half done.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);
static UNFINISHED: AtomicUsize = AtomicUsize::new(0);

/// Asks the work to stop. Returns true if nothing is unfinished: then the process may end at once, whatever it is
/// waiting for.
pub fn request() -> bool {
    REQUESTED.store(true, Ordering::SeqCst);
    UNFINISHED.load(Ordering::SeqCst) == 0
}

/// Whether a stop has been requested.
pub fn is_requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}

/// A guard: while it lives, something must be finished or removed before the process ends.
#[derive(Debug)]
pub struct Unfinished(());

impl Unfinished {
    /// Marks the beginning of such work.
    pub fn begin() -> Self {
        UNFINISHED.fetch_add(1, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        UNFINISHED.fetch_sub(1, Ordering::SeqCst);
    }
}
