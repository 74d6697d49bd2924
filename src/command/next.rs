//! The next steps after a run, as commands to paste.

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;

use super::Context;
use crate::input;
use crate::language::Text;
use crate::output::Target;
use crate::output::publish::Publication;
use crate::run::is_run;
use crate::wizard::registry::{Chosen, Spec};

/// Flags that select users or name references: rejects are already selected, and get references of their own.
const SELECTION: [&str; 6] = ["users", "base", "filter", "all", "limit", "reference"];

/// Flags whose values are paths.
const PATHS: [&str; 4] = ["config", "join", "pools", "users"];

/// A step and its command.
#[derive(Debug, Serialize)]
pub(super) struct NextStep {
    /// read, import, verify, correct, write or finish.
    pub(super) step: &'static str,
    /// The step in words for people.
    #[serde(skip)]
    pub(super) label: Text,
    /// The command; for `read`, the file.
    pub(super) command: String,
}

impl NextStep {
    pub(super) fn new(step: &'static str, french: &'static str, command: String) -> Self {
        Self { step, label: Text::new(step, french), command }
    }
}

/// Returns the steps after a published run: read its report, import all batches, verify the result, correct the
/// rejects.
pub(super) fn after(publication: &Publication<'_>, context: &Context) -> Vec<NextStep> {
    let directory = publication.directory;
    let mut steps = Vec::new();
    if directory.is_empty() {
        return steps;
    }
    steps.push(NextStep::new("read", "lire", format!("{directory}/report.html")));
    if !publication.batches.is_empty() {
        let import = match publication.target {
            Target::Ldifde => quoted(&format!("{directory}/apply.cmd").replace('/', "\\"), true),
            Target::Ldap => {
                format!("sh {} -x -H ldap://SERVER -D ADMIN -W", pasted(&format!("{directory}/apply.sh")))
            }
        };
        steps.push(NextStep::new("import", "importer", import));
        let verify = format!("userprep verify {} --against after.ldif", pasted(directory));
        steps.push(NextStep::new("verify", "vérifier", verify));
    }
    if !publication.feed_back.is_empty() {
        let command = feed_back(publication, &context.arguments, false);
        steps.push(NextStep::new("correct", "corriger", command));
    }
    steps
}

/// Returns the command that reads the corrected rejects of a run, with everything that others hold among the
/// references. It is typed where the run was made, or in the run directory.
pub(super) fn feed_back(publication: &Publication<'_>, arguments: &[String], is_inside: bool) -> String {
    let (run, out) = if is_inside {
        (".".to_owned(), "../run2".to_owned())
    } else {
        (publication.directory.to_owned(), numbered(publication.directory))
    };
    let place = |path: &str| match path {
        // Standard input has no name.
        "-" => "EXPORT".to_owned(),
        path if is_inside && Path::new(path).is_relative() => format!("../{path}"),
        path => path.to_owned(),
    };
    let rejects = publication
        .rejected()
        .map(|file| if is_inside { file.path.clone() } else { format!("{run}/{}", file.path) });
    let joins = publication.inputs.iter().any(|input| input.role == "join");
    let is_held = |role: &str| role == "reference" || role == "input" && !joins;
    let held = publication.inputs.iter().filter(|input| is_held(input.role)).map(|input| input.file);
    let typed = Typed::of(arguments);
    let folders = typed.folders();
    let held = held.map(|file| folders.get(file).copied().unwrap_or(file));
    let runs = typed.values("reference").filter(|path| is_run(path.as_ref()));
    let mut references: Vec<String> = [run.clone()].into_iter().chain(held.chain(runs).map(place)).collect();
    references.dedup();
    let references = references.into_iter().map(|reference| ("--reference", reference));
    let out = ("--out", out);
    // The page is the same on every system; its commands are for the machine of the importer.
    let by_cmd = if is_inside { publication.target == Target::Ldifde } else { cfg!(windows) };
    let mut typed =
        Typed::of(arguments).without(&SELECTION).map_paths(place).with_operands(rejects.collect());
    if Chosen::spec(publication.mode.name).is_some_and(Spec::wants_selection) {
        typed = typed.with_flag("--all");
    }
    typed.format_for(by_cmd, references.chain([out]))
}

/// Returns the step that writes what a rehearsal has shown.
pub(super) fn write(out: &str, context: &Context) -> NextStep {
    let typed = Typed::of(&context.arguments).without(&["dry-run"]);
    NextStep::new("write", "écrire", typed.with([("--out", out.to_owned())]))
}

