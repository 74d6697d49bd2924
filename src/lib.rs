//! userprep prepares users for Office Communications Server 2007 R2 in bulk, offline.
//!
//! ```text
//! export ─ input ─▶ Object ─ select ─▶ Object ─ sip ─▶ address ─ pool ─▶ pool
//!        ─ change ─▶ Change { apply, undo } ─ output ─▶ *.ldif · report.xml · report.html
//! ```
//!
//! The exports are read once. `plan::scan` reduces each record, in parallel, to a few bytes in memory and a digest in a
//! temporary file; `plan::decide` folds the former in input order, because unique addresses and pool capacity need
//! all users; `plan::emit` reads the digests, in parallel, and renders what was decided. So the size of the input
//! decides the time, not the memory.
//!
//! Architecture invariants, held by `tests/it/tidy.rs`:
//! - a module knows only those above it in the list below; `ldif` and `message` do not know each other;
//! - `input` alone opens exports, `run` published runs, `config` its file, `output` alone creates files; nothing
//!   opens a socket;
//! - `clap` stays in `cli` (with completions and man pages), `flags`, the wizards with flags of their own and the options
//!   that are keys as well, `rayon`'s loops in `parallel`, `quick-xml` in `output::xml`, `maud` in `output::html`,
//!   `csv-core` in `input::csv`, `csv` in `output`;
//! - time, host and paths come in as arguments: the same input gives the same bytes, for any number of threads.

// the languages of people
pub mod language;
// what is wrong, where, why, and what to do about it
pub mod message;
// every code, and what it means
pub mod codes;
// Ctrl-C
pub mod interrupt;
// how far long work has come
pub mod progress;
// the attributes, and what their values mean
pub mod schema;
// facts of Communications Server and Exchange
pub mod ocs;
// the one model of a directory object after input
pub mod object;
// export files → objects
pub mod input;
// which users take part
pub mod select;
// user → address, and who else holds it
pub mod sip;
// user + address → pool
pub mod pool;
// before + after → change and undo
pub mod change;
// what became of each record
pub mod report;
// batches in, results out, in order
mod parallel;
// all files of a run, or none
pub mod output;
// all records, numbered, as often as it takes
pub mod records;
// a published run, read back
mod run;
// userprep.toml as written
mod config;
// the flags that commands share, as typed
mod flags;
// what command line and configuration mean together
mod settings;
// what should be true of a user, one module a wizard
mod wizard;
// the command line as typed
pub mod cli;
// scan → decide → emit
mod plan;
// what exports have to offer to a wizard's pages
mod survey;
// one decision of a run, and the way to it
mod explain;
// a run against fresh exports
mod verify;
// what each command does
pub mod command;
