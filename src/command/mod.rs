//! What each command does, from what was typed to the exit code.

mod answer;
mod check;
mod comparison;
mod configuration;
mod explain;
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
use crate::output::writer::shown;
use crate::output::{self, RunDirectory};
use crate::records::Records;
use crate::report::{InputFile, Issue, Outcome};
use crate::verify::{UNDO, VERIFY};
use crate::wizard::Chosen;

pub use self::answer::Answer;

/// What Ctrl-C is answered with.
pub const INTERRUPTED: Text =
    Text::new("interrupted: nothing was published\n", "interrompu\u{a0}: rien n’a été publié\n");

/// What a command needs of its surroundings; everything else comes from the command line.
#[derive(Clone)]
pub struct Context {
    /// The time of the run.
    pub now: Timestamp,
    /// What was typed, as far as it decides anything ([`cli::parse`]).
    pub arguments: Vec<String>,
    /// The least severity that is written to standard error.
    pub least: Severity,
    /// The language of messages.
    pub language: Language,
    /// Whether messages are coloured.
    pub colour: bool,
    /// What programs are answered.
    pub answer: Answer,
    /// Where messages go.
    pub stderr: Arc<dyn Fn(&str) + Sync + Send>,
    /// Where data goes.
    pub stdout: Arc<dyn Fn(&str) + Sync + Send>,
}

impl Context {
    /// The same surroundings in the language of a configuration, where no flag names another.
    fn speaking(&self, run: &cli::RunArgs, source: &mut ConfigFile) -> Self {
        let configured = &mut source.config.output.language;
        let language = run.language.or(*configured).unwrap_or(self.language);
        *configured = Some(language);
        Self { language, ..self.clone() }
    }

    /// Tells a message, if it is bad enough.
    pub fn tell(&self, message: &Message) {
        self.answer.note(message);
        self.print(message);
    }

    fn print(&self, message: &Message) {
        if message.severity >= self.least {
            (self.stderr)(&message.render(self.language, self.colour));
        }
    }

    /// Tells messages, of each code the first ones and how many more there are; a program is answered all of them.
    fn tell_all<'m>(&self, messages: impl IntoIterator<Item = &'m Message> + Clone) {
        messages.clone().into_iter().for_each(|message| self.answer.note(message));
        for message in shown(messages.into_iter().cloned(), None) {
            self.print(&message);
        }
    }

    /// Says something that no message of the report repeats, unless only errors are wanted.
    fn say(&self, text: &Text) {
        if self.least < Severity::Error {
            (self.stderr)(text.in_language(self.language));
        }
    }

    /// Prints data for people, unless only errors are wanted or a program asks.
    fn data(&self, text: &Text) {
        if self.least < Severity::Error && !self.answer.is_wanted() {
            (self.stdout)(text.in_language(self.language));
        }
    }

    /// The time of the run (RFC 3339).
    fn time(&self) -> String {
        self.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// Runs a command and gives the process's exit code.
pub fn run(cli: &Cli, context: &Context) -> u8 {
    end(answered(&cli.command, context), context)
}

fn answered(command: &cli::Command, context: &Context) -> Result<Outcome, Failure> {
    match command {
        cli::Command::Schema(args) => {
            (context.stdout)(&if args.json { schema::answer() } else { schema::report() });
            Ok(Outcome::Completed)
        }
        cli::Command::Init(args) => init::run(args, context),
        cli::Command::Completions(args) => packaging::completions(args, context),
        cli::Command::Man(args) => packaging::man(args),
        cli::Command::Check(args) => check::run(args, context),
        cli::Command::Verify(args) => verify::run(args, context),
        cli::Command::Undo(args) => undo::run(args, context),
        cli::Command::Explain(args) => explain::run(args, context),
        cli::Command::Wizard(chosen) => plan::run(chosen, &chosen.flags.planned(), context),
    }
}

/// Refuses a run of a command that this version does not know: what it counts may be anything.
fn of_known_command(manifest: &Manifest, run: &Path) -> Result<(), Failure> {
    let mode = &manifest.mode;
    let is_known = Chosen::spec(mode).is_some() || [VERIFY.name, UNDO.name].contains(&mode.as_str());
    let what = text!(
        "run `{}` is of an unknown command, `{mode}`",
        "l’exécution `{}` est d’une commande inconnue, `{mode}`",
        input::typed(run)
    );
    if is_known { Ok(()) } else { Err(Failure::broken(Message::error("run-unreadable", what))) }
}

/// The answer to a program whose command line is invalid; people get no answer on standard output.
pub fn refused(refused: &cli::RefusedCommand) -> Option<String> {
    let answer = Answer::new(refused.command(), refused.format());
    answer.note(&refused.message()?);
    let failure = Failure::Unfit(Vec::new());
    answer.whole(failure.name(), failure.exit_code(), refused.language())
}

/// Says how a command ended, and gives the process's exit code.
pub fn end(ended: Result<Outcome, Failure>, context: &Context) -> u8 {
    let (result, code) = named(&ended);
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

/// The word and the exit code of an end.
fn named(ended: &Result<Outcome, Failure>) -> (&'static str, u8) {
    match ended {
        Ok(outcome) => (outcome.name(), outcome.exit_code()),
        Err(failure) => (failure.name(), failure.exit_code()),
    }
}

/// What is asked for beyond it makes nothing faster on any machine, and takes memory for each thread.
const MOST_THREADS: usize = 256;

/// The worker threads of a run; without a terminal, as in a browser, the thread at hand.
fn workers(run: &cli::RunArgs) -> Result<ThreadPool, Failure> {
    let threads = ThreadPoolBuilder::new();
    let threads = match cfg!(feature = "terminal") {
        true => threads.num_threads(run.threads.unwrap_or(0).min(MOST_THREADS)),
        false => threads.num_threads(1).use_current_thread(),
    };
    threads.build().map_err(|error| {
        let what = text!(
            "cannot start the worker threads: {error}",
            "impossible de lancer les fils d’exécution\u{a0}: {error}"
        );
        Failure::broken(Message::error("threads", what))
    })
}

/// What is to be said about the exports as wholes; asides come with the index of theirs.
fn of_exports<'e>(exports: &'e [Export], asides: &'e [(usize, Message)]) -> impl Iterator<Item = Issue> + 'e {
    let messages = exports
        .iter()
        .enumerate()
        .flat_map(|(export, found)| found.messages.iter().map(move |message| (export, message)));
    let asides = asides.iter().map(|(export, message)| (*export, message));
    messages.chain(asides).map(|(export, message)| Issue::about(message.clone(), export + 1))
}

/// The exports, as the report lists them; `absent` is what those that show users are asserted to lack.
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

/// The run directory, or one for the time of a look.
fn begin(out: Option<&Path>, force: bool) -> Result<RunDirectory, Failure> {
    out.map_or_else(RunDirectory::scratch, |out| RunDirectory::begin(out, force))
}

/// Refuses a run directory that could not be written before an hour's work, not after.
fn try_begin(out: Option<&Path>, force: bool, context: &Context) -> Result<(), Failure> {
    drop(begin(out, force)?);
    out.into_iter().for_each(|out| tell_leftovers(out, context));
    Ok(())
}

/// Names what killed runs have left behind where this one goes.
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

/// `run1` → `run1.plan`
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
