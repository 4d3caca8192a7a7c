//! What would be too much to keep in memory: in a temporary file that has no name.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::SpooledTempFile;

/// Less than this stays in memory.
const IN_MEMORY: usize = 4 << 20;

/// Bytes that are only ever appended; handles share them.
#[derive(Clone)]
pub struct Spool(Arc<Mutex<Inner>>);

struct Inner {
    file: SpooledTempFile,
    length: u64,
}

impl Default for Spool {
    fn default() -> Self {
        let file = SpooledTempFile::new(IN_MEMORY);
        Self(Arc::new(Mutex::new(Inner { file, length: 0 })))
    }
}

impl fmt::Debug for Spool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spool")
    }
}

impl Spool {
    /// Keeps these bytes, and gives the position at which they stand.
    pub fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let position = inner.length;
        inner.file.seek(SeekFrom::Start(position))?;
        inner.file.write_all(bytes)?;
        inner.length += bytes.len() as u64;
        Ok(position)
    }

    /// Fills `buf` from `position` on, as far as there is something; gives how much that is.
    pub fn read(&self, position: u64, buf: &mut [u8]) -> io::Result<usize> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.file.seek(SeekFrom::Start(position))?;
        let mut filled = 0;
        while filled < buf.len() {
            match inner.file.read(&mut buf[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}
