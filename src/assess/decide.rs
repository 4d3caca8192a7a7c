//! Decisions: which finding each fits, and whether it is in force at the moment it is judged.

mod fitting;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::catalogue::{ControlId, Scheme};
use crate::decision::{Approval, Decision, DecisionKind};

use super::Subject;
use super::finding::Judged;
use super::model::{DecisionRow, DecisionState, FindingDecision, FindingId, Fingerprint};

use fitting::Fitting;

/// For which controls a finding is excepted.
#[derive(Default)]
struct Excepted {
    everywhere: bool,
    controls: BTreeSet<ControlId>,
}

impl Excepted {
    /// The controls for which alone it is, if it is not for all of the scheme to which it maps.
    fn only_for(&self, controls: &[ControlId], scheme: Scheme) -> Vec<ControlId> {
        let covers = |id: &ControlId| !scheme.includes(*id) || self.controls.contains(id);
        if self.everywhere || controls.iter().all(covers) {
            return Vec::new();
        }
        self.controls.iter().copied().collect()
    }
}

/// What the decisions come to.
#[derive(Debug, Default)]
pub struct Decided {
    /// Each decision with what became of it.
    pub rows: Vec<DecisionRow>,
}

/// Applies all decisions; findings show the one that counts.
pub fn apply(subject: &Subject<'_>, findings: &mut [Judged]) -> Decided {
    let mut decided = Decided::default();
    let days = Days::of(subject);
    let mut excepted = BTreeMap::new();
    let fitting = Fitting::new(subject.decisions, findings);
    for (number, decision) in subject.decisions.iter().enumerate() {
        let mut row = row_of(decision);
        row.state = match decision.kind {
            DecisionKind::Exception | DecisionKind::FalsePositive | DecisionKind::Plan => {
                let fits = fitting.of(number);
                apply_to_findings(decision, (findings, fits), days, &mut row, &mut excepted)
            }
            DecisionKind::Attestation | DecisionKind::NotApplicable => {
                on_control(decision, subject, days)
            }
        };
        decided.rows.push(row);
    }
    for judged in findings {
        let finding = &mut judged.finding;
        let controls = &finding.of.controls;
        let known = excepted.get(&finding.id).zip(finding.decision.as_mut());
        if let Some((excepted, decision)) = known {
            decision.only_for = excepted.only_for(controls, subject.engagement.scheme);
        }
    }
    decided
}

/// Exceptions, false positives and plans. Finding by finding, so that one whose fingerprint changed does not
/// stand for the others.
fn apply_to_findings(
    decision: &Decision,
    (findings, fits): (&mut [Judged], &[usize]),
    days: Days,
    row: &mut DecisionRow,
    excepted: &mut BTreeMap<FindingId, Excepted>,
) -> DecisionState {
    let mut states = Vec::new();
    for index in fits {
        let finding = &mut findings[*index].finding;
        row.findings.push(finding.id);
        let state = state(decision, Some(finding.fingerprint), days);
        let effective = decision.kind.excepts() && in_force(state);
        if effective {
            let excepted = excepted.entry(finding.id).or_default();
            match decision.control_id {
                Some(control) => {
                    excepted.controls.insert(control);
                }
                None => excepted.everywhere = true,
            }
        }
        if effective || finding.decision.is_none() {
            finding.decision = Some(Box::new(FindingDecision {
                id: decision.id.clone(),
                kind: decision.kind,
                effective,
                owner: decision.owner.clone(),
                expires_on: decision.expires_on,
                only_for: Vec::new(),
            }));
        }
        states.push(state);
    }
    // The best of them: the findings themselves say which it does not cover.
    states.into_iter().min().unwrap_or(DecisionState::Unmatched)
}

fn on_control(decision: &Decision, subject: &Subject<'_>, days: Days) -> DecisionState {
    let known = decision
        .control_id
        .filter(|id| subject.engagement.scheme.includes(*id));
    match known {
        Some(_) => state(decision, None, days),
        None => DecisionState::Unmatched,
    }
}

/// Whether a decision in this state changes anything.
pub fn in_force(state: DecisionState) -> bool {
    matches!(
        state,
        DecisionState::Effective | DecisionState::Unbound | DecisionState::ExpiredSince
    )
}

/// The day on which decisions are judged, and the day on which the package is made.
#[derive(Debug, Clone, Copy)]
struct Days {
    judged: NaiveDate,
    made: NaiveDate,
}

impl Days {
    /// The period's last instant or generated-at, whichever is earlier.
    fn of(subject: &Subject<'_>) -> Self {
        let period = &subject.engagement.period;
        let made = subject.generated_at.with_timezone(&period.zone());
        let last = period.to - chrono::TimeDelta::nanoseconds(1);
        Self {
            judged: made.min(last).date_naive(),
            made: made.date_naive(),
        }
    }
}

fn state(decision: &Decision, fingerprint: Option<Fingerprint>, days: Days) -> DecisionState {
    if decision.kind == DecisionKind::Plan {
        return DecisionState::Noted;
    }
    let bound = decision.fingerprint.as_deref();
    let changed = |now: Fingerprint| bound.is_some_and(|bound| bound.parse() != Ok(now));
    if decision.expires_on.is_some_and(|last| last < days.judged) {
        DecisionState::Expired
    } else if decision.approved_on.is_some_and(|day| day > days.judged) {
        DecisionState::ApprovedLater
    } else if let Some(lack) = lack(decision) {
        lack
    } else if fingerprint.is_some_and(changed) {
        DecisionState::FingerprintChanged
    } else if decision.expires_on.is_some_and(|last| last < days.made) {
        DecisionState::ExpiredSince
    } else if fingerprint.is_some() && bound.is_none() {
        DecisionState::Unbound
    } else {
        DecisionState::Effective
    }
}

/// What keeps a decision that would change a result from doing so on any day: somebody else than its
/// owner approves it, and says when and until when.
fn lack(decision: &Decision) -> Option<DecisionState> {
    if !decision.kind.excepts() {
        return None;
    }
    match decision.approval() {
        Approval::Missing => Some(DecisionState::NoApprover),
        Approval::ByOwner => Some(DecisionState::SelfApproved),
        Approval::ByAnother if decision.approved_on.is_none() => {
            Some(DecisionState::NoApprovalDate)
        }
        Approval::ByAnother if decision.expires_on.is_none() => Some(DecisionState::NoExpiry),
        Approval::ByAnother => None,
    }
}

fn row_of(decision: &Decision) -> DecisionRow {
    DecisionRow {
        id: decision.id.clone(),
        kind: decision.kind,
        state: DecisionState::Unmatched,
        control_id: decision.control_id,
        findings: Vec::new(),
        reason: decision.reason.clone(),
        owner: decision.owner.clone(),
        approver: decision.approver.clone().unwrap_or_default(),
        approved_on: decision.approved_on,
        expires_on: decision.expires_on,
        evidence: decision.evidence.clone(),
    }
}
