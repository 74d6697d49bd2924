//! `apply.cmd`, `undo.cmd`, `apply.sh` and `undo.sh`: they import all batches with the tools of the operating system.

// the French sentences
mod french;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::ldif::{ChangeBatch, host};
use super::{RunDirectory, Written};
use crate::input::hex;
use crate::language::Language;
use crate::message::Failure;

/// For Windows: cmd and the ldifde of Server 2003. Without `-k`, which would ignore a missing pool.
const CMD: &str = include_str!("import.cmd");
/// For POSIX shells: ldapmodify of OpenLDAP.
const SH: &str = include_str!("import.sh");

/// Writes the four scripts, or none if there is no batch.
///
/// Each script contains the hashes of its files, so that none can be replaced unnoticed. Undo imports the batches in
/// the order of apply: after a partial import, it takes back exactly what was applied and stops there.
pub(crate) fn write(
    run: &RunDirectory,
    batches: &[ChangeBatch],
    language: Language,
) -> Result<Vec<Written>, Failure> {
    if batches.is_empty() {
        return Ok(Vec::new());
    }
    let mut scripts = Vec::new();
    for (kind, command) in [("apply", "verify"), ("undo", "undo")] {
        for form in FORMS {
            let script = translated(form.script(kind, command, batches), language);
            // cmd reads its files in the code page of the console
            let script = if form.ending == "cmd" { ascii(&script).replace('\n', "\r\n") } else { script };
            scripts.push(run.write(&format!("{kind}.{}", form.ending), script.as_bytes())?);
        }
    }
    Ok(scripts)
}

/// The parts of a script that depend on its interpreter.
struct ScriptForm {
    ending: &'static str,
    template: &'static str,
    /// The beginning of a comment.
    comment: &'static str,
    /// Formats the line that checks the hash of a file.
    hash: fn(&Written) -> String,
    /// Formats the lines that import a batch.
    call: fn(&ChangeBatch) -> String,
}

const FORMS: [ScriptForm; 2] = [
    ScriptForm {
        ending: "cmd",
        template: CMD,
        comment: "rem   ",
        hash: |file| format!("call :hash {} {}", file.sha256, file.path),
        call: |ChangeBatch { number, records, domain, .. }| {
            let server = host(domain).unwrap_or_default();
            format!("call :batch {number} {number:04} {records} {server}\nif errorlevel 1 goto failed")
        },
    },
    ScriptForm {
        ending: "sh",
        template: SH,
        comment: "#   ",
        hash: |file| format!("{}  {}", file.sha256, file.path),
        call: |ChangeBatch { number, records, domain, .. }| {
            let server = host(domain).unwrap_or_else(|| "-".to_owned());
            format!("batch {number} {number:04} {records} {server} \"$@\"")
        },
    },
];

impl ScriptForm {
    /// Fills in the placeholders of the template.
    fn script(&self, kind: &str, command: &str, batches: &[ChangeBatch]) -> String {
        let described = |batch: &ChangeBatch| {
            let protected = if batch.protected { ", protected accounts" } else { "" };
            let domain = harmless(&batch.domain);
            format!("{}{:04}  {domain}{protected}, records: {}", self.comment, batch.number, batch.records)
        };
        let hash =
            |batch: &ChangeBatch| (self.hash)(if kind == "apply" { &batch.apply } else { &batch.undo });
        let domains: BTreeSet<String> =
            batches.iter().map(|batch| batch.domain.to_ascii_lowercase()).collect();
        let lines =
            |line: &dyn Fn(&ChangeBatch) -> String| batches.iter().map(line).collect::<Vec<_>>().join("\n");
        self.template
            .replace("@KIND@", kind)
            .replace("@COMMAND@", command)
            .replace("@TABLE@", &lines(&described))
            .replace("@DIGEST@", &digest(batches))
            .replace("@DOMAINS@", &domains.len().to_string())
            .replace("@BATCHES@", &batches.len().to_string())
            .replace("@HASHES@", &lines(&hash))
            .replace("@CALLS@", &lines(&self.call))
    }
}

