//! Writes a change record for each user with a mail address, which becomes the SIP address:
//! `cargo run --example addresses -- IN OUT`.

use std::error::Error;

use ldif::{Modification, Profile, Reader, Record, Writer};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [source, target] = &words[..] else { return Err("addresses IN OUT".into()) };
    let mut reader = Reader::from_path(source)?;
    let mut writer = Writer::from_path(target, Profile::ldifde())?;
    let mut user = Record::default();
    while reader.read_record(&mut user)? {
        let Some(mail) = user.text("mail").filter(|_| user.has("objectClass", "user")) else { continue };
        let modifications = [
            Modification::add("msRTCSIP-UserEnabled", ["TRUE"]),
            Modification::add("msRTCSIP-PrimaryUserAddress", [format!("sip:{mail}")]),
        ];
        writer.write(&Record::modifying(&user.dn, modifications))?;
    }
    Ok(writer.flush()?)
}
