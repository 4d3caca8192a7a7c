//! Was a rule seen, and which kind of nothing is it.

use super::case::*;
use crate::assess::{Automated, GapKind, ReasonKind, Seen};
use crate::evidence::InputStatus;

const RULE: &str = "no-unrestricted-route-to-igw";
const CONTROL: &str = "2.6.7";

fn state(case: &Case) -> (Automated, Seen) {
    let assessed = case.assess();
    let seen = assessed.seen(RULE);
    assert_eq!(seen.len(), 1);
    (assessed.control(CONTROL).automated, seen[0].1)
}

#[test]
fn whole_details_make_a_rule_seen() {
    let mut case = Case::new();
    case.details(RULE, &[("rtb", Compliant, JULY)]);
    assert_eq!(state(&case), (Automated::Compliant, Seen::Seen));
}

#[test]
fn a_rule_that_no_source_mentions_is_not_checked_and_never_compliant() {
    let case = Case::new();
    assert_eq!(state(&case), (Automated::Incomplete, Seen::NotChecked));
    let mut case = Case::new();
    case.details("restricted-ssh", &[("sg", Compliant, JULY)]);
    let assessed = case.assess();
    let gaps = assessed.gaps(GapKind::NotChecked);
    let gap = gaps.iter().find(|gap| gap.rule == RULE).expect("a gap");
    assert_eq!(
        (gap.at.account.as_str(), gap.at.region.as_str()),
        (PROD, SEOUL)
    );
    assert!(
        gap.at
            .command
            .starts_with("aws configservice describe-config-rules --region ap-northeast-2")
    );
}

#[test]
fn a_rule_that_is_none_of_all_described_ones_is_not_deployed() {
    let kind = |case: &Case| {
        let assessed = case.assess();
        assert_eq!(assessed.seen(RULE), [(SEOUL, Seen::NotChecked)]);
        let of_rule = assessed.0.gaps.iter().filter(|gap| gap.rule == RULE);
        let of_rule: Vec<_> = of_rule
            .map(|gap| (gap.kind, gap.at.command.clone()))
            .collect();
        assert_eq!(of_rule.len(), 1);
        of_rule[0].clone()
    };
    let file = Case::here("describe-config-rules.json");
    let describe =
        format!("aws configservice describe-config-rules --region ap-northeast-2 > {file}");
    let mut case = Case::new();
    case.deployed("ssh", "INCOMING_SSH_DISABLED", &[]);
    assert_eq!(kind(&case), (GapKind::NotDeployed, describe.clone()));
    case.details("another", &[("a", Compliant, JULY)]);
    let by_name = kind(&case);
    assert_eq!(
        by_name,
        (GapKind::NotChecked, describe.clone()),
        "there are others"
    );
    case.evidence.evaluations.clear();
    let mut other = case.evidence.config_rules[0].clone();
    other.name = "own".into();
    case.evidence.config_rules.push(other);
    assert_eq!(kind(&case), (GapKind::NotDeployed, describe.clone()));
    case.evidence.listings[0].next_token = true;
    assert_eq!(
        kind(&case),
        (GapKind::NotChecked, describe.clone()),
        "more pages"
    );
    let mut none = Case::new();
    none.listing(&Case::here("rules"), "describe-config-rules");
    assert_eq!(kind(&none), (GapKind::NotDeployed, describe.clone()));
}

#[test]
fn every_region_in_scope_must_be_seen_for_a_regional_rule() {
    let mut case = Case::new();
    case.account(PROD, &[SEOUL, "us-east-1"]);
    case.details(RULE, &[("rtb", Compliant, JULY)]);
    let assessed = case.assess();
    assert_eq!(
        assessed.seen(RULE),
        [(SEOUL, Seen::Seen), ("us-east-1", Seen::NotChecked)]
    );
    assert_eq!(assessed.control(CONTROL).automated, Automated::Incomplete);
    let reasons = &assessed.control(CONTROL).reasons;
    assert_eq!(
        (reasons[0].reason, &*reasons[0].at.region),
        (ReasonKind::NotChecked, "us-east-1")
    );
    let gaps = assessed.gaps(GapKind::NoData);
    assert_eq!(gaps.len(), 1, "a region without any data is one gap");
    assert!(
        assessed
            .gaps(GapKind::NotChecked)
            .iter()
            .all(|gap| gap.at.region != "us-east-1")
    );
}

