//! What is gone: deleted, or absent from a later whole export.

use super::case::*;

/// Periodic, regional; of both triggers.
const PERIODIC: &str = "vpc-flow-logs-enabled";
const BOTH: &str = "restricted-ssh";

#[test]
fn a_resource_absent_from_a_later_whole_export_is_gone_and_not_counted() {
    let mut case = Case::new();
    case.details(
        PERIODIC,
        &[("vpc", NonCompliant, JULY), ("other", Compliant, JULY)],
    );
    case.captured(JULY);
    case.details(PERIODIC, &[("other", Compliant, SEPTEMBER)])
        .captured(SEPTEMBER);
    let assessed = case.assess();
    assert_eq!(assessed.0.findings.len(), 1);
    assert_eq!(assessed.0.gone[0].resource_id.as_ref(), "vpc");
    assert_eq!(assessed.0.reconciliation.evaluation_results.gone, 1);
    let counts = assessed.control("2.9.4").counts;
    assert_eq!((counts.non_compliant, counts.compliant), (0, 1));
}

#[test]
fn what_is_gone_is_listed_with_all_that_was_said_of_it() {
    let mut case = Case::new();
    case.details(PERIODIC, &[("vpc", Compliant, JULY)]);
    case.details(PERIODIC, &[("vpc", NonCompliant, AUGUST)])
        .captured(AUGUST);
    case.details(PERIODIC, &[("other", Compliant, SEPTEMBER)])
        .captured(SEPTEMBER);
    let assessed = case.assess();
    let [gone] = &assessed.0.gone[..] else {
        panic!("one is gone: {:?}", assessed.0.gone);
    };
    assert_eq!(gone.status, NonCompliant);
    let history: Vec<_> = gone.others.iter().map(|other| other.status).collect();
    assert_eq!(history, [Compliant]);
    assert_eq!(assessed.0.reconciliation.evaluation_results.gone, 2);
}

#[test]
fn a_later_whole_export_replaces_nothing_of_another_rule_account_or_region() {
    let copy = "vpc-flow-logs-enabled-conformance-pack-abc123def";
    for (path, rule) in [
        (format!("exports/{PROD}/us-east-1/d.json"), PERIODIC),
        (format!("exports/444455556666/{SEOUL}/d.json"), PERIODIC),
        (Case::here("copy.json"), copy),
        (Case::here("both.json"), BOTH),
    ] {
        let mut case = Case::new();
        case.account(PROD, &[SEOUL, "us-east-1"]);
        case.account("444455556666", &[SEOUL]);
        case.details(PERIODIC, &[("vpc", NonCompliant, JULY)]);
        case.details_in(&path, rule, &[("other", Compliant, SEPTEMBER)]);
        let assessed = case.assess();
        assert_eq!(assessed.finding("vpc").status, NonCompliant, "{path}");
        assert!(assessed.0.gone.is_empty(), "{path}");
    }
}

#[test]
fn a_later_export_that_was_cut_off_replaces_nothing() {
    let mut case = Case::new();
    case.details(PERIODIC, &[("vpc", NonCompliant, JULY)]);
    case.details(PERIODIC, &[("other", Compliant, SEPTEMBER)])
        .next_token();
    assert_eq!(case.assess().finding("vpc").status, NonCompliant);
}

#[test]
fn exports_whose_order_is_unknown_replace_nothing() {
    let mut undated = Case::new();
    undated.details(PERIODIC, &[("vpc", NonCompliant, JULY)]);
    undated.details(PERIODIC, &[("other", Compliant, SEPTEMBER)]);
    let finding = undated.assess().finding("vpc").status;
    assert_eq!(
        finding, NonCompliant,
        "a lower bound of a time ends nothing that fails"
    );
    let mut case = Case::new();
    case.details(PERIODIC, &[("vpc", NonCompliant, JULY)]);
    case.details(PERIODIC, &[("other", Compliant, JULY)]);
    assert_eq!(case.assess().finding("vpc").status, NonCompliant);
}

#[test]
fn a_resource_that_was_deleted_after_its_verdict_is_gone() {
    for status in ["ResourceDeleted", "ResourceDeletedNotRecorded"] {
        let mut case = Case::new();
        case.details(PERIODIC, &[("vpc", NonCompliant, JULY)]);
        case.item("vpc", "OK", JULY).item("vpc", status, AUGUST);
        let assessed = case.assess();
        assert!(assessed.0.findings.is_empty());
        assert_eq!(assessed.0.gone.len(), 1);
        assert!(assessed.0.assets.count() == 0);
        drop(assessed);
        case.item("vpc", "ResourceDiscovered", SEPTEMBER);
        assert_eq!(
            case.assess().finding("vpc").status,
            NonCompliant,
            "it is there again"
        );
    }
}

#[test]
fn a_verdict_newer_than_the_deletion_counts() {
    let mut case = Case::new();
    case.item("vpc", "ResourceDeleted", JULY);
    case.details(PERIODIC, &[("vpc", NonCompliant, AUGUST)]);
    assert_eq!(case.assess().finding("vpc").status, NonCompliant);
}
