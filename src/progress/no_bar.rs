//! A substitute for the bar in builds without a terminal.

/// A bar that is never drawn.
pub(super) struct Bar;

impl Bar {
    pub(super) fn begin(_: &'static str, _: &str, _: u64) -> Self {
        Self
    }

    pub(super) fn reached(&self, _: u64) {}

    pub(super) fn show(&self) {}

    pub(super) fn suspend(&self, write: impl FnOnce()) {
        write();
    }

    pub(super) fn clear(&self) {}
}
