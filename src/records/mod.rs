//! The numbered records of all exports, read from the files once and from the store as often as needed.
//!
//! Only this module numbers records, skips what is between them and finds their lines. The text of a batch is read
//! again only if some of it is shown, and must then be unchanged.

// facts about each export
mod read;

use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use ldif::{LineColumn, Positions};
use xxhash_rust::xxh3::xxh3_64;

use crate::input::asides::{self, Aside, Asides, Located};
use crate::input::digest::{DigestReader, DigestWriter};
use crate::input::{self, Batch, Export, ExportRecord, Finding, InBatch, Numbered, RecordKind, Role, Shown};
use crate::language::text;
use crate::message::{Excerpt, Failure, Message, Severity};
use crate::object::{Attr, Attributes, Object};
use crate::output::store::Store;
use crate::parallel;
use crate::sip::claims::MOST_RECORDS;

pub use self::read::Read;
use self::read::Reading;

/// The records of all exports.
#[derive(Debug)]
pub struct Records<'e> {
    exports: &'e [Export],
    store: Store,
    extents: Vec<Extent>,
    /// Facts about each export.
    reads: Vec<Read>,
    /// Size and SHA-256 of each export.
    files: Vec<(u64, String)>,
    /// The numbers of records of which a part was cut off.
    cut: HashSet<u32>,
}

/// The position of a batch among all records.
#[derive(Clone, Copy, Debug)]
pub struct BatchStart {
    /// The index of the export.
    pub export: usize,
    /// The number of records of all exports before the batch.
    pub first: u32,
    /// The number of those in the same export.
    pub before: u32,
}

/// Records that are processed together in later passes: a batch, or a part of one with many records.
#[derive(Debug)]
struct Extent {
    export: usize,
    /// The number of the first record.
    first: u32,
    records: u32,
    /// The approximate bytes of text.
    length: usize,
    /// The place of the digest in the store.
    digest: StoredAt,
    /// The text of the whole batch.
    text: Arc<TextExtent>,
}

/// The maximum number of records in an extent. The output of a record is some thousand bytes, however short the record,
/// and waits in memory with that of other extents: with records of a hundred bytes, larger extents took four times the
/// memory.
const MOST_TOGETHER: u32 = 512;

/// An offset in the store and a length.
type StoredAt = (u64, usize);

/// The text of a batch, as far as it is needed to read and check it again.
#[derive(Debug)]
struct TextExtent {
    /// The physical line of the first byte.
    line: u64,
    hash: u64,
    source: TextSource,
}

/// Where a text can be read again.
#[derive(Debug)]
enum TextSource {
    File(Range<u64>),
    /// In some encodings, the text does not determine its place in the file.
    Store(StoredAt),
}

/// A batch in the first pass.
pub struct FreshBatch<'b> {
    /// The export.
    pub export: &'b Export,
    /// The index of the export.
    pub index: usize,
    batch: &'b Batch,
    attributes: &'b Attributes,
}

/// The facts about a batch that the first pass keeps.
pub struct ReadBatch {
    read: Read,
    asides: Located,
    /// The records that may be the rest of those before them.
    remainders: Vec<u32>,
    /// Digests of records, each with the number of its records.
    digests: Vec<(u32, [Vec<u8>; 4])>,
}

/// Writes the digests of a batch.
struct Digests {
    length: usize,
    last: DigestWriter,
    count: u32,
    done: Vec<(u32, [Vec<u8>; 4])>,
}

impl Digests {
    /// Creates a writer for a batch of this length.
    fn new(length: usize) -> Self {
        Self { length, last: DigestWriter::new(length), count: 0, done: Vec::new() }
    }

    /// Adds a record to the last digest, or to a new one if that is full.
    fn record(&mut self, record: &Numbered<'_>, note: &[u8]) {
        if self.count == MOST_TOGETHER {
            let full = std::mem::replace(&mut self.last, DigestWriter::new(self.length));
            self.done.push((std::mem::take(&mut self.count), full.finish()));
        }
        self.last.record(record, note);
        self.count += 1;
    }

    fn finish(mut self) -> Vec<(u32, [Vec<u8>; 4])> {
        self.done.push((self.count, self.last.finish()));
        self.done
    }
}

