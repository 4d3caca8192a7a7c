//! Rules of which one region is enough: what another region shows beside it.

use super::case::*;
use crate::assess::{Automated, Seen};
use crate::evidence::{Counted, Recorded};

/// Judges the account; alone in its control.
const PASSWORDS: &str = "iam-password-policy";
/// Judges every user.
const MFA: &str = "iam-user-mfa-enabled";

fn virginia(name: &str) -> String {
    format!("exports/{PROD}/us-east-1/{name}")
}

fn two_regions() -> Case {
    let mut case = Case::new();
    case.account(PROD, &[SEOUL, "us-east-1"]);
    case
}

#[test]
fn one_region_is_enough_beside_a_cut_or_rejected_answer_of_another() {
    let cut = |case: &mut Case| {
        case.details_in(&virginia("d.json"), PASSWORDS, &[(PROD, Compliant, JULY)]);
        case.next_token();
    };
    let rejected = |case: &mut Case| {
        case.rejected(&virginia("d.json"), 0);
    };
    for beside in [cut as fn(&mut Case), rejected] {
        let mut case = two_regions();
        beside(&mut case);
        assert_eq!(
            case.assess().control("2.5.4").automated,
            Automated::Incomplete
        );
        case.details(PASSWORDS, &[(PROD, Compliant, JULY)]);
        assert_eq!(
            case.assess().control("2.5.4").automated,
            Automated::Compliant
        );
    }
}

/// In us-east-1, as of July, something fails that its rows do not show; in Seoul nothing fails, by an
/// answer of this time.
fn hidden(hide: fn(&mut Case), taken: &str) -> Seen {
    let mut case = two_regions();
    hide(&mut case);
    case.details(MFA, &[("other", Compliant, "2026-07-01T00:00:00Z")]);
    case.captured(taken);
    case.assess().seen(MFA)[0].1
}

fn vanishes(case: &mut Case) {
    let both = [("user", NonCompliant, JULY), ("other", Compliant, JULY)];
    case.details_in(&virginia("first.json"), MFA, &both)
        .captured(JULY);
    case.details_in(&virginia("second.json"), MFA, &[("other", Compliant, JULY)]);
    case.captured(AUGUST);
}

fn fails_as_a_whole(case: &mut Case) {
    case.rule_level(MFA, NonCompliant, None).captured(JULY);
    let level = case.evidence.rule_compliances.last_mut().expect("a level");
    level.place.account = Some(PROD.into());
    level.place.region = Some("us-east-1".into());
}

fn is_counted(case: &mut Case) {
    case.count(Counted::Rules, 1, false).captured(JULY);
    let count = case.evidence.counts.last_mut().expect("a count");
    count.place.account = Some(PROD.into());
    count.place.region = Some("us-east-1".into());
}

const HIDDEN: [fn(&mut Case); 3] = [vanishes, fails_as_a_whole, is_counted];

#[test]
fn what_fails_unseen_in_one_region_is_covered_by_a_later_answer_of_another_only() {
    for (number, hide) in HIDDEN.into_iter().enumerate() {
        assert_eq!(
            hidden(hide, "2026-07-02T00:00:00Z"),
            Seen::Partial,
            "{number}"
        );
        assert_eq!(hidden(hide, SEPTEMBER), Seen::Seen, "{number}");
    }
}

#[test]
fn what_any_region_shows_of_a_global_type_is_not_absent_for_a_snapshot_of_another() {
    let rule = "iam-group-has-users-check";
    let mut case = two_regions();
    case.recorder(Recorded::All(true), true);
    case.item_of("AWS::IAM::Role", "role", "OK", SEPTEMBER);
    assert_eq!(case.assess().seen(rule), [("global", Seen::CheckedNone)]);
    case.details_in(&virginia("d.json"), MFA, &[("group", Compliant, JULY)]);
    case.last_evaluation().resource_type = "AWS::IAM::Group".into();
    assert_eq!(case.assess().seen(rule), [("global", Seen::NotChecked)]);
}

#[test]
fn what_fails_unseen_in_one_region_is_not_covered_by_an_answer_from_after_the_period() {
    for (number, hide) in HIDDEN.into_iter().enumerate() {
        let seen = hidden(hide, "2026-10-03T00:00:00Z");
        assert_eq!(seen, Seen::Partial, "{number}");
    }
}
