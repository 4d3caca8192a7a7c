//! `get-compliance-details-by-config-rule`: Evaluations of one rule, page by page.

use crate::evidence::ListingKind;

use super::{Format, evaluation, nothing_more};

pub const FORMAT: Format = Format {
    operation: "get-compliance-details-by-config-rule",
    key: "EvaluationResults",
    marks: &["EvaluationResultIdentifier", "ComplianceType"],
    kind: ListingKind::Answer,
    read: evaluation::read,
    counter: |records| &mut records.evaluation_results,
    conclude: nothing_more,
};
