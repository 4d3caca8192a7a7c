//! Decisions: which change a result, and when.

use std::collections::BTreeSet;

use super::case::*;
use crate::assess::{Automated, DecisionState, Finding, FindingId, Manual, ReasonKind};
use crate::decision::{Decision, DecisionKind};

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
fn only_an_exception_or_a_false_positive_changes_an_automated_result() {
    for kind in [
        DecisionKind::Attestation,
        DecisionKind::NotApplicable,
        DecisionKind::Plan,
    ] {
        let mut case = failing();
        case.decision(kind).control_id = CONTROL.parse().ok();
        assert_eq!(result(&case), Automated::NonCompliant, "{kind:?}");
    }
}

#[test]
fn a_false_positive_counts_as_an_exception_does_and_apart() {
    let mut case = failing();
    case.rows(RULE, &[("worse", NonCompliant, JULY)]);
    case.decision(DecisionKind::Exception).resource_id = Some("bad".into());
    case.decision(DecisionKind::FalsePositive).resource_id = Some("worse".into());
    let assessed = case.assess();
    let control = assessed.control(CONTROL);
    assert_eq!(control.automated, Automated::Excepted);
    assert_eq!(control.counts.excepted, 1);
    assert_eq!(control.counts.false_positive, 1);
    assert_eq!(assessed.0.totals.findings.false_positive, 1);
    let decision = assessed.finding("worse").decision.as_ref();
    assert_eq!(decision.map(|d| d.kind), Some(DecisionKind::FalsePositive));
    case.decisions.remove(0);
    assert_eq!(result(&case), Automated::NonCompliant);
}

#[test]
fn an_exception_without_another_approver_a_day_of_approval_and_a_last_day_is_without_effect() {
    let with = |change: &dyn Fn(&mut Decision)| {
        let of = |kind| {
            let mut case = failing();
            let decision = case.decision(kind);
            decision.resource_id = Some("bad".into());
            decision.owner = "홍길동 (인프라팀)".into();
            change(decision);
            let assessed = case.assess();
            let excepted = assessed.control(CONTROL).automated == Automated::Excepted;
            let shown = assessed.finding("bad").decision.as_ref();
            assert_eq!(shown.map(|decision| decision.effective), Some(excepted));
            (excepted, assessed.0.decisions[0].state)
        };
        let both = [DecisionKind::Exception, DecisionKind::FalsePositive].map(of);
        assert_eq!(both[0], both[1]);
        both[0]
    };
    let approved_by = |name: &str| with(&|decision| decision.approver = Some(name.into()));
    assert_eq!(
        with(&|decision| decision.approver = None),
        (false, DecisionState::NoApprover)
    );
    assert_eq!(approved_by("-"), (false, DecisionState::NoApprover));
    for same in [
        "홍길동",
        " 홍길동(CISO) ",
        "홍길동（CISO）",
        "홍 길동",
        "\u{1112}\u{1169}\u{11bc}\u{1100}\u{1175}\u{11af}\u{1103}\u{1169}\u{11bc}",
    ] {
        let expected = (false, DecisionState::SelfApproved);
        assert_eq!(approved_by(same), expected, "{same}");
    }
    assert_eq!(
        approved_by("오은서 (인프라팀)"),
        (true, DecisionState::Unbound)
    );
    assert_eq!(
        with(&|decision| decision.approved_on = None),
        (false, DecisionState::NoApprovalDate)
    );
    assert_eq!(
        with(&|decision| decision.expires_on = None),
        (false, DecisionState::NoExpiry)
    );
}

#[test]
fn an_attestation_needs_no_approver() {
    let mut case = Case::new();
    let decision = case.decision(DecisionKind::Attestation);
    decision.control_id = "1.1.1".parse().ok();
    decision.approver = None;
    decision.approved_on = None;
    decision.expires_on = None;
    assert_eq!(case.assess().control("1.1.1").manual, Manual::Attested);
}

