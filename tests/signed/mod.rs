//! What the tests of signatures share: a signed bundle, a time-stamping authority, outside tools.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use kisms::command::{Exit, Screen, build, timestamp};
use kisms::engagement::Language;
use tempfile::TempDir;

pub const OPENSSL: &str = "install OpenSSL 3 (`apt-get install openssl`)";
pub const POPPLER: &str = "install pdfsig (`apt-get install poppler-utils`)";
pub const QPDF: &str = "install qpdf (`apt-get install qpdf`)";
pub const UNZIP: &str = "install Info-ZIP (`apt-get install zip unzip`)";
pub const PYHANKO: &str = "install pyHanko and others (`pip install pyhanko==0.38.0 pyhanko-cli==0.6.0 \
                           pypinksign==0.5.4 tree-sitter tree-sitter-powershell`) into the virtual environment that KISMS_VENV names, or \
                           for python3";

/// The claimed time of the bundle.
pub const TIME: &str = "2026-10-15T09:30:00+09:00";
pub const P7S: &str = "tagmanifest-sha256.txt.p7s";

/// The clock's time: other people's tools judge by it, too.
#[expect(
    clippy::disallowed_methods,
    reason = "a test does what the command line does"
)]
pub fn now() -> kisms::time::Moment {
    chrono::Utc::now()
}

pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub fn ca() -> PathBuf {
    repository("fixtures/keys/demo-ca.pem")
}

pub fn foreign_ca() -> PathBuf {
    repository("fixtures/keys/test-foreign-ca.pem")
}

/// A bundle built from the fixture, as zip and unpacked, in a folder of its own.
pub struct Built {
    pub folder: TempDir,
    pub zip: PathBuf,
    pub root: PathBuf,
}

pub static BUILT: LazyLock<Built> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let zip = folder.path().join("bundle.zip");
    build_bundle(&zip);
    let root = unpack(&zip, &folder.path().join("unpacked"));
    Built { folder, zip, root }
});

pub fn build_bundle(zip: &Path) {
    let options = build::Options {
        output: Some(zip.to_owned()),
        ..build::Options::default()
    };
    let now = TIME.parse().expect("RFC 3339");
    let engagement = repository("fixtures/engagement/2026Q3");
    let (exit, said) = on_screen(|screen| build::build(&engagement, &options, now, screen));
    assert_eq!(exit, Exit::Done, "{said}");
}

