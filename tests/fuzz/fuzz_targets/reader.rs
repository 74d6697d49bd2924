//! Reading any bytes never panics, never points outside the file, and does not depend on the size of chunks.
#![no_main]

#[expect(dead_code, reason = "each target drives one invariant of the file")]
#[path = "../../../src/ldif/tests/it/invariant.rs"]
mod invariant;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariant::reader(bytes));
