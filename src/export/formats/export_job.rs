//! `get-export-job-v2` of AWS Security Hub: how an export of findings was asked for, and whether it
//! ended. It stands alone, beside the files that the job wrote.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::evidence::{ListingKind, Provenance};
use crate::export::element::{ElementError, element};
use crate::export::field::{Name, Optional, Text};
use crate::export::job::{Job, State};
use crate::export::staged::Staged;
use crate::time::AwsTime;

use super::filter::is_empty;
use super::words::EXPORT_STATUS;
use super::{Format, nothing_more};

pub const FORMAT: Format = Format {
    operation: "get-export-job-v2",
    // It never stands in a list.
    key: "exportJobsV2",
    marks: &["ExportJobId", "DataType", "Destination"],
    kind: ListingKind::Answer,
    read,
    counter: |records| &mut records.others,
    conclude: nothing_more,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row<'a> {
    #[serde(borrow)]
    export_job_id: Name<'a>,
    #[serde(borrow)]
    status: Optional<Text<'a>>,
    #[serde(borrow)]
    output_configuration: Optional<Output<'a>>,
    started_at: Optional<AwsTime>,
}

/// `Scopes`, beside it, leaves out whole accounts, of which nothing is then said.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Output<'a> {
    #[serde(borrow)]
    findings: Optional<Findings<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Findings<'a> {
    #[serde(borrow)]
    format: Optional<Text<'a>>,
    filters: Option<Value>,
    /// Columns of CSV; `OCSF_JSON` has each finding in full.
    #[serde(rename = "SelectedFields")]
    _selected_fields: Option<Value>,
    /// What comes later may leave findings out, too.
    #[serde(flatten)]
    other: BTreeMap<String, Value>,
}

impl Findings<'_> {
    /// Whether all findings were asked for, each in full.
    fn is_all(&self) -> bool {
        self.format.as_deref() == Some("OCSF_JSON")
            && self.filters.as_ref().is_none_or(is_empty)
            && self.other.values().all(is_empty)
    }
}

fn read(text: &str, _: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let status = EXPORT_STATUS.read(row.status.as_deref(), staged);
        let state = if status.is("SUCCEEDED") {
            State::Succeeded
        } else if status.is("RUNNING") {
            State::Running
        } else {
            State::Failed
        };
        let output = row
            .output_configuration
            .0
            .and_then(|output| output.findings.0);
        let id = staged.text(&row.export_job_id);
        staged.jobs.push(Job {
            id,
            state,
            asked_for_all: output.is_some_and(|findings| findings.is_all()),
            started: row.started_at.as_ref().and_then(AwsTime::moment),
        });
        Ok(())
    })
}
