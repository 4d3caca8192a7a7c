//! Control results, and what people hand in.

use super::case::*;
use crate::assess::{Automated, Manual, ReasonKind};
use crate::catalogue::{Level, Scheme};
use crate::decision::DecisionKind;
use crate::digest::Digest;
use crate::evidence::ComplianceType;
use crate::manual::ManualEvidence;
use crate::sheet::RowPlace;
use crate::statement::StatementRow;

const RULE: &str = "iam-password-policy";
const CONTROL: &str = "2.5.4";

fn failing() -> Case {
    let mut case = Case::new();
    case.details(
        RULE,
        &[("bad", NonCompliant, JULY), ("good", Compliant, JULY)],
    );
    case
}

fn result(case: &Case) -> Automated {
    case.assess().control(CONTROL).automated
}

#[test]
fn the_first_line_that_fits_decides() {
    let mut case = failing();
    assert_eq!(result(&case), Automated::NonCompliant);
    case.decision(DecisionKind::Exception).resource_id = Some("bad".into());
    assert_eq!(result(&case), Automated::Excepted);
    case.rule_level(RULE, InsufficientData, None);
    assert_eq!(
        result(&case),
        Automated::Incomplete,
        "incomplete comes before excepted"
    );
    let mut case = failing();
    case.rule_level(RULE, InsufficientData, None);
    assert_eq!(
        result(&case),
        Automated::NonCompliant,
        "what fails comes before what is open"
    );
    let mut case = Case::new();
    case.details(
        RULE,
        &[("good", Compliant, JULY), ("none", NotApplicable, JULY)],
    );
    assert_eq!(result(&case), Automated::Compliant);
    let mut case = Case::new();
    case.details(RULE, &[("none", NotApplicable, JULY)]);
    assert_eq!(result(&case), Automated::NothingToCheck);
    assert_eq!(
        case.assess().control("1.1.1").automated,
        Automated::NotCovered
    );
}

/// The three rules of 2.5.3, all global.
const MFA: [&str; 3] = [
    "iam-user-mfa-enabled",
    "mfa-enabled-for-iam-console-access",
    "root-account-mfa-enabled",
];

#[test]
fn a_control_of_several_rules_is_as_the_worst_of_what_they_say_together() {
    /// What is exported of one rule.
    #[derive(Debug, Clone, Copy)]
    enum Is {
        Verdict(ComplianceType),
        Excepted,
        None,
        Unseen,
    }
    use Is::{Excepted, None, Unseen, Verdict};
    let of = |said: [Is; 3]| {
        let mut case = Case::new();
        for (rule, said) in MFA.into_iter().zip(said) {
            match said {
                Verdict(verdict) => case.details(rule, &[(rule, verdict, JULY)]),
                None => case.ran_empty(rule, SEPTEMBER, Option::None),
                Excepted => {
                    case.decision(DecisionKind::Exception).rule = Some(rule.into());
                    case.details(rule, &[(rule, NonCompliant, JULY)])
                }
                Unseen => &mut case,
            };
        }
        case.assess().control("2.5.3").automated
    };
    let (fails, passes) = (Verdict(NonCompliant), Verdict(Compliant));
    let applies_not = Verdict(NotApplicable);
    for (said, expected) in [
        ([Excepted, Unseen, fails], Automated::NonCompliant),
        ([Excepted, passes, Unseen], Automated::Incomplete),
        (
            [passes, Verdict(InsufficientData), passes],
            Automated::Incomplete,
        ),
        ([None, Excepted, passes], Automated::Excepted),
        ([None, applies_not, passes], Automated::Compliant),
        ([None, None, applies_not], Automated::NothingToCheck),
        ([None, applies_not, Unseen], Automated::Incomplete),
        // The third always judges the account.
        ([None, None, None], Automated::Incomplete),
    ] {
        assert_eq!(of(said), expected, "{said:?}");
    }
}

#[test]
fn a_verdict_outside_the_period_makes_the_control_incomplete() {
    let mut case = Case::new();
    case.details(
        RULE,
        &[
            ("old", NonCompliant, "2026-01-01T00:00:00Z"),
            ("good", Compliant, JULY),
        ],
    );
    let assessed = case.assess();
    assert_eq!(assessed.control(CONTROL).automated, Automated::Incomplete);
    assert_eq!(
        assessed.reasons(CONTROL),
        [(ReasonKind::OutsidePeriod, RULE)]
    );
    assert_eq!(assessed.control(CONTROL).counts.outside_period, 1);
}

#[test]
fn every_reason_is_listed_with_its_rule_and_place() {
    let mut case = Case::new();
    case.details("root-account-mfa-enabled", &[(PROD, NonCompliant, JULY)]);
    let assessed = case.assess();
    assert_eq!(
        assessed.reasons("2.5.3"),
        [
            (ReasonKind::NonCompliant, "root-account-mfa-enabled"),
            (ReasonKind::NotChecked, "iam-user-mfa-enabled"),
            (ReasonKind::NotChecked, "mfa-enabled-for-iam-console-access"),
        ]
    );
    let first = &assessed.control("2.5.3").reasons[0];
    assert_eq!((&*first.at.account, &*first.at.region), (PROD, "global"));
}

