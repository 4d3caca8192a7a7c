//! Words of enumerations: absent, known, and such as AWS does not have.

use super::*;
use crate::evidence::Recorded;
use crate::export::formats::words::ENUMERATIONS;

/// For each enumeration a document in which `WORD` stands for its value.
const DOCUMENTS: [(&str, &str); 11] = [
    (
        "EvaluationMode",
        r#"{"EvaluationResults":[{"EvaluationResultIdentifier":{"EvaluationResultQualifier":{"ConfigRuleName":"r","ResourceType":"t","ResourceId":"i","EvaluationMode":WORD}},"ComplianceType":"NON_COMPLIANT"}]}"#,
    ),
    (
        "Mode",
        r#"{"ConfigRules":[{"ConfigRuleName":"r","Source":{"Owner":"AWS","SourceIdentifier":"X"},"EvaluationModes":[{"Mode":WORD}]}]}"#,
    ),
    (
        "ConfigRuleState",
        r#"{"ConfigRules":[{"ConfigRuleName":"r","Source":{"Owner":"AWS","SourceIdentifier":"X"},"ConfigRuleState":WORD}]}"#,
    ),
    (
        "RuleEvaluationVisibility",
        r#"{"ConfigRules":[{"ConfigRuleName":"r","Source":{"Owner":"AWS","SourceIdentifier":"X"},"RuleEvaluationVisibility":WORD}]}"#,
    ),
    (
        "Owner",
        r#"{"ConfigRules":[{"ConfigRuleName":"r","Source":{"Owner":WORD,"SourceIdentifier":"X"}}]}"#,
    ),
    (
        "recordingScope",
        r#"{"ConfigurationRecorders":[{"name":"r","recordingGroup":{"allSupported":true},"recordingScope":WORD}]}"#,
    ),
    (
        "useOnly",
        r#"{"ConfigurationRecorders":[{"name":"r","recordingGroup":{"allSupported":true,"recordingStrategy":{"useOnly":WORD}}}]}"#,
    ),
    (
        "lastStatus",
        r#"{"ConfigurationRecordersStatus":[{"name":"r","recording":true,"lastStatus":WORD}]}"#,
    ),
    (
        "configurationItemStatus",
        r#"{"configurationItems":[{"configurationItemCaptureTime":"2026-09-20T00:00:00Z","configurationItemStatus":WORD,"resourceType":"AWS::EC2::VPC","resourceId":"vpc-1","relationships":[{"resourceType":"AWS::EC2::RouteTable","resourceId":"rtb-1"}]}]}"#,
    ),
    (
        "RecordState",
        r#"{"Findings":[{"SchemaVersion":"2018-10-08","Id":"x","ProductArn":"p","GeneratorId":"g","AwsAccountId":"111122223333","UpdatedAt":"2026-07-02T00:00:00Z","Resources":[{"Type":"AwsEc2Vpc","Id":"vpc-1"}],"Compliance":{"Status":"FAILED"},"RecordState":WORD}]}"#,
    ),
    (
        "Status",
        r#"{"ExportJobId":"a1","Status":WORD,"DataType":"FINDINGS","Destination":{}}"#,
    ),
];

fn with(document: &str, word: &str) -> Evidence {
    let text = document.replace("WORD", word);
    let evidence = read_all(&[("a.json", text.as_bytes())]);
    let input = &evidence.inputs[0];
    assert_eq!(input.status, InputStatus::Complete, "{text}: {input:?}");
    evidence
}

/// What was read, without the files.
fn records(evidence: &Evidence) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {} {:?}",
        evidence.evaluations,
        evidence.config_rules,
        evidence.recorders,
        evidence.recorder_statuses,
        evidence.items.len(),
        evidence.mentions,
    )
}

