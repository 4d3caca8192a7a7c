//! `get-conformance-pack-compliance-details`: Evaluations of all rules of a conformance pack; the AWS CLI stops after one page.

use super::{Format, anything, evaluation};

pub const FORMAT: Format = Format {
    operation: "get-conformance-pack-compliance-details",
    key: "ConformancePackRuleEvaluationResults",
    read: evaluation::read,
    counter: |records| &mut records.evaluation_results,
    accepts: anything,
};
