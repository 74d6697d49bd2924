//! userprep prepares users for Office Communications Server 2007 R2 in bulk, offline.
//!
//! ```text
//! export ─ input ─▶ Object ─ select ─▶ Object ─ sip ─▶ address ─ pool ─▶ pool
//!        ─ change ─▶ Change { apply, undo } ─ output ─▶ *.ldif · report.xml · report.html
//! ```
//!
//! The exports are read once. `plan::scan` reduces each record, in parallel, to a few bytes in memory and a digest in a
//! temporary file. `plan::decide` folds the facts in memory in input order, since unique addresses and pool capacity
//! depend on all users. `plan::emit` reads the digests, in parallel, and writes what was decided. A large input
//! therefore takes time rather than memory.
//!
//! Architecture invariants, checked by `tests/it/tidy.rs`:
//! - a module uses only those above it in the list below; `ldif` and `message` do not know each other;
//! - only `input` opens exports, `run` published runs, `config` its file; only `output` creates files; nothing opens a
//!   socket;
//! - `clap` stays in `cli` (with completions and man pages), `flags`, wizards with flags of their own and options that
//!   are also keys; parallel loops stay in `parallel`, `quick-xml` in `output::xml`, `maud` in `output::html`,
//!   `csv-core` in `input::csv`, `csv` in `output`;
//! - time, host and paths are arguments: the same input gives the same bytes, for any number of threads.

// English and French
pub mod language;
// messages: what is wrong, where, why, and what to do about it
pub mod message;
// all codes with their meanings
pub mod codes;
// Ctrl-C
pub mod interrupt;
// progress of long work
pub mod progress;
// attributes and their syntaxes
pub mod schema;
// facts about Communications Server and Exchange
pub mod ocs;
// fingerprints of texts
pub mod fingerprint;
// a directory object as read
pub mod object;
// export files → objects
pub mod input;
// the selection of users
pub mod select;
// user → address, and its other holders
pub mod sip;
// user + address → pool
pub mod pool;
// before + after → change and undo
pub mod change;
// outcomes of records
pub mod report;
// parallel passes with ordered results
mod parallel;
// all files of a run, or none
pub mod output;
// all records, numbered and stored for further passes
pub mod records;
// a published run, read back
mod run;
// userprep.toml as typed
mod config;
// flags that several commands share, as typed
mod flags;
// the settings of a run, from command line and configuration
mod settings;
// what should be true of a user, a module per wizard
mod wizard;
// the command line as typed
pub mod cli;
// scan → decide → emit
mod plan;
// surveys of exports for a wizard's pages
mod survey;
// explanations of single decisions
mod explain;
// comparisons of a run with fresh exports
mod verify;
// the commands
pub mod command;