#[test]
fn an_exception_never_hides_its_finding() {
    let mut case = failing();
    case.decision(DecisionKind::Exception).resource_id = Some("bad".into());
    let assessed = case.assess();
    let finding = assessed.finding("bad");
    assert_eq!(finding.status, NonCompliant);
    assert!(finding.decision.as_ref().expect("a decision").effective);
    assert_eq!(assessed.control(CONTROL).counts.excepted, 1);
    assert_eq!(assessed.reasons(CONTROL), [(ReasonKind::Excepted, RULE)]);
}

#[test]
fn an_exception_for_one_of_two_failures_leaves_the_control_non_compliant() {
    let mut case = failing();
    case.rows(RULE, &[("worse", NonCompliant, JULY)]);
    case.decision(DecisionKind::Exception).resource_id = Some("bad".into());
    assert_eq!(result(&case), Automated::NonCompliant);
}

#[test]
fn an_exception_for_one_control_does_not_except_another() {
    let mut case = Case::new();
    case.details("root-account-mfa-enabled", &[(PROD, NonCompliant, JULY)]);
    case.decision(DecisionKind::Exception).control_id = "2.5.3".parse().ok();
    let assessed = case.assess();
    assert_eq!(assessed.control("2.5.3").counts.excepted, 1);
    assert_eq!(assessed.control("2.5.5").counts.non_compliant, 1);
    assert_eq!(assessed.0.totals.findings.non_compliant, 1);
    let controls = assessed.finding(PROD).controls.clone();
    for id in controls {
        case.decision(DecisionKind::Exception).control_id = Some(id);
    }
    let assessed = case.assess();
    assert_eq!(assessed.0.totals.findings.excepted, 1, "for each of them");
    assert!(assessed.finding(PROD).is_excepted(None));
}

#[test]
fn an_exception_expires_after_its_last_day_in_the_engagements_timezone() {
    let until = |day: &str| {
        let mut case = failing();
        let decision = case.decision(DecisionKind::Exception);
        decision.resource_id = Some("bad".into());
        decision.expires_on = day.parse().ok();
        let assessed = case.assess();
        (
            assessed.control(CONTROL).automated,
            assessed.0.decisions[0].state,
        )
    };
    assert_eq!(
        until("2026-09-29"),
        (Automated::NonCompliant, DecisionState::Expired)
    );
    assert_eq!(
        until("2026-09-30"),
        (Automated::Excepted, DecisionState::ExpiredSince)
    );
    assert_eq!(
        until("2026-10-05"),
        (Automated::Excepted, DecisionState::Unbound)
    );
}

#[test]
fn decisions_are_judged_when_the_package_is_made_if_that_is_before_the_periods_end() {
    let mut case = failing();
    case.generated_at = "2026-08-01T00:00:00+09:00".into();
    let decision = case.decision(DecisionKind::Exception);
    decision.resource_id = Some("bad".into());
    decision.expires_on = "2026-08-01".parse().ok();
    assert_eq!(result(&case), Automated::Excepted);
    case.decisions[0].expires_on = "2026-07-31".parse().ok();
    assert_eq!(result(&case), Automated::NonCompliant);
    case.generated_at = "2026-07-31T14:59:59Z".into();
    assert_eq!(result(&case), Automated::Excepted);
    case.generated_at = "2026-07-31T15:00:00Z".into();
    assert_eq!(
        result(&case),
        Automated::NonCompliant,
        "the day is that of the engagement's timezone"
    );
}

#[test]
fn an_exception_approved_after_the_period_was_not_in_force_in_it() {
    let mut case = failing();
    let decision = case.decision(DecisionKind::Exception);
    decision.resource_id = Some("bad".into());
    decision.approved_on = "2026-10-01".parse().ok();
    let assessed = case.assess();
    assert_eq!(assessed.control(CONTROL).automated, Automated::NonCompliant);
    assert_eq!(assessed.0.decisions[0].state, DecisionState::ApprovedLater);
}

