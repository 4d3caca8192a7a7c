//! Zips as somebody could make them (PKWARE's APPNOTE), every record to be changed.

use std::io::Write as _;

use flate2::{Compression, Crc, write::DeflateEncoder};

/// What a local and a central header both say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub name: Vec<u8>,
    pub flags: u16,
    pub method: u16,
    pub crc: u32,
    pub packed: u32,
    pub size: u32,
    pub extra: Vec<u8>,
}

#[derive(Debug, Clone)]
pub struct Entry {
    pub local: Header,
    pub central: Header,
    /// The packed bytes.
    pub body: Vec<u8>,
    /// What follows them, such as a data descriptor.
    pub tail: Vec<u8>,
    pub comment: Vec<u8>,
    pub attributes: u32,
    pub disk: u16,
    /// Where its local header is said to be, where that is not true.
    pub offset: Option<u32>,
}

/// Makes records of the directory's count, size and offset.
type Records = fn(u64, u64, u64) -> Vec<u8>;

/// A zip before it is written.
#[derive(Debug, Clone, Default)]
pub struct Archive {
    pub prefix: Vec<u8>,
    pub entries: Vec<Entry>,
    /// Bytes before the central directory.
    pub gap: Vec<u8>,
    /// Records before the end, such as those of zip64.
    pub wide: Option<Records>,
    pub comment: Vec<u8>,
    pub suffix: Vec<u8>,
    /// Changes the end record: count, size, offset.
    pub end: Option<fn(&mut [u32; 3])>,
    /// Bytes before the first entry that offsets do not count.
    pub shifted: bool,
}

pub fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut out = DeflateEncoder::new(Vec::new(), Compression::fast());
    out.write_all(bytes).expect("memory");
    out.finish().expect("memory")
}

impl Entry {
    /// A file that is stored as it is.
    pub fn stored(name: &str, bytes: &[u8]) -> Self {
        let length = u32::try_from(bytes.len()).expect("a small file");
        let header = Header {
            name: name.as_bytes().to_vec(),
            flags: 0,
            method: 0,
            crc: crc(bytes),
            packed: length,
            size: length,
            extra: Vec::new(),
        };
        Self {
            local: header.clone(),
            central: header,
            body: bytes.to_vec(),
            tail: Vec::new(),
            comment: Vec::new(),
            attributes: 0o100_644 << 16,
            disk: 0,
            offset: None,
        }
    }

    /// The same file deflated.
    pub fn deflate(&mut self) {
        self.body = deflated(&self.body);
        let packed = u32::try_from(self.body.len()).expect("a small file");
        self.both(|header| (header.method, header.packed) = (8, packed));
    }

    /// Changes both headers alike.
    pub fn both(&mut self, change: impl Fn(&mut Header)) {
        change(&mut self.local);
        change(&mut self.central);
    }

    /// Leaves sizes and checksum to a descriptor behind the data (APPNOTE 4.3.9).
    pub fn describe(&mut self, signature: bool) {
        let facts = [self.local.crc, self.local.packed, self.local.size];
        let mark = if signature {
            b"PK\x07\x08".to_vec()
        } else {
            Vec::new()
        };
        self.tail = [mark, facts.map(u32::to_le_bytes).concat()].concat();
        self.both(|header| header.flags |= 8);
        (self.local.crc, self.local.packed, self.local.size) = (0, 0, 0);
    }

    pub fn name(&self) -> String {
        String::from_utf8_lossy(&self.central.name).into_owned()
    }
}

impl Header {
    fn put(&self, out: &mut Vec<u8>) {
        for field in [20, self.flags, self.method, 0, 33] {
            out.extend(field.to_le_bytes());
        }
        for field in [self.crc, self.packed, self.size] {
            out.extend(field.to_le_bytes());
        }
        for length in [self.name.len(), self.extra.len()] {
            out.extend(u16::try_from(length).expect("short").to_le_bytes());
        }
    }
}

fn central(entry: &Entry, offset: u32) -> Vec<u8> {
    let mut out = b"PK\x01\x02\x14\x03".to_vec();
    entry.central.put(&mut out);
    let comment = u16::try_from(entry.comment.len()).expect("short");
    for field in [comment, entry.disk, 0] {
        out.extend(field.to_le_bytes());
    }
    out.extend(entry.attributes.to_le_bytes());
    out.extend(entry.offset.unwrap_or(offset).to_le_bytes());
    [
        out,
        entry.central.name.clone(),
        entry.central.extra.clone(),
        entry.comment.clone(),
    ]
    .concat()
}

fn small(length: usize) -> u32 {
    u32::try_from(length).expect("a small zip")
}

impl Archive {
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = self.prefix.clone();
        let base = if self.shifted { out.len() } else { 0 };
        let mut directory = Vec::new();
        for entry in &self.entries {
            directory.extend(central(entry, small(out.len() - base)));
            out.extend(b"PK\x03\x04");
            entry.local.put(&mut out);
            for part in [
                &entry.local.name,
                &entry.local.extra,
                &entry.body,
                &entry.tail,
            ] {
                out.extend(part);
            }
        }
        out.extend(&self.gap);
        let offset = out.len() - base;
        let (count, size) = (self.entries.len(), directory.len());
        out.extend(directory);
        if let Some(wide) = self.wide {
            out.extend(wide(count as u64, size as u64, offset as u64));
        }
        let mut facts = [small(count), small(size), small(offset)];
        if let Some(change) = self.end {
            change(&mut facts);
        }
        self.put_end(facts, &mut out);
        out
    }

    fn put_end(&self, [count, size, offset]: [u32; 3], out: &mut Vec<u8>) {
        let count = u16::try_from(count).expect("few");
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend([count, count].map(u16::to_le_bytes).concat());
        out.extend([size, offset].map(u32::to_le_bytes).concat());
        let comment = u16::try_from(self.comment.len()).expect("short");
        out.extend(comment.to_le_bytes());
        out.extend(&self.comment);
        out.extend(&self.suffix);
    }

    /// The entry of the bag's file.
    pub fn entry(&mut self, path: &str) -> &mut Entry {
        let ending = format!("/{path}");
        let mut all = self.entries.iter_mut();
        all.find(|entry| entry.name().ends_with(&ending))
            .expect("there")
    }

    /// The bag's folder's name.
    pub fn id(&self) -> String {
        let name = self.entries[0].name();
        name.split('/').next().unwrap_or_default().to_owned()
    }

    /// A folder more, whose whole name ends in a slash.
    pub fn add_folder(&mut self, name: &str) -> &mut Entry {
        let entry = self.add(name, b"");
        entry.attributes = 0o040_755 << 16 | 0x10;
        entry
    }

    /// A file more, under its whole name.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> &mut Entry {
        self.entries.push(Entry::stored(name, bytes));
        self.entries.last_mut().expect("just added")
    }
}
