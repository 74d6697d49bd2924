//! `check`: describes files, and lists everything that is wrong with them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Context, configuration, result_and_code, workers};
use crate::cli::{self, AnswerFormat};
use crate::codes;
use crate::config::ConfigFile;
use crate::input::asides::{ExportAsides, Located};
use crate::input::check::{Checked, RecordCounts};
use crate::input::classes::Lack;
use crate::input::fault::record_cut;
use crate::input::{self, Export, Finding, Role};
use crate::language::{Text, count, text};
use crate::message::{Failure, Message, Severity, visible};
use crate::object::Attributes;
use crate::parallel;
use crate::report::Outcome;
use crate::select::UserList;
use crate::settings::{self, OF_LISTS};

/// The findings in one file, as answered to programs.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct FileReport {
    file: String,
    format: String,
    encoding: String,
    bom: bool,
    delimiter: String,
    line_ends: String,
    records: RecordCounts,
    attributes: Vec<String>,
    errors: u64,
    warnings: u64,
    #[serde(skip)]
    printed: u64,
    /// How often each cause (a code in a column) occurs.
    #[serde(skip)]
    causes: BTreeMap<(&'static str, String), (Severity, u64)>,
    /// The meaning of a configuration, in words.
    #[serde(skip)]
    means: Text,
}

/// Runs the command.
///
/// # Errors
/// Invalid flags, Ctrl-C. An unreadable file is a finding, and the others are still checked.
pub(super) fn run(args: &cli::CheckArgs, context: &Context) -> Result<Outcome, Failure> {
    let options = settings::reading(&args.dialect)?;
    let mut files = Vec::new();
    for argument in &args.files {
        files.extend(input::expand(argument).map_err(Failure::broken)?);
    }
    let mut printer = Printer {
        context,
        args,
        format: args.run.format,
        errors: 0,
        unreadable: false,
        is_first: true,
        found: FileReport::default(),
        advised: BTreeSet::new(),
        silent: Vec::new(),
    };
    let workers = workers(&args.run)?;
    printer.begin();
    let ended = workers.install(|| files.iter().try_for_each(|file| printer.check_file(file, &options)));
    let ended = ended.map(|()| match printer {
        Printer { unreadable: true, .. } => Outcome::Unreadable,
        Printer { errors: 0, .. } => Outcome::Completed,
        _ => Outcome::CompletedWithFindings,
    });
    if let Err(Failure::Broken(messages) | Failure::Unfit(messages)) = &ended {
        messages.iter().for_each(|message| context.answer.note(message));
    }
    printer.end(files.len(), &ended);
    ended
}

/// Prints findings as they come, as text or JSON.
struct Printer<'p> {
    context: &'p Context,
    args: &'p cli::CheckArgs,
    format: AnswerFormat,
    errors: u64,
    /// Whether a file could not be read.
    unreadable: bool,
    is_first: bool,
    /// The current file.
    found: FileReport,
    /// The notes and advice already printed.
    advised: BTreeSet<String>,
    /// The files so far, for the answer if no file has a finding.
    silent: Vec<Value>,
}

/// The findings in a batch of an export.
struct Judged {
    checked: Checked,
    asides: Located,
    /// The messages, each with its attribute.
    messages: Vec<(String, Message)>,
    /// The lines of records that lack attributes which others may show.
    lacking: Vec<(u64, Lack)>,
    /// The line of its last record.
    last: Option<u64>,
}

impl Judged {
    /// Checks a batch.
    fn of(export: &Export, batch: &input::Batch, attributes: &Attributes) -> Self {
        let mut checked = export.check(batch);
        let asides = std::mem::take(&mut checked.asides).located(export, batch);
        let mut positions = batch.positions();
        let message = |finding: &Finding| {
            let within = finding.place.within.as_ref().map(|(name, _)| name.as_str());
            let of_attribute = || finding.place.attr.map(|attr| attributes.name(attr));
            let name = within.or_else(of_attribute).unwrap_or_default();
            (name.to_owned(), export.message(batch, &mut positions, finding))
        };
        let messages = checked.findings.iter().map(message).collect();
        let mut positions = batch.positions();
        let line = |&(at, lack): &(usize, Lack)| (positions.of(at).line, lack);
        let lacking = checked.lacking.iter().map(line).collect();
        let last = checked.last.map(|lines| batch.line + lines);
        Self { checked, asides, messages, lacking, last }
    }
}

