//! Exports into objects: opens files, tells what they are, decodes them and hands out batches of whole records.
//!
//! A batch is some hundred KiB of UTF-8 text that holds whole records and nothing else, so that batches can be read in
//! parallel and twice. All places inside a batch are byte offsets; they become lines and columns only when somebody
//! reads a message about them.
//!
//! Architecture invariant: this file alone opens exports, and the spool of standard input.

// what a file is, from its bytes
pub mod detect;
// which encoding, where the bytes do not say it
mod guess;
// any encoding → UTF-8
pub mod encoding;
// CSV headings → attributes
pub mod columns;
// CSV tables → objects
pub mod csv;
// LDIF records → objects
pub mod ldif;
// lists without DNs, and the objects that they name
pub mod join;
// what is said beside the records
pub mod asides;
// every fault, wanted or not
pub mod check;
// whole records, batch after batch
mod batch;
// what reading gave, as bytes
pub mod digest;
// text as its tool meant it
mod clean;
// what reading a batch gives
mod record;

use std::fs::File;
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use ::ldif::reader::Strictness;
use ::ldif::{Chunks, Decoder, Positions};
use sha2::{Digest, Sha256};

pub use self::batch::{Batch, Batches, Hashing, Tally};
use self::batch::{InBatches, Tap};
use self::clean::{Clean, End};
use self::detect::Text;
use self::encoding::Encoding;
use self::join::{Join, Key};
use self::ldif::Changes;
pub use self::record::{Finding, Numbered, Record, RecordKind, Shown};
use crate::language::text;
use crate::message::{Excerpt, Message, reason};
use crate::object::{Attributes, Value};

/// How much text a batch holds: less, and threads wait for each other; more, and it leaves the processor's cache.
const BATCH: usize = 256 << 10;

/// How much of a file is read to tell what it is: a heading of 64 KiB is the longest one worth reading.
const HEAD: u64 = 128 << 10;

/// Endings of the files that a folder is searched for.
const ENDINGS: [&str; 5] = ["ldif", "ldf", "csv", "tsv", "txt"];

/// A path as the user typed it, with `/`.
#[must_use]
pub fn typed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text.into_owned() }
}

/// Lower-case hexadecimal digits.
#[must_use]
pub fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::with_capacity(octets.len() * 2), |text, octet| text + &format!("{octet:02x}"))
}

/// What an export is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its users take part.
    Input,
    /// Lists are joined to it; its objects count as those of an input do, and take no part.
    Join,
    /// Its objects only count as taken.
    Reference,
    /// The change file of an earlier run: its objects count as taken, with what they were to get.
    Run,
    /// Pools are looked up in it.
    Pools,
}

impl Role {
    /// The word of the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Join => "join",
            Self::Reference => "reference",
            Self::Run => "run",
            Self::Pools => "pools",
        }
    }
}

/// How exports are read; what is not set is detected.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The encoding of all of them.
    pub encoding: Option<Encoding>,
    /// The format of all of them.
    pub format: Option<detect::Format>,
    /// Whether an export that says that it is cut is meant to be a part.
    pub incomplete: bool,
    /// How CSV is written, and which heading holds what.
    pub csv: csv::Options,
}

/// What an export is written in.
#[derive(Clone, Debug)]
enum Format {
    Ldif(Strictness),
    Csv(Box<csv::Table>),
}

/// An export that was opened once and is read as often as it takes.
#[derive(Debug)]
pub struct Export {
    /// The file as the user typed it.
    pub name: String,
    /// What it is read for.
    pub role: Role,
    /// Its encoding, and whether a byte order mark says so.
    pub text: Text,
    /// What its opening has to say: warnings and notes.
    pub told: Vec<Message>,
    /// Whether it is what an earlier run has rejected, under whatever name.
    pub is_rejects: bool,
    format: Format,
    source: Source,
    /// Whether it is meant to be a part where it says that it is cut.
    incomplete: bool,
    /// Whether its lines end in CR CR LF.
    has_doubled_cr: bool,
    /// The objects that its rows name, if it is a list.
    joined: Option<Joined>,
    /// Size and time at the first opening: the second pass must see the same file.
    stamp: (u64, Option<SystemTime>),
}

/// How a list gets its objects.
#[derive(Clone, Debug)]
struct Joined {
    key: Key,
    key_name: String,
    join: Arc<Join>,
}

#[derive(Debug)]
enum Source {
    File(PathBuf),
    /// Standard input, kept in a file without a name.
    Spool(File),
}

