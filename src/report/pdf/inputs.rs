//! The files that were read.

use chrono::{DateTime, FixedOffset};
use serde::Serialize;

use super::appendix;
use super::holdings;
use super::limits::{self, Limited};
use crate::assess::{Assessment, InputRow};
use crate::evidence::{Fault, InputStatus, RecordCounts};
use crate::time::in_zone;

/// One file.
#[derive(Serialize)]
pub(super) struct InputLine<'a> {
    input: &'a str,
    path: &'a str,
    kind: &'a str,
    status: InputStatus,
    reason: Option<&'a str>,
    sha256: Option<String>,
    bytes: u64,
    captured: Option<String>,
    /// The time is only the earliest possible.
    at_least: bool,
    records: RecordCounts,
    faults: Limited<&'a Fault>,
}

/// The files as the report shows them.
#[derive(Serialize)]
pub(super) struct Inputs<'a> {
    #[serde(flatten)]
    files: Limited<InputLine<'a>>,
    /// The documents that hold all of them, where not all are shown.
    appendix: Vec<String>,
}

/// Those that something is wrong with first, where not all can be shown; in the order of their
/// paths.
pub(super) fn inputs(assessment: &Assessment) -> Inputs<'_> {
    let total = assessment.inputs.len();
    let mut order: Vec<usize> = (0..total).collect();
    order.sort_by_key(|&at| match assessment.inputs[at].status {
        InputStatus::Rejected => 0,
        InputStatus::Partial => 1,
        InputStatus::Complete => 2,
        InputStatus::Ignored => 3,
    });
    order.truncate(limits::INPUTS);
    order.sort_unstable();
    let rows = order.into_iter().map(|at| &assessment.inputs[at]);
    Inputs {
        files: Limited {
            rows: lines(assessment, rows),
            total,
        },
        appendix: holdings::paths(appendix::of_inputs(assessment)),
    }
}

/// The lines of these files.
pub(super) fn lines<'a>(
    assessment: &Assessment,
    rows: impl Iterator<Item = &'a InputRow>,
) -> Vec<InputLine<'a>> {
    let zone = assessment.engagement.period.zone();
    rows.map(|row| input(row, zone)).collect()
}

fn input(row: &InputRow, zone: FixedOffset) -> InputLine<'_> {
    let captured = row.captured_at.as_deref();
    let bare = captured.map(|text| text.trim_start_matches("at least ").trim());
    InputLine {
        input: &row.input,
        path: &row.path,
        kind: &row.kind,
        status: row.status,
        reason: row.reason.as_deref(),
        sha256: row.sha256.map(|digest| digest.to_string()),
        bytes: row.bytes,
        captured: bare.map(|text| {
            DateTime::parse_from_rfc3339(text)
                .map_or_else(|_| text.to_owned(), |time| in_zone(time, zone))
        }),
        at_least: captured != bare,
        records: row.records,
        faults: Limited::first(limits::FAULTS_PER_INPUT, &row.faults),
    }
}
