//! Every way to spoil a bundle.

use std::fs;
use std::path::Path;

use super::*;

fn edit(root: &Path, name: &str, change: impl FnOnce(String) -> String) {
    let text = fs::read_to_string(root.join(name)).expect("text");
    fs::write(root.join(name), change(text)).expect("space");
}

/// Makes the manifests and the tagmanifest fit again, as a forger would.
fn relist(root: &Path, name: &str) {
    let digest = Digest::of(&fs::read(root.join(name)).expect("there"));
    edit(root, TAGMANIFEST, |text| {
        let change = |line: &str| match line.split_once("  ") {
            Some((_, own)) if own == name => format!("{digest}  {own}\n"),
            _ => format!("{line}\n"),
        };
        text.lines().map(change).collect()
    });
}

fn forge(root: &Path, name: &str, change: impl FnOnce(String) -> String) {
    edit(root, name, change);
    relist(root, name);
}

type Spoil = fn(&Path);

/// What was done, how, and the defects that it has: code and path.
type Case = (&'static str, Spoil, &'static [(&'static str, &'static str)]);

const PDF: &str = "data/report.pdf";

const CASES: &[Case] = &[
    (
        "a changed file",
        |r| edit(r, PDF, |t| t + " "),
        &[("oxum_mismatch", BAG_INFO), ("file_changed", PDF)],
    ),
    (
        "a changed tag file",
        |r| edit(r, "VERIFY.txt", |t| t.to_uppercase()),
        &[("file_changed", "VERIFY.txt")],
    ),
    (
        "a missing file",
        |r| fs::remove_file(r.join(PDF)).expect("there"),
        &[("oxum_mismatch", BAG_INFO), ("file_missing", PDF)],
    ),
    (
        "a missing tag file",
        |r| fs::remove_file(r.join("VERIFY.txt")).expect("there"),
        &[("file_missing", "VERIFY.txt")],
    ),
    (
        "a further file",
        |r| fs::write(r.join("data/x"), "").expect("space"),
        &[("oxum_mismatch", BAG_INFO), ("file_unlisted", "data/x")],
    ),
    (
        "a further tag file",
        |r| fs::write(r.join("x"), "").expect("space"),
        &[("file_unlisted", "x")],
    ),
    (
        "no declaration",
        |r| fs::remove_file(r.join(BAGIT)).expect("there"),
        &[("file_missing", BAGIT)],
    ),
    (
        "no manifest",
        |r| fs::remove_file(r.join(MANIFEST)).expect("there"),
        &[("file_missing", MANIFEST)],
    ),
    (
        "no tagmanifest",
        |r| fs::remove_file(r.join(TAGMANIFEST)).expect("there"),
        &[("file_missing", TAGMANIFEST)],
    ),
    (
        "another BagIt",
        |r| forge(r, BAGIT, |t| t.replace("1.0", "0.97")),
        &[("bagit_malformed", BAGIT)],
    ),
    (
        "another id",
        |r| forge(r, BAG_INFO, |t| t.replace(ID, "kisms-2026Q4-1a2b3c4d")),
        &[("id_mismatch", BAG_INFO)],
    ),
    (
        "another folder",
        |r| fs::rename(r, r.with_file_name("x")).expect("free"),
        &[("id_mismatch", BAG_INFO)],
    ),
    (
        "a later format",
        |r| forge(r, BAG_INFO, |t| t.replace("Format: 1", "Format: 2")),
        &[("format_unknown", BAG_INFO)],
    ),
    (
        "another size",
        |r| forge(r, BAG_INFO, |t| t.replace("62.4", "62.5")),
        &[("oxum_mismatch", BAG_INFO)],
    ),
    (
        "a folded line",
        |r| forge(r, BAG_INFO, |t| t + "  more\n"),
        &[("info_malformed", BAG_INFO)],
    ),
    (
        "no format",
        |r| forge(r, BAG_INFO, |t| t.replace("Kisms-Format", "Format")),
        &[("info_malformed", BAG_INFO)],
    ),
    (
        "CRLF",
        |r| forge(r, MANIFEST, |t| t.replacen('\n', "\r\n", 1)),
        &[
            ("file_unlisted", "data/csv/findings.csv"),
            ("manifest_malformed", MANIFEST),
        ],
    ),
    (
        "a listed link upwards",
        |r| forge(r, MANIFEST, |t| t.replace(PDF, "data/../../x")),
        &[("file_unlisted", PDF), ("manifest_malformed", MANIFEST)],
    ),
    (
        "a tag file in the payload's manifest",
        |r| {
            forge(r, MANIFEST, |t| {
                format!("{}  VERIFY.txt\n{t}", Digest::of(b"how to"))
            });
        },
        &[("manifest_malformed", MANIFEST)],
    ),
    (
        "a signature that is listed",
        |r| {
            edit(r, TAGMANIFEST, |t| {
                format!("{t}{}  {SIGNATURE}\n", Digest::of(b""))
            });
        },
        &[("manifest_malformed", TAGMANIFEST)],
    ),
    (
        "files to fetch",
        |r| {
            fs::write(r.join("fetch.txt"), "").expect("space");
            edit(r, TAGMANIFEST, |t| {
                t.replace(
                    "  manifest",
                    &format!("  fetch.txt\n{}  manifest", Digest::of(b"")),
                )
            });
            relist(r, "fetch.txt");
            relist(r, MANIFEST);
        },
        &[("bag_unsupported", "fetch.txt")],
    ),
    (
        "an illegal name",
        |r| fs::write(r.join("data/한"), "").expect("space"),
        &[("path_illegal", "data/한")],
    ),
    (
        "names in two cases",
        |r| fs::write(r.join("data/Report.pdf"), "").expect("space"),
        &[
            ("oxum_mismatch", BAG_INFO),
            ("file_unlisted", "data/Report.pdf"),
            ("path_collision", PDF),
        ],
    ),
    (
        "a large declaration",
        |r| {
            fs::write(r.join(BAGIT), vec![b'x'; (1 << 20) + 1]).expect("space");
            relist(r, BAGIT);
        },
        &[("file_large", BAGIT)],
    ),
];

