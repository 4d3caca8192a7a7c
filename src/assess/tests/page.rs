//! Which lists are pages of one answer, and when it is whole.

use super::case::*;
use crate::assess::{Automated, GapKind, Seen};
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
        gap.at
            .command
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
fn an_empty_page_ends_no_answer() {
    let cut = |case: &mut Case, path: &str| {
        case.details_in(path, RULE, &[("a", Compliant, JULY)])
            .next_token();
    };
    let named = [format!("{RULE}-1.json"), format!("{RULE}-2.json")];
    let one = format!("{RULE}.json");
    for (first, second) in [
        ("out-1.json", "out-2.json"),
        ("all.json", "all.json"),
        (&*named[0], &*named[1]),
        (&*one, &*one),
    ] {
        let mut case = Case::new();
        cut(&mut case, &Case::here(first));
        case.details_in(&Case::here(second), RULE, &[]);
        assert_eq!(state(&case).1, Seen::Partial, "{first} {second}");
    }
    let mut case = Case::new();
    case.pack("k").rows(RULE, &[("a", Compliant, JULY)]);
    case.next_token().pack("k");
    assert_eq!(state(&case).1, Seen::Partial, "of a pack");
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
        case.rule_level(RULE, Compliant, None).captured(SEPTEMBER);
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
fn an_input_is_complete_once_its_next_page_is_there() {
    let mut case = Case::new();
    case.details_in(&Case::here("igw-1.json"), RULE, &[("a", Compliant, JULY)])
        .next_token();
    case.evidence.inputs[0].status = InputStatus::Partial;
    let status = |case: &Case| case.assess().0.inputs[0].status;
    assert_eq!(status(&case), InputStatus::Partial);
    case.details_in(&Case::here("igw-2.json"), RULE, &[("b", Compliant, JULY)]);
    assert_eq!(status(&case), InputStatus::Complete);
}

#[test]
fn a_page_of_another_pack_or_operation_completes_nothing() {
    let after = |pack: Option<&str>, operation: &'static str| {
        let mut case = Case::new();
        case.pack("k")
            .rows("restricted-ssh", &[("a", Compliant, JULY)]);
        case.next_token();
        let next = case.listing(&Case::here("pack"), operation);
        next.pack = pack.map(Into::into);
        case.rows("restricted-ssh", &[("b", Compliant, JULY)]);
        case.assess().seen("restricted-ssh")[0].1
    };
    let of_pack = "get-conformance-pack-compliance-details";
    assert_eq!(after(Some("k"), of_pack), Seen::Seen);
    assert_eq!(after(Some("other"), of_pack), Seen::Partial);
    let of_rule = "get-compliance-details-by-config-rule";
    assert_eq!(after(Some("k"), of_rule), Seen::Partial);
}

#[test]
fn numbered_pages_that_begin_after_the_first_are_never_whole() {
    for (name, first, expected) in [
        ("p", 2, Seen::Partial),
        ("p", 1, Seen::Seen),
        ("igw", 2, Seen::Partial),
        ("igw", 0, Seen::Seen),
    ] {
        let mut case = Case::new();
        for number in first..=4 {
            let path = Case::here(&format!("{name}-{number}.json"));
            case.details_in(&path, RULE, &[(&format!("r{number}"), Compliant, JULY)]);
            if number < 4 {
                case.next_token();
            }
        }
        assert_eq!(state(&case).1, expected, "{name}-{first}.json");
    }
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
    assert_eq!(gap.detail, "k-isms");
    assert!(gap.at.command.contains(" describe-config-rules "));
}

#[test]
fn pages_in_descending_time_or_hours_apart_are_not_of_one_answer() {
    for names in [["pages", "pages"], ["page-1.json", "page-2.json"]] {
        for (first, second, expected) in [
            (
                "T00:00:00Z",
                "T00:05:00Z",
                (Automated::Compliant, Seen::Seen),
            ),
            (
                "T00:05:00Z",
                "T00:00:00Z",
                (Automated::Incomplete, Seen::Partial),
            ),
            (
                "T00:00:00Z",
                "T20:00:00Z",
                (Automated::Incomplete, Seen::Partial),
            ),
        ] {
            let mut case = Case::new();
            let path = |number: usize| Case::here(names[number]);
            case.details_in(&path(0), RULE, &[("a", Compliant, JULY)]);
            case.next_token().captured(&format!("2026-09-15{first}"));
            case.details_in(&path(1), RULE, &[("b", Compliant, JULY)]);
            case.captured(&format!("2026-09-15{second}"));
            assert_eq!(state(&case), expected, "{names:?} {first} {second}");
        }
    }
}

