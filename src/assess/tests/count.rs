//! What AWS Config counts, against what was read.

use super::case::*;
use crate::assess::{Automated, GapKind};
use crate::evidence::Counted;

const BEFORE: &str = "2026-06-01T00:00:00Z";
const OCTOBER: &str = "2026-10-03T00:00:00Z";

#[test]
fn a_count_that_is_higher_than_what_was_read_is_a_gap_and_never_a_verdict() {
    let mut case = Case::new();
    case.details("restricted-ssh", &[("sg", NonCompliant, JULY)]);
    for of in [
        Counted::Rules,
        Counted::Resources(None),
        Counted::Resources(Some("AWS::Test::Thing".into())),
        Counted::RulesOnResource("AWS::Test::Thing".into(), "sg".into()),
    ] {
        let shown = format!("{of:?}");
        case.evidence.counts.clear();
        case.count(of.clone(), 1, false);
        assert!(
            case.assess().gaps(GapKind::CountsExceed).is_empty(),
            "{shown}"
        );
        case.evidence.counts.clear();
        case.count(of, 1, true);
        let assessed = case.assess();
        let mut gaps = assessed.gaps(GapKind::CountsExceed);
        gaps.retain(|gap| gap.rule.is_empty());
        assert_eq!(gaps.len(), 1, "{shown}: more than one");
        assert!(gaps[0].detail.ends_with(": 1 / >= 1"), "{}", gaps[0].detail);
        assert!(gaps[0].at.command.starts_with("aws configservice "));
    }
}

#[test]
fn a_packs_failing_rules_are_counted_by_its_id() {
    let mut case = Case::new();
    case.described_pack("k", "conformance-pack-abc123def");
    let name = "restricted-ssh-conformance-pack-abc123def";
    case.details(name, &[("sg", NonCompliant, JULY)]);
    case.count(Counted::RulesOfPack("k".into()), 1, false);
    assert!(case.assess().gaps(GapKind::CountsExceed).is_empty());
    case.count(Counted::RulesOfPack("k".into()), 2, false);
    let assessed = case.assess();
    let gap = assessed.gaps(GapKind::CountsExceed)[0];
    assert!(gap.rule.is_empty());
    assert_eq!(gap.detail, "NON_COMPLIANT rules of k: 1 / 2");
    assert!(
        gap.at
            .command
            .contains(" describe-compliance-by-config-rule ")
    );
}

#[test]
fn only_what_fails_of_what_is_counted_where_it_is_counted_is_compared() {
    let missing = |of: Counted, counted: u32, also: fn(&mut Case)| {
        let mut case = Case::new();
        let pack = "restricted-ssh-conformance-pack-abc123def";
        case.described_pack("k", "conformance-pack-abc123def");
        case.details(pack, &[("sg", NonCompliant, JULY)]);
        case.details("encrypted-volumes", &[("vol", NonCompliant, JULY)]);
        case.last_evaluation().resource_type = "AWS::EC2::Volume".into();
        case.count(of, counted, false);
        also(&mut case);
        let gaps = case.assess().0.gaps.into_iter();
        let gaps = gaps.filter(|gap| gap.detail.starts_with("NON_COMPLIANT "));
        let gaps = gaps.filter(|gap| gap.rule.is_empty());
        gaps.map(|gap| gap.detail.clone()).collect::<Vec<_>>()
    };
    let nothing: fn(&mut Case) = |_| ();
    let volumes = || Counted::Resources(Some("AWS::EC2::Volume".into()));
    assert!(missing(volumes(), 1, nothing).is_empty());
    assert_eq!(
        missing(volumes(), 2, nothing),
        ["NON_COMPLIANT AWS::EC2::Volume: 1 / 2"]
    );
    assert_eq!(
        missing(Counted::RulesOfPack("k".into()), 2, nothing),
        ["NON_COMPLIANT rules of k: 1 / 2"],
        "one of the two rules is none of the pack's"
    );
    assert_eq!(
        missing(Counted::Rules, 3, nothing),
        ["NON_COMPLIANT rules: 2 / 3"]
    );
    let level = |case: &mut Case| {
        case.rule_level("s3-bucket-logging-enabled", NonCompliant, None);
    };
    assert!(
        missing(Counted::Rules, 3, level).is_empty(),
        "a rule of which it is only known that it fails"
    );
    let elsewhere = |case: &mut Case| {
        let place = &mut case.evidence.counts[0].place;
        place.account = Some("999999999999".into());
        place.region = Some(SEOUL.into());
    };
    assert!(missing(Counted::Rules, 9, elsewhere).is_empty());
}