impl Printer<'_> {
    fn print(&self, text: &str) {
        (self.context.stdout)(text);
    }

    /// Prints the beginning of the answer.
    fn begin(&self) {
        if self.format == AnswerFormat::Json {
            self.print(&(self.context.answer.begin() + ",\"files\":["));
        }
    }

    /// Prints the end of the answer, or the sum of several files.
    fn end(&self, files: usize, ended: &Result<Outcome, Failure>) {
        if self.format == AnswerFormat::Json {
            let (result, code) = result_and_code(ended);
            let end = self.context.answer.end(result, code, self.context.language);
            self.print(&format!("],\"errors\":{},{end}", self.errors));
        } else if self.format == AnswerFormat::Ndjson {
            // If no line was printed, a single line is the whole answer.
            self.context.answer.say(json!({"files": self.silent, "errors": self.errors}));
        } else if self.format == AnswerFormat::Text && files > 1 && !self.args.run.quiet {
            let sum = text!("{files} files, {errors}\n", "{files} fichiers, {errors}\n"; errors = errors(self.errors));
            self.print(sum.in_language(self.context.language));
        }
    }

    /// Checks a file and prints its findings.
    fn check_file(&mut self, path: &Path, options: &input::Options) -> Result<(), Failure> {
        self.found = FileReport { file: input::typed(path), ..FileReport::default() };
        if self.format == AnswerFormat::Json {
            self.print(if self.is_first { "{\"findings\":[" } else { ",{\"findings\":[" });
        }
        self.is_first = false;
        let ended = if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")) {
            self.check_configuration(path)
        } else {
            self.check_export(path, options)
        };
        let ended = match ended {
            // A file that cannot be read is a finding: the others are still checked.
            Err(Failure::Broken(messages) | Failure::Unfit(messages)) => {
                self.unreadable |= messages.iter().any(|message| message.code.ends_with("-unreadable"));
                self.tell(&messages);
                Ok(())
            }
            other => other,
        };
        self.errors += self.found.errors;
        self.end_file();
        ended
    }

    /// Checks a configuration: shows what is wrong with it, or else what it means.
    fn check_configuration(&mut self, path: &Path) -> Result<(), Failure> {
        "toml".clone_into(&mut self.found.format);
        let source = ConfigFile::read(path).map_err(Failure::unfit)?;
        let (means, warnings) = configuration::explained(source, &self.args.known)?;
        self.found.means = means;
        self.tell(&warnings);
        Ok(())
    }

    /// Checks a file that is an export, or else a list.
    fn check_export(&mut self, path: &Path, options: &input::Options) -> Result<(), Failure> {
        let (export, attributes) = match opened(path, options) {
            Ok(opened) => opened,
            Err(faults) => return self.check_list(path, options, faults),
        };
        export.format().clone_into(&mut self.found.format);
        self.found.encoding = export.text.encoding.label();
        self.found.bom = export.text.bom;
        self.found.delimiter = export.delimiter();
        self.tell(&export.messages);
        self.tell(written_by_a_run(&export).as_slice());
        self.tell(export.is_list().then(|| list_of_users(&export.name, true)).as_slice());
        let (mut whole, mut account, mut lacking) = (Checked::default(), ExportAsides::default(), Vec::new());
        let (mut before, is_report) = (None, export.is_report());
        let exports = std::slice::from_ref(&export);
        let work = |_: usize, _: usize, batch: &input::Batch| Judged::of(&export, batch, attributes);
        let read = parallel::pass("checking", exports, None, work, |judged| {
            let Judged { checked, asides, messages, lacking: lines, last } = judged;
            account.take(asides, checked.records.total(), &export.name);
            if let Some(line) = before.filter(|_| checked.begins_cut) {
                let (what, help) = record_cut();
                self.tell_in("", &Message::error("record-cut", what).help(help).at(&export.name, line, 1));
            }
            before = last.or(before);
            // The table of a run's users is a report: none of its records is checked.
            let messages = if is_report { &[] } else { &messages[..] };
            messages.iter().for_each(|(column, message)| self.tell_in(column, message));
            lacking.extend(lines);
            whole.add(checked);
            Ok(())
        });
        for (line, lack) in lacking.into_iter().filter(|(_, lack)| whole.shown.has(*lack)) {
            self.tell_in("", &Message::error("value-missing", lack.what()).at(&export.name, line, 1));
        }
        self.found.records = whole.records;
        self.found.line_ends = whole.line_ends.name();
        self.found.attributes = whole.attributes.into_iter().collect();
        // An error that ends the reading of a file is a finding like any other, and so is a cut export.
        match read {
            Err(Failure::Broken(messages)) => self.tell(&messages),
            read => {
                read?;
                let mut cut = account.finish(export.is_part);
                cut.retain(|message| message.code == "export-incomplete");
                self.tell(&cut);
            }
        }
        Ok(())
    }

    /// Describes a list with a name on each line; any other file that is not an export has these faults.
    fn check_list(
        &mut self,
        path: &Path,
        options: &input::Options,
        faults: Vec<Message>,
    ) -> Result<(), Failure> {
        let (mut names, mut are_names) = (0, faults.iter().all(is_without_dn));
        if are_names {
            input::names(path, options, &[], &mut |name| {
                names += u64::from(!name.name.is_empty());
                are_names &= UserList::is_name(&name.name);
            })
            .map_err(Failure::broken)?;
        }
        if !are_names {
            return Err(Failure::Broken(faults));
        }
        "list".clone_into(&mut self.found.format);
        self.found.records.entries = names;
        self.tell(&[list_of_users(&self.found.file, false)]);
        Ok(())
    }

    fn tell(&mut self, messages: &[Message]) {
        messages.iter().for_each(|message| self.tell_in("", message));
    }

    /// Prints a message about a column or attribute; of a repeated cause only the first, unless `--all` is given.
    fn tell_in(&mut self, column: &str, message: &Message) {
        match message.severity {
            Severity::Error => self.found.errors += 1,
            Severity::Warning => self.found.warnings += 1,
            Severity::Note => {}
        }
        let Context { language, colour, answer, .. } = self.context;
        let advised = || codes::advise(message.clone());
        match self.format {
            AnswerFormat::Json => {
                let comma = if self.found.printed == 0 { "" } else { "," };
                let json = serde_json::to_string(&advised().spoken(*language)).unwrap_or_default();
                self.print(&format!("{comma}{json}"));
            }
            AnswerFormat::Ndjson => self.print(&answer.line(&advised().spoken(*language))),
            AnswerFormat::Text => {
                let cause = (message.code, column.to_owned());
                let (_, times) = self.found.causes.entry(cause).or_insert((message.severity, 0));
                *times += 1;
                if self.args.all || *times == 1 {
                    let mut message = advised();
                    message.notes.retain(|note| self.advised.insert(note.english().to_owned()));
                    message.help.take_if(|help| !self.advised.insert(help.english().to_owned()));
                    self.print(&message.render(*language, *colour));
                }
            }
        }
        self.found.printed += 1;
    }

    /// Prints the end of a file's findings.
    fn end_file(&mut self) {
        let Context { language, colour, .. } = *self.context;
        match self.format {
            AnswerFormat::Json => {
                let rest = serde_json::to_string(&self.found).unwrap_or_default();
                self.print(&format!("],{}", rest.trim_start_matches('{')));
            }
            AnswerFormat::Ndjson => {
                let mut file = serde_json::to_value(&self.found).unwrap_or_default();
                file["findings"] = json!([]);
                self.silent.push(file);
            }
            AnswerFormat::Text => {
                let repeated =
                    self.found.causes.iter().filter(|(_, (_, times))| *times > 1 && !self.args.all);
                for ((code, column), (severity, times)) in repeated {
                    let shown = repeats(code, column, *severity, *times).render(language, colour);
                    self.print(&format!("{}: {shown}", visible(&self.found.file)));
                }
                if !self.args.run.quiet {
                    let description = Text::join(&[self.found.line(), self.found.means.clone()], "");
                    self.print(&description.in_language(language).replace(['\u{a0}', '\u{202f}'], " "));
                }
            }
        }
    }
}

