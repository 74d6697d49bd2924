//! Ctrl-C: asked for once, obeyed where nothing half-done would be left behind.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);
static UNFINISHED: AtomicUsize = AtomicUsize::new(0);

/// Asks the work to stop. True if nothing would be left behind: then the process may end here and now, whatever it
/// waits for.
pub fn request() -> bool {
    REQUESTED.store(true, Ordering::SeqCst);
    UNFINISHED.load(Ordering::SeqCst) == 0
}

/// Whether somebody has asked.
pub fn is_requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}

/// As long as it lives there is something that must be finished or removed.
#[derive(Debug)]
pub struct Unfinished(());

impl Unfinished {
    /// Something has begun.
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
