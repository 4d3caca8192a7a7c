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

/// A receipt that is not yet there.
#[derive(Debug)]
pub(super) struct Receipt {
    path: PathBuf,
    force: bool,
    new: NewFile,
}

impl Receipt {
    /// Begins the receipt of the bundle `target`. With `force` an older one is replaced, as the bundle is.
    pub fn begin(target: &Path, force: bool) -> Result<Self> {
        let path = target.with_extension("receipt.pdf");
        let new = NewFile::create(&path, force)?;
        Ok(Self { path, force, new })
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

    /// Keeps the receipt and then the bundle, so that no bundle is there without its receipt. Gives the
    /// receipt's path.
    pub fn keep_with(self, bundle: NewFile) -> Result<PathBuf> {
        let Self { path, force, new } = self;
        new.keep()?;
        let kept = bundle.keep();
        if kept.is_err() && !force {
            // What is the receipt of nothing goes away again.
            fs::remove_file(&path).map_err(|error| Error::io("remove", &path, &error))?;
        }
        kept.map(|()| path)
    }
}

/// SHA-256 over the whole file.
fn digest(file: &mut File) -> io::Result<Digest> {
    file.rewind()?;
    let mut hashing = Hashing::new(file);
    io::copy(&mut hashing, &mut io::sink())?;
    Ok(hashing.finish().1)
}
