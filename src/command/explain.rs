//! `explain`: why a user got this address and this pool.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::next::Typed;
use super::users::{self, UserLine};
use super::{Context, opening, require_known_command, workers};
use crate::cli::{self, AnswerFormat, PlannedArgs};
use crate::config::ConfigFile;
use crate::explain::name::{By, UserName};
use crate::explain::replay::{self, Decided, Witness};
use crate::explain::{Explanation, MOST, holders, text};
use crate::input;
use crate::language::{Text, text};
use crate::message::{Failure, Message, visible};
use crate::output::manifest::{self, Manifest};
use crate::output::store::Store;
use crate::output::xml::rows::{RowFields, message};
use crate::plan::decide::decide;
use crate::plan::join::join;
use crate::plan::scan::scan;
use crate::report::redaction::MASK;
use crate::report::{COLUMNS, Outcome};
use crate::run;
use crate::verify::{UNDO, VERIFY};
use crate::wizard::Chosen;
use crate::wizard::values::same_address;

/// The explanations: `users` are repeated decisions, `rows` are from the report.
#[derive(Debug)]
struct Explained {
    run: String,
    user: String,
    decided_again: bool,
    users: Vec<Explanation>,
    rows: Vec<(RowFields, Vec<Message>)>,
    more: usize,
}

/// Runs the command.
///
/// # Errors
/// An unreadable run directory; `user-unknown` (exit code 2).
pub(super) fn run(args: &cli::ExplainArgs, context: &Context) -> Result<Outcome, Failure> {
    let manifest = run::manifest(&args.subject)?;
    require_known_command(&manifest, &args.subject)?;
    let name = UserName::new(&args.user);
    // A comparison decided nothing: the decision was that of the compared run.
    let compared = [VERIFY.name, UNDO.name]
        .contains(&manifest.mode.as_str())
        .then(|| manifest.inputs.iter().find(|input| input.role == "run"))
        .flatten();
    let command = match compared {
        Some(_) => None,
        None => restored_command(args, &manifest).map_err(|message| context.tell(&message)).ok(),
    };
    let mut answer = Explained {
        run: input::typed(&args.subject),
        user: args.user.clone(),
        decided_again: command.is_some(),
        users: Vec::new(),
        rows: Vec::new(),
        more: 0,
    };
    if let Some(command) = command {
        let workers = workers(&args.run)?;
        (answer.users, answer.more) = workers.install(|| decided_again(args, &command, &name, context))?;
        add_reported(args, &manifest, &mut answer.users, context)?;
    } else {
        (answer.rows, answer.more) = rows(&args.subject, &manifest, &name)?;
    }
    if answer.users.is_empty() && answer.rows.is_empty() {
        let what = text!(
            "run `{1}` has no user `{0}`",
            "l’exécution `{1}` n’a pas d’utilisateur `{0}`",
            args.user,
            answer.run
        );
        let message = Message::error("user-unknown", what);
        return Err(Failure::unfit(message.help(text!(
            "name a DN, objectGUID, sAMAccountName, UPN, mail address, SIP address or display name",
            "nommez un DN, un objectGUID, un sAMAccountName, un UPN, une adresse de messagerie, une adresse SIP ou un nom d’affichage"
        ))));
    }
    print(&answer, context);
    if let Some(run) = compared {
        let why = Typed::of(&["explain".to_owned()])
            .with_operands(vec![run.file.clone(), args.user.clone()])
            .with([]);
        context.data(&text!(
            "\n{run} decided about the user: {why}\n",
            "\nC’est {run} qui a décidé du sort de l’utilisateur\u{a0}: {why}\n",
            run = visible(&run.file)
        ));
    }
    Ok(Outcome::Completed)
}

/// Prints the explanations in the form of the answer.
fn print(answer: &Explained, context: &Context) {
    let Explained { run, user, decided_again, more, .. } = answer;
    let language = context.language;
    let users =
        answer.users.iter().map(|explanation| UserLine::of(explanation, &explanation.messages, language));
    let rows = answer.rows.iter().map(|(row, messages)| UserLine::of(users::row(row), messages, language));
    match context.answer.format {
        AnswerFormat::Text => {}
        AnswerFormat::Json => {
            let (users, rows): (Vec<_>, Vec<_>) = (users.collect(), rows.collect());
            return context.answer.say(json!({
                "run": run, "user": user, "decidedAgain": decided_again, "users": users, "rows": rows, "more": more,
            }));
        }
        AnswerFormat::Ndjson => {
            users.for_each(|user| (context.stdout)(&context.answer.line(&user)));
            return rows.for_each(|row| (context.stdout)(&context.answer.line(&row)));
        }
    }
    let explanations = answer.users.iter().map(|one| text::render(one, language));
    let rows = answer.rows.iter().map(|(row, messages)| {
        let mut text = String::new();
        for column in COLUMNS.into_iter().filter(|column| !row.get(column).is_empty()) {
            text += &format!("{column:<15} {}\n", row.get(column));
        }
        for line in text::messages(messages) {
            text += &format!("{}\n", line.in_language(language).replace('\u{a0}', " "));
        }
        text
    });
    let mut text = explanations.chain(rows).collect::<Vec<_>>().join("\n");
    if answer.more > 0 {
        text += text!("\nand {more} more\n", "\net {more} de plus\n").in_language(language);
    }
    (context.stdout)(&text);
}

