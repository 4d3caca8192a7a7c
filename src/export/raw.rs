//! Leads back to the very bytes of a record: what AWS wrote, as it stands in the export.

use std::io::{self, Read};

use serde::de::IgnoredAny;

use crate::error::{Error, Result};

use super::buffer::Buffer;
use super::decode::{self, Content};
use super::element::{ElementError, element};
use super::fault;

/// The JSON value that begins at `offset` of the decoded text of `file`, byte for byte.
pub fn value_at(file: impl Read + Send, offset: u64) -> Result<Vec<u8>> {
    let lost = |what: &str| Error::new(format_args!("no record at byte {offset}: {what}"));
    let decoded = decode::decode(file).map_err(|error| lost(&fault::of_io(&error).message))?;
    let Content::Text(mut text) = decoded.content else {
        return Err(lost("it stands in an archive: unpack it to see it"));
    };
    let skipped = io::copy(&mut text.by_ref().take(offset), &mut io::sink());
    let skipped = skipped.map_err(|error| lost(&fault::of_io(&error).message))?;
    if skipped < offset {
        return Err(lost("the file is shorter"));
    }
    let mut buffer = Buffer::new(text);
    loop {
        match element::<IgnoredAny>(buffer.bytes(), |_| Ok(())) {
            Ok(length) => return Ok(buffer.bytes()[..length].to_vec()),
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
        let found = value_at(text.as_bytes(), 7).expect("a value");
        assert_eq!(found, "{\"a\" : 1.50,\"가\":[]}".as_bytes());
        assert!(value_at(text.as_bytes(), 3000).is_err());
        assert!(value_at(&b"{\"a\":"[..], 0).is_err());
    }
}
