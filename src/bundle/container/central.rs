//! The central directory: what a zip says of its entries.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use super::end::End;
use super::records::{
    CENTRAL, CENTRAL_LEN, DEFLATED, ENTRIES_MAX, Fields, Record, STORED, ZIP64_EXTRA,
};
use crate::bundle::Defect;
use crate::bundle::path::{FULL_MAX, check_name};

/// Encrypted, strongly encrypted, masked headers (APPNOTE 4.4.4).
const FLAGS_ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
/// The sizes follow the data.
pub(super) const FLAG_DESCRIPTOR: u16 = 1 << 3;
/// That, deflate's speed, and UTF-8 names: all others say something that we cannot judge.
const FLAGS_KNOWN: u16 = 1 << 1 | 1 << 2 | FLAG_DESCRIPTOR | 1 << 11;
/// What deflate can make of a byte at most: 258 bytes of two bits.
const RATIO_MAX: u64 = 1032;
/// The extra fields that give an entry another name or comment (4.6.8, 4.6.9).
const UNICODE_EXTRAS: [u16; 2] = [0x7075, 0x6375];

/// What is wrong with an entry: code and message.
pub(super) type Fault = (&'static str, String);

/// A file or folder in a zip, as the central directory has it.
#[derive(Debug, Clone)]
pub(in crate::bundle) struct Entry {
    /// The whole name; of a folder without the slash at its end.
    pub(in crate::bundle) name: String,
    /// Whether it is a folder.
    pub(in crate::bundle) folder: bool,
    /// Bytes of the file.
    pub(in crate::bundle) size: u64,
    /// Whether its name is legal, and its bytes are where they should be and can be unpacked.
    pub(in crate::bundle) usable: bool,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) packed: u64,
    /// Where its local header begins in the file.
    pub(super) offset: u64,
    /// Where its data begins, once the local header was read.
    pub(in crate::bundle) data: u64,
    /// Whether all that was seen of it is as we write it.
    pub(super) canonical: bool,
}

impl Entry {
    /// The same entry as we would write it.
    pub(super) fn record(&self) -> Record {
        Record {
            name: self.name.clone(),
            method: self.method,
            crc: self.crc,
            packed: self.packed,
            size: self.size,
            offset: self.offset,
        }
    }
}

/// Reads all headers of the central directory.
pub(super) fn read<R: Read + Seek>(
    file: &mut R,
    end: &End,
    defects: &mut Vec<Defect>,
) -> io::Result<Vec<Entry>> {
    file.seek(SeekFrom::Start(end.central))?;
    let mut input = BufReader::new(file.by_ref().take(end.size));
    let mut entries = Vec::new();
    let mut left = end.size;
    while left > 0 {
        let mut header = Vec::new();
        if !read_header(&mut input, &mut header)? || entries.len() == ENTRIES_MAX {
            let message = format_args!(
                "the central directory is broken after {} entries, or has more than {ENTRIES_MAX}",
                entries.len()
            );
            defects.push(Defect::new("zip_header", "", message));
            break;
        }
        left -= header.len() as u64;
        entries.push(parse(&header, end, defects));
    }
    if entries.len() as u64 != end.count {
        let message = format_args!(
            "the central directory has {} entries, its end counts {}",
            entries.len(),
            end.count
        );
        defects.push(Defect::new("zip_mismatch", "", message));
    }
    Ok(entries)
}

/// The next header with its name, extra fields and comment; whether it is whole.
fn read_header(input: &mut impl Read, header: &mut Vec<u8>) -> io::Result<bool> {
    input
        .by_ref()
        .take(CENTRAL_LEN as u64)
        .read_to_end(header)?;
    if header.len() < CENTRAL_LEN || Fields(header).u32() != CENTRAL {
        return Ok(false);
    }
    let mut lengths = Fields(&header[28..]);
    let rest = (0..3).map(|_| u64::from(lengths.u16())).sum();
    let read = input.by_ref().take(rest).read_to_end(header)?;
    Ok(read as u64 == rest)
}

