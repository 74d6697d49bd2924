//! `verify`: a fresh export against a run.

use super::Context;
use super::comparison::{Comparison, compare};
use crate::cli;
use crate::input;
use crate::message::Failure;
use crate::report::Outcome;
use crate::run::check::check;
use crate::verify::Task;

/// Runs the command.
///
/// # Errors
/// Whatever keeps the run from being compared, or what is left to do from being published.
pub fn run(args: &cli::Verify, context: &Context) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Completed;
    if args.files {
        let checked = check(&args.subject)?;
        checked.faults.iter().for_each(|told| context.tell(told));
        let (run, files, faults) = (input::typed(&args.subject), checked.files, checked.faults.len());
        let mut summary = match faults {
            0 => format!("{run}: {files} files are as they were written, and there are no others\n"),
            1 => format!("{run}: 1 of its files is not as it was written\n"),
            _ => format!("{run}: {faults} faults in its {files} files\n"),
        };
        if !checked.digest.is_empty() {
            summary += &format!("digest: {}\n", checked.digest);
        }
        (context.stderr)(&summary);
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
