//! Leads back to the very bytes of a record: what AWS wrote, as it stands in the export.

use std::io::{BufRead, BufReader, Read};

use serde::de::IgnoredAny;

use crate::error::{Error, Result};

use super::buffer::{Buffer, PIECE};
use super::decode::{self, Content};
use super::element::{ElementError, element};
use super::fault;

/// The JSON values that begin at `offsets` of the decoded text of `file`, byte for byte; the offsets
/// are in order. The file is read once, and no further than the last value.
pub fn values_at(file: impl Read + Send, offsets: &[u64]) -> Result<Vec<Vec<u8>>> {
    let first = offsets.first().copied().unwrap_or_default();
    let decoded = decode::decode(file);
    let decoded = decoded.map_err(|error| lost(first, &fault::of_io(&error).message))?;
    let Content::Text(text) = decoded.content else {
        return Err(lost(first, "it stands in an archive: unpack it to see it"));
    };
    let mut buffer = Buffer::new(BufReader::with_capacity(PIECE, text));
    let values = offsets.iter().map(|offset| value(&mut buffer, *offset));
    values.collect()
}

fn lost(offset: u64, what: &str) -> Error {
    Error::new(format_args!("no record at byte {offset}: {what}"))
}

fn value<R: BufRead>(buffer: &mut Buffer<R>, offset: u64) -> Result<Vec<u8>> {
    let lost = |what: &str| lost(offset, what);
    while buffer.offset() < offset {
        let ahead = usize::try_from(offset - buffer.offset()).unwrap_or(usize::MAX);
        let have = buffer.text().len();
        if !buffer.text().is_char_boundary(ahead.min(have)) {
            return Err(lost("it stands within a character"));
        }
        buffer.consume(ahead.min(have));
        if ahead > have {
            if buffer.ended() {
                return Err(lost("the file is shorter"));
            }
            buffer.fill().map_err(|fault| lost(&fault.message))?;
        }
    }
    loop {
        match element::<IgnoredAny>(buffer.text(), |_| Ok(())) {
            // It stays in the window: several verdicts may stand in one record.
            Ok(length) => return Ok(buffer.text().as_bytes()[..length].to_vec()),
            Err(ElementError::Incomplete) if !buffer.ended() => {
                buffer.fill().map_err(|fault| lost(&fault.message))?;
            }
            Err(_) => return Err(lost("it is no JSON")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_given_back_byte_for_byte() {
        let text = "\u{feff}{\"L\":[ {\"a\" : 1.50,\"가\":[]} ,{}]}";
        let found = values_at(text.as_bytes(), &[7, 7, 30]).expect("values");
        let first = "{\"a\" : 1.50,\"가\":[]}".as_bytes();
        assert_eq!(found, [first, first, b"{}"]);
        assert!(values_at(text.as_bytes(), &[7, 3000]).is_err());
        assert!(values_at(&b"{\"a\":"[..], &[0]).is_err());
    }
}
