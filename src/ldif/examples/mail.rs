//! Prints DN and mail addresses of each entry in an export on standard input: `cargo run --example mail < export.ldf`.

use std::io::{self, Write};

use ldif::Reader;

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut reader = Reader::from_reader(io::stdin().lock());
    for record in reader.records() {
        match record {
            Ok(record) => {
                for mail in record.values("mail") {
                    writeln!(out, "{}\t{}", record.dn, String::from_utf8_lossy(mail))?;
                }
            }
            Err(error) => writeln!(out, "{error}")?,
        }
    }
    for warning in reader.warnings() {
        writeln!(out, "{warning}")?;
    }
    Ok(())
}
