//! A key's password: from the environment, from a file, or asked for. It is wiped after use and
//! stands in no message.

use std::fs;
use std::io::IsTerminal;
use std::path::Path;

use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// The environment variable.
const VARIABLE: &str = "KISMS_KEY_PASSWORD";

/// A password that is wiped when it is dropped.
pub type Password = Zeroizing<String>;

/// The password that was given, if one was: the file's first line, else the environment's.
pub fn given(file: Option<&Path>) -> Result<Option<Password>> {
    if let Some(path) = file {
        let text = fs::read_to_string(path).map_err(|error| Error::io("read", path, &error))?;
        let text = Zeroizing::new(text);
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
