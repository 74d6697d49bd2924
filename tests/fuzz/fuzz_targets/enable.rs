//! A whole run over any bytes: its change files can be imported and undone, touch no other attributes, and give no user
//! the address of another object.
#![no_main]

#[path = "../../it/life/damaged.rs"]
mod damaged;
#[expect(dead_code, reason = "the tests do more with it")]
#[path = "../../it/life/directory.rs"]
mod directory;

const POOL: &str = "CN=LC Services,CN=Microsoft,CN=pool01,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| damaged::run(bytes));
