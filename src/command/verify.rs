//! `verify`: a fresh export against a run.

use super::Context;
use super::comparison::{Comparison, compare};
use crate::cli;
use crate::message::Failure;
use crate::report::Outcome;
use crate::run;
use crate::verify::Task;

/// Runs the command.
///
/// # Errors
/// Whatever keeps the run from being compared, or what is left to do from being published.
pub fn run(args: &cli::Verify, context: &Context) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Completed;
    if args.files {
        let (files, told) = run::check_files(&args.subject)?;
        told.iter().for_each(|told| context.tell(told));
        let summary = format!(
            "{}: {} of {files} files are as they were written\n",
            crate::input::typed(&args.subject),
            files - told.len()
        );
        (context.stderr)(&summary);
        if !told.is_empty() {
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