#[test]
fn an_exception_holds_only_while_its_fingerprint_is_that_of_the_finding() {
    let mut case = failing();
    let fingerprint = case.assess().finding("bad").fingerprint;
    let decision = case.decision(DecisionKind::Exception);
    decision.resource_id = Some("bad".into());
    decision.fingerprint = Some(fingerprint.to_string());
    let assessed = case.assess();
    assert_eq!(assessed.control(CONTROL).automated, Automated::Excepted);
    assert_eq!(assessed.0.decisions[0].state, DecisionState::Effective);
    case.deployed(RULE, "IAM_PASSWORD_POLICY", &[("MaxPasswordAge", "90")]);
    let assessed = case.assess();
    assert_eq!(assessed.control(CONTROL).automated, Automated::NonCompliant);
    assert_eq!(
        assessed.0.decisions[0].state,
        DecisionState::FingerprintChanged
    );
}

#[test]
fn a_decision_without_a_fingerprint_takes_effect_and_is_listed_as_unbound() {
    let mut case = failing();
    case.decision(DecisionKind::Exception).rule = Some(RULE.into());
    let assessed = case.assess();
    assert_eq!(assessed.control(CONTROL).automated, Automated::Excepted);
    assert_eq!(assessed.0.decisions[0].state, DecisionState::Unbound);
}

#[test]
fn a_decision_that_fits_nothing_is_said_to() {
    let mut case = failing();
    case.decision(DecisionKind::Exception).resource_id = Some("other".into());
    let assessed = case.assess();
    assert_eq!(assessed.0.decisions[0].state, DecisionState::Unmatched);
    assert_eq!(assessed.control(CONTROL).automated, Automated::NonCompliant);
}

/// Whether the finding has everything that the decision names.
fn has_all(finding: &Finding, decision: &Decision) -> bool {
    let is = |asked: &Option<String>, values: &[&str]| {
        asked.as_deref().is_none_or(|asked| values.contains(&asked))
    };
    let mut regions: Vec<&str> = finding.regions.iter().map(String::as_str).collect();
    regions.push(&finding.region);
    let id = finding.id.to_string();
    is(&decision.rule, &[&finding.rule, &finding.deployed_rule])
        && is(&decision.account, &[&finding.account])
        && is(&decision.region, &regions)
        && is(&decision.resource_id, &[&finding.resource_id])
        && is(&decision.finding_id, &[&id])
        && decision
            .control_id
            .is_none_or(|control| finding.controls.contains(&control))
}

#[test]
fn a_decision_fits_every_finding_that_has_all_that_it_names_and_no_other() {
    let mut case = failing();
    case.rows("restricted-ssh", &[("bad", NonCompliant, JULY)]);
    case.rows(
        "restricted-ssh-conformance-pack-ab12cd34e",
        &[("sg", NonCompliant, JULY)],
    );
    case.rows("our-own-check", &[("bad", NonCompliant, JULY)]);
    let findings = case.assess().0.findings;
    for finding in &findings {
        for shape in 0..64_u8 {
            let given = |bit: u8, text: &str| (shape & bit != 0).then(|| text.to_owned());
            let decision = case.decision(DecisionKind::Plan);
            decision.rule = given(
                1,
                [&*finding.rule, &*finding.deployed_rule][usize::from(shape % 4 / 2)],
            );
            decision.account = given(2, &finding.account);
            decision.region = given(4, finding.regions.last().unwrap_or(&finding.region));
            decision.resource_id = given(8, &finding.resource_id);
            decision.finding_id = given(16, &finding.id.to_string());
            decision.control_id = finding.controls.last().copied().filter(|_| shape & 32 != 0);
        }
    }
    case.decision(DecisionKind::Plan).account = Some("999900001111".into());
    case.decision(DecisionKind::Plan).finding_id = Some("no id".into());
    let rows = case.assess().0.decisions;
    assert!(rows.iter().any(|row| row.findings.len() == findings.len()));
    for (row, decision) in rows.iter().zip(&case.decisions) {
        let fits = findings.iter().filter(|finding| has_all(finding, decision));
        let fits: BTreeSet<FindingId> = fits.map(|finding| finding.id).collect();
        let found: BTreeSet<FindingId> = row.findings.iter().copied().collect();
        assert_eq!(found, fits, "{decision:?}");
        assert_eq!(row.findings.len(), fits.len(), "each once: {decision:?}");
    }
}
