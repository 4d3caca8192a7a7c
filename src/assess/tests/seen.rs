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
    assert_eq!((gap.account.as_str(), gap.region.as_str()), (PROD, SEOUL));
    assert!(
        gap.command
            .starts_with("aws configservice describe-config-rules --region ap-northeast-2")
    );
}

#[test]
fn a_rule_that_is_none_of_all_described_ones_is_not_deployed() {
    let kind = |case: &Case| {
        let assessed = case.assess();
        assert_eq!(assessed.seen(RULE), [(SEOUL, Seen::NotChecked)]);
        let of_rule = assessed.0.gaps.iter().filter(|gap| gap.rule == RULE);
        let of_rule: Vec<_> = of_rule.map(|gap| (gap.kind, gap.command.clone())).collect();
        assert_eq!(of_rule.len(), 1);
        of_rule[0].clone()
    };
    let describe = "aws configservice describe-config-rules --region ap-northeast-2".to_owned();
    let mut case = Case::new();
    case.deployed("ssh", "INCOMING_SSH_DISABLED", &[]);
    // One rule may have been asked for by its name.
    assert_eq!(kind(&case), (GapKind::NotChecked, describe.clone()));
    let mut other = case.evidence.config_rules[0].clone();
    other.name = "own".into();
    case.evidence.config_rules.push(other);
    assert_eq!(kind(&case), (GapKind::NotDeployed, String::new()));
    case.evidence.listings[0].next_token = true;
    assert_eq!(kind(&case), (GapKind::NotChecked, describe), "more pages");
    let mut none = Case::new();
    none.listing(&Case::here("rules"), "describe-config-rules");
    assert_eq!(kind(&none), (GapKind::NotDeployed, String::new()));
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
        (reasons[0].reason, reasons[0].region.as_str()),
        (ReasonKind::NotChecked, "us-east-1")
    );
    let gaps = assessed.gaps(GapKind::NoData);
    assert_eq!(gaps.len(), 1, "a region without any data is one gap");
    assert!(
        assessed
            .gaps(GapKind::NotChecked)
            .iter()
            .all(|gap| gap.region != "us-east-1")
    );
}

#[test]
fn a_token_left_over_makes_the_rule_partial_until_a_whole_source_covers_it() {
    let mut case = Case::new();
    case.details(RULE, &[("rtb", Compliant, JULY)]).next_token();
    assert_eq!(state(&case), (Automated::Incomplete, Seen::Partial));
    let assessed = case.assess();
    let gap = assessed
        .gaps(GapKind::Partial)
        .into_iter()
        .find(|gap| gap.rule == RULE)
        .expect("a gap");
    assert!(
        gap.command
            .contains("get-compliance-details-by-config-rule --config-rule-name no-unres")
    );
    case.details(RULE, &[("rtb", Compliant, SEPTEMBER)]);
    assert_eq!(state(&case), (Automated::Compliant, Seen::Seen));
}

#[test]
fn consecutive_pages_in_one_file_are_whole_when_the_last_has_no_token() {
    let mut case = Case::new();
    let path = Case::here("pages");
    case.details_in(&path, RULE, &[("a", Compliant, JULY)])
        .next_token();
    case.details_in(&path, RULE, &[("b", Compliant, JULY)]);
    assert_eq!(state(&case), (Automated::Compliant, Seen::Seen));
    case.next_token();
    assert_eq!(state(&case), (Automated::Incomplete, Seen::Partial));
}

#[test]
fn a_page_of_another_rule_completes_nothing() {
    let mut case = Case::new();
    let path = Case::here("pages");
    case.details_in(&path, RULE, &[("a", Compliant, JULY)])
        .next_token();
    case.details_in(&path, "restricted-ssh", &[("b", Compliant, JULY)]);
    assert_eq!(state(&case), (Automated::Incomplete, Seen::Partial));
    let input = &case.assess().0.inputs[0];
    assert_eq!(input.status, InputStatus::Partial, "{:?}", input.reason);
}

#[test]
fn an_empty_answer_ends_no_other_unless_it_names_the_same() {
    let cut = |case: &mut Case, path: &str| {
        case.details_in(path, RULE, &[("a", Compliant, JULY)])
            .next_token();
    };
    for (first, second, expected) in [
        ("out-1.json", "out-2.json", Seen::Partial),
        ("all.json", "all.json", Seen::Partial),
        (
            &*format!("{RULE}-1.json"),
            &*format!("{RULE}-2.json"),
            Seen::Seen,
        ),
        (
            &*format!("{RULE}.json"),
            &*format!("{RULE}.json"),
            Seen::Seen,
        ),
    ] {
        let mut case = Case::new();
        cut(&mut case, &Case::here(first));
        case.details_in(&Case::here(second), RULE, &[]);
        assert_eq!(state(&case).1, expected, "{first} {second}");
    }
    let mut case = Case::new();
    case.pack("k").rows(RULE, &[("a", Compliant, JULY)]);
    case.next_token().pack("k");
    assert_eq!(state(&case).1, Seen::Seen, "the page names the pack");
}

#[test]
fn an_aggregate_page_of_another_place_completes_nothing() {
    let page = |case: &mut Case, number: u32, region: &str| {
        let operation = "get-aggregate-compliance-details-by-config-rule";
        case.listing(&format!("exports/a-{number}.json"), operation);
        case.rows(RULE, &[(&format!("r{number}"), Compliant, JULY)]);
        case.last_evaluation().place.account = Some(PROD.into());
        case.last_evaluation().place.region = Some(region.into());
    };
    for (region, expected) in [(SEOUL, Seen::Seen), ("us-east-1", Seen::Partial)] {
        let mut case = Case::new();
        page(&mut case, 1, SEOUL);
        case.next_token();
        page(&mut case, 2, region);
        assert_eq!(state(&case).1, expected, "{region}");
    }
}