#[test]
fn an_enumerations_unknown_or_empty_value_never_makes_a_record_vanish() {
    for enumeration in ENUMERATIONS {
        let field = enumeration.field;
        let mut documents = DOCUMENTS.iter();
        let (_, document) = documents
            .find(|(of, _)| *of == field)
            .expect("a document of each enumeration");
        let quoted = format!("\"{field}\":WORD");
        let pair = [format!(",{quoted}"), format!("{quoted},"), quoted];
        let without = pair.iter().fold((*document).to_owned(), |text, pair| {
            text.replacen(pair.as_str(), "", 1)
        });
        let absent = records(&with(&without, ""));
        for word in ["null", "\"\""] {
            let evidence = with(document, word);
            assert_eq!(records(&evidence), absent, "{field} {word}");
            assert_eq!(evidence.inputs[0].reason, None, "{field} {word}");
        }
        for word in enumeration.words {
            let evidence = with(document, &format!("\"{word}\""));
            assert_eq!(evidence.inputs[0].reason, None, "{field} {word}");
            // Where a word takes a record away, it has to be AWS's own.
            let evidence = with(document, &format!("\"{}\"", word.to_lowercase()));
            let known = evidence.inputs[0].reason.is_none();
            assert_eq!(known, enumeration.any_case, "{field} {word}");
        }
        let evidence = with(document, "\"OF_TOMORROW\"");
        let reason = evidence.inputs[0].reason.as_deref().unwrap_or_default();
        let named = format!("`{field}` is `OF_TOMORROW`");
        assert!(reason.contains(&named), "{field}: {reason}");
        let counts = |evidence: &Evidence| {
            (
                evidence.evaluations.len() + evidence.config_rules.len() + evidence.items.len(),
                evidence.recorders.len() + evidence.recorder_statuses.len(),
                evidence.mentions.len(),
            )
        };
        assert_eq!(
            counts(&evidence),
            counts(&with(document, "null")),
            "{field}"
        );
    }
    assert_eq!(ENUMERATIONS.len(), DOCUMENTS.len());
}

#[test]
fn what_an_unknown_word_tells_of_counts_as_the_worse_case() {
    let read = |field: &str, word: &str| {
        let mut documents = DOCUMENTS.iter();
        let (_, document) = documents.find(|(of, _)| *of == field).expect("a document");
        with(document, word)
    };
    for word in ["\"OF_TOMORROW\"", "null", "\"\""] {
        let verdict = &read("EvaluationMode", word).evaluations[0];
        let unknown = word.contains("TOMORROW");
        // In a mode that is not known only what fails counts.
        let counts = !unknown || verdict.compliance == ComplianceType::NonCompliant;
        assert_eq!(verdict.proactive, !counts, "{word}");
        assert!(!read("RuleEvaluationVisibility", word).config_rules[0].internal);
        assert!(!read("RecordState", word).evaluations[0].is_archived());
        assert_eq!(&*read("Owner", word).config_rules[0].owner, "AWS");
        assert_eq!(read("configurationItemStatus", word).mentions.len(), 1);
    }
    let unknown = |field: &str| read(field, "\"OF_TOMORROW\"");
    assert!(!unknown("Mode").config_rules[0].detective);
    assert!(read("Mode", "\"\"").config_rules[0].detective);
    assert!(unknown("recordingScope").recorders[0].internal);
    assert!(!unknown("lastStatus").recorder_statuses[0].works);
    let recorded = |word: &str| read("useOnly", word).recorders.remove(0).recorded;
    assert_eq!(recorded("\"OF_TOMORROW\""), Recorded::Only(Vec::new()));
    assert_eq!(recorded("\"\""), Recorded::All(false));
    let state = unknown("ConfigRuleState").config_rules.remove(0).state;
    assert_eq!(state.as_deref(), Some("OF_TOMORROW"));
}

#[test]
fn an_error_code_that_is_empty_is_none() {
    let text = r#"{"ConfigRulesEvaluationStatus":[{"ConfigRuleName":"r","LastSuccessfulInvocationTime":1450314645.261,"LastErrorCode":""}]}"#;
    let status = with(text, "").rule_statuses.remove(0);
    assert!(status.error.is_none() && status.succeeded.is_some());
}

#[test]
fn a_finding_on_a_rule_that_does_not_tell_its_status_is_a_verdict_all_the_same() {
    let finding = |compliance: &str, fields: &str| {
        format!(
            r#"{{"Findings":[{{"SchemaVersion":"2018-10-08","Id":"x","ProductArn":"p","GeneratorId":"g","AwsAccountId":"111122223333","UpdatedAt":"2026-07-02T00:00:00Z","Resources":[{{"Type":"AwsEc2Vpc","Id":"vpc-1"}}]{compliance},"ProductFields":{{{fields}}}}}]}}"#
        )
    };
    let rule = r#""RelatedAWSResources:0/name":"r","RelatedAWSResources:0/type":"AWS::Config::ConfigRule""#;
    for compliance in [
        "",
        r#","Compliance":null"#,
        r#","Compliance":{"Status":""}"#,
        r#","Compliance":{"Status":null}"#,
    ] {
        let evidence = with(&finding(compliance, rule), "");
        let verdict = evidence.evaluations[0].compliance;
        assert_eq!(verdict, ComplianceType::InsufficientData, "{compliance}");
        let evidence = with(&finding(compliance, ""), "");
        assert!(evidence.evaluations.is_empty(), "{compliance}");
    }
}
