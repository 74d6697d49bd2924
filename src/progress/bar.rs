//! The progress bar on a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// ASCII, because some consoles have no block characters.
const BAR: &str = "{msg} [{bar:28}] {percent:>3}%  {binary_bytes_per_sec}  {eta} ";

/// The bar of one pass, hidden until it is shown.
pub(super) struct Bar(ProgressBar);

impl Bar {
    pub(super) fn begin(name: &'static str, left: &str, bytes: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::hidden());
        // If the crate rejects the template, it draws its default bar: no reason to stop.
        let template = if bytes > 0 { BAR.to_owned() + left } else { "{msg} …".to_owned() };
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(name);
        Self(bar)
    }

    pub(super) fn reached(&self, bytes: u64) {
        self.0.set_position(bytes);
    }

    pub(super) fn show(&self) {
        if self.0.is_hidden() {
            self.0.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
            self.0.tick();
        }
    }

    pub(super) fn suspend(&self, write: impl FnOnce()) {
        self.0.suspend(write);
    }

    pub(super) fn clear(&self) {
        self.0.finish_and_clear();
    }
}
