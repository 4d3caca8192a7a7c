//! Reach, identity, copies, parameters.

use std::collections::BTreeSet;

use super::case::*;
use crate::assess::{Automated, GapKind, Other, ReasonKind, ResolvedBy};
use crate::evidence::{ComplianceType, Parameters};
use crate::time::AwsTime;

/// Periodic, regional; of both triggers.
const PERIODIC: &str = "vpc-flow-logs-enabled";
const BOTH: &str = "restricted-ssh";

#[test]
fn one_region_is_enough_for_a_global_rule_and_its_finding_lists_all() {
    let mut case = Case::new();
    case.account(PROD, &[SEOUL, "us-east-1"]);
    let virginia = format!("exports/{PROD}/us-east-1/iam");
    case.details("iam-password-policy", &[(PROD, Compliant, JULY)]);
    assert_eq!(
        case.assess().control("2.5.4").automated,
        Automated::Compliant
    );
    case.details_in(
        &virginia,
        "iam-password-policy",
        &[(PROD, NonCompliant, JULY)],
    );
    let assessed = case.assess();
    let finding = assessed.finding(PROD);
    assert_eq!(
        (finding.region.as_str(), finding.status),
        ("global", NonCompliant)
    );
    assert_eq!(finding.regions, [SEOUL, "us-east-1"]);
    assert_eq!(assessed.0.reconciliation.evaluation_results.duplicates, 1);
}

#[test]
fn a_global_finding_is_the_same_in_every_region_and_the_worst_of_their_current_verdicts() {
    let seen = |verdicts: &[(&str, ComplianceType, &str)]| {
        let mut case = Case::new();
        case.account(PROD, &[SEOUL, "us-east-1"]);
        for (region, verdict, time) in verdicts {
            let path = format!("exports/{PROD}/{region}/{time}");
            case.details_in(&path, "iam-password-policy", &[(PROD, *verdict, time)]);
        }
        let assessed = case.assess();
        let finding = assessed.finding(PROD);
        assert_eq!(finding.region, "global");
        (finding.id, finding.status)
    };
    let (id, _) = seen(&[(SEOUL, Compliant, JULY)]);
    assert_eq!(seen(&[("us-east-1", Compliant, JULY)]).0, id);
    let worst = seen(&[
        (SEOUL, NonCompliant, JULY),
        ("us-east-1", Compliant, SEPTEMBER),
    ]);
    assert_eq!(worst, (id, NonCompliant), "not the latest of all regions");
    let mended = seen(&[
        (SEOUL, NonCompliant, JULY),
        (SEOUL, Compliant, AUGUST),
        ("us-east-1", Compliant, JULY),
    ]);
    assert_eq!(mended, (id, Compliant), "of one region the latest");
}

#[test]
fn what_is_missing_of_a_global_rule_is_asked_for_in_the_region_that_has_it() {
    let rule = "iam-password-policy";
    let virginia = format!("exports/{PROD}/us-east-1/d.json");
    let command = |rows: &[(&str, ComplianceType, &str)], kind| {
        let mut case = Case::new();
        case.account(PROD, &[SEOUL, "us-east-1"]);
        case.details_in(&virginia, rule, rows).next_token();
        let assessed = case.assess();
        let gaps = assessed.gaps(kind);
        let gap = gaps.iter().find(|gap| gap.rule == rule).expect("a gap");
        gap.at.command.clone()
    };
    let expected = "aws configservice get-compliance-details-by-config-rule \
                    --config-rule-name iam-password-policy --region us-east-1 \
                    > exports/111122223333/us-east-1/iam-password-policy.json";
    let cut = command(&[(PROD, Compliant, JULY)], GapKind::Partial);
    assert_eq!(cut, expected);
    let before = "2026-06-01T00:00:00Z";
    let old = command(&[(PROD, Compliant, before)], GapKind::OutsidePeriod);
    assert_eq!(old, expected);
}

