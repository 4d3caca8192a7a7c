//! What is shown of a finding, from a folder and from a bundle.

mod estates;
mod forms;

use std::fs;

use serde::Deserialize;
use serde_json::json;

use super::*;
use crate::bundle::{Bag, BundlePath, Content, write, write_new_file};
use crate::command::load::Loaded;
use crate::engagement::Language;
use crate::engagement::testing::LEAST;
use crate::report::csv::assets;

const HERE: &str = "exports/111122223333/ap-northeast-2";

/// An engagement with these exports.
struct Engagement(tempfile::TempDir);

/// The answer of `--format json`, its records as they were written.
#[derive(Deserialize)]
struct Answer {
    evaluation: Box<RawValue>,
    others: Vec<OtherAnswer>,
    configuration_item: Option<ItemAnswer>,
    finding: serde_json::Value,
    gone: bool,
}

#[derive(Deserialize)]
struct OtherAnswer {
    relation: Relation,
    status: String,
    evaluation: Box<RawValue>,
    source: serde_json::Value,
}

#[derive(Deserialize)]
struct ItemAnswer {
    record: Box<RawValue>,
}

use crate::assess::Relation;

fn now() -> DateTime<FixedOffset> {
    "2026-10-05T09:00:00+09:00".parse().expect("a time")
}

impl Engagement {
    fn new(exports: &[(String, Vec<u8>)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("kisms.toml"), LEAST).expect("a file");
        for (path, bytes) in exports {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            fs::write(path, bytes).expect("a file");
        }
        Self(folder)
    }

    fn assessment(&self) -> Assessment {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut screen = Screen {
            out: &mut out,
            err: &mut err,
            language: Language::En,
            width: 80,
        };
        let loaded = Loaded::read(self.0.path(), &mut screen).expect("readable");
        loaded.expect("no faults").assess(now())
    }

    /// A bundle of the exports and the assessment.
    fn bundle(&self) -> std::path::PathBuf {
        let assessment = self.assessment();
        let mut bag = Bag {
            id: "kisms-2026Q3-1a2b3c4d".to_owned(),
            ..Bag::default()
        };
        let mut add = |path: &str, bytes: Vec<u8>| {
            let path: BundlePath = path.parse().expect("a path");
            bag.payload.insert(path, Content::Bytes(bytes));
        };
        add(
            "data/assessment.json",
            serde_json::to_vec(&assessment).expect("memory"),
        );
        let mut table = Vec::new();
        (assets::TABLE.render)(&assessment, &mut table).expect("memory");
        add(assets::TABLE.path, table);
        for input in assessment
            .inputs
            .iter()
            .filter(|i| !i.bundle_path.is_empty())
        {
            let bytes = fs::read(self.0.path().join(&input.path)).expect("an export");
            add(&input.bundle_path, bytes);
        }
        let target = self.0.path().join("x.zip");
        write_new_file(&target, true, |file| write(&bag, file, None)).expect("a bag");
        target
    }
}

fn output(path: &Path, id: &str, as_json: bool, language: Language) -> String {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut screen = Screen {
        out: &mut out,
        err: &mut err,
        language,
        width: 80,
    };
    let exit = show(path, id, as_json, now(), &mut screen).expect("shown");
    assert_eq!(exit, Exit::Done, "{}", String::from_utf8_lossy(&err));
    String::from_utf8(out).expect("UTF-8")
}

fn answer(path: &Path, id: &str) -> Answer {
    serde_json::from_str(&output(path, id, true, Language::En)).expect("an answer")
}

fn evaluation(rule: &str, resource: &str, verdict: &str, time: &str) -> String {
    format!(
        r#"{{ "EvaluationResultIdentifier":{{"EvaluationResultQualifier":{{"ConfigRuleName":"{rule}","ResourceType":"AWS::EC2::Volume","ResourceId":"{resource}"}}}}, "ComplianceType":"{verdict}","ResultRecordedTime":{time},"ConfigRuleInvokedTime":{time}, "Annotation":"가" }}"#
    )
}

fn details(rows: &[String]) -> Vec<u8> {
    format!("{{\"EvaluationResults\":[{}]}}", rows.join(", ")).into_bytes()
}

