//! Batches in, results out, in order: the one place where work is done in parallel.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::input::{Batch, Export, Hashing, Tally};
use crate::interrupt;
use crate::message::Failure;
use crate::progress::Pass;

/// How many batches a thread gets at a time: enough that none waits long for the slowest.
const BATCHES_PER_THREAD: usize = 3;

/// The memory that a pass takes for each thread, whatever it reads: three groups of batches, and what becomes of them.
const ROOM_PER_THREAD: usize = 6 << 20;

/// The least that is asked for. glibc takes what was freed last, up to 32 MiB, as the size below which blocks come from
/// its heap: tables that grow there are copied each time, which took 36 MiB more for a million users.
const LEAST_ROOM: usize = 33 << 20;

/// Whether there is memory for a pass: told here, it is a message, and in the middle of the work the end of the process.
fn check_room() -> Result<(), Failure> {
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(LEAST_ROOM.max(rayon::current_num_threads() * ROOM_PER_THREAD))
        .map_err(|_| Failure::out_of_memory("what is read and written at a time"))
}

/// Runs `work` on everything that `next` gives, in parallel, and hands the results to `consume` in the same order.
///
/// While one group of batches is worked on, the group before it is consumed and the group behind it is read, so that
/// three groups are in memory at most and neither reading nor writing waits for the work. `meanwhile` is called once a
/// group, for what follows the reading and need not hold it up.
///
/// # Errors
/// The first error of `next` or `consume`, in order; nothing more is read then.
pub fn in_order<B, T, E>(
    mut next: impl FnMut() -> Option<Result<B, E>> + Send,
    work: impl Fn(B) -> T + Sync,
    mut consume: impl FnMut(T) -> Result<(), E> + Send,
    meanwhile: impl Fn() + Sync,
) -> Result<(), E>
where
    B: Send,
    T: Send,
    E: Send,
{
    let size = rayon::current_num_threads() * BATCHES_PER_THREAD;
    let mut fill = || -> Result<Vec<B>, E> {
        let mut group = Vec::with_capacity(size);
        while group.len() < size
            && let Some(batch) = next()
        {
            group.push(batch?);
        }
        Ok(group)
    };
    let mut group = fill()?;
    let mut done: Vec<T> = Vec::new();
    while !group.is_empty() {
        let finished = std::mem::take(&mut done);
        let handled = || {
            finished.into_iter().try_for_each(&mut consume)?;
            fill()
        };
        // What cannot be divided begins first, so that all threads share what is left.
        let (waiting, ((), results)) =
            rayon::join(handled, || rayon::join(&meanwhile, || group.into_par_iter().map(&work).collect()));
        done = results;
        group = waiting?;
    }
    done.into_iter().try_for_each(&mut consume)
}

/// Runs both, at the same time if there is a thread for it.
pub fn both<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(one, other)
}

/// What is called when an export is read: its index, its size and its SHA-256.
pub type Finished<'f> = dyn Fn(usize, u64, String) + Sync + 'f;

/// Works on each of the parts in parallel, and consumes the results in order; each part comes with its length in bytes.
///
/// # Errors
/// The first that `work` or `consume` gives, in order; `out-of-memory`, and Ctrl-C.
pub fn over<P: Send, T: Send>(
    name: &'static str,
    mut parts: impl Iterator<Item = (P, u64)> + Clone + Send,
    work: impl Fn(P) -> Result<T, Failure> + Sync,
    mut consume: impl FnMut(T) -> Result<(), Failure> + Send,
) -> Result<(), Failure> {
    check_room()?;
    let progress = Pass::begin(name, parts.clone().map(|(_, length)| length).sum());
    let mut reached = 0;
    let next = || {
        let (part, length) = parts.next()?;
        reached += length;
        progress.reached(reached);
        Some(if interrupt::is_requested() { Err(Failure::Interrupted) } else { Ok(part) })
    };
    in_order(next, work, |done| consume(done?), || ())
}

/// Reads exports batch by batch, works on the batches in parallel, and consumes the results in order.
///
/// `name` says what the pass does. `work` gets the export's index and the number of the batch within this pass;
/// `finished`, if it is wanted, the export's index, its size and its SHA-256, which is not made otherwise.
///
/// # Errors
/// What opening and reading give, what `consume` gives, `out-of-memory`, and Ctrl-C.
pub fn pass<T: Send>(
    name: &'static str,
    exports: &[Export],
    finished: Option<&Finished<'_>>,
    work: impl Fn(usize, usize, &Batch) -> T + Sync,
    mut consume: impl FnMut(T) -> Result<(), Failure> + Send,
) -> Result<(), Failure> {
    check_room()?;
    let progress = Pass::begin(name, exports.iter().map(Export::size).sum());
    let mut before = 0;
    let hashing = if finished.is_some() { Hashing::Sha256 } else { Hashing::None };
    let mut waiting = exports.iter().enumerate();
    let mut open = None;
    let tally: Mutex<Option<Arc<Tally>>> = Mutex::default();
    let current = || tally.lock().unwrap_or_else(PoisonError::into_inner);
    let mut number = 0;
    let next = || {
        loop {
            if interrupt::is_requested() {
                return Some(Err(Failure::Interrupted));
            }
            let Some((index, batches)) = &mut open else {
                let (index, export) = waiting.next()?;
                match export.batches(hashing) {
                    Ok(batches) => {
                        *current() = Some(batches.tally());
                        open = Some((index, batches));
                    }
                    Err(told) => return Some(Err(Failure::broken(told))),
                }
                continue;
            };
            match batches.next() {
                Some(Ok(batch)) => {
                    progress.reached(before + batches.bytes());
                    number += 1;
                    return Some(Ok((*index, number - 1, batch)));
                }
                Some(Err(told)) => return Some(Err(Failure::broken(told))),
                None => {
                    let (bytes, sha256) = match batches.digest() {
                        Ok(digest) => digest,
                        Err(told) => return Some(Err(Failure::broken(told))),
                    };
                    before += bytes;
                    if let Some(finished) = finished {
                        finished(*index, bytes, sha256);
                    }
                    open = None;
                }
            }
        }
    };
    in_order(
        next,
        |(export, number, batch)| work(export, number, &batch),
        |done| {
            if interrupt::is_requested() {
                return Err(Failure::Interrupted);
            }
            consume(done)
        },
        || {
            let tally = current().clone();
            tally.iter().for_each(|tally| tally.catch_up());
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_batches_for_any_number_of_threads() {
        for threads in [1, 2, 7] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut batches = 0..100;
            let mut seen = Vec::new();
            let next = || batches.next().map(Ok::<_, ()>);
            pool.install(|| {
                in_order(
                    next,
                    |n| n * n,
                    |square| {
                        seen.push(square);
                        Ok(())
                    },
                    || (),
                )
            })
            .unwrap();
            assert_eq!(seen, (0..100).map(|n| n * n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_first_error_ends_the_work() {
        let mut batches = 0..;
        let mut seen = 0;
        let next = || batches.next().map(|n| if n == 50 { Err("read") } else { Ok(n) });
        assert_eq!(
            in_order(
                next,
                |n| n,
                |_| {
                    seen += 1;
                    Ok(())
                },
                || ()
            ),
            Err("read")
        );
        let mut batches = 0..;
        let next = || batches.next().map(Ok);
        assert_eq!(
            in_order(next, |n| n, |n: u64| if n == 3 { Err("write") } else { Ok(()) }, || ()),
            Err("write")
        );
    }
}
