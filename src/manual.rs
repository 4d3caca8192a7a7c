//! `evidence/2.1.1/`: manual evidence, one folder a control or domain, with any folders in it.

use std::fs::{self, DirEntry};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::by_product;
use crate::catalogue::{Catalogue, ControlId, Level};
use crate::digest::{Digest, Hashing};
use crate::error::{Error, Result};
use crate::fault::{InputFault, shown};
use crate::private;
use crate::regular;

/// The folder's name in an engagement's folder.
pub const FOLDER: &str = "evidence";

/// A file of manual evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManualEvidence {
    /// `M0001`, in the order of the paths.
    pub id: String,
    /// The control in whose folder it lies.
    pub control_id: ControlId,
    /// From the engagement's folder, `/` between parts.
    pub path: String,
    /// Of its bytes.
    pub sha256: Digest,
    /// Its size.
    pub bytes: u64,
}

/// Reads `evidence/` of the engagement's folder `dir`: the files by the bytes of their paths,
/// and everything that is not evidence of a control of the catalogue.
///
/// No link is followed. Where there is no `evidence/` there is no evidence. An error is that of a
/// file or folder that cannot be read.
pub fn scan(dir: &Path, catalogue: &Catalogue) -> Result<(Vec<ManualEvidence>, Vec<InputFault>)> {
    let mut walk = Walk {
        catalogue,
        found: Vec::new(),
        faults: Vec::new(),
    };
    walk.root(&dir.join(FOLDER))?;
    let Walk {
        mut found,
        mut faults,
        ..
    } = walk;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    for file in &found {
        let start = start(&file.place).map_err(|error| Error::io("read", &file.place, &error))?;
        let (message, hint) = if start.is_empty() {
            let hint = "copy it from its source again, or remove it";
            ("is empty: it is evidence of nothing", hint)
        } else if private::holds_key(&start) {
            let hint = "move it away: a bundle never holds a key";
            ("holds a private key", hint)
        } else {
            continue;
        };
        faults.push(InputFault::of_file(&shown(&file.path), message, hint));
    }
    faults.sort_by(|a, b| a.file.cmp(&b.file));
    let evidence = (1..).zip(found).map(|(number, found)| found.read(number));
    Ok((evidence.collect::<Result<_>>()?, faults))
}

/// A file before it is read.
struct Found {
    control_id: ControlId,
    path: String,
    place: PathBuf,
}

/// What of a file gives it away as no evidence.
fn start(place: &Path) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    let most = private::START as u64;
    regular::open(place)?.take(most).read_to_end(&mut start)?;
    Ok(start)
}

impl Found {
    fn read(self, number: u32) -> Result<ManualEvidence> {
        let failed = |error| Error::io("read", &self.place, &error);
        let mut reader = Hashing::new(regular::open(&self.place).map_err(failed)?);
        io::copy(&mut reader, &mut io::sink()).map_err(failed)?;
        let (_, sha256, bytes) = reader.finish();
        Ok(ManualEvidence {
            id: format!("M{number:04}"),
            control_id: self.control_id,
            path: self.path,
            sha256,
            bytes,
        })
    }
}

/// What an entry of a folder is, links not followed.
enum Kind {
    File,
    Folder,
    Link,
    Special,
}

impl Kind {
    /// Whether an entry of this kind and name is what a system or a program left there.
    fn is_by_product(&self, name: &str) -> bool {
        match self {
            Self::Folder => by_product::of_folder(name).is_some(),
            Self::File | Self::Link | Self::Special => by_product::of(name).is_some(),
        }
    }
}

struct Walk<'c> {
    catalogue: &'c Catalogue,
    found: Vec<Found>,
    faults: Vec<InputFault>,
}

