//! The same verdicts in folders of several places.

use super::containers::zip;
use super::*;
use crate::evidence::Place;

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
        (details(&[ROUND]), spaced, ["- -"; 2]),
        (empty.clone(), empty, trusted),
    ] {
        let evidence = read_all(&[(FIRST, one.as_bytes()), (other, two.as_bytes())]);
        assert_eq!(told(&evidence), expected, "{one} {two}");
    }
    let of_aggregator = r#"{"AggregateEvaluationResults":[{"EvaluationResultIdentifier":{"EvaluationResultQualifier":{"ConfigRuleName":"r","ResourceType":"t","ResourceId":"x"}},"ComplianceType":"COMPLIANT","ResultRecordedTime":1450314645.261,"AccountId":"111122223333","AwsRegion":"us-east-1"}]}"#;
    let files = [FIRST, other].map(|name| (name, of_aggregator.as_bytes()));
    assert_eq!(told(&read_all(&files)), trusted, "each says where it is");
}

/// A verdict on this resource, recorded in this second (or fraction of it).
fn verdict(kind: &str, id: &str, time: &str) -> String {
    let round = ROUND.replace("AWS::EC2::SecurityGroup", kind);
    let round = round.replace("sg-1", id);
    round.replace("00:00:00Z", time)
}

fn groups(ids: &[&str], time: &str) -> Vec<String> {
    let groups = ids
        .iter()
        .map(|id| verdict("AWS::EC2::SecurityGroup", id, time));
    groups.collect()
}

fn answer(rows: &[String]) -> String {
    format!("{{\"EvaluationResults\": [{}]}}", rows.join(", "))
}

/// Whether the one, in a folder of this place, is taken for a copy of the other.
fn are_twins(one: &[String], other: &str, rows: &[String]) -> bool {
    let (one, rows) = (answer(one), answer(rows));
    let other = format!("{other}/b.json");
    let evidence = read_all(&[(FIRST, one.as_bytes()), (&other, rows.as_bytes())]);
    let disputed = evidence
        .listings
        .iter()
        .map(|listing| listing.disputed.is_some());
    let disputed: Vec<bool> = disputed.collect();
    assert_eq!(disputed[0], disputed[1], "both or none");
    disputed[0]
}

const ELSEWHERE: [&str; 2] = ["444455556666/ap-northeast-2", "111122223333/us-east-1"];

#[test]
fn a_part_of_an_answer_is_a_copy_where_its_times_are_exact_or_its_rows_many() {
    let exact = groups(&["a", "b", "c", "d"], "00:00:00.123Z");
    let round = groups(&["a", "b", "c", "d"], "00:00:00Z");
    for other in ELSEWHERE {
        let back: Vec<String> = exact.iter().rev().cloned().collect();
        assert!(are_twins(&exact, other, &back), "in another order");
        assert!(are_twins(&exact, other, &exact[..1]), "a part");
        assert!(are_twins(&exact[1..2], other, &exact), "more than it has");
        assert!(are_twins(&round, other, &round[..3]), "many rows");
        assert!(are_twins(&round[..2], other, &round[..2]), "all rows");
        assert!(!are_twins(&round, other, &round[..2]), "two of four");
        let others = groups(&["c", "x", "y"], "00:00:00Z");
        assert!(!are_twins(&round, other, &others), "one by chance");
        let failing = round[..1]
            .iter()
            .map(|row| row.replace("COMPLIANT", "NON_COMPLIANT"));
        let failing: Vec<String> = failing.collect();
        assert!(!are_twins(&round[..1], other, &failing), "another verdict");
    }
}

#[test]
fn what_every_region_judges_in_the_same_second_is_no_copy() {
    let spaced = |kind: &str, time: &str| {
        let rows: Vec<String> = (["a", "b", "c"].iter())
            .map(|id| verdict(kind, id, time))
            .collect();
        let other: Vec<String> = rows.iter().map(|row| row.replace(',', " ,")).collect();
        ELSEWHERE.map(|place| are_twins(&rows, place, &other))
    };
    assert_eq!(spaced("AWS::IAM::User", "00:00:00Z"), [true, false]);
    assert_eq!(spaced("AWS::::Account", "00:00:00Z"), [true, false]);
    assert_eq!(spaced("AWS::CloudTrail::Trail", "00:00:00Z"), [false; 2]);
    assert_eq!(spaced("AWS::IAM::User", "00:00:00.5Z"), [true; 2]);
}

#[test]
fn a_copy_that_is_packed_or_split_into_pages_is_one() {
    let rows = groups(&["a", "b"], "00:00:00.123Z");
    let (whole, first, second) = (answer(&rows), answer(&rows[..1]), answer(&rows[1..]));
    let archive = zip(&[("a.json", whole.as_bytes())]);
    let pages = format!("{first}\n{second}");
    for (name, bytes) in [
        ("444455556666/us-east-1/copy.zip", archive.as_slice()),
        ("444455556666/us-east-1/pages.json", pages.as_bytes()),
    ] {
        let evidence = read_all(&[(FIRST, whole.as_bytes()), (name, bytes)]);
        let told = told(&evidence);
        assert!(told.iter().all(|place| place == "- -"), "{name}: {told:?}");
        let disputed: Vec<_> = evidence
            .listings
            .iter()
            .map(|l| l.disputed.clone())
            .collect();
        let known = |place: &Option<Place>| {
            let place = place.as_ref().expect("disputed");
            place.account.is_some() && place.region.is_some()
        };
        assert!(disputed.iter().all(known), "{disputed:?}");
    }
}

#[test]
fn a_later_answer_of_the_same_place_disputes_nothing() {
    let rows = groups(&["a", "b", "c"], "00:00:00.123Z");
    let text = answer(&rows);
    let later = "111122223333/ap-northeast-2/later/a.json";
    let evidence = read_all(&[(FIRST, text.as_bytes()), (later, text.as_bytes())]);
    assert!(
        evidence
            .listings
            .iter()
            .all(|listing| listing.disputed.is_none())
    );
}
