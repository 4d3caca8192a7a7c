//! Writes the canonical zip.

use std::io::{self, Seek, SeekFrom, Write};

use flate2::Crc;

use super::deflate::Deflater;
use super::records::{DEFLATED, Record, canonical_method, end_records};
use crate::error::{Error, Result};

/// What became of a file's bytes.
#[derive(Debug, Clone, Copy)]
pub(in crate::bundle) struct Packed {
    /// Their CRC-32.
    pub(in crate::bundle) crc: u32,
    /// How many they were.
    pub(in crate::bundle) size: u64,
    /// How many they are now.
    pub(in crate::bundle) length: u64,
}

/// Writes files one after another; the caller gives them in the byte order of their names.
pub(in crate::bundle) struct ZipWriter<W> {
    out: W,
    start: u64,
    position: u64,
    records: Vec<Record>,
}

impl<W: Write + Seek> ZipWriter<W> {
    /// Begins at the sink's present position.
    pub(in crate::bundle) fn new(mut out: W) -> Result<Self> {
        let start = out.stream_position().map_err(|e| unwritable(&e))?;
        Ok(Self {
            out,
            start,
            position: 0,
            records: Vec::new(),
        })
    }

    /// Adds the file `name` of `size` bytes, which `fill` writes.
    pub(in crate::bundle) fn add(
        &mut self,
        name: &str,
        size: u64,
        fill: impl FnOnce(&mut dyn Write) -> Result<()>,
    ) -> Result<()> {
        let mut record = Record {
            name: name.to_owned(),
            method: canonical_method(name, size),
            crc: 0,
            packed: 0,
            size,
            offset: self.position,
        };
        let header = record.local();
        self.put(&header)?;
        let (packed, _) = pack(record.method, &mut self.out, fill)?;
        if packed.size != size {
            return Err(Error::new(format_args!(
                "`{name}` has {} bytes where {size} were announced",
                packed.size
            )));
        }
        record.crc = packed.crc;
        record.packed = packed.length;
        self.position += packed.length;
        // The sizes and the CRC are known now: the header's length stays the same.
        self.seek(record.offset)?;
        self.out
            .write_all(&record.local())
            .map_err(|e| unwritable(&e))?;
        self.seek(self.position)?;
        self.records.push(record);
        Ok(())
    }

    /// Adds the file `name`, which was packed for itself, as [`method_of`] says, into the bytes that
    /// `fill` writes.
    pub(in crate::bundle) fn add_packed(
        &mut self,
        name: &str,
        packed: Packed,
        fill: impl FnOnce(&mut dyn Write) -> Result<()>,
    ) -> Result<()> {
        let record = Record {
            name: name.to_owned(),
            method: canonical_method(name, packed.size),
            crc: packed.crc,
            packed: packed.length,
            size: packed.size,
            offset: self.position,
        };
        self.put(&record.local())?;
        fill(&mut self.out)?;
        self.position += packed.length;
        self.records.push(record);
        Ok(())
    }

    /// Writes the central directory; returns the sink and the bytes of the whole zip.
    pub(in crate::bundle) fn finish(mut self) -> Result<(W, u64)> {
        let offset = self.position;
        for record in std::mem::take(&mut self.records) {
            self.put(&record.central())?;
            self.records.push(record);
        }
        let size = self.position - offset;
        self.put(&end_records(self.records.len() as u64, size, offset))?;
        self.out.flush().map_err(|e| unwritable(&e))?;
        Ok((self.out, self.position))
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes).map_err(|e| unwritable(&e))?;
        self.position += bytes.len() as u64;
        Ok(())
    }

    fn seek(&mut self, position: u64) -> Result<()> {
        let target = SeekFrom::Start(self.start + position);
        self.out.seek(target).map_err(|e| unwritable(&e))?;
        Ok(())
    }
}

/// How a file of this name is packed, unless it is empty.
pub(in crate::bundle) fn method_of(name: &str) -> u16 {
    canonical_method(name, 1)
}

/// Packs what `fill` writes into `out`, and gives that back.
pub(in crate::bundle) fn pack<W: Write>(
    method: u16,
    out: W,
    fill: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<(Packed, W)> {
    let out = Counted {
        inner: out,
        bytes: 0,
    };
    let (crc, size, out) = if method == DEFLATED {
        let mut body = Summed::new(Deflater::new(out));
        fill(&mut body)?;
        let out = body.inner.inner.finish().map_err(|e| unwritable(&e))?;
        (body.crc.sum(), body.inner.bytes, out)
    } else {
        let mut body = Summed::new(out);
        fill(&mut body)?;
        (body.crc.sum(), body.inner.bytes, body.inner.inner)
    };
    let length = out.bytes;
    Ok((Packed { crc, size, length }, out.inner))
}

fn unwritable(source: &io::Error) -> Error {
    Error::new(format_args!("cannot write the bundle: {source}"))
}

/// Counts what passes.
struct Counted<W> {
    inner: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Sums up what passes, too.
struct Summed<W> {
    inner: Counted<W>,
    crc: Crc,
}

impl<W: Write> Summed<W> {
    fn new(inner: W) -> Self {
        Self {
            inner: Counted { inner, bytes: 0 },
            crc: Crc::new(),
        }
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.crc.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
