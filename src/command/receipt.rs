//! The receipt of a signed bundle, `NAME.receipt.pdf` beside `NAME.zip`: to be kept elsewhere.

use std::fs::{self, File};
use std::io::{self, Seek, Write as _};
use std::path::{Path, PathBuf};

use crate::assess::Assessment;
use crate::bundle::{NewFile, Written};
use crate::digest::{Digest, Hashing};
use crate::error::{Error, Result};
use crate::report::pdf::{self, About, Sealed};
use crate::sign::identity::Identity;
use crate::sign::pades::sign_pdf;

/// Refuses, before any work, a bundle that is there already without `force`, or whose receipt is.
pub(super) fn check(bundle: &Path, force: bool) -> Result<()> {
    NewFile::check(bundle, force)?;
    NewFile::check(&beside(bundle), force)
}

/// Where the receipt of a bundle is.
fn beside(bundle: &Path) -> PathBuf {
    bundle.with_extension("receipt.pdf")
}

/// A receipt that is not yet there.
#[derive(Debug)]
pub(super) struct Receipt {
    path: PathBuf,
    bundle: PathBuf,
    force: bool,
    new: NewFile,
}

impl Receipt {
    /// Begins the receipt of the bundle `target`. With `force` an older one is replaced, as the bundle is.
    pub fn begin(target: &Path, force: bool) -> Result<Self> {
        let path = beside(target);
        Ok(Self {
            new: NewFile::create(&path, force)?,
            path,
            bundle: target.to_owned(),
            force,
        })
    }

    /// Writes and signs the receipt of the bundle in `zip`, which is whole and not yet kept.
    pub fn write(
        &mut self,
        zip: &mut File,
        done: Written,
        assessment: &Assessment,
        about: &About,
        identity: &Identity,
    ) -> Result<()> {
        let failed = |error: &io::Error| Error::io("write", &self.path, error);
        let sealed = Sealed {
            root: done.root,
            zip: digest(zip).map_err(|error| failed(&error))?,
            bytes: done.bytes,
        };
        let pdf = pdf::receipt(assessment, about, &sealed)?;
        let pdf = sign_pdf(pdf, identity, assessment.generated_at.to_utc())?;
        let written = self.new.file().write_all(&pdf);
        written.map_err(|error| failed(&error))
    }

    /// Keeps the bundle and then the receipt: whoever is killed between leaves a bundle without a
    /// receipt, never a receipt of a bundle that is not there. Gives the receipt's path.
    pub fn keep_with(self, bundle: NewFile) -> Result<PathBuf> {
        self.new.flush()?;
        self.keep_bundle(bundle)?;
        let (path, bundle) = (self.path, self.bundle.display());
        self.new.keep().map_err(|error| {
            Error::new(format_args!(
                "{}; `{bundle}` is there, and whole, without its receipt",
                error.message
            ))
            .hint("build again with `--force`, which writes both, or under another name")
        })?;
        Ok(path)
    }

    /// Keeps an unsigned bundle, which has no receipt: nobody vouches for it.
    pub fn leave_out(self, bundle: NewFile) -> Result<()> {
        self.keep_bundle(bundle)
    }

    /// Keeps the bundle. The receipt of the one that it replaces goes before it comes, so that neither
    /// ever stands beside what it is not of.
    fn keep_bundle(&self, bundle: NewFile) -> Result<()> {
        bundle.flush()?;
        check(&self.bundle, self.force)?;
        if self.force && self.path.exists() {
            let removed = fs::remove_file(&self.path);
            removed.map_err(|error| Error::io("remove", &self.path, &error))?;
        }
        bundle.keep()
    }
}

/// SHA-256 over the whole file.
fn digest(file: &mut File) -> io::Result<Digest> {
    file.rewind()?;
    let mut hashing = Hashing::new(file);
    io::copy(&mut hashing, &mut io::sink())?;
    Ok(hashing.finish().1)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// A folder, and in it where a bundle and its receipt go.
    fn places() -> (TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let bundle = folder.path().join("b.zip");
        let receipt = folder.path().join("b.receipt.pdf");
        (folder, bundle, receipt)
    }

    fn begun(bundle: &Path, force: bool) -> (Receipt, NewFile) {
        let mut receipt = Receipt::begin(bundle, force).expect("a place");
        receipt.new.file().write_all(b"new receipt").expect("space");
        let mut bundle = NewFile::create(bundle, force).expect("a place");
        bundle.file().write_all(b"new bundle").expect("space");
        (receipt, bundle)
    }

    fn read(path: &Path) -> String {
        fs::read_to_string(path).expect("there")
    }

    #[test]
    fn a_bundle_and_its_receipt_replace_both_older_ones() {
        let (_folder, zip, pdf) = places();
        for force in [false, true] {
            let (receipt, bundle) = begun(&zip, force);
            assert_eq!(receipt.keep_with(bundle), Ok(pdf.clone()));
            assert_eq!(
                (read(&zip), read(&pdf)),
                ("new bundle".into(), "new receipt".into())
            );
            fs::write(&zip, "old bundle").expect("space");
            fs::write(&pdf, "old receipt").expect("space");
        }
        let (receipt, bundle) = begun(&zip, true);
        receipt.leave_out(bundle).expect("kept");
        assert_eq!((read(&zip), pdf.exists()), ("new bundle".into(), false));
    }

    #[test]
    fn where_the_bundle_cannot_be_kept_there_is_no_new_receipt() {
        let (_folder, zip, pdf) = places();
        let (receipt, bundle) = begun(&zip, false);
        fs::write(&zip, "another").expect("space");
        let error = receipt.keep_with(bundle).expect_err("a race");
        assert!(error.message.contains("b.zip` exists already"), "{error}");
        assert_eq!((read(&zip), pdf.exists()), ("another".into(), false));
        fs::remove_file(&zip).expect("there");

        fs::write(&pdf, "old receipt").expect("space");
        let (receipt, bundle) = begun(&zip, true);
        fs::create_dir(&zip).expect("a folder");
        receipt
            .keep_with(bundle)
            .expect_err("a folder is not replaced");
        assert_eq!(read(&pdf), "old receipt");
    }

    #[test]
    fn a_receipt_that_cannot_be_kept_leaves_its_bundle_and_says_so() {
        let (folder, zip, pdf) = places();
        let receipt = Receipt::begin(&zip, true).expect("a place");
        for partial in fs::read_dir(folder.path()).expect("a folder") {
            fs::remove_file(partial.expect("an entry").path()).expect("there");
        }
        fs::write(&pdf, "old receipt").expect("space");
        let mut bundle = NewFile::create(&zip, true).expect("a place");
        bundle.file().write_all(b"new bundle").expect("space");
        let error = receipt.keep_with(bundle).expect_err("its bytes are gone");
        assert!(error.message.contains("without its receipt"), "{error}");
        assert!(error.hint.expect("a hint").contains("--force"));
        assert_eq!((read(&zip), pdf.exists()), ("new bundle".into(), false));
    }
}
