//! `decisions.csv`: exceptions, attestations, plans; who, when, why, until when.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::catalogue::ControlId;

/// The kinds of decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// Accepts a failing finding for a time.
    Exception,
    /// States that a control is operated.
    Attestation,
    /// States that a control does not apply.
    NotApplicable,
    /// Says what will be done; changes nothing.
    Plan,
}

/// One row of `decisions.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Unique within the file.
    pub id: String,
    /// Which kind.
    pub kind: DecisionKind,
    /// The control that it concerns.
    pub control_id: Option<ControlId>,
    /// The managed or deployed rule.
    pub rule: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The region, or `global`.
    pub region: Option<String>,
    /// The resource.
    pub resource_id: Option<String>,
    /// The finding.
    pub finding_id: Option<String>,
    /// What the finding looked like when it was judged.
    pub fingerprint: Option<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Who approved it.
    pub approver: Option<String>,
    /// When it was approved.
    pub approved_on: Option<NaiveDate>,
    /// Its last day.
    pub expires_on: Option<NaiveDate>,
    /// Documents, `;` between.
    pub evidence: String,
}
