//! The commands, from the arguments to the exit code.

mod answer;
mod check;
mod comparison;
mod configuration;
mod explain;
mod homed;
mod init;
mod next;
mod opening;
mod packaging;
mod plan;
mod rejects;
mod schema;
mod summary;
mod undo;
mod users;
mod verify;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuilder};

use jiff::Timestamp;

use crate::cli::{self, Cli};
use crate::config::ConfigFile;
use crate::input::{self, Export, Role};
use crate::language::{Language, Text, text};
use crate::message::{Failure, Message, Severity};
use crate::output::manifest::Manifest;
use crate::output::writer::select_shown;
use crate::output::{self, RunDirectory};
use crate::records::Records;
use crate::report::{InputFile, Issue, Outcome};
use crate::verify::{UNDO, VERIFY};
use crate::wizard::Chosen;

pub use self::answer::Answer;

/// The message after Ctrl-C.
pub const INTERRUPTED: Text =
    Text::new("interrupted: nothing was published\n", "interrompu\u{a0}: rien n’a été publié\n");

/// The environment of a command; everything else comes from the command line.
#[derive(Clone)]
pub struct Context {
    /// The time of the run.
    pub now: Timestamp,
    /// The arguments that affect the result ([`cli::parse`]).
    pub arguments: Vec<String>,
    /// The least severity that is written to standard error.
    pub least: Severity,
    /// The language of messages.
    pub language: Language,
    /// Whether messages are coloured.
    pub colour: bool,
    /// The answer to programs.
    pub answer: Answer,
    /// Receives messages.
    pub stderr: Arc<dyn Fn(&str) + Sync + Send>,
    /// Receives data.
    pub stdout: Arc<dyn Fn(&str) + Sync + Send>,
}

impl Context {
    /// Returns the same environment in the language of a configuration, unless a flag names another.
    fn speaking(&self, run: &cli::RunArgs, source: &mut ConfigFile) -> Self {
        let configured = &mut source.config.output.language;
        let language = run.language.or(*configured).unwrap_or(self.language);
        *configured = Some(language);
        Self { language, ..self.clone() }
    }

    /// Reports a message if it is severe enough.
    pub fn tell(&self, message: &Message) {
        self.answer.note(message);
        self.print(message);
    }

    fn print(&self, message: &Message) {
        if message.severity >= self.least {
            (self.stderr)(&message.render(self.language, self.colour));
        }
    }