#[test]
fn another_account_region_rule_type_or_id_makes_another_finding() {
    let mut case = Case::new();
    case.account(PROD, &[SEOUL, "us-east-1"]);
    case.account("444455556666", &[SEOUL]);
    let seoul = Case::here("d.json");
    for (path, rule, kind, id) in [
        (&*seoul, BOTH, "AWS::Test::Thing", "a"),
        (&*seoul, BOTH, "AWS::Test::Thing", "b"),
        (&*seoul, BOTH, "AWS::Test::Other", "a"),
        (&*seoul, PERIODIC, "AWS::Test::Thing", "a"),
        (
            &*format!("exports/{PROD}/us-east-1/d.json"),
            BOTH,
            "AWS::Test::Thing",
            "a",
        ),
        (
            &*format!("exports/444455556666/{SEOUL}/d.json"),
            BOTH,
            "AWS::Test::Thing",
            "a",
        ),
    ] {
        case.details_in(path, rule, &[(id, Compliant, JULY)]);
        case.last_evaluation().resource_type = kind.into();
    }
    let findings = case.assess().0.findings;
    let ids: BTreeSet<_> = findings.iter().map(|finding| finding.id).collect();
    assert_eq!((findings.len(), ids.len()), (6, 6));
}

#[test]
fn a_finding_has_the_same_id_next_quarter_and_another_fingerprint_when_it_changed() {
    let finding = |status, time, parameters: &[(&str, &str)]| {
        let mut case = Case::new();
        case.deployed("ssh", "INCOMING_SSH_DISABLED", parameters);
        case.details("ssh", &[("sg", status, time)]);
        case.assess().finding("sg").clone()
    };
    let july = finding(NonCompliant, JULY, &[]);
    let september = finding(NonCompliant, SEPTEMBER, &[]);
    assert_eq!(
        (&july.id, &july.fingerprint),
        (&september.id, &september.fingerprint)
    );
    let fixed = finding(Compliant, SEPTEMBER, &[]);
    assert_eq!(july.id, fixed.id);
    assert_ne!(july.fingerprint, fixed.fingerprint);
    assert_ne!(
        july.fingerprint,
        finding(NonCompliant, JULY, &[("a", "1")]).fingerprint
    );
    assert_eq!(july.id.to_string().parse(), Ok(july.id));
    let mut case = Case::new();
    case.deployed("ssh", "INCOMING_SSH_DISABLED", &[]);
    case.details("ssh", &[("sg", NonCompliant, JULY)]);
    case.last_evaluation().annotation = Some("port 22 is open".into());
    let annotated = case.assess().finding("sg").fingerprint;
    assert_eq!(july.fingerprint, annotated, "an annotation changes nothing");
}

#[test]
fn within_one_deployed_rule_the_latest_recorded_verdict_counts() {
    let mut case = Case::new();
    case.details(PERIODIC, &[("vpc", NonCompliant, JULY)]);
    case.details(PERIODIC, &[("vpc", Compliant, SEPTEMBER)]);
    let assessed = case.assess();
    assert_eq!(assessed.finding("vpc").status, Compliant);
    assert_eq!(assessed.0.reconciliation.evaluation_results.duplicates, 1);
    let mut case = Case::new();
    case.details(PERIODIC, &[("vpc", NonCompliant, SEPTEMBER)]);
    case.details(PERIODIC, &[("vpc", Compliant, JULY)]);
    assert_eq!(
        case.assess().finding("vpc").status,
        NonCompliant,
        "in whatever order they are read"
    );
    case.last_evaluation().evaluated_at = AwsTime::from_text("2026-09-20T00:00:00Z");
    assert_eq!(
        case.assess().finding("vpc").status,
        NonCompliant,
        "what was recorded last, not what was evaluated last"
    );
}