/// The files that an argument names: itself, the exports of a folder by name, or `-` for standard input.
///
/// # Errors
/// `input-unreadable`, `input-no-exports`
pub fn expand(argument: &Path) -> Result<Vec<PathBuf>, Message> {
    if argument == Path::new("-") || !argument.is_dir() {
        return Ok(vec![argument.to_owned()]);
    }
    let entries = std::fs::read_dir(argument).map_err(|error| unreadable(argument, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(argument, &error))?.path();
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        if path.is_file() && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        let what = format!("the folder `{}` holds no export", typed(argument));
        return Err(Message::error("input-no-exports", what)
            .because(format!("looked for: *.{}", ENDINGS.join(" *."))));
    }
    Ok(files)
}

/// Whether something is there that an argument names.
///
/// # Errors
/// `input-unreadable`
pub fn exists(argument: &Path) -> Result<(), Message> {
    if argument == Path::new("-") {
        return Ok(());
    }
    std::fs::metadata(argument).map(drop).map_err(|error| unreadable(argument, &error))
}

fn unreadable(path: &Path, error: &io::Error) -> Message {
    Message::error("input-unreadable", format!("cannot read `{}`: {}", typed(path), reason(error)))
}

impl Export {
    /// Opens an export and tells what it is; `-` is standard input. `attributes` are those that CSV headings may hold.
    ///
    /// # Errors
    /// `input-unreadable`, `input-empty`, `input-foreign` for what is no export, and what is wrong with a CSV heading.
    pub fn open(
        path: &Path,
        role: Role,
        options: &Options,
        attributes: &Attributes,
    ) -> Result<Self, Vec<Message>> {
        let failed = |error: io::Error| vec![unreadable(path, &error)];
        let name = if path == Path::new("-") { "-".to_owned() } else { typed(path) };
        let source = if name == "-" { spool().map_err(failed)? } else { Source::File(path.to_owned()) };
        let file = source.open().map_err(failed)?;
        let data = file.metadata().map_err(failed)?;
        let mut head = Vec::new();
        (&file).take(HEAD).read_to_end(&mut head).map_err(failed)?;
        if head.trim_ascii().is_empty() {
            return Err(vec![Message::error("input-empty", format!("`{name}` is empty"))]);
        }
        if let Some(mut told) = detect::foreign(&head[..head.len().min(detect::HEAD)]) {
            told.what = text!("`{name}` is {what}", "`{name}` est {what}"; what = told.what);
            return Err(vec![told]);
        }
        let mut told = Vec::new();
        let mut is_guessed = false;
        let marked = detect::marked(&head);
        let (is_ldif, has_doubled_cr) = {
            let encoding = options.encoding.or(marked.map(|text| text.encoding)).unwrap_or(Encoding::UTF_8);
            let first = decoded(&head, encoding);
            let has_doubled_cr = clean::has_doubled_cr(&first);
            let ending = path.extension().and_then(|ending| ending.to_str());
            let format = options.format.unwrap_or_else(|| detect::format(&first, ending));
            (format == detect::Format::Ldif, has_doubled_cr)
        };
        let text = match (options.encoding, marked) {
            // The reader of LDIF knows UTF-16 by itself, whatever is said.
            (Some(said), Some(text)) if is_ldif && said == Encoding::UTF_8 => text,
            (Some(encoding), _) => Text { encoding, bom: marked.is_some_and(|text| text.bom) },
            (None, Some(text)) => text,
            (None, None) if is_ldif => Text { encoding: Encoding::UTF_8, bom: false },
            (None, None) => {
                let whole = source.open().map_err(failed)?;
                let (text, warning) = detect::encoding(&name, &head, whole).map_err(failed)?;
                is_guessed = warning.is_some();
                told.extend(warning);
                text
            }
        };
        if has_doubled_cr {
            let what = "lines end in CR CR LF, which is read as one line end";
            told.push(Message::warning("ldif-cr-cr-lf", what).at(&name, 1, 1));
        }
        let end = End::of(&file, data.len(), text.encoding).map_err(failed)?;
        match (end, options.incomplete) {
            (End::Line, _) => {}
            (End::WithinLine, _) => {
                let what = text!(
                    "the last line of `{name}` has no line end, and may be cut",
                    "la dernière ligne de « {name} » n’a pas de fin de ligne, et est peut-être coupée",
                    name = &name
                );
                told.push(Message::warning("export-cut-line", what));
            }
            (End::Nul, is_part) => {
                let cut = asides::cut(detect::cut_by_nuls(&name), is_part);
                if !is_part {
                    return Err(vec![cut]);
                }
                told.push(cut);
            }
        }
        let format = if is_ldif {
            let is_said = options.encoding == Some(Encoding::UTF_8);
            Format::Ldif(if is_said { Strictness::Utf8 } else { Strictness::Ansi })
        } else {
            let head = decoded(&head, text.encoding);
            let place = |findings: Vec<Finding>| -> Vec<Message> {
                let batch = Batch { text: head.clone().into_bytes(), line: 1, place: None };
                let mut positions = batch.positions();
                let mut told = |finding: &Finding| {
                    let excerpt = batch.excerpt(&mut positions, finding);
                    finding.told(&name, &mut positions, Some(excerpt))
                };
                findings.iter().map(&mut told).collect()
            };
            let (table, findings) = csv::Table::open(&head, &options.csv, attributes).map_err(place)?;
            told.extend(place(findings));
            Format::Csv(Box::new(table.guessed(is_guessed)))
        };
        let stamp = (data.len(), data.modified().ok());
        let start = decoded(&head, text.encoding);
        let is_rejects = match &format {
            // A spreadsheet may have left blank lines or moved the columns.
            Format::Csv(_) => columns::REJECT.iter().all(|name| start.contains(name)),
            Format::Ldif(_) => {
                let mark = format!("# {}: ", columns::REJECT[0]);
                start.lines().any(|line| line.starts_with(&mark))
            }
        };
        let incomplete = options.incomplete;
        Ok(Self {
            name,
            role,
            text,
            told,
            is_rejects,
            format,
            source,
            incomplete,
            has_doubled_cr,
            joined: None,
            stamp,
        })
    }

