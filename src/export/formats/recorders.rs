//! `describe-configuration-recorders`: which types of resources are recorded at all.

use std::borrow::Cow;

use serde::Deserialize;

use crate::evidence::{ListingKind, Provenance, Recorded, Recorder, Text};
use crate::export::element::{ElementError, element};
use crate::export::path;
use crate::export::staged::Staged;

use super::{Format, nothing_more};

pub const FORMAT: Format = Format {
    operation: "describe-configuration-recorders",
    key: "ConfigurationRecorders",
    marks: &["name", "recordingGroup"],
    kind: ListingKind::Answer,
    read,
    counter: |records| &mut records.others,
    conclude: nothing_more,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(borrow, alias = "Name")]
    name: Cow<'a, str>,
    #[serde(borrow, alias = "Arn")]
    arn: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "RecordingGroup")]
    recording_group: Group<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group<'a> {
    #[serde(default, alias = "AllSupported")]
    all_supported: bool,
    #[serde(default, alias = "IncludeGlobalResourceTypes")]
    include_global_resource_types: bool,
    #[serde(borrow, default, alias = "ResourceTypes")]
    resource_types: Vec<Cow<'a, str>>,
    #[serde(borrow, alias = "ExclusionByResourceTypes")]
    exclusion_by_resource_types: Option<Exclusion<'a>>,
    #[serde(borrow, alias = "RecordingStrategy")]
    recording_strategy: Option<Strategy<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Exclusion<'a> {
    #[serde(borrow, default, alias = "ResourceTypes")]
    resource_types: Vec<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Strategy<'a> {
    #[serde(borrow, alias = "UseOnly")]
    use_only: Cow<'a, str>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let recorder = Recorder {
            at,
            name: staged.text(&row.name),
            place: path::place_of_arn(row.arn.as_deref().unwrap_or_default()).unwrap_or_default(),
            recorded: recorded(&row.recording_group, staged),
            internal: false,
        };
        staged.recorders.push(recorder);
        Ok(())
    })
}

fn recorded(group: &Group<'_>, staged: &mut Staged) -> Recorded {
    let mut texts = |types: &[Cow<'_, str>]| -> Vec<Text> {
        types.iter().map(|kind| staged.text(kind)).collect()
    };
    let strategy = group.recording_strategy.as_ref();
    let excluded = group.exclusion_by_resource_types.as_ref();
    match (strategy.map(|strategy| &*strategy.use_only), excluded) {
        (Some("EXCLUSION_BY_RESOURCE_TYPES"), Some(excluded)) => {
            Recorded::Except(texts(&excluded.resource_types))
        }
        _ if group.all_supported => Recorded::All(group.include_global_resource_types),
        _ => Recorded::Only(texts(&group.resource_types)),
    }
}