fn parse(header: &[u8], end: &End, defects: &mut Vec<Defect>) -> Entry {
    let mut fields = Fields(&header[8..]);
    let (flags, method) = (fields.u16(), fields.u16());
    fields.take(4);
    let crc = fields.u32();
    let (mut packed, mut size) = (fields.u32().into(), fields.u32().into());
    let lengths = [fields.u16(), fields.u16(), fields.u16()].map(usize::from);
    let disk = fields.u16();
    fields.take(2);
    let attributes = fields.u32();
    let mut offset = fields.u32().into();
    let name = shortened(fields.take(lengths[0]));
    let mut faults: Vec<Fault> = Vec::new();
    let mut wide = [&mut size, &mut packed, &mut offset];
    read_extra(fields.take(lengths[1]), &mut wide, &mut faults);
    if disk != 0 {
        faults.push(("zip_header", "lies on another disk".to_owned()));
    }
    if lengths[2] != 0 {
        faults.push(("zip_comment", "carries a comment".to_owned()));
    }
    let folder = name.ends_with('/');
    let mut entry = Entry {
        name: name.strip_suffix('/').unwrap_or(&name).to_owned(),
        folder,
        size,
        usable: !folder,
        flags,
        method,
        crc,
        packed,
        offset,
        data: 0,
        canonical: !folder,
    };
    judge(&mut entry, attributes, &mut faults);
    entry.canonical &= faults.is_empty() && entry.record().central() == header;
    entry.offset = offset.saturating_add(end.shift);
    report(&name, faults, defects);
    entry
}

/// Makes the faults of the entry `name` defects.
pub(super) fn report(name: &str, faults: Vec<Fault>, defects: &mut Vec<Defect>) {
    let faults = faults.into_iter();
    defects.extend(faults.map(|(code, message)| Defect::new(code, name, message)));
}

/// A name as it can be shown. Of one that is longer than any legal name the beginning is enough: it
/// stays too long, and many of them cannot fill the memory.
pub(super) fn shortened(name: &[u8]) -> String {
    let most = name.len().min(2 * FULL_MAX);
    String::from_utf8_lossy(&name[..most]).into_owned()
}

/// Reads the extra fields (4.5): zip64's replaces each of `wide` that is saturated, in their
/// order.
pub(super) fn read_extra(extra: &[u8], wide: &mut [&mut u64], faults: &mut Vec<Fault>) {
    let mut fields = Fields(extra);
    let mut zip64 = None;
    while !fields.0.is_empty() {
        let headed = fields.0.len() >= 4;
        let (id, length) = (fields.u16(), usize::from(fields.u16()));
        let value = fields.take(length);
        if !headed || value.len() < length || (id == ZIP64_EXTRA && zip64.replace(value).is_some())
        {
            faults.push(("zip_header", "has malformed extra fields".to_owned()));
        }
        if UNICODE_EXTRAS.contains(&id) {
            let message = "has a second name or comment in an extra field";
            faults.push(("zip_mismatch", message.to_owned()));
        }
    }
    let mut zip64 = Fields(zip64.unwrap_or_default());
    let saturated = u64::from(u32::MAX);
    for value in wide.iter_mut().filter(|value| ***value == saturated) {
        if zip64.0.len() >= 8 {
            **value = zip64.u64();
        }
    }
    if !zip64.0.is_empty() {
        let message = "has a zip64 field whose numbers another reader may take for others";
        faults.push(("zip_header", message.to_owned()));
    }
}

/// Finds what makes an entry unusable.
fn judge(entry: &mut Entry, attributes: u32, faults: &mut Vec<Fault>) {
    let sound = faults.len();
    if let Err(problem) = check_name(&entry.name) {
        faults.push(("zip_path", format!("the name {problem}")));
    }
    if is_special(attributes, entry.folder) {
        let message = format!("is neither a file nor a folder: attributes `{attributes:#010x}`");
        faults.push(("zip_link", message));
    }
    if entry.flags & FLAGS_ENCRYPTED != 0 {
        faults.push(("zip_encrypted", "is encrypted".to_owned()));
    } else if entry.flags & !FLAGS_KNOWN != 0 {
        faults.push((
            "zip_header",
            format!("has the flags `{:#06x}`", entry.flags),
        ));
    }
    if ![STORED, DEFLATED].contains(&entry.method) {
        faults.push((
            "zip_method",
            format!("is compressed by method {}", entry.method),
        ));
    }
    if !is_possible(entry) {
        let message = format!(
            "says that its {} bytes unpack to {}",
            entry.packed, entry.size
        );
        faults.push(("zip_size", message));
    }
    entry.usable &= faults.len() == sound;
}

/// Whether so many bytes can unpack to so many.
fn is_possible(entry: &Entry) -> bool {
    if entry.folder {
        entry.packed == 0 && entry.size == 0
    } else if entry.method == STORED {
        entry.packed == entry.size
    } else {
        entry.size <= entry.packed.saturating_mul(RATIO_MAX)
    }
}

/// Whether the Unix mode (the upper half of the external attributes) or the DOS attributes make
/// the entry something else than its name says.
fn is_special(attributes: u32, folder: bool) -> bool {
    const VOLUME: u32 = 1 << 3;
    const FOLDER: u32 = 1 << 4;
    let kind = attributes >> 28;
    let expected = if folder { 0o4 } else { 0o10 };
    (kind != 0 && kind != expected)
        || attributes & VOLUME != 0
        || (attributes & FOLDER != 0 && !folder)
}
