//! What other people's tools say of a bundle. A tool that is missing fails its test and says how to
//! install it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use kisms::bundle::{Bag, BundlePath, Content, Note, verify, verify_txt, write, write_new_file};
use tempfile::TempDir;

const ID: &str = "kisms-2026Q3-1a2b3c4d";

fn bag() -> Bag {
    let path = |text: &str| text.parse::<BundlePath>().expect("legal");
    let csv = "id,status\r\n".to_owned() + &"F-1,NON_COMPLIANT\r\n".repeat(10_000);
    let payload = [
        ("data/csv/findings.csv", csv.into_bytes()),
        ("data/evidence/2.1.1/M0001.txt", Vec::new()),
        ("data/exports/E0001.json.gz", vec![0x1f, 0x8b, 0, 1]),
        ("data/a name (1).txt", "한글".into()),
    ];
    Bag {
        id: ID.to_owned(),
        payload: payload
            .map(|(name, bytes)| (path(name), Content::Bytes(bytes)))
            .into(),
        tag_files: BTreeMap::from([(path("VERIFY.txt"), verify_txt(ID).into_bytes())]),
        info: vec![("Source-Organization".to_owned(), "주식회사 예시".to_owned())],
    }
}

/// A folder with the bundle, and the bundle.
fn bundle() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let zip = folder.path().join(format!("{ID}.zip"));
    write_new_file(&zip, false, |file| write(&bag(), file, None)).expect("a good bag");
    (folder, zip)
}

/// Runs a tool in `folder`; whether it succeeded, and what it said.
#[expect(clippy::panic, reason = "a test without its tool fails")]
fn run(folder: &Path, program: &str, arguments: &[&str], install: &str) -> (bool, String) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .output();
    let output = output.unwrap_or_else(|e| panic!("cannot run `{program}`: {e}; {install}"));
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

fn accepts(folder: &Path, program: &str, arguments: &[&str], install: &str) -> String {
    let (accepted, text) = run(folder, program, arguments, install);
    assert!(accepted, "{program} {arguments:?}: {text}");
    text
}

const PYTHON: &str = "install Python 3 (`apt-get install python3`)";
const UNZIP: &str = "install Info-ZIP (`apt-get install zip unzip`)";
const COREUTILS: &str = "install GNU coreutils (`apt-get install coreutils`)";
const BAGIT: &str = "install bagit.py (`pip install bagit setuptools`), into the virtual \
                     environment that KISMS_VENV names or for python3";

#[test]
fn unzip_and_sha256sum_accept_a_bundle() {
    let (folder, zip) = bundle();
    accepts(
        folder.path(),
        "unzip",
        &["-tq", &zip.to_string_lossy()],
        UNZIP,
    );
    accepts(
        folder.path(),
        "unzip",
        &["-q", &zip.to_string_lossy()],
        UNZIP,
    );
    let root = folder.path().join(ID);
    for manifest in ["manifest-sha256.txt", "tagmanifest-sha256.txt"] {
        accepts(&root, "sha256sum", &["--strict", "-c", manifest], COREUTILS);
    }
    let opened = verify(&root).expect("a folder");
    assert_eq!(
        (&opened.defects[..], &opened.notes[..]),
        (&[][..], &[Note::Repacked][..])
    );
    fs::write(root.join("data/exports/E0001.json.gz"), "x").expect("space");
    let arguments = ["--strict", "-c", "manifest-sha256.txt"];
    assert!(!run(&root, "sha256sum", &arguments, COREUTILS).0);
}

#[test]
fn what_verify_txt_says_for_linux_works() {
    let (folder, zip) = bundle();
    let text = verify_txt(ID);
    let unpack = text
        .lines()
        .find_map(|line| line.split_once("macOS:  unzip "));
    let unpack = format!("unzip -q {}", unpack.expect("a line of step 1").1.trim());
    let sums: Vec<&str> = text
        .lines()
        .filter_map(|line| line.find("sha256sum --quiet ").map(|at| line[at..].trim()))
        .collect();
    assert_eq!(sums.len(), 4, "two commands in two languages");
    let counts = "test $(find data -type f | wc -l) = $(wc -l < manifest-sha256.txt)";
    assert!(text.contains("find data -type f | wc -l"));
    let script = format!("set -e\n{unpack}\n{}\n{counts}\n", sums.join("\n"));
    let said = accepts(folder.path(), "bash", &["-c", &script], UNZIP);
    assert_eq!(said, "", "--quiet");
    assert!(zip.exists());
}

