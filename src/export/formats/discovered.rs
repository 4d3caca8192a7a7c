//! `get-discovered-resource-counts` and `list-discovered-resources`: of which types resources exist.

use std::borrow::Cow;

use serde::Deserialize;

use crate::evidence::{ConfigurationItem, ListingKind, Place, Provenance};
use crate::export::element::{ElementError, element};
use crate::export::field::{Optional, Text};
use crate::export::staged::Staged;
use crate::time::AwsTime;

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
    resource_type: Optional<Text<'a>>,
    #[serde(alias = "Count")]
    count: Optional<u64>,
    /// AWS leaves it out of those that are there.
    #[serde(alias = "ResourceDeletionTime")]
    resource_deletion_time: Optional<AwsTime>,
    #[serde(borrow, alias = "ResourceId")]
    resource_id: Optional<Text<'a>>,
    #[serde(borrow, alias = "ResourceName")]
    resource_name: Optional<Text<'a>>,
    /// Aggregators say where it is.
    #[serde(borrow, alias = "SourceAccountId")]
    source_account_id: Optional<Text<'a>>,
    #[serde(borrow, alias = "SourceRegion")]
    source_region: Optional<Text<'a>>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let deleted = row.resource_deletion_time.0;
        let counts = row.count.0 != Some(0);
        let Some(kind) = row.resource_type.text().filter(|_| counts) else {
            return Ok(());
        };
        if deleted.is_none() {
            staged.exists(&kind, at);
        }
        let Some(id) = row.resource_id.text() else {
            return Ok(());
        };
        let place = Place {
            account: staged.text_of(row.source_account_id.as_deref()),
            region: staged.text_of(row.source_region.as_deref()),
        };
        let named = ConfigurationItem {
            place,
            resource_name: row.resource_name.text(),
            ..mentioned(at, kind, id)
        };
        if deleted.is_none() {
            return staged.mention(&named);
        }
        staged.item(&ConfigurationItem {
            status: Cow::Borrowed("ResourceDeleted"),
            captured_at: deleted,
            ..named
        })
    })
}

/// A resource of which this type and id are all that is known.
pub fn mentioned<'a>(
    at: Provenance,
    resource_type: Cow<'a, str>,
    resource_id: Cow<'a, str>,
) -> ConfigurationItem<'a> {
    ConfigurationItem {
        at,
        place: Place::default(),
        resource_type,
        resource_id,
        resource_name: None,
        arn: None,
        status: Cow::Borrowed(""),
        captured_at: None,
        created_at: None,
        tags: Vec::new(),
    }
}