/// Returns a digest of all change files of a run: a few groups of hexadecimal digits, short enough to be read out over
/// the telephone, from the SHA-256 of their lines in SHA256SUMS. Empty for a run without change files.
pub(crate) fn digest(batches: &[ChangeBatch]) -> String {
    let line = |file: &Written| format!("{}  {}\n", file.sha256, file.path);
    let lines: String = batches.iter().flat_map(|batch| [&batch.apply, &batch.undo]).map(line).collect();
    if lines.is_empty() { String::new() } else { groups(lines.as_bytes()) }
}

/// Returns the groups of the digest over these lines.
pub(crate) fn groups(lines: &[u8]) -> String {
    const GROUPS: usize = 5;
    let digits = hex(&Sha256::digest(lines));
    let groups = digits.as_bytes().chunks(4).take(GROUPS).map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(" ")
}

/// Whether the file of a line in SHA256SUMS counts in the digest.
pub(crate) fn is_in_digest(name: &str) -> bool {
    let number = name.strip_suffix("-apply.ldif").or_else(|| name.strip_suffix("-undo.ldif"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Translates the sentences of a script.
fn translated(script: String, language: Language) -> String {
    match language {
        Language::En => script,
        Language::Fr => {
            french::SENTENCES.iter().fold(script, |script, (english, french)| script.replace(english, french))
        }
    }
}

/// Replaces characters that ASCII lacks.
fn ascii(text: &str) -> String {
    if text.is_ascii() {
        text.to_owned()
    } else {
        text.replace('’', "'").nfd().filter(|c| !is_combining_mark(*c)).collect()
    }
}

/// Returns a domain that is safe in a comment: cmd expands `%` even there.
fn harmless(domain: &str) -> String {
    domain.chars().map(|c| if c.is_ascii_alphanumeric() || "=,.- _".contains(c) { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(number: u64, domain: &str, protected: bool) -> ChangeBatch {
        let written = |path: &str| Written { path: path.into(), bytes: 1, sha256: String::new() };
        let domain = domain.into();
        ChangeBatch { number, domain, protected, records: 7, apply: written("a"), undo: written("u") }
    }

    #[test]
    fn every_batch_is_called_in_the_order_of_apply() {
        let batches = [batch(1, "DC=contoso,DC=com", false), batch(2, "DC=50%,DC=com", true)];
        let cmd = FORMS[0].script("undo", "undo", &batches);
        let [first, second] = ["call :batch 1 0001 7 ", "call :batch 2 0002 7 "].map(|call| cmd.find(call));
        assert!(first.is_some() && first < second, "{cmd}");
        assert!(cmd.contains("\nrem   0001  DC=contoso,DC=com, records: 7\n"), "{cmd}");
        assert!(cmd.contains("\nrem   0002  DC=50?,DC=com, protected accounts, records: 7\n"), "{cmd}");
        assert!(!cmd.contains("@KIND@") && !cmd.contains("@COMMAND@"));
        assert!(CMD.is_ascii() && SH.is_ascii());
        assert!(!CMD.contains(" -k"), "-k hides a wrong pool");
    }

    #[test]
    fn every_sentence_has_its_french() {
        for (english, _) in french::SENTENCES {
            let is_used = CMD.contains(english) || SH.contains(english) || english.contains(", records: ");
            assert!(is_used, "no script says \"{english}\"");
        }
        for script in [CMD, SH] {
            let french = translated(script.to_owned(), Language::Fr);
            for line in french.lines().map(str::trim) {
                let sentence = ["echo ", "echo \"", "rem ", "# ", "refuse \"", "printf '"]
                    .into_iter()
                    .find_map(|word| line.strip_prefix(word));
                let words = sentence.unwrap_or_default().split(|c: char| !c.is_alphabetic());
                let english = ["the", "is", "are", "of", "and", "with", "to", "not", "in"];
                let found = words.into_iter().find(|word| english.contains(word));
                assert_eq!(found, None, "{line}");
            }
            assert!(ascii(&french).is_ascii());
        }
    }
}
