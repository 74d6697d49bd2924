//! What the commands of wizards have in common.

use std::path::PathBuf;

use clap::Args;

use super::{InputArgs, OutputArgs, PoolsArgs, RunArgs, SafetyArgs, SelectArgs, SipArgs, folder};
use crate::config::UserOptions;

/// What is read, and who of it takes part.
#[derive(Clone, Debug, Args)]
pub struct Reads {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub select: SelectArgs,
}

/// Where a run goes, and how.
#[derive(Clone, Debug, Args)]
pub struct Writes {
    /// The run directory; must not exist
    #[arg(long, value_name = "DIR", value_parser = folder(), help_heading = "Output")]
    pub out: PathBuf,
    #[command(flatten)]
    pub form: FormArgs,
}

/// What a run writes, what stops it, and how it goes.
#[derive(Clone, Debug, Args)]
pub struct FormArgs {
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub safety: SafetyArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

/// What the commands of all wizards have in common; what a command does not take is as if it had not been typed.
#[derive(Clone, Debug, Default)]
pub struct PlannedArgs {
    pub input: InputArgs,
    pub select: SelectArgs,
    pub sip: SipArgs,
    /// Which pools they get, and which there are.
    pub pools: PoolsArgs,
    /// What is written for them; wins over every rule.
    pub options: UserOptions,
    /// Where the run goes; nowhere for no more than a look.
    pub out: Option<PathBuf>,
    pub output: OutputArgs,
    pub safety: SafetyArgs,
    /// Whether more than half of the addresses that exist may be replaced.
    pub replace_many: bool,
    pub run: RunArgs,
}

impl PlannedArgs {
    /// Of a command that ends in a run directory.
    pub fn of(reads: &Reads, writes: &Writes) -> Self {
        Self { out: Some(writes.out.clone()), ..Self::in_form(reads, &writes.form) }
    }

    /// Of a command that may end without one.
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