    /// Whether it is meant to be a part where it says that it is cut.
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.incomplete
    }

    /// Its size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.stamp.0
    }

    /// `ldif` or `csv`.
    #[must_use]
    pub fn format(&self) -> &'static str {
        match self.format {
            Format::Ldif(_) => "ldif",
            Format::Csv(_) => "csv",
        }
    }

    /// The delimiter of a CSV file, as the report names it; empty for LDIF.
    #[must_use]
    pub fn delimiter(&self) -> String {
        match &self.format {
            Format::Ldif(_) => String::new(),
            Format::Csv(table) if table.delimiter() == b'\t' => "tab".to_owned(),
            Format::Csv(table) => char::from(table.delimiter()).to_string(),
        }
    }

    /// Begins to read: batches in order, each once.
    ///
    /// # Errors
    /// `input-unreadable`, `input-changed` if the file is no longer the one that was opened.
    pub fn batches(&self, hashing: Hashing) -> Result<Batches<'_>, Message> {
        let failed = |error: io::Error| unreadable(Path::new(&self.name), &error);
        self.unchanged()?;
        let file = self.source.open().map_err(failed)?;
        let (tap, tally) = Tap::on(file, hashing);
        let chunks = match &self.format {
            // Stray bytes of LDIF are looked at value by value: what is base64 is UTF-8 whatever is around it.
            Format::Ldif(_) if self.text.encoding == Encoding::UTF_8 => {
                InBatches::Ldif(Chunks::new(self.clean(Decoder::new(tap)), BATCH))
            }
            Format::Ldif(_) => {
                let decoder = encoding::Decoder::new(tap, self.text.encoding);
                InBatches::Ldif(Chunks::new(self.clean(decoder), BATCH))
            }
            Format::Csv(table) => {
                let decoder = encoding::Decoder::new(tap, self.text.encoding);
                InBatches::Csv(table.chunks(self.clean(decoder)).map_err(failed)?)
            }
        };
        let mark = if self.text.bom { self.text.encoding.length_of_mark() } else { 0 };
        let heading = self.table().map_or(Some(0), |table| self.length_in_file(table.head()));
        Ok(Batches::new(chunks, tally, self, heading.map(|heading| mark + heading)))
    }

    /// How many bytes of the file a text of it takes, if that can be told.
    fn length_in_file(&self, text: &[u8]) -> Option<u64> {
        match &self.format {
            _ if self.has_doubled_cr => None,
            // Its stray bytes pass as they are.
            Format::Ldif(_) if self.text.encoding == Encoding::UTF_8 => Some(text.len() as u64),
            _ => self.text.encoding.length_of(text),
        }
    }

    /// A part of the file once more, as text: it may be another one by now.
    ///
    /// # Errors
    /// `input-unreadable`
    pub fn text_at(&self, place: &Range<u64>) -> Result<Vec<u8>, Message> {
        let failed = |error: io::Error| unreadable(Path::new(&self.name), &error);
        let length = usize::try_from(place.end - place.start).unwrap_or(usize::MAX);
        let bytes = match &self.source {
            Source::File(path) => File::open(path).and_then(|file| read_at(&file, place.start, length)),
            Source::Spool(file) => read_at(file, place.start, length),
        };
        bytes.map(|bytes| self.text.encoding.decode(bytes)).map_err(failed)
    }

    fn clean(&self, decoder: impl Read + Send + 'static) -> Box<dyn Read + Send> {
        Box::new(Clean::new(decoder, self.has_doubled_cr))
    }

    /// Whether it is still the file that was opened.
    ///
    /// # Errors
    /// `input-changed`
    fn unchanged(&self) -> Result<(), Message> {
        let Source::File(path) = &self.source else { return Ok(()) };
        let data = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        if (data.len(), data.modified().ok()) == self.stamp { Ok(()) } else { Err(changed(&self.name)) }
    }

    /// Reads the records of a batch, in order. `shown` learns which wanted attributes occur.
    pub fn records<'b>(
        &self,
        batch: &'b Batch,
        attributes: &Attributes,
        shown: &mut Shown,
        each: &mut dyn FnMut(Record<'b>),
    ) {
        match &self.format {
            Format::Ldif(strictness) => {
                let changes = if self.role == Role::Run { Changes::Planned } else { Changes::Foreign };
                ldif::records(&batch.text, attributes, *strictness, changes, shown, each);
            }
            Format::Csv(table) => {
                shown.insert_all(table.columns().iter().filter_map(|column| match column.holds {
                    csv::Holds::Values(attr) => Some(attr),
                    csv::Holds::Dn | csv::Holds::Nothing => None,
                }));
                match &self.joined {
                    Some(Joined { key, key_name, join }) => {
                        table.records(&batch.text, &mut |record| each(join.record(*key, key_name, record)))
                    }
                    None => table.records(&batch.text, each),
                }
            }
        }
    }

    /// Hands out the name of each attribute that a batch shows, options aside: of CSV, each heading.
    pub fn names(&self, batch: &Batch, mut each: impl FnMut(&str)) {
        match &self.format {
            Format::Csv(table) => table.columns().iter().for_each(|column| each(&column.heading)),
            Format::Ldif(_) => {
                for block in ::ldif::records(&batch.text) {
                    let ::ldif::Block::Record(record) = block else { continue };
                    record.lines().for_each(|line| each(&String::from_utf8_lossy(&line.name())));
                }
            }
        }
    }

    /// Reads more attributes than it was opened for: headings of CSV may hold them.
    #[must_use]
    pub fn with(self, options: &Options, attributes: &Attributes) -> Self {
        let format = match self.format {
            Format::Csv(table) => Format::Csv(Box::new(table.with(&options.csv, attributes))),
            ldif @ Format::Ldif(_) => ldif,
        };
        Self { format, ..self }
    }

    /// What the rows name users by, if it is a list without DNs.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        self.table().and_then(csv::Table::key)
    }

    /// From here on the rows of the list are records of the objects that they name.
    pub fn join(&mut self, join: &Arc<Join>, attributes: &Attributes) {
        self.joined = self.key().map(|key| Joined {
            key,
            key_name: key.name(attributes).to_owned(),
            join: Arc::clone(join),
        });
    }

    /// A finding as a message with its place; `positions` are those of the batch.
    #[must_use]
    pub fn told(&self, batch: &Batch, positions: &mut Positions<'_>, finding: &Finding) -> Message {
        let excerpt = self.excerpt(batch, positions, finding);
        finding.told(&self.name, positions, excerpt)
    }

    /// The physical line of a finding; nothing of what may be a password.
    #[must_use]
    pub fn excerpt(
        &self,
        batch: &Batch,
        positions: &mut Positions<'_>,
        finding: &Finding,
    ) -> Option<Excerpt> {
        let is_secret = match &self.format {
            Format::Csv(table) => table.has_passwords(),
            Format::Ldif(_) => {
                finding.within.as_ref().is_some_and(|(name, _)| columns::is_password(name))
                    || ldif::is_near_password(&batch.text, finding.at)
            }
        };
        (!is_secret).then(|| batch.excerpt(positions, finding))
    }

    /// The table of a CSV file.
    #[must_use]
    pub fn table(&self) -> Option<&csv::Table> {
        match &self.format {
            Format::Ldif(_) => None,
            Format::Csv(table) => Some(table),
        }
    }

    /// Byte offset in the batch of byte `index` of a value, by the places of its record and of itself.
    #[must_use]
    pub fn locate(&self, batch: &Batch, record_at: usize, value_at: usize, index: usize) -> usize {
        if value_at == Value::ELSEWHERE {
            return record_at;
        }
        match &self.format {
            Format::Ldif(_) => ldif::locate(&batch.text, value_at, index),
            Format::Csv(table) => table.locate(&batch.text, record_at, value_at, index),
        }
    }
}

