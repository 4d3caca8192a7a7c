//! The script that `kisms collect` prints, run by dash before a stand-in for AWS (`tests/aws`) that
//! pages, throttles, denies, cuts and kills; and what `kisms check` says of its output. A tool that
//! is missing fails its test and says how to install it.

mod desk;
mod failing;
mod real;
mod resumed;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use desk::{ACCOUNT, Desk, kisms, output, text, walk};

const SHELLCHECK: &str = "install ShellCheck (`apt-get install shellcheck`)";
const BASH: &str = "bash";
const REGION: [&str; 2] = ["--region", "us-east-1"];
const FEW: (&str, &str) = ("STAND_IN_FEW", "1");

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
    let run = desk.collect(&[], &[("KISMS_SNAPSHOT", "yes")]);
    desk.assert_whole(&run);
    let inputs = desk.inputs();
    let of = |operation: &str| {
        let holds = |input: &&Value| input["kind"] == operation;
        inputs.values().filter(holds).count()
    };
    assert_eq!(of("get-compliance-details-by-config-rule"), 2 * 14);
    assert_eq!(
        of("get-conformance-pack-compliance-details"),
        2 * (3 + 1 + 1)
    );
    assert_eq!(of("list-conformance-pack-compliance-scores"), 2 * 3);
    assert_eq!(of("get-discovered-resource-counts"), 2 * 2);
    assert_eq!(of("select-resource-config"), 2 * 3);
    assert_eq!(of("describe-config-rules"), 2);
    assert_eq!(of("describe-compliance-by-config-rule"), 2);
    let newest = format!(
        "{ACCOUNT}/us-east-1/{ACCOUNT}_Config_us-east-1_ConfigSnapshot_20260909T020000Z_u.json.gz"
    );
    assert_eq!(inputs[&newest]["kind"], "configuration-snapshot");
    let files = walk(desk.path());
    assert!(!files.keys().any(|path| path.ends_with("pwned")));
    assert!(
        !files.keys().any(|path| path.contains("eu-west-1")),
        "no recorder"
    );
}

#[test]
fn what_each_region_tells_is_a_finding_there_and_nothing_of_it_is_a_gap() {
    let desk = Desk::new();
    desk.assert_whole(&desk.collect(&[], &[FEW]));
    let engagement = desk.engagement();
    for region in ["ap-northeast-2", "us-east-1"] {
        let filter = ["--rule", "restricted-ssh", "--region", region];
        let asked = ["findings", &engagement, "--format", "json"];
        let run = kisms(&[asked, filter].concat());
        let rows: Vec<Value> = serde_json::from_slice(&run.stdout).expect("JSON");
        let fails = |row: &&Value| row["status"] == "NON_COMPLIANT";
        let counts = (rows.len(), rows.iter().filter(fails).count());
        assert_eq!(counts, (230, 3), "{region}");
    }
    let (_, document) = desk.check();
    let gaps = document["gaps"].as_array().expect("gaps").iter();
    let kinds: BTreeSet<&str> = gaps.filter_map(|gap| gap["kind"].as_str()).collect();
    for kind in ["no_data", "partial", "unreadable", "unattributed"] {
        assert!(!kinds.contains(kind), "{kind}: {document}");
    }
}

#[test]
fn every_row_of_every_page_is_there() {
    let desk = Desk::new();
    desk.assert_whole(&desk.collect(&["--region", "us-east-1"], &[]));
    let rows = |path: &str, key: &str| {
        let files = desk.gathered();
        let bytes = &files[&format!("{ACCOUNT}/us-east-1/{path}")];
        let document: Value = serde_json::from_slice(bytes).expect("JSON");
        document[key].as_array().expect("rows").len()
    };
    let details = "get-compliance-details-by-config-rule/restricted-ssh.json";
    assert_eq!(rows(details, "EvaluationResults"), 230);
    assert_eq!(rows("describe-config-rules.json", "ConfigRules"), 14);
    assert_eq!(
        rows(
            "describe-compliance-by-config-rule.json",
            "ComplianceByConfigRules"
        ),
        14
    );
    let pages = |folder: &str, key: &str, pages: usize| -> usize {
        let page = |number: usize| rows(&format!("{folder}/{number:04}.json"), key);
        (1..=pages).map(page).sum()
    };
    let packs = "get-conformance-pack-compliance-details";
    let key = "ConformancePackRuleEvaluationResults";
    assert_eq!(
        pages(&format!("{packs}/kisms-baseline"), key, 3),
        230 + 12 + 18
    );
    assert_eq!(pages(&format!("{packs}/kisms-baseline-0002"), key, 1), 2);
    let scores = "list-conformance-pack-compliance-scores";
    assert_eq!(pages(scores, "ConformancePackComplianceScores", 3), 45);
    assert_eq!(
        pages("get-discovered-resource-counts", "resourceCounts", 2),
        130
    );
    assert_eq!(pages("select-resource-config", "Results", 3), 230 + 18 + 1);
}

