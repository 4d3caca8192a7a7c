//! The collect script, run by dash against `aws-stand-in/aws`, which pages, throttles, denies and
//! kills; and what `kisms check` says of its output. A tool that is missing fails its test and says
//! how to install it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const ACCOUNT: &str = "111122223333";
const DASH: &str = "install dash (`apt-get install dash`)";
const SHELLCHECK: &str = "install ShellCheck (`apt-get install shellcheck`)";
const COREUTILS: &str = "install GNU coreutils (`apt-get install coreutils`)";

#[expect(clippy::panic, reason = "a test without its tool fails")]
fn output(command: &mut Command, install: &str) -> Output {
    let program = command.get_program().to_owned();
    let run = command.output();
    run.unwrap_or_else(|error| panic!("cannot run {}: {error}; {install}", program.display()))
}

fn kisms(arguments: &[&str]) -> Output {
    output(
        Command::new(env!("CARGO_BIN_EXE_kisms")).args(arguments),
        "cargo builds it",
    )
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An engagement folder, and beside it the stand-in's.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
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

    fn exports(&self) -> PathBuf {
        self.folder.path().join("engagement/exports")
    }

    fn root(&self) -> PathBuf {
        self.exports().join(ACCOUNT)
    }

    /// Runs the script that `kisms collect` prints for these arguments.
    fn collect(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
        let script = self.folder.path().join("collect.sh");
        let printed = kisms(&[&["collect"], arguments].concat());
        assert!(printed.status.success(), "{}", text(&printed.stderr));
        fs::write(&script, printed.stdout).expect("a file");
        let stand_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aws-stand-in");
        let mut command = Command::new("dash");
        // A dead script's child may write on: it must not write into the next run.
        command
            .arg(&script)
            .arg(self.exports())
            .current_dir(self.folder.path())
            .env("PATH", with_first(&stand_in))
            .env("STAND_IN", self.folder.path().join("state"))
            .env("KISMS_PAUSE", "0")
            .envs(settings.iter().copied());
        output(&mut command, DASH)
    }

    fn calls(&self) -> Vec<Vec<String>> {
        let log = fs::read_to_string(self.folder.path().join("state/calls.log"));
        let log = log.unwrap_or_default();
        log.lines()
            .map(|line| serde_json::from_str(line).expect("words"))
            .collect()
    }

    fn forget_calls(&self) {
        let state = self.folder.path().join("state");
        fs::remove_dir_all(&state).expect("a folder");
        fs::create_dir(&state).expect("a folder");
    }

    fn log(&self) -> String {
        fs::read_to_string(self.root().join("collect.log")).expect("a log")
    }

    /// `kisms check`: its exit status, and the inputs by their path below `exports/`.
    fn check(&self) -> (i32, BTreeMap<String, Value>) {
        let engagement = self.folder.path().join("engagement");
        let run = kisms(&["check", &engagement.to_string_lossy(), "--format", "json"]);
        let document: Value = serde_json::from_slice(&run.stdout).expect("a document");
        let inputs = document["inputs"].as_array().expect("inputs").iter();
        let by_path = inputs.map(|input| {
            let path = input["path"].as_str().expect("a path");
            (path.replacen("exports/", "", 1), input.clone())
        });
        (run.status.code().unwrap_or(-1), by_path.collect())
    }

    /// How many inputs have each status.
    fn statuses(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for input in self.check().1.values() {
            let status = input["status"].as_str().expect("a status").to_owned();
            *counts.entry(status).or_default() += 1;
        }
        counts
    }

    /// Every gathered file with its bytes; neither the log nor the sums, which hold its digest.
    fn gathered(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        walk(&self.exports(), "", &mut files);
        files.retain(|path, _| !path.ends_with("/collect.log") && !path.ends_with("/SHA256SUMS"));
        files
    }
}

fn walk(folder: &Path, before: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let path = format!("{before}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            walk(&entry.path(), &format!("{path}/"), files);
        } else {
            files.insert(path, fs::read(entry.path()).expect("a file"));
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the stand-in comes before what is there"
)]
fn with_first(folder: &Path) -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    format!("{}:{path}", folder.display())
}

