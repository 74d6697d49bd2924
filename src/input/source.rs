//! The files of exports: which files an argument names, opening them, and storing standard input.
//!
//! Architecture invariant: only this file opens exports, and the spool of standard input.

use std::fs::File;
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{csv, hex};
use crate::language::text;
use crate::message::Message;

/// The extensions of export files in a folder.
const ENDINGS: [&str; 5] = ["ldif", "ldf", "csv", "tsv", "txt"];

/// Formats a path as typed, with `/`; a path that begins like a flag gets `./`.
pub(crate) fn typed(path: &Path) -> String {
    let text = path.to_string_lossy();
    let before = if text.len() > 1 && text.starts_with('-') { "./" } else { "" };
    let text = if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text.into_owned() };
    [before, &text].concat()
}

#[derive(Debug)]
pub(super) enum Source {
    File(PathBuf),
    /// Standard input, stored in a nameless file.
    Spool(File),
}

impl Source {
    /// Returns the source that a path names; for `-`, stores standard input first.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        if path == Path::new("-") { spool() } else { Ok(Self::File(path.to_owned())) }
    }

    /// Opens the source at its beginning.
    pub(super) fn open(&self) -> io::Result<File> {
        match self {
            Self::File(path) => open(path),
            Self::Spool(file) => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(0))?;
                Ok(file)
            }
        }
    }

    /// Reads bytes at an offset, fewer than `length` at the end of the file; several threads may do so at once.
    pub(super) fn read_at(&self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        let read = match self {
            Self::File(path) => read_at(&File::open(path)?, at, &mut bytes),
            Self::Spool(file) => read_at(file, at, &mut bytes),
        };
        bytes.truncate(read?);
        Ok(bytes)
    }
}

/// Opens a file that has an end; a pipe or a device may have none.
fn open(path: &Path) -> io::Result<File> {
    let kind = path.metadata()?;
    if !kind.is_file() && !kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    File::open(path)
}

/// Reads a small file, or standard input.
pub(crate) fn bytes_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    Source::of(path)?.open()?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Stores standard input in a file. An endless line is not an export, and would fill the disk.
fn spool() -> io::Result<Source> {
    let mut file = tempfile::tempfile()?;
    let mut input = io::stdin().lock();
    // The length of the last line so far.
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

/// Returns the files that an argument names: the file itself, the exports in a folder by name, or `-` for standard
/// input.
///
/// # Errors
/// `input-unreadable`, `input-no-exports`
pub(crate) fn expand(argument: &Path) -> Result<Vec<PathBuf>, Message> {
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
        let folder = typed(argument);
        let what =
            text!("the folder `{folder}` holds no export", "le dossier `{folder}` ne contient aucun export");
        let endings = ENDINGS.join(" *.");
        return Err(Message::error("input-no-exports", what)
            .because(text!("expected one of *.{endings}", "attendu\u{a0}: *.{endings}")));
    }
    Ok(files)
}

/// Checks that the file or folder of an argument exists.
///
/// # Errors
/// `input-unreadable`
pub(crate) fn exists(argument: &Path) -> Result<(), Message> {
    if argument == Path::new("-") {
        return Ok(());
    }
    std::fs::metadata(argument).map(drop).map_err(|error| unreadable(argument, &error))
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Message {
    let message = Message::unreadable("input-unreadable", &typed(path), error);
    match error.kind() {
        io::ErrorKind::InvalidInput => message.help(text!(
            "keep what a program writes in a file; an export may also come through standard input, as `-`",
            "gardez dans un fichier ce qu’un programme écrit\u{202f}; un export peut aussi venir de l’entrée standard, par `-`"
        )),
        _ => message,
    }
}

/// Returns the error that the file is no longer the one that was opened.
pub(crate) fn changed(name: &str) -> Message {
    let what = text!("`{name}` changed while it was read", "`{name}` a changé pendant sa lecture");
    Message::error("input-changed", what).help(text!(
        "export again, and let nothing write to the file meanwhile",
        "refaites l’export, et que rien n’écrive entre-temps dans le fichier"
    ))
}

/// Returns the SHA-256 of a file, in lower-case hexadecimal digits.
///
/// # Errors
/// `input-unreadable`
pub(crate) fn sha256(path: &Path) -> Result<String, Message> {
    let failed = |error: io::Error| unreadable(path, &error);
    let (mut file, mut hash) = (open(path).map_err(failed)?, Sha256::new());
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer).map_err(failed)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
    }
}

/// Repeats a read that a signal interrupts.
pub(super) fn uninterrupted<T>(mut read: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match read() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

/// Reads bytes of a file at an offset, for several readers at once; returns their number, which is smaller at the end
/// of the file.
pub(crate) fn read_at(file: &File, at: u64, bytes: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < bytes.len() {
        match uninterrupted(|| read_some_at(file, &mut bytes[filled..], at + filled as u64))? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

#[cfg(unix)]
fn read_some_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, at)
}

#[cfg(windows)]
fn read_some_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, at)
}

/// With a single thread, no other moves the file position in the meantime.
#[cfg(not(any(unix, windows)))]
fn read_some_at(mut file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    file.seek(SeekFrom::Start(at))?;
    file.read(bytes)
}
