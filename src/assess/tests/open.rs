//! What leaves a rule open that was otherwise seen: something exists, or fails, that its rows do not show.

use super::case::*;
use crate::assess::{Automated, GapKind, ReasonKind, Seen};
use crate::evidence::{Counted, Mention, Place};

/// Judges every route table; alone in its control.
const RULE: &str = "no-unrestricted-route-to-igw";
const CONTROL: &str = "2.6.7";
const TABLE: &str = "AWS::EC2::RouteTable";
/// Judges some volumes only.
const VOLUMES: &str = "encrypted-volumes";
const VOLUME: &str = "AWS::EC2::Volume";
/// Global: of the account's groups, and of the account.
const GROUPS: &str = "iam-group-has-users-check";
const PASSWORDS: &str = "iam-password-policy";
const ELSEWHERE: &str = "us-east-1";
const BEFORE: &str = "2026-06-01T00:00:00Z";
const OCTOBER: &str = "2026-10-03T00:00:00Z";
const HISTORY: &str = "get-resource-config-history";
const LISTED: &str = "list-discovered-resources";

/// A whole answer of September in which one resource passes.
fn passes(case: &mut Case, rule: &str, kind: &str, resource: &str) {
    case.details(rule, &[(resource, Compliant, JULY)]);
    case.captured(SEPTEMBER).last_evaluation().resource_type = kind.into();
}

/// A resource that was there in July.
fn named(case: &mut Case, operation: &'static str, kind: &str, resource: &str) {
    case.listing(&Case::here("named"), operation);
    let at = case.next();
    case.evidence.mentions.push(Mention {
        at,
        place: Place::default(),
        resource_type: kind.into(),
        resource_id: resource.into(),
        seen_at: Some(JULY.parse().expect("a time")),
    });
}

/// The details and commands of the rule's gaps of this kind.
fn gaps(case: &Case, kind: GapKind, rule: &str) -> Vec<(String, String)> {
    let gaps = case.assess().0.gaps.into_iter();
    let gaps = gaps.filter(|gap| gap.kind == kind && gap.rule == rule);
    gaps.map(|gap| (gap.detail.clone(), gap.at.command.clone()))
        .collect()
}

/// The gap of this kind, which has to be the only one of the rule.
fn gap(case: &Case, kind: GapKind, rule: &str) -> (String, String) {
    let mut gaps = gaps(case, kind, rule);
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    gaps.remove(0)
}

#[test]
fn a_resource_that_exists_and_has_no_verdict_leaves_a_rule_open_that_judges_every_one() {
    let mut case = Case::new();
    passes(&mut case, RULE, TABLE, "rtb-1");
    named(&mut case, HISTORY, TABLE, "rtb-1");
    assert_eq!(case.assess().seen(RULE), [(SEOUL, Seen::Seen)]);
    named(&mut case, HISTORY, TABLE, "rtb-2");
    let assessed = case.assess();
    assert_eq!(assessed.seen(RULE), [(SEOUL, Seen::Partial)]);
    assert_eq!(assessed.control(CONTROL).automated, Automated::Incomplete);
    assert_eq!(
        assessed.reasons(CONTROL),
        [(ReasonKind::UnjudgedResource, RULE)]
    );
    let (detail, _) = gap(&case, GapKind::UnjudgedResource, RULE);
    assert_eq!(detail, "1: AWS::EC2::RouteTable rtb-2");
}

#[test]
fn what_tells_more_of_a_resource_without_a_verdict_depends_on_which_was_taken_later() {
    let command = |name: &str, operation, taken: Option<&str>| {
        let mut case = Case::new();
        passes(&mut case, name, TABLE, "rtb-1");
        named(&mut case, operation, TABLE, "rtb-2");
        if let Some(taken) = taken {
            case.captured(taken);
        }
        gap(&case, GapKind::UnjudgedResource, RULE).1
    };
    let of_pack = "no-unrestricted-route-to-igw-conformance-pack-abc123def";
    for (name, operation, taken, expected) in [
        (RULE, HISTORY, None, LISTED),
        (RULE, HISTORY, Some(JULY), LISTED),
        (RULE, HISTORY, Some(OCTOBER), "get-compliance-details-by"),
        (RULE, LISTED, Some(OCTOBER), "get-compliance-details-by"),
        (of_pack, HISTORY, None, "describe-conformance-packs"),
    ] {
        let command = command(name, operation, taken);
        let words = format!("aws configservice {expected}");
        assert!(command.starts_with(&words), "{expected}: {command}");
    }
    let listed = command(RULE, LISTED, Some(SEPTEMBER));
    assert_eq!(listed, "", "AWS lists it, and does not judge it");
}

