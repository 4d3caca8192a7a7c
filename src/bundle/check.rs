//! Judges a bag: complete, valid, and as it says of itself.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use super::path::{BundlePath, collisions};
use super::read::{Listing, Poured};
use super::write::is_reserved;
use super::{
    BAG_INFO, BAGIT, BAGIT_TEXT, Defect, FORMAT, MANIFEST, SIGNATURE, TAGMANIFEST, Watch, info,
    manifest,
};
use crate::by_product;
use crate::digest::Digest;
use crate::error::Result;
use crate::threads::in_order;

/// The longest a manifest may be: it is read as a whole.
const MANIFEST_MAX: u64 = 64 << 20;
/// The longest another tag file that is read as a whole may be.
const TEXT_MAX: u64 = 1 << 20;

/// How much of a bag is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Depth {
    /// The files that list all others.
    Lists,
    /// Every file.
    Content,
    /// Every file, and whether each is packed as we pack it.
    Packing,
}

/// What was found out of a bag.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) defects: Vec<Defect>,
    /// Whether some file is not packed as we pack it.
    pub(super) repacked: bool,
    packing: bool,
    pub(super) info: Vec<(String, String)>,
    /// The files and digests that the manifests list.
    pub(super) listed: BTreeMap<BundlePath, Digest>,
    /// Those of them that were read and are what is listed.
    pub(super) whole: BTreeSet<BundlePath>,
    pub(super) tagmanifest: Option<Vec<u8>>,
    pub(super) signature: Option<Vec<u8>>,
    /// Files of legal names that systems and programs left there, listed nowhere.
    pub(super) left_behind: BTreeSet<BundlePath>,
    /// The digests and lengths of the files that were read.
    seen: BTreeMap<BundlePath, (Digest, u64)>,
}

/// Checks everything that `listing` has to this depth, reading each file once.
pub(super) fn check(listing: &Listing, depth: Depth, watch: Watch<'_>) -> Result<Checked> {
    let mut checked = Checked {
        repacked: listing.repacked,
        packing: depth == Depth::Packing,
        ..Checked::default()
    };
    checked.check_declaration(listing)?;
    checked.signature = checked.text(listing, SIGNATURE, TEXT_MAX)?;
    checked.read_manifest(listing, MANIFEST)?;
    checked.tagmanifest = checked.read_manifest(listing, TAGMANIFEST)?;
    checked.check_names(listing);
    if depth > Depth::Lists {
        checked.read_listed(listing, watch)?;
    }
    checked.check_digests();
    checked.check_info(listing)?;
    Ok(checked)
}

impl Checked {
    fn defect(&mut self, code: &'static str, path: &str, message: impl std::fmt::Display) {
        self.defects.push(Defect::new(code, path, message));
    }

    /// Notes what a file's bytes were.
    fn note(&mut self, path: &BundlePath, poured: Poured) {
        self.repacked |= !poured.canonical;
        if let Some((code, message)) = poured.fault {
            self.defect(code, path.as_str(), message);
        }
        self.seen
            .insert(path.clone(), (poured.digest, poured.bytes));
    }

    /// The bytes of a tag file that is read as a whole.
    fn text(&mut self, listing: &Listing, name: &str, most: u64) -> Result<Option<Vec<u8>>> {
        let path = ours(name);
        if listing.size(&path).is_some_and(|size| size > most) {
            self.defect(
                "file_large",
                name,
                format_args!("has more than {most} bytes"),
            );
            return Ok(None);
        }
        let mut bytes = Vec::new();
        let compare = self.packing && !self.repacked;
        let Some(poured) = listing.pour(&path, compare, &mut bytes)? else {
            return Ok(None);
        };
        self.note(&path, poured);
        Ok(Some(bytes))
    }

    /// RFC 8493, section 2.1.1.
    fn check_declaration(&mut self, listing: &Listing) -> Result<()> {
        let text = self.text(listing, BAGIT, TEXT_MAX)?;
        if text.is_some_and(|text| text != BAGIT_TEXT.as_bytes()) {
            let message = format_args!("is not exactly `{}`", BAGIT_TEXT.escape_debug());
            self.defect("bagit_malformed", BAGIT, message);
        }
        Ok(())
    }

    fn read_manifest(&mut self, listing: &Listing, name: &str) -> Result<Option<Vec<u8>>> {
        let text = self.text(listing, name, MANIFEST_MAX)?;
        if let Some(text) = &text {
            self.listed
                .extend(manifest::parse(text, name, &mut self.defects));
        }
        Ok(text)
    }

    /// Complete: every listed file is there and every file is listed.
    fn check_names(&mut self, listing: &Listing) {
        let there: BTreeSet<&BundlePath> = listing.files().map(|(path, _)| path).collect();
        for (path, other) in collisions(there.iter().copied()) {
            let message = format_args!("and `{other}` are one where case does not count");
            self.defect("path_collision", path.as_str(), message);
        }
        for name in [BAGIT, BAG_INFO, MANIFEST, TAGMANIFEST].map(ours) {
            if !there.contains(&name) && !self.listed.contains_key(&name) {
                self.defect(
                    "file_missing",
                    name.as_str(),
                    "is not there, and every bundle has it",
                );
            }
        }
        let missing = self.listed.keys().filter(|path| !there.contains(path));
        let missing: Vec<Defect> = missing
            .map(|path| {
                let message = format_args!("is listed in {} and is not there", lister(path));
                Defect::new("file_missing", path.as_str(), message)
            })
            .collect();
        self.defects.extend(missing);
        for path in there {
            self.check_listed(path, &ours(lister(path)));
        }
    }