impl Walk<'_> {
    fn fault(&mut self, path: &str, message: &str, hint: &str) {
        self.faults
            .push(InputFault::of_file(&shown(path), message, hint));
    }

    fn root(&mut self, place: &Path) -> Result<()> {
        match fs::symlink_metadata(place) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => {
                let hint = "make it a folder with a folder for each control";
                self.fault(FOLDER, "is not a folder", hint);
                return Ok(());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::io("read", place, &error)),
        }
        for entry in entries(place)? {
            let Some((name, path)) = self.named(FOLDER, &entry) else {
                continue;
            };
            match kind(&entry)? {
                kind if kind.is_by_product(&name) => {}
                Kind::File => {
                    let hint = "move it into the folder of its control, such as `evidence/2.1.1/`";
                    self.fault(&path, "lies in no control's folder", hint);
                }
                Kind::Folder => {
                    if let Some(control_id) = self.control(&name, &path) {
                        self.control_folder(control_id, path, entry.path())?;
                    }
                }
                other => self.not_evidence(&path, &other),
            }
        }
        Ok(())
    }

    /// The control for which a folder is named.
    fn control(&mut self, name: &str, path: &str) -> Option<ControlId> {
        let known = name.parse().ok().and_then(|id| self.catalogue.control(id));
        match known {
            Some(control) if control.level != Level::Area => return Some(control.id),
            Some(_) => self.fault(
                path,
                "is named after a whole area",
                "name the folder after an item such as `2.1.1`, or a domain such as `2.6`",
            ),
            None => self.fault(
                path,
                "is named after no control",
                "name the folder after a control such as `2.1.1`; `kisms controls` lists them",
            ),
        }
        None
    }

    /// Everything below a control's folder; a list of folders, for paths may be deep.
    fn control_folder(
        &mut self,
        control_id: ControlId,
        path: String,
        place: PathBuf,
    ) -> Result<()> {
        let mut open = vec![(path, place)];
        while let Some((within, place)) = open.pop() {
            for entry in entries(&place)? {
                let Some((name, path)) = self.named(&within, &entry) else {
                    continue;
                };
                match kind(&entry)? {
                    kind if kind.is_by_product(&name) => {}
                    Kind::File => self.found.push(Found {
                        control_id,
                        path,
                        place: entry.path(),
                    }),
                    Kind::Folder => open.push((path, entry.path())),
                    other => self.not_evidence(&path, &other),
                }
            }
        }
        Ok(())
    }

    /// The entry's name and its path from the engagement's folder.
    fn named(&mut self, within: &str, entry: &DirEntry) -> Option<(String, String)> {
        let name = entry.file_name();
        if let Some(name) = name.to_str() {
            return Some((name.to_owned(), format!("{within}/{name}")));
        }
        let path = format!("{within}/{}", name.to_string_lossy());
        self.fault(&path, "has a name that is not UTF-8", "rename it");
        None
    }

    fn not_evidence(&mut self, path: &str, kind: &Kind) {
        match kind {
            Kind::Link => self.fault(path, "is a link", "put the file itself there"),
            _ => self.fault(path, "is not a regular file", "remove it"),
        }
    }
}

fn entries(place: &Path) -> Result<Vec<DirEntry>> {
    fs::read_dir(place)
        .and_then(Iterator::collect)
        .map_err(|error| Error::io("read", place, &error))
}

