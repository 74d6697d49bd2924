//! Errors: what ends reading or writing, or makes a record unreadable.

use std::fmt;
use std::io;

use crate::fault::Fault;
use crate::position::Position;

/// An error that ended the reading, made a record unreadable, or prevents writing one.
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
    /// A record that cannot be written, with the reason: no content, an empty value, or an invalid name.
    Unwritable(&'static str),
    /// A text with no record, or with more than one, instead of exactly one.
    NotOneRecord(&'static str),
    /// A record that does not fit the requested type, or a value that does not fit a record.
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

    /// Sets the number of the record.
    pub(crate) fn in_record(mut self, record: u64) -> Self {
        self.position = self.position.map(|position| Position { record, ..position });
        self
    }

    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Converts the error to its kind.
    #[must_use]
    pub fn into_kind(self) -> ErrorKind {
        *self.kind
    }

    /// Returns the place of the fault, or where the source failed; `None` for a failure of the sink, and for a record
    /// that was not read from a file.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// Returns the fault if the text caused the error.
    #[must_use]
    pub fn as_fault(&self) -> Option<&Fault> {
        match &*self.kind {
            ErrorKind::Fault(fault) => Some(fault),
            _ => None,
        }
    }

    /// Whether the source or the sink failed. A reader returns nothing after such an error.
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

/// A failure of the source or the sink is unwrapped; anything else becomes invalid data.
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