impl FileReport {
    /// Describes what was detected in one line.
    fn line(&self) -> Text {
        let mut parts = vec![Text::same(self.format.clone()), Text::same(self.encoding.clone())];
        if self.bom {
            parts.push(text!("byte order mark", "marque d’ordre des octets"));
        }
        if !self.delimiter.is_empty() {
            parts.push(text!("delimiter `{}`", "délimiteur `{}`", self.delimiter));
        }
        if !self.line_ends.is_empty() {
            parts.push(Text::same(self.line_ends.clone()));
            let RecordCounts { entries, changes, faulty } = self.records;
            parts.push(count(entries, ["entry", "entries"], ["entrée", "entrées"]));
            if changes > 0 {
                let french = ["enregistrement de modification", "enregistrements de modification"];
                parts.push(count(changes, ["change record", "change records"], french));
            }
            if faulty > 0 {
                let french = ["enregistrement défectueux", "enregistrements défectueux"];
                parts.push(count(faulty, ["faulty record", "faulty records"], french));
            }
            let attributes = self.attributes.len() as u64;
            parts.push(count(attributes, ["attribute", "attributes"], ["attribut", "attributs"]));
        }
        parts.push(errors(self.errors));
        parts.push(count(self.warnings, ["warning", "warnings"], ["avertissement", "avertissements"]));
        parts.retain(|part| !part.is_empty());
        let parts = Text::join(&parts, ", ");
        text!("{file}: {parts}\n", "{file}\u{a0}: {parts}\n", file = &self.file; parts)
    }
}

