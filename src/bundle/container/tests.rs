//! Zips made by hand, each wrong in one way.

use std::io::{Cursor, Write};

use super::records::{DEFLATED, Record, STORED, end_records};
use super::{ZipWriter, scan, unpack};
use crate::error::Error;

/// An entry whose two headers can be made to disagree.
struct Made {
    local: Vec<u8>,
    central: Vec<u8>,
    data: Vec<u8>,
}

fn stored(name: &str, data: &[u8], offset: u64) -> Record {
    let mut crc = flate2::Crc::new();
    crc.update(data);
    let size = data.len() as u64;
    Record {
        name: name.to_owned(),
        method: STORED,
        crc: crc.sum(),
        packed: size,
        size,
        offset,
    }
}

/// Two stored files, whose headers `change` may alter: what lies in the zip, and a central
/// directory and end that fit its lengths.
fn made(change: impl FnOnce(&mut [Made; 2])) -> Vec<u8> {
    let first = stored("b/one.gz", b"one", 0);
    let offset = first.local().len() as u64 + 3;
    let second = stored("b/two.gz", b"two", offset);
    let mut entries = [(first, b"one"), (second, b"two")].map(|(record, data)| Made {
        local: record.local(),
        central: record.central(),
        data: data.to_vec(),
    });
    change(&mut entries);
    let mut zip = Vec::new();
    for entry in &entries {
        zip.extend([&entry.local[..], &entry.data].concat());
    }
    let offset = zip.len() as u64;
    for entry in &entries {
        zip.extend(&entry.central);
    }
    let size = zip.len() as u64 - offset;
    zip.extend(end_records(2, size, offset));
    zip
}

/// The codes that scanning and unpacking give, and whether all is canonical.
fn judge(zip: &[u8]) -> Option<(Vec<&'static str>, bool)> {
    let mut file = Cursor::new(zip);
    let structure = scan(&mut file).expect("memory")?;
    let mut canonical = structure.canonical;
    let mut codes: Vec<&str> = structure.defects.iter().map(|defect| defect.code).collect();
    for entry in structure.entries.iter().filter(|entry| entry.usable) {
        let mut bytes = Vec::new();
        file.set_position(entry.data);
        let unpacked = unpack(&mut file, entry, true, &mut bytes).expect("memory");
        assert!(bytes.len() as u64 <= entry.size);
        canonical &= unpacked.canonical;
        codes.extend(unpacked.fault.map(|(code, _)| code));
    }
    codes.sort_unstable();
    codes.dedup();
    Some((codes, canonical))
}

fn written(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new())).expect("memory");
    for (name, bytes) in files {
        let put = |out: &mut dyn Write| out.write_all(bytes).map_err(Error::new);
        zip.add(name, bytes.len() as u64, put).expect("memory");
    }
    zip.finish().expect("memory").0.into_inner()
}

fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    bytes[at..at + value.len()].copy_from_slice(value);
}

#[test]
fn what_is_made_right_is_canonical() {
    assert_eq!(judge(&made(|_| ())), Some((vec![], true)));
    let text = "the same again and again, ".repeat(9000);
    let files: [(&str, &[u8]); 3] = [("b/a", b""), ("b/b", text.as_bytes()), ("b/c.png", b"x")];
    let zip = written(&files);
    assert!(zip.len() < 5000, "deflated");
    assert_eq!(judge(&zip), Some((vec![], true)));
    assert_eq!(zip, written(&files));
}

/// Where fields stand in a local header; in a central header two bytes further on.
const FLAGS: usize = 6;
const METHOD: usize = 8;
const TIME: usize = 10;
const CRC: usize = 14;
const SIZE: usize = 22;
const NAME: usize = 30;
const CENTRAL_NAME: usize = 46;
const ATTRIBUTES: usize = 38;

fn both(entry: &mut Made, at: usize, value: &[u8]) {
    put(&mut entry.local, at, value);
    put(&mut entry.central, at + 2, value);
}

fn rename(entry: &mut Made, name: &[u8]) {
    put(&mut entry.local, NAME, name);
    put(&mut entry.central, CENTRAL_NAME, name);
}

type Change = fn(&mut [Made; 2]);

