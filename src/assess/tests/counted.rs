//! What is counted, reconciles: every record that was read is in exactly one place.

use std::sync::Arc;

use super::case::*;
use crate::assess::{EvaluationReconciliation, ItemReconciliation};
use crate::evidence::{ConfigurationItem, Place};
use crate::time::AwsTime;

const RULE: &str = "vpc-flow-logs-enabled";
const ELSEWHERE: &str = "exports/999999999999/us-east-1/d.json";

/// What is exported beside a finding.
type Export = fn(&mut Case);
/// Where it is counted.
type Counted = fn(&mut EvaluationReconciliation) -> &mut u64;

/// Each record that is no finding, and its place.
const KINDS: [(Export, Counted); 9] = [
    (older, |of| &mut of.duplicates),
    (other_copy, |of| &mut of.duplicates),
    (against, |of| &mut of.contradictions),
    (deleted, |of| &mut of.gone),
    (elsewhere, |of| &mut of.out_of_scope),
    (nowhere, |of| &mut of.unattributed),
    (proactive, |of| &mut of.proactive),
    (own, |of| &mut of.unmapped),
    (rejected, |of| &mut of.rejected),
];

fn older(case: &mut Case) {
    case.details(RULE, &[("a", NonCompliant, JULY)]);
}

fn other_copy(case: &mut Case) {
    let copy = format!("{RULE}-conformance-pack-abc123def");
    case.details(&copy, &[("a", Compliant, JULY)]);
}

fn against(case: &mut Case) {
    case.details(RULE, &[("a", NotApplicable, SEPTEMBER)]);
}

fn deleted(case: &mut Case) {
    case.details("restricted-ssh", &[("sg", NonCompliant, JULY)]);
    case.item("sg", "ResourceDeleted", AUGUST);
}

fn elsewhere(case: &mut Case) {
    case.details_in(ELSEWHERE, RULE, &[("a", Compliant, JULY)]);
}

fn nowhere(case: &mut Case) {
    case.details_in("exports/d.json", RULE, &[("a", Compliant, JULY)]);
}

fn proactive(case: &mut Case) {
    case.details(RULE, &[("planned", NonCompliant, JULY)]);
    case.last_evaluation().proactive = true;
}

fn own(case: &mut Case) {
    case.details("our-own-check", &[("thing", NonCompliant, JULY)]);
}

fn rejected(case: &mut Case) {
    case.rejected("exports/broken.json", 1);
}

fn with(exports: &[Export]) -> EvaluationReconciliation {
    let mut case = Case::new();
    case.details(RULE, &[("a", Compliant, SEPTEMBER)]);
    for export in exports {
        export(&mut case);
    }
    case.assess().0.reconciliation.evaluation_results
}

#[test]
fn each_record_is_counted_in_its_own_place_alone_and_among_all_others() {
    let mut all = EvaluationReconciliation {
        read: 1,
        findings: 1,
        ..EvaluationReconciliation::default()
    };
    let alone = all;
    assert_eq!(with(&[]), alone);
    for (number, (export, place)) in KINDS.into_iter().enumerate() {
        let mut expected = alone;
        expected.read = 2;
        *place(&mut expected) += 1;
        assert_eq!(with(&[export]), expected, "{number}");
        all.read += 1;
        *place(&mut all) += 1;
    }
    assert_eq!(with(&KINDS.map(|(export, _)| export)), all);
}

#[test]
fn the_records_of_a_rule_that_maps_to_nothing_are_all_unmapped() {
    let mut case = Case::new();
    case.details("our-own-check", &[("a", Compliant, JULY)]);
    case.details("our-own-check", &[("a", NonCompliant, AUGUST)]);
    case.item("a", "ResourceDeleted", SEPTEMBER);
    let counts = case.assess().0.reconciliation.evaluation_results;
    assert_eq!((counts.read, counts.unmapped, counts.gone), (2, 2, 0));
}

/// A role that is recorded in this region, or nobody knows where.
fn item_in(case: &mut Case, region: Option<&str>) {
    case.listing(&Case::here("snapshot"), "configuration-snapshot");
    let item = ConfigurationItem {
        at: case.next(),
        place: Place {
            account: region.map(|_| PROD.into()),
            region: region.map(Into::into),
        },
        resource_type: "AWS::IAM::Role".into(),
        resource_id: "role".into(),
        resource_name: None,
        arn: None,
        status: "OK".into(),
        captured_at: AwsTime::from_text(JULY),
        created_at: None,
        tags: Vec::new(),
    };
    let items = Arc::get_mut(&mut case.evidence.items).expect("not assessed yet");
    items.push(&item).expect("memory");
}

#[test]
fn each_configuration_item_is_counted_in_its_own_place() {
    let mut case = Case::new();
    case.item("a", "OK", JULY).item("a", "OK", AUGUST);
    case.item("b", "OK", JULY);
    case.item("b", "ResourceDeleted", AUGUST);
    case.item_of("AWS::Config::ResourceCompliance", "c", "OK", JULY);
    item_in(&mut case, Some("global"));
    item_in(&mut case, Some("eu-west-1"));
    item_in(&mut case, None);
    case.rejected("exports/broken.json", 0);
    let broken = case.evidence.inputs.last_mut().expect("an input");
    broken.records.configuration_items = 3;
    let counts = case.assess().0.reconciliation.configuration_items;
    let expected = ItemReconciliation {
        read: 11,
        assets: 2,
        older: 2,
        deleted: 1,
        compliance_items: 1,
        out_of_scope: 1,
        unattributed: 1,
        rejected: 3,
    };
    assert_eq!(counts, expected);
    case.engagement.accounts.clear();
    case.account("999999999999", &[SEOUL]);
    let counts = case.assess().0.reconciliation.configuration_items;
    assert_eq!((counts.read, counts.out_of_scope), (11, 7));
}
