//! The progress of long work: a bar for each pass on standard error, with rate and time left.
//!
//! The whole process shares one bar: like Ctrl-C, it belongs to the terminal, and decides nothing. It is redrawn only
//! when the work advances, so that it needs no thread of its own.

// drawing on a terminal
#[cfg(feature = "terminal")]
mod bar;
#[cfg(not(feature = "terminal"))]
#[path = "no_bar.rs"]
mod bar;

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use self::bar::Bar;
use crate::language::Language;

/// Work that takes less time gets no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// The time between two lines that replace the bar. Without a terminal, a program reads the lines and draws its own
/// bar.
const BETWEEN_LINES: Duration = Duration::from_millis(if cfg!(feature = "terminal") { 2000 } else { 250 });

/// The time that a terminal takes at most to draw a bar or a message, unless it is stopped (Ctrl-S).
const DRAWING: Duration = Duration::from_millis(500);

/// The names of the passes in French.
const FRENCH: [(&str, &str); 7] = [
    ("reading", "lecture"),
    ("joining", "jointure"),
    ("comparing", "comparaison"),
    ("checking", "contrôle"),
    ("looking up", "recherche"),
    ("writing", "écriture"),
    ("publishing", "publication"),
];

/// How progress is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProgressStyle {
    /// Not shown.
    #[default]
    Nowhere,
    /// As a bar, which a terminal redraws.
    Bar,
    /// As a line from time to time, for a file or a pipe.
    Lines,
}

struct Meter {
    shown: ProgressStyle,
    language: Language,
    began: Option<Instant>,
    /// The time of the last line.
    last: Option<Instant>,
    running: Option<Running>,
}

struct Running {
    name: &'static str,
    /// The word after the time left.
    left: &'static str,
    began: Instant,
    /// Its length in bytes; 0 if unknown.
    bytes: u64,
    reached: u64,
    bar: Bar,
}

static METER: Mutex<Meter> = Mutex::new(Meter {
    shown: ProgressStyle::Nowhere,
    language: Language::En,
    began: None,
    last: None,
    running: None,
});

fn meter() -> MutexGuard<'static, Meter> {
    METER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets how this process shows progress from now on.
pub fn show(shown: ProgressStyle, language: Language) {
    let mut meter = meter();
    meter.shown = shown;
    meter.language = language;
    meter.began = Some(Instant::now());
}

/// A pass over this many bytes, which ends when the value is dropped.
#[derive(Debug)]
pub struct Pass(());

impl Pass {
    /// Begins a pass with this name; `bytes` is 0 if the length is unknown.
    pub fn begin(name: &'static str, bytes: u64) -> Self {
        let mut meter = meter();
        if meter.shown != ProgressStyle::Nowhere {
            let french =
                FRENCH.iter().find(|(english, _)| meter.language == Language::Fr && *english == name);
            let name = french.map_or(name, |(_, french)| french);
            let left = if meter.language == Language::Fr { "restant" } else { "left" };
            let bar = Bar::begin(name, left, bytes);
            meter.running = Some(Running { name, left, began: Instant::now(), bytes, reached: 0, bar });
            meter.draw();
        }
        Self(())
    }

    /// Reports that the pass has processed this many bytes.
    pub fn reached(&self, bytes: u64) {
        let mut meter = meter();
        if let Some(running) = &mut meter.running {
            running.reached = bytes;
            running.bar.reached(bytes);
            meter.draw();
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Some(running) = meter().running.take() {
            running.bar.clear();
        }
    }
}

/// Writes to the terminal while the bar is hidden; the bar reappears below.
pub fn suspend(write: impl FnOnce()) {
    // The lock keeps other threads from drawing in the middle of a line.
    let meter = meter();
    match &meter.running {
        Some(running) if meter.shown == ProgressStyle::Bar => running.bar.suspend(write),
        _ => write(),
    }
}

/// Removes the bar for good and writes this text, before the process ends. Writes nothing if another thread writes for
/// longer than half a second: then the terminal blocks it.
pub fn last_words(text: &str) {
    let Some(mut meter) = idle_meter() else { return };
    meter.shown = ProgressStyle::Nowhere;
    if let Some(running) = meter.running.take() {
        running.bar.clear();
    }
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Waits until no other thread draws or writes, but no longer than [`DRAWING`].
fn idle_meter() -> Option<MutexGuard<'static, Meter>> {
    let began = Instant::now();
    loop {
        match METER.try_lock() {
            Ok(meter) => return Some(meter),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if began.elapsed() > DRAWING => return None,
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
        }
    }
}

impl Meter {
    fn draw(&mut self) {
        let is_long = self.began.is_some_and(|began| began.elapsed() >= PATIENCE);
        let Some(running) = self.running.as_ref().filter(|_| is_long) else { return };
        match self.shown {
            ProgressStyle::Bar => running.bar.show(),
            ProgressStyle::Lines if self.last.is_none_or(|last| last.elapsed() >= BETWEEN_LINES) => {
                self.last = Some(Instant::now());
                // A closed pipe is no reason to lose a run.
                let _ = io::stderr().write_all(running.line().as_bytes());
            }
            _ => {}
        }
    }
}

impl Running {
    /// Formats the progress as one line.
    fn line(&self) -> String {
        if self.bytes == 0 {
            return format!("{} …\n", self.name);
        }
        let rate = self.reached as f64 / self.began.elapsed().as_secs_f64().max(0.001);
        let left = self.bytes.saturating_sub(self.reached) as f64 / rate.max(1.0);
        let percent = self.reached * 100 / self.bytes;
        let Self { name, left: word, .. } = self;
        format!("{name}: {percent}%, {:.1} MiB/s, {:.0} s {word}\n", rate / f64::from(1 << 20), left.ceil())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn the_last_words_wait_for_a_thread_that_is_drawing() {
        let (drawing, begun) = mpsc::channel();
        let other = thread::spawn(move || {
            let meter = meter();
            drawing.send(()).expect("the test listens");
            thread::sleep(DRAWING / 10);
            drop(meter);
        });
        begun.recv().expect("the thread draws");
        assert!(idle_meter().is_some());
        other.join().expect("the thread ends");
    }
}
