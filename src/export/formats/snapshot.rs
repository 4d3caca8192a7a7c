//! Configuration snapshots, as AWS Config delivers them to S3.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::evidence::{ConfigurationItem, Place, Provenance};
use crate::export::document::Envelope;
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::staged::Staged;
use crate::time::AwsTime;

use super::Format;

pub const FORMAT: Format = Format {
    operation: "configuration-snapshot",
    key: "configurationItems",
    read,
    counter: |records| &mut records.configuration_items,
    accepts,
};

/// History files and API answers have the same list but no `configSnapshotId`: they do not
/// tell what exists at one moment.
fn accepts(envelope: &Envelope) -> Result<(), String> {
    match envelope.string("configSnapshotId") {
        Some(_) => Ok(()),
        None => Err(
            "it has configuration items but no `configSnapshotId`: it is not a snapshot".to_owned(),
        ),
    }
}

/// `configuration`, `relationships` and the like are passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(borrow)]
    aws_account_id: Cow<'a, str>,
    #[serde(borrow)]
    aws_region: Cow<'a, str>,
    #[serde(borrow)]
    resource_type: Cow<'a, str>,
    #[serde(borrow)]
    resource_id: Cow<'a, str>,
    #[serde(borrow)]
    resource_name: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "ARN")]
    arn: Option<Cow<'a, str>>,
    #[serde(borrow)]
    configuration_item_status: Cow<'a, str>,
    configuration_item_capture_time: Option<AwsTime>,
    resource_creation_time: Option<AwsTime>,
    #[serde(borrow)]
    tags: Option<BTreeMap<Cow<'a, str>, Option<Cow<'a, str>>>>,
}

fn read(bytes: &[u8], at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(bytes, |row| {
        if row.resource_type.is_empty() || row.resource_id.is_empty() {
            let field = if row.resource_type.is_empty() {
                "resourceType"
            } else {
                "resourceId"
            };
            let message = format!("`{field}` is empty");
            return Err(Problem::new(Code::Value, &format!("/{field}"), &message));
        }
        let tags = row.tags.unwrap_or_default();
        let tags = tags.iter().map(|(key, value)| {
            (
                staged.text(key),
                staged.text(value.as_deref().unwrap_or_default()),
            )
        });
        let tags = tags.collect();
        let item = ConfigurationItem {
            at,
            place: Place {
                account: staged.text_of(Some(&row.aws_account_id)),
                region: staged.text_of(Some(&row.aws_region)),
            },
            resource_type: staged.text(&row.resource_type),
            resource_id: staged.text(&row.resource_id),
            resource_name: staged.text_of(row.resource_name.as_deref()),
            arn: staged.text_of(row.arn.as_deref()),
            status: staged.text(&row.configuration_item_status),
            captured_at: row.configuration_item_capture_time,
            created_at: row.resource_creation_time,
            tags,
        };
        staged.items.push(item);
        Ok(())
    })
}
