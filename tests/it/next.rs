//! The next steps that a run suggests work: the commands are pasted unchanged.

use crate::{POOL, Work, user};

/// Returns the command of a step.
fn step(said: &str, step: &str) -> Vec<String> {
    let of_step = |line: &&str| line.trim_start_matches("next:").trim_start().starts_with(step);
    let line = said.lines().rev().find(of_step).unwrap_or_else(|| panic!("{step} in {said}"));
    let command = line.split_once("userprep ").unwrap().1;
    // A quoted word is the text between quotes.
    let words = command.split('\'').enumerate().flat_map(|(at, part)| match at % 2 {
        1 => vec![part.to_owned()],
        _ => part.split_whitespace().map(str::to_owned).collect(),
    });
    words.collect()
}

fn run(work: &Work, words: &[String]) -> crate::Ran {
    work.run(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn the_steps_of_a_run_lead_from_the_rehearsal_to_the_corrected_rejects() {
    let work = Work::new();
    let held = user("Eve", "mail: eve@contoso.com\nproxyAddresses: sip:ann@contoso.com\n");
    let bob = user("Bob", "mail: bob@contoso.com\n");
    work.write("all users.ldif", format!("{}{held}{bob}", user("Ann", "mail: ann@contoso.com\n")));
    work.write("list.txt", "Ann\nBob\n");
    let ran = work.run(&[
        "enable",
        "all users.ldif",
        "--users",
        "list.txt",
        "--pool",
        POOL,
        "--absent",
        "all",
        "--dry-run",
        "--out",
        "run1",
    ]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let ran = run(&work, &step(&ran.stderr, "write"));
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    for said in ["next:   read     run1/report.html\n", "        import   run1\\apply.cmd\n"] {
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    let correct = step(&ran.stderr, "correct");
    // Still held: the exports of the run count.
    assert_eq!(run(&work, &correct).code, 3);
    let corrected = work.read("run1/rejects-1.ldif").replace("ann@contoso.com", "bob@contoso.com");
    work.write("run1/rejects-1.ldif", corrected);
    std::fs::remove_dir_all(work.path("run1-2")).unwrap();
    // Given by the run, which counts, too.
    assert_eq!(run(&work, &correct).code, 3);
    let corrected = work.read("run1/rejects-1.ldif").replace("bob@contoso.com", "ann.doe@contoso.com");
    work.write("run1/rejects-1.ldif", corrected);
    std::fs::remove_dir_all(work.path("run1-2")).unwrap();
    let ran = run(&work, &correct);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn corrected_rejects_no_longer_hold_their_old_address() {
    let work = Work::new();
    let shared = "mail: ann@contoso.com\nproxyAddresses: SMTP:ann@contoso.com\n";
    work.write("users.ldif", user("Ann", shared) + &user("Bob", shared));
    let ran = work.enable(&["users.ldif", "--pool", POOL, "--absent", "all"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let rejects = work.read("run1/rejects-1.ldif");
    let (ann, bob) = rejects.split_at(rejects.rfind("dn: ").unwrap());
    work.write("run1/rejects-1.ldif", ann.to_owned() + &bob.replace("ann@contoso.com", "bob@contoso.com"));
    let ran = run(&work, &step(&ran.stderr, "correct"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn verify_lists_who_is_missing_and_how_to_finish() {
    let work = Work::new();
    work.write(
        "users.ldif",
        user("Ann", "mail: ann@contoso.com\n") + &user("Bob", "mail: bob@contoso.com\n"),
    );
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL, "--absent", "all"]).code, 0);
    let ran = work.run(&["verify", "run1", "--against", "users.ldif", "--absent", "all"]);
    assert_eq!(ran.code, 5);
    for said in [
        "users.ldif:1:1: warning[missing]: ann: has nothing of what the run planned: `msRTCSIP-UserEnabled`, ",
        ": warning[missing]: bob: ",
    ] {
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    let ran = run(&work, &step(&ran.stdout, "finish"));
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    assert!(ran.stderr.contains("[missing]") && !ran.stderr.contains("--out"), "{}", ran.stderr);
    assert_eq!(work.names("run1-rest"), work.names("run1"));
}
