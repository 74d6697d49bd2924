//! `completions` and `man`: what a package of the program brings along.

use super::Context;
use crate::cli::{self, packaging};
use crate::language::{Text, text};
use crate::message::{Failure, Message};
use crate::output;
use crate::report::Outcome;

pub(super) fn completions(args: &cli::CompletionsArgs, context: &Context) -> Result<Outcome, Failure> {
    (context.stdout)(&String::from_utf8_lossy(&packaging::completions(args.shell)));
    Ok(Outcome::Completed)
}

/// Writes the man pages.
///
/// # Errors
/// `output-exists`, `output-unwritable`: then no page is written that was not before the one that is named.
pub(super) fn man(args: &cli::ManPages) -> Result<Outcome, Failure> {
    let pages = packaging::man_pages()
        .map_err(|error| Failure::broken(Message::error("internal-man", Text::same(error.to_string()))))?;
    for (name, _) in &pages {
        output::is_free(&args.folder.join(name), args.force, &text!("folder", "dossier"))?;
    }
    output::folder(&args.folder)?;
    for (name, page) in &pages {
        output::file(&args.folder.join(name), page.as_bytes(), args.force)?;
    }
    Ok(Outcome::Completed)
}