#[test]
fn python_reads_a_bundle_and_what_it_zips_again_is_intact() {
    let (folder, _) = bundle();
    let script = format!(
        "import zipfile, datetime\n\
         old = zipfile.ZipFile('{ID}.zip')\n\
         assert old.testzip() is None\n\
         names = [i.filename for i in old.infolist()]\n\
         assert names == sorted(names) and len(names) == 9, names\n\
         assert all(i.date_time == (1980, 1, 1, 0, 0, 0) for i in old.infolist())\n\
         with zipfile.ZipFile('again.zip', 'w', zipfile.ZIP_DEFLATED) as new:\n\
         \x20   for name in reversed(names): new.writestr(name, old.read(name))\n\
         class Stream:\n\
         \x20   def __init__(self): self.file = open('streamed.zip', 'wb')\n\
         \x20   def write(self, b): return self.file.write(b)\n\
         \x20   def flush(self): self.file.flush()\n\
         with zipfile.ZipFile(Stream(), 'w', zipfile.ZIP_DEFLATED) as new:\n\
         \x20   for name in names: new.writestr(name, old.read(name))\n\
         "
    );
    accepts(folder.path(), "python3", &["-c", &script], PYTHON);
    for name in ["again.zip", "streamed.zip"] {
        let opened = verify(&folder.path().join(name)).expect("a zip");
        assert_eq!(opened.defects, [], "{name}");
        assert_eq!(opened.notes, [Note::Repacked], "{name}");
    }
}

#[test]
fn what_info_zip_zips_again_is_intact() {
    let (folder, zip) = bundle();
    accepts(
        folder.path(),
        "unzip",
        &["-q", &zip.to_string_lossy()],
        UNZIP,
    );
    accepts(folder.path(), "zip", &["-qr", "again.zip", ID], UNZIP);
    accepts(
        folder.path(),
        "bash",
        &["-c", &format!("zip -qr - {ID} | cat > streamed.zip")],
        UNZIP,
    );
    for name in ["again.zip", "streamed.zip"] {
        let opened = verify(&folder.path().join(name)).expect("a zip");
        assert_eq!(opened.defects, [], "{name}");
        assert_eq!(opened.notes, [Note::Repacked], "{name}");
    }
}

/// The Python that has bagit.py.
#[expect(
    clippy::disallowed_methods,
    reason = "a test may be told where a tool is"
)]
fn python_with_bagit() -> String {
    match std::env::var("KISMS_VENV") {
        Ok(venv) => format!("{venv}/bin/python"),
        Err(_) => "python3".to_owned(),
    }
}

#[test]
fn bagit_py_calls_a_bundle_valid_and_a_changed_one_not() {
    let (folder, zip) = bundle();
    accepts(
        folder.path(),
        "unzip",
        &["-q", &zip.to_string_lossy()],
        UNZIP,
    );
    let python = python_with_bagit();
    let arguments = ["-m", "bagit", "--validate", ID];
    let (valid, text) = run(folder.path(), &python, &arguments, BAGIT);
    assert!(valid, "{text}\n{BAGIT}");
    assert!(text.contains("is valid"), "{text}");
    fs::write(
        folder.path().join(ID).join("data/exports/E0001.json.gz"),
        "four",
    )
    .expect("space");
    let (valid, text) = run(folder.path(), &python, &arguments, BAGIT);
    assert!(!valid && text.contains("is invalid"), "{text}");
}

const KILLED: &str = "KISMS_TEST_KILLED_WRITER";

/// Writes half a bundle and dies, when the test below runs this program again for it.
#[test]
#[expect(clippy::disallowed_methods, reason = "how the parent tells its child")]
fn a_killed_writer_leaves_no_bundle() {
    if let Ok(target) = std::env::var(KILLED) {
        let _: kisms::error::Result<()> = write_new_file(Path::new(&target), false, |file| {
            write(&bag(), &mut *file, None)?;
            file.flush().expect("space");
            std::process::abort()
        });
    }
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("x.zip");
    let own = std::env::current_exe().expect("this program");
    let child = Command::new(own)
        .args(["--exact", "a_killed_writer_leaves_no_bundle"])
        .env(KILLED, &target)
        .output()
        .expect("this program runs");
    assert!(!child.status.success());
    let left: Vec<String> = fs::read_dir(folder.path())
        .expect("a folder")
        .map(|child| {
            child
                .expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(
        left[0].starts_with(".kisms-") && left[0].ends_with(".partial"),
        "{left:?}"
    );
    write_new_file(&target, false, |file| write(&bag(), file, None)).expect("nothing in its way");
    assert_eq!(verify(&target).expect("a zip").defects, []);
    let left = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 1, "what the killed one left is gone");
}
