//! A `PAdES` baseline B-B signature in a PDF (ETSI EN 319 142-1 section 6): an incremental update
//! (ISO 32000-1 section 7.5.6) that adds a certification signature which permits no changes.
//!
//! The signature field has no appearance. Its widget lies outside every page's crop box, which
//! PDF/UA-1 (ISO 14289-1 section 7.18.4) allows outside the structure, and has no area, which PDF/A-3
//! (ISO 19005-3 section 6.3.3) allows without an appearance. The same arguments give the same bytes.

mod read;
mod update;

use std::io::{self, Write as _};

use super::cms::{encode, signed_data};
use super::identity::Identity;
use crate::digest::{Digest, Hashing};
use crate::error::{Error, Result};
use crate::time::Moment;

pub use read::{PdfSignature, read_signature, verify_pdf};

/// The bytes that are kept free for the signature: a chain of certificates and, later, a time-stamp.
const RESERVED: usize = 24 << 10;

/// Signs a PDF as Typst writes it, packed into object streams or not. The bytes before the update are
/// the document as it was.
pub fn sign_pdf(pdf: Vec<u8>, identity: &Identity, time: Moment) -> Result<Vec<u8>> {
    let mut prepared = update::prepare(pdf, &identity.subject(), time)?;
    let digest = prepared.hole.digest(&prepared.bytes);
    let message = encode(&signed_data(identity, digest, None)?)?;
    prepared.hole.fill(&mut prepared.bytes, &message)?;
    Ok(prepared.bytes)
}

/// The same PDF with another message in the place of its signature, such as one with a time-stamp.
pub fn replace_message(pdf: &[u8], signature: &PdfSignature, message: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = pdf.to_vec();
    signature.hole.fill(&mut bytes, message)?;
    Ok(bytes)
}

/// The value of `/Contents` with its angle brackets: all that a signature does not cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hole {
    /// Offset of `<`.
    start: usize,
    /// Offset after `>`.
    end: usize,
}

impl Hole {
    /// SHA-256 over everything around it.
    fn digest(self, pdf: &[u8]) -> Digest {
        let mut hashing = Hashing::new(io::sink());
        for part in [&pdf[..self.start], &pdf[self.end..]] {
            hashing.write_all(part).expect("a sink takes everything");
        }
        hashing.finish().1
    }

    /// Writes `message` in hexadecimal, and zeros up to the end.
    fn fill(self, pdf: &mut [u8], message: &[u8]) -> Result<()> {
        let place = &mut pdf[self.start + 1..self.end - 1];
        if message.len() * 2 > place.len() {
            return Err(Error::new(format_args!(
                "the signature has {} bytes, and the PDF has place for {}",
                message.len(),
                place.len() / 2
            ))
            .hint("sign with a shorter chain of certificates"));
        }
        place.fill(b'0');
        for (pair, byte) in place.chunks_exact_mut(2).zip(message) {
            let digit = |value: u8| b"0123456789abcdef"[usize::from(value & 15)];
            pair.copy_from_slice(&[digit(byte >> 4), digit(*byte)]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
