//! The zip around an unchanged bag: names, headers, sizes, and bytes that belong to nothing (APPNOTE).

use super::forge::zip::{Archive, Entry, crc};
use super::forge::{INPUTS, REPORT};
use super::table::{Row, row};

const FAMILY: &str = "zip";
const TOML: &str = "data/engagement/kisms.toml";
const GAPS: &str = "data/csv/gaps.csv";

fn zipped(name: impl Into<String>, change: impl Fn(&mut Archive) + Clone + 'static) -> Row {
    row(FAMILY, name, move |forge| {
        forge.on_archive = Some(Box::new(change.clone()));
    })
}

fn bytes(name: impl Into<String>, change: impl Fn(&mut Vec<u8>) + Clone + 'static) -> Row {
    row(FAMILY, name, move |forge| {
        forge.on_zip = Some(Box::new(change.clone()));
    })
}

/// What others' programs make of the same bag.
fn repacked() -> Vec<Row> {
    vec![
        zipped("again: all stored", |_| {}),
        zipped("again: all deflated", |zip| {
            zip.entries.iter_mut().for_each(Entry::deflate);
        }),
        zipped("again: in another order", |zip| zip.entries.reverse()),
        zipped("again: with descriptors", |zip| {
            for entry in &mut zip.entries {
                entry.deflate();
                entry.describe(true);
            }
        }),
        zipped("again: with descriptors that have no signature", |zip| {
            zip.entry(TOML).describe(false);
        }),
        zipped("again: names marked as UTF-8", |zip| {
            for entry in &mut zip.entries {
                entry.both(|header| header.flags |= 1 << 11);
            }
        }),
        zipped("again: times in an extra field", |zip| {
            zip.entry(TOML)
                .both(|header| header.extra = [b"UT\x05\0\x01".to_vec(), vec![0; 4]].concat());
        }),
        zipped("again: folders of their own", |zip| {
            let id = zip.id();
            zip.add_folder(&format!("{id}/"));
            zip.add_folder(&format!("{id}/data/"));
        }),
        zipped("again: an empty folder that is not of the bag", |zip| {
            let id = zip.id();
            zip.add_folder(&format!("{id}/data/empty/"));
        }),
        zipped("again: sizes in zip64", |zip| wide(zip.entry(TOML))),
        zipped("again: the end in zip64", |zip| zip.wide = Some(wide_end)),
        zipped("again: without modes", |zip| {
            for entry in &mut zip.entries {
                entry.attributes = 0;
            }
        }),
    ]
}

/// Puts the sizes of an entry into the extra field for them.
fn wide(entry: &mut Entry) {
    entry.both(|header| {
        let sizes = [header.size, header.packed]
            .map(u64::from)
            .map(u64::to_le_bytes);
        header.extra = [vec![1, 0, 16, 0], sizes.concat()].concat();
        (header.size, header.packed) = (u32::MAX, u32::MAX);
    });
}

