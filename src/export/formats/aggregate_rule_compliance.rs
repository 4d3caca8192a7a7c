//! `describe-aggregate-compliance-by-config-rules`: one verdict a rule, account and region.

use crate::evidence::ListingKind;

use super::{Format, nothing_more, rule_compliance};

pub const FORMAT: Format = Format {
    operation: "describe-aggregate-compliance-by-config-rules",
    key: "AggregateComplianceByConfigRules",
    marks: &["ConfigRuleName", "Compliance", "AccountId"],
    kind: ListingKind::Answer,
    read: rule_compliance::read,
    counter: |records| &mut records.rule_compliances,
    conclude: nothing_more,
};
