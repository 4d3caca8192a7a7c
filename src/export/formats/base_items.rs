//! `batch-get-resource-config` and its aggregate variant: items without tags and relationships.

use crate::evidence::ListingKind;

use super::{Format, item, nothing_more};

pub const FORMAT: Format = Format {
    operation: "batch-get-resource-config",
    key: "BaseConfigurationItems",
    marks: &[],
    kind: ListingKind::Stream,
    read: item::read,
    counter: |records| &mut records.configuration_items,
    conclude: nothing_more,
};
