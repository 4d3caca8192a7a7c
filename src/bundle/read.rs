//! The files of a bundle, from a zip or from the folder it was unpacked into.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::container::{BLOCK, ENTRIES_MAX, Entry, scan, unpack};
use super::path::{BundlePath, check_id};
use super::{BAG_INFO, BAGIT, Defect, MANIFEST, TAGMANIFEST};
use crate::by_product;
use crate::digest::{Digest, Hashing};
use crate::error::{Error, Result};
use crate::regular;

/// Where a file's bytes are.
#[derive(Debug)]
enum Place {
    Entry(Entry),
    File(PathBuf, u64),
}

#[derive(Debug)]
enum Source {
    Zip(Mutex<File>),
    Folder,
}

/// The zip from some position on: several threads read in the one file.
struct Window<'f> {
    file: &'f Mutex<File>,
    position: u64,
}

impl Read for Window<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.position))?;
        let read = file.read(buf)?;
        self.position += read as u64;
        Ok(read)
    }
}

/// The files of a bundle by their paths; what has no legal path is a defect and no file.
#[derive(Debug)]
pub(super) struct Listing {
    /// The bag's folder's name.
    pub(super) id: String,
    /// Whether this is not the zip as it was written.
    pub(super) repacked: bool,
    /// What is wrong with the container and the names.
    pub(super) defects: Vec<Defect>,
    /// What systems and programs left there under a name that no file of a bundle can have.
    pub(super) left_behind: BTreeSet<String>,
    files: BTreeMap<BundlePath, Place>,
    source: Source,
    path: PathBuf,
}

/// What a file's bytes were.
pub(super) struct Poured {
    pub(super) digest: Digest,
    pub(super) bytes: u64,
    /// What is wrong with the container there: code and message.
    pub(super) fault: Option<(&'static str, String)>,
    /// Whether they are packed as we pack them.
    pub(super) canonical: bool,
}

impl Listing {
    /// Lists the zip or folder at `path`. What is neither a zip nor looks like a bag's folder is an
    /// error.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let unreadable = |e: &io::Error| Error::io("read", path, e);
        let kind = fs::metadata(path).map_err(|e| unreadable(&e))?;
        if kind.is_dir() {
            return open_folder(path);
        }
        if !kind.is_file() {
            return Err(Error::new(format_args!("`{}` is no file", path.display())));
        }
        let file = regular::open(path).map_err(|e| unreadable(&e))?;
        Self::of_zip(file, path)
    }

    /// Lists the zip in `file`, which messages call `path`.
    pub(super) fn of_zip(mut file: File, path: &Path) -> Result<Self> {
        let unreadable = |e: &io::Error| Error::io("read", path, e);
        let structure = scan(&mut file)
            .map_err(|e| unreadable(&e))?
            .ok_or_else(|| {
                Error::new(format_args!("`{}` is not a zip", path.display()))
                    .hint("a bundle is a `.zip` file, or the folder it was unpacked into")
            })?;
        let mut listing = Self {
            id: String::new(),
            repacked: !structure.canonical,
            defects: structure.defects,
            left_behind: BTreeSet::new(),
            files: BTreeMap::new(),
            source: Source::Zip(Mutex::new(file)),
            path: path.to_owned(),
        };
        if !listing.is_cut() {
            listing.take_entries(structure.entries);
        }
        Ok(listing)
    }

    /// Whether it is a zip that was cut off: then nothing more can be said of it.
    pub(super) fn is_cut(&self) -> bool {
        self.defects.iter().any(|defect| defect.code == "zip_end")
    }

    /// The paths, and how long the files say they are.
    pub(super) fn files(&self) -> impl Iterator<Item = (&BundlePath, u64)> {
        self.files.iter().map(|(path, place)| match place {
            Place::Entry(entry) => (path, entry.size),
            Place::File(_, bytes) => (path, *bytes),
        })
    }

    /// How long a file says it is; `None` where it is not there.
    pub(super) fn size(&self, path: &BundlePath) -> Option<u64> {
        match self.files.get(path)? {
            Place::Entry(entry) => Some(entry.size),
            Place::File(_, bytes) => Some(*bytes),
        }
    }

    /// Writes a file's bytes into `out`, no more of them than it says it has; `None` where
    /// it is not there or its container's faults, listed already, leave nothing to read. With `compare` the
    /// packing is judged too.
    pub(super) fn pour(
        &self,
        path: &BundlePath,
        compare: bool,
        out: &mut dyn Write,
    ) -> Result<Option<Poured>> {
        let mut out = Hashing::new(out);
        let (fault, canonical) = match (self.files.get(path), &self.source) {
            (Some(Place::Entry(entry)), Source::Zip(file)) if entry.usable => {
                let position = entry.data;
                let unpacked = unpack(Window { file, position }, entry, compare, &mut out)
                    .map_err(|e| Error::io("unpack", &self.path, &e))?;
                (unpacked.fault, unpacked.canonical)
            }
            (Some(Place::File(file, bytes)), _) => {
                copy(file, *bytes, &mut out).map_err(|e| Error::io("read", file, &e))?;
                (None, true)
            }
            _ => return Ok(None),
        };
        let (_, digest, bytes) = out.finish();
        Ok(Some(Poured {
            digest,
            bytes,
            fault,
            canonical,
        }))
    }

