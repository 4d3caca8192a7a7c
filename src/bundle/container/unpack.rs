//! Unpacks one entry, in blocks.

use std::io::{self, ErrorKind, Read, Write};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::BLOCK;
use super::central::Entry;
use super::deflate::Deflater;
use super::records::STORED;
use crate::digest::Hashing;

/// What was found while unpacking.
#[derive(Debug)]
pub(in crate::bundle) struct Unpacked {
    /// What is wrong: code and message.
    pub(in crate::bundle) fault: Option<(&'static str, String)>,
    /// Whether the compressed bytes are those that we would have written; `true` where nobody
    /// asked.
    pub(in crate::bundle) canonical: bool,
}

/// A sink that passes no more bytes on than the entry says it has.
struct Body<'a> {
    out: &'a mut dyn Write,
    again: Option<Deflater<Hashing<io::Sink>>>,
    crc: Crc,
    bytes: u64,
    most: u64,
}

impl Body<'_> {
    /// Whether the bytes were still within the size.
    fn pass(&mut self, bytes: &[u8]) -> io::Result<bool> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.most {
            return Ok(false);
        }
        self.crc.update(bytes);
        if let Some(again) = &mut self.again {
            again.write_all(bytes)?;
        }
        self.out.write_all(bytes)?;
        Ok(true)
    }
}

/// Writes the bytes of a usable `entry`, with whose packed bytes `file` goes on, into `out`, at most as
/// many as it says. With `compare` they are deflated again, to see whether this gives the bytes that
/// stand in the zip.
pub(in crate::bundle) fn unpack(
    file: impl Read,
    entry: &Entry,
    compare: bool,
    out: &mut dyn Write,
) -> io::Result<Unpacked> {
    let mut packed = Hashing::new(file.take(entry.packed));
    let deflated = entry.method != STORED;
    let mut body = Body {
        out,
        again: (compare && deflated).then(|| Deflater::new(Hashing::new(io::sink()))),
        crc: Crc::new(),
        bytes: 0,
        most: entry.size,
    };
    let broken = if deflated {
        inflate(&mut packed, &mut body)?
    } else {
        copy(&mut packed, &mut body)?
    };
    let fault = broken.or_else(|| judge(entry, &body));
    let canonical = match body.again {
        Some(again) if fault.is_none() => {
            let (_, expected, _) = again.finish()?.finish();
            packed.finish().1 == expected
        }
        _ => true,
    };
    Ok(Unpacked { fault, canonical })
}

fn judge(entry: &Entry, body: &Body) -> Option<(&'static str, String)> {
    if body.bytes != entry.size {
        let at_least = if body.bytes > entry.size {
            "at least "
        } else {
            ""
        };
        let message = format!("has {at_least}{} bytes and says {}", body.bytes, entry.size);
        return Some(("zip_size", message));
    }
    let crc = body.crc.sum();
    (crc != entry.crc).then(|| {
        let message = format!(
            "its CRC-32 is {crc:08x} where the zip says {:08x}",
            entry.crc
        );
        ("zip_crc", message)
    })
}

fn copy(packed: &mut impl Read, body: &mut Body) -> io::Result<Option<(&'static str, String)>> {
    let mut block = vec![0; BLOCK];
    loop {
        let read = read_some(packed, &mut block)?;
        if read == 0 || !body.pass(&block[..read])? {
            return Ok(None);
        }
    }
}

/// Inflates (RFC 1951). The stream must end where the entry's bytes end: what stands after it
/// would be seen by nobody.
fn inflate(packed: &mut impl Read, body: &mut Body) -> io::Result<Option<(&'static str, String)>> {
    let broken = |what: &str| Ok(Some(("zip_stream", what.to_owned())));
    let mut inflater = Decompress::new(false);
    let (mut input, mut output) = (vec![0; BLOCK], vec![0; BLOCK]);
    let (mut from, mut filled) = (0, 0);
    loop {
        if from == filled {
            (from, filled) = (0, read_some(packed, &mut input)?);
        }
        let (consumed, produced) = (inflater.total_in(), inflater.total_out());
        let status = inflater.decompress(&input[from..filled], &mut output, FlushDecompress::None);
        let consumed = step(consumed, inflater.total_in());
        let produced = step(produced, inflater.total_out());
        from += consumed;
        if !body.pass(&output[..produced])? {
            return Ok(None);
        }
        match status {
            Err(_) => return broken("its deflate stream is corrupt"),
            Ok(Status::StreamEnd) => break,
            Ok(_) if consumed == 0 && produced == 0 => {
                return broken("its deflate stream has no end");
            }
            Ok(_) => {}
        }
    }
    if from < filled || read_some(packed, &mut input)? > 0 {
        return broken("bytes follow its deflate stream");
    }
    Ok(None)
}

/// How far a counter went: at most a block.
fn step(before: u64, after: u64) -> usize {
    usize::try_from(after - before).expect("at most a block at a time")
}

fn read_some(input: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(block) {
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
