//! `kisms key`: `new` makes a signer and the certificate authority for it, `show` says what a key is.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use p256::elliptic_curve::common::getrandom::SysRng;

use crate::bundle::write_new_file;
use crate::error::{Error, Result};
use crate::report::terminal::escape;
use crate::sign::issue::{Issued, issue};
use crate::time::Moment;

use super::password::{self, Password};
use super::{Exit, Screen, written};

mod show;

pub use show::show;

/// How long a new signer's certificate is valid.
const YEARS: i32 = 5;
/// A shorter password protects nothing; none at all is refused too.
const PASSWORD_LEAST: usize = 8;

/// Writes signer.p12, signer.pem and ca.pem to `dir`, valid from `now`. Nothing is overwritten.
pub fn new(
    dir: &Path,
    name: &str,
    password_file: Option<&Path>,
    now: Moment,
    screen: &mut Screen<'_>,
) -> Result<Exit> {
    let files = ["signer.p12", "signer.pem", "ca.pem"].map(|file| dir.join(file));
    if let Some(there) = files.iter().find(|file| file.symlink_metadata().is_ok()) {
        return Err(
            Error::new(format_args!("`{}` exists already", there.display()))
                .hint("give another folder: keys are never overwritten"),
        );
    }
    let password = new_password(password_file, screen)?;
    let issued = issue(name, now, years_later(now), &mut SysRng)?;
    write(&issued, &files, &password, dir)?;
    let hint = screen.words(
        "kisms.toml의 [signing] key에 signer.p12를 적고, ca.pem은 심사원에게 번들과 다른 경로로 전달하십시오.",
        "Name signer.p12 in kisms.toml's [signing] key; hand ca.pem to the auditor by another way than the bundle.",
    );
    let (from, to) = issued.certificate().validity();
    let lines = format!(
        "{}\nSHA-256     {}\nvalid       {from} - {to}\n{}\n{hint}",
        escape(&issued.certificate().subject()),
        issued.certificate().sha256(),
        files
            .map(|file| escape(&file.display().to_string()).into_owned())
            .join("\n"),
    );
    written(writeln!(screen.out, "{lines}"))?;
    Ok(Exit::Done)
}

fn write(issued: &Issued, files: &[PathBuf; 3], password: &Password, dir: &Path) -> Result<()> {
    let p12 = issued.p12(password)?;
    fs::create_dir_all(dir).map_err(|error| Error::io("make the folder", dir, &error))?;
    write_private(&files[0], &p12, dir)?;
    let certificates = [issued.signer_pem(), issued.ca_pem()];
    for (file, text) in files[1..].iter().zip(certificates) {
        write_new_file(file, false, |out| {
            out.write_all(text.as_bytes())
                .map_err(|error| Error::io("write", file, &error))
        })?;
    }
    Ok(())
}

/// A temporary file is readable by its owner alone, from its first moment on, and so stays.
fn write_private(file: &Path, bytes: &[u8], dir: &Path) -> Result<()> {
    let failed = |error: &std::io::Error| Error::io("write", file, error);
    let mut new = tempfile::NamedTempFile::new_in(dir).map_err(|error| failed(&error))?;
    new.write_all(bytes).map_err(|error| failed(&error))?;
    new.as_file().sync_all().map_err(|error| failed(&error))?;
    new.persist_noclobber(file)
        .map_err(|error| failed(&error.error))?;
    Ok(())
}

fn years_later(now: Moment) -> Moment {
    use chrono::Datelike;
    // The 29th of February has no namesake in most years.
    now.with_year(now.year() + YEARS)
        .unwrap_or(now + chrono::TimeDelta::days(365 * i64::from(YEARS)))
}

fn new_password(file: Option<&Path>, screen: &Screen<'_>) -> Result<Password> {
    let missing = || {
        Error::new("the new key needs a password")
            .hint("set KISMS_KEY_PASSWORD, or give --password-file")
    };
    let password = match password::given(file)? {
        Some(password) => password,
        None => asked_twice(screen)?.ok_or_else(missing)?,
    };
    if password.chars().count() < PASSWORD_LEAST {
        return Err(Error::new(format_args!(
            "the password has fewer than {PASSWORD_LEAST} characters"
        ))
        .hint("choose a longer one: it alone protects the key"));
    }
    Ok(password)
}

fn asked_twice(screen: &Screen<'_>) -> Result<Option<Password>> {
    let first = screen.words("새 키의 비밀번호: ", "Password for the new key: ");
    let again = screen.words("한 번 더: ", "Once more: ");
    let Some(password) = password::ask(first)? else {
        return Ok(None);
    };
    let repeated = password::ask(again)?;
    if repeated.as_ref() != Some(&password) {
        return Err(Error::new("the two passwords differ").hint("start again"));
    }
    Ok(Some(password))
}
