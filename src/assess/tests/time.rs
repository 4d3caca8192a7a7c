//! Times: when a verdict holds, and what orders verdicts.

use super::case::*;
use crate::assess::{GapKind, ReasonKind, Seen};
use crate::time::AwsTime;

/// Change-triggered; periodic; both triggers: all regional.
const CHANGE: &str = "encrypted-volumes";
const PERIODIC: &str = "vpc-flow-logs-enabled";
const BOTH: &str = "restricted-ssh";
const BEFORE: &str = "2026-06-01T00:00:00Z";
/// After the package is made.
const FUTURE: &str = "2999-01-01T00:00:00Z";

#[test]
fn a_periodic_verdict_counts_when_it_was_evaluated_or_recorded_in_the_period() {
    let mut case = Case::new();
    case.details(
        PERIODIC,
        &[
            ("in", Compliant, JULY),
            ("before", Compliant, "2026-06-30T14:59:59Z"),
        ],
    );
    case.rows(
        PERIODIC,
        &[("straddling", Compliant, "2026-06-30T15:00:00Z")],
    );
    case.last_evaluation().evaluated_at = AwsTime::from_text("2026-06-30T14:59:00Z");
    case.rows(PERIODIC, &[("evaluated", Compliant, JULY)]);
    case.last_evaluation().recorded_at = AwsTime::from_text("2026-06-30T14:59:00Z");
    let assessed = case.assess();
    assert!(assessed.finding("in").in_period);
    assert!(!assessed.finding("before").in_period);
    assert!(assessed.finding("straddling").in_period);
    assert!(assessed.finding("evaluated").in_period);
}

#[test]
fn the_first_moment_of_the_period_is_inside_and_the_first_after_it_is_not() {
    for rule in [CHANGE, PERIODIC, BOTH] {
        let mut case = Case::new();
        for (time, inside) in [
            ("2026-06-30T14:59:59.999Z", false),
            ("2026-06-30T15:00:00Z", true),
            ("2026-09-30T14:59:59.999Z", true),
            ("2026-09-30T15:00:00Z", false),
        ] {
            let resource = format!("at {time}");
            case.details(rule, &[(&resource, Compliant, time)]);
            case.captured(time);
            let assessed = case.assess();
            let finding = assessed.finding(&resource);
            assert_eq!(finding.in_period, inside, "{rule} {time}");
        }
    }
}

#[test]
fn a_rule_of_both_triggers_counts_as_periodic() {
    let mut case = Case::new();
    case.details(
        BOTH,
        &[
            ("old", Compliant, "2024-01-01T00:00:00Z"),
            ("new", Compliant, JULY),
        ],
    );
    let assessed = case.assess();
    assert!(!assessed.finding("old").in_period);
    assert!(assessed.finding("new").in_period);
}

#[test]
fn a_change_triggered_verdict_of_two_years_ago_holds_until_its_export_was_taken() {
    let mut case = Case::new();
    case.details(CHANGE, &[("vol", Compliant, "2024-08-01T00:00:00Z")]);
    assert!(
        !case.assess().finding("vol").in_period,
        "nothing tells that it held so long"
    );
    case.captured("2026-09-30T00:00:00Z");
    let assessed = case.assess();
    assert!(assessed.finding("vol").in_period);
    let told = assessed.0.inputs[0].captured_at.as_deref();
    assert_eq!(told, Some("2026-09-30T00:00:00Z"));
    case.captured("2026-06-30T15:00:00Z");
    assert!(
        case.assess().finding("vol").in_period,
        "it held at the period's first moment"
    );
    case.captured("2026-06-30T14:59:59Z");
    assert!(
        !case.assess().finding("vol").in_period,
        "the export was taken before the period"
    );
}

#[test]
fn an_export_that_is_yet_to_be_taken_does_not_tell_when_it_was() {
    let holds = |told: &str, row: &str| {
        let mut case = Case::new();
        case.details(CHANGE, &[("vol", Compliant, BEFORE)]);
        case.captured(told);
        case.details(BOTH, &[("sg", Compliant, row)]);
        case.assess().finding("vol").in_period
    };
    assert!(holds(SEPTEMBER, BEFORE));
    assert!(!holds(FUTURE, BEFORE), "believed before the quarter only");
    assert!(holds(FUTURE, JULY), "something was seen there in July");
    assert!(!holds(FUTURE, FUTURE), "and what is yet to come was not");
    let gone = |later: &str| {
        let mut case = Case::new();
        case.details(BOTH, &[("a", NonCompliant, AUGUST), ("b", Compliant, JULY)]);
        case.captured(AUGUST);
        case.details(BOTH, &[("b", Compliant, JULY)]);
        case.captured(later);
        case.assess().0.gone.len()
    };
    assert_eq!(gone(SEPTEMBER), 1, "a later answer lacks it");
    assert_eq!(gone(FUTURE), 0);
}

