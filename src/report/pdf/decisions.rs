//! The decisions, as the report lists them.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::limits::{self, Limited};
use super::text::lines;
use crate::assess::{Assessment, DecisionState, FindingId};
use crate::catalogue::ControlId;
use crate::decision::DecisionKind;

/// One decision; what people wrote in it is line by line.
#[derive(Serialize)]
pub(super) struct DecisionLine<'a> {
    id: &'a str,
    kind: DecisionKind,
    state: DecisionState,
    control_id: Option<ControlId>,
    findings: Limited<&'a FindingId>,
    reason: Vec<String>,
    evidence: Vec<String>,
    owner: &'a str,
    approver: &'a str,
    approved_on: Option<NaiveDate>,
    expires_on: Option<NaiveDate>,
}

/// The first decisions, and how many there are; of their findings those that fail stand first.
pub(super) fn decisions(assessment: &Assessment) -> Limited<DecisionLine<'_>> {
    let decided = (assessment.findings.iter()).filter(|finding| finding.decision.is_some());
    let fails = decided.filter(|finding| finding.is_failing());
    let fails: HashSet<FindingId> = fails.map(|finding| finding.id).collect();
    let rows = assessment.decisions.iter().map(|row| DecisionLine {
        id: &row.id,
        kind: row.kind,
        state: row.state,
        control_id: row.control_id,
        findings: Limited::first(
            limits::FINDINGS_OF_A_DECISION,
            failing_first(&row.findings, &fails),
        ),
        reason: lines(&row.reason),
        evidence: lines(&row.evidence),
        owner: &row.owner,
        approver: &row.approver,
        approved_on: row.approved_on,
        expires_on: row.expires_on,
    });
    Limited::first(limits::DECISIONS, rows)
}

/// The same findings, those that fail before the others.
fn failing_first<'f>(
    findings: &'f [FindingId],
    fails: &HashSet<FindingId>,
) -> impl Iterator<Item = &'f FindingId> {
    let (failing, others): (Vec<_>, Vec<_>) = findings.iter().partition(|id| fails.contains(*id));
    failing.into_iter().chain(others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_is_not_cut_off_behind_what_does_not() {
        let id = |n: u8| format!("F-{n:012x}").parse::<FindingId>().expect("an id");
        let findings = [1, 2, 3, 4].map(id);
        let fails = HashSet::from([id(3)]);
        let shown: Vec<FindingId> = failing_first(&findings, &fails).copied().collect();
        assert_eq!(shown, [3, 1, 2, 4].map(id));
    }
}