#[test]
fn a_first_page_that_was_rejected_or_is_empty_leaves_the_answer_cut() {
    let after = |before: fn(&mut Case), name: &str| {
        let mut case = Case::new();
        before(&mut case);
        case.details_in(&Case::here(name), RULE, &[("b", Compliant, JULY)]);
        state(&case).1
    };
    let rejected: fn(&mut Case) = |case| {
        case.rejected(&Case::here("igw-1.json"), 0);
    };
    assert_eq!(after(rejected, "igw-2.json"), Seen::Partial);
    assert_eq!(after(rejected, "other-2.json"), Seen::Seen, "no page of it");
    let empty: fn(&mut Case) = |case| {
        case.details_in(&Case::here(&format!("{RULE}-0.json")), RULE, &[]);
    };
    let page = format!("{RULE}-1.json");
    assert_eq!(after(empty, &page), Seen::Partial);
    assert_eq!(after(|_| (), &page), Seen::Seen);
}

#[test]
fn pages_are_of_one_answer_only_if_they_were_taken_in_order_within_hours() {
    let pages = |times: [Option<&str>; 3], in_files: bool| {
        let mut case = Case::new();
        for (number, taken) in (1..=3).zip(times) {
            let name = if in_files {
                format!("page-{number}.json")
            } else {
                "pages.json".to_owned()
            };
            let resource = format!("r{number}");
            case.details_in(&Case::here(&name), RULE, &[(&resource, Compliant, JULY)]);
            if let Some(taken) = taken {
                case.captured(taken);
            }
            if number < 3 {
                case.next_token();
            }
        }
        state(&case).1
    };
    let noon = Some("2026-09-15T12:00:00Z");
    let (midnight, second_later) = (Some(SEPTEMBER), Some("2026-09-15T12:00:01Z"));
    for (times, expected) in [
        ([midnight, midnight, noon], Seen::Seen),
        ([midnight, noon, noon], Seen::Seen),
        ([midnight, None, second_later], Seen::Seen),
        ([midnight, midnight, second_later], Seen::Partial),
        ([Some(AUGUST), midnight, noon], Seen::Partial),
        ([noon, midnight, midnight], Seen::Partial),
    ] {
        assert_eq!(pages(times, false), expected, "in one file: {times:?}");
        assert_eq!(pages(times, true), expected, "in three: {times:?}");
    }
}

#[test]
fn a_page_after_one_that_could_not_be_read_is_no_whole_answer() {
    for (unread, read, expected) in [
        ("igw-1.json", "igw-2.json", Seen::Partial),
        ("igw-7.json", "igw-8.json", Seen::Partial),
        ("igw-2.json", "igw-1.json", Seen::Seen),
        ("igw-1.json", "igw-3.json", Seen::Seen),
        ("other-1.json", "igw-2.json", Seen::Seen),
    ] {
        let mut case = Case::new();
        case.rejected(&Case::here(unread), 0);
        case.details_in(&Case::here(read), RULE, &[("a", Compliant, JULY)]);
        assert_eq!(state(&case).1, expected, "{unread} {read}");
    }
}

#[test]
fn a_page_that_is_named_after_its_rule_is_whole_only_with_the_rows_before_it() {
    let page = |number: u32| Case::here(&format!("{RULE}-{number}.json"));
    let mut case = Case::new();
    case.details_in(&page(2), RULE, &[("a", Compliant, JULY)]);
    assert_eq!(state(&case).1, Seen::Partial, "page 1 is not there");
    for (rows, more, expected) in [
        (&[][..], false, Seen::Partial),
        (&[][..], true, Seen::Seen),
        (&[("a", Compliant, JULY)], false, Seen::Seen),
        (&[("b", Compliant, JULY)], true, Seen::Seen),
        // It holds what the page before does: a copy.
        (&[("a", Compliant, JULY)], true, Seen::Partial),
    ] {
        let mut case = Case::new();
        case.details_in(&page(1), RULE, rows);
        if more {
            case.next_token();
        }
        case.details_in(&page(2), RULE, &[("a", Compliant, JULY)]);
        assert_eq!(state(&case).1, expected, "{} rows, {more}", rows.len());
    }
}

