//! Messages about an export beside its records: notes between them, faults in attributes that are not read, and signs
//! that the export is incomplete.

use ldif::{LineColumn, SearchNote};

use super::{Batch, Export, Finding};
use crate::language::{Text, text};
use crate::message::{Failure, Message, Severity};

/// How many different messages of one code an export may have; the last one counts any further ones.
const MOST: usize = 20;

/// A message that is not about a single record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aside {
    /// A note, a warning, or an error between the records.
    Finding(Finding),
    /// What a tool reports about the search that made the export, and its place.
    Said(SearchNote, usize),
}

/// The asides of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asides {
    found: Vec<(Finding, u64)>,
    heard: Vec<Heard>,
    references: u64,
}

/// What a tool reports, and what was read of the batch before that.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Heard {
    said: SearchNote,
    at: usize,
    records: u64,
    references: u64,
}

impl Asides {
    /// Adds an aside that follows this number of the batch's records.
    pub fn push(&mut self, aside: Aside, records: u64) {
        match aside {
            Aside::Finding(finding) => {
                self.references += u64::from(finding.code == "ldif-referral");
                add(&mut self.found, (finding, 1), Finding::is_like, |finding| finding.code);
            }
            Aside::Said(said, at) => {
                let references = self.references;
                self.heard.push(Heard { said, at, records, references });
            }
        }
    }

    /// Adds the place and the text of each aside.
    pub fn located(self, export: &Export, batch: &Batch) -> Located {
        let mut positions = batch.positions();
        let message =
            |(finding, count): (Finding, u64)| (export.message(batch, &mut positions, &finding), count);
        let found = self.found.into_iter().map(message).collect();
        let mut positions = batch.positions();
        let heard = self.heard.into_iter().map(|heard| {
            let line = batch.text[heard.at..].split(|byte| matches!(byte, b'\n' | b'\r')).next();
            let line = line.unwrap_or_default();
            let line = String::from_utf8_lossy(&line[..line.len().min(200)]);
            let words = line.trim_start_matches(['#', ' ']).strip_prefix("result: ").map(str::trim);
            (positions.of(heard.at), words.unwrap_or(line.trim()).to_owned(), heard)
        });
        Located { heard: heard.collect(), found, references: self.references }
    }
}

/// The asides of a batch with their places.
#[derive(Debug)]
pub struct Located {
    found: Vec<(Message, u64)>,
    heard: Vec<(LineColumn, String, Heard)>,
    references: u64,
}

/// The asides of an export, collected batch by batch.
#[derive(Debug, Default)]
pub(crate) struct ExportAsides {
    found: Vec<(Message, u64)>,
    cuts: Vec<(Message, u64)>,
    records: u64,
    references: u64,
    /// Whether a tool reports a search, and how many searches have ended.
    is_of_search: bool,
    ended: u64,
    /// The search that has begun but not ended.
    open: Option<Message>,
    /// The cookie of a page that is still missing.
    page: Option<Message>,
    /// What failed before a search, and the number of records before it.
    tried: Option<(Message, u64)>,
    /// The numbers of entries, records and responses when the tool last stated a count.
    counted: [u64; 3],
    /// A number of entries that was stated in advance.
    announced: Option<Announced>,
}

/// A number of entries stated before the entries themselves, as by phpLDAPadmin.
#[derive(Debug)]
struct Announced {
    number: u64,
    /// The number of entries read before it.
    before: u64,
    words: String,
    /// The message if another number follows.
    cut: Message,
}

impl Announced {
    /// Whether as many entries were read as stated, out of this total.
    fn is_met(&self, total: u64) -> bool {
        total - self.before == self.number
    }

    /// Returns the message that another number of entries was read, if it was.
    fn unmet(self, total: u64) -> Option<Message> {
        let what = not_read(&self.words, total - self.before);
        (!self.is_met(total)).then_some(Message { what, ..self.cut })
    }
}

