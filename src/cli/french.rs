//! The French help: a text for each command and each argument, applied to the single definition of the command line.

use clap::Command;

use super::examples::below;
use crate::language::Language;
use crate::wizard::Chosen;

/// For each command that is not a wizard, its French summary and the rest of its `--help`.
const COMMANDS: &str = include_str!("french/commands.txt");

/// The same for each argument, or for `command.argument` where the argument differs in a command.
const ARGUMENTS: &str = include_str!("french/arguments.txt");

const ABOUT: &str = "Prépare des utilisateurs pour Office Communications Server 2007 R2";

/// The headings of argument groups; a colon follows.
const HEADINGS: &[(&str, &str)] = &[
    ("Input", "Entrée "),
    ("Selection", "Sélection "),
    ("Addresses", "Adresses "),
    ("Pools", "Pools "),
    ("Settings", "Paramètres "),
    ("Output", "Sortie "),
    ("Safety", "Sécurité "),
    ("Run", "Exécution "),
];

/// The words that clap itself prints.
const WORDS: &[(&str, &str)] = &[
    ("Print help (see more with '--help')", "L’aide (davantage avec « --help »)"),
    ("Print help (see a summary with '-h')", "L’aide (un résumé avec « -h »)"),
    (
        "Print this message or the help of the given subcommand(s)",
        "Afficher cette aide, ou celle d’une commande",
    ),
    ("Print help", "Afficher l’aide"),
    ("Print version", "Afficher la version"),
    ("Usage:", "Utilisation :"),
    ("Commands:", "Commandes :"),
    ("Arguments:", "Arguments :"),
    ("Options:", "Options :"),
    ("For more information, try", "Pour en savoir plus, essayez"),
    ("<COMMAND>", "<COMMANDE>"),
    ("[default: ", "[par défaut : "),
    ("[aliases: ", "[alias : "),
    ("[alias: ", "[alias : "),
    ("[possible values: ", "[valeurs possibles : "),
];

/// The headings and words of the generator of man pages.
const MAN_WORDS: &[(&str, &str)] = &[
    (".SH NAME\n", ".SH NOM\n"),
    (".SH SUBCOMMANDS\n", ".SH COMMANDES\n"),
    (".SH EXAMPLES\n", ".SH EXEMPLES\n"),
    (".SH \"EXIT STATUS\"\n", ".SH \"CODE DE SORTIE\"\n"),
    (".SH \"SEE ALSO\"\n", ".SH \"VOIR AUSSI\"\n"),
    // Headings of groups have their space before a colon.
    (" \"\n", "\"\n"),
    ("\"userprep manual\"", "\"manuel de userprep\""),
    ("<\\fIsubcommands\\fR>", "<\\fIcommande\\fR>"),
    ("[default: ", "[par défaut : "),
    ("Print help (see a summary with \\*(Aq\\-h\\*(Aq)", "Afficher l’aide (un résumé avec \\-h)"),
    ("Print help\n", "Afficher l’aide\n"),
    ("Print version\n", "Afficher la version\n"),
];

/// Returns the summary and the whole help under a name.
fn help(table: &'static str, name: &str) -> Option<(&'static str, String)> {
    let mut lines = below(table, name);
    let short = lines.next()?;
    let rest: Vec<&str> = lines.collect();
    Some((short, if rest.is_empty() { short.to_owned() } else { format!("{short}\n\n{}", rest.join(" ")) }))
}

/// Returns the summary and the whole help of an argument: those of the command, or else those of all commands.
fn argument(command: &str, name: &str) -> Option<(&'static str, String)> {
    let specific = match Chosen::spec(command) {
        Some(wizard) => help(wizard.help, name),
        None => help(ARGUMENTS, &format!("{command}.{name}")),
    };
    specific.or_else(|| help(ARGUMENTS, name))
}

