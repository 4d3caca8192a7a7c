//! Files of the bag that are left out, changed, or more than there should be.

use kisms::bundle::MEMBERS;

use super::forge::{Files, INFO, INPUTS, MANIFEST, SIGNATURE, TAGMANIFEST};
use super::table::{Row, row};

const FAMILY: &str = "members";
/// An export, and a document of the manual evidence.
const EXPORT: &str = "data/exports/E0001";
const EVIDENCE: &str = "data/evidence/";

type Change = fn(&mut Vec<u8>);

/// The whole path that begins so.
fn beginning(files: &Files, with: &str) -> String {
    let mut paths = files.keys();
    paths
        .find(|path| path.starts_with(with))
        .expect("there")
        .clone()
}

/// A code at a place, for as long as the table lives.
fn at(code: &str, path: &str) -> &'static str {
    Box::leak(format!("{code} {path}").into_boxed_str())
}

/// The signer lists and signs what is there after this.
fn by_signer(name: String, change: impl Fn(&mut Files) + Clone + 'static) -> Row {
    row(FAMILY, name, move |forge| {
        forge.on_signed = Some(Box::new(change.clone()));
    })
}

/// Somebody does this to what is signed.
fn by_other(name: String, change: impl Fn(&mut Files) + Clone + 'static) -> Row {
    row(FAMILY, name, move |forge| {
        forge.on_bag = Some(Box::new(change.clone()));
    })
}

fn each(path: &'static str) -> Vec<Row> {
    let mut missing = vec![at("file_missing", path)];
    let mut emptied = vec![at("file_changed", path)];
    if path.starts_with("data/") {
        missing.push("oxum_mismatch");
        emptied.push("oxum_mismatch");
    }
    let left_out = by_signer(format!("left out by the signer: {path}"), move |files| {
        files.remove(path);
    });
    let removed = by_other(format!("removed: {path}"), move |files| {
        files.remove(path);
    });
    let turned = by_other(format!("a byte turned: {path}"), move |files| {
        let bytes = files.get_mut(path).expect("there");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    });
    let emptied_row = by_other(format!("emptied: {path}"), move |files| {
        files.get_mut(path).expect("there").clear();
    });
    vec![
        left_out.no(&[at("member_missing", path)]),
        removed.no(&missing),
        turned.no(&[at("file_changed", path)]),
        emptied_row.no(&emptied),
    ]
}

/// The bag's own files, each removed or turned when all is signed.
fn tags() -> Vec<Row> {
    let removed = |path: &'static str| {
        by_other(format!("removed: {path}"), move |files| {
            files.remove(path);
        })
    };
    let turned = |path: &'static str| {
        by_other(format!("a byte turned: {path}"), move |files| {
            files.get_mut(path).expect("there")[3] ^= 1;
        })
    };
    vec![
        removed("bagit.txt").no(&["file_missing bagit.txt"]),
        removed(INFO).no(&["file_missing bag-info.txt"]),
        removed(MANIFEST).no(&["file_missing manifest-sha256.txt", "inputs_mismatch"]),
        removed(TAGMANIFEST).no(&["file_missing tagmanifest-sha256.txt"]),
        removed(SIGNATURE).no(&["unsigned tagmanifest-sha256.txt.p7s"]),
        turned("bagit.txt").no(&["file_changed bagit.txt", "bagit_malformed"]),
        turned(INFO).no(&["file_changed bag-info.txt", "info_malformed"]),
        by_signer("left out by the signer: bagit.txt".to_owned(), |files| {
            files.remove("bagit.txt");
        })
        .no(&["file_missing bagit.txt"]),
        by_signer("left out by the signer: bag-info.txt".to_owned(), |files| {
            files.remove(INFO);
        })
        .no(&["file_missing bag-info.txt"]),
    ]
}

/// Exports and evidence, which inputs.csv names.
fn inputs() -> Vec<Row> {
    let path = |with: &'static str| beginning(&super::forge::Forge::new().bag(), with);
    let mut rows = Vec::new();
    for with in [EXPORT, EVIDENCE] {
        let path = path(with);
        let leave = {
            let path = path.clone();
            by_signer(format!("left out by the signer: {path}"), move |files| {
                files.remove(&path);
            })
        };
        let change = {
            let path = path.clone();
            by_signer(format!("changed by the signer: {path}"), move |files| {
                files.get_mut(&path).expect("there").push(b'\n');
            })
        };
        rows.push(leave.no(&[at("member_missing", &path)]));
        rows.push(change.no(&[at("inputs_mismatch", &path)]));
    }
    let tables: [(&str, Change); 5] = [
        ("empty", Vec::clear),
        ("without its headings", |table| {
            let end = table
                .iter()
                .position(|byte| *byte == b'\n')
                .expect("a line");
            table.drain(..=end);
        }),
        ("no text", |table| table.extend(b"\xff\xfe\r\n")),
        ("a row that is too short", |table| {
            table.extend(b"E9999\r\n");
        }),
        ("a quote that is never closed", |table| {
            table.extend(b"\"\r\n");
        }),
    ];
    for (name, change) in tables {
        rows.push(
            by_signer(format!("inputs.csv: {name}"), move |files| {
                change(files.get_mut(INPUTS).expect("there"));
            })
            .no(&["inputs_mismatch data/csv/inputs.csv"]),
        );
    }
    rows
}

/// Files that are there and should not be.
fn more() -> Vec<Row> {
    let listed = |path: &'static str| {
        by_signer(format!("one more, listed: {path}"), move |files| {
            files.insert(path.to_owned(), b"x".to_vec());
        })
    };
    let unlisted = |path: &'static str| {
        by_other(format!("one more, not listed: {path}"), move |files| {
            files.insert(path.to_owned(), b"x".to_vec());
        })
    };
    vec![
        listed("data/appendix/more.pdf"),
        listed("README.txt"),
        listed("fetch.txt").no(&["bag_unsupported fetch.txt"]),
        listed("manifest-md5.txt").no(&["bag_unsupported manifest-md5.txt"]),
        listed("manifest-sha512.txt").no(&["bag_unsupported manifest-sha512.txt"]),
        listed("tagmanifest-sha512.txt").no(&["bag_unsupported tagmanifest-sha512.txt"]),
        listed("data/Report.pdf").no(&["path_collision"]),
        listed("data/csv/Columns.JSON").no(&["path_collision"]),
        listed("data/report.pdf/x").no(&["path_collision"]),
        unlisted("data/more.txt").no(&["file_unlisted data/more.txt", "oxum_mismatch"]),
        unlisted("README.txt").no(&["file_unlisted README.txt"]),
        unlisted("fetch.txt").no(&["file_unlisted fetch.txt", "bag_unsupported fetch.txt"]),
        unlisted("manifest-md5.txt").no(&[
            "file_unlisted manifest-md5.txt",
            "bag_unsupported manifest-md5.txt",
        ]),
        unlisted("data/.DS_Store").no(&["left_behind"]),
        unlisted("verify.sh/x").no(&["path_collision", "file_unlisted verify.sh/x"]),
    ]
}

pub fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = MEMBERS.into_iter().flat_map(each).collect();
    rows.extend([tags(), inputs(), more()].into_iter().flatten());
    rows
}
