//! Checked and nothing found, against not checked.

use std::collections::BTreeSet;

use super::case::*;
use crate::assess::{Automated, Gap, GapKind, ReasonKind, Seen};
use crate::evidence::Recorded;
use crate::time::AwsTime;

/// Periodic, alone in its control; its resources are route tables.
const RULE: &str = "no-unrestricted-route-to-igw";
const CONTROL: &str = "2.6.7";
/// On changes.
const CHANGE: &str = "encrypted-volumes";
const BEFORE: &str = "2026-06-01T00:00:00Z";

fn state(case: &Case, rule: &str) -> Seen {
    let assessed = case.assess();
    let seen = assessed.seen(rule);
    assert_eq!(seen.len(), 1);
    seen[0].1
}

#[test]
fn a_rule_that_ran_without_error_and_has_no_evaluations_is_checked_none() {
    let mut case = Case::new();
    case.empty_details(RULE).status(RULE, SEPTEMBER, Some(JULY));
    assert_eq!(
        state(&case, RULE),
        Seen::NotChecked,
        "a filter may have emptied the answer"
    );
    let gaps = case.assess().0.gaps;
    let gap = gaps.iter().find(|gap| gap.rule == RULE).expect("a gap");
    assert!(
        gap.at
            .command
            .contains(" describe-compliance-by-config-rule ")
    );
    case.rule_level(RULE, InsufficientData, None);
    assert_eq!(state(&case, RULE), Seen::CheckedNone);
    assert_eq!(
        case.assess().control(CONTROL).automated,
        Automated::NothingToCheck
    );
    assert!(case.assess().reasons(CONTROL).is_empty());
}

#[test]
fn of_two_statuses_that_are_equally_late_the_one_that_proves_less_counts() {
    let equally_late = [(AUGUST, Some(AUGUST)), (JULY, Some(AUGUST))];
    let reversed = [equally_late[1], equally_late[0]];
    for statuses in [equally_late, reversed] {
        let mut case = Case::new();
        case.rule_level(RULE, InsufficientData, None);
        for (succeeded, failed) in statuses {
            case.status(RULE, succeeded, failed);
        }
        assert_eq!(state(&case, RULE), Seen::Partial, "{statuses:?}");
    }
}

#[test]
fn the_insufficient_data_of_a_rule_without_evaluations_is_explained_by_its_status() {
    let mut case = Case::new();
    case.rule_level(RULE, InsufficientData, None);
    assert_eq!(
        case.assess().control(CONTROL).automated,
        Automated::Incomplete
    );
    case.status(RULE, SEPTEMBER, None);
    assert_eq!(
        case.assess().control(CONTROL).automated,
        Automated::NothingToCheck
    );
    assert!(case.assess().gaps(GapKind::InsufficientData).is_empty());
}

#[test]
fn a_rule_that_failed_since_or_ran_only_before_the_period_is_not_checked() {
    for (succeeded, failed) in [
        (JULY, Some(AUGUST)),
        (BEFORE, None),
        ("2026-07-01 00:00:00", None),
        (SEPTEMBER, Some("2026-07-01 00:00:00")),
    ] {
        let mut case = Case::new();
        case.ran_empty(RULE, succeeded, failed);
        assert_eq!(state(&case, RULE), Seen::Partial, "{succeeded} {failed:?}");
    }
    let mut case = Case::new();
    case.ran_empty(CHANGE, BEFORE, None);
    assert_eq!(
        state(&case, CHANGE),
        Seen::CheckedNone,
        "nothing has changed since"
    );
}

#[test]
fn a_status_alone_proves_nothing_where_no_verdicts_were_exported() {
    let mut case = Case::new();
    case.status(RULE, SEPTEMBER, None);
    assert_eq!(state(&case, RULE), Seen::NotChecked);
    case.other_details();
    assert_eq!(
        state(&case, RULE),
        Seen::NotChecked,
        "another rule's evaluations were exported, not its own"
    );
    case.empty_details("another-rule");
    assert_eq!(state(&case, RULE), Seen::NotChecked);
    case.empty_details(RULE).next_token();
    assert_eq!(state(&case, RULE), Seen::NotChecked, "more pages follow");
    case.empty_details(RULE);
    assert_eq!(state(&case, RULE), Seen::NotChecked, "it may be filtered");
    case.rule_level(RULE, InsufficientData, None);
    assert_eq!(state(&case, RULE), Seen::CheckedNone);
    let mut case = Case::new();
    case.status(RULE, SEPTEMBER, None);
    let elsewhere = format!("exports/{PROD}/us-east-1/{RULE}.json");
    case.details_in(&elsewhere, RULE, &[]);
    assert_eq!(state(&case, RULE), Seen::NotChecked, "of another region");
    let mut case = Case::new();
    case.status(RULE, SEPTEMBER, None);
    let misnamed = Case::here(&format!("{RULE}.json"));
    case.details_in(&misnamed, "restricted-ssh", &[("sg", Compliant, JULY)]);
    assert_eq!(state(&case, RULE), Seen::NotChecked, "of another rule");
    for (taken, expected) in [
        (BEFORE, Seen::Partial),
        (JULY, Seen::Partial),
        (SEPTEMBER, Seen::CheckedNone),
    ] {
        let mut case = Case::new();
        case.ran_empty(RULE, SEPTEMBER, None).captured(taken);
        assert_eq!(
            state(&case, RULE),
            expected,
            "the success came after {taken}"
        );
    }
}

