//! A distinguished name that is read is written so that it reads back the same.
#![no_main]

#[expect(dead_code, reason = "each target drives one invariant of the file")]
#[path = "../../../src/ldif/tests/it/invariant.rs"]
mod invariant;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariant::name(&String::from_utf8_lossy(bytes)));
