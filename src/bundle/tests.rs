//! Whole bundles: a small good one, written, read, and packed otherwise.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::digest::Digest;
use crate::error::Error;

mod corruption;
mod making;

const ID: &str = "kisms-2026Q3-1a2b3c4d";

fn path(text: &str) -> BundlePath {
    text.parse().expect("legal")
}

fn bag() -> Bag {
    let payload = [
        ("data/report.pdf", "%PDF-1.7 not really"),
        (
            "data/csv/findings.csv",
            "id,status\r\nF-1,COMPLIANT\r\nF-2,COMPLIANT\r\n",
        ),
        ("data/evidence/2.1.1/M0001.txt", ""),
        ("data/exports/E0001.json.gz", "gz"),
    ];
    let content = |text: &str| Content::Bytes(text.into());
    Bag {
        id: ID.to_owned(),
        payload: payload
            .map(|(name, text)| (path(name), content(text)))
            .into(),
        tag_files: BTreeMap::from([(path("VERIFY.txt"), b"how to".to_vec())]),
        info: vec![("Source-Organization".to_owned(), "주식회사 예시".to_owned())],
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the type of a signing function")]
fn sign(tagmanifest: &[u8]) -> crate::error::Result<Vec<u8>> {
    Ok(format!("signed {}", Digest::of(tagmanifest)).into_bytes())
}

fn zip_of(bag: &Bag) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    write(bag, &mut out, Some(&sign)).expect("a good bag");
    out.into_inner()
}

/// The good bundle, unpacked; the bag's folder is inside.
fn unpacked() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let zip = folder.path().join("good.zip");
    fs::write(&zip, zip_of(&bag())).expect("space");
    let opened = verify(&zip).expect("a zip");
    let own = [
        (TAGMANIFEST, opened.tagmanifest.clone().expect("there")),
        (SIGNATURE, opened.signature.clone().expect("there")),
    ];
    let listed = opened.files.keys().map(BundlePath::as_str);
    let listed = listed.map(|name| (name, opened.read(name, 1000).expect("small")));
    let root = folder.path().join(ID);
    for (name, bytes) in listed.chain(own) {
        let target = root.join(name);
        fs::create_dir_all(target.parent().expect("inside")).expect("space");
        fs::write(target, bytes).expect("space");
    }
    fs::remove_file(zip).expect("there");
    (folder, root)
}

fn found(opened: &Opened) -> Vec<(&str, &str)> {
    let defects = opened.defects.iter();
    defects
        .map(|defect| (defect.code, defect.path.as_str()))
        .collect()
}

#[test]
fn a_bundle_verifies_as_it_was_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("any-name.zip");
    let written = write_new_file(&target, false, |file| write(&bag(), file, Some(&sign)))
        .expect("a good bag");
    let opened = verify(&target).expect("a zip");
    assert_eq!((found(&opened), &opened.notes[..]), (vec![], &[][..]));
    assert_eq!(opened.id, ID);
    assert_eq!(opened.root, Some(written.root));
    assert_eq!(opened.files.len() + 2, written.files);
    assert_eq!(fs::metadata(&target).expect("there").len(), written.bytes);
    let tagmanifest = opened.tagmanifest.as_deref().expect("there");
    assert_eq!(opened.signature, Some(sign(tagmanifest).expect("no key")));
    assert!(
        opened
            .info
            .contains(&("Payload-Oxum".to_owned(), "62.4".to_owned()))
    );
    assert_eq!(
        opened.read("data/exports/E0001.json.gz", 2),
        Ok(b"gz".to_vec())
    );
    for (name, most) in [
        ("data/exports/E0001.json.gz", 1),
        ("data/none", 9),
        ("../x", 9),
    ] {
        assert!(opened.read(name, most).is_err(), "{name}");
    }
}

#[test]
fn the_same_bag_gives_the_same_bytes() {
    assert_eq!(zip_of(&bag()), zip_of(&bag()));
}

#[test]
fn an_unpacked_bundle_is_intact_and_noted_as_repacked() {
    let (outer, root) = unpacked();
    for place in [outer.path(), &root] {
        let opened = verify(place).expect("a bag's folder");
        assert_eq!(found(&opened), []);
        assert_eq!(opened.notes, [Note::Repacked]);
    }
}

