//! An engagement's folder: everything that people wrote in it, read together.

use std::fs;
use std::io::Read;
use std::path::Path;

use super::{Engagement, TemplateFile, table, templates};
use crate::catalogue::catalogue;
use crate::decision::{self, Decision};
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::fault::{InputFault, line_at};
use crate::manual::{self, ManualEvidence};
use crate::regular;
use crate::sheet;
use crate::statement::{self, StatementRow};

/// What people wrote in an engagement's folder, without a fault.
#[derive(Debug, Clone)]
pub struct Folder {
    /// `kisms.toml`.
    pub engagement: Engagement,
    /// `decisions.csv`, in its order.
    pub decisions: Vec<Decision>,
    /// `statement.csv`, in its order.
    pub statement: Vec<StatementRow>,
    /// `evidence/`, in the order of the paths.
    pub manual: Vec<ManualEvidence>,
    /// `templates/`, by name.
    pub templates: Vec<TemplateFile>,
    /// The files themselves, by name: they travel in the bundle.
    pub raw_files: Vec<RawFile>,
}

/// A file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFile {
    /// `kisms.toml`, `statement.csv` or `decisions.csv`.
    pub name: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Of its bytes.
    pub sha256: Digest,
}

impl Folder {
    /// Reads the folder; the faults of all files together, if there are any.
    ///
    /// The outer error is that of a folder that is none, or of a file that cannot be read.
    pub fn open(dir: &Path) -> Result<std::result::Result<Self, Vec<InputFault>>> {
        let mut faults = Vec::new();
        let toml = raw(dir, super::FILE, table::FILE_BYTES, &mut faults)?;
        if toml.is_none() && faults.is_empty() {
            return Err(absent(dir));
        }
        let read = toml
            .as_ref()
            .and_then(|file| collect(engagement(&file.bytes), &mut faults));
        let statement = raw(dir, statement::FILE, sheet::FILE_BYTES, &mut faults)?;
        let decisions = raw(dir, decision::FILE, sheet::FILE_BYTES, &mut faults)?;
        let stated = statement.as_ref();
        let stated = stated.map_or(Ok(Vec::new()), |file| statement::load(&file.bytes));
        let stated = collect(stated, &mut faults);
        let decided = decisions.as_ref();
        let decided = decided.map_or(Ok(Vec::new()), |file| decision::load(&file.bytes));
        let decided = collect(decided, &mut faults);
        let (manual, evidence_faults) = manual::scan(dir, catalogue())?;
        faults.extend(evidence_faults);
        let templates = templates::scan(dir, &mut faults)?;
        let raw_files = decisions.into_iter().chain(toml).chain(statement);
        Ok(match (read, stated, decided) {
            (Some(engagement), Some(statement), Some(decisions)) if faults.is_empty() => Ok(Self {
                engagement,
                decisions,
                statement,
                manual,
                templates,
                raw_files: raw_files.collect(),
            }),
            _ => Err(faults),
        })
    }
}

/// The value, or its faults added to all others.
fn collect<T>(
    read: std::result::Result<T, Vec<InputFault>>,
    faults: &mut Vec<InputFault>,
) -> Option<T> {
    read.map_err(|more| faults.extend(more)).ok()
}

fn absent(dir: &Path) -> Error {
    let shown = dir.display();
    if dir.is_dir() {
        Error::new(format_args!("`{shown}` has no `{}`", super::FILE))
            .hint(format_args!("`kisms init {shown}` writes one to fill in"))
    } else {
        Error::new(format_args!("`{shown}` is not a folder")).hint(format_args!(
            "`kisms init {shown}` makes an engagement's folder"
        ))
    }
}

fn engagement(bytes: &[u8]) -> std::result::Result<Engagement, Vec<InputFault>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        vec![InputFault {
            line: Some(line_at(bytes, error.valid_up_to())),
            ..InputFault::of_file(super::FILE, "is not UTF-8", "save it as UTF-8")
        }]
    })?;
    Engagement::load(text)
}

/// The file's bytes; `None` if it is not there, or, with a fault, if it cannot be what it should.
fn raw(
    dir: &Path,
    name: &'static str,
    limit: usize,
    faults: &mut Vec<InputFault>,
) -> Result<Option<RawFile>> {
    let path = dir.join(name);
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_file() => {}
        Ok(_) => {
            let hint = "put the file itself there: links are not followed";
            faults.push(InputFault::of_file(name, "is not a regular file", hint));
            return Ok(None);
        }
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(Error::io("read", &path, &error)),
    }
    let mut bytes = Vec::new();
    let most = limit as u64 + 1;
    regular::open(&path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|error| Error::io("read", &path, &error))?;
    if bytes.len() > limit {
        faults.push(sheet::too_large(name, limit));
        return Ok(None);
    }
    Ok(Some(RawFile {
        name,
        sha256: Digest::of(&bytes),
        bytes,
    }))
}

fn is_absent(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

#[cfg(test)]
mod tests;
