//! Rejects that are fed back: without their run and its exports nobody would know what others hold.

use std::path::{Path, PathBuf};

use super::Context;
use super::next::Typed;
use crate::cli::PlannedArgs;
use crate::input::{Export, Role, typed};
use crate::language::text;
use crate::message::{Failure, Message};
use crate::run;

/// Refuses rejects without the run that they come from and that run's exports among the references; with `--alone`, the
/// note that they count alone.
///
/// # Errors
/// `rejects-alone` (exit code 2), with the command to type.
pub(super) fn check(
    args: &PlannedArgs,
    exports: &[Export],
    context: &Context,
) -> Result<Option<Message>, Failure> {
    let Some(rejects) = exports.iter().find(|export| export.role == Role::Input && export.is_rejects) else {
        return Ok(None);
    };
    if args.input.alone {
        let what = text!(
            "`{}` counts alone (--alone): what others hold is not known",
            "`{}` compte seul (--alone)\u{a0}: on ignore ce que les autres détiennent",
            rejects.name
        );
        return Ok(Some(Message::note("rejects-alone", what)));
    }
    let references = &args.input.reference;
    for run in references.iter().filter(|path| run::is_run(path)) {
        let missing = missing(args, &run::manifest(run)?);
        if missing.is_empty() {
            return Ok(None);
        }
    }
    let folder = Path::new(&rejects.name).parent().filter(|folder| run::is_run(folder));
    let known = references.iter().map(PathBuf::as_path).find(|path| run::is_run(path)).or(folder);
    let mut added: Vec<String> = Vec::new();
    match known {
        None => added.extend(["RUN".to_owned(), "EXPORT".to_owned()]),
        Some(run) => {
            if !references.iter().any(|path| path == run) {
                added.push(typed(run));
            }
            added.extend(missing(args, &run::manifest(run)?));
        }
    }
    let what = text!(
        "`{}` is what an earlier run rejected, and the others of that run are not here",
        "`{}` est ce qu’une exécution a rejeté, et les autres de cette exécution ne sont pas là",
        rejects.name
    );
    let message = Message::error("rejects-alone", what)
        .because(text!(
            "an address that somebody holds, or gets by that run, would be given again",
            "une adresse que quelqu’un détient, ou reçoit par cette exécution, serait donnée à nouveau"
        ))
        .help(text!("type {}", "tapez {}", command(args, &added, context)));
    Err(Failure::unfit(message))
}

/// The exports of a run that are neither inputs nor references.
fn missing(args: &PlannedArgs, manifest: &crate::output::manifest::Manifest) -> Vec<String> {
    let given: Vec<&PathBuf> =
        args.input.inputs.iter().chain(&args.input.join).chain(&args.input.reference).collect();
    let is_given = |file: &str| {
        let file = Path::new(file);
        given.iter().any(|path| {
            let is_folder = path.is_dir() && file.parent().is_some_and(|parent| parent.ends_with(path));
            is_folder || path.file_name().is_some_and(|name| Some(name) == file.file_name())
        })
    };
    // A list that is joined to exports says who is meant, and holds nothing.
    let has_list = manifest.inputs.iter().any(|input| input.role == "join");
    let is_export = |role: &str| matches!(role, "join" | "reference") || role == "input" && !has_list;
    let exports = manifest.inputs.iter().filter(|input| is_export(&input.role) && !is_given(&input.file));
    // What came by standard input has no name.
    exports.map(|input| if input.file == "-" { "EXPORT".to_owned() } else { input.file.clone() }).collect()
}

/// The command as it was typed, with these references.
fn command(args: &PlannedArgs, added: &[String], context: &Context) -> String {
    let added = added.iter().map(|reference| ("--reference", reference.clone()));
    let out = args.out.as_deref().map(|out| ("--out", typed(out)));
    Typed::of(&context.arguments).with(added.chain(out))
}
