//! Writes the canonical zip.

use std::io::{self, Seek, SeekFrom, Write};

use flate2::Crc;

use super::deflate::Deflater;
use super::records::{DEFLATED, Record, canonical_method, end_records};
use crate::error::{Error, Result};

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
        let (crc, filled, packed) = self.body(record.method, fill)?;
        if filled != size {
            return Err(Error::new(format_args!(
                "`{name}` has {filled} bytes where {size} were announced"
            )));
        }
        record.crc = crc;
        record.packed = packed;
        self.position += packed;
        // The sizes and the CRC are known now: the header's length stays the same.
        self.seek(record.offset)?;
        self.out
            .write_all(&record.local())
            .map_err(|e| unwritable(&e))?;
        self.seek(self.position)?;
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

    /// The CRC-32, the bytes before and the bytes after compression.
    fn body(
        &mut self,
        method: u16,
        fill: impl FnOnce(&mut dyn Write) -> Result<()>,
    ) -> Result<(u32, u64, u64)> {
        let sink = Summed::new(&mut self.out);
        if method == DEFLATED {
            let mut body = Summed::new(Deflater::new(sink));
            fill(&mut body)?;
            let sink = body.inner.finish().map_err(|e| unwritable(&e))?;
            Ok((body.crc.sum(), body.bytes, sink.bytes))
        } else {
            let mut body = sink;
            fill(&mut body)?;
            Ok((body.crc.sum(), body.bytes, body.bytes))
        }
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

fn unwritable(source: &io::Error) -> Error {
    Error::new(format_args!("cannot write the bundle: {source}"))
}

/// Counts and sums up what passes.
struct Summed<W> {
    inner: W,
    crc: Crc,
    bytes: u64,
}

impl<W: Write> Summed<W> {
    fn new(inner: W) -> Self {
        Self {
            inner,
            crc: Crc::new(),
            bytes: 0,
        }
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.crc.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
