//! The assessment as a value: what every document is rendered from, and `assessment.json`.

mod control;
mod finding;
mod finding_json;
mod gap;
mod gap_json;
mod input;
mod inventory;
mod people;
mod reconciliation;
mod rule;
mod site;
mod source;
mod totals;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

pub use control::*;
pub use finding::*;
pub(super) use finding_json::shared;
pub use gap::*;
pub use gap_json::write as write_gaps;
pub use input::*;
pub use inventory::*;
pub use people::*;
pub use reconciliation::*;
pub use rule::*;
pub use site::*;
pub use source::*;
pub use totals::*;

/// The version of this shape.
pub const FORMAT: u32 = 1;

/// Everything that the documents say.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Assessment {
    /// [`FORMAT`].
    pub format: u32,
    /// What is audited.
    pub engagement: EngagementSummary,
    /// The control table and its edition.
    pub table: String,
    /// The day of the notice.
    pub edition: String,
    /// The signer's claimed time.
    pub generated_at: DateTime<FixedOffset>,
    /// Counts over everything, for the cover and the screen.
    pub totals: Totals,
    /// Every area, domain and item of the table that the scheme asks for, in order.
    pub controls: Vec<ControlRow>,
    /// Findings, worst and lowest control first.
    #[serde(deserialize_with = "finding_json::read")]
    pub findings: Vec<Finding>,
    /// Verdicts on resources that are no longer there: listed, not counted.
    #[serde(deserialize_with = "finding_json::read")]
    pub gone: Vec<Finding>,
    /// Every mapped rule, and every other rule that was seen.
    pub rules: Vec<RuleRow>,
    /// What in scope was not seen; not read back from JSON.
    #[serde(flatten, serialize_with = "gap_json::write", skip_deserializing)]
    pub gaps: Vec<Gap>,
    /// The files, in the order of their paths.
    pub inputs: Vec<InputRow>,
    /// The resources of the snapshots.
    pub assets: Inventory,
    /// Decisions with what became of them.
    pub decisions: Vec<DecisionRow>,
    /// Manual evidence.
    pub manual_evidence: Vec<ManualEvidenceRow>,
    /// The statement of operation, one row a control.
    pub statement: Vec<StatementOfOperation>,
    /// What became of every record.
    pub reconciliation: Reconciliation,
    /// AWS's mapping rows with their source.
    pub mapping: Vec<MappingEntry>,
}
