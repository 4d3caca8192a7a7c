//! A configuration item, as files and notifications spell it and as the API does.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::evidence::{ConfigurationItem, Place, Provenance};
use crate::export::element::{ElementError, element};
use crate::export::field::{List, Name, Optional, Text};
use crate::export::staged::Staged;
use crate::time::AwsTime;

use super::compliance_item;
use super::relation::{self, Relation};
use super::words::{ITEM_STATUS, Word};

/// `configuration` is looked into only where AWS Config keeps a verdict there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(borrow, alias = "accountId")]
    aws_account_id: Optional<Text<'a>>,
    #[serde(borrow)]
    aws_region: Optional<Text<'a>>,
    #[serde(borrow)]
    resource_type: Name<'a>,
    #[serde(borrow)]
    resource_id: Name<'a>,
    #[serde(borrow)]
    resource_name: Optional<Text<'a>>,
    #[serde(borrow, rename = "ARN", alias = "arn")]
    arn: Optional<Text<'a>>,
    #[serde(borrow)]
    configuration_item_status: Optional<Text<'a>>,
    configuration_item_capture_time: Optional<AwsTime>,
    resource_creation_time: Optional<AwsTime>,
    #[serde(borrow)]
    tags: Optional<Tags<'a>>,
    #[serde(borrow)]
    configuration: Option<&'a RawValue>,
    #[serde(borrow)]
    relationships: List<Relation<'a>>,
}

/// Reads one item, and the verdicts that it holds.
pub fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let item = ConfigurationItem {
            at,
            place: Place {
                account: staged.text_of(row.aws_account_id.as_deref()),
                region: staged.text_of(row.aws_region.as_deref()),
            },
            resource_type: row.resource_type.0,
            resource_id: row.resource_id.0,
            resource_name: row.resource_name.text(),
            arn: row.arn.text(),
            status: status(row.configuration_item_status.text(), staged),
            captured_at: row.configuration_item_capture_time.0,
            created_at: row.resource_creation_time.0,
            tags: row.tags.0.unwrap_or_default().0,
        };
        compliance_item::read(&item, row.configuration, staged)?;
        relation::note(&item, row.relationships, staged)?;
        staged.item(&item)
    })
}

/// `configurationItemStatus`: without one, and with an unknown one, the resource is there.
pub fn status<'a>(status: Option<Cow<'a, str>>, staged: &mut Staged) -> Cow<'a, str> {
    match ITEM_STATUS.read(status.as_deref(), staged) {
        Word::Known(known) => Cow::Borrowed(known),
        Word::Absent => Cow::Borrowed("OK"),
        Word::Unknown => status.unwrap_or_default(),
    }
}

/// Tags sorted by key; of one key that stands twice the last counts.
#[derive(Default)]
struct Tags<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Tags<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Tags<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut tags = Vec::new();
                while let Some((Text(key), value)) = map.next_entry::<_, Option<Text<'_>>>()? {
                    tags.push((key, value.map(|Text(value)| value).unwrap_or_default()));
                }
                // The last first, for it is the first that stays.
                tags.reverse();
                tags.sort_by(|a, b| a.0.cmp(&b.0));
                tags.dedup_by(|a, b| a.0 == b.0);
                Ok(Tags(tags))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}