/// Runs a command of kisms: how it ended, and what it said.
pub fn on_screen(
    command: impl FnOnce(&mut Screen<'_>) -> kisms::error::Result<Exit>,
) -> (Exit, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = command(&mut screen(&mut out, &mut err)).expect("it can work");
    let said = String::from_utf8([out, err].concat()).expect("text");
    (exit, said)
}

/// An English screen of 80 columns.
pub fn screen<'s>(out: &'s mut Vec<u8>, err: &'s mut Vec<u8>) -> Screen<'s> {
    Screen {
        out,
        err,
        language: Language::En,
        width: 80,
    }
}

/// Unpacks a zip into a new folder: the bag's folder.
pub fn unpack(zip: &Path, folder: &Path) -> PathBuf {
    fs::create_dir(folder).expect("a new folder");
    let arguments = ["-q", &zip.to_string_lossy()];
    let (success, said) = run(folder, "unzip", &arguments, UNZIP);
    assert!(success, "{said}");
    let inside = fs::read_dir(folder).expect("a folder").next();
    inside.expect("one folder").expect("readable").path()
}

/// Runs a tool in `folder`: whether it succeeded, and what it said.
#[expect(clippy::panic, reason = "a test without its tool fails")]
pub fn run(folder: &Path, program: &str, arguments: &[&str], install: &str) -> (bool, String) {
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

pub fn openssl(folder: &Path, arguments: &str) -> (bool, String) {
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    run(folder, "openssl", &arguments, OPENSSL)
}

pub fn openssl_does(folder: &Path, arguments: &str) -> String {
    let (success, said) = openssl(folder, arguments);
    assert!(success, "openssl {arguments}: {said}");
    said
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test may be told where a tool is"
)]
pub fn python() -> String {
    match std::env::var("KISMS_VENV") {
        Ok(venv) => format!("{venv}/bin/python"),
        Err(_) => "python3".to_owned(),
    }
}

/// What pyHanko says of a PDF, or of a detached signature and its content; whether it is VALID.
pub fn pyhanko(file: &Path, content: Option<&Path>, trust: &[&Path]) -> (bool, String) {
    let mut arguments = vec!["-m", "pyhanko", "sign", "validate", "--no-revocation-check"];
    let trust: Vec<_> = trust.iter().map(|path| path.to_string_lossy()).collect();
    for path in &trust {
        arguments.extend(["--trust", path]);
    }
    arguments.extend(["--trust-replace", "--pretty-print"]);
    let (file, content) = (file.to_string_lossy(), content.map(Path::to_string_lossy));
    match &content {
        Some(content) => arguments.extend(["--detached", file.as_ref(), content.as_ref()]),
        None => arguments.push(&file),
    }
    let (success, said) = run(Path::new("/"), &python(), &arguments, PYHANKO);
    assert!(!said.contains("No module named"), "{said}\n{PYHANKO}");
    (success && said.contains("judged VALID"), said)
}

/// Runs pyHanko with each list of arguments, all in one process: whether it succeeded, and what it said.
pub fn pyhanko_many(runs: &[Vec<String>]) -> Vec<(bool, String)> {
    let script = repository("tests/pyhanko_many.py");
    let mut child = Command::new(python())
        .arg(script)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect(PYHANKO);
    let input = child.stdin.take().expect("a pipe");
    serde_json::to_writer(input, runs).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let answers: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).expect(PYHANKO);
    let answer = |answer: &serde_json::Value| {
        let said = answer["said"].as_str().expect("a text").to_owned();
        (answer["success"] == true, said)
    };
    answers.iter().map(answer).collect()
}

/// A time-stamping authority of our own, by OpenSSL.
pub struct Authority {
    pub folder: TempDir,
}

impl Authority {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = "[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:true\n\
            keyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n\
            [tsa]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n\
            subjectKeyIdentifier=hash\n\
            [ts]\ndefault_tsa=it\n[it]\nserial=serial\ndefault_policy=1.2.3.4.1\n\
            digests=sha256\nsigner_digest=sha256\nordering=yes\nclock_precision_digits=3\n\
            accuracy=secs:1\n";
        fs::write(folder.path().join("c.cnf"), config).expect("space");
        fs::write(folder.path().join("serial"), "01\n").expect("space");
        let at = folder.path();
        openssl_does(
            at,
            "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 \
             -subj /CN=TEST-TSA-CA -config c.cnf -extensions ca",
        );
        openssl_does(
            at,
            "req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=TEST-TSA \
             -config c.cnf",
        );
        openssl_does(
            at,
            "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out tsa.pem \
             -extfile c.cnf -extensions tsa",
        );
        Self { folder }
    }

    pub fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Answers a request.
    pub fn answer(&self, tsq: &Path, tsr: &Path) {
        let arguments = format!(
            "ts -reply -config c.cnf -section it -queryfile {} -inkey tsa.key -signer tsa.pem \
             -chain ca.pem -out {}",
            tsq.display(),
            tsr.display()
        );
        openssl_does(self.folder.path(), &arguments);
    }

    /// Asks and answers for a bundle: the folder with requests and answers.
    pub fn answers(&self, zip: &Path) -> PathBuf {
        let folder = self.folder.path().join("tsq");
        let (exit, said) = on_screen(|screen| timestamp::request(zip, &folder, screen));
        assert_eq!(exit, Exit::Done, "{said}");
        for name in [P7S, "report.pdf"] {
            let file = |ending: &str| folder.join(format!("{name}.{ending}"));
            self.answer(&file("tsq"), &file("tsr"));
        }
        folder
    }
}