/// Opens a file as an export, or else as a list whose rows name users by one of their columns; also returns the
/// attributes that it may have.
fn opened(path: &Path, options: &input::Options) -> Result<(Export, &'static Attributes), Vec<Message>> {
    let open = |options, attributes| Ok((Export::open(path, Role::Input, options, attributes)?, attributes));
    let opened = open(options, Attributes::of_every_run());
    if opened.as_ref().is_err_and(|faults: &Vec<Message>| faults.iter().any(is_without_dn)) {
        let mut of_list = options.clone();
        of_list.csv.keys = input::join::KEYS.map(String::from).to_vec();
        return open(&of_list, &*OF_LISTS).ok().filter(|(export, _)| export.is_list()).map_or(opened, Ok);
    }
    opened
}

fn is_without_dn(fault: &Message) -> bool {
    fault.code == "csv-no-dn"
}

/// Describes a list of users, and says how to check it further; `has_columns` says whether it has headings.
fn list_of_users(file: &str, has_columns: bool) -> Message {
    let what = text!(
        "`{file}` is a list of users, not an export",
        "`{file}` est une liste d’utilisateurs, et non un export"
    );
    let help = if has_columns {
        text!(
            "give it with an export that shows the users: `--users {file}` selects them, and `{file} --join EXPORT` also takes values from its rows; with `--dry-run`, each row without a user is reported",
            "donnez-la avec un export qui montre les utilisateurs\u{a0}: `--users {file}` les sélectionne, et `{file} --join EXPORT` reprend aussi les valeurs de ses lignes\u{202f}; avec `--dry-run`, chaque ligne sans utilisateur est signalée"
        )
    } else {
        text!(
            "give it with an export that shows the users: `--users {file}` selects them; with `--dry-run`, each line without a user is reported",
            "donnez-la avec un export qui montre les utilisateurs\u{a0}: `--users {file}` les sélectionne\u{202f}; avec `--dry-run`, chaque ligne sans utilisateur est signalée"
        )
    };
    Message::note("users-list", what).help(help)
}

/// Reports that a file was not exported from a directory, but written by a run: the table of its users, or its rejects.
fn written_by_a_run(export: &Export) -> Option<Message> {
    if export.is_rejects {
        let what = text!(
            "`{}` is what an earlier run rejected",
            "`{}` est ce qu’une exécution a rejeté",
            export.name
        );
        return Some(Message::note("rejects-alone", what).help(text!(
            "feed it back with the run that it comes from, and that run's exports, as `--reference`",
            "reprenez-le avec l’exécution dont il vient, et les exports de celle-ci, par `--reference`"
        )));
    }
    let report = export.is_report().then(|| export.refusal(0, 0, 0)).flatten()?;
    Some(Message { severity: Severity::Warning, ..report })
}

fn errors(number: u64) -> Text {
    count(number, ["error", "errors"], ["erreur", "erreurs"])
}

/// Counts a cause of which only the first message was printed.
fn repeats(code: &'static str, column: &str, severity: Severity, times: u64) -> Message {
    let what = match column {
        "" => text!(
            "{times} times in all; --all shows each",
            "{times} fois en tout\u{202f}; --all les montre toutes"
        ),
        column => text!(
            "{times} times in `{column}`; --all shows each",
            "{times} fois dans `{column}`\u{202f}; --all les montre toutes",
        ),
    };
    Message::of(severity, code, what)
}
