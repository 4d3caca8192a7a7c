//! Ways by which something that was not seen could pass as compliant, or as nothing to check.

use super::case::*;
use crate::assess::{Automated, GapKind, ReasonKind, Seen};
use crate::evidence::Recorded;

/// Periodic and on changes; alone in its control.
const RULE: &str = "no-unrestricted-route-to-igw";
const CONTROL: &str = "2.6.7";
/// On changes.
const CHANGE: &str = "encrypted-volumes";
const BEFORE: &str = "2026-06-01T00:00:00Z";

fn automated(case: &Case) -> Automated {
    case.assess().control(CONTROL).automated
}

fn only(kind: &str) -> Recorded {
    Recorded::Only(vec![kind.into()])
}

#[test]
fn a_rule_on_changes_whose_resources_are_not_recorded_proves_nothing() {
    for (recorded, works, expected) in [
        (only("AWS::EC2::Volume"), true, Seen::Seen),
        (Recorded::All(false), true, Seen::Seen),
        (only("AWS::EC2::Instance"), true, Seen::Partial),
        (Recorded::All(true), false, Seen::Partial),
    ] {
        let mut case = Case::new();
        case.details(CHANGE, &[("vol", Compliant, JULY)]);
        case.recorder(recorded.clone(), works);
        let assessed = case.assess();
        assert_eq!(assessed.seen(CHANGE), [(SEOUL, expected)], "{recorded:?}");
        let gaps = assessed.gaps(GapKind::NotRecorded);
        let gap = gaps.iter().find(|gap| gap.rule == CHANGE);
        assert_eq!(gap.is_some(), expected == Seen::Partial);
        if let Some(gap) = gap {
            assert_eq!(gap.detail, "encrypted-volumes: AWS::EC2::Volume");
            assert!(gap.at.command.contains("describe-configuration-recorders"));
        }
    }
}

#[test]
fn the_status_of_a_rule_on_changes_proves_nothing_where_its_resources_are_not_recorded() {
    let mut case = Case::new();
    case.ran_empty(CHANGE, SEPTEMBER, None);
    assert_eq!(case.assess().seen(CHANGE), [(SEOUL, Seen::CheckedNone)]);
    case.recorder(only("AWS::EC2::Instance"), true);
    assert_eq!(case.assess().seen(CHANGE), [(SEOUL, Seen::Partial)]);
}

#[test]
fn a_periodic_rule_does_not_need_the_recorder() {
    let mut case = Case::new();
    case.details(RULE, &[("rtb", Compliant, JULY)]);
    case.recorder(only("AWS::EC2::Instance"), true);
    assert_eq!(automated(&case), Automated::Compliant);
}

#[test]
fn what_was_seen_only_before_the_period_and_is_gone_leaves_nothing_seen_in_it() {
    let mut case = Case::new();
    case.details(RULE, &[("AWS::Test::Thing", Compliant, BEFORE)]);
    case.item("AWS::Test::Thing", "ResourceDeleted", AUGUST);
    let assessed = case.assess();
    assert_eq!(assessed.0.gone.len(), 1);
    assert_eq!(
        assessed.reasons(CONTROL),
        [(ReasonKind::OutsidePeriod, RULE)]
    );
    assert_eq!(assessed.gaps(GapKind::OutsidePeriod).len(), 1);
    assert_eq!(automated(&case), Automated::Incomplete);
}

#[test]
fn a_failure_that_vanished_from_a_wholly_compliant_answer_may_have_been_filtered_away() {
    let mut case = Case::new();
    case.details(RULE, &[("a", NonCompliant, JULY), ("b", Compliant, JULY)])
        .captured(JULY);
    case.details(RULE, &[("b", Compliant, SEPTEMBER)])
        .captured(SEPTEMBER);
    let assessed = case.assess();
    assert_eq!(assessed.0.gone.len(), 1);
    assert_eq!(assessed.seen(RULE), [(SEOUL, Seen::Partial)]);
    assert_eq!(automated(&case), Automated::Incomplete);
    case.rule_level(RULE, Compliant, None).captured(SEPTEMBER);
    assert_eq!(
        automated(&case),
        Automated::Compliant,
        "AWS says of the whole rule that nothing fails"
    );
    let mut case = Case::new();
    case.details(RULE, &[("a", NonCompliant, JULY), ("b", Compliant, JULY)]);
    case.details(RULE, &[("b", Compliant, SEPTEMBER)]);
    case.item("a", "ResourceDeleted", AUGUST);
    assert_eq!(
        automated(&case),
        Automated::Compliant,
        "AWS Config saw it deleted"
    );
}

#[test]
fn a_resource_whose_verdict_has_no_known_time_is_not_gone_with_an_older_deletion() {
    let mut case = Case::new();
    case.details(RULE, &[("a", NonCompliant, "2026-07-15 00:00:00")]);
    case.item("a", "ResourceDeleted", AUGUST);
    assert!(case.assess().0.gone.is_empty());
    assert_eq!(automated(&case), Automated::Incomplete);
}

