//! Parses the arguments, runs the command, prints its output, exits.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use userprep::cli::{self, Cli, When};
use userprep::command::{self, Answer, Context};
use userprep::language::{Language, Text};
use userprep::message::{Failure, Message, Severity, reason};
use userprep::progress::{self, ProgressStyle};

fn main() -> ExitCode {
    let (cli, arguments) = match cli::parse() {
        Ok(parsed) => parsed,
        Err(refused) => return answer_refused(&refused),
    };
    // WASI has no directory for temporary files, so they go where the run directory goes.
    #[cfg(target_os = "wasi")]
    let _ = tempfile::env::override_temp_dir(std::path::Path::new("."));
    let run = cli.run().unwrap_or_default();
    let unwritten = Arc::new(Mutex::new(None));
    let context = context(&cli, arguments, Arc::clone(&unwritten));
    #[cfg(unix)]
    hold_back_size_signal();
    #[cfg(feature = "terminal")]
    handle_interrupts(context.language);
    match source_date_epoch() {
        Ok(time) => {
            let now = run.now.or(time).unwrap_or(context.now);
            let context = Context { now, ..context };
            let code = command::run(&cli, &context);
            let error = unwritten.lock().unwrap_or_else(PoisonError::into_inner).take();
            let Some(error) = error else { return ExitCode::from(code) };
            context.tell(&unwritable(&error).because(Text::of(
                format!("what was published is complete; without this fault the exit code would be {code}"),
                format!(
                    "ce qui a été publié est complet\u{202f}; sans ce défaut, le code de sortie serait {code}"
                ),
            )));
            ExitCode::FAILURE
        }
        Err(message) => ExitCode::from(command::end(Err(Failure::unfit(message)), &context)),
    }
}

/// Prints requested help, or the faults of the command line.
fn answer_refused(refused: &cli::RefusedCommand) -> ExitCode {
    let answer = command::refused(refused).unwrap_or_default();
    let written = io::stdout().lock().write_all(answer.as_bytes()).and_then(|()| refused.tell());
    match written {
        Ok(code) => ExitCode::from(code),
        // The reader has closed the pipe and has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let message = unwritable(&error).render(refused.language(), false);
            let _ = io::stderr().lock().write_all(message.as_bytes());
            ExitCode::FAILURE
        }
    }
}

/// Returns the error that standard output cannot be written.
fn unwritable(error: &io::Error) -> Message {
    let why = reason(error);
    let what = Text::of(
        format!("cannot write standard output: {}", why.english()),
        format!("impossible d’écrire sur la sortie standard\u{a0}: {}", why.in_language(Language::Fr)),
    );
    Message::error("output-unwritable", what)
}

/// Ctrl-C would otherwise leave an unpublished run directory behind.
#[cfg(feature = "terminal")]
fn handle_interrupts(language: Language) {
    let _ = ctrlc::set_handler(move || {
        if userprep::interrupt::request() {
            progress::last_words(command::INTERRUPTED.in_language(language));
            std::process::exit(130);
        }
    });
}

/// A file that grows past the limit on file sizes (`ulimit -f`) would otherwise end the process; held back in all
/// threads, the signal leaves the write an error like that of a full disk.
#[cfg(unix)]
fn hold_back_size_signal() {
    use nix::sys::signal::{SigSet, Signal};
    let _ = SigSet::from(Signal::SIGXFSZ).thread_block();
}

/// The first failure to write to standard output.
type Unwritten = Arc<Mutex<Option<io::Error>>>;

/// Creates the environment of the command; `unwritten` receives the first failure to write to standard output.
fn context(cli: &Cli, arguments: Vec<String>, unwritten: Unwritten) -> Context {
    let run = cli.run().unwrap_or_default();
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let colour = match run.color {
        When::Auto => io::stderr().is_terminal() && !is_plain && supports_colour(),
        When::Always => true,
        When::Never => false,
    };
    let least = if run.quiet {
        Severity::Error
    } else if run.verbose {
        Severity::Note
    } else {
        Severity::Warning
    };
    let style = match (run.progress, io::stderr().is_terminal()) {
        (When::Never, _) | (When::Auto, false) => ProgressStyle::Nowhere,
        (When::Auto, true) if run.quiet => ProgressStyle::Nowhere,
        (When::Auto | When::Always, true) => ProgressStyle::Bar,
        (When::Always, false) => ProgressStyle::Lines,
    };
    let language =
        cli.language().unwrap_or_else(|| Language::of_environment(|name| std::env::var(name).ok()));
    progress::show(style, language);
    Context {
        now: Timestamp::now(),
        answer: Answer::new(arguments.first().cloned().unwrap_or_default(), run.format),
        arguments,
        language,
        least,
        colour,
        // A closed pipe must not end a run.
        stderr: Arc::new(|text| progress::suspend(|| drop(io::stderr().lock().write_all(text.as_bytes())))),
        stdout: Arc::new(move |text| {
            progress::suspend(|| {
                let mut stdout = io::stdout().lock();
                let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
                if let Err(error) = written
                    && error.kind() != io::ErrorKind::BrokenPipe
                {
                    unwritten.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                }
            });
        }),
    }
}

/// Whether the terminal shows colours. Older consoles of Windows do not, and newer ones only on request.
fn supports_colour() -> bool {
    anstyle_query::windows::enable_ansi_colors().unwrap_or_else(anstyle_query::term_supports_ansi_color)
}

/// Reads the time of reproducible builds (<https://reproducible-builds.org/specs/source-date-epoch/>): seconds since
/// 1970.
fn source_date_epoch() -> Result<Option<Timestamp>, Message> {
    let Some(text) = std::env::var_os("SOURCE_DATE_EPOCH") else { return Ok(None) };
    let seconds =
        text.to_str().and_then(|text| text.parse::<u64>().ok()).and_then(|seconds| seconds.try_into().ok());
    let time = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map(Some).ok_or_else(|| {
        let text = text.to_string_lossy();
        let what = Text::of(
            format!("SOURCE_DATE_EPOCH is `{text}`, which is not a number of seconds from 1970 to 9999"),
            format!("SOURCE_DATE_EPOCH vaut `{text}`, qui n’est pas un nombre de secondes de 1970 à 9999"),
        );
        Message::error("source-date-epoch", what).help(Text::of(
            "unset it, or give seconds since 1970, such as 1795402200, or use --now",
            "supprimez-la, ou donnez des secondes depuis 1970, par exemple 1795402200, ou utilisez --now",
        ))
    })
}
