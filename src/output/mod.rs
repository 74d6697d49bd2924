//! All files of a run, or none: they are written beside the run directory, which then appears with one rename.
//!
//! Every function here fails with `output-unwritable` if it cannot write, and stops at Ctrl-C.
//!
//! Architecture invariant: only this file creates files, and `store` a nameless one. Nothing published is ever deleted
//! or overwritten.

mod buffer;
mod cells;
pub mod html;
pub(crate) mod ldif;
pub(crate) mod manifest;
pub(crate) mod publish;
pub(crate) mod rejects;
pub(crate) mod scripts;
pub mod spool;
pub mod store;
pub(crate) mod users;
pub(crate) mod writer;
pub(crate) mod xml;

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::input::{self, typed};
use crate::interrupt::{self, Unfinished};
use crate::language::{Text, text};
use crate::message::{Failure, Message, reason};
use crate::parallel::both;

/// `[output] target`: the importer of the change files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// ldifde of Windows: CRLF.
    #[default]
    Ldifde,
    /// ldapmodify, ldbmodify and slapmodify: LF.
    Ldap,
}

/// A file of a run, as listed in manifest and checksums.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Written {
    /// Its path in the run directory.
    pub path: String,
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal digits.
    pub sha256: String,
}

/// How many random letters and digits end the name of a hidden directory.
const RANDOM: usize = 6;

/// A run directory before it is published.
#[derive(Debug)]
pub(crate) struct RunDirectory {
    /// Where the files are until then; removed with its contents unless published.
    hidden: TempDir,
    out: PathBuf,
    force: bool,
    _unfinished: Unfinished,
}

impl RunDirectory {
    /// Creates a hidden directory beside `out`. With `force`, an existing `out` is later renamed to `out.1`.
    ///
    /// # Errors
    /// `output-exists` (exit code 2) or `output-unwritable` (exit code 1); nothing is left behind.
    pub(crate) fn begin(out: &Path, force: bool) -> Result<Self, Failure> {
        refuse_existing(out, force, &text!("directory", "dossier"))?;
        if out.symlink_metadata().is_ok() && !is_replaceable(out) {
            let what = text!(
                "`{}` already exists, and is not a run directory",
                "`{}` existe déjà, et n’est pas un dossier d’exécution",
                typed(out)
            );
            let help = text!("name another directory", "indiquez un autre dossier");
            return Err(Failure::unfit(Message::error("output-exists", what).help(help)));
        }
        let parent = folder_of(out);
        let name = out.file_name().ok_or_else(|| {
            let what =
                text!("`{}` is not a valid directory name", "`{}` n’est pas un nom de dossier", typed(out));
            Failure::unfit(Message::error("output-exists", what))
        })?;
        if !parent.is_dir() {
            let what = text!(
                "there is no folder `{}`, into which `{}` would go",
                "il n’y a pas de dossier `{}`, où irait `{}`",
                typed(parent),
                typed(out)
            );
            let message = Message::error("output-unwritable", what);
            return Err(Failure::broken(
                message.help(text!("make the folder first", "créez d’abord ce dossier")),
            ));
        }
        let prefix = format!(".{}.", name.to_string_lossy());
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let hidden = builder
            .prefix(&prefix)
            .rand_bytes(RANDOM)
            .tempdir_in(parent)
            .map_err(|error| unwritable(out, &error))?;
        Ok(Self { hidden, out: out.to_owned(), force, _unfinished: Unfinished::begin() })
    }

    /// A working directory that will never be published.
    pub(crate) fn scratch() -> Result<Self, Failure> {
        let hidden = tempfile::tempdir().map_err(|error| unwritable(&std::env::temp_dir(), &error))?;
        let out = hidden.path().join("run");
        Ok(Self { hidden, out, force: false, _unfinished: Unfinished::begin() })
    }

    /// Whether the directory will be published.
    pub(crate) fn is_published(&self) -> bool {
        !self.out.starts_with(self.hidden.path())
    }

