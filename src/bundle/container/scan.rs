//! Reads a zip's structure strictly: all its records, and that every byte belongs to one.

use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom};

pub(in crate::bundle) use super::central::Entry;
use super::central::{FLAG_DESCRIPTOR, read, read_extra, report, shortened};
use super::end::{End, find};
use super::records::{DESCRIPTOR, Fields, LOCAL, LOCAL_LEN, canonical_method, end_records};
use crate::bundle::Defect;

/// What a zip consists of.
pub(in crate::bundle) struct Structure {
    /// Its entries in the order of the central directory.
    pub(in crate::bundle) entries: Vec<Entry>,
    /// Whether all records are as [`ZipWriter`](super::ZipWriter) writes them; of the files'
    /// own bytes [`unpack`](super::unpack) tells.
    pub(in crate::bundle) canonical: bool,
    /// What is wrong.
    pub(in crate::bundle) defects: Vec<Defect>,
}

/// Reads the structure; `None` where the file is no zip.
pub(in crate::bundle) fn scan<R: Read + Seek>(file: &mut R) -> io::Result<Option<Structure>> {
    let mut defects = Vec::new();
    let Some(end) = find(file, &mut defects)? else {
        return cut(file);
    };
    // A zip within, such as a workbook's, with bytes before and behind it: the end of the whole is gone.
    if end.shift > 0 && defects.iter().any(|defect| defect.code == "zip_trailing") {
        let cut = cut(file)?;
        if cut.is_some() {
            return Ok(cut);
        }
    }
    let mut entries = read(file, &end, &mut defects)?;
    check_duplicates(&mut entries, &mut defects);
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&i| entries[i].offset);
    let mut position = 0;
    for (n, &i) in order.iter().enumerate() {
        let next = order.get(n + 1).map_or(end.central, |&i| entries[i].offset);
        let bounds = Bounds {
            position,
            next,
            end: end.central,
        };
        position = check_place(file, &mut entries[i], &bounds, &mut defects)?;
    }
    check_gap(position, end.central, "the central directory", &mut defects);
    let canonical = defects.is_empty() && is_canonical(&entries, &end);
    Ok(Some(Structure {
        entries,
        canonical,
        defects,
    }))
}

/// What begins as a zip and has no end was cut off; what does not is no zip.
fn cut<R: Read + Seek>(file: &mut R) -> io::Result<Option<Structure>> {
    file.seek(SeekFrom::Start(0))?;
    let mut begin = Vec::new();
    file.by_ref().take(4).read_to_end(&mut begin)?;
    let message = "begins as a zip and has no end: it is cut off";
    let cut = || Structure {
        entries: Vec::new(),
        canonical: false,
        defects: vec![Defect::new("zip_end", "", message)],
    };
    Ok((Fields(&begin).u32() == LOCAL).then(cut))
}

fn is_canonical(entries: &[Entry], end: &End) -> bool {
    let sorted = entries
        .windows(2)
        .all(|pair| pair[0].name < pair[1].name && pair[0].offset < pair[1].offset);
    let as_written = |entry: &Entry| {
        entry.canonical && entry.method == canonical_method(&entry.name, entry.size)
    };
    sorted
        && entries.iter().all(as_written)
        && end.raw == end_records(entries.len() as u64, end.size, end.central)
}

fn check_duplicates(entries: &mut [Entry], defects: &mut Vec<Defect>) {
    let mut seen = BTreeSet::new();
    for entry in entries {
        if !seen.insert(entry.name.clone()) {
            entry.usable = false;
            let message = "occurs more than once in the zip";
            defects.push(Defect::new("zip_duplicate", &entry.name, message));
        }
    }
}

/// Where an entry may lie: after `position`, before `next` (the entry after it), and
/// before `end`, the central directory.
struct Bounds {
    position: u64,
    next: u64,
    end: u64,
}

/// Checks an entry against its local header and its neighbours; returns where it ends.
fn check_place<R: Read + Seek>(
    file: &mut R,
    entry: &mut Entry,
    bounds: &Bounds,
    defects: &mut Vec<Defect>,
) -> io::Result<u64> {
    let begin = entry.offset.min(bounds.end);
    check_gap(bounds.position, begin, &entry.name, defects);
    let overlap = |entry: &mut Entry, defects: &mut Vec<Defect>, message: &str| {
        entry.usable = false;
        defects.push(Defect::new("zip_overlap", &entry.name, message));
    };
    if entry.offset < bounds.position {
        overlap(entry, defects, "begins inside the entry before it");
    }
    let Some(local) = read_local(file, begin)? else {
        entry.usable = false;
        let message = "no local header stands where the central directory says";
        defects.push(Defect::new("zip_header", &entry.name, message));
        return Ok(bounds.position.max(begin));
    };
    entry.data = begin + local.len() as u64;
    compare(entry, &local, defects);
    let mut finish = entry.data.saturating_add(entry.packed);
    if finish > bounds.next || finish > bounds.end {
        overlap(entry, defects, "runs into what follows it");
        return Ok(bounds.position.max(finish.min(bounds.end)));
    }
    if entry.flags & FLAG_DESCRIPTOR != 0 {
        if has_descriptor(file, entry, finish, bounds.next)? {
            finish = bounds.next;
        } else {
            let message = "its data descriptor does not hold what the central directory says";
            defects.push(Defect::new("zip_mismatch", &entry.name, message));
        }
    }
    Ok(bounds.position.max(finish))
}

