//! Short help, shell completions and man pages, all from the single definition of the command line.

use std::io;

use clap::{Arg, ArgAction, Command, CommandFactory, ValueEnum};
use clap_complete::Shell as Generator;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::{Cli, EXIT_CODES, examples, french};
use crate::codes;
use crate::language::{Language, text};
use crate::wizard::Chosen;

/// Flags that `-h` shows. It leaves the others to `--help`, so that it fits on a screen with 25 lines.
const IN_BRIEF: &[&str] = &[
    "against",
    "all",
    "base",
    "config",
    "dry_run",
    "files",
    "filter",
    "folder",
    "help",
    "inputs",
    "join",
    "log",
    "match_by",
    "out",
    "pool",
    "pools",
    "reference",
    "shell",
    "sip_domain",
    "sip_from",
    "subject",
    "target",
    "user",
    "users",
    "yes",
];

/// Those of them that commands with many flags of their own leave out.
const GIVES_WAY: &[&str] = &["config", "join", "pools", "reference", "target"];

/// A command with this many flags of its own still has room for all of [`IN_BRIEF`].
const FEW: usize = 5;

/// Returns the definition of the command line with help in a language.
pub(super) fn definition(language: Language) -> Command {
    let program = Cli::command().mut_subcommands(|command| {
        // `--version` also works after a command, and needs no line in its help.
        let flag = Arg::new("version").short('V').long("version").action(ArgAction::Version).hide(true);
        let examples = examples::text(command.get_name(), language);
        let command = command.display_name("userprep").version(super::version()).disable_version_flag(true);
        command.arg(flag).after_long_help(examples).mut_args(|argument| {
            // `<true|false>` already shows the possible values.
            let says_all = argument.get_value_names().is_some_and(|names| names[0].contains('|'));
            argument.hide_possible_values(says_all)
        })
    });
    if language == Language::Fr { french::translated(program) } else { program }
}

/// Returns the definition for `-h`: the most used flags, a line each, without headings.
pub(super) fn brief(language: Language) -> Command {
    // The exit codes are in `--help`.
    definition(language).after_help(None).mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        let own = Chosen::spec(&name).map_or(&[][..], |spec| spec.brief);
        let command = match long_usage(&command) {
            Some(usage) => command.override_usage(usage),
            None => command,
        };
        command.mut_args(|argument| {
            let id = argument.get_id().as_str();
            let is_usual = IN_BRIEF.contains(&id) && (own.len() <= FEW || !GIVES_WAY.contains(&id));
            let is_detail = !is_usual && !own.contains(&id);
            let argument = argument.help_heading(None).hide_short_help(is_detail);
            if argument.get_action().takes_values() {
                argument.hide_possible_values(true).hide_default_value(true)
            } else {
                argument
            }
        })
    })
}

/// Returns the usage of a command that is too long for a line, with its alternatives on a line of their own.
fn long_usage(command: &Command) -> Option<String> {
    /// What is left of 80 columns after `Utilisation : `.
    const ROOM: usize = 66;
    let bin_name = format!("userprep {}", command.get_name());
    let rendered = command.clone().bin_name(bin_name).render_usage().to_string();
    let usage = rendered.trim_start_matches("Usage: ");
    (usage.len() > ROOM).then(|| usage.replacen(" <--", "\n    <--", 1))
}

/// The shells with completion scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// source <(userprep completions bash)
    Bash,
    /// userprep completions zsh > ~/.zfunc/_userprep, a folder of $fpath
    Zsh,
    /// userprep completions fish > ~/.config/fish/completions/userprep.fish
    Fish,
    /// userprep completions powershell | Out-String | Invoke-Expression
    #[value(name = "powershell", alias = "pwsh")]
    PowerShell,
}

/// Generates the completion script for a shell.
pub fn completions(shell: Shell) -> Vec<u8> {
    let generator = match shell {
        Shell::Bash => Generator::Bash,
        Shell::Zsh => Generator::Zsh,
        Shell::Fish => Generator::Fish,
        Shell::PowerShell => Generator::PowerShell,
    };
    let mut script = Vec::new();
    clap_complete::generate(generator, &mut definition(Language::En), "userprep", &mut script);
    script
}

/// Generates all man pages by file name: `userprep.1`, `userprep-COMMAND.1` for each command, and `userprep-codes.7`.
pub fn man_pages(language: Language) -> io::Result<Vec<(String, String)>> {
    // Not the definition above: the generator would omit everything that `-h` hides.
    let program = Cli::command().disable_help_subcommand(true);
    let mut program = if language == Language::Fr { french::translated(program) } else { program };
    program.build();
    let name = |command: &Command| command.get_display_name().unwrap_or(command.get_name()).to_owned();
    let commands: Vec<Command> = program.get_subcommands().cloned().collect();
    let pages = std::iter::once(program).chain(commands);
    let names: Vec<String> = pages.clone().map(|command| name(&command)).collect();
    let mut pages: Vec<(String, String)> = pages
        .zip(&names)
        .map(|(command, name)| Ok((format!("{name}.1"), page(command, name, &names, language)?)))
        .collect::<io::Result<_>>()?;
    pages.push(("userprep-codes.7".to_owned(), codes_page(language)?));
    Ok(pages)
}

