//! The shell scripts of a run, with a stand-in for ldapmodify that says what it is told to say.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::three;
use crate::{Ran, Work};

/// A stand-in that keeps its arguments, and reports one record less than there are for each file named in `SHORT`.
const STAND_IN: &str = r#"#!/bin/sh
printf '%s|' "$@" >> "$ARGUMENTS"; echo >> "$ARGUMENTS"
while [ "$1" != -f ]; do shift; done
records=$(grep -c '^dn:' "$2")
case $2 in *"$SHORT"*) records=$((records - 1)) ;; esac
while [ "$records" -gt 0 ]; do echo 'modifying entry "x"'; records=$((records - 1)); done
"#;

/// A run of two batches in a folder with a space in its name.
fn work() -> Work {
    let work = Work::new();
    work.enable_all(&three(), "the run");
    std::fs::create_dir(work.path("bin")).unwrap();
    work.write("bin/ldapmodify", STAND_IN);
    std::fs::set_permissions(work.path("bin/ldapmodify"), PermissionsExt::from_mode(0o700)).unwrap();
    work
}

/// Runs a script from another folder. `short` is part of the names of files that are reported short.
fn script(work: &Work, name: &str, short: &str, arguments: &[&str]) -> Ran {
    let path = format!("{}:{}", work.path("bin").display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .arg(work.path("the run").join(name))
        .args(arguments)
        .current_dir("/")
        .env("PATH", path)
        .env("ARGUMENTS", work.path("arguments"))
        .env("SHORT", short)
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn every_batch_is_imported_with_the_options_as_typed() {
    let work = work();
    let ran = script(&work, "apply.sh", "none", &["-D", "CN=a b,DC=c", "-y", "pass word"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("Batch 0001: 2 of 2 records\nBatch 0002: 1 of 1 records\n"),
        "{}",
        ran.stderr
    );
    let folder = work.path("the run").display().to_string();
    let log = |batch: &str| format!("{folder}/apply-log/{batch}/refused.ldif");
    let expected = ["0001", "0002"].map(|batch| {
        format!("-D|CN=a b,DC=c|-y|pass word|-c|-S|{}|-f|{folder}/{batch}-apply.ldif|", log(batch))
    });
    assert_eq!(work.read("arguments").lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_record_that_is_not_reported_stops_the_import_whatever_the_return_code() {
    let work = work();
    let ran = script(&work, "apply.sh", "0001-apply", &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("Batch 0001: 1 of 2 records\nStopped in batch 0001."), "{}", ran.stderr);
    assert!(ran.stderr.contains("--first 2"), "{}", ran.stderr);
    assert_eq!(work.read("arguments").lines().count(), 1, "nothing behind it is imported");
    let ran = script(&work, "apply.sh", "0001-apply", &["--first", "2"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(script(&work, "apply.sh", "none", &["--last", "1"]).code, 0);
    assert_eq!(work.names("the run/apply-log"), ["0001", "0001.1", "0002"], "each try keeps its log");
}

#[test]
fn files_that_are_not_the_runs_are_not_imported() {
    let work = work();
    let file = "the run/0002-undo.ldif";
    work.write(file, work.read(file) + "# one more line\n");
    let ran = script(&work, "undo.sh", "none", &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("nothing is imported"), "{}", ran.stderr);
    assert!(!work.path("arguments").exists() && !work.path("the run/undo-log").exists());
}

#[test]
fn cmd_files_have_the_line_ends_of_windows() {
    let work = work();
    for name in ["apply.cmd", "undo.cmd"] {
        let text = work.read(&format!("the run/{name}"));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{name}");
        assert!(text.is_ascii(), "{name}");
        assert!(
            text.contains("call :batch 1 0001 2\r\nif errorlevel 1 goto failed\r\ncall :batch 2 0002 1\r\n")
        );
    }
    let manifest = work.read("the run/manifest.json");
    let sums = work.read("the run/SHA256SUMS");
    for name in ["apply.cmd", "apply.sh", "undo.cmd", "undo.sh"] {
        assert!(manifest.contains(&format!("\"{name}\"")) && sums.contains(&format!("  {name}\n")), "{name}");
    }
}