const DEFECTIVE: &[(&str, Change, &[&str])] = &[
    (
        "other local name",
        |e| put(&mut e[0].local, NAME, b"b/oNe.gz"),
        &["zip_mismatch"],
    ),
    (
        "other local crc",
        |e| put(&mut e[0].local, CRC, b"1234"),
        &["zip_mismatch"],
    ),
    (
        "other local size",
        |e| put(&mut e[0].local, SIZE, &[9]),
        &["zip_mismatch"],
    ),
    (
        "other local method",
        |e| put(&mut e[0].local, METHOD, &[8]),
        &["zip_mismatch"],
    ),
    (
        "other local flags",
        |e| put(&mut e[0].local, FLAGS, &[2]),
        &["zip_mismatch"],
    ),
    (
        "no local header",
        |e| put(&mut e[1].local, 0, b"XX"),
        &["zip_header", "zip_gap"],
    ),
    (
        "same name twice",
        |e| rename(&mut e[1], b"b/one.gz"),
        &["zip_duplicate"],
    ),
    (
        "absolute",
        |e| rename(&mut e[1], b"/etc/abc"),
        &["zip_path"],
    ),
    ("upwards", |e| rename(&mut e[1], b"b/../abc"), &["zip_path"]),
    (
        "backslash",
        |e| rename(&mut e[1], b"b\\../abc"),
        &["zip_path"],
    ),
    (
        "not ASCII",
        |e| rename(&mut e[1], b"b/\xec\x95\x84abc"),
        &["zip_path"],
    ),
    (
        "not UTF-8",
        |e| rename(&mut e[1], b"b/\xff\xffabcd"),
        &["zip_path"],
    ),
    (
        "encrypted",
        |e| both(&mut e[1], FLAGS, &[1]),
        &["zip_encrypted"],
    ),
    (
        "strange flag",
        |e| both(&mut e[1], FLAGS, &[0, 4]),
        &["zip_header"],
    ),
    ("bzip2", |e| both(&mut e[1], METHOD, &[12]), &["zip_method"]),
    (
        "link",
        |e| put(&mut e[1].central, ATTRIBUTES, &[0, 0, 0xff, 0xa1]),
        &["zip_link"],
    ),
    (
        "device",
        |e| put(&mut e[1].central, ATTRIBUTES, &[0, 0, 0xb6, 0x21]),
        &["zip_link"],
    ),
    (
        "folder without slash",
        |e| put(&mut e[1].central, ATTRIBUTES, &[16]),
        &["zip_link"],
    ),
    ("wrong crc", |e| both(&mut e[1], CRC, b"1234"), &["zip_crc"]),
    (
        "stored with two sizes",
        |e| both(&mut e[1], SIZE, &[9]),
        &["zip_size"],
    ),
    (
        "bytes between",
        |e| {
            e[0].data.push(0);
            e[1].central[42] += 1;
        },
        &["zip_gap"],
    ),
    ("bytes at the end", |e| e[1].data.push(0), &["zip_gap"]),
    (
        "overlap",
        |e| put(&mut e[1].central, 42, &[0]),
        &["zip_mismatch", "zip_overlap", "zip_gap"],
    ),
    (
        "entry comment",
        |e| {
            e[1].central[32] = 1;
            e[1].central.push(b'x');
        },
        &["zip_comment"],
    ),
    ("other disk", |e| e[1].central[34] = 1, &["zip_header"]),
    (
        "broken extra",
        |e| {
            e[1].central[30] = 1;
            e[1].central.push(b'x');
        },
        &["zip_header"],
    ),
    (
        "an offset that no file has",
        |e| {
            put(&mut e[1].central, 42, &[0xff; 4]);
            e[1].central[30] = 12;
            e[1].central
                .extend(b"\x01\0\x08\0\xff\xff\xff\xff\xff\xff\xff\xff");
        },
        &["zip_header", "zip_gap"],
    ),
    (
        "no descriptor",
        |e| both(&mut e[1], FLAGS, &[8]),
        &["zip_mismatch"],
    ),
];

#[test]
fn every_way_to_be_read_differently_is_a_defect() {
    for (name, change, expected) in DEFECTIVE {
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        let (codes, _) = judge(&made(change)).expect(name);
        assert_eq!(codes, expected, "{name}");
    }
}

#[test]
fn what_other_writers_do_is_no_defect_and_not_canonical() {
    let cases: &[(&str, Change)] = &[
        ("a time", |e| both(&mut e[0], TIME, &[7, 7, 7, 7])),
        ("a mode", |e| {
            put(&mut e[0].central, ATTRIBUTES, &[0, 0, 0xed, 0x81]);
        }),
        ("made on DOS", |e| put(&mut e[0].central, 4, &[20, 0])),
        ("UTF-8 names", |e| both(&mut e[0], FLAGS, &[0, 8])),
        ("an extra field", |e| {
            e[1].central[30] = 5;
            e[1].central.extend(b"UT\x01\x00x");
        }),
        ("a descriptor", |e| {
            both(&mut e[1], FLAGS, &[8]);
            let central = e[1].central.clone();
            e[1].data.extend(&central[16..28]);
            put(&mut e[1].local, CRC, &[0; 12]);
        }),
    ];
    for (name, change) in cases {
        assert_eq!(judge(&made(change)), Some((vec![], false)), "{name}");
    }
}