#[test]
fn across_deployed_copies_the_worst_counts_and_each_is_listed_with_its_parameters() {
    let mut case = Case::new();
    case.deployed("mine", "INCOMING_SSH_DISABLED", &[("a", "1")]);
    case.details("mine", &[("sg", NonCompliant, JULY)]);
    case.details(
        "securityhub-restricted-ssh-baa2cf8c",
        &[("sg", Compliant, SEPTEMBER)],
    );
    let assessed = case.assess();
    let finding = assessed.finding("sg");
    assert_eq!(
        (finding.status, finding.deployed_rule.as_str()),
        (NonCompliant, "mine")
    );
    assert_eq!(finding.resolved_by, ResolvedBy::SourceIdentifier);
    let [copy] = &finding.others[..] else {
        panic!("one other copy")
    };
    assert_eq!((copy.status, copy.parameters.as_ref()), (Compliant, None));
    case.deployed("better", "INCOMING_SSH_DISABLED", &[("b", "2")]);
    case.details("better", &[("sg", NotApplicable, SEPTEMBER)]);
    let assessed = case.assess();
    let finding = assessed.finding("sg");
    assert_eq!(
        (finding.status, &*finding.deployed_rule),
        (NonCompliant, "mine")
    );
    let parameters = |copy: &Other| {
        let value = |of: &Parameters| of.values().cloned().collect::<String>();
        (
            copy.deployed_rule.clone(),
            copy.parameters.as_ref().map(value),
        )
    };
    let copies: Vec<_> = finding.others.iter().map(parameters).collect();
    let expected = [
        ("securityhub-restricted-ssh-baa2cf8c".to_owned(), None),
        ("better".to_owned(), Some("2".to_owned())),
    ];
    assert_eq!(copies, expected);
}

#[test]
fn of_several_copies_those_whose_verdicts_hold_in_the_period_count() {
    let mut case = Case::new();
    case.details(PERIODIC, &[("vpc", NonCompliant, "2026-06-01T00:00:00Z")]);
    let copy = "vpc-flow-logs-enabled-conformance-pack-abc123def";
    case.details(copy, &[("vpc", Compliant, JULY)]);
    let assessed = case.assess();
    let finding = assessed.finding("vpc");
    assert_eq!((finding.status, finding.in_period), (Compliant, true));
    assert_eq!(finding.others.len(), 1, "the older one is listed");
}

#[test]
fn the_order_of_badness_is_non_compliant_insufficient_compliant_not_applicable() {
    let order = [NotApplicable, Compliant, InsufficientData, NonCompliant];
    for pair in order.windows(2) {
        let mut case = Case::new();
        case.details(PERIODIC, &[("vpc", pair[0], JULY), ("vpc", pair[1], JULY)]);
        let assessed = case.assess();
        assert_eq!(assessed.finding("vpc").status, pair[1]);
        assert_eq!(
            assessed.0.reconciliation.evaluation_results.contradictions,
            1
        );
    }
}

#[test]
fn a_proactive_evaluation_never_counts() {
    let mut case = Case::new();
    case.details(PERIODIC, &[("vpc", NonCompliant, JULY)]);
    case.last_evaluation().proactive = true;
    let assessed = case.assess();
    assert!(assessed.0.findings.is_empty());
    assert_eq!(assessed.0.reconciliation.evaluation_results.proactive, 1);
    assert_eq!(
        assessed.seen(PERIODIC),
        [(SEOUL, crate::assess::Seen::NotChecked)]
    );
}