/// Generates the page about the codes.
fn codes_page(language: Language) -> io::Result<String> {
    let mut page = head("userprep-codes", 7).into_bytes();
    let mut rest = Roff::new();
    let what = text!(
        "userprep-codes - what the codes of messages and reports mean",
        "userprep-codes - ce que disent les codes des messages et des rapports"
    );
    rest.control("SH", ["NAME"]).text([roman(what.in_language(language))]);
    let wizards = super::wizards().join(", ");
    let about = text!(
        "Behind each code: what can come of it, and the commands that say it. The wizards: {wizards}.",
        "Derrière chaque code : ce qui peut en résulter, et les commandes qui le disent. Les assistants : {wizards}."
    );
    rest.control("SH", ["DESCRIPTION"]).text([roman(about.in_language(language))]);
    for section in codes::SECTIONS {
        rest.control("SS", [section.title.in_language(language)]);
        for code in section.codes {
            let [weight, commands] = code.uses(language);
            let space = if language == Language::Fr { " " } else { "" };
            let meaning = code.meaning.in_language(language);
            let meaning = format!("{meaning} ({weight}{space}; {commands})");
            rest.control("TP", []).text([bold(code.name)]).text([roman(meaning)]);
        }
    }
    rest.control("SH", ["SEE ALSO"]).text([bold("userprep"), roman("(1)")]);
    rest.to_writer(&mut page)?;
    Ok(tidy(&translated(page, language)))
}

/// Returns the first line of a page. Its date is that of the version in the changelog, so that the same version always
/// gives the same page.
fn head(name: &str, section: u8) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let heading = format!("## {version} (");
    let date = include_str!("../../CHANGELOG.md").lines().find_map(|line| line.strip_prefix(&heading));
    let date = date.unwrap_or_default().trim_end_matches(')');
    format!(".TH {} {section} {date} \"userprep {version}\" \"userprep manual\"\n", name.to_uppercase())
}

/// Generates a page; examples and exit codes get their own sections, where the generator has only `EXTRA`.
fn page(command: Command, name: &str, names: &[String], language: Language) -> io::Result<String> {
    let examples = examples::of(command.get_name());
    let has_commands = command.has_subcommands();
    let man = Man::new(command);
    let mut page = head(name, 1).into_bytes();
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if has_commands {
        man.render_subcommands_section(&mut page)?;
    }
    let mut rest = Roff::new();
    for (number, [english, french, typed]) in examples.into_iter().enumerate() {
        let caption = if language == Language::Fr { french } else { english };
        let (control, heading) = if number == 0 { ("SH", Some("EXAMPLES")) } else { ("PP", None) };
        rest.control(control, heading).text([roman(caption)]);
        rest.control("RS", ["4"]).control("nf", []).text([bold(typed)]).control("fi", []).control("RE", []);
    }
    rest.control("SH", ["EXIT STATUS"]);
    for (code, meaning) in &EXIT_CODES {
        rest.control("TP", []).text([bold(*code)]).text([roman(meaning.in_language(language))]);
    }
    rest.control("SH", ["SEE ALSO"]);
    let others: Vec<&String> = names.iter().filter(|other| *other != name).collect();
    for (at, other) in others.iter().enumerate() {
        let end = if at + 1 == others.len() { "(1)" } else { "(1)," };
        rest.text([bold(other.as_str()), roman(end)]);
    }
    rest.to_writer(&mut page)?;
    Ok(tidy(&translated(page, language)))
}

/// Translates the headings and words of the generator.
fn translated(page: Vec<u8>, language: Language) -> String {
    let page = String::from_utf8_lossy(&page);
    match language {
        Language::En => page.into_owned(),
        Language::Fr => french::man_page(&page),
    }
}

/// Converts a page to ASCII, which every troff accepts, and removes what mandoc and groff warn about: empty lines,
/// trailing spaces, two breaks in a row, long lines.
fn tidy(page: &str) -> String {
    let mut tidy = String::with_capacity(page.len());
    let mut is_filled = true;
    for line in page.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        if line == ".br" && tidy.ends_with("\n.br\n") {
            continue;
        }
        match line {
            ".nf" => is_filled = false,
            ".fi" => is_filled = true,
            _ => {}
        }
        let mut ascii = String::with_capacity(line.len());
        for c in line.chars() {
            if c.is_ascii() { ascii.push(c) } else { ascii += &format!("\\[u{:04X}]", u32::from(c)) }
        }
        let mut rest = ascii.as_str();
        while is_filled && let Some((head, tail)) = broken(rest) {
            tidy.extend([head, "\n"]);
            rest = tail;
        }
        tidy.extend([rest, "\n"]);
    }
    tidy
}

/// Breaks a long line of text at a space after which troff still reads text.
fn broken(line: &str) -> Option<(&str, &str)> {
    const LONGEST: usize = 80;
    if line.len() <= LONGEST || line.starts_with('.') {
        return None;
    }
    let spaces = line[..=LONGEST].rmatch_indices(' ').map(|(at, _)| at);
    let is_fine = |at: &usize| !line[at + 1..].starts_with(['.', '\'', ' ']) && !line[..*at].ends_with('\\');
    spaces.into_iter().find(is_fine).map(|at| (&line[..at], &line[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits a line into words as a shell does: quotes keep spaces, and a pipe starts another program.
    fn words(line: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut is_quoted = false;
        for c in line.split(['|', '>']).next().unwrap_or_default().trim().chars() {
            match c {
                '"' => is_quoted = !is_quoted,
                ' ' if !is_quoted => words.push(String::new()),
                c => words.last_mut().unwrap().push(c),
            }
        }
        words
    }

    #[test]
    fn every_command_shows_three_examples_that_are_command_lines() {
        for command in definition(Language::En).get_subcommands() {
            let name = command.get_name();
            let help = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
            let typed: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("    ")).collect();
            assert!(typed.len() >= 3, "{name} shows {} examples", typed.len());
            for line in typed.iter().filter(|line| line.starts_with("userprep ")) {
                let matches = definition(Language::En).try_get_matches_from(words(line));
                assert!(matches.is_ok(), "{line}: {}", matches.unwrap_err());
            }
        }
    }
}
