//! The subcommands, one file each: what alone knows the clock, the environment, the terminal and
//! which files to take.

pub mod build;
pub mod check;
pub mod collect;
pub mod controls;
pub mod findings;
pub mod init;
pub mod key;
mod load;
mod password;
mod receipt;
pub mod show;
mod signer;
pub mod timestamp;
pub mod typeset;
pub mod verify;

use std::io::{self, Write};

use crate::engagement::Language;
use crate::error::{Error, Result};

/// How a command ended, if it could work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; exit status 0.
    Done,
    /// The answer is no: rejected input, or defects; exit status 1.
    No,
}

/// Where a command writes, in which language, and how wide.
pub struct Screen<'s> {
    /// Standard output: the answer.
    pub out: &'s mut dyn Write,
    /// Standard error: everything else.
    pub err: &'s mut dyn Write,
    /// The language of both.
    pub language: Language,
    /// Columns of the terminal; `usize::MAX` where it is none.
    pub width: usize,
}

impl Screen<'_> {
    /// The text in the screen's language.
    pub fn words<'t>(&self, ko: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Ko => ko,
            Language::En => en,
        }
    }
}

/// A reader that closes the pipe early has what it wanted; anything else is an error.
fn written(result: io::Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::new(format_args!("cannot write the output: {error}")))
        }
        _ => Ok(()),
    }
}