#[test]
fn a_suggested_command_holds_a_name_as_one_word() {
    let mut case = Case::new();
    case.deployed("x; rm -rf ~", "NO_UNRESTRICTED_ROUTE_TO_IGW", &[]);
    let assessed = case.assess();
    let gaps = assessed.gaps(GapKind::NotChecked);
    let gap = gaps.iter().find(|gap| gap.rule == RULE).expect("a gap");
    let command = &gap.at.command;
    assert!(
        command.contains("--config-rule-name 'x; rm -rf ~' --region"),
        "{command}"
    );
}

#[test]
fn a_rule_level_failure_without_failing_rows_is_a_filtered_export() {
    let mut case = Case::new();
    case.details(RULE, &[("a", Compliant, JULY)]);
    case.rule_level(RULE, NonCompliant, Some((1, false)));
    assert_eq!(state(&case), (Automated::Incomplete, Seen::Partial));
}

#[test]
fn fewer_rows_than_the_rule_level_count_are_partial() {
    let mut case = Case::new();
    case.details(RULE, &[("a", Compliant, JULY), ("b", Compliant, JULY)]);
    case.rule_level(RULE, Compliant, Some((3, false)));
    let assessed = case.assess();
    assert_eq!(state(&case), (Automated::Incomplete, Seen::Partial));
    assert_eq!(
        assessed.gaps(GapKind::Partial)[0].detail,
        "COMPLIANT: 2 / 3"
    );
}

#[test]
fn a_capped_count_is_a_lower_bound() {
    let mut case = Case::new();
    case.details(RULE, &[("a", Compliant, JULY), ("b", Compliant, JULY)]);
    case.rule_level(RULE, Compliant, Some((2, false)));
    assert_eq!(state(&case), (Automated::Compliant, Seen::Seen));
    case.evidence.rule_compliances[0]
        .count
        .as_mut()
        .expect("a count")
        .exceeded = true;
    assert_eq!(
        state(&case),
        (Automated::Incomplete, Seen::Partial),
        "there are more than 2"
    );
    case.evidence.rule_compliances[0]
        .count
        .as_mut()
        .expect("a count")
        .capped = 1;
    assert_eq!(
        state(&case),
        (Automated::Compliant, Seen::Seen),
        "2 are more than 1"
    );
}

#[test]
fn a_rule_level_verdict_alone_is_never_compliant() {
    let mut case = Case::new();
    case.rule_level(RULE, Compliant, None);
    assert_eq!(state(&case), (Automated::Incomplete, Seen::Partial));
}

#[test]
fn a_rule_level_insufficient_data_makes_the_control_incomplete() {
    let mut case = Case::new();
    case.rule_level(RULE, InsufficientData, None);
    assert_eq!(
        case.assess().reasons(CONTROL),
        [(ReasonKind::InsufficientData, RULE)]
    );
    assert_eq!(case.assess().gaps(GapKind::InsufficientData).len(), 1);
    case.details(RULE, &[("a", Compliant, JULY)]);
    assert_eq!(
        case.assess().control(CONTROL).automated,
        Automated::Incomplete
    );
}

#[test]
fn verdicts_at_a_level_where_aws_has_none_are_noted_and_never_compliant() {
    let mut case = Case::new();
    case.rule_level(RULE, NotApplicable, None);
    assert_eq!(
        case.assess().reasons(CONTROL),
        [(ReasonKind::UnusualVerdict, RULE)]
    );
    case.details(RULE, &[("a", Compliant, JULY)]);
    let assessed = case.assess();
    assert_eq!(assessed.control(CONTROL).automated, Automated::Incomplete);
    assert_eq!(assessed.gaps(GapKind::UnusualVerdict).len(), 1);
    let mut case = Case::new();
    case.details(
        RULE,
        &[("a", InsufficientData, JULY), ("b", Compliant, JULY)],
    );
    let assessed = case.assess();
    assert_eq!(assessed.gaps(GapKind::InsufficientData).len(), 1);
    assert_eq!(
        assessed.reasons(CONTROL),
        [(ReasonKind::InsufficientData, RULE)]
    );
    assert_eq!(assessed.control(CONTROL).automated, Automated::Incomplete);
}

#[test]
fn a_rejected_file_of_this_place_or_of_none_leaves_rules_unreadable() {
    for path in [Case::here("broken.json"), "exports/broken.json".to_owned()] {
        let mut case = Case::new();
        case.rejected(&path, 0);
        assert_eq!(
            state(&case),
            (Automated::Incomplete, Seen::Unreadable),
            "{path}"
        );
        let assessed = case.assess();
        let gaps = assessed.gaps(GapKind::Unreadable);
        assert!(gaps.iter().any(|gap| gap.at.input == "E0001"), "{path}");
        case.details(RULE, &[("a", Compliant, JULY)]);
        assert_eq!(
            state(&case),
            (Automated::Compliant, Seen::Seen),
            "a whole source covers it"
        );
    }
    let mut case = Case::new();
    case.rejected("exports/999999999999/us-east-1/broken.json", 7);
    assert_eq!(state(&case), (Automated::Incomplete, Seen::NotChecked));
    assert_eq!(
        case.assess().0.reconciliation.evaluation_results.rejected,
        7
    );
}

