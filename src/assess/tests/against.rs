//! Sources that speak against each other: what one of them says fails is not lost with another.

use super::case::*;
use crate::assess::{Automated, GapKind, ReasonKind, Seen};
use crate::evidence::{Captured, ComplianceType, Discovered, Recorded, Scope};
use crate::time::AwsTime;

/// Periodic and on changes; alone in its control.
const RULE: &str = "no-unrestricted-route-to-igw";
const CONTROL: &str = "2.6.7";
/// Global; one region is enough.
const GLOBAL: &str = "iam-password-policy";
const BEFORE: &str = "2026-06-01T00:00:00Z";
const OCTOBER: &str = "2026-10-03T00:00:00Z";
const SINCE: &str = "2027-01-03T00:00:00Z";

fn automated(case: &Case) -> Automated {
    case.assess().control(CONTROL).automated
}

#[test]
fn of_two_verdicts_on_a_whole_rule_the_worse_counts_unless_the_other_is_certainly_later() {
    let levels = |first: (ComplianceType, Option<&str>), second: (ComplianceType, Option<&str>)| {
        let mut case = Case::new();
        case.details(RULE, &[("a", Compliant, JULY)]);
        for (verdict, taken) in [first, second] {
            case.rule_level(RULE, verdict, None);
            if let Some(taken) = taken {
                case.captured(taken);
            }
        }
        automated(&case)
    };
    let (fails, passes) = (NonCompliant, Compliant);
    for (first, second, expected) in [
        ((fails, None), (passes, None), Automated::Incomplete),
        ((passes, None), (fails, None), Automated::Incomplete),
        ((fails, None), (passes, Some(AUGUST)), Automated::Incomplete),
        ((passes, Some(AUGUST)), (fails, None), Automated::Incomplete),
        (
            (fails, Some(AUGUST)),
            (passes, Some(AUGUST)),
            Automated::Incomplete,
        ),
        (
            (fails, Some(JULY)),
            (passes, Some(AUGUST)),
            Automated::Compliant,
        ),
        (
            (passes, Some(AUGUST)),
            (fails, Some(JULY)),
            Automated::Compliant,
        ),
    ] {
        assert_eq!(levels(first, second), expected, "{first:?} {second:?}");
    }
}

#[test]
fn a_verdict_on_the_whole_rule_that_is_older_than_a_failure_does_not_vouch_that_it_is_mended() {
    let vanished = |level: Option<&str>| {
        let mut case = Case::new();
        case.rule_level(RULE, Compliant, None);
        if let Some(level) = level {
            case.captured(level);
        }
        case.details(RULE, &[("a", NonCompliant, AUGUST), ("b", Compliant, JULY)])
            .captured(AUGUST);
        case.details(RULE, &[("b", Compliant, SEPTEMBER)])
            .captured(SEPTEMBER);
        automated(&case)
    };
    assert_eq!(vanished(Some(JULY)), Automated::Incomplete);
    assert_eq!(vanished(None), Automated::Incomplete, "it may be as old");
    assert_eq!(vanished(Some(SEPTEMBER)), Automated::Compliant);
    assert_eq!(
        vanished(Some(OCTOBER)),
        Automated::Incomplete,
        "after the period"
    );
}

#[test]
fn a_verdict_on_the_whole_rule_does_not_vouch_for_a_failure_that_is_shown_after_it() {
    let vanished = |level: &str| {
        let mut case = Case::new();
        case.rule_level(RULE, Compliant, None).captured(level);
        case.details(RULE, &[("vpc", NonCompliant, JULY)]);
        case.captured("2026-09-01T00:00:00Z");
        case.details(RULE, &[("other", Compliant, SEPTEMBER)]);
        case.captured("2026-09-20T00:00:00Z");
        case.assess().control(CONTROL).automated
    };
    assert_eq!(vanished(AUGUST), Automated::Incomplete);
    assert_eq!(vanished("2026-09-20T00:00:00Z"), Automated::Compliant);
}

#[test]
fn an_answer_filtered_to_what_does_not_fail_hides_a_failure_even_with_what_is_not_applicable() {
    let mut case = Case::new();
    case.details(RULE, &[("a", NonCompliant, JULY), ("b", Compliant, JULY)])
        .captured(JULY);
    case.details(
        RULE,
        &[("b", Compliant, SEPTEMBER), ("c", NotApplicable, SEPTEMBER)],
    );
    case.captured(SEPTEMBER);
    assert_eq!(automated(&case), Automated::Incomplete);
}

