//! Exports that hold no verdict and no resource: recognised, counted and not looked into.

use serde::de::IgnoredAny;

use crate::evidence::{ListingKind, Provenance};
use crate::export::element::{ElementError, element};
use crate::export::staged::Staged;

use super::{Format, nothing_more};

const fn unread(operation: &'static str, key: &'static str) -> Format {
    Format {
        operation,
        key,
        marks: &[],
        kind: ListingKind::Answer,
        read,
        counter: |records| &mut records.others,
        conclude: nothing_more,
    }
}

/// Deliveries to S3 and SNS.
pub const DELIVERY: Format = unread("describe-delivery-channel-status", "DeliveryChannelsStatus");
/// A share of compliant rule and resource pairs, of unknown rules.
pub const PACK_SCORES: Format = unread(
    "list-conformance-pack-compliance-scores",
    "ConformancePackComplianceScores",
);
/// Packs by verdict, of several accounts or regions at once.
pub const AGGREGATE_PACK_SUMMARIES: Format = unread(
    "get-aggregate-conformance-pack-compliance-summary",
    "AggregateConformancePackComplianceSummaries",
);

fn read(text: &str, _: Provenance, _: &mut Staged) -> Result<usize, ElementError> {
    element::<IgnoredAny>(text, |_| Ok(()))
}
