//! `inputs.csv`: every file that was found, exports first, then manual evidence.

use std::borrow::Cow;

use super::Table;
use crate::assess::{Assessment, InputRow, ManualEvidenceRow};
use crate::catalogue::ControlId;
use crate::digest::Digest;
use crate::evidence::Fault;
use crate::report::table::{Column, columns, headings, joined, optional, scalar, text, write_csv};

/// The table.
pub const TABLE: Table = Table {
    path: "data/csv/inputs.csv",
    title_ko: "입력 파일과 수동 증적",
    title_en: "Inputs and manual evidence",
    headings: || headings(&columns()),
    render: |assessment, out| write_csv(out, &columns(), rows(assessment)),
};

/// One row: what exports and manual evidence have in common, and what only exports have.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    id: &'a str,
    kind: &'a str,
    control_id: Option<ControlId>,
    path: &'a str,
    bundle_path: &'a str,
    sha256: Option<Digest>,
    bytes: u64,
    export: Option<&'a InputRow>,
}

impl<'a> From<&'a InputRow> for Row<'a> {
    fn from(input: &'a InputRow) -> Self {
        Self {
            id: &input.input,
            kind: &input.kind,
            control_id: None,
            path: &input.path,
            bundle_path: &input.bundle_path,
            sha256: input.sha256,
            bytes: input.bytes,
            export: Some(input),
        }
    }
}

impl<'a> From<&'a ManualEvidenceRow> for Row<'a> {
    fn from(evidence: &'a ManualEvidenceRow) -> Self {
        Self {
            id: &evidence.id,
            kind: "manual_evidence",
            control_id: Some(evidence.control_id),
            path: &evidence.path,
            bundle_path: &evidence.bundle_path,
            sha256: Some(evidence.sha256),
            bytes: evidence.bytes,
            export: None,
        }
    }
}

/// The rows.
pub fn rows(assessment: &Assessment) -> impl Iterator<Item = Row<'_>> {
    let manual = assessment.manual_evidence.iter().map(Row::from);
    assessment.inputs.iter().map(Row::from).chain(manual)
}

/// The columns.
pub fn columns<'a>() -> Vec<Column<Row<'a>>> {
    columns! {
        "input" Text "입력·증적 번호" "Input" => |row| text(row.id);
        "kind" Text "종류" "Kind" => |row| text(row.kind);
        "status" Text "상태" "Status" => |row| export(row, |input| scalar(&input.status));
        "reason" Text "사유" "Reason" => |row| export(row, |input| optional(input.reason.as_ref()));
        "control_id" Text "통제항목" "Control" => |row| scalar(&row.control_id);
        "path" Text "원본 파일" "File" => |row| text(row.path);
        "bundle_path" Text "번들 내 경로" "Path in the bundle" => |row| text(row.bundle_path);
        "sha256" Text "파일 SHA-256" "SHA-256 of the file" => |row| scalar(&row.sha256);
        "bytes" Integer "크기(바이트)" "Bytes" => |row| scalar(&row.bytes);
        "captured_at" Text "내보낸 시각" "Taken at" => |row| export(row, |input| optional(input.captured_at.as_ref()));
        "configuration_items" Integer "구성 항목 수" "Configuration items" => |row| export(row, |input| scalar(&input.records.configuration_items));
        "evaluation_results" Integer "평가 결과 수" "Evaluation results" => |row| export(row, |input| scalar(&input.records.evaluation_results));
        "rule_compliances" Integer "규칙 단위 판정 수" "Rule-level verdicts" => |row| export(row, |input| scalar(&input.records.rule_compliances));
        "config_rules" Integer "배포된 규칙 수" "Deployed rules" => |row| export(row, |input| scalar(&input.records.config_rules));
        "faults" Text "오류" "Faults" => |row| export(row, |input| joined(input.faults.iter().map(fault), " | "));
    }
}

fn export<'a>(row: &Row<'a>, cell: fn(&'a InputRow) -> Cow<'a, str>) -> Cow<'a, str> {
    row.export.map_or(Cow::Borrowed(""), cell)
}

/// `KI-0101 no such field, at /EvaluationResults/3, byte 1234; hint: export again`.
fn fault(fault: &Fault) -> String {
    let pointer = fault.pointer.as_ref().map(|at| format!(", at {at}"));
    let offset = fault.offset.map(|at| format!(", byte {at}"));
    let hint = Some(&fault.hint).filter(|hint| !hint.is_empty());
    let hint = hint.map(|hint| format!("; hint: {hint}"));
    [
        Some(format!("{} {}", fault.code, fault.message)),
        pointer,
        offset,
        hint,
    ]
    .into_iter()
    .flatten()
    .collect()
}
