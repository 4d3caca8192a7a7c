//! The zip around an unchanged bag: names, headers, sizes, and bytes that belong to nothing (APPNOTE).

mod contents;
mod entries;
mod names;
mod records;
mod repacked;

use crate::forge::zip::{Archive, Entry};
use crate::table::{Row, row};

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

pub fn rows() -> Vec<Row> {
    [
        repacked::repacked(),
        names::names(),
        entries::entries(),
        contents::kinds(),
        contents::contents(),
        records::records(),
        records::cut(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
