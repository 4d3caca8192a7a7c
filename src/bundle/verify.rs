//! Opens a bundle, checks all of it, and gives its files out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::Path;

use serde::Serialize;

use super::check::{Checked, Depth, check};
use super::container::ZipWriter;
use super::path::BundlePath;
use super::read::Listing;
use super::{Defect, SIGNATURE, Watch};
use crate::by_product;
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::threads::piped;

/// What is worth knowing and is no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The files are not in the zip that kisms writes: they were zipped again, or unpacked.
    Repacked,
}

/// A bundle that was opened and checked.
#[derive(Debug)]
pub struct Opened {
    /// The name of the bag's folder.
    pub id: String,
    /// The root digest; `None` without a tagmanifest.
    pub root: Option<Digest>,
    /// What the signature is over; `None` where it is missing.
    pub tagmanifest: Option<Vec<u8>>,
    /// The detached signature in DER; `None` where the bundle is unsigned. Nothing here judges it.
    pub signature: Option<Vec<u8>>,
    /// The fields of `bag-info.txt`, as far as it could be read.
    pub info: Vec<(String, String)>,
    /// The files that the manifests list, and their digests: all but the tagmanifest and the signature.
    pub files: BTreeMap<BundlePath, Digest>,
    whole: BTreeSet<BundlePath>,
    /// What is wrong, by path and code.
    pub defects: Vec<Defect>,
    /// What is worth knowing.
    pub notes: Vec<Note>,
    listing: Listing,
}

/// Opens the zip or the folder at `path` and checks every file of it. What cannot be read
/// or is no bundle is an error; all that is wrong inside is in [`Opened::defects`].
pub fn verify(path: &Path) -> Result<Opened> {
    verify_watched(path, &|_, _| {})
}

/// The same, telling `watch` how far it is.
pub fn verify_watched(path: &Path, watch: Watch<'_>) -> Result<Opened> {
    opened(Listing::open(path)?, Depth::Packing, watch)
}

/// The same without [`Note::Repacked`], which costs as much time as packing does.
pub fn verify_content(path: &Path, watch: Watch<'_>) -> Result<Opened> {
    opened(Listing::open(path)?, Depth::Content, watch)
}

/// Opens it and reads no more than what lists its files: each of these is compared with its digest
/// only when [`Opened::read`], [`Opened::stream`] or [`Opened::copy`] reads it.
pub fn open(path: &Path) -> Result<Opened> {
    opened(Listing::open(path)?, Depth::Lists, &|_, _| {})
}

/// The same of a zip that is open, and that messages call `path`.
pub fn verify_file(file: File, path: &Path, watch: Watch<'_>) -> Result<Opened> {
    opened(Listing::of_zip(file, path)?, Depth::Content, watch)
}

fn opened(mut listing: Listing, depth: Depth, watch: Watch<'_>) -> Result<Opened> {
    let checked = if listing.is_cut() {
        Checked::default()
    } else {
        check(&listing, depth, watch)?
    };
    let mut defects = std::mem::take(&mut listing.defects);
    defects.extend(checked.defects);
    defects.extend(left_behind(&listing, &checked.left_behind));
    defects.sort_by(|a, b| (&a.path, a.code, &a.message).cmp(&(&b.path, b.code, &b.message)));
    // The note says that the files are the same.
    let repacked = checked.repacked && defects.is_empty();
    Ok(Opened {
        id: listing.id.clone(),
        root: checked.tagmanifest.as_deref().map(Digest::of),
        tagmanifest: checked.tagmanifest,
        signature: checked.signature,
        info: checked.info,
        files: checked.listed,
        whole: checked.whole,
        defects,
        notes: repacked.then_some(Note::Repacked).into_iter().collect(),
        listing,
    })
}

