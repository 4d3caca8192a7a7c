//! The decisions, as the report lists them.

use chrono::NaiveDate;
use serde::Serialize;

use super::limits::{self, Limited};
use super::text::lines;
use crate::assess::{DecisionRow, DecisionState, FindingId};
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

/// The first decisions, and how many there are.
pub(super) fn decisions(rows: &[DecisionRow]) -> Limited<DecisionLine<'_>> {
    let rows = rows.iter().map(|row| DecisionLine {
        id: &row.id,
        kind: row.kind,
        state: row.state,
        control_id: row.control_id,
        findings: Limited::first(limits::FINDINGS_OF_A_DECISION, &row.findings),
        reason: lines(&row.reason),
        evidence: lines(&row.evidence),
        owner: &row.owner,
        approver: &row.approver,
        approved_on: row.approved_on,
        expires_on: row.expires_on,
    });
    Limited::first(limits::DECISIONS, rows)
}
