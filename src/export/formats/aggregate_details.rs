//! `get-aggregate-compliance-details-by-config-rule`: Evaluations of one rule in one account and region, as an aggregator holds them.

use crate::evidence::ListingKind;

use super::{Format, evaluation, nothing_more};

pub const FORMAT: Format = Format {
    operation: "get-aggregate-compliance-details-by-config-rule",
    key: "AggregateEvaluationResults",
    marks: &["EvaluationResultIdentifier", "ComplianceType", "AccountId"],
    kind: ListingKind::Answer,
    read: evaluation::read_placed,
    counter: |records| &mut records.evaluation_results,
    conclude: nothing_more,
};
