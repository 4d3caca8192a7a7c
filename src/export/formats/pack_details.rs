//! `get-conformance-pack-compliance-details`: Evaluations of all rules of a conformance pack; the AWS CLI stops after one page.

use crate::evidence::ListingKind;

use super::{Format, evaluation, nothing_more};

pub const FORMAT: Format = Format {
    operation: "get-conformance-pack-compliance-details",
    key: "ConformancePackRuleEvaluationResults",
    marks: &[],
    kind: ListingKind::Answer,
    read: evaluation::read,
    counter: |records| &mut records.evaluation_results,
    conclude: nothing_more,
};
