//! What ends a reading or a writing, and what makes a record unreadable.

use std::fmt;
use std::io;

use crate::fault::Fault;
use crate::position::Position;

/// What ended a reading, or made a record unreadable.
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
    /// A record that cannot be written: without content, with an empty value, or with a name that is none.
    Unwritable(&'static str),
}

impl Error {
    pub(crate) fn fault(fault: Fault, position: Position) -> Self {
        Self { kind: Box::new(ErrorKind::Fault(fault)), position: Some(position) }
    }

    pub(crate) fn unwritable(what: &'static str) -> Self {
        Self { kind: Box::new(ErrorKind::Unwritable(what)), position: None }
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Line and column of a fault.
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
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self { kind: Box::new(ErrorKind::Io(error)), position: None }
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
            (ErrorKind::Unwritable(what), _) => f.write_str(what),
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
