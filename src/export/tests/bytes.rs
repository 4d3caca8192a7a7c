//! Bytes that stand where no text needs them: halves of surrogate pairs, byte order marks, zero bytes
//! and other padding.

use super::*;

const ANNOTATED: &str = r#"{"EvaluationResultIdentifier":{"EvaluationResultQualifier":{"ConfigRuleName":"restricted-ssh","ResourceType":"AWS::EC2::SecurityGroup","ResourceId":"sg-1"}},"Annotation":"tag \uD83D","ComplianceType":"NON_COMPLIANT","ResultRecordedTime":1450314645.261}"#;

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text")
}

/// The input of a file that is read whole, and all annotations.
fn read_whole(bytes: &[u8]) -> (Input, Vec<String>) {
    let mut evidence = read_all(&[("a.json", bytes)]);
    let input = evidence.inputs.remove(0);
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]);
    assert_eq!(
        input.status,
        InputStatus::Complete,
        "{shown}: {:?}",
        input.faults
    );
    let annotations = evidence.evaluations.iter();
    let texts = annotations.map(|row| row.annotation.as_deref().unwrap_or_default().to_owned());
    (input, texts.collect())
}

#[test]
fn half_a_surrogate_pair_is_read_as_the_replacement_character_in_every_form_and_noted() {
    let plain = details(&[ANNOTATED, EVALUATION]);
    for form in [
        plain.clone(),
        format!("[{ANNOTATED},{EVALUATION}]"),
        format!("{ANNOTATED}\n{EVALUATION}\n"),
        format!("[{plain}]"),
        format!("{{\"apiResponse\":{plain}}}"),
        format!("{{\"Message\":{}}}", quoted(&plain)),
        format!(
            "{{\"Records\":[{{\"Sns\":{{\"Message\":{}}}}}]}}",
            quoted(&plain)
        ),
    ] {
        let (input, annotations) = read_whole(form.as_bytes());
        assert_eq!(annotations, ["tag \u{fffd}", ""], "{form}");
        let reason = input.reason.expect("a remark");
        assert!(reason.contains("U+FFFD (1 times)"), "{reason}");
    }
    let both = details(&[&ANNOTATED.replace(r"\uD83D", r"\uD83D\uDE00")]);
    let (input, annotations) = read_whole(both.as_bytes());
    assert_eq!(
        (input.reason, &annotations[..]),
        (None, &["tag 😀".to_owned()][..])
    );
}

#[test]
fn half_a_surrogate_pair_is_found_wherever_the_window_ends() {
    let row = "x".repeat(5000);
    let row = ANNOTATED.replace("tag", &row);
    let rows = vec![&*row; 500];
    let (input, annotations) = read_whole(details(&rows).as_bytes());
    assert_eq!(annotations.len(), 500);
    assert!(annotations.iter().all(|text| text.ends_with("x \u{fffd}")));
    let reason = input.reason.expect("a remark");
    assert!(reason.contains("U+FFFD (500 times)"), "{reason}");
}

#[test]
fn half_a_surrogate_pair_in_a_key_an_envelope_or_json_within_json_loses_no_row() {
    let row = EVALUATION.replacen('{', r#"{"\udc00":"\udc00","#, 1);
    let token = r#"{"EvaluationResults":[],"\ud83d":"\ud83d","NextToken":""}"#;
    let query = quoted(
        r#"{"resourceType":"AWS::S3::Bucket","resourceId":"b","tags":["\ud83d"],"configuration":{"a":"\ud83d"}}"#,
    );
    let item = r#"{"configurationItems":[{"resourceType":"AWS::Config::ResourceCompliance","resourceId":"AWS::S3::Bucket/b","awsAccountId":"111122223333","awsRegion":"us-east-1","configurationItemStatus":"OK","configuration":{"targetResourceId":"b\ud83d","targetResourceType":"AWS::S3::Bucket","configRuleList":[{"configRuleName":"r","complianceType":"COMPLIANT"}]}}]}"#;
    let rule = r#"{"ConfigRules":[{"ConfigRuleName":"r","Source":{"Owner":"AWS","SourceIdentifier":"S3_BUCKET_VERSIONING_ENABLED"},"InputParameters":"{\"a\":\"\\ud83d\"}","ConfigRuleState":"ACTIVE"}]}"#;
    for text in [
        details(&[&row]),
        token.to_owned(),
        format!("{{\"Results\":[{query}]}}"),
        item.to_owned(),
        rule.to_owned(),
    ] {
        read_whole(text.as_bytes());
    }
}

#[test]
fn a_true_fault_behind_half_a_surrogate_pair_is_still_told_where_it_stands() {
    let broken = details(&[ANNOTATED]).replace(r#""ComplianceType":"#, r#""ComplianceType";"#);
    let found = faults(broken.as_bytes());
    assert_eq!(found[0].code, "KI-0202");
    let at = broken.find(';').expect("the fault") as u64;
    assert_eq!(found[0].offset, Some(at));
}

#[test]
fn byte_order_marks_and_ends_of_text_between_and_behind_documents_are_passed_over() {
    let (one, two) = (details(&[EVALUATION]), details(&[ANNOTATED]));
    for text in [
        format!("\u{feff}\u{feff}{one}{two}"),
        format!("\u{feff}{one}\r\n\u{feff}{two}\u{feff}\n"),
        format!("{one}\u{1a}{two}\r\n\u{1a}"),
        format!("{one}\n \u{feff}\u{1a}\u{1a}{two}"),
    ] {
        let (_, annotations) = read_whole(text.as_bytes());
        assert_eq!(annotations.len(), 2, "{text}");
    }
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let wide = format!("\u{feff}{one}\u{feff}{two}\u{1a}");
    assert_eq!(read_whole(&utf16(&wide)).1.len(), 2);
    // Within a document they stand for something else.
    assert_eq!(
        codes(one.replace(":[", ":\u{feff}[").as_bytes()),
        ["KI-0202"]
    );
    assert_eq!(codes("\u{feff}\u{1a}\u{feff}".as_bytes()), ["KI-0102"]);
}

#[test]
fn zero_bytes_are_told_for_what_they_are_wherever_they_begin() {
    let good = details(&[EVALUATION]);
    let zeros = "\0".repeat(1000);
    for text in [
        format!("{good}{zeros}"),
        format!("{good}\0"),
        format!("{good}\r\n{zeros}"),
        format!("{}{zeros}", &good[..good.len() - 1]),
        format!("{}{zeros}", &good[..150]),
        format!("{}{zeros}", &good[..40]),
        format!("{}{zeros}{}", &good[..150], &good[150..]),
        zeros.clone(),
    ] {
        let found = faults(text.as_bytes());
        let (code, hint) = (&found[0].code, &found[0].hint);
        assert_eq!(code, "KI-0201", "{text}: {}", found[0].message);
        assert!(found[0].message.contains("zero bytes"), "{text}");
        assert!(hint.contains("copy it from its source again"), "{hint}");
        assert!(!found[0].foreign);
    }
}