#[test]
fn compliant_under_weaker_parameters_makes_the_control_incomplete() {
    let mut case = Case::new();
    case.deployed(
        "pw",
        "IAM_PASSWORD_POLICY",
        &[("MinimumPasswordLength", "8")],
    );
    case.details("pw", &[(PROD, Compliant, JULY)]);
    let assessed = case.assess();
    assert_eq!(assessed.control("2.5.4").automated, Automated::Incomplete);
    assert_eq!(
        assessed.reasons("2.5.4"),
        [(ReasonKind::WeakerParameters, "iam-password-policy")]
    );
    let weaker = &assessed.finding(PROD).weaker_parameters[0];
    assert_eq!(
        (weaker.deployed.as_str(), weaker.baseline.as_str()),
        ("8", "12")
    );
    case.policy("iam-password-policy", "MinimumPasswordLength", "8");
    assert_eq!(
        case.assess().control("2.5.4").automated,
        Automated::Compliant,
        "the policy asks for 8"
    );
    case.policy("iam-password-policy", "MinimumPasswordLength", "10");
    let assessed = case.assess();
    assert_eq!(assessed.control("2.5.4").automated, Automated::Incomplete);
    let weaker = &assessed.finding(PROD).weaker_parameters[0];
    assert_eq!((&*weaker.deployed, &*weaker.baseline), ("8", "10"));
    let document = weaker.document.as_deref();
    assert_eq!(
        document,
        Some("지침 5.2"),
        "that sets the organisation's value"
    );
}

#[test]
fn a_strong_copy_that_is_as_compliant_speaks_for_the_resource() {
    let mut case = Case::new();
    case.deployed(
        "weak",
        "IAM_PASSWORD_POLICY",
        &[("MinimumPasswordLength", "8")],
    );
    case.deployed(
        "strong",
        "IAM_PASSWORD_POLICY",
        &[("MinimumPasswordLength", "14")],
    );
    case.details("weak", &[(PROD, Compliant, JULY)]);
    case.details("strong", &[(PROD, Compliant, JULY)]);
    let assessed = case.assess();
    assert_eq!(assessed.finding(PROD).deployed_rule, "strong");
    assert_eq!(assessed.control("2.5.4").automated, Automated::Compliant);
}

#[test]
fn unknown_parameters_are_null_and_decide_nothing() {
    let mut case = Case::new();
    case.details("iam-password-policy", &[(PROD, Compliant, JULY)]);
    let assessed = case.assess();
    assert_eq!(assessed.finding(PROD).parameters, None);
    assert_eq!(assessed.control("2.5.4").automated, Automated::Compliant);
    let json = serde_json::to_value(assessed.finding(PROD)).expect("a finding");
    assert!(json["parameters"].is_null());
    case.policy("iam-password-policy", "MinimumPasswordLength", "20");
    assert_eq!(
        case.assess().control("2.5.4").automated,
        Automated::Compliant,
        "whatever the policy asks for"
    );
}

#[test]
fn an_unmapped_rule_is_listed_and_decides_nothing() {
    let mut case = Case::new();
    case.details("our-own-check", &[("thing", NonCompliant, JULY)]);
    let assessed = case.assess();
    let finding = assessed.finding("thing");
    assert_eq!(
        (finding.resolved_by, finding.controls.len()),
        (ResolvedBy::Unmapped, 0)
    );
    assert_eq!(assessed.0.reconciliation.evaluation_results.unmapped, 1);
    assert_eq!(assessed.gaps(GapKind::Unmapped)[0].rule, "our-own-check");
}

#[test]
fn a_finding_carries_the_name_of_its_resource_and_its_exact_place() {
    let mut case = Case::new();
    case.details(
        BOTH,
        &[("sg-0", Compliant, JULY), ("sg-1", NonCompliant, JULY)],
    );
    case.item("sg-1", "OK", JULY);
    let assessed = case.assess();
    let finding = assessed.finding("sg-1");
    assert_eq!(finding.resource_name.as_deref(), Some("sg-1 이름"));
    assert_eq!(
        (finding.source.input(), &*finding.source.pointer()),
        ("E0001", "/List/1")
    );
    let assets: Vec<u32> = assessed
        .0
        .assets()
        .map(|asset| asset.expect("memory").failing_findings)
        .collect();
    assert_eq!(assets, [1]);
}
