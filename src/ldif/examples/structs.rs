//! Reads entries into structs, by the names of their attributes:
//! `cargo run --features serde --example structs < export.ldf`.

use std::io::{self, Write};

use ldif::Reader;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    dn: String,
    sam_account_name: Option<String>,
    #[serde(default)]
    proxy_addresses: Vec<String>,
    user_account_control: Option<u32>,
}

fn main() -> Result<(), ldif::Error> {
    let mut out = io::stdout().lock();
    for user in Reader::from_reader(io::stdin().lock()).deserialize() {
        let user: User = user?;
        let enabled = user.user_account_control.is_some_and(|flags| flags & 2 == 0);
        let name = user.sam_account_name.unwrap_or(user.dn);
        writeln!(out, "{name}\t{enabled}\t{}", user.proxy_addresses.join(" "))?;
    }
    Ok(())
}