#[test]
fn a_rule_mapped_to_a_domain_supports_its_items_and_decides_none() {
    let mut case = Case::new();
    case.details("restricted-ssh", &[("sg", NonCompliant, JULY)]);
    let assessed = case.assess();
    assert_eq!(assessed.control("2.6").automated, Automated::NonCompliant);
    let item = assessed.control("2.6.1");
    assert_eq!(item.automated, Automated::NotCovered);
    assert!(item.support.contains(&"restricted-ssh".to_owned()));
    assert_eq!(item.counts.non_compliant, 0);
}

#[test]
fn areas_and_domains_without_rules_have_no_result() {
    let assessed = Case::new().assess();
    for id in ["2", "2.5", "3.1"] {
        let id = id.parse().expect("a number");
        let row = assessed
            .0
            .controls
            .iter()
            .find(|row| row.id == id)
            .expect("a row");
        assert!(row.result.is_none());
    }
    let rows = assessed.0.controls.iter();
    let concluded = rows.filter(|row| row.level != Level::Item && row.result.is_some());
    let concluded: Vec<String> = concluded.map(|row| row.id.to_string()).collect();
    assert_eq!(concluded, ["2.6", "2.7", "2.12"]);
}

#[test]
fn the_statement_of_operation_says_nothing_that_the_applicant_did_not_say() {
    let mut case = failing();
    case.manual.push(ManualEvidence {
        id: "M0001".into(),
        control_id: CONTROL.parse().expect("a control"),
        path: "evidence/2.5.4/a.pdf".into(),
        sha256: Digest::of(b"x"),
        bytes: 1,
    });
    case.decision(DecisionKind::Attestation).control_id = CONTROL.parse().ok();
    let statement = case.assess().0.statement;
    assert_eq!(statement.len(), 101);
    for row in statement {
        let said = [row.selected, row.operation, row.documents, row.records];
        assert_eq!(said, [""; 4], "{}", row.control_id);
    }
}

#[test]
fn isms_asks_for_areas_1_and_2_only() {
    let mut case = Case::new();
    case.engagement.scheme = Scheme::Isms;
    let assessed = case.assess();
    assert_eq!(assessed.0.statement.len(), 80);
    assert!(
        assessed
            .0
            .controls
            .iter()
            .all(|row| row.id.area().to_string() != "3")
    );
}

#[test]
fn the_manual_result_comes_from_people_and_never_from_rules() {
    let manual = |case: &Case| case.assess().control("1.1.1").manual;
    let mut case = failing();
    assert_eq!(manual(&case), Manual::None);
    case.manual.push(ManualEvidence {
        id: "M0001".into(),
        control_id: "1.1.1".parse().expect("a control"),
        path: "evidence/1.1.1/회의록.pdf".into(),
        sha256: Digest::of(b"x"),
        bytes: 1,
    });
    assert_eq!(manual(&case), Manual::EvidenceOnly);
    case.statement.push(StatementRow {
        control_id: "1.1.1".parse().expect("a control"),
        selected: true,
        operation: "분기마다 보고한다".into(),
        documents: String::new(),
        records: vec!["evidence/1.1.1/회의록.pdf".into(), "회의록 대장".into()],
        reason_not_selected: String::new(),
        place: RowPlace::default(),
    });
    assert_eq!(manual(&case), Manual::Attested);
    let said = std::mem::take(&mut case.statement[0].operation);
    assert_eq!(
        manual(&case),
        Manual::EvidenceOnly,
        "selected without a word says nothing"
    );
    case.statement[0].operation = said;
    let assessed = case.assess();
    let digest = Digest::of(b"x").short(12);
    let records = format!("M0001 ({digest}) evidence/1.1.1/회의록.pdf; 회의록 대장");
    assert_eq!(assessed.0.statement[0].records, records);
    assert_eq!(
        assessed.0.manual_evidence[0].bundle_path,
        "data/evidence/1.1.1/M0001.pdf"
    );
    case.statement[0].selected = false;
    assert_eq!(
        manual(&case),
        Manual::EvidenceOnly,
        "not selected without a reason says nothing"
    );
    case.statement[0].reason_not_selected = "해당 없음".into();
    assert_eq!(manual(&case), Manual::NotApplicable);
    case.statement.clear();
    case.decision(DecisionKind::Attestation).control_id = "1.1.1".parse().ok();
    assert_eq!(manual(&case), Manual::Attested);
    case.decision(DecisionKind::NotApplicable).control_id = "1.1.1".parse().ok();
    assert_eq!(manual(&case), Manual::NotApplicable);
    assert_eq!(case.assess().control(CONTROL).manual, Manual::None);
}