/// A failing volume: another copy is content, an older verdict was too, one of the same moment
/// says otherwise, and one says the same.
fn history() -> (Engagement, [String; 5]) {
    let (july, september) = ("\"2026-07-15T00:00:00Z\"", "\"2026-09-15T00:00:00Z\"");
    let rows = [
        evaluation("encrypted-volumes", "vol-1", "NON_COMPLIANT", september),
        evaluation("encrypted-volumes", "vol-1", "COMPLIANT", july),
        evaluation("encrypted-volumes", "vol-1", "COMPLIANT", september),
        evaluation("encrypted-volumes", "vol-1", "NON_COMPLIANT", september),
        evaluation(
            "securityhub-encrypted-volumes-1a2b3c4d",
            "vol-1",
            "COMPLIANT",
            july,
        ),
    ];
    let snapshot = json!({"fileVersion": "1.0", "configSnapshotId": "x", "configurationItems": [{
        "configurationItemVersion": "1.3", "configurationItemCaptureTime": "2026-09-20T00:00:00Z",
        "configurationItemStatus": "OK", "awsAccountId": "111122223333", "awsRegion": "ap-northeast-2",
        "resourceType": "AWS::EC2::Volume", "resourceId": "vol-1", "resourceName": "자료",
        "configurationStateId": 1, "configuration": {"encrypted": false}
    }]});
    let file = |name: &str, bytes: Vec<u8>| (format!("{HERE}/{name}"), bytes);
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let member = format!("{}/old.json", &HERE["exports/".len()..]);
    archive.start_file(member, options).expect("memory");
    std::io::Write::write_all(&mut archive, &details(&rows[1..2])).expect("memory");
    let archive = archive.finish().expect("memory").into_inner();
    let exports = [
        file("a-now.json", details(&rows[..1])),
        ("exports/b-old.zip".to_owned(), archive),
        file("c-against.json", details(&rows[2..3])),
        file("d-again.json", details(&rows[3..4])),
        file("e-hub.json", details(&rows[4..])),
        file("f-snapshot.json", snapshot.to_string().into_bytes()),
    ];
    (Engagement::new(&exports), rows)
}

#[test]
fn all_that_was_said_of_a_resource_is_shown_with_its_very_bytes() {
    let (engagement, rows) = history();
    let assessment = engagement.assessment();
    let [finding] = &assessment.findings[..] else {
        panic!("one finding: {:?}", assessment.findings);
    };
    let bundle = engagement.bundle();
    for path in [engagement.0.path(), &bundle] {
        let answer = answer(path, &finding.id.to_string());
        assert_eq!(answer.evaluation.get(), rows[0]);
        assert!(!answer.gone);
        let mut others: Vec<(Relation, &str, &str)> = answer
            .others
            .iter()
            .map(|other| {
                (
                    other.relation,
                    other.status.as_str(),
                    other.evaluation.get(),
                )
            })
            .collect();
        others.sort_unstable();
        assert_eq!(
            others,
            [
                (Relation::Copy, "COMPLIANT", rows[4].as_str()),
                (Relation::Contradiction, "COMPLIANT", &rows[2]),
                (Relation::Same, "NON_COMPLIANT", &rows[3]),
                (Relation::Older, "COMPLIANT", &rows[1]),
            ]
        );
        let older = &answer.others[3].source;
        assert_eq!(older["input"], "E0006.0001", "a member of an archive");
        let item = answer.configuration_item.expect("its item");
        assert!(
            item.record
                .get()
                .contains("\"configuration\":{\"encrypted\":false}")
        );
        assert_eq!(answer.finding["copies"].as_array().map(Vec::len), Some(1));
        assert_eq!(answer.finding["history"].as_array().map(Vec::len), Some(3));
    }
}

#[test]
fn the_screen_names_each_relation_and_place_in_both_languages() {
    let (engagement, rows) = history();
    let id = engagement.assessment().findings[0].id.to_string();
    for (language, labels) in [
        (
            Language::En,
            [
                "copy ",
                "contradicts ",
                "same ",
                "older ",
                "evaluation ",
                "item ",
            ],
        ),
        (
            Language::Ko,
            [
                "다른 배포 ",
                "상충 ",
                "같은 판정 ",
                "이전 ",
                "평가 원문 ",
                "구성 항목 ",
            ],
        ),
    ] {
        let text = output(engagement.0.path(), &id, false, language);
        for label in labels {
            assert!(
                text.lines().any(|line| line.starts_with(label)),
                "{label}: {text}"
            );
        }
        for row in &rows {
            assert!(text.contains(row.as_str()), "{row}: {text}");
        }
        assert!(text.contains("exports/b-old.zip!111122223333/"), "{text}");
    }
}