#[test]
fn what_is_deleted_or_replaced_after_the_period_failed_in_it_all_the_same() {
    for (deleted, expected) in [
        (SEPTEMBER, Automated::Compliant),
        (OCTOBER, Automated::NonCompliant),
        (SINCE, Automated::NonCompliant),
    ] {
        let mut case = Case::new();
        case.details(RULE, &[("a", NonCompliant, AUGUST), ("b", Compliant, JULY)]);
        case.item("a", "ResourceDeleted", deleted);
        assert_eq!(automated(&case), expected, "{deleted}");
        let mut case = Case::new();
        case.details(RULE, &[("a", NonCompliant, AUGUST), ("b", Compliant, JULY)]);
        case.captured(AUGUST);
        case.details(RULE, &[("b", Compliant, JULY)])
            .captured(deleted);
        case.rule_level(RULE, Compliant, None).captured(deleted);
        assert_eq!(automated(&case), expected, "{deleted}");
    }
}

#[test]
fn a_description_from_after_the_period_does_not_replace_one_from_inside_it() {
    let described = |narrowed: &str, whole: &str| {
        let mut case = Case::new();
        case.details(RULE, &[("a", Compliant, SEPTEMBER)]);
        for (time, narrows) in [(narrowed, true), (whole, false)] {
            case.deployed(RULE, "NO_UNRESTRICTED_ROUTE_TO_IGW", &[]);
            case.captured(time);
            let rule = case.evidence.config_rules.last_mut().expect("a rule");
            if narrows {
                rule.scope = Scope {
                    tag_key: Some("Env".into()),
                    ..Scope::default()
                };
            }
        }
        case
    };
    let after = described(SEPTEMBER, OCTOBER);
    assert_eq!(automated(&after), Automated::Incomplete);
    assert_eq!(
        after.assess().reasons(CONTROL),
        [(ReasonKind::NarrowedScope, RULE)]
    );
    assert_eq!(
        automated(&described(AUGUST, SEPTEMBER)),
        Automated::Compliant
    );
}

#[test]
fn a_global_rule_that_fails_in_one_region_without_rows_is_partial() {
    let mut case = Case::new();
    case.account(PROD, &[SEOUL, "us-east-1"]);
    case.details(GLOBAL, &[(PROD, Compliant, SEPTEMBER)]);
    case.rule_level(GLOBAL, Compliant, None);
    assert_eq!(case.assess().seen(GLOBAL), [("global", Seen::Seen)]);
    case.rule_level(GLOBAL, NonCompliant, None);
    let level = case.evidence.rule_compliances.last_mut().expect("a level");
    level.place.account = Some(PROD.into());
    level.place.region = Some("us-east-1".into());
    assert_eq!(case.assess().seen(GLOBAL), [("global", Seen::Partial)]);
}

#[test]
fn what_a_global_rule_judges_fails_in_a_region_out_of_scope_too_and_passes_in_none() {
    let elsewhere = |rows: &[(&str, ComplianceType, &str)]| {
        let mut case = Case::new();
        let path = format!("exports/{PROD}/eu-west-1/d.json");
        case.details_in(&path, GLOBAL, rows);
        case.assess()
    };
    let failing = elsewhere(&[(PROD, NonCompliant, AUGUST)]);
    let finding = failing.finding(PROD);
    assert_eq!(finding.status, NonCompliant);
    assert_eq!(finding.region, "global");
    assert!(failing.gaps(GapKind::OutOfScope).is_empty());
    for rows in [
        vec![(PROD, Compliant, AUGUST)],
        vec![(PROD, NonCompliant, JULY), (PROD, Compliant, AUGUST)],
    ] {
        let passing = elsewhere(&rows);
        assert!(passing.0.findings.is_empty());
        assert_eq!(passing.seen(GLOBAL), [("global", Seen::NotChecked)]);
        assert_eq!(passing.gaps(GapKind::OutOfScope).len(), 1);
    }
}

/// A whole snapshot of September that holds no route table.
fn without_tables() -> Case {
    let mut case = Case::new();
    case.recorder(Recorded::All(true), true);
    case.item("other", "OK", SEPTEMBER);
    case
}

