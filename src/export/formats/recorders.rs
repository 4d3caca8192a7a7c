//! `describe-configuration-recorders`: which types of resources are recorded at all.

use serde::Deserialize;

use crate::evidence::{self, ListingKind, Provenance, Recorded, Recorder};
use crate::export::element::{ElementError, element};
use crate::export::field::{List, Name, Optional, Text};
use crate::export::path;
use crate::export::staged::Staged;

use super::words::{RECORDING_SCOPE, RECORDING_STRATEGY, Word};
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
    name: Name<'a>,
    #[serde(borrow, alias = "Arn")]
    arn: Optional<Text<'a>>,
    #[serde(borrow, alias = "RecordingGroup")]
    recording_group: Optional<Group<'a>>,
    #[serde(borrow, alias = "RecordingScope")]
    recording_scope: Optional<Text<'a>>,
    #[serde(borrow, alias = "ServicePrincipal")]
    service_principal: Optional<Text<'a>>,
    /// Of a connection to another provider: it records nothing of AWS.
    #[serde(borrow, alias = "ConnectorArn")]
    connector_arn: Optional<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group<'a> {
    #[serde(alias = "AllSupported")]
    all_supported: Optional<bool>,
    #[serde(alias = "IncludeGlobalResourceTypes")]
    include_global_resource_types: Optional<bool>,
    #[serde(borrow, alias = "ResourceTypes")]
    resource_types: List<Text<'a>>,
    #[serde(borrow, alias = "ExclusionByResourceTypes")]
    exclusion_by_resource_types: Optional<Exclusion<'a>>,
    #[serde(borrow, alias = "RecordingStrategy")]
    recording_strategy: Optional<Strategy<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Exclusion<'a> {
    #[serde(borrow, alias = "ResourceTypes")]
    resource_types: List<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Strategy<'a> {
    #[serde(borrow, alias = "UseOnly")]
    use_only: Optional<Text<'a>>,
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
    let other = others.into_iter().any(|name| name.as_deref().is_some());
    other || !matches!(scope, Word::Absent | Word::Known("PAID"))
}

fn recorded(group: Option<&Group<'_>>, staged: &mut Staged) -> Recorded {
    let Some(group) = group else {
        return Recorded::Only(Vec::new());
    };
    let strategy = group.recording_strategy.as_ref();
    let strategy = strategy.and_then(|strategy| strategy.use_only.as_deref());
    let strategy = RECORDING_STRATEGY.read(strategy, staged);
    let mut texts = |types: &List<Text<'_>>| -> Vec<evidence::Text> {
        types.iter().map(|kind| staged.text(kind)).collect()
    };
    let excluded = group.exclusion_by_resource_types.as_ref();
    let excluded = excluded.map(|excluded| texts(&excluded.resource_types));
    // Of what contradicts itself the narrower counts.
    let included = strategy.is("INCLUSION_BY_RESOURCE_TYPES");
    let all = group.all_supported.0 == Some(true) && strategy != Word::Unknown && !included;
    match excluded {
        Some(excluded) if strategy.is("EXCLUSION_BY_RESOURCE_TYPES") => Recorded::Except(excluded),
        Some(excluded) if strategy == Word::Absent && !excluded.is_empty() => {
            Recorded::Except(excluded)
        }
        _ if all => Recorded::All(group.include_global_resource_types.0 == Some(true)),
        _ => Recorded::Only(texts(&group.resource_types)),
    }
}
