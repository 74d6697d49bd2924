//! A run directory appears as a whole or not at all, whatever happens.

use std::io::Write;
#[cfg(unix)]
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

use super::three;
use crate::{POOL, Work, user};

/// Returns an export that takes a while.
fn many(users: usize) -> String {
    (0..users).map(|n| user(&format!("U{n}"), &format!("mail: u{n}@contoso.com\n"))).collect()
}

fn enable() -> Vec<&'static str> {
    vec![
        "enable",
        "users.ldif",
        "--pool",
        POOL,
        "--sip-domain",
        "contoso.com",
        "--out",
        "run1",
        "--split",
        "100",
    ]
}

/// Returns the visible files of a folder: the hidden directories of killed runs are not published.
fn seen(work: &Work) -> Vec<String> {
    work.names(".").into_iter().filter(|name| !name.starts_with('.')).collect()
}

#[test]
fn a_killed_run_publishes_nothing_or_all() {
    let work = Work::new();
    work.write("users.ldif", many(2_000));
    let mut killed = 0;
    for moment in 0..12 {
        let mut child = work.command(&enable()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(moment * 15));
        child.kill().unwrap();
        killed += usize::from(!child.wait().unwrap().success());
        if seen(&work) == ["run1", "users.ldif"] {
            assert_eq!(work.run(&["verify", "run1", "--files"]).code, 0, "whole");
            std::fs::remove_dir_all(work.path("run1")).unwrap();
        }
        assert_eq!(seen(&work), ["users.ldif"]);
    }
    assert!(killed > 0);
    assert_eq!(work.run(&enable()).code, 0, "what a killed run left behind is in nobody's way");
}

#[test]
fn of_two_runs_into_one_directory_one_is_published() {
    let work = Work::new();
    work.write("users.ldif", many(300));
    let children: Vec<_> =
        (0..2).map(|_| work.command(&enable()).stderr(Stdio::null()).spawn().unwrap()).collect();
    let mut codes: Vec<_> = children.into_iter().map(|mut child| child.wait().unwrap().code()).collect();
    codes.sort();
    assert_eq!(codes, [Some(0), Some(2)]);
    assert_eq!(work.names("."), ["run1", "users.ldif"]);
    assert_eq!(work.run(&["verify", "run1", "--files"]).code, 0);
}

#[test]
fn an_input_that_changes_between_the_passes_is_refused() {
    let work = Work::new();
    work.write("users.ldif", many(3));
    let mut arguments = enable();
    arguments.insert(2, "-");
    let mut child = work.command(&arguments).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // More than fits into a pipe: once it is written, the program has read some of it, and has opened the file before.
    stdin.write_all(many(2_000).as_bytes()).unwrap();
    work.write("users.ldif", many(4));
    drop(stdin);
    let ran = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("error[input-changed]: `users.ldif` changed while it was read"), "{stderr}");
    assert_eq!(work.names("."), ["users.ldif"]);
}

/// Whether the tests run as root, which permissions do not stop.
#[cfg(unix)]
fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_reported() {
    use std::os::unix::fs::PermissionsExt;
    if is_root() {
        return; // permissions do not stop root: see the full and the read-only file system
    }
    let work = Work::new();
    work.write("users.ldif", many(3));
    std::fs::create_dir(work.path("closed")).unwrap();
    std::fs::set_permissions(work.path("closed"), PermissionsExt::from_mode(0o500)).unwrap();
    let ran = work.run(&["enable", "users.ldif", "--pool", POOL, "--out", "closed/run1"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("error[output-unwritable]"), "{}", ran.stderr);
    assert!(work.names("closed").is_empty());
}

/// Runs `enable` into a file system of its own, mounted with these options; `None` if that is not possible.
#[cfg(unix)]
fn mounted(options: &str, script: &str) -> Option<(i32, String)> {
    let work = Work::new();
    work.write("users.ldif", many(2_000));
    std::fs::create_dir(work.path("disk")).unwrap();
    let program = env!("CARGO_BIN_EXE_userprep");
    let script = format!(
        "mount -t tmpfs -o {options} tmpfs disk || exit 77\n{script}\n\
         '{program}' enable users.ldif --pool '{POOL}' --sip-domain contoso.com --out disk/run1; code=$?\n\
         ls -A disk >&2; exit $code"
    );
    let ran = Command::new("unshare")
        // In a chroot or a container, the root may not be a mount whose propagation could be set.
        .args(["--mount", "--propagation", "unchanged", "sh", "-c", &script])
        .current_dir(work.path("."))
        .output()
        .ok()?;
    let stderr = String::from_utf8_lossy(&ran.stderr).into_owned();
    let is_mounted = ran.status.code() != Some(77) && !stderr.starts_with("unshare:");
    (is_root() && is_mounted).then(|| (ran.status.code().unwrap_or(-1), stderr))
}

#[cfg(unix)]
#[test]
fn a_full_disk_publishes_nothing() {
    let Some((code, stderr)) = mounted("size=1m", "") else { return };
    assert_eq!(code, 1, "{stderr}");
    assert!(
        stderr.contains("error[output-unwritable]: cannot write") && stderr.contains("No space left"),
        "{stderr}"
    );
    assert!(!stderr.lines().any(|line| line.contains("run1") && !line.contains("error")), "{stderr}");
}

#[cfg(unix)]
#[test]
fn a_read_only_target_is_reported_before_the_work() {
    let Some((code, stderr)) = mounted("size=1m", "mount -o remount,ro disk || exit 77") else { return };
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("error[output-unwritable]") && stderr.contains("Read-only"), "{stderr}");
}

#[test]
fn undo_and_verify_are_whole_or_nothing_too() {
    let (work, mut directory) = (Work::new(), three());
    work.enable_all(&directory, "run1");
    work.import(&mut directory, "run1", "apply");
    work.write("rest1", "somebody's file");
    let ran = work.on(&directory, &["verify", "run1", "--against", "now.ldif", "--out", "rest1"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("error[output-exists]"), "{}", ran.stderr);
    assert_eq!(work.read("rest1"), "somebody's file");
    let ran = work.on(&directory, &["undo", "run1", "--against", "now.ldif", "--out", "rest1", "--force"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(work.read("rest1"), "somebody's file");
    work.enable_all(&directory, "undo1");
    let ran = work.on(&directory, &["undo", "run1", "--against", "now.ldif", "--out", "undo1", "--force"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(work.read("undo1.1/manifest.json").contains("\"enable\""), "the older run is kept");
}