#[test]
fn what_anything_else_shows_to_exist_is_not_absent_for_a_snapshot() {
    const TABLE: &str = "AWS::EC2::RouteTable";
    let seen = |case: &Case| case.assess().seen(RULE)[0].1;
    assert_eq!(seen(&without_tables()), Seen::CheckedNone);
    for (status, time, expected) in [
        ("OK", JULY, Seen::NotChecked),
        ("OK", SEPTEMBER, Seen::NotChecked),
        ("ResourceDeleted", JULY, Seen::NotChecked),
        ("ResourceDeleted", BEFORE, Seen::CheckedNone),
    ] {
        let mut case = without_tables();
        case.listing(&Case::here("history"), "get-resource-config-history");
        let at = case.next();
        case.item_at(at, TABLE, "rtb", status, time);
        assert_eq!(seen(&case), expected, "{status} {time}");
    }
    let mut case = without_tables();
    case.item_of(TABLE, "rtb", "OK", BEFORE).captured(JULY);
    assert_eq!(seen(&case), Seen::NotChecked, "an earlier snapshot");
    for (judged, expected) in [(JULY, Seen::NotChecked), (BEFORE, Seen::CheckedNone)] {
        let mut case = without_tables();
        case.details("restricted-ssh", &[("rtb", Compliant, judged)]);
        case.last_evaluation().resource_type = TABLE.into();
        assert_eq!(seen(&case), expected, "another rule judged one at {judged}");
    }
    for (taken, expected) in [(BEFORE, Seen::CheckedNone), (OCTOBER, Seen::NotChecked)] {
        let mut case = without_tables();
        case.listing(&Case::here("counts"), "get-discovered-resource-counts");
        let at = case.next();
        case.captured(taken);
        let resource_type = TABLE.into();
        case.evidence
            .discovered
            .push(Discovered { at, resource_type });
        assert_eq!(seen(&case), expected, "counted at {taken}");
    }
}

#[test]
fn a_snapshot_that_is_yet_to_be_taken_proves_nothing() {
    let mut case = without_tables();
    case.captured("2999-01-01T00:00:00Z");
    assert_eq!(case.assess().seen(RULE), [(SEOUL, Seen::NotChecked)]);
}

#[test]
fn an_evaluation_status_proves_nothing_beside_an_undated_error_early_or_before_its_time() {
    let with = |succeeded: &str, taken: &str, error: Option<&str>| {
        let mut case = Case::new();
        case.empty_details(RULE)
            .rule_level(RULE, InsufficientData, None);
        case.status(RULE, succeeded, None);
        case.captured(taken);
        let status = case.evidence.rule_statuses.last_mut().expect("a status");
        status.error = error.map(Into::into);
        case.assess().seen(RULE)[0].1
    };
    assert_eq!(with(AUGUST, SEPTEMBER, None), Seen::CheckedNone);
    for (succeeded, taken, error) in [
        (AUGUST, SEPTEMBER, Some("AccessDenied")),
        (SINCE, SEPTEMBER, None),
        (AUGUST, BEFORE, None),
    ] {
        let seen = with(succeeded, taken, error);
        assert_eq!(seen, Seen::Partial, "{succeeded} {taken} {error:?}");
    }
}

#[test]
fn a_rule_that_came_after_the_period_or_was_put_away_since_it_ran_is_not_checked() {
    let with = |activated: Option<&str>, deactivated: Option<&str>| {
        let mut case = Case::new();
        case.empty_details(RULE)
            .rule_level(RULE, InsufficientData, None);
        case.status(RULE, "2026-10-20T00:00:00Z", None);
        case.generated_at = "2026-12-01T00:00:00+09:00".into();
        let status = case.evidence.rule_statuses.last_mut().expect("a status");
        status.activated = activated.and_then(AwsTime::from_text);
        status.deactivated = deactivated.and_then(AwsTime::from_text);
        case.assess().seen(RULE)[0].1
    };
    let after = "2026-10-09T00:00:00Z";
    let unzoned = "2026-07-01 00:00:00";
    for (activated, deactivated, expected) in [
        (None, None, Seen::CheckedNone),
        (Some(SEPTEMBER), Some(SEPTEMBER), Seen::CheckedNone),
        (Some(after), None, Seen::Partial),
        (Some(unzoned), None, Seen::Partial),
        (Some(JULY), Some("2026-11-30T00:00:00Z"), Seen::Partial),
        (Some(JULY), Some(unzoned), Seen::Partial),
    ] {
        let seen = with(activated, deactivated);
        assert_eq!(seen, expected, "{activated:?} {deactivated:?}");
    }
}

#[test]
fn a_rule_that_fails_to_evaluate_since_its_verdicts_is_partial_until_another_copy_covers_it() {
    let mut case = Case::new();
    case.details(RULE, &[("a", Compliant, AUGUST)]);
    case.status(RULE, JULY, Some(JULY));
    assert_eq!(automated(&case), Automated::Compliant);
    let mut since = Case::new();
    since.details(RULE, &[("a", Compliant, AUGUST)]);
    since.status(RULE, JULY, Some(OCTOBER));
    assert_eq!(automated(&since), Automated::Compliant, "after the period");
    let mut early = Case::new();
    early.details(RULE, &[("a", Compliant, BEFORE)]);
    early.status(RULE, BEFORE, Some(AUGUST));
    assert_eq!(
        early.assess().reasons(CONTROL),
        [(ReasonKind::OutsidePeriod, RULE)],
        "nothing was seen in the period that the failure could undo"
    );
    case.status(RULE, JULY, Some(SEPTEMBER));
    assert_eq!(automated(&case), Automated::Incomplete);
    let assessed = case.assess();
    let gap = assessed.gaps(GapKind::Partial)[0];
    assert_eq!(gap.detail, "LastFailedEvaluationTime: 2026-09-15T00:00:00Z");
    let copy = "no-unrestricted-route-to-igw-conformance-pack-abc123def";
    case.details(copy, &[("a", Compliant, AUGUST)]);
    assert_eq!(
        automated(&case),
        Automated::Incomplete,
        "it may judge otherwise"
    );
    for name in [RULE, copy] {
        case.deployed(name, "NO_UNRESTRICTED_ROUTE_TO_IGW", &[]);
    }
    assert_eq!(
        automated(&case),
        Automated::Compliant,
        "the copies are identical"
    );
    assert_eq!(case.assess().gaps(GapKind::CopyNotRead).len(), 1);
}

