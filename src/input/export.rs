//! An open export: its batches, its records, and the places of its faults.

use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use ::ldif::Strictness;
use ::ldif::{Chunks, Decoder, Positions};

use super::batch::{InBatches, Tap};
use super::clean::Clean;
use super::detect::{self, Charset};
use super::encoding::TextEncoding;
use super::join::{Join, Key};
use super::ldif::Changes;
use super::source::{Source, changed, unreadable};
use super::{
    Batch, Batches, ExportRecord, Finding, Hashing, InBatch, Options, Role, Shown, columns, csv, encoding,
    ldif, password,
};
use crate::language::text;
use crate::message::{Excerpt, Message};
use crate::object::{Attributes, Value};
use crate::schema::display_name;

/// The size of a batch in bytes: with less, threads wait for each other; with more, it exceeds the processor's cache.
const BATCH: usize = 256 << 10;

/// The format-specific part of an export.
#[derive(Clone, Debug)]
pub(super) enum Layout {
    Ldif(Strictness),
    Csv(Box<csv::Table>),
}

/// An export that is opened once and read several times.
#[derive(Debug)]
pub struct Export {
    /// The file as typed.
    pub name: String,
    /// Its purpose.
    pub role: Role,
    /// Its encoding, and whether a byte order mark determines it.
    pub text: Charset,
    /// The warnings and notes from opening it.
    pub messages: Vec<Message>,
    /// Whether it contains rejects of an earlier run, under any name.
    pub is_rejects: bool,
    pub(super) layout: Layout,
    pub(super) source: Source,
    /// Whether an incomplete export is accepted.
    pub is_part: bool,
    /// Whether the whole file was checked to be UTF-8, without a byte order mark.
    pub(super) is_utf8: bool,
    /// Whether its lines end in CR CR LF.
    pub(super) has_doubled_cr: bool,
    /// The objects that its rows name, if it is a list.
    pub(super) joined: Option<JoinedList>,
    /// Size and time when it was first opened: the second pass must see the same file.
    pub(super) stamp: (u64, Option<SystemTime>),
}

/// The objects of a list.
#[derive(Clone, Debug)]
pub(super) struct JoinedList {
    key: Key,
    key_name: String,
    join: Arc<Join>,
}