#[test]
fn each_corruption_has_its_defects() {
    for (name, spoil, expected) in CASES {
        let (outer, root) = unpacked();
        spoil(&root);
        let opened = verify(outer.path()).expect(name);
        assert_eq!(found(&opened), *expected, "{name}: {:#?}", opened.defects);
        // Not the same files that were merely unpacked.
        assert_eq!(opened.notes.is_empty(), !expected.is_empty(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn what_file_managers_left_in_a_folder_is_one_defect_that_names_all_of_it() {
    let (outer, root) = unpacked();
    fs::write(outer.path().join(".DS_Store"), "x").expect("space");
    fs::create_dir(outer.path().join("__MACOSX")).expect("space");
    assert_eq!(
        found(&verify(outer.path()).expect("a folder around it")),
        []
    );
    for name in [
        ".DS_Store",
        "data/Thumbs.db",
        "data/._findings.csv",
        "data/report.pdf:Zone.Identifier",
        "data/~$점검표.xlsx",
    ] {
        fs::write(root.join(name), "left there").expect("space");
    }
    fs::create_dir(root.join("@eaDir")).expect("space");
    fs::write(root.join("@eaDir/report.pdf"), "x").expect("space");
    let opened = verify(&root).expect("a bag's folder");
    assert_eq!(found(&opened), [("left_behind", "")]);
    let message = &opened.defects[0].message;
    for name in [
        ".DS_Store",
        "@eaDir",
        "data/Thumbs.db",
        "and 1 more",
        "remove",
    ] {
        assert!(message.contains(name), "{name}: {message}");
    }
    // Nothing else hides behind it.
    fs::write(root.join("data/x"), "").expect("space");
    fs::write(root.join(PDF), "other").expect("space");
    assert_eq!(
        found(&verify(&root).expect("a bag's folder")),
        [
            ("left_behind", ""),
            ("oxum_mismatch", BAG_INFO),
            ("file_changed", PDF),
            ("file_unlisted", "data/x"),
        ]
    );
}

#[test]
fn what_file_managers_packed_beside_the_bag_is_one_defect() {
    let (_outer, root) = unpacked();
    let good = verify(&root).expect("a bag's folder");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let names = good.files.keys().map(BundlePath::as_str);
    for name in names.chain([TAGMANIFEST, SIGNATURE]) {
        let bytes = fs::read(root.join(name)).expect("there");
        zip.start_file(format!("{ID}/{name}"), options)
            .expect("memory");
        zip.write_all(&bytes).expect("memory");
    }
    let long = "x".repeat(150);
    for name in [
        format!("{ID}/data/.DS_Store"),
        format!("{ID}/data/report.pdf:Zone.Identifier"),
        format!("__MACOSX/{ID}/._data"),
        format!("__MACOSX/{ID}/data/._{long}"),
        "__MACOSX/._통제항목".to_owned(),
    ] {
        zip.start_file(name, options).expect("memory");
        zip.write_all(b"left there").expect("memory");
    }
    zip.add_directory("__MACOSX", options).expect("memory");
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("again.zip");
    let bytes = zip.finish().expect("memory").into_inner();
    fs::write(&target, bytes).expect("space");
    let opened = verify(&target).expect("a zip");
    assert_eq!(
        found(&opened),
        [("left_behind", "")],
        "{:#?}",
        opened.defects
    );
    let message = &opened.defects[0].message;
    let names = "`__MACOSX`, `data/.DS_Store`, `data/report.pdf:Zone.Identifier`";
    assert!(message.contains(names), "{message}");
}

#[cfg(unix)]
#[test]
fn a_link_is_a_defect_and_is_not_followed() {
    let (_outer, root) = unpacked();
    let pdf = root.join("data/report.pdf");
    let beside = root.with_file_name("outside");
    fs::rename(&pdf, &beside).expect("free");
    std::os::unix::fs::symlink(&beside, &pdf).expect("free");
    std::os::unix::fs::symlink("/", root.join("data/csv/root")).expect("free");
    let opened = verify(&root).expect("a bag's folder");
    assert_eq!(
        found(&opened),
        [
            ("oxum_mismatch", BAG_INFO),
            ("file_special", "data/csv/root"),
            ("file_missing", "data/report.pdf"),
            ("file_special", "data/report.pdf"),
        ]
    );
}

#[test]
fn any_changed_byte_of_any_file_is_reported_with_its_file() {
    let (_outer, root) = unpacked();
    let good = verify(&root).expect("a bag's folder");
    let names: Vec<String> = good.files.keys().map(ToString::to_string).collect();
    let mut tried = 0;
    for name in names.iter().map(String::as_str).chain([TAGMANIFEST]) {
        let bytes = fs::read(root.join(name)).expect("there");
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 1 << (at % 8);
            fs::write(root.join(name), other).expect("space");
            let opened = verify(&root).expect("a bag's folder");
            let tells = |d: &Defect| d.path == name || d.message.contains(name);
            assert!(
                opened.defects.iter().any(tells),
                "{name}, byte {at}: {:?}",
                opened.defects
            );
            assert!(name != TAGMANIFEST || opened.root != good.root);
            tried += 1;
        }
        fs::write(root.join(name), bytes).expect("space");
    }
    assert!(tried > 800, "{tried}");
    assert_eq!(found(&verify(&root).expect("a bag's folder")), []);
    // The signature's own bytes are handed on as they are: who verifies it judges them.
    fs::write(root.join(SIGNATURE), "other").expect("space");
    assert_eq!(
        verify(&root).expect("a folder").signature,
        Some(b"other".to_vec())
    );
}

#[test]
fn no_changed_byte_of_the_zip_goes_unnoticed() {
    let good = zip_of(&bag());
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("x.zip");
    for at in 0..good.len() {
        let mut changed = good.clone();
        changed[at] ^= 1 << (at % 8);
        fs::write(&target, changed).expect("space");
        if let Ok(opened) = verify(&target) {
            let noticed = !opened.defects.is_empty() || !opened.notes.is_empty();
            assert!(noticed, "byte {at} of {}", good.len());
        }
    }
    for length in 0..good.len() {
        fs::write(&target, &good[..length]).expect("space");
        let cut = verify(&target);
        assert!(
            cut.is_err() || cut.is_ok_and(|o| !o.defects.is_empty()),
            "cut at {length}"
        );
    }
}
