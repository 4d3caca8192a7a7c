//! Deflating so that the same bytes give the same bytes, on as many threads as there are
//! processors.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::num::NonZero;
use std::thread::{self, JoinHandle};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::BLOCK;

/// Bytes that are deflated for themselves.
const SEGMENT: usize = 1 << 20;
/// Of a file of one segment.
const SMALL: u32 = 6;
/// Of a larger one: half the time for a tenth more.
const LARGE: u32 = 3;

/// Deflates a file of at most [`SEGMENT`] bytes at level 6; a larger one at level 3 in segments of so
/// many bytes, each for itself and flushed to whole bytes. The compressor is given [`BLOCK`]
/// bytes at a time: what it makes may depend on that.
pub(super) struct Deflater<W: Write> {
    out: W,
    segment: Vec<u8>,
    /// Whether a segment went before.
    large: bool,
    /// Segments under way, in their order.
    ahead: VecDeque<JoinHandle<io::Result<Vec<u8>>>>,
    threads: usize,
}

impl<W: Write> Deflater<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            segment: Vec::new(),
            large: false,
            ahead: VecDeque::new(),
            threads: thread::available_parallelism().map_or(1, NonZero::get),
        }
    }

    /// Ends the stream and gives the sink back.
    pub(super) fn finish(mut self) -> io::Result<W> {
        while !self.ahead.is_empty() {
            self.take()?;
        }
        let level = if self.large { LARGE } else { SMALL };
        let last = deflate(&self.segment, level, true)?;
        self.out.write_all(&last)?;
        Ok(self.out)
    }

    /// Has the full segment deflated, since more follows it.
    fn pass(&mut self) -> io::Result<()> {
        let next = Vec::with_capacity(SEGMENT);
        let segment = std::mem::replace(&mut self.segment, next);
        self.large = true;
        if self.ahead.len() >= self.threads {
            self.take()?;
        }
        let work = thread::Builder::new().spawn(move || deflate(&segment, LARGE, false))?;
        self.ahead.push_back(work);
        Ok(())
    }

    /// Writes the first of the segments under way.
    fn take(&mut self) -> io::Result<()> {
        let Some(first) = self.ahead.pop_front() else {
            return Ok(());
        };
        let failed = |_| io::Error::other("a thread that deflates has failed");
        let deflated = first.join().map_err(failed)??;
        self.out.write_all(&deflated)
    }
}

fn deflate(segment: &[u8], level: u32, last: bool) -> io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(level));
    for block in segment.chunks(BLOCK) {
        encoder.write_all(block)?;
    }
    if last {
        return encoder.finish();
    }
    encoder.flush()?;
    Ok(std::mem::take(encoder.get_mut()))
}

impl<W: Write> Write for Deflater<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.segment.len() == SEGMENT {
            self.pass()?;
        }
        let taken = bytes.len().min(SEGMENT - self.segment.len());
        self.segment.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    /// Nothing: a flush would change the stream.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::DeflateDecoder;

    use super::*;

    fn deflated(bytes: &[u8], threads: usize, at_a_time: usize) -> Vec<u8> {
        let mut deflater = Deflater::new(Vec::new());
        deflater.threads = threads;
        for piece in bytes.chunks(at_a_time) {
            deflater.write_all(piece).expect("memory");
        }
        deflater.finish().expect("memory")
    }

    #[test]
    fn the_bytes_do_not_depend_on_threads_and_pieces_and_inflate_to_what_they_were() {
        for length in [
            0,
            1,
            BLOCK,
            SEGMENT,
            SEGMENT + 1,
            3 * SEGMENT,
            3 * SEGMENT + 17,
        ] {
            let bytes: Vec<u8> = (0..length).map(|n| n.to_le_bytes()[n % 2]).collect();
            let one = deflated(&bytes, 1, SEGMENT);
            assert!(one == deflated(&bytes, 3, 70_001), "{length}");
            let mut back = Vec::new();
            let mut inflater = DeflateDecoder::new(one.as_slice());
            inflater.read_to_end(&mut back).expect("a stream");
            assert!(
                back == bytes && inflater.total_in() == one.len() as u64,
                "{length}"
            );
        }
    }
}