/// Restores the command line of the run, with the present paths of its files.
fn restored_command(args: &cli::ExplainArgs, manifest: &Manifest) -> Result<(Chosen, PlannedArgs), Message> {
    let not_again = |what: Text| {
        Message::warning("decision-not-taken-again", what)
            .because(text!("the row of the report is shown instead", "voici la ligne du rapport"))
    };
    let Some(chosen) = cli::restored_wizard(&manifest.arguments, &args.subject) else {
        return Err(not_again(text!(
            "`{}` is not a run of a wizard of this version",
            "`{}` n’est pas une exécution d’un assistant de cette version",
            input::typed(&args.subject)
        )));
    };
    let mut typed = chosen.flags.planned();
    let mut search = Search { args, hashes: HashMap::new() };
    let mut missing = Vec::new();
    let (mut inputs, mut joins, mut references) = (Vec::new(), Vec::new(), Vec::new());
    for listed in &manifest.inputs {
        match (search.find_listed(listed), &*listed.role) {
            (Some(path), "input") => inputs.push(path),
            (Some(path), "join") => joins.push(path),
            // A run is listed by its change files.
            (Some(path), "run") => references.extend(path.parent().map(Path::to_owned)),
            (Some(path), _) => references.push(path),
            (None, _) => missing.push(listed.file.as_str()),
        }
    }
    if !missing.is_empty() {
        let what = text!(
            "missing, or changed since the run: {}",
            "introuvable tel que l’exécution l’a lu\u{a0}: {}",
            missing.join(", ")
        );
        return Err(not_again(what).help(text!(
            "give the present paths of the files with --input",
            "indiquez par --input où se trouvent les fichiers maintenant"
        )));
    }
    references.dedup();
    typed.input.inputs = inputs;
    typed.input.join = joins;
    typed.input.reference = references;
    typed.input.config = Some(args.subject.join("userprep.toml"));
    for path in [&mut typed.pools.known.pools, &mut typed.select.users].into_iter().flatten() {
        *path = search.find_named(path);
    }
    Ok((chosen, typed))
}

/// Looks for the files of a run: at their old paths, beside the run directory, and among `--input`.
struct Search<'s> {
    args: &'s cli::ExplainArgs,
    hashes: HashMap<PathBuf, Option<String>>,
}

impl Search<'_> {
    fn places(&self, typed: &Path) -> Vec<PathBuf> {
        let beside = self.args.subject.parent().map(|parent| parent.join(typed));
        let given = self.args.input.iter().flat_map(|path| input::expand(path).unwrap_or_default());
        let all = given.chain([typed.to_owned()]).chain(beside);
        all.filter(|path| path.is_file()).collect()
    }

    /// Finds a file of the manifest by its hash, under any name.
    fn find_listed(&mut self, listed: &manifest::ManifestInput) -> Option<PathBuf> {
        self.places(Path::new(&listed.file)).into_iter().find(|path| {
            let hash = self.hashes.entry(path.clone()).or_insert_with(|| input::sha256(path).ok());
            hash.as_ref() == Some(&listed.sha256)
        })
    }

    /// Finds a file that the manifest does not list by its name.
    fn find_named(&self, typed: &Path) -> PathBuf {
        let has_name = |path: &PathBuf| path.file_name() == typed.file_name();
        self.places(typed).into_iter().find(has_name).unwrap_or_else(|| typed.to_owned())
    }
}

