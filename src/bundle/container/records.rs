//! The records of a zip as this program writes them, and the fields of those it reads.

/// A local file header (APPNOTE 4.3.7).
pub(super) const LOCAL: u32 = 0x0403_4b50;
/// A data descriptor (4.3.9).
pub(super) const DESCRIPTOR: u32 = 0x0807_4b50;
/// A central directory header (4.3.12).
pub(super) const CENTRAL: u32 = 0x0201_4b50;
/// The zip64 end of central directory (4.3.14).
pub(super) const END64: u32 = 0x0606_4b50;
/// Its locator (4.3.15).
pub(super) const LOCATOR: u32 = 0x0706_4b50;
/// The end of central directory (4.3.16).
pub(super) const END: u32 = 0x0605_4b50;

/// Lengths of the records' fixed parts.
pub(super) const LOCAL_LEN: usize = 30;
pub(super) const CENTRAL_LEN: usize = 46;
pub(super) const END_LEN: usize = 22;
pub(super) const END64_LEN: usize = 56;
pub(super) const LOCATOR_LEN: usize = 20;

/// Stored as it is (4.4.5).
pub(super) const STORED: u16 = 0;
/// Deflated.
pub(super) const DEFLATED: u16 = 8;

/// The extra field that holds what 32 bits cannot (4.5.3).
pub(super) const ZIP64_EXTRA: u16 = 1;

/// From this size on a file has its sizes in a zip64 extra field: 16 MiB before the limit,
/// as deflate may lengthen what it cannot shorten.
pub(super) const ZIP64_FROM: u64 = 0xFF00_0000;

/// The most entries of a bundle; what more would cost in memory helps nobody.
pub(in crate::bundle) const ENTRIES_MAX: usize = 1 << 18;

const DATE_1980_01_01: u16 = 1 << 5 | 1;
const REGULAR_0644: u32 = 0o100_644;
const HOST_UNIX: u16 = 3 << 8;
/// Deflate and folders need version 2.0 of a reader, zip64 needs 4.5 (4.4.3).
const VERSION: u16 = 20;
const VERSION_ZIP64: u16 = 45;

/// Says how a file of this name and size is kept in the canonical form.
pub(super) fn canonical_method(name: &str, size: u64) -> u16 {
    const COMPRESSED: [&str; 10] = [
        "gz", "zip", "png", "jpg", "jpeg", "pdf", "xlsx", "docx", "pptx", "hwpx",
    ];
    let extension = name.rsplit('.').next().unwrap_or_default();
    let compressed = COMPRESSED
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known));
    if size == 0 || compressed {
        STORED
    } else {
        DEFLATED
    }
}

/// One file's place in a canonical zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) name: String,
    pub(super) method: u16,
    pub(super) crc: u32,
    /// Bytes in the zip.
    pub(super) packed: u64,
    /// Bytes of the file.
    pub(super) size: u64,
    /// Where its local header begins.
    pub(super) offset: u64,
}

impl Record {
    /// The local header, canonical.
    pub(super) fn local(&self) -> Vec<u8> {
        let extra = if self.is_zip64() {
            vec![self.size, self.packed]
        } else {
            Vec::new()
        };
        let mut out = Vec::with_capacity(LOCAL_LEN + self.name.len());
        put32(&mut out, LOCAL);
        self.put_common(&mut out, &extra);
        out.extend_from_slice(self.name.as_bytes());
        put_extra(&mut out, &extra);
        out
    }

    /// The central header, canonical.
    pub(super) fn central(&self) -> Vec<u8> {
        let mut extra = Vec::new();
        if self.is_zip64() {
            extra.extend([self.size, self.packed]);
        }
        if self.offset >= u64::from(u32::MAX) {
            extra.push(self.offset);
        }
        let mut out = Vec::with_capacity(CENTRAL_LEN + self.name.len());
        put32(&mut out, CENTRAL);
        put16(&mut out, HOST_UNIX | needed(&extra));
        self.put_common(&mut out, &extra);
        // No comment, the first disk, no internal attributes.
        out.extend_from_slice(&[0; 6]);
        put32(&mut out, REGULAR_0644 << 16);
        put32(&mut out, saturated(self.offset));
        out.extend_from_slice(self.name.as_bytes());
        put_extra(&mut out, &extra);
        out
    }

    fn is_zip64(&self) -> bool {
        self.size >= ZIP64_FROM
    }

    /// What both headers say: version needed to the length of the extra field.
    fn put_common(&self, out: &mut Vec<u8>, extra: &[u64]) {
        put16(out, needed(extra));
        for field in [0, self.method, 0, DATE_1980_01_01] {
            put16(out, field);
        }
        put32(out, self.crc);
        let small = |value| {
            if self.is_zip64() {
                u32::MAX
            } else {
                saturated(value)
            }
        };
        put32(out, small(self.packed));
        put32(out, small(self.size));
        let name = u16::try_from(self.name.len()).expect("a path has at most 120 characters");
        put16(out, name);
        let extra = if extra.is_empty() {
            0
        } else {
            4 + extra.len() * 8
        };
        put16(out, u16::try_from(extra).expect("at most three numbers"));
    }
}

/// The end of a canonical zip whose central directory has `count` headers in `size` bytes at
/// `offset`.
pub(super) fn end_records(count: u64, size: u64, offset: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let most = u64::from(u32::MAX);
    if count >= u64::from(u16::MAX) || size >= most || offset >= most {
        put32(&mut out, END64);
        put64(&mut out, END64_LEN as u64 - 12);
        put16(&mut out, HOST_UNIX | VERSION_ZIP64);
        put16(&mut out, VERSION_ZIP64);
        out.extend_from_slice(&[0; 8]);
        for field in [count, count, size, offset] {
            put64(&mut out, field);
        }
        put32(&mut out, LOCATOR);
        put32(&mut out, 0);
        put64(&mut out, offset + size);
        put32(&mut out, 1);
    }
    put32(&mut out, END);
    put32(&mut out, 0);
    let count = u16::try_from(count).unwrap_or(u16::MAX);
    put16(&mut out, count);
    put16(&mut out, count);
    put32(&mut out, saturated(size));
    put32(&mut out, saturated(offset));
    put16(&mut out, 0);
    out
}

fn needed(extra: &[u64]) -> u16 {
    if extra.is_empty() {
        VERSION
    } else {
        VERSION_ZIP64
    }
}

fn put_extra(out: &mut Vec<u8>, extra: &[u64]) {
    if extra.is_empty() {
        return;
    }
    put16(out, ZIP64_EXTRA);
    put16(
        out,
        u16::try_from(extra.len() * 8).expect("at most three numbers"),
    );
    for &value in extra {
        put64(out, value);
    }
}

fn saturated(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn put16(out: &mut Vec<u8>, value: u16) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put64(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// Little-endian fields of a record, read from the front; past the end they are zero, so
/// callers look at the length first.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, length: usize) -> &'a [u8] {
        let (front, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        front
    }

    fn number<const N: usize>(&mut self) -> [u8; N] {
        self.take(N).try_into().unwrap_or([0; N])
    }

    pub(super) fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.number())
    }

    pub(super) fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.number())
    }

    pub(super) fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.number())
    }
}
