//! The README's commands do what it says.

use std::path::Path;

use crate::{Work, fixture};

/// The commands of the README's shell blocks that run the program, as arguments.
#[cfg(unix)]
fn commands(readme: &str) -> Vec<Vec<String>> {
    let mut is_shell = false;
    let mut commands = Vec::new();
    for line in readme.lines() {
        if line.starts_with("```") {
            is_shell = line == "```sh";
        } else if is_shell {
            let program =
                line.strip_prefix("cargo run --release -- ").or_else(|| line.strip_prefix("userprep "));
            commands
                .extend(program.map(|arguments| arguments.split_whitespace().map(String::from).collect()));
        }
    }
    commands
}

#[cfg(unix)]
#[test]
fn its_commands_run() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let commands = commands(&readme);
    assert!(commands.len() >= 2, "{commands:?}");
    let work = Work::new();
    std::os::unix::fs::symlink(fixture(""), work.path("fixtures")).unwrap();
    for command in commands {
        let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        let ran = work.run(&arguments);
        assert!(matches!(ran.code, 0 | 3 | 5), "{command:?}: {} {}", ran.code, ran.stderr);
    }
}

#[test]
fn its_figures_are_those_of_the_fixture() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let work = Work::new();
    let ran = work.enable(&[&fixture("contoso/users.ldif"), "--config", &fixture("contoso/userprep.toml")]);
    let report = work.read("run1/report.xml");
    let sum = |name: &str| {
        let at = report.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
        report[at..].split('"').next().unwrap().to_owned()
    };
    let says =
        format!("{} records: {} users change, {} are rejected", sum("read"), sum("changed"), sum("rejected"));
    assert!(readme.contains(&says), "the README should say: {says}");
    assert_eq!(ran.code, 3);
}
