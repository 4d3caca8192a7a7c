//! `select-resource-config` and its aggregate variant: each result is a resource as JSON in a
//! string, as far as the query selected it.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::evidence::{ConfigurationItem, ListingKind, Place, Provenance};
use crate::export::element::{ElementError, Problem, code_of, element};
use crate::export::fault::Code;
use crate::export::field::{List, Optional, Text};
use crate::export::staged::Staged;
use crate::time::AwsTime;

use super::item::status;
use super::relation::{self, Relation};
use super::{Format, compliance_item, nothing_more};

pub const FORMAT: Format = Format {
    operation: "select-resource-config",
    key: "Results",
    marks: &[],
    kind: ListingKind::Stream,
    read,
    counter: |records| &mut records.configuration_items,
    conclude: nothing_more,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(borrow)]
    account_id: Optional<Text<'a>>,
    #[serde(borrow)]
    aws_region: Optional<Text<'a>>,
    #[serde(borrow)]
    resource_type: Optional<Text<'a>>,
    #[serde(borrow)]
    resource_id: Optional<Text<'a>>,
    #[serde(borrow)]
    resource_name: Optional<Text<'a>>,
    #[serde(borrow)]
    arn: Optional<Text<'a>>,
    #[serde(borrow)]
    configuration_item_status: Optional<Text<'a>>,
    configuration_item_capture_time: Optional<AwsTime>,
    resource_creation_time: Optional<AwsTime>,
    #[serde(borrow)]
    configuration: Option<&'a RawValue>,
    #[serde(borrow)]
    relationships: List<Relation<'a>>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<&RawValue>(text, |raw| {
        let raw = staged.without_halves(raw.get());
        let inner: String;
        let text = if raw.starts_with('"') {
            inner = serde_json::from_str(&raw).map_err(|error| no_resource(&error))?;
            staged.without_halves(&inner)
        } else {
            raw
        };
        let row: Row<'_> = serde_json::from_str(&text).map_err(|error| no_resource(&error))?;
        record(row, at, staged)
    })
}

fn record(row: Row<'_>, at: Provenance, staged: &mut Staged) -> Result<(), Problem> {
    let (Some(kind), Some(id)) = (row.resource_type.text(), row.resource_id.text()) else {
        let message = "the query selects no `resourceType` or no `resourceId`";
        return Err(Problem::new(Code::Projected, "", &message));
    };
    let item = ConfigurationItem {
        at,
        place: Place {
            account: staged.text_of(row.account_id.as_deref()),
            region: staged.text_of(row.aws_region.as_deref()),
        },
        resource_type: kind,
        resource_id: id,
        resource_name: row.resource_name.text(),
        arn: row.arn.text(),
        // AWS Config answers queries from the resources that are there now.
        status: status(row.configuration_item_status.text(), staged),
        captured_at: row.configuration_item_capture_time.0,
        created_at: row.resource_creation_time.0,
        tags: Vec::new(),
    };
    compliance_item::read(&item, row.configuration, staged)?;
    relation::note(&item, row.relationships, staged)?;
    staged.item(&item)
}

fn no_resource(error: &serde_json::Error) -> Problem {
    if code_of(error) == Code::Time {
        return Problem::new(Code::Time, "", error);
    }
    let message = format!("a result is not a resource in JSON: {error}");
    Problem::new(Code::Projected, "", &message)
}