#[test]
fn a_resource_of_the_same_id_in_another_region_is_another_resource() {
    let (engagement, _) = history();
    let toml = LEAST.replace("\"ap-northeast-2\"", "\"ap-northeast-2\", \"us-east-1\"");
    fs::write(engagement.0.path().join("kisms.toml"), toml).expect("a file");
    let there = engagement.0.path().join("exports/111122223333/us-east-1");
    fs::create_dir(&there).expect("a folder");
    let row = evaluation(
        "encrypted-volumes",
        "vol-1",
        "COMPLIANT",
        "\"2026-09-16T00:00:00Z\"",
    );
    fs::write(there.join("a.json"), details(&[row])).expect("a file");
    let assessment = engagement.assessment();
    let shown: Vec<_> = (assessment.findings.iter())
        .map(|finding| {
            let answer = answer(engagement.0.path(), &finding.id.to_string());
            let name = finding.resource_name.as_deref();
            (&*finding.region, name, answer.configuration_item.is_some())
        })
        .collect();
    assert_eq!(shown.len(), 2);
    assert!(shown.contains(&("ap-northeast-2", Some("자료"), true)));
    assert!(shown.contains(&("us-east-1", None, false)));
}

#[test]
fn a_decision_is_shown_with_what_became_of_it() {
    let (engagement, _) = history();
    let id = engagement.assessment().findings[0].id.to_string();
    let decisions = format!(
        "id,kind,control_id,rule,account,region,resource_id,finding_id,fingerprint,reason,owner,approver,approved_on,expires_on,evidence\n\
         D1,exception,,,,,,{id},,because,kim,lee,2026-07-01,2026-08-31,\n"
    );
    fs::write(engagement.0.path().join("decisions.csv"), decisions).expect("a file");
    for (language, shown) in [
        (
            Language::En,
            "D1 exception (expired ~ 2026-08-31) kim: because",
        ),
        (Language::Ko, "D1 예외 (만료 ~ 2026-08-31) kim: because"),
    ] {
        let text = output(engagement.0.path(), &id, false, language);
        assert!(text.contains(shown), "{text}");
    }
}

#[test]
fn an_export_that_changed_since_is_said_to_and_not_shown() {
    let (engagement, _) = history();
    let assessment = engagement.assessment();
    let finding = &assessment.findings[0];
    let path = engagement.0.path().join(format!("{HERE}/a-now.json"));
    let mut bytes = fs::read(&path).expect("an export");
    bytes.push(b'\n');
    fs::write(&path, bytes).expect("a file");
    let exports = Exports::of(engagement.0.path(), None);
    let error = exports.records(&[&finding.source], &assessment);
    let error = error.expect_err("it changed").to_string();
    assert!(error.contains("changed while it was read"), "{error}");
}

#[test]
fn parameters_are_shown_and_that_they_are_unknown_is_said() {
    let rule = "iam-password-policy";
    let row = evaluation(rule, "vol-1", "COMPLIANT", "\"2026-09-15T00:00:00Z\"");
    let verdicts = (format!("{HERE}/d.json"), details(&[row]));
    let described = |parameters: &str| {
        let rules = json!({"ConfigRules": [{
            "ConfigRuleName": rule, "InputParameters": parameters, "ConfigRuleState": "ACTIVE",
            "ConfigRuleArn": "arn:aws:config:ap-northeast-2:111122223333:config-rule/config-rule-a",
            "Source": {"Owner": "AWS", "SourceIdentifier": "IAM_PASSWORD_POLICY"},
        }]});
        (format!("{HERE}/r.json"), rules.to_string().into_bytes())
    };
    let line = |exports: &[(String, Vec<u8>)], language, label: &str| {
        let engagement = Engagement::new(exports);
        let id = engagement.assessment().findings[0].id.to_string();
        let text = output(engagement.0.path(), &id, false, language);
        let mut lines = text.lines().filter_map(|line| line.strip_prefix(label));
        lines.next().map(|value| value.trim().to_owned())
    };
    let told = |exports: &[(String, Vec<u8>)]| line(exports, Language::En, "parameters ");
    let unknown = told(std::slice::from_ref(&verdicts));
    let expected = "unknown: describe-config-rules tells them";
    assert_eq!(unknown.as_deref(), Some(expected));
    let korean = line(std::slice::from_ref(&verdicts), Language::Ko, "매개변수 ");
    assert!(korean.is_some_and(|text| text.starts_with("알 수 없음")));
    let known = told(&[
        verdicts.clone(),
        described(r#"{"MinimumPasswordLength":"14"}"#),
    ]);
    assert_eq!(known.as_deref(), Some("MinimumPasswordLength=14"));
    assert_eq!(
        told(&[verdicts.clone(), described("{}")]),
        None,
        "none is set"
    );
    let new = [
        verdicts,
        described(r#"{"Quantum":"no","maxpasswordage":"90"}"#),
    ];
    let unknown = line(&new, Language::En, "unknown ");
    assert_eq!(unknown.as_deref(), Some("Quantum=no"));
}
