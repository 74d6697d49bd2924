//! The registry of wizards, one row each, and the parsing of their flags.

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, FromArgMatches, Subcommand};

use super::{Claims, Made, Wizard, audit, configure, delete, disable, enable, r#move, rename};
use crate::flags::PlannedArgs;
use crate::message::Failure;
use crate::report::Mode;
use crate::settings::{Scope, Settings};

/// The wizards, in the order of the help.
pub(crate) static WIZARDS: &[&Spec] = &[
    &enable::SPEC,
    &configure::SPEC,
    &r#move::SPEC,
    &disable::SPEC,
    &delete::SPEC,
    &rename::SPEC,
    &audit::SPEC,
];

/// The static description of a wizard.
#[derive(Debug)]
pub struct Spec {
    /// The command and its wording in reports.
    pub mode: Mode,
    pub flags: Flags,
    /// Additions to `--help`, as names with indented lines: `help` is the command in French, each flag of its own has its
    /// French, and each of the `examples` has a caption in English, one in French, and the command.
    pub help: &'static str,
    /// The wizard's own flags that `-h` shows, too.
    pub brief: &'static [&'static str],
    /// The parts of the configuration it follows.
    pub scope: Scope,
    /// The kind of claim its users make.
    pub claims: Claims,
}

/// A wizard's flags, with the functions that define and read them.
#[derive(Clone, Copy, Debug)]
pub struct Flags {
    define: fn(clap::Command) -> clap::Command,
    read: fn(&ArgMatches) -> Result<Box<dyn WizardFlags>, clap::Error>,
}

impl Flags {
    /// The flags of a type.
    pub const fn of<F: Args + WizardFlags + 'static>() -> Self {
        Self { define: F::augment_args, read: |matches| Ok(Box::new(F::from_arg_matches(matches)?)) }
    }
}

impl Spec {
    /// Whether the command line must select users or say `--all`, as for wizards that take something away.
    pub fn wants_selection(&self) -> bool {
        let command = (self.flags.define)(clap::Command::new(self.mode.name));
        command.get_arguments().any(|flag| flag.get_id() == "all")
    }
}

/// The flags of a wizard as typed.
pub trait WizardFlags: std::fmt::Debug + Send + Sync {
    /// Returns the flags shared with other wizards.
    fn planned(&self) -> PlannedArgs;

    /// Creates the wizard's logic from its settings.
    fn logic<'s>(&self, settings: &'s Settings) -> Made<'s>;
}

/// The wizard named on a command line.
#[derive(Debug)]
pub struct Chosen {
    pub spec: &'static Spec,
    pub flags: Box<dyn WizardFlags>,
}

impl Chosen {
    /// Returns the wizard of a command, or none if the command is not a wizard.
    pub fn spec(command: &str) -> Option<&'static Spec> {
        WIZARDS.iter().copied().find(|spec| spec.mode.name == command)
    }

    /// Creates the wizard from its settings.
    pub fn wizard<'s>(&self, settings: &'s Settings) -> Result<Wizard<'s>, Failure> {
        Ok(Wizard::new(self.spec, settings, self.flags.logic(settings)?))
    }
}

impl FromArgMatches for Chosen {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let chosen = matches.subcommand().and_then(|(name, matches)| {
            let spec = Self::spec(name)?;
            Some((spec.flags.read)(matches).map(|flags| Self { spec, flags }))
        });
        chosen.unwrap_or_else(|| Err(clap::Error::new(ErrorKind::InvalidSubcommand)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for Chosen {
    fn augment_subcommands(program: clap::Command) -> clap::Command {
        let command = |spec: &Spec| (spec.flags.define)(clap::Command::new(spec.mode.name));
        program.subcommands(WIZARDS.iter().copied().map(command))
    }

    fn augment_subcommands_for_update(program: clap::Command) -> clap::Command {
        Self::augment_subcommands(program)
    }

    fn has_subcommand(name: &str) -> bool {
        Self::spec(name).is_some()
    }
}
