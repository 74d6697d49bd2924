//! The wizards, one row each: what sets them apart, and how a command line becomes one.

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, FromArgMatches, Subcommand};

use super::{Claims, Made, Wizard, audit, configure, delete, disable, enable, r#move, rename};
use crate::flags::PlannedArgs;
use crate::message::Failure;
use crate::object::Attr;
use crate::report::{Mode, Reason};
use crate::settings::{Scope, Settings};

/// The wizards, in the order of the help.
pub(crate) static WIZARDS: [&Spec; 7] = [
    &enable::SPEC,
    &configure::SPEC,
    &r#move::SPEC,
    &disable::SPEC,
    &delete::SPEC,
    &rename::SPEC,
    &audit::SPEC,
];

/// What sets a wizard apart before any user is seen.
#[derive(Debug)]
pub struct Spec {
    /// The command, and how its report speaks of it.
    pub mode: Mode,
    pub flags: Flags,
    /// What `--help` says beside the comments of the flags, as a table of names and indented lines: of `help` the French of
    /// the command, of each flag of its own the French of that, of `examples` these.
    pub help: &'static str,
    /// Which flags of its own `-h` shows, too.
    pub brief: &'static [&'static str],
    /// How much of the configuration it follows.
    pub scope: Scope,
    /// What its users may claim once.
    pub claims: Claims,
    /// Why a user needs a decision who keeps an address that others have, too; otherwise it is a warning.
    pub twin: Option<Reason>,
    /// What a decision rests on where an export shows it, beside what every wizard asks for: a user is rejected for a
    /// value that is not of its syntax.
    pub judged: &'static [Attr],
    /// Whether it removes what users have, octet by octet: all attributes of Communications Server that an input shows
    /// are read, and none of their values need mean anything.
    pub erases: bool,
}

/// The flags of a wizard, as clap defines and reads them.
#[derive(Clone, Copy, Debug)]
pub struct Flags {
    define: fn(clap::Command) -> clap::Command,
    read: fn(&ArgMatches) -> Result<Box<dyn WizardFlags>, clap::Error>,
}

impl Flags {
    /// Those of a type.
    pub const fn of<F: Args + WizardFlags + 'static>() -> Self {
        Self { define: F::augment_args, read: |matches| Ok(Box::new(F::from_arg_matches(matches)?)) }
    }
}

impl Spec {
    /// Whether a command line must say who takes part, or that all do: so it is where something is taken away.
    pub fn wants_selection(&self) -> bool {
        let command = (self.flags.define)(clap::Command::new(self.mode.name));
        command.get_arguments().any(|flag| flag.get_id() == "all")
    }
}

/// What was typed for a wizard.
pub trait WizardFlags: std::fmt::Debug + Send + Sync {
    /// What it has in common with the commands of the other wizards.
    fn planned(&self) -> PlannedArgs;

    /// What sets it apart, once its settings are known.
    fn logic<'s>(&self, settings: &'s Settings) -> Made<'s>;
}

/// The wizard that a command line names.
#[derive(Debug)]
pub struct Chosen {
    pub spec: &'static Spec,
    pub flags: Box<dyn WizardFlags>,
}

impl Chosen {
    /// The wizard of a command; none for a command of another kind.
    pub fn spec(command: &str) -> Option<&'static Spec> {
        WIZARDS.iter().copied().find(|spec| spec.mode.name == command)
    }

    /// The wizard, once its settings are known.
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
        program.subcommands(WIZARDS.map(command))
    }

    fn augment_subcommands_for_update(program: clap::Command) -> clap::Command {
        Self::augment_subcommands(program)
    }

    fn has_subcommand(name: &str) -> bool {
        Self::spec(name).is_some()
    }
}