/// What systems and programs left in the bundle, said once for all of it.
fn left_behind(listing: &Listing, legal: &BTreeSet<BundlePath>) -> Option<Defect> {
    const SHOWN: usize = 5;
    let mut names = listing.left_behind.clone();
    let legal = legal
        .iter()
        .filter_map(|path| by_product::outermost(path.as_str()));
    names.extend(legal.map(str::to_owned));
    let mut all = names.iter();
    let shown: Vec<String> = all
        .by_ref()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect();
    let (shown, more) = (shown.join(", "), all.count());
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let message = format_args!(
        "no part of the bundle, but left there by a file manager or another program: \
         remove {shown}{more}, and verify again"
    );
    (!shown.is_empty()).then(|| Defect::new("left_behind", "", message))
}

impl Opened {
    /// How long a file says it is; `None` where it is not there.
    pub fn size(&self, path: &str) -> Option<u64> {
        self.listing.size(&path.parse().ok()?)
    }

    /// Whether a file is there and is what its manifest lists.
    pub fn is_whole(&self, path: &str) -> bool {
        path.parse().is_ok_and(|path| self.whole.contains(&path))
    }

    /// The bytes of a listed file of at most `most` bytes, checked against its manifest as they are read. A
    /// file that is not listed, too long, or not what is listed is an error.
    pub fn read(&self, path: &str, most: u64) -> Result<Vec<u8>> {
        self.check_size(path, most)?;
        let mut bytes = Vec::new();
        self.copy(path, &mut bytes)?;
        Ok(bytes)
    }

    /// Has `read` read them as they are unpacked, and so not all of them in memory. What it makes of
    /// them counts only if this succeeds.
    pub fn stream<T>(
        &self,
        path: &str,
        most: u64,
        read: impl FnOnce(&mut dyn Read) -> T,
    ) -> Result<T> {
        self.check_size(path, most)?;
        let (copied, value) = piped(|out| self.copy(path, out), read);
        copied.map(|()| value)
    }

    fn check_size(&self, path: &str, most: u64) -> Result<()> {
        if self.size(path).is_some_and(|size| size > most) {
            return Err(self.refuse(path, format_args!("has more than {most} bytes")));
        }
        Ok(())
    }

    /// Writes a listed file's bytes into `out`. What was written counts only if this succeeds.
    pub fn copy(&self, path: &str, out: &mut dyn Write) -> Result<()> {
        let listed = path
            .parse()
            .ok()
            .and_then(|path| self.files.get_key_value(&path));
        let (path, digest) = listed.ok_or_else(|| self.refuse(path, "is not listed"))?;
        let poured = self.listing.pour(path, false, out)?;
        if !poured.is_some_and(|poured| poured.digest == *digest && poured.fault.is_none()) {
            return Err(self.refuse(path, "is not what its manifest lists"));
        }
        Ok(())
    }

    /// Writes the same bundle with another signature, as a canonical zip. Only of a bundle without
    /// defects.
    pub fn with_signature(&self, signature: &[u8], out: impl Write + Seek) -> Result<()> {
        if let Some(defect) = self.defects.first() {
            return Err(self.refuse(&defect.path, &defect.message));
        }
        let tagmanifest = self.tagmanifest.as_deref().unwrap_or_default();
        let own = [(super::TAGMANIFEST, tagmanifest), (SIGNATURE, signature)];
        let mut names: Vec<&str> = self.files.keys().map(BundlePath::as_str).collect();
        names.extend(own.map(|(name, _)| name));
        names.sort_unstable();
        let mut zip = ZipWriter::new(out)?;
        for name in names {
            let full = format!("{}/{name}", self.id);
            if let Some((_, bytes)) = own.iter().find(|(own, _)| *own == name) {
                let failed = |e| Error::new(format_args!("cannot write the bundle: {e}"));
                zip.add(&full, bytes.len() as u64, |out| {
                    out.write_all(bytes).map_err(failed)
                })?;
            } else {
                let size = name.parse().ok().and_then(|path| self.listing.size(&path));
                zip.add(&full, size.unwrap_or_default(), |out| self.copy(name, out))?;
            }
        }
        zip.finish()?;
        Ok(())
    }

    fn refuse(&self, path: impl std::fmt::Display, why: impl std::fmt::Display) -> Error {
        Error::new(format_args!("`{path}` of the bundle `{}` {why}", self.id))
            .hint("`kisms verify` lists everything that is wrong with it")
    }
}