fn kind(entry: &DirEntry) -> Result<Kind> {
    let kind = entry.file_type();
    let kind = kind.map_err(|error| Error::io("read", &entry.path(), &error))?;
    Ok(if kind.is_symlink() {
        Kind::Link
    } else if kind.is_dir() {
        Kind::Folder
    } else if kind.is_file() {
        Kind::File
    } else {
        Kind::Special
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::catalogue;

    /// A folder with empty-handed parents made for each file.
    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let place = dir.path().join(path);
            fs::create_dir_all(place.parent().expect("a parent")).expect("folders");
            fs::write(place, text).expect("a file");
        }
        dir
    }

    fn scanned(dir: &tempfile::TempDir) -> (Vec<ManualEvidence>, Vec<String>) {
        let (found, faults) = scan(dir.path(), catalogue()).expect("readable");
        (found, faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn files_are_numbered_by_the_bytes_of_their_paths() {
        let dir = folder(&[
            ("evidence/2.10.2/검토.pdf", "abc"),
            ("evidence/2.1.1/b/a.png", "xy"),
            ("evidence/2.1.1/b.png", "x"),
            ("evidence/2.6/c.png", "x"),
            ("evidence/2.1.1/b-1.png", "x"),
        ]);
        let (found, faults) = scanned(&dir);
        assert!(faults.is_empty(), "{faults:?}");
        let listed: Vec<String> = found
            .iter()
            .map(|f| format!("{} {} {} {}", f.id, f.control_id, f.path, f.bytes))
            .collect();
        assert_eq!(
            listed,
            [
                "M0001 2.1.1 evidence/2.1.1/b-1.png 1",
                "M0002 2.1.1 evidence/2.1.1/b.png 1",
                "M0003 2.1.1 evidence/2.1.1/b/a.png 2",
                "M0004 2.10.2 evidence/2.10.2/검토.pdf 3",
                "M0005 2.6 evidence/2.6/c.png 1",
            ]
        );
        assert_eq!(found[3].sha256, Digest::of(b"abc"));
    }

    #[test]
    fn what_belongs_to_no_control_is_a_fault() {
        let dir = folder(&[
            ("evidence/readme.txt", "x"),
            ("evidence/2/a", "x"),
            ("evidence/2.1.99/a", "x"),
            ("evidence/screens/a", "x"),
            ("evidence/2.1.1 /a", "x"),
        ]);
        let (found, faults) = scanned(&dir);
        assert_eq!(found, []);
        assert_eq!(
            faults,
            [
                "evidence/2: is named after a whole area",
                "evidence/2.1.1 : is named after no control",
                "evidence/2.1.99: is named after no control",
                "evidence/readme.txt: lies in no control's folder",
                "evidence/screens: is named after no control",
            ]
        );
    }

    #[test]
    fn an_empty_file_is_a_fault() {
        let dir = folder(&[("evidence/2.1.1/a.png", ""), ("evidence/2.1.1/b.png", "x")]);
        let (_, faults) = scanned(&dir);
        assert_eq!(
            faults,
            ["evidence/2.1.1/a.png: is empty: it is evidence of nothing"]
        );
    }

    #[test]
    fn what_systems_and_programs_leave_behind_is_no_evidence() {
        let dir = folder(&[
            ("evidence/@eaDir/2.1.1/a", "x"),
            ("evidence/2.1.1/._규정.docx", "x"),
            ("evidence/2.1.1/규정.docx:Zone.Identifier", "x"),
            ("evidence/2.1.1/.~lock.규정.odt#", "x"),
            ("evidence/2.1.3/__MACOSX/규정.docx", "x"),
            ("evidence/~$규정.docx", "x"),
            ("evidence/2.1.1/~$규정.docx", "x"),
            ("evidence/.DS_Store", "x"),
            ("evidence/2.1.1/Thumbs.db", "x"),
            ("evidence/2.1.1/a/DESKTOP.INI", "x"),
        ]);
        assert_eq!(scanned(&dir), (vec![], vec![]));
    }

    #[test]
    fn without_the_folder_there_is_no_evidence() {
        assert_eq!(scanned(&folder(&[])), (vec![], vec![]));
        let (_, faults) = scanned(&folder(&[("evidence", "x")]));
        assert_eq!(faults, ["evidence: is not a folder"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_special_files_and_names_that_are_no_text_are_faults() {
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::fs::symlink;

        let dir = folder(&[("evidence/2.1.1/a", "x"), ("outside", "x")]);
        let place = dir.path().join("evidence/2.1.1");
        symlink(dir.path().join("outside"), place.join("link")).expect("a link");
        symlink(dir.path(), dir.path().join("evidence/2.1.2")).expect("a link");
        let _socket = std::os::unix::net::UnixListener::bind(place.join("socket")).expect("one");
        let name = std::ffi::OsStr::from_bytes(b"\xb0\xa1");
        fs::write(place.join(name), "x").expect("a file");
        let (found, faults) = scanned(&dir);
        assert_eq!(found.len(), 1);
        assert_eq!(
            faults,
            [
                "evidence/2.1.1/link: is a link",
                "evidence/2.1.1/socket: is not a regular file",
                "evidence/2.1.1/\u{fffd}\u{fffd}: has a name that is not UTF-8",
                "evidence/2.1.2: is a link",
            ]
        );
    }
}
