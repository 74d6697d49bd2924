//! `init`: the pages of the wizard as a series of questions, and their answers as a `userprep.toml`.
//!
//! The counts come from [`crate::survey`], and those of the sign-in names from the very file that would be written, so
//! that they agree with the `enable` that reads it.

// the file
mod draft;
// the same pages for a program
mod offer;
// users, pool, SIP domains
mod questions;
// the sign-in name
mod sign_in;
#[cfg(feature = "terminal")]
mod terminal;
#[cfg(not(feature = "terminal"))]
#[path = "no_terminal.rs"]
mod terminal;

use rayon::ThreadPool;

use self::draft::Draft;
use self::questions::describe_pool;
use self::sign_in::FORMATS;
use self::terminal::Terminal;
use super::{Context, opening, workers};
use crate::cli::{self, PlannedArgs};
use crate::config::ConfigFile;
use crate::input;
use crate::language::{Text, text, users};
use crate::message::{Failure, Message, visible};
use crate::output;
use crate::plan::Exports;
use crate::pool::Pool;
use crate::report::Outcome;
use crate::settings::{Scope, Settings};
use crate::survey::{self, Estate};

/// Returns the error that no question can be asked.
fn no_terminal(what: Text) -> Failure {
    Failure::unfit(Message::error("init-no-terminal", what).help(text!(
        "add --yes to take the defaults, and flags for other answers",
        "ajoutez --yes pour prendre les valeurs par défaut, et des options pour d’autres réponses"
    )))
}

/// Runs the command.
///
/// # Errors
/// Whatever prevents the file: no terminal for the questions, nothing to choose from, an unreadable export.
pub(super) fn run(args: &cli::InitArgs, context: &Context) -> Result<Outcome, Failure> {
    output::refuse_existing(&args.out, args.force, &text!("file", "fichier"))?;
    let terminal = if args.yes || context.answer.is_wanted() {
        None
    } else {
        Some(Terminal::open(context.colour, context.language)?)
    };
    let workers = workers(&args.run)?;
    let planned = args.planned();
    let settings = Settings::of(&planned, Scope::NOTHING, ConfigFile::default())?;
    let exports = opening::exports(&planned, &settings, context)?;
    let estate = workers.install(|| survey::estate(&settings, &exports))?;
    context.tell_all(&estate.faults);
    let mut pages = Pages {
        args,
        context,
        terminal,
        workers,
        planned,
        exports,
        estate,
        known: Vec::new(),
        unanswered: None,
        is_judged: false,
        lacks_users: false,
        draft: Draft::default(),
    };
    pages.begin();
    pages.users()?;
    pages.pools(&settings)?;
    pages.domains()?;
    let sign_in = pages.sign_in_name()?;
    pages.finish(sign_in)
}

/// The pages of the wizard, and the answers.
struct Pages<'p> {
    args: &'p cli::InitArgs,
    context: &'p Context,
    /// The terminal for the questions; `None` if the defaults are taken.
    terminal: Option<Terminal>,
    workers: ThreadPool,
    planned: PlannedArgs,
    exports: Exports,
    estate: Estate,
    /// The pools to choose from, and the number of users homed on each.
    known: Vec<(Pool, u64)>,
    /// A question that the defaults leave open, kept until a program has seen the choice.
    unanswered: Option<Failure>,
    /// Whether the selection was applied to all users, and what matches no user was reported.
    is_judged: bool,
    /// Whether a line of `--users` selects no user.
    lacks_users: bool,
    draft: Draft,
}