#[test]
fn a_rule_that_judges_some_is_open_only_where_its_answer_holds_what_it_does_not_apply_to() {
    let mut case = Case::new();
    passes(&mut case, VOLUMES, VOLUME, "vol-1");
    named(&mut case, HISTORY, VOLUME, "vol-2");
    assert_eq!(case.assess().seen(VOLUMES), [(SEOUL, Seen::Seen)]);
    let (detail, command) = gap(&case, GapKind::UnjudgedResource, VOLUMES);
    assert_eq!(detail, "1: AWS::EC2::Volume vol-2");
    assert_eq!(
        command, "",
        "AWS leaves out what the rule does not apply to"
    );
    let mut case = Case::new();
    passes(&mut case, VOLUMES, VOLUME, "vol-1");
    case.rows(VOLUMES, &[("vol-3", NotApplicable, JULY)]);
    case.last_evaluation().resource_type = VOLUME.into();
    named(&mut case, HISTORY, VOLUME, "vol-2");
    assert_eq!(case.assess().seen(VOLUMES), [(SEOUL, Seen::Partial)]);
    let (_, command) = gap(&case, GapKind::UnjudgedResource, VOLUMES);
    assert!(command.contains(LISTED), "{command}");
}

#[test]
fn a_global_resource_without_a_verdict_leaves_its_rule_open_in_whatever_region_it_is_shown() {
    let mut case = Case::new();
    case.account(PROD, &[SEOUL, ELSEWHERE]);
    passes(&mut case, GROUPS, "AWS::IAM::Group", "admins");
    assert_eq!(case.assess().seen(GROUPS), [("global", Seen::Seen)]);
    named(&mut case, HISTORY, "AWS::IAM::Group", "guests");
    let mention = case.evidence.mentions.last_mut().expect("a mention");
    mention.place.region = Some(ELSEWHERE.into());
    assert_eq!(case.assess().seen(GROUPS), [("global", Seen::Partial)]);
    let (detail, _) = gap(&case, GapKind::UnjudgedResource, GROUPS);
    assert_eq!(detail, "1: AWS::IAM::Group guests");
}

#[test]
fn where_all_that_was_judged_is_gone_nothing_shows_what_is_there() {
    let mut case = Case::new();
    case.details(RULE, &[("a", Compliant, JULY), ("b", Compliant, JULY)]);
    case.item("a", "ResourceDeleted", AUGUST);
    assert_eq!(case.assess().seen(RULE), [(SEOUL, Seen::Seen)]);
    case.item("b", "ResourceDeleted", AUGUST);
    let assessed = case.assess();
    assert_eq!(assessed.seen(RULE), [(SEOUL, Seen::Partial)]);
    assert_eq!(assessed.reasons(CONTROL), [(ReasonKind::OnlyGone, RULE)]);
    let (_, command) = gap(&case, GapKind::OnlyGone, RULE);
    assert!(command.contains(" get-compliance-details-by-config-rule "));
    case.ran_empty(RULE, SEPTEMBER, None).captured(SEPTEMBER);
    assert_eq!(
        case.assess().seen(RULE),
        [(SEOUL, Seen::CheckedNone)],
        "it ran since and has no result"
    );
}

#[test]
fn what_fails_under_a_name_that_nothing_describes_may_be_any_rule_of_its_type() {
    let with = |kind: &str, verdict, described: bool| {
        let mut case = Case::new();
        passes(&mut case, RULE, TABLE, "rtb-1");
        case.details("our-own", &[("other", verdict, AUGUST)]);
        case.last_evaluation().resource_type = kind.into();
        if described {
            case.deployed("our-own", "OUR_OWN", &[]);
            case.deployed(RULE, "NO_UNRESTRICTED_ROUTE_TO_IGW", &[]);
        }
        case
    };
    let open = with(TABLE, NonCompliant, false);
    assert_eq!(open.assess().seen(RULE), [(SEOUL, Seen::Partial)]);
    let (detail, command) = gap(&open, GapKind::RuleNotDescribed, RULE);
    assert_eq!(detail, "our-own: AWS::EC2::RouteTable");
    assert!(command.contains(" describe-config-rules "), "{command}");
    for (kind, verdict, described) in [
        (VOLUME, NonCompliant, false),
        (TABLE, Compliant, false),
        (TABLE, NonCompliant, true),
    ] {
        let case = with(kind, verdict, described);
        let found = gaps(&case, GapKind::RuleNotDescribed, RULE);
        assert!(found.is_empty(), "{kind} {verdict} {described}");
    }
}