impl<'b> FreshBatch<'b> {
    /// Passes each record to `each`, numbered from 0, with a buffer for a note that comes back with the record in later
    /// passes. `each` returns whether the record is a user.
    pub fn each(&self, each: &mut dyn FnMut(&Numbered<'b>, &mut Vec<u8>) -> bool) -> ReadBatch {
        let (mut read, mut shown) = (Read::new(self.attributes), Shown::new(self.attributes));
        let (mut asides, mut remainders) = (Asides::default(), Vec::new());
        let mut digests = Digests::new(self.batch.text.len());
        let mut note = Vec::new();
        self.export.records(self.batch, self.attributes, &mut shown, &mut |record| {
            let number = read.records;
            let (kind, object, mut findings) = match record {
                ExportRecord::Record(kind, object, findings) => (kind, object, findings),
                ExportRecord::Aside(aside) => return asides.push(aside, number.into()),
            };
            remainders.extend(Some(number).filter(|_| is_remainder(kind, &object, &findings)));
            // Only users have rows, and a finding of any other record is an aside.
            let has_user_class =
                || ["user", "inetOrgPerson"].iter().any(|class| object.has_value(Attr::OBJECT_CLASS, class));
            let has_no_row = self.export.role != Role::Input || kind == RecordKind::Change;
            if has_no_row || object.cut.is_some() && object.has(Attr::OBJECT_CLASS) && !has_user_class() {
                findings.extend(object.cut.filter(|_| kind == RecordKind::Entry).map(|(_, at)| {
                    let what = text!(
                        "a range of values, without the rest of them",
                        "une plage de valeurs, sans les autres"
                    );
                    Finding::new(Severity::Error, "value-range-incomplete", at, what)
                }));
                findings.drain(..).for_each(|finding| asides.push(to_aside(finding), number.into()));
            }
            let line = self.batch.line + object.line;
            let mut record = Numbered { number, line, kind, object, findings, note: &[] };
            note.clear();
            let is_user = each(&record, &mut note);
            read.count(&record, is_user);
            digests.record(&record, &note);
            // Others hold addresses, too.
            if kind == RecordKind::Entry && (has_no_row || !is_user) {
                let held = record.object.values.invalid().filter(|value| value.attr == Attr::PROXY_ADDRESSES);
                record.findings.extend(held.map(|value| Finding::invalid(value, value.at)));
                record.findings.drain(..).for_each(|finding| asides.push(to_aside(finding), number.into()));
            }
        });
        let asides = asides.located(self.export, self.batch);
        read.shown = shown;
        read.belongs_to(self.export);
        ReadBatch { read, asides, remainders, digests: digests.finish() }
    }

    /// Turns a finding into a message with its place, which scans the batch from the start.
    pub fn message(&self, finding: &Finding) -> Message {
        self.export.message(self.batch, &mut self.batch.positions(), finding)
    }
}

/// Whether a record may be the rest of the one before it: it has attributes or begins inside a line, and has no DN.
fn is_remainder(kind: RecordKind, object: &Object<'_>, findings: &[Finding]) -> bool {
    let begins_inside_line = || findings.iter().any(|finding| finding.code == "ldif-fold-first");
    let has_rest = || !object.values.is_empty() || begins_inside_line();
    kind == RecordKind::Nameless && object.normalized.is_empty() && has_rest()
}

/// Turns a finding in a record without a row into an aside, which rejects nothing.
fn to_aside(finding: Finding) -> Aside {
    Aside::Finding(match finding.severity {
        Severity::Error => Finding { severity: Severity::Warning, ..finding }.help(text!(
            "correct the record: its other values may be given to others",
            "corrigez l’enregistrement\u{a0}: ce qu’il détient d’autre peut être donné à d’autres"
        )),
        _ => finding,
    })
}

/// A batch in a later pass.
pub struct StoredBatch<'b> {
    /// The export.
    pub export: &'b Export,
    /// The index of the export.
    pub index: usize,
    records: &'b Records<'b>,
    extent: &'b Extent,
    digest: &'b [u8],
    text: OnceCell<Option<Batch>>,
    failure: RefCell<Option<Failure>>,
}

impl<'b> StoredBatch<'b> {
    /// The numbers of the records.
    pub fn numbers(&self) -> Range<u32> {
        self.extent.first..self.extent.first + self.extent.records
    }

    /// Passes each record to `each`, in order.
    pub fn each(&self, each: &mut dyn FnMut(Numbered<'b>)) {
        let line = self.extent.text.line;
        let reader = DigestReader::new(self.digest, self.extent.first, line);
        let Some(mut reader) = reader else { return self.fail(damaged()) };
        reader.by_ref().for_each(each);
        if !reader.is_whole() {
            self.fail(damaged());
        }
    }

    /// Returns the text of the batch, read on the first call; `None` if that failed, which ends the pass.
    fn batch(&self) -> Option<&Batch> {
        let read =
            || self.records.text(self.export, &self.extent.text).map_err(|failure| self.fail(failure)).ok();
        self.text.get_or_init(read).as_ref()
    }

    /// Notes a failure, which ends the pass; the first one counts.
    fn fail(&self, failure: Failure) {
        self.failure.borrow_mut().get_or_insert(failure);
    }
}

/// The text of a batch with positions, read on first use.
pub struct BatchText<'b> {
    batch: &'b StoredBatch<'b>,
    positions: Option<Positions<'b>>,
}

