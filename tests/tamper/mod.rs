//! The changes, and the tools that must notice them.

mod bag;
mod pdf;
mod signature;
mod zip;

use std::fs;
use std::path::{Path, PathBuf};

use super::signed::{self, P7S, PYHANKO, ca, openssl, pyhanko, python, run};

/// The good bundle, with a time-stamp.
pub struct Case {
    pub zip: PathBuf,
    pub root: PathBuf,
    /// The time-stamping authority's CA.
    pub tsa: PathBuf,
}

/// A change: gives the changed bundle, made in a folder of its own.
pub struct Mutation {
    pub name: &'static str,
    pub make: fn(&Case, &Path) -> PathBuf,
    pub outside: Outside,
}

/// Whether a tool accepts a bundle.
pub type Accepts = fn(&Case, &Path) -> bool;

/// Who notices it beside kisms.
pub enum Outside {
    /// verify.sh, which has a column of its own.
    Script,
    /// A tool that must say no.
    Tool(&'static str, Accepts),
    /// Nobody, because; then verify.sh must say yes.
    Nobody(&'static str),
}

impl Case {
    pub fn new(zip: PathBuf, root: PathBuf, tsa: PathBuf) -> Self {
        Self { zip, root, tsa }
    }

    /// A copy of the unpacked bundle.
    pub fn copy(&self, to: &Path) -> PathBuf {
        let target = to.join(self.root.file_name().expect("the id"));
        let arguments = [
            "-a",
            &self.root.to_string_lossy(),
            &target.to_string_lossy(),
        ];
        assert!(run(to, "cp", &arguments, "coreutils").0);
        target
    }
}

pub fn mutations() -> Vec<Mutation> {
    let all = [
        pdf::mutations(),
        bag::mutations(),
        signature::mutations(),
        zip::mutations(),
    ];
    all.into_iter().flatten().collect()
}

/// Each tool; of the good bundle, each must accept the zip or the folder.
pub fn tools() -> [(&'static str, Accepts); 7] {
    [
        ("pdfsig", pdfsig),
        ("pyHanko (PDF)", pyhanko_pdf),
        ("pyHanko (.p7s)", pyhanko_p7s),
        ("openssl cms", openssl_cms),
        ("bagit.py", bagit),
        ("unzip -t", unzip),
        ("python zipfile", zipfile),
    ]
}

pub fn pdfsig(_: &Case, root: &Path) -> bool {
    let report = root.join("data/report.pdf");
    let (_, said) = run(
        Path::new("/"),
        "pdfsig",
        &[&report.to_string_lossy()],
        signed::POPPLER,
    );
    said.contains("Signature is Valid") && said.contains("- Total document signed")
}

pub fn pyhanko_pdf(_: &Case, root: &Path) -> bool {
    pyhanko(&root.join("data/report.pdf"), None, &[&ca()]).0
}

pub fn pyhanko_p7s(case: &Case, root: &Path) -> bool {
    let content = root.join("tagmanifest-sha256.txt");
    pyhanko(&root.join(P7S), Some(&content), &[&ca(), &case.tsa]).0
}

pub fn openssl_cms(_: &Case, root: &Path) -> bool {
    if !root.is_dir() {
        return false;
    }
    let arguments = format!(
        "cms -verify -cades -binary -inform DER -content tagmanifest-sha256.txt -in {P7S} \
         -CAfile {} -out /dev/null",
        ca().display()
    );
    openssl(root, &arguments).0
}

pub fn bagit(_: &Case, root: &Path) -> bool {
    let arguments = ["-m", "bagit", "--validate", &root.to_string_lossy()];
    let (valid, said) = run(Path::new("/"), &python(), &arguments, PYHANKO);
    assert!(
        !said.contains("No module named"),
        "install bagit.py (`pip install bagit`): {said}"
    );
    valid
}

pub fn unzip(_: &Case, zip: &Path) -> bool {
    let arguments = ["-tq", &zip.to_string_lossy()];
    run(Path::new("/"), "unzip", &arguments, signed::UNZIP).0
}

pub fn zipfile(_: &Case, zip: &Path) -> bool {
    let script =
        "import sys, zipfile; sys.exit(zipfile.ZipFile(sys.argv[1]).testzip() is not None)";
    let arguments = ["-c", script, &zip.to_string_lossy()];
    run(Path::new("/"), &python(), &arguments, PYHANKO).0
}

/// Changes a file's bytes.
pub fn edit(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).expect("a file of the bundle");
    change(&mut bytes);
    fs::write(path, bytes).expect("space");
}

/// Where `word` stands; the last place.
pub fn find(bytes: &[u8], word: &[u8]) -> usize {
    let mut places = bytes.windows(word.len());
    places
        .rposition(|window| window == word)
        .expect("it is there")
}