#[test]
fn a_count_leaves_each_rule_open_until_verdicts_on_the_whole_rule_are_not_older() {
    let with = |counted: Option<&str>, levels: &[Option<&str>]| {
        let mut case = Case::new();
        passes(&mut case, RULE, TABLE, "rtb-1");
        case.count(Counted::Rules, 1, false);
        if let Some(counted) = counted {
            case.captured(counted);
        }
        for taken in levels {
            case.rule_level(RULE, Compliant, None).next_token();
            if let Some(taken) = taken {
                case.captured(taken);
            }
        }
        case
    };
    for (counted, levels, expected) in [
        (Some(AUGUST), &[][..], Seen::Partial),
        (Some(AUGUST), &[Some(JULY)], Seen::Partial),
        (Some(AUGUST), &[None], Seen::Partial),
        (Some(AUGUST), &[Some(AUGUST)], Seen::Seen),
        (Some(AUGUST), &[Some(SEPTEMBER)], Seen::Seen),
        (Some(AUGUST), &[Some(SEPTEMBER), None], Seen::Partial),
        (None, &[Some(SEPTEMBER)], Seen::Partial),
    ] {
        let case = with(counted, levels);
        let seen = case.assess().seen(RULE)[0].1;
        assert_eq!(seen, expected, "{counted:?} {levels:?}");
        let found = gaps(&case, GapKind::CountsExceed, RULE);
        assert_eq!(found.len(), usize::from(expected == Seen::Partial));
    }
    let (detail, command) = gap(&with(Some(AUGUST), &[]), GapKind::CountsExceed, RULE);
    assert_eq!(detail, "NON_COMPLIANT rules: 0 / 1");
    assert!(command.contains(" describe-compliance-by-config-rule "));
}

#[test]
fn a_count_of_another_type_or_pack_leaves_a_rule_as_it_is() {
    for (of, expected) in [
        (Counted::Resources(Some(TABLE.into())), Seen::Partial),
        (Counted::Resources(Some(VOLUME.into())), Seen::Seen),
        (Counted::RulesOfPack("k".into()), Seen::Seen),
        (Counted::RulesOfGroup, Seen::Partial),
    ] {
        let mut case = Case::new();
        passes(&mut case, RULE, TABLE, "rtb-1");
        case.deployed(RULE, "NO_UNRESTRICTED_ROUTE_TO_IGW", &[]);
        case.count(of.clone(), 1, false);
        let place = &mut case.evidence.counts[0].place;
        place.account = Some(PROD.into());
        assert_eq!(case.assess().seen(RULE), [(SEOUL, expected)], "{of:?}");
    }
}

#[test]
fn a_later_whole_answer_of_another_region_covers_what_fails_of_a_global_rule() {
    let with = |taken: Option<&str>, judged: &str| {
        let mut case = Case::new();
        case.account(PROD, &[SEOUL, ELSEWHERE]);
        case.rule_level(PASSWORDS, NonCompliant, None);
        case.captured(AUGUST);
        let path = format!("exports/{PROD}/{ELSEWHERE}/passwords");
        case.details_in(&path, PASSWORDS, &[(PROD, Compliant, judged)]);
        if let Some(taken) = taken {
            case.captured(taken);
        }
        case.assess().seen(PASSWORDS)[0].1
    };
    assert_eq!(with(Some(SEPTEMBER), SEPTEMBER), Seen::Seen);
    for (taken, judged) in [
        (None, JULY),
        (Some(JULY), JULY),
        (Some(AUGUST), JULY),
        (Some(SEPTEMBER), BEFORE),
    ] {
        assert_eq!(with(taken, judged), Seen::Partial, "{taken:?} {judged}");
    }
}

#[test]
fn of_two_regions_of_a_global_rule_the_one_whose_answer_holds_in_the_period_counts() {
    for regions in [[SEOUL, ELSEWHERE], [ELSEWHERE, SEOUL]] {
        let mut case = Case::new();
        case.account(PROD, &[SEOUL, ELSEWHERE]);
        for (region, judged) in regions.into_iter().zip([BEFORE, AUGUST]) {
            let path = format!("exports/{PROD}/{region}/passwords");
            case.details_in(&path, PASSWORDS, &[(PROD, Compliant, judged)]);
        }
        assert_eq!(case.assess().seen(PASSWORDS), [("global", Seen::Seen)]);
        let found = gaps(&case, GapKind::OutsidePeriod, PASSWORDS);
        assert!(found.is_empty(), "{regions:?}: {found:?}");
    }
}

