//! What a deployed copy says by its rows, by verdicts on the whole rule and by its status together, and
//! what is then asked for.

use super::case::*;
use crate::assess::{Automated, GapKind, ReasonKind, Seen};
use crate::evidence::ComplianceType;

/// Periodic and on changes; alone in its control.
const RULE: &str = "no-unrestricted-route-to-igw";
const CONTROL: &str = "2.6.7";
const IDENTIFIER: &str = "NO_UNRESTRICTED_ROUTE_TO_IGW";
/// Has parameters that can ask for less.
const KEYS: &str = "access-keys-rotated";
/// Always judges the account.
const PASSWORDS: &str = "iam-password-policy";
const BEFORE: &str = "2026-06-01T00:00:00Z";
const OCTOBER: &str = "2026-10-03T00:00:00Z";

fn seen(case: &Case) -> Seen {
    case.assess().seen(RULE)[0].1
}

/// The rule's gaps with their details and commands, but that its parameters are not known.
fn gaps(case: &Case, rule: &str) -> Vec<(GapKind, String, String)> {
    let gaps = case.assess().0.gaps.into_iter();
    let gaps = gaps.filter(|gap| gap.rule == rule && gap.kind != GapKind::ParametersUnknown);
    gaps.map(|gap| (gap.kind, gap.detail.clone(), gap.at.command.clone()))
        .collect()
}

/// The only gap of the rule.
fn gap(case: &Case, rule: &str) -> (GapKind, String, String) {
    let mut gaps = gaps(case, rule);
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    gaps.remove(0)
}

fn dated(case: &mut Case, taken: Option<&str>) {
    if let Some(taken) = taken {
        case.captured(taken);
    }
}

#[test]
fn a_later_whole_answer_of_the_period_outweighs_a_verdict_on_the_whole_rule() {
    for (level, rows, cut, expected) in [
        (Some(AUGUST), Some(SEPTEMBER), false, Seen::Seen),
        (Some(AUGUST), Some(AUGUST), false, Seen::Partial),
        (Some(AUGUST), Some(JULY), false, Seen::Partial),
        (Some(AUGUST), Some(OCTOBER), false, Seen::Partial),
        (Some(AUGUST), None, false, Seen::Partial),
        (None, Some(SEPTEMBER), false, Seen::Partial),
        (Some(AUGUST), Some(SEPTEMBER), true, Seen::Partial),
    ] {
        let mut case = Case::new();
        case.details(RULE, &[("a", Compliant, JULY)]);
        dated(&mut case, rows);
        if cut {
            case.next_token();
        }
        case.rule_level(RULE, NonCompliant, Some((25, true)));
        dated(&mut case, level);
        assert_eq!(seen(&case), expected, "{level:?} {rows:?} {cut}");
        if expected == Seen::Partial {
            let (kind, detail, command) = gap(&case, RULE);
            assert_eq!(kind, GapKind::Partial);
            assert_eq!(detail, "NON_COMPLIANT: 0 / >= 25", "{level:?} {rows:?}");
            let details = command.contains(" get-compliance-details-by-config-rule ");
            assert_eq!(details, level.is_some(), "{command}");
        }
    }
    let mut case = Case::new();
    case.details(RULE, &[("a", Compliant, JULY)]).next_token();
    case.rule_level(RULE, NonCompliant, None);
    let (_, _, command) = gap(&case, RULE);
    assert!(
        command.contains(" get-compliance-details-by-config-rule "),
        "no whole answer may be the later one: {command}"
    );
}

#[test]
fn the_first_result_of_a_rule_outweighs_that_it_had_none_before() {
    for (level, rows, expected) in [
        (Some(JULY), &[AUGUST][..], Seen::Seen),
        (Some(AUGUST), &[JULY], Seen::Partial),
        (None, &[AUGUST], Seen::Partial),
        (Some(AUGUST), &[JULY, OCTOBER], Seen::Partial),
    ] {
        let mut case = Case::new();
        let names = ["a", "b"];
        let rows = names.iter().zip(rows);
        let rows: Vec<_> = rows.map(|(name, time)| (*name, Compliant, *time)).collect();
        case.details(RULE, &rows);
        case.rule_level(RULE, InsufficientData, None);
        dated(&mut case, level);
        assert_eq!(seen(&case), expected, "{level:?} {rows:?}");
    }
    let mut fails = Case::new();
    fails.details(RULE, &[("a", Compliant, AUGUST)]);
    fails.rule_level(RULE, NonCompliant, None).captured(JULY);
    assert_eq!(seen(&fails), Seen::Partial, "what fails is no first result");
}

