//! Checks on rejects that are fed back and on referenced runs: without their exports, what others hold would be
//! unknown.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::Context;
use super::next::Typed;
use crate::cli::PlannedArgs;
use crate::fingerprint::Fingerprint;
use crate::input::{self, Export, Role, typed};
use crate::language::{count, text};
use crate::message::{Failure, Message};
use crate::output::manifest::{self, Manifest};
use crate::output::xml::rows::RowFields;
use crate::plan::scan::{Identity, Scan};
use crate::records::Records;
use crate::report::Status;
use crate::run;
use crate::schema::value::guid_octets;
use crate::wizard::Claims;

/// Refuses rejects unless the run that they come from and its exports are among the references; with `--alone`, returns
/// the note that they count alone. A plan is never imported, so its rejects only need its exports.
///
/// # Errors
/// `rejects-alone` (exit code 2), with the command to type.
pub(super) fn check(
    args: &PlannedArgs,
    rejects: &Export,
    exports: &[Export],
    context: &Context,
) -> Result<Option<Message>, Failure> {
    if args.input.alone {
        let what = text!(
            "`{}` counts alone (--alone): what others have is unknown",
            "`{}` compte seul (--alone)\u{a0}: on ignore ce que les autres détiennent",
            rejects.name
        );
        return Ok(Some(Message::note("rejects-alone", what)));
    }
    let folder = Path::new(&rejects.name).parent().filter(|folder| run::is_run(folder));
    let references = &args.input.reference;
    let referenced = references.iter().map(PathBuf::as_path).filter(|path| run::is_run(path));
    let mut added = None;
    for run in folder.into_iter().chain(referenced) {
        let manifest = run::manifest(run)?;
        let is_needed = !manifest.is_plan() && !references.iter().any(|path| path == run);
        let missing = is_needed.then(|| typed(run)).into_iter().chain(missing(exports, &manifest));
        let missing: Vec<String> = missing.collect();
        if missing.is_empty() {
            return Ok(None);
        }
        added.get_or_insert(missing);
    }
    let added = added.unwrap_or_else(|| vec!["RUN".to_owned(), "EXPORT".to_owned()]);
    let what = text!(
        "`{}` is what an earlier run rejected, and the others of that run are not here",
        "`{}` est ce qu’une exécution a rejeté, et les autres de cette exécution ne sont pas là",
        rejects.name
    );
    let message = Message::error("rejects-alone", what)
        .because(text!(
            "an address that another user has, or gets in that run, would be given again",
            "une adresse que quelqu’un détient, ou reçoit par cette exécution, serait donnée à nouveau"
        ))
        .help(text!("type {}", "tapez {}", command(args, &added, context)));
    Err(Failure::unfit(message))
}

/// Refuses a referenced run without its exports, in commands that assign SIP addresses, if users of the run keep an
/// address and no other export shows them: the change files only show what changes.
///
/// # Errors
/// `reference-empty` (exit code 2), with the exports to name.
pub(super) fn check_references(
    args: &PlannedArgs,
    claims: Claims,
    scan: &Scan,
    records: &Records<'_>,
) -> Result<(), Failure> {
    let runs = args.input.reference.iter().filter(|path| claims == Claims::Sip && run::is_run(path));
    for run in runs {
        let missing = missing(records.exports(), &run::manifest(run)?);
        let mut keeping = Vec::new();
        if !missing.is_empty() {
            run::rows(run, |row| keeping.extend(keeps_an_address(row).then(|| identity(row))))?;
        }
        let unseen = unseen(&keeping, scan, records);
        if unseen == 0 {
            continue;
        }
        let users = count(unseen as u64, ["user", "users"], ["utilisateur", "utilisateurs"]);
        let what = text!(
            "`{run}` does not show the addresses that {users} of that run keep",
            "`{run}` ne montre pas les adresses que gardent {users} de cette exécution",
            run = typed(run);
            users
        );
        let added: Vec<String> = missing.iter().map(|export| format!("--reference {export}")).collect();
        let message = Message::error("reference-empty", what)
            .because(text!(
                "change files only show what changes; no export shows these users, and one of their addresses could be given twice",
                "les fichiers de modification ne montrent que ce qui change\u{202f}; aucun export ne montre ces utilisateurs, et une de leurs adresses pourrait être donnée deux fois"
            ))
            .help(text!("add {}", "ajoutez {}", added.join(" ")));
        return Err(Failure::unfit(message));
    }
    Ok(())
}

/// Whether the user of a row had an address, or had got one before `verify`, and still has one after the run. Even a new
/// address leaves others: proxy addresses, and the old one with --keep-old.
fn keeps_an_address(row: &RowFields) -> bool {
    let is_deleted = !row.get("record").is_empty() && row.get("sipUri").is_empty();
    (!row.get("previousSipUri").is_empty() || row.get("status") == Status::Applied.name()) && !is_deleted
}

/// The identity of the user of a row: the normalised DN, and the GUID if it is known.
fn identity(row: &RowFields) -> [Option<Fingerprint>; 2] {
    let dn = ldif::dn::normalize(row.get("dn")).unwrap_or_default();
    let guid = guid_octets(row.get("guid").as_bytes()).map(|guid| Fingerprint::of(&guid));
    [Some(Fingerprint::of(dn.as_bytes())), guid]
}

/// The number of these users that no export shows.
fn unseen(users: &[[Option<Fingerprint>; 2]], scan: &Scan, records: &Records<'_>) -> usize {
    let wanted: HashSet<Fingerprint> = users.iter().flatten().flatten().copied().collect();
    let is_export = |who: &&Identity| records.exports()[records.export_of(who.record)].role != Role::Run;
    let names =
        |who: &Identity| [Some(who.dn), who.guid].into_iter().flatten().filter(|name| wanted.contains(name));
    let met = scan.identities.iter().filter(|_| !wanted.is_empty()).filter(is_export);
    let met: HashSet<Fingerprint> = met.flat_map(names).collect();
    users.iter().filter(|user| !user.iter().flatten().any(|name| met.contains(name))).count()
}

/// Returns the exports of a run that are neither inputs nor references, by name or by content.
fn missing(exports: &[Export], manifest: &Manifest) -> Vec<String> {
    let is_given = |export: &&Export| matches!(export.role, Role::Input | Role::Join | Role::Reference);
    let given: Vec<&Path> = exports.iter().filter(is_given).map(|export| export.name.as_ref()).collect();
    let hashes =
        LazyCell::new(|| given.iter().filter_map(|path| input::sha256(path).ok()).collect::<Vec<_>>());
    let is_given = |listed: &manifest::ManifestInput| {
        let name = Path::new(&listed.file).file_name();
        given.iter().any(|path| path.file_name() == name) || hashes.contains(&listed.sha256)
    };
    // A list joined to exports only selects users, and holds nothing.
    let has_list = manifest.inputs.iter().any(|input| input.role == "join");
    let is_export = |role: &str| matches!(role, "join" | "reference") || role == "input" && !has_list;
    let missing = manifest.inputs.iter().filter(|input| is_export(&input.role) && !is_given(input));
    // Standard input has no name, and a moved file is elsewhere.
    let named = |file: &str| if Path::new(file).exists() { file.to_owned() } else { "EXPORT".to_owned() };
    missing.map(|input| named(&input.file)).collect()
}

/// Returns the command as typed, with these references added.
fn command(args: &PlannedArgs, added: &[String], context: &Context) -> String {
    let added = added.iter().map(|reference| ("--reference", reference.clone()));
    let out = args.out.as_deref().map(|out| ("--out", typed(out)));
    Typed::of(&context.arguments).with(added.chain(out))
}
