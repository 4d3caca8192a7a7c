//! An item as it stands in the spool: its length, then its fields, numbers in little-endian order,
//! each text behind its length. It is read by the run that wrote it, and by nobody else.

use std::borrow::Cow;
use std::io;

use chrono::DateTime;

use crate::time::AwsTime;

use super::Provenance;
use super::item::{ConfigurationItem, Kind};

/// What stands before a text that is missing.
const MISSING: u32 = u32::MAX;

/// Appends an item's record.
pub fn encode(item: &ConfigurationItem<'_>, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend([0; 4]);
    out.extend(item.at.element.to_le_bytes());
    out.extend(item.at.offset.to_le_bytes());
    text(&item.resource_id, out);
    optional(item.resource_name.as_deref(), out);
    optional(item.arn.as_deref(), out);
    text(&item.status, out);
    time(item.captured_at.as_ref(), out);
    time(item.created_at.as_ref(), out);
    out.extend(count(item.tags.len()));
    for (key, value) in &item.tags {
        text(key, out);
        text(value, out);
    }
    let length = count(out.len() - start);
    out[start..start + 4].copy_from_slice(&length);
}

/// No element is as large as 4 GiB.
fn count(length: usize) -> [u8; 4] {
    u32::try_from(length)
        .expect("elements are bounded")
        .to_le_bytes()
}

fn text(text: &str, out: &mut Vec<u8>) {
    out.extend(count(text.len()));
    out.extend(text.as_bytes());
}

fn optional(value: Option<&str>, out: &mut Vec<u8>) {
    match value {
        Some(value) => text(value, out),
        None => out.extend(MISSING.to_le_bytes()),
    }
}

/// A moment as its microseconds, any other as its text, behind a byte that tells which.
fn time(time: Option<&AwsTime>, out: &mut Vec<u8>) {
    match time.map(|time| (time, time.moment())) {
        None => out.push(0),
        Some((_, Some(moment))) => {
            out.push(1);
            out.extend(moment.timestamp_micros().to_le_bytes());
        }
        Some((unzoned, None)) => {
            out.push(2);
            text(&unzoned.to_string(), out);
        }
    }
}

/// How long the record is that begins here, its length included.
pub fn length(bytes: &[u8]) -> Option<usize> {
    let length = bytes.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*length)).ok()
}

/// The record is not as it was written.
struct Changed;

/// Reads the record that begins here.
pub fn decode<'b>(bytes: &'b [u8], kind: &'b Kind) -> io::Result<ConfigurationItem<'b>> {
    let changed = || io::Error::new(io::ErrorKind::InvalidData, "a temporary file was changed");
    let length = length(bytes).unwrap_or_default();
    let fields = bytes.get(4..length).ok_or_else(changed)?;
    Fields(fields).item(kind).map_err(|Changed| changed())
}

struct Fields<'b>(&'b [u8]);

impl<'b> Fields<'b> {
    fn item(&mut self, kind: &'b Kind) -> Result<ConfigurationItem<'b>, Changed> {
        Ok(ConfigurationItem {
            at: Provenance {
                listing: kind.listing,
                element: u32::from_le_bytes(self.chunk()?),
                offset: u64::from_le_bytes(self.chunk()?),
            },
            place: kind.place.clone(),
            resource_type: Cow::Borrowed(&kind.resource_type),
            resource_id: self.text()?,
            resource_name: self.optional()?,
            arn: self.optional()?,
            status: self.text()?,
            captured_at: self.time()?,
            created_at: self.time()?,
            tags: {
                let count = u32::from_le_bytes(self.chunk()?);
                let tags = (0..count).map(|_| Ok((self.text()?, self.text()?)));
                tags.collect::<Result<_, Changed>>()?
            },
        })
    }

    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], Changed> {
        let (chunk, rest) = self.0.split_first_chunk().ok_or(Changed)?;
        self.0 = rest;
        Ok(*chunk)
    }

    fn optional(&mut self) -> Result<Option<Cow<'b, str>>, Changed> {
        let length = u32::from_le_bytes(self.chunk()?);
        if length == MISSING {
            return Ok(None);
        }
        let length = length.try_into().map_err(|_| Changed)?;
        let (text, rest) = self.0.split_at_checked(length).ok_or(Changed)?;
        self.0 = rest;
        let text = std::str::from_utf8(text).map_err(|_| Changed)?;
        Ok(Some(Cow::Borrowed(text)))
    }

    fn text(&mut self) -> Result<Cow<'b, str>, Changed> {
        self.optional()?.ok_or(Changed)
    }

    fn time(&mut self) -> Result<Option<AwsTime>, Changed> {
        let time = match self.chunk()? {
            [0] => return Ok(None),
            [1] => DateTime::from_timestamp_micros(i64::from_le_bytes(self.chunk()?))
                .map(AwsTime::from),
            _ => AwsTime::from_text(&self.text()?),
        };
        time.map(Some).ok_or(Changed)
    }
}
