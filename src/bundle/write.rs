//! Writes a bag into its canonical zip.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::container::{BLOCK, ENTRIES_MAX, ZipWriter};
use super::made::Made;
use super::path::{BundlePath, check_id, collisions};
use super::{BAG_INFO, BAGIT, BAGIT_TEXT, MANIFEST, SIGNATURE, TAGMANIFEST, Watch, info, manifest};
use crate::digest::{Digest, Hashing};
use crate::error::{Error, Result};
use crate::regular;

/// What goes into a bundle; the manifests, `bagit.txt` and `bag-info.txt` are made by [`write()`].
#[derive(Debug, Default)]
pub struct Bag {
    /// The folder's name: see [`check_id`].
    pub id: String,
    /// The files under `data/`, their paths with it.
    pub payload: BTreeMap<BundlePath, Content>,
    /// Further files beside `data/`: `VERIFY.txt`.
    pub tag_files: BTreeMap<BundlePath, Vec<u8>>,
    /// Further fields of `bag-info.txt`, in their order.
    pub info: Vec<(String, String)>,
}

/// A payload file's bytes.
#[derive(Debug)]
pub enum Content {
    /// At hand.
    Bytes(Vec<u8>),
    /// In a file, which is read in blocks and must still have this digest and size.
    File {
        /// Where it is.
        path: PathBuf,
        /// What it was when it was read.
        sha256: Digest,
        /// How long it was.
        bytes: u64,
    },
    /// Made for the bundle.
    Made(Made),
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The root digest: SHA-256 of the tagmanifest.
    pub root: Digest,
    /// The zip's bytes.
    pub bytes: u64,
    /// The files in it.
    pub files: usize,
}

/// Signs the bytes of the tagmanifest: gives the detached signature in DER.
pub type Sign<'a> = &'a dyn Fn(&[u8]) -> Result<Vec<u8>>;

impl Content {
    /// What `make` writes, as the file `path` has it.
    pub fn made(
        path: &BundlePath,
        make: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Self> {
        let file = Made::new(path, make)?;
        Ok(if file.size() == 0 {
            Self::Bytes(Vec::new())
        } else {
            Self::Made(file)
        })
    }

    /// The number of bytes.
    pub fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { bytes, .. } => *bytes,
            Self::Made(made) => made.size(),
        }
    }

    /// The bytes' digest.
    pub fn digest(&self) -> Digest {
        match self {
            Self::Bytes(bytes) => Digest::of(bytes),
            Self::File { sha256, .. } => *sha256,
            Self::Made(made) => made.digest(),
        }
    }

    /// How many bytes pass when it is written.
    fn passing(&self) -> u64 {
        match self {
            Self::Bytes(_) | Self::File { .. } => self.size(),
            Self::Made(made) => made.packed(),
        }
    }

    /// Adds it to the zip as `name`.
    fn add_to<W: Write + Seek>(
        &self,
        zip: &mut ZipWriter<W>,
        name: &str,
        passed: &dyn Fn(u64),
    ) -> Result<()> {
        match self {
            Self::Bytes(bytes) => {
                zip.add(name, self.size(), |out| put(bytes, out))?;
                passed(self.size());
                Ok(())
            }
            Self::File {
                path,
                sha256,
                bytes,
            } => zip.add(name, *bytes, |out| {
                let file = regular::open(path).map_err(|e| Error::io("read", path, &e))?;
                pour_checked(file, path, (*sha256, *bytes), out, passed)
            }),
            Self::Made(made) => made.add_to(zip, name, passed),
        }
    }
}

/// Writes the bundle. A file whose bytes changed since they were digested, and a path or field
/// that no bundle can have, are errors; what stands in `out` is then no bundle.
pub fn write(bag: &Bag, out: impl Write + Seek, sign: Option<Sign>) -> Result<Written> {
    write_watched(bag, out, sign, &|_, _| {})
}

/// The same, telling `watch` how far it is.
pub fn write_watched(
    bag: &Bag,
    out: impl Write + Seek,
    sign: Option<Sign>,
    watch: Watch<'_>,
) -> Result<Written> {
    check(bag)?;
    let (tags, root) = tag_files(bag, sign)?;
    let mut files: BTreeMap<&BundlePath, &Content> = bag.payload.iter().collect();
    files.extend(&tags);
    let all = files.values().map(|content| content.passing()).sum();
    let passed = |bytes| watch(bytes, all);
    let mut zip = ZipWriter::new(out)?;
    for (path, content) in &files {
        content.add_to(&mut zip, &format!("{}/{path}", bag.id), &passed)?;
    }
    let (_, bytes) = zip.finish()?;
    Ok(Written {
        root,
        bytes,
        files: files.len(),
    })
}

