//! The worked examples of `--help`, three for each command.

use crate::language::Language;
use crate::wizard::Chosen;

/// For each command that is not a wizard, its name, and below it its examples: an English and a French caption, and the
/// command line.
const EXAMPLES: &str = include_str!("examples.txt");

/// Returns the examples of a command, each with its captions in English and French.
pub(super) fn of(command: &str) -> Vec<[&'static str; 3]> {
    let lines: Vec<&str> = match Chosen::spec(command) {
        Some(wizard) => below(wizard.help, "examples").collect(),
        None => below(EXAMPLES, command).collect(),
    };
    lines.as_chunks().0.to_vec()
}

/// Formats the examples of a command; empty if it has none.
pub(super) fn text(command: &str, language: Language) -> String {
    let example = |[english, french, typed]: [&str; 3]| match language {
        Language::En => format!("  {english}\n    {typed}"),
        Language::Fr => format!("  {french}\n    {typed}"),
    };
    let examples: Vec<String> = of(command).into_iter().map(example).collect();
    let title = match language {
        _ if examples.is_empty() => return String::new(),
        Language::En => "Examples:",
        Language::Fr => "Exemples :",
    };
    format!("{title}\n{}", examples.join("\n\n"))
}

/// Returns the indented lines below a name.
pub(super) fn below(table: &'static str, name: &str) -> impl Iterator<Item = &'static str> {
    let lines = table.lines().skip_while(move |line| *line != name).skip(1);
    lines.take_while(|line| line.starts_with(' ')).map(str::trim)
}
