//! `apply.cmd`, `undo.cmd`, `apply.sh` and `undo.sh`: the import of all batches, with what comes with an operating system.

use super::ldif::Batch;
use super::{RunDirectory, Written};
use crate::message::Failure;

/// For Windows: cmd and ldifde of Server 2003. Without `-k`, which would pass over a pool that does not exist.
const CMD: &str = include_str!("import.cmd");
/// For POSIX shells: ldapmodify of OpenLDAP.
const SH: &str = include_str!("import.sh");

/// Writes the four scripts; none if there is no batch.
///
/// Undo takes the batches in the order of apply: after a partial import it then takes back exactly what was applied, and
/// stops there.
///
/// # Errors
/// `output-unwritable`
pub fn write(run: &RunDirectory, batches: &[Batch]) -> Result<Vec<Written>, Failure> {
    if batches.is_empty() {
        return Ok(Vec::new());
    }
    let mut scripts = Vec::new();
    for (kind, command) in [("apply", "verify"), ("undo", "undo")] {
        let cmd = script(CMD, kind, command, batches, "rem   ", |batch| {
            format!("call :batch {0} {0:04} {1}\nif errorlevel 1 goto failed", batch.number, batch.records)
        });
        scripts.push(run.write(&format!("{kind}.cmd"), cmd.replace('\n', "\r\n").as_bytes())?);
        let sh = script(SH, kind, command, batches, "#   ", |batch| {
            format!("batch {0} {0:04} {1} \"$@\"", batch.number, batch.records)
        });
        scripts.push(run.write(&format!("{kind}.sh"), sh.as_bytes())?);
    }
    Ok(scripts)
}

/// A template with its placeholders filled in.
fn script(
    template: &str,
    kind: &str,
    command: &str,
    batches: &[Batch],
    comment: &str,
    call: impl Fn(&Batch) -> String,
) -> String {
    let described = |batch: &Batch| {
        let protected = if batch.protected { ", protected accounts" } else { "" };
        let domain = harmless(&batch.domain);
        format!("{comment}{:04}  {domain}{protected}, records: {}", batch.number, batch.records)
    };
    let lines = |line: &dyn Fn(&Batch) -> String| batches.iter().map(line).collect::<Vec<_>>().join("\n");
    template
        .replace("@KIND@", kind)
        .replace("@COMMAND@", command)
        .replace("@TABLE@", &lines(&described))
        .replace("@CALLS@", &lines(&call))
}

/// A domain in a comment: cmd expands `%` even there.
fn harmless(domain: &str) -> String {
    domain.chars().map(|c| if c.is_ascii_alphanumeric() || "=,.- _".contains(c) { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(number: u64, domain: &str, protected: bool) -> Batch {
        let written = |path: &str| Written { path: path.into(), bytes: 1, sha256: String::new() };
        let domain = domain.into();
        Batch { number, domain, protected, records: 7, apply: written("a"), undo: written("u") }
    }

    #[test]
    fn every_batch_is_called_in_the_order_of_apply() {
        let batches = [batch(1, "DC=contoso,DC=com", false), batch(2, "DC=50%,DC=com", true)];
        let cmd = script(CMD, "undo", "undo", &batches, "rem   ", |batch| format!("call {}", batch.number));
        assert!(cmd.contains("\ncall 1\ncall 2\n"), "{cmd}");
        assert!(cmd.contains("\nrem   0001  DC=contoso,DC=com, records: 7\n"), "{cmd}");
        assert!(cmd.contains("\nrem   0002  DC=50?,DC=com, protected accounts, records: 7\n"), "{cmd}");
        assert!(!cmd.contains("@KIND@") && !cmd.contains("@COMMAND@"));
        assert!(CMD.is_ascii() && SH.is_ascii());
        assert!(!CMD.contains(" -k"), "-k hides a wrong pool");
    }
}
