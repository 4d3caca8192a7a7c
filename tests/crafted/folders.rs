//! The bag unpacked into a folder, and what lies in it.

use std::fs;
use std::path::Path;

use super::table::{Row, folder};

const FAMILY: &str = "folder";
const GAPS: &str = "data/csv/gaps.csv";

fn write(path: &Path) {
    fs::write(path, "x").expect("space");
}

#[cfg(unix)]
fn link(target: &str, path: &Path) {
    std::os::unix::fs::symlink(target, path).expect("a link");
}

/// Names that a file system allows and a bundle does not.
#[cfg(unix)]
fn names() -> Vec<Row> {
    use std::os::unix::ffi::OsStrExt as _;
    let named = |name: &str, change: fn(&Path)| {
        folder(FAMILY, format!("name: {name}"), change).no(&["path_illegal"])
    };
    vec![
        named("a colon", |root| write(&root.join("data/a:b"))),
        named("a backslash", |root| write(&root.join("data/a\\b"))),
        named("a line feed", |root| write(&root.join("data/a\nb"))),
        named("no text", |root| {
            write(&root.join(std::ffi::OsStr::from_bytes(b"data/\xff")));
        }),
        named("a device", |root| write(&root.join("data/nul"))),
    ]
}

/// What is no file.
#[cfg(unix)]
fn kinds() -> Vec<Row> {
    const GONE: &[&str] = &[
        "file_special data/csv/gaps.csv",
        "file_missing data/csv/gaps.csv",
        "oxum_mismatch",
    ];
    let kind = |name: &str, change: fn(&Path)| folder(FAMILY, format!("kind: {name}"), change);
    vec![
        kind("a link in a file's place, to the same bytes", |root| {
            let file = root.join(GAPS);
            fs::rename(&file, root.parent().expect("a folder").join("gaps")).expect("space");
            link("../../../gaps", &file);
        })
        .no(GONE),
        kind("a link to nothing", |root| {
            fs::remove_file(root.join(GAPS)).expect("there");
            link("nothing", &root.join(GAPS));
        })
        .no(GONE),
        kind("a link to a folder", |root| {
            link("/", &root.join("data/all"));
        })
        .no(&["file_special data/all"]),
        kind("a link to itself", |root| {
            link("loop", &root.join("data/loop"));
        })
        .no(&["file_special data/loop"]),
        kind("a FIFO in a file's place", |root| {
            fs::remove_file(root.join(GAPS)).expect("there");
            let path = root.join(GAPS).to_string_lossy().into_owned();
            let (made, said) = crate::signed::run(root, "mkfifo", &[&path], "install coreutils");
            assert!(made, "{said}");
        })
        .no(GONE),
        kind("a socket", |root| {
            let socket = std::os::unix::net::UnixListener::bind(root.join("data/s"));
            drop(socket.expect("a socket"));
        })
        .no(&["file_special data/s"]),
        kind("the manifest is a link", |root| {
            let file = root.join("manifest-sha256.txt");
            fs::rename(&file, root.parent().expect("a folder").join("m")).expect("space");
            link("../m", &file);
        })
        .no(&[
            "file_special manifest-sha256.txt",
            "file_missing manifest-sha256.txt",
            "inputs_mismatch",
        ]),
    ]
}

fn files() -> Vec<Row> {
    let case = |name: &str, change: fn(&Path)| folder(FAMILY, name, change);
    vec![
        case("good", |_| {}),
        case("an empty folder more", |root| {
            fs::create_dir(root.join("data/empty")).expect("space");
        }),
        case("a file more", |root| write(&root.join("data/more.txt")))
            .no(&["file_unlisted data/more.txt", "oxum_mismatch"]),
        case("a file more beside data", |root| {
            write(&root.join("README"));
        })
        .no(&["file_unlisted README"]),
        case("a file less", |root| {
            fs::remove_file(root.join(GAPS)).expect("there");
        })
        .no(&["file_missing data/csv/gaps.csv", "oxum_mismatch"]),
        case("a file emptied", |root| {
            fs::write(root.join(GAPS), "").expect("space");
        })
        .no(&["file_changed data/csv/gaps.csv", "oxum_mismatch"]),
        case("a folder in a file's place", |root| {
            fs::remove_file(root.join(GAPS)).expect("there");
            fs::create_dir(root.join(GAPS)).expect("space");
        })
        .no(&["file_missing data/csv/gaps.csv", "oxum_mismatch"]),
        case("a name in capitals", |root| {
            fs::rename(root.join(GAPS), root.join("data/csv/GAPS.csv")).expect("space");
        })
        .no(&[
            "file_missing data/csv/gaps.csv",
            "file_unlisted data/csv/GAPS.csv",
        ]),
        case("all of data gone", |root| {
            fs::remove_dir_all(root.join("data")).expect("there");
        })
        .no(&["file_missing", "oxum_mismatch"]),
        case("the signature alone gone", |root| {
            fs::remove_file(root.join("tagmanifest-sha256.txt.p7s")).expect("there");
        })
        .no(&["unsigned"]),
        case("left by macOS", |root| write(&root.join("data/.DS_Store"))).no(&["left_behind"]),
        case("left by Windows", |root| write(&root.join("Thumbs.db"))).no(&["left_behind"]),
        case("folders too deep", |root| {
            let deep = root.join("data/").join("a/".repeat(60));
            fs::create_dir_all(&deep).expect("space");
            write(&deep.join("x"));
        })
        .no(&["file_special"]),
    ]
}

pub fn rows() -> Vec<Row> {
    [files(), names(), kinds()].into_iter().flatten().collect()
}
