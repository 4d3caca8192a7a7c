//! The same verdicts in folders of several places.

use super::*;

const FIRST: &str = "111122223333/ap-northeast-2/a.json";
/// To the second only.
const ROUND: &str = r#"{"EvaluationResultIdentifier":{"EvaluationResultQualifier":{"ConfigRuleName":"restricted-ssh","ResourceType":"AWS::EC2::SecurityGroup","ResourceId":"sg-1"}},"ComplianceType":"COMPLIANT","ResultRecordedTime":"2026-09-10T00:00:00Z"}"#;

/// Account and region that the path of each file still tells.
fn told(evidence: &Evidence) -> Vec<String> {
    let places = evidence.listings.iter().map(|listing| &listing.path_place);
    let texts = places.map(|place| {
        let texts = [&place.account, &place.region].map(|text| text.as_deref().unwrap_or("-"));
        texts.join(" ")
    });
    texts.collect()
}

#[test]
fn what_the_paths_of_the_same_verdicts_disagree_on_neither_tells() {
    let text = details(&[EVALUATION]);
    let here = "111122223333 ap-northeast-2";
    for (other, expected) in [
        (
            "444455556666/ap-northeast-2/a.json",
            ["- ap-northeast-2"; 2],
        ),
        ("111122223333/us-east-1/b.json", ["111122223333 -"; 2]),
        ("444455556666/us-east-1/a.json", ["- -"; 2]),
        ("111122223333/ap-northeast-2/b.json", [here; 2]),
        ("copies/a.json", [here, "- -"]),
        ("copies/444455556666/a.json", ["- ap-northeast-2", "- -"]),
    ] {
        let evidence = read_all(&[(FIRST, text.as_bytes()), (other, text.as_bytes())]);
        assert_eq!(told(&evidence), expected, "{other}");
        let reasons = evidence.inputs.iter().map(|input| input.reason.as_deref());
        for (reason, twin) in reasons.zip([other, FIRST]) {
            let said =
                reason.is_some_and(|reason| reason.starts_with(&format!("`exports/{twin}`")));
            assert_eq!(said, expected[0] != here, "{other}: {reason:?}");
        }
    }
}

#[test]
fn the_same_verdicts_are_known_however_they_are_spelt_if_their_times_are_exact() {
    let other = "444455556666/us-east-1/a.json";
    let trusted = ["111122223333 ap-northeast-2", "444455556666 us-east-1"];
    let later = EVALUATION.replace("45.261", "45.262");
    let answered = format!("{{\"EvaluationResults\":[{EVALUATION}],\"ResponseMetadata\":{{}}}}");
    let spaced = format!("{{ \"EvaluationResults\": [{ROUND}] }}");
    let empty = details(&[]);
    for (one, two, expected) in [
        (details(&[EVALUATION]), answered, ["- -"; 2]),
        (details(&[EVALUATION]), details(&[&later]), trusted),
        (details(&[ROUND]), details(&[ROUND]), ["- -"; 2]),
        (details(&[ROUND]), spaced, trusted),
        (empty.clone(), empty, trusted),
    ] {
        let evidence = read_all(&[(FIRST, one.as_bytes()), (other, two.as_bytes())]);
        assert_eq!(told(&evidence), expected, "{one} {two}");
    }
    let of_aggregator = r#"{"AggregateEvaluationResults":[{"EvaluationResultIdentifier":{"EvaluationResultQualifier":{"ConfigRuleName":"r","ResourceType":"t","ResourceId":"x"}},"ComplianceType":"COMPLIANT","ResultRecordedTime":1450314645.261,"AccountId":"111122223333","AwsRegion":"us-east-1"}]}"#;
    let files = [FIRST, other].map(|name| (name, of_aggregator.as_bytes()));
    assert_eq!(told(&read_all(&files)), trusted, "each says where it is");
}
