//! The end of a zip: where its central directory lies.

use std::io::{self, Read, Seek, SeekFrom};

use super::records::{END, END_LEN, END64, END64_LEN, Fields, LOCATOR, LOCATOR_LEN};
use crate::bundle::Defect;

/// What the end records say of the central directory.
pub(super) struct End {
    /// Where the central directory begins in the file.
    pub(super) central: u64,
    /// Its bytes.
    pub(super) size: u64,
    /// Its headers, as the end counts them.
    pub(super) count: u64,
    /// Bytes before the zip, which its own offsets do not count.
    pub(super) shift: u64,
    /// The end records as they are.
    pub(super) raw: Vec<u8>,
}

/// The four values that both ends of a zip64 hold.
#[derive(Clone, Copy)]
struct Directory {
    count: u64,
    size: u64,
    offset: u64,
}

/// Finds the end record (APPNOTE 4.3.16); `None` where there is none: the file is no zip.
pub(super) fn find<R: Read + Seek>(
    file: &mut R,
    defects: &mut Vec<Defect>,
) -> io::Result<Option<End>> {
    let length = file.seek(SeekFrom::End(0))?;
    let furthest = (END64_LEN + LOCATOR_LEN + END_LEN) as u64 + u64::from(u16::MAX);
    let start = length.saturating_sub(furthest);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    file.by_ref().take(furthest).read_to_end(&mut tail)?;
    let Some(at) = last_end(&tail) else {
        return Ok(None);
    };
    let directory = read_end(&tail, at, defects);
    let (directory, first) = match read_zip64(&tail, at, directory, defects) {
        Some(zip64) => (zip64, at - LOCATOR_LEN - END64_LEN),
        None => (directory, at),
    };
    let ends_at = start + first as u64;
    let end = place(directory, ends_at, tail[first..].to_vec(), defects);
    if first < at && end.central + end.size == ends_at {
        check_locator(&tail[at - LOCATOR_LEN..at], ends_at - end.shift, defects);
    }
    Ok(Some(end))
}

/// The last end record whose comment fits.
fn last_end(tail: &[u8]) -> Option<usize> {
    let last = tail.len().checked_sub(END_LEN)?;
    (0..=last).rev().find(|&at| {
        let mut fields = Fields(&tail[at..]);
        fields.u32() == END && at + END_LEN + comment_length(&tail[at..]) <= tail.len()
    })
}

fn comment_length(end: &[u8]) -> usize {
    usize::from(Fields(&end[END_LEN - 2..]).u16())
}

fn read_end(tail: &[u8], at: usize, defects: &mut Vec<Defect>) -> Directory {
    let mut fields = Fields(&tail[at + 4..]);
    let (disk, central_disk) = (fields.u16(), fields.u16());
    let (here, count) = (fields.u16(), fields.u16());
    let (size, offset) = (fields.u32(), fields.u32());
    if disk != 0 || central_disk != 0 || here != count {
        defects.push(Defect::new("zip_header", "", "the zip spans several disks"));
    }
    let comment = comment_length(&tail[at..]);
    if comment > 0 {
        let message = format_args!("the zip ends with a comment of {comment} bytes");
        defects.push(Defect::new("zip_comment", "", message));
    }
    let trailing = tail.len() - at - END_LEN - comment;
    if trailing > 0 {
        let message = format_args!("{trailing} bytes follow the end of the zip");
        defects.push(Defect::new("zip_trailing", "", message));
    }
    Directory {
        count: count.into(),
        size: size.into(),
        offset: offset.into(),
    }
}

/// The zip64 end, where a locator stands before the end; what both say must agree.
fn read_zip64(
    tail: &[u8],
    at: usize,
    small: Directory,
    defects: &mut Vec<Defect>,
) -> Option<Directory> {
    let locator = at.checked_sub(LOCATOR_LEN)?;
    if Fields(&tail[locator..]).u32() != LOCATOR {
        return None;
    }
    let record = locator.checked_sub(END64_LEN);
    let mut fields = Fields(record.map_or(&[], |record| &tail[record..locator]));
    if fields.u32() != END64 || fields.u64() != END64_LEN as u64 - 12 {
        let message = "no zip64 end of 56 bytes stands before its locator";
        defects.push(Defect::new("zip_header", "", message));
        return None;
    }
    fields.take(4);
    let disks = fields.u64();
    let here = fields.u64();
    let large = Directory {
        count: fields.u64(),
        size: fields.u64(),
        offset: fields.u64(),
    };
    if disks != 0 || here != large.count {
        defects.push(Defect::new("zip_header", "", "the zip spans several disks"));
    }
    let agree = |small: u64, large: u64, most: u64| small == most || small == large;
    let most = u64::from(u32::MAX);
    if !agree(small.count, large.count, u16::MAX.into())
        || !agree(small.size, large.size, most)
        || !agree(small.offset, large.offset, most)
    {
        let message = "the end and the zip64 end contradict each other";
        defects.push(Defect::new("zip_mismatch", "", message));
    }
    Some(large)
}

/// The central directory ends where the end records begin: that, and not its offset, says
/// where it is. An offset that is too small means that something was put before the zip.
fn place(directory: Directory, ends_at: u64, raw: Vec<u8>, defects: &mut Vec<Defect>) -> End {
    let begin = ends_at.checked_sub(directory.size);
    let shift = begin.and_then(|begin| begin.checked_sub(directory.offset));
    if shift.is_none() {
        let message = "the central directory does not end where the end of the zip begins";
        defects.push(Defect::new("zip_header", "", message));
    }
    let found = begin.is_some();
    End {
        central: begin.unwrap_or(ends_at),
        size: if found { directory.size } else { 0 },
        count: directory.count,
        shift: shift.unwrap_or(0),
        raw,
    }
}

fn check_locator(locator: &[u8], expected: u64, defects: &mut Vec<Defect>) {
    let mut fields = Fields(&locator[4..]);
    if (fields.u32(), fields.u64(), fields.u32()) != (0, expected, 1) {
        let message = "the zip64 locator points elsewhere than at the zip64 end";
        defects.push(Defect::new("zip_mismatch", "", message));
    }
}