#[test]
fn the_log_tells_who_asked_and_check_takes_its_times() {
    let desk = Desk::new();
    desk.assert_whole(&desk.collect(&[], &[FEW]));
    let log = desk.log();
    let identity = "\tidentity\t111122223333\tarn:aws:sts::111122223333:assumed-role/Auditor/kim";
    assert!(log.contains(identity), "{log}");
    assert!(log.contains("\tno recorder\teu-west-1\n"), "{log}");
    let inputs = desk.inputs();
    let mut saved = 0;
    for line in log.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        assert!(chrono::DateTime::parse_from_rfc3339(cells[0]).is_ok());
        if cells[1] == "saved" {
            saved += 1;
            let called = cells[3].strip_prefix("called ").expect("a time");
            let input = &inputs[&format!("{ACCOUNT}/{}", cells[2])];
            assert_eq!(input["captured_at"], called, "{input}");
        }
    }
    assert_eq!(saved, inputs.len() - 2, "all but log and sums");
}

#[test]
fn bash_and_version_2_of_the_cli_gather_the_same_findings() {
    let found = |desk: &Desk| {
        let run = kisms(&["findings", &desk.engagement(), "--format", "json"]);
        let rows: Vec<Value> = serde_json::from_slice(&run.stdout).expect("JSON");
        let told = |row: &Value| {
            let keys = [
                "id",
                "status",
                "deployed_rule",
                "region",
                "evaluated_at",
                "resolved_by",
            ];
            keys.map(|key| row[key].to_string())
        };
        rows.iter().map(told).collect::<Vec<_>>()
    };
    let (one, two) = (Desk::new(), Desk::new());
    one.assert_whole(&one.collect(&REGION, &[FEW]));
    let stand_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aws");
    two.assert_whole(&two.collect_by(BASH, &stand_in, &REGION, &[FEW, ("STAND_IN_CLI", "2")]));
    let findings = found(&one);
    assert!(findings.len() > 240, "{}", findings.len());
    assert_eq!(findings, found(&two));
    let file = format!("{ACCOUNT}/us-east-1/get-compliance-details-by-config-rule/_-x.json");
    assert!(text(&one.gathered()[&file]).contains(": 1790730124.012"));
    assert!(text(&two.gathered()[&file]).contains(": \"2026-09-30T"));
}

#[test]
fn an_aggregator_tells_its_members_and_an_outdated_source_is_missing() {
    let desk = Desk::new();
    let run = desk.collect(&["--aggregator", "org", "--region", "us-east-1"], &[FEW]);
    assert_eq!(run.status.code(), Some(1), "{}", text(&run.stderr));
    let root = format!("aggregator-{ACCOUNT}-us-east-1-org");
    let said = fs::read_to_string(desk.exports().join(&root).join("INCOMPLETE")).expect("a file");
    assert_eq!(
        said,
        "777788889999 us-east-1: the aggregator's last update is OUTDATED\n"
    );
    assert_eq!(desk.check().0, 0);
    let inputs = desk.inputs();
    let kind = "get-aggregate-compliance-details-by-config-rule";
    let details = inputs.values().filter(|input| input["kind"] == kind);
    assert_eq!(
        details
            .filter(|input| input["status"] == "complete")
            .count(),
        2 * 4
    );
    let member = format!("{root}/444455556666/ap-northeast-2/{kind}/_-x.json");
    assert!(inputs.contains_key(&member), "{:?}", inputs.keys());
    // Packs by verdict are known, and hold no verdict and no resource.
    for (summary, status) in [
        ("get-aggregate-config-rule-compliance-summary", "complete"),
        (
            "get-aggregate-conformance-pack-compliance-summary",
            "ignored",
        ),
    ] {
        let pages = |page: &str| inputs[&format!("{root}/{summary}/{page}.json")]["status"].clone();
        assert_eq!(
            (pages("0001"), pages("0002")),
            (status.into(), status.into())
        );
    }
}

#[test]
fn the_policy_allows_just_what_is_asked_of_aws_and_nothing_is_written() {
    for arguments in [
        &[][..],
        &["--region", "us-east-1"],
        &["--aggregator", "org", "--region", "us-east-1"],
    ] {
        let desk = Desk::new();
        desk.collect(arguments, &[FEW]);
        let requests = desk.requests();
        let asked = requests.iter().filter_map(|request| {
            let words: Vec<&str> = request.split(' ').collect();
            // Nobody needs a permission to ask who is calling.
            (words[0] != "sts").then(|| format!("{}:{}", words[0], words[1]))
        });
        let asked: BTreeSet<String> = asked.collect();
        let printed = kisms(&[&["collect", "--policy"], arguments].concat());
        let policy: Value = serde_json::from_slice(&printed.stdout).expect("JSON");
        let statement = &policy["Statement"][0];
        assert_eq!(statement["Effect"], "Allow");
        let actions = statement["Action"].as_array().expect("actions").iter();
        let allowed = actions.map(|action| action.as_str().expect("an action").to_owned());
        assert_eq!(allowed.collect::<BTreeSet<_>>(), asked, "{arguments:?}");
        let reads = |action: &String| {
            ["Describe", "Get", "List", "Select"]
                .iter()
                .any(|verb| action.contains(&format!(":{verb}")))
        };
        assert!(asked.iter().all(reads), "{asked:?}");
    }
}