/// All tag files, and the root digest.
fn tag_files(bag: &Bag, sign: Option<Sign>) -> Result<(BTreeMap<BundlePath, Content>, Digest)> {
    let digests = bag
        .payload
        .iter()
        .map(|(path, content)| (path.clone(), content.digest()));
    let payload = manifest::compose(&digests.collect());
    let bytes: u64 = bag.payload.values().map(Content::size).sum();
    let oxum = format!("{bytes}.{}", bag.payload.len());
    let mut tags = bag.tag_files.clone();
    tags.insert(ours(BAGIT), BAGIT_TEXT.into());
    tags.insert(
        ours(BAG_INFO),
        info::compose(&bag.id, &oxum, &bag.info)?.into(),
    );
    tags.insert(ours(MANIFEST), payload.into());
    let digests = tags
        .iter()
        .map(|(path, bytes)| (path.clone(), Digest::of(bytes)));
    let tagmanifest = manifest::compose(&digests.collect()).into_bytes();
    let root = Digest::of(&tagmanifest);
    if let Some(sign) = sign {
        tags.insert(ours(SIGNATURE), sign(&tagmanifest)?);
    }
    tags.insert(ours(TAGMANIFEST), tagmanifest);
    let content = |(path, bytes)| (path, Content::Bytes(bytes));
    Ok((tags.into_iter().map(content).collect(), root))
}

fn ours(name: &str) -> BundlePath {
    name.parse().expect("our own names are legal")
}

fn check(bag: &Bag) -> Result<()> {
    check_id(&bag.id).map_err(|e| Error::new(format_args!("the bundle's id `{}` {e}", bag.id)))?;
    let misplaced = bag.payload.keys().find(|path| !path.is_payload());
    let reserved = |path: &&BundlePath| path.is_payload() || is_reserved(path.as_str());
    if let Some(path) = misplaced.or_else(|| bag.tag_files.keys().find(reserved)) {
        return Err(Error::new(format_args!(
            "`{path}` cannot be at this place in a bundle"
        )));
    }
    let names = bag.payload.keys().chain(bag.tag_files.keys());
    if let Some((path, other)) = collisions(names).first() {
        return Err(Error::new(format_args!(
            "`{path}` and `{other}` cannot lie in one bundle: on some systems they are the same"
        )));
    }
    if bag.payload.len() + bag.tag_files.len() + 5 > ENTRIES_MAX {
        return Err(Error::new(format_args!(
            "the bundle would have {} files; at most {ENTRIES_MAX} are possible",
            bag.payload.len()
        )));
    }
    Ok(())
}

/// Whether a tag file's name is one that `BagIt` gives a meaning.
pub(super) fn is_reserved(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let rest = name.strip_prefix("tag").unwrap_or(&name);
    rest.starts_with("manifest-") || ["data", BAGIT, BAG_INFO, "fetch.txt"].contains(&name.as_str())
}

fn put(bytes: &[u8], out: &mut dyn Write) -> Result<()> {
    out.write_all(bytes)
        .map_err(|e| Error::new(format_args!("cannot write the bundle: {e}")))
}

/// Writes a file's bytes into `out`; that they are still the expected ones is known at their end.
pub(super) fn pour_checked(
    file: impl Read,
    path: &Path,
    (sha256, bytes): (Digest, u64),
    out: &mut dyn Write,
    passed: &dyn Fn(u64),
) -> Result<()> {
    let unreadable = |e: &io::Error| Error::io("read", path, e);
    // One byte more than expected is enough to see that it grew.
    let mut input = Hashing::new(file.take(bytes.saturating_add(1)));
    let mut block = vec![0; BLOCK];
    loop {
        let read = match input.read(&mut block) {
            Ok(0) => break,
            Ok(read) => read,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(unreadable(&e)),
        };
        put(&block[..read], out)?;
        passed(read as u64);
    }
    let (_, digest, length) = input.finish();
    if (digest, length) != (sha256, bytes) {
        return Err(Error::new(format_args!(
            "`{}` changed while it was read",
            path.display()
        ))
        .hint("run again when nothing writes to it any more"));
    }
    Ok(())
}