impl ExportAsides {
    /// Adds the asides of the next batch, which has this number of records.
    pub(crate) fn take(&mut self, asides: Located, records: u64, file: &str) {
        for message in asides.found {
            add(&mut self.found, message, is_like, |message| message.code);
        }
        self.is_of_search |= !asides.heard.is_empty();
        for (place, words, heard) in asides.heard {
            let before = self.records + heard.records;
            // A number that comes before its entries.
            let is_ahead =
                before == self.counted[0] || self.announced.as_ref().is_some_and(|one| one.is_met(before));
            if let Some(what) = self.note(&heard, &words) {
                let cut = incomplete(what).at(file, place.line, place.column);
                match heard.said {
                    SearchNote::Entries(number) if is_ahead => {
                        let next = Announced { number, before, words, cut };
                        let last = self.announced.replace(next).and_then(|last| last.unmet(before));
                        self.cuts.extend(last.map(|cut| (cut, 1)));
                    }
                    SearchNote::Begun => self.open = Some(cut),
                    SearchNote::Page { .. } => self.page = Some(cut),
                    SearchNote::Tried => self.tried = Some((cut, before)),
                    _ => add(&mut self.cuts, (cut, 1), |_, _| false, |message| message.code),
                }
            }
        }
        self.records += records;
        self.references += asides.references;
    }

    /// Notes what a tool reports; returns what is wrong, or will be wrong unless the tool reports more.
    fn note(&mut self, heard: &Heard, words: &str) -> Option<Text> {
        let entries = self.records + heard.records;
        let entries_and_references = entries + self.references + heard.references;
        match heard.said {
            SearchNote::Begun => {
                self.cuts.extend(self.open.take().map(|cut| (cut, 1)));
                Some(text!(
                    "the search that begins here has no end: no `result:` follows",
                    "la recherche qui commence ici n’a pas de fin\u{a0}: aucun `result:` ne suit"
                ))
            }
            SearchNote::Ended { whole } => {
                self.open = None;
                self.ended += 1;
                (!whole).then(|| {
                    text!(
                        "the search that made this export ended with `{words}`",
                        "la recherche qui a produit cet export s’est terminée par `{words}`"
                    )
                })
            }
            SearchNote::Page { more } => {
                self.page = None;
                more.then(|| {
                    text!(
                        "the search has more pages than the export: a cookie is left",
                        "la recherche a plus de pages que l’export\u{a0}: il reste un cookie"
                    )
                })
            }
            SearchNote::Tried => Some(text!(
                "the export says `{words}`, and no entry follows",
                "l’export dit `{words}`, et aucune entrée ne suit"
            )),
            SearchNote::Entries(number) => mismatch(&mut self.counted[0], number, entries, words),
            SearchNote::Records(number) => {
                mismatch(&mut self.counted[1], number, entries_and_references, words)
            }
            SearchNote::Responses(number) => {
                // Flags of the tool decide which references an export shows; with -L, it counts a result but does not
                // show it.
                let least = 1 + entries - self.counted[2];
                let most = entries_and_references + self.ended.max(1);
                let is_plausible = (least..=most).contains(&number);
                let number = if is_plausible { entries } else { number };
                mismatch(&mut self.counted[2], number, entries, words)
            }
            _ => None,
        }
    }

    /// Returns all messages at the end of the export. An incomplete export is an error unless the user accepts it.
    pub(crate) fn finish(self, is_part: bool) -> Vec<Message> {
        let announced = self.announced.and_then(|one| one.unmet(self.records));
        let tried = self.tried.filter(|(_, before)| *before == self.records).map(|(cut, _)| cut);
        // Words alone are not an export, unless a tool reports how its search went.
        let words =
            self.found.iter().map(|(message, _)| message).find(|message| message.code == "ldif-preamble");
        let words = words.filter(|_| self.records == 0 && !self.is_of_search).cloned();
        let empty = words.map(|message| {
            let what = text!(
                "lines for people, and no record",
                "des lignes pour des personnes, et aucun enregistrement"
            );
            (Message { code: "input-empty", severity: Severity::Error, what, ..message }, 1)
        });
        let more = [self.open, self.page, tried, announced].into_iter().flatten().map(|message| (message, 1));
        let cuts = self.cuts.into_iter().chain(more).map(|(message, count)| (rated(message, is_part), count));
        self.found
            .into_iter()
            .chain(empty)
            .chain(cuts)
            .map(|(message, count)| with_count(message, count))
            .collect()
    }
}

