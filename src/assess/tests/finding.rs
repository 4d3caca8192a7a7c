//! Times, reach, identity, copies, gone resources, parameters.

use super::case::*;
use crate::assess::{AttributedBy, Automated, GapKind, ReasonKind, ResolvedBy};
use crate::time::AwsTime;

/// Change-triggered, regional, the only rule of no item; periodic, regional; both triggers.
const CHANGE: &str = "encrypted-volumes";
const PERIODIC: &str = "vpc-flow-logs-enabled";
const BOTH: &str = "restricted-ssh";

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
    let assessed = case.assess();
    assert!(assessed.finding("in").in_period);
    assert!(!assessed.finding("before").in_period);
    assert!(assessed.finding("straddling").in_period);
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
    assert!(case.assess().finding("vol").in_period);
    case.captured("2026-06-30T14:59:59Z");
    assert!(
        !case.assess().finding("vol").in_period,
        "the export was taken before the period"
    );
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
}

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
}

#[test]
fn within_one_deployed_rule_the_latest_recorded_verdict_counts() {
    let mut case = Case::new();
    case.details(PERIODIC, &[("vpc", NonCompliant, JULY)]);
    case.details(PERIODIC, &[("vpc", Compliant, SEPTEMBER)]);
    let assessed = case.assess();
    assert_eq!(assessed.finding("vpc").status, Compliant);
    assert_eq!(assessed.0.reconciliation.evaluation_results.duplicates, 1);
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
fn a_resource_absent_from_a_later_whole_export_is_gone_and_not_counted() {
    let mut case = Case::new();
    case.details(
        PERIODIC,
        &[("vpc", NonCompliant, JULY), ("other", Compliant, JULY)],
    );
    case.details(PERIODIC, &[("other", Compliant, SEPTEMBER)]);
    let assessed = case.assess();
    assert_eq!(assessed.0.findings.len(), 1);
    assert_eq!(assessed.0.gone[0].resource_id.as_ref(), "vpc");
    assert_eq!(assessed.0.reconciliation.evaluation_results.gone, 1);
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
}

#[test]
fn a_record_is_attributed_by_element_then_arn_then_account_then_path() {
    let mut case = Case::new();
    case.account("444455556666", &["us-east-1"]);
    case.details_in(
        "exports/x",
        "restricted-ssh",
        &[("element", Compliant, JULY)],
    );
    case.last_evaluation().place.account = Some(PROD.into());
    case.last_evaluation().place.region = Some(SEOUL.into());
    case.deployed_at(
        "444455556666",
        "us-east-1",
        "ssh",
        "INCOMING_SSH_DISABLED",
        &[],
    );
    case.deployed("of-the-other-place", "ENCRYPTED_VOLUMES", &[]);
    case.details_in("exports/y", "ssh", &[("arn", Compliant, JULY)]);
    case.details_in(
        "exports/z",
        "root-account-mfa-enabled",
        &[(PROD, Compliant, JULY)],
    );
    case.last_evaluation().resource_type = "AWS::::Account".into();
    case.details(BOTH, &[("path", Compliant, JULY)]);
    case.details_in("exports/w", BOTH, &[("nowhere", NonCompliant, JULY)]);
    let assessed = case.assess();
    let by = |resource: &str| {
        let finding = assessed.finding(resource);
        (
            finding.attributed_by,
            finding.account.as_str(),
            finding.region.as_str(),
        )
    };
    assert_eq!(by("element"), (AttributedBy::Element, PROD, SEOUL));
    assert_eq!(
        by("arn"),
        (AttributedBy::ConfigRuleArn, "444455556666", "us-east-1")
    );
    assert_eq!(by(PROD), (AttributedBy::AccountResource, PROD, "global"));
    assert_eq!(by("path"), (AttributedBy::Path, PROD, SEOUL));
    assert_eq!(assessed.0.reconciliation.evaluation_results.unattributed, 1);
    assert_eq!(assessed.gaps(GapKind::Unattributed).len(), 1);
}

#[test]
fn what_tells_of_two_places_tells_of_none() {
    let other = "999988887777";
    let arn = |region: &str, account: &str| format!("arn:aws:ec2:{region}:{account}:x/y");
    let thing = "AWS::Test::Thing";
    for (kind, id, placed) in [
        (thing, arn(SEOUL, PROD), 1),
        (thing, arn("", PROD), 1),
        (thing, arn(SEOUL, other), 0),
        (thing, arn("us-east-1", PROD), 0),
        ("AWS::CloudTrail::Trail", arn("us-east-1", other), 1),
        ("AWS::::Account", PROD.to_owned(), 1),
        ("AWS::::Account", other.to_owned(), 0),
    ] {
        let mut case = Case::new();
        case.details(BOTH, &[(&id, Compliant, JULY)]);
        case.last_evaluation().resource_type = kind.into();
        let assessed = case.assess();
        assert_eq!(assessed.0.findings.len(), placed, "{kind} {id}");
        assert_eq!(assessed.gaps(GapKind::Unattributed).len(), 1 - placed);
        let by = assessed.0.findings.iter().map(|f| f.attributed_by);
        let account = by.filter(|by| *by == AttributedBy::AccountResource);
        assert_eq!(account.count(), usize::from(*id == *PROD));
    }
}

#[test]
fn a_rule_that_its_folder_describes_in_another_account_is_not_credited_to_the_folders() {
    let describe = |case: &mut Case, account: &str| {
        case.deployed_at(account, SEOUL, BOTH, "INCOMING_SSH_DISABLED", &[]);
        let listing = case.evidence.listings.last_mut().expect("a list");
        listing.path_place = crate::export::path::place(&Case::here("describe-config-rules"));
    };
    let mut case = Case::new();
    describe(&mut case, "999988887777");
    case.details(BOTH, &[("sg", Compliant, JULY)]);
    let assessed = case.assess();
    assert_eq!(assessed.0.reconciliation.evaluation_results.unattributed, 1);
    assert_eq!(assessed.gaps(GapKind::Unattributed).len(), 1);
    describe(&mut case, PROD);
    assert_eq!(
        case.assess().finding("sg").account,
        PROD,
        "the folder holds the descriptions of both"
    );
}

#[test]
fn a_name_that_people_gave_is_not_placed_while_the_rules_of_another_place_are_unknown() {
    let unique = "restricted-ssh-conformance-pack-abc123def";
    for (name, placed) in [("ssh", 0), (unique, 1)] {
        let mut case = Case::new();
        case.account("444455556666", &["us-east-1"]);
        case.deployed(name, "INCOMING_SSH_DISABLED", &[]);
        case.details_in("exports/x", name, &[("sg", Compliant, JULY)]);
        let assessed = case.assess();
        assert_eq!(assessed.0.findings.len(), placed, "{name}");
        assert_eq!(assessed.gaps(GapKind::Unattributed).len(), 1 - placed);
    }
}

#[test]
fn a_rule_of_one_name_in_two_places_is_not_guessed_to_be_in_either() {
    let mut case = Case::new();
    case.account("444455556666", &["us-east-1"]);
    case.deployed("ssh", "INCOMING_SSH_DISABLED", &[]);
    case.deployed_at(
        "444455556666",
        "us-east-1",
        "ssh",
        "INCOMING_SSH_DISABLED",
        &[],
    );
    case.details_in("exports/x", "ssh", &[("sg", NonCompliant, JULY)]);
    assert_eq!(
        case.assess()
            .0
            .reconciliation
            .evaluation_results
            .unattributed,
        1
    );
    case.evidence.evaluations.clear();
    case.details_in(
        "exports/444455556666/x",
        "ssh",
        &[("sg", NonCompliant, JULY)],
    );
    assert_eq!(
        case.assess().finding("sg").region,
        "us-east-1",
        "the path leaves one"
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
fn a_place_out_of_scope_is_listed_and_decides_nothing() {
    let mut case = Case::new();
    case.details_in(
        "exports/999999999999/us-east-1/x",
        BOTH,
        &[("sg", NonCompliant, JULY)],
    );
    case.details_in(
        &format!("exports/{PROD}/eu-west-1/x"),
        BOTH,
        &[("sg", NonCompliant, JULY)],
    );
    let assessed = case.assess();
    assert!(assessed.0.findings.is_empty());
    assert_eq!(assessed.0.reconciliation.evaluation_results.out_of_scope, 2);
    assert_eq!(assessed.gaps(GapKind::OutOfScope).len(), 2);
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
