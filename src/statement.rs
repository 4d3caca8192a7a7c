//! `statement.csv`: what the applicant states of each control (운영명세서, control 1.3.1).

use crate::catalogue::ControlId;

/// One row of `statement.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRow {
    /// The control: an item.
    pub control_id: ControlId,
    /// Whether it was selected (선정 여부).
    pub selected: bool,
    /// How it is operated (운영 현황).
    pub operation: String,
    /// Policies with clause numbers (관련문서).
    pub documents: String,
    /// Records (기록): `evidence/…`, `exports/…` or free text.
    pub records: Vec<String>,
    /// Why it was not selected (미선정 사유).
    pub reason_not_selected: String,
}