    fn check_listed(&mut self, path: &BundlePath, lister: &BundlePath) {
        let name = path.as_str();
        if [TAGMANIFEST, SIGNATURE].contains(&name) {
            return;
        }
        if !self.listed.contains_key(path) && by_product::of(name).is_some() {
            self.left_behind.insert(path.clone());
            return;
        }
        // Without its manifest all would be unlisted: that it is missing or unreadable says it once.
        if !self.listed.contains_key(path) && self.seen.contains_key(lister) {
            self.defect(
                "file_unlisted",
                name,
                format_args!("is not listed in {lister}"),
            );
        }
        if is_reserved(name) && ![BAGIT, BAG_INFO, MANIFEST].contains(&name) {
            self.defect(
                "bag_unsupported",
                name,
                "is a part of BagIt that bundles do not use",
            );
        }
    }

    fn read_listed(&mut self, listing: &Listing, watch: Watch<'_>) -> Result<()> {
        let listed = self.listed.clone();
        for (path, poured) in self.read(&listed, listing, watch) {
            if let Some(poured) = poured? {
                self.note(path, poured);
            }
        }
        Ok(())
    }

    /// Valid: every digest holds over the bytes that were read.
    fn check_digests(&mut self) {
        for (path, expected) in self.listed.clone() {
            match self.seen.get(&path).map(|(digest, _)| *digest) {
                Some(digest) if digest == expected => {
                    self.whole.insert(path);
                }
                Some(digest) => {
                    let message = format_args!(
                        "its SHA-256 is {digest}; {} lists {expected}",
                        lister(&path)
                    );
                    self.defect("file_changed", path.as_str(), message);
                }
                None => {}
            }
        }
    }

    /// Reads those of the files that were not read yet.
    fn read<'l>(
        &self,
        listed: &'l BTreeMap<BundlePath, Digest>,
        listing: &Listing,
        watch: Watch<'_>,
    ) -> BTreeMap<&'l BundlePath, Result<Option<Poured>>> {
        let unread = listed.keys().filter(|path| !self.seen.contains_key(*path));
        let mut unread: Vec<&BundlePath> = unread.collect();
        // The longest first: none of them is waited for when all others are done.
        unread.sort_by_key(|path| Reverse(listing.size(path)));
        // Packing is judged only where nothing has spoken against it yet: it costs time.
        let packed = AtomicBool::new(self.packing && !self.repacked);
        let all = unread.iter().filter_map(|path| listing.size(path)).sum();
        let passed = |bytes| watch(bytes, all);
        let mut read = BTreeMap::new();
        let pour = |path: &&'l BundlePath| {
            let poured = listing.pour(path, packed.load(Ordering::Relaxed), &mut Passing(&passed));
            if matches!(&poured, Ok(Some(poured)) if !poured.canonical) {
                packed.store(false, Ordering::Relaxed);
            }
            (*path, poured)
        };
        in_order(&unread, pour, |(path, poured)| {
            read.insert(path, poured);
        });
        read
    }

    /// Counts again what bag-info.txt says.
    fn check_info(&mut self, listing: &Listing) -> Result<()> {
        let Some(text) = self.text(listing, BAG_INFO, TEXT_MAX)? else {
            return Ok(());
        };
        self.info = info::parse(&text, &mut self.defects);
        let payload = listing.files().filter(|(path, _)| path.is_payload());
        let payload = payload.filter(|(path, _)| !self.left_behind.contains(path));
        let (mut files, mut bytes) = (0_u64, 0_u64);
        for (path, said) in payload {
            files += 1;
            bytes = bytes.saturating_add(self.seen.get(path).map_or(said, |seen| seen.1));
        }
        let facts = [
            (
                info::IDENTIFIER,
                listing.id.clone(),
                "id_mismatch",
                "the folder is",
            ),
            (
                info::FORMAT_LABEL,
                FORMAT.to_owned(),
                "format_unknown",
                "this version knows",
            ),
            (
                info::OXUM,
                format!("{bytes}.{files}"),
                "oxum_mismatch",
                "the payload is",
            ),
        ];
        for (label, fact, code, is) in facts {
            let said = self.info.iter().find(|(own, _)| own == label);
            if let Some((_, said)) = said.filter(|(_, said)| *said != fact) {
                let message = format!("`{label}` says `{said}`, {is} `{fact}`");
                self.defect(code, BAG_INFO, message);
            }
        }
        Ok(())
    }
}

/// A sink that tells what passes.
struct Passing<'p>(&'p dyn Fn(u64));

impl io::Write for Passing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.0)(bytes.len() as u64);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn ours(name: &str) -> BundlePath {
    name.parse().expect("our own names are legal")
}

/// The manifest that lists a file.
fn lister(path: &BundlePath) -> &'static str {
    if path.is_payload() {
        MANIFEST
    } else {
        TAGMANIFEST
    }
}
