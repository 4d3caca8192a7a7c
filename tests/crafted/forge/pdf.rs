//! The report's signature: its place in the PDF is kept, what stands there is made anew.

use kisms::digest::Digest;
use kisms::time::Moment;

const CONTENTS: &[u8] = b"]/Contents<";
const TIME: &[u8] = b"/M(D:";

/// The place after the last of these bytes.
pub fn after(pdf: &[u8], what: &[u8]) -> Option<usize> {
    let at = pdf.windows(what.len()).rposition(|window| window == what)?;
    Some(at + what.len())
}

/// From `<` to after `>`.
pub fn hole(pdf: &[u8]) -> Option<(usize, usize)> {
    let start = after(pdf, CONTENTS)? - 1;
    let length = pdf[start..].iter().position(|byte| *byte == b'>')?;
    Some((start, start + length + 1))
}

/// Writes another claimed time, of the same length.
pub fn set_time(pdf: &mut [u8], at: Moment) {
    if let Some(place) = after(pdf, TIME) {
        let text = at.format("%Y%m%d%H%M%SZ").to_string();
        pdf[place..place + text.len()].copy_from_slice(text.as_bytes());
    }
}

/// SHA-256 over all but the signature.
pub fn digest(pdf: &[u8]) -> Option<Vec<u8>> {
    let (start, end) = hole(pdf)?;
    let signed = [&pdf[..start], &pdf[end..]].concat();
    Some(Digest::of(&signed).as_bytes().to_vec())
}

/// Puts a message there, and zeros behind it.
pub fn fill(pdf: &mut [u8], message: &[u8]) {
    let (start, end) = hole(pdf).expect("a signature");
    let digit = |value: u8| b"0123456789abcdef"[usize::from(value & 15)];
    let hex = message
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(*byte)]);
    let hex: Vec<u8> = hex.collect();
    let place = &mut pdf[start + 1..end - 1];
    place.fill(b'0');
    place[..hex.len()].copy_from_slice(&hex);
}
