//! The wizards, one row each: what sets them apart, and how a command line becomes one.

use super::audit::{self, Audit};
use super::configure::{self, Configure};
use super::delete::{self, Delete};
use super::disable::{self, Disable};
use super::enable::{self, Enable};
use super::r#move::{self, Move};
use super::rename::{self, Rename};
use super::{Claims, Wizard};
use crate::cli::{Command, PlannedArgs};
use crate::config::ConfigFile;
use crate::message::Failure;
use crate::object::Attr;
use crate::report::{Mode, Reason};
use crate::settings::{Scope, Settings};

/// What sets a wizard apart before any user is seen.
#[derive(Debug)]
pub struct Spec {
    /// The command.
    pub mode: Mode,
    /// How much of the configuration it follows.
    pub scope: Scope,
    /// What its users may claim once.
    pub claims: Claims,
    /// Why a user needs a decision who keeps an address that others have, too; otherwise it is a warning.
    pub twin: Option<Reason>,
    /// What it reads or writes of users: each input with users must show these attributes.
    pub needs: fn(&Settings) -> Vec<Attr>,
    /// What it adapts in the settings before exports are opened.
    pub prepare: fn(&mut Settings) -> Result<(), Failure>,
}

impl Spec {
    /// The settings of a run of this wizard.
    ///
    /// # Errors
    /// Everything that is wrong with flags and configuration.
    pub fn settings(&self, args: &PlannedArgs, source: ConfigFile) -> Result<Settings, Failure> {
        let mut settings = Settings::of(args, self.scope, source)?;
        settings.need((self.needs)(&settings));
        (self.prepare)(&mut settings)?;
        Ok(settings)
    }
}

/// No settings need to be adapted.
pub(super) fn nothing(_: &mut Settings) -> Result<(), Failure> {
    Ok(())
}

/// Makes a wizard from its flags, once its settings are known.
type Make<'c> = Box<dyn for<'s> Fn(&'s Settings) -> Result<Box<dyn Wizard + 's>, Failure> + Sync + 'c>;

/// The wizard that a command line names.
pub struct Chosen<'c> {
    /// What sets it apart.
    pub spec: &'static Spec,
    make: Make<'c>,
}

impl<'c> Chosen<'c> {
    /// The wizard of the command; none for a command of another kind.
    #[must_use]
    pub fn of(command: &'c Command) -> Option<Self> {
        let (spec, make): (&'static Spec, Make<'c>) = match command {
            Command::Enable(args) => (&enable::SPEC, Box::new(|all| boxed(Enable::new(all, args)))),
            Command::Configure(_) => (&configure::SPEC, Box::new(|all| boxed(Configure::new(all)?))),
            Command::Move(args) => (&r#move::SPEC, Box::new(|all| boxed(Move::new(all, args)?))),
            Command::Disable(_) => (&disable::SPEC, Box::new(|all| boxed(Disable::new(all)))),
            Command::Delete(_) => (&delete::SPEC, Box::new(|all| boxed(Delete::new(all)))),
            Command::Rename(args) => (&rename::SPEC, Box::new(|all| boxed(Rename::new(all, args)?))),
            Command::Audit(args) => (&audit::SPEC, Box::new(|all| boxed(Audit::new(all, args)))),
            _ => return None,
        };
        Some(Self { spec, make })
    }

    /// The wizard itself.
    ///
    /// # Errors
    /// What is wrong with its own flags.
    pub fn make<'s>(&self, settings: &'s Settings) -> Result<Box<dyn Wizard + 's>, Failure> {
        (self.make)(settings)
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the rows of the table are of one type")]
fn boxed<'s>(wizard: impl Wizard + 's) -> Result<Box<dyn Wizard + 's>, Failure> {
    Ok(Box::new(wizard))
}
