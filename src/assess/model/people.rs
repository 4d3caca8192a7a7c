//! What people decided, wrote and handed in.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::catalogue::ControlId;
use crate::decision::DecisionKind;
use crate::digest::Digest;

use super::FindingId;

/// A decision and what became of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecisionRow {
    /// Its id.
    pub id: String,
    /// Which kind.
    pub kind: DecisionKind,
    /// What became of it.
    pub state: DecisionState,
    /// The control, if it names one.
    pub control_id: Option<ControlId>,
    /// The findings it fits.
    pub findings: Vec<FindingId>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Who approved it.
    pub approver: String,
    /// When.
    pub approved_on: Option<NaiveDate>,
    /// Until when, inclusive.
    pub expires_on: Option<NaiveDate>,
    /// Documents.
    pub evidence: String,
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionState {
    /// In force.
    Effective,
    /// In force, but not bound to a fingerprint.
    Unbound,
    /// In force when judged, but expired since.
    ExpiredSince,
    /// Its last day had passed when it was judged.
    Expired,
    /// It was approved only after the moment at which it is judged.
    ApprovedLater,
    /// What it judged has changed.
    FingerprintChanged,
    /// It would change a result, and nobody approved it.
    NoApprover,
    /// It would change a result, and its owner approved it.
    SelfApproved,
    /// It would change a result, and does not say when it was approved.
    NoApprovalDate,
    /// It would change a result, and has no last day.
    NoExpiry,
    /// It fits no finding and no control in scope.
    Unmatched,
    /// A plan: kept, and changes nothing.
    Noted,
}

/// A file of manual evidence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ManualEvidenceRow {
    /// `M0001`.
    pub id: String,
    /// The control in whose folder it lies.
    pub control_id: ControlId,
    /// Its path in the engagement.
    pub path: String,
    /// Its path in the bundle.
    pub bundle_path: String,
    /// Its digest.
    pub sha256: Digest,
    /// Its size.
    pub bytes: u64,
}

/// One row of the 운영명세서.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatementOfOperation {
    /// The control.
    pub control_id: ControlId,
    /// Korean title.
    pub title_ko: String,
    /// English title.
    pub title_en: String,
    /// `Y`, `N`, or empty where the applicant has not said.
    pub selected: String,
    /// How it is operated, or why it was not selected.
    pub operation: String,
    /// Policies with clause numbers.
    pub documents: String,
    /// Records, each resolved to its evidence id and short digest where it is a file.
    pub records: String,
}

/// A row of AWS's mapping.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MappingEntry {
    /// The control or domain.
    pub control_id: ControlId,
    /// Korean title.
    pub title_ko: String,
    /// English title.
    pub title_en: String,
    /// The rule.
    pub rule: String,
    /// Its identifier.
    pub source_identifier: String,
    /// Which page has the row.
    pub source: String,
}
