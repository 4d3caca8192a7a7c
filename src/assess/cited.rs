//! Which file of the engagement a record of the statement cites.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use crate::digest::Digest;
use crate::fault::{nearest, shown};
use crate::statement::{Citation, FOLDERS, Record};

use super::Subject;

/// A file that can be cited: one with an evidence number.
#[derive(Debug, Clone, Copy)]
pub struct File<'s> {
    /// `E0001` or `M0001`.
    pub id: &'s str,
    /// From the engagement's folder.
    pub path: &'s str,
    /// Of its bytes, if they could be read.
    pub sha256: Option<Digest>,
}

/// What a record is.
pub enum Meaning<'s> {
    /// Words, which cite nothing.
    Words,
    /// A file.
    File(File<'s>),
    /// It means a file, and there is none such.
    Unresolved(Flaw),
}

/// What is wrong with a record, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Behind the record itself.
    pub message: String,
    /// What to do next.
    pub hint: String,
}

/// Exports and manual evidence by path and by number.
pub struct Citable<'s> {
    /// A path typed on one system and a file named on another may compose Hangul differently.
    paths: BTreeMap<String, File<'s>>,
    ids: BTreeMap<&'s str, File<'s>>,
    /// Files in exports/ that are no evidence.
    ignored: Vec<&'s str>,
}

impl<'s> Citable<'s> {
    /// Everything of the engagement that has an evidence number.
    pub fn new(subject: &Subject<'s>) -> Self {
        let manual = subject.manual.iter().map(|file| File {
            id: &file.id,
            path: &file.path,
            sha256: Some(file.sha256),
        });
        let inputs = subject.evidence.inputs.iter();
        let exports = inputs.clone().filter_map(|input| {
            Some(File {
                id: input.id.as_deref()?,
                path: &input.path,
                sha256: input.sha256,
            })
        });
        let files: Vec<File<'s>> = manual.chain(exports).collect();
        Self {
            paths: files
                .iter()
                .map(|file| (composed(file.path), *file))
                .collect(),
            ids: files.iter().map(|file| (file.id, *file)).collect(),
            ignored: inputs
                .filter(|input| input.id.is_none())
                .map(|input| input.path.as_str())
                .collect(),
        }
    }

    /// What the record means.
    pub fn meaning(&self, record: &str) -> Meaning<'s> {
        let Record::Citation(citation) = Record::of(record) else {
            return Meaning::Words;
        };
        match self.file(&citation) {
            Ok(file) => Meaning::File(file),
            Err(flaw) => Meaning::Unresolved(flaw),
        }
    }

    /// The path decides where there is one: numbers change when files are added.
    fn file(&self, citation: &Citation<'_>) -> Result<File<'s>, Flaw> {
        let file = match (citation.path, citation.id) {
            (Some(path), _) => self.at(path)?,
            (None, id) => *self.ids.get(id.unwrap_or_default()).ok_or_else(|| Flaw {
                message: "is the number of no file".to_owned(),
                hint: "name the file by its path: numbers change when files are added".to_owned(),
            })?,
        };
        match (citation.digest, file.sha256) {
            (Some(cited), Some(sha256)) if !sha256.short(12).eq_ignore_ascii_case(cited) => {
                Err(Flaw {
                    message: format!("has changed: its SHA-256 now begins {}", sha256.short(12)),
                    hint: "look at the file again, then cite it as it is, or by its path alone"
                        .to_owned(),
                })
            }
            _ => Ok(file),
        }
    }

    fn at(&self, path: &str) -> Result<File<'s>, Flaw> {
        let known = self.paths.get(&composed(path));
        known.copied().ok_or_else(|| self.why_not(path))
    }

    fn why_not(&self, path: &str) -> Flaw {
        let flaw = |message: &str, hint: &str| Flaw {
            message: message.to_owned(),
            hint: hint.to_owned(),
        };
        let folder = path.split(['/', '\\']).next().unwrap_or_default();
        if path.contains('\\') {
            return flaw("has a `\\` in it", "separate folders with `/`");
        }
        if !FOLDERS.contains(&folder) {
            let hint = format!("write `{}/` in lower case", folder.to_lowercase());
            return flaw("is not there", &hint);
        }
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            let hint = "write it without `.`, `..` and empty parts";
            return flaw("is not a plain path", hint);
        }
        if self.ignored.contains(&path) {
            let hint = "cite an export or a file under evidence/";
            return flaw("is a by-product that is no evidence", hint);
        }
        let within = format!("{}/", composed(path));
        if self.below(&within).next().is_some() {
            return flaw("is a folder", "name the files in it, `;` between");
        }
        flaw("is not there", &self.instead(path))
    }

    /// The paths that begin so.
    fn below<'a>(&'a self, within: &'a str) -> impl Iterator<Item = &'a str> {
        let from = self.paths.range(within.to_owned()..);
        let paths = from.map(|(path, _)| path.as_str());
        paths.take_while(move |path| path.starts_with(within))
    }

    /// A file of the same folder with a similar name, if there is one.
    fn instead(&self, path: &str) -> String {
        const COMPARED: usize = 1000;
        let path = composed(path);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let within = format!("{folder}/");
        let names = self.below(&within).take(COMPARED);
        let near = nearest(name, names.map(|path| &path[within.len()..]));
        match near {
            Some(near) => format!("did you mean `{}`?", shown(&format!("{within}{near}"))),
            None => "name a file as it is called in the folder".to_owned(),
        }
    }
}

/// Canonically composed (NFC).
fn composed(path: &str) -> String {
    path.nfc().collect()
}
