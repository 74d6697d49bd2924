//! What the writer accepts reads back the same.
#![no_main]

#[expect(dead_code, reason = "each target drives one invariant of the file")]
#[path = "../../../src/ldif/tests/it/invariant.rs"]
mod invariant;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariant::round_trip(bytes));
