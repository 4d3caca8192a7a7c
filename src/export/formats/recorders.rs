//! `describe-configuration-recorders`: which types of resources are recorded at all.

use std::borrow::Cow;

use serde::Deserialize;

use crate::evidence::{ListingKind, Provenance, Recorded, Recorder, Text};
use crate::export::element::{ElementError, element};
use crate::export::path;
use crate::export::staged::Staged;

use super::words::{RECORDING_SCOPE, RECORDING_STRATEGY, Word, said};
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
    recording_group: Option<Group<'a>>,
    #[serde(borrow, alias = "RecordingScope")]
    recording_scope: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "ServicePrincipal")]
    service_principal: Option<Cow<'a, str>>,
    /// Of a connection to another provider: it records nothing of AWS.
    #[serde(borrow, alias = "ConnectorArn")]
    connector_arn: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group<'a> {
    #[serde(alias = "AllSupported")]
    all_supported: Option<bool>,
    #[serde(alias = "IncludeGlobalResourceTypes")]
    include_global_resource_types: Option<bool>,
    #[serde(borrow, alias = "ResourceTypes")]
    resource_types: Option<Vec<Cow<'a, str>>>,
    #[serde(borrow, alias = "ExclusionByResourceTypes")]
    exclusion_by_resource_types: Option<Exclusion<'a>>,
    #[serde(borrow, alias = "RecordingStrategy")]
    recording_strategy: Option<Strategy<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Exclusion<'a> {
    #[serde(borrow, alias = "ResourceTypes")]
    resource_types: Option<Vec<Cow<'a, str>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Strategy<'a> {
    #[serde(borrow, alias = "UseOnly")]
    use_only: Option<Cow<'a, str>>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let recorder = Recorder {
            at,
            name: staged.text(&row.name),
            place: path::place_of_arn(row.arn.as_deref().unwrap_or_default()).unwrap_or_default(),
            recorded: recorded(row.recording_group.as_ref(), staged),
            internal: is_internal(&row, staged),
        };
        staged.recorders.push(recorder);
        Ok(())
    })
}

/// Whether it is not the customer's: one of another scope than the one that is paid for counts as
/// AWS's own.
fn is_internal(row: &Row<'_>, staged: &mut Staged) -> bool {
    let scope = RECORDING_SCOPE.read(row.recording_scope.as_deref(), staged);
    let others = [&row.service_principal, &row.connector_arn];
    let other = others
        .into_iter()
        .any(|name| said(name.as_deref()).is_some());
    other || !matches!(scope, Word::Absent | Word::Known("PAID"))
}

fn recorded(group: Option<&Group<'_>>, staged: &mut Staged) -> Recorded {
    let Some(group) = group else {
        return Recorded::Only(Vec::new());
    };
    let strategy = group.recording_strategy.as_ref();
    let strategy = strategy.and_then(|strategy| strategy.use_only.as_deref());
    let strategy = RECORDING_STRATEGY.read(strategy, staged);
    let mut texts = |types: &Option<Vec<Cow<'_, str>>>| -> Vec<Text> {
        let types = types.iter().flatten();
        types.map(|kind| staged.text(kind)).collect()
    };
    let excluded = group.exclusion_by_resource_types.as_ref();
    let excluded = excluded.map(|excluded| texts(&excluded.resource_types));
    // Of what contradicts itself the narrower counts.
    let included = strategy.is("INCLUSION_BY_RESOURCE_TYPES");
    let all = group.all_supported == Some(true) && strategy != Word::Unknown && !included;
    match excluded {
        Some(excluded) if strategy.is("EXCLUSION_BY_RESOURCE_TYPES") => Recorded::Except(excluded),
        Some(excluded) if strategy == Word::Absent && !excluded.is_empty() => {
            Recorded::Except(excluded)
        }
        _ if all => Recorded::All(group.include_global_resource_types == Some(true)),
        _ => Recorded::Only(texts(&group.resource_types)),
    }
}
