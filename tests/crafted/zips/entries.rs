//! More entries than the bag has files, or of another kind.

use super::{GAPS, TOML, zipped};
use crate::forge::zip::{Archive, Entry};
use crate::table::Row;

/// More entries than the bag has files, or of another kind.
pub fn entries() -> Vec<Row> {
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
