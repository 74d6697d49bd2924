//! How far long work has come: a bar for each pass on standard error, with rate and time left.
//!
//! One bar at a time, for the whole process: like Ctrl-C it concerns the terminal, and decides nothing. It is drawn only
//! when something moves, so that no thread of its own is needed.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{BinaryBytes, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that is done sooner is not worth a bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// Where lines stand for the bar: how often one is written.
const BETWEEN_LINES: Duration = Duration::from_secs(2);

/// ASCII, because not every console has blocks.
const BAR: &str = "{msg} [{bar:28}] {percent:>3}%  {binary_bytes_per_sec}  {eta} left";

/// How progress is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Not at all.
    #[default]
    Nowhere,
    /// By a bar, which a terminal can draw over and over.
    Bar,
    /// By a line now and then, for a file or a pipe.
    Lines,
}

struct Meter {
    shown: Shown,
    /// When the work began.
    began: Option<Instant>,
    /// When the last line was written.
    told: Option<Instant>,
    /// The pass at hand.
    bar: Option<ProgressBar>,
}

static METER: Mutex<Meter> = Mutex::new(Meter { shown: Shown::Nowhere, began: None, told: None, bar: None });

fn meter() -> MutexGuard<'static, Meter> {
    METER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Shows the progress of this process from now on.
pub fn show(shown: Shown) {
    let mut meter = meter();
    meter.shown = shown;
    meter.began = Some(Instant::now());
}

/// A pass over so many bytes; it is over when this is dropped.
#[derive(Debug)]
pub struct Pass(());

impl Pass {
    /// A pass of that name begins; 0 bytes if nobody knows how long it takes.
    #[must_use]
    pub fn begin(name: &'static str, bytes: u64) -> Self {
        let mut meter = meter();
        if meter.shown != Shown::Nowhere {
            let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::hidden());
            // A template that the crate refuses would be its default bar: no reason to stop.
            let template = if bytes > 0 { BAR } else { "{msg} …" };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.set_message(name);
            meter.bar = Some(bar);
            meter.draw();
        }
        Self(())
    }

    /// So many bytes of it are done.
    pub fn reached(&self, bytes: u64) {
        let mut meter = meter();
        if let Some(bar) = &meter.bar {
            bar.set_position(bytes);
            meter.draw();
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Some(bar) = meter().bar.take() {
            bar.finish_and_clear();
        }
    }
}

/// Writes to the terminal with no bar in the way; it is drawn again below what was written.
pub fn suspend(write: impl FnOnce()) {
    // The lock is held so that nobody draws in the middle of a line.
    let meter = meter();
    match &meter.bar {
        Some(bar) if meter.shown == Shown::Bar => bar.suspend(write),
        _ => write(),
    }
}

/// Takes the bar away and writes this, for a process that is about to end. Where somebody else is writing, and may wait
/// for a terminal that takes nothing more, it stays unsaid.
pub fn last_words(text: &str) {
    let Ok(meter) = METER.try_lock() else { return };
    if let Some(bar) = &meter.bar {
        bar.finish_and_clear();
    }
    let _ = io::stderr().write_all(text.as_bytes());
}

impl Meter {
    fn draw(&mut self) {
        let is_long = self.began.is_some_and(|began| began.elapsed() >= PATIENCE);
        let Some(bar) = self.bar.as_ref().filter(|_| is_long) else { return };
        match self.shown {
            Shown::Bar if bar.is_hidden() => {
                bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
                bar.tick();
            }
            Shown::Lines if self.told.is_none_or(|told| told.elapsed() >= BETWEEN_LINES) => {
                self.told = Some(Instant::now());
                // A closed pipe is no reason to lose a run.
                let _ = io::stderr().write_all(line(bar).as_bytes());
            }
            _ => {}
        }
    }
}

fn line(bar: &ProgressBar) -> String {
    match bar.length() {
        None | Some(0) => format!("{} …\n", bar.message()),
        Some(length) => format!(
            "{}: {}%, {}/s, {:#} left\n",
            bar.message(),
            bar.position() * 100 / length,
            BinaryBytes(bar.per_sec() as u64),
            HumanDuration(bar.eta())
        ),
    }
}
