//! What stands beside a verdict: when its export was taken, and in which mode it was made.

use super::*;

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
        (r#""PROACTIVE""#, true),
        (r#""OF_TOMORROW""#, true),
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
            assert_eq!(verdict.proactive, proactive, "{text}");
        }
    }
}
