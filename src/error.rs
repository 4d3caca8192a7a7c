//! The one error: we could not work. What is wrong with the user's data is never an error but
//! a fault, a gap or a defect, collected and listed.

use std::fmt;
use std::path::Path;

/// Why the program could not do its work: what, where, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What and where, lower case, values in backticks.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

impl Error {
    /// An error with its message: what and where.
    pub fn new(message: impl fmt::Display) -> Self {
        Self {
            message: message.to_string(),
            hint: None,
        }
    }

    /// The same, saying what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl fmt::Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }

    /// A file that could not be opened, read or written.
    pub fn io(doing: &str, path: &Path, source: &std::io::Error) -> Self {
        Self::new(format_args!(
            "cannot {doing} `{}`: {source}",
            path.display()
        ))
    }
}

/// What the library's functions return that can fail to work.
pub type Result<T> = std::result::Result<T, Error>;