    /// Sorts a zip's entries into the bag's folder, and what lies beside it.
    fn take_entries(&mut self, entries: Vec<Entry>) {
        self.id = top_folder(&entries);
        let inside = format!("{}/", self.id);
        // Their names are no fault of the zip's own; all other faults of theirs are.
        self.defects
            .retain(|defect| defect.code != "zip_path" || by_product::of(&defect.path).is_none());
        for entry in entries {
            let path = entry.name.strip_prefix(&inside).map(str::to_owned);
            match path {
                Some(path) if !entry.folder => self.insert(&path, Place::Entry(entry)),
                None if !entry.folder || entry.name != self.id => {
                    let message = format!("lies outside the folder `{}`", self.id);
                    self.stray("bag_layout", &entry.name, message);
                }
                _ => {}
            }
        }
        self.check_id();
    }

    fn insert(&mut self, path: &str, place: Place) {
        match path.parse::<BundlePath>() {
            // Of two entries of one name, which are a defect already, the first counts.
            Ok(path) => {
                self.files.entry(path).or_insert(place);
            }
            Err(problem) => {
                let message = format_args!("the path {problem}");
                self.stray("path_illegal", path, message);
            }
        }
    }

    /// Notes what is no file of a bundle: a defect, or one of those that somebody left behind.
    fn stray(&mut self, code: &'static str, path: &str, message: impl std::fmt::Display) {
        if let Some(left) = by_product::outermost(path) {
            self.left_behind.insert(left.to_owned());
        } else {
            self.defects.push(Defect::new(code, path, message));
        }
    }

    fn check_id(&mut self) {
        if let Err(problem) = check_id(&self.id) {
            let message = format_args!("the folder's name `{}` {problem}", self.id);
            self.defects.push(Defect::new("path_illegal", "", message));
        }
    }

    /// Lists a folder's files, never following a link.
    fn walk(&mut self, root: &Path) -> Result<()> {
        let mut folders = vec![(root.to_owned(), String::new())];
        while let Some((folder, prefix)) = folders.pop() {
            for (name, kind, file) in children(&folder)? {
                let path = format!("{prefix}{name}");
                if kind.is_dir() && by_product::of_folder(&name).is_some() {
                    self.left_behind.insert(path);
                } else if kind.is_dir() && path.len() <= BundlePath::MAX {
                    folders.push((file, path + "/"));
                } else if kind.is_file() {
                    self.insert(&path, Place::File(file, kind.len()));
                } else {
                    let message = "is a link, a special file, or a folder too deep";
                    self.stray("file_special", &path, message);
                }
            }
            if self.files.len() + self.defects.len() + self.left_behind.len() > ENTRIES_MAX {
                let message = format_args!("has more than {ENTRIES_MAX} files");
                self.defects.push(Defect::new("bag_members", "", message));
                break;
            }
        }
        Ok(())
    }
}

/// The name of the folder in the zip that holds the bag: the only one, else the first that
/// declares one, else the first.
fn top_folder(entries: &[Entry]) -> String {
    let top = |entry: &Entry| {
        let (top, rest) = entry.name.split_once('/')?;
        Some((top.to_owned(), rest == BAGIT))
    };
    let tops = entries.iter().filter_map(top);
    let tops = tops.filter(|(top, _)| by_product::of_folder(top).is_none());
    let tops: BTreeSet<(String, bool)> = tops.collect();
    let declared = tops.iter().find(|(_, declared)| *declared);
    declared
        .or(tops.first())
        .map(|(top, _)| top.clone())
        .unwrap_or_default()
}

/// The bag's folder itself, or a folder that contains it and nothing else.
fn open_folder(path: &Path) -> Result<Listing> {
    let mut root = fs::canonicalize(path).map_err(|e| Error::io("open", path, &e))?;
    if !is_bag(&root) {
        let mut inside = children(&root)?;
        inside.retain(|(name, ..)| by_product::of(name).is_none());
        root = match inside.as_slice() {
            [(_, kind, only)] if kind.is_dir() && is_bag(only) => only.clone(),
            _ => {
                return Err(Error::new(format_args!(
                    "`{}` is no bundle: it has no {BAGIT}, and no one folder that has",
                    path.display()
                ))
                .hint("a bundle is a `.zip` file, or the folder it was unpacked into"));
            }
        };
    }
    let name = root.file_name().unwrap_or_default();
    let mut listing = Listing {
        id: name.to_string_lossy().into_owned(),
        repacked: true,
        defects: Vec::new(),
        left_behind: BTreeSet::new(),
        files: BTreeMap::new(),
        source: Source::Folder,
        path: root.clone(),
    };
    listing.walk(&root)?;
    listing.check_id();
    Ok(listing)
}

/// Whether a folder looks like a bag, a damaged one too.
fn is_bag(folder: &Path) -> bool {
    [BAGIT, BAG_INFO, MANIFEST, TAGMANIFEST]
        .iter()
        .any(|name| folder.join(name).symlink_metadata().is_ok())
}

/// What lies in a folder, by name. A name that is not UTF-8 keeps a replacement character, which
/// no path may have.
fn children(folder: &Path) -> Result<Vec<(String, fs::Metadata, PathBuf)>> {
    let unreadable = |e: io::Error| Error::io("read", folder, &e);
    let mut found = Vec::new();
    for child in fs::read_dir(folder).map_err(unreadable)? {
        let child = child.map_err(unreadable)?;
        let kind = child.path().symlink_metadata().map_err(unreadable)?;
        let name = child.file_name().to_string_lossy().into_owned();
        found.push((name, kind, child.path()));
    }
    found.sort_by(|a, b| a.2.cmp(&b.2));
    Ok(found)
}

fn copy(path: &Path, most: u64, out: &mut dyn Write) -> io::Result<()> {
    let mut input = regular::open(path)?.take(most);
    let mut block = vec![0; BLOCK];
    loop {
        match input.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(read) => out.write_all(&block[..read])?,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}
