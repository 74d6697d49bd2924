//! A temporary file without a name: it holds personal data, which only its owner can read and which disappears with the
//! process, however it ends.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{folder_of, unwritable};
use crate::input;
use crate::language::text;
use crate::message::{Failure, Message};

/// The stored bytes: appended by one thread, read by many.
#[derive(Debug)]
pub struct Store {
    kept: Kept,
    length: u64,
    /// The path of the final output, for messages.
    out: PathBuf,
}

#[derive(Debug)]
enum Kept {
    #[cfg_attr(
        not(any(unix, windows)),
        expect(dead_code, reason = "systems without files of that kind keep everything in memory")
    )]
    File(File),
    /// For systems on which threads cannot read at an offset of a shared file.
    #[cfg_attr(
        any(unix, windows),
        expect(dead_code, reason = "systems with files of that kind have no need of it")
    )]
    Memory(Vec<u8>),
}

impl Store {
    /// Creates an empty store beside the output, whose disk must have room; without one, in the temporary folder.
    pub fn new(out: Option<&Path>) -> Result<Self, Failure> {
        let folder = out.map_or_else(tempfile::env::temp_dir, |out| folder_of(out).to_owned());
        let kept = create(&folder).map_err(|error| unwritable(&folder, &error))?;
        Ok(Self { kept, length: 0, out: out.map_or(folder, Path::to_owned) })
    }

    /// Appends bytes; returns where they begin and their number.
    pub fn append(&mut self, parts: &[Vec<u8>]) -> Result<(u64, usize), Failure> {
        let at = self.length;
        for bytes in parts {
            match &mut self.kept {
                Kept::File(file) => file.write_all(bytes).map_err(|error| unwritable(&self.out, &error))?,
                Kept::Memory(kept) => kept.extend_from_slice(bytes),
            }
            self.length += bytes.len() as u64;
        }
        Ok((at, parts.iter().map(Vec::len).sum()))
    }

    /// Returns the bytes appended at `at`, in the buffer `room`.
    ///
    /// # Errors
    /// `temporary-unreadable`
    pub fn read(&self, (at, length): (u64, usize), mut room: Vec<u8>) -> Result<Vec<u8>, Failure> {
        room.resize(length, 0);
        let read = match &self.kept {
            Kept::File(file) => input::read_at(file, at, &mut room),
            Kept::Memory(kept) => {
                let kept = usize::try_from(at).ok().and_then(|at| kept.get(at..at + length));
                kept.inspect(|kept| room.copy_from_slice(kept));
                Ok(kept.map_or(0, <[u8]>::len))
            }
        };
        let whole = |read| if read == length { Ok(room) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        read.and_then(whole).map_err(|error| {
            let folder = super::typed(folder_of(&self.out));
            let what = text!(
                "cannot read a temporary file in `{folder}`: {error}",
                "impossible de lire un fichier temporaire dans `{folder}`\u{a0}: {error}"
            );
            Failure::broken(Message::error("temporary-unreadable", what))
        })
    }
}

#[cfg(any(unix, windows))]
fn create(folder: &Path) -> io::Result<Kept> {
    tempfile::tempfile_in(folder).map(Kept::File)
}

#[cfg(not(any(unix, windows)))]
fn create(_: &Path) -> io::Result<Kept> {
    Ok(Kept::Memory(Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_bytes_are_read_in_any_order_and_the_file_has_no_name() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::new(Some(&folder.path().join("run1"))).unwrap();
        assert_eq!(store.append(&[b"a".to_vec(), b"bc".to_vec()]).unwrap(), (0, 3));
        assert_eq!(store.append(&[b"de".to_vec()]).unwrap(), (3, 2));
        assert_eq!(store.read((3, 2), Vec::new()).unwrap(), b"de");
        assert_eq!(store.read((0, 3), vec![1; 9]).unwrap(), b"abc");
        assert!(store.read((4, 2), Vec::new()).is_err());
        #[cfg(unix)]
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