#[test]
fn an_export_that_does_not_tell_was_taken_not_before_the_latest_time_seen_there() {
    let mut case = Case::new();
    case.details(CHANGE, &[("vol", Compliant, "2024-08-01T00:00:00Z")]);
    case.details(PERIODIC, &[("vpc", Compliant, SEPTEMBER)]);
    let assessed = case.assess();
    assert!(assessed.finding("vol").in_period);
    let told = assessed.0.inputs[0].captured_at.as_deref();
    assert_eq!(told, Some("at least 2026-09-15T00:00:00Z"));
    for elsewhere in [
        format!("exports/{PROD}/us-east-1/d.json"),
        format!("exports/444455556666/{SEOUL}/d.json"),
    ] {
        let mut case = Case::new();
        case.details(CHANGE, &[("vol", Compliant, "2024-08-01T00:00:00Z")]);
        case.details_in(&elsewhere, PERIODIC, &[("vpc", Compliant, SEPTEMBER)]);
        let held = case.assess().finding("vol").in_period;
        assert!(!held, "{elsewhere} tells of another place");
    }
}

#[test]
fn a_verdict_recorded_after_the_period_is_outside_and_does_not_hide_one_inside() {
    let mut case = Case::new();
    case.details(CHANGE, &[("after", Compliant, "2026-10-01T00:00:00Z")]);
    case.details(PERIODIC, &[("both", NonCompliant, SEPTEMBER)]);
    case.details(PERIODIC, &[("both", Compliant, "2026-10-02T00:00:00Z")]);
    let assessed = case.assess();
    assert!(!assessed.finding("after").in_period);
    assert_eq!(assessed.finding("both").status, NonCompliant);
    assert!(assessed.finding("both").in_period);
    for rule in [PERIODIC, BOTH] {
        let mut case = Case::new();
        case.details(rule, &[("late", Compliant, "2026-09-30T15:00:01Z")]);
        case.last_evaluation().evaluated_at = AwsTime::from_text("2026-09-30T14:59:59Z");
        let assessed = case.assess();
        assert!(!assessed.finding("late").in_period, "recorded after it");
    }
}

#[test]
fn a_time_without_a_zone_orders_nothing_the_worst_wins_and_it_is_said() {
    let mut case = Case::new();
    case.details(PERIODIC, &[("vpc", NonCompliant, "2026-07-01 00:00:00")]);
    case.details(PERIODIC, &[("vpc", Compliant, SEPTEMBER)]);
    let assessed = case.assess();
    let finding = assessed.finding("vpc");
    assert_eq!((finding.status, finding.in_period), (NonCompliant, false));
    assert_eq!(assessed.gaps(GapKind::UnknownTime).len(), 1);
    assert!(
        assessed
            .reasons("2.9.4")
            .contains(&(ReasonKind::UnknownTime, PERIODIC))
    );
    for (unknown, known) in [(Compliant, NonCompliant), (NonCompliant, Compliant)] {
        for known_time in [JULY, SEPTEMBER] {
            let mut case = Case::new();
            case.details(PERIODIC, &[("vpc", unknown, "2026-08-01 00:00:00")]);
            case.details(PERIODIC, &[("vpc", known, known_time)]);
            let worst = case.assess().finding("vpc").status;
            assert_eq!(worst, NonCompliant, "{unknown} {known} {known_time}");
        }
    }
    let mut case = Case::new();
    case.details(PERIODIC, &[("vpc", NonCompliant, "2026-07-01 00:00:00")]);
    case.details(PERIODIC, &[("vpc", Compliant, "2026-09-01 00:00:00")]);
    assert_eq!(case.assess().finding("vpc").status, NonCompliant);
}

#[test]
fn what_certainly_fails_in_the_period_is_not_made_doubtful_by_what_fails_at_an_unknown_time() {
    let copy = "vpc-flow-logs-enabled-conformance-pack-abc123def";
    for other in [PERIODIC, copy] {
        for times in [[JULY, "2026-08-01 00:00:00"], ["2026-08-01 00:00:00", JULY]] {
            let mut case = Case::new();
            for (rule, time) in [PERIODIC, other].into_iter().zip(times) {
                case.details(rule, &[("vpc", NonCompliant, time)]);
            }
            let assessed = case.assess();
            assert!(assessed.finding("vpc").in_period, "{other} {times:?}");
            assert_eq!(assessed.control("2.9.4").counts.non_compliant, 1);
        }
    }
}

#[test]
fn what_has_a_time_is_not_later_than_what_has_none() {
    let unknown = "2026-08-01 00:00:00";
    let mut case = Case::new();
    case.details(PERIODIC, &[("vpc", NonCompliant, unknown)]);
    case.details(PERIODIC, &[("other", Compliant, SEPTEMBER)]);
    case.rule_level(PERIODIC, Compliant, None);
    let assessed = case.assess();
    assert_eq!(assessed.finding("vpc").status, NonCompliant, "not replaced");
    assert_eq!(
        assessed.seen(PERIODIC),
        [(SEOUL, Seen::Seen)],
        "and all the same seen"
    );
    let mut case = Case::new();
    case.security_hub("cis", "sg", NonCompliant, unknown, false);
    case.security_hub("cis", "sg", NonCompliant, SEPTEMBER, true);
    assert_eq!(case.assess().finding("sg").status, NonCompliant);
    let mut case = Case::new();
    case.ran_empty(PERIODIC, JULY, None);
    assert_eq!(
        case.assess().seen(PERIODIC),
        [(SEOUL, Seen::CheckedNone)],
        "it ran"
    );
    case.status(PERIODIC, JULY, Some(unknown));
    assert_eq!(
        case.assess().seen(PERIODIC),
        [(SEOUL, Seen::Partial)],
        "it may have failed since"
    );
}
