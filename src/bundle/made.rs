//! Bytes that are made for a bundle. They are packed as they are made: nothing holds them as they are.

use std::fmt;
use std::io::{self, BufWriter, IntoInnerError, Seek, Write};
use std::sync::{Mutex, PoisonError};

use tempfile::SpooledTempFile;

use super::container::{BLOCK, Packed, ZipWriter, method_of, pack};
use super::path::BundlePath;
use super::write::pour_checked;
use crate::digest::{Digest, Hashing};
use crate::error::{Error, Result};

/// What messages call it.
const NAME: &str = "a temporary file";
/// Fewer packed bytes stay in memory.
const IN_MEMORY: usize = 1 << 20;

/// A file that was made, packed in a temporary file without a name, or in memory if it is short.
pub struct Made {
    file: Mutex<SpooledTempFile>,
    packed: Packed,
    /// Of the packed bytes.
    spooled: Digest,
    sha256: Digest,
}

impl fmt::Debug for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Made({}, {} bytes)", self.sha256, self.packed.size)
    }
}

impl Made {
    /// What `make` writes, as the file `path` has it in a bundle; nothing is no such file.
    pub(super) fn new(
        path: &BundlePath,
        make: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Self> {
        let spool = BufWriter::with_capacity(BLOCK, SpooledTempFile::new(IN_MEMORY));
        let mut sha256 = Digest::of(&[]);
        let (packed, spool) = pack(method_of(path.as_str()), Hashing::new(spool), |out| {
            let mut out = Hashing::new(out);
            make(&mut out).map_err(|e| Error::new(format_args!("cannot render `{path}`: {e}")))?;
            sha256 = out.finish().1;
            Ok(())
        })?;
        let (spool, spooled, _) = spool.finish();
        let file = spool.into_inner().map_err(IntoInnerError::into_error);
        let file = file.map_err(|e| Error::io("write", NAME.as_ref(), &e))?;
        Ok(Self {
            file: Mutex::new(file),
            packed,
            spooled,
            sha256,
        })
    }

    /// How many bytes were made.
    pub(super) fn size(&self) -> u64 {
        self.packed.size
    }

    /// How many they are, packed.
    pub(super) fn packed(&self) -> u64 {
        self.packed.length
    }

    /// The digest of the bytes that were made.
    pub(super) fn digest(&self) -> Digest {
        self.sha256
    }

    /// Adds them to the zip, telling `passed` how many went by.
    pub(super) fn add_to<W: Write + Seek>(
        &self,
        zip: &mut ZipWriter<W>,
        name: &str,
        passed: &dyn Fn(u64),
    ) -> Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.rewind()
            .map_err(|e| Error::io("read", NAME.as_ref(), &e))?;
        let expected = (self.spooled, self.packed.length);
        zip.add_packed(name, self.packed, |out| {
            pour_checked(&mut *file, NAME.as_ref(), expected, out, passed)
        })
    }
}