/// Returns the step that does what `verify` has found missing.
pub(super) fn finish(run: &str, context: &Context) -> NextStep {
    let rest = format!("{run}-rest");
    let out = ("--out", if Path::new(&rest).exists() { numbered(&rest) } else { rest });
    NextStep::new("finish", "terminer", Typed::of(&context.arguments).with([out]))
}

/// Returns an unused name like this one: `run1-2` and so on.
fn numbered(name: &str) -> String {
    let mut names = (2_u32..).map(|number| format!("{name}-{number}"));
    names.find(|name| !Path::new(name).exists()).unwrap_or_default()
}

/// A command line as typed: command, flags, operands.
pub(super) struct Typed {
    flags: Vec<String>,
    operands: Vec<String>,
}

impl Typed {
    /// Splits the arguments that [`crate::cli::parse`] returned.
    pub(super) fn of(arguments: &[String]) -> Self {
        let (flags, operands) = match arguments.iter().position(|word| word == "--") {
            Some(at) => (&arguments[..at], &arguments[at + 1..]),
            None => (arguments, &[][..]),
        };
        Self { flags: flags.to_vec(), operands: operands.to_vec() }
    }

    fn without(mut self, names: &[&str]) -> Self {
        self.flags.retain(|flag| !names.contains(&name_of(flag)));
        self
    }

    fn with_flag(mut self, flag: &str) -> Self {
        self.flags.push(flag.to_owned());
        self
    }

    fn values<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        let values = self.flags.iter().filter(move |flag| name_of(flag) == name);
        values.filter_map(|flag| Some(flag.split_once('=')?.1))
    }

    /// Maps each file of the folders among its operands and references to the folder.
    fn folders(&self) -> HashMap<String, &str> {
        let named = self.operands.iter().map(String::as_str).chain(self.values("reference"));
        let folders = named.filter(|path| Path::new(path).is_dir());
        let files = |folder| input::expand(Path::new(folder)).unwrap_or_default();
        folders
            .flat_map(|folder| files(folder).into_iter().map(move |file| (input::typed(&file), folder)))
            .collect()
    }

    /// Replaces the paths in its flags.
    fn map_paths(mut self, place: impl Fn(&str) -> String) -> Self {
        for flag in &mut self.flags {
            if let Some((name, path)) = flag.split_once('=').filter(|_| PATHS.contains(&name_of(flag))) {
                *flag = format!("{name}={}", place(path));
            }
        }
        self
    }

    /// Replaces its operands.
    pub(super) fn with_operands(self, operands: Vec<String>) -> Self {
        Self { operands, ..self }
    }

    /// Formats the command with more flags for the shell of this system.
    pub(super) fn with(&self, more: impl IntoIterator<Item = (&'static str, String)>) -> String {
        self.format_for(cfg!(windows), more)
    }

    /// Formats the command with more flags for cmd or a POSIX shell.
    fn format_for(&self, by_cmd: bool, more: impl IntoIterator<Item = (&'static str, String)>) -> String {
        let (command, flags) = self.flags.split_at(self.flags.len().min(1));
        let words = command.iter().chain(&self.operands).chain(flags).map(|word| quoted(word, by_cmd));
        let more = more.into_iter().map(|(flag, value)| format!("{flag} {}", quoted(&value, by_cmd)));
        ["userprep".to_owned()].into_iter().chain(words).chain(more).collect::<Vec<_>>().join(" ")
    }
}

/// Returns the name of a flag: `--base=OU=A` → `base`.
fn name_of(flag: &str) -> &str {
    flag.strip_prefix("--").and_then(|flag| flag.split('=').next()).unwrap_or_default()
}

/// Quotes a word for the shell of this system.
fn pasted(word: &str) -> String {
    quoted(word, cfg!(windows))
}

/// Quotes a word for cmd or a POSIX shell, so that it is taken literally.
fn quoted(word: &str, by_cmd: bool) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+".contains(c) || by_cmd && c == '\\';
    match word {
        _ if !word.is_empty() && word.chars().all(is_plain) => word.to_owned(),
        _ if by_cmd => format!("\"{}\"", word.replace('"', "")),
        _ => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_a_shell_would_interpret_is_quoted() {
        for (word, posix, cmd) in [
            ("--sip-domain=contoso.com", "--sip-domain=contoso.com", "--sip-domain=contoso.com"),
            ("a b", "'a b'", "\"a b\""),
            ("$(x)", "'$(x)'", "\"$(x)\""),
            ("it's", "'it'\\''s'", "\"it's\""),
            (r"run1\apply.cmd", r"'run1\apply.cmd'", r"run1\apply.cmd"),
            ("", "''", "\"\""),
        ] {
            assert_eq!((&*quoted(word, false), &*quoted(word, true)), (posix, cmd));
        }
    }
}
