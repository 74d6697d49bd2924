//! Sets an attribute in every entry of a file: `cargo run --example edit -- IN OUT NAME VALUE`.

use std::error::Error;

use ldif::{Profile, Reader, Record, Writer};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [source, target, name, value] = &words[..] else { return Err("edit IN OUT NAME VALUE".into()) };
    let mut reader = Reader::from_path(source)?;
    let mut writer = Writer::from_path(target, Profile::ldap())?;
    let mut record = Record::default();
    while reader.read_record(&mut record)? {
        record.set(name, [&**value]);
        writer.write(&record)?;
    }
    Ok(writer.flush()?)
}