#[test]
fn a_whole_answer_about_its_pack_proves_that_a_rule_has_no_evaluations() {
    let pack = |more: bool, name: &str| {
        let mut case = Case::new();
        let other = "restricted-ssh-conformance-pack-abc123def";
        case.pack("k").rows(other, &[("sg", Compliant, JULY)]);
        if more {
            case.next_token();
        }
        case.status(name, SEPTEMBER, None);
        state(&case, RULE)
    };
    let own = "no-unrestricted-route-to-igw-conformance-pack-abc123def";
    let foreign = "no-unrestricted-route-to-igw-conformance-pack-xyz123def";
    assert_eq!(pack(false, own), Seen::CheckedNone);
    assert_eq!(pack(true, own), Seen::Partial);
    assert_eq!(pack(false, foreign), Seen::NotChecked, "of another pack");
    let described = |region: &str, verdict| {
        let mut case = Case::new();
        case.described_pack("k", "conformance-pack-abc123def");
        case.pack("k").rows("own-rule", &[("sg", verdict, JULY)]);
        let path = format!("exports/{PROD}/{region}/pack");
        case.evidence.listings[1].path_place = crate::export::path::place(&path);
        case.status(own, SEPTEMBER, None);
        state(&case, RULE)
    };
    assert_eq!(described(SEOUL, Compliant), Seen::CheckedNone);
    assert_eq!(
        described(SEOUL, NonCompliant),
        Seen::NotChecked,
        "it may be filtered to what fails"
    );
    assert_eq!(described("us-east-1", Compliant), Seen::NotChecked);
}

#[test]
fn a_status_does_not_outweigh_rows_that_may_be_missing() {
    let mut case = Case::new();
    case.empty_details(RULE).status(RULE, SEPTEMBER, None);
    case.rejected(&Case::here("broken.json"), 0);
    assert_eq!(state(&case, RULE), Seen::Unreadable);
    case.rule_level(RULE, InsufficientData, None);
    assert_eq!(state(&case, RULE), Seen::Partial);
    let name = "no-unrestricted-route-to-igw-conformance-pack-abc123def";
    let mut case = Case::new();
    case.pack("k").rows(
        "restricted-ssh-conformance-pack-abc123def",
        &[("sg", Compliant, JULY)],
    );
    case.next_token();
    case.status(name, SEPTEMBER, None);
    assert_eq!(state(&case, RULE), Seen::Partial);
    case.rule_level(name, InsufficientData, None);
    assert_eq!(state(&case, RULE), Seen::Partial, "its pack was cut off");
    let mut case = Case::new();
    case.details(RULE, &[("rtb", Compliant, JULY)]).next_token();
    case.status(RULE, SEPTEMBER, None)
        .rule_level(RULE, InsufficientData, None);
    assert_eq!(
        state(&case, RULE),
        Seen::Partial,
        "some of its rows are read"
    );
    let mut case = Case::new();
    case.status(RULE, SEPTEMBER, None)
        .rule_level(RULE, NonCompliant, Some((1, false)));
    assert_eq!(
        state(&case, RULE),
        Seen::Partial,
        "its rows were not exported"
    );
}