/// Returns the command line with French help.
pub(super) fn translated(program: Command) -> Command {
    let program = program.about(ABOUT).after_help(super::exit_codes(Language::Fr));
    let program = program.mut_args(|given| match argument("", given.get_id().as_str()) {
        Some((line, whole)) => given.help(line).long_help(whole).hide_possible_values(true),
        None => given,
    });
    program.mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        let french = match Chosen::spec(&name) {
            Some(wizard) => help(wizard.help, "help"),
            None => help(COMMANDS, &name),
        };
        let command = match french {
            Some((line, whole)) => command.about(line).long_about(whole),
            None => command,
        };
        command.mut_args(|given| {
            let heading = given.get_help_heading();
            let heading = HEADINGS.iter().find(|(english, _)| Some(*english) == heading);
            let given = match heading {
                Some((_, french)) => given.help_heading(*french),
                None => given,
            };
            let Some((line, whole)) = argument(&name, given.get_id().as_str()) else { return given };
            let given = given.help(line).long_help(whole);
            // The help line explains the values: the parser has no French.
            if given.get_action().takes_values() { given.hide_possible_values(true) } else { given }
        })
    })
}

/// Translates the words of the generator on a man page.
pub(super) fn man_page(english: &str) -> String {
    MAN_WORDS.iter().fold(english.to_owned(), |page, (english, french)| page.replace(english, french))
}

/// Translates clap's own words on a help page.
pub(super) fn page(english: &str) -> String {
    WORDS.iter().fold(english.to_owned(), |page, (english, french)| page.replace(english, french))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::packaging::{brief, definition};
    use super::*;
    use crate::cli::Cli;
    use crate::wizard::WIZARDS;

    #[test]
    fn every_command_and_argument_has_its_french() {
        let mut used = Vec::new();
        for command in Cli::command().get_subcommands() {
            let name = command.get_name();
            let wizard = Chosen::spec(name);
            let french = wizard.map_or_else(|| help(COMMANDS, name), |wizard| help(wizard.help, "help"));
            assert!(french.is_some(), "{name}");
            for given in command.get_arguments() {
                let id = given.get_id().as_str();
                let of_command = format!("{name}.{id}");
                let found = [&of_command, id].into_iter().find(|name| help(ARGUMENTS, name).is_some());
                assert!(argument(name, id).is_some(), "{name} {id}");
                used.extend(found.map(str::to_owned));
                let heading = given.get_help_heading();
                let is_known = |heading| HEADINGS.iter().any(|(known, _)| *known == heading);
                assert!(heading.is_none_or(is_known), "{heading:?}");
            }
        }
        let names = |table: &'static str| table.lines().filter(|line| !line.starts_with(' '));
        let unused =
            names(ARGUMENTS).find(|name| *name != "version" && !used.iter().any(|used| used == name));
        assert_eq!(unused, None, "it is no argument any more");
        assert_eq!(names(COMMANDS).count() + WIZARDS.len(), Cli::command().get_subcommands().count());
    }

    #[test]
    fn the_help_speaks_one_language_and_fits_the_screen() {
        let english = ["Usage", "[default", "possible values", "Print ", " the ", " of ", " which ", " and "];
        for (definition, flag) in [(definition(Language::Fr), "--help"), (brief(Language::Fr), "-h")] {
            let names: Vec<String> =
                definition.get_subcommands().map(|one| one.get_name().to_owned()).collect();
            for name in names {
                let asked = definition.clone().try_get_matches_from(["userprep", &name, flag]);
                let shown = page(&asked.unwrap_err().render().to_string());
                let found = english.iter().find(|word| shown.contains(**word));
                assert_eq!(found, None, "{name} {flag}\n{shown}");
            }
        }
    }

    #[test]
    fn the_short_help_fits_on_a_screen() {
        for language in Language::ALL {
            let names: Vec<String> =
                brief(language).get_subcommands().map(|one| one.get_name().to_owned()).collect();
            for typed in names.iter().map(|name| vec!["userprep", name, "-h"]).chain([vec!["userprep", "-h"]])
            {
                let shown = brief(language).try_get_matches_from(&typed).unwrap_err().render().to_string();
                let shown = if language == Language::Fr { page(&shown) } else { shown };
                let wide: Vec<&str> = shown.lines().filter(|line| line.chars().count() > 80).collect();
                assert!(wide.is_empty(), "{typed:?}: {wide:#?}");
                let lines = shown.lines().count();
                // The list of all commands, which has a line for each wizard, may be longer.
                let most = if typed.len() == 2 { 30 } else { 25 };
                assert!(lines <= most, "{typed:?}: {lines} lines\n{shown}");
            }
        }
    }
}
