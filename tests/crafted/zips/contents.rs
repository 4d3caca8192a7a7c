//! What an entry says to be, its size, checksum and stream.

use super::{GAPS, zipped};
use crate::forge::zip::{Entry, crc};
use crate::table::Row;

/// What an entry says to be.
pub fn kinds() -> Vec<Row> {
    let marked = |name: &str, attributes: u32| {
        zipped(format!("kind: {name}"), move |zip| {
            zip.entry(GAPS).attributes = attributes;
        })
        .no(&["zip_link"])
    };
    let flagged = |name: &str, flags: u16, codes: &[&'static str]| {
        zipped(format!("kind: {name}"), move |zip| {
            zip.entry(GAPS).both(|header| header.flags |= flags);
        })
        .no(codes)
    };
    let packed = |name: &str, method: u16| {
        zipped(format!("kind: {name}"), move |zip| {
            zip.entry(GAPS).both(|header| header.method = method);
        })
        .no(&["zip_method"])
    };
    vec![
        marked("a symbolic link in a file's place", 0o120_777 << 16),
        marked("a device", 0o020_644 << 16),
        marked("a FIFO", 0o010_644 << 16),
        marked("a socket", 0o140_644 << 16),
        marked("a folder's mode at a file", 0o040_755 << 16),
        marked("a folder of DOS at a file", 0x10),
        marked("a volume's label", 0x08),
        zipped("kind: one more link, out of the bag", |zip| {
            let id = zip.id();
            zip.add(&format!("{id}/data/link"), b"/etc/passwd")
                .attributes = 0o120_777 << 16;
        })
        .no(&["zip_link", "file_unlisted", "oxum_mismatch"]),
        flagged("encrypted", 1, &["zip_encrypted"]),
        flagged("strongly encrypted", 1 | 1 << 6, &["zip_encrypted"]),
        flagged("masked headers", 1 << 13, &["zip_encrypted"]),
        flagged("patched data", 1 << 5, &["zip_header"]),
        flagged("a flag of no meaning", 1 << 14, &["zip_header"]),
        packed("bzip2", 12),
        packed("LZMA", 14),
        packed("AES", 99),
        packed("shrunk", 1),
    ]
}

/// Sizes, checksums and streams.
pub fn contents() -> Vec<Row> {
    vec![
        zipped("content: a wrong checksum in both headers", |zip| {
            zip.entry(GAPS).both(|header| header.crc ^= 1);
        })
        .no(&["zip_crc"]),
        zipped("content: a wrong checksum in the directory", |zip| {
            zip.entry(GAPS).central.crc ^= 1;
        })
        .no(&["zip_crc", "zip_mismatch"]),
        zipped("content: a wrong checksum in the local header", |zip| {
            zip.entry(GAPS).local.crc ^= 1;
        })
        .no(&["zip_mismatch"]),
        zipped("content: other bytes under the right checksum", |zip| {
            zip.entry(GAPS).body[0] ^= 1;
        })
        .no(&["zip_crc", "file_changed data/csv/gaps.csv"]),
        zipped("content: other bytes with their own checksum", |zip| {
            let entry = zip.entry(GAPS);
            entry.body[0] ^= 1;
            let sum = crc(&entry.body);
            entry.both(|header| header.crc = sum);
        })
        .no(&["file_changed data/csv/gaps.csv"]),
        zipped("content: stored, two sizes", |zip| {
            zip.entry(GAPS).both(|header| header.size += 1);
        })
        .no(&["zip_size", "oxum_mismatch"]),
        zipped("content: deflated, a byte more said", |zip| {
            zip.entry(GAPS).deflate();
            zip.entry(GAPS).both(|header| header.size += 1);
        })
        .no(&["zip_size"]),
        zipped("content: deflated, a byte less said", |zip| {
            zip.entry(GAPS).deflate();
            zip.entry(GAPS).both(|header| header.size -= 1);
        })
        .no(&["zip_size", "file_changed", "oxum_mismatch"]),
        zipped("content: more said than deflate can do", |zip| {
            zip.entry(GAPS).deflate();
            zip.entry(GAPS).both(|header| header.size = 0x7fff_ffff);
        })
        .no(&["zip_size", "oxum_mismatch"]),
        zipped("content: 64 MiB of zeros that say to be ten bytes", |zip| {
            let mut bomb = Entry::stored(&zip.entry(GAPS).name(), &vec![0; 64 << 20]);
            bomb.deflate();
            bomb.both(|header| header.size = 10);
            *zip.entry(GAPS) = bomb;
        })
        .no(&["zip_size", "file_changed", "oxum_mismatch"]),
        zipped("content: 64 MiB of zeros that nobody lists", |zip| {
            let name = format!("{}/data/bomb", zip.id());
            zip.add(&name, &vec![0; 64 << 20]).deflate();
        })
        .no(&["file_unlisted", "oxum_mismatch"]),
        zipped("content: the stream without its end", |zip| {
            zip.entry(GAPS).deflate();
            shortened(zip.entry(GAPS), 4);
        })
        .no(&["zip_stream", "file_changed", "oxum_mismatch"]),
        zipped("content: bytes after the stream", |zip| {
            zip.entry(GAPS).deflate();
            let entry = zip.entry(GAPS);
            entry.body.extend([0; 4]);
            entry.both(|header| header.packed += 4);
        })
        .no(&["zip_stream"]),
        zipped("content: no stream at all", |zip| {
            zip.entry(GAPS).both(|header| header.method = 8);
        })
        .no(&["zip_stream", "file_changed", "oxum_mismatch"]),
        zipped("content: a descriptor that says something else", |zip| {
            zip.entry(GAPS).describe(true);
            zip.entry(GAPS).tail[5] ^= 1;
        })
        .no(&["zip_mismatch", "zip_gap"]),
        zipped("content: a descriptor that is not there", |zip| {
            zip.entry(GAPS).describe(true);
            zip.entry(GAPS).tail.clear();
        })
        .no(&["zip_mismatch"]),
        zipped("content: a descriptor that nobody announced", |zip| {
            zip.entry(GAPS).tail = b"PK\x07\x08".to_vec();
        })
        .no(&["zip_gap"]),
    ]
}

fn shortened(entry: &mut Entry, by: u32) {
    let kept = entry.body.len() - usize::try_from(by).expect("few");
    entry.body.truncate(kept);
    entry.both(|header| header.packed -= by);
}