#[test]
fn files_that_are_zipped_again_are_intact_and_noted_as_repacked() {
    let (_outer, root) = unpacked();
    let opened = verify(&root).expect("a bag's folder");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.add_directory(format!("{ID}/"), stored).expect("memory");
    let own = [TAGMANIFEST, SIGNATURE];
    for name in opened.files.keys().map(BundlePath::as_str).chain(own) {
        zip.start_file(format!("{ID}/{name}"), stored)
            .expect("memory");
        zip.write_all(&fs::read(root.join(name)).expect("there"))
            .expect("memory");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("again.zip");
    fs::write(&target, zip.finish().expect("memory").into_inner()).expect("space");
    let opened = verify(&target).expect("a zip");
    assert_eq!(
        (found(&opened), &opened.notes[..]),
        (vec![], &[Note::Repacked][..])
    );
}

#[test]
fn another_signature_changes_nothing_else() {
    let (_outer, root) = unpacked();
    let mut out = Cursor::new(Vec::new());
    let opened = verify(&root).expect("a bag's folder");
    let signature = opened.signature.clone().expect("there");
    opened.with_signature(&signature, &mut out).expect("intact");
    assert_eq!(out.into_inner(), zip_of(&bag()));
    let mut out = Cursor::new(Vec::new());
    opened
        .with_signature(b"another, and a longer one than before", &mut out)
        .expect("intact");
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("x.zip");
    fs::write(&target, out.into_inner()).expect("space");
    let again = verify(&target).expect("a zip");
    assert_eq!(
        (found(&again), again.root, &again.notes[..]),
        (vec![], opened.root, &[][..])
    );
    fs::write(root.join("data/report.pdf"), "other").expect("space");
    let spoilt = verify(&root).expect("a bag's folder");
    assert!(
        spoilt
            .with_signature(b"x", Cursor::new(Vec::new()))
            .is_err()
    );
}

/// A zip of these entries, whatever they are.
fn zip_of_entries(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = container::ZipWriter::new(Cursor::new(Vec::new())).expect("memory");
    for (name, bytes) in entries {
        let put = |out: &mut dyn Write| out.write_all(bytes).map_err(Error::new);
        zip.add(name, bytes.len() as u64, put).expect("memory");
    }
    zip.finish().expect("memory").0.into_inner()
}

#[test]
fn what_lies_beside_the_bags_folder_is_a_defect() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("x.zip");
    let entries: [(&str, &[u8]); 3] = [
        ("a/x", b""),
        ("b/bagit.txt", BAGIT_TEXT.as_bytes()),
        ("z", b""),
    ];
    fs::write(&target, zip_of_entries(&entries)).expect("space");
    let opened = verify(&target).expect("a zip");
    assert_eq!(opened.id, "b");
    assert_eq!(
        found(&opened),
        [
            ("bag_layout", "a/x"),
            ("file_missing", BAG_INFO),
            ("file_missing", MANIFEST),
            ("file_missing", TAGMANIFEST),
            ("bag_layout", "z"),
        ]
    );
}

#[test]
fn what_is_no_bundle_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("x.txt");
    fs::write(&text, "text").expect("space");
    for place in [folder.path(), &text, &folder.path().join("none")] {
        let error = verify(place).expect_err("no bundle");
        assert!(error.message.contains(&*place.to_string_lossy()), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_became_a_pipe_stops_the_writing_and_does_not_hold_it_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("a.json");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo of coreutils").success());
    let content = Content::File {
        path: pipe,
        sha256: Digest::of(b"before"),
        bytes: 6,
    };
    let mut bag = bag();
    bag.payload.insert(path("data/exports/E0002.json"), content);
    let error = write(&bag, Cursor::new(Vec::new()), None).expect_err("it waits for nobody");
    assert!(error.message.contains("not a regular file"), "{error}");
}

#[test]
fn a_file_that_changed_since_it_was_digested_stops_the_writing() {
    let folder = tempfile::tempdir().expect("a folder");
    let export = folder.path().join("export.json");
    let digested: Vec<u8> = b"0123456789".repeat(20_000);
    for (now, same) in [(0, true), (1, false), (-1, false)] {
        let mut bytes = digested.clone();
        bytes.resize(digested.len().strict_add_signed(now), b'x');
        fs::write(&export, bytes).expect("space");
        let content = Content::File {
            path: export.clone(),
            sha256: Digest::of(&digested),
            bytes: digested.len() as u64,
        };
        let mut bag = bag();
        bag.payload.insert(path("data/exports/E0002.json"), content);
        let target = folder.path().join("x.zip");
        let written = write_new_file(&target, false, |file| write(&bag, file, None));
        if same {
            written.expect("the same bytes");
            let opened = verify(&target).expect("a zip");
            assert_eq!((found(&opened), &opened.notes[..]), (vec![], &[][..]));
            assert_eq!(opened.signature, None);
            assert_eq!(
                opened.read("data/exports/E0002.json", 200_000),
                Ok(digested.clone())
            );
            fs::remove_file(&target).expect("there");
        } else {
            let message = written.expect_err("other bytes").message;
            assert!(message.contains("export.json` changed while"), "{message}");
            assert!(!target.exists());
        }
    }
}

#[test]
fn what_no_bundle_can_hold_is_refused() {
    let text = || Content::Bytes(b"x".to_vec());
    let refused = |change: &dyn Fn(&mut Bag)| {
        let mut bag = bag();
        change(&mut bag);
        write(&bag, Cursor::new(Vec::new()), None).is_err()
    };
    assert!(!refused(&|_| ()));
    assert!(refused(&|bag| bag.id = "a/b".to_owned()));
    assert!(refused(&|bag| bag.id = String::new()));
    assert!(refused(&|bag| drop(
        bag.payload.insert(path("report.pdf"), text())
    )));
    assert!(refused(&|bag| drop(
        bag.payload.insert(path("data/Report.pdf"), text())
    )));
    assert!(refused(&|bag| drop(
        bag.payload.insert(path("data/csv"), text())
    )));
    for name in [
        "data/x",
        BAGIT,
        "BAGIT.TXT",
        SIGNATURE,
        "manifest-md5.txt",
        "fetch.txt",
    ] {
        assert!(
            refused(&|bag| drop(bag.tag_files.insert(path(name), Vec::new()))),
            "{name}"
        );
    }
    assert!(refused(&|bag| bag
        .info
        .push(("A".to_owned(), "b\nC: d".to_owned()))));
}

#[test]
fn the_signature_is_over_the_bytes_of_the_tagmanifest() {
    let signed = RefCell::new(Vec::new());
    let keep = |bytes: &[u8]| {
        *signed.borrow_mut() = bytes.to_vec();
        Ok(Vec::new())
    };
    let written = write(&bag(), Cursor::new(Vec::new()), Some(&keep)).expect("a good bag");
    assert_eq!(Digest::of(&signed.borrow()), written.root);
    let text = String::from_utf8(signed.into_inner()).expect("text");
    let names: Vec<&str> = text.lines().map(|line| &line[66..]).collect();
    assert_eq!(names, ["VERIFY.txt", BAG_INFO, BAGIT, MANIFEST]);
}
