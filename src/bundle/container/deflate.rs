//! Deflating so that the same bytes give the same bytes.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::BLOCK;

/// Deflates at level 6, in blocks of [`BLOCK`] bytes: what the compressor makes may depend on
/// how much it is given at a time.
pub(super) struct Deflater<W: Write> {
    encoder: DeflateEncoder<W>,
    block: Vec<u8>,
}

impl<W: Write> Deflater<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            encoder: DeflateEncoder::new(out, Compression::new(6)),
            block: Vec::with_capacity(BLOCK),
        }
    }

    /// Ends the stream and gives the sink back.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.encoder.write_all(&self.block)?;
        self.encoder.finish()
    }
}

impl<W: Write> Write for Deflater<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(BLOCK - self.block.len());
        self.block.extend_from_slice(&bytes[..taken]);
        if self.block.len() == BLOCK {
            self.encoder.write_all(&self.block)?;
            self.block.clear();
        }
        Ok(taken)
    }

    /// Nothing: a flush would change the stream.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
