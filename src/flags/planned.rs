//! The arguments that all wizards share.

use std::path::PathBuf;

use clap::Args;

use super::{InputArgs, OutputArgs, PoolsArgs, RunArgs, SafetyArgs, SelectArgs, SipArgs, folder};
use crate::config::UserOptions;

/// What is read, and which users take part.
#[derive(Clone, Debug, Args)]
pub struct Reads {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub select: SelectArgs,
}

/// Where the run directory goes, and its form.
#[derive(Clone, Debug, Args)]
pub struct Writes {
    /// The run directory; must not exist
    #[arg(long, value_name = "DIR", value_parser = folder(), help_heading = "Output")]
    pub out: PathBuf,
    #[command(flatten)]
    pub form: FormArgs,
}

/// What a run writes, what stops it, and how it runs.
#[derive(Clone, Debug, Args)]
pub struct FormArgs {
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub safety: SafetyArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

/// The arguments that all wizards share; an argument that a command lacks has its default.
#[derive(Clone, Debug, Default)]
pub struct PlannedArgs {
    pub input: InputArgs,
    pub select: SelectArgs,
    pub sip: SipArgs,
    /// Which pools users get, and which exist.
    pub pools: PoolsArgs,
    /// What is written for the users; takes precedence over every rule.
    pub options: UserOptions,
    /// The run directory; `None` for a command that only looks.
    pub out: Option<PathBuf>,
    pub output: OutputArgs,
    pub safety: SafetyArgs,
    /// Whether more than half of the existing addresses may be replaced.
    pub replace_many: bool,
    pub run: RunArgs,
}

impl PlannedArgs {
    /// The arguments of a command that ends in a run directory.
    pub fn of(reads: &Reads, writes: &Writes) -> Self {
        Self { out: Some(writes.out.clone()), ..Self::in_form(reads, &writes.form) }
    }

    /// The arguments of a command that may end without one.
    pub fn in_form(reads: &Reads, form: &FormArgs) -> Self {
        Self {
            input: reads.input.clone(),
            select: reads.select.clone(),
            output: form.output.clone(),
            safety: form.safety.clone(),
            run: form.run.clone(),
            ..Self::default()
        }
    }
}
