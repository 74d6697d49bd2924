//! What each wizard's command takes, and what all of them share.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::Command;
use super::groups::{
    InputArgs, KnownPoolsArgs, OutArgs, OutputArgs, PoolsArgs, RunArgs, SafetyArgs, SelectArgs, SipArgs,
    archiving, folder,
};
use crate::config::{Archiving, UserOptions};

/// What is read, and who of it takes part.
#[derive(Clone, Debug, Args)]
pub struct Reads {
    /// What is read.
    #[command(flatten)]
    pub input: InputArgs,
    /// Which users take part.
    #[command(flatten)]
    pub select: SelectArgs,
}

/// Where a run goes, what it writes, what stops it.
#[derive(Clone, Debug, Args)]
pub struct Writes {
    /// Where the run goes.
    #[command(flatten)]
    pub out: OutArgs,
    /// What is written.
    #[command(flatten)]
    pub output: OutputArgs,
    /// What stops the run.
    #[command(flatten)]
    pub safety: SafetyArgs,
    /// How the run goes.
    #[command(flatten)]
    pub run: RunArgs,
}

/// What `enable` takes.
#[derive(Clone, Debug, Args)]
pub struct EnableArgs {
    /// What is read, and which users take part.
    #[command(flatten)]
    pub reads: Reads,
    /// How addresses are made.
    #[command(flatten)]
    pub sip: SipArgs,
    /// Which pools they get.
    #[command(flatten)]
    pub pools: PoolsArgs,
    /// Also enable users who have an address and were disabled for Communications Server
    #[arg(long, help_heading = "Addresses")]
    pub re_enable: bool,
    /// Let a run replace more than half of the addresses that exist
    #[arg(long, help_heading = "Safety")]
    pub replace_many: bool,
    /// What is written, and what stops that.
    #[command(flatten)]
    pub writes: Writes,
}

/// What `configure` takes.
#[derive(Clone, Debug, Args)]
pub struct ConfigureArgs {
    /// What is read, and which users take part.
    #[command(flatten)]
    pub reads: Reads,
    /// Federation with other organisations
    #[arg(long, value_name = "true|false", help_heading = "Settings")]
    pub federation: Option<bool>,
    /// Sign-in from outside the network
    #[arg(long, value_name = "true|false", help_heading = "Settings")]
    pub remote_access: Option<bool>,
    /// Public IM providers (MSN, AOL, Yahoo!)
    #[arg(long, value_name = "true|false", help_heading = "Settings")]
    pub public_im: Option<bool>,
    /// Enhanced presence (cannot be undone)
    #[arg(long, value_name = "true|false", help_heading = "Settings")]
    pub enhanced_presence: Option<bool>,
    /// Meetings with anonymous participants
    #[arg(long, value_name = "true|false", help_heading = "Settings")]
    pub anonymous_meetings: Option<bool>,
    /// none, internal, federated or all
    ///
    /// Which conversations are archived.
    #[arg(long, value_name = "KIND", value_parser = archiving(), help_heading = "Settings")]
    pub archiving: Option<Archiving>,
    /// Enterprise Voice; wants a line
    #[arg(long, value_name = "true|false", help_heading = "Settings")]
    pub enterprise_voice: Option<bool>,
    /// Its number: `tel:{telephoneNumber}`
    ///
    /// A pattern; `tel:+33{telephoneNumber:national}` puts a country code before numbers without one.
    #[arg(long, value_name = "PATTERN", help_heading = "Settings")]
    pub line: Option<String>,
    /// The country of the numbers, as `FR`
    ///
    /// They are read by its numbering plan, unless they state another country. Alone it stands for `--line tel:{telephoneNumber}`, too.
    #[arg(long, value_name = "CC", help_heading = "Settings")]
    pub line_region: Option<String>,
    /// Remote call control of a PBX telephone
    #[arg(long, value_name = "true|false", help_heading = "Settings")]
    pub remote_call_control: Option<bool>,
    /// Its gateway, a SIP URI
    #[arg(long, value_name = "URI", help_heading = "Settings")]
    pub line_server: Option<String>,
    /// Which pools there are.
    #[command(flatten)]
    pub known: KnownPoolsArgs,
    /// What is written, and what stops that.
    #[command(flatten)]
    pub writes: Writes,
}

