//! `decisions.csv` of the bundle: every decision with what became of it.

use super::Table;
use crate::assess::DecisionRow;
use crate::report::table::{Column, columns, headings, joined, scalar, text, write_csv};

/// The table.
pub const TABLE: Table = Table {
    path: "data/csv/decisions.csv",
    title_ko: "결정 대장",
    title_en: "Decisions",
    headings: || headings(&columns()),
    render: |assessment, out| write_csv(out, &columns(), &assessment.decisions),
};

/// The columns.
pub fn columns() -> Vec<Column<DecisionRow>> {
    columns! {
        "id" Text "결정 번호" "Decision" => |row| text(&row.id);
        "kind" Text "종류" "Kind" => |row| scalar(&row.kind);
        "state" Text "상태" "State" => |row| scalar(&row.state);
        "control_id" Text "통제항목" "Control" => |row| scalar(&row.control_id);
        "findings_count" Integer "해당 판정 수" "Number of findings" => |row| scalar(&row.findings.len());
        "findings" List "해당 판정" "Findings that it fits" => |row| joined(&row.findings, ";");
        "reason" Text "사유" "Reason" => |row| text(&row.reason);
        "owner" Text "책임자" "Owner" => |row| text(&row.owner);
        "approver" Text "승인자" "Approver" => |row| text(&row.approver);
        "approved_on" Date "승인일" "Approved on" => |row| scalar(&row.approved_on);
        "expires_on" Date "만료일" "Expires on" => |row| scalar(&row.expires_on);
        "evidence" Text "근거 문서" "Documents" => |row| text(&row.evidence);
    }
}