    /// Creates a file of the run, readable by its owner only.
    pub(crate) fn create(&self, name: &str) -> Result<OutputFile, Failure> {
        let path = self.hidden.path().join(name);
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|error| unwritable(&self.out.join(name), &error))?;
        Ok(OutputFile {
            name: name.to_owned(),
            shown: self.out.join(name),
            file: BufWriter::with_capacity(32 << 10, file),
            hash: Sha256::new(),
            bytes: 0,
        })
    }

    /// Writes a small file of the run in one step.
    pub(crate) fn write(&self, name: &str, content: &[u8]) -> Result<Written, Failure> {
        let mut file = self.create(name)?;
        file.write(content)?;
        file.finish()
    }

    /// Creates a nameless temporary file. It is beside the hidden directory, not in it: Windows cannot rename a
    /// directory with an open file.
    pub(crate) fn spool(&self) -> Result<File, Failure> {
        tempfile::tempfile_in(folder_of(&self.out)).map_err(|error| unwritable(&self.out, &error))
    }

    /// Returns the error of a failed write to this directory.
    pub(crate) fn unwritable(&self, error: &io::Error) -> Failure {
        unwritable(&self.out, error)
    }

    /// Publishes the whole run directory with one rename, after all files are on the disk.
    ///
    /// # Errors
    /// `output-exists` if another process has created it in the meantime, `output-unwritable`, or Ctrl-C. Nothing is
    /// published then.
    pub(crate) fn publish(self) -> Result<(), Failure> {
        if interrupt::is_requested() {
            return Err(Failure::Interrupted);
        }
        let failed = |error: io::Error| unwritable(&self.out, &error);
        sync_directory(self.hidden.path()).map_err(failed)?;
        let taken = || {
            let what =
                text!("another process has created `{}`", "un autre processus a créé `{}`", typed(&self.out));
            Failure::unfit(Message::error("output-exists", what))
        };
        let is_taken = self.out.symlink_metadata().is_ok();
        if is_taken && !self.force {
            return Err(taken());
        }
        let older = is_taken.then(|| set_aside(&self.out)).transpose();
        let older = older.map_err(|error| held(&self.out).unwrap_or_else(|| failed(error)))?;
        let appeared = rename(self.hidden.path(), &self.out).and_then(|()| {
            // The rename might not survive a power cut, so it is taken back: a failed run publishes nothing.
            let undo = |_: &io::Error| drop(rename(&self.out, self.hidden.path()));
            sync_directory(folder_of(&self.out)).inspect_err(undo)
        });
        put_back_unless(appeared, older.as_deref(), &self.out).map_err(|error| match error.kind() {
            // Another process has created it since the check.
            ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists => taken(),
            _ => failed(error),
        })?;
        // The published directory must outlive the handle that would remove it.
        let _ = self.hidden.keep();
        Ok(())
    }
}

/// Finds the hidden directories that killed runs have left beside this one.
pub(crate) fn leftovers(out: &Path) -> Vec<PathBuf> {
    let Some(name) = out.file_name() else { return Vec::new() };
    let prefix = format!(".{}.", name.to_string_lossy());
    let is_left = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let random = name.strip_prefix(&prefix).unwrap_or_default();
        random.len() == RANDOM && random.bytes().all(|b| b.is_ascii_alphanumeric()) && path.is_dir()
    };
    let entries = fs::read_dir(folder_of(out)).into_iter().flatten().flatten();
    let mut left: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_left).collect();
    left.sort();
    left
}

/// Writes a file outside any run: the whole file, with one rename, or nothing. With `force`, an existing file is
/// renamed to `file.1`.
///
/// # Errors
/// `output-exists` (exit code 2) or `output-unwritable` (exit code 1); nothing is left behind.
pub(crate) fn write_file(path: &Path, content: &[u8], force: bool) -> Result<(), Failure> {
    refuse_existing(path, force, &text!("file", "fichier"))?;
    let failed = |error: io::Error| unwritable(path, &error);
    let mut builder = tempfile::Builder::new();
    // Such a file holds no secrets; the umask decides who may read it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut hidden = builder.prefix(".userprep.").tempfile_in(folder_of(path)).map_err(failed)?;
    hidden.write_all(content).and_then(|()| hidden.as_file().sync_all()).map_err(failed)?;
    let is_taken = force && path.symlink_metadata().is_ok();
    let older = is_taken.then(|| set_aside(path)).transpose().map_err(failed)?;
    let appeared = hidden.persist_noclobber(path).map(drop).map_err(|error| error.error);
    put_back_unless(appeared, older.as_deref(), path).map_err(failed)?;
    sync_directory(folder_of(path)).map_err(failed)
}

