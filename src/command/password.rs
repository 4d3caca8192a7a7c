//! A key's password: from the environment, from a file, or asked for. It is wiped after use and
//! stands in no message.

use std::fs::File;
use std::io::IsTerminal;
use std::path::Path;

use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::regular;

/// The environment variable.
const VARIABLE: &str = "KISMS_KEY_PASSWORD";

/// No file with a password is longer, in bytes.
const MOST: u64 = 64 << 10;

/// A password that is wiped when it is dropped.
pub type Password = Zeroizing<String>;

/// The password that was given, if one was: the file's first line, else the environment's.
pub fn given(file: Option<&Path>) -> Result<Option<Password>> {
    if let Some(path) = file {
        let failed = |error| Error::io("read", path, &error);
        // A shell hands a password over in a pipe.
        let file = File::open(path).map_err(failed)?;
        let bytes = Zeroizing::new(regular::bounded(file, MOST).map_err(failed)?);
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Error::new(format_args!("`{}` is not UTF-8", path.display())))?;
        // Notepad and PowerShell begin a text file with a byte order mark.
        let text = text.trim_start_matches('\u{feff}');
        let line = text.lines().next().unwrap_or_default();
        return Ok(Some(Zeroizing::new(line.to_owned())));
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "commands may read the environment"
    )]
    match std::env::var(VARIABLE) {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Error::new(format_args!("{VARIABLE} is not UTF-8")))
        }
    }
}

/// Asks for it without showing it, where somebody can answer.
pub fn ask(prompt: &str) -> Result<Option<Password>> {
    if !std::io::stdin().is_terminal() {
        return Ok(None);
    }
    let answer = rpassword::prompt_password(prompt)
        .map_err(|error| Error::new(format_args!("cannot ask for the password: {error}")))?;
    Ok(Some(Zeroizing::new(answer)))
}
