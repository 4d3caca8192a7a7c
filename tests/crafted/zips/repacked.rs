//! What others' programs make of the same bag.

use super::{TOML, wide, wide_end, zipped};
use crate::forge::zip::Entry;
use crate::table::Row;

/// What others' programs make of the same bag.
pub fn repacked() -> Vec<Row> {
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