#[test]
fn a_rejected_file_that_is_named_as_a_rule_is_of_any_copy_of_that_rule_only() {
    let copy = "no-unrestricted-route-to-igw-conformance-pack-abc123def";
    for (file, expected) in [
        ("no-unrestricted-route-to-igw.json", Seen::Partial),
        ("restricted-ssh.json", Seen::CheckedNone),
        ("some.json", Seen::Partial),
    ] {
        let mut case = Case::new();
        case.ran_empty(copy, SEPTEMBER, None);
        case.rejected(&Case::here(file), 0);
        assert_eq!(case.assess().seen(RULE)[0].1, expected, "{file}");
    }
}

#[test]
fn a_rejected_file_of_an_account_is_of_any_region_of_that_account_only() {
    let mut case = Case::new();
    case.account(PROD, &[SEOUL, "us-east-1"]);
    case.rejected(&format!("exports/{PROD}/broken.json"), 0);
    assert_eq!(
        case.assess().seen(RULE),
        [(SEOUL, Seen::Unreadable), ("us-east-1", Seen::Unreadable)]
    );
    case.details(RULE, &[("a", Compliant, JULY)]);
    assert_eq!(
        case.assess().seen(RULE),
        [(SEOUL, Seen::Seen), ("us-east-1", Seen::Unreadable)],
        "what is whole in one region covers that region"
    );
    for elsewhere in [
        format!("exports/{PROD}/us-east-1/broken.json"),
        "exports/444455556666/broken.json".to_owned(),
    ] {
        let mut case = Case::new();
        case.account("444455556666", &["us-east-1"]);
        case.rejected(&elsewhere, 0);
        let seen = case.assess().seen(RULE)[0].1;
        assert_eq!(seen, Seen::NotChecked, "{elsewhere}");
    }
}

#[test]
fn an_aggregate_export_tells_only_of_the_places_that_it_contains() {
    let mut case = Case::new();
    case.account("444455556666", &[SEOUL]);
    case.listing(
        "exports/all.json",
        "get-aggregate-compliance-details-by-config-rule",
    );
    case.rows(RULE, &[("a", Compliant, JULY)]);
    case.last_evaluation().place.account = Some(PROD.into());
    case.last_evaluation().place.region = Some(SEOUL.into());
    let assessed = case.assess();
    let row = assessed
        .0
        .rules
        .iter()
        .find(|row| row.rule == RULE)
        .expect("a rule");
    let states: Vec<(&str, Seen)> = row
        .seen
        .iter()
        .map(|at| (&*at.at.account, at.state))
        .collect();
    assert_eq!(
        states,
        [(PROD, Seen::Seen), ("444455556666", Seen::NotChecked)]
    );
    case.account(PROD, &[SEOUL, "us-east-1"]);
    assert_eq!(
        case.assess().seen(RULE)[1],
        ("us-east-1", Seen::NotChecked),
        "another region of the same account"
    );
    let other = case.assess().seen("restricted-ssh")[0].1;
    assert_eq!(other, Seen::NotChecked, "another rule there");
}

#[test]
fn an_empty_answer_names_no_rule_and_proves_nothing() {
    let mut case = Case::new();
    case.details(RULE, &[]);
    assert_eq!(state(&case), (Automated::Incomplete, Seen::NotChecked));
}

#[test]
fn an_answer_about_one_resource_is_whole_for_no_rule() {
    let mut case = Case::new();
    case.details(RULE, &[("a", Compliant, JULY)])
        .rows("restricted-ssh", &[("a", Compliant, JULY)]);
    assert_eq!(state(&case), (Automated::Incomplete, Seen::Partial));
}

#[test]
fn a_file_that_is_named_as_an_answer_about_a_resource_is_whole_for_no_rule() {
    let mut case = Case::new();
    let of = |resource: &str| Case::here(&format!("get-compliance-details-by-resource-{resource}"));
    case.details_in(&of("rtb-one"), RULE, &[("rtb-one", NonCompliant, JULY)]);
    case.details_in(&of("rtb-two"), RULE, &[("rtb-two", Compliant, AUGUST)]);
    assert_eq!(state(&case), (Automated::NonCompliant, Seen::Partial));
}

