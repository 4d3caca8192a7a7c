//! An engagement folder, and beside it the state of the stand-in for AWS in `tests/aws`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub const ACCOUNT: &str = "111122223333";
pub const DASH: &str = "install dash (`apt-get install dash`)";
const COREUTILS: &str = "install GNU coreutils (`apt-get install coreutils`)";
const PYTHON: &str = "install Python 3 (`apt-get install python3`)";

#[expect(clippy::panic, reason = "a test without its tool fails")]
pub fn output(command: &mut Command, install: &str) -> Output {
    let program = command.get_program().to_owned();
    let run = command.output();
    run.unwrap_or_else(|error| panic!("cannot run {}: {error}; {install}", program.display()))
}

pub fn kisms(arguments: &[&str]) -> Output {
    output(
        Command::new(env!("CARGO_BIN_EXE_kisms")).args(arguments),
        "cargo builds it",
    )
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test may be told where a tool is"
)]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The interpreter itself: what a version manager puts before it is slow.
pub fn python() -> String {
    let python = environment("KISMS_VENV").map(|venv| format!("{venv}/bin/python"));
    let mut command = Command::new(python.as_deref().unwrap_or("python3"));
    command.args(["-c", "import sys; print(sys.executable)"]);
    text(&output(&mut command, PYTHON).stdout).trim().to_owned()
}

pub struct Desk {
    folder: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("engagement/exports")).expect("a folder");
        fs::create_dir(folder.path().join("state")).expect("a folder");
        let toml = format!(
            "[engagement]\norganization = \"예시\"\nscope = \"예시\"\nscheme = \"isms-p\"\n\
             period = \"2026Q3\"\nprepared_by = \"가\"\nreviewed_by = \"나\"\n\
             [accounts]\n\"{ACCOUNT}\" = {{ name = \"prod\", regions = [\"ap-northeast-2\", \"us-east-1\"] }}\n"
        );
        fs::write(folder.path().join("engagement/kisms.toml"), toml).expect("a file");
        Self { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn exports(&self) -> PathBuf {
        self.path().join("engagement/exports")
    }

    pub fn root(&self) -> PathBuf {
        self.exports().join(ACCOUNT)
    }

    pub fn state(&self) -> PathBuf {
        self.path().join("state")
    }

    /// Runs the script that `kisms collect` prints for these arguments, by dash, with the stand-in.
    pub fn collect(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
        let stand_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aws");
        self.collect_by("dash", &stand_in, arguments, settings)
    }

    /// The same by another shell, with the `aws` of another folder.
    pub fn collect_by(
        &self,
        shell: &str,
        aws: &Path,
        arguments: &[&str],
        settings: &[(&str, &str)],
    ) -> Output {
        let script = self.path().join("collect.sh");
        let printed = kisms(&[&["collect"], arguments].concat());
        assert!(printed.status.success(), "{}", text(&printed.stderr));
        fs::write(&script, printed.stdout).expect("a file");
        let path = environment("PATH").unwrap_or_default();
        let mut command = Command::new(shell);
        command
            .arg(&script)
            .arg(self.exports())
            .current_dir(self.path())
            .env_remove("AWS_REGION")
            .env_remove("AWS_DEFAULT_REGION")
            .env("PATH", format!("{}:{path}", aws.display()))
            .env("STAND_IN", self.state())
            .env("STAND_IN_PYTHON", python())
            .env("PYTHONPYCACHEPREFIX", env!("CARGO_TARGET_TMPDIR"))
            .env("KISMS_PAUSE", "0")
            .envs(settings.iter().copied())
            .stdin(Stdio::null());
        output(&mut command, DASH)
    }

    /// The words of every call of the stand-in.
    pub fn calls(&self) -> Vec<Vec<String>> {
        let log = fs::read_to_string(self.state().join("calls.log")).unwrap_or_default();
        log.lines()
            .map(|line| serde_json::from_str(line).expect("words"))
            .collect()
    }

    /// `service operation region input` of every request that reached AWS.
    pub fn requests(&self) -> Vec<String> {
        let log = fs::read_to_string(self.state().join("requests.log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    pub fn forget_calls(&self) {
        fs::remove_dir_all(self.state()).expect("a folder");
        fs::create_dir(self.state()).expect("a folder");
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.root().join("collect.log")).expect("a log")
    }

    /// What is missing, as the script left it.
    pub fn incomplete(&self) -> String {
        fs::read_to_string(self.root().join("INCOMPLETE")).expect("what is missing")
    }

    pub fn engagement(&self) -> String {
        self.path()
            .join("engagement")
            .to_string_lossy()
            .into_owned()
    }

    /// `kisms check`: its exit status and its document.
    pub fn check(&self) -> (i32, Value) {
        let run = kisms(&["check", &self.engagement(), "--format", "json"]);
        let document = serde_json::from_slice(&run.stdout).expect("a document");
        (run.status.code().unwrap_or(-1), document)
    }

    /// The inputs that `kisms check` lists, by their path below `exports/`.
    pub fn inputs(&self) -> BTreeMap<String, Value> {
        let (_, document) = self.check();
        let inputs = document["inputs"].as_array().expect("inputs").iter();
        let by_path = inputs.map(|input| {
            let path = input["path"].as_str().expect("a path");
            (path.replacen("exports/", "", 1), input.clone())
        });
        by_path.collect()
    }

    /// How many inputs have each status.
    pub fn statuses(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for input in self.inputs().values() {
            let status = input["status"].as_str().expect("a status").to_owned();
            *counts.entry(status).or_default() += 1;
        }
        counts
    }

    /// Every gathered file with its bytes; neither the log nor the sums, which hold its digest.
    pub fn gathered(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = walk(&self.exports());
        files.retain(|path, _| !path.ends_with("/collect.log") && !path.ends_with("/SHA256SUMS"));
        files
    }

    /// Asserts that the run was whole, and that `check` and sha256sum say so.
    pub fn assert_whole(&self, run: &Output) {
        assert!(run.status.success(), "{}", text(&run.stderr));
        assert_eq!(self.check().0, 0);
        let inputs = self.inputs();
        for (path, input) in &inputs {
            let by_product = path.ends_with("SHA256SUMS") || path.ends_with("collect.log");
            let ignored = by_product || HOLD_NOTHING.iter().any(|kind| input["kind"] == *kind);
            let expected = if ignored { "ignored" } else { "complete" };
            assert_eq!(input["status"], expected, "{path}: {input}");
            assert!(ignored || input["reason"].is_null(), "{path}: {input}");
        }
        assert!(inputs.len() > 20, "{inputs:?}");
        let sums = output(
            Command::new("sha256sum")
                .args(["--strict", "--quiet", "-c", "SHA256SUMS"])
                .current_dir(self.root()),
            COREUTILS,
        );
        assert!(sums.status.success(), "{}", text(&sums.stderr));
    }
}

/// What is gathered for people to look at: it holds no verdict and no resource.
const HOLD_NOTHING: [&str; 3] = [
    "describe-delivery-channel-status",
    "get-aggregate-conformance-pack-compliance-summary",
    "list-conformance-pack-compliance-scores",
];

/// All files below the folder.
pub fn walk(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn into(folder: &Path, before: &str, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let entry = entry.expect("an entry");
            let path = format!("{before}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                into(&entry.path(), &format!("{path}/"), files);
            } else {
                files.insert(path, fs::read(entry.path()).expect("a file"));
            }
        }
    }
    let mut files = BTreeMap::new();
    into(folder, "", &mut files);
    files
}
