//! `describe-configuration-recorder-status`: whether the recorder runs.

use serde::Deserialize;

use crate::evidence::{ListingKind, Provenance, RecorderStatus};
use crate::export::element::{ElementError, element};
use crate::export::field::{Name, Optional, Text};
use crate::export::path;
use crate::export::staged::Staged;
use crate::time::AwsTime;

use super::words::{RECORDER_STATUS, Word};
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
    name: Name<'a>,
    #[serde(borrow, alias = "Arn")]
    arn: Optional<Text<'a>>,
    #[serde(alias = "Recording")]
    recording: Optional<bool>,
    #[serde(borrow, alias = "LastStatus")]
    last_status: Optional<Text<'a>>,
    #[serde(alias = "LastStartTime")]
    last_start_time: Optional<AwsTime>,
    #[serde(alias = "LastStopTime")]
    last_stop_time: Optional<AwsTime>,
    #[serde(borrow, alias = "ServicePrincipal")]
    service_principal: Optional<Text<'a>>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let last = RECORDER_STATUS.read(row.last_status.as_deref(), staged);
        let failed = last.is("Failure") || last == Word::Unknown;
        let status = RecorderStatus {
            at,
            name: staged.text(&row.name),
            place: path::place_of_arn(row.arn.as_deref().unwrap_or_default()).unwrap_or_default(),
            works: row.recording.0 == Some(true) && !failed,
            started: row.last_start_time.0,
            stopped: row.last_stop_time.0,
            internal: row.service_principal.as_deref().is_some(),
        };
        staged.recorder_statuses.push(status);
        Ok(())
    })
}