impl<'b> BatchText<'b> {
    /// Creates an unread text.
    pub fn of(batch: &'b StoredBatch<'b>) -> Self {
        Self { batch, positions: None }
    }

    /// Returns the batch and its positions; `None` if the text has changed, which ends the pass.
    pub fn text(&mut self) -> Option<(&'b Batch, &mut Positions<'b>)> {
        let batch = self.batch.batch()?;
        Some((batch, self.positions.get_or_insert_with(|| batch.positions())))
    }

    /// Returns the place of a byte.
    pub fn place(&mut self, record: &Numbered<'_>, at: usize) -> Option<LineColumn> {
        // The start of a record is known without the text.
        if at == record.object.at {
            return Some(LineColumn { line: record.line, column: 1 });
        }
        self.text().map(|(_, positions)| positions.of(at))
    }

    /// Returns the physical line of a place, without possible passwords.
    pub fn excerpt(&mut self, place: &InBatch) -> Option<Excerpt> {
        let export = self.batch.export;
        self.text().and_then(|(batch, positions)| export.excerpt(batch, positions, place))
    }

    /// Turns a finding into a message with its place.
    pub fn message(&mut self, finding: &Finding) -> Option<Message> {
        let export = self.batch.export;
        self.text().map(|(batch, positions)| export.message(batch, positions, finding))
    }
}

/// Whether two files may be parts of one export: the same, or neighbours in LDIF with the same role.
fn may_be_one_export(exports: &[Export], one: usize, next: usize) -> bool {
    let is_ldif = |export: usize| exports[export].table().is_none();
    one == next || one + 1 == next && exports[one].role == exports[next].role && is_ldif(one) && is_ldif(next)
}

fn damaged() -> Failure {
    let what = text!(
        "a temporary file has changed since it was written",
        "un fichier temporaire n’est pas ce qui y a été écrit"
    );
    Failure::broken(Message::error("temporary-unreadable", what))
}