/// What `move` takes.
#[derive(Clone, Debug, Args)]
pub struct MoveArgs {
    /// What is read, and which users take part.
    #[command(flatten)]
    pub reads: Reads,
    /// Which pools they get.
    #[command(flatten)]
    pub pools: PoolsArgs,
    /// Only users of this pool
    ///
    /// By the DN of its CN=LC Services object, or by its name or FQDN.
    #[arg(long, value_name = "DN", help_heading = "Pools")]
    pub from: Option<String>,
    /// Also users who have a pool
    ///
    /// Their contact lists and meetings stay behind.
    #[arg(long, help_heading = "Pools")]
    pub rehome: bool,
    /// What is written, and what stops that.
    #[command(flatten)]
    pub writes: Writes,
}

/// What `disable` takes.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("selection").required(true).multiple(true).args(["base", "filter", "users", "all"]))]
pub struct DisableArgs {
    /// What is read, and which users take part.
    #[command(flatten)]
    pub reads: Reads,
    /// All users of the exports
    ///
    /// Where no base, filter or list selects some.
    #[arg(long, conflicts_with_all = ["base", "filter", "users"], help_heading = "Selection")]
    pub all: bool,
    /// What is written, and what stops that.
    #[command(flatten)]
    pub writes: Writes,
}

/// What `delete` takes.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("selection").required(true).multiple(true).args(["base", "filter", "users", "all"]))]
pub struct DeleteArgs {
    /// What is read, and which users take part.
    #[command(flatten)]
    pub reads: Reads,
    /// All users of the exports
    ///
    /// Where no base, filter or list selects some.
    #[arg(long, conflicts_with_all = ["base", "filter", "users"], help_heading = "Selection")]
    pub all: bool,
    /// Which pools there are.
    #[command(flatten)]
    pub known: KnownPoolsArgs,
    /// What is written, and what stops that.
    #[command(flatten)]
    pub writes: Writes,
}

/// What `rename` takes.
#[derive(Clone, Debug, Args)]
pub struct RenameArgs {
    /// What is read, and which users take part.
    #[command(flatten)]
    pub reads: Reads,
    /// How addresses are made.
    #[command(flatten)]
    pub sip: SipArgs,
    /// From the domain OLD to NEW (repeatable)
    #[arg(long, value_name = "OLD=NEW", help_heading = "Addresses")]
    pub domain: Vec<String>,
    /// Leave the old `sip:` value in proxyAddresses
    #[arg(long, help_heading = "Addresses")]
    pub keep_old: bool,
    /// Rename users who are switched off, too
    #[arg(long, help_heading = "Selection")]
    pub switched_off: bool,
    /// Let a run replace more than half of the addresses that exist
    #[arg(long, help_heading = "Safety")]
    pub replace_many: bool,
    /// What is written, and what stops that.
    #[command(flatten)]
    pub writes: Writes,
}

/// What `audit` takes.
#[derive(Clone, Debug, Args)]
pub struct AuditArgs {
    /// What is read, and which users take part.
    #[command(flatten)]
    pub reads: Reads,
    /// A SIP domain; any other is a finding
    ///
    /// Repeatable.
    #[arg(long, value_name = "DOMAIN", help_heading = "Addresses")]
    pub sip_domain: Vec<String>,
    /// Which pools there are.
    #[command(flatten)]
    pub known: KnownPoolsArgs,
    /// Write the repairs that need no decision
    #[arg(long, requires = "out", help_heading = "Output")]
    pub fix: bool,
    /// The run directory; must not exist
    ///
    /// Without it there is the summary alone.
    #[arg(long, value_name = "DIR", value_parser = folder(), help_heading = "Output")]
    pub out: Option<PathBuf>,
    /// What is written.
    #[command(flatten)]
    pub output: OutputArgs,
    /// How the run goes.
    #[command(flatten)]
    pub run: RunArgs,
}

