//! The integration tests: one binary with a module for each stage, and the helper that runs the program.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bounds;
mod check;
mod codes;
mod csv;
mod decisions;
mod enable;
mod explain;
mod field;
mod filter;
mod french;
mod in_force;
mod init;
mod input;
mod invariant;
mod join;
mod life;
mod live;
mod named;
#[cfg(unix)] // it splits commands like a Unix shell
mod next;
mod packaging;
mod readme;
mod records;
mod refusals;
mod rejects;
mod remarks;
mod report;
mod sip;
#[cfg(unix)] // it asks cargo
mod supply;
mod tidy;
mod values;
mod whole;

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A folder for one test, in which the program runs.
struct Work {
    folder: TempDir,
}

/// The result of running the program.
struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Work {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path(name), content).unwrap();
        self
    }

    fn read(&self, name: &str) -> String {
        String::from_utf8(std::fs::read(self.path(name)).unwrap()).unwrap()
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs the program in the folder, at a fixed time.
    fn run(&self, arguments: &[&str]) -> Ran {
        // On a busy machine, one start in thousands fails under Wine: ERROR_INTERNAL_ERROR.
        let mut tries = (0..3).map(|_| self.command(arguments).output());
        let has_begun = |said: &std::io::Result<_>| {
            said.as_ref().err().and_then(std::io::Error::raw_os_error) != Some(1359)
        };
        let output = tries.find(has_begun).unwrap().unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_userprep"));
        command.current_dir(self.folder.path()).args(arguments).env("SOURCE_DATE_EPOCH", "1258000000");
        command.env_remove("NO_COLOR").env("LC_ALL", "C");
        command
    }

    /// Runs `enable` into `run1` with these arguments.
    fn enable(&self, arguments: &[&str]) -> Ran {
        let mut all = vec!["enable"];
        all.extend(arguments);
        if !arguments.contains(&"--out") {
            all.extend(["--out", "run1"]);
        }
        self.run(&all)
    }
}

/// Whatever a test checks, xmllint validates every report that it leaves behind, if it is installed.
impl Drop for Work {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let folders = std::fs::read_dir(self.folder.path()).into_iter().flatten().flatten();
        let runs: Vec<PathBuf> =
            folders.map(|entry| entry.path()).filter(|run| run.join("report.xsd").exists()).collect();
        let Some(first) = runs.first() else { return };
        let mut xmllint = Command::new("xmllint");
        xmllint.args(["--noout", "--huge", "--schema"]).arg(first.join("report.xsd"));
        if let Ok(said) = xmllint.args(runs.iter().map(|run| run.join("report.xml"))).output() {
            assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        }
    }
}

/// Returns the path of a fixture.
fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    path.into_os_string().into_string().unwrap()
}

/// The DN of the pool that most tests use.
const POOL: &str = "CN=LC Services,CN=Microsoft,CN=pool01,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com";

/// Returns a user as in a full dump, with these lines added.
fn user(name: &str, lines: &str) -> String {
    format!(
        "dn: CN={name},OU=Paris,DC=contoso,DC=com\nobjectClass: top\nobjectClass: user\ninstanceType: 4\n\
         sAMAccountName: {}\nuserAccountControl: 512\n{lines}\n",
        name.to_lowercase().replace(' ', "")
    )
}