#[test]
fn what_stands_around_a_zip_is_a_defect() {
    let zip = made(|_| ());
    let mut shifted = b"MZ".to_vec();
    shifted.extend(&zip);
    assert_eq!(judge(&shifted), Some((vec!["zip_prefix"], false)));
    let mut longer = zip.clone();
    longer.push(0);
    assert_eq!(judge(&longer), Some((vec!["zip_trailing"], false)));
    let mut comment = zip.clone();
    let length = comment.len();
    comment[length - 2] = 2;
    comment.extend(b"hi");
    assert_eq!(judge(&comment), Some((vec!["zip_comment"], false)));
    let mut miscounted = zip.clone();
    miscounted[length - 12] = 3;
    miscounted[length - 14] = 3;
    assert_eq!(judge(&miscounted), Some((vec!["zip_mismatch"], false)));
    let cut = Some((vec!["zip_end"], false));
    assert_eq!(judge(&zip[..zip.len() - 1]), cut);
    assert_eq!(judge(b"PK\x03\x04 but no end"), cut);
    assert_eq!(judge(b""), None);
    assert_eq!(judge(b"%PDF-1.7"), None);
}

/// One deflated entry with this stream and this size.
fn deflated(stream: &[u8], size: u64) -> Vec<u8> {
    let mut record = stored("b/x", &vec![0; usize::try_from(size).expect("small")], 0);
    record.method = DEFLATED;
    record.packed = stream.len() as u64;
    let mut zip = [&record.local()[..], stream].concat();
    let (offset, central) = (zip.len() as u64, record.central());
    zip.extend(&central);
    zip.extend(end_records(1, central.len() as u64, offset));
    zip
}

#[test]
fn a_stream_that_is_not_what_the_entry_says_is_a_defect() {
    let zeros = vec![0; 100_000];
    let zip = written(&[("b/x", &zeros)]);
    let header = 30 + 3;
    let packed = u32::from_le_bytes(zip[18..22].try_into().expect("four bytes")) as usize;
    let stream = &zip[header..header + packed];
    assert_eq!(judge(&deflated(stream, 100_000)), Some((vec![], true)));
    assert_eq!(
        judge(&deflated(stream, 99_999)).expect("a zip").0,
        ["zip_size"]
    );
    assert_eq!(
        judge(&deflated(stream, 100_001)).expect("a zip").0,
        ["zip_size"]
    );
    assert_eq!(
        judge(&deflated(&stream[..packed - 1], 100_000))
            .expect("a zip")
            .0,
        ["zip_stream"]
    );
    let longer = [stream, b"hidden"].concat();
    assert_eq!(
        judge(&deflated(&longer, 100_000)).expect("a zip").0,
        ["zip_stream"]
    );
    assert_eq!(
        judge(&deflated(b"\x07 no", 3)).expect("a zip").0,
        ["zip_stream"]
    );
    // More than deflate can make of so few bytes.
    assert_eq!(
        judge(&deflated(&stream[..9], 100_000)).expect("a zip").0,
        ["zip_size"]
    );
}

#[test]
fn large_sizes_and_offsets_are_kept_in_zip64_fields() {
    let large = Record {
        size: 5 << 30,
        packed: 5 << 30,
        offset: 6 << 30,
        ..stored("b/x.gz", b"", 0)
    };
    assert_eq!(large.local().len(), 30 + 6 + 4 + 16);
    assert_eq!(large.central().len(), 46 + 6 + 4 + 24);
    let end = super::end::End {
        central: 0,
        size: large.central().len() as u64,
        count: 1,
        shift: 0,
        raw: Vec::new(),
    };
    let mut defects = Vec::new();
    let entries = super::central::read(&mut Cursor::new(large.central()), &end, &mut defects)
        .expect("memory");
    assert_eq!(defects, []);
    assert_eq!(entries[0].record(), large);
    assert!(entries[0].canonical && entries[0].usable);
}

#[test]
fn more_entries_than_16_bits_count_need_a_zip64_end() {
    let zip = |count: usize| {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new())).expect("memory");
        for number in 0..count {
            zip.add(&format!("b/{number:06}"), 0, |_| Ok(()))
                .expect("memory");
        }
        zip.finish().expect("memory").0.into_inner()
    };
    let mut many = zip(70_000);
    assert_eq!(judge(&many), Some((vec![], true)));
    // The zip64 end's size of the central directory, which the small end says too.
    let at = many.len() - 22 - 20 - 56 + 40;
    many[at] ^= 1;
    assert!(judge(&many).expect("a zip").0.contains(&"zip_mismatch"));
}
