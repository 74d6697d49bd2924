//! The lazy walk and the owned record agree for any bytes.
#![no_main]

#[expect(dead_code, reason = "each target drives one invariant of the file")]
#[path = "../../../src/ldif/tests/it/invariant.rs"]
mod invariant;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariant::lazy_is_owned(bytes));
