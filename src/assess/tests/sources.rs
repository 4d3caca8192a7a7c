//! Verdicts from other sources than evaluations.

use super::case::*;
use crate::assess::{Automated, Relation, Seen};

const RULE: &str = "no-unrestricted-route-to-igw";
const CONTROL: &str = "2.6.7";
const SSH: &str = "restricted-ssh";

#[test]
fn a_snapshots_compliance_items_make_a_rule_seen_with_account_and_region() {
    let mut case = Case::new();
    case.recorded(RULE, "rtb", Compliant, JULY);
    let assessed = case.assess();
    assert_eq!(assessed.seen(RULE), [(SEOUL, Seen::Seen)]);
    assert_eq!(assessed.control(CONTROL).automated, Automated::Compliant);
    assert_eq!(
        assessed
            .0
            .reconciliation
            .configuration_items
            .compliance_items,
        1
    );
    assert!(assessed.0.assets.count() == 0, "it is no resource");
}

#[test]
fn an_item_and_an_evaluation_that_agree_are_one_finding() {
    let mut case = Case::new();
    case.details(RULE, &[("rtb", Compliant, AUGUST)]);
    case.recorded(RULE, "rtb", Compliant, JULY);
    let assessed = case.assess();
    let counts = assessed.0.reconciliation.evaluation_results;
    assert_eq!((counts.duplicates, counts.contradictions), (1, 0));
    assert!(assessed.finding("rtb").evaluated_at.is_some());
}

#[test]
fn where_an_item_and_an_evaluation_disagree_the_later_capture_wins_and_the_other_is_kept() {
    let case = |captured: Option<&str>, recorded: &str| {
        let mut case = Case::new();
        case.details(RULE, &[("rtb", Compliant, recorded)]);
        if let Some(captured) = captured {
            case.captured(captured);
        }
        case.recorded(RULE, "rtb", NonCompliant, AUGUST);
        case
    };
    for (captured, recorded, status) in [
        (Some(SEPTEMBER), JULY, Compliant),
        (Some(JULY), JULY, NonCompliant),
        // Recorded after the item was captured: certainly later.
        (None, SEPTEMBER, Compliant),
        // Exported at an unknown time: the worse wins.
        (None, JULY, NonCompliant),
        (Some(AUGUST), JULY, NonCompliant),
    ] {
        let assessed = case(captured, recorded).assess();
        let finding = assessed.finding("rtb");
        assert_eq!(finding.status, status, "{captured:?} {recorded}");
        let counts = assessed.0.reconciliation.evaluation_results;
        assert_eq!((counts.findings, counts.contradictions), (1, 1));
        let [other] = &finding.others[..] else {
            panic!("the other is kept: {:?}", finding.others);
        };
        assert_eq!(other.relation, Relation::Contradiction);
        assert_ne!(other.status, status);
    }
}

#[test]
fn a_compliance_item_that_was_deleted_takes_its_verdict_with_it() {
    let mut case = Case::new();
    case.recorded(RULE, "rtb", NonCompliant, JULY);
    let kind = "AWS::Config::ResourceCompliance";
    case.item_of(kind, "AWS::Test::Thing/rtb", "ResourceDeleted", AUGUST);
    let assessed = case.assess();
    assert!(assessed.0.findings.is_empty());
    assert_eq!(assessed.0.gone.len(), 1);
}

#[test]
fn a_notification_is_a_verdict_and_never_makes_a_rule_whole() {
    let mut case = Case::new();
    case.notified(RULE, "rtb", Compliant);
    let assessed = case.assess();
    assert_eq!(assessed.finding("rtb").status, Compliant);
    assert_eq!(assessed.seen(RULE), [(SEOUL, Seen::Partial)]);
    assert_eq!(assessed.control(CONTROL).automated, Automated::Incomplete);
    case.notified(RULE, "other", NonCompliant);
    assert_eq!(
        case.assess().control(CONTROL).automated,
        Automated::NonCompliant
    );
}

#[test]
fn what_security_hub_shows_may_be_filtered_and_makes_no_rule_whole() {
    let mut case = Case::new();
    case.security_hub("cis", "sg", Compliant, JULY, false);
    assert_eq!(case.assess().seen(SSH), [(SEOUL, Seen::Partial)]);
    let assessed = case.assess();
    let gaps = assessed.gaps(crate::assess::GapKind::Partial);
    let gap = gaps.iter().find(|gap| gap.rule == SSH).expect("a gap");
    assert!(
        gap.at
            .command
            .contains("securityhub-restricted-ssh-baa2cf8c")
    );
    case.details(SSH, &[("sg", Compliant, JULY)]);
    assert_eq!(
        case.assess().seen(SSH),
        [(SEOUL, Seen::Partial)],
        "another copy may judge otherwise"
    );
    for name in [SSH, "securityhub-restricted-ssh-baa2cf8c"] {
        case.deployed(name, "INCOMING_SSH_DISABLED", &[]);
    }
    assert_eq!(
        case.assess().seen(SSH),
        [(SEOUL, Seen::Seen)],
        "an identical copy shows everything"
    );
}