/// The export is no longer the file that was opened.
#[must_use]
pub fn changed(name: &str) -> Message {
    Message::error("input-changed", format!("`{name}` has changed while it was read"))
        .help("export again, and let nothing write to the file meanwhile")
}

/// Bytes as text; where they end inside a character, the text ends before it.
fn decoded(bytes: &[u8], encoding: Encoding) -> String {
    let mut text = Vec::new();
    let _cut = encoding::Decoder::new(bytes, encoding).read_to_end(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// The SHA-256 of a file, in lower-case hexadecimal digits.
///
/// # Errors
/// `input-unreadable`
pub fn sha256(path: &Path) -> Result<String, Message> {
    let failed = |error: io::Error| unreadable(path, &error);
    let (mut file, mut hash) = (File::open(path).map_err(failed)?, Sha256::new());
    let mut buffer = vec![0; BATCH];
    loop {
        match file.read(&mut buffer).map_err(failed)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
    }
}

/// The names of users in a file in any encoding, with their physical lines: the DNs of LDIF, a CSV column with a heading
/// that stands for one of these attributes, else one a line, quoted or not.
///
/// # Errors
/// `input-unreadable`, `input-foreign`
pub fn names(path: &Path, options: &Options, attributes: &[&str]) -> Result<Vec<(u64, String)>, Message> {
    let text = text(path, options)?;
    Ok(ldif::names(&text).or_else(|| csv::names(&text, &options.csv, attributes)).unwrap_or_else(|| {
        numbered(&text).into_iter().map(|(number, line)| (number, unquoted(&line))).collect()
    }))
}

/// A line without the quotes that dsquery and spreadsheets put around it.
fn unquoted(line: &str) -> String {
    let inner = line.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.map_or_else(|| line.to_owned(), |inner| inner.replace("\"\"", "\""))
}

/// The lines of a text file in any encoding, with their numbers.
///
/// # Errors
/// `input-unreadable`, `input-foreign`
pub fn lines(path: &Path, options: &Options) -> Result<Vec<(u64, String)>, Message> {
    text(path, options).map(|text| numbered(&text))
}

fn numbered(text: &str) -> Vec<(u64, String)> {
    // CR LF, LF and CR alone each end a line
    let text = text.replace("\r\n", "\n");
    text.split(['\n', '\r']).zip(1..).map(|(line, number)| (number, line.to_owned())).collect()
}

/// A small file as text.
fn text(path: &Path, options: &Options) -> Result<String, Message> {
    let failed = |error: io::Error| unreadable(path, &error);
    let bytes = std::fs::read(path).map_err(failed)?;
    if let Some(mut told) = detect::foreign(&bytes[..bytes.len().min(detect::HEAD)]) {
        told.what = text!("`{name}` is {what}", "`{name}` est {what}", name = typed(path); what = told.what);
        return Err(told);
    }
    let (text, _) = detect::encoding(&typed(path), &bytes, &bytes[..]).map_err(failed)?;
    Ok(decoded(&bytes, options.encoding.unwrap_or(text.encoding)))
}

/// The bytes of a file at an offset, for several readers at once; fewer where the file ends before.
///
/// # Errors
/// The file's.
pub fn read_at(file: &File, at: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    let mut filled = 0;
    while filled < length {
        match read_some_at(file, &mut bytes[filled..], at + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

#[cfg(unix)]
fn read_some_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, at)
}

#[cfg(windows)]
fn read_some_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, at)
}

/// Where there is one thread, nobody moves the file meanwhile.
#[cfg(not(any(unix, windows)))]
fn read_some_at(mut file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    file.seek(SeekFrom::Start(at))?;
    file.read(bytes)
}

impl Source {
    fn open(&self) -> io::Result<File> {
        match self {
            Self::File(path) => File::open(path),
            Self::Spool(file) => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(0))?;
                Ok(file)
            }
        }
    }
}

/// Keeps standard input. What never ends a line is nothing that could be read, and would fill the disk.
fn spool() -> io::Result<Source> {
    let mut file = tempfile::tempfile()?;
    let mut input = io::stdin().lock();
    let mut line = 0;
    loop {
        let block = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            block => block?,
        };
        if block.is_empty() {
            return Ok(Source::Spool(file));
        }
        line = match memchr::memrchr2(b'\n', b'\r', block) {
            Some(end) => block.len() - end,
            None => line + block.len(),
        };
        if line > csv::LONGEST {
            let what = format!("a line of more than {} MiB", csv::LONGEST >> 20);
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        file.write_all(block)?;
        let length = block.len();
        input.consume(length);
    }
}
