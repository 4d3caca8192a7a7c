//! `get-compliance-details-by-config-rule`: Evaluations of one rule, page by page.

use super::{Format, anything, evaluation};

pub const FORMAT: Format = Format {
    operation: "get-compliance-details-by-config-rule",
    key: "EvaluationResults",
    read: evaluation::read,
    counter: |records| &mut records.evaluation_results,
    accepts: anything,
};