    /// Reports messages: the first of each code, and how many more there are. The answer to a program has all of them.
    fn tell_all<'m>(&self, messages: impl IntoIterator<Item = &'m Message> + Clone) {
        messages.clone().into_iter().for_each(|message| self.answer.note(message));
        for message in select_shown(messages.into_iter().cloned(), None) {
            self.print(&message);
        }
    }

    /// Prints information that no message of the report repeats, unless only errors are wanted.
    fn say(&self, text: &Text) {
        if self.least < Severity::Error {
            (self.stderr)(text.in_language(self.language));
        }
    }

    /// Prints data for people, unless only errors are wanted or a program reads the answer.
    fn data(&self, text: &Text) {
        if self.least < Severity::Error && !self.answer.is_wanted() {
            (self.stdout)(text.in_language(self.language));
        }
    }

    /// Formats the time of the run (RFC 3339).
    fn time(&self) -> String {
        self.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// Runs a command and returns the exit code of the process.
pub fn run(cli: &Cli, context: &Context) -> u8 {
    end(run_command(&cli.command, context), context)
}

fn run_command(command: &cli::Command, context: &Context) -> Result<Outcome, Failure> {
    match command {
        cli::Command::Schema(args) => {
            (context.stdout)(&if args.json { schema::answer() } else { schema::report() });
            Ok(Outcome::Completed)
        }
        cli::Command::Init(args) => init::run(args, context),
        cli::Command::Completions(args) => packaging::completions(args, context),
        cli::Command::Man(args) => packaging::man(args, context),
        cli::Command::Check(args) => check::run(args, context),
        cli::Command::Verify(args) => verify::run(args, context),
        cli::Command::Undo(args) => undo::run(args, context),
        cli::Command::Explain(args) => explain::run(args, context),
        cli::Command::Wizard(chosen) => plan::run(chosen, &chosen.flags.planned(), context),
    }
}

/// Rejects a run of a command that this version does not know, because its counts may have another meaning.
fn require_known_command(manifest: &Manifest, run: &Path) -> Result<(), Failure> {
    let mode = &manifest.mode;
    let is_known = Chosen::spec(mode).is_some() || [VERIFY.name, UNDO.name].contains(&mode.as_str());
    let what = text!(
        "run `{}` is of an unknown command, `{mode}`",
        "l’exécution `{}` est d’une commande inconnue, `{mode}`",
        input::typed(run)
    );
    if is_known { Ok(()) } else { Err(Failure::broken(Message::error("run-unreadable", what))) }
}

/// Returns the answer to a program with an invalid command line; people get no answer on standard output.
pub fn refused(refused: &cli::RefusedCommand) -> Option<String> {
    let answer = Answer::new(refused.command(), refused.format());
    answer.note(&refused.message()?);
    let failure = Failure::Unfit(Vec::new());
    answer.whole(failure.name(), failure.exit_code(), refused.language())
}

/// Reports how a command ended, and returns the exit code of the process.
pub fn end(ended: Result<Outcome, Failure>, context: &Context) -> u8 {
    let (result, code) = result_and_code(&ended);
    match &ended {
        Ok(_) => {}
        Err(Failure::Broken(messages) | Failure::Unfit(messages)) => context.tell_all(messages),
        Err(Failure::Interrupted) => (context.stderr)(INTERRUPTED.in_language(context.language)),
    }
    if let Some(answer) = context.answer.whole(result, code, context.language) {
        (context.stdout)(&answer);
    }
    code
}

/// Returns the word and the exit code for the end of a command.
fn result_and_code(ended: &Result<Outcome, Failure>) -> (&'static str, u8) {
    match ended {
        Ok(outcome) => (outcome.name(), outcome.exit_code()),
        Err(failure) => (failure.name(), failure.exit_code()),
    }
}

/// More threads make nothing faster on any machine, and each takes memory.
const MOST_THREADS: usize = 256;

/// Starts the worker threads of a run; without the feature `terminal`, as in a browser, uses the current thread.
fn workers(run: &cli::RunArgs) -> Result<ThreadPool, Failure> {
    let threads = ThreadPoolBuilder::new();
    let threads = if cfg!(feature = "terminal") {
        threads.num_threads(run.threads.unwrap_or(0).min(MOST_THREADS))
    } else {
        threads.num_threads(1).use_current_thread()
    };
    threads.build().map_err(|error| {
        let what = text!(
            "cannot start the worker threads: {error}",
            "impossible de lancer les fils d’exécution\u{a0}: {error}"
        );
        Failure::broken(Message::error("threads", what))
    })
}

/// Collects the messages about whole exports; asides come with the index of their export.
fn of_exports<'e>(
    exports: &'e [Export],
    asides: &'e [(usize, Message)],
) -> impl Iterator<Item = Issue> + Clone + 'e {
    let messages = exports
        .iter()
        .enumerate()
        .flat_map(|(export, found)| found.messages.iter().map(move |message| (export, message)));
    let asides = asides.iter().map(|(export, message)| (*export, message));
    messages.chain(asides).map(|(export, message)| Issue::about(message.clone(), export + 1))
}

/// Lists the exports for the report; `absent` names the attributes asserted to be empty in those with users.
fn inputs<'i>(
    exports: &'i [Export],
    records: &'i Records<'_>,
    absent: &'i str,
) -> impl Iterator<Item = InputFile<'i>> {
    exports.iter().zip(records.reads()).enumerate().map(move |(index, (export, read))| {
        let is_held = matches!(export.role, Role::Input | Role::Join);
        InputFile::of(export, read.records.into(), records.file(index), if is_held { absent } else { "" })
    })
}

/// Creates the run directory, or a temporary one for a command that only looks.
fn begin(out: Option<&Path>, force: bool) -> Result<RunDirectory, Failure> {
    out.map_or_else(RunDirectory::scratch, |out| RunDirectory::begin(out, force))
}

/// Fails early if the run directory cannot be written, not after an hour of work.
fn try_begin(out: Option<&Path>, force: bool, context: &Context) -> Result<(), Failure> {
    drop(begin(out, force)?);
    out.into_iter().for_each(|out| tell_leftovers(out, context));
    Ok(())
}

/// Reports the leftovers of killed runs beside this one.
fn tell_leftovers(out: &Path, context: &Context) {
    for left in output::leftovers(out) {
        let what = text!(
            "`{}` was left behind by a run that was killed",
            "`{}` a été laissé par une exécution interrompue",
            input::typed(&left)
        );
        let message = Message::warning("output-leftover", what);
        context.tell(&message.help(text!(
            "delete it, unless another run is at work there",
            "supprimez-le, sauf si une autre exécution y travaille"
        )));
    }
}

/// Appends an ending: `run1` → `run1.plan`.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