#[test]
fn a_whole_snapshot_without_such_resources_is_checked_none_whether_the_rule_is_deployed_or_not() {
    let snapshot = |recorded: Recorded, works: bool, time: &str| {
        let mut case = Case::new();
        case.recorder(recorded, works).item("other", "OK", time);
        case
    };
    let mut case = snapshot(Recorded::All(false), true, SEPTEMBER);
    assert_eq!(state(&case, RULE), Seen::CheckedNone);
    assert_eq!(
        case.assess().control(CONTROL).automated,
        Automated::NothingToCheck
    );
    case.deployed(RULE, "NO_UNRESTRICTED_ROUTE_TO_IGW", &[]);
    case.rule_level(RULE, InsufficientData, None);
    assert_eq!(state(&case, RULE), Seen::CheckedNone);
    let mut at = case.next();
    at.listing = case.evidence.items.get(0).kind.listing;
    case.item_at(at, "AWS::EC2::RouteTable", "rtb", "OK", SEPTEMBER);
    assert_eq!(state(&case, RULE), Seen::Partial, "there is one");
    for (recorded, expected) in [
        (
            Recorded::Only(vec!["AWS::EC2::RouteTable".into()]),
            Seen::CheckedNone,
        ),
        (
            Recorded::Only(vec!["AWS::EC2::Volume".into()]),
            Seen::NotChecked,
        ),
        (
            Recorded::Except(vec!["AWS::EC2::Volume".into()]),
            Seen::CheckedNone,
        ),
        (
            Recorded::Except(vec!["AWS::EC2::RouteTable".into()]),
            Seen::NotChecked,
        ),
    ] {
        assert_eq!(state(&snapshot(recorded, true, SEPTEMBER), RULE), expected);
    }
    let stopped = snapshot(Recorded::All(true), false, SEPTEMBER);
    assert_eq!(
        state(&stopped, RULE),
        Seen::NotChecked,
        "the recorder is stopped"
    );
    let early = snapshot(Recorded::All(true), true, BEFORE);
    assert_eq!(
        state(&early, RULE),
        Seen::NotChecked,
        "taken before the period"
    );
    let mut without = Case::new();
    without.item("other", "OK", SEPTEMBER);
    assert_eq!(
        state(&without, RULE),
        Seen::NotChecked,
        "what is recorded is unknown"
    );
    let mut empty = Case::new();
    empty.recorder(Recorded::All(true), true);
    empty.listing(&Case::here("snapshot"), "configuration-snapshot");
    empty.captured(SEPTEMBER);
    assert_eq!(state(&empty, RULE), Seen::NotChecked, "it holds no item");
}

#[test]
fn resources_of_global_services_are_recorded_only_where_the_recorder_includes_them() {
    let rule = "iam-group-has-users-check";
    for (global, shown, expected) in [
        (true, "AWS::IAM::Role", Seen::CheckedNone),
        (false, "AWS::IAM::Role", Seen::NotChecked),
        // In a region that cannot record them, the recorder says that it does all the same.
        (true, "AWS::EC2::Volume", Seen::NotChecked),
    ] {
        let mut case = Case::new();
        case.recorder(Recorded::All(global), true)
            .item_of(shown, "other", "OK", SEPTEMBER);
        assert_eq!(state(&case, rule), expected, "{global} {shown}");
    }
}

#[test]
fn a_snapshot_tells_nothing_of_types_that_aws_config_cannot_record() {
    for rule in [
        "cloudwatch-log-group-encrypted",
        "s3-account-level-public-access-blocks-periodic",
        "emr-kerberos-enabled",
    ] {
        let mut case = Case::new();
        case.recorder(Recorded::All(true), true)
            .item("other", "OK", SEPTEMBER);
        assert_eq!(state(&case, rule), Seen::NotChecked, "{rule}");
    }
}

#[test]
fn of_two_descriptions_of_one_recorder_the_narrower_counts_and_two_recorders_add_up() {
    let only = |kind: &str| Recorded::Only(vec![kind.into()]);
    let mut case = Case::new();
    case.recorder(Recorded::All(true), true)
        .recorder(only("AWS::EC2::Volume"), true)
        .item("other", "OK", SEPTEMBER);
    assert_eq!(state(&case, RULE), Seen::NotChecked);
    case.evidence.recorders[1].name = "of-a-service".into();
    assert_eq!(state(&case, RULE), Seen::CheckedNone);
    let mut case = Case::new();
    case.recorder(only("AWS::EC2::Volume"), false);
    case.captured(JULY);
    case.recorder(Recorded::All(true), true);
    case.captured(AUGUST);
    case.item("other", "OK", SEPTEMBER);
    assert_eq!(state(&case, RULE), Seen::CheckedNone, "described later");
}