#[test]
fn of_two_items_of_one_moment_the_one_that_is_there_counts() {
    let mut case = Case::new();
    case.details(RULE, &[("a", NonCompliant, JULY)]);
    case.item("a", "ResourceDeleted", AUGUST);
    case.item("a", "OK", AUGUST);
    assert_eq!(automated(&case), Automated::NonCompliant);
}

#[test]
fn a_resource_that_is_not_recorded_any_more_is_still_there() {
    let mut case = Case::new();
    case.details(RULE, &[("a", NonCompliant, JULY)]);
    case.item("a", "ResourceNotRecorded", AUGUST);
    assert_eq!(automated(&case), Automated::NonCompliant);
}

#[test]
fn a_global_rule_seen_only_out_of_scope_is_not_checked() {
    let rule = "root-account-mfa-enabled";
    let mut case = Case::new();
    let path = format!("exports/{PROD}/us-east-1/root.json");
    case.details_in(&path, rule, &[(PROD, Compliant, JULY)]);
    assert_eq!(case.assess().seen(rule), [("global", Seen::NotChecked)]);
    assert_eq!(case.assess().gaps(GapKind::OutOfScope).len(), 1);
}

#[test]
fn a_pack_whose_rules_judge_one_resource_is_no_answer_about_that_resource() {
    let mut case = Case::new();
    case.pack("k").rows(RULE, &[(PROD, Compliant, JULY)]);
    case.rows("restricted-ssh", &[(PROD, Compliant, JULY)]);
    assert_eq!(automated(&case), Automated::Compliant);
}

#[test]
fn an_unreadable_member_of_an_archive_leaves_the_rules_of_its_place_unreadable() {
    let mut case = Case::new();
    case.rejected(&format!("exports/a.zip!{PROD}/{SEOUL}/x.json"), 0);
    assert_eq!(case.assess().seen(RULE), [(SEOUL, Seen::Unreadable)]);
}

#[test]
fn of_answers_that_are_all_dated_the_latest_by_date_replaces_the_others() {
    let mut case = Case::new();
    case.details(RULE, &[("a", Compliant, AUGUST), ("b", Compliant, JULY)]);
    case.captured("2026-08-20T00:00:00Z");
    case.details(RULE, &[("b", Compliant, JULY)]);
    case.captured("2026-09-20T00:00:00Z");
    let assessed = case.assess();
    assert_eq!(assessed.0.gone.len(), 1, "`a` was gone by September");
}

#[test]
fn a_snapshot_from_before_the_period_shows_nothing_of_it() {
    let mut case = Case::new();
    case.recorded(RULE, "rtb", Compliant, BEFORE);
    case.captured(BEFORE);
    assert_eq!(automated(&case), Automated::Incomplete);
    case.recorded(CHANGE, "vol", Compliant, BEFORE);
    case.captured(BEFORE);
    assert_eq!(
        case.assess().gaps(GapKind::OutsidePeriod).len(),
        2,
        "a verdict on a change holds until its snapshot was taken"
    );
}

#[test]
fn what_fails_in_another_region_and_was_not_exported_outweighs_a_global_rules_region() {
    let rule = "iam-root-access-key-check";
    let case = |verdict| {
        let mut case = Case::new();
        case.account(PROD, &[SEOUL, "us-east-1"]);
        case.details(rule, &[(PROD, Compliant, JULY)]);
        case.rule_level(rule, verdict, None);
        let level = case
            .evidence
            .rule_compliances
            .last_mut()
            .expect("a verdict");
        level.place.account = Some(PROD.into());
        level.place.region = Some("us-east-1".into());
        case.assess().seen(rule)[0].1
    };
    assert_eq!(case(NonCompliant), Seen::Partial);
    assert_eq!(case(Compliant), Seen::Seen, "one region is enough");
}

#[test]
fn a_rule_whose_findings_are_all_gone_is_incomplete_until_something_shows_that_there_is_nothing() {
    let mut case = Case::new();
    case.details(RULE, &[("rtb", Compliant, JULY)])
        .captured(JULY);
    case.item("rtb", "ResourceDeleted", AUGUST);
    assert_eq!(automated(&case), Automated::Incomplete);
    let assessed = case.assess();
    assert_eq!(assessed.reasons(CONTROL), [(ReasonKind::OnlyGone, RULE)]);
    let gap = assessed.gaps(GapKind::OnlyGone)[0];
    assert!(!gap.at.command.is_empty());
    case.ran_empty(RULE, "2026-09-01T00:00:00Z", None)
        .captured(SEPTEMBER);
    assert_eq!(automated(&case), Automated::NothingToCheck);
}