#[test]
fn a_verdict_on_the_whole_rule_contradicts_only_answers_that_it_is_not_older_than() {
    for (level, answer, expected) in [
        (AUGUST, SEPTEMBER, Automated::Compliant),
        (SEPTEMBER, AUGUST, Automated::Incomplete),
        // An answer from after the period undoes nothing that failed in it.
        (AUGUST, OCTOBER, Automated::Incomplete),
    ] {
        let mut case = Case::new();
        case.details(RULE, &[("a", Compliant, JULY)])
            .captured(answer);
        case.rule_level(RULE, NonCompliant, None).captured(level);
        assert_eq!(automated(&case), expected, "{level} {answer}");
    }
}

#[test]
fn a_verdict_on_the_whole_rule_counts_what_was_there_then() {
    for (deleted, expected) in [
        (SEPTEMBER, Automated::Compliant),
        ("2026-08-01T00:00:00Z", Automated::Incomplete),
    ] {
        let mut case = Case::new();
        case.details(RULE, &[("a", NonCompliant, JULY), ("b", Compliant, JULY)]);
        case.captured(JULY);
        case.rule_level(RULE, NonCompliant, Some((1, false)))
            .captured(AUGUST);
        case.item("a", "ResourceDeleted", deleted);
        assert_eq!(automated(&case), expected, "deleted {deleted}");
    }
}

#[test]
fn a_lower_bound_of_a_time_neither_ends_a_failure_nor_vouches_that_it_is_mended() {
    let at_least = |case: &mut Case| {
        let moment = SEPTEMBER.parse().expect("a time");
        let list = case.evidence.listings.last_mut().expect("a list");
        list.captured = Some(Captured::AtLeast(moment));
    };
    let begun = || {
        let mut case = Case::new();
        case.details(RULE, &[("a", NonCompliant, JULY), ("b", Compliant, JULY)]);
        case.captured(JULY);
        case.details(RULE, &[("b", Compliant, AUGUST)]);
        case
    };
    let mut case = begun();
    at_least(&mut case);
    assert_eq!(automated(&case), Automated::NonCompliant, "not ended");
    let mut case = begun();
    case.captured(AUGUST);
    case.rule_level(RULE, Compliant, None);
    at_least(&mut case);
    assert_eq!(automated(&case), Automated::Incomplete, "not vouched for");
}

#[test]
fn a_failed_evaluation_in_the_period_is_not_undone_by_a_success_after_it() {
    let mut case = Case::new();
    case.details(RULE, &[("a", Compliant, AUGUST)])
        .captured(AUGUST);
    case.status(RULE, OCTOBER, Some(SEPTEMBER));
    assert_eq!(automated(&case), Automated::Incomplete);
}

#[test]
fn a_failed_evaluation_of_unknown_time_leaves_open_what_rows_say() {
    let mut unzoned = Case::new();
    unzoned.details(RULE, &[("a", Compliant, AUGUST)]);
    unzoned.status(RULE, JULY, Some("2026-09-01 00:00:00"));
    assert_eq!(automated(&unzoned), Automated::Incomplete, "without a zone");
    let mut undated = Case::new();
    undated.details(RULE, &[("a", Compliant, AUGUST)]);
    undated.status(RULE, JULY, None);
    undated.evidence.rule_statuses[0].error = Some("AccessDenied".into());
    assert_eq!(automated(&undated), Automated::Incomplete, "without a time");
}

#[test]
fn only_what_says_that_nothing_fails_vouches_for_a_failure_that_vanished() {
    for verdict in [NotApplicable, InsufficientData] {
        let mut case = Case::new();
        case.details(RULE, &[("a", NonCompliant, JULY), ("b", Compliant, JULY)]);
        case.captured(JULY);
        case.rule_level(RULE, verdict, None).captured(AUGUST);
        case.details(RULE, &[("b", Compliant, SEPTEMBER)])
            .captured(SEPTEMBER);
        assert_eq!(automated(&case), Automated::Incomplete, "{verdict}");
    }
}
