//! Processes batches in parallel and consumes the results in order; all parallel loops are here.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::input::{Batch, Export, Hashing};
use crate::interrupt;
use crate::language::text;
use crate::message::Failure;
use crate::progress::Pass;

/// The batches per thread that may be ahead of the consumer: enough that no thread waits for the slowest.
const BATCHES_PER_THREAD: usize = 4;

/// The memory that a pass needs for each thread: its batches and their results.
const ROOM_PER_THREAD: usize = 6 << 20;

/// The minimum memory to ask for. glibc takes the size of the last freed block, up to 32 MiB, as the limit below which
/// blocks come from its heap. Growing tables are copied there each time, which took 36 MiB more for a million users.
const LEAST_ROOM: usize = 33 << 20;

/// Checks that there is memory for a pass. A lack of memory is reported here; later it would end the process.
fn check_room() -> Result<(), Failure> {
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(LEAST_ROOM.max(rayon::current_num_threads() * ROOM_PER_THREAD)).map_err(|_| {
        Failure::out_of_memory(&text!(
            "what is read and written at a time",
            "ce qui est lu et écrit à la fois"
        ))
    })
}

/// Processes all items of `next` in parallel with `work`, and passes the results to `consume` in order.
///
/// Each thread takes the next item, processes it, and consumes the results that are ready, unless another thread does.
/// Threads that are too far ahead wait, which limits the number of batches in memory.
///
/// # Errors
/// The first error of `next` or `consume`, in order; no more items are taken then.
pub(crate) fn in_order<B, T, E>(
    next: impl FnMut() -> Option<Result<B, E>> + Send,
    work: impl Fn(B) -> T + Sync,
    consume: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E>
where
    B: Send,
    T: Send,
    E: Send,
{
    let most = rayon::current_num_threads() * BATCHES_PER_THREAD;
    // The next item and its number; `None` at the end.
    let source = Mutex::new(Some((0, next)));
    let consume = Mutex::new(consume);
    let queue = Mutex::new(Queue { ready: BTreeMap::new(), next: 0, is_consumed: false, failure: None });
    let has_moved = Condvar::new();
    // BE ADVISED: one loop per thread, and no loop inside another, or it would wait for the loop below it on the stack.
    rayon::broadcast(|_| {
        loop {
            let taken = {
                let mut source = lock(&source);
                let taken = source.as_mut().and_then(|(number, next)| {
                    let batch = next()?;
                    *number += 1;
                    Some((*number - 1, batch))
                });
                if !matches!(taken, Some((_, Ok(_)))) {
                    *source = None;
                }
                taken
            };
            let Some((number, batch)) = taken else { return };
            let done = batch.map(&work);
            let mut held = lock(&queue);
            held.ready.insert(number, done);
            while !held.is_consumed
                && let Some(done) = held.take()
            {
                held.is_consumed = true;
                drop(held);
                let consumed = done.and_then(|done| lock(&consume)(done));
                held = lock(&queue);
                held.is_consumed = false;
                if let Err(failure) = consumed {
                    held.failure = Some(failure);
                    *lock(&source) = None;
                }
                has_moved.notify_all();
            }
            let is_ahead = |queue: &mut Queue<T, E>| queue.failure.is_none() && number >= queue.next + most;
            drop(has_moved.wait_while(held, is_ahead).unwrap_or_else(PoisonError::into_inner));
        }
    });
    let queue = queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    queue.failure.map_or(Ok(()), Err)
}

/// Results that wait for earlier ones.
struct Queue<T, E> {
    ready: BTreeMap<usize, Result<T, E>>,
    /// The number of the next result to consume.
    next: usize,
    /// Whether a thread is consuming.
    is_consumed: bool,
    /// The first failure, after which nothing is consumed.
    failure: Option<E>,
}

impl<T, E> Queue<T, E> {
    fn take(&mut self) -> Option<Result<T, E>> {
        let done = self.failure.is_none().then(|| self.ready.remove(&self.next))?;
        self.next += usize::from(done.is_some());
        done
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs both, in parallel if a thread is free.
pub(crate) fn both<A: Send, B: Send>(
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    // Outside the pool of a run there are no threads, and a browser cannot start one.
    if rayon::current_thread_index().is_some() { rayon::join(one, other) } else { (one(), other()) }
}

/// Called when an export is read, with its index, size and SHA-256.
pub(crate) type Finished<'f> = dyn Fn(usize, u64, String) + Sync + 'f;

/// Processes parts in parallel and consumes the results in order. Each part comes with its length in bytes.
///
/// # Errors
/// The first error of `work` or `consume`, in order; `out-of-memory`; Ctrl-C.
pub(crate) fn process_parts<P: Send, T: Send>(
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
    in_order(next, work, |done| consume(done?))
}

/// Reads exports batch by batch, processes the batches in parallel, and consumes the results in order.
///
/// `name` is the name of the pass. `work` receives the index of the export and the number of the batch in this pass.
/// `finished`, if given, is called for each export with its SHA-256, which is not computed otherwise.
///
/// # Errors
/// Errors of opening, reading and `consume`; `out-of-memory`; Ctrl-C.
pub(crate) fn pass<T: Send>(
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
    let mut number = 0;
    // Buffers of finished batches, for later ones.
    let spare: Mutex<Vec<Vec<u8>>> = Mutex::default();
    let mut read = || {
        loop {
            if interrupt::is_requested() {
                return Err(Failure::Interrupted);
            }
            let Some((index, batches)) = &mut open else {
                let Some((index, export)) = waiting.next() else { return Ok(None) };
                open = Some((index, export.batches(hashing).map_err(Failure::broken)?));
                continue;
            };
            lock(&spare).drain(..).for_each(|text| batches.recycle(text));
            if let Some(batch) = batches.next() {
                progress.reached(before + batches.bytes());
                number += 1;
                return batch.map(|batch| Some((*index, number - 1, batch))).map_err(Failure::broken);
            }
            let (bytes, sha256) = batches.digest().map_err(Failure::broken)?;
            before += bytes;
            if let Some(finished) = finished {
                finished(*index, bytes, sha256);
            }
            open = None;
        }
    };
    in_order(
        || read().transpose(),
        |(export, number, batch)| {
            let done = work(export, number, &batch);
            lock(&spare).push(batch.text);
            done
        },
        |done| {
            if interrupt::is_requested() {
                return Err(Failure::Interrupted);
            }
            consume(done)
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
                }
            ),
            Err("read")
        );
        let mut batches = 0..;
        let next = || batches.next().map(Ok);
        assert_eq!(in_order(next, |n| n, |n: u64| if n == 3 { Err("write") } else { Ok(()) }), Err("write"));
    }
}