fn assert_whole(desk: &Desk, run: &Output) {
    assert!(run.status.success(), "{}", text(&run.stderr));
    let (exit, inputs) = desk.check();
    assert_eq!(exit, 0);
    for (path, input) in &inputs {
        let by_product = path.ends_with("SHA256SUMS") || path.ends_with("collect.log");
        let expected = if by_product { "ignored" } else { "complete" };
        assert_eq!(input["status"], expected, "{path}: {input}");
    }
    assert!(inputs.len() > 12, "{inputs:?}");
    let sums = output(
        Command::new("sha256sum")
            .args(["--strict", "--quiet", "-c", "SHA256SUMS"])
            .current_dir(desk.root()),
        COREUTILS,
    );
    assert!(sums.status.success(), "{}", text(&sums.stderr));
}

#[test]
fn shellcheck_accepts_every_script() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("collect.sh");
    let cases: [&[&str]; 3] = [
        &[],
        &["--profile", "it's", "--region", "ap-northeast-2"],
        &["--aggregator", "org"],
    ];
    for arguments in cases {
        fs::write(&script, kisms(&[&["collect"], arguments].concat()).stdout).expect("a file");
        let mut command = Command::new("shellcheck");
        command
            .args(["--shell=sh", "--severity=style"])
            .arg(&script);
        let run = output(&mut command, SHELLCHECK);
        assert!(run.status.success(), "{arguments:?}: {}", text(&run.stdout));
    }
}

#[test]
fn a_collection_is_read_complete_and_its_names_stay_in_its_folder() {
    let desk = Desk::new();
    let run = desk.collect(&[], &[]);
    assert_whole(&desk, &run);
    let (_, inputs) = desk.check();
    let of = |operation: &str| {
        let holds = |input: &&Value| input["kind"] == operation;
        inputs.values().filter(holds).count()
    };
    assert_eq!(of("get-compliance-details-by-config-rule"), 2 * 7);
    assert_eq!(of("get-conformance-pack-compliance-details"), 2 * 3);
    assert_eq!(of("describe-config-rules"), 2);
    assert_eq!(of("describe-compliance-by-config-rule"), 2);
    let mut files = BTreeMap::new();
    walk(desk.folder.path(), "", &mut files);
    assert!(!files.keys().any(|path| path.ends_with("pwned")));
    assert!(
        !files.keys().any(|path| path.contains("eu-west-1")),
        "no recorder"
    );
    let log = desk.log();
    assert!(
        log.contains("\tidentity\t111122223333\tarn:aws:sts:"),
        "{log}"
    );
    assert!(log.contains("\tno recorder\teu-west-1\n"), "{log}");
    let time = |text: &str| chrono::DateTime::parse_from_rfc3339(text).is_ok();
    assert!(
        log.lines()
            .all(|line| time(line.split('\t').next().unwrap_or_default()))
    );
}

#[test]
fn throttling_is_waited_out() {
    let desk = Desk::new();
    let run = desk.collect(&["--region", "us-east-1"], &[("STAND_IN_THROTTLE", "2")]);
    assert!(run.status.success(), "{}", text(&run.stderr));
    let retries = desk.log().matches("\tretry\t").count();
    let answered = desk.gathered().len() + 2;
    assert_eq!(retries, 2 * answered, "each call but who is calling");
    let desk = Desk::new();
    let settings = [("STAND_IN_THROTTLE", "9"), ("KISMS_ATTEMPTS", "3")];
    let run = desk.collect(&["--region", "us-east-1"], &settings);
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(desk.statuses().get("partial"), Some(&1));
}

#[test]
fn what_is_denied_is_named_and_a_rerun_takes_only_that() {
    let desk = Desk::new();
    let denied = [("STAND_IN_DENY", "--config-rule-name=encrypted-volumes")];
    let run = desk.collect(&[], &denied);
    assert_eq!(run.status.code(), Some(1));
    let (exit, inputs) = desk.check();
    assert_eq!(exit, 0, "partial input is no fault");
    let marker = &inputs[&format!("{ACCOUNT}/INCOMPLETE")];
    assert_eq!(marker["status"], "partial", "{marker}");
    let said = fs::read_to_string(desk.root().join("INCOMPLETE")).expect("a file");
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(
        said.contains("us-east-1/get-compliance-details-by-config-rule/encrypted-volumes.json")
    );
    assert!(!said.contains('\u{1b}') && !text(&run.stderr).contains('\u{1b}'));
    desk.forget_calls();
    let again = desk.collect(&[], &[]);
    assert_whole(&desk, &again);
    let taken: Vec<Vec<String>> = desk.calls();
    let taken = taken
        .iter()
        .filter(|call| call.contains(&"json".to_owned()));
    assert_eq!(taken.count(), 2);
}

