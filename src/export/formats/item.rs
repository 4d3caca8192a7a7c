//! A configuration item, as files and notifications spell it and as the API does.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::evidence::{ConfigurationItem, Place, Provenance};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::staged::Staged;
use crate::time::AwsTime;

use super::compliance_item;

/// `relationships` and the like are passed over; `configuration` is looked into only where AWS
/// Config keeps a verdict there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(borrow, alias = "accountId")]
    aws_account_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    aws_region: Option<Cow<'a, str>>,
    #[serde(borrow)]
    resource_type: Cow<'a, str>,
    #[serde(borrow)]
    resource_id: Cow<'a, str>,
    #[serde(borrow)]
    resource_name: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "ARN", alias = "arn")]
    arn: Option<Cow<'a, str>>,
    #[serde(borrow)]
    configuration_item_status: Cow<'a, str>,
    configuration_item_capture_time: Option<AwsTime>,
    resource_creation_time: Option<AwsTime>,
    #[serde(borrow)]
    tags: Option<BTreeMap<Cow<'a, str>, Option<Cow<'a, str>>>>,
    #[serde(borrow)]
    configuration: Option<&'a RawValue>,
}

/// Reads one item, and the verdicts that it holds.
pub fn read(bytes: &[u8], at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(bytes, |row| {
        named(&row.resource_type, "resourceType")?;
        named(&row.resource_id, "resourceId")?;
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
                account: staged.text_of(row.aws_account_id.as_deref()),
                region: staged.text_of(row.aws_region.as_deref()),
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
        compliance_item::read(&item, row.configuration, staged)?;
        staged.items.push(item);
        Ok(())
    })
}

/// What must not be empty.
pub fn named(value: &str, field: &str) -> Result<(), Problem> {
    if !value.is_empty() {
        return Ok(());
    }
    let message = format!("`{field}` is empty");
    Err(Problem::new(Code::Value, &format!("/{field}"), &message))
}