#[test]
fn an_answer_in_which_something_fails_is_not_filtered_to_what_passes() {
    let mut case = Case::new();
    case.details(
        RULE,
        &[("a", NonCompliant, JULY), ("b", NonCompliant, JULY)],
    );
    case.captured(JULY);
    case.details(RULE, &[("b", NonCompliant, SEPTEMBER)])
        .captured(SEPTEMBER);
    assert_eq!(seen(&case), Seen::Seen);
}

#[test]
fn what_a_vanished_failure_asks_for_depends_on_whether_the_rule_still_fails_as_a_whole() {
    for (level, words) in [
        (Compliant, " describe-compliance-by-config-rule "),
        (NonCompliant, " get-compliance-details-by-config-rule "),
    ] {
        let mut case = Case::new();
        case.details(RULE, &[("a", NonCompliant, JULY), ("b", Compliant, JULY)]);
        case.captured(JULY);
        case.details(RULE, &[("b", Compliant, SEPTEMBER)])
            .captured(SEPTEMBER);
        case.rule_level(RULE, level, None).captured(JULY);
        let (_, detail, command) = gap(&case, RULE);
        assert_eq!(detail, "NON_COMPLIANT: 0 / 1");
        assert!(command.contains(words), "{level}: {command}");
    }
}

#[test]
fn a_failure_of_an_evaluation_counts_only_after_all_that_was_read_whole() {
    for (failed, cut, expected) in [
        (JULY, false, Seen::Seen),
        (AUGUST, false, Seen::Seen),
        (SEPTEMBER, false, Seen::Partial),
        (SEPTEMBER, true, Seen::Partial),
    ] {
        let mut case = Case::new();
        case.details(RULE, &[("a", Compliant, AUGUST)]);
        if cut {
            case.next_token();
        }
        case.status(RULE, BEFORE, Some(failed));
        assert_eq!(seen(&case), expected, "{failed} {cut}");
    }
}

#[test]
fn what_a_rule_without_rows_is_asked_next_depends_on_what_was_answered() {
    let command = |rule: &str, empty: bool, level: Option<ComplianceType>, ran: bool| {
        let mut case = Case::new();
        if empty {
            case.empty_details(rule);
        }
        if let Some(level) = level {
            case.rule_level(rule, level, None);
        }
        case.status(rule, if ran { SEPTEMBER } else { BEFORE }, None);
        gap(&case, rule).2
    };
    let (none, details, status, levels) = (
        None,
        "get-compliance-details-by-config-rule",
        "describe-config-rule-evaluation-status",
        "describe-compliance-by-config-rule",
    );
    for (rule, empty, level, ran, expected) in [
        (RULE, false, none, true, details),
        (RULE, true, none, false, status),
        (RULE, true, none, true, levels),
        (RULE, false, Some(InsufficientData), false, status),
        (RULE, true, Some(Compliant), true, details),
        (PASSWORDS, false, Some(InsufficientData), false, details),
        (PASSWORDS, true, none, false, status),
        (PASSWORDS, true, none, true, details),
    ] {
        let command = command(rule, empty, level, ran);
        let words = format!("aws configservice {expected} ");
        assert!(
            command.starts_with(&words),
            "{rule} {empty} {level:?} {ran}: {command}"
        );
    }
}

#[test]
fn where_a_later_answer_has_no_row_of_a_cut_one_it_is_asked_whether_the_rule_ran() {
    for (empty, words) in [
        (SEPTEMBER, " describe-config-rule-evaluation-status "),
        (JULY, " get-compliance-details-by-config-rule "),
    ] {
        let mut case = Case::new();
        case.details(RULE, &[("a", Compliant, JULY)]);
        case.captured(AUGUST).next_token();
        case.empty_details(RULE).captured(empty);
        let (kind, _, command) = gap(&case, RULE);
        assert_eq!(kind, GapKind::Partial);
        assert!(command.contains(words), "{empty}: {command}");
    }
}

#[test]
fn a_pack_answer_from_before_the_period_does_not_prove_that_there_is_nothing() {
    let changes = "encrypted-volumes-conformance-pack-abc123def";
    for (taken, expected) in [(BEFORE, Seen::NotChecked), (JULY, Seen::CheckedNone)] {
        let mut case = Case::new();
        let other = "restricted-ssh-conformance-pack-abc123def";
        case.pack("k").rows(other, &[("sg", Compliant, BEFORE)]);
        case.captured(taken);
        case.status(changes, "2026-05-01T00:00:00Z", None);
        let seen = case.assess().seen("encrypted-volumes")[0].1;
        assert_eq!(seen, expected, "{taken}");
    }
}

