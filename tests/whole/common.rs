//! Runs kisms and other people's tools.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// The signer's claimed time in tests.
pub const GENERATED_AT: &str = "2026-10-05T09:00:00+09:00";

/// A path in the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A copy of the fixture's engagement with its keys, as they lie in the repository.
pub struct Workplace {
    folder: TempDir,
}

impl Workplace {
    /// Copies the fixture.
    pub fn new() -> Self {
        Self::in_order(false)
    }

    /// Copies the fixture, its files created in reversed order or not.
    pub fn in_order(reversed: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for part in ["fixtures/keys", "fixtures/engagement/2026Q3"] {
            let mut files = files_under(&repository(part));
            files.retain(|file| !file.starts_with(repository("fixtures/engagement/2026Q3/out")));
            if reversed {
                files.reverse();
            }
            for file in files {
                let place = file
                    .strip_prefix(repository(""))
                    .expect("in the repository");
                let copy = folder.path().join(place);
                fs::create_dir_all(copy.parent().expect("a folder")).expect("made");
                fs::copy(&file, &copy).expect("copied");
            }
        }
        Self { folder }
    }

    /// The engagement folder.
    pub fn engagement(&self) -> PathBuf {
        self.folder.path().join("fixtures/engagement/2026Q3")
    }

    /// A path in the folder that goes away with this.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Adds an export.
    pub fn export(&self, name: &str, bytes: &[u8]) {
        let path = self.engagement().join("exports").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, bytes).expect("written");
    }

    /// Builds the bundle; gives its path.
    pub fn build(&self, name: &str) -> PathBuf {
        let bundle = self.path(name);
        let (status, out, err) = self.build_with(&bundle, &[]);
        assert_eq!(status, 0, "{out}{err}");
        bundle
    }

    /// Builds with further options: status, standard output, standard error.
    pub fn build_with(&self, bundle: &Path, options: &[&str]) -> (i32, String, String) {
        let (engagement, bundle) = (text(&self.engagement()), text(bundle));
        let mut arguments = vec![
            "build",
            &engagement,
            "-o",
            &bundle,
            "--generated-at",
            GENERATED_AT,
        ];
        arguments.extend(options);
        kisms(&arguments)
    }

    /// Builds and unpacks; gives the bag's folder.
    pub fn unpacked(&self) -> PathBuf {
        let bundle = self.build("bundle.zip");
        let place = self.path("unpacked");
        fs::create_dir_all(&place).expect("made");
        tool(
            &place,
            "unzip",
            &["-q", &text(&bundle)],
            "apt install unzip",
        );
        let mut folders = fs::read_dir(&place).expect("a folder");
        folders.next().expect("the bag").expect("readable").path()
    }
}

/// All files under a folder, sorted.
pub fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// A path as text.
pub fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

/// Runs kisms: status, standard output, standard error.
pub fn kisms(arguments: &[&str]) -> (i32, String, String) {
    kisms_in(&repository(""), arguments)
}

/// Runs kisms in a folder.
pub fn kisms_in(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    kisms_with(folder, arguments, &[])
}

/// Runs kisms in a folder, with these variables.
pub fn kisms_with(
    folder: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_kisms"))
        .args(arguments)
        .current_dir(folder)
        .env("LANG", "C.UTF-8")
        .env_remove("LC_ALL")
        .env_remove("KISMS_KEY_PASSWORD")
        .env_remove("SOURCE_DATE_EPOCH")
        .envs(variables.iter().copied())
        .output()
        .expect("kisms runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let status = output.status.code().expect("not killed");
    (status, text(output.stdout), text(output.stderr))
}

/// Runs a tool that must be there and accept what it is given; gives what it said.
#[expect(clippy::panic, reason = "a test without its tool fails")]
pub fn tool(folder: &Path, program: &str, arguments: &[&str], install: &str) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .output();
    let output = output.unwrap_or_else(|e| panic!("cannot run `{program}`: {e}; {install}"));
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    said
}