impl Pages<'_> {
    fn say(&self, text: &Text) {
        (self.context.stderr)(&text.in_language(self.context.language).replace(['\u{a0}', '\u{202f}'], " "));
    }

    /// Begins the draft with what the flags say.
    fn begin(&mut self) {
        let cli::InitArgs { reading, select, .. } = self.args;
        let names: Vec<&str> =
            self.exports.all[..self.exports.inputs].iter().map(|one| one.name.as_str()).collect();
        let (from, time) = (names.join(", "), self.context.time());
        let head = if names.is_empty() {
            text!("Written by `userprep init`, {time}.", "Écrit par `userprep init`, {time}.")
        } else {
            text!(
                "Written by `userprep init` from {from}, {time}.",
                "Écrit par `userprep init` d’après {from}, {time}."
            )
        };
        self.draft = Draft {
            head,
            language: self.context.language,
            input: reading.dialect.input_format.map(|format| format.name().to_owned()),
            encoding: reading.dialect.encoding.clone(),
            delimiter: reading.dialect.delimiter.clone(),
            absent: reading.absent.clone(),
            bases: select.base.clone(),
            filter: select.filter.clone(),
            users: select.users.as_deref().map(input::typed),
            limit: select.limit,
            format: self.args.sip_from.clone().unwrap_or_else(|| FORMATS[0].name.to_owned()),
            ..Draft::default()
        };
        if self.terminal.is_some() && self.exports.inputs > 0 {
            self.say(&text!(
                "{users} in {names}\n\n",
                "{users} dans {names}\n\n",
                names = visible(&from);
                users = users(self.estate.users)
            ));
        }
    }

    /// Fails because the defaults leave a question open; for a program, only after it has seen the choice.
    fn leave_open(&mut self, message: Message) -> Result<(), Failure> {
        let failure = Failure::unfit(message);
        if self.is_json() {
            self.unanswered = Some(failure);
            return Ok(());
        }
        Err(failure)
    }

    fn is_json(&self) -> bool {
        self.context.answer.is_wanted()
    }

    /// Shows the answers, writes the file, and shows the command that reads it.
    fn finish(self, sign_in: Text) -> Result<Outcome, Failure> {
        let Draft { bases, filter, users, pools, domains, .. } = &self.draft;
        let selected =
            [bases.join("; "), filter.clone().unwrap_or_default(), users.clone().unwrap_or_default()];
        let selected: Vec<&str> = selected.iter().map(String::as_str).filter(|one| !one.is_empty()).collect();
        let pools: Vec<Text> = pools.iter().map(describe_pool).collect();
        let or = |text: String, none: Text| if text.is_empty() { none } else { Text::same(text) };
        let mut lines = vec![text!("\n", "\n")];
        for (name, value) in [
            (text!("users:", "qui\u{a0}:"), or(selected.join("; "), text!("all", "tous"))),
            (text!("pool:", "pool\u{a0}:"), Text::join(&pools, ", ")),
            (text!("domains:", "domaines\u{a0}:"), or(domains.join(", "), text!("any", "tous"))),
            (text!("sign-in:", "connexion\u{a0}:"), sign_in),
        ] {
            let value = value.map(|value| visible(value).into_owned());
            lines.push(text!("{name:<9}{value}\n", "{name:<12}{value}\n"; name, value));
        }
        self.say(&Text::join(&lines, ""));
        let file = input::typed(&self.args.out);
        if let Some(terminal) = &self.terminal
            && !terminal.agrees(&text!("Write {file}?", "Écrire {file}\u{a0}?"))?
        {
            return Err(Failure::Interrupted);
        }
        output::write_file(&self.args.out, self.draft.text().as_bytes(), self.args.force)?;
        let (next, file) = (self.next(&file), visible(&file));
        let next = visible(&next);
        self.say(&text!("wrote:   {file}\nnext:    {next}\n", "écrit :    {file}\nensuite :  {next}\n"));
        Ok(if self.lacks_users { Outcome::CompletedWithRejects } else { Outcome::Completed })
    }

    /// Returns the command that reads the file.
    fn next(&self, file: &str) -> String {
        let typed = |path: &std::path::PathBuf| shell(&input::typed(path));
        let mut words = vec!["userprep enable".to_owned()];
        words.extend(self.args.inputs.iter().map(typed));
        if self.args.inputs.is_empty() {
            words.push("INPUT".to_owned());
        }
        words.extend(self.args.reference.iter().map(|path| format!("--reference {}", typed(path))));
        words.extend(self.args.pools.known.pools.iter().map(|path| format!("--pools {}", typed(path))));
        words.push(format!("--config {} --out run1", shell(file)));
        words.join(" ")
    }
}

/// Quotes a word of a command line if necessary.
fn shell(word: &str) -> String {
    if word.contains([' ', '&', '(', ';']) { format!("\"{word}\"") } else { word.to_owned() }
}
