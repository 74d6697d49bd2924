//! `completions` and `man`: files for packages of the program.

use super::Context;
use crate::cli::{self, packaging};
use crate::language::{Text, text};
use crate::message::{Failure, Message};
use crate::output;
use crate::report::Outcome;

/// Prints the completions for a shell.
pub(super) fn completions(args: &cli::CompletionsArgs, context: &Context) -> Result<Outcome, Failure> {
    (context.stdout)(&String::from_utf8_lossy(&packaging::completions(args.shell)));
    Ok(Outcome::Completed)
}

/// Writes the man pages.
///
/// # Errors
/// `output-exists`: no page is written; `output-unwritable`: the pages before the named one are.
pub(super) fn man(args: &cli::ManPages, context: &Context) -> Result<Outcome, Failure> {
    let pages = packaging::man_pages(context.language)
        .map_err(|error| Failure::broken(Message::error("internal-man", Text::same(error.to_string()))))?;
    for (name, _) in &pages {
        output::refuse_existing(&args.folder.join(name), args.force, &text!("folder", "dossier"))?;
    }
    output::create_folder(&args.folder)?;
    for (name, page) in &pages {
        output::write_file(&args.folder.join(name), page.as_bytes(), args.force)?;
    }
    Ok(Outcome::Completed)
}