#[test]
fn pages_that_were_cut_off_belong_to_no_other_answer() {
    let page = |case: &mut Case, name: &str, more: bool| {
        case.details_in(&Case::here(name), RULE, &[(name, Compliant, JULY)]);
        if more {
            case.next_token();
        }
    };
    let mut case = Case::new();
    case.other_details();
    page(&mut case, "page-1.json", true);
    page(&mut case, "page-2.json", true);
    assert_eq!(state(&case).1, Seen::Partial);
    page(&mut case, "page-3.json", false);
    assert_eq!(state(&case).1, Seen::Seen);
}

#[test]
fn the_pages_of_several_answers_are_joined_in_whatever_order_they_were_read() {
    for names in [["a", "b"], ["b", "a"]] {
        let mut case = Case::new();
        for (name, rule) in names.into_iter().zip([RULE, "restricted-ssh"]) {
            for number in 1..=2 {
                let path = Case::here(&format!("{name}-{number}.json"));
                let resource = format!("{name}{number}");
                case.details_in(&path, rule, &[(&resource, Compliant, JULY)]);
                if number == 1 {
                    case.next_token();
                }
            }
        }
        assert_eq!(state(&case).1, Seen::Seen, "{names:?}");
        let other = case.assess();
        assert_eq!(other.seen("restricted-ssh"), [(SEOUL, Seen::Seen)]);
    }
}

#[test]
fn a_file_without_any_answer_is_a_page_that_was_not_read() {
    let mut case = Case::new();
    case.rejected(&Case::here("igw-1.json"), 0);
    case.evidence.inputs[0].status = InputStatus::Complete;
    case.details_in(&Case::here("igw-2.json"), RULE, &[("a", Compliant, JULY)]);
    assert_eq!(state(&case).1, Seen::Partial);
    case.evidence.inputs[0].container = crate::evidence::Container::Zip;
    assert_eq!(
        state(&case).1,
        Seen::Seen,
        "an archive holds no page itself"
    );
}

#[test]
fn a_file_that_says_by_resource_in_its_name_is_whole_for_no_rule() {
    for (name, expected) in [
        ("igw-by-resource.json", Seen::Partial),
        ("igw.json", Seen::Seen),
    ] {
        let mut case = Case::new();
        let rows = [("a", Compliant, JULY), ("b", Compliant, JULY)];
        case.details_in(&Case::here(name), RULE, &rows);
        assert_eq!(state(&case).1, expected, "{name}");
    }
}

#[test]
fn a_merged_list_of_rules_that_judge_the_account_is_whole_for_each_of_them() {
    let state_of = |name: &str, rules: [&str; 2], kind: &str| {
        let mut case = Case::new();
        case.details_in(&Case::here(name), rules[0], &[(PROD, Compliant, JULY)]);
        case.last_evaluation().resource_type = "AWS::::Account".into();
        case.rows(rules[1], &[(PROD, Compliant, JULY)]);
        case.last_evaluation().resource_type = kind.into();
        let assessed = case.assess();
        let seen = assessed.seen("cloudtrail-enabled");
        assert_eq!(seen.len(), 1);
        seen[0].1
    };
    let packed = "root-account-mfa-enabled-conformance-pack-abcdef123";
    for (name, rules, kind, expected) in [
        (
            "merged.json",
            ["cloudtrail-enabled", "iam-password-policy"],
            "AWS::::Account",
            Seen::Seen,
        ),
        (
            "merged.json",
            ["cloudtrail-enabled", packed],
            "AWS::::Account",
            Seen::Seen,
        ),
        (
            "by-resource.json",
            ["cloudtrail-enabled", packed],
            "AWS::::Account",
            Seen::Partial,
        ),
        // Of another rule, or of one that is not known, there may be more.
        (
            "merged.json",
            ["cloudtrail-enabled", RULE],
            "AWS::::Account",
            Seen::Partial,
        ),
        (
            "merged.json",
            ["cloudtrail-enabled", "own-rule"],
            "AWS::::Account",
            Seen::Partial,
        ),
    ] {
        assert_eq!(state_of(name, rules, kind), expected, "{name} {rules:?}");
    }
}
