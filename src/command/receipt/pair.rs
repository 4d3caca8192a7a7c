//! A signed bundle and its receipt, which come together or not at all.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::{beside, digest};
use crate::assess::Assessment;
use crate::bundle::{Aside, NewFile, Written};
use crate::error::{Error, Result};
use crate::report::pdf::{self, About, Sealed};
use crate::sign::identity::Identity;
use crate::sign::pades::sign_pdf;

/// Refuses, before any work, a bundle that is there already without `force`, or whose receipt is.
pub(in crate::command) fn check(bundle: &Path, force: bool) -> Result<()> {
    NewFile::check(bundle, force)?;
    NewFile::check(&beside(bundle), force)
}

/// A bundle and a receipt that are not yet there.
#[derive(Debug)]
pub(in crate::command) struct Pair {
    target: PathBuf,
    force: bool,
    bundle: NewFile,
    path: PathBuf,
    receipt: NewFile,
}

impl Pair {
    /// Begins the bundle `target` and its receipt. With `force` older ones are replaced.
    pub(in crate::command) fn begin(target: &Path, force: bool) -> Result<Self> {
        let path = beside(target);
        Ok(Self {
            bundle: NewFile::create(target, force)?,
            receipt: NewFile::create(&path, force)?,
            target: target.to_owned(),
            force,
            path,
        })
    }

    /// The bundle's file.
    pub(in crate::command) fn bundle(&mut self) -> &mut File {
        self.bundle.file()
    }

    /// The bundle's file, to be read.
    pub(in crate::command) fn written(&mut self) -> Result<File> {
        let file = self.bundle.file().try_clone();
        file.map_err(|error| Error::io("read", &self.target, &error))
    }

    /// What the receipt's file holds.
    pub(in crate::command) fn receipt(&mut self) -> Result<Vec<u8>> {
        let file = self.receipt.file();
        let mut bytes = Vec::new();
        file.rewind()
            .and_then(|()| file.read_to_end(&mut bytes))
            .map_err(|error| Error::io("read", &self.path, &error))?;
        Ok(bytes)
    }

    /// Writes and signs the receipt of the bundle, which is whole and not yet kept.
    pub(in crate::command) fn write_receipt(
        &mut self,
        done: Written,
        assessment: &Assessment,
        about: &About,
        identity: &Identity,
    ) -> Result<()> {
        let failed = |error: &io::Error| Error::io("write", &self.path, error);
        let zip = digest(self.bundle.file()).map_err(|error| failed(&error))?;
        let sealed = Sealed {
            root: done.root,
            zip,
            bytes: done.bytes,
            anew: None,
        };
        let pdf = pdf::receipt(assessment, about, &sealed)?;
        let pdf = sign_pdf(pdf, identity, assessment.generated_at.to_utc())?;
        let written = self.receipt.file().write_all(&pdf);
        written.map_err(|error| failed(&error))
    }