/// What the commands of all wizards have in common; what a command does not take is as if it had not been typed.
#[derive(Clone, Debug, Default)]
pub struct PlannedArgs {
    /// What is read.
    pub input: InputArgs,
    /// Which users take part.
    pub select: SelectArgs,
    /// How addresses are made.
    pub sip: SipArgs,
    /// Which pools they get, and which there are.
    pub pools: PoolsArgs,
    /// What is written for them; wins over every rule.
    pub options: UserOptions,
    /// Where the run goes; nowhere for no more than a look.
    pub out: Option<PathBuf>,
    /// What is written.
    pub output: OutputArgs,
    /// What stops the run.
    pub safety: SafetyArgs,
    /// Whether more than half of the addresses that exist may be replaced.
    pub replace_many: bool,
    /// How the run goes.
    pub run: RunArgs,
}

impl PlannedArgs {
    /// Of a command that ends in a run directory.
    fn of(reads: &Reads, writes: &Writes) -> Self {
        Self {
            input: reads.input.clone(),
            select: reads.select.clone(),
            out: Some(writes.out.out.clone()),
            output: writes.output.clone(),
            safety: writes.safety.clone(),
            run: writes.run.clone(),
            ..Self::default()
        }
    }
}

impl Command {
    /// What a wizard's command has in common with the others; none for a command that is no wizard.
    #[must_use]
    pub fn planned(&self) -> Option<PlannedArgs> {
        let looking_up = |known: &KnownPoolsArgs| PoolsArgs { known: known.clone(), ..PoolsArgs::default() };
        Some(match self {
            Self::Enable(args) => PlannedArgs {
                sip: args.sip.clone(),
                pools: args.pools.clone(),
                replace_many: args.replace_many,
                ..PlannedArgs::of(&args.reads, &args.writes)
            },
            Self::Configure(args) => PlannedArgs {
                pools: looking_up(&args.known),
                options: args.options(),
                ..PlannedArgs::of(&args.reads, &args.writes)
            },
            Self::Move(args) => {
                PlannedArgs { pools: args.pools.clone(), ..PlannedArgs::of(&args.reads, &args.writes) }
            }
            Self::Disable(args) => PlannedArgs::of(&args.reads, &args.writes),
            Self::Delete(args) => {
                PlannedArgs { pools: looking_up(&args.known), ..PlannedArgs::of(&args.reads, &args.writes) }
            }
            Self::Rename(args) => PlannedArgs {
                sip: args.sip.clone(),
                replace_many: args.replace_many,
                ..PlannedArgs::of(&args.reads, &args.writes)
            },
            Self::Audit(args) => PlannedArgs {
                sip: SipArgs { sip_domain: args.sip_domain.clone(), ..SipArgs::default() },
                pools: looking_up(&args.known),
                input: args.reads.input.clone(),
                select: args.reads.select.clone(),
                out: args.out.clone(),
                output: args.output.clone(),
                run: args.run.clone(),
                ..PlannedArgs::default()
            },
            _ => return None,
        })
    }
}

impl ConfigureArgs {
    fn options(&self) -> UserOptions {
        UserOptions {
            enhanced_presence: self.enhanced_presence,
            originator_sid: None,
            archiving: self.archiving,
            federation: self.federation,
            remote_access: self.remote_access,
            public_im: self.public_im,
            anonymous_meetings: self.anonymous_meetings,
            enterprise_voice: self.enterprise_voice,
            line: self.line.clone(),
            line_region: self.line_region.clone(),
            remote_call_control: self.remote_call_control,
            line_server: self.line_server.clone(),
        }
    }
}
