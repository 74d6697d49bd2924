//! Tests of the package, one promise in each file.

mod codes;
mod differential;
mod dn;
mod editing;
mod fixtures;
mod invariant;
mod mutation;
mod positions;
mod property;
mod reading;
#[cfg(feature = "serde")]
mod structs;
mod table;
mod text;
mod writing;

use ldif::{Reader, Record, Severity};

/// Reads everything: the records, and each fault as `line:column code`, in the order of the file.
fn read(input: impl AsRef<[u8]>) -> (Vec<Record>, Vec<String>) {
    let mut reader = Reader::from_reader(input.as_ref());
    let (mut records, mut faults) = (Vec::new(), Vec::new());
    for item in reader.records() {
        match item {
            Ok(record) => records.push(record),
            Err(error) => faults.push(error),
        }
    }
    faults.extend(reader.take_warnings());
    faults.sort_by_key(|fault| fault.position());
    let faults = faults.iter().map(|error| {
        let (place, fault) = error.position().zip(error.as_fault()).expect("memory does not fail");
        let mark = match fault.severity() {
            Severity::Error => "!",
            _ => "",
        };
        format!("{place} {}{mark}", fault.code())
    });
    let faults = faults.collect();
    (records, faults)
}

/// Reads `input`, and expects these faults (an error is marked with `!`) and this number of records.
#[track_caller]
fn check(input: impl AsRef<[u8]>, records: usize, faults: &[&str]) -> Vec<Record> {
    let (found, reported) = read(input.as_ref());
    assert_eq!(reported, faults, "faults of {}", String::from_utf8_lossy(input.as_ref()));
    assert_eq!(found.len(), records, "records of {}", String::from_utf8_lossy(input.as_ref()));
    found
}

/// Returns the values of an attribute of the only record, as text.
#[track_caller]
fn values(input: impl AsRef<[u8]>, name: &str) -> Vec<String> {
    let records = check(input, 1, &[]);
    records[0].values(name).iter().map(|value| String::from_utf8_lossy(value).into_owned()).collect()
}
