//! `get-discovered-resource-counts` and `list-discovered-resources`: of which types resources exist.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::evidence::{ListingKind, Provenance};
use crate::export::element::{ElementError, element};
use crate::export::staged::Staged;

use super::{Format, nothing_more};

/// Which resources exist, and nothing of them.
pub const LIST: Format = discovered("list-discovered-resources", "ResourceIdentifiers");
/// Resources by type, without their names.
pub const COUNTS: Format = discovered("get-discovered-resource-counts", "resourceCounts");

const fn discovered(operation: &'static str, key: &'static str) -> Format {
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

/// A count, or the name of one resource: then it counts one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(borrow, alias = "ResourceType")]
    resource_type: Option<Cow<'a, str>>,
    #[serde(alias = "Count")]
    count: Option<u64>,
    #[serde(alias = "ResourceDeletionTime")]
    resource_deletion_time: Option<IgnoredAny>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let exists = row.count != Some(0) && row.resource_deletion_time.is_none();
        if let Some(kind) = row.resource_type.as_deref().filter(|_| exists) {
            staged.exists(kind, at);
        }
        Ok(())
    })
}
