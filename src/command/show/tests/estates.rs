//! What is concluded from whole files, as users have them.

use super::*;
use crate::assess::{Automated, ControlResult, GapKind, Seen};

fn here(name: &str, text: &str) -> (String, Vec<u8>) {
    (format!("{HERE}/{name}"), text.as_bytes().to_vec())
}

fn row(rule: &str, resource: &str, verdict: &str) -> String {
    evaluation(rule, resource, verdict, "\"2026-09-15T00:00:00Z\"")
}

fn seen(assessment: &Assessment, rule: &str) -> Seen {
    let row = assessment.rules.iter().find(|row| row.rule == rule);
    row.expect("a mapped rule").seen[0].state
}

fn control<'a>(assessment: &'a Assessment, id: &str) -> &'a ControlResult {
    let id = id.parse().expect("a control");
    let row = assessment.controls.iter().find(|row| row.id == id);
    let result = row.and_then(|row| row.result.as_ref());
    result.expect("a control with a result")
}

#[test]
fn a_pack_export_cut_at_100_is_incomplete_and_says_which_command_completes_it() {
    let rule = "encrypted-volumes-conformance-pack-abc123def";
    let rows: Vec<String> = (0..100)
        .map(|n| row(rule, &format!("vol-{n}"), "COMPLIANT"))
        .collect();
    let pack = |token: &str| {
        let text = format!(
            "{{\"ConformancePackName\":\"k\",\"ConformancePackRuleEvaluationResults\":[{}]{token}}}",
            rows.join(",")
        );
        Engagement::new(&[here("pack.json", &text)]).assessment()
    };
    let cut = pack(",\"NextToken\":\"x\"");
    assert_eq!(seen(&cut, "encrypted-volumes"), Seen::Partial);
    assert_eq!(control(&cut, "2.6.7").automated, Automated::Incomplete);
    let commands: Vec<&str> = (cut.gaps.iter())
        .filter(|gap| gap.kind == GapKind::Partial)
        .map(|gap| gap.at.command.as_str())
        .collect();
    let details = "get-compliance-details-by-config-rule --config-rule-name";
    let asked = format!("aws configservice {details} {rule} --region ap-northeast-2 > ");
    assert!(commands.iter().any(|command| command.starts_with(&asked)));
    let others = "describe-config-rules --region";
    assert!(commands.iter().any(|command| command.contains(others)));
    let whole = pack("");
    assert_eq!(seen(&whole, "encrypted-volumes"), Seen::Seen);
    let warning = whole.inputs[0].reason.as_deref();
    assert!(warning.is_some_and(|text| text.starts_with("exactly 100 rows")));
}

#[test]
fn a_filtered_export_beside_a_rule_level_failure_is_partial() {
    let filtered = details(&[row("encrypted-volumes", "vol-1", "COMPLIANT")]);
    let level = |verdict: &str| {
        format!(
            r#"{{"ComplianceByConfigRules":[{{"ConfigRuleName":"encrypted-volumes","Compliance":{{"ComplianceType":"{verdict}"}}}}]}}"#
        )
    };
    for (verdict, expected) in [("NON_COMPLIANT", Seen::Partial), ("COMPLIANT", Seen::Seen)] {
        let files = [
            (format!("{HERE}/details.json"), filtered.clone()),
            here("level.json", &level(verdict)),
        ];
        let assessment = Engagement::new(&files).assessment();
        assert_eq!(
            seen(&assessment, "encrypted-volumes"),
            expected,
            "{verdict}"
        );
    }
}

#[test]
fn a_whole_snapshot_and_its_recorder_show_that_an_estate_has_no_redshift() {
    let snapshot = r#"{"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[{"configurationItemCaptureTime":"2026-09-20T00:00:00Z","configurationItemStatus":"OK","awsAccountId":"111122223333","awsRegion":"ap-northeast-2","resourceType":"AWS::EC2::Volume","resourceId":"vol-1","configuration":{}}]}"#;
    let recorder = r#"{"ConfigurationRecorders":[{"name":"default","recordingGroup":{"allSupported":true,"includeGlobalResourceTypes":true,"resourceTypes":[]}}]}"#;
    let status = r#"{"ConfigurationRecordersStatus":[{"name":"default","lastStartTime":"2026-01-01T00:00:00Z","recording":true,"lastStatus":"SUCCESS"}]}"#;
    let files = [
        here("snapshot.json", snapshot),
        here("recorders.json", recorder),
        here("status.json", status),
    ];
    let both = Engagement::new(&files).assessment();
    assert_eq!(seen(&both, "redshift-backup-enabled"), Seen::CheckedNone);
    assert_eq!(
        seen(&both, "encrypted-volumes"),
        Seen::NotChecked,
        "there is one"
    );
    assert_eq!(
        seen(&both, "emr-kerberos-enabled"),
        Seen::NotChecked,
        "never recorded"
    );
    let alone = Engagement::new(&files[..1]).assessment();
    assert_eq!(seen(&alone, "redshift-backup-enabled"), Seen::NotChecked);
}

#[test]
fn rules_with_three_one_no_and_one_evaluations_in_one_file_keep_their_own() {
    let answers = [
        details(&["vol-1", "vol-2", "vol-3"].map(|id| row("encrypted-volumes", id, "COMPLIANT"))),
        details(&[row("restricted-ssh", "sg-1", "NON_COMPLIANT")]),
        details(&[]),
        details(&[row("rds-storage-encrypted", "db-1", "COMPLIANT")]),
    ];
    let files = [(format!("{HERE}/all.json"), answers.concat())];
    let assessment = Engagement::new(&files).assessment();
    let mut found: Vec<String> = (assessment.findings.iter())
        .map(|f| format!("{} {} {}", f.rule, f.resource_id, f.status))
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "encrypted-volumes vol-1 COMPLIANT",
            "encrypted-volumes vol-2 COMPLIANT",
            "encrypted-volumes vol-3 COMPLIANT",
            "rds-storage-encrypted db-1 COMPLIANT",
            "restricted-ssh sg-1 NON_COMPLIANT",
        ]
    );
    assert_eq!(seen(&assessment, "vpc-flow-logs-enabled"), Seen::NotChecked);
}

#[test]
fn a_file_that_was_copied_into_the_folder_of_another_account_is_seen_in_neither() {
    let time = "\"2026-09-15T01:02:03.456Z\"";
    let text = details(&[evaluation("encrypted-volumes", "vol-1", "COMPLIANT", time)]);
    let original = (format!("{HERE}/a.json"), text.clone());
    let copy = (
        "exports/444455556666/ap-northeast-2/a.json".to_owned(),
        text,
    );
    let alone = Engagement::new(std::slice::from_ref(&original)).assessment();
    assert_eq!(seen(&alone, "encrypted-volumes"), Seen::Seen);
    let both = Engagement::new(&[original, copy]).assessment();
    assert_eq!(seen(&both, "encrypted-volumes"), Seen::NotChecked);
    assert!(both.findings.is_empty());
    let gaps = both.gaps.iter();
    let gaps = gaps.filter(|gap| gap.kind == GapKind::Unattributed);
    let inputs: Vec<&str> = gaps.map(|gap| gap.at.input.as_str()).collect();
    assert_eq!(inputs, ["E0001", "E0002"]);
}
