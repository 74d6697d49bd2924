//! The help in French: a text for each command and each argument, put on the one definition of the command line.

// the commands and their examples
mod commands;
// the arguments
mod arguments;

use clap::Command;

use self::arguments::ARGUMENTS;
use self::commands::{CAPTIONS, COMMANDS};

/// What a French reader sees of something: its line, and what `--help` adds to it.
type Help = (&'static str, &'static str, &'static str);

const ABOUT: &str = "Prépare des utilisateurs pour Office Communications Server 2007 R2";

const EXIT_CODES: &str = "\
Des exports à l’entrée, des fichiers de modification avec leur retour et des rapports à la sortie ; rien sur le réseau.

Codes de sortie :
  0    terminé, rien de rejeté
  1    un fichier n’a pas pu être lu ou écrit ; rien n’est publié
  2    la ligne de commande, la configuration ou l’export ne convient pas ; rien n’est publié
  3    terminé, avec des enregistrements rejetés ; tout le reste est complet
  4    arrêté par une limite de sécurité
  5    verify : des utilisateurs non appliqués ; audit : non prêts ; check : des erreurs
  130  interrompu ; rien n’est publié";

/// What groups of arguments are called; a colon follows.
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

/// What clap says itself.
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

fn find(table: &[Help], name: &str) -> Option<Help> {
    table.iter().find(|(known, ..)| *known == name).copied()
}

/// What an argument of a command is for.
fn argument(command: &str, name: &str) -> Option<Help> {
    find(ARGUMENTS, &format!("{command}.{name}")).or_else(|| find(ARGUMENTS, name))
}

fn long(short: &str, rest: &str) -> String {
    if rest.is_empty() { short.to_owned() } else { format!("{short}\n\n{rest}") }
}

/// The same command line with French help.
pub(super) fn translated(program: Command) -> Command {
    let program = program.about(ABOUT).after_help(EXIT_CODES);
    program.mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        let examples = command.get_after_long_help().map(|text| examples(&text.to_string()));
        let command = match find(COMMANDS, &name) {
            Some((_, about, rest)) => command.about(about).long_about(long(about, rest)),
            None => command,
        };
        let command = command.mut_args(|given| {
            let heading = given.get_help_heading().map(str::to_owned);
            let heading =
                heading.and_then(|heading| HEADINGS.iter().find(|(english, _)| *english == heading));
            let given = match heading {
                Some((_, french)) => given.help_heading(*french),
                None => given,
            };
            let Some((_, help, rest)) = argument(&name, given.get_id().as_str()) else { return given };
            let given = given.help(help).long_help(long(help, rest));
            // What each value means is in the line: the parser has no French.
            if given.get_action().takes_values() { given.hide_possible_values(true) } else { given }
        });
        match examples {
            Some(examples) => command.after_long_help(examples),
            None => command,
        }
    })
}

/// The examples with French captions; the commands are the same.
fn examples(english: &str) -> String {
    let line = |line: &str| match line {
        "Examples:" => "Exemples :".to_owned(),
        line if line.is_empty() || line.starts_with("    ") => line.to_owned(),
        line => {
            let known = CAPTIONS.iter().find(|(english, _)| *english == line.trim());
            format!("  {}", known.map_or(line.trim(), |(_, french)| french))
        }
    };
    english.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A page of clap's with its own words in French.
pub(super) fn page(english: &str) -> String {
    WORDS.iter().fold(english.to_owned(), |page, (english, french)| page.replace(english, french))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::packaging::{brief, definition};
    use super::*;
    use crate::cli::Cli;
    use crate::language::Language;

    #[test]
    fn every_command_argument_and_caption_has_its_french() {
        let mut used = Vec::new();
        for command in Cli::command().get_subcommands() {
            let name = command.get_name();
            assert!(find(COMMANDS, name).is_some(), "{name}");
            for given in command.get_arguments() {
                let id = given.get_id().as_str();
                let (found, ..) = argument(name, id).unwrap_or_else(|| panic!("{name} {id}"));
                used.push(found);
                let heading = given.get_help_heading();
                let is_known = |heading| HEADINGS.iter().any(|(known, _)| *known == heading);
                assert!(heading.is_none_or(is_known), "{heading:?}");
            }
            let examples = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
            for line in
                examples.lines().skip(1).filter(|line| line.starts_with("  ") && !line.starts_with("    "))
            {
                assert!(CAPTIONS.iter().any(|(english, _)| *english == line.trim()), "{line}");
            }
        }
        let unused = ARGUMENTS.iter().find(|(name, ..)| *name != "version" && !used.contains(name));
        assert_eq!(unused.map(|(name, ..)| name), None, "it is no argument any more");
        assert_eq!(COMMANDS.len(), Cli::command().get_subcommands().count());
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
    fn the_short_help_fits_a_screen_of_25_lines() {
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
                assert!(lines <= 25, "{typed:?}: {lines} lines\n{shown}");
            }
        }
    }
}
