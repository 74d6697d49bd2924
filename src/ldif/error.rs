//! What ends a reading or a writing, and what makes a record unreadable.

use std::fmt;
use std::io;

use crate::fault::Fault;
use crate::position::Position;

/// What ended a reading, made a record unreadable, or keeps one from being written.
#[derive(Debug)]
pub struct Error {
    kind: Box<ErrorKind>,
    position: Option<Position>,
}

/// The kinds of [`Error`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The source or the sink failed.
    Io(io::Error),
    /// The text is faulty.
    Fault(Fault),
    /// A record that cannot be written, and why: without content, with an empty value, or with an invalid name.
    Unwritable(&'static str),
    /// A text of no record, or of more than one, where one is wanted.
    NotOneRecord(&'static str),
    /// A record that does not fit the type that is made of it, or a type that does not fit a record.
    #[cfg(feature = "serde")]
    Serde(crate::serde::SerdeError),
}

impl Error {
    pub(crate) fn fault(fault: Fault, position: Position) -> Self {
        Self { kind: Box::new(ErrorKind::Fault(fault)), position: Some(position) }
    }

    pub(crate) fn failure(error: io::Error, position: Position) -> Self {
        Self { kind: Box::new(ErrorKind::Io(error)), position: Some(position) }
    }

    pub(crate) fn unwritable(what: &'static str) -> Self {
        Self { kind: Box::new(ErrorKind::Unwritable(what)), position: None }
    }

    pub(crate) fn not_one_record(found: &'static str) -> Self {
        Self { kind: Box::new(ErrorKind::NotOneRecord(found)), position: None }
    }

    #[cfg(feature = "serde")]
    pub(crate) fn serde(error: crate::serde::SerdeError, position: Option<Position>) -> Self {
        Self { kind: Box::new(ErrorKind::Serde(error)), position }
    }

    /// The same in the record of this number.
    pub(crate) fn in_record(mut self, record: u64) -> Self {
        self.position = self.position.map(|position| Position { record, ..position });
        self
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// What happened, to be taken apart.
    #[must_use]
    pub fn into_kind(self) -> ErrorKind {
        *self.kind
    }

    /// Where the fault is, or where the source failed; `None` for a failure of the sink, and for a record that was not read
    /// from a file.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// The fault, when the text is to blame.
    #[must_use]
    pub fn as_fault(&self) -> Option<&Fault> {
        match &*self.kind {
            ErrorKind::Fault(fault) => Some(fault),
            _ => None,
        }
    }

    /// Whether the source or the sink failed. A reader gives nothing after such an error.
    #[must_use]
    pub fn is_io_error(&self) -> bool {
        matches!(*self.kind, ErrorKind::Io(_))
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self { kind: Box::new(ErrorKind::Io(error)), position: None }
    }
}

/// A failure of the source or the sink is itself again, anything else invalid data.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        match *error.kind {
            ErrorKind::Io(error) => error,
            _ => Self::new(io::ErrorKind::InvalidData, error),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&*self.kind, self.position) {
            (ErrorKind::Io(error), _) => error.fmt(f),
            (ErrorKind::Fault(fault), Some(position)) => {
                write!(f, "{position}: {}[{}]: {fault}", fault.severity(), fault.code())
            }
            (ErrorKind::Fault(fault), None) => fault.fmt(f),
            (ErrorKind::Unwritable(what), _) => write!(f, "{what} cannot be written"),
            (ErrorKind::NotOneRecord(found), _) => write!(f, "{found}, where one is expected"),
            #[cfg(feature = "serde")]
            (ErrorKind::Serde(error), Some(position)) => write!(f, "{position}: {error}"),
            #[cfg(feature = "serde")]
            (ErrorKind::Serde(error), None) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.kind {
            ErrorKind::Io(error) => Some(error),
            _ => None,
        }
    }
}