#[test]
fn an_estate_without_redshift_emr_and_sagemaker_is_not_incomplete_for_them() {
    fn open(case: &Case, services: &[&str]) -> Vec<String> {
        let rules = case.assess().0.rules;
        let of_service = |rule: &str| services.iter().any(|service| rule.starts_with(service));
        rules
            .into_iter()
            .filter(|row| of_service(&row.rule))
            .filter(|row| row.seen.iter().any(|at| at.state != Seen::CheckedNone))
            .map(|row| row.rule)
            .collect()
    }
    let none: [String; 0] = [];
    let mut case = Case::new();
    case.recorder(Recorded::All(true), true)
        .item("other", "OK", SEPTEMBER);
    assert_eq!(open(&case, &["redshift"]), none, "a whole snapshot tells");
    let services = ["redshift", "emr", "sagemaker"];
    let mut case = Case::new();
    for rule in crate::catalogue::catalogue().rules.keys() {
        if services.iter().any(|service| rule.starts_with(service)) {
            case.status(rule, SEPTEMBER, None)
                .rule_level(rule, InsufficientData, None);
        }
    }
    assert_eq!(open(&case, &services), none, "the evaluation status tells");
    let assessed = case.assess();
    for row in &assessed.0.controls {
        let mut reasons = row.result.iter().flat_map(|result| &result.reasons);
        assert!(!reasons.any(|reason| services.iter().any(|s| reason.rule.starts_with(s))));
    }
}

#[test]
fn every_open_reason_has_its_gap_with_a_command() {
    let mut case = Case::new();
    case.other_details()
        .rule_level(RULE, InsufficientData, None);
    case.details(CHANGE, &[("vol", Compliant, JULY)])
        .next_token();
    case.details("restricted-ssh", &[("old", Compliant, BEFORE)]);
    case.details(
        "s3-bucket-logging-enabled",
        &[("b", InsufficientData, JULY)],
    );
    case.details(
        "rds-storage-encrypted",
        &[("db", Compliant, "2026-07-01 00:00:00")],
    );
    let identifier = "ACCESS_KEYS_ROTATED";
    case.deployed("keys", identifier, &[("maxAccessKeyAge", "999")]);
    case.details("keys", &[("user", Compliant, JULY)]);
    let assessed = case.assess();
    let reasons: BTreeSet<ReasonKind> = (assessed.0.controls.iter())
        .flat_map(|row| row.result.iter().flat_map(|result| &result.reasons))
        .map(|reason| reason.reason)
        .collect();
    for kind in [
        ReasonKind::Partial,
        ReasonKind::NotChecked,
        ReasonKind::InsufficientData,
        ReasonKind::OutsidePeriod,
        ReasonKind::UnknownTime,
        ReasonKind::WeakerParameters,
    ] {
        assert!(reasons.contains(&kind), "{kind:?}");
    }
    for row in &assessed.0.controls {
        for reason in row.result.iter().flat_map(|result| &result.reasons) {
            if reason.reason == ReasonKind::NonCompliant {
                continue;
            }
            let gaps = assessed.0.gaps.iter();
            let mut gaps =
                gaps.filter(|gap| *gap.rule == *reason.rule && *gap.at.region == *reason.at.region);
            let same = |gap: &&Gap| format!("{:?}", gap.kind) == format!("{:?}", reason.reason);
            let gap = gaps.find(same);
            let gap = gap.unwrap_or_else(|| panic!("no gap for {reason:?}"));
            if reason.reason == ReasonKind::WeakerParameters {
                assert_eq!(gap.at.command, "", "no export would fill it");
                continue;
            }
            assert!(gap.at.command.starts_with("aws configservice "), "{gap:?}");
            assert!(
                gap.at.command.contains(" --region ap-northeast-2"),
                "{gap:?}"
            );
        }
    }
}

#[test]
fn a_recorder_that_was_started_after_the_snapshot_does_not_speak_for_it() {
    for (started, expected) in [
        (JULY, Seen::CheckedNone),
        ("2026-09-20T00:00:00Z", Seen::NotChecked),
        ("2026-07-01 00:00:00", Seen::NotChecked),
    ] {
        let mut case = Case::new();
        case.recorder(Recorded::All(true), true)
            .item("other", "OK", SEPTEMBER);
        case.evidence.recorder_statuses[0].started = AwsTime::from_text(started);
        assert_eq!(state(&case, RULE), expected, "{started}");
    }
}

#[test]
fn a_recorder_of_which_nothing_tells_that_it_ran_does_not_speak_for_a_snapshot() {
    let mut case = Case::new();
    case.recorder(Recorded::All(true), true)
        .item("other", "OK", SEPTEMBER);
    case.evidence.recorder_statuses.clear();
    assert_eq!(state(&case, RULE), Seen::NotChecked);
    let assessed = case.assess();
    let mut gaps = assessed.0.gaps.iter().filter(|gap| gap.rule == RULE);
    let gap = gaps.next().expect("a gap");
    assert!(
        gap.at
            .command
            .contains("describe-configuration-recorder-status")
    );
}