/// Creates a folder and its parents, unless they exist.
pub(crate) fn create_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| unwritable(path, &error))
}

/// Refuses to write to an existing path, unless it may be renamed.
///
/// # Errors
/// `output-exists` (exit code 2)
pub(crate) fn refuse_existing(path: &Path, force: bool, kind: &Text) -> Result<(), Failure> {
    if path.symlink_metadata().is_err() || force {
        return Ok(());
    }
    let what = text!("`{}` already exists", "`{}` existe déjà", typed(path));
    Err(Failure::unfit(Message::error("output-exists", what).help(text!(
        "name another {kind}, or let --force rename the older one",
        "indiquez un autre {kind}, ou laissez --force renommer l’ancien"; kind
    ))))
}

/// Whether a directory is a run directory or empty. Any other might contain files that the run reads.
fn is_replaceable(path: &Path) -> bool {
    path.join(manifest::NAME).is_file() || path.read_dir().is_ok_and(|mut entries| entries.next().is_none())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Renames a path to the first free name of `name.1`, `name.2`, …, and returns that name.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let mut number = 1_u32;
    loop {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{number}"));
        let aside = PathBuf::from(name);
        if aside.symlink_metadata().is_err() {
            return rename(path, &aside).map(|()| aside);
        }
        number += 1;
    }
}

/// Renames the older one back if nothing has appeared in its place.
fn put_back_unless(appeared: io::Result<()>, older: Option<&Path>, path: &Path) -> io::Result<()> {
    if let (Err(_), Some(older)) = (&appeared, older) {
        let _ = rename(older, path);
    }
    appeared
}

/// Renames a directory. Windows refuses while any file in it is open, and virus scanners and indexers briefly open
/// files just written.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let mut attempts = 1;
    loop {
        match fs::rename(from, to) {
            Err(error) if cfg!(windows) && error.kind() == ErrorKind::PermissionDenied && attempts < 20 => {
                attempts += 1;
                std::thread::sleep(Duration::from_millis(100));
            }
            done => return done,
        }
    }
}

/// Returns why a run directory cannot be renamed: another program, such as Excel, has locked a file in it.
#[cfg(windows)]
fn held(directory: &Path) -> Option<Failure> {
    use std::os::windows::fs::OpenOptionsExt;
    const SHARING_VIOLATION: i32 = 32;
    let is_held = |path: &PathBuf| {
        let alone = fs::OpenOptions::new().read(true).share_mode(0).open(path);
        alone.is_err_and(|error| error.raw_os_error() == Some(SHARING_VIOLATION))
    };
    let path = fs::read_dir(directory).ok()?.flatten().map(|entry| entry.path()).find(is_held)?;
    let what =
        text!("`{}` is open in another program", "`{}` est ouvert dans un autre programme", typed(&path));
    let why = text!("so `{}` cannot be renamed", "`{}` ne peut donc pas être renommé", typed(directory));
    Some(Failure::broken(
        Message::error("output-unwritable", what)
            .because(why)
            .help(text!("close it there", "fermez-le dans cet autre programme")),
    ))
}

#[cfg(not(windows))]
fn held(_: &Path) -> Option<Failure> {
    None // an open file does not prevent a rename
}

#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(()) // Windows syncs a directory with its entries
}

