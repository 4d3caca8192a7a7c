//! `templates/`: an organisation's own templates, as bytes. What they are is for those to judge who
//! use them.

use std::fs::{self, DirEntry};
use std::io::{self, Read};
use std::path::Path;

use crate::by_product;
use crate::error::{Error, Result};
use crate::fault::{InputFault, shown};
use crate::regular;

/// The folder's name in an engagement's folder.
pub const FOLDER: &str = "templates";

/// The largest file, in bytes.
const FILE_BYTES: u64 = 1 << 20;
/// The most files.
const FILES: usize = 100;

/// A file of `templates/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFile {
    /// From `templates/`, `/` between parts: `report.typ`, `text/ko.toml`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The files by their names; without the folder there are none.
///
/// No link is followed. What cannot be a template is added to the faults; an error is that of a
/// file or folder that cannot be read.
pub fn scan(dir: &Path, faults: &mut Vec<InputFault>) -> Result<Vec<TemplateFile>> {
    let root = dir.join(FOLDER);
    if fs::symlink_metadata(&root).is_ok_and(|found| !found.is_dir()) {
        let hint = "make it a folder: links are not followed";
        faults.push(InputFault::of_file(FOLDER, "is not a folder", hint));
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    let mut open = vec![String::new()];
    while let Some(within) = open.pop() {
        for entry in entries(&root, &within)? {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if within.is_empty() {
                name.clone()
            } else {
                format!("{within}/{name}")
            };
            let kind = entry.file_type();
            let kind = kind.map_err(|error| Error::io("read", &entry.path(), &error))?;
            let by_product = if kind.is_dir() {
                by_product::of_folder(&name)
            } else {
                by_product::of(&name)
            };
            if by_product.is_some() {
                continue;
            }
            if kind.is_dir() && path.split('/').count() < 3 {
                open.push(path);
            } else if kind.is_file() {
                found.extend(read(&entry.path(), path, faults)?);
            } else {
                let hint = "put the file itself there: links and deeper folders are not followed";
                faults.push(InputFault::of_file(&full(&path), "is not a file", hint));
            }
            if found.len() > FILES {
                let message = format!("holds more than {FILES} files");
                let hint = "keep only those that `kisms init --templates` writes";
                faults.push(InputFault::of_file(FOLDER, message, hint));
                return Ok(Vec::new());
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// What is in a folder of `templates/`; where there is no `templates/`, nothing.
fn entries(root: &Path, within: &str) -> Result<Vec<DirEntry>> {
    let place = root.join(within);
    let read = match fs::read_dir(&place) {
        Ok(entries) => entries.collect(),
        Err(error) if within.is_empty() && error.kind() == io::ErrorKind::NotFound => Ok(vec![]),
        Err(error) => Err(error),
    };
    read.map_err(|error| Error::io("read", &place, &error))
}

/// The path from the engagement's folder, as a message shows it.
fn full(name: &str) -> String {
    shown(&format!("{FOLDER}/{name}"))
}

fn read(place: &Path, name: String, faults: &mut Vec<InputFault>) -> Result<Option<TemplateFile>> {
    let mut bytes = Vec::new();
    regular::open(place)
        .and_then(|file| file.take(FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| Error::io("read", place, &error))?;
    if bytes.len() as u64 > FILE_BYTES {
        let hint = "a template holds text, and the data stand in data.json";
        faults.push(InputFault::of_file(
            &full(&name),
            "is larger than 1 MiB",
            hint,
        ));
        return Ok(None);
    }
    Ok(Some(TemplateFile { name, bytes }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanned(files: &[(&str, &[u8])]) -> (Vec<String>, Vec<String>) {
        let dir = tempfile::tempdir().expect("a folder");
        for (path, bytes) in files {
            let place = dir.path().join(FOLDER).join(path);
            fs::create_dir_all(place.parent().expect("a parent")).expect("folders");
            fs::write(place, bytes).expect("a file");
        }
        let mut faults = Vec::new();
        let found = scan(dir.path(), &mut faults).expect("readable");
        let names = found.into_iter().map(|file| file.name);
        (
            names.collect(),
            faults.iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn files_are_read_by_name_and_by_products_left() {
        let files: [(&str, &[u8]); 5] = [
            ("text/ko.toml", b"a"),
            ("report.typ", b"b"),
            (".DS_Store", b""),
            ("text/._ko.toml", b"\0"),
            ("@eaDir/a/b/c", b"x"),
        ];
        assert_eq!(
            scanned(&files),
            (vec!["report.typ".into(), "text/ko.toml".into()], vec![])
        );
        assert_eq!(scanned(&[]), (vec![], vec![]));
    }

    #[test]
    fn what_is_too_large_too_deep_or_too_many_is_a_fault() {
        let large = vec![b' '; (1 << 20) + 1];
        let (found, faults) = scanned(&[("a.typ", &large), ("b/c/d/e.typ", b"")]);
        assert!(found.is_empty());
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults.contains(&"templates/a.typ: is larger than 1 MiB".to_owned()));
        assert!(faults.contains(&"templates/b/c/d: is not a file".to_owned()));
        let many: Vec<String> = (0..102).map(|number| format!("{number}.typ")).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
        assert_eq!(scanned(&many).1, ["templates: holds more than 100 files"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::create_dir(dir.path().join(FOLDER)).expect("a folder");
        std::os::unix::fs::symlink("/etc/passwd", dir.path().join(FOLDER).join("report.typ"))
            .expect("a link");
        let mut faults = Vec::new();
        assert_eq!(scan(dir.path(), &mut faults).expect("readable"), []);
        assert_eq!(faults[0].to_string(), "templates/report.typ: is not a file");
    }
}