    /// Keeps the bundle and, if it is `signed`, its receipt; gives the receipt's path. For an unsigned
    /// bundle nobody vouches, and it has none.
    ///
    /// The receipt of the bundle that is replaced goes before the new bundle comes, so that neither ever
    /// stands beside what it is not of, and whoever is killed between leaves a bundle without a receipt.
    /// If either of the two cannot be kept, both older ones are put back.
    pub(in crate::command) fn keep(self, signed: bool) -> Result<Option<PathBuf>> {
        self.bundle.flush()?;
        if signed {
            self.receipt.flush()?;
        }
        check(&self.target, self.force)?;
        let bundle = Aside::of(&self.target);
        let replaced = bundle.is_kept();
        let receipt = Aside::take(&self.path)?;
        if let Err(error) = self.bundle.keep() {
            bundle.put_back();
            receipt.put_back();
            return Err(error);
        }
        if !signed {
            return Ok(None);
        }
        let Err(error) = self.receipt.keep() else {
            return Ok(Some(self.path));
        };
        if replaced && bundle.put_back() {
            receipt.put_back();
            return Err(error.hint("the bundle that was there before is there again"));
        }
        let target = self.target.display();
        Err(Error::new(format_args!(
            "{}; `{target}` is there, and whole, without its receipt",
            error.message
        ))
        .hint(format_args!("`kisms receipt {target}` makes one anew")))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    /// A folder, and in it where a bundle and its receipt go.
    fn places() -> (TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let bundle = folder.path().join("b.zip");
        let receipt = folder.path().join("b.receipt.pdf");
        (folder, bundle, receipt)
    }

    fn begun(bundle: &Path, force: bool) -> Pair {
        let mut pair = Pair::begin(bundle, force).expect("a place");
        pair.receipt
            .file()
            .write_all(b"new receipt")
            .expect("space");
        pair.bundle().write_all(b"new bundle").expect("space");
        pair
    }

    fn read(path: &Path) -> String {
        fs::read_to_string(path).expect("there")
    }

    fn put_old(zip: &Path, pdf: &Path) {
        fs::write(zip, "old bundle").expect("space");
        fs::write(pdf, "old receipt").expect("space");
    }

    /// Takes the unfinished file with these bytes away, so that it cannot be kept.
    fn lose(folder: &TempDir, bytes: &str) {
        for entry in fs::read_dir(folder.path()).expect("a folder") {
            let path = entry.expect("an entry").path();
            if read(&path) == bytes {
                fs::remove_file(path).expect("there");
            }
        }
    }

    #[test]
    fn a_bundle_and_its_receipt_replace_both_older_ones() {
        let (folder, zip, pdf) = places();
        for force in [false, true] {
            assert_eq!(begun(&zip, force).keep(true), Ok(Some(pdf.clone())));
            let new = ("new bundle".to_owned(), "new receipt".to_owned());
            assert_eq!((read(&zip), read(&pdf)), new);
            put_old(&zip, &pdf);
        }
        assert_eq!(begun(&zip, true).keep(false), Ok(None));
        assert_eq!((read(&zip), pdf.exists()), ("new bundle".into(), false));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn where_either_cannot_be_kept_both_older_ones_stay() {
        for lost in ["new bundle", "new receipt"] {
            let (folder, zip, pdf) = places();
            put_old(&zip, &pdf);
            let pair = begun(&zip, true);
            lose(&folder, lost);
            pair.keep(true).expect_err("its bytes are gone");
            let old = ("old bundle".to_owned(), "old receipt".to_owned());
            assert_eq!((read(&zip), read(&pdf)), old, "{lost}");
            assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
        }
    }

    #[test]
    fn where_the_bundle_cannot_be_kept_there_is_no_new_receipt() {
        let (_folder, zip, pdf) = places();
        let pair = begun(&zip, false);
        fs::write(&zip, "another").expect("space");
        let error = pair.keep(true).expect_err("a race");
        assert!(error.message.contains("b.zip` exists already"), "{error}");
        assert_eq!((read(&zip), pdf.exists()), ("another".into(), false));
        fs::remove_file(&zip).expect("there");

        fs::write(&pdf, "old receipt").expect("space");
        let pair = begun(&zip, true);
        fs::create_dir(&zip).expect("a folder");
        pair.keep(true).expect_err("a folder is not replaced");
        assert_eq!(read(&pdf), "old receipt");
    }

    #[test]
    fn a_first_bundle_whose_receipt_cannot_be_kept_stays_and_that_is_said() {
        let (folder, zip, pdf) = places();
        let pair = begun(&zip, false);
        lose(&folder, "new receipt");
        let error = pair.keep(true).expect_err("its bytes are gone");
        assert!(error.message.contains("without its receipt"), "{error}");
        assert!(error.hint.expect("a hint").contains("kisms receipt"));
        assert_eq!((read(&zip), pdf.exists()), ("new bundle".into(), false));
    }
}
