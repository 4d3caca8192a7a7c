//! What is known to exist and has no verdict.

use super::case::*;
use super::more::here;
use crate::assess::{Automated, GapKind, ReasonKind, Seen};
use crate::evidence::{ComplianceType, Mention, Recorded};

/// Judges every route table; alone in its control.
const RULE: &str = "no-unrestricted-route-to-igw";
const CONTROL: &str = "2.6.7";
const TABLE: &str = "AWS::EC2::RouteTable";
const VPC: &str = "AWS::EC2::VPC";
const VOLUME: &str = "AWS::EC2::Volume";

impl Case {
    /// Whole evaluations of this type, in an answer of this time.
    fn judged(
        &mut self,
        rule: &str,
        kind: &str,
        rows: &[(&str, ComplianceType, &str)],
        taken: &str,
    ) {
        let before = self.evidence.evaluations.len();
        self.details(rule, rows).captured(taken);
        for evaluation in &mut self.evidence.evaluations[before..] {
            evaluation.resource_type = kind.into();
        }
    }
}

/// An answer of September in which the rule judges one route table, and something else that shows.
fn beside(show: impl FnOnce(&mut Case)) -> Case {
    let mut case = Case::new();
    case.judged(RULE, TABLE, &[("rtb", Compliant, JULY)], SEPTEMBER);
    show(&mut case);
    case
}

fn automated(case: &Case) -> Automated {
    case.assess().control(CONTROL).automated
}

fn related(case: &mut Case) {
    case.listing(&Case::here("history"), "get-resource-config-history");
    let mention = Mention {
        at: case.next(),
        place: here(),
        resource_type: TABLE.into(),
        resource_id: "rtb-2".into(),
        seen_at: JULY.parse().ok(),
    };
    case.evidence.mentions.push(mention);
}

#[test]
fn what_exists_without_a_verdict_leaves_open_a_rule_that_judges_all_of_its_type() {
    let recorded = |case: &mut Case| {
        case.item_of(TABLE, "rtb-2", "OK", JULY);
    };
    let judged = |case: &mut Case| {
        case.judged("restricted-ssh", TABLE, &[("rtb-2", Compliant, JULY)], JULY);
    };
    for case in [beside(recorded), beside(judged), beside(related)] {
        let assessed = case.assess();
        assert_eq!(assessed.control(CONTROL).automated, Automated::Incomplete);
        assert_eq!(assessed.seen(RULE), [(SEOUL, Seen::Partial)]);
        assert_eq!(
            assessed.reasons(CONTROL),
            [(ReasonKind::UnjudgedResource, RULE)]
        );
        let gaps = assessed.gaps(GapKind::UnjudgedResource);
        let gap = gaps.iter().find(|gap| gap.rule == RULE).expect("a gap");
        assert_eq!(gap.detail, "1: AWS::EC2::RouteTable rtb-2");
        assert_eq!(gap.at.input, "E0002", "what shows it");
    }
    assert_eq!(automated(&beside(|_| ())), Automated::Compliant);
}

#[test]
fn what_is_of_another_type_or_gone_or_came_about_when_the_answer_was_taken_needs_no_verdict() {
    for (kind, status, time, expected) in [
        (VOLUME, "OK", JULY, Automated::Compliant),
        (TABLE, "ResourceDeleted", JULY, Automated::Compliant),
        (TABLE, "OK", "2026-09-13T00:00:00Z", Automated::Incomplete),
        (TABLE, "OK", "2026-09-14T12:00:00Z", Automated::Compliant),
        // After the period.
        (TABLE, "OK", "2026-10-02T00:00:00Z", Automated::Compliant),
    ] {
        let case = beside(|case| {
            case.item_of(kind, "rtb-2", status, time);
        });
        assert_eq!(automated(&case), expected, "{kind} {status} {time}");
    }
}

#[test]
fn what_a_rule_may_leave_out_is_a_gap_that_decides_nothing_unless_the_answer_holds_such() {
    let rule = "encrypted-volumes";
    for (also, expected) in [(Compliant, Seen::Seen), (NotApplicable, Seen::Partial)] {
        let mut case = Case::new();
        let rows = [("vol", Compliant, JULY), ("vol-3", also, JULY)];
        case.judged(rule, VOLUME, &rows, SEPTEMBER);
        case.item_of(VOLUME, "vol-2", "OK", JULY);
        let assessed = case.assess();
        assert_eq!(assessed.seen(rule), [(SEOUL, expected)], "{also}");
        let gaps = assessed.gaps(GapKind::UnjudgedResource);
        let gap = gaps.iter().find(|gap| gap.rule == rule).expect("a gap");
        assert_eq!(gap.at.command.is_empty(), expected == Seen::Seen, "{also}");
    }
}

#[test]
fn a_vpc_has_a_route_table_whatever_a_snapshot_lacks() {
    for (kind, expected) in [(VOLUME, Seen::CheckedNone), (VPC, Seen::NotChecked)] {
        let mut case = Case::new();
        case.recorder(Recorded::All(true), true);
        case.item_of(kind, "x", "OK", SEPTEMBER);
        assert_eq!(case.assess().seen(RULE), [(SEOUL, expected)], "{kind}");
    }
}

#[test]
fn a_verdict_on_a_resource_elsewhere_or_before_the_period_is_none_here() {
    let other_region = beside(|case| {
        case.account(PROD, &[SEOUL, "us-east-1"]);
        let path = format!("exports/{PROD}/us-east-1/d.json");
        case.details_in(&path, RULE, &[("rtb-2", Compliant, JULY)]);
        case.last_evaluation().resource_type = TABLE.into();
        case.captured(SEPTEMBER);
        // As functions, tables and alarms are named: the same in every region.
        case.item_of(TABLE, "rtb-2", "OK", JULY);
    });
    assert_eq!(
        automated(&other_region),
        Automated::Incomplete,
        "another region"
    );
    let earlier = beside(|case| {
        let june = "2026-06-01T00:00:00Z";
        case.judged(
            "vpc-flow-logs-enabled",
            TABLE,
            &[("rtb-2", Compliant, june)],
            june,
        );
        case.item_of(TABLE, "rtb-2", "OK", JULY);
    });
    assert_eq!(
        automated(&earlier),
        Automated::Incomplete,
        "another rule, in June"
    );
}

#[test]
fn what_passed_before_and_is_missing_from_a_later_answer_although_it_exists_is_unjudged() {
    // The later answer may have been filtered to what passes: by then it failed.
    let mut case = Case::new();
    let both = [("rtb", Compliant, JULY), ("rtb-2", Compliant, JULY)];
    case.judged(RULE, TABLE, &both, JULY);
    case.judged(RULE, TABLE, &[("rtb", Compliant, AUGUST)], SEPTEMBER);
    case.item_of(TABLE, "rtb-2", "OK", AUGUST);
    assert_eq!(automated(&case), Automated::Incomplete);
}

#[test]
fn a_vpc_has_a_route_table_whatever_a_status_says() {
    let mut case = Case::new();
    case.item_of(VPC, "vpc", "OK", JULY);
    case.ran_empty(RULE, AUGUST, None).captured(SEPTEMBER);
    assert_eq!(automated(&case), Automated::Incomplete);
}