#[test]
fn rules_merged_into_one_answer_keep_their_own_results() {
    let mut case = Case::new();
    case.details(
        RULE,
        &[
            ("a", Compliant, JULY),
            ("b", NonCompliant, JULY),
            ("c", Compliant, JULY),
        ],
    );
    case.rows("restricted-ssh", &[("d", Compliant, JULY)]);
    case.rows("vpc-flow-logs-enabled", &[("e", NonCompliant, JULY)]);
    let assessed = case.assess();
    let rules: Vec<(&str, &str)> = assessed
        .0
        .findings
        .iter()
        .map(|f| (&*f.resource_id, f.rule.as_str()))
        .collect();
    for (resource, rule) in [
        ("a", RULE),
        ("b", RULE),
        ("c", RULE),
        ("d", "restricted-ssh"),
        ("e", "vpc-flow-logs-enabled"),
    ] {
        assert!(rules.contains(&(resource, rule)), "{resource} {rule}");
    }
    assert_eq!(assessed.control(CONTROL).counts.non_compliant, 1);
    assert_eq!(assessed.seen(RULE), [(SEOUL, Seen::Seen)]);
}

#[test]
fn without_a_rule_level_source_it_is_said_that_a_filter_cannot_be_excluded() {
    let mut case = Case::new();
    case.details(RULE, &[("a", Compliant, JULY)]);
    assert_eq!(case.assess().gaps(GapKind::FilterNotExcluded).len(), 1);
    case.rule_level(RULE, Compliant, Some((1, false)));
    assert!(case.assess().gaps(GapKind::FilterNotExcluded).is_empty());
}

#[test]
fn a_deployed_rule_without_evaluations_is_not_checked_and_its_name_is_in_the_command() {
    let mut case = Case::new();
    case.deployed("igw-check", "NO_UNRESTRICTED_ROUTE_TO_IGW", &[]);
    assert_eq!(state(&case), (Automated::Incomplete, Seen::NotChecked));
    let assessed = case.assess();
    let gap = assessed
        .gaps(GapKind::NotChecked)
        .into_iter()
        .find(|gap| gap.rule == RULE)
        .expect("a gap");
    assert!(gap.at.command.contains("--config-rule-name igw-check"));
}

#[test]
fn what_an_unfinished_collection_leaves_is_unreadable_of_its_account_only() {
    let other = "444455556666";
    for (account, expected) in [(PROD, Seen::Unreadable), (other, Seen::NotChecked)] {
        let mut case = Case::new();
        case.account(other, &[SEOUL]);
        case.rejected(&format!("exports/{account}/INCOMPLETE"), 0);
        let input = &mut case.evidence.inputs[0];
        input.status = InputStatus::Partial;
        input.faults.clear();
        assert_eq!(case.assess().seen(RULE)[0], (SEOUL, expected), "{account}");
    }
}

#[test]
fn a_file_that_can_be_no_export_spoils_nothing() {
    let mut case = Case::new();
    case.rejected(&Case::here("report.pdf"), 0);
    case.evidence.inputs[0].plausible = false;
    assert_eq!(state(&case), (Automated::Incomplete, Seen::NotChecked));
}

#[test]
fn an_unreadable_file_hides_no_more_exact_reason() {
    let mut case = Case::new();
    case.rejected(&Case::here("broken.json"), 0);
    case.deployed("ssh", "INCOMING_SSH_DISABLED", &[]);
    let assessed = case.assess();
    assert_eq!(assessed.reasons(CONTROL), [(ReasonKind::NotDeployed, RULE)]);
    let gaps = assessed.gaps(GapKind::NotDeployed);
    let gap = gaps.iter().find(|gap| gap.rule == RULE).expect("a gap");
    assert_eq!(gap.at.input, "E0002", "the description that lacks it");
}

#[test]
fn an_empty_answer_is_followed_by_the_status_and_that_by_what_is_said_of_the_whole_rule() {
    let asked = |case: &Case| {
        let gaps = case.assess().0.gaps;
        let gap = gaps.into_iter().find(|gap| gap.rule == RULE);
        gap.expect("a gap").at.command.clone()
    };
    let mut case = Case::new();
    case.deployed(RULE, "NO_UNRESTRICTED_ROUTE_TO_IGW", &[]);
    assert!(asked(&case).contains(" get-compliance-details-by-config-rule "));
    case.empty_details(RULE);
    assert!(asked(&case).contains(" describe-config-rule-evaluation-status "));
    case.status(RULE, SEPTEMBER, None);
    let levels = asked(&case);
    assert!(levels.contains(" describe-compliance-by-config-rule "));
    let file = Case::here("describe-compliance-by-config-rule.json");
    assert!(levels.ends_with(&format!(" > {file}")), "{levels}");
}
