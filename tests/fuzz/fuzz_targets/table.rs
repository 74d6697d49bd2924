//! Reading any bytes as a table never panics, never points outside the text, and extracts each row as a whole.
#![no_main]

#[path = "../../it/invariant.rs"]
mod invariant;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariant::table(bytes));
