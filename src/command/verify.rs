//! `verify`: compares a run with a fresh export.

use serde_json::json;

use super::comparison::{Comparison, compare};
use super::{Context, require_known_command};
use crate::cli;
use crate::input;
use crate::language::{Text, text};
use crate::message::Failure;
use crate::report::Outcome;
use crate::run::{self, check::check};
use crate::verify::Task;

/// Checks the files of a run, compares it with exports, or both.
pub(super) fn run(args: &cli::VerifyArgs, context: &Context) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Completed;
    if args.files {
        require_known_command(&run::manifest(&args.subject)?, &args.subject)?;
        let checked = check(&args.subject)?;
        context.tell_all(&checked.faults);
        let (run, files, faults) = (input::typed(&args.subject), checked.files, checked.faults.len());
        let summary = match faults {
            0 => text!(
                "{run}: all {files} files are as they were written, and there are no others\n",
                "{run}\u{a0}: les {files} fichiers sont tels qu’ils ont été écrits, et il n’y en a pas d’autres\n"
            ),
            1 => text!(
                "{run}: 1 fault in its {files} files\n",
                "{run}\u{a0}: 1 défaut dans ses {files} fichiers\n"
            ),
            _ => text!(
                "{run}: {faults} faults in its {files} files\n",
                "{run}\u{a0}: {faults} défauts dans ses {files} fichiers\n"
            ),
        };
        let digest = match &*checked.digest {
            "" => Text::default(),
            digest => text!("digest: {digest}\n", "empreinte\u{a0}: {digest}\n"),
        };
        let files = json!({"run": run, "files": files, "faults": faults, "digest": checked.digest});
        context.answer.say(json!({"files": files}));
        context.data(&summary);
        context.data(&digest);
        if faults > 0 {
            outcome = Outcome::CompletedWithFindings;
        }
    }
    if args.against.is_empty() {
        return Ok(outcome);
    }
    let comparison = Comparison {
        task: Task::Verify,
        subject: &args.subject,
        against: &args.against,
        evidence: &args.evidence,
        out: args.out.as_deref(),
        writes: args.out.is_some(),
        form: &args.form,
        run: &args.run,
    };
    match compare(&comparison, context)? {
        Outcome::Completed => Ok(outcome),
        findings => Ok(findings),
    }
}