#[test]
fn a_global_rule_is_not_deployed_only_where_the_rules_of_every_region_are_described() {
    let mut case = Case::new();
    case.account(PROD, &[SEOUL, ELSEWHERE]);
    case.deployed("restricted-ssh", "INCOMING_SSH_DISABLED", &[]);
    assert!(gaps(&case, GapKind::NotDeployed, PASSWORDS).is_empty());
    assert_eq!(gaps(&case, GapKind::NotChecked, PASSWORDS).len(), 1);
    case.deployed_at(
        PROD,
        ELSEWHERE,
        "restricted-ssh",
        "INCOMING_SSH_DISABLED",
        &[],
    );
    assert!(gaps(&case, GapKind::NotChecked, PASSWORDS).is_empty());
    assert_eq!(gaps(&case, GapKind::NotDeployed, PASSWORDS).len(), 1);
}

#[test]
fn a_global_rule_is_seen_in_an_answer_of_an_unknown_region() {
    let mut case = Case::new();
    case.account(PROD, &[SEOUL, ELSEWHERE]);
    let path = format!("exports/{PROD}/passwords");
    case.details_in(&path, PASSWORDS, &[(PROD, Compliant, JULY)]);
    assert_eq!(case.assess().seen(PASSWORDS), [("global", Seen::Seen)]);
}

#[test]
fn a_count_is_covered_by_every_copys_own_verdict_or_by_a_later_answer_on_all_rules() {
    let counted = |rule: &str| {
        let mut case = Case::new();
        passes(&mut case, rule, TABLE, "rtb-1");
        case.count(Counted::Rules, 1, false).captured(AUGUST);
        case
    };
    let mut all = counted(RULE);
    all.rule_level(RULE, Compliant, None).captured(SEPTEMBER);
    assert_eq!(all.assess().seen(RULE), [(SEOUL, Seen::Seen)]);
    let mut after = counted(RULE);
    after.rule_level(RULE, Compliant, None).captured(OCTOBER);
    let (_, command) = gap(&after, GapKind::CountsExceed, RULE);
    assert_eq!(command, "", "what was counted in the period nothing tells");
    let copy = "no-unrestricted-route-to-igw-conformance-pack-abc123def";
    let mut copies = counted(RULE);
    passes(&mut copies, copy, TABLE, "rtb-1");
    for (name, expected) in [(RULE, Seen::Partial), (copy, Seen::Seen)] {
        copies.rule_level(name, Compliant, None);
        copies.captured(AUGUST).next_token();
        assert_eq!(copies.assess().seen(RULE), [(SEOUL, expected)], "{name}");
    }
    let mut alone = Case::new();
    alone.count(Counted::Rules, 1, false);
    assert_eq!(gaps(&alone, GapKind::CountsExceed, RULE).len(), 1);
}

#[test]
fn a_count_in_another_region_leaves_a_global_rule_open_until_a_later_answer() {
    for (counted, expected) in [
        (Some(OCTOBER), Seen::Partial),
        (None, Seen::Partial),
        (Some(AUGUST), Seen::Seen),
    ] {
        let mut case = Case::new();
        case.account(PROD, &[SEOUL, ELSEWHERE]);
        case.details(PASSWORDS, &[(PROD, Compliant, JULY)]);
        case.captured(SEPTEMBER).count(Counted::Rules, 1, false);
        if let Some(counted) = counted {
            case.captured(counted);
        }
        let place = &mut case.evidence.counts[0].place;
        place.account = Some(PROD.into());
        place.region = Some(ELSEWHERE.into());
        let seen = case.assess().seen(PASSWORDS)[0].1;
        assert_eq!(seen, expected, "{counted:?}");
    }
}

#[test]
fn what_fails_under_an_unknown_name_in_another_region_may_be_a_global_rule() {
    let mut case = Case::new();
    case.account(PROD, &[SEOUL, ELSEWHERE]);
    passes(&mut case, GROUPS, "AWS::IAM::Group", "admins");
    let path = format!("exports/{PROD}/{ELSEWHERE}/our-own");
    case.details_in(&path, "our-own", &[("admins", NonCompliant, JULY)]);
    case.last_evaluation().resource_type = "AWS::IAM::Group".into();
    assert_eq!(case.assess().seen(GROUPS), [("global", Seen::Partial)]);
}