#[test]
fn an_export_job_that_was_asked_for_all_findings_makes_the_rules_whole_that_it_holds() {
    let mut case = Case::new();
    case.security_hub("a", "sg", Compliant, JULY, false);
    case.of_job("0a1b");
    let assessed = case.assess();
    assert_eq!(assessed.seen(SSH), [(SEOUL, Seen::Seen)]);
    assert_eq!(assessed.seen(RULE), [(SEOUL, Seen::NotChecked)]);
}

#[test]
fn the_files_of_one_export_job_are_one_answer() {
    let parts = |jobs: [&str; 2], cut: bool| {
        let mut case = Case::new();
        case.security_hub("a", "one", Compliant, JULY, false);
        case.of_job(jobs[0]);
        case.security_hub("b", "other", Compliant, AUGUST, false);
        case.of_job(jobs[1]);
        let last = case.evidence.listings.last_mut();
        last.expect("a list").next_token = cut;
        case.assess().seen(SSH)[0].1
    };
    assert_eq!(parts(["0a1b", "0a1b"], false), Seen::Seen);
    assert_eq!(parts(["0a1b", "0a1b"], true), Seen::Partial);
    assert_eq!(parts(["0a1b", "9f8e"], true), Seen::Seen);
}

#[test]
fn one_finding_per_standard_is_one_verdict_of_security_hubs_copy() {
    let mut case = Case::new();
    case.security_hub("cis", "sg", NonCompliant, JULY, false);
    case.security_hub("fsbp", "sg", NonCompliant, AUGUST, false);
    let assessed = case.assess();
    assert_eq!(assessed.0.findings.len(), 1);
    assert_eq!(assessed.0.reconciliation.evaluation_results.duplicates, 1);
    assert_eq!(assessed.finding("sg").rule, SSH);
}

#[test]
fn an_archived_finding_takes_back_only_what_it_said_itself() {
    let mut case = Case::new();
    case.security_hub("cis", "sg", NonCompliant, JULY, false);
    case.security_hub("fsbp", "sg", NonCompliant, AUGUST, true);
    assert_eq!(case.assess().finding("sg").status, NonCompliant);
    case.security_hub("cis", "sg", NonCompliant, SEPTEMBER, true);
    let assessed = case.assess();
    assert!(assessed.0.findings.is_empty());
    assert_eq!(assessed.0.reconciliation.evaluation_results.gone, 3);
}

#[test]
fn what_security_hub_could_not_tell_is_not_compliant() {
    let mut case = Case::new();
    case.security_hub("a", "sg", InsufficientData, JULY, false);
    let assessed = case.assess();
    assert_eq!(assessed.control("2.10.3").counts.compliant, 0);
    assert_eq!(assessed.finding("sg").status, InsufficientData);
}

#[test]
fn rules_with_three_one_no_and_one_evaluations_keep_their_own_results() {
    let mut case = Case::new();
    case.deployed("igw", "NO_UNRESTRICTED_ROUTE_TO_IGW", &[]);
    case.details(
        SSH,
        &[
            ("a", Compliant, JULY),
            ("b", NonCompliant, JULY),
            ("c", Compliant, JULY),
        ],
    );
    case.rows("encrypted-volumes", &[("d", NonCompliant, JULY)]);
    case.rows("vpc-flow-logs-enabled", &[("e", Compliant, JULY)]);
    case.ran_empty("igw", SEPTEMBER, None);
    let assessed = case.assess();
    let of = |resource: &str| {
        (
            assessed.finding(resource).rule.as_str(),
            assessed.finding(resource).status,
        )
    };
    assert_eq!(of("a"), (SSH, Compliant));
    assert_eq!(of("b"), (SSH, NonCompliant));
    assert_eq!(of("c"), (SSH, Compliant));
    assert_eq!(of("d"), ("encrypted-volumes", NonCompliant));
    assert_eq!(of("e"), ("vpc-flow-logs-enabled", Compliant));
    assert_eq!(assessed.seen(RULE), [(SEOUL, Seen::CheckedNone)]);
    assert_eq!(
        assessed.control(CONTROL).automated,
        Automated::NothingToCheck
    );
}
