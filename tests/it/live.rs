//! Tests that need more than this machine may have. `tests/run` runs their scripts, and installs what they need.

use std::path::Path;
use std::process::Command;

#[test]
#[ignore = "needs Samba and OpenLDAP: tests/run, or tests/directory/run BIN"]
fn change_files_are_imported_by_real_directories() {
    script("tests/directory/run");
}

#[test]
#[ignore = "needs chromium: tests/run, or tests/browser/run BIN"]
fn the_page_works_in_a_real_browser() {
    script("tests/browser/run");
}

#[test]
#[ignore = "needs pexpect and pyte: tests/run, or tests/terminal/run BIN"]
fn a_person_in_a_terminal() {
    script("tests/terminal/run");
}

fn script(name: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    assert!(Command::new(script).arg(env!("CARGO_BIN_EXE_userprep")).status().unwrap().success());
}