fn wide_end(count: u64, size: u64, offset: u64) -> Vec<u8> {
    let mut out = b"PK\x06\x06".to_vec();
    out.extend(44_u64.to_le_bytes());
    out.extend([45, 3, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for number in [count, count, size, offset] {
        out.extend(number.to_le_bytes());
    }
    out.extend(b"PK\x06\x07\0\0\0\0");
    out.extend((offset + size).to_le_bytes());
    out.extend([1, 0, 0, 0]);
    out
}

/// Names that a reader takes for something else.
fn names() -> Vec<Row> {
    const INSIDE: &[&str] = &["zip_path", "path_illegal"];
    const OUTSIDE: &[&str] = &["zip_path", "bag_layout"];
    let cases: [(&str, &str, &[&str]); 20] = [
        ("dots that lead out", "../out.txt", OUTSIDE),
        ("dots within", "{id}/data/../../out.txt", INSIDE),
        ("a dot", "{id}/./x", INSIDE),
        ("absolute", "/etc/x", OUTSIDE),
        ("two slashes", "{id}//x", INSIDE),
        ("a drive", "C:/x", OUTSIDE),
        ("a drive within", "{id}/C:/x", INSIDE),
        ("a share", "//server/x", OUTSIDE),
        ("a stream of NTFS", "{id}/data/report.pdf:x", INSIDE),
        ("a backslash", "{id}/data\\x", INSIDE),
        ("backslashes alone", "..\\x", OUTSIDE),
        ("a NUL", "{id}/data/report.pdf\0.txt", INSIDE),
        ("a line feed", "{id}/data/a\nb", INSIDE),
        ("an escape for the terminal", "{id}/data/\u{1b}[2J", INSIDE),
        ("a turned direction", "{id}/data/\u{202e}fdp.exe", INSIDE),
        ("Hangul", "{id}/data/\u{ac00}.txt", INSIDE),
        ("a device", "{id}/data/con.txt", INSIDE),
        ("a dot at the end", "{id}/data/x.", INSIDE),
        ("a space at the end", "{id}/data/x ", INSIDE),
        ("a percent sign", "{id}/data/%2e%2e", INSIDE),
    ];
    let mut rows: Vec<Row> = cases
        .map(|(what, name, codes)| {
            zipped(format!("name: {what}"), move |zip| {
                let name = name.replace("{id}", &zip.id());
                zip.add(&name, b"x");
            })
            .no(codes)
        })
        .into_iter()
        .collect();
    rows.push(
        zipped("name: no text", |zip| {
            let name = [zip.id().as_bytes(), b"/data/\xff\xfe"].concat();
            zip.add("x", b"x")
                .both(|header| header.name.clone_from(&name));
        })
        .no(INSIDE),
    );
    rows.push(
        zipped("name: of 121 characters", |zip| {
            let id = zip.id();
            let name = format!("{id}/data/{}", "x".repeat(121 - id.len() - 6));
            zip.add(&name, b"x");
        })
        .no(INSIDE),
    );
    rows.push(
        zipped("name: none", |zip| {
            zip.add("", b"x");
        })
        .no(OUTSIDE),
    );
    rows.push(
        zipped("name: two, one of them in an extra field", |zip| {
            zip.entry(TOML)
                .both(|header| header.extra = b"up\x06\0\x01\0\0\0\0x".to_vec());
        })
        .no(&["zip_mismatch"]),
    );
    rows
}

/// More entries than the bag has files, or of another kind.
fn entries() -> Vec<Row> {
    const MORE: &[&str] = &["file_unlisted", "oxum_mismatch"];
    let twin = |name: &str, change: fn(&mut Archive)| zipped(format!("entry: {name}"), change);
    vec![
        twin("twice, the same", |zip| {
            let again = zip.entry(GAPS).clone();
            zip.entries.push(again);
        })
        .no(&["zip_duplicate"]),
        twin("twice, the second of other bytes", |zip| {
            let name = zip.entry(GAPS).name();
            zip.add(&name, b"other");
        })
        .no(&["zip_duplicate"]),
        twin("twice, the first of other bytes", |zip| {
            let name = zip.entry(GAPS).name();
            zip.entries.insert(0, Entry::stored(&name, b"other"));
        })
        .no(&[
            "zip_duplicate",
            "file_changed data/csv/gaps.csv",
            "oxum_mismatch",
        ]),
        twin("thrice", |zip| {
            let again = zip.entry(TOML).clone();
            zip.entries.extend([again.clone(), again]);
        })
        .no(&["zip_duplicate"]),
        twin("a file and a folder of one name", |zip| {
            let name = zip.entry(GAPS).name();
            zip.add_folder(&format!("{name}/"));
        })
        .no(&["zip_duplicate"]),
        twin("twice but for the case", |zip| {
            let name = zip.entry(GAPS).name().replace("gaps", "Gaps");
            zip.add(&name, b"x");
        })
        .no(&["path_collision", "file_unlisted", "oxum_mismatch"]),
        twin("a file where a folder is", |zip| {
            let id = zip.id();
            zip.add(&format!("{id}/data/csv"), b"x");
        })
        .no(&["path_collision", "file_unlisted", "oxum_mismatch"]),
        twin("that nobody lists", |zip| {
            let id = zip.id();
            zip.add(&format!("{id}/data/more.txt"), b"x");
        })
        .no(MORE),
        twin("beside the bag", |zip| {
            zip.add("other/x", b"x");
        })
        .no(&["bag_layout other/x"]),
        twin("above the bag", |zip| {
            zip.add("x", b"x");
        })
        .no(&["bag_layout x"]),
        twin("a folder beside the bag", |zip| {
            zip.add_folder("other/");
        })
        .no(&["bag_layout other"]),
        twin("the whole bag once more under another name", |zip| {
            let id = zip.id();
            for mut entry in zip.entries.clone() {
                let name = entry.name().replace(&id, "kisms-2026Q3-ffffffff");
                entry.both(|header| header.name = name.clone().into_bytes());
                zip.entries.push(entry);
            }
        })
        .no(&["bag_layout"]),
        twin("left by macOS", |zip| {
            zip.add("__MACOSX/._x", b"x");
        })
        .no(&["left_behind"]),
        twin("left by Windows within", |zip| {
            let id = zip.id();
            zip.add(&format!("{id}/data/Thumbs.db"), b"x");
        })
        .no(&["left_behind"]),
        twin("left out", |zip| {
            zip.entries.retain(|entry| !entry.name().ends_with(GAPS));
        })
        .no(&["file_missing data/csv/gaps.csv", "oxum_mismatch"]),
        twin("all left out", |zip| zip.entries.clear()).no(&["file_missing", "path_illegal"]),
        twin("without a folder around", |zip| {
            let inside = format!("{}/", zip.id());
            for entry in &mut zip.entries {
                let name = entry.name().replace(&inside, "");
                entry.both(|header| header.name = name.clone().into_bytes());
            }
        })
        .no(&["bag_layout", "file_missing"]),
        twin("a folder that has bytes", |zip| {
            let id = zip.id();
            zip.add_folder(&format!("{id}/data/csv/")).body = b"x".to_vec();
            let entry = zip.entries.last_mut().expect("just added");
            entry.both(|header| (header.packed, header.size) = (1, 1));
        })
        .no(&["zip_size"]),
    ]
}

/// What an entry says to be.
fn kinds() -> Vec<Row> {
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
fn contents() -> Vec<Row> {
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

/// Records that contradict each other, overlap, or leave bytes between them.
#[expect(clippy::too_many_lines, reason = "a list")]
fn records() -> Vec<Row> {
    let local = |name: &str, change: fn(&mut Entry)| {
        zipped(format!("record: {name}"), move |zip| {
            change(zip.entry(GAPS));
        })
        .no(&["zip_mismatch"])
    };
    let end = |name: &str, change: fn(&mut [u32; 3]), codes: &[&'static str]| {
        zipped(format!("record: {name}"), move |zip| zip.end = Some(change)).no(codes)
    };
    vec![
        local("another name in the local header", |entry| {
            entry.local.name[35] ^= 1;
        }),
        local("a name of dots in the local header", |entry| {
            entry.local.name = b"../x".to_vec();
        }),
        local("another method in the local header", |entry| {
            entry.local.method = 8;
        }),
        local("encrypted in the local header alone", |entry| {
            entry.local.flags |= 1;
        }),
        local("another size in the local header", |entry| {
            entry.local.size += 1;
        }),
        zipped("record: an extra field of one byte", |zip| {
            zip.entry(GAPS).both(|header| header.extra = vec![1]);
        })
        .no(&["zip_header"]),
        zipped("record: an extra field longer than it is", |zip| {
            zip.entry(GAPS)
                .both(|header| header.extra = b"UT\x09\0x".to_vec());
        })
        .no(&["zip_header"]),
        zipped("record: zip64 sizes beside those that hold", |zip| {
            let entry = zip.entry(GAPS);
            entry.both(|header| header.extra = [vec![1, 0, 16, 0], vec![7; 16]].concat());
        })
        .no(&["zip_header"]),
        zipped("record: an end in zip64 that counts otherwise", |zip| {
            zip.wide = Some(|count, size, offset| wide_end(count + 1, size, offset));
        })
        .no(&["zip_mismatch"]),
        zipped("record: on another disk", |zip| zip.entry(GAPS).disk = 1).no(&["zip_header"]),
        zipped("record: a comment", |zip| zip.comment = b"more".to_vec()).no(&["zip_comment"]),
        zipped("record: a comment that holds another end", |zip| {
            zip.comment = [b"PK\x05\x06".to_vec(), vec![0; 18]].concat();
        })
        .no(&["file_missing", "path_illegal", "zip_prefix"]),
        zipped("record: a comment at an entry", |zip| {
            zip.entry(GAPS).comment = b"more".to_vec();
        })
        .no(&["zip_comment"]),
        zipped("record: bytes before", |zip| {
            zip.prefix = b"#!/bin/sh\n".to_vec();
        })
        .no(&["zip_prefix"]),
        zipped("record: bytes before that offsets do not count", |zip| {
            zip.prefix = b"#!/bin/sh\n".to_vec();
            zip.shifted = true;
        })
        .no(&["zip_prefix"]),
        zipped("record: bytes behind", |zip| zip.suffix = b"more".to_vec()).no(&["zip_trailing"]),
        zipped("record: bytes before the directory", |zip| {
            zip.gap = b"more".to_vec();
        })
        .no(&["zip_gap"]),
        zipped("record: bytes between entries", |zip| {
            zip.entry(GAPS).tail = b"more".to_vec();
        })
        .no(&["zip_gap"]),
        end(
            "one entry more counted",
            |[count, _, _]| *count += 1,
            &["zip_mismatch"],
        ),
        end(
            "one entry less counted",
            |[count, _, _]| *count -= 1,
            &["zip_mismatch"],
        ),
        end(
            "the directory said to be later",
            |[_, _, offset]| *offset += 1,
            &["zip_header"],
        ),
        zipped("record: an entry said to lie in another", |zip| {
            let name = format!("{}/data/more", zip.id());
            zip.add(&name, b"x").offset = Some(0);
        })
        .no(&[
            "zip_overlap",
            "zip_mismatch",
            "zip_gap",
            "file_unlisted",
            "oxum_mismatch",
        ]),
        zipped("record: an entry said to lie behind the end", |zip| {
            zip.entry(GAPS).offset = Some(0x7000_0000);
        })
        .no(&["zip_header", "zip_gap"]),
        zipped("record: an entry that runs into the next", |zip| {
            zip.entry(GAPS)
                .both(|header| (header.packed, header.size) = (header.packed + 9, header.size + 9));
        })
        .no(&["zip_overlap", "oxum_mismatch"]),
    ]
}

/// Cut off, or with bytes turned.
fn cut() -> Vec<Row> {
    let mut rows = Vec::new();
    for kept in [4, 30, 1000, 20_000] {
        let name = format!("cut: after {kept} bytes");
        rows.push(bytes(name, move |zip| zip.truncate(kept)).no(&["zip_end"]));
    }
    for lost in [1, 21, 22, 23, 2000] {
        let name = format!("cut: the last {lost} bytes gone");
        rows.push(bytes(name, move |zip| zip.truncate(zip.len() - lost)).no(&["zip_end"]));
    }
    rows.push(
        bytes("cut: the first byte gone", |zip| {
            zip.remove(0);
        })
        .no(&["zip_header", "zip_gap", "zip_prefix"]),
    );
    rows.push(
        bytes(
            "cut: just behind the workbook, which is a zip itself",
            |zip| {
                let name = b"statement-of-operation.xlsx";
                let at = zip.windows(name.len()).position(|window| window == name);
                let next = zip[at.expect("there")..]
                    .windows(4)
                    .position(|w| w == b"PK\x05\x06");
                zip.truncate(at.expect("there") + next.expect("an end") + 30);
            },
        )
        .no(&["zip_end"]),
    );
    for path in [REPORT, INPUTS] {
        rows.push(
            zipped(format!("turned: a byte of {path}"), move |zip| {
                let entry = zip.entry(path);
                let middle = entry.body.len() / 2;
                entry.body[middle] ^= 0x10;
            })
            .no(&["zip_crc", "file_changed"]),
        );
    }
    rows
}

pub fn rows() -> Vec<Row> {
    [
        repacked(),
        names(),
        entries(),
        kinds(),
        contents(),
        records(),
        cut(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
