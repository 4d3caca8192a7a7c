//! `describe-configuration-recorder-status`: whether the recorder runs.

use std::borrow::Cow;

use serde::Deserialize;

use crate::evidence::{ListingKind, Provenance, RecorderStatus};
use crate::export::element::{ElementError, element};
use crate::export::path;
use crate::export::staged::Staged;

use super::{Format, nothing_more};

pub const FORMAT: Format = Format {
    operation: "describe-configuration-recorder-status",
    key: "ConfigurationRecordersStatus",
    marks: &["name", "recording"],
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
    #[serde(alias = "Recording")]
    recording: bool,
    #[serde(borrow, alias = "LastStatus")]
    last_status: Option<Cow<'a, str>>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let failed = row
            .last_status
            .as_deref()
            .is_some_and(|status| status.eq_ignore_ascii_case("failure"));
        let status = RecorderStatus {
            at,
            name: staged.text(&row.name),
            place: path::place_of_arn(row.arn.as_deref().unwrap_or_default()).unwrap_or_default(),
            works: row.recording && !failed,
            started: None,
            stopped: None,
        };
        staged.recorder_statuses.push(status);
        Ok(())
    })
}
