//! Records that contradict each other, overlap, leave bytes between them, or are cut off.

use super::{GAPS, bytes, wide_end, zipped};
use crate::forge::zip::Entry;
use crate::forge::{INPUTS, REPORT};
use crate::table::Row;

/// Records that contradict each other, overlap, or leave bytes between them.
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn records() -> Vec<Row> {
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
pub fn cut() -> Vec<Row> {
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