#[test]
fn a_file_that_is_named_as_a_later_page_is_whole_only_with_the_first() {
    for (name, expected) in [
        ("page-2.json", Seen::Partial),
        ("p3.json", Seen::Partial),
        ("page-1.json", Seen::Seen),
        ("2026-09-30.json", Seen::Seen),
        ("our-rule-2.json", Seen::Seen),
    ] {
        let mut case = Case::new();
        case.details_in(&Case::here(name), RULE, &[("a", Compliant, JULY)]);
        assert_eq!(state(&case).1, expected, "{name}");
    }
}

#[test]
fn an_answer_that_lacks_what_a_cut_one_holds_is_whole_only_if_it_is_certainly_later() {
    for (first, last, expected) in [
        (None, None, (Automated::NonCompliant, Seen::Partial)),
        (
            Some(AUGUST),
            Some(AUGUST),
            (Automated::NonCompliant, Seen::Partial),
        ),
        (
            Some(SEPTEMBER),
            Some(AUGUST),
            (Automated::NonCompliant, Seen::Partial),
        ),
        (
            Some(AUGUST),
            Some(SEPTEMBER),
            (Automated::Compliant, Seen::Seen),
        ),
    ] {
        let mut case = Case::new();
        case.details_in(&Case::here("first"), RULE, &[("a", NonCompliant, JULY)]);
        case.next_token();
        if let Some(time) = first {
            case.captured(time);
        }
        case.details_in(&Case::here("last"), RULE, &[("c", Compliant, AUGUST)]);
        if let Some(time) = last {
            case.captured(time);
        }
        case.rule_level(RULE, Compliant, None);
        assert_eq!(state(&case), expected, "{first:?} {last:?}");
    }
}

#[test]
fn the_last_page_of_a_pack_that_was_cut_off_is_whole_for_none_of_its_rules() {
    let mut case = Case::new();
    case.pack("k")
        .rows("restricted-ssh", &[("a", Compliant, JULY)]);
    case.next_token();
    case.details_in(&Case::here("between"), "encrypted-volumes", &[]);
    case.pack("k")
        .rows("restricted-ssh", &[("c", Compliant, JULY)]);
    case.rows(RULE, &[("rtb", Compliant, JULY)]);
    assert_eq!(state(&case), (Automated::Incomplete, Seen::Partial));
}

#[test]
fn numbered_files_of_one_folder_are_pages_of_one_answer() {
    let page = |case: &mut Case, number: u32, more: bool| {
        let path = Case::here(&format!("page-{number}.json"));
        case.details_in(&path, RULE, &[(&format!("r{number}"), Compliant, JULY)]);
        if more {
            case.next_token();
        }
    };
    let mut case = Case::new();
    for number in 1..=10 {
        page(&mut case, number, true);
    }
    page(&mut case, 11, false);
    assert_eq!(state(&case), (Automated::Compliant, Seen::Seen));
    let mut case = Case::new();
    page(&mut case, 1, true);
    page(&mut case, 3, false);
    assert_eq!(
        state(&case),
        (Automated::Incomplete, Seen::Partial),
        "page 2 is missing"
    );
}

#[test]
fn numbered_pages_that_begin_after_the_first_are_never_whole() {
    let mut case = Case::new();
    for (number, more) in [(2, true), (3, true), (4, false)] {
        let path = Case::here(&format!("p-{number}.json"));
        case.details_in(&path, RULE, &[(&format!("r{number}"), Compliant, JULY)]);
        if more {
            case.next_token();
        }
    }
    assert_eq!(state(&case), (Automated::Incomplete, Seen::Partial));
}

#[test]
fn a_suggested_command_holds_a_name_as_one_word() {
    let mut case = Case::new();
    case.deployed("x; rm -rf ~", "NO_UNRESTRICTED_ROUTE_TO_IGW", &[]);
    let assessed = case.assess();
    let gaps = assessed.gaps(GapKind::NotChecked);
    let gap = gaps.iter().find(|gap| gap.rule == RULE).expect("a gap");
    let command = &gap.command;
    assert!(
        command.contains("--config-rule-name 'x; rm -rf ~' --region"),
        "{command}"
    );
}

#[test]
fn a_conformance_pack_cut_off_leaves_its_other_rules_partial() {
    let mut case = Case::new();
    case.pack("k-isms").rows(
        "restricted-ssh-conformance-pack-abc123def",
        &[("sg", Compliant, JULY)],
    );
    case.next_token();
    assert_eq!(state(&case), (Automated::Incomplete, Seen::Partial));
    let assessed = case.assess();
    assert_eq!(assessed.seen("restricted-ssh"), [(SEOUL, Seen::Partial)]);
    let gap = assessed
        .gaps(GapKind::Partial)
        .into_iter()
        .find(|gap| gap.rule == RULE)
        .expect("a gap");
    case.deployed(
        "restricted-ssh-conformance-pack-abc123def",
        "INCOMING_SSH_DISABLED",
        &[],
    );
    assert_eq!(
        state(&case),
        (Automated::Incomplete, Seen::NotChecked),
        "it is not deployed"
    );
    assert!(
        gap.command.contains("--conformance-pack-name k-isms"),
        "{}",
        gap.command
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
    let mut case = Case::new();
    case.details(
        RULE,
        &[("a", InsufficientData, JULY), ("b", Compliant, JULY)],
    );
    let assessed = case.assess();
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
        .map(|at| (at.account.as_str(), at.state))
        .collect();
    assert_eq!(
        states,
        [(PROD, Seen::Seen), ("444455556666", Seen::NotChecked)]
    );
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
    assert!(gap.command.contains("--config-rule-name igw-check"));
}
