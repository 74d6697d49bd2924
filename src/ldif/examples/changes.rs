//! Prints the changes from one export to the next, or back if they are swapped:
//! `cargo run --example changes -- BEFORE AFTER`.

use std::collections::BTreeMap;
use std::error::Error;
use std::io;

use ldif::{Dn, Profile, Reader, Record, Writer, diff};

fn entries(path: Option<String>) -> Result<BTreeMap<Dn, Record>, Box<dyn Error>> {
    let reader = Reader::from_path(path.ok_or("changes BEFORE AFTER")?)?;
    reader.into_records().map(|record| record.map(|record| Ok((record.dn.parse()?, record)))?).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args().skip(1);
    let (before, after) = (entries(paths.next())?, entries(paths.next())?);
    let mut writer = Writer::new(io::stdout().lock(), Profile::ldap());
    for (dn, new) in &after {
        match before.get(dn) {
            None => writer.write(&Record::adding(&new.dn, new.attributes()))?,
            Some(old) => match diff(old, new) {
                change if change.is_empty() => {}
                change => writer.write(&change)?,
            },
        }
    }
    // Children are deleted before their parents.
    let mut gone: Vec<(&Dn, &Record)> = before.iter().filter(|(dn, _)| !after.contains_key(dn)).collect();
    gone.sort_by_key(|(dn, _)| std::cmp::Reverse(dn.rdns().len()));
    for (_, old) in gone {
        writer.write(&Record::deleting(&old.dn))?;
    }
    Ok(writer.flush()?)
}