/// Repeats the decision for the users with this name; also returns how many more there are.
fn decided_again(
    args: &cli::ExplainArgs,
    (chosen, typed): &(Chosen, PlannedArgs),
    name: &UserName,
    context: &Context,
) -> Result<(Vec<Explanation>, usize), Failure> {
    let mut source = ConfigFile::read(&run::configuration(&args.subject)?).map_err(Failure::unfit)?;
    if let Some(path) = &mut source.config.select.users {
        *path = Search { args, hashes: HashMap::new() }.find_named(path);
    }
    let (settings, mut exports) = opening::prepare(chosen, typed, source, context)?;
    let wizard = chosen.wizard(&settings)?;
    join(&wizard, &mut exports)?;
    let (mut scan, records) = scan(&wizard, &exports, Store::new(None)?)?;
    let (wizard, records, inputs) = (&wizard, &records, exports.inputs);
    let mut witness = Witness::new(wizard, records, inputs, name);
    let plan = decide(wizard, records, &mut scan, &mut witness)?;
    let decided = Decided { wizard, records, plan: &plan, pool_states: &witness.pool_states };
    let mut users = replay::explain(&decided, &witness.named)?;
    holders::look_up(&decided, &mut users)?;
    Ok((users, witness.more))
}

/// Adds the rows of these users in the report, and warns if they differ.
fn add_reported(
    args: &cli::ExplainArgs,
    manifest: &Manifest,
    users: &mut [Explanation],
    context: &Context,
) -> Result<(), Failure> {
    let mut rows = HashMap::new();
    let is_explained = |seq: u64| users.iter().any(|explanation| explanation.seq == seq);
    run::rows(&args.subject, |row| {
        if let Some(seq) = row.get("seq").parse().ok().filter(|&seq| is_explained(seq)) {
            rows.insert(seq, row.clone());
        }
    })?;
    for explanation in &mut *users {
        let Some(row) = rows.get(&explanation.seq) else { continue };
        row.get("file").clone_into(&mut explanation.change_file);
        row.get("record").clone_into(&mut explanation.change_record);
        if !agrees(explanation, row) {
            let what = text!(
                "the report on `{}` differs from the repeated decision",
                "le rapport sur `{}` diffère de la décision reprise",
                explanation.dn
            );
            let why = text!(
                "a list of users, an export of the pools or the program has changed since",
                "une liste d’utilisateurs, un export des pools ou le programme a changé depuis"
            );
            context.tell(&Message::warning("explain-differs", what).because(why));
        }
    }
    let seqs: Vec<u64> = users.iter().map(|explanation| explanation.seq).collect();
    let mut messages = messages(&args.subject, manifest, &seqs)?;
    for explanation in users {
        if let Some(issues) = messages.remove(&explanation.seq) {
            explanation.messages = issues;
        }
    }
    Ok(())
}

/// Whether the explanation agrees with the row of the report.
fn agrees(explanation: &Explanation, row: &RowFields) -> bool {
    let pool = explanation.pool.as_ref().map_or("", |pool| &pool.label);
    let uri = explanation.address.as_ref().map_or("", |address| &address.uri);
    let takes_part = explanation.code.is_empty();
    // A masked value cannot be compared.
    let is_masked = |column| row.get(column).contains(MASK);
    row.get("status") == explanation.status
        && row.get("code") == explanation.code
        && (is_masked("dn") || row.get("dn") == explanation.dn)
        && (!takes_part
            || row.get("pool") == pool && (is_masked("sipUri") || same_address(row.get("sipUri"), uri)))
}

/// A row of a report with its messages.
type ReportedRow = (RowFields, Vec<Message>);

/// Returns the rows of the users with this name, and how many more there are.
fn rows(subject: &Path, manifest: &Manifest, name: &UserName) -> Result<(Vec<ReportedRow>, usize), Failure> {
    let mut found: Vec<(By, RowFields)> = Vec::new();
    run::rows(subject, |row| found.extend(name.names_row(row).map(|by| (by, row.clone()))))?;
    found.sort_by_key(|(by, _)| *by);
    let more = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    let seqs: Vec<u64> = found.iter().filter_map(|(_, row)| row.get("seq").parse().ok()).collect();
    let mut messages = messages(subject, manifest, &seqs)?;
    let reported = |(_, row): (By, RowFields)| {
        let seq = row.get("seq").parse().ok();
        let messages = seq.and_then(|seq: u64| messages.remove(&seq)).unwrap_or_default();
        (row, messages)
    };
    Ok((found.into_iter().map(reported).collect(), more))
}

/// Collects the issues of these records.
fn messages(
    subject: &Path,
    manifest: &Manifest,
    seqs: &[u64],
) -> Result<HashMap<u64, Vec<Message>>, Failure> {
    let file = |input: usize| manifest.inputs.get(input).map(|input| &*input.file);
    let mut found: HashMap<u64, Vec<Message>> = HashMap::new();
    run::issues(subject, |issue| {
        if let Some(seq) = issue.get("seq").parse().ok().filter(|seq| seqs.contains(seq)) {
            found.entry(seq).or_default().push(message(issue, file));
        }
    })?;
    Ok(found)
}