#[test]
fn a_pack_answer_from_before_the_success_does_not_prove_that_there_is_nothing() {
    let name = "no-unrestricted-route-to-igw-conformance-pack-abc123def";
    for (taken, expected) in [(JULY, Seen::NotChecked), (SEPTEMBER, Seen::CheckedNone)] {
        let mut case = Case::new();
        let other = "restricted-ssh-conformance-pack-abc123def";
        case.pack("k").rows(other, &[("sg", Compliant, JULY)]);
        case.captured(taken);
        case.status(name, AUGUST, None);
        assert_eq!(seen(&case), expected, "{taken}");
    }
}

/// Copies of one rule under these names, described alike but for their parameters.
fn copies(parameters: [&[(&str, &str)]; 2]) -> Case {
    let mut case = Case::new();
    for (name, parameters) in ["keys-1", "keys-2"].into_iter().zip(parameters) {
        case.deployed(name, "ACCESS_KEYS_ROTATED", parameters);
    }
    case.details("keys-1", &[("user", Compliant, JULY)]);
    case
}

#[test]
fn a_copy_that_was_not_read_is_covered_only_by_one_with_equal_parameters() {
    for (other, expected) in [
        (("maxAccessKeyAge", "90"), Seen::Seen),
        (("maxAccessKeyAge", "30"), Seen::Partial),
        (("maxAccessKeyAge", "180"), Seen::Partial),
    ] {
        let case = copies([&[("maxAccessKeyAge", "90")], &[other]]);
        let seen = case.assess().seen(KEYS)[0].1;
        assert_eq!(seen, expected, "{other:?}");
    }
}

#[test]
fn a_copy_of_which_more_fails_is_not_covered_by_one_that_passes() {
    let mut case = copies([&[], &[]]);
    case.details("keys-2", &[("user", NonCompliant, JULY)]);
    case.next_token();
    assert_eq!(case.assess().seen(KEYS), [("global", Seen::Partial)]);
    let mut case = copies([&[], &[]]);
    case.details("keys-2", &[("user", Compliant, JULY)]);
    case.next_token();
    assert_eq!(case.assess().seen(KEYS), [("global", Seen::Seen)]);
}

#[test]
fn a_copy_that_judges_what_is_not_deployed_is_the_reason_only_where_no_other_was_read() {
    let mut case = Case::new();
    case.deployed("igw", IDENTIFIER, &[]);
    let rule = case.evidence.config_rules.last_mut().expect("a rule");
    rule.detective = false;
    assert_eq!(
        case.assess().reasons(CONTROL),
        [(ReasonKind::RuleNotActive, RULE)]
    );
    case.deployed("igw-all", IDENTIFIER, &[]);
    case.details("igw-all", &[("rtb", Compliant, JULY)]);
    assert_eq!(
        case.assess().control(CONTROL).automated,
        Automated::Compliant
    );
    assert!(gaps(&case, RULE).is_empty(), "{:?}", gaps(&case, RULE));
}

#[test]
fn of_several_empty_answers_about_one_rule_the_latest_whole_one_counts() {
    let again = Case::here(&format!("again/{RULE}.json"));
    for (first, second, cut, words) in [
        (
            JULY,
            SEPTEMBER,
            false,
            " describe-config-rule-evaluation-status ",
        ),
        (
            SEPTEMBER,
            JULY,
            false,
            " describe-config-rule-evaluation-status ",
        ),
        (
            JULY,
            SEPTEMBER,
            true,
            " get-compliance-details-by-config-rule ",
        ),
    ] {
        let mut case = Case::new();
        case.details(RULE, &[("a", Compliant, JULY)]);
        case.captured(AUGUST).next_token();
        case.empty_details(RULE).captured(first);
        case.details_in(&again, RULE, &[]).captured(second);
        if cut {
            case.next_token();
        }
        let (_, _, command) = gap(&case, RULE);
        assert!(command.contains(words), "{first} {second} {cut}: {command}");
    }
}

#[test]
fn a_copy_without_a_result_is_not_covered_by_one_that_has_one() {
    for verdict in [Compliant, NonCompliant] {
        let mut case = copies([&[], &[]]);
        case.last_evaluation().compliance = verdict;
        case.rule_level("keys-2", InsufficientData, None);
        let seen = case.assess().seen(KEYS)[0].1;
        assert_eq!(seen, Seen::Partial, "{verdict}");
    }
}
