//! Resources as AWS Config recorded them. There may be millions: of each, 32 bytes stay in memory,
//! and the rest in a [`Spool`].

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;

use chrono::DateTime;

use crate::digest::{Digest, Prefix};
use crate::time::{AwsTime, Moment};

use super::record::{decode, encode, length};
use super::{ListingIndex, Place, Provenance, Spool, Text};

/// As many bytes are written to the spool, and read from it, at a time.
const BLOCK: usize = 64 * 1024;
/// Most records are shorter.
const RECORD: usize = 1024;
/// Bits of [`Head::entry`] that are an index of a kind; the others are a position.
const KIND_BITS: u32 = 24;

/// A resource as AWS Config recorded it (`ConfigurationItem`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationItem<'a> {
    /// Where it stands.
    pub at: Provenance,
    /// `awsAccountId` and `awsRegion`.
    pub place: Place,
    /// `resourceType`.
    pub resource_type: Cow<'a, str>,
    /// `resourceId`.
    pub resource_id: Cow<'a, str>,
    /// `resourceName`.
    pub resource_name: Option<Cow<'a, str>>,
    /// `ARN`.
    pub arn: Option<Cow<'a, str>>,
    /// `configurationItemStatus`, such as `OK` or `ResourceDeleted`.
    pub status: Cow<'a, str>,
    /// `configurationItemCaptureTime`.
    pub captured_at: Option<AwsTime>,
    /// `resourceCreationTime`.
    pub created_at: Option<AwsTime>,
    /// `tags`, sorted by key.
    pub tags: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl ConfigurationItem<'_> {
    /// Whether AWS Config saw the resource deleted.
    pub fn is_deleted(&self) -> bool {
        matches!(
            &*self.status,
            "ResourceDeleted" | "ResourceDeletedNotRecorded"
        )
    }
}

/// From SHA-256 over a resource's type and id: what it is known by within an account and region.
pub type Identity = Prefix<16>;

/// What a resource of this type and id is known by.
pub fn identity(resource_type: &str, resource_id: &str) -> Identity {
    // With the length it is certain where the one ends and the other begins.
    let length = (resource_type.len() as u64).to_le_bytes();
    Digest::of_parts(&[&length, resource_type.as_bytes(), resource_id.as_bytes()]).into()
}

/// What the items of one list and type have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Kind {
    /// The list.
    pub listing: ListingIndex,
    /// Where the resource is.
    pub place: Place,
    /// Its type.
    pub resource_type: Text,
    /// Whether AWS Config saw it deleted.
    pub deleted: bool,
}

/// What stays in memory of an item.
#[derive(Debug, Clone, Copy)]
struct Head {
    identity: Identity,
    /// Microseconds since 1970; [`NO_TIME`] where no moment is known.
    captured: i64,
    entry: u64,
}

const NO_TIME: i64 = i64::MIN;

/// An item without what is in the spool.
#[derive(Debug, Clone, Copy)]
pub struct KeptItem<'i> {
    /// What it has in common with others.
    pub kind: &'i Kind,
    /// Which of [`Items::kinds`] that is.
    pub kind_index: usize,
    /// Its type and id.
    pub identity: Identity,
    captured: i64,
}

impl KeptItem<'_> {
    /// When it was captured, as a moment.
    pub fn captured_at(&self) -> Option<Moment> {
        moment(self.captured)
    }

    /// Whether it was captured later; what has no moment was not.
    pub fn is_later_than(&self, other: &Self) -> bool {
        self.captured > other.captured
    }
}

/// Items in the order in which they were read.
#[derive(Debug, Default)]
pub struct Items {
    heads: Vec<Head>,
    kinds: Vec<Kind>,
    known: HashMap<Kind, u32>,
    spool: Spool,
    /// Records that are not in the spool yet: those of the heads from `sealed` on, whose positions
    /// count from its start.
    block: Vec<u8>,
    sealed: usize,
}

impl Items {
    /// None so far; what does not stay in memory goes into `spool`.
    pub fn new(spool: Spool) -> Self {
        Self {
            spool,
            ..Self::default()
        }
    }

