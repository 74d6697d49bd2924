//! Reading any bytes as a table: no panic, no place outside the text, each row cut out whole.
#![no_main]

#[path = "../../it/invariant.rs"]
mod invariant;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariant::table(bytes));
