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
use crate::report::redaction::MASK;
use crate::run;
use crate::schema::value::guid_octets;
use crate::wizard::Claims;
use crate::wizard::values::without_scheme;

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

/// Refuses a referenced run without its exports, in commands that assign SIP addresses, if somebody would get an address
/// that a user of the run keeps and no other export shows: the change files only show what changes.
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
        if missing.is_empty() {
            continue;
        }
        let mut keepers = Vec::new();
        run::rows(run, |row| keepers.extend(Keeper::of(row, claims)))?;
        let kept = keepers.iter().filter_map(|keeper| keeper.address).collect();
        let claimed = scan.register.claimed(&kept);
        keepers.retain(|keeper| keeper.address.is_none_or(|address| claimed.contains(&address)));
        let unseen = unseen(&keepers, scan, records);
        if unseen == 0 {
            continue;
        }
        let users = count(unseen as u64, ["user", "users"], ["utilisateur", "utilisateurs"]);
        let what = text!(
            "`{run}` does not show the addresses that {users} of that run keep, and others would get one of them here",
            "`{run}` ne montre pas les adresses que gardent {users} de cette exécution, et d’autres en recevraient une ici",
            run = typed(run);
            users
        );
        let added: Vec<String> = missing.iter().map(|export| format!("--reference {export}")).collect();
        let message = Message::error("reference-empty", what)
            .because(text!(
                "change files only show what changes, and no export shows these users",
                "les fichiers de modification ne montrent que ce qui change, et aucun export ne montre ces utilisateurs"
            ))
            .help(text!("add {}", "ajoutez {}", added.join(" ")));
        return Err(Failure::unfit(message));
    }
    Ok(())
}

/// A user of a run who keeps an address.
struct Keeper {
    /// The normalised DN, and the GUID if it is known.
    names: [Option<Fingerprint>; 2],
    /// The address; `None` if the report masks it.
    address: Option<Fingerprint>,
}

impl Keeper {
    /// Reads the row of a user who had an address, or had got one before `verify`, unless the run takes it away. Even a
    /// new address may leave the old one, with --keep-old.
    fn of(row: &RowFields, claims: Claims) -> Option<Self> {
        let is_deleted = !row.get("record").is_empty() && row.get("sipUri").is_empty();
        let kept = match row.get("previousSipUri") {
            "" if row.get("status") == Status::Applied.name() => row.get("sipUri"),
            previous => previous,
        };
        if is_deleted || kept.is_empty() {
            return None;
        }
        let fingerprint = |address: &str| Fingerprint::of(claims.normalized(address).as_bytes());
        let dn = ldif::dn::normalize(row.get("dn")).unwrap_or_default();
        let guid = guid_octets(row.get("guid").as_bytes()).map(|guid| Fingerprint::of(&guid));
        Some(Self {
            names: [Some(Fingerprint::of(dn.as_bytes())), guid],
            address: (!kept.contains(MASK)).then(|| fingerprint(without_scheme(kept))),
        })
    }
}

/// The number of these users that no export shows.
fn unseen(users: &[Keeper], scan: &Scan, records: &Records<'_>) -> usize {
    let names = |user: &Keeper| user.names.into_iter().flatten();
    let wanted: HashSet<Fingerprint> = users.iter().flat_map(names).collect();
    if wanted.is_empty() {
        return 0;
    }
    let is_of_run = |record: u32| records.exports()[records.export_of(record)].role == Role::Run;
    let is_export = |who: &&Identity| who.record < records.total() && !is_of_run(who.record);
    let shown = scan.identities.iter().filter(is_export).flat_map(|who| [Some(who.dn), who.guid]).flatten();
    let met: HashSet<Fingerprint> = shown.filter(|name| wanted.contains(name)).collect();
    users.iter().filter(|user| !names(user).any(|name| met.contains(&name))).count()
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