impl<'e> Records<'e> {
    /// Reads all exports and stores their records. Each batch is processed in parallel with `work`, and the results go
    /// to `consume` in order. Returns messages between the records with the index of their export.
    ///
    /// # Errors
    /// Errors of reading, storing and `consume`; `too-many-records`; `export-incomplete` if an export is cut off; other
    /// errors between the records; Ctrl-C.
    pub fn read<T: Send>(
        name: &'static str,
        exports: &'e [Export],
        attributes: &Attributes,
        mut store: Store,
        work: impl Fn(&FreshBatch<'_>) -> (T, ReadBatch) + Sync,
        mut consume: impl FnMut(BatchStart, T) -> Result<(), Failure> + Send,
    ) -> Result<(Self, Vec<(usize, Message)>), Failure> {
        let mut extents: Vec<Extent> = Vec::new();
        let mut cut = HashSet::new();
        let mut reading = Reading::of(exports, attributes);
        let files = Mutex::new(vec![Default::default(); exports.len()]);
        let finished = |export: usize, bytes, sha256| {
            files.lock().unwrap_or_else(PoisonError::into_inner)[export] = (bytes, sha256);
        };
        let mut first: u32 = 0;
        let work = |index: usize, _: usize, batch: &Batch| {
            let (done, read) = work(&FreshBatch { export: &exports[index], index, batch, attributes });
            let kept = batch.place.is_none().then(|| batch.text.clone());
            let hash = xxh3_64(&batch.text);
            let text = (batch.line, batch.text.len(), hash, batch.place.clone());
            (done, index, read, text, kept)
        };
        parallel::pass(name, exports, Some(&finished), work, |(done, export, batch, text, kept)| {
            let (line, length, hash, place) = text;
            let source = match place {
                Some(place) => TextSource::File(place),
                None => TextSource::Store(store.append(kept.as_slice())?),
            };
            let text = Arc::new(TextExtent { line, hash, source });
            let length = length / batch.digests.len();
            let start = BatchStart { export, first, before: reading.reads[export].records };
            let before = extents.last().map(|extent| extent.export);
            let is_apart = |number: u32| {
                number == 0 && before.is_none_or(|before| !may_be_one_export(exports, before, export))
            };
            let remainders = batch.remainders.into_iter().filter(|&number| !is_apart(number));
            cut.extend(remainders.map(|number| first + number - 1));
            for (records, digest) in batch.digests {
                let (digest, text) = (store.append(&digest)?, Arc::clone(&text));
                extents.push(Extent { export, first, records, length, digest, text });
                first = first.checked_add(records).filter(|&all| all <= MOST_RECORDS).ok_or_else(too_many)?;
            }
            reading.take(export, &batch.read, batch.asides);
            consume(start, done)
        })?;
        let Reading { reads, asides, .. } = reading;
        let asides = asides::finish(asides, exports)?;
        let files = files.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok((Self { exports, store, extents, reads, files, cut }, asides))
    }

    /// Processes stored records again: those of the exports and record numbers that `wanted` accepts. Each batch is
    /// processed in parallel with `work`, and the results go to `consume` in order.
    ///
    /// # Errors
    /// Errors of reading and `consume`; `input-changed` if an export has changed since and some of it is shown; Ctrl-C.
    pub fn revisit<T: Send>(
        &self,
        name: &'static str,
        wanted: impl Fn(usize, Range<u32>) -> bool,
        work: impl Fn(&StoredBatch<'_>) -> T + Sync,
        consume: impl FnMut(T) -> Result<(), Failure> + Send,
    ) -> Result<(), Failure> {
        let is_wanted = |extent: &&Extent| wanted(extent.export, extent.first..extent.first + extent.records);
        let extents: Vec<&Extent> = self.extents.iter().filter(is_wanted).collect();
        let lengths = extents.iter().map(|extent| extent.length as u64);
        // Buffers for digests, as many as threads read at a time; a new buffer would be cleared first.
        let spare: Mutex<Vec<Vec<u8>>> = Mutex::default();
        let spare = || spare.lock().unwrap_or_else(PoisonError::into_inner);
        parallel::process_parts(
            name,
            extents.iter().copied().zip(lengths),
            |extent: &Extent| {
                let room = spare().pop().unwrap_or_default();
                let digest = self.store.read(extent.digest, room)?;
                let batch = StoredBatch {
                    export: &self.exports[extent.export],
                    index: extent.export,
                    records: self,
                    extent,
                    digest: &digest,
                    text: OnceCell::new(),
                    failure: RefCell::default(),
                };
                let done = work(&batch);
                let failure = batch.failure.into_inner();
                spare().push(digest);
                failure.map_or(Ok(done), Err)
            },
            consume,
        )
    }

    /// Extracts something from each of these records, in order; reads nothing if there are none.
    ///
    /// # Errors
    /// Errors of reading.
    pub fn gather<T: Send>(
        &self,
        wanted: &HashSet<u32>,
        each: &(dyn Fn(&StoredBatch<'_>, &Numbered<'_>) -> T + Sync),
        mut take: impl FnMut(Vec<(u32, T)>) + Send,
    ) -> Result<(), Failure> {
        if wanted.is_empty() {
            return Ok(());
        }
        let is_wanted = |_: usize, mut numbers: Range<u32>| numbers.any(|number| wanted.contains(&number));
        let work = |batch: &StoredBatch<'_>| {
            let mut found = Vec::new();
            batch.each(&mut |record| {
                if wanted.contains(&record.number) {
                    found.push((record.number, each(batch, &record)));
                }
            });
            found
        };
        self.revisit("comparing", is_wanted, work, |found| {
            take(found);
            Ok(())
        })
    }

    /// The exports.
    pub fn exports(&self) -> &'e [Export] {
        self.exports
    }

    /// The number of records.
    pub fn total(&self) -> u32 {
        self.extents.last().map_or(0, |last| last.first + last.records)
    }

    /// Facts about each export.
    pub fn reads(&self) -> &[Read] {
        &self.reads
    }

    /// The numbers of records of which a part was cut off: it follows as a record without a DN.
    pub fn cut(&self) -> &HashSet<u32> {
        &self.cut
    }

    /// The index of the export of a record.
    pub fn export_of(&self, record: u32) -> usize {
        let after = self.extents.partition_point(|extent| extent.first <= record);
        self.extents[..after].last().map_or(0, |extent| extent.export)
    }

    /// The size and SHA-256 of an export, by its index.
    pub fn file(&self, export: usize) -> (u64, &str) {
        let (bytes, sha256) = &self.files[export];
        (*bytes, sha256)
    }

    /// Reads the text of a batch again, and checks that it is unchanged.
    fn text(&self, export: &Export, text: &TextExtent) -> Result<Batch, Failure> {
        let (read, place) = match &text.source {
            TextSource::File(place) => (export.text_at(place).map_err(Failure::broken)?, Some(place.clone())),
            TextSource::Store(place) => (self.store.read(*place, Vec::new())?, None),
        };
        if xxh3_64(&read) == text.hash {
            Ok(Batch { text: read, line: text.line, place })
        } else {
            Err(Failure::broken(input::changed(&export.name)))
        }
    }
}

fn too_many() -> Failure {
    let what = text!(
        "more than {MOST_RECORDS} records in one run",
        "plus de {MOST_RECORDS} enregistrements en une exécution"
    );
    Failure::broken(Message::error("too-many-records", what))
}
