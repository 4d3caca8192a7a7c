//! What stands beside a verdict: when its export was taken, in which mode it was made, and when its
//! rule failed.

use super::*;
use crate::evidence::{ComplianceType, Recorded};

/// What boto3 keeps of an answer.
const ANSWERED: &str =
    r#""ResponseMetadata":{"HTTPHeaders":{"date":"Wed, 30 Sep 2026 03:00:00 GMT"}}"#;

#[test]
fn an_export_is_dated_by_its_snapshots_name_then_by_the_log_then_by_the_answer_itself() {
    let taken = |name: &str, list: &str, logged: bool, answered: bool| {
        let more = if answered {
            format!(",{ANSWERED}")
        } else {
            String::new()
        };
        let text = format!("{{{list}{more}}}");
        let log = format!("2026-09-30T02:00:09Z\tsaved\t{name}\tcalled 2026-09-30T02:00:00Z\n");
        let mut files = vec![(name, text.as_bytes())];
        if logged {
            files.push(("collect.log", log.as_bytes()));
        }
        let evidence = read_all(&files);
        let captured = evidence.listings[0].captured;
        captured.map(|captured| captured.moment().to_rfc3339())
    };
    let rows = format!("\"EvaluationResults\":[{EVALUATION}]");
    let items = r#""fileVersion":"1.0","configSnapshotId":"x","configurationItems":[]"#;
    let snapshot = "111122223333_Config_us-east-1_ConfigSnapshot_20260930T010000Z_x.json";
    for (name, list, logged, answered, hour) in [
        (snapshot, items, true, true, Some("01")),
        (snapshot, items, false, false, Some("01")),
        ("a.json", &rows, true, true, Some("02")),
        ("a.json", &rows, true, false, Some("02")),
        ("a.json", &rows, false, true, Some("03")),
        ("a.json", &rows, false, false, None),
        ("snapshot.json", items, true, false, Some("02")),
    ] {
        let expected = hour.map(|hour| format!("2026-09-30T{hour}:00:00+00:00"));
        let told = taken(name, list, logged, answered);
        assert_eq!(told, expected, "{name} {logged} {answered}");
    }
}

#[test]
fn a_verdict_on_what_is_not_deployed_is_known_by_its_mode_in_every_form() {
    for (mode, proactive) in [
        (r#""DETECTIVE""#, false),
        ("null", false),
        (r#""""#, false),
        (r#""PROACTIVE""#, true),
        (r#""OF_TOMORROW""#, true),
        (r#""proactive""#, true),
    ] {
        let upper = EVALUATION.replace(
            "\"ResourceId\"",
            &format!("\"EvaluationMode\":{mode},\"ResourceId\""),
        );
        let lower = upper.replace("\"EvaluationMode\"", "\"evaluationMode\"");
        let event = format!(
            r#"{{"awsAccountId":"111122223333","awsRegion":"us-east-1","configRuleName":"r","resourceType":"AWS::EC2::VPC","resourceId":"vpc","newEvaluationResult":{{"evaluationResultIdentifier":{{"evaluationResultQualifier":{{"configRuleName":"r","evaluationMode":{mode}}}}},"complianceType":"COMPLIANT","resultRecordedTime":"2026-07-01T00:00:00Z"}},"messageType":"ComplianceChangeNotification"}}"#
        );
        for text in [details(&[&upper]), details(&[&lower]), event] {
            let evidence = read_all(&[("a.json", text.as_bytes())]);
            let [verdict] = &evidence.evaluations[..] else {
                panic!("one verdict: {:?}", evidence.inputs[0].faults);
            };
            // What fails counts in every mode but the one that is known not to.
            let fails = verdict.compliance == ComplianceType::NonCompliant;
            let expected = if fails {
                mode == r#""PROACTIVE""#
            } else {
                proactive
            };
            assert_eq!(verdict.proactive, expected, "{text}");
        }
    }
}

#[test]
fn of_two_failures_of_a_rule_the_later_counts_and_one_without_a_zone_may_be_that() {
    let failed = |evaluation: &str, invocation: &str| {
        let text = format!(
            r#"{{"ConfigRulesEvaluationStatus":[{{"ConfigRuleName":"r","LastFailedEvaluationTime":{evaluation},"LastFailedInvocationTime":{invocation}}}]}}"#
        );
        let evidence = read_all(&[("a.json", text.as_bytes())]);
        evidence.rule_statuses[0]
            .failed
            .as_ref()
            .map(ToString::to_string)
    };
    let (july, august) = ("\"2026-07-15T00:00:00Z\"", "\"2026-08-15T00:00:00Z\"");
    let unknown = "\"2026-07-01 00:00:00\"";
    for (evaluation, invocation, expected) in [
        (july, august, Some(august)),
        (august, july, Some(august)),
        (july, "null", Some(july)),
        ("null", july, Some(july)),
        ("null", "null", None),
        (unknown, august, Some(unknown)),
        (july, unknown, Some(unknown)),
    ] {
        let expected = expected.map(|time| time.trim_matches('"').to_owned());
        assert_eq!(
            failed(evaluation, invocation),
            expected,
            "{evaluation} {invocation}"
        );
    }
}

#[test]
fn what_a_recorder_records_is_read_in_every_form_of_its_group() {
    let recorded = |group: &str| {
        let text = format!(
            r#"{{"ConfigurationRecorders":[{{"name":"default","recordingGroup":{group}}}]}}"#
        );
        let mut evidence = read_all(&[("a.json", text.as_bytes())]);
        evidence.recorders.remove(0).recorded
    };
    let types = || vec!["AWS::EC2::VPC".into()];
    for (group, expected) in [
        (
            r#"{"allSupported":true,"includeGlobalResourceTypes":true,"resourceTypes":[]}"#,
            Recorded::All(true),
        ),
        (r#"{"allSupported":true}"#, Recorded::All(false)),
        (
            r#"{"allSupported":false,"resourceTypes":["AWS::EC2::VPC"]}"#,
            Recorded::Only(types()),
        ),
        (
            r#"{"allSupported":false,"exclusionByResourceTypes":{"resourceTypes":["AWS::EC2::VPC"]},"recordingStrategy":{"useOnly":"EXCLUSION_BY_RESOURCE_TYPES"}}"#,
            Recorded::Except(types()),
        ),
        (r#"{"allSupported":false}"#, Recorded::Only(Vec::new())),
    ] {
        assert_eq!(recorded(group), expected, "{group}");
    }
    let works = |status: &str| {
        let text = format!(r#"{{"ConfigurationRecordersStatus":[{{"name":"default",{status}}}]}}"#);
        read_all(&[("a.json", text.as_bytes())]).recorder_statuses[0].works
    };
    assert!(works(r#""recording":true,"lastStatus":"SUCCESS""#));
    assert!(works(r#""recording":true,"lastStatus":"PENDING""#));
    assert!(!works(r#""recording":true,"lastStatus":"FAILURE""#));
    assert!(!works(r#""recording":false,"lastStatus":"SUCCESS""#));
}