impl Export {
    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.stamp.0
    }

    /// `ldif` or `csv`.
    pub fn format(&self) -> &'static str {
        match self.layout {
            Layout::Ldif(_) => "ldif",
            Layout::Csv(_) => "csv",
        }
    }

    /// The delimiter of a CSV file, as in the report; empty for LDIF.
    pub fn delimiter(&self) -> String {
        match &self.layout {
            Layout::Ldif(_) => String::new(),
            Layout::Csv(table) if table.delimiter() == b'\t' => "tab".to_owned(),
            Layout::Csv(table) => char::from(table.delimiter()).to_string(),
        }
    }

    /// Begins to read: batches come in order, each once.
    ///
    /// # Errors
    /// `input-unreadable`; `input-changed` if the file is no longer the one that was opened.
    pub fn batches(&self, hashing: Hashing) -> Result<Batches<'_>, Message> {
        let failed = |error: io::Error| unreadable(Path::new(&self.name), &error);
        self.check_unchanged()?;
        let file = self.source.open().map_err(failed)?;
        let tap = Tap::on(file, hashing);
        let bytes = tap.clone();
        let chunks = match &self.layout {
            // Stray bytes in LDIF are examined value by value: base64 is UTF-8 whatever surrounds it.
            Layout::Ldif(_) if self.text.encoding == TextEncoding::UTF_8 => {
                InBatches::Ldif(Chunks::new(self.clean(Decoder::new(bytes)), BATCH))
            }
            Layout::Ldif(_) => {
                let decoder = encoding::CharsetDecoder::new(bytes, self.text.encoding);
                InBatches::Ldif(Chunks::new(self.clean(decoder), BATCH))
            }
            // A decoder would check each byte again, and copy it.
            Layout::Csv(table) if self.is_utf8 => {
                InBatches::Csv(table.chunks(self.clean(bytes)).map_err(failed)?)
            }
            Layout::Csv(table) => {
                let decoder = encoding::CharsetDecoder::new(bytes, self.text.encoding);
                InBatches::Csv(table.chunks(self.clean(decoder)).map_err(failed)?)
            }
        };
        let mark = if self.text.bom { self.text.encoding.length_of_mark() } else { 0 };
        let heading = self.table().map_or(Some(0), |table| self.length_in_file(table.head()));
        Ok(Batches::new(chunks, tap, self, heading.map(|heading| mark + heading)))
    }

    /// Returns the number of bytes that a text takes in the file, if known.
    pub(super) fn length_in_file(&self, text: &[u8]) -> Option<u64> {
        match &self.layout {
            _ if self.has_doubled_cr => None,
            _ if self.is_utf8 => Some(text.len() as u64),
            // Its stray bytes are not converted.
            Layout::Ldif(_) if self.text.encoding == TextEncoding::UTF_8 => Some(text.len() as u64),
            _ => self.text.encoding.length_of(text),
        }
    }

    /// Reads a part of the file again as text, which may have changed in the meantime.
    ///
    /// # Errors
    /// `input-unreadable`
    pub fn text_at(&self, place: &Range<u64>) -> Result<Vec<u8>, Message> {
        let failed = |error: io::Error| unreadable(Path::new(&self.name), &error);
        let length = usize::try_from(place.end - place.start).unwrap_or(usize::MAX);
        let bytes = self.source.read_at(place.start, length);
        bytes.map(|bytes| self.text.encoding.decode(bytes)).map_err(failed)
    }

    /// Removes from decoded text what no tool meant to write.
    fn clean(&self, decoder: impl Read + Send + 'static) -> Box<dyn Read + Send> {
        Box::new(Clean::new(decoder, self.has_doubled_cr))
    }

    /// Checks that the file is still the one that was opened.
    ///
    /// # Errors
    /// `input-changed`
    pub(super) fn check_unchanged(&self) -> Result<(), Message> {
        let Source::File(path) = &self.source else { return Ok(()) };
        let data = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        if (data.len(), data.modified().ok()) == self.stamp { Ok(()) } else { Err(changed(&self.name)) }
    }

    /// Reads the records of a batch in order. `shown` collects the wanted attributes that occur.
    pub fn records<'b>(
        &self,
        batch: &'b Batch,
        attributes: &Attributes,
        shown: &mut Shown,
        each: &mut dyn FnMut(ExportRecord<'b>),
    ) {
        match &self.layout {
            Layout::Ldif(strictness) => {
                let changes = if self.role == Role::Run { Changes::Planned } else { Changes::Foreign };
                ldif::RecordReader::new(&batch.text, attributes, (*strictness, changes), shown).records(each);
            }
            Layout::Csv(table) => {
                shown.insert_all(table.columns().iter().filter_map(|column| match column.holds {
                    csv::Holds::Values(attr) => Some(attr),
                    csv::Holds::Dn | csv::Holds::Nothing => None,
                }));
                match &self.joined {
                    Some(JoinedList { key, key_name, join }) => {
                        table.records(&batch.text, &mut |record| each(join.record(*key, key_name, record)))
                    }
                    None => table.records(&batch.text, each),
                }
            }
        }
    }

    /// Calls `each` with the display name of each attribute in a batch, without options; for CSV, with that of each
    /// column, or its heading if the run does not read it.
    pub fn names(&self, batch: &Batch, attributes: &Attributes, mut each: impl FnMut(&str)) {
        match &self.layout {
            Layout::Csv(table) => table.columns().iter().for_each(|column| match column.holds {
                csv::Holds::Values(attr) => each(attributes.name(attr)),
                csv::Holds::Dn | csv::Holds::Nothing => each(&column.heading),
            }),
            Layout::Ldif(_) => {
                for block in ::ldif::blocks(&batch.text) {
                    let ::ldif::Block::Record(record) = block else { continue };
                    record
                        .lines()
                        .for_each(|line| each(display_name(&String::from_utf8_lossy(&line.name()))));
                }
            }
        }
    }

    /// Reads the heading of a CSV file again for more attributes; LDIF needs no such preparation.
    pub fn with(self, options: &Options, attributes: &Attributes) -> Self {
        let layout = match self.layout {
            Layout::Csv(table) => Layout::Csv(Box::new(table.with(&options.csv, attributes))),
            ldif @ Layout::Ldif(_) => ldif,
        };
        Self { layout, ..self }
    }

    /// Returns the key by which the rows name users, if this is a list without DNs.
    pub fn key(&self) -> Option<Key> {
        self.table().and_then(csv::Table::key)
    }

    /// Whether this is a list of users: a table without DNs that has only what a list may give.
    pub fn is_list(&self) -> bool {
        let headings = self.table().into_iter().flat_map(csv::Table::columns).map(|column| &*column.heading);
        let is_missing = |message: &Message| message.code == "column-unread";
        self.key().is_some_and(|key| key != Key::Dn)
            && !self.messages.iter().any(is_missing)
            && columns::most_like("distinguishedName", headings).is_none()
    }

    /// Joins the list: from now on, its rows are records of the objects that they name.
    pub fn join(&mut self, join: &Arc<Join>, attributes: &Attributes) {
        self.joined = self.key().map(|key| JoinedList {
            key,
            key_name: key.name(attributes).to_owned(),
            join: Arc::clone(join),
        });
    }

    /// Converts a finding to a message with its place; `positions` are those of the batch.
    pub fn message(&self, batch: &Batch, positions: &mut Positions<'_>, finding: &Finding) -> Message {
        let excerpt = self.excerpt(batch, positions, &finding.place);
        finding.clone().in_file(&self.name, positions, excerpt)
    }

    /// Returns the physical line of a place, unless it may contain a password.
    pub fn excerpt(&self, batch: &Batch, positions: &mut Positions<'_>, place: &InBatch) -> Option<Excerpt> {
        let is_secret = match &self.layout {
            Layout::Csv(table) => table.has_passwords(),
            Layout::Ldif(_) => {
                place.within.as_ref().is_some_and(|(name, _)| password::is_secret(name))
                    || ldif::is_near_password(&batch.text, place.at)
            }
        };
        (!is_secret).then(|| batch.excerpt(positions, place))
    }

    /// Returns the table of a CSV file.
    pub fn table(&self) -> Option<&csv::Table> {
        match &self.layout {
            Layout::Ldif(_) => None,
            Layout::Csv(table) => Some(table),
        }
    }

    /// Whether this is the table of a run's users, not a list that is joined to an export.
    pub fn is_report(&self) -> bool {
        let has =
            |table: &csv::Table, name: &str| table.columns().iter().any(|column| column.heading == name);
        let is_one = |table: &&csv::Table| columns::REPORT.iter().all(|name| has(table, name));
        self.table().filter(is_one).is_some_and(|table| table.key().is_none())
    }

    /// Explains why this is not an export, if it is not: a run's report; or, according to the numbers of records,
    /// objects and changes, a change file, which contains changes instead of objects, or some other text.
    pub fn refusal(&self, records: u64, objects: u64, changes: u64) -> Option<Message> {
        let name = &self.name;
        let help = text!("name an export of the directory", "nommez un export de l’annuaire");
        if objects == 0 && changes > 0 {
            let what = text!(
                "`{name}` is a change file: it contains change records, but no object",
                "`{name}` est un fichier de modification\u{a0}: il ne contient aucun objet"
            );
            Some(Message::error("input-changes", what).help(help))
        } else if self.is_report() {
            let what = text!(
                "`{name}` is the report of a run: it says what users get, not what they have",
                "`{name}` est le rapport d’une exécution\u{a0}: il dit ce que les utilisateurs reçoivent, et non ce qu’ils détiennent"
            );
            Some(Message::error("input-report", what).help(help))
        } else if objects == 0 && records > 0 && self.table().is_none() {
            let what = text!(
                "`{name}` is neither an LDIF nor a CSV export: no record in it is an object",
                "`{name}` n’est ni un export LDIF ni un export CSV\u{a0}: aucun enregistrement n’est un objet"
            );
            Some(Message::error("input-foreign", what).help(detect::EXPORT))
        } else {
            None
        }
    }

    /// Returns the byte offset in the batch of byte `index` of a value, from the places of its record and of the value.
    pub fn locate(&self, batch: &Batch, record_at: usize, value_at: usize, index: usize) -> usize {
        if value_at == Value::ELSEWHERE {
            return record_at;
        }
        match &self.layout {
            Layout::Ldif(_) => ldif::locate(&batch.text, value_at, index),
            Layout::Csv(table) => table.locate(&batch.text, record_at, value_at, index),
        }
    }
}