fn check_gap(position: u64, begin: u64, before: &str, defects: &mut Vec<Defect>) {
    if position < begin {
        let code = if position == 0 {
            "zip_prefix"
        } else {
            "zip_gap"
        };
        let bytes = begin - position;
        let message = format_args!("{bytes} bytes before {before} belong to no entry");
        defects.push(Defect::new(code, "", message));
    }
}

/// A whole local header, or `None`.
fn read_local<R: Read + Seek>(file: &mut R, offset: u64) -> io::Result<Option<Vec<u8>>> {
    file.seek(SeekFrom::Start(offset))?;
    let mut header = Vec::new();
    file.by_ref()
        .take(LOCAL_LEN as u64)
        .read_to_end(&mut header)?;
    if header.len() < LOCAL_LEN || Fields(&header).u32() != LOCAL {
        return Ok(None);
    }
    let mut lengths = Fields(&header[26..]);
    let rest = u64::from(lengths.u16()) + u64::from(lengths.u16());
    let read = file.by_ref().take(rest).read_to_end(&mut header)?;
    Ok((read as u64 == rest).then_some(header))
}

/// Compares the local header (4.3.7) with the central one.
fn compare(entry: &mut Entry, local: &[u8], defects: &mut Vec<Defect>) {
    let mut fields = Fields(&local[6..]);
    let (flags, method) = (fields.u16(), fields.u16());
    fields.take(4);
    let crc = fields.u32();
    let (mut packed, mut size) = (fields.u32().into(), fields.u32().into());
    let (name_length, extra_length) = (fields.u16(), fields.u16());
    let name = fields.take(name_length.into());
    let mut faults = Vec::new();
    read_extra(
        fields.take(extra_length.into()),
        &mut [&mut size, &mut packed],
        &mut faults,
    );
    // With a descriptor the header leaves at zero what it does not know yet (4.4.4, bit 3).
    let later = |value: u64| value == 0 && flags & FLAG_DESCRIPTOR != 0;
    let slash = if entry.folder { "/" } else { "" };
    let pairs = [
        ("name", shortened(name) == format!("{}{slash}", entry.name)),
        ("flags", flags == entry.flags),
        ("method", method == entry.method),
        ("crc", later(crc.into()) || crc == entry.crc),
        ("packed size", later(packed) || packed == entry.packed),
        ("size", later(size) || size == entry.size),
    ];
    let differing = pairs
        .iter()
        .filter(|(_, same)| !same)
        .map(|(what, _)| *what);
    let differing: Vec<&str> = differing.collect();
    if !differing.is_empty() {
        let what = differing.join(", ");
        let message = format!("its local header and the central directory differ in {what}");
        faults.push(("zip_mismatch", message));
    }
    entry.canonical &= faults.is_empty() && entry.record().local() == local;
    report(&entry.name, faults, defects);
}

/// Whether a data descriptor of this entry, and nothing else, lies between the two positions.
fn has_descriptor<R: Read + Seek>(
    file: &mut R,
    entry: &Entry,
    from: u64,
    to: u64,
) -> io::Result<bool> {
    file.seek(SeekFrom::Start(from))?;
    let mut descriptor = Vec::new();
    // The longest has 24 bytes: one more shows that it is something else.
    file.by_ref()
        .take((to - from).min(25))
        .read_to_end(&mut descriptor)?;
    Ok(describes(&descriptor, entry))
}

/// Whether these are a data descriptor (4.3.9) of this entry: with or without its signature, with sizes
/// of four or of eight bytes.
fn describes(descriptor: &[u8], entry: &Entry) -> bool {
    let mut fields = Fields(descriptor);
    if [16, 24].contains(&descriptor.len()) && fields.u32() != DESCRIPTOR {
        return false;
    }
    let crc = fields.u32();
    let sizes = match fields.0.len() {
        8 => (fields.u32().into(), fields.u32().into()),
        16 => (fields.u64(), fields.u64()),
        _ => return false,
    };
    (crc, sizes) == (entry.crc, (entry.packed, entry.size))
}