/// A file that is written and hashed.
#[derive(Debug)]
pub(crate) struct OutputFile {
    name: String,
    shown: PathBuf,
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl OutputFile {
    /// Appends bytes.
    pub(crate) fn write(&mut self, content: &[u8]) -> Result<(), Failure> {
        if interrupt::is_requested() {
            return Err(Failure::Interrupted);
        }
        self.hash.update(content);
        self.bytes += content.len() as u64;
        self.file.write_all(content).map_err(|error| unwritable(&self.shown, &error))
    }

    /// Appends a whole spool.
    pub(crate) fn copy(&mut self, mut spool: &File) -> Result<(), Failure> {
        let Self { shown, file, hash, bytes, .. } = self;
        let failed = |error: io::Error| unwritable(shown, &error);
        spool.rewind().map_err(failed)?;
        let length = spool.metadata().map_err(failed)?.len().min(256 << 10) as usize;
        let (mut block, mut next) = (vec![0; length], vec![0; length]);
        let mut read = spool.read(&mut block).map_err(failed)?;
        while read > 0 {
            if interrupt::is_requested() {
                return Err(Failure::Interrupted);
            }
            *bytes += read as u64;
            let content = &block[..read];
            let write = || file.write_all(content).and_then(|()| spool.read(&mut next));
            read = both(|| hash.update(content), write).1.map_err(failed)?;
            std::mem::swap(&mut block, &mut next);
        }
        Ok(())
    }

    /// Flushes the file to the disk.
    pub(crate) fn finish(mut self) -> Result<Written, Failure> {
        if interrupt::is_requested() {
            return Err(Failure::Interrupted);
        }
        let finish = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        finish.map_err(|error| unwritable(&self.shown, &error))?;
        Ok(Written { path: self.name, bytes: self.bytes, sha256: input::hex(&self.hash.finalize()) })
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let what = text!(
        "cannot write `{file}`: {why}",
        "impossible d’écrire `{file}`\u{a0}: {why}",
        file = typed(path);
        why = reason(error)
    );
    Failure::broken(Message::error("output-unwritable", what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_directory_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("run1");
        let run = RunDirectory::begin(&out, false).unwrap();
        let written = run.write("a.txt", b"abc").unwrap();
        assert_eq!(written.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(!out.exists());
        drop(run);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "an abandoned run leaves nothing");
        let run = RunDirectory::begin(&out, false).unwrap();
        run.write("a.txt", b"abc").unwrap();
        run.publish().unwrap();
        assert_eq!(fs::read(out.join("a.txt")).unwrap(), b"abc");
    }

    #[test]
    fn an_existing_file_is_renamed_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("run1");
        assert!(RunDirectory::begin(&out, false).and_then(RunDirectory::publish).is_ok());
        let refused = RunDirectory::begin(&out, false).unwrap_err();
        assert_eq!(refused.exit_code(), 2);
        for aside in ["run1.1", "run1.2"] {
            let run = RunDirectory::begin(&out, true).unwrap();
            run.write(manifest::NAME, aside.as_bytes()).unwrap();
            run.publish().unwrap();
            assert!(folder.path().join(aside).exists());
        }
        assert_eq!(fs::read(out.join(manifest::NAME)).unwrap(), b"run1.2");
        for kept in ["users.ldif", "exports/users.ldif"].map(|name| folder.path().join(name)) {
            fs::create_dir_all(folder_of(&kept)).unwrap();
            fs::write(&kept, "dn: CN=a").unwrap();
        }
        for input in ["users.ldif", "exports"] {
            let refused = RunDirectory::begin(&folder.path().join(input), true).unwrap_err();
            assert_eq!(refused.exit_code(), 2, "{input}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_renamed_directory_contains_no_open_file() {
        let folder = tempfile::tempdir().unwrap();
        let run = RunDirectory::begin(&folder.path().join("run1"), false).unwrap();
        let _spool = run.spool().unwrap();
        run.write("a.txt", b"").unwrap();
        let open = fs::read_dir("/proc/self/fd").unwrap();
        let mut open = open.filter_map(|entry| fs::read_link(entry.unwrap().path()).ok());
        assert!(open.all(|path| !path.starts_with(run.hidden.path())), "Windows would refuse to rename it");
    }

    #[cfg(unix)]
    #[test]
    fn a_run_is_readable_only_by_its_owner() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("run1");
        let run = RunDirectory::begin(&out, false).unwrap();
        run.write("a.txt", b"").unwrap();
        run.publish().unwrap();
        assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::metadata(out.join("a.txt")).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
