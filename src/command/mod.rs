//! The subcommands, one file each: what alone knows the clock, the environment, the terminal and
//! which files to take.

pub mod build;
pub mod check;
pub mod collect;
pub mod controls;
pub mod findings;
mod gaps;
pub mod init;
pub mod key;
mod load;
mod made;
mod password;
mod progress;
pub mod receipt;
pub mod show;
mod signer;
mod target;
pub mod timestamp;
pub mod typeset;
pub mod verify;

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, Write};

use serde::Serialize;

use crate::engagement::Language;
use crate::error::{Error, Result};
use crate::report::terminal::escape;
use crate::report::words;

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

    /// A word of the JSON (`not_checked`) as the screen shows it: in Korean as the report's table
    /// of such words has it, in English as it is, for that is what filters and scripts take.
    pub fn term(&self, table: &str, value: &impl Serialize) -> String {
        let code = match serde_json::to_value(value) {
            Ok(serde_json::Value::String(code)) => code,
            _ => String::new(),
        };
        let korean = || words::word(Language::Ko, table, &code).map(str::to_owned);
        match self.language {
            Language::Ko => korean().unwrap_or(code),
            Language::En => code,
        }
    }

    /// What the program says of an input: in Korean where it always says it in the same words, before
    /// what it quotes, too.
    pub fn said<'m>(&self, message: &'m str) -> Cow<'m, str> {
        let word = |text| words::word(Language::Ko, "said", text);
        if self.language == Language::En {
            return Cow::Borrowed(message);
        }
        if let Some(said) = word(message) {
            return Cow::Borrowed(said);
        }
        let quoted = message.split_once(": `");
        let said = quoted.and_then(|(what, quoted)| Some(format!("{}: `{quoted}", word(what)?)));
        said.map_or(Cow::Borrowed(message), Cow::Owned)
    }

    /// The same with how many there are; number and word stay on one line.
    pub fn counted(&self, table: &str, value: &impl Serialize, count: impl Display) -> String {
        let term = self.term(table, value);
        let counted = match self.language {
            Language::Ko => format!("{term} {count}"),
            Language::En => format!("{count} {term}"),
        };
        counted.replace(' ', "\u{a0}")
    }

    /// Says on standard error what is wrong and what to do next.
    pub fn complain(&mut self, message: &str, hint: Option<&str>) -> io::Result<()> {
        complain(self.err, self.language, message, hint)
    }
}

/// Says what is wrong and what to do next, under labels in this language.
pub fn complain(
    err: &mut dyn Write,
    language: Language,
    message: &str,
    hint: Option<&str>,
) -> io::Result<()> {
    let (wrong, next) = match language {
        Language::Ko => ("오류", "도움말"),
        Language::En => ("error", "hint"),
    };
    writeln!(err, "{wrong}: {}", escape(message))?;
    match hint {
        Some(hint) => writeln!(err, "{next}: {}", escape(hint)),
        None => Ok(()),
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