#[test]
fn a_run_killed_at_any_call_is_partial_and_a_rerun_completes_it() {
    let region = ["--region", "us-east-1"];
    let whole = Desk::new();
    assert!(whole.collect(&region, &[]).status.success());
    let (expected, calls) = (whole.gathered(), whole.calls().len());
    // Each call once would take long. These: the rules, a rule's details, pages, the last.
    for kill in [2, 6, calls - 2, calls] {
        let desk = Desk::new();
        let killed = desk.collect(&region, &[("STAND_IN_KILL", &kill.to_string())]);
        assert_eq!(killed.status.code(), None, "killed at {kill}");
        let statuses = desk.statuses();
        assert!(statuses.contains_key("partial"), "{kill}: {statuses:?}");
        assert!(!statuses.contains_key("rejected"), "{kill}: {statuses:?}");
        let again = desk.collect(&region, &[]);
        assert_whole(&desk, &again);
        assert!(
            desk.gathered() == expected,
            "{kill}: other bytes than in one run"
        );
    }
}

#[test]
fn pages_go_on_where_they_were_cut_and_begin_anew_when_their_token_expired() {
    for (session, fetched) in [("", 2), ("later", 4)] {
        let desk = Desk::new();
        let region = ["--region", "us-east-1"];
        let second = desk.page_call(&region);
        desk.collect(&region, &[("STAND_IN_KILL", &second.to_string())]);
        let first =
            format!("{ACCOUNT}/us-east-1/get-conformance-pack-compliance-details/kisms-0001.json");
        assert_eq!(
            desk.check().1[&first]["status"],
            "partial",
            "its token was left over"
        );
        desk.forget_calls();
        let again = desk.collect(&region, &[("STAND_IN_SESSION", session)]);
        assert!(again.status.success(), "{}", text(&again.stderr));
        let pages = desk.calls().into_iter().filter(|call| is_pack_page(call));
        assert_eq!(pages.count(), fetched, "session `{session}`");
        assert!(!desk.statuses().contains_key("partial"));
        assert_eq!(desk.check().1[&first]["status"], "complete");
    }
}

fn is_pack_page(call: &[String]) -> bool {
    call.contains(&"get-conformance-pack-compliance-details".to_owned())
}

impl Desk {
    /// The number of the call that asks for a pack's second page, counted in another run.
    fn page_call(&self, arguments: &[&str]) -> usize {
        let other = Self::new();
        other.collect(arguments, &[]);
        let calls = other.calls();
        let mut pages = calls
            .iter()
            .enumerate()
            .filter(|(_, call)| is_pack_page(call));
        assert!(!self.root().exists());
        pages.nth(1).expect("a second page").0 + 1
    }
}

#[test]
fn expired_credentials_end_the_run_at_once() {
    let desk = Desk::new();
    let run = desk.collect(&[], &[("STAND_IN_EXPIRE", "9")]);
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(desk.calls().len(), 9);
    assert!(desk.statuses().contains_key("partial"));
}

#[test]
fn a_region_that_cannot_be_asked_is_missing_and_not_empty() {
    let desk = Desk::new();
    let denied = [(
        "STAND_IN_DENY",
        "describe-configuration-recorders --region eu-west-1",
    )];
    let run = desk.collect(&[], &denied);
    assert_eq!(run.status.code(), Some(1));
    let said = fs::read_to_string(desk.root().join("INCOMPLETE")).expect("a file");
    assert!(
        said.starts_with("eu-west-1/describe-configuration-recorders: "),
        "{said}"
    );
}

