//! The shell scripts of a run, with a substitute for ldapmodify whose answers the test sets.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::three;
use crate::life::Directory;
use crate::{Ran, Work};

/// A substitute that records its arguments, and reports one record too few for each file named in `SHORT`.
const STAND_IN: &str = r#"#!/bin/sh
printf '%s|' "$@" >> "$ARGUMENTS"; echo >> "$ARGUMENTS"
while [ "$1" != -f ]; do shift; done
records=$(grep -c '^dn:' "$2")
case $2 in *"$SHORT"*) records=$((records - 1)) ;; esac
while [ "$records" -gt 0 ]; do echo 'modifying entry "x"'; records=$((records - 1)); done
"#;

/// Makes a run with two batches in a folder with a space in its name.
fn work() -> Work {
    work_of(&three())
}

fn work_of(directory: &Directory) -> Work {
    let work = Work::new();
    work.enable_all(directory, "the run");
    std::fs::create_dir(work.path("bin")).unwrap();
    work.write("bin/ldapmodify", STAND_IN);
    std::fs::set_permissions(work.path("bin/ldapmodify"), PermissionsExt::from_mode(0o700)).unwrap();
    work
}

/// Runs a script from another folder. `short` is part of the names of files for which one record too few is reported.
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
    assert!(
        ran.stderr.contains(
            "Batch 0001: 1 of 2 records\nStopped in batch 0001: 1 imported, 0 refused, 1 not tried."
        ),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("--first 2"), "{}", ran.stderr);
    assert_eq!(work.read("arguments").lines().count(), 1, "nothing behind it is imported");
    let ran = script(&work, "apply.sh", "0001-apply", &["--first", "2"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let last = script(&work, "apply.sh", "0002-apply", &["--first", "2"]);
    assert!(last.stderr.contains("Stopped in batch 0002") && !last.stderr.contains("the next batch"));
    assert_eq!(script(&work, "apply.sh", "none", &["--last", "1"]).code, 0);
    assert_eq!(
        work.names("the run/apply-log"),
        ["0001", "0001.1", "0002", "0002.1"],
        "each try keeps its log"
    );
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
fn a_script_knows_its_files_and_imports_at_least_one_of_them() {
    let cases: [(&str, &[&str], &str); 13] = [
        ("whole", &["--first", "x"], "--first takes the number of a batch"),
        ("whole", &["--first"], "--first takes the number of a batch"),
        ("whole", &["--last", "-1"], "--last takes the number of a batch"),
        ("whole", &["--first", "12345678901234567890"], "--first takes the number of a batch"),
        ("whole", &["--first", "3"], "No batch is from --first 3"),
        ("whole", &["--first=2"], "`--first=2` is not an option of ldapmodify"),
        ("whole", &["-x", "--first", "2"], "`--first` is not an option of ldapmodify"),
        ("whole", &["--help"], "--first N and --last N come before those"),
        ("whole", &["2", "2"], "`2` is not an option of ldapmodify"),
        ("endless", &[], "SHA256SUMS does not name the files"),
        ("cut", &[], "SHA256SUMS does not name the files"),
        ("empty", &[], "SHA256SUMS does not name the files"),
        ("exchanged", &[], "SHA256SUMS does not name the files"),
    ];
    for (sums, arguments, message) in cases {
        let work = work();
        let text = work.read("the run/SHA256SUMS");
        let text = match sums {
            "cut" => text.lines().next().unwrap().to_owned() + "\n",
            "empty" => String::new(),
            // Replacing a file and its hash in SHA256SUMS is not enough, because the script contains the hash, too.
            "exchanged" => text.replace(text.split_whitespace().next().unwrap(), &"0".repeat(64)),
            _ => text,
        };
        if sums == "endless" {
            std::fs::remove_file(work.path("the run/SHA256SUMS")).unwrap();
            std::os::unix::fs::symlink("/dev/zero", work.path("the run/SHA256SUMS")).unwrap();
        } else {
            work.write("the run/SHA256SUMS", text);
        }
        let ran = script(&work, "apply.sh", "none", arguments);
        assert_eq!(ran.code, 1, "{sums} {arguments:?}");
        assert!(ran.stderr.contains(message) && ran.stderr.contains("nothing is imported"), "{}", ran.stderr);
        assert!(!work.path("arguments").exists(), "{sums} {arguments:?}");
    }
}

#[test]
fn a_batch_that_is_not_a_regular_file_does_not_block() {
    let work = work();
    std::fs::remove_file(work.path("the run/0002-apply.ldif")).unwrap();
    let made = Command::new("mkfifo").arg(work.path("the run/0002-apply.ldif")).status().unwrap();
    assert!(made.success());
    let ran = script(&work, "apply.sh", "none", &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("not a regular file: nothing is imported"), "{}", ran.stderr);
}

#[test]
fn a_batch_of_which_nothing_was_tried_can_be_tried_again() {
    let work = work();
    work.write("bin/ldapmodify", "#!/bin/sh\necho \"Can't contact LDAP server\" >&2; exit 255\n");
    let ran = script(&work, "apply.sh", "none", &["-x"]);
    assert_eq!(ran.code, 1);
    let last = "Stopped in batch 0001: 0 imported, 0 refused, 2 not tried.\n\
        To try this batch again, once the cause is removed: --first 1\n";
    assert!(ran.stderr.ends_with(last), "{}", ran.stderr);
}

#[test]
fn nothing_in_the_name_of_a_folder_is_interpreted_when_a_command_is_pasted() {
    let work = work();
    let folder = "it's $(touch pwned) `x` a\\b \u{1b}[2J\u{202e}é";
    std::fs::rename(work.path("the run"), work.path(folder)).unwrap();
    let path = format!("{}:{}", work.path("bin").display(), std::env::var("PATH").unwrap());
    let mut sh = Command::new("sh");
    sh.arg(work.path(folder).join("apply.sh")).env("PATH", path).env("SHORT", "none");
    let output = sh.env("ARGUMENTS", work.path("arguments")).output().unwrap();
    let message = String::from_utf8(output.stdout).unwrap();
    let last = "/it'\\''s $(touch pwned) `x` a\\b ?[2J?é' --against EXPORT\n";
    assert!(message.starts_with("Done.") && message.ends_with(last), "{message}");
}

#[test]
fn each_batch_goes_to_its_own_domain_unless_a_server_is_named() {
    let mut both = three();
    let dan: Vec<_> = [("objectclass", "user"), ("instancetype", "4"), ("useraccountcontrol", "512")]
        .into_iter()
        .chain([("samaccountname", "dan"), ("mail", "dan@contoso.com")])
        .map(|(name, value)| (name.to_owned(), vec![value.as_bytes().to_vec()]))
        .collect();
    both.insert("CN=Dan,DC=emea,DC=contoso,DC=com", dan.into_iter().collect());
    let work = work_of(&both);
    assert_eq!(script(&work, "apply.sh", "none", &["-x"]).code, 0);
    let servers = |work: &Work| {
        let lines = work.read("arguments");
        lines.lines().map(|line| line.split("|-c|").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (contoso, emea) = ("-H|ldap://contoso.com|-x", "-H|ldap://emea.contoso.com|-x");
    assert_eq!(servers(&work), [contoso, contoso, emea]);
    std::fs::remove_file(work.path("arguments")).unwrap();
    assert_eq!(script(&work, "apply.sh", "none", &["-H", "ldap://dc1"]).code, 0);
    assert_eq!(servers(&work), ["-H|ldap://dc1"; 3]);
}

#[test]
fn cmd_files_have_the_line_ends_of_windows() {
    let work = work();
    for name in ["apply.cmd", "undo.cmd"] {
        let text = work.read(&format!("the run/{name}"));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{name}");
        assert!(text.is_ascii(), "{name}");
        assert!(text.contains(
            "call :batch 1 0001 2 contoso.com\r\nif errorlevel 1 goto failed\r\ncall :batch 2 0002 1 "
        ));
    }
    let manifest = work.read("the run/manifest.json");
    let sums = work.read("the run/SHA256SUMS");
    for name in ["apply.cmd", "apply.sh", "undo.cmd", "undo.sh"] {
        assert!(manifest.contains(&format!("\"{name}\"")) && sums.contains(&format!("  {name}\n")), "{name}");
    }
}
