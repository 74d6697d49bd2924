//! The sections of the page that say what to do next: the commands to type, and the change files.

use maud::{Markup, html};

use super::text::Shielded;
use super::words::Words;
use crate::output::ldif::{self, ChangeBatch};
use crate::output::publish::Publication;
use crate::output::{Target, Written, scripts};
use crate::report::{ReportKind, Status};

/// How many batches the page lists with their commands.
const MOST_BATCHES: usize = 100;

/// How many of them are unfolded at first.
const FIRST_BATCHES: usize = 4;

pub(super) fn next(page: &Publication<'_>, words: Words) -> Markup {
    let totals = page.totals;
    let check = match page.target {
        Target::Ldifde => "certutil -hashfile 0001-apply.ldif SHA256",
        Target::Ldap => "sha256sum -c SHA256SUMS",
    };
    // All commands are typed in the run directory, so that the page does not depend on its path.
    let verify = "userprep verify . --against ../after.ldif";
    let first = page.batches.first();
    let commands = first.map(|batch| {
        let import = |file: &Written| ldif::import_command(page.target, &file.path, &batch.domain);
        match (page.batches.len(), page.target) {
            (1, _) => (import(&batch.apply), import(&batch.undo)),
            // The script knows the server of each batch.
            (_, Target::Ldifde) => ("apply.cmd".to_owned(), "undo.cmd".to_owned()),
            (_, Target::Ldap) => {
                let script = |name: &str| format!("sh {name}.sh -x -H ldap://SERVER -D ADMIN -W");
                (script("apply"), script("undo"))
            }
        }
    });
    let (apply, undo) = commands.unwrap_or_default();
    let is_several = page.batches.len() > 1;
    let back = match page.mode.kind {
        ReportKind::Undo => (words.step_redo(), words.step_redo_more()),
        _ => (words.step_undo(), words.step_undo_more()),
    };
    html! {
        ol.steps {
            @if totals.of(Status::Rejected) > 0 {
                li { strong { a href="#reasons" { (words.step_review()) } } p { (words.step_review_more()) } }
            }
            li { strong { (words.step_check()) } p { (words.step_check_more()) } (command(check, words)) }
            li {
                strong { @if is_several { a href="#files" { (words.step_import()) } } @else { (words.step_import()) } }
                p { (words.step_import_more()) }
                (command(&apply, words))
            }
            @if !page.feed_back.is_empty() {
                li { strong { (words.step_rejects()) } p { (words.step_rejects_more()) } (command(&page.feed_back, words)) }
            }
            li { strong { (words.step_verify()) } p { (words.step_verify_more()) } (command(verify, words)) }
            li { strong { (back.0) } p { (back.1) } (command(&undo, words)) }
        }
    }
}

pub(super) fn files(page: &Publication<'_>, words: Words) -> Markup {
    let file = |label: &str, written: &Written, domain: &str| {
        html! {
            (command(&ldif::import_command(page.target, &written.path, domain), words))
            p.hash { (label) " · " (words.bytes(written.bytes)) " · SHA-256 " code { (written.sha256) } }
        }
    };
    let batch = |batch: &ChangeBatch| {
        html! {
            li {
                p {
                    strong { (batch.apply.path) } " · " (Shielded(&ldif::dns_name(&batch.domain))) " · "
                    (words.users_count(batch.records))
                    @if batch.protected { small { (words.protected()) } }
                }
                (file(words.import(), &batch.apply, &batch.domain))
                (file(words.undo(), &batch.undo, &batch.domain))
            }
        }
    };
    let shown = &page.batches[..page.batches.len().min(MOST_BATCHES)];
    let (first, rest) = shown.split_at(shown.len().min(FIRST_BATCHES));
    html! {
        p.note { (words.digest()) " " code { (scripts::digest(page.batches)) } }
        ol.batches { @for one in first { (batch(one)) } }
        @if !rest.is_empty() {
            details {
                summary { (words.more_files(rest.len() as u64)) }
                ol.batches { @for one in rest { (batch(one)) } }
            }
        }
        @if shown.len() < page.batches.len() {
            p.note { (words.first_of(shown.len(), page.batches.len() as u64)) "manifest.json · SHA256SUMS" }
        }
    }
}

fn command(text: &str, words: Words) -> Markup {
    html! {
        div.command {
            code tabindex="0" { (Shielded(text)) }
            button type="button" hidden data-copied=(words.copied()) { (words.copy()) }
        }
    }
}