    /// Where what does not stay in memory is.
    pub fn spool(&self) -> &Spool {
        &self.spool
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// Keeps an item. An error means that there is no room for it.
    pub fn push(&mut self, item: &ConfigurationItem<'_>) -> io::Result<()> {
        let kind = self.kind(item);
        let captured = item.captured_at.as_ref().and_then(AwsTime::moment);
        let head = Head {
            identity: identity(&item.resource_type, &item.resource_id),
            captured: captured.map_or(NO_TIME, |moment| moment.timestamp_micros()),
            entry: entry(self.block.len() as u64, kind)?,
        };
        encode(item, &mut self.block);
        self.heads.push(head);
        if self.block.len() >= BLOCK {
            self.seal()?;
        }
        Ok(())
    }

    /// Hands over to the spool what is not there yet.
    pub fn seal(&mut self) -> io::Result<()> {
        if self.block.is_empty() {
            return Ok(());
        }
        let base = self.spool.append(&self.block)?;
        for head in &mut self.heads[self.sealed..] {
            head.entry = entry(base + head.position(), head.kind())?;
        }
        self.sealed = self.heads.len();
        self.block.clear();
        Ok(())
    }

    fn kind(&mut self, item: &ConfigurationItem<'_>) -> u32 {
        let deleted = item.is_deleted();
        if let Some(last) = self.heads.last().map(|head| head.kind()) {
            let kind = &self.kinds[last as usize];
            let same = kind.listing == item.at.listing
                && kind.deleted == deleted
                && *kind.resource_type == *item.resource_type
                && kind.place == item.place;
            if same {
                return last;
            }
        }
        self.known_kind(Kind {
            listing: item.at.listing,
            place: item.place.clone(),
            resource_type: (&*item.resource_type).into(),
            deleted,
        })
    }

    fn known_kind(&mut self, kind: Kind) -> u32 {
        if let Some(&known) = self.known.get(&kind) {
            return known;
        }
        let index = u32::try_from(self.kinds.len()).unwrap_or(u32::MAX);
        self.known.insert(kind.clone(), index);
        self.kinds.push(kind);
        index
    }

    /// Takes over the sealed items of another, whose lists are counted from `base`, and whose file's
    /// path tells of places what they do not tell themselves.
    pub fn append(&mut self, other: Self, base: u32, path: &Place) -> io::Result<()> {
        let moved = |mut kind: Kind| {
            kind.listing.0 += base;
            let place = &mut kind.place;
            place.account = place.account.take().or_else(|| path.account.clone());
            place.region = place.region.take().or_else(|| path.region.clone());
            kind
        };
        let kinds: Vec<u32> = other
            .kinds
            .into_iter()
            .map(|kind| self.known_kind(moved(kind)))
            .collect();
        self.heads.reserve(other.heads.len());
        for mut head in other.heads {
            head.entry = entry(head.position(), kinds[head.kind() as usize])?;
            self.heads.push(head);
        }
        self.sealed = self.heads.len();
        Ok(())
    }

    /// Notes that the item of this index was there at this moment, too: the earliest is kept.
    pub fn seen_at(&mut self, index: usize, captured: Option<&AwsTime>) {
        if let Some(moment) = captured.and_then(AwsTime::moment) {
            let known = &mut self.heads[index].captured;
            let seen = moment.timestamp_micros();
            *known = if *known == NO_TIME {
                seen
            } else {
                seen.min(*known)
            };
        }
    }

    /// Keeps only the items of these indices, once they are sealed.
    pub fn retain(&mut self, mut stays: impl FnMut(usize) -> bool) {
        let mut index = 0..;
        self.heads.retain(|_| index.next().is_some_and(&mut stays));
        self.heads.shrink_to_fit();
        self.sealed = self.heads.len();
    }

    /// The item of this index, without what is in the spool.
    pub fn get(&self, index: usize) -> KeptItem<'_> {
        let head = self.heads[index];
        let kind_index = head.kind() as usize;
        KeptItem {
            kind: &self.kinds[kind_index],
            kind_index,
            identity: head.identity,
            captured: head.captured,
        }
    }

    /// All items, without what is in the spool.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = KeptItem<'_>> {
        (0..self.heads.len()).map(|index| self.get(index))
    }

    /// What the items have in common.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// When the latest item of each kind was captured.
    pub fn latest_of_kinds(&self) -> Vec<Option<Moment>> {
        let mut latest = vec![NO_TIME; self.kinds.len()];
        for head in &self.heads {
            let known = &mut latest[head.kind() as usize];
            *known = head.captured.max(*known);
        }
        latest.into_iter().map(moment).collect()
    }

    /// Reads items as a whole, one after the other.
    pub fn reader(&self) -> ItemReader<'_> {
        self.reader_of(BLOCK)
    }

    /// Reads items as a whole, here and there.
    pub fn reader_at_random(&self) -> ItemReader<'_> {
        self.reader_of(RECORD)
    }

    fn reader_of(&self, block: usize) -> ItemReader<'_> {
        ItemReader {
            items: self,
            window: Vec::new(),
            start: 0,
            block,
        }
    }
}

fn moment(captured: i64) -> Option<Moment> {
    match captured {
        NO_TIME => None,
        micros => DateTime::from_timestamp_micros(micros),
    }
}

fn entry(position: u64, kind: u32) -> io::Result<u64> {
    if position >> (u64::BITS - KIND_BITS) != 0 || kind >> KIND_BITS != 0 {
        return Err(io::Error::other(
            "there are more resources than can be kept",
        ));
    }
    Ok(position << KIND_BITS | u64::from(kind))
}

impl Head {
    fn position(self) -> u64 {
        self.entry >> KIND_BITS
    }

    fn kind(self) -> u32 {
        u32::try_from(self.entry & ((1 << KIND_BITS) - 1)).expect("24 bits")
    }
}

/// Reads items through a window on the spool.
pub struct ItemReader<'i> {
    items: &'i Items,
    window: Vec<u8>,
    start: u64,
    block: usize,
}

impl ItemReader<'_> {
    /// The item of this index. One after the other is fastest in the order of the items.
    pub fn read(&mut self, index: usize) -> io::Result<ConfigurationItem<'_>> {
        let head = self.items.heads[index];
        let kind = &self.items.kinds[head.kind() as usize];
        let position = head.position();
        if index >= self.items.sealed {
            let at = usize::try_from(position).expect("within a block");
            return decode(&self.items.block[at..], kind);
        }
        let have = |reader: &Self| {
            let skip = usize::try_from(position.checked_sub(reader.start)?).ok()?;
            let rest = reader.window.get(skip..)?;
            (rest.len() >= length(rest)?).then_some(skip)
        };
        let skip = match have(self) {
            Some(skip) => skip,
            None => self.fill(position)?,
        };
        decode(&self.window[skip..], kind)
    }

    fn fill(&mut self, position: u64) -> io::Result<usize> {
        self.window.resize(self.block, 0);
        let mut filled = self.items.spool.read(position, &mut self.window)?;
        let needed = length(&self.window[..filled]).ok_or(io::ErrorKind::UnexpectedEof)?;
        if needed > filled {
            self.window.resize(needed, 0);
            filled = self.items.spool.read(position, &mut self.window)?;
        }
        self.window.truncate(filled);
        self.start = position;
        Ok(0)
    }
}

#[cfg(test)]
mod tests;
