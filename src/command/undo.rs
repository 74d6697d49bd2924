//! `undo`: writes a run directory that undoes a run where the values are still the run's.

use super::comparison::{Comparison, compare};
use super::{Context, with_ending};
use crate::cli;
use crate::message::Failure;
use crate::report::Outcome;
use crate::verify::Task;

/// Runs the command.
pub(super) fn run(args: &cli::UndoArgs, context: &Context) -> Result<Outcome, Failure> {
    let plan = args.dry_run.then(|| with_ending(&args.out, ".plan"));
    let comparison = Comparison {
        task: Task::Undo,
        subject: &args.subject,
        against: &args.against,
        evidence: &args.evidence,
        out: Some(plan.as_deref().unwrap_or(&args.out)),
        writes: plan.is_none(),
        form: &args.form,
        run: &args.run,
    };
    compare(&comparison, context)
}