#[test]
fn what_changed_since_the_last_run_is_named_by_the_script_and_by_check() {
    let desk = Desk::new();
    let region = ["--region", "us-east-1"];
    assert!(desk.collect(&region, &[]).status.success());
    let name = "us-east-1/get-compliance-details-by-config-rule/restricted-ssh.json";
    let file = desk.root().join(name);
    let edited = fs::read_to_string(&file)
        .expect("text")
        .replace("NON_COMPLIANT", "COMPLIANT");
    fs::write(&file, edited).expect("a file");
    fs::remove_file(desk.root().join("us-east-1/describe-config-rules.json")).expect("a file");
    let (exit, inputs) = desk.check();
    assert_eq!(exit, 1);
    let fault = |path: &str| inputs[&format!("{ACCOUNT}/{path}")]["faults"][0]["code"].clone();
    assert_eq!(fault(name), "KI-0501");
    assert_eq!(fault("us-east-1/describe-config-rules.json"), "KI-0502");
    let again = desk.collect(&region, &[]);
    assert_eq!(again.status.code(), Some(2));
    let said = text(&again.stderr);
    assert!(said.contains("restricted-ssh.json: FAILED"), "{said}");
    assert!(
        said.contains("describe-config-rules.json: FAILED"),
        "{said}"
    );
}

#[test]
fn the_newest_snapshot_is_copied_when_asked_for() {
    let desk = Desk::new();
    let run = desk.collect(&["--region", "us-east-1"], &[("KISMS_SNAPSHOT", "yes")]);
    assert!(run.status.success(), "{}", text(&run.stderr));
    let name = format!(
        "{ACCOUNT}/us-east-1/{ACCOUNT}_Config_us-east-1_ConfigSnapshot_20260909T020000Z_u.json.gz"
    );
    let (_, inputs) = desk.check();
    assert_eq!(inputs[&name]["kind"], "configuration-snapshot");
}

#[test]
fn an_aggregator_tells_its_members_and_an_outdated_source_is_missing() {
    let desk = Desk::new();
    let run = desk.collect(&["--aggregator", "org", "--region", "us-east-1"], &[]);
    assert_eq!(run.status.code(), Some(1), "{}", text(&run.stderr));
    let root = desk.exports().join("aggregator-org");
    let said = fs::read_to_string(root.join("INCOMPLETE")).expect("a file");
    assert_eq!(
        said,
        "777788889999 us-east-1: the aggregator's last update is OUTDATED\n"
    );
    let (exit, inputs) = desk.check();
    assert_eq!(exit, 0);
    let kind = "get-aggregate-compliance-details-by-config-rule";
    let details = inputs.values().filter(|input| input["kind"] == kind);
    assert_eq!(
        details
            .filter(|input| input["status"] == "complete")
            .count(),
        2 * 7
    );
    let member = format!("aggregator-org/444455556666/ap-northeast-2/{kind}/own.json");
    assert!(inputs.contains_key(&member), "{:?}", inputs.keys());
}

#[test]
fn the_policy_allows_just_what_the_script_calls() {
    for arguments in [
        &[][..],
        &["--region", "us-east-1"],
        &["--aggregator", "org", "--region", "us-east-1"],
    ] {
        let desk = Desk::new();
        desk.collect(arguments, &[]);
        let called: BTreeSet<String> = desk
            .calls()
            .iter()
            .filter_map(|call| action(call))
            .collect();
        let printed = kisms(&[&["collect", "--policy"], arguments].concat());
        let policy: Value = serde_json::from_slice(&printed.stdout).expect("JSON");
        let actions = policy["Statement"][0]["Action"]
            .as_array()
            .expect("actions");
        let allowed = actions.iter().filter_map(Value::as_str).map(str::to_owned);
        assert_eq!(allowed.collect::<BTreeSet<_>>(), called, "{arguments:?}");
        let reads = |action: &String| {
            ["Describe", "Get", "List"]
                .iter()
                .any(|verb| action.contains(&format!(":{verb}")))
        };
        assert!(called.iter().all(reads), "{called:?}");
    }
}

/// The action that a call needs, by AWS's rule: the operation's name in the service's prefix.
fn action(call: &[String]) -> Option<String> {
    let service = match call[0].as_str() {
        "configservice" => "config",
        "sts" => return None,
        other => other,
    };
    let words = call[1].split('-').map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    });
    Some(format!("{service}:{}", words.collect::<String>()))
}