#[test]
fn an_aggregators_count_is_compared_with_all_that_fails_in_its_account_or_region() {
    let missing = |account: Option<&str>, region: Option<&str>, counted: u32| {
        let mut case = Case::new();
        case.account(PROD, &[SEOUL, "us-east-1"]);
        case.details("restricted-ssh", &[("sg", NonCompliant, JULY)]);
        let elsewhere = format!("exports/{PROD}/us-east-1/x");
        case.details_in(&elsewhere, "restricted-ssh", &[("b", NonCompliant, JULY)]);
        case.count(Counted::RulesOfGroup, counted, false);
        let place = &mut case.evidence.counts[0].place;
        place.account = account.map(Into::into);
        place.region = region.map(Into::into);
        let gaps = case.assess().0.gaps.into_iter();
        let gaps = gaps.filter(|gap| gap.detail.starts_with("NON_COMPLIANT "));
        let gaps = gaps.filter(|gap| gap.rule.is_empty());
        gaps.map(|gap| gap.detail.clone()).collect::<Vec<_>>()
    };
    assert!(missing(Some(PROD), None, 2).is_empty());
    assert_eq!(missing(Some(PROD), None, 3), ["NON_COMPLIANT rules: 2 / 3"]);
    assert!(missing(None, Some(SEOUL), 1).is_empty());
    assert_eq!(
        missing(None, Some(SEOUL), 2),
        ["NON_COMPLIANT rules: 1 / 2"]
    );
    assert!(missing(Some("999999999999"), None, 9).is_empty());
    assert!(missing(None, Some("eu-west-1"), 9).is_empty());
}

#[test]
fn a_count_counts_nothing_once_a_later_whole_answer_told_of_all_rules() {
    let commands = |counted: &str, told: &str, cut: bool| {
        let mut case = Case::new();
        case.details("restricted-ssh", &[("sg", Compliant, JULY)]);
        case.captured(JULY).count(Counted::Rules, 1, false);
        case.captured(counted);
        case.rule_level("restricted-ssh", Compliant, None);
        case.captured(told);
        if cut {
            case.next_token();
        }
        let gaps = case.assess().0.gaps.into_iter();
        let gaps = gaps.filter(|gap| gap.kind == GapKind::CountsExceed && gap.rule.is_empty());
        gaps.map(|gap| gap.at.command.clone()).collect::<Vec<_>>()
    };
    assert_eq!(commands(JULY, SEPTEMBER, false), [""; 0]);
    assert_eq!(commands(BEFORE, OCTOBER, false), [""; 0]);
    let unknown = commands(SEPTEMBER, JULY, false);
    assert!(unknown[0].contains("describe-compliance-by-config-rule"));
    assert_eq!(commands(JULY, SEPTEMBER, true).len(), 1, "it was cut off");
    // What was counted in the period nothing tells after it.
    assert_eq!(commands(JULY, OCTOBER, false), [""]);
}

/// Judges route tables; alone in its control.
const IGW: &str = "no-unrestricted-route-to-igw";

/// An answer of July in which nothing fails, something that fails and was not read, counted in August,
/// and what AWS says of the whole rule.
fn counted(of: Counted, level: Option<(&str, &str)>) -> Automated {
    let mut case = Case::new();
    case.details(IGW, &[("rtb", Compliant, JULY)])
        .captured(JULY);
    case.count(of, 1, false).captured(AUGUST);
    if let Some((rule, taken)) = level {
        case.rule_level(rule, Compliant, None).captured(taken);
    }
    case.assess().control("2.6.7").automated
}

#[test]
fn a_count_that_exceeds_what_was_read_leaves_open_each_rule_that_it_may_concern() {
    let table = || "AWS::EC2::RouteTable".into();
    for (of, expected) in [
        (Counted::Rules, Automated::Incomplete),
        (Counted::Resources(None), Automated::Incomplete),
        (Counted::Resources(Some(table())), Automated::Incomplete),
        (
            Counted::RulesOnResource(table(), "rtb".into()),
            Automated::Incomplete,
        ),
        (
            Counted::Resources(Some("AWS::EC2::Volume".into())),
            Automated::Compliant,
        ),
    ] {
        assert_eq!(counted(of.clone(), None), expected, "{of:?}");
    }
}

#[test]
fn a_count_is_covered_by_a_verdict_on_the_whole_rule_that_is_not_older() {
    for (taken, expected) in [
        (JULY, Automated::Incomplete),
        (AUGUST, Automated::Compliant),
        (SEPTEMBER, Automated::Compliant),
    ] {
        assert_eq!(
            counted(Counted::Rules, Some((IGW, taken))),
            expected,
            "{taken}"
        );
    }
}

#[test]
fn a_count_is_not_covered_by_a_verdict_from_after_the_period_nor_by_one_on_another_rule() {
    let after = counted(Counted::Rules, Some((IGW, "2026-10-03T00:00:00Z")));
    assert_eq!(after, Automated::Incomplete, "after the period");
    // As `--config-rule-names` asks for it: an answer on all rules would hold this one too.
    let other = counted(Counted::Rules, Some(("encrypted-volumes", SEPTEMBER)));
    assert_eq!(other, Automated::Incomplete, "of another rule");
}

#[test]
fn a_packs_count_may_concern_a_copy_of_any_rule_where_rules_are_not_described() {
    let pack = counted(Counted::RulesOfPack("k".into()), None);
    assert_eq!(pack, Automated::Incomplete);
}
