//! The signature in a PDF, found and judged from the bytes alone.
//!
//! Only what kisms writes is taken: the last signature dictionary must cover the whole file but its
//! own `/Contents`. A reader's structures are not followed: where the signature holds, all of them are
//! the signer's.

use super::Hole;
use crate::digest::Digest;
use crate::sign::trust::TrustAnchor;
use crate::sign::verify::{ClaimedTime, Problem, Verification, verify_at};
use crate::time::Moment;

/// Where the dictionary's entries before `/ByteRange` must begin, in bytes before it.
const ENTRIES_MOST: usize = 4096;

/// A signature as it stands in a PDF. Nothing of it is verified but its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdfSignature {
    /// The CMS message in DER.
    pub message: Vec<u8>,
    /// SHA-256 over all bytes but `/Contents`.
    pub digest: Digest,
    /// `/M`, when the signer claims to have signed.
    pub time: Moment,
    pub(super) hole: Hole,
}

/// Verifies the signature in a PDF, judged at `now`; `None` where it has none.
pub fn verify_pdf(pdf: &[u8], trust: &[TrustAnchor], now: Moment) -> Option<Verification> {
    match read_signature(pdf)? {
        Ok(found) => {
            let claimed = ClaimedTime::Elsewhere(found.time);
            let (message, digest) = (&found.message, found.digest);
            Some(verify_at(message, digest, claimed, trust, now))
        }
        Err(problem) => Some(Verification {
            problems: vec![problem],
            ..Verification::default()
        }),
    }
}

/// Finds the signature in a PDF; `None` where it has none. `Err` says why it does not cover the whole
/// file.
pub fn read_signature(pdf: &[u8]) -> Option<Result<PdfSignature, Problem>> {
    const WORD: &[u8] = b"/ByteRange";
    let at = pdf.windows(WORD.len()).rposition(|window| window == WORD)?;
    Some(read_at(pdf, at, at + WORD.len()))
}

fn read_at(pdf: &[u8], word: usize, range: usize) -> Result<PdfSignature, Problem> {
    let hole = hole(pdf, range)?;
    let entries = &pdf[word.saturating_sub(ENTRIES_MOST)..word];
    if last(entries, b"/SubFilter/ETSI.CAdES.detached").is_none() {
        return Err(structure(
            "the signature is not of the kind ETSI.CAdES.detached",
        ));
    }
    let time = last(entries, b"/M(D:").and_then(|at| moment(&entries[at..]));
    let time = time.ok_or_else(|| structure("the signature has no time of signing"))?;
    Ok(PdfSignature {
        message: message(&pdf[hole.start + 1..hole.end - 1])?,
        digest: hole.digest(pdf),
        time,
        hole,
    })
}

fn structure(message: &str) -> Problem {
    problem("pdf_structure", message.to_owned())
}

fn problem(code: &'static str, message: String) -> Problem {
    Problem { code, message }
}

/// The place after the last `word`.
fn last(bytes: &[u8], word: &[u8]) -> Option<usize> {
    let at = bytes
        .windows(word.len())
        .rposition(|window| window == word)?;
    Some(at + word.len())
}

/// ISO 32000-1 section 12.8.1: the range covers the whole file but exactly the value of `/Contents`.
fn hole(pdf: &[u8], range: usize) -> Result<Hole, Problem> {
    const CONTENTS: &[u8] = b"]/Contents<";
    let wrong = |message: String| problem("pdf_byte_range", message);
    let rest = &pdf[range..];
    let close = rest.iter().take(64).position(|byte| *byte == b']');
    let close = close.ok_or_else(|| wrong("/ByteRange has no end".to_owned()))?;
    let numbers = numbers(&rest[..close]);
    let [0, first, second, length] = numbers.as_deref().unwrap_or_default() else {
        return Err(wrong("/ByteRange is not four numbers from 0 on".to_owned()));
    };
    if !rest[close..].starts_with(CONTENTS) {
        return Err(wrong("/Contents does not follow /ByteRange".to_owned()));
    }
    let start = range + close + CONTENTS.len() - 1;
    let digits = pdf[start + 1..]
        .iter()
        // As we write them: `a` and `A` would be two texts of one signature.
        .take_while(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let end = start + 1 + digits.count() + 1;
    if pdf.get(end - 1) != Some(&b'>') {
        return Err(wrong(
            "/Contents is not hexadecimal, in small letters, to its end".to_owned(),
        ));
    }
    if (*first, *second) != (start, end) {
        return Err(wrong(format!(
            "/ByteRange leaves out the bytes {first} to {second}, /Contents stands at {start} to {end}"
        )));
    }
    match second.checked_add(*length) {
        Some(signed) if signed == pdf.len() => Ok(Hole { start, end }),
        Some(signed) if signed < pdf.len() => Err(problem(
            "pdf_revision",
            format!(
                "{} bytes follow the {signed} that were signed",
                pdf.len() - signed
            ),
        )),
        _ => Err(wrong("/ByteRange ends after the file".to_owned())),
    }
}

fn numbers(text: &[u8]) -> Option<Vec<usize>> {
    let text = std::str::from_utf8(text)
        .ok()?
        .trim_start()
        .strip_prefix('[')?;
    text.split_ascii_whitespace()
        .map(|number| number.parse().ok())
        .collect()
}

/// The message in DER: what follows its length must be zeros.
fn message(hex: &[u8]) -> Result<Vec<u8>, Problem> {
    let digit = |digit: u8| char::from(digit).to_digit(16).unwrap_or_default();
    let bytes: Vec<u8> = hex
        .chunks(2)
        .map(|pair| {
            let low = pair.get(1).map_or(0, |low| digit(*low));
            u8::try_from(digit(pair[0]) * 16 + low).unwrap_or_default()
        })
        .collect();
    let length = der_length(&bytes).filter(|length| *length <= bytes.len());
    let length = length.ok_or_else(|| structure("/Contents is not a signature in DER"))?;
    let (message, padding) = bytes.split_at(length);
    if !hex.len().is_multiple_of(2) || padding.iter().any(|byte| *byte != 0) {
        return Err(structure("/Contents holds more than the signature"));
    }
    Ok(message.to_vec())
}

/// The length of a sequence with its header (X.690 section 8.1.3).
fn der_length(bytes: &[u8]) -> Option<usize> {
    let (header, length) = match bytes {
        [0x30, length @ 0..=0x7f, ..] => (2, usize::from(*length)),
        [0x30, 0x81, length, ..] => (3, usize::from(*length)),
        [0x30, 0x82, high, low, ..] => (4, usize::from(*high) << 8 | usize::from(*low)),
        _ => return None,
    };
    Some(header + length)
}

/// `YYYYMMDDhhmmssZ)` as a moment (ISO 32000-1 section 7.9.4).
fn moment(text: &[u8]) -> Option<Moment> {
    let text = std::str::from_utf8(text.get(..16)?).ok()?;
    let text = text.strip_suffix("Z)")?;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let time = chrono::NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S").ok()?;
    Some(time.and_utc())
}