fn incomplete(what: Text) -> Message {
    Message::error("export-incomplete", what)
        .because(Text::new("entries are missing", "il manque des entrées"))
}

/// Returns the fault if the tool states neither the number read so far nor the number read since its last statement
/// (a file may contain several searches, or the pages of one), and updates `counted`.
fn mismatch(counted: &mut u64, number: u64, read: u64, words: &str) -> Option<Text> {
    let since = read - std::mem::replace(counted, read);
    (number != read && number != since).then(|| not_read(words, since))
}

fn not_read(words: &str, read: u64) -> Text {
    text!(
        "the export says `{words}`, but {read} were read",
        "l’export dit `{words}`, mais {read} ont été lus"
    )
}

/// Adds severity and help to the message that an export is incomplete: an error unless the user accepts that.
pub(super) fn rated(message: Message, is_part: bool) -> Message {
    let help = text!(
        "export again, with paging such as `ldapsearch -E pr=1000/noprompt`, or add --incomplete if a part is meant",
        "refaites l’export, page par page comme avec `ldapsearch -E pr=1000/noprompt`, ou ajoutez --incomplete si une partie est voulue"
    );
    let severity = if is_part { Severity::Warning } else { Severity::Error };
    Message { severity, ..message }.help(help)
}

/// Collects the asides of all exports, each with the index of its export.
///
/// # Errors
/// `export-incomplete` for an incomplete export, and other errors between the records.
pub(crate) fn finish(
    asides: Vec<ExportAsides>,
    exports: &[Export],
) -> Result<Vec<(usize, Message)>, Failure> {
    let messages = |(index, asides): (usize, ExportAsides)| {
        asides.finish(exports[index].is_part).into_iter().map(move |message| (index, message))
    };
    let all: Vec<(usize, Message)> = asides.into_iter().enumerate().flat_map(messages).collect();
    let errors: Vec<Message> = all
        .iter()
        .filter(|(_, message)| message.severity == Severity::Error)
        .map(|(_, message)| message.clone())
        .collect();
    if errors.is_empty() { Ok(all) } else { Err(Failure::Broken(errors)) }
}

/// Appends an item to the list, or adds its count to that of a like one. The list has at most [`MOST`] items of a
/// code; the last of them counts any further ones.
fn add<T>(
    all: &mut Vec<(T, u64)>,
    (new, count): (T, u64),
    is_like: impl Fn(&T, &T) -> bool,
    code: impl Fn(&T) -> &'static str,
) {
    let of_code: Vec<usize> = (0..all.len()).filter(|&at| code(&all[at].0) == code(&new)).collect();
    let like = of_code.iter().find(|&&at| is_like(&all[at].0, &new));
    match like.or(of_code.get(MOST - 1)) {
        Some(&at) => all[at].1 += count,
        None => all.push((new, count)),
    }
}

/// Whether two messages are the same apart from their places.
fn is_like(one: &Message, other: &Message) -> bool {
    let label = |message: &Message| {
        let excerpt = message.place.as_ref().and_then(|place| place.excerpt.as_ref());
        excerpt.map(|excerpt| excerpt.label.english().split(',').next().unwrap_or_default().to_owned())
    };
    let is_labelled = label(one).is_some_and(|label| !label.is_empty());
    label(one) == label(other) && (is_labelled || one.what == other.what && one.notes == other.notes)
}

fn with_count(message: Message, count: u64) -> Message {
    if count == 1 {
        return message;
    }
    message.because(text!(
        "{count} of this kind are in the file; this is the first",
        "le fichier en a {count} de cette sorte ; celui-ci est le premier"
    ))
}
