//! `get-aggregate-compliance-details-by-config-rule`: Evaluations of one rule in one account and region, as an aggregator holds them.

use super::{Format, anything, evaluation};

pub const FORMAT: Format = Format {
    operation: "get-aggregate-compliance-details-by-config-rule",
    key: "AggregateEvaluationResults",
    read: evaluation::read_aggregate,
    counter: |records| &mut records.evaluation_results,
    accepts: anything,
};
