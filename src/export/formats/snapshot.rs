//! Configuration items: snapshots and histories as AWS Config delivers them to S3, histories as
//! its API answers, and the items of notifications.

use crate::evidence::{Listing, ListingKind};
use crate::export::envelope::Envelope;

use super::{Format, item};

pub const FORMAT: Format = Format {
    operation: "configuration-item",
    key: "configurationItems",
    marks: &["resourceType", "resourceId", "configurationItemCaptureTime"],
    kind: ListingKind::Stream,
    read: item::read,
    counter: |records| &mut records.configuration_items,
    conclude,
};

/// Only a snapshot tells what exists at one moment; it alone has a `configSnapshotId`.
fn conclude(envelope: &Envelope, listing: &mut Listing) {
    if envelope.string("configSnapshotId").is_some() {
        listing.operation = "configuration-snapshot";
        listing.kind = ListingKind::Snapshot;
    } else if envelope.string("fileVersion").is_some() {
        listing.operation = "configuration-history";
    } else {
        listing.operation = "get-resource-config-history";
    }
}
